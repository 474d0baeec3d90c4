"""What the loader promises, and what it makes of each field of Kagi News."""

import datetime as dt
import json
import time
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import perspectives as p
from perspectives.plugin import Confidence, Input, LoadTools
from perspectives.testing import LoaderContract
from perspectives_kite import KiteLoader

HERE = Path(__file__).parent
DATA = HERE / "data"
SEED = HERE.parents[2] / "examples" / "kim-putin.txt"
FORMS = ("category", "old-category", "stories-of-a-batch", "seed")
INPUTS = {f"{form}.json": (DATA / f"{form}.json").read_bytes() for form in FORMS}
SCHEMA = json.loads((HERE / "kite.schema.json").read_text("utf-8"))


class TestKiteLoader(LoaderContract):
    """It keeps each promise of a loader."""

    loader = KiteLoader()
    inputs = INPUTS
    readme = HERE.parent / "README.md"
    examples = 200


def document(story: dict[str, Any], **more: Any) -> bytes:
    """A category of one story, which has at least a title."""
    return json.dumps({"category": "Harbour", "clusters": [{"title": "The bridge closes"} | story], **more}).encode()


def report(story: dict[str, Any], **options: Any) -> p.LoadReport:
    """What the loader makes of a story, with its findings."""
    return p.load_report(document(story), "kite", **options)


def read(story: dict[str, Any], **options: Any) -> p.Story:
    """What the loader makes of a story."""
    return report(story, **options).brief.stories[0]


def found(story: dict[str, Any], **options: Any) -> list[str]:
    """The findings, each with code and path."""
    return [f"{finding.code} {finding.path}: {finding}" for finding in report(story, **options).findings]


def article(domain: str, **more: str) -> dict[str, str]:
    """An article that has nothing but its domain, or what is given."""
    return {"title": "", "link": "", "domain": domain, "date": ""} | more


@pytest.mark.parametrize("form", FORMS)
def test_form_is_read_whole(form: str) -> None:
    """Every field of each form becomes what the golden file holds."""
    brief = p.load_report(DATA / f"{form}.json", "kite").brief

    assert (HERE / "golden" / f"{form}.json").read_text("utf-8") == p.dumps(brief)


@pytest.mark.parametrize("form", FORMS)
def test_form_is_one_that_kagi_news_declares(form: str) -> None:
    """The examples are valid under a schema made of the types of the site, not of this loader."""
    faults = [
        error.message
        for error in jsonschema.Draft202012Validator(SCHEMA).iter_errors(json.loads(INPUTS[f"{form}.json"]))
    ]

    assert [] == faults


def test_examples_have_every_field() -> None:
    """No field of a story that Kagi News declares is missing in the examples."""
    stories = [
        story
        for form in FORMS
        for data in [json.loads((DATA / f"{form}.json").read_text("utf-8"))]
        for story in data.get("clusters", data.get("stories"))
    ]

    assert set(SCHEMA["$defs"]["story"]["properties"]) <= {key for story in stories for key in story}


def test_findings_have_the_path_in_the_document() -> None:
    """What had to be guessed says where it stands in the file."""
    findings = p.load_report(DATA / "old-category.json", "kite").findings

    assert [
        ("kept", "$.stories[0].articles[0].date"),
        ("kept", "$.stories[0].articles[1].link"),
        ("undated", "$.stories[0].timeline[2]"),
    ] == [(finding.code, finding.path) for finding in findings]


def test_seed_is_the_story_that_its_text_is() -> None:
    """Two loaders that share no code read the same story from the seed's text and from the same in the form of Kite."""
    with pytest.warns(p.LoadWarning):
        text = p.load(SEED).stories[0]
    kite = p.load_report(DATA / "seed.json", "kite", critique=True).brief.stories[0]

    def said(story: p.Story) -> object:
        groups = [(group.label, group.framing, group.critique, group.outlets) for group in story.perspectives[:3]]
        return story.headline, story.summary, [fact.text for fact in story.facts], story.context, groups

    assert said(text) == said(kite)


# Citations


