"""What all three formats say of a brief: its stories as entries, their ids, and the title that a feed needs."""

import json
import re
import uuid
from collections import Counter
from collections.abc import Iterator
from typing import Any, NamedTuple
from urllib.parse import urlsplit

import attrs

from perspectives import Brief, ModelError, OptionsError, Story
from perspectives.plugin import Finding, RenderTools, check_url
from perspectives_feeds.data import story_data

OMITS = frozenset(
    "Source.language aliases call_to_action domains extra id kind languages logo postal_address rel translation_of"
    " wording".split()
)
"""What the HTML of an entry does not show, and a feed has no place for; the data has it."""

# RFC 4151, and RFC 8141 as far as its characters go.
_IRI = re.compile(
    r"tag:[A-Za-z0-9.@_-]+,[0-9]{4}(?:-[0-9]{2}(?:-[0-9]{2})?)?:[A-Za-z0-9\-._~!$&'()*+,;=:@/?%]*"
    r"|urn:[A-Za-z0-9][A-Za-z0-9-]{0,30}[A-Za-z0-9]:[A-Za-z0-9\-._~!$&'()*+,;=:@/%]+"
)
_UUIDS = uuid.UUID("2a3c9d1e-5f0b-5c54-9a51-6f1d1c6a7e10")

# Seen by programs alone, or drawn: readers of feeds drop it, and validators warn of it.
_UNFIT = "meta, svg, .perspectives-headline"
_ATTRIBUTES = frozenset("alt cite datetime dir height href lang open src value width".split())
_IMAGE = re.compile(
    rb"(?P<png>\x89PNG\r\n\x1a\n)|(?P<jpeg>\xff\xd8\xff)|(?P<gif>GIF8[79]a)|(?P<webp>RIFF....WEBP)|(?P<avif>....ftypavif)",
    re.DOTALL,
)


class Enclosure(NamedTuple):
    """An image of which the bytes are known, and so type and length."""

    url: str
    media_type: str
    length: int


class Entry(NamedTuple):
    """A story as each of the formats has it."""

    id: str
    story: Story
    alone: Brief
    """A brief of the story and of what the feed does not say itself."""
    html: str
    enclosures: list[Enclosure]


class Sheet(NamedTuple):
    """A brief made ready for a feed, and what was found on the way."""

    title: str
    intro: str | None
    entries: list[Entry]
    findings: list[Finding]


def option(field: str, text: str) -> Any:
    """An option that takes what the model takes for this field of a story."""

    def check(_: object, attribute: "attrs.Attribute[Any]", value: object) -> None:
        values: dict[str, Any] = {field: value}
        try:
            Story(headline="-", **values)
        except ModelError as error:
            faults = [attrs.evolve(fault, code="bad-option", path=attribute.name) for fault in error.faults]
            raise OptionsError(faults) from error

    return attrs.field(default=None, validator=check, metadata={"help": text})


def title_option() -> Any:
    """The option that all three have."""
    return option("summary", "name of the feed; none = the brief's title, its publisher, or the first headline")


def feed_url_option() -> Any:
    """The other one."""
    return option("url", "where the feed itself will be")


def sheet(brief: Brief, title: str | None, tools: RenderTools) -> Sheet:
    """The entries of a brief, and its title, which every format requires."""
    findings: list[Finding] = []
    ids = list(_ids(brief, findings))
    if not (title or brief.title):
        message, hint = "the brief has no title, which a feed must have", "give one with the option title"
        findings.append(Finding(code="no-title", message=message, severity="info", path="$.title", hint=hint))
    publisher = brief.publisher.name if brief.publisher else None
    headlines = (story.headline for story in brief.stories)
    name = title or brief.title or publisher or next(headlines, tools.wording(brief).perspectives)
    entries = [_entry(brief, story, id_, tools) for story, id_ in zip(brief.stories, ids, strict=True)]
    return Sheet(name, _intro(brief, tools), entries, findings)


def _intro(brief: Brief, tools: RenderTools) -> str | None:
    """The words about the feed; where no entry is there to say how it was made, these do."""
    if brief.stories:
        return brief.intro
    said = attrs.evolve(brief, title=None, date=None, publisher=None, call_to_action=None)
    return " ".join(node.text for node in tools.outline(said)) or None


def _entry(brief: Brief, story: Story, id_: str, tools: RenderTools) -> Entry:
    # What the feed says itself goes; how the brief was made, and its scales, a reader of one entry needs too.
    alone = attrs.evolve(brief, title=None, intro=None, url=None, publisher=None, call_to_action=None, stories=(story,))
    enclosures = [
        Enclosure(image.url, f"image/{found.lastgroup}", len(data))
        for image in story.images
        if (found := _IMAGE.match(data := tools.assets.get(image.url, b"")))
    ]
    return Entry(id_, story, alone, _html(alone, tools), enclosures)


def _html(brief: Brief, tools: RenderTools) -> str:
    """The fragment as readers of feeds keep it: no classes, no microdata, and no headline, since the title says it."""
    # Imported here, because who lists the formats imports this module.
    from turbohtml import parse_fragment

    root = parse_fragment(str(tools.render(brief, "html", fragment=True, css="none")).strip()).remove(_UNFIT)
    for element in root.select("*"):
        for name in set(element.attrs) - _ATTRIBUTES:
            del element.attrs[name]
    return str(root.serialize(inner=True))


def _ids(brief: Brief, findings: list[Finding]) -> Iterator[str]:
    keys = [_key(brief, story) for story in brief.stories]
    times, twins = Counter(keys), Counter[str]()
    for index, (story, key) in enumerate(zip(brief.stories, keys, strict=True)):
        path = f"$.stories[{index}]"
        if not (story.id or story.url):
            message = "the story has neither id nor url: its entry is named after its headline and date"
            hint = "give it an id, or readers will take it for a new one when the headline is edited"
            findings.append(Finding(code="no-stable-id", message=message, severity="info", path=path, hint=hint))
        if times[key] == 1:
            yield key
            continue
        # No two entries may have one id (RFC 4287, 4.2.6); where they stand must not decide it.
        message = "another story of the brief has the same id: the id of this entry is made of all that it says"
        findings.append(Finding(code="duplicate-id", message=message, path=path, hint="give each story its own id"))
        name = _uuid(key, story_data(story))
        twins[name] += 1
        yield name if twins[name] == 1 else _uuid(name, twins[name])


def _key(brief: Brief, story: Story) -> str:
    day = story.published or story.date or brief.date
    return (
        stable_id(brief, "id", story.id) or story.url or _uuid(_authority(brief), "headline", story.headline, str(day))
    )


def stable_id(brief: Brief, kind: str, text: str | None) -> str | None:
    """An id as a web address, a tag URI or a URN: itself, or else a UUID of it, of its kind and of the publisher."""
    if not text or not check_url(text) or _IRI.fullmatch(text):
        return text
    return _uuid(_authority(brief), kind, text)


def _authority(brief: Brief) -> str:
    """Within what the ids of a brief are unique: who publishes it, or where it stands."""
    if brief.publisher:
        return brief.publisher.url or brief.publisher.name
    return urlsplit(brief.url or "").netloc


def _uuid(*key: object) -> str:
    """An id that is the same for the same key (RFC 9562, version 5)."""
    return uuid.uuid5(_UUIDS, json.dumps(key, ensure_ascii=True)).urn
