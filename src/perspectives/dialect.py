"""What a text of the Markdown dialect says, apart from its markup: what its renderer and its loader agree on.

A text has one reading. Where a brief means another one, or says more than is
printed, the renderer puts a comment below the text, which no reader sees. The
printed text stays the authority: what a comment says of words that are printed
holds for exactly these words, whose checksum it has (`of`).
"""

import datetime as dt
import functools
import json
import re
import zlib
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import attrs

from perspectives import fields
from perspectives.catalogue import COLONS, COMMAS, catalogue, composed, key
from perspectives.text import check_address, slug
from perspectives.wording import Wording

PARTS = (
    "facts context perspectives quotes timeline images questions blocks go_deeper sources about_outlets subjects"
    " corrections provenance"
).split()
"""The headings of a story's parts, as fields of `Wording`."""
COLOPHON = ("provenance", "schemes")
"""The headings behind the publisher."""
SEEN = {
    "Block": {"label"},
    "Correction": {"date", "text"},
    "Fact": {"status", "text", "title"},
    "Image": {"alt"},
    "Position": {"scheme", "value"},
    "Provenance": {"generator", "digital_source_type", "reviewed_by", "created", "coverage"},
    "Quote": {"speaker", "text", "verbatim"},
    "Rating": {"as_of", "confidence", "licence", "rater", "scheme", "value"},
    "RatingScheme": {"axis", "ordered", "range", "values"},
    "Source": {"accessed", "author", "outlet", "paywalled", "published", "title"},
    "Story": {"date", "published", "updated"},
    "TimelineEvent": {"text", "when"},
}
"""The fields that a text shows and whose words it does not tell apart for sure."""

_HIDDEN_IN_JSON = {"<": r"\u003c", ">": r"\u003e", "--": r"-\u002d", "{": r"\u007b"}
_RATING = re.compile(r"(.+) \((.+)\)")
_NUMBER = re.compile(r"-?[0-9]{1,15}(\.[0-9]{1,15})?")
_COUNT = re.compile(r"[0-9]{1,15}")
_KIND = re.compile(r"[a-z][a-z0-9]*(?:-[a-z0-9]+)*")
# Very words stand between the marks of the language or those that are known everywhere.
_QUOTATION_MARKS = (("“", "”"), ("„", "“"), ("«", "»"), ("「", "」"), ('"', '"'))

Data = dict[str, Any]
"""An object of the model as JSON has it."""


def data(value: object) -> Any:
    """A value of the model as `to_dict` has it, which would import cattrs: to render shall start fast."""
    if attrs.has(type(value)):
        return {
            part.name: data(found)
            for part in attrs.fields(type(value))  # type: ignore[arg-type]
            if (found := getattr(value, part.name)) != part.default and found != {}
        }
    if isinstance(value, tuple):
        return [data(item) for item in value]
    return value.isoformat() if isinstance(value, dt.date) else value


def comment(data: Data) -> str:
    """Data as a comment: neither `--` nor `<` nor `>`, which parsers do not agree on, occur within it.

    Nor does what Liquid and Jinja look for in comments too: `{{`, `{%`, `{#`.
    """
    text = json.dumps(data, ensure_ascii=False)
    return f"<!-- {re.sub('<|>|--|{(?=[{%#])', lambda found: _HIDDEN_IN_JSON[found[0]], text)} -->"


def checksum(text: str) -> str:
    """A number for a text that another text does not have."""
    return f"{zlib.crc32(text.encode()):08x}"


def unsaid(data: Data, said: Data, kind: str, text: str) -> Data:
    """What an object says otherwise than its text is read; `said` is what is read, `kind` the object's class."""
    keys = [*data, *(key for key in said if key not in data)]
    found = {key: data.get(key) for key in keys if data.get(key) != said.get(key)}
    return found | ({"of": checksum(text)} if found.keys() & SEEN.get(kind, set()) else {})


def told(said: Data, unseen: Data, kind: str, text: str) -> tuple[Data, bool]:
    """The object that a text and the comment below it tell, and whether the comment is of another text."""
    seen = SEEN.get(kind, set())
    is_stale = bool(unseen.keys() & seen) and unseen.get("of") != checksum(text)
    kept = {key: value for key, value in unseen.items() if key != "of" and not (is_stale and key in seen)}
    return {key: value for key, value in (said | kept).items() if value is not None}, is_stale


