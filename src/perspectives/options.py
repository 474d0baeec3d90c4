"""The options of a renderer or loader, built from keywords or from the command line and checked."""

import datetime as dt
import types
from collections.abc import Callable, Mapping
from typing import Any, Literal, TypeVar, Union, get_args, get_origin

import attrs

from perspectives.errors import Fault, OptionsError
from perspectives.fields import read_date, read_datetime
from perspectives.text import nearest, show

T = TypeVar("T")


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
    except OptionsError as error:
        error.source = error.source or owner
        raise
    except (ValueError, TypeError) as error:  # a validator of the options class itself
        # Those of attrs have more arguments than the message.
        message = error.args[0] if error.args else error
        raise OptionsError(Fault(code="bad-option", message=f"{owner}: {message}")) from error


def parse(cls: type, owner: str, words: Mapping[str, str]) -> dict[str, Any]:
    """The values of `name=value` words from a command line, converted by the type of each option.

    Raises `OptionsError` as `build` does.
    """
    fields = option_types(cls)
    # A name that does not exist keeps its word, and `build` says so.
    values = {name: _read(word, fields.get(name, str)) for name, word in words.items()}
    build(cls, owner, values)
    return values


def option_types(cls: type) -> dict[str, Any]:
    """Name and type of each option; one without a type takes anything."""
    attrs.resolve_types(cls)
    return {field.name: field.type or Any for field in attrs.fields(cls)}


_SCHEMAS: dict[type, dict[str, Any]] = {
    bool: {"type": "boolean"},
    int: {"type": "integer"},
    float: {"type": "number"},
    str: {"type": "string"},
    dt.date: {"type": "string", "format": "date"},
    dt.datetime: {"type": "string", "format": "date-time"},
    type(None): {"type": "null"},
}


def options_schema(cls: type) -> dict[str, Any]:
    """The options of a format as JSON Schema.

    Raises TypeError for an option that neither JSON nor a word on the command line can say.
    """
    types = option_types(cls)
    return {
        "type": "object",
        "properties": {field.name: _property(field, types[field.name]) for field in attrs.fields(cls)},
        "additionalProperties": False,
    }


def _property(field: "attrs.Attribute[Any]", type_: Any) -> dict[str, Any]:
    members = _members(type_)
    words = [member for member in members if type(member) in (bool, int, str)]
    others = [member for member in members if member not in words]
    if unknown := [member for member in others if member not in _SCHEMAS]:
        message = f"option {field.name!r} takes {describe(unknown[0])}, which no command line can give"
        raise TypeError(f"{message}; use {', '.join(cls.__name__ for cls in _READERS)}, Literal or None")
    parts = ([{"enum": words}] if words else []) + [_SCHEMAS[member] for member in others]
    schema = parts[0] if len(parts) == 1 else {"anyOf": parts}
    default = field.default.isoformat() if isinstance(field.default, dt.date) else field.default
    return {"description": field.metadata.get("help", ""), **schema, "default": default}


_WORDS = {
    bool: "true or false",
    int: "an int",
    float: "a number",
    str: "a text",
    dt.date: "a date like 2026-01-14",
    dt.datetime: "a date and time like 2026-01-14T18:30:00Z",
    type(None): "None",
}


def describe(type_: Any) -> str:
    """A type in the words of an error message: `an int from 0 to 4`, `'inline' or 'none'`."""
    members = _members(type_)
    words = [
        _WORDS.get(member) or (member.__name__ if isinstance(member, type) else repr(member)) for member in members
    ]
    ints = [member for member in members if type(member) is int]
    if len(ints) > 2 and ints == list(range(ints[0], ints[-1] + 1)):
        others = [word for word, member in zip(words, members, strict=True) if member not in ints]
        words = [f"an int from {ints[0]} to {ints[-1]}", *others]
    return " or ".join(words)


def _members(type_: Any) -> list[Any]:
    """The alternatives of a type: the values of a Literal, the types of a union."""
    if get_origin(type_) in (Union, types.UnionType):
        return [member for part in get_args(type_) for member in _members(part)]
    return list(get_args(type_)) if get_origin(type_) is Literal else [type_]


def _fits(value: object, type_: Any) -> bool:
    return any(_is_one(value, member) for member in _members(type_))


def _is_one(value: object, member: Any) -> bool:
    cls = get_origin(member) or member
    if cls is Any:
        return True
    if not isinstance(cls, type):
        return type(value) is type(member) and value == member  # a word or number of a Literal
    if cls is float:
        return type(value) in (float, int)
    # A flag is an int, and a datetime a date, to isinstance only.
    return isinstance(value, cls) and not (
        (cls is int and type(value) is bool) or (cls is dt.date and type(value) is dt.datetime)
    )


_FLAGS = {"true": True, "yes": True, "1": True, "false": False, "no": False, "0": False}
_READERS: dict[type, Callable[[str], object]] = {
    bool: lambda word: _FLAGS[word.lower()],
    int: int,
    float: float,
    dt.date: read_date,
    dt.datetime: read_datetime,
    type(None): lambda word: {"none": None}[word],
}


def _read(word: str, type_: Any) -> object:
    """The first reading of a word that the type has; the word itself where there is none."""
    for member in _members(type_):
        # For a word or number of a Literal the reading of its type.
        read = _READERS.get(member) or _READERS.get(type(member), str)
        try:
            value = read(word)
        except (ValueError, KeyError):
            continue
        if _is_one(value, member):
            return value
    return word


def _unknown(owner: str, name: str, names: list[str]) -> Fault:
    near = nearest(name, names)
    hint = f". Did you mean {near!r}?" if near else ""
    message = f"{owner} has no option {name!r}{hint}\noptions: {', '.join(names) or 'none'}"
    return Fault(code="unknown-option", message=message)


def _wrong(owner: str, name: str, type_: Any, value: object) -> Fault:
    return Fault(code="bad-option", message=f"{owner}: option {name!r} must be {describe(type_)}, got {show(value)}")
