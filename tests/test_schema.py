"""The JSON Schema says the same as the codec: as far as it can, and a list says how far that is."""

import copy
import datetime as dt
import functools
import json
import re
from pathlib import Path

import attrs
import jsonschema
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import perspectives as p
from perspectives.codec import is_of_model
from perspectives.schema import SEMANTIC_RULES
from perspectives.testing import briefs, samples
from perspectives.text import clean

SCHEMAS = Path(__file__).parents[1] / "docs" / "schema"
CLASSES = [cls for name in p.__all__ if is_of_model(cls := getattr(p, name))]
few = settings(max_examples=60, deadline=None)


@functools.cache
def judge(cls, **options):
    """The judge of a class: another project's validator, which knows our schema only."""
    schema = p.json_schema(cls, **options)
    jsonschema.Draft202012Validator.check_schema(schema)
    return jsonschema.Draft202012Validator(schema)


def faults(data, cls, **options):
    """What the codec finds wrong."""
    try:
        p.from_dict(data, cls, **options)
    except p.PerspectivesError as error:
        return error.faults
    return ()


# What it looks like


LINK = {
    "$schema": "https://json-schema.org/draft/2020-12/schema",
    "title": "Link",
    "description": "Where a reader can go on. Without `href` it is printed as plain text.",
    "type": "object",
    "properties": {
        "label": {
            "description": "the words of the link",
            "type": "string",
            "not": {
                "type": "string",
                "pattern": "[\\u0000-\\u001f\\u007f-\\u009f\\u2028\\u2029\\ufeff\\ufffe\\uffff]"
                "|^[ \\u00a0\\u1680\\u2000-\\u200a\\u202f\\u205f\\u3000]"
                "|[ \\u00a0\\u1680\\u2000-\\u200a\\u202f\\u205f\\u3000]$",
            },
            "minLength": 1,
        },
        "href": {
            "description": "where it leads (an http or https URL)",
            "type": ["string", "null"],
            "pattern": "^(?:[Hh][Tt][Tt][Pp][Ss]?://(?:[A-Za-z0-9._~:/?#\\[\\]@!$&'()*+,;=-]|%[0-9A-Fa-f]{2})+)$",
            "not": {"type": "string", "pattern": "\\n"},
        },
        "rel": {
            "description": "go-deeper, related, notable, alternate, canonical ...",
            "type": ["string", "null"],
            "pattern": "^(?:[a-z][a-z0-9]*(?:-[a-z0-9]+)*)$",
            "not": {"type": "string", "pattern": "\\n"},
        },
    },
    "required": ["label"],
    "additionalProperties": False,
}


def test_schema_of_a_class():
    """A class is an object of its fields with their docs, and nothing else; null stands for what may be absent."""

    assert LINK == p.json_schema(p.Link)


def test_strict_schema_of_a_class():
    """For language models each field is required, may be null instead, and the rules for texts are left out."""

    assert {
        "description": "Where a reader can go on. Without `href` it is printed as plain text.",
        "type": "object",
        "properties": {
            "label": {"description": "the words of the link", "type": "string"},
            "href": {"description": "where it leads (an http or https URL)", "type": ["string", "null"]},
            "rel": {
                "description": "go-deeper, related, notable, alternate, canonical ...",
                "type": ["string", "null"],
            },
        },
        "required": ["label", "href", "rel"],
        "additionalProperties": False,
    } == p.json_schema(p.Link, strict_output=True)


def test_each_class_stands_once():
    """The classes below stand in `$defs`, each once, and the schema refers to them."""
    schema = p.json_schema(p.Context)

    assert (["Paragraph", "Citation"], {"$ref": "#/$defs/Paragraph"}, 1) == (
        list(schema["$defs"]),
        schema["properties"]["paragraphs"]["items"],
        schema["properties"]["paragraphs"]["minItems"],
    )


def test_brief_says_its_format():
    """Only a brief is a document, so only its schema asks for the format, in both variants."""
    form = {"description": "what this document is, and its version", "type": "string", "enum": ["perspectives/1.0"]}
    found = [p.json_schema(p.Brief, strict_output=strict) for strict in (False, True)]

    assert [(form, True), (form, True), []] == [
        *((schema["properties"]["format"], "format" in schema["required"]) for schema in found),
        [cls.__name__ for cls in CLASSES if cls is not p.Brief and "format" in json.dumps(p.json_schema(cls, strict_output=True)["required"])],
    ]  # fmt: skip


