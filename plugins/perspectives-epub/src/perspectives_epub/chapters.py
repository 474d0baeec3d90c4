"""The pages of a book: what the format `html` writes, as XHTML that readers of e-books take."""

import re
from collections.abc import Callable, Mapping
from typing import Literal

import turbohtml
from attrs import evolve, field, frozen
from turbohtml import Document, Element, Text

from perspectives import Brief, Publisher, Wording
from perspectives.plugin import Finding, RenderTools

# What a book may hold without a fallback and every reader shows (EPUB 3.3, 3.2 "Core media types"). SVG may be a
# program, and WebP came with EPUB 3.3: what was made for 3.2 refuses it, epubcheck 4 too.
_MAGIC = {b"\x89PNG\r\n\x1a\n": "image/png", b"\xff\xd8\xff": "image/jpeg", b"GIF8": "image/gif"}
# Numbers without the bars that they stand beside on a page would be taken for a part of what the group says.
_DROPPED = "script, style, template, link, meta, svg, nav, .perspectives-measure"
# The authority of a URL, what comes before the first # and what comes behind it (RFC 3986, 3).
_URL = re.compile(r"((?:https?://[^/?#]*)?)([^#]*#?)(.*)", re.IGNORECASE | re.DOTALL)
_ESCAPED = str.maketrans({"[": "%5B", "]": "%5D"})
_MICRODATA = ("itemprop", "itemscope", "itemtype", "itemid", "itemref")


@frozen(kw_only=True)
class Page:
    """A page of the book: a file."""

    name: str
    """That of the file, without its extension."""
    title: str
    body: str
    """What stands in its `body`, as XHTML."""
    locale: Mapping[str, str] = field(factory=dict, hash=False)
    """`lang` and `dir` of a story in a language of its own; both or none."""


@frozen(kw_only=True)
class Picture:
    """An image that is in the book."""

    name: str
    media_type: str
    data: bytes


def book_title(brief: Brief, wording: Wording) -> str:
    """What the book is called: as the brief, its first story, or the one word that always fits."""
    return brief.title or next((story.headline for story in brief.stories), wording.perspectives)


def chapters(
    brief: Brief, tools: RenderTools, dates: Literal["iso", "long"]
) -> tuple[list[Page], dict[str, Picture], list[Finding]]:
    """The title, a page for each story and what stands at the end; the images by URL, and what is only linked."""
    wording = tools.wording(brief)
    images, findings = _pictures(brief, tools.assets)

    def html(part: Brief, level: int) -> Element:
        # By its whole name: a caller may have another one for `html`.
        page = tools.render(part, "perspectives-briefs:html", heading_level=level, css="none", dates=dates)
        return _cleaned(turbohtml.parse(str(page)), images, wording)

    bare = evolve(brief, title=None, url=None, date=None, intro=None)
    chapter = evolve(bare, call_to_action=None, publisher=None)
    pages = [_title_page(brief, wording, html)]
    for number, story in enumerate(brief.stories, 1):
        body = html(evolve(chapter, stories=(story,)), 1)
        for colophon in body.select(".perspectives-colophon"):  # it is the brief's, and stands at the end
            colophon.decompose()
        found = body.select_one(".perspectives-story[lang][dir]")
        locale = {name: str(found.attrs[name]) for name in ("lang", "dir")} if found else {}
        text = _section(body, "chapter", story.headline)
        pages.append(Page(name=f"story-{number}", title=story.headline, body=text, locale=locale))
    end = html(evolve(bare, stories=()), 2)
    if end.text.strip():
        label = _end_label(brief, wording)
        pages.append(Page(name="end", title=label, body=_section(end, "colophon", label)))
    return pages, images, findings


def _title_page(brief: Brief, wording: Wording, html: Callable[[Brief, int], Element]) -> Page:
    title = book_title(brief, wording)
    front = evolve(
        brief,
        title=title,
        stories=(),
        call_to_action=None,
        publisher=Publisher(name=brief.publisher.name) if brief.publisher else None,
        provenance=None,
        schemes=(),
    )
    return Page(name="title", title=title, body=_section(html(front, 2), "titlepage"))


def _end_label(brief: Brief, wording: Wording) -> str:
    """What the contents call the last page: as it begins."""
    if call := brief.call_to_action:
        return next(filter(None, (call.headline, call.label, *call.body, call.assurance)))
    if brief.publisher:
        return brief.publisher.name
    return wording.provenance if brief.provenance else wording.schemes


