"""Telling the outlets of a group from the words about them.

A page that is copied loses the break behind the outlets: `e.g., NBC News,
BloombergReport the call as ...`. What tells name from word is, in this order,
a known outlet, a verb of framing, and the last capital that a small letter
follows.
"""

import re
from collections.abc import Iterator

from attrs import frozen

_VERBS = (
    "accuse acknowledge allege amplify applaud argue assert attribute blame call cast caution celebrate center centre"
    " challenge characterise characterize cheer claim concentrate condemn contend contrast convey cover criticise"
    " criticize decry defend denounce depict describe detail dismiss downplay echo emphasise emphasize examine explain"
    " explore express feature focus foreground frame hail highlight illustrate interpret label lament laud lead link"
    " mock note offer outline paint point portray position praise present promote push question raise regard reject"
    " relay report reveal say scrutinise scrutinize see signal speculate spin spotlight stress suggest support tie tout"
    " trace treat underline underscore urge view voice warn welcome"
)  # fmt: skip
_VERB = re.compile(rf"(?<=\S)(?:{'|'.join(f'{verb[0].upper()}{verb[1:]}(?:e?s)?' for verb in _VERBS.split())})(?=\s)")
_SENTENCE_END = re.compile(r"[.!?؟…][\"'”’»)\]]*\s+|[。！？][」』”’）]*\s*")
# What a full stop follows without ending a sentence; initials such as "U.S." are seen by their form.
_ABBREVIATIONS = frozenset(
    "approx cf co corp dr e.g etc fig gen gov i.e inc jr lt ltd maj mr mrs ms no p pp prof rep rev sen sgt sr st vs"
    " z.b d.h bzw ca nr u.a".split()
)
_INITIALS = re.compile(r"(?:\w\.)*\w", re.UNICODE)
_COMMA = re.compile(r"(?<!\\)[,،、，]")

MAX_WORDS_IN_NAME = 8
"""No outlet has a longer name; what is longer is text that could not be told from one."""


@frozen(kw_only=True)
class Outlets:
    """The names in front of a body, the prose behind them, and the rule that parted a glued name from it."""

    names: tuple[str, ...]
    prose: str = ""
    rule: str | None = None


def read_outlets(text: str, known: frozenset[str]) -> Outlets:
    """The names of a list, up to the one that prose is glued to."""
    names: list[str] = []
    start = 0
    for end in [*(comma.start() for comma in _COMMA.finditer(text)), len(text)]:
        segment = text[start:end].strip()
        if parted := _part_glued(segment, known):
            name, rule = parted
            prose = segment[len(name) :] + text[end:]
            return Outlets(names=(*names, _unescape(name)), prose=prose.strip(), rule=rule)
        if segment:
            names.append(_unescape(segment))
        start = end + 1
    return Outlets(names=tuple(names))


def _unescape(name: str) -> str:
    return name.replace("\\,", ",").strip()


def _part_glued(segment: str, known: frozenset[str]) -> tuple[str, str] | None:
    """The name at the start of a segment that goes on with prose, and the rule that found its end."""
    if segment in known:
        return None
    glued = (name for name in known if segment.startswith(name) and segment[len(name)].isalpha())
    if name := max(glued, key=len, default=""):
        return name, "a known outlet"
    if verb := _VERB.search(segment):
        return segment[: verb.start()], "a verb of framing"
    cut = next(_inner_capitals(segment), None)
    return (segment[:cut], "the last capital before a small letter") if cut else None


def _inner_capitals(segment: str) -> Iterator[int]:
    """For each word, where its last inner capital before a small letter is, if prose begins there."""
    for word in re.finditer(r"\S+", segment):
        cuts = [
            at for at in range(word.start() + 1, word.end() - 1)
            if segment[at].isupper() and segment[at + 1].islower() and segment[at - 1].isalnum()
        ]  # fmt: skip
        # A name such as KyivPost has no further words behind it; prose has.
        if cuts and len(segment[cuts[-1] :].split()) >= 3:
            yield cuts[-1]


def is_prose(text: str) -> bool:
    """Whether a text ends like a sentence rather than like a list of names."""
    return bool(re.search(r"[.!?؟。！？…][\"'”’»)\]]*$", text))


def sentences(text: str) -> list[str]:
    """The sentences of a paragraph: "U.S." and "vs." end none, nor does a stop before a small letter."""
    found: list[str] = []
    start = 0
    for end in _SENTENCE_END.finditer(text):
        if end.end() < len(text) and not _goes_on(text, end):
            found.append(text[start : end.end()].strip())
            start = end.end()
    return [*found, text[start:].strip()]


def _goes_on(text: str, end: "re.Match[str]") -> bool:
    if end[0][0] != ".":
        return text[end.end()].islower()
    # The word before the stop, at most as long as an abbreviation can be: a look back of bounded length.
    word = text[max(0, end.start() - 12) : end.start()].split()[-1:]
    before = word[0].lstrip("(\"'“‘").lower() if word else ""
    return (
        text[end.end()].islower()
        or before in _ABBREVIATIONS
        or (bool(_INITIALS.fullmatch(before)) and not before.isdigit())
    )
