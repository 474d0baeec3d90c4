"""The HTML loader: the data island, our markup with all that it shows, pages of others, and hostile ones."""

import datetime as dt
import random
import re
from pathlib import Path

import attrs
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import perspectives as p
from perspectives.attribution import Citation, Source
from perspectives.catalogue import catalogue, wording_of
from perspectives.dialect import read_kind
from perspectives.loaders.html import HtmlLoader
from perspectives.model import Brief
from perspectives.outline import numbered
from perspectives.plugin import Confidence, Input
from perspectives.testing import briefs, samples
from perspectives.text import name_key

DATA = Path(__file__).parent / "data" / "html"
FULL = samples["full"]
SLOW = settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))


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


def load(page, **options):
    """The brief of a page."""
    return report(page, **options).brief


def report(page, **options):
    """The brief of a page, and the findings."""
    return p.load_report(page if isinstance(page, bytes) else page.encode(), "html", **options)


def found(page):
    """Each finding as `line: code: what it says`."""
    return [f"{finding.line}: {finding.code}: {finding}" for finding in report(page).findings]


def refused(page, **options):
    """What the error says."""
    with pytest.raises(p.PerspectivesError) as error:
        load(page, **options)
    return str(error.value)


def ours(inner, attributes=""):
    """A fragment with our markup around a story."""
    return (
        f'<div class="perspectives-brief"{attributes}><article class="perspectives-story">'
        f'<h2 class="perspectives-headline">Bridge closes</h2>\n{inner}</article></div>'
    )


def story(inner):
    """The story of such a fragment."""
    return load(ours(inner)).stories[0]


# which brief of a page


def test_data_island_counts_and_markup_is_not_compared():
    """Where a page has a data island, its text is not read: who changed it changed no brief."""
    page = str(p.render(FULL, "html", data_island=True))
    loaded = report(page.replace(">After a seven-hour session", ">After lunch"))

    assert (FULL, ()) == (loaded.brief, loaded.findings)


def island(data):
    """A page with a data island that begins on its second line."""
    return f'<!doctype html>\n<script type="application/json" class="perspectives-data">{data}</script>'


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        (
            '{\n"format": "perspectives/1.0",\n"stories": [{"headline": ""}]}',
            "line 2: an empty text @ $.stories[0].headline, expected one paragraph of plain text",
        ),
        (
            '{\n"format": "perspectives/1.0",\n"stories": [,]}',
            "line 4, column 13: this is no JSON: expecting value, expected one whole JSON document",
        ),
        (
            "{,",
            "line 2: this is no JSON: expecting property name enclosed in double quotes, expected one whole JSON document",
        ),
        (
            '{"format": "perspectives/1.0", "storys": []}',
            "line 2: there is no field 'storys' @ $.storys, expected 'stories'",
        ),
        ("[" * 70 + "]" * 70, "line 2: the values nest deeper than 64 levels, expected at most 64 (Limits.depth)"),
    ],
)
def test_data_island_is_read_as_strictly_as_json(data, sentence):
    """What is wrong in a data island is said with its path, and the line of the page."""

    assert sentence == refused(island(data))


def test_page_with_several_briefs_is_refused():
    """Two data islands or two elements with a brief are refused, with the place of the second one."""
    one = '<div class="perspectives-brief"></div>\n'
    other = p.dumps(samples["minimal"], indent=0)
    sentence = "line {}: the page holds 2 briefs, expected one brief on a page, or each in a file"

    assert (sentence.format(2), sentence.format(5)) == (
        refused(one + one),
        refused(island(p.dumps(Brief(), indent=0)) + "\n" + island(other)),
    )


def test_same_data_twice_is_one_brief():
    """A fragment that stands twice on a page is one brief, as is one within another element of the class."""
    fragment = str(p.render(FULL, "html", fragment=True, data_island=True))
    nested = f'<main class="perspectives-brief">{p.render(samples["minimal"], "html", fragment=True)}</main>'

    assert (FULL, samples["minimal"]) == (load(fragment + fragment), load(nested))


