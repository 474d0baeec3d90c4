"""The design tokens: colours and type for the page's stylesheet and the mail's inline styles."""

import colorsys
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence

from attrs import evolve, field, frozen

from perspectives.errors import Fault, OptionsError
from perspectives.text import show, suggestion


@frozen(kw_only=True)
class Theme:
    """A newspaper's look: near-black ink on warm paper, one deep accent, in light and in dark.

    Colours are six-digit hex, the only form that every mail program reads.
    Accent, ink and muted stand on paper at a contrast of 4.5 or more (WCAG 2.2,
    1.4.3). Font names stand without quotes where CSS allows that, so that most
    stacks need no escaping in a `style` attribute; the others have single ones.
    """

    accent: str = field(default="#8a1c1c", metadata={"help": "links, buttons, rules, on light paper"})
    ink: str = field(default="#1c1a17", metadata={"help": "text, on light paper"})
    muted: str = field(default="#5f594f", metadata={"help": "outlets, critique, notes, on light paper"})
    paper: str = field(default="#fdfbf6", metadata={"help": "the light paper"})
    line: str = field(default="#d9d2c3", metadata={"help": "rules, on light paper"})
    accent_dark: str = field(default="#f0a08c", metadata={"help": "links, buttons, rules, on dark paper"})
    ink_dark: str = field(default="#ece7dc", metadata={"help": "text, on dark paper"})
    muted_dark: str = field(default="#b5ad9e", metadata={"help": "outlets, critique, notes, on dark paper"})
    paper_dark: str = field(default="#191714", metadata={"help": "the dark paper"})
    line_dark: str = field(default="#45403a", metadata={"help": "rules, on dark paper"})
    font: str = field(default="Georgia, Times New Roman, Times, serif", metadata={"help": "all prose"})
    font_label: str = field(default="Helvetica, Arial, sans-serif", metadata={"help": "labels, outlets and notes"})


THEME = Theme()
"""The look that ships."""
CONTRAST = 4.5
"""What a text's colour has against the paper at least (WCAG 2.2, 1.4.3)."""


def theme_of(values: Mapping[str, str] | None) -> Theme:
    """The look with an accent, ink, paper or font of your own; what you do not give is as it ships.

    The other colours follow from these, always in the same way. Muted is the
    ink, thinned with paper by up to 0.3 as far as the contrast holds, and line
    the paper with 0.16 of ink. On the dark paper, which has a tenth of the
    light one's brightness, the ink is the light paper, and the accent is
    lightened until its contrast is 6. A theme whose ink is lighter than its
    paper is dark already, and the same in both.

    Raises `OptionsError` for a name that there is not, what is no colour or no
    list of fonts, and an accent or ink that cannot be read on the paper.
    """
    if not values:
        return THEME
    if faults := [fault for name, value in values.items() for fault in _faults(name, value)]:
        raise OptionsError(faults)
    own = {name: ", ".join(_fonts(value)) if name == "font" else value.lower() for name, value in values.items()}
    theme = evolve(THEME, **own)
    for name in ("accent", "ink"):
        colour = getattr(theme, name)
        if (found := contrast(colour, theme.paper)) < CONTRAST:
            message = f"{colour!r} has a contrast of {int(found * 100) / 100:.2f} on the paper {theme.paper!r}"
            expected = f"{CONTRAST} or more (WCAG 2.2, 1.4.3)"
            raise OptionsError(Fault(code="bad-option", message=message, path=f"theme.{name}", expected=expected))
    return _derived(theme)


