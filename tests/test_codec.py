"""JSON and plain data: strict, exact, and all faults at once."""

import datetime as dt
import json
from pathlib import Path

import attrs
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import perspectives as p
from perspectives import codec, model
from perspectives.codec import FORMAT
from perspectives.testing import samples

DATA = Path(__file__).parent / "data"
HEAD = '{"format": "perspectives/1.0", '


def faults(document, cls=None):
    """What is wrong with a document, as the error prints it."""
    with pytest.raises(p.SchemaError) as caught:
        p.loads(document) if isinstance(document, str | bytes) else p.from_dict(document, cls or p.Brief)
    return str(caught.value).splitlines()


@pytest.mark.parametrize("name", samples)
def test_sample_survives(name):
    """Each sample loads from its own dump."""

    assert samples[name] == p.loads(p.dumps(samples[name]))


def test_document_is_as_committed():
    """The full sample is written exactly as the golden file, which has been read."""

    assert (DATA / "json-full.json").read_text("utf-8") == p.dumps(samples["full"])


def test_dumps_is_the_json_renderer():
    """`dumps` gives what `render(brief, "json")` gives."""

    assert str(p.render(samples["full"], "json")) == p.dumps(samples["full"])


def test_one_line():
    """With indent 0 the document is one line without blanks between the values."""
    brief = p.Brief(title="ü", stories=[p.Story(headline="h")])

    assert '{"format":"perspectives/1.0","title":"ü","stories":[{"headline":"h"}]}\n' == p.dumps(brief, indent=0)


def test_to_dict_of_a_story_has_no_format():
    """Only a brief is a document; other objects are their fields."""

    assert {"headline": "h", "facts": [{"text": "a"}]} == p.to_dict(p.Story(headline="h", facts=[p.Fact(text="a")]))


def test_from_dict_reads_any_class():
    """Every class of the model can be read from plain data."""

    assert p.Outlet(name="a", aliases=["b"]) == p.from_dict({"name": "a", "aliases": ["b"]}, p.Outlet)


def test_null_for_an_optional_field_is_absent():
    """null means that the source does not say."""

    assert p.Story(headline="h") == p.from_dict({"headline": "h", "summary": None, "facts": None}, p.Story)


def test_clean_repairs_texts():
    """With `clean` a trailing blank or a line break costs nothing."""

    assert p.Story(headline="a b", facts=[p.Fact(text="c")]) == p.from_dict(
        {"headline": "a\nb ", "facts": [{"text": " c"}]}, p.Story, clean=True
    )


def test_clean_takes_an_empty_text_for_absent():
    """With `clean` an empty text says nothing where a field may be absent; elsewhere it stays a fault."""
    data = {"headline": "h", "section": "", "summary": " \n", "facts": [{"text": "a", "title": ""}]}

    assert p.Story(headline="h", facts=[p.Fact(text="a")]) == p.from_dict(data, p.Story, clean=True)
    with pytest.raises(p.SchemaError) as caught:
        p.from_dict({"headline": " ", "facts": [{"text": ""}]}, p.Story, clean=True)
    assert ["$.facts[0].text", "$.headline"] == [fault.path for fault in caught.value.faults]


def test_clean_repairs_words_and_times():
    """With `clean` a trailing blank after a word of the model, a date or a time costs nothing either."""
    data = {
        "headline": "h",
        "date": " 2025-08-12\n",
        "published": "2025-08-12T06:00:00Z ",
        "facts": [{"text": "a", "status": "disputed "}],
    }

    assert p.Story(
        headline="h",
        date=dt.date(2025, 8, 12),
        published=dt.datetime(2025, 8, 12, 6, tzinfo=dt.UTC),
        facts=[p.Fact(text="a", status="disputed")],
    ) == p.from_dict(data, p.Story, clean=True)


@pytest.mark.parametrize("cls", [dict, str, p.ModelError, p.Story | None, "Story"])
def test_other_class_is_type_error(cls):
    """What is no class of the model cannot be read, and is the caller's mistake."""
    with pytest.raises(TypeError) as caught:
        p.from_dict({}, cls)

    assert f"from_dict takes a class of the model, not {cls!r}" == str(caught.value)


