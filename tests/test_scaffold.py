"""`perspectives new`: what it writes, what it refuses, and that its commands work as they are printed."""

import json
import re
import tomllib
import zipfile
from pathlib import Path
from types import SimpleNamespace

import pytest
import yaml
from conftest import execute, fresh_environment, pip, requires

import perspectives as p
import perspectives.scaffold

KINDS = {"renderer": "my-toot", "loader": "kite"}
"""A name for each kind: one with a hyphen, and one without."""


@pytest.fixture(autouse=True)
def folder(tmp_path, monkeypatch):
    """An empty working folder for each test."""

    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture(params=KINDS)
def plugin(request, folder, run):
    """The folder of a new plugin of each kind."""

    assert 0 == run("new", "plugin", KINDS[request.param], f"--{request.param}")[0]
    return folder / f"perspectives-{KINDS[request.param]}"


def names(folder):
    """All files below a folder, in order."""
    return sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*") if not path.is_dir())


# A brief

BRIEF = Path(perspectives.scaffold.__file__).parent / "templates" / "brief.md"


def test_new_brief_is_printed(run, folder):
    """Without a file the brief goes to stdout, and nothing is written."""

    assert (0, BRIEF.read_text("utf-8"), "") == run("new", "brief") == run("new", "brief", "-o", "-")
    assert [] == names(folder)


def test_new_brief_is_written(run):
    """With a file the brief is in it, and stdout is what a shell runs next."""

    commands = (
        "perspectives validate 'my brief.md'\nperspectives render 'my brief.md' -o 'my brief.html'\n"
        "perspectives preview 'my brief.md'\n"
    )
    assert (0, commands, "made my brief.md, a brief; next:\n") == run("new", "brief", "-o", "my brief.md")
    assert BRIEF.read_bytes() == Path("my brief.md").read_bytes()


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("there.md", "is there already, expected a new name"),
        ("no/brief.md", "cannot be written: No such file or directory"),
        (
            "brief.JSON",
            "cannot be written: '.JSON' is an extension of 'json', and the brief is Markdown, expected brief.md",
        ),
        (
            "brief.html",
            "cannot be written: '.html' is an extension of 'html', and the brief is Markdown, expected brief.md",
        ),
    ],
)
def test_new_brief_is_refused(run, folder, name, message):
    """A brief is written over nothing, and to no name that would be read as another format."""
    Path("there.md").write_text("mine")

    assert (2, "", f"perspectives: {name}: {message}\n") == run("new", "brief", "-o", name)
    assert (["there.md"], "mine") == (names(folder), Path("there.md").read_text())


def test_new_brief_is_fine():
    """It loads with nothing to guess, and no rule of any profile has anything to say."""
    report = p.load_report(BRIEF)

    assert () == report.findings
    assert [(), (), ()] == [p.lint(report.brief, profile=name) for name in ("default", "seed", "strict")]


def test_new_brief_has_the_common_parts():
    """It shows each part that most briefs have: two groups, a fact with a note, a disputed one, a quote, links."""
    brief = p.load(BRIEF)
    [story] = brief.stories

    given = [
        name for name in ("title", "intro", "date", "language", "call_to_action", "publisher") if getattr(brief, name)
    ]
    assert ["title", "intro", "date", "language", "call_to_action", "publisher"] == given
    assert (True, True, True) == (bool(story.section), bool(story.summary), bool(story.context))
    assert [1, 1, 2] == [len(fact.citations) for fact in story.facts]
    assert ["reported", "reported", "disputed"] == [fact.status for fact in story.facts]
    assert [(2, True, 1), (2, True, 0)] == [
        (len(group.outlets), bool(group.critique), len(group.quotes)) for group in story.perspectives
    ]
    assert (2, 3) == (len(story.links), len(story.sources))


@pytest.mark.parametrize("format", ["email", "html", "json", "markdown", "text"])
def test_new_brief_renders(run, format):
    """Every built-in renderer prints it."""
    run("new", "brief", "-o", "brief.md")

    status, out, _ = run("render", "brief.md", "-t", format)
    assert (0, True) == (status, "swing bridge" in out)


# What is written


