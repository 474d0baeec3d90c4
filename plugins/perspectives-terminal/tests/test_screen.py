"""What a terminal shows of it, asked of pyte, which emulates one, and of the command at a pseudo-terminal."""

import os
import re
import shutil
import subprocess
import sys
import unicodedata
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pexpect
import pyte
import pytest
from reading import ESCAPE, paragraphs

import perspectives as p
from perspectives.plugin import NoOptions, Rendered, Renderer, RendererInfo, RenderTools, renderers
from perspectives.testing import samples

SEED = Path(__file__).parents[3] / "examples" / "kim-putin.txt"
BRIEFS = {**samples, "seed": p.load(SEED)}


class Texts:
    """Every text of the outline on a line of its own: what has to be on the screen."""

    info = RendererInfo(name="texts", media_type="text/plain", summary="Every text")
    options_class = NoOptions

    def render(self, brief: p.Brief, options: NoOptions, tools: RenderTools, /) -> Rendered:
        """The texts in reading order."""
        return Rendered("\n".join(node.text for node in tools.outline(brief)), self.info.media_type)


@renderers
def texts_renderer() -> list[Renderer[NoOptions]]:
    """What a plugin would provide."""
    return [Texts()]


class Screen(pyte.Screen):
    """A terminal that takes nothing it does not know."""

    def __init__(self, columns: int, lines: int) -> None:
        super().__init__(columns, lines)
        self.set_mode(pyte.modes.LNM)

    def draw(self, data: str) -> None:
        """One by one: pyte drops what stands behind a character without width."""
        for char in data:
            super().draw(char)

    def debug(self, *args: object, **kwargs: object) -> None:
        """What pyte calls for a sequence that it does not know."""
        raise AssertionError(f"an unknown escape sequence: {args} {kwargs}")


def shown(text: str, columns: int) -> list[str]:
    """The lines on a screen of so many columns, and high enough."""
    screen = Screen(columns, 2 * text.count("\n") + 2)
    pyte.Stream(screen).feed(text)
    return [line.rstrip() for line in screen.display]


def visible(text: str) -> str:
    """A text as cells hold it: composed, without characters that have no width."""
    plain = "".join(char for char in text if unicodedata.category(char) != "Cf")
    return unicodedata.normalize("NFC", " ".join(plain.split()))


@pytest.mark.parametrize("columns", [40, 60, 80, 100, 120, 200])
@pytest.mark.parametrize("name", BRIEFS)
def test_every_text_is_on_the_screen(name: str, columns: int) -> None:
    """No line is longer than the screen, every text is on it, and each column is read in the order of the brief."""
    registry = p.Registry()
    registry.register(SimpleNamespace(hook=texts_renderer))
    texts = [visible(text) for text in str(registry.render(BRIEFS[name], "texts")).splitlines()]
    printed = str(p.render(BRIEFS[name], "terminal", width=columns, color=True, hyperlinks=True))
    lines = shown(printed, columns)
    readings = [visible(reading) for reading in paragraphs(lines, min(columns, 88) - 4 * (columns >= 60)).splitlines()]

    assert ESCAPE.sub("", printed).count("\n") == max((at for at, line in enumerate(lines, 1) if line), default=0)
    assert [] == [text for text in texts if not any(text in reading for reading in readings)]
    for reading in readings:
        found = [text for text in texts if texts.count(text) == reading.count(text) == 1]
        assert found == list(_in_order(found, reading))


def _in_order(texts: list[str], reading: str) -> Iterator[str]:
    end = 0
    for text in texts:
        if (start := reading.find(text, end)) >= 0:
            yield text
            end = start + len(text)


def test_groups_stand_beside_each_other() -> None:
    """From 99 columns on there are two groups in a row, three from 148 and four from 197; each has 46 at least."""
    counts = {}
    for columns in (60, 80, 98, 99, 147, 148, 196, 197):
        lines = shown(str(p.render(samples["twelve-groups"], "terminal", width=columns)), columns)
        counts[columns] = next(line for line in lines if "Group 1" in line).count("■")

    assert {60: 1, 80: 1, 98: 1, 99: 2, 147: 2, 148: 3, 196: 3, 197: 4} == counts


def test_colours_and_links_are_seen() -> None:
    """A group's label is bold and bright red, its framing in the reader's own colour; a link is underlined."""
    screen = Screen(80, 200)
    pyte.Stream(screen).feed(str(p.render(samples["full"], "terminal", color=True, hyperlinks=True)))
    looks = {}
    for word in ("Business press", "Reports the closure", "Read the minutes"):
        y = next(y for y, line in enumerate(screen.display) if word in line)
        cell = screen.buffer[y][screen.display[y].index(word)]
        looks[word] = (cell.fg, cell.bg, cell.bold, cell.underscore)

    assert {
        "Business press": ("brightred", "default", True, False),
        "Reports the closure": ("default", "default", False, False),
        "Read the minutes": ("default", "default", False, True),
    } == looks


