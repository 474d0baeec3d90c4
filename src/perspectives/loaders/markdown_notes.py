"""The notes of a Markdown document, and what the texts of a story cite of them."""

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from attrs import frozen

from perspectives.dialect import Data, Quotes, Words, told
from perspectives.errors import Finding
from perspectives.loaders.markdown_blocks import Block
from perspectives.loaders.markdown_inline import Inline, label, read_inline
from perspectives.text import check_url, show

_ADDRESS = re.compile(r"(?:<(https?://[^\s<>]*)>|(https?://[^\s<>\"]+))(?:[ \n]+(.*))?", re.DOTALL)
_QUOTED = re.compile(r"\"(.*)\"|'(.*)'|\((.*)\)", re.DOTALL)


@frozen(kw_only=True)
class Note:
    """What a note defines: a source, or that what it bears is common knowledge (then None)."""

    label: str
    line: int
    source: Data | None
    quotes: Sequence[str]


class Findings(list[Finding]):
    """What was guessed, in the order in which it was met."""

    def say(self, code: str, message: str, line: int, hint: str) -> None:
        """Add one."""
        self.append(Finding(code=code, message=message, line=line, hint=hint))

    def say_markup(self, inline: Inline, line: int, but: int | None = None) -> None:
        """Say which markup of a text is left out; what begins at `but` is none."""
        if lost := [shown for start, shown in inline.markup if start != but]:
            more = f" and {len(lost) - 1} more" if lost[1:] else ""
            self.say(
                "markup", f"the markup {show(lost[0])}{more} is left out", line, "texts are plain; the words are kept"
            )
        for image in inline.images:
            self.say(
                "unread-text", f"the image {show(image.url)} is left out", line, "a paragraph of its own in Images"
            )

    def say_links(self, inline: Inline, line: int) -> None:
        """Say which links and marks of a text are left out, where it can have none."""
        for link in inline.links:
            message = f"the address {show(link.url)} is left out: this text has no place for one"
            self.say(
                "unread-link", message, line, "a fact, a paragraph of the context or a framing cites; an outlet links"
            )
        for mark in inline.marks:
            message = f"the mark [^{mark}] is left out: this text has no place for one"
            self.say("unread-link", message, line, "a fact, a paragraph of the context or a framing cites")

    def say_stale(self, message: str, line: int) -> None:
        """Say that a comment does not fit what stands there now."""
        self.say("stale-comment", message, line, "delete the comment, or check what was read")

    def told(self, said: Data, unseen: Data, kind: str, text: str, line: int) -> Data:
        """What a text and the comment below it tell; that the comment is on another text is a finding."""
        found, is_stale = told(said, unseen, kind, text)
        if is_stale:
            message = f"the comment below {show(text)} was written for another text, so this one is read as it stands"
            self.say_stale(message, line)
        return found

    def url(self, url: str, what: str, line: int) -> str | None:
        """An address, or None and a finding if no link may have it."""
        faults = check_url(url)
        if faults:
            message = f"the address {show(url)} of {show(what)} is dropped"
            self.say("bad-url", message, line, f"a link needs {faults[0].expected}")
        return None if faults else url


def read_notes(
    blocks: Sequence[Block], words: Words, references: Mapping[str, str], findings: Findings
) -> dict[str, Note]:
    """The notes by their labels."""
    notes: dict[str, Note] = {}
    for block in blocks:
        if block.kind != "note":
            continue
        if label(block.label) in notes:
            findings.say("duplicate-note", f"a second note [^{block.label}] is left out", block.line, "another label")
            continue
        notes[label(block.label)] = _note(block, words, references, findings)
    return notes


def _note(block: Block, words: Words, references: Mapping[str, str], findings: Findings) -> Note:
    head: list[str] = []
    quotes: list[str] = []
    archived: str | None = None
    for at, line in enumerate(line.strip(" \t") for line in block.lines):
        inline = read_inline(line, references)
        if at and len(line) > 2 and line[0] == line[-1] == '"':
            quotes.append(read_inline(line[1:-1]).text)
        elif at and inline.link and not archived:
            archived = findings.url(inline.link.url, inline.text, block.line + at)
        elif line:
            head.append(line)
    text, url = _head("\n".join(head), block.line, references, findings)
    data = dict(block.data)
    is_source = data.pop("common", None) is False
    if words.is_common_knowledge(text) and not url and not is_source:
        return Note(label=block.label, line=block.line, source=None, quotes=quotes)
    said = {"id": block.label, **({"title": text} if text else {})}
    source = findings.told(said, data, "Source", text, block.line)
    source |= {name: value for name, value in (("url", url), ("archived_url", archived)) if value}
    return Note(label=block.label, line=block.line, source=source, quotes=quotes)


