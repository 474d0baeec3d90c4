"""What programs that we did not write say of our mails: checkers, mail programs, filters, signers and servers."""

import base64
import datetime as dt
import email
import email.header
import email.policy
import imaplib
import os
import pwd
import re
import shutil
import smtplib
import socket
import subprocess
import tempfile
import time
from contextlib import ExitStack, contextmanager
from pathlib import Path

import attrs
import caniemail
import dkim
import html5lib
import pytest
from conftest import judge, requires
from mail_figures import axe, sizes, spam, variants, wrong_sides
from printed import printed_texts
from selectolax.lexbor import LexborHTMLParser
from test_judges import letters, nu, output, reading

import perspectives as p
from perspectives.testing import samples

DATA = Path(__file__).parent / "data"
DOCS = Path(__file__).parents[1] / "docs"
SEED = Path(__file__).parents[1] / "examples" / "kim-putin.txt"
ADDRESSES = {
    "sender": "News <news@example.org>",
    "to": "reader@example.org",
    "reply_to": "Desk <desk@example.org>",
    "unsubscribe": "https://example.org/leave?list=1&reader=2 mailto:leave@example.org?subject=leave",
    "list_id": "Morning News <news.example.org>",
    "date": dt.datetime(2025, 8, 12, 6, tzinfo=dt.UTC),
}


def mail(brief, **options):
    """A brief as it is sent to a list."""
    subject = None if brief.title or brief.stories else "Nothing today"
    return p.render(brief, "email", **{"subject": subject, **ADDRESSES, **options})


def html_part(brief, **options):
    """What such a mail shows."""
    return mail(brief, **options).part("text/html").content


def seed():
    """The brief of one story that the other makers of mails were measured with."""
    with pytest.warns(p.LoadWarning):
        return p.load(SEED)


def mixed():
    """A brief from left to right with one of its stories from right to left."""
    arabic = attrs.evolve(samples["right-to-left"].stories[0], language="ar")
    return attrs.evolve(samples["full"], stories=[*samples["full"].stories, arabic])


SHOWN = {**samples, "mixed": mixed()}
PARTS = {name: html_part(brief, charts=True) for name, brief in SHOWN.items()}


# Size --------------------------------------------------------------------------------------------------------------


def test_size():
    """Of the seed's story a mail has at most 3,500 bytes once, 4,700 for each story, and room for 20 before Gmail cuts."""
    brief = seed()
    fixed, each, stories = sizes(*(html_part(attrs.evolve(brief, stories=brief.stories * count)) for count in (1, 2)))

    assert (True, True, True) == (fixed <= 3_500, each <= 4_700, stories >= 20), (fixed, each, stories)


# What mail programs know: caniemail.com ----------------------------------------------------------------------------

ACCEPTED = DATA / "caniemail-accepted.txt"


@pytest.mark.slow
@requires("npm")
class TestCaniemail:
    """The tables of caniemail.com."""

    def test_each_lack_is_accepted(self):
        """No mail uses what a mail program lacks, but for the pairs of feature and program in the list, all of them used."""
        found = set().union(*map(caniemail.pairs, PARTS.values()))

        assert ACCEPTED.read_text("utf-8").split("\n") == [*sorted(found), ""]

    def test_npm_checker_agrees(self):
        """The package's own checker, with which others were measured, counts at most 55 pairs."""
        found = {pair for pairs in caniemail.checked(PARTS.values()) for pair in pairs}

        assert 55 >= len(found), sorted(found)

    def test_what_is_used_is_found(self):
        """The control: each of these is seen for what it is."""
        html = """<!doctype html><style>/* x */ a:hover > b, #c d.e[f] { display: flex; gap: 1rem }
        @media (prefers-color-scheme: dark) { * { color: rgb(0, 0, 0) !important } }</style>
        <a href="#top" style="padding-inline-start:2vw;border-radius:calc(1px)">x</a><img src="x.webp" srcset="y">"""

        assert (
            "css-at-media css-at-media-prefers-color-scheme css-border-radius css-comments css-display css-display-flex"
            " css-gap css-important css-padding-inline-start-end css-pseudo-class-hover css-rgb css-selector-attribute"
            " css-selector-chaining css-selector-child css-selector-class css-selector-descendant css-selector-grouping"
            " css-selector-id css-selector-type css-selector-universal css-unit-calc css-unit-px css-unit-rem css-unit-vw"
            " html-anchor-links html-doctype html-img html-srcset html-style image-webp"
        ).split() == sorted(caniemail.used(html))


