"""The functions of the package, over a registry that is made when it is first needed."""

import functools
import os
from collections.abc import Iterator, Mapping

from perspectives.errors import Finding
from perspectives.limits import Limits
from perspectives.model import Brief, Story
from perspectives.outlets import OutletDirectory
from perspectives.plugin import Input, Rendered
from perspectives.reading import as_bytes
from perspectives.registry import LoadReport, Registry, Source, warned
from perspectives.renderers.style import Isolation, Stylesheet


@functools.cache
def _registry() -> Registry:
    return Registry()


def load(
    source: Source,
    loader: str | None = None,
    /,
    *,
    outlets: OutletDirectory | None = None,
    limits: Limits | None = None,
    language: str | None = None,
    **options: object,
) -> Brief:
    """A brief from a path, an open file, bytes, a `Rendered` or an `Input`.

    Without a `loader` the media type, the extension or the content decides.
    `outlets` are known to the loader besides those that are shipped; without
    them those of the plugins are. `limits` are `Limits()` unless others are
    given. `language` is a BCP 47 tag where the caller knows it. Each guess of
    the loader is a `LoadWarning`. Raises `LoadError`, `LimitError`,
    `FormatError`, `OptionsError`, `PluginError`, or the OSError of a file that
    cannot be read.
    """
    report = _registry().load_report(source, loader, outlets=outlets, limits=limits, language=language, **options)
    return warned(report)


def loads(
    text: str | bytes,
    loader: str = "json",
    /,
    *,
    outlets: OutletDirectory | None = None,
    limits: Limits | None = None,
    language: str | None = None,
    **options: object,
) -> Brief:
    """A brief from a text or bytes in memory; otherwise as `load`."""
    source = Input(name="", data=as_bytes(text))
    report = _registry().load_report(source, loader, outlets=outlets, limits=limits, language=language, **options)
    return warned(report)


def load_report(
    source: Source,
    loader: str | None = None,
    /,
    *,
    outlets: OutletDirectory | None = None,
    limits: Limits | None = None,
    language: str | None = None,
    **options: object,
) -> LoadReport:
    """As `load`, with the loader's guesses as values instead of warnings."""
    return _registry().load_report(source, loader, outlets=outlets, limits=limits, language=language, **options)


def load_lines(
    source: Source,
    loader: str = "json",
    /,
    *,
    outlets: OutletDirectory | None = None,
    limits: Limits | None = None,
    language: str | None = None,
    **options: object,
) -> Iterator[Brief]:
    """The briefs of JSON Lines, one a line, read as they are asked for; otherwise as `load`.

    Blank lines are passed over. An error has the number of its line, and
    `next()` goes on with the line behind it, so that one bad record does not
    sink the others. `limits.bytes` is for each line.
    """
    return _registry().load_lines(source, loader, outlets=outlets, limits=limits, language=language, **options)


def render(
    what: Brief | Story, renderer: str, /, *, assets: Mapping[str, bytes] | None = None, **options: object
) -> Rendered:
    """A brief in another format; a story is taken for a brief of one.

    `assets` maps URLs to the bytes of images, for formats that hold them.
    Raises `FormatError` for an unknown renderer, `OptionsError` for an option
    it does not take, `PluginError` when a plugin fails.
    """
    return _registry().render(what, renderer, assets=assets, **options)


def write(
    what: Brief | Story,
    path: str | os.PathLike[str],
    renderer: str | None = None,
    /,
    *,
    assets: Mapping[str, bytes] | None = None,
    **options: object,
) -> Rendered:
    """Render into a file, by its extension if no renderer is named; the file is whole or as before.

    Parts that have a name are written beside it. Raises `WriteError`, and what `render` raises.
    """
    return _registry().write(what, path, renderer, assets=assets, **options)


def stylesheet(isolation: Isolation = "class", theme: Mapping[str, str] | None = None) -> Stylesheet:
    """The stylesheet for `render(brief, "html", fragment=True)`.

    With `class` every selector begins with a class of ours, so that no rule
    touches the page around the brief. With `shadow` it is for the inside of a
    shadow root, where no rule of that page touches the brief either. `theme`
    is as in the options of the renderer: accent, ink, paper, font. The rules
    are ours, or those of a template pack that is installed.
    """
    return _registry().stylesheet(isolation, theme)


def lint(what: Brief | Story, profile: str = "default") -> tuple[Finding, ...]:
    """What a desk may want to mend in a brief or story, by the built-in rules and those of plugins.

    `profile` is `default`, `seed` (for the layout of a newsletter, which holds
    neither citations nor dates) or `strict` (each finding one step more
    severe). A rule that fails is a warning. Raises `OptionsError` for an
    unknown profile.
    """
    return _registry().lint(what, profile)
