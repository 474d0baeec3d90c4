"""A mail as bytes: RFC 5322 headers and MIME bodies that read back as exactly what was given.

Written here because the standard library's folding alters headlines and decodes
what only looks encoded, up to a header of the story's own (cpython #144156,
#121650, #144125). It serves to check: what was written is read back by it.
"""

import functools
import hashlib
import re
from base64 import b64encode, encodebytes
from binascii import b2a_qp
from collections.abc import Callable, Iterator, Mapping, Sequence
from email.parser import BytesHeaderParser
from email.utils import unquote
from itertools import groupby

from attrs import frozen

from perspectives.errors import Fault
from perspectives.text import check_address, check_text, show

LINE = 76
"""Longest line of headers and bodies (RFC 2045, 6.7; RFC 2047, 2); a longer address stays whole."""

# One mailbox and nothing else: no list, no group, no comment (RFC 5322, 3.4). email.utils reads on past
# what it does not understand, and differently in each Python (CVE-2023-27043).
_MAILBOX = re.compile(r'(?:(?P<name>"(?:[^"\\]|\\.)*" *|[^()<>\[\]:;@\\,"]*)<(?P<angle>[^<>]*)>|(?P<bare>[^<>]*))')
# All but printable ASCII, the sign of an escape itself, and blanks at the end of a line.
_UNSAFE = re.compile(rb"[^\n -<>-~]| (?=\n|\Z)")
_ESCAPES = {bytes([byte]): b"=%02X" % byte for byte in range(256)}
_MOST = 73
# Three less than a line has: one for the "=" of the break, two for an escape at the start; none is cut.
_LONG = re.compile(rb"[^\n]{71,%d}(?<!=)(?<!=.)(?=[^\n])" % _MOST)
# SMTP ends on a lone dot; mailboxes change "From " to ">From ".
_START = re.compile(rb"^(?:F(?=rom )|\.$)", re.MULTILINE)
_ATOM = re.compile(r"(?!.*=\?)[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]{1,60}")


@functools.lru_cache(64)  # who checks an address writes it next
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


Values = Mapping[str, str]
"""What differs from one mail to the next, by name."""


@frozen
class Hole:
    """A place in a text that values fill: words and names of values by turns, words first.

    `sink` makes of them what may stand there: escaped, or wrapped.
    """

    pieces: tuple[str, ...]
    sink: Callable[[str], str]

    @property
    def names(self) -> frozenset[str]:
        """Which values it needs."""
        return frozenset(self.pieces[1::2])

    def text(self, values: Values) -> str:
        """What stands there for these values."""
        if len(self.pieces) == 3:  # as nearly all are, and this is the whole work of a merge
            before, name, behind = self.pieces
            return self.sink(before + values[name] + behind)
        pieces = list(self.pieces)
        pieces[1::2] = [values[name] for name in pieces[1::2]]
        return self.sink("".join(pieces))


Form = tuple[str | Hole, ...]
"""A text with holes."""


def filled(form: Form, values: Values) -> str:
    """A text with its holes filled."""
    return "".join([piece if isinstance(piece, str) else piece.text(values) for piece in form])


class Marks:
    """What stands in for each value while a text is rendered, so that its places are found again.

    `seed` is what is rendered: no text can hold a digest of itself, so none
    looks like a mark. Each is a web address, which may stand wherever a text may.
    """

    def __init__(self, seed: str, names: Sequence[str]) -> None:
        stem = hashlib.sha256(seed.encode()).hexdigest()[:16]
        mark = f"https://({stem}-[0-9]+)\\.invalid/"
        self._names = {f"{stem}-{index}": name for index, name in enumerate(names)}
        self._marks = re.compile(mark, re.IGNORECASE)
        self._lines = re.compile(f"^(.*{mark.replace('(', '(?:')}.*)$", re.IGNORECASE | re.MULTILINE)
        self.of: Mapping[str, str] = {name: f"https://{key}.invalid/" for key, name in self._names.items()}

    def form(self, text: str, sink: Callable[[str], str]) -> Form:
        """A rendered text with a hole for each mark."""
        words = self._split(text)
        return tuple(Hole(("", word, ""), sink) if at % 2 else word for at, word in enumerate(words))

    def form_of_lines(self, text: str, sink: Callable[[str], str]) -> Form:
        """The same, where a hole is the whole line: one that is wrapped anew."""
        return tuple(
            Hole(self._split(word), sink) if at % 2 else word for at, word in enumerate(self._lines.split(text))
        )

    def _split(self, line: str) -> tuple[str, ...]:
        words = self._marks.split(line)
        return tuple(self._names[word.lower()] if at % 2 else word for at, word in enumerate(words))


