"""A mail as bytes: RFC 5322 headers and MIME bodies that read back as exactly what was given.

Written here because the standard library's folding alters headlines and decodes
what only looks encoded, up to a header of the story's own (cpython #144156,
#121650, #144125). It serves to check: what was written is read back by it.
"""

import re
from base64 import b64encode
from collections.abc import Iterator, Mapping, Sequence
from email.parser import BytesHeaderParser
from email.utils import unquote
from itertools import groupby

from perspectives.errors import Fault
from perspectives.text import check_address, check_text, show

LINE = 76
"""Longest line of headers and bodies (RFC 2045, 6.7; RFC 2047, 2); a longer address stays whole."""

# One mailbox and nothing else: no list, no group, no comment (RFC 5322, 3.4). email.utils reads on past
# what it does not understand, and differently in each Python (CVE-2023-27043).
_MAILBOX = re.compile(r'(?:(?P<name>"(?:[^"\\]|\\.)*" *|[^()<>\[\]:;@\\,"]*)<(?P<angle>[^<>]*)>|(?P<bare>[^<>]*))')
# All but printable ASCII, the sign of an escape itself, and blanks at the end of a line.
_UNSAFE = re.compile(rb"[^\n -<>-~]| (?=\n|\Z)")
# Three less than a line has: one for the "=" of the break, two for an escape at the start; none is cut.
_LONG = re.compile(rb"[^\n]{71,73}(?<!=)(?<!=.)(?=[^\n])")
# SMTP ends on a lone dot; mailboxes change "From " to ">From ".
_START = re.compile(rb"^(?:F(?=rom )|\.$)", re.MULTILINE)
_ATOM = re.compile(r"(?!.*=\?)[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]{1,60}")


def mailbox(value: str) -> tuple[str, str]:
    """Name and address of `news@example.org` or `News <news@example.org>`; empty where it is neither."""
    match = _MAILBOX.fullmatch(value)
    if not match:
        return "", ""
    return unquote((match["name"] or "").strip(" ")), match["angle"] or match["bare"] or ""


def mailbox_faults(value: str, path: str) -> Sequence[Fault]:
    """What is wrong with one address, with or without a display name."""
    if not _MAILBOX.fullmatch(value):
        message, right = f"{show(value)} is not one address", "one like 'News <news@example.org>'"
        return [Fault(code="bad-address", message=message, path=path, expected=right)]
    name, address = mailbox(value)
    return [*(check_text(name, path) if name else ()), *check_address(address, path)]


def body(text: str, media_type: str, language: str | None) -> bytes:
    """A text as one alternative: with its own headers, quoted-printable, its lines parted by CRLF."""
    lines = [f"Content-Type: {media_type}; charset=utf-8", "Content-Transfer-Encoding: quoted-printable"]
    lines += [f"Content-Language: {language}"] if language else []
    return "\r\n".join([*lines, "", ""]).encode() + _quoted_printable(text).replace(b"\n", b"\r\n")


def _quoted_printable(text: str) -> bytes:
    """The text in lines that no relay has a reason to change (RFC 2045, 6.7).

    binascii does it too, but makes lines of 77 where a blank ends one.
    """
    data = _UNSAFE.sub(lambda byte: b"=%02X" % byte[0][0], text.encode())
    data = _LONG.sub(rb"\g<0>=\n", data)
    return _START.sub(lambda char: b"=%02X" % char[0][0], data)


def boundary(digest: str) -> str:
    """What parts the bodies of one mail: the same in each render, and in no body."""
    # In quoted-printable "=" is followed by two digits or the end of the line, never by "_".
    return f"=_{digest[:24]}"


def alternatives(headers: Mapping[str, str], bodies: Sequence[bytes], boundary: str) -> bytes:
    """The whole message; the values of the headers are given as a reader is to see them."""
    head = "\r\n".join(_folded(name, _words(name, value)) for name, value in headers.items()).encode("ascii")
    _check_headers(head, list(headers))
    edge = f"--{boundary}".encode()
    return b"\r\n".join([head, b"", *(line for body in bodies for line in (edge, body)), edge + b"--", b""])


def _check_headers(head: bytes, names: list[str]) -> None:
    """A second look at what was written: these headers and no others, or nothing leaves."""
    if (found := BytesHeaderParser().parsebytes(head).keys()) != names:
        raise RuntimeError(f"the header block reads back as {found}, expected {names}")


def _words(name: str, value: str) -> Sequence[str]:
    """A header's value as the words between which its line may be folded."""
    room = LINE - len(f"{name}: ")
    if name in ("From", "To"):
        display, address = mailbox(value)
        return [*_phrase(display, room), f"<{address}>"] if display else [address]
    if name == "Subject" and not _is_plain(value, room):
        return list(_encoded(value, room))
    return [value]


def _folded(name: str, words: Sequence[str]) -> str:
    lines = [f"{name}: {words[0]}"]
    for word in words[1:]:
        if len(lines[-1]) + 1 + len(word) <= LINE:
            lines[-1] += f" {word}"
        else:
            lines.append(f" {word}")
    return "\r\n".join(lines)


def _is_plain(text: str, room: int) -> bool:
    """Whether every reader takes these characters as they are: nothing to decode, nothing to fold."""
    return text.isascii() and text.isprintable() and "=?" not in text and len(text) <= room


def _encoded(text: str, room: int) -> Iterator[str]:
    """The text as encoded-words of at most `room` characters, each of whole characters (RFC 2047, 5)."""
    size = (room - len("=?utf-8?b??=")) // 4 * 3
    chunk = b""
    for char in text:
        data = char.encode()
        if len(chunk) + len(data) > size:
            yield f"=?utf-8?b?{b64encode(chunk).decode()}?="
            chunk = b""
        chunk += data
    yield f"=?utf-8?b?{b64encode(chunk).decode()}?="


def _phrase(name: str, room: int) -> Iterator[str]:
    """A display name: plain words, else in quotes, else with encoded-words where it needs them."""
    quoted = '"' + re.sub(r'(["\\])', r"\\\1", name) + '"'
    words = name.split(" ")
    if _is_plain(quoted, room) and not all(map(_ATOM.fullmatch, words)):
        yield quoted
        return
    # Word by word: the standard library's parser leaves a blank between two encoded-words of a name.
    for plain, group in groupby(words, key=lambda word: bool(_ATOM.fullmatch(word))):
        run = list(group)
        yield from run if plain else _encoded(" ".join(run), room)
