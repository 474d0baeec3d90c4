"""Writing a file whole or not at all."""

import os
import secrets
import stat
from pathlib import Path

from perspectives.errors import Fault, WriteError


def write_atomic(path: Path, data: bytes) -> None:
    """Put `data` at `path`; whatever happens, the old or the new content is there, never a part.

    The data goes to a hidden file beside it, onto the disk, and only then to
    the name. Raises `WriteError`; a symbolic link or a device is not replaced.
    """
    try:
        mode = _mode_to_keep(path)
        temporary = path.parent / f".{path.name}.{secrets.token_hex(8)}.tmp"
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
    except OSError as error:
        message = f"could not be written: {error.strerror or error}"
        expected = "a folder that exists" if isinstance(error, FileNotFoundError) else ""
        raise WriteError(Fault(code="not-written", message=message, expected=expected), str(path)) from error


def _mode_to_keep(path: Path) -> int | None:
    try:
        mode = path.lstat().st_mode
    except FileNotFoundError:
        return None
    if not stat.S_ISREG(mode):
        what = "a folder" if stat.S_ISDIR(mode) else "a symbolic link" if stat.S_ISLNK(mode) else "no regular file"
        fault = Fault(code="not-written", message=f"is {what}", expected="a regular file or a new name")
        raise WriteError(fault, str(path))
    return stat.S_IMODE(mode)


def _sync_folder(folder: Path) -> None:
    # The new name itself is only safe once the folder is; not every system can open one (Windows).
    if hasattr(os, "O_DIRECTORY"):
        handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
