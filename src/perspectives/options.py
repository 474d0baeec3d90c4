"""The options of a renderer or loader, built from keywords or from the command line and checked."""

import datetime as dt
import difflib
import types
from collections.abc import Mapping
from typing import Any, Literal, TypeVar, Union, get_args, get_origin

import attrs

from perspectives.errors import Fault, OptionsError
from perspectives.text import show

T = TypeVar("T")

_FLAGS = {"true": True, "yes": True, "1": True, "false": False, "no": False, "0": False}


def build(cls: type[T], owner: str, values: Mapping[str, object]) -> T:
    """The options object for keywords; `owner` is who takes them, `dist:name`.

    Raises `OptionsError` with all that is wrong.
    """
    fields = option_types(cls)
    faults = [_unknown(owner, name, list(fields)) for name in values if name not in fields]
    faults += [
        _wrong(owner, name, fields[name], value)
        for name, value in values.items()
        if name in fields and not _fits(value, fields[name])
    ]
    if faults:
        raise OptionsError(faults)
    try:
        return cls(**values)
    except (ValueError, TypeError) as error:  # a validator of the options class itself
        raise OptionsError(Fault(code="bad-option", message=f"{owner}: {error}")) from error


def parse(cls: type, owner: str, words: Mapping[str, str]) -> dict[str, Any]:
    """The values of `name=value` words from a command line, converted by the type of each option."""
    fields = option_types(cls)
    values: dict[str, Any] = {}
    for name, word in words.items():
        # Names that do not exist are kept, so that `build` says so.
        values[name] = _read(word, fields[name]) if name in fields else word
    return values


def option_types(cls: type) -> dict[str, Any]:
    """Name and type of each option."""
    attrs.resolve_types(cls)
    return {field.name: field.type for field in attrs.fields(cls)}


def describe(type_: Any) -> str:
    """A type in the words of an error message: `an int from 0 to 4`, `'inline' or 'none'`."""
    members = _members(type_)
    ints = [member for member in members if type(member) is int]
    if len(ints) > 2 and ints == list(range(ints[0], ints[-1] + 1)):
        members = [f"an int from {ints[0]} to {ints[-1]}", *(m for m in members if m not in ints)]
    names = {
        bool: "true or false",
        int: "an int",
        str: "a text",
        dt.date: "a date",
        dt.datetime: "a date and time",
        type(None): "None",
    }
    words = [m if type(m) is str and m.startswith("an int ") else names.get(m) or repr(m) for m in members]
    return " or ".join(words)


def _members(type_: Any) -> list[Any]:
    """The alternatives of a type: the values of a Literal, the types of a union."""
    if get_origin(type_) in (Union, types.UnionType):
        return [member for part in get_args(type_) for member in _members(part)]
    return list(get_args(type_)) if get_origin(type_) is Literal else [type_]


def _fits(value: object, type_: Any) -> bool:
    return any(_is_one(value, member) for member in _members(type_))


def _is_one(value: object, member: Any) -> bool:
    if not isinstance(member, type) and get_origin(member) is None:
        return type(value) is type(member) and value == member  # a word or number of a Literal
    cls = get_origin(member) or member
    # A flag is an int, and a datetime a date, to isinstance only.
    return isinstance(value, cls) and not (
        (cls is int and type(value) is bool) or (cls is dt.date and type(value) is dt.datetime)
    )


def _read(word: str, type_: Any) -> object:
    """The first reading of a word that the type has; the word itself where there is none."""
    for member in _members(type_):
        try:
            if member is bool:
                return _FLAGS[word.lower()]
            if member is int or type(member) is int:
                value: object = int(word)
            elif member in (dt.date, dt.datetime):
                value = member.fromisoformat(word)
            elif word == "none" and member is type(None):
                return None
            else:
                continue
        except (ValueError, KeyError):
            continue
        if _is_one(value, member):
            return value
    return word


def _unknown(owner: str, name: str, names: list[str]) -> Fault:
    near = difflib.get_close_matches(name, names, n=1)
    hint = f". Did you mean {near[0]!r}?" if near else ""
    message = f"{owner} has no option {name!r}{hint}\noptions: {', '.join(names) or 'none'}"
    return Fault(code="unknown-option", message=message)


def _wrong(owner: str, name: str, type_: Any, value: object) -> Fault:
    return Fault(code="bad-option", message=f"{owner}: option {name!r} must be {describe(type_)}, got {show(value)}")
