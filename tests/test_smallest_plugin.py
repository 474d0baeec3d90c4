"""The smallest plugin is small, and the same wherever it is shown."""

import re
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
README, TUTORIAL = ((ROOT / name).read_text("utf-8") for name in ("README.md", "docs/tutorials/renderer-plugin.md"))


def block(page, language, word):
    """The first block of a language that holds a word, without its caption."""
    texts = re.findall(
        rf"^```(?:{{code-block}} )?{language}\n(?::caption: [^\n]*\n\n)?(.*?)^```$", page, re.MULTILINE | re.DOTALL
    )
    return next(text for text in texts if word in text)


@pytest.mark.parametrize(("language", "word", "most"), [("python", "@renderers", 20), ("toml", "entry-points", 12)])
def test_smallest_plugin_is_small(language, word, most):
    """A whole plugin is at most 20 lines of Python and 12 of TOML."""
    lines = [line for line in block(TUTORIAL, language, word).splitlines() if line.strip()]

    assert len(lines) <= most


def test_readme_shows_the_plugin_of_the_tutorial():
    """README and tutorial begin with one and the same file."""

    assert block(README, "python", "@renderers") == block(TUTORIAL, "python", "@renderers")


def test_readme_shows_the_entry_point_of_the_tutorial():
    """The entry point of the README is the one that the tutorial installs."""
    shown, installed = (tomllib.loads(block(page, "toml", "entry-points")) for page in (README, TUTORIAL))

    assert shown["project"]["entry-points"] == installed["project"]["entry-points"]
