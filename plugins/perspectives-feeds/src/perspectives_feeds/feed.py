"""A feed as it stands in its document: what the readers of all formats have in common."""

import re
from typing import Literal
from urllib.parse import urljoin

from attrs import Factory, define, frozen

from perspectives import LoadError
from perspectives.plugin import Fault, Finding

# What a writer of RSS escaped once too often.
_MARKUP = re.compile(r"</?[A-Za-z][^<>]*>|&(?:#[0-9]+|#[xX][0-9A-Fa-f]+|[A-Za-z][A-Za-z0-9]*);")


@frozen
class Words:
    """A text of a feed: plain, HTML, or either where the format does not say; what is none is named by its type."""

    text: str = ""
    kind: Literal["text", "html", "either", "none"] = "text"
    base: str = ""

    @property
    def is_html(self) -> bool:
        """Whether it is HTML, or looks like it."""
        return self.kind == "html" or (self.kind == "either" and bool(_MARKUP.search(self.text)))


@define(kw_only=True)
class Item:
    """An entry as it stands in the feed."""

    line: int | None = None
    data: object = None
    id: str = ""
    url: str = ""
    title: Words = Words()
    summary: Words = Words()
    content: Words = Words()
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

    def link(self, rel: str, href: str, title: str = "", media_type: str = "") -> None:
        """Where the entry leads, an image among its images; that of the entry itself, and of others, is no link."""
        if rel == "enclosure" and media_type.startswith("image/"):
            self.images.append(href)
        elif href and rel in ("via", "related", "enclosure", "replies"):
            self.links.append((href, title, rel))


@define(kw_only=True)
class Feed:
    """A feed as it stands in its document."""

    line: int | None = None
    data: object = None
    id: str = ""
    url: str = ""
    title: Words = Words()
    intro: Words = Words()
    language: str = ""
    publisher: str = ""
    publisher_url: str = ""
    publisher_email: str = ""
    logo: str = ""
    items: list[Item] = Factory(list)
    findings: list[Finding] = Factory(list)


def joined(base: str, address: str) -> str:
    """An address as it is meant at its place; none stays none, and a malformed one itself, for it to be told of."""
    try:
        return urljoin(base, address) if address else ""
    except ValueError:
        return address


def not_feed(message: str, expected: str, line: int | None = 1) -> LoadError:
    """The error for what is no feed."""
    return LoadError(Fault(code="not-feed", message=message, expected=expected, line=line))
