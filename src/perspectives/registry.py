"""Finding the renderer or loader for a name or an input, and running it.

Metadata comes first and import last; a plugin's fault is named with its
distribution and never stops another one.
"""

import difflib
import os
import threading
import warnings
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import IO, Any, NoReturn

import pluggy
from attrs import frozen

from perspectives import options as option
from perspectives.discovery import (
    BUILT_IN_EXTENSIONS,
    FormatKind,
    Permits,
    Provider,
    built_in,
    installed,
    normal,
)
from perspectives.errors import (
    Fault,
    Finding,
    FormatError,
    LoadError,
    LoadWarning,
    ModelError,
    PerspectivesError,
    PluginError,
    place,
)
from perspectives.files import write_atomic
from perspectives.hooks import Hooks
from perspectives.model import Brief, Story
from perspectives.plugin import Confidence, Input, Loaded, Loader, LoadTools, Rendered, Renderer, RenderTools
from perspectives.templating import CoreTemplates
from perspectives.text import show

Source = str | os.PathLike[str] | bytes | IO[bytes] | IO[str] | Rendered
"""What a brief can be loaded from; a `str` is a path."""


@frozen(kw_only=True)
class LoadReport:
    """A brief, and a `Finding` for each thing that its loader had to guess; `source` is the file's name."""

    brief: Brief
    findings: tuple[Finding, ...]
    source: str


