"""The contracts: the built-in formats keep them, and each flaw is found, with a sentence that says why."""

import importlib
import json
import re
import subprocess
import sys
import tomllib
from pathlib import Path
from typing import ClassVar

import flawed
import pytest
from test_typing import mypy, pyright

import perspectives as p
from perspectives.loaders.email import EmailLoader
from perspectives.loaders.html import HtmlLoader
from perspectives.loaders.json import JsonLoader
from perspectives.loaders.markdown import MarkdownLoader
from perspectives.loaders.text import TextLoader
from perspectives.plugin import NoOptions
from perspectives.renderers.email import EmailOptions, EmailRenderer
from perspectives.renderers.html import HtmlOptions, HtmlRenderer
from perspectives.renderers.json import JsonRenderer
from perspectives.renderers.markdown import MarkdownRenderer
from perspectives.renderers.text import TextRenderer
from perspectives.testing import LoaderContract, RendererContract, options_table, samples
from perspectives.testing.places import smallest
from perspectives.text import show

PROJECT = tomllib.loads((Path(__file__).parents[1] / "pyproject.toml").read_text("utf-8"))["project"]
HAND_WRITTEN = Path(__file__).parent / "data" / "markdown"
PAGES = Path(__file__).parent / "data" / "html"
MAILS = Path(__file__).parent / "data" / "mail"


class OutletNamesAreMarked:
    """In plain text a comma in the name of an outlet is marked, so that it does not part it."""

    examples = 10

    def visible_text(self, rendered):
        """The text as it is, and without the marks."""
        text = super().visible_text(rendered)
        return text + "\n" + re.sub(r"\\([\\,،、，])", r"\1", text)


class TestEmail(OutletNamesAreMarked, RendererContract):
    renderer = EmailRenderer()
    options = EmailOptions(subject="Brief")


class TestHtml(RendererContract):
    renderer = HtmlRenderer()
    examples = 10


class TestFragment(RendererContract):
    renderer = HtmlRenderer()
    options = HtmlOptions(fragment=True)
    examples = 10


class TestJson(RendererContract):
    renderer = JsonRenderer()
    examples = 10


class TestMarkdown(RendererContract):
    renderer = MarkdownRenderer()
    examples = 10


class TestText(OutletNamesAreMarked, RendererContract):
    renderer = TextRenderer()


class TestEmailLoader(LoaderContract):
    loader = EmailLoader()
    inputs: ClassVar = {
        f"{name}-data.eml": bytes(p.render(brief, "email", subject="Brief", attach_data=True))
        for name, brief in samples.items()
    } | {
        f"{name}.eml": (MAILS / f"{name}.eml").read_bytes()
        for name in ("base64", "cut", "forwarded", "newsletter", "text-only")
    }
    examples = 20


class TestHtmlLoader(LoaderContract):
    loader = HtmlLoader()
    inputs: ClassVar = (
        {f"{name}.html": bytes(p.render(brief, "html")) for name, brief in samples.items()}
        | {f"{name}-data.html": bytes(p.render(brief, "html", data_island=True)) for name, brief in samples.items()}
        | {path.name: path.read_bytes() for path in PAGES.glob("*.html")}
    )
    examples = 20


class TestJsonLoader(LoaderContract):
    loader = JsonLoader()
    inputs: ClassVar = {f"{name}.json": p.dumps(brief).encode() for name, brief in samples.items()}
    renderer = "json"
    examples = 20


class TestMarkdownLoader(LoaderContract):
    loader = MarkdownLoader()
    inputs: ClassVar = {f"{name}.md": bytes(p.render(brief, "markdown")) for name, brief in samples.items()} | {
        path.name: path.read_bytes() for path in HAND_WRITTEN.glob("*.md")
    }
    renderer = "markdown"
    examples = 20


class TestTextLoader(LoaderContract):
    loader = TextLoader()
    inputs: ClassVar = {
        f"{name}.txt": bytes(p.render(samples[name], "text")) for name in ("full", "no-groups", "right-to-left")
    }
    examples = 20


def said(contract, test, **attributes):
    """The sentence with which one test of a contract fails."""
    case = type("TestIt", (contract,), {"packaged": False, "examples": 40, **attributes})()
    with pytest.raises(pytest.fail.Exception) as caught:
        getattr(case, test)()
    return re.sub(r"(flawed\.py):\d+", r"\1:N", caught.value.msg)


def check(contract, test, **attributes):
    """Run one test of a contract that must not fail."""
    getattr(type("TestIt", (contract,), {"examples": 10, **attributes})(), test)()


def skipped(contract, test, **attributes):
    """The reason for which one test of a contract is skipped."""
    with pytest.raises(pytest.skip.Exception) as caught:
        getattr(type("TestIt", (contract,), attributes)(), test)()
    return caught.value.msg


@pytest.mark.parametrize(
    ("attributes", "sentence"),
    [
        ({}, "TestIt names no renderer; give it the object: `renderer = Toot()`"),
        (
            {"renderer": flawed.Plain},
            "`renderer` of TestIt is a class; give an object of it: `renderer = Plain()`",
        ),
        (
            {"renderer": flawed.NoRender()},
            "NoRender has no `render`; see perspectives.plugin.Renderer for what it needs",
        ),
        (
            {"renderer": flawed.ForeignInfo()},
            "ForeignInfo.info is a SimpleNamespace, expected a RendererInfo of perspectives.plugin",
        ),
        (
            {"renderer": flawed.BadMediaType()},
            "BadMediaType.info: 'plain' is no media type; one looks like 'text/html; charset=utf-8'",
        ),
        (
            {"renderer": flawed.LongSummary()},
            "LongSummary.info.summary is 'Plain\\nlines'; say in one line what the format is",
        ),
        (
            {"renderer": flawed.UnknownOmission()},
            "UnknownOmission.info.omits names 'perspective', which is no field of the model;"
            " did you mean 'perspectives'?",
        ),
    ],
)
def test_info_of_a_renderer_is_told(attributes, sentence):
    """A renderer that does not say what it is, or what it omits, is told what is wrong."""

    assert sentence == said(RendererContract, "test_info", **attributes)


