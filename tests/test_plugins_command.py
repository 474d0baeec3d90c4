"""`perspectives plugins`: what it lists without an import, what it tells of one plugin, and what it checks."""

import json
import os
import subprocess
import sys

import pytest

import perspectives as p
from perspectives.cli import main
from perspectives.options import options_schema
from perspectives.renderers.html import HtmlOptions

BRIEF = p.Brief(title="12 Aug", stories=[p.Story(headline="A bridge closes")])

RENDERER = """
import datetime as dt
from typing import Literal
from attrs import field, frozen
from perspectives.plugin import Rendered, RendererInfo, renderers

@frozen(kw_only=True)
class Options:
    level: Literal[1, 2, 3] = field(default=2, metadata={{"help": "how deep"}})
    day: dt.date = field(default=dt.date(2026, 1, 14), metadata={{"help": "when"}})

class Plugin:
    info = RendererInfo(
        name={name!r}, media_type="text/x-ours", summary="Ours", extensions=[".a", ".b"],
        omits=frozenset({{"outlets", "critique"}}),
    )
    options_class = Options

    def render(self, brief, options, tools, /):
        return Rendered({name!r}, "text/x-ours")

@renderers
def ours(): return [Plugin()]
"""

LOADER = """
from perspectives.plugin import LoaderInfo, NoOptions, loaders

class Plugin:
    info = LoaderInfo(name={name!r}, summary="Ours", media_types=["text/x-ours"])
    options_class = NoOptions
    sniff = load = lambda *_: None

@loaders
def ours(): return [Plugin()]
"""

RULE = """
from perspectives.plugin import rules

class Cited:
    code = "desk/001"
    summary = "Every fact is cited."
    def check(self, brief, /): return []

@rules
def ours(): return [Cited()]
"""


@pytest.fixture
def run(install, capsysbinary):
    """A function that runs `plugins` and gives exit status, stdout and stderr."""

    def run(*arguments):
        status = main(["plugins", *arguments])
        out, err = capsysbinary.readouterr()
        return status, out.decode(), err.decode()

    return run


TWELVE = ["slack", "rss", "epub", "toot", "gemtext", "mjml", "pdf", "docx", "notion", "kite", "newsml", "broken"]


@pytest.fixture
def twelve(install):
    """Twelve distributions with a format each, one of which cannot be imported."""
    for number, name in enumerate(TWELVE):
        code = "1 / 0" if name == "broken" else RENDERER.format(name=name)
        install(f"perspectives-{name}", code, version=f"0.{number}", renderers=name)
    return install


def test_twelve_are_listed_and_none_is_imported(twelve):
    """`perspectives plugins` lists twelve distributions, one broken, and imports none of them."""
    code = (
        "import sys; from perspectives.cli import main; status = main(['plugins']);"
        " print(status, [name for name in sys.modules if name.startswith('perspectives_')], file=sys.stderr)"
    )
    path = os.pathsep.join([str(twelve.site), *sys.path])
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, env={**os.environ, "PYTHONPATH": path}, check=True
    )
    rows = [line.split() for line in done.stdout.splitlines()]

    # Those of whoever runs the tests are listed too.
    assert [["renderer", name, f"perspectives-{name}", f"0.{TWELVE.index(name)}"] for name in sorted(TWELVE)] == [
        row for row in rows if row[-1].startswith("0.") and row[-1] != "0.1.0"
    ]
    assert "0 []\n" == done.stderr


def test_one_of_twelve_is_imported(twelve):
    """Rendering with one of twelve imports this one, and the broken one disturbs nothing."""
    registry = p.Registry()

    assert ("slack", "toot", "A bridge closes") == (
        str(registry.render(BRIEF, "slack")),
        str(registry.render(BRIEF, "toot")),
        registry.loads(registry.render(BRIEF, "json").content).stories[0].headline,
    )
    assert {"perspectives_slack", "perspectives_toot"} == {n for n in sys.modules if n.startswith("perspectives_")}


