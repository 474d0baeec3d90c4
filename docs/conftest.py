"""Every block of every page runs, in the order in which a reader meets it.

- `python`: runs here, one namespace a page. A `text` block behind it is exactly what it prints, else it prints nothing.
- `console`: what is behind `$ ` goes to one live bash a page (behind `> `: more of it), the other lines are exactly
  what comes out. A line `...` stands for any lines, and `...` in a line for any text of it: for paths and times only.
  A command that fails has `$ echo $?` behind it. A server goes to the background with its output in a file
  (`serve >log 2>&1 &`); it dies with the page.
- `{code-block} LANGUAGE` with `:caption: FILE`: writes the file.
- `pycon`: a doctest in the namespace of the page.

A page has a folder of its own. It is empty but for a link `perspectives` to the checkout, as if just cloned;
for pages in `guides` and `reference` it has the links `examples` and `tests/data` instead, as if it were the checkout,
unless they make an environment.
A page that makes an environment is `slow`, and its pip takes packages from a wheelhouse, never from the network.
Once a block failed, the rest of its page is skipped.
Pages in `plugins` are the READMEs of the plugins, whose blocks run in `tests/test_plugin_distributions.py`.
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
from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4

import attrs
import pytest
from markdown_it import MarkdownIt
from sybil import Document, Example, Region, Sybil

import perspectives

DOCS = Path(__file__).parent
COUNTS = {
    "gallery.md": {},
    "guides/judging.md": {"python": 4},
    "guides/language-models.md": {"python": 6},
    "guides/mail.md": {"python": 8},
    "guides/outlets.md": {"python": 5},
    "guides/previewing.md": {"console": 3, "file": 1},
    "guides/templates.md": {"console": 10, "file": 7, "python": 1},
    "index.md": {"file": 1, "console": 3, "python": 1},
    "installation.md": {"console": 5},
    "reference/api.md": {},
    "reference/cli.md": {"console": 13},
    "reference/errors.md": {"python": 3, "console": 1},
    "reference/formats.md": {},
    "reference/hooks.md": {"python": 8, "file": 1, "console": 1},
    "reference/html.md": {"python": 3},
    "reference/markdown.md": {"python": 4, "console": 1},
    "reference/model.md": {"python": 5},
    "reference/plugin.md": {"python": 1},
    "reference/testing.md": {"python": 2, "file": 2, "console": 1},
    "reference/templates.md": {},
    "reference/text.md": {"python": 4},
    "tutorials/embed.md": {"console": 11, "file": 11},
    "tutorials/first-brief.md": {"console": 13, "file": 6},
    "tutorials/loader-plugin.md": {"console": 9, "file": 7},
    "tutorials/renderer-plugin.md": {"console": 18, "file": 5},
}
"""How many blocks of each kind a page has: one that is no longer found would be one that no longer runs."""
LIMIT = 300
"""Seconds that a command may take."""
NO_BLOCKS = "eval-rst important include note seealso tip toctree warning".split() + [
    f"auto{kind}" for kind in "attribute class data exception function method module".split()
]
"""The directives that hold prose, or ask Sphinx for something."""
TOOLS = ["django", "editables", "flask", "mypy"]
"""What pages install besides what the project asks for; hatchling needs `editables` for `pip install -e`."""


@pytest.fixture(scope="session")
def wheelhouse(request: pytest.FixtureRequest) -> Path:
    """A folder with the wheels of all that pages install, but for our own; made once, kept in pytest's cache."""

    project = tomllib.loads((DOCS.parent / "pyproject.toml").read_text("utf-8"))
    extras = project["project"]["optional-dependencies"]
    wanted = project["build-system"]["requires"] + project["project"]["dependencies"]
    wanted += extras["dates"] + extras["html"] + extras["testing"] + TOOLS
    key = hashlib.sha256(repr((sys.version, wanted)).encode()).hexdigest()
    folder = request.config.cache.mkdir("wheelhouse") / key[:12]
    if not folder.exists():
        making = folder.with_suffix(f".{os.getpid()}")
        command = [sys.executable, "-m", "pip", "wheel", "-q", "--wheel-dir", making, *wanted]
        made = subprocess.run(command, capture_output=True, text=True)
        if made.returncode:
            is_needed = os.environ.get("PERSPECTIVES_REQUIRE_ALL") == "1"
            (pytest.fail if is_needed else pytest.skip)(f"no wheelhouse, perhaps offline: {made.stderr.strip()}")
        with contextlib.suppress(OSError):  # another process of pytest-xdist was faster
            making.rename(folder)
    return folder


