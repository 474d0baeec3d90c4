"""Rules of the repository itself: floors, public names, names that must not occur."""

import ast
import inspect
import re
import subprocess
import sys
import tomllib
from pathlib import Path
from typing import get_type_hints

import attrs
import pytest

import perspectives as p
import perspectives.plugin
import perspectives.testing

ROOT = Path(__file__).parent.parent
SOURCE = ROOT / "src" / "perspectives"
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
PROSE = [
    *ROOT.glob("*.md"),
    *ROOT.glob("docs/**/*.md"),
    *ROOT.glob("benchmarks/*.md"),
    *SOURCE.rglob("*.py"),
    *SOURCE.glob("scaffold/templates/**/*.txt"),
    ROOT / ".ci" / "run",
    ROOT / "check",
]


def test_floors_are_kept():
    """A module imports from lower floors only; import-linter says so."""
    run = subprocess.run(
        [sys.executable, "-c", "from importlinter.cli import lint_imports_command as c; c()", "--no-cache"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )

    assert (0, "Contracts: 4 kept, 0 broken.") == (run.returncode, run.stdout.strip().splitlines()[-1])


@pytest.mark.parametrize("module", [p, perspectives.plugin, perspectives.testing])
def test_public_name_is_there_and_documented(module):
    """Each public name is found, and each class and function says what it is for."""
    undocumented = [
        name
        for name in module.__all__
        if (inspect.isroutine(value := getattr(module, name)) or inspect.isclass(value)) and not inspect.getdoc(value)
    ]

    assert [] == undocumented


def test_every_public_name_is_told_to_type_checkers():
    """The names that are found lazily are those that type checkers see, and those in `__all__`."""
    tree = ast.parse((SOURCE / "__init__.py").read_text("utf-8"))
    guard = next(node for node in tree.body if isinstance(node, ast.If))
    told = [alias.name for node in guard.body if isinstance(node, ast.ImportFrom) for alias in node.names]

    assert (sorted(p.__all__), []) == (sorted(told), [name for name in p.__all__ if name not in dir(p)])


def test_what_functions_return_is_public_too():
    """Who annotates what a function of the package gives finds its class beside the function."""
    public = [getattr(p, name) for name in p.__all__]
    returned = [get_type_hints(value)["return"] for value in public if inspect.isfunction(value)]

    assert [] == [cls for cls in returned if attrs.has(cls) and cls not in public]


def test_no_module_hides_a_public_name():
    """A module that is imported becomes an attribute of the package: none is named like something public."""

    assert [] == [path.stem for path in SOURCE.iterdir() if path.stem in p.__all__]


def test_misspelt_name_is_attribute_error():
    """A misspelt name of the package is Python's own error."""
    with pytest.raises(AttributeError, match="module 'perspectives' has no attribute 'lod'"):
        p.lod  # noqa: B018


@pytest.mark.parametrize("path", PROSE, ids=lambda path: str(path.relative_to(ROOT)))
def test_nobody_is_told_to_install_the_other_package(path):
    """The package of that name on the index is somebody else's: no line of ours installs it."""

    assert [] == re.findall(r"install(?: -\S+)* [\"']?perspectives(?![\w-])(?!/).*", path.read_text("utf-8"))


def test_version_is_in_the_changelog():
    """The newest section of the changelog is the version of the project."""
    newest = re.search(r"^## \[(.+?)\]", (ROOT / "CHANGELOG.md").read_text("utf-8"), re.MULTILINE)

    assert PROJECT["version"] == newest[1]


def test_architecture_is_short_enough_to_be_read():
    """The map has at most 80 lines, and names every module and the folder of the plugins."""
    text = (ROOT / "ARCHITECTURE.md").read_text("utf-8")
    modules = [path.name for path in SOURCE.glob("*.py") if path.name != "__main__.py"] + ["plugins/"]

    assert (True, []) == (len(text.splitlines()) <= 80, [name for name in modules if f"`{name}`" not in text])


def test_example_is_not_in_the_package():
    """The seed brief is a third party's text: no file of the package holds its headline."""

    assert [] == [path.name for path in SOURCE.rglob("*") if path.is_file() and b"Kim Jong" in path.read_bytes()]
