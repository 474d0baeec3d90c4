"""Options from keywords and from the command line: what is taken, and what the refusals say."""

import datetime as dt
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Literal, Optional

import attrs
import jsonschema
import pytest
from attrs import field, frozen

from perspectives import Fault, OptionsError
from perspectives.discovery import KINDS, built_in
from perspectives.options import build, describe, option_types, options_schema, parse
from perspectives.registry import Registry

DAY = dt.date(2026, 1, 14)
MOMENT = dt.datetime(2026, 1, 14, 18, 30, tzinfo=dt.UTC)


@frozen(kw_only=True)
class Options:
    """One option of each type."""

    flag: bool = False
    width: int = 0
    scale: float = 1.0
    title: str = "x"
    day: dt.date | None = None
    moment: dt.datetime | None = None
    level: Literal[1, 2, 3, 4] | None = None
    css: Literal["inline", "none"] = "inline"
    named: str | None = None
    theme: Mapping[str, str] | None = None
    any: Any = None


@frozen(kw_only=True)
class Written:
    """Types as texts, as `from __future__ import annotations` leaves them."""

    width: "int" = 0
    level: "Literal[1, 2] | None" = None


@frozen(kw_only=True)
class Positive:
    """With validators of its own."""

    width: int = field(default=1, validator=attrs.validators.gt(0))
    height: int = field(default=1)
    columns: int = field(default=1, validator=attrs.validators.in_([1, 2]))

    @height.validator
    def _check(self, _, value):
        if value < 0:
            raise ValueError("height is negative")


@frozen(kw_only=True)
class Sender:
    """Refuses in our own words."""

    sender: str = ""

    def __attrs_post_init__(self):
        raise OptionsError(Fault(code="bad-address", message="no address", path="sender"))


def refused(call, *arguments):
    """The text of the OptionsError that a call raises."""
    with pytest.raises(OptionsError) as caught:
        call(*arguments)
    return str(caught.value)


def test_no_options_give_the_defaults():
    """Nothing passed is the class with its defaults."""

    assert Options() == build(Options, "a:b", {})


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("flag", True),
        ("width", 3),
        ("scale", 1.5),
        ("scale", 2),
        ("title", ""),
        ("day", DAY),
        ("day", None),
        ("moment", MOMENT),
        ("level", 4),
        ("level", None),
        ("css", "none"),
        ("named", "x"),
        ("theme", {}),
        ("theme", {"accent": "#000000"}),
        ("theme", None),
        ("any", object),
    ],
)
def test_value_of_the_type_is_taken_as_it_is(name, value):
    """A value of the option's type is neither converted nor refused."""

    assert Options(**{name: value}) == build(Options, "a:b", {name: value})


@pytest.mark.parametrize(
    ("name", "value", "expected"),
    [
        ("flag", 1, "must be true or false, got 1"),
        ("flag", "true", "must be true or false, got 'true'"),
        ("width", True, "must be an int, got True"),
        ("width", 1.0, "must be an int, got 1.0"),
        ("width", "3", "must be an int, got '3'"),
        ("scale", True, "must be a number, got True"),
        ("title", b"x", "must be a text, got b'x'"),
        ("title", None, "must be a text, got null"),
        ("day", MOMENT, "must be a date like 2026-01-14 or None, got datetime.datetime(2026, 1, 14, 18, 30, tzinfo=datetime.time…"),
        ("day", "2026-01-14", "must be a date like 2026-01-14 or None, got '2026-01-14'"),
        ("moment", DAY, "must be a date and time like 2026-01-14T18:30:00Z or None, got datetime.date(2026, 1, 14)"),
        ("level", 5, "must be an int from 1 to 4 or None, got 5"),
        ("level", True, "must be an int from 1 to 4 or None, got True"),
        ("level", "two", "must be an int from 1 to 4 or None, got 'two'"),
        ("css", "None", "must be 'inline' or 'none', got 'None'"),
        ("css", [], "must be 'inline' or 'none', got a list"),
        ("theme", "accent", "must be texts by key (NAME.KEY=TEXT) or None, got 'accent'"),
        ("theme", {"accent": 5}, "must be texts by key (NAME.KEY=TEXT) or None, got a dict"),
        ("theme", {5: "accent"}, "must be texts by key (NAME.KEY=TEXT) or None, got a dict"),
    ],
)  # fmt: skip
def test_value_of_another_type_is_refused(name, value, expected):
    """A value that does not fit is refused with who takes the option and what is right."""

    assert f"a:b: option {name!r} {expected}" == refused(build, Options, "a:b", {name: value})


def test_unknown_option_is_suggested():
    """A misspelt option gets the near one and the list of all."""

    assert "a:b has no option 'widht'. Did you mean 'width'?\noptions: width, level" == (
        refused(build, Written, "a:b", {"widht": 1})
    )


