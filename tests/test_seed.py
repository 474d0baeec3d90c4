"""The main job: the seed brief, as copied from its page, in five formats."""

import email
import email.policy
import re
from pathlib import Path

import pytest
from markdown_it import MarkdownIt
from selectolax.lexbor import LexborHTMLParser

import perspectives as p

SEED = Path(__file__).parent.parent / "examples" / "kim-putin.txt"
HEADLINE = "Kim Jong Un Pledges Unconditional Backing for Russia Days Before Putin–Trump Alaska Summit"
GLUED = {"TimesFrame": "Times Frame", "BloombergReport": "Bloomberg Report", "KyivPostPortrays": "KyivPost Portrays"}


@pytest.fixture(name="seed", scope="module")
def _seed():
    return p.load(SEED)


def words(text):
    """The words of a text, with the punctuation that stands at them."""
    for glued, parted in GLUED.items():
        text = text.replace(glued, parted)
    return text.split()


def shown(brief, format):
    """What a reader sees of a format."""
    rendered = p.render(brief, format)
    if format == "html":
        return LexborHTMLParser(str(rendered)).body.text(separator=" ")
    if format == "email":
        mail = email.message_from_bytes(bytes(rendered), policy=email.policy.default)
        return mail.get_body(("plain",)).get_content() + LexborHTMLParser(
            mail.get_body(("html",)).get_content()
        ).body.text(separator=" ")
    if format == "markdown":
        html = MarkdownIt("commonmark").render(str(rendered))
        return LexborHTMLParser(html).body.text(separator=" ")
    return str(rendered).replace('\\"', '"')


@pytest.mark.parametrize("format", ["html", "markdown", "email", "text"])
def test_every_word_is_in_every_format(seed, format):
    """Every word of the seed stands in the output, list numbers aside where the format counts itself."""
    there = set(re.sub(r"\s([,.])(?=\s)", r"\1", shown(seed, format)).split())
    numbers = {"1.", "2.", "3."}

    assert [] == [word for word in words(SEED.read_text("utf-8")) if word not in there | numbers]


def test_every_word_is_in_the_json(seed):
    """The JSON holds every word but the printed ones: headings, "e.g.," and numbers."""
    text = shown(seed, "json")
    printed = {"Focusing", "Facts", "Context", "Perspectives", "e.g.,", "1.", "2.", "3."}

    assert [] == [
        word for word in words(SEED.read_text("utf-8")) if word.rstrip(",") not in text and word not in printed
    ]


def test_outlets_are_separate(seed):
    """All eight outlets of the seed are there, each by its own name."""
    groups = seed.stories[0].perspectives

    assert [
        ["Yeni Şafak", "South China Morning Post", "The Moscow Times"],
        ["NBC News", "The Guardian", "POLITICO", "Bloomberg"],
        ["KyivPost"],
    ] == [[outlet.name for outlet in group.outlets] for group in groups]


def test_framing_and_critique_are_apart(seed):
    """The framings and the critiques begin where the page's sentences do."""
    groups = seed.stories[0].perspectives

    assert ["Frame", "Report", "Portrays"] == [group.framing.split()[0] for group in groups]
    assert ["By", "Their", "Operating"] == [group.critique.split()[0] for group in groups]


def test_guesses_are_warnings():
    """Each split of a glued outlet is a LoadWarning with file and line."""
    with pytest.warns(p.LoadWarning) as caught:
        p.load(SEED)

    assert [
        f"{SEED}:21: 'The Moscow TimesFrame' is split after 'The Moscow Times' (a known outlet); check the name",
        f"{SEED}:25: 'BloombergReport' is split after 'Bloomberg' (a known outlet); check the name",
        f"{SEED}:29: 'KyivPostPortrays' is split after 'KyivPost' (a known outlet); check the name",
    ] == [str(warning.message) for warning in caught]
    assert {__file__} == {warning.filename for warning in caught}


def test_subject_is_the_headline(seed):
    """The mail's subject decodes to exactly the headline, and the mail's headers say so too."""
    rendered = p.render(seed, "email")
    mail = email.message_from_bytes(bytes(rendered), policy=email.policy.default)

    assert (HEADLINE, HEADLINE) == (mail["Subject"], rendered.headers["Subject"])


@pytest.mark.parametrize("width", [0, 60])
def test_text_loads_back(seed, width):
    """The seed rendered as text loads to the same brief, without a guess."""
    report = p.load_report(p.render(seed, "text", width=width))

    assert (seed, ()) == (report.brief, report.findings)


@pytest.mark.parametrize("format", ["html", "markdown", "json", "text"])
def test_output_is_as_committed(seed, format):
    """Each format of the seed is exactly the golden file, which has been looked at; the page without its style."""
    options = {"css": "none"} if format == "html" else {}
    golden = Path(__file__).parent / "data" / f"seed.{ {'markdown': 'md', 'text': 'txt'}.get(format, format) }"

    assert golden.read_text("utf-8") == str(p.render(seed, format, **options))
