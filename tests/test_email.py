"""The mail: bytes that read back as exactly what was given, and an HTML part that carries every text."""

import binascii
import datetime as dt
import email
import email.header
import email.policy
import os
import re
import shutil
import smtplib
import socket
import subprocess
from pathlib import Path

import attrs
import html5lib
import pytest
from aiosmtpd.controller import Controller
from hostile_headers import HEADLINE, INJECTION, NAMES, PIECES, SUBJECTS, altered, hostile, quoted
from hypothesis import example, given, settings
from hypothesis import strategies as st
from selectolax.lexbor import LexborHTMLParser

import perspectives as p
from perspectives.message import Header, Hole, Letter, body, check_headers
from perspectives.renderers.email import EmailOptions
from perspectives.testing import briefs, samples
from perspectives.text import clean
from perspectives.theme import THEME, Theme, theme_of

DATA = Path(__file__).parent / "data"
SEED = Path(__file__).parents[1] / "examples" / "kim-putin.txt"

SENDER = "News <news@example.org>"
TO = "reader@example.org"
DATE = dt.datetime(2025, 8, 12, 6, tzinfo=dt.UTC)
SENT = {"sender": SENDER, "to": TO, "date": DATE}
SENT_NAMES = ["From", "To", "Subject", "Date", "Message-ID", "MIME-Version", "Content-Type"]
LEAVE = "https://example.org/leave?list=1&reader=2"
LISTED = {
    **SENT,
    "reply_to": "Desk <desk@example.org>",
    "unsubscribe": f"{LEAVE} mailto:leave@example.org?subject=leave",
    "list_id": "Morning News <news.example.org>",
}
LISTED_NAMES = [
    "From", "To", "Reply-To", "Subject", "Date", "Message-ID", "List-Unsubscribe", "List-Unsubscribe-Post", "List-ID",
    "Precedence", "MIME-Version", "Content-Type",
]  # fmt: skip
HOSTILE = st.lists(st.sampled_from(PIECES) | st.text(max_size=5), max_size=30).map("".join).map(clean).filter(bool)


def story(**changes):
    """A story of a headline, with what a test adds."""
    return p.Story(**{"headline": "Ports close", **changes})


def mail(brief=None, **options):
    """A brief as a mail; without one, one of one story."""
    return p.render(brief or p.Brief(stories=[story()]), "email", **options)


def parsed(rendered):
    """The mail as the standard library reads it."""
    return email.message_from_bytes(bytes(rendered), policy=email.policy.default)


def perl_decoded(lines):
    """Each raw header value as perl's Encode reads it."""
    if not shutil.which("perl"):
        if os.environ.get("PERSPECTIVES_REQUIRE_ALL") == "1":
            pytest.fail("perl is not installed, and PERSPECTIVES_REQUIRE_ALL=1")
        pytest.skip("perl is not installed: its Encode is the second reader of headers")
    code = 'binmode STDOUT, ":utf8"; $/ = "\\0"; while (<>) { chomp; print decode("MIME-Header", $_), "\\0" }'
    run = subprocess.run(["perl", "-MEncode", "-e", code], input=b"\0".join(lines), capture_output=True, check=True)
    return run.stdout.decode().split("\0")[:-1]


def raw_value(rendered, name):
    """A header's value as it stands in the bytes, folds and all."""
    return re.search(rb"^%s: (.*(?:\r\n .*)*)\r\n" % name.encode(), bytes(rendered), re.MULTILINE)[1]


def full_brief(text):
    """A brief with every field that a mail prints; each of its texts has gone through `text`."""
    cited = [p.Citation(source="s1", quote=text("quote")), p.Citation(source="s2")]
    return p.Brief(
        title=text("title"),
        intro=text("intro"),
        url="https://example.org/brief",
        date=dt.date(2025, 8, 12),
        language="en",
        stories=[
            story(
                headline=text("headline"),
                section=text("section"),
                summary=text("summary"),
                facts=[p.Fact(text=text("fact 1"), title=text("fact title"), citations=cited, status="disputed"),
                       p.Fact(text=text("fact 2"))],
                context=p.Context(paragraphs=[text("context 1"), text("context 2")]),
                perspectives=[
                    p.PerspectiveGroup(label=text("label 1"), framing=text("framing 1"), critique=text("critique 1"),
                                       outlets=[p.Outlet(name=text("outlet 1")), p.Outlet(name=text("outlet 2"))]),
                    p.PerspectiveGroup(label=text("label 2"), framing=text("framing 2"), citations=[cited[1]],
                                       outlets=[p.Outlet(name=text("outlet 3"))], exhaustive=True),
                ],
                links=[p.Link(label=text("link 1"), href="https://example.org/link"), p.Link(label=text("link 2"))],
                sources=[
                    p.Source(id="s1", title=text("source title"), author=text("author"), outlet=text("source outlet"),
                             url="https://example.org/source", published=DATE,
                             archived_url="https://example.org/archive"),
                    p.Source(id="s2", title=text("source 2")),
                ],
                place=text("place"),
                url="https://example.org/story",
                date=dt.date(2025, 8, 11),
                published=DATE,
                updated=DATE,
            ),
            story(headline=text("headline 2")),
        ],
        call_to_action=p.CallToAction(headline=text("offer"), body=[text("body 1"), text("body 2")],
                                      assurance=text("assurance"), label=text("button"),
                                      href="https://example.org/join"),
        publisher=p.Publisher(name=text("publisher"), url="https://example.org", email="desk@example.org",
                              postal_address=text("address")),
    )  # fmt: skip


def elements(rendered):
    """The elements of the HTML part as an HTML5 parser reads them, in reading order."""
    return list(html5lib.parse(str(rendered.part("text/html")), namespaceHTMLElements=False).iter())


def text_nodes(rendered):
    """The texts between the tags of the HTML part, each whole, in reading order."""
    return list(html5lib.parse(str(rendered.part("text/html")), namespaceHTMLElements=False).itertext())


def tags(rendered, *names):
    """The elements of these names."""
    return [element for element in elements(rendered) if element.tag in names]


# Headers


@pytest.mark.parametrize("subject", SUBJECTS, ids=range(len(SUBJECTS)))
def test_subject_reads_back(subject):
    """A subject is read by the standard library, old and new way, as exactly itself."""
    rendered = mail(subject=subject)
    old = email.header.make_header(email.header.decode_header(raw_value(rendered, "Subject").decode()))

    assert [subject] * 3 == [rendered.headers["Subject"], parsed(rendered)["Subject"], str(old)]


def test_subjects_read_back_in_perl():
    """A subject is read by perl's Encode as exactly itself."""
    assert SUBJECTS == perl_decoded([raw_value(mail(subject=subject), "Subject") for subject in SUBJECTS])


def test_subject_cannot_add_header():
    """A subject that decodes to a line break and `Bcc:` adds no header."""
    rendered = mail(subject=INJECTION, **SENT)

    assert SENT_NAMES == parsed(rendered).keys()
    assert b"Bcc" not in bytes(rendered).partition(b"\r\n\r\n")[0]


