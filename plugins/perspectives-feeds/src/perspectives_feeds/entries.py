"""What all three formats say of a brief: its stories as entries, their ids, and the title that a feed needs."""

import datetime as dt
import json
import re
import uuid
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from typing import Any
from urllib.parse import urlsplit

import attrs
from attrs import field, frozen

from perspectives import Brief, Image, OptionsError, Story
from perspectives.plugin import Fault, Finding, RenderTools, check_url, clean
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

_IMAGES = (
    (re.compile(rb"\x89PNG\r\n\x1a\n"), "image/png"),
    (re.compile(rb"\xff\xd8\xff"), "image/jpeg"),
    (re.compile(rb"GIF8[79]a"), "image/gif"),
    (re.compile(rb"RIFF....WEBP", re.DOTALL), "image/webp"),
    (re.compile(rb"....ftypavif", re.DOTALL), "image/avif"),
)


@frozen(kw_only=True)
class Enclosure:
    """An image of which the bytes are known, and so type and length."""

    image: Image
    media_type: str
    length: int


@frozen(kw_only=True)
class Entry:
    """A story as each of the formats has it."""

    id: str
    story: Story
    alone: Brief
    """A brief of the story and of what the feed does not say itself."""
    html: str
    enclosures: tuple[Enclosure, ...]


@frozen(kw_only=True)
class Sheet:
    """A brief made ready for a feed, and what was found on the way."""

    title: str
    intro: str | None
    entries: tuple[Entry, ...]
    findings: tuple[Finding, ...]


def check_address(_: object, attribute: "attrs.Attribute[Any]", value: str | None) -> None:
    """The validator of an option that is an address."""
    if value is not None and (faults := check_url(value, attribute.name)):
        raise OptionsError(attrs.evolve(faults[0], code="bad-option"))


def check_moment(_: object, attribute: "attrs.Attribute[Any]", value: dt.datetime | None) -> None:
    """The validator of an option that is a time: RFC 3339 wants the offset."""
    if value is not None and value.utcoffset() is None:
        message, expected = f"{value} has no offset", "a date and time like 2026-01-14T18:30:00Z"
        raise OptionsError(Fault(code="bad-option", message=message, path=attribute.name, expected=expected))


def check_line(_: object, attribute: "attrs.Attribute[Any]", value: str | None) -> None:
    """The validator of an option that is a text: what the model takes for a title."""
    if value is not None and (not value or clean(value) != value):
        message, expected = f"{value[:60]!r} is no title", "one paragraph of plain text"
        raise OptionsError(Fault(code="bad-option", message=message, path=attribute.name, expected=expected))


def title_option() -> Any:
    """The option that all three have."""
    return field(
        default=None,
        validator=check_line,
        metadata={"help": "name of the feed; none = the brief's title, its publisher, or the first headline"},
    )


def feed_url_option() -> Any:
    """The other one."""
    return field(default=None, validator=check_address, metadata={"help": "where the feed itself will be"})


def sheet(brief: Brief, title: str | None, tools: RenderTools) -> Sheet:
    """The entries of a brief, and its title, which every format requires."""
    findings: list[Finding] = []
    ids = list(_ids(brief, findings))
    entries = [_entry(brief, story, id_, tools) for story, id_ in zip(brief.stories, ids, strict=True)]
    if not (title or brief.title):
        message, hint = "the brief has no title, which a feed must have", "give one with the option title"
        findings.append(Finding(code="no-title", message=message, severity="info", path="$.title", hint=hint))
    publisher = brief.publisher.name if brief.publisher else None
    headlines = (story.headline for story in brief.stories)
    name = title or brief.title or publisher or next(headlines, tools.wording(brief).perspectives)
    return Sheet(title=name, intro=_intro(brief, tools), entries=tuple(entries), findings=tuple(findings))


def _intro(brief: Brief, tools: RenderTools) -> str | None:
    """The words about the feed; where no entry is there to say how it was made, these do."""
    if brief.stories:
        return brief.intro
    said = attrs.evolve(brief, title=None, date=None, publisher=None, call_to_action=None)
    return " ".join(node.text for node in tools.outline(said)) or None


def _entry(brief: Brief, story: Story, id_: str, tools: RenderTools) -> Entry:
    # What the feed says itself goes; how the brief was made, and its scales, a reader of one entry needs too.
    alone = attrs.evolve(brief, title=None, intro=None, url=None, publisher=None, call_to_action=None, stories=(story,))
    html = str(tools.render(alone, "html", fragment=True, css="none"))
    return Entry(
        id=id_,
        story=story,
        alone=alone,
        html=_plain_html(html),
        enclosures=tuple(_enclosures(story.images, tools.assets)),
    )


def _plain_html(html: str) -> str:
    """The fragment as readers of feeds keep it: no classes, no microdata, and no headline, since the title says it."""
    # Imported here, because who lists the formats imports this module.
    from turbohtml import parse_fragment

    root = parse_fragment(html.strip()).remove(_UNFIT)
    for element in root.select("*"):
        for name in [name for name in element.attrs if name not in _ATTRIBUTES]:
            del element.attrs[name]
    return str(root.serialize(inner=True))


def _enclosures(images: Iterable[Image], assets: Mapping[str, bytes]) -> Iterator[Enclosure]:
    for image in images:
        data = assets.get(image.url, b"")
        for signature, media_type in _IMAGES:
            if signature.match(data):
                yield Enclosure(image=image, media_type=media_type, length=len(data))


def is_iri(text: str) -> bool:
    """Whether an id names one thing everywhere: a web address, a tag URI or a URN."""
    return not check_url(text) or bool(_IRI.fullmatch(text))


def derived_id(*key: object) -> str:
    """The id of what has none that is an IRI: the same for the same key (RFC 9562, version 5)."""
    return uuid.uuid5(_UUIDS, json.dumps(key, ensure_ascii=True)).urn


def authority(brief: Brief) -> str:
    """Within what the ids of a brief are unique: who publishes it, or where it stands."""
    if brief.publisher:
        return brief.publisher.url or brief.publisher.name
    return urlsplit(brief.url or "").netloc


def _ids(brief: Brief, findings: list[Finding]) -> Iterator[str]:
    keys = [_key(brief, story) for story in brief.stories]
    counts = Counter(keys)
    twins: Counter[str] = Counter()
    for index, (story, key) in enumerate(zip(brief.stories, keys, strict=True)):
        path = f"$.stories[{index}]"
        if not (story.id or story.url):
            message = "the story has neither id nor url: its entry is named after its headline and date"
            hint = "give it an id, or readers will take it for a new one when the headline is edited"
            findings.append(Finding(code="no-stable-id", message=message, severity="info", path=path, hint=hint))
        if counts[key] == 1:
            yield key
            continue
        # No two entries may have one id (RFC 4287, 4.2.6); where they stand must not decide it.
        message = "another story of the brief has the same id: the id of this entry is made of all that it says"
        findings.append(Finding(code="duplicate-id", message=message, path=path, hint="give each story its own id"))
        name = derived_id(key, story_data(story))
        twins[name] += 1
        yield name if twins[name] == 1 else derived_id(name, twins[name])


def _key(brief: Brief, story: Story) -> str:
    if story.id:
        return story.id if is_iri(story.id) else derived_id(authority(brief), "id", story.id)
    if story.url:
        return story.url
    day = story.published or story.date or brief.date
    return derived_id(authority(brief), "headline", story.headline, str(day))
