"""What stands in `plugins/`: each distribution is built on public names, and each is tested as its users install it."""

import ast
import json
import os
import re
import subprocess
import tomllib
from pathlib import Path
from types import SimpleNamespace

import pytest
from conftest import execute, fresh_environment
from docs.conftest import Block, Page, difference, run_console
from markdown_it import MarkdownIt

import perspectives as p
import perspectives.plugin
import perspectives.testing
from perspectives import hooks
from perspectives.discovery import KINDS, built_in

ROOT = Path(__file__).parents[1]
PLUGINS = sorted(path.parent for path in ROOT.glob("plugins/*/pyproject.toml"))
MADE = {"node_modules", "__pycache__", "dist"}
"""Folders that tools make; so is each whose name begins with a dot."""


@pytest.fixture(scope="module", params=PLUGINS, ids=lambda path: path.name)
def plugin(request):
    """The folder of one distribution."""
    return request.param


def project(plugin):
    """What a distribution says of itself."""
    return tomllib.loads((plugin / "pyproject.toml").read_text("utf-8"))


def formats(plugin):
    """The names of a distribution's formats, by kind: renderer or loader."""
    points = project(plugin)["project"]["entry-points"]
    return {kind: list(points.get(f"perspectives.{kind}s", ())) for kind in KINDS}


def files(plugin, pattern="*"):
    """The files of a distribution that are written by hand."""
    for path in sorted(plugin.rglob(pattern)):
        folders = path.relative_to(plugin).parts[:-1]
        if path.is_file() and not any(folder in MADE or folder.startswith(".") for folder in folders):
            yield path


PUBLIC = {module.__name__: set(module.__all__) for module in (p, perspectives.plugin, perspectives.testing)}
PUBLIC["perspectives"] |= {"plugin", "testing"}
MODULES = {*PUBLIC, "perspectives.testing.plugin"}
PRIVATE = {path.stem for path in Path(p.__file__).parent.iterdir()} - {"plugin", "testing", "py"}
NAMED_TUPLE = {"_asdict", "_field_defaults", "_fields", "_make", "_replace"}
"""The methods of `typing.NamedTuple`, which are public in spite of their names."""
GROUPS = {name.removeprefix("perspectives_") for name in vars(hooks) if name.startswith("perspectives_")}


def private_names(source):
    """What a file imports or reads of ours that is not public, as `line: name`."""
    tree = ast.parse(source)
    ours = {}  # what a name of the file stands for: one of our modules
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            for alias in node.names:
                if alias.name.split(".")[0] == "perspectives":
                    ours[alias.asname or "perspectives"] = alias.name if alias.asname else "perspectives"
                    if alias.name not in MODULES:
                        yield f"{node.lineno}: {alias.name}"
        elif isinstance(node, ast.ImportFrom) and (node.module or "").split(".")[0] == "perspectives":
            for alias in node.names:
                name = f"{node.module}.{alias.name}"
                if name in PUBLIC:
                    ours[alias.asname or alias.name] = name
                if alias.name not in PUBLIC.get(node.module, ()) and name not in MODULES:
                    yield f"{node.lineno}: {name}"
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute):
            owner = ast.unparse(node.value)
            first, _, rest = owner.partition(".")
            module = ".".join(filter(None, (ours.get(first), rest)))
            is_own = first in {"self", "cls"} or node.attr[0] != "_"
            public = PUBLIC.get(module, {node.attr} if is_own else NAMED_TUPLE)
            if node.attr not in public and not node.attr.startswith("__"):
                yield f"{node.lineno}: {owner}.{node.attr}"
        elif isinstance(node, ast.Call):
            called = ast.unparse(node.func).rpartition(".")[2]
            is_said = all(isinstance(word, ast.Constant) for word in node.args)
            if called in {"import_module", "__import__"} and not is_said:
                yield f"{node.lineno}: {ast.unparse(node)}"
            if called in {"getattr", "setattr", "delattr"} and ast.unparse(node.args[0]) in ours:
                yield f"{node.lineno}: {ast.unparse(node)}"
        elif isinstance(node, ast.Constant) and isinstance(node.value, str):
            for name, more in re.findall(r"\bperspectives\.(\w+)(\.\w+)?", node.value):
                if name in PRIVATE and (more or name not in GROUPS):
                    yield f"{node.lineno}: perspectives.{name}{more}"


