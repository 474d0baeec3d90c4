"""JSON Feed 1 and 1.1 as it stands in JSON."""

from typing import Any

from perspectives import LoadError
from perspectives.plugin import Fault, Finding, Input, Loaded, LoadTools
from perspectives_feeds.feed import Feed, Item, Words, joined, to_loaded

_KINDS: dict[type, str] = {str: "text", list: "list", dict: "object"}


def load(input: Input, tools: LoadTools) -> Loaded:
    """The brief in a JSON Feed. Raises `LoadError` with line or path of what is none, and `LimitError`."""
    document = tools.parse_json(input)
    if not isinstance(document, dict) or not isinstance(document.get("items"), list):
        message = "this is no JSON Feed: it has no list `items`"
        raise LoadError(Fault(code="not-feed", message=message, path="$.items", expected="an object with `items`"))
    findings: list[Finding] = []
    feed = _feed(_Object(document, "$", findings))
    feed.findings += findings
    return to_loaded(feed, tools)


class _Object:
    """An object of the document; what is of another kind than it should be is left out and told of."""

    def __init__(self, members: dict[str, Any], path: str, findings: list[Finding]) -> None:
        self.members, self.path, self._findings = members, path, findings

    def text(self, name: str) -> str:
        """A member that is a text; numbers are taken for ids, as version 1 asks of readers."""
        value = self.members.get(name)
        if name == "id" and isinstance(value, int | float):
            return str(value)
        text: str = self._checked(name, value, str)
        return text

    def items(self, name: str, kind: type = dict) -> list[tuple[str, Any]]:
        """The path and value of each item of a list that is of this kind."""
        values = self._checked(name, self.members.get(name), list)
        found = [(f"{self.path}.{name}[{index}]", value) for index, value in enumerate(values)]
        for path, value in found:
            if not isinstance(value, kind):
                self._found(f"an item that is no {_KINDS[kind]} is left out", path)
        return [(path, value) for path, value in found if isinstance(value, kind)]

    def objects(self, name: str) -> "list[_Object]":
        """The objects of a list."""
        return [_Object(value, path, self._findings) for path, value in self.items(name)]

    def words(self, name: str) -> Words | None:
        """A plain text."""
        return Words(text) if (text := self.text(name)) else None

    def authors(self) -> "list[_Object]":
        """Those of 1.1, or the one of 1."""
        author = _Object(
            self._checked("author", self.members.get("author"), dict), f"{self.path}.author", self._findings
        )
        return self.objects("authors") or [author]

    def ours(self, name: str) -> object:
        """Our data."""
        ours = self.members.get("_perspectives")
        return ours.get(name) if isinstance(ours, dict) else None

    def _checked(self, name: str, value: Any, kind: type) -> Any:
        if value is not None and not isinstance(value, kind):
            self._found(f"`{name}` is no {_KINDS[kind]}; it is left out", f"{self.path}.{name}")
        return value if isinstance(value, kind) else kind()

    def _found(self, message: str, path: str) -> None:
        self._findings.append(Finding(code="bad-member", message=message, path=path))


def _feed(document: _Object) -> Feed:
    author = document.authors()[0]
    return Feed(
        data=document.ours("brief"),
        url=document.text("home_page_url"),
        title=document.words("title"),
        intro=document.words("description"),
        language=document.text("language"),
        publisher=author.text("name"),
        publisher_url=author.text("url"),
        logo=document.text("icon"),
        items=[_item(item) for item in document.objects("items")],
    )


def _item(item: _Object) -> Item:
    url, html = item.text("url"), item.text("content_html")
    found = Item(
        data=item.ours("story"),
        id=item.text("id"),
        url=url,
        title=item.words("title"),
        summary=item.words("summary"),
        content=Words(html, "html", url) if html else item.words("content_text"),
        published=item.text("date_published"),
        updated=item.text("date_modified"),
        language=item.text("language"),
        images=[joined(url, item.text(name)) for name in ("image", "banner_image")],
        authors=[author.text("name") for author in item.authors()],
        tags=[(tag, "") for _, tag in item.items("tags", str)],
    )
    found.link("related", item.text("external_url"))
    for it in item.objects("attachments"):
        found.link("enclosure", it.text("url"), it.text("title"), it.text("mime_type"))
    return found
