"""What the reports count, and the bars that show it."""

import datetime as dt
import xml.etree.ElementTree as ET
from itertools import pairwise
from pathlib import Path

import attrs
import html5lib
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import perspectives as p
from perspectives.charts import Segment, bar, coverage_segments, group_segments, sheet, story_charts
from perspectives.plugin import OutletDirectory
from perspectives.reports import Origins, coverages, used_schemes
from perspectives.testing import samples
from perspectives.testing.strategies import briefs, texts
from perspectives.wording import Wording

SEED = Path(__file__).parents[1] / "examples" / "kim-putin.txt"
SVG = "{http://www.w3.org/2000/svg}"


def rating(value, *, scheme="bank", rater="Watch", year=None):
    """What one rater says, as of a year."""
    return p.Rating(scheme=scheme, value=value, rater=rater, as_of=year and dt.date(year, 1, 1))


def rated(*ratings, scheme=None):
    """A brief with one outlet for each list of ratings."""
    outlets = [p.Outlet(name=f"Outlet {number}", ratings=own) for number, own in enumerate(ratings)]
    groups = [p.PerspectiveGroup(label="All", framing="f", outlets=outlets)]
    return p.Brief(stories=[p.Story(headline="h", perspectives=groups)], schemes=[scheme] if scheme else [])


def counts(report):
    """The numbers of a coverage report by value."""
    return {share.value: share.outlets for share in (*report.values, report.contested, report.unrated)}


# balance


def test_balance_of_the_seed():
    """The seed has 57, 57 and 51 words, 3, 4 and 1 outlets, and no citation."""
    report = p.balance(p.load_report(SEED).brief)

    assert (
        p.BalanceReport(
            stories=(
                p.StoryBalance(
                    headline="Kim Jong Un Pledges Unconditional Backing for Russia Days Before Putin–Trump Alaska Summit",
                    groups=(
                        p.GroupBalance(
                            label="Pro-Kremlin or Russia-friendly international outlets",
                            words=57,
                            outlets=3,
                            citations=0,
                        ),
                        p.GroupBalance(label="Mainstream Western media", words=57, outlets=4, citations=0),
                        p.GroupBalance(label="Ukrainian-aligned media", words=51, outlets=1, citations=0),
                    ),
                ),
            )
        )
        == report
    )


def test_balance_counts_citations_of_quotes():
    """The citations of a group's quotes are its own too."""
    group = p.balance(samples["full"]).stories[0].groups[0]

    assert p.GroupBalance(label="Business press", words=19, outlets=2, citations=2) == group


# coverage


def test_coverage_of_named_values():
    """Each value of a scheme is there in its order, and each outlet is counted once; who is unrated is said."""
    scheme = p.RatingScheme(id="bank", axis="Which bank", values=["East", "Both", "West"], ordered=True)
    report = p.coverage(
        rated([rating("West")], [rating("West")], [], [rating("x", scheme="other")], scheme=scheme), scheme="bank"
    )

    assert (
        p.CoverageReport(
            scheme="bank",
            axis="Which bank",
            values=(
                p.Share(value="East", outlets=0, share=0.0),
                p.Share(value="Both", outlets=0, share=0.0),
                p.Share(value="West", outlets=2, share=0.5),
            ),
            contested=p.Share(value="contested", outlets=0, share=0.0),
            unrated=p.Share(value="unrated", outlets=2, share=0.5),
            total=4,
        )
        == report
    )


def test_contested_outlet_is_under_no_value():
    """Where raters disagree nobody is chosen; where they agree the outlet is counted once."""
    disagreed, agreed = [rating("East"), rating("West", rater="R")], [rating("East"), rating("East", rater="R")]

    assert {"East": 1, "West": 0, "contested": 1, "unrated": 0} == counts(
        p.coverage(rated(disagreed, agreed), scheme="bank")
    )


def test_replaced_rating_is_not_counted():
    """Of a rater who dates all ratings of an outlet the newest counts; without a date they are contested."""
    dated, undated = [rating("East", year=2020), rating("West", year=2025)], [rating("East"), rating("West", year=2025)]

    assert {"East": 0, "West": 1, "contested": 1, "unrated": 0} == counts(
        p.coverage(rated(dated, undated), scheme="bank")
    )