def test_schema_is_the_caller_s_own():
    """What a caller changes in a schema does not show in the next one."""
    schema = p.json_schema(p.Link)
    schema["properties"]["label"]["not"].clear()
    schema["properties"]["href"]["type"].clear()

    assert LINK == p.json_schema(p.Link)


def test_only_keeps_some_fields():
    """`only` keeps the named fields, in the model's order, and no class that none of them needs."""
    schema = p.json_schema(p.Story, strict_output=True, only=["facts", "headline"])

    assert (["headline", "facts"], ["headline", "facts"], ["Fact", "Citation"]) == (
        list(schema["properties"]),
        schema["required"],
        list(schema["$defs"]),
    )


def test_only_of_plain_fields_needs_no_classes():
    """Where no class is needed there are no `$defs`."""

    assert "$defs" not in p.json_schema(p.Story, only=("headline",))


@pytest.mark.parametrize(
    ("only", "strict", "expected"),
    [
        (["headline", "fatcs"], False, ["a Story has no field 'fatcs' to keep, expected 'facts'"]),
        (["headline", "extra"], True, ["a Story has no field 'extra' to keep, expected one of headline, section, summary, facts, context, perspectives, links, sources, quotes, timeline, questions, images, blocks, subjects, place, id, url, language, date, published, updated, translation_of, corrections, provenance"]),
        (["facts"], False, ["'headline' is left out, expected 'headline' among the fields to keep, as no Story is without"]),
        (["factz"], False, ["a Story has no field 'factz' to keep, expected 'facts'", "'headline' is left out, expected 'headline' among the fields to keep, as no Story is without"]),
    ],
)  # fmt: skip
def test_only_of_other_fields_is_options_error(only, strict, expected):
    """A name that is no field, and a required field that is left out, are named."""
    with pytest.raises(p.OptionsError) as caught:
        p.json_schema(p.Story, strict_output=strict, only=only)

    assert expected == str(caught.value).splitlines()


def test_only_is_not_one_text():
    """A text is a sequence of its letters, and no list of names."""
    with pytest.raises(TypeError, match="only takes several names, not the text 'headline'"):
        p.json_schema(p.Story, only="headline")


@pytest.mark.parametrize("cls", [dict, p.ModelError, p.Limits, "Story", p.Story | None])
def test_other_class_is_type_error(cls):
    """What is no class of the model has no schema, and is the caller's mistake."""
    with pytest.raises(TypeError) as caught:
        p.json_schema(cls)

    assert f"json_schema takes a class of the model, not {cls!r}" == str(caught.value)


# It agrees with the codec


WITNESSES = {
    "bad-address": (p.Publisher, {"name": "a", "email": "a..b@example.org"}),
    "bad-citation": (p.Citation, {"kind": "common-knowledge", "source": "a"}),
    "bad-count": (p.Coverage, {"articles": 48.0}),
    "bad-date": (p.Correction, {"text": "a", "date": "2025-06-31"}),
    "bad-datetime": (p.Source, {"id": "a", "published": "2025-06-31T06:00:00Z"}),
    "bad-id": (p.Outlet, {"name": "The Quay", "id": "The Quay"}),
    "bad-key": (p.Outlet, {"name": "a", "extra": {"\ud800": 1}}),
    "bad-order": (
        p.Story,
        {"headline": "a", "published": "2025-08-12T06:00:00Z", "updated": "2025-08-12T06:00:00+01:00"},
    ),
    "bad-range": (p.RatingScheme, {"id": "a", "axis": "b", "range": [1, 1]}),
    "bad-rating": (
        p.Brief,
        {
            "format": "perspectives/1.0",
            "schemes": [{"id": "a", "axis": "b", "values": ["c"]}],
            "stories": [
                {
                    "headline": "h",
                    "perspectives": [{"label": "l", "framing": "f", "position": {"scheme": "a", "value": 1}}],
                }
            ],
        },
    ),
    "bad-scheme": (p.RatingScheme, {"id": "a", "axis": "b"}),
    "bad-text": (p.Link, {"label": "\ud800"}),
    "bad-url": (p.Link, {"label": "a", "href": "https:///a"}),
    "bad-value": (p.Position, {"scheme": "a", "value": 2**64}),
    "dangling-citation": (p.Story, {"headline": "a", "facts": [{"text": "b", "citations": [{"source": "c"}]}]}),
    "duplicate": (p.Story, {"headline": "a", "sources": [{"id": "b"}, {"id": "b"}]}),
    "empty": (p.Block, {"kind": "note"}),
    "limit": (p.Story, {"headline": "a" * 501}),
    "no-label": (p.CallToAction, {"headline": "a", "href": "https://example.org"}),
    "not-json": (p.Outlet, {"name": "a", "extra": {"b": 2**64}}),
    "too-deep": (p.Outlet, {"name": "a", "extra": functools.reduce(lambda inner, _: {"b": inner}, range(32), [])}),
    "uncited-quote": (p.Quote, {"text": "a", "verbatim": True}),
}


