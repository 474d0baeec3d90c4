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
        id=feed.get("id", ""),
        url=feed.get("link", ""),
        title=_words(feed.get("title_detail")),
        intro=_words(feed.get("subtitle_detail")),
        language=feed.get("language", ""),
        publisher=feed.get("publisher", "") or feed.get("author_detail", {}).get("name", ""),
        logo=feed.get("logo", "") or feed.get("image", {}).get("href", ""),
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
        id=entry.get("id", ""),
        url=entry.get("link", ""),
        title=_words(entry.get("title_detail")),
        summary=_words(entry.get("summary_detail")),
        content=_words(next(iter(entry.get("content", ())), None)),
        published=entry.get("published", ""),
        # feedparser answers for one that is missing with the other.
        updated=entry["updated"] if dict.__contains__(entry, "updated") else "",
        language=entry.get("language") or "",
        authors=[author.get("name", "") for author in entry.get("authors", [])],
        rights=entry.get("rights", ""),
        tags=[(tag.get("label") or tag.get("term") or "", tag.get("term") or "") for tag in entry.get("tags", [])],
    )
    for link in entry.get("links", []):
        item.link(link.get("rel", ""), link.get("href", ""), link.get("title") or "", link.get("type") or "")
    return item


def _words(detail: Any) -> Words:
    detail = detail or {}
    is_html = detail.get("type") in ("text/html", "application/xhtml+xml")
    return Words(detail.get("value") or "", "html" if is_html else "either")
