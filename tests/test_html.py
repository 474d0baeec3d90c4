"""The HTML page and fragment: structure, options, policy, and how templates of other engines print them."""

import base64
import datetime as dt
import hashlib
import json
import re
from pathlib import Path

import attrs
import django.conf
import django.template
import html5lib
import jinja2
import pytest
import turbohtml
from hypothesis import given, settings
from hypothesis import strategies as st
from printed import printed_texts
from turbohtml.conformance import check_html

import perspectives as p
from perspectives.catalogue import wording_of
from perspectives.outline import outline
from perspectives.plugin import clean
from perspectives.reports import balance
from perspectives.testing import briefs, samples, sinks

SVG = "{http://www.w3.org/2000/svg}"
DATA = Path(__file__).parent / "data"
STORY = p.Story(
    headline="H",
    section="S",
    facts=[p.Fact(text="F")],
    perspectives=[p.PerspectiveGroup(label="G", framing="R", critique="C", outlets=[p.Outlet(name="O")])],
)


def tree(brief, **options):
    """The page or fragment as html5lib reads it."""
    return html5lib.parse(str(p.render(brief, "html", **options)), namespaceHTMLElements=False)


def body(brief, **options):
    """What stands in the page or fragment, as html5lib reads it."""
    return tree(brief, **options).find("body")


def of_class(element, name):
    """The elements of a class of ours, in order."""
    return [one for one in element.iter() if f"perspectives-{name}" in one.attrib.get("class", "").split()]


def text(element):
    """All the text of an element."""
    return "".join(element.itertext())


def policy(brief, **options):
    """The content security policy of a page."""
    return tree(brief, **options).find(".//meta[@http-equiv]").attrib["content"]


def hashed(element):
    """The text of an element as a policy names it."""
    return f"'sha256-{base64.b64encode(hashlib.sha256(element.text.encode()).digest()).decode()}'"


def headings(brief, **options):
    """The headings in order, as level and text."""
    found = [
        (element.tag, "".join(element.itertext()))
        for element in tree(brief, **options).iter()
        if isinstance(element.tag, str)
    ]
    return [f"{tag} {text}" for tag, text in found if re.fullmatch("h[1-6]", tag)]


@pytest.mark.parametrize(
    ("brief", "options", "expected"),
    [
        (p.Brief(title="T", stories=[STORY]), {}, ["h1 T", "h2 S", "h3 H", "h4 Focusing Facts", "h4 Perspectives", "h5 G"]),
        (p.Brief(stories=[STORY]), {}, ["h1 S", "h2 H", "h3 Focusing Facts", "h3 Perspectives", "h4 G"]),
        (p.Story(headline="H"), {}, ["h1 H"]),
        (p.Brief(title="T", stories=[STORY]), {"fragment": True}, ["h2 H", "h3 Focusing Facts", "h3 Perspectives", "h4 G"]),
        (STORY, {"fragment": True, "heading_level": 4}, ["h4 H", "h5 Focusing Facts", "h5 Perspectives", "h6 G"]),
        (STORY, {"fragment": True, "heading_level": 0}, []),
        (p.Brief(title="T", stories=[STORY]), {"heading_level": 0}, []),
        (p.Brief(title="T", stories=[STORY]), {"heading_level": 2}, ["h1 T", "h2 H", "h3 Focusing Facts", "h3 Perspectives", "h4 G"]),
        (p.Brief(title="T", stories=[STORY]), {"heading_level": 4}, ["h2 T", "h3 S", "h4 H", "h5 Focusing Facts", "h5 Perspectives", "h6 G"]),
        (p.Brief(title="T", stories=[p.Story(headline="H")]), {"heading_level": 3}, ["h2 T", "h3 H"]),
    ],
)  # fmt: skip
def test_headings_follow_the_level_of_a_story(brief, options, expected):
    """Title and section stand above a story in a page, parts and groups below it, and no level is skipped."""

    assert expected == headings(brief, **options)


def test_full_page_is_golden():
    """The page of the full sample, without its style, is exactly the golden file, which has been read."""

    assert (DATA / "html-full.html").read_text("utf-8") == str(p.render(samples["full"], "html", css="none"))