@pytest.mark.parametrize("name", NAMES)
def test_display_name_reads_back(name):
    """A display name is read by the standard library as exactly itself, with its one address."""
    rendered = mail(sender=f"{quoted(name)} <news@example.org>", to=f"{quoted(name)} <reader@example.org>")
    read = parsed(rendered)

    assert [(name, "news@example.org")] == [(a.display_name, a.addr_spec) for a in read["From"].addresses]
    assert [(name, "reader@example.org")] == [(a.display_name, a.addr_spec) for a in read["To"].addresses]


def test_display_names_read_back_in_perl():
    """A display name outside ASCII is read by perl's Encode as exactly itself."""
    names = [*(name for name in NAMES if not name.isascii()), "é  é", "صحيفة الأخبار العالمية الصادرة في لندن"]
    values = [raw_value(mail(sender=f"{name} <news@example.org>"), "From") for name in names]

    assert [f"{name} <news@example.org>" for name in names] == perl_decoded(values)


@pytest.mark.parametrize(
    ("sender", "line"),
    [
        ("news@example.org", b"From: news@example.org"),
        ("<news@example.org>", b"From: news@example.org"),
        ("The News <news@example.org>", b"From: The News <news@example.org>"),
        ('"The News" <news@example.org>', b"From: The News <news@example.org>"),
        ('"News, The" <news@example.org>', b'From: "News, The" <news@example.org>'),
        ("J. Doe <news@example.org>", b'From: "J. Doe" <news@example.org>'),
        ("Şafak News <news@example.org>", b"From: =?utf-8?b?xZ5hZmFr?= News <news@example.org>"),
    ],
)
def test_sender_is_written_plainly(sender, line):
    """A display name is written as plain words, in quotes, or encoded, the first of these that is exact."""
    assert line == bytes(mail(sender=sender)).split(b"\r\n")[0]


@settings(max_examples=150, deadline=None)
@given(HOSTILE, HOSTILE, HOSTILE)
def test_headers_hold_for_hostile_texts(subject, sender, to):
    """Whatever subject and names hold: these headers once each, exact, in short ASCII lines with CRLF, no defect."""
    addresses = {"sender": f"{quoted(sender)} <news@example.org>", "to": f"{quoted(to)} <reader@example.org>"}
    rendered = mail(subject=subject, date=DATE, **addresses)
    read = parsed(rendered)
    head = bytes(rendered).partition(b"\r\n\r\n")[0]

    assert SENT_NAMES == read.keys()
    assert subject == read["Subject"]
    assert ["news@example.org"] == [address.addr_spec for address in read["From"].addresses]
    assert ["reader@example.org"] == [address.addr_spec for address in read["To"].addresses]
    assert [] == [defect for name in read.keys() for defect in read[name].defects]  # noqa: SIM118 - names repeat
    assert [] == [line for line in head.split(b"\r\n") if len(line) > 76 or not line.decode("ascii").isprintable()]
    assert [] == [word for word in re.findall(rb"=\?\S*", head.split(b"Content-Type")[0]) if len(word) > 75]


@settings(max_examples=150, deadline=None)
@given(HOSTILE)
@example("x" * 100)
@example(f"News {'x' * 100} é")
def test_display_name_holds_for_hostile_texts(name):
    """Whatever a name holds, readers that follow RFC 2047 get exactly it, from lines of at most 76."""
    rendered = mail(sender=f"{quoted(name)} <news@example.org>")
    lines = raw_value(rendered, "From").decode().split("\r\n")
    value = "".join(lines).removesuffix(" <news@example.org>")
    if value.startswith('"'):
        value = re.sub(r"\\(.)", r"\1", value[1:-1])

    assert name == str(email.header.make_header(email.header.decode_header(value)))
    assert [] == [line for line in [f"From: {lines[0]}", *lines[1:]] if len(line) > 76]


@pytest.mark.parametrize(
    ("brief", "subject"),
    [
        (p.Brief(title="Morning", stories=[story()]), "Morning"),
        (p.Brief(stories=[story(headline="First"), story(headline="Second")]), "First"),
    ],
)
def test_subject_defaults(brief, subject):
    """Without the option the subject is the brief's title, else its first headline."""
    assert subject == mail(brief).headers["Subject"]


def test_subject_is_needed():
    """A brief that gives no subject is refused with the option that helps."""
    with pytest.raises(p.OptionsError) as caught:
        mail(p.Brief())

    expected = "the brief has no title and no story to take a subject from @ subject, expected the option 'subject'"
    assert expected == str(caught.value)


@pytest.mark.parametrize(
    ("options", "names"),
    [
        ({}, ["Subject", "MIME-Version", "X-Unsent", "Content-Type"]),
        ({"to": TO}, ["To", "Subject", "MIME-Version", "X-Unsent", "Content-Type"]),
        ({"date": DATE}, ["Subject", "Date", "MIME-Version", "X-Unsent", "Content-Type"]),
        ({"sender": SENDER}, ["From", "Subject", "Message-ID", "MIME-Version", "X-Unsent", "Content-Type"]),
        ({"sender": SENDER, "date": DATE}, ["From", "Subject", "Date", "Message-ID", "MIME-Version", "Content-Type"]),
        (SENT, SENT_NAMES),
    ],
)
def test_draft_headers(options, names):
    """A mail without sender or without date is marked as a draft; neither is invented, nor an id without a domain."""
    rendered = mail(**options)

    assert names == parsed(rendered).keys()
    assert names == list(rendered.headers)


def test_header_values():
    """`headers` hold what a reader sees, and so do the bytes."""
    rendered = mail(p.Brief(title=HEADLINE), **{**SENT, "sender": "Yeni Şafak <news@example.org>"})
    identity = rendered.headers["Message-ID"]
    boundary = parsed(rendered).get_boundary()

    assert (
        {
            "From": "Yeni Şafak <news@example.org>",
            "To": "reader@example.org",
            "Subject": HEADLINE,
            "Date": "Tue, 12 Aug 2025 06:00:00 +0000",
            "Message-ID": identity,
            "MIME-Version": "1.0",
            "Content-Type": f'multipart/alternative; boundary="{boundary}"',
        }
        == rendered.headers
        == dict(parsed(rendered).items())
    )
    assert re.fullmatch(r"<[0-9a-f]{32}@example\.org>", identity)


@pytest.mark.parametrize(
    "change", [{"subject": "Other"}, {"to": "b@example.org"}, {"sender": "Other <news@example.org>"},
               {"date": DATE + dt.timedelta(seconds=1)}]
)  # fmt: skip
def test_message_id_differs(change):
    """Two mails that differ in subject, sender, recipient or date have different Message-IDs."""
    assert mail(**SENT).headers["Message-ID"] != mail(**{**SENT, **change}).headers["Message-ID"]


