"""What the built-in rules of `lint` look for.

Each asks one question of a brief and answers with findings; none changes it,
and none judges outlets or presumes a political axis. Codes and severities are
stable. The order of `RULES` is that of the documentation.
"""

from collections.abc import Callable, Container, Iterable, Iterator, Mapping, Sequence
from typing import Literal

from attrs import frozen

from perspectives.attribution import Outlet, Rating, RatingScheme
from perspectives.catalogue import wording_for, wording_of
from perspectives.errors import Finding
from perspectives.model import Brief, PerspectiveGroup, Story
from perspectives.outlets import OutletDirectory
from perspectives.phrases import Phrases
from perspectives.prose import find_date, find_relative_day, tokens
from perspectives.reports import Origins, balance, cited_sources, coverages, current, outlets_of
from perspectives.text import name_key, nearest, show

Severity = Literal["info", "warning", "error"]
Answer = Iterator[tuple[str, str]]
"""Path and message of each finding of a rule."""

_LONGEST_LABEL = 100
"""The most words of a label that may name its side."""
_MOST_SUGGESTIONS = 10
"""For how many unknown schemes the nearest one is looked for, which takes long where a brief holds many."""


@frozen(kw_only=True)
class BuiltInRule:
    """One of our own rules: all its findings have one severity and one hint."""

    code: str
    summary: str
    severity: Severity
    hint: str
    answers: Callable[[Brief], Answer]

    def check(self, brief: Brief, /) -> Iterator[Finding]:
        """The findings of one brief, in reading order."""
        for path, message in self.answers(brief):
            yield Finding(code=self.code, message=message, severity=self.severity, path=path, hint=self.hint)


def _rule(code: str, severity: Severity, summary: str, hint: str) -> Callable[[Callable[[Brief], Answer]], BuiltInRule]:
    """Make the function that answers for a rule the rule."""
    return lambda answers: BuiltInRule(code=code, summary=summary, severity=severity, hint=hint, answers=answers)


def _stories(brief: Brief) -> Iterator[tuple[str, Story]]:
    return ((f"$.stories[{index}]", story) for index, story in enumerate(brief.stories))


def _groups(brief: Brief) -> Iterator[tuple[str, PerspectiveGroup]]:
    for path, story in _stories(brief):
        yield from ((f"{path}.perspectives[{index}]", group) for index, group in enumerate(story.perspectives))


def _outlets(brief: Brief) -> Iterator[tuple[str, Outlet]]:
    for path, group in _groups(brief):
        yield from ((f"{path}.outlets[{index}]", outlet) for index, outlet in enumerate(group.outlets))


@_rule(
    "uncited-fact", "warning", "A fact cites no source.",
    "add a source and cite it, or say that it is common knowledge",
)  # fmt: skip
def _uncited_facts(brief: Brief) -> Answer:
    for path, story in _stories(brief):
        bare = [number for number, fact in enumerate(story.facts, 1) if not fact.citations]
        if len(bare) == len(story.facts) > 1:
            yield f"{path}.facts", f"none of the {len(bare)} facts cites a source"
        else:
            yield from ((f"{path}.facts[{number - 1}]", f"fact {number} cites no source") for number in bare)


@_rule(
    "missing-critique", "warning", "A group has no critique though others of its story have one.",
    "add a critique, or give none to any group",
)  # fmt: skip
def _missing_critiques(brief: Brief) -> Answer:
    for path, story in _stories(brief):
        if any(group.critique for group in story.perspectives):
            for index, group in enumerate(story.perspectives):
                if group.critique is None:
                    message = f"the group {show(group.label)} has no critique, others of the story have one"
                    yield f"{path}.perspectives[{index}]", message


@_rule(
    "uneven-words", "info", "A group has less than half or more than twice the mean words of its story's groups.",
    "give each group about the same room",
)  # fmt: skip
def _uneven_words(brief: Brief) -> Answer:
    for path, story in _stories(brief):
        groups = balance(story).stories[0].groups
        mean = sum(group.words for group in groups) / len(groups) if len(groups) > 1 else 0
        for index, group in enumerate(groups):
            if mean and not mean / 2 <= group.words <= mean * 2:
                message = f"the group {show(group.label)} has {group.words} words, the mean of the story is {mean:.0f}"
                yield f"{path}.perspectives[{index}]", message


@_rule(
    "single-outlet", "info", "A group of outlets names only one.",
    "name another one, or a label that speaks of this one",
)  # fmt: skip
def _single_outlets(brief: Brief) -> Answer:
    for path, group in _groups(brief):
        if group.kind == "outlets" and len(group.outlets) == 1:
            yield f"{path}.outlets", f"the group {show(group.label)} names one outlet, {show(group.outlets[0].name)}"


