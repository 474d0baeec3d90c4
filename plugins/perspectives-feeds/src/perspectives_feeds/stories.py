"""The brief that a feed is, entry by entry."""

import datetime as dt
import re
from collections.abc import Callable, Iterable, Iterator
from email.utils import parsedate_to_datetime
from typing import Literal, TypeVar
from urllib.parse import quote, urlsplit

import attrs
from turbohtml import PlainText, parse_fragment

from perspectives import Brief, Context, Image, Link, LoadError, ModelError, Publisher, Source, Story, Subject
from perspectives.plugin import Finding, Loaded, LoadTools, check_url, clean
from perspectives_feeds.data import read_brief, read_story
from perspectives_feeds.feed import Feed, Item, Words, joined

T = TypeVar("T")

# Neither prose nor picture; what stands in them is for machines, or for browsers that lack something.
_UNSEEN = "script, style, iframe, template, noscript, object, svg, head"
_PLAIN = PlainText(links="none", images=False, bullet="")
_RFC_3339 = re.compile(r"(\d{4}-\d\d-\d\d)[Tt ](\d\d:\d\d(?::\d\d)?)(\.\d+)?\s*(Z|z|[+-]\d\d:?\d\d)?")
_RFC_822 = re.compile(r"(?:[A-Za-z]{3,9},?\s+)?\d{1,2}[\s-]+[A-Za-z]{3,9}[\s-]+\d{2,4}\s+\d{1,2}:\d\d(?::\d\d)?.*")


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
        return self._ours(read_brief, feed.data) or Brief(
            title=self._one_line(feed.title),
            intro=self._one_line(feed.intro),
            id=clean(feed.id) or None,
            url=self._url(feed.url, "the address of the feed"),
            language=self._language(feed.language),
            publisher=self._publisher(),
        )

    def stories(self) -> Iterator[Story]:
        number = 0
        for item in self.feed.items:
            self._path, self._line = f"$.stories[{number}]", item.line
            if story := self._ours(read_story, item.data) or self._story(item):
                number += 1
                yield story

    def _ours(self, read: Callable[[object, LoadTools], T], data: object) -> T | None:
        """What the data beside the feed or the entry says."""
        try:
            return None if data in (None, "") else read(data, self.tools)
        except LoadError as error:
            message = f"the data cannot be read, what the feed shows is taken instead: {error.faults[0].message}"
            self._found("bad-data", message, "warning")
            return None

    def _story(self, item: Item) -> Story | None:
        title, summary, content = self._texts(item)
        if not title:
            self._found("empty-entry", "an entry without title and text is left out", "warning")
            return None
        images, links = self._within(item)
        day, published, updated = self._times(item)
        if rights := clean(item.rights):
            self._found("rights", f"the rights {rights[:60]!r} are kept in `extra`, which no reader sees")
        url = self._url(item.url, "the address of the entry")
        return Story(
            headline=title,
            section=clean(item.section) or None,
            summary=" ".join(summary) or None,
            context=Context(paragraphs=content) if content else None,
            links=[*self._links(item), *links],
            sources=list(_sources(item, url)),
            images=[*self._images(item, images), *images],
            subjects=list(_subjects(item)),
            id=clean(item.id) or None,
            url=url,
            language=self._language(item.language),
            date=day,
            published=published,
            updated=updated,
            extra={"perspectives-feeds": {"rights": rights}} if rights else {},
        )

    def _texts(self, item: Item) -> tuple[str | None, list[str], list[str]]:
        """Headline, and the paragraphs of summary and context."""
        title, summary, content = (
            self._one_line(item.title),
            self._paragraphs(item.summary),
            self._paragraphs(item.content),
        )
        if not content and len(summary) > 1:
            content, summary = summary, []
        if content == summary:
            content = []
        if not title and (summary or content):
            title, *rest = summary or content
            summary, content = (rest, content) if summary else ([], rest)
            self._found("no-title", f"the entry has no title; its first paragraph is taken for it: {title[:60]!r}")
        if content:
            message = f"{len(content)} paragraphs of the entry are taken for the context of the story"
            self._found("content-as-context", message)
        return title, summary, content

    def _times(self, item: Item) -> tuple[dt.date | None, dt.datetime | None, dt.datetime | None]:
        """Day, publication and last change, as far as each is known."""
        published, day = self._moment(item.published)
        updated, changed = self._moment(item.updated)
        if day:
            self._found("day-only", f"{item.published[:60]!r} has no known zone; the day alone is taken")
        if changed:
            self._found("day-only", f"{item.updated[:60]!r} has no known zone; it is left out", "warning")
        if published and updated and updated < published:
            self._found("bad-order", f"updated {updated} is before published {published}; it is left out", "warning")
            updated = None
        return day, published, updated

    def _within(self, item: Item) -> tuple[list[Image], list[Link]]:
        """The pictures and links within the texts of an entry."""
        images: dict[str, Image] = {}
        links: dict[str, Link] = {}
        known = {item.url, *(href for href, _, _ in item.links)}
        for words in (item.summary, item.content):
            if not words.is_html:
                continue
            root = parse_fragment(words.text).remove(_UNSEEN)
            for element in root.select("img[src]"):
                if url := self._url(joined(words.base, element.attr("src") or ""), "the address of an image"):
                    images.setdefault(url, Image(url=url, alt=clean(element.attr("alt") or "")))
            for element in root.select("a[href]"):
                href, label = joined(words.base, element.attr("href") or ""), clean(element.text)
                if label and not href.startswith("#") and href not in known and (url := self._url(href, "a link")):
                    links.setdefault(url, Link(label=label, href=url))
        return list(images.values()), list(links.values())

    def _paragraphs(self, words: Words) -> list[str]:
        """A text as plain paragraphs."""
        if words.kind == "none":
            self._found("no-text", f"the content is {words.text[:60]!r}, which is no text; it is left out", "warning")
            return []
        if words.is_html:
            lines = parse_fragment(words.text).remove(_UNSEEN).to_text(_PLAIN).split("\n")
        else:
            lines = re.split(r"\n[^\S\n]*\n", words.text)
        return [text for line in lines if (text := clean(line))]

    def _one_line(self, words: Words) -> str | None:
        if words.kind == "either" and words.is_html:
            self._found("html-in-text", f"{words.text[:60]!r} is taken for HTML, as its tags or entities suggest")
        return " ".join(self._paragraphs(words)) or None

    def _links(self, item: Item) -> Iterator[Link]:
        for href, label, rel in item.links:
            if url := self._url(href, "a link"):
                yield Link(label=clean(label) or url, href=url, rel=rel)

    def _images(self, item: Item, shown: Iterable[Image]) -> Iterator[Image]:
        known = {image.url for image in shown}
        for href in dict.fromkeys(item.images):
            url = self._url(href, "the address of an image")
            if url and url not in known:
                self._found("no-alt", f"nobody says what the image {url[:60]!r} shows; its text is left empty")
                yield Image(url=url, alt="")

    def _publisher(self) -> Publisher | None:
        feed, name = self.feed, clean(self.feed.publisher)
        if not name:
            return None
        logo = self._url(feed.logo, "the logo")
        publisher = Publisher(
            name=name,
            url=self._url(feed.publisher_url, "the author's address"),
            logo=Image(url=logo, alt=name) if logo else None,
        )
        try:
            return attrs.evolve(publisher, email=feed.publisher_email or None)
        except ModelError as error:
            self._found("bad-address", f"{error.faults[0].message}; it is left out", "warning")
            return publisher

    def _language(self, tag: str) -> str | None:
        try:
            return Brief(language=tag.strip().replace("_", "-") or None).language
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

    def _found(self, code: str, message: str, severity: Literal["info", "warning"] = "info") -> None:
        self.findings.append(Finding(code=code, message=message, severity=severity, path=self._path, line=self._line))


def _sources(item: Item, url: str | None) -> Iterator[Source]:
    """The entry as the text that the story is taken from, where it names who wrote it: a story has no author."""
    if authors := [name for author in dict.fromkeys(item.authors) if (name := clean(author))]:
        yield Source(id="entry", url=url, author=", ".join(authors))


def _subjects(item: Item) -> Iterator[Subject]:
    for name, uri in dict.fromkeys(item.tags):
        if label := clean(name):
            yield Subject(name=label, uri=None if check_url(uri) else uri)


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