def test_unknown_option_without_a_near_one():
    """An option that is like no other gets the list alone."""

    assert "a:b has no option 'zzz'\noptions: width, level" == refused(build, Written, "a:b", {"zzz": 1})


def test_class_without_options_says_so():
    """Where there are no options, the list says none."""

    assert "a:b has no option 'x'\noptions: none" == refused(build, frozen(type("Empty", (), {})), "a:b", {"x": 1})


def test_all_that_is_wrong_is_said_at_once():
    """Every wrong option is a fault of the one error, with its code."""

    with pytest.raises(OptionsError) as caught:
        build(Options, "a:b", {"width": "x", "foo": 1, "flag": 2})

    assert ["unknown-option", "bad-option", "bad-option"] == [fault.code for fault in caught.value.faults]


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ({"width": 0}, "a:b: 'width' must be > 0: 0"),
        ({"height": -1}, "a:b: height is negative"),
        ({"columns": 3}, "a:b: 'columns' must be in [1, 2] (got 3)"),
    ],
)
def test_own_validator_is_an_options_error(values, expected):
    """What a validator of the class refuses is our error with the owner's name."""

    assert expected == refused(build, Positive, "a:b", values)


def test_own_options_error_gets_the_owner():
    """An OptionsError of the class itself passes, with who raised it."""

    assert "a:b: no address @ sender" == refused(build, Sender, "a:b", {})


def test_types_written_as_texts_are_resolved():
    """Annotations that are texts mean what they say."""

    assert {"width": int, "level": Optional[Literal[1, 2]]} == option_types(Written)  # noqa: UP045
    assert "a:b: option 'level' must be 1 or 2 or None, got 3" == refused(build, Written, "a:b", {"level": 3})


@pytest.mark.parametrize(
    ("type_", "expected"),
    [
        (Literal[0, 1, 2], "an int from 0 to 2"),
        (Literal[1, 3, 5], "1 or 3 or 5"),
        (Literal[1, 2, "auto", 3] | None, "an int from 1 to 3 or 'auto' or None"),
        (int | str, "an int or a text"),
        (Path, "Path"),
        (tuple[str, ...], "tuple[str, ...]"),
        (Literal[True, "auto"], "True or 'auto'"),
    ],
)
def test_types_are_described_in_words(type_, expected):
    """A message says a type as a user would."""

    assert expected == describe(type_)


@pytest.mark.parametrize(
    ("name", "word", "value"),
    [
        ("flag", "true", True),
        ("flag", "YES", True),
        ("flag", "1", True),
        ("flag", "0", False),
        ("flag", "no", False),
        ("width", "-3", -3),
        ("scale", "1.5", 1.5),
        ("scale", "2", 2.0),
        ("title", "3", "3"),
        ("title", "none", "none"),
        ("day", "2026-01-14", DAY),
        ("day", "none", None),
        ("moment", "2026-01-14T18:30:00Z", MOMENT),
        ("moment", "2026-01-14T19:30:00+01:00", MOMENT),
        ("level", "4", 4),
        ("level", "none", None),
        ("css", "none", "none"),
        ("day", "None", None),
        ("named", "none", None),
        ("named", "nobody", "nobody"),
        ("any", "x", "x"),
    ],
)
def test_word_is_read_by_the_type(name, word, value):
    """A word from the command line becomes a value of the option's type; what is listed as `none` is None, any other text stays."""

    assert {name: value} == parse(Options, "a:b", {name: word})


@pytest.mark.parametrize(
    ("name", "word", "expected"),
    [
        ("flag", "on", "must be true or false, got 'on'"),
        ("width", "wide", "must be an int, got 'wide'"),
        ("width", "1.5", "must be an int, got '1.5'"),
        ("day", "20260114", "must be a date like 2026-01-14 or None, got '20260114'"),
        ("day", "2026-W03-3", "must be a date like 2026-01-14 or None, got '2026-W03-3'"),
        ("day", "2026-02-30", "must be a date like 2026-01-14 or None, got '2026-02-30'"),
        ("moment", "2026-01-14", "must be a date and time like 2026-01-14T18:30:00Z or None, got '2026-01-14'"),
        ("level", "5", "must be an int from 1 to 4 or None, got '5'"),
        ("css", "block", "must be 'inline' or 'none', got 'block'"),
    ],
)
def test_word_that_cannot_be_read_is_refused(name, word, expected):
    """A word without a reading is refused as it was typed."""

    assert f"a:b: option {name!r} {expected}" == refused(parse, Options, "a:b", {name: word})


