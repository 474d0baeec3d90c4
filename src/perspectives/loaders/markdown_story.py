"""One story of a Markdown document: its head and the parts below it."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from attrs import frozen

from perspectives.dialect import COMMAS, Data, Words, checksum, read_kind, told
from perspectives.loaders.markdown_blocks import Block, refuse
from perspectives.loaders.markdown_inline import Inline, read_inline
from perspectives.loaders.markdown_notes import STALE_HINT, Citations, Findings, Note, stale
from perspectives.text import show

_LAYOUT = ("citations", "common", "heading", "is")
"""What comments say of the layout and not of a field."""


@frozen(kw_only=True)
class Part:
    """A heading of a story and what stands below it."""

    name: str
    heading: Block
    blocks: Sequence[Block]


class Reader:
    """What the readers of all places share: the words, the findings, and the lines by their paths in the brief."""

    def __init__(self, words: Words, references: Mapping[str, str], findings: Findings) -> None:
        self.words = words
        self.references = references
        self.findings = findings
        self.lines: dict[str, int] = {}

    def inline(self, block: Block, but: int | None = None) -> Inline:
        """The text of a block; its markup is a finding, but for what begins at a place."""
        inline = read_inline(block.raw, self.references)
        self.findings.say_markup(inline, block.line, but)
        return inline

    def text(self, block: Block) -> str:
        """The text of a block that can neither link nor cite."""
        inline = self.inline(block)
        self.findings.say_links(inline, block.line)
        return inline.text

    def linked(self, block: Block, what: str) -> tuple[str, str | None]:
        """A text that may be a link, and its address."""
        inline = self.inline(block)
        if not inline.link:
            self.findings.say_links(inline, block.line)
            return inline.text, None
        return inline.text, self.findings.url(inline.link.url, inline.text or what, block.line)

    def told(self, said: Data, block: Block, kind: str, text: str) -> Data:
        """What a text and the comment below it tell; a comment on another text is a finding."""
        data = {name: value for name, value in block.data.items() if name not in _LAYOUT}
        found, is_stale = told(said, data, kind, text)
        if is_stale:
            self.findings.say("stale-comment", *stale(text), block.line, STALE_HINT)
        return found

    def roles(self, data: Data, natural: Sequence[str], blocks: Sequence[Block], line: int) -> Sequence[str]:
        """What each of some paragraphs is; the first one too many is refused."""
        roles = data.get("is")
        if isinstance(roles, list) and len(roles) == len(blocks) and all(isinstance(role, str) for role in roles):
            return roles
        if roles is not None:
            message = "the comment says what other paragraphs are than stand here"
            self.findings.say("stale-comment", message, line, STALE_HINT)
        return natural

    def image(self, blocks: Sequence[Block], path: str) -> Data:
        """An image, and below it a caption and a credit."""
        first, *below = blocks
        inline = read_inline(first.raw, self.references)
        self.lines[path] = first.line
        url = inline.images[0].url
        if self.findings.url(url, inline.text or "an image", first.line) is None:
            return {}
        texts = [self.text(block) for block in below]
        image = self.told(self.words.image(inline.text), first, "Image", inline.text) | {"url": url}
        for role, text, block in zip(
            self.roles(first.data, self.words.image_roles(texts), below, first.line), texts, below, strict=True
        ):
            if role == "credit" and (credit := self.words.after_label("credit", text)):
                image["credit"] = credit
            elif role == "caption":
                image["caption"] = text
            else:
                self.left_out(block, text)
        return image

    def left_out(self, block: Block, text: str) -> None:
        """Say that a text is left out, and quote it whole."""
        self.findings.say(
            "unread-text", f"{text!r} is left out: it belongs to nothing here", block.line, "see the dialect"
        )

    def provenance(self, heading: Block, blocks: Sequence[Block]) -> Data:
        """How a text was made."""
        texts = [self.text(block) for block in blocks]
        said = self.words.provenance(texts)
        unread = said.pop("", [])
        data = self.told(said, heading, "Provenance", "\n".join(texts))
        if data == said:
            for block, text in zip(blocks, texts, strict=True):
                if text in unread:
                    self.left_out(block, text)
        return data


def is_image(block: Block) -> bool:
    """Whether a paragraph is one image."""
    if block.kind != "paragraph" or not block.raw.startswith("!["):
        return False
    inline = read_inline(block.raw)
    return len(inline.images) == 1 and (inline.images[0].start, inline.images[0].end) == (0, len(inline.text))


class StoryReader:
    """Reads one story."""

    def __init__(self, reader: Reader, notes: Mapping[str, Note], path: str, uncited: Sequence[Note]) -> None:
        self.reader = reader
        self.words = reader.words
        self.findings = reader.findings
        self.path = path
        self.citations = Citations(notes, reader.findings)
        self.uncited = uncited
        self.about: list[Data] = []
        self.groups: list[tuple[Data, list[Data]]] = []

    def read(self, headline: Block, head: Sequence[Block], parts: Sequence[Part], section: str | None) -> Data:
        """The story as JSON has it."""
        data = dict(headline.data)
        self._at("", headline.line)
        text, url = self.reader.linked(headline, "a headline")
        story: Data = {"headline": text, "url": url, "section": section}
        order = data.pop("sources", None)
        hidden_provenance = data.pop("provenance", None)
        story |= self._head(data, head, headline)
        story |= {name: data.get(name) for name in ("id", "language", "translation_of", "extra")}
        readers: dict[str, Callable[[Part], Any]] = {
            "facts": self._facts,
            "context": self._context,
            "perspectives": self._perspectives,
            "quotes": self._quotes,
            "timeline": self._timeline,
            "images": self._images,
            "questions": self._questions,
            "blocks": self._blocks,
            "go_deeper": self._links,
            "sources": self._listed_sources,
            "about_outlets": self._about_outlets,
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
            self._at(f".{name}", part.heading.line)
            if (found := readers[part.name](part)) is not None:
                story[name] = found
        if "provenance" not in story and isinstance(hidden_provenance, dict):
            story["provenance"] = hidden_provenance
        self._settle_outlets()
        for note in self.uncited:
            self.citations.use(note.label, note.line)
        self.citations.settle()
        sources = list(self.citations.sources(order))
        story["sources"] = [note.source for note in sources]
        for index, note in enumerate(sources):
            self._at(f".sources[{index}]", note.line)
        return {name: value for name, value in story.items() if value is not None and value != []}

    def _at(self, place: str, line: int) -> None:
        self.reader.lines[self.path + place] = line

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
            self._at(f".{role}", block.line)
        return values

    def _cited(self, block: Block, said: Callable[[Inline], Data], kind: str, path: str, owner: Data) -> Data:
        """Fill an object from one text with its citations."""
        inline = read_inline(block.raw, self.reader.references)
        read = said(inline)
        bold = next((start for start, _ in inline.strong if "title" in read and kind == "Fact"), None)
        self.findings.say_markup(inline, block.line, bold)
        owner |= self.reader.told(read, block, kind, inline.text)
        self._at(path, block.line)
        self.citations.add(owner, inline, block.data, block.line)
        return owner

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
                self._cited(block, lambda read: self.words.fact(read.text, read.strong), "Fact", f".facts[{index}]", {})
            )
        return facts

    def _context(self, part: Part) -> Data | None:
        found = [
            self._cited(block, lambda read: {"text": read.text}, "", f".context.paragraphs[{index}]", {})
            for index, block in enumerate(self._bodies(part))
        ]
        return {"paragraphs": found} if found else None

    def _bodies(self, part: Part) -> Iterator[Block]:
        """The blocks of a part that has no headings of its own."""
        for block in part.blocks:
            if block.kind == "heading":
                message = f"{show(self.reader.text(block))} is no part of a story"
                refuse("unknown-heading", message, block.line, "a part of a story, or no heading")
            yield block

    def _entries(self, part: Part) -> Iterator[tuple[Block, list[Block]]]:
        """The headings of a part, each with what stands below it; what stands before the first is left out."""
        starts = [at for at, block in enumerate(part.blocks) if block.kind == "heading"]
        for block in part.blocks[: starts[0] if starts else None]:
            text = self.reader.text(block)
            if text != self.words.wording.unreviewed:
                refuse("no-label", f"{show(text)} has no heading", block.line, "a line '#### ...' above it")
        for start, end in zip(starts, [*starts[1:], len(part.blocks)], strict=False):
            yield part.blocks[start], list(part.blocks[start + 1 : end])

    # groups

    def _perspectives(self, part: Part) -> list[Data]:
        return [
            self._group(heading, body, f".perspectives[{index}]")
            for index, (heading, body) in enumerate(self._entries(part))
        ]

    def _group(self, heading: Block, body: Sequence[Block], path: str) -> Data:
        data = heading.data
        group: Data = {"label": self.reader.text(heading)}
        group |= {name: data[name] for name in ("kind", "extra") if name in data}
        self._at(path, heading.line)
        quotes = [block for block in body if block.kind == "quote"]
        blocks = self._parted([block for block in body if block.kind != "quote"])
        inlines = [read_inline(block.raw, self.reader.references) for block in blocks]
        natural = self.words.group_roles([inline.text for inline in inlines])
        for role, block, inline in zip(
            self.reader.roles(data, natural, blocks, heading.line), blocks, inlines, strict=True
        ):
            if role == "outlets":
                self._outlets(group, heading, block, inline)
            elif role == "framing":
                self._cited(block, lambda read: {"framing": read.text}, "", f"{path}.framing", group)
            elif role == "critique":
                group["critique"] = self.reader.text(block)
            elif role == "position":
                text = self.reader.text(block)
                group["position"] = self.reader.told(self.words.position(text), block, "Position", text)
            else:
                message = f"{show(self.reader.text(block))} is a third paragraph of a group"
                refuse("too-many-blocks", message, block.line, "framing and critique, or a label '#### ...' above it")
        if "framing" not in group:
            message = f"the group {show(group['label'])} has no framing"
            refuse("no-framing", message, heading.line, "a paragraph below its outlets")
        if "outlets" not in group and isinstance(data.get("exhaustive"), bool):
            group["exhaustive"] = data["exhaustive"]
        if quotes:
            group["quotes"] = [self._quote(block, f"{path}.quotes[{at}]") for at, block in enumerate(quotes)]
        return group

    def _parted(self, blocks: list[Block]) -> list[Block]:
        """The paragraphs of a group, the outlets of which may stand directly above the framing."""
        if not blocks or blocks[0].kind != "paragraph" or len(blocks[0].lines) < 2:
            return blocks
        first, *below = blocks
        line = first.lines[0].rstrip()
        is_prose = first.lines[-1].rstrip().endswith((".", "!", "?", "。", "।", "؟", "…", "]"))
        if not is_prose or line.endswith(tuple(COMMAS)) or not self.words.lead(read_inline(line).text):
            return blocks
        message = "the outlets end with their line, and what stands below them is the framing"
        self.findings.say("no-blank-line", message, first.line + 1, "a blank line between them")
        one = Block(kind="paragraph", line=first.line, lines=(line,))
        return [one, Block(kind="paragraph", line=first.line + 1, lines=first.lines[1:], data=first.data), *below]

    def _outlets(self, group: Data, heading: Block, block: Block, inline: Inline) -> None:
        data = heading.data
        self.findings.say_markup(inline, block.line)
        lead = self.words.lead(inline.text)
        are_all = data.get("exhaustive")
        if isinstance(are_all, bool):
            behind = self.words.behind("outlets" if are_all else "for_example", inline.text)
            lead = (behind, are_all) if behind is not None else lead
        listed, group["exhaustive"] = lead or (inline.text, False)
        start = len(inline.text) - len(listed)
        names = self._names(inline, start, data)
        unseen = [dict(one) for one in data.get("outlets", ()) if isinstance(one, dict)]
        by_name: dict[object, list[Data]] = {}
        for one in reversed(unseen):
            by_name.setdefault(one.get("name"), []).append(one)
        outlets: list[Data] = []
        urls = {link.start: link.url for link in inline.links}
        for at, name in names:
            known = by_name.get(name)
            outlet = {"name": name} | (known.pop() if known else {})
            if at in urls and (url := self.findings.url(urls[at], name, block.line)):
                outlet["homepage"] = url
            outlets.append(outlet)
        for known_name, left in by_name.items():
            if left:
                message = f"what a comment says of the outlet {show(known_name)} is left out: it is not named"
                self.findings.say("stale-comment", message, block.line, STALE_HINT)
        group["outlets"] = outlets
        self.groups.append((group, outlets))

    def _names(self, inline: Inline, start: int, data: Data) -> list[tuple[int, str]]:
        """The names of a list with their places; a backslash before a comma says that it belongs to the name."""
        text = inline.text
        listed = text[start:]
        comma = self.words.wording.comma
        if isinstance(names := data.get("names"), list) and data.get("of") == checksum(listed):
            parts = [str(name) for name in names]
            between = f"{comma} "
        elif comma not in set(COMMAS) and comma in listed:
            parts = self.words.parted(listed)
            between = f"{comma} "
        else:
            kept = {at - start for at in inline.commas}
            cuts = [at for at, char in enumerate(listed) if char in COMMAS and at not in kept]
            bounds = zip([0, *(cut + 1 for cut in cuts)], [*cuts, len(listed)], strict=True)
            found = [(begin + len(listed[begin:end]) - len(listed[begin:end].lstrip()), end) for begin, end in bounds]
            return [(start + begin, listed[begin:end].strip()) for begin, end in found if listed[begin:end].strip()]
        placed, at = [], start
        for name in parts:
            placed.append((at, name))
            at += len(name) + len(between)
        return placed

    def _about_outlets(self, part: Part) -> None:
        for heading, body in self._entries(part):
            name, url = self.reader.linked(heading, "an outlet")
            entry: Data = {"name": name, "homepage": url, "line": heading.line}
            blocks = [block for block in body if block.kind == "paragraph"]
            texts = [self.reader.text(block) for block in blocks]
            roles = self.reader.roles(heading.data, self.words.outlet_roles(texts), blocks, heading.line)
            for role, text, block in zip(roles, texts, blocks, strict=True):
                if role and (value := self.words.after_label(role, text)):
                    entry[role] = value
                else:
                    self.reader.left_out(block, text)
            entry["ratings"] = [rating for block in body if block.kind == "item" for rating in self._rating(block)]
            self.about.append(entry)

    def _rating(self, block: Block) -> Iterator[Data]:
        text, url = self.reader.linked(block, "a rating")
        rating = self.reader.told(self.words.rating(text), block, "Rating", text)
        if rating.keys() >= {"scheme", "value", "rater"}:
            yield rating | ({"url": url} if url else {})
        else:
            self.reader.left_out(block, text)

    def _settle_outlets(self) -> None:
        """Give the outlets of all groups what is said about them."""
        first = {entry["name"]: entry for entry in reversed(self.about)}
        used: set[int] = set()
        for _, outlets in self.groups:
            for outlet in outlets:
                number = outlet.pop("about", None)
                entry = first.get(outlet["name"])
                if isinstance(number, int):
                    entry = self.about[number - 1] if 0 < number <= len(self.about) else None
                    entry = entry if entry and entry["name"] == outlet["name"] else None
                if entry:
                    used.add(id(entry))
                    outlet |= {name: entry[name] for name in ("country", "owner", "ratings") if entry.get(name)}
                    if entry["homepage"]:
                        outlet.setdefault("homepage", entry["homepage"])
        for entry in self.about:
            if id(entry) not in used:
                message = f"what is said about the outlet {show(entry['name'])} is left out: no group names it"
                self.findings.say("unread-text", message, entry["line"], "its name in a group, spelt alike")

    # the other parts

    def _quote(self, block: Block, path: str) -> Data:
        def said(inline: Inline) -> Data:
            return self.words.quote(inline.text, bool(inline.marks or inline.links))

        return self._cited(block, said, "Quote", path, {})

    def _quotes(self, part: Part) -> list[Data]:
        return [self._quote(block, f".quotes[{at}]") for at, block in enumerate(self._bodies(part))]

    def _timeline(self, part: Part) -> list[Data]:
        events: list[Data] = []
        for block in self._bodies(part):
            path = f".timeline[{len(events)}]"
            event = self._cited(block, lambda read: self.words.event(read.text), "TimelineEvent", path, {})
            if not (event.get("when") and event.get("text")):
                message = f"{show(event.get('when', ''))} is no step of a timeline"
                refuse("no-event", message, block.line, "a line like '- June 2024: What happened'")
            events.append(event)
        return events

    def _images(self, part: Part) -> list[Data]:
        blocks = list(self._bodies(part))
        starts = [at for at, block in enumerate(blocks) if is_image(block)]
        for block in blocks[: starts[0] if starts else None]:
            self.reader.left_out(block, self.reader.text(block))
        images = (blocks[start:end] for start, end in zip(starts, [*starts[1:], len(blocks)], strict=False))
        found = [self.reader.image(image, f"{self.path}.images[{at}]") for at, image in enumerate(images)]
        return [image for image in found if image]

    def _questions(self, part: Part) -> list[Data]:
        questions = []
        for index, (heading, body) in enumerate(self._entries(part)):
            inlines = [self.reader.inline(block) for block in (heading, *body)]
            question: Data = {"question": inlines[0].text, "answer": [inline.text for inline in inlines[1:]]}
            marks = dict.fromkeys(mark for inline in inlines for mark in inline.marks)
            whole = Inline(text="", marks=tuple(marks))
            self._at(f".questions[{index}]", heading.line)
            for inline, block in zip(inlines, (heading, *body), strict=True):
                self.findings.say_links(Inline(text=inline.text, links=inline.links), block.line)
            self.citations.add(question, whole, heading.data, heading.line)
            questions.append(question)
        return questions

    def _blocks(self, part: Part) -> list[Data]:
        found = []
        for index, (heading, body) in enumerate(self._entries(part)):
            text = self.reader.text(heading)
            said = {"kind": read_kind(text), "label": text}
            self._at(f".blocks[{index}]", heading.line)
            items = {"items": [self.reader.text(block) for block in body]}
            found.append(self.reader.told(said, heading, "Block", text) | items)
        return found

    def _links(self, part: Part) -> list[Data]:
        found = []
        for index, block in enumerate(self._bodies(part)):
            text, url = self.reader.linked(block, "a link")
            self._at(f".links[{index}]", block.line)
            link = {"rel": block.data.get("rel", "go-deeper"), "label": text or url}
            found.append(link | ({"href": url} if url else {}))
        return found

    def _listed_sources(self, part: Part) -> None:
        """Marks of notes that nothing cites, or items that are sources themselves."""
        for block in self._bodies(part):
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
        for index, block in enumerate(self._bodies(part)):
            text, url = self.reader.linked(block, "a topic")
            self._at(f".subjects[{index}]", block.line)
            found.append({"name": text} | ({"uri": url} if url else {}))
        return found

    def _corrections(self, part: Part) -> list[Data]:
        found = []
        for index, block in enumerate(self._bodies(part)):
            text = self.reader.text(block)
            self._at(f".corrections[{index}]", block.line)
            found.append(self.reader.told(self.words.correction(text), block, "Correction", text))
        return found
