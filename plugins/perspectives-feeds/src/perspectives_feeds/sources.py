"""The loaders: which input is a feed, and of which kind."""

import re
from codecs import BOM_UTF16_BE, BOM_UTF16_LE

from attrs import field, frozen

from perspectives.plugin import Confidence, Input, Loaded, LoaderInfo, LoadTools, NoOptions

# What may stand before the outermost element.
_PROLOG = re.compile(r"\s*+(?:<\?.*?\?>\s*+|<!--.*?-->\s*+|<!DOCTYPE[^>\[]*+(?:\[.*?\]\s*+)?>\s*+)*+", re.DOTALL)
_ATOM = re.compile(
    r"<(?:[\w.-]+:)?feed\b(?P<certain>[^>]*\bxmlns(?::[\w.-]+)?\s*=\s*[\"']https?://(?:www\.w3\.org/2005/Atom|purl\.org/atom/ns#))?"
)
_RSS = re.compile(
    r"(?P<certain><rss\b|<(?:[\w.-]+:)?RDF\b[^>]*[\"']http://(?:purl\.org/rss/1\.0/|my\.netscape\.com/rdf/simple/0\.9/))"
)
_JSON = re.compile(
    r"\{(?:(?P<certain>\s*)|.*?)\"version\"\s*:\s*\"https?:\\?/\\?/(?:www\.)?jsonfeed\.org\\?/version\\?/1", re.DOTALL
)


@frozen
class FeedLoader:
    """Reads feeds: our own as they were written, any other entry by entry."""

    info: LoaderInfo
    _outermost: re.Pattern[str] = field(repr=False)
    options_class: type[NoOptions] = NoOptions

    def sniff(self, input: Input, /) -> Confidence:
        """Certain of what names its format, or JSON Feed first of all; likely of a `feed`, or of JSON Feed later on."""
        head = input.head
        is_wide = head.startswith((BOM_UTF16_BE, BOM_UTF16_LE))
        text = head.decode("utf-16" if is_wide else "utf-8", "replace")
        prolog = _PROLOG.match(text)
        found = self._outermost.match(text, prolog.end() if prolog else 0)
        if not found:
            return Confidence.NO
        return Confidence.LIKELY if found["certain"] is None else Confidence.CERTAIN

    def load(self, input: Input, options: NoOptions, tools: LoadTools, /) -> Loaded:
        """The brief. Raises `LoadError` or `LimitError` with the line or path of what is no feed, or too large."""
        # Who sniffs imports every loader, and the parsers take long to start.
        if self.info.name == "jsonfeed":
            from perspectives_feeds.read_json import load
        else:
            from perspectives_feeds.read_xml import load
        return load(input, tools)


ATOM = FeedLoader(
    LoaderInfo(
        name="atom",
        summary="An Atom feed, each entry a story",
        media_types=("application/atom+xml",),
        extensions=(".atom",),
    ),
    _ATOM,
)
RSS = FeedLoader(
    LoaderInfo(
        name="rss",
        summary="An RSS channel, each item a story",
        media_types=("application/rss+xml",),
        extensions=(".rss",),
    ),
    _RSS,
)
JSON_FEED = FeedLoader(
    LoaderInfo(
        name="jsonfeed",
        summary="A JSON Feed, each item a story",
        media_types=("application/feed+json",),
        extensions=(".jsonfeed",),
    ),
    _JSON,
)
