"""How long a mail may be before mail programs cut it off, and what becomes of the stories that do not fit."""

from bisect import bisect_right
from collections.abc import Callable, Iterator

from attrs import evolve

from perspectives.errors import Finding
from perspectives.model import Brief, Story
from perspectives.renderers.email_options import Overflow

BUDGET = 90_000
"""Bytes of HTML that a mail may have. Gmail shows some 102,000; what a server or a list puts in needs room too."""

Size = Callable[[Brief, int], int]
"""Bytes of the HTML for a brief of which so many stories are whole."""


def shortened(brief: Brief, whole: int) -> Brief:
    """The brief with so many stories as they are, and the others as teasers: headline, summary and a link."""
    return evolve(brief, stories=[*brief.stories[:whole], *(_teaser(story, brief) for story in brief.stories[whole:])])


def _teaser(story: Story, brief: Brief) -> Story:
    return Story(
        headline=story.headline,
        summary=story.summary,
        section=story.section,
        language=story.language,
        url=story.url or brief.url,
    )


def stories_shown(brief: Brief, total: int, overflow: Overflow, size: Size) -> tuple[int, list[Finding]]:
    """How many stories a mail has whole that would have `total` bytes, and what there is to say of that."""
    count = len(brief.stories)
    if overflow != "teaser":
        fit = _most(count, lambda first: size(evolve(brief, stories=brief.stories[:first]), first))
        return count, [_too_long(total, f"{fit} of its {count} stories fit into {BUDGET}")]
    whole = _most(count, lambda first: size(shortened(brief, first), first))
    findings = [*_shortened(brief, whole, total)]
    left = size(shortened(brief, whole), whole)
    return whole, [_too_long(left, "teasers alone do not fit"), *findings] if left > BUDGET else findings


def _most(count: int, size: Callable[[int], int]) -> int:
    """The largest number below `count` that fits; 0 where none does."""
    return max(0, bisect_right(range(count), BUDGET, key=size) - 1)


def _too_long(total: int, what: str) -> Finding:
    message = f"the HTML part has {total} bytes, and Gmail shows some 102000; {what}"
    hint = "give `overflow`: 'teaser' or 'split', or shorten it"
    return Finding(code="long-mail", message=message, hint=hint, path="overflow")


def _shortened(brief: Brief, whole: int, total: int) -> Iterator[Finding]:
    if not brief.stories:
        return
    count = len(brief.stories)
    message = f"the HTML part would have {total} bytes; {whole} of {count} stories are whole and the others teasers"
    yield Finding(code="teasers", message=message, severity="info", path="overflow")
    for index, story in enumerate(brief.stories[whole:], whole):
        if not (story.url or brief.url):
            message, hint = "the teaser of this story leads nowhere", "give the story or the brief a `url`"
            yield Finding(code="teaser-without-link", message=message, hint=hint, path=f"$.stories[{index}].url")


def pieces(brief: Brief, size: Callable[[Brief], int]) -> list[Brief]:
    """The brief as several, each of which fits where it can; read one after the other they are the whole.

    The intro is in the first, the call to action in the last.
    """
    found: list[Brief] = []
    at, count = 0, len(brief.stories)
    while at < count:
        fit = bisect_right(range(at + 1, count + 1), BUDGET, key=lambda end: size(_piece(brief, at, end)))
        found.append(_piece(brief, at, at + max(1, fit)))
        at += max(1, fit)
    return found or [brief]


def _piece(brief: Brief, start: int, end: int) -> Brief:
    return evolve(
        brief,
        stories=brief.stories[start:end],
        intro=None if start else brief.intro,
        call_to_action=brief.call_to_action if end == len(brief.stories) else None,
    )


def split(total: int, count: int) -> Finding:
    """What there is to say of a brief that became several mails."""
    message = f"the HTML part would have {total} bytes; the brief is {count} mails, the further ones in `parts`"
    return Finding(code="split-mail", message=message, severity="info", path="overflow")
