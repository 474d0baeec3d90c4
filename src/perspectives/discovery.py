"""Which plugins are installed, read from metadata alone: nothing of a plugin is imported here."""

import functools
import importlib
import importlib.metadata
import os
import re
import warnings
from collections.abc import Callable, Iterable
from typing import Literal, get_args

from attrs import field, frozen

from perspectives.errors import FAULTS, said

FormatKind = Literal["renderer", "loader"]
KINDS: tuple[FormatKind, ...] = get_args(FormatKind)
PluginKind = Literal["renderer", "loader", "outlets", "rules", "templates"]
"""What an entry point may be for: a format, how HTML looks, or something that every brief has the use of."""
PLUGIN_KINDS: tuple[PluginKind, ...] = get_args(PluginKind)

DIST = "perspectives-briefs"
"""Our own distribution; its formats may be named without it."""


@frozen(kw_only=True)
class Provider:
    """One entry point, mostly a format, and the distribution that provides it.

    For what the program itself registered `dist` is the name of its module or file.
    """

    kind: PluginKind
    name: str
    dist: str
    version: str
    value: str
    """The object reference of its entry point: `perspectives_slack` or `package.module:object`."""
    source: str = ""
    """Where the program that registered it had it from; empty for what is installed."""
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
    def home(self) -> str:
        """Where its code is: `perspectives-slack 1.0 (perspectives_slack)`."""
        return self.source or f"{self.dist} {self.version}".strip() + f" ({self.value.partition(':')[0]})"

    @property
    def origin(self) -> str:
        """Where it comes from, for an error message."""
        return self.source or f"{self.home}, entry point group {group(self.kind)!r}"

    def is_from(self, dist: str) -> bool:
        """Whether it comes from this distribution, or goes by this name without one; `dist` is in its normal form."""
        return normal(self.dist) == dist

    def is_named(self, name: str) -> bool:
        """Whether a name or `dist:name` may mean it, the distribution in any spelling."""
        dist, colon, bare = name.rpartition(":")
        return bare == self.name and (not colon or self.is_from(normal(dist)))


def plural(kind: PluginKind) -> str:
    """The word for several: `renderers`, `outlets`."""
    return kind if kind.endswith("s") else f"{kind}s"


def what(kind: PluginKind) -> str:
    """What one of a kind is called: `renderer`, `template pack`."""
    return "template pack" if kind == "templates" else kind


def group(kind: PluginKind) -> str:
    """The entry-point group of a kind."""
    return f"perspectives.{plural(kind)}"


@functools.cache
def built_in(kind: PluginKind) -> tuple[Provider, ...]:
    """The formats of this library, by name."""
    names = {
        "renderer": ("email", "html", "json", "markdown", "text"),
        "loader": ("email", "html", "json", "markdown", "text"),
    }.get(kind, ())
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
    "loader": {
        ".eml": "email", ".html": "html", ".htm": "html", ".json": "json",
        ".md": "markdown", ".markdown": "markdown", ".txt": "text",
    },
}  # fmt: skip


def installed(kind: PluginKind) -> tuple[Provider, ...]:
    """The entry points of every other distribution, sorted by name and distribution."""
    found = []
    for point in _entry_points(group(kind)):
        dist = normal(_said(point.dist, "Name"))
        # A folder that pip left behind has no METADATA: what has no name can be neither called nor blocked.
        if dist in ("", DIST):
            continue
        provider = Provider(
            kind=kind,
            name=point.name,
            dist=dist,
            version=_said(point.dist, "Version"),
            value=point.value,
            load=point.load,
        )
        found.append(provider)
    return tuple(sorted(found, key=lambda provider: (provider.name, provider.dist)))


def _said(dist: importlib.metadata.Distribution | None, key: str) -> str:
    """What the METADATA of a distribution says under a key, if it is there."""
    metadata = dist.metadata if dist else None
    return metadata[key] if metadata and key in metadata else ""


def _entry_points(group: str) -> Iterable[importlib.metadata.EntryPoint]:
    """Those of all distributions; one whose list cannot be read is warned about and keeps no other from its own."""
    try:
        return importlib.metadata.entry_points(group=group)
    except FAULTS:
        found: dict[str, Iterable[importlib.metadata.EntryPoint]] = {}
        for dist in importlib.metadata.distributions():
            name = _said(dist, "Name")
            try:
                # The first on the path is the one that is imported.
                found.setdefault(name, dist.entry_points.select(group=group))
            except FAULTS as cause:
                lines = [f"the entry points of {name!r} cannot be read", f"cause: {said(cause)}"]
                warnings.warn("\n".join([*lines, f"fix: pip install -U {name}, or pip uninstall {name}"]), stacklevel=2)
        return [point for points in found.values() for point in points]


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

    def unmatched(self, providers: Iterable[Provider]) -> tuple[str, ...]:
        """The entries of the lists that are for none of these."""
        dists = {(normal(provider.dist), provider.name) for provider in providers}
        names = {name for dist, item in dists for name in (dist, f"{dist}:{item}")}
        return tuple(sorted(self.blocked.union(*self.allowed) - names))


def _entries(names: Iterable[str]) -> frozenset[str]:
    # A text is a list of texts to Python: its letters would block nothing, and say nothing.
    names = names.split(",") if isinstance(names, str) else names
    parts = (name.strip().partition(":") for name in names if name.strip())
    return frozenset(f"{normal(dist)}{colon}{name}" for dist, colon, name in parts)
