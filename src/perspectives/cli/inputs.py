"""What the command reads: briefs, what is known of their outlets, and options."""

import argparse
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

import attrs

from perspectives import options
from perspectives.blame import imported_file
from perspectives.errors import Fault, OptionsError
from perspectives.limits import Limits
from perspectives.outlets import OutletDirectory, enrich
from perspectives.plugin import Input
from perspectives.reading import read_file, read_path
from perspectives.registry import LoadReport, Registry


def registry(arguments: argparse.Namespace) -> Registry:
    """What is installed, and the plugins in the files that are named. Raises `PluginError`."""
    found = Registry(templates=vars(arguments).get("templates"))
    for path in arguments.plugins:
        found.register(imported_file(path))
    return found


def loaded(registry: Registry, file: str, arguments: argparse.Namespace) -> LoadReport:
    """One input, with what is known of its outlets, and what its loader had to guess."""
    source = _input(file)
    name = registry.loader_for(source) if arguments.loader is None else arguments.loader
    provider, loader = registry.describe("loader", name)
    settings = options.parse(loader.options_class, provider.label, pairs(arguments.inputs))
    report = registry.load_report(
        source, provider.label, outlets=arguments.outlets, language=arguments.language, **settings
    )
    return attrs.evolve(report, brief=enrich(report.brief, arguments.outlets)) if arguments.outlets else report


def _input(name: str) -> Input:
    if name != "-":
        return Input(name=name, data=read_path(name, Limits()))
    try:
        return Input(name="<stdin>", data=read_file(sys.stdin.buffer, Limits(), "<stdin>"))
    except OSError as error:
        error.filename = "<stdin>"
        raise


def is_table(name: str) -> bool:
    """Whether a file of outlets has columns."""
    return Path(name).suffix.lower() == ".csv"


def directory(names: Sequence[str], columns: Sequence[str]) -> OutletDirectory | None:
    """The outlets of several files as one directory; `columns` are for each of them that is a table."""
    columns_of = pairs(columns, "column", "OURS=THEIRS") or None
    found = [OutletDirectory.load(name, columns=columns_of if is_table(name) else None) for name in names]
    return found[0].merged(*found[1:]) if found else None


def pairs(words: Sequence[str], what: str = "option", expected: str = "NAME=VALUE") -> dict[str, str]:
    """The names and values of several words. Raises `OptionsError`."""
    for word in words:
        if "=" not in word:
            raise OptionsError(Fault(code=f"bad-{what}", message=f"{word!r} is no {what}", expected=expected))
    found = [(word.partition("=")[0], word.partition("=")[2]) for word in words]
    names = [name for name, _ in found]
    if twice := next((name for name in names if names.count(name) > 1), None):
        message = f"the {what} {twice!r} is given twice"
        raise OptionsError(Fault(code=f"bad-{what}", message=message, expected="one value"))
    return dict(found)


@attrs.frozen(kw_only=True)
class _StyleOptions:
    theme: Mapping[str, str] | None = None


def theme(words: Sequence[str]) -> Mapping[str, str] | None:
    """The theme for a stylesheet. Raises `OptionsError`."""
    found: Mapping[str, str] | None = options.parse(_StyleOptions, "css", pairs(words)).get("theme")
    return found
