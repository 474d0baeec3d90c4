"""The outlets that are known by name, and what a brief leaves unsaid about its own."""

import functools
import json
import os
import warnings
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from importlib.resources import files
from itertools import chain
from typing import Any

import attrs
from attrs import field, frozen

from perspectives.attribution import Outlet, Position, Rating, RatingScheme, fits
from perspectives.errors import Finding, LoadWarning
from perspectives.fields import each, instance, to_tuple
from perspectives.limits import Limits
from perspectives.model import Brief, PerspectiveGroup, values_of
from perspectives.text import host_of, name_key, show

_SINGLE = ("id", "homepage", "country", "owner")
_LISTS = ("aliases", "domains", "languages", "ratings")


def _to_entries(value: Sequence[Outlet]) -> tuple[Outlet, ...]:
    return to_tuple(value)


def _to_schemes(value: Sequence[RatingScheme]) -> tuple[RatingScheme, ...]:
    return to_tuple(value)


@frozen(kw_only=True)
class OutletDirectory:
    """Outlets to look up: their other names, domains and owners, and what raters say of them.

    Made of `outlets` and of the `schemes` that their ratings use. Entries with
    the same `Outlet.identity` become one outlet: it has the name of the first
    one, the lists are united, and what only one of them says is taken. Where
    two say different things the field stays empty; nothing is chosen, and
    `conflicts` tells.
    """

    _entries: tuple[Outlet, ...] = field(
        default=(), converter=_to_entries, validator=each(instance(Outlet)), alias="outlets"
    )
    _scales: tuple[RatingScheme, ...] = field(
        default=(), converter=_to_schemes, validator=each(instance(RatingScheme)), alias="schemes"
    )

    @classmethod
    def load(
        cls,
        path: str | os.PathLike[str],
        /,
        *,
        columns: Mapping[str, str] | None = None,
        limits: Limits | None = None,
    ) -> "OutletDirectory":
        """The outlets of a file: `{"outlets": [...], "schemes": [...]}` as `.json`, or a table as `.csv`.

        The columns of a table are `name`, `id`, `aliases`, `domains`,
        `homepage`, `country`, `languages`, `owner`, and `rating.scheme`,
        `.value`, `.rater`, `.as_of`, `.url`, `.licence`, `.confidence`. Lists
        are separated by `;`, what parts the columns (a comma, `;` or tab) is
        seen by the header, an empty cell is unsaid, an address under
        `domains` counts as its host, a rating's value that is written as JSON
        writes a number is one, and a row without it has no rating. Several
        rows of one outlet are united.

        For a table of others `columns` maps our names to theirs, or with `=`
        to a text for all rows; columns that it does not name are ignored:
        `{"name": "Source", "rating.value": "Bias", "rating.rater": "=AllSides"}`.

        Raises `LoadError`, `SchemaError` or `LimitError` with every fault (its
        path is the column in a table), `OptionsError` for columns that are not
        ours, or the OSError of a file that cannot be read. `limits` bound the
        bytes and each outlet, not how many there are.
        """
        # Imported here, so that a plugin starts without cattrs.
        from perspectives.outlet_files import read_outlets

        outlets, schemes = read_outlets(path, columns, limits or Limits())
        return cls(outlets=outlets, schemes=schemes)

    @staticmethod
    @functools.cache
    def shipped() -> "OutletDirectory":
        """The outlets that come with the library: who they are, and no rating."""
        data = json.loads((files("perspectives") / "outlets.json").read_text("utf-8"))
        return OutletDirectory(outlets=[Outlet(**outlet) for outlet in data["outlets"]])

    def merged(self, *others: "OutletDirectory") -> "OutletDirectory":
        """This directory and others as one; where they differ nothing is chosen, and `conflicts` tells."""
        every = (self, *others)
        # The entries as they were given: a field that two of them dispute is not settled by a third.
        return OutletDirectory(
            outlets=_unique(chain.from_iterable(one._entries for one in every)),
            schemes=_unique(chain.from_iterable(one._scales for one in every)),
        )

    @functools.cached_property
    def outlets(self) -> tuple[Outlet, ...]:
        """Each outlet once, in the order of its first entry."""
        return tuple(outlet for outlet, _ in self._united)

    @functools.cached_property
    def schemes(self) -> tuple[RatingScheme, ...]:
        """The scales of the ratings; none that two entries describe differently."""
        return tuple(scheme for scheme in _unique(self._scales) if scheme.id not in self._disputed_scales)

    @functools.cached_property
    def names(self) -> frozenset[str]:
        """Every name and alias."""
        return frozenset(name for outlet in self.outlets for name in _names(outlet))

    @functools.cached_property
    def conflicts(self) -> tuple[Finding, ...]:
        """What its entries disagree on, and what a look-up cannot tell apart.

        Codes: `outlet-conflict`, `scheme-conflict`, `ambiguous-name`,
        `ambiguous-domain`, and `bad-rating` for a value outside its scale.
        """
        return tuple(chain(self._disputes(), self._ambiguities(), self._misplaced()))

    def find(self, key: str) -> tuple[Outlet, ...]:
        """The outlets that a text may mean: an id, a name or alias however it is spelt, a URL, or a host.

        A host means the longest domain that it is or lies below.
        """
        found = [*self._by_name.get(name_key(key), ()), *self._at(host_of(key) or "")]
        return tuple({outlet.identity: outlet for outlet in found}.values())

    def licences(self, brief: Brief | None = None) -> tuple[str, ...]:
        """The attributions that an output owes for these ratings, or for those of them that a brief holds.

        A line for each rater, licence and address, in order: `AllSides: CC BY-NC 4.0 <https://...>`.
        """
        ratings = {rating for outlet in self.outlets for rating in outlet.ratings}
        if brief is not None:
            ratings &= {rated for _, rated in brief.rated() if isinstance(rated, Rating)}
        return tuple(sorted({_attribution(rating) for rating in ratings}))

    @functools.cached_property
    def _united(self) -> tuple[tuple[Outlet, tuple[str, ...]], ...]:
        """Each outlet with what its entries disagree on."""
        entries: dict[str, list[Outlet]] = {}
        for entry in self._entries:
            entries.setdefault(entry.identity, []).append(entry)
        return tuple(_unite(same) for same in entries.values())

    @functools.cached_property
    def _by_identity(self) -> dict[str, Outlet]:
        return {outlet.identity: outlet for outlet in self.outlets}

    @functools.cached_property
    def _by_name(self) -> dict[str, list[Outlet]]:
        return _index(self.outlets, lambda outlet: (outlet.identity, *map(name_key, _names(outlet))))

    @functools.cached_property
    def _by_domain(self) -> dict[str, list[Outlet]]:
        return _index(self.outlets, lambda outlet: (domain.removeprefix("www.") for domain in outlet.domains))

    @functools.cached_property
    def _disputed_scales(self) -> tuple[str, ...]:
        counts = Counter(scheme.id for scheme in _unique(self._scales))
        return tuple(id for id, count in counts.items() if count > 1)

    def _at(self, host: str) -> Sequence[Outlet]:
        """The outlets of the longest known domain that a host is or lies below."""
        while host and host not in self._by_domain:
            host = host.partition(".")[2]
        return self._by_domain.get(host, ())

    def _entry_for(self, outlet: Outlet) -> Outlet | None:
        """The one entry for an outlet of a brief; None if there is none, or several."""
        for found in self._looked_up(outlet):
            # An entry with another id is another outlet.
            fitting = {one.identity: one for one in found if not (outlet.id and one.id) or outlet.id == one.id}
            if fitting:
                return next(iter(fitting.values())) if len(fitting) == 1 else None
        return None

    def _looked_up(self, outlet: Outlet) -> Iterator[Iterable[Outlet]]:
        """What an outlet's id, its names and its domains mean, the surest first."""
        yield [self._by_identity[outlet.id]] if outlet.id in self._by_identity else []
        yield (entry for name in _names(outlet) for entry in self._by_name.get(name_key(name), ()))
        yield (entry for domain in outlet.domains for entry in self._at(domain))

    def _disputes(self) -> Iterator[Finding]:
        for outlet, disputes in self._united:
            for dispute in disputes:
                message = f"the entries for {show(outlet.name)} disagree on {dispute}"
                yield Finding(code="outlet-conflict", message=message, hint="it stays empty until they agree")
        for id in self._disputed_scales:
            message = f"the scheme {show(id)} is described in two ways"
            yield Finding(code="scheme-conflict", message=message, hint="it is left out until they agree")

    def _ambiguities(self) -> Iterator[Finding]:
        for kind, index in (("name", self._by_name), ("domain", self._by_domain)):
            for key, outlets in index.items():
                if len(outlets) > 1:
                    names = ", ".join(show(outlet.name) for outlet in outlets)
                    message = f"the {kind} {show(key)} means {len(outlets)} outlets: {names}"
                    hint = "an outlet of a brief that has nothing else stays as it is"
                    yield Finding(code=f"ambiguous-{kind}", message=message, hint=hint)

    def _misplaced(self) -> Iterator[Finding]:
        held = {scheme.id: scheme for scheme in self.schemes}
        for outlet in self.outlets:
            for rating in outlet.ratings:
                if not fits(rating, held):
                    message = (
                        f"{show(rating.value)}, a rating of {show(outlet.name)}, is no value of {show(rating.scheme)}"
                    )
                    yield Finding(code="bad-rating", message=message, hint="no brief gets it")


