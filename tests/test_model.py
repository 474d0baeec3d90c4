"""The model: what its classes take, what they refuse, and in which words."""

import datetime as dt
from collections import deque
from zoneinfo import ZoneInfo

import attrs
import pytest
from markupsafe import Markup

import perspectives as p
from perspectives import attribution, fields, model, wording
from perspectives.attribution import Citation, Outlet, Position, Provenance, Quote, Rating, RatingScheme, Source
from perspectives.model import (
    Brief,
    CallToAction,
    Context,
    Fact,
    Image,
    Link,
    Paragraph,
    PerspectiveGroup,
    Publisher,
    Question,
    Story,
    Subject,
    TimelineEvent,
)
from perspectives.text import show
from perspectives.wording import Wording

BERLIN = ZoneInfo("Europe/Berlin")
CLASSES = [
    cls
    for module in (attribution, wording, model)
    for cls in vars(module).values()
    if isinstance(cls, type) and cls.__module__ == module.__name__
]
NOON = dt.datetime(2026, 1, 1, 12, tzinfo=dt.UTC)


def faults(build):
    """The faults of a ModelError as (path, message, expected)."""
    with pytest.raises(p.ModelError) as caught:
        build()
    return [(fault.path, fault.message, fault.expected) for fault in caught.value.faults]


@pytest.mark.parametrize("cls", CLASSES)
def test_class_is_frozen_slotted_and_keyword_only(cls):
    """Every class is a frozen value without a dict, built by keyword."""
    options = {field.kw_only for field in attrs.fields(cls)}

    assert (True, True, False, {True}) == (
        cls.__setattr__ is not object.__setattr__,
        "__slots__" in vars(cls),
        "__dict__" in vars(cls),
        options,
    )


def test_value_cannot_be_changed():
    """A field of a value that is built cannot be set."""
    with pytest.raises(attrs.exceptions.FrozenInstanceError):
        Fact(text="a").text = "b"


@pytest.mark.parametrize(("cls", "field"), [(cls, field) for cls in CLASSES for field in attrs.fields(cls)])
def test_field_is_documented_and_checked(cls, field):
    """Every field says what it is for and has a validator of a kind."""

    assert (True, True) == (bool(field.metadata.get("help")), isinstance(field.validator, fields.Kind))


def test_sequence_is_held_as_tuple():
    """Any sequence of objects is taken and held as a tuple."""
    facts = [Fact(text="a"), Fact(text="b")]

    assert (tuple(facts), tuple(facts)) == (
        Story(headline="h", facts=facts).facts,
        Story(headline="h", facts=deque(facts)).facts,
    )


@pytest.mark.parametrize("facts", ["abc", b"abc", bytearray(b"abc"), {Fact(text="a")}, iter([]), 5, None])
def test_other_than_sequence_is_refused(facts):
    """A text, bytes, a set, an iterator and a number are no list of facts."""

    assert [("Story.facts", f"{show(facts)} does not fit", "a list")] == faults(
        lambda: Story(headline="h", facts=facts)
    )


def test_items_are_checked_deeply():
    """Each item of a wrong class is named by its place."""

    assert [
        ("Brief.stories[0]", "1 does not fit", "a Story"),
        ("Brief.stories[1]", "'x' does not fit", "a Story"),
    ] == faults(lambda: Brief(stories=[1, "x"]))


def test_string_is_taken_for_paragraph():
    """A plain string among the paragraphs of a context is a paragraph."""

    assert (Paragraph(text="a"), Paragraph(text="b")) == Context(paragraphs=["a", Paragraph(text="b")]).paragraphs


def test_string_in_any_sequence_is_taken_for_paragraph():
    """The paragraphs of a context may be any sequence too."""

    assert (Paragraph(text="a"), Paragraph(text="b")) == Context(
        paragraphs=deque(["a", Paragraph(text="b")])
    ).paragraphs


def test_brief_without_stories_is_legal():
    """A brief needs nothing."""

    assert () == Brief().stories


def test_sections_group_stories_in_a_row():
    """Consecutive stories of one section are grouped; the same section later is a group of its own."""
    a, b, c, d = (Story(headline=h, section=s) for h, s in [("a", "x"), ("b", "x"), ("c", None), ("d", "x")])

    assert (("x", (a, b)), (None, (c,)), ("x", (d,))) == Brief(stories=[a, b, c, d]).sections


def test_extra_is_left_out_of_the_hash():
    """A brief with extra values can be hashed, and they do not count; they do count for equality."""
    plain, extra = Fact(text="a"), Fact(text="a", extra={"x": [1]})

    assert (hash(plain), False) == (hash(extra), plain == extra)


