"""`perspectives validate` and `perspectives report`: what people, programs and code hosts get."""

import json
import xml.etree.ElementTree as ET
from pathlib import Path

import attrs
import pytest

import perspectives as p
from perspectives.cli import main
from perspectives.cli.tables import lines, picture, plain, reports_of
from perspectives.cli.verdicts import Verdict, annotations
from perspectives.testing import samples

SEED = Path(__file__).parents[1] / "examples" / "kim-putin.txt"
GUESSED = """\
kim-putin.txt:21: warning: 'The Moscow TimesFrame' is split after 'The Moscow Times' (a known outlet); check the name
kim-putin.txt:25: warning: 'BloombergReport' is split after 'Bloomberg' (a known outlet); check the name
kim-putin.txt:29: warning: 'KyivPostPortrays' is split after 'KyivPost' (a known outlet); check the name
"""
FACTS = p.Brief(stories=[p.Story(headline="h", facts=[p.Fact(text="It closed yesterday.")])])
BAD = '{"format": "perspectives/1.0", "stories": [{"headline": 5}, {"headline": ""}]}'


@pytest.fixture(autouse=True)
def folder(tmp_path, monkeypatch):
    """A working folder with the seed, a brief with findings, and one that is none."""
    (tmp_path / SEED.name).write_bytes(SEED.read_bytes())
    (tmp_path / "facts.json").write_text(p.dumps(FACTS), "utf-8")
    (tmp_path / "bad.json").write_text(BAD, "utf-8")
    monkeypatch.chdir(tmp_path)
    return tmp_path


# validate


def test_validate_seed(run):
    """What the loader guessed comes with its line, what the rules found with its place and code."""

    assert (
        0,
        GUESSED + "kim-putin.txt: info: the date '12 Aug 2025' is only in the text;"
        " set `date` of the story or brief, if this is its day @ $.stories[0].summary [date-in-prose]\n"
        "kim-putin.txt: warning: none of the 3 facts cites a source;"
        " add a source and cite it, or say that it is common knowledge @ $.stories[0].facts [uncited-fact]\n"
        "kim-putin.txt: info: the group 'Ukrainian-aligned media' names one outlet, 'KyivPost';"
        " name another one, or a label that speaks of this one @ $.stories[0].perspectives[2].outlets [single-outlet]\n"
        "kim-putin.txt: valid, 1 story, 6 findings\n",
        "",
    ) == run("validate", "kim-putin.txt")


def test_validate_in_a_profile(run):
    """The profile decides which findings there are."""

    assert (
        0,
        GUESSED + "kim-putin.txt: info: the group 'Ukrainian-aligned media' names one outlet, 'KyivPost';"
        " name another one, or a label that speaks of this one @ $.stories[0].perspectives[2].outlets [single-outlet]\n"
        "kim-putin.txt: valid, 1 story, 4 findings\n",
        "",
    ) == run("validate", "--profile", "seed", "kim-putin.txt")


def test_finding_that_is_an_error_is_exit_1(run):
    """An error among the findings is counted and makes the exit status 1, though the brief is valid."""

    assert (
        1,
        "facts.json: error: fact 1 cites no source; add a source and cite it, or say that it is common knowledge"
        " @ $.stories[0].facts[0] [uncited-fact]\n"
        "facts.json: error: 'yesterday' says the day only to those who know today's; write the date"
        " @ $.stories[0].facts[0].text [relative-date]\n"
        "facts.json: valid, 1 story, 2 findings, 2 errors\n",
        "",
    ) == run("validate", "--profile", "strict", "facts.json")


def test_strict_is_for_what_the_loader_found_too(run):
    """In the strict profile each finding is one step more severe, those of the loader as those of the rules."""
    status, out, _ = run("validate", "--profile", "strict", "kim-putin.txt")

    assert (1, GUESSED.replace("warning", "error"), "kim-putin.txt: valid, 1 story, 6 findings, 4 errors") == (
        status,
        "".join(out.splitlines(keepends=True)[:3]),
        out.splitlines()[-1],
    )


def test_unknown_profile_is_told_once(run):
    """A misspelt profile is wrong usage, told once whatever the number of files."""

    assert (2, "", "perspectives: no profile named 'sed'. Did you mean 'seed'?\nprofiles: default, seed, strict\n") == (
        run("validate", "--profile", "sed", "facts.json", "bad.json")
    )