def test_range_is_told_in_fifths():
    """A range of numbers is told in five equal parts; an edge belongs to the upper one, the top to the last."""
    scheme = p.RatingScheme(id="bank", axis="Score", range=(-42, 42.5))
    values = [-42, -25.1, -6.5, 8.7, 42.5]
    together = [rating(30), rating(31.5, rater="R")]

    assert {
        "-42 … -25.1": 1,
        "-25.1 … -8.2": 1,
        "-8.2 … 8.7": 1,
        "8.7 … 25.6": 1,
        "25.6 … 42.5": 2,
        "contested": 0,
        "unrated": 0,
    } == counts(p.coverage(rated(*([rating(value)] for value in values), together, scheme=scheme), scheme="bank"))


@pytest.mark.parametrize("range", [(-1.7e308, 1.7e308), (2**63, 2**64 - 1)])
def test_range_of_any_width(range):
    """No range is too wide to be counted."""
    scheme = p.RatingScheme(id="bank", axis="Score", range=range)
    report = p.coverage(rated([rating(range[0])], [rating(range[1])], scheme=scheme), scheme="bank")

    assert [1, 0, 0, 0, 1] == [share.outlets for share in report.values]


def test_values_of_an_unknown_scheme():
    """Of a scheme that the brief does not hold the values found are told: numbers by size, then texts."""
    report = p.coverage(rated([rating("b")], [rating(10)], [rating(9.5)], [rating("a")], []), scheme="bank")

    assert (None, {"9.5": 1, "10": 1, "a": 1, "b": 1, "contested": 0, "unrated": 1}) == (report.axis, counts(report))


def test_outlet_is_counted_once():
    """An outlet that several stories name is one, with the ratings of all its mentions."""
    stories = [rated([rating("East")]).stories[0], rated([]).stories[0]]

    assert {"East": 1, "contested": 0, "unrated": 0} == counts(p.coverage(p.Brief(stories=stories), scheme="bank"))


def test_coverage_of_nothing():
    """Without outlets there are no shares, and no division by zero."""
    report = p.coverage(p.Brief(), scheme="bank")

    assert (0, 0.0, ()) == (report.total, report.unrated.share, report.values)


def test_mention_without_id_is_another_outlet():
    """An outlet that is mentioned with an id and without counts as two."""
    mentions = [p.Outlet(name="South Post", id="sp", ratings=[rating("East")]), p.Outlet(name="South Post")]
    stories = [
        p.Story(headline="h", perspectives=[p.PerspectiveGroup(label="All", framing="f", outlets=[one])])
        for one in mentions
    ]

    assert {"East": 1, "contested": 0, "unrated": 1} == counts(p.coverage(p.Brief(stories=stories), scheme="bank"))


def test_coverages_begin_with_the_schemes_held():
    """The schemes in use come with those that the brief holds first, the others as they are met."""
    brief = rated([rating("x", scheme="b"), rating("x", scheme="a")], [rating("East")])
    schemes = [p.RatingScheme(id=id, axis=f"Axis {id}", values=["East", "x"]) for id in ("unused", "bank", "a")]

    assert [("bank", "Axis bank"), ("a", "Axis a"), ("b", None)] == [
        (report.scheme, report.axis) for report in coverages(attrs.evolve(brief, schemes=schemes))
    ]


def test_each_outlet_is_looked_at_once(monkeypatch):
    """However many schemes outlets are rated in, one pass is enough: each mention is asked once who it is."""
    asked = []
    identity = p.Outlet.identity.fget
    monkeypatch.setattr(p.Outlet, "identity", property(lambda outlet: asked.append(outlet.name) or identity(outlet)))
    brief = rated(*([rating("x", scheme=f"scheme {number}")] for number in range(50)))
    asked.clear()

    assert 50 == len(coverages(brief))
    assert [f"Outlet {number}" for number in range(50)] == asked


# corroboration


def corroborated(sources, outlets=(), directory=None):
    """Owners, outlets and sources of one fact that cites all of some sources."""
    sources = [attrs.evolve(source, id=str(number)) for number, source in enumerate(sources)]
    fact = p.Fact(text="f", citations=[p.Citation(source=source.id) for source in sources * 2])
    groups = [p.PerspectiveGroup(label="All", framing="f", outlets=outlets)]
    story = p.Story(headline="h", facts=[fact], sources=sources, perspectives=groups)
    found = p.corroboration(story, outlets=directory).stories[0].facts[0]
    return found.owners, found.outlets, found.sources