def test_imports_public_names_alone(plugin):
    """Code and tests of a plugin use what is public: what a third party can rely on is enough for ours."""
    found = {path.relative_to(plugin): list(private_names(path.read_text("utf-8"))) for path in files(plugin, "*.py")}

    assert {} == {path: names for path, names in found.items() if names}


@pytest.mark.parametrize(
    ("source", "names"),
    [
        ("import perspectives as p\np.render\np.plugin.Rendered\np.__name__", []),
        ("from perspectives.plugin import Rendered\nfrom perspectives import Brief, testing\ntesting.samples", []),
        ('pytest_plugins = ["perspectives.testing.plugin"]\ngroup = "perspectives.loaders"', []),
        ("import perspectives.codec", ["1: perspectives.codec"]),
        ("from perspectives.plugin import essence", ["1: perspectives.plugin.essence"]),
        ("from perspectives import codec", ["1: perspectives.codec"]),
        ("from perspectives import *", ["1: perspectives.*"]),
        ("import perspectives as p\np.codec.load", ["2: p.codec"]),
        ("import perspectives.plugin as own\nown.essence", ["2: own.essence"]),
        ("import perspectives as p\ngetattr(p, name)", ["2: getattr(p, name)"]),
        ("tools._outline", ["1: tools._outline"]),
        ("importlib.import_module(name)", ["1: importlib.import_module(name)"]),
        ('importlib.import_module("perspectives.loaders.text")', ["1: perspectives.loaders.text"]),
        ('code = "from perspectives.codec import dumps"', ["1: perspectives.codec"]),
    ],
)
def test_private_name_is_found(source, names):
    """The control: each way to a name that is not public is seen, and none to one that is."""

    assert names == list(private_names(source))


def test_project_has_the_shape(plugin):
    """Each distribution is made as `perspectives new plugin` makes one."""
    said = project(plugin)
    own, tools, name = said["project"], said["tool"], plugin.name
    module = name.replace("-", "_")
    points = own["entry-points"]

    assert (name, "0.1.0", "README.md", ">=3.11", "MIT", ["LICENSE"]) == tuple(
        own[key] for key in ("name", "version", "readme", "requires-python", "license", "license-files")
    )
    assert "hatchling.build" == said["build-system"]["build-backend"]
    assert re.fullmatch(r"perspectives-briefs(\[[a-z,]+\])?>=0\.1,<1", own["dependencies"][0])
    assert re.search(r"perspectives-briefs\[[a-z,]*testing\].* mypy>=", " ".join(own["optional-dependencies"]["test"]))
    assert set(points) <= {f"perspectives.{group}" for group in GROUPS}
    assert {module} == {value.split(".")[0] for group in points.values() for value in group.values()}
    assert tools["mypy"]["strict"]
    assert {"src", "tests"} <= set(tools["mypy"]["files"])
    assert ("error", ["tests"]) == (
        tools["pytest"]["ini_options"]["filterwarnings"][0],
        tools["pytest"]["ini_options"]["testpaths"],
    )
    assert not {"pythonpath", "markers"} & tools["pytest"]["ini_options"].keys(), "its wheel is tested, all of it"
    assert "ruff" not in tools, "the rules of the root are in force"


@pytest.mark.parametrize("name", ["LICENSE", "CHANGELOG.md", "README.md", "tests/conftest.py", "src/{module}/py.typed"])
def test_file_is_there(plugin, name):
    """Each distribution has a licence, tells what changed and what it is for, and is typed."""

    assert (plugin / name.format(module=plugin.name.replace("-", "_"))).is_file()


def test_licence_is_that_of_the_root(plugin):
    """Each distribution carries the licence of the whole."""

    assert (ROOT / "LICENSE").read_bytes() == (plugin / "LICENSE").read_bytes()


def test_version_is_in_the_changelog(plugin):
    """The newest section of a changelog is the version."""
    newest = re.search(r"^## \[?([\d.]+)", (plugin / "CHANGELOG.md").read_text("utf-8"), re.MULTILINE)

    assert project(plugin)["project"]["version"] == newest[1]


