"""What the readers of our markup share: texts, links, dates, images, provenance, and what of them was read."""

import datetime as dt
import functools
import re
from collections.abc import Callable, Iterator
from typing import Any

import attrs

from perspectives import fields
from perspectives.catalogue import catalogue, key
from perspectives.errors import Finding
from perspectives.loaders.html_document import Mark
from perspectives.text import check_url, clean, show
from perspectives.wording import Wording

Data = dict[str, Any]
"""An object of the model as JSON has it."""

_PRINTED = frozenset(
    "archived bar charts common-knowledge contents count disclosure lead marks measure part paywalled status".split()
)
"""The names of marks whose texts are printed words and counts, not the brief's."""
_INTEGER = re.compile(r"-?[0-9]{1,40}")
_MARK = re.compile(r"\[([0-9]{1,9})\]")
_WORD = re.compile(r"\w")
_AROUND = re.compile(r"^\W+|\W+$")


def present(values: Data) -> Data:
    """What of an object is there."""
    return {name: value for name, value in values.items() if value not in (None, [], {})}


class Texts:
    """Takes texts out of the marks of one brief, and knows those that nobody took."""

    def __init__(self) -> None:
        self.findings: list[Finding] = []
        self.lines: dict[str, int] = {}
        self._read: set[int] = set()

    def at(self, path: str, mark: Mark) -> str:
        """Note on which line something begins; its path."""
        self.lines[path] = mark.line
        return path

    def say(self, code: str, message: str, mark: Mark, hint: str) -> None:
        """Tell what was guessed or left out."""
        self.findings.append(Finding(code=code, message=message, line=mark.line, hint=hint))

    def leave_out(self, mark: Mark, reason: str, text: str | None = None) -> None:
        """Tell that a mark is not read, and quote it."""
        self._read.add(id(mark))
        text = mark.text() if text is None else text
        if text:
            hint = "keep the brief as JSON, or in a data island"
            self.say("unread-text", f"{text!r} is left out: {reason}", mark, hint)

    def take(self, mark: Mark) -> str | None:
        """The text of a mark, without the references behind it."""
        self._read.add(id(mark))
        return mark.text(("marks",)) or None

    def once(self, values: Data, name: str, mark: Mark, read: Callable[[Mark], Any]) -> bool:
        """Read what an object has once; of several marks the first counts, the others are told."""
        if values.get(name) is not None:
            self.leave_out(mark, f"a second {name}")
            return False
        values[name] = read(mark)
        return values[name] is not None

    def also(self, values: Data, name: str, value: Data | str | None) -> None:
        """Add to a list of an object, if there is something to add."""
        if value:
            values.setdefault(name, []).append(value)

    def body(self, mark: Mark) -> str | None:
        """The text of an item: what is marked so, else all that stands in it loosely."""
        if text := mark.first("text"):
            return self.take(text)
        loose = clean("".join(piece for piece in mark.pieces if isinstance(piece, str)))
        if loose:
            self._read.add(id(mark))
        return loose or None

    def link(self, mark: Mark, text: str | None) -> str | None:
        """Where the link of a mark leads. An address that the model does not take is dropped, and told."""
        anchor = mark if mark.tag == "a" else mark.first("a")
        address = anchor.attribute("href") if anchor else None
        return self.url(address, mark, text) if address is not None else None

    def url(self, address: str, mark: Mark, text: str | None) -> str | None:
        """The address, if the model takes it."""
        if faults := check_url(address):
            message = f"the address {show(address)} of {show(text or '')} is dropped"
            self.say("bad-url", message, mark, f"a link needs {faults[0].expected}")
            return None
        return address

    def date(self, mark: Mark) -> str | None:
        """The day of a `time`, or of the text of anything else."""
        return self._moment(mark, fields.read_date, dt.date, "a day like '2025-08-12'")

    def moment(self, mark: Mark) -> str | None:
        """The time of a `time`, or of the text of anything else."""
        return self._moment(mark, fields.read_datetime, dt.datetime, "a time with its offset")

    def _moment(self, mark: Mark, read: Callable[[object], object], cls: type, right: str) -> str | None:
        text = self.take(mark)
        said = mark.attribute("datetime") if mark.tag == "time" else text
        if said and isinstance(read(said), cls):
            return said
        self.leave_out(mark, f"its datetime says no day or time, {right}", text or said or "")
        return None

    def day_of(self, mark: Mark) -> str | None:
        """The day that a `time` says beside its text, if it does."""
        said = mark.attribute("datetime") if mark.tag == "time" else None
        if said is None or isinstance(fields.read_date(said), dt.date):
            return said
        self.say("unread-text", f"{said!r} is left out: it is no day", mark, "a day like '2025-08-12'")
        return None

    def language(self, said: str, mark: Mark) -> str | None:
        """A language tag, if it is one."""
        if not list(fields.LANGUAGE.faults(said, "")):
            return said
        self.say("unread-text", f"the language {said!r} is left out", mark, "a BCP 47 tag, like 'en' or 'pt-BR'")
        return None

    def value(self, mark: Mark) -> str | float | None:
        """A word, or the number of a `data`."""
        text = self.take(mark)
        number = mark.attribute("value") if mark.tag == "data" else None
        if number is None:
            return text
        try:
            return int(number) if _INTEGER.fullmatch(number) else float(number)
        except ValueError:
            return text

    def count(self, said: str | None, mark: Mark) -> int | None:
        """How many of something there are; what is no number is told."""
        if said and said.isascii() and said.isdigit() and len(said) < 17:
            return int(said)
        self.say("unread-text", f"{said!r} is left out: it is no whole number", mark, "digits alone, like '1200'")
        return None

    def references(self, mark: Mark) -> list[int]:
        """The numbers of the notes that the marks within cite, each once."""
        numbers: dict[int, None] = {}
        for _, marks in mark.within(("marks",)):
            text = marks.text()
            numbers |= dict.fromkeys(int(number) for number in _MARK.findall(text))
            if rest := clean(_MARK.sub("", text)):
                self.leave_out(marks, "it is no number of a note", rest)
        return list(numbers)

    def tell_unread(self, root: Mark) -> None:
        """Tell the texts that nobody took and that are no printed words."""
        stack = [root]
        while stack:
            mark = stack.pop()
            if id(mark) in self._read or not _PRINTED.isdisjoint(mark.names):
                continue
            for text in _runs(mark):
                if _WORD.search(text) and _bare(text) not in _printed_words():
                    message = f"{text!r} is left out: its element has no class that says what it is"
                    self.say("unread-text", message, mark, "see the classes in the reference of HTML")
            stack.extend(piece for piece in reversed(mark.pieces) if isinstance(piece, Mark))


