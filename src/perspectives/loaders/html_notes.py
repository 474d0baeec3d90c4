"""The sources of a story in our markup, and the texts that cite them by number."""

from collections.abc import Sequence

from perspectives.loaders.html_document import Mark
from perspectives.loaders.html_texts import Data, Texts, present

_COMMON_KNOWLEDGE = {"kind": "common-knowledge"}


class Notes:
    """What the numbers behind the texts of one story mean."""

    def __init__(self, texts: Texts, marks: Sequence[Mark], path: str) -> None:
        self.texts = texts
        self._sources: list[Data] = []
        self._meant: dict[int, Data] = {}
        self._citing: dict[int, list[tuple[str, Data]]] = {}
        self._quotes: list[tuple[int, str | None, Mark]] = []
        ids = {text: None for mark in marks if (id := mark.first("source-id")) and (text := id.text())}
        number = 0
        for mark in marks:
            said = mark.attribute("value") or ""
            number = int(said) if said.isascii() and said.isdigit() and len(said) < 10 else number + 1
            if number in self._meant:
                texts.leave_out(mark, f"the number {number} occurs twice")
                continue
            if mark.first("common-knowledge"):
                self._meant[number] = _COMMON_KNOWLEDGE
            else:
                texts.at(f"{path}.sources[{len(self._sources)}]", mark)
                source = self._source(mark, number, ids)
                self._sources.append(source)
                self._meant[number] = {"source": source["id"]}
            for _, quote in mark.within(("cited",)):
                self._quotes.append((number, quote.attribute("data-of"), quote))

    def _source(self, mark: Mark, number: int, ids: "dict[str, None]") -> Data:
        texts = self.texts
        values: Data = {}
        names = ("source-id", "source-title", "author", "outlet-name", "published", "accessed", "paywalled", "archived")
        for name, part in mark.within(names):
            if name in ("published", "accessed"):
                texts.once(values, name, part, texts.moment)
            elif name == "archived":
                texts.once(values, "archived_url", part, lambda part: texts.link(part, part.text()))
            elif name == "paywalled":
                values["paywalled"] = True
            else:
                field = {"source-id": "id", "source-title": "title", "outlet-name": "outlet"}.get(name, name)
                texts.once(values, field, part, texts.take)
        link = next((part for _, part in mark.within(("a", "archived", "cited")) if part.tag == "a"), None)
        if link and "archived" not in link.names:
            values["url"] = texts.link(link, link.text())
        return present({"id": values.get("id") or _free(number, ids)} | values)

    def cited(self, values: Data, mark: Mark, path: str) -> Data:
        """The same object, with the citations whose marks stand in an element."""
        for number in self.texts.references(mark):
            if number not in self._meant:
                message = f"[{number}] behind {mark.text(('marks',))[:60]!r} is left out: no note has this number"
                self.texts.say("unknown-mark", message, mark, "a note with the same number in the same story")
                continue
            self._citing.setdefault(number, []).append((path, values))
            values.setdefault("citations", []).append(dict(self._meant[number]))
        return values

    def settle(self) -> list[Data]:
        """Give each quoted passage to the text that it bears; the sources."""
        for number, path, mark in self._quotes:
            texts = [values for place, values in self._citing.get(number, ()) if path in (None, place)]
            if len(texts) != 1:
                self.texts.leave_out(mark, "the page does not say which statement it bears")
            elif quote := self.texts.take(mark):
                _bear(texts[0]["citations"], self._meant[number], quote)
        return self._sources


def _bear(citations: list[Data], meant: Data, quote: str) -> None:
    """Put a quoted passage into the citation of its source, or behind those that have one already."""
    places = [at for at, one in enumerate(citations) if one | {"quote": None} == meant | {"quote": None}]
    if "quote" not in citations[places[0]]:
        citations[places[0]]["quote"] = quote
    else:
        citations.insert(places[-1] + 1, meant | {"quote": quote})


def _free(number: int, ids: "dict[str, None]") -> str:
    """The number of a note as an id that no source has."""
    id = str(number)
    while id in ids:
        id = f"note {id}"
    ids[id] = None
    return id