class Page:
    """What the blocks of a page share besides their namespace: a folder, and a bash that stays."""

    def __init__(self, folder: Path, environment: dict[str, str]) -> None:
        self.folder = folder
        self.broken_in: int | None = None
        self.status, self.unread, self.mark = 0, b"", uuid4().hex
        self.bash = subprocess.Popen(
            ["bash", "--noprofile", "--norc"], cwd=folder, env=environment, bufsize=0, start_new_session=True,
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
        )  # fmt: skip

    def run(self, command: str) -> tuple[str, int]:
        """What a command prints, as a terminal shows it, and its exit status; `$?` is that of the one before."""
        line = f"(exit {self.status})\neval {shlex.quote(command)} </dev/null\nprintf '{self.mark} %d\\n' $?\n"
        self.bash.stdin.write(line.encode())
        deadline = time.monotonic() + LIMIT
        while not (end := re.search(rb"%s (\d+)\n" % self.mark.encode(), self.unread)):
            is_in_time = select.select([self.bash.stdout], [], [], max(0, deadline - time.monotonic()))[0]
            data = os.read(self.bash.stdout.fileno(), 1 << 16) if is_in_time else b""
            if not data:
                why = "its shell has ended" if is_in_time else f"it has not ended after {LIMIT} s"
                raise ChildProcessError(f"{why}\n{self.unread.decode(errors='replace')}")
            self.unread += data
        printed = self.unread[: end.start()].decode(errors="replace").replace("\r\n", "\n")
        if printed and not printed.endswith("\n"):
            printed += "\n"
        self.status, self.unread = int(end[1]), self.unread[end.end() :]
        # Where bash is not interactive, it tells the number of the line that it has read.
        return re.sub(r"^bash: line \d+: ", "bash: ", printed, flags=re.MULTILINE), self.status

    def close(self) -> None:
        """Kill the shell, and all that it started."""
        with contextlib.suppress(ProcessLookupError), self.bash:
            os.killpg(self.bash.pid, signal.SIGKILL)


@pytest.fixture(scope="module")
def _page(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Page]:
    """The folder and the shell of a page. The blocks see this name too, hence the underscore."""

    base = tmp_path_factory.mktemp(request.path.stem)
    is_checkout = request.path.parent.name in {"guides", "reference"} and not is_slow(request.path.read_text("utf-8"))
    links = {"examples": "examples", "tests/data": "tests/data"} if is_checkout else {"perspectives": "."}
    for link, target in links.items():
        (base / "work" / link).parent.mkdir(parents=True, exist_ok=True)
        (base / "work" / link).symlink_to(DOCS.parent / target)
    environment = {
        "HOME": str(base), "LANG": "C.UTF-8", "NO_COLOR": "1", "COLUMNS": "80", "PYTHONUNBUFFERED": "1",
        "PIP_NO_INDEX": "1", "PIP_CONFIG_FILE": os.devnull, "PIP_DISABLE_PIP_VERSION_CHECK": "1",
    }  # fmt: skip
    if is_slow(request.path.read_text("utf-8")):  # it has nothing that it does not install
        commands = Path(sys.base_prefix) / "bin"
        environment["PIP_FIND_LINKS"] = request.getfixturevalue("wheelhouse").as_uri()
    else:  # the command runs the code that the Python blocks import, whatever is installed
        commands = Path(sys.executable).parent
        environment["PYTHONPATH"] = str(Path(perspectives.__file__).parent.parent)
    environment["PATH"] = f"{commands}{os.pathsep}{os.defpath}"
    page = Page(base / "work", environment)
    yield page
    page.close()


def is_slow(text: str) -> bool:
    """Whether a page makes an environment."""
    return " -m venv " in text


def pytest_itemcollected(item: pytest.Item) -> None:
    """Mark the blocks of slow pages."""
    if is_slow(item.example.document.text):
        item.add_marker("slow")


@attrs.define
class Block:
    """A block that runs."""

    kind: str
    text: str
    file: str = ""
    """Where it is written."""
    shown: str = ""
    """What Python prints."""


