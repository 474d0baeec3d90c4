"""A brief as a thread of numbered posts for Mastodon or Bluesky."""

import json
import re
from collections.abc import Callable, Mapping, Sequence
from types import MappingProxyType
from typing import Any, Literal

from attrs import evolve, field, frozen, validators

from perspectives import Brief
from perspectives.plugin import Finding, Node, Rendered, RendererInfo, RenderTools
from perspectives_chat import limits
from perspectives_chat.pieces import (
    Piece,
    Runs,
    at_most,
    cut,
    defused,
    ends_sentence,
    runs_of,
    sign_of,
    size_of,
    units,
    without_grapheme,
)

_KNOWN_URL = re.compile(
    r"https?://(?:[a-z0-9](?:[a-z0-9-]*[a-z0-9])?\.)+(?:[a-z]{2}|com|edu|gov|info|int|mil|net|news|org)(?::[0-9]+)?"
    r"(?:/(?:[\w!*';:=+,.$/%#~@|&-]*[\w=#/+-])?)?(?:\?[\w!?*'();:&=+$/%#\[\].,~|@-]*[\w&=#/-])?",
    re.ASCII | re.IGNORECASE,
)
"""Addresses that the counter of Mastodon takes for one link, in a form that needs none of its tables: `url_regex.js` in
its compose form. Of others it may take a part, and count the rest letter by letter."""


@frozen(kw_only=True)
class ThreadOptions:
    """For which network, and how much is posted."""

    network: Literal["mastodon", "bluesky"] = field(
        default="mastodon",
        validator=validators.in_(("mastodon", "bluesky")),
        metadata={"help": "whose posts these are, and whose limits hold: mastodon or bluesky"},
    )
    characters: int = field(
        default=0,
        metadata={"help": "longest post, 100 or more, where an instance has its own limit; 0 = that of the network"},
    )
    posts: int = field(
        default=0,
        validator=validators.ge(0),
        metadata={"help": "most posts; what does not fit becomes a link to its page; 0 = as many as it takes"},
    )

    def __attrs_post_init__(self) -> None:
        if self.characters != 0 and self.characters < 100:
            raise ValueError(f"'characters' must be 0, or 100 or more, got {self.characters}")
        most = limits.BLUESKY_GRAPHEMES
        if self.network == "bluesky" and self.characters > most:
            raise ValueError(f"'characters' must be {most} or less for bluesky, got {self.characters}")


class ThreadRenderer:
    """One post a line, each to be a reply to the one before, whose id is known only once that one is posted."""

    info = RendererInfo(
        name="thread",
        media_type="application/jsonl",
        summary="Posts of a thread for Mastodon or Bluesky, one a line",
    )
    options_class = ThreadOptions

    def render(self, brief: Brief, options: ThreadOptions, tools: RenderTools, /) -> Rendered:
        """The posts in order; none for a brief that says nothing."""
        network = _NETWORKS[options.network]
        digits = 1
        while True:
            findings: list[Finding] = []
            count = _count(10 ** (digits - 1), 10 ** (digits - 1))
            thread = _Thread(network, (options.characters or network.room) - len(count), findings)
            posts: list[list[Piece]] = []
            for unit in units(tools.outline(brief)):
                thread.add(posts, [Piece(node, _signed(node, network, thread.room, findings)) for node in unit])
            posts = at_most(posts, options.posts, brief, tools, thread.fits, findings)
            if len(str(len(posts))) <= digits:
                break
            digits = len(str(len(posts)))
        lines = []
        for number, pieces in enumerate(posts, 1):
            count = _count(number, len(posts)) if len(posts) > 1 else ""
            post = network.post((*_joined(pieces), (count, None)), _language(brief, pieces))
            lines.append(json.dumps(post, ensure_ascii=False) + "\n")
        return Rendered("".join(lines), self.info.media_type, findings=findings)


@frozen
class _Network:
    """What a network counts, and how a post is written for it."""

    room: int
    cost: Callable[[str], float]
    """What a grapheme takes of the room."""
    link: Callable[[str], int]
    """What an address takes of the room beside its words."""
    longest_url: int
    post: Callable[[Runs, str | None], dict[str, Any]]


