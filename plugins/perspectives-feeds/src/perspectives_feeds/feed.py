"""A feed as its format gave it, and the brief that it is: what the readers of all formats have in common."""

import datetime as dt
import re
from collections.abc import Iterable, Iterator
from email.utils import parsedate_to_datetime
from typing import Any, Literal
from urllib.parse import quote, urljoin, urlsplit

import attrs
from attrs import Factory, define, frozen
from turbohtml import PlainText, parse_fragment

from perspectives import Brief, Context, Image, Link, LoadError, ModelError, Publisher, Story, Subject
from perspectives.plugin import Fault, Finding, Loaded, LoadTools, check_url, clean
from perspectives_feeds.data import read_brief, read_story

DIST = "perspectives-feeds"

# Neither prose nor picture; what stands in them is for machines, or for browsers that lack something.
_UNSEEN = "script, style, iframe, template, noscript, object, svg, head"
_PLAIN = PlainText(links="none", images=False, bullet="")
# What a writer of RSS escaped once too often.
_MARKUP = re.compile(r"</?[A-Za-z][^<>]*>|&(?:#[0-9]+|#[xX][0-9A-Fa-f]+|[A-Za-z][A-Za-z0-9]*);")
_RFC_3339 = re.compile(r"(\d{4}-\d\d-\d\d)[Tt ](\d\d:\d\d(?::\d\d)?)(\.\d+)?\s*(Z|z|[+-]\d\d:?\d\d)?")
_RFC_822 = re.compile(r"(?:[A-Za-z]{3,9},?\s+)?\d{1,2}[\s-]+[A-Za-z]{3,9}[\s-]+\d{2,4}\s+\d{1,2}:\d\d(?::\d\d)?.*")


@frozen
class Words:
    """A text of a feed: plain, HTML, or what may be either because the format does not say."""

    text: str
    kind: Literal["text", "html", "either"] = "text"
    base: str = ""


@define(kw_only=True)
class Item:
    """An entry as it stands in the feed."""

    line: int | None = None
    data: object = None
    id: str = ""
    url: str = ""
    title: Words | None = None
    summary: Words | None = None
    content: Words | None = None
    published: str = ""
    updated: str = ""
    language: str = ""
    links: list[tuple[str, str, str]] = Factory(list)
    """Address, words, relation."""
    images: list[str] = Factory(list)
    tags: list[tuple[str, str]] = Factory(list)
    """Name, and address of the concept."""
    section: str = ""
    authors: list[str] = Factory(list)
    rights: str = ""


@define(kw_only=True)
class Feed:
    """A feed as it stands in its document."""

    line: int | None = None
    data: object = None
    id: str = ""
    url: str = ""
    title: Words | None = None
    intro: Words | None = None
    language: str = ""
    publisher: str = ""
    publisher_url: str = ""
    publisher_email: str = ""
    logo: str = ""
    items: list[Item] = Factory(list)
    findings: list[Finding] = Factory(list)


def to_loaded(feed: Feed, tools: LoadTools) -> Loaded:
    """The brief. Raises `LoadError` where its parts do not fit together, and `LimitError`."""
    reader = _Reader(feed, tools)
    brief, stories = reader.brief(), reader.stories()
    try:
        return Loaded(brief=attrs.evolve(brief, stories=tuple(stories)), findings=reader.findings)
    except ModelError as error:  # a feed that was mixed from several: scales and ratings of two briefs
        raise LoadError([attrs.evolve(fault, line=feed.line) for fault in error.faults]) from error


