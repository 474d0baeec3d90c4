"""What holds for every brief, shown by hypothesis over whole briefs."""

import email
import email.policy
import os
import re
import subprocess
import sys

import html5lib
import pytest
import yaml
from conftest import examples
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from markdown_parsers import PARSERS, every_parser
from printed import missing, printed_texts
from selectolax.lexbor import LexborHTMLParser

import perspectives as p
from perspectives.catalogue import wording_of
from perspectives.outline import outline
from perspectives.testing import briefs, samples

FORMATS = ["email", "html", "json", "markdown", "text"]
few = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])


@few
@given(briefs())
def test_json_loads_to_an_equal_brief(brief):
    """What is dumped loads again to an equal brief, which is dumped alike: 1 and true are equal to Python."""
    text = p.dumps(brief)

    assert (brief, text) == (p.loads(text), p.dumps(p.loads(text)))


@few
@given(briefs())
def test_plain_data_reads_to_an_equal_brief(brief):
    """`from_dict` undoes `to_dict`."""

    assert brief == p.from_dict(p.to_dict(brief))


@few
@given(briefs())
def test_outline_holds_every_text(brief):
    """Every text of a brief is in its outline."""

    assert [] == missing(brief, [node.text for node in outline(brief, wording_of(brief))])


def alternatives(body):
    """The alternative texts of images."""
    return [str(image.attributes["alt"]) for image in body.css("img")]


def by_html5lib(html):
    """What html5lib reads in a page."""
    tree = html5lib.parse(html, namespaceHTMLElements=False)
    return [*tree.find("body").itertext(), *(image.attrib["alt"] for image in tree.iter("img"))]


def by_lexbor(html):
    """What Lexbor reads in a page; what a template holds is no text of the page to it, so here is none."""
    body = LexborHTMLParser(html.replace('<template shadowrootmode="open">', "<div>")).body
    return [body.text(separator="\0"), *alternatives(body)]


HTML_PARSERS = [by_html5lib, by_lexbor]
WAYS = st.sampled_from([{}, {"fragment": True}, {"fragment": True, "isolation": "shadow"}, {"data_island": True}])


@pytest.mark.parametrize("parse", HTML_PARSERS)
@few
@given(briefs(), WAYS)
def test_html_shows_every_text_unchanged(parse, brief, options):
    """Two HTML5 parsers find every text of a brief in the page and in both fragments, character by character."""

    assert [] == missing(brief, parse(str(p.render(brief, "html", **options))))


@pytest.mark.slow
@pytest.mark.parametrize("parse", HTML_PARSERS)
@settings(few, max_examples=examples(200))
@given(briefs(), WAYS, st.booleans())
def test_html_shows_every_text_unchanged_at_length(parse, brief, options, charts):
    """The same for many more, and with charts."""

    assert [] == missing(brief, parse(str(p.render(brief, "html", charts=charts, **options))))


SVG = "{http://www.w3.org/2000/svg}"


@few
@given(briefs(), st.booleans())
def test_html_has_the_same_elements_whatever_the_texts_say(brief, charts):
    """No text becomes an element, an attribute or another address than the model's own, in a chart neither."""
    tree = html5lib.parse(str(p.render(brief, "html", charts=charts)), namespaceHTMLElements=False)
    drawn = {element for svg in tree.iter(f"{SVG}svg") for element in svg.iter()}
    names = {element.tag for element in tree.iter() if isinstance(element.tag, str) and element not in drawn}
    attributes = {name for element in tree.iter() for name in element.attrib if element not in drawn}

    assert (set(), set()) == (
        {element.tag for element in drawn} - {f"{SVG}{name}" for name in "svg title desc rect path text".split()},
        {name for element in drawn for name in element.attrib}
        - set("{http://www.w3.org/2000/xmlns/}xmlns role class width height viewBox aria-hidden focusable x y direction fill fill-opacity stroke stroke-dasharray d font-size font-weight"
              " text-anchor".split()),
    )  # fmt: skip
    schemes = {
        element.attrib[n].split(":")[0] for element in tree.iter() for n in ("href", "src") if n in element.attrib
    }

    assert (set(), set(), set()) == (
        names - set("html head meta title link style body main article section div p span a b bdi cite blockquote ol ul li sup"
            " time data img figure figcaption small br details summary nav script h1 h2 h3 h4 h5 h6".split()),
        attributes - set("lang dir charset name content http-equiv rel href class datetime value id src alt width height cite open property"
            " itemprop itemscope itemtype type aria-labelledby data-of".split()),
        {scheme for scheme in schemes if scheme not in ("https", "mailto") and not scheme.startswith(("#note-", "#story-"))},
    )  # fmt: skip


