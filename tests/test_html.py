"""The HTML page and fragment: structure, options, policy, and how templates of other engines print them."""

import base64
import hashlib
import re
from pathlib import Path

import attrs
import django.conf
import django.template
import html5lib
import jinja2
import pytest

import perspectives as p
from perspectives.testing import samples
from perspectives.theme import THEME

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


def test_fragment_holds_no_style_script_or_id():
    """The fragment has no style, script or event of its own and no id that could clash; images alone are fetched."""
    names = {e.tag for e in tree(samples["full"], fragment=True).find("body").iter() if isinstance(e.tag, str)}
    attributes = {name for e in tree(samples["full"], fragment=True).find("body").iter() for name in e.attrib}

    assert (set(), {"alt", "class", "datetime", "dir", "height", "href", "lang", "src", "value", "width"}) == (
        names & {"style", "script", "link", "iframe", "form"},
        attributes,
    )


def test_page_says_language_and_direction():
    """The page of an Arabic brief is Arabic and runs from right to left, with Arabic headings."""
    page = tree(samples["right-to-left"])

    assert {"lang": "ar", "dir": "rtl"} == page.attrib
    assert "h4 وجهات النظر" in headings(samples["right-to-left"])


def test_story_in_another_language_says_so():
    """A story in another language than its brief has its own language and direction."""
    brief = p.Brief(language="en", stories=[p.Story(headline="H", language="he")])

    assert {"class": "perspectives-story", "lang": "he", "dir": "rtl"} == tree(brief).find(".//article").attrib


def test_outlets_are_cited_apart():
    """Each outlet is a `cite` of its own, those with a homepage link to it."""
    cites = tree(samples["full"], fragment=True).findall(".//cite")[:2]

    assert [("Harbour Ledger", "https://example.org/ledger?a=1&copy=2"), ("Trade Post, Evening Edition", None)] == [
        ("".join(cite.itertext()), next((a.attrib["href"] for a in cite), None)) for cite in cites
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
        digest = base64.b64encode(hashlib.sha256(page.find(".//style").text.encode()).digest()).decode()

        assert (
            f"default-src 'none'; img-src https:; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'"
            == page.find(".//meta[@http-equiv]").attrib["content"]
        )

    def test_url_of_a_stylesheet_is_linked_and_allowed(self):
        """With a URL the page links it, holds no style, and allows its origin."""
        page = tree(STORY, css="https://cdn.example/a.css?x=1;y")

        assert (
            ["https://cdn.example/a.css?x=1;y"],
            None,
            "default-src 'none'; img-src https:; style-src https://cdn.example; base-uri 'none'; form-action 'none'",
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

    def test_stylesheet_has_hash_and_name(self):
        """The stylesheet comes with the hash for a policy and a name that changes with it."""
        sheet = p.stylesheet()
        digest = hashlib.sha256(sheet.text.encode())

        assert (
            f"sha256-{base64.b64encode(digest.digest()).decode()}",
            f"perspectives-{digest.hexdigest()[:12]}.css",
        ) == (
            sheet.sha256,
            sheet.filename,
        )

    def test_every_selector_begins_with_our_prefix(self):
        """No rule can touch an element of the page around the fragment."""
        rules = re.sub(r"@media[^{]*\{", "", p.stylesheet().text)
        selectors = [s.strip() for group in re.findall(r"([^{}]+)\{", rules) for s in group.split(",")]

        assert [] == [selector for selector in selectors if not selector.startswith(".perspectives")]


def _luminance(colour):
    channels = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


@pytest.mark.parametrize("suffix", ["", "_dark"])
@pytest.mark.parametrize("name", ["accent", "ink", "muted"])
def test_colours_can_be_read(name, suffix):
    """Each text colour stands out from the paper by 4.5 or more (WCAG 2.2, 1.4.3), in light and dark."""
    light, dark = sorted((_luminance(getattr(THEME, n + suffix)) + 0.05 for n in (name, "paper")), reverse=True)

    assert light / dark >= 4.5


class TestInTemplates:
    """`{{ page }}` prints the HTML as it is, and everything else escaped."""

    fragment = p.render(p.Story(headline="<b>"), "html", fragment=True)
    text = p.render(p.Story(headline="<b>"), "text")

    def test_jinja(self):
        """Jinja with autoescape prints HTML once, and text escaped."""
        template = jinja2.Environment(autoescape=True).from_string("{{ page }}|{{ text }}")

        assert f"{self.fragment.content}|&lt;b&gt;\n" == template.render(page=self.fragment, text=self.text)

    def test_django(self):
        """Django prints HTML once, and text escaped."""
        if not django.conf.settings.configured:
            django.conf.settings.configure()
        engine = django.template.Engine()
        context = django.template.Context({"page": self.fragment, "text": self.text})

        assert f"{self.fragment.content}|&lt;b&gt;\n" == engine.from_string("{{ page }}|{{ text }}").render(context)

    def test_headline_is_escaped_once(self):
        """The markup of a headline is text in the HTML."""

        assert '<h2 class="perspectives-headline">&lt;b&gt;</h2>' in str(self.fragment)


PLACES = ("perspectives", "colophon")


@pytest.mark.parametrize("fragment", [False, True])
def test_charts_stand_below_the_groups_and_at_the_end(fragment):
    """With `charts`, a story shows words, outlets and citations of its groups, the colophon how outlets are rated."""
    body = tree(samples["full"], charts=True, fragment=fragment).find("body")
    told = [(chart.find(f"{SVG}title").text, chart.find(f"{SVG}desc").text) for chart in body.iter(f"{SVG}svg")]

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
    places = {place: len(list(body.iterfind(f".//*[@class='perspectives-{place}']//{SVG}svg"))) for place in PLACES}
    assert {"perspectives": 3, "colophon": 2} == places


def test_charts_need_no_colophon():
    """How outlets are rated in a scheme that the brief does not hold is shown without any other colophon."""
    body = tree(attrs.evolve(samples["full"], schemes=(), provenance=None), charts=True).find("body")

    assert [2] == [len(list(one.iter(f"{SVG}svg"))) for one in body.iterfind(".//*[@class='perspectives-colophon']")]


def test_charts_speak_the_language_of_the_brief():
    """The bars of an Arabic brief run from the right, under Arabic words."""
    groups = [attrs.evolve(samples["right-to-left"].stories[0].perspectives[0], label=label) for label in ("ا", "ب")]
    story = attrs.evolve(samples["right-to-left"].stories[0], perspectives=groups)
    chart = next(tree(attrs.evolve(samples["right-to-left"], stories=[story]), charts=True).iter(f"{SVG}svg"))

    assert ("الكلمات", {"rtl"}) == (
        chart.find(f"{SVG}title").text,
        {text.attrib["direction"] for text in chart.iter(f"{SVG}text")},
    )


def test_no_chart_unless_asked_for():
    """Without the option no story is charted, nor one group by itself with it."""
    alone = attrs.evolve(samples["right-to-left"], schemes=())

    assert ([], []) == (
        list(tree(samples["full"]).iter(f"{SVG}svg")),
        list(tree(alone, charts=True).iter(f"{SVG}svg")),
    )
