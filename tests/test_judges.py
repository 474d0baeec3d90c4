"""What programs that we did not write say of our HTML: of every sample as page and as fragment, 0 findings."""

import json
import re
import subprocess
import unicodedata
from collections.abc import Mapping
from itertools import pairwise, product

import attrs
import pytest
from conftest import judge, npm, requires
from printed import printed_texts
from selectolax.lexbor import LexborHTMLParser
from turbohtml.conformance import check_html

import perspectives as p
from perspectives.testing import samples

NONCE = "c2FtcGxlLW5vbmNl"
WAYS: Mapping[str, Mapping[str, object]] = {
    "page": {},
    "class": {"fragment": True},
    "shadow": {"fragment": True, "isolation": "shadow"},
}
DIRECTIONS = {"ltr": ("en", None), "rtl": ("ar", None), "mixed": ("en", "ar")}
"""The language of the brief, and of every other story."""


def turned(brief, direction):
    """The brief in a language that runs so, whatever its words are."""
    language, other = DIRECTIONS[direction]
    stories = [
        attrs.evolve(story, language=other if number % 2 == 0 else None) for number, story in enumerate(brief.stories)
    ]
    return attrs.evolve(brief, language=language, stories=stories)


def host(fragment, level=2, head=""):
    """A page of somebody else's around a fragment, with the headings above those of the fragment."""
    above = "".join(f"<h{number}>Host {number}</h{number}>" for number in range(1, level or 2))
    return (
        '<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        f'<meta name="viewport" content="width=device-width, initial-scale=1">\n<title>Host</title>\n{head}</head>\n'
        f"<body>\n<main>\n{above}\n{fragment}</main>\n</body>\n</html>\n"
    )


def written(brief, way, level=None, head="", **options):
    """The HTML of a brief, written one way, a fragment within a page."""
    level = {} if level is None else {"heading_level": level}
    text = str(p.render(brief, "html", **WAYS[way], **level, **options))
    return text if way == "page" else host(text, level.get("heading_level", 2), head)


STYLE = "<style>{}</style>\n"


def styled(brief, way, **options):
    """The same with our stylesheet, wherever it has to be."""
    return written(brief, way, head=STYLE.format(p.stylesheet().text) if way == "class" else "", **options)


def tree(html):
    """The HTML as Lexbor reads it, a shadow tree as a part of the page."""
    return LexborHTMLParser(html.replace('<template shadowrootmode="open">', "<div>").replace("</template>", "</div>"))


# Nu: 0 errors, 0 warnings ------------------------------------------------------------------------------------------

NOT_KNOWN = {
    "Inline style violates Content Security Policy": "it does not compare hashes; Chromium does, see the policies",
    "CSS: Unrecognized at-rule “@container”": "its CSS is older than container queries (CSS Conditional 5)",
    "CSS: “container”: Property “container” doesn't exist.": "as above",
    "CSS: “font-size”: Parse Error.": "as above: the unit cqi",
}
"""What Nu 26.9 says that is not so, by how the message begins, each with the reason."""


ASKED_FOR = {
    r"-page-[234]\.html": "This document has heading elements but none of them has a computed heading level of 1.",
    r"-1\.html": "Consider using the “h1” element as a top-level heading only",
}
"""What it says where the caller has set the level: of a page for a place with headings above, of two stories at 1."""


def nu(pages, folder):
    """What the Nu HTML checker says of the files, all in one run: Java takes seconds to start."""
    jar = npm("vnu-jar@26.9.27") / "node_modules" / "vnu-jar" / "build" / "dist" / "vnu.jar"
    for name, page in pages.items():
        (folder / name).write_text(page, "utf-8")
    command = ["java", "-jar", str(jar), "--format", "json", *(str(folder / name) for name in pages)]
    report = json.loads(subprocess.run(command, capture_output=True, text=True, encoding="utf-8").stderr)
    return [
        {"page": one["url"].rpartition("/")[2], "says": one["message"], "at": one.get("extract")}
        for one in report["messages"]
        if not one["message"].startswith(tuple(NOT_KNOWN))
    ]


