"""Plain data of a brief from a document that the renderer wrote: its items in reverse."""

from typing import Any

import attrs

from perspectives import Brief, Link, Outlet, PerspectiveGroup, RatingScheme, Source, Story
from perspectives.plugin import Finding
from perspectives_ninjs.bodies import fields
from perspectives_ninjs.loader import first, items, left_out
from perspectives_ninjs.renderer import BRIEF_PROFILE, SOURCE_TYPES

Item = dict[str, Any]

_ITEM = "uri type profile standard name rel altIds renditions contentCreated people digitalSourceType bodies"


def brief(item: Item, findings: list[Finding]) -> Item:
    """The brief, or that of the story alone; what somebody has added to it or to a story is a finding."""
    if item["profile"] != BRIEF_PROFILE:
        alone = _story(item, "$", findings)
        return _said(language=alone.pop("language", None), stories=[alone])
    taken = f"{_ITEM} language genres headlines descriptions infoSources associations"
    findings += left_out(item, taken, "$")
    parts = _parts(item, "$", ("story", "logo", "scheme"), findings)
    publisher = next((one for one in items(item, "infoSources", "$") if one.get("role") == "publisher"), None)
    logo = [_image(part, path) for path, part in parts["logo"]]
    return _common(item, Brief, "$", findings) | _said(
        title=first(items(item, "headlines", "$"), "value", role="main"),
        intro=first(items(item, "descriptions", "$"), "value", role="summary"),
        language=item.get("language"),
        publisher=_publisher(publisher, logo) if publisher else None,
        stories=[_story(part, path, findings) for path, part in parts["story"]],
        schemes=[
            _common(part, RatingScheme, path, findings) | _said(axis=part.get("name")) for path, part in parts["scheme"]
        ],
    )


def _said(**values: Any) -> Item:
    return {name: value for name, value in values.items() if value not in (None, [])}


def _parts(item: Item, path: str, rels: tuple[str, ...], findings: list[Finding]) -> dict[str, list[tuple[str, Item]]]:
    """The associated items by what they are to this one, each with its path."""
    found: dict[str, list[tuple[str, Item]]] = {rel: [] for rel in rels}
    for index, part in enumerate(items(item, "associations", path)):
        where = f"{path}.associations[{index}]"
        rel = str(part.get("rel"))
        if rel in found:
            found[rel].append((where, part))
        else:
            message = f"an associated item with the relation {rel[:40]!r} is not taken"
            findings.append(Finding(code="left-out", message=message, path=where))
    return found


def _common(item: Item, cls: type[attrs.AttrsInstance], path: str, findings: list[Finding]) -> Item:
    """What items of each kind have: id, page, how they were made, and in their bodies other fields of the class."""
    data = fields(items(item, "bodies", path), {each.name for each in attrs.fields(cls)}, path, findings)
    kind = item.get("digitalSourceType")
    uri = kind.get("uri") if isinstance(kind, dict) else None
    made = _said(
        digital_source_type=uri.removeprefix(SOURCE_TYPES) if isinstance(uri, str) else None,
        reviewed_by=[one.get("name") for one in items(item, "people", path) if one.get("rel") == "reviewedBy"],
        created=item.get("contentCreated"),
    )
    if made:
        said = data.get("provenance")
        data["provenance"] = (said if isinstance(said, dict) else {}) | made
    id = first(items(item, "altIds", path), "value", role="id")
    return data | _said(id=id, url=first(items(item, "renditions", path), "href", name="web"))


def _story(item: Item, path: str, findings: list[Finding]) -> Item:
    taken = "language firstCreated versionCreated located headlines descriptions subjects infoSources associations"
    findings += left_out(item, f"{_ITEM} {taken}", path)
    parts = _parts(item, path, ("perspective", "related", "source", "image"), findings)
    data = _common(item, Story, path, findings)
    if "context" in data:
        data["context"] = {"paragraphs": data["context"]}
    subjects = items(item, "subjects", path)
    return data | _said(
        headline=first(items(item, "headlines", path), "value", role="main"),
        section=first(subjects, "name", rel="section"),
        summary=first(items(item, "descriptions", path), "value", role="summary"),
        perspectives=[_group(part, where, findings) for where, part in parts["perspective"]],
        links=[_link(part, where, findings) for where, part in parts["related"]],
        sources=[_source(part, where, findings) for where, part in parts["source"]],
        images=[_image(part, where) for where, part in parts["image"]],
        subjects=[_said(name=one.get("name"), uri=one.get("uri")) for one in subjects if one.get("rel") == "about"],
        place=item.get("located"),
        language=item.get("language"),
        published=item.get("firstCreated"),
        updated=item.get("versionCreated"),
    )


def _group(item: Item, path: str, findings: list[Finding]) -> Item:
    known = {
        _named(about): (part, where)
        for where, part in _parts(item, path, ("outlet",), findings)["outlet"]
        for about in items(part, "organisations", where)
    }
    outlets = []
    for one in items(item, "organisations", path):
        part, where = known.get(_named(one), ({}, path))
        named = _said(name=one.get("name"), id=one.get("literal"), homepage=one.get("uri"))
        outlets.append(_common(part, Outlet, where, findings) | named)
    return _common(item, PerspectiveGroup, path, findings) | _said(label=item.get("name"), outlets=outlets)


def _named(organisation: Item) -> str:
    """What tells the outlets of a group apart."""
    return f"{organisation.get('literal')}\n{organisation.get('name')}"


def _link(item: Item, path: str, findings: list[Finding]) -> Item:
    data = _common(item, Link, path, findings)
    return data | _said(label=item.get("name"), href=data.pop("url", None))


def _source(item: Item, path: str, findings: list[Finding]) -> Item:
    return _common(item, Source, path, findings) | _said(
        title=first(items(item, "headlines", path), "value", role="main"),
        outlet=first(items(item, "infoSources", path), "name", role="publisher"),
        author=item.get("by"),
        published=item.get("firstCreated"),
        archived_url=first(items(item, "renditions", path), "href", name="archived"),
        language=item.get("language"),
    )


def _image(item: Item, path: str) -> Item:
    texts = items(item, "descriptions", path)
    main = next(iter(items(item, "renditions", path)), {})
    return _said(
        url=main.get("href"),
        alt=first(texts, "value", role="alt") or "",
        caption=first(texts, "value", role="caption"),
        credit=item.get("by"),
        width=main.get("width"),
        height=main.get("height"),
    )


def _publisher(found: Item, logo: list[Item]) -> Item:
    contacts = items(found, "contactInfo", "$.infoSources")
    address = first(contacts, "address", type="postal")
    lines = address.get("lines") if isinstance(address, dict) else None
    return _said(
        name=found.get("name"),
        url=found.get("uri"),
        logo=next(iter(logo), None),
        postal_address=lines[0] if isinstance(lines, list) and lines else None,
        email=first(contacts, "value", type="email"),
    )