# HTML: Nu, and as Outlook reads it ---------------------------------------------------------------------------------

NOT_IN_MAILS = re.compile(r"is obsolete|supported-color-schemes|CSS: “mso-")
"""What pages must not have and mails need: attributes that old programs know, and properties of Outlook."""


@pytest.mark.slow
@requires("java")
@requires("npm")
def test_nu_finds_nothing(tmp_path):
    """The Nu HTML checker has nothing to say of any mail but that it is one."""
    found = nu({f"{name}.html": part for name, part in PARTS.items()}, tmp_path)

    assert [] == [fault for fault in found if not NOT_IN_MAILS.search(fault["says"])]


def unbalanced(html):
    """The tags that do not close what was opened last, where HTML would allow that too: Word is no browser."""
    opened, found = [], []
    for slash, name in re.findall(r"<(/?)([a-z][a-z0-9]*)[^>]*>", html):
        if not slash and name not in ("meta", "br", "img", "link", "hr"):
            opened.append(name)
        elif slash and opened[-1:] == [name]:
            opened.pop()
        elif slash:
            found.append(f"/{name}")
    return found + opened


@pytest.mark.parametrize("name", PARTS)
def test_outlook_reads_it(name):
    """With Outlook's own parts opened each mail is HTML without a mistake, each element closed where it was opened."""
    opened, count = re.subn(r"<!--\[if mso\]>(.*?)<!\[endif\]-->", r"\1", PARTS[name], flags=re.DOTALL)
    parser = html5lib.HTMLParser()
    parser.parse(opened)

    assert (3, False, [], []) == (count, "<!--" in opened, parser.errors, unbalanced(opened))


@pytest.mark.parametrize("name", PARTS)
def test_layout_tables_say_so(name):
    """Each table is layout and says so, or is data with a title; language and direction are said within the body too."""
    tree = LexborHTMLParser(PARTS[name])
    html, inner = tree.css_first("html"), tree.css_first("body > div")
    data = [table for table in tree.css("table") if table.attributes.get("role") != "presentation"]

    assert [] == [table.html for table in data if table.css_first("th[scope=colgroup]") is None]
    assert html.attributes == inner.attributes
    assert {"lang", "dir"} == set(html.attributes)


@pytest.mark.parametrize("name", samples)
def test_title_is_the_subject(name):
    """The HTML part is titled as the mail is, or SpamAssassin says HTML_TITLE_SUBJ_DIFF."""
    rendered = mail(samples[name])

    assert rendered.headers["Subject"] == LexborHTMLParser(str(rendered.part("text/html"))).css_first("title").text()


# axe: accessible, and legible where mail programs drop things ------------------------------------------------------


@pytest.mark.slow
@requires("chromium")
@requires("npm")
class TestBrowser:
    """axe-core in Chromium, and what Chromium computes."""

    def test_axe_finds_nothing(self):
        """Every mail that says anything is accessible as it is: WCAG 2.2 A and AA and best practice, without landmarks."""
        pages = {f"{name}.html": part for name, part in PARTS.items() if name not in ("full", "mixed", "empty")}

        assert [] == axe(pages)

    def test_mails_are_legible(self):
        """Damaged in any way that mail programs do, in light and dark, no text is lost in its background."""
        pages = {**variants("full", PARTS["full"]), **variants("mixed", PARTS["mixed"])}

        assert [] == axe(pages)

    def test_what_is_illegible_is_found(self):
        """The control: a mail for dark paper loses its letters where backgrounds go, and nowhere else."""
        html = (
            '<!doctype html><html lang="en"><head><title>t</title></head><body bgcolor="#222222">'
            '<div style="background-color:#222222"><h1 style="color:#eeeeee">Ports close</h1></div></body></html>'
        )
        found = {fault["page"].rpartition("/")[2] for fault in axe(variants("control", html))}

        assert {"control-no-backgrounds.html"} == found

    def test_lines_start_at_the_right(self):
        """In Arabic every block runs from right to left from the right side, and marks of lists have room there."""
        blocks = judge("sides.js", {"ar.html": html_part(samples["right-to-left"])})

        assert [] == wrong_sides(blocks, "rtl", "right", "left")
        assert {"h1", "h2", "h3", "h4", "p", "li", "td", "ol", "ul"} == {block["name"] for block in blocks}

    def test_lines_start_at_the_left(self):
        """In English it is the other way round, so that an Arabic mail is wrong from its first block to the last."""
        english, arabic = (
            judge("sides.js", {"x.html": html_part(samples[name])}) for name in ("full", "right-to-left")
        )

        assert [] == wrong_sides(english, "ltr", "left", "right")
        assert len(arabic) == len(wrong_sides(arabic, "ltr", "left", "right"))