def read_moment(text: str) -> str | None:
    """The time that a text is, if it is printed so: as the model's JSON has it."""
    try:
        moment = dt.datetime.fromisoformat(text)
    except ValueError:
        return None
    return text if moment.tzinfo and moment.isoformat() == text else None


def read_day(text: str) -> str | None:
    """The date that a text is, YYYY-MM-DD."""
    return text if isinstance(fields.read_date(text), dt.date) else None


def read_kind(label: str) -> str:
    """The kind of a block, by its heading."""
    return slug(label) if _KIND.fullmatch(slug(label)) else "block"


def _headings(wording: Wording) -> dict[str, str]:
    return {key(getattr(wording, name)): name for name in (*PARTS, "schemes")}


@functools.cache
def _shipped() -> tuple[dict[str, str], list[tuple[str, bool]]]:
    """The headings of every shipped language, English first, and the words before outlets, the longest first."""
    headings: dict[str, str] = {}
    leads: dict[str, bool] = {}
    for wording in catalogue().values():
        headings = _headings(wording) | headings
        leads |= {key(wording.for_example): False, key(wording.outlets): True}
        # Many type `z.B.` and `eg.`; without its last full stop it could be a word of a sentence.
        typed = key(wording.for_example).rstrip(COMMAS).replace(" ", "")
        leads |= {typed: False, typed.replace(".", "") + "." * typed.endswith("."): False}
    return headings, sorted(leads.items(), key=lambda lead: -len(lead[0]))