REFUSED = [
    "", " ", "News", "news@", "@example.org", "a b@example.org", "news@exa mple.org", "nëws@example.org",
    "news@exämple.org", "a@b.org, c@d.org", "A <a@b.org>, C <c@d.org>", "a@b.org; c@d.org", "group: a@b.org;",
    "group: A <a@b.org>;", "group: A <a@b.org>", "a@b.org\r\nBcc: c@d.org", "A <a@b.org>\r\nBcc: c@d.org",
    "A\r\nBcc: c@d.org <a@b.org>", "A <a@b.org\r\nBcc: c@d.org>", '"A\nB" <a@b.org>', "A <a@b.org> C",
    "A (c) <a@b.org>",
    "a@b.org (c)", "A <<a@b.org>>", 'A" <a@b.org>', '"A"B" <a@b.org>', "c@d.org <a@b.org>", "<@x.org:a@b.org>",
    "alice@example.org)bob@example.com", '"a b"@example.org', "A\x00 <a@b.org>", "\u2028 <a@b.org>", "\ud800 <a@b.org>",
]  # fmt: skip


@pytest.mark.parametrize("value", REFUSED)
@pytest.mark.parametrize("option", ["sender", "to"])
def test_address_is_refused(option, value):
    """What is not exactly one address in ASCII, with or without a name in plain text, is an OptionsError."""
    with pytest.raises(p.OptionsError) as caught:
        mail(**{option: value})

    assert {option} == {fault.path for fault in caught.value.faults}
    assert {"bad-address", "bad-text"} >= {fault.code for fault in caught.value.faults}


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"sender": "a@b.org, c@d.org"},
         "'a@b.org, c@d.org' is no e-mail address @ sender, expected one like 'news@example.org'"),
        ({"to": "A <a@b.org>, C <c@d.org>"},
         "'A <a@b.org>, C <c@d.org>' is not one address @ to, expected one like 'News <news@example.org>'"),
        ({"sender": "A\r\nBcc: x <a@b.org>"},
         "'A\\r\\nBcc: x <a@b.org>' is not one address @ sender, expected one like 'News <news@example.org>'"),
        ({"sender": "A\r\nB <a@b.org>"},
         "'A\\r\\nB' holds a line break at character 2 @ sender, expected one paragraph of plain text"),
        ({"subject": "Hi\r\nBcc: a@b.org", "to": "x", "date": dt.datetime(2025, 8, 12)},
         "'Hi\\r\\nBcc: a@b.org' holds a line break at character 3 @ subject, expected one paragraph of plain text\n"
         "'x' is no e-mail address @ to, expected one like 'news@example.org'\n"
         "datetime.datetime(2025, 8, 12, 0, 0) does not fit @ date, expected a date and time with an offset,"
         " like 2025-08-12T06:00:00+00:00"),
    ],
)  # fmt: skip
def test_refusals_say_what_is_wrong(options, message):
    """All options that are wrong are named at once, with what would be right."""
    with pytest.raises(p.OptionsError) as caught:
        EmailOptions(**options)

    assert message == str(caught.value)


def test_headers_are_read_back():
    """A header block that reads back otherwise than it was meant never leaves."""
    with pytest.raises(RuntimeError, match=r"reads back as \['Bad', 'Bcc'\], expected \['Bad'\]"):
        check_headers(b"Bad: x\r\nBcc: a@b.org\r\n\r\n", ["Bad"])


def test_header_with_line_break_is_not_written():
    """What no option lets in is not written either, should one let it in."""
    with pytest.raises(RuntimeError, match="the header Bad would hold"):
        Header("Bad", ("x\r\nBcc: a@b.org",)).data({})


def test_headers_hold_for_hostile_texts_in_this_python():
    """Of the subjects and names that are known to add or alter headers none does: no header more, no text changed.

    `benchmarks/headers.py` does the same for ten thousand, in any Python.
    """
    found = {}
    for text in hostile(300):
        name = quoted(text)
        addresses = {"sender": f"{name} <a@example.org>", "to": f"{name} <b@example.org>",
                     "reply_to": f"{name} <c@example.org>", "list_id": f"{name} <d.example.org>"}  # fmt: skip
        rendered = mail(p.Brief(title="x"), subject=text, date=DATE, unsubscribe=LEAVE, **addresses)
        found[text] = altered(bytes(rendered), text, text, LISTED_NAMES)

    assert {} == {text: faults for text, faults in found.items() if faults}


# Lists


@pytest.mark.parametrize(
    ("list_id", "header"),
    [
        ("news.example.org", "<news.example.org>"),
        ("<news.example.org>", "<news.example.org>"),
        ("A <b.example>", "A <b.example>"),
    ],
)
def test_id_of_a_list_stands_in_brackets(list_id, header):
    """The id of a list is in angle brackets, with or without words before it (RFC 2919, 3)."""

    assert header == p.render(samples["full"], "email", list_id=list_id).headers["List-ID"]


def test_list_headers():
    """A mail to a list says where one leaves it, by one click too, which list it is, and that it goes to many."""
    rendered = mail(**LISTED)

    assert LISTED_NAMES == parsed(rendered).keys() == list(rendered.headers)
    assert {
        "Reply-To": "Desk <desk@example.org>",
        "List-Unsubscribe": f"<{LEAVE}>, <mailto:leave@example.org?subject=leave>",
        "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
        "List-ID": "Morning News <news.example.org>",
        "Precedence": "bulk",
    }.items() <= rendered.headers.items()


def test_long_unsubscribe_stays_raw_on_one_line():
    """The way to leave is one line, however long, neither encoded nor folded: else one click is lost."""
    way = f"https://example.org/leave?token={'x' * 860}"

    assert f"\r\nList-Unsubscribe: <{way}>\r\n".encode() in bytes(mail(unsubscribe=way))