def test_heading_level_out_of_range_is_refused():
    """A level that HTML does not have is an OptionsError that names the range."""
    with pytest.raises(p.OptionsError) as caught:
        p.render(STORY, "html", heading_level=5)

    assert "perspectives-briefs:html: option 'heading_level' must be an int from 0 to 4 or None, got 5" == str(
        caught.value
    )


@pytest.mark.parametrize("name", samples)
def test_fragment_holds_no_style_script_or_id(name):
    """The fragment has no style, script or event of its own and no id that could clash; images alone are fetched."""
    elements = list(body(samples[name], fragment=True).iter())
    names = {one.tag for one in elements if isinstance(one.tag, str)}
    attributes = {name for one in elements if not str(one.tag).startswith(SVG) for name in one.attrib}

    assert (set(), set()) == (
        names & {"style", "script", "link", "iframe", "form", "template"},
        attributes
        - set("alt cite class content data-of datetime dir height href itemprop itemscope itemtype lang open src value width".split()),
    )  # fmt: skip


def test_page_says_language_and_direction():
    """The page of an Arabic brief is Arabic and runs from right to left, with Arabic headings."""
    page = tree(samples["right-to-left"])

    assert {"lang": "ar", "dir": "rtl"} == page.attrib
    assert "h4 وجهات النظر" in headings(samples["right-to-left"])


def test_story_in_another_language_says_so():
    """A story in another language than its brief has its own language and direction."""
    brief = p.Brief(language="en", stories=[p.Story(headline="H", language="he")])

    article = tree(brief).find(".//article")

    assert {"lang": "he", "dir": "rtl"} == {name: article.attrib[name] for name in ("lang", "dir")}


def test_outlets_are_cited_apart():
    """Each outlet is a `cite` of its own, those with a homepage link to it."""
    cites = tree(samples["full"], fragment=True).findall(".//cite")[:2]

    assert [("Harbour Ledger", "https://example.org/ledger?a=1&copy=2"), ("Trade Post, Evening Edition", None)] == [
        ("".join(cite.itertext()), next((a.attrib["href"] for a in cite.iter("a")), None)) for cite in cites
    ]


def test_link_without_address_is_text():
    """A link without address is plain text, never `href="#"`."""
    page = tree(p.Story(headline="H", links=[p.Link(label="L")]), fragment=True)

    assert ("L", []) == (page.find(".//li").text, page.findall(".//a"))


def test_marks_lead_to_their_notes():
    """In a page each mark links to the note with its number; in a fragment it is text."""
    page = tree(samples["full"])
    targets = {a.attrib["href"].removeprefix("#") for a in page.iter("a") if a.attrib["href"].startswith("#")}

    assert ({"note-1", "note-2", "note-3", "note-4", "note-6"}, []) == (
        targets & {li.attrib.get("id") for li in page.iter("li")},
        tree(samples["full"], fragment=True).findall(".//sup/a"),
    )


class TestCss:
    def test_inline_style_is_the_one_the_policy_allows(self):
        """The policy of the page names the hash of exactly the style that stands in it."""
        page = tree(samples["full"])
        style, script = hashed(page.find(".//style")), hashed(page.find(".//script"))

        assert (
            f"default-src 'none'; img-src https:; style-src {style}; script-src {script}; base-uri 'none'; form-action 'none'"
            == policy(samples["full"])
        )

    def test_url_of_a_stylesheet_is_linked_and_allowed(self):
        """With a URL the page links it, holds no style, and allows its origin."""
        page = tree(STORY, css="https://cdn.example/a.css?x=1;y")

        assert (
            ["https://cdn.example/a.css?x=1;y"],
            None,
            f"default-src 'none'; img-src https:; style-src https://cdn.example; script-src {hashed(page.find('.//script'))};"
            " base-uri 'none'; form-action 'none'",
        ) == (
            [link.attrib["href"] for link in page.findall(".//link[@rel='stylesheet']")],
            page.find(".//style"),
            page.find(".//meta[@http-equiv]").attrib["content"],
        )

    def test_no_style_at_all(self):
        """With `none` the page has no style and allows none."""
        page = tree(STORY, css="none")

        assert (None, True) == (
            page.find(".//style"),
            "style-src 'none'" in page.find(".//meta[@http-equiv]").attrib["content"],
        )

    def test_other_css_is_refused(self):
        """Anything else is an OptionsError with what would be right."""
        with pytest.raises(p.OptionsError) as caught:
            p.render(STORY, "html", css="javascript:1")

        assert (
            "perspectives-briefs:html: 'javascript:1' has the scheme 'javascript' @ css, expected 'inline', 'none' or an absolute http or https URL"
            == str(caught.value)
        )


