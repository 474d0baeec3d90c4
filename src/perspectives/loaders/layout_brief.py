"""The brief of a text in the layout of the seed: its chunks between rules, their stories, and the parts of these."""

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import Any, NoReturn

from attrs import frozen

from perspectives.errors import Finding
from perspectives.loaders.details import DetailReader, Notes, left_out, read_sources, unmarked
from perspectives.loaders.group import Follower, GroupReader, Repair
from perspectives.loaders.layout import (
    DETAILS,
    ITEM,
    UNREAD,
    Block,
    Words,
    built,
    read_date,
    read_link,
    refuse,
    wording_of_text,
)
from perspectives.model import Brief, CallToAction, Context, Fact, Link, Paragraph, Publisher, Story
from perspectives.plugin import Loaded, LoadTools
from perspectives.text import check_address, clean, show

_PUBLISHER = "— "


def read_layout(found: Sequence[Block], tools: LoadTools, repair: Repair = "report") -> Loaded:
    """The brief in these blocks. Raises `LoadError` with the line of what cannot be read."""
    return _Reader(found, tools, repair).read()


@frozen
class _Part:
    """A heading of a story and the blocks up to the next."""

    name: str
    line: int
    blocks: Sequence[Block]


class _Reader:
    """Reads one text: chunks between rules, their stories, the parts of these."""

    def __init__(self, found: Sequence[Block], tools: LoadTools, repair: Repair) -> None:
        wording = wording_of_text(found, tools.wordings)
        self.words = Words(wording)
        self.blocks = [part for block in found for part in self.words.parted(block)]
        self.findings = [finding for block in self.blocks for finding in self.words.hidden_headings(block)]
        self.groups = GroupReader(self.words, tools.outlets.names, repair, self.findings)
        self.has_rules = any(block.is_rule for block in self.blocks)
        self.section: str | None = None
        self.stories: list[Story] = []
        # The headings say which language it is; English is printed where nothing else is said.
        self.language = tools.language or (wording.language if wording.language != "en" else None)

    def read(self) -> Loaded:
        chunks = list(self._chunks())
        values = self._masthead(chunks)
        while len(chunks) > 1 and self.words.heading(chunks[-1][0]) in UNREAD:
            self.findings += map(left_out, chunks.pop())
        if len(chunks) > 1 and chunks[-1][0].text.startswith(_PUBLISHER) and not self._has_heading(chunks[-1]):
            values["publisher"] = self._publisher(chunks.pop())
        for chunk in chunks[:-1]:
            if rest := self._chunk(chunk, "rule"):
                _refuse_stray(rest[0])
        for chunk in chunks[-1:]:
            follower: Follower = "rule" if self.has_rules else "open"
            if rest := self._chunk(chunk, follower) if self._has_heading(chunk) else chunk:
                values["call_to_action"] = self._call_to_action(rest)
        brief = Brief(stories=self.stories, language=self.language, **values)
        return Loaded(brief=brief, findings=sorted(self.findings, key=lambda finding: finding.line or 0))

    def _chunks(self) -> Iterator[list[Block]]:
        """The blocks between the rules."""
        rules = [at for at, block in enumerate(self.blocks) if block.is_rule]
        for before, rule in pairwise([-1, *rules, len(self.blocks)]):
            if chunk := self.blocks[before + 1 : rule]:
                yield chunk

    def _has_heading(self, chunk: Sequence[Block]) -> bool:
        return any(map(self.words.heading, chunk))

    def _masthead(self, chunks: list[list[Block]]) -> dict[str, Any]:
        """Title, date and intro of the brief, where the first block is underlined; they are taken off the chunks."""
        first, *rest = chunks[0]
        if not first.is_underlined:
            return {}
        title, url = self._link(clean("\n".join(first.lines[:-1])), first.line)
        values: dict[str, Any] = {"title": title or None, "url": url}
        if rest and (date := read_date(rest[0].text)):
            values["date"], rest = date, rest[1:]
        if self._has_heading(rest):
            chunks[0] = rest
            return values
        del chunks[0]
        if len(rest) > 1:
            refuse("too-many-blocks", "a second paragraph before the stories", rest[1].line, "one paragraph of intro")
        return values | {"intro": rest[0].text if rest else None}

    def _chunk(self, chunk: Sequence[Block], follower: Follower) -> Sequence[Block]:
        """Read the stories of a chunk; the blocks behind the last one are left."""
        head, parts = self._parts(chunk)
        starts = [at for at, part in enumerate(parts) if part.name == "facts" and at]
        for start, stop in pairwise([0, *starts, len(parts)]):
            head = self._story(head, parts[start:stop], follower if stop == len(parts) else "story")
        return head

    def _parts(self, chunk: Sequence[Block]) -> tuple[Sequence[Block], list[_Part]]:
        """The blocks before the first heading, and the parts."""
        names = [(at, name) for at, block in enumerate(chunk) if (name := self.words.heading(block))]
        names.append((len(chunk), ""))
        parts = [_Part(name, chunk[at].line, chunk[at + 1 : end]) for (at, name), (end, _) in pairwise(names)]
        return chunk[: names[0][0]], parts

    def _story(self, head: Sequence[Block], parts: Sequence[_Part], follower: Follower) -> Sequence[Block]:
        """Read one story; the blocks behind its last part are left."""
        line = head[0].line if head else parts[0].line
        values = self._head(head, line)
        # First, because the marks behind the texts before them are known by their numbers.
        found = next((part.blocks for part in parts if part.name == "sources"), ())
        sources = read_sources(found, self.words, self.findings)
        details = DetailReader(self.words, sources.notes, self.findings)
        loose: list[Link] = []
        rest: Sequence[Block] = ()
        for part in parts:
            if rest:
                _refuse_stray(rest[0])
            if part.name in values:
                message = f"the heading {self._word(part)} occurs twice in a story"
                refuse("no-headline", message, part.line, "a headline before the parts of a story")
            last = follower if part is parts[-1] else "part"
            is_read = part.name == "sources"
            values[part.name], rest = (sources.items, sources.rest) if is_read else self._part(part, last, details)
            links = next((at for at, block in enumerate(rest) if not self.words.is_loose_link(block)), len(rest))
            loose += [self._go_deeper(block) for block in rest[:links]]
            rest = rest[links:]
        values["links"] = [*values.pop("go_deeper", ()), *loose]
        story = built(line, Story, **{name: value for name, value in values.items() if name not in UNREAD})
        if all(citation.source for _, citation in story.citations()):
            self.findings += map(left_out, sources.common)
        self.stories.append(story)
        return rest

    def _head(self, head: Sequence[Block], line: int) -> dict[str, Any]:
        """Section, headline, dates and summary; the section stands until the next one."""
        values: dict[str, Any] = {}
        texts: list[Block] = []
        above = 0  # how many texts are above the dates: the headline is the last of them
        for block in head:
            known = self.words.dateline(block.text)
            if known and known[0] not in values:
                values[known[0]] = known[1]
                above = above or len(texts)
            else:
                texts.append(block)
        if not texts:
            refuse("no-headline", "a story without a headline", line, "a headline before this line")
        above = above or (2 if len(texts) > 2 else 1)
        if above > 2 or len(texts) > above + 1:
            right = "section, headline and summary at most, or a line '***' before the story"
            message = f"{len(texts)} blocks before the first heading of a story"
            refuse("too-many-blocks", message, texts[2 if above > 2 else above + 1].line, right)
        if above == 2:
            self.section = texts[0].text
        headline, url = self._link(texts[above - 1].text, texts[above - 1].line)
        summary = texts[above].text if texts[above:] else None
        return values | {"section": self.section, "headline": headline, "url": url, "summary": summary}

    def _part(self, part: _Part, follower: Follower, details: DetailReader) -> tuple[Any, Sequence[Block]]:
        """The value of a part, and the blocks that are no longer its own."""
        match part.name:
            case "facts":
                return self._facts(part, details.notes)
            case "perspectives":
                return self.groups.read(part.blocks, part.line, follower, details)
            case "context":
                return self._context(part, follower, details.notes)
        if follower == "story":
            self._refuse_boundless(part)
        if part.name in DETAILS:
            return details.read(part.name, part.blocks), ()
        if part.name in UNREAD:
            self.findings += map(left_out, part.blocks)
            return None, ()
        return [self._go_deeper(block) for block in part.blocks], ()

    def _context(self, part: _Part, follower: Follower, notes: Notes) -> tuple[Context, Sequence[Block]]:
        """The paragraphs up to a loose link."""
        links = (at for at, block in enumerate(part.blocks) if self.words.is_loose_link(block))
        end = next(links, len(part.blocks))
        if follower == "story" and end == len(part.blocks):
            self._refuse_boundless(part)
        texts = [unmarked(block.text, notes) for block in part.blocks[:end]]
        paragraphs = [Paragraph(text=text, citations=citations) for text, citations in texts]
        return built(part.line, Context, paragraphs=paragraphs), part.blocks[end:]

    def _refuse_boundless(self, part: _Part) -> NoReturn:
        message = f"what stands under {self._word(part)} runs into the next story"
        refuse("no-boundary", message, part.line, "a line '***' between the stories")

    def _facts(self, part: _Part, notes: Notes) -> tuple[list[Fact], Sequence[Block]]:
        is_item = [bool(ITEM.match(block.lines[0])) for block in part.blocks]
        end = is_item.index(False) if False in is_item else len(part.blocks)
        facts: list[tuple[int, list[str]]] = []
        margin: int | None = None
        for line, text in [row for block in part.blocks[:end] for row in enumerate(block.lines, block.line)]:
            item = ITEM.fullmatch(text)
            if item and _begins_fact(item, margin, len(facts) + 1):
                margin = len(item[1]) if margin is None else margin
                facts.append((line, [item[3]]))
                self._check_number(item[2] or "", len(facts), line)
            else:
                facts[-1][1].append(text)
        if not facts:
            refuse("no-facts", f"no numbered line under {self._word(part)}", part.line, "lines like '1. ...'")
        found: list[Fact] = []
        for line, lines in facts:
            marked, status = self.words.status(clean("\n".join(lines)))
            text, citations = unmarked(marked, notes)
            found.append(built(line, Fact, text=text, status=status, citations=citations))
        return found, part.blocks[end:]

    def _check_number(self, printed: str, number: int, line: int) -> None:
        if printed and int(printed) != number:
            message, hint = f"fact {number} is printed with the number {printed}", "numbers are counted, not kept"
            self.findings.append(Finding(code="fact-number", message=message, line=line, hint=hint))

    def _call_to_action(self, found: Sequence[Block]) -> CallToAction:
        """Headline first, assurance last; a link at the end is the button."""
        *texts, last = (block.text for block in found)
        label, href = self._link(last, found[-1].line)
        if href is None:
            texts.append(label)
        return built(
            found[0].line,
            CallToAction,
            headline=texts[0] if texts else None,
            body=texts[1:2] if len(texts) == 2 else texts[1:-1],
            assurance=texts[-1] if len(texts) > 2 else None,
            label=label if href else None,
            href=href,
        )

    def _publisher(self, found: Sequence[Block]) -> Publisher:
        name, url = self._link(found[0].text.removeprefix(_PUBLISHER), found[0].line)
        values: dict[str, Any] = {}
        for block in found[1:]:
            if read_link(block.text, block.line, [])[1]:  # the logo
                self.findings.append(left_out(block))
                continue
            field_name = "postal_address" if check_address(block.text) else "email"
            if field_name in values:
                right = "a postal address and an e-mail address, each once"
                refuse("too-many-blocks", f"{show(block.text)} is one too many", block.line, right)
            values[field_name] = block.text
        return built(found[0].line, Publisher, name=name, url=url, **values)

    def _go_deeper(self, block: Block) -> Link:
        label, href = self._link(block.text, block.line)
        return built(block.line, Link, rel="go-deeper", label=label, href=href)

    def _link(self, text: str, line: int) -> tuple[str, str | None]:
        return read_link(text, line, self.findings)

    def _word(self, part: _Part) -> str:
        return repr(getattr(self.words.wording, part.name))


def _refuse_stray(block: Block) -> NoReturn:
    right = "a heading above it, or a line '***' where a story ends"
    refuse("stray-text", f"{show(block.text)} belongs to no part of the story", block.line, right)


def _begins_fact(item: re.Match[str], margin: int | None, number: int) -> bool:
    """Whether a line that looks like an item is one: "15. August" further in goes on with the fact."""
    if margin is None:
        return True
    is_next = item[2] is not None and int(item[2]) == number
    if len(item[1]) <= margin:
        return is_next or item[2] is None or len(item[2]) < 4
    # Whoever copies from the first letter on loses the blanks before it.
    return margin == 0 and is_next
