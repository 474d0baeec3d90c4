"""A brief from plain text in the layout of the seed: blocks between blank lines.

    [title, underlined with ===   [date]  [intro]   ***]
    ( [section]  headline  [place, dates]  [summary]
      Focusing Facts   numbered lines
      Context          paragraphs
      Perspectives     (label, outlets, framing, [critique])*
      Go Deeper        links
      Sources          [1] lines )*
    [call to action]   [— publisher]

The headings may be in any shipped language, and each part may be absent. The
text renderer writes a line of `***` between stories and before what follows
them. A page that was copied has none, and may hold outlets, framing and
critique of a group in one block, the last outlet glued to the first word.
Whatever is guessed is a finding.
"""

import datetime as dt
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import pairwise
from typing import Any, Literal, NoReturn, TypeVar

import attrs
from attrs import field, frozen

from perspectives.errors import Fault, Finding, LoadError, ModelError
from perspectives.loaders.group import MAX_WORDS_IN_NAME, Outlets, is_prose, read_outlets, sentences
from perspectives.model import (
    Brief,
    CallToAction,
    Citation,
    Context,
    Fact,
    Link,
    Outlet,
    PerspectiveGroup,
    Publisher,
    Source,
    Story,
    Wording,
)
from perspectives.plugin import Confidence, Input, Loaded, Loader, LoaderInfo, LoadTools, loaders
from perspectives.text import check_url, clean, show

T = TypeVar("T")

_RULE = re.compile(r"(?:\*[ ]?){3,}|-{3,}|_{3,}")
_UNDERLINE = re.compile(r"={3,}")
_ITEM = re.compile(r"(\s*)(?:(\d{1,3})[.)]|[-*•])\s+(\S.*)")
_LINK = re.compile(r"(.*\S)\s+<([^\s<>]+)>")
_NOTE = re.compile(r"\[(\d+)\]\s+(\S.*)")
_MARK = re.compile(r"\[\d+\]")
_HEADINGS = ("facts", "context", "perspectives", "go_deeper", "sources")
_NONE = "—"
"""What the text renderer prints where a group names no outlet."""


@frozen(kw_only=True)
class TextOptions:
    """How a text is read."""

    repair: Literal["report", "off", "strict"] = field(
        default="report",
        metadata={
            "help": "outlets glued to the text: report = split and say so, off = keep them with the framing,"
            " strict = refuse"
        },
    )


class TextLoader:
    """Reads a brief that was copied from a page, and what the text renderer writes."""

    info: LoaderInfo = LoaderInfo(
        name="text",
        summary="Plain text in the layout of a newsletter",
        media_types=("text/plain",),
        extensions=(".txt",),
    )
    options_class: type[TextOptions] = TextOptions

    def sniff(self, input: Input, /) -> Confidence:
        """Possible where a line is one of the headings."""
        lines = {_key(clean(line)) for line in input.head.decode("utf-8", "replace").splitlines()}
        words = {_key(word) for wording in LoadTools().wordings for word in (wording.facts, wording.perspectives)}
        return Confidence.POSSIBLE if lines & words else Confidence.NO

    def load(self, input: Input, options: TextOptions, tools: LoadTools, /) -> Loaded:
        """The brief. Raises `LoadError` with the line of what cannot be read."""
        return _Reader(list(_blocks(input.text)), options, tools).read()


@loaders
def perspectives_loaders() -> list[Loader[TextOptions]]:
    """The text loader."""
    return [TextLoader()]


@frozen
class _Block:
    """The lines between two blank ones; `line` is the number of the first, from 1."""

    line: int
    lines: tuple[str, ...]
    text: str = field(init=False, default=attrs.Factory(lambda self: clean("\n".join(self.lines)), takes_self=True))


def _blocks(text: str) -> Iterator[_Block]:
    first, lines = 1, list[str]()
    for number, line in enumerate([*re.split(r"\r\n|\r|\n", text), ""], 1):
        if clean(line):
            first = first if lines else number
            lines.append(line)
        elif lines:
            yield _Block(first, tuple(lines))
            lines = []


def _key(word: str) -> str:
    """A heading as it is compared: without case, and without a colon at its end."""
    return word.casefold().rstrip(": ")


def _refuse(code: str, message: str, line: int, expected: str) -> NoReturn:
    raise LoadError(Fault(code=code, message=message, line=line, expected=expected))


