"""How the texts of a Markdown document are read: markup and links, comments, citations, and their lines."""

from collections.abc import Callable, Iterator, Mapping, Sequence

from attrs import frozen

from perspectives.dialect import Data, Words
from perspectives.loaders.markdown_blocks import Block, refuse
from perspectives.loaders.markdown_inline import Inline, read_inline
from perspectives.loaders.markdown_notes import Citations, Findings
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
        return self.findings.told(said, data, kind, text, block.line)

    def roles(self, data: Data, natural: Sequence[str], blocks: Sequence[Block], line: int) -> Sequence[str]:
        """What each of some paragraphs is; the first one too many is refused."""
        roles = data.get("is")
        if isinstance(roles, list) and len(roles) == len(blocks) and all(isinstance(role, str) for role in roles):
            return roles
        if roles is not None:
            message = "the comment says what other paragraphs are than stand here"
            self.findings.say_stale(message, line)
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


class StoryTexts:
    """The texts of one story: what they cite, and where they stand."""

    def __init__(self, reader: Reader, citations: Citations, path: str) -> None:
        self.reader = reader
        self.words: Words = reader.words
        self.findings: Findings = reader.findings
        self.citations = citations
        self.path = path

    def at(self, place: str, line: int) -> None:
        """Keep the line of a place in the story."""
        self.reader.lines[self.path + place] = line

    def cited(self, block: Block, said: Callable[[Inline], Data], kind: str, path: str, owner: Data) -> Data:
        """Fill an object from one text with its citations."""
        inline = read_inline(block.raw, self.reader.references)
        owner |= self.reader.told(said(inline), block, kind, inline.text)
        bold = next((start for start, _ in inline.strong if "title" in owner), None)
        self.findings.say_markup(inline, block.line, bold)
        self.at(path, block.line)
        self.citations.add(owner, inline, block.data, block.line)
        return owner

    def quote(self, block: Block, path: str) -> Data:
        """What somebody said."""

        def said(inline: Inline) -> Data:
            return self.words.quote(inline.text, bool(inline.marks or inline.links))

        return self.cited(block, said, "Quote", path, {})

    def bodies(self, part: Part) -> Iterator[Block]:
        """The blocks of a part that has no headings of its own."""
        for block in part.blocks:
            if block.kind == "heading":
                message = f"{show(self.reader.text(block))} is no part of a story"
                refuse("unknown-heading", message, block.line, "a part of a story, or no heading")
            yield block

    def entries(self, part: Part) -> Iterator[tuple[Block, list[Block]]]:
        """The headings of a part, each with what stands below it; what stands before the first is left out."""
        starts = [at for at, block in enumerate(part.blocks) if block.kind == "heading"]
        for block in part.blocks[: starts[0] if starts else None]:
            text = self.reader.text(block)
            if text != self.words.wording.unreviewed:
                refuse("no-label", f"{show(text)} has no heading", block.line, "a line '#### ...' above it")
        for start, end in zip(starts, [*starts[1:], len(part.blocks)], strict=False):
            yield part.blocks[start], list(part.blocks[start + 1 : end])
