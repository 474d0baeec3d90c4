"""The groups of a story: label, outlets, framing and critique.

A page that is copied loses the break behind the outlets: `e.g., NBC News,
BloombergReport the call as ...`. What tells name from word is, in this order,
a known outlet, a verb of framing, and the last capital that a small letter
follows.
"""

import math
import re
from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import Literal

import attrs
from attrs import frozen

from perspectives.attribution import Outlet
from perspectives.errors import Finding
from perspectives.loaders.details import QUOTED, DetailReader, Notes, left_out, unmarked
from perspectives.loaders.layout import Block, Words, built, refuse, refuse_twice
from perspectives.model import PerspectiveGroup
from perspectives.text import show

Repair = Literal["report", "off", "strict"]
Follower = Literal["story", "part", "rule", "open"]
"""What comes behind a part of a story: the next story, another part, a rule, or nothing that says where it ends."""

_NONE = "—"
"""What the text renderer prints where a group names no outlet."""
_MAX_WORDS_IN_NAME = 8
"""No outlet has a longer name; what is longer is text that could not be told from one."""

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
# Closing marks of all shipped languages. French has a space before its own; German opens with the same, at a word.
_CLOSED = r"(?:[\"'”“’‘»«)\]]|[ \u00a0\u202f]»(?!\w))*"
_SENTENCE_END = re.compile(rf"[.!?؟।॥…]{_CLOSED}\s+|[。！？][」』”’）]*\s*")
_PROSE_END = re.compile(rf"(?:[.!?؟।॥…]{_CLOSED}|[。！？][」』”’）]*)$")
# What a full stop follows without ending a sentence; initials such as "U.S." are seen by their form.
_ABBREVIATIONS = frozenset(
    "approx cf co corp dr e.g etc fig gen gov i.e inc jr lt ltd maj mr mrs ms no p pp prof rep rev sen sgt sr st vs"
    " z.b d.h bzw ca nr u.a mio mrd"
    " p.ex mm mgr dra ee ee.uu uu núm p.ej pág sra srta ud uds av exmo profa avv dott dott.ssa sig"
    " акад вул гг гр див ім млн млрд напр обл проф см ст стр тыс тис ул डॉ प्रो उदा".split()
)
# The last word of these ends sentences when it stands alone: "Er tat es. Dann".
_ABBREVIATED_PAIRS = frozenset(["ad es", "p ej", "p ex"])
_MARKED = r"\w[\u0900-\u0903\u093a-\u094f]*"  # a letter with the vowel signs that Devanagari writes as marks
_INITIALS = re.compile(rf"(?:{_MARKED}\.)+{_MARKED}|\w")
_NAME = re.compile(r"(?:[^\\,،、，]|\\[\\,،、，]?)+")
_ESCAPE = re.compile(r"\\([\\,،、，])")


@frozen(kw_only=True)
class Outlets:
    """The names in front of a body, the prose behind them, and the rule that parted a glued name from it."""

    names: tuple[str, ...]
    prose: str = ""
    rule: str = ""


