"""Outlets from the files of users: our JSON, or any table as CSV."""

import csv
import io
import json
import os
import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from itertools import islice
from pathlib import Path
from typing import Any, TypeVar

import attrs
from attrs import frozen

from perspectives.attribution import Outlet, RatingScheme, fits
from perspectives.codec import from_dict, parse
from perspectives.errors import Fault, LimitError, LoadError, OptionsError, PerspectivesError, SchemaError
from perspectives.fields import key_path
from perspectives.limits import MOST_FAULTS, Limits, first_faults
from perspectives.reading import decode, read_path
from perspectives.text import clean, host_of, nearest, show, suggestion

T = TypeVar("T", Outlet, RatingScheme)

COLUMNS = (
    "name", "id", "aliases", "domains", "homepage", "country", "languages", "owner",
    "rating.scheme", "rating.value", "rating.rater", "rating.as_of", "rating.url", "rating.licence",
    "rating.confidence",
)  # fmt: skip
"""Our names of the columns of a table."""

_LISTS = frozenset({"aliases", "domains", "languages"})
_NUMBERS = frozenset({"rating.value", "rating.confidence"})
# As JSON writes a number, and no more digits than one can have that the model takes.
_NUMBER = re.compile(r"-?(?:0|[1-9][0-9]{0,39})(?:\.[0-9]{1,39})?(?:[eE][+-]?[0-9]{1,3})?")
# Where the comma is for decimals, as in German, a spreadsheet writes ";" between columns.
_DELIMITERS = {",": '","', ";": '";"', "\t": "a tab"}
_LETTER_OF_UTF8 = re.compile(rb"[\xc2-\xdf][\x80-\xbf]|[\xe0-\xef][\x80-\xbf]{2}|[\xf0-\xf4][\x80-\xbf]{3}")
_NO_TEXT = re.compile(rb"[\x00-\x08\x0e-\x1f]")


def read_outlets(
    path: str | os.PathLike[str], columns: Mapping[str, str] | None, limits: Limits
) -> tuple[list[Outlet], list[RatingScheme]]:
    """The outlets and schemes of a file, by its extension. Raises as `OutletDirectory.load` does."""
    source = os.fspath(path)
    suffix = Path(path).suffix.lower()
    if suffix not in (".json", ".csv"):
        message = f"no outlets are read from {suffix!r} files" if suffix else f"{source!r} has no extension"
        raise LoadError(Fault(code="unknown-input", message=message, expected="a .json or .csv file"), source)
    if columns is not None:
        _check(columns, suffix)
    text = _decoded(read_path(path, limits), source)
    try:
        return _from_json(text, limits) if suffix == ".json" else (_from_csv(text, columns, limits), [])
    except PerspectivesError as error:
        error.source = source
        raise


def _decoded(data: bytes, source: str) -> str:
    """The text of a file. Raises `LoadError`, with the encoding that it seems to have."""
    try:
        return decode(data, source)
    except LoadError as error:
        if not (encoding := _encoding(data)):
            raise
        (fault,) = error.faults
        message = f"{fault.message}; the file is probably {encoding}"
        raise LoadError(attrs.evolve(fault, message=message, expected="the file saved as UTF-8"), source) from None


def _encoding(data: bytes) -> str:
    """What the data seems to be instead of UTF-8, or nothing."""
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return "UTF-16"
    # Of a text in UTF-8 with one broken byte the other letters are sound.
    return "" if _LETTER_OF_UTF8.search(data) or _NO_TEXT.search(data) else "Latin-1 or Windows-1252"


def _check(columns: Mapping[str, str], suffix: str) -> None:
    """Refuse a column map that is none. Raises `OptionsError`."""
    faults = [_unknown_column(name, COLUMNS) for name in columns if name not in COLUMNS]
    faults += [
        Fault(code="bad-option", message=f"{show(label)} is no column", expected="a column's name, or '=' and a text")
        for label in columns.values()
        if not isinstance(label, str)
    ]
    if "name" not in columns:
        faults.append(Fault(code="missing", message="the columns do not say where the name is", expected="a 'name'"))
    if suffix == ".json":
        faults = [Fault(code="bad-option", message="columns are for tables", expected="a .csv file, or no columns")]
    if faults:
        raise OptionsError(faults)


