"""The email loader: the data of a mail, its text or HTML part, mails of others, and hostile ones."""

import datetime as dt
import random
import re
from pathlib import Path

import attrs
import pytest
from hypothesis import HealthCheck, given, settings
from test_text_loader import shown_briefs

import perspectives as p
from perspectives.loaders import email_brief
from perspectives.loaders.email import EmailLoader
from perspectives.model import Brief
from perspectives.plugin import Confidence, Input
from perspectives.testing import briefs, samples

DATA = Path(__file__).parent / "data" / "mail"
FULL = samples["full"]
SENT = {
    "sender": "Port Ellery Desk <desk@example.org>",
    "to": "ada@example.org",
    "date": dt.datetime(2026, 1, 14, 6, tzinfo=dt.UTC),
    "unsubscribe": "https://example.org/leave?reader=4711 mailto:leave@example.org",
}
SLOW = settings(max_examples=30, deadline=None, suppress_health_check=list(HealthCheck))
SMALL = """\
Bridge closes

Focusing Facts

1. The vote was 9 to 8.
"""
OTHERS = "<h1>Bridge closes</h1><h2>Focusing Facts</h2><ol><li>The vote was 9 to 8.</ol><h2>Context</h2><p>Ships."


def mail(text="", html="", head="From: a@example.org\nSubject: Bridge closes\n"):
    """A mail of others with these parts."""
    parts = [("plain", text), ("html", html)]
    entities = [f"Content-Type: text/{kind}; charset=utf-8\n\n{part}\n" for kind, part in parts if part]
    edge = "".join(f"--x\n{entity}" for entity in entities)
    return f"{head}Content-Type: multipart/alternative; boundary=x\n\n{edge}--x--\n".encode()


def load(data):
    """The brief in a mail."""
    return p.load_report(data, "email").brief


def findings(data):
    """Each finding as `place: code: what it says`."""
    return [f"{one.path}: {one.code}: {one}" for one in p.load_report(data, "email").findings]


def refused(data):
    """What the error says, place and all."""
    with pytest.raises(p.PerspectivesError) as error:
        load(data)
    return str(error.value)


# Mails of ours


@SLOW
@given(briefs())
def test_email_loader_data(brief):
    """A brief loads back equal from a mail with its data, with nothing to say."""
    report = p.load_report(p.render(brief, "email", attach_data=True, subject="Morning", **SENT))

    assert (brief, ()) == (report.brief, report.findings)


@SLOW
@given(shown_briefs())
def test_email_loader_text(brief):
    """Without its data a brief of what the text layout can show loads back equal, and only the subject is told."""
    report = p.load_report(p.render(brief, "email", subject="Morning", **SENT))
    told = [finding.code for finding in report.findings]

    assert (brief, ["unread-subject"]) == (report.brief, told)


@pytest.mark.parametrize("name", sorted(samples.keys() - {"empty", "minimal"}))
def test_email_loader_sample(name):
    """A mail without data gives what the text of its brief gives, and says the same of what it leaves out."""
    brief = samples[name]
    expected = p.load_report(p.render(brief, "text"), "text")
    actual = p.load_report(p.render(brief, "email", **SENT))

    assert (expected.brief, [str(one) for one in expected.findings]) == (
        actual.brief,
        [str(one) for one in actual.findings],
    )


def test_email_loader_mailing():
    """A mail that was merged loads, with the fields of its reader and without the way to leave."""
    brief = attrs.evolve(samples["no-groups"], intro="Good morning {first_name}.")
    mailing = p.Mailing(brief, fields=["first_name"], sender=SENT["sender"], date=SENT["date"])
    data = mailing.merge(to="bob@example.org", unsubscribe="https://example.org/leave", fields={"first_name": "Bob"})
    text = p.render(attrs.evolve(brief, intro="Good morning Bob."), "text")

    assert p.load(text, "text") == load(data)


def test_email_loader_long_address():
    """A listed address that is longer than a line stands below its number, and is put back all the same."""
    url = f"https://example.org/{'a' * 100}"
    brief = Brief(stories=[p.Story(headline="Bridge closes", url=url, facts=[p.Fact(text="The vote was 9 to 8.")])])

    assert brief == load(bytes(p.render(brief, "email", **SENT)))


def test_email_loader_wrapped():
    """A line that begins like an item, or ends like a question, only because it was wrapped goes on with its text."""
    answer = f"{'word ' * 12}so why? Because {'ab - ' * 40}so it was."
    story = p.Story(
        headline="Bridge closes",
        facts=[p.Fact(text=f"{'ab 2. ' * 40}so it was."), p.Fact(text="Two.")],
        timeline=[p.TimelineEvent(when="May", text=f"{'ab - ' * 40}so it was.")],
        questions=[p.Question(question="Who pays?", answer=[answer])],
        links=[p.Link(rel="go-deeper", label="Read the minutes", href="https://example.org/minutes")],
    )

    assert Brief(stories=[story]) == load(bytes(p.render(story, "email", **SENT)))


