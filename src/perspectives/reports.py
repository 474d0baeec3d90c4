"""How a brief is balanced, how its outlets are rated, and how many origins its facts have.

Each report is a frozen value of counts; `attrs.asdict` makes plain data of
it. None judges: what the numbers mean is for the desk to say.
"""

import functools
from bisect import bisect_right
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from fractions import Fraction
from itertools import pairwise
from urllib.parse import urlsplit

from attrs import frozen

from perspectives.attribution import Citation, Outlet, Rating, RatingScheme, Source
from perspectives.model import Brief, PerspectiveGroup, Story, as_brief
from perspectives.outlets import OutletDirectory
from perspectives.prose import count_words
from perspectives.text import name_key

BINS = 5
"""In how many equal parts a range of numbers is told."""


@frozen(kw_only=True)
class GroupBalance:
    """How much room one group has.

    `words` are those of framing and critique (each Han or Kana character
    counts as one), `citations` those of the group and of its quotes.
    """

    label: str
    words: int
    outlets: int
    citations: int


@frozen(kw_only=True)
class StoryBalance:
    """How much room each group of a story has, in the story's order."""

    headline: str
    groups: tuple[GroupBalance, ...]


@frozen(kw_only=True)
class BalanceReport:
    """What `balance` counts: a `StoryBalance` for each story."""

    stories: tuple[StoryBalance, ...]


@frozen(kw_only=True)
class Share:
    """How many outlets have a value, and which part of all outlets they are (0 to 1)."""

    value: str
    outlets: int
    share: float


@frozen(kw_only=True)
class CoverageReport:
    """What `coverage` counts: the outlets of a brief over the values of one scheme.

    Every outlet is counted once, under one value, in `contested` (its raters
    disagree; none of them is chosen) or in `unrated`.
    """

    scheme: str
    axis: str | None
    values: tuple[Share, ...]
    contested: Share
    unrated: Share
    total: int


@frozen(kw_only=True)
class FactCorroboration:
    """Where one fact comes from: how many different owners, outlets and sources are cited for it.

    An agency's text in forty papers of one owner is forty sources and one
    owner. An outlet whose owner is unknown counts as an owner of its own.
    """

    number: int
    text: str
    owners: int
    outlets: int
    sources: int


@frozen(kw_only=True)
class StoryCorroboration:
    """The corroboration of each fact of a story."""

    headline: str
    facts: tuple[FactCorroboration, ...]


@frozen(kw_only=True)
class CorroborationReport:
    """What `corroboration` counts: a `StoryCorroboration` for each story."""

    stories: tuple[StoryCorroboration, ...]


def balance(what: Brief | Story) -> BalanceReport:
    """How much room each group of each story has: words, outlets, citations."""
    return BalanceReport(
        stories=tuple(
            StoryBalance(headline=story.headline, groups=tuple(map(_group_balance, story.perspectives)))
            for story in as_brief(what).stories
        )
    )


def _group_balance(group: PerspectiveGroup) -> GroupBalance:
    return GroupBalance(
        label=group.label,
        words=count_words(group.framing) + count_words(group.critique or ""),
        outlets=len(group.outlets),
        citations=len(group.citations) + sum(len(quote.citations) for quote in group.quotes),
    )


def coverage(what: Brief | Story, *, scheme: str) -> CoverageReport:
    """How the different outlets of a brief are rated in one scheme, always with those that are not.

    The values come in the order of the scheme; a range is told in five equal
    parts, each with its lower end. Of a scheme that the brief does not hold,
    the values are those that ratings have. Of a rater who dates all ratings
    of an outlet the newest counts. Outlets are different if their ids are, or
    their names where they have none: one that is mentioned with an id and
    without counts as two.
    """
    brief = as_brief(what)
    held = next((own for own in brief.schemes if own.id == scheme), None)
    rated = _Rated.of(brief)
    return _coverage(scheme, held, rated.schemes.get(scheme, {}), rated.outlets)