class TestInTemplates:
    """`{{ page }}` prints the HTML as it is, and everything else escaped."""

    fragment = p.render(p.Story(headline="<b>"), "html", fragment=True)
    text = p.render(p.Story(headline="<b>"), "text")

    def test_jinja(self):
        """Jinja with autoescape prints HTML once, and text escaped."""
        template = jinja2.Environment(autoescape=True).from_string("{{ page }}|{{ text }}")

        assert f"{self.fragment.content}|&lt;b&gt;\n" == template.render(page=self.fragment, text=self.text)

    def test_django(self, monkeypatch):
        """Django prints HTML once, and text escaped."""
        # For this test alone: settings are configured once, and a page of the docs shows how.
        monkeypatch.setitem(
            vars(django.conf.settings), "_wrapped", django.conf.UserSettingsHolder(django.conf.global_settings)
        )
        engine = django.template.Engine()
        context = django.template.Context({"page": self.fragment, "text": self.text})

        assert f"{self.fragment.content}|&lt;b&gt;\n" == engine.from_string("{{ page }}|{{ text }}").render(context)

    def test_headline_is_escaped_once(self):
        """The markup of a headline is text in the HTML."""

        assert '<h2 class="perspectives-headline" itemprop="headline">&lt;b&gt;</h2>' in str(self.fragment)


PLACES = ("perspectives", "colophon")


def drawn(element):
    """The charts, which have a title; the small bars of the groups say nothing that does not stand beside them."""
    return [svg for svg in element.iter(f"{SVG}svg") if svg.find(f"{SVG}title") is not None]


@pytest.mark.parametrize("fragment", [False, True])
def test_charts_stand_below_the_groups_and_at_the_end(fragment):
    """With `charts`, a story shows words, outlets and citations of its groups, the colophon how outlets are rated."""
    found = body(samples["full"], charts=True, fragment=fragment)
    told = [(chart.find(f"{SVG}title").text, chart.find(f"{SVG}desc").text) for chart in drawn(found)]

    assert [
        ("Words", "Business press: 19; Neighbourhood papers: 4; Engineers: 5"),
        ("Outlets", "Business press: 2; Neighbourhood papers: 3; Engineers: 0"),
        ("Citations", "Business press: 2; Neighbourhood papers: 0; Engineers: 0"),
        ("Which bank it writes for: Outlets", "East: 1; Both: 0; West: 0; Rated differently: 0; Not rated: 4"),
        (
            "Score of the Reading Room: Outlets",
            "-42 … -25.2: 0; -25.2 … -8.4: 0; -8.4 … 8.4: 1; 8.4 … 25.2: 0; 25.2 … 42: 0;"
            " Rated differently: 0; Not rated: 4",
        ),
    ] == told
    places = {place: sum(len(drawn(one)) for one in of_class(found, place)) for place in PLACES}
    assert {"perspectives": 3, "colophon": 2} == places


def test_charts_need_no_colophon():
    """How outlets are rated in a scheme that the brief does not hold is shown without any other colophon."""
    found = body(attrs.evolve(samples["full"], schemes=(), provenance=None), charts=True)

    assert [2] == [len(drawn(one)) for one in of_class(found, "colophon")]


def test_charts_speak_the_language_of_the_brief():
    """The bars of an Arabic brief run from the right, under Arabic words."""
    groups = [attrs.evolve(samples["right-to-left"].stories[0].perspectives[0], label=label) for label in ("ا", "ب")]
    story = attrs.evolve(samples["right-to-left"].stories[0], perspectives=groups)
    chart = drawn(tree(attrs.evolve(samples["right-to-left"], stories=[story]), charts=True))[0]

    assert ("الكلمات", {"rtl"}) == (
        chart.find(f"{SVG}title").text,
        {text.attrib["direction"] for text in chart.iter(f"{SVG}text")},
    )


def test_no_chart_unless_asked_for():
    """Without the option no story is charted, nor one group by itself with it."""
    alone = attrs.evolve(samples["right-to-left"], schemes=())

    assert ([], []) == (
        drawn(tree(samples["full"])),
        drawn(tree(alone, charts=True)),
    )


