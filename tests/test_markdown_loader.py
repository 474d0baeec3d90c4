"""The Markdown loader: what editors write by hand, what they change in what was rendered, and hostile input."""

import contextlib
import datetime as dt
import json
import re
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import perspectives as p
from perspectives.attribution import Citation, Outlet, Source
from perspectives.catalogue import catalogue
from perspectives.limits import Limits
from perspectives.loaders.markdown import MarkdownLoader
from perspectives.model import (
    Brief,
    Fact,
    Link,
    PerspectiveGroup,
    Story,
    TimelineEvent,
)
from perspectives.plugin import Confidence, Input, LoadTools, NoOptions
from perspectives.testing import samples

HAND_WRITTEN = Path(__file__).parent / "data" / "markdown"
SMALL = "## H\n\n### Focusing Facts\n\n1. One.\n"


def load(text: str, **options: object) -> Brief:
    """The brief in a text."""
    return p.load_report(text.encode(), "markdown", **options).brief


def story(text: str) -> Story:
    """The only story of a text."""
    return load(text).stories[0]


def findings(text: str) -> list[str]:
    """Each finding as `line: code: what it says`."""
    return [f"{found.line}: {found.code}: {found}" for found in p.load_report(text.encode(), "markdown").findings]


def refused(text: str, **options: object) -> str:
    """What the error says, line and all."""
    with pytest.raises(p.PerspectivesError) as error:
        load(text, **options)
    return str(error.value)


@pytest.mark.parametrize("name", sorted(path.stem for path in HAND_WRITTEN.glob("*.md")))
def test_markdown_by_hand(name: str) -> None:
    """A hand-written file of tests/data/markdown/ gives the brief and the findings beside it, which were read by eye."""
    report = p.load_report((HAND_WRITTEN / f"{name}.md").read_bytes(), "markdown")
    expected = (HAND_WRITTEN / f"{name}.json").read_text("utf-8"), (HAND_WRITTEN / f"{name}.txt").read_text("utf-8")

    assert expected == (
        p.dumps(report.brief),
        "".join(f"{found.line}: {found.code}: {found}\n" for found in report.findings),
    )


@pytest.mark.parametrize("name", sorted(path.stem for path in HAND_WRITTEN.glob("*.md")))
def test_markdown_by_hand_is_rendered_and_read_again(name: str) -> None:
    """What was written by hand is the same brief once it was rendered, with nothing left to say."""
    brief = p.load_report((HAND_WRITTEN / f"{name}.md").read_bytes(), "markdown").brief
    report = p.load_report(p.render(brief, "markdown"))

    assert (brief, ()) == (report.brief, report.findings)


@pytest.mark.parametrize("name", samples)
@pytest.mark.parametrize(
    "options",
    [
        {},
        {"flavour": "commonmark"},
        {"front_matter": False},
        {"dates": "long"},
        {"dates": "long", "front_matter": False},
    ],
)
def test_markdown_of_samples_loads_back(name: str, options: dict[str, object]) -> None:
    """Each sample loads back equal, however it was rendered, with nothing to guess."""
    report = p.load_report(p.render(samples[name], "markdown", **options))

    assert (samples[name], ()) == (report.brief, report.findings)


def test_markdown_seed_is_the_seed() -> None:
    """The seed in Markdown loads to the model in tests/data/seed.json."""
    data = HAND_WRITTEN.parent

    assert p.loads((data / "seed.json").read_text("utf-8")) == load((data / "seed.md").read_text("utf-8"))


def test_markdown_of_nothing() -> None:
    """An empty document is a brief of no stories."""

    assert Brief() == load("")


@pytest.mark.parametrize("lead", ["e.g.", "eg.", "eg.,", "E.g.:", "z.B.", "zB.", "p.ex."])
def test_lead_may_be_typed_otherwise(lead: str) -> None:
    """The words before outlets are read without their blanks, comma or inner full stops too."""
    [group] = load(f"## H\n\n### Perspectives\n\n#### L\n\n{lead} A, B\n\nF\n").stories[0].perspectives

    assert PerspectiveGroup(label="L", outlets=[Outlet(name="A"), Outlet(name="B")], framing="F") == group