@pytest.mark.parametrize(
    ("value", "lines"),
    [
        (LEAVE, [f"<{LEAVE}>", "List-Unsubscribe=One-Click"]),
        ("mailto:leave@example.org", ["<mailto:leave@example.org>", None]),
        (f"mailto:leave@example.org {LEAVE}", [f"<mailto:leave@example.org>, <{LEAVE}>", "List-Unsubscribe=One-Click"]),
    ],
)
def test_one_click_needs_https(value, lines):
    """One click is only promised where there is a page for it."""
    read = parsed(mail(unsubscribe=value))

    assert lines == [read["List-Unsubscribe"], read["List-Unsubscribe-Post"]]


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"unsubscribe": "http://example.org/leave"},
         "'http://example.org/leave' is not secure @ unsubscribe, expected an https URL, a mailto: address, or both"
         " parted by a blank, of at most 900 characters"),
        ({"unsubscribe": "https://a.example/ https://b.example/"},
         "'https://a.example/ https://b.example/' names two of a kind @ unsubscribe, expected an https URL, a mailto:"
         " address, or both parted by a blank, of at most 900 characters"),
        ({"unsubscribe": "https://a.example/x, mailto:b@example.org"},
         "'https://a.example/x, mailto:b@example.org' has a comma between its ways @ unsubscribe, expected an https URL, a"
         " mailto: address, or both parted by a blank, of at most 900 characters"),
        ({"unsubscribe": "mailto:leave"},
         "'leave' is no e-mail address @ unsubscribe, expected one like 'news@example.org'"),
        ({"unsubscribe": "https://example.org/\r\nBcc: a@b.org"},
         "'https://example.org/\\r\\nBcc: a@b.org' holds a line break at character 21 @ unsubscribe, expected one"
         " paragraph of plain text"),
        ({"unsubscribe": "https://example.org/<a>"},
         "'https://example.org/<a>' holds '<' at character 21 @ unsubscribe, expected only characters of RFC 3986, the"
         " others percent-encoded and the host in IDNA"),
        ({"list_id": "News"}, "'News' names no list @ list_id, expected one like 'News <news.example.org>'"),
        ({"list_id": "A\r\nB <news.example.org>"},
         "'A\\r\\nB' holds a line break at character 2 @ list_id, expected one paragraph of plain text"),
        ({"preheader": "A\r\nB"},
         "'A\\r\\nB' holds a line break at character 2 @ preheader, expected one paragraph of plain text"),
    ],
)  # fmt: skip
def test_refusals_of_list_options(options, message):
    """What no header may hold is refused before a byte is written."""
    with pytest.raises(p.OptionsError) as caught:
        EmailOptions(**options)

    assert message == str(caught.value)


def test_too_long_unsubscribe_is_refused():
    """A way to leave that fits on no line is refused."""
    with pytest.raises(p.OptionsError, match="is too long"):
        mail(unsubscribe=f"https://example.org/{'x' * 900}")


def test_unsubscribe_is_a_link_in_both_parts():
    """The page is linked in the language of the brief, and stands alone on the last line of the text."""
    rendered = mail(p.Brief(title="x", language="de"), **LISTED)

    assert [(LEAVE, "Abbestellen")] == [(element.get("href"), element.text) for element in tags(rendered, "a")]
    assert f"\n\nAbbestellen\n{LEAVE}\n" == str(rendered.part("text/plain"))[-len(LEAVE) - 15 :]


ADDRESSED = p.Publisher(name="Desk", postal_address="1 Quay Street")


@pytest.mark.parametrize(
    ("publisher", "options", "found"),
    [
        (None, SENT, [("warning", "no-unsubscribe", "unsubscribe"),
                      ("warning", "no-postal-address", "$.publisher.postal_address")]),
        (p.Publisher(name="Desk"), {**SENT, "unsubscribe": LEAVE},
         [("warning", "no-postal-address", "$.publisher.postal_address")]),
        (ADDRESSED, SENT, [("warning", "no-unsubscribe", "unsubscribe")]),
        (ADDRESSED, {**SENT, "unsubscribe": LEAVE}, []),
        (None, {}, []),
        (None, {"sender": SENDER}, []),
    ],
)  # fmt: skip
def test_findings(publisher, options, found):
    """A mail that may be sent is told what mails to many must have; a draft is not."""
    rendered = mail(p.Brief(title="x", publisher=publisher), **options)

    assert found == [(finding.severity, finding.code, finding.path) for finding in rendered.findings]


# The preheader


LONG = (
    "Two stories from the harbour, told from more than one bank, with the sources of each and what nobody says of them."
)


@pytest.mark.parametrize(
    ("options", "shown"),
    [
        ({}, LONG[: LONG.index(" them.")] + "…"),
        ({"preheader": "Short"}, "Short"),
        ({"preheader": "漢" * 200}, "漢" * 109 + "…"),
        ({"preheader": "x" * 110}, "x" * 110),
        ({"preheader": "😀" * 200}, "😀" * 109 + "…"),
    ],
)
def test_preheader(options, shown):
    """It is the first text of the HTML part, hidden, at most 110 characters, cut at a word where there are words."""
    rendered = mail(p.Brief(title="Title", intro=LONG), **options)
    first = LexborHTMLParser(str(rendered.part("text/html"))).css_first("body div span")

    assert ("display:none", shown) == (first.attributes["style"].partition(";")[0], first.css("span")[-1].text())
    assert len(shown) <= 110


@pytest.mark.parametrize(
    ("brief", "shown"),
    [
        (p.Brief(title="T", intro="Intro.", stories=[story(summary="Summary.")]), ["Intro."]),
        (p.Brief(title="T", stories=[story(), story(summary="Summary.")]), ["Summary."]),
        (p.Brief(title="T", stories=[story()]), []),
    ],
)
def test_preheader_defaults(brief, shown):
    """Without the option it is the intro, else the first summary, else nothing is invented."""
    hidden = LexborHTMLParser(str(mail(brief).part("text/html"))).css("body div span[style^='display:none'] span")

    assert shown == [node.text() for node in hidden]


def test_no_preheader_where_it_is_empty():
    """An empty text says that there is to be none."""
    assert "display:none" not in str(mail(p.Brief(title="T", intro="I"), preheader="").part("text/html"))


def test_preheader_is_not_in_the_text_part():
    """The text part is for readers, not for lists of mails."""
    assert "Look inside" not in str(mail(preheader="Look inside").part("text/plain"))


# Attached data and images


@pytest.mark.parametrize("name", samples)
def test_attached_data_loads_back(name):
    """With `attach_data` the mail holds the brief exactly, as a file that mail programs offer by its name."""
    rendered = mail(samples[name], subject="x", attach_data=True)
    read = parsed(rendered)
    alternative, data = read.iter_parts()

    assert ("multipart/mixed", "multipart/alternative") == (read.get_content_type(), alternative.get_content_type())
    assert ("application/json", "attachment", "brief.json") == (
        data.get_content_type(), data.get_content_disposition(), data.get_filename()
    )  # fmt: skip
    assert samples[name] == p.loads(data.get_content()) == p.loads(str(rendered.part("application/json")))


PNG = b"\x89PNG\r\n\x1a\n" + bytes(range(256))
PICTURE = p.Image(url="https://example.org/a.png", alt="A bridge", caption="Half open", width=1200)


def test_given_image_is_inline():
    """An image whose bytes are given goes along, named by its content; nothing is fetched to show it."""
    again = p.Image(url="https://example.org/b.png", alt="")
    rendered = mail(p.Brief(stories=[story(images=[PICTURE, again])]), assets={PICTURE.url: PNG, again.url: PNG})
    _, related = parsed(rendered).iter_parts()
    html, *images = related.iter_parts()
    identity = images[0]["Content-ID"]

    assert ("multipart/related", "text/html", "text/html") == (
        related.get_content_type(), related.get_param("type"), html.get_content_type()
    )  # fmt: skip
    assert [("image/png", "inline", PNG)] == [
        (one.get_content_type(), one.get_content_disposition(), one.get_content()) for one in images
    ]
    assert re.fullmatch(r"<[0-9a-f]{32}@perspectives>", identity)
    assert [("A bridge", "552"), ("", None)] == [(img.get("alt"), img.get("width")) for img in tags(rendered, "img")]
    assert {f"cid:{identity[1:-1]}"} == {img.get("src") for img in tags(rendered, "img")}