@pytest.mark.parametrize(
    ("options_class", "sentence"),
    [
        (
            flawed.Undocumented,
            "option 'width' of Undocumented is not documented;"
            ' write `field(default=..., metadata={"help": "what it does"})`',
        ),
        (flawed.Required, "option 'width' of Required has no default: nobody could do without it"),
        (flawed.Positional, "option 'width' of Positional is positional; write `@frozen(kw_only=True)`"),
        (flawed.Thawed, "Thawed is not frozen: who renders twice with one object could get two results"),
        (
            flawed.Unsayable,
            "option 'widths' of Unsayable takes list[int] or None, which no command line and no JSON can give;"
            " use bool, int, float, str, date, datetime, Literal, Mapping[str, str] or None",
        ),
        (
            flawed.Unfound,
            "the types of Unfound cannot be read: name 'Columns' is not defined;"
            " import what they name, outside TYPE_CHECKING",
        ),
        (
            dict,
            "WithOptions.options_class is <class 'dict'>, expected an attrs class;"
            " NoOptions for a format that takes none",
        ),
    ],
)
def test_options_are_told(options_class, sentence):
    """Options that cannot be documented, given on a command line or left out are told."""

    assert sentence == said(RendererContract, "test_options", renderer=flawed.WithOptions(options_class))


def test_defaults_need_not_do_where_the_tests_have_options():
    """A format that needs to be told something is tested with it; one that says nothing must do by its defaults."""
    sentence = said(RendererContract, "test_options", renderer=flawed.NeedsTitle())
    check(
        RendererContract, "test_options", renderer=flawed.NeedsTitle(), options=flawed.Titled(title="T"), packaged=False
    )

    assert "NeedsTitle.render raised ValueError: no title" == sentence.partition(" (")[0]


def test_default_that_is_refused_is_told():
    """Defaults that their own validators refuse are told with the error."""
    sentence = said(RendererContract, "test_options", renderer=flawed.WithOptions(flawed.Refused))

    assert "Refused() raised ValueError: 'width' must be >= 1: 0" == sentence.partition(" (")[0]


TABLE = """\
| option | type | default | meaning |
|---|---|---|---|
| `width` | an int | `80` | columns, 0 \\| none |
| `dates` | 'iso' or 'long' | `iso` | how days are written |
| `links` | true or false | `true` | print addresses |
| `title` | a text or None | `none` | else the brief's |
"""


def test_table_of_options_is_markdown():
    """The table has a row for each option, in one line and with its bars escaped; none is a sentence."""

    assert (TABLE, "It takes no options.\n") == (options_table(flawed.Documented), options_table(NoOptions))


def test_readme_without_the_table_is_told(tmp_path):
    """A README that does not hold the table of options is told with the table to paste; one that does is right."""
    readme = tmp_path / "README.md"
    renderer = flawed.WithOptions(flawed.Documented)
    readme.write_text("# plain\n")

    assert f"README.md does not hold the table of the options of 'plain'; paste this:\n\n{TABLE}" == said(
        RendererContract, "test_options", renderer=renderer, readme=readme
    )
    readme.write_text(f"# plain\n\n{TABLE}\nMore.\n")
    type("TestIt", (RendererContract,), {"renderer": renderer, "readme": readme})().test_options()


def test_renderer_that_is_not_total_is_told():
    """A renderer that raises for one of the samples is told which, and where in its own file."""

    assert (
        "FirstStory.render raised IndexError: tuple index out of range (flawed.py:N) for the sample 'empty';"
        " a renderer prints every brief" == said(RendererContract, "test_total", renderer=flawed.FirstStory())
    )


@pytest.mark.parametrize(
    ("fails", "expected"),
    [
        (lambda story: story.facts, p.Story(headline="a", facts=[p.Fact(text="a")])),
        (lambda story: story.perspectives, p.Story(headline="a", perspectives=[p.PerspectiveGroup(label="a", framing="a")])),
        (lambda story: story.images, p.Story(headline="a", images=[p.Image(url="https://example.", alt="")])),
        (lambda story: any(fact.status == "disputed" for fact in story.facts),
         p.Story(headline="a", facts=[p.Fact(text="a", status="disputed")])),
    ],
    ids=["fact", "group", "image", "status"],
)  # fmt: skip
def test_search_for_the_smallest_brief_ends(fails, expected):
    """Each step of the search leaves something out, so that it ends: what holds its default is not set to it again."""
    asked = iter(range(10_000))

    def check(brief):
        assert next(asked, None) is not None, "the search has no end"
        return any(fails(story) for story in brief.stories)

    assert p.Brief(stories=[expected]) == smallest(samples["full"], check)