class _Reader:
    def __init__(self, feed: Feed, tools: LoadTools) -> None:
        self.feed, self.tools = feed, tools
        self.findings: list[Finding] = list(feed.findings)
        self._path, self._line = "$", feed.line

    def brief(self) -> Brief:
        feed = self.feed
        if feed.data is not None:
            try:
                return read_brief(feed.data, self.tools.limits)
            except LoadError as error:
                self._found("bad-data", f"the data of the brief cannot be read: {error.faults[0]}", "warning")
        return Brief(
            title=self._line_of(feed.title),
            intro=self._line_of(feed.intro),
            id=clean(feed.id) or None,
            url=self._url(feed.url, "the address of the feed"),
            language=self._language(feed.language),
            publisher=self._publisher(),
        )

    def stories(self) -> Iterator[Story]:
        number = 0
        for item in self.feed.items:
            self._path, self._line = f"$.stories[{number}]", item.line
            if story := self._from_data(item) or self._story(item):
                number += 1
                yield story

    def _from_data(self, item: Item) -> Story | None:
        if item.data is None:
            return None
        try:
            return read_story(item.data, self.tools.limits)
        except LoadError as error:
            self._found("bad-data", f"the data of the entry cannot be read: {error.faults[0]}", "warning")
            return None

    def _story(self, item: Item) -> Story | None:
        title, summary = self._line_of(item.title), self._paragraphs(item.summary)
        content, images, links = self._content(item)
        if not content and len(summary) > 1:
            content, summary = summary, []
        if content == summary:
            content = []
        if not title:
            title = next(iter([*summary, *content]), None)
            if not title:
                self._found("empty-entry", "an entry without title and text is left out", "warning")
                return None
            self._found("no-title", f"the entry has no title; its first paragraph is taken for it: {title[:60]!r}")
            summary, content = summary[1:], content if summary else content[1:]
        if content:
            message = f"{len(content)} paragraphs of the entry are taken for the context of the story"
            self._found("content-as-context", message)
        published, day = self._moment(item.published)
        updated, changed = self._moment(item.updated)
        if day:
            self._found("day-only", f"{item.published[:60]!r} has no known zone; the day alone is taken")
        if changed:
            self._found("day-only", f"{item.updated[:60]!r} has no known zone; it is left out", "warning")
        if published and updated and updated < published:
            self._found("bad-order", f"updated {updated} is before published {published}; it is left out", "warning")
            updated = None
        return Story(
            headline=title,
            section=clean(item.section) or None,
            summary=" ".join(summary) or None,
            context=Context(paragraphs=content) if content else None,
            links=[*self._links(item.links), *links],
            images=[*self._images(item, images), *images],
            subjects=list(self._subjects(item)),
            id=clean(item.id) or None,
            url=self._url(item.url, "the address of the entry"),
            language=self._language(item.language),
            date=day,
            published=published,
            updated=updated,
            extra=self._extra(item),
        )

    def _content(self, item: Item) -> tuple[list[str], list[Image], list[Link]]:
        """The paragraphs of an entry, and the pictures and links within them."""
        images: dict[str, Image] = {}
        links: dict[str, Link] = {}
        known = {item.url, *(href for href, _, _ in item.links)}
        for words in (item.summary, item.content):
            if words is None or not _is_html(words):
                continue
            root = parse_fragment(words.text).remove(_UNSEEN)
            for element in root.select("img[src]"):
                if url := self._url(joined(words.base, element.attr("src") or ""), "the address of an image"):
                    images.setdefault(url, Image(url=url, alt=clean(element.attr("alt") or "")))
            for element in root.select("a[href]"):
                href, label = joined(words.base, element.attr("href") or ""), clean(element.text)
                if label and not href.startswith("#") and href not in known and (url := self._url(href, "a link")):
                    links.setdefault(url, Link(label=label, href=url))
        return self._paragraphs(item.content), list(images.values()), list(links.values())

    def _paragraphs(self, words: Words | None) -> list[str]:
        """A text as plain paragraphs."""
        if words is None:
            return []
        if not _is_html(words):
            text = words.text
            lines = re.split(r"\n[^\S\n]*\n", text)
        else:
            lines = parse_fragment(words.text).remove(_UNSEEN).to_text(_PLAIN).split("\n")
        return [text for line in lines if (text := clean(line))]

    def _line_of(self, words: Words | None) -> str | None:
        if words and words.kind == "either" and _is_html(words):
            message = f"{words.text[:60]!r} is taken for HTML, as its tags or entities suggest"
            self._found("html-in-text", message)
        return " ".join(self._paragraphs(words)) or None

    def _links(self, links: Iterable[tuple[str, str, str]]) -> Iterator[Link]:
        for href, label, rel in links:
            if url := self._url(href, "a link"):
                yield Link(label=clean(label) or url, href=url, rel=rel)

    def _images(self, item: Item, shown: Iterable[Image]) -> Iterator[Image]:
        known = {image.url for image in shown}
        for href in dict.fromkeys(item.images):
            url = self._url(href, "the address of an image")
            if url and url not in known:
                self._found("no-alt", f"nobody says what the image {url[:60]!r} shows; its text is left empty")
                yield Image(url=url, alt="")

    def _subjects(self, item: Item) -> Iterator[Subject]:
        for name, uri in dict.fromkeys(item.tags):
            if label := clean(name):
                yield Subject(name=label, uri=None if not uri or check_url(uri) else uri)

    def _publisher(self) -> Publisher | None:
        name = clean(self.feed.publisher)
        if not name:
            return None
        url, logo = self._url(self.feed.publisher_url, "the author's address"), self._url(self.feed.logo, "the logo")
        image = Image(url=logo, alt=name) if logo else None
        try:
            return Publisher(name=name, url=url, logo=image, email=self.feed.publisher_email or None)
        except ModelError as error:
            self._found("bad-address", f"{error.faults[0].message}; it is left out", "warning")
            return Publisher(name=name, url=url, logo=image)

    def _language(self, tag: str) -> str | None:
        tag = tag.strip().replace("_", "-")
        if not tag or tag == self.tools.language:
            return tag or None
        try:
            return Brief(language=tag).language
        except ModelError as error:
            self._found("bad-language", f"{error.faults[0].message}; it is left out", "warning")
            return None

    def _url(self, address: str, what: str) -> str | None:
        """An address as the model takes it: one in letters of other scripts is encoded (RFC 3987, 3.1)."""
        address = address.strip()
        if not address:
            return None
        url = address if not check_url(address) else _encoded(address)
        if faults := check_url(url):
            self._found("bad-url", f"{what} is left out: {faults[0].message}", "warning")
            return None
        return url

    def _moment(self, text: str) -> tuple[dt.datetime | None, dt.date | None]:
        """A time, or the day alone where no offset is known: nothing is made up."""
        text = " ".join(text.split())
        try:
            found = _read_moment(text)
        except ValueError:
            found = None
        if text and not found:
            self._found("bad-date", f"{text[:60]!r} is no date; it is left out", "warning")
        return (found, None) if isinstance(found, dt.datetime) else (None, found)

    def _extra(self, item: Item) -> dict[str, Any]:
        authors = [name for author in item.authors if (name := clean(author))]
        kept = {"authors": authors, "rights": clean(item.rights)}
        kept = {name: value for name, value in kept.items() if value}
        return {DIST: kept} if kept else {}

    def _found(self, code: str, message: str, severity: Literal["info", "warning"] = "info") -> None:
        self.findings.append(Finding(code=code, message=message, severity=severity, path=self._path, line=self._line))


