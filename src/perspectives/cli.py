"""The command `perspectives`: data on stdout, everything else on stderr.

Exit status: 0 fine, 1 the input is no valid brief, 2 wrong usage, a file that
cannot be read or written, or an unknown format, 3 a plugin failed; 130 when
interrupted, 141 when the reader of our output went away, as shells have it.
"""

import argparse
import functools
import os
import sys
from collections.abc import Callable, Sequence

# Not typing's, and all else is imported by the command that needs it, so that --help answers at once.
TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from perspectives.discovery import FormatKind, Provider
    from perspectives.plugin import Rendered
    from perspectives.registry import LoadReport, Registry

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
  perspectives plugins                                every format, nothing imported
  perspectives plugins html                           one format and its options
  perspectives plugins --check                        import all and say which fail

List the formats that are installed.
"""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command and return the exit status."""
    parsed = _parser().parse_args(arguments)
    try:
        status: int = parsed.run(parsed)
        sys.stdout.flush()
    except BrokenPipeError:
        # Python flushes stdout once more at its end; this time it must have somewhere to go.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 141
    except KeyboardInterrupt:
        return 130
    return status


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="perspectives", description="Multi-perspective news briefs, in and out.")
    parser.add_argument("--version", action=_Version, nargs=0, help="print the version")
    commands = parser.add_subparsers(metavar="COMMAND", required=True)
    form = argparse.RawDescriptionHelpFormatter

    render = commands.add_parser(
        "render", help="turn briefs into another format", description=_RENDER, formatter_class=form
    )
    render.add_argument("files", nargs="*", metavar="FILE", default=["-"], help="a brief; - is stdin")
    render.add_argument(
        "-f", "--from", dest="loader", metavar="LOADER", help="how to read it; else by extension or content"
    )
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
    validate.add_argument("-f", "--from", dest="loader", metavar="LOADER", help="how to read it")
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
        "-I", dest="inputs", metavar="NAME=VALUE", action="append", default=[], help="option of the loader"
    )
    parser.add_argument("--language", metavar="TAG", help="language of the input, where it is known: de")


class _Version(argparse.Action):
    def __call__(self, parser: argparse.ArgumentParser, *_: object) -> None:
        from importlib.metadata import version

        parser.exit(message=f"perspectives-briefs {version('perspectives-briefs')}\n")


def _render(arguments: argparse.Namespace) -> int:
    if arguments.output and len(arguments.files) > 1:
        return _usage("-o takes one input; use --out DIR for several")
    if arguments.output == "-":
        arguments.output = None
    targets = [_target_stem(name) for name in arguments.files]
    if arguments.out and (twice := next((stem for stem in targets if targets.count(stem) > 1), None)):
        return _usage(f"two inputs would be written to {twice!r} in {arguments.out!r}")
    from perspectives.registry import Registry

    registry = Registry()
    return max(_attempt(functools.partial(_render_one, registry, name, arguments)) for name in arguments.files)


def _target_stem(name: str) -> str:
    return "brief" if name == "-" else os.path.splitext(os.path.basename(name))[0]


def _render_one(registry: "Registry", name: str, arguments: argparse.Namespace) -> int:
    from pathlib import Path

    from perspectives.options import parse

    report = _loaded(registry, name, arguments)
    print(*_lines(report), sep="", end="", file=sys.stderr)
    renderer = arguments.renderer
    if renderer is None:
        renderer = registry.renderer_for(Path(arguments.output)) if arguments.output else _default(registry)
    provider, found = registry.describe("renderer", renderer)
    options = parse(found.options_class, provider.label, _pairs(arguments.options))
    if arguments.out:
        Path(arguments.out).mkdir(parents=True, exist_ok=True)
        extension = next(iter(found.info.extensions), f".{found.info.name}")
        arguments.output = str(Path(arguments.out) / f"{_target_stem(name)}{extension}")
    rendered: Rendered
    if arguments.output:
        rendered = registry.write(report.brief, arguments.output, provider.label, **options)
    else:
        rendered = registry.render(report.brief, provider.label, **options)
        sys.stdout.buffer.write(bytes(rendered))
    for finding in rendered.findings:
        print(f"{provider.label}: {finding.severity}: {finding}", file=sys.stderr)
    return 0


def _default(registry: "Registry") -> str:
    """The format for a person at a terminal if it is installed, or else Markdown."""
    is_terminal = sys.stdout.isatty() and any(p.name == "terminal" for p in registry.providers("renderer"))
    return "terminal" if is_terminal else "markdown"


def _loaded(registry: "Registry", name: str, arguments: argparse.Namespace) -> "LoadReport":
    """One input, and what its loader had to guess."""
    from perspectives.options import parse

    source = sys.stdin.buffer if name == "-" else name
    options: dict[str, Any] = dict(_pairs(arguments.inputs))
    if arguments.loader:
        provider, found = registry.describe("loader", arguments.loader)
        options = parse(found.options_class, provider.label, _pairs(arguments.inputs))
    return registry.load_report(source, arguments.loader, language=arguments.language, **options)


