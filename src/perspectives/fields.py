"""What a field of the model may hold.

Each `Kind` is an attrs validator; the codec asks the same kind for all the
faults of a value, with the path in the document, and the JSON Schema is made
of what each kind says of itself.
"""

import datetime as dt
import functools
import math
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import islice
from typing import Any, TypeVar

import attrs
from attrs import frozen

from perspectives.errors import Fault, ModelError
from perspectives.text import check_address, check_text, check_url, show, slug, with_article

T = TypeVar("T")

MAX_EXTRA_DEPTH = 32
"""How deep lists and objects of an `extra` may nest."""
MOST_EXTRA_FAULTS = 100
"""How many faults of an `extra` are listed: there may be millions, and who sees a hundred sees what is wrong."""


@frozen
class Kind:
    """A kind of value: `faults(value, path)` lists what is wrong with one, `schema` says it as JSON Schema.

    What the schema cannot say is in `perspectives.schema.SEMANTIC_RULES`.
    """

    faults: Callable[[object, str], Sequence[Fault]]
    schema: Mapping[str, Any] = attrs.field(eq=False, repr=False)

    def __call__(self, instance: object, attribute: "attrs.Attribute[Any]", value: object) -> None:
        """Refuse a value of a class of the model, as attrs has it."""
        if self.faults(value, ""):
            raise ModelError(self.faults(value, f"{type(instance).__name__}.{attribute.name}"))


def optional(kind: Kind) -> Kind:
    """The kind, or None for what the source does not say."""
    return Kind(lambda value, path: () if value is None else kind.faults(value, path), kind.schema)


def each(kind: Kind) -> Kind:
    """A tuple of any length, each item of the kind."""

    def faults(value: object, path: str) -> Sequence[Fault]:
        if type(value) is not tuple:
            return _wrong("not-list", value, path, "a list")
        return [fault for index, item in enumerate(value) for fault in kind.faults(item, f"{path}[{index}]")]

    return Kind(faults, {"type": "array", "items": kind.schema})


def instance(cls: type) -> Kind:
    """An object of one class of the model."""
    expected = with_article(cls.__name__)
    return Kind(
        lambda value, path: () if isinstance(value, cls) else _wrong("not-object", value, path, expected),
        {"$ref": f"#/$defs/{cls.__name__}"},
    )


def choice(*values: str) -> Kind:
    """One of the named words."""
    expected = f"one of {', '.join(map(repr, values))}"
    return Kind(
        lambda value, path: (
            () if type(value) is str and value in values else _wrong("bad-choice", value, path, expected)
        ),
        {"type": "string", "enum": list(values)},
    )


def _string(pattern: str, **more: Any) -> Mapping[str, Any]:
    # Python's `$` matches before a line break at the end as well. Without the inner type, null would break the `not`.
    return {"type": "string", "pattern": f"^(?:{pattern})$", "not": {"type": "string", "pattern": r"\n"}, **more}


def _pattern(code: str, pattern: str, expected: str) -> Kind:
    compiled = re.compile(pattern)

    def faults(value: object, path: str) -> Sequence[Fault]:
        if type(value) is str and compiled.fullmatch(value):
            return ()
        return _wrong(code, value, path, expected)

    return Kind(faults, _string(pattern))


def _check_flag(value: object, path: str) -> Sequence[Fault]:
    return () if type(value) is bool else _wrong("not-flag", value, path, "true or false")


def _check_date(value: object, path: str) -> Sequence[Fault]:
    # A datetime is a date to isinstance; it would be written with a time and not be read back.
    return () if type(value) is dt.date else _wrong("bad-date", value, path, "a date, YYYY-MM-DD")


def _check_datetime(value: object, path: str) -> Sequence[Fault]:
    expected = "a date and time with an offset, like 2025-08-12T06:00:00+00:00"
    offset = value.utcoffset() if isinstance(value, dt.datetime) else None
    # RFC 3339 has no seconds in an offset.
    if not isinstance(value, dt.datetime) or offset is None or offset % dt.timedelta(minutes=1):
        return _wrong("bad-datetime", value, path, expected)
    # Where clocks change, Python holds a time of a zone for equal to none that has a fixed offset (PEP 495).
    if value.replace(fold=1 - value.fold).utcoffset() != offset:
        return _wrong("bad-datetime", value, path, "a fixed offset, since clocks change at this time")
    return ()


def _check_alternative(value: object, path: str) -> Sequence[Fault]:
    # Empty says that the image is decorative (HTML, 4.8.4.4).
    return () if type(value) is str and not value else check_text(value, path)


def _is_number(value: object) -> bool:
    match value:
        # 64 bits: what other readers of JSON can hold at best, and far below Python's limit for digits.
        case int() if type(value) is int and -(2**63) <= value < 2**64:
            return True
        case float() if type(value) is float and math.isfinite(value):
            return True
    return False