def test_words_with_a_key_become_one_option():
    """Texts by key are given one by one; a key may hold a dot, and a text may be anything."""
    words = {"theme.accent": "#005f73", "width": "3", "theme.a.b": "", "theme.ink": "none"}

    assert {"theme": {"accent": "#005f73", "a.b": "", "ink": "none"}, "width": 3} == parse(Options, "a:b", words)


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ({"theme": "dark"}, "a:b: option 'theme' must be texts by key (NAME.KEY=TEXT) or None, got 'dark'"),
        ({"title.x": "1"}, "a:b has no option 'title.x'. Did you mean 'title'?"),
        ({"theme": "none", "theme.ink": "1"}, "a:b has no option 'theme.ink'. Did you mean 'theme'?"),
    ],
)
def test_key_that_does_not_fit_is_refused(words, expected):
    """A key where the option takes none, or beside a value for the whole option, is refused, and so is no key."""

    assert expected == refused(parse, Options, "a:b", words).splitlines()[0]


def test_unknown_name_on_the_command_line_is_refused():
    """A misspelt name is refused on the command line as in Python."""

    assert "a:b has no option 'leve'. Did you mean 'level'?\noptions: width, level" == (
        refused(parse, Written, "a:b", {"leve": "1"})
    )


@frozen(kw_only=True)
class Odd:
    """What an options class should not have, and may."""

    needed: int
    words: tuple[str, ...] = field(factory=tuple)
    level: int | Literal["auto"] = "auto"
    endless: float = float("inf")
    named: str = field(default=attrs.Factory(lambda self: self.needed, takes_self=True))
    raw: Literal[b"x"] | None = None


def test_schema_says_all_options():
    """The JSON Schema of an options class has the type, default and help of each option, and no others."""
    assert {
        "type": "object",
        "properties": {
            "flag": {"type": "boolean", "default": False},
            "width": {"type": "integer", "default": 0},
            "scale": {"type": "number", "default": 1.0},
            "title": {"type": "string", "default": "x"},
            "day": {"anyOf": [{"type": "string", "format": "date"}, {"type": "null"}], "default": None},
            "moment": {"anyOf": [{"type": "string", "format": "date-time"}, {"type": "null"}], "default": None},
            "level": {"enum": [1, 2, 3, 4, None], "default": None},
            "css": {"enum": ["inline", "none"], "default": "inline"},
            "named": {"anyOf": [{"type": "string"}, {"type": "null"}], "default": None},
            "theme": {
                "anyOf": [{"type": "object", "additionalProperties": {"type": "string"}}, {"type": "null"}],
                "default": None,
            },
            "any": {"default": None},
        },
        "additionalProperties": False,
    } == options_schema(Options)


def test_schema_has_the_help():
    """The help of an option is its description, and a date is written as the command takes it."""
    cls = attrs.make_class("Cls", {"day": field(default=DAY, type=dt.date, metadata={"help": "when – or never"})})

    assert {"type": "string", "format": "date", "description": "when – or never", "default": "2026-01-14"} == (
        options_schema(cls)["properties"]["day"]
    )


def test_schema_of_what_json_has_not():
    """A type or default that JSON has not is left out; an option without a default is required."""
    assert {
        "type": "object",
        "properties": {
            "needed": {"type": "integer"},
            "words": {},
            "level": {"anyOf": [{"enum": ["auto"]}, {"type": "integer"}], "default": "auto"},
            "endless": {"type": "number"},
            "named": {"type": "string"},
            "raw": {"default": None},
        },
        "additionalProperties": False,
        "required": ["needed"],
    } == options_schema(Odd)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        (name, value)
        for name in attrs.fields_dict(Options)
        for value in (True, 3, 1.5, "", "inline", "none", None, [], {})
        if name not in ("day", "moment")  # as JSON they are texts
    ],
)
def test_schema_takes_what_the_options_take(name, value):
    """What the schema lets pass is what the options class takes."""
    try:
        build(Options, "a:b", {name: value})
        is_taken = True
    except OptionsError:
        is_taken = False

    assert is_taken is jsonschema.Draft202012Validator(options_schema(Options)).is_valid({name: value})


@pytest.mark.parametrize("provider", [p for kind in KINDS for p in built_in(kind)], ids=lambda p: f"{p.kind} {p.name}")
def test_schema_of_each_format_of_ours(provider):
    """Each built-in format's options have a sound schema: its defaults pass, and every option has its help."""
    cls = Registry(autoload=False).describe(provider.kind, provider.label)[1].options_class
    schema = options_schema(cls)
    jsonschema.Draft202012Validator.check_schema(schema)
    jsonschema.validate({name: option["default"] for name, option in schema["properties"].items()}, schema)

    assert [] == [name for name, option in schema["properties"].items() if not option["description"]]
