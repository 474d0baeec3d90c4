"""A cluster of Kagi News as a story: which field becomes what."""

import datetime as dt
import re
from collections.abc import Iterator, Mapping, Sequence
from itertools import chain
from typing import Any

from attrs import evolve

from perspectives import (
    Block,
    Citation,
    Context,
    Coverage,
    Fact,
    Image,
    Outlet,
    Paragraph,
    PerspectiveGroup,
    Provenance,
    Question,
    Quote,
    Story,
    TimelineEvent,
    Wording,
)  # fmt: skip
from perspectives.plugin import Fault, LoadError, clean
from perspectives_kite.cluster import NAMESPACE, UNKNOWN, Cluster, Picture, each, host, once
from perspectives_kite.markers import split_date, split_sentence, split_title, unquoted

_CONTEXT: Mapping[str, Any] = {
    "geopolitical_context": None,
    "historical_background": "background",
    "future_outlook": "outlook",
}
"""The fields that are context, and the kind of their paragraphs."""
_TOPICAL = (
    "did_you_know", "humanitarian_impact", "economic_implications", "international_reactions", "key_players",
    "technical_details", "technical_specifications", "business_angle_text", "business_angle_points",
    "scientific_significance", "travel_advisory", "destination_highlights", "culinary_significance",
    "performance_statistics", "league_standings", "diy_tips", "design_principles", "user_experience_impact",
    "gameplay_mechanics", "industry_impact", "gaming_industry_impact", "user_action_items",
)  # fmt: skip
"""The fields that only stories of some topics have, in the order in which they become blocks."""
_OF_THE_APP = frozenset({"cluster_number", "emoji", "expanded", "sourceLanguage"})
"""What is known and no part of the story; it is kept without a word."""
_DAY = re.compile(r"\d{4}-\d\d-\d\d")


def read_story(
    cluster: Cluster,
    section: str | None,
    provenance: Provenance,
    wordings: Sequence[Wording],
    *,
    has_critique: bool,
) -> Story:
    """The story. Raises `LoadError` for one without a title."""
    headline = cluster.one("title")
    if headline is None:
        path = f"{cluster.path}.title"
        raise LoadError(Fault(code="missing", message="a story without a title", path=path, expected="a text"))
    language = cluster.language()
    timeline, undated = _timeline(cluster)
    coverage = Coverage(articles=cluster.count("number_of_titles"), outlets=cluster.count("unique_domains"))
    story = Story(
        headline=headline,
        section=cluster.one("category") or section,
        summary=cluster.one("short_summary"),
        facts=list(_facts(cluster)),
        context=_context(cluster),
        perspectives=list(_groups(cluster, _word(wordings, language), has_critique=has_critique)),
        quotes=list(_quotes(cluster)),
        timeline=timeline,
        questions=list(_questions(cluster)),
        images=list(_images(cluster)),
        blocks=[*_blocks(cluster), *([Block(kind="timeline", items=undated)] if undated else [])],
        place=cluster.one("location"),
        id=cluster.one("id"),
        language=language,
        provenance=evolve(provenance, coverage=coverage) if coverage != Coverage() else None,
        # Last: only now are all the sources known.
        sources=list(cluster.sources.values()),
    )
    for key, value in cluster.left.items():
        cluster.keep(key, value, "" if key in _OF_THE_APP else UNKNOWN)
    extra = {name: what for name, what in (("fields", cluster.fields), ("citations", cluster.cited)) if what}
    return evolve(story, extra={NAMESPACE: extra} if extra else {})


def _facts(cluster: Cluster) -> Iterator[Fact]:
    for _, text, citations in cluster.texts("talking_points"):
        title, rest = split_title(text) or (None, text)
        yield Fact(title=title, text=rest, citations=citations)


def _context(cluster: Cluster) -> Context | None:
    paragraphs = [
        Paragraph(text=text, kind=kind, citations=citations)
        for key, kind in _CONTEXT.items()
        for _, text, citations in cluster.texts(key, is_lines=True)
    ]
    return Context(paragraphs=paragraphs) if paragraphs else None


def _groups(cluster: Cluster, word: str, *, has_critique: bool) -> Iterator[PerspectiveGroup]:
    """The perspectives; `word` and its number is what one is called that has neither title nor outlets."""
    labels: set[str] = set()
    for number, (at, item) in enumerate(cluster.items("perspectives"), 1):
        whole = {"text": item} if isinstance(item, str) else item
        record = cluster.record(at, whole, ["text"], but="sources")
        if record is None:
            continue
        sources = whole.get("sources")
        text, citations = cluster.parted(at, record["text"])
        if not text:
            cluster.keep(f"{at}.sources", sources, "stands beside no text")
            continue
        outlets, cited = _outlets(cluster, f"{at}.sources", sources)
        label, framing = split_title(text) or ("", text)
        if not label:
            label = ", ".join(outlet.name for outlet in outlets) or f"{word} {number}"
            message = f"a perspective without a title is called {label!r}"
            cluster.find("no-label", message, at, "give it one: 'Title: text'")
        if label in labels:
            message = f"{label!r} is the label of a perspective before"
            cluster.find("repeated-label", message, at, "this one gets a number")
            label = next(one for n in range(2, len(labels) + 3) if (one := f"{label} ({n})") not in labels)
        labels.add(label)
        critique = ""
        if has_critique:
            framing, critique, is_long = split_sentence(framing)
            if is_long:
                message = "all that follows the first sentence is taken for the critique"
                cluster.find("guessed-critique", message, at, "check it")
        yield PerspectiveGroup(
            label=label,
            framing=framing,
            critique=critique or None,
            outlets=outlets,
            citations=once([*citations, *cited]),
        )