def test_citation_is_the_article_of_its_number() -> None:
    """`[domain#2]` cites the second article of a domain; several may follow each other, or stand in one bracket."""
    articles = [article("a.example"), article("b.example"), article("A.example")]
    fact = read(
        {"talking_points": ["It is so. [a.example#2][b.example#1] [a.example#1, common]"], "articles": articles}
    ).facts[0]

    assert p.Fact(
        text="It is so.",
        citations=[p.Citation(source="A.example#2"), p.Citation(source="b.example#1"), p.Citation(source="a.example#1"), p.Citation(kind="common-knowledge")],
    ) == fact  # fmt: skip


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("One [a.example#1] two.", "One two."),
        ("One two [a.example#1].", "One two."),
        ("[a.example#1] One two.", "One two."),
        ("One [sic] two [#1] [a.example].", "One [sic] two [#1] [a.example]."),
        ("One [Common] two.", "One two."),
    ],
)
def test_citation_leaves_the_text_as_if_it_had_not_been(text: str, expected: str) -> None:
    """Citations go with the blanks before them; other brackets are text."""
    assert expected == read({"talking_points": [text], "articles": [article("a.example")]}).facts[0].text


@pytest.mark.parametrize(
    "token", ["a.example#3", "a.example#0", "nowhere.example#1", "a.example#99999999999", "news#1"]
)
def test_citation_of_nothing_is_told(token: str) -> None:
    """A citation that fits no article, or several, is left out, and named."""
    articles = [article("a.example"), article("news.example"), article("news.test")]

    assert [
        f"unknown-citation $.clusters[0].talking_points[0]: [{token}] cites no article of the story; the citation is left out"
    ] == found({"talking_points": [f"One. [{token}]"], "articles": articles})


@pytest.mark.parametrize("token", ["ledger#1", "harbour.ledger.example#1", "ledger.ex#1"])
def test_citation_of_a_domain_cut_short_is_a_guess(token: str) -> None:
    """A domain that fits one alone is taken for it, as on the site, and told."""
    story = {"talking_points": [f"One. [{token}]"], "articles": [article("ledger.example")]}

    assert (
        (p.Citation(source="ledger.example#1"),),
        [f"guessed-citation $.clusters[0].talking_points[0]: [{token}] is taken for 'ledger.example#1'; check it"],
    ) == (read(story).facts[0].citations, found(story))


def test_citations_of_what_cannot_cite_are_kept() -> None:
    """A summary and a block cite nothing in the model; what they cite stands in `extra`."""
    story = read(
        {
            "short_summary": "One. [common]",
            "travel_advisory": ["Two. [a.example#1]"],
            "articles": [article("a.example")],
        }
    )

    assert {"short_summary": ["common"], "travel_advisory[0]": ["a.example#1"]} == story.extra["perspectives-kite"][
        "citations"
    ]


def test_text_that_only_cites_is_kept() -> None:
    """A fact of citations alone is no fact, and is not lost."""
    assert [
        "kept $.clusters[0].talking_points[0]: 'talking_points[0]' cites and says nothing; it is in extra['perspectives-kite']"
    ] == found({"talking_points": ["[common]"]})


def test_lines_that_only_cite_are_each_kept() -> None:
    """Two lines of one text that cannot be read stand beside each other: the second does not replace the first."""
    story = read({"technical_details": "[common]\n[common] [COMMON]"})

    assert {"technical_details": "[common]", "technical_details+": "[common] [COMMON]"} == story.extra[
        "perspectives-kite"
    ]["fields"]


# Titles


@pytest.mark.parametrize(
    ("text", "title"),
    [
        ("Troops: They came.", "Troops"),
        ("They came.", None),
        ("Talks at 10:30 in the hall", None),
        ("Talks at 10:30:15 in the hall", None),
        ("Talks at 10:30: They came.", "Talks at 10:30"),
        ('"Peace: now" they said', None),
        ("“Peace: now”: They said it.", "“Peace: now”"),
        ("„Frieden: jetzt“: Sie sagten es.", "„Frieden: jetzt“"),
        ("«Paix: maintenant» : Ils le disent.", "«Paix: maintenant»"),
        ("「平和：今」：彼らは言う", "「平和：今」"),
        ("'Peace: now': They said it.", "'Peace: now'"),
        ("L'IDF e l'ONU: Parlano.", "L'IDF e l'ONU"),
        ("The ‘mayor’s plan: now’: It is out.", "The ‘mayor’s plan: now’"),
        ('An open "quote: goes on', None),
        ("See https://example.org/a", None),
        ("Label:", None),
        (": text", None),
    ],
)
def test_title_stands_before_a_colon_that_separates(text: str, title: str | None) -> None:
    """A colon in a clock time, an address or a quotation separates nothing, and no side of one is empty."""
    fact = read({"talking_points": [text]}).facts[0]

    assert (title, text if title is None else text.removeprefix(title).lstrip(":： ")) == (fact.title, fact.text)