def enrich(brief: Brief, directory: OutletDirectory) -> Brief:
    """A brief with what a directory knows of its outlets: ids, other names, domains, owners, ratings.

    Nothing that the brief says is changed. Lists are united, other fields are
    filled where they are empty; schemes come along for the ratings that use
    them. An outlet is looked up by its id, else by its names, else by its
    domains; where that gives none or several it stays as it is.

    Left out is what the brief's own rules forbid: an id that would make two
    outlets of a group the same, a rating outside its scheme (the brief's, else
    the directory's), and a scheme in which a value of the brief does not lie.
    Each rating and scheme that is left out is a `LoadWarning`, which says of
    which outlet, with which value, and why.
    """
    held = {scheme.id: scheme for scheme in (*directory.schemes, *brief.schemes)}
    fill = functools.partial(_filled, directory, held)
    stories = [
        attrs.evolve(story, perspectives=[_filled_group(group, fill) for group in story.perspectives])
        for story in brief.stories
    ]
    filled = attrs.evolve(brief, stories=stories)
    used = {one.scheme for _, one in filled.rated() if isinstance(one, Rating)} - {
        scheme.id for scheme in brief.schemes
    }
    offered = {scheme.id: scheme for scheme in directory.schemes if scheme.id in used}
    broken = {one.scheme for _, one in filled.rated() if not fits(one, offered)}
    added = [scheme for id, scheme in offered.items() if id not in broken]
    for message in _unique(chain(_ratings_left_out(brief, directory, held), _schemes_left_out(brief, offered))):
        warnings.warn(message, LoadWarning, stacklevel=2)
    return attrs.evolve(filled, schemes=[*brief.schemes, *added])


