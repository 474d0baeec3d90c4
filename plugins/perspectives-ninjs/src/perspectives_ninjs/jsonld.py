"""A brief as JSON-LD in the terms of schema.org: what programs can tell of it.

The names are those of the data block in the library's pages; here everything is told that a brief says. A fact is
a `Claim` and never a `ClaimReview`, which states a verdict.
"""

import datetime as dt
import json
from collections.abc import Iterable, Iterator
from typing import Any

from attrs import field, frozen
from attrs.validators import and_, ge, le

from perspectives import (
    Block,
    Brief,
    CallToAction,
    Citation,
    Fact,
    Image,
    Link,
    Outlet,
    Paragraph,
    PerspectiveGroup,
    Publisher,
    Question,
    Quote,
    Rating,
    RatingScheme,
    Source,
    Story,
    TimelineEvent,
    Wording,
)
from perspectives.plugin import Node, Rendered, RendererInfo, RenderTools

Thing = dict[str, Any]

_ESCAPES = {character: f"\\u{ord(character):04x}" for character in "<>&\u2028\u2029"}
# What the vocabulary of IPTC is called in schema.org; its other codes have no name there.
_SOURCE_TYPES = {
    **{
        code: f"{code[0].upper()}{code[1:]}DigitalSource"
        for code in (
            "algorithmicMedia algorithmicallyEnhanced composite compositeCapture compositeSynthetic"
            " compositeWithTrainedAlgorithmicMedia dataDrivenMedia digitalArt digitalCapture minorHumanEdits"
            " negativeFilm positiveFilm print screenCapture trainedAlgorithmicMedia virtualRecording"
        ).split()
    },
    "computationalCapture": "MultiFrameComputationalCaptureDigitalSource",
}


@frozen(kw_only=True)
class JsonLdOptions:
    """How the JSON is laid out."""

    indent: int = field(
        default=2, validator=and_(ge(0), le(8)), metadata={"help": "blanks a level, up to 8; 0 = all on one line"}
    )


class JsonLdRenderer:
    """Writes one JSON-LD document, which can stand in a `script` element as it is."""

    info: RendererInfo = RendererInfo(
        name="jsonld",
        media_type="application/ld+json",
        summary="JSON-LD in the terms of schema.org",
        extensions=(".jsonld",),
        omits=frozenset({"accessed", "exhaustive", "extra", "wording"}),
    )
    options_class: type[JsonLdOptions] = JsonLdOptions

    def render(self, brief: Brief, options: JsonLdOptions, tools: RenderTools, /) -> Rendered:
        """The document: a `CreativeWork` whose parts are the stories, or the `NewsArticle` where there is no more."""
        graph = _Graph(brief, tools)
        alone = Brief(stories=brief.stories, language=brief.language, extra=brief.extra, wording=brief.wording)
        things = [graph.article(index) for index in range(len(brief.stories))]
        thing = things[0] if len(things) == 1 and brief == alone else graph.edition(things)
        data = {"@context": "https://schema.org", **thing}
        text = json.dumps(data, ensure_ascii=False, indent=options.indent or None)
        for character, escape in _ESCAPES.items():
            text = text.replace(character, escape)
        return Rendered(f"{text}\n", self.info.media_type)


def _thing(kind: str, **values: object) -> Thing:
    """A thing without what nobody says; one value is told as itself, several as a list."""
    found: Thing = {"@type": kind}
    for name, value in values.items():
        told: Any = list(value) if isinstance(value, Iterator | tuple) else value
        if isinstance(told, list):
            told = told[0] if len(told) == 1 else told
        if told not in (None, [], ""):
            found[name] = told
    return found