# w3m: without any style --------------------------------------------------------------------------------------------


@requires("w3m")
@pytest.mark.parametrize("name", samples)
def test_w3m_shows_every_text_in_order(name):
    """In a terminal every text is there, and the stories read from their headlines to their links."""
    command = "w3m -dump -T text/html -I UTF-8 -O UTF-8 -cols 500 -o display_image=0".split()
    seen = letters(output(*command, text=html_part(samples[name])))
    place, lost = 0, []
    for text in map(letters, filter(None, reading(samples[name]))):
        found = seen.find(text, place)
        place = max(place, found + len(text)) if found >= 0 else place
        lost += [text] if found < 0 else []

    assert ([], []) == (lost, [text for text in printed_texts(samples[name]) if letters(text) not in seen])


# DKIM --------------------------------------------------------------------------------------------------------------


def signed_headers():
    """The headers that the guide says to sign, each twice."""
    guide = (DOCS / "guides" / "mail.md").read_text("utf-8")
    return re.findall(r"`([\w-]+)`", re.search(r"twice in the tag `h=` of the signature: (.*)\.", guide)[1])


@pytest.fixture(scope="module")
def key():
    """A private key for signing, and what is published of it in the DNS."""
    private = output("openssl", "genrsa", "-traditional", "2048").encode()
    public = subprocess.run(
        ["openssl", "rsa", "-pubout", "-outform", "DER"], input=private, capture_output=True, check=True
    ).stdout
    return private, b"v=DKIM1; k=rsa; p=" + base64.b64encode(public)


def signed(data, private, times=2):
    """The mail with a signature that names the headers of the guide so many times."""
    names = [name.encode() for name in signed_headers() for _ in range(times)]
    return dkim.sign(data, b"s1", b"example.org", private, include_headers=names) + data


TAMPERING = [
    (rb"List-Unsubscribe: <https://example.org/", b"List-Unsubscribe: <https://example.com/"),
    (rb"List-Unsubscribe-Post: .*\r\n", b""),
    (rb"List-Unsubscribe-Post: List-Unsubscribe=One-Click", b"List-Unsubscribe-Post: List-Unsubscribe=Two-Clicks"),
    (rb"List-Unsubscribe: .*\r\n", b""),
    (rb"List-ID: Morning", b"List-ID: Evening"),
    (rb"Subject: .*\r\n", b"Subject: Other\r\n"),
    (rb"\r\n\r\n(--.*)", rb"\r\n\r\nadded\r\n\1"),
]


@requires("openssl")
@pytest.mark.parametrize(("pattern", "instead"), TAMPERING)
def test_tampering_is_seen(key, pattern, instead):
    """dkimpy verifies the signature over what the guide names, and no more once one of it was changed on the way."""
    private, published = key
    whole = signed(bytes(mail(samples["full"])), private)
    tampered = re.sub(pattern, instead, whole, count=1)

    assert whole != tampered
    assert (True, False) == tuple(
        dkim.verify(data, dnsfunc=lambda name, timeout=5: published) for data in (whole, tampered)
    )


@requires("openssl")
@pytest.mark.parametrize("name", ["full", "empty"])
@pytest.mark.parametrize("header", signed_headers())
def test_added_header_is_seen(key, name, header):
    """A second header above ours, or one that the mail had not, breaks the signature: each is named twice in it."""
    private, published = key
    options = {} if name == "full" else dict.fromkeys(("reply_to", "unsubscribe", "list_id"))
    whole = signed(bytes(mail(samples[name], **options)), private)
    added = f"{header}: Other <other@example.com>\r\n".encode() + whole

    assert (True, False) == tuple(
        dkim.verify(data, dnsfunc=lambda name, timeout=5: published) for data in (whole, added)
    )


