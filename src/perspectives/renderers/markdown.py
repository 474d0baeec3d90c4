"""A brief as Markdown that reads well as it stands, and the same in CommonMark and GFM.

Every text of the model is plain, so it comes back from any Markdown parser
letter by letter; a backslash stands only where a parser could see markup.

The layout: front matter (JSON scalars, hence YAML), intro, and for each story
`#` section, `##` headline, `###` parts and `####` groups. A first `***` opens
the call to action, a second one the publisher, and a third one what says how
the brief was made. A text is followed by the marks of its sources, `[^1] [^2]`,
which the end of the document defines, and what no reader needs to see stands in
comments: `loaders/markdown.py` reads all of it back.
"""

import json
import re
from collections.abc import Iterable, Iterator
from itertools import groupby
from typing import Literal, get_args

from attrs import field, frozen

from perspectives.attribution import Outlet
from perspectives.dates import DateStyle, check_style
from perspectives.dialect import Words, comment, data
from perspectives.errors import Fault, OptionsError
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
from perspectives.renderers.markdown_comments import comments, of_brief

_ENTITY = r"&(?=[#]?[0-9A-Za-z]+;)"

# Each alternative begins with the character it escapes and looks behind it for what must stand before:
# five times as fast. None looks at a stretch that another match looks at as well: linear time.
_COMMONMARK = rf"""
      [\\`\[\]<{{}}~^]
    | [%\#](?<={{.)                      # {{% and {{# of Liquid and Jinja: their brace is not enough
    | \*(?:(?![ ])|(?<![ ].))           # between two spaces it cannot emphasise
    | _(?:(?![^\W_])|(?<![^\W_].))      # nor this between letters or digits
    | {_ENTITY} | ;(?<!..)              # the text before may end like an entity
    | :(?=//) | \.(?<=(?i:www).) | @(?<=[^ ].)(?=\w)  # GFM links these, and linters of CommonMark mind them (MD034)
    """
_GFM = r"""
      \| | :(?:(?<=(?i:mailto).)|(?<=(?i:xmpp).))
    | %(?=[0-9A-Fa-f]{2}) | -(?<=(?i:xn).)(?=-)  # what linkify-it links it also prints decoded
    """
_MARKUP = {
    "commonmark": re.compile(_COMMONMARK, re.VERBOSE),
    "gfm": re.compile(f"{_COMMONMARK}|{_GFM}", re.VERBOSE),
}
# `=`, `:`, `%`, `!!` and `++` open blocks in MyST, MkDocs, Pandoc and Hugo only; `##a` is a slip for `## a`.
_BLOCK_START = re.compile(
    r"\A(?:(?=\#{1,6}(?:[ ]|\Z)|\#{2,6}[^\#]|[-+](?:[-+ ]|\Z)|[>=:%]|!!)|([0-9]{1,9})(?=[.)](?:[ ]|\Z)))", re.VERBOSE
)
_CLOSING_SEQUENCE = re.compile(r"(?<![^ ])#+\Z")

# What separates outlets in the shipped languages. Only ASCII can be escaped with a backslash.
_COMMAS = str.maketrans({",": r"\,", "،": "&#1548;", "、": "&#12289;", "，": "&#65292;"})

_NOTES = re.compile(r"\.(?:sources|citations)\b")

# cmark decodes entities in a title before it drops backslashes.
_IN_QUOTES = {'"': r"\"", r"\&": "&amp;"}

# In CommonMark `[^1]: Reuters` and `[^1]: Reuters (London)` define a link to `Reuters` and are not shown.
_LINK_DEFINITION = re.compile(r"[^ ]+(?: +[\"'(].*)?")


Flavour = Literal["gfm", "commonmark"]
"""`gfm` reads the same in both; `commonmark` does without the backslashes that only GFM needs."""


def escape(text: str, flavour: Flavour = "gfm") -> str:
    """A text as Markdown inline text that reads as exactly this text, anywhere within a line."""
    return _MARKUP[flavour].sub(r"\\\g<0>", text)


def escape_block(text: str, flavour: Flavour = "gfm") -> str:
    """A text as `escape` gives it, for the beginning of a paragraph or of a list item."""
    return _BLOCK_START.sub(r"\g<1>\\", escape(text, flavour), count=1)


def escape_heading(text: str, flavour: Flavour = "gfm") -> str:
    """A text as `escape` gives it, for all of a heading: a `#` at its end would not be read."""
    return _CLOSING_SEQUENCE.sub(r"\\\g<0>", escape(text, flavour))


