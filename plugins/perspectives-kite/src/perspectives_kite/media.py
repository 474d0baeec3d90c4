"""The media data of Kagi News as a directory of outlets.

The file is not part of this distribution: it lies in kagisearch/kite-public
under the MIT licence, but its first entries come from statemediamonitor.com,
and nothing there says on which terms. So no rating here names a licence.
"""

import os
import warnings
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from attrs import evolve

from perspectives import LoadWarning, ModelError, Outlet, OutletDirectory, PerspectivesError, Rating, RatingScheme
from perspectives.plugin import Fault, Input, LoadError, LoadTools, clean
from perspectives_kite.cluster import NAMESPACE, each, kept

SCHEME = "kite-typology"
"""The id of the scale on which Kagi News puts outlets: who pays for them and who rules them. It is no leaning."""
_RATED_AT = "https://github.com/kagisearch/kite-public/blob/main/media_data.json"
# What people write, and ISO 3166-1 does not.
_COUNTRIES = {"the netherlands": "NL", "palestine": "PS", "russia": "RU", "turkey": "TR"}


def media_outlets(path: str | os.PathLike[str], /) -> OutletDirectory:
    """The outlets of a `media_data.json` of yours, or of the same as the API answers: `{"mediaData": [...]}`.

    Name, domains, owner and country are an outlet's; where the country is no
    country (`Global`) its text stays in `extra`, as the description does. The
    typology is a `Rating` by Kagi News on the scale `kite-typology`. What is
    no domain is left out with a `LoadWarning`. Raises `LoadError` with the
    path of every entry that is none, `LimitError` for what is nested too
    deeply, or the OSError of a file that cannot be read.
    """
    outlets, schemes, left_out = read_media(path)
    for message in left_out:
        warnings.warn(message, LoadWarning, stacklevel=2)
    return OutletDirectory(outlets=outlets, schemes=schemes)


def read_media(path: str | os.PathLike[str], /) -> tuple[list[Outlet], list[RatingScheme], list[str]]:
    """The entries of the file as they are, an outlet each, the scale of their ratings, and what was left out."""
    source = os.fspath(path)
    try:
        outlets, left_out = _outlets(LoadTools().parse_json(Input(name=source, data=Path(path).read_bytes())))
    except PerspectivesError as error:
        error.source = source
        raise
    values = list(dict.fromkeys(str(rating.value) for outlet in outlets for rating in outlet.ratings))
    schemes = [RatingScheme(id=SCHEME, axis="Typology (Kagi News)", values=values)] if values else []
    return outlets, schemes, [f"{source}: {message}" for message in left_out]


def _outlets(data: object) -> tuple[list[Outlet], list[str]]:
    """The outlets, and what is no domain of one."""
    root, entries = ("$.mediaData", data.get("mediaData")) if isinstance(data, Mapping) else ("$", data)
    if not isinstance(entries, list):
        right = '[{"organization": ..., "domains": [...], ...}]'
        raise LoadError(Fault(code="not-list", message="this is no media data", path="$", expected=right))
    outlets: list[Outlet] = []
    left_out: list[str] = []
    faults: list[Fault] = []
    for index, entry in enumerate(entries):
        place = f"{root}[{index}]"
        try:
            outlets.append(_outlet(entry, place, left_out))
        except LoadError as error:
            faults += error.faults
        except ModelError as error:
            faults += [evolve(fault, path=place) for fault in error.faults]
    if faults:
        raise LoadError(faults[:100])
    return outlets, left_out


def _outlet(entry: object, place: str, left_out: list[str]) -> Outlet:
    if not isinstance(entry, Mapping):
        raise LoadError(Fault(code="not-object", message="this is no outlet", path=place, expected="an object"))
    left = dict(entry)
    name = _text(left, "organization")
    if not name:
        path = f"{place}.organization"
        raise LoadError(Fault(code="missing", message="an outlet without a name", path=path, expected="a text"))
    typology = _text(left, "typology")
    said = left.get("country")
    country = _country(clean(said)) if isinstance(said, str) else None
    if country:
        del left["country"]
    return Outlet(
        name=name,
        domains=_domains(left.pop("domains", None), f"{place}.domains", left_out),
        country=country,
        owner=_text(left, "owner"),
        ratings=[Rating(scheme=SCHEME, value=typology, rater="Kagi News", url=_RATED_AT)] if typology else [],
        # Last: only now is all else taken out.
        extra={NAMESPACE: rest} if (rest := kept(left)) else {},
    )


def _text(left: dict[str, Any], key: str) -> str | None:
    """A text, taken out of the entry; anything else stays there."""
    return clean(left.pop(key)) or None if isinstance(left.get(key), str) else None


def _domains(said: object, path: str, left_out: list[str]) -> list[str]:
    domains = []
    for _, item in each(path, said):
        domain = item.strip().lower() if isinstance(item, str) else item
        try:
            Outlet(name="any", domains=[domain])
        except ModelError:
            left_out.append(f"{item!r} @ {path} is no domain and is left out")
        else:
            domains.append(domain)
    return list(dict.fromkeys(domains))


def _country(name: str) -> str | None:
    """The code of a country. None for what is none, or more than one."""
    # Imported here, so that who reads stories pays for no list of countries.
    import pycountry

    if code := _COUNTRIES.get(name.casefold()):
        return code
    try:
        return str(pycountry.countries.lookup(name).alpha_2) if name else None
    except LookupError:
        return None
