"""The single things of a brief in the terms of schema.org."""

import datetime as dt
from collections.abc import Iterable, Iterator
from typing import Any

from perspectives import (
    Block,
    Brief,
    CallToAction,
    Citation,
    Fact,
    Image,
    Link,
    Paragraph,
    Publisher,
    Question,
    Quote,
    Source,
    Story,
    TimelineEvent,
    Wording,
)

Thing = dict[str, Any]

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


def thing(kind: str, **values: object) -> Thing:
    """A thing without what nobody says; one value is told as itself, several as a list."""
    found: Thing = {"@type": kind}
    for name, value in values.items():
        told: Any = list(value) if isinstance(value, Iterator | tuple) else value
        if isinstance(told, list):
            told = told[0] if len(told) == 1 else told
        if told not in (None, [], ""):
            found[name] = told
    return found


class Cited:
    """The sources of one story; a name of theirs holds within the document only, as that of any blank node."""

    def __init__(self, story: Story, index: int, words: Wording) -> None:
        self._story = story
        self._words = words
        self._names = {source.id: f"_:s{index}-{number}" for number, source in enumerate(story.sources)}

    def sources(self) -> list[Thing]:
        """What is cited, and what is only listed."""
        return [{"@id": self._names[one.id], **source(one)} for one in self._story.sources]

    def by(self, citations: Iterable[Citation]) -> list[Thing]:
        """What a statement cites: sources, words of theirs, or common knowledge."""
        return [self._citation(citation) for citation in citations]

    def _citation(self, citation: Citation) -> Thing:
        source = {"@id": self._names[citation.source]} if citation.source is not None else None
        whole = source or thing("CreativeWork", name=self._words.common_knowledge)
        return thing("Quotation", text=citation.quote, isPartOf=whole) if citation.quote else whole


def moment(value: dt.date | None) -> str | None:
    """A day or a time (ISO 8601)."""
    return value.isoformat() if value else None


def provenance(told: Brief | Story) -> Thing:
    """When it was made, and of what kind its source is."""
    made = told.provenance
    kind = _SOURCE_TYPES.get(made.digital_source_type or "") if made else None
    return {
        "dateCreated": moment(made.created) if made else None,
        "digitalSourceType": f"https://schema.org/{kind}" if kind else None,
    }


def _pixels(count: int | None) -> Thing | None:
    return thing("QuantitativeValue", value=count, unitCode="E37") if count else None  # UN/CEFACT: pixel


def image(image: Image) -> Thing:
    """A picture."""
    return thing(
        "ImageObject",
        url=image.url,
        description=image.alt,
        caption=image.caption,
        creditText=image.credit,
        width=_pixels(image.width),
        height=_pixels(image.height),
    )


def facts(facts: tuple[Fact, ...], cited: Cited) -> Thing | None:
    """The facts, as a numbered list of claims."""
    claims = [
        thing(
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


def paragraph(paragraph: Paragraph, cited: Cited) -> Thing:
    """A paragraph of the context."""
    return thing("CreativeWork", genre=paragraph.kind, text=paragraph.text, citation=cited.by(paragraph.citations))


def quotation(quote: Quote, cited: Cited) -> Thing:
    """Only very words are a quotation; a speaker may be a person, a house or two hoteliers, and is credited as said."""
    kind = "Quotation" if quote.verbatim else "CreativeWork"
    return thing(kind, text=quote.text, creditText=quote.speaker, citation=cited.by(quote.citations))


def question(question: Question, cited: Cited) -> Thing:
    """What a reader may ask, and the answer as far as there is one."""
    answer = thing("Answer", text=question.answer) if question.answer else None
    return thing("Question", name=question.question, acceptedAnswer=answer, citation=cited.by(question.citations))


def event(event: TimelineEvent, cited: Cited) -> Thing:
    """A step of the timeline."""
    return thing(
        "Event",
        description=event.when,
        name=event.text,
        startDate=moment(event.date),
        subjectOf=cited.by(event.citations),
    )


def block(block: Block) -> Thing:
    """What only stories of one topic have."""
    return thing("CreativeWork", genre=block.kind, name=block.label, text=block.items)


def link(link: Link) -> Thing:
    """Where a reader can go on."""
    return thing("CreativeWork", name=link.label, url=link.href)


def source(source: Source) -> Thing:
    """What citations refer to."""
    return thing(
        "CreativeWork",
        identifier=source.id,
        name=source.title,
        url=source.url,
        author=source.author,
        publisher=thing("Organization", name=source.outlet) if source.outlet else None,
        datePublished=moment(source.published),
        archivedAt=source.archived_url,
        inLanguage=source.language,
        isAccessibleForFree=None if source.paywalled is None else not source.paywalled,
    )


def publisher(publisher: Publisher | None) -> Thing | None:
    """Who answers for the brief."""
    if publisher is None:
        return None
    return thing(
        "Organization",
        name=publisher.name,
        url=publisher.url,
        logo=image(publisher.logo) if publisher.logo else None,
        address=publisher.postal_address,
        email=publisher.email,
    )


def action(call: CallToAction | None) -> Thing | None:
    """What readers are asked to do."""
    if call is None:
        return None
    texts = [text for text in (call.headline, *call.body, call.assurance) if text]
    return thing("Action", name=call.label, description=texts, target=call.href)
