"""Finding the renderer or loader for a name or an input, and running it.

Metadata comes first and import last; a plugin's fault is named with its
distribution and never stops another one.
"""

import os
import threading
import warnings
from collections.abc import Iterable, Iterator, Mapping
from itertools import chain
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any, Literal, NoReturn

from attrs import frozen

from perspectives import options as option
from perspectives.blame import FAULTS, blame_import, blame_return, blaming, imported, refuse_duplicate
from perspectives.discovery import (
    BUILT_IN_EXTENSIONS,
    DIST,
    KINDS,
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
    OptionsError,
    PerspectivesError,
    PluginError,
    place,
)
from perspectives.fields import LANGUAGE
from perspectives.files import write_rendered
from perspectives.hooks import Hooks
from perspectives.model import Brief, Story, as_brief
from perspectives.plugin import (
    Confidence,
    Input,
    Loaded,
    Loader,
    LoaderInfo,
    LoadTools,
    Rendered,
    Renderer,
    RendererInfo,
    RenderTools,
    essence,
)
from perspectives.templating import CoreTemplates
from perspectives.text import nearest, show

if TYPE_CHECKING:
    from perspectives.rules import Rule

Source = str | os.PathLike[str] | bytes | IO[bytes] | IO[str] | Rendered | Input
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
    name, an extension or a media type to the distribution that shall provide it. `blocked` and `allowed`
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
        # What could not be imported, and the first line of why; only a call by name tries it again.
        self._broken: dict[Provider, str] = {}
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
        brief = as_brief(what)
        provider = self._provider("renderer", renderer)
        found: Renderer[Any] = self._item(provider)
        settings = _settings(provider, found, options)
        tools = RenderTools(templates=CoreTemplates(), render_other=self.render, assets=dict(assets or {}))
        with blaming(provider, f"failed while rendering brief {_name(brief)!r}"):
            rendered = found.render(brief, settings, tools)
        if not isinstance(rendered, Rendered):
            blame_return(provider, rendered, "perspectives.plugin.Rendered")
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
        write_rendered(path, rendered)
        return rendered

    def load(
        self, source: Source, loader: str | None = None, /, *, language: str | None = None, **options: object
    ) -> Brief:
        """A brief from a path, an open file, bytes, a `Rendered` or an `Input`.

        Without a `loader` the media type, the extension or the content decides.
        `language` is a BCP 47 tag where the caller knows it. Each guess of the
        loader is a `LoadWarning`. Raises `LoadError`, `FormatError`,
        `OptionsError`, `PluginError`, or the OSError of a file that cannot be read.
        """
        return warned(self._load(_input(source), loader, language, options))

    def loads(
        self, text: str | bytes, loader: str = "json", /, *, language: str | None = None, **options: object
    ) -> Brief:
        """A brief from a text or bytes in memory; otherwise as `load`."""
        return warned(self._load(input_of_text(text), loader, language, options))

    def load_report(
        self, source: Source, loader: str | None = None, /, *, language: str | None = None, **options: object
    ) -> LoadReport:
        """As `load`, with the loader's guesses as values instead of warnings."""
        return self._load(_input(source), loader, language, options)

    def lint(self, what: Brief | Story, *, profile: str = "default") -> tuple[Finding, ...]:
        """What a desk may want to mend in a brief or story, by the built-in rules and those of plugins.

        `profile` is `default`, `seed` (for the layout of a newsletter, which
        holds neither citations nor dates) or `strict` (each finding one step
        more severe). A rule that fails is a warning. Raises `OptionsError` for
        an unknown profile.
        """
        # Who only renders does without the rules.
        from perspectives.profiles import lint

        return lint(what, profile, self.rules())

    def rules(self) -> "tuple[Rule, ...]":
        """The rules of plugins."""
        return ()

    def providers(self, kind: FormatKind) -> tuple[Provider, ...]:
        """The formats that may be used, the built-in ones first; imports nothing."""
        return (*built_in(kind), *self._permitted(kind))

    def describe(self, kind: FormatKind, name: str) -> tuple[Provider, Any]:
        """A format's provider and the renderer or loader itself, imported. Raises as `render` does."""
        provider = self._provider(kind, name)
        return provider, self._item(provider)

    def renderer_for(self, path: Path) -> str:
        """The renderer for a file name. Raises `FormatError`."""
        if provider := self._by_extension("renderer", path):
            return provider.label
        known = ", ".join(sorted(BUILT_IN_EXTENSIONS["renderer"]))
        message = f"no renderer writes {path.suffix!r} files" if path.suffix else f"{str(path)!r} has no extension"
        lines = [message, f"known: {known}; or name the renderer", *self._broken_lines("renderer")]
        raise FormatError(Fault(code="unknown-format", message="\n".join(lines)))

    def loader_for(self, input: Input) -> str:
        """The loader for an input, by media type, extension or content. Raises `FormatError` or `LoadError`."""
        media_type = essence(input.media_type)
        provider = self._claiming("loader", "media_types", media_type) or self._by_extension("loader", Path(input.name))
        if provider is None and media_type and not input.name:
            message, right = f"no loader reads {media_type!r}", f"one of {self._names('loader')}"
            fault = Fault(code="unknown-input", message=message, expected=right)
            raise LoadError(fault, input.name)
        provider = provider or self._by_sniffing(input)
        return provider.label

    def _permitted(self, kind: FormatKind) -> Iterator[Provider]:
        yield from (provider for provider in self._third(kind) if self._permits.permit(provider))

    def _third(self, kind: FormatKind) -> tuple[Provider, ...]:
        if kind not in self._installed:
            self._installed[kind] = installed(kind) if self._autoload else ()
        return self._installed[kind]

    def _provider(self, kind: FormatKind, name: str) -> Provider:
        if not isinstance(name, str):
            message = f"{show(name)} is no name of a {kind}"
            raise FormatError(Fault(code="unknown-format", message=message, expected="a name like 'json'"))
        dist, colon, bare = name.rpartition(":")
        wanted = normal(dist) if colon else self._preferred(kind, bare)
        own = [provider for provider in built_in(kind) if provider.name == bare]
        if own and wanted in (None, DIST):
            return own[0]
        claims = [p for p in self.providers(kind) if p.name == bare and wanted in (None, p.dist)]
        if not claims:
            self._refuse_unknown(kind, bare if wanted is None else f"{wanted}:{bare}")
        if len(claims) > 1:
            refuse_duplicate(kind, f"the {kind}", bare, claims)
        return claims[0]

    def _preferred(self, kind: FormatKind, name: str) -> str | None:
        """The distribution that the caller prefers for a name, unless it provides the other kind alone."""
        dist = self._prefer.get(name)
        if dist is None:
            return None
        kinds = {p.kind for each in KINDS for p in self.providers(each) if (p.dist, p.name) == (dist, name)}
        return dist if kind in kinds or not kinds else None

    def _refuse_unknown(self, kind: FormatKind, name: str) -> NoReturn:
        names = sorted({provider.name for provider in self.providers(kind)})
        bare = name.rpartition(":")[2].lower()
        # Who types an extension, or capitals, means the format.
        near = bare if bare in names else BUILT_IN_EXTENSIONS[kind].get(f".{bare}") or nearest(bare, names)
        hint = f". Did you mean {near!r}?" if near else ""
        lines = [f"no {kind} named {name!r}{hint}", f"installed: {', '.join(names)}"]
        blocked = [p.label for p in self._third(kind) if name in (p.name, p.label) and not self._permits.permit(p)]
        if blocked:
            lines.append(
                f"blocked: {', '.join(blocked)} (blocked, allowed, PERSPECTIVES_DISABLE or PERSPECTIVES_PLUGINS)"
            )
        lines.append("more: python -m perspectives plugins")
        raise FormatError(Fault(code="unknown-format", message="\n".join(lines)))

    def _item(self, provider: Provider) -> Any:
        """The renderer or loader itself; imports its plugin the first time."""
        if provider not in self._items:
            # Not under the lock: an import has locks of its own, and may itself load a brief.
            plugin = imported(provider)
            with self._lock:
                self._items[provider] = self._registered(provider, plugin)
                self._broken.pop(provider, None)
        return self._items[provider]

    def _registered(self, provider: Provider, plugin: object) -> Any:
        try:
            self._hooks.add(plugin, f"{provider.dist}:{provider.value}")
        except FAULTS as cause:
            blame_import(provider, "registered", cause)
        with blaming(provider, f"failed while it listed its {provider.kind}s"):
            items = self._hooks.ask(plugin, f"perspectives_{provider.kind}s")
            infos: list[Any] = [getattr(item, "info", None) for item in items]
        protocol, info_class, methods = _PROTOCOLS[provider.kind]
        for item, info in zip(items, infos, strict=True):
            is_whole = all(callable(getattr(item, name, None)) for name in methods) and not isinstance(item, type)
            if not (isinstance(info, info_class) and is_whole):
                blame_return(provider, item, protocol)
        names = [info.name for info in infos]
        if names.count(provider.name) != 1:
            message = (
                f"{provider.dist} declares the {provider.kind} {provider.name!r} in its entry points"
                f" but its hook returned {names}\nfrom: {provider.origin}\nfix: report it to {provider.dist}"
            )
            raise PluginError(Fault(code="wrong-index", message=message))
        item = items[names.index(provider.name)]
        with blaming(provider, "has options that cannot be read"):
            option.option_types(item.options_class)
        return item

    def _load(
        self, input: Input, loader: str | None, language: str | None, options: Mapping[str, object]
    ) -> LoadReport:
        provider = self._provider("loader", loader or self.loader_for(input))
        found: Loader[Any] = self._item(provider)
        settings = _settings(provider, found, options)
        if language is not None and (faults := LANGUAGE.faults(language, "language")):
            raise OptionsError(faults)
        with blaming(provider, f"failed while loading {input.name or 'a text'!r}"):
            try:
                loaded = found.load(input, settings, LoadTools(language=language))
            except PerspectivesError as error:
                error.source = error.source or input.name
                raise
        if not isinstance(loaded, Loaded):
            blame_return(provider, loaded, "perspectives.plugin.Loaded")
        return LoadReport(brief=loaded.brief, findings=loaded.findings, source=input.name)

    def _by_extension(self, kind: FormatKind, path: Path) -> Provider | None:
        suffix = path.suffix.lower()
        if name := BUILT_IN_EXTENSIONS[kind].get(suffix):
            return self._provider(kind, name)
        name = suffix.removeprefix(".")
        if any(provider.name == name for provider in self.providers(kind)):
            return self._provider(kind, name)
        return self._claiming(kind, "extensions", suffix)

    def _claiming(
        self, kind: FormatKind, attribute: Literal["extensions", "media_types"], value: str
    ) -> Provider | None:
        """The one format that says it is for an extension or media type; a built-in one is asked first."""
        claims = []
        for provider, found in self._each(kind) if value else ():
            if value in getattr(found.info, attribute):
                claims.append(provider)
                if provider.is_built_in:
                    break
        claims = [p for p in claims if p.dist == self._prefer.get(value)] or claims
        if len(claims) > 1:
            refuse_duplicate(kind, f"a {kind} for", value, claims)
        return claims[0] if claims else None

    def _by_sniffing(self, input: Input) -> Provider:
        levels: dict[Provider, Confidence] = {}
        failed: list[str] = []
        for provider, found in self._each("loader"):
            try:
                levels[provider] = Confidence(found.sniff(input))
            except FAULTS as error:  # one plugin that raises must not keep another from its input
                failed.append(f"broken: {provider.label} failed while sniffing: {type(error).__name__}: {error}")
                warnings.warn(failed[-1].removeprefix("broken: "), stacklevel=2)
        best = max(levels.values(), default=Confidence.NO)
        claims = [provider for provider, level in levels.items() if level == best]
        # The text loader reads nearly anything, and any object may be JSON of ours; who is as sure goes first.
        for label in (f"{DIST}:text", f"{DIST}:json"):
            if len(claims) > 1 and best == Confidence.POSSIBLE:
                claims = [provider for provider in claims if provider.label != label]
        broken = [*self._broken_lines("loader"), *failed]
        if best == Confidence.NO:
            lines = ["no loader knows this input", f"installed: {self._names('loader')}", *broken]
            lines.append("fix: if it is one of these, name it: load(path, 'text'), or -f text")
            raise LoadError(Fault(code="unknown-input", message="\n".join(lines)), input.name)
        if len(claims) > 1:
            lines = [f"{input.name or 'the input'!r}: {len(claims)} loaders are equally sure ({best.name})"]
            lines += [f"- {provider.label}   {best.name}" for provider in claims]
            lines += [*broken, f"fix: load(path, {claims[0].label!r})"]
            raise FormatError(Fault(code="ambiguous-format", message="\n".join(lines)))
        return claims[0]

    def _each(self, kind: FormatKind) -> Iterator[tuple[Provider, Any]]:
        """Each format, imported one by one; a plugin that cannot be is warned about once and passed over."""
        # Chained, so that who is content with a built-in one never looks at what is installed.
        for provider in chain(built_in(kind), self._permitted(kind)):
            if provider in self._broken:
                continue
            try:
                item = self._item(provider)
            except PluginError as error:
                self._broken[provider] = error.faults[0].message.splitlines()[0]
                warnings.warn(str(error), stacklevel=2)
            else:
                yield provider, item

    def _names(self, kind: FormatKind) -> str:
        return ", ".join(sorted({provider.name for provider in self.providers(kind)}))

    def _broken_lines(self, kind: FormatKind) -> list[str]:
        return [f"broken: {why}" for provider, why in self._broken.items() if provider.kind == kind]


