"""A brief as an RSS 2.0 channel."""

from email.utils import format_datetime
from html import escape
from xml.etree.ElementTree import Element

from attrs import frozen

from perspectives import Brief, OptionsError
from perspectives.plugin import Fault, Rendered, RendererInfo, RenderTools
from perspectives_feeds.atom import add_links
from perspectives_feeds.data import NAMESPACE, as_text, brief_data, story_data
from perspectives_feeds.entries import OMITS, Entry, feed_url_option, option, sheet, title_option
from perspectives_feeds.xml import ATOM, CONTENT, DC, DCTERMS, add, document, say


@frozen(kw_only=True)
class RssOptions:
    """What a channel needs and a brief may not say."""

    title: str | None = title_option()
    feed_url: str | None = feed_url_option()
    link: str | None = option("url", "page that the channel belongs to; none = the brief's, or the publisher's")
    description: str | None = option("summary", "what the channel brings; none = the brief's intro, or the title")


class RssRenderer:
    """Writes RSS 2.0: each story an item with its HTML, and the brief as data in elements of a namespace of its own."""

    info: RendererInfo = RendererInfo(
        name="rss",
        media_type="application/rss+xml",
        summary="An RSS 2.0 channel, each story an item",
        extensions=(".rss",),
        omits=OMITS,
    )
    options_class: type[RssOptions] = RssOptions

    def render(self, brief: Brief, options: RssOptions, tools: RenderTools, /) -> Rendered:
        """The channel. Raises `OptionsError` where nobody says which page it belongs to."""
        publisher = brief.publisher
        link = options.link or brief.url or (publisher and publisher.url)
        if not link:
            message = "RSS requires the page that the channel belongs to, and neither brief nor publisher has one"
            fault = Fault(code="no-link", message=message, path="$.url", expected="a url, or the option link")
            raise OptionsError(fault)
        made = sheet(brief, options.title, tools)
        spaces = {"atom": ATOM, "content": CONTENT, "dc": DC, "dcterms": DCTERMS, "perspectives": NAMESPACE}
        root = Element("rss", {"version": "2.0", **{f"xmlns:{prefix}": space for prefix, space in spaces.items()}})
        channel = add(root, "channel")
        say(channel, "title", made.title)
        say(channel, "link", link)
        say(channel, "description", _escaped(options.description or made.intro or made.title))
        say(channel, "language", brief.language)
        if options.feed_url:
            add(channel, "atom:link", rel="self", type=self.info.media_type, href=options.feed_url)
        if publisher:
            say(channel, "dc:publisher", publisher.name)
            say(channel, "managingEditor", publisher.email and f"{publisher.email} ({publisher.name})")
            if publisher.logo:
                image = add(channel, "image")
                for tag, text in (("url", publisher.logo.url), ("title", made.title), ("link", link)):
                    say(image, tag, text)
        say(channel, "perspectives:brief", as_text(brief_data(brief)))
        for entry in made.entries:
            _add_item(channel, entry)
        return Rendered(document(root), self.info.media_type, findings=made.findings)


def _escaped(text: str) -> str:
    """A plain text as a `description` has it, which is HTML."""
    return escape(text, quote=False)


def _add_item(channel: Element, entry: Entry) -> None:
    story = entry.story
    item = add(channel, "item")
    say(item, "title", story.headline)
    say(item, "link", story.url)
    say(item, "guid", entry.id, isPermaLink="true" if entry.id == story.url else "false")
    say(item, "pubDate", format_datetime(story.published) if story.published else None)
    say(item, "dcterms:modified", story.updated)
    say(item, "dc:language", story.language)
    say(item, "category", story.section, domain=NAMESPACE)
    for subject in story.subjects:
        say(item, "category", subject.name, domain=subject.uri)
    say(item, "description", _escaped(story.summary or ""))
    say(item, "content:encoded" if story.summary else "description", entry.html)
    add_links(item, "atom:link", story)
    # One at most: what readers do with more is not said (RSS Advisory Board, best practices, `enclosure`).
    for url, media_type, length in entry.enclosures[:1]:
        add(item, "enclosure", url=url, length=str(length), type=media_type)
    say(item, "perspectives:story", as_text(story_data(story)))
