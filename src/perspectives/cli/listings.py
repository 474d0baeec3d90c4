"""What the command prints of plugins: one row each, and what one of them says of itself."""

from collections.abc import Iterator, Sequence
from importlib.metadata import version
from typing import Any

import attrs

from perspectives.discovery import DIST, PLUGIN_KINDS, Provider
from perspectives.errors import FormatError, PluginError
from perspectives.options import describe, option_types
from perspectives.registry import Registry


def row(provider: Provider) -> dict[str, str]:
    """What is known of a plugin without importing it."""
    return {
        "kind": provider.kind,
        "name": provider.name,
        "distribution": provider.dist,
        "version": version(DIST) if provider.is_built_in else provider.version,
    }


def fault(registry: Registry, provider: Provider) -> str:
    """Why a plugin does not work, or nothing."""
    try:
        registry.describe(provider.kind, provider.label)
    except PluginError as error:
        return str(error)
    return ""


def aligned(rows: Sequence[dict[str, str]]) -> Iterator[str]:
    """A line for each row, its cells below each other."""
    widths = [max(map(len, column)) for column in zip(*(row.values() for row in rows), strict=True)]
    for cells in rows:
        yield "  ".join(cell.ljust(width) for cell, width in zip(cells.values(), widths, strict=True)).rstrip()


def named(registry: Registry, name: str) -> list[dict[str, Any]]:
    """What has this name: a renderer or loader with its options, the size of a directory, the rules.

    Raises `FormatError` where nothing has it.
    """
    found, unknown = [], []
    for kind in PLUGIN_KINDS:
        try:
            provider, item = registry.describe(kind, name)
            found.append(row(provider) | _details(provider, item))
        except FormatError as error:
            unknown.append(error)
    if not found:
        # Two plugins of that name say more than that there is no renderer of it.
        raise next((error for error in unknown if error.faults[0].code != "unknown-format"), unknown[0])
    return found


def described(details: dict[str, Any]) -> Iterator[str]:
    """The lines of one of them."""
    yield f"{details['kind']} {details['distribution']}:{details['name']}: {details['summary']}"
    for option in details.get("options", ()):
        yield f"  {option['name']}={option['default']}  {option['help']} ({option['type']})"
    for rule in details.get("rules", ()):
        yield f"  {rule['code']}  {rule['summary']}"


def _details(provider: Provider, item: Any) -> dict[str, Any]:
    if provider.kind == "outlets":
        return {"summary": _counted([one for directory in item for one in directory.outlets], "outlet", "outlets")}
    if provider.kind == "rules":
        rules = [{"code": rule.code, "summary": rule.summary} for rule in item]
        return {"summary": _counted(rules, "rule", "rules"), "rules": rules}
    return {"summary": item.info.summary, "options": _options(item)}


def _counted(things: Sequence[object], one: str, many: str) -> str:
    return f"{len(things)} {one if len(things) == 1 else many}"


def _options(item: Any) -> list[dict[str, str]]:
    types = option_types(item.options_class)
    return [
        {
            "name": option.name,
            "type": describe(types[option.name]),
            "default": _word(option.default),
            "help": option.metadata.get("help", ""),
        }
        for option in attrs.fields(item.options_class)
    ]


def _word(value: object) -> str:
    """A value as it is written behind `-O name=`."""
    return str(value).lower() if value is None or isinstance(value, bool) else str(value)
