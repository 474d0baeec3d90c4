"""A brief as messages for Slack: Block Kit, in rich text that no text can turn into markup."""

import json
from collections.abc import Sequence
from typing import Any

from attrs import field, frozen, validators

from perspectives import Brief
from perspectives.plugin import Finding, Rendered, RendererInfo, RenderTools
from perspectives_chat import limits
from perspectives_chat.pieces import Piece, at_most, defused, packed, pieces_of, runs_of, sign_of, units, utf16

JSON = dict[str, Any]
"""An object of Block Kit; Any, because it leaves as JSON."""


@frozen(kw_only=True)
class SlackOptions:
    """How much is posted."""

    messages: int = field(
        default=0,
        validator=validators.ge(0),
        metadata={"help": "most messages; what does not fit becomes a link to its page; 0 = as many as it takes"},
    )


class SlackRenderer:
    """One message a line, each the body of a request to an incoming webhook; `chat.postMessage` adds a channel."""

    info = RendererInfo(
        name="slack",
        media_type="application/jsonl",  # registered is none; RFC 6648 wants no more names with x-
        summary="Messages for Slack in Block Kit, one a line",
    )
    options_class = SlackOptions

    def render(self, brief: Brief, options: SlackOptions, tools: RenderTools, /) -> Rendered:
        """The messages in order; none for a brief that says nothing."""
        findings: list[Finding] = []
        read_on = tools.wording(brief).read_on
        parts = []
        for unit in units(tools.outline(brief)):
            pieces = []
            for node in unit:
                runs = runs_of(node, limits.SLACK_URL, findings)
                pieces += pieces_of(node, runs, limits.SLACK_TEXT, _cost, findings)
            parts.append(pieces)

        def message(pieces: Sequence[Piece]) -> JSON:
            return {
                "text": _plain(pieces),
                "mrkdwn": False,
                "blocks": _blocks(pieces, read_on),
                "unfurl_links": False,
                "unfurl_media": False,
            }

        def fits(pieces: Sequence[Piece]) -> bool:
            made = message(pieces)
            return (
                len(made["blocks"]) <= limits.SLACK_BLOCKS
                and utf16(_json(made["blocks"])) <= limits.SLACK_MESSAGE
                and utf16(made["text"]) <= limits.SLACK_FALLBACK
            )

        messages = at_most(packed(parts, fits), options.messages, brief, tools, fits, findings)
        lines = "".join(f"{_json(message(pieces))}\n" for pieces in messages)
        return Rendered(lines, self.info.media_type, findings=findings)


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def _blocks(pieces: Sequence[Piece], read_on: str) -> list[JSON]:
    blocks: list[JSON] = []
    before: Piece | None = None
    for piece in pieces:
        node = piece.node
        if node.role == "headline" and piece.first and before and before.node.role != "section":
            blocks.append({"type": "divider"})
        if node.kind == "heading" and node.level <= 2 and utf16(piece.text) <= limits.SLACK_HEADER:
            blocks.append({"type": "header", "text": _plain_text(piece.text)})
            if node.href:  # a header cannot lead anywhere
                link = {"type": "link", "url": node.href, "text": read_on if node.role == "headline" else node.href}
                blocks.append(_rich_text([_section([link])]))
        elif node.kind == "outlets":
            blocks.append({"type": "context", "elements": [_plain_text(piece.text)]})
        elif node.kind == "item" and piece.first:
            _add_item(blocks, piece, before)
        else:
            kind = "rich_text_quote" if node.kind == "quote" else "rich_text_section"
            element = {"type": kind, "elements": _inline(piece)}
            if before and blocks[-1]["type"] == "rich_text" and _belongs(piece, before):
                blocks[-1]["elements"].append(element)
            else:
                blocks.append(_rich_text([element]))
        before = piece
    return blocks


def _belongs(piece: Piece, before: Piece) -> bool:
    """Whether a piece stands in the block of the one before: under its heading, behind its beginning, or in a row."""
    if piece.node.kind == "heading":
        return False
    return before.node.kind == "heading" or not piece.first or piece.node.kind == before.node.kind == "note"


def _add_item(blocks: list[JSON], piece: Piece, before: Piece | None) -> None:
    number = piece.node.number
    section = _section(_inline(piece))
    if before and before.node.kind == "item" and bool(before.node.number) == bool(number):
        last = blocks[-1]["elements"][-1]
        if last["type"] == "rich_text_list":
            last["elements"].append(section)
            return
    items: JSON = {"type": "rich_text_list", "style": "ordered" if number else "bullet", "elements": [section]}
    if number and number > 1:
        items["offset"] = number - 1
    if before and blocks[-1]["type"] == "rich_text" and before.node.kind in ("heading", "item"):
        blocks[-1]["elements"].append(items)
    else:
        blocks.append(_rich_text([items]))


def _inline(piece: Piece) -> list[JSON]:
    is_note = piece.node.kind == "note" and piece.node.number and piece.first
    runs = ((sign_of(piece.node), None), *piece.runs) if is_note else piece.runs
    style: JSON = {}
    if piece.node.kind == "heading":  # the name of a group must not look like the heading that it stands under
        style = {"style": {"bold": True, "italic": True} if piece.node.role == "group" else {"bold": True}}
    return [
        ({"type": "link", "url": href, "text": text} if href else {"type": "text", "text": text}) | style
        for text, href in runs
    ]


def _section(elements: list[JSON]) -> JSON:
    return {"type": "rich_text_section", "elements": elements}


def _rich_text(elements: list[JSON]) -> JSON:
    return {"type": "rich_text", "elements": elements}


def _plain_text(text: str) -> JSON:
    return {"type": "plain_text", "text": text, "emoji": False}


def _plain(pieces: Sequence[Piece]) -> str:
    """What a notification shows and a screen reader reads: all of it, with Slack's own escapes.

    https://docs.slack.dev/messaging/formatting-message-text#escaping
    """
    text = defused("\n".join(f"{sign_of(piece.node) if piece.first else ''}{piece.text}" for piece in pieces))
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


_LONGER = {"&": 5, "<": 4, ">": 4} | dict.fromkeys("@#＠＃:", 2)
"""How long signs are in `_plain` that it escapes, or may put a word joiner behind."""


def _cost(grapheme: str) -> int:
    return sum(_LONGER.get(sign) or utf16(sign) for sign in grapheme)