class _Reader:
    """One pass over the blocks of a text; `at` is the next one to read."""

    def __init__(self, blocks: Sequence[_Block], options: TextOptions, tools: LoadTools) -> None:
        self.repair = options.repair
        self.known = tools.outlets.names
        self.wording = _wording(blocks, tools.wordings)
        self.headings = {_key(getattr(self.wording, name)): name for name in _HEADINGS}
        self.blocks = [part for block in blocks for part in self._parted(block)]
        self.has_rules = any(map(_is_rule, self.blocks))
        self.at = 0
        self.section: str | None = None
        self.findings: list[Finding] = []
        # The headings say which language it is; English is printed where nothing else is said.
        self.language = tools.language or (self.wording.language if self.wording.language != "en" else None)

    def read(self) -> Loaded:
        values = self._masthead()
        stories: list[Story] = []
        while self._next(self._is_heading) < len(self.blocks):
            stories.append(self._story())
        chunks = list(self._chunks())
        if chunks and chunks[-1][0].text.startswith("— "):
            values["publisher"] = _publisher(chunks.pop())
        stories += [self._story() for _ in chunks[:-1]]
        if chunks:
            values["call_to_action"] = _call_to_action(chunks[-1])
        return Loaded(brief=Brief(stories=stories, language=self.language, **values), findings=tuple(self.findings))

    def _parted(self, block: _Block) -> Iterator[_Block]:
        """A heading that stands directly over its text is a block of its own."""
        if len(block.lines) > 1 and _key(clean(block.lines[0])) in self.headings:
            yield _Block(block.line, block.lines[:1])
            yield _Block(block.line + 1, block.lines[1:])
        else:
            yield block

    def _heading(self, block: _Block) -> str | None:
        return self.headings.get(_key(block.text)) if len(block.lines) == 1 else None

    def _is_heading(self, block: _Block) -> bool:
        return self._heading(block) is not None

    def _is_loose_link(self, block: _Block) -> bool:
        """Such as `Go Deeper on Perplexity`: the heading and the link in one."""
        return block.text.casefold().startswith(_key(self.wording.go_deeper) + " ")

    def _next(self, test: Callable[[_Block], bool], start: int | None = None) -> int:
        """The position of the next block that passes, or the end."""
        begin = self.at if start is None else start
        return next((at for at in range(begin, len(self.blocks)) if test(self.blocks[at])), len(self.blocks))

    def _is_end(self, block: _Block) -> bool:
        return _is_rule(block) or self._is_heading(block)

    def _take(self, end: int) -> list[_Block]:
        taken = list(self.blocks[self.at : end])
        self.at = end
        return taken

    def _chunks(self) -> Iterator[list[_Block]]:
        """What is left, parted by the rules; the reader stands before it."""
        chunk: list[_Block] = []
        for block in [*self.blocks[self.at :], None]:
            if block is not None and not _is_rule(block):
                chunk.append(block)
            elif chunk:
                yield chunk
                chunk = []

    def _masthead(self) -> dict[str, Any]:
        """Title, date and intro of the brief, where the first block is underlined."""
        first = self.blocks[0]
        if not _UNDERLINE.fullmatch(first.lines[-1].strip()):
            return {}
        values: dict[str, Any] = {"title": clean("\n".join(first.lines[:-1])) or None}
        self.at = 1
        end = self._next(self._is_end)
        rest = self._take(end) if end == len(self.blocks) or _is_rule(self.blocks[end]) else []
        if rest and (date := _date(rest[0].text)):
            values["date"], rest = date, rest[1:]
        if len(rest) > 1:
            _refuse("too-many-blocks", "a second paragraph before the stories", rest[1].line, "one paragraph of intro")
        return values | {"intro": rest[0].text if rest else None}

    def _story(self) -> Story:
        self.at = self._next(lambda block: not _is_rule(block))
        line = self.blocks[self.at].line
        values: dict[str, Any] = self._head(self._take(self._next(self._is_end)), line)
        while self.at < len(self.blocks) and (name := self._heading(self.blocks[self.at])) and name not in values:
            self.at += 1
            values[name] = getattr(self, f"_read_{name}")(values)
        links = values.pop("go_deeper", [])
        while self.at < len(self.blocks) and self._is_loose_link(self.blocks[self.at]):
            links += [_link(block, "go-deeper") for block in self._take(self.at + 1)]
        return _built(line, Story, **_cited(values), links=links)

    def _head(self, blocks: list[_Block], line: int) -> dict[str, Any]:
        """Section, headline and summary; the section stands until the next one."""
        values: dict[str, Any] = {}
        texts = [block for block in blocks if not _read_dateline(block.text, self.wording, values)]
        if not texts:
            _refuse("no-headline", "a story without a headline", line, "a headline before this line")
        if len(texts) > 3:
            _refuse(
                "too-many-blocks",
                f"{len(texts)} blocks before the first heading of a story",
                texts[3].line,
                "section, headline and summary at most, or a line '***' before the story",
            )
        if len(texts) == 3:
            self.section = texts.pop(0).text
        values |= {"section": self.section, "headline": texts[0].text}
        return values | {"summary": texts[1].text if texts[1:] else None}

    def _read_facts(self, _: Mapping[str, Any]) -> list[Fact]:
        facts: list[tuple[int, list[str]]] = []
        margin = None
        while self.at < len(self.blocks) and (_ITEM.match(self.blocks[self.at].lines[0])):
            block = self._take(self.at + 1)[0]
            for line, text in enumerate(block.lines, block.line):
                item = _ITEM.fullmatch(text)
                margin = len(item[1]) if item and margin is None else margin
                # A line further in goes on with the fact, though it may begin with a number ("15. August").
                if item and len(item[1]) <= (margin or 0):
                    facts.append((line, [item[3]]))
                    self._check_number(item[2], len(facts), line)
                else:
                    facts[-1][1].append(text)
        if not facts:
            line = self.blocks[min(self.at, len(self.blocks)) - 1].line
            _refuse("no-facts", f"no numbered line under {self.wording.facts!r}", line, "lines like '1. ...'")
        return [_built(line, Fact, text=clean("\n".join(lines))) for line, lines in facts]

    def _check_number(self, printed: str | None, number: int, line: int) -> None:
        if printed is not None and int(printed) != number:
            message = f"fact {number} is printed with the number {printed}"
            self._found("fact-number", message, line, "numbers are counted, not kept")

    def _read_context(self, _: Mapping[str, Any]) -> Context:
        line = self.blocks[self.at - 1].line
        end = self._next(self._is_end)
        if end < len(self.blocks) and self._heading(self.blocks[end]) in ("facts", "context"):
            _refuse("no-boundary", "the context runs into the next story", line, "a line '***' between the stories")
        return _built(line, Context, paragraphs=[block.text for block in self._take(end)])

    def _read_perspectives(self, _: Mapping[str, Any]) -> list[PerspectiveGroup]:
        end = self._next(self._is_end)
        starts = [at for at in range(self.at, end - 1) if self._lead(self.blocks[at + 1])]
        if not starts or starts[0] != self.at:
            line = self.blocks[min(self.at, len(self.blocks) - 1)].line
            _refuse(
                "no-outlets",
                "a group without its outlets",
                line,
                f"a label, then a block that begins {self.wording.for_example!r} or {self.wording.outlets!r}",
            )
        bodies = [self.blocks[start + 1 : stop] for start, stop in pairwise(starts)]
        last = self.blocks[starts[-1] + 1 : end]
        bodies.append(last[: self._length(last, end, bodies)])
        self.at = starts[-1] + 1 + len(bodies[-1])
        return [self._group(self.blocks[start], body) for start, body in zip(starts, bodies, strict=True)]

    def _length(self, last: list[_Block], end: int, others: list[list[_Block]]) -> int:
        """How many of the blocks behind the last label are its group's."""
        links = [index for index, block in enumerate(last) if self._is_loose_link(block)]
        if links:
            return links[0]
        is_open = end == len(self.blocks) and not self.has_rules
        is_followed = end < len(self.blocks) and self._heading(self.blocks[end]) == "facts"
        if not (is_open or is_followed):
            return len(last)
        if self._outlets(last[0]).prose:
            return 1
        has_critique = all(len(body) > 2 for body in others)
        length = min(len(last), 3 if has_critique else 2)
        if is_followed:  # one to three blocks are the head of the next story
            length = max(min(length, len(last) - 1), len(last) - 3)
        if length < len(last):
            message = f"the last group is taken to end before {show(last[length].text)}"
            self._found("group-end", message, last[length].line, "a line '***' there says so")
        return length

    def _lead(self, block: _Block) -> str | None:
        """The words before outlets with which a block begins."""
        for word in (self.wording.for_example, self.wording.outlets):
            if match := re.match(rf"{re.escape(word.rstrip(',:，، '))}[,:،，]*(?:\s|$)", block.text, re.IGNORECASE):
                return match[0]
        return None

    def _outlets(self, block: _Block) -> Outlets:
        text = block.text[len(self._lead(block) or "") :]
        if text == _NONE:
            return Outlets(names=())
        outlets = read_outlets(text, self.known)
        # A list of names may look glued; prose ends like a sentence.
        return outlets if is_prose(text) or not outlets.prose else read_outlets(text, self.known | {text})

    def _group(self, label: _Block, body: list[_Block]) -> PerspectiveGroup:
        first = body[0]
        outlets = self._outlets(first) if len(body) < 3 else self._plain(first)
        if outlets.prose and self.repair != "report":
            outlets = self._unrepaired(first, outlets)
        elif outlets.prose:
            glued = outlets.names[-1] + outlets.prose.split()[0]
            message = f"{show(glued)} is split after {show(outlets.names[-1])} ({outlets.rule})"
            self._found("glued-outlet", message, first.line, "check the name")
        paragraphs = [*([outlets.prose] if outlets.prose else []), *(block.text for block in body[1:])]
        if len(paragraphs) > 2:
            _refuse("too-many-blocks", "a third paragraph in a group", body[3].line, "framing and critique, or a label")
        if not paragraphs:
            _refuse("no-framing", f"the group {show(label.text)} has no framing", first.line, "a paragraph below it")
        if outlets.prose and len(paragraphs) == 1:
            paragraphs = self._parted_prose(outlets.prose, first.line)
        lead = _key(self._lead(first) or "")
        return _built(
            label.line,
            PerspectiveGroup,
            label=label.text,
            framing=paragraphs[0],
            critique=paragraphs[1] if len(paragraphs) > 1 else None,
            outlets=[self._outlet(name, first.line) for name in outlets.names],
            exhaustive=lead == _key(self.wording.outlets) and bool(outlets.names),
        )

    def _plain(self, block: _Block) -> Outlets:
        """The names of a block that has framing and critique behind it, so that nothing can be glued to it."""
        text = block.text[len(self._lead(block) or "") :]
        names = [] if text == _NONE else re.split(r"(?<!\\)[,،、，]", text)
        return Outlets(names=tuple(name.replace("\\,", ",").strip() for name in names if name.strip()))

    def _unrepaired(self, block: _Block, outlets: Outlets) -> Outlets:
        if self.repair == "strict":
            message = f"an outlet is glued to the text: {show(outlets.names[-1] + outlets.prose[:20])}"
            _refuse("glued-outlet", message, block.line, "the outlets in a block of their own")
        return Outlets(names=(), prose=block.text)

    def _outlet(self, name: str, line: int) -> Outlet:
        if len(name.split()) > MAX_WORDS_IN_NAME:
            _refuse("no-boundary", f"{show(name)} is no outlet", line, "the outlets in a block of their own")
        return _built(line, Outlet, name=name)

    def _parted_prose(self, prose: str, line: int) -> list[str]:
        """The first sentence frames, the others criticise."""
        found = sentences(prose)
        if len(found) > 2:
            message = f"{len(found)} sentences: the first is taken for the framing, the others for the critique"
            self._found("long-body", message, line, "check where the critique begins")
        return [found[0], prose[len(found[0]) :].strip()] if len(found) > 1 else found

    def _read_go_deeper(self, _: Mapping[str, Any]) -> list[Link]:
        line = self.blocks[self.at - 1].line
        end = self._next(self._is_end)
        if end < len(self.blocks) and self._heading(self.blocks[end]) == "facts":
            _refuse("no-boundary", "the links run into the next story", line, "a line '***' between the stories")
        return [_link(block, "go-deeper") for block in self._take(end)]

    def _read_sources(self, _: Mapping[str, Any]) -> list[Source]:
        sources: list[Source] = []
        for block in self._take(self._next(self._is_end)):
            note = _NOTE.fullmatch(block.text)
            if note is None:
                self._found("unread-text", f"{show(block.text)} is no source", block.line, "lines like '[1] ...'")
                continue
            label, url = _label_and_url(note[2])
            sources.append(_built(block.line, Source, id=note[1], title=label, url=url))
        return sources

    def _found(self, code: str, message: str, line: int, hint: str) -> None:
        self.findings.append(Finding(code=code, message=message, line=line, hint=hint))