def _ratings_left_out(brief: Brief, directory: OutletDirectory, held: Mapping[str, RatingScheme]) -> Iterator[str]:
    own = {scheme.id for scheme in brief.schemes}
    for outlet in (outlet for group in _groups(brief) for outlet in group.outlets):
        entry = directory._entry_for(outlet)
        for rating in entry.ratings if entry else ():
            if not fits(rating, held):
                whose = "brief" if rating.scheme in own else "directory"
                yield (
                    f"the rating {show(rating.value)} of {show(outlet.name)} by {show(rating.rater)} is left out:"
                    f" it is no value of the {whose}'s scheme {show(rating.scheme)},"
                    f" expected {values_of(held[rating.scheme])}"
                )


def _schemes_left_out(brief: Brief, offered: Mapping[str, RatingScheme]) -> Iterator[str]:
    told: set[str] = set()
    for whose, one in _rated(brief):
        if one.scheme not in told and not fits(one, offered):
            told.add(one.scheme)
            yield (
                f"the scheme {show(one.scheme)} is left out: {show(one.value)}, {whose} in the brief,"
                f" is no value of it, expected {values_of(offered[one.scheme])}"
            )


def _rated(brief: Brief) -> Iterator[tuple[str, Rating | Position]]:
    """Every rating and position of a brief, with whose it is."""
    for group in _groups(brief):
        if group.position:
            yield f"the position of {show(group.label)}", group.position
        for outlet in group.outlets:
            yield from ((f"a rating of {show(outlet.name)}", rating) for rating in outlet.ratings)


