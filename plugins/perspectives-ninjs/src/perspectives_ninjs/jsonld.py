"""A brief as JSON-LD in the terms of schema.org: what programs can tell of it.

The names are those of the data block in the library's pages; here everything is told that a brief says. A fact is
a `Claim` and never a `ClaimReview`, which states a verdict.
"""

import json
from collections.abc import Iterator

from perspectives import Brief, Outlet, PerspectiveGroup, Rating, RatingScheme, Wording
from perspectives.plugin import Node, Rendered, RendererInfo, RenderTools
from perspectives_ninjs import things
from perspectives_ninjs.renderer import JsonOptions
from perspectives_ninjs.things import Cited, Thing, thing

_ESCAPES = {character: f"\\u{ord(character):04x}" for character in "<>&\u2028\u2029"}


class JsonLdRenderer:
    """Writes one JSON-LD document, which can stand in a `script` element as it is."""

    info: RendererInfo = RendererInfo(
        name="jsonld",
        media_type="application/ld+json",
        summary="JSON-LD in the terms of schema.org",
        extensions=(".jsonld",),
        omits=frozenset({"accessed", "exhaustive", "extra", "wording"}),
    )
    options_class: type[JsonOptions] = JsonOptions

    def render(self, brief: Brief, options: JsonOptions, tools: RenderTools, /) -> Rendered:
        """The document: a `CreativeWork` whose parts are the stories, or the `NewsArticle` where there is no more."""
        graph = _Graph(brief, tools)
        alone = Brief(stories=brief.stories, language=brief.language, extra=brief.extra, wording=brief.wording)
        top = graph.article(0) if len(brief.stories) == 1 and brief == alone else graph.edition()
        data = {"@context": "https://schema.org", **top}
        text = json.dumps(data, ensure_ascii=False, indent=options.indent or None)
        for character, escape in _ESCAPES.items():
            text = text.replace(character, escape)
        return Rendered(f"{text}\n", self.info.media_type)


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

    def edition(self) -> Thing:
        """The brief around its articles, under its own address before they take theirs."""
        brief = self._brief
        return {
            **self._id(brief.url),
            **thing(
                "CreativeWork",
                identifier=brief.id,
                url=brief.url,
                name=brief.title,
                description=brief.intro,
                datePublished=things.moment(brief.date),
                inLanguage=brief.language,
                publisher=things.publisher(brief.publisher),
                **things.provenance(brief),
                hasPart=[*map(self.article, range(len(brief.stories))), *self._made("$.provenance")],
                mentions=[self._scheme(index, scheme) for index, scheme in enumerate(brief.schemes)],
                potentialAction=things.action(brief.call_to_action),
            ),
        }

    def article(self, index: int) -> Thing:
        """A story."""
        brief, story = self._brief, self._brief.stories[index]
        cited = Cited(story, index, self._words)
        provenance = story.provenance or brief.provenance
        disclosure = self._words.unreviewed if provenance and provenance.is_unreviewed else None
        return {
            **self._id(story.url),
            **thing(
                "NewsArticle",
                identifier=story.id,
                url=story.url,
                headline=story.headline,
                abstract=story.summary,
                articleSection=story.section,
                datePublished=things.moment(story.published or story.date),
                dateModified=things.moment(story.updated),
                # The day that a story is of, where its publication has a time of its own.
                temporalCoverage=things.moment(story.date) if story.published else None,
                inLanguage=story.language or brief.language,
                contentLocation=thing("Place", name=story.place) if story.place else None,
                image=map(things.image, story.images),
                mainEntity=things.facts(story.facts, cited),
                hasPart=[
                    *(things.paragraph(one, cited) for one in (story.context.paragraphs if story.context else ())),
                    *(self._review(group, cited, disclosure) for group in story.perspectives),
                    *(things.quotation(quote, cited) for quote in story.quotes),
                    *(things.question(question, cited) for question in story.questions),
                    *map(things.block, story.blocks),
                    *self._made(f"$.stories[{index}].provenance"),
                ],
                citation=cited.sources(),
                mentions=[*(things.event(event, cited) for event in story.timeline), *map(things.link, story.links)],
                about=(thing("Thing", name=subject.name, url=subject.uri) for subject in story.subjects),
                correction=(
                    thing("CorrectionComment", text=correction.text, datePublished=things.moment(correction.date))
                    for correction in story.corrections
                ),
                translationOfWork=thing("CreativeWork", identifier=story.translation_of)
                if story.translation_of
                else None,
                publisher=things.publisher(brief.publisher),
                **things.provenance(story),
            ),
        }

    def _id(self, url: str | None) -> Thing:
        """The address of a thing as its name, unless another has it: two nodes of one id are one to a processor."""
        if url is None or url in self._taken:
            return {}
        self._taken.add(url)
        return {"@id": url}

    def _made(self, path: str) -> Iterator[Thing]:
        """How a text was made, as it is printed, under its heading."""
        said = self._nodes.get(path, [])
        if texts := [node.text for node in said if node.kind == "note"]:
            yield thing("CreativeWork", name=self._words.provenance, text=texts)

    def _scheme(self, index: int, scheme: RatingScheme) -> Thing:
        return thing(
            "DefinedTermSet",
            identifier=scheme.id,
            name=scheme.axis,
            description=[node.text for node in self._nodes.get(f"$.schemes[{index}]", [])],
            hasDefinedTerm=(thing("DefinedTerm", name=value) for value in scheme.values),
        )

    def _review(self, group: PerspectiveGroup, cited: Cited, disclosure: str | None) -> Thing:
        position = group.position
        return thing(
            "CriticReview",
            name=group.label,
            itemReviewed=map(self._outlet, group.outlets),
            reviewBody=group.framing,
            negativeNotes=group.critique,
            creditText=disclosure if group.critique else None,
            about=thing("DefinedTerm", name=str(position.value), inDefinedTermSet=self._axis(position.scheme))
            if position
            else None,
            citation=cited.by(group.citations),
            hasPart=(things.quotation(quote, cited) for quote in group.quotes),
        )

    def _axis(self, scheme: str) -> Thing:
        return thing("DefinedTermSet", identifier=scheme, name=self._schemes.get(scheme))

    def _outlet(self, outlet: Outlet) -> Thing:
        return thing(
            "NewsMediaOrganization",
            identifier=outlet.id,
            name=outlet.name,
            alternateName=outlet.aliases,
            url=outlet.homepage,
            address=thing("PostalAddress", addressCountry=outlet.country) if outlet.country else None,
            knowsLanguage=outlet.languages,
            ownershipFundingInfo=outlet.owner,
            review=map(self._rating, outlet.ratings),
        )

    def _rating(self, rating: Rating) -> Thing:
        """What a rater says, as a review of theirs; how sure they are has no property of its own."""
        sure = None if rating.confidence is None else f"{self._words.confidence}: {rating.confidence}"
        return thing(
            "Review",
            author=thing("Organization", name=rating.rater),
            url=rating.url,
            datePublished=things.moment(rating.as_of),
            license=thing("CreativeWork", name=rating.licence) if rating.licence else None,
            reviewRating=thing(
                "Rating",
                reviewAspect=self._schemes.get(rating.scheme, rating.scheme),
                ratingValue=rating.value,
                ratingExplanation=sure,
            ),
        )