def read_image(texts: Texts, mark: Mark) -> Data | None:
    """An image with its caption and credit; None where no image is, and what stands there is told."""
    picture = mark.first("img")
    address = picture.attribute("src") if picture else None
    url = texts.url(address, mark, picture.attribute("alt") if picture else "") if address else None
    if picture is None or url is None:
        words = " ".join(text for text in (picture.attribute("alt") if picture else "", mark.text()) if text)
        texts.leave_out(mark, "its image has no address", words)
        return None
    values: Data = {"url": url, "alt": picture.attribute("alt") or ""}
    for name in ("width", "height"):
        if (size := picture.attribute(name)) is not None:
            values[name] = texts.count(size, mark)
    for name, part in mark.within(("caption", "credit")):
        texts.once(values, name, part, texts.take)
    return present(values) | {"alt": values["alt"]}


def read_provenance(texts: Texts, mark: Mark) -> Data | None:
    """How a text was made."""
    values: Data = {}
    coverage: Data = {}
    counts = {"articles": "articles", "outlets-read": "outlets"}
    names = ("generator", "digital-source-type", "reviewed-by", "created", *counts, "window")
    for name, part in mark.within(names):
        if name == "generator":
            texts.also(values, "generator", _generator(texts, part))
        elif name == "reviewed-by":
            texts.also(values, "reviewed_by", texts.take(part))
        elif name == "created":
            texts.once(values, "created", part, texts.moment)
        elif name == "digital-source-type":
            texts.once(values, "digital_source_type", part, texts.take)
        elif name == "window":
            texts.once(coverage, "window", part, texts.take)
        else:
            texts.once(coverage, counts[name], part, lambda part: texts.count(texts.take(part), part))
    return present(values | {"coverage": present(coverage)}) or None


def _generator(texts: Texts, mark: Mark) -> Data:
    values: Data = {}
    for name, part in mark.within(("name", "version", "role")):
        texts.once(values, name, part, texts.take)
    if not values and (text := texts.body(mark)):
        values["name"] = text
    return present(values)


@functools.cache
def _printed_words() -> frozenset[str]:
    """The printed words of every shipped language, as they are compared."""
    words = (getattr(wording, part.name) for wording in catalogue().values() for part in attrs.fields(Wording))
    return frozenset(_bare(word) for word in words if isinstance(word, str))


def _bare(text: str) -> str:
    """A text as it is compared, without what is no letter around it."""
    return key(_AROUND.sub("", text))


def _runs(mark: Mark) -> Iterator[str]:
    """The texts of a mark itself, parted by blocks and by the marks within."""
    run = ""
    for piece in [*mark.pieces, "\n"]:
        if isinstance(piece, str) and piece != "\n":
            run += piece
        elif text := clean(run):
            yield text
            run = ""
        else:
            run = ""