@frozen
class Splice:
    """A hole in a body, which begins a line of its own in the encoded form; so nothing around it depends on it."""

    hole: Hole
    end: bytes

    @property
    def names(self) -> frozenset[str]:
        """Which values it needs."""
        return self.hole.names

    def data(self, values: Values) -> bytes:
        """The bytes for these values."""
        text = self.hole.text(values)
        # Three times as fast, and as good where no line is too long or looks like the start of another mail.
        data = b2a_qp(text.encode()) + self.end
        if b"From " in data or (len(data) > LINE and max(map(len, data.split(b"\n"))) > LINE):
            data = _quoted_printable(text) + self.end
        return data.replace(b"\n", b"\r\n")


@frozen
class Header:
    """A header, given as a reader is to see it."""

    name: str
    form: Form

    @property
    def names(self) -> frozenset[str]:
        """Which values it needs."""
        return frozenset().union(*(piece.names for piece in self.form if isinstance(piece, Hole)))

    def data(self, values: Values) -> bytes:
        """The line or lines for these values."""
        words = _words(self.name, filled(self.form, values))
        # What was to be refused before; a second look, because what it lets in are headers of somebody else.
        if not all(word.isascii() and word.isprintable() for word in words):
            raise RuntimeError(f"the header {self.name} would hold {words}")
        return f"{_folded(self.name, words)}\r\n".encode("ascii")


Entity = Sequence[bytes | Splice | Header]
"""A body with its headers, or several, in the order of their bytes."""


def body(form: Form, media_type: str, *headers: str) -> Entity:
    """A text as a body: with its own headers, quoted-printable, its lines parted by CRLF."""
    lines = [f"Content-Type: {media_type}", "Content-Transfer-Encoding: quoted-printable", *headers]
    entity: list[bytes | Splice] = ["\r\n".join([*lines, "", ""]).encode("ascii")]
    for at, piece in enumerate(form):
        behind = form[at + 1] if at + 1 < len(form) else "\n"
        begins_line = isinstance(behind, str) and behind.startswith("\n")
        if isinstance(piece, Hole):
            entity.append(Splice(piece, b"" if begins_line else b"=\n"))
        else:
            # A line that goes on in a hole is broken before it, so that each has the whole width.
            goes_on = piece and not piece.endswith("\n") and at + 1 < len(form)
            entity.append((_quoted_printable(piece) + b"=\n" * bool(goes_on)).replace(b"\n", b"\r\n"))
    return entity


def image(data: bytes, media_type: str, content_id: str) -> Entity:
    """A picture that stands in the HTML as `cid:`."""
    head = f"Content-Type: {media_type}\r\nContent-Transfer-Encoding: base64\r\nContent-ID: <{content_id}>\r\n"
    return [f"{head}Content-Disposition: inline\r\n\r\n".encode("ascii"), encodebytes(data).replace(b"\n", b"\r\n")]


def digest_of(*entities: Entity) -> str:
    """What tells bodies from all others, whatever fills their holes."""
    fixed = (
        piece if isinstance(piece, bytes) else repr(piece.names).encode() for entity in entities for piece in entity
    )
    return hashlib.sha256(b"\n".join(fixed)).hexdigest()