@pytest.mark.parametrize("code", WITNESSES)
def test_semantic_rule_is_beyond_the_schema(code):
    """For each rule of the list there is a document that is valid under the schema and breaks only this rule."""
    cls, data = WITNESSES[code]

    assert ([], [code]) == (list(judge(cls).iter_errors(data)), [fault.code for fault in faults(data, cls)])


def test_each_semantic_rule_has_a_witness():
    """No rule stands on the list without need."""

    assert sorted(WITNESSES) == list(SEMANTIC_RULES)


def objects(value):
    """Class and plain data of each object of a brief, from the top."""
    if isinstance(value, tuple):
        for item in value:
            yield from objects(item)
    elif is_of_model(type(value)):
        yield type(value), p.to_dict(value)
        for field in attrs.fields(type(value)):
            yield from objects(getattr(value, field.name))


OBJECTS = [
    *objects(samples["full"]),
    (p.Wording, p.to_dict(p.Wording(language="ar", direction="rtl", facts="a"))),
    (p.Paragraph, "a paragraph"),
    (p.Context, {"paragraphs": ["a", {"text": "b"}]}),
    (p.Story, {"headline": "a", "summary": None, "facts": None, "context": None, "extra": None, "date": None}),
    (p.Source, {"id": "a", "published": "2025-08-12 06:00:00Z"}),
]
DEEP = functools.reduce(lambda inner, _: [inner], range(40), 1)
ODD = [
    None, True, False, 0, 1, -1, 48.0, -6.5, 2**53, 2**64, -(2**64), 10**30, 1e300,
    "", " ", " a", "a ", "a\n", "\n", "a\u0000b", "\u007f", "\u0085", "a\u2028b", "\ufeffa", "\uffff", "a\u00a0", "\u3000a",
    "\ud800", "\udfffa", "a", "é", "👩‍👧", "\U0001fffe", "a\u00a0b", "\u202ea", "a" * 501, "a" * 2_001,
    "2025-08-12", "2025-06-31", "0000-01-01", "2025-13-01", "2025-08-12\n", "20250812", "2025-W33-2", "٢٠٢٥-08-12",
    "2025-08-12T06:00:00Z", "2025-08-12 06:00:00.123456+00:00", "2025-08-12t06:00:00-00:00", "2025-06-31T06:00:00Z",
    "2025-08-12T24:00:00Z", "2025-08-12T23:59:60Z", "2025-08-12T06:00:00+05:99", "2025-08-12T06:00:00+24:00",
    "2025-08-12T06:00:00", "2025-08-12T06:00Z", "0001-01-01T00:00:00+23:59", "9999-12-31T23:59:59-23:59",
    "https://example.org/a_(b)?c=d&e#f", "HTTP://[::1]:80/", "https:///a", "https://a@b.c", "https://a.b:0", "http:a.b",
    "https://a.b/%zz", "https://ü.example", "https://a.b/ c", "javascript:1", "https://a.b\n", "https://a.b:99999",
    "desk@example.org", "a..b@example.org", "a@-b", "@b", "a@b\n", "ü@example.org", "a" * 65 + "@example.org",
    "en", "e", "zh-Hant", "de_AT", "x-private", "GB", "gb", "GBR", "ÄB", "example.org", "Example.org", "example", "a-.org",
    "the-quay", "The Quay", "yeni-şafak", "-a", "go-deeper", "travel-advisory", "a--b", "a_b",
    "reported", "source", "common-knowledge", "outlets", "rtl", "humanEdits", "perspectives/1.0", "perspectives/1.1",
    "bank", "East", "minutes",
    [], [None], ["a"], ["a", "a"], [1, 2], [2, 1], [1], [1, 2, 3], [True, 2], [[]], [{}], ["a"] * 101, [{"text": "a"}], DEEP,
    {}, {"text": "a"}, {"a": None}, {"a": 2**64}, {"\ud800": 1}, {"a": "\ud800"}, {"a": DEEP}, {"a b": [1.5, True, "\n"]},
]  # fmt: skip
# Texts near those that a pattern takes.
TEXTS = st.text(alphabet="aB1-.:/@%+TtZz 2025é\n\u2028\ud800", max_size=12) | st.builds(
    "{}{}{}".format,
    st.sampled_from(["", " ", "\n", "https://", "2025-08-1", "a@", "a."]),
    st.sampled_from(["", "a", "é", "1", "a-b", "%41", "A"]),
    st.sampled_from(["", " ", "\n", "\u00a0", ".org", "-", ":1", "T06:00:00Z"]),
)
KEYS = sorted({field.name for cls in CLASSES for field in attrs.fields(cls)} | {"format", "", "a"})


