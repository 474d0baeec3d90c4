"""Every block of every page runs, in the order in which a reader meets it.

- `python`: runs here, one namespace a page. A `text` block behind it is exactly what it prints, else it prints nothing.
- `console`: what is behind `$ ` goes to one live bash a page (behind `> `: more of it), the other lines are exactly
  what comes out. A line `...` stands for any lines, and `...` in a line for any text of it: for paths and times only.
  A command that fails has `$ echo $?` behind it. A server goes to the background with its output in a file
  (`serve >log 2>&1 &`); it dies with the page.
- `{code-block} LANGUAGE` with `:caption: FILE`: writes the file.
- `pycon`: a doctest in the namespace of the page.

A page has a folder of its own. It is empty but for a link `perspectives` to the checkout, as if just cloned;
for pages in `guides` and `reference` it has the links `examples` and `tests/data` instead, as if it were the checkout.
A page that makes an environment is `slow`, and its pip takes packages from a wheelhouse, never from the network.
Once a block failed, the rest of its page is skipped.
"""

import contextlib
import difflib
import doctest
import hashlib
import io
import itertools
import os
import re
import select
import shlex
import signal
import subprocess
import sys
import time
import tomllib
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from uuid import uuid4

import attrs
import pytest
from markdown_it import MarkdownIt
from sybil import Document, Example, Region, Sybil

import perspectives

ROOT = Path(__file__).parent.parent
COUNTS = {
    "guides/judging.md": {"python": 4},
    "guides/language-models.md": {"python": 6},
    "guides/outlets.md": {"python": 5},
    "reference/model.md": {"python": 5},
    "reference/text.md": {"python": 4},
}
"""How many blocks of each kind a page has: one that is no longer found would be one that no longer runs."""
LIMIT = 300
"""Seconds that a command may take."""
NO_BLOCKS = {"eval-rst", "important", "note", "seealso", "tip", "toctree", "warning"} | {
    f"auto{kind}" for kind in ("attribute", "class", "data", "exception", "function", "method", "module")
}
"""The directives that hold prose, or ask Sphinx for something."""
TOOLS = ["django", "editables", "flask", "mypy"]
"""What pages install besides what the project names itself; hatchling asks for `editables` when it builds one."""


class Shell:
    """A bash that stays, and the processes that it started."""

    def __init__(self, folder: Path, environment: dict[str, str]) -> None:
        self.mark = uuid4().hex
        self.status, self.unread = 0, b""
        self.process = subprocess.Popen(
            ["bash", "--noprofile", "--norc"], cwd=folder, env=environment, bufsize=0, start_new_session=True,
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
        )  # fmt: skip

    def run(self, command: str) -> tuple[str, int]:
        """What a command prints, and its exit status; on the way in `$?` is that of the command before."""
        line = f"(exit {self.status})\neval {shlex.quote(command)} </dev/null\nprintf '{self.mark} %d\\n' $?\n"
        self.process.stdin.write(line.encode())
        ends = time.monotonic() + LIMIT
        while not (end := re.search(rb"%s (\d+)\n" % self.mark.encode(), self.unread)):
            is_more, _, _ = select.select([self.process.stdout], [], [], max(0, ends - time.monotonic()))
            data = os.read(self.process.stdout.fileno(), 1 << 16) if is_more else b""
            self.unread += data
            if not data:
                raise ChildProcessError("its shell has ended" if is_more else f"no end after {LIMIT} s")
        output = self.unread[: end.start()].decode(errors="replace").replace("\r\n", "\n")
        self.status, self.unread = int(end[1]), self.unread[end.end() :]
        # Only where it is not interactive, bash says the number of its own line.
        return re.sub(r"^bash: (eval: )?line \d+: ", "bash: ", output, flags=re.MULTILINE), self.status

    def close(self) -> None:
        """Kill it, and all that it started."""
        with contextlib.suppress(ProcessLookupError), self.process:
            os.killpg(self.process.pid, signal.SIGKILL)


@attrs.define
class Page:
    """What the blocks of a page share besides their namespace."""

    folder: Path
    shell: Shell
    broken_in: int | None = None