def _lines(report: "LoadReport") -> list[str]:
    from perspectives.errors import place

    return [f"{place(f.line, source=report.source)}{f.severity}: {f}\n" for f in report.findings]


def _pairs(words: Sequence[str]) -> dict[str, str]:
    from perspectives.errors import Fault, OptionsError

    for word in words:
        if "=" not in word:
            raise OptionsError(Fault(code="bad-option", message=f"{word!r} is no option", expected="NAME=VALUE"))
    return dict(word.split("=", 1) for word in words)


def _validate(arguments: argparse.Namespace) -> int:
    from perspectives.registry import Registry

    registry = Registry()
    return max(_attempt(functools.partial(_validate_one, registry, name, arguments)) for name in arguments.files)


def _validate_one(registry: "Registry", name: str, arguments: argparse.Namespace) -> int:
    from perspectives.errors import LimitError, LoadError, place

    try:
        report = _loaded(registry, name, arguments)
    except (LoadError, LimitError) as error:
        _print(*(f"{place(f.line, f.column, error.source or name)}error: {f}\n" for f in error.faults))
        return 1
    stories = len(report.brief.stories)
    counted = f"{stories} {'story' if stories == 1 else 'stories'}, {len(report.findings)} findings"
    _print(*_lines(report), f"{name}: valid, {counted}\n")
    return 0


def _print(*lines: str) -> None:
    """UTF-8 whatever the locale: a story in a pipe must not depend on it."""
    sys.stdout.buffer.write("".join(lines).encode())


def _css(arguments: argparse.Namespace) -> int:
    from perspectives.renderers.html import stylesheet

    sheet = stylesheet(arguments.isolation)
    sys.stdout.write(sheet.text)
    print(f"{sheet.filename} {sheet.sha256}", file=sys.stderr)
    return 0


def _plugins(arguments: argparse.Namespace) -> int:
    from perspectives.registry import Registry

    registry = Registry()
    if arguments.name:
        return _attempt(lambda: _describe(registry, arguments.name))
    providers = (*registry.providers("renderer"), *registry.providers("loader"))
    rows = [_row(registry, provider, arguments.check) for provider in providers]
    if arguments.json:
        import json

        print(json.dumps(rows, indent=2, ensure_ascii=False))
    else:
        columns = ("kind", "name", "distribution", "version", "fault")
        widths = [max([len(row[column]) for row in rows]) for column in columns]
        for row in rows:
            print("  ".join(row[column].ljust(width) for column, width in zip(columns, widths, strict=True)).rstrip())
    return 3 if any(row["fault"] for row in rows) else 0


def _row(registry: "Registry", provider: "Provider", is_checked: bool) -> dict[str, str]:
    from importlib.metadata import version

    from perspectives.errors import PluginError

    fault = ""
    if is_checked:
        try:
            registry.describe(provider.kind, provider.label)
        except PluginError as error:
            fault = str(error)
    return {
        "kind": provider.kind,
        "name": provider.name,
        "distribution": provider.dist,
        "version": provider.version or version(provider.dist),
        "fault": fault,
    }


def _describe(registry: "Registry", name: str) -> int:
    """Print one format, as renderer and as loader, with its options."""
    import attrs

    from perspectives.errors import FormatError

    kinds: tuple[FormatKind, ...] = ("renderer", "loader")
    found = []
    for kind in kinds:
        try:
            found.append(registry.describe(kind, name))
        except FormatError:
            if kind == "loader" and not found:
                raise
    for provider, item in found:
        print(f"{provider.kind} {provider.label}: {item.info.summary}")
        for option in attrs.fields(item.options_class):
            print(f"  {option.name} = {option.default!r}  {option.metadata.get('help', '')}")
    return 0


def _attempt(run: Callable[[], int]) -> int:
    """Run one step; an error becomes a message and its exit status, and the next input has its turn."""
    from perspectives.errors import FormatError, OptionsError, PerspectivesError, PluginError, WriteError

    try:
        return run()
    except PluginError as error:
        return _complain(str(error), 3)
    except (FormatError, OptionsError, WriteError) as error:
        return _complain(str(error), 2)
    except PerspectivesError as error:
        return _complain(str(error), 1)
    except BrokenPipeError:
        raise
    except OSError as error:
        return _complain(f"{error.filename or 'input'}: {error.strerror}", 2)


def _usage(message: str) -> int:
    return _complain(f"{message}\ntry: perspectives render --help", 2)


def _complain(message: str, status: int) -> int:
    print(f"perspectives: {message}", file=sys.stderr)
    return status