def test_page_without_a_brief_is_refused():
    """Where nothing on a page is a brief, the error says what would be one."""

    assert (
        "line 1: this page holds no brief: no data island, no element of the class 'perspectives-brief', and none of the"
        " headings, expected a page that the html renderer wrote, or a heading that says 'Focusing Facts', 'Context',"
        " 'Perspectives'" == refused("<!doctype html><title>Shop</title><h1>Shoes</h1><p>Cheap.</p>")
    )


def test_template_is_no_part_of_a_page():
    """What stands in a template that opens no shadow root is not shown, and not read."""

    assert "line 1: this page holds no brief" == refused(f"<template>{ours('')}</template>").partition(":")[
        0
    ] + ": " + ("this page holds no brief")


# our markup in pages of others


FERRIES = """\
The Quay Reader
=====

2025-11-07

***

Nachtfähren fahren den ganzen Winter

Der Hafenrat stimmte mit 11 zu 6 Stimmen zu.

Fakten im Fokus

  1. Zwei Boote fahren alle 40 Minuten.[1]
  2. Umstritten: Die Fahrt kostet 3 Kronen.

Hintergrund

Bis 1974 fuhren Nachtboote.

Perspektiven

Lokalpresse

Medien: Hafenblatt, Ostufer & Co

Lobt ein gehaltenes Versprechen.

Vom Lohn der Mannschaft kein Wort.

Zum Weiterlesen

Das Protokoll <https://quay.example/protokoll?nr=11&s=2>

Quellen

[1] Fahrplan <https://quay.example/fahrplan>

“alle 40 Minuten” [1]
"""


@pytest.mark.parametrize("name", ["host-page", "saved"])
def test_our_markup_is_found_in_any_page(name):
    """A shadow root in a blog and a page that a browser saved give the brief, and no finding."""
    loaded = report((DATA / f"{name}.html").read_bytes())

    assert (FERRIES, ()) == (str(p.render(loaded.brief, "text")), loaded.findings)


def test_text_that_no_class_claims_is_told():
    """A text within a brief that is no field and no printed word is left out, and quoted with its line."""
    page = ours('<p>Advertisement</p>\n<p class="perspectives-summary">Sum.<b>mary</b></p>\nPlace: <i>Oslo</i>')
    expected = "is left out: its element has no class that says what it is; see the classes in the reference of HTML"

    assert (
        [f"1: unread-text: 'Advertisement' {expected}", f"1: unread-text: 'Place: Oslo' {expected}"],
        "Sum.mary",
    ) == (found(page), load(page).stories[0].summary)


def test_passages_that_name_their_text_and_those_that_do_not_are_both_its():
    """Of two passages of a source that one fact cites, one says which text it bears, and the other needs not."""
    page = ours(
        '<li class="perspectives-fact"><b class="perspectives-text">A</b><sup class="perspectives-marks">[1]</sup></li>'
        '<li class="perspectives-source" value="1"><b class="perspectives-source-title">S</b>'
        '<q class="perspectives-cited" data-of="facts[0]">First.</q><q class="perspectives-cited">Second.</q></li>'
    )

    assert ["First.", "Second."] == [one.quote for one in load(page).stories[0].facts[0].citations]


def test_second_text_of_one_field_is_told():
    """Of two summaries the first is the story's, and the second is quoted."""
    page = ours('<p class="perspectives-summary">First.</p>\n<p class="perspectives-summary">Second.</p>')

    assert [
        "3: unread-text: 'Second.' is left out: a second summary; keep the brief as JSON, or in a data island"
    ] == found(page)


