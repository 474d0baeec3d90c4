"""The text of a line of Markdown: what it says, what it links and cites, and which markup it has.

Read in one pass over what could be markup, so that no text takes more than
linear time. All that a brief has no place for is reported to the caller.
"""

import html.entities
import re
from bisect import bisect_left
from collections.abc import Mapping

from attrs import frozen

from perspectives.text import clean

_TOKEN = re.compile(
    r"""
      \\(?P<escaped>[!-/:-@\[-`{-~،、，])
    | (?P<entity>&(?:\#[0-9]{1,7}|\#[xX][0-9a-fA-F]{1,6}|[A-Za-z][A-Za-z0-9]{1,31});)
    | (?P<ticks>`+)
    | <(?P<address>https?://[^\s<>]+|[^\s<>@]+@[^\s<>@]+)>
    | (?P<tag></?[A-Za-z][^<>]*>)
    | (?P<comment><!--)
    | \[\^(?P<mark>[^\[\]\s]+)\]
    | (?P<open>!?\[)
    | (?P<close>\])
    | (?P<run>\*+|_+|~~)
    """,
    re.VERBOSE,
)
# Possessive, because runs of blanks would be tried in every way.
_TARGET = re.compile(
    r"""\(\s*+(?:<(?P<angled>[^<>]*+)>|(?P<bare>[^\s()<]*+(?:\([^\s()]*+\)[^\s()]*+)*+))"""
    r"""(?:\s++(?:"(?:[^"\\]|\\.)*+"|'(?:[^'\\]|\\.)*+'|\((?:[^()\\]|\\.)*+\)))?+\s*+\)"""
)
_LINE_BREAK = re.compile(r"<br\s*/?>", re.IGNORECASE)
_LONGEST_LABEL = 1_000
_LONGEST_QUOTE = 60
"""How much of a text a finding quotes."""
_REFERENCE = re.compile(r"\[([^\[\]]*+)\]")


@frozen(kw_only=True)
class Link:
    """A part of a text that leads to an address."""

    start: int
    end: int
    url: str


@frozen(kw_only=True)
class Inline:
    """A text without its markup. Places are counted in the text, without those of marks."""

    text: str
    marks: tuple[str, ...] = ()
    """The labels of the notes that it cites, in order, each once."""
    links: tuple[Link, ...] = ()
    images: tuple[Link, ...] = ()
    """Their text is the alternative text."""
    strong: tuple[tuple[int, int], ...] = ()
    markup: tuple[tuple[int, str], ...] = ()
    """What is left out: emphasis, code, tags; where it begins, and as it stands around its text."""
    commas: tuple[int, ...] = ()
    """The places of characters behind a backslash or written as an entity."""
    comments: tuple[str, ...] = ()

    @property
    def link(self) -> Link | None:
        """The link that all of the text is, if it is one."""
        whole = [link for link in self.links if (link.start, link.end) == (0, len(self.text))]
        return whole[0] if len(self.links) == len(whole) == 1 else None


def unescaped(text: str) -> str:
    """A text without backslashes and entities, as in an address."""
    return _TOKEN.sub(
        lambda found: found["escaped"] or (_character(found["entity"]) if found["entity"] else found[0]), text
    )


def _character(entity: str) -> str:
    name = entity[1:]
    if not name.startswith("#"):
        return html.entities.html5.get(name, entity)
    number = int(name[2:-1], 16) if name[1] in "xX" else int(name[1:-1])
    char = chr(number) if 0 < number < 0x110000 else "\ufffd"
    # One character stays one, so that places are right; a line break is a blank here.
    return " " if char in "\t\n\r\v\f\x85\u2028\u2029" else clean(f"a{char}a")[1:-1] or "\ufffd"


def read_inline(raw: str, references: Mapping[str, str] | None = None) -> Inline:
    """The text of a paragraph, whose lines are joined; `references` are the addresses of `[text][label]`."""
    return _Reader(clean(raw), references or {}).read()


