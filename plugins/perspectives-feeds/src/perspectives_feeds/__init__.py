"""Feeds: Atom (RFC 4287), RSS 2.0 and JSON Feed 1.1, each story an entry."""

from typing import Any

from perspectives.plugin import Loader, Renderer, loaders, renderers
from perspectives_feeds.atom import AtomRenderer
from perspectives_feeds.jsonfeed import JsonFeedRenderer
from perspectives_feeds.rss import RssRenderer
from perspectives_feeds.sources import ATOM, JSON_FEED, RSS


@renderers
def perspectives_renderers() -> list[Renderer[Any]]:
    """The renderers that the entry points name."""
    return [AtomRenderer(), RssRenderer(), JsonFeedRenderer()]


@loaders
def perspectives_loaders() -> list[Loader[Any]]:
    """The loaders that the entry points name."""
    return [ATOM, RSS, JSON_FEED]
