"""The model: one dated brief of stories, each told from several perspectives.

What says where a statement comes from, and who an outlet is, stands in
`attribution.py`; the printed words in `wording.py`.

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

from perspectives.attribution import (
    Citation,
    Correction,
    Outlet,
    Position,
    Provenance,
    Quote,
    Rating,
    RatingScheme,
    Source,
    fits,
    to_citations,
    to_outlets,
    to_quotes,
)
from perspectives.errors import Fault, ModelError
from perspectives.fields import (
    ADDRESS,
    ALTERNATIVE,
    BLOCK_KIND,
    DATE,
    DATETIME,
    FLAG,
    JSON,
    LANGUAGE,
    REL,
    TEXT,
    URL,
    choice,
    count,
    each,
    instance,
    optional,
    refuse,
    rule,
    to_texts,
    to_tuple,
    twice,
)
from perspectives.text import show
from perspectives.wording import Wording


@frozen(kw_only=True)
class Fact:
    """One checkable statement. Its number is its place in the story, from 1, and is never stored."""

    text: str = field(validator=TEXT, metadata={"help": "the statement"})
    title: str | None = field(default=None, validator=optional(TEXT), metadata={"help": "a few words that lead in"})
    citations: tuple[Citation, ...] = field(
        default=(),
        converter=to_citations,
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
        converter=to_citations,
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
        metadata={
            "help": "one or more, in reading order; a plain string is taken for a paragraph",
            "schema": {"minItems": 1},
        },
    )

    def __attrs_post_init__(self) -> None:
        if not self.paragraphs:
            refuse(rule("empty-context", "a context without a paragraph", "Context.paragraphs", "one or more"))


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
        converter=to_outlets,
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
    position: Position | None = field(
        default=None,
        validator=optional(instance(Position)),
        metadata={"help": "where they stand on a scale, as the author sees it"},
    )
    citations: tuple[Citation, ...] = field(
        default=(),
        converter=to_citations,
        validator=each(instance(Citation)),
        metadata={"help": "where the framing shows"},
    )
    quotes: tuple[Quote, ...] = field(
        default=(), converter=to_quotes, validator=each(instance(Quote)), metadata={"help": "voices that speak for it"}
    )
    extra: dict[str, Any] = field(
        factory=dict,
        validator=JSON,
        hash=False,
        metadata={"help": "JSON values of third parties, keyed by distribution; not copied, so do not change it"},
    )

    def __attrs_post_init__(self) -> None:
        identities = [outlet.identity for outlet in self.outlets]
        refuse(*twice("PerspectiveGroup.outlets", "outlet", identities, "each outlet at most once in a group"))


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
class Image:
    """A picture, by its address; nothing is fetched."""

    url: str = field(validator=URL, metadata={"help": "where it is"})
    alt: str = field(
        validator=ALTERNATIVE,
        metadata={"help": "what it shows, for those who do not see it; empty says that it is decoration"},
    )
    caption: str | None = field(default=None, validator=optional(TEXT), metadata={"help": "the text below it"})
    credit: str | None = field(default=None, validator=optional(TEXT), metadata={"help": "who made it: `KCNA/Reuters`"})
    width: int | None = field(default=None, validator=optional(count(1)), metadata={"help": "in pixels: `1200`"})
    height: int | None = field(default=None, validator=optional(count(1)), metadata={"help": "in pixels: `800`"})


def _to_images(value: Sequence[Image]) -> tuple[Image, ...]:
    return to_tuple(value)


@frozen(kw_only=True)
class TimelineEvent:
    """One step on the way to a story."""

    when: str = field(validator=TEXT, metadata={"help": "as printed, however exact: `June 2024`"})
    text: str = field(validator=TEXT, metadata={"help": "what happened"})
    date: dt.date | None = field(
        default=None, validator=optional(DATE), metadata={"help": "the same for programs, where the day is known"}
    )
    citations: tuple[Citation, ...] = field(
        default=(),
        converter=to_citations,
        validator=each(instance(Citation)),
        metadata={"help": "where it comes from"},
    )


def _to_events(value: Sequence[TimelineEvent]) -> tuple[TimelineEvent, ...]:
    return to_tuple(value)


@frozen(kw_only=True)
class Question:
    """What a reader may ask, and the answer as far as there is one."""

    question: str = field(validator=TEXT, metadata={"help": "with its question mark"})
    answer: tuple[str, ...] = field(
        default=(), converter=to_texts, validator=each(TEXT), metadata={"help": "its paragraphs"}
    )
    citations: tuple[Citation, ...] = field(
        default=(),
        converter=to_citations,
        validator=each(instance(Citation)),
        metadata={"help": "where the answer comes from"},
    )


def _to_questions(value: Sequence[Question]) -> tuple[Question, ...]:
    return to_tuple(value)


@frozen(kw_only=True)
class Block:
    """What only stories of one topic have: travel advice, a recipe's steps, a league's table in words.

    The story stays closed because of it; what two desks need is no new field.
    """

    kind: str = field(validator=BLOCK_KIND, metadata={"help": "what it is, for programs: `travel-advisory`"})
    label: str | None = field(
        default=None, validator=optional(TEXT), metadata={"help": "heading over it: `Travel advice`"}
    )
    items: tuple[str, ...] = field(
        default=(), converter=to_texts, validator=each(TEXT), metadata={"help": "its texts, in order"}
    )

    def __attrs_post_init__(self) -> None:
        if not (self.label or self.items):
            refuse(rule("empty", "a block that says nothing", "Block", "a label or items"))


def _to_blocks(value: Sequence[Block]) -> tuple[Block, ...]:
    return to_tuple(value)


@frozen(kw_only=True)
class Subject:
    """What a story is about, in the words of a vocabulary."""

    name: str = field(validator=TEXT, metadata={"help": "as printed: `international relations`"})
    uri: str | None = field(
        default=None,
        validator=optional(URL),
        metadata={"help": "the concept in its vocabulary: `http://cv.iptc.org/newscodes/mediatopic/20000639`"},
    )


def _to_subjects(value: Sequence[Subject]) -> tuple[Subject, ...]:
    return to_tuple(value)


def _to_corrections(value: Sequence[Correction]) -> tuple[Correction, ...]:
    return to_tuple(value)


def _to_sources(value: Sequence[Source]) -> tuple[Source, ...]:
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
    quotes: tuple[Quote, ...] = field(
        default=(), converter=to_quotes, validator=each(instance(Quote)), metadata={"help": "who said what, in order"}
    )
    timeline: tuple[TimelineEvent, ...] = field(
        default=(),
        converter=_to_events,
        validator=each(instance(TimelineEvent)),
        metadata={"help": "what led here, in the author's order"},
    )
    questions: tuple[Question, ...] = field(
        default=(), converter=_to_questions, validator=each(instance(Question)), metadata={"help": "what readers ask"}
    )
    images: tuple[Image, ...] = field(
        default=(), converter=_to_images, validator=each(instance(Image)), metadata={"help": "the first is the lead"}
    )
    blocks: tuple[Block, ...] = field(
        default=(), converter=_to_blocks, validator=each(instance(Block)), metadata={"help": "topical fields, in order"}
    )
    subjects: tuple[Subject, ...] = field(
        default=(), converter=_to_subjects, validator=each(instance(Subject)), metadata={"help": "what it is about"}
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
    corrections: tuple[Correction, ...] = field(
        default=(),
        converter=_to_corrections,
        validator=each(instance(Correction)),
        metadata={"help": "what earlier versions had wrong, in order"},
    )
    provenance: Provenance | None = field(
        default=None,
        validator=optional(instance(Provenance)),
        metadata={"help": "how it was made; None = as the brief says"},
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
            *twice("Story.perspectives", "label", labels, "each label once in a story"),
            *twice("Story.sources", "id", ids, "each source id once in a story"),
            *(
                rule(
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
                rule("bad-order", "updated before it was published", "Story.updated", "a time not before `published`")
            )
        refuse(*faults)

    def citations(self) -> Iterator[tuple[str, Citation]]:
        """Every citation in reading order, with its path below the story: `facts[0].citations[1]`."""
        cited: list[tuple[str, Sequence[Fact | Paragraph | PerspectiveGroup | Quote | TimelineEvent | Question]]] = [
            ("facts", self.facts),
            ("context.paragraphs", self.context.paragraphs if self.context else ()),
            ("perspectives", self.perspectives),
            ("quotes", self.quotes),
            ("timeline", self.timeline),
            ("questions", self.questions),
        ]
        for name, items in cited:
            for index, item in enumerate(items):
                yield from _cited(f"{name}[{index}]", item.citations)
                if isinstance(item, PerspectiveGroup):
                    for number, quote in enumerate(item.quotes):
                        yield from _cited(f"{name}[{index}].quotes[{number}]", quote.citations)


def _to_schemes(value: Sequence[RatingScheme]) -> tuple[RatingScheme, ...]:
    return to_tuple(value)


def _cited(path: str, citations: Sequence[Citation]) -> Iterator[tuple[str, Citation]]:
    return ((f"{path}.citations[{number}]", citation) for number, citation in enumerate(citations))


def _to_stories(value: Sequence[Story]) -> tuple[Story, ...]:
    return to_tuple(value)


@frozen(kw_only=True)
class CallToAction:
    """What the brief asks its readers to do, at its end."""

    headline: str | None = field(default=None, validator=optional(TEXT), metadata={"help": "the offer in a few words"})
    body: tuple[str, ...] = field(
        default=(), converter=to_texts, validator=each(TEXT), metadata={"help": "its paragraphs"}
    )
    assurance: str | None = field(
        default=None, validator=optional(TEXT), metadata={"help": "what readers need not fear: `No spam, ever.`"}
    )
    label: str | None = field(default=None, validator=optional(TEXT), metadata={"help": "the words on the button"})
    href: str | None = field(default=None, validator=optional(URL), metadata={"help": "where the button leads"})

    def __attrs_post_init__(self) -> None:
        if self.href is not None and self.label is None:
            refuse(rule("no-label", "a link without words", "CallToAction.label", "a label for `href`"))
        if not (self.headline or self.body or self.assurance or self.label):
            refuse(rule("empty", "a call to action that says nothing", "CallToAction", "a headline, body or label"))


@frozen(kw_only=True)
class Publisher:
    """Who answers for the brief."""

    name: str = field(validator=TEXT, metadata={"help": "as printed"})
    url: str | None = field(default=None, validator=optional(URL), metadata={"help": "its site"})
    logo: Image | None = field(default=None, validator=optional(instance(Image)), metadata={"help": "its sign"})
    postal_address: str | None = field(
        default=None, validator=optional(TEXT), metadata={"help": "on one line; mail laws ask for it"}
    )
    email: str | None = field(
        default=None, validator=optional(ADDRESS), metadata={"help": "address for answers: `desk@example.org`"}
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
    schemes: tuple[RatingScheme, ...] = field(
        default=(),
        converter=_to_schemes,
        validator=each(instance(RatingScheme)),
        metadata={"help": "the scales of ratings and positions; a value must lie in its scale if that is here"},
    )
    call_to_action: CallToAction | None = field(
        default=None, validator=optional(instance(CallToAction)), metadata={"help": "sign-up text at the end"}
    )
    wording: Wording | None = field(
        default=None, validator=optional(instance(Wording)), metadata={"help": "printed words of its own"}
    )
    provenance: Provenance | None = field(
        default=None, validator=optional(instance(Provenance)), metadata={"help": "how it was made"}
    )
    extra: dict[str, Any] = field(
        factory=dict,
        validator=JSON,
        hash=False,
        metadata={"help": "JSON values of third parties, keyed by distribution; not copied, so do not change it"},
    )

    def __attrs_post_init__(self) -> None:
        refuse(
            *twice("Brief.schemes", "id", [scheme.id for scheme in self.schemes], "each scheme id once in a brief"),
            *(_misplaced(self) if self.schemes else ()),
        )

    def rated(self) -> Iterator[tuple[str, Rating | Position]]:
        """Every rating and position, with its path below the brief: `stories[0].perspectives[1].position`."""
        for index, story in enumerate(self.stories):
            for number, group in enumerate(story.perspectives):
                path = f"stories[{index}].perspectives[{number}]"
                if group.position:
                    yield f"{path}.position", group.position
                for at, outlet in enumerate(group.outlets):
                    for place, rating in enumerate(outlet.ratings):
                        yield f"{path}.outlets[{at}].ratings[{place}]", rating

    @property
    def sections(self) -> tuple[tuple[str | None, tuple[Story, ...]], ...]:
        """The stories in order, those in a row that share a section together: (section, stories)."""
        return tuple((name, tuple(group)) for name, group in groupby(self.stories, key=lambda story: story.section))


def as_brief(what: object) -> Brief:
    """A brief, or a story as a brief of one. Raises `ModelError` for anything else."""
    if isinstance(what, Story):
        return Brief(stories=(what,), language=what.language)
    if isinstance(what, Brief):
        return what
    raise ModelError(Fault(code="not-brief", message=f"{show(what)} is no brief", expected="a Brief or a Story"))


def _misplaced(brief: Brief) -> Iterator[Fault]:
    """What lies outside a scheme that the brief holds."""
    schemes = {scheme.id: scheme for scheme in brief.schemes}
    for path, rated in brief.rated():
        if not fits(rated, schemes):
            message = f"{show(rated.value)} is no value of the scheme {show(rated.scheme)}"
            yield rule("bad-rating", message, f"Brief.{path}.value", values_of(schemes[rated.scheme]))


def values_of(scheme: RatingScheme) -> str:
    """What a value of a scheme may be, as an error says it."""
    if scheme.range:
        return f"a number from {scheme.range[0]} to {scheme.range[1]}"
    return f"one of {', '.join(map(repr, scheme.values[:10]))}{', …' if scheme.values[10:] else ''}"
