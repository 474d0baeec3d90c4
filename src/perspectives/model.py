"""The model: one dated brief of stories, each told from several perspectives.

Frozen values; build a changed one with `attrs.evolve`. Every text is one
paragraph of plain text, never markup. What a source does not say stays None
or empty; nothing is invented. A value that breaks a rule is a `ModelError`
that names class and field.
"""

import datetime as dt
from collections.abc import Iterator, Sequence
from itertools import groupby
from typing import Any, Literal

from attrs import field, frozen

from perspectives.errors import Fault, ModelError
from perspectives.fields import (
    ADDRESS,
    COUNTRY,
    DATE,
    DATETIME,
    DOMAIN,
    FLAG,
    JSON,
    LANGUAGE,
    REL,
    SLUG,
    TEXT,
    URL,
    choice,
    each,
    instance,
    optional,
    to_tuple,
)
from perspectives.text import slug


# mypy takes only named functions as converters, and only typed ones say what a list must hold.
def _to_texts(value: Sequence[str]) -> tuple[str, ...]:
    return to_tuple(value)


@frozen(kw_only=True)
class Citation:
    """Where a statement comes from: a source of the story, or common knowledge."""

    source: str | None = field(
        default=None, validator=optional(TEXT), metadata={"help": "id of a `Source` of the same story"}
    )
    quote: str | None = field(
        default=None, validator=optional(TEXT), metadata={"help": "the words of the source that bear the statement"}
    )
    kind: Literal["source", "common-knowledge"] = field(
        default="source",
        validator=choice("source", "common-knowledge"),
        metadata={"help": "`source` names one; `common-knowledge` needs and has none"},
    )

    def __attrs_post_init__(self) -> None:
        if (self.kind == "source") != (self.source is not None):
            right = "the id of a source" if self.kind == "source" else "no source for common knowledge"
            _refuse(_fault("bad-citation", "the citation and its kind disagree", "Citation.source", right))


def _to_citations(value: Sequence[Citation]) -> tuple[Citation, ...]:
    return to_tuple(value)


@frozen(kw_only=True)
class Source:
    """A text that statements of a story are taken from."""

    id: str = field(validator=TEXT, metadata={"help": "what citations name it by, unique in the story: `nis-2025`"})
    title: str | None = field(default=None, validator=optional(TEXT), metadata={"help": "its own headline"})
    url: str | None = field(default=None, validator=optional(URL), metadata={"help": "where it can be read"})
    outlet: str | None = field(default=None, validator=optional(TEXT), metadata={"help": "name of who published it"})
    author: str | None = field(default=None, validator=optional(TEXT), metadata={"help": "who wrote it, as printed"})
    published: dt.datetime | None = field(
        default=None, validator=optional(DATETIME), metadata={"help": "when it came out, with offset"}
    )
    accessed: dt.datetime | None = field(
        default=None, validator=optional(DATETIME), metadata={"help": "when it was read for this story, with offset"}
    )
    archived_url: str | None = field(default=None, validator=optional(URL), metadata={"help": "a copy that stays"})
    language: str | None = field(default=None, validator=optional(LANGUAGE), metadata={"help": "BCP 47 tag: `ko`"})
    paywalled: bool | None = field(
        default=None, validator=optional(FLAG), metadata={"help": "whether reading it costs money; None = unknown"}
    )


def _to_sources(value: Sequence[Source]) -> tuple[Source, ...]:
    return to_tuple(value)


@frozen(kw_only=True)
class Fact:
    """One checkable statement. Its number is its place in the story, from 1, and is never stored."""

    text: str = field(validator=TEXT, metadata={"help": "the statement"})
    title: str | None = field(default=None, validator=optional(TEXT), metadata={"help": "a few words that lead in"})
    citations: tuple[Citation, ...] = field(
        default=(),
        converter=_to_citations,
        validator=each(instance(Citation)),
        metadata={"help": "where it comes from"},
    )
    status: Literal["reported", "confirmed", "disputed", "retracted"] = field(
        default="reported",
        validator=choice("reported", "confirmed", "disputed", "retracted"),
        metadata={"help": "how sure it is; `reported` prints nothing"},
    )
    extra: dict[str, Any] = field(
        factory=dict,
        validator=JSON,
        hash=False,
        metadata={"help": "JSON values of third parties, keyed by distribution; not copied, so do not change it"},
    )


