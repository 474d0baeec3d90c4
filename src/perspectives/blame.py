"""Saying which plugin is at fault, and what its user can do about it."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import NoReturn

from perspectives.discovery import PluginKind, Provider
from perspectives.errors import FAULTS, Fault, FormatError, PerspectivesError, PluginError


def refuse_duplicate(kind: PluginKind, what: str, name: str, claims: list[Provider]) -> NoReturn:
    """Raise that several plugins claim one name, with the ways to choose one."""
    first = claims[0]
    lines = _claims(what, name, claims)
    call = {"renderer": f"render(brief, {first.label!r})", "loader": f"load(path, {first.label!r})"}.get(
        kind, first.label
    )
    lines.append(f"fix: name one ({call}), or Registry(prefer={{{name!r}: {first.dist!r}}}), or uninstall one")
    raise FormatError(Fault(code="duplicate-format", message="\n".join(lines)))


def _claims(what: str, name: str, claims: list[Provider]) -> list[str]:
    lines = [f"{len(claims)} plugins provide {what} {name!r}; none was chosen for you"]
    return lines + [f"- {p.label}   {p.dist} {p.version} ({p.value.partition(':')[0]})" for p in claims]


def refuse_duplicate_rule(code: str, claims: list[Provider]) -> NoReturn:
    """Raise that two plugins have a rule of one code."""
    lines = _claims("the rule", code, claims)
    lines.append(
        f"fix: PERSPECTIVES_DISABLE={claims[-1].dist}, or Registry(blocked=[{claims[-1].dist!r}]), or uninstall one"
    )
    raise PluginError(Fault(code="duplicate-rule", message="\n".join(lines)))


def imported(provider: Provider) -> object:
    """The plugin of a format, imported. Raises `PluginError`."""
    try:
        return provider.load()
    except FAULTS as cause:
        blame_import(provider, "imported", cause)


def blame_import(provider: Provider, what: str, cause: BaseException) -> NoReturn:
    """Raise that a plugin could not be imported or registered."""
    dist = provider.dist
    message = (
        f"plugin {provider.label} could not be {what}\nfrom: {provider.origin}\n"
        f"cause: {type(cause).__name__}: {cause}\n"
        f"fix: pip install -U {dist}, or pip uninstall {dist}, or PERSPECTIVES_DISABLE={dist}"
    )
    raise PluginError(Fault(code="plugin-import", message=message)) from cause


@contextmanager
def blaming(provider: Provider, what: str) -> Iterator[None]:
    """Names the plugin whose code runs here, and what it failed at; our own errors pass as they are."""
    try:
        yield
    except PerspectivesError:
        raise
    except FAULTS as cause:
        message = f"{provider.label} {what}\nfrom: {provider.origin}\ncause: {type(cause).__name__}: {cause}"
        if not provider.is_built_in:
            message += f"\nThis is a bug in {provider.dist}, not in perspectives-briefs."
        raise PluginError(Fault(code="plugin-failed", message=message)) from cause


def blame_return(provider: Provider, value: object, expected: str) -> NoReturn:
    """Raise that a plugin returned the wrong thing."""
    message = f"{provider.label} returned {type(value).__name__}, expected {expected}"
    raise PluginError(Fault(code="plugin-return", message=message))