@pytest.mark.parametrize(
    ("build", "expected"),
    [
        (lambda: Story(headline=" x"), ("Story.headline", "' x' begins or ends with white space", "one paragraph of plain text")),
        (lambda: Story(headline=5), ("Story.headline", "5 is no text", "one paragraph of plain text")),
        (lambda: Story(headline="x", url="javascript:1"), ("Story.url", "'javascript:1' has the scheme 'javascript'", "an absolute http or https URL")),
        (lambda: Story(headline="x", language="en_GB"), ("Story.language", "'en_GB' does not fit", "a BCP 47 tag, like 'en' or 'pt-BR'")),
        (lambda: Story(headline="x", date=NOON), ("Story.date", "datetime.datetime(2026, 1, 1, 12, 0, tzinfo=datetime.timezo… does not fit", "a date, YYYY-MM-DD")),
        (
            lambda: Story(headline="x", published=dt.datetime(2026, 1, 1)),
            ("Story.published", "datetime.datetime(2026, 1, 1, 0, 0) does not fit", "a date and time with an offset, like 2025-08-12T06:00:00+00:00"),
        ),
        (
            lambda: Story(headline="x", published=NOON, updated=NOON - dt.timedelta(1)),
            ("Story.updated", "updated before it was published", "a time not before `published`"),
        ),
        (lambda: Fact(text="a", status="true"), ("Fact.status", "'true' does not fit", "one of 'reported', 'confirmed', 'disputed', 'retracted'")),
        (lambda: Fact(text="a", status=Markup("disputed")), ("Fact.status", "Markup('disputed') does not fit", "one of 'reported', 'confirmed', 'disputed', 'retracted'")),
        (lambda: Fact(text="a", status=["disputed"]), ("Fact.status", "a list does not fit", "one of 'reported', 'confirmed', 'disputed', 'retracted'")),
        (lambda: Citation(), ("Citation.source", "the citation and its kind disagree", "the id of a source")),
        (lambda: Citation(source="a", kind="common-knowledge"), ("Citation.source", "the citation and its kind disagree", "no source for common knowledge")),
        (lambda: Context(paragraphs=[]), ("Context.paragraphs", "a context without a paragraph", "one or more")),
        (lambda: Outlet(name="a", id="Not A Slug"), ("Outlet.id", "'Not A Slug' does not fit", "'not-a-slug'")),
        (lambda: Outlet(name="a", country="UK!"), ("Outlet.country", "'UK!' does not fit", "an ISO 3166-1 code of two capitals, like 'GB'")),
        (lambda: Outlet(name="a", domains=["Example.org"]), ("Outlet.domains[0]", "'Example.org' does not fit", "a domain, like 'example.org'")),
        (
            lambda: PerspectiveGroup(label="l", framing="f", outlets=[Outlet(name="The Quay"), Outlet(name="the  quay")]),
            ("PerspectiveGroup.outlets[1]", "the outlet 'the-quay' occurs twice", "each outlet at most once in a group"),
        ),
        (lambda: PerspectiveGroup(label="l", framing="f", exhaustive=1), ("PerspectiveGroup.exhaustive", "1 does not fit", "true or false")),
        (lambda: Link(label="l", rel="Go Deeper"), ("Link.rel", "'Go Deeper' does not fit", "a link relation, like 'go-deeper'")),
        (lambda: CallToAction(), ("CallToAction", "a call to action that says nothing", "a headline, body or label")),
        (lambda: CallToAction(headline="h", href="https://a.b"), ("CallToAction.label", "a link without words", "a label for `href`")),
        (lambda: Publisher(name="n", email="n"), ("Publisher.email", "'n' is no e-mail address", "one like 'news@example.org'")),
        (lambda: Wording(direction="up"), ("Wording.direction", "'up' does not fit", "one of 'ltr', 'rtl'")),
    ],
)  # fmt: skip
def test_wrong_value_is_refused(build, expected):
    """A value that breaks a rule is a ModelError with class, field, what is wrong and what would be right."""

    assert [expected] == faults(build)


def test_rules_across_fields_are_reported_together():
    """Labels twice, source ids twice and dangling citations of one story are all named."""
    group = PerspectiveGroup(label="l", framing="f")
    fact = Fact(text="a", citations=[Citation(source="s"), Citation(source="nowhere")])
    source = Source(id="s")

    assert [
        ("Story.perspectives[1]", "the label 'l' occurs twice", "each label once in a story"),
        ("Story.sources[1]", "the id 's' occurs twice", "each source id once in a story"),
        ("Story.facts[0].citations[1].source", "no source has the id 'nowhere'", "one of 's', 's'"),
    ] == faults(lambda: Story(headline="h", facts=[fact], perspectives=[group, group], sources=[source, source]))


