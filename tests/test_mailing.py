"""The mailing: each mail that is merged is the mail that would be rendered, and arrives as it was."""

import datetime as dt
import email
import email.policy
import json
import pickle
import re
import shutil
import smtplib
import socket
import subprocess
from pathlib import Path
from urllib.parse import quote

import attrs
import pytest
from aiosmtpd.controller import Controller
from hostile_headers import HEADLINE, INJECTION, NAMES, PIECES, SUBJECTS, hostile, quoted
from hypothesis import example, given, settings
from hypothesis import strategies as st

import perspectives as p
from perspectives.testing import samples
from perspectives.text import clean

DATE = dt.datetime(2025, 8, 12, 6, tzinfo=dt.UTC)
SENT = {"sender": "News <news@example.org>", "date": DATE}
TO = "reader@example.org"
LEAVE = "https://example.org/leave?reader=1&list=2"
ADA = {"first_name": "Ada"}

CALL = p.CallToAction(
    headline="{first_name}, tell a friend",
    body=["Dear {first_name} {last_name}, send them this.", "It is free."],
    assurance="We never sell {first_name}.",
    label="Share as {first_name}",
    href="https://example.org/share?by=%7Bfirst_name%7D&list=%7blast_name%7d",
)
BRIEF = p.Brief(
    title="Morning",
    language="en",
    intro="Good morning {first_name}, here are the stories that our desk has picked for you, {last_name}: from more"
    " than one side each, with {first_name}'s links.",
    stories=[p.Story(headline="Ports close", summary="All of them.", links=[p.Link(label="Map", href=LEAVE)])],
    call_to_action=CALL,
    publisher=p.Publisher(name="Desk", postal_address="1 Quay Street", email="desk@example.org"),
)
FIELDS = ("first_name", "last_name")
SUBJECT = "Hi {first_name} {last_name}: the news"

HOSTILE = st.lists(st.sampled_from(PIECES) | st.text(max_size=5), max_size=12).map("".join).map(clean).filter(bool)
VALUES = st.sampled_from(NAMES) | HOSTILE | st.sampled_from(SUBJECTS)
READERS = st.builds(
    lambda name, number: f"{quoted(name)} <reader{number}@example.org>", VALUES, st.integers(0, 10**6)
)  # fmt: skip
WAYS = st.builds(
    lambda token: f"https://example.org/leave?reader={quote(token, safe='')}", st.text("aé&=<'\"{}", max_size=40)
)


def put(text, fields):
    """A text as somebody would write it who knows the reader; a value that looks like a field is none."""
    return re.sub(r"\{(\w+?)\}", lambda match: fields[match[1]], text)


def put_url(url, fields):
    """The same for an address, whose values are encoded."""
    return re.sub(r"%7B(\w+?)%7D", lambda match: quote(fields[match[1]], safe=""), url, flags=re.IGNORECASE)


def personal(brief, fields):
    """The brief for one reader."""
    call = brief.call_to_action
    texts = {name: put(getattr(call, name), fields) for name in ("headline", "assurance", "label")}
    call = attrs.evolve(call, body=[put(text, fields) for text in call.body], href=put_url(call.href, fields), **texts)
    return attrs.evolve(brief, intro=put(brief.intro, fields), call_to_action=call)


def parsed(data):
    """Each body of a mail with its headers and its content, as the standard library reads them."""
    read = email.message_from_bytes(data, policy=email.policy.default)
    return [(part.items(), None if part.is_multipart() else part.get_content()) for part in read.walk()]


@settings(max_examples=100, deadline=None)
@given(READERS, WAYS, st.fixed_dictionaries(dict.fromkeys(FIELDS, VALUES)), st.booleans())
@example(TO, LEAVE, {"first_name": INJECTION, "last_name": HEADLINE}, True)
@example(TO, LEAVE, {"first_name": "From x", "last_name": "."}, True)
@example(TO, LEAVE, {"first_name": "{last_name}", "last_name": "%7Bfirst_name%7D"}, False)
def test_merged_mail_is_the_rendered_mail(to, unsubscribe, fields, has_data):
    """A mail that is merged is, byte by byte, the one that is rendered from the brief with the values in it."""
    options = {**SENT, "attach_data": has_data, "list_id": "Morning <news.example.org>"}
    merged = p.Mailing(BRIEF, FIELDS, subject=SUBJECT, **options).merge(to=to, unsubscribe=unsubscribe, fields=fields)
    subject = put(SUBJECT, fields)
    rendered = p.render(personal(BRIEF, fields), "email", subject=subject, to=to, unsubscribe=unsubscribe, **options)

    assert parsed(bytes(rendered)) == parsed(merged)
    assert bytes(rendered) == merged