def test_generated_brief_is_told_at_its_smallest():
    """A renderer that raises for what no sample has is told a brief of which nothing can be left out."""

    assert (
        "Retracted.render raised LookupError: no word for 'retracted' (flawed.py:N) for a generated brief;"
        " a renderer prints every brief\n"
        'the brief: {"format":"perspectives/1.0","stories":[{"headline":"a","facts":[{"text":"a","status":"retracted"}]}]}'
        == said(RendererContract, "test_total", renderer=flawed.Retracted(), examples=400)
    )


@pytest.mark.parametrize(
    ("renderer", "sentence"),
    [
        (
            flawed.ReturnsText(),
            "ReturnsText.render returned 'text' for the sample 'full', expected a perspectives.plugin.Rendered",
        ),
        (
            flawed.OtherMediaType(),
            "OtherMediaType.render returned 'text/html' for the sample 'full', but its info declares 'text/plain'",
        ),
        (
            flawed.SometimesBytes(),
            "SometimesBytes.render returns text for the sample 'full' and bytes for 'empty';"
            " one or the other, for every brief",
        ),
        (
            flawed.Latin1(),
            "Latin1.render returned what is no UTF-8 for the sample 'full':"
            " 'utf-8' codec can't decode byte 0xe9 in position 0: unexpected end of data",
        ),
        (
            flawed.TwoParts(),
            "TwoParts.render returned two parts named 'a.txt' for the sample 'full': one would overwrite the other",
        ),
    ],
)
def test_wrong_return_is_told(renderer, sentence):
    """What is returned and was not promised is told."""

    assert sentence == said(RendererContract, "test_typed", renderer=renderer)


ONCE = "it must read no clock, no random number and nothing that an earlier rendering left"


@pytest.mark.parametrize(
    ("renderer", "sentence"),
    [
        (
            flawed.Counting(),
            f"Counting.render gives two results for the sample 'full' when it renders it twice; {ONCE}",
        ),
        (
            flawed.Shared(),
            f"Shared.render gives two results for the sample 'NAME' when eight threads render it; {ONCE}",
        ),
        (
            flawed.Unordered(),
            "Unordered makes something else of 'twelve-groups' in another process, where hashes and the time zone"
            " are others; sort what comes out of a set, and read no clock",
        ),
        (
            flawed.Unpicklable(),
            "Unpicklable does not work in another process: cannot be pickled: Can't pickle local object"
            " 'Unpicklable.__init__.<locals>.<lambda>'; define its class at the top of a module"
            " that can be imported, and let it hold nothing that cannot be pickled",
        ),
    ],
)
def test_two_results_are_told(renderer, sentence):
    """A renderer that gives two results for one brief is told, with where they differ."""
    found = said(RendererContract, "test_deterministic", renderer=renderer)

    assert sentence == re.sub("'[a-z-]+' when eight", "'NAME' when eight", re.sub(r": ….*…;", ";", found))


def test_other_time_zone_needs_no_data(monkeypatch, tmp_path):
    """The other process has another time zone on a system that knows none by name, too."""
    monkeypatch.setenv("TZDIR", str(tmp_path))

    assert (
        "Zoned makes something else of 'full' in another process, where hashes and the time zone are others;"
        " sort what comes out of a set, and read no clock"
        == said(RendererContract, "test_deterministic", renderer=flawed.Zoned())
    )


def test_difference_of_two_results_is_shown():
    """The first character that differs is shown in both results."""

    assert ["number ", "number "] == re.findall(
        r"…[^…]*(number )\d+'[^…]*…", said(RendererContract, "test_deterministic", renderer=flawed.Counting())
    )


def dropped(who, path, text, *omits):
    """The sentence for a text that is not there."""
    fields = ", ".join(map(repr, omits))
    return (
        f"{who}.render drops $.stories[0].{path}: {text!r}; print it as it is, or declare what this format cannot"
        f" show: omits=frozenset({{{fields}}})"
    )


