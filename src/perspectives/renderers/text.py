"""A brief as plain text, in the layout that the text loader reads: one loop over the outline."""

import re
from collections.abc import Iterable, Mapping
from typing import Literal

from attrs import field, frozen, validators

from perspectives.dates import DateStyle, check_style
from perspectives.model import Brief
from perspectives.outline import UNPRINTED, Node
from perspectives.plugin import Rendered, Renderer, RendererInfo, RenderTools, renderers
from perspectives.prose import wrapped
from perspectives.wording import Wording

_RULE = "***"
_UNDERLINE = "====="
_NONE = "—"
"""What stands for the outlets of a group that names none."""
_PARTS_NAMES = re.compile(r"[\\,،、，]")


@frozen(kw_only=True)
class TextOptions:
    """How the text is laid out."""

    width: int = field(
        default=0,
        validator=validators.ge(0),
        metadata={"help": "longest line, in characters; 0 = one line a paragraph"},
    )
    links: Literal["inline", "listed"] = field(
        default="inline",
        metadata={"help": "where addresses stand: inline, behind their words, or listed: numbered, at the end"},
    )
    dates: DateStyle = field(
        default="iso", metadata={"help": "iso, which loads back, or long: in the brief's language (extra `dates`)"}
    )

    def __attrs_post_init__(self) -> None:
        check_style(self.dates)


class TextRenderer:
    """Prints every node of the outline as a block between blank lines."""

    info: RendererInfo = RendererInfo(
        name="text",
        media_type="text/plain",
        summary="Plain text in the layout of a newsletter",
        extensions=(".txt",),
        omits=UNPRINTED | {"homepage"},
    )
    options_class: type[TextOptions] = TextOptions

    def render(self, brief: Brief, options: TextOptions, tools: RenderTools, /) -> Rendered:
        """The text, with one trailing newline."""
        wording = tools.wording(brief)
        pieces: list[str] = []
        before: Node | None = None
        nodes = list(tools.outline(brief, options.dates))
        numbers = _link_numbers(nodes) if options.links == "listed" else {}
        for node in nodes:
            if before is not None:
                # Facts are the lines of one list; all else is parted by blank lines.
                pieces.append("\n" if node.kind == "item" == before.kind else "\n\n")
            pieces += _lead(before, node, wording), _wrapped(_printed(before, node, wording, numbers), options.width)
            before = node
        if numbers:
            pieces += "\n\n", _RULE, "\n\n", "\n".join(f"[{number}] {href}" for href, number in numbers.items())
        return Rendered("".join([*pieces, "\n"]) if pieces else "", self.info.media_type)


def _lead(before: Node | None, node: Node, wording: Wording) -> str:
    """What the layout needs before a node, so that it can be read back."""
    if before is None:
        # An underline without a title says that date and intro are not yet a story.
        return f"{_UNDERLINE}\n\n" if node.role in ("date", "intro") else ""
    if node.role == "framing" and before.role == "group":
        return f"{wording.outlets} {_NONE}\n\n"
    begins_story = node.role in ("section", "headline") and before.role != "section"
    begins_end = node.role in ("call-to-action", "publisher") and node.role != before.role
    begins_end |= node.level == 2 and node.role in ("provenance", "schemes")
    return f"{_RULE}\n\n" if begins_story or begins_end else ""


def _link_numbers(nodes: Iterable[Node]) -> dict[str, int]:
    """A number for each address, after those of the notes, so that each number means one thing."""
    after = max((node.number for node in nodes if node.kind == "note" and node.number), default=0)
    hrefs = dict.fromkeys(node.href for node in nodes if node.href)
    return {href: number for number, href in enumerate(hrefs, after + 1)}


def _printed(before: Node | None, node: Node, wording: Wording, numbers: Mapping[str, int]) -> str:
    text = f"{node.text}{node.marks}"
    if node.kind == "item":
        text = f"  {f'{node.number}.' if node.number else '-'} {text}"
    elif node.kind == "note" and node.number:
        text = f"[{node.number}] {text}"
    elif node.kind == "quote":
        text = f"“{node.text}” {node.marks}" if node.role == "citation" else f"> {text}"
    elif node.kind == "outlets":
        text = node.text.removesuffix(_list(node.items, wording)) + _list(map(_escaped, node.items), wording)
    elif node.role == "publisher" and (before is None or before.role != "publisher"):
        text = f"— {text}"
    if node.href:
        text = f"{text} [{numbers[node.href]}]" if numbers else f"{text} <{node.href}>"
    return f"{text}\n{_UNDERLINE}" if node.role == "title" else text


def _list(names: Iterable[str], wording: Wording) -> str:
    return f"{wording.comma} ".join(names)


def _escaped(name: str) -> str:
    """A name whose commas do not part it."""
    return _PARTS_NAMES.sub(r"\\\g<0>", name)


def _wrapped(text: str, width: int) -> str:
    if not width:
        return text
    indent = " " * 5 if text.startswith("  ") else ""
    return "\n".join(wrapped(line, width, indent) for line in text.split("\n"))


@renderers
def perspectives_renderers() -> list[Renderer[TextOptions]]:
    """The text renderer."""
    return [TextRenderer()]