@pytest.mark.parametrize("name", [name for name, brief in samples.items() if brief.stories])
def test_brief_without_fields_is_the_rendered_mail(name):
    """A brief without fields is merged too: only the reader and the way to leave differ."""
    image = p.Image(url="https://example.org/a.png", alt="A")
    brief = attrs.evolve(samples[name], stories=[attrs.evolve(samples[name].stories[0], images=[image])])
    options = {**SENT, "charts": True, "assets": {image.url: b"\x89PNG\r\n\x1a\n"}}
    rendered = p.render(brief, "email", to=TO, unsubscribe=LEAVE, **options)

    assert bytes(rendered) == p.Mailing(brief, **options).merge(to=TO, unsubscribe=LEAVE)


def test_preheader_is_cut_behind_the_name():
    """What lists of mails show is cut when the name is in it, so that it is never too long nor cut within a field."""
    brief = p.Brief(title="x", intro="{first_name} " + "word " * 40 + "end")
    data = p.Mailing(brief, **SENT).merge(to=TO, unsubscribe=LEAVE, fields={"first_name": "Ada " * 20 + "Ada"})
    html = parsed(data)[2][1]
    shown = html.partition('mso-hide:all"><span>')[2].partition("</span>")[0]

    assert "Ada " * 21 + "word word word word word…" == shown


def test_text_is_wrapped_behind_the_name():
    """A paragraph of the text part that has a field is wrapped when the name is in it."""
    brief = p.Brief(title="x", intro="Good morning {first_name}, " + "word " * 20 + "end")
    data = p.Mailing(brief, **SENT).merge(to=TO, unsubscribe=LEAVE, fields={"first_name": "Ada " * 9 + "Ada"})
    text = parsed(data)[1][1].replace("\r\n", "\n")

    assert (
        "Good morning Ada Ada Ada Ada Ada Ada Ada Ada Ada Ada, word word word\n"
        "word word word word word word word word word word word word word word\n"
        "word word word end\n"
    ) in text


def test_message_id_is_of_brief_and_reader():
    """Two readers have two Message-IDs; sent once more, a mail keeps its own, wherever one leaves the list."""
    mailing = p.Mailing(BRIEF, FIELDS, **SENT)
    fields = {"first_name": "Ada", "last_name": "L"}
    identities = [
        email.message_from_bytes(mailing.merge(to=to, unsubscribe=way, fields=fields))["Message-ID"]
        for to, way in ((TO, LEAVE), (TO, f"{LEAVE}&again=1"), ("other@example.org", LEAVE))
    ]

    assert [True, False] == [identities[0] == other for other in identities[1:]]


def test_mailing_goes_to_other_processes():
    """A mailing is pickled, so that several processes can merge."""
    mailing = p.Mailing(BRIEF, FIELDS, **SENT)
    merge = {"to": TO, "unsubscribe": LEAVE, "fields": {"first_name": "Ada", "last_name": "L"}}

    assert mailing.merge(**merge) == pickle.loads(pickle.dumps(mailing)).merge(**merge)


