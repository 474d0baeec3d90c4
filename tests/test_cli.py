"""The command line: what goes to stdout and stderr, what is written, and the exit status."""

import io
import json
import os
import pty
import subprocess
import sys
import termios
import warnings
from pathlib import Path

import pytest

import perspectives as p
from perspectives.cli import main

SEED = Path(__file__).parents[1] / "examples" / "kim-putin.txt"
BRIEF = p.Brief(title="12 Aug", stories=[p.Story(headline="A bridge closes – “at last”", summary="Cars go round.")])
JSON = p.dumps(BRIEF)
TEXT = str(p.render(BRIEF, "text"))
PAGE = str(p.render(BRIEF, "html"))

RENDERER = """
from attrs import field, frozen
from perspectives.plugin import Finding, Rendered, RendererInfo, renderers

@frozen(kw_only=True)
class Options:
    loud: bool = field(default=False, metadata={"help": "in capitals – all of it"})

class Toot:
    info = RendererInfo(name="toot", media_type="text/plain", summary="A ‘toot’")
    options_class = Options

    def render(self, brief, options, tools, /):
        text = brief.stories[0].headline
        finding = Finding(code="short", message="the summary is left out")
        return Rendered(text.upper() if options.loud else text, "text/plain", findings=[finding])

@renderers
def ours(): return [Toot()]
"""
LOADER = """
from attrs import frozen
from perspectives import Brief, Story
from perspectives.plugin import Confidence, Loaded, LoaderInfo, loaders

@frozen(kw_only=True)
class Options:
    shout: bool = False

class Kite:
    info = LoaderInfo(name="kite", summary="A kite")
    options_class = Options

    def sniff(self, input, /):
        return Confidence.CERTAIN if input.head.startswith(b"kite") else Confidence.NO

    def load(self, input, options, tools, /):
        return Loaded(brief=Brief(stories=[Story(headline="KITE" if options.shout else "kite")]))

@loaders
def ours(): return [Kite()]
"""


@pytest.fixture(autouse=True)
def folder(tmp_path, monkeypatch):
    """An empty working folder for each test, with one brief in it."""

    monkeypatch.delenv("PERSPECTIVES_PLUGINS", raising=False)
    monkeypatch.delenv("PERSPECTIVES_DISABLE", raising=False)
    work = tmp_path / "work"
    work.mkdir()
    monkeypatch.chdir(work)
    (work / "a.json").write_text(JSON, "utf-8")
    return work


def shell(line, **environment):
    """Exit status, stdout and stderr of a line of bash; `perspectives` is the module."""
    script = f'perspectives() {{ "{sys.executable}" -m perspectives "$@"; }}; {line}'
    # Empty is not set; the environment of the tests may be a container's.
    environment = {**os.environ, "PYTHONUNBUFFERED": "", **environment}
    done = subprocess.run(["bash", "-c", script], capture_output=True, env=environment, timeout=60)
    return done.returncode, done.stdout, done.stderr.decode()


def names(folder):
    """All files below a folder, in order."""
    return sorted(str(path.relative_to(folder)) for path in folder.rglob("*"))


# render


def test_render_prints_exactly_the_bytes(capsysbinary):
    """stdout holds the bytes of the rendered brief and nothing else."""

    status = main(["render", "a.json", "-t", "html"])

    assert (0, PAGE.encode(), b"") == (status, *capsysbinary.readouterr())


def test_render_reads_stdin(monkeypatch, run):
    """`-` is stdin, and its format is found by its content."""

    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(JSON.encode())))

    assert (0, TEXT, "") == run("render", "-", "-t", "text")


def test_render_reads_stdin_without_a_file(monkeypatch, run):
    """Without a file stdin is read."""

    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(JSON.encode())))

    assert (0, TEXT, "") == run("render", "-t", "text")


def test_render_writes_a_file(folder, run):
    """`-o` writes one file, whose extension decides the format; stdout stays empty."""

    assert (0, "", "") == run("render", "a.json", "-o", "b.html")
    assert (["a.json", "b.html"], PAGE) == (names(folder), (folder / "b.html").read_text("utf-8"))


def test_renderer_wins_over_the_extension(folder, run):
    """`-t` decides whatever the file is called."""

    assert (0, "", "") == run("render", "a.json", "-t", "text", "-o", "b.html")
    assert TEXT == (folder / "b.html").read_text("utf-8")


def test_output_minus_is_stdout(run):
    """`-o -` is stdout."""

    assert (0, TEXT, "") == run("render", "a.json", "-t", "text", "-o", "-")


def test_several_files_go_to_stdout_in_order(folder, run):
    """Several files are rendered one after the other."""

    (folder / "b.json").write_text(p.dumps(p.Brief(title="B")))

    assert (0, "B\n=====\n" + TEXT, "") == run("render", "b.json", "a.json", "-t", "text")


def test_several_files_go_to_a_folder(folder, run):
    """`--out` makes the folder, and one file for each input with the format's extension."""

    (folder / "b.json").write_text(p.dumps(p.Brief(title="B")))

    assert (0, "", "") == run("render", "b.json", "a.json", "--out", "site/x", "-t", "text")
    assert ["a.json", "b.json", "site", "site/x", "site/x/a.txt", "site/x/b.txt"] == names(folder)


def test_format_without_an_extension_gives_its_name(install, folder, run):
    """A format that says no extension is written with its name for one."""

    install("perspectives-toot", RENDERER, renderers="toot")

    assert (0, "", "perspectives-toot:toot: warning: the summary is left out\n") == (
        run("render", "a.json", "--out", ".", "-t", "toot")
    )
    assert ["a.json", "a.toot"] == names(folder)


def test_one_bad_file_does_not_stop_the_others(folder, run):
    """Each input has its turn, and the exit status is the worst of all."""

    (folder / "bad.json").write_text("{}")
    status, _, err = run("render", "no.json", "bad.json", "a.json", "--out", "site", "-t", "text")

    assert 2 == status
    assert (
        "perspectives: no.json: No such file or directory\n"
        "perspectives: bad.json: the format is missing @ $.format, expected 'perspectives/1.0'\n"
    ) == err
    assert ["a.json", "bad.json", "site", "site/a.txt"] == names(folder)


