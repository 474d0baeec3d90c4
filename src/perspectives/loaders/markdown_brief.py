"""The brief of a Markdown document: what belongs to it, and where its stories and its end stand."""

import json
import re
from bisect import bisect_right
from collections.abc import Sequence
from typing import Any

import attrs
from attrs import frozen

from perspectives.catalogue import key, wording_of
from perspectives.codec import FORMAT, from_dict
from perspectives.dialect import (
    COLOPHON,
    PARTS,
    Data,
    Words,
    call_roles,
    checksum,
    publisher_roles,
)
from perspectives.errors import Fault, PerspectivesError
from perspectives.loaders.markdown_blocks import Block, Document, read_blocks, refuse
from perspectives.loaders.markdown_inline import label, read_inline
from perspectives.loaders.markdown_levels import PART_LEVEL, Levels, heading_text
from perspectives.loaders.markdown_notes import Findings, Note, read_notes
from perspectives.loaders.markdown_story import StoryReader
from perspectives.loaders.markdown_texts import Part, Reader, is_image
from perspectives.model import Brief
from perspectives.plugin import Input, Loaded, LoadTools
from perspectives.text import check_address, clean, show, suggestion
from perspectives.wording import Wording

_ENTRY = re.compile(r"([A-Za-z_][\w-]*)[ \t]*:(?:[ \t]+(.*)|[ \t]*)")
_FIELDS = ("title", "intro", "id", "url", "date", "language")
"""What front matter may say."""
_MARK = re.compile(r"\[\^([^\[\]\s]+)\]")


def read_brief(input: Input, tools: LoadTools) -> Loaded:
    """The brief. Raises `LoadError` or `LimitError` with the lines of what cannot be read."""
    return _BriefReader(read_blocks(input.text, tools.limits), tools).read()


@frozen
class _Chunk:
    """What stands behind one rule, or before the first."""

    line: int
    data: Data
    blocks: list[Block]


