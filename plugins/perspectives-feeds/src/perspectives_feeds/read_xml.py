"""Atom and RSS as they stand in XML; what is not well-formed is left to feedparser."""

import re
from collections.abc import Iterator
from typing import Any
from xml.etree.ElementTree import Element, ParseError, TreeBuilder, tostring

from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import DefusedXMLParser

from perspectives import LimitError, LoadError
from perspectives.plugin import Fault, Finding, Input, Loaded, LoadTools
from perspectives_feeds.data import NAMESPACE
from perspectives_feeds.feed import Feed, Item, Words, joined, not_feed
from perspectives_feeds.malformed import read_malformed
from perspectives_feeds.stories import to_loaded
from perspectives_feeds.xml import ATOM, CONTENT, DC, DCTERMS

# The names of Atom and RSS do not collide, but for `link`, `author` and `category`, which show what they are; so both
# go without a prefix. Some feeds of RSS 2.0 have namespaces that were given to it in error.
_PREFIXES = {
    ATOM: "",
    "http://purl.org/atom/ns#": "",
    "http://purl.org/rss/1.0/": "",
    "http://my.netscape.com/rdf/simple/0.9/": "",
    "http://backend.userland.com/rss2": "",
    CONTENT: "content:",
    DC: "dc:",
    DCTERMS: "dcterms:",
    "http://search.yahoo.com/mrss/": "media:",
    "http://www.w3.org/1999/02/22-rdf-syntax-ns#": "rdf:",
    "http://www.w3.org/1999/xhtml": "html:",
    "http://www.w3.org/XML/1998/namespace": "xml:",
    NAMESPACE: "ours:",
}
_ENCODING = re.compile(rb"<\?xml[^>]*?encoding\s*=\s*[\"']([A-Za-z0-9._-]+)")
_MOST_MALFORMED = 1_000_000
"""Bytes: feedparser takes some seconds for a megabyte of tags that nobody closes."""
_FEED = "Atom, RSS or RDF: a document that begins with <feed>, <rss> or <rdf:RDF>"


def load(input: Input, tools: LoadTools) -> Loaded:
    """The brief in an XML feed. Raises `LoadError` or `LimitError` with the line."""
    try:
        feed = _feed(*_parsed(input.data, tools))
    except ParseError as error:
        feed = _mended(input.data, tools, error)
    return to_loaded(feed, tools)


def _mended(data: bytes, tools: LoadTools, error: ParseError) -> Feed:
    line = error.position[0]
    if tools.limits.bytes is not None and len(data) > _MOST_MALFORMED:
        message = f"the feed is not well-formed ({error}), and has {len(data):,} bytes"
        expected = f"at most {_MOST_MALFORMED:,} of what is not well-formed (Limits.bytes=None lifts it)"
        raise LimitError(Fault(code="limit", message=message, expected=expected, line=line)) from error
    feed = read_malformed(data)
    if feed is None:
        raise not_feed(f"this is no XML ({error})", _FEED, line) from error
    message = f"the feed is not well-formed ({error}); feedparser read it, and may have taken it otherwise"
    feed.findings.append(Finding(code="malformed", message=message, line=line, hint="have its publisher mend it"))
    return feed


class _Builder(TreeBuilder):
    """Builds the tree with short names, and notes on which line each element begins."""

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
        element = super().start(_short(tag), {_short(name): value for name, value in attributes.items()})
        self.lines[element] = line
        return element

    def end(self, tag: Any, /) -> Element:
        self._depth -= 1
        return super().end(tag)


def _short(name: str) -> str:
    space, brace, local = name.rpartition("}")
    # Some take the name of a namespace for an address, and make it a safe one.
    return _PREFIXES.get(space[1:].replace("https:", "http:"), space + brace) + local


def _parsed(data: bytes, tools: LoadTools, encoding: str | None = None) -> tuple[Element, dict[Element, int]]:
    builder = _Builder(tools.limits.depth)
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
        named = _ENCODING.match(data)
        try:
            text = data.decode(named[1].decode()) if named else ""
        except (LookupError, UnicodeError):
            text = ""
        if not text:
            raise not_feed(f"its encoding cannot be read ({error})", "UTF-8, or an encoding that it names") from error
        return _parsed(text.encode("utf-8", "surrogatepass"), tools, "utf-8")


def _feed(root: Element, lines: dict[Element, int]) -> Feed:
    reader = _Reader(root.tag in ("feed", "entry"), lines)
    if root.tag == "entry":
        return Feed(line=lines[root], items=[reader.item(root, "")])
    head = root if root.tag == "feed" else _child(root, "channel")
    if head is None or root.tag not in ("feed", "rss", "rdf:RDF"):
        raise not_feed(f"the document begins with <{root.tag.rpartition('}')[2][:60]}>", _FEED, lines[root])
    return reader.feed(root, head)


