"""The headings of a Markdown document, each on the level that its words say."""

from collections.abc import Sequence

import attrs

from perspectives.dialect import COLOPHON, PARTS, Words
from perspectives.loaders.markdown_blocks import Block, refuse
from perspectives.loaders.markdown_inline import read_inline
from perspectives.loaders.markdown_notes import Findings
from perspectives.text import nearest, show, suggestion

PART_LEVEL = 3


def heading_text(block: Block) -> str:
    """What a heading says, without its markup."""
    return read_inline(block.raw).text


class Levels:
    """Finds the parts of stories, and puts each heading on its level; what is not there already is a finding."""

    def __init__(self, words: Words, findings: Findings) -> None:
        self.words = words
        self.findings = findings

    def leveled(self, blocks: Sequence[Block]) -> list[Block]:
        """The blocks with the parts of stories on their level, and bold paragraphs that are headings as such."""
        blocks = [self._unbold(block) for block in blocks]
        parts = {at: name for at, block in enumerate(blocks) if (name := self._part(block))}
        last_rule = max((at for at, block in enumerate(blocks) if block.kind == "rule"), default=len(blocks))
        shift = self._shift(blocks, [at for at in parts if at < last_rule or blocks[at].level > 2])
        found: list[Block] = []
        inside = ""
        for at, block in enumerate(blocks):
            if block.kind == "heading" and block.level == 1:
                inside = ""
            if block.kind == "heading":
                level = self._level(block, shift, parts.get(at), inside, is_last=at > last_rule)
                if level == PART_LEVEL:
                    inside = parts.get(at, "")
                elif level < PART_LEVEL:
                    inside = ""
                block = attrs.evolve(block, level=level, label=parts.get(at, "") if level == PART_LEVEL else "")
            found.append(block)
        return found

    def _unbold(self, block: Block) -> Block:
        """A paragraph that is a heading in bold."""
        if block.kind != "paragraph" or not block.raw.startswith(("**", "__")):
            return block
        inline = read_inline(block.raw)
        if (0, len(inline.text)) not in inline.strong or not self.words.heading(inline.text):
            return block
        message = f"{show(inline.text)} in bold is taken for a heading"
        self.findings.say("heading-level", message, block.line, f"'### {inline.text}'")
        return attrs.evolve(block, kind="heading", level=PART_LEVEL, lines=(inline.text,))

    def _part(self, block: Block) -> str | None:
        """Which part of a story a heading opens, by its comment or its words."""
        if block.kind != "heading" or block.level == 1:
            return None
        if "heading" in block.data:
            told = block.data["heading"]
            return told if told in PARTS else None
        name = self.words.heading(heading_text(block))
        return name if name in PARTS else None

    def _shift(self, blocks: Sequence[Block], parts: Sequence[int]) -> int:
        """How many levels too deep or too high all headings are."""
        levels = {blocks[at].level for at in parts}
        if len(levels) != 1 or levels == {PART_LEVEL}:
            return 0
        (level,) = levels
        above = [block.level for block in blocks[: parts[0]] if block.kind == "heading"]
        if not above or above[-1] != level - 1:
            return 0
        where = "deep" if level > PART_LEVEL else "high"
        message = f"all headings stand {abs(level - PART_LEVEL)} level(s) too {where}"
        self.findings.say("heading-level", message, blocks[parts[0]].line, "'##' for headlines, '###' for parts")
        return PART_LEVEL - level

    def _level(self, block: Block, shift: int, part: str | None, inside: str, *, is_last: bool) -> int:
        level = max(1, block.level + shift)
        text = heading_text(block)
        if part and level != PART_LEVEL and not (is_last and level == PART_LEVEL - 1 and part in COLOPHON):
            right = PART_LEVEL
        elif level > PART_LEVEL + 1:
            right = PART_LEVEL + 1
        elif level == PART_LEVEL and not part:
            if inside not in ("perspectives", "questions", "blocks") or self._meant(text):
                refuse(
                    "unknown-heading",
                    f"{show(text)} is no part of a story",
                    block.line,
                    suggestion(text, [getattr(self.words.wording, name) for name in PARTS]),
                )
            right = PART_LEVEL + 1
        else:
            return level
        message = f"{show(text)} is taken for a heading of level {right}"
        self.findings.say("heading-level", message, block.line, f"'{'#' * right} {text}'")
        return right

    def _meant(self, text: str) -> bool:
        return nearest(text, [getattr(self.words.wording, name) for name in PARTS]) is not None