def test_image_without_bytes_is_a_link():
    """An image that is not given is linked, and the mail fetches nothing when it is opened."""
    rendered = mail(p.Brief(stories=[story(images=[PICTURE])]), assets={"https://example.org/other.png": PNG})

    assert [(PICTURE.url, "A bridge")] == [(element.get("href"), element.text) for element in tags(rendered, "a")]
    assert [] == tags(rendered, "img")
    assert "multipart/related" not in bytes(rendered).decode()


def test_image_that_mail_programs_do_not_show_is_a_link():
    """A picture that would stay a gap is linked, which is said."""
    rendered = mail(p.Brief(stories=[story(images=[PICTURE])]), assets={PICTURE.url: b"<svg/>"})

    assert [] == tags(rendered, "img")
    assert ["linked-image $.stories[0].images[0]"] == [f"{one.code} {one.path}" for one in rendered.findings]


# Bodies

BODY_PIECES = ["From ", ".", "\n", "\n.\n", "\nFrom x", "=", "=_", " ", "\t", "é", "漢", "😀", "a", "x" * 74, "x" * 76]


@settings(max_examples=300, deadline=None)
@given(st.lists(st.sampled_from(BODY_PIECES), max_size=30).map("".join))
def test_body_reads_back(text):
    """A body is decoded to exactly its text, from ASCII lines of at most 76 that no relay has a reason to change."""
    data = b"".join(body((text,), "text/plain; charset=utf-8"))
    lines = data.partition(b"\r\n\r\n")[2].split(b"\r\n")
    read = email.message_from_bytes(data, policy=email.policy.default)

    assert text == read.get_content().replace("\r\n", "\n").removesuffix("" if text.endswith("\n") else "\n")
    assert [] == [line for line in lines if len(line) > 76 or line == b"." or line.startswith(b"From ")]
    assert [] == [line for line in lines if line != line.rstrip() or b"\n" in line or not line.isascii()]
    assert text.replace("\n", "\r\n").encode() == binascii.a2b_qp(data.partition(b"\r\n\r\n")[2])


@settings(max_examples=300, deadline=None)
@given(*[st.lists(st.sampled_from(BODY_PIECES), max_size=20).map("".join)] * 3)
@example("a", "From b", "")
@example("", ".", "\n")
@example("F", "rom b", ".")
@example("", "a" * 77, "\n")
@example("", f"{'a' * 75} ", "\n.")
def test_hole_in_a_body_reads_back(before, text, behind):
    """What is put into a hole of a body reads back with what stands around it, from lines that no relay changes."""
    pieces = body((before, Hole(("", "x", ""), str), behind), "text/plain; charset=utf-8")
    data = Letter(pieces).fill({"x": text})
    lines = data.partition(b"\r\n\r\n")[2].split(b"\r\n")

    assert f"{before}{text}{behind}".replace("\n", "\r\n").encode() == binascii.a2b_qp(b"\r\n".join(lines))
    assert [] == [line for line in lines if len(line) > 76 or line == b"." or line.startswith(b"From ")]
    assert [] == [line for line in lines if line != line.rstrip() or b"\n" in line or not line.isascii()]


def test_parts_read_back():
    """The mail has two alternatives, text first, which decode to exactly the rendered parts."""
    rendered = mail(full_brief(lambda name: f"From {name}: é\u00a0<b>&amp; =_ . \u202e漢"), **SENT)
    parts = list(parsed(rendered).iter_parts())

    assert "multipart/alternative" == parsed(rendered).get_content_type()
    assert ["text/plain", "text/html"] == [part.get_content_type() for part in parts]
    assert [str(part) for part in rendered.parts] == [part.get_content().replace("\r\n", "\n") for part in parts]
    assert [("utf-8", "en", "quoted-printable")] * 2 == [
        (part.get_content_charset(), part["Content-Language"], part["Content-Transfer-Encoding"]) for part in parts
    ]


def test_language_is_not_invented():
    """Without a language of the brief the parts claim none."""
    assert [None, None] == [part["Content-Language"] for part in parsed(mail()).iter_parts()]


def test_text_part_is_the_text_renderer():
    """The text part is the brief as text, 72 characters wide, addresses at the end; nothing is taken from the HTML."""
    brief = full_brief(str)

    assert str(p.render(brief, "text", width=72, links="listed")) == str(mail(brief).part("text/plain"))


@settings(max_examples=30, deadline=None)
@given(briefs())
def test_text_part_law(brief):
    """Each line of the text part has 72 characters or is one word, and each address stands whole behind its number."""
    text = str(mail(brief, subject="x", unsubscribe=LEAVE).part("text/plain"))
    addresses = {node.href for node in p.plugin.outline(brief, p.plugin.wording_of(brief)) if node.href}

    assert [] == [line for line in text.split("\n") if len(line) > 72 and " " in re.sub(r"^ *(\S+ )?", "", line)]
    assert addresses == set(re.findall(r"^\[[0-9]+\] (\S+)$", text, re.MULTILINE)) & addresses


def test_wire_form():
    """The mail is ASCII with CRLF only, in lines of at most 76, without a defect."""
    data = bytes(mail(full_brief(lambda name: f"{name} – 漢字 " + "x" * 90), **SENT))

    assert data.isascii()
    assert data.count(b"\r\n") == data.count(b"\n") == data.count(b"\r")
    assert [] == [line for line in data.split(b"\r\n") if len(line) > 76]
    assert [] == [part.defects for part in email.message_from_bytes(data).walk() if part.defects]


def test_boundary_is_in_no_body():
    """The boundary is derived from the content and holds what quoted-printable never writes."""
    first, second = mail(), mail(p.Brief(title="Other"))
    boundary = parsed(first).get_boundary()

    assert re.fullmatch(r"=_a[0-9a-f]{24}", boundary)
    assert boundary != parsed(second).get_boundary()
    assert 3 == bytes(mail(p.Brief(title=f"--{boundary}", intro="=_" * 40))).count(b"\r\n--=_")


def test_render_is_deterministic():
    """The same brief and options give the same bytes."""
    assert bytes(mail(full_brief(str), **SENT)) == bytes(mail(full_brief(str), **SENT))


def test_full_mail_is_golden():
    """A small brief gives exactly the mail that was read and approved."""
    brief = attrs.evolve(full_brief(lambda name: name.capitalize()), title=HEADLINE)
    rendered = mail(brief, **{**LISTED, "sender": "Yeni Şafak <news@example.org>"})

    assert (DATA / "email-full.eml").read_bytes() == bytes(rendered)