def test_story_is_no_document():
    """A story alone is refused, with what would make it a document."""
    with pytest.raises(p.ModelError) as caught:
        p.dumps(p.Story(headline="h"))

    assert "a Story is no document, expected a Brief, such as Brief(stories=[story])" == str(caught.value)


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("2025-08-12t06:00:00z", dt.datetime(2025, 8, 12, 6, tzinfo=dt.UTC)),
        ("2025-08-12T06:00:00.1Z", dt.datetime(2025, 8, 12, 6, 0, 0, 100_000, tzinfo=dt.UTC)),
        ("2025-08-12 06:00:00Z", dt.datetime(2025, 8, 12, 6, tzinfo=dt.UTC)),
        ("2025-08-12T06:00:00-00:00", dt.datetime(2025, 8, 12, 6, tzinfo=dt.UTC)),
    ],
)
def test_time_of_rfc_3339_is_read(written, expected):
    """A time is read in each form that RFC 3339 allows."""

    assert expected == p.from_dict({"id": "s", "published": written}, p.Source).published


@pytest.mark.parametrize(
    "written",
    [
        "2025-08-12T24:00:00Z",
        "2025-08-12T23:59:60Z",
        "2025-08-12T06:00:00.123456789Z",
        "2025-08-12T06:00:00+24:00",
        "2025-08-12T06:00:00+05:99",
        "20250812T060000Z",
        "2025-08-12T06:00Z",
    ],
)
def test_other_time_is_refused(written):
    """A time that Python cannot hold exactly, or that RFC 3339 does not have, is refused."""

    assert [
        f"{written!r} does not fit @ $.published, expected a date and time with an offset, like 2025-08-12T06:00:00+00:00"
    ] == faults({"id": "s", "published": written}, p.Source)


def test_seven_faults_are_all_reported():
    """Seven faults in one document are seven lines, each with its path."""
    story = {
        "headline": None,
        "summary": 5,
        "facts": "abc",
        "date": "20250812",
        "links": [{"label": "l", "href": "javascript:1"}],
        "perspectives": [{"label": "l", "framing": "f ", "exhaustive": "yes"}],
    }

    assert [
        "headline is null @ $.stories[0].headline, expected a value: the title of the story",
        "'f ' begins or ends with white space @ $.stories[0].perspectives[0].framing, expected one paragraph of plain text",
        "'yes' does not fit @ $.stories[0].perspectives[0].exhaustive, expected true or false",
        "'javascript:1' has the scheme 'javascript' @ $.stories[0].links[0].href, expected an absolute http or https URL",
        "5 is no text @ $.stories[0].summary, expected one paragraph of plain text",
        "'abc' does not fit @ $.stories[0].facts, expected a list",
        "'20250812' does not fit @ $.stories[0].date, expected a date, YYYY-MM-DD",
    ] == faults({"format": "perspectives/1.0", "stories": [story]})


@pytest.mark.parametrize(
    ("story", "expected"),
    [
        ({"headline": 123}, ["123 is no text @ $.headline, expected one paragraph of plain text"]),
        ({"headline": {"a": 1}}, ["a dict is no text @ $.headline, expected one paragraph of plain text"]),
        ({"headline": "\ud800"}, ["'\\ud800' holds U+D800 at character 1 @ $.headline, expected one paragraph of plain text"]),
        ({}, ["headline is missing @ $.headline, expected a value: the title of the story"]),
        ({"headline": "h", "sumary": "s"}, ["there is no field 'sumary' @ $.sumary, expected 'summary'"]),
        ({"headline": "h", "facts": [1]}, ["1 is no Fact @ $.facts[0], expected an object with the fields of a Fact"]),
        ({"headline": "h", "facts": [None]}, ["null is no Fact @ $.facts[0], expected an object with the fields of a Fact"]),
        ({"headline": "h", "facts": {"text": "a"}}, ["a dict does not fit @ $.facts, expected a list"]),
        ({"headline": "h", "date": "2025-W33-2"}, ["'2025-W33-2' does not fit @ $.date, expected a date, YYYY-MM-DD"]),
        ({"headline": "h", "date": "2025-06-31"}, ["'2025-06-31' does not fit @ $.date, expected a date, YYYY-MM-DD"]),
        (
            {"headline": "h", "published": "2025-08-12T06:00:00"},
            ["'2025-08-12T06:00:00' does not fit @ $.published, expected a date and time with an offset, like 2025-08-12T06:00:00+00:00"],
        ),
        ({"headline": "h", "facts": [{"text": "a", "status": "sure"}]},
         ["'sure' does not fit @ $.facts[0].status, expected one of 'reported', 'confirmed', 'disputed', 'retracted'"]),
        (
            {"headline": "h", "facts": [{"text": "a", "citations": [{"source": "x"}]}]},
            ["no source has the id 'x' @ $.facts[0].citations[0].source, expected a source with that id in `sources`"],
        ),
        ({"headline": "h", "context": {"paragraphs": []}},
         ["a context without a paragraph @ $.context.paragraphs, expected one or more"]),
        ({"headline": "h", "extra": {"odd key": [float("inf")]}},
         ["inf does not fit @ $.extra['odd key'][0], expected a text, number, true, false, null, list or object of JSON"]),
        ([], ["a list is no Story @ $, expected an object with the fields of a Story"]),
    ],
)  # fmt: skip
def test_nothing_is_coerced(story, expected):
    """A value of the wrong kind is a fault with its path, never turned into another."""

    assert expected == faults(story, p.Story)


