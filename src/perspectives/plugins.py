"""The plugins that are at hand: which may be used, and what each provides, imported when it is asked for.

Metadata comes first and import last; a plugin's fault is named with its
distribution and never stops another one.
"""

import os
import re
import sys
import threading
import warnings
from collections.abc import Callable, Iterator, Sequence
from itertools import chain
from types import ModuleType
from typing import Any

import attrs

from perspectives import options as option
from perspectives.blame import (
    blame_import,
    blame_registered,
    blame_return,
    blaming,
    imported,
    refuse_duplicate_rule,
    refuse_second,
    warn_shadowed,
)
from perspectives.discovery import PLUGIN_KINDS, Permits, PluginKind, Provider, built_in, group, installed, plural, what
from perspectives.errors import FAULTS, Fault, PluginError
from perspectives.hooks import Hooks
from perspectives.outlets import OutletDirectory
from perspectives.plugin import MARK, LoaderInfo, RendererInfo, Rule, TemplatePack
from perspectives.templating import Layer, shadowed, template_files
from perspectives.text import show

_RULE_CODE = re.compile(r"[a-z][a-z0-9-]*/[a-z0-9-]+")


class Plugins:
    """What is installed, less what the caller or the environment forbids, and what the program itself registered."""

    def __init__(self, permits: Permits, *, autoload: bool) -> None:
        self._autoload = autoload
        self._permits = permits
        self._hooks = Hooks()
        self._items: dict[Provider, Any] = {}
        # What could not be imported, and the first line of why; only a call by name tries it again.
        self._broken: dict[Provider, str] = {}
        self._installed: dict[PluginKind, tuple[Provider, ...]] = {}
        self._own: list[tuple[object, tuple[Provider, ...]]] = []
        # Two threads may ask for the same plugin first; pluggy refuses to register it twice.
        self._lock = threading.RLock()

    @property
    def registered(self) -> tuple[str, ...]:
        """The names under which pluggy knows those that were asked for."""
        return tuple(sorted(name for name, _ in self._hooks.list_name_plugin()))

    def register(self, plugin: object) -> None:
        """Have a plugin that no distribution brings: all of it, or nothing. Raises `PluginError`."""
        provider = _provider(plugin)
        with self._lock:
            if any(plugin is known for known, _ in self._own):
                return
            name = f"{provider.dist}:{len(self._own) + 1}"
            try:
                hooked = plugin if self._hooks.implemented(plugin) else _hooked(plugin)
                self._hooks.add(hooked, name)
            except FAULTS as cause:
                blame_registered(provider, cause)
            try:
                items = dict(self._provided(provider, hooked))
                if not items:
                    message = f"{provider.dist} provides nothing: its functions returned no renderer and no loader"
                    raise PluginError(Fault(code="no-plugin", message=message, expected="a list of them"))
            except PluginError:
                self._hooks.unregister(name=name)
                raise
            self._items |= items
            self._own.append((plugin, tuple(items)))

    def _provided(self, provider: Provider, plugin: object) -> Iterator[tuple[Provider, Any]]:
        """What a plugin without entry points provides, each item under the name that it says itself."""
        hooks = self._hooks.implemented(plugin)
        taken = {(other.kind, other.label) for _, others in self._own for other in others}
        for kind in PLUGIN_KINDS:
            if _hook(kind) not in hooks:
                continue
            one = attrs.evolve(provider, kind=kind, name=plural(kind))
            items = self._asked(one, plugin)
            found = (
                [(attrs.evolve(one, name=_name(item)), item) for item in items] if kind in _NAMED else [(one, items)]
            )
            for one, item in found:
                if (kind, one.label) in taken:
                    refuse_second(one)
                taken.add((kind, one.label))
                yield one, _usable(one, item) if kind in _NAMED else item

    def providers(self, kind: PluginKind) -> tuple[Provider, ...]:
        """Those that may be used, the built-in ones first; imports nothing."""
        return (*built_in(kind), *self._permitted(kind))

    def blocked(self, kind: PluginKind) -> tuple[Provider, ...]:
        """Those that are installed and may not be used."""
        return tuple(provider for provider in self._third(kind) if not self._permits.permit(provider))

    def unmatched(self) -> tuple[str, ...]:
        """The entries of the lists that are for nothing that is installed."""
        return self._permits.unmatched(p for kind in PLUGIN_KINDS for p in (*self.providers(kind), *self.blocked(kind)))

    def item(self, provider: Provider) -> Any:
        """The renderer, loader or pack itself, or a tuple of the directories or rules; imports the plugin once."""
        if provider not in self._items:
            # Not under the lock: an import has locks of its own, and may itself load a brief.
            plugin = imported(provider)
            with self._lock:
                self._items[provider] = self._registered(provider, plugin)
                self._broken.pop(provider, None)
        return self._items[provider]

    def each(self, kind: PluginKind) -> Iterator[tuple[Provider, Any]]:
        """Every item, imported one by one; a plugin that cannot be is warned about once and passed over."""
        # Chained, so that who is content with a built-in one never looks at what is installed.
        for provider in chain(built_in(kind), self._permitted(kind)):
            if provider in self._broken:
                continue
            try:
                item = self.item(provider)
            except PluginError as error:
                self._broken[provider] = error.faults[0].message.splitlines()[0]
                warnings.warn(str(error), stacklevel=2)
            else:
                yield provider, item

    def broken_lines(self, kind: PluginKind) -> list[str]:
        """A line for each that could not be imported so far."""
        return [f"broken: {why}" for provider, why in self._broken.items() if provider.kind == kind]

    def outlets(self) -> tuple[OutletDirectory, ...]:
        """The directories of all plugins, sorted by distribution."""
        return tuple(directory for _, items in self._contributions("outlets") for directory in items)

    def layers(self) -> tuple[Layer, ...]:
        """The template packs: those that the program registered, then the others, sorted by distribution."""
        found = sorted(self.each("templates"), key=lambda pair: "" if pair[0].source else pair[0].dist)
        layers = tuple(_layer(provider, pack) for provider, pack in found)
        for claims, names in shadowed(layers).items():
            warn_shadowed(claims, names)
        return layers

    def layer(self, provider: Provider) -> Layer:
        """The templates of one pack."""
        return _layer(provider, self.item(provider))

    def rules(self) -> list[tuple[Provider, Rule]]:
        """The rules of all plugins, sorted by distribution. Raises `PluginError` where two have one code."""
        owners: dict[str, Provider] = {}
        rules: list[tuple[Provider, Rule]] = []
        for provider, items in self._contributions("rules"):
            for rule in items:
                if rule.code in owners:
                    refuse_duplicate_rule(rule.code, [owners[rule.code], provider])
                owners[rule.code] = provider
                rules.append((provider, rule))
        return rules

    def _contributions(self, kind: PluginKind) -> list[tuple[Provider, Sequence[Any]]]:
        """What each plugin adds, once, under however many names it is listed."""
        by_plugin = {(provider.dist, provider.value): (provider, items) for provider, items in self.each(kind)}
        return [by_plugin[key] for key in sorted(by_plugin)]

    def _permitted(self, kind: PluginKind) -> Iterator[Provider]:
        # The lists are for what is found, not for what the program itself hands over.
        yield from self._registered_for(kind)
        yield from (provider for provider in self._third(kind) if self._permits.permit(provider))

    def _third(self, kind: PluginKind) -> tuple[Provider, ...]:
        if kind not in self._installed:
            self._installed[kind] = installed(kind) if self._autoload else ()
        # A module that is both installed and registered is one plugin.
        own = {(provider.name, provider.value) for provider in self._registered_for(kind)}
        return tuple(provider for provider in self._installed[kind] if (provider.name, provider.value) not in own)

    def _registered_for(self, kind: PluginKind) -> list[Provider]:
        return [provider for _, providers in self._own for provider in providers if provider.kind == kind]

    def _registered(self, provider: Provider, plugin: object) -> Any:
        try:
            self._hooks.add(plugin, f"{provider.dist}:{provider.value}")
        except FAULTS as cause:
            blame_import(provider, "registered", cause)
        items = self._asked(provider, plugin)
        return _format(provider, items) if provider.kind in _NAMED else items

    def _asked(self, provider: Provider, plugin: object) -> tuple[Any, ...]:
        """What a plugin returns from the hook for a kind, checked."""
        # Here nobody else has a word: an error of ours too is the plugin's, that of an outlet it made.
        with blaming(provider, f"failed while it listed its {plural(provider.kind)}", passing=PluginError):
            items = tuple(self._hooks.ask(plugin, _hook(provider.kind)))
            _CHECKS[provider.kind](provider, items)
        return items