@pytest.mark.parametrize(
    ("renderer", "sentence"),
    [
        (
            flawed.DropsCritique(),
            dropped(
                "DropsCritique",
                "perspectives[0].critique of the sample 'full'",
                "Says little of the people who walk. mark0019",
                "PerspectiveGroup.critique",
            ),
        ),
        (
            flawed.HidesCritique(),
            "HidesCritique.render writes $.stories[0].perspectives[0].critique of the sample 'full':"
            " 'Says little of the people who walk. mark0019', but who reads 'text/markdown' does not see it so;"
            " escape it, and write it where they look",
        ),
        (
            flawed.DropsOutlets(),
            dropped(
                "DropsOutlets",
                "perspectives[0].outlets[0].name of the sample 'full'",
                "Harbour Ledger mark0020",
                "Outlet.name", "Outlet.owner", "Rating.rater", "Rating.licence", "Rating.confidence",
            ),
        ),
        (
            flawed.ThreeGroups(),
            dropped(
                "ThreeGroups",
                "perspectives[3].label of the sample 'twelve-groups'",
                "Group 4 mark0017",
                "PerspectiveGroup.label", "PerspectiveGroup.framing", "PerspectiveGroup.critique", "Outlet.name",
            ),
        ),
        (
            flawed.Shortened(),
            dropped(
                "Shortened",
                "summary of the sample 'full'",
                "After a seven-hour session the council voted 9 to 8 to clo…",
                "Story.summary", "Rating.licence", "Rating.confidence",
            ).replace("…'", "…"),
        ),
        (
            flawed.PoorHtmlMail(),
            dropped(
                "PoorHtmlMail",
                "perspectives[0].critique from the body 'text/html' of the sample 'full'",
                "Says little of the people who walk. mark0019",
                "PerspectiveGroup.critique",
            ),
        ),
        (
            flawed.Quoting(),
            dropped("Quoting", "sources[1].title of the sample 'full'", 'Traffic count "2025" mark0040', "Source.title")
            + "; if it is there, but written otherwise, override `visible_text`",
        ),
        (
            flawed.Capitals(),
            dropped(
                "Capitals",
                "title of the sample 'full'",
                "Evening brief mark0001",
                "Brief.title", "Story.headline", "Story.section", "PerspectiveGroup.label", "Question.question",
                "Block.label",
            ).replace(".stories[0]", "") + "; if it is there, but written otherwise, override `visible_text`",
        ),
        (
            flawed.HeadlinesOnly(),
            dropped(
                "HeadlinesOnly",
                "title of the sample 'full'",
                "Evening brief mark0001",
                "Brief.title", "Brief.intro", "Brief.publisher", "Story.section", "Story.summary", "Story.facts",
                "Story.context", "Story.perspectives", "Story.links", "Story.sources", "Story.quotes", "Story.timeline",
                "Story.questions", "Story.images", "Story.blocks", "Story.subjects", "Story.place", "Story.corrections",
                "Story.provenance", "Brief.schemes", "Brief.call_to_action", "Brief.provenance",
            ).replace(".stories[0]", ""),
        ),
        (
            flawed.Wrapped(),
            "Wrapped.render breaks $.stories[0].headline of the sample 'very-long':"
            " 'DonaudampfschifffahrtsgesellschaftskapitänsmützeDonaudampf… within a word, or joins two; break lines at"
            " blanks only",
        ),
        (
            flawed.RawHeadline(),
            "RawHeadline.render writes $.stories[0].headline of the sample 'hostile': '<script>alert(1)</script> &"
            " <b>bold</b> \"quoted\" \\'single\\…, but who reads 'text/html' does not see it so; escape it, and write it"
            " where they look",
        ),
        (
            flawed.Reversed(),
            "Reversed.render changes the order of $.stories[0].perspectives of the sample 'full': 'Neighbourhood papers"
            " mark0030' stands before 'Business press mark0017'; the order is the author's",
        ),
        (
            flawed.Swapped(),
            "Swapped.render changes the order of $.stories[0].perspectives[*].critique of the sample 'twelve-groups':"
            " 'Critique of group 2. mark0008' stands before 'Critique of group 1. mark0004'; the order is the author's",
        ),
        (
            flawed.NeedlessOmission(),
            "NeedlessOmission.info.omits names 'critique', but all of it is in the output; take it out",
        ),
        (
            flawed.Binary(),
            "the kit cannot read 'application/pdf'; override `visible_text(self, rendered) -> str` in TestIt, so that a"
            " dropped perspective is noticed in this format too",
        ),
    ],
    ids=lambda value: type(value).__name__,
)  # fmt: skip
def test_dropped_perspective_is_told(renderer, sentence):
    """What a reader does not find, or finds in another order, or is told not to look for, is told."""

    assert sentence == said(RendererContract, "test_faithful", renderer=renderer)


def test_text_that_no_sample_has_is_missed_too():
    """A text that is dropped from some briefs only is found in a generated one."""
    sentence, brief = said(RendererContract, "test_faithful", renderer=flawed.Outlook(), examples=1000).split(
        "\nthe brief: "
    )
    text = p.loads(brief).stories[0].context.paragraphs[0].text

    assert dropped("Outlook", "context.paragraphs[0].text of a generated brief", "?", "Paragraph.text") == (
        sentence.replace(show(text), "'?'")
    )


@pytest.mark.parametrize(
    "renderer",
    [flawed.RightWrapped(), flawed.RightTable(), flawed.RightAtom(), flawed.RightRss()],
    ids=lambda value: type(value).__name__,
)
@pytest.mark.parametrize("test", ["test_faithful", "test_escapes"])
def test_texts_are_read_as_their_readers_do(test, renderer):
    """Lines that break behind a hyphen, quoted cells and HTML in a feed are what their readers make of them."""
    check(RendererContract, test, renderer=renderer)


def test_omission_that_is_declared_is_right():
    """A renderer that says what it omits may omit it."""
    check(RendererContract, "test_faithful", renderer=flawed.DeclaredOmission())


def test_omission_from_long_briefs_alone_is_right():
    """A renderer that cuts a brief short omits what it shows of short ones."""
    check(RendererContract, "test_faithful", renderer=flawed.Chat())


def test_visible_text_of_a_binary_format_may_be_given():
    """A format that the kit cannot read is held to its texts by what the author makes of it."""

    def visible_text(self, rendered):
        return bytes(rendered).decode("utf-16")

    check(RendererContract, "test_faithful", renderer=flawed.Binary(), visible_text=visible_text)


SCRIPT = "<script>alert(1)</script>"
QUOTED = '"><img src=x onerror=alert(1)>'
CDATA = "]]> --> <!-- <![CDATA[ <?x ?>"
LINKS = "[x](javascript:alert(1)) ![x](javascript:alert(1)) <javascript:alert(1)>"
WORD = "=?utf-8?q?a=0D=0ABcc:_eve=40example.org?="


def unescaped(who, field, text, change):
    """The sentence for a text that means more than itself."""
    return f"{who}.render does not escape {field}: {text!r} in it changes what a parser finds, {change}"


