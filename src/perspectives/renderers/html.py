"""A brief as HTML: a whole page, or a fragment to put into a page of your own."""

import base64
import hashlib
import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Literal
from urllib.parse import urlsplit

import attrs
from attrs import field, frozen

from perspectives.attribution import Citation, Outlet, Provenance, Quote
from perspectives.catalogue import direction
from perspectives.dates import DateStyle, check_style, html_datetime
from perspectives.errors import Fault, OptionsError
from perspectives.model import Brief, PerspectiveGroup, Story
from perspectives.outline import UNPRINTED, Numbering, StoryOutline, numbered
from perspectives.phrases import Phrases
from perspectives.plugin import Rendered, Renderer, RendererInfo, RenderTools, renderers
from perspectives.renderers.linked_data import address, description, in_script, linked_data, social
from perspectives.renderers.style import Isolation, Stylesheet, composed
from perspectives.reports import balance
from perspectives.text import check_url, mailto, show
from perspectives.theme import theme_of
from perspectives.wording import Wording

_CONTENTS = 3
"""With how many stories a page begins with its contents."""
_BAR = 64
"""How long the bar of the largest group is."""
_NONCE = re.compile(r"[A-Za-z0-9+/_-]+={0,2}")
"""As a content security policy has it (CSP3, `nonce-source`)."""


@frozen(kw_only=True)
class HtmlOptions:
    """How the HTML is laid out."""

    fragment: bool = field(default=False, metadata={"help": "only the brief, for a page that is there already"})
    heading_level: Literal[0, 1, 2, 3, 4] | None = field(
        default=None,
        metadata={
            "help": "level of a story, parts one below and groups two; 0 = no headings;"
            " none = below title and section in a page without a gap, 2 in a fragment"
        },
    )
    charts: bool = field(
        default=False,
        metadata={"help": "bars: words, outlets and citations of each group, and how the outlets are rated"},
    )
    dates: DateStyle = field(default="iso", metadata={"help": "iso, or long: in the brief's language (extra `dates`)"})
    css: str = field(
        default="inline",
        metadata={"help": "stylesheet: inline (not in a fragment whose isolation is class), none, or its URL"},
    )
    isolation: Isolation = field(
        default="class",
        metadata={
            "help": "class, or shadow: a fragment in a shadow root, which the rules of the page around it cannot reach"
        },
    )
    nonce: str | None = field(
        default=None, metadata={"help": "of the page's content security policy, for each style and data block"}
    )
    data_island: bool = field(
        default=False, metadata={"help": "with the brief as JSON, so that it loads back as it was"}
    )
    theme: Mapping[str, str] | None = field(
        default=None,
        hash=False,
        metadata={
            "help": "accent, ink, paper, font of your own: `theme.accent=#005f73`; for a style that is printed inline,"
            " else the stylesheet takes it"
        },
    )

    def __attrs_post_init__(self) -> None:
        check_style(self.dates)
        theme_of(self.theme)
        if self.css not in ("inline", "none") and (faults := check_url(self.css, "css")):
            expected = f"'inline', 'none' or {faults[0].expected}"
            raise OptionsError(Fault(code="bad-option", message=faults[0].message, path="css", expected=expected))
        if self.isolation == "shadow" and not self.fragment:
            message = "a page is not put into another one, so that nothing is there to isolate it from"
            raise OptionsError(Fault(code="bad-option", message=message, path="isolation", expected="fragment=True"))
        if self.nonce is not None and not _NONCE.fullmatch(self.nonce):
            message = f"{show(self.nonce)} is no nonce"
            expected = "base64: letters, digits, + / - _, and = at the end"
            raise OptionsError(Fault(code="bad-option", message=message, path="nonce", expected=expected))


@frozen(kw_only=True)
class _Levels:
    """Which heading each rank of a brief is; 0 is a paragraph."""

    title: int = 0
    section: int = 0
    story: int
    part: int
    group: int


def _levels(brief: Brief, options: HtmlOptions) -> _Levels:
    has_sections = any(story.section for story in brief.stories)
    story: int | None = options.heading_level
    if story is None:
        story = 2 if options.fragment else 1 + bool(brief.title) + has_sections
    below = _Levels(story=story, part=story and story + 1, group=story and story + 2)
    if options.fragment or story < 2:
        return below
    section = story - 1 if has_sections and story - 1 > bool(brief.title) else 0
    return attrs.evolve(below, section=section, title=(section or story) - 1 if brief.title else 0)