def test_validate_as_json(run):
    """Faults and findings of all files are one array of objects with the same keys."""
    status, out, err = run("validate", "--output", "json", "bad.json", "facts.json")

    assert (1, "") == (status, err)
    assert [
        {
            "file": "bad.json",
            "code": "not-text",
            "severity": "error",
            "path": "$.stories[0].headline",
            "line": None,
            "column": None,
            "message": "5 is no text",
            "expected": "one paragraph of plain text",
            "hint": None,
        },
        {
            "file": "bad.json",
            "code": "bad-text",
            "severity": "error",
            "path": "$.stories[1].headline",
            "line": None,
            "column": None,
            "message": "an empty text",
            "expected": "one paragraph of plain text",
            "hint": None,
        },
        {
            "file": "facts.json",
            "code": "uncited-fact",
            "severity": "warning",
            "path": "$.stories[0].facts[0]",
            "line": None,
            "column": None,
            "message": "fact 1 cites no source",
            "expected": None,
            "hint": "add a source and cite it, or say that it is common knowledge",
        },
        {
            "file": "facts.json",
            "code": "relative-date",
            "severity": "warning",
            "path": "$.stories[0].facts[0].text",
            "line": None,
            "column": None,
            "message": "'yesterday' says the day only to those who know today's",
            "expected": None,
            "hint": "write the date",
        },
    ] == json.loads(out)


def test_json_has_line_and_column(folder, run):
    """A fault of the JSON text has its line and column."""
    (folder / "cut.json").write_text('{"format":\n  "perspectives/1.0",')
    _, out, _ = run("validate", "--output", "json", "cut.json")

    assert [("cut.json", "error", 2, 22)] == [
        (row["file"], row["severity"], row["line"], row["column"]) for row in json.loads(out)
    ]


def test_unreadable_file_leaves_the_array_whole(run):
    """A file that cannot be read is told on stderr; stdout is JSON all the same."""

    assert (2, "[]\n", "perspectives: no.json: No such file or directory\n") == (
        run("validate", "--output", "json", "no.json")
    )


def test_too_large_input_is_a_fault(folder, run):
    """An input beyond the limits is an invalid one, told like any other."""
    (folder / "deep.json").write_text("[" * 100_000)
    status, out, err = run("validate", "--output", "json", "deep.json")

    assert (1, "", [("deep.json", "error")]) == (
        status,
        err,
        [(row["file"], row["severity"]) for row in json.loads(out)],
    )


def test_validate_as_annotations(run):
    """Each fault and finding is a workflow command; an info is a notice."""

    assert (
        1,
        "::error file=bad.json,title=not-text::5 is no text @ $.stories[0].headline, expected one paragraph of plain text\n"
        "::error file=bad.json,title=bad-text::an empty text @ $.stories[1].headline, expected one paragraph of plain text\n"
        "::warning file=kim-putin.txt,line=21,title=glued-outlet::'The Moscow TimesFrame' is split after"
        " 'The Moscow Times' (a known outlet); check the name\n"
        "::warning file=kim-putin.txt,line=25,title=glued-outlet::'BloombergReport' is split after"
        " 'Bloomberg' (a known outlet); check the name\n"
        "::warning file=kim-putin.txt,line=29,title=glued-outlet::'KyivPostPortrays' is split after"
        " 'KyivPost' (a known outlet); check the name\n"
        "::notice file=kim-putin.txt,title=single-outlet::the group 'Ukrainian-aligned media' names one outlet,"
        " 'KyivPost'; name another one, or a label that speaks of this one @ $.stories[0].perspectives[2].outlets\n",
        "",
    ) == run("validate", "--output", "github", "--profile", "seed", "bad.json", "kim-putin.txt")


def test_annotations_are_escaped():
    """In an annotation %, CR and LF are escaped, in its properties : and , too: nothing begins a command of its own."""
    fault = p.Fault(code="a,b:c", message="100%\r\n::error::x, y", line=3, column=4)

    assert ["::error file=C%3A\\a%2Cb%25.json,line=3,col=4,title=a%2Cb%3Ac::100%25%0D%0A::error::x, y"] == list(
        annotations(Verdict(file="C:\\a,b%.json", faults=(fault,)))
    )


# report


def test_report_of_the_seed(run):
    """The report of the seed: 57, 57, 51 words, 3, 4, 1 outlets, no citation, no rating."""

    assert (
        0,
        """\
Kim Jong Un Pledges Unconditional Backing for Russia Days Before Putin–Trump Alaska Summit

group                                                 words  outlets  citations
Pro-Kremlin or Russia-friendly international outlets     57        3          0
Mainstream Western media                                 57        4          0
Ukrainian-aligned media                                  51        1          0

fact                                                              owners  outlets  sources
1. South Korean intelligence says roughly 15,000 North Korean t…       0        0        0
2. The 2024 Comprehensive Strategic Partnership Treaty commits…        0        0        0
3. Putin and Trump are slated to meet on 15 Aug 2025 in Anchora…       0        0        0

No outlet is rated: 8 of 8 are unrated in any scheme.
""",
        GUESSED,
    ) == run("report", "kim-putin.txt")


