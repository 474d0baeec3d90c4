"""The plugins that are at hand: which may be used, and what each provides, imported when it is asked for.

Metadata comes first and import last; a plugin's fault is named with its
distribution and never stops another one.
"""

import re
import threading
import warnings
from collections.abc import Iterator, Sequence
from itertools import chain
from typing import Any

from perspectives import options as option
from perspectives.blame import blame_import, blame_return, blaming, imported, refuse_duplicate_rule
from perspectives.discovery import Permits, PluginKind, Provider, built_in, group, installed, plural
from perspectives.errors import FAULTS, Fault, PluginError
from perspectives.hooks import Hooks
from perspectives.outlets import OutletDirectory
from perspectives.plugin import LoaderInfo, RendererInfo, Rule
from perspectives.text import show

_RULE_CODE = re.compile(r"[a-z][a-z0-9-]*/[a-z0-9-]+")


class Plugins:
    """What is installed, less what the caller or the environment forbids."""

    def __init__(self, permits: Permits, *, autoload: bool) -> None:
        self._autoload = autoload
        self._permits = permits
        self._hooks = Hooks()
        self._items: dict[Provider, Any] = {}
        # What could not be imported, and the first line of why; only a call by name tries it again.
        self._broken: dict[Provider, str] = {}
        self._installed: dict[PluginKind, tuple[Provider, ...]] = {}
        # Two threads may ask for the same plugin first; pluggy refuses to register it twice.
        self._lock = threading.RLock()

    @property
    def registered(self) -> tuple[str, ...]:
        """The names under which pluggy knows those that were asked for."""
        return tuple(sorted(name for name, _ in self._hooks.list_name_plugin()))

    def providers(self, kind: PluginKind) -> tuple[Provider, ...]:
        """Those that may be used, the built-in ones first; imports nothing."""
        return (*built_in(kind), *self._permitted(kind))

    def blocked(self, kind: PluginKind) -> tuple[Provider, ...]:
        """Those that are installed and may not be used."""
        return tuple(provider for provider in self._third(kind) if not self._permits.permit(provider))

    def item(self, provider: Provider) -> Any:
        """The renderer or loader itself, or a tuple of the directories or rules; imports the plugin the first time."""
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

    def rules(self) -> tuple[Rule, ...]:
        """The rules of all plugins, sorted by distribution. Raises `PluginError` where two have one code."""
        owners: dict[str, Provider] = {}
        rules: list[Rule] = []
        for provider, items in self._contributions("rules"):
            for rule in items:
                if rule.code in owners:
                    refuse_duplicate_rule(rule.code, [owners[rule.code], provider])
                owners[rule.code] = provider
                rules.append(rule)
        return tuple(rules)

    def _contributions(self, kind: PluginKind) -> list[tuple[Provider, Sequence[Any]]]:
        """What each plugin adds, once, under however many names it is listed."""
        by_plugin = {(provider.dist, provider.value): (provider, items) for provider, items in self.each(kind)}
        return [by_plugin[key] for key in sorted(by_plugin)]

    def _permitted(self, kind: PluginKind) -> Iterator[Provider]:
        yield from (provider for provider in self._third(kind) if self._permits.permit(provider))

    def _third(self, kind: PluginKind) -> tuple[Provider, ...]:
        if kind not in self._installed:
            self._installed[kind] = installed(kind) if self._autoload else ()
        return self._installed[kind]

    def _registered(self, provider: Provider, plugin: object) -> Any:
        try:
            self._hooks.add(plugin, f"{provider.dist}:{provider.value}")
        except FAULTS as cause:
            blame_import(provider, "registered", cause)
        with blaming(provider, f"failed while it listed its {plural(provider.kind)}"):
            items = self._hooks.ask(plugin, group(provider.kind).replace(".", "_"))
            if provider.kind == "outlets":
                return _checked_directories(provider, items)
            if provider.kind == "rules":
                return _checked_rules(provider, items)
            infos: list[Any] = [getattr(item, "info", None) for item in items]
        return _format(provider, items, infos)


def _format(provider: Provider, items: Sequence[Any], infos: Sequence[Any]) -> Any:
    """The renderer or loader that the entry point names, among those that its plugin provides."""
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


_PROTOCOLS: dict[PluginKind, tuple[str, type[RendererInfo | LoaderInfo], tuple[str, ...]]] = {
    "renderer": ("perspectives.plugin.Renderer", RendererInfo, ("render",)),
    "loader": ("perspectives.plugin.Loader", LoaderInfo, ("sniff", "load")),
}


def _checked_directories(provider: Provider, items: Sequence[Any]) -> tuple[OutletDirectory, ...]:
    for item in items:
        if not isinstance(item, OutletDirectory):
            blame_return(provider, item, "perspectives.plugin.OutletDirectory")
    return tuple(items)


def _checked_rules(provider: Provider, items: Sequence[Any]) -> tuple[Rule, ...]:
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
    return tuple(items)
