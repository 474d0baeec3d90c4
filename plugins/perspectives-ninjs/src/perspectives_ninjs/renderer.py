"""A brief as a document of IPTC ninjs 3.1: a composite of its stories, or the story alone where there is no more."""

import json
import re
from collections.abc import Iterator
from typing import Any
from uuid import NAMESPACE_URL, uuid5

from attrs import field, frozen
from attrs.validators import and_, ge, le

from perspectives import Brief
from perspectives.plugin import Finding, Rendered, RendererInfo, RenderTools, check_url
from perspectives_ninjs.bodies import bodies

STANDARD = {"name": "ninjs", "version": "3.1", "schema": "http://www.iptc.org/std/ninjs/ninjs-schema_3.1.json"}
BRIEF_PROFILE, STORY_PROFILE = "perspectives-brief", "perspectives-story"
SOURCE_TYPES = "http://cv.iptc.org/newscodes/digitalsourcetype/"
_URN = re.compile(r"(?:urn:[A-Za-z0-9][A-Za-z0-9-]{1,31}:|tag:)(?:[A-Za-z0-9\-._~:/@!$&'()*+,;=]|%[0-9A-Fa-f]{2})+")

Item = dict[str, Any]


@frozen(kw_only=True)
class NinjsOptions:
    """How the JSON is laid out."""

    indent: int = field(
        default=2, validator=and_(ge(0), le(8)), metadata={"help": "blanks a level, up to 8; 0 = all on one line"}
    )


class NinjsRenderer:
    """Writes the documents that `NinjsLoader` reads back, but for `extra` and printed words of one's own."""

    info: RendererInfo = RendererInfo(
        name="ninjs",
        # IPTC has registered none; the suffix is that of RFC 6839.
        media_type="application/x-ninjs+json",
        summary="News in JSON, IPTC ninjs 3.1",
        extensions=(".ninjs",),
        omits=frozenset({"extra", "wording"}),
    )
    options_class: type[NinjsOptions] = NinjsOptions

    def render(self, brief: Brief, options: NinjsOptions, tools: RenderTools, /) -> Rendered:
        """The document; a finding for each item that has neither an id nor a URL to be identified by."""
        # Who looks for a format by its extension imports them all, and the codec takes long to start.
        from perspectives import to_dict

        data = _carried(to_dict(brief))
        del data["format"]
        words = tools.wording(brief)
        document = _Document(data, image_word=words.image, unreviewed=words.unreviewed)
        unreviewed = [_is_unreviewed(brief.provenance)]
        unreviewed += [_is_unreviewed(story.provenance or brief.provenance) for story in brief.stories]
        item = document.top(data, unreviewed)
        text = json.dumps({"standard": STANDARD, **item}, ensure_ascii=False, indent=options.indent or None)
        return Rendered(f"{text}\n", self.info.media_type, findings=document.findings)


def _is_unreviewed(provenance: Any) -> bool:
    return provenance is not None and provenance.is_unreviewed


def _carried(data: Any) -> Any:
    """Plain data without what this format omits."""
    if isinstance(data, dict):
        return {name: _carried(part) for name, part in data.items() if name not in ("extra", "wording")}
    return [_carried(part) for part in data] if isinstance(data, list) else data


