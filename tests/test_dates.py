"""Days and times in the language of a brief: what is printed, and what it takes."""

import datetime as dt
import os
import re
import subprocess
import sys

import pytest

import perspectives as p
from perspectives import Fault, OptionsError
from perspectives.dates import check_style, date_text

DAY = dt.date(2025, 8, 12)
MOMENT = dt.datetime(2025, 8, 12, 6, 5, tzinfo=dt.UTC)
TOKYO = dt.timezone(dt.timedelta(hours=9))
NEWFOUNDLAND = dt.timezone(-dt.timedelta(hours=3, minutes=30))

DAYS = {
    "en": "August 12, 2025",
    "de": "12. August 2025",
    "fr": "12 août 2025",
    "es": "12 de agosto de 2025",
    "pt": "12 de agosto de 2025",
    "it": "12 agosto 2025",
    "ar": "12 أغسطس 2025",
    "he": "12 באוגוסט 2025",
    "uk": "12 серпня 2025\u202fр.",
    "ru": "12 августа 2025\u202fг.",
    "zh": "2025年8月12日",
    "ja": "2025年8月12日",
    "hi": "12 अगस्त 2025",
}
MOMENTS = {
    "en": "August 12, 2025, 6:05\u202fAM GMT",
    "de": "12. August 2025, 06:05 GMT",
    "fr": "12 août 2025, 06:05 UTC",
    "es": "12 de agosto de 2025, 6:05 GMT",
    "pt": "12 de agosto de 2025 06:05 GMT",
    "it": "12 agosto 2025, 06:05 GMT",
    "ar": "12 أغسطس 2025، 6:05 ص غرينتش",
    "he": "12 באוגוסט 2025, 6:05 GMT\u200e",
    "uk": "12 серпня 2025\u202fр., 06:05 GMT",
    "ru": "12 августа 2025\u202fг., 06:05 GMT",
    "zh": "2025年8月12日 06:05 GMT",
    "ja": "2025年8月12日 6:05 GMT",
    "hi": "12 अगस्त 2025, 6:05 am GMT",
}


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (DAY, "2025-08-12"),
        (MOMENT, "2025-08-12T06:05:00+00:00"),
        (MOMENT.replace(second=7, microsecond=5, tzinfo=NEWFOUNDLAND), "2025-08-12T06:05:07.000005-03:30"),
    ],
)
def test_iso_is_that_of_python(value, expected):
    """In ISO 8601 nothing is left out, and the language makes no difference."""

    assert [expected, expected] == [date_text(value, "en", "iso"), date_text(value, "ar", "iso")]


@pytest.mark.parametrize(("language", "expected"), DAYS.items())
def test_long_day_is_in_words_of_the_language(language, expected):
    """A day is written out as the language does."""

    assert expected == date_text(DAY, language, "long")


@pytest.mark.parametrize(("language", "expected"), MOMENTS.items())
def test_long_time_is_in_words_of_the_language(language, expected):
    """A time follows its day, with its offset."""

    assert expected == date_text(MOMENT, language, "long")


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (MOMENT.replace(tzinfo=TOKYO), "12. August 2025, 06:05 GMT+09:00"),
        (MOMENT.replace(tzinfo=NEWFOUNDLAND), "12. August 2025, 06:05 GMT-03:30"),
        (dt.datetime(2025, 12, 31, 23, 59, tzinfo=TOKYO), "31. Dezember 2025, 23:59 GMT+09:00"),
        (MOMENT.replace(second=7), "12. August 2025, 06:05:07 GMT"),
        (MOMENT.replace(microsecond=7), "12. August 2025, 06:05 GMT"),
        (MOMENT.replace(tzinfo=None), "12. August 2025, 06:05"),
    ],
)
def test_long_time_keeps_its_offset(value, expected):
    """A time is in its own offset, negative halves of hours too; seconds are there when they are not zero."""

    assert expected == date_text(value, "de", "long")


@pytest.mark.parametrize(
    ("language", "expected"),
    [
        ("pt-BR", "12 de agosto de 2025 06:05 GMT"),
        ("pt-PT", "12 de agosto de 2025, 06:05 GMT"),
        ("en-GB", "12 August 2025, 06:05 GMT"),
        ("zh-Hant", "2025年8月12日 清晨6:05 GMT"),
        ("zh-hant-x-desk", "2025年8月12日 清晨6:05 GMT"),
        ("zh-cmn-Hans", "2025年8月12日 06:05 GMT"),
        ("de-DE-u-co-phonebk", "12. August 2025, 06:05 GMT"),
        ("iw", "12 באוגוסט 2025, 6:05 GMT\u200e"),
        ("de-XX", "12. August 2025, 06:05 GMT"),
        ("tlh", "August 12, 2025, 6:05\u202fAM GMT"),
        ("x-desk", "August 12, 2025, 6:05\u202fAM GMT"),
    ],
)
def test_long_takes_what_is_known_of_a_tag(language, expected):
    """Script and country count; what Babel does not know of a tag is dropped from its end, English is the last."""

    assert expected == date_text(MOMENT, language, "long")


