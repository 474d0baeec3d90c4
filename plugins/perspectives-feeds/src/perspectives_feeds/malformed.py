"""Feeds that are not well-formed, as feedparser reads them.

It reads no others: of Atom's plain texts it takes some for HTML and drops
what looks like a tag, and it keeps neither lines nor the author's address.
"""

import io
import re
from collections.abc import Iterator
from typing import Any
from xml.sax.saxutils import unescape

from perspectives_feeds.feed import Feed, Item, Words


def read_malformed(data: bytes) -> Feed | None:
    """What feedparser finds; None where it finds no feed."""
    # Imported here, because few feeds need it.
    import feedparser

    # A file in memory: a text would be taken for an address or a path. What it holds is plain to us later, so that
    # nothing needs to be sanitized.
    try:
        found = feedparser.parse(io.BytesIO(data), sanitize_html=False, resolve_relative_uris=True)
        text = data.decode(found.get("encoding") or "utf-8", "replace")
    except Exception:  # noqa: BLE001 - it promises nothing, and raises what it likes for an encoding with a null in it
        return None
    if not (found.get("version") or found.entries):
        return None
    feed = found.feed
    briefs = _ours("brief", text, 1)
    stories = _ours("story", text, sum("perspectives_story" in entry for entry in found.entries))
    return Feed(
        line=1,
        data=next(briefs, "") if "perspectives_brief" in feed else "",
        id=_text(feed, "id"),
        url=_text(feed, "link"),
        title=_words(feed.get("title_detail")),
        intro=_words(feed.get("subtitle_detail")),
        language=_text(feed, "language"),
        publisher=_text(feed, "publisher") or _text(feed.get("author_detail", {}), "name"),
        logo=_text(feed, "logo") or _text(feed.get("image", {}), "href"),
        items=[_item(entry, next(stories) if "perspectives_story" in entry else "") for entry in found.entries],
    )


def _ours(name: str, text: str, count: int) -> Iterator[str]:
    """Our data as they stand in the document: feedparser takes `&amp;copy=2` within them for a sign of copyright."""
    found = [unescape(data) for data in re.findall(rf"<perspectives:{name}>([^<]*)", text)]
    # Where they cannot be counted, nobody knows which belongs to which entry.
    return iter(found if len(found) == count else ["it cannot be told from what stands around it"] * count)


def _item(entry: Any, data: str) -> Item:
    item = Item(
        data=data,
        id=_text(entry, "id"),
        url=_text(entry, "link"),
        title=_words(entry.get("title_detail")),
        summary=_words(entry.get("summary_detail")),
        content=_words(next(iter(entry.get("content", ())), None)),
        published=_text(entry, "published"),
        # feedparser answers for one that is missing with the other.
        updated=_text(entry, "updated") if dict.__contains__(entry, "updated") else "",
        language=_text(entry, "language"),
        authors=[_text(author, "name") for author in entry.get("authors", [])],
        rights=_text(entry, "rights"),
        tags=[(_text(tag, "label") or _text(tag, "term"), _text(tag, "term")) for tag in entry.get("tags", [])],
    )
    for link in entry.get("links", []):
        item.link(*(_text(link, name) for name in ("rel", "href", "title", "type")))
    return item


def _words(detail: Any) -> Words:
    detail = detail or {}
    is_html = detail.get("type") in ("text/html", "application/xhtml+xml")
    return Words(_text(detail, "value"), "html" if is_html else "either")


def _text(thing: Any, name: str) -> str:
    """A text; what is there may be None."""
    return thing.get(name) or ""