@pytest.mark.slow
@requires("java")
@requires("npm")
class TestNu:
    """The Nu HTML checker, the one behind validator.w3.org."""

    def test_nu_finds_nothing(self, tmp_path):
        """Page and fragments of each sample, at each level and without headings, have no error and no warning."""
        pages = {f"styled-{way}.html": styled(samples["full"], way, charts=True) for way in WAYS}
        for (name, brief), way, level in product(samples.items(), WAYS, (None, 0, 1, 2, 3, 4)):
            page = written(brief, way, level, css="none", data_island=True)
            pages[f"{name}-{way}-{level}.html"] = page
            if way == "shadow":  # what a template holds is judged once more as if it stood in the page
                pages[f"{name}-opened-{level}.html"] = tree(page).html

        assert [] == [
            one
            for one in nu(pages, tmp_path)
            if not any(
                re.search(name, one["page"]) and one["says"].startswith(says) for name, says in ASKED_FOR.items()
            )
        ]

    def test_nu_sees_faults(self, tmp_path):
        """The control: it says what is wrong with a page that is."""
        page = "<!doctype html><html lang=en><title>t</title><h1>h</h1><p><time datetime=soon>x</time><h3>x</h3>"

        assert 2 == len(nu({"faulty.html": page}, tmp_path))


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("name", samples)
def test_turbohtml_finds_nothing(name, way):
    """A second checker, in every run of the tests: no picture without alternative, no id twice, no empty heading."""
    pages = [written(samples[name], way, level, charts=True) for level in (None, 0, 1)]

    assert [] == [message for page in pages for message in check_html(page).messages]


# axe: WCAG 2.2 A and AA, and best practice -------------------------------------------------------------------------

EXEMPT = [
    # What is painted under the text of an SVG, axe cannot see: it is the page.
    lambda fault: fault["rule"] == "color-contrast?" and fault["html"].startswith("<text"),
    # A brief without any text has none for a heading.
    lambda fault: fault["rule"] == "page-has-heading-one" and fault["page"].endswith("/empty.html"),
]


def axe(pages):
    """What axe-core finds at three widths in both schemes, what it cannot decide too."""
    found = judge("axe.js", pages, tags=["best-practice"], widths=[320, 768, 1280], incomplete=True)
    return [fault for fault in found if not any(is_exempt(fault) for is_exempt in EXEMPT)]


def reflow(pages):
    """What does not fit 320 px, at the usual size of text and at twice that size, which the text has to follow."""
    usual = judge("reflow.js", pages)
    twice = judge("reflow.js", pages, flags=["--blink-settings=defaultFontSize=32"])
    found = [(one["page"], fault) for one in (*usual, *twice) for fault in one["found"]]
    return found + [
        (one["page"], {"rule": "size", "at": f"{one['size']} px, then {two['size']} px"})
        for one, two in zip(usual, twice, strict=True)
        if two["size"] != 2 * one["size"]
    ]