class TestFields:
    """Each text of the model stands in an element of its own, named after its field."""

    @pytest.mark.parametrize("name", samples)
    def test_every_text_stands_alone(self, name):
        """There is an element, or an alternative text, for each text of the brief, with nothing but that text."""
        found = list(body(samples[name]).iter())
        alone = {text(one) for one in found if "perspectives-" in one.attrib.get("class", "")}
        alone |= {one.attrib["alt"] for one in found if "alt" in one.attrib}

        assert [] == [word for word in printed_texts(samples[name]) if word not in alone]

    @pytest.mark.parametrize("fragment", [False, True])
    @pytest.mark.parametrize("name", samples)
    def test_order_is_that_of_the_outline(self, name, fragment):
        """What readers see comes in the order of the outline; images alone stand at the top of their story."""
        brief = samples[name]
        shown = sinks.one_line(sinks.visible_text(p.render(brief, "html", fragment=fragment)))
        moved = ("image", "caption", "credit", "images")
        found = position = 0
        for node in outline(brief, wording_of(brief)):
            if node.role not in moved and not node.path.startswith("$.publisher.logo"):
                found = shown.find(sinks.one_line(node.text), position)
                assert found >= 0, node
                position = found

        assert found == position

    def test_fields_of_a_story(self):
        """The classes of the full sample's first story hold what its fields do."""
        story = body(samples["full"]).find(".//article")
        names = "label outlet framing critique when event speaker paraphrase question item link author subject".split()

        assert {
            "label": ["Business press", "Neighbourhood papers", "Engineers"],
            "outlet": ["Harbour Ledger", "Trade Post, Evening Edition", "East Bank News", "The Quay", "Ünlü Liman"],
            "framing": [
                "Reports the closure as a cost to shops on the east bank.[2]",
                "Celebrate a quiet quay.",
                "Ask who inspects the bearings.",
            ],
            "critique": ["Says little of the people who walk."],
            "when": ["Spring 1911", "3 May 2025"],
            "event": ["Spring 1911: The bridge opens.", "3 May 2025: A bearing cracks.[3]"],
            "speaker": ["R. Vane, grocer", "Two hoteliers", "Mayor I. Sund"],
            "paraphrase": [
                "Shops will not outlive a summer without cars. — Two hoteliers",
                "Nobody asked the ferrymen.",
            ],
            "question": ["Will the bridge be torn down?", "Who pays for the ferry?"],
            "item": ["Ferry every ten minutes.", "Footbridge open.", "The towers stay lit."],
            "link": ["Read the minutes", "How the towns next door did it"],
            "author": ["A. Clerk"],
            "subject": ["infrastructure", "local politics"],
        } == {name: [text(one) for one in of_class(story, name)] for name in names}

    def test_only_very_words_are_block_quotes(self):
        """A `blockquote` has the very words, and the address of the first cited source that has one."""
        found = [(text(one), one.attrib.get("cite")) for one in body(samples["full"]).iter("blockquote")]

        assert [
            ("“We will lose every second customer.”", None),
            ("“A bridge is a promise.”", "https://example.org/minutes"),
            ("Ayes 9, noes 8.", "https://example.org/minutes"),
        ] == found

    def test_times_are_those_of_html(self):
        """A time has thousandths of a second in its `datetime`, since HTML knows no smaller part."""
        published = dt.datetime(2026, 1, 14, 18, 30, 0, 123456, tzinfo=dt.timezone(dt.timedelta(hours=9)))
        (time,) = of_class(body(p.Story(headline="H", published=published)), "published")

        assert "2026-01-14T18:30:00.123+09:00" == time.attrib["datetime"]

    def test_printed_words_in_another_language_say_so(self):
        """In a story of another language each printed word has the language of the brief."""
        story = p.Story(headline="כותרת", language="he", place="חיפה", facts=[p.Fact(text="עובדה", status="disputed")])
        found = body(p.Brief(language="en", stories=[story])).find(".//article")
        told = [(text(one), one.attrib["dir"]) for one in found.iter() if one.attrib.get("lang") == "en"]

        assert [("Place", "ltr"), ("Focusing Facts", "ltr"), ("Disputed", "ltr")] == told

    @pytest.mark.parametrize(("language", "expected"), [(None, None), ("ar", "rtl"), ("de", "ltr")])
    def test_texts_run_as_their_language_does(self, language, expected):
        """A text before its marks runs as its language does, and as its own letters do where no language is said."""
        brief = p.Brief(language=language, stories=[p.Story(headline="H", facts=[p.Fact(text="NATO 2025")])])
        (fact,) = of_class(body(brief), "text")

        assert ("bdi", expected) == (fact.tag, fact.attrib.get("dir"))

    def test_what_folds_is_open(self):
        """What stands behind the sources can be folded and begins open; corrections and disclosures cannot be."""
        story = attrs.evolve(samples["full"].stories[0], provenance=None)
        brief = attrs.evolve(
            samples["full"], stories=[story], provenance=p.Provenance(generator=[p.Generator(name="G")])
        )
        folded = list(body(brief).iter("details"))
        inside = [one for details in folded for one in details.iter()]

        assert [
            ("perspectives-about-outlets", ""),
            ("perspectives-subjects", ""),
            ("perspectives-provenance", ""),
        ] == [(details.attrib["class"], details.attrib["open"]) for details in folded]
        assert [] == [one for one in of_class(body(brief), "correction") if one in inside]
        assert [1] == [len(of_class(one, "disclosure")) for one in of_class(body(brief), "perspectives")]