def test_loader_is_named(folder, run):
    """`-f` names the loader, whatever the file is called."""

    (folder / "a.dat").write_text(JSON, "utf-8")

    assert (0, TEXT, "") == run("render", "a.dat", "-f", "json", "-t", "text")


def test_renderer_options(run):
    """`-O` gives options, converted by their type."""

    page = str(p.render(BRIEF, "html", fragment=True, heading_level=3))

    assert (0, page, "") == run("render", "a.json", "-t", "html", "-O", "fragment=true", "-O", "heading_level=3")


@pytest.mark.parametrize("loader", [[], ["-f", "kite"]])
def test_loader_options(install, folder, run, loader):
    """`-I` gives options, converted by their type, also to a loader that is found by the content."""

    install("perspectives-kite", LOADER, loaders="kite")
    (folder / "a.dat").write_text("kite")

    assert (0, "***\n\nKITE\n".removeprefix("***\n\n"), "") == (
        run("render", "a.dat", *loader, "-I", "shout=yes", "-t", "text")
    )


def test_language_of_the_input(folder, run):
    """`--language` tells the loader what the caller knows."""

    (folder / "a.txt").write_text("A bridge closes\n\nFocusing Facts\n\n1. x\n")

    assert (0, "en-GB") == (run("render", "a.txt", "--language", "en-GB", "-o", "b.json")[0], p.load("b.json").language)


def test_guesses_go_to_stderr(run):
    """What the loader had to guess is said on stderr, with file and line; stdout is the brief alone."""

    report = p.load_report(SEED)
    status, out, err = run("render", str(SEED), "-t", "json")

    assert (0, report.brief) == (status, p.loads(out))
    assert "".join(f"{SEED}:{f.line}: warning: {f}\n" for f in report.findings) == err


# At a terminal

SCREEN = """
from attrs import field, frozen
from perspectives.plugin import Rendered, RendererInfo, renderers

@frozen(kw_only=True)
class Options:
    width: int = field(default=7, metadata={"help": "columns"})
    color: bool = field(default=False, metadata={"help": "colours"})
    hyperlinks: bool = field(default=False, metadata={"help": "links"})

class Screen:
    info = RendererInfo(name="terminal", media_type="text/plain", summary="A screen", extensions=(".screen",))
    options_class = Options

    def render(self, brief, options, tools, /):
        return Rendered(f"{options.width} {options.color:d} {options.hyperlinks:d}\\n", "text/plain")

@renderers
def ours(): return [Screen()]
"""
BYTES = """
from perspectives.plugin import NoOptions, Rendered, RendererInfo, renderers

class Bytes:
    info = RendererInfo(name="bytes", media_type="application/pdf", summary="Bytes")
    options_class = NoOptions

    def render(self, brief, options, tools, /):
        return Rendered(b"%PDF-\\xe2\\x1b]0;x\\x07", "application/pdf")

@renderers
def ours(): return [Bytes()]
"""


SPOKEN = ("NO_COLOR", "FORCE_COLOR", "TERM", "COLUMNS")


@pytest.fixture
def environment(monkeypatch):
    """A function that sets what the environment says of the terminal; no plugin is installed."""

    def environment(**variables):
        for name in SPOKEN:
            monkeypatch.delenv(name, raising=False)
        for name, value in {"PERSPECTIVES_PLUGINS": "", **variables}.items():
            monkeypatch.setenv(name, value)

    return environment


@pytest.fixture
def at_terminal(monkeypatch, capsys, environment):
    """A function that runs one command with a terminal of 123 columns for stdout: status, what it shows, stderr."""

    def at_terminal(*arguments, **variables):
        environment(**{"TERM": "xterm", **variables})
        ours, theirs = pty.openpty()
        termios.tcsetwinsize(theirs, (24, 123))
        with open(theirs, "w") as stdout:
            monkeypatch.setattr(sys, "stdout", stdout)
            monkeypatch.setattr(sys, "__stdout__", stdout)
            status = main(arguments)
            os.write(theirs, b"\0")
            out = b""
            while not out.endswith(b"\0"):  # what is written comes out in parts, and a little later
                out += os.read(ours, 4096)
        os.close(ours)
        return status, out.decode().removesuffix("\0").replace("\r\n", "\n"), capsys.readouterr().err

    return at_terminal


@pytest.mark.parametrize(
    ("variables", "expected"),
    [
        ({}, "123 1 1\n"),
        ({"COLUMNS": "40"}, "40 1 1\n"),
        ({"NO_COLOR": "1"}, "123 0 0\n"),
        ({"NO_COLOR": ""}, "123 1 1\n"),
        ({"NO_COLOR": "1", "FORCE_COLOR": "1"}, "123 0 0\n"),
        ({"TERM": "dumb"}, "123 0 0\n"),
        ({"TERM": "dumb", "FORCE_COLOR": "1"}, "123 1 0\n"),
    ],
)
@pytest.mark.parametrize("named", [[], ["-t", "terminal"], ["-o", "-"]])
def test_terminal_is_told_what_it_is(folder, at_terminal, variables, expected, named):
    """At a terminal the format of that name is used unasked, with its width, colours and links, by the environment."""

    (folder / "screen.py").write_text(SCREEN)

    assert (0, expected, "") == at_terminal("render", "a.json", "--plugin", "screen.py", *named, **variables)


@pytest.mark.parametrize(
    ("variables", "expected"),
    [
        ({}, "40 0 0\n"),
        ({"FORCE_COLOR": "1"}, "40 1 0\n"),
        ({"FORCE_COLOR": ""}, "40 0 0\n"),
        ({"FORCE_COLOR": "1", "NO_COLOR": "1"}, "40 0 0\n"),
    ],
)
def test_pipe_gets_no_colours_unasked(folder, run, environment, variables, expected):
    """In a pipe there are no links, and colours only where they are asked for; the width is said by `COLUMNS`."""

    (folder / "screen.py").write_text(SCREEN)
    environment(COLUMNS="40", TERM="xterm", **variables)

    assert (0, expected, "") == run("render", "a.json", "--plugin", "screen.py", "-t", "terminal")


def test_pipe_gets_markdown_unasked(folder, run, environment):
    """Without a terminal that reads it there is no format for it."""

    (folder / "screen.py").write_text(SCREEN)
    environment()

    assert (0, str(p.render(BRIEF, "markdown")), "") == run("render", "a.json", "--plugin", "screen.py")