class _Reader:
    """Reads the elements of one document."""

    def __init__(self, is_atom: bool, lines: dict[Element, int]) -> None:
        self._kind = "text" if is_atom else "either"
        self._lines = lines

    def feed(self, root: Element, head: Element) -> Feed:
        """All of it; `head` is what speaks for the whole: the channel, or the feed itself."""
        base = _base(head, _base(root, ""))
        author, image = _child(head, "author"), _child(head, "image")
        return Feed(
            line=self._lines[root],
            data=_text(head, "ours:brief"),
            id=_text(head, "id"),
            url=_alternate(head, base),
            title=self._words(head, base, "title"),
            intro=self._words(head, base, "subtitle", "tagline", "description"),
            language=_text(head, "language", "dc:language") or _language(head) or _language(root),
            publisher=_text(author, "name") or _text(head, "dc:publisher"),
            publisher_url=joined(base, _text(author, "uri", "url")),
            publisher_email=_text(author, "email"),
            logo=joined(base, _text(head, "logo") or _text(image, "url")),
            items=[self.item(each, base) for each in root.iter() if each.tag in ("entry", "item")],
        )

    def item(self, element: Element, base: str) -> Item:
        """An entry of Atom, or an item of RSS."""
        base = _base(element, base)
        guid, url = _child(element, "guid"), _alternate(element, base)
        # A guid is the address too, unless it says that it is not (RSS 2.0, `guid`).
        if guid is not None and guid.get("isPermaLink", "true").strip().lower() != "false" and not url:
            url = _text(element, "guid")
            url = url if url.startswith(("http:", "https:")) else ""
        item = Item(
            line=self._lines[element],
            data=_text(element, "ours:story"),
            id=_text(element, "id", "guid") or element.get("rdf:about", ""),
            url=url,
            title=self._words(element, base, "title"),
            summary=self._words(element, base, "summary", "description"),
            content=self._words(element, base, "content:encoded", "content"),
            published=_text(element, "published", "pubDate", "issued", "dc:date", "dcterms:issued", "dcterms:created"),
            updated=_text(element, "updated", "modified", "dcterms:modified"),
            language=_text(element, "dc:language") or _language(element),
            authors=[_text(it, "name") or it.text or "" for it in _children(element, "author", "dc:creator")],
            rights=_text(element, "rights", "copyright", "dc:rights"),
        )
        for rel, href, title, kind in _links(element, base):
            item.link(rel, href, title, kind)
        for it in _children(element, "enclosure"):
            item.link("enclosure", joined(base, it.get("url", "")), "", it.get("type", ""))
        for it in element.iter("media:content"):
            if it.get("medium") == "image" or it.get("type", "").startswith("image/"):
                item.images.append(joined(base, it.get("url", "")))
        item.link("replies", joined(base, _text(element, "comments")))
        content = _child(element, "content")
        if content is not None and content.get("src"):  # its content stands elsewhere (RFC 4287, 4.1.3.2)
            item.link("related", joined(_base(content, base), content.get("src", "")))
        for it in _children(element, "category", "dc:subject"):
            name, uri = it.get("term") or (it.text or "").strip(), it.get("scheme") or it.get("domain") or ""
            if uri == NAMESPACE:
                item.section = it.get("label") or name
            else:  # in Atom the address of a concept is the term (4.2.2), in RSS the vocabulary alone has one
                item.tags.append((it.get("label") or name, it.get("term") or uri))
        return item

    def _words(self, parent: Element, base: str, *names: str) -> Words:
        """A text: of Atom as its type says (RFC 4287, 3.1 and 4.1.3), of RSS, which does not say, as it looks."""
        element = _child(parent, *names)
        if element is None or element.get("src"):
            return Words()
        base, text = _base(element, base), "".join(element.itertext())
        kind = element.get("type", "html" if element.tag == "content:encoded" else self._kind).strip().lower()
        if kind in ("xhtml", "application/xhtml+xml"):
            return Words("".join(map(_as_html, element)), "html", base)
        if kind in ("html", "text/html"):
            return Words(text, "html", base)
        if kind == "either":
            return Words(text, "either", base)
        return Words(text) if kind == "text" or kind.startswith("text/") else Words(kind, "none")


def _base(element: Element, base: str) -> str:
    return joined(base, element.get("xml:base", "").strip()) or base


def _language(element: Element) -> str:
    return element.get("xml:lang", "")


def _children(parent: Element | None, *names: str) -> Iterator[Element]:
    """The elements with these names, those with the first name first."""
    for name in names:
        yield from (child for child in (() if parent is None else parent) if child.tag == name)


def _child(parent: Element | None, *names: str) -> Element | None:
    return next(_children(parent, *names), None)


def _text(parent: Element | None, *names: str) -> str:
    """The first of these that says anything."""
    return next((text for child in _children(parent, *names) if (text := (child.text or "").strip())), "")


def _links(parent: Element, base: str) -> Iterator[tuple[str, str, str, str]]:
    """Relation, address, title and media type of each link of Atom."""
    for link in _children(parent, "link"):
        if href := link.get("href", "").strip():
            yield (
                link.get("rel", "alternate"),
                joined(_base(link, base), href),
                link.get("title", ""),
                link.get("type", ""),
            )


def _alternate(parent: Element, base: str) -> str:
    """The page that a feed or an entry is of."""
    found = [(kind, href) for rel, href, _, kind in _links(parent, base) if rel == "alternate"]
    pages = [href for kind, href in found if kind in ("", "text/html", "application/xhtml+xml")]
    return joined(base, _text(parent, "link")) or next(iter([*pages, *(href for _, href in found)]), "")


def _as_html(element: Element) -> str:
    for part in element.iter():
        part.tag = part.tag.removeprefix("html:")
    return tostring(element, encoding="unicode", method="html")