class HtmlRenderer:
    """Writes semantic HTML that escapes every text; no script that runs, no inline style."""

    info: RendererInfo = RendererInfo(
        name="html",
        media_type="text/html",
        summary="A page, or a fragment of one",
        extensions=(".html", ".htm"),
        omits=UNPRINTED - {"language", "height", "width", "TimelineEvent.date"} | {"Source.language"},
    )
    options_class: type[HtmlOptions] = HtmlOptions

    def render(self, brief: Brief, options: HtmlOptions, tools: RenderTools, /) -> Rendered:
        """The page or the fragment."""
        wording = tools.wording(brief)
        values = _values(brief, Phrases.of(brief, wording, options.dates), options)
        values |= _bars(brief, wording) if options.charts else {"story_bars": lambda _: (), "brief_bars": ()}
        sheet, island = _sheet(options, tools), _island(brief) if options.data_island else None
        values |= _head(options, sheet) | {"island": island}
        name = "fragment.html" if options.fragment else "page.html"
        if not options.fragment:
            values |= _page(brief, _title(brief, wording), _style_source(options, sheet), island)
        return Rendered(str(tools.templates.render(name, **values)), self.info.media_type)


@frozen(kw_only=True)
class _Count:
    """A number of a group, and how long its bar is beside that of the group with the most."""

    label: str
    number: int
    width: int


@frozen(kw_only=True)
class _StoryView:
    """A story with what the templates print of it beside its texts."""

    story: Story
    numbering: Numbering
    groups: Sequence[tuple[PerspectiveGroup, Sequence[_Count]]]
    outlets: Sequence[Outlet]
    """Of which more than the name is known."""
    made: Provenance | None
    """How the story was made, where that says anything."""
    discloses: bool
    anchor: str | None
    """The id of its element, by which the contents lead to it."""
    locale: str = ""
    """The attributes of a story in a language of its own."""
    words: str = ""
    """Those of the printed words within it, which are in the language of the brief."""
    direction: str | None
    """Which way its texts run; None where nobody says their language."""

    def refs(self, citations: Sequence[Citation]) -> tuple[int, ...]:
        """The numbers of the notes that these citations are marked with."""
        return self.numbering.refs(citations)

    def cited_url(self, quote: Quote) -> str | None:
        """Where the words can be read: the first of the sources cited for them that has an address."""
        cited = {citation.source for citation in quote.citations}
        return next(
            (source.url for _, source in self.numbering.notes if source and source.id in cited and source.url), None
        )


def _values(brief: Brief, phrases: Phrases, options: HtmlOptions) -> dict[str, Any]:
    """What the templates print; they only loop and choose."""
    anchored = not options.fragment and len(brief.stories) >= _CONTENTS
    views = [
        _view(story, numbering, phrases, brief, f"story-{number}" if anchored else None)
        for number, (story, numbering) in enumerate(numbered(brief), 1)
    ]
    rest = iter(views)
    return {
        "anchors": not options.fragment,
        "brief": brief,
        "contents": views if anchored else (),
        "language": brief.language or phrases.wording.language,
        "levels": _levels(brief, options),
        "made": _made(brief.provenance, phrases),
        "mailto": mailto,
        "moment": html_datetime,
        "phrases": phrases,
        "sections": [(name, [next(rest) for _ in group]) for name, group in brief.sections],
        "wording": phrases.wording,
    }


def _view(story: Story, numbering: Numbering, phrases: Phrases, brief: Brief, anchor: str | None) -> _StoryView:
    outline = StoryOutline(story, numbering, phrases)
    language, wording = story.language or brief.language, phrases.wording
    own = bool(story.language)
    return _StoryView(
        story=story,
        numbering=numbering,
        groups=list(zip(story.perspectives, _counts(story, wording), strict=True)),
        outlets=[outlet for _, outlet in outline.outlets()],
        made=_made(story.provenance, phrases),
        discloses=outline.discloses,
        anchor=anchor,
        locale=_locale(language, direction(language)) if own and language else "",
        words=_locale(brief.language or wording.language, wording.direction) if own else "",
        direction=direction(language) if language else None,
    )