class Registry:
    """The formats that are at hand, with lists of what may be used.

    `autoload=False` knows only the built-in formats. `prefer` maps a format
    name to the distribution that shall provide it. `blocked` and `allowed`
    list distributions (`dist` or `dist:name`) and work before anything is
    imported, together with PERSPECTIVES_DISABLE and PERSPECTIVES_PLUGINS.
    """

    def __init__(
        self,
        *,
        autoload: bool = True,
        prefer: Mapping[str, str] | None = None,
        blocked: Iterable[str] = (),
        allowed: Iterable[str] | None = None,
    ) -> None:
        self._autoload = autoload
        self._prefer = {name: normal(dist) for name, dist in (prefer or {}).items()}
        self._permits = Permits.of(allowed, blocked)
        self._hooks = Hooks()
        self._items: dict[Provider, Any] = {}
        self._installed: dict[FormatKind, tuple[Provider, ...]] = {}
        # Two threads may ask for the same plugin first; pluggy refuses to register it twice.
        self._lock = threading.RLock()

    def render(
        self, what: Brief | Story, renderer: str, /, *, assets: Mapping[str, bytes] | None = None, **options: object
    ) -> Rendered:
        """A brief in another format; a story is taken for a brief of one.

        `assets` maps URLs to the bytes of images, for formats that hold them.
        Raises `FormatError` for an unknown renderer, `OptionsError` for an
        option it does not take, `PluginError` when a plugin fails.
        """
        brief = _as_brief(what)
        provider = self._provider("renderer", renderer)
        found: Renderer[Any] = self._item(provider)
        settings = option.build(found.options_class, provider.label, options)
        tools = RenderTools(templates=CoreTemplates(), other=self.render, assets=dict(assets or {}))
        try:
            rendered = found.render(brief, settings, tools)
        except PerspectivesError:
            raise
        except Exception as cause:  # noqa: BLE001 - whatever a plugin raises is named and raised on
            _blame(provider, f"failed while rendering brief {_name(brief)!r}", cause)
        if not isinstance(rendered, Rendered):
            _blame_return(provider, rendered, "perspectives.plugin.Rendered")
        return rendered

    def write(
        self,
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
        path = Path(path)
        rendered = self.render(what, renderer or self.renderer_for(path), assets=assets, **options)
        for part in rendered.parts:
            if part.name:
                write_atomic(path.parent / part.name, bytes(part))
        write_atomic(path, bytes(rendered))
        return rendered

    def load(
        self, source: Source, loader: str | None = None, /, *, language: str | None = None, **options: object
    ) -> Brief:
        """A brief from a path, an open file, bytes or a `Rendered`.

        Without a `loader` the media type, the extension or the content decides.
        `language` is a BCP 47 tag where the caller knows it. Each guess of the
        loader is a `LoadWarning`. Raises `LoadError`, `FormatError`,
        `OptionsError`, `PluginError`, or the OSError of a file that cannot be read.
        """
        return _warned(self._load(_input(source), loader, language, options))

    def loads(
        self, text: str | bytes, loader: str = "json", /, *, language: str | None = None, **options: object
    ) -> Brief:
        """A brief from a text or bytes in memory; otherwise as `load`."""
        return _warned(self._load(_input_of_text(text), loader, language, options))

    def load_report(
        self, source: Source, loader: str | None = None, /, *, language: str | None = None, **options: object
    ) -> LoadReport:
        """As `load`, with the loader's guesses as values instead of warnings."""
        return self._load(_input(source), loader, language, options)

    def providers(self, kind: FormatKind) -> tuple[Provider, ...]:
        """The formats that may be used, the built-in ones first; imports nothing."""
        return (*built_in(kind), *(provider for provider in self._third(kind) if self._permits.permit(provider)))

    def describe(self, kind: FormatKind, name: str) -> tuple[Provider, Any]:
        """A format's provider and the renderer or loader itself, imported. Raises as `render` does."""
        provider = self._provider(kind, name)
        return provider, self._item(provider)

    def renderer_for(self, path: Path) -> str:
        """The renderer for a file name. Raises `FormatError`."""
        if provider := self._by_extension("renderer", path.suffix.lower()):
            return provider.label
        known = sorted(BUILT_IN_EXTENSIONS["renderer"])
        message = f"no renderer writes {path.suffix!r} files" if path.suffix else f"{str(path)!r} has no extension"
        fault = Fault(code="unknown-format", message=f"{message}\nknown: {', '.join(known)}; or name the renderer")
        raise FormatError(fault)

    def _third(self, kind: FormatKind) -> tuple[Provider, ...]:
        if kind not in self._installed:
            self._installed[kind] = installed(kind) if self._autoload else ()
        return self._installed[kind]

    def _provider(self, kind: FormatKind, name: str) -> Provider:
        dist, colon, bare = name.rpartition(":")
        wanted = normal(dist) if colon else self._prefer.get(bare)
        own = [provider for provider in built_in(kind) if provider.name == bare]
        if own and wanted in (None, own[0].dist):
            return own[0]
        claims = [p for p in self.providers(kind) if p.name == bare and wanted in (None, p.dist)]
        if not claims:
            self._refuse_unknown(kind, name)
        if len(claims) > 1:
            _refuse_duplicate(kind, bare, claims)
        return claims[0]

    def _refuse_unknown(self, kind: FormatKind, name: str) -> NoReturn:
        names = sorted({provider.name for provider in self.providers(kind)})
        near = difflib.get_close_matches(name.rpartition(":")[2], names, n=1)
        hint = f". Did you mean {near[0]!r}?" if near and near[0] != name else ""
        lines = [f"no {kind} named {name!r}{hint}", f"installed: {', '.join(names)}"]
        labels = {p.label: p for p in self._third(kind) if not self._permits.permit(p)}
        if blocked := sorted(label for label, p in labels.items() if name in (p.name, label)):
            lines.append(
                f"blocked: {', '.join(blocked)} (blocked, allowed, PERSPECTIVES_DISABLE or PERSPECTIVES_PLUGINS)"
            )
        lines.append("more: python -m perspectives plugins")
        raise FormatError(Fault(code="unknown-format", message="\n".join(lines)))

    def _item(self, provider: Provider) -> Any:
        """The renderer or loader itself; imports its plugin the first time."""
        with self._lock:
            if provider not in self._items:
                self._items[provider] = self._import(provider)
            return self._items[provider]

    def _import(self, provider: Provider) -> Any:
        try:
            plugin = provider.load()
        # SystemExit too: a plugin that exits at import must not take the host with it.
        except (Exception, SystemExit) as cause:  # noqa: BLE001
            _blame_import(provider, "imported", cause)
        try:
            self._hooks.add(plugin, f"{provider.dist}:{provider.value}")
        except (pluggy.PluginValidationError, TypeError, ValueError) as cause:
            _blame_import(provider, "registered", cause)
        try:
            items = self._hooks.ask(plugin, f"perspectives_{provider.kind}s")
            names = [item.info.name for item in items]
        except Exception as cause:  # noqa: BLE001 - whatever a plugin raises is named and raised on
            _blame(provider, f"failed while it listed its {provider.kind}s", cause)
        if provider.name not in names:
            message = (
                f"{provider.dist} declares the {provider.kind} {provider.name!r} in its entry points"
                f" but its hook returned {names}\nfrom: {provider.origin}\nfix: report it to {provider.dist}"
            )
            raise PluginError(Fault(code="wrong-index", message=message), provider.label)
        return items[names.index(provider.name)]

    def _load(
        self, input: Input, loader: str | None, language: str | None, options: Mapping[str, object]
    ) -> LoadReport:
        provider = self._provider("loader", loader) if loader else self._loader_for(input)
        found: Loader[Any] = self._item(provider)
        settings = option.build(found.options_class, provider.label, options)
        try:
            loaded = found.load(input, settings, LoadTools(language=language))
        except PerspectivesError as error:
            error.source = error.source or input.name
            raise
        except Exception as cause:  # noqa: BLE001 - whatever a plugin raises is named and raised on
            _blame(provider, f"failed while loading {input.name or 'a text'!r}", cause)
        if not isinstance(loaded, Loaded):
            _blame_return(provider, loaded, "perspectives.plugin.Loaded")
        return LoadReport(brief=loaded.brief, findings=loaded.findings, source=input.name)

    def _loader_for(self, input: Input) -> Provider:
        if input.media_type:
            for provider, found in self._each("loader"):
                if input.media_type in found.info.media_types:
                    return provider
        return self._by_extension("loader", Path(input.name).suffix.lower()) or self._by_sniffing(input)

    def _by_extension(self, kind: FormatKind, suffix: str) -> Provider | None:
        if not suffix:
            return None
        name = BUILT_IN_EXTENSIONS[kind].get(suffix, suffix.removeprefix("."))
        if any(provider.name == name for provider in self.providers(kind)):
            return self._provider(kind, name)
        claims = [p for p, found in self._each(kind) if suffix in found.info.extensions]
        if len(claims) > 1:
            _refuse_duplicate(kind, suffix, claims)
        return claims[0] if claims else None

    def _by_sniffing(self, input: Input) -> Provider:
        broken: list[str] = []
        levels = {p: _sniff(p, found, input) for p, found in self._each("loader", broken)}
        best = max(levels.values(), default=Confidence.NO)
        claims = [provider for provider, level in levels.items() if level == best]
        # The text loader reads nearly anything; every other one that is as sure goes first.
        if len(claims) > 1 and best == Confidence.POSSIBLE:
            claims = [provider for provider in claims if not (provider.is_built_in and provider.name == "text")]
        if best == Confidence.NO:
            names = ", ".join(sorted(provider.name for provider in self.providers("loader")))
            lines = ["no loader knows this input", f"installed: {names}", *broken, "fix: name one, load(path, 'text')"]
            raise LoadError(Fault(code="unknown-input", message="\n".join(lines)), input.name)
        if len(claims) > 1:
            lines = [f"{input.name or 'the input'!r}: {len(claims)} loaders are equally sure ({best.name})"]
            lines += [f"- {provider.label}   {best.name}" for provider in claims]
            lines += [*broken, f"fix: load(path, {claims[0].label!r})"]
            raise FormatError(Fault(code="ambiguous-format", message="\n".join(lines)))
        return claims[0]

    def _each(self, kind: FormatKind, broken: list[str] | None = None) -> Iterator[tuple[Provider, Any]]:
        """Each format, imported one by one; a plugin that cannot be is warned about and passed over."""
        for provider in self.providers(kind):
            try:
                yield provider, self._item(provider)
            except PluginError as error:
                warnings.warn(str(error), stacklevel=2)
                if broken is not None:
                    broken.append(f"broken: {error.faults[0].message.splitlines()[0]}")


def _as_brief(what: object) -> Brief:
    if isinstance(what, Story):
        return Brief(stories=(what,), language=what.language)
    if isinstance(what, Brief):
        return what
    raise ModelError(Fault(code="not-brief", message=f"{show(what)} cannot be rendered", expected="a Brief or a Story"))


def _name(brief: Brief) -> str:
    date = brief.date.isoformat() if brief.date else None
    return brief.title or date or next((story.headline for story in brief.stories), "without stories")


def _input(source: Source) -> Input:
    if isinstance(source, bytes):
        return Input(name="", data=source)
    if isinstance(source, Rendered):
        return Input(name="", data=bytes(source), media_type=source.media_type.partition(";")[0])
    if isinstance(source, str | os.PathLike):
        return Input(name=os.fspath(source), data=Path(source).read_bytes())
    name = getattr(source, "name", "")
    return _input_of_text(source.read(), name if isinstance(name, str) else "")


def _input_of_text(text: str | bytes, name: str = "") -> Input:
    # A lone surrogate has no bytes; it passes here, so that the loader says on which line it is.
    return Input(name=name, data=text if isinstance(text, bytes) else text.encode("utf-8", "surrogatepass"))


def _warned(report: LoadReport) -> Brief:
    for finding in report.findings:
        # 4: past this function, the method and the module function, to the line that called it.
        warnings.warn(f"{place(finding.line, source=report.source)}{finding}", LoadWarning, stacklevel=4)
    return report.brief


def _sniff(provider: Provider, found: Loader[Any], input: Input) -> Confidence:
    try:
        return Confidence(found.sniff(input))
    except Exception as error:  # noqa: BLE001 - one plugin that raises must not keep another from its input
        warnings.warn(f"{provider.label} failed while sniffing: {error!r}", stacklevel=2)
        return Confidence.NO


def _refuse_duplicate(kind: FormatKind, name: str, claims: list[Provider]) -> NoReturn:
    first = claims[0]
    lines = [f"{len(claims)} plugins provide the {kind} {name!r}; none was chosen for you"]
    lines += [f"- {p.label}   {p.dist} {p.version} ({p.value.partition(':')[0]})" for p in claims]
    call = f"render(brief, {first.label!r})" if kind == "renderer" else f"load(path, {first.label!r})"
    lines.append(f"fix: name one ({call}), or Registry(prefer={{{name!r}: {first.dist!r}}}), or uninstall one")
    raise FormatError(Fault(code="duplicate-format", message="\n".join(lines)))


def _blame_import(provider: Provider, what: str, cause: BaseException) -> NoReturn:
    dist = provider.dist
    message = (
        f"plugin {provider.label} could not be {what}\nfrom: {provider.origin}\n"
        f"cause: {type(cause).__name__}: {cause}\n"
        f"fix: pip install -U {dist}, or pip uninstall {dist}, or PERSPECTIVES_DISABLE={dist}"
    )
    raise PluginError(Fault(code="plugin-import", message=message)) from cause


def _blame(provider: Provider, what: str, cause: Exception) -> NoReturn:
    message = f"{provider.label} {what}\nfrom: {provider.origin}\ncause: {type(cause).__name__}: {cause}"
    if not provider.is_built_in:
        message += f"\nThis is a bug in {provider.dist}, not in perspectives-briefs."
    raise PluginError(Fault(code="plugin-failed", message=message)) from cause


def _blame_return(provider: Provider, value: object, expected: str) -> NoReturn:
    message = f"{provider.label} returned {type(value).__name__}, expected {expected}"
    raise PluginError(Fault(code="plugin-return", message=message))