@pytest.mark.usefixtures("twelve")
def test_check_names_the_broken_one_of_twelve(run):
    """`--check` imports all twelve, lists them with a mark at the one that is broken, and tells its fault."""
    listed = run()[1].replace("0.11\n", "0.11   broken\n")

    assert (
        3,
        listed,
        "perspectives: plugin perspectives-broken:broken could not be imported\n"
        "from: perspectives-broken 0.11 (perspectives_broken), entry point group 'perspectives.renderers'\n"
        "cause: ZeroDivisionError: division by zero\n"
        "fix: pip install -U perspectives-broken, or pip uninstall perspectives-broken,"
        " or PERSPECTIVES_DISABLE=perspectives-broken\n",
    ) == run("--check")


def test_blocked_is_listed_as_such(install, run, monkeypatch):
    """What the lists keep out is in the listing, marked, and not imported even to check."""
    install("perspectives-slack", "1 / 0", version="0.3", renderers="slack", rules="slack")
    monkeypatch.setenv("PERSPECTIVES_DISABLE", "perspectives-slack:slack")
    marked = [line for line in run("--check")[1].splitlines() if "slack" in line]

    assert [
        "renderer  slack     perspectives-slack   0.3    blocked",
        "rules     slack     perspectives-slack   0.3    blocked",
    ] == marked
    assert [True, True] == [row["blocked"] for row in json.loads(run("--json")[1]) if row["name"] == "slack"]
    assert 0 == run("--check")[0]


@pytest.mark.parametrize(
    "name",
    ["slack", "perspectives-slack:slack", "Perspectives_Slack:slack", "perspectives-slack", "Perspectives_Slack"],
)
def test_blocked_is_not_described(install, run, monkeypatch, name):
    """What the lists keep out is not imported by its name either; the error says why it is not there."""
    install("perspectives-slack", "1 / 0", renderers="slack")
    monkeypatch.setenv("PERSPECTIVES_PLUGINS", "")

    assert (
        2,
        "",
        f"perspectives: no plugin named {name!r}\n"
        "blocked: perspectives-slack:slack (PERSPECTIVES_DISABLE or PERSPECTIVES_PLUGINS)\n"
        "more: python -m perspectives plugins\n",
    ) == run(name)


def test_entry_of_a_list_that_is_for_nothing_is_told(install, run, monkeypatch):
    """A name in the lists that is not installed is told: misspelt, it would block nothing and say nothing."""
    install("perspectives-slack", RENDERER.format(name="slack"), renderers="slack")
    monkeypatch.setenv("PERSPECTIVES_DISABLE", "perspectives-slak, Perspectives_Slack:other, perspectives-briefs")
    monkeypatch.setenv("PERSPECTIVES_PLUGINS", "perspectives-slack")
    status, _, err = run()

    assert (
        0,
        "perspectives: warning: PERSPECTIVES_PLUGINS or PERSPECTIVES_DISABLE lists 'perspectives-slack:other',"
        " which is not installed\n"
        "perspectives: warning: PERSPECTIVES_PLUGINS or PERSPECTIVES_DISABLE lists 'perspectives-slak',"
        " which is not installed\n",
    ) == (status, err)


def test_format_is_described_both_ways(install, run):
    """A name that a renderer and a loader have is told of both: what it is, and its options as the command takes them."""
    install("perspectives-kite", RENDERER.format(name="kite"), renderers="kite")
    install("perspectives-desk", LOADER.format(name="kite"), loaders="kite")

    assert (
        0,
        "renderer perspectives-kite:kite: Ours\n"
        "  media type: text/x-ours\n"
        "  extensions: .a, .b\n"
        "  omits: critique, outlets\n"
        "  -O level=2  how deep (an int from 1 to 3)\n"
        "  -O day=2026-01-14  when (a date like 2026-01-14)\n"
        "loader perspectives-desk:kite: Ours\n"
        "  media types: text/x-ours\n"
        "  extensions: none\n",
        "",
    ) == run("kite")


