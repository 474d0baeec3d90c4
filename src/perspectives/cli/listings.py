"""What the command prints of plugins: one row each, and what one of them says of itself."""

from collections.abc import Callable, Iterator, Sequence
from importlib.metadata import version
from typing import Any

import attrs

from perspectives.blame import blaming
from perspectives.discovery import DIST, PLUGIN_KINDS, PluginKind, Provider, normal
from perspectives.errors import Fault, FormatError, PluginError
from perspectives.options import as_word, default_of, describe, option_types, options_schema
from perspectives.outlets import OutletDirectory
from perspectives.registry import Registry
from perspectives.rules import RULES
from perspectives.templating import template_files
from perspectives.text import nearest

_SHIPPED: dict[PluginKind, Callable[[], tuple[Any, ...]]] = {
    "outlets": lambda: (OutletDirectory.shipped(),),
    "rules": lambda: RULES,
}
"""What ships beside the formats, and through no hook: rules have profiles, and plugins' outlets are laid over ours."""


def rows(registry: Registry, *, check: bool) -> list[dict[str, Any]]:
    """A row for each plugin; to `check` they are imported, those that are blocked aside, and tell their faults."""
    return [
        _row(provider)
        | {"blocked": blocked, "fault": details(registry, provider)["fault"] if check and not blocked else ""}
        for provider, blocked in _listed(registry)
    ]


def _listed(registry: Registry) -> Iterator[tuple[Provider, bool]]:
    """All that is installed, ours first, and whether the lists keep it from being used."""
    for kind in PLUGIN_KINDS:
        if kind in _SHIPPED:
            yield _shipped(kind), False
        yield from ((provider, False) for provider in registry.providers(kind))
        yield from ((provider, True) for provider in registry.blocked(kind))


def _shipped(kind: PluginKind) -> Provider:
    return Provider(kind=kind, name=kind, dist=DIST, version="", value=f"perspectives.{kind}", load=_SHIPPED[kind])


def _row(provider: Provider) -> dict[str, Any]:
    """What is known of a plugin without importing it."""
    return {
        "kind": provider.kind,
        "name": provider.name,
        "distribution": provider.dist,
        "version": version(DIST) if provider.is_built_in else provider.version,
    }


def aligned(rows: Sequence[dict[str, Any]]) -> Iterator[str]:
    """A line for each row, its cells below each other; what is blocked or broken is marked."""
    cells = [[*(row[key] for key in ("kind", "name", "distribution", "version")), _mark(row)] for row in rows]
    widths = [max(map(len, column)) for column in zip(*cells, strict=True)]
    for line in cells:
        yield "  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)).rstrip()


def _mark(row: dict[str, Any]) -> str:
    return "blocked" if row["blocked"] else "broken" if row["fault"] else ""


def named(registry: Registry, name: str) -> list[Provider]:
    """What has this name or comes from the distribution of this name. Raises `FormatError` where nothing does."""
    found = []
    for kind in PLUGIN_KINDS:
        try:
            found.append(_named(registry, kind, name))
        except FormatError as error:
            if error.faults[0].code != "unknown-format":
                raise
    everything = list(_listed(registry))
    found = found or [provider for provider, blocked in everything if provider.is_from(normal(name)) and not blocked]
    if not found:
        raise _unknown(name, everything)
    return found


def _named(registry: Registry, kind: PluginKind, name: str) -> Provider:
    if kind in _SHIPPED and name in (kind, f"{DIST}:{kind}"):
        return _shipped(kind)
    return registry.provider(kind, name)


def _unknown(name: str, everything: Sequence[tuple[Provider, bool]]) -> FormatError:
    words = sorted({word for provider, _ in everything for word in (provider.name, provider.dist)})
    lines = [
        f"blocked: {provider.label} (PERSPECTIVES_DISABLE or PERSPECTIVES_PLUGINS)"
        for provider, blocked in everything
        if blocked and (provider.is_named(name) or provider.is_from(normal(name)))
    ]
    near = None if lines else nearest(name, words)
    hint = f". Did you mean {near!r}?" if near else ""
    message = "\n".join([f"no plugin named {name!r}{hint}", *lines, "more: python -m perspectives plugins"])
    return FormatError(Fault(code="unknown-format", message=message))


def details(registry: Registry, provider: Provider) -> dict[str, Any]:
    """What a plugin says of itself, imported for that: options of a format, size of a directory, rules, templates.

    Where it is broken, only its row and the fault.
    """
    try:
        shipped = provider.is_built_in and _SHIPPED.get(provider.kind)
        item = shipped() if shipped else registry.describe(provider.kind, provider.label)[1]
        with blaming(provider, "cannot be described"):
            return _row(provider) | {"fault": ""} | _said(provider.kind, item)
    except (PluginError, FormatError) as error:
        return _row(provider) | {"fault": str(error)}


def _said(kind: PluginKind, item: Any) -> dict[str, Any]:
    if kind == "outlets":
        return {"summary": _counted([one for directory in item for one in directory.outlets], "outlet", "outlets")}
    if kind == "rules":
        rules = [{"code": rule.code, "summary": rule.summary} for rule in item]
        return {"summary": _counted(rules, "rule", "rules"), "rules": rules}
    if kind == "templates":
        return {
            "summary": item.summary,
            "files": template_files(item.folder, item.name),
            "filters": sorted(item.filters),
        }
    info = attrs.asdict(item.info) | {"options": _options(item), "schema": options_schema(item.options_class)}
    if kind == "renderer":
        info["omits"] = sorted(info["omits"])
    return info


def _counted(things: Sequence[object], one: str, many: str) -> str:
    return f"{len(things)} {one if len(things) == 1 else many}"


def _options(item: Any) -> list[dict[str, str]]:
    types = option_types(item.options_class)
    return [
        {
            "name": option.name,
            "type": describe(types[option.name]),
            "default": as_word(default_of(option)),
            "help": str(option.metadata.get("help", "")),
        }
        for option in attrs.fields(item.options_class)
    ]


def described(details: dict[str, Any]) -> Iterator[str]:
    """The lines of one of them, if it is not broken."""
    if details["fault"]:
        return
    yield f"{details['kind']} {details['distribution']}:{details['name']}: {details['summary']}"
    for key, empty in (("media_type", ""), ("media_types", "none"), ("extensions", "none"), ("omits", "nothing")):
        if key in details:
            words = details[key] if isinstance(details[key], str) else ", ".join(details[key])
            yield f"  {key.replace('_', ' ')}: {words or empty}"
    flag = "-O" if details["kind"] == "renderer" else "-I"
    for option in details.get("options", ()):
        yield f"  {flag} {option['name']}={option['default']}  {option['help']} ({option['type']})"
    for key in ("files", "filters"):
        if details.get(key):
            yield f"  {key}: {', '.join(details[key])}"
    for rule in details.get("rules", ()):
        yield f"  {rule['code']}  {rule['summary']}"