@pytest.mark.parametrize(
    ("inner", "finding"),
    [
        (
            '<ul><li class="perspectives-link"><a href="javascript:x">Go</a></li></ul>',
            "2: bad-url: the address 'javascript:x' of 'Go' is dropped; a link needs an absolute http or https URL",
        ),
        (
            '<p class="perspectives-image"><img src="/a.png" alt="A boat"></p>',
            "2: bad-url: the address '/a.png' of 'A boat' is dropped; a link needs an absolute http or https URL",
        ),
        (
            '<time class="perspectives-date" datetime="2025-02-30">30 Feb</time>',
            "2: unread-text: '30 Feb' is left out: its datetime says no day or time, a day like '2025-08-12';"
            " keep the brief as JSON, or in a data island",
        ),
        (
            '<li class="perspectives-fact"><b class="perspectives-text">A</b><sup class="perspectives-marks">[9]</sup></li>',
            "2: unknown-mark: [9] behind 'A' is left out: no note has this number;"
            " a note with the same number in the same story",
        ),
        (
            '<li class="perspectives-fact"><b class="perspectives-text">A</b><sup class="perspectives-marks">[8][9]</sup></li>',
            "2: unknown-mark: [8][9] behind 'A' are left out: no note has this number;"
            " a note with the same number in the same story",
        ),
        (
            '<p class="perspectives-quote">“<i class="perspectives-words">Yes</i>”</p>',
            "2: uncited-quote: 'Yes' is read as a paraphrase: it cites no source; where the very words can be read",
        ),
        (
            '<p class="perspectives-answer">Because.</p>',
            "2: unread-text: 'Because.' is left out: no question stands before it;"
            " keep the brief as JSON, or in a data island",
        ),
    ],
)
def test_what_cannot_be_read_is_told(inner, finding):
    """What a mark does not say well enough is left out, and told with its line."""

    assert finding == found(ours(inner))[0]


def test_source_without_a_name_has_its_number():
    """A source whose element for the id is empty has its number for an id."""
    source = story('<li class="perspectives-source" value="4"><i class="perspectives-source-id"></i></li>').sources[0]

    assert Source(id="4") == source


def test_image_without_address_keeps_its_words():
    """The words of an image that has no address are quoted."""
    page = ours(
        '<figure class="perspectives-image"><img src="x.png" alt="A boat"><i class="perspectives-caption">Low tide</i></figure>'
    )

    assert (
        "2: unread-text: 'A boat Low tide' is left out: its image has no address; keep the brief as JSON, or in a data"
        " island" == found(page)[1]
    )


def test_fault_of_the_model_has_its_line():
    """What the model refuses is an error with path and line."""
    group = '<section class="perspectives-group"><h4 class="perspectives-label">Press</h4></section>\n'

    assert (
        "line 2: framing is missing @ $.stories[0].perspectives[0].framing,"
        " expected a value: what they select and make salient (Entman 1993)" == refused(ours(group))
    )


def test_item_needs_no_inner_element():
    """A pack may leave out the element around the text of an item: then the loose text counts."""
    fact = story('<li class="perspectives-fact">A <i>new</i> bridge<sup class="perspectives-marks"></sup></li>').facts[
        0
    ]

    assert p.Fact(text="A new bridge") == fact


def test_section_heading_holds_where_no_story_names_its_section():
    """In a page without microdata a section is that of the stories below it, which is told."""
    page = '<div class="perspectives-brief"><h2 class="perspectives-section">City</h2>' + ours("").removeprefix(
        '<div class="perspectives-brief">'
    )

    assert ("City", "guessed-section") == (load(page).stories[0].section, report(page).findings[0].code)


def test_language_is_that_of_the_nearest_element():
    """A brief without `lang` has that of the page around it; English and none are not said."""
    told = f'<html lang="fr">{ours("")}', f'<html lang="fr">{ours("", " lang=he")}', f'<html lang="en">{ours("")}'

    assert ["fr", "he", None] == [load(page).language for page in told]
    assert "de" == load(ours(""), language="de").language


# pages of others