@_rule(
    "outlet-in-two-groups", "warning", "An outlet is in two groups of a story.",
    "leave it where it belongs",
)  # fmt: skip
def _outlets_in_two_groups(brief: Brief) -> Answer:
    for path, story in _stories(brief):
        first: dict[str, PerspectiveGroup] = {}
        for index, group in enumerate(story.perspectives):
            for at, outlet in enumerate(group.outlets):
                other = first.setdefault(outlet.identity, group)
                if other is not group:
                    message = f"{show(outlet.name)} is in the group {show(other.label)} too"
                    yield f"{path}.perspectives[{index}].outlets[{at}]", message


@_rule(
    "label-contradicts-rating", "warning", "A group is on one side of a scheme, a rating of its outlet on the other.",
    "check the group, or say in the label what else holds it together",
)  # fmt: skip
def _contradictions(brief: Brief) -> Answer:
    axes = {scheme.id: _Axis(scheme) for scheme in brief.schemes if scheme.ordered or scheme.range}
    for path, group in _groups(brief):
        words = tokens(group.label)
        claims: dict[str, list[tuple[str, str | float]]] = {}
        for index, outlet in enumerate(group.outlets):
            for id, ratings in _by_scheme(outlet, axes).items():
                if id not in claims:
                    claims[id] = list(_claims(group, words, axes[id]))
                for who, value in claims[id]:
                    if rating := axes[id].opposite(value, ratings):
                        message = (
                            f"{who} says {show(value)}, but {show(rating.rater)} rates {show(outlet.name)}"
                            f" {show(rating.value)} in {show(id)}"
                        )
                        yield f"{path}.outlets[{index}]", message


class _Axis:
    """A scheme with two sides, prepared for many labels and ratings."""

    def __init__(self, scheme: RatingScheme) -> None:
        self.id = scheme.id
        self._places: dict[str | float, float] = {value: place for place, value in enumerate(scheme.values)}
        low, high = scheme.range or (0, len(scheme.values) - 1)
        self._middle = low / 2 + high / 2
        self._named: dict[tuple[str, ...], str] = {}
        for value in scheme.values:
            self._named.setdefault(tuple(tokens(value)), value)
        self._sizes = sorted({len(part) for part in self._named} - {0}, reverse=True)

    def named(self, words: Sequence[str]) -> str | None:
        """The one value that a label holds; none if it holds several: "left and right alike" takes no side."""
        left, found = list(words), set()
        # What is longer is a text, and to look for values of every length in it would take long.
        for size in self._sizes if len(words) <= _LONGEST_LABEL else ():
            for at in range(len(words) - size + 1):
                value = self._named.get(tuple(left[at : at + size]))
                if value is not None:
                    # What belongs to "lean left" is no "left" any more.
                    left[at : at + size] = [""] * size
                    found.add(value)
        return found.pop() if len(found) == 1 else None

    def opposite(self, value: str | float, ratings: Iterable[Rating]) -> Rating | None:
        """The first of some ratings that is on the other side than a value."""
        side = self._side(value)
        return next((rating for rating in ratings if side and self._side(rating.value) == -side), None)

    def _side(self, value: str | float) -> int:
        """On which side of the middle a value is: -1, 0 or 1."""
        place = self._places[value] if isinstance(value, str) else value
        return (place > self._middle) - (place < self._middle)


def _by_scheme(outlet: Outlet, axes: Container[str]) -> Mapping[str, Sequence[Rating]]:
    """The ratings of an outlet that hold, by scheme, of some schemes."""
    found: dict[str, list[Rating]] = {}
    for rating in outlet.ratings:
        if rating.scheme in axes:
            found.setdefault(rating.scheme, []).append(rating)
    return {id: tuple(current(ratings)) for id, ratings in found.items()}


def _claims(group: PerspectiveGroup, words: Sequence[str], axis: _Axis) -> Iterator[tuple[str, str | float]]:
    """What a group says of itself in a scheme."""
    if value := axis.named(words):
        yield f"the label {show(group.label)}", value
    if group.position and group.position.scheme == axis.id:
        yield f"the position of {show(group.label)}", group.position.value


@_rule(
    "single-owner", "warning", "All sources that a story cites belong to one owner.",
    "add a source of another owner",
)  # fmt: skip
def _single_owners(brief: Brief) -> Answer:
    origins = Origins(outlets_of(brief))
    for path, story in _stories(brief):
        cited = cited_sources((one for _, one in story.citations()), {source.id: source for source in story.sources})
        owners = [origins.owner(source) for source in cited]
        if len(cited) > 1 and None not in owners and len({name_key(owner) for owner in owners if owner}) == 1:
            yield f"{path}.sources", f"all {len(cited)} sources cited belong to {show(owners[0])}"


@_rule(
    "unrated-share", "info", "More than half of the outlets have no rating in a scheme in which others have one.",
    "add their ratings, or draw no conclusion from the scheme",
)  # fmt: skip
def _unrated_shares(brief: Brief) -> Answer:
    for report in coverages(brief):
        if report.unrated.outlets * 2 > report.total:
            unrated = f"{report.unrated.outlets} of {report.total} outlets are unrated"
            yield "$.stories", f"{unrated} in {show(report.scheme)}"


