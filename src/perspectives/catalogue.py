"""The shipped words of each language, which of them a brief is printed with, and how they are told in a text."""

import functools
import json
import unicodedata
from collections.abc import Mapping
from importlib.resources import files
from itertools import takewhile
from types import MappingProxyType
from typing import Literal

import attrs

from perspectives.model import Brief
from perspectives.wording import Wording

COMMAS = ",،、，"
"""What separates outlets in the shipped languages."""
COLONS = ":："
"""What stands behind a heading or a word before outlets."""

# What is written from right to left: the script says so, and the language where no script is named (CLDR).
_SCRIPTS = frozenset("adlm arab aran hebr mand mend nkoo rohg samr syrc thaa yezi".split())
_LANGUAGES = frozenset("ar arc arz azb ckb dv fa glk he iw ji ks lrc mzn nqo pnb ps sd syr ug ur yi".split())


@functools.cache
def catalogue() -> Mapping[str, Wording]:
    """The shipped words, by primary language subtag, English first."""
    words = json.loads((files("perspectives") / "wording.json").read_text("utf-8"))
    return MappingProxyType({tag: Wording(language=tag, direction=direction(tag), **own) for tag, own in words.items()})


def direction(tag: str) -> Literal["ltr", "rtl"]:
    """Which way a language is written, for its BCP 47 tag."""
    language, *rest = tag.lower().split("-")
    # A subtag of one letter begins an extension, which says nothing of the script (RFC 5646, 2.2.6).
    subtags = takewhile(lambda subtag: len(subtag) > 1, rest)
    script = next((subtag for subtag in subtags if len(subtag) == 4 and subtag.isalpha()), None)
    return "rtl" if (script in _SCRIPTS if script else language in _LANGUAGES) else "ltr"


@functools.lru_cache(64)
def wording_for(tag: str) -> Wording:
    """The shipped words of a language, English where none are; the direction is the language's own."""
    shipped = catalogue()
    words = shipped.get(tag.lower()) or shipped.get(tag.lower().partition("-")[0]) or shipped["en"]
    return attrs.evolve(words, direction=direction(tag))


def wording_of(brief: Brief) -> Wording:
    """The words for a brief: its own over those of its language. The direction is that of its texts."""
    own = brief.wording
    if own is None:
        return wording_for(brief.language or "en")
    words = wording_for(own.language or brief.language or "en")
    changed = {
        field.name: getattr(own, field.name)
        for field in attrs.fields(Wording)
        if field.name != "language" and getattr(own, field.name) != field.default
    }
    return attrs.evolve(words, **{"direction": direction(brief.language or own.language or "en"), **changed})


def key(word: str) -> str:
    """A heading as it is compared: composed (NFC), without case, a colon at its end, or the kind of its blanks."""
    return " ".join(composed(word.casefold()).rstrip(f" {COLONS}").split())


def composed(text: str) -> str:
    """A text whose accents are part of their letters (NFC), as in the shipped words; some systems copy them apart."""
    return unicodedata.normalize("NFC", text)