@pytest.mark.parametrize("level", [None, 0, 2, 4])
@pytest.mark.parametrize("name", samples)
def test_page_conforms(name, level):
    """A checker of HTML finds nothing, whatever the level of the headings, without headings too."""

    assert (
        ()
        == check_html(
            p.render(samples[name], "html", heading_level=level, charts=True, data_island=True).content
        ).messages
    )


class TestMeasure:
    """How much room each group has, in numbers, and in bars that compare them."""

    def test_numbers_are_those_of_the_report(self):
        """Each group says how many words and outlets it has, as `balance` counts them."""
        groups = balance(samples["full"]).stories[0].groups

        assert [f"Words {group.words} Outlets {group.outlets}" for group in groups] == [
            " ".join(text(one).split()) for one in of_class(body(samples["full"]), "measure")
        ]

    def test_bars_are_measured_by_the_largest(self):
        """The largest number has the whole bar, the others their part of it, and none has none."""
        bars = [rect.attrib["width"] for rect in of_class(body(samples["full"]), "bar-part")]

        assert [("64", "43"), ("14", "64"), ("17", "0")] == list(zip(bars[::2], bars[1::2], strict=True))

    def test_bars_begin_where_the_line_does(self):
        """In a text from right to left a bar begins at the right."""
        groups = [p.PerspectiveGroup(label="א", framing="אחת שתיים"), p.PerspectiveGroup(label="ב", framing="אחת")]
        found = body(p.Brief(language="he", stories=[p.Story(headline="H", perspectives=groups)]))

        assert [("0", "64"), ("32", "32")] == [
            (rect.attrib["x"], rect.attrib["width"]) for rect in of_class(found, "bar-part")
        ]

    def test_one_group_is_not_measured(self):
        """One group by itself has nobody to be compared with, and outlets that no group names are not counted."""
        alone = p.PerspectiveGroup(label="A", framing="one two")
        both = [alone, p.PerspectiveGroup(label="B", framing="one")]

        assert ([], ["Words 2", "Words 1"]) == (
            of_class(body(p.Story(headline="H", perspectives=[alone])), "measure"),
            [text(one).strip() for one in of_class(body(p.Story(headline="H", perspectives=both)), "measure")],
        )

    def test_bars_are_not_read_aloud(self):
        """The bars repeat the numbers, so that screen readers pass over them."""
        found = of_class(body(samples["full"]), "bar")

        assert {("true", "false")} == {(svg.attrib["aria-hidden"], svg.attrib["focusable"]) for svg in found}


