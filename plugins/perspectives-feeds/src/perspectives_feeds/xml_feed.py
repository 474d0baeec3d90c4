"""Atom and RSS as they stand in XML; what is not well-formed is left to feedparser."""

import re
from collections.abc import Iterator
from typing import Any
from xml.etree.ElementTree import Element, ParseError, TreeBuilder, tostring

from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import DefusedXMLParser

from perspectives import LimitError, LoadError
from perspectives.plugin import Fault, Finding, Input, Loaded, LoadTools
from perspectives_feeds.data import NAMESPACE, read_text
from perspectives_feeds.feed import Feed, Item, Words, joined, not_feed, to_loaded
from perspectives_feeds.malformed import read_malformed
from perspectives_feeds.xml import ATOM, CONTENT, DC, DCTERMS

_XML = "http://www.w3.org/XML/1998/namespace"
_MEDIA = "http://search.yahoo.com/mrss/"
_XHTML = "{http://www.w3.org/1999/xhtml}"
# RSS 2.0 has none; 0.90, 1.0 and some that were given to 2.0 in error.
_RSS = (
    "",
    "http://purl.org/rss/1.0/",
    "http://my.netscape.com/rdf/simple/0.9/",
    "http://backend.userland.com/rss2",
    "http://purl.org/net/rss1.1#",
)
_ENCODING = re.compile(rb"<\?xml[^>]*?encoding\s*=\s*[\"']([A-Za-z0-9._-]+)")
_MOST_MALFORMED = 1_000_000
"""Bytes: feedparser takes some seconds for a megabyte of tags that nobody closes."""
_FEED = "Atom, RSS or RDF: a document that begins with <feed>, <rss> or <rdf:RDF>"


def load(input: Input, tools: LoadTools) -> Loaded:
    """The brief in an XML feed. Raises `LoadError` or `LimitError` with the line."""
    try:
        root, lines = _parsed(input.data, tools)
    except ParseError as error:
        line = error.position[0]
        if tools.limits.bytes is not None and len(input.data) > _MOST_MALFORMED:
            message = f"the feed is not well-formed ({error}), and has {len(input.data):,} bytes"
            expected = f"at most {_MOST_MALFORMED:,} of what is not well-formed (Limits.bytes=None lifts it)"
            raise LimitError(Fault(code="limit", message=message, expected=expected, line=line)) from error
        feed = read_malformed(input.data)
        if feed is None:
            raise not_feed(f"this is no XML ({error})", _FEED, line) from error
        message = f"the feed is not well-formed ({error}); feedparser read it, and may have taken it otherwise"
        feed.findings.append(Finding(code="malformed", message=message, line=line, hint="have its publisher mend it"))
        return to_loaded(feed, tools)
    return to_loaded(_feed(root, lines), tools)


class _Lines(TreeBuilder):
    """Builds the tree, and notes on which line each element begins."""

    def __init__(self, most: int | None) -> None:
        super().__init__()
        self.lines: dict[Element, int] = {}
        self.expat: Any = None
        self._most, self._depth = most, 0

    def start(self, tag: Any, attributes: Any, /) -> Element:
        self._depth += 1
        line = self.expat.CurrentLineNumber
        if self._most is not None and self._depth > self._most:
            expected = f"at most {self._most:,} (Limits.depth)"
            raise LimitError(Fault(code="limit", message="elements are nested deeper", expected=expected, line=line))
        element = super().start(tag, attributes)
        self.lines[element] = line
        return element

    def end(self, tag: Any, /) -> Element:
        self._depth -= 1
        return super().end(tag)


def _parsed(data: bytes, tools: LoadTools, encoding: str | None = None) -> tuple[Element, dict[Element, int]]:
    builder = _Lines(tools.limits.depth)
    # External entities and those of its own are refused, and nothing is fetched.
    parser = DefusedXMLParser(target=builder, encoding=encoding)
    builder.expat = parser.parser
    try:
        parser.feed(data)
        return parser.close(), builder.lines
    except DefusedXmlException as error:
        message = f"the document declares entities ({type(error).__name__}), which can make it grow without end"
        line = parser.parser.CurrentLineNumber
        fault = Fault(code="entities", message=message, expected="a feed without <!ENTITY ...>", line=line)
        raise LoadError(fault) from error
    except (LookupError, ValueError) as error:
        # An encoding that the parser does not know, or one of several bytes a letter.
        return _recoded(data, tools, error)


def _recoded(data: bytes, tools: LoadTools, error: Exception) -> tuple[Element, dict[Element, int]]:
    named = _ENCODING.match(data)
    try:
        text = data.decode(named[1].decode()) if named else ""
    except (LookupError, UnicodeError):
        text = ""
    if not text:
        raise not_feed(f"its encoding cannot be read ({error})", "UTF-8, or an encoding that it names") from error
    return _parsed(text.encode("utf-8", "surrogatepass"), tools, "utf-8")