@pytest.mark.slow
@requires("chromium")
@requires("npm")
class TestInBrowser:
    """Chromium shows every sample, running from the left, from the right, and both ways."""

    @pytest.mark.parametrize("direction", DIRECTIONS)
    def test_axe_finds_nothing_in_a_page(self, direction):
        """Everybody can read a page, on a phone, a tablet and a desk, light and dark."""
        pages = {
            f"{name}.html": styled(turned(brief, direction), "page", charts=True) for name, brief in samples.items()
        }

        assert [] == axe(pages)

    @pytest.mark.parametrize("way", ["class", "shadow"])
    @pytest.mark.parametrize("direction", DIRECTIONS)
    def test_axe_finds_nothing_in_a_fragment(self, direction, way):
        """Nor does a fragment bring a fault into a page of somebody else's."""
        pages = {f"{name}.html": styled(turned(brief, direction), way) for name, brief in samples.items()}

        assert [] == axe(pages)

    def test_text_fits_a_phone(self):
        """At 320 px nothing hangs out or is cut, however wide the text is spaced and at twice its size."""
        pages = {
            f"{name}-{way}-{direction}.html": styled(turned(brief, direction), way)
            for (name, brief), way, direction in product(samples.items(), WAYS, DIRECTIONS)
        }
        pages["charts.html"] = styled(samples["full"], "page", charts=True)

        assert [] == reflow(pages)

    def test_policies_are_kept(self):
        """Under a policy that allows nothing but our stylesheet, and images, the console has nothing to say."""
        sheet = p.stylesheet()
        link = f'<link rel="stylesheet" href="/{sheet.filename}" integrity="{sheet.sha256}">\n'
        policies = {
            "class": ("default-src 'none'; style-src 'self'; img-src https:", {"head": link}),
            "shadow": (f"default-src 'none'; style-src 'nonce-{NONCE}'; img-src https:", {"nonce": NONCE}),
            "page": (None, {}),
        }
        pages = {sheet.filename: sheet.text}
        for (name, brief), way in product(samples.items(), policies):
            policy, options = policies[way]
            page = written(brief, way, charts=True, data_island=True, **options)
            pages[f"{name}-{way}.html"] = (page, {"content-security-policy": policy} if policy else {})

        assert [] == judge("console.js", pages)

    def test_thirty_stories_can_be_walked_by_keyboard(self):
        """Tab reaches each link of thirty stories in the order of the page, and each entry of the contents leads there."""
        page = styled(THIRTY, "page")
        expected = [f"#story-{number}" for number in range(1, 31)]

        assert [{"page": "https://judge.example/thirty.html", "found": [], "contents": expected}] == judge(
            "keyboard.js", {"thirty.html": page}
        )

    def test_axe_finds_nothing_in_thirty_stories(self):
        """Nor is there any fault in a page of thirty stories, or sideways."""
        page = {"thirty.html": styled(THIRTY, "page")}

        assert ([], []) == (axe(page), reflow(page))

    def test_judges_see_faults(self):
        """The control: each judge finds what is wrong with a page that is."""
        pages = {"faulty.html": (FAULTY, {"content-security-policy": "script-src 'none'"})}
        walked = judge("keyboard.js", pages)[0]

        assert {
            "image-alt",
            "landmark-one-main",
            "region",
            "page-has-heading-one",
            "color-contrast?",
            "reflow",
            "tabindex",
        } == {fault["rule"] for fault in axe(pages)}
        assert {"scroll", "outside", "cut", "size"} == {fault["rule"] for _, fault in reflow(pages)}
        assert 1 == len(judge("console.js", pages))
        assert {"order", "focus", "contents"} == {fault["rule"] for fault in walked["found"]}

    @requires("pdftotext")
    def test_printed_page_holds_every_text_and_address(self, tmp_path):
        """The page on paper, read back from its PDF, has every text and the address of every link."""
        pages = {f"{name}.html": styled(brief, "page") for name, brief in samples.items()}
        files = judge("print.js", pages, folder=str(tmp_path))
        found = []
        for (name, brief), file in zip(samples.items(), files, strict=True):
            columns, rows = (output("pdftotext", *way, "-enc", "UTF-8", file, "-") for way in ([], ["-raw"]))
            found += [(name, text) for text in printed_texts(without_pictures(brief)) if not is_on(text, columns, rows)]
            links = [str(link.attributes["href"]) for link in tree(pages[f"{name}.html"]).css("main a[href]")]
            shown = [url.removeprefix("mailto:") for url in links if url[0] != "#"]
            found += [(name, url) for url in shown if letters(url) not in letters(rows)]

        assert [] == found