def places(value):
    """Each container and key in plain data."""
    for key, item in list(value.items() if isinstance(value, dict) else enumerate(value)):
        yield value, key
        if isinstance(item, dict | list):
            yield from places(item)


@st.composite
def damaged(draw, documents):
    """A class and a document of it with up to three changes."""
    cls, data = draw(documents)
    root = [copy.deepcopy(data)]
    for _ in range(draw(st.integers(0, 3))):
        there = list(places(root))
        where, key = there[draw(st.integers(0, len(there) - 1))]
        match draw(st.sampled_from(["odd", "odd", "text", "drop", "add", "swap", "twice"])):
            case "odd":
                where[key] = copy.deepcopy(draw(st.sampled_from(ODD)))
            case "text":
                where[key] = draw(TEXTS)
            case "drop" if where is not root:
                del where[key]
            case "add" if isinstance(where, dict):
                where[draw(st.sampled_from(KEYS))] = copy.deepcopy(draw(st.sampled_from(ODD)))
            case "swap":
                other, name = there[draw(st.integers(0, len(there) - 1))]
                where[key] = copy.deepcopy(other[name])
            case "twice" if isinstance(where, list) and where is not root:
                where.append(copy.deepcopy(where[key]))
    return cls, root[0]


def is_day(text):
    """Whether a date, or a time on it, can be."""
    try:
        dt.date.fromisoformat(text[:10])
    except ValueError:
        return False
    return True


def is_tidy(text):
    """Whether a text is one paragraph, but for half surrogate pairs."""
    return re.sub("[\ud800-\udfff]", "\ufffd", text) == clean(text) != ""


# What of a single value is beyond the schema; whatever else is wrong with one the schema must see.
BEYOND = {
    "bad-address": lambda text: re.fullmatch(r"[!-~]+@[A-Za-z0-9.-]+", text),
    "bad-count": lambda number: type(number) is float and number.is_integer() and 0 <= number < 2**53,
    "bad-date": lambda text: not is_day(text),
    "bad-datetime": lambda text: not is_day(text),
    "bad-id": is_tidy,
    "bad-range": lambda pair: len(pair) == 2,
    "bad-text": is_tidy,
    "bad-url": lambda text: re.fullmatch(r"(?i:https?)://[!-~]+", text),
    "bad-value": lambda number: type(number) is int,
}


def value_at(data, path):
    """The value that the path of a fault leads to."""
    for name, index in re.findall(r"\.(\w+)|\[(\d+)\]", path):
        if not isinstance(data, str):  # a plain string for a paragraph
            data = data[name] if name else data[int(index)]
    return data


def is_beyond(fault, data):
    """Whether the schema need not see this fault."""
    if fault.code in BEYOND:
        return BEYOND[fault.code](value_at(data, fault.path))
    return fault.code in SEMANTIC_RULES


def disagreements(cls, data):
    """Where schema and codec differ, other than by the list of rules."""
    found = faults(data, cls)
    # To some validators a format is a rule, to most of them only a note.
    with_formats = judge(cls).evolve(format_checker=jsonschema.FormatChecker(["date"]))
    if not judge(cls).is_valid(data) or (not found and not with_formats.is_valid(data)):
        return [] if found else ["accepted, but not valid"]
    return [str(fault) for fault in found if not is_beyond(fault, data)]


