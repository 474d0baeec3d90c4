"""A report as a bar: SVG that can be read without colour, by people and by screen readers."""

import textwrap
import unicodedata
from collections.abc import Iterator, Sequence
from itertools import accumulate
from typing import Literal

from attrs import field, frozen, validators

from perspectives.model import Brief, Story
from perspectives.reports import CoverageReport, StoryBalance, balance, coverage, used_schemes
from perspectives.text import clean
from perspectives.wording import Wording

Direction = Literal["ltr", "rtl"]

_WIDTH, _BAR, _LINE, _GAP = 600, 32, 20, 8
_VALUE = 64
"""Where the labels of the legend begin, behind swatch and number."""
_CELLS = 64
"""How many narrow characters of 14 units fit into a line of the legend."""
# No two neighbours alike, and none so dark that the number on it would be hard to read (WCAG 2.2, 1.4.3).
_OPACITIES = (0.35, 0.08, 0.25, 0.02, 0.3, 0.14)
_ESCAPES = str.maketrans({"&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;"})


@frozen
class Segment:
    """One part of a bar: what it stands for, and how many."""

    label: str = field(validator=validators.instance_of(str))
    value: int = field(validator=[validators.instance_of(int), validators.ge(0)])


def group_segments(story: StoryBalance, count: Literal["words", "outlets", "citations"]) -> tuple[Segment, ...]:
    """The groups of a story as parts of a bar, by their words, outlets or citations."""
    return tuple(Segment(group.label, getattr(group, count)) for group in story.groups)


def coverage_segments(report: CoverageReport, *, contested: str, unrated: str) -> tuple[Segment, ...]:
    """The values of a scheme as parts of a bar, and what is contested or unrated under the words given."""
    values = [Segment(share.value, share.outlets) for share in report.values]
    return (*values, Segment(contested, report.contested.outlets), Segment(unrated, report.unrated.outlets))


def story_charts(story: Story, wording: Wording) -> Iterator[tuple[str, tuple[Segment, ...]]]:
    """Title and parts of the bars that stand below the groups of a story: their words and their outlets."""
    counted = balance(story).stories[0]
    if len(counted.groups) > 1:
        yield wording.words, group_segments(counted, "words")
        yield wording.outlet_count, group_segments(counted, "outlets")


def brief_charts(brief: Brief, wording: Wording) -> Iterator[tuple[str, tuple[Segment, ...]]]:
    """Title and parts of the bars that stand at the end of a brief: how its outlets are rated, in each scheme used."""
    for scheme in used_schemes(brief):
        report = coverage(brief, scheme=scheme)
        yield (
            report.axis or scheme,
            coverage_segments(report, contested=wording.contested, unrated=wording.unrated),
        )


def bar(title: str, segments: Sequence[Segment], *, direction: Direction = "ltr") -> str:
    """A stacked bar with title and legend as one `<svg>` element, for a page or a file.

    It takes its colour from the text around it (`currentColor`); the classes
    `perspectives-bar-1` to `-6` are there for a stylesheet. `direction` is
    that of the labels. What a reader of the picture sees is in `<desc>` too.
    """
    height, drawn = _drawn(title, segments, direction)
    return _svg(height, drawn, ' role="img"')


def sheet(bars: Sequence[tuple[str, Sequence[Segment]]], *, direction: Direction = "ltr") -> str:
    """Several bars below each other as one `<svg>` element."""
    drawn = [_drawn(title, segments, direction) for title, segments in bars]
    tops = list(accumulate((height + 2 * _GAP for height, _ in drawn), initial=0))
    parts = [
        f'<svg role="img" y="{top}" width="{_WIDTH}" height="{height}" viewBox="0 0 {_WIDTH} {height}">\n{text}\n</svg>'
        for top, (height, text) in zip(tops, drawn, strict=False)
    ]
    return _svg(max(tops[-1] - 2 * _GAP, 0), "\n".join(parts), "")


def _svg(height: int, content: str, role: str) -> str:
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg"{role} class="perspectives-bar" width="{_WIDTH}" height="{height}"'
        f' viewBox="0 0 {_WIDTH} {height}">\n{content}\n</svg>'
    )


def _drawn(title: str, segments: Sequence[Segment], direction: Direction) -> tuple[int, str]:
    """The height and the elements of one bar."""
    said = "; ".join(f"{segment.label}: {segment.value}" for segment in segments)
    heading = _lines(title, _CELLS + 8)
    top = len(heading) * _LINE + _GAP
    legend = [_lines(segment.label, _CELLS) for segment in segments]
    tops = list(accumulate((len(lines) * _LINE for lines in legend), initial=top + _BAR + _GAP))
    elements = [
        f"<title>{_escaped(title)}</title>",
        f"<desc>{_escaped(said)}</desc>",
        *(_text(0, _LINE * at + 15, line, direction, ' font-weight="bold"') for at, line in enumerate(heading)),
        *_bars(segments, top, direction),
    ]
    for number, (segment, lines) in enumerate(zip(segments, legend, strict=True)):
        elements.append(_rect(number, 0, tops[number] + 3, 14, 14, direction))
        elements.append(_text(22, tops[number] + 15, str(segment.value), direction))
        elements += [_text(_VALUE, tops[number] + 15 + _LINE * at, line, direction) for at, line in enumerate(lines)]
    return tops[-1], "\n".join(elements)


def _bars(segments: Sequence[Segment], top: int, direction: Direction) -> list[str]:
    total = sum(segment.value for segment in segments)
    ends = list(accumulate((segment.value for segment in segments), initial=0))
    elements = []
    for number, segment in enumerate(segments):
        if not segment.value:
            continue
        left, right = (round(_WIDTH * end / total, 1) for end in ends[number : number + 2])
        elements.append(_rect(number, left, top, round(right - left, 1), _BAR, direction))
        # Only where the number has room; the legend has it in any case.
        if right - left > 10 * len(str(segment.value)):
            middle = round((left + right) / 2, 1)
            elements.append(_text(middle, top + 21, str(segment.value), direction, ' text-anchor="middle"'))
    return elements


def _rect(number: int, x: float, y: int, width: float, height: int, direction: Direction) -> str:
    place = f'x="{_mirrored(x, width, direction):g}" y="{y}" width="{width:g}" height="{height}"'
    opacity = _OPACITIES[number % len(_OPACITIES)]
    return (
        f'<rect class="perspectives-bar-{number % len(_OPACITIES) + 1}" {place} fill="currentColor"'
        f' fill-opacity="{opacity}" stroke="currentColor"/>'
    )


def _text(x: float, y: int, text: str, direction: Direction, more: str = "") -> str:
    # Without its own direction a text would be laid out from the page's side, and leave the picture.
    place = f'x="{_mirrored(x, 0, direction):g}" y="{y}" font-size="14" direction="{direction}"'
    return f'<text {place} fill="currentColor"{more}>{_escaped(text)}</text>'


def _mirrored(x: float, width: float, direction: Direction) -> float:
    return x if direction == "ltr" else round(_WIDTH - x - width, 1)


def _escaped(text: str) -> str:
    return clean(text).translate(_ESCAPES)


def _lines(text: str, cells: int) -> list[str]:
    """A text in lines; of wide characters half as many fit."""
    is_wide = any(unicodedata.east_asian_width(char) in "WF" for char in text)
    return textwrap.wrap(clean(text), cells // 2 if is_wide else cells) or [""]
