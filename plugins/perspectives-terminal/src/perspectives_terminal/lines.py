"""Lines of a text: where they may break, how wide they are, and that no line turns its neighbours around."""

import re
import unicodedata
from collections.abc import Iterator
from functools import cache

from rich.cells import get_character_cell_size
from rich.text import Text

# Han, Kana and their punctuation have no blanks, and break anywhere but here (JIS X 4051, "kinsoku").
_CJK = "\u3001-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\uff01-\uffee\U00020000-\U0003fffd"
_NOT_FIRST = (
    "、。，．・：；？！ー々〻ゝゞヽヾ」』）〕］｝〉》】〟ぁぃぅぇぉっゃゅょゎゕゖァィゥェォッャュョヮヵヶ…‥”’)\\]}.,:;!?%"
    "\u3099\u309a\ufe00-\ufe0f\u0300-\u036f\u200d\u2060\u00a0\u202f "
)
_NOT_LAST = "「『（〔［｛〈《【〝“‘(\\[{\u200d\u2060\u00a0\u202f "
_MAY_BREAK = re.compile(rf" +|(?:(?<=[{_CJK}])|(?=[{_CJK}]))(?<![{_NOT_LAST}])(?![{_NOT_FIRST}])")

# Variation selector 16 makes an emoji of a letter, and where sequences are not joined, skin tones stand alone.
_WIDER = {"\ufe0f": 1, **dict.fromkeys("\U0001f3fb\U0001f3fc\U0001f3fd\U0001f3fe\U0001f3ff", 2)}

_ISOLATES = ("\u2066", "\u2067", "\u2068")
_FIRST_STRONG, _POP = "\u2068", "\u2069"
_CONTROLS = {"LRE", "RLE", "LRO", "RLO", "PDF", "LRI", "RLI", "FSI", "PDI"}
_RIGHT_TO_LEFT = {"R", "AL", "AN"}


@cache
def _size(character: str) -> int:
    # "latest", or rich would ask the environment.
    return _WIDER.get(character) or get_character_cell_size(character, "latest")


def cells(text: str) -> int:
    """How many columns of a terminal a text takes, at most: terminals that join emoji need fewer (UAX 11)."""
    return len(text) if text.isascii() else sum(map(_size, text))


def wrapped(text: Text, width: int, *, even: bool, rtl: bool) -> list[Text]:
    """A paragraph in lines of at most `width` columns, about as long as each other if `even`; longer words are cut.

    Each line is closed in itself: what a bidirectional control opens ends with it (UAX 9), and so does what is
    written the other way than the brief, which `rtl` says.
    """
    breaks = list(_breaks(text.plain, width))
    least = max(cells(text.plain[start:end]) for start, end in _pieces(text.plain))
    while even and breaks and least < width and len(list(_breaks(text.plain, width - 1))) == len(breaks):
        width -= 1
        breaks = list(_breaks(text.plain, width))
    lines = text.divide(breaks)
    for line in lines:
        line.rstrip()
    return [_isolated(line, rtl=rtl) for line in lines]


def _breaks(text: str, width: int) -> Iterator[int]:
    """Where each line but the first begins."""
    used = 0
    for start, end in _pieces(text):
        size = cells(text[start:end].rstrip(" "))
        if used and used + size > width:
            yield start
            used = 0
        if size > width:
            for index in range(start, end):
                if used + (more := _size(text[index])) > width and used:
                    yield index
                    used = 0
                used += more
        else:
            used += size
        used += len(text[start:end]) - len(text[start:end].rstrip(" "))


def _pieces(text: str) -> Iterator[tuple[int, int]]:
    """The parts of a text that no line ends within, each with the blanks behind it."""
    start = 0
    for match in _MAY_BREAK.finditer(text):
        if match.end() > start:
            yield start, match.end()
            start = match.end()
    if start < len(text):
        yield start, len(text)


def _isolated(line: Text, *, rtl: bool) -> Text:
    if line.plain.isascii():
        return line
    classes = set(map(unicodedata.bidirectional, line.plain))
    if not classes & _CONTROLS and (rtl or not classes & _RIGHT_TO_LEFT):
        return line
    opened = unopened = 0
    for character in line.plain:
        if character in _ISOLATES:
            opened += 1
        elif character == _POP:
            opened, unopened = (opened - 1, unopened) if opened else (0, unopened + 1)
    return Text.assemble(_FIRST_STRONG * (1 + unopened), line, _POP * (1 + opened))