class _Graph:
    """The things that one brief tells of."""

    def __init__(self, brief: Brief, tools: RenderTools) -> None:
        self._brief = brief
        self._words: Wording = tools.wording(brief)
        self._schemes = {scheme.id: scheme.axis for scheme in brief.schemes}
        self._taken: set[str] = set()
        self._nodes: dict[str, list[Node]] = {}
        for node in tools.outline(brief):
            self._nodes.setdefault(node.path, []).append(node)

    def edition(self, articles: list[Thing]) -> Thing:
        """The brief around its articles."""
        brief = self._brief
        made = self._made("$.provenance")
        return self._identified(
            _thing(
                "CreativeWork",
                identifier=brief.id,
                url=brief.url,
                name=brief.title,
                description=brief.intro,
                datePublished=_moment(brief.date),
                inLanguage=brief.language,
                publisher=_publisher(brief.publisher),
                **_provenance(brief),
                hasPart=[*articles, *made],
                mentions=[self._scheme(index, scheme) for index, scheme in enumerate(brief.schemes)],
                potentialAction=_action(brief.call_to_action),
            ),
            brief.url,
        )

    def article(self, index: int) -> Thing:
        """A story."""
        brief, story = self._brief, self._brief.stories[index]
        cited = _Cited(story, index, self._words)
        provenance = story.provenance or brief.provenance
        disclosure = self._words.unreviewed if provenance and provenance.is_unreviewed else None
        return self._identified(
            _thing(
                "NewsArticle",
                identifier=story.id,
                url=story.url,
                headline=story.headline,
                abstract=story.summary,
                articleSection=story.section,
                datePublished=_moment(story.published or story.date),
                dateModified=_moment(story.updated),
                # The day that a story is of, where its publication has a time of its own.
                temporalCoverage=_moment(story.date) if story.published else None,
                inLanguage=story.language or brief.language,
                contentLocation=_thing("Place", name=story.place) if story.place else None,
                image=map(_image, story.images),
                mainEntity=_facts(story.facts, cited),
                hasPart=[
                    *(_paragraph(one, cited) for one in (story.context.paragraphs if story.context else ())),
                    *(self._review(group, cited, disclosure) for group in story.perspectives),
                    *(_quotation(quote, cited) for quote in story.quotes),
                    *(_question(question, cited) for question in story.questions),
                    *map(_block, story.blocks),
                    *self._made(f"$.stories[{index}].provenance"),
                ],
                citation=cited.sources(),
                mentions=[*(_event(event, cited) for event in story.timeline), *map(_link, story.links)],
                about=(_thing("Thing", name=subject.name, url=subject.uri) for subject in story.subjects),
                correction=(
                    _thing("CorrectionComment", text=correction.text, datePublished=_moment(correction.date))
                    for correction in story.corrections
                ),
                translationOfWork=_thing("CreativeWork", identifier=story.translation_of)
                if story.translation_of
                else None,
                publisher=_publisher(brief.publisher),
                **_provenance(story),
            ),
            story.url,
        )

    def _identified(self, thing: Thing, url: str | None) -> Thing:
        """The thing under its address, unless another has that: two nodes of one id are one to a processor."""
        if url is None or url in self._taken:
            return thing
        self._taken.add(url)
        return {"@id": url, **thing}

    def _made(self, path: str) -> Iterator[Thing]:
        """How a text was made, as it is printed, under its heading."""
        said = self._nodes.get(path, [])
        if texts := [node.text for node in said if node.kind == "note"]:
            yield _thing("CreativeWork", name=self._words.provenance, text=texts)

    def _scheme(self, index: int, scheme: RatingScheme) -> Thing:
        return _thing(
            "DefinedTermSet",
            identifier=scheme.id,
            name=scheme.axis,
            description=[node.text for node in self._nodes.get(f"$.schemes[{index}]", [])],
            hasDefinedTerm=(_thing("DefinedTerm", name=value) for value in scheme.values),
        )

    def _review(self, group: PerspectiveGroup, cited: "_Cited", disclosure: str | None) -> Thing:
        position = group.position
        return _thing(
            "CriticReview",
            name=group.label,
            itemReviewed=map(self._outlet, group.outlets),
            reviewBody=group.framing,
            negativeNotes=group.critique,
            creditText=disclosure if group.critique else None,
            about=_thing("DefinedTerm", name=str(position.value), inDefinedTermSet=self._axis(position.scheme))
            if position
            else None,
            citation=cited.by(group.citations),
            hasPart=(_quotation(quote, cited) for quote in group.quotes),
        )

    def _axis(self, scheme: str) -> Thing:
        return _thing("DefinedTermSet", identifier=scheme, name=self._schemes.get(scheme))

    def _outlet(self, outlet: Outlet) -> Thing:
        return _thing(
            "NewsMediaOrganization",
            identifier=outlet.id,
            name=outlet.name,
            alternateName=outlet.aliases,
            url=outlet.homepage,
            address=_thing("PostalAddress", addressCountry=outlet.country) if outlet.country else None,
            knowsLanguage=outlet.languages,
            ownershipFundingInfo=outlet.owner,
            review=map(self._rating, outlet.ratings),
        )

    def _rating(self, rating: Rating) -> Thing:
        """What a rater says, as a review of theirs; how sure they are has no property of its own."""
        sure = None if rating.confidence is None else f"{self._words.confidence}: {rating.confidence}"
        return _thing(
            "Review",
            author=_thing("Organization", name=rating.rater),
            url=rating.url,
            datePublished=_moment(rating.as_of),
            license=_thing("CreativeWork", name=rating.licence) if rating.licence else None,
            reviewRating=_thing(
                "Rating",
                reviewAspect=self._schemes.get(rating.scheme, rating.scheme),
                ratingValue=rating.value,
                ratingExplanation=sure,
            ),
        )