class TestContents:
    """The links to the stories at the top of a page."""

    many = p.Brief(language="de", stories=[p.Story(headline=f"H{number}") for number in range(1, 31)])

    def test_links_lead_to_the_stories(self):
        """Each link leads to the story with its headline, in their order."""
        page = body(self.many)
        stories = {f"#{story.attrib['id']}": text(story.find("h1")) for story in page.iter("article")}
        (nav,) = page.iter("nav")

        assert [f"H{number}" for number in range(1, 31)] == [stories[a.attrib["href"]] for a in nav.iter("a")]
        assert list(stories.values()) == [text(a) for a in nav.iter("a")]

    def test_three_stories_are_enough(self):
        """A page of three stories has its contents."""
        brief = attrs.evolve(self.many, stories=self.many.stories[:3])

        assert ["H1", "H2", "H3"] == [text(a) for nav in body(brief).iter("nav") for a in nav.iter("a")]

    def test_contents_have_a_name(self):
        """The list is called by the word of the language."""
        (nav,) = body(self.many).iter("nav")
        (name,) = [one for one in nav if one.attrib.get("id") == nav.attrib["aria-labelledby"]]

        assert "In dieser Ausgabe" == text(name)

    @pytest.mark.parametrize("options", [{"fragment": True}, {}])
    def test_none_where_none_helps(self, options):
        """A fragment has no contents, since it has no ids, nor has a page of two stories."""
        brief = self.many if options else attrs.evolve(self.many, stories=self.many.stories[:2])

        assert ([], []) == (
            list(body(brief, **options).iter("nav")),
            [story.attrib["id"] for story in body(brief, **options).iter("article") if "id" in story.attrib],
        )

    def test_every_link_within_the_page_has_its_place(self):
        """Each id stands once, and each link within the page leads to one."""
        brief = attrs.evolve(samples["full"], stories=samples["full"].stories * 2)
        ids = [one.attrib["id"] for one in body(brief).iter() if "id" in one.attrib]
        hrefs = {a.attrib["href"][1:] for a in body(brief).iter("a") if a.attrib["href"].startswith("#")}

        assert (len(ids), set()) == (len(set(ids)), hrefs - set(ids))


ENDS = ["</script>", "<!--", "<script", "]]>", "\\", '"', "&lt;", "&", "--!>", "</SCRIPT ", "'"]
BREAKING = st.lists(st.sampled_from(ENDS) | st.text(max_size=3), min_size=1).map("".join).map(clean).filter(bool)


def data_blocks(brief, **options):
    """What the data blocks of a page hold, by their type."""
    return {one.attrib["type"]: json.loads(one.text) for one in tree(brief, **options).iter("script")}


