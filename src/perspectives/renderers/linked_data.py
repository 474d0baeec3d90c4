"""What a page tells programs of a brief: JSON-LD in the terms of schema.org, and what links to it show elsewhere.

Only what the model says is told. A fact is a `Claim` and never a `ClaimReview`, which states a verdict.
"""

import datetime as dt
import json
from collections.abc import Iterator, Mapping
from typing import Any

from perspectives.attribution import Outlet, Source
from perspectives.dates import html_datetime
from perspectives.model import Brief, Image, PerspectiveGroup, Publisher, Story

_ESCAPES = {character: f"\\u{ord(character):04x}" for character in "<>&\u2028\u2029"}


def in_script(text: str) -> str:
    """JSON as a `script` element may hold it: no text in it ends the element or begins a comment."""
    # Each for itself: `str.translate` takes ten times as long.
    for character, escape in _ESCAPES.items():
        text = text.replace(character, escape)
    return text


def linked_data(brief: Brief) -> str:
    """The brief and its articles, for a `script` element of the type `application/ld+json`."""
    graph = [node for node in (_edition(brief), *(_article(story, brief) for story in brief.stories)) if node]
    data = {"@context": "https://schema.org", "@graph": graph}
    return in_script(json.dumps(data, ensure_ascii=False, separators=(",", ":")))


def _node(kind: str, **values: object) -> dict[str, Any]:
    """An item without what nobody says; one thing is told as itself, several as a list."""
    found: dict[str, Any] = {"@type": kind}
    for name, value in values.items():
        told = list(value) if isinstance(value, Iterator | tuple) else value
        if isinstance(told, list):
            told = told[0] if len(told) == 1 else told
        if told not in (None, [], ""):
            found[name] = told
    return found


def _edition(brief: Brief) -> dict[str, Any] | None:
    node = _node(
        "CreativeWork",
        identifier=brief.id,
        url=brief.url,
        name=brief.title,
        description=brief.intro,
        datePublished=_moment(brief.date),
        publisher=_publisher(brief.publisher),
    )
    if len(node) == 1:
        return None
    return _identified(node, brief.url) | _node("CreativeWork", inLanguage=brief.language)


def _article(story: Story, brief: Brief) -> dict[str, Any]:
    return _identified(
        _node(
            "NewsArticle",
            identifier=story.id,
            url=story.url,
            headline=story.headline,
            abstract=story.summary,
            articleSection=story.section,
            datePublished=_moment(story.published or story.date),
            dateModified=_moment(story.updated),
            inLanguage=story.language or brief.language,
            contentLocation=_node("Place", name=story.place) if story.place else None,
            image=map(_image, story.images),
            mainEntity=_facts(story),
            hasPart=_parts(story),
            citation=map(_source, story.sources),
            mentions=(_node("CreativeWork", name=link.label, url=link.href) for link in story.links),
            about=(_node("Thing", name=subject.name, url=subject.uri) for subject in story.subjects),
            correction=(
                _node("CorrectionComment", text=correction.text, datePublished=_moment(correction.date))
                for correction in story.corrections
            ),
            isPartOf={"@id": brief.url} if brief.url else None,
            publisher=_publisher(brief.publisher),
        ),
        # Of two things with one name, programs make one.
        story.url if story.url != brief.url else None,
    )


def _identified(node: Mapping[str, Any], url: str | None) -> dict[str, Any]:
    return {"@id": url, **node} if url else dict(node)


def _moment(value: dt.date | None) -> str | None:
    return html_datetime(value) if value else None


def _image(image: Image) -> dict[str, Any]:
    return _node(
        "ImageObject",
        url=image.url,
        description=image.alt,
        caption=image.caption,
        creditText=image.credit,
        width=_pixels(image.width),
        height=_pixels(image.height),
    )


def _pixels(count: int | None) -> dict[str, Any] | None:
    """A size as schema.org wants it: a quantity with its unit, which UN/CEFACT's Recommendation 20 calls E37."""
    return _node("QuantitativeValue", value=count, unitCode="E37") if count else None


def _facts(story: Story) -> dict[str, Any] | None:
    if not story.facts:
        return None
    claims = [
        _node(
            "Claim",
            position=number,
            name=fact.title,
            text=fact.text,
            creativeWorkStatus=fact.status if fact.status != "reported" else None,
        )
        for number, fact in enumerate(story.facts, 1)
    ]
    return {"@type": "ItemList", "itemListElement": claims}


def _parts(story: Story) -> Iterator[dict[str, Any]]:
    if story.context:
        yield _node("CreativeWork", text=(paragraph.text for paragraph in story.context.paragraphs))
    yield from map(_review, story.perspectives)


def _review(group: PerspectiveGroup) -> dict[str, Any]:
    return _node(
        "CriticReview",
        name=group.label,
        itemReviewed=map(_outlet, group.outlets),
        reviewBody=group.framing,
        negativeNotes=group.critique,
    )


def _outlet(outlet: Outlet) -> dict[str, Any]:
    return _node("NewsMediaOrganization", name=outlet.name, url=outlet.homepage)


def _source(source: Source) -> dict[str, Any]:
    return _node(
        "CreativeWork",
        name=source.title,
        url=source.url,
        author=source.author,
        publisher=_node("Organization", name=source.outlet) if source.outlet else None,
        datePublished=_moment(source.published),
        archivedAt=source.archived_url,
        inLanguage=source.language,
    )


def _publisher(publisher: Publisher | None) -> dict[str, Any] | None:
    if publisher is None:
        return None
    return _node(
        "Organization",
        name=publisher.name,
        url=publisher.url,
        logo=_image(publisher.logo) if publisher.logo else None,
        address=publisher.postal_address,
        email=publisher.email,
    )


def social(brief: Brief, title: str) -> list[tuple[str, str]]:
    """What a link to the page shows elsewhere, in the terms of Open Graph; nothing where the page has no address."""
    url = address(brief)
    if url is None:
        return []
    alone = brief.stories[0] if len(brief.stories) == 1 else None
    image = next((image for story in brief.stories for image in story.images), None)
    tags = {
        "og:type": "article" if alone else "website",
        "og:url": url,
        "og:title": title,
        "og:description": description(brief),
        "og:site_name": brief.publisher.name if brief.publisher else None,
        "og:image": image.url if image else None,
        "og:image:alt": image.alt if image else None,
        "article:published_time": _moment(alone.published) if alone else None,
        "article:modified_time": _moment(alone.updated) if alone else None,
        "article:section": alone.section if alone else None,
        "twitter:card": "summary_large_image" if image else "summary",
    }
    return [(name, content) for name, content in tags.items() if content]


def address(brief: Brief) -> str | None:
    """The URL of the page: that of the brief, or of the only story of one that is nothing but it."""
    return brief.url or (brief.stories[0].url if len(brief.stories) == 1 and not brief.title else None)


def description(brief: Brief) -> str | None:
    """What the page is about, in a sentence of the brief's own."""
    return brief.intro or (brief.stories[0].summary if len(brief.stories) == 1 else None)
