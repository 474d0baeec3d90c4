"""What the renderer promises, and how briefs look."""

from pathlib import Path

from reading import ESCAPE, paragraphs

from perspectives.plugin import Rendered
from perspectives.testing import RendererContract
from perspectives_terminal import TerminalOptions, TerminalRenderer


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
        """The escape sequences: no other character moves a cursor or changes a colour."""
        found = [match[0] for match in ESCAPE.finditer(str(rendered))]
        if any(not (char.isprintable() or char == "\n") for char in ESCAPE.sub("", str(rendered)) if ord(char) < 0xA0):
            raise ValueError("a control character")
        return found


class TestPlain(Contract):
    """With the defaults: 80 columns, no colours, no links."""

    __test__ = True
    readme = Path(__file__).parents[1] / "README.md"


class TestColumns(Contract):
    """With three columns beside each other, colours and links."""

    __test__ = True
    options = TerminalOptions(width=150, color=True, hyperlinks=True)
    widths = (84, 46)


class TestNarrow(Contract):
    """On a telephone held upright, where most lines break."""

    __test__ = True
    examples = 50
    options = TerminalOptions(width=27, color=True)
    widths = (27,)