FAULTY = """\
<!doctype html>
<html lang="en">
<meta name="viewport" content="width=device-width">
<title>A page with faults</title>
<style>
  p { width: 2000px; background: linear-gradient(#555, #444); font-size: 16px }
  div { width: 50px; overflow: hidden; white-space: nowrap }
  a { outline: none !important }
</style>
<nav><a href="#nowhere">Nowhere</a> <a href="/1.html" tabindex="2">One</a></nav>
<div class="perspectives" style="font-size: 20px"><p>Dark on dark.</p></div><div>Too long for its box.</div><img src="https://example.org/a.png">
<script>missing()</script>
"""
STORY = p.Story(
    headline="Story",
    summary="What happened.",
    url="https://example.org/story",
    facts=[p.Fact(text="It did.", citations=[p.Citation(source="s")]), p.Fact(text="It did so twice.")],
    perspectives=[
        p.PerspectiveGroup(
            label=label,
            framing="Tells it so.",
            critique="Forgets it.",
            outlets=[p.Outlet(name="O", homepage="https://example.org/o")],
        )
        for label in ("Some", "Others")
    ],
    links=[p.Link(label="More", href="https://example.org/more")],
    sources=[p.Source(id="s", title="Minutes", url="https://example.org/minutes")],
)
THIRTY = p.Brief(
    title="Thirty stories",
    stories=[
        attrs.evolve(STORY, headline=f"Story {number}", section=f"Part {number // 11}") for number in range(1, 31)
    ],
)


# What stays when there is neither style nor script, or only paper --------------------------------------------------


def letters(text):
    """The letters of a text, for comparing where lines and words are broken anew: no blanks, hyphens or marks."""
    plain = unicodedata.normalize("NFKC", text)
    return "".join(c for c in plain if c not in "-\u2010\u2011" and unicodedata.category(c)[0] not in "ZC")


def words(text):
    """The words of a text in no order, and their letters neither: pdftotext turns what runs from the right."""
    return {"".join(sorted(word)) for word in re.findall(r"\w+", unicodedata.normalize("NFKC", text))}


def is_on(text, columns, rows):
    """Whether a text is on paper: in one piece, with what it overrides turned, or word for word if from the right."""
    turned = re.sub("\u202e(.*?)\u202c", lambda part: part[1][::-1], text)
    runs_left = any(unicodedata.bidirectional(c) in ("R", "AL") for c in columns)
    return letters(turned) in letters(rows) or (runs_left and words(text) <= words(columns))


def without_pictures(brief):
    """The brief without alternative texts: on paper is the picture."""
    stories = [
        attrs.evolve(story, images=[attrs.evolve(image, alt="") for image in story.images]) for story in brief.stories
    ]
    return attrs.evolve(brief, stories=stories)


def output(*command, text=""):
    """What a program prints."""
    done = subprocess.run(command, input=text, capture_output=True, check=True, text=True, encoding="utf-8")
    return done.stdout


def reading(brief):
    """The texts of a brief that tell its stories, in the order in which they are read."""
    yield from (brief.title, brief.intro)
    section = None
    for story in brief.stories:
        yield from (story.section if story.section != section else None, story.headline, story.summary)
        section = story.section
        yield from printed_texts(tuple(fact.text for fact in story.facts))
        yield from printed_texts(story.context) if story.context else ()
        for group in story.perspectives:
            yield from (group.label, *(outlet.name for outlet in group.outlets), group.framing, group.critique)
            yield from (quote.text for quote in group.quotes)
        yield from (quote.text for quote in story.quotes)
        yield from (text for event in story.timeline for text in (event.when, event.text))
        yield from (text for question in story.questions for text in (question.question, *question.answer))
        yield from (text for block in story.blocks for text in (block.label, *block.items))
        yield from (link.label for link in story.links)
    if call := brief.call_to_action:
        yield from (call.headline, *call.body, call.assurance, call.label)


@requires("w3m")
@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("name", samples)
def test_w3m_shows_every_text_in_order(name, way):
    """Without style and script every text is there, and the stories read from their headlines to their links."""
    command = "w3m -dump -T text/html -I UTF-8 -O UTF-8 -cols 500 -o display_image=0 -o ext_halfdump=0".split()
    seen = letters(output(*command, text=written(samples[name], way, data_island=True)))
    place, lost = 0, []
    for text in map(letters, filter(None, reading(samples[name]))):
        found = seen.find(text, place)
        place = max(place, found + len(text)) if found >= 0 else place
        lost += [text] if found < 0 else []

    assert ([], []) == (lost, [text for text in printed_texts(samples[name]) if letters(text) not in seen])