@pytest.mark.parametrize("subject", ["Grüße – 9 zu 8", "=?utf-8?q?x?=", "橋が閉鎖" * 30, "a  b", "x" * 90])
def test_email_loader_subject(subject):
    """A subject of our renderer is decoded exactly, and is never taken for a title."""
    data = bytes(p.render(samples["no-groups"], "email", subject=subject, **SENT))
    brief = p.load(p.render(samples["no-groups"], "text"), "text")
    told = f"Subject: unread-subject: the subject {subject!r} is left out; a title says what a brief is called"

    assert (brief, [told]) == (load(data), [one.partition(", a subject")[0] for one in findings(data)])


def test_email_loader_data_is_strict():
    """Data that was changed on its way is refused with the path of the fault, whatever the parts beside it say."""
    data = bytes(p.render(samples["no-groups"], "email", attach_data=True, **SENT))
    changed = data.replace(b'"headline":', b'"headlin":', 1)

    assert "$.stories[0]" in refused(changed)


# Which part is read


def test_email_loader_text_of_our_layout():
    """Of a mail of others the text part is read where it stands in the layout of our renderer."""
    text = SMALL.replace("1. ", "  1. ")
    data = mail(text, OTHERS)
    told = "text/plain: guessed-part: the text part is read, and not the HTML part, which is taken to say the same"

    assert (p.loads(SMALL, "text"), [told]) == (load(data), findings(data))


def test_email_loader_html_of_others():
    """Else the HTML part is read, which says what a heading is, and which is a link."""
    told = "text/html: guessed-part: the HTML part is read, and not the text part, which is taken to say the same"

    assert (p.loads(OTHERS, "html"), [told]) == (load(mail(SMALL, OTHERS)), findings(mail(SMALL, OTHERS)))


def test_email_loader_other_part():
    """Where the part that is read first holds no brief the other is read, and a finding says why."""
    data = mail(SMALL, "<p>View in your browser")

    assert p.loads(SMALL, "text") == load(data)
    assert ["text/plain: guessed-part: the text part is read, because the HTML part gives no brief: this page"] == [
        one.partition(" holds")[0] for one in findings(data)
    ]


def test_email_loader_markup():
    """HTML that carries a brief of ours goes before any text."""
    brief = attrs.evolve(FULL, id="evening-12")
    page = p.render(brief, "html", data_island=True)

    assert brief == load(mail(SMALL.replace("1. ", "  1. "), str(page)))


def test_email_loader_neither():
    """Where no part holds a brief, the error says so of each."""
    said = refused(mail("Hello", "<p>Hello"))

    assert ["text/html:1", "text/plain:1"] == re.findall(r"@ (\S+),", said)


def test_email_loader_without_the_extra(monkeypatch):
    """Without the parser of HTML the text part is read, and a finding says so."""
    monkeypatch.setattr(email_brief, "find_spec", lambda name: None)
    told = (
        "text/plain: guessed-part: the text part is read, because the parser of the HTML part is not installed;"
        " pip install 'perspectives-briefs[html]'"
    )

    assert (p.loads(SMALL, "text"), [told]) == (load(mail(SMALL, OTHERS)), findings(mail(SMALL, OTHERS)))


def test_email_loader_needs_the_extra(monkeypatch):
    """A mail with nothing but HTML says what to install."""
    monkeypatch.setattr(email_brief, "find_spec", lambda name: None)
    expected = (
        "HTML needs the parser turbohtml, which is not installed @ text/html,"
        " expected pip install 'perspectives-briefs[html]'"
    )

    assert expected == refused(mail(html=OTHERS))


# Mails that are on disk, read by eye


@pytest.mark.parametrize("path", sorted(DATA.glob("*.eml")), ids=lambda path: path.stem)
def test_email_loader_golden(path):
    """Each mail of tests/data/mail gives the brief, findings or errors that stand beside it."""
    try:
        report = p.load_report(path.read_bytes(), "email")
        actual = p.dumps(report.brief) + "".join(f"! {one.path}: {one.code}: {one}\n" for one in report.findings)
    except p.LoadError as error:
        actual = f"!! {error}\n"

    assert path.with_suffix(".txt").read_text("utf-8") == actual