def _cleaned(document: Document, images: Mapping[str, Picture], wording: Wording) -> Element:
    """The part of a page that people read, with what EPUB does not take put otherwise."""
    body = next(iter(document.select("main") or document.select("body")))
    for element in body.select(_DROPPED):
        element.decompose()
    for element in body.select("*"):
        for name in _MICRODATA:
            element.attrs.pop(name, None)
        if "lang" in element.attrs:
            element.attrs["xml:lang"] = str(element.attrs["lang"])
        for name in ("href", "cite"):
            if name in element.attrs:
                element.attrs[name] = _uri(str(element.attrs[name]))
    # Nothing is folded in a book, and few readers could open it.
    for element in body.select("details"):
        element.tag = "section"
        element.attrs.pop("open", None)
    for element in body.select("summary"):
        element.unwrap()
    for element in body.select(".perspectives-sources"):
        element.attrs.update({"epub:type": "endnotes", "role": "doc-endnotes"})
    _lead_back(body)
    for element in body.select("img"):
        url = str(element.attrs["src"])
        if url in images:
            element.attrs["src"] = images[url].name
        else:
            text = str(element.attrs.get("alt") or "") or wording.image
            element.replace_with(Element("a", {"href": _uri(url)}, [Text(text)]))
    return body


def _lead_back(body: Element) -> None:
    """Notes as readers show them over the page, each with a link to every place that cites it."""
    notes = {f"#{note.attrs['id']}": note for note in body.select('[id^="note-"]')}
    for element in notes.values():
        element.attrs["epub:type"] = "endnote"  # without a role: DPUB-ARIA 1.1 wants none in a list
    for number, mark in enumerate(body.select('a[href^="#note-"]'), 1):
        note = notes.get(str(mark.attrs["href"]))
        if note is None:  # the templates of others may leave it out
            mark.unwrap()
            continue
        mark.attrs.update({"id": f"mark-{number}", "epub:type": "noteref", "role": "doc-noteref"})
        # An arrow is read in every language, and points the same way from right to left.
        attributes = {"class": "perspectives-back", "href": f"#mark-{number}", "epub:type": "backlink"}
        back = [Text(" "), Element("a", attributes | {"role": "doc-backlink"}, [Text("\u2191")])]
        if cited := note.select_one("blockquote"):
            cited.insert_before(*back)
        else:
            note.extend(back)


def _section(body: Element, kind: str, label: str | None = None) -> str:
    """The children of an element within a section that says what it is."""
    attributes = {"class": "perspectives-brief", "epub:type": kind}
    if label:  # a title page has no role (DPUB-ARIA 1.1)
        attributes |= {"role": f"doc-{kind}", "aria-label": label}
    section = Element("section", attributes, list(body.children))
    return Element("body", {}, [section]).inner_xml


def _uri(url: str) -> str:
    """A URL in which brackets stand in a host alone and a # once, as RFC 3986 has it and `check_url` does not ask."""
    parts: list[tuple[str, str, str]] = _URL.findall(url)
    authority, before, behind = parts[0]  # any text is one match
    return authority + before.translate(_ESCAPED) + behind.translate(_ESCAPED).replace("#", "%23")


def _pictures(brief: Brief, assets: Mapping[str, bytes]) -> tuple[dict[str, Picture], list[Finding]]:
    """The images that go into the book, by URL, and a finding for each that is only linked."""
    shown = [
        (f"$.stories[{at}].images[{index}]", image)
        for at, story in enumerate(brief.stories)
        for index, image in enumerate(story.images)
    ]
    if brief.publisher and brief.publisher.logo:
        shown.append(("$.publisher.logo", brief.publisher.logo))
    pictures: dict[str, Picture] = {}
    findings = []
    for path, image in shown:
        data = assets.get(image.url, b"")
        media_type = next((name for magic, name in _MAGIC.items() if data.startswith(magic)), None)
        if media_type and image.url not in pictures:
            name = f"images/{len(pictures) + 1}.{media_type.partition('/')[2]}"
            pictures[image.url] = Picture(name=name, media_type=media_type, data=data)
        elif not media_type:
            message, hint = f"the image {image.url} is a link", "give it in `assets`, as PNG, JPEG or GIF"
            findings.append(Finding(code="linked-image", message=message, hint=hint, path=path))
    return pictures, findings
