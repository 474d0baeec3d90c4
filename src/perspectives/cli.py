"""The command `perspectives`: data on stdout, everything else on stderr.

Exit status: 0 fine, 1 the input is no valid brief or has a finding that is an
error, 2 wrong usage, a file that cannot be read or written, or an unknown
format, 3 a plugin failed; 130 when interrupted, 141 when the reader of our
output went away, as shells have it.
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
    from perspectives.plugin import Input, Rendered
    from perspectives.registry import LoadReport, Registry
    from perspectives.verdicts import Verdict

_MAIN = """\
examples:
  perspectives render brief.txt -t markdown
  perspectives validate brief.json
  perspectives report brief.json
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
  perspectives validate briefs/*.txt --profile seed && echo publish
  perspectives validate *.json --output github        annotations for a workflow
  perspectives validate *.json --output json | jq '.[] | select(.severity == "error")'

Say what is wrong with briefs, what their loaders had to guess, and what a desk
may want to mend. Profiles: default; seed, for the layout of a newsletter, which
holds neither citations nor dates; strict, where each finding is one step more
severe. The exit status is 1 for an invalid brief or a finding that is an error.
"""
_REPORT = """\
examples:
  perspectives report brief.json
  perspectives report brief.json --scheme allsides
  perspectives report brief.json --output svg > report.svg

Count what a brief is made of: the words, outlets and citations of each group,
the origins cited for each fact, and how the outlets are rated.
"""
_SCHEMA = """\
examples:
  perspectives schema > brief.schema.json             what a document may hold
  perspectives schema Story --strict-output           for a language model to fill

Print the JSON Schema of a brief, or of another class of the model.
"""
_CSS = """\
examples:
  perspectives css > brief.css

Print the stylesheet for HTML fragments; its file name and hash go to stderr.
"""
_PLUGINS = """\
examples:
  perspectives plugins                                every format, nothing imported
  perspectives plugins html                           one format and its options
  perspectives plugins --check                        import all and say which fail

List the formats that are installed.
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
                return _attempt(functools.partial(parsed.run, parsed))
        finally:
            sys.stdout.flush()
    except OSError as error:
        # Python flushes stdout once more at its end; this time it must have somewhere to go.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 141 if isinstance(error, BrokenPipeError) else _complain(f"stdout: {error.strerror}", 2)
    except KeyboardInterrupt:
        return 130


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
    validate.add_argument("--profile", metavar="PROFILE", default="default", help="default, seed or strict")
    validate.add_argument("--output", choices=["text", "json", "github"], default="text", help="for whom; else text")
    _add_loader_options(validate)
    validate.set_defaults(run=_validate)

    report = commands.add_parser("report", help="count what is in it", description=_REPORT, formatter_class=form)
    report.add_argument("file", metavar="FILE", help="a brief; - is stdin")
    report.add_argument("--scheme", metavar="ID", help="the scheme of ratings to count; else each that is used")
    report.add_argument("--output", choices=["text", "json", "svg"], default="text", help="for whom; else text")
    _add_loader_options(report)
    report.set_defaults(run=_report)

    schema = commands.add_parser("schema", help="print the JSON Schema", description=_SCHEMA, formatter_class=form)
    schema.add_argument("name", nargs="?", metavar="CLASS", default="Brief", help="a class of the model; else Brief")
    schema.add_argument(
        "--strict-output", action="store_true", help="for language models: every field required, or null"
    )
    schema.set_defaults(run=_schema)

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
    """One input, and what its loader had to guess."""
    from perspectives.options import parse

    source = _input(name)
    provider, loader = registry.describe("loader", arguments.loader or registry.loader_for(source))
    options = parse(loader.options_class, provider.label, _pairs(arguments.inputs))
    return registry.load_report(source, provider.label, language=arguments.language, **options)


def _input(name: str) -> "Input":
    from pathlib import Path

    from perspectives.plugin import Input

    if name != "-":
        return Input(name=name, data=Path(name).read_bytes())
    try:
        return Input(name="<stdin>", data=sys.stdin.buffer.read())
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
    import json

    from perspectives import verdicts
    from perspectives.profiles import profile_of
    from perspectives.registry import Registry

    # Once and first: a misspelt profile is not a fault of each input.
    profile_of(arguments.profile)
    registry = Registry()
    rows: list[dict[str, object]] = []

    def validate_one(name: str) -> int:
        verdict = _verdict(registry, name, arguments)
        if arguments.output == "json":
            rows.extend(verdicts.rows(verdict))
        else:
            lines = verdicts.annotations if arguments.output == "github" else verdicts.lines
            _print(*(f"{line}\n" for line in lines(verdict)))
        return verdict.status

    status = _for_each(arguments.files, validate_one)
    if arguments.output == "json":
        _print(json.dumps(rows, indent=2, ensure_ascii=False), "\n")
    return status


def _verdict(registry: "Registry", name: str, arguments: argparse.Namespace) -> "Verdict":
    """What loader and rules find in one input."""
    from perspectives.errors import LimitError, LoadError
    from perspectives.verdicts import Verdict

    try:
        report = _loaded(registry, name, arguments)
    except (LoadError, LimitError) as error:
        return Verdict(file=error.source or name, faults=error.faults)
    findings = (*report.findings, *registry.lint(report.brief, profile=arguments.profile))
    return Verdict(file=report.source, stories=len(report.brief.stories), findings=findings)


def _report(arguments: argparse.Namespace) -> int:
    import json

    from perspectives import tables
    from perspectives.registry import Registry

    loaded = _loaded(Registry(), arguments.file, arguments)
    _say(*_lines(loaded))
    reports = tables.reports_of(loaded.brief, arguments.scheme)
    if arguments.output == "json":
        _print(json.dumps(tables.plain(reports), indent=2, ensure_ascii=False), "\n")
    elif arguments.output == "svg":
        _print(tables.picture(reports), "\n")
    else:
        _print(*(f"{line}\n" for line in tables.lines(reports)))
    return 0


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


def _schema(arguments: argparse.Namespace) -> int:
    import json

    from perspectives.schema import class_named, json_schema

    schema = json_schema(class_named(arguments.name), strict_output=arguments.strict_output)
    _print(json.dumps(schema, indent=2, ensure_ascii=False), "\n")
    return 0


def _css(arguments: argparse.Namespace) -> int:
    from perspectives.renderers.html import stylesheet

    sheet = stylesheet(arguments.isolation)
    _print(sheet.text)
    _say(f"{sheet.filename} {sheet.sha256}\n")
    return 0


def _plugins(arguments: argparse.Namespace) -> int:
    import json

    from perspectives.registry import Registry

    registry = Registry()
    if arguments.name:
        return _describe(registry, arguments)
    providers = (*registry.providers("renderer"), *registry.providers("loader"))
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
    """Print one format, as renderer and as loader, with its options."""
    import json

    from perspectives.discovery import KINDS
    from perspectives.errors import FormatError

    found, unknown = [], []
    for kind in KINDS:
        try:
            found.append(registry.describe(kind, arguments.name))
        except FormatError as error:
            unknown.append(error)
    if not found:
        raise unknown[0]
    if arguments.json:
        rows = [{**_row(p), "summary": item.info.summary, "options": _option_rows(item)} for p, item in found]
        _print(json.dumps(rows, indent=2, ensure_ascii=False), "\n")
        return 0
    for provider, item in found:
        _print(f"{provider.kind} {provider.label}: {item.info.summary}\n")
        for row in _option_rows(item):
            _print(f"  {row['name']}={row['default']}  {row['help']} ({row['type']})\n")
    return 0


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
