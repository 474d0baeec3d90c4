"""What the renderer promises, and how briefs look."""

from itertools import accumulate
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from reading import ESCAPE, paragraphs
from rich.text import Text
from uniseg.graphemecluster import grapheme_cluster_boundaries  # type: ignore[import-untyped]
from uniseg.linebreak import line_break_boundaries  # type: ignore[import-untyped]

import perspectives as p
from perspectives.plugin import Rendered
from perspectives.testing import RendererContract, briefs, samples, texts
from perspectives_terminal import TerminalOptions, TerminalRenderer
from perspectives_terminal.lines import cells, pieces, wrapped
from perspectives_terminal.page import ACCENT

HERE = Path(__file__).parent
SEED = HERE.parents[2] / "examples" / "kim-putin.txt"
BRIEFS = {**samples, "seed": p.load(SEED)}


class Contract(RendererContract):
    """What a person reads, and which escape sequences stand in it."""

    __test__ = False
    renderer = TerminalRenderer()
    examples = 200
    widths: tuple[int, ...] = (76,)
    """How wide lines are that are full: of prose, and of columns."""

    def visible_text(self, rendered: Rendered) -> str:
        """The texts, and where their links lead."""
        text = str(rendered)
        links = "\n".join(filter(None, ESCAPE.findall(text)))
        return f"{paragraphs(ESCAPE.sub('', text).splitlines(), *self.widths)}\n{links}"

    def structure(self, rendered: Rendered) -> list[str]:
        """Which escape sequences there are, each once, since a style ends with its line and a longer text has more lines.

        No other character moves a cursor or changes a colour.
        """
        found = list(dict.fromkeys(match[0] for match in ESCAPE.finditer(str(rendered))))
        if any(not (char.isprintable() or char == "\n") for char in ESCAPE.sub("", str(rendered)) if ord(char) < 0xA0):
            raise ValueError("a control character")
        return found


class TestPlain(Contract):
    """With the defaults: 80 columns, no colours, no links."""

    __test__ = True
    readme = HERE.parent / "README.md"


class TestColumns(Contract):
    """With three columns beside each other, colours and links."""

    __test__ = True
    examples = 50
    options = TerminalOptions(width=150, color=True, hyperlinks=True)
    widths = (84, 46)


class TestNarrow(Contract):
    """On a telephone held upright, where most lines break."""

    __test__ = True
    examples = 20
    options = TerminalOptions(width=27, color=True)
    widths = (27,)


GOLDEN: dict[str, tuple[str, dict[str, Any]]] = {
    "seed-60": ("seed", {"width": 60}),
    "seed-150": ("seed", {"width": 150}),
    "full-100": ("full", {"width": 100}),
    "full-color": ("full", {"width": 100, "color": True, "hyperlinks": True}),
    "hostile-120": ("hostile", {"width": 120}),
    "japanese-60": ("japanese", {"width": 60}),
    "japanese-100": ("japanese", {"width": 100}),
    "right-to-left-50": ("right-to-left", {"width": 50}),
}


@pytest.mark.parametrize("name", GOLDEN)
def test_looks_as_it_did(name: str) -> None:
    """A brief is printed in exactly these lines."""
    brief, options = GOLDEN[name]

    expected = (HERE / "golden" / f"{name}.txt").read_text("utf-8")
    assert expected == str(p.render(BRIEFS[brief], "terminal", **options))


def test_texts_are_no_markup_of_rich() -> None:
    """What rich would read as a style, a link, an emoji or a number to colour is printed as it is."""
    headline = "[bold]x[/bold] :smile: [link=https://example.org]y[/link] 12 True 'a' \\[z]"
    brief = p.Brief(stories=[p.Story(headline="A", summary=headline)])

    assert f"\n  {headline}\n" in str(p.render(brief, "terminal", color=True, hyperlinks=True))


def test_environment_is_not_read(monkeypatch: pytest.MonkeyPatch) -> None:
    """The same brief and options give the same bytes in every terminal, container and notebook."""
    options: dict[str, Any] = {"width": 100, "color": True, "hyperlinks": True}
    expected = str(p.render(samples["full"], "terminal", **options))
    variables = {"COLUMNS": "30", "LINES": "5", "NO_COLOR": "1", "TERM": "dumb", "UNICODE_VERSION": "4.1.0"}
    variables |= {"JUPYTER_COLUMNS": "30", "TTY_COMPATIBLE": "0", "FORCE_COLOR": "", "COLORTERM": "truecolor"}
    for name, value in variables.items():
        monkeypatch.setenv(name, value)

    assert expected == str(p.render(samples["full"], "terminal", **options))


# The smallest brief would be looked for for minutes.
@settings(max_examples=30, deadline=None, phases=[Phase.reuse, Phase.generate], suppress_health_check=list(HealthCheck))
@given(briefs(), st.integers(20, 250))
def test_no_line_is_longer_than_the_terminal(brief: p.Brief, width: int) -> None:
    """Whatever a brief says, its lines fit; addresses alone stay whole, and links print none."""
    printed = ESCAPE.sub("", str(p.render(brief, "terminal", width=width, hyperlinks=True)))

    assert [] == [line for line in printed.splitlines() if cells(line) > width]