def test_dangling_citation_of_a_group_is_named():
    """A citation of a group that leads nowhere is named with its place."""
    group = PerspectiveGroup(label="l", framing="f", citations=[Citation(source="nowhere")])

    assert [
        (
            "Story.perspectives[0].citations[0].source",
            "no source has the id 'nowhere'",
            "a source with that id in `sources`",
        )
    ] == faults(lambda: Story(headline="h", perspectives=[group]))


ADDRESSES = [
    (cls, field.name)
    for cls in CLASSES
    for field in attrs.fields(cls)
    if field.name.endswith(("url", "uri", "href", "homepage"))
]


def test_addresses_are_counted():
    """The model has eleven fields for a web address; who adds one adds it to those that are tested."""

    assert [
        (Source, "url"),
        (Source, "archived_url"),
        (Rating, "url"),
        (Outlet, "homepage"),
        (Link, "href"),
        (Image, "url"),
        (Subject, "uri"),
        (Story, "url"),
        (CallToAction, "href"),
        (Publisher, "url"),
        (Brief, "url"),
    ] == ADDRESSES


@pytest.mark.parametrize(("cls", "name"), ADDRESSES)
def test_address_that_runs_is_refused(cls, name):
    """No field for a web address takes a scheme that a browser runs."""
    required = {field.name: "a" for field in attrs.fields(cls) if field.default is attrs.NOTHING}

    assert [
        (
            f"{cls.__name__}.{name}",
            "'javascript:alert(1)' has the scheme 'javascript'",
            "an absolute http or https URL",
        )
    ] == faults(lambda: cls(**required | {name: "javascript:alert(1)"}))


@pytest.mark.parametrize(
    ("outlet", "expected"),
    [
        (Outlet(name="The Quay", id="quay"), "quay"),
        (Outlet(name="The  Quay!"), "the-quay"),
        (Outlet(name="!!!"), "!!!"),
    ],
)
def test_identity_of_an_outlet(outlet, expected):
    """An outlet is known by its id, else by the slug of its name, else by the name."""

    assert expected == outlet.identity


def test_update_at_the_time_of_publication_is_legal():
    """A story may be updated when it is published."""

    assert NOON == Story(headline="h", published=NOON, updated=NOON).updated


def test_call_to_action_of_an_assurance_is_legal():
    """An assurance alone is something to say."""

    assert "No spam." == CallToAction(assurance="No spam.").assurance


@pytest.mark.parametrize(
    ("tag", "is_legal"),
    [
        ("en", True),
        ("zh-Hant-TW", True),
        ("de-DE-u-co-phonebk", True),
        ("en-x-priv", True),
        ("a", False),
        ("x", False),
        ("en-a", False),
        ("en_GB", False),
        ("abcdefghi", False),
        ("en-abcdefghi", False),
        ("en\n", False),
    ],
)
def test_language_is_a_tag(tag, is_legal):
    """A language is a BCP 47 tag whose subtags have the lengths that it allows."""

    assert is_legal == (not fields.LANGUAGE.faults(tag, "$"))


@pytest.mark.parametrize(
    ("domain", "is_legal"),
    [
        ("example.org", True),
        ("a.bc", True),
        ("xn--e1afmkfd.xn--p1ai", True),
        ("a.-b", False),
        ("a.b-", False),
        ("a.--", False),
        ("a", False),
    ],
)
def test_domain_is_a_name(domain, is_legal):
    """No label of a domain begins or ends with a hyphen."""

    assert is_legal == (not fields.DOMAIN.faults(domain, "$"))


@pytest.mark.parametrize(
    ("time", "shown"),
    [
        (
            dt.datetime(2025, 10, 26, 2, 30, tzinfo=BERLIN),
            "datetime.datetime(2025, 10, 26, 2, 30, tzinfo=zoneinfo.Zone…",
        ),
        (
            dt.datetime(2025, 3, 30, 2, 30, tzinfo=BERLIN),
            "datetime.datetime(2025, 3, 30, 2, 30, tzinfo=zoneinfo.ZoneI…",
        ),
    ],
)
def test_datetime_while_clocks_change_is_refused(time, shown):
    """A time of a zone that occurs twice or never equals none with a fixed offset, so it would not come back."""

    assert [
        ("Source.published", f"{shown} does not fit", "a fixed offset, since clocks change at this time")
    ] == faults(lambda: Source(id="s", published=time))


