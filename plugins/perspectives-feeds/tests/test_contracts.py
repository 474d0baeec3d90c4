"""Each renderer and loader keeps the promises of its kind."""

from collections.abc import Mapping
from typing import Any

from feeds import NEEDED, README, TESTS, feed, shown

from perspectives.plugin import Loader, Rendered, Renderer
from perspectives.testing import LoaderContract, RendererContract, samples
from perspectives_feeds.atom import AtomOptions, AtomRenderer
from perspectives_feeds.jsonfeed import JsonFeedRenderer
from perspectives_feeds.rss import RssOptions, RssRenderer
from perspectives_feeds.sources import ATOM, JSON_FEED, RSS


class Promises(RendererContract):
    """What readers see of a feed is what it shows: the data that stands beside it does not count."""

    readme = README
    examples = 200

    def visible_text(self, rendered: Rendered) -> str:
        """The texts of the feed without those of our data."""
        return super().visible_text(shown(rendered))


class TestAtom(Promises):
    """The promises of a renderer, by Atom."""

    renderer: Renderer[Any] = AtomRenderer()
    options = AtomOptions(**NEEDED["atom"])


class TestRss(Promises):
    """The promises of a renderer, by RSS."""

    renderer: Renderer[Any] = RssRenderer()
    options = RssOptions(**NEEDED["rss"])


class TestJsonFeed(Promises):
    """The promises of a renderer, by JSON Feed."""

    renderer: Renderer[Any] = JsonFeedRenderer()


def _inputs(name: str, ending: str) -> Mapping[str, bytes]:
    files = {path.name: path.read_bytes() for path in sorted((TESTS / "foreign").glob(f"{name}*"))}
    return {f"full.{ending}": bytes(feed(samples["full"], name)), **files}


class TestAtomLoader(LoaderContract):
    """The promises of a loader, by Atom."""

    loader: Loader[Any] = ATOM
    inputs = _inputs("atom", "atom")
    readme = README


class TestRssLoader(LoaderContract):
    """The promises of a loader, by RSS."""

    loader: Loader[Any] = RSS
    inputs = _inputs("rss", "rss")
    readme = README


class TestJsonFeedLoader(LoaderContract):
    """The promises of a loader, by JSON Feed; every brief loads back equal."""

    loader: Loader[Any] = JSON_FEED
    inputs = _inputs("jsonfeed", "jsonfeed")
    renderer = "jsonfeed"
    readme = README
    examples = 20  # 200 briefs load back in test_loaders.py, in each format


del Promises
