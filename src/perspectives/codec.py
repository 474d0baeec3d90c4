"""The model as plain data and as JSON, strictly and both ways.

Nothing is coerced: a number is no text, a text is no list, null is no
headline. Every fault of a document's fields is reported at once, each with its
path; faults of the JSON text itself have line and column.
"""

import datetime as dt
import functools
import json
import re
import types
from collections.abc import Callable, Iterator, Mapping
from itertools import islice
from typing import Any, Literal, NoReturn, TypeVar, Union, get_args, get_origin

import attrs
import cattrs
from cattrs.gen import make_dict_unstructure_fn

from perspectives.errors import Fault, LimitError, ModelError, OptionsError, SchemaError
from perspectives.fields import key_path, read_date, read_datetime
from perspectives.limits import MOST_FAULTS, Limits, first_faults, over
from perspectives.model import Brief, Paragraph
from perspectives.text import clean, show, suggestion, with_article

T = TypeVar("T")
# JSON is what enters and leaves here: any value, until a class of the model has taken it in.
Hook = Callable[[Any, Any], Any]

FORMAT = "perspectives/1.0"
_VERSION = re.compile(r"perspectives/([1-9][0-9]{0,3})\.(0|[1-9][0-9]{0,3})")


def to_dict(value: object) -> dict[str, Any]:
    """A brief, or any other object of the model, as plain data for a JSON column or an API.

    Dicts, lists, texts, numbers and flags only. Fields at their default are
    left out, the others stand in the model's order; a brief begins with
    `"format": "perspectives/1.0"`.
    """
    data: dict[str, Any] = _converter(_read_as_is, Limits()).unstructure(value)
    return {"format": FORMAT, **data} if isinstance(value, Brief) else data


def from_dict(
    data: object,
    cls: type[T] = Brief,  # type: ignore[assignment]
    /,
    *,
    clean: bool = False,
    limits: Limits | None = None,
) -> T:
    """A brief, or an object of another class of the model, from plain data.

    A brief must say its format, as `to_dict` writes it. With `clean`, each
    text is cleaned first (see `perspectives.plugin.clean`) and an empty one
    counts as absent, so that a trailing blank from a language model costs
    nothing. `limits` are `Limits()` unless others are given. Raises `SchemaError` with every fault and its path (or
    the first thousand, and a fault that says so), or `LimitError` where one of
    them is that something is too large.
    """
    if not is_of_model(cls):
        raise TypeError(f"from_dict takes a class of the model, not {cls!r}")
    if limits is not None and not isinstance(limits, Limits):
        fault = Fault(code="bad-option", message=f"{show(limits)} does not fit", path="limits", expected="a Limits")
        raise OptionsError(fault)
    if cls is Brief:
        data = _without_format(data)
    try:
        return _converter(_read_cleaned if clean else _read_as_is, limits or Limits()).structure(data, cls)
    except SchemaError as error:
        is_large = any(fault.code == "limit" for fault in error.faults)
        raise (LimitError if is_large else SchemaError)(first_faults(error.faults, "$")) from None


def is_of_model(cls: object) -> bool:
    """Whether this is one of the classes that documents are made of."""
    modules = ("perspectives.model", "perspectives.attribution", "perspectives.wording")
    return isinstance(cls, type) and cls.__module__ in modules and attrs.has(cls)


def dumps(brief: Brief, *, indent: int = 2) -> str:
    """A brief as a JSON document: UTF-8 without escapes, one trailing newline; `indent=0` is one line."""
    if not isinstance(brief, Brief):
        message = f"{with_article(type(brief).__name__)} is no document"
        raise ModelError(Fault(code="not-brief", message=message, expected="a Brief, such as Brief(stories=[story])"))
    separators = None if indent else (",", ":")
    data = to_dict(brief)
    return json.dumps(data, ensure_ascii=False, indent=indent or None, separators=separators) + "\n"


