"""JSON Feed 1 and 1.1 as it stands in JSON."""

import json
from typing import Any

from perspectives import LoadError
from perspectives.plugin import Fault, Finding, Input, Loaded, LoadTools
from perspectives_feeds.data import read_text
from perspectives_feeds.feed import Feed, Item, Words, not_feed, to_loaded

_OURS = "_perspectives"


def load(input: Input, tools: LoadTools) -> Loaded:
    """The brief in a JSON Feed. Raises `LoadError` with line or path of what is none, and `LimitError`."""
    try:
        document = read_text(input.text)
    except json.JSONDecodeError as error:
        message, expected = f"this is no JSON ({error.msg})", "a JSON Feed"
        line, column = error.lineno, error.colno
        fault = Fault(code="bad-json", message=message, expected=expected, line=line, column=column)
        raise LoadError(fault) from error
    except ValueError as error:
        raise not_feed(f"this is no JSON ({error})", "a JSON Feed") from error
    if not isinstance(document, dict) or not isinstance(document.get("items"), list):
        message = "this is no JSON Feed: it has no list `items`"
        raise LoadError(Fault(code="not-feed", message=message, path="$.items", expected="an object with `items`"))
    return to_loaded(_Json().feed(document), tools)


class _Json:
    def __init__(self) -> None:
        self._findings: list[Finding] = []

    def feed(self, document: dict[str, Any]) -> Feed:
        author = next(iter(self._authors(document, "$")), {})
        feed = Feed(
            data=self._data(document, "brief"),
            url=self._text(document, "home_page_url", "$"),
            title=self._words(document, "title", "$"),
            intro=self._words(document, "description", "$"),
            language=self._text(document, "language", "$"),
            publisher=self._text(author, "name", "$.authors[0]"),
            publisher_url=self._text(author, "url", "$.authors[0]"),
            logo=self._text(document, "icon", "$"),
        )
        for index, item in enumerate(document["items"]):
            path = f"$.items[{index}]"
            if isinstance(item, dict):
                feed.items.append(self._item(item, path))
            else:
                self._found("bad-item", "an item that is no object is left out", path)
        feed.findings += self._findings
        return feed

    def _item(self, item: dict[str, Any], path: str) -> Item:
        external, url = self._text(item, "external_url", path), self._text(item, "url", path)
        html = self._text(item, "content_html", path)
        found = Item(
            data=self._data(item, "story"),
            # Numbers are taken for texts: version 1 asks readers to do so.
            id=str(item["id"]) if isinstance(item.get("id"), int) else self._text(item, "id", path),
            url=url,
            title=self._words(item, "title", path),
            summary=self._words(item, "summary", path),
            content=Words(html, "html", url) if html else self._words(item, "content_text", path),
            published=self._text(item, "date_published", path),
            updated=self._text(item, "date_modified", path),
            language=self._text(item, "language", path),
            links=[(external, "", "related")] if external else [],
            images=[address for name in ("image", "banner_image") if (address := self._text(item, name, path))],
            authors=[self._text(author, "name", path) for author in self._authors(item, path)],
        )
        for tag in self._list(item, "tags", path):
            found.tags.append((tag if isinstance(tag, str) else "", ""))
        for attachment in self._list(item, "attachments", path):
            if isinstance(attachment, dict):
                self._attach(found, attachment, f"{path}.attachments")
        return found

    def _attach(self, item: Item, attachment: dict[str, Any], path: str) -> None:
        href = self._text(attachment, "url", path)
        if self._text(attachment, "mime_type", path).startswith("image/"):
            item.images.append(href)
        elif href:
            item.links.append((href, self._text(attachment, "title", path), "enclosure"))

    def _authors(self, thing: dict[str, Any], path: str) -> list[dict[str, Any]]:
        """Those of 1.1, or the one of 1."""
        authors = self._list(thing, "authors", path) or [thing.get("author")]
        return [author for author in authors if isinstance(author, dict)]

    def _data(self, thing: dict[str, Any], name: str) -> object:
        ours = thing.get(_OURS)
        return ours.get(name) if isinstance(ours, dict) else None

    def _list(self, thing: dict[str, Any], name: str, path: str) -> list[Any]:
        value = thing.get(name)
        if value is not None and not isinstance(value, list):
            self._found("bad-member", f"`{name}` is no list; it is left out", f"{path}.{name}")
        return value if isinstance(value, list) else []

    def _text(self, thing: dict[str, Any], name: str, path: str) -> str:
        value = thing.get(name)
        if value is not None and not isinstance(value, str):
            self._found("bad-member", f"`{name}` is no text; it is left out", f"{path}.{name}")
        return value if isinstance(value, str) else ""

    def _words(self, thing: dict[str, Any], name: str, path: str) -> Words | None:
        text = self._text(thing, name, path)
        return Words(text) if text else None

    def _found(self, code: str, message: str, path: str) -> None:
        self._findings.append(Finding(code=code, message=message, path=path))