def _check_value(value: object, path: str) -> Sequence[Fault]:
    if isinstance(value, str):
        return check_text(value, path)
    return () if _is_number(value) else _wrong("bad-value", value, path, "a text or a number")


def _check_range(value: object, path: str) -> Sequence[Fault]:
    if type(value) is tuple and len(value) == 2 and all(map(_is_number, value)) and value[0] < value[1]:
        return ()
    return _wrong("bad-range", value, path, "two numbers, the lower one first")


def count(least: int) -> Kind:
    """A whole number from `least` on."""

    def faults(value: object, path: str) -> Sequence[Fault]:
        if type(value) is int and least <= value <= _MOST:
            return ()
        return _wrong("bad-count", value, path, f"a whole number from {least} to {_MOST}")

    return Kind(faults, {"type": "integer", "minimum": least, "maximum": _MOST})


_MOST = 2**53 - 1
"""The largest whole number that every reader of JSON keeps (RFC 8259, 6)."""


def _check_slug(value: object, path: str) -> Sequence[Fault]:
    if type(value) is str and value and slug(value) == value:
        return ()
    hint = slug(value) if isinstance(value, str) else ""
    return _wrong("bad-id", value, path, repr(hint) if hint else "an id of letters, digits and hyphens")


def _check_json(value: object, path: str) -> Sequence[Fault]:
    if type(value) is not dict:
        return _wrong("not-json", value, path, "an object of JSON values")
    return list(islice(_json_faults(value, path), MOST_EXTRA_FAULTS)) if value else ()


def _json_faults(value: object, path: str) -> Iterator[Fault]:
    """What is no JSON in an object, in its order and without a recursion, which its depth would break."""
    # The objects and lists that are open, each as the keys that lead to it and the members still to come.
    opened: list[tuple[tuple[object, ...], Iterator[tuple[object, object]]]] = [((), _members(value))]
    # A value may hold itself, or another many times over: none is looked at again that was as deep before.
    deepest: dict[int, int] = {}
    yield from _key_faults(value, path)
    while opened:
        keys, members = opened[-1]
        for key, item in members:
            if type(item) not in (dict, list):
                if not _is_scalar(item):
                    expected = "a text, number, true, false, null, list or object of JSON"
                    yield from _wrong("not-json", item, _below(path, *keys, key), expected)
            elif len(opened) == MAX_EXTRA_DEPTH:
                message = f"the value nests deeper than {MAX_EXTRA_DEPTH} levels"
                yield Fault(code="too-deep", message=message, path=_below(path, *keys, key), expected="fewer levels")
            elif len(opened) > deepest.get(id(item), 0):
                deepest[id(item)] = len(opened)
                yield from _key_faults(item, path, *keys, key)
                opened.append(((*keys, key), _members(item)))
                break
        else:
            opened.pop()


def _members(value: object) -> Iterator[tuple[object, object]]:
    """Each key or number with what it leads to, in a dict or list."""
    return iter(value.items() if isinstance(value, dict) else enumerate(value))  # type: ignore[arg-type]


def _key_faults(value: object, path: str, *keys: object) -> Iterator[Fault]:
    for odd in [key for key in value if not _is_text(key)] if isinstance(value, dict) else ():
        yield from _wrong("bad-key", odd, _below(path, *keys), "a text as key")


def _below(path: str, *keys: object) -> str:
    # Only asked for a fault: millions of paths that nobody reads would take longer than all the rest.
    return functools.reduce(key_path, keys, path)


def _is_scalar(value: object) -> bool:
    return value is None or isinstance(value, bool) or _is_text(value) or _is_number(value)


def _is_text(value: object) -> bool:
    return type(value) is str and (value.isascii() or not _SURROGATE.search(value))


_SURROGATE = re.compile("[\ud800-\udfff]")


def _wrong(code: str, value: object, path: str, expected: str) -> Sequence[Fault]:
    return [Fault(code=code, message=f"{show(value)} does not fit", path=path, expected=expected)]


_DATE = re.compile(r"[0-9]{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12][0-9]|3[01])")
_HOUR = r"(?:[01][0-9]|2[0-3])"
# RFC 3339, and no more digits of a second than Python keeps. Python alone would take +05:99 for an offset.
_DATETIME = re.compile(
    rf"{_DATE.pattern}[Tt ]{_HOUR}:[0-5][0-9]:[0-5][0-9](?:\.[0-9]{{1,6}})?(?:[Zz]|[+-]{_HOUR}:[0-5][0-9])"
)


def read_date(value: object) -> object:
    """A date written YYYY-MM-DD; anything else as it is, for the kind of its field to refuse."""
    # fromisoformat alone would take 20250812 and 2025-W33-2 too.
    return _read(value, _DATE, dt.date.fromisoformat)


def read_datetime(value: object) -> object:
    """A time written as RFC 3339 has it, with offset; anything else as it is."""
    return _read(value, _DATETIME, lambda text: dt.datetime.fromisoformat(text.upper()))


