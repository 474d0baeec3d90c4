"""A brief as messages for Discord: an embed for each story, its Markdown escaped."""

import functools
import json
import re
from collections.abc import Sequence
from typing import Any

from attrs import field, frozen, validators

from perspectives import Brief
from perspectives.plugin import Finding, Rendered, RendererInfo, RenderTools
from perspectives_chat import limits
from perspectives_chat.pieces import Piece, at_most, packed, pieces_of, runs_of, units, utf16

# Discord takes a backslash before any sign for an escape; a colon begins emoji and addresses.
_MARKUP = re.compile(r"[\\*_~`|>#\[\]()<:@]|\A[-+]")
_NUMBER = re.compile(r"\A(\d+)([.)])")
_PIECE = 2_000
"""Longest piece of a text, so that a heading goes along."""


@frozen(kw_only=True)
class DiscordOptions:
    """How much is posted."""

    messages: int = field(
        default=0,
        validator=validators.ge(0),
        metadata={"help": "most messages; what does not fit becomes a link to its page; 0 = as many as it takes"},
    )


class DiscordRenderer:
    """One message a line, each the body of a request to a webhook or to a channel's messages."""

    info = RendererInfo(
        name="discord",
        media_type="application/jsonl",
        summary="Messages for Discord with an embed for each story, one a line",
    )
    options_class = DiscordOptions

    def render(self, brief: Brief, options: DiscordOptions, tools: RenderTools, /) -> Rendered:
        """The messages in order; none for a brief that says nothing."""
        findings: list[Finding] = []
        parts = []
        for unit in units(tools.outline(brief)):
            pieces = []
            for node in unit:
                runs = runs_of(node, limits.DISCORD_URL, findings)
                pieces += pieces_of(node, runs, _PIECE, _cost, findings)
            parts.append(pieces)
        messages = at_most(packed(parts, _fits), options.messages, brief, tools, _fits, findings)
        lines = "".join(
            json.dumps({"embeds": _embeds(pieces), "allowed_mentions": {"parse": []}}, ensure_ascii=False) + "\n"
            for pieces in messages
        )
        return Rendered(lines, self.info.media_type, findings=findings)


def _fits(pieces: Sequence[Piece]) -> bool:
    embeds = _embeds(pieces)
    size = sum(
        utf16(text)
        for embed in embeds
        for text in (embed.get("title", ""), embed.get("description", ""), *embed.get("author", {}).values())
    )
    return len(embeds) <= limits.DISCORD_EMBEDS and size <= limits.DISCORD_MESSAGE


def _embeds(pieces: Sequence[Piece]) -> list[dict[str, Any]]:
    embeds: list[dict[str, Any]] = []
    before: Piece | None = None
    # Of several embeds with one `url` only the first is shown; in the others the headline is a link in the text:
    # https://docs.discord.com/developers/resources/message#embed-object-embed-limits
    urls: set[str] = set()
    for piece in pieces:
        node = piece.node
        is_whole = piece.first and node.href not in urls and utf16(escaped(piece.text)) <= limits.DISCORD_TITLE
        if node.role == "section" and is_whole:
            embeds.append({"author": {"name": piece.text}})  # which is no Markdown
        elif node.role in ("title", "headline") and is_whole:
            if not embeds or embeds[-1].keys() != {"author"}:
                embeds.append({})
            embeds[-1]["title"] = escaped(piece.text)
            if node.href:
                embeds[-1]["url"] = node.href
                urls.add(node.href)
        else:
            line = _line(piece)
            between = "\n" if before and _belongs(piece, before) else "\n\n"
            said = embeds[-1].get("description") if embeds else None
            longer = f"{said}{between}{line}" if said else line
            begins = node.level in (1, 2) and piece.first and embeds and embeds[-1].keys() != {"author"}
            if not embeds or begins or utf16(longer) > limits.DISCORD_DESCRIPTION:
                embeds.append({"description": line})
            else:
                embeds[-1]["description"] = longer
        before = piece
    return embeds


def _belongs(piece: Piece, before: Piece) -> bool:
    """Whether a piece stands on the very next line: under its heading, or in a row."""
    kinds = piece.node.kind, before.node.kind
    return kinds[1] == "heading" or (kinds[0] == kinds[1] and kinds[0] in ("item", "note"))


def _line(piece: Piece) -> str:
    node = piece.node
    text = "".join(_linked(text, href) if href else escaped(text) for text, href in piece.runs)
    if node.kind == "heading":
        return f"{'#' * node.level} {text}" if node.level < 4 else f"**{text}**"
    if node.kind == "quote":
        return f"> {text}"
    if not piece.first:
        return text
    if node.kind == "item":
        return f"{node.number}. {text}" if node.number else f"- {text}"
    return f"\\[{node.number}\\] {text}" if node.kind == "note" and node.number else text


def _linked(text: str, href: str) -> str:
    # In the words of a link brackets count, whether they are escaped or not (LINK_INSIDE of simple-markdown).
    is_bracketed = "[" in text or "]" in text
    return f"{escaped(text)} <{href}>" if is_bracketed else f"[{escaped(text)}](<{href}>)"


@functools.lru_cache(4096)  # each text is looked at again for all that is put behind it
def escaped(text: str) -> str:
    """A text in which Discord finds no formatting, mention, emoji or link."""
    return _NUMBER.sub(r"\1\\\2", _MARKUP.sub(r"\\\g<0>", text))


def _cost(grapheme: str) -> int:
    return utf16(escaped(grapheme))