@pytest.mark.parametrize(
    "output", [["-o", "b.screen"], ["-t", "terminal", "-o", "b.screen"], ["-t", "terminal", "--out", "."]]
)
def test_file_gets_the_defaults_of_the_format(folder, at_terminal, output):
    """Whatever the terminal is, and whatever colours are forced: a file is not for it."""

    (folder / "screen.py").write_text(SCREEN)
    status = at_terminal("render", "a.json", "--plugin", "screen.py", *output, FORCE_COLOR="1")

    assert ((0, "", ""), "7 0 0\n") == (status, next(folder.glob("?.screen")).read_text())


def test_options_count_instead_of_the_terminal(folder, at_terminal):
    """What `-O` says goes before what the terminal is."""

    (folder / "screen.py").write_text(SCREEN)
    given = ["-O", "width=50", "-O", "color=false"]

    assert (0, "50 0 1\n", "") == at_terminal("render", "a.json", "--plugin", "screen.py", *given)


@pytest.mark.parametrize("type_", ["str", 'Literal["narrow"]', None])
def test_terminal_of_a_third_party_gets_what_it_takes(folder, at_terminal, type_):
    """A format for terminals need not have the options, or may mean something else by them."""

    plugin = RENDERER.replace('"toot"', '"terminal"')
    if type_:
        option = f'    width: {type_} = field(default="narrow", metadata={{"help": "x"}})\n'
        plugin = plugin.replace("    loud:", f"{option}    loud:")
    (folder / "screen.py").write_text(f"from typing import Literal\n{plugin}", "utf-8")

    assert (0, BRIEF.stories[0].headline) == at_terminal("render", "a.json", "--plugin", "screen.py")[:2]


def test_bytes_are_kept_off_a_terminal(folder, at_terminal):
    """A format that is no text would be taken for commands by a terminal."""

    (folder / "bytes.py").write_text(BYTES)
    command = ["render", "a.json", "-t", "bytes", "--plugin", "bytes.py"]

    assert (
        2,
        "",
        "perspectives: 'bytes' is no text for a terminal; write it to a file: -o FILE\ntry: perspectives render --help\n",
    ) == at_terminal(*command)
    assert (0, "", "") == at_terminal(*command, "-o", "b.pdf")
    assert b"%PDF-\xe2\x1b]0;x\x07" == (folder / "b.pdf").read_bytes()


def test_bytes_go_into_a_pipe(folder, capsysbinary):
    """Where no terminal reads it, stdout holds the bytes."""

    (folder / "bytes.py").write_text(BYTES)

    assert 0 == main(["render", "a.json", "-t", "bytes", "--plugin", "bytes.py"])
    assert b"%PDF-\xe2\x1b]0;x\x07" == capsysbinary.readouterr().out


def test_mail_is_text_for_a_terminal(at_terminal):
    """What is text may be read at a terminal, also where it is bytes."""

    status, out, _ = at_terminal("render", "a.json", "-t", "email")

    assert (0, "Subject: 12 Aug") == (status, out.splitlines()[0])


# What goes wrong


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        (["render", "no.json", "-t", "text"], "no.json: No such file or directory\n"),
        (["render", ".", "-t", "text"], ".: Is a directory\n"),
        (
            ["render", "a.json", "-t", "texd"],
            "no renderer named 'texd'. Did you mean 'text'?\n"
            "installed: email, html, json, markdown, text\nmore: python -m perspectives plugins\n",
        ),
        (
            ["render", "a.json", "-f", "jsn", "-t", "text"],
            "no loader named 'jsn'. Did you mean 'json'?\n"
            "installed: email, html, json, markdown, text\nmore: python -m perspectives plugins\n",
        ),
        (
            ["render", "a.json", "-o", "b.xyz"],
            "no renderer writes '.xyz' files\n"
            "known: .eml, .htm, .html, .json, .markdown, .md, .txt; or name the renderer\n",
        ),
        (
            ["render", "a.json", "-t", "html", "-O", "heading_lvl=2"],
            "perspectives-briefs:html has no option 'heading_lvl'. Did you mean 'heading_level'?\n"
            "options: fragment, heading_level, charts, dates, css, isolation, nonce, data_island, theme\n",
        ),
        (
            ["render", "a.json", "-t", "html", "-O", "heading_level=two"],
            "perspectives-briefs:html: option 'heading_level' must be an int from 0 to 4 or None, got 'two'\n",
        ),
        (
            ["render", "a.json", "-t", "json", "-O", "assets=x"],
            "perspectives-briefs:json has no option 'assets'\noptions: indent\n",
        ),
        (["render", "a.json", "-t", "html", "-O", "css"], "'css' is no option, expected NAME=VALUE\n"),
        (
            ["render", "a.json", "-t", "text", "-I", "language=de"],
            "perspectives-briefs:json has no option 'language'\noptions: none\n",
        ),
        (
            ["render", "a.json", "-o", "no/b.html"],
            "no/b.html: cannot be written: there is no folder 'no', expected a folder that exists\n",
        ),
        (["render", "a.json", "-t", "text", "--out", "a.json"], "a.json: File exists\n"),
        (
            ["render", "a.json", "x/a.txt", "--out", "site"],
            "two inputs would be written to 'a' in 'site'\ntry: perspectives render --help\n",
        ),
        (
            ["render", "a.json", "b.json", "-o", "x.html"],
            "-o takes one input; use --out DIR for several\ntry: perspectives render --help\n",
        ),
        (["validate", "no.json"], "no.json: No such file or directory\n"),
        (
            ["plugins", "htlm"],
            "no plugin named 'htlm'. Did you mean 'html'?\nmore: python -m perspectives plugins\n",
        ),
        # As from a variable of a shell that is not set: no name is not a name left out.
        (
            ["render", "a.json", "-t", ""],
            "no renderer named ''\n"
            "installed: email, html, json, markdown, text\nmore: python -m perspectives plugins\n",
        ),
        (
            ["render", "a.json", "-t", "text", "-f", ""],
            "no loader named ''\ninstalled: email, html, json, markdown, text\nmore: python -m perspectives plugins\n",
        ),
        (["plugins", ""], "no plugin named ''\nmore: python -m perspectives plugins\n"),
    ],
)
@pytest.mark.usefixtures("install")
def test_wrong_usage_is_exit_2(folder, run, arguments, expected):
    """Wrong usage, an unknown format and a file that cannot be read or written: one message, nothing written."""

    assert (2, "", f"perspectives: {expected}") == run(*arguments)
    assert ["a.json"] == names(folder)


