"""Who says so: sources, citations and quotes, outlets with the ratings they were given, and how a text was made.

The half of the model that `model.py` builds its stories on; the same rules hold for it.
"""

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any, Literal, get_args

from attrs import field, frozen

from perspectives.fields import (
    COUNTRY,
    DATE,
    DATETIME,
    DOMAIN,
    FLAG,
    JSON,
    LANGUAGE,
    RANGE,
    SLUG,
    TEXT,
    URL,
    VALUE,
    choice,
    count,
    each,
    instance,
    optional,
    refuse,
    rule,
    to_texts,
    to_tuple,
    twice,
)
from perspectives.text import name_key


@frozen(kw_only=True)
class Citation:
    """Where a statement comes from: a source of the story, or common knowledge."""

    source: str | None = field(
        default=None, validator=optional(TEXT), metadata={"help": "id of a `Source` of the same story: `nis-2025`"}
    )
    quote: str | None = field(
        default=None, validator=optional(TEXT), metadata={"help": "the words of the source that bear the statement"}
    )
    kind: Literal["source", "common-knowledge"] = field(
        default="source",
        validator=choice("source", "common-knowledge"),
        metadata={"help": "`source` names one; `common-knowledge` needs and has none"},
    )

    def __attrs_post_init__(self) -> None:
        if (self.kind == "source") != (self.source is not None):
            right = "the id of a source" if self.kind == "source" else "no source for common knowledge"
            refuse(rule("bad-citation", "the citation and its kind disagree", "Citation.source", right))


def to_citations(value: Sequence[Citation]) -> tuple[Citation, ...]:
    """As `to_tuple`."""
    return to_tuple(value)


@frozen(kw_only=True)
class Source:
    """A text that statements of a story are taken from."""

    id: str = field(validator=TEXT, metadata={"help": "what citations name it by, unique in the story: `nis-2025`"})
    title: str | None = field(default=None, validator=optional(TEXT), metadata={"help": "its own headline"})
    url: str | None = field(default=None, validator=optional(URL), metadata={"help": "where it can be read"})
    outlet: str | None = field(
        default=None, validator=optional(TEXT), metadata={"help": "name of who published it: `NBC News`"}
    )
    author: str | None = field(default=None, validator=optional(TEXT), metadata={"help": "who wrote it, as printed"})
    published: dt.datetime | None = field(
        default=None,
        validator=optional(DATETIME),
        metadata={"help": "when it came out, with offset: `2025-08-12T06:00:00+00:00`"},
    )
    accessed: dt.datetime | None = field(
        default=None,
        validator=optional(DATETIME),
        metadata={"help": "when it was read for this story, with offset: `2025-08-12T06:00:00+00:00`"},
    )
    archived_url: str | None = field(default=None, validator=optional(URL), metadata={"help": "a copy that stays"})
    language: str | None = field(default=None, validator=optional(LANGUAGE), metadata={"help": "BCP 47 tag: `ko`"})
    paywalled: bool | None = field(
        default=None, validator=optional(FLAG), metadata={"help": "whether reading it costs money; None = unknown"}
    )


@frozen(kw_only=True)
class Quote:
    """What somebody said about the story."""

    text: str = field(validator=TEXT, metadata={"help": "the words, without quotation marks"})
    speaker: str | None = field(
        default=None, validator=optional(TEXT), metadata={"help": "who said it: `I. Sund, mayor of Port Ellery`"}
    )
    verbatim: bool = field(
        default=False,
        validator=FLAG,
        metadata={"help": "whether these are the very words, which needs a citation; only then marks are printed"},
    )
    citations: tuple[Citation, ...] = field(
        default=(),
        converter=to_citations,
        validator=each(instance(Citation)),
        metadata={"help": "where it can be checked"},
    )

    def __attrs_post_init__(self) -> None:
        if self.verbatim and not self.citations:
            right = "where the very words can be read, or verbatim=False"
            refuse(rule("uncited-quote", "a verbatim quote without a citation", "Quote.citations", right))


def to_quotes(value: Sequence[Quote]) -> tuple[Quote, ...]:
    """As `to_tuple`."""
    return to_tuple(value)


def _to_range(value: Sequence[float] | None) -> tuple[float, float] | None:
    return None if value is None else to_tuple(value)  # type: ignore[return-value]  # the validator counts them


