"""The printed words: which catalogue a brief gets, what it overrides, and which way they run."""

import json
from importlib.resources import files

import attrs
import pytest

from perspectives.model import Brief, Wording
from perspectives.text import check_text
from perspectives.wording import catalogue, direction, wording_for, wording_of

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
    """Each shipped language has a word of its own for every field; the comma may be the English one."""
    names = [field.name for field in attrs.fields(Wording) if field.name not in ("language", "direction", "comma")]
    english = attrs.asdict(Wording())

    assert [] == [name for name in names if SHIPPED[tag].get(name, english[name]) == english[name]]


@pytest.mark.parametrize("tag", SHIPPED)
def test_shipped_word_passes_the_gate(tag):
    """Each shipped word is one paragraph of plain text."""

    assert [] == [fault for word in SHIPPED[tag].values() for fault in check_text(word)]
