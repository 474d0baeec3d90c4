"""Beginnings for what users make themselves: a brief to write over, a plugin whose own tests pass at once."""

import json
import os
import re
import shlex
import tempfile
from collections.abc import Iterator
from importlib.metadata import distribution
from pathlib import Path
from string import Template
from urllib.parse import urlsplit
from urllib.request import url2pathname

from perspectives.discovery import BUILT_IN_EXTENSIONS, DIST, KINDS, FormatKind, built_in
from perspectives.errors import Fault, FormatError, WriteError
from perspectives.files import write_atomic
from perspectives.plugin import RendererInfo

_TEMPLATES = Path(__file__).with_name("templates")
"""A brief, and for plugins a folder of what all have and one for each kind: with the words of `_files` in them."""
_PREFIX = "perspectives-"


def brief_text() -> str:
    """A small brief of our own in Markdown, with each part that most briefs have."""
    return (_TEMPLATES / "brief.md").read_text("utf-8")


def new_brief(path: Path) -> None:
    """Write `brief_text` to a file that must not be there yet. Raises `WriteError`."""
    owner = BUILT_IN_EXTENSIONS["renderer"].get(path.suffix.lower(), "markdown")
    if owner != "markdown":  # what reads it would take it for something else
        fault = Fault(
            code="not-written",
            message=f"cannot be written: {path.suffix!r} is an extension of {owner!r}, and the brief is Markdown",
            expected=str(path.with_suffix(".md")),
        )
        raise WriteError(fault, str(path))
    _refuse_existing(path)
    write_atomic(path, brief_text().encode())


def next_for_brief(path: Path) -> tuple[str, ...]:
    """What a shell runs to check a new brief and to look at it."""
    name = shlex.quote(str(path))
    return (
        f"perspectives validate {name}",
        f"perspectives render {name} -o {shlex.quote(str(path.with_suffix('.html')))}",
        f"perspectives preview {name}",
    )


def new_plugin(parent: Path, name: str, kind: FormatKind) -> Path:
    """A new distribution in the folder `perspectives-NAME`, whole or not at all.

    Raises `FormatError` for a name that no plugin may have, and `WriteError`
    where the folder is there already or cannot be made.
    """
    _check_name(name)
    folder = parent / f"{_PREFIX}{name}"
    _refuse_existing(folder)
    try:
        with tempfile.TemporaryDirectory(prefix=f".{_PREFIX}", dir=parent) as temporary:
            # One below: the temporary folder itself is its owner's alone, and its mode would stay.
            draft = Path(temporary, folder.name)
            for path, text in _files(name, kind):
                (draft / path).parent.mkdir(parents=True, exist_ok=True)
                (draft / path).write_text(text, "utf-8", newline="\n")
            draft.rename(folder)
    except OSError as error:
        fault = Fault(code="not-written", message=f"cannot be made: {error.strerror}")
        raise WriteError(fault, str(folder)) from error
    return folder


def next_commands(folder: Path, name: str, kind: FormatKind) -> tuple[str, ...]:
    """What a shell runs to install a new plugin, test it and use it."""
    example, to = ("bridge.txt", name) if kind == "renderer" else (f"bridge.{_extension(name)}", "markdown")
    return (
        f"cd {shlex.quote(str(folder))}",
        "python3 -m venv .venv",
        "source .venv/bin/activate",
        f"pip install -q {_library()}-e '.[test]'",
        "mypy",
        "pytest",
        f"perspectives render tests/{example} -t {to}",
    )


def _refuse_existing(path: Path) -> None:
    if os.path.lexists(path):
        raise WriteError(Fault(code="not-written", message="is there already", expected="a new name"), str(path))


def _check_name(name: str) -> None:
    """Raise `FormatError` for a name that no plugin may have, with the one that was perhaps meant."""
    if message := _objection(name):
        near = re.sub(r"[\W_]+", "-", name.lower()).strip("-").removeprefix(_PREFIX)
        right = "a name of its own, like 'toot'" if _objection(near) else repr(near)
        raise FormatError(Fault(code="bad-format-name", message=message, expected=right))


def _objection(name: str) -> str:
    """Why no plugin may have this name, or nothing."""
    try:
        RendererInfo(name=name, media_type="", summary="")  # which knows what a format may be called
    except ValueError as error:
        return str(error)
    if any(provider.name == name for kind in KINDS for provider in built_in(kind)):
        return f"{name!r} is a built-in format"
    for kind in KINDS:
        # Its files would go to that format, or come from it.
        if owner := BUILT_IN_EXTENSIONS[kind].get(f".{_extension(name)}"):
            return f"'.{_extension(name)}' is an extension of the built-in format {owner!r}"
    if _PREFIX + name == DIST:
        return f"{DIST!r} is this library"
    return f"{name!r} is what its distribution is called" if name.startswith(_PREFIX) else ""


def _files(name: str, kind: FormatKind) -> Iterator[tuple[str, str]]:
    """Path and text of each file."""
    words = {
        "dist": f"{_PREFIX}{name}",
        "extension": _extension(name),
        "kind": kind,
        "module": f"{_PREFIX}{name}".replace("-", "_"),
        "name": name,
        "stem": name.replace("-", "_"),
        "summary": f"Multi-perspective news briefs {'as' if kind == 'renderer' else 'from'} {name}",
        "title": "".join(map(str.capitalize, name.split("-"))),
    }
    for root in (_TEMPLATES / "plugin", _TEMPLATES / kind):
        for path in sorted(root.rglob("*.txt")):
            relative = path.relative_to(root).as_posix().removesuffix(".txt")
            text = path.read_text("utf-8")
            yield Template(relative).substitute(words), Template(text).substitute(words)


def _extension(name: str) -> str:
    return name.replace("-", "")


def _library() -> str:
    """Where pip finds this library, with a space behind: nothing where an index has it (PEP 610)."""
    record = json.loads(distribution(DIST).read_text("direct_url.json") or "{}")
    url = record.get("url", "")
    if url.startswith("file:"):
        url = url2pathname(urlsplit(url).path)
    elif "vcs_info" in record:
        url = f"{record['vcs_info']['vcs']}+{url}@{record['vcs_info']['commit_id']}"
    return f"{shlex.quote(url)} " if url else ""