# What two parsers say of the structure -----------------------------------------------------------------------------


def levels(page):
    """The levels of the headings, in order."""
    return [int(node.tag[1]) for node in tree(page).css("h1, h2, h3, h4, h5, h6")]


@pytest.mark.parametrize("level", [None, 0, 1, 2, 3, 4])
@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("name", samples)
def test_no_level_of_headings_is_skipped(name, way, level):
    """From the top down each heading is at most one level below the one before, in a page from the level asked for."""
    found = levels(written(samples[name], way, level))
    found = found if way == "page" and level else [0, *found]

    assert [] == [(above, below) for above, below in pairwise(found) if below > above + 1]


@pytest.mark.parametrize("level", [0, 1, 2, 3, 4])
@pytest.mark.parametrize("way", ["class", "shadow"])
@pytest.mark.parametrize("name", samples)
def test_fragment_begins_at_the_level_asked_for(name, way, level):
    """The first heading of a fragment, and its highest, has the level that was asked for; with 0 it has none."""
    found = levels(str(p.render(samples[name], "html", **WAYS[way], heading_level=level)))

    assert ([level, level] if level and samples[name].stories else []) == [*found[:1], *([min(found)] if found else [])]


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("name", samples)
def test_elements_say_what_they_hold(name, way):
    """Facts are an ordered list, outlets are cited, days are times, and only very words are block quotations."""
    brief, page = samples[name], tree(written(samples[name], way))
    facts = [fact.text for story in brief.stories for fact in story.facts]
    outlets = [outlet.name for story in brief.stories for group in story.perspectives for outlet in group.outlets]
    quotes = [quote for story in brief.stories for holder in (story, *story.perspectives) for quote in holder.quotes]
    dates = [story.date for story in brief.stories if story.date]

    assert (facts, outlets, sum(quote.verbatim for quote in quotes), [], {date.isoformat() for date in dates}) == (
        [node.text() for node in page.css(".perspectives-facts ol > li .perspectives-text")],
        [node.text() for node in page.css(".perspectives-outlets cite")],
        len(page.css("blockquote.perspectives-quote, .perspectives-quote blockquote")),
        page.css("details:not([open]), [hidden]"),
        {date.isoformat() for date in dates} & {str(node.attributes.get("datetime")) for node in page.css("time")},
    )


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("name", samples)
def test_only_web_and_mail_addresses_are_linked(name, way):
    """What is linked or loaded is http, https or mailto, or a place in the page; no attribute is empty but `alt`."""
    nodes = tree(written(samples[name], way, charts=True)).css("*")
    attributes = [(node.tag, name, value) for node in nodes for name, value in node.attributes.items()]
    addresses = [
        value for _, name, value in attributes if name in {"href", "src", "action", "cite", "itemid", "poster"}
    ]

    assert ([], []) == (
        [address for address in addresses if not re.match(r"https?://[a-z]|mailto:[a-z]|#[a-z]", address)],
        [found for found in attributes if found[2] == "" and found[1] not in {"alt"}],
    )


@pytest.mark.parametrize("name", samples)
def test_page_says_where_it_is_only_if_it_is_somewhere(name):
    """Open Graph and the canonical address are in the page where the brief has a URL, and not elsewhere."""
    brief, head = samples[name], tree(written(samples[name], "page")).head
    expected = [brief.url] if brief.url else []

    assert (expected, expected, bool(expected)) == (
        [node.attributes["href"] for node in head.css("link[rel=canonical]")],
        [node.attributes["content"] for node in head.css('meta[property="og:url"]')],
        bool(head.css('meta[property^="og:"], meta[name^="twitter:"]')),
    )