@frozen(kw_only=True)
class MarkdownOptions:
    """How the Markdown is written."""

    flavour: Flavour = field(
        default="gfm",
        metadata={
            "help": "gfm, which reads the same everywhere, or commonmark: with fewer backslashes, not for GitHub"
        },
    )
    front_matter: bool = field(
        default=True,
        metadata={"help": "title, date, language, id and address as YAML before the text; else as heading and comment"},
    )
    comments: bool = field(
        default=True,
        metadata={
            "help": "what no reader needs, such as ids, as HTML comments, so that all loads back;"
            " false for programs that show them or refuse them"
        },
    )
    dates: DateStyle = field(default="iso", metadata={"help": "iso, or long: in the brief's language (extra `dates`)"})

    def __attrs_post_init__(self) -> None:
        if self.flavour not in get_args(Flavour):
            message = f"{self.flavour!r} is no flavour"
            raise OptionsError(Fault(code="bad-option", message=message, path="flavour", expected="gfm or commonmark"))
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
        blocks = "\n\n".join(_Writer(brief, options, tools).blocks())
        return Rendered(blocks and blocks + "\n", self.info.media_type)


def _part(node: Node) -> str:
    """The field of the brief that a node is from, and which story it is."""
    part = node.path.split(".")[1]
    return part if part.startswith("stories") else part.partition("[")[0]


def _scalar(value: str) -> str:
    # A parser that knows no front matter reads Markdown here: no HTML and no link may come of it.
    return json.dumps(value, ensure_ascii=False).replace("<", r"\u003c").replace("[", r"\u005b")


def _marks(numbers: Iterable[int]) -> str:
    # Side by side, CommonMark would take `[^1][^2]` for one link.
    return " ".join(f"[^{number}]" for number in numbers)


def _link(label: str, href: str | None) -> str:
    if not href:
        return label
    href = re.sub(_ENTITY, "&amp;", href)  # cmark would keep a backslash here
    return f"[{label}](<{href}>)" if "(" in href or ")" in href else f"[{label}]({href})"