@pytest.mark.parametrize("framing", ["eg. a thing", "zB. a thing", "e.g. a thing"])
def test_framing_that_begins_as_outlets_do_stays_framing(framing: str) -> None:
    """What the renderer writes of a framing that looks like outlets loads as the framing."""
    brief = Brief(stories=[Story(headline="H", perspectives=[PerspectiveGroup(label="L", framing=framing)])])

    assert brief == load(str(p.render(brief, "markdown")))


@pytest.mark.parametrize("value", ['"Morning', "'Morning", "[Draft] Morning"])
def test_front_matter_that_begins_as_json_is_told(value: str) -> None:
    """A value that lacks a quotation mark is taken as it stands, and a finding says so."""
    report = p.load_report(f"---\ntitle: {value}\n---\n\n## A\n".encode(), "markdown")

    assert (value, [("front-matter", 2)]) == (report.brief.title, [(one.code, one.line) for one in report.findings])


@pytest.mark.parametrize("language", catalogue())
def test_markdown_headings_of_every_language(language: str) -> None:
    """The headings and leads of each shipped language are read, and say which language it is; English says nothing."""
    words = catalogue()[language]
    text = (
        f"## H\n\n### {words.facts}\n\n1. {words.disputed}: One.[^1]\n\n### {words.context}\n\nTwo.\n\n"
        f"### {words.perspectives}\n\n#### L\n\n{words.for_example} A{words.comma} B\n\nF\n\n"
        f"#### M\n\n{words.outlets} C\n\nG\n\n### {words.go_deeper}\n\n- Link\n\n[^1]: {words.common_knowledge}\n"
    )
    expected = Story(
        headline="H",
        facts=[Fact(text="One.", status="disputed", citations=[Citation(kind="common-knowledge")])],
        context=p.Context(paragraphs=["Two."]),
        perspectives=[
            PerspectiveGroup(label="L", outlets=[Outlet(name="A"), Outlet(name="B")], framing="F"),
            PerspectiveGroup(label="M", outlets=[Outlet(name="C")], exhaustive=True, framing="G"),
        ],
        links=[Link(label="Link", rel="go-deeper")],
    )

    assert Brief(language=None if language == "en" else language, stories=[expected]) == load(text)


def test_markdown_language_of_the_caller() -> None:
    """The language that front matter names goes before the caller's, and this before that of the headings."""
    german = "## H\n\n### Fakten im Fokus\n\n1. Eins.\n"
    said = [
        load(german),
        load(german, language="de-AT"),
        load(f"---\nlanguage: de-CH\n---\n{german}", language="de-AT"),
    ]

    assert ["de", "de-AT", "de-CH"] == [brief.language for brief in said]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("## H\n", Confidence.LIKELY),
        ("Intro\n\n##\tH\n", Confidence.LIKELY),
        ("---\ntitle: T\n---\n", Confidence.LIKELY),
        ("\ufeff---\r\ntitle: T\r\n---\r\n", Confidence.LIKELY),
        ("---\n\nJust a rule.\n", Confidence.NO),
        ("##H\n", Confidence.NO),
        ("# H\n", Confidence.NO),
        ("Focusing Facts\n\n1. One.\n", Confidence.NO),
        ('{"format": "perspectives/1.0"}', Confidence.NO),
        ("", Confidence.NO),
    ],
)
def test_markdown_sniffs(text: str, expected: Confidence) -> None:
    """Front matter or a headline makes Markdown likely; all else is none."""

    assert expected is MarkdownLoader().sniff(Input(name="", data=text.encode()))


def test_markdown_wins_over_text() -> None:
    """What both loaders could read goes to this one."""

    both = "## H\n\n### Context\n\nFocusing Facts\n"
    assert "H" == p.load_report(both.encode()).brief.stories[0].headline


# what an editor changes in what was rendered

