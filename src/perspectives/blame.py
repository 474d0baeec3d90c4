"""Saying which plugin is at fault, and what its user can do about it."""

import sys
import warnings
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from types import ModuleType
from typing import NoReturn

from perspectives.discovery import PluginKind, Provider, what
from perspectives.errors import FAULTS, Fault, FormatError, PerspectivesError, PluginError, said
from perspectives.templating import Layer


def refuse_duplicate(kind: PluginKind, what: str, name: str, claims: list[Provider]) -> NoReturn:
    """Raise that several plugins claim one name, with the ways to choose one."""
    first = claims[0]
    lines = _claims(what, name, claims)
    call = {
        "renderer": f"render(brief, {first.label!r})",
        "loader": f"load(path, {first.label!r})",
        "templates": f"Registry(templates=[{first.label!r}])",
    }.get(kind, first.label)
    uninstall = "" if all(claim.source for claim in claims) else ", or uninstall one"
    lines.append(f"fix: name one ({call}), or Registry(prefer={{{name!r}: {first.dist!r}}}){uninstall}")
    raise FormatError(Fault(code="duplicate-format", message="\n".join(lines)))


def _claims(what: str, name: str, claims: list[Provider]) -> list[str]:
    lines = [f"{len(claims)} plugins provide {what} {name!r}; none was chosen for you"]
    return lines + [f"- {p.label}   {p.home}" for p in claims]


def refuse_duplicate_rule(code: str, claims: list[Provider]) -> NoReturn:
    """Raise that two plugins have a rule of one code."""
    lines = _claims("the rule", code, claims)
    if installed := [claim.dist for claim in claims if not claim.source]:
        dist = installed[-1]
        lines.append(f"fix: PERSPECTIVES_DISABLE={dist}, or Registry(blocked=[{dist!r}]), or uninstall one")
    else:
        lines.append("fix: register one, or give its rule another code")
    raise PluginError(Fault(code="duplicate-rule", message="\n".join(lines)))


def warn_shadowed(claims: Sequence[Layer], names: Sequence[str]) -> None:
    """Say that several template packs take the place of the same templates, and how to choose."""
    labels = [claim.label for claim in claims]
    lines = [f"{len(claims)} template packs provide {', '.join(map(repr, names))}; {labels[0]} comes first"]
    lines += [f"- {claim.label}   {claim.origin}" for claim in claims]
    lines.append(f"fix: Registry(templates={labels!r}), in the order that you want, or uninstall one")
    warnings.warn("\n".join(lines), stacklevel=2)


def imported(provider: Provider) -> object:
    """The plugin of a format, imported. Raises `PluginError`."""
    try:
        return provider.load()
    except FAULTS as cause:
        blame_import(provider, "imported", cause)


def imported_file(path: str) -> ModuleType:
    """The plugin in a file that no distribution brings, run anew. Raises `PluginError`, or the OSError of the file."""
    data = Path(path).read_bytes()
    # Its path is no name that an import could ask for; attrs and dataclasses look up the types of options by it.
    module = ModuleType(str(Path(path).resolve()))
    module.__file__ = path
    module.__package__ = ""  # so that Python says of a relative import that it has no package
    sys.modules[module.__name__] = module
    try:
        # Not by a loader: it would leave a __pycache__ in the user's folder.
        exec(compile(data, path, "exec", dont_inherit=True), module.__dict__)  # noqa: S102 - the user's own code
    except FAULTS as cause:
        del sys.modules[module.__name__]
        message = f"the plugin could not be imported\ncause: {said(cause)}"
        raise PluginError(Fault(code="plugin-import", message=message, line=_line(cause, path)), path) from cause
    return module


def _line(cause: BaseException, path: str) -> int | None:
    """The line of a file that an error comes from, or came through last."""
    if isinstance(cause, SyntaxError) and cause.filename == path:
        return cause.lineno
    # Not by `traceback`: importing it costs every command two milliseconds.
    line, step = None, cause.__traceback__
    while step:
        line = step.tb_lineno if step.tb_frame.f_code.co_filename == path else line
        step = step.tb_next
    return line


def _origin(provider: Provider, cause: BaseException) -> str:
    """Where a plugin comes from; for one that was registered, whose author sits there, with the line of the cause."""
    line = _line(cause, provider.source) if provider.source else None
    return f"{provider.origin}:{line}" if line else provider.origin


def blame_import(provider: Provider, what: str, cause: BaseException) -> NoReturn:
    """Raise that a plugin could not be imported or registered."""
    dist = provider.dist
    message = (
        f"plugin {provider.label} could not be {what}\nfrom: {provider.origin}\n"
        f"cause: {said(cause)}\n"
        f"fix: pip install -U {dist}, or pip uninstall {dist}, or PERSPECTIVES_DISABLE={dist}"
    )
    raise PluginError(Fault(code="plugin-import", message=message)) from cause


def blame_registered(provider: Provider, cause: BaseException) -> NoReturn:
    """Raise that what the program handed over could not be registered."""
    if isinstance(cause, PluginError):
        raise cause
    message = f"plugin {provider.dist} could not be registered\nfrom: {_origin(provider, cause)}\ncause: {said(cause)}"
    raise PluginError(Fault(code="plugin-import", message=message)) from cause


def refuse_second(provider: Provider) -> NoReturn:
    """Raise that two plugins that were registered provide the same."""
    message = (
        f"the {what(provider.kind)} {provider.label!r} is registered already\nfrom: {provider.origin}\n"
        "fix: give one another name, leave one out, or begin with a new Registry()"
    )
    raise PluginError(Fault(code="registered-twice", message=message))


@contextmanager
def blaming(provider: Provider, what: str, passing: type[PerspectivesError] = PerspectivesError) -> Iterator[None]:
    """Names the plugin whose code runs here, and what it failed at; our own errors pass as they are."""
    try:
        yield
    except passing:
        raise
    except FAULTS as cause:
        origin = _origin(provider, cause)
        message = f"{provider.label} {what}\nfrom: {origin}\ncause: {said(cause)}"
        if not provider.is_built_in:
            message += f"\nThis is a bug in {provider.dist}, not in perspectives-briefs."
        raise PluginError(Fault(code="plugin-failed", message=message)) from cause


def blame_return(provider: Provider, value: object, expected: str) -> NoReturn:
    """Raise that a plugin returned the wrong thing."""
    name = f"the class {value.__name__}, no object of it" if isinstance(value, type) else type(value).__name__
    message = f"{provider.label} returned {name}, expected {expected}"
    raise PluginError(Fault(code="plugin-return", message=message))