def test_datetime_of_a_zone_is_exact():
    """Any other time of a zone is written with its offset, and is the same when it is read."""
    source = Source(id="s", published=dt.datetime(2025, 7, 1, 12, tzinfo=BERLIN))

    assert ({"id": "s", "published": "2025-07-01T12:00:00+02:00"}, source) == (
        p.to_dict(source),
        p.from_dict(p.to_dict(source), Source),
    )


def test_datetime_with_odd_offset_is_refused():
    """An offset with seconds cannot be written as RFC 3339."""
    odd = dt.datetime(1900, 1, 1, tzinfo=ZoneInfo("Europe/Amsterdam"))

    assert ["Source.published"] == [path for path, _, _ in faults(lambda: Source(id="s", published=odd))]


@pytest.mark.parametrize(
    ("value", "path"),
    [
        ({"a": float("nan")}, "Fact.extra.a"),
        ({"a": (1,)}, "Fact.extra.a"),
        ({"a": {"b c": {1}}}, "Fact.extra.a['b c']"),
        ({"a": [0, "\ud800"]}, "Fact.extra.a[1]"),
        ({1: 2}, "Fact.extra"),
        ({"a": 2**64}, "Fact.extra.a"),
        ({"a": -(2**64)}, "Fact.extra.a"),
        ({"\ud800": 1}, "Fact.extra"),
        ([], "Fact.extra"),
    ],
)
def test_extra_holds_only_json(value, path):
    """What JSON cannot carry both ways is refused with its place."""

    assert [path] == [where for where, _, _ in faults(lambda: Fact(text="a", extra=value))]


def test_extra_may_not_nest_endlessly():
    """More than 32 levels are refused, however deep, and without a RecursionError."""
    deep: dict = {}
    for _ in range(100_000):
        deep = {"a": deep}

    assert ["the value nests deeper than 32 levels"] == [m for _, m, _ in faults(lambda: Fact(text="a", extra=deep))]


def test_misspelt_argument_is_type_error():
    """A misspelt argument name stays Python's TypeError."""
    with pytest.raises(TypeError, match="unexpected keyword argument 'headlin'"):
        Story(headlin="x")


def test_error_can_be_pickled():
    """An error survives the way back from a worker process."""
    import pickle

    with pytest.raises(p.ModelError) as caught:
        Fact(text="")
    copy = pickle.loads(pickle.dumps(caught.value))

    assert (caught.value.faults, str(caught.value)) == (copy.faults, str(copy))


def test_error_as_plain_data():
    """An error gives its faults as JSON values, without what is empty."""
    with pytest.raises(p.ModelError) as caught:
        Fact(text="")

    assert {
        "error": "ModelError",
        "source": "",
        "faults": [
            {
                "code": "bad-text",
                "message": "an empty text",
                "path": "Fact.text",
                "expected": "one paragraph of plain text",
            }
        ],
    } == caught.value.to_dict()


BANK = RatingScheme(id="bank", axis="Which bank", values=["East", "West"])
SCORE = RatingScheme(id="score", axis="Score", range=(-42, 42))


def rated(scheme, value):
    """A brief with one rating, whose scheme it holds."""
    outlet = Outlet(name="Ledger", ratings=[Rating(scheme=scheme.id, value=value, rater="Watch")])
    group = PerspectiveGroup(label="l", framing="f", outlets=[outlet])
    return Brief(schemes=[scheme], stories=[Story(headline="h", perspectives=[group])])