def contrast(one: str, other: str) -> float:
    """How far two colours stand apart, from 1 to 21 (WCAG 2.2)."""
    darker, lighter = sorted((_luminance(one), _luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


def _derived(theme: Theme) -> Theme:
    """The theme with what follows from accent, ink and paper, where these are not those that ship."""
    if (theme.ink, theme.paper) != (THEME.ink, THEME.paper):
        theme = evolve(theme, muted=_thinned(theme.ink, theme.paper), line=_mixed(theme.paper, theme.ink, 16))
        theme = evolve(theme, **_night(theme))
    if _luminance(theme.ink) > _luminance(theme.paper):
        names = ("accent", "ink", "muted", "paper", "line")
        return evolve(theme, **{f"{name}_dark": getattr(theme, name) for name in names})
    if (theme.accent, theme.paper_dark) != (THEME.accent, THEME.paper_dark):
        theme = evolve(theme, accent_dark=_lightened(theme.accent, theme.paper_dark))
    return theme


def _night(theme: Theme) -> dict[str, str]:
    paper = _mixed(theme.paper, "#000000", 90)
    ink = _lightened(_mixed(theme.paper, paper, 8), paper)
    return {
        "paper_dark": paper,
        "ink_dark": ink,
        "muted_dark": _thinned(ink, paper),
        "line_dark": _mixed(paper, ink, 20),
    }


def _thinned(ink: str, paper: str) -> str:
    return next(
        colour for share in range(30, -1, -1) if contrast(colour := _mixed(ink, paper, share), paper) >= CONTRAST
    )


def _lightened(colour: str, paper: str) -> str:
    """The colour, or the first one of its hue that is lighter and can be read with ease."""
    hue, lightness, saturation = colorsys.rgb_to_hls(*(channel / 255 for channel in _channels(colour)))
    steps = (lightness + (1 - lightness) * step / 100 for step in range(101))
    lighter = (_hex(colorsys.hls_to_rgb(hue, step, saturation)) for step in steps)
    return next(one for one in lighter if contrast(one, paper) >= 6)


def _hex(shares: Iterable[float]) -> str:
    return "#" + "".join(f"{round(share * 255):02x}" for share in shares)


def _mixed(colour: str, other: str, percent: int) -> str:
    """A colour with so much of another in it."""
    pairs = zip(_channels(colour), _channels(other), strict=True)
    return "#" + "".join(f"{(one * (100 - percent) + two * percent + 50) // 100:02x}" for one, two in pairs)


def _luminance(colour: str) -> float:
    shares = [channel / 255 for channel in _channels(colour)]
    red, green, blue = (share / 12.92 if share <= 0.04045 else ((share + 0.055) / 1.055) ** 2.4 for share in shares)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _channels(colour: str) -> Sequence[int]:
    return bytes.fromhex(colour[1:])


_NAMES = ("accent", "ink", "paper", "font")
_COLOUR = re.compile("#[0-9A-Fa-f]{6}")
_FAMILY = re.compile(r"""(?P<quote>["']?)(?P<name>[\w-][\w .+-]*)(?P=quote)""")
_IDENTIFIERS = re.compile(r"(?:-?[^\W\d][\w-]*)(?: -?[^\W\d][\w-]*)*")
_GENERIC = frozenset(
    "serif sans-serif monospace cursive fantasy system-ui"
    " ui-serif ui-sans-serif ui-monospace ui-rounded math emoji".split()
)
_CSS_WIDE = frozenset("inherit initial unset revert revert-layer default".split())


def _faults(name: str, value: object) -> Iterator[Fault]:
    path = f"theme.{name}"
    if name not in _NAMES:
        message = f"a theme has no {name!r}"
        yield Fault(code="bad-option", message=message, path=path, expected=suggestion(name, _NAMES))
    elif not isinstance(value, str):
        yield Fault(code="bad-option", message=f"{show(value)} is no text", path=path, expected="a text")
    elif name == "font":
        if not _fonts(value):
            expected = "names separated by commas, such as 'Source Sans 3, Helvetica, sans-serif'"
            yield Fault(code="bad-option", message=f"{show(value)} is no list of fonts", path=path, expected=expected)
    elif not _COLOUR.fullmatch(value):
        message = f"{show(value)} is no colour"
        yield Fault(code="bad-option", message=message, path=path, expected="six hexadecimal digits, as '#8a1c1c'")


def _fonts(value: str) -> list[str]:
    """The families of a list, quoted where CSS asks for it; none if one of them is no name."""
    matches = [_FAMILY.fullmatch(part.strip()) for part in value.split(",")]
    families = [_family(match["name"], is_quoted=bool(match["quote"])) for match in matches if match]
    return families if len(families) == len(matches) and all(families) else []


def _family(name: str, *, is_quoted: bool) -> str:
    """One family; empty for a word that means something else to CSS."""
    name = " ".join(name.split())
    is_keyword = name.lower() in _GENERIC | _CSS_WIDE
    if is_keyword and not is_quoted:
        return name.lower() if name.lower() in _GENERIC else ""
    return f"'{name}'" if is_keyword or not _IDENTIFIERS.fullmatch(name) else name
