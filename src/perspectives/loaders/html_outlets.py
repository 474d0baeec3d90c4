"""The outlets of a story in our markup, and the scales they are rated on: a page prints their axes, not their ids."""

from collections.abc import Sequence
from itertools import islice
from typing import Any

from perspectives.loaders.html_document import Mark
from perspectives.loaders.html_texts import Data, Texts, present
from perspectives.text import name_key

_MOST_OF_ONE_NAME = 100
"""How many scales of one name are looked at for each value."""


class Scales:
    """The schemes of a brief, and the scheme that each rating and position means."""

    def __init__(self, texts: Texts, marks: Sequence[Mark]) -> None:
        self.texts = texts
        self.schemes: list[Data] = []
        self._ids: set[str] = set()
        self._by_axis: dict[str, list[Data]] = {}
        self._numbers: dict[str, int] = {}
        """Where to go on looking for a number that is free."""
        for index, mark in enumerate(marks):
            texts.at(f"$.schemes[{index}]", mark)
            self._add(mark)

    def _add(self, mark: Mark) -> None:
        texts = self.texts
        values: Data = {}
        for name, part in mark.within(("axis", "values")):
            if name == "axis":
                texts.once(values, "axis", part, texts.take)
            else:
                found = [value for _, one in part.within(("value",)) if (value := texts.value(one)) is not None]
                is_range = len(found) == 2 and not any(isinstance(one, str) for one in found)
                values |= {"range": found} if is_range else {"values": found, "ordered": "ordered" in part.names}
        axis = values.get("axis")
        if axis is not None:
            values["id"] = self._free(axis)
            if values["id"] != axis:
                self.texts.say("scheme-id", f"two scales are called {axis!r}", mark, "a name of its own for each")
            self._ids.add(values["id"])
            self._by_axis.setdefault(axis, []).append(values)
        self.schemes.append(present(values))

    def _free(self, axis: str) -> str:
        """The axis as an id, with a number where another scheme has it."""
        if axis not in self._ids:
            return axis
        number = self._numbers.get(axis, 2)
        while f"{axis} ({number})" in self._ids:
            number += 1
        self._numbers[axis] = number
        return f"{axis} ({number})"

    def claim(self, mark: Mark) -> Data:
        """Scheme and value of a rating or position."""
        axis = mark.first("axis")
        value = mark.first("value")
        name = self.texts.take(axis) if axis else None
        said = self.texts.value(value) if value else None
        return present({"scheme": self._meant(name, said) if name else None, "value": said})

    def _meant(self, axis: str, value: str | float | None) -> str:
        """The id of the first scheme of this axis that holds the value; none of the brief's where none does."""
        for scheme in islice(self._by_axis.get(axis, ()), _MOST_OF_ONE_NAME):
            if _holds(scheme, value):
                return str(scheme["id"])
        return self._free(axis)


def _holds(scheme: Data, value: str | float | None) -> bool:
    if "range" in scheme:
        low, high = scheme["range"]
        return not isinstance(value, str | None) and low <= value <= high
    return value in scheme.get("values", ())


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
