"""Which plugins are installed, read from metadata alone: nothing of a plugin is imported here."""

import functools
import importlib
import importlib.metadata
import os
import re
from collections.abc import Callable, Iterable
from typing import Literal, get_args

from attrs import field, frozen

FormatKind = Literal["renderer", "loader"]
KINDS: tuple[FormatKind, ...] = get_args(FormatKind)
PluginKind = Literal["renderer", "loader", "outlets", "rules"]
"""What an entry point may be for: a format, or something that every brief has the use of."""
PLUGIN_KINDS: tuple[PluginKind, ...] = get_args(PluginKind)

DIST = "perspectives-briefs"
"""Our own distribution; its formats may be named without it."""


@frozen(kw_only=True)
class Provider:
    """One entry point, mostly a format, and the distribution that provides it."""

    kind: PluginKind
    name: str
    dist: str
    version: str
    value: str
    """The object reference of its entry point: `perspectives_slack` or `package.module:object`."""
    load: Callable[[], object] = field(eq=False, repr=False)

    @property
    def label(self) -> str:
        """The name that is always unambiguous: `perspectives-slack:slack`."""
        return f"{self.dist}:{self.name}"

    @property
    def is_built_in(self) -> bool:
        """Whether it ships with the library."""
        return self.dist == DIST

    @property
    def origin(self) -> str:
        """Where it comes from, for an error message."""
        dist = f"{self.dist} {self.version}".strip()
        return f"{dist} ({self.value.partition(':')[0]}), entry point group {group(self.kind)!r}"


def plural(kind: PluginKind) -> str:
    """The word for several: `renderers`, `outlets`."""
    return kind if kind.endswith("s") else f"{kind}s"


def group(kind: PluginKind) -> str:
    """The entry-point group of a kind."""
    return f"perspectives.{plural(kind)}"


@functools.cache
def built_in(kind: PluginKind) -> tuple[Provider, ...]:
    """The formats of this library, by name."""
    names = {"renderer": ("email", "html", "json", "markdown", "text"), "loader": ("json", "markdown", "text")}.get(
        kind, ()
    )
    modules = {name: f"perspectives.{kind}s.{name}" for name in names}
    return tuple(
        Provider(
            kind=kind,
            name=name,
            dist=DIST,
            version="",
            value=module,
            load=functools.partial(importlib.import_module, module),
        )
        for name, module in modules.items()
    )


BUILT_IN_EXTENSIONS: dict[FormatKind, dict[str, str]] = {
    "renderer": {
        ".eml": "email", ".html": "html", ".htm": "html", ".json": "json",
        ".md": "markdown", ".markdown": "markdown", ".txt": "text",
    },
    "loader": {".json": "json", ".md": "markdown", ".markdown": "markdown", ".txt": "text"},
}  # fmt: skip


def installed(kind: PluginKind) -> tuple[Provider, ...]:
    """The entry points of every other distribution, sorted by name and distribution."""
    found = []
    for point in importlib.metadata.entry_points(group=group(kind)):
        # A folder that pip left behind has no METADATA: what has no name can be neither called nor blocked.
        if point.dist is None or "Name" not in (point.dist.metadata or ()) or normal(point.dist.name) == DIST:
            continue
        provider = Provider(
            kind=kind,
            name=point.name,
            dist=normal(point.dist.name),
            version=point.dist.version,
            value=point.value,
            load=point.load,
        )
        found.append(provider)
    return tuple(sorted(found, key=lambda provider: (provider.name, provider.dist)))


def normal(dist: str) -> str:
    """The name of a distribution in its normal form (PEP 503)."""
    return re.sub(r"[-_.]+", "-", dist).lower()


@frozen(kw_only=True)
class Permits:
    """Which plugins may be imported: the lists of the caller and of the environment.

    `PERSPECTIVES_PLUGINS=a,b` allows only these (empty: none), and
    `PERSPECTIVES_DISABLE=a,b:slack` blocks a distribution or one format of it.
    """

    allowed: tuple[frozenset[str], ...]
    """A plugin must be in each of these lists; there may be none."""
    blocked: frozenset[str]

    @classmethod
    def of(cls, allowed: Iterable[str] | None, blocked: Iterable[str]) -> "Permits":
        """The caller's lists together with those of the environment; each can only narrow the other."""
        lists = (allowed, os.environ.get("PERSPECTIVES_PLUGINS"))
        return cls(
            allowed=tuple(_entries(names) for names in lists if names is not None),
            blocked=_entries(blocked) | _entries(os.environ.get("PERSPECTIVES_DISABLE", "")),
        )

    def permit(self, provider: Provider) -> bool:
        """Whether a plugin may be imported; the built-in formats always may."""
        if provider.is_built_in:
            return True
        names = {provider.dist, provider.label}
        return not names & self.blocked and all(names & allowed for allowed in self.allowed)


def _entries(names: Iterable[str]) -> frozenset[str]:
    # A text is a list of texts to Python: its letters would block nothing, and say nothing.
    names = names.split(",") if isinstance(names, str) else names
    parts = (name.strip().partition(":") for name in names if name.strip())
    return frozenset(f"{normal(dist)}{colon}{name}" for dist, colon, name in parts)
