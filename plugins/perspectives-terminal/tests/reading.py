"""What a person reads in lines of a terminal: columns one after the other, without bars, in whole paragraphs."""

import re
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from itertools import groupby, product, zip_longest

from wcwidth import wcwidth

ESCAPE = re.compile(r"\x1b\[[0-9;]*m|\x1b\]8;(?:id=[0-9]+)?;([^\x1b]*)\x1b\\")
_RULE = re.compile(" │(?: |$)")
_LEAD = re.compile(r"^(?:[■•▣—┃]|[0-9]+\.|\[[0-9]+\]) ")
_OPENING = "\u2066\u2067\u2068"
_ISOLATED = re.compile("([ ■•▣—┃0-9.[\\]]*)(\u2068+)(.*?)(\u2069+)((?: [═─]+)?)")
_CJK = re.compile("[\u3001-\u30ff\u3400-\u9fff\uf900-\ufaff\uff01-\uffee\U00020000-\U0003fffd]")


def cells(text: str) -> int:
    """How many columns a text takes in a terminal that joins no emoji."""
    return sum(max(wcwidth(char), 0) for char in text)


def paragraphs(lines: Iterable[str], *widths: int) -> str:
    """The lines as texts, in each of the ways that they may be meant: a screen does not show which.

    A line ends at a blank, or within a word, which is cut in lines that are full (those of `widths` are), or between
    Han and Kana. What closes it was in the text, or is the renderer's.
    `test_lines_break_where_unicode_lets_them` is exact.
    """
    lines = list(lines)
    readings = []
    for choose in (min, max):
        opened = list(unfolded(lines, choose))
        plain = [re.sub("^┃ ", "", line.strip()) for line in opened]
        readings += [" ".join(plain), "".join(_joined(opened, widths)), "".join(_joined(opened, ()))]
    return "\n".join(readings)


def unfolded(lines: Iterable[str], choose: Callable[..., str]) -> Iterator[str]:
    """The lines of columns column after column, all others as they are; without margin."""
    lines = list(lines)
    margin = min((len(line) - len(line.lstrip(" ")) for line in lines if line), default=0)
    for has_columns, run in groupby((line[margin:] for line in lines), lambda line: bool(_RULE.search(line))):
        if not has_columns:
            yield from (_opened(line, choose) for line in run)
            continue
        for column in zip_longest(*(_RULE.split(line) for line in run), fillvalue=""):
            yield from (_opened(cell.rstrip(), choose) for cell in column)


def _opened(line: str, choose: Callable[..., str]) -> str:
    """A line without the isolate around it, and those that keep it shut (UAX 9); the shortest or longest that it may be."""
    if not (found := _ISOLATED.fullmatch(line)):
        return line
    before, first, text, last, behind = found.groups()
    text = first + text + last
    found_in = [
        text[at_start:-at_end]
        for at_start, at_end in product(range(1, len(first) + 1), range(1, len(last) + 1))
        if at_start == 1 + _open(text[at_start:-at_end][::-1], "\u2069", _OPENING)
        and at_end == 1 + _open(text[at_start:-at_end], _OPENING, "\u2069")
    ]
    return before + choose(found_in, key=len) + behind


def _open(text: str, opening: str, closing: str) -> int:
    count = 0
    for char in text:
        count += char in opening
        count -= char in closing and count > 0
    return count


def _joined(lines: Sequence[str], widths: Collection[int]) -> Iterator[str]:
    words = [_LEAD.sub("", line.strip()) for line in lines]
    for line, word, following in zip_longest(lines, words, words[1:], fillvalue=""):
        # A character of two columns leaves one free.
        free = following != "" and wcwidth(following[0]) == 2
        is_cut = " " not in word and (cells(line) in widths or (free and cells(line) + 1 in widths))
        cjk = [bool(_CJK.match(char)) for char in (word[-1:], following[:1])]
        is_cut |= all(cjk) or (any(cjk) and bool(widths))
        yield word if is_cut else f"{word} "