def test_mail_arrives_unchanged():
    """Sent with smtplib, the mail arrives byte by byte as it was rendered, lone dots and `From ` lines too."""
    arrived = []

    class Inbox:
        async def handle_DATA(self, server, session, envelope):  # noqa: N802 - aiosmtpd's name
            arrived.append(envelope.content)
            return "250 OK"

    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    data = bytes(mail(full_brief(lambda name: f"From {name} ."), **SENT))
    controller = Controller(Inbox(), hostname="127.0.0.1", port=port)
    controller.start()
    try:
        with smtplib.SMTP("127.0.0.1", port) as smtp:
            smtp.sendmail("news@example.org", [TO], data)
    finally:
        controller.stop()

    assert [data] == arrived


# The HTML part


def test_every_text_is_in_the_html():
    """Each text of the model is a text node of the HTML part, unchanged."""
    texts = []

    def text(name):
        texts.append(f"""{name} <b>&amp; "x" 'y' <!-- ]]> {{{{ z }}}} \u00a0 é""")
        return texts[-1]

    rendered = mail(full_brief(text))

    assert [] == [text for text in texts if text not in text_nodes(rendered)]
    assert rendered.headers["Subject"] == tags(rendered, "title")[0].text


def test_texts_are_in_reading_order():
    """The HTML part has the texts in the order of the outline, framing before critique."""
    names = set()
    rendered = mail(full_brief(lambda name: names.add(name) or name), subject="Subject", preheader="Look inside")

    assert (
        "title, intro, section, headline, place, summary, fact title, fact 1, fact 2, context 1, context 2,"
        " label 1, outlet 1, outlet 2, framing 1, critique 1, label 2, outlet 3, framing 2, link 1, link 2,"
        " source title, author, source outlet, quote, source 2, headline 2, offer, body 1, body 2, assurance, button,"
        " publisher, address"
    ) == ", ".join(text for text in text_nodes(rendered) if text in names)


def test_seed_is_whole_in_the_html():
    """Every word of the seed is in the HTML part."""
    brief = p.load(SEED)
    words = " ".join(" ".join(text_nodes(mail(brief))).split())
    nodes = [node.text for node in p.plugin.outline(brief, p.plugin.wording_of(brief)) if node.kind != "outlets"]

    assert [] == [text for text in nodes if " ".join(text.split()) not in words]


def test_subject_is_the_title():
    """The HTML part is titled as the mail is."""
    assert ["Other & more"] == [element.text for element in tags(mail(subject="Other & more"), "title")]


@pytest.mark.parametrize(
    ("brief", "levels"),
    [
        (full_brief(str), "h1 h1 h2 h3 h3 h3 h4 h4 h3 h3 h2"),
        (attrs.evolve(full_brief(str), title=None), "h1 h2 h3 h3 h3 h4 h4 h3 h3 h2"),
        (p.Brief(stories=[story(facts=[p.Fact(text="x")],
                                perspectives=[p.PerspectiveGroup(label="A", framing="x")])]), "h1 h2 h2 h3"),
        (p.Brief(title="x"), "h1"),
    ],
)  # fmt: skip
def test_heading_levels(brief, levels):
    """Headings begin at the first level and skip none."""
    assert levels == " ".join(element.tag for element in tags(mail(brief), "h1", "h2", "h3", "h4", "h5", "h6"))


def test_links():
    """Only URLs of the model become links; what has none is plain text."""
    rendered = mail(full_brief(str))

    assert [
        ("https://example.org/brief", "title"),
        ("https://example.org/story", "headline"),
        ("https://example.org/link", "link 1"),
        ("https://example.org/source", "source title"),
        ("https://example.org/archive", "Archived copy"),
        ("https://example.org/join", "button"),
        ("https://example.org", "publisher"),
        ("mailto:desk@example.org", "desk@example.org"),
    ] == [(element.get("href"), "".join(element.itertext())) for element in tags(rendered, "a")]
    assert [] == tags(rendered, "img", "link", "script", "form", "iframe")


def test_mailto_is_encoded():
    """An address with characters that mean something in a URL leads to that address."""
    brief = p.Brief(title="x", publisher=p.Publisher(name="y", email="a?b&c%d@example.org"))

    assert ["mailto:a%3Fb%26c%25d@example.org"] == [element.get("href") for element in tags(mail(brief), "a")]


def test_button_without_href_is_text():
    """A call to action that leads nowhere is printed as text."""
    rendered = mail(p.Brief(title="x", call_to_action=p.CallToAction(label="Join")))

    assert [] == tags(rendered, "a")
    assert "Join" in text_nodes(rendered)


def test_sources_are_numbered_through_the_brief():
    """Marks and sources carry the same numbers, which go on from story to story."""
    cited = story(facts=[p.Fact(text="x", citations=[p.Citation(source="s"), p.Citation(kind="common-knowledge")])],
                  sources=[p.Source(id="s")])  # fmt: skip
    rendered = mail(p.Brief(stories=[cited, attrs.evolve(cited, headline="Second")]))

    assert ["[1]", "[2]", "[3]", "[4]"] == [element.text.strip() for element in tags(rendered, "sup")]
    notes = ["".join(element.itertext()) for element in tags(rendered, "li")]
    assert ["[1] s", "[2] Common knowledge", "[3] s", "[4] Common knowledge"] == [n for n in notes if n[0] == "["]


ARABIC = attrs.evolve(full_brief(lambda name: f"{name} نص"), language="ar")


@pytest.mark.parametrize(
    ("brief", "lang", "direction", "start", "other"),
    [(full_brief(str), "en", "ltr", "left", "right"), (ARABIC, "ar", "rtl", "right", "left")],
)
def test_direction_is_named_everywhere(brief, lang, direction, start, other):
    """Language and direction stand on the page and inside, and every side that is named is the one lines start at."""
    rendered = mail(brief)
    html = str(rendered.part("text/html"))

    assert {(lang, direction)} == {
        (element.get("lang"), element.get("dir")) for element in tags(rendered, "html", "div")
    }
    assert {start, "center"} == {element.get("align") for element in tags(rendered, "td") if element.get("align")}
    assert {start, "center"} == set(re.findall(r"text-align:(\w+)", html))
    assert {start} == set(re.findall(r"border-(left|right)", html))
    assert [] == re.findall(rf"\b(?:align|float|margin|padding|border|text-align)[-:=\"]*{other}\b", html)
    margin = "0 26px 0 0" if direction == "rtl" else "0 0 0 26px"
    assert f"\nol,ul{{margin:{margin};padding:0}}\n" in html


def test_list_of_a_story_that_runs_the_other_way():
    """A list has its room where its lines start, in a story that runs otherwise than the mail too."""
    lists = {"facts": [p.Fact(text="x")], "links": [p.Link(label="x")]}
    brief = p.Brief(title="x", language="en", stories=[story(language="ar", **lists), story(**lists)])

    assert ["margin:0 26px 0 0", "margin:0 26px 0 0", None, None] == [
        element.get("style") for element in tags(mail(brief), "ol", "ul")
    ]


