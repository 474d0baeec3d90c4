"""The catalogue of printed words, and which of them a brief is printed with."""

import functools
import json
from collections.abc import Mapping
from importlib.resources import files
from types import MappingProxyType
from typing import Literal

import attrs

from perspectives.model import Brief, Wording

# Languages written from right to left, shipped or not (CLDR, characterOrder).
_RIGHT_TO_LEFT = frozenset("ar arc ckb dv fa he ks ku-arab mzn ps sd syr ug ur yi".split())


@functools.cache
def catalogue() -> Mapping[str, Wording]:
    """The shipped words, by primary language subtag, English first."""
    words = json.loads((files("perspectives") / "wording.json").read_text("utf-8"))
    return MappingProxyType({tag: Wording(language=tag, **own) for tag, own in words.items()})


def direction(tag: str) -> Literal["ltr", "rtl"]:
    """Which way a language is written, for its BCP 47 tag."""
    tag = tag.lower()
    return "rtl" if _RIGHT_TO_LEFT & {tag, tag.partition("-")[0]} else "ltr"


def wording_of(brief: Brief) -> Wording:
    """The words for a brief: its own over those of its language, English where none are shipped."""
    own = brief.wording or Wording()
    tag = own.language or brief.language or "en"
    shipped = catalogue()
    words = shipped.get(tag.lower()) or shipped.get(tag.lower().partition("-")[0]) or shipped["en"]
    changed = {
        field.name: getattr(own, field.name)
        for field in attrs.fields(Wording)
        if field.name != "language" and getattr(own, field.name) != field.default
    }
    return attrs.evolve(words, **{"direction": direction(tag), **changed})
