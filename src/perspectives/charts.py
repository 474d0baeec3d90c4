"""A report as a bar: SVG that can be read without colour, by people and by screen readers."""

import unicodedata
from collections.abc import Iterator, Sequence
from itertools import accumulate
from typing import Literal

from attrs import field, frozen, validators

from perspectives.model import Brief, Story
from perspectives.reports import CoverageReport, StoryBalance, balance, coverages
from perspectives.text import clean
from perspectives.wording import Wording

Direction = Literal["ltr", "rtl"]
Chart = tuple[str, tuple["Segment", ...]]
"""The title of a bar, and its parts."""

# As wide as a phone leaves it: at 280 pixels the type of 14 units is still 11.5 pixels high.
_WIDTH, _BAR, _LINE, _GAP, _SIZE = 340, 32, 20, 8, 14
_EDGE = 1
"""Room for the half of a stroke that stands outside of its rectangle."""
_MARGIN = 16
_SWATCH, _LABEL = 22, 30
"""How wide the mark of a part is in the legend, and where its label begins."""
_STRIPE = 6
# Neighbours differ; the letters tell more than three apart. None is so dark that its letter would be hard
# to read (WCAG 2.2, 1.4.3).
_SHADES = (0.3, 0.08, 0.18)
_BOUND = ("Mn", "Mc", "Me", "Cf", "Sk", "Pe", "Pf")
_ESCAPES = str.maketrans({"&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;"})


@frozen
class Segment:
    """One part of a bar: what it stands for, and how many.

    A `value` is shaded and has a letter that the legend repeats. What is no
    value looks like none: `contested` is striped, `unrated` empty and dashed.
    """

    label: str = field(validator=validators.instance_of(str))
    value: int = field(validator=[validators.instance_of(int), validators.ge(0)])
    kind: Literal["value", "contested", "unrated"] = field(
        default="value", validator=validators.in_(("value", "contested", "unrated"))
    )


def group_segments(story: StoryBalance, count: Literal["words", "outlets", "citations"]) -> tuple[Segment, ...]:
    """The groups of a story as parts of a bar, by their words, outlets or citations."""
    return tuple(Segment(group.label, getattr(group, count)) for group in story.groups)


def coverage_segments(report: CoverageReport, *, contested: str, unrated: str) -> tuple[Segment, ...]:
    """The values of a scheme as parts of a bar, and what is contested or unrated under the words given."""
    return (
        *(Segment(share.value, share.outlets) for share in report.values),
        Segment(contested, report.contested.outlets, "contested"),
        Segment(unrated, report.unrated.outlets, "unrated"),
    )


def balance_charts(story: StoryBalance, wording: Wording) -> Iterator[Chart]:
    """The bars of a story's groups: their words, their outlets and, where there is one, their citations."""
    yield wording.words, group_segments(story, "words")
    yield wording.outlet_count, group_segments(story, "outlets")
    if any(group.citations for group in story.groups):
        yield wording.citation_count, group_segments(story, "citations")


def coverage_chart(report: CoverageReport, wording: Wording) -> Chart:
    """The bar of one scheme: how many outlets have each value."""
    segments = coverage_segments(report, contested=wording.contested, unrated=wording.unrated)
    return f"{report.axis or report.scheme}: {wording.outlet_count}", segments


def story_charts(story: Story, wording: Wording) -> Iterator[Chart]:
    """The bars that stand below the groups of a story; one group by itself is not compared."""
    counted = balance(story).stories[0]
    if len(counted.groups) > 1:
        yield from balance_charts(counted, wording)


def brief_charts(brief: Brief, wording: Wording) -> Iterator[Chart]:
    """The bars that stand at the end of a brief: how its outlets are rated, in each scheme used."""
    return (coverage_chart(report, wording) for report in coverages(brief))


