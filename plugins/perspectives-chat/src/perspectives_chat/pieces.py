"""Texts cut to what a message takes, and messages made of them; what is in none of them is a finding."""

import functools
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import groupby

from attrs import frozen

from perspectives import Brief
from perspectives.plugin import Finding, Node, RenderTools

Run = tuple[str, str | None]
"""Some text and where it leads."""
Runs = tuple[Run, ...]

GOES_ON = "\u2060"
"""Behind a piece that goes on without a blank (U+2060, word joiner, which nobody sees)."""
MORE = "…"
"""What stands for what is not there."""

_MARKUP = re.compile(
    r"[@#＠＃](?=\S)|(?:(?<=magnet)|(?<=xmpp)):|:(?=\u2060|//)|:(?!(?<=\d:)\d+:)(?=[A-Za-z0-9_+'-]+:)", re.IGNORECASE
)
_SENTENCE = re.compile(r"(?:(?<!\b\w)\.|[!?…؟۔।])[\"'”’»)\]]*(?=\s+(?![a-z]))|[。！？][”」』）]*")
"""The end of a sentence; no abbreviation like `U.S.`"""


@frozen
class Piece:
    """A text of a brief, or a part of one that is too long.

    `first` says whether it is the beginning, `again` whether it stands in an
    earlier message already.
    """

    node: Node
    runs: Runs
    first: bool = True
    again: bool = False

    @property
    def text(self) -> str:
        """What readers see of it."""
        return "".join(text for text, _ in self.runs)

    @property
    def story(self) -> str:
        """Path of the story that it belongs to, else of the part of the brief."""
        found = re.match(r"\$\.(?:stories\[\d+\]|\w+)", self.node.path)
        return found[0] if found else "$"


def defused(text: str) -> str:
    """A text in which no service finds a mention, a hashtag, an emoji or a link: word joiners part their signs.

    Mastodon: MENTION_RE and HASHTAG_RE of its models, SCAN_RE of custom
    emoji, `valid_url` and `valid_extended_uri` of its extractor.
    """
    return _MARKUP.sub(rf"\g<0>{GOES_ON}", text)