def _is_rule(block: _Block) -> bool:
    return bool(_RULE.fullmatch(block.text))


def _wording(blocks: Sequence[_Block], wordings: Sequence[Wording]) -> Wording:
    """The words of the language in which most of the headings stand."""
    if not blocks:
        _refuse("empty", "there is no text", 1, "a brief")
    lines = {_key(clean(block.lines[0])) for block in blocks}
    scores = [sum(_key(getattr(wording, name)) in lines for name in _HEADINGS[:3]) for wording in wordings]
    if not any(scores):
        names = ", ".join(repr(getattr(wordings[0], name)) for name in _HEADINGS[:3])
        _refuse("not-brief", "this is no brief: it has none of the headings", 1, f"a line that says {names}")
    return wordings[scores.index(max(scores))]


def _built(line: int, cls: Callable[..., T], **values: Any) -> T:
    """An object of the model; what the model refuses is a fault of this line."""
    try:
        return cls(**values)
    except ModelError as error:
        raise LoadError([attrs.evolve(fault, line=line) for fault in error.faults]) from error


def _date(text: str) -> dt.date | None:
    try:
        return dt.date.fromisoformat(text) if re.fullmatch(r"\d{4}-\d\d-\d\d", text) else None
    except ValueError:
        return None


def _read_dateline(text: str, wording: Wording, values: dict[str, Any]) -> bool:
    """Whether this is a line that says where or when; if so, it goes into `values`."""
    if date := _date(text):
        values["date"] = date
        return True
    label, _, rest = text.partition(": ")
    if label == wording.place and rest:
        values["place"] = rest
        return True
    name = {wording.published: "published", wording.updated: "updated"}.get(label)
    try:
        moment = dt.datetime.fromisoformat(rest) if name else None
    except ValueError:
        moment = None
    if name is None or moment is None or moment.tzinfo is None:
        return False
    values[name] = moment
    return True