def _counts(story: Story, wording: Wording) -> list[list[_Count]]:
    """How many words and outlets each group has; one group by itself is not compared."""
    if len(story.perspectives) < 2:
        return [[] for _ in story.perspectives]
    groups = balance(story).stories[0].groups
    told = [
        (wording.words, [group.words for group in groups]),
        (wording.outlet_count, [group.outlets for group in groups]),
    ]
    return [
        [
            _Count(label=label, number=numbers[at], width=-(-_BAR * numbers[at] // max(numbers)))
            for label, numbers in told
            if any(numbers)
        ]
        for at in range(len(groups))
    ]


def _made(provenance: Provenance | None, phrases: Phrases) -> Provenance | None:
    return provenance if provenance and any(phrases.made(provenance)) else None


def _locale(language: str | None, direction: str | None) -> str:
    """The attributes of an element in a language of its own."""
    from markupsafe import Markup

    return Markup(' lang="{}" dir="{}"').format(language, direction)


def _bars(brief: Brief, wording: Wording) -> dict[str, Any]:
    """The bars as elements, for the templates to put where they belong."""
    # Imported here, because few ask for them.
    from markupsafe import Markup

    from perspectives.charts import Segment, bar, brief_charts, story_charts

    def bars(charts: Iterable[tuple[str, Sequence[Segment]]]) -> list[str]:
        return [
            Markup(bar(title, segments, direction=wording.direction or "ltr"))  # noqa: S704 - charts.py has escaped it
            for title, segments in charts
        ]

    return {
        "story_bars": lambda story: bars(story_charts(story, wording)),
        "brief_bars": bars(brief_charts(brief, wording)),
    }


def _title(brief: Brief, wording: Wording) -> str:
    """The page's title, which HTML requires: the brief's, a headline, or the one word that always fits."""
    return brief.title or next((story.headline for story in brief.stories), wording.perspectives)


def _sheet(options: HtmlOptions, tools: RenderTools) -> Stylesheet | None:
    """The stylesheet that stands in the page or the shadow root."""
    if options.css != "inline" or (options.fragment and options.isolation == "class"):
        return None
    return composed(str(tools.templates.render("brief.css")), options.isolation, theme_of(options.theme))


def _head(options: HtmlOptions, sheet: Stylesheet | None) -> dict[str, Any]:
    """The stylesheet or its address."""
    return {
        "css": sheet.text if sheet else None,
        "css_url": options.css if options.css not in ("inline", "none") else None,
        "isolation": options.isolation,
        "nonce": options.nonce,
    }


def _style_source(options: HtmlOptions, sheet: Stylesheet | None) -> str:
    """The styles that a page may have, as a content security policy names them."""
    if sheet:
        return f"'{sheet.sha256}'" + (f" 'nonce-{options.nonce}'" if options.nonce else "")
    return "{0.scheme}://{0.netloc}".format(urlsplit(options.css)) if options.css != "none" else "'none'"


def _page(brief: Brief, title: str, style: str, island: str | None) -> dict[str, Any]:
    """What a page tells programs: what it is about, and what it may load."""
    data = linked_data(brief)
    return {
        "address": address(brief),
        "description": description(brief),
        "linked_data": data,
        "policy": _policy(brief, style, [data, island] if island else [data]),
        "social": social(brief, title),
        "title": title,
    }


def _policy(brief: Brief, style: str, data: Iterable[str]) -> str:
    """A content security policy under which nothing runs, whatever a template lets through."""
    logo = brief.publisher.logo if brief.publisher else None
    images = [image.url for story in brief.stories for image in story.images] + ([logo.url] if logo else [])
    plain = " http:" if any(url.lower().startswith("http:") for url in images) else ""
    # No browser runs data: its hash allows nothing, but checkers of pages and older browsers ask for it all the same.
    scripts = " ".join(map(_hash, data))
    loads = f"default-src 'none'; img-src https:{plain}; style-src {style}; script-src {scripts}"
    return f"{loads}; base-uri 'none'; form-action 'none'"


def _hash(text: str) -> str:
    """The text of an element, as a content security policy names it."""
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"


def _island(brief: Brief) -> str:
    """The brief as JSON, as it may stand within a page."""
    # Imported here, because few ask for it.
    from perspectives.codec import dumps

    return in_script(dumps(brief, indent=0).rstrip())


@renderers
def perspectives_renderers() -> list[Renderer[HtmlOptions]]:
    """The HTML renderer."""
    return [HtmlRenderer()]