class Words:
    """How texts are read in the printed words of one brief, and its headings in those of any shipped language."""

    def __init__(self, wording: Wording, schemes: Sequence[Data] = ()) -> None:
        self.wording = wording
        self.schemes = schemes
        headings, leads = _shipped()
        self._headings = headings | _headings(wording)
        self._leads = leads

    def heading(self, text: str) -> str | None:
        """Which heading of a part this is, as its field in `Wording`."""
        return self._headings.get(key(text))

    # outlets

    def lead(self, text: str) -> tuple[str, bool] | None:
        """What stands behind `e.g.,` or `Outlets:`, and whether these are all; None where neither begins the text."""
        for name in ("outlets", "for_example"):
            if (rest := self.behind(name, text)) is not None:
                return rest, name == "outlets"
        for word, are_all in self._leads:
            stem = word.rstrip(COMMAS)
            head, rest = text[: len(stem)], text[len(stem) :]
            behind = rest.lstrip(COMMAS + COLONS + " \u00a0")
            # `e.g.` needs no comma, but `Outlets` without its colon is a sentence's first word.
            ends = COLONS if are_all else COMMAS + COLONS + " \u00a0"
            if stem and key(head) == key(stem) and head.strip() == head and rest[:1] and rest[0] in ends:
                return behind, are_all
        return None

    def behind(self, name: str, text: str) -> str | None:
        """What stands behind a word of the wording and a blank."""
        word = getattr(self.wording, name)
        return text[len(word) + 1 :] if text.startswith(f"{word} ") else None

    def after_label(self, name: str, text: str) -> str | None:
        """What stands behind a word of the wording that labels it: `Place: Anchorage`."""
        label = f"{getattr(self.wording, name)}: "
        text = text if text.startswith(label) else composed(text)
        return text.removeprefix(label) or None if text.startswith(label) else None

    # what each paragraph of a place is

    def masthead_roles(self, texts: Sequence[str]) -> list[str]:
        """Of the paragraphs below the title of a brief; `""` for one too many."""
        return _roles(["date", "intro"] if not at and read_day(text) else ["intro"] for at, text in enumerate(texts))

    def head_roles(self, texts: Sequence[str]) -> list[str]:
        """Of the paragraphs below a headline."""
        names = ("place", "date", "published", "updated")
        return _roles([*(name for name in names if self.head_value(name, text)), "summary"] for text in texts)

    def head_value(self, role: str, text: str) -> str | None:
        """What such a paragraph says."""
        if role == "date":
            return read_day(text)
        if role == "place":
            return self.after_label(role, text)
        if role in ("published", "updated"):
            return read_moment(self.after_label(role, text) or "")
        return text

    def group_roles(self, texts: Sequence[str]) -> list[str]:
        """Of the paragraphs below the label of a group."""
        has_outlets = bool(texts and self.lead(texts[0]))

        def names(at: int, text: str) -> list[str]:
            if has_outlets and not at:
                return ["outlets"]
            is_position = at > has_outlets and self.after_label("position", text)
            return ["position"] if is_position else ["framing", "critique"]

        return _roles(names(at, text) for at, text in enumerate(texts))

    def image_roles(self, texts: Sequence[str]) -> list[str]:
        """Of the paragraphs below an image: a caption, then a credit."""
        roles = _roles(["credit" if self.after_label("credit", text) else "caption"] for text in texts)
        return ["" if role == "caption" and at else role for at, role in enumerate(roles)]

    def outlet_roles(self, texts: Sequence[str]) -> list[str]:
        """Of the paragraphs below the name of an outlet."""
        return _roles([name for name in ("country", "owner") if self.after_label(name, text)] for text in texts)

    # what one text says

    def fact(self, text: str, strong: Sequence[tuple[int, int]] = ()) -> Data:
        """`Disputed: **Opening:** It opens in 2027.`; `strong` is where the text is bold."""
        said: Data = {}
        rest = text
        for name in ("confirmed", "disputed", "retracted"):
            if behind := self.after_label(name, text):
                said, rest = {"status": name}, behind
                break
        start = len(text) - len(rest)
        for title, end in ((text[begin:end], end) for begin, end in strong if begin == start):
            # Editors set the colon in bold or behind it.
            colon = 0 if title.endswith(":") else 1
            if text[end : end + colon] == ":" * colon and title.rstrip(": ") and text[end + colon :].strip():
                return said | {"title": title.removesuffix(":").strip(), "text": text[end + colon :].strip()}
        return said | {"text": rest}

    def quote(self, text: str, is_cited: bool) -> Data:
        """`“very words” — speaker`; without a source there are no very words."""
        words, _, speaker = text.rpartition(" — ")
        if not words or words != words.strip() or speaker != speaker.strip():
            words, speaker = text, ""
        very = self._very_words(words) if is_cited else ""
        said = {"text": very or words, "speaker": speaker, "verbatim": bool(very)}
        return {name: value for name, value in said.items() if value}

    def _very_words(self, text: str) -> str:
        for opening, closing in ((self.wording.open_quote, self.wording.close_quote), *_QUOTATION_MARKS):
            if len(text) > len(opening + closing) and text.startswith(opening) and text.endswith(closing):
                words = text[len(opening) : -len(closing)].strip()
                # “Yes,” she said, “no” is no one quote; “the “old” bridge” is.
                if closing not in words or 0 <= words.find(opening) < words.find(closing):
                    return words
        return ""

    def is_common_knowledge(self, text: str) -> bool:
        """Whether a note says that what it bears needs no source."""
        return composed(text) == composed(self.wording.common_knowledge)

    def event(self, text: str) -> Data:
        """`June 2024: A treaty is signed.`"""
        when, _, rest = text.partition(": ")
        return {"when": when.strip(), "text": rest.strip()}

    def correction(self, text: str) -> Data:
        """`2025-08-13: An earlier version ...`, or without the day."""
        day, _, rest = text.partition(": ")
        return {"text": rest.strip(), "date": day} if read_day(day) and rest.strip() else {"text": text}

    def image(self, text: str) -> Data:
        """The alternative text, or the word for an image that needs none."""
        return {"alt": "" if text == self.wording.image else text}

    def position(self, text: str) -> Data:
        """`Position: Left to right: Center`, with the axis of a scheme of the brief or the id of another."""
        return self._placed(self.after_label("position", text) or "")

    def _placed(self, text: str) -> Data:
        known = [scheme for scheme in self.schemes if text.startswith(f"{scheme.get('axis')}: ")]
        axis = max((str(scheme["axis"]) for scheme in known), key=len, default=text.partition(": ")[0])
        scheme = next((scheme for scheme in known if scheme["axis"] == axis), {"id": axis})
        value = text[len(axis) + 2 :]
        return {"scheme": scheme["id"], "value": _number(value) if "range" in scheme else value}

    def rating(self, text: str) -> Data:
        """`Left to right: Center (AllSides, 2025-08-12, Confidence: high, CC BY 4.0)`."""
        found = _RATING.fullmatch(text)
        if not found:
            return {}
        said = self._placed(found[1])
        said["rater"], *rest = self.parted(found[2])
        if rest and read_day(rest[0]):
            said["as_of"] = rest.pop(0)
        if rest and (confidence := self.after_label("confidence", rest[0])):
            said["confidence"] = _number(confidence)
            del rest[0]
        return said | ({"licence": f"{self.wording.comma} ".join(rest)} if rest else {})

    def scheme(self, text: str) -> Data:
        """`Left to right: Left – Center – Right`, with a comma for values that are on no line, or `Score: -42 … 42`."""
        axis, _, rest = text.partition(": ")
        ends = rest.split(" … ")
        if len(ends) == 2 and all(map(_NUMBER.fullmatch, ends)):
            return {"id": axis, "axis": axis, "range": [_number(end) for end in ends]}
        if " – " in rest:
            return {"id": axis, "axis": axis, "values": rest.split(" – "), "ordered": True}
        return {"id": axis, "axis": axis, "values": self.parted(rest)}

    def parted(self, text: str) -> list[str]:
        """The names of a list."""
        return [part for part in text.split(f"{self.wording.comma} ") if part]

    def provenance(self, texts: Sequence[str]) -> Data:
        """All lines of how a text was made; under `""` those that say something else."""
        said: Data = {}
        coverage: Data = {}
        for text in texts:
            if maker := self.after_label("generator", text):
                made = re.fullmatch(r"(.+) \((.+)\)", maker)
                generator = {"name": made[1], "role": made[2]} if made else {"name": maker}
                said.setdefault("generator", []).append(generator)
            elif code := self.after_label("digital_source_type", text):
                said["digital_source_type"] = code
            elif people := self.after_label("reviewed_by", text):
                said["reviewed_by"] = self.parted(people)
            elif moment := read_moment(self.after_label("created", text) or ""):
                said["created"] = moment
            elif (count := self.after_label("articles_read", text)) and _COUNT.fullmatch(count):
                coverage["articles"] = int(count)
            elif (count := self.after_label("outlets_read", text)) and _COUNT.fullmatch(count):
                coverage["outlets"] = int(count)
            elif window := self.after_label("window", text):
                coverage["window"] = window
            elif text != self.wording.unreviewed:
                said.setdefault("", []).append(text)
        return said | ({"coverage": coverage} if coverage else {})