class _Writer:
    """Writes one brief."""

    def __init__(self, brief: Brief, options: MarkdownOptions, tools: RenderTools) -> None:
        self.brief = brief
        self.flavour = options.flavour
        self.has_front_matter = options.front_matter
        self.has_comments = options.comments
        self.nodes = list(tools.outline(brief, options.dates))
        wording = tools.wording(brief)
        self.phrases = Phrases.of(brief, wording)
        self.words = Words(wording, data(brief.schemes))
        self.comments = comments(brief, self.words, self.nodes) if self.has_comments else {}
        self.outlets = self._outlets()
        self.notes: list[str] = []

    def blocks(self) -> Iterator[str]:
        """The blocks that blank lines part."""
        yield from self._front_matter() if self.has_front_matter else self._masthead()
        for part, run in groupby(self.nodes, key=_part):
            nodes = list(run)
            if part.startswith("stories"):
                yield from self._story(nodes)
                self._note(nodes)
            elif part not in ("title", "date"):
                yield from self._breaks(part)
                yield from self._comment(f"$.{part}", "")
                for node in nodes:
                    yield from self._block(node)
        yield from self.notes

    # what belongs to the brief itself

    def _front_matter(self) -> Iterator[str]:
        values = {name: data(getattr(self.brief, name)) for name in ("title", "date", "language", "id", "url")}
        lines = [f"{key}: {_scalar(value)}" for key, value in values.items() if value]
        if lines:
            yield "\n".join(["---", *lines, "---"])
        own = of_brief(self.brief, self.words, [node for node in self.nodes if node.path != "$.date"])
        if own and self.has_comments:
            yield comment(own)

    def _masthead(self) -> Iterator[str]:
        brief = self.brief
        own = {name: value for name in ("language", "id") if (value := getattr(brief, name))}
        own |= {"url": brief.url} if brief.url and not brief.title else {}
        own |= of_brief(brief, self.words, self.nodes)
        masthead = {node.role: node for node in self.nodes if node.path in ("$.title", "$.date", "$.intro")}
        if "title" in masthead:
            yield self._line(masthead["title"])
        # A heading directly above a story is a section.
        if masthead.keys() == {"title"}:
            own.setdefault("heading", "title")
        if own and self.has_comments:
            yield comment(own)
        if "date" in masthead:
            yield self._line(masthead["date"])

    def _breaks(self, part: str) -> list[str]:
        """The rules before a part of the end: one for itself, and one for each that is not there before it."""
        brief = self.brief
        if part == "intro" or (part == "schemes" and any(node.path == "$.provenance" for node in self.nodes)):
            return []
        before = {"call_to_action": [], "publisher": [brief.call_to_action]}
        absent = before.get(part, [brief.call_to_action, brief.publisher])
        return ["***"] * (1 + absent.count(None))

    # one node

    def _comment(self, path: str, role: str) -> list[str]:
        found = self.comments.get((path, role))
        return [comment(found)] if found else []

    def _block(self, node: Node) -> Iterator[str]:
        """A node with its comment: below a heading it is a block of its own."""
        line, below = self._line(node), self._comment(node.path, node.role)
        if node.level:
            yield from [line, *below]
        else:
            prefix = "> " if node.kind == "quote" else " " * self._indent(node)
            yield "\n".join([line, *(prefix + text for text in below)])

    def _indent(self, node: Node) -> int:
        if node.kind == "item":
            return len(f"{node.number}. ") if node.number else 2
        return 2 if node.kind == "link" and node.path.startswith("$.stories") else 0

    def _line(self, node: Node) -> str:
        match node.kind:
            case "heading":
                marks = f" {_marks(node.refs)}" if node.refs else ""
                return f"{'#' * node.level} {_link(escape_heading(node.text, self.flavour), node.href)}{marks}"
            case "item":
                return f"{f'{node.number}.' if node.number else '-'} {self._paragraph(node)}"
            case "link" if node.path.startswith("$.stories"):
                return f"- {self._paragraph(node)}"
            case "image":
                return f"!{_link(escape(node.text, self.flavour), node.href)}"
            case "quote":
                return f"> {self._paragraph(node)}"
            case "outlets":
                return next(self.outlets)
        return self._paragraph(node)

    def _paragraph(self, node: Node) -> str:
        text = escape(node.text, self.flavour) if node.href else escape_block(node.text, self.flavour)
        if node.role == "fact":
            text = self._fact(node) or text
        if node.refs:
            # `![` would begin an image.
            text = re.sub(r"!\Z", r"\!", text) + _marks(node.refs)
        return _link(text, node.href)

    def _fact(self, node: Node) -> str:
        """The title in bold, which tells it from the text."""
        story, index = map(int, re.findall(r"\[(\d+)\]", node.path))
        fact = self.brief.stories[story].facts[index]
        if not fact.title:
            return ""
        label = self.phrases.status(fact)
        status = f"{escape_block(f'{label}:', self.flavour)} " if label else ""
        return f"{status}**{escape(f'{fact.title}:', self.flavour)}** {escape(fact.text, self.flavour)}"

    def _outlets(self) -> Iterator[str]:
        """The line of each group that names outlets; the nodes of the outline do not know homepages."""
        separator = escape(self.phrases.wording.comma, self.flavour) + " "
        for story in self.brief.stories:
            for group in story.perspectives:
                if group.outlets:
                    lead = escape_block(self.phrases.lead(group), self.flavour)
                    yield f"{lead} {separator.join(map(self._outlet, group.outlets))}"

    def _outlet(self, outlet: Outlet) -> str:
        return _link(escape(outlet.name, self.flavour).translate(_COMMAS), outlet.homepage)

    # stories and their notes

    def _story(self, nodes: list[Node]) -> Iterator[str]:
        body = [node for node in nodes if not _NOTES.search(node.path)]
        for (kind, _), run in groupby(body, key=lambda node: (node.kind, node.number is None)):
            # Two quotes with nothing but a blank line between them would be taken for one by some.
            between = {"item": "\n", "link": "\n", "quote": "\n>\n"}.get(kind, "\n\n")
            yield between.join(block for node in run for block in self._block(node))
        cited = {number for node in body for number in node.refs}
        notes = [node.number for node in nodes if node.number and node.kind == "note"]
        if uncited := [number for number in notes if number not in cited]:  # GFM prints no note without a mark
            for node in nodes:
                if node.role == "sources" and node.level:
                    yield from self._block(node)
            yield _marks(uncited)

    def _note(self, nodes: list[Node]) -> None:
        """Define the notes of a story, each with the copies and quotes of its source below it.

        They are lines of one paragraph: what GFM indents to belong to a note is
        code to CommonMark, which has ended the definition before.
        """
        own: list[str] = []
        for node in nodes:
            if node.kind == "note" and node.number:
                self.notes += ["\n".join(own)] if own else []
                own = [f"[^{node.number}]: {self._source(node)}", *self._comment(node.path, node.role)]
            elif node.kind != "heading" and _NOTES.search(node.path):
                line = "  " + (self._quoted(node.text) if node.kind == "quote" else self._paragraph(node))
                # A comment ends the paragraph, so it is the last line.
                own.insert(len(own) - own[-1].startswith("<!--"), line)
        self.notes += ["\n".join(own)] if own else []

    def _source(self, note: Node) -> str:
        # In an autolink an entity cannot be escaped, and parsers do not agree on whether it is one.
        if note.href and not re.search(_ENTITY, note.href):
            return f"<{note.href}> {self._quoted(note.text)}"
        # A bare address there is that of the source.
        text = self._paragraph(note) if note.href else escape_block(note.text)
        return f"{text} &#32;" if _LINK_DEFINITION.fullmatch(text) else text

    def _quoted(self, text: str) -> str:
        """A text in quotation marks that it cannot close, as the title of a link has them."""
        inner = re.sub(r'\\.|"', lambda found: _IN_QUOTES.get(found[0], found[0]), escape(text, self.flavour))
        # cmark 0.30 reads on beyond a closing `\\"` where another quotation mark follows.
        return '"' + re.sub(r"\\\\\Z", "&#92;", inner) + '"'


@renderers
def perspectives_renderers() -> list[Renderer[MarkdownOptions]]:
    """The Markdown renderer."""
    return [MarkdownRenderer()]