NEWSLETTER = """\
Harbour & Coast

Council lets night ferries run all winter <https://quay.example/ferries>

On 4 Nov 2025 the harbour council voted to keep the night ferries until March, at a cost of “some 2 million”.

Focusing Facts

  1. The vote was 11 to 6, after four hours.
  2. Two boats cross every 40 minutes from 22:00.
  3. A ticket costs 3 crowns.[1]

Context

Night boats ran until 1974, when the tunnel opened.

The tunnel closes for repairs in January.

Perspectives

Papers of the east bank

e.g., Harbour Ledger, East Bank News

Praise the boats as a promise kept, and count the passengers.

They say little of what the crews are paid.

Business press

e.g., Trade Post

Reports a subsidy without an end.

It leaves out what the tunnel costs.

Go Deeper

Read the minutes <https://quay.example/minutes?no=11&p=2>

Play the debate

Sources

[1] Fares of the harbour <https://quay.example/fares>

***

Get the reader by mail.

Every Friday, free.

No spam, ever.

Join <https://quay.example/join>
"""
SOUP = """\
Brücke am Südkai gesperrt

Ein Riß im Lager, 3\u00a0cm lang.

Fakten im Fokus

  1. Der Riß wurde am 3. Mai entdeckt.
  2. Gesperrt ist die Brücke bis Juli.

Perspektiven

Lokalpresse

z. B. Kurier, Hafenblatt

Berichtet über Umwege.

Fragt nicht, wer geprüft hat.

Zum Weiterlesen

Der Prüfbericht <http://kai.example/lager.html>
"""
LETTER = """\
Coast Letter
=====

2025-11-07

Two stories from the coast.

***

Lighthouse gets a new lamp

The old one burned for 61 years.

Focusing Facts

  1. The lamp weighs 4 kg.
  2. It was made in 1964.

Perspectives

Fishers

Outlets: The Net

Miss the warm light.

Quotes

> It hums. — The keeper

***

Dunes move inland <https://coast.example/dunes>

By one metre a year.

Focusing Facts

  1. Measured at 12 posts since 1990.

Timeline

  - 1990: The first posts.
"""
NOT_A_LINE = "a link is a headline, an item of a list, or a paragraph of its own"


@pytest.mark.parametrize(
    ("name", "text", "findings"),
    [
        (
            "newsletter",
            NEWSLETTER,
            [
                "36: bad-url: the address 'javascript:alert(1)' of 'Play the debate' is dropped;"
                " a link needs an absolute http or https URL",
                "46: unread-text: what stands in the footer, '© The Quay Reader, unsubscribe' is left out;"
                " add it to the brief by hand",
            ],
        ),
        ("soup", SOUP, []),
        (
            "two-stories",
            LETTER,
            [
                "5: unread-text: 3 texts outside of <main> are left out, the first is 'Skip to the letter'",
                "7: guessed-title: 'Coast Letter' is taken for the title of the brief",
                "13: unread-image: the image 'The old lamp Photo: U. Sand' is left out; add it to the brief by hand",
                f"24: dropped-link: the address 'https://coast.example/dunes' of 'By' is dropped; {NOT_A_LINE}",
                f"24: dropped-link: the address 'https://coast.example/metre' of 'one metre' is dropped; {NOT_A_LINE}",
            ],
        ),
    ],
)
def test_page_in_the_layout_of_a_newsletter_is_read(name, text, findings):
    """Headings, paragraphs, lists and links of a page become the brief that a text of that layout is."""
    loaded = report((DATA / f"{name}.html").read_bytes())

    assert (text, findings) == (
        str(p.render(loaded.brief, "text")),
        [f"{finding.line}: {finding.code}: {finding}" for finding in loaded.findings],
    )


def test_error_in_a_page_of_others_has_its_line():
    """What the layout does not say is refused with the line of the page."""
    page = "<h1>A</h1>\n<h2>Focusing Facts</h2>\n<ol><li>One</ol>\n<h2>Perspectives</h2>\n<p>Press</p>\n<p>Frames.</p>"

    assert (
        "line 5: a group without its outlets, expected a label, then a block that begins 'e.g.,' or 'Outlets:'"
        == refused(page)
    )


# encodings


UMLAUT = "<p>Brücke<h2>Fakten im Fokus</h2><ol><li>1</ol>"


@pytest.mark.parametrize(
    "data",
    [
        UMLAUT.encode(),
        b"\xef\xbb\xbf" + UMLAUT.encode(),
        UMLAUT.encode("utf-16"),
        f"<meta charset=windows-1252>{UMLAUT}".encode("cp1252"),
        f'<meta http-equiv=content-type content="text/html; charset=iso-8859-15">{UMLAUT}'.encode("latin-1"),
    ],
    ids=["utf-8", "mark", "utf-16", "meta", "http-equiv"],
)
def test_declared_encoding_is_read(data):
    """UTF-8, and what a byte order mark or a `meta` declares, gives the same brief."""

    assert ("Brücke", ()) == (load(data).stories[0].headline, report(data).findings)


def test_japanese_with_escapes_is_read():
    """ISO-2022-JP, which is ASCII to look at, is read where it is declared."""
    page = "<meta charset=iso-2022-jp><p>橋<h2>主な事実</h2><ol><li>一</ol>".encode("iso-2022-jp")

    assert "橋" == load(page).stories[0].headline


