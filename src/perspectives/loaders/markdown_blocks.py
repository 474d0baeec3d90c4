"""The blocks of a Markdown document: headings, paragraphs, items, quotes, notes and rules, with their comments.

The grammar is the dialect's own and small; where it reads a line at all, it
reads it as CommonMark does.
"""

import re
from collections.abc import Sequence
from typing import Any, Literal, NoReturn

import attrs
from attrs import field, frozen

from perspectives.codec import parse
from perspectives.errors import Fault, Finding, LoadError, PerspectivesError
from perspectives.limits import Limits
from perspectives.loaders.markdown_inline import label, unescaped
from perspectives.text import show

BlockKind = Literal["heading", "paragraph", "item", "quote", "note", "rule"]

_BREAK = re.compile(r"\r\n|\r|\n")
_HEADING = re.compile(r" {0,3}(#{1,6})(?:[ \t]+(.*))?")
_UNSPACED_HEADING = re.compile(r" {0,3}(#{2,6})([^#\s].*)")
_RULE = re.compile(r" {0,3}(?:(?:\*[ \t]*){3,}|(?:_[ \t]*){3,}|(?:-[ \t]*){3,})")
_UNDERLINE = re.compile(r" {0,3}(=+|-+)[ \t]*")
_ITEM = re.compile(r"([ \t]*)(?:([0-9]{1,9})[.)]|[-*+])(?:[ \t]+(\S.*)|[ \t]*)")
_QUOTE = re.compile(r" {0,3}> ?(.*)")
_NOTE = re.compile(r" {0,3}\[\^([^\[\]\s]+)\]:[ \t]*(.*)")
_DEFINITION = re.compile(r" {0,3}\[([^\[\]^][^\[\]]*)\]:[ \t]*<?([^\s<>]+)>?(?:[ \t]+[\"'(].*)?[ \t]*")
_TRAILING = re.compile(r"(?<!\\)((?:\\\\)*)\\\Z")
_COMMENT = re.compile(r"\s*<!--")
_FENCE = re.compile(r" {0,3}(`{3,}|~{3,})[ \t]*(?:markdown|md)?[ \t]*")


@frozen(kw_only=True)
class Block:
    """One block; `line` is that of its first line, from 1."""

    kind: BlockKind
    line: int
    lines: tuple[str, ...] = ()
    """What stands in it, without the marks of its kind."""
    level: int = 0
    """Of a heading."""
    label: str = ""
    """Of a note."""
    number: int | None = None
    """Of an item in a numbered list."""
    data: dict[str, Any] = field(factory=dict)
    """What the comments below it say."""

    @property
    def raw(self) -> str:
        """Its lines as one text."""
        lines = [line.strip(" \t") for line in self.lines]
        # A backslash at the end of a line breaks it.
        return "\n".join([*(_TRAILING.sub(r"\1", line) for line in lines[:-1]), *lines[-1:]])


@frozen(kw_only=True)
class Document:
    """All that stands in a text."""

    front: Sequence[tuple[int, str]]
    """The lines of the front matter, with their numbers."""
    blocks: Sequence[Block]
    data: dict[str, Any]
    """What comments before the first block say."""
    references: dict[str, str]
    findings: list[Finding]


def refuse(code: str, message: str, line: int, expected: str) -> NoReturn:
    """Raise the `LoadError` of one line."""
    raise LoadError(Fault(code=code, message=message, line=line, expected=expected))


def read_blocks(text: str, limits: Limits) -> Document:
    """The blocks of a document."""
    lines = _BREAK.split(text)
    fence = _fence(lines)
    if fence:
        lines = lines[: fence[1]]
    front, start = _front_matter(lines, fence[0] + 1 if fence else 0)
    reader = _Reader(lines, limits)
    if fence:
        message = f"the fence {lines[fence[0]].strip()!r} around the document is left out"
        reader.findings.append(Finding(code="markup", message=message, line=fence[0] + 1, hint="what is in it is read"))
    reader.read(start)
    return Document(
        front=front,
        blocks=reader.blocks,
        data=reader.data,
        references=reader.references,
        findings=reader.findings,
    )


def _fence(lines: Sequence[str]) -> tuple[int, int] | None:
    """The lines of a fence around the whole document, in which language models put what they write."""
    said = [at for at, line in enumerate(lines) if line.strip()]
    if len(said) < 3:
        return None
    opening = _FENCE.fullmatch(lines[said[0]])
    return (said[0], said[-1]) if opening and lines[said[-1]].strip() == opening[1] else None


def _front_matter(lines: Sequence[str], start: int) -> tuple[list[tuple[int, str]], int]:
    """The lines between `---` and `---` at the very beginning, and where the text begins."""
    if start >= len(lines) or lines[start].rstrip() != "---":
        return [], start
    ends = (at for at in range(start + 1, len(lines)) if lines[at].rstrip() in ("---", "..."))
    end = next(ends, None)
    # `---` and then prose is a rule.
    if end is None or not any(":" in line for line in lines[start + 1 : end]):
        return [], start
    return [(at + 1, lines[at]) for at in range(start + 1, end)], end + 1


