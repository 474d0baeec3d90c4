"""What `perspectives validate` prints of a file: lines for people, rows for programs, annotations for code hosts."""

from collections.abc import Iterable, Iterator
from typing import Any

import attrs
from attrs import frozen

from perspectives.errors import Fault, Finding, place
from perspectives.profiles import profile_of


@frozen(kw_only=True)
class Verdict:
    """What was found in one file; with faults it is no brief, and `stories` is None."""

    file: str
    stories: int | None = None
    faults: tuple[Fault, ...] = ()
    findings: tuple[Finding, ...] = ()

    @property
    def items(self) -> "tuple[Fault | Finding, ...]":
        """The faults, then the findings."""
        return (*self.faults, *self.findings)

    @property
    def errors(self) -> int:
        """How many of all are errors."""
        return len(self.faults) + sum(finding.severity == "error" for finding in self.findings)

    @property
    def status(self) -> int:
        """The exit status for it."""
        return 1 if self.errors else 0


def raised(findings: Iterable[Finding], profile: str) -> tuple[Finding, ...]:
    """What a loader found, as severe as `lint` has it in this profile. Raises `OptionsError`."""
    severities = profile_of(profile).severities
    return tuple(attrs.evolve(one, severity=severities.get(one.severity, one.severity)) for one in findings)


def lines(verdict: Verdict) -> Iterator[str]:
    """A line for each fault and finding, and one that sums them up."""
    for fault in verdict.faults:
        yield f"{place(fault.line, fault.column, verdict.file)}error: {fault}"
    for finding in verdict.findings:
        yield f"{place(finding.line, source=verdict.file)}{finding.severity}: {_said(finding)}"
    if verdict.stories is not None:
        errors = f", {_count(verdict.errors, 'error', 'errors')}" if verdict.errors else ""
        counted = _count(verdict.stories, "story", "stories"), _count(len(verdict.findings), "finding", "findings")
        yield f"{verdict.file}: valid, {', '.join(counted)}{errors}"


def _said(finding: Finding) -> str:
    """A finding of a loader as it is; one about the brief with its place in it, and its code to look it up by."""
    if finding.line is not None:
        return str(finding)
    where = f" @ {finding.path}" if finding.path else ""
    return f"{finding}{where} [{finding.code}]"


def _count(number: int, one: str, many: str) -> str:
    return f"{number} {one if number == 1 else many}"


def rows(verdict: Verdict) -> list[dict[str, Any]]:
    """Plain data of each fault and finding, all with the same keys; what is not known is null."""
    return [_row(verdict.file, item) for item in verdict.items]


def _row(file: str, item: Fault | Finding) -> dict[str, Any]:
    return {
        "file": file,
        "code": item.code,
        "severity": item.severity if isinstance(item, Finding) else "error",
        "path": item.path or None,
        "line": item.line,
        "column": item.column if isinstance(item, Fault) else None,
        "message": item.message,
        "expected": item.expected or None if isinstance(item, Fault) else None,
        "hint": item.hint or None if isinstance(item, Finding) else None,
    }


_COMMANDS = {"info": "notice", "warning": "warning", "error": "error"}
# As docs.github.com has it under "Workflow commands", and actions/toolkit in packages/core/src/command.ts.
_DATA = str.maketrans({"%": "%25", "\r": "%0D", "\n": "%0A"})
_PROPERTY = _DATA | str.maketrans({":": "%3A", ",": "%2C"})


def annotations(verdict: Verdict) -> Iterator[str]:
    """A workflow command of GitHub Actions for each fault and finding: it shows them at the file."""
    for row, item in zip(rows(verdict), verdict.items, strict=True):
        properties = {"file": row["file"], "line": row["line"], "col": row["column"], "title": row["code"]}
        words = ",".join(f"{k}={str(v).translate(_PROPERTY)}" for k, v in properties.items() if v is not None)
        where = f" @ {item.path}" if isinstance(item, Finding) and item.path else ""  # a fault says it itself
        yield f"::{_COMMANDS[row['severity']]} {words}::{f'{item}{where}'.translate(_DATA)}"
