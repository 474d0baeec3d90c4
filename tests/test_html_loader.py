"""The HTML loader: the data island, our markup with all that it shows, pages of others, and hostile ones."""

import datetime as dt

import attrs
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import perspectives as p
from perspectives.attribution import Citation
from perspectives.catalogue import catalogue, wording_of
from perspectives.dialect import read_kind
from perspectives.model import Brief
from perspectives.outline import numbered
from perspectives.testing import briefs, samples
from perspectives.text import name_key

SLOW = settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))


# What a page shows of a brief: what comes back from one without a data island.


def visible(brief: Brief, page: bool) -> Brief:
    """The brief without what a page does not show: see the docstring of the loader."""
    language = brief.language or wording_of(brief).language
    is_story = len(brief.stories) == 1 and brief.url == brief.stories[0].url
    has_url = brief.title or (page and not is_story)
    schemes, meant = seen_schemes(brief)
    return attrs.evolve(
        brief,
        id=None,
        url=brief.url if has_url else None,
        language=None if language == "en" else language,
        wording=None,
        extra={},
        schemes=schemes,
        provenance=seen_provenance(brief.provenance),
        stories=[seen_story(story, numbering, meant) for story, numbering in numbered(brief)],
    )


def seen_schemes(brief):
    """The schemes with their axes for ids, and how ratings and positions name them then."""
    axes = {scheme.id: scheme.axis for scheme in brief.schemes}
    schemes = []
    for scheme in brief.schemes:
        schemes.append(attrs.evolve(scheme, id=free(scheme.axis, schemes)))

    def meant(claim):
        axis = axes.get(claim.scheme, claim.scheme)
        ids = [scheme.id for scheme in schemes if scheme.axis == axis and scheme.holds(claim.value)]
        return attrs.evolve(claim, scheme=ids[0] if ids else free(axis, schemes))

    return schemes, meant


def free(axis, schemes):
    """An axis as an id that no scheme has."""
    ids = [axis, *(f"{axis} ({number})" for number in range(2, 9))]
    return next(id for id in ids if id not in {scheme.id for scheme in schemes})


def seen_provenance(provenance):
    """How a text was made; nothing where nothing is said."""
    if provenance is None:
        return None
    coverage = provenance.coverage if provenance.coverage != p.Coverage() else None
    seen = attrs.evolve(provenance, coverage=coverage, created=seen_time(provenance.created))
    return seen if seen != p.Provenance() else None