def _head(text: str, line: int, references: Mapping[str, str], findings: Findings) -> tuple[str, str | None]:
    """The title and the address of a source: `<https://...> "Title"`, `[Title](https://...)` or a title."""
    if address := _ADDRESS.fullmatch(text.strip()):
        title = (address[3] or "").strip()
        quoted = _QUOTED.fullmatch(title)
        title = next((part for part in quoted.groups() if part is not None), "") if quoted else title
        inline = read_inline(title)
        findings.say_markup(inline, line)
        url = findings.url(address[1] or address[2], inline.text or "a source", line)
        return inline.text, url
    inline = read_inline(text, references)
    findings.say_markup(inline, line)
    return inline.text, findings.url(inline.links[0].url, inline.text, line) if inline.links else None


@frozen(kw_only=True)
class Citing:
    """A text that cites: the object of the model that gets the citations, and what it cites in order."""

    owner: Data
    cited: Sequence[str]
    """Labels of notes, and addresses, which are their own sources."""
    pairs: object
    """What its comment says."""
    line: int


class Citations:
    """What the texts of one story cite."""

    def __init__(self, notes: Mapping[str, Note], findings: Findings) -> None:
        self.notes = notes
        self.findings = findings
        self.texts: list[Citing] = []
        self.used: dict[str, Note] = {}
        self.by_url: dict[str | None, str] = {
            note.source["url"]: name for name, note in notes.items() if note.source and "url" in note.source
        }

    def use(self, mark: str, line: int) -> str | None:
        """The key of a mark's note, which becomes a source of the story."""
        note = self.notes.get(label(mark))
        if note is None:
            message = f"the mark [^{mark}] has no note"
            self.findings.say("no-note", message, line, f"a line '[^{mark}]: ...', best at the end")
            return None
        self.used.setdefault(label(mark), note)
        return label(mark)

    def address(self, url: str, line: int) -> str | None:
        """The key of the source that an address in a text is."""
        if url in self.by_url:
            return self.use(self.by_url[url], line)
        return self.define({"id": url, "url": url}, line)

    def define(self, source: Data, line: int) -> str:
        """A source that is no note becomes one of the story, once."""
        name = f" {source['id']}"  # no label of a note begins with a blank
        self.used.setdefault(name, Note(label=source["id"], line=line, source=source, quotes=()))
        return name

    def add(self, owner: Data, inline: Inline, data: Mapping[str, Any], line: int) -> None:
        """A text of the story, in reading order."""
        found = [self.use(mark, line) for mark in inline.marks]
        urls = (self.findings.url(link.url, inline.text[link.start : link.end], line) for link in inline.links)
        cited = [name for name in [*found, *(self.address(url, line) for url in urls if url)] if name]
        if cited or "citations" in data:
            self.texts.append(Citing(owner=owner, cited=cited, pairs=data.get("citations"), line=line))

    def settle(self) -> None:
        """Give every text its citations, and each of them the words that it is borne by."""
        quotes = Quotes({name: len(note.quotes) for name, note in self.used.items()})
        told: dict[int, list[tuple[str, int]]] = {}
        for at, text in enumerate(self.texts):
            if text.pairs is None:
                continue
            if pairs := self._pairs(text, quotes):
                told[at] = pairs
            else:
                message = "the comment on what this text cites was written for another text"
                self.findings.say_stale(message, text.line)
        for at, text in enumerate(self.texts):
            pairs = told.get(at) or [(name, (quotes.next(name) or [0])[0]) for name in dict.fromkeys(text.cited)]
            if pairs:
                text.owner["citations"] = [self._citation(name, place) for name, place in pairs]
        for name, note in self.used.items():
            for place in quotes.left(name):
                message = f"the words {show(note.quotes[place - 1])} below the note [^{note.label}] bear no text"
                self.findings.say("unread-text", message, note.line, "one mark for each of them")

    def _pairs(self, text: Citing, quotes: Quotes) -> list[tuple[str, int]]:
        """What a comment says, if it fits the marks."""
        pairs: list[tuple[str, int]] = []
        for pair in text.pairs if isinstance(text.pairs, list) else ():
            if not isinstance(pair, list) or not pair:
                return []
            name, place = label(str(pair[0])), pair[1] if pair[1:] else 0
            if type(place) is not int or name not in text.cited or (place and not quotes.claim(name, place)):
                return []
            pairs.append((name, place))
        return pairs if {name for name, _ in pairs} == set(text.cited) else []

    def _citation(self, name: str, place: int) -> Data:
        note = self.used[name]
        words = {"quote": note.quotes[place - 1]} if place else {}
        return ({"source": note.source["id"]} if note.source else {"kind": "common-knowledge"}) | words

    def sources(self, order: object) -> Iterator[Note]:
        """The notes that are sources, as first cited or in the order that a comment says."""
        notes = [note for note in self.used.values() if note.source]
        ids = [note.source["id"] for note in notes if note.source]
        if isinstance(order, list) and sorted(map(str, order)) == sorted(map(str, ids)):
            places = {id: at for at, id in enumerate(map(str, order))}
            notes.sort(key=lambda note: places[str((note.source or {})["id"])])
        return iter(notes)