def test_story_in_another_language():
    """A story in a language of its own is set in its direction."""
    brief = p.Brief(title="x", language="en", stories=[story(), story(language="ar"), story(language="de")])

    assert [("en", "ltr"), ("en", "ltr"), ("ar", "rtl"), ("de", "ltr")] == [
        (element.get("lang"), element.get("dir")) for element in tags(mail(brief), "div")
    ]


PADDED = re.compile(r"padding:(?!0(?:;|$))")


def test_layout_is_for_mail_programs():
    """Every layout table says so; padding is on cells only; Outlook's table around the container is balanced."""
    rendered = mail(full_brief(str))
    html = str(rendered.part("text/html"))
    ghosts = "".join(re.findall(r"<!--\[if mso\]>(.*?)<!\[endif\]-->", html))

    assert {"presentation"} == {element.get("role") for element in tags(rendered, "table")}
    assert {"td"} == {element.tag for element in elements(rendered) if PADDED.search(element.get("style") or "")}
    assert ["table", "tr", "td", "/td", "/tr", "/table"] == re.findall(r"<(/?(?:table|tr|td))\b", ghosts)
    assert html.count("<!--") == html.count("-->") == html.count("<![endif]") == 3


def test_colours_are_tokens():
    """Every colour of the mail is one of the theme; on the elements stand paper, ink, accent and line, for light paper."""
    html = str(mail(full_brief(str)).part("text/html"))
    light = {getattr(THEME, name) for name in ("accent", "ink", "muted", "line")}
    dark = {getattr(THEME, f"{name}_dark") for name in ("accent", "ink", "muted", "paper", "line")}
    sheet, _, scheme = re.search(r"<style>\n(.*?)</style>", html, re.DOTALL)[1].partition(
        "@media (prefers-color-scheme"
    )

    assert [light, dark, light - {THEME.muted} | {THEME.paper}] == [
        set(re.findall(r"#[0-9a-f]{3,8}\b", text)) for text in (sheet, scheme, html.partition("<body")[2])
    ]


OWN_LOOK = {"accent": "#005f73", "ink": "#101418", "paper": "#f4f8fa", "font": "'Source Sans 3', Palatino, serif"}


def test_theme():
    """With a theme of your own no colour and no font of ours is left."""
    html = str(mail(full_brief(str), theme=OWN_LOOK, charts=True).part("text/html"))
    made = theme_of(OWN_LOOK)
    colours = {getattr(made, name.name) for name in attrs.fields(Theme) if not name.name.startswith("font")}

    assert colours == set(re.findall(r"#[0-9a-f]{6}\b", html))
    assert THEME.font not in html


def test_quoted_font():
    """A font name in quotes is one in the style element and on the elements."""
    html = str(mail(p.Brief(title="x"), theme={"font": "Source Sans 3"}).part("text/html"))
    cell = LexborHTMLParser(html).css_first("td.n")

    assert "td{font-family:'Source Sans 3'}</style>" in html
    assert "font:16px/1.6 'Source Sans 3';" in cell.attributes["style"]


def test_flawed_theme_is_refused():
    """A theme is looked at before anything is rendered."""
    with pytest.raises(p.OptionsError, match=r"'red' is no colour @ theme\.accent"):
        EmailOptions(theme={"accent": "red"})


def luminance(colour):
    """Relative luminance (WCAG 2.2)."""
    channels = (int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5))
    red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


@pytest.mark.parametrize("scheme", ["", "_dark"])
@pytest.mark.parametrize("name", ["accent", "ink", "muted"])
def test_theme_contrast(name, scheme):
    """Text on paper has a contrast of 4.5 or more (WCAG 2.2, 1.4.3)."""
    shades = sorted(luminance(getattr(THEME, token + scheme)) for token in (name, "paper"))

    assert 4.5 <= (shades[1] + 0.05) / (shades[0] + 0.05)


def test_charts_are_tables():
    """With `charts` the bars are tables with a title and the numbers in cells: mail programs drop SVG and captions."""
    body = LexborHTMLParser(str(mail(samples["full"], charts=True).part("text/html"))).body
    rows = [(cell.text(), cell.next.text()) for cell in body.css("th[scope=row]")]

    assert (
        ["Words", "Outlets", "Citations", "Which bank it writes for: Outlets", "Score of the Reading Room: Outlets"],
        [("Business press", "19"), ("Neighbourhood papers", "4"), ("Engineers", "5"), ("Business press", "2")],
    ) == ([title.text() for title in body.css("th[scope=colgroup]")], rows[:4])


def test_ratings_are_charted_at_the_very_end():
    """How the outlets are rated stands below the scales of the ratings, with nothing behind it."""
    text = LexborHTMLParser(str(mail(samples["full"], charts=True).part("text/html"))).body.text()
    order = [text.index(words) for words in ("Rating scales", "Which bank it writes for: Outlets")]

    assert (sorted(order), True) == (order, text.rstrip().endswith("Not rated4"))


def test_no_chart_unless_asked_for():
    """Without the option no table is data."""

    assert [] == LexborHTMLParser(str(mail(samples["full"]).part("text/html"))).body.css("th")


# Size


def reports(count, url="https://example.org/{}", **changes):
    """A brief of so many stories of some 4,000 bytes each, numbered, with their own addresses."""
    long = {"summary": "What was said.", "facts": [p.Fact(text="x" * 400)] * 9, **changes}
    return p.Brief(
        title="Morning",
        intro="What there is.",
        language="en",
        stories=[story(headline=f"Story {at}", url=url and url.format(at), **long) for at in range(1, count + 1)],
        call_to_action=p.CallToAction(label="Join"),
        publisher=ADDRESSED,
    )


def bytes_of(rendered):
    """The bytes of the HTML part."""
    return len(str(rendered.part("text/html")).encode())


def headlines(rendered):
    """The numbers of the stories in the HTML part, those of teasers in parentheses."""
    found = []
    for block in LexborHTMLParser(str(rendered.part("text/html"))).css("div > table div"):
        number = block.css_first("h2").text().removeprefix("Story ")
        found.append(number if block.css("ol") else f"({number})")
    return " ".join(found)


def codes(rendered):
    """What there is to say of a mail, by code and place."""
    return [(one.severity, one.code, one.path) for one in rendered.findings]


def test_long_mail_is_reported():
    """A mail over 90 KB is whole, and says how long it is and how many stories fit."""
    rendered = mail(reports(30), **LISTED)
    fitting = [count for count in range(31) if bytes_of(mail(attrs.evolve(reports(30), stories=reports(count).stories),
                                                             **LISTED)) <= 90_000]  # fmt: skip

    assert [("warning", "long-mail", "overflow")] == codes(rendered)
    assert (
        f"the HTML part has {bytes_of(rendered)} bytes, and Gmail shows some 102000; {fitting[-1]} of its 30 stories fit"
        " into 90000; give `overflow`: 'teaser' or 'split', or shorten it"
    ) == str(rendered.findings[0])


@pytest.mark.parametrize("overflow", ["warn", "teaser", "split"])
def test_mail_that_fits_is_as_it_is(overflow):
    """Where all fits, it does not matter what would be done if it did not."""
    assert mail(reports(3), **LISTED) == mail(reports(3), overflow=overflow, **LISTED)


