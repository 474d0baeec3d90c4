"""The page: which lines a brief becomes, and what stands before, behind and beside its texts."""

import io
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import groupby, zip_longest
from math import ceil

from attrs import evolve, frozen
from rich.console import Console
from rich.style import Style
from rich.text import Text

from perspectives.plugin import Node
from perspectives_terminal.lines import cells, wrapped

MEASURE = 84
"""The longest line of prose: from the end of a longer one the eye does not find back."""
COLUMN = 46
"""The least room for a column of perspectives where there are several."""
WIDEST = 60
"""The most room for one."""
_RULE = " │ "

# It stands out on the light and the dark backgrounds of many palettes (`test_accent_is_seen`), as far as headings need
# it: prose keeps the reader's own colour.
ACCENT = Style(color="bright_red", bold=True)
_PLAIN = Style()
_STYLES = {**dict.fromkeys(["title", "section", "group"], ACCENT), "disclosure": Style(bold=True)}
_HEADING = Style(bold=True)
_LINK = Style(underline=True)

_DATELINE = ("place", "date", "published", "updated")
# Texts of one list stand below each other without a blank line between them.
_LISTS = (
    *(["fact"], ["event"], ["block"], ["link"], ["subject"], ["scheme"], ["correction"], ["publisher"]),
    ["source", "archived", "citation"],
    ["country", "owner", "rating"],
    ["image", "caption", "credit"],
    ["generator", "digital_source_type", "reviewed_by", "disclosure", "created", "coverage"],
)
_NOTE = " " * 5
# What stands before the first line of a text, and before each of the others.
_LEADS = {
    "critique": ("┃ ", "┃ "),
    "image": ("▣ ", "  "),
    "block": ("  • ", "    "),
    "publisher": ("— ", "  "),
    **dict.fromkeys(["link", "subject", "correction", "event"], ("• ", "  ")),
    **dict.fromkeys(["archived", "citation"], (_NOTE, _NOTE)),
    **dict.fromkeys(["quote", "paraphrase", "caption", "credit", "answer", "country", "owner"], ("  ", "  ")),
    "rating": ("  ", "    "),
}
_ROWS = ("group", "outlets", "framing", "critique")
_LINK_ID = re.compile("(?<=\x1b]8;id=)[^;]*")