def test_plugin_is_a_renderer_unless_a_loader_is_asked_for(run, folder):
    """Without an option the plugin is a renderer; it has a module, tests, metadata, texts and a workflow."""

    run("new", "plugin", "my-toot")

    assert [
        "perspectives-my-toot/.github/workflows/ci.yml",
        "perspectives-my-toot/.gitignore",
        "perspectives-my-toot/CHANGELOG.md",
        "perspectives-my-toot/LICENSE",
        "perspectives-my-toot/README.md",
        "perspectives-my-toot/pyproject.toml",
        "perspectives-my-toot/src/perspectives_my_toot/__init__.py",
        "perspectives-my-toot/src/perspectives_my_toot/py.typed",
        "perspectives-my-toot/tests/bridge.txt",
        "perspectives-my-toot/tests/conftest.py",
        "perspectives-my-toot/tests/test_my_toot.py",
    ] == names(folder)


def test_loader_comes_with_a_file_of_its_format(run, folder):
    """A loader has an input of its own format beside its tests."""

    run("new", "plugin", "my-kite", "--loader")

    assert ["bridge.mykite", "conftest.py", "test_my_kite.py"] == names(folder / "perspectives-my-kite" / "tests")


@pytest.mark.parametrize(
    ("kind", "summary"),
    [
        ("renderer", "Multi-perspective news briefs as my-toot"),
        ("loader", "Multi-perspective news briefs from my-toot"),
    ],
)
def test_metadata_is_complete(run, folder, kind, summary):
    """The project says what it is and needs, with its entry point filled in, and nothing that is not known."""

    run("new", "plugin", "my-toot", f"--{kind}")

    assert {
        "build-system": {"requires": ["hatchling>=1.26"], "build-backend": "hatchling.build"},
        "project": {
            "name": "perspectives-my-toot",
            "version": "0.1.0",
            "description": summary,
            "readme": "README.md",
            "requires-python": ">=3.11",
            "license": "MIT",
            "license-files": ["LICENSE"],
            "dependencies": ["perspectives-briefs>=0.1,<1"],
            "optional-dependencies": {"test": ["perspectives-briefs[testing]", "mypy>=1.18"]},
            "entry-points": {f"perspectives.{kind}s": {"my-toot": "perspectives_my_toot"}},
        },
        "tool": {
            "mypy": {"strict": True, "files": ["src", "tests"]},
            "pytest": {"ini_options": {"testpaths": ["tests"]}},
        },
    } == tomllib.loads((folder / "perspectives-my-toot" / "pyproject.toml").read_text("utf-8"))


def test_licence_is_that_of_its_authors(plugin):
    """The licence is ours, MIT, but held by the authors of the plugin."""

    ours = (Path(__file__).parents[1] / "LICENSE").read_text("utf-8")
    holder = f"Copyright (c) the authors of {plugin.name}"

    assert re.sub(r"Copyright .*", holder, ours) == (plugin / "LICENSE").read_text("utf-8")


def test_workflow_runs_what_the_readme_says(plugin):
    """The workflow runs the README's commands for tests, and keeps the gallery that they write."""

    job = yaml.safe_load((plugin / ".github" / "workflows" / "ci.yml").read_text("utf-8"))["jobs"]["test"]
    runs = [step["run"] for step in job["steps"] if "run" in step]
    commands = re.findall(r"## Test\n\n```sh\n(.*?)```", (plugin / "README.md").read_text("utf-8"), re.DOTALL)

    assert commands == ["".join(f"{line}\n" for line in runs)]
    assert {"name": "gallery-${{ matrix.python }}", "path": "gallery"} == job["steps"][-1]["with"]


@requires("ruff")
@pytest.mark.parametrize("width", [88, 120])
def test_code_is_clean(plugin, width):
    """Ruff has nothing to say of the code, by its own rules or ours, nor of its format, whatever the line's length."""

    ours = tomllib.loads((Path(__file__).parents[1] / "pyproject.toml").read_text("utf-8"))["tool"]["ruff"]["lint"]
    rules = f"--extend-select={','.join(ours['select'])}"
    ignored = f"--ignore={','.join(ours['ignore'])},S101"

    execute("ruff", "check", "--isolated", "--no-cache", f"--line-length={width}", rules, ignored, ".", cwd=plugin)
    execute("ruff", "format", "--isolated", "--no-cache", f"--line-length={width}", "--check", ".", cwd=plugin)


def test_folder_is_open_to_whom_any_new_one_is(plugin):
    """The folder has the mode that any other new one has, so that a group can work on it."""

    other = plugin.with_name("other")
    other.mkdir()

    assert other.stat().st_mode == plugin.stat().st_mode