@requires("openssl")
def test_added_header_is_not_seen_where_each_is_named_once(key):
    """The control: that a header is named does not keep another from standing above it."""
    private, published = key
    whole = signed(bytes(mail(samples["full"])), private, times=1)

    assert dkim.verify(b"Subject: Other\r\n" + whole, dnsfunc=lambda name, timeout=5: published)


# SpamAssassin ------------------------------------------------------------------------------------------------------


@pytest.mark.slow
@requires("spamassassin")
def test_spamassassin_has_no_point(tmp_path):
    """No mail has a point of spam, neither to a list nor to one reader; the text for trying filters (GTUBE) has a thousand."""
    alone = {"unsubscribe": None, "list_id": None}
    control = bytes(mail(p.Brief(title="XJS*C4JDBQADN1.NSBN3*2IDNEN*GTUBE-STANDARD-ANTI-UBE-TEST-EMAIL*C.34X")))
    mails = {
        "seed": bytes(mail(seed())),
        "alone": bytes(mail(seed(), **alone)),
        "full": bytes(mail(samples["full"], charts=True, attach_data=True)),
        "arabic": bytes(mail(samples["right-to-left"])),
    }
    points = spam(tmp_path, **mails, control=control)

    assert points.pop("control") > 900
    assert {} == {name: score for name, score in points.items() if score > 0}


# OpenSMTPD and Dovecot ---------------------------------------------------------------------------------------------

UNIX_USER = "mail"
"""Who owns the mailboxes: Dovecot gives none to root."""

SPOOL = Path("/var/spool/smtpd")
"""Where OpenSMTPD keeps its queue, whatever it is told."""

SMTPD = """
listen on 127.0.0.1 port {smtp} hostname mx.example.org
listen on socket
action "inbox" lmtp "127.0.0.1:{lmtp}" rcpt-to virtual {{ "@" = {user} }}
match from any for domain "example.org" action "inbox"
"""
DOVECOT = """
protocols = imap lmtp
listen = 127.0.0.1
base_dir = {folder}/run
state_dir = {folder}/state
log_path = {folder}/log
ssl = no
disable_plaintext_auth = no
first_valid_uid = 1
first_valid_gid = 1
mail_location = maildir:{folder}/mail/%n
passdb {{
  driver = static
  args = password=reader
}}
userdb {{
  driver = static
  args = uid={user} gid={user} home={folder}/mail/%n allow_all_users=yes
}}
service imap-login {{
  inet_listener imap {{
    port = {imap}
  }}
  inet_listener imaps {{
    port = 0
  }}
}}
service lmtp {{
  inet_listener lmtp {{
    port = {lmtp}
  }}
}}
"""


def free_ports(*names):
    """A port for each that nobody listens to."""
    with ExitStack() as stack:
        sockets = [stack.enter_context(socket.socket()) for _ in names]
        for one in sockets:
            one.bind(("127.0.0.1", 0))
        return dict(zip(names, (one.getsockname()[1] for one in sockets), strict=True))


def wait_for(port, log):
    """Until somebody listens there."""
    for _ in range(100):
        with socket.socket() as one:
            if one.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.1)
    pytest.fail(f"nobody listens to {port}: {log.read_text(errors='replace') if log.exists() else ''}")


@contextmanager
def running(*command, log):
    """A server in the foreground, and its end."""
    with log.open("wb") as out, subprocess.Popen(command, stdout=out, stderr=out) as process:
        try:
            yield
        finally:
            process.terminate()