def test_option_error_is_said_once(run):
    """A misspelt option is no fault of each input."""

    status, _, err = run("render", "a.json", "a.json", "-t", "json", "-O", "x=1")

    assert (2, "perspectives: perspectives-briefs:json has no option 'x'\noptions: indent\n") == (status, err)


def test_unknown_command_is_exit_2(run):
    """argparse's own complaints have the exit status of wrong usage."""

    assert 2 == run("rendr")[0]
    assert 2 == run()[0]


TRUNCATED = JSON[: len(JSON) // 2]
LINK = (
    '{"format": "perspectives/1.0", "stories": [{"headline": "x", "links": [{"label": "y", "href": "javascript:x"}]}]}'
)
BAD = {
    "no-brief.txt": (
        b"Dear all,\n\nlunch is at one.\n",
        "no-brief.txt:1: this is no brief: it has none of the headings,"
        " expected a line that says 'Focusing Facts', 'Context', 'Perspectives', or the same in one of 12 other languages\n",
    ),
    "empty.txt": (b"", "empty.txt:1: there is no text, expected a brief\n"),
    "empty.json": (b"", "empty.json:1:1: this is no JSON: expecting value, expected one whole JSON document\n"),
    "noise.txt": (
        b"\n\x00\xff\xfe\x80",
        "noise.txt:2: byte 0xff at offset 2 is not UTF-8, expected a text in UTF-8\n",
    ),
    "noise.dat": (
        b"\x00\xff\xfe\x80",
        "noise.dat: no loader knows this input\ninstalled: email, html, json, markdown, text\nfix: if it is one of these, name it: load(path, 'text'), or -f text\n",
    ),
    "cut.json": (
        TRUNCATED.encode(),
        "cut.json:6:7: this is no JSON: unterminated string starting at, expected one whole JSON document\n",
    ),
    "story.txt": (
        b"Focusing Facts\n\n1. x\n",
        "story.txt:1: a story without a headline, expected a headline before this line\n",
    ),
    "story.json": (
        b'{"format": "perspectives/1.0", "stories": [{"summary": "x"}]}',
        "story.json: headline is missing @ $.stories[0].headline, expected a value: the title of the story\n",
    ),
    "link.json": (
        LINK.encode(),
        "link.json: 'javascript:x' has the scheme 'javascript' @ $.stories[0].links[0].href,"
        " expected an absolute http or https URL\n",
    ),
}


@pytest.mark.parametrize("name", BAD)
@pytest.mark.usefixtures("install")
def test_bad_input_is_exit_1(folder, run, name):
    """An input that is no valid brief gives one message with place and remedy, and nothing is written."""

    data, expected = BAD[name]
    (folder / name).write_bytes(data)
    (folder / "out.html").write_text("old")

    assert (1, "", f"perspectives: {expected}") == run("render", name, "-o", "out.html")
    assert ("old", sorted(["a.json", "out.html", name])) == ((folder / "out.html").read_text(), names(folder))


def test_bad_stdin_is_named(monkeypatch, run):
    """A fault of stdin is named as that."""

    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(b"{")))

    assert (
        1,
        "",
        "perspectives: <stdin>:1:2: this is no JSON: expecting property name enclosed in double quotes, expected one whole JSON document\n",
    ) == run("render", "-f", "json", "-t", "text")


BROKEN = (
    "plugin perspectives-broken:rss could not be imported\n"
    "from: perspectives-broken 0.3.1 (perspectives_broken), entry point group 'perspectives.renderers'\n"
    "cause: ZeroDivisionError: division by zero\n"
    "fix: pip install -U perspectives-broken, or pip uninstall perspectives-broken,"
    " or PERSPECTIVES_DISABLE=perspectives-broken"
)


def test_failed_plugin_is_exit_3(install, folder, run):
    """A plugin that fails has an exit status of its own, and nothing is written."""

    install("perspectives-broken", "1 / 0", version="0.3.1", renderers="rss")

    assert (3, "", f"perspectives: {BROKEN}\n") == run("render", "a.json", "-o", "b.rss")
    assert ["a.json"] == names(folder)


def test_failing_renderer_is_exit_3(install, folder, run):
    """A renderer that raises is named; the folder for its files is not made."""

    install("perspectives-toot", RENDERER.replace("text = ", "1 / 0  # "), renderers="toot")

    assert (
        3,
        "",
        "perspectives: perspectives-toot:toot failed while rendering brief '12 Aug'\n"
        "from: perspectives-toot 1.0 (perspectives_toot), entry point group 'perspectives.renderers'\n"
        "cause: ZeroDivisionError: division by zero\n"
        "This is a bug in perspectives-toot, not in perspectives-briefs.\n",
    ) == run("render", "a.json", "-t", "toot", "--out", "site")
    assert ["a.json"] == names(folder)


def test_broken_plugin_in_the_way_is_a_warning(install, folder, run):
    """A plugin that breaks while loaders are tried is a line on stderr, not a traceback."""

    install("perspectives-broken", "1 / 0", version="0.3.1", loaders="rss")
    (folder / "a.dat").write_text(JSON, "utf-8")
    broken = BROKEN.replace("renderers", "loaders")

    assert (0, TEXT, f"perspectives: warning: {broken}\n") == run("render", "a.dat", "-t", "text")


def test_other_peoples_warnings_are_not_shown(install, run):
    """What a library tells its developers is not for users of a command."""

    install(
        "perspectives-toot", "import warnings; warnings.warn('old', DeprecationWarning)\n" + RENDERER, renderers="toot"
    )

    assert (0, "A bridge closes – “at last”", "perspectives-toot:toot: warning: the summary is left out\n") == (
        run("render", "a.json", "-t", "toot")
    )


def test_main_leaves_the_warnings_alone(run):
    """To call `main` from Python changes nothing for the rest of the program."""

    before = warnings.showwarning, list(warnings.filters)
    run("css")

    assert before == (warnings.showwarning, list(warnings.filters))


