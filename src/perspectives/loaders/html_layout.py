"""A page that is not ours, in the layout of the seed: its headings, paragraphs and lists as the blocks of a text."""

import datetime as dt
import re
from bisect import bisect, bisect_left
from collections.abc import Iterator, Sequence

import attrs
from attrs import Factory, define
from turbohtml import Element, Node, Text

from perspectives.errors import Finding, LoadError
from perspectives.fields import read_date
from perspectives.loaders.details import QUOTED
from perspectives.loaders.html_document import INLINE, UNSEEN, below, elements
from perspectives.loaders.layout import HEADINGS, Block, Words, refuse, wording_of_text
from perspectives.loaders.layout_brief import read_layout
from perspectives.plugin import Loaded, LoadTools
from perspectives.text import check_url, clean, show

_PASSED = UNSEEN | frozenset("nav input select textarea".split())
_HEADING = re.compile(r"h[1-6]")
_MARK = re.compile(r"[\[(]?([0-9]{1,9})[\])]?")
_HIDDEN = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.IGNORECASE)
_BLANKS = re.compile(r"[ \t\n\f\r]+")
_BULLETED = frozenset(["timeline", "subjects"])
_STORY = frozenset(["facts", "perspectives"])
_LONGEST_MARK = 12
_LONGEST_TIME = 200
"""Characters of a time that stands alone; spans of times may nest, and each is looked at."""


@define
class _Piece:
    """What stands alone on a page: a heading `h1` to `h6`, a paragraph `p`, an item `li`, a rule `hr`, or the end of
    an `article` that began before the piece `number`."""

    kind: str
    line: int
    lines: list[str] = Factory(list)
    number: int | None = None
    """That of an item in a list that counts."""
    is_quote: bool = False

    @property
    def block(self) -> Block:
        """It as a block of a text."""
        return Block(self.line, tuple(self.lines))


@define
class _Around:
    """What the texts within an element are."""

    kind: str
    line: int
    number: int | None = None
    is_quote: bool = False
    item: _Piece | None = None
    """The item that a list has already for this element."""
    count: int = 0
    """How many items it has, if it is a list."""


@define
class _Span:
    """A part of a line that says something more: where a link leads, which day a `time` is."""

    tag: str
    value: str
    line: int
    """In which line it began."""
    start: int
    index: int
    """How many texts of the line stand before it."""
    end: int = 0
    is_told: bool = False


def read_text(document: Node, tools: LoadTools) -> Loaded:
    """The brief. Raises `LoadError` with the line of what cannot be read, or that there is none."""
    main = next((element for _, element in elements(document) if element.tag == "main"), None)
    collector = _Collector(main)
    collector.walk(main or document)
    pieces = collector.pieces
    words = _words(pieces, tools)
    loaded = read_layout(list(_blocks(pieces, words, collector.findings)), tools)
    findings = [*collector.findings, *loaded.findings]
    if main:
        around = _Collector(main)
        around.walk(document, without=main)
        if texts := [piece.block for piece in around.pieces if piece.lines]:
            message = f"{len(texts)} texts outside of <main> are left out, the first is {show(texts[0].text)}"
            findings.append(Finding(code="unread-text", message=message, severity="info", line=texts[0].line))
    return Loaded(brief=loaded.brief, findings=findings)


def _words(pieces: Sequence[_Piece], tools: LoadTools) -> Words:
    try:
        found = [piece.block for piece in pieces if piece.lines]
        return Words(wording_of_text(found, tools.wordings))
    except LoadError:
        names = ", ".join(repr(getattr(tools.wordings[0], name)) for name in HEADINGS[:3])
        message = (
            "this page holds no brief: no data island, no element of the class 'perspectives-brief',"
            " and none of the headings"
        )
        refuse("not-brief", message, 1, f"a page that the html renderer wrote, or a heading that says {names}")