def _word(wordings: Sequence[Wording], language: str | None) -> str:
    """The printed word for perspectives; the first wording is that of the caller's language, or English."""
    tag = (language or "").partition("-")[0].lower()
    return next((wording for wording in wordings if wording.language == tag), wordings[0]).perspectives


def _outlets(cluster: Cluster, key: str, sources: object) -> tuple[list[Outlet], list[Citation]]:
    """Who tells it so, and where."""
    outlets: dict[str, Outlet] = {}
    cited = []
    for at, item in each(key, sources):
        record = cluster.record(at, {"name": item} if isinstance(item, str) else item, ["name", "url"])
        if record is None:
            continue
        url = cluster.url(f"{at}.url", record["url"])
        name = clean(record["name"]) or host(url)
        if name:
            outlet = Outlet(name=name)
            outlets.setdefault(outlet.identity, outlet)
        if name and url:
            cited.append(cluster.source(name, url))
    return list(outlets.values()), cited


def _quotes(cluster: Cluster) -> Iterator[Quote]:
    keys = ("quote", "quote_author", "quote_attribution", "quote_source_url", "quote_source_domain")
    found = {key: list(cluster.texts(key)) for key in keys}
    text, author, attribution, address, name = (" ".join(text for _, text, _ in found[key]) for key in keys)
    if not text:
        for key, words in zip(keys[1:], (author, attribution, address, name), strict=True):
            cluster.keep(key, words, "stands beside no quote")
        return
    citations = [citation for key in keys for _, _, those in found[key] for citation in those]
    url = cluster.url("quote_source_url", address)
    if domain := name or host(url):
        citations.append(cluster.source(domain, url))
    yield Quote(
        text=unquoted(text),
        speaker=", ".join(filter(None, (author, attribution))) or None,
        # Nobody has compared the words with the source: they are not called verbatim.
        citations=once(citations),
    )


def _timeline(cluster: Cluster) -> tuple[list[TimelineEvent], list[str]]:
    """The dated steps, and the texts of those that have no date."""
    events = []
    undated = []
    for at, item in cluster.items("timeline"):
        if isinstance(item, str):
            text, citations = cluster.parted(at, item)
            when, what = split_date(text) or ("", text)
            iso = when
        else:
            # Files had "description" before they had "content".
            record = cluster.record(at, item, ("date", "date_iso", "content", "description"))
            if record is None:
                continue
            iso = clean(record["date_iso"])
            when, of_when = cluster.parted(f"{at}.date", record["date"])
            what, citations = cluster.parted(at, " ".join(filter(None, (record["content"], record["description"]))))
            when, citations = when or iso, citations + of_when
            if iso != when and not _day(iso):
                cluster.keep(f"{at}.date_iso", iso)  # a year or a month, for programs
        if when and what:
            events.append(TimelineEvent(when=when, date=_day(iso), text=what, citations=once(citations)))
        elif what or when:
            cluster.find("undated", "a step of the timeline without a date or a text", at, "it is among the blocks")
            cluster.note(at, citations)
            undated.append(what or when)
    return events, undated


def _day(text: str) -> dt.date | None:
    try:
        return dt.date.fromisoformat(text) if _DAY.fullmatch(text) else None
    except ValueError:  # the 31st of June
        return None


def _questions(cluster: Cluster) -> Iterator[Question]:
    for at, item in cluster.items("suggested_qna"):
        record = cluster.record(at, item, ("question", "answer"))
        if record is None:
            continue
        question, citations = cluster.parted(at, record["question"])
        if not question:
            cluster.keep(f"{at}.answer", record["answer"], "answers no question")
            continue
        lines = [cluster.parted(f"{at}.answer", line) for line in record["answer"].splitlines()]
        cited = [*citations, *(citation for _, those in lines for citation in those)]
        yield Question(question=question, answer=[text for text, _ in lines if text], citations=once(cited))


def _images(cluster: Cluster) -> Iterator[Image]:
    """The two images of a story; where it has none, those of the first two articles that have one."""
    shown: list[Picture] = []
    for key in ("primary_image", "secondary_image"):
        for at, item in cluster.items(key):
            whole = {"url": item} if isinstance(item, str) else item
            if record := cluster.record(at, whole, ("url", "caption", "credit", "link")):
                cluster.keep(f"{at}.link", record["link"])
                address, below, beside = ((f"{at}.{name}", record[name]) for name in ("url", "caption", "credit"))
                shown.append((address, below, beside))
    others = cluster.pictures
    if not shown:
        shown, others = others[:2], others[2:]
    for at, text in chain.from_iterable(others):
        cluster.keep(at, text)
    for address, below, beside in shown:
        if url := cluster.url(*address):
            caption, citations = cluster.parted(*below)
            cluster.note(below[0], citations)
            # Nobody has described what is seen: the caption tells of the story.
            yield Image(url=url, alt="", caption=caption or None, credit=clean(beside[1]) or None)
        else:
            for key, text in (below, beside):
                cluster.keep(key, text, "stands beside no image")


def _blocks(cluster: Cluster) -> Iterator[Block]:
    """The topical fields; the text and the points of the business angle are one block."""
    items: dict[str, list[str]] = {}
    for key in _TOPICAL:
        kind = key.removesuffix("_text").removesuffix("_points").replace("_", "-")
        for at, text, citations in cluster.texts(key, is_lines=True):
            cluster.note(at, citations)
            items.setdefault(kind, []).append(text)
    return (Block(kind=kind, items=texts) for kind, texts in items.items())