def coverages(what: Brief | Story) -> tuple[CoverageReport, ...]:
    """The `coverage` of each scheme that outlets are rated in, those that the brief holds first."""
    brief = as_brief(what)
    held = {scheme.id: scheme for scheme in brief.schemes}
    rated = _Rated.of(brief)
    return tuple(
        _coverage(scheme, held.get(scheme), rated.schemes[scheme], rated.outlets)
        for scheme in _held_first(brief, rated.schemes)
    )


def _coverage(
    scheme: str, held: RatingScheme | None, rated: Mapping[str, Sequence[Rating]], total: int
) -> CoverageReport:
    found = [{_place(rating.value, held) for rating in current(ratings)} for ratings in rated.values()]
    counts = Counter(place for places in found if len(places) == 1 for place in places)
    places = _places(held) if held else {place: _printed(place) for place in _in_order(found)}

    def share(value: str, count: int) -> Share:
        return Share(value=value, outlets=count, share=count / total if total else 0.0)

    return CoverageReport(
        scheme=scheme,
        axis=held.axis if held else None,
        values=tuple(share(value, counts[place]) for place, value in places.items()),
        contested=share("contested", sum(len(places) > 1 for places in found)),
        unrated=share("unrated", total - len(found)),
        total=total,
    )


@frozen
class _Rated:
    """How many different outlets a brief has, and their ratings by scheme and identity."""

    outlets: int
    schemes: Mapping[str, Mapping[str, Sequence[Rating]]]

    @classmethod
    def of(cls, brief: Brief) -> "_Rated":
        identities = set()
        schemes: dict[str, dict[str, list[Rating]]] = {}
        for outlet in outlets_of(brief):
            identity = outlet.identity
            identities.add(identity)
            for rating in outlet.ratings:
                schemes.setdefault(rating.scheme, {}).setdefault(identity, []).append(rating)
        return cls(len(identities), schemes)


def used_schemes(brief: Brief) -> tuple[str, ...]:
    """The ids of the schemes that outlets are rated in, those that the brief holds first."""
    return _held_first(brief, dict.fromkeys(rating.scheme for outlet in outlets_of(brief) for rating in outlet.ratings))


def _held_first(brief: Brief, used: Mapping[str, object]) -> tuple[str, ...]:
    return tuple(dict.fromkeys([*(scheme.id for scheme in brief.schemes if scheme.id in used), *used]))


def outlets_of(brief: Brief) -> Iterator[Outlet]:
    """Every mention of an outlet, in reading order."""
    return (outlet for story in brief.stories for group in story.perspectives for outlet in group.outlets)


def current(ratings: Iterable[Rating]) -> Iterator[Rating]:
    """The ratings of an outlet without those that their rater has replaced: all dated, and older than the newest."""
    by_rater: dict[str, list[Rating]] = {}
    for rating in ratings:
        by_rater.setdefault(rating.rater, []).append(rating)
    for own in by_rater.values():
        days = [rating.as_of for rating in own if rating.as_of]
        newest = max(days) if len(days) == len(own) else None
        yield from (rating for rating in own if newest in (None, rating.as_of))


def _place(value: str | float, scheme: RatingScheme | None) -> str | float:
    """Where a value is counted: in its fifth of a range, else for itself."""
    if isinstance(value, str) or scheme is None or scheme.range is None:
        return value
    return bisect_right(_edges(scheme.range)[1:-1], value)


def _places(scheme: RatingScheme) -> dict[str | float, str]:
    """Where values of a scheme are counted, in its order, and how that is printed."""
    if scheme.range is None:
        return {value: value for value in scheme.values}
    edges = map(_printed, _edges(scheme.range))
    return {number: f"{lower} … {upper}" for number, (lower, upper) in enumerate(pairwise(edges))}


def _edges(ends: tuple[float, float]) -> list[float]:
    low, high = map(Fraction, ends)  # exact until the end, and no range is too wide
    return [float(low + (high - low) * step / BINS) for step in range(BINS + 1)]


def _printed(value: str | float) -> str:
    return value if isinstance(value, str) else f"{value:.12g}"