@frozen
class _Thread:
    """The posts as they grow."""

    network: _Network
    room: int
    findings: list[Finding]

    def size(self, pieces: Sequence[Piece]) -> float:
        runs = _joined(pieces)
        return size_of(runs, self.network.cost, self.room) + sum(self.network.link(href) for _, href in runs if href)

    def fits(self, pieces: Sequence[Piece]) -> bool:
        return self.size(pieces) <= self.room

    def add(self, posts: list[list[Piece]], unit: list[Piece]) -> None:
        """Add what belongs together: to the last post, else to one of its own, else in pieces."""
        if posts and self.fits([*posts[-1], *unit]):
            posts[-1] += unit
            return
        lead = [piece for piece in unit if piece.node.kind in ("heading", "outlets")]
        if self.fits(unit) or self.size(lead) > self.room / 2:
            lead = []
        posts.append(lead)
        # A group goes on under its name and its outlets, so that no critique is read for somebody else's.
        again = [evolve(piece, again=True) for piece in lead if piece.node.role in ("group", "outlets")]
        begun = len(lead)
        for piece in unit[len(lead) :]:
            while not self.fits([*posts[-1], piece]):
                if len(posts[-1]) > begun:
                    posts.append([*again])
                    begun = len(again)
                    continue
                head, tail = self._cut(posts[-1], piece)
                if posts[-1] and not again and not ends_sentence(head) and self.fits([piece]):
                    posts.append([])  # rather than to break a sentence, leave a headline to itself
                    begun = 0
                    continue
                posts[-1].append(evolve(piece, runs=head))
                piece = evolve(piece, runs=tail, first=False)
            if piece.runs:
                posts[-1].append(piece)

    def _cut(self, post: list[Piece], piece: Piece) -> tuple[Runs, Runs]:
        """As much of a piece as fits into a post, and the rest; an address that is spelled out stands behind both."""
        link = sum(self.network.link(href) for _, href in piece.runs if href)
        room = self.room - self.size([*post, evolve(piece, runs=(("", None),))]) - link
        head, tail = cut(piece.runs, int(room), self.network.cost)
        if not head:
            return without_grapheme(piece.node, piece.runs, self.findings)
        if link and any(href for _, href in tail):
            head = tuple((text, None) for text, _ in head)
        return head, tail


def _count(number: int, of: int) -> str:
    return f"\n\n({number}/{of})"


def _signed(node: Node, network: _Network, room: int, findings: list[Finding]) -> Runs:
    """A text with what says what it is, where no formatting can."""
    longest = network.longest_url
    if node.href and network.link(node.href) > room / 2:
        longest = 0
    sign = sign_of(node)
    runs = runs_of(node, longest, findings)
    return ((sign, None), *runs) if sign else runs


def _joined(pieces: Sequence[Piece]) -> Runs:
    """The text of a post: lists and what stands under a heading on the next line, all else behind a blank one."""
    runs: list[tuple[str, str | None]] = []
    before: Piece | None = None
    for piece in pieces:
        if before:
            kinds = before.node.kind, piece.node.kind
            in_row = kinds[0] == "heading" or (kinds[0] == kinds[1] and kinds[0] in ("item", "note"))
            runs.append(("\n" if in_row else "\n\n", None))
        runs += piece.runs
        before = piece
    return tuple(runs)


def _language(brief: Brief, pieces: Sequence[Piece]) -> str | None:
    """The language of a post: that of its story, if it is of one."""
    for story in {piece.story for piece in pieces}:
        found = re.fullmatch(r"\$\.stories\[(\d+)\]", story)
        if found and len({piece.story for piece in pieces}) == 1:
            return brief.stories[int(found[1])].language or brief.language
    return brief.language


def _mastodon_cost(grapheme: str) -> int:
    return len(grapheme) + (grapheme[0] in "@#＠＃:")  # which may get a word joiner


def _mastodon_link(href: str) -> int:
    link = len(" ") + limits.MASTODON_LINK
    return link if _KNOWN_URL.fullmatch(href) else link + len(href)


def _mastodon_post(runs: Runs, language: str | None) -> dict[str, Any]:
    """The body of POST /api/v1/statuses: https://docs.joinmastodon.org/methods/statuses/#create."""
    status = "".join(defused(text) + (f" {href}" if href else "") for text, href in runs)
    # ISO 639, which has no regions.
    return {"status": status} | ({"language": language.partition("-")[0].lower()} if language else {})


def _bluesky_cost(grapheme: str) -> float:
    return max(1, len(grapheme.encode()) * limits.BLUESKY_GRAPHEMES / limits.BLUESKY_BYTES)


def _bluesky_post(runs: Runs, language: str | None) -> dict[str, Any]:
    """A record without its `createdAt`, which is the moment of posting: lexicons/app/bsky/feed/post.json."""
    post: dict[str, Any] = {"$type": "app.bsky.feed.post", "text": "".join(text for text, _ in runs)}
    facets = []
    at = 0
    for text, href in runs:
        end = at + len(text.encode())
        if href:
            link = {"$type": "app.bsky.richtext.facet#link", "uri": href}
            facets.append({"index": {"byteStart": at, "byteEnd": end}, "features": [link]})
        at = end
    return post | ({"facets": facets} if facets else {}) | ({"langs": [language]} if language else {})


_NETWORKS: Mapping[str, _Network] = MappingProxyType(
    {
        "mastodon": _Network(
            limits.MASTODON_CHARACTERS, _mastodon_cost, _mastodon_link, limits.MASTODON_URL, _mastodon_post
        ),
        "bluesky": _Network(limits.BLUESKY_GRAPHEMES, _bluesky_cost, lambda _: 0, limits.BLUESKY_URL, _bluesky_post),
    }
)