class _Collector:
    """Walks over a page and collects what stands alone on it."""

    def __init__(self, main: Element | None) -> None:
        self.pieces: list[_Piece] = []
        self.findings: list[Finding] = []
        self._around = [_Around("p", 1)]
        self._line: list[str] = []
        self._length = 0
        self._number = 0
        """How many lines there were."""
        self._spans: list[_Span] = []
        self._open: list[_Span] = []

    def walk(self, root: Node, without: Node | None = None) -> None:
        """Collect the pieces below a node."""
        stack: list[tuple[Node, bool]] = [(root, False)]
        while stack:
            node, is_end = stack.pop()
            if isinstance(node, Text):
                self._add(_BLANKS.sub(" ", node.data))
            elif isinstance(node, Element) and is_end:
                self._leave(node)
            elif not isinstance(node, Element):
                stack.extend((child, False) for child in reversed(below(node)))
            elif node is not without and not self._is_passed(node):
                self._enter(node)
                stack.append((node, True))
                stack.extend((child, False) for child in reversed(below(node)))
        self._end_line()

    def _is_passed(self, element: Element) -> bool:
        """Whether an element is none of the texts; what of it readers see is told."""
        if element.tag in _PASSED or element.attr("hidden") is not None or element.attr("aria-hidden") == "true":
            return True
        if _HIDDEN.search(element.attr("style") or ""):
            return True
        if element.tag == "img" or (element.tag == "figure" and _has_image(element)):
            shown = [element.attr("alt"), *(image.attr("alt") for image in element.find_all("img")), element.text]
            self._leave_out("unread-image", element, "the image", " ".join(text for text in shown if text))
            return True
        if element.tag == "footer":
            self._leave_out("unread-text", element, "what stands in the footer,", element.text)
            return True
        return False

    def _leave_out(self, code: str, element: Element, what: str, text: str) -> None:
        if text := clean(_BLANKS.sub(" ", text)):
            line = element.source_line or self._around[-1].line
            message = f"{what} {text!r} is left out"
            self.findings.append(Finding(code=code, message=message, line=line, hint="add it to the brief by hand"))

    def _enter(self, element: Element) -> None:
        tag = element.tag
        if tag == "br":
            # Two of them part paragraphs.
            if self._line[-1:] == ["\n"]:
                self._end_line()
            elif self._line:
                self._add("\n")
        elif tag in INLINE:
            value = element.attr({"a": "href", "time": "datetime"}.get(tag, ""))
            if value is not None or tag == "sup":
                self._open.append(_Span(tag, (value or "").strip(), self._number, self._length, len(self._line)))
        else:
            self._enter_block(element)

    def _enter_block(self, element: Element) -> None:
        tag = element.tag
        self._end_line()
        before = self._around[-1]
        around = _Around("p", element.source_line or before.line, is_quote=before.is_quote or tag == "blockquote")
        if _HEADING.fullmatch(tag):
            around.kind = tag
        elif tag == "li":
            before.count += 1
            value = element.attr("value") or ""
            before.count = int(value) if value.isascii() and value.isdigit() and len(value) < 10 else before.count
            around.kind = "li"
            around.number = before.count if before.kind == "ol" else None
        elif tag == "ol":
            around.kind = tag
        elif tag == "article":
            around.number = len(self.pieces)
        elif before.kind == "li" and tag not in ("ul", "ol", "menu", "dl", "table"):
            around = before  # a paragraph of an item goes on with it
        self._around.append(around)
        if tag == "hr":
            self.pieces.append(_Piece("hr", around.line))

    def _leave(self, element: Element) -> None:
        tag = element.tag
        if tag in INLINE:
            if self._is_open(element):
                self._close(self._open.pop())
        elif tag != "br":
            self._end_line()
            around = self._around.pop()
            if tag == "article":
                self.pieces.append(_Piece("article", around.line, number=around.number))

    def _is_open(self, element: Element) -> bool:
        name = {"a": "href", "time": "datetime"}.get(element.tag)
        return element.tag == "sup" or (name is not None and element.attr(name) is not None)

    def _close(self, span: _Span) -> None:
        """Keep what a span says for the end of its line; a number that is raised becomes the mark of a note."""
        is_here = span.line == self._number
        start, index = (span.start, span.index) if is_here else (0, 0)
        if span.tag == "sup":
            if self._length - start < _LONGEST_MARK and (mark := _MARK.fullmatch("".join(self._line[index:]).strip())):
                self._line[index:] = [f"[{mark[1]}]"]
                self._length = start + len(self._line[-1])
        elif not span.is_told:
            self._spans.append(attrs.evolve(span, start=start, end=self._length))

    def _add(self, text: str) -> None:
        self._line.append(text)
        self._length += len(text)

    def _end_line(self) -> None:
        """Make a piece of the text so far."""
        whole = "".join(self._line)
        spans, self._spans, self._line, self._length = self._spans, [], [], 0
        lines = [line for part in whole.split("\n") if (line := clean(_BLANKS.sub(" ", part)))]
        around = self._around[-1]
        if lines:
            # A link around several paragraphs is that of the first.
            if self._open and self._open[-1].tag == "a" and not self._open[-1].is_told:
                link = self._open[-1]
                link.is_told = True
                spans.append(attrs.evolve(link, start=link.start if link.line == self._number else 0, end=len(whole)))
            for span in spans:
                lines = self._told(lines, span, whole, around)
            if around.item:
                around.item.lines += lines
            else:
                kind = "p" if around.kind == "ol" else around.kind
                piece = _Piece(kind, around.line, lines, around.number if kind == "li" else None, around.is_quote)
                around.item = piece if kind == "li" else None
                self.pieces.append(piece)
        self._number += 1

    def _told(self, lines: list[str], span: _Span, whole: str, around: _Around) -> list[str]:
        """The lines with what their only link or time says; the address of a link within them is left out, and told."""
        if span.tag == "time" and span.end - span.start > _LONGEST_TIME:
            return lines
        words = clean(_BLANKS.sub(" ", whole[span.start : span.end]))
        is_all = lines == [words]
        if span.tag == "time":
            day = span.value[:10]
            return [day] if is_all and isinstance(read_date(day), dt.date) else lines
        if span.value.startswith("#") or not words:
            return lines
        if faults := check_url(span.value):
            message = f"the address {show(span.value)} of {words!r} is dropped"
            hint = f"a link needs {faults[0].expected}"
            self.findings.append(Finding(code="bad-url", message=message, line=around.line, hint=hint))
            return lines
        if is_all:
            return [f"{words} <{span.value}>"]
        message = f"the address {show(span.value)} of {words!r} is dropped"
        hint = "a link is a headline, an item of a list, or a paragraph of its own"
        self.findings.append(Finding(code="dropped-link", message=message, line=around.line, hint=hint))
        return lines