def test_interrupt_is_exit_130(monkeypatch, run):
    """Control-C ends without a traceback, with the status that shells have for it."""

    def interrupt(*_):
        raise KeyboardInterrupt

    monkeypatch.setattr("perspectives.registry.Registry.render", interrupt)

    assert (130, "", "") == run("render", "a.json", "-t", "text")


# validate


def test_valid_brief(run):
    """A valid brief is one line and exit 0."""

    assert (0, "a.json: valid, 1 story, 0 findings\n", "") == run("validate", "a.json")


def test_validate_prints_the_findings(run):
    """Findings are data: they go to stdout, with file and line, and the brief is valid all the same."""

    report = p.load_report(SEED)
    lines = [f"{SEED}:{f.line}: warning: {f}\n" for f in report.findings]
    lines += [f"{SEED}: {f.severity}: {f} @ {f.path} [{f.code}]\n" for f in p.lint(report.brief)]

    assert (0, f"{''.join(lines)}{SEED}: valid, 1 story, 6 findings\n", "") == run("validate", str(SEED))


def test_validate_prints_every_fault(folder, run):
    """All faults of all files go to stdout, one a line, and the exit status is 1."""

    (folder / "bad.json").write_text('{"format": "perspectives/1.0", "stories": [{"headline": 5}, {"headline": ""}]}')

    assert (
        1,
        "bad.json: error: 5 is no text @ $.stories[0].headline, expected one paragraph of plain text\n"
        "bad.json: error: an empty text @ $.stories[1].headline, expected one paragraph of plain text\n"
        "a.json: valid, 1 story, 0 findings\n",
        "",
    ) == run("validate", "bad.json", "a.json")


@pytest.mark.parametrize("name", BAD)
@pytest.mark.usefixtures("install")
def test_validate_bad_input_is_exit_1(folder, run, name):
    """What cannot be loaded is told on stdout as `render` tells it on stderr."""

    data, expected = BAD[name]
    (folder / name).write_bytes(data)
    place, _, rest = expected.partition(": ")

    assert (1, f"{place}: error: {rest}", "") == run("validate", name)


# --outlets

LEDGER = "name,aliases,owner,rating.scheme,rating.value,rating.rater\nHarbour Ledger,Ledger,Quay Ltd.,bank,East,Desk\n"
NEWS = "H\n\nPerspectives\n\nLabel\n\ne.g., KyivPost, LedgerSays that it is so. It is not.\n"


def test_outlets_are_known_and_given_to_the_brief(folder, run):
    """`--outlets` tells a text loader the names, and gives the brief what the file knows."""
    (folder / "o.csv").write_text(LEDGER, "utf-8")
    (folder / "a.txt").write_text(NEWS, "utf-8")
    status, out, err = run("render", "a.txt", "-t", "json", "--outlets", "o.csv")
    rating = {"scheme": "bank", "value": "East", "rater": "Desk"}

    assert (0, "a.txt:7: warning: 'LedgerSays' is split after 'Ledger' (a known outlet); check the name\n") == (
        status,
        err,
    )
    assert [{"name": "KyivPost"}, {"name": "Ledger", "owner": "Quay Ltd.", "ratings": [rating]}] == (
        json.loads(out)["stories"][0]["perspectives"][0]["outlets"]
    )


@pytest.mark.parametrize("command", [("render", "-t", "json"), ("validate",)])
def test_conflicts_of_outlets_are_warnings(folder, run, command):
    """What a file of outlets cannot tell apart is a warning on stderr, said once for all inputs."""
    (folder / "o.json").write_text('{"outlets": [{"name": "A", "owner": "X"}, {"name": "A", "owner": "Y"}]}')
    status, _, err = run(command[0], "a.json", "a.json", *command[1:], "--outlets", "o.json")

    assert (
        0,
        "o.json: warning: the entries for 'A' disagree on owner: 'X' or 'Y'; it stays empty until they agree\n",
    ) == (status, err)


@pytest.mark.parametrize("command", ["render", "validate"])
@pytest.mark.parametrize(
    ("name", "status", "expected"),
    [
        ("no.csv", 2, "no.csv: No such file or directory"),
        ("o.csv", 1, "o.csv:1: there is no column 'nam', expected 'name'"),
        ("o.txt", 1, "o.txt: no outlets are read from '.txt' files, expected a .json or .csv file"),
        ("", 1, "'' has no extension, expected a .json or .csv file"),
    ],
)
def test_bad_outlets_are_said_once(folder, run, command, name, status, expected):
    """A file of outlets that cannot be read is said before any input is, on stderr."""
    (folder / "o.csv").write_text("nam\n")

    assert (status, "", f"perspectives: {expected}\n") == run(command, "a.json", "a.json", "--outlets", name)


RATINGS = "Paper;Bank\nHarbour Ledger;East\n"
COLUMNS = [
    *("--column", "name=Paper", "--column", "rating.value=Bank"),
    *("--column", "rating.scheme==bank", "--column", "rating.rater==Media = Watch"),
]


def given(out):
    """The outlets in the JSON that a command printed."""
    return json.loads(out)["stories"][0]["perspectives"][0]["outlets"]


def test_files_of_outlets_are_merged_in_their_order(folder, run):
    """`--outlets` may be given several times: the brief gets what all files know, conflicts name the files."""
    (folder / "o.csv").write_text("name,owner,country\nKyivPost,X,UA\n")
    (folder / "p.json").write_text('{"outlets": [{"name": "KyivPost", "owner": "Y", "domains": ["a.example"]}]}')
    (folder / "a.txt").write_text("H\n\nPerspectives\n\nLabel\n\ne.g., KyivPost\n\nIt is so.\n")
    status, out, err = run("render", "a.txt", "-t", "json", "--outlets", "o.csv", "--outlets", "p.json")

    assert (
        0,
        "o.csv, p.json: warning: the entries for 'KyivPost' disagree on owner: 'X' or 'Y';"
        " it stays empty until they agree\n",
    ) == (status, err)
    assert [{"name": "KyivPost", "domains": ["a.example"], "country": "UA"}] == given(out)