# Perspectives


def test_perspective_is_framing_alone() -> None:
    """Kagi News does not say that it criticises, so no text is called a critique unasked."""
    group = read({"perspectives": [{"text": "Press: Says so. It may be wrong."}]}).perspectives[0]

    assert p.PerspectiveGroup(label="Press", framing="Says so. It may be wrong.") == group


@pytest.mark.parametrize(
    ("text", "framing", "critique"),
    [
        ("Press: Says so. It may be wrong.", "Says so.", "It may be wrong."),
        (
            "Press: Says the U.S. Senate and Dr. Lund agree. It errs.",
            "Says the U.S. Senate and Dr. Lund agree.",
            "It errs.",
        ),
        ("Press: Says so.", "Says so.", None),
        ("报纸：是的。可能错了。", "是的。", "可能错了。"),
    ],
)
def test_critique_follows_the_first_sentence_when_asked(text: str, framing: str, critique: str | None) -> None:
    """With `critique` the first sentence frames, and the rest criticises."""
    group = read({"perspectives": [{"text": text}]}, critique=True).perspectives[0]

    assert (framing, critique) == (group.framing, group.critique)


def test_critique_of_several_sentences_is_a_guess() -> None:
    """Who asks for the critique is told where more than one sentence is taken for it."""
    assert [
        "guessed-critique $.clusters[0].perspectives[0]: all that follows the first sentence is taken for the critique; check it"
    ] == found({"perspectives": [{"text": "Press: One is. Two is. Three is."}]}, critique=True)


def test_perspective_without_a_title_is_called_by_its_outlets_or_number() -> None:
    """A label is never made up from the text: it is the outlets, or the printed word in the story's language."""
    perspectives = [
        {"text": "Eins.", "sources": [{"name": "A", "url": ""}, {"name": "B", "url": ""}]},
        {"text": "Zwei."},
        "Drei.",
    ]
    story = read({"selectedLanguage": "de", "perspectives": perspectives})

    assert ["A, B", "Perspektiven 2", "Perspektiven 3"] == [group.label for group in story.perspectives]


def test_source_of_a_perspective_is_cited_by_its_name() -> None:
    """The same address under two names is two sources: neither is said to be the other's."""
    one = {"text": "A: One.", "sources": [{"name": "Ledger", "url": "https://a.example/1"}]}
    two = {"text": "B: Two.", "sources": [{"name": "Quay", "url": "https://a.example/1"}]}

    assert [("Ledger", "https://a.example/1"), ("Quay", "https://a.example/1")] == [
        (source.outlet, source.url) for source in read({"perspectives": [one, two]}).sources
    ]


# Other parts


@pytest.mark.parametrize("nothing", [None, "", [], " \n"])
def test_nothing_is_nothing(nothing: object) -> None:
    """null, "", and [] say nothing, in every field but the title, and are no findings."""
    fields = {key: nothing for key in SCHEMA["$defs"]["story"]["properties"] if key != "title"}

    assert (p.Story(headline="The bridge closes", section="Harbour"), []) == (read(fields), found(fields))


@pytest.mark.parametrize(
    ("step", "when", "text", "day"),
    [
        ("2024-06-19:: Signed: at last", "2024-06-19", "Signed: at last", dt.date(2024, 6, 19)),
        ("12 Aug 2025: Call", "12 Aug 2025", "Call", None),
        ("10:30: Call", "10:30", "Call", None),
        (
            {"date": "19 June 2024", "date_iso": "2024-06-19", "content": "Signed"},
            "19 June 2024",
            "Signed",
            dt.date(2024, 6, 19),
        ),
        ({"date": "June 2024", "date_iso": "2024-06", "content": "Signed"}, "June 2024", "Signed", None),
        ({"date": "", "date_iso": "2024", "content": "Signed"}, "2024", "Signed", None),
        ({"date": "30 Feb", "date_iso": "2024-02-30", "content": "Signed"}, "30 Feb", "Signed", None),
        ({"date": "March", "description": "Signed"}, "March", "Signed", None),
    ],
)
def test_step_of_the_timeline_has_the_date_as_printed(step: object, when: str, text: str, day: dt.date | None) -> None:
    """Each form of a step is read; only a whole day is a date for programs."""
    assert (p.TimelineEvent(when=when, text=text, date=day),) == read({"timeline": [step]}).timeline