WHOLE = Brief(
    stories=[
        Story(
            headline="Bridge closes",
            id="bridge-1",
            facts=[
                Fact(text="Disputed: It says so.", extra={"desk": 1}),
                Fact(text="It opened in 1911.", citations=[Citation(source="plan"), Citation(source="wire", quote="W")]),
                Fact(text="It is old.", citations=[Citation(source="wire"), Citation(source="wire", quote="V")]),
            ],
            perspectives=[
                PerspectiveGroup(
                    label="Press",
                    outlets=[Outlet(name="Ledger", id="ledger-gb", domains=["ledger.example"]), Outlet(name="Quay")],
                    framing="They tell.",
                    kind="editorial",
                )
            ],
            sources=[Source(id="plan", title="Plan", author="A. Clerk"), Source(id="wire", title="Wire")],
            timeline=[TimelineEvent(when="3 May", text="A crack.", date=dt.date(2025, 5, 3))],
        )
    ]
)  # fmt: skip


def changed(*changes: tuple[str, str]) -> p.LoadReport:
    """What is read of the brief once an editor has changed its Markdown."""
    text = str(p.render(WHOLE, "markdown"))
    for before, after in changes:
        assert before in text
        text = text.replace(before, after)
    return p.load_report(text.encode(), "markdown")


def test_markdown_unchanged() -> None:
    """Without a change the brief is equal."""

    assert (WHOLE, ()) == ((report := changed()).brief, report.findings)


def test_markdown_changed_text_wins() -> None:
    """A text that was changed is read as it stands; what its comment said of the old words is dropped, the rest kept."""
    report = changed(("Disputed: It says so.", "Disputed: It costs more."))

    assert Fact(text="It costs more.", status="disputed", extra={"desk": 1}) == report.brief.stories[0].facts[0]
    assert [
        "stale-comment: the comment below 'Disputed: It costs more.' was written for another text,"
        " so this one is read as it stands; delete the comment, or check what was read"
    ] == [f"{found.code}: {found}" for found in report.findings]


def test_markdown_changed_text_keeps_its_comment() -> None:
    """What a comment says apart from the printed words stays with a text that was changed, without a finding."""
    report = changed(("Bridge closes", "Bridge shuts"), ("A crack.", "A deep crack."), ("Ledger, Quay", "Quay, Ledger"))
    (told,) = report.brief.stories

    assert ("Bridge shuts", "bridge-1", "A deep crack.", 3) == (
        told.headline, told.id, told.timeline[0].text, told.timeline[0].date.day,
    )  # fmt: skip
    assert [("Quay", None), ("Ledger", "ledger-gb")] == [(one.name, one.id) for one in told.perspectives[0].outlets]
    assert () == report.findings


def test_markdown_removed_outlet_leaves_a_finding() -> None:
    """What a comment says of an outlet that is no longer named is dropped with a finding."""
    report = changed(("e.g., Ledger, Quay", "e.g., Quay"))

    assert (Outlet(name="Quay"),) == report.brief.stories[0].perspectives[0].outlets
    assert ["what a comment says of the outlet 'Ledger' is left out: it is not named"] == [
        found.message for found in report.findings
    ]


def test_markdown_moved_text_takes_its_comment_along() -> None:
    """A text that is moved keeps what its comment says, because the comment stands below it."""
    text = str(p.render(WHOLE, "markdown"))
    items = re.findall(r"^\d\. .*\n(?:   <!--.*\n)?", text, re.MULTILINE)
    moved = text.replace("".join(items), "".join([items[1], items[0], items[2]]))
    facts = load(moved).stories[0].facts

    assert [{}, {"desk": 1}, {}] == [fact.extra for fact in facts]


def test_markdown_changed_marks_win() -> None:
    """Marks that were changed are what a text cites, whatever its comment says."""
    report = changed(("It is old.[^2]", "It is old.[^1]"))

    assert (Citation(source="plan"),) == report.brief.stories[0].facts[2].citations
    assert [
        "the comment on what this text cites was written for another text",
        "the words 'V' below the note [^2] bear no text",
    ] == [found.message for found in report.findings]


def test_markdown_changed_source_is_its_title() -> None:
    """A note that was changed is a title; its id stays, so that nothing loses its source."""
    report = changed(("Plan, A. Clerk", "Plan of 1911, A. Clerk"))

    assert Source(id="plan", title="Plan of 1911, A. Clerk") == report.brief.stories[0].sources[0]
    assert ["stale-comment"] == [found.code for found in report.findings]