@frozen(kw_only=True)
class RatingScheme:
    """A scale that somebody rates outlets on: named values, or a range of numbers. None is built in."""

    id: str = field(validator=TEXT, metadata={"help": "what ratings name it by, unique in the brief: `allsides`"})
    axis: str = field(validator=TEXT, metadata={"help": "what it measures, as printed: `Left to right (US)`"})
    values: tuple[str, ...] = field(
        default=(),
        converter=to_texts,
        validator=each(TEXT),
        metadata={"help": "the values that there are, in order where they have one: `Left`, `Center`, `Right`"},
    )
    range: tuple[float, float] | None = field(
        default=None,
        converter=_to_range,
        validator=optional(RANGE),
        metadata={"help": "lowest and highest number, both included: `(-42, 42)`; instead of `values`"},
    )
    ordered: bool = field(
        default=False, validator=FLAG, metadata={"help": "whether `values` lie on a line; numbers always do"}
    )

    def __attrs_post_init__(self) -> None:
        faults = list(twice("RatingScheme.values", "value", self.values, "each value once in a scheme"))
        if bool(self.values) == (self.range is not None):
            right = "either named values or a range of numbers"
            faults.append(rule("bad-scheme", "a scheme with both or neither", "RatingScheme.values", right))
        refuse(*faults)

    def holds(self, value: str | float) -> bool:
        """Whether a value lies in the scheme."""
        if self.range is None or isinstance(value, str):
            return value in self.values
        return self.range[0] <= value <= self.range[1]


@frozen(kw_only=True)
class Rating:
    """What one rater says of an outlet: a claim with its author, never a property of the outlet."""

    scheme: str = field(validator=TEXT, metadata={"help": "id of the scale: `allsides`"})
    value: str | float = field(
        validator=VALUE, metadata={"help": "the word or number on it, as the rater states it: `Lean Left`, -6.5"}
    )
    rater: str = field(validator=TEXT, metadata={"help": "who says so: `AllSides`"})
    as_of: dt.date | None = field(
        default=None, validator=optional(DATE), metadata={"help": "day for which it holds: `2025-08-12`"}
    )
    url: str | None = field(default=None, validator=optional(URL), metadata={"help": "where the rater says it"})
    licence: str | None = field(
        default=None, validator=optional(TEXT), metadata={"help": "terms under which it may be shown: `CC BY-NC 4.0`"}
    )
    confidence: str | float | None = field(
        default=None, validator=optional(VALUE), metadata={"help": "how sure the rater is, as stated: `high`, 0.8"}
    )


def _to_ratings(value: Sequence[Rating]) -> tuple[Rating, ...]:
    return to_tuple(value)


@frozen(kw_only=True)
class Position:
    """Where a group stands on a scale, as the author of the brief sees it."""

    scheme: str = field(validator=TEXT, metadata={"help": "id of the scale: `allsides`"})
    value: str | float = field(validator=VALUE, metadata={"help": "the word or number on it: `Center`"})


@frozen(kw_only=True)
class Outlet:
    """A publisher. It has no leaning: who rates one says so in a rating of their own."""

    name: str = field(validator=TEXT, metadata={"help": "as printed: `South China Morning Post`"})
    id: str | None = field(
        default=None,
        validator=optional(SLUG),
        metadata={"help": "stable, lower case, letters of any script: `yeni-şafak`"},
    )
    aliases: tuple[str, ...] = field(
        default=(), converter=to_texts, validator=each(TEXT), metadata={"help": "other names it goes by: `SCMP`"}
    )
    domains: tuple[str, ...] = field(
        default=(), converter=to_texts, validator=each(DOMAIN), metadata={"help": "where it publishes: `scmp.com`"}
    )
    homepage: str | None = field(default=None, validator=optional(URL), metadata={"help": "its front page"})
    country: str | None = field(
        default=None, validator=optional(COUNTRY), metadata={"help": "ISO 3166-1 code of its seat: `HK`"}
    )
    languages: tuple[str, ...] = field(
        default=(), converter=to_texts, validator=each(LANGUAGE), metadata={"help": "BCP 47 tags it publishes in: `en`"}
    )
    owner: str | None = field(
        default=None, validator=optional(TEXT), metadata={"help": "who owns it, as named: `Alibaba Group`"}
    )
    ratings: tuple[Rating, ...] = field(
        default=(),
        converter=_to_ratings,
        validator=each(instance(Rating)),
        metadata={"help": "what raters say of it; they may disagree"},
    )
    extra: dict[str, Any] = field(
        factory=dict,
        validator=JSON,
        hash=False,
        metadata={"help": "JSON values of third parties, keyed by distribution; not copied, so do not change it"},
    )

    @property
    def identity(self) -> str:
        """What makes two mentions the same outlet: its id, else the slug of its name."""
        return self.id or name_key(self.name)


