"""The parts of a story behind its groups: quotes, timeline, questions, images, subjects and corrections.

Each is read as the text renderer prints it; what a text cannot say is left out
of a part only with a finding.
"""

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import Any

from perspectives.attribution import Citation, Correction, Quote
from perspectives.errors import Finding
from perspectives.loaders.layout import ITEM, Block, Words, built, read_date, read_link
from perspectives.model import Image, Question, Subject, TimelineEvent
from perspectives.text import clean

QUOTED = "> "
"""What a quote begins with, as in a mail."""
_MARKS = re.compile(r"(?:\[\d{1,9}\])+")
_ASKS = re.compile(r"[?？؟]$")


def left_out(block: Block) -> Finding:
    """What is said of a text that a brief in plain text cannot keep."""
    message = f"{block.text!r} is left out: a text cannot say what it belongs to"
    return Finding(code="unread-text", message=message, line=block.line, hint="keep the brief as JSON")


def unmarked(text: str, ids: set[str]) -> tuple[str, list[Citation]]:
    """The text without the marks behind it, and the citations that they are, if the story has their sources."""
    # Of all runs of marks the last counts, if nothing stands behind it: one pass, however many there are.
    marks = [run for run in _MARKS.finditer(text) if run.end() == len(text)]
    numbers = list(dict.fromkeys(marks[0][0][1:-1].split("]["))) if marks else []
    bare = text[: marks[0].start()].rstrip() if marks else ""
    if not bare or not ids.issuperset(numbers):
        return text, []
    return bare, [Citation(source=id) for id in numbers]


class DetailReader:
    """Reads these parts of one story, whose sources have the ids given."""

    def __init__(self, words: Words, ids: set[str], findings: list[Finding]) -> None:
        self.words = words
        self.ids = ids
        self.findings: list[Finding] = findings

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
        for block in blocks:
            whole, citations = unmarked(block.text.removeprefix(QUOTED), self.ids)
            words, _, speaker = whole.rpartition(" — ")
            if not words or words != words.strip() or speaker != speaker.strip():
                words, speaker = whole, ""
            is_verbatim = bool(citations) and words[0] + words[-1] == "“”" and words[1:-1].strip() == words[1:-1] != ""
            yield built(
                block.line,
                Quote,
                text=words[1:-1] if is_verbatim else words,
                speaker=speaker or None,
                verbatim=is_verbatim,
                citations=citations,
            )

    def _timeline(self, blocks: Sequence[Block]) -> Iterator[TimelineEvent]:
        """Lines such as `- June 2024: a treaty[1]`."""
        for block in blocks:
            for line, text in _items(block):
                bare, citations = unmarked(text, self.ids)
                when, colon, event = bare.partition(": ")
                if colon and when == when.strip() and event.strip():
                    yield built(line, TimelineEvent, when=when, text=event.strip(), citations=citations)
                else:
                    self.findings.append(left_out(Block(line, (text,))))

    def _questions(self, blocks: Sequence[Block]) -> Iterator[Question]:
        """A block that asks, and the blocks up to the next one, which answer."""
        starts = [at for at, block in enumerate(blocks) if not at or _ASKS.search(unmarked(block.text, self.ids)[0])]
        for start, end in pairwise([*starts, len(blocks)]):
            texts = [block.text for block in blocks[start:end]]
            texts[-1], citations = unmarked(texts[-1], self.ids)
            yield built(blocks[start].line, Question, question=texts[0], answer=texts[1:], citations=citations)

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
            for line, text in _items(block):
                name, uri = read_link(text, line, self.findings)
                yield built(line, Subject, name=name, uri=uri)

    def _corrections(self, blocks: Sequence[Block]) -> Iterator[Correction]:
        for block in blocks:
            day, _, text = block.text.partition(": ")
            date = read_date(day)
            yield built(block.line, Correction, text=text.strip() if date and text.strip() else block.text, date=date)


def _items(block: Block) -> Iterator[tuple[int, str]]:
    """The texts of a block, each with its line: one for each line with a number or a bullet, or all as one."""
    found: list[tuple[int, list[str]]] = []
    for line, text in enumerate(block.lines, block.line):
        if item := ITEM.fullmatch(text):
            found.append((line, [item[3]]))
        elif found:
            found[-1][1].append(text)
        else:
            found.append((line, [text]))
    return ((line, clean("\n".join(lines))) for line, lines in found)