@pytest.fixture(scope="session")
def wheelhouse(request: pytest.FixtureRequest) -> Path:
    """A folder with the wheels of all that pages install, but for our own; made once, kept in pytest's cache."""

    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
    extras = project["project"]["optional-dependencies"]
    wanted = [*project["build-system"]["requires"], *project["project"]["dependencies"]]
    wanted += [*extras["dates"], *extras["testing"], *TOOLS]
    key = hashlib.sha256(repr((sys.version_info, wanted)).encode()).hexdigest()[:12]
    folder = request.config.cache.mkdir("wheelhouse") / key
    if not folder.exists():
        making = folder.with_suffix(f".{os.getpid()}")
        command = [sys.executable, "-m", "pip", "wheel", "-q", "--wheel-dir", str(making), *wanted]
        made = subprocess.run(command, capture_output=True, text=True, check=False)
        if made.returncode:
            is_needed = os.environ.get("PERSPECTIVES_REQUIRE_ALL") == "1"
            (pytest.fail if is_needed else pytest.skip)(f"no wheelhouse, perhaps offline: {made.stderr.strip()}")
        making.rename(folder)
    return folder


@pytest.fixture(scope="module")
def _page(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Page]:
    """The folder and the shell of a page; the namespace of its blocks holds this name, so it has an underscore."""

    base = tmp_path_factory.mktemp(request.path.stem)
    folder, home = base / "work", base / "home"
    home.mkdir()
    if request.path.parent.name in {"guides", "reference"}:
        (folder / "tests").mkdir(parents=True)
        for name in ("examples", "tests/data"):
            (folder / name).symlink_to(ROOT / name)
    else:
        folder.mkdir()
        (folder / "perspectives").symlink_to(ROOT)
    environment = {
        "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}",
        "HOME": str(home), "LANG": "C.UTF-8", "NO_COLOR": "1", "COLUMNS": "80", "PYTHONUNBUFFERED": "1",
        "PIP_NO_INDEX": "1", "PIP_CONFIG_FILE": os.devnull, "PIP_DISABLE_PIP_VERSION_CHECK": "1",
    }  # fmt: skip
    if is_slow(request.path.read_text("utf-8")):
        environment["PIP_FIND_LINKS"] = request.getfixturevalue("wheelhouse").as_uri()
    else:  # the command is then the code that is tested, wherever that is installed
        environment["PYTHONPATH"] = str(Path(perspectives.__file__).parent.parent)
    shell = Shell(folder, environment)
    yield Page(folder, shell)
    shell.close()


def is_slow(text: str) -> bool:
    """Whether a page makes an environment."""
    return "$ python3 -m venv" in text


def pytest_itemcollected(item: pytest.Item) -> None:
    """Mark the blocks of slow pages."""
    if is_slow(item.example.document.text):
        item.add_marker("slow")


@attrs.define
class Block:
    """A block that runs."""

    kind: str
    line: int
    """Of its fence."""
    text: str
    file: str = ""
    shown: str = ""
    """What Python prints."""


def blocks(page: str) -> list[Block]:
    """The blocks of a page that run; what is no such block nor known to be none is a `ValueError`."""
    lines = page.split("\n")
    found: list[Block] = []
    before, prose = "", dict(enumerate(lines, 1))
    for token in MarkdownIt("commonmark").parse(page):
        if token.type not in {"fence", "code_block"}:
            continue
        start, end = token.map
        kind, line, text, file = token.info, start + 1, token.content, ""
        if token.type == "code_block" or not lines[start].startswith("```"):
            raise ValueError(f"{line}: code stands in a fence of backticks that is not indented")
        if lines[end - 1] != token.markup:
            raise ValueError(f"{line}: the end of the fence is missing")
        if kind.startswith("{code-block} "):
            options, kind = re.match(r"(?::[\w-]+:.*\n)*\n?", text)[0], "file"
            caption = re.search(r"^:caption: (.+)$", options, re.MULTILINE)
            text, file = text.removeprefix(options), caption[1] if caption else ""
        if kind == "file" and not file:
            raise ValueError(f"{line}: a code-block is a file, and says its name with `:caption:`")
        if kind == "console" and not text.startswith("$ "):
            raise ValueError(f"{line}: a console block begins with a command, `$ `")
        if kind == "text" and before == "python":
            found[-1].shown = text
        elif kind == "text":
            raise ValueError(f"{line}: no Python stands before this text to print it")
        elif kind in RUN:
            found.append(Block(kind=kind, line=line, text=text, file=file))
        elif not is_prose(kind):
            raise ValueError(f"{line}: no test runs a block of the kind {kind!r}; known: {', '.join(RUN)}")
        before = kind
        for number in range(start, end):
            del prose[number + 1]
    for line, text in prose.items():
        if (colons := re.match(r"\s*:{3,}(\{.*)", text)) and not is_prose(colons[1]):
            raise ValueError(f"{line}: no test runs {colons[1]!r}; known: {', '.join(sorted(NO_BLOCKS))}")
    return found


