"""The command `perspectives`: data on stdout, everything else on stderr.

Exit status: 0 fine, 1 the input is no valid brief, 2 wrong usage, a file that
cannot be read or written, or an unknown format, 3 a plugin failed; 130 when
interrupted, 141 when the reader of our output went away, as shells have it.
"""

import argparse
import functools
import os
import sys
import warnings
from collections.abc import Callable, Sequence

# Not typing's, and all else is imported by the command that needs it, so that --help answers at once.
TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from perspectives.discovery import Provider
    from perspectives.outlets import OutletDirectory
    from perspectives.plugin import Input, Rendered
    from perspectives.registry import LoadReport, Registry

_MAIN = """\
examples:
  perspectives render brief.txt -t markdown
  perspectives validate brief.json
  perspectives plugins

Multi-perspective news briefs: any source in, any format out.
"""
_RENDER = """\
examples:
  perspectives render brief.txt -t markdown           to the terminal
  perspectives render brief.txt -o brief.html         the extension decides
  perspectives render *.json --out site -t html       one file each
  curl -s URL | perspectives render - -f json -t text
  perspectives render brief.txt -t html -O fragment=true -O heading_level=3

Turn briefs into another format.
"""
_VALIDATE = """\
examples:
  perspectives validate brief.json
  perspectives validate briefs/*.txt && echo publish

Say what is wrong with briefs, and what their loaders had to guess.
"""
_CSS = """\
examples:
  perspectives css > brief.css

Print the stylesheet for HTML fragments; its file name and hash go to stderr.
"""
_PLUGINS = """\
examples:
  perspectives plugins                                every plugin, nothing imported
  perspectives plugins html                           one format and its options
  perspectives plugins --check                        import all and say which fail

List the formats, outlets and rules that are installed.
"""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command and return the exit status."""
    # Started with a stream closed, as daemons are, Python has None for it.
    sys.stdin = sys.stdin or open(os.devnull)  # noqa: SIM115 - open as long as the command runs
    sys.stderr = sys.stderr or open(os.devnull, "w")  # noqa: SIM115
    if sys.stdout is None:
        return _complain("stdout is closed", 2)
    try:
        try:
            with warnings.catch_warnings():
                # Not libraries' own business; ours say which plugin does not work.
                warnings.simplefilter("ignore")
                warnings.simplefilter("default", UserWarning)
                warnings.showwarning = _show_warning
                parsed = _parser().parse_args(arguments)
                return _attempt(functools.partial(_run, parsed))
        finally:
            sys.stdout.flush()
    except OSError as error:
        # Python flushes stdout once more at its end; this time it must have somewhere to go.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 141 if isinstance(error, BrokenPipeError) else _complain(f"stdout: {error.strerror}", 2)
    except KeyboardInterrupt:
        return 130


def _run(arguments: argparse.Namespace) -> int:
    # Once and first: what is wrong with the outlets is not a fault of each input.
    if getattr(arguments, "outlets", None) is not None:
        arguments.outlets = _outlets(arguments.outlets)
    status: int = arguments.run(arguments)
    return status


def _outlets(name: str) -> "OutletDirectory":
    """The outlets of a file; what they disagree on goes to stderr."""
    from perspectives.errors import place
    from perspectives.outlets import OutletDirectory

    outlets = OutletDirectory.load(name)
    _say(*(f"{place(None, source=name)}{finding.severity}: {finding}\n" for finding in outlets.conflicts))
    return outlets


def _show_warning(message: Warning | str, *_: object, **__: object) -> None:
    _say(f"perspectives: warning: {message}\n")


def _parser() -> argparse.ArgumentParser:
    form = argparse.RawDescriptionHelpFormatter
    parser = argparse.ArgumentParser(prog="perspectives", description=_MAIN, formatter_class=form)
    parser.add_argument("--version", action=_Version, nargs=0, help="print the version")
    commands = parser.add_subparsers(metavar="COMMAND", required=True)

    render = commands.add_parser(
        "render", help="turn briefs into another format", description=_RENDER, formatter_class=form
    )
    render.add_argument("files", nargs="*", metavar="FILE", default=["-"], help="a brief; - is stdin")
    render.add_argument("-t", "--to", dest="renderer", metavar="RENDERER", help="the format; else by -o, else markdown")
    output = render.add_mutually_exclusive_group()
    output.add_argument("-o", "--output", metavar="OUT", help="one file; - is stdout")
    output.add_argument("--out", metavar="DIR", help="a folder, for one file each; it is made if need be")
    render.add_argument(
        "-O", dest="options", metavar="NAME=VALUE", action="append", default=[], help="option of the renderer"
    )
    _add_loader_options(render)
    render.set_defaults(run=_render)

    validate = commands.add_parser("validate", help="say what is wrong", description=_VALIDATE, formatter_class=form)
    validate.add_argument("files", nargs="+", metavar="FILE", help="a brief; - is stdin")
    _add_loader_options(validate)
    validate.set_defaults(run=_validate)

    css = commands.add_parser("css", help="print the stylesheet", description=_CSS, formatter_class=form)
    css.add_argument(
        "isolation", nargs="?", choices=["class"], default="class", help="how it keeps off the page around"
    )
    css.set_defaults(run=_css)

    plugins = commands.add_parser("plugins", help="list the formats", description=_PLUGINS, formatter_class=form)
    plugins.add_argument("name", nargs="?", metavar="NAME", help="one format, with its options")
    plugins.add_argument("--json", action="store_true", help="for programs")
    plugins.add_argument("--check", action="store_true", help="import each plugin and report those that fail")
    plugins.set_defaults(run=_plugins)
    return parser


def _add_loader_options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "-f", "--from", dest="loader", metavar="LOADER", help="how to read it; else by extension or content"
    )
    parser.add_argument(
        "-I", dest="inputs", metavar="NAME=VALUE", action="append", default=[], help="option of the loader"
    )
    parser.add_argument("--language", metavar="TAG", help="language of the input, where it is known: de")
    parser.add_argument("--outlets", metavar="FILE", help="what you know of outlets, .json or .csv; the brief gets it")


class _Version(argparse.Action):
    def __call__(self, parser: argparse.ArgumentParser, *_: object) -> None:
        from importlib.metadata import version

        print(f"perspectives-briefs {version('perspectives-briefs')}")
        parser.exit()


def _render(arguments: argparse.Namespace) -> int:
    if arguments.output == "-":
        arguments.output = None
    if arguments.output and len(arguments.files) > 1:
        return _usage("-o takes one input; use --out DIR for several")
    stems = [_stem(name) for name in arguments.files]
    if arguments.out and (twice := next((stem for stem in stems if stems.count(stem) > 1), None)):
        return _usage(f"two inputs would be written to {twice!r} in {arguments.out!r}")
    from perspectives.options import parse
    from perspectives.registry import Registry

    registry = Registry()
    provider, renderer = registry.describe("renderer", _renderer(registry, arguments))
    # Once and first: a misspelt option is not a fault of each input.
    options = parse(renderer.options_class, provider.label, _pairs(arguments.options))
    extension = next(iter(renderer.info.extensions), f".{provider.name}")

    def render_one(name: str) -> int:
        report = _loaded(registry, name, arguments)
        _say(*_lines(report))
        rendered = registry.render(report.brief, provider.label, **options)
        _deliver(rendered, arguments, _stem(name) + extension)
        _say(*(f"{provider.label}: {finding.severity}: {finding}\n" for finding in rendered.findings))
        return 0

    return _for_each(arguments.files, render_one)


def _stem(name: str) -> str:
    return "brief" if name == "-" else os.path.splitext(os.path.basename(name))[0]


def _renderer(registry: "Registry", arguments: argparse.Namespace) -> str:
    """The format that is asked for, by name or file; else one for a person at a terminal, or Markdown."""
    from pathlib import Path

    if arguments.renderer:
        return str(arguments.renderer)
    if arguments.output:
        return registry.renderer_for(Path(arguments.output))
    is_terminal = sys.stdout.isatty() and not arguments.out
    has_terminal = is_terminal and any(p.name == "terminal" for p in registry.providers("renderer"))
    return "terminal" if has_terminal else "markdown"


def _deliver(rendered: "Rendered", arguments: argparse.Namespace, filename: str) -> None:
    """To the folder, the file or the stdout that was asked for."""
    from pathlib import Path

    from perspectives.files import write_rendered

    if arguments.out:
        Path(arguments.out).mkdir(parents=True, exist_ok=True)
        write_rendered(Path(arguments.out, filename), rendered)
    elif arguments.output:
        write_rendered(Path(arguments.output), rendered)
    else:
        _print(bytes(rendered))


def _loaded(registry: "Registry", name: str, arguments: argparse.Namespace) -> "LoadReport":
    """One input, with what is known of its outlets, and what its loader had to guess."""
    import attrs

    from perspectives.options import parse
    from perspectives.outlets import enrich

    source = _input(name)
    provider, loader = registry.describe("loader", arguments.loader or registry.loader_for(source))
    options = parse(loader.options_class, provider.label, _pairs(arguments.inputs))
    report = registry.load_report(
        source, provider.label, outlets=arguments.outlets, language=arguments.language, **options
    )
    return attrs.evolve(report, brief=enrich(report.brief, arguments.outlets)) if arguments.outlets else report


def _input(name: str) -> "Input":
    from perspectives.limits import Limits
    from perspectives.plugin import Input
    from perspectives.reading import read_file, read_path

    if name != "-":
        return Input(name=name, data=read_path(name, Limits()))
    try:
        return Input(name="<stdin>", data=read_file(sys.stdin.buffer, Limits(), "<stdin>"))
    except OSError as error:
        error.filename = "<stdin>"
        raise


def _lines(report: "LoadReport") -> list[str]:
    from perspectives.errors import place

    return [f"{place(f.line, source=report.source)}{f.severity}: {f}\n" for f in report.findings]


def _pairs(words: Sequence[str]) -> dict[str, str]:
    from perspectives.errors import Fault, OptionsError

    for word in words:
        if "=" not in word:
            raise OptionsError(Fault(code="bad-option", message=f"{word!r} is no option", expected="NAME=VALUE"))
    pairs = [(word.partition("=")[0], word.partition("=")[2]) for word in words]
    names = [name for name, _ in pairs]
    if twice := next((name for name in names if names.count(name) > 1), None):
        raise OptionsError(
            Fault(code="bad-option", message=f"the option {twice!r} is given twice", expected="one value")
        )
    return dict(pairs)


def _validate(arguments: argparse.Namespace) -> int:
    from perspectives.registry import Registry

    return _for_each(arguments.files, functools.partial(_validate_one, Registry(), arguments))


def _validate_one(registry: "Registry", arguments: argparse.Namespace, name: str) -> int:
    from perspectives.errors import LimitError, LoadError, place

    try:
        report = _loaded(registry, name, arguments)
    except (LoadError, LimitError) as error:
        _print(*(f"{place(f.line, f.column, error.source or name)}error: {f}\n" for f in error.faults))
        return 1
    counted = f"{_count(report.brief.stories, 'story', 'stories')}, {_count(report.findings, 'finding', 'findings')}"
    _print(*_lines(report), f"{report.source}: valid, {counted}\n")
    return 0


def _count(things: Sequence[object], one: str, many: str) -> str:
    return f"{len(things)} {one if len(things) == 1 else many}"


def _print(*texts: str | bytes) -> None:
    """UTF-8 whatever the locale: a story in a pipe must not depend on it."""
    for text in texts:
        # File names that are no UTF-8 come out as the bytes that they are.
        data = text if isinstance(text, bytes) else text.encode("utf-8", "surrogateescape")
        # Without a buffer (PYTHONUNBUFFERED, as containers set it) one write may take only a part.
        while data:
            data = data[sys.stdout.buffer.write(data) :]


def _say(*texts: str) -> None:
    print(*texts, sep="", end="", file=sys.stderr)


def _css(arguments: argparse.Namespace) -> int:
    from perspectives.renderers.html import stylesheet

    sheet = stylesheet(arguments.isolation)
    _print(sheet.text)
    _say(f"{sheet.filename} {sheet.sha256}\n")
    return 0


def _plugins(arguments: argparse.Namespace) -> int:
    import json

    from perspectives.discovery import PLUGIN_KINDS
    from perspectives.registry import Registry

    registry = Registry()
    if arguments.name:
        return _describe(registry, arguments)
    providers = [provider for kind in PLUGIN_KINDS for provider in registry.providers(kind)]
    rows = [_row(provider) for provider in providers]
    faults = [_fault(registry, provider) if arguments.check else "" for provider in providers]
    if arguments.json:
        rows = [row | {"fault": fault} for row, fault in zip(rows, faults, strict=True)]
        _print(json.dumps(rows, indent=2, ensure_ascii=False), "\n")
    else:
        widths = [max(map(len, column)) for column in zip(*(row.values() for row in rows), strict=True)]
        for row in rows:
            cells = (cell.ljust(width) for cell, width in zip(row.values(), widths, strict=True))
            _print("  ".join(cells).rstrip(), "\n")
        for fault in filter(None, faults):
            _complain(fault, 3)
    return 3 if any(faults) else 0


def _row(provider: "Provider") -> dict[str, str]:
    from importlib.metadata import version

    return {
        "kind": provider.kind,
        "name": provider.name,
        "distribution": provider.dist,
        "version": provider.version or version(provider.dist),
    }


def _fault(registry: "Registry", provider: "Provider") -> str:
    """Why a plugin does not work, or nothing."""
    from perspectives.errors import PluginError

    try:
        registry.describe(provider.kind, provider.label)
    except PluginError as error:
        return str(error)
    return ""


def _describe(registry: "Registry", arguments: argparse.Namespace) -> int:
    """Print what has this name: a renderer or loader with its options, the size of a directory, the rules."""
    import json

    from perspectives.discovery import PLUGIN_KINDS
    from perspectives.errors import FormatError

    found, unknown = [], []
    for kind in PLUGIN_KINDS:
        try:
            found.append(registry.describe(kind, arguments.name))
        except FormatError as error:
            unknown.append(error)
    if not found:
        # Two plugins of that name say more than that there is no renderer of it.
        raise next((error for error in unknown if error.faults[0].code != "unknown-format"), unknown[0])
    if arguments.json:
        rows = [_row(provider) | _details(provider, item) for provider, item in found]
        _print(json.dumps(rows, indent=2, ensure_ascii=False), "\n")
        return 0
    for provider, item in found:
        details = _details(provider, item)
        _print(f"{provider.kind} {provider.label}: {details['summary']}\n")
        for row in details.get("options", ()):
            _print(f"  {row['name']}={row['default']}  {row['help']} ({row['type']})\n")
        for row in details.get("rules", ()):
            _print(f"  {row['code']}  {row['summary']}\n")
    return 0


def _details(provider: "Provider", item: "Any") -> dict[str, "Any"]:
    """What a plugin says of what it provides."""
    if provider.kind == "outlets":
        outlets = [outlet for directory in item for outlet in directory.outlets]
        return {"summary": _count(outlets, "outlet", "outlets")}
    if provider.kind == "rules":
        rules = [{"code": rule.code, "summary": rule.summary} for rule in item]
        return {"summary": _count(rules, "rule", "rules"), "rules": rules}
    return {"summary": item.info.summary, "options": _option_rows(item)}


def _option_rows(item: "Any") -> list[dict[str, str]]:
    import attrs

    from perspectives.options import describe, option_types

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


def _for_each(names: Sequence[str], run: Callable[[str], int]) -> int:
    """The worst exit status of all inputs; each has its turn, whatever the one before it did."""
    return max(_attempt(functools.partial(run, name)) for name in names)


def _attempt(run: Callable[[], int]) -> int:
    """Run one step; an error becomes a message and its exit status."""
    from perspectives.errors import FormatError, OptionsError, PerspectivesError, PluginError, WriteError

    try:
        return run()
    except PluginError as error:
        return _complain(str(error), 3)
    except (FormatError, OptionsError, WriteError) as error:
        return _complain(str(error), 2)
    except PerspectivesError as error:
        return _complain(str(error), 1)
    except OSError as error:
        if error.filename is None:  # stdout itself: nothing more can be said there
            raise
        return _complain(f"{error.filename}: {error.strerror}", 2)


def _usage(message: str) -> int:
    return _complain(f"{message}\ntry: perspectives render --help", 2)


def _complain(message: str, status: int) -> int:
    _say(f"perspectives: {message}\n")
    return status