@pytest.mark.parametrize(
    ("build", "expected"),
    [
        (lambda: Quote(text="a", verbatim=True),
         ("Quote.citations", "a verbatim quote without a citation", "where the very words can be read, or verbatim=False")),
        (lambda: Rating(scheme="bank", value="East", rater=None),
         ("Rating.rater", "null is no text", "one paragraph of plain text")),
        (lambda: Rating(scheme="bank", value=True, rater="Watch"),
         ("Rating.value", "True does not fit", "a text or a number")),
        (lambda: Rating(scheme="bank", value=float("nan"), rater="Watch"),
         ("Rating.value", "nan does not fit", "a text or a number")),
        (lambda: RatingScheme(id="a", axis="b"),
         ("RatingScheme.values", "a scheme with both or neither", "either named values or a range of numbers")),
        (lambda: RatingScheme(id="a", axis="b", values=["c"], range=(1, 2)),
         ("RatingScheme.values", "a scheme with both or neither", "either named values or a range of numbers")),
        (lambda: RatingScheme(id="a", axis="b", values=["c", "d", "c"]),
         ("RatingScheme.values[2]", "the value 'c' occurs twice", "each value once in a scheme")),
        (lambda: RatingScheme(id="a", axis="b", range=(2, 1)),
         ("RatingScheme.range", "a tuple does not fit", "two numbers, the lower one first")),
        (lambda: RatingScheme(id="a", axis="b", range=(1, 2, 3)),
         ("RatingScheme.range", "a tuple does not fit", "two numbers, the lower one first")),
        (lambda: model.Block(kind="steps"), ("Block", "a block that says nothing", "a label or items")),
        (lambda: model.Block(kind="Steps!", items=["a"]),
         ("Block.kind", "'Steps!' does not fit", "a word for what it is, like 'travel-advisory'")),
        (lambda: Image(url="https://a.example/", alt=None),
         ("Image.alt", "null is no text", "one paragraph of plain text")),
        (lambda: Image(url="https://a.example/", alt="", width=0),
         ("Image.width", "0 does not fit", "a whole number from 1 to 9007199254740991")),
        (lambda: attribution.Coverage(articles=1.0),
         ("Coverage.articles", "1.0 does not fit", "a whole number from 0 to 9007199254740991")),
        (lambda: Brief(schemes=[BANK, BANK]),
         ("Brief.schemes[1]", "the id 'bank' occurs twice", "each scheme id once in a brief")),
        (lambda: rated(BANK, "North"),
         ("Brief.stories[0].perspectives[0].outlets[0].ratings[0].value", "'North' is no value of the scheme 'bank'",
          "one of 'East', 'West'")),
        (lambda: rated(BANK, 1),
         ("Brief.stories[0].perspectives[0].outlets[0].ratings[0].value", "1 is no value of the scheme 'bank'",
          "one of 'East', 'West'")),
        (lambda: rated(SCORE, 42.5),
         ("Brief.stories[0].perspectives[0].outlets[0].ratings[0].value", "42.5 is no value of the scheme 'score'",
          "a number from -42 to 42")),
        (lambda: Brief(schemes=[SCORE], stories=[Story(headline="h", perspectives=[PerspectiveGroup(
            label="l", framing="f", position=Position(scheme="score", value="high"))])]),
         ("Brief.stories[0].perspectives[0].position.value", "'high' is no value of the scheme 'score'",
          "a number from -42 to 42")),
    ],
)  # fmt: skip
def test_claim_that_breaks_its_rule_is_refused(build, expected):
    """What a claim needs, and what a scheme of the same brief allows, is checked and named."""

    assert [expected] == faults(build)


@pytest.mark.parametrize(("scheme", "value"), [(BANK, "East"), (SCORE, -42), (SCORE, 42), (SCORE, 0.5)])
def test_value_of_its_scheme_is_taken(scheme, value):
    """A rating may have any value of its scheme, the ends of a range among them."""

    assert [("stories[0].perspectives[0].outlets[0].ratings[0]", value)] == [
        (path, rating.value) for path, rating in rated(scheme, value).rated()
    ]


def test_rating_of_a_scheme_that_is_not_there_is_taken():
    """Without its scheme a rating cannot be checked, and is kept as it is."""
    stories = rated(SCORE, 42).stories

    assert [42] == [rating.value for _, rating in Brief(schemes=[BANK], stories=stories).rated()]


CITED = [Citation(source="gone")]


@pytest.mark.parametrize(
    ("path", "values"),
    [
        ("perspectives[0].quotes[0]", {"perspectives": [PerspectiveGroup(
            label="l", framing="f", quotes=[Quote(text="a", citations=CITED)])]}),
        ("quotes[0]", {"quotes": [Quote(text="a", citations=CITED)]}),
        ("timeline[0]", {"timeline": [TimelineEvent(when="1911", text="a", citations=CITED)]}),
        ("questions[0]", {"questions": [Question(question="a?", citations=CITED)]}),
    ],
)  # fmt: skip
def test_every_citation_resolves(path, values):
    """A citation anywhere in a story names one of its sources."""

    assert [
        (
            f"Story.{path}.citations[0].source",
            "no source has the id 'gone'",
            "a source with that id in `sources`",
        )
    ] == faults(lambda: Story(headline="h", **values))


@pytest.mark.parametrize(
    ("provenance", "expected"),
    [
        (Provenance(generator=[attribution.Generator(name="Writer")]), True),
        (Provenance(digital_source_type="trainedAlgorithmicMedia"), True),
        (Provenance(digital_source_type="humanEdits"), False),
        (Provenance(generator=[attribution.Generator(name="Writer")], reviewed_by=["I. Desk"]), False),
        (Provenance(), False),
    ],
)
def test_software_that_nobody_checked_is_unreviewed(provenance, expected):
    """A text is unreviewed where software had a part in it and no person is named who checked it."""

    assert expected == provenance.is_unreviewed