def test_string_is_a_paragraph_in_json_too():
    """A plain string among the paragraphs is read as a paragraph."""

    assert p.Context(paragraphs=["a"]) == p.from_dict({"paragraphs": ["a"]}, p.Context)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", ["line 1, column 1: this is no JSON: expecting value, expected one whole JSON document"]),
        (HEAD + '"title": "x"', ["line 1, column 44: this is no JSON: expecting ',' delimiter, expected one whole JSON document"]),
        (HEAD + '\n"title": NaN}', ["line 2, column 10: 'NaN' is no number of JSON, expected a finite number that 64 bits hold"]),
        (HEAD + '"extra": {"a": -Infinity, "b": 1e999}}',
         ["line 1, column 47: '-Infinity' is no number of JSON, expected a finite number that 64 bits hold", "line 1, column 63: '1e999' is no number of JSON, expected a finite number that 64 bits hold"]),
        (HEAD + '\n "title": "a", "title": "b"}', ["line 2, column 16: the key 'title' occurs twice, expected each key once in an object"]),
        ('{"a":1,"\\u0061":2}', ["line 1, column 8: the key 'a' occurs twice, expected each key once in an object"]),
        ('[{"a":1},{"a":1},{"b":NaN}]', ["line 1, column 23: 'NaN' is no number of JSON, expected a finite number that 64 bits hold"]),
        ('{"a":{"b":1},"b":NaN}', ["line 1, column 18: 'NaN' is no number of JSON, expected a finite number that 64 bits hold"]),
        ("[\n" + "NaN,\n" * 30 + "1]", [f"line {n}, column 1: 'NaN' is no number of JSON, expected a finite number that 64 bits hold" for n in range(2, 22)]),
        (HEAD + '"extra": {"a": ' + "9" * 5000 + "}}", ["line 1, column 47: '" + "9" * 58 + "… is no number of JSON, expected a finite number that 64 bits hold"]),
    ],
)  # fmt: skip
def test_fault_of_the_text_has_line_and_column(text, expected):
    """What JSON does not have, or leaves open, is refused where it stands."""

    assert expected == faults(text)


@pytest.mark.parametrize(
    ("text", "limits", "expected"),
    [
        ("[" * 100_000, None,
         "line 1, column 65: the values nest deeper than 64 levels, expected at most 64 (Limits.depth)"),
        (HEAD + '\n"extra": ' + '{"a":' * 70 + "1" + "}" * 71, None,
         "line 2, column 325: the values nest deeper than 64 levels, expected at most 64 (Limits.depth)"),
        (HEAD + '"extra": {"[[": [[1]]}}', p.Limits(depth=3),
         "line 1, column 49: the values nest deeper than 3 levels, expected at most 3 (Limits.depth)"),
    ],
)  # fmt: skip
def test_deep_nesting_is_limit_error(text, limits, expected):
    """Values that nest deeper than the limit, or than the interpreter can read, are refused where they do."""
    with pytest.raises(p.LimitError) as caught:
        codec.parse(text, limits)

    assert [expected] == str(caught.value).splitlines()


@pytest.mark.parametrize("odd", ["NaN", "-Infinity", "1e999"])
@pytest.mark.parametrize(
    "rest", ['"b": 1.2.3}', '"b": 12x}', '"b": -}', '"b": None}', "b: 1}", '"b', '"b": ', "}}}]]::", ""]
)
def test_malformed_text_after_an_odd_value_is_schema_error(odd, rest):
    """What follows an odd value may be no JSON at all: the odd value is named, and nothing else happens."""

    assert [f"line 1, column 7: '{odd}' is no number of JSON, expected a finite number that 64 bits hold"] == faults(
        f'{{"a": {odd}, {rest}'
    )


@pytest.mark.parametrize("text", ["12x", "-", "None", "{]", '"', "\\", "{}{}"])
def test_malformed_text_is_schema_error(text):
    """What is no JSON gives one fault that says so."""

    assert [True] == [": this is no JSON: " in fault for fault in faults(text)]


def test_byte_order_mark_is_taken():
    """A byte order mark before the JSON does not matter."""

    assert p.Brief() == p.loads(b'\xef\xbb\xbf{"format": "perspectives/1.0"}')


