"""The phrases that renderers print for values of the model: dates, quotes, sources, ratings, provenance.

Each is a label of the brief's wording and a text, so that no word depends on a
number or a gender of what follows it.
"""

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence

from attrs import field, frozen

from perspectives.attribution import (
    Correction,
    Outlet,
    Position,
    Provenance,
    Quote,
    Rating,
    RatingScheme,
    Source,
)
from perspectives.dates import DateStyle, date_text
from perspectives.model import Brief, Fact, Image, PerspectiveGroup, Story, TimelineEvent
from perspectives.wording import Wording

Phrase = tuple[str, ...]
"""Words and values in turn, words first: `("Place: ", "Anchorage")`. All of it in a row is what is printed; a value
may run the other way than the words around it, so that a page must isolate it."""


def joined(parts: Sequence[Phrase], between: str) -> Phrase:
    """Phrases in a row, with the same words between each two of them."""
    pieces: list[str] = []
    for words, *rest in parts:
        if not pieces:
            pieces = [words]
        elif len(pieces) % 2:
            pieces[-1] += between + words
        else:
            pieces.append(between + words)
        pieces += rest
    return tuple(pieces)


@frozen
class Phrases:
    """How the values of one brief are put into words."""

    wording: Wording
    language: str = "en"
    """The BCP 47 tag of the words and the dates."""
    dates: DateStyle = "iso"
    schemes: Mapping[str, RatingScheme] = field(factory=dict, hash=False)
    provenance: Provenance | None = None
    """Of the brief, for stories that say none of their own."""

    @classmethod
    def of(cls, brief: Brief, wording: Wording, dates: DateStyle = "iso") -> "Phrases":
        """The phrases for a brief."""
        own = brief.wording.language if brief.wording else None
        schemes = {scheme.id: scheme for scheme in brief.schemes}
        return cls(wording, own or brief.language or wording.language or "en", dates, schemes, brief.provenance)

    def date(self, value: dt.date) -> str:
        """A date or a time."""
        return date_text(value, self.language, self.dates)

    def dateline(self, story: Story) -> Iterator[tuple[str, Phrase]]:
        """What is known of where and when, by field."""
        words = self.wording
        if story.place:
            yield "place", (f"{words.place}: ", story.place)
        if story.date:
            yield "date", ("", self.date(story.date))
        if story.published:
            yield "published", (f"{words.published}: ", self.date(story.published))
        if story.updated:
            yield "updated", (f"{words.updated}: ", self.date(story.updated))

    def status(self, fact: Fact) -> str:
        """The word before a fact; none for `reported`."""
        words = self.wording
        labels = {"confirmed": words.confirmed, "disputed": words.disputed, "retracted": words.retracted}
        return labels.get(fact.status, "")

    def lead(self, group: PerspectiveGroup) -> str:
        """The words before a group's outlets: some of many, or all."""
        return self.wording.outlets if group.exhaustive else self.wording.for_example

    @property
    def quotation_marks(self) -> tuple[str, str]:
        """What stands before and behind somebody's very words."""
        opening, closing = self.wording.open_quote, self.wording.close_quote
        # French sets its marks apart from the words, as other languages do not.
        blank = "\u00a0" if opening == "«" and self.language.lower().partition("-")[0] == "fr" else ""
        return opening + blank, blank + closing

    def quote(self, quote: Quote) -> str:
        """What somebody said; in quotation marks only where these are the very words."""
        opening, closing = self.quotation_marks
        words = f"{opening}{quote.text}{closing}" if quote.verbatim else quote.text
        return f"{words} — {quote.speaker}" if quote.speaker else words

    def event(self, event: TimelineEvent) -> str:
        """A step of the timeline."""
        return f"{event.when}: {event.text}"

    def image(self, image: Image) -> str:
        """What an image shows, or the word for one that does not say."""
        return image.alt or self.wording.image

    def credit(self, credit: str) -> Phrase:
        """Who made an image."""
        return (f"{self.wording.credit}: ", credit)

    def source(self, source: Source | None) -> Sequence[Phrase]:
        """What a source is known by: title, author, outlet and day; its id where it has none of them."""
        return [phrase for _, phrase in self.source_fields(source)]

    def source_fields(self, source: Source | None) -> Iterator[tuple[str, Phrase]]:
        """The same by field; common knowledge is of none."""
        if source is None:
            yield "", (self.wording.common_knowledge,)
            return
        day = self.date(source.published.date()) if source.published else None
        named = {"title": source.title, "author": source.author, "outlet": source.outlet, "published": day}
        known = [(name, word) for name, word in named.items() if word] or [("id", source.id)]
        yield from ((name, ("", word)) for name, word in known)
        if source.accessed:
            yield "accessed", (f"{self.wording.accessed}: ", self.date(source.accessed.date()))
        if source.paywalled:
            yield "paywalled", (self.wording.paywalled,)

    def whole_source(self, source: Source | None) -> Phrase:
        """The same in a row."""
        return joined(self.source(source), self._between)

    @property
    def _between(self) -> str:
        return f"{self.wording.comma} "

    def correction(self, correction: Correction) -> Phrase:
        """A correction, with its day where it has one."""
        day = ("", self.date(correction.date), ": ") if correction.date else ("",)
        return (*day, correction.text)

    def axis(self, scheme: str) -> str:
        """What a scheme measures; its id where the brief does not say."""
        return self.schemes[scheme].axis if scheme in self.schemes else scheme

    def position(self, position: Position) -> Phrase:
        """Where a group stands."""
        return (f"{self.wording.position}: ", self.axis(position.scheme), ": ", str(position.value))

    def rating(self, rating: Rating) -> Phrase:
        """A rating with who says so, for when, and under which terms."""
        claim: list[Phrase] = [("", rating.rater)]
        if rating.as_of:
            claim.append(("", self.date(rating.as_of)))
        if rating.confidence is not None:
            claim.append((f"{self.wording.confidence}: ", str(rating.confidence)))
        if rating.licence:
            claim.append(("", rating.licence))
        value = ("", self.axis(rating.scheme), ": ", str(rating.value))
        return (*joined([value, joined(claim, self._between)], " ("), ")")

    def outlet(self, outlet: Outlet) -> Iterator[tuple[str, Phrase]]:
        """What is known of an outlet apart from its ratings, by field."""
        if outlet.country:
            yield "country", (f"{self.wording.country}: ", outlet.country)
        if outlet.owner:
            yield "owner", (f"{self.wording.owner}: ", outlet.owner)

    def scheme(self, scheme: RatingScheme) -> Phrase:
        """A scale: its values in order, or its range."""
        if scheme.range:
            return ("", scheme.axis, ": ", str(scheme.range[0]), " … ", str(scheme.range[1]))
        values = joined([("", value) for value in scheme.values], " – " if scheme.ordered else self._between)
        return joined([("", scheme.axis), values], ": ")

    def is_unreviewed(self, story: Story) -> bool:
        """Whether software wrote the critiques of a story and nobody checked them."""
        provenance = story.provenance or self.provenance
        return bool(provenance and provenance.is_unreviewed)

    def made(self, provenance: Provenance) -> Iterator[tuple[str, Phrase]]:
        """How a text was made, by field."""
        words = self.wording
        for generator in provenance.generator:
            name = f"{generator.name} {generator.version}" if generator.version else generator.name
            role = (" (", generator.role, ")") if generator.role else ()
            yield "generator", (f"{words.generator}: ", name, *role)
        if provenance.digital_source_type:
            yield "digital_source_type", (f"{words.digital_source_type}: ", provenance.digital_source_type)
        if provenance.reviewed_by:
            people = joined([("", name) for name in provenance.reviewed_by], self._between)
            yield "reviewed_by", (f"{words.reviewed_by}: ", *people[1:])
        elif provenance.is_unreviewed:
            yield "disclosure", (words.unreviewed,)
        if provenance.created:
            yield "created", (f"{words.created}: ", self.date(provenance.created))
        if coverage := provenance.coverage:
            if coverage.articles is not None:
                yield "coverage", (f"{words.articles_read}: ", str(coverage.articles))
            if coverage.outlets is not None:
                yield "coverage", (f"{words.outlets_read}: ", str(coverage.outlets))
            if coverage.window:
                yield "coverage", (f"{words.window}: ", coverage.window)
