"""A brief as an RSS 2.0 channel."""

from typing import TYPE_CHECKING

from attrs import field, frozen

from perspectives import Brief, OptionsError
from perspectives.plugin import Fault, Rendered, RendererInfo, RenderTools
from perspectives_feeds import xml
from perspectives_feeds.atom import add_links
from perspectives_feeds.data import NAMESPACE, as_text, brief_data, story_data
from perspectives_feeds.entries import OMITS, Entry, check_address, check_line, feed_url_option, sheet, title_option

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element


@frozen(kw_only=True)
class RssOptions:
    """What a channel needs and a brief may not say."""

    title: str | None = title_option()
    feed_url: str | None = feed_url_option()
    link: str | None = field(
        default=None,
        validator=check_address,
        metadata={"help": "page that the channel belongs to; none = the brief's, or the publisher's"},
    )
    description: str | None = field(
        default=None,
        validator=check_line,
        metadata={"help": "what the channel brings; none = the brief's intro, or the title"},
    )


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
        link = options.link or brief.url or (brief.publisher.url if brief.publisher else None)
        if not link:
            message = "RSS requires the page that the channel belongs to, and neither brief nor publisher has one"
            raise OptionsError(
                Fault(code="no-link", message=message, path="$.url", expected="a url, or the option link")
            )
        made = sheet(brief, options.title, tools)
        spaces = {"atom": xml.ATOM, "content": xml.CONTENT, "dc": xml.DC, "dcterms": xml.DCTERMS}
        declared = {f"xmlns:{prefix}": space for prefix, space in {**spaces, "perspectives": NAMESPACE}.items()}
        document = xml.root("rss", {"version": "2.0", **declared})
        channel = xml.add(document, "channel")
        xml.add(channel, "title", made.title)
        xml.add(channel, "link", link)
        xml.add(channel, "description", _escaped(options.description or made.intro or made.title))
        if brief.language:
            xml.add(channel, "language", brief.language)
        if options.feed_url:
            xml.add(channel, "atom:link", rel="self", type=self.info.media_type, href=options.feed_url)
        _add_publisher(channel, brief, made.title, link)
        xml.add(channel, "perspectives:brief", as_text(brief_data(brief)))
        for entry in made.entries:
            _add_item(channel, entry)
        return Rendered(xml.document(document), self.info.media_type, findings=made.findings)


def _escaped(text: str) -> str:
    """A plain text as a `description` has it, which is HTML."""
    from html import escape

    return escape(text, quote=False)


def _add_publisher(channel: "Element", brief: Brief, title: str, link: str) -> None:
    if not brief.publisher:
        return
    xml.add(channel, "dc:publisher", brief.publisher.name)
    if brief.publisher.email:
        xml.add(channel, "managingEditor", f"{brief.publisher.email} ({brief.publisher.name})")
    if brief.publisher.logo:
        image = xml.add(channel, "image")
        for tag, text in (("url", brief.publisher.logo.url), ("title", title), ("link", link)):
            xml.add(image, tag, text)


def _add_item(channel: "Element", entry: Entry) -> None:
    from email.utils import format_datetime

    story = entry.story
    item = xml.add(channel, "item")
    xml.add(item, "title", story.headline)
    if story.url:
        xml.add(item, "link", story.url)
    xml.add(item, "guid", entry.id, isPermaLink="true" if entry.id == story.url else "false")
    if story.published:
        xml.add(item, "pubDate", format_datetime(story.published))
    if story.updated:
        xml.add(item, "dcterms:modified", story.updated.isoformat())
    if story.language:
        xml.add(item, "dc:language", story.language)
    if story.section:
        xml.add(item, "category", story.section, domain=NAMESPACE)
    for subject in story.subjects:
        xml.add(item, "category", subject.name, domain=subject.uri)
    if story.summary:
        xml.add(item, "description", _escaped(story.summary))
    xml.add(item, "content:encoded" if story.summary else "description", entry.html)
    add_links(item, "atom:link", entry)
    # One at most: what readers do with more is not said (RSS Advisory Board, best practices, `enclosure`).
    for enclosure in entry.enclosures[:1]:
        xml.add(item, "enclosure", url=enclosure.image.url, length=str(enclosure.length), type=enclosure.media_type)
    xml.add(item, "perspectives:story", as_text(story_data(story)))
