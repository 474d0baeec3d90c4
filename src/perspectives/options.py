"""The options of a renderer or loader, built from keywords or from the command line and checked, and described."""

import datetime as dt
import math
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

    `name.key=value` is one text of an option that takes texts by key. Raises
    `OptionsError` as `build` does.
    """
    fields = option_types(cls)
    values: dict[str, Any] = {}
    for name, word in words.items():
        option, dot, key = name.partition(".")
        if dot and Mapping in map(get_origin, _members(fields.get(option))) and option not in words:
            values.setdefault(option, {})[key] = word
        else:  # a name that does not exist keeps its word, and `build` says so
            values[name] = _read(word, fields.get(name, str))
    build(cls, owner, values)
    return values


def option_types(cls: type) -> dict[str, Any]:
    """Name and type of each option; one without a type takes anything."""
    attrs.resolve_types(cls)
    return {field.name: field.type or Any for field in attrs.fields(cls)}


def options_schema(cls: type) -> dict[str, Any]:
    """The options as JSON Schema: type, default and help of each.

    A type that JSON has not gets no `type`; what a validator of the class refuses is not in it.
    """
    properties = {}
    for option in attrs.fields(cls):
        schema = _type_schema(option_types(cls)[option.name])
        if text := option.metadata.get("help"):
            schema["description"] = str(text)
        if _is_plain(default := default_of(option)):
            schema["default"] = default
        properties[option.name] = schema
    required = [option.name for option in attrs.fields(cls) if option.default is attrs.NOTHING]
    schema = {"type": "object", "properties": properties, "additionalProperties": False}
    return schema | ({"required": required} if required else {})


def default_of(option: "attrs.Attribute[Any]") -> object:
    """What an option is where nobody gives it, dates as text."""
    default: Any = option.default
    if hasattr(default, "takes_self") and not default.takes_self:
        default = default.factory()
    return default.isoformat() if isinstance(default, dt.date) else default


def as_word(value: object) -> str:
    """A value as it is written behind `-O name=`."""
    return str(value).lower() if value is None or isinstance(value, bool) else str(value)


def _is_plain(value: object) -> bool:
    return value is None or isinstance(value, str | int) or (isinstance(value, float) and math.isfinite(value))


_SCHEMAS: dict[Any, dict[str, Any]] = {
    bool: {"type": "boolean"},
    int: {"type": "integer"},
    float: {"type": "number"},
    str: {"type": "string"},
    dt.date: {"type": "string", "format": "date"},
    dt.datetime: {"type": "string", "format": "date-time"},
    type(None): {"type": "null"},
    Mapping[str, str]: {"type": "object", "additionalProperties": {"type": "string"}},
}


def _type_schema(type_: Any) -> dict[str, Any]:
    """A type as JSON Schema: the values of Literals as one enum, None among them."""
    members = _members(type_)
    values = [member for member in members if _is_value(member)]
    if values and type(None) in members:
        values.append(None)
    types = [member for member in members if not _is_value(member) and not (values and member is type(None))]
    schemas = ([{"enum": values}] if values else []) + [dict(_SCHEMAS.get(member, {})) for member in types]
    if {} in schemas or not all(map(_is_plain, values)):
        return {}
    return schemas[0] if len(schemas) == 1 else {"anyOf": schemas}


_WORDS = {
    bool: "true or false",
    int: "an int",
    float: "a number",
    str: "a text",
    dt.date: "a date like 2026-01-14",
    dt.datetime: "a date and time like 2026-01-14T18:30:00Z",
    type(None): "None",
    Mapping[str, str]: "texts by key (NAME.KEY=TEXT)",
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


def _is_value(member: Any) -> bool:
    """Whether an alternative is a word or number of a Literal."""
    return not isinstance(get_origin(member) or member, type) and member is not Any


def _fits(value: object, type_: Any) -> bool:
    return any(_is_one(value, member) for member in _members(type_))


def _is_one(value: object, member: Any) -> bool:
    cls = get_origin(member) or member
    if cls is Any:
        return True
    if _is_value(member):
        return type(value) is type(member) and value == member
    if cls is Mapping:
        return isinstance(value, Mapping) and all(isinstance(text, str) for pair in value.items() for text in pair)
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
    type(None): lambda word: {"none": None, "None": None}[word],
}


def _read(word: str, type_: Any) -> object:
    """The first reading of a word that the type has; the word itself where there is none."""
    # None first: to a text that may be None, the `none` of the listing would be a word like any other.
    for member in sorted(_members(type_), key=lambda member: member not in (None, type(None))):
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
