"""One story in our markup."""

from collections.abc import Callable
from typing import Any

from perspectives.dialect import read_kind
from perspectives.loaders.html_document import Mark
from perspectives.loaders.html_notes import Notes
from perspectives.loaders.html_outlets import Outlets, Scales
from perspectives.loaders.html_texts import Data, Texts, present, read_image, read_provenance

_KINDS = frozenset(["background", "precedent", "outlook"])
_STATUSES = ("confirmed", "disputed", "retracted")
_TOLD = frozenset(
    "headline place date published updated summary image fact paragraph group quote paraphrase event question answer"
    " block item link source about-outlet subject correction provenance story".split()
)
_LISTS = {
    "image": "images", "fact": "facts", "group": "perspectives", "quote": "quotes", "paraphrase": "quotes",
    "event": "timeline", "question": "questions", "block": "blocks", "link": "links", "subject": "subjects",
    "correction": "corrections",
}  # fmt: skip


def section_of(mark: Mark) -> str | None:
    """The section that a story names."""
    for child in mark.element.children:
        attr = getattr(child, "attr", None)
        if attr and attr("itemprop") == "articleSection" and (section := attr("content")):
            return str(section)
    return None


class StoryReader:
    """Reads one story."""

    def __init__(self, texts: Texts, scales: Scales, path: str) -> None:
        self.texts = texts
        self.scales = scales
        self.path = path
        self.nested: list[Mark] = []
        self.values: Data = {}

    def read(self, mark: Mark, section: str | None) -> Data:
        """The story as JSON has it."""
        texts = self.texts
        texts.at(self.path, mark)
        found = list(mark.within(_TOLD))
        self.notes: Notes = Notes(texts, [part for name, part in found if name == "source"], self.path)
        self.outlets: Outlets = Outlets(texts, self.scales, [part for name, part in found if name == "about-outlet"])
        readers: dict[str, Callable[[Mark], Any]] = {
            "headline": self._headline,
            "place": texts.take,
            "date": texts.date,
            "published": texts.moment,
            "updated": texts.moment,
            "summary": texts.take,
            "provenance": lambda part: read_provenance(texts, part),
        }
        lists: dict[str, Callable[[Mark, str], Any]] = {
            "image": lambda part, path: read_image(texts, part),
            "fact": self._fact,
            "group": self._group,
            "quote": self._quote,
            "paraphrase": self._quote,
            "event": self._event,
            "question": self._question,
            "block": self._block,
            "link": self._link,
            "subject": self._subject,
            "correction": self._correction,
        }
        for name, part in found:
            if name in readers:
                texts.at(f"{self.path}.{name}", part)
                texts.once(self.values, name, part, readers[name])
            elif name in lists:
                self._append(_LISTS[name], part, lists[name])
            elif name == "paragraph":
                self._paragraph(part)
            elif name in ("answer", "item"):
                self._below(name, part)
            elif name == "story":
                self.nested.append(part)
        self.outlets.settle()
        language = mark.attribute("lang")
        return present(
            self.values
            | {
                "section": section,
                "language": texts.language(language, mark) if language else None,
                "sources": self.notes.settle(),
            }
        )

    def _append(self, name: str, mark: Mark, read: Callable[[Mark, str], Any]) -> None:
        """Add an item to a list of the story."""
        items = self.values.setdefault(name, [])
        path = f"{name}[{len(items)}]"
        self.texts.at(f"{self.path}.{path}", mark)
        if (value := read(mark, path)) is not None:
            items.append(value)

    def _headline(self, mark: Mark) -> str | None:
        headline = self.texts.take(mark)
        self.values["url"] = self.texts.link(mark, headline)
        return headline

    def _fact(self, mark: Mark, path: str) -> Data:
        texts = self.texts
        values: Data = {}
        for name, part in mark.within(("status", "fact-title")):
            if name == "fact-title":
                texts.once(values, "title", part, texts.take)
            elif status := next((name for name in part.names if name in _STATUSES), None):
                values["status"] = status
            else:
                texts.leave_out(part, "it is no status")
        return self.notes.cited(present(values | {"text": texts.body(mark)}), mark, path)

    def _paragraph(self, mark: Mark) -> None:
        paragraphs = self.values.setdefault("context", {"paragraphs": []})["paragraphs"]
        path = f"context.paragraphs[{len(paragraphs)}]"
        self.texts.at(f"{self.path}.{path}", mark)
        kind = next((name for name in mark.names if name in _KINDS), None)
        paragraphs.append(self.notes.cited(present({"text": self.texts.body(mark), "kind": kind}), mark, path))

    def _group(self, mark: Mark, path: str) -> Data:
        texts = self.texts
        values: Data = {}
        quotes: list[Data] = []
        framing: Mark | None = None
        for name, part in mark.within(("label", "outlets", "framing", "critique", "position", "quote", "paraphrase")):
            where = f"{self.path}.{path}.{name}"
            if name in ("quote", "paraphrase"):
                below = f"{path}.quotes[{len(quotes)}]"
                texts.at(f"{self.path}.{below}", part)
                quotes.append(self._quote(part, below))
            elif name == "outlets":
                texts.at(where, part)
                values.setdefault("outlets", []).extend(self.outlets.of_group(part))
                values["exhaustive"] = "exhaustive" in part.names
            elif name == "position":
                texts.at(where, part)
                texts.once(values, "position", part, self.scales.claim)
            elif name == "framing":
                framing = framing or part
                texts.once(values, name, part, texts.body)
            else:
                texts.at(where, part)
                texts.once(values, name, part, texts.take)
        values = present(values | {"quotes": quotes})
        return self.notes.cited(values, framing, path) if framing else values

    def _quote(self, mark: Mark, path: str) -> Data:
        texts = self.texts
        values: Data = {"verbatim": "quote" in mark.names}
        for name, part in mark.within(("words", "speaker")):
            texts.once(values, {"words": "text"}.get(name, name), part, texts.take)
        if "text" not in values:
            values["text"] = texts.body(mark)
        values = self.notes.cited(present(values), mark, path)
        if values["verbatim"] and "citations" not in values:
            message = f"{values.get('text')!r} is read as a paraphrase: it cites no source"
            texts.say("uncited-quote", message, mark, "where the very words can be read")
            values["verbatim"] = False
        return values

    def _event(self, mark: Mark, path: str) -> Data:
        texts = self.texts
        when = mark.first("when")
        values: Data = {"when": texts.take(when), "date": texts.day_of(when)} if when else {}
        return self.notes.cited(present(values | {"text": texts.body(mark)}), mark, path)

    def _question(self, mark: Mark, path: str) -> Data:
        return self.notes.cited({"question": self.texts.body(mark), "answer": []}, mark, path)

    def _block(self, mark: Mark, path: str) -> Data:
        text = self.texts.take(mark)
        if "kind" in mark.names and text and read_kind(text) == text.replace(" ", "-"):
            return {"kind": read_kind(text), "items": []}
        return present({"kind": read_kind(text or ""), "label": text}) | {"items": []}

    def _below(self, name: str, mark: Mark) -> None:
        """An answer of the last question, or an item of the last block."""
        owner, field = {"answer": ("questions", "answer"), "item": ("blocks", "items")}[name]
        items = self.values.get(owner)
        if not items:
            self.texts.leave_out(mark, f"no {owner[:-1]} stands before it")
            return
        if text := self.texts.body(mark) if name == "answer" else self.texts.take(mark):
            items[-1][field].append(text)
        if name == "answer":
            self.notes.cited(items[-1], mark, f"questions[{len(items) - 1}]")

    def _link(self, mark: Mark, path: str) -> Data:
        label = self.texts.take(mark)
        # What stands under this heading is for going deeper; other relations are not printed.
        return present({"label": label, "href": self.texts.link(mark, label), "rel": "go-deeper"})

    def _subject(self, mark: Mark, path: str) -> Data:
        name = self.texts.take(mark)
        return present({"name": name, "uri": self.texts.link(mark, name)})

    def _correction(self, mark: Mark, path: str) -> Data:
        date = mark.first("date")
        values: Data = {"date": self.texts.date(date) if date else None}
        return present(values | {"text": self.texts.body(mark)})