class _Cited:
    """The sources of one story; a name of theirs holds within the document only, as that of any blank node."""

    def __init__(self, story: Story, index: int, words: Wording) -> None:
        self._story = story
        self._words = words
        self._names = {source.id: f"_:s{index}-{number}" for number, source in enumerate(story.sources)}

    def sources(self) -> list[Thing]:
        """What is cited, and what is only listed."""
        return [{"@id": self._names[source.id], **_source(source)} for source in self._story.sources]

    def by(self, citations: Iterable[Citation]) -> list[Thing]:
        """What a statement cites: sources, words of theirs, or common knowledge."""
        return [self._citation(citation) for citation in citations]

    def _citation(self, citation: Citation) -> Thing:
        source = {"@id": self._names[citation.source]} if citation.source is not None else None
        whole = source or _thing("CreativeWork", name=self._words.common_knowledge)
        return _thing("Quotation", text=citation.quote, isPartOf=whole) if citation.quote else whole


def _moment(value: dt.date | None) -> str | None:
    return value.isoformat() if value else None


def _provenance(told: Brief | Story) -> Thing:
    made = told.provenance
    kind = _SOURCE_TYPES.get(made.digital_source_type or "") if made else None
    return {
        "dateCreated": _moment(made.created) if made else None,
        "digitalSourceType": f"https://schema.org/{kind}" if kind else None,
    }


def _pixels(count: int | None) -> Thing | None:
    return _thing("QuantitativeValue", value=count, unitCode="E37") if count else None  # UN/CEFACT: pixel


def _image(image: Image) -> Thing:
    return _thing(
        "ImageObject",
        url=image.url,
        description=image.alt,
        caption=image.caption,
        creditText=image.credit,
        width=_pixels(image.width),
        height=_pixels(image.height),
    )


def _facts(facts: tuple[Fact, ...], cited: _Cited) -> Thing | None:
    claims = [
        _thing(
            "Claim",
            position=number,
            name=fact.title,
            text=fact.text,
            creativeWorkStatus=fact.status if fact.status != "reported" else None,
            citation=cited.by(fact.citations),
        )
        for number, fact in enumerate(facts, 1)
    ]
    return {"@type": "ItemList", "itemListElement": claims} if claims else None


def _paragraph(paragraph: Paragraph, cited: _Cited) -> Thing:
    return _thing("CreativeWork", genre=paragraph.kind, text=paragraph.text, citation=cited.by(paragraph.citations))


def _quotation(quote: Quote, cited: _Cited) -> Thing:
    """Only very words are a quotation; a speaker may be a person, a house or two hoteliers, and is credited as said."""
    kind = "Quotation" if quote.verbatim else "CreativeWork"
    return _thing(kind, text=quote.text, creditText=quote.speaker, citation=cited.by(quote.citations))


def _question(question: Question, cited: _Cited) -> Thing:
    answer = _thing("Answer", text=question.answer) if question.answer else None
    return _thing("Question", name=question.question, acceptedAnswer=answer, citation=cited.by(question.citations))


def _event(event: TimelineEvent, cited: _Cited) -> Thing:
    return _thing(
        "Event",
        description=event.when,
        name=event.text,
        startDate=_moment(event.date),
        subjectOf=cited.by(event.citations),
    )


def _block(block: Block) -> Thing:
    return _thing("CreativeWork", genre=block.kind, name=block.label, text=block.items)


def _link(link: Link) -> Thing:
    return _thing("CreativeWork", name=link.label, url=link.href)


def _source(source: Source) -> Thing:
    return _thing(
        "CreativeWork",
        identifier=source.id,
        name=source.title,
        url=source.url,
        author=source.author,
        publisher=_thing("Organization", name=source.outlet) if source.outlet else None,
        datePublished=_moment(source.published),
        archivedAt=source.archived_url,
        inLanguage=source.language,
        isAccessibleForFree=None if source.paywalled is None else not source.paywalled,
    )


def _publisher(publisher: Publisher | None) -> Thing | None:
    if publisher is None:
        return None
    return _thing(
        "Organization",
        name=publisher.name,
        url=publisher.url,
        logo=_image(publisher.logo) if publisher.logo else None,
        address=publisher.postal_address,
        email=publisher.email,
    )


def _action(call: CallToAction | None) -> Thing | None:
    if call is None:
        return None
    texts = [text for text in (call.headline, *call.body, call.assurance) if text]
    return _thing("Action", name=call.label, description=texts, target=call.href)