def parse(text: str, limits: Limits | None = None) -> object:
    """The values of a JSON text, refusing what RFC 8259 does not have or leaves open.

    NaN, Infinity, numbers beyond the range and duplicate keys are
    `SchemaError`s with line and column; nesting deeper than the limits is a
    `LimitError`. How long the text may be is for those to say who read it.
    """
    limits = limits or Limits()
    try:
        data = json.loads(
            text, object_pairs_hook=_unique, parse_constant=_refuse, parse_float=_finite, parse_int=_integer
        )
    except json.JSONDecodeError as error:
        message = f"this is no JSON: {error.msg[:1].lower()}{error.msg[1:]}"
        expected = "one whole JSON document"
        fault = Fault(code="bad-json", message=message, expected=expected, line=error.lineno, column=error.colno)
        raise SchemaError(fault) from None
    except _OddJSONError as error:
        # Each place costs a count of the lines before it; who sees twenty sees what is wrong.
        places = list(islice(_odd_places(text), 20))
        whole = Fault(code="bad-json", message=str(error), expected="one whole JSON document")
        raise SchemaError(places or whole) from None
    except RecursionError:
        if limits.depth is None or limits.depth > _DEPTH:
            raise LimitError(_too_deep(text, _DEPTH, f"at most {_DEPTH}, which every Python reads")) from None
        raise LimitError(_too_deep(text, limits.depth)) from None
    if limits.depth is not None and _is_deeper(data, limits.depth):
        raise LimitError(_too_deep(text, limits.depth))
    return data


class _OddJSONError(Exception):
    """A value that `json` reads and RFC 8259 does not have, or leaves open."""


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    values = dict(pairs)
    if len(values) < len(pairs):
        raise _OddJSONError("a key occurs twice in an object")
    return values


def _refuse(name: str) -> NoReturn:
    raise _OddJSONError(f"{name} is no number of JSON")


def _finite(digits: str) -> float:
    number = float(digits)
    return number if number - number == 0 else _refuse(digits)


def _integer(digits: str) -> int:
    # Python refuses to convert more than 4,300 digits; the model holds 64 bits (20 digits).
    return int(digits) if len(digits) <= 40 else _refuse(show(digits))


# Possessive, and the last quote may be missing: else each quote of a damaged text would look to the end of it.
_TOKEN = re.compile(r'"(?:[^"\\]++|\\.)*+"?|[{}\[\]:,]|[^\s{}\[\]:,"]+', re.DOTALL)
_DEPTH = 200
"""Deeper than any document of the model, and far below the interpreter's own limit."""


def _is_deeper(data: object, depth: int) -> bool:
    """Whether lists and objects nest deeper; level by level, because a recursion is what this shall prevent."""
    level = [data] if isinstance(data, dict | list) else []
    for _ in range(depth):
        level = [
            child
            for item in level
            for child in (item.values() if isinstance(item, dict) else item)
            if type(child) in (dict, list)
        ]
        if not level:
            return False
    return True


def _too_deep(text: str, most: int, expected: str = "") -> Fault:
    fault = over(f"the values nest deeper than {most} levels", "depth", most)
    fault = attrs.evolve(fault, code="too-deep", expected=expected or fault.expected)
    depth = 0
    for token in _TOKEN.finditer(text):
        depth += (token[0] in "{[") - (token[0] in "}]")
        if depth > most:
            return _placed(fault, text, token.start())
    return fault


def _odd_places(text: str) -> Iterator[Fault]:
    """Where the odd values stand; only asked once `json` has met one."""
    # Each open object has its keys so far, each open list None.
    opened: list[set[str] | None] = []
    last: re.Match[str] | None = None
    for token in _TOKEN.finditer(text):
        word = token[0]
        if word in "{[":
            opened.append(set() if word == "{" else None)
        elif word in "}]" and opened:
            opened.pop()
        elif word == ":" and last and opened and (keys := opened[-1]) is not None:
            if (key := _unescaped(last[0])) in keys:
                fault = Fault(
                    code="duplicate-key",
                    message=f"the key {show(key)} occurs twice",
                    expected="each key once in an object",
                )
                yield _placed(fault, text, last.start())
            keys.add(key)
        elif _is_odd_number(word):
            message = f"{show(word)} is no number of JSON"
            fault = Fault(code="bad-number", message=message, expected="a finite number that 64 bits hold")
            yield _placed(fault, text, token.start())
        last = token


