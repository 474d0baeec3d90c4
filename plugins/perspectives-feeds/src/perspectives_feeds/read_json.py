"""JSON Feed 1 and 1.1 as it stands in JSON."""

from typing import Any

from perspectives import LoadError
from perspectives.plugin import Fault, Finding, Input, Loaded, LoadTools
from perspectives_feeds.feed import Feed, Item, Words, joined
from perspectives_feeds.stories import to_loaded

# What is read, and of which kind it is; in a list, each item.
_PERSON = {"name": str, "url": str}
_ITEM = {
    **dict.fromkeys(("url", "external_url", "title", "content_html", "content_text", "summary"), str),
    **dict.fromkeys(("image", "banner_image", "date_published", "date_modified", "language"), str),
    "id": object,
    "tags": [str],
    "author": _PERSON,
    "authors": [_PERSON],
    "attachments": [{"url": str, "mime_type": str, "title": str}],
    "_perspectives": {"story": object},
}
_FEED = {
    **dict.fromkeys(("title", "home_page_url", "description", "icon", "language"), str),
    "author": _PERSON,
    "authors": [_PERSON],
    "items": [_ITEM],
    "_perspectives": {"brief": object},
}
_KINDS: dict[type, str] = {str: "text", list: "list", dict: "object"}


def load(input: Input, tools: LoadTools) -> Loaded:
    """The brief in a JSON Feed. Raises `LoadError` with line or path of what is none, and `LimitError`."""
    document = tools.parse_json(input)
    if not isinstance(document, dict) or not isinstance(document.get("items"), list):
        message = "this is no JSON Feed: it has no list `items`"
        raise LoadError(Fault(code="not-feed", message=message, path="$.items", expected="an object with `items`"))
    findings: list[Finding] = []
    document = _fitted(document, _FEED, "$", findings)
    author = _authors(document)[0]
    feed = Feed(
        data=document["_perspectives"]["brief"],
        url=document["home_page_url"],
        title=Words(document["title"]),
        intro=Words(document["description"]),
        language=document["language"],
        publisher=author["name"],
        publisher_url=author["url"],
        logo=document["icon"],
        items=[_item(item) for item in document["items"]],
        findings=findings,
    )
    return to_loaded(feed, tools)


def _fitted(value: Any, shape: Any, path: str, findings: list[Finding]) -> Any:
    """A value with all members of its shape; what is of another kind is left out and told of."""
    if shape is object:
        return value
    kind = _kind(shape)
    if not isinstance(value, kind):
        if value is not None:
            message = f"this is no {_KINDS[kind]}; it is left out"
            findings.append(Finding(code="bad-member", message=message, path=path))
        value = kind()
    if kind is dict:
        return {name: _fitted(value.get(name), each, f"{path}.{name}", findings) for name, each in shape.items()}
    if kind is list:
        items = [(each, _fitted(each, shape[0], f"{path}[{index}]", findings)) for index, each in enumerate(value)]
        return [fitted for each, fitted in items if isinstance(each, _kind(shape[0]))]
    return value


def _kind(shape: Any) -> type:
    return shape if isinstance(shape, type) else type(shape)


def _authors(thing: dict[str, Any]) -> list[dict[str, str]]:
    """Those of 1.1, or the one of 1."""
    return thing["authors"] or [thing["author"]]


def _item(item: dict[str, Any]) -> Item:
    url, html = item["url"], item["content_html"]
    found = Item(
        data=item["_perspectives"]["story"],
        id="" if item["id"] is None else str(item["id"]),  # whatever it is, as the specification asks of readers
        url=url,
        title=Words(item["title"]),
        summary=Words(item["summary"]),
        content=Words(html, "html", url) if html else Words(item["content_text"]),
        published=item["date_published"],
        updated=item["date_modified"],
        language=item["language"],
        images=[joined(url, item["image"]), joined(url, item["banner_image"])],
        authors=[author["name"] for author in _authors(item)],
        tags=[(tag, "") for tag in item["tags"]],
    )
    found.link("related", item["external_url"])
    for it in item["attachments"]:
        found.link("enclosure", it["url"], it["title"], it["mime_type"])
    return found
