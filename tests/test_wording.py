"""The printed words: which catalogue a brief gets, what it overrides, and which way they run."""

import json
import unicodedata
from collections import Counter
from importlib.resources import files

import attrs
import pytest

from perspectives.attribution import Citation, Quote
from perspectives.catalogue import catalogue, direction, wording_for, wording_of
from perspectives.model import Brief
from perspectives.phrases import Phrases
from perspectives.text import check_text
from perspectives.wording import Wording

HEADINGS = (
    "facts context perspectives go_deeper sources images quotes timeline questions blocks subjects corrections"
    " provenance about_outlets schemes"
).split()
SIGNS = ("comma", "open_quote", "close_quote")
SHIPPED = json.loads((files("perspectives") / "wording.json").read_text("utf-8"))


@pytest.mark.parametrize(
    ("tag", "expected"),
    [
        ("ar", "rtl"),
        ("FA-ir", "rtl"),
        ("az-Arab", "rtl"),
        ("he-Latn", "ltr"),
        ("iw", "rtl"),
        ("en-x-arab", "ltr"),
        ("zh-Hant", "ltr"),
        ("ku-Arab-IQ", "rtl"),
    ],
)
def test_direction_is_that_of_the_script(tag, expected):
    """The script of a tag says which way it is written, else its language; an extension says nothing."""

    assert expected == direction(tag)


@pytest.mark.parametrize("tag", ["de", "DE", "de-AT", "de-Latn-CH"])
def test_language_finds_its_catalogue(tag):
    """The words of a language are those of its primary subtag, in any case of letters."""

    assert catalogue()["de"] == wording_for(tag)


def test_unknown_language_has_english_words():
    """A language without a catalogue gets English words, in the direction of the language itself."""

    assert attrs.evolve(catalogue()["en"], direction="rtl") == wording_for("ur-PK")


def test_brief_without_language_is_english():
    """A brief that says no language is printed with the English words."""

    assert Wording(language="en", direction="ltr") == wording_of(Brief())


def test_own_words_go_over_those_of_the_language():
    """A brief's own words are printed, and those of its language for all the others."""
    brief = Brief(language="de", wording=Wording(facts="Was feststeht", comma=";"))

    assert attrs.evolve(catalogue()["de"], facts="Was feststeht", comma=";") == wording_of(brief)


def test_wording_may_name_another_catalogue():
    """`wording.language` picks the words, and the direction stays that of the texts."""
    brief = Brief(language="ar", wording=Wording(language="de"))

    assert attrs.evolve(catalogue()["de"], direction="rtl") == wording_of(brief)


def test_wording_language_stands_in_for_that_of_the_brief():
    """Where the brief says no language, the one of the wording gives words and direction."""

    assert catalogue()["ar"] == wording_of(Brief(wording=Wording(language="ar")))


@pytest.mark.parametrize(("language", "own"), [("de", "rtl"), ("ar", "ltr")])
def test_direction_may_be_overridden(language, own):
    """A brief's own direction goes over that of its language, either way."""
    brief = Brief(language=language, wording=Wording(direction=own))

    assert attrs.evolve(catalogue()[language], direction=own) == wording_of(brief)


@pytest.mark.parametrize("tag", [tag for tag in SHIPPED if tag != "en"])
def test_shipped_language_has_every_word(tag):
    """Each shipped language has a word for every field, save comma and quotation marks where they are the English ones."""
    names = [field.name for field in attrs.fields(Wording) if field.name not in ("language", "direction", *SIGNS)]

    assert names == [name for name in SHIPPED[tag] if name not in SIGNS]


def test_shipped_quotation_marks():
    """Very words stand between the marks that newspapers of the language print."""
    expected = {
        "“”": ["en", "hi", "pt", "zh"],
        "«»": ["ar", "es", "fr", "it", "ru", "uk"],
        "„“": ["de"],
        "””": ["he"],
        "「」": ["ja"],
    }

    assert expected == {
        marks: [tag for tag, words in catalogue().items() if words.open_quote + words.close_quote == marks]
        for marks in expected
    }


def test_shipped_word_is_translated():
    """No word was left in English: the few that are spelt alike are known."""
    english = attrs.asdict(Wording())
    expected = {
        *((tag, "generator") for tag in ("de", "es", "it", "pt")),
        *(("fr", name) for name in ("sources", "images", "image", "questions", "position")),
        ("de", "position"),
        ("he", "close_quote"),
    }

    assert expected == {(tag, name) for tag in SHIPPED for name, word in SHIPPED[tag].items() if word == english[name]}


@pytest.mark.parametrize(
    ("brief", "expected"),
    [
        (Brief(), "“Non.” — B"),
        (Brief(language="de-AT"), "„Non.“ — B"),
        (Brief(language="it"), "«Non.» — B"),
        (Brief(language="fr-CA"), "«\u00a0Non.\u00a0» — B"),
        (Brief(language="fr", wording=Wording(open_quote="‹", close_quote="›")), "‹Non.› — B"),
    ],
)
def test_very_words_are_printed_as_in_their_language(brief, expected):
    """Very words stand between the marks of the language, in French set apart from them, or between the brief's own."""
    quote = Quote(text="Non.", speaker="B", verbatim=True, citations=[Citation(kind="common-knowledge")])

    assert expected == Phrases.of(brief, wording_of(brief)).quote(quote)


@pytest.mark.parametrize("tag", catalogue())
def test_shipped_word_passes_the_gate(tag):
    """Each shipped word is one paragraph of plain text, composed as keyboards write it (NFC)."""
    words = list(attrs.asdict(catalogue()[tag]).values())

    assert [] == [fault for word in words for fault in check_text(word)]
    assert [] == [word for word in words if not unicodedata.is_normalized("NFC", word)]


def test_shipped_language_runs_its_way():
    """Arabic and Hebrew are printed from right to left, the other shipped languages from left to right."""

    assert {"ar", "he"} == {tag for tag, wording in catalogue().items() if wording.direction == "rtl"}


@pytest.mark.parametrize("tag", catalogue())
def test_shipped_heading_is_unique_in_its_language(tag):
    """No two headings of a language are equal, nor are the two leads of outlets: each says what follows."""
    words = attrs.asdict(catalogue()[tag])
    headings = Counter(words[name].casefold() for name in HEADINGS)

    assert [] == [heading for heading, count in headings.items() if count > 1]
    assert words["for_example"].casefold() != words["outlets"].casefold()


def test_shipped_headings_tell_the_language():
    """No two languages share a heading that the text loader knows the language by."""
    told = Counter(
        getattr(wording, name).casefold()
        for wording in catalogue().values()
        for name in ("facts", "context", "perspectives")
    )

    assert [] == [heading for heading, count in told.items() if count > 1]


def test_only_leads_of_outlets_end_with_a_colon():
    """A label gets its colon from the renderer; only what leads to outlets brings its own, or a stop."""
    found = {
        name
        for wording in catalogue().values()
        for name, word in attrs.asdict(wording).items()
        if word.endswith((":", "：", "."))
    }

    assert {"for_example", "outlets"} == found