def test_column_map_is_for_the_tables(folder, run):
    """`--column OURS=THEIRS` maps the columns of each table, with a second = to a text; JSON files need none."""
    (folder / "r.CSV").write_text(RATINGS)
    (folder / "o.json").write_text('{"outlets": [{"name": "Harbour Ledger", "owner": "Quay Ltd."}]}')
    (folder / "a.txt").write_text("H\n\nPerspectives\n\nLabel\n\ne.g., Harbour Ledger\n\nIt is so.\n")
    status, out, err = run("render", "a.txt", "-t", "json", "--outlets", "o.json", "--outlets", "r.CSV", *COLUMNS)
    rating = {"scheme": "bank", "value": "East", "rater": "Media = Watch"}

    assert (0, "", [{"name": "Harbour Ledger", "owner": "Quay Ltd.", "ratings": [rating]}]) == (status, err, given(out))


@pytest.mark.parametrize("command", ["render", "validate", "report"])
@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        (COLUMNS, "--column is for a table that --outlets names\ntry: perspectives {command} --help"),
        (
            ["--outlets", "o.json", *COLUMNS],
            "--column is for a table that --outlets names\ntry: perspectives {command} --help",
        ),
        (["--outlets", "r.csv", "--column", "Paper"], "'Paper' is no column, expected OURS=THEIRS"),
        (["--outlets", "r.csv", *COLUMNS, "--column", "nam=Paper"], "there is no column 'nam', expected 'name'"),
        (
            ["--outlets", "r.csv", *COLUMNS, "--column", "name=Bank"],
            "the column 'name' is given twice, expected one value",
        ),
    ],
)
def test_wrong_column_map_is_exit_2(folder, run, command, arguments, expected):
    """A column map that no table gets, or that is none, is wrong usage, said once."""
    (folder / "r.csv").write_text(RATINGS)
    (folder / "o.json").write_text("{}")

    assert (2, "", f"perspectives: {expected.format(command=command)}\n") == run(command, "a.json", *arguments)


def test_rating_that_no_brief_gets_is_a_warning(folder, run):
    """What does not fit the brief's own scheme is told on stderr, as other warnings are."""
    scheme = p.RatingScheme(id="bank", axis="Which bank", values=["East", "West"])
    group = p.PerspectiveGroup(label="l", framing="f", outlets=[p.Outlet(name="Harbour Ledger")])
    brief = p.Brief(stories=[p.Story(headline="h", perspectives=[group])], schemes=[scheme])
    (folder / "b.json").write_text(p.dumps(brief))
    (folder / "o.csv").write_text(LEDGER.replace("East", "Eats"))

    assert (
        0,
        p.dumps(
            p.enrich(
                brief,
                p.OutletDirectory(outlets=[p.Outlet(name="Harbour Ledger", aliases=["Ledger"], owner="Quay Ltd.")]),
            )
        ),
        "perspectives: warning: the rating 'Eats' of 'Harbour Ledger' by 'Desk' is left out:"
        " it is no value of the brief's scheme 'bank', expected one of 'East', 'West'\n",
    ) == run("render", "b.json", "-t", "json", "--outlets", "o.csv")


@pytest.mark.parametrize("source", ["a.json", "-"])
def test_too_large_input_is_exit_1(folder, monkeypatch, run, source):
    """An input of more than five million bytes is refused, from a file as from stdin."""
    (folder / "a.json").write_bytes(b" " * 5_000_001)
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(b" " * 5_000_001)))
    name, size = ("a.json", "5,000,001") if source == "a.json" else ("<stdin>", "more than 5,000,000")

    assert (
        1,
        "",
        f"perspectives: {name}: the input has {size} bytes, expected at most 5,000,000 (Limits.bytes)\n",
    ) == (run("render", source))


def test_validate_prints_what_is_too_large(folder, run):
    """What is larger than the limits is a fault like any other, with its place."""
    (folder / "b.json").write_text(JSON.replace("A bridge closes", "long" * 126))
    fault = "headline has 516 characters @ $.stories[0].headline, expected at most 500 (Limits.headline)"

    assert (1, f"b.json: error: {fault}\n", "") == run("validate", "b.json")


# plugins, css, help


def test_plugins_lists_metadata_alone(install, run):
    """`plugins` prints kind, name, distribution and version of each format and imports none."""

    module = install("perspectives-broken", "1 / 0", version="0.3.1", renderers="rss")
    version = run("--version")[1].split()[1]

    assert (
        0,
        f"renderer  email     perspectives-briefs  {version}\n"
        f"renderer  html      perspectives-briefs  {version}\n"
        f"renderer  json      perspectives-briefs  {version}\n"
        f"renderer  markdown  perspectives-briefs  {version}\n"
        f"renderer  text      perspectives-briefs  {version}\n"
        "renderer  rss       perspectives-broken  0.3.1\n"
        f"loader    email     perspectives-briefs  {version}\n"
        f"loader    html      perspectives-briefs  {version}\n"
        f"loader    json      perspectives-briefs  {version}\n"
        f"loader    markdown  perspectives-briefs  {version}\n"
        f"loader    text      perspectives-briefs  {version}\n"
        f"outlets   outlets   perspectives-briefs  {version}\n"
        f"rules     rules     perspectives-briefs  {version}\n",
        "",
    ) == run("plugins")
    assert module not in sys.modules


def rules(tail):
    """A plugin with a rule and an outlet, whose code ends so."""
    return f"""
from perspectives import Outlet
from perspectives.plugin import OutletDirectory, outlets, rules

class Cited:
    code = "desk/001"
    summary = "Every fact is cited."
    def check(self, brief, /): return []

@rules
def desk(): return [Cited()]

@outlets
def ledger(): return [OutletDirectory(outlets=[Outlet(name="Harbour Ledger")])]

{tail}
"""


def test_plugins_lists_outlets_and_rules(install, run):
    """`plugins` lists those that have outlets and rules behind the formats, and imports none."""
    module = install("perspectives-desk", rules("1 / 0"), outlets="ledger", rules="desk")

    assert [
        "outlets   ledger    perspectives-desk    1.0",
        "rules     desk      perspectives-desk    1.0",
    ] == [line for line in run("plugins")[1].splitlines() if "perspectives-desk" in line]
    assert module not in sys.modules