def test_utf8_that_declares_something_else_is_told():
    """A page in UTF-8 that declares another encoding is read as what it is, and told."""
    page = f"<meta charset=latin1>{UMLAUT}"

    assert (
        "Brücke",
        ["1: wrong-charset: the page declares windows-1252, and is read as the UTF-8 that it is; <meta charset=utf-8>"],
    ) == (
        load(page).stories[0].headline,
        found(page),
    )


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        (UMLAUT.encode("latin-1"), "line 1: byte 0xfc at offset 5 is not UTF-8, expected a text in UTF-8"),
        (
            b"<meta charset=shift_jis><p>\x81",
            "line 1: the page cannot be read as Shift_JIS, which it declares: 'shift_jis' codec can't decode byte 0x81 in"
            " position 27: incomplete multibyte sequence, expected a page in UTF-8",
        ),
    ],
)
def test_other_bytes_are_refused(data, sentence):
    """What is neither UTF-8 nor what it declares is refused: no letter is guessed."""

    assert sentence == refused(data)


# sniffing, limits, hostile pages


@pytest.mark.parametrize(
    ("data", "is_html"),
    [
        (b"<!DOCTYPE html>", True),
        (b"\xef\xbb\xbf\n <!-- saved -->\n<HTML lang=en>", True),
        (b"<?xml version='1.0'?><!DOCTYPE html PUBLIC 'x'>", True),
        ("<!doctype html>".encode("utf-16"), True),
        (bytes(p.render(samples["minimal"], "html", fragment=True)), True),
        (bytes(p.render(samples["minimal"], "html", fragment=True, isolation="shadow")), True),
        (b"<script class='x perspectives-data'>", True),
        (b"<p>", False),
        (b"<htmlx>", False),
        (b'{"a": "<html class=perspectives-brief>"}', False),
        (b'<?xml version="1.0"?>\n<rss><![CDATA[<div class="perspectives-brief">]]></rss>', False),
        (b'<!DOCTYPE rss>\n<a:feed><div class="perspectives-brief"/></a:feed>', False),
        (bytes(p.render(FULL, "markdown")), False),
        (bytes(p.render(FULL, "text")), False),
        (b"<" * 5000, False),
    ],
)
def test_html_is_known_by_its_beginning(data, is_html):
    """A page says that it is one, a fragment of ours has our class; nothing else is claimed."""
    sniffed = HtmlLoader().sniff(Input(name="x", data=data))

    assert (Confidence.CERTAIN if is_html else Confidence.NO) == sniffed


def test_page_is_loaded_by_its_extension_and_by_its_content(tmp_path, run):
    """`perspectives render page.html -t markdown` needs no `-f`, and neither does `load` of bytes."""
    path = tmp_path / "page.html"
    path.write_bytes(bytes(p.render(samples["minimal"], "html", data_island=True)))
    status, out, _ = run("render", str(path), "-t", "markdown")

    assert (0, str(p.render(samples["minimal"], "markdown")), samples["minimal"]) == (
        status,
        out,
        p.load(path.read_bytes()),
    )


def test_extra_that_is_missing_is_named(monkeypatch):
    """Without the parser the error says which package to install."""
    monkeypatch.setattr("perspectives.loaders.html.find_spec", lambda name: None)

    assert (
        "HTML needs the parser turbohtml, which is not installed, expected pip install 'perspectives-briefs[html]'"
        == refused("<html>")
    )


@pytest.mark.parametrize(
    ("limits", "sentence"),
    [
        ({"bytes": 10}, "the input has 214 bytes, expected at most 10 (Limits.bytes)"),
        ({"stories": 0}, "line 1: stories has 1 items @ $.stories, expected at most 0 (Limits.stories)"),
        ({"facts": 1}, "line 1: facts has 2 items @ $.stories[0].facts, expected at most 1 (Limits.facts)"),
        (
            {"headline": 5},
            "line 1: headline has 13 characters @ $.stories[0].headline, expected at most 5 (Limits.headline)",
        ),
    ],
    ids=["bytes", "stories", "facts", "headline"],
)
def test_limits_are_kept(limits, sentence):
    """What is larger than a limit is refused, with path and line."""
    page = ours('<li class="perspectives-fact">One</li>\n<li class="perspectives-fact">Two</li>')

    assert sentence == refused(page, limits=p.Limits(**limits))