@pytest.mark.parametrize(
    "machine", [{"TZ": "Asia/Tokyo", "LC_ALL": "de_DE.UTF-8"}, {"TZ": "Nowhere/Land", "LC_ALL": "xx_BAD", "LANG": "@@"}]
)
def test_long_is_the_same_on_every_machine(machine):
    """Neither the zone nor the locale of the machine, nor nonsense in their place, changes a date."""
    code = (
        "import datetime as dt; from perspectives.dates import date_text;"
        " print(ascii(date_text(dt.datetime(2025, 8, 12, 6, 5, tzinfo=dt.UTC), 'fr', 'long')))"
    )
    run = subprocess.run(
        [sys.executable, "-c", code], env={**os.environ, **machine}, capture_output=True, text=True, check=False
    )

    assert (ascii(MOMENTS["fr"]) + "\n", "") == (run.stdout, run.stderr)


def test_iso_loads_no_babel():
    """Babel is imported for the first date in words, and not before."""
    code = (
        "import datetime as dt, sys; from perspectives.dates import check_style, date_text; check_style('iso');"
        " check_style('long'); date_text(dt.date(2025, 8, 12), 'de', 'iso'); print('babel' in sys.modules)"
    )
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)

    assert ("False\n", "") == (run.stdout, run.stderr)


@pytest.mark.parametrize("use", [lambda: check_style("long"), lambda: date_text(DAY, "de", "long")])
def test_long_without_babel_says_what_to_install(use, monkeypatch):
    """Where Babel is missing, the error says which extra brings it."""
    monkeypatch.setitem(sys.modules, "babel", None)
    expected = Fault(
        code="missing-extra",
        message="dates in words need Babel, which is not installed",
        path="dates",
        expected="pip install 'perspectives-briefs[dates]'",
    )
    with pytest.raises(OptionsError) as error:
        use()

    assert (expected,) == error.value.faults


def test_iso_needs_no_babel(monkeypatch):
    """Dates in ISO 8601 are printed without Babel."""
    monkeypatch.setitem(sys.modules, "babel", None)
    check_style("iso")

    assert "2025-08-12" == date_text(DAY, "de", "iso")


AUSTRIAN = p.Brief(
    language="de-AT",
    date=DAY,
    stories=[
        p.Story(
            headline="h",
            date=DAY,
            published=MOMENT,
            corrections=[p.Correction(text="c", date=DAY)],
            sources=[p.Source(id="1", title="t", published=MOMENT)],
        )
    ],
)
FORMATS = ["email", "html", "markdown", "text"]


def plain(format, brief, **options):
    """What a renderer gives, the HTML of a mail decoded."""
    rendered = p.render(brief, format, **options, **({"subject": "s"} if format == "email" else {}))
    return str(rendered.part("text/html")) if format == "email" else str(rendered)


@pytest.mark.parametrize("format", FORMATS)
def test_renderer_prints_dates_in_the_brief_language(format):
    """With `dates=long` every day and time is in words of the brief's language, and none is left in digits."""
    shown = plain(format, AUSTRIAN, dates="long").replace("12\\.", "12.")  # Markdown would begin a list
    days = {"markdown": 3}.get(format, 4)  # front matter is for programs, and YAML has dates of its own

    assert (days, 1) == (
        shown.replace("12. August 2025, 06:05", "").count("12. August 2025"),
        len(re.findall(r"Veröffentlicht: (?:<(?:time|span)[^>]*>)?12\. August 2025, 06:05 GMT", shown)),
    )


def test_own_wording_decides_the_language_of_dates():
    """Who prints an Arabic brief with German words has German dates."""
    brief = p.Brief(language="ar", date=DAY, wording=p.Wording(language="de"))

    assert "=====\n\n12. August 2025\n" == plain("text", brief, dates="long")


@pytest.mark.parametrize("format", FORMATS)
def test_renderer_without_babel_refuses_long_dates(format, monkeypatch):
    """A renderer that is asked for dates in words without Babel says so before it renders."""
    monkeypatch.setattr("perspectives.dates.find_spec", lambda name: None)
    with pytest.raises(OptionsError) as caught:
        plain(format, p.Brief(title="without a date"), dates="long")

    assert ["missing-extra"] == [fault.code for fault in caught.value.faults]