def _in_order(found: Iterable[set[str | float]]) -> list[str | float]:
    """Each value once: numbers by size, then texts by letter, since a set has no order."""
    values = {value for values in found for value in values}
    numbers = sorted(value for value in values if not isinstance(value, str))
    return [*numbers, *sorted(value for value in values if isinstance(value, str))]


def corroboration(what: Brief | Story, *, outlets: OutletDirectory | None = None) -> CorroborationReport:
    """How many different owners, outlets and sources are cited for each fact.

    Owners are those that the outlets of the brief name, else those of the
    directory. A source without an outlet counts by the host of its URL, else
    for itself; common knowledge counts for nothing.
    """
    brief = as_brief(what)
    origins = Origins(outlets_of(brief), outlets)
    return CorroborationReport(
        stories=tuple(
            StoryCorroboration(headline=story.headline, facts=tuple(_corroborated(story, origins)))
            for story in brief.stories
        )
    )


def _corroborated(story: Story, origins: "Origins") -> Iterator[FactCorroboration]:
    sources = {source.id: source for source in story.sources}
    for number, fact in enumerate(story.facts, 1):
        cited = cited_sources(fact.citations, sources)
        yield FactCorroboration(
            number=number,
            text=fact.text,
            owners=len({_owner_key(origins, source) for source in cited}),
            outlets=len({origins.outlet(source) for source in cited}),
            sources=len(cited),
        )


def _owner_key(origins: "Origins", source: Source) -> tuple[str, str]:
    owner = origins.owner(source)
    return ("owner", name_key(owner)) if owner else ("outlet", origins.outlet(source))


def cited_sources(citations: Iterable[Citation], sources: Mapping[str, Source]) -> list[Source]:
    """The different sources of a story that some citations name, in their order."""
    return [sources[id] for id in dict.fromkeys(one.source for one in citations if one.source is not None)]


class Origins:
    """Who stands behind a source: its outlet and the owner of that, as far as somebody says.

    The owner is that of some `mentions` of outlets, where they name one, else
    of a directory. Where two of them differ, none is chosen.
    """

    def __init__(self, mentions: Iterable[Outlet], outlets: OutletDirectory | None = None) -> None:
        mentions = tuple(mentions)
        self._mentioned, self._known = OutletDirectory(outlets=mentions), outlets or OutletDirectory()
        # A directory leaves an owner empty on which its entries differ, as if none of them named one.
        self._owners: dict[str, dict[str, str]] = {}
        for outlet in mentions:
            if outlet.owner:
                self._owners.setdefault(outlet.identity, {}).setdefault(name_key(outlet.owner), outlet.owner)
        # Many sources share a few outlets, and a name may mean many.
        self._origin = functools.cache(self._origin_of)

    def outlet(self, source: Source) -> str:
        """What makes two sources those of one outlet."""
        identity, _ = self._origin(source.outlet or source.url or "")
        if identity is not None:
            return identity
        if source.outlet is not None:
            return name_key(source.outlet)
        return _host(source) or f"source {source.id}"

    def owner(self, source: Source) -> str | None:
        """The name of the owner, as somebody spells it, or None where it is not known."""
        return self._origin(source.outlet or source.url or "")[1]

    def _origin_of(self, key: str) -> tuple[str | None, str | None]:
        """The identity of the one outlet that a name or an address means, and its owner."""
        mentioned, known = self._mentioned.find(key), self._known.find(key)
        # The directory first: it knows an outlet by every name and domain.
        identity = next((found[0].identity for found in (known, mentioned) if len(found) == 1), None)
        own = {key: owner for outlet in mentioned for key, owner in self._owners.get(outlet.identity, {}).items()}
        others = {name_key(outlet.owner): outlet.owner for outlet in known if outlet.owner}
        owners = tuple((own or others).values())
        return identity, owners[0] if len(owners) == 1 else None


def _host(source: Source) -> str:
    """The host of a source's URL, as it is known, or nothing."""
    host = urlsplit(source.url or "").hostname or ""
    return host.removesuffix(".").removeprefix("www.")