class _Reader:
    """Reads lines one after another; what is open is the block that a further line may belong to."""

    def __init__(self, lines: Sequence[str], limits: Limits) -> None:
        self.lines = lines
        self.limits = limits
        self.blocks: list[Block] = []
        self.data: dict[str, Any] = {}
        self.references: dict[str, str] = {}
        self.findings: list[Finding] = []
        self.open: Block | None = None
        self.gathered: list[str] = []
        self.margin = 0
        self.note_before_blank: Block | None = None

    def read(self, start: int) -> None:
        """All lines from one on."""
        at = start
        while at < len(self.lines):
            line = self.lines[at]
            if _COMMENT.match(line):
                at = self._comment(at, line)
                continue
            self._line(at + 1, line)
            at += 1
        self._close()

    def _line(self, number: int, line: str) -> None:
        if not line.strip():
            note = self.open if self.open and self.open.kind == "note" else None
            self._close()
            self.note_before_blank = note and self.blocks[-1]
            return
        if quote := _QUOTE.fullmatch(line):
            self._quoted(number, quote[1])
        elif not self._begins_block(number, line):
            self._text(number, line)
        self.note_before_blank = None

    def _begins_block(self, number: int, line: str) -> bool:
        is_paragraph = self.open is not None and self.open.kind == "paragraph"
        if is_paragraph and (underline := _UNDERLINE.fullmatch(line)):
            first = self.open.line if self.open else number
            text = " ".join(part.strip() for part in self.gathered)
            self.open, self.gathered = None, []
            self._add(kind="heading", line=first, lines=(text,), level=1 if underline[1][0] == "=" else 2)
            return True
        if heading := _HEADING.fullmatch(line):
            self._close()
            text = (heading[2] or "").strip()
            bare = text.rstrip("#")
            text = bare if not bare or bare[-1] in " \t" else text
            self._add(kind="heading", line=number, lines=(text,), level=len(heading[1]))
        elif heading := _UNSPACED_HEADING.fullmatch(line):
            self._close()
            self._add(kind="heading", line=number, lines=(heading[2].rstrip("# \t"),), level=len(heading[1]))
            message = f"{show(line.strip())} is taken for a heading"
            self.finding("heading-space", message, number, f"a blank behind {heading[1]!r}")
        elif _RULE.fullmatch(line):
            self._close()
            self._add(kind="rule", line=number)
        elif note := _NOTE.fullmatch(line):
            self._begin(note[2], kind="note", line=number, label=note[1])
        elif not is_paragraph and (definition := _DEFINITION.fullmatch(line)):
            self._close()
            self.references.setdefault(label(definition[1]), unescaped(definition[2]))
        elif (item := _ITEM.fullmatch(line)) and self._is_item(item, number):
            self._begin(item[3] or "", kind="item", line=number, number=int(item[2]) if item[2] else None)
        else:
            return False
        return True

    def _is_item(self, item: "re.Match[str]", number: int) -> bool:
        """Whether a line that looks like an item is one, and does not go on a paragraph: `1999. ...`."""
        margin = len(item[1].expandtabs(4))
        if self.open is None or self.open.kind != "item":
            self.margin = margin
            return bool(item[3]) and (self.open is None or self.open.kind == "quote" or item[2] in (None, "1"))
        if margin < self.margin + 2:
            if not item[2] or len(item[2]) < 4 or int(item[2]) == (self.open.number or 0) + 1:
                return bool(item[3])
            message = f"{item[0].strip()!r} goes on the item above, though its number could begin one"
            self.finding("list-number", message, number, "the number on the line before, or a backslash behind it")
            return False
        if not item[3] or item[2] not in (None, "1"):
            return False
        message = "an item within an item is taken for one of the same list"
        self.finding("nested-list", message, number, "one list, or one text")
        return True

    def _text(self, number: int, line: str) -> None:
        """A line that goes on what is open, or begins a paragraph."""
        if self.note_before_blank and line.startswith(("  ", "\t")):
            self.blocks.pop()
            self.open, self.gathered = self.note_before_blank, [*self.note_before_blank.lines]
        if self.open:
            self.gathered.append(line)
        else:
            self._begin(line, kind="paragraph", line=number)

    def _quoted(self, number: int, line: str) -> None:
        """A line behind `>`; each paragraph there is a quote of its own."""
        bare = line.strip()
        if not bare:
            self._close()
        elif bare.startswith("<!--") and bare.endswith("-->"):
            self._close()
            self.comment(bare[4:-3].strip(), number)
        elif self.open and self.open.kind == "quote":
            self.gathered.append(line)
        else:
            self._begin(line, kind="quote", line=number)

    def _begin(self, text: str, **values: Any) -> None:
        self._close()
        self.open, self.gathered = Block(**values), [text]

    def _add(self, **values: Any) -> None:
        self.blocks.append(Block(**values))

    def _close(self) -> None:
        if self.open:
            self.blocks.append(attrs.evolve(self.open, lines=tuple(self.gathered)))
        self.open, self.gathered = None, []

    def _comment(self, at: int, line: str) -> int:
        """A comment from a line on, with what it says, and the line that follows it."""
        self._close()
        begin = line.index("<!--") + 4
        gathered: list[str] = []
        for end in range(at, len(self.lines)):
            rest = self.lines[end][begin:] if end == at else self.lines[end]
            before, closing, behind = rest.partition("-->")
            gathered.append(before)
            if closing:
                self.comment("\n".join(gathered).strip(), at + 1)
                if behind.strip():
                    self._line(end + 1, behind)
                return end + 1
        refuse("open-comment", "the comment does not end", at + 1, "'-->' behind it")

    def comment(self, text: str, line: int) -> None:
        """Keep what a comment of ours says, with the block above it; any other is for editors."""
        if not text.startswith("{"):
            return
        data: object = None
        try:
            data = parse(text, self.limits)
        except PerspectivesError as error:
            self.finding("bad-comment", f"the comment is left out: {error.faults[0].message}", line, "JSON, or no '{'")
        if isinstance(data, dict):
            (self.blocks[-1].data if self.blocks else self.data).update(data)

    def finding(self, code: str, message: str, line: int, hint: str) -> None:
        """Say what was guessed."""
        self.findings.append(Finding(code=code, message=message, line=line, hint=hint))
