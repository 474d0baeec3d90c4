"""What `perspectives report` prints of a brief: tables for people, plain data for programs, bars for pages."""

import unicodedata
from collections.abc import Iterator, Sequence
from typing import Any

import attrs
from attrs import frozen

from perspectives.catalogue import wording_of
from perspectives.charts import balance_charts, coverage_chart, sheet
from perspectives.errors import Fault, OptionsError
from perspectives.model import Brief
from perspectives.outlets import OutletDirectory
from perspectives.reports import (
    BalanceReport,
    CorroborationReport,
    CoverageReport,
    Share,
    StoryBalance,
    StoryCorroboration,
    balance,
    corroboration,
    coverage,
    coverages,
    outlets_of,
)
from perspectives.text import nearest, show

_FIRST = 64
"""The widest that a first column gets, in characters of a terminal."""


@frozen(kw_only=True)
class Reports:
    """All that is counted of one brief; a `CoverageReport` for each scheme that is asked for or used.

    `licences` are the attributions that are owed for the ratings in these schemes.
    """

    balance: BalanceReport
    corroboration: CorroborationReport
    coverage: tuple[CoverageReport, ...]
    outlets: int
    licences: tuple[str, ...]


def reports_of(brief: Brief, scheme: str | None = None, outlets: OutletDirectory | None = None) -> Reports:
    """Every report of a brief, its coverage over one scheme or over all that its outlets are rated in.

    `outlets` know the owners of sources whose outlets stand in no group.
    Raises `OptionsError` for a scheme that the brief does not know: its report would say that nobody is rated.
    """
    covered = coverages(brief) if scheme is None else (coverage(brief, scheme=_known(brief, scheme)),)
    return Reports(
        balance=balance(brief),
        corroboration=corroboration(brief, outlets=outlets),
        coverage=covered,
        outlets=len({outlet.identity for outlet in outlets_of(brief)}),
        licences=_licences(brief, [report.scheme for report in covered]),
    )


def _known(brief: Brief, scheme: str) -> str:
    schemes = list(dict.fromkeys([*(one.id for one in brief.schemes), *(rated.scheme for _, rated in brief.rated())]))
    if scheme in schemes:
        return scheme
    near = nearest(scheme, schemes)
    hint = f". Did you mean {near!r}?" if near else ""
    message = f"no scheme {show(scheme)}{hint}\nschemes: {', '.join(schemes) or 'none'}"
    raise OptionsError(Fault(code="unknown-scheme", message=message))


def _licences(brief: Brief, schemes: Sequence[str]) -> tuple[str, ...]:
    shown = [
        attrs.evolve(outlet, ratings=[rating for rating in outlet.ratings if rating.scheme in schemes])
        for outlet in outlets_of(brief)
    ]
    return OutletDirectory(outlets=shown).licences()


def plain(reports: Reports) -> dict[str, Any]:
    """The reports as plain data for JSON."""
    return attrs.asdict(reports)


def lines(reports: Reports) -> Iterator[str]:
    """The reports as tables, a blank line between them."""
    for story, facts in zip(reports.balance.stories, reports.corroboration.stories, strict=True):
        yield story.headline
        yield ""
        yield from _balance(story)
        yield from _corroboration(facts)
    for report in reports.coverage:
        yield from _coverage(report)
    if not reports.coverage:
        yield f"No outlet is rated: {reports.outlets} of {reports.outlets} are unrated in any scheme."
    if reports.licences:
        yield "Attributions owed for these ratings:"
        yield from (f"  {licence}" for licence in reports.licences)


def _balance(story: StoryBalance) -> Iterator[str]:
    rows = [(group.label, str(group.words), str(group.outlets), str(group.citations)) for group in story.groups]
    yield from _table(("group", "words", "outlets", "citations"), rows, "no group")


def _corroboration(story: StoryCorroboration) -> Iterator[str]:
    rows = [(f"{f.number}. {f.text}", str(f.owners), str(f.outlets), str(f.sources)) for f in story.facts]
    yield from _table(("fact", "owners", "outlets", "sources"), rows, "no fact")


def _coverage(report: CoverageReport) -> Iterator[str]:
    heading = f"{report.axis} ({report.scheme})" if report.axis else report.scheme
    shares = [(share.value, share) for share in (*report.values, report.contested, report.unrated)]
    rows = [(value, str(share.outlets), _percent(share)) for value, share in shares]
    whole = Share(value="all", outlets=report.total, share=1.0 if report.total else 0.0)
    yield from _table((heading, "outlets", "share"), [*rows, ("all", str(report.total), _percent(whole))], "")


def _percent(share: Share) -> str:
    return f"{share.share:.0%}"


def _table(head: Sequence[str], rows: Sequence[Sequence[str]], empty: str) -> Iterator[str]:
    """A table with its first column at the left and the numbers at the right, and a blank line behind it."""
    cells = [[_cut(row[0]), *row[1:]] for row in (head, *rows)]
    widths = [max(map(_width, column)) for column in zip(*cells, strict=True)]
    for first, *numbers in cells if rows else []:
        right = (cell.rjust(width) for cell, width in zip(numbers, widths[1:], strict=True))
        yield "  ".join([first + " " * (widths[0] - _width(first)), *right])
    if not rows:
        yield f"({empty})"
    yield ""


def _cut(text: str) -> str:
    if _width(text) <= _FIRST:
        return text
    kept, used = "", 1
    for char in text:
        used += _width(char)
        if used > _FIRST:
            break
        kept += char
    return kept.rstrip() + "…"


def _width(text: str) -> int:
    """How many columns of a terminal a text takes: East Asian letters two, marks and joiners none (UAX 11)."""
    return sum(
        0 if unicodedata.category(char) in ("Mn", "Me", "Cf") else 1 + (unicodedata.east_asian_width(char) in "WF")
        for char in text
    )


def picture(reports: Reports, brief: Brief) -> str:
    """The reports as bars in one SVG: those of each story's groups, then each scheme, in the words of the brief."""
    wording = wording_of(brief)
    bars = [
        (f"{story.headline}: {title}", segments)
        for story in reports.balance.stories
        if story.groups
        for title, segments in balance_charts(story, wording)
    ]
    bars += [coverage_chart(report, wording) for report in reports.coverage]
    return sheet(bars, direction=wording.direction or "ltr")