@_rule(
    "unknown-scheme", "warning", "A rating or position is on a scheme that the brief does not hold.",
    "add the scheme to `schemes`, or correct its id",
)  # fmt: skip
def _unknown_schemes(brief: Brief) -> Answer:
    known = dict.fromkeys(scheme.id for scheme in brief.schemes)
    seen: set[str] = set()
    for path, rated in brief.rated():
        if rated.scheme not in known and rated.scheme not in seen:
            near = nearest(rated.scheme, known) if len(seen) < _MOST_SUGGESTIONS else None
            seen.add(rated.scheme)
            meant = f"; did you mean {show(near)}?" if near else ""
            yield f"$.{path}.scheme", f"the brief holds no scheme {show(rated.scheme)}{meant}"


@_rule(
    "glued-outlet", "warning", "An outlet's name and a text are one word, or a framing begins like a list of outlets.",
    "put the name into `outlets` and the text into `framing`",
)  # fmt: skip
def _glued_outlets(brief: Brief) -> Answer:
    shipped = OutletDirectory.shipped().names
    names = shipped | {name for outlet in outlets_of(brief) for name in (outlet.name, *outlet.aliases)}
    for path, outlet in _outlets(brief):
        end = 0 if outlet.name in shipped else _end_of_name(outlet.name, names)
        if end:
            yield f"{path}.name", f"{show(outlet.name)} looks like {show(outlet.name[:end])} and a text"
    for path, story in _stories(brief):
        wordings = (wording_of(brief), wording_for(story.language or brief.language or "en"))
        leads = tuple(dict.fromkeys(word for own in wordings for word in (own.for_example, own.outlets)))
        for index, group in enumerate(story.perspectives):
            lead = next((word for word in leads if group.framing.casefold().startswith(word.casefold())), None)
            if lead:
                yield f"{path}.perspectives[{index}].framing", f"the framing begins with {show(lead)}, as outlets do"


def _end_of_name(name: str, names: frozenset[str]) -> int:
    """Where a text seems to begin that is glued to a name, or 0: `BloombergReport the call`."""
    capitals = [
        at for at in range(1, len(name) - 1)
        if name[at].isupper() and name[at + 1].islower() and name[at - 1].isalnum()
    ]  # fmt: skip
    known = (at for at in reversed(capitals) if name[:at] in names)
    # A name such as McClatchy has no sentence behind it.
    prose = (at for at in reversed(capitals) if name[at - 1].islower() and len(name[at:].split()) > 3)
    return next(known, 0) or next(prose, 0)


@_rule(
    "date-in-prose", "info", "A text of a story holds a date, but neither the story nor the brief has one.",
    "set `date` of the story or brief, if this is its day",
)  # fmt: skip
def _dates_in_prose(brief: Brief) -> Answer:
    for path, story in _stories(brief):
        if story.date or story.published or brief.date:
            continue
        texts = [("headline", story.headline), ("summary", story.summary or "")]
        texts += [(f"facts[{index}].text", fact.text) for index, fact in enumerate(story.facts)]
        found = ((name, date) for name, text in texts if (date := find_date(text)))
        # One is enough: the remedy is the same for all.
        for name, date in list(found)[:1]:
            yield f"{path}.{name}", f"the date {show(date)} is only in the text"


@_rule(
    "relative-date", "warning", "A fact says its day relative to the day of writing.",
    "write the date",
)  # fmt: skip
def _relative_dates(brief: Brief) -> Answer:
    for path, story in _stories(brief):
        # What names no language is printed with English words.
        language = story.language or brief.language or "en"
        for index, fact in enumerate(story.facts):
            if word := find_relative_day(fact.text, language):
                yield f"{path}.facts[{index}].text", f"{show(word)} says the day only to those who know today's"


@_rule(
    "unreviewed", "warning", "A critique was written by software and reviewed by nobody.",
    "let somebody check it, and name them in `reviewed_by`",
)  # fmt: skip
def _unreviewed_critiques(brief: Brief) -> Answer:
    phrases = Phrases.of(brief, wording_of(brief))
    for path, story in _stories(brief):
        count = sum(group.critique is not None for group in story.perspectives)
        if count and phrases.is_unreviewed(story):
            what = "1 critique was" if count == 1 else f"{count} critiques were"
            yield f"{path}.perspectives", f"{what} written by software and reviewed by nobody"


RULES: tuple[BuiltInRule, ...] = (
    _uncited_facts,
    _missing_critiques,
    _uneven_words,
    _single_outlets,
    _outlets_in_two_groups,
    _contradictions,
    _single_owners,
    _unrated_shares,
    _unknown_schemes,
    _glued_outlets,
    _dates_in_prose,
    _relative_dates,
    _unreviewed_critiques,
)