@pytest.mark.parametrize(
    ("renderer", "sentence"),
    [
        (flawed.RawHeadline(), unescaped("RawHeadline", "Story.headline", SCRIPT, "'<script>' instead of '</h1>'")),
        (
            flawed.RawQuotes(),
            unescaped(
                "RawQuotes",
                "Brief.title",
                QUOTED,
                "'<p title &gt;&lt;img src= onerror 0001\">' instead of '<p title>'",
            ),
        ),
        (
            flawed.LinkOfText(),
            unescaped("LinkOfText", "Story.headline", "Bcc: eve@example.org", "'<a href=bcc:>' instead of '<a href=>'"),
        ),
        (
            flawed.JsonKeys(),
            unescaped("JsonKeys", "Brief.title", SCRIPT, f"'$.{SCRIPT} 0001: int' instead of '$.{'x' * 25} 0001: int'"),
        ),
        (flawed.RawMarkdown(), unescaped("RawMarkdown", "Brief.title", SCRIPT, "'<s' instead of nothing")),
        (
            flawed.RawMarkdownLinks(),
            unescaped("RawMarkdownLinks", "Brief.title", LINKS, "'[](javascript:)' instead of nothing"),
        ),
        (
            flawed.RawComment(),
            unescaped("RawComment", "Brief.title", "--><b>x</b><!--", "'<b' instead of nothing"),
        ),
        (
            flawed.RawSubject(),
            unescaped("RawSubject", "Story.headline", WORD, "'Subject: with a line break' instead of 'Subject:'"),
        ),
        (
            flawed.RawHeader(),
            unescaped("RawHeader", "PerspectiveGroup.label", WORD, "'=?utf-8?q?a=0D=0ABcc:' instead of 'text/plain'"),
        ),
        (
            flawed.RawXml(),
            f"RawXml.render returned no well-formed XML (unclosed token: line 1, column N) for a brief that says"
            f" nothing but {CDATA!r}; escape every text",
        ),
        (flawed.RawFeed(), unescaped("RawFeed", "Brief.title", SCRIPT, "'<script>' instead of '<item>'")),
        (
            flawed.RawJsonFeed(),
            unescaped("RawJsonFeed", "Brief.title", SCRIPT, "'<script>' instead of '</p>'"),
        ),
        (flawed.RawTable(), unescaped("RawTable", "Brief.title", QUOTED, "nothing instead of 'a row of 2 cells'")),
        (
            flawed.JsonByHand(),
            "JsonByHand.render returned no JSON (Expecting ',' delimiter: line 1 column N (char N)) for a brief that"
            f" says nothing but {QUOTED!r}; escape every text",
        ),
    ],
    ids=lambda value: type(value).__name__,
)
def test_text_that_is_not_escaped_is_told(renderer, sentence):
    """A text that becomes an element, an attribute, a link, a key or a header is told with its field."""
    found = said(RendererContract, "test_escapes", renderer=renderer)

    assert sentence == re.sub(r"(column |char )\d+", r"\1N", found)


def test_markup_that_the_kit_does_not_know_is_skipped():
    """Where the kit knows no markup it says how to have it looked at."""

    assert (
        "the kit knows no markup of 'text/gemini'; override `structure(self, rendered)` in TestIt to have it looked at"
        == skipped(RendererContract, "test_escapes", renderer=flawed.Gemtext())
    )


def test_structure_of_a_format_may_be_given():
    """A format whose markup the author describes is held to it."""

    def structure(self, rendered):
        return [line[:2] for line in str(rendered).splitlines() if line.startswith(("# ", "=>", "* ", "> "))]

    assert unescaped("Gemtext", "Brief.title", "# x", "'# ' instead of nothing") == said(
        RendererContract, "test_escapes", renderer=flawed.Gemtext(), structure=structure
    )


@pytest.mark.parametrize(
    ("contract", "item", "sentence"),
    [
        (
            RendererContract,
            {"renderer": flawed.Named("html")},
            "the name 'html' is that of the built-in renderer, which a bare 'html' always means;"
            " take another one: 'my-html'",
        ),
        (
            LoaderContract,
            {"loader": flawed.NamedDesk("text")},
            "the name 'text' is that of the built-in loader, which a bare 'text' always means;"
            " take another one: 'my-text'",
        ),
    ],
)
def test_reserved_name_is_told(contract, item, sentence):
    """A format with the name of a built-in one is told, whether a distribution lists it or not."""

    assert sentence == said(contract, "test_index", **item)


def test_format_without_a_distribution_is_skipped():
    """A format that is registered or given as a file needs no entry point, if its author says so."""

    assert "`packaged = False`: no entry point is asked for 'plain'" == skipped(
        RendererContract, "test_index", renderer=flawed.Plain(), packaged=False
    )


def test_format_that_no_distribution_lists_is_told():
    """A format without an entry point is told with the lines to write."""

    assert """\
no installed distribution has an entry point 'plain' in the group 'perspectives.renderers'; write in its pyproject.toml

[project.entry-points."perspectives.renderers"]
plain = "flawed"

and install it again (`pip install -e .`), or set `packaged = False`""" == said(
        RendererContract, "test_index", renderer=flawed.Plain(), packaged=True
    )


LISTED = """\
from perspectives.plugin import renderers
{imports}


class Other(Plain):
    pass


@renderers
def perspectives_renderers():
    return [{item}()]
"""


def test_format_that_its_distribution_lists_is_right(install):
    """An entry point that leads to the format is what is asked for."""
    install("perspectives-plain", LISTED.format(imports="from flawed import Plain", item="Plain"), renderers="plain")

    check(RendererContract, "test_index", renderer=flawed.Plain())