def utf16(text: str) -> int:
    """How long JavaScript says that a text is."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def runs_of(node: Node, longest: int, findings: list[Finding]) -> Runs:
    """A text with its link and marks; an address of more than so many characters is left out, and seen to be."""
    if node.href and len(node.href) > longest:
        message = f"an address of {len(node.href)} characters is left out: the service takes {longest}"
        findings.append(Finding(code="long-address", message=message, path=node.path))
        return ((f"{node.text}{node.marks} {MORE}", None),)
    return ((f"{node.text}{node.marks}", node.href),)


def sign_of(node: Node) -> str:
    """What says what a text is, where no formatting does."""
    if node.kind == "quote":
        return "> "
    if node.kind == "item":
        return f"{node.number}. " if node.number else "- "
    return f"[{node.number}] " if node.kind == "note" and node.number else ""


def ends_sentence(runs: Runs) -> bool:
    """Whether some text stops where a sentence does."""
    text = "".join(words for words, _ in runs)
    return any(found.end() == len(text) for found in _SENTENCE.finditer(f"{text} "))


def cut(runs: Runs, room: int, cost: Callable[[str], float]) -> tuple[Runs, Runs]:
    """As much as fits, and the rest: cut behind a sentence, else at a blank, else between two graphemes.

    `cost` is what one grapheme takes of the room. The first is empty where not
    even a grapheme fits.
    """
    text = "".join(words for words, _ in runs)
    end, blanks, borders = _reach(text, room - len(GOES_ON + MORE), cost)
    sentences = [found.end() for found in _SENTENCE.finditer(text, 0, end + 1) if found.end() in borders]
    is_within = False
    if sentences and sentences[-1] * 2 >= end:
        end = sentences[-1]
    elif blanks:
        end = next(reversed(blanks))
    else:
        is_within = True
    start = next((at for at in range(end, len(text)) if at not in blanks), len(text))
    head = _sliced(runs, 0, len(text[:end].rstrip()))
    if head and start == end:
        head = (*head, (GOES_ON + MORE if is_within else GOES_ON, None))
    return head, _sliced(runs, start, len(text))


def _reach(text: str, room: float, cost: Callable[[str], float]) -> tuple[int, dict[int, None], set[int]]:
    """Where the room ends, the blanks up to there, and the ends of the graphemes."""
    import regex  # in here, so that who lists the formats does not load its tables

    end = 0
    blanks: dict[int, None] = {}
    borders: set[int] = set()
    for found in regex.finditer(r"\X", text):
        if found[0].isspace():
            blanks[found.start()] = None
        room -= cost(found[0])
        if room >= 0:
            end = found.end()
            borders.add(end)
        elif not found[0].isspace():
            break
    return end, blanks, borders


def _sliced(runs: Runs, start: int, end: int) -> Runs:
    found: list[Run] = []
    at = 0
    for text, href in runs:
        part = text[max(0, start - at) : max(0, end - at)]
        if part:
            found.append((part, href))
        at += len(text)
    return tuple(found)


def pieces_of(node: Node, runs: Runs, room: int, cost: Callable[[str], float], findings: list[Finding]) -> list[Piece]:
    """A text in pieces of which each fits."""
    found: list[Piece] = []
    while size_of(runs, cost, room) > room:
        head, tail = cut(runs, room, cost)
        if not head:
            head, tail = without_grapheme(node, runs, findings)
        found.append(Piece(node, head, not found))
        runs = tail
    if runs:
        found.append(Piece(node, runs, not found))
    return found


def without_grapheme(node: Node, runs: Runs, findings: list[Finding]) -> tuple[Runs, Runs]:
    """Leave out the first grapheme, which is too long for a message: a letter with hundreds of accents."""
    import regex

    text = "".join(words for words, _ in runs)
    first = regex.match(r"\X", text)
    length = first.end() if first else 0
    message = f"one grapheme of {length} characters is left out: it is too long for a message"
    findings.append(Finding(code="long-grapheme", message=message, path=node.path))
    return ((GOES_ON + MORE, None),), _sliced(runs, length, len(text))


def size_of(runs: Runs, cost: Callable[[str], float], room: float) -> float:
    """What some text takes of the room; more than it as soon as it is clear that it does not fit."""
    size = 0.0
    for text, _ in runs:
        if len(text) < _SHORT:
            size += _size(text, cost)
            continue
        for grapheme in _graphemes(text):
            size += cost(grapheme)
            if size > room:
                return size
    return size


_SHORT = 1_000  # a longer text is not measured to its end each time that a piece of it is cut off


@functools.lru_cache(4096)
def _size(text: str, cost: Callable[[str], float]) -> float:
    return sum(map(cost, _graphemes(text)))


def _graphemes(text: str) -> Iterator[str]:
    import regex

    return (found[0] for found in regex.finditer(r"\X", text))


def units(nodes: Iterable[Node]) -> Iterator[list[Node]]:
    """Nodes that belong together: headings with what they stand over, and all of a group."""
    unit: list[Node] = []
    for node in nodes:
        in_group = any(before.role == "group" for before in unit)
        is_open = in_group or all(before.kind == "heading" for before in unit)
        if unit and (not is_open or (in_group and (node.kind == "heading" or node.path.find(".perspectives[") < 0))):
            yield unit
            unit = []
        unit.append(node)
    if unit:
        yield unit


def packed(parts: Iterable[list[Piece]], fits: Callable[[Sequence[Piece]], bool]) -> list[list[Piece]]:
    """Messages of these pieces, in order: a story begins one where it then fits whole, and so does each unit."""
    messages: list[list[Piece]] = [[]]
    for _, run in groupby(parts, key=lambda unit: unit[0].story):
        story = list(run)
        for unit in _largest(story, fits):
            if messages[-1] and not fits([*messages[-1], *unit]):
                messages.append([])
            messages[-1] += unit
    return [message for message in messages if message]


def _largest(story: list[list[Piece]], fits: Callable[[Sequence[Piece]], bool]) -> Iterator[list[Piece]]:
    """A story whole, or else its units, or else their pieces: whatever a message takes."""
    whole = [piece for unit in story for piece in unit]
    if fits(whole):
        yield whole
        return
    for unit in story:
        yield from [unit] if fits(unit) else ([piece] for piece in unit)


def at_most(
    messages: list[list[Piece]],
    most: int,
    brief: Brief,
    tools: RenderTools,
    fits: Callable[[Sequence[Piece]], bool],
    findings: list[Finding],
) -> list[list[Piece]]:
    """The first so many messages, 0 for all; what else there is becomes a link, and a finding for each story."""
    if not most or len(messages) <= most:
        return messages
    kept = messages[:most]
    left = [piece for message in messages[most:] for piece in message]
    while not fits([*kept[-1], end := _end(brief, tools, left[0])]) and kept[-1]:
        left.insert(0, kept[-1].pop())
    kept[-1].append(end)
    for path, run in groupby(left, key=lambda piece: piece.story):
        omitted = [piece for piece in run if not piece.again]
        count = sum(len(piece.text) for piece in omitted)
        hint = "" if end.node.href else "give the story or the brief a `url`, so that readers can go on"
        message = f"{count} characters are not in the messages (texts: {len({piece.node.path for piece in omitted})})"
        findings.append(Finding(code="too-many-messages", message=message, path=path, hint=hint))
    return kept


def _end(brief: Brief, tools: RenderTools, omitted: Piece) -> Piece:
    """What stands for all that is omitted: a link to where it can be read, if there is one."""
    found = re.match(r"\$\.stories\[(\d+)\]", omitted.node.path)
    href = (brief.stories[int(found[1])].url if found else None) or brief.url
    words = tools.wording(brief).read_on
    node = Node(kind="link", text=words, href=href, role="link", path=omitted.node.path)
    return Piece(node, ((f"{MORE} ", None), (words, href)) if href else ((MORE, None),))
