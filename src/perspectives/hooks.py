"""The hooks of this library, in pluggy's words: what a plugin may implement.

They take no arguments, so they can never break a plugin; what grows are the
tools and info classes of `perspectives.plugin`.
"""

import sys
from collections.abc import Iterable
from typing import Any

import pluggy

from perspectives.outlets import OutletDirectory
from perspectives.plugin import MARK, Loader, Renderer, Rule, TemplatePack

hookspec: pluggy.HookspecMarker = pluggy.HookspecMarker("perspectives")


@hookspec
def perspectives_renderers() -> Iterable[Renderer[Any]]:
    """The renderers that a plugin provides; entry-point group `perspectives.renderers`."""
    raise NotImplementedError  # pluggy calls the plugins' functions, never this one


@hookspec
def perspectives_loaders() -> Iterable[Loader[Any]]:
    """The loaders that a plugin provides; entry-point group `perspectives.loaders`."""
    raise NotImplementedError


@hookspec
def perspectives_outlets() -> Iterable[OutletDirectory]:
    """The outlets that a plugin knows; entry-point group `perspectives.outlets`."""
    raise NotImplementedError


@hookspec
def perspectives_rules() -> Iterable[Rule]:
    """The rules that a plugin holds briefs to; entry-point group `perspectives.rules`."""
    raise NotImplementedError


@hookspec
def perspectives_templates() -> Iterable[TemplatePack]:
    """The template packs that a plugin provides; entry-point group `perspectives.templates`."""
    raise NotImplementedError


class Hooks(pluggy.PluginManager):
    """The plugins registered so far; knows the marks of `perspectives.plugin`."""

    def __init__(self) -> None:
        super().__init__("perspectives")
        self.add_hookspecs(sys.modules[__name__])

    def parse_hookimpl_opts(self, plugin: Any, name: str) -> Any:
        """The options of a marked function; functions with pluggy's own marker count too."""
        specname = getattr(getattr(plugin, name, None), MARK, None)
        return {"specname": specname} if isinstance(specname, str) else super().parse_hookimpl_opts(plugin, name)

    def add(self, plugin: object, name: str) -> None:
        """Register one plugin, whole or not at all. Raises pluggy.PluginValidationError."""
        if self.is_registered(plugin):
            return
        try:
            self.register(plugin, name)
            self.check_pending()
        except pluggy.PluginValidationError:
            self.unregister(name=name)
            raise

    def implemented(self, plugin: object) -> set[str]:
        """The names of the hooks that the functions of a plugin are marked for, whether there are such hooks or not."""
        options = {name: self.parse_hookimpl_opts(plugin, name) for name in dir(plugin)}
        return {found.get("specname") or name for name, found in options.items() if found}

    def ask(self, plugin: object, hook: str) -> list[Any]:
        """What one plugin alone returns from a hook, so that its faults are its own."""
        # Not by `subset_hook_caller`: before pluggy 1.7 it also called functions that are not named as their hook.
        own = [impl for impl in getattr(self.hook, hook).get_hookimpls() if impl.plugin is plugin]
        answers = [impl.function() for impl in reversed(own)]
        return [item for answer in answers if answer is not None for item in answer]
