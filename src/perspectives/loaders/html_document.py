"""An HTML document as its readers need it: decoded, parsed, and its marked elements as a tree of their own."""

import re
from codecs import BOM_UTF8, BOM_UTF16_BE, BOM_UTF16_LE
from collections.abc import Container, Iterator

import turbohtml
from attrs import field, frozen
from turbohtml import Element, Node, Text

from perspectives.errors import Fault, Finding, LimitError, LoadError
from perspectives.limits import over
from perspectives.plugin import Input
from perspectives.text import clean

PREFIX = "perspectives-"
"""What the classes of our markup begin with; the rest is the field."""
UNSEEN = frozenset("head script style template title svg math noscript object iframe datalist".split())
"""Elements that no reader reads as text."""
INLINE = frozenset(
    "a abbr b bdi bdo cite code data del dfn em font i img ins kbd label mark q s samp small span strong sub sup time u"
    " var wbr".split()
)
"""Elements that go on within a line; each other one stands on its own."""
_KEPT = frozenset(["a", "data", "img", "time"])
"""Elements that say something by their attributes, and are in the tree without a class."""
# Each of these adds its attributes to those of the first, which the parser copies: quadratic time and memory.
_AGAIN = re.compile(rb"<(?:html|body)[\s/]+[^\s/>]", re.IGNORECASE)
_MOST_AGAIN = 20


@frozen(eq=False)
class Mark:
    """An element of our markup, or one that is kept; between its texts stand the marks within it."""

    names: tuple[str, ...]
    tag: str
    line: int
    element: Element
    pieces: "list[str | Mark]" = field(factory=list)

    def attribute(self, name: str) -> str | None:
        """The value of an attribute, without the blanks around it."""
        value = self.element.attr(name)
        return value.strip() if value is not None else None

    def within(self, names: Container[str]) -> "Iterator[tuple[str, Mark]]":
        """The nearest marks below that have one of these names, or this tag, in reading order."""
        stack = [iter(self.pieces)]
        while stack:
            piece = next(stack[-1], None)
            if piece is None:
                stack.pop()
            elif isinstance(piece, Mark):
                name = next((name for name in (*piece.names, piece.tag) if name in names), None)
                if name:
                    yield name, piece
                else:
                    stack.append(iter(piece.pieces))

    def first(self, name: str) -> "Mark | None":
        """The first of these marks."""
        return next((mark for _, mark in self.within((name,))), None)

    def texts(self, but: Container[str] = ()) -> Iterator[str]:
        """All text within, but for that of marks with these names."""
        stack = [iter(self.pieces)]
        while stack:
            piece = next(stack[-1], None)
            if piece is None:
                stack.pop()
            elif isinstance(piece, str):
                yield piece
            elif not any(name in but for name in piece.names):
                stack.append(iter(piece.pieces))

    def text(self, but: Container[str] = ()) -> str:
        """The same as one text of the model."""
        return clean("".join(self.texts(but)))


def parse(input: Input, findings: list[Finding]) -> Node:
    """The tree of a document. Raises `LoadError` for what no encoding reads, `LimitError` for what takes too long."""
    if (count := len(_AGAIN.findall(input.data))) > _MOST_AGAIN:
        fault = over(f"the page has {count:,} tags 'html' and 'body' with attributes", "", _MOST_AGAIN)
        raise LimitError(Fault(code="limit", message=fault.message, expected=f"one of each, at most {_MOST_AGAIN}"))
    return turbohtml.parse(_decoded(input, findings))


def _decoded(input: Input, findings: list[Finding]) -> str:
    """The text of a page: UTF-8 where it is that, else in the encoding that it declares, as browsers read it."""
    data = input.data
    if data.startswith((BOM_UTF16_BE, BOM_UTF16_LE)):
        return _declared(data, "utf-16")
    label = _label(data)
    is_shifting = label is not None and b"\x1b" in data  # ISO-2022-JP is ASCII with escapes
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return _declared(data, label) if label else input.text
    if label and is_shifting:
        return _declared(data, label)
    if label and not text.isascii() and not data.startswith(BOM_UTF8):
        message = f"the page declares {label}, and is read as the UTF-8 that it is"
        findings.append(Finding(code="wrong-charset", message=message, line=1, hint="<meta charset=utf-8>"))
    return text


def _label(data: bytes) -> str | None:
    """The encoding that a page declares at its beginning, unless that is UTF-8 or none that there is."""
    head = data[:1024]  # where HTML looks for it
    if b"charset" not in head.lower():
        return None
    page = turbohtml.parse(head, positions=False)
    is_said = page.encoding_confidence == "certain" and page.encoding != "UTF-8"
    return page.encoding if is_said else None


def _declared(data: bytes, label: str) -> str:
    try:
        return data.decode(label)
    except (LookupError, UnicodeDecodeError) as error:
        message = f"the page cannot be read as {label}, which it declares: {error}"[:200]
        raise LoadError(Fault(code="bad-charset", message=message, expected="a page in UTF-8", line=1)) from None


def elements(root: Node) -> Iterator[tuple[int, Element]]:
    """The elements of a tree in reading order with their depth, those of shadow roots too, but none of templates."""
    stack = [(0, root)]
    while stack:
        depth, node = stack.pop()
        if isinstance(node, Element):
            yield depth, node
            if node.tag == "template":
                continue
        stack.extend((depth + 1, child) for child in reversed(below(node)))


def below(node: Node) -> list[Node]:
    """The nodes below one, those of its shadow root first."""
    shadow = node.shadow_root if isinstance(node, Element) else None
    return [*shadow.children, *node.children] if shadow else list(node.children)


def names_of(element: Element) -> tuple[str, ...]:
    """The names of our markup among the classes of an element."""
    classes = (element.attr("class") or "").split()
    return tuple(name.removeprefix(PREFIX) for name in classes if name.startswith(PREFIX))


def marked(root: Element) -> Mark:
    """The marks within an element."""
    top = Mark(names_of(root), root.tag, root.source_line or 1, root)
    # The nodes to come, the mark that they belong to, and the one in which a block ends behind them.
    stack: list[tuple[Iterator[Node], Mark, Mark | None]] = [(iter(below(root)), top, None)]
    while stack:
        children, mark, ended = stack[-1]
        node = next(children, None)
        if node is None:
            stack.pop()
            if ended:
                ended.pieces.append("\n")
        elif isinstance(node, Text):
            mark.pieces.append(node.data)
        elif isinstance(node, Element) and node.tag not in UNSEEN:
            is_block = node.tag not in INLINE
            if is_block:
                mark.pieces.append("\n")
            inner = mark
            if (names := names_of(node)) or node.tag in _KEPT:
                inner = Mark(names, node.tag, node.source_line or mark.line, node)
                mark.pieces.append(inner)
            stack.append((iter(below(node)), inner, mark if is_block else None))
    return top
