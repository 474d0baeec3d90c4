"""A brief as Markdown that reads well as it stands, and the same in CommonMark and GFM.

Every text of the model is plain, so it comes back from any Markdown parser
letter by letter; a backslash stands only where a parser could see markup.

The layout: front matter (JSON scalars, hence YAML), intro, and for each story
`#` section, `##` headline, `###` parts and `####` groups. A first `***` opens
the call to action, a second one the publisher, and a third one what says how
the brief was made. A text is followed by the
marks of its sources, `[^1] [^2]`, which the end of the document defines.
"""

import json
import re
from collections.abc import Iterable, Iterator
from itertools import groupby

from attrs import field, frozen

from perspectives.attribution import Outlet
from perspectives.dates import DateStyle, check_style
from perspectives.model import Brief
from perspectives.outline import UNPRINTED
from perspectives.phrases import Phrases
from perspectives.plugin import (
    Node,
    Rendered,
    Renderer,
    RendererInfo,
    RenderTools,
    renderers,
)

_ENTITY = r"&(?=[#]?[0-9A-Za-z]+;)"

# Each alternative begins with the character it escapes and looks behind it for what must stand before:
# five times as fast. None looks at a stretch that another match looks at as well: linear time.
_MARKUP = re.compile(
    rf"""
      [\\`\[\]<{{}}|~^]
    | [%\#](?<={{.)                      # {{% and {{# of Liquid and Jinja: their brace is not enough
    | \*(?:(?![ ])|(?<![ ].))           # between two spaces it cannot emphasise
    | _(?:(?![^\W_])|(?<![^\W_].))      # nor this between letters or digits
    | {_ENTITY} | ;(?<!..)              # the text before may end like an entity
    | :(?:(?=//)|(?<=(?i:mailto).)|(?<=(?i:xmpp).)) | \.(?<=(?i:www).) | @(?<=[^ ].)(?=\w)  # GFM links these
    | %(?=[0-9A-Fa-f]{{2}}) | -(?<=(?i:xn).)(?=-)  # what linkify-it links it also prints decoded
    """,
    re.VERBOSE,
)
# `=`, `:`, `%`, `!!` and `++` open blocks in MyST, MkDocs, Pandoc and Hugo only.
_BLOCK_START = re.compile(
    r"\A(?:(?=\#{1,6}(?:[ ]|\Z)|[-+](?:[-+ ]|\Z)|[>=:%]|!!)|([0-9]{1,9})(?=[.)](?:[ ]|\Z)))", re.VERBOSE
)
_CLOSING_SEQUENCE = re.compile(r"(?<![^ ])#+\Z")

# What separates outlets in the shipped languages. Only ASCII can be escaped with a backslash.
_COMMAS = str.maketrans({",": r"\,", "،": "&#1548;", "、": "&#12289;", "，": "&#65292;"})

_NOTES = re.compile(r"\.(?:sources|citations)\b")

# cmark decodes entities in a title before it drops backslashes.
_IN_QUOTES = {'"': r"\"", r"\&": "&amp;"}

# In CommonMark `[^1]: Reuters` and `[^1]: Reuters (London)` define a link to `Reuters` and are not shown.
_LINK_DEFINITION = re.compile(r"[^ ]+(?: +[\"'(].*)?")


def escape(text: str) -> str:
    """A text as Markdown inline text that reads as exactly this text, anywhere within a line."""
    return _MARKUP.sub(r"\\\g<0>", text)


def escape_block(text: str) -> str:
    """A text as `escape` gives it, for the beginning of a paragraph or of a list item."""
    return _BLOCK_START.sub(r"\g<1>\\", escape(text), count=1)


def escape_heading(text: str) -> str:
    """A text as `escape` gives it, for all of a heading: a `#` at its end would not be read."""
    return _CLOSING_SEQUENCE.sub(r"\\\g<0>", escape(text))


@frozen(kw_only=True)
class MarkdownOptions:
    """How the Markdown is written."""

    dates: DateStyle = field(default="iso", metadata={"help": "iso, or long: in the brief's language (extra `dates`)"})

    def __attrs_post_init__(self) -> None:
        check_style(self.dates)


class MarkdownRenderer:
    """Prints a brief in Markdown."""

    info: RendererInfo = RendererInfo(
        name="markdown",
        media_type="text/markdown",
        summary="Markdown for CommonMark and GitHub, sources as footnotes",
        extensions=(".md", ".markdown"),
        omits=UNPRINTED,
    )
    options_class: type[MarkdownOptions] = MarkdownOptions

    def render(self, brief: Brief, options: MarkdownOptions, tools: RenderTools, /) -> Rendered:
        """The brief as one document that ends with a line break; one that says nothing is empty."""
        blocks = "\n\n".join(_blocks(brief, options, tools))
        return Rendered(blocks and blocks + "\n", self.info.media_type)


def _blocks(brief: Brief, options: MarkdownOptions, tools: RenderTools) -> Iterator[str]:
    yield from _front_matter(brief)
    outlets = _outlets(brief, tools)
    notes: list[str] = []
    for part, run in groupby(tools.outline(brief, options.dates), key=_part):
        nodes = list(run)
        if part.startswith("stories"):
            yield from _story(nodes, outlets)
            notes += _notes(nodes)
        elif part not in ("title", "date"):  # which the front matter holds
            yield from _breaks(part, brief)
            yield from (_line(node, outlets) for node in nodes)
    yield from notes


