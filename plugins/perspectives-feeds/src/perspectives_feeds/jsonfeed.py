"""A brief as a JSON Feed 1.1."""

import json
from typing import Any

from attrs import frozen

from perspectives import Brief
from perspectives.plugin import Rendered, RendererInfo, RenderTools
from perspectives_feeds.data import FORMAT, brief_data, story_data
from perspectives_feeds.entries import OMITS, Entry, feed_url_option, sheet, title_option


@frozen(kw_only=True)
class JsonFeedOptions:
    """What a feed needs and a brief may not say."""

    title: str | None = title_option()
    feed_url: str | None = feed_url_option()


class JsonFeedRenderer:
    """Writes JSON Feed: each story an item with its HTML and text, and the brief as data under `_perspectives`."""

    info: RendererInfo = RendererInfo(
        name="jsonfeed",
        media_type="application/feed+json",
        summary="A JSON Feed, each story an item; loads back exactly",
        extensions=(".jsonfeed",),
        omits=OMITS | {"email"},
    )
    options_class: type[JsonFeedOptions] = JsonFeedOptions

    def render(self, brief: Brief, options: JsonFeedOptions, tools: RenderTools, /) -> Rendered:
        """The feed."""
        made = sheet(brief, options.title, tools)
        publisher = brief.publisher
        feed = _said(
            version="https://jsonfeed.org/version/1.1",
            title=made.title,
            home_page_url=brief.url or (publisher and publisher.url),
            feed_url=options.feed_url,
            description=made.intro,
            icon=publisher and publisher.logo and publisher.logo.url,
            authors=publisher and [_said(name=publisher.name, url=publisher.url)],
            language=brief.language,
            _perspectives={"about": f"the brief as data, format {FORMAT}", "brief": brief_data(brief)},
        )
        feed["items"] = [_item(entry, tools) for entry in made.entries]
        text = json.dumps(feed, ensure_ascii=False, indent=2)
        # A lone surrogate, which `extra` may hold, has no bytes.
        text = text.encode("utf-8", "backslashreplace").decode()
        return Rendered(f"{text}\n", self.info.media_type, findings=made.findings)


def _item(entry: Entry, tools: RenderTools) -> dict[str, Any]:
    story = entry.story
    return _said(
        id=entry.id,
        url=story.url,
        external_url=next((link.href for link in story.links if link.href), None),
        title=story.headline,
        content_html=entry.html,
        content_text=str(tools.render(entry.alone, "text")).strip(),
        summary=story.summary,
        image=story.images[0].url if story.images else None,
        date_published=story.published and story.published.isoformat(),
        date_modified=story.updated and story.updated.isoformat(),
        tags=[tag for tag in (story.section, *(subject.name for subject in story.subjects)) if tag],
        language=story.language,
        attachments=[
            {"url": url, "mime_type": media_type, "size_in_bytes": length}
            for url, media_type, length in entry.enclosures
        ],
        _perspectives={"about": f"the story as data, format {FORMAT}", "story": story_data(story)},
    )


def _said(**members: Any) -> dict[str, Any]:
    """An object without the members that nobody says anything of."""
    return {name: value for name, value in members.items() if value}
