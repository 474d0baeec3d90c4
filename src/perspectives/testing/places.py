"""The texts of a brief and where each stands: what a format must show, and where a hostile text may stand."""

import itertools
from collections.abc import Callable, Iterator, Sequence, Set
from typing import Any, TypeVar

import attrs
from attrs import frozen

from perspectives import attribution, model, wording
from perspectives.codec import is_of_model
from perspectives.fields import ADDRESS, ALTERNATIVE, TEXT, VALUE
from perspectives.model import Brief
from perspectives.outline import UNPRINTED
from perspectives.testing.sinks import one_line

T = TypeVar("T")

FIELDS: frozenset[str] = frozenset(
    name
    for module in (attribution, model, wording)
    for cls in vars(module).values()
    if is_of_model(cls)
    for field in attrs.fields(cls)
    for name in (field.name, f"{cls.__name__}.{field.name}")
)
"""What a renderer's `omits` may name: each field of the model, and the same with its class."""

_TEXTS = (TEXT.schema, ALTERNATIVE.schema)
# A rating's value lies in its scheme, and an address is no text: they are printed, but cannot be rewritten.
_FIXED = (VALUE.schema, ADDRESS.schema)
# What names a source or scheme of the brief is printed as its title or axis.
_FOR_PROGRAMS = UNPRINTED | {"Citation.source", "Rating.scheme", "Position.scheme"}


@frozen
class Place:
    """Where a text stands: `$.stories[0].headline`, by way of `Brief.stories` and `Story.headline`."""

    path: str
    steps: tuple[str, ...]

    @property
    def field(self) -> str:
        """The field that holds the text, with its class."""
        return self.steps[-1]

    def lies_in(self, names: Set[str]) -> bool:
        """Whether a field on the way is among these, with its class or without."""
        return any(step in names or step.partition(".")[2] in names for step in self.steps)


def texts_of(brief: Brief) -> Iterator[tuple[Place, str]]:
    """Each text that is made for readers, in the order of the model's fields."""
    found: list[tuple[Place, str]] = []

    def note(place: Place, text: str) -> str:
        found.append((place, text))
        return text

    _walk(brief, note, Place("$", ()))
    return iter(found)


def rewritten(brief: Brief, rewrite: Callable[[Place, str], str]) -> Brief:
    """The brief with other texts for readers; labels and names must stay different from each other."""
    return _walk(brief, lambda place, text: text if _is_fixed(place) else rewrite(place, text), Place("$", ()))


def marked(brief: Brief) -> Brief:
    """The brief with a mark behind each text, so that no two are alike and none is part of another."""
    numbers = itertools.count(1)
    return rewritten(brief, lambda _, text: f"{text} mark{next(numbers):04}")


def filled(brief: Brief, write: Callable[[Place, str], str]) -> Brief:
    """The brief with each text replaced; `write` is given the place and a number that makes the text unique."""
    numbers = itertools.count(1)
    return rewritten(brief, lambda place, _: write(place, f"{next(numbers):04}"))


def misplaced(brief: Brief, reading: str) -> Iterator[tuple[str, str, str]]:
    """Facts and groups that are not read in the author's order: where, the text, and the one it must follow."""
    for index, story in enumerate(brief.stories):
        groups = story.perspectives
        rows: dict[str, Sequence[str | None]] = {
            "facts": [fact.text for fact in story.facts],
            "perspectives": [group.label for group in groups],
            "perspectives[*].framing": [group.framing for group in groups],
            "perspectives[*].critique": [group.critique for group in groups],
        }
        for name, texts in rows.items():
            end, before = 0, ""
            for text in [one_line(text) for text in texts if text and one_line(text) in reading]:
                start = reading.find(text, end)
                if start < 0:
                    yield f"$.stories[{index}].{name}", text, before
                end, before = start + len(text), text


def _walk(value: T, rewrite: Callable[[Place, str], str], at: Place) -> T:
    cls: Any = type(value)
    changed = {}
    for field in attrs.fields(cls):
        step = f"{cls.__name__}.{field.name}"
        place = Place(f"{at.path}.{field.name}", (*at.steps, step))
        if field.name in _FOR_PROGRAMS or step in _FOR_PROGRAMS:
            continue
        before = getattr(value, field.name)
        after: object
        if type(before) is tuple:
            after = tuple(
                _item(item, field, rewrite, Place(f"{place.path}[{index}]", place.steps))
                for index, item in enumerate(before)
            )
        else:
            after = _item(before, field, rewrite, place)
        if after != before:
            changed[field.name] = after
    return attrs.evolve(value, **changed) if changed else value  # type: ignore[misc]  # a class of the model


def _item(item: object, field: "attrs.Attribute[Any]", rewrite: Callable[[Place, str], str], place: Place) -> object:
    if attrs.has(type(item)):
        return _walk(item, rewrite, place)
    return rewrite(place, item) if isinstance(item, str) and item and _is_text(field) else item


def _is_text(field: "attrs.Attribute[Any]") -> bool:
    kind: Any = field.validator  # a `Kind`; to attrs any function
    return kind.schema.get("items", kind.schema) in (*_TEXTS, *_FIXED)


def _is_fixed(place: Place) -> bool:
    return place.field in _FIXED_FIELDS


_FIXED_FIELDS = frozenset(
    {"Rating.value", "Rating.confidence", "Position.value", "RatingScheme.values", "Publisher.email"}
)