def test_entry_point_that_leads_elsewhere_is_told(install):
    """An entry point that leads to another format of that name is told with where it leads."""
    install("perspectives-plain", LISTED.format(imports="from flawed import Plain", item="Other"), renderers="plain")

    assert (
        "the entry point 'plain' leads to another renderer than Plain: perspectives-plain:plain (perspectives_plain)"
        == said(RendererContract, "test_index", renderer=flawed.Plain(), packaged=True)
    )


def test_entry_point_that_does_not_work_is_told(install):
    """An entry point that cannot be imported is told with the registry's own words."""
    install("perspectives-plain", "import nothing_of_that_name", renderers="plain")

    assert (
        "the entry point 'plain' does not work: plugin perspectives-plain:plain could not be imported"
        == said(RendererContract, "test_index", renderer=flawed.Plain(), packaged=True).splitlines()[0]
    )


def imported(install, code):
    """The renderer of a module with this code before it."""
    module = install("perspectives-plain", f"{code}\nfrom flawed import Plain\n\nclass Heavy(Plain):\n    pass\n")
    return importlib.import_module(module).Heavy()


def test_heavy_import_is_told(install):
    """A plugin that loads what only rendering needs is told what, and why it matters."""

    assert (
        "importing perspectives_plain loads jinja2: the tools' `templates` bring it when they render;"
        " import it in the function that needs it"
        == said(RendererContract, "test_import_budget", renderer=imported(install, "import jinja2"))
    )


MANY = """\
import sys, types
if "pytest" not in sys.modules:
    sys.modules.update({f"module{n}": types.ModuleType(f"module{n}") for n in range(1000)})
"""


def test_many_imports_are_told(install):
    """A plugin that loads more modules than all of `perspectives.plugin` is told how many."""
    sentence = said(RendererContract, "test_import_budget", renderer=imported(install, MANY))

    assert (
        "importing perspectives_plain leaves N modules loaded; `import perspectives.plugin` leaves N, and 2 times as"
        " many are the limit; import what is large in the function that needs it"
        == re.sub(r"(leaves) \d+", r"\1 N", sentence)
    )


def test_module_that_cannot_be_imported_elsewhere_is_told(install):
    """A plugin whose module another process does not find is told."""
    renderer = imported(install, "")
    (install.site / "perspectives_plain.py").unlink()

    assert (
        "perspectives_plain cannot be imported in another process: ModuleNotFoundError: No module named"
        " 'perspectives_plain'" == said(RendererContract, "test_import_budget", renderer=renderer)
    )


def test_format_in_the_tests_own_file_has_no_module_to_import():
    """A format that stands in the file of its test is not imported: pytest and hypothesis would be."""

    class Local(flawed.Plain):
        pass

    assert "Local stands in the test's own file: there is no module of a plugin to import" == skipped(
        RendererContract, "test_import_budget", renderer=Local()
    )


DESK = {"a.desk": b"desk 1\nOne\nTwo\nThree\nFour\nFive\nSix\nSeven\n", "b.desk": b"desk 1\nEight\n"}


class TestDesk(LoaderContract):
    loader = flawed.Desk()
    inputs = DESK
    packaged = False
    examples = 20


class TestPlain(RendererContract):
    renderer = flawed.Plain()
    packaged = False
    examples = 10


class TestOwnHtml(RendererContract):
    renderer = flawed.Html()
    packaged = False
    examples = 10


PLACE = "give it a line, or a path like '$.stories[0]'"


@pytest.mark.parametrize(
    ("test", "loader", "sentence"),
    [
        (
            "info",
            flawed.DeskInfo(),
            "DeskInfo.info: 'desk/' is no media type; one looks like 'text/html; charset=utf-8'",
        ),
        (
            "sniff",
            flawed.SniffsText(),
            "SniffsText.sniff raised LoadError: line 1: byte 0xa8 at offset 2 is not UTF-8, expected a text in UTF-8"
            " (flawed.py:N) for random bytes; it must answer for any bytes",
        ),
        ("sniff", flawed.SniffsScore(), "SniffsScore.sniff returned 0.5 for 'a.desk', expected a Confidence"),
        (
            "sniff",
            flawed.SniffsAll(),
            "SniffsAll.sniff says CERTAIN of no bytes at all, expected POSSIBLE at most;"
            " it would take what another loader is for",
        ),
        (
            "sniff",
            flawed.SniffsJson(),
            "SniffsJson.sniff says LIKELY of any JSON, expected POSSIBLE at most; it would take what another loader is"
            " for",
        ),
        (
            "sniff",
            flawed.SniffsNone(),
            "SniffsNone does not know its own input 'a.desk': `sniff` says NO, and the extension is not its own (none)",
        ),
        (
            "load",
            flawed.ReturnsBrief(),
            "ReturnsBrief.load returned Brief(title=None, intro=None, id=None, url=None, date=None,… for 'a.desk',"
            " expected a perspectives.plugin.Loaded",
        ),
        ("load", flawed.FindsNothing(), "FindsNothing.load found no story in any of its inputs: a.desk, b.desk"),
        (
            "load",
            flawed.PlacelessFinding(),
            f"PlacelessFinding.load has a finding without a place for 'a.desk': 'this is odd'; {PLACE}",
        ),
        ("load", flawed.Refuses(), "Refuses.load refused 'a.desk', which it should read: line 1: this is version 1"),
        (
            "load",
            flawed.ClaimsLimits(),
            "ClaimsLimits.load returned `limits`, as if it had looked at them, but of 'a.desk' stories has 7 items"
            " @ $.stories, expected at most 0 (Limits.stories);"
            " look at each, or leave `limits` out and the host looks",
        ),
        (
            "errors",
            flawed.RaisesValueError(),
            "RaisesValueError.load raised JSONDecodeError: Expecting value: line 1 column 1 (char 0) (flawed.py:N)"
            " for no bytes at all; what cannot be read is a LoadError with the line or path",
        ),
        (
            "errors",
            flawed.RaisesModelError(),
            "RaisesModelError.load raised ModelError: an empty text @ Story.headline, expected one paragraph of plain"
            " text (flawed.py:N) for no bytes at all; what cannot be read is a LoadError with the line or path",
        ),
        (
            "errors",
            flawed.PlacelessError(),
            "PlacelessError.load raised a LoadError without a place for no bytes at all: 'this is no desk';"
            " give its Fault a message and a line, or a path like '$.stories[0]'",
        ),
        (
            "deterministic",
            flawed.CountsLoads(),
            "CountsLoads.load gives two results for 'a.desk' when it reads it twice; it must read no clock, no random"
            " number and nothing that an earlier load left",
        ),
        (
            "deterministic",
            flawed.LoadsUnordered(),
            "LoadsUnordered makes something else of 'a.desk' in another process, where hashes and the time zone are"
            " others; sort what comes out of a set, and read no clock",
        ),
    ],
    ids=lambda value: value if isinstance(value, str) and " " not in value else type(value).__name__,
)
def test_flaw_of_a_loader_is_told(test, loader, sentence):
    """A loader that does not keep to one of its promises is told which."""

    assert sentence == said(LoaderContract, f"test_{test}", loader=loader, inputs=DESK)