@pytest.mark.parametrize(
    ("merge", "message"),
    [
        ({"fields": {}}, "the mail has a field 'first_name' and got no text for it @ fields.first_name, expected a text"),
        ({"fields": {**ADA, "frist_name": "x"}},
         "there is no field 'frist_name' @ fields.frist_name, expected 'first_name'"),
        ({"fields": {"first_name": "A\r\nBcc: a@b.org"}},
         "'A\\r\\nBcc: a@b.org' holds a line break at character 2 @ fields.first_name, expected one paragraph of plain"
         " text"),
        ({"fields": {"first_name": ""}},
         "an empty text @ fields.first_name, expected one paragraph of plain text"),
        ({"fields": {"first_name": 5}}, "5 is no text @ fields.first_name, expected one paragraph of plain text"),
        ({"fields": "Ada"},
         "'Ada' does not fit @ fields, expected a text for each name, like {'first_name': 'Ada'}"),
        ({"to": "a@b.org, c@d.org"},
         "'a@b.org, c@d.org' is no e-mail address @ to, expected one like 'news@example.org'"),
        ({"to": "a@b.org\r\nBcc: c@d.org"},
         "'a@b.org\\r\\nBcc: c@d.org' holds a line break at character 8 @ to, expected one paragraph of plain text"),
        ({"to": None}, "null is no text @ to, expected one paragraph of plain text"),
        ({"unsubscribe": "http://example.org/"},
         "'http://example.org/' is not secure @ unsubscribe, expected an https URL, a mailto: address, or both parted by"
         " a blank, of at most 900 characters"),
        ({"unsubscribe": "mailto:leave@example.org"},
         "'mailto:leave@example.org' is no way to leave by one click @ unsubscribe, expected an https URL"),
        ({"unsubscribe": None}, "null is no text @ unsubscribe, expected one paragraph of plain text"),
    ],
)  # fmt: skip
def test_refusals_of_merge(merge, message):
    """What cannot be merged is refused before a byte is written, with what would be right."""
    mailing = p.Mailing(p.Brief(title="x", intro="Hello {first_name}"), **SENT)
    with pytest.raises(p.OptionsError) as caught:
        mailing.merge(**{"to": TO, "unsubscribe": LEAVE, "fields": ADA, **merge})

    assert message == str(caught.value)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"subject": "Hi {name}"}, "there is no field 'name' @ subject, expected one of `fields`: first_name"),
        ({"preheader": "Hi {frist_name}"}, "there is no field 'frist_name' @ preheader, expected 'first_name'"),
        ({"fields": []}, "there is no field 'first_name' @ intro, expected one of `fields`: none"),
        ({"fields": "first_name"}, "'first_name' does not fit @ fields, expected a list of names, like ['first_name']"),
        ({"fields": None}, "null does not fit @ fields, expected a list of names, like ['first_name']"),
        ({"fields": ["first name"]}, "a list does not fit @ fields, expected a list of names, like ['first_name']"),
        ({"to": TO, "unsubscribe": LEAVE}, "each mail has its own @ to, expected it with each `merge`"),
        ({"overflow": "split"}, "each reader gets one mail @ overflow, expected 'warn' or 'teaser', or a mailing for each of"
         " several briefs"),
        ({"sendr": "x"}, "perspectives-briefs:email has no option 'sendr'. Did you mean 'sender'?"),
    ],
)  # fmt: skip
def test_refusals_of_mailing(options, message):
    """A field that nobody has declared, or an option that is none, is refused before anything is rendered."""
    with pytest.raises(p.OptionsError) as caught:
        p.Mailing(p.Brief(title="x", intro="Hello {first_name}"), **{**SENT, **options})

    assert message == str(caught.value).splitlines()[0]


def test_field_in_a_story_stays_and_is_told():
    """What a story says is its own: there a field is printed as it stands, which a finding says."""
    title = "How to write {first_name} and {other}"
    brief = p.Brief(stories=[p.Story(headline=title, summary="{first_name} and {other}")],
                    publisher=p.Publisher(name="Desk", postal_address="1 Quay Street"))  # fmt: skip
    mailing = p.Mailing(brief, **SENT)
    data = mailing.merge(to=TO, unsubscribe=LEAVE, fields=ADA)

    hint = "{first_name} is printed as it stands; fields are filled in subject, preheader, intro and call to action"
    places = ["$.stories[0].headline", "$.stories[0].summary"]
    assert [f"stray-field {place}: {hint}" for place in places] == [
        f"{one.code} {one.path}: {one}" for one in mailing.findings
    ]
    assert bytes(p.render(brief, "email", to=TO, unsubscribe=LEAVE, **SENT)) == data


# As the standard library's message


@pytest.fixture(name="sink")
def _sink():
    """A mail server: the bytes that it got, and its port."""
    arrived = []

    class Inbox:
        async def handle_DATA(self, server, session, envelope):  # noqa: N802 - aiosmtpd's name
            arrived.append((envelope.rcpt_tos, envelope.content))
            return "250 OK"

    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    controller = Controller(Inbox(), hostname="127.0.0.1", port=port)
    controller.start()
    yield arrived, port
    controller.stop()


LONG_WAY = f"https://example.org/leave?token={'x' * 800}"


