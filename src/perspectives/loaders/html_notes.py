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
        self._cited: list[Data] = []
        self._citing: dict[int, dict[str, list[Data]]] = {}
        """By number and path the citation, or one for each passage that is quoted."""
        self._quotes: dict[tuple[int, str | None], list[Mark]] = {}
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
                self._quotes.setdefault((number, quote.attribute("data-of")), []).append(quote)

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
        values["id"] = values.get("id") or _free(number, ids)
        return present(values)

    def cited(self, values: Data, mark: Mark, path: str) -> Data:
        """The same object, with the citations whose marks stand in an element."""
        numbers = self.texts.references(mark)
        for number in numbers:
            if number in self._meant:
                if "citations" not in values:
                    self._cited.append(values)
                passages = [self._meant[number]]
                self._citing.setdefault(number, {}).setdefault(path, passages)
                values.setdefault("citations", []).append(passages)
        if unknown := [f"[{number}]" for number in numbers if number not in self._meant]:
            verb = "is" if len(unknown) == 1 else "are"
            message = (
                f"{''.join(unknown)} behind {mark.text(('marks',))[:60]!r} {verb} left out: no note has this number"
            )
            self.texts.say("unknown-mark", message, mark, "a note with the same number in the same story")
        return values

    def settle(self) -> list[Data]:
        """Give each quoted passage to the text that it bears; the sources."""
        for (number, path), marks in self._quotes.items():
            citing = self._citing.get(number, {})
            passages = citing.get(path) if path else next(iter(citing.values())) if len(citing) == 1 else None
            if passages is None:
                for mark in marks:
                    self.texts.leave_out(mark, "the page does not say which statement it bears")
                continue
            if quotes := [self._meant[number] | {"quote": quote} for mark in marks if (quote := self.texts.take(mark))]:
                passages[:] = [*(one for one in passages if "quote" in one), *quotes]
        for values in self._cited:
            values["citations"] = [dict(one) for passages in values["citations"] for one in passages]
        return self._sources


def _free(number: int, ids: "dict[str, None]") -> str:
    """The number of a note as an id that no source has."""
    id = str(number)
    while id in ids:
        id = f"note {id}"
    ids[id] = None
    return id