# what cannot be read


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("One.\n\nTwo.\n", "line 3: 'Two.' is a second paragraph before the stories, expected one paragraph of intro, or a headline '## ...' above it"),
        ("### Focusing Facts\n\n1. One.\n", "line 1: 'Focusing Facts' belongs to no story, expected a headline '## ...' above it"),
        ("# S\n\n## H\n\n# T\n", "line 5: the section 'T' has no story, expected a headline '## ...'"),
        ("## H\n\nOne.\n\nTwo.\n", "line 5: 'Two.' is a second paragraph of summary, expected one paragraph, or a heading '### ...' above it"),
        ("## H\n\n- One.\n", "line 3: 'One.' stands between headline and parts, expected a heading above it, such as '### Focusing Facts'"),
        ("## H\n\n### Focussing Facts\n\n1. One.\n", "line 3: 'Focussing Facts' is no part of a story, expected 'Focusing Facts'"),
        ("## H\n\n#### L\n\nF\n", "line 3: 'L' belongs to no part of the story, expected a part above it, such as '### Perspectives'"),
        ("## H\n\n### Focusing Facts\n\nOne.\n", "line 5: 'One.' is no item of a list, expected lines like '1. ...'"),
        ("## H\n\n### Focusing Facts\n", "line 3: there is no fact here, expected lines like '1. ...'"),
        (SMALL + "\n### Focusing Facts\n\n1. Two.\n", "line 7: the heading 'Focusing Facts' occurs twice in a story, expected each part once, or a headline '## ...' before it"),
        ("## H\n\n### Context\n\nA\n\n#### B\n", "line 7: 'B' is no part of a story, expected a part of a story, or no heading"),
        ("## H\n\n### Perspectives\n\ne.g., A\n", "line 5: 'e.g., A' has no heading, expected a line '#### ...' above it"),
        ("## H\n\n### Perspectives\n\n#### L\n\ne.g., A\n", "line 5: the group 'L' has no framing, expected a paragraph below its outlets"),
        ("## H\n\n### Perspectives\n\n#### L\n\nfor ex. A\n\nF\n\nC\n", "line 11: 'C' is a third paragraph of a group, expected framing and critique, or a label '#### ...' above it; outlets stand first, behind 'e.g.,'"),
        ("## H\n\n### Perspectives\n\n#### L\n\ne.g., A\n\nF\n\nC\n\nD\n", "line 13: 'D' is a third paragraph of a group, expected framing and critique, or a label '#### ...' above it"),
        ("## H\n\n### Perspectives\n\n#### L\n\nF\n\n#### L\n\nG\n", "line 9: the label 'L' occurs twice @ $.stories[0].perspectives[1], expected each label once in a story"),
        ("## H\n\n### Timeline\n\n- A crack.\n", "line 5: 'A crack.' is no step of a timeline, expected a line like '- June 2024: What happened'"),
        (SMALL + "\n***\n\nA\n\n***\n\nB\n\n***\n\nC\n", "line 17: 'C' stands behind the publisher, expected a call to action behind one '***', a publisher behind a second"),
        (SMALL + "\n***\n\nA\n\n***\n\n## I\n", "line 9: 'A' belongs to no story, expected a headline '## ...' above it"),
        (SMALL + "\n***\n\nA\n\n***\n\nB\n\nC\n\nD\n", "line 17: 'D' is one too many, expected a postal address and an e-mail address, each once"),
        ("---\ndate: 12.8.2025\n---\n", "line 2: '12.8.2025' does not fit @ $.date, expected a date, YYYY-MM-DD"),
        ("---\nlanguage: deutsch!\n---\n", "line 2: 'deutsch!' does not fit @ $.language, expected a BCP 47 tag, like 'en' or 'pt-BR'"),
        ("## H\n\n<!-- {\"ID\": 1} -->\n\n<!-- open\n", "line 5: the comment does not end, expected '-->' behind it"),
        ("## H\n\n### Focusing Facts\n\n1. One.\n   <!-- {\"extras\": 1} -->\n", "line 5: there is no field 'extras' @ $.stories[0].facts[0].extras, expected 'extra'"),
    ],
)  # fmt: skip
def test_markdown_refused(text: str, expected: str) -> None:
    """What cannot be read is an error that says what is wrong, on which line, and what would be right."""

    assert expected == refused(text)