class TestLinkedData:
    def test_microdata_and_json_say_what_the_model_does(self):
        """Another parser reads the model's values from the microdata of page and fragment and from the JSON-LD."""
        brief = samples["full"]
        story = brief.stories[0]
        page = turbohtml.parse(str(p.render(brief, "html")))
        fragment = turbohtml.parse(str(p.render(brief, "html", fragment=True)))
        edition, article, _ = page.json_ld()[0]["@graph"]
        expected = {
            "headline": story.headline,
            "abstract": story.summary,
            "articleSection": story.section,
            "datePublished": story.published.isoformat(),
            "dateModified": story.updated.isoformat(),
            "url": story.url,
        }

        assert expected == {name: article[name] for name in expected}
        assert (brief.title, brief.intro, brief.date.isoformat(), brief.url) == tuple(
            edition[name] for name in ("name", "description", "datePublished", "url")
        )
        for found in (page, fragment):
            (item,) = found.microdata()
            read = item.properties["hasPart"][0].properties
            assert expected == {name: read[name][0] for name in expected}
            assert (brief.title, brief.intro, brief.date.isoformat(), brief.url) == tuple(
                item.properties[name][0] for name in ("name", "description", "datePublished", "url")
            )

    def test_groups_are_reviews(self):
        """A group is a review of its outlets; what it leaves out is told apart from what it says."""
        (item,) = turbohtml.parse(str(p.render(samples["full"], "html", fragment=True))).microdata()
        parts = item.properties["hasPart"][0].properties["hasPart"]
        review = next(part for part in parts if part.type == "https://schema.org/CriticReview").properties
        linked = data_blocks(samples["full"])["application/ld+json"]["@graph"][1]["hasPart"][1]
        group = samples["full"].stories[0].perspectives[0]

        assert (group.label, group.framing, group.critique, [outlet.name for outlet in group.outlets]) == (
            *(review[name][0] for name in ("name", "reviewBody", "negativeNotes")),
            [outlet.properties["name"][0] for outlet in review["itemReviewed"]],
        )
        assert (group.label, group.framing, group.critique, [outlet.name for outlet in group.outlets]) == (
            *(linked[name] for name in ("name", "reviewBody", "negativeNotes")),
            [outlet["name"] for outlet in linked["itemReviewed"]],
        )

    def test_facts_are_claims_with_their_status(self):
        """A fact that was retracted is told as such, so that no program takes it for one that stands."""
        story = p.Story(headline="H", facts=[p.Fact(text="A"), p.Fact(text="B", status="retracted")])

        assert [
            {"@type": "Claim", "position": 1, "text": "A"},
            {"@type": "Claim", "position": 2, "text": "B", "creativeWorkStatus": "retracted"},
        ] == data_blocks(story)["application/ld+json"]["@graph"][0]["mainEntity"]["itemListElement"]

    def test_story_at_the_address_of_its_brief_is_another_thing(self):
        """Only one of two things has an address for its name; programs make one of things with the same."""
        url = "https://example.org/a"
        brief = p.Brief(url=url, stories=[p.Story(headline="H", url=url)])
        edition, article = data_blocks(brief)["application/ld+json"]["@graph"]

        assert (url, None, {"@id": url}) == (edition["@id"], article.get("@id"), article["isPartOf"])

    def test_nothing_is_told_that_nobody_said(self):
        """The least story is told by its headline alone."""

        assert {
            "@context": "https://schema.org",
            "@graph": [{"@type": "NewsArticle", "headline": "H"}],
        } == data_blocks(p.Story(headline="H"))["application/ld+json"]

    @settings(max_examples=100, deadline=None)
    @given(BREAKING)
    def test_no_text_breaks_out(self, words):
        """Whatever the texts say, the page has its two data blocks, and they hold the texts as they are."""
        brief = p.Brief(
            title=words, stories=[p.Story(headline=words, extra={"desk": {"note": words + "\u2028\u2029"}})]
        )
        page = str(p.render(brief, "html", css="none", data_island=True))
        blocks = data_blocks(brief, css="none", data_island=True)

        assert (2, 2, words, words, words + "\u2028\u2029") == (
            page.lower().count("<script"),
            page.lower().count("</script"),
            blocks["application/ld+json"]["@graph"][1]["headline"],
            blocks["application/json"]["title"],
            blocks["application/json"]["stories"][0]["extra"]["desk"]["note"],
        )

    @settings(max_examples=30, deadline=None)
    @given(briefs())
    def test_island_is_the_brief(self, brief):
        """The data of a fragment is the whole brief, in a page and in a fragment of either kind."""
        rendered = [
            tree(brief, css="none", data_island=True, **options)
            for options in ({}, {"fragment": True}, {"fragment": True, "isolation": "shadow"})
        ]

        assert [brief] * 3 == [
            p.loads(next(one for one in page.iter("script") if one.attrib["type"] == "application/json").text, "json")
            for page in rendered
        ]


class TestSocial:
    """What is shown where somebody links to the page."""

    def test_full(self):
        """A page with an address says what it is about, in the terms of Open Graph."""
        found = turbohtml.parse(str(p.render(samples["full"], "html")))

        assert {
            "type": "website",
            "url": "https://example.org/briefs/2026-01-14",
            "title": "Evening brief",
            "description": "Two stories from the harbour, told from more than one bank.",
            "site_name": "Port Ellery Desk",
            "image": "https://example.org/bridge.jpg?w=1200&h=800",
            "image:alt": "The swing bridge, half open, from the east bank",
        } == dict(found.opengraph())

    def test_page_without_address_says_nothing(self):
        """Without an address there is no Open Graph, no card and no canonical link, nor a description that is empty."""
        page = tree(p.Brief(title="T", stories=[p.Story(headline="H", url="https://example.org/h"), STORY]))
        names = [meta.attrib.get("name") or meta.attrib.get("property") for meta in page.iter("meta")]

        assert ([None, "viewport", None, "color-scheme", None], []) == (names, page.findall(".//link"))

    def test_story_alone_has_its_own_address(self):
        """The page of one story is that story: an article, with its address, summary and times."""
        published = dt.datetime(2026, 1, 14, 18, 30, tzinfo=dt.UTC)
        page = tree(p.Story(headline="H", summary="S", url="https://example.org/h", published=published))
        named = {
            meta.attrib.get("name") or meta.attrib.get("property"): meta.attrib["content"]
            for meta in page.iter("meta")
            if "content" in meta.attrib
        }

        assert ("https://example.org/h", "article", "H", "S", "S", "2026-01-14T18:30:00+00:00", "summary") == (
            page.find(".//link[@rel='canonical']").attrib["href"],
            *(
                named[name]
                for name in ("og:type", "og:title", "og:description", "description", "article:published_time")
            ),
            named["twitter:card"],
        )

    @pytest.mark.parametrize("fragment", [False, True])
    @pytest.mark.parametrize("name", samples)
    def test_no_attribute_is_empty(self, name, fragment):
        """Nothing is said by halves: what an attribute would hold and nobody gave is not there."""
        found = [
            (one.tag, name)
            for one in tree(samples[name], fragment=fragment).iter()
            for name, value in one.attrib.items()
            if not value and name not in ("itemscope", "open", "alt")
        ]

        assert [] == found