def test_message_arrives_as_it_was_rendered(sink):
    """Sent with `send_message`, each mail arrives byte by byte: no header is folded anew, no body written anew."""
    arrived, port = sink
    brief = attrs.evolve(samples["full"], intro="From x\n.".replace("\n", " "))
    mails = [
        p.render(brief, "email", subject=subject, to=f"{quoted(NAMES[at % len(NAMES)])} <{TO}>", unsubscribe=LONG_WAY,
                 attach_data=True, list_id=f"{quoted(subject)} <news.example.org>", **SENT)
        for at, subject in enumerate(SUBJECTS)
    ]  # fmt: skip
    with smtplib.SMTP("127.0.0.1", port) as smtp:
        for mail in mails:
            smtp.send_message(p.to_message(mail))

    assert [([TO], bytes(mail)) for mail in mails] == arrived


def test_message_of_a_merged_mail():
    """The bytes of a merged mail become a message too, which is written out as it was."""
    data = p.Mailing(BRIEF, FIELDS, subject=SUBJECT, **SENT).merge(
        to=TO, unsubscribe=LONG_WAY, fields={"first_name": HEADLINE, "last_name": INJECTION}
    )
    message = p.to_message(data)

    assert data == message.as_bytes() == bytes(message)
    assert f"Hi {HEADLINE} {INJECTION}: the news" == message["Subject"]
    assert ("text/plain", "text/html") == tuple(part.get_content_type() for part in message.iter_parts())


def test_the_standard_policy_would_alter_headers():
    """The control: written with the library's own policy, the way to leave is encoded, and one click lost."""
    message = p.to_message(p.render(BRIEF, "email", subject=HEADLINE, to=TO, unsubscribe=LONG_WAY, **SENT))

    assert b"List-Unsubscribe: =?utf-8?" in message.as_bytes(policy=email.policy.SMTP)


@pytest.mark.parametrize(
    ("mail", "said"), [(p.render(BRIEF, "html"), "'text/html'"), ("From: x", "'From: x'"), (5, "5"), (None, "null")]
)
def test_message_is_of_a_mail(mail, said):
    """What is no mail is refused."""
    with pytest.raises(p.OptionsError) as caught:
        p.to_message(mail)

    assert f"{said} is no mail @ mail, expected what render(brief, 'email') or Mailing.merge returns" == str(
        caught.value
    )


READ = """
import email, email.policy, io, json, sys
from email.generator import BytesGenerator
import hostile_headers

wrong = 0
for subject, data in json.load(sys.stdin):
    data = data.encode("ascii")
    wrong += bool(hostile_headers.altered(data, subject, subject, HEADERS))
    message = email.message_from_bytes(data, policy=email.policy.SMTP.clone(refold_source="none"))
    # As smtplib.send_message writes it.
    out = io.BytesIO()
    BytesGenerator(out).flatten(message, linesep="\\r\\n")
    wrong += out.getvalue() != data
print(wrong)
"""


def other_python(version):
    """An interpreter of this version, from the path or from pyenv; None where there is none that runs."""
    versions = sorted((Path.home() / ".pyenv" / "versions").glob(f"{version}.*/bin/python"))
    for python in (shutil.which(f"python{version}"), *versions):
        if python and subprocess.run([python, "-c", ""], capture_output=True).returncode == 0:
            return python
    return None


@pytest.mark.parametrize("version", ["3.11", "3.12", "3.13", "3.14"])
def test_other_pythons_read_and_send_the_same(version):
    """Every Python that is there reads headers that were written here as they were meant, and sends the same bytes."""
    python = other_python(version)
    if not python:
        pytest.skip(f"Python {version} is not installed")
    mails = []
    for text in hostile(100):
        name = quoted(text)
        mail = p.render(BRIEF, "email", subject=text, sender=f"{name} <a@example.org>", to=f"{name} <b@example.org>",
                        reply_to=f"{name} <c@example.org>", list_id=f"{name} <d.example.org>", date=DATE,
                        unsubscribe=LONG_WAY)  # fmt: skip
        mails.append((text, bytes(mail).decode("ascii")))
    code = READ.replace("HEADERS", repr(list(mail.headers)))
    run = subprocess.run(
        [python, "-c", code], input=json.dumps(mails), capture_output=True, text=True, cwd=Path(__file__).parent
    )

    assert ("0\n", "") == (run.stdout, run.stderr)