@pytest.mark.parametrize(("kind", "name"), [("outlets", "ledger"), ("rules", "desk")])
def test_plugins_check_imports_outlets_and_rules(install, run, kind, name):
    """`plugins --check` says which outlets and rules cannot be had."""
    install("perspectives-desk", rules("1 / 0"), **{kind: name})
    status, _, err = run("plugins", "--check")

    assert (3, f"perspectives: plugin perspectives-desk:{name} could not be imported") == (status, err.splitlines()[0])


def test_plugins_describes_outlets_and_rules(install, run):
    """`plugins NAME` prints the rules of a plugin, and how many outlets it has."""
    install("perspectives-desk", rules(""), outlets="desk", rules="desk")
    row = {"name": "desk", "distribution": "perspectives-desk", "version": "1.0", "fault": ""}

    assert (
        0,
        "outlets perspectives-desk:desk: 1 outlet\n"
        "rules perspectives-desk:desk: 1 rule\n"
        "  desk/001  Every fact is cited.\n",
        "",
    ) == run("plugins", "desk")
    assert [
        {"kind": "outlets", **row, "summary": "1 outlet"},
        {
            "kind": "rules",
            **row,
            "summary": "1 rule",
            "rules": [{"code": "desk/001", "summary": "Every fact is cited."}],
        },
    ] == json.loads(run("plugins", "desk", "--json")[1])


def test_plugins_describes_one_of_two(install, run):
    """A bare name that two plugins have for their rules is an error that says how to name one."""
    install("perspectives-a", rules(""), rules="desk")
    install("perspectives-b", rules(""), rules="desk")
    status, _, err = run("plugins", "desk")

    assert (2, "fix: name one (perspectives-a:desk)") == (status, err.splitlines()[-1].partition(", or")[0])


def test_plugins_check_imports_all(install, run):
    """`plugins --check` imports each format, says which fail and exits with 3."""

    install("perspectives-broken", "1 / 0", version="0.3.1", renderers="rss")
    status, out, err = run("plugins", "--check")

    unmarked = out.replace("0.3.1  broken\n", "0.3.1\n")

    assert (3, run("plugins")[1], f"perspectives: {BROKEN}\n") == (status, unmarked, err)


@pytest.mark.usefixtures("install")
def test_plugins_check_of_sound_plugins(run):
    """Where all can be imported, the exit status is 0 and stderr empty."""

    assert (0, run("plugins")[1], "") == run("plugins", "--check")


CHATTY = """
from perspectives.plugin import NoOptions, Rendered, RendererInfo, renderers
print("imported")

class Chatty:
    info = RendererInfo(name="chatty", media_type="text/plain", summary="Chat")
    options_class = NoOptions

    def render(self, brief, options, tools, /):
        print("rendering")
        return Rendered("data", "text/plain")

@renderers
def ours():
    print("listed")
    return [Chatty()]
"""


@pytest.mark.parametrize(
    ("line", "data"),
    [
        ("render a.json -t chatty", "data"),
        ("plugins chatty", "renderer perspectives-chatty:chatty: Chat"),
        ("plugins chatty --json", '"summary": "Chat"'),
        ("plugins --check", "renderer  chatty"),
    ],
)
def test_what_a_plugin_prints_is_no_data(install, folder, run, line, data):
    """What a plugin prints goes to stderr: stdout holds the data alone, for the next program in the pipe."""

    install("perspectives-chatty", CHATTY, renderers="chatty")
    status, out, err = run(*line.split())
    printed = ["imported", "listed", "rendering"][: 2 + line.startswith("render")]

    assert (0, True, False, printed) == (
        status,
        data in out,
        any(word in out for word in printed),
        [said for said in err.splitlines() if said in printed],
    )


def test_plugins_json(install, run):
    """`plugins --json` gives the same as values; the fault is a text."""

    install("perspectives-broken", "1 / 0", version="0.3.1", renderers="rss")
    status, out, err = run("plugins", "--json", "--check")
    row = {"kind": "renderer", "name": "rss", "distribution": "perspectives-broken", "version": "0.3.1"}
    row["blocked"] = False

    assert (3, [row | {"fault": BROKEN}], "") == (status, [row for row in json.loads(out) if row["fault"]], err)


def test_plugins_describes_one(install, run):
    """`plugins NAME` prints a format's media type, extensions, omissions, and options with default, help and type."""

    install("perspectives-toot", RENDERER, renderers="toot")

    assert (
        0,
        "renderer perspectives-toot:toot: A ‘toot’\n"
        "  media type: text/plain\n"
        "  extensions: none\n"
        "  omits: nothing\n"
        "  -O loud=false  in capitals – all of it (true or false)\n",
        "",
    ) == run("plugins", "toot")


def test_plugins_describes_both_kinds(run):
    """A name that both renders and loads is told twice."""

    assert (
        0,
        "renderer perspectives-briefs:json: The whole model, exactly\n"
        "  media type: application/json\n"
        "  extensions: .json\n"
        "  omits: nothing\n"
        "  -O indent=2  blanks a level, up to 8; 0 = all on one line (an int)\n"
        "loader perspectives-briefs:json: A brief as JSON, format perspectives/1.0\n"
        "  media types: application/json\n"
        "  extensions: .json\n",
        "",
    ) == run("plugins", "json")


def test_plugins_describes_one_as_json(install, run):
    """`plugins NAME --json` gives the same as values."""

    install("perspectives-toot", RENDERER, renderers="toot")
    status, out, _ = run("plugins", "perspectives-toot:toot", "--json")

    assert 0 == status
    assert [
        {
            "kind": "renderer",
            "name": "toot",
            "distribution": "perspectives-toot",
            "version": "1.0",
            "fault": "",
            "media_type": "text/plain",
            "summary": "A ‘toot’",
            "extensions": [],
            "omits": [],
            "options": [
                {"name": "loud", "type": "true or false", "default": "false", "help": "in capitals – all of it"}
            ],
            "schema": {
                "type": "object",
                "properties": {"loud": {"type": "boolean", "description": "in capitals – all of it", "default": False}},
                "additionalProperties": False,
            },
        }
    ] == json.loads(out)


def test_plugins_describes_a_broken_one(install, run):
    """A format that cannot be imported cannot be described: exit 3."""

    install("perspectives-broken", "1 / 0", version="0.3.1", renderers="rss")

    assert (3, "", f"perspectives: {BROKEN}\n") == run("plugins", "rss")