@pytest.mark.parametrize(
    "text",
    [
        "<div>" * 50_000,
        '<b class="perspectives-group">' * 10_000,
        "<ul><li>" * 25_000,
        "<sup>1</sup>" * 20_000,
        "<a>" * 15_000 + "<div>" * 15_000 + "</a>" * 15_000,
        "<p class='" + "x " * 100_000 + "'>",
        "<p " + " ".join(f"a{number}=1" for number in range(20_000)) + ">",
        "<figure>" * 25_000,
        "<article>x" * 20_000,
        "<template shadowrootmode=open>" * 8_000,
    ],
    ids=lambda text: text[:20],
)
@pytest.mark.parametrize("head", ['<div class="perspectives-brief">', "<p>A<h2>Focusing Facts</h2><ol><li>1</li></ol>"])
def test_hostile_page_is_read_or_refused(head, text):
    """Nesting, attributes and tags by the ten thousand end in a brief or an error of ours."""
    try:
        outcome = type(load(head + text)).__name__
    except p.PerspectivesError:
        outcome = "Brief"

    assert "Brief" == outcome


def test_page_that_takes_too_long_is_refused():
    """Attributes of many `body` tags are added to the first, which takes quadratic time: more than twenty are refused."""

    assert "the page has 30 tags 'html' and 'body' with attributes, expected one of each, at most 20" == refused(
        "".join(f"<body a{number}>" for number in range(30))
    )


def mutations(pages, count):
    """Pages with parts cut, moved and doubled, and with other classes and tags in them."""
    rng = random.Random(1911)
    classes = sorted({name for page in pages for name in re.findall(rb"perspectives-[a-z-]+", page)})
    bits = b"<p> </p> <div> </article> <table> <template> <!-- --> </script> & &#0; \" ' < > <h1> <li> <hr> [1] hidden".split()
    for _ in range(count):
        page = rng.choice(pages)
        for _ in range(rng.randint(1, 6)):
            start = rng.randrange(len(page))
            end = start + rng.choice([1, 10, 100, 1000])
            at = rng.randrange(len(page))
            names = list(re.finditer(rb"perspectives-[a-z-]+", page))
            name = rng.choice(names) if names else None
            page = (
                rng.choice(
                    [
                        page[:start] + page[end:],
                        page[:at] + page[start:end] + page[at:],
                        page[:at] + rng.choice(bits) + page[at:],
                        page[: name.start()] + rng.choice(classes) + page[name.end() :] if name else page,
                    ]
                )
                or b"<"
            )
        yield page


def outcome(page):
    """Which error of ours, if any, a page ends in."""
    try:
        return type(load(page))
    except p.PerspectivesError:
        return Brief


def test_mutated_pages_give_a_brief_or_an_error_of_ours():
    """Whatever happens to a page on its way, no other exception comes out."""
    small = [samples["minimal"], samples["no-groups"], attrs.evolve(FULL, stories=FULL.stories[:1])]
    pages = [
        bytes(p.render(brief, "html", **place)) for brief in small for place in ({"css": "none"}, {"fragment": True})
    ]
    pages.append((DATA / "newsletter.html").read_bytes())

    assert {Brief} == {outcome(page) for page in mutations(pages, 300)}


LAYOUT = (
    "perspectives page colophon masthead dateline perspectives groups facts context quotes timeline questions blocks"
    " links sources about-outlets subjects corrections status bar bar-all bar-part count said"
).split()
"""Classes that hold no text of a field, for the stylesheet alone."""


def test_every_class_of_a_page_is_documented():
    """Each class that the renderer writes is in the reference of HTML, but for those of the layout."""
    reference = (Path(__file__).parents[1] / "docs" / "reference" / "html.md").read_text("utf-8")
    told = set(re.findall(r"`([a-z-]+)`", reference))
    page = str(p.render(FULL, "html", css="none"))
    written = {name for names in re.findall(r'class="([^"]+)"', page) for name in names.split()}
    names = {name.removeprefix("perspectives-") for name in written}

    assert [] == sorted(names - told - {*LAYOUT})