def test_markdown_every_fault_has_its_line() -> None:
    """What the model refuses is said all at once, each on the line that it stands on."""
    text = '---\ndate: x\n---\n## H\n\n### Focusing Facts\n\n1. One.\n   <!-- {"status": 5} -->\n2. Two.\n   <!-- {"extra": 5} -->\n'
    with pytest.raises(p.LoadError) as error:
        load(text)

    assert [("$.stories[0].facts[1].extra", 10), ("$.date", 2)] == [
        (fault.path, fault.line) for fault in error.value.faults
    ]


def test_markdown_keeps_to_the_limits() -> None:
    """What is larger than a limit is refused with its line."""
    expected = "line 1: headline has 3 characters @ $.stories[0].headline, expected at most 2 (Limits.headline)"

    assert expected == refused("## HHH\n", limits=Limits(headline=2))


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("title: A: b # c", "A: b # c"),
        ('title: "A \\"b\\""', 'A "b"'),
        ("title: 'It''s'", "It's"),
        ('title: "A" b', '"A" b'),
        ("TITLE:A", None),
        ("title : 2025", "2025"),
        ("title: null", None),
        ("title: yes", "yes"),
        ("title:", None),
    ],
)
def test_markdown_front_matter(line: str, expected: str | None) -> None:
    """A value is JSON, or the text to the end of the line, whatever YAML would take it for."""

    assert expected == load(f"---\n{line}\n---\n").title


SOURCE = Path(__file__).parents[1] / "src" / "perspectives" / "loaders"


def test_markdown_findings_are_documented() -> None:
    """The page on Markdown has each finding of the loader in its table, and no other."""
    calls = r"(?:\.say|\.finding)\(\s*\"([a-z-]+)\""
    said = {code for path in SOURCE.glob("markdown*.py") for code in re.findall(calls, path.read_text("utf-8"))}
    page = (SOURCE.parents[2] / "docs" / "reference" / "markdown.md").read_text("utf-8")
    table = page.partition("| finding |")[2].partition("\n\n")[0]

    assert said == set(re.findall(r"^\| `([a-z-]+)` \|", table, re.MULTILINE))


def test_markdown_findings_are_shown() -> None:
    """Each of these findings occurs in a hand-written file or in a test of this one."""
    table = (
        (SOURCE.parents[2] / "docs" / "reference" / "markdown.md")
        .read_text("utf-8")
        .partition("| finding |")[2]
        .partition("\n\n")[0]
    )
    shown = "".join(path.read_text("utf-8") for path in HAND_WRITTEN.glob("*.txt"))

    assert set() == {
        code for code in re.findall(r"^\| `([a-z-]+)` \|", table, re.MULTILINE) if f": {code}: " not in shown
    }


# hostile input

PIECES = [
    "#", "## ", "### ", "#### ", "\n", "\n\n", "***\n", "---\n", "===\n", "[^1]", "[^1]: ", "<!--", "-->", "{", "}", '"',
    "`", "**", "_", "1. ", "- ", "> ", "![", "](", "\\", "&amp;", "&#0;", "&#xd800;", "\0", "\u2028", "e.g., ", ": ",
    "Context\n", "Perspectives\n", "About the outlets\n", "Position: ", "https://a.b", "x",
    *(f"\n<!-- {data} -->\n" for data in (
        '{"is": [1]}', '{"is": ["date", []]}', '{"outlets": 5}', '{"outlets": [{"name": [], "about": true}]}',
        '{"citations": [[1, 9]]}', '{"citations": [[[]]]}', '{"extra": 3, "of": 1}', '{"heading": [1]}',
        '{"heading": "facts"}', '{"names": [1], "wording": 3, "section": {}}', '{"sources": [3], "provenance": 3}',
        '{"label": null, "rel": 5, "common": 0}', '{"exhaustive": 3}', "[1]", '{"a": ' * 9, '{"wording": {"comma": "x"}}',
    )),
]  # fmt: skip
few = settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])