def blocks(plugin):
    """The fenced blocks of a README: line, language and text."""
    tokens = MarkdownIt("commonmark").parse((plugin / "README.md").read_text("utf-8"))
    return [(token.map[0] + 1, token.info, token.content) for token in tokens if token.type == "fence"]


def test_readme_has_the_sections(plugin):
    """A README says what the distribution is for, how to install and use it, what it does, and how it is tested."""
    text = re.sub(r"^```.*?^```", "", (plugin / "README.md").read_text("utf-8"), flags=re.MULTILINE | re.DOTALL)
    titles = re.findall(r"^(#{1,2} .*)", text, re.MULTILINE)
    wanted = [f"# {plugin.name}", "## Install", "## Use", "## Options", "## Test"]
    first = text.partition("\n\n")[2].partition("\n\n")[0]

    assert wanted == [title for title in titles if title in wanted]
    assert [f"# {plugin.name}"] == [title for title in titles if title.startswith("# ")]
    assert any(title.startswith("## What it does with ") for title in titles)
    assert re.fullmatch(r"[^\n]+\.", first), f"one sentence that says what it is for, not {first!r}"


def test_readme_has_blocks_that_run(plugin):
    """What is installed is in `sh`; a `console` begins with a command, and a `text` is what Python prints."""
    found = blocks(plugin)
    before = ["", *(language for _, language, _ in found)]

    assert f"pip install . ./plugins/{plugin.name}\n" in [text for _, language, text in found if language == "sh"]
    assert [] == [
        (line, language) for line, language, _ in found if language not in {"sh", "console", "python", "text"}
    ]
    assert [] == [line for line, language, text in found if language == "console" and not text.startswith("$ ")]
    assert [] == [
        line
        for (line, language, _), last in zip(found, before, strict=False)
        if language == "text" and last != "python"
    ]


FOREIGN = r"(?i)\bpypi\.org|pythonhosted|registry\.npmjs|(?<![\w.])/(?:tmp|root|home|work|opt)/\w|install(?: -\S+)* [\"']?perspectives(?![\w-])(?!/)"
"""Hosts of package registries, paths of one machine, and the package of somebody else that is named like ours."""


def test_says_nothing_of_machines_and_registries(plugin):
    """No file has the host of a registry or a path of one machine, or installs the package that is not ours."""
    found = []
    for path in files(plugin):
        text = path.read_bytes().decode("utf-8", "replace")
        found += [f"{path.relative_to(plugin)}: {hit[0]}" for hit in re.finditer(FOREIGN, text)]

    assert [] == found


def test_format_has_one_plugin():
    """No two distributions have a format of one name, and none has that of a built-in one."""
    for kind in KINDS:
        names = [name for plugin in PLUGINS for name in formats(plugin)[kind]]

        assert sorted(set(names)) == sorted(names)
        assert set() == set(names) & {provider.name for provider in built_in(kind)}


@pytest.fixture(scope="module", name="wheel")
def _wheel(build_wheel, plugin):
    return build_wheel(plugin)


@pytest.fixture(scope="module", name="scripts")
def _scripts(our_wheel, wheel, tmp_path_factory):
    """The scripts of a fresh environment with our wheel and that of the plugin, and what its tests need."""
    return fresh_environment(tmp_path_factory.mktemp("environment"), our_wheel, f"{wheel}[test]")


@pytest.fixture(scope="module", name="gallery")
def _gallery(plugin, scripts, tmp_path_factory):
    """The folder in which the tests of a plugin, run against its wheel, say what became of the contracts."""
    gallery = tmp_path_factory.mktemp("gallery")
    module = plugin.name.replace("-", "_")
    where = execute(scripts / "python", "-c", f"import {module}; print({module}.__file__)", cwd=plugin)[0]
    assert Path(where).is_relative_to(scripts.parent)
    command = [scripts / "pytest", "-q", "-p", "no:cacheprovider", f"--perspectives-gallery={gallery}"]
    path = f"{scripts}{os.pathsep}{os.environ['PATH']}"  # as where the environment is activated
    print(execute(*command, cwd=plugin, env={"PATH": path})[0])  # noqa: T201 - which tests were skipped, and why
    return gallery