class _Document:
    """The items of one document, from the plain data of a brief; what an item has no property for are its bodies."""

    def __init__(self, brief: Item, image_word: str, unreviewed: str) -> None:
        self.findings: list[Finding] = []
        self._image_word = image_word
        self._unreviewed = unreviewed
        publisher = brief.get("publisher", {})
        self._authority: str = publisher.get("url") or publisher.get("name", "")
        self._taken: set[str] = set()

    def top(self, brief: Item, unreviewed: list[bool]) -> Item:
        """The whole document without its standard."""
        stories = brief.get("stories", [])
        if len(stories) == 1 and not brief.keys() - {"stories", "language"} and "language" not in stories[0]:
            return self._story({**stories[0], **brief}, unreviewed[1], "$.stories[0]")
        rest = dict(brief)
        uri = self._uri("brief", brief, "$")
        parts = [
            {"name": story["headline"], "rel": "story", **self._story(story, flag, f"$.stories[{index}]")}
            for index, (story, flag) in enumerate(zip(rest.pop("stories", []), unreviewed[1:], strict=True))
        ]
        publisher = rest.pop("publisher", None)
        if publisher and "logo" in publisher:
            parts.append(self._image(publisher["logo"], "logo"))
        parts += [_scheme(scheme, uri) for scheme in rest.pop("schemes", [])]
        return _without_empty(
            {
                "uri": uri,
                "type": "composite",
                "profile": BRIEF_PROFILE,
                "language": rest.pop("language", None),
                **_identity(rest),
                "genres": [{"name": "Briefing", "uri": "http://cv.iptc.org/newscodes/genre/Summary"}],
                "headlines": _texts(main=rest.pop("title", None)),
                "descriptions": _texts(summary=rest.pop("intro", None)),
                "infoSources": [_publisher(publisher)] if publisher else [],
                **_provenance(rest),
                "bodies": self._bodies(rest, unreviewed[0]),
                "associations": parts,
            }
        )

    def _story(self, story: Item, is_unreviewed: bool, path: str) -> Item:
        rest = {name: part for name, part in story.items() if name != "stories"}
        uri = self._uri("story", rest, path)
        section, subjects = rest.pop("section", None), rest.pop("subjects", [])
        sources = rest.pop("sources", [])
        if "context" in rest:
            rest["context"] = rest["context"]["paragraphs"]
        outlets = dict.fromkeys(source["outlet"] for source in sources if "outlet" in source)
        return _without_empty(
            {
                "uri": uri,
                "type": "text",
                "profile": STORY_PROFILE,
                "language": rest.pop("language", None),
                "firstCreated": rest.pop("published", None),
                "versionCreated": rest.pop("updated", None),
                **_identity(rest),
                "located": rest.pop("place", None),
                "headlines": _texts(main=rest.pop("headline")),
                "descriptions": _texts(summary=rest.pop("summary", None)),
                "subjects": [
                    *([{"name": section, "rel": "section"}] if section else []),
                    *({**subject, "rel": "about"} for subject in subjects),
                ],
                "infoSources": [{"name": name, "role": "source"} for name in outlets],
                **_provenance(rest),
                "associations": [
                    *(_group(group, uri) for group in rest.pop("perspectives", [])),
                    *(_link(link, uri) for link in rest.pop("links", [])),
                    *(_source(source, uri) for source in sources),
                    *(self._image(image, "image") for image in rest.pop("images", [])),
                ],
                "bodies": self._bodies(rest, is_unreviewed),
            }
        )

    def _bodies(self, rest: Item, is_unreviewed: bool) -> list[Item]:
        said = [body for name, part in rest.items() for body in bodies(name, part)]
        return [*said, *bodies("disclosure", [self._unreviewed] if is_unreviewed else [])]

    def _image(self, image: Item, rel: str) -> Item:
        sizes = {name: image[name] for name in ("width", "height") if name in image}
        return _without_empty(
            {
                "name": image["alt"] or image.get("caption") or self._image_word,
                "rel": rel,
                "uri": image["url"],
                "type": "picture",
                "by": image.get("credit"),
                "descriptions": _texts(alt=image["alt"], caption=image.get("caption")),
                "renditions": [{"name": "main", "href": image["url"], **sizes}],
            }
        )

    def _uri(self, kind: str, data: Item, path: str) -> str:
        """What identifies a brief or story: its id, where that is a URI, its URL, or a URN made of its id.

        One that has neither gets a URN of all that it says, and a finding. No two items share one.
        """
        id, url = data.get("id"), data.get("url")
        own = [id if id and is_uri(id) else None, url, _urn(self._authority, kind, id) if id else None]
        uri = next((uri for uri in own if uri and uri not in self._taken), None)
        if uri is None:
            uri = _urn(kind, json.dumps(data, sort_keys=True))
            if not id and not url:
                message = f"the {kind} has neither an id nor a URL: its uri is made of its texts and changes with them"
                self.findings.append(Finding(code="made-uri", message=message, path=path, hint="give it an id"))
        self._taken.add(uri)
        return uri


def is_uri(text: str) -> bool:
    """Whether an id can identify an item as it is: a web address, a URN, or a tag URI (RFC 4151)."""
    return bool(_URN.fullmatch(text)) or not check_url(text)


def _urn(*names: str) -> str:
    # Two items differ in one name at least; the separator stands in none, since texts hold no control characters.
    return uuid5(NAMESPACE_URL, "\n".join(("perspectives-ninjs", *names))).urn


def _without_empty(item: Item) -> Item:
    return {name: value for name, value in item.items() if value not in (None, [])}


def _texts(**values: str | None) -> list[Item]:
    return [{"role": role, "contentType": "text/plain", "value": text} for role, text in values.items() if text]