class TestIsolation:
    """The stylesheet of a fragment, and the shadow root that keeps that of the page out."""

    def test_shadow_fragment_has_style_and_brief_in_its_root(self):
        """The host has one shadow root, with the stylesheet for it and the brief; the data stands beside it."""
        page = body(samples["full"], fragment=True, isolation="shadow", data_island=True)
        (host,) = of_class(page, "host")

        assert (p.stylesheet("shadow").text, ["template", "script"], "ltr", "en") == (
            page.find(".//style").text,
            [one.tag for one in host],
            host.attrib["dir"],
            host.attrib["lang"],
        )

    @pytest.mark.parametrize("isolation", ["class", "shadow"])
    def test_address_of_a_stylesheet_is_linked(self, isolation):
        """A fragment links its stylesheet where its address is given, and has no style of its own then."""
        rendered = str(p.render(STORY, "html", fragment=True, isolation=isolation, css="https://cdn.example/a.css"))

        assert (1, 0) == (
            rendered.count('<link rel="stylesheet" href="https://cdn.example/a.css">\n'),
            rendered.count("<style"),
        )

    def test_page_has_no_shadow(self):
        """A page is put into no other, so that isolation from it is refused."""
        with pytest.raises(p.OptionsError) as caught:
            p.render(STORY, "html", isolation="shadow")

        assert (
            "perspectives-briefs:html: a page is not put into another one, so that nothing is there to isolate it from"
            " @ isolation, expected fragment=True" == str(caught.value)
        )

    def test_theme_is_that_of_the_stylesheet(self):
        """The style of a page is the stylesheet with the theme that is given."""
        theme = {"accent": "#005f73"}

        assert p.stylesheet(theme=theme).text == tree(STORY, theme=theme).find(".//style").text

    def test_policy_names_the_stylesheet(self):
        """The hash that a stylesheet says is the one by which the policy of a page allows it."""
        policy = tree(STORY).find(".//meta[@http-equiv='Content-Security-Policy']").attrib["content"]

        assert f"style-src '{p.stylesheet().sha256}';" in policy


class TestNonce:
    def test_every_block_has_it(self):
        """The nonce stands on each style and data block, and in the policy of the style."""
        page = tree(STORY, nonce="r4nd0m/+=", data_island=True)
        blocks = [*page.iter("style"), *page.iter("script")]

        assert ({"r4nd0m/+="}, 3, True) == (
            {one.attrib["nonce"] for one in blocks},
            len(blocks),
            f"style-src {hashed(blocks[0])} 'nonce-r4nd0m/+='; " in policy(STORY, nonce="r4nd0m/+=", data_island=True),
        )

    @pytest.mark.parametrize("nonce", ["", "a b", "a'; script-src *", "=", "a\n"])
    def test_what_is_no_nonce_is_refused(self, nonce):
        """Anything but base64 is an OptionsError, so that nothing else gets into the policy."""
        with pytest.raises(p.OptionsError) as caught:
            p.render(STORY, "html", nonce=nonce)

        assert ("nonce", "base64: letters, digits, + / - _, and = at the end") == (
            caught.value.faults[0].path,
            caught.value.faults[0].expected,
        )


def test_pictures_without_encryption_are_allowed_where_there_are_some():
    """The policy allows images by http only where the brief has one."""
    plain = p.Story(headline="H", images=[p.Image(url="http://example.org/a.png", alt="")])

    assert (True, False) == ("img-src https: http:;" in policy(plain), "http:;" in policy(STORY))
