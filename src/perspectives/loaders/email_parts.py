"""What is in a mail: the parts that may hold a brief, and what of it is broken or left out.

The standard library takes the mail apart. It reads whatever it gets, so what it mended is told where words may be
lost by it. It takes quadratic time for headers without an end and for multiparts within multiparts, so that these
are counted before.
"""

import codecs
import re
from collections.abc import Iterator
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from typing import NoReturn

from attrs import define, field, frozen

from perspectives.errors import FAULTS, Fault, Finding, LimitError, LoadError
from perspectives.plugin import Input

_TYPE = re.compile(
    rb"(?<![^\r\n])content-(?:type|disposition|transfer-encoding)[ \t]*:[^\r\n]*(?:(?:\r\n|\r|\n)[ \t][^\r\n]*)*",
    re.IGNORECASE,
)
_BLANK_LINE = re.compile(rb"\r\n\r\n|\n\n|\r\r")
_NESTS = re.compile(rb"multi|message|boundary", re.IGNORECASE)
_EDGE = re.compile(rb"(?<![^\r\n])--")
_LINE_END = re.compile(rb"\r\n|\r|\n")
_MOST_NESTED = 40
_MOST_PARTS = 1_000
_MOST_EDGES = 20_000
_MOST_LINES = 500_000
_LONGEST_FIELD = 4_000
_LONGEST_HEADER = 200_000
_FORMAT = re.compile(rb'"format"\s*:\s*"perspectives\\?/')
_BOUNDARY = re.compile(r"=_a[0-9a-f]{24}")
_FLOWED = re.compile(r"(?<!^--) \r?\n", re.MULTILINE)
_STUFFED = re.compile(r"^ ", re.MULTILINE)
# They read what no mail is written in, or take quadratic time (punycode, idna).
_NO_CHARSETS = frozenset("idna mbcs oem punycode raw-unicode-escape undefined unicode-escape".split())
_DEFECTS = {
    "CloseBoundaryNotFoundDefect": "it ends within a part: the boundary behind the last one is missing",
    "FirstHeaderLineIsContinuationDefect": "its first header goes on with a line before it",
    "InvalidBase64CharactersDefect": "the Base64 of {} holds other characters, which are passed over",
    "InvalidBase64LengthDefect": "the Base64 of {} has no possible length, and is not decoded",
    "InvalidBase64PaddingDefect": "the Base64 of {} ends too early",
    "MisplacedEnvelopeHeaderDefect": "a line 'From ...' stands within its headers",
    "MissingHeaderBodySeparatorDefect": "a line among its headers is no header, so the body begins there",
    "MultipartInvariantViolationDefect": "{} says that it has parts, and has none",
    "NoBoundaryInMultipartDefect": "{} does not say where its parts begin: the parameter 'boundary' is missing",
    "StartBoundaryNotFoundDefect": "none of the parts of {} begins: its boundary is nowhere",
}
"""Defects by which words may be lost, and what is said of them."""


@frozen
class MailPart:
    """One text, HTML or data part, decoded."""

    media_type: str
    text: str

    @property
    def name(self) -> str:
        """What it is called in a message."""
        return {"text/plain": "the text part", "text/html": "the HTML part"}.get(self.media_type, "the data part")


@frozen
class Body:
    """Text and HTML that say the same, or one of them."""

    parts: tuple[MailPart, ...]
    is_ours: bool = False
    """Whether our renderer wrote both: the boundary between them is one of its kind."""

    def part(self, media_type: str) -> MailPart | None:
        """The first part of this media type."""
        return next((part for part in self.parts if part.media_type == media_type), None)


@define
class Mail:
    """What is in a mail."""

    subject: str = ""
    leaving: tuple[str, ...] = ()
    """The addresses of List-Unsubscribe."""
    data: list[MailPart] = field(factory=list)
    bodies: list[Body] = field(factory=list)
    findings: list[Finding] = field(factory=list)


def parse(input: Input) -> Mail:
    """The mail. Raises `LoadError` for what is none, `LimitError` for what takes too long."""
    _check_limits(input.data)
    try:
        message = message_from_bytes(input.data, policy=default)
        if not message.keys():
            refuse("not-mail", "this is no mail: it does not begin with headers", "lines like 'From: ...'")
        return _Reader().read(message)
    except LoadError:
        raise
    except RecursionError:
        what = "its parts or headers stand too deep within each other"
        raise LimitError(Fault(code="limit", message=what, expected="a mail as it was sent", line=1)) from None
    except FAULTS as error:  # the parser of the standard library raises whatever it stumbles over
        fault = Fault(code="bad-mail", message="its headers cannot be parsed", expected="a mail as it was sent", line=1)
        raise LoadError(fault) from error


def refuse(code: str, message: str, expected: str) -> NoReturn:
    """Raise the `LoadError` of a whole mail."""
    raise LoadError(Fault(code=code, message=message, expected=expected, line=1))