@settings(max_examples=300, deadline=None)
@given(damaged(st.sampled_from(OBJECTS)))
def test_schema_agrees_with_the_codec(case):
    """What the codec accepts is valid; what else is valid breaks a rule of the list. So it is in each class."""

    assert [] == disagreements(*case)


@few
@given(damaged(briefs().map(lambda brief: (p.Brief, p.to_dict(brief)))))
def test_schema_agrees_with_the_codec_on_whole_briefs(case):
    """Of whole documents, sound and damaged, the schema says the same as the codec."""

    assert [] == disagreements(*case)


@pytest.mark.parametrize("cls", CLASSES, ids=lambda cls: cls.__name__)
def test_schema_agrees_with_the_codec_on_each_field(cls):
    """Each odd value in each field is judged alike."""
    sound = next(data for c, data in OBJECTS if c is cls and isinstance(data, dict))
    sound = {key: value for key, value in sound.items() if key == "format" or key in _required(cls)}
    cases = [{**sound, field.name: odd} for field in attrs.fields(cls) for odd in ODD]

    assert [] == [(case, found) for case in cases if (found := disagreements(cls, case))]


def _required(cls):
    return [field.name for field in attrs.fields(cls) if field.default is attrs.NOTHING]


@few
@given(briefs())
def test_every_brief_is_valid(brief):
    """What `to_dict` gives is valid under the schema."""

    assert [] == list(judge(p.Brief).iter_errors(p.to_dict(brief)))


@pytest.mark.parametrize("name", samples)
def test_every_sample_is_valid(name):
    """So is each sample, however hard."""

    assert [] == list(judge(p.Brief).iter_errors(p.to_dict(samples[name])))


# For language models


def filled(value):
    """An object as a language model gives it: every field but `extra`, null for what is at its default."""
    if isinstance(value, tuple):
        return [filled(item) for item in value]
    if not is_of_model(type(value)):
        return value
    data = p.to_dict(value)
    names = [field.name for field in attrs.fields(type(value)) if field.name != "extra"]
    form = {"format": data["format"]} if "format" in data else {}
    # Dates and times are texts in plain data; objects and lists are filled themselves.
    parts = {name: getattr(value, name) for name in names}
    return form | {
        name: (filled(part) if isinstance(part, tuple) or is_of_model(type(part)) else data[name])
        if name in data
        else None
        for name, part in parts.items()
    }


def without_extra(data):
    """Plain data without what a language model is not asked for."""
    if isinstance(data, list):
        return [without_extra(item) for item in data]
    if isinstance(data, dict):
        return {key: without_extra(item) for key, item in data.items() if key != "extra"}
    return data


@few
@given(briefs())
def test_filled_form_is_valid_and_accepted(brief):
    """Each brief can be given in the strict form, which is valid, and read back with nothing but `extra` missing."""
    data = filled(brief)

    assert ([], without_extra(p.to_dict(brief))) == (
        list(judge(p.Brief, strict_output=True).iter_errors(data)),
        p.to_dict(p.from_dict(data, p.Brief, clean=True)),
    )


def test_untidy_text_of_a_model_is_valid_and_accepted():
    """Line breaks and blanks at the ends of texts are valid in the strict form, and cleaned on reading."""
    data = filled(p.Story(headline="h", facts=[p.Fact(text="a", status="disputed")]))
    data["headline"] = " h\n"
    data["facts"][0]["text"] = "a\n"

    assert (True, p.Story(headline="h", facts=[p.Fact(text="a", status="disputed")])) == (
        judge(p.Story, strict_output=True).is_valid(data),
        p.from_dict(data, p.Story, clean=True),
    )


def breaches(schema, definitions, path="$"):
    """What OpenAI's rules for strict structured output forbid, as its documentation has them."""
    keys = set(schema) - {"description", "$defs"}
    if "$ref" in schema:
        name = schema["$ref"].removeprefix("#/$defs/")
        return ["beside a $ref"] * (set(schema) != {"$ref"}) + [f"{path}: no {name}"] * (name not in definitions)
    if "anyOf" in schema:
        found = [f"{path}: more than anyOf"] * (keys != {"anyOf"})
        return found + [b for part in schema["anyOf"] for b in breaches(part, definitions, path)]
    kinds = [kind for kind in [schema["type"]] for kind in (kind if isinstance(kind, list) else [kind])]
    allowed = {"type", "enum"}
    found = [f"{path}: {kinds}"] * (not {"null"} >= set(kinds[1:]))
    if "object" in kinds:
        allowed = {"type", "properties", "required", "additionalProperties"}
        found += [f"{path}: open"] * (schema["additionalProperties"] is not False)
        found += [f"{path}: not all required"] * (schema["required"] != list(schema["properties"]))
        for name, part in schema["properties"].items():
            found += breaches(part, definitions, f"{path}.{name}")
    if "array" in kinds:
        allowed = {"type", "items"}
        found += breaches(schema["items"], definitions, f"{path}[]")
    return found + [f"{path}: {key}" for key in keys - allowed]