# What is refused


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("My_Toot", "'My_Toot' is no format name: lower-case letters, digits and single hyphens, expected 'my-toot'"),
        ("toot!", "'toot!' is no format name: lower-case letters, digits and single hyphens, expected 'toot'"),
        (
            "../toot",
            "'../toot' is no format name: lower-case letters, digits and single hyphens, expected 'toot'",
        ),
        (
            "2toot",
            "'2toot' is no format name: lower-case letters, digits and single hyphens,"
            " expected a name of its own, like 'toot'",
        ),
        (
            "HTML",
            "'HTML' is no format name: lower-case letters, digits and single hyphens,"
            " expected a name of its own, like 'toot'",
        ),
        ("html", "'html' is a built-in format, expected a name of its own, like 'toot'"),
        ("md", "'.md' is an extension of the built-in format 'markdown', expected a name of its own, like 'toot'"),
        ("briefs", "'perspectives-briefs' is this library, expected a name of its own, like 'toot'"),
        ("perspectives-toot", "'perspectives-toot' is what its distribution is called, expected 'toot'"),
    ],
)
def test_name_that_no_plugin_may_have_is_refused(run, folder, name, message):
    """A name that is no format's, or is taken, is refused with one that would do, and nothing is written."""

    assert (2, "", f"perspectives: {message}\n") == run("new", "plugin", name)
    assert [] == names(folder)


@pytest.mark.parametrize("kind", ["folder", "file", "link"])
def test_what_is_there_is_left_alone(run, folder, kind):
    """A plugin is never written into what is there already, be it an empty folder or a link that leads nowhere."""

    place = folder / "perspectives-toot"
    {"folder": place.mkdir, "file": place.touch, "link": lambda: place.symlink_to("nowhere")}[kind]()

    assert (2, "", "perspectives: perspectives-toot: is there already, expected a new name\n") == run(
        "new", "plugin", "toot"
    )
    assert [place] == list(folder.iterdir())


def test_plugin_is_written_whole_or_not_at_all(run, folder, monkeypatch):
    """When its files cannot be written, nothing is left of them."""

    def full(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "rename", full)

    assert (2, "", "perspectives: perspectives-toot: cannot be made: No space left on device\n") == run(
        "new", "plugin", "toot"
    )
    assert [] == list(folder.iterdir())


# What is printed


@pytest.mark.parametrize(
    ("record", "library"),
    [
        (None, ""),
        ({"url": "file:///srv/our%20own/perspectives", "dir_info": {"editable": True}}, "'/srv/our own/perspectives' "),
        ({"url": "https://example.org/a.whl", "archive_info": {}}, "https://example.org/a.whl "),
        (
            {"url": "https://example.org/a.git", "vcs_info": {"vcs": "git", "commit_id": "1a2b"}},
            "git+https://example.org/a.git@1a2b ",
        ),
    ],
)
def test_commands_are_printed(run, monkeypatch, record, library):
    """stdout is what a shell runs next; this library is installed from where it came from."""

    text = record and json.dumps(record)
    monkeypatch.setattr("perspectives.scaffold.distribution", lambda _: SimpleNamespace(read_text=lambda _: text))

    assert (
        0,
        "cd perspectives-toot\n"
        "python3 -m venv .venv\n"
        "source .venv/bin/activate\n"
        f"pip install -q {library}-e '.[test]'\n"
        "mypy\n"
        "pytest\n"
        "perspectives render tests/bridge.txt -t toot\n",
        "made perspectives-toot, a renderer; next:\n",
    ) == run("new", "plugin", "toot")


# What it is once installed


@pytest.fixture(scope="module")
def built(our_wheel, build_wheel, tmp_path_factory):
    """A plugin of each kind, made by our wheel: the scripts of an environment that has both, and their folders."""

    folder = tmp_path_factory.mktemp("plugins")
    scripts = fresh_environment(folder / "environment", our_wheel)
    for kind, name in KINDS.items():
        execute(scripts / "perspectives", "new", "plugin", name, f"--{kind}", cwd=folder)
    wheels = {name: build_wheel(folder / f"perspectives-{name}") for name in KINDS.values()}
    pip(scripts / "python", "install", our_wheel, *(f"{wheel}[test]" for wheel in wheels.values()))
    return SimpleNamespace(folder=folder, scripts=scripts, wheels=wheels)