@pytest.mark.slow
def test_types(plugin, scripts, tmp_path):
    """The code and tests of a plugin are strictly typed, seen from its own environment."""
    execute(scripts / "mypy", "--cache-dir", tmp_path, cwd=plugin)


@pytest.mark.slow
def test_contracts_are_kept(plugin, gallery):
    """The tests of a plugin pass from its wheel; none of a contract is skipped but the round trip of a one-way loader."""
    found = {
        (kind, name): gallery / name / f"conformance{'-loader' if kind == 'loader' else ''}.json"
        for kind, names in formats(plugin).items()
        for name in names
    }

    assert [] == [format for format, path in found.items() if not path.exists()]
    for path in found.values():
        said = json.loads(path.read_text("utf-8"))

        assert ([], set()) == (said["failed"], set(said["skipped"]) - {"round_trip"})


@pytest.mark.slow
def test_badges_are_true(plugin, gallery):
    """The README says of each format what its conformance says."""
    badges = [json.loads(path.read_text("utf-8"))["badge"] for path in gallery.glob("*/conformance*.json")]
    text = (plugin / "README.md").read_text("utf-8")

    assert sorted(badges) == sorted(re.findall(r"conformance: \d+/\d+, omits: [^`\n]*", text))


INTERPRETER = """
import contextlib, io, json, sys
names = {"__name__": "__main__"}
for line in sys.stdin:
    with contextlib.redirect_stdout(io.StringIO()) as printed:
        exec(compile(json.loads(line), "README.md", "exec"), names)
    print(json.dumps(printed.getvalue()), flush=True)
"""


@pytest.mark.slow
def test_readme_runs(plugin, scripts, tmp_path):
    """Each block of a README prints what it shows, in what looks like a checkout; Python blocks share their names."""
    for name in ("examples", "plugins"):
        (tmp_path / name).symlink_to(ROOT / name)
    environment = {
        "PATH": f"{scripts}:/usr/local/bin:/usr/bin:/bin", "HOME": str(tmp_path), "LANG": "C.UTF-8",
        "NO_COLOR": "1", "COLUMNS": "80",
    }  # fmt: skip
    python = subprocess.Popen(
        [scripts / "python", "-W", "error", "-c", INTERPRETER], cwd=tmp_path, env=environment, text=True,
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
    )  # fmt: skip
    page = Page(tmp_path, environment)
    found, faults = blocks(plugin), []
    for (line, language, text), (_, following, shown) in zip(found, [*found[1:], (0, "", "")], strict=True):
        if language == "python":
            print(json.dumps(text), file=python.stdin, flush=True)
            answer = python.stdout.readline()
            assert answer, f"line {line}: {python.stderr.read()}"
            faults.append(difference(shown if following == "text" else "", json.loads(answer)))
        elif language == "console":
            faults.append(run_console(Block(language, text), SimpleNamespace(line=line), page))
    page.close()
    python.communicate()

    assert "" == "\n".join(filter(None, faults))


@pytest.mark.slow
def test_formats_are_listed_without_import(plugin, scripts):
    """`perspectives plugins` has a line for each format, and imports nothing of the plugin."""
    listed, imported = execute(scripts / "python", "-X", "importtime", "-m", "perspectives", "plugins")
    rows = [line.split()[:3] for line in listed.splitlines()]

    assert [] == [
        (kind, name)
        for kind, names in formats(plugin).items()
        for name in names
        if [kind, name, plugin.name] not in rows
    ]
    assert "| perspectives.cli" in imported.replace("  ", "")
    assert plugin.name.replace("-", "_") not in imported


EXTENSIONS = """
import sys
from perspectives import Registry
for name in sys.argv[1:]:
    extensions = Registry().describe("renderer", name)[1].info.extensions
    if extensions and "." + name not in extensions:
        print(name, *extensions)
"""


