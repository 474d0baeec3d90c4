"""Lines of a text: where they may break, how wide they are, and that no line turns its neighbours around."""

import re
import unicodedata
from collections.abc import Iterator, Sequence
from functools import cache

from rich.cells import get_character_cell_size
from rich.text import Text
from wcwidth import iter_graphemes

# Lines end at blanks, and as Han and Kana have none, beside these; always where UAX 14 lets them, but not wherever it
# does: Korean keeps its words, and so do hyphens and addresses. Fullwidth letters and currencies go with words.
_CJK = (
    "\u3001-\u303f\u3041-\u3096\u3099-\u30ff\u31f0-\u31ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff"
    "\uff01-\uff03\uff06-\uffdf\U00020000-\U0003fffd"
)
_CLOSING = (
    "、。，．・：；？！」』）］｝〉》】〕〗〙〛〞〟｠｡｣､･)\\]}.,:;!?/"
    "ー々〻ゝゞヽヾ〜゠ｰﾞﾟぁぃぅぇぉっゃゅょゎゕゖァィゥェォッャュョヮヵヶㇰ-ㇿｧ-ｯ\u3099-\u309c"
)
_OPENING = "「『（［｛〈《【〔〖〘〚〝｟｢(\\[{¿¡"
_QUOTES = "\"'«»‹›“”‘’„‚"
_JOINED = "\u0300-\u036f\ufe00-\ufe0f\u200d\u2060\u00a0\u202f"
_NOT_FIRST = f"{_CLOSING}{_QUOTES}{_JOINED} …‥%％‰°℃€\\-–"
_NOT_LAST = f"{_OPENING}{_QUOTES}{_JOINED} $£¥€￠￡￥"
_MAY_BREAK = re.compile(
    # A blank does not part a mark from what it opens or closes, as in French: « lire » ! (LB13 to LB15)
    rf"(?<![{_OPENING}\u2060 ])(?<!(?<!\w)[«‹“‘]) ++(?![{_CLOSING}\u2060]|[»›”’](?!\w))"
    rf"|(?:(?<=[{_CJK}])|(?=[{_CJK}]))(?<![{_NOT_LAST}])(?![{_NOT_FIRST}])"
)

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


def pieces(text: str, whole: Sequence[str] = ()) -> Iterator[str]:
    """The parts of a text that no line ends within, each with the blanks behind it; so are `whole` names in it."""
    ends = {match.end() for match in _MAY_BREAK.finditer(text)} - {0}
    at = len(text)
    for name in reversed(whole):
        at = text.rindex(name, 0, at)
        ends.difference_update(range(at + 1, at + len(name)))
    start = 0
    for end in sorted(ends | {len(text)}):
        yield text[start:end]
        start = end


def wrapped(text: Text, width: int, *, even: bool, rtl: bool, whole: Sequence[str] = ()) -> list[Text]:
    """A paragraph in lines of at most `width` columns, about as long as each other if `even`; longer words are cut.

    Each line is closed in itself: what a bidirectional control opens ends with it (UAX 9), and so does what is written
    the other way than the brief, which `rtl` says.
    """
    # What is longer than a line ends at any blank.
    words = [
        word
        for piece in pieces(text.plain, whole)
        for word in ([piece] if cells(piece.rstrip(" ")) <= width else re.findall(" *[^ ]+ *", piece))
    ]
    breaks = list(_breaks(words, width))
    least = max(map(cells, words))
    while even and breaks and least < width and len(narrower := list(_breaks(words, width - 1))) == len(breaks):
        width, breaks = width - 1, narrower
    # Not `Text.rstrip`, which takes no-break spaces too.
    return [_isolated(line[: len(line.plain.rstrip(" "))], rtl=rtl) for line in text.divide(breaks)]


def _breaks(words: Sequence[str], width: int) -> Iterator[int]:
    """Where each line but the first begins."""
    used = start = 0
    for word in words:
        solid = word.rstrip(" ")
        size = cells(solid)
        if used and used + size > width:
            yield start
            used = 0
        if size > width:
            at, size = start, 0
            for part in _parts(solid, width):
                if used and used + cells(part) > width:
                    yield at
                    used = 0
                used += cells(part)
                at += len(part)
        used += size + len(word) - len(solid)
        start += len(word)


def _parts(word: str, width: int) -> Iterator[str]:
    """What is not cut: characters with all that is written over, below and joined to them (UAX 29), if it fits."""
    for cluster in iter_graphemes(word):
        yield from [cluster] if cells(cluster) <= width else cluster


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
