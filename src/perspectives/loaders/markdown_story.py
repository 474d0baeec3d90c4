"""One story of a Markdown document: its head and the parts below it."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from perspectives.dialect import Data, Words, checksum, read_kind
from perspectives.loaders.markdown_blocks import Block, refuse
from perspectives.loaders.markdown_groups import GroupReader
from perspectives.loaders.markdown_inline import Inline
from perspectives.loaders.markdown_notes import Citations, Findings, Note
from perspectives.loaders.markdown_texts import Part, Reader, StoryTexts, is_image
from perspectives.text import show


class StoryReader:
    """Reads one story."""

    def __init__(self, reader: Reader, notes: Mapping[str, Note], path: str, uncited: Sequence[Note]) -> None:
        self.reader = reader
        self.words: Words = reader.words
        self.findings: Findings = reader.findings
        self.citations: Citations = Citations(notes, reader.findings)
        self.texts: StoryTexts = StoryTexts(reader, self.citations, path)
        self.groups: GroupReader = GroupReader(self.texts)
        self.path = path
        self.uncited = uncited

    def read(self, headline: Block, head: Sequence[Block], parts: Sequence[Part], section: str | None) -> Data:
        """The story as JSON has it."""
        data = dict(headline.data)
        self.texts.at("", headline.line)
        text, url = self.reader.linked(headline, "a headline")
        story: Data = {"headline": text, "url": url, "section": section}
        order = data.pop("sources", None)
        hidden_provenance = data.pop("provenance", None)
        story |= self._head(data, head, headline)
        story |= {name: data.get(name) for name in ("id", "language", "translation_of", "extra")}
        readers: dict[str, Callable[[Part], Any]] = {
            "facts": self._facts,
            "context": self._context,
            "perspectives": self.groups.read,
            "quotes": self._quotes,
            "timeline": self._timeline,
            "images": self._images,
            "questions": self._questions,
            "blocks": self._blocks,
            "go_deeper": self._links,
            "sources": self._listed_sources,
            "about_outlets": self.groups.read_about,
            "subjects": self._subjects,
            "corrections": self._corrections,
            "provenance": lambda part: self.reader.provenance(part.heading, part.blocks),
        }
        seen: set[str] = set()
        for part in parts:
            if part.name in seen:
                message = f"the heading {show(self.reader.text(part.heading))} occurs twice in a story"
                refuse("duplicate-part", message, part.heading.line, "each part once, or a headline '## ...' before it")
            seen.add(part.name)
            name = {"go_deeper": "links"}.get(part.name, part.name)
            self.texts.at(f".{name}", part.heading.line)
            if (found := readers[part.name](part)) is not None:
                story[name] = found
        if "provenance" not in story and isinstance(hidden_provenance, dict):
            story["provenance"] = hidden_provenance
        self.groups.settle()
        for note in self.uncited:
            self.citations.use(note.label, note.line)
        self.citations.settle()
        sources = list(self.citations.sources(order))
        story["sources"] = [note.source for note in sources]
        for index, note in enumerate(sources):
            self.texts.at(f".sources[{index}]", note.line)
        return {name: value for name, value in story.items() if value is not None and value != []}

    def _head(self, data: Data, blocks: Sequence[Block], headline: Block) -> Data:
        for block in blocks:
            if block.kind != "paragraph":
                message = f"{show(self.reader.text(block))} stands between headline and parts"
                refuse("stray-text", message, block.line, "a heading above it, such as '### Focusing Facts'")
        texts = [self.reader.text(block) for block in blocks]
        roles = self.reader.roles(data, self.words.head_roles(texts), blocks, headline.line)
        moments = "\n".join(t for role, t in zip(roles, texts, strict=True) if role in ("date", "published", "updated"))
        is_told = data.get("of") == checksum(moments)
        values: Data = {}
        for role, text, block in zip(roles, texts, blocks, strict=True):
            if not role:
                message = f"{show(text)} is a second paragraph of summary"
                refuse("too-many-blocks", message, block.line, "one paragraph, or a heading '### ...' above it")
            known = data.get(role) if is_told and role in data else self.words.head_value(role, text)
            if known is None and role != "place":
                self.reader.left_out(block, text)
            values[role] = known
            self.texts.at(f".{role}", block.line)
        return values

    def _facts(self, part: Part) -> list[Data]:
        if not part.blocks:
            refuse("no-facts", "there is no fact here", part.heading.line, "lines like '1. ...'")
        facts = []
        for index, block in enumerate(part.blocks):
            if block.kind != "item":
                message = f"{show(self.reader.text(block))} is no item of a list"
                refuse("no-facts", message, block.line, "lines like '1. ...'")
            if block.number not in (None, 1, index + 1):
                message = f"fact {index + 1} is printed with the number {block.number}"
                self.findings.say("fact-number", message, block.line, "numbers are counted, not kept")
            facts.append(
                self.texts.cited(
                    block, lambda read: self.words.fact(read.text, read.strong), "Fact", f".facts[{index}]", {}
                )
            )
        return facts

    def _context(self, part: Part) -> Data | None:
        found = [
            self.texts.cited(block, lambda read: {"text": read.text}, "", f".context.paragraphs[{index}]", {})
            for index, block in enumerate(self.texts.bodies(part))
        ]
        return {"paragraphs": found} if found else None

    def _quotes(self, part: Part) -> list[Data]:
        return [self.texts.quote(block, f".quotes[{at}]") for at, block in enumerate(self.texts.bodies(part))]

    def _timeline(self, part: Part) -> list[Data]:
        events: list[Data] = []
        for block in self.texts.bodies(part):
            path = f".timeline[{len(events)}]"
            event = self.texts.cited(block, lambda read: self.words.event(read.text), "TimelineEvent", path, {})
            if not (event.get("when") and event.get("text")):
                message = f"{show(event.get('when', ''))} is no step of a timeline"
                refuse("no-event", message, block.line, "a line like '- June 2024: What happened'")
            events.append(event)
        return events

    def _images(self, part: Part) -> list[Data]:
        blocks = list(self.texts.bodies(part))
        starts = [at for at, block in enumerate(blocks) if is_image(block)]
        for block in blocks[: starts[0] if starts else None]:
            self.reader.left_out(block, self.reader.text(block))
        images = (blocks[start:end] for start, end in zip(starts, [*starts[1:], len(blocks)], strict=False))
        found = [self.reader.image(image, f"{self.path}.images[{at}]") for at, image in enumerate(images)]
        return [image for image in found if image]

    def _questions(self, part: Part) -> list[Data]:
        questions = []
        for index, (heading, body) in enumerate(self.texts.entries(part)):
            inlines = [self.reader.inline(block) for block in (heading, *body)]
            question: Data = {"question": inlines[0].text, "answer": [inline.text for inline in inlines[1:]]}
            marks = dict.fromkeys(mark for inline in inlines for mark in inline.marks)
            whole = Inline(text="", marks=tuple(marks))
            self.texts.at(f".questions[{index}]", heading.line)
            for inline, block in zip(inlines, (heading, *body), strict=True):
                self.findings.say_links(Inline(text=inline.text, links=inline.links), block.line)
            self.citations.add(question, whole, heading.data, heading.line)
            questions.append(question)
        return questions

    def _blocks(self, part: Part) -> list[Data]:
        found = []
        for index, (heading, body) in enumerate(self.texts.entries(part)):
            text = self.reader.text(heading)
            said = {"kind": read_kind(text), "label": text}
            self.texts.at(f".blocks[{index}]", heading.line)
            items = {"items": [self.reader.text(block) for block in body]}
            found.append(self.reader.told(said, heading, "Block", text) | items)
        return found

    def _links(self, part: Part) -> list[Data]:
        found = []
        for index, block in enumerate(self.texts.bodies(part)):
            text, url = self.reader.linked(block, "a link")
            self.texts.at(f".links[{index}]", block.line)
            link = {"rel": block.data.get("rel", "go-deeper"), "label": text or url}
            found.append(link | ({"href": url} if url else {}))
        return found

    def _listed_sources(self, part: Part) -> None:
        """Marks of notes that nothing cites, or items that are sources themselves."""
        for block in self.texts.bodies(part):
            inline = self.reader.inline(block)
            for mark in inline.marks:
                self.citations.use(mark, block.line)
            if not inline.text:
                continue
            url = self.findings.url(inline.links[0].url, inline.text, block.line) if inline.links else None
            if url not in self.citations.by_url:
                source = {"id": url or inline.text, "title": inline.text} | ({"url": url} if url else {})
                self.citations.define(source, block.line)
            else:
                self.citations.use(self.citations.by_url[url], block.line)

    def _subjects(self, part: Part) -> list[Data]:
        found = []
        for index, block in enumerate(self.texts.bodies(part)):
            text, url = self.reader.linked(block, "a topic")
            self.texts.at(f".subjects[{index}]", block.line)
            found.append({"name": text} | ({"uri": url} if url else {}))
        return found

    def _corrections(self, part: Part) -> list[Data]:
        found = []
        for index, block in enumerate(self.texts.bodies(part)):
            text = self.reader.text(block)
            self.texts.at(f".corrections[{index}]", block.line)
            found.append(self.reader.told(self.words.correction(text), block, "Correction", text))
        return found
