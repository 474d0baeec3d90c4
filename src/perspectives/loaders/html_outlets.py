"""The outlets of a story in our markup: where groups name them, and what is known of each."""

from collections.abc import Sequence
from typing import Any

from perspectives.loaders.html_document import Mark
from perspectives.loaders.html_scales import Scales
from perspectives.loaders.html_texts import Data, Texts, present
from perspectives.text import name_key


class Outlets:
    """The outlets of one story; what is known of one belongs to all that have its name and homepage."""

    def __init__(self, texts: Texts, scales: Scales, marks: Sequence[Mark]) -> None:
        self.texts = texts
        self.scales = scales
        self._mentions: dict[tuple[str | None, str | None], list[Data]] = {}
        self._known: dict[tuple[str | None, str | None], list[tuple[Mark, Data]]] = {}
        for mark in marks:
            outlet, about = self._about(mark)
            self._known.setdefault((outlet.get("name"), outlet.get("homepage")), []).append((mark, about))

    def of_group(self, mark: Mark) -> list[Data]:
        """The outlets that a group names."""
        found: list[Data] = []
        marks: dict[str, Mark] = {}
        for _, part in mark.within(("outlet",)):
            name = self.texts.take(part)
            if name is None:
                continue
            if (identity := name_key(name)) in marks:
                self.texts.leave_out(part, "the group names this outlet twice")
                continue
            marks[identity] = part
            outlet = present({"name": name, "homepage": self.texts.link(part, name)})
            self._mentions.setdefault((name, outlet.get("homepage")), []).append(outlet)
            found.append(outlet)
        return found

    def settle(self) -> None:
        """Put what is known of the outlets where they are named."""
        for key, known in self._known.items():
            mentions = self._mentions.get(key, [])
            if len(known) == 1 and mentions:
                for outlet in mentions:
                    outlet |= known[0][1]
            elif len(known) == len(mentions):
                for outlet, (_, about) in zip(mentions, known, strict=True):
                    outlet |= about
            else:
                for mark, _ in known:
                    self.texts.leave_out(mark, "which of the outlets with this name is meant is not said")

    def _about(self, mark: Mark) -> tuple[Data, Data]:
        texts = self.texts
        outlet: Data = {}
        about: Data = {}
        ratings: list[Data] = []
        for name, part in mark.within(("outlet-name", "country", "owner", "rating")):
            if name == "rating":
                ratings.append(self._rating(part))
            elif name != "outlet-name":
                texts.once(about, name, part, texts.take)
            elif texts.once(outlet, "name", part, texts.take):
                outlet["homepage"] = texts.link(part, outlet["name"])
        return outlet, present(about | {"ratings": ratings})

    def _rating(self, mark: Mark) -> dict[str, Any]:
        texts = self.texts
        values = self.scales.claim(mark)
        for name, part in mark.within(("rater", "as-of", "confidence", "licence")):
            if name == "as-of":
                texts.once(values, "as_of", part, texts.date)
            else:
                texts.once(values, name, part, texts.value if name == "confidence" else texts.take)
        link = mark.first("a")
        return values | {"url": texts.link(link, link.text())} if link else values