def _to_facts(value: Sequence[Fact]) -> tuple[Fact, ...]:
    return to_tuple(value)


@frozen(kw_only=True)
class Paragraph:
    """One paragraph of the context."""

    text: str = field(validator=TEXT, metadata={"help": "the paragraph"})
    kind: Literal["background", "precedent", "outlook"] | None = field(
        default=None,
        validator=optional(choice("background", "precedent", "outlook")),
        metadata={"help": "what it does, where the source says so"},
    )
    citations: tuple[Citation, ...] = field(
        default=(),
        converter=_to_citations,
        validator=each(instance(Citation)),
        metadata={"help": "where it comes from"},
    )


def _to_paragraphs(value: Sequence[Paragraph | str]) -> tuple[Paragraph, ...]:
    items: tuple[Paragraph | str, ...] = to_tuple(value)
    if type(items) is not tuple:
        return items  # type: ignore[return-value]  # no list: for the validator
    return tuple(Paragraph(text=item) if type(item) is str else item for item in items)  # type: ignore[misc]


@frozen(kw_only=True)
class Context:
    """The history of a story and what is at stake."""

    paragraphs: tuple[Paragraph, ...] = field(
        converter=_to_paragraphs,
        validator=each(instance(Paragraph)),
        metadata={"help": "one or more, in reading order; a plain string is taken for a paragraph"},
    )

    def __attrs_post_init__(self) -> None:
        if not self.paragraphs:
            _refuse(_fault("empty-context", "a context without a paragraph", "Context.paragraphs", "one or more"))


@frozen(kw_only=True)
class Outlet:
    """A publisher. It has no leaning: who rates one says so in a rating of their own."""

    name: str = field(validator=TEXT, metadata={"help": "as printed: `South China Morning Post`"})
    id: str | None = field(
        default=None,
        validator=optional(SLUG),
        metadata={"help": "stable, lower case, letters of any script: `yeni-şafak`"},
    )
    aliases: tuple[str, ...] = field(
        default=(), converter=_to_texts, validator=each(TEXT), metadata={"help": "other names it goes by: `SCMP`"}
    )
    domains: tuple[str, ...] = field(
        default=(), converter=_to_texts, validator=each(DOMAIN), metadata={"help": "where it publishes: `scmp.com`"}
    )
    homepage: str | None = field(default=None, validator=optional(URL), metadata={"help": "its front page"})
    country: str | None = field(
        default=None, validator=optional(COUNTRY), metadata={"help": "ISO 3166-1 code of its seat: `HK`"}
    )
    languages: tuple[str, ...] = field(
        default=(), converter=_to_texts, validator=each(LANGUAGE), metadata={"help": "BCP 47 tags it publishes in"}
    )
    owner: str | None = field(default=None, validator=optional(TEXT), metadata={"help": "who owns it, as named"})
    extra: dict[str, Any] = field(
        factory=dict,
        validator=JSON,
        hash=False,
        metadata={"help": "JSON values of third parties, keyed by distribution; not copied, so do not change it"},
    )

    @property
    def identity(self) -> str:
        """What makes two mentions the same outlet: its id, else the slug of its name."""
        return self.id or slug(self.name) or self.name


def _to_outlets(value: Sequence[Outlet]) -> tuple[Outlet, ...]:
    return to_tuple(value)