def _identity(rest: Item) -> Item:
    """The id and the page of an item; its uri may be made of either, so that neither is read from it."""
    id, url = rest.pop("id", None), rest.pop("url", None)
    return {
        "altIds": [{"role": "id", "value": id}] if id else [],
        "renditions": [{"name": "web", "href": url}] if url else [],
    }


def _provenance(rest: Item) -> Item:
    """What ninjs has properties for; an empty provenance of a story says that the brief's is not its own."""
    made = rest.get("provenance")
    if not made:
        return {}
    made = rest["provenance"] = dict(made)
    kind = made.pop("digital_source_type", None)
    item = {
        "contentCreated": made.pop("created", None),
        "people": [{"name": name, "rel": "reviewedBy"} for name in made.pop("reviewed_by", [])],
        "digitalSourceType": {"uri": SOURCE_TYPES + kind} if kind else None,
    }
    if not made:
        del rest["provenance"]
    return item


def _publisher(publisher: Item) -> Item:
    contacts: list[Item] = []
    if "postal_address" in publisher:
        contacts.append({"type": "postal", "address": {"lines": [publisher["postal_address"]]}})
    if "email" in publisher:
        contacts.append({"type": "email", "value": publisher["email"]})
    found = {"name": publisher["name"], "role": "publisher", "uri": publisher.get("url"), "contactInfo": contacts}
    return _without_empty(found)


def _scheme(scheme: Item, brief: str) -> Item:
    rest = {name: part for name, part in scheme.items() if name not in ("id", "axis")}
    return {
        "name": scheme["axis"],
        "rel": "scheme",
        "uri": _urn(brief, "scheme", scheme["id"]),
        "altIds": [{"role": "id", "value": scheme["id"]}],
        "bodies": [body for name, part in rest.items() for body in bodies(name, part)],
    }


def _group(group: Item, story: str) -> Item:
    uri = _urn(story, "perspective", group["label"])
    rest = {name: part for name, part in group.items() if name not in ("label", "outlets")}
    outlets = group.get("outlets", [])
    return _without_empty(
        {
            "name": group["label"],
            "rel": "perspective",
            "uri": uri,
            "type": "text",
            "headlines": _texts(main=group["label"]),
            "organisations": [_organisation(outlet) for outlet in outlets],
            "bodies": [body for name, part in rest.items() for body in bodies(name, part)],
            "associations": [item for outlet in outlets for item in _outlet(outlet, uri)],
        }
    )


def _organisation(outlet: Item) -> Item:
    return _without_empty(
        {"name": outlet["name"], "rel": "outlet", "uri": outlet.get("homepage"), "literal": outlet.get("id")}
    )


def _outlet(outlet: Item, group: str) -> Iterator[Item]:
    """What is known of an outlet and an organisation has no property for, as an item about it."""
    rest = {name: part for name, part in outlet.items() if name not in ("name", "id", "homepage")}
    if rest:
        yield {
            "name": outlet["name"],
            "rel": "outlet",
            "uri": _urn(group, "outlet", outlet.get("id", ""), outlet["name"]),
            "organisations": [_organisation(outlet)],
            "bodies": [body for name, part in rest.items() for body in bodies(name, part)],
        }


def _link(link: Item, story: str) -> Item:
    return _without_empty(
        {
            "name": link["label"],
            "rel": "related",
            "uri": link.get("href") or _urn(story, "link", link["label"]),
            "renditions": [{"name": "web", "href": link["href"]}] if "href" in link else [],
            "bodies": [*bodies("rel", link["rel"])] if "rel" in link else [],
        }
    )


def _source(source: Item, story: str) -> Item:
    rest = dict(source)
    id, title, outlet, author = (rest.pop(name, None) for name in ("id", "title", "outlet", "author"))
    pages = {"web": rest.pop("url", None), "archived": rest.pop("archived_url", None)}
    return _without_empty(
        {
            "name": title or outlet or author or id,
            "rel": "source",
            "uri": pages["web"] or _urn(story, "source", str(id)),
            "language": rest.pop("language", None),
            "firstCreated": rest.pop("published", None),
            "by": author,
            "altIds": [{"role": "id", "value": id}],
            "headlines": _texts(main=title),
            "infoSources": [{"name": outlet, "role": "publisher"}] if outlet else [],
            "renditions": [{"name": name, "href": href} for name, href in pages.items() if href],
            "bodies": [body for name, part in rest.items() for body in bodies(name, part)],
        }
    )
