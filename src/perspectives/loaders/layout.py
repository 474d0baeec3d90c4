"""The layout of a brief in plain text: blocks between blank lines, and the words that tell what they are."""

import datetime as dt
import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any, NoReturn, TypeVar

import attrs
from attrs import field, frozen

from perspectives import fields
from perspectives.catalogue import COLONS, COMMAS, composed, key
from perspectives.errors import Fault, Finding, LoadError, ModelError
from perspectives.limits import first_faults
from perspectives.text import check_url, clean, show
from perspectives.wording import Wording

T = TypeVar("T")

HEADINGS = ("facts", "context", "perspectives", "go_deeper", "sources")
DETAILS = ("quotes", "timeline", "questions", "images", "subjects", "corrections")
UNREAD = ("blocks", "about_outlets", "provenance", "schemes")
"""Headings of parts that the text renderer prints, and that do not say enough to be read back."""
ITEM = re.compile(r"(\s*)(?:(\d{1,9})[.)]|[-*•])\s+(\S.*)")
"""A line of a list: its indent, its number where it has one, its text."""
BULLET = re.compile(r"\s*[-*•]\s+(\S.*)")
"""A line of a list whose texts may begin with an ordinal: `- 3. März 2026: ...`."""
_BREAK = re.compile(r"\r\n|\r|\n")
_RULE = re.compile(r"(?:\*[ ]?){3,}|-{3,}|_{3,}")
_UNDERLINE = re.compile(r"\s*={3,}\s*")
_ADDRESS = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:[^\s<>]*")


@frozen
class Block:
    """The lines between two blank ones; `line` is the number of the first, from 1."""

    line: int
    lines: tuple[str, ...]
    text: str = field(init=False, default=attrs.Factory(lambda self: clean("\n".join(self.lines)), takes_self=True))

    @property
    def is_rule(self) -> bool:
        """Whether it parts stories: `***`, `---` or `___`."""
        return bool(_RULE.fullmatch(self.text))

    @property
    def is_underlined(self) -> bool:
        """Whether its last line is `===`: the title of the brief."""
        return bool(_UNDERLINE.fullmatch(self.lines[-1]))


def blocks(text: str) -> Iterator[Block]:
    """The blocks of a text with line ends of any system."""
    first, lines = 1, list[str]()
    for number, line in enumerate([*_BREAK.split(text), ""], 1):
        if clean(line):
            first = first if lines else number
            lines.append(line)
        elif lines:
            yield Block(first, tuple(lines))
            lines = []


def wording_of_text(found: Sequence[Block], wordings: Sequence[Wording]) -> Wording:
    """The words of the language in which most of the headings stand. Raises `LoadError` where none does."""
    if not found:
        refuse("empty", "there is no text", 1, "a brief")
    lines = {key(text) for block in found for text in (block.text, clean(block.lines[0]))}
    scores = [sum(key(getattr(wording, name)) in lines for name in HEADINGS[:3]) for wording in wordings]
    if not any(scores):
        names = ", ".join(repr(getattr(wordings[0], name)) for name in HEADINGS[:3])
        others = f", or the same in one of {len(wordings) - 1} other languages" if wordings[1:] else ""
        refuse("not-brief", "this is no brief: it has none of the headings", 1, f"a line that says {names}{others}")
    return wordings[scores.index(max(scores))]