def _from_json(text: str, limits: Limits) -> tuple[list[Outlet], list[RatingScheme]]:
    data = parse(text, limits)
    if not isinstance(data, dict):
        right = '{"outlets": [...], "schemes": [...]}'
        message = f"{show(data)} is no directory of outlets"
        raise SchemaError(Fault(code="not-object", message=message, path="$", expected=right))
    faults: list[Fault] = []
    outlets = _each(data, "outlets", Outlet, limits, faults)
    schemes = _each(data, "schemes", RatingScheme, limits, faults)
    for key in data:
        if key not in ("outlets", "schemes"):
            right = repr(nearest(key, ["outlets", "schemes"]) or "outlets")
            message = f"there is no field {show(key)}"
            faults.append(Fault(code="unknown-key", message=message, path=key_path("$", key), expected=right))
    _raise(faults or list(_misplaced(outlets, schemes)))
    return outlets, schemes


def _each(data: Mapping[str, Any], key: str, cls: type[T], limits: Limits, faults: list[Fault]) -> list[T]:
    """The items of one list that fit; the faults of the others are added."""
    items = data.get(key)
    if not isinstance(items, list):
        if items is not None:
            faults.append(
                Fault(code="not-list", message=f"{show(items)} does not fit", path=f"$.{key}", expected="a list")
            )
        return []
    found: list[T] = []
    for index, item in enumerate(items):
        if len(faults) >= MOST_FAULTS:
            break
        try:
            found.append(from_dict(item, cls, limits=limits))
        except (SchemaError, LimitError) as error:
            faults += [attrs.evolve(fault, path=f"$.{key}[{index}]{fault.path[1:]}") for fault in error.faults]
    return found


def _misplaced(outlets: Sequence[Outlet], schemes: Sequence[RatingScheme]) -> Iterator[Fault]:
    """The ratings that lie outside their scheme, where the file holds it."""
    held = {scheme.id: scheme for scheme in schemes}
    for index, outlet in enumerate(outlets):
        for place, rating in enumerate(outlet.ratings):
            if not fits(rating, held):
                message = f"{show(rating.value)} is no value of the scheme {show(rating.scheme)}"
                path = f"$.outlets[{index}].ratings[{place}].value"
                yield Fault(code="bad-rating", message=message, path=path, expected="a value of the scheme")


def _raise(faults: Sequence[Fault]) -> None:
    if faults:
        raise (LimitError if any(fault.code == "limit" for fault in faults) else SchemaError)(first_faults(faults))


@frozen
class _Place:
    """Where a table has one of our columns: what its header calls it, and at which cell; or the same text for all."""

    label: str
    at: int | None
    constant: str = ""

    def read(self, cells: Sequence[str]) -> str:
        """The text for one row; empty is unsaid."""
        if self.at is None:
            return self.constant
        return clean(cells[self.at]) if self.at < len(cells) else ""


def _from_csv(text: str, columns: Mapping[str, str] | None, limits: Limits) -> list[Outlet]:
    labels = COLUMNS if columns is None else [label for label in columns.values() if not label.startswith("=")]
    delimiter, where = _delimiter(text, labels)
    rows = _rows(text, delimiter)
    line, header = next(rows, (1, []))
    places = _places(line, [clean(cell) for cell in header], columns, where)
    faults: list[Fault] = []
    outlets: list[Outlet] = []
    for line, cells in rows:
        if len(faults) >= MOST_FAULTS:
            break
        if any(map(clean, cells[len(header) :])):
            message = f"a row of {len(cells)} cells under a header of {len(header)}"
            right = f"one cell a column, or {_DELIMITERS[delimiter]} quoted"
            faults.append(Fault(code="bad-csv", message=message, line=line, expected=right))
            continue
        try:
            outlets.append(from_dict(_values(cells, places), Outlet, limits=limits))
        except (SchemaError, LimitError) as error:
            faults += [_in_table(fault, line, places) for fault in error.faults]
    _raise(faults)
    return outlets