def _label_and_url(text: str) -> tuple[str, str | None]:
    match = _LINK.fullmatch(text)
    return (match[1], match[2]) if match and not check_url(match[2]) else (text, None)


def _link(block: _Block, rel: str) -> Link:
    label, href = _label_and_url(block.text)
    return _built(block.line, Link, rel=rel, label=label, href=href)


def _cited(values: dict[str, Any]) -> dict[str, Any]:
    """The facts with the marks behind them as citations, where the story lists its sources."""
    ids = {source.id for source in values.get("sources", ())}

    def cite(fact: Fact) -> Fact:
        text, cited = _unmarked(fact.text)
        if not cited or not text or not set(cited) <= ids:
            return fact
        return attrs.evolve(fact, text=text, citations=[Citation(source=id) for id in cited])

    return values | {"facts": [cite(fact) for fact in values.get("facts", ())]}


def _unmarked(text: str) -> tuple[str, list[str]]:
    """A text without the marks behind it, and their numbers in order."""
    marks: list[str] = []
    while text.endswith("]") and _MARK.fullmatch(text, start := text.rfind("[")):
        marks.insert(0, text[start + 1 : -1])
        text = text[:start]
    return text.strip(), marks


def _call_to_action(blocks: list[_Block]) -> CallToAction:
    """Headline first, assurance last; a link at the end is the button."""
    label, href = _label_and_url(blocks[-1].text)
    texts = [block.text for block in (blocks[:-1] if href else blocks)]
    return _built(
        blocks[0].line,
        CallToAction,
        headline=texts[0] if texts else None,
        body=texts[1:2] if len(texts) == 2 else texts[1:-1],
        assurance=texts[-1] if len(texts) > 2 else None,
        label=label if href else None,
        href=href,
    )


def _publisher(blocks: list[_Block]) -> Publisher:
    name, url = _label_and_url(blocks[0].text.removeprefix("— "))
    values: dict[str, Any] = {"email" if "@" in block.text else "postal_address": block.text for block in blocks[1:]}
    return _built(blocks[0].line, Publisher, name=name, url=url, **values)