# What it knows, and what it refuses


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (b"From: a@example.org\r\nSubject: x\r\n\r\n", Confidence.CERTAIN),
        (b"From a@example.org Tue\nDate: x\nReceived: by\n\tb\n\nx: y\nno", Confidence.CERTAIN),
        (b"Subject: a\nX-Long: " + b"x" * 5000, Confidence.NO),
        (b"Date: 2026-01-14\n\nBridge closes", Confidence.NO),
        (b"From: a\nTo: b\nBridge closes\n\n", Confidence.NO),
        (b"", Confidence.NO),
    ],
)
def test_email_loader_sniff(data, expected):
    """Two headers of a mail and nothing else before the body make it certain."""

    assert expected == EmailLoader().sniff(Input(name="", data=data))


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (b"", "line 1: this is no mail: it does not begin with headers, expected lines like 'From: ...'"),
        (b"a: b\n" + b"Content-Type: multipart/mixed; boundary=x\n\n--x\n" * 41, "line 1: the mail has 41 parts that hold parts, expected at most 40"),
        (b"a: b\n" + b"Content-Type: text/plain\n\n--x\n" * 1_001, "line 1: the mail has 1,001 parts, expected at most 1,000"),
        (b"a: b\n\n" + b"--\n" * 20_001, "line 1: the mail has 20,001 lines that begin like a part, expected at most 20,000"),
        (b"a: b\n" + b"\n" * 500_000, "line 1: the mail has 500,001 lines, expected at most 500,000"),
        (b"Content-Type: text/plain;\n" + b" a=b;\n" * 1_000, "line 1: the mail has 6,025 bytes in one header, expected at most 4,000"),
        (b"Subject: " + b"a" * 200_000, "line 1: the mail has 200,009 bytes of headers, expected at most 200,000"),
        (b"Content-Type: " + b"(" * 3_000 + b"\n\n", "line 1: its parts or headers stand too deep within each other, expected a mail as it was sent"),
        (b"Content-Type: image/png\n\nx", "line 1: the mail has neither text nor HTML; the part image/png is left out, expected a part text/plain or text/html"),
    ],
)  # fmt: skip
def test_email_loader_refuses(data, expected):
    """What is no mail, holds nothing to read or would take too long is refused."""

    assert expected == refused(data)


def test_email_loader_several_briefs():
    """A mail that carries two briefs is refused."""
    entities = "".join(
        f"--x\nContent-Type: application/json\n\n{p.dumps(samples[name])}\n" for name in ("no-groups", "empty")
    )
    data = f"From: a\nContent-Type: multipart/mixed; boundary=x\n\n{entities}--x--\n".encode()

    assert "line 1: the mail carries 2 briefs, expected one brief in a mail" == refused(data)


BITS = (
    b"\r\n\r\n", b"\n", b"--", b"--x--", b"=", b"=?utf-8?q?", b"?=", b";", b'"', b"<", b"\xff", b"\0", b"Content-Type: ",
    b"multipart/mixed; boundary=x", b"message/rfc822", b"charset*0*=punycode''%ff", b"charset=\xff", b"base64",
    b"Content-Transfer-Encoding: x-uuencode\r\n", b"Content-Disposition: attachment; filename*=", b"[1] https://a.example",
    b"Content-Type: text/plain; charset=utf-7\r\n\r\n", b"List-Unsubscribe: <", b"---- a ----\nA: b\nC: d\n", b"***",
)  # fmt: skip


def mutations(mails, count, seed=1911):
    """Mails with parts cut, moved and doubled, and with other bytes in them."""
    rng = random.Random(seed)
    for _ in range(count):
        data = rng.choice(mails)
        for _ in range(rng.randint(1, 6)):
            # Headers are short, and most of what can break is in them.
            start = rng.randrange(len(data) if rng.random() < 0.5 else min(len(data), 1_000))
            end = start + rng.choice([1, 10, 100, 1_000])
            at = rng.randrange(len(data) if rng.random() < 0.5 else min(len(data), 1_000))
            data = (
                rng.choice(
                    [
                        data[:start] + data[end:],
                        data[:at] + data[start:end] + data[at:],
                        data[:at] + rng.choice(BITS) + data[at:],
                        data[:start] + rng.choice(BITS) + data[end:],
                    ]
                )
                or b"a"
            )
        yield data


def mails():
    """Small mails of ours, and those on disk."""
    small = [samples["no-groups"], attrs.evolve(FULL, stories=FULL.stories[:1])]
    ours = [bytes(p.render(brief, "email", attach_data=has, **SENT)) for brief in small for has in (True, False)]
    return [*ours, *(path.read_bytes() for path in sorted(DATA.glob("*.eml")))]


def outcome(data):
    """The class of what a mail ends in, an error of ours counted as a brief."""
    try:
        return type(load(data))
    except p.PerspectivesError:
        return Brief


def test_mutated_mails_give_a_brief_or_an_error_of_ours():
    """Whatever happens to a mail on its way, no other exception comes out."""

    assert {Brief} == {outcome(data) for data in mutations(mails(), 300)}