def _blocks(pieces: Sequence[_Piece], words: Words, findings: list[Finding]) -> Iterator[Block]:
    """The pieces as the text loader reads them: lists by the part that they stand in, rules between stories."""
    title = _title(pieces, words)
    names = [words.heading(piece.block) if piece.lines else None for piece in pieces]
    told = [at for at, name in enumerate(names) if name in _STORY]
    part: str | None = None
    number = 0
    is_first, is_parted = True, False
    for at, piece in enumerate(pieces):
        if not piece.lines:
            # The end of an article parts stories where it told one.
            is_parted |= piece.kind == "hr" or bisect(told, at) > bisect_left(told, piece.number or 0)
            continue
        block = piece.block
        if (is_parted and not is_first) or (title and at == title[1]):
            yield Block(piece.line, ("***",))
        is_first, is_parted = False, False
        if title and at == title[0]:
            message = f"{block.text!r} is taken for the title of the brief"
            findings.append(Finding(code="guessed-title", message=message, severity="info", line=piece.line))
            yield Block(piece.line, (block.text, "====="))
            continue
        if name := names[at]:
            part, number = name, 0
        elif piece.kind == "li":
            number = piece.number or number + 1
            yield Block(piece.line, (_item(part, number, piece),))
            continue
        first, *rest = block.lines
        if rest and words.lead(first):
            yield Block(piece.line, (first,))
            yield Block(piece.line, tuple(rest))
        elif piece.is_quote:
            yield Block(piece.line, (f"{QUOTED}{block.text}",))
        else:
            yield block


def _item(part: str | None, number: int, piece: _Piece) -> str:
    """An item as the text loader knows it in this part."""
    text = piece.block.text
    if part == "facts":
        return f"{number}. {text}" if piece.number else f"- {text}"
    if part == "sources":
        return text if text.startswith("[") else f"[{number}] {text}"
    return f"- {text}" if part in _BULLETED else f"{QUOTED}{text}" if piece.is_quote or part == "quotes" else text


def _title(pieces: Sequence[_Piece], words: Words) -> tuple[int, int] | None:
    """Where the one `h1` of a page is the title of several stories, and the heading below it."""
    headings = [(at, piece) for at, piece in enumerate(pieces) if _HEADING.fullmatch(piece.kind)]
    told = [at for at, piece in headings if words.heading(piece.block) in HEADINGS]
    firsts = [at for at, piece in headings if piece.kind == "h1"]
    if not told or len(firsts) != 1 or headings[0][0] != firsts[0]:
        return None
    below_it = headings[1][0]
    return (firsts[0], below_it) if below_it < told[0] else None


def _has_image(figure: Element) -> bool:
    """Whether a figure shows an image, itself or within one element such as a link."""
    inner = [node for child in figure.children for node in (child, *child.children)]
    return any(isinstance(node, Element) and node.tag == "img" for node in inner)