# The command


def at_terminal(columns: int, *arguments: str, **environment: str) -> str:
    """What the command sends to a terminal."""
    return spawned(
        columns, sys.executable, "-W", "ignore", "-m", "perspectives", "render", str(SEED), *arguments, **environment
    )


def spawned(columns: int, program: str, *arguments: str, **environment: str) -> str:
    """What a program sends to a terminal."""
    unset = {"COLUMNS", "LINES", "NO_COLOR", "FORCE_COLOR"}
    inherited = {name: value for name, value in os.environ.items() if name not in unset}
    child = pexpect.spawn(
        program,
        list(arguments),
        dimensions=(200, columns),
        encoding="utf-8",
        env={**inherited, "TERM": "xterm-256color", **environment},
    )
    child.expect(pexpect.EOF)
    child.close()
    assert 0 == child.exitstatus
    return str(child.before).replace("\r\n", "\n")


def rendered(**options: Any) -> str:
    """What the renderer makes of the seed."""
    return str(p.render(BRIEFS["seed"], "terminal", **options))


@pytest.mark.parametrize(
    ("columns", "environment", "options"),
    [
        (60, {}, {"width": 60, "color": True, "hyperlinks": True}),
        (150, {}, {"width": 150, "color": True, "hyperlinks": True}),
        (150, {"NO_COLOR": "1"}, {"width": 150}),
        (150, {"TERM": "dumb"}, {"width": 150}),
        (60, {"COLUMNS": "100"}, {"width": 100, "color": True, "hyperlinks": True}),
        (10, {}, {"width": 10, "color": True, "hyperlinks": True}),
    ],
)
def test_command_shows_it_unasked(columns: int, environment: dict[str, str], options: dict[str, Any]) -> None:
    """Without `-t` the command shows this at a terminal, as wide as it is, in colour where that is wanted."""
    assert at_terminal(columns, **environment).endswith(rendered(**options))


def test_command_takes_options() -> None:
    """`-O` goes before what the terminal says."""
    given = ["-O", "width=70", "-O", "color=false", "-O", "hyperlinks=false"]
    assert at_terminal(150, *given).endswith(rendered(width=70))


def piped(line: str) -> str:
    """What a line of a shell prints into a pipe; `$P` is the command with the seed."""
    unset = {"COLUMNS", "NO_COLOR", "FORCE_COLOR"}
    environment = {name: value for name, value in os.environ.items() if name not in unset}
    environment["P"] = f"{sys.executable} -W ignore -m perspectives render {SEED}"
    return subprocess.run(["sh", "-c", line], env=environment, capture_output=True, check=True).stdout.decode()


def test_pipe_gets_no_escape_codes() -> None:
    """What goes into a pipe is plain, unless `FORCE_COLOR` asks for colours; links are never forced."""
    assert rendered() == piped("$P -t terminal | cat")
    assert rendered(width=120) == piped("COLUMNS=120 $P -t terminal | cat")
    assert rendered(color=True) == piped("FORCE_COLOR=1 $P -t terminal | cat")


def test_less_shows_it() -> None:
    """A pager that passes colours on shows what the terminal itself would."""
    if not shutil.which("less"):
        missing = pytest.fail if os.environ.get("PERSPECTIVES_REQUIRE_ALL") == "1" else pytest.skip
        missing("less is not installed")
    line = f"FORCE_COLOR=1 COLUMNS=80 {sys.executable} -W ignore -m perspectives render {SEED} -t terminal 2>/dev/null"
    # -F: it does not wait where all fits on the screen, which is high enough.
    paged = spawned(80, "sh", "-c", f"{line} | less -RFX")

    # It says what keys are to send, and closes and clears each line.
    assert rendered(color=True) == re.sub(r"\x1b\[\?1[hl]|\x1b[=>]|\x1b\[[Km]|\r", "", paged)


@pytest.mark.parametrize("arguments", [["plugins"], ["plugins", "--check"], ["plugins", "terminal"]])
def test_rich_is_loaded_by_rendering_alone(arguments: list[str]) -> None:
    """Listing the formats, and importing this one, does not load rich; rendering does."""

    assert "| rich\n" not in imported(*arguments)
    assert "| rich\n" in imported("render", str(SEED), "-t", "terminal")


def imported(*arguments: str) -> str:
    """What Python says of the modules that a command imports, a line for each."""
    command = [sys.executable, "-X", "importtime", "-m", "perspectives", *arguments]
    done = subprocess.run(command, capture_output=True, check=True, text=True)
    return re.sub(" +", " ", done.stderr)
