"""What a person's terminal shows: how wide it is, and whether colours, links and bytes belong on it."""

import contextlib
import os
import shutil
from collections.abc import Mapping
from typing import TextIO

from perspectives.errors import OptionsError
from perspectives.options import build
from perspectives.plugin import Rendered


def options(cls: type, stdout: TextIO) -> Mapping[str, object]:
    """Those of `width`, `color` and `hyperlinks` that a renderer of terminals takes, as they are where stdout leads."""
    is_capable = stdout.isatty() and os.environ.get("TERM") != "dumb"
    color = _color(is_capable)
    wishes = {
        "width": shutil.get_terminal_size().columns,
        "color": color,
        "hyperlinks": color and is_capable,
    }
    taken = {}
    for name, value in wishes.items():
        # A third party's options may have other names, or mean something else by these.
        with contextlib.suppress(OptionsError):
            build(cls, "", {name: value})
            taken[name] = value
    return taken


def _color(is_capable: bool) -> bool:
    """As no-color.org and force-color.org have it: both count where they are not empty, the first goes before."""
    if os.environ.get("NO_COLOR"):
        return False
    return is_capable or bool(os.environ.get("FORCE_COLOR"))


def is_binary(rendered: Rendered) -> bool:
    """Whether it is no text, so that a terminal would take parts of it for commands."""
    if isinstance(rendered.content, str):
        return False
    try:
        return "\0" in rendered.content.decode()
    except UnicodeDecodeError:
        return True
