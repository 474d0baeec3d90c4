"""The loaders: which input is a feed, and of which kind."""

import re
from codecs import BOM_UTF16_BE, BOM_UTF16_LE

from perspectives.plugin import Confidence, Input, Loaded, LoaderInfo, LoadTools, NoOptions

_PROLOG = re.compile(r"\s*+(?:<\?.*?\?>\s*+|<!--.*?-->\s*+|<!DOCTYPE[^>\[]*+(?:\[.*?\]\s*+)?>\s*+)*+", re.DOTALL)
_ATOM = re.compile(
    r"<(?:[\w.-]+:)?feed\b(?P<own>[^>]*\bxmlns(?::[\w.-]+)?\s*=\s*[\"']https?://(?:www\.w3\.org/2005/Atom|purl\.org/atom/ns#))?"
)
_RSS = re.compile(
    r"<rss\b|<(?:[\w.-]+:)?RDF\b[^>]*[\"']http://(?:purl\.org/rss/1\.0/|my\.netscape\.com/rdf/simple/0\.9/)"
)
_JSON = re.compile(
    r"\s*\{(?P<later>.*?)\"version\"\s*:\s*\"https?:\\?/\\?/(?:www\.)?jsonfeed\.org\\?/version\\?/1", re.DOTALL
)


def _start(input: Input) -> str:
    """The beginning of an input, behind what may stand before the outermost element."""
    head = input.head
    is_wide = head.startswith((BOM_UTF16_BE, BOM_UTF16_LE))
    text = head.decode("utf-16" if is_wide else "utf-8", "replace")
    prolog = _PROLOG.match(text)
    return text[prolog.end() :] if prolog else text


class AtomLoader:
    """Reads Atom: our own as it was written, any other entry by entry, a malformed one as far as it goes."""

    info: LoaderInfo = LoaderInfo(
        name="atom",
        summary="An Atom feed, each entry a story",
        media_types=("application/atom+xml",),
        extensions=(".atom",),
    )
    options_class: type[NoOptions] = NoOptions

    def sniff(self, input: Input, /) -> Confidence:
        """Certain of a `feed` in Atom's namespace, likely of any other."""
        feed = _ATOM.match(_start(input))
        return Confidence.NO if not feed else Confidence.CERTAIN if feed["own"] else Confidence.LIKELY

    def load(self, input: Input, options: NoOptions, tools: LoadTools, /) -> Loaded:
        """The brief. Raises `LoadError` or `LimitError` with the line of what is no feed, or too large."""
        # Who sniffs imports every loader, and the parsers take long to start.
        from perspectives_feeds.read_xml import load

        return load(input, tools)


class RssLoader:
    """Reads RSS of every version, as the Atom loader reads Atom."""

    info: LoaderInfo = LoaderInfo(
        name="rss",
        summary="An RSS channel, each item a story",
        media_types=("application/rss+xml",),
        extensions=(".rss",),
    )
    options_class: type[NoOptions] = NoOptions

    def sniff(self, input: Input, /) -> Confidence:
        """Certain of `rss`, and of `rdf:RDF` with a namespace of RSS."""
        return Confidence.CERTAIN if _RSS.match(_start(input)) else Confidence.NO

    def load(self, input: Input, options: NoOptions, tools: LoadTools, /) -> Loaded:
        """As that of Atom: each reads what the other does."""
        return AtomLoader().load(input, options, tools)


class JsonFeedLoader:
    """Reads JSON Feed 1 and 1.1: our own exactly, any other item by item."""

    info: LoaderInfo = LoaderInfo(
        name="jsonfeed",
        summary="A JSON Feed, each item a story",
        media_types=("application/feed+json",),
        extensions=(".jsonfeed",),
    )
    options_class: type[NoOptions] = NoOptions

    def sniff(self, input: Input, /) -> Confidence:
        """Certain where the version is the first member, likely where it is a later one."""
        feed = _JSON.match(input.head.decode("utf-8", "replace"))
        return Confidence.NO if not feed else Confidence.LIKELY if feed["later"].strip() else Confidence.CERTAIN

    def load(self, input: Input, options: NoOptions, tools: LoadTools, /) -> Loaded:
        """The brief. Raises `LoadError` with line or path of what is no feed, and `LimitError`."""
        from perspectives_feeds.read_json import load

        return load(input, tools)