def unplaced(document: str) -> list[object]:
    """The faults of a document without a line or words; any error but ours goes through."""
    tools = LoadTools()
    try:
        MarkdownLoader().load(Input(name="", data=document.encode("utf-8", "surrogatepass")), NoOptions(), tools)
    except p.PerspectivesError as error:
        json.dumps(error.to_dict())
        return [fault for fault in error.faults if not (fault.line and fault.message and fault.expected)]
    return []


@few
@given(st.text() | st.lists(st.sampled_from(PIECES), max_size=40).map("".join))
def test_markdown_takes_anything(document: str) -> None:
    """Whatever comes is a brief, or an error of ours with its line."""

    assert [] == unplaced(document)


DOCUMENTS = [str(p.render(brief, "markdown")) for brief in samples.values()]


@few
@given(
    st.sampled_from(DOCUMENTS),
    st.lists(st.tuples(st.integers(0, 10_000), st.integers(0, 40), st.sampled_from(PIECES)), min_size=1, max_size=5),
)
def test_markdown_takes_any_damage(document: str, damages: list[tuple[int, int, str]]) -> None:
    """However a document is damaged, it is a brief, or an error of ours with its line."""
    for start, length, piece in damages:
        start %= len(document) + 1
        document = document[:start] + piece + document[start + length :]

    assert [] == unplaced(document)


def seconds(text: str) -> float:
    """How long the processor takes for a text, read or refused; the best of three, as the machine is shared."""
    source = Input(name="", data=text.encode())
    times = []
    for _ in range(3):
        start = time.process_time()
        with contextlib.suppress(p.PerspectivesError):
            MarkdownLoader().load(source, NoOptions(), LoadTools(limits=Limits.unlimited()))
        times.append(time.process_time() - start)
    return min(times)


def is_linear(make: Callable[[int], str], size: int = 8_000) -> bool:
    """Whether eight times the text takes at most 2.5 times as long for each doubling: a quadratic step takes four."""
    # What takes under 10 ms says nothing; a quadratic step takes seconds at this size.
    return any(seconds(make(8 * size)) < 2.5**3 * seconds(make(size)) + 0.01 for _ in range(2))


PLACES = {
    "top": "{}",
    "summary": "## H\n\n{}\n",
    "facts": "## H\n\n### Focusing Facts\n\n1. {}\n",
    "group": "## H\n\n### Perspectives\n\n#### L\n\ne.g., {}\n\nF\n",
    "front matter": "---\n{}",
    "note": "## H\n\n### Context\n\nA[^1]\n\n[^1]: A\n{}\n",
    "comment": "## H\n\n<!-- {{{}",
    "outlets": "## H\n\n### About the outlets\n\n#### x\n\n{}",
}
FILLERS = [
    " ", "\n", "# ", "#### x\n", "1. a\n", "- a\n", "> a\n>\n", "***\n", "[", "]", "](", '](a "', "](<", "](   ", "[a](b)",
    "[^", "[^1]", "[^1]: a\n", "[a]: b\n", "<", "<!--", "<!-- -->", "<a", "&", "&amp;", "`", "` `` ", "*", "a*", "*a", "_a",
    "~~a", "\\", "a\\\n", "a, ", ": ", "\u201c", '"a"\n', "a\n=\n", "1999. a\n",
]  # fmt: skip


@pytest.mark.slow
@pytest.mark.parametrize("filler", FILLERS)
@pytest.mark.parametrize("place", PLACES)
def test_markdown_loader_is_linear(place: str, filler: str) -> None:
    """Eight times a hostile text takes about eight times as long, wherever it stands."""

    assert is_linear(lambda size: PLACES[place].format(filler * (size // len(filler))))


@pytest.mark.parametrize("filler", ["[", "](", "*a", "- a\n", "<!--", "a, "])
def test_markdown_loader_is_linear_in_a_group(filler: str) -> None:
    """A few of the same, in the place that looks at most of a text."""

    assert is_linear(lambda size: PLACES["group"].format(filler * (size // len(filler))))
