"""Writing files whole or not at all."""

import contextlib
import os
import secrets
import stat
from collections.abc import Iterator
from pathlib import Path
from typing import NoReturn

from perspectives.errors import Fault, WriteError
from perspectives.plugin import Rendered


def write_rendered(path: Path, rendered: Rendered) -> None:
    """The content at `path`, and each part that has a name beside it or in a folder below.

    The folder of `path` must be there. The content comes last: when it is there, all is. Raises `WriteError`.
    """
    folder = path.parent
    if not folder.is_dir():
        _refuse(path, f"cannot be written: there is no folder {str(folder)!r}", "a folder that exists")
    parts = [(folder / part.name, bytes(part)) for part in rendered.parts if part.name]
    names = [path, *(target for target, _ in parts)]
    for target, _ in parts:
        # A folder on the way may be a link that somebody put there.
        if not target.resolve().is_relative_to(folder.resolve()):
            _refuse(target, "leads out of the folder", f"a place in {str(folder)!r}")
        if names.count(target) > 1:
            _refuse(target, "would be written twice", "a name of its own for each part")
    for target, data in parts:
        with _write_errors(target):
            target.parent.mkdir(parents=True, exist_ok=True)
        write_atomic(target, data)
    write_atomic(path, bytes(rendered))


def write_atomic(path: Path, data: bytes) -> None:
    """Put `data` at `path`; whatever happens, the old or the new content is there, never a part.

    The data goes to a hidden file beside it, onto the disk, and only then to
    the name. Raises `WriteError`; a symbolic link or a device is not replaced.
    """
    with _write_errors(path):
        mode = _mode_to_keep(path)
        # Without the name of the file, which may be as long as names may be.
        temporary = path.parent / f".perspectives-{secrets.token_hex(8)}.tmp"
        # 0o666 less the umask, as for any new file; O_EXCL never follows a link that was put there.
        handle = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o666)
        try:
            with open(handle, "wb") as file:
                file.write(data)
                file.flush()
                if mode is not None:
                    os.chmod(temporary, mode)
                os.fsync(file.fileno())
            os.replace(temporary, path)
        except BaseException:
            temporary.unlink(missing_ok=True)
            raise
    _sync_folder(path.parent)


@contextlib.contextmanager
def _write_errors(path: Path) -> Iterator[None]:
    try:
        yield
    except (OSError, ValueError) as error:  # ValueError: a name that no file can have
        reason = error.strerror if isinstance(error, OSError) else "no file can have this name"
        raise WriteError(Fault(code="not-written", message=f"cannot be written: {reason}"), str(path)) from error


def _mode_to_keep(path: Path) -> int | None:
    try:
        mode = path.lstat().st_mode
    except FileNotFoundError:
        return None
    if not stat.S_ISREG(mode):
        what = "a folder" if stat.S_ISDIR(mode) else "a symbolic link" if stat.S_ISLNK(mode) else "no regular file"
        _refuse(path, f"is {what}", "a regular file or a new name")
    return stat.S_IMODE(mode)


def _refuse(path: Path, message: str, expected: str) -> NoReturn:
    raise WriteError(Fault(code="not-written", message=message, expected=expected), str(path))


def _sync_folder(folder: Path) -> None:
    """The new name itself is only safe on the disk once the folder is."""
    # Windows cannot open a folder, and some file systems cannot sync one; the file is in its place all the same.
    with contextlib.suppress(OSError):
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
