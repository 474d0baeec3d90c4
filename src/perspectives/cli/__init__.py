"""The command `perspectives`: data on stdout, everything else on stderr.

Exit status: 0 fine, 1 the input is no valid brief or has a finding that is an
error, 2 wrong usage, a file that cannot be read or written, or an unknown
format, 3 a plugin failed; 130 when interrupted, 141 when the reader of our
output went away, as shells have it.
"""

import argparse
import contextlib
import functools
import os
import sys
import warnings
from collections.abc import Callable, Sequence

from perspectives.cli.arguments import parser

# Not typing's, and all else is imported by the command that needs it, so that --help answers at once.
TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from perspectives.cli.verdicts import Verdict
    from perspectives.plugin import Rendered
    from perspectives.registry import LoadReport, Registry


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
                parsed = parser().parse_args(arguments)
                parsed.stdout = sys.stdout
                # What a plugin prints is no data, when it is imported and when it runs.
                with contextlib.redirect_stdout(sys.stderr):
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
    status = _look_up(arguments) if "outlets" in arguments else 0
    return status or _COMMANDS[arguments.run](arguments)


def _look_up(arguments: argparse.Namespace) -> int:
    """Put a directory in the place of the files of outlets; what they disagree on goes to stderr."""
    from perspectives.cli import inputs
    from perspectives.errors import place

    names = arguments.outlets
    if arguments.columns and not any(map(inputs.is_table, names)):
        return _usage("--column is for a table that --outlets names", arguments.run)
    arguments.outlets = inputs.directory(names, arguments.columns)
    conflicts = arguments.outlets.conflicts if arguments.outlets else ()
    _say(*(f"{place(None, source=', '.join(names))}{finding.severity}: {finding}\n" for finding in conflicts))
    return 0


def _show_warning(message: Warning | str, *_: object, **__: object) -> None:
    _say(f"perspectives: warning: {message}\n")


def _render(arguments: argparse.Namespace) -> int:
    if arguments.output == "-":
        arguments.output = None
    if arguments.output and len(arguments.files) > 1:
        return _usage("-o takes one input; use --out DIR for several")
    stems = [_stem(name) for name in arguments.files]
    if arguments.out and (twice := next((stem for stem in stems if stems.count(stem) > 1), None)):
        return _usage(f"two inputs would be written to {twice!r} in {arguments.out!r}")
    from perspectives.cli import inputs, screen
    from perspectives.options import parse

    registry = inputs.registry(arguments)
    provider, renderer = registry.describe("renderer", _renderer(registry, arguments))
    # Once and first: a misspelt option is not a fault of each input.
    options = parse(renderer.options_class, provider.label, inputs.pairs(arguments.options))
    if provider.name == "terminal" and _to_stdout(arguments):
        options = {**screen.options(renderer.options_class, arguments.stdout), **options}
    extension = next(iter(renderer.info.extensions), f".{provider.name}")

    def render_one(name: str) -> int:
        report = inputs.loaded(registry, name, arguments)
        _say(*_lines(report))
        rendered = registry.render(report.brief, provider.label, **options)
        if _to_stdout(arguments) and arguments.stdout.isatty() and screen.is_binary(rendered):
            return _usage(f"{provider.name!r} is no text for a terminal; write it to a file: -o FILE")
        _deliver(rendered, arguments, _stem(name) + extension)
        _say(*(f"{provider.label}: {finding.severity}: {finding}\n" for finding in rendered.findings))
        return 0

    return _for_each(arguments.files, render_one)


def _stem(name: str) -> str:
    return "brief" if name == "-" else os.path.splitext(os.path.basename(name))[0]


def _renderer(registry: "Registry", arguments: argparse.Namespace) -> str:
    """The format that is asked for, by name or file; else one for a person at a terminal, or Markdown."""
    from pathlib import Path

    if arguments.renderer is not None:
        return str(arguments.renderer)
    if arguments.output:
        return registry.renderer_for(Path(arguments.output))
    is_terminal = arguments.stdout.isatty() and _to_stdout(arguments)
    has_terminal = is_terminal and any(p.name == "terminal" for p in registry.providers("renderer"))
    return "terminal" if has_terminal else "markdown"