def _part(node: Node) -> str:
    """The field of the brief that a node is from, and which story it is."""
    part = node.path.split(".")[1]
    return part if part.startswith("stories") else part.partition("[")[0]


def _front_matter(brief: Brief) -> Iterator[str]:
    day = brief.date and brief.date.isoformat()
    values = {"title": brief.title, "date": day, "language": brief.language, "id": brief.id, "url": brief.url}
    lines = [f"{key}: {_scalar(value)}" for key, value in values.items() if value]
    if lines:
        yield "\n".join(["---", *lines, "---"])


def _scalar(value: str) -> str:
    # A parser that knows no front matter reads Markdown here: no HTML and no link may come of it.
    return json.dumps(value, ensure_ascii=False).replace("<", r"\u003c").replace("[", r"\u005b")


def _breaks(part: str, brief: Brief) -> list[str]:
    """The rules before a part of the end: one for itself, and one for each that is not there before it."""
    if part == "intro" or (part == "schemes" and brief.provenance):
        return []
    before = {"call_to_action": [], "publisher": [brief.call_to_action]}
    absent = before.get(part, [brief.call_to_action, brief.publisher])
    return ["***"] * (1 + absent.count(None))


def _outlets(brief: Brief, tools: RenderTools) -> Iterator[str]:
    """The line of each group that names outlets; the nodes of the outline do not know homepages."""
    phrases = Phrases.of(brief, tools.wording(brief))
    separator = escape(phrases.wording.comma) + " "
    for story in brief.stories:
        for group in story.perspectives:
            if group.outlets:
                lead = escape_block(phrases.lead(group))
                yield f"{lead} {separator.join(map(_outlet, group.outlets))}"


def _outlet(outlet: Outlet) -> str:
    return _link(escape(outlet.name).translate(_COMMAS), outlet.homepage)


def _story(nodes: list[Node], outlets: Iterator[str]) -> Iterator[str]:
    body = [node for node in nodes if not _NOTES.search(node.path)]
    for (kind, _), run in groupby(body, key=lambda node: (node.kind, node.number is None)):
        yield ("\n" if kind in ("item", "link") else "\n\n").join(_line(node, outlets) for node in run)
    cited = {number for node in body for number in node.refs}
    notes = [node.number for node in nodes if node.number and node.kind == "note"]
    if uncited := [number for number in notes if number not in cited]:  # GFM prints no note without a mark
        yield from (_line(node, outlets) for node in nodes if node.role == "sources" and node.level)
        yield _marks(uncited)


def _line(node: Node, outlets: Iterator[str]) -> str:
    match node.kind:
        case "heading":
            marks = f" {_marks(node.refs)}" if node.refs else ""
            return f"{'#' * node.level} {_link(escape_heading(node.text), node.href)}{marks}"
        case "item":
            return f"{f'{node.number}.' if node.number else '-'} {_paragraph(node)}"
        case "link" if node.path.startswith("$.stories"):
            return f"- {_paragraph(node)}"
        case "image":
            return f"!{_link(escape(node.text), node.href)}"
        case "quote":
            return f"> {_paragraph(node)}"
        case "outlets":
            return next(outlets)
    return _paragraph(node)


def _paragraph(node: Node) -> str:
    text = escape(node.text) if node.href else escape_block(node.text)
    if node.refs:
        # `![` would begin an image.
        text = re.sub(r"!\Z", r"\!", text) + _marks(node.refs)
    return _link(text, node.href)


def _marks(numbers: Iterable[int]) -> str:
    # Side by side, CommonMark would take `[^1][^2]` for one link.
    return " ".join(f"[^{number}]" for number in numbers)


def _link(label: str, href: str | None) -> str:
    if not href:
        return label
    href = re.sub(_ENTITY, "&amp;", href)  # cmark would keep a backslash here
    return f"[{label}](<{href}>)" if "(" in href or ")" in href else f"[{label}]({href})"


def _notes(nodes: list[Node]) -> list[str]:
    """The definitions of the notes of a story, each with the copies and quotes of its source below it.

    They are lines of one paragraph: what GFM indents to belong to a note is
    code to CommonMark, which has ended the definition before.
    """
    notes: list[str] = []
    for node in nodes:
        if node.kind == "note" and node.number:
            notes.append(f"[^{node.number}]: {_source(node)}")
        elif node.kind != "heading" and _NOTES.search(node.path):
            notes[-1] += "\n  " + (_quoted(node.text) if node.kind == "quote" else _paragraph(node))
    return notes


def _source(note: Node) -> str:
    # In an autolink an entity cannot be escaped, and parsers do not agree on whether it is one.
    if note.href and not re.search(_ENTITY, note.href):
        return f"<{note.href}> {_quoted(note.text)}"
    text = _paragraph(note)
    return f"{text} &#32;" if _LINK_DEFINITION.fullmatch(text) else text


def _quoted(text: str) -> str:
    """A text in quotation marks that it cannot close, as the title of a link has them."""
    inner = re.sub(r'\\.|"', lambda found: _IN_QUOTES.get(found[0], found[0]), escape(text))
    # cmark 0.30 reads on beyond a closing `\\"` where another quotation mark follows.
    return '"' + re.sub(r"\\\\\Z", "&#92;", inner) + '"'


@renderers
def perspectives_renderers() -> list[Renderer[MarkdownOptions]]:
    """The Markdown renderer."""
    return [MarkdownRenderer()]