@pytest.mark.parametrize(
    ("document", "expected"),
    [
        ({"headline": "h"}, 'this is a story, not a brief @ $, expected {"format": "perspectives/1.0", "stories": [...]} around it'),
        ({"headline": "h", "stories": []}, "the format is missing @ $.format, expected 'perspectives/1.0'"),
        ({"format": "perspectives/0.9"}, "'perspectives/0.9' is no format of ours @ $.format, expected 'perspectives/1.0'"),
        ({"format": "perspectives/01.0"}, "'perspectives/01.0' is no format of ours @ $.format, expected 'perspectives/1.0'"),
        ({"format": "perspectives/١.٠"}, "'perspectives/١.٠' is no format of ours @ $.format, expected 'perspectives/1.0'"),
        ({"format": f"perspectives/{'9' * 5000}.0"},
         f"'perspectives/{'9' * 45}… is no format of ours @ $.format, expected 'perspectives/1.0'"),
        ({"stories": []}, "the format is missing @ $.format, expected 'perspectives/1.0'"),
        ({"format": None}, "null is no format of ours @ $.format, expected 'perspectives/1.0'"),
        ({"format": "other/1.0"}, "'other/1.0' is no format of ours @ $.format, expected 'perspectives/1.0'"),
        ({"format": "perspectives/1.1"},
         "'perspectives/1.1' is a newer format than this version reads @ $.format, expected 'perspectives/1.0', or a perspectives-briefs that reads 1.1"),
        ({"format": "perspectives/2.0"},
         "'perspectives/2.0' is a newer format than this version reads @ $.format, expected 'perspectives/1.0', or a perspectives-briefs that reads 2.0"),
    ],
)  # fmt: skip
def test_other_format_is_refused(document, expected):
    """A document of another format, or a bare story, is refused with the words that help."""

    assert [expected] == faults(document)


def test_error_names_the_file(tmp_path):
    """The error of a file begins with its name, as a compiler's does."""
    path = tmp_path / "brief.json"
    path.write_text('{"format": "perspectives/1.0",\n "title" 5}')
    with pytest.raises(p.LoadError) as caught:
        p.load(path)

    assert f"{path}:2:10: this is no JSON: expecting ':' delimiter, expected one whole JSON document" == str(
        caught.value
    )


def test_plain_data_is_what_json_has():
    """`to_dict` gives dicts, lists and scalars only, so that a JSON column takes it as it is."""
    data = p.to_dict(samples["full"])

    assert data == json.loads(json.dumps(data))


NAMES = sorted({field.name for cls in vars(model).values() if attrs.has(cls) for field in attrs.fields(cls)})
KEYS = st.sampled_from(NAMES) | st.text(max_size=3)
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(KEYS, inner, max_size=4),
    max_leaves=12,
)
DOCUMENT = p.dumps(samples["full"], indent=0)
few = settings(max_examples=60, deadline=None)


def outcome(read, document):
    """The class of what comes of a document; any other error goes through."""
    try:
        return type(read(document))
    except p.SchemaError:
        return p.SchemaError


@few
@given(st.dictionaries(KEYS, VALUES, max_size=4))
def test_any_value_gives_brief_or_schema_error(data):
    """Whatever plain data comes, it is a brief or a SchemaError."""

    assert outcome(p.from_dict, {**data, "format": FORMAT}) in (p.Brief, p.SchemaError)


@few
@given(st.text() | st.text(alphabet='{}[]:,"\\ \n-+.019eENaInfity'))
def test_any_text_gives_schema_error(text):
    """Whatever text comes, it is a SchemaError, since none of these says its format."""

    assert p.SchemaError is outcome(p.loads, text)


@few
@given(
    st.integers(0, len(DOCUMENT)),
    st.integers(0, 40),
    st.sampled_from(["", "NaN", '"', "{", "]", "null", "1", "\\", "[[", ",", ":"]),
)
def test_any_damage_gives_brief_or_schema_error(start, length, patch):
    """Whatever part of a document is cut out or overwritten, it is a brief or a SchemaError."""
    damaged = DOCUMENT[:start] + patch + DOCUMENT[start + length :]

    assert outcome(p.loads, damaged) in (p.Brief, p.SchemaError)


@few
@given(VALUES, st.sampled_from(NAMES))
def test_any_value_of_a_field_gives_story_or_schema_error(value, name):
    """Whatever stands in one field of a story, it is a story or a SchemaError."""

    assert outcome(lambda data: p.from_dict(data, p.Story), {"headline": "h", name: value}) in (p.Story, p.SchemaError)