def unread(brief, text):
    """The texts of a brief that a plain text does not hold, breaks and the marks in outlets' names aside."""
    line = " ".join(text.split())
    unmarked = re.sub(r"\\([\\,،、，])", r"\1", line)
    squeezed = [" ".join(item.split()) for item in printed_texts(brief)]
    return [item for item in squeezed if item not in line and item not in unmarked]


def front_and_body(text):
    """The values of the front matter, read as YAML, and the Markdown behind it."""
    if not text.startswith("---\n"):
        return [], text
    front, _, body = text[4:].partition("\n---\n")
    return [str(value) for value in yaml.safe_load(front).values()], body


def seen(html):
    """What a reader sees of parsed Markdown, and the titles of its links."""
    body = LexborHTMLParser(html).body
    if not body:
        return []
    titles = [str(node.attributes["title"]) for node in body.css("[title]")]
    return [body.text(), *titles, *alternatives(body)]


@every_parser
@settings(few, max_examples=examples(60))
@given(brief=briefs())
def test_markdown_shows_every_text_unchanged(parser, brief):
    """A parser that is not ours and one of YAML find every text of a brief in the Markdown."""
    front, body = front_and_body(str(p.render(brief, "markdown")))

    assert [] == missing(brief, [*front, *seen(PARSERS[parser](body))])


@few
@given(briefs(), st.sampled_from(["gfm", "commonmark"]), st.booleans())
def test_markdown_loads_to_an_equal_brief(brief, flavour, front_matter):
    """Every brief loads back from its Markdown equal, with nothing to guess, and is rendered to the same bytes again."""
    options = {"flavour": flavour, "front_matter": front_matter}
    rendered = p.render(brief, "markdown", **options)
    report = p.load_report(rendered)

    assert (brief, ()) == (report.brief, report.findings)
    assert rendered == p.render(report.brief, "markdown", **options)


@pytest.mark.slow
@settings(few, max_examples=examples(500))
@given(briefs(), st.sampled_from(["gfm", "commonmark"]), st.booleans(), st.sampled_from(["iso", "long"]))
def test_markdown_loads_to_an_equal_brief_at_length(brief, flavour, front_matter, dates):
    """The same for many more, and with dates in words, which are read from comments."""
    rendered = p.render(brief, "markdown", flavour=flavour, front_matter=front_matter, dates=dates)
    report = p.load_report(rendered)

    assert (brief, ()) == (report.brief, report.findings)


@few
@given(briefs())
def test_email_parts_show_every_text_unchanged(brief):
    """Both parts of the mail, decoded by the standard library, hold every text of the brief."""
    mail = email.message_from_bytes(bytes(p.render(brief, "email", subject="s")), policy=email.policy.default)
    plain, html = (part.get_content() for part in mail.iter_parts())

    assert ([], []) == (
        unread(brief, plain),
        missing(brief, LexborHTMLParser(html).body.text(separator="\0").split("\0")),
    )


@few
@given(briefs())
def test_text_shows_every_text_unchanged(brief):
    """The plain text holds every text of the brief; only commas inside an outlet's name are marked."""

    assert [] == unread(brief, str(p.render(brief, "text")))


HASHES = """
import hashlib, perspectives as p
from perspectives.testing import samples
for name, brief in samples.items():
    for format in {formats}:
        options = {{"subject": "s"}} if format == "email" else {{}}
        print(name, format, hashlib.sha256(bytes(p.render(brief, format, **options))).hexdigest())
"""


def test_rendering_is_the_same_in_every_process():
    """Two processes with other hash seeds, time zones and locales render every sample to the same bytes."""
    outputs = []
    for seed, zone, locale in [("1", "UTC", "C"), ("2", "Asia/Tokyo", "C.UTF-8")]:
        environment = os.environ | {"PYTHONHASHSEED": seed, "TZ": zone, "LC_ALL": locale}
        command = [sys.executable, "-c", HASHES.format(formats=FORMATS)]
        outputs.append(subprocess.run(command, env=environment, capture_output=True, check=True).stdout)

    assert (len(samples) * len(FORMATS), outputs[0]) == (outputs[0].count(b"\n"), outputs[1])


@pytest.mark.parametrize("format", FORMATS)
@pytest.mark.parametrize("name", samples)
def test_sample_renders_in_every_format(name, format):
    """Each sample is rendered by each built-in renderer, with the media type that it declares."""
    rendered = p.render(samples[name], format, **({"subject": "s"} if format == "email" else {}))
    types = {"email": "message/rfc822", "html": "text/html", "json": "application/json", "markdown": "text/markdown"}

    assert types.get(format, "text/plain") == rendered.media_type