class GroupReader:
    """Reads the groups of one text after another; what it has to guess goes into `findings`."""

    def __init__(self, words: Words, known: frozenset[str], repair: Repair, findings: list[Finding]) -> None:
        self.words = words
        self.known = known
        self.repair = repair
        self.findings: list[Finding] = findings

    def read(
        self, blocks: Sequence[Block], line: int, follower: Follower, details: DetailReader
    ) -> tuple[list[PerspectiveGroup], Sequence[Block]]:
        """The groups under a heading, and the blocks that are no longer theirs; `line` is the heading's."""
        blocks = self._without_remarks(blocks)
        quotes = [block for block in blocks if block.text.startswith(QUOTED)]
        blocks = [block for block in blocks if not block.text.startswith(QUOTED)]
        starts = self._starts(blocks, line)
        self.findings += [left_out(quote) for quote in quotes if quote.line < blocks[starts[0]].line]
        bodies = [blocks[start + 1 : stop] for start, stop in pairwise([*starts, len(blocks)])]
        last = bodies.pop()
        length = self._length(last, follower, bodies)
        bodies.append(last[:length])
        refuse_twice("label", [(blocks[at].text, blocks[at].line) for at in starts])
        ends = [*(blocks[at].line for at in starts[1:]), math.inf]
        groups = [
            attrs.evolve(
                self._group(blocks[at], body, details.notes),
                quotes=list(details.quotes([one for one in quotes if blocks[at].line < one.line < end])),
            )
            for at, body, end in zip(starts, bodies, ends, strict=True)
        ]
        return groups, last[length:]

    def _without_remarks(self, blocks: Sequence[Block]) -> Sequence[Block]:
        """The blocks less those that say what a text cannot keep; each of these is a finding."""
        for block in blocks:
            if self.words.is_remark(block.text):
                self.findings.append(left_out(block))
        return [block for block in blocks if not self.words.is_remark(block.text)]

    def _starts(self, blocks: Sequence[Block], line: int) -> list[int]:
        """Where the labels are: each directly above its outlets."""
        starts = [at - 1 for at, block in enumerate(blocks) if self.words.lead(block.text)]
        if starts[:1] not in ([0], [-1]):
            wording = self.words.wording
            right = f"a label, then a block that begins {wording.for_example!r} or {wording.outlets!r}"
            refuse("no-outlets", "a group without its outlets", blocks[0].line if blocks else line, right)
        for before, start in pairwise([-2, *starts]):
            if start - before < 2:
                refuse("no-label", "outlets without the label of their group", blocks[start + 1].line, "a label above")
        return starts

    def _length(self, last: Sequence[Block], follower: Follower, others: Sequence[Sequence[Block]]) -> int:
        """How many of the blocks behind the last label are its group's."""
        links = [at for at, block in enumerate(last) if at and self.words.is_loose_link(block)]
        if links:
            return links[0]
        if follower in ("part", "rule"):
            return len(last)
        is_glued = bool(self._outlets(last).prose)
        least = 1 if is_glued else 2
        has_critique = all(len(body) > least for body in others) and bool(others or not is_glued)
        length = least + has_critique
        if follower == "story":  # one to three blocks are the head of the next story
            length = max(min(length, len(last) - 1), len(last) - 3, 1)
        if length < len(last):
            message = f"the last group is taken to end before {show(last[length].text)}"
            self._found("group-end", message, last[length].line, "a line '***' there says so")
        return length

    def _group(self, label: Block, body: Sequence[Block], notes: Notes) -> PerspectiveGroup:
        line = body[0].line
        outlets = self._outlets(body)
        if outlets.prose:
            outlets = self._repaired(body[0], outlets)
        paragraphs = [text for text in (outlets.prose, *(block.text for block in body[1:])) if text]
        if len(paragraphs) > 2:
            third = body[2 - len(paragraphs)]
            refuse("too-many-blocks", "a third paragraph in a group", third.line, "framing and critique, or a label")
        if not paragraphs:
            refuse("no-framing", f"the group {show(label.text)} has no framing", line, "a paragraph below it")
        if outlets.prose and len(paragraphs) == 1:
            paragraphs = self._parted_prose(outlets.prose, line)
        lead = self.words.lead(body[0].text)
        framing, citations = unmarked(paragraphs[0], notes)
        return built(
            line,
            PerspectiveGroup,
            label=label.text,
            framing=framing,
            citations=citations,
            critique=paragraphs[1] if len(paragraphs) > 1 else None,
            outlets=[_outlet(name, line) for name in outlets.names],
            exhaustive=bool(lead and lead[1] and outlets.names),
        )

    def _listed(self, block: Block) -> str:
        lead = self.words.lead(block.text)
        text = lead[0] if lead else block.text
        return "" if text == _NONE else text

    def _outlets(self, body: Sequence[Block]) -> Outlets:
        """The names above a body, or in front of it."""
        text = self._listed(body[0])
        # A list of names may look glued; prose ends like a sentence.
        if len(body) > 1 and not is_prose(text):
            return Outlets(names=_names(text))
        return read_outlets(text, self.known)

    def _repaired(self, block: Block, outlets: Outlets) -> Outlets:
        if self.repair == "off":
            return Outlets(names=(), prose=block.text)
        glued = show(outlets.names[-1] + outlets.prose.split()[0])
        if self.repair == "strict":
            refuse("glued-outlet", f"{glued} is an outlet and a word", block.line, "outlets in a block of their own")
        message = f"{glued} is split after {show(outlets.names[-1])} ({outlets.rule})"
        self._found("glued-outlet", message, block.line, "check the name")
        return outlets

    def _parted_prose(self, prose: str, line: int) -> list[str]:
        """The first sentence frames, the others criticise."""
        found = sentences(prose)
        if len(found) > 2:
            message = f"{len(found)} sentences: the first is taken for the framing, the others for the critique"
            self._found("long-body", message, line, "check where the critique begins")
        return [found[0], prose[len(found[0]) :].strip()] if len(found) > 1 else found

    def _found(self, code: str, message: str, line: int, hint: str) -> None:
        self.findings.append(Finding(code=code, message=message, line=line, hint=hint))