class _BriefReader:
    """Reads one document."""

    def __init__(self, document: Document, tools: LoadTools) -> None:
        self.tools = tools
        self.findings = Findings(document.findings)
        self.references = document.references
        self.blocks = [block for block in document.blocks if block.kind != "note"]
        self.own = dict(document.data)
        self.lines: dict[str, int] = {}
        self.front = self._front(document.front)
        self.title = self._title()
        wording, language = self._wording()
        self.words = Words(wording)
        self.reader = Reader(self.words, self.references, self.findings)
        self.blocks = Levels(self.words, self.findings).leveled(self.blocks)
        self.chunks = self._chunks()
        self.notes = read_notes(document.blocks, self.words, self.references, self.findings)
        self.uncited = self._uncited()
        self.data: Data = {"format": FORMAT, **self.front}
        self.data |= {"language": language} if language else {}

    # what belongs to the brief itself

    def _front(self, lines: Sequence[tuple[int, str]]) -> Data:
        """The values of front matter: JSON, or the text to the end of the line."""
        values: Data = {}
        for number, line in lines:
            if not line.strip() or line.lstrip().startswith("#"):
                continue
            entry = _ENTRY.fullmatch(line.strip()) if line[:1] not in " \t" else None
            name = entry[1].lower() if entry else ""
            if entry is None or name not in _FIELDS or name in values:
                message = f"{line.strip()!r} is left out of the front matter"
                hint = "each key once" if name in values else suggestion(name or None, _FIELDS)
                self.findings.say("front-matter", message, number, hint)
                continue
            said = (entry[2] or "").strip()
            value = _value(said)
            if value == said and said[:1] in {'"', "'", "[", "{"}:
                message = f"{show(said)} begins as JSON does and is none; it is taken as it stands"
                self.findings.say("front-matter", message, number, "quotation marks at both ends, or at neither")
            if value:
                values[name] = value
            self.lines[f"$.{name}"] = number
        return values

    def _title(self) -> Block | None:
        """The heading that is the brief's title: a first `#` that is not directly above a story."""
        if not self.blocks or self.blocks[0].kind != "heading" or self.blocks[0].level != 1:
            return None
        first, *rest = self.blocks
        below = next((block for block in rest if block.kind in ("heading", "rule")), None)
        if not first.data and below and below.kind == "heading" and below.level != 1:
            is_section = below is rest[0]
            # Parts that stand a level too high have their headline above them.
            is_headline = (
                "heading" not in below.data and Words(wording_of(Brief())).heading(heading_text(below)) in PARTS
            )
            if is_section or is_headline:
                return None
        self.own |= first.data
        self.blocks = rest
        return first

    def _wording(self) -> tuple[Wording, str | None]:
        """The printed words, and the language of the brief."""
        language = self.front.get("language") or self.own.get("language") or self.tools.language
        own = self.own.get("wording")
        try:
            wording = from_dict(own, Wording, limits=self.tools.limits) if own is not None else None
            if language or wording:
                return wording_of(Brief(language=language, wording=wording)), language
        except PerspectivesError:  # which the codec says of the whole brief, with all else
            return wording_of(Brief()), language
        texts = [
            key(heading_text(block))
            for block in self.blocks
            if block.kind in ("heading", "paragraph") and block.level != 1 and "heading" not in block.data
        ]
        found = set(texts)
        scores = [sum(key(getattr(words, name)) in found for name in PARTS) for words in self.tools.wordings]
        best = self.tools.wordings[scores.index(max(scores))] if any(scores) else wording_of(Brief())
        # English is printed where no language is named.
        return best, best.language if best.language != "en" and any(scores) else None

    # the whole document

    def _chunks(self) -> list[_Chunk]:
        """What stands between the rules."""
        chunks = [_Chunk(1, {}, [])]
        for block in self.blocks:
            if block.kind == "rule":
                chunks.append(_Chunk(block.line, block.data, []))
            else:
                chunks[-1].blocks.append(block)
        return chunks

    def _uncited(self) -> dict[int, list[Note]]:
        """The notes that no text cites, by the line of the headline above them."""
        cited = {label(mark) for block in self.blocks for mark in _MARK.findall(block.raw)}
        headlines = [block.line for block in self.blocks if block.kind == "heading" and block.level == 2]
        found: dict[int, list[Note]] = {}
        for name, note in self.notes.items():
            if name not in cited:
                at = bisect_right(headlines, note.line) - 1
                where = headlines[max(at, 0)] if headlines else 0
                found.setdefault(where, []).append(note)
                message = f"no text cites the note [^{note.label}], which is kept with the story above it"
                self.findings.say("uncited-note", message, note.line, f"[^{note.label}] behind what it bears")
        return found

    def read(self) -> Loaded:
        chunks = self.chunks
        last = chunks[-1]
        if len(chunks) > 1 and self._is_colophon(last):
            self._colophon(chunks.pop())
        told = [at for at, chunk in enumerate(chunks) if at == 0 or any(b.kind == "heading" for b in chunk.blocks)]
        ending = chunks[told[-1] + 1 :]
        self._masthead(chunks[0])
        self._stories(chunks[: told[-1] + 1])
        if [chunk for chunk in ending[2:] if chunk.blocks]:
            block = next(chunk for chunk in ending[2:] if chunk.blocks).blocks[0]
            message = f"{show(self.reader.text(block))} stands behind the publisher"
            refuse("stray-text", message, block.line, "a call to action behind one '***', a publisher behind a second")
        if ending and ending[0].blocks:
            self.data["call_to_action"] = self._call_to_action(ending[0])
        if ending[1:] and ending[1].blocks:
            self.data["publisher"] = self._publisher(ending[1])
        if "provenance" not in self.data and "provenance" in self.own:
            self.data["provenance"] = self.own["provenance"]
        self.data |= {name: self.own[name] for name in ("wording", "extra") if name in self.own}
        for name in ("id", "url"):
            if name in self.own:
                self.data.setdefault(name, self.own[name])
        brief = self._built()
        findings = sorted(self.findings, key=lambda finding: finding.line or 0)
        return Loaded(brief=brief, findings=findings, limits=self.tools.limits)

    def _built(self) -> Brief:
        """The brief; what the model refuses is a fault of the line that it stands on."""
        lines = {"$": 1} | self.lines | self.reader.lines
        try:
            return from_dict(self.data, limits=self.tools.limits)
        except PerspectivesError as error:
            raise type(error)([_placed(fault, lines) for fault in error.faults]) from None

    def _masthead(self, chunk: _Chunk) -> None:
        """Title, date and intro; they are taken off the blocks of the chunk."""
        if self.title:
            text, url = self.reader.linked(self.title, "the title")
            self.lines.setdefault("$.title", self.title.line)
            if "title" in self.front:
                self.reader.left_out(self.title, text)
            else:
                self.data["title"] = text
                self.data |= {"url": url} if url else {}
        end = next((at for at, block in enumerate(chunk.blocks) if block.kind == "heading"), len(chunk.blocks))
        blocks = chunk.blocks[:end]
        del chunk.blocks[:end]
        texts = [self.reader.text(block) for block in blocks]
        roles = self.reader.roles(self.own, self.words.masthead_roles(texts), blocks, 1)
        for role, text, block in zip(roles, texts, blocks, strict=True):
            if not role or block.kind != "paragraph":
                message = f"{show(text)} is a second paragraph before the stories"
                refuse(
                    "too-many-blocks", message, block.line, "one paragraph of intro, or a headline '## ...' above it"
                )
            is_told = role == "date" and self.own.get("of") == checksum(text)
            if role in self.data:
                self.reader.left_out(block, text)
            else:
                self.data[role] = self.own["date"] if is_told and "date" in self.own else text
                self.lines[f"$.{role}"] = block.line

    def _is_colophon(self, chunk: _Chunk) -> bool:
        names = [self._colophon_name(block) for block in chunk.blocks if block.kind == "heading"]
        return bool(names) and all(names) and chunk.blocks[0].kind == "heading"

    def _colophon_name(self, block: Block) -> str | None:
        if block.level != 2:
            return None
        name = block.data.get("heading") or self.words.heading(heading_text(block))
        return name if name in COLOPHON else None

    def _colophon(self, chunk: _Chunk) -> None:
        """How the brief was made, and the scales of its ratings."""
        starts = [at for at, block in enumerate(chunk.blocks) if block.kind == "heading"]
        for start, end in zip(starts, [*starts[1:], len(chunk.blocks)], strict=True):
            heading, *below = chunk.blocks[start:end]
            if self._colophon_name(heading) == "provenance":
                self.data["provenance"] = self.reader.provenance(heading, below)
                self.lines["$.provenance"] = heading.line
                continue
            schemes = []
            for at, block in enumerate(below):
                text = self.reader.text(block)
                schemes.append(self.reader.told(self.words.scheme(text), block, "RatingScheme", text))
                self.lines[f"$.schemes[{at}]"] = block.line
            self.data["schemes"] = schemes
            self.words.schemes = schemes

    def _stories(self, chunks: Sequence[_Chunk]) -> None:
        stories: list[Data] = []
        section: str | None = None
        is_new = False
        for chunk in chunks:
            blocks = chunk.blocks
            at = 0
            while at < len(blocks):
                block = blocks[at]
                if block.kind != "heading":
                    message = f"{show(self.reader.text(block))} belongs to no story"
                    refuse("stray-text", message, block.line, "a headline '## ...' above it")
                if block.level == 1:
                    section, is_new = self.reader.text(block), True
                    at += 1
                    continue
                if block.level > 2:
                    message = f"{show(self.reader.text(block))} belongs to no story"
                    refuse("no-headline", message, block.line, "a headline '## ...' above it")
                ends = (n for n in range(at + 1, len(blocks)) if blocks[n].kind == "heading" and blocks[n].level < 3)
                end = next(ends, len(blocks))
                if "section" in block.data and block.data["section"] is None and not is_new:
                    section = None
                stories.append(self._story(block, blocks[at + 1 : end], section, f"$.stories[{len(stories)}]"))
                at, is_new = end, False
        if stories:
            self.data["stories"] = stories
        if is_new:
            refuse("no-headline", f"the section {show(section)} has no story", blocks[-1].line, "a headline '## ...'")

    def _story(self, headline: Block, blocks: Sequence[Block], section: str | None, path: str) -> Data:
        starts = [at for at, block in enumerate(blocks) if block.kind == "heading" and block.level == PART_LEVEL]
        stray = next((block for block in blocks[: starts[0] if starts else None] if block.kind == "heading"), None)
        if stray:
            message = f"{show(self.reader.text(stray))} belongs to no part of the story"
            refuse("unknown-heading", message, stray.line, "a part above it, such as '### Perspectives'")
        parts = [
            Part(name=blocks[start].label, heading=blocks[start], blocks=blocks[start + 1 : end])
            for start, end in zip(starts, [*starts[1:], len(blocks)], strict=False)
        ]
        reader = StoryReader(self.reader, self.notes, path, self.uncited.get(headline.line, ()))
        return reader.read(headline, blocks[: starts[0] if starts else None], parts, section)

    # the end

    def _call_to_action(self, chunk: _Chunk) -> Data:
        blocks = list(chunk.blocks)
        self.lines["$.call_to_action"] = chunk.line
        call: Data = {}
        if read_inline(blocks[-1].raw, self.references).link:
            label, href = self.reader.linked(blocks.pop(), "the call to action")
            call = {"label": label} | ({"href": href} if href else {})
        texts = [self.reader.text(block) for block in blocks]
        for role, text in zip(
            self.reader.roles(chunk.data, call_roles(len(texts)), blocks, chunk.line), texts, strict=True
        ):
            if role == "body":
                call.setdefault("body", []).append(text)
            else:
                call[role] = text
        return call

    def _publisher(self, chunk: _Chunk) -> Data:
        first, *blocks = chunk.blocks
        self.lines["$.publisher"] = first.line
        name, url = self.reader.linked(first, "the publisher")
        publisher: Data = {"name": name} | ({"url": url} if url else {})
        start = next((at for at, block in enumerate(blocks) if is_image(block)), len(blocks))
        texts = [self._address(block) for block in blocks[:start]]
        for role, text, block in zip(
            self.reader.roles(chunk.data, publisher_roles(texts), blocks[:start], chunk.line),
            texts,
            blocks[:start],
            strict=True,
        ):
            if not role:
                right = "a postal address and an e-mail address, each once"
                refuse("too-many-blocks", f"{show(text)} is one too many", block.line, right)
            publisher[role] = text
        if blocks[start:] and (logo := self.reader.image(blocks[start:], "$.publisher.logo")):
            publisher["logo"] = logo
        return publisher

    def _address(self, block: Block) -> str:
        """A postal address, or an e-mail address that may be a link."""
        inline = read_inline(block.raw, self.references)
        if inline.link and not check_address(inline.text):
            return inline.text
        return self.reader.text(block)


def _value(text: str) -> Any:
    """A value of front matter."""
    text = text.strip()
    if len(text) > 1 and text[0] == text[-1] == "'":
        return clean(text[1:-1].replace("''", "'"))
    try:
        value = json.loads(text) if text[:1] in '"[{' or text == "null" else text
    except (ValueError, RecursionError):
        value = text
    return clean(value) if isinstance(value, str) else value


def _placed(fault: Fault, lines: dict[str, int]) -> Fault:
    """A fault with the line of the innermost thing that it is about."""
    path = fault.path
    while path not in lines and path not in ("$", ""):
        path = path[: max(path.rfind("."), path.rfind("["))]
    return attrs.evolve(fault, line=lines.get(path))
