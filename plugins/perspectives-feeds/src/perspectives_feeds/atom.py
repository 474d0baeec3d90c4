"""A brief as an Atom feed (RFC 4287)."""

import datetime as dt
from collections.abc import Iterator
from xml.etree.ElementTree import Element

from attrs import frozen

from perspectives import Brief, OptionsError, Story
from perspectives.plugin import Fault, Rendered, RendererInfo, RenderTools
from perspectives_feeds.data import NAMESPACE, as_text, brief_data, story_data
from perspectives_feeds.entries import OMITS, Entry, feed_url_option, option, sheet, stable_id, title_option
from perspectives_feeds.xml import ATOM, add, document, say


@frozen(kw_only=True)
class AtomOptions:
    """What a feed needs and a brief may not say."""

    title: str | None = title_option()
    feed_url: str | None = feed_url_option()
    updated: dt.datetime | None = option(  # noqa: RUF009 - a field
        "updated", "when the feed was last changed; also for stories that do not say it themselves"
    )
    author: str | None = option("summary", "who answers for the feed; none = the publisher")


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
        feed = Element("feed", {"xmlns": ATOM, "xmlns:perspectives": NAMESPACE})
        if brief.language:
            feed.set("xml:lang", brief.language)
        # Rather where the feed is than the brief of one day that it holds: it is called so for ever.
        own = options.feed_url or stable_id(brief, "brief", brief.id) or brief.url
        say(feed, "id", own or stable_id(brief, "title", made.title))
        say(feed, "title", made.title)
        say(feed, "subtitle", made.intro)
        moments = [moment for story in brief.stories if (moment := _updated(story, options))]
        say(feed, "updated", options.updated or max(moments))
        if options.feed_url:
            add(feed, "link", rel="self", type=self.info.media_type, href=options.feed_url)
        if brief.url:
            add(feed, "link", rel="alternate", type="text/html", href=brief.url)
        _add_author(feed, brief, options)
        say(feed, "perspectives:brief", as_text(brief_data(brief)))
        for entry in made.entries:
            _add_entry(feed, entry, options)
        return Rendered(document(feed), self.info.media_type, findings=made.findings)


def _updated(story: Story, options: AtomOptions) -> dt.datetime | None:
    # What was published and not changed since was changed last when it was published.
    return story.updated or story.published or options.updated


def _missing(brief: Brief, options: AtomOptions) -> Iterator[Fault]:
    """What Atom requires, and nobody says: no date is invented."""
    right = "the option updated, like 2026-01-14T18:30:00Z"
    for index, story in enumerate(brief.stories):
        if not _updated(story, options):
            knows = "only the day of its last change" if story.date else "no time of its last change"
            message = f"Atom requires it, and the story {story.headline[:60]!r} has {knows}"
            expected = f"`updated` or `published` of the story, or {right}"
            yield Fault(code="no-date", message=message, path=f"$.stories[{index}].updated", expected=expected)
    if not brief.stories and not options.updated:
        message = "Atom requires the time of the last change, and a brief without stories has none"
        yield Fault(code="no-date", message=message, path="$", expected=right)
    if not options.author and not brief.publisher:
        message = "Atom requires an author, and the brief names no publisher"
        yield Fault(code="no-author", message=message, path="$.publisher", expected="a publisher, or the option author")


def _add_author(feed: Element, brief: Brief, options: AtomOptions) -> None:
    if options.author:
        say(add(feed, "author"), "name", options.author)
    if publisher := brief.publisher:
        person = add(feed, "contributor" if options.author else "author")
        say(person, "name", publisher.name)
        say(person, "uri", publisher.url)
        say(person, "email", publisher.email)
        say(feed, "logo", publisher.logo.url if publisher.logo else None)


def _add_entry(feed: Element, entry: Entry, options: AtomOptions) -> None:
    story = entry.story
    element = add(feed, "entry", **{"xml:lang": story.language})
    say(element, "id", entry.id)
    say(element, "title", story.headline)
    say(element, "updated", _updated(story, options))
    say(element, "published", story.published)
    if story.url:
        add(element, "link", rel="alternate", type="text/html", href=story.url)
    add_links(element, "link", story)
    for url, media_type, length in entry.enclosures:
        add(element, "link", rel="enclosure", type=media_type, length=str(length), href=url)
    if story.section:
        add(element, "category", term=story.section, scheme=NAMESPACE)
    for subject in story.subjects:
        add(element, "category", term=subject.uri or subject.name, label=subject.name)
    say(element, "summary", story.summary)
    say(element, "content", entry.html, type="html")
    say(element, "perspectives:story", as_text(story_data(story)))


def add_links(element: Element, tag: str, story: Story) -> None:
    """Where a story comes from, and where to go on; each address once."""
    known = {None, story.url}
    links = [("via", source.url, source.title) for source in story.sources]
    links += [("related", link.href, link.label) for link in story.links]
    for rel, href, title in links:
        if href not in known:
            known.add(href)
            add(element, tag, rel=rel, href=href, title=title)