RATED = p.Brief(
    schemes=[p.RatingScheme(id="bank", axis="Which bank", values=["East", "West"], ordered=True)],
    stories=[
        p.Story(
            headline="橋",
            perspectives=[
                p.PerspectiveGroup(
                    label="地元紙",
                    framing="橋は閉じる。",
                    outlets=[
                        p.Outlet(name="A", ratings=[p.Rating(scheme="bank", value="East", rater="R")]),
                        p.Outlet(name="B"),
                        p.Outlet(name="C"),
                    ],
                ),
                p.PerspectiveGroup(label="Cafe\u0301", framing="Calm."),
            ],
        )
    ],
)


def test_report_of_ratings(folder, run):
    """Wide letters take two columns and marks none; each scheme is told with who is contested and unrated."""
    (folder / "rated.json").write_text(p.dumps(RATED), "utf-8")

    assert (
        0,
        """\
橋

group   words  outlets  citations
地元紙      5        3          0
Cafe\u0301        1        0          0

(no fact)

Which bank (bank)  outlets  share
East                     1    33%
West                     0     0%
contested                0     0%
unrated                  2    67%
all                      3   100%

Attributions owed for these ratings:
  R: no licence is stated
""",
        "",
    ) == run("report", "rated.json")


def test_report_over_one_scheme(folder, run):
    """A scheme that is asked for is told even where nobody is rated in it, if the brief holds it."""
    (folder / "held.json").write_text(p.dumps(attrs.evolve(FACTS, schemes=RATED.schemes)), "utf-8")
    _, out, _ = run("report", "held.json", "--scheme", "bank")

    assert ["Which bank (bank)  outlets  share", "East                     0     0%"] == out.splitlines()[7:9]


@pytest.mark.parametrize("output", ["text", "json", "svg"])
@pytest.mark.parametrize(
    ("name", "scheme", "expected"),
    [
        ("rated.json", "bnk", "no scheme 'bnk'. Did you mean 'bank'?\nschemes: bank, tone, score"),
        ("rated.json", "", "no scheme ''\nschemes: bank, tone, score"),
        ("facts.json", "bank", "no scheme 'bank'\nschemes: none"),
    ],
)
def test_report_over_no_scheme(folder, run, output, name, scheme, expected):
    """A scheme that the brief neither holds nor uses is wrong usage: a report of it would say that nobody is rated."""
    score, tone = p.Rating(scheme="score", value=1, rater="R"), p.Position(scheme="tone", value="Calm")
    group = p.PerspectiveGroup(label="l", framing="f", outlets=[p.Outlet(name="A", ratings=[score])], position=tone)
    stories = [*RATED.stories, p.Story(headline="h", perspectives=[group])]
    (folder / "rated.json").write_text(p.dumps(attrs.evolve(RATED, stories=stories)), "utf-8")

    assert (2, "", f"perspectives: {expected}\n") == run("report", name, "--scheme", scheme, "--output", output)


TERMS = {"licence": "CC BY-NC 4.0", "url": "https://r.example/a"}
OWED = ["M: no licence is stated", "R: CC BY-NC 4.0 <https://r.example/a>"]


@pytest.mark.parametrize(("arguments", "owed"), [([], OWED), (["--scheme", "bank"], OWED[1:])])
def test_report_says_which_attributions_are_owed(folder, run, arguments, owed):
    """Behind the ratings stands to whom they are owed; in JSON they are a list, empty where nothing is owed."""
    ratings = [
        p.Rating(scheme="bank", value=1, rater="R", **TERMS),
        p.Rating(scheme="bank", value=2, rater="R", **TERMS),
    ]
    outlets = [
        p.Outlet(name="A", ratings=[*ratings, p.Rating(scheme="score", value=1, rater="M")]),
        p.Outlet(name="B", ratings=ratings[:1]),
    ]
    group = p.PerspectiveGroup(label="l", framing="f", outlets=outlets)
    (folder / "rated.json").write_text(p.dumps(p.Brief(stories=[p.Story(headline="h", perspectives=[group])])), "utf-8")
    _, out, _ = run("report", "rated.json", *arguments)
    _, data, _ = run("report", "rated.json", "--output", "json", *arguments)

    assert ["Attributions owed for these ratings:", *(f"  {line}" for line in owed)] == (
        out.splitlines()[-len(owed) - 1 :]
    )
    assert (owed, []) == (
        json.loads(data)["licences"],
        json.loads(run("report", "facts.json", "--output", "json")[1])["licences"],
    )