@pytest.mark.parametrize(
    ("story", "told"),
    [
        ({"number_of_titles": "8"}, ["kept $.clusters[0].number_of_titles: 'number_of_titles' is no count; it is in extra['perspectives-kite']"]),
        ({"selectedLanguage": "?", "sourceLanguage": "en"}, ["kept $.clusters[0].selectedLanguage: 'selectedLanguage' is no language tag; it is in extra['perspectives-kite']"]),
        ({"primary_image": {"url": "", "caption": "The quay", "credit": ""}}, ["kept $.clusters[0].primary_image.caption: 'primary_image.caption' stands beside no image; it is in extra['perspectives-kite']"]),
        ({"x_new": 1}, ["kept $.clusters[0].x_new: 'x_new' is no field that is known here; it is in extra['perspectives-kite']"]),
    ],
)  # fmt: skip
def test_value_that_does_not_fit_is_told(story: dict[str, Any], told: list[str]) -> None:
    """What a field should not hold is kept, and said to be wrong rather than unknown."""
    assert told == found(story)


def test_field_of_the_category_that_does_not_fit_is_told() -> None:
    """What stands beside the stories is kept too, with a finding where it is wrong or unknown."""
    loaded = p.load_report(document({}, category=7, timestamp="2025", read=3, x_new="x"), "kite")

    assert (
        ["category", "timestamp", "x_new"],
        {"fields": {"category": 7, "timestamp": "2025", "read": 3, "x_new": "x"}},
    ) == ([finding.path.removeprefix("$.") for finding in loaded.findings], loaded.brief.extra["perspectives-kite"])


def test_quote_is_not_called_verbatim() -> None:
    """Nobody compared the words with the source; who spoke is author and attribution."""
    quote = read(
        {
            "quote": '"We go."',
            "quote_author": "I. Sund",
            "quote_attribution": "mayor",
            "quote_source_domain": "a.example",
        }
    ).quotes[0]

    assert p.Quote(text="We go.", speaker="I. Sund, mayor", citations=[p.Citation(source="a.example")]) == quote


@pytest.mark.parametrize(
    ("said", "text"),
    [
        ("“We go.” [common]", "We go."),
        ("“We said ‘no’”", "We said ‘no’"),
        ('"We go," she said, "now"', '"We go," she said, "now"'),
        ('""', '""'),
        ('"', '"'),
    ],
)
def test_quote_loses_the_marks_around_it_alone(said: str, text: str) -> None:
    """Renderers print the marks around a quote; those of a part of it are its own."""
    assert text == read({"quote": said}).quotes[0].text


def test_time_without_offset_is_no_time() -> None:
    """A time that may mean any of forty is kept as it is written, not guessed."""
    story = read({"articles": [article("a.example", date="2025-08-12T10:00:00")]})

    assert (None, "2025-08-12T10:00:00") == (
        story.sources[0].published,
        story.extra["perspectives-kite"]["fields"]["articles[0].date"],
    )


def test_timestamp_is_when_the_category_was_made() -> None:
    """The seconds since 1970 say when it was made: neither the day of the brief nor when an article came out."""
    brief = p.load(Input(name="", data=document({}, timestamp=1754985600)), "kite")

    assert brief.provenance is not None
    assert ("2025-08-12T08:00:00+00:00", None) == (str(brief.provenance.created).replace(" ", "T"), brief.date)


def test_unwritten_by_people_is_disclosed() -> None:
    """Kagi News lets language models write; a critique in it is disclosed as theirs by every format."""
    assert "Written by software, not reviewed by a person" in str(
        p.render(p.load(Input(name="", data=document({})), "kite"), "text")
    )


def test_caller_says_the_language() -> None:
    """A language that the caller names is the brief's, and a story in another one keeps its own."""
    brief = p.load(Input(name="", data=document({"selectedLanguage": "de"})), "kite", language="fr")

    assert ("fr", "de") == (brief.language, brief.stories[0].language)