def fits(claim: Rating | Position, schemes: Mapping[str, RatingScheme]) -> bool:
    """Whether a rating or position lies in its scheme, if that is among these, by their ids."""
    return claim.scheme not in schemes or schemes[claim.scheme].holds(claim.value)


def to_outlets(value: Sequence[Outlet]) -> tuple[Outlet, ...]:
    """As `to_tuple`."""
    return to_tuple(value)


@frozen(kw_only=True)
class Generator:
    """A program or language model that had a part in a text."""

    name: str = field(validator=TEXT, metadata={"help": "as its maker calls it"})
    version: str | None = field(default=None, validator=optional(TEXT), metadata={"help": "`2025-06-01`"})
    role: str | None = field(
        default=None, validator=optional(TEXT), metadata={"help": "what it did: `draft`, `translation`"}
    )


def _to_generators(value: Sequence[Generator]) -> tuple[Generator, ...]:
    return to_tuple(value)


@frozen(kw_only=True)
class Coverage:
    """How much was read for a text. Only what somebody counted is said."""

    articles: int | None = field(
        default=None, validator=optional(count(0)), metadata={"help": "number of articles: `48`"}
    )
    outlets: int | None = field(
        default=None, validator=optional(count(0)), metadata={"help": "number of different outlets: `12`"}
    )
    window: str | None = field(
        default=None, validator=optional(TEXT), metadata={"help": "span of time, as printed: `11 to 12 Aug 2025`"}
    )


# The vocabulary at cv.iptc.org/newscodes/digitalsourcetype, retired codes included: old documents have them.
DigitalSourceType = Literal[
    "algorithmicMedia", "algorithmicallyEnhanced", "composite", "compositeCapture", "compositeSynthetic",
    "compositeWithTrainedAlgorithmicMedia", "computationalCapture", "dataDrivenMedia", "digitalArt", "digitalCapture",
    "digitalCreation", "humanEdits", "minorHumanEdits", "negativeFilm", "positiveFilm", "print", "screenCapture",
    "softwareImage", "trainedAlgorithmicMedia", "virtualRecording",
]  # fmt: skip
_WRITTEN_BY_SOFTWARE = frozenset(
    "algorithmicMedia compositeSynthetic compositeWithTrainedAlgorithmicMedia dataDrivenMedia"
    " trainedAlgorithmicMedia".split()
)


@frozen(kw_only=True)
class Provenance:
    """How a text was made: by what, checked by whom, from how much."""

    generator: tuple[Generator, ...] = field(
        default=(),
        converter=_to_generators,
        validator=each(instance(Generator)),
        metadata={"help": "the software that had a part in it"},
    )
    digital_source_type: DigitalSourceType | None = field(
        default=None,
        validator=optional(choice(*get_args(DigitalSourceType))),
        metadata={"help": "code of the IPTC vocabulary of that name: `trainedAlgorithmicMedia`"},
    )
    reviewed_by: tuple[str, ...] = field(
        default=(), converter=to_texts, validator=each(TEXT), metadata={"help": "the people who checked it"}
    )
    created: dt.datetime | None = field(
        default=None,
        validator=optional(DATETIME),
        metadata={"help": "when it was made, with offset: `2025-08-12T06:00:00+00:00`"},
    )
    coverage: Coverage | None = field(
        default=None, validator=optional(instance(Coverage)), metadata={"help": "how much was read for it"}
    )

    @property
    def is_unreviewed(self) -> bool:
        """Whether software wrote it and nobody checked it: what every format discloses beside a critique."""
        is_software = bool(self.generator) or self.digital_source_type in _WRITTEN_BY_SOFTWARE
        return is_software and not self.reviewed_by


@frozen(kw_only=True)
class Correction:
    """What was wrong in an earlier version, and is put right."""

    text: str = field(validator=TEXT, metadata={"help": "what was wrong and what is right"})
    date: dt.date | None = field(
        default=None, validator=optional(DATE), metadata={"help": "day of the correction: `2025-08-13`"}
    )