class _Reader:
    """Reads one text into pieces; places are those of pieces until all are there."""

    def __init__(self, raw: str, references: Mapping[str, str]) -> None:
        self.raw = raw
        self.references = references
        self.pieces: list[str] = []
        self.escaped: list[int] = []
        self.marks: dict[str, None] = {}
        self.links: list[tuple[int, int, str, bool]] = []
        self.strong: list[tuple[int, int]] = []
        self.markup: list[tuple[int, int, str]] = []
        self.comments: list[str] = []
        self.brackets: list[tuple[int, int]] = []
        self.runs: dict[str, list[int]] = {"*": [], "_": [], "~": []}
        self.last_comment_end = raw.rfind("-->")
        self.ticks = _tick_places(raw)

    def read(self) -> Inline:
        at = 0
        while found := _TOKEN.search(self.raw, at):
            self._add(self.raw[at : found.start()])
            at = self._token(found)
        self._add(self.raw[at:])
        return self._inline()

    def _add(self, text: str) -> None:
        if text:
            self.pieces.append(text)

    def _token(self, found: "re.Match[str]") -> int:
        """Take one token, and say where the text goes on."""
        kind, word, end = found.lastgroup, found[found.lastgroup or 0], found.end()
        match kind:
            case "escaped":
                self.escaped.append(len(self.pieces))
                self._add(word)
            case "entity":
                self.escaped.append(len(self.pieces))
                self._add(_character(word))
            case "ticks":
                return self._code(found)
            case "address":
                url = word if "://" in word else f"mailto:{word}"
                self.links.append((len(self.pieces), len(self.pieces) + 1, url, False))
                self._add(word)
            case "tag":
                self.markup.append((len(self.pieces), len(self.pieces), word))
                self._add(" " if _LINE_BREAK.fullmatch(word) else "")
            case "comment":
                if found.end() > self.last_comment_end:
                    self._add(word)
                else:
                    end = self.raw.index("-->", found.end()) + 3
                    self.comments.append(self.raw[found.end() : end - 3].strip())
            case "mark":
                self.marks.setdefault(word)
                if self.pieces and self.pieces[-1].endswith(" "):
                    self.pieces[-1] = self.pieces[-1].rstrip(" ")
            case "open":
                self.brackets.append((len(self.pieces), end))
                self._add(word)
            case "close":
                return self._close(found)
            case _:
                self._run(found)
        return end

    def _code(self, found: "re.Match[str]") -> int:
        """Code up to ticks of the same number."""
        places = self.ticks[len(found[0])]
        following = bisect_left(places, found.end())
        if following == len(places):
            self._add(found[0])
            return found.end()
        code = self.raw[found.end() : places[following]].strip()
        self.markup.append((len(self.pieces), len(self.pieces) + 1, "`"))
        self.escaped.append(len(self.pieces))
        self.pieces.append(code)
        return places[following] + len(found[0])

    def _close(self, found: "re.Match[str]") -> int:
        """The end of a link, or a bracket."""
        if not self.brackets:
            self._add("]")
            return found.end()
        opened, begin = self.brackets.pop()
        target = _TARGET.match(self.raw, found.end())
        url = unescaped(target["angled"] or target["bare"] or "") if target else None
        end = target.end() if target else found.end()
        # No label is longer (CommonMark), and to look at each of many brackets in each other takes quadratic time.
        name = label(self.raw[begin : found.start()]) if found.start() - begin < _LONGEST_LABEL else ""
        if url is None and (reference := _REFERENCE.match(self.raw, end)):
            url, end = self.references.get(label(reference[1]) or name), reference.end()
        if url is None:
            url, end = self.references.get(name), found.end()
        if url is None:
            self._add("]")
            return found.end()
        is_image = self.pieces[opened] == "!["
        self.pieces[opened] = ""
        self.links.append((opened, len(self.pieces), url, is_image))
        return end

    def _run(self, found: "re.Match[str]") -> None:
        """A run of stars, underscores or tildes: what emphasises goes, all else is text."""
        char, length = found[0][0], len(found[0])
        before = self.raw[found.start() - 1] if found.start() else " "
        behind = self.raw[found.end()] if found.end() < len(self.raw) else " "
        opens, closes = not behind.isspace(), not before.isspace()
        if char == "_" and before.isalnum() and behind.isalnum():
            opens = closes = False
        opened = self.runs[char]
        while closes and length and opened:
            start = opened[-1]
            width = min(length, len(self.pieces[start]), 2)
            self.pieces[start] = self.pieces[start][width:]
            length -= width
            end = len(self.pieces)
            if width == 2 and char != "~":
                self.strong.append((start, end))
            self.markup.append((start, end, char * width))
            if not self.pieces[start]:
                opened.pop()
        if length:
            if opens:
                opened.append(len(self.pieces))
            self.pieces.append(char * length)

    def _inline(self) -> Inline:
        places = [0]
        for piece in self.pieces:
            places.append(places[-1] + len(piece))
        text = "".join(self.pieces)
        skipped = len(text) - len(text.lstrip())
        text = text.strip()

        def place(at: int) -> int:
            return min(max(places[at] - skipped, 0), len(text))

        links = [
            (Link(start=place(start), end=place(end), url=url), is_image) for start, end, url, is_image in self.links
        ]
        markup = (
            (place(start), _shown(mark, text[place(start) : min(place(end), place(start) + _LONGEST_QUOTE)]))
            for start, end, mark in self.markup
        )
        return Inline(
            text=text,
            marks=tuple(self.marks),
            links=tuple(link for link, is_image in links if not is_image),
            images=tuple(link for link, is_image in links if is_image),
            strong=tuple((place(start), place(end)) for start, end in self.strong),
            markup=tuple(markup),
            commas=tuple(place(at) for at in self.escaped),
            comments=tuple(self.comments),
        )


def _shown(mark: str, text: str) -> str:
    """Markup as a finding shows it, a tag as it stands."""
    return mark if mark.startswith("<") else f"{mark}{text}{mark}"


def label(text: str) -> str:
    """The label of a note or reference as it is compared."""
    return " ".join(text.casefold().split())


def _tick_places(raw: str) -> dict[int, list[int]]:
    """Where the runs of ticks of each length begin."""
    found: dict[int, list[int]] = {}
    for run in re.finditer("`+", raw):
        found.setdefault(len(run[0]), []).append(run.start())
    return found
