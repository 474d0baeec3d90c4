"""What can be wrong, as values, and the errors that carry them.

    PerspectivesError
    ├── ModelError       a value that a class of the model refuses
    ├── LoadError        a source that gives no brief
    │   └── SchemaError  JSON or plain data that does not fit the model
    ├── FormatError      a format that is unknown, provided twice, or ambiguous
    ├── OptionsError     an option that the renderer or loader does not take
    ├── PluginError      a plugin that cannot be imported, or broke its promise
    ├── LimitError       an input that is larger than the caller allows
    └── WriteError       a file that could not be written; the old one is intact

One `except` catches them all:

    try:
        brief = perspectives.load("brief.txt")
    except perspectives.PerspectivesError as error:
        for fault in error.faults:
            print(fault.code, fault.path, fault.message, fault.expected)
"""

from collections.abc import Iterable
from typing import Any, Literal

import attrs
from attrs import frozen

# What may come out of a plugin's code and is its fault. SystemExit too: a plugin that exits must not
# take the host with it. KeyboardInterrupt is the user's and passes.
FAULTS = (Exception, SystemExit)


@frozen(kw_only=True)
class Fault:
    """One thing that is wrong: what, where, and what would be right.

    `code` is stable and made for programs (`bad-url`); `path` is a JSON path
    (`$.stories[2].headline`) or empty; `line` and `column` count from 1 and
    are there when the source is a text.
    """

    code: str
    message: str
    path: str = ""
    expected: str = ""
    line: int | None = None
    column: int | None = None

    def __str__(self) -> str:
        where = f" @ {self.path}" if self.path else ""
        right = f", expected {self.expected}" if self.expected else ""
        return f"{self.message}{where}{right}"


@frozen(kw_only=True)
class Finding:
    """One thing worth knowing about a brief that is valid all the same.

    Loaders say what they guessed, renderers what they had to leave out, rules
    what a desk may want to mend. `code`, `path` and `line` are as in `Fault`;
    `hint` says what to do about it.
    """

    code: str
    message: str
    severity: Literal["info", "warning", "error"] = "warning"
    path: str = ""
    hint: str = ""
    line: int | None = None

    def __str__(self) -> str:
        return f"{self.message}; {self.hint}" if self.hint else self.message


class LoadWarning(UserWarning):
    """The category of the warnings that `load` gives for each `Finding`, and `enrich` for what it leaves out."""


class PerspectivesError(Exception):
    """The base of every error that this library raises for a bad value.

    `source` names the file or plugin, where there is one; `str()` gives a line
    for each fault.
    """

    faults: tuple[Fault, ...]
    source: str

    def __init__(self, faults: Fault | Iterable[Fault], source: str = "") -> None:
        self.faults = (faults,) if isinstance(faults, Fault) else tuple(faults)
        if not all(isinstance(fault, Fault) for fault in self.faults):
            raise TypeError(f"{type(self).__name__} takes a Fault or several, not {faults!r}")
        self.source = source
        super().__init__(self.faults, source)  # what pickle calls it with again

    def __str__(self) -> str:
        return "\n".join(f"{place(fault.line, fault.column, self.source)}{fault}" for fault in self.faults)

    def to_dict(self) -> dict[str, Any]:
        """The error as plain JSON values, for logs and for programs in other languages."""
        faults = [attrs.asdict(fault, filter=lambda _, value: value not in (None, "")) for fault in self.faults]
        return {"error": type(self).__name__, "source": self.source, "faults": faults}


class ModelError(PerspectivesError):
    """A value that a class of the model refuses; paths begin with the class: `Story.headline`."""


class LoadError(PerspectivesError):
    """A source that gives no brief; the faults have the lines."""


class SchemaError(LoadError):
    """JSON or plain data that does not fit the model; every fault is listed."""


class FormatError(PerspectivesError):
    """A format that is unknown, provided by two plugins, or that two loaders claim alike."""


class OptionsError(PerspectivesError):
    """An option that the renderer or loader does not take, or a value that it does not take."""


class PluginError(PerspectivesError):
    """A plugin that cannot be imported, that raised, or that returned the wrong thing."""


class LimitError(PerspectivesError):
    """An input that is larger than its `Limits` allow; the other faults that were found stand beside."""


class WriteError(PerspectivesError):
    """A file that could not be written; what was there before is intact."""


def said(error: BaseException) -> str:
    """What an exception says, its kind first: `ZeroDivisionError: division by zero`."""
    return f"{type(error).__name__}: {error}" if str(error) else type(error).__name__


def place(line: int | None, column: int | None = None, source: str = "") -> str:
    """Where a fault is, as compilers print it: `brief.txt:12:3: `, or nothing."""
    if not source.isprintable():  # a line break in a file's name must not look like another place
        source = repr(source)[1:-1]
    if source:
        return ":".join(str(part) for part in (source, line, column) if part is not None) + ": "
    if line is None:
        return ""
    return f"line {line}, column {column}: " if column is not None else f"line {line}: "