_PROTOCOLS: dict[FormatKind, tuple[str, type[RendererInfo | LoaderInfo], tuple[str, ...]]] = {
    "renderer": ("perspectives.plugin.Renderer", RendererInfo, ("render",)),
    "loader": ("perspectives.plugin.Loader", LoaderInfo, ("sniff", "load")),
}


def _name(brief: Brief) -> str:
    date = brief.date.isoformat() if brief.date else None
    return brief.title or date or next((story.headline for story in brief.stories), "without stories")


def _input(source: Source) -> Input:
    if isinstance(source, Input):
        return source
    if isinstance(source, bytes):
        return Input(name="", data=source)
    if isinstance(source, Rendered):
        return Input(name="", data=bytes(source), media_type=source.media_type)
    if isinstance(source, str) and (not source or "\n" in source):
        message = "an empty text is no path" if not source else "this is a text, not a path"
        raise LoadError(Fault(code="not-path", message=message, expected="a path, or loads(text, 'text')"))
    if isinstance(source, str | os.PathLike):
        return Input(name=os.fspath(source), data=Path(source).read_bytes())
    if not hasattr(source, "read"):
        _refuse_source(source, "a path, an open file, bytes or a Rendered")
    name = getattr(source, "name", "")
    try:
        return input_of_text(source.read(), name if isinstance(name, str) else "")
    except ValueError as error:  # closed, not open for reading, or opened as text in another encoding
        fault = Fault(code="not-source", message=f"cannot be read: {error}", expected="a file opened with mode 'rb'")
        raise LoadError(fault, name if isinstance(name, str) else "") from error


def input_of_text(text: object, name: str = "") -> Input:
    """A text or bytes in memory as what a loader gets. Raises `LoadError` for anything else."""
    if isinstance(text, bytes):
        return Input(name=name, data=text)
    if isinstance(text, str):
        # A lone surrogate has no bytes; it passes here, so that the loader says on which line it is.
        return Input(name=name, data=text.encode("utf-8", "surrogatepass"))
    _refuse_source(text, "a text or bytes")


def _refuse_source(source: object, expected: str) -> NoReturn:
    raise LoadError(Fault(code="not-source", message=f"{show(source)} is nothing to load", expected=expected))


def warned(report: LoadReport) -> Brief:
    """The brief, after a warning for each finding; called by what the user called."""
    for finding in report.findings:
        # 3: past this function and the one that the user called, to the line that called it.
        warnings.warn(f"{place(finding.line, source=report.source)}{finding}", LoadWarning, stacklevel=3)
    return report.brief


def _settings(provider: Provider, item: Renderer[Any] | Loader[Any], options: Mapping[str, object]) -> Any:
    return option.build(item.options_class, provider.label, options)
