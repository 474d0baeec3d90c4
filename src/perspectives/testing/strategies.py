"""Hypothesis strategies for whole briefs, in an alphabet that breaks careless renderers."""

import datetime as dt
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import attrs
from hypothesis import strategies as st

from perspectives.attribution import (
    Citation,
    Correction,
    Coverage,
    Generator,
    Outlet,
    Position,
    Provenance,
    Quote,
    Rating,
    RatingScheme,
    Source,
)
from perspectives.fields import DATETIME
from perspectives.model import (
    Block,
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
from perspectives.text import clean
from perspectives.wording import Wording

_PIECES = (
    *"<>&\"'`*_[](){}#+-.!|~^\\=:;,/@%$?",
    "<script>", "</p>", "<!--", "&amp;", "&#35;", "&copy", "```", "---", "===", "***", "1.", "1)", "#", "- ", "[^1]",
    "[x]: /u", "![", "](", "http://", "https://a.b/c", "www.", "a@b.c", "=?utf-8?q?", "?=", "{{", "{%", "e.g.,",
    "Outlets:", "\u00a0", "\u200d", "\u200f", "\u202e", "\u2066", "\u0301", "\ufffd",
    "é", "–", "“", "’", "א", "ع", "中", "の",
    "👩‍👧", "𝔘",
    " ", "  ", "a", "B", "7", "word", "Two words",
)  # fmt: skip


def texts(max_pieces: int = 12) -> st.SearchStrategy[str]:
    """Texts that the model accepts: markup of every sink, scripts, bidirectional marks, runs of blanks."""
    piece = st.one_of(st.sampled_from(_PIECES), st.characters(exclude_categories=["Cs"]))
    return st.lists(piece, min_size=1, max_size=max_pieces).map("".join).map(clean).filter(bool)


_paths = st.sampled_from(["", "/", "/a_(b)", "/x?a=1&copy=2", "/%E2%82%AC*_~", "/'!$;=@"])
_urls = st.builds(
    "https://{}{}".format, st.sampled_from(["example.org", "a.example:8080", "xn--e1afmkfd.example"]), _paths
)
_zones = st.integers(-14 * 60, 14 * 60).map(lambda minutes: dt.timezone(dt.timedelta(minutes=minutes)))


def _zone(name: str) -> dt.tzinfo:
    try:
        return ZoneInfo(name)
    except ZoneInfoNotFoundError:  # a system without the data of time zones
        return dt.UTC


# Times that the model takes: the filter leaves out the hours in which clocks change.
_datetimes = st.datetimes(
    min_value=dt.datetime(1000, 1, 2), max_value=dt.datetime(9000, 1, 1), timezones=_zones
) | st.datetimes(
    min_value=dt.datetime(1990, 1, 1),
    max_value=dt.datetime(2030, 1, 1),
    timezones=st.sampled_from(["Europe/Berlin", "Asia/Kathmandu", "America/St_Johns"]).map(_zone),
).filter(lambda time: not DATETIME.faults(time, ""))
_languages = st.sampled_from(["en", "de-AT", "ar", "zh-Hant", "fa"])
_rels = st.sampled_from(["related", "go-deeper", "notable", "canonical"])
_words = sorted({field.name for field in attrs.fields(Wording)} - {"language", "direction"})
_extras = st.dictionaries(
    st.text(st.characters(exclude_categories=["Cs"]), max_size=8),
    st.recursive(
        st.none() | st.booleans() | st.integers(-(2**53), 2**53) | st.floats(allow_nan=False, allow_infinity=False)
        | st.text(st.characters(exclude_categories=["Cs"]), max_size=8),
        lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text("abc", max_size=3), inner, max_size=3),
        max_leaves=6,
    ),
    max_size=2,
)  # fmt: skip