def _unescaped(word: str) -> str:
    try:
        return str(json.loads(word))
    except ValueError:  # no text of JSON: `json` has not come this far
        return word


# What `json` takes for a number, even if it is the beginning of something else.
_NUMBER = re.compile(r"NaN|-?Infinity|-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][-+]?[0-9]+)?")


def _is_odd_number(word: str) -> bool:
    number = _NUMBER.match(word)
    if number is None:  # `json` has not come this far
        return False
    try:
        (_finite if re.search("[.eEN]|In", number[0]) else _integer)(number[0])
    except _OddJSONError:
        return True
    return False


def _placed(fault: Fault, text: str, position: int) -> Fault:
    line, column = _place(text, position)
    return attrs.evolve(fault, line=line, column=column)


def _place(text: str, position: int) -> tuple[int, int]:
    """Line and column, from 1."""
    return text.count("\n", 0, position) + 1, position - text.rfind("\n", 0, position)


def _without_format(data: object) -> object:
    """The fields of a document whose format is one that this version reads."""
    if not isinstance(data, dict):
        return data  # the structure hook says what is wrong with it
    wrap = f'{{"format": "{FORMAT}", "stories": [...]}}'
    if "format" not in data and "stories" not in data and "headline" in data:
        fault = Fault(code="bare-story", message="this is a story, not a brief", path="$", expected=f"{wrap} around it")
        raise SchemaError(fault)
    form = data.get("format")
    version = _VERSION.fullmatch(form) if isinstance(form, str) else None
    if version is None:
        message = f"{show(form)} is no format of ours" if "format" in data else "the format is missing"
        raise SchemaError(Fault(code="bad-format", message=message, path="$.format", expected=repr(FORMAT)))
    # There is no older format yet; each newer minor version may say what this one would lose.
    if form != FORMAT:
        message = f"{form!r} is a newer format than this version reads"
        expected = f"{FORMAT!r}, or a perspectives-briefs that reads {version[1]}.{version[2]}"
        raise SchemaError(Fault(code="newer-format", message=message, path="$.format", expected=expected))
    return {key: value for key, value in data.items() if key != "format"}


@functools.lru_cache(8)  # of limits a program has one or two
def _converter(read_text: Hook, limits: Limits) -> cattrs.Converter:
    converter = cattrs.Converter(unstruct_collection_overrides={tuple: list})
    converter.register_unstructure_hook_factory(
        attrs.has, lambda cls: make_dict_unstructure_fn(cls, converter, _cattrs_omit_if_default=True)
    )
    converter.register_unstructure_hook(dt.datetime, dt.datetime.isoformat)
    converter.register_unstructure_hook(dt.date, dt.date.isoformat)
    # Texts, flags, numbers, words and `extra` stay as they are: the kind of the field judges them. cattrs would coerce.
    converter.register_structure_hook(str, read_text)
    for plain in (bool, int, float):
        converter.register_structure_hook(plain, _read_as_is)
    converter.register_structure_hook_func(_is_plain, read_text)
    converter.register_structure_hook(dt.date, lambda value, cls: read_date(read_text(value, cls)))
    converter.register_structure_hook(dt.datetime, lambda value, cls: read_datetime(read_text(value, cls)))
    converter.register_structure_hook_factory(_is_tuple, lambda cls: _tuple_hook(converter, cls))
    converter.register_structure_hook_factory(attrs.has, lambda cls: _class_hook(converter, cls, read_text, limits))
    return converter


def _is_plain(cls: Any) -> bool:
    return get_origin(cls) in (dict, Literal, Union, types.UnionType)


def _read_as_is(value: object, _: object) -> object:
    return value


def _read_cleaned(value: object, _: object) -> object:
    return clean(value) if isinstance(value, str) else value


def _is_tuple(cls: Any) -> bool:
    return get_origin(cls) is tuple