@frozen(kw_only=True)
class PerspectiveGroup:
    """Outlets that cover a story alike, how they tell it, and what that telling leaves out."""

    label: str = field(
        validator=TEXT, metadata={"help": "who they are, unique in the story: `Mainstream Western media`"}
    )
    framing: str = field(validator=TEXT, metadata={"help": "what they select and make salient (Entman 1993)"})
    critique: str | None = field(
        default=None, validator=optional(TEXT), metadata={"help": "what that telling serves or leaves out"}
    )
    outlets: tuple[Outlet, ...] = field(
        default=(),
        converter=_to_outlets,
        validator=each(instance(Outlet)),
        metadata={"help": "in the author's order, which is no rank; each at most once"},
    )
    exhaustive: bool = field(
        default=False, validator=FLAG, metadata={"help": "whether these are all; False prints “e.g.,”"}
    )
    kind: Literal["outlets", "viewpoint", "stakeholder", "editorial"] = field(
        default="outlets",
        validator=choice("outlets", "viewpoint", "stakeholder", "editorial"),
        metadata={"help": "what holds the group together"},
    )
    citations: tuple[Citation, ...] = field(
        default=(),
        converter=_to_citations,
        validator=each(instance(Citation)),
        metadata={"help": "where the framing shows"},
    )
    extra: dict[str, Any] = field(
        factory=dict,
        validator=JSON,
        hash=False,
        metadata={"help": "JSON values of third parties, keyed by distribution; not copied, so do not change it"},
    )

    def __attrs_post_init__(self) -> None:
        identities = [outlet.identity for outlet in self.outlets]
        _refuse(*_twice("PerspectiveGroup.outlets", "outlet", identities, "each outlet at most once in a group"))


def _to_groups(value: Sequence[PerspectiveGroup]) -> tuple[PerspectiveGroup, ...]:
    return to_tuple(value)


@frozen(kw_only=True)
class Link:
    """Where a reader can go on. Without `href` it is printed as plain text."""

    label: str = field(validator=TEXT, metadata={"help": "the words of the link"})
    href: str | None = field(default=None, validator=optional(URL), metadata={"help": "where it leads"})
    rel: str = field(
        default="related", validator=REL, metadata={"help": "go-deeper, related, notable, alternate, canonical ..."}
    )


def _to_links(value: Sequence[Link]) -> tuple[Link, ...]:
    return to_tuple(value)