def bar(title: str, segments: Sequence[Segment], *, direction: Direction = "ltr") -> str:
    """A stacked bar with title and legend as one `<svg>` element, to stand in a page.

    It takes its colour and type from the text around it (`currentColor`). The
    classes `perspectives-bar-1`, `-2` … of the values, in their order, and
    `perspectives-bar-contested` and `-unrated` are there for a stylesheet.
    `direction` is that of the labels. What a reader of the picture sees is in
    `<desc>` too.
    """
    height, drawn = _drawn(title, segments, direction)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" role="img" class="perspectives-bar" {_size(height)}>\n{drawn}\n</svg>'
    )


def sheet(bars: Sequence[tuple[str, Sequence[Segment]]], *, direction: Direction = "ltr") -> str:
    """Several bars below each other as one `<svg>` element for a file: black on white paper, with a margin."""
    drawn = [_drawn(title, segments, direction) for title, segments in bars]
    tops = list(accumulate((height + 3 * _GAP for height, _ in drawn), initial=_MARGIN))
    height = max(tops[-1] - 3 * _GAP, _MARGIN) + _MARGIN
    parts = [
        f'<svg role="img" x="{_MARGIN}" y="{top}" {_size(height)}>\n{text}\n</svg>'
        for top, (height, text) in zip(tops, drawn, strict=False)
    ]
    start = (
        f'<svg xmlns="http://www.w3.org/2000/svg" class="perspectives-bar" {_size(height, _WIDTH + 2 * _MARGIN)}'
        f' color="black" font-family="sans-serif">'
    )
    return "\n".join([start, '<rect width="100%" height="100%" fill="white"/>', *parts, "</svg>"])


def _size(height: int, width: int = _WIDTH) -> str:
    return f'width="{width}" height="{height}" viewBox="0 0 {width} {height}"'


# One bar


