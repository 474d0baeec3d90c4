"""The parts of a story behind its groups: quotes, timeline, questions, images, sources, subjects and corrections.

Each is read as the text renderer prints it; what a text cannot say is left out
of a part only with a finding.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise
from typing import Any

import attrs
from attrs import frozen

from perspectives.attribution import Citation, Correction, Quote, Source
from perspectives.catalogue import composed
from perspectives.errors import Finding
from perspectives.loaders.layout import BULLET, Block, Words, built, read_date, read_link, refuse_twice
from perspectives.model import Image, Question, Subject, TimelineEvent
from perspectives.text import clean

QUOTED = "> "
"""What a quote begins with, as in a mail."""
Notes = Mapping[str, Citation]
"""What a mark with each number cites."""
_QUOTATION_MARKS = (("“", "”"), ("„", "“"), ("«", "»"), ("「", "」"), ('"', '"'))
"""What may stand around very words in a text of any language."""
_COMMON_KNOWLEDGE = Citation(kind="common-knowledge")
_NOTE = re.compile(r"\[(\d+)\]\s+(\S.*)")
_CITED = re.compile(r"“.*” \[\d+\]")
_MARKS = re.compile(r"(?:\[\d{1,9}\])+")
_EVENT = re.compile(r"(.*: .*)")
_ASKS = re.compile(r"[?？؟]$")


def left_out(block: Block) -> Finding:
    """What is said of a text that a brief in plain text cannot keep."""
    message = f"{block.text!r} is left out: a text cannot say what it belongs to"
    return Finding(code="unread-text", message=message, line=block.line, hint="keep the brief as JSON")


def unmarked(text: str, notes: Notes) -> tuple[str, list[Citation]]:
    """The text without the marks behind it, and the citations that they are, if the story has their notes."""
    # Of all runs of marks the last counts, if nothing stands behind it: one pass, however many there are.
    marks = [run for run in _MARKS.finditer(text) if run.end() == len(text)]
    numbers = list(dict.fromkeys(marks[0][0][1:-1].split("]["))) if marks else []
    bare = text[: marks[0].start()].rstrip() if marks else ""
    if not bare or not notes.keys() >= set(numbers):
        return text, []
    return bare, [notes[number] for number in numbers]


def quoted(block: Block) -> Iterator[Block]:
    """The quotes of a block: each line that begins with `> ` begins one, as does the first."""
    starts = [at for at, line in enumerate(block.lines) if not at or clean(line).startswith(QUOTED)]
    for start, end in pairwise([*starts, len(block.lines)]):
        yield Block(block.line + start, block.lines[start:end])


@frozen(kw_only=True)
class Sources:
    """What stands under the heading of the sources."""

    items: Sequence[Source]
    notes: Notes
    common: Sequence[Block]
    """The notes that say "common knowledge"."""
    rest: Sequence[Block]
    """What is no longer theirs."""


def read_sources(blocks: Sequence[Block], words: Words, findings: list[Finding]) -> Sources:
    """Blocks such as `[1] Minutes <https://...>`, each with an archived copy and cited words below it."""
    sources: list[Source] = []
    notes: dict[str, Citation] = {}
    common: list[Block] = []
    last: Source | None = None
    refuse_twice("source", [(note[1], block.line) for block in blocks if (note := _NOTE.fullmatch(block.text))])
    for at, block in enumerate(blocks):
        if (note := _NOTE.fullmatch(block.text)) and words.is_common_knowledge(note[2]):
            notes[note[1]], last = _COMMON_KNOWLEDGE, None
            common.append(block)
        elif note:
            title, url = read_link(note[2], block.line, findings)
            last = built(block.line, Source, id=note[1], title=title, url=url)
            notes[note[1]] = Citation(source=note[1])
            sources.append(last)
        elif last and (archived := _archived(block, last, words, findings)):
            sources[-1] = last = archived
        elif _CITED.fullmatch(block.text):
            message = f"the quote {block.text!r} is left out: the text does not say which statement it bears"
            hint = "keep the brief as JSON"
            findings.append(Finding(code="unread-text", message=message, line=block.line, hint=hint))
        else:
            return Sources(items=sources, notes=notes, common=common, rest=blocks[at:])
    return Sources(items=sources, notes=notes, common=common, rest=())


def _archived(block: Block, source: Source, words: Words, findings: list[Finding]) -> Source | None:
    """The source with the copy of it that a block names, if it does."""
    if source.archived_url or not composed(block.text).startswith(f"{words.wording.archived} <"):
        return None
    label, url = read_link(block.text, block.line, findings)
    return attrs.evolve(source, archived_url=url) if composed(label) == words.wording.archived else None


class DetailReader:
    """Reads these parts of one story, whose notes are given."""

    def __init__(self, words: Words, notes: Notes, findings: list[Finding]) -> None:
        self.words = words
        self.notes = notes
        self.findings: list[Finding] = findings
        self.quotation_marks: Sequence[tuple[str, str]] = (
            (words.wording.open_quote, words.wording.close_quote),
            *_QUOTATION_MARKS,
        )

    def read(self, name: str, blocks: Sequence[Block]) -> list[Any]:
        """What stands under the heading of this name."""
        readers = {
            "quotes": self.quotes,
            "timeline": self._timeline,
            "questions": self._questions,
            "images": self._images,
            "subjects": self._subjects,
            "corrections": self._corrections,
        }
        return list(readers[name](blocks))

    def quotes(self, blocks: Sequence[Block]) -> Iterator[Quote]:
        """Blocks such as `> “very words” — speaker[1]`; without a source there are no very words."""
        for block in (part for whole in blocks for part in quoted(whole)):
            whole, citations = unmarked(block.text.removeprefix(QUOTED), self.notes)
            words, _, speaker = whole.rpartition(" — ")
            if not words or words != words.strip() or speaker != speaker.strip():
                words, speaker = whole, ""
            very = self._very_words(words) if citations else ""
            yield built(
                block.line,
                Quote,
                text=very or words,
                speaker=speaker or None,
                verbatim=bool(very),
                citations=citations,
            )

    def _very_words(self, text: str) -> str:
        """What stands between quotation marks; nothing where they are not around the whole text."""
        for opening, closing in self.quotation_marks:
            if text.startswith(opening) and text.endswith(closing):
                words = text[len(opening) : -len(closing)].strip()
                # “Yes,” she said, “no” is no one quote; “the “old” bridge” is.
                if closing not in words or 0 <= words.find(opening) < words.find(closing):
                    return words
        return ""

    def _timeline(self, blocks: Sequence[Block]) -> Iterator[TimelineEvent]:
        """Lines such as `- June 2024: a treaty[1]`; where none has a bullet, those with `: `."""
        for block in blocks:
            has_bullets = any(map(BULLET.fullmatch, block.lines))
            for line, text in _items(block, BULLET if has_bullets else _EVENT):
                bare, citations = unmarked(text, self.notes)
                when, colon, event = bare.partition(": ")
                if colon and when == when.strip() and event.strip():
                    yield built(line, TimelineEvent, when=when, text=event.strip(), citations=citations)
                else:
                    self.findings.append(left_out(Block(line, (text,))))

    def _questions(self, blocks: Sequence[Block]) -> Iterator[Question]:
        """What asks, and the texts up to the next that does, which answer."""
        parts = [part for at, block in enumerate(blocks) for part in self._asked(block, not at)]
        starts = [at for at, block in enumerate(parts) if not at or self._asks(block.text)]
        for start, end in pairwise([*starts, len(parts)]):
            texts = [block.text for block in parts[start:end]]
            texts[-1], citations = unmarked(texts[-1], self.notes)
            yield built(parts[start].line, Question, question=texts[0], answer=texts[1:], citations=citations)

    def _asks(self, text: str) -> bool:
        return bool(_ASKS.search(unmarked(text, self.notes)[0]))

    def _asked(self, block: Block, is_first: bool) -> Iterator[Block]:
        """A block in parts, where it holds a question and its answer: a line that asks ends the question."""
        asking = [at for at, line in enumerate(block.lines) if self._asks(clean(line))]
        last = len(block.lines) - 1
        if not asking or asking == [last]:
            yield block
        elif asking[0] and asking[-1] < last and not is_first:
            # An answer may ask in passing, and be wrapped there.
            line = block.line + asking[0]
            message = f"{clean(block.lines[asking[0]])!r} stands within an answer, so it is taken for a part of it"
            hint = "put a blank line before the question"
            self.findings.append(Finding(code="hidden-question", message=message, line=line, hint=hint))
            yield block
        else:
            if asking[1:]:
                message = f"{len(asking)} lines of one block ask, and each is taken for a question"
                hint = "put a blank line before each question"
                self.findings.append(Finding(code="several-questions", message=message, line=block.line, hint=hint))
            cuts = {0, last + 1, *(at + 1 for at in asking), *asking[1:]}
            for start, end in pairwise(sorted(cuts)):
                yield Block(block.line + start, block.lines[start:end])

    def _images(self, blocks: Sequence[Block]) -> Iterator[Image]:
        """`What it shows <https://...>`, and below it a caption and a credit."""
        credit = f"{self.words.wording.credit}: "
        values: dict[str, Any] = {}
        line = 0
        for block in blocks:
            label, url = read_link(block.text, block.line, self.findings)
            name = "credit" if block.text.startswith(credit) and len(block.text) > len(credit) else "caption"
            if url:
                if values:
                    yield built(line, Image, **values)
                line = block.line
                values = {"url": url, "alt": "" if label == self.words.wording.image else label}
            elif values and name not in values and not ("credit" in values and name == "caption"):
                values[name] = block.text.removeprefix(credit) if name == "credit" else block.text
            else:
                self.findings.append(left_out(block))
        if values:
            yield built(line, Image, **values)

    def _subjects(self, blocks: Sequence[Block]) -> Iterator[Subject]:
        for block in blocks:
            for line, text in _items(block, BULLET):
                name, uri = read_link(text, line, self.findings)
                yield built(line, Subject, name=name, uri=uri)

    def _corrections(self, blocks: Sequence[Block]) -> Iterator[Correction]:
        for block in blocks:
            day, _, text = block.text.partition(": ")
            date = read_date(day)
            yield built(block.line, Correction, text=text.strip() if date and text.strip() else block.text, date=date)


def _items(block: Block, begins: re.Pattern[str]) -> Iterator[tuple[int, str]]:
    """The texts of a block, each with its line: one for each line that begins one, or all as one."""
    found: list[tuple[int, list[str]]] = []
    for line, text in enumerate(block.lines, block.line):
        if item := begins.fullmatch(text):
            found.append((line, [item[1]]))
        elif found:
            found[-1][1].append(text)
        else:
            found.append((line, [text]))
    return ((line, clean("\n".join(lines))) for line, lines in found)
