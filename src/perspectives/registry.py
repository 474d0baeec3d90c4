"""Finding the renderer or loader for a name or an input, and running it."""

import functools
import os
import warnings
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path
from typing import IO, Any, Literal, NoReturn

import attrs
from attrs import frozen

from perspectives import options as option
from perspectives.blame import blame_return, blaming, refuse_duplicate
from perspectives.discovery import (
    BUILT_IN_EXTENSIONS,
    DIST,
    KINDS,
    FormatKind,
    Permits,
    PluginKind,
    Provider,
    built_in,
    normal,
    what,
)
from perspectives.errors import (
    FAULTS,
    Fault,
    Finding,
    FormatError,
    LoadError,
    LoadWarning,
    OptionsError,
    PerspectivesError,
    place,
    said,
)
from perspectives.fields import LANGUAGE
from perspectives.files import write_rendered
from perspectives.limits import Limits
from perspectives.model import Brief, Story, as_brief
from perspectives.outlets import OutletDirectory
from perspectives.plugin import (
    Confidence,
    Input,
    Loaded,
    Loader,
    LoadTools,
    Rendered,
    Renderer,
    RenderTools,
    Rule,
    essence,
)
from perspectives.plugins import Plugins
from perspectives.reading import Lines, as_bytes, check_size, lines_of, open_lines, read_file, read_path, refuse_source
from perspectives.renderers.style import Isolation, Stylesheet, composed
from perspectives.templating import Layer, TemplateChain, folder_layer
from perspectives.text import nearest, show, with_article
from perspectives.theme import theme_of

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
    name, an extension or a media type to the distribution that shall provide it,
    or to what `register` calls a plugin without one. `blocked` and `allowed`
    list distributions (`dist` or `dist:name`) and work before anything is
    imported, together with PERSPECTIVES_DISABLE and PERSPECTIVES_PLUGINS.
    `templates` says whose templates stand before ours, first things first: each
    is a folder (a path) or the name of a template pack. Without it all packs
    that are installed do, sorted by distribution; `[]` is ours alone.
    """

    def __init__(
        self,
        *,
        autoload: bool = True,
        prefer: Mapping[str, str] | None = None,
        blocked: Iterable[str] = (),
        allowed: Iterable[str] | None = None,
        templates: Iterable[str | os.PathLike[str]] | None = None,
    ) -> None:
        self._prefer = {name: normal(dist) for name, dist in (prefer or {}).items()}
        self._plugins = Plugins(Permits.of(allowed, blocked), autoload=autoload)
        self._outlets: OutletDirectory | None = None
        # A text is a list of texts to Python: its letters would be packs.
        self._wanted = [templates] if isinstance(templates, str | os.PathLike) else templates and list(templates)
        self._templates = TemplateChain(self._layers, self._layer)

    def register(self, plugin: object) -> None:
        """Have a plugin without packaging: all that it provides is there as if it were installed.

        `plugin` is what an entry point would name, a module or an object with
        marked functions, or a renderer, loader or pack itself. It is called by its
        module or file, in the place of a distribution: `my_app.toots:toot`,
        `toot.py:toot`; an object by its class too, `my_app.toots.Toot:toot`.
        The lists of what may be used do not touch it. Raises `PluginError` for
        what is no plugin or provides nothing, or when a second one has the name
        of one of its items; then nothing of it is registered. The same object
        twice is registered once.
        """
        self._plugins.register(plugin)
        self._outlets = None
        self._templates = TemplateChain(self._layers, self._layer)

    def render(
        self, what: Brief | Story, renderer: str, /, *, assets: Mapping[str, bytes] | None = None, **options: object
    ) -> Rendered:
        """A brief in another format; a story is taken for a brief of one.

        `assets` maps URLs to the bytes of images, for formats that hold them.
        Raises `FormatError` for an unknown renderer, `OptionsError` for an
        option it does not take, `PluginError` when a plugin fails.
        """
        brief = as_brief(what)
        provider = self.provider("renderer", renderer)
        found: Renderer[Any] = self._plugins.item(provider)
        settings = _settings(provider, found, options)
        tools = self.render_tools(assets)
        with blaming(provider, f"failed while rendering brief {_name(brief)!r}"):
            rendered = found.render(brief, settings, tools)
        if not isinstance(rendered, Rendered):
            blame_return(provider, rendered, "perspectives.plugin.Rendered")
        return rendered

    def render_tools(self, assets: Mapping[str, bytes] | None = None) -> RenderTools:
        """What a renderer may use here: the templates in force, the other formats, and the assets given."""
        return RenderTools(templates=self._templates, render_other=self.render, assets=dict(assets or {}))

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
        name = self.renderer_for(path) if renderer is None else renderer
        rendered = self.render(what, name, assets=assets, **options)
        write_rendered(path, rendered)
        return rendered

    def load(
        self,
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
        `outlets` are known to the loader besides those that are shipped;
        without them those of the plugins are. `limits` are `Limits()` unless
        others are given. `language` is a BCP 47 tag where the caller knows it.
        Each guess of the loader is a `LoadWarning`. Raises `LoadError`,
        `LimitError`, `FormatError`, `OptionsError`, `PluginError`, or the
        OSError of a file that cannot be read.
        """
        return warned(self.load_report(source, loader, outlets=outlets, limits=limits, language=language, **options))

    def loads(
        self,
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
        return warned(self.load_report(source, loader, outlets=outlets, limits=limits, language=language, **options))

    def load_report(
        self,
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
        tools = self._load_tools(outlets, limits, language)
        input = _input(source, tools.limits)
        return self._reader(self.loader_for(input) if loader is None else loader, tools, options)(input)

    def lint(self, what: Brief | Story, profile: str = "default") -> tuple[Finding, ...]:
        """What a desk may want to mend in a brief or story, by the built-in rules and those of plugins.

        `profile` is `default`, `seed` (for the layout of a newsletter, which
        holds neither citations nor dates) or `strict` (each finding one step
        more severe). A rule that fails is a warning. Raises `OptionsError` for
        an unknown profile.
        """
        # Who only renders does without the rules.
        from perspectives.profiles import lint

        owned = self._plugins.rules()
        return lint(what, profile, [rule for _, rule in owned], {rule.code: owner.label for owner, rule in owned})

    def load_lines(
        self,
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
        `next()` goes on with the line behind it, so that one bad record does
        not sink the others. `limits.bytes` is for each line.
        """
        tools = self._load_tools(outlets, limits, language)
        return _Briefs(self._reader(loader, tools, options), _lines(source, tools.limits))

    def outlets(self) -> OutletDirectory:
        """The outlets that are shipped, merged with those of the plugins, sorted by distribution.

        What they disagree on is in its `conflicts`; a plugin that fails is warned about and passed over.
        """
        if self._outlets is None:
            self._outlets = OutletDirectory.shipped().merged(*self._plugins.outlets())
        return self._outlets

    def rules(self) -> tuple[Rule, ...]:
        """The rules of the plugins, sorted by distribution; a plugin that fails is warned about and passed over.

        Raises `PluginError` where two plugins have a rule of one code.
        """
        return tuple(rule for _, rule in self._plugins.rules())

    def providers(self, kind: PluginKind) -> tuple[Provider, ...]:
        """The formats, directories or rules that may be used, the built-in ones first; imports nothing."""
        return self._plugins.providers(kind)

    def provider(self, kind: PluginKind, name: str) -> Provider:
        """The one that a name or `dist:name` means; imports nothing. Raises `FormatError`."""
        if not isinstance(name, str):
            message = f"{show(name)} is no name of a {what(kind)}"
            raise FormatError(Fault(code="unknown-format", message=message, expected="a name like 'json'"))
        dist, colon, bare = name.rpartition(":")
        wanted = normal(dist) if colon else self._preferred(kind, bare)
        own = [provider for provider in built_in(kind) if provider.name == bare]
        if own and wanted in (None, DIST):
            return own[0]
        claims = [p for p in self.providers(kind) if p.name == bare and (wanted is None or p.is_from(wanted))]
        if not claims:
            self._refuse_unknown(kind, name if colon or wanted is None else f"{wanted}:{name}")
        if len(claims) > 1:
            refuse_duplicate(kind, f"the {what(kind)}", bare, claims)
        return claims[0]

    def blocked(self, kind: PluginKind) -> tuple[Provider, ...]:
        """Those that are installed and that the lists do not allow."""
        return self._plugins.blocked(kind)

    def unmatched(self) -> tuple[str, ...]:
        """The entries of the lists that are for nothing that is installed: misspelt, or of another machine."""
        return self._plugins.unmatched()

    def stylesheet(self, isolation: Isolation = "class", theme: Mapping[str, str] | None = None) -> Stylesheet:
        """The stylesheet for `render(brief, "html", fragment=True)`, with the rules of the templates in force.

        With `class` every selector begins with a class of ours, so that no rule
        touches the page around the brief. With `shadow` it is for the inside of
        a shadow root, where no rule of that page touches the brief either.
        `theme` is as in the options of the renderer: accent, ink, paper, font.
        Raises `OptionsError`, or `PluginError` when a template pack fails.
        """
        return composed(self._templates.rules(), isolation, theme_of(theme))

    def _layers(self) -> tuple[Layer, ...]:
        """The folders and packs before our own templates. Raises `FormatError` or `PluginError`."""
        if self._wanted is None:
            return self._plugins.layers()
        return tuple(self._layer(word) for word in self._wanted if word != "core")

    def _layer(self, word: str | os.PathLike[str]) -> Layer:
        """The folder or the pack that is meant. Raises `FormatError` or `PluginError`."""
        if not isinstance(word, str) or os.path.isdir(word) or {"/", os.sep} & set(word):
            return folder_layer(Path(word))
        return self._plugins.layer(self.provider("templates", word))

    def describe(self, kind: PluginKind, name: str) -> tuple[Provider, Any]:
        """A provider, and its renderer or loader, or a tuple of its directories or rules. Raises as `render` does."""
        provider = self.provider(kind, name)
        return provider, self._plugins.item(provider)

    def renderer_for(self, path: Path) -> str:
        """The renderer for a file name. Raises `FormatError`."""
        if provider := self._by_extension("renderer", path):
            return provider.label
        known = ", ".join(sorted(BUILT_IN_EXTENSIONS["renderer"]))
        message = f"no renderer writes {path.suffix!r} files" if path.suffix else f"{str(path)!r} has no extension"
        lines = [message, f"known: {known}; or name the renderer", *self._plugins.broken_lines("renderer")]
        raise FormatError(Fault(code="unknown-format", message="\n".join(lines)))

    def loader_for(self, input: Input) -> str:
        """The loader for an input, by media type, extension or content. Raises `FormatError` or `LoadError`."""
        media_type = essence(input.media_type)
        provider = self._claiming("loader", "media_types", media_type) or self._by_extension("loader", Path(input.name))
        if provider is None and media_type and not input.name:
            message, right = f"no loader reads {media_type!r}", f"one of {self._names('loader')}"
            fault = Fault(code="unknown-input", message=message, expected=right)
            raise LoadError(fault, input.name)
        if provider is None or self._is_open(provider, input):
            provider = self._by_sniffing(input, provider)
        return provider.label

    def _is_open(self, provider: Provider, input: Input) -> bool:
        """Whether name and media type leave the format open: many write JSON objects, and ours says that it is ours."""
        if provider.label != f"{DIST}:json":
            return False
        found: Loader[Any] = self._plugins.item(provider)
        return found.sniff(input) == Confidence.POSSIBLE

    def _preferred(self, kind: PluginKind, name: str) -> str | None:
        """The distribution that the caller prefers for a name, unless it provides the other kind alone."""
        dist = self._prefer.get(name)
        if dist is None:
            return None
        kinds = {p.kind for each in KINDS for p in self.providers(each) if p.name == name and p.is_from(dist)}
        return dist if kind in kinds or not kinds else None

    def _refuse_unknown(self, kind: PluginKind, name: str) -> NoReturn:
        names = sorted({provider.name for provider in self.providers(kind)})
        bare = name.rpartition(":")[2].lower()
        extensions = BUILT_IN_EXTENSIONS[kind] if kind in KINDS else {}
        # Who types an extension, or capitals, means the format.
        near = bare if bare in names else extensions.get(f".{bare}") or nearest(bare, names)
        hint = f". Did you mean {near!r}?" if near else ""
        lines = [f"no {what(kind)} named {name!r}{hint}", f"installed: {', '.join(names) or 'none'}"]
        if blocked := [provider.label for provider in self.blocked(kind) if provider.is_named(name)]:
            lists = "PERSPECTIVES_DISABLE, PERSPECTIVES_PLUGINS, or `blocked` and `allowed` of Registry()"
            lines.append(f"blocked: {', '.join(blocked)} ({lists})")
        if kind == "templates":
            lines.append(f"or, if it is a folder: './{name}'")
        lines.append("more: python -m perspectives plugins")
        raise FormatError(Fault(code="unknown-format", message="\n".join(lines)))

    def _load_tools(self, outlets: object, limits: object, language: str | None) -> LoadTools:
        """What the caller gave for a loader, checked. Raises `OptionsError`."""
        if language is not None and (faults := LANGUAGE.faults(language, "language")):
            raise OptionsError(faults)
        for name, value, cls in (("outlets", outlets, OutletDirectory), ("limits", limits, Limits)):
            if value is not None and not isinstance(value, cls):
                fault = Fault(
                    code="bad-option",
                    message=f"{show(value)} does not fit",
                    path=name,
                    expected=with_article(cls.__name__),
                )
                raise OptionsError(fault)
        known = functools.partial(_over_shipped, outlets) if isinstance(outlets, OutletDirectory) else self.outlets
        return LoadTools(outlets=known, language=language, limits=limits if isinstance(limits, Limits) else Limits())

    def _reader(self, loader: str, tools: LoadTools, options: Mapping[str, object]) -> Callable[[Input], LoadReport]:
        """What reads an input. Raises `FormatError`, `OptionsError` or `PluginError`, before anything is read."""
        provider = self.provider("loader", loader)
        found: Loader[Any] = self._plugins.item(provider)
        return functools.partial(_loaded, provider, found, _settings(provider, found, options), tools)

    def _by_extension(self, kind: FormatKind, path: Path) -> Provider | None:
        suffix = path.suffix.lower()
        if name := BUILT_IN_EXTENSIONS[kind].get(suffix):
            return self.provider(kind, name)
        name = suffix.removeprefix(".")
        if any(provider.name == name for provider in self.providers(kind)):
            return self.provider(kind, name)
        return self._claiming(kind, "extensions", suffix)

    def _claiming(
        self, kind: FormatKind, attribute: Literal["extensions", "media_types"], value: str
    ) -> Provider | None:
        """The one format that says it is for an extension or media type; a built-in one is asked first."""
        claims = []
        for provider, found in self._plugins.each(kind) if value else ():
            if value in getattr(found.info, attribute):
                claims.append(provider)
                if provider.is_built_in:
                    break
        claims = [p for p in claims if p.is_from(self._prefer.get(value, ""))] or claims
        if len(claims) > 1:
            refuse_duplicate(kind, f"a {kind} for", value, claims)
        return claims[0] if claims else None

    def _by_sniffing(self, input: Input, claiming: Provider | None = None) -> Provider:
        """The loader that is surest of an input; the one that claims its name, unless another knows the structure."""
        levels: dict[Provider, Confidence] = {}
        failed: list[str] = []
        for provider, found in self._plugins.each("loader"):
            try:
                levels[provider] = Confidence(found.sniff(input))
            except FAULTS as error:  # one plugin that raises must not keep another from its input
                failed.append(f"broken: {provider.label} failed while sniffing: {said(error)}")
                warnings.warn(failed[-1].removeprefix("broken: "), stacklevel=2)
        best = max(levels.values(), default=Confidence.NO)
        if claiming and best < Confidence.LIKELY:
            return claiming
        claims = [provider for provider, level in levels.items() if level == best]
        # The text loader reads nearly anything, and any object may be JSON of ours; who is as sure goes first.
        for label in (f"{DIST}:text", f"{DIST}:json"):
            if len(claims) > 1 and best == Confidence.POSSIBLE:
                claims = [provider for provider in claims if provider.label != label]
        broken = [*self._plugins.broken_lines("loader"), *failed]
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

    def _names(self, kind: FormatKind) -> str:
        return ", ".join(sorted({provider.name for provider in self.providers(kind)}))


class _Briefs(Iterator[Brief]):
    """The briefs of lines."""

    def __init__(self, read: Callable[[Input], LoadReport], lines: Lines) -> None:
        self._read = read
        self._lines = lines

    def __next__(self) -> Brief:
        """The brief of the next line that is not blank."""
        number, line = next(self._lines)
        try:
            report = self._read(Input(name=self._lines.source, data=line))
        except PerspectivesError as error:
            error.faults = tuple(attrs.evolve(fault, line=number) for fault in error.faults)
            raise
        findings = tuple(attrs.evolve(finding, line=number) for finding in report.findings)
        return warned(attrs.evolve(report, findings=findings))

    def close(self) -> None:
        """End here, and close the file if it was opened for this."""
        self._lines.close()


def _over_shipped(outlets: OutletDirectory) -> OutletDirectory:
    return outlets.merged(OutletDirectory.shipped())


def _loaded(provider: Provider, loader: Loader[Any], settings: Any, tools: LoadTools, input: Input) -> LoadReport:
    with blaming(provider, f"failed while loading {input.name or 'a text'!r}"):
        try:
            loaded = loader.load(input, settings, tools)
        except PerspectivesError as error:
            error.source = error.source or input.name
            raise
    if not isinstance(loaded, Loaded):
        blame_return(provider, loaded, "perspectives.plugin.Loaded")
    if loaded.limits != tools.limits:
        tools.limits.check(loaded.brief, input.name)
    return LoadReport(brief=loaded.brief, findings=loaded.findings, source=input.name)


def _name(brief: Brief) -> str:
    date = brief.date.isoformat() if brief.date else None
    return brief.title or date or next((story.headline for story in brief.stories), "without stories")


def _input(source: Source, limits: Limits) -> Input:
    if isinstance(source, str | os.PathLike):
        return Input(name=_path(source), data=read_path(source, limits))
    if isinstance(source, bytes | Rendered | Input):
        input = _in_memory(source)
        check_size(len(input.data), limits, input.name)
        return input
    name = _file_name(source)
    return Input(name=name, data=read_file(source, limits, name))


def _lines(source: Source, limits: Limits) -> Lines:
    if isinstance(source, str | os.PathLike):
        _path(source)
        return open_lines(source, limits)
    if isinstance(source, bytes | Rendered | Input):
        input = _in_memory(source)
        return lines_of(input.data, limits, input.name)
    return Lines(source, limits, _file_name(source))


def _path(source: str | os.PathLike[str]) -> str:
    if isinstance(source, str) and (not source or "\n" in source):
        message = "an empty text is no path" if not source else "this is a text, not a path"
        raise LoadError(Fault(code="not-path", message=message, expected="a path, or loads(text, 'text')"))
    return os.fspath(source)


def _file_name(file: IO[bytes] | IO[str]) -> str:
    if not hasattr(file, "read"):
        refuse_source(file, "a path, an open file, bytes or a Rendered")
    name = getattr(file, "name", "")  # a number, where a file was opened by its descriptor
    return name if isinstance(name, str) else ""


def _in_memory(source: bytes | Rendered | Input) -> Input:
    if isinstance(source, Rendered):
        return Input(name="", data=bytes(source), media_type=source.media_type)
    return Input(name="", data=source) if isinstance(source, bytes) else source


def warned(report: LoadReport) -> Brief:
    """The brief, after a warning for each finding; called by what the user called."""
    for finding in report.findings:
        # 3: past this function and the one that the user called, to the line that called it.
        warnings.warn(f"{place(finding.line, source=report.source)}{finding}", LoadWarning, stacklevel=3)
    return report.brief


def _settings(provider: Provider, item: Renderer[Any] | Loader[Any], options: Mapping[str, object]) -> Any:
    return option.build(item.options_class, provider.label, options)