def test_loader_without_inputs_is_told():
    """A contract for a loader asks for what the loader reads."""

    assert "TestIt has no inputs; give what the loader reads: `inputs = {'a.desk': b'...'}`" == said(
        LoaderContract, "test_load", loader=flawed.Desk()
    )


def test_mangled_input_is_told():
    """What a loader raises for its own input that ends too early is told with the smallest such input."""

    assert (
        "TrustsLines.load raised ValueError: no line break (flawed.py:N) for a generated input;"
        " what cannot be read is a LoadError with the line or path\nthe input: b'desk 1'"
        == said(LoaderContract, "test_errors", loader=flawed.TrustsLines(), inputs=DESK)
    )


def test_round_trip_that_loses_a_critique_is_told():
    """A loader that does not give back what its renderer wrote is told what it lost."""

    assert (
        "LoadsJson.load reads $.stories[0].perspectives[0].critique of the sample 'full' as null where 'json' had"
        " 'Says little of the people who walk.'; what is rendered must load as it was"
        == said(LoaderContract, "test_round_trip", loader=flawed.LoadsJson(), inputs=DESK, renderer="json")
    )


def test_loader_without_a_renderer_has_no_round_trip():
    """Where nothing writes what a loader reads, nothing can be read back."""

    assert "TestIt names no `renderer` that writes what this loader reads" == skipped(
        LoaderContract, "test_round_trip", loader=flawed.Desk(), inputs=DESK
    )


def test_contracts_are_loaded_when_they_are_asked_for():
    """Importing `perspectives.testing` for its samples loads neither hypothesis nor pytest."""
    code = "import sys, perspectives.testing as t; t.samples; print({'hypothesis', 'pytest'} & set(sys.modules))"

    assert "set()\n" == subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout


def test_nothing_of_ours_is_a_pytest_plugin_of_its_own():
    """Who installs the package for its formats gets no plugin for pytest: there is no entry point `pytest11`."""

    assert {"scripts"} == {key for key in PROJECT if key in ("scripts", "gui-scripts", "entry-points")}


CONTRACTS = """\
import flawed

from perspectives.testing import LoaderContract, RendererContract


class TestPlain(RendererContract):
    renderer = flawed.DeclaredOmission()
    packaged = False
    examples = 1


class TestBad(RendererContract):
    renderer = flawed.RawHeadline()
    packaged = False
    examples = 1

    def test_more(self):
        pass


class TestDesk(LoaderContract):
    loader = flawed.Desk()
    inputs = {"a.desk": b"desk 1\\nOne\\n"}
    packaged = False
    examples = 1
"""


@pytest.fixture(name="run")
def _run(pytester, monkeypatch):
    """A function that runs pytest in an empty folder, with the plugin or without."""
    pytester.makepyfile(test_formats=CONTRACTS)
    monkeypatch.syspath_prepend(Path(__file__).parent)

    def run(*arguments, conftest='pytest_plugins = ["perspectives.testing.plugin"]'):
        pytester.makeconftest(conftest)
        return pytester.runpytest_inprocess("-p", "no:cacheprovider", *arguments)

    return run