class Words:
    """What the printed words of one language say about a block."""

    def __init__(self, wording: Wording) -> None:
        self.wording = wording
        self._headings = {key(getattr(wording, name)): name for name in (*HEADINGS, *DETAILS, *UNREAD)}
        self._leads = [(_lead_pattern(wording.for_example), False), (_lead_pattern(wording.outlets), True)]
        self._moments = {wording.published: "published", wording.updated: "updated"}
        self._statuses = {getattr(wording, name): name for name in ("confirmed", "disputed", "retracted")}

    def heading(self, block: Block) -> str | None:
        """Which heading this is, as its field in `Wording`."""
        return self._headings.get(key(block.text))

    def parted(self, block: Block) -> Iterator[Block]:
        """A heading that stands directly over its text as a block of its own."""
        if len(block.lines) > 1 and key(clean(block.lines[0])) in self._headings and not block.is_underlined:
            yield Block(block.line, block.lines[:1])
            yield Block(block.line + 1, block.lines[1:])
        else:
            yield block

    def hidden_headings(self, block: Block) -> Iterator[Finding]:
        """The lines within a block that would be headings between blank lines."""
        for number, line in enumerate(block.lines[1:], block.line + 1):
            if key(clean(line)) in self._headings:
                message = f"{clean(line)!r} goes on a paragraph, so it is taken for text"
                yield Finding(code="hidden-heading", message=message, line=number, hint="put a blank line before it")

    def is_common_knowledge(self, text: str) -> bool:
        """Whether a note says that what it bears needs no source."""
        return composed(text) == composed(self.wording.common_knowledge)

    def is_loose_link(self, block: Block) -> bool:
        """Such as `Go Deeper on Perplexity`: the heading and the link in one."""
        return key(block.text).startswith(key(self.wording.go_deeper) + " ")

    def is_remark(self, text: str) -> bool:
        """Whether a text is what renderers say of a group, or of all of them, and not a text of the brief."""
        words = self.wording
        return text == words.unreviewed or text.startswith(f"{words.position}: ")

    def lead(self, text: str) -> tuple[str, bool] | None:
        """What stands behind `e.g.,` or `Outlets:`, and whether these are all; None where neither begins the text."""
        matches = ((pattern.match(text), are_all) for pattern, are_all in self._leads)
        return next(((text[match.end() :], are_all) for match, are_all in matches if match), None)

    def dateline(self, text: str) -> tuple[str, Any] | None:
        """The field of the story that a line such as `Place: Anchorage` fills, and its value."""
        if date := read_date(text):
            return "date", date
        label, _, rest = text.partition(": ")
        label = composed(label)
        if label == self.wording.place and rest:
            return "place", rest
        moment = _read_moment(rest) if label in self._moments else None
        return (self._moments[label], moment) if moment else None

    def status(self, text: str) -> tuple[str, str]:
        """The text of a fact without the word for its status, and the status."""
        label, _, rest = text.partition(": ")
        label = composed(label)
        return (rest.strip(), self._statuses[label]) if label in self._statuses and rest else (text, "reported")


def _lead_pattern(word: str) -> re.Pattern[str]:
    """`e.g.` needs no comma, but `Outlets` without its colon is a sentence's first word."""
    forms = (unicodedata.normalize(form, word.rstrip(COMMAS + COLONS)) for form in ("NFC", "NFD"))
    stem = "|".join(r"\s*".join(map(re.escape, form.split())) for form in forms)
    behind = rf"\s*[{COLONS}]" if word.endswith(tuple(COLONS)) else rf"(?:[{COMMAS}{COLONS}]+|(?=\s)|$)"
    return re.compile(rf"(?:{stem}){behind}\s*", re.IGNORECASE)


def read_date(text: str) -> dt.date | None:
    """The date that a text is, YYYY-MM-DD."""
    date = fields.read_date(text)
    return date if isinstance(date, dt.date) else None


def _read_moment(text: str) -> dt.datetime | None:
    try:
        moment = dt.datetime.fromisoformat(text)
    except ValueError:
        return None
    # Only what prints the same is taken out of the text, so that nothing gets lost.
    return moment if moment.tzinfo and moment.isoformat() == text else None


def read_link(text: str, line: int, findings: list[Finding]) -> tuple[str, str | None]:
    """`Label <https://...>` in its parts. An address that no link may have is dropped, and a finding says so."""
    label, _, url = text.removesuffix(">").rpartition("<")
    if not (text.endswith(">") and label[-1:].isspace() and label.strip() and _ADDRESS.fullmatch(url)):
        return text, None
    if faults := check_url(url):
        message = f"the address {url!r} of {label.strip()!r} is dropped"
        findings.append(Finding(code="bad-url", message=message, line=line, hint=f"a link needs {faults[0].expected}"))
    return label.strip(), None if faults else url


def refuse(code: str, message: str, line: int, expected: str) -> NoReturn:
    """Raise the `LoadError` of one line."""
    raise LoadError(Fault(code=code, message=message, line=line, expected=expected))


def refuse_twice(what: str, found: Iterable[tuple[str, int]]) -> None:
    """Refuse the second of two equal texts, each given with its line."""
    seen: set[str] = set()
    for text, line in found:
        if text in seen:
            refuse("duplicate", f"the {what} {show(text)} occurs twice", line, f"each {what} once in a story")
        seen.add(text)


def built(line: int, cls: Callable[..., T], **values: Any) -> T:
    """An object of the model; what the model refuses is a fault of this line."""
    try:
        return cls(**values)
    except ModelError as error:
        raise LoadError([attrs.evolve(fault, line=line) for fault in first_faults(error.faults)]) from error
