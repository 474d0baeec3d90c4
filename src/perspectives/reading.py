"""Bytes from paths and open files, and never more of them than the limits allow."""

import io
import os
import weakref
from collections.abc import Iterator
from typing import IO, NoReturn

from perspectives.errors import Fault, LimitError, LoadError
from perspectives.limits import Limits, over
from perspectives.text import show

_CHUNK = 1 << 20
"""Asked for at once: Python sets aside as much as it is asked for, and a limit may be raised to any number."""


def as_bytes(text: object) -> bytes:
    """A text or bytes in memory as bytes. Raises `LoadError` for anything else."""
    if isinstance(text, bytes):
        return text
    if isinstance(text, str):
        # A lone surrogate has no bytes; it passes here, so that the loader says on which line it is.
        return text.encode("utf-8", "surrogatepass")
    refuse_source(text, "a text or bytes")


def refuse_source(source: object, expected: str) -> NoReturn:
    """Raise that something is nothing to load."""
    raise LoadError(Fault(code="not-source", message=f"{show(source)} is nothing to load", expected=expected))


def decode(data: bytes, source: str = "") -> str:
    """The data as UTF-8 text, without a byte order mark. Raises `LoadError` with the line."""
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        fault = Fault(
            code="not-utf8",
            message=f"byte 0x{data[error.start]:02x} at offset {error.start} is not UTF-8",
            expected="a text in UTF-8",
            line=data.count(b"\n", 0, error.start) + 1,
        )
        raise LoadError(fault, source) from None


def check_size(size: int, limits: Limits, source: str = "") -> None:
    """Refuse an input of too many bytes. Raises `LimitError`."""
    if limits.bytes is not None and size > limits.bytes:
        raise LimitError(over(f"the input has {size:,} bytes", "bytes", limits.bytes), source)


def read_path(path: str | os.PathLike[str], limits: Limits) -> bytes:
    """All of a file, if it is not too large. Raises `LimitError`, or the OSError of a file that cannot be read."""
    source = os.fspath(path)
    if "\0" in str(source):
        fault = Fault(code="not-path", message=f"{show(source)} is no path", expected="one without a null character")
        raise LoadError(fault)
    with open(path, "rb") as file:
        check_size(os.fstat(file.fileno()).st_size, limits, source)
        # A pipe, or a file that is still being written, is larger than it said.
        return read_file(file, limits, source)


def read_file(file: IO[bytes] | IO[str], limits: Limits, source: str = "") -> bytes:
    """The rest of an open file, given up as soon as it is seen to be too large. Raises `LimitError` or `LoadError`."""
    most = limits.bytes
    chunks: list[bytes] = []
    size = 0
    try:
        while chunk := as_bytes(file.read(_CHUNK if most is None else min(_CHUNK, most + 1 - size))):
            chunks.append(chunk)
            size += len(chunk)
            if most is not None and size > most:
                raise LimitError(over(f"the input has more than {most:,} bytes", "bytes", most), source)
    except ValueError as error:
        _refuse_file(error, source)
    return b"".join(chunks)


def _refuse_file(error: ValueError, source: str) -> NoReturn:
    """Raise that an open file gives nothing: it is closed, not for reading, or a text in another encoding."""
    fault = Fault(code="not-source", message=f"cannot be read: {error}", expected="a file opened with mode 'rb'")
    raise LoadError(fault, source) from error


class Lines(Iterator[tuple[int, bytes]]):
    """The lines of an open file that are not blank, each with its number, one at a time.

    A line that is too long is a `LimitError`; the next `next()` goes on behind
    it. With `is_ours` the file is closed at the end, or when this is dropped.
    """

    def __init__(self, file: IO[bytes] | IO[str], limits: Limits, source: str = "", *, is_ours: bool = False) -> None:
        self.source = source
        self._file: IO[bytes] | IO[str] | None = file
        self._most = limits.bytes
        # Not __del__: of an iterator within a traceback's cycle Python may drop the file first, and warn.
        self._close = weakref.finalize(self, file.close) if is_ours else None
        self._number = 0
        self._is_within = False  # whether the file stands within a line that was refused

    def __next__(self) -> tuple[int, bytes]:
        """The next line and its number. Raises `LimitError`, or `LoadError` for a file that cannot be read."""
        while self._file is not None:
            while self._is_within:
                rest = self._read(_CHUNK)
                self._is_within = rest != b"" and not rest.endswith(b"\n")
            line = self._read(-1 if self._most is None else self._most + len("\r\n"))
            if not line:
                break
            self._number += 1
            text = line.removesuffix(b"\n").removesuffix(b"\r")
            if self._most is not None and len(text) > self._most:
                self._is_within = not line.endswith(b"\n")
                message = f"the line has more than {self._most:,} bytes"
                raise LimitError(over(message, "bytes", self._most, line=self._number), self.source)
            if self._number == 1:
                text = text.removeprefix(b"\xef\xbb\xbf")
            if text.strip():
                return self._number, text
        self.close()
        raise StopIteration

    def _read(self, most: int) -> bytes:
        if self._file is None:
            return b""
        try:
            return as_bytes(self._file.readline(most))
        except ValueError as error:
            self.close()
            _refuse_file(error, self.source)

    def close(self) -> None:
        """End here; a file of the caller's stays open."""
        self._file = None
        if self._close is not None:
            self._close()


def open_lines(path: str | os.PathLike[str], limits: Limits) -> Lines:
    """The lines of a file. Raises the OSError of one that cannot be opened, at once."""
    return Lines(open(path, "rb"), limits, os.fspath(path), is_ours=True)


def lines_of(data: bytes, limits: Limits, source: str = "") -> Lines:
    """The lines of what is in memory."""
    return Lines(io.BytesIO(data), limits, source)