def _check_limits(data: bytes) -> None:
    """Refuse what the parser would take too long for."""
    fields = [match[0] for match in _TYPE.finditer(data)]
    nested = sum(bool(_NESTS.search(field)) for field in fields)
    end = _BLANK_LINE.search(data)
    for what, size, most in [
        ("parts", len(fields), _MOST_PARTS),
        ("parts that hold parts", nested, _MOST_NESTED),
        ("lines that begin like a part", sum(1 for _ in _EDGE.finditer(data)), _MOST_EDGES),
        ("lines", sum(1 for _ in _LINE_END.finditer(data)), _MOST_LINES),
        ("bytes in one header", max(map(len, fields), default=0), _LONGEST_FIELD),
        ("bytes of headers", end.start() if end else len(data), _LONGEST_HEADER),
    ]:
        if size > most:
            message = f"the mail has {size:,} {what}"
            raise LimitError(Fault(code="limit", message=message, expected=f"at most {most:,}", line=1))


class _Reader:
    """Reads one mail."""

    def __init__(self) -> None:
        self.mail = Mail()

    def read(self, message: EmailMessage) -> Mail:
        self.mail.subject = str(message.get("Subject", ""))
        leaving = str(message.get("List-Unsubscribe", ""))
        self.mail.leaving = tuple(re.findall(r"<([^<>\s]+)>", leaving))
        self.mail.bodies = list(self._bodies(message))
        self._defects(message)
        return self.mail

    def _bodies(self, part: EmailMessage) -> Iterator[Body]:
        if part.get_content_type() == "multipart/alternative" and part.is_multipart():
            found = [one for inner in _inner(part) for body in self._bodies(inner) for one in body.parts]
            if found:
                yield Body(tuple(found), is_ours=bool(_BOUNDARY.fullmatch(part.get_boundary(""))))
        elif part.is_multipart():
            for inner in _inner(part):
                yield from self._bodies(inner)
        elif found_part := self._leaf(part):
            yield Body((found_part,))

    def _leaf(self, part: EmailMessage) -> MailPart | None:
        """A text or HTML part; data goes to the mail, and all else is told."""
        kind = part.get_content_type()
        is_inline = part.get_content_disposition() != "attachment"
        data = part.get_payload(decode=True)
        data = data if isinstance(data, bytes) else b""
        self._defects(part)
        if kind == "application/json" and (_FORMAT.search(data) or part.get_filename() == "brief.json"):
            self.mail.data.append(MailPart(kind, self._text(part, data)))
        elif kind in ("text/plain", "text/html") and is_inline:
            return MailPart(kind, self._text(part, data))
        elif part.get_content_maintype() != "multipart" and not part["Content-ID"]:
            # What has an id is an image of the HTML part, which says what it knows of it.
            name = part.get_filename()
            message = f"the part {f'{kind} {name!r}' if name else kind} is left out"
            self.say("unread-part", message, kind, "load it on its own, if it holds a brief")
        return None

    def _text(self, part: EmailMessage, data: bytes) -> str:
        """The text of a part; what no charset reads is told."""
        kind = part.get_content_type()
        charset = "utf-8" if kind == "application/json" else part.get_content_charset("utf-8")
        try:
            known: str | None = codecs.lookup(charset).name
            known = None if known in _NO_CHARSETS else known
        except (LookupError, ValueError):
            known = None
        if known is None:
            self.say("unknown-charset", f"nobody knows the charset {charset!r}, so UTF-8 is tried", kind)
        for name in (known or "utf-8", "utf-8"):
            try:
                text = data.decode(name)
                break
            except (LookupError, UnicodeError):
                continue
        else:
            text = data.decode("utf-8" if known in (None, "ascii") else known, "replace")
            message = f"some of it is no text in {charset}, and is replaced by U+FFFD"
            self.say("lost-bytes", message, kind, "ask for the mail again")
        if kind == "text/plain" and str(part.get_param("format", "")).lower() == "flowed":
            joint = "" if str(part.get_param("delsp", "")).lower() == "yes" else " "
            text = _STUFFED.sub("", _FLOWED.sub(joint, text))
        return text.replace("\r\n", "\n")

    def _defects(self, part: EmailMessage) -> None:
        """Tell what the parser mended."""
        for defect in part.defects:
            if message := _DEFECTS.get(type(defect).__name__):
                kind = part.get_content_type()
                finding = Finding(code="broken-mail", message=message.format(kind), path=kind, hint="ask for it again")
                if finding not in self.mail.findings:
                    self.mail.findings.append(finding)
        for inner in _inner(part):
            self._defects(inner)

    def say(self, code: str, message: str, path: str, hint: str = "") -> None:
        self.mail.findings.append(Finding(code=code, message=message, path=path, hint=hint))


def _inner(part: EmailMessage) -> list[EmailMessage]:
    """The parts within a part, none for one that only says that it has some."""
    payload = part.get_payload()
    return [inner for inner in payload if isinstance(inner, EmailMessage)] if isinstance(payload, list) else []