def source(outlet=None, url=None):
    """A source under an outlet or an address."""
    return p.Source(id="?", outlet=outlet, url=url)


def test_echoes_of_one_owner_are_one_origin():
    """Forty papers of one owner are forty outlets and one owner; who has no known owner stands for itself."""
    outlets = [p.Outlet(name=f"Paper {number}", owner="Quay Holdings") for number in range(40)]
    cited = [source(outlet.name) for outlet in outlets]

    assert (1, 40, 40) == corroborated(cited, outlets)
    assert (2, 41, 41) == corroborated([*cited, source("Somebody")], outlets)
    assert (40, 40, 40) == corroborated(cited)


def test_outlet_is_known_by_alias_and_domain():
    """Name, alias and address lead to one outlet, which has one owner."""
    outlet = p.Outlet(name="South Post", aliases=["SP"], domains=["post.example"], owner="Quay Holdings")
    cited = [source("South post"), source("SP"), source(url="https://www.news.post.example/a")]

    assert (1, 1, 3) == corroborated(cited, [outlet])
    assert (1, 1, 3) == corroborated(cited, directory=OutletDirectory(outlets=[outlet]))


@pytest.mark.parametrize("domain", ["www.post.example", "post.example"])
@pytest.mark.parametrize("host", ["www.post.example", "post.example", "www.news.post.example:443"])
def test_www_makes_no_other_domain(domain, host):
    """A domain is known with `www.` before it and without, on either side, to a brief and to a directory."""
    outlets = [p.Outlet(name="South Post", domains=[domain], owner="X"), p.Outlet(name="Ledger", owner="X")]
    cited = [source("Ledger"), source("South Post"), source(url=f"https://{host}/a")]

    assert (1, 2, 3) == corroborated(cited, outlets)
    assert (1, 2, 3) == corroborated(cited, directory=OutletDirectory(outlets=outlets))


def test_outlet_may_be_named_by_its_domain():
    """A source may name its outlet as a directory finds one: by its id, a name or its domain."""
    outlets = [p.Outlet(name="South Post", id="sp-1", domains=["post.example"])]

    assert (1, 1, 3) == corroborated([source("South Post"), source("post.example"), source("sp-1")], outlets)


def test_directory_knows_what_the_brief_does_not():
    """A name of the brief and an address that only the directory knows are one outlet."""
    directory = OutletDirectory(outlets=[p.Outlet(name="South Post", id="sp", domains=["post.example"])])
    cited = [source("South Post"), source(url="https://post.example/a")]

    assert (1, 1, 2) == corroborated(cited, [p.Outlet(name="South Post")], directory)


def test_source_without_outlet_counts_by_its_host():
    """Addresses on one host are one origin; a source without address is its own."""
    cited = [source(url="https://a.example/1"), source(url="https://www.a.example:8080/2"), source(), source()]

    assert (3, 3, 4) == corroborated(cited)


def test_owner_of_the_brief_goes_first():
    """The owner that the brief names wins over the directory's; where the brief names two, none is chosen."""
    brief = [p.Outlet(name="A", owner="X"), p.Outlet(name="B", owner="X")]
    directory = OutletDirectory(outlets=[p.Outlet(name="A", owner="Y"), p.Outlet(name="B", owner="Z")])
    split = [p.Outlet(name="A", id="a1", owner="X"), p.Outlet(name="A", id="a2", owner="W"), brief[1]]
    cited = [source("A"), source("B")]

    assert [(1, 2, 2), (2, 2, 2), (2, 2, 2)] == [
        corroborated(cited, brief, directory),
        corroborated(cited, directory=directory),
        corroborated(cited, split),
    ]


def test_owner_that_mentions_dispute_is_not_known():
    """Where mentions of one outlet name two owners none is chosen, not the directory's either; spelling is no dispute."""
    ledger, directory = (
        p.Outlet(name="Ledger", owner="X Group"),
        OutletDirectory(outlets=[p.Outlet(name="A", owner="Y")]),
    )
    owners = {}
    for other in ("X group", "W"):
        mentions = [p.Outlet(name="A", owner="X Group"), p.Outlet(name="A", owner=other), p.Outlet(name="A")]
        origins = Origins([ledger, *mentions], directory)
        owners[other] = [origins.owner(source(name)) for name in ("A", "Ledger")]

    assert {"X group": ["X Group", "X Group"], "W": [None, "X Group"]} == owners