def _to_stdout(arguments: argparse.Namespace) -> bool:
    return not (arguments.out or arguments.output)


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
        _print(arguments, bytes(rendered))


def _lines(report: "LoadReport") -> list[str]:
    from perspectives.errors import place

    return [f"{place(f.line, source=report.source)}{f.severity}: {f}\n" for f in report.findings]


def _validate(arguments: argparse.Namespace) -> int:
    import json

    from perspectives.cli import inputs, verdicts
    from perspectives.profiles import profile_of

    # Once and first: a misspelt profile is not a fault of each input.
    profile_of(arguments.profile)
    registry = inputs.registry(arguments)
    rows: list[dict[str, object]] = []

    def validate_one(name: str) -> int:
        verdict = _verdict(registry, name, arguments)
        if arguments.output == "json":
            rows.extend(verdicts.rows(verdict))
        else:
            lines = verdicts.annotations if arguments.output == "github" else verdicts.lines
            _print(arguments, *(f"{line}\n" for line in lines(verdict)))
        return verdict.status

    status = _for_each(arguments.files, validate_one)
    if arguments.output == "json":
        _print(arguments, json.dumps(rows, indent=2, ensure_ascii=False), "\n")
    return status


def _verdict(registry: "Registry", name: str, arguments: argparse.Namespace) -> "Verdict":
    """What loader and rules find in one input."""
    from perspectives.cli import inputs
    from perspectives.cli.verdicts import Verdict, raised
    from perspectives.errors import LimitError, LoadError

    try:
        report = inputs.loaded(registry, name, arguments)
    except (LoadError, LimitError) as error:
        return Verdict(file=error.source or name, faults=error.faults)
    findings = (*raised(report.findings, arguments.profile), *registry.lint(report.brief, profile=arguments.profile))
    return Verdict(file=report.source, stories=len(report.brief.stories), findings=findings)


def _report(arguments: argparse.Namespace) -> int:
    import json

    from perspectives.cli import inputs, tables

    loaded = inputs.loaded(inputs.registry(arguments), arguments.file, arguments)
    _say(*_lines(loaded))
    reports = tables.reports_of(loaded.brief, arguments.scheme, arguments.outlets)
    if arguments.output == "json":
        _print(arguments, json.dumps(tables.plain(reports), indent=2, ensure_ascii=False), "\n")
    elif arguments.output == "svg":
        _print(arguments, tables.picture(reports, loaded.brief), "\n")
    else:
        _print(arguments, *(f"{line}\n" for line in tables.lines(reports)))
    return 0


def _preview(arguments: argparse.Namespace) -> int:
    from perspectives.cli import inputs
    from perspectives.errors import LimitError, LoadError
    from perspectives.options import parse
    from perspectives.preview import Preview
    from perspectives.preview.server import PreviewServer

    if arguments.file == "-":
        return _usage("preview follows a file, and stdin is none", "preview")
    if arguments.options and arguments.renderer is None:
        return _usage("-O is for a renderer that -t names", "preview")
    # Once and first: what is wrong with the command is said here, with the brief on the page until it is mended.
    registry = inputs.registry(arguments)
    words = inputs.pairs(arguments.options)
    first = None
    if arguments.renderer is not None:
        first, renderer = registry.describe("renderer", arguments.renderer)
        parse(renderer.options_class, first.label, words)
    with contextlib.suppress(LoadError, LimitError):
        inputs.loaded(registry, arguments.file, arguments)
    preview = Preview(
        arguments.file,
        registry=functools.partial(inputs.registry, arguments),
        load=functools.partial(inputs.loaded, file=arguments.file, arguments=arguments),
        beside=[*arguments.plugins, *(arguments.templates or ())],
        first=first,
        options=words,
    )
    with PreviewServer(preview, arguments.port) as server:
        _say(f"{server.url}\n")
        if arguments.open and not _browse(server.url):
            _say("perspectives: there is no browser to open\n")
        with contextlib.suppress(KeyboardInterrupt):
            server.serve_forever()
    return 0


