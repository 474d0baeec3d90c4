"""The groups of a story in Markdown: labels, outlets, framing and critique, and what is said about the outlets."""

from collections.abc import Iterator, Sequence

from perspectives.catalogue import COMMAS
from perspectives.dialect import Data, Words, checksum
from perspectives.loaders.markdown_blocks import Block, refuse
from perspectives.loaders.markdown_inline import Inline, read_inline
from perspectives.loaders.markdown_notes import Findings
from perspectives.loaders.markdown_texts import Part, Reader, StoryTexts
from perspectives.text import show


class GroupReader:
    """Reads the groups of one story."""

    def __init__(self, texts: StoryTexts) -> None:
        self.texts = texts
        self.reader: Reader = texts.reader
        self.words: Words = texts.words
        self.findings: Findings = texts.findings
        self.about: list[Data] = []
        self.groups: list[tuple[Data, list[Data]]] = []

    def read(self, part: Part) -> list[Data]:
        """The groups under their heading."""
        return [
            self._group(heading, body, f".perspectives[{index}]")
            for index, (heading, body) in enumerate(self.texts.entries(part))
        ]

    def _group(self, heading: Block, body: Sequence[Block], path: str) -> Data:
        data = heading.data
        group: Data = {"label": self.reader.text(heading)}
        group |= {name: data[name] for name in ("kind", "extra") if name in data}
        self.texts.at(path, heading.line)
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
                self.texts.cited(block, lambda read: {"framing": read.text}, "", f"{path}.framing", group)
            elif role == "critique":
                group["critique"] = self.reader.text(block)
            elif role == "position":
                text = self.reader.text(block)
                group["position"] = self.reader.told(self.words.position(text), block, "Position", text)
            else:
                message = f"{show(self.reader.text(block))} is a third paragraph of a group"
                expected = "framing and critique, or a label '#### ...' above it"
                if "outlets" not in natural:
                    expected += f"; outlets stand first, behind {show(self.words.wording.for_example)}"
                refuse("too-many-blocks", message, block.line, expected)
        if "framing" not in group:
            message = f"the group {show(group['label'])} has no framing"
            refuse("no-framing", message, heading.line, "a paragraph below its outlets")
        if "outlets" not in group and isinstance(data.get("exhaustive"), bool):
            group["exhaustive"] = data["exhaustive"]
        if quotes:
            group["quotes"] = [self.texts.quote(block, f"{path}.quotes[{at}]") for at, block in enumerate(quotes)]
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
                self.findings.say_stale(message, block.line)
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

    def read_about(self, part: Part) -> None:
        """What is said about the outlets; `settle` gives it to them."""
        for heading, body in self.texts.entries(part):
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

    def settle(self) -> None:
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