def _read(value: object, form: re.Pattern[str], read: Callable[[str], object]) -> object:
    try:
        return read(value) if isinstance(value, str) and form.fullmatch(value) else value
    except ValueError:  # the 31st of June
        return value


def key_path(path: str, key: object) -> str:
    """The JSON path of a member: `$.extra.note`, or `$.extra['odd key']`."""
    is_name = isinstance(key, str) and len(key) < 60 and key.isidentifier()
    return f"{path}.{key}" if is_name else f"{path}[{show(key)}]"


def to_tuple(value: Sequence[T]) -> tuple[T, ...]:
    """A sequence as a tuple; anything else is left as it is, for the validator to refuse."""
    if type(value) is tuple:  # by far the most frequent, and the look below is slow
        return value
    # A str is a sequence of its letters, and a set has no order: neither is a list to anybody.
    is_list = isinstance(value, Sequence) and not isinstance(value, str | bytes | bytearray)
    return tuple(value) if is_list else value  # type: ignore[return-value]


def to_texts(value: Sequence[str]) -> tuple[str, ...]:
    """As `to_tuple`; mypy takes only named functions as converters, and only typed ones say what a list must hold."""
    return to_tuple(value)


def rule(code: str, message: str, path: str, expected: str) -> Fault:
    """What breaks a rule across the fields of an object; `path` begins with its class."""
    return Fault(code=code, message=message, path=path, expected=expected)


def twice(path: str, name: str, values: Sequence[str], expected: str) -> Iterator[Fault]:
    """A fault for each value that was there before."""
    seen: set[str] = set()
    for index, value in enumerate(values):
        if value in seen:
            yield rule("duplicate", f"the {name} {show(value)} occurs twice", f"{path}[{index}]", expected)
        seen.add(value)


def refuse(*faults: Fault) -> None:
    """Raise the faults, if there are any."""
    if faults:
        raise ModelError(faults)


# What the gate of `text.py` refuses: a code point anywhere, white space at either end. Without lone surrogates:
# validators that hold texts as UTF-8 cannot read a pattern with them, and meet none.
_FORBIDDEN = r"[\u0000-\u001f\u007f-\u009f\u2028\u2029\ufeff\ufffe\uffff]"
_BLANK = r"[ \u00a0\u1680\u2000-\u200a\u202f\u205f\u3000]"
_TEXT = {"type": "string", "not": {"type": "string", "pattern": f"{_FORBIDDEN}|^{_BLANK}|{_BLANK}$"}}
_NUMBER = {"type": "number"}

TEXT = Kind(check_text, {**_TEXT, "minLength": 1})
ALTERNATIVE = Kind(_check_alternative, _TEXT)
URL = Kind(
    check_url,
    _string(
        r"[Hh][Tt][Tt][Pp][Ss]?://(?:[A-Za-z0-9._~:/?#\[\]@!$&'()*+,;=-]|%[0-9A-Fa-f]{2})+",
        description="an http or https URL",
    ),
)
ADDRESS = Kind(check_address, _string(r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~.-]+@[A-Za-z0-9.-]+"))
SLUG = Kind(_check_slug, TEXT.schema)
FLAG = Kind(_check_flag, {"type": "boolean"})
DATE = Kind(_check_date, _string(_DATE.pattern, format="date", description="YYYY-MM-DD"))
# No `format`: that of JSON Schema has no space between date and time, which RFC 3339 allows and the codec reads.
DATETIME = Kind(_check_datetime, _string(_DATETIME.pattern, description="RFC 3339"))
JSON = Kind(_check_json, {"type": "object"})
VALUE = Kind(_check_value, {"anyOf": [TEXT.schema, _NUMBER]})
RANGE = Kind(_check_range, {"type": "array", "items": _NUMBER, "minItems": 2, "maxItems": 2})
# RFC 5646, 2.1, without its grandfathered and private tags.
LANGUAGE = _pattern(
    "bad-language",
    r"[A-Za-z]{2,8}(?:-[A-Za-z0-9]{2,8})*(?:-[A-WYZa-wyz0-9](?:-[A-Za-z0-9]{2,8})+)*(?:-[Xx](?:-[A-Za-z0-9]{1,8})+)?",
    "a BCP 47 tag, like 'en' or 'pt-BR'",
)
COUNTRY = _pattern("bad-country", r"[A-Z]{2}", "an ISO 3166-1 code of two capitals, like 'GB'")
DOMAIN = _pattern(
    "bad-domain",
    r"(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z0-9][a-z0-9-]{0,61}[a-z0-9]",
    "a domain, like 'example.org'",
)
_WORD = r"[a-z][a-z0-9]*(?:-[a-z0-9]+)*"
REL = _pattern("bad-rel", _WORD, "a link relation, like 'go-deeper'")
BLOCK_KIND = _pattern("bad-kind", _WORD, "a word for what it is, like 'travel-advisory'")