def test_teasers():
    """With `teaser` as many stories are whole as fit; the others are headline, summary and a link, in both parts."""
    rendered = mail(reports(30), overflow="teaser", **LISTED)
    whole = headlines(rendered).split(" (")[0].count(" ") + 1
    more = attrs.evolve(reports(30), stories=reports(whole + 1).stories)
    links = [element.get("href") for element in tags(rendered, "a") if element.text == "Read the whole story"]

    assert " ".join([*map(str, range(1, whole + 1)), *(f"({at})" for at in range(whole + 1, 31))]) == headlines(
        rendered
    )
    assert (True, True) == (bytes_of(rendered) <= 90_000, bytes_of(mail(more, **LISTED)) > 80_000)
    assert [f"https://example.org/{at}" for at in range(whole + 1, 31)] == links
    assert [whole * 9, 30] == [str(rendered.part("text/plain")).count(text) for text in ("x" * 400, "What was said.")]
    assert [("info", "teasers", "overflow")] == codes(rendered)
    assert f"; {whole} of 30 stories are whole and the others teasers" in str(rendered.findings[0])


def test_teaser_leads_to_the_brief():
    """A story without an address of its own leads to that of the brief."""
    brief = attrs.evolve(reports(30, url=None), url="https://example.org/brief")
    links = {e.get("href") for e in tags(mail(brief, overflow="teaser"), "a") if e.text == "Read the whole story"}

    assert {"https://example.org/brief"} == links


def test_teaser_without_link():
    """A teaser that leads nowhere is said."""
    rendered = mail(reports(24, url=None), overflow="teaser", **LISTED)
    teasers = headlines(rendered).count("(")

    assert [("info", "teasers", "overflow")] + [
        ("warning", "teaser-without-link", f"$.stories[{at}].url") for at in range(24 - teasers, 24)
    ] == codes(rendered)
    assert "Read the whole story" not in str(rendered.part("text/html"))


def test_teasers_that_do_not_fit():
    """What is too long even so is sent, and said."""
    rendered = mail(reports(3, summary="x" * 40_000), overflow="teaser", **LISTED)

    assert "(1) (2) (3)" == headlines(rendered)
    assert [("warning", "long-mail", "overflow"), ("info", "teasers", "overflow")] == codes(rendered)


def test_teasers_keep_the_data():
    """The attached data is the whole brief."""
    rendered = mail(reports(30), overflow="teaser", attach_data=True)

    assert reports(30) == p.loads(str(rendered.part("application/json")))


def split_mails(brief, **options):
    """The mails that a brief is split into, each as the standard library reads it."""
    rendered = mail(brief, overflow="split", **options)
    return [parsed(rendered)] + [parsed(part) for part in rendered.parts if part.media_type == "message/rfc822"]


def test_split():
    """With `split` the brief is several mails, each whole in itself; read one after the other they are the brief."""
    mails = split_mails(reports(50), attach_data=True, preheader="Look inside", **LISTED)
    data = [p.loads(next(one.iter_attachments()).get_content()) for one in mails]
    html = [one.get_body(("html",)).get_content() for one in mails]

    assert ["Morning (1/3)", "Morning (2/3)", "Morning (3/3)"] == [one["Subject"] for one in mails]
    assert 3 == len({one["Message-ID"] for one in mails})
    assert [[*LISTED_NAMES[:-1], "Content-Type"]] * 3 == [one.keys() for one in mails]
    assert [LISTED["unsubscribe"].split(" ")[0] in one["List-Unsubscribe"] for one in mails] == [True] * 3
    assert list(reports(50).stories) == [one for brief in data for one in brief.stories]
    assert ["What there is.", None, None] == [brief.intro for brief in data]
    assert [None, None, "Join"] == [brief.call_to_action and brief.call_to_action.label for brief in data]
    assert [True, False, False] == ["Look inside" in one for one in html]
    assert [] == [len(one.encode()) for one in html if len(one.encode()) > 90_000]
    assert ["Abbestellen" in one or "Unsubscribe" in one for one in html] == [True] * 3


def test_split_is_deterministic():
    """The same brief is split into the same bytes."""
    assert mail(reports(30), overflow="split", **LISTED) == mail(reports(30), overflow="split", **LISTED)


def test_split_says_so():
    """How many mails there are is a finding, and each further one is a part that is written beside the first."""
    rendered = mail(reports(50), overflow="split", **LISTED)

    assert [("info", "split-mail", "overflow")] == codes(rendered)
    assert ["", "", "part-2.eml", "part-3.eml"] == [part.name for part in rendered.parts]


def test_story_that_does_not_fit_is_a_mail_of_its_own():
    """A story that is too long by itself is sent alone, and said."""
    stories = [*reports(2).stories, *reports(1, summary="x" * 95_000).stories, *reports(1).stories]
    brief = attrs.evolve(reports(0), stories=stories)

    assert 3 == len(split_mails(brief))
    assert ["split-mail", "long-mail"] == [one.code for one in mail(brief, overflow="split").findings]


def test_finding_of_a_split_mail_has_its_place_in_the_brief():
    """What is said of a story says which of the whole brief it is."""
    brief = reports(30)
    brief = attrs.evolve(brief, stories=[*brief.stories, story(images=[PICTURE])])
    rendered = mail(brief, overflow="split", assets={PICTURE.url: b"<svg/>"})

    assert ["overflow", "$.stories[30].images[0]"] == [one.path for one in rendered.findings]


GUIDE = Path(__file__).parents[1] / "docs" / "guides" / "mail.md"
TEXT = 3_371
"""Bytes of text of the seed's story."""


def seeds(count):
    """Bytes of a mail of so many stories like the seed's."""
    brief = p.load(SEED)
    return bytes_of(mail(attrs.evolve(brief, stories=brief.stories * count), **LISTED))


def test_twenty_stories_like_the_seed_fit():
    """Of stories like the seed's at least twenty fit before Gmail cuts; each has at most 4,700 bytes, the rest 3,500."""
    each = seeds(2) - seeds(1)

    assert (True, True, True) == (each <= 4_700, seeds(1) - each <= 3_500, seeds(20) <= 102_000)


def test_guide_says_how_many_stories_fit():
    """The table of the guide is what is measured, a story having the seed's markup around its text."""
    each = seeds(2) - seeds(1)
    rows = re.findall(r"^\| ([\d,]+) bytes.* \| (\d+) \| (\d+) \|$", GUIDE.read_text("utf-8"), re.MULTILINE)
    sizes = [int(text.replace(",", "")) for text, _, _ in rows]

    assert [1_000, 2_000, TEXT, 6_000] == sizes
    assert [
        tuple((limit - seeds(1) + each) // (size + each - TEXT) for limit in (90_000, 102_000)) for size in sizes
    ] == [(int(fit), int(most)) for _, fit, most in rows]
