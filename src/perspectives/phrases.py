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

    def dateline(self, story: Story) -> Iterator[tuple[str, str]]:
        """What is known of where and when, as (field, text)."""
        words = self.wording
        if story.place:
            yield "place", f"{words.place}: {story.place}"
        if story.date:
            yield "date", self.date(story.date)
        if story.published:
            yield "published", f"{words.published}: {self.date(story.published)}"
        if story.updated:
            yield "updated", f"{words.updated}: {self.date(story.updated)}"

    def status(self, fact: Fact) -> str:
        """The word before a fact; none for `reported`."""
        words = self.wording
        labels = {"confirmed": words.confirmed, "disputed": words.disputed, "retracted": words.retracted}
        return labels.get(fact.status, "")

    def lead(self, group: PerspectiveGroup) -> str:
        """The words before a group's outlets: some of many, or all."""
        return self.wording.outlets if group.exhaustive else self.wording.for_example

    def quote(self, quote: Quote) -> str:
        """What somebody said; in quotation marks only where these are the very words."""
        opening, closing = self.wording.open_quote, self.wording.close_quote
        # French sets its marks apart from the words, as other languages do not.
        blank = "\u00a0" if opening == "«" and self.language.lower().partition("-")[0] == "fr" else ""
        words = f"{opening}{blank}{quote.text}{blank}{closing}" if quote.verbatim else quote.text
        return f"{words} — {quote.speaker}" if quote.speaker else words

    def event(self, event: TimelineEvent) -> str:
        """A step of the timeline."""
        return f"{event.when}: {event.text}"

    def image(self, image: Image) -> str:
        """What an image shows, or the word for one that does not say."""
        return image.alt or self.wording.image

    def credit(self, image: Image) -> str:
        """Who made an image, or nothing."""
        return f"{self.wording.credit}: {image.credit}" if image.credit else ""

    def source(self, source: Source | None) -> Sequence[str]:
        """What a source is known by: title, author, outlet and day; its id where it has none of them."""
        if source is None:
            return [self.wording.common_knowledge]
        day = self.date(source.published.date()) if source.published else None
        known = [word for word in (source.title, source.author, source.outlet, day) if word] or [source.id]
        if source.accessed:
            known.append(f"{self.wording.accessed}: {self.date(source.accessed.date())}")
        return [*known, self.wording.paywalled] if source.paywalled else known

    def correction(self, correction: Correction) -> str:
        """A correction, with its day where it has one."""
        return f"{self.date(correction.date)}: {correction.text}" if correction.date else correction.text

    def _axis(self, scheme: str) -> str:
        return self.schemes[scheme].axis if scheme in self.schemes else scheme

    def position(self, position: Position) -> str:
        """Where a group stands."""
        return f"{self.wording.position}: {self._axis(position.scheme)}: {position.value}"

    def rating(self, rating: Rating) -> str:
        """A rating with who says so, for when, and under which terms."""
        sure = "" if rating.confidence is None else f"{self.wording.confidence}: {rating.confidence}"
        day = self.date(rating.as_of) if rating.as_of else ""
        claim = [part for part in (rating.rater, day, sure, rating.licence) if part]
        return f"{self._axis(rating.scheme)}: {rating.value} ({f'{self.wording.comma} '.join(claim)})"

    def outlet(self, outlet: Outlet) -> Iterator[tuple[str, str]]:
        """What is known of an outlet apart from its ratings, as (field, text)."""
        if outlet.country:
            yield "country", f"{self.wording.country}: {outlet.country}"
        if outlet.owner:
            yield "owner", f"{self.wording.owner}: {outlet.owner}"

    def scheme(self, scheme: RatingScheme) -> str:
        """A scale: its values in order, or its range."""
        if scheme.range:
            return f"{scheme.axis}: {scheme.range[0]} … {scheme.range[1]}"
        between = " – " if scheme.ordered else f"{self.wording.comma} "
        return f"{scheme.axis}: {between.join(scheme.values)}"

    def is_unreviewed(self, story: Story) -> bool:
        """Whether software wrote the critiques of a story and nobody checked them."""
        provenance = story.provenance or self.provenance
        return bool(provenance and provenance.is_unreviewed)

    def made(self, provenance: Provenance) -> Iterator[tuple[str, str]]:
        """How a text was made, as (field, text)."""
        words = self.wording
        for generator in provenance.generator:
            name = f"{generator.name} {generator.version}" if generator.version else generator.name
            yield "generator", f"{words.generator}: {name}" + (f" ({generator.role})" if generator.role else "")
        if provenance.digital_source_type:
            yield "digital_source_type", f"{words.digital_source_type}: {provenance.digital_source_type}"
        if provenance.reviewed_by:
            yield "reviewed_by", f"{words.reviewed_by}: {f'{words.comma} '.join(provenance.reviewed_by)}"
        elif provenance.is_unreviewed:
            yield "disclosure", words.unreviewed
        if provenance.created:
            yield "created", f"{words.created}: {self.date(provenance.created)}"
        if coverage := provenance.coverage:
            if coverage.articles is not None:
                yield "coverage", f"{words.articles_read}: {coverage.articles}"
            if coverage.outlets is not None:
                yield "coverage", f"{words.outlets_read}: {coverage.outlets}"
            if coverage.window:
                yield "coverage", f"{words.window}: {coverage.window}"
