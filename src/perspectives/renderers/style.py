"""The stylesheet of the page and the fragment, from the design tokens and the rules beside the templates."""

import base64
import functools
import hashlib
from importlib.resources import files
from typing import Literal

from attrs import frozen

from perspectives.errors import Fault, OptionsError
from perspectives.theme import THEME


@frozen(kw_only=True)
class Stylesheet:
    """The stylesheet of the fragment and the page, to be served by your own site."""

    text: str
    sha256: str
    """As a CSP and an `integrity` attribute have it: `sha256-` and the base64 of the digest."""
    filename: str
    """Changes with the text, so that it may be cached for ever: `perspectives-5f3a….css`."""


@functools.cache
def stylesheet(isolation: Literal["class"] = "class") -> Stylesheet:
    """The stylesheet for `render(brief, "html", fragment=True)`.

    With `class` every selector begins with a class of ours, so that no rule
    touches the page around the brief.
    """
    if isolation != "class":
        message = f"there is no stylesheet for the isolation {isolation!r}"
        raise OptionsError(Fault(code="bad-option", message=message, path="isolation", expected="'class'"))
    rules = (files("perspectives.renderers") / "templates" / "brief.css").read_text("utf-8")
    text = f"{_tokens('')}@media (prefers-color-scheme: dark) {{\n{_tokens('_dark')}}}\n{rules}"
    digest = hashlib.sha256(text.encode()).digest()
    return Stylesheet(
        text=text,
        sha256=f"sha256-{base64.b64encode(digest).decode()}",
        filename=f"perspectives-{digest.hex()[:12]}.css",
    )


def _tokens(suffix: str) -> str:
    names = ("accent", "ink", "muted", "paper", "line", *(() if suffix else ("font", "font_label")))
    lines = [f"  --perspectives-{name.replace('_', '-')}: {getattr(THEME, name + suffix)};" for name in names]
    return ".perspectives {\n" + "\n".join(lines) + "\n}\n"