def test_css_prints_the_stylesheet(run):
    """`css` prints the stylesheet; its name and hash are on stderr."""

    sheet = p.stylesheet("class")

    assert (0, sheet.text, f"{sheet.filename} {sheet.sha256}\n") == run("css")


def test_version_goes_to_stdout(run):
    """`--version` prints distribution and version on stdout."""

    assert (
        0,
        f"perspectives-briefs {__import__('importlib.metadata').metadata.version('perspectives-briefs')}\n",
        "",
    ) == (run("--version"))


@pytest.mark.parametrize(
    "command", ["", "render", "validate", "report", "css", "plugins", "new", "new brief", "new plugin"]
)
def test_help_leads_with_examples(run, command):
    """The help of each command begins, after the usage, with examples of that command."""

    status, out, err = run(*command.split(), "--help")
    usage, examples, *_ = out.split("\n\n")

    assert (0, "") == (status, err)
    assert f"usage: perspectives {command}".strip() == usage[: len(f"usage: perspectives {command}".strip())]
    assert ["examples:", f"  perspectives {command}".rstrip()] == [
        examples.splitlines()[0],
        examples.splitlines()[1][: len(f"  perspectives {command}".rstrip())],
    ]


# Processes: pipes, locales, imports


def test_module_and_script_are_the_same():
    """`python -m perspectives` exits with the status of the command."""

    assert (2, b"", "perspectives: no.json: No such file or directory\n") == (
        shell("perspectives render no.json -t text")
    )


def test_pipe_in_and_out(folder):
    """A brief goes through a pipe byte for byte."""

    assert (0, JSON.encode(), "") == shell("perspectives render - -f json -t json < a.json")


@pytest.mark.parametrize("command", ["render a.json -t html -O css=inline", "--help", "css", "plugins"])
@pytest.mark.parametrize(
    ("reader", "status"), [("| :", {0, 141}), ("> /dev/full", {2})], ids=["closed pipe", "full disk"]
)
def test_output_that_cannot_be_written(command, reader, status):
    """Where stdout takes no more there is at most one message, never a traceback."""

    done, _, err = shell(f"perspectives {command} 2>err {reader}; " + 'echo "${PIPESTATUS[0]}" >&2; cat err >&2')
    found, _, said = err.partition("\n")
    said = "".join(line for line in said.splitlines(keepends=True) if not line.startswith("perspectives-"))

    assert (0, True) == (done, int(found) in status)
    assert ("perspectives: stdout: No space left on device\n" if status == {2} else "") == said


@pytest.mark.parametrize("unbuffered", ["", "1"])
def test_long_output_to_head(folder, unbuffered):
    """`| head -1` ends a long output without a word."""

    many = p.Brief(stories=[p.Story(headline=f"Story {number}", summary="x" * 400) for number in range(500)])
    (folder / "many.json").write_text(p.dumps(many))

    line = "set -o pipefail; perspectives render many.json -t json | head -1"

    assert (141, b"{\n", "") == shell(line, PYTHONUNBUFFERED=unbuffered)


def test_closed_stderr_is_no_traceback():
    """Nobody listening to the warnings is no reason to fail with a traceback."""

    status, out, err = shell(f"perspectives render {SEED} -t json 2>&1 >/dev/null | :; cat /dev/null")

    assert (0, b"", "") == (status, out, err)


ASCII = {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"}


def test_ascii_locale_changes_nothing(install, folder):
    """stdout is UTF-8 whatever the locale, for every command."""

    install("perspectives-toot", RENDERER, renderers="toot")
    environment = {"PYTHONPATH": str(install.site)}
    lines = [
        "render a.json -t html",
        "plugins toot",
        "plugins toot --json",
        "css",
        "validate a.json",
        "report a.json",
        "render --help",
    ]
    line = "; ".join(f"perspectives {line}" for line in lines)

    assert shell(line, **environment) == shell(line, **environment, **ASCII)


def test_file_name_that_is_no_utf8(folder):
    """A name of any bytes is printed as these bytes."""

    (folder / "a.json").rename(os.fsdecode(os.fsencode(folder) + b"/\xff.json"))

    assert (0, b"\xff.json: valid, 1 story, 0 findings\n", "") == shell("perspectives validate *.json")


HEAVY = {"attrs", "attr", "cattrs", "jinja2", "pluggy"}


def loaded(code):
    """The modules that a fresh interpreter has after some code, less those that it starts with."""
    report = "\nimport sys; sys.stderr.write(' '.join(sys.modules))"
    runs = [
        subprocess.run([sys.executable, "-c", text + report], capture_output=True, text=True, check=True).stderr.split()
        for text in ("", code)
    ]
    return set(runs[1]) - set(runs[0])


def test_import_loads_nothing():
    """`import perspectives` loads none of its dependencies, nor typing or importlib.metadata."""

    assert set() == loaded("import perspectives") & (HEAVY | {"typing", "importlib.metadata"})


def test_help_loads_nothing():
    """`perspectives --help` answers without the model, the templates and the plugins."""

    code = "import perspectives.cli as c\ntry: c.main(['--help'])\nexcept SystemExit: pass"

    assert set() == loaded(code) & (HEAVY | {"typing", "importlib.metadata"})


def test_option_given_twice_is_refused(capsysbinary):
    """Two values for one option are a mistake, not a choice."""
    status = main(["render", str(SEED), "-t", "html", "-O", "css=none", "-O", "css=inline"])

    assert (2, b"perspectives: the option 'css' is given twice, expected one value\n") == (
        status,
        capsysbinary.readouterr().err,
    )


@pytest.mark.parametrize(
    ("redirect", "expected"),
    [
        ("<&-", (1, "perspectives: <stdin>:1: there is no text")),
        (">&-", (2, "perspectives: stdout is closed")),
        ("2>&-", (0, "")),
    ],
)
def test_closed_stream_gives_no_traceback(redirect, expected):
    """A command that is started with a stream closed, as daemons start them, says so in one line."""
    command = f"{sys.executable} -m perspectives render - -f text -t text {redirect}"
    run = subprocess.run(["bash", "-c", command], input=SEED.read_bytes(), capture_output=True, check=False)
    first = next(iter(run.stderr.decode().splitlines()), "").partition(", expected")[0]

    assert expected == (run.returncode, "" if redirect == "2>&-" else first)
