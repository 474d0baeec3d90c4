"""The texts of a brief and where each stands: what a format must show, and where a hostile text may stand."""

import contextlib
import itertools
from collections.abc import Callable, Iterator, Sequence, Set
from typing import Any, TypeVar

import attrs
from attrs import frozen

from perspectives import attribution, model, wording
from perspectives.codec import is_of_model
from perspectives.errors import ModelError
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

_TEXTS = (TEXT.schema, ALTERNATIVE.schema, VALUE.schema, ADDRESS.schema)
# They are printed, but cannot be any other text: a value lies in its scheme.
_FIXED = frozenset({"Position.value", "Publisher.email", "Rating.confidence", "Rating.value", "RatingScheme.values"})
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
    changed: Brief = _walk(
        brief, lambda place, text: text if place.field in _FIXED else rewrite(place, text), Place("$", ())
    )
    return changed


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


def smallest(value: T, fails: Callable[[T], bool]) -> T:
    """A value that fails as this one does, and of which nothing can be left out."""
    while (found := next(filter(fails, _simpler(value)), None)) is not None:
        value = found
    return value


def _simpler(value: Any) -> Iterator[Any]:
    """The value with one thing less; none for what is of no class of the model."""
    for field in attrs.fields(type(value)) if is_of_model(type(value)) else ():
        before = getattr(value, field.name)
        # What is empty may not be, and a source that is cited not go before its citation.
        with contextlib.suppress(ModelError):
            if field.default is not attrs.NOTHING and before and before != field.default:
                yield attrs.evolve(value, **{field.name: {} if type(before) is dict else field.default})
        for after in _lesser(before):
            with contextlib.suppress(ModelError):
                yield attrs.evolve(value, **{field.name: after})


def _lesser(value: Any) -> Iterator[Any]:
    """What may stand in its place; each is less, or there would be no end."""
    if type(value) is str:
        middle = len(value) // 2
        yield from (text for text in (value[:1] and "a", value[:middle], value[middle:]) if text != value)
    elif type(value) is tuple:
        for at, item in enumerate(value):
            yield value[:at] + value[at + 1 :]
            yield from ((*value[:at], less, *value[at + 1 :]) for less in _lesser(item))
    else:
        yield from _simpler(value)


def _walk(value: Any, rewrite: Callable[[Place, str], str], at: Place) -> Any:
    cls = type(value)
    changed = {}
    for field in attrs.fields(cls):
        step = f"{cls.__name__}.{field.name}"
        place = Place(f"{at.path}.{field.name}", (*at.steps, step))
        if field.name in _FOR_PROGRAMS or step in _FOR_PROGRAMS:
            continue
        before: Any = getattr(value, field.name)
        after: object
        if type(before) is tuple:
            items = ((item, Place(f"{place.path}[{at}]", place.steps)) for at, item in enumerate(before))
            after = tuple(_item(item, field, rewrite, each) for item, each in items)
        else:
            after = _item(before, field, rewrite, place)
        if after != before:
            changed[field.name] = after
    return attrs.evolve(value, **changed) if changed else value


def _item(item: object, field: "attrs.Attribute[Any]", rewrite: Callable[[Place, str], str], place: Place) -> object:
    if attrs.has(type(item)):
        return _walk(item, rewrite, place)
    return rewrite(place, item) if isinstance(item, str) and item and _is_text(field) else item


def _is_text(field: "attrs.Attribute[Any]") -> bool:
    kind: Any = field.validator  # a `Kind`; to attrs any function
    return kind.schema.get("items", kind.schema) in _TEXTS