def parse(document: Document) -> Iterator[Region]:
    """The blocks of a page that run; a page with anything that no test knows is an error."""
    name = Path(document.path).relative_to(DOCS).as_posix()
    lines = document.text.split("\n")
    starts = [0, *itertools.accumulate(len(line) + 1 for line in lines)]
    found: list[Region] = []
    before = ""

    def check(is_right: object, number: int, rule: str) -> None:
        if not is_right:
            raise pytest.Collector.CollectError(f"docs/{name}:{number}: {rule}")

    for number, line in enumerate(lines, 1):
        directive = re.match(r"\s*(?:```|:::)[`:]*\{([\w-]+)", line)
        known = [*NO_BLOCKS, "code-block"] if "`" in line else NO_BLOCKS
        check(not directive or directive[1] in known, number, f"no test knows this directive, only {', '.join(known)}")
    for token in MarkdownIt("commonmark").parse(document.text):
        if token.type not in {"fence", "code_block"}:
            continue
        (start, end), kind, text, file = token.map, token.info, token.content, ""
        check(lines[start].startswith("```"), start + 1, "code stands in a fence of backticks that is not indented")
        check(lines[end - 1] == token.markup, start + 1, "this fence has no end")
        if kind.startswith("{code-block}"):
            options = re.match(r"(?::[\w-]+:.*\n)*\n?", text)[0]
            file, text = "".join(re.findall(r"^:caption: (.+)$", options, re.MULTILINE)), text.removeprefix(options)
            check(file, start + 1, "a code-block is a file, and `:caption:` says its name")
            kind = "file"
        check(kind != "console" or text.startswith("$ "), start + 1, "a console begins with a command, `$ `")
        check(kind != "text" or before == "python", start + 1, "a text is what the Python block before it prints")
        if kind == "text":
            found[-1].parsed.shown = text
        elif not kind.startswith("{"):
            check(kind in RUN, start + 1, f"no test runs a block of this kind, only {', '.join(RUN)}")
            found.append(Region(starts[start], starts[end] - 1, Block(kind, text, file), evaluate))
        before = kind
    counted = dict(Counter(region.parsed.kind for region in found))
    wanted = {} if name.startswith("plugins/") else COUNTS.get(name)
    check(counted == wanted, 1, f"the page has {counted}, but COUNTS says {wanted}")
    return iter(found)


def evaluate(example: Example) -> str:
    """Run a block: what is wrong, or nothing."""
    page, block = example.namespace["_page"], example.parsed
    if page.broken_in:
        pytest.skip(f"the block in line {page.broken_in} of the page failed")
    page.broken_in = example.line
    with contextlib.chdir(page.folder):
        fault = RUN[block.kind](block, example, page)
    page.broken_in = example.line if fault else None
    return fault


def run_python(block: Block, example: Example, page: Page) -> str:
    """Run it, and compare what it prints."""
    example.namespace["__name__"] = "__main__"
    printed = io.StringIO()
    with contextlib.redirect_stdout(printed):  # the line numbers of a traceback are those of the page
        exec(compile("\n" * example.line + block.text, example.path, "exec", dont_inherit=True), example.namespace)
    return difference(block.shown, printed.getvalue())


def run_console(block: Block, example: Example, page: Page) -> str:
    """Give its commands to the shell, and compare what each prints."""
    # The first group is the command, the second all lines up to the next.
    commands = list(re.finditer(r"^\$ (.*(?:\n>(?: .*)?$)*)\n((?:(?!\$ ).*\n)*)", block.text, re.MULTILINE))
    for match, following in itertools.zip_longest(commands, commands[1:]):
        command, shown = re.sub(r"\n> ?", "\n", match[1]), match[2]
        place = f"line {example.line + 1 + block.text.count(chr(10), 0, match.start())}: $ {match[1]}\n"
        try:
            printed, status = page.run(command)
        except ChildProcessError as error:
            return f"{place}{error}"
        pattern = "".join(
            "(?:.*\n)*" if line == "...\n" else re.escape(line).replace(r"\.\.\.", ".*")
            for line in shown.splitlines(keepends=True)
        )
        if not re.fullmatch(pattern, printed):
            return place + difference(shown, printed)
        if status and (following is None or following[1] != "echo $?"):
            return f"{place}{printed}its status is {status}, and no `$ echo $?` is behind it"
    return ""


def run_pycon(block: Block, example: Example, page: Page) -> str:
    """Run it as a doctest."""
    test = doctest.DocTestParser().get_doctest(block.text, {}, "pycon", example.path, example.line)
    test.globs, wrong = example.namespace, []
    doctest.DocTestRunner(verbose=False).run(test, out=wrong.append, clear_globs=False)
    return "".join(wrong) if test.examples else "it has no `>>> `"


def write_file(block: Block, example: Example, page: Page) -> str:
    """Write it, in folders that need not be there yet."""
    path = (page.folder / block.file).resolve()
    if not path.is_relative_to(page.folder.resolve()):
        return f"{block.file!r} is not in the folder of the page"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(block.text, "utf-8")
    return ""


def difference(want: str, got: str) -> str:
    """The lines that are wanted and were not got, and the other way round; nothing where there are none."""
    return "\n".join(difflib.unified_diff(want.split("\n"), got.split("\n"), "want", "got", lineterm=""))


RUN = {"python": run_python, "console": run_console, "pycon": run_pycon, "file": write_file}
pytest_collect_file = Sybil([parse], pattern="*.md", fixtures=["_page"]).pytest()