def _browse(url: str) -> bool:
    """Open a browser that has a window of its own; one in the terminal would take it from us."""
    import webbrowser

    has_windows = sys.platform in ("darwin", "win32") or {"DISPLAY", "WAYLAND_DISPLAY"} & set(os.environ)
    return bool(has_windows) and webbrowser.open(url)


def _print(arguments: argparse.Namespace, *texts: str | bytes) -> None:
    """UTF-8 whatever the locale: a story in a pipe must not depend on it."""
    for text in texts:
        # File names that are no UTF-8 come out as the bytes that they are.
        data = text if isinstance(text, bytes) else text.encode("utf-8", "surrogateescape")
        # Without a buffer (PYTHONUNBUFFERED, as containers set it) one write may take only a part.
        while data:
            data = data[arguments.stdout.buffer.write(data) :]


def _say(*texts: str) -> None:
    print(*texts, sep="", end="", file=sys.stderr)


def _schema(arguments: argparse.Namespace) -> int:
    import json

    from perspectives.schema import class_named, json_schema

    schema = json_schema(class_named(arguments.name), strict_output=arguments.strict_output)
    _print(arguments, json.dumps(schema, indent=2, ensure_ascii=False), "\n")
    return 0


def _css(arguments: argparse.Namespace) -> int:
    from perspectives.cli import inputs

    sheet = inputs.registry(arguments).stylesheet(arguments.isolation, inputs.theme(arguments.options))
    _print(arguments, sheet.text)
    _say(f"{sheet.filename} {sheet.sha256}\n")
    return 0


def _plugins(arguments: argparse.Namespace) -> int:
    import json

    from perspectives.cli import inputs, listings

    registry = inputs.registry(arguments)
    rows: list[dict[str, Any]]
    if arguments.name is not None:
        rows = [listings.details(registry, provider) for provider in listings.named(registry, arguments.name)]
        lines = [line for row in rows for line in listings.described(row)]
    else:
        rows = listings.rows(registry, check=arguments.check)
        lines = list(listings.aligned(rows))
        for name in registry.unmatched():
            _show_warning(f"PERSPECTIVES_PLUGINS or PERSPECTIVES_DISABLE lists {name!r}, which is not installed")
    faults = [row["fault"] for row in rows if row["fault"]]
    if arguments.json:
        _print(arguments, json.dumps(rows, indent=2, ensure_ascii=False), "\n")
    else:
        _print(arguments, *(f"{line}\n" for line in lines))
        for fault in faults:
            _complain(fault, 3)
    return 3 if faults else 0


def _new_brief(arguments: argparse.Namespace) -> int:
    from pathlib import Path

    from perspectives.scaffold import brief_text, new_brief, next_for_brief

    if arguments.output == "-":
        _print(arguments, brief_text())
        return 0
    path = Path(arguments.output)
    new_brief(path)
    _say(f"made {path}, a brief; next:\n")
    _print(arguments, *(f"{line}\n" for line in next_for_brief(path)))
    return 0


def _new_plugin(arguments: argparse.Namespace) -> int:
    from pathlib import Path

    from perspectives.scaffold import new_plugin, next_commands

    folder = new_plugin(Path(), arguments.name, arguments.kind)
    _say(f"made {folder}, a {arguments.kind}; next:\n")
    _print(arguments, *(f"{line}\n" for line in next_commands(folder, arguments.name, arguments.kind)))
    return 0


_COMMANDS: dict[str, Callable[[argparse.Namespace], int]] = {
    "render": _render,
    "validate": _validate,
    "report": _report,
    "preview": _preview,
    "schema": _schema,
    "css": _css,
    "plugins": _plugins,
    "new brief": _new_brief,
    "new plugin": _new_plugin,
}


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


def _usage(message: str, command: str = "render") -> int:
    return _complain(f"{message}\ntry: perspectives {command} --help", 2)


def _complain(message: str, status: int) -> int:
    _say(f"perspectives: {message}\n")
    return status