def _tuple_hook(converter: cattrs.Converter, cls: Any) -> Hook:
    item_type = get_args(cls)[0]
    hook = converter.get_structure_hook(item_type)

    def structure(data: Any, _: Any) -> Any:
        if not isinstance(data, list | tuple):
            return data
        faults: list[Fault] = []
        items: list[object] = []
        for index, value in enumerate(data):
            try:
                items.append(hook(value, item_type))
            except SchemaError as error:
                faults += _moved(error, f"$[{index}]")
                if len(faults) >= MOST_FAULTS:
                    break
        if faults:
            raise SchemaError(faults)
        return tuple(items)

    return structure


def _class_hook(converter: cattrs.Converter, cls: Any, read_text: Hook, limits: Limits) -> Hook:
    fields = {field.name: field for field in attrs.fields(cls)}
    types_ = {name: _not_none(field.type) for name, field in fields.items()}
    hooks = {name: converter.get_structure_hook(type_) for name, type_ in types_.items()}
    is_cleaned = read_text is _read_cleaned

    def structure(data: Any, _: Any) -> Any:
        if isinstance(data, str) and cls is Paragraph:
            data = {"text": data}
        if not isinstance(data, dict):
            raise SchemaError(_not_object(data, cls))
        values: dict[str, Any] = {}
        faults: list[Fault] = []
        for name, field in fields.items():
            value = data.get(name)
            # An empty text is how a language model says nothing.
            if is_cleaned and field.default is None and isinstance(value, str) and not clean(value):
                value = None
            if value is not None:
                if too_large := list(limits.faults(name, value, f"$.{name}")):
                    faults += too_large
                    continue
                try:
                    values[name] = hooks[name](value, types_[name])
                except SchemaError as error:
                    faults += _moved(error, f"$.{name}")
            elif field.default is attrs.NOTHING:
                faults.append(_missing(field, name in data))
        names = () if data.keys() <= fields.keys() else (key for key in data if key not in fields)
        unknown = [_unknown(key, list(fields)) for key in islice(names, MOST_FAULTS)]
        if faults or unknown:
            raise SchemaError([*faults, *_field_faults(fields, values), *unknown])
        # The constructor looks first, because it finds no fault in most objects; only then are they all sought.
        try:
            return cls(**values)
        except ModelError as error:
            raise SchemaError(_field_faults(fields, values) or _rule_faults(error, cls)) from None

    return structure


def _not_none(type_: Any) -> Any:
    members = [member for member in get_args(type_) if member is not type(None)]
    return Union[tuple(members)] if type(None) in get_args(type_) else type_  # noqa: UP007 - made at run time


def _field_faults(fields: Mapping[str, Any], values: Mapping[str, Any]) -> list[Fault]:
    """What the kinds of the fields find wrong with each value alone."""
    return [fault for name, value in values.items() for fault in fields[name].validator.faults(value, f"$.{name}")]


def _rule_faults(error: ModelError, cls: type) -> list[Fault]:
    """What breaks a rule across the fields of one object; its paths begin with the class."""
    faults = error.faults[:MOST_FAULTS]
    return [attrs.evolve(fault, path="$" + fault.path.removeprefix(cls.__name__)) for fault in faults]


def _moved(error: SchemaError, path: str) -> Iterator[Fault]:
    return (attrs.evolve(fault, path=path + fault.path[1:]) for fault in error.faults)


def _not_object(data: object, cls: type) -> Fault:
    expected = f"an object with the fields of {with_article(cls.__name__)}"
    return Fault(code="not-object", message=f"{show(data)} is no {cls.__name__}", path="$", expected=expected)


def _missing(field: "attrs.Attribute[Any]", is_null: bool) -> Fault:
    message = f"{field.name} is {'null' if is_null else 'missing'}"
    return Fault(code="missing", message=message, path=f"$.{field.name}", expected=f"a value: {field.metadata['help']}")


def _unknown(key: object, names: list[str]) -> Fault:
    message = f"there is no field {show(key)}"
    return Fault(code="unknown-key", message=message, path=key_path("$", key), expected=suggestion(key, names))