# Documents that are none


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ('{"timestamp": 1, "categories": [{"name": "World", "file": "world.json"}, {"name": "USA", "file": "usa.json"}]}', "this is the index of the categories, which holds no story @ $, expected one of its files: world.json, usa.json"),
        ('{"batchId": "1", "categories": [{"id": "2"}]}', "this is the index of the categories, which holds no story @ $, expected the stories of one of its categories"),
        ('{"timestamp": 1, "events": [{"year": "1911", "content": "x", "sort_year": 1911, "type": "event"}]}', 'this is the events of this day in other years, which are no stories @ $, expected a category: {"category": ..., "timestamp": ..., "clusters": [...]}'),
        ('{"batches": [{"id": "1"}]}', "this is a list of batches, which holds no story @ $, expected the stories of a category of one of them"),
        ('[{"country": "", "organization": "x", "domains": [], "typology": ""}]', "this is media data, which are outlets and no stories @ $, expected python -m perspectives_kite FILE -o outlets.json"),
        ('{"format": "perspectives/1.0", "stories": []}', "this is a brief of this library, not of Kagi News @ $, expected the loader 'json'"),
        ('{"a": 1}', 'this is no category of Kagi News @ $, expected {"category": ..., "timestamp": ..., "clusters": [...]}'),
        ('{"clusters": [\n1,\n]}', "line 3, column 1: this is no JSON: expecting value, expected one whole JSON document"),
        ('{"clusters": [],\n "clusters": []}', "line 2, column 2: the key 'clusters' occurs twice, expected each key once in an object"),
        ('{"clusters": [{"title": ""}, 7]}', "a story without a title @ $.clusters[0].title, expected a text\nthis is no story @ $.clusters[1], expected an object"),
    ],
)  # fmt: skip
def test_other_document_is_refused_with_what_would_be_right(text: str, message: str) -> None:
    """What is no category says what it is instead, and what to load."""
    with pytest.raises(p.LoadError) as refused:
        p.loads(text, "kite")

    assert message == str(refused.value)


# Which input is its own


@pytest.mark.parametrize(
    ("head", "level"),
    [
        ('{"category": "World", "timestamp": 1, "read": 0, "clusters": [', Confidence.LIKELY),
        ('\n{ "clusters" : [', Confidence.LIKELY),
        ('{"batchId": "1", "categoryName": "x", "timestamp": 1, "stories": [', Confidence.LIKELY),
        ('{"timestamp": 1, "events": [', Confidence.LIKELY),
        ('{"format": "perspectives/1.0", "title": "\\"clusters\\": [", "stories": [', Confidence.NO),
        ('{"version": "https://jsonfeed.org/version/1.1", "title": "clusters", "items": [', Confidence.NO),
        ('{"uri": "urn:x", "standard": {"name": "ninjs"}, "events": [', Confidence.NO),
        ('{"stories": [', Confidence.NO),
        ('{"timestamp": 1, "graph": {"clusters": [', Confidence.NO),
        ("a,clusters\n", Confidence.NO),
    ],
)  # fmt: skip
def test_sniff_looks_for_the_first_keys(head: str, level: Confidence) -> None:
    """Its own lists of Kagi News are known by their keys, and no document of ours, of JSON Feed or ninjs is."""
    assert level == KiteLoader().sniff(Input(name="", data=head.encode()))


@pytest.mark.parametrize("name", ["", "world.json"])
@pytest.mark.parametrize("form", FORMS)
def test_category_finds_its_loader(form: str, name: str) -> None:
    """Piped or a file, the content decides, and no other loader is as sure."""
    assert "perspectives-kite:kite" == p.Registry().loader_for(Input(name=name, data=INPUTS[f"{form}.json"]))


# The law: nothing is lost

# Each {} becomes a word that stands nowhere else, so that every one of them can be looked for.
SHAPES = st.sampled_from(
    [
        "", "{}", "{}: {}", "{} {}. {} {}.", "{}:: {}", "{} 10:30: {}", '"{}: {}" {}', "“{}” {} [common]", "{}\n{}",
        "{} [example.com#1]", "{} [{}.example#7]", "[{}#1]", "[common]", "{} [{}]", "https://{}.example/{}", "{}\t {}",
        "'{}: {}", "{}：{}", "2024-01-02:: {}", "2024-02", "2025-08-12T10:00:00Z", "{}.example", "1 {}",
    ]
)  # fmt: skip
ANY = st.recursive(
    st.none() | st.booleans() | st.integers(-5, 5) | SHAPES,
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from(["text", "title", "name", "x"]), inner, max_size=2)
    ),
    max_leaves=5,
)


VALUE = st.one_of(SHAPES, SHAPES, SHAPES, SHAPES, ANY)
FIELDS = SCHEMA["$defs"]["story"]["properties"]