def _hook(kind: PluginKind) -> str:
    return group(kind).replace(".", "_")


def _provider(plugin: object) -> Provider:
    """A plugin without a distribution under the name of its module, or module and class; kind and name are to come."""
    cls = plugin if isinstance(plugin, type) else type(plugin)
    names = [] if isinstance(plugin, ModuleType) else [cls.__name__]
    home = plugin.__name__ if isinstance(plugin, ModuleType) else cls.__module__
    module = plugin if isinstance(plugin, ModuleType) else sys.modules.get(home)
    return Provider(
        kind="renderer",
        name="",
        # A file that was given is a module with its path for a name.
        dist=".".join([os.path.basename(home), *names]),
        version="",
        value=":".join([home, *names]),
        # A pack is data: its class says nothing of where it comes from.
        source=str(getattr(plugin, "folder", "")) or getattr(module, "__file__", None) or f"module {home!r}",
        load=lambda: plugin,
    )


def _hooked(item: Any) -> ModuleType:
    """A plugin that provides this one renderer, loader or pack. Raises `PluginError`."""
    info = getattr(item, "info", None)
    kind = next((kind for kind, (_, info_class, _) in _PROTOCOLS.items() if isinstance(info, info_class)), None)
    kind = "templates" if isinstance(item, TemplatePack) else kind
    message = f"{_provider(item).dist if isinstance(item, ModuleType) else show(item)} is no plugin"
    if kind is None:
        expected = (
            "a module or object with functions marked by perspectives.plugin.renderers, loaders, outlets, rules or"
            " templates, or a renderer, loader or template pack"
        )
        raise PluginError(Fault(code="no-plugin", message=message, expected=expected))
    if isinstance(item, type):
        raise PluginError(Fault(code="no-plugin", message=message, expected=f"an object, {item.__name__}()"))

    def hook() -> list[Any]:
        return [item]

    setattr(hook, MARK, _hook(kind))
    plugin = ModuleType("")
    plugin.__dict__["hook"] = hook
    return plugin