@pytest.mark.parametrize("name", ["perspectives-desk", "Perspectives_Desk"])
def test_distribution_is_described_whole(install, run, name):
    """A distribution's name tells all that it provides."""
    install("perspectives-desk", RULE + LOADER.format(name="kite"), rules="own")
    (install.site / "perspectives_desk.py").write_text(RULE + LOADER.format(name="kite").replace("ours", "kites"))
    points = install.site / "perspectives_desk-1.0.dist-info" / "entry_points.txt"
    points.write_text(
        "[perspectives.loaders]\nkite = perspectives_desk\n[perspectives.rules]\nown = perspectives_desk\n"
    )

    assert ["loader perspectives-desk:kite: Ours", "rules perspectives-desk:own: 1 rule"] == [
        line for line in run(name)[1].splitlines() if line[0] != " "
    ]


def test_broken_one_of_a_distribution_is_told(install, run):
    """Where one item of a distribution is broken, the others are told, and its fault with exit 3."""
    install("perspectives-desk", RULE, rules="own", renderers="toot")
    status, out, err = run("perspectives-desk")

    assert (
        3,
        "rules perspectives-desk:own: 1 rule\n  desk/001  Every fact is cited.\n",
        "perspectives: perspectives-desk declares the renderer 'toot' in its entry points"
        " but no function marked by perspectives.plugin.renderers returned one",
    ) == (status, out, err.splitlines()[0])
    assert [("toot", True), ("own", False)] == [
        (row["name"], bool(row["fault"])) for row in json.loads(run("perspectives-desk", "--json")[1])
    ]


@pytest.mark.parametrize(
    ("name", "first"),
    [
        ("rules", "rules perspectives-briefs:rules: 13 rules"),
        ("perspectives-briefs:outlets", "outlets perspectives-briefs:outlets: 8 outlets"),
    ],
)
def test_what_ships_beside_the_formats_is_described(run, name, first):
    """The built-in rules and the shipped outlets are found like those of plugins."""
    assert (0, first) == (run(name)[0], run(name)[1].splitlines()[0])


def test_two_of_one_name_are_not_passed_over(install, run):
    """A name that two renderers and one loader have is an error; the loader alone would look like the whole answer."""
    install("perspectives-a", "", renderers="kite")
    install("perspectives-b", "", renderers="kite")
    install("perspectives-c", LOADER.format(name="kite"), loaders="kite")

    assert (2, "perspectives: 2 plugins provide the renderer 'kite'; none was chosen for you") == (
        run("kite")[0],
        run("kite")[2].splitlines()[0],
    )


@pytest.mark.parametrize(
    ("name", "near"), [("dsk", "desk"), ("perspectives-dsk", "perspectives-desk"), ("htlm", "html"), ("zzz", None)]
)
def test_unknown_name_is_suggested(install, run, name, near):
    """A name that is nearly one of an item or a distribution of any kind gets the suggestion."""
    install("perspectives-desk", "1 / 0", rules="desk")
    hint = f". Did you mean {near!r}?" if near else ""

    assert (2, "", f"perspectives: no plugin named {name!r}{hint}\nmore: python -m perspectives plugins\n") == run(name)


def test_options_are_one_source(install, run):
    """The schema that `--json` prints is that of the options class, and the command takes what it allows."""
    rows = json.loads(run("html", "--json")[1])

    assert options_schema(HtmlOptions) == rows[0]["schema"]
    assert list(rows[0]["schema"]["properties"]) == [option["name"] for option in rows[0]["options"]]


def test_options_that_cannot_be_described_are_a_fault(install, run):
    """An options class that fails when it is described is the plugin's fault, with exit 3."""
    code = RENDERER.format(name="toot").replace("default=2", "factory=lambda: 1 / 0")
    install("perspectives-toot", code, renderers="toot")

    assert (3, "", "perspectives: perspectives-toot:toot cannot be described") == (
        *run("toot")[:2],
        run("toot")[2].splitlines()[0],
    )
