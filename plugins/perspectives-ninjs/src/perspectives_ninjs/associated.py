"""The items that are associated with a brief or a story, and what items of every kind have in common."""

from collections.abc import Iterator
from typing import Any
from uuid import NAMESPACE_URL, uuid5

from perspectives_ninjs.bodies import told

Item = dict[str, Any]


def urn(*names: str) -> str:
    """A URN that is the same wherever the names are."""
    # Two items differ in one name at least; the separator stands in none, since texts hold no control characters.
    return uuid5(NAMESPACE_URL, "\n".join(("perspectives-ninjs", *names))).urn


def without_empty(item: Item) -> Item:
    """The item without the properties of which nothing is said."""
    return {name: value for name, value in item.items() if value not in (None, [])}


def texts(**values: str | None) -> list[Item]:
    """Headlines or descriptions, by role."""
    return [{"role": role, "contentType": "text/plain", "value": text} for role, text in values.items() if text]


def identity(rest: Item) -> Item:
    """The id and the page of an item; its uri may be made of either, so that neither is read from it."""
    id, url = rest.pop("id", None), rest.pop("url", None)
    return {
        "altIds": [{"role": "id", "value": id}] if id else [],
        "renditions": [{"name": "web", "href": url}] if url else [],
    }


def publisher_source(publisher: Item) -> Item:
    """Who answers for a brief, as one of its sources of information."""
    contacts: list[Item] = []
    if "postal_address" in publisher:
        contacts.append({"type": "postal", "address": {"lines": [publisher["postal_address"]]}})
    if "email" in publisher:
        contacts.append({"type": "email", "value": publisher["email"]})
    found = {"name": publisher["name"], "role": "publisher", "uri": publisher.get("url"), "contactInfo": contacts}
    return without_empty(found)


def scheme_item(scheme: Item, brief: str) -> Item:
    """A rating scale of a brief, which its URI names."""
    rest = {name: part for name, part in scheme.items() if name not in ("id", "axis")}
    return {
        "name": scheme["axis"],
        "rel": "scheme",
        "uri": urn(brief, "scheme", scheme["id"]),
        "altIds": [{"role": "id", "value": scheme["id"]}],
        "bodies": told(rest),
    }


def group_item(group: Item, story: str) -> Item:
    """A perspective on a story, which its URI names, with its outlets."""
    uri = urn(story, "perspective", group["label"])
    rest = {name: part for name, part in group.items() if name not in ("label", "outlets")}
    outlets = group.get("outlets", [])
    return without_empty(
        {
            "name": group["label"],
            "rel": "perspective",
            "uri": uri,
            "type": "text",
            "headlines": texts(main=group["label"]),
            "organisations": [_organisation(outlet) for outlet in outlets],
            "bodies": told(rest),
            "associations": [item for outlet in outlets for item in _outlet(outlet, uri)],
        }
    )


def _organisation(outlet: Item) -> Item:
    return without_empty(
        {"name": outlet["name"], "rel": "outlet", "uri": outlet.get("homepage"), "literal": outlet.get("id")}
    )


def _outlet(outlet: Item, group: str) -> Iterator[Item]:
    """What is known of an outlet and an organisation has no property for, as an item about it."""
    rest = {name: part for name, part in outlet.items() if name not in ("name", "id", "homepage")}
    if rest:
        yield {
            "name": outlet["name"],
            "rel": "outlet",
            "uri": urn(group, "outlet", outlet.get("id", ""), outlet["name"]),
            "organisations": [_organisation(outlet)],
            "bodies": told(rest),
        }


def link_item(link: Item, story: str) -> Item:
    """Where a reader of a story can go on."""
    return without_empty(
        {
            "name": link["label"],
            "rel": "related",
            "uri": link.get("href") or urn(story, "link", link["label"]),
            "renditions": [{"name": "web", "href": link["href"]}] if "href" in link else [],
            "bodies": told({"rel": link["rel"]} if "rel" in link else {}),
        }
    )


def source_item(source: Item, story: str) -> Item:
    """What the citations of a story refer to."""
    rest = dict(source)
    id, title, outlet, author = (rest.pop(name, None) for name in ("id", "title", "outlet", "author"))
    pages = {"web": rest.pop("url", None), "archived": rest.pop("archived_url", None)}
    return without_empty(
        {
            "name": title or outlet or author or id,
            "rel": "source",
            "uri": pages["web"] or urn(story, "source", str(id)),
            "language": rest.pop("language", None),
            "firstCreated": rest.pop("published", None),
            "by": author,
            "altIds": [{"role": "id", "value": id}],
            "headlines": texts(main=title),
            "infoSources": [{"name": outlet, "role": "publisher"}] if outlet else [],
            "renditions": [{"name": name, "href": href} for name, href in pages.items() if href],
            "bodies": told(rest),
        }
    )


def image_item(image: Item, rel: str, words: str) -> Item:
    """A picture; `words` name one of which nothing is said."""
    sizes = {name: image[name] for name in ("width", "height") if name in image}
    return without_empty(
        {
            "name": image["alt"] or image.get("caption") or words,
            "rel": rel,
            "uri": image["url"],
            "type": "picture",
            "by": image.get("credit"),
            "descriptions": texts(alt=image["alt"], caption=image.get("caption")),
            "renditions": [{"name": "main", "href": image["url"], **sizes}],
        }
    )