@pytest.mark.slow
@pytest.mark.parametrize("name", KINDS.values())
def test_wheel_is_typed_and_for_every_machine(built, name):
    """The wheel of a plugin is for Python 3 alone, holds the mark of typed packages, and no tests."""

    module = f"perspectives_{name.replace('-', '_')}"
    with zipfile.ZipFile(built.wheels[name]) as wheel:
        files = sorted(wheel.namelist())

    assert f"{module}-0.1.0-py3-none-any.whl" == built.wheels[name].name
    assert [
        f"{module}-0.1.0.dist-info/METADATA",
        f"{module}-0.1.0.dist-info/RECORD",
        f"{module}-0.1.0.dist-info/WHEEL",
        f"{module}-0.1.0.dist-info/entry_points.txt",
        f"{module}-0.1.0.dist-info/licenses/LICENSE",
        f"{module}/__init__.py",
        f"{module}/py.typed",
    ] == files


@pytest.mark.slow
@pytest.mark.parametrize(
    ("name", "outcome", "file", "badge"),
    [
        ("my-toot", "10 passed", "conformance.json", "conformance: 9/9, omits: none"),
        ("kite", "10 passed, 1 skipped", "conformance-loader.json", "conformance: 8/9, omits: none"),
    ],
    ids=KINDS.values(),
)
def test_own_tests_pass_at_once(built, name, outcome, file, badge):
    """What is installed keeps the contract and has the exact texts, and the gallery says so."""

    project = built.folder / f"perspectives-{name}"
    option = re.search("^pytest (.*)", (project / "README.md").read_text("utf-8"), re.MULTILINE)[1]
    (project / "gallery").mkdir()  # as from the second run on
    out, err = execute(built.scripts / "python", "-m", "pytest", "-p", "no:cacheprovider", option, cwd=project)

    assert (outcome, "") == (re.fullmatch(r"=+ (.+) in .+ =+", out.splitlines()[-1])[1], err)
    assert badge == json.loads((project / "gallery" / name / file).read_text("utf-8"))["badge"]


@pytest.mark.slow
@pytest.mark.parametrize("name", KINDS.values())
def test_types_are_strict(built, name):
    """mypy --strict has nothing to say of the module and its tests."""

    project = built.folder / f"perspectives-{name}"

    assert ("Success: no issues found in 3 source files\n", "") == execute(
        built.scripts / "python", "-m", "mypy", "--cache-dir", built.folder / "types", cwd=project
    )


PRINTED = """\
## Harbour council votes to close the
old bridge

### Focusing Facts

1. The vote was 9 to 8.

### Perspectives

#### Business press

e.g., Harbour Ledger

Reports a loss for shops.

Says little of the people who walk.
"""
READ = """\
## Harbour council votes to close the old bridge

### Focusing Facts

1. The vote was 9 to 8.

### Perspectives

#### Business press

Reports a loss for shops.
"""


@pytest.mark.slow
@pytest.mark.parametrize(
    ("name", "arguments", "printed", "option", "error"),
    [
        (
            "my-toot",
            ["tests/bridge.txt", "-t", "my-toot", "-O", "width=40"],
            PRINTED,
            "width",
            "no renderer named 'my-toot'\ninstalled: email, html, json, markdown, text\n",
        ),
        (
            "kite",
            ["tests/bridge.kite", "-f", "kite", "-t", "markdown"],
            READ,
            "unknown",
            "no loader named 'kite'\ninstalled: email, html, json, markdown, text\n",
        ),
    ],
    ids=KINDS.values(),
)
def test_plugin_works_until_it_is_uninstalled(built, name, arguments, printed, option, error):
    """The command has the new format and shows its option; uninstalled, the error lists what is left."""

    command = built.scripts / "perspectives"
    project = built.folder / f"perspectives-{name}"

    assert (printed, "") == execute(command, "render", *arguments, cwd=project)
    assert option in execute(command, "plugins", name)[0]

    pip(built.scripts / "python", "uninstall", "--yes", project.name)

    assert ("", f"perspectives: {error}more: python -m perspectives plugins\n") == execute(
        command, "render", *arguments, cwd=project, status=2
    )


@pytest.mark.slow
@requires("bash")
def test_printed_commands_work_as_they_are(our_wheel, folder):
    """A shell that is given stdout ends with a tested plugin and a brief."""

    scripts = fresh_environment(folder / "environment", our_wheel)
    commands, said = execute(scripts / "perspectives", "new", "plugin", "kite", "--loader", cwd=folder)
    out, _ = execute("bash", "-ec", commands, cwd=folder)

    assert "made perspectives-kite, a loader; next:\n" == said
    assert ("Success: no issues found in 3 source files", READ) == (out.splitlines()[0], out[-len(READ) :])