def test_report_as_json(run):
    """The reports as JSON are the reports as values."""
    status, out, _ = run("report", "kim-putin.txt", "--output", "json")
    data = json.loads(out)

    assert (0, ["balance", "corroboration", "coverage", "outlets", "licences"], [], 8) == (
        status,
        list(data),
        data["coverage"],
        data["outlets"],
    )
    assert [
        {"label": "Pro-Kremlin or Russia-friendly international outlets", "words": 57, "outlets": 3, "citations": 0},
        {"label": "Mainstream Western media", "words": 57, "outlets": 4, "citations": 0},
        {"label": "Ukrainian-aligned media", "words": 51, "outlets": 1, "citations": 0},
    ] == data["balance"]["stories"][0]["groups"]


def test_report_as_svg(folder, run):
    """The report as a picture is one XML document with a bar each for words, outlets and scheme."""
    (folder / "rated.json").write_text(p.dumps(RATED), "utf-8")
    status, out, _ = run("report", "rated.json", "--output", "svg")
    drawn = ET.fromstring(out)

    assert (0, ["橋: Words", "橋: Outlets", "Which bank: Outlets"]) == (
        status,
        [one.text for one in drawn.iter("{http://www.w3.org/2000/svg}title")],
    )


def test_report_as_svg_speaks_the_language_of_the_brief():
    """The picture says what it counts in the words of the brief, and runs its way."""
    brief = attrs.evolve(RATED, language="ar")
    drawn = ET.fromstring(picture(reports_of(brief), brief))

    assert (["橋: الكلمات", "橋: وسائل الإعلام", "Which bank: وسائل الإعلام"], {"rtl"}) == (
        [one.text for one in drawn.iter("{http://www.w3.org/2000/svg}title")],
        {one.get("direction") for one in drawn.iter("{http://www.w3.org/2000/svg}text")},
    )
    assert "East: 1; West: 0; تقييمات متباينة: 0; بلا تقييم: 2" == drawn[-1][1].text


@pytest.mark.parametrize("output", ["text", "json", "svg"])
def test_report_of_no_brief(run, output):
    """What is no brief is told on stderr, with exit 1 and nothing on stdout."""

    assert (
        1,
        "",
        "perspectives: bad.json: 5 is no text @ $.stories[0].headline, expected one paragraph of plain text\n"
        "bad.json: an empty text @ $.stories[1].headline, expected one paragraph of plain text\n",
    ) == run("report", "bad.json", "--output", output)


@pytest.mark.parametrize("name", samples)
def test_every_sample_has_a_report(name):
    """Every brief has every report, and but for headlines no line of a table is wider than 100 characters."""
    reports = reports_of(samples[name])
    headlines = {story.headline for story in samples[name].stories}

    assert [] == [line for line in lines(reports) if len(line) > 100 and line not in headlines]
    assert plain(reports) == json.loads(json.dumps(plain(reports)), object_hook=_with_tuples)
    assert "{http://www.w3.org/2000/svg}svg" == ET.fromstring(picture(reports, samples[name])).tag


def _with_tuples(value):
    return {key: tuple(item) if isinstance(item, list) else item for key, item in value.items()}


def test_owners_come_from_the_file_of_outlets(tmp_path, capsys):
    """Two papers of one owner are one origin in the report, where the user's file names the owner."""
    sources = [p.Source(id=name, outlet=f"Daily {name}") for name in "AB"]
    fact = p.Fact(text="It closed.", citations=[p.Citation(source="A"), p.Citation(source="B")])
    (tmp_path / "brief.json").write_text(
        p.dumps(p.Brief(stories=[p.Story(headline="h", facts=[fact], sources=sources)]))
    )
    owned = [{"name": f"Daily {name}", "owner": "One Corp"} for name in "AB"]
    (tmp_path / "outlets.json").write_text(json.dumps({"outlets": owned}))
    arguments = ["report", str(tmp_path / "brief.json"), "--output", "json"]

    found = []
    for more in ([], ["--outlets", str(tmp_path / "outlets.json")]):
        main([*arguments, *more])
        report = json.loads(capsys.readouterr().out)
        found.append(report["corroboration"]["stories"][0]["facts"][0])

    assert [(2, 2, 2), (1, 2, 2)] == [(fact["owners"], fact["outlets"], fact["sources"]) for fact in found]