def seen_time(time: dt.datetime | None) -> dt.datetime | None:
    """A time to the millisecond."""
    return time and time.replace(microsecond=time.microsecond // 1000 * 1000)


def seen_story(story, numbering, meant):
    """A story as a page shows it."""
    ids = {}
    explicit = [s.id for _, s in numbering.notes if s and not (s.title or s.author or s.outlet or s.published)]
    for number, source in numbering.notes:
        if source and source.id in explicit:
            ids[source.id] = source.id
        elif source:
            id = str(number)
            while id in [*explicit, *ids.values()]:
                id = f"note {id}"
            ids[source.id] = id

    def cited(item, **changes):
        found = []
        for source in dict.fromkeys(citation.source for citation in item.citations):
            kind = "source" if source else "common-knowledge"
            quotes = [c.quote for c in item.citations if c.source == source and c.quote]
            found += [Citation(source=source and ids[source], kind=kind, quote=quote) for quote in quotes or [None]]
        return attrs.evolve(item, citations=found, **changes)

    sources = [
        attrs.evolve(
            source, id=ids[source.id], language=None, paywalled=source.paywalled or None,
            published=seen_time(source.published), accessed=seen_time(source.accessed),
        )
        for _, source in numbering.notes if source
    ]  # fmt: skip
    return attrs.evolve(
        story,
        id=None,
        translation_of=None,
        extra={},
        published=seen_time(story.published),
        updated=seen_time(story.updated),
        facts=[cited(fact, extra={}) for fact in story.facts],
        context=story.context and p.Context(paragraphs=[cited(one) for one in story.context.paragraphs]),
        perspectives=seen_groups(story, cited, meant),
        quotes=[cited(quote) for quote in story.quotes],
        timeline=[cited(event) for event in story.timeline],
        questions=[cited(question) for question in story.questions],
        links=[attrs.evolve(link, rel="go-deeper") for link in story.links],
        blocks=[
            attrs.evolve(block, kind=read_kind(block.label) if block.label else block.kind) for block in story.blocks
        ],
        sources=sources,
        provenance=seen_provenance(story.provenance),
    )


def seen_groups(story, cited, meant):
    """The groups, each of their outlets once by its name, with what the story knows of those of this name."""
    told, known, mentions = [], {}, {}
    for outlet in (outlet for group in story.perspectives for outlet in seen_outlets(group)):
        mentions.setdefault((outlet.name, outlet.homepage), []).append(outlet)
    for outlet in (outlet for group in story.perspectives for outlet in group.outlets):
        if outlet not in told and (outlet.country or outlet.owner or outlet.ratings):
            told.append(outlet)
            known.setdefault((outlet.name, outlet.homepage), []).append(outlet)

    def seen_outlet(outlet):
        key = (outlet.name, outlet.homepage)
        entries, there = known.get(key, []), mentions[key]
        about = p.Outlet(name="-")
        if len(entries) == 1:
            about = entries[0]
        elif len(entries) == len(there):
            about = entries[next(at for at, one in enumerate(there) if one is outlet)]
        ratings = [meant(rating) for rating in about.ratings]
        return p.Outlet(
            name=outlet.name, homepage=outlet.homepage, country=about.country, owner=about.owner, ratings=ratings
        )

    return [
        cited(
            group,
            outlets=[seen_outlet(outlet) for outlet in seen_outlets(group)],
            exhaustive=group.exhaustive and bool(group.outlets),
            kind="outlets",
            position=group.position and meant(group.position),
            quotes=[cited(quote) for quote in group.quotes],
            extra={},
        )
        for group in story.perspectives
    ]


def seen_outlets(group):
    """Those of a group that differ by more than an id."""
    return list({name_key(outlet.name): outlet for outlet in reversed(group.outlets)}.values())[::-1]


PLACES = st.sampled_from(
    [{}, {"fragment": True}, {"fragment": True, "isolation": "shadow"}, {"css": "none", "nonce": "YWJj"}]
)
LAYOUTS = st.fixed_dictionaries(
    {
        "heading_level": st.sampled_from([None, 0, 1, 2, 3, 4]),
        "charts": st.booleans(),
        "dates": st.sampled_from(["iso", "long"]),
    }
)


@given(briefs(), PLACES, LAYOUTS)
@SLOW
def test_all_that_a_page_shows_is_read(brief, place, layout):
    """What a page or a fragment shows comes back, however it is laid out."""
    page = p.render(brief, "html", **place, **layout)

    assert visible(brief, "fragment" not in place) == p.load(bytes(page), "html")


@given(briefs(), PLACES)
@SLOW
def test_data_island_is_the_whole_brief(brief, place):
    """With its data, a page or a fragment comes back equal, whatever is in the brief, and without a finding."""
    loaded = p.load_report(bytes(p.render(brief, "html", data_island=True, **place)), "html")

    assert (brief, ()) == (loaded.brief, loaded.findings)


@pytest.mark.parametrize("language", catalogue())
@pytest.mark.parametrize("name", samples)
def test_every_language_is_read(name, language):
    """What a page in any shipped language shows comes back without a finding, but for words of its own."""
    brief = attrs.evolve(samples[name], language=language, wording=None)
    loaded = p.load_report(bytes(p.render(brief, "html", dates="long", charts=True)), "html")

    assert (visible(brief, True), ()) == (loaded.brief, loaded.findings)