def multipart_type(kind: str, digest: str) -> str:
    """The Content-Type of several bodies in one: the same for each render, its boundary in no body.

    In quoted-printable `=` is followed by two digits or the end of a line, in
    base64 by nothing but itself, and never by `_`.
    """
    start = 'type="text/html"; ' if kind == "related" else ""
    return f'multipart/{kind}; {start}boundary="{_boundary(kind, digest)}"'


def _boundary(kind: str, digest: str) -> str:
    # No kind begins like another, and so no boundary does.
    return f"=_{kind[0]}{digest[:24]}"


def multipart(kind: str, digest: str, entities: Sequence[Entity]) -> Entity:
    """Several bodies in one."""
    edge = f"--{_boundary(kind, digest)}".encode()
    head = Header("Content-Type", (multipart_type(kind, digest),)).data({})
    parts = [piece for entity in entities for piece in (edge + b"\r\n", *entity, b"\r\n")]
    return [head + b"\r\n", *parts, edge + b"--\r\n"]


@frozen
class Letter:
    """A whole mail with its holes, encoded: what is the same in each is encoded once."""

    pieces: Entity

    def fill(self, values: Values) -> bytes:
        """The mail for these values."""
        return b"".join([piece if isinstance(piece, bytes) else piece.data(values) for piece in self.pieces])

    def settled(self, values: Values) -> "Letter":
        """The same with those holes filled for good that need no other values."""
        known = values.keys()
        pieces: list[bytes | Splice | Header] = [b""]
        for piece in self.pieces:
            if not isinstance(piece, bytes) and piece.names <= known:
                piece = piece.data(values)
            if isinstance(piece, bytes) and isinstance(pieces[-1], bytes):
                pieces[-1] += piece
            else:
                pieces.append(piece)
        return Letter(pieces)


def check_headers(data: bytes, names: Sequence[str]) -> None:
    """A second look at what was written: these headers and no others, or nothing leaves."""
    if (found := BytesHeaderParser().parsebytes(data).keys()) != list(names):
        raise RuntimeError(f"the header block reads back as {found}, expected {list(names)}")


def _quoted_printable(text: str) -> bytes:
    """The text in lines that no relay has a reason to change (RFC 2045, 6.7).

    binascii does it too, but makes lines of 77 where a blank ends one.
    """
    # Each is looked for first: most of what is merged into a mail is short, and has none of it.
    data = text.encode()
    if not (text.isascii() and text.isprintable()) or "=" in text or text.endswith(" "):
        data = _UNSAFE.sub(lambda byte: _ESCAPES[byte[0]], data)
    if len(data) > _MOST:
        data = _LONG.sub(lambda line: line[0] + b"=\n", data)
    if b"\n" in data or data[:1] in b"F.":
        data = _START.sub(lambda char: _ESCAPES[char[0]], data)
    return data


def _words(name: str, value: str) -> Sequence[str]:
    """A header's value as the words between which its line may be folded."""
    room = LINE - len(f"{name}: ")
    if name in ("From", "To", "Reply-To", "List-ID"):
        display, address = mailbox(value)
        return [*_phrase(display, room), f"<{address}>"] if display else [address]
    if name == "Subject" and not _is_plain(value, room):
        return list(_encoded(value, room))
    if name == "Content-Type":
        return value.split(" ")
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
    if len(text.encode()) <= size:
        yield f"=?utf-8?b?{b64encode(text.encode()).decode()}?="
        return
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
    words = name.split(" ")
    if name.isascii() and not all(map(_is_atom, words)):
        quoted = '"' + re.sub(r'(["\\])', r"\\\1", name) + '"'
        if _is_plain(quoted, room):
            yield quoted
            return
    # Word by word: the standard library's parser leaves a blank between two encoded-words of a name.
    for plain, group in groupby(words, key=_is_atom):
        run = list(group)
        yield from run if plain else _encoded(" ".join(run), room)


def _is_atom(word: str) -> bool:
    return word.isascii() and _ATOM.fullmatch(word) is not None
