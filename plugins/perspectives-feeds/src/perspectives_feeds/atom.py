"""A brief as an Atom feed (RFC 4287)."""

import datetime as dt
from collections.abc import Iterator
from typing import TYPE_CHECKING

from attrs import field, frozen

from perspectives import Brief, OptionsError, Story
from perspectives.plugin import Fault, Rendered, RendererInfo, RenderTools
from perspectives_feeds import xml
from perspectives_feeds.data import NAMESPACE, as_text, brief_data, story_data
from perspectives_feeds.entries import (
    OMITS,
    Entry,
    authority,
    check_line,
    check_moment,
    derived_id,
    feed_url_option,
    is_iri,
    sheet,
    title_option,
)

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element


@frozen(kw_only=True)
class AtomOptions:
    """What a feed needs and a brief may not say."""

    title: str | None = title_option()
    feed_url: str | None = feed_url_option()
    updated: dt.datetime | None = field(
        default=None,
        validator=check_moment,
        metadata={"help": "when the feed was last changed; also for stories that do not say it themselves"},
    )
    author: str | None = field(
        default=None, validator=check_line, metadata={"help": "who answers for the feed; none = the publisher"}
    )


class AtomRenderer:
    """Writes Atom: each story an entry with its HTML, and the brief as data in elements of a namespace of its own."""

    info: RendererInfo = RendererInfo(
        name="atom",
        media_type="application/atom+xml",
        summary="An Atom feed, each story an entry",
        extensions=(".atom",),
        omits=OMITS,
    )
    options_class: type[AtomOptions] = AtomOptions

    def render(self, brief: Brief, options: AtomOptions, tools: RenderTools, /) -> Rendered:
        """The feed. Raises `OptionsError` with every story whose last change nobody knows."""
        if faults := list(_missing(brief, options)):
            raise OptionsError(faults)
        made = sheet(brief, options.title, tools)
        spaces = {"xmlns": xml.ATOM, "xmlns:perspectives": NAMESPACE, "xml:lang": brief.language}
        feed = xml.root("feed", spaces)
        xml.add(feed, "id", _id(brief, options, made.title))
        xml.add(feed, "title", made.title)
        if made.intro:
            xml.add(feed, "subtitle", made.intro)
        moments = [moment for story in brief.stories if (moment := _updated(story, options))]
        xml.add(feed, "updated", (options.updated or max(moments)).isoformat())
        if options.feed_url:
            xml.add(feed, "link", rel="self", type=self.info.media_type, href=options.feed_url)
        if brief.url:
            xml.add(feed, "link", rel="alternate", type="text/html", href=brief.url)
        _add_author(feed, brief, options)
        xml.add(feed, "perspectives:brief", as_text(brief_data(brief)))
        for entry in made.entries:
            _add_entry(feed, entry, options)
        return Rendered(xml.document(feed), self.info.media_type, findings=made.findings)


def _updated(story: Story, options: AtomOptions) -> dt.datetime | None:
    # What was published and not changed since was changed last when it was published.
    return story.updated or story.published or options.updated


def _missing(brief: Brief, options: AtomOptions) -> Iterator[Fault]:
    """What Atom requires, and nobody says: no date is invented."""
    expected = "`updated` or `published` of the story, or the option updated, like 2026-01-14T18:30:00Z"
    for index, story in enumerate(brief.stories):
        if not _updated(story, options):
            knows = "only the day of its last change" if story.date else "no time of its last change"
            message = f"Atom requires it, and the story {story.headline[:60]!r} has {knows}"
            yield Fault(code="no-date", message=message, path=f"$.stories[{index}].updated", expected=expected)
    if not brief.stories and not options.updated:
        message = "Atom requires the time of the last change, and a brief without stories has none"
        yield Fault(code="no-date", message=message, path="$", expected="the option updated, like 2026-01-14T18:30:00Z")
    if not options.author and not brief.publisher:
        message = "Atom requires an author, and the brief names no publisher"
        yield Fault(code="no-author", message=message, path="$.publisher", expected="a publisher, or the option author")


def _id(brief: Brief, options: AtomOptions, title: str) -> str:
    """What the feed is called for ever: rather where it is than the brief of one day that it holds."""
    if options.feed_url:
        return options.feed_url
    if brief.id:
        return brief.id if is_iri(brief.id) else derived_id(authority(brief), "brief", brief.id)
    return brief.url or derived_id(authority(brief), "title", title)


def _add_author(feed: "Element", brief: Brief, options: AtomOptions) -> None:
    publisher = brief.publisher
    if options.author:
        xml.add(xml.add(feed, "author"), "name", options.author)
    if publisher:
        author = xml.add(feed, "contributor" if options.author else "author")
        xml.add(author, "name", publisher.name)
        if publisher.url:
            xml.add(author, "uri", publisher.url)
        if publisher.email:
            xml.add(author, "email", publisher.email)
        if publisher.logo:
            xml.add(feed, "logo", publisher.logo.url)


def _add_entry(feed: "Element", entry: Entry, options: AtomOptions) -> None:
    story = entry.story
    element = xml.add(feed, "entry", xml_lang=story.language)
    xml.add(element, "id", entry.id)
    xml.add(element, "title", story.headline)
    if updated := _updated(story, options):
        xml.add(element, "updated", updated.isoformat())
    if story.published:
        xml.add(element, "published", story.published.isoformat())
    if story.url:
        xml.add(element, "link", rel="alternate", type="text/html", href=story.url)
    add_links(element, "link", entry)
    for enclosure in entry.enclosures:
        length, image = str(enclosure.length), enclosure.image
        xml.add(element, "link", rel="enclosure", type=enclosure.media_type, length=length, href=image.url)
    if story.section:
        xml.add(element, "category", term=story.section, scheme=NAMESPACE)
    for subject in story.subjects:
        xml.add(element, "category", term=subject.uri or subject.name, label=subject.name)
    if story.summary:
        xml.add(element, "summary", story.summary)
    xml.add(element, "content", entry.html, type="html")
    xml.add(element, "perspectives:story", as_text(story_data(story)))


def add_links(element: "Element", tag: str, entry: Entry) -> None:
    """Where a story comes from, and where to go on; each address once."""
    known = {entry.story.url}
    links = [("via", source.url, source.title) for source in entry.story.sources]
    links += [("related", link.href, link.label) for link in entry.story.links]
    for rel, href, title in links:
        if href and href not in known:
            known.add(href)
            xml.add(element, tag, rel=rel, href=href, title=title)
