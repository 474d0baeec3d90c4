"""Pages run as `docs/conftest.py` says: small ones, and what pytest says of them."""

import os
import subprocess
import sys
import xml.etree.ElementTree as ET
from pathlib import Path

import pytest

CONFTEST = Path(__file__).parent.parent / "docs" / "conftest.py"

GOOD = """
```{code-block} python
:caption: src/greet.py

import sys

print("out")
print("err", file=sys.stderr)
sys.exit(3)
```

```python
from pathlib import Path

path = Path("src/greet.py")
print(path.exists())
```

```text
True
```

```pycon
>>> path.name
'greet.py'
```

:::{note}
A note is prose.
:::

```console
$ ls
perspectives
src
$ cd src
$ python greet.py
out
err
$ echo $?
3
$ cat <<END
> one
>
> two
> END
one

two
$ cat
$ printf 'a line of a mail\\r\\nand no end'
a line of a mail
and no end
$ nowhere
bash: nowhere: command not found
$ echo $?
127
$ for number in 1 2 3; do echo $number; done
1
...
$ pwd
/.../work/src
$ sleep 600 &
$ echo $! >pid
```

```console
$ ls
greet.py
pid
$ kill -0 $!
```
"""
GUIDE = """
```console
$ ls . tests
.:
examples
tests

tests:
data
$ env | cut -d = -f 1 | sort
COLUMNS
HOME
LANG
NO_COLOR
PATH
PIP_CONFIG_FILE
PIP_DISABLE_PIP_VERSION_CHECK
PIP_NO_INDEX
PWD
PYTHONPATH
PYTHONUNBUFFERED
SHLVL
_
```
"""
BROKEN = {"prints": "print(1)", "raises": "1 / 0"}
# Pages of one block, by its kind, and what is said of it.
FAILING = {
    "python text": ("```python\nprint('a\\nb')\n```\n\n```text\na\nB\n```", "@@ -1,3 +1,3 @@\n a\n-B\n+b\n \n\n", 1),
    "python silent": ("\n```python\nprint('a')\n```", "@@ -1 +1,2 @@\n+a\n \n\n", 2),
    "console printed": (
        "```console\n$ true\n$ echo a\nA\n```", "line 3: $ echo a\n--- want\n+++ got\n@@ -1,2 +1,2 @@\n-A\n+a\n \n\n", 1,
    ),
    "console silent": ("```console\n$ true\na\n```", "line 2: $ true\n--- want\n+++ got\n@@ -1,2 +1 @@\n-a\n \n\n", 1),
    "console dots": ("```console\n$ echo 'a/b c'\na/...d\n```", "-a/...d\n+a/b c\n \n\n", 1),
    "console status": (
        "```console\n$ echo why; false\nwhy\n```",
        "line 2: $ echo why; false\nwhy\nits status is 1, and no `$ echo $?` is behind it\n\n", 1,
    ),
    "console exit": ("```console\n$ exit 4\n```", "line 2: $ exit 4\nits shell has ended\n\n", 1),
    "pycon wrong": ("\n```pycon\n>>> 1 + 1\n3\n```", "line 3, in pycon\nFailed example:\n    1 + 1\nExpected:\n    3\nGot:\n    2\n\n", 2),
    "pycon none": ("```pycon\n1 + 1\n```", "it has no `>>> `\n\n", 1),
    "file outside": ("```{code-block} text\n:caption: ../a\n\na\n```", "'../a' is not in the folder of the page\n\n", 1),
}  # fmt: skip
KINDS = "no test runs a block of this kind, only python, console, pycon, file"
FENCE = "code stands in a fence of backticks that is not indented"
DIRECTIVE = "no test knows this directive, only eval-rst, "
REFUSED = {
    "sh": ("```sh\ntrue\n```", f"1: {KINDS}"),
    "no kind": ("```\ntrue\n```", f"1: {KINDS}"),
    "title": ("```python title=a\n1\n```", f"1: {KINDS}"),
    "text alone": ("```text\ntrue\n```", "1: a text is what the Python block before it prints"),
    "no command": ("```console\ntrue\n```", "1: a console begins with a command, `$ `"),
    "no caption": ("```{code-block} python\n1\n```", "1: a code-block is a file, and `:caption:` says its name"),
    "tildes": ("~~~python\n1\n~~~", f"1: {FENCE}"),
    "in a list": ("- a\n\n  ```python\n  1\n  ```", f"3: {FENCE}"),
    "in a quote": ("> ```python\n> 1\n> ```", f"1: {FENCE}"),
    "indented": ("a\n\n    true", f"3: {FENCE}"),
    "no end": ("\n```python\n1", "2: this fence has no end"),
    "directive": ("```{code-cell} python\n1\n```", f"1: {DIRECTIVE}"),
    "colons": ("\n:::{code-block} python\n1\n:::", f"2: {DIRECTIVE}"),
    "count": ("```python\n1\n```", "1: the page has {'python': 1}, but COUNTS says {}"),
}


