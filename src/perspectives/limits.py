"""How large an input may be before it is refused.

Loaders and the codec keep to them, constructors do not: what a program builds
itself is its own business. Each limit can be raised by name, or lifted with None.
"""

import functools
from collections.abc import Iterator, Sequence
from typing import Any

import attrs
from attrs import field, frozen

from perspectives.errors import Fault, LimitError, OptionsError
from perspectives.text import show

_TEXTS = {
    "headline": "headline",
    **dict.fromkeys("answer body caption critique framing intro items paragraphs quote summary text".split(), "prose"),
    **dict.fromkeys("archived_url homepage href uri url".split(), "url"),
}
_LISTS = {"stories": "stories", "facts": "facts", "perspectives": "groups", "outlets": "outlets"}


def _check_limit(_: object, attribute: "attrs.Attribute[Any]", value: object) -> None:
    if value is not None and (type(value) is not int or value < 0):
        path, expected = f"Limits.{attribute.name}", "a whole number, or None for no limit"
        fault = Fault(code="bad-option", message=f"{show(value)} does not fit", path=path, expected=expected)
        raise OptionsError(fault)


@frozen(kw_only=True)
class Limits:
    """The most that an input may hold: `load(path, limits=Limits(facts=500))`. None lifts a limit.

    Raises `OptionsError` for what is no whole number.
    """

    bytes: int | None = field(
        default=5_000_000, validator=_check_limit, metadata={"help": "of the input, looked at before it is read"}
    )
    depth: int | None = field(
        default=64, validator=_check_limit, metadata={"help": "levels of lists and objects in JSON; `extra` has 32"}
    )
    headline: int | None = field(default=500, validator=_check_limit, metadata={"help": "characters of a headline"})
    line: int | None = field(
        default=2_000, validator=_check_limit, metadata={"help": "characters of a label, name or title"}
    )
    prose: int | None = field(
        default=50_000, validator=_check_limit, metadata={"help": "characters of a paragraph, framing or critique"}
    )
    url: int | None = field(default=2_048, validator=_check_limit, metadata={"help": "characters of an address"})
    stories: int | None = field(default=500, validator=_check_limit, metadata={"help": "stories of a brief"})
    facts: int | None = field(default=100, validator=_check_limit, metadata={"help": "facts of a story"})
    groups: int | None = field(default=50, validator=_check_limit, metadata={"help": "perspectives of a story"})
    outlets: int | None = field(default=100, validator=_check_limit, metadata={"help": "outlets of a group"})
    items: int | None = field(default=1_000, validator=_check_limit, metadata={"help": "items of any other list"})

    @classmethod
    def unlimited(cls) -> "Limits":
        """No limits, for input that you made yourself."""
        return cls(**{limit.name: None for limit in attrs.fields(cls)})

    def faults(self, name: str, value: object, path: str) -> Iterator[Fault]:
        """What is too long in one field of the model: its text, the number of its items, or the text of one."""
        if isinstance(value, str):
            limit = _TEXTS.get(name, "line")
            most: int | None = getattr(self, limit)
            if most is not None and len(value) > most:
                yield over(f"{name} has {len(value):,} characters", limit, most, path)
        elif isinstance(value, list | tuple):
            limit = _LISTS.get(name, "items")
            most = getattr(self, limit)
            if most is not None and len(value) > most:
                yield over(f"{name} has {len(value):,} items", limit, most, path)
                return
            for index, item in enumerate(value):
                if isinstance(item, str):
                    yield from self.faults(name, item, f"{path}[{index}]")

    def check(self, value: attrs.AttrsInstance, source: str = "") -> None:
        """Look at a whole object of the model. Raises `LimitError` with all that is too long."""
        if faults := list(self._below(value, "$")):
            raise LimitError(faults, source)

    def _below(self, value: attrs.AttrsInstance, path: str) -> Iterator[Fault]:
        for name, default in _parts(value.__class__):
            part = getattr(value, name)
            if part == default:  # a document does not write it, so the codec does not count it either
                continue
            if isinstance(part, str | tuple):
                yield from self.faults(name, part, f"{path}.{name}")
            for index, item in enumerate(part if isinstance(part, tuple) else [part]):
                if _parts(item.__class__):
                    yield from self._below(item, f"{path}.{name}" + (f"[{index}]" if isinstance(part, tuple) else ""))


@functools.cache
def _parts(cls: type) -> tuple[tuple[str, object], ...]:
    """The fields of a class of the model, with their defaults; none for any other."""
    return tuple((part.name, part.default) for part in attrs.fields(cls)) if attrs.has(cls) else ()


MOST_FAULTS = 1_000
"""How many faults of one document are listed: a million of them would take minutes, and nobody reads them."""


def first_faults(faults: Sequence[Fault], path: str = "") -> Sequence[Fault]:
    """The faults, if they are not too many to be read, else the first, and one that says that there are more."""
    if len(faults) < MOST_FAULTS:
        return faults
    message = f"no more than {MOST_FAULTS:,} faults are looked for"
    more = Fault(code="more-faults", message=message, path=path, expected="these mended, then another look")
    return [*faults[:MOST_FAULTS], more]


def over(message: str, limit: str, most: int, path: str = "", line: int | None = None) -> Fault:
    """The fault of what is larger than a limit."""
    return Fault(code="limit", message=message, path=path, expected=f"at most {most:,} (Limits.{limit})", line=line)