def _outlet(name: str, line: int) -> Outlet:
    if len(name.split()) > _MAX_WORDS_IN_NAME:
        refuse("no-boundary", f"{show(name)} is no outlet", line, "the outlets in a block of their own")
    return built(line, Outlet, name=name)


def _names(text: str) -> tuple[str, ...]:
    """The names of a list; a backslash before a comma says that it belongs to the name."""
    names = (_ESCAPE.sub(r"\1", name[0]).strip() for name in _NAME.finditer(text))
    return tuple(name for name in names if name)


def read_outlets(text: str, known: frozenset[str]) -> Outlets:
    """The names of a list, up to the one that prose is glued to."""
    for segment in _NAME.finditer(text):
        if parted := _part_glued(segment[0].strip(), known):
            name, rule = parted
            end = text.index(name, segment.start()) + len(name)
            return Outlets(names=_names(text[:end]), prose=text[end:].strip(), rule=rule)
    return Outlets(names=_names(text))


def _part_glued(segment: str, known: frozenset[str]) -> tuple[str, str] | None:
    """The name at the start of a segment that goes on with prose, and the rule that found its end."""
    if segment in known:
        return None
    glued = (name for name in known if segment.startswith(name) and _begins_word(segment[len(name)]))
    if name := max(glued, key=len, default=""):
        return name, "a known outlet"
    if verb := _VERB.search(segment):
        return segment[: verb.start()], "a verb of framing"
    cut = next(_inner_capitals(segment), None)
    return (segment[:cut], "the last capital before a small letter") if cut else None


def _begins_word(char: str) -> bool:
    return char.isalpha() and not char.islower()


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
    return bool(_PROSE_END.search(text))


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
    behind = text[end.end()]
    if end[0][0] != ".":
        # Japanese goes on with a particle behind what was said: 「…。」と述べた。
        return behind.islower() or (end[0][-1] in "」』" and behind == "と")
    # The words before the stop, at most as long as an abbreviation can be: a look back of bounded length.
    words = [word.lstrip("(\"'“‘„«»").lower() for word in text[max(0, end.start() - 12) : end.start()].split()]
    before = words[-1] if words else ""
    return (
        behind.islower()
        or before in _ABBREVIATIONS
        or " ".join(word.rstrip(".") for word in words[-2:]) in _ABBREVIATED_PAIRS
        or (bool(_INITIALS.fullmatch(before)) and not before.isdigit())
    )