def is_prose(info: str) -> bool:
    """Whether this is a directive that is known to hold no block."""
    directive = re.match(r"\{([\w-]+)\}", info)
    return directive is not None and directive[1] in NO_BLOCKS


def parse(document: Document) -> Iterator[Region]:
    """The blocks of a page as Sybil wants them."""
    name = Path(document.path).relative_to(Path(__file__).parent).as_posix()
    try:
        found = blocks(document.text)
    except ValueError as error:
        raise pytest.Collector.CollectError(f"docs/{name}:{error}") from None
    counted = dict(Counter(block.kind for block in found))
    if counted != COUNTS.get(name):
        raise pytest.Collector.CollectError(f"docs/{name} has {counted}, COUNTS says {COUNTS.get(name)}")
    starts = [0, *itertools.accumulate(len(line) + 1 for line in document.text.split("\n"))]
    for block in found:
        yield Region(starts[block.line - 1], starts[block.line] - 1, block, evaluate)


def evaluate(example: Example) -> str:
    """Run a block: what is wrong, or nothing."""
    page, block = example.namespace["_page"], example.parsed
    if page.broken_in:
        pytest.skip(f"the block in line {page.broken_in} of the page failed")
    page.broken_in = block.line
    with contextlib.chdir(page.folder):
        fault = RUN[block.kind](block, example)
    page.broken_in = block.line if fault else None
    return fault


def run_python(block: Block, example: Example) -> str:
    """Run it, and compare what it prints."""
    example.namespace["__name__"] = "__main__"
    printed = io.StringIO()
    with contextlib.redirect_stdout(printed):  # the line numbers of a traceback are those of the page
        exec(compile("\n" * block.line + block.text, example.path, "exec", dont_inherit=True), example.namespace)
    return "" if block.shown == printed.getvalue() else difference(block.shown, printed.getvalue())


def run_console(block: Block, example: Example) -> str:
    """Give its commands to the shell, and compare what each prints."""
    commands: list[tuple[int, str, str]] = []
    for number, line in enumerate(block.text.splitlines(), block.line + 1):
        if line.startswith("$ "):
            commands.append((number, line[2:], ""))
        else:
            begun, command, shown = commands[-1]
            is_more = not shown and (line == ">" or line.startswith("> "))
            commands[-1] = (begun, f"{command}\n{line[2:]}", "") if is_more else (begun, command, f"{shown}{line}\n")
    shell = example.namespace["_page"].shell
    for (number, command, shown), following in itertools.zip_longest(commands, commands[1:]):
        place = f"line {number}: $ {command}\n"
        try:
            got, status = shell.run(command)
        except ChildProcessError as error:
            got = shell.unread.decode(errors="replace")
            shell.close()
            return f"{place}{error}\n{got}"
        if got and not got.endswith("\n"):
            got += "\n"
        pattern = "".join(
            "(?:.*\n)*" if line == "...\n" else re.escape(line).replace(r"\.\.\.", ".*")
            for line in shown.splitlines(keepends=True)
        )
        if not re.fullmatch(pattern, got):
            return f"{place}{difference(shown, got)}\nexit status {status}"
        if status and (following is None or following[1] != "echo $?"):
            return f"{place}{got}exit status {status}, and no `$ echo $?` is behind it"
    return ""


def run_pycon(block: Block, example: Example) -> str:
    """Run it as a doctest."""
    test = doctest.DocTestParser().get_doctest(block.text, {}, "pycon", example.path, block.line)
    if not test.examples:
        return "no `>>> ` is in this block"
    test.globs, wrong = example.namespace, []
    doctest.DocTestRunner(verbose=False).run(test, out=wrong.append, clear_globs=False)
    return "".join(wrong)


def write_file(block: Block, _: Example) -> str:
    """Write it, in folders that need not be there."""
    path = Path(block.file)
    if path.is_absolute() or ".." in path.parts:
        return f"the file {block.file!r} is not in the folder of the page"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(block.text, "utf-8")
    return ""


def difference(want: str, got: str) -> str:
    """The lines that are wanted and were not got, and the other way round."""
    lines = difflib.unified_diff(want.split("\n"), got.split("\n"), "want", "got", lineterm="")
    return "\n".join(lines)


RUN: dict[str, Callable[[Block, Example], Any]] = {
    "python": run_python, "console": run_console, "pycon": run_pycon, "file": write_file,
}  # fmt: skip
pytest_collect_file = Sybil([parse], pattern="*.md", fixtures=["_page"]).pytest()