def test_common_knowledge_has_no_origin():
    """A fact of common knowledge has no owner, outlet or source, and facts are numbered as printed."""
    facts = p.corroboration(samples["full"]).stories[0].facts

    assert [(1, 1, 1, 1), (2, 1, 1, 1), (3, 1, 1, 2), (4, 0, 0, 0)] == [
        (fact.number, fact.owners, fact.outlets, fact.sources) for fact in facts
    ]


# Laws


@given(briefs())
@settings(max_examples=60, deadline=None)
def test_totals_add_up(brief):
    """Every outlet is counted exactly once, and no fact has more owners than outlets or outlets than sources."""
    outlets = {one.identity for story in brief.stories for group in story.perspectives for one in group.outlets}
    reports = [p.coverage(brief, scheme=scheme) for scheme in (*used_schemes(brief), "nobody's")]

    assert [len(outlets)] * len(reports) == [sum(counts(report).values()) for report in reports]
    assert all(report.total == len(outlets) for report in reports)
    for story, counted in zip(brief.stories, p.corroboration(brief).stories, strict=True):
        cited = [len({one.source for one in fact.citations} - {None}) for fact in story.facts]
        assert cited == [fact.sources for fact in counted.facts]
        assert all(fact.owners <= fact.outlets <= fact.sources for fact in counted.facts)
    for story, balance in zip(brief.stories, p.balance(brief).stories, strict=True):
        groups = story.perspectives
        assert sum(len(group.outlets) for group in groups) == sum(group.outlets for group in balance.groups)
        assert all(group.words > 0 for group in balance.groups)


@given(briefs())
@settings(max_examples=60, deadline=None)
def test_coverages_are_each_coverage(brief):
    """All coverages at once are the coverage of each scheme in use, and each counts as somebody would by hand."""
    reports = coverages(brief)

    assert [p.coverage(brief, scheme=scheme) for scheme in used_schemes(brief)] == list(reports)
    mentions = [one for story in brief.stories for group in story.perspectives for one in group.outlets]
    for report in reports:
        rated = {one.identity for one in mentions if any(own.scheme == report.scheme for own in one.ratings)}
        assert len({one.identity for one in mentions} - rated) == report.unrated.outlets


# Bars


def test_bar_is_written_out():
    """A bar has its title, all its numbers as a description, and letters that need no colour."""
    expected = """\
<svg xmlns="http://www.w3.org/2000/svg" role="img" class="perspectives-bar" width="340" height="116" viewBox="0 0 340 116">
<title>Words &lt;a&gt;</title>
<desc>Press: 30; Shops: 10</desc>
<text x="0" y="15" font-size="14" direction="ltr" fill="currentColor" font-weight="bold">Words &lt;a&gt;</text>
<rect class="perspectives-bar-1" x="1" y="28" width="253.5" height="32" fill="currentColor" fill-opacity="0.3" stroke="currentColor"/>
<text x="127.8" y="49" font-size="14" direction="ltr" fill="currentColor" text-anchor="middle">A</text>
<rect class="perspectives-bar-2" x="254.5" y="28" width="84.5" height="32" fill="currentColor" fill-opacity="0.08" stroke="currentColor"/>
<text x="296.8" y="49" font-size="14" direction="ltr" fill="currentColor" text-anchor="middle">B</text>
<rect class="perspectives-bar-1" x="1" y="69" width="22" height="18" fill="currentColor" fill-opacity="0.3" stroke="currentColor"/>
<text x="12" y="83" font-size="14" direction="ltr" fill="currentColor" text-anchor="middle">A</text>
<text x="30" y="83" font-size="14" direction="ltr" fill="currentColor">Press</text>
<text x="340" y="83" font-size="14" direction="ltr" fill="currentColor" text-anchor="end">30</text>
<rect class="perspectives-bar-2" x="1" y="93" width="22" height="18" fill="currentColor" fill-opacity="0.08" stroke="currentColor"/>
<text x="12" y="107" font-size="14" direction="ltr" fill="currentColor" text-anchor="middle">B</text>
<text x="30" y="107" font-size="14" direction="ltr" fill="currentColor">Shops</text>
<text x="340" y="107" font-size="14" direction="ltr" fill="currentColor" text-anchor="end">10</text>
</svg>"""

    assert expected == bar("Words <a>", [Segment("Press", 30), Segment("Shops", 10)])