def _feed(root: Element, lines: dict[Element, int]) -> Feed:
    space, name = _split(root.tag)
    reader = _Xml(root, lines)
    if name == "feed" and (space in ("", ATOM) or space.startswith("http://purl.org/atom/ns")):
        return reader.atom(space)
    if name == "entry" and space == ATOM:
        return Feed(line=lines[root], items=[reader.entry(root, ATOM, "")])
    channel = next((child for child in root if _split(child.tag)[1] in ("channel", "Channel")), None)
    if name in ("rss", "RDF", "Channel") and channel is not None:
        return reader.rss(channel)
    raise not_feed(f"the document begins with <{name[:60]}>", _FEED, lines[root])


def _split(tag: str) -> tuple[str, str]:
    space, _, name = tag.rpartition("}")
    return space.removeprefix("{"), name


class _Xml:
    """Reads the elements of one document."""

    def __init__(self, root: Element, lines: dict[Element, int]) -> None:
        self._root, self._lines = root, lines
        self._findings: list[Finding] = []

    def atom(self, space: str) -> Feed:
        root = self._root
        base = _base(root, "")
        links = list(_links(root, space, base))
        author = _child(root, space, "author")
        feed = Feed(
            line=self._lines[root],
            data=self._data(root, "brief"),
            id=_text(root, space, "id"),
            url=_first(links, "alternate"),
            title=_words(_child(root, space, "title"), base),
            intro=_words(_child(root, space, "subtitle", "tagline"), base),
            language=root.get(f"{{{_XML}}}lang", ""),
            publisher=_text(author, space, "name"),
            publisher_url=joined(base, _text(author, space, "uri", "url")),
            publisher_email=_text(author, space, "email"),
            logo=joined(base, _text(root, space, "logo")),
            items=[self.entry(entry, space, base) for entry in root.iter(f"{{{space}}}entry" if space else "entry")],
        )
        feed.findings += self._findings
        return feed

    def entry(self, entry: Element, space: str, base: str) -> Item:
        base = _base(entry, base)
        links = list(_links(entry, space, base))
        item = Item(
            line=self._lines[entry],
            data=self._data(entry, "story"),
            id=_text(entry, space, "id"),
            url=_first(links, "alternate"),
            title=_words(_child(entry, space, "title"), base),
            summary=_words(_child(entry, space, "summary"), base),
            content=_words(_child(entry, space, "content"), base),
            published=_text(entry, space, "published", "issued"),
            updated=_text(entry, space, "updated", "modified"),
            language=entry.get(f"{{{_XML}}}lang", ""),
            authors=[_text(author, space, "name") for author in _children(entry, space, "author")],
            rights=_text(entry, space, "rights", "copyright"),
        )
        # An aggregator says where an entry comes from (RFC 4287, 4.2.11); that is no link of the entry's.
        for rel, href, title, media_type in links:
            if rel == "enclosure" and media_type.startswith("image/"):
                item.images.append(href)
            elif rel in ("via", "related", "enclosure"):
                item.links.append((href, title, rel))
        for category in _children(entry, space, "category"):
            term, label = category.get("term", ""), category.get("label", "")
            if category.get("scheme") == NAMESPACE:
                item.section = label or term
            else:
                item.tags.append((label or term, term))
        return item

    def rss(self, channel: Element) -> Feed:
        root = self._root
        base = _base(channel, _base(root, ""))
        image = _child(channel, None, "image")
        items = [item for item in root.iter() if _split(item.tag)[1] == "item" and _split(item.tag)[0] in _RSS]
        feed = Feed(
            line=self._lines[root],
            data=self._data(channel, "brief"),
            url=joined(base, _text(channel, None, "link")),
            title=_either(_child(channel, None, "title"), base),
            intro=_either(_child(channel, None, "description"), base),
            language=_text(channel, None, "language")
            or _text(channel, DC, "language")
            or channel.get(f"{{{_XML}}}lang", root.get(f"{{{_XML}}}lang", "")),
            publisher=_text(channel, DC, "publisher"),
            logo=joined(base, _text(image, None, "url")),
            items=[self._item(item, base) for item in items],
        )
        feed.findings += self._findings
        return feed

    def _item(self, element: Element, base: str) -> Item:
        base = _base(element, base)
        guid = _child(element, None, "guid")
        link = joined(base, _text(element, None, "link")) or _first(list(_links(element, ATOM, base)), "alternate")
        # A guid is the address too, unless it says that it is not (RSS 2.0, `guid`).
        name = (guid.text or "").strip() if guid is not None else ""
        is_address = guid is not None and guid.get("isPermaLink", "true").strip().lower() != "false"
        if not link and is_address and name.startswith(("http:", "https:")):
            link = name
        item = Item(
            line=self._lines[element],
            data=self._data(element, "story"),
            id=name or element.get("{http://www.w3.org/1999/02/22-rdf-syntax-ns#}about", ""),
            url=link,
            title=_either(_child(element, None, "title"), base),
            summary=_either(_child(element, None, "description"), base),
            content=_html(_child(element, CONTENT, "encoded"), base) or _words(_child(element, ATOM, "content"), base),
            published=_text(element, None, "pubDate")
            or _text(element, DC, "date")
            or _text(element, DCTERMS, "issued", "created")
            or _text(element, ATOM, "published"),
            updated=_text(element, DCTERMS, "modified") or _text(element, ATOM, "updated"),
            language=_text(element, DC, "language") or element.get(f"{{{_XML}}}lang", ""),
            authors=[
                *(author.text or "" for author in _children(element, DC, "creator")),
                *(author.text or "" for author in _children(element, None, "author")),
            ],
            rights=_text(element, DC, "rights"),
        )
        self._fill_links(item, element, base)
        for category in [*_children(element, None, "category"), *_children(element, DC, "subject")]:
            name, domain = (category.text or "").strip(), category.get("domain", "")
            if domain == NAMESPACE:
                item.section = name
            else:
                item.tags.append((name, domain))
        return item

    def _fill_links(self, item: Item, element: Element, base: str) -> None:
        for enclosure in _children(element, None, "enclosure"):
            href = joined(base, enclosure.get("url", ""))
            if enclosure.get("type", "").startswith("image/"):
                item.images.append(href)
            else:
                item.links.append((href, "", "enclosure"))
        for media in element.iter(f"{{{_MEDIA}}}content"):
            if media.get("medium") == "image" or media.get("type", "").startswith("image/"):
                item.images.append(joined(base, media.get("url", "")))
        comments = _text(element, None, "comments")
        if comments:
            item.links.append((joined(base, comments), "", "replies"))
        for rel, href, title, _ in _links(element, ATOM, base):
            if rel in ("via", "related"):
                item.links.append((href, title, rel))

    def _data(self, parent: Element, name: str) -> object:
        element = parent.find(f"{{{NAMESPACE}}}{name}")
        if element is None:
            return None
        try:
            return read_text(element.text or "")
        except ValueError as error:
            message = f"the data cannot be read, what the feed shows is taken instead: {error}"
            self._findings.append(Finding(code="bad-data", message=message, line=self._lines[element]))
            return None