def _number(text: str) -> int | float | str:
    """The number that a text is, whole if it is printed so, or else the text."""
    found = _NUMBER.fullmatch(text)
    return (float(text) if found[1] else int(text)) if found else text


def call_roles(count: int) -> list[str]:
    """What the paragraphs of a call to action are, its link aside."""
    return ["headline", *["body"] * (count - 2), "assurance"] if count > 2 else ["headline", "body"][:count]


def publisher_roles(texts: Sequence[str]) -> list[str]:
    """What the paragraphs below a publisher's name are."""
    return _roles(["postal_address" if check_address(text) else "email"] for text in texts)


def _roles(choices: Iterable[Sequence[str]]) -> list[str]:
    """For each text the first of its names that none before it has."""
    taken: set[str] = set()
    roles = []
    for names in choices:
        role = next((name for name in names if name not in taken), "")
        taken.add(role)
        roles.append(role)
    return roles


class Quotes:
    """Which words below a note bear which text: the first of them the first text that cites it, and so on.

    What a comment says goes first; `below` is how many stand below each note, by its label.
    """

    def __init__(self, below: Mapping[str, int]) -> None:
        self._below = below
        self._next = dict.fromkeys(below, 1)
        self._taken = set[tuple[str, int]]()

    def claim(self, label: str, place: int) -> bool:
        """Take what a comment gives to a text, if it is there and nobody has it."""
        is_free = 1 <= place <= self._below.get(label, 0) and (label, place) not in self._taken
        self._taken.add((label, place))
        return is_free

    def next(self, label: str) -> list[int]:
        """The place of the next words below a note, if there are any left."""
        for place in range(self._next.get(label, 1), self._below.get(label, 0) + 1):
            self._next[label] = place + 1
            if (label, place) not in self._taken:
                self._taken.add((label, place))
                return [place]
        return []

    def left(self, label: str) -> list[int]:
        """The places of the words that bear no text."""
        return [place for place in range(1, self._below[label] + 1) if (label, place) not in self._taken]