@settings(deadline=None)
@given(texts(40), st.integers(1, 60), st.booleans())
def test_lines_are_closed_in_themselves(text: str, width: int, rtl: bool) -> None:
    """No bidirectional control of a line turns what stands beside it around (UAX 9)."""
    lines = [line.plain for line in wrapped(Text(text), width, even=False, rtl=rtl)]
    for line in lines:
        depth, lowest = 0, 0
        for char in line:
            depth += (char in "\u2066\u2067\u2068") - (char == "\u2069")
            lowest = min(lowest, depth)
        assert (0, 0) == (depth, lowest)
        # Embeddings and overrides end with the isolate that they are in.
        assert not set(line) & set("\u202a\u202b\u202d\u202e") or line[0] + line[-1] == "\u2068\u2069"


# What lines break at, within and around in thirteen languages; nothing here runs from right to left.
SIGNS = [*"aaa   1.,:;!?()[]/-–%$€«»“”\"'…", *"橋はをッーカ々、。「」！（）・〜｡ｯ％￥", *"각한é\u00a0\u202f\u2060"]
SIGNS += ["e\u0301", "ที่", "น้ำ", "क्षि", "👩\u200d👩\u200d👧", "👍🏽", "🇫🇷", "🇩🇪", "❤️", "1️⃣"]


@settings(max_examples=300, deadline=None)
@given(st.lists(st.sampled_from(SIGNS), min_size=1, max_size=40).map("".join), st.integers(8, 40))
def test_lines_break_where_unicode_lets_them(text: str, width: int) -> None:
    """A line ends where UAX 14 lets it, as uniseg has it; or in what is longer than a line, but not in a character."""
    text = f"a{text}a"
    may, characters = set(line_break_boundaries(text)), set(grapheme_cluster_boundaries(text))
    starts = dict(zip(accumulate(map(len, pieces(text)), initial=0), [*pieces(text), ""], strict=True))
    assert set(starts) <= may | {0}

    end = 0
    for line in wrapped(Text(text), width, even=False, rtl=False):
        start = len(text) - len(text[end:].lstrip(" "))  # blanks alone are dropped
        piece = starts[max(at for at in starts if at <= start)]
        assert start in starts or (start in characters and cells(piece.rstrip(" ")) > width)
        assert text.startswith(line.plain, start)
        end = start + len(line.plain)
    assert len(text) == end


@pytest.mark.parametrize(
    ("text", "width", "expected"),
    [
        ("one two three", 7, ["one two", "three"]),
        ("one  two", 5, ["one", "two"]),
        ("Peut-on «\u00a0lire\u00a0»\u00a0?", 10, ["Peut-on", "«\u00a0lire\u00a0»\u00a0?"]),
        ("Donaudampfschiff ist", 6, ["Donaud", "ampfsc", "hiff", "ist"]),
        ("橋は「約束」である。", 6, ["橋は", "「約", "束」で", "ある。"]),
        ("e\u0301e\u0301e\u0301", 2, ["e\u0301e\u0301", "e\u0301"]),
    ],
)
def test_lines_break_where_they_may(text: str, width: int, expected: list[str]) -> None:
    """At blanks that may break, between Han and Kana but not before a full stop or behind a bracket, else anywhere."""
    assert expected == [line.plain for line in wrapped(Text(text), width, even=False, rtl=False)]


# Bright red, and the backgrounds that it is seen on, where their makers publish them.
PALETTES = {
    # XTerm-col.ad; its light background is what the file has in a comment.
    "xterm": ("ff0000", "ffffff", "e5e5e5", "000000"),
    # gnome-terminal, src/profile-editor.cc
    "GNOME": ("f66151", "ffffff", "171421"),
    "Tango": ("ef2929", "eeeeec", "ffffff", "2e3436", "000000"),
    "Linux": ("ff5555", "ffffff", "000000"),
    # altercation/solarized, README.md: orange on base3 and base03
    "Solarized": ("cb4b16", "fdf6e3", "002b36"),
    # microsoft/terminal, TerminalSettingsModel/defaults.json
    "Campbell": ("e74856", "0c0c0c", "012456"),
    "One Half Dark": ("e06c75", "282c34"),
    "One Half Light": ("df6c75", "fafafa"),
    # microsoft/vscode, terminalColorRegistry.ts
    "VS Code, dark": ("f14c4c", "1e1e1e"),
    "VS Code, light": ("cd3131", "ffffff"),
}


@pytest.mark.parametrize("palette", PALETTES)
def test_accent_is_seen(palette: str) -> None:
    """The only colour has a contrast of 3 with light and dark backgrounds: what WCAG 2.2 (1.4.3) asks of large type."""
    accent, *backgrounds = PALETTES[palette]

    assert "bold bright_red" == str(ACCENT)
    assert [] == [background for background in backgrounds if _contrast(accent, background) < 3]


def _contrast(one: str, other: str) -> float:
    dark, light = sorted(map(_luminance, (one, other)))
    return (light + 0.05) / (dark + 0.05)


def _luminance(color: str) -> float:
    shares = [int(color[at : at + 2], 16) / 255 for at in (0, 2, 4)]
    red, green, blue = (share / 12.92 if share <= 0.04045 else ((share + 0.055) / 1.055) ** 2.4 for share in shares)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
