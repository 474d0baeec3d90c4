"""Days and times as a brief prints them: in ISO 8601, or in words of its language."""

import datetime as dt
from importlib.util import find_spec
from typing import TYPE_CHECKING, Literal

from perspectives.errors import Fault, OptionsError

if TYPE_CHECKING:
    from babel import Locale

DateStyle = Literal["iso", "long"]
"""`iso`: 2025-08-12; `long`: August 12, 2025, as the language of the brief has it."""


def check_style(style: DateStyle) -> None:
    """Refuse a style that needs Babel where Babel is not installed: `OptionsError`, code `missing-extra`."""
    if style == "long" and find_spec("babel") is None:
        message = "dates in words need Babel, which is not installed"
        expected = "pip install 'perspectives-briefs[dates]'"
        raise OptionsError(Fault(code="missing-extra", message=message, path="dates", expected=expected))


def date_text(value: dt.date | dt.datetime, language: str, style: DateStyle) -> str:
    """A day or a time as it is printed in a language, a BCP 47 tag.

    A time keeps its own offset and shows it, whatever the zone of the machine;
    in words, seconds are left out where they are zero. A language that Babel
    does not know is printed in English. The words are those of the Unicode
    CLDR that the installed Babel brings. Raises `OptionsError` as `check_style`.
    """
    if style == "iso":
        return value.isoformat()
    check_style(style)
    # Imported when it is asked for: Babel takes longer to start than all else.
    from babel.dates import format_date, format_time

    locale = _locale(language)
    day = format_date(value, "long", locale)
    if not isinstance(value, dt.datetime):
        return day
    time = format_time(value.time(), "medium" if value.second else "short", locale=locale)
    pattern = str(locale.datetime_formats["medium"])
    return " ".join([pattern.replace("{1}", day).replace("{0}", time), *_offset(value, locale)])


def html_datetime(value: dt.date | dt.datetime) -> str:
    """A day or a time as HTML has it, which knows thousandths of a second and nothing below."""
    if isinstance(value, dt.datetime) and value.microsecond:
        return value.isoformat(timespec="milliseconds")
    return value.isoformat()


def _offset(value: dt.datetime, locale: "Locale") -> list[str]:
    """The offset as the language names it, `GMT+09:00`; none where the time has none."""
    offset = value.utcoffset()
    if offset is None:
        return []
    # Babel's own function prints -03:30 as -04:30, so the digits are Python's.
    digits = str(dt.timezone(offset)).removeprefix("UTC")
    return [str(locale.zone_formats["gmt"]) % digits]


def _locale(language: str) -> "Locale":
    """The locale of a tag, or of as much of its beginning as Babel knows: `zh-Hant-x-desk` -> `zh-Hant`."""
    from babel import Locale, UnknownLocaleError

    subtags = language.split("-")
    while subtags:
        try:
            return Locale.parse("-".join(subtags), sep="-")
        except (ValueError, UnknownLocaleError):
            subtags.pop()
    return Locale("en")