@frozen(kw_only=True)
class Story:
    """One event: facts, context, and the perspectives on it. Only the headline is required."""

    headline: str = field(validator=TEXT, metadata={"help": "the title of the story"})
    section: str | None = field(
        default=None, validator=optional(TEXT), metadata={"help": "heading it stands under: `Global & US Headlines`"}
    )
    summary: str | None = field(default=None, validator=optional(TEXT), metadata={"help": "the story in one paragraph"})
    facts: tuple[Fact, ...] = field(
        default=(),
        converter=_to_facts,
        validator=each(instance(Fact)),
        metadata={"help": "numbered from 1 by their order"},
    )
    context: Context | None = field(
        default=None, validator=optional(instance(Context)), metadata={"help": "history and stakes"}
    )
    perspectives: tuple[PerspectiveGroup, ...] = field(
        default=(),
        converter=_to_groups,
        validator=each(instance(PerspectiveGroup)),
        metadata={"help": "in the author's order, which is no rank; labels are unique"},
    )
    links: tuple[Link, ...] = field(
        default=(), converter=_to_links, validator=each(instance(Link)), metadata={"help": "where to go on, in order"}
    )
    sources: tuple[Source, ...] = field(
        default=(),
        converter=_to_sources,
        validator=each(instance(Source)),
        metadata={"help": "what citations refer to"},
    )
    place: str | None = field(
        default=None,
        validator=optional(TEXT),
        metadata={"help": "where it happened, as a dateline says it: `Anchorage`"},
    )
    id: str | None = field(
        default=None, validator=optional(TEXT), metadata={"help": "stable over versions, never its position"}
    )
    url: str | None = field(default=None, validator=optional(URL), metadata={"help": "its own page"})
    language: str | None = field(
        default=None, validator=optional(LANGUAGE), metadata={"help": "BCP 47 tag, where it is not the brief's"}
    )
    date: dt.date | None = field(
        default=None, validator=optional(DATE), metadata={"help": "day of the story, where only the day is known"}
    )
    published: dt.datetime | None = field(
        default=None, validator=optional(DATETIME), metadata={"help": "first publication, with offset"}
    )
    updated: dt.datetime | None = field(
        default=None,
        validator=optional(DATETIME),
        metadata={"help": "last change, with offset, not before `published`"},
    )
    translation_of: str | None = field(
        default=None, validator=optional(TEXT), metadata={"help": "id of the story this one translates"}
    )
    extra: dict[str, Any] = field(
        factory=dict,
        validator=JSON,
        hash=False,
        metadata={"help": "JSON values of third parties, keyed by distribution; not copied, so do not change it"},
    )

    def __attrs_post_init__(self) -> None:
        labels = [group.label for group in self.perspectives]
        ids = [source.id for source in self.sources]
        known = set(ids)
        # A few of them say what ids look like; all of them, for each fault, may be millions.
        some = f"one of {', '.join(map(repr, ids[:5]))}{', …' if ids[5:] else ''}"
        faults = [
            *_twice("Story.perspectives", "label", labels, "each label once in a story"),
            *_twice("Story.sources", "id", ids, "each source id once in a story"),
            *(
                _fault(
                    "dangling-citation",
                    f"no source has the id {citation.source!r}",
                    f"Story.{path}.source",
                    some if ids else "a source with that id in `sources`",
                )
                for path, citation in self.citations()
                if citation.source is not None and citation.source not in known
            ),
        ]
        if self.published and self.updated and self.updated < self.published:
            faults.append(
                _fault("bad-order", "updated before it was published", "Story.updated", "a time not before `published`")
            )
        _refuse(*faults)

    def citations(self) -> Iterator[tuple[str, Citation]]:
        """Every citation in reading order, with its path below the story: `facts[0].citations[1]`."""
        cited: list[tuple[str, Sequence[Fact | Paragraph | PerspectiveGroup]]] = [
            ("facts", self.facts),
            ("context.paragraphs", self.context.paragraphs if self.context else ()),
            ("perspectives", self.perspectives),
        ]
        for name, items in cited:
            for index, item in enumerate(items):
                for number, citation in enumerate(item.citations):
                    yield f"{name}[{index}].citations[{number}]", citation


def _to_stories(value: Sequence[Story]) -> tuple[Story, ...]:
    return to_tuple(value)


@frozen(kw_only=True)
class CallToAction:
    """What the brief asks its readers to do, at its end."""

    headline: str | None = field(default=None, validator=optional(TEXT), metadata={"help": "the offer in a few words"})
    body: tuple[str, ...] = field(
        default=(), converter=_to_texts, validator=each(TEXT), metadata={"help": "its paragraphs"}
    )
    assurance: str | None = field(
        default=None, validator=optional(TEXT), metadata={"help": "what readers need not fear: `No spam, ever.`"}
    )
    label: str | None = field(default=None, validator=optional(TEXT), metadata={"help": "the words on the button"})
    href: str | None = field(default=None, validator=optional(URL), metadata={"help": "where the button leads"})

    def __attrs_post_init__(self) -> None:
        if self.href is not None and self.label is None:
            _refuse(_fault("no-label", "a link without words", "CallToAction.label", "a label for `href`"))
        if not (self.headline or self.body or self.assurance or self.label):
            _refuse(_fault("empty", "a call to action that says nothing", "CallToAction", "a headline, body or label"))


@frozen(kw_only=True)
class Publisher:
    """Who answers for the brief."""

    name: str = field(validator=TEXT, metadata={"help": "as printed"})
    url: str | None = field(default=None, validator=optional(URL), metadata={"help": "its site"})
    postal_address: str | None = field(
        default=None, validator=optional(TEXT), metadata={"help": "on one line; mail laws ask for it"}
    )
    email: str | None = field(
        default=None, validator=optional(ADDRESS), metadata={"help": "address for answers: `desk@example.org`"}
    )