def test_what_is_no_value_looks_like_none():
    """What is contested is striped, what is unrated empty and dashed, and neither has a letter: all without colour."""
    drawn = ET.fromstring(bar("t", [Segment("East", 1), Segment("c", 1, "contested"), Segment("u", 1, "unrated")]))
    looks = [
        (one.get("class").removeprefix("perspectives-bar-"), one.get("fill"), one.get("stroke-dasharray"))
        for one in drawn.iter(f"{SVG}rect")
    ]

    assert [("1", "currentColor", None), ("contested", "none", None), ("unrated", "none", "4 3")] * 2 == looks
    assert "M1 99L7 93M1 105L13 93M1 111L19 93M7 111L23 95M13 111L23 101M19 111L23 107" == (
        drawn.findall(f"{SVG}path")[1].get("d")
    )
    assert ["t", "A", "A", "East", "1", "c", "1", "u", "1"] == [one.text for one in drawn.iter(f"{SVG}text")]


def test_each_of_many_parts_has_a_letter_of_its_own():
    """However many values there are, each has its own letter in the legend, and another shade than its neighbours."""
    parts = [Segment("x", number % 3 // 2) for number in range(60)]
    drawn = ET.fromstring(bar("t", parts))
    letters = [one.text for one in drawn.iter(f"{SVG}text") if one.get("x") == "12" and one.get("text-anchor")]
    shades = [one.get("fill-opacity") for one in drawn.iter(f"{SVG}rect") if one.get("height") == "32"]

    assert ([*"ABCDEFGHIJKLMNOPQRSTUVWXYZ", "AA", "AB"], "BH") == (letters[:28], letters[-1])
    assert (60, 20) == (len(set(letters)), len(shades))
    assert [] == [pair for pair in pairwise(shades) if pair[0] == pair[1]]


def test_bar_from_right_to_left_is_mirrored():
    """In a script from right to left the first part is at the right, and texts begin there."""
    drawn = ET.fromstring(bar("كلمات", [Segment("الصحافة", 3), Segment("a", 1)], direction="rtl"))

    assert [("85.5", "253.5"), ("1", "84.5"), ("317", "22"), ("317", "22")] == [
        (one.get("x"), one.get("width")) for one in drawn.iter(f"{SVG}rect")
    ]
    assert [("340", "كلمات"), ("310", "الصحافة"), ("0", "3"), ("310", "a"), ("0", "1")] == [
        (one.get("x"), one.text) for one in drawn.iter(f"{SVG}text") if one.get("text-anchor") != "middle"
    ]
    assert {"rtl"} == {one.get("direction") for one in drawn.iter(f"{SVG}text")}


def test_part_of_nothing_is_in_the_legend_alone():
    """A part of 0 has no place in the bar, but is told."""
    drawn = ET.fromstring(bar("t", [Segment("a", 0), Segment("b", 0)]))

    assert (2, ["t", "A", "a", "0", "B", "b", "0"]) == (
        len(list(drawn.iter(f"{SVG}rect"))),
        [one.text for one in drawn.iter(f"{SVG}text")],
    )


def test_letter_needs_room():
    """A part too narrow for its letter has it in the legend only."""
    drawn = ET.fromstring(bar("t", [Segment("a", 99), Segment("b", 1)]))

    assert ["A", "A", "B"] == [one.text for one in drawn.iter(f"{SVG}text") if one.get("text-anchor") == "middle"]


@pytest.mark.parametrize(
    ("label", "shown"),
    [
        ("Papers of the harbour and the old town", ["Papers of the harbour and the old", "town"]),
        (
            "of Verkehrsinfrastrukturfinanzierungsgesellschaft",
            ["of", "Verkehrsinfrastrukturfinanzierungs", "gesellschaft"],
        ),
        ("M" * 30, ["M" * 23, "M" * 7]),
        ("川の東側の経済紙と銀行に近い全国紙です。それから", ["川の東側の経済紙と銀行に近い全国紙です。", "それから"]),
        ("ここには二十文字ちょうどの文があるはずだ。", ["ここには二十文字ちょうどの文があるはず", "だ。"]),
        ("👩‍👩‍👧‍👦" * 17, ["👩‍👩‍👧‍👦" * 16, "👩‍👩‍👧‍👦"]),
    ],
)
def test_label_is_broken_where_it_may_be(label, shown):
    """Labels break between words, else where a line is full: before no mark that belongs to a sign, before no stop."""
    drawn = ET.fromstring(bar("t", [Segment(label, 1)]))

    assert shown == [one.text for one in drawn.iter(f"{SVG}text") if one.get("x") == "30"]


def test_sheet_is_paper():
    """A file of bars brings its paper and ink, and a margin in which no stroke is cut."""
    drawn = ET.fromstring(sheet([("t", [Segment("a", 1)]), ("u", [])]))

    assert (("372", "black"), ("100%", "100%", "white"), [("16", "16"), ("16", "132")]) == (
        (drawn.get("width"), drawn.get("color")),
        tuple(drawn[0].get(name) for name in ("width", "height", "fill")),
        [(one.get("x"), one.get("y")) for one in drawn.findall(f"{SVG}svg")],
    )


def test_citations_are_charted_where_there_are_some():
    """Words and outlets of groups are always compared, citations where a group has one."""
    story = samples["full"].stories[0]
    bare = attrs.evolve(
        story, perspectives=[attrs.evolve(group, citations=(), quotes=()) for group in story.perspectives]
    )

    assert ["Words", "Outlets", "Citations"] == [title for title, _ in story_charts(story, Wording())]
    assert ["Words", "Outlets"] == [title for title, _ in story_charts(bare, Wording())]


def test_groups_and_values_become_parts():
    """The groups of a story, and the values of a scheme with the words for the rest, are parts of a bar."""
    report = p.coverage(rated([rating("East")], []), scheme="bank")

    assert (Segment("Business press", 2), Segment("Neighbourhood papers", 3), Segment("Engineers", 0)) == (
        group_segments(p.balance(samples["full"]).stories[0], "outlets")
    )
    assert (Segment("East", 1), Segment("umstritten", 0, "contested"), Segment("nicht bewertet", 1, "unrated")) == (
        coverage_segments(report, contested="umstritten", unrated="nicht bewertet")
    )


def test_text_that_no_xml_may_hold_is_cleaned():
    """A label need not come from a brief: control characters become what XML can hold."""
    drawn = ET.fromstring(bar("a\nb", [Segment("c\x00", 1)]))

    assert ["a b", "c\ufffd: 1"] == [one.text for one in drawn[:2]]


def test_part_is_no_negative_number():
    """A part is a count."""
    with pytest.raises(ValueError, match="'value' must be >= 0"):
        Segment("a", -1)


kinds = st.sampled_from(["value", "value", "contested", "unrated"])
segments = st.lists(st.builds(Segment, texts(), st.integers(0, 10**6), kinds), max_size=8)


@given(texts(), segments, st.sampled_from(["ltr", "rtl"]))
@settings(max_examples=60, deadline=None)
def test_bar_is_xml_and_html(title, segments, direction):
    """For an XML parser and for html5lib alike a bar holds its texts and nothing that could act."""
    svg = sheet([(title, segments), (title, segments)], direction=direction)
    said = "; ".join(f"{segment.label}: {segment.value}" for segment in segments)
    read = [
        ET.fromstring(svg),
        html5lib.HTMLParser(strict=True).parseFragment(svg).find(f"{SVG}svg"),
        ET.fromstring(bar(title, segments, direction=direction)),
    ]

    for drawn in read:
        times = len([one for one in drawn.iter() if one.get("role") == "img"])
        assert [title] * times == [one.text for one in drawn.iter(f"{SVG}title")]
        assert [said] * times == [one.text or "" for one in drawn.iter(f"{SVG}desc")]
        assert {one.tag for one in drawn.iter()} <= {f"{SVG}{tag}" for tag in "svg title desc text rect path".split()}
        names = {name for one in drawn.iter() for name in one.keys()}  # noqa: SIM118 - an element has no names of its own
        assert not [name for name in names if name in ("id", "style", "href") or name.startswith("on")]


@given(briefs(max_stories=1))
@settings(max_examples=60, deadline=None)
def test_every_label_is_seen(brief):
    """What the legends of a brief's bars show is the labels, whole."""
    for story in p.balance(brief).stories:
        parts = group_segments(story, "words")
        drawn = ET.fromstring(bar("t", parts))
        seen = "".join(one.text or "" for one in drawn.iter(f"{SVG}text") if one.get("x") == "30")
        assert "".join("".join(part.label.split()) for part in parts) == "".join(seen.split())