def _name(item: Any) -> str:
    """The name that a renderer, loader or pack says itself."""
    return str(item.name if isinstance(item, TemplatePack) else item.info.name)


def _format(provider: Provider, items: Sequence[Any]) -> Any:
    """The renderer, loader or pack that the entry point names, among those that its plugin provides."""
    names = [_name(item) for item in items]
    if names.count(provider.name) != 1:
        mark = f"perspectives.plugin.{plural(provider.kind)}"
        said = f"its hook returned {names}" if names else f"no function marked by {mark} returned one"
        message = (
            f"{provider.dist} declares the {what(provider.kind)} {provider.name!r} in its entry points"
            f" but {said}\nfrom: {provider.origin}\nfix: report it to {provider.dist}"
        )
        raise PluginError(Fault(code="wrong-index", message=message))
    return _usable(provider, items[names.index(provider.name)])


def _usable(provider: Provider, item: Any) -> Any:
    """The renderer or loader, if its options can be read; the pack, if its files can take the place of ours."""
    if isinstance(item, TemplatePack):
        template_files(item.folder, provider.label)
        return item
    with blaming(provider, "has options that cannot be read"):
        option.option_types(item.options_class)
    return item


_NAMED: frozenset[PluginKind] = frozenset(("renderer", "loader", "templates"))
"""The kinds whose items have names of their own, which are those of their entry points."""

_PROTOCOLS: dict[PluginKind, tuple[str, type[RendererInfo | LoaderInfo], tuple[str, ...]]] = {
    "renderer": ("perspectives.plugin.Renderer", RendererInfo, ("render",)),
    "loader": ("perspectives.plugin.Loader", LoaderInfo, ("sniff", "load")),
}


def _check_formats(provider: Provider, items: Sequence[Any]) -> None:
    protocol, info_class, methods = _PROTOCOLS[provider.kind]
    for item in items:
        is_whole = all(callable(getattr(item, name, None)) for name in methods) and not isinstance(item, type)
        if not (isinstance(getattr(item, "info", None), info_class) and is_whole):
            blame_return(provider, item, protocol)


def _check_directories(provider: Provider, items: Sequence[Any]) -> None:
    for item in items:
        if not isinstance(item, OutletDirectory):
            blame_return(provider, item, "perspectives.plugin.OutletDirectory")


def _layer(provider: Provider, pack: TemplatePack) -> Layer:
    return Layer(
        name=pack.name,
        label=provider.label,
        folder=pack.folder,
        filters=pack.filters,
        origin=provider.origin,
        # Whose author sits there needs no name to report it to.
        dist="" if provider.source else provider.dist,
    )


def _check_packs(provider: Provider, items: Sequence[Any]) -> None:
    for item in items:
        if not isinstance(item, TemplatePack):
            blame_return(provider, item, "perspectives.plugin.TemplatePack")


def _check_rules(provider: Provider, items: Sequence[Any]) -> None:
    for item in items:
        said = (getattr(item, "code", None), getattr(item, "summary", None))
        is_whole = all(isinstance(text, str) for text in said) and callable(getattr(item, "check", None))
        if not is_whole or isinstance(item, type):
            blame_return(provider, item, "perspectives.plugin.Rule")
    codes = [rule.code for rule in items]
    for code in codes:
        if not _RULE_CODE.fullmatch(code) or codes.count(code) > 1:
            wrong = "twice" if codes.count(code) > 1 else "which is no code"
            message = f"{provider.label} returned a rule with the code {show(code)}, {wrong}"
            fault = Fault(
                code="plugin-return", message=message, expected="one of its own, like 'desk/001', for each rule"
            )
            raise PluginError(fault)


_CHECKS: dict[PluginKind, Callable[[Provider, Sequence[Any]], None]] = {
    "renderer": _check_formats,
    "loader": _check_formats,
    "outlets": _check_directories,
    "rules": _check_rules,
    "templates": _check_packs,
}