@frozen(kw_only=True)
class Wording:
    """The words that renderers print around the story's own.

    A word left at its default is taken from the catalogue of the language, so
    a brief overrides only those it wants otherwise. "Framing" and "critique"
    are not among them: readers see the texts, not our names for them.
    """

    language: str | None = field(
        default=None, validator=optional(LANGUAGE), metadata={"help": "which catalogue; None = the brief's language"}
    )
    direction: Literal["ltr", "rtl"] | None = field(
        default=None,
        validator=optional(choice("ltr", "rtl")),
        metadata={"help": "which way the texts are written; None = as their language is"},
    )
    facts: str = field(default="Focusing Facts", validator=TEXT, metadata={"help": "heading over the facts"})
    context: str = field(default="Context", validator=TEXT, metadata={"help": "heading over the context"})
    perspectives: str = field(default="Perspectives", validator=TEXT, metadata={"help": "heading over the groups"})
    for_example: str = field(default="e.g.,", validator=TEXT, metadata={"help": "before outlets that are some of many"})
    outlets: str = field(default="Outlets:", validator=TEXT, metadata={"help": "before outlets that are all"})
    comma: str = field(default=",", validator=TEXT, metadata={"help": "between the names of outlets"})
    go_deeper: str = field(default="Go Deeper", validator=TEXT, metadata={"help": "heading over the links"})
    sources: str = field(default="Sources", validator=TEXT, metadata={"help": "heading over the sources"})
    common_knowledge: str = field(
        default="Common knowledge", validator=TEXT, metadata={"help": "for a citation that needs no source"}
    )
    archived: str = field(default="Archived copy", validator=TEXT, metadata={"help": "link to a copy that stays"})
    confirmed: str = field(default="Confirmed", validator=TEXT, metadata={"help": "before a confirmed fact"})
    disputed: str = field(default="Disputed", validator=TEXT, metadata={"help": "before a disputed fact"})
    retracted: str = field(default="Retracted", validator=TEXT, metadata={"help": "before a retracted fact"})
    place: str = field(default="Place", validator=TEXT, metadata={"help": "before where it happened"})
    published: str = field(default="Published", validator=TEXT, metadata={"help": "before the time of publication"})
    updated: str = field(default="Updated", validator=TEXT, metadata={"help": "before the time of the last change"})
    images: str = field(default="Images", validator=TEXT, metadata={"help": "heading over the images"})
    image: str = field(default="Image", validator=TEXT, metadata={"help": "link to an image without alternative text"})
    credit: str = field(default="Credit", validator=TEXT, metadata={"help": "before who made an image"})
    quotes: str = field(default="Quotes", validator=TEXT, metadata={"help": "heading over quotes"})
    timeline: str = field(default="Timeline", validator=TEXT, metadata={"help": "heading over what happened when"})
    questions: str = field(default="Questions", validator=TEXT, metadata={"help": "heading over questions"})
    blocks: str = field(
        default="More on this story", validator=TEXT, metadata={"help": "heading over blocks of topical fields"}
    )
    subjects: str = field(default="Topics", validator=TEXT, metadata={"help": "before the subjects"})
    corrections: str = field(default="Corrections", validator=TEXT, metadata={"help": "heading over corrections"})
    provenance: str = field(
        default="How this was made", validator=TEXT, metadata={"help": "heading over who and what made the text"}
    )
    generator: str = field(
        default="Software", validator=TEXT, metadata={"help": "before the program or language model that wrote it"}
    )
    reviewed_by: str = field(
        default="Reviewed by", validator=TEXT, metadata={"help": "before the people who checked it"}
    )
    unreviewed: str = field(
        default="Written by software, not reviewed by a person",
        validator=TEXT,
        metadata={"help": "where nobody checked what a program wrote"},
    )
    created: str = field(default="Created", validator=TEXT, metadata={"help": "before when it was made"})
    digital_source_type: str = field(
        default="Digital source type", validator=TEXT, metadata={"help": "before the IPTC code"}
    )
    articles_read: str = field(default="Articles read", validator=TEXT, metadata={"help": "before a count"})
    outlets_read: str = field(default="Outlets read", validator=TEXT, metadata={"help": "before a count"})
    window: str = field(
        default="Period", validator=TEXT, metadata={"help": "before the span of time that was looked at"}
    )
    accessed: str = field(default="Accessed", validator=TEXT, metadata={"help": "before the day a source was read"})
    paywalled: str = field(default="Paywalled", validator=TEXT, metadata={"help": "for a source that costs money"})
    about_outlets: str = field(
        default="About the outlets", validator=TEXT, metadata={"help": "heading over details of the outlets"}
    )
    owner: str = field(default="Owner", validator=TEXT, metadata={"help": "before who owns an outlet"})
    country: str = field(default="Country", validator=TEXT, metadata={"help": "before where an outlet is at home"})
    schemes: str = field(
        default="Rating scales", validator=TEXT, metadata={"help": "heading over the scales that ratings are on"}
    )
    position: str = field(
        default="Position", validator=TEXT, metadata={"help": "before where a group stands on a scale"}
    )
    confidence: str = field(default="Confidence", validator=TEXT, metadata={"help": "before how sure a rater is"})
    words: str = field(default="Words", validator=TEXT, metadata={"help": "column of a chart: how many words"})
    outlet_count: str = field(
        default="Outlets", validator=TEXT, metadata={"help": "column of a chart: how many outlets"}
    )
    citation_count: str = field(
        default="Citations", validator=TEXT, metadata={"help": "column of a chart: how many citations"}
    )
    unrated: str = field(
        default="Not rated", validator=TEXT, metadata={"help": "share of the outlets without a rating"}
    )
    contested: str = field(
        default="Rated differently", validator=TEXT, metadata={"help": "share of the outlets that raters disagree on"}
    )