@pytest.mark.slow
def test_extension_is_the_name(plugin, scripts):
    """What a format writes has its name as extension, as the directory of the docs says; a terminal has none."""

    assert "" == execute(scripts / "python", "-c", EXTENSIONS, *formats(plugin)["renderer"])[0]


@pytest.fixture(scope="module", name="together")
def _together(our_wheel, build_wheel, tmp_path_factory):
    """The scripts of a fresh environment with every plugin and what their tests need."""
    wheels = [f"{build_wheel(plugin)}[test]" for plugin in PLUGINS]
    return fresh_environment(tmp_path_factory.mktemp("together"), our_wheel, *wheels)


@pytest.mark.slow
def test_all_together_are_sound(together):
    """With all plugins installed, the check finds nothing wrong with any of them."""
    rows = [line.split()[:3] for line in execute(together / "perspectives", "plugins", "--check")[0].splitlines()]
    wanted = [[kind, name, path.name] for path in PLUGINS for kind, names in formats(path).items() for name in names]

    assert [] == [row for row in wanted if row not in rows]


RENDER_ALL = """
import attrs
import perspectives as p
from perspectives.testing import samples
registry = p.Registry()
brief = attrs.evolve(samples["full"], stories=samples["full"].stories[:1])  # Atom wants a time of every story
for provider in registry.providers("renderer"):
    if not bytes(registry.render(brief, provider.label)):
        print(provider.label, "renders nothing")
"""
LOADED_BY = """
import glob, importlib, os, sys
from perspectives import Registry
from perspectives.plugin import Input
from perspectives.testing import LoaderContract
sys.path.insert(0, "")
registry = Registry()
for path in sorted(glob.glob("test_*.py")):
    for name, cls in sorted(vars(importlib.import_module(path[:-3])).items()):
        if isinstance(cls, type) and issubclass(cls, LoaderContract) and cls.__dict__.get("inputs"):
            wanted = sys.argv[1] + ":" + cls.loader.info.name
            for file, data in cls.inputs.items():
                print(wanted, registry.loader_for(Input(name="", data=data)), file)
"""
BUILT_IN_AS_BEFORE = """
from contextlib import suppress
from pathlib import Path
import perspectives as p
from perspectives.plugin import Input
from perspectives.testing import samples
alone, registry = p.Registry(autoload=False), p.Registry()
briefs = {**samples, "seed": p.load_report("examples/kim-putin.txt").brief}
inputs = [Input(name=path.name, data=path.read_bytes()) for path in sorted(Path("examples").iterdir())]
for format in ("email", "html", "json", "markdown", "text"):
    for name, brief in briefs.items():
        with suppress(p.PerspectivesError):  # a brief without a headline makes no mail
            inputs.append(Input(name=name + "." + format, data=bytes(alone.render(brief, format))))
def loader(registry, input):
    try:
        return registry.loader_for(input)
    except p.PerspectivesError as error:
        return str(error).splitlines()[0]
for input in inputs:
    for one in (input, Input(name="", data=input.data)):
        before, now = loader(alone, one), loader(registry, one)
        if before != now:
            print(input.name, "by its name" if one.name else "by its content", before, now)
print(len(inputs))
"""


@pytest.mark.slow
def test_all_together_render(together):
    """With all plugins installed, a story with everything in it is rendered in every format."""

    assert "" == execute(together / "python", "-c", RENDER_ALL)[0]


@pytest.mark.slow
@pytest.mark.parametrize("path", [path for path in PLUGINS if formats(path)["loader"]], ids=lambda path: path.name)
def test_all_together_know_their_own(together, path):
    """With all plugins installed, each input of a loader is known for its own by its content, and for no other's."""
    rows = execute(together / "python", "-c", LOADED_BY, path.name, cwd=path / "tests")[0].splitlines()

    assert {f"{path.name}:{name}" for name in formats(path)["loader"]} == {row.split()[0] for row in rows}
    assert [] == [row for row in rows if row.split()[0] != row.split()[1]]


@pytest.mark.slow
def test_all_together_leave_the_built_in_alone(together):
    """With all plugins installed, the built-in loaders get what they got without: the example, and what we write."""

    assert "50\n" == execute(together / "python", "-c", BUILT_IN_AS_BEFORE, cwd=ROOT)[0]