def joined(base: str, address: str) -> str:
    """An address as it is meant at its place; none stays none, and a malformed one itself, for it to be told of."""
    try:
        return urljoin(base, address) if address else ""
    except ValueError:
        return address


def _is_html(words: Words) -> bool:
    return words.kind == "html" or (words.kind == "either" and bool(_MARKUP.search(words.text)))


def _encoded(address: str) -> str:
    try:
        parts = urlsplit(address)
        host = (parts.hostname or "").encode("idna").decode()
        port = f":{parts.port}" if parts.port else ""
        user = "@" if "@" in parts.netloc else ""  # refused below, as it should be
    except ValueError:
        return address
    kept = "/:?#[]@!$&'()*+,;=%-._~"
    path, query, fragment = (quote(part, safe=kept) for part in (parts.path, parts.query, parts.fragment))
    return parts._replace(netloc=f"{user}{host}{port}", path=path, query=query, fragment=fragment).geturl()


def _read_moment(text: str) -> dt.datetime | dt.date | None:
    """RFC 3339, RFC 822 with its zones, or a day. Raises ValueError for the 31st of June."""
    if exact := _RFC_3339.fullmatch(text):
        day, time, fraction, zone = exact.groups()
        if not zone:
            return dt.date.fromisoformat(day)
        moment = f"{day}T{time}{(fraction or '')[:7]}{zone.upper()}"
        return dt.datetime.fromisoformat(moment)
    if re.fullmatch(r"\d{4}-\d\d-\d\d", text):
        return dt.date.fromisoformat(text)
    if not _RFC_822.fullmatch(text):
        return None
    found = parsedate_to_datetime(text)
    # Without a zone where it is `-0000` (RFC 5322, 3.3), or one of a name that RFC 822 does not have.
    return found if found.tzinfo else found.date()


def not_feed(message: str, expected: str, line: int | None = 1) -> LoadError:
    """The error for what is no feed."""
    return LoadError(Fault(code="not-feed", message=message, expected=expected, line=line))