@frozen(kw_only=True)
class Brief:
    """One dated set of stories. No stories is legal, and renders as such."""

    title: str | None = field(default=None, validator=optional(TEXT), metadata={"help": "name of the edition"})
    intro: str | None = field(
        default=None, validator=optional(TEXT), metadata={"help": "a paragraph before the stories"}
    )
    id: str | None = field(default=None, validator=optional(TEXT), metadata={"help": "stable, never its position"})
    url: str | None = field(default=None, validator=optional(URL), metadata={"help": "its own page"})
    date: dt.date | None = field(default=None, validator=optional(DATE), metadata={"help": "day of publication"})
    language: str | None = field(
        default=None, validator=optional(LANGUAGE), metadata={"help": "BCP 47 tag; decides the printed words"}
    )
    publisher: Publisher | None = field(
        default=None, validator=optional(instance(Publisher)), metadata={"help": "who answers for it"}
    )
    stories: tuple[Story, ...] = field(
        default=(), converter=_to_stories, validator=each(instance(Story)), metadata={"help": "in reading order"}
    )
    call_to_action: CallToAction | None = field(
        default=None, validator=optional(instance(CallToAction)), metadata={"help": "sign-up text at the end"}
    )
    wording: Wording | None = field(
        default=None, validator=optional(instance(Wording)), metadata={"help": "printed words of its own"}
    )
    extra: dict[str, Any] = field(
        factory=dict,
        validator=JSON,
        hash=False,
        metadata={"help": "JSON values of third parties, keyed by distribution; not copied, so do not change it"},
    )

    @property
    def sections(self) -> tuple[tuple[str | None, tuple[Story, ...]], ...]:
        """The stories in order, those in a row that share a section together: (section, stories)."""
        return tuple((name, tuple(group)) for name, group in groupby(self.stories, key=lambda story: story.section))


def _fault(code: str, message: str, path: str, expected: str) -> Fault:
    return Fault(code=code, message=message, path=path, expected=expected)


def _twice(path: str, name: str, values: Sequence[str], expected: str) -> Iterator[Fault]:
    seen: set[str] = set()
    for index, value in enumerate(values):
        if value in seen:
            yield _fault("duplicate", f"the {name} {value!r} occurs twice", f"{path}[{index}]", expected)
        seen.add(value)


def _refuse(*faults: Fault) -> None:
    if faults:
        raise ModelError(faults)