def _groups(brief: Brief) -> Iterator[PerspectiveGroup]:
    return (group for story in brief.stories for group in story.perspectives)


def _filled_group(group: PerspectiveGroup, fill: Callable[[Outlet], Outlet]) -> PerspectiveGroup:
    filled = [fill(outlet) for outlet in group.outlets]
    # Those that keep their identity are counted too. None of the others has the identity of an entry of the
    # directory, or it would have been found as that entry; so each of these ids is a new one in the group.
    wanted = Counter(outlet.identity for outlet in filled)
    outlets = [
        new if new.identity == old.identity or wanted[new.identity] == 1 else attrs.evolve(new, id=None)
        for old, new in zip(group.outlets, filled, strict=True)
    ]
    return attrs.evolve(group, outlets=outlets)


def _filled(directory: OutletDirectory, schemes: Mapping[str, RatingScheme], outlet: Outlet) -> Outlet:
    entry = directory._entry_for(outlet)
    if entry is None:
        return outlet
    values: dict[str, Any] = {name: getattr(entry, name) for name in _SINGLE if getattr(outlet, name) is None}
    offered = {
        "aliases": [name for name in entry.aliases if name != outlet.name],
        "domains": entry.domains,
        "languages": entry.languages,
        "ratings": [rating for rating in entry.ratings if fits(rating, schemes)],
    }
    for name, those in offered.items():
        own = getattr(outlet, name)
        values[name] = [*own, *(value for value in those if value not in own)]
    return attrs.evolve(outlet, **values, extra=entry.extra | outlet.extra)


def _unite(entries: Sequence[Outlet]) -> tuple[Outlet, tuple[str, ...]]:
    """Entries for one outlet as one, and the fields that they disagree on."""
    first = entries[0]
    if len(entries) == 1:
        return first, ()
    values: dict[str, Any] = {name: _unique(chain(*(getattr(one, name) for one in entries))) for name in _LISTS}
    names = _unique(chain.from_iterable(_names(one) for one in entries))
    values["aliases"] = [name for name in names if name != first.name]
    said = {name: _unique(value for one in entries if (value := getattr(one, name)) is not None) for name in _SINGLE}
    values |= {name: choices[0] if len(choices) == 1 else None for name, choices in said.items()}
    extra, odd = _unite_extra([one.extra for one in entries])
    disputes = [f"{name}: {' or '.join(map(show, choices))}" for name, choices in said.items() if len(choices) > 1]
    return Outlet(name=first.name, extra=extra, **values), (*disputes, *(f"extra[{show(key)}]" for key in odd))


def _unite_extra(extras: Sequence[dict[str, Any]]) -> tuple[dict[str, Any], list[str]]:
    """The members on which all agree that have them, and the keys of the others."""
    keys = _unique(chain.from_iterable(extras))
    said = {key: [extra[key] for extra in extras if key in extra] for key in keys}
    agreed = {key: values[0] for key, values in said.items() if all(value == values[0] for value in values)}
    return agreed, [key for key in keys if key not in agreed]


def _unique(values: Iterable[Any]) -> tuple[Any, ...]:
    """The values in order, each once."""
    return tuple(dict.fromkeys(values))


def _index(outlets: Iterable[Outlet], keys: Callable[[Outlet], Iterable[str]]) -> dict[str, list[Outlet]]:
    index: dict[str, list[Outlet]] = {}
    for outlet in outlets:
        for key in _unique(keys(outlet)):
            index.setdefault(key, []).append(outlet)
    return index


def _names(outlet: Outlet) -> tuple[str, ...]:
    return (outlet.name, *outlet.aliases)


def _attribution(rating: Rating) -> str:
    line = f"{rating.rater}: {rating.licence or 'no licence is stated'}"
    return f"{line} <{rating.url}>" if rating.url else line