def test_gallery_has_samples_and_results(run, pytester):
    """Each format under contract has a folder with each sample, what passed, and a line for a README."""
    run("--perspectives-gallery", "gallery")
    found = {str(path.relative_to(pytester.path / "gallery")): path for path in pytester.path.glob("gallery/*/*")}
    results = {name: json.loads(path.read_text("utf-8")) for name, path in found.items() if path.suffix == ".json"}

    assert {
        "plain/conformance.json": {
            "format": "plain",
            "distribution": "",
            "passed": ["info", "options", "total", "typed", "deterministic", "faithful", "escapes", "import_budget"],
            "skipped": ["index"],
            "failed": [],
            "omits": ["PerspectiveGroup.critique"],
            "badge": "conformance: 8/9, omits: PerspectiveGroup.critique",
        },
        "page/conformance.json": {
            "format": "page",
            "distribution": "",
            "passed": ["info", "options", "total", "typed", "deterministic", "import_budget"],
            "skipped": ["index"],
            "failed": ["faithful", "escapes"],
            "omits": [],
            "badge": "conformance: 6/9, omits: none",
        },
        "desk/conformance-loader.json": {
            "format": "desk",
            "distribution": "",
            "passed": ["info", "options", "sniff", "load", "errors", "deterministic", "import_budget"],
            "skipped": ["index", "round_trip"],
            "failed": [],
            "omits": [],
            "badge": "conformance: 7/9, omits: none",
        },
    } == results
    assert {
        f"{format}/{name}.plain" for format in ("plain", "page") for name in samples
    } == found.keys() - results.keys()


def test_gallery_has_the_results_of_each_parameter(run, pytester):
    """A contract that is run once for each set of options has the worst of its results."""
    pytester.makepyfile(
        test_each="""
        import flawed
        import pytest
        from perspectives.testing import RendererContract


        class TestEach(RendererContract):
            packaged = False
            renderer = flawed.Plain()

            @pytest.fixture(autouse=True, params=[True, False])
            def _options(self, request):
                if request.param:
                    pytest.skip("as another option would")
        """
    )
    run("test_each.py", "-k", "info or typed", "--perspectives-gallery", "gallery")
    result = json.loads((pytester.path / "gallery/plain/conformance.json").read_text())

    assert ([], ["info", "typed"]) == (result["passed"], result["skipped"])


def test_gallery_is_refused_where_several_processes_run_the_tests(run, pytester):
    """No process then sees all results: who asks for a gallery is told, instead of given a part of it."""
    xdist = """
pytest_plugins = ["perspectives.testing.plugin"]
def pytest_addoption(parser):
    parser.addoption("--numprocesses", type=int)
"""
    result = run("-p", "no:xdist", "--numprocesses", "2", "--perspectives-gallery", "gallery", conftest=xdist)

    assert pytest.ExitCode.USAGE_ERROR == result.ret
    result.stderr.fnmatch_lines(["*one process must run them all; add -n0"])


def test_failure_is_a_sentence_and_nothing_else(run):
    """In the report a contract that fails shows its sentence, without a line of the kit."""
    result = run("-k", "TestBad and escapes")

    assert [unescaped("RawHeadline", "Story.headline", SCRIPT, "'<script>' instead of '</h1>'")] == [
        line for line in result.outlines if line.startswith("RawHeadline")
    ]
    result.stdout.no_fnmatch_line("*renderer_contract.py*")


def test_plugin_writes_nothing_unless_asked(run, pytester):
    """Without the option the plugin does nothing."""
    result = run("-k", "TestPlain and info")

    assert ((1, 0), []) == (
        (result.parseoutcomes()["passed"], result.ret),
        [path.name for path in pytester.path.iterdir() if path.is_dir() and path.name != "__pycache__"],
    )


def test_option_is_there_for_those_who_ask_for_the_plugin(run):
    """Who does not name the plugin has no option of ours in pytest."""
    result = run("--perspectives-gallery", "gallery", conftest="")

    assert pytest.ExitCode.USAGE_ERROR == result.ret


AUTHOR = """\
from pathlib import Path

from perspectives import Brief
from perspectives.plugin import (
    Confidence, Input, Loaded, LoaderInfo, LoadTools, NoOptions, Rendered, RendererInfo, RenderTools
)
from perspectives.testing import LoaderContract, RendererContract, options_table


class Plain:
    info = RendererInfo(name="plain", media_type="application/pdf", summary="Pages")
    options_class = NoOptions

    def render(self, brief: Brief, options: NoOptions, tools: RenderTools, /) -> Rendered:
        return Rendered(b"", "application/pdf")


class Desk:
    info = LoaderInfo(name="desk", summary="Lines")
    options_class = NoOptions

    def sniff(self, input: Input, /) -> Confidence:
        return Confidence.NO

    def load(self, input: Input, options: NoOptions, tools: LoadTools, /) -> Loaded:
        return Loaded(brief=Brief())


class TestPlain(RendererContract):
    renderer = Plain()
    readme = Path(__file__).parent / "README.md"
    packaged = False
    examples = 20

    def visible_text(self, rendered: Rendered) -> str:
        return str(rendered)

    def structure(self, rendered: Rendered) -> object:
        return None


class TestDesk(LoaderContract):
    loader = Desk()
    inputs = {"a.desk": b""}
    renderer = "json"


table: str = options_table(NoOptions)
"""


@pytest.mark.slow
def test_contracts_are_typed(tmp_path):
    """The tests of an author are clean under mypy --strict and pyright."""
    path = tmp_path / "author.py"
    path.write_text(AUTHOR)

    assert ([], []) == (mypy(path), [line for line in pyright(path).splitlines() if " - error" in line])


@pytest.mark.slow
def test_wrong_item_is_a_type_error(tmp_path):
    """A loader where a renderer is asked for is an error at the author's desk."""
    path = tmp_path / "author.py"
    path.write_text(AUTHOR.replace("renderer = Plain()", "renderer = Desk()"))

    assert ["error: Incompatible types in assignment"] == [fault.partition(" (")[0] for fault in mypy(path)]
