"""Files are written whole or not at all."""

import errno
import os
import random
import signal
import subprocess
import sys
import time

import pytest

from perspectives import WriteError
from perspectives.files import write_atomic, write_rendered
from perspectives.plugin import Part, Rendered


def refused(call, *arguments):
    """The text of the WriteError that a call raises."""
    with pytest.raises(WriteError) as caught:
        call(*arguments)
    return str(caught.value)


def names(folder):
    """What is in a folder, in order."""
    return sorted(path.name for path in folder.iterdir())


def site(*parts):
    """A rendered page with parts of the names given."""
    return Rendered("page", "text/html", parts=[Part(name, "text/plain", name=name) for name in parts])


def test_write_makes_a_file(tmp_path):
    """A new file holds the data, and nothing else is in the folder."""

    write_atomic(tmp_path / "a", b"new")

    assert (b"new", ["a"]) == ((tmp_path / "a").read_bytes(), names(tmp_path))


def test_write_replaces_a_file(tmp_path):
    """An old file is replaced as a whole."""

    (tmp_path / "a").write_bytes(b"old and longer")
    write_atomic(tmp_path / "a", b"new")

    assert (b"new", ["a"]) == ((tmp_path / "a").read_bytes(), names(tmp_path))


def test_write_keeps_the_mode(tmp_path):
    """The permissions of a file that is replaced stay."""

    (tmp_path / "a").touch(0o640)
    (tmp_path / "a").chmod(0o604)
    write_atomic(tmp_path / "a", b"new")

    assert 0o604 == (tmp_path / "a").stat().st_mode & 0o777


def test_write_obeys_the_umask(tmp_path):
    """A new file has the permissions that any program would give it."""

    before = os.umask(0o027)
    try:
        write_atomic(tmp_path / "a", b"new")
    finally:
        os.umask(before)

    assert 0o640 == (tmp_path / "a").stat().st_mode & 0o777


@pytest.mark.parametrize("step", ["fsync", "replace", "chmod"])
@pytest.mark.parametrize("error", [OSError(errno.ENOSPC, "No space left on device"), KeyboardInterrupt()])
def test_failure_leaves_the_old_file(tmp_path, monkeypatch, step, error):
    """Whatever step fails, the old content stays and no other file is left."""

    (tmp_path / "a").write_bytes(b"old")

    def fail(*_):
        raise error

    monkeypatch.setattr(os, step, fail)
    with pytest.raises((WriteError, KeyboardInterrupt)):
        write_atomic(tmp_path / "a", b"new")

    assert (b"old", ["a"]) == ((tmp_path / "a").read_bytes(), names(tmp_path))


def test_full_disk_is_named(tmp_path, monkeypatch):
    """The error says which file, and why, in the system's words."""

    def fail(*_):
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(os, "fsync", fail)

    assert f"{tmp_path}/a: cannot be written: No space left on device" == refused(write_atomic, tmp_path / "a", b"new")


def test_folder_that_cannot_be_synced_is_no_error(tmp_path, monkeypatch):
    """Where the system cannot sync a folder, the file is written all the same."""

    fsync = os.fsync

    def only_files(handle):
        if os.path.isdir(f"/dev/fd/{handle}"):
            raise OSError(errno.EINVAL, "Invalid argument")
        fsync(handle)

    monkeypatch.setattr(os, "fsync", only_files)
    write_atomic(tmp_path / "a", b"new")

    assert b"new" == (tmp_path / "a").read_bytes()


def test_longest_name_is_written(tmp_path):
    """Every name that the file system takes can be written."""

    write_atomic(tmp_path / ("a" * 255), b"new")

    assert ["a" * 255] == names(tmp_path)


@pytest.mark.parametrize("target", ["target", "missing"])
def test_symbolic_link_is_refused(tmp_path, target):
    """A link is neither followed nor replaced, whether or not it leads to something."""

    (tmp_path / "target").write_bytes(b"old")
    (tmp_path / "a").symlink_to(tmp_path / target)

    assert f"{tmp_path}/a: is a symbolic link, expected a regular file or a new name" == (
        refused(write_atomic, tmp_path / "a", b"new")
    )
    assert (b"old", ["a", "target"]) == ((tmp_path / "target").read_bytes(), names(tmp_path))


def test_folder_is_refused(tmp_path):
    """A folder is not replaced."""

    (tmp_path / "a").mkdir()

    assert f"{tmp_path}/a: is a folder, expected a regular file or a new name" == (
        refused(write_atomic, tmp_path / "a", b"new")
    )