def _maybe(strategy: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    return st.none() | strategy


_SCHEMES = (
    RatingScheme(id="bank", axis="Which bank", values=["East", "Both", "West"], ordered=True),
    RatingScheme(id="<score>", axis="Score & more", range=(-42, 42.5)),
)
_placed: st.SearchStrategy[tuple[str, Any]] = st.sampled_from(
    [("bank", "East"), ("bank", "West"), ("<score>", -6.5), ("<score>", 40), ("other", "*x*")]
)


def _ratings() -> st.SearchStrategy[Rating]:
    claims = st.builds(
        Rating, scheme=st.just("bank"), value=st.just("Both"), rater=texts(3), as_of=_maybe(st.dates()),
        url=_maybe(_urls), licence=_maybe(texts(3)), confidence=st.sampled_from([None, "high", 0.8, 3]),
    )  # fmt: skip
    return st.builds(lambda claim, place: attrs.evolve(claim, scheme=place[0], value=place[1]), claims, _placed)


def _outlets() -> st.SearchStrategy[Outlet]:
    return st.builds(
        Outlet, name=texts(5), aliases=st.lists(texts(3), max_size=1), domains=st.sampled_from([(), ("example.org",)]),
        homepage=_maybe(_urls), country=st.sampled_from([None, "GB"]), languages=st.sampled_from([(), ("en",)]),
        owner=_maybe(texts(3)), id=st.sampled_from([None, "the-quay", "yeni-şafak", "7"]), extra=_extras,
        ratings=st.lists(_ratings(), max_size=2),
    )  # fmt: skip


_sizes = _maybe(st.integers(1, 2**53 - 1))
_images = st.builds(
    Image, url=_urls, alt=st.just("") | texts(4), caption=_maybe(texts(4)), credit=_maybe(texts(3)), width=_sizes,
    height=_sizes,
)  # fmt: skip
_provenances = st.builds(
    Provenance,
    generator=st.lists(
        st.builds(Generator, name=texts(3), version=_maybe(texts(2)), role=_maybe(texts(2))), max_size=2
    ),
    digital_source_type=st.sampled_from([None, "trainedAlgorithmicMedia", "humanEdits"]),
    reviewed_by=st.lists(texts(3), max_size=2),
    created=_maybe(_datetimes),
    coverage=_maybe(
        st.builds(
            Coverage, articles=_maybe(st.integers(0, 99)), outlets=_maybe(st.integers(0, 99)), window=_maybe(texts(3))
        )
    ),
)


_sources = st.builds(
    Source, title=_maybe(texts()), url=_maybe(_urls), outlet=_maybe(texts(4)), author=_maybe(texts(4)),
    published=_maybe(_datetimes), accessed=_maybe(_datetimes), archived_url=_maybe(_urls),
    language=_maybe(_languages), paywalled=_maybe(st.booleans()), id=st.just("?"),
)  # fmt: skip
_block_kinds = st.sampled_from(["travel-advisory", "steps"])
_blocks = st.builds(Block, kind=_block_kinds, label=texts(3), items=st.lists(texts(), max_size=2)) | st.builds(
    Block, kind=_block_kinds, items=st.lists(texts(), min_size=1, max_size=2)
)


def _quotes(citation: st.SearchStrategy[Citation]) -> st.SearchStrategy[list[Quote]]:
    """Quotes of which only those with a citation are the very words."""
    speaker = _maybe(texts(3))
    said = st.builds(Quote, text=texts(), speaker=speaker, citations=st.lists(citation, max_size=2))
    cited = st.lists(citation, min_size=1, max_size=1)
    very_words = st.builds(Quote, text=texts(), speaker=speaker, verbatim=st.just(True), citations=cited)
    return st.lists(said | very_words, max_size=2)


@st.composite
def stories(draw: st.DrawFn) -> Story:
    """Whole stories: every field is sometimes there, citations resolve, labels are unique."""
    ids = draw(st.lists(texts(3), max_size=3, unique=True))
    quote = _maybe(texts(4))
    citation = st.builds(Citation, kind=st.just("common-knowledge"), source=st.none(), quote=quote)
    if ids:
        citation |= st.builds(Citation, source=st.sampled_from(ids), quote=quote)
    cited = st.lists(citation, max_size=2)
    quotes = _quotes(citation)
    group = st.builds(
        PerspectiveGroup, label=texts(), framing=texts(), critique=_maybe(texts()), exhaustive=st.booleans(),
        outlets=st.lists(_outlets(), max_size=3, unique_by=lambda outlet: outlet.identity), citations=cited,
        kind=st.sampled_from(["outlets", "viewpoint", "stakeholder", "editorial"]), extra=_extras, quotes=quotes,
        position=_maybe(_placed.map(lambda place: Position(scheme=place[0], value=place[1]))),
    )  # fmt: skip
    event = st.builds(TimelineEvent, when=texts(3), text=texts(), date=_maybe(st.dates()), citations=cited)
    question = st.builds(Question, question=texts(4), answer=st.lists(texts(), max_size=2), citations=cited)
    status = st.sampled_from(["reported", "confirmed", "disputed", "retracted"])
    fact = st.builds(Fact, text=texts(), title=_maybe(texts(4)), citations=cited, status=status, extra=_extras)
    kind = st.sampled_from([None, "background", "precedent", "outlook"])
    paragraph = st.builds(Paragraph, text=texts(), kind=kind, citations=cited)
    link = st.builds(Link, label=texts(), href=_maybe(_urls), rel=_rels)
    moments = sorted(draw(st.lists(_datetimes, min_size=2, max_size=2)))
    return Story(
        headline=draw(texts()),
        section=draw(_maybe(texts(4))),
        summary=draw(_maybe(texts())),
        facts=draw(st.lists(fact, max_size=3)),
        context=draw(_maybe(st.builds(Context, paragraphs=st.lists(paragraph, min_size=1, max_size=2)))),
        perspectives=draw(st.lists(group, max_size=3, unique_by=lambda group: group.label)),
        links=draw(st.lists(link, max_size=2)),
        sources=[attrs.evolve(draw(_sources), id=id) for id in ids],
        quotes=draw(quotes),
        timeline=draw(st.lists(event, max_size=2)),
        questions=draw(st.lists(question, max_size=2)),
        images=draw(st.lists(_images, max_size=2)),
        blocks=draw(st.lists(_blocks, max_size=2)),
        subjects=draw(st.lists(st.builds(Subject, name=texts(3), uri=_maybe(_urls)), max_size=2)),
        place=draw(_maybe(texts(3))),
        id=draw(_maybe(texts(3))),
        url=draw(_maybe(_urls)),
        language=draw(_maybe(_languages)),
        date=draw(_maybe(st.dates())),
        published=draw(st.sampled_from([None, moments[0]])),
        updated=draw(st.sampled_from([None, moments[1]])),
        translation_of=draw(_maybe(texts(3))),
        corrections=draw(st.lists(st.builds(Correction, text=texts(), date=_maybe(st.dates())), max_size=2)),
        provenance=draw(_maybe(_provenances)),
        extra=draw(_extras),
    )


def briefs(max_stories: int = 2) -> st.SearchStrategy[Brief]:
    """Whole briefs, with every field sometimes there."""
    offer = {"headline": _maybe(texts()), "body": st.lists(texts(), max_size=2)}
    labelled = st.builds(CallToAction, **offer, assurance=_maybe(texts()), label=texts(4), href=_maybe(_urls))
    call = labelled | st.builds(CallToAction, **offer, assurance=texts())
    publisher = st.builds(
        Publisher, name=texts(4), url=_maybe(_urls), postal_address=_maybe(texts(4)),
        email=st.sampled_from([None, "desk@example.org"]), logo=_maybe(_images),
    )  # fmt: skip
    wording = st.builds(
        lambda words, **others: Wording(**words, **others),
        st.dictionaries(st.sampled_from(_words), texts(3), max_size=4),
        language=_maybe(_languages),
        direction=st.sampled_from(["ltr", "rtl"]),
    )
    return st.builds(
        Brief,
        title=_maybe(texts()),
        intro=_maybe(texts()),
        id=_maybe(texts(3)),
        url=_maybe(_urls),
        date=_maybe(st.dates()),
        language=_maybe(_languages),
        publisher=_maybe(publisher),
        stories=st.lists(stories(), max_size=max_stories),
        schemes=st.sampled_from([(), _SCHEMES[:1], _SCHEMES]),
        call_to_action=_maybe(call),
        provenance=_maybe(_provenances),
        wording=_maybe(wording),
        extra=_extras,
    )