@pytest.mark.parametrize("cls", CLASSES, ids=lambda cls: cls.__name__)
def test_strict_schema_keeps_the_rules(cls):
    """The strict variant of each class is one that strict structured output takes: an object, closed, all required."""
    schema = judge(cls, strict_output=True).schema
    definitions = schema.get("$defs", {})
    parts = [schema, *definitions.values()]

    assert ("object", []) == (schema["type"], [b for part in parts for b in breaches(part, definitions)])


@pytest.mark.parametrize("cls", CLASSES, ids=lambda cls: cls.__name__)
def test_strict_schema_says_null_only_for_what_may_be_absent(cls):
    """A field is nullable exactly when it has a default."""
    schema = judge(cls, strict_output=True)
    nullable = [name for name, part in schema.schema["properties"].items() if schema.evolve(schema=part).is_valid(None)]

    assert [
        field.name for field in attrs.fields(cls) if field.default is not attrs.NOTHING and field.name != "extra"
    ] == nullable


def test_strict_schema_is_within_the_limits_of_the_apis():
    """A whole brief stays below 5,000 properties, 120,000 characters of names and words, and 10 levels (OpenAI)."""
    schema = p.json_schema(strict_output=True)
    parts = [schema, *schema["$defs"].values()]
    names = [name for part in parts for name in part["properties"]]
    words = [word for _, key in places(schema) if key == "enum" for word in _["enum"]]

    def levels(part):
        below = [key["$ref"].removeprefix("#/$defs/") for key, name in places(part) if name == "$ref"]
        return 1 + max((levels(schema["$defs"][name]) for name in below), default=0)

    assert (True, True, True) == (
        len(names) < 5_000,
        len("".join([*names, *words, *schema["$defs"]])) < 120_000,
        levels({key: value for key, value in schema.items() if key != "$defs"}) <= 10,
    )


# The command, and the committed copies


@pytest.mark.parametrize(
    ("name", "arguments"),
    [
        ("perspectives-1.0.schema.json", ["schema"]),
        ("story-strict.schema.json", ["schema", "Story", "--strict-output"]),
    ],
)
def test_committed_schema_is_current(name, arguments, run):
    """The committed copy is what the command prints; else: `perspectives ARGUMENTS > docs/schema/NAME`."""

    assert (0, (SCHEMAS / name).read_text("utf-8"), "") == run(*arguments)


def test_schema_of_another_class(run):
    """The command prints the schema of any class of the model, as JSON with two blanks for each level."""

    assert (0, json.dumps(p.json_schema(p.Generator), indent=2, ensure_ascii=False) + "\n", "") == run(
        "schema", "Generator"
    )


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("story", "'Story'"),
        ("Brieff", "'Brief'"),
        ("Xyzzy", "one of Citation, Source, Quote, RatingScheme, Rating, Position, Outlet, Generator, Coverage, Provenance, Correction, Wording, Fact, Paragraph, Context, PerspectiveGroup, Link, Image, TimelineEvent, Question, Block, Subject, Story, CallToAction, Publisher, Brief"),
    ],
)  # fmt: skip
def test_unknown_class_is_wrong_usage(name, expected, run):
    """A class that the model does not have is exit status 2, with one that may be meant."""

    assert (2, "", f"perspectives: there is no class {name!r} in the model, expected {expected}\n") == run(
        "schema", name
    )


def test_help_leads_with_examples(run):
    """`perspectives schema --help` shows how it is used before it explains."""
    status, out, err = run("schema", "--help")

    assert (0, "examples:", "  perspectives schema > brief.schema.json             what a document may hold", "") == (
        status,
        *out.splitlines()[2:4],
        err,
    )