def test_device_is_refused(tmp_path):
    """A pipe or device is not replaced."""

    os.mkfifo(tmp_path / "a")

    assert f"{tmp_path}/a: is no regular file, expected a regular file or a new name" == (
        refused(write_atomic, tmp_path / "a", b"new")
    )


def test_impossible_name_is_refused(tmp_path):
    """A name that no file can have is our error, not Python's ValueError."""

    assert f"{tmp_path}/a\\x00b: cannot be written: no file can have this name" == refused(
        write_atomic, tmp_path / "a\0b", b""
    )


@pytest.mark.parametrize("folder", ["no", "file"])
def test_missing_folder_is_named(tmp_path, folder):
    """A folder that does not exist is not made, and the error says what is expected."""

    (tmp_path / "file").touch()

    assert (
        f"{tmp_path}/{folder}/a: cannot be written: there is no folder '{tmp_path}/{folder}',"
        " expected a folder that exists"
    ) == refused(write_rendered, tmp_path / folder / "a", site("x/part"))
    assert ["file"] == names(tmp_path)


def test_named_parts_are_written_beside(tmp_path):
    """Each part that has a name is a file beside the content, its folders made; one without is none."""

    page = Rendered("page", "text/html", parts=[*site("b.css", "img/1.txt").parts, Part("alternative", "text/plain")])
    write_rendered(tmp_path / "a.html", page)

    assert ["a.html", "b.css", "img", "img/1.txt"] == sorted(
        str(path.relative_to(tmp_path)) for path in tmp_path.rglob("*")
    )
    assert ("page", "img/1.txt") == ((tmp_path / "a.html").read_text(), (tmp_path / "img" / "1.txt").read_text())


def test_content_is_written_last(tmp_path):
    """Where a part cannot be written, the content is not there either."""

    (tmp_path / "b").mkdir()

    assert f"{tmp_path}/b: is a folder, expected a regular file or a new name" == (
        refused(write_rendered, tmp_path / "a", site("b"))
    )
    assert ["b"] == names(tmp_path)


def test_part_below_a_file_is_refused(tmp_path):
    """A file where a part needs a folder is our error."""

    (tmp_path / "img").touch()

    assert f"{tmp_path}/img/1: cannot be written: File exists" == refused(write_rendered, tmp_path / "a", site("img/1"))


def test_part_that_leads_out_is_refused(tmp_path):
    """A folder that is a link to elsewhere takes no part; nothing is written at all."""

    inside, outside = tmp_path / "inside", tmp_path / "outside"
    inside.mkdir()
    outside.mkdir()
    (inside / "img").symlink_to(outside)

    assert f"{inside}/img/1: leads out of the folder, expected a place in '{inside}'" == (
        refused(write_rendered, inside / "a", site("b", "img/1"))
    )
    assert (["img"], []) == (names(inside), names(outside))


@pytest.mark.parametrize("parts", [["b", "b"], ["b", "a"]])
def test_two_contents_of_one_name_are_refused(tmp_path, parts):
    """Two contents under one name would lose one of them; nothing is written."""

    name = "a" if "a" in parts else "b"

    assert f"{tmp_path}/{name}: would be written twice, expected a name of its own for each part" == (
        refused(write_rendered, tmp_path / "a", site(*parts))
    )
    assert [] == names(tmp_path)


# One interpreter imports; each of its children writes until it is killed.
WRITERS = """
import os, sys
from pathlib import Path
from perspectives.files import write_atomic
while sys.stdin.readline():
    if child := os.fork():
        print(child, flush=True)
        os.waitpid(child, 0)
    else:
        while True:
            write_atomic(Path(sys.argv[1]), b"a" * 500_000)
            write_atomic(Path(sys.argv[1]), b"b" * 500_000)
"""


def test_killed_writer_leaves_no_torn_file(tmp_path):
    """A program that is killed while it writes leaves the old or the new content, never a part of one."""

    whole = {b"a" * 500_000, b"b" * 500_000}
    path = tmp_path / "a"
    path.write_bytes(b"a" * 500_000)
    torn = 0
    dice = random.Random(7)
    command = [sys.executable, "-c", WRITERS, path]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as parent:
        for _ in range(40):
            parent.stdin.write(b"\n")
            parent.stdin.flush()
            child = int(parent.stdout.readline())
            time.sleep(dice.uniform(0.001, 0.02))
            os.kill(child, signal.SIGKILL)
            torn += path.read_bytes() not in whole
        parent.stdin.close()

    assert 0 == torn
