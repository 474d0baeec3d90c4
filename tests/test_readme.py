"""Every block of the README runs and prints what it shows."""

import contextlib
import io
import json
import re
import subprocess
import sys
import venv
from importlib.metadata import EntryPoint
from pathlib import Path

import pytest
from conftest import execute
from docs.directory import PLUGINS, formats

import perspectives as p
from perspectives.testing import samples

ROOT = Path(__file__).parent.parent
TEXT = (ROOT / "README.md").read_text("utf-8")
BLOCKS = re.findall(r"^```(\w+)\n(.*?)^```$", TEXT, re.MULTILINE | re.DOTALL)
PYTHON = [index for index, (language, _) in enumerate(BLOCKS) if language == "python"]


@pytest.fixture(autouse=True)
def _in_a_checkout(tmp_path, monkeypatch):
    """A folder with the examples of a checkout, in which blocks may write."""
    (tmp_path / "examples").symlink_to(ROOT / "examples")
    monkeypatch.chdir(tmp_path)


def test_every_block_is_of_a_kind_that_is_tested():
    """A block in another language, or a new one, must get its test first."""

    assert [
        "sh", "console", *["python", "text"] * 2, "console", *["python", "text"] * 5, "sh", "python", "toml", "sh",
    ] == [language for language, _ in BLOCKS]  # fmt: skip


@pytest.mark.parametrize("index", [i for i in PYTHON if BLOCKS[i + 1][0] == "text"])
def test_python_prints_what_is_shown(index):
    """The text behind a Python block is what it prints."""
    printed = io.StringIO()
    with contextlib.redirect_stdout(printed):
        exec(BLOCKS[index][1], {})

    assert BLOCKS[index + 1][1] == printed.getvalue()


@pytest.mark.parametrize("index", [i for i, (language, _) in enumerate(BLOCKS) if language == "console"])
def test_console_prints_what_is_shown(index):
    """The lines behind `$` are what the command prints, findings and all."""
    line, _, shown = BLOCKS[index][1].partition("\n")
    command, quiet, _ = line.removeprefix("$ perspectives ").partition(" 2>/dev/null")
    run = subprocess.run(
        [sys.executable, "-m", "perspectives", *command.split()],
        capture_output=True, text=True, encoding="utf-8", check=True,
    )  # fmt: skip

    assert (shown, "") == (run.stdout, "" if quiet else run.stderr)


def test_plugin_renders(tmp_path, monkeypatch):
    """The plugin of the README, under its entry point, renders a brief."""
    (tmp_path / "perspectives_gemtext.py").write_text(BLOCKS[PYTHON[-1]][1])
    info = tmp_path / "perspectives_gemtext-1.0.dist-info"
    info.mkdir()
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: perspectives-gemtext\nVersion: 1.0\n")
    toml = next(text for language, text in BLOCKS if language == "toml")
    point = EntryPoint(*re.search(r'(\w+) = "(\w+)"', toml).groups(), group="perspectives.renderers")
    (info / "entry_points.txt").write_text(f"[{point.group}]\n{point.name} = {point.value}\n")
    monkeypatch.syspath_prepend(tmp_path)
    rendered = p.Registry().render(samples["minimal"], "gemtext")
    del sys.modules[point.value]  # other tests look at which plugins are imported

    assert "# Only a headline\n" == str(rendered)


@pytest.mark.parametrize("index", [0, len(BLOCKS) - 1])
def test_setup_commands_are_those_of_ci(index):
    """CI runs the two set-up commands in the README's own words."""

    assert BLOCKS[index][1].strip() in (ROOT / ".ci" / "run").read_text("utf-8")


def test_plugins_are_in_the_table():
    """The table has a row for each plugin of the checkout, with the names of what it reads and what it writes."""
    rows = re.findall(r"^\| \[(perspectives-\w+)\]\(plugins/\1/README.md\) \|(.*?)\|(.*?)\|$", TEXT, re.MULTILINE)

    assert {plugin.name: (formats(plugin, "loaders"), formats(plugin, "renderers")) for plugin in PLUGINS} == {
        name: tuple(sorted(re.findall(r"`(\w+)`", cell)) for cell in cells) for name, *cells in rows
    }


@pytest.mark.slow
def test_plugin_of_the_checkout_is_installed_and_renders(tmp_path):
    """The one command on the plugins of the checkout installs both and renders the example."""
    for path in ROOT.iterdir():
        if not path.name.startswith(".") and path.name != "examples":  # that is linked already
            (tmp_path / path.name).symlink_to(path)
    venv.create(tmp_path / ".venv", with_pip=True)
    command = next(text for language, text in BLOCKS[1:] if language == "sh")
    feed = json.loads(execute("bash", "-c", command)[0])

    assert feed["items"][0]["title"].startswith("Kim Jong Un Pledges")