def pytest_of(folder, pages, limit=60):
    """What pytest says of pages, (text, blocks of each kind) by name: for each [(outcome, words)] of its blocks."""

    checkout, docs = folder / "checkout", folder / "checkout" / "docs"
    for name in ("docs/guides", "examples", "tests/data"):
        (checkout / name).mkdir(parents=True)
    counts = {f"{name}.md": blocks for name, (_, blocks) in pages.items()}
    for name, (text, _) in pages.items():
        (docs / f"{name}.md").write_text(f"{text}\n")
    appended = f"\nCOUNTS = {counts}\nLIMIT = {limit}\n"
    (docs / "conftest.py").write_text(CONFTEST.read_text("utf-8") + appended, "utf-8")
    (checkout / "pytest.ini").write_text(
        "[pytest]\nmarkers = slow\nfilterwarnings = error\naddopts = --color=no -m 'not slow'\n"
    )
    subprocess.run(
        [sys.executable, "-m", "pytest", "--continue-on-collection-errors", f"--basetemp={folder / 'temp'}", "--junitxml=said"],
        cwd=checkout, stdout=subprocess.DEVNULL,
        env=os.environ | {"PERSPECTIVES_PLUGINS": "a", "PIP_INDEX_URL": "a", "VIRTUAL_ENV": "a"},
    )  # fmt: skip
    said = {name: [] for name in pages}
    for case in ET.parse(checkout / "said").iter("testcase"):
        page = (case.get("classname") or case.get("name")).removeprefix("docs.").removesuffix(".md")
        said[page.replace(".", "/")] += [(part.tag, part.text) for part in case] or [("passed", "")]
    return said


def is_running(pid):
    """Whether a process is there, and is not only waiting to be counted among the dead."""

    try:
        return ") Z " not in Path(f"/proc/{int(pid)}/stat").read_text()
    except FileNotFoundError:
        return False


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """The folder of the run of all pages but the one that hangs."""

    return tmp_path_factory.mktemp("blocks")


@pytest.fixture(scope="module")
def said(folder):
    """What pytest says of them."""

    failing = {name: (page, {name.split()[0]: 1}) for name, (page, *_) in FAILING.items()}
    refused = {name: (page, {}) for name, (page, _) in REFUSED.items()}
    broken = {name: (f"```python\n{code}\n```\n\n```python\n```\n", {"python": 2}) for name, code in BROKEN.items()}
    others = {
        "good": (GOOD, {"file": 1, "python": 1, "pycon": 1, "console": 2}),
        "guides/guide": (GUIDE, {"console": 1}),
        "slow": ("```console\n$ python3 -m venv .venv\n```", {"console": 1}),
    }
    return pytest_of(folder, failing | refused | broken | others)


def test_every_kind_of_block_runs(said):
    """Blocks share folder, names and shell: files, Python and doctests, and commands with what they print and leave."""

    assert 5 * [("passed", "")] == said["good"]


def test_guide_runs_as_if_in_the_checkout(said):
    """It finds examples and fixtures; nothing of the settings of who runs the tests reaches its shell."""

    assert [("passed", "")] == said["guides/guide"]


@pytest.mark.parametrize("name", FAILING)
def test_what_is_wrong_is_shown_with_its_line(said, name):
    """A block that fails, or prints something else than is shown, is named by page and line, with both texts."""
    _, words, line = FAILING[name]
    [(outcome, shown)] = said[name]

    assert "failure" == outcome
    assert shown.endswith(f"{words}{name}.md:{line}: SybilFailure")


@pytest.mark.parametrize("name", REFUSED)
def test_page_with_what_no_test_knows_is_an_error(said, name):
    """What would not run, or is not counted, is named by page and line."""
    [(outcome, shown)] = said[name]

    assert "error" == outcome
    assert shown.startswith(f"docs/{name}.md:{REFUSED[name][1]}")


@pytest.mark.parametrize("name", BROKEN)
def test_rest_of_a_page_is_skipped_after_a_failure(said, name):
    """What follows would run in a state that the page does not describe."""
    (failure, _), (skipped, why) = said[name]

    assert ("failure", "skipped") == (failure, skipped)
    assert why.endswith("the block in line 1 of the page failed")


def test_traceback_has_the_lines_of_the_page(said):
    """An error in Python is found where it stands."""

    assert said["raises"][0][1].endswith("raises.md:2: ZeroDivisionError")


def test_page_that_makes_an_environment_is_slow(said):
    """It is run with `-m slow` only."""

    assert [] == said["slow"]


def test_server_dies_with_its_page(said, folder):
    """What a block starts in the background is there for the next, and gone at the end."""

    assert not is_running((folder / "temp" / "good0" / "work" / "src" / "pid").read_text())


def test_command_that_hangs_is_killed(tmp_path):
    """Each command has a time limit: it is named, what it printed is shown, and its processes are gone."""
    page = "```console\n$ echo $BASHPID >pid; echo a; sleep 600\n```"
    [(outcome, shown)] = pytest_of(tmp_path, {"hanging": (page, {"console": 1})}, limit=2)["hanging"]

    assert "failure" == outcome
    assert "line 2: $ echo $BASHPID >pid; echo a; sleep 600\nit has not ended after 2 s\na\n" in shown
    assert not is_running((tmp_path / "temp" / "hanging0" / "work" / "pid").read_text())
