"""The stylesheet of the page and the fragment, from the design tokens and the rules beside the templates."""

import base64
import functools
import hashlib
from typing import Literal

from attrs import frozen

from perspectives.errors import Fault, OptionsError
from perspectives.text import show
from perspectives.theme import Theme

Isolation = Literal["class", "shadow"]


@frozen(kw_only=True)
class Stylesheet:
    """The stylesheet of the fragment and the page, to be served by your own site."""

    text: str
    sha256: str
    """As an `integrity` attribute has it, and in quotation marks a CSP, that of our page too: `sha256-` and base64."""
    filename: str
    """Changes with the text, so that it may be cached for ever: `perspectives-5f3a….css`."""


@functools.lru_cache(64)
def composed(rules: str, isolation: Isolation, theme: Theme) -> Stylesheet:
    """The rules of a stylesheet behind the tokens that they use."""
    if isolation not in _HOST:
        message = f"there is no stylesheet for the isolation {show(isolation)}"
        raise OptionsError(Fault(code="bad-option", message=message, path="isolation", expected="'class' or 'shadow'"))
    text = f"{_HOST[isolation]}{_tokens(theme)}{rules}"
    digest = hashlib.sha256(text.encode()).digest()
    return Stylesheet(
        text=text,
        sha256=f"sha256-{base64.b64encode(digest).decode()}",
        filename=f"perspectives-{digest.hex()[:12]}.css",
    )


# What the page says of all elements reaches the host, and what is inherited would come through it: all but the
# direction, which `all` leaves alone. Lines through the text of an ancestor come through blocks, but into no
# inline-block. The size of the text is that of the reader's settings; in a page it is that of the page's root.
_HOST = {
    "class": """\
.perspectives {
  --perspectives-size: 1.125rem;
}
""",
    "shadow": """\
:host {
  all: initial !important;
  display: block !important;
  text-align: center !important;
  unicode-bidi: isolate !important;
}
:host([dir="ltr"]) {
  direction: ltr !important;
}
:host([dir="rtl"]) {
  direction: rtl !important;
}
.perspectives {
  --perspectives-size: 1.125em;
  display: inline-block;
  vertical-align: top;
}
""",
}
_COLOURS = ("accent", "ink", "muted", "paper", "line")


def _tokens(theme: Theme) -> str:
    """The custom properties, on our own element and not on the root, which is another's."""
    return (
        _rule(theme, (*_COLOURS, "font", "font_label"))
        + f"@media (prefers-color-scheme: dark) {{\n{_rule(theme, _COLOURS, '_dark')}}}\n"
    )


def _rule(theme: Theme, names: tuple[str, ...], suffix: str = "") -> str:
    lines = [f"  --perspectives-{name.replace('_', '-')}: {getattr(theme, name + suffix)};" for name in names]
    return ".perspectives {\n" + "\n".join(lines) + "\n}\n"