@frozen(kw_only=True)
class Page:
    """How a brief is laid out on one terminal."""

    width: int
    color: bool
    hyperlinks: bool
    rtl: bool
    """Whether it runs from right to left. A terminal that puts such lines in order would swap columns: it gets none."""
    quotation_marks: tuple[str, str]
    addresses: Mapping[int, str]
    """Where each numbered note leads."""

    @property
    def margin(self) -> int:
        """How far each line stands in."""
        return 2 if self.width >= 60 else 0

    @property
    def room(self) -> int:
        """How wide a line may be."""
        return max(self.width, 20) - 2 * self.margin

    @property
    def measure(self) -> int:
        """How wide a line of prose may be."""
        return min(self.room, MEASURE)

    def text(self, nodes: Iterable[Node]) -> str:
        """The texts of a brief as they are printed."""
        parts: list[list[Text]] = []
        before: Node | None = None
        for is_group, run in groupby(_by_group(_joined(nodes)), key=lambda pair: bool(pair[0])):
            groups = [[node for _, node in group] for _, group in groupby(run, key=lambda pair: pair[0])]
            parts.append(self._beside(groups) if is_group else self._stacked(groups[0], self.measure, before))
            before = groups[-1][-1]
        return self._printed(_parted(parts))

    def _beside(self, groups: Sequence[Sequence[Node]]) -> list[Text]:
        """Groups beside each other where there is room, in rows of about as many; else below each other."""
        most = max(1, (self.room + len(_RULE)) // (COLUMN + len(_RULE)))
        count = ceil(len(groups) / ceil(len(groups) / most))
        if count == 1 or self.rtl:
            return _parted([self._stacked(group, self.measure) for group in groups])
        width = min((self.room + len(_RULE)) // count - len(_RULE), WIDEST)
        rows = [groups[start : start + count] for start in range(0, len(groups), count)]
        return _parted([self._row(row, width) for row in rows])

    def _row(self, groups: Sequence[Sequence[Node]], width: int) -> list[Text]:
        """Groups beside each other: framing beside framing, critique beside critique."""
        blocks: list[list[Text]] = []
        for role in (*_ROWS, None):
            columns = [
                self._stacked([node for node in group if (node.role if node.role in _ROWS else None) == role], width)
                for group in groups
            ]
            lines = [_line(line, width) for line in zip_longest(*columns, fillvalue=Text())]
            if role == "outlets":
                blocks[-1] += lines
            elif lines:
                blocks.append(lines)
        return _parted(blocks, _line([Text()] * len(groups), width))

    def _stacked(self, nodes: Iterable[Node], width: int, before: Node | None = None) -> list[Text]:
        """Texts below each other, with a blank line where another list or paragraph begins."""
        blocks: list[list[Text]] = []
        for node in nodes:
            lines = self._block(node, width)
            if blocks and before and not node.level and (before.level == 4 or _are_of_one_list(before, node)):
                blocks[-1] += lines
            else:
                blocks.append([*self._between(before, node), *lines])
            before = node
        return _parted(blocks)

    def _between(self, before: Node | None, node: Node) -> list[Text]:
        """What parts a story or the end of the brief from what stands above it."""
        if before is None:
            return []
        if node.role in ("call-to-action", "publisher"):
            return [Text("─" * self.measure), Text()] if before.role != node.role else []
        return [Text()] if node.level in (1, 2) and before.role != "section" else []

    def _block(self, node: Node, width: int) -> list[Text]:
        """One text in lines, with what says what it is, and its address where no link can be clicked."""
        first, rest = _leads(node)
        is_even = node.level in (2, 4) or node.role == "title"
        room = max(width - max(cells(first), cells(rest)), 1)
        lines = wrapped(self._text(node), room, even=is_even, rtl=self.rtl, whole=node.items)
        longest = max(cells(line.plain) for line in lines)
        if node.level in (1, 3) and node.role != "title" and (room := width - cells(lines[-1].plain) - 1) > 0:
            lines[-1] = lines[-1] + Text(f" {('═' if node.level == 1 else '─') * room}")
        style = self._style(
            ACCENT if (node.kind == "item" and node.number) or node.role in ("group", "critique") else _PLAIN
        )
        lines = [Text.assemble((rest if index else first, style), line) for index, line in enumerate(lines)]
        if node.level == 2 or node.role == "title":
            lines.append(Text(("═" if node.level == 1 else "─") * longest))
        if node.href and not self.hyperlinks:
            # Whole however long it is: half of an address leads nowhere.
            lines.append(Text(rest + node.href))
        return lines

    def _text(self, node: Node) -> Text:
        """A text in the style of what it is, with its links."""
        style = self._style(_STYLES.get(node.role, _HEADING if node.level else _PLAIN))
        if node.role == "citation":  # its number stands above it
            return Text(node.text.join(self.quotation_marks), style)
        text = Text(node.text, style + self._link(node.href))
        for number in node.refs:
            text.append(f"[{number}]", self._link(self.addresses.get(number)))
        return text

    def _style(self, style: Style) -> Style:
        return style if self.color else _PLAIN

    def _link(self, href: str | None) -> Style:
        return self._style(_LINK) + Style(link=href) if href and self.hyperlinks else _PLAIN

    def _printed(self, lines: Sequence[Text]) -> str:
        console = Console(
            file=io.StringIO(),
            width=self.width,
            height=25,
            force_terminal=True,
            force_jupyter=False,
            color_system="standard",
            legacy_windows=False,
            _environ={},  # the same on every machine
        )
        with console.capture() as capture:
            for line in lines:
                console.print(Text(" " * self.margin) + line if line else line, soft_wrap=True)
        # rich numbers links at random.
        ids: dict[str, str] = {}
        return _LINK_ID.sub(lambda match: ids.setdefault(match[0], str(len(ids) + 1)), capture.get())


def _joined(nodes: Iterable[Node]) -> Iterator[Node]:
    """The nodes, but when and where a story is of in one of them."""
    for is_dateline, run in groupby(nodes, key=lambda node: node.role in _DATELINE):
        if is_dateline:
            parts = list(run)
            texts = tuple(node.text for node in parts)
            yield evolve(parts[0], text=" · ".join(texts), items=texts)
        else:
            yield from run


def _by_group(nodes: Iterable[Node]) -> Iterator[tuple[str, Node]]:
    """Each node with the path of the group that it tells of, if it does."""
    path = ""
    for node in nodes:
        if node.role == "group":
            path = node.path.removesuffix("label")
        elif not node.path.startswith(path or "no path"):
            path = ""
        yield path, node


def _are_of_one_list(before: Node, node: Node) -> bool:
    return any(before.role in roles and node.role in roles for roles in _LISTS)


def _leads(node: Node) -> tuple[str, str]:
    """What stands before the first line of a text, and before the others."""
    if node.number:
        first = f"{node.number:>2}. " if node.kind == "item" else f"{f'[{node.number}]':>4} "
        return first, " " * len(first)
    if node.level == 4:
        return "■ ", "  "
    if node.level or (node.role == "publisher" and node.kind != "link"):
        return "", ""
    return _LEADS.get(node.role, ("", ""))


def _line(columns: Iterable[Text], width: int) -> Text:
    """Lines of columns in one line."""
    line = Text(_RULE).join(column + Text(" " * (width - cells(column.plain))) for column in columns)
    line.rstrip()
    return line


def _parted(parts: Iterable[Sequence[Text]], by: Text | None = None) -> list[Text]:
    """Lines with a line between each two of the parts."""
    lines: list[Text] = []
    for part in parts:
        if part:
            lines += [*([by or Text()] if lines else []), *part]
    return lines