def _base(element: Element, base: str) -> str:
    return joined(base, element.get(f"{{{_XML}}}base", "").strip()) or base


def _children(parent: Element | None, space: str | None, *names: str) -> Iterator[Element]:
    """The elements with one of these names; without a namespace, in any that RSS was given."""
    for child in parent if parent is not None else ():
        at, name = _split(child.tag)
        if name in names and (at in _RSS if space is None else at == space):
            yield child


def _child(parent: Element | None, space: str | None, *names: str) -> Element | None:
    return next(_children(parent, space, *names), None)


def _text(parent: Element | None, space: str | None, *names: str) -> str:
    element = _child(parent, space, *names)
    return (element.text or "").strip() if element is not None else ""


def _links(parent: Element, space: str, base: str) -> Iterator[tuple[str, str, str, str]]:
    """Relation, address, title and media type of each link."""
    for link in _children(parent, space, "link"):
        href = link.get("href", "").strip()
        if href:
            yield (
                link.get("rel", "alternate"),
                joined(_base(link, base), href),
                link.get("title", ""),
                link.get("type", ""),
            )


def _first(links: list[tuple[str, str, str, str]], rel: str) -> str:
    """The address of this relation, rather that of a page."""
    found = [(href, media_type) for name, href, _, media_type in links if name == rel]
    pages = [href for href, media_type in found if media_type in ("", "text/html", "application/xhtml+xml")]
    return next(iter([*pages, *(href for href, _ in found)]), "")


def _words(element: Element | None, base: str) -> Words | None:
    """A text construct or content of Atom (RFC 4287, 3.1 and 4.1.3)."""
    if element is None:
        return None
    base, kind = _base(element, base), element.get("type", "text").strip().lower()
    if kind in ("xhtml", "application/xhtml+xml"):
        return Words("".join(map(_as_html, element)), "html", base)
    if kind in ("html", "text/html"):
        return Words(element.text or "", "html", base)
    return Words("".join(element.itertext()), "text", base) if kind in ("text", "text/plain") else None


def _as_html(element: Element) -> str:
    for part in element.iter():
        part.tag = part.tag.removeprefix(_XHTML)
    return tostring(element, encoding="unicode", method="html")


def _either(element: Element | None, base: str) -> Words | None:
    return None if element is None else Words("".join(element.itertext()), "either", base)


def _html(element: Element | None, base: str) -> Words | None:
    return None if element is None else Words("".join(element.itertext()), "html", base)