def objects(*keys: str) -> st.SearchStrategy[dict[str, Any]]:
    """Objects with all of these keys, and one that Kagi News does not have."""
    return st.fixed_dictionaries(dict.fromkeys((*keys, "x_new"), VALUE))


def some(*items: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    """Short lists of these."""
    return st.lists(st.one_of(*items), max_size=3)


SPECIAL = {
    "perspectives": some(
        st.fixed_dictionaries({"text": VALUE, "sources": some(objects("name", "url"), SHAPES) | ANY}), VALUE
    ),
    "timeline": some(objects("date", "date_iso", "content"), objects("date", "description"), SHAPES),
    "suggested_qna": some(objects("question", "answer")),
    "primary_image": objects("url", "caption", "credit", "link"),
    "articles": some(objects("title", "link", "domain", "date", "image", "image_caption")),
    "domains": some(objects("name", "favicon", "isPaywalled")),
    "talking_points": some(VALUE),
}
# One special field of each document, so that it is not hidden by the others, and a few of all.
STORIES = st.tuples(
    st.fixed_dictionaries({"title": st.sampled_from(["{}", "{}: {} [common]"]), "category": SHAPES}),
    st.dictionaries(st.sampled_from([*sorted(FIELDS.keys() - {"title"}), "x_new"]), some(SHAPES) | VALUE, max_size=5),
    st.sampled_from(sorted(SPECIAL)).flatmap(lambda key: st.fixed_dictionaries({key: SPECIAL[key]})),
).map(lambda parts: parts[1] | parts[2] | parts[0])
ENVELOPES = st.fixed_dictionaries(
    {"clusters": st.lists(STORIES, min_size=1, max_size=2)},
    optional={"category": SHAPES}
    | dict.fromkeys(["categoryName", "timestamp", "read", "batchId", "domains", "x_new"], ANY),
)


def numbered(value: Any, words: list[str]) -> Any:
    """The value with a word of its own for each {}."""
    match value:
        case str():
            while "{}" in value:
                words.append(f"wort{len(words)}x")
                value = value.replace("{}", words[-1], 1)
            return value
        case list():
            return [numbered(item, words) for item in value]
        case dict():
            return {key: numbered(item, words) for key, item in value.items()}
    return value


@settings(max_examples=300, deadline=None)
@given(ENVELOPES, st.booleans())
def test_no_text_is_lost(envelope: dict[str, Any], critique: bool) -> None:
    """Every word of a document of Kagi News, of whatever form, is in the brief or in a finding."""
    words: list[str] = []
    text = json.dumps(numbered(envelope, words))
    loaded = p.load_report(text.encode(), "kite", critique=critique)

    told = p.dumps(loaded.brief) + "\n".join(map(str, loaded.findings))
    assert [] == [word for word in words if word not in told]


@settings(deadline=None)
@given(ENVELOPES)
def test_every_brief_goes_on(envelope: dict[str, Any]) -> None:
    """What is loaded can be written and read by the formats that ship: it is a brief like any other."""
    brief = p.load_report(json.dumps(numbered(envelope, [])).encode(), "kite").brief

    assert brief == p.loads(p.dumps(brief))


@given(st.text(alphabet=" \t\n:：.[]#'\"“”«»ab10,/", max_size=60))
def test_text_of_any_letters_is_read(text: str) -> None:
    """Whatever stands in the texts: they give a story, and no other error."""
    story = read(
        {"talking_points": [text], "perspectives": [{"text": text}], "timeline": [text], "quote": text}, critique=True
    )

    assert "The bridge closes" == story.headline


@pytest.mark.parametrize(
    "text",
    [
        "a" + " " * 50_000 + "b",
        "[" * 50_000,
        "a[b" * 16_000,
        "'" * 50_000,
        "“" * 50_000,
        "a," * 25_000,
        "[a#1" + " , " * 16_000,
        "名" * 50_000,
        "1:" * 25_000,
    ],
)
def test_long_text_takes_no_long_time(text: str) -> None:
    """No text of the longest that is allowed makes the patterns look over it again and again (a second is ample)."""
    start = time.process_time()
    KiteLoader().load(
        Input(name="", data=document({"talking_points": [text], "timeline": [text]})),
        KiteLoader.options_class(critique=True),
        LoadTools(),
    )

    assert time.process_time() - start < 1