@pytest.fixture(scope="module")
def servers():
    """The ports of a mail server that takes mail for example.org and of one that gives readers theirs."""
    needed = os.environ.get("PERSPECTIVES_REQUIRE_ALL") == "1"
    for reason, holds in {
        "the servers need root": os.geteuid() == 0,
        "smtpd, dovecot or its lmtp is not installed": shutil.which("smtpd") and Path("/usr/lib/dovecot/lmtp").exists(),
        "another smtpd runs": not Path("/run/smtpd.sock").exists(),
    }.items():
        if not holds:
            (pytest.fail if needed else pytest.skip)(reason)
    is_first = not SPOOL.exists()
    # Not tmp_path, which only root may enter.
    folder = Path(tempfile.mkdtemp())
    user = pwd.getpwnam(UNIX_USER)
    try:
        folder.chmod(0o755)
        for name in ("mail", "run", "state"):
            (folder / name).mkdir()
        os.chown(folder / "mail", user.pw_uid, user.pw_gid)
        ports = free_ports("smtp", "lmtp", "imap")
        for name, text in (("smtpd.conf", SMTPD), ("dovecot.conf", DOVECOT)):
            (folder / name).write_text(text.format(folder=folder, user=UNIX_USER, **ports))
            (folder / name).chmod(0o600)
        with (
            running("dovecot", "-F", "-c", folder / "dovecot.conf", log=folder / "dovecot"),
            running("smtpd", "-d", "-f", folder / "smtpd.conf", log=folder / "smtpd"),
        ):
            wait_for(ports["imap"], folder / "log")
            wait_for(ports["smtp"], folder / "smtpd")
            yield ports
    finally:
        shutil.rmtree(folder)
        if is_first:
            shutil.rmtree(SPOOL, ignore_errors=True)


def wait_for_mails(imap, count):
    """Until the inbox has so many."""
    for _ in range(300):
        imap.select("INBOX")
        if len(imap.search(None, "ALL")[1][0].split()) == count:
            return
        time.sleep(0.1)
    pytest.fail(f"mail {count} does not arrive")


def whole(imap, number):
    """A mail of the inbox, byte by byte."""
    return imap.fetch(str(number), "(BODY.PEEK[])")[1][0][1]


def envelope_subject(imap, number):
    """The subject as IMAP tells it: a quoted text, or the bytes that follow."""
    first = imap.fetch(str(number), "(ENVELOPE)")[1][0]
    quoted = re.search(rb'ENVELOPE \("[^"]*" "((?:[^"\\]|\\.)*)"', first if isinstance(first, bytes) else b"")
    raw = re.sub(rb"\\(.)", rb"\1", quoted[1]) if quoted else first[1]
    return str(email.header.make_header(email.header.decode_header(raw.decode())))


HEADLINE = "Kim Jong Un Pledges Unconditional Backing for Russia Days Before Putin–Trump Alaska Summit"
SUBJECTS = [HEADLINE, "=?utf-8?q?hi?= x", 'A "quoted" \\ subject', "موجز المساء", "😀" * 100, "x " * 400 + "x"]


@pytest.mark.slow
def test_mails_arrive_as_they_were_sent(servers):
    """Through OpenSMTPD and Dovecot each mail comes with its own bytes behind the lines of its way, and its subject."""
    mails = [mail(brief, charts=True, attach_data=True) for brief in samples.values()]
    mails += [mail(samples["full"], subject=subject) for subject in SUBJECTS]
    same = {name: value for name, value in ADDRESSES.items() if name not in ("to", "unsubscribe")}
    mailing = p.Mailing(samples["full"], **same)
    sent = [
        *map(bytes, mails),
        mailing.merge(to="reader@example.org", unsubscribe="https://example.org/leave?reader=3"),
    ]
    subjects = [*(one.headers["Subject"] for one in mails), samples["full"].title]
    with imaplib.IMAP4("127.0.0.1", servers["imap"]) as imap:
        imap.login("reader", "reader")
        for number, data in enumerate(sent, 1):
            with smtplib.SMTP("127.0.0.1", servers["smtp"]) as smtp:
                smtp.sendmail("news@example.org", ["reader@example.org"], data)
            wait_for_mails(imap, number)
        found = [whole(imap, number) for number in range(1, len(sent) + 1)]
        shown = [envelope_subject(imap, number) for number in range(1, len(sent) + 1)]
    traces = [data[: -len(own)] for data, own in zip(found, sent, strict=True)]

    assert sent == [data[len(trace) :] for data, trace in zip(found, traces, strict=True)]
    assert subjects == shown
    assert {b"Return-Path", b"Delivered-To", b"Received"} == set(re.findall(rb"(?m)^([\w-]+):", b"".join(traces)))