@frozen
class _Mark:
    """What stands for one part, in the bar and in the legend."""

    name: str
    letter: str
    paint: str

    def drawn(self, x: float, y: int, width: float, height: int, direction: Direction) -> Iterator[str]:
        x = _mirrored(x, width, direction)
        place = f'x="{x:g}" y="{y}" width="{width:g}" height="{height}"'
        yield f'<rect class="perspectives-bar-{self.name}" {place} {self.paint} stroke="currentColor"/>'
        if self.name == "contested":
            yield f'<path d="{_stripes(x, y, width, height)}" fill="none" stroke="currentColor"/>'
        # Only where the letter has room.
        if self.letter and width >= 11 * len(self.letter):
            middle = round(x + width / 2, 1)
            yield _text(middle, y + height // 2 + 5, self.letter, direction, ' text-anchor="middle"')


def _marks(segments: Sequence[Segment]) -> Iterator[_Mark]:
    number = shade = 0
    for segment in segments:
        if segment.kind == "contested":
            yield _Mark("contested", "", 'fill="none"')
        elif segment.kind == "unrated":
            yield _Mark("unrated", "", 'fill="none" stroke-dasharray="4 3"')
        else:
            number += 1
            paint = f'fill="currentColor" fill-opacity="{_SHADES[shade % len(_SHADES)]}"'
            yield _Mark(str(number), _letter(number), paint)
            # What has no place in the bar is nobody's neighbour there.
            shade += bool(segment.value)


def _letter(number: int) -> str:
    """A to Z, AA to AZ, BA …: a number would be taken for a count."""
    letters = ""
    while number:
        number, rest = divmod(number - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return letters


def _drawn(title: str, segments: Sequence[Segment], direction: Direction) -> tuple[int, str]:
    """The height and the elements of one bar."""
    said = "; ".join(f"{segment.label}: {segment.value}" for segment in segments)
    heading = _lines(title, _WIDTH / 1.1)  # bold is wider
    top = len(heading) * _LINE + _GAP
    start, begin = _mirrored(0, 0, direction), _mirrored(_LABEL, 0, direction)
    elements = [
        f"<title>{_escaped(title)}</title>",
        f"<desc>{_escaped(said)}</desc>",
        *(_text(start, _LINE * at + 15, line, direction, ' font-weight="bold"') for at, line in enumerate(heading)),
        *_bar(segments, top, direction),
    ]
    bottom = top + _BAR + _GAP
    digits = max((len(str(segment.value)) for segment in segments), default=0)
    for segment, mark in zip(segments, _marks(segments), strict=True):
        lines = _lines(segment.label, _WIDTH - _LABEL - 9 * digits - _GAP)
        elements += mark.drawn(_EDGE, bottom + 1, _SWATCH, 18, direction)
        elements += [_text(begin, bottom + 15 + _LINE * at, line, direction) for at, line in enumerate(lines)]
        elements.append(_text(_WIDTH - start, bottom + 15, str(segment.value), direction, ' text-anchor="end"'))
        bottom += len(lines) * _LINE + 4
    return bottom, "\n".join(elements)


def _bar(segments: Sequence[Segment], top: int, direction: Direction) -> Iterator[str]:
    total = sum(segment.value for segment in segments)
    ends = list(accumulate((segment.value for segment in segments), initial=0))
    for number, (segment, mark) in enumerate(zip(segments, _marks(segments), strict=True)):
        if segment.value:
            left, right = (round(_EDGE + (_WIDTH - 2 * _EDGE) * end / total, 1) for end in ends[number : number + 2])
            yield from mark.drawn(left, top, round(right - left, 1), _BAR, direction)


def _stripes(x: float, y: int, width: float, height: int) -> str:
    """Lines that rise through a rectangle, each cut at its sides: no pattern, which would need an id."""
    cuts = range(_STRIPE, int(width) + height, _STRIPE)
    return "".join(
        f"M{x + max(0, cut - height):g} {y + min(cut, height)}L{x + min(cut, width):g} {y + max(0, cut - width):g}"
        for cut in cuts
    )


def _text(x: float, y: int, text: str, direction: Direction, more: str = "") -> str:
    # Without its own direction a text would be laid out from the page's side, and leave the picture.
    place = f'x="{x:g}" y="{y}" font-size="{_SIZE}" direction="{direction}"'
    return f'<text {place} fill="currentColor"{more}>{_escaped(text)}</text>'


def _mirrored(x: float, width: float, direction: Direction) -> float:
    return x if direction == "ltr" else round(_WIDTH - x - width, 1)


def _escaped(text: str) -> str:
    return clean(text).translate(_ESCAPES)


# Lines of text, since SVG breaks none


def _lines(text: str, room: float) -> list[str]:
    """A text in lines: broken at spaces, and within a word that is too long for a line or of wide signs."""
    lines = [""]
    for word in clean(text).split():
        is_wide = any(map(_is_wide, word))
        is_long = _width(word) > room
        if is_long and not is_wide and lines[-1]:
            lines.append("")
        joint = " "
        for part in _clusters(word) if is_long or is_wide else [word]:
            joined = lines[-1] + joint + part if lines[-1] else part
            if lines[-1] and _width(joined) > room:
                lines.append(part)
            else:
                lines[-1] = joined
            joint = ""
    return lines


def _clusters(word: str) -> Iterator[str]:
    """The signs of a word, each with what must not begin a line: marks, joined emoji, closing punctuation."""
    held = ""
    for char in word:
        if held and (unicodedata.category(char) in _BOUND or char in "、。，．：；！？" or held[-1] == "\u200d"):
            held += char
        else:
            yield from [held] if held else []
            held = char
    yield held


def _width(text: str) -> float:
    """About how wide a text is in a sans-serif of 14 units, and rather too much: fonts differ."""
    # What is joined to an emoji is drawn in its place.
    return sum(_advance(char) for before, char in zip(" " + text, text, strict=False) if before != "\u200d")


def _advance(char: str) -> float:
    if unicodedata.category(char) in ("Mn", "Me", "Cf"):
        return 0
    if unicodedata.category(char) == "So":  # emoji
        return 1.25 * _SIZE
    if _is_wide(char):
        return _SIZE
    return (0.9 if char in "mwMW@%—…" else 0.75 if char.isupper() else 0.6) * _SIZE


def _is_wide(char: str) -> bool:
    return unicodedata.east_asian_width(char) in "WF"