def _delimiter(text: str, labels: Collection[str]) -> tuple[str, str]:
    """What parts the columns: that by which the header has most of the labels.

    Where it has none by any: what seems to part them, and how an error says so.
    """
    found = {delimiter: _labelled(text, delimiter, labels) for delimiter in _DELIMITERS}
    best = max(found, key=found.__getitem__)
    if found[best]:
        return best, ""
    line = next(filter(clean, io.StringIO(text)), "")
    seeming = max(_DELIMITERS, key=line.count)
    return seeming, f" in a header parted by {_DELIMITERS[seeming]}" if seeming in line else ""


def _labelled(text: str, delimiter: str, labels: Collection[str]) -> int:
    """How many of the labels the header has if this parts it."""
    try:
        _, header = next(_rows(text, delimiter), (1, []))
    except LoadError:  # by this delimiter it is no CSV
        return 0
    return len({clean(cell) for cell in header} & set(labels))


def _rows(text: str, delimiter: str) -> Iterator[tuple[int, list[str]]]:
    """The rows that are not blank, with the line on which each begins."""
    # Strict, or a quotation mark in the wrong place would silently swallow the rows behind it.
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    line = 1
    try:
        for row in reader:
            if any(map(clean, row)):
                yield line, row
            line = reader.line_num + 1
    except csv.Error as error:
        fault = Fault(code="bad-csv", message=f"this is no CSV: {error}", line=reader.line_num, expected="RFC 4180")
        raise LoadError(fault) from None


def _places(line: int, header: list[str], columns: Mapping[str, str] | None, where: str) -> dict[str, _Place]:
    """Where each column of ours is. Raises `SchemaError` with all that does not fit."""
    faults: list[Fault] = []
    if columns is None:
        unknown = (name for name in header if name not in COLUMNS)
        faults += [_unknown_column(name, COLUMNS, where) for name in islice(unknown, MOST_FAULTS)]
        columns = {name: name for name in header if name in COLUMNS}
        if not faults and "name" not in columns:
            faults.append(Fault(code="missing", message="there is no column 'name'", expected="a 'name' in the header"))
    places: dict[str, _Place] = {}
    for name, label in columns.items():
        if label.startswith("="):
            places[name] = _Place(name, None, clean(label[1:]))
        elif header.count(label) == 1:
            places[name] = _Place(label, header.index(label))
        elif label in header:
            message = f"the column {show(label)} occurs twice"
            faults.append(Fault(code="duplicate", message=message, expected="each column once"))
        else:
            faults.append(_unknown_column(label, header, where))
    _raise([attrs.evolve(fault, line=line) for fault in faults])
    return places


def _unknown_column(name: str, names: Sequence[str], where: str = "") -> Fault:
    message = f"there is no column {show(name)}{where}"
    return Fault(code="unknown-column", message=message, expected=suggestion(name, names))


def _values(cells: Sequence[str], places: Mapping[str, _Place]) -> dict[str, Any]:
    """What a row says of an outlet, as its JSON would; without a value there is no rating."""
    said = {name: text for name, place in places.items() if (text := place.read(cells))}
    values: dict[str, Any] = {}
    rating: dict[str, Any] = {}
    for name, text in said.items():
        value = _list(name, text) if name in _LISTS else _number(text) if name in _NUMBERS else text
        (rating if name.startswith("rating.") else values)[name.removeprefix("rating.")] = value
    return values | {"ratings": [rating]} if "value" in rating else values


def _list(name: str, text: str) -> list[str]:
    parts = [part for part in map(clean, text.split(";")) if part]
    # Tables have addresses of sites where we have domains.
    return [host_of(part) or part for part in parts] if name == "domains" else parts


def _number(text: str) -> str | float:
    if not _NUMBER.fullmatch(text):
        return text
    number: float = json.loads(text)
    return number


def _in_table(fault: Fault, line: int, places: Mapping[str, _Place]) -> Fault:
    """A fault of a row's values with its line, and its column as the header calls it."""
    name = re.sub(r"\[\d+\]", "", fault.path).removeprefix("$.").replace("ratings", "rating")
    return attrs.evolve(fault, path=places[name].label if name in places else name, line=line)
