"""A brief as a document of IPTC ninjs 3.1: a composite of its stories, or the story alone where there is no more."""

import json
import re
from typing import Any

from attrs import evolve, field, frozen
from attrs.validators import and_, ge, le

from perspectives import Brief
from perspectives.plugin import Finding, Node, Rendered, RendererInfo, RenderTools, check_url
from perspectives_ninjs.associated import (
    group_item,
    identity,
    image_item,
    link_item,
    publisher_source,
    scheme_item,
    source_item,
    texts,
    urn,
    without_empty,
)
from perspectives_ninjs.bodies import told

STANDARD = {"name": "ninjs", "version": "3.1", "schema": "http://www.iptc.org/std/ninjs/ninjs-schema_3.1.json"}
BRIEF_PROFILE, STORY_PROFILE = "perspectives-brief", "perspectives-story"
SOURCE_TYPES = "http://cv.iptc.org/newscodes/digitalsourcetype/"
_URN = re.compile(r"(?:urn:[A-Za-z0-9][A-Za-z0-9-]{1,31}:|tag:)(?:[A-Za-z0-9\-._~:/@!$&'()*+,;=]|%[0-9A-Fa-f]{2})+")
_URL = re.compile(r"(https?://[^/?#]*)([^#]*#?)(.*)", re.IGNORECASE | re.DOTALL)
_BRACKETS = str.maketrans({"[": "%5B", "]": "%5D"})
_URLS = (".archived_url", ".homepage", ".href", ".uri", ".url")
# What stands above the text of a story, and an item has properties for; a day is a body of its own.
_ABOVE = frozenset(f"$.stories[0].{name}" for name in "section headline place date published updated summary".split())

Item = dict[str, Any]


@frozen(kw_only=True)
class JsonOptions:
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
    options_class: type[JsonOptions] = JsonOptions

    def render(self, brief: Brief, options: JsonOptions, tools: RenderTools, /) -> Rendered:
        """The document; a finding for each item without an id or a URL, and for each URL that is written otherwise."""
        # Who looks for a format by its extension imports them all, and the codec takes long to start.
        from perspectives import to_dict

        findings: list[Finding] = []
        data = _carried(to_dict(brief), "$", findings)
        del data["format"]
        document = _Document(data, tools.wording(brief).image, findings)
        item = document.top(data, _repeated(brief, tools))
        text = json.dumps({"standard": STANDARD, **item}, ensure_ascii=False, indent=options.indent or None)
        return Rendered(f"{text}\n", self.info.media_type, findings=findings)


def _carried(data: Any, path: str, findings: list[Finding]) -> Any:
    """Plain data without what this format omits, and with URLs as the schema wants them."""
    if isinstance(data, dict):
        parts = ((name, part) for name, part in data.items() if name not in ("extra", "wording"))
        return {name: _carried(part, f"{path}.{name}", findings) for name, part in parts}
    if isinstance(data, list):
        return [_carried(part, f"{path}[{index}]", findings) for index, part in enumerate(data)]
    if path.endswith(_URLS) and (uri := _encoded(data)) != data:
        message = f"the URL {data[:60]!r} is written with its brackets and its second # percent-encoded"
        findings.append(Finding(code="encoded-url", message=message, severity="info", path=path))
        return uri
    return data


def _encoded(url: str) -> str:
    """A URL in which brackets stand in a host alone and a # once, as RFC 3986 has it and `check_url` does not ask."""
    if not (parts := _URL.fullmatch(url)):
        return url
    return parts[1] + parts[2].translate(_BRACKETS) + parts[3].translate(_BRACKETS).replace("#", "%23")


def _repeated(brief: Brief, tools: RenderTools) -> list[list[Item]]:
    """What the brief and each story say once more, for those who know none of the roles of their bodies."""
    unreviewed = tools.wording(brief).unreviewed
    said = [("", brief.provenance)]
    for story in brief.stories:
        # Alone, so that the notes of each item count from 1.
        nodes = tools.outline(evolve(brief, stories=[story]))
        below = (node for node in nodes if node.path.startswith("$.stories[0].") and node.path not in _ABOVE)
        said.append(("\n\n".join(map(_line, below)), story.provenance or brief.provenance))
    return [texts(main=text, disclosure=unreviewed if made and made.is_unreviewed else None) for text, made in said]


def _line(node: Node) -> str:
    """A text as it is printed, with its number, its references, and where it leads."""
    lead = "- " if node.kind == "item" else ""
    if node.number is not None:
        lead = f"[{node.number}] " if node.kind == "note" else f"{node.number}. "
    return lead + node.text + node.marks + (f" <{node.href}>" if node.href else "")


class _Document:
    """The items of one document, from the plain data of a brief; what an item has no property for are its bodies."""

    def __init__(self, brief: Item, image_word: str, findings: list[Finding]) -> None:
        self._image_word = image_word
        self._findings = findings
        publisher = brief.get("publisher", {})
        self._authority: str = publisher.get("url") or publisher.get("name", "")
        self._taken: set[str] = set()

    def top(self, brief: Item, repeated: list[list[Item]]) -> Item:
        """The whole document without its standard; `repeated` are bodies for the brief and each story."""
        stories = brief.get("stories", [])
        if len(stories) == 1 and not brief.keys() - {"stories", "language"} and "language" not in stories[0]:
            return self._story({**stories[0], **brief}, repeated[1], "$.stories[0]")
        rest = dict(brief)
        uri = self._uri("brief", brief, "$")
        parts = [
            {
                "name": story["headline"],
                "rel": "story",
                **self._story(story, repeated[index + 1], f"$.stories[{index}]"),
            }
            for index, story in enumerate(rest.pop("stories", []))
        ]
        publisher = rest.pop("publisher", None)
        if publisher and "logo" in publisher:
            parts.append(image_item(publisher["logo"], "logo", self._image_word))
        parts += [scheme_item(scheme, uri) for scheme in rest.pop("schemes", [])]
        return without_empty(
            {
                "uri": uri,
                "type": "composite",
                "profile": BRIEF_PROFILE,
                "language": rest.pop("language", None),
                **identity(rest),
                "genres": [{"name": "Briefing", "uri": "http://cv.iptc.org/newscodes/genre/Summary"}],
                "headlines": texts(main=rest.pop("title", None)),
                "descriptions": texts(summary=rest.pop("intro", None)),
                "infoSources": [publisher_source(publisher)] if publisher else [],
                **_provenance(rest),
                "bodies": [*repeated[0], *told(rest)],
                "associations": parts,
            }
        )

    def _story(self, story: Item, repeated: list[Item], path: str) -> Item:
        rest = {name: part for name, part in story.items() if name != "stories"}
        uri = self._uri("story", rest, path)
        section, subjects = rest.pop("section", None), rest.pop("subjects", [])
        sources = rest.pop("sources", [])
        if "context" in rest:
            rest["context"] = rest["context"]["paragraphs"]
        outlets = dict.fromkeys(source["outlet"] for source in sources if "outlet" in source)
        return without_empty(
            {
                "uri": uri,
                "type": "text",
                "profile": STORY_PROFILE,
                "language": rest.pop("language", None),
                "firstCreated": rest.pop("published", None),
                "versionCreated": rest.pop("updated", None),
                **identity(rest),
                "located": rest.pop("place", None),
                "headlines": texts(main=rest.pop("headline")),
                "descriptions": texts(summary=rest.pop("summary", None)),
                "subjects": [
                    *([{"name": section, "rel": "section"}] if section else []),
                    *({**subject, "rel": "about"} for subject in subjects),
                ],
                "infoSources": [{"name": name, "role": "source"} for name in outlets],
                **_provenance(rest),
                "associations": [
                    *(group_item(group, uri) for group in rest.pop("perspectives", [])),
                    *(link_item(link, uri) for link in rest.pop("links", [])),
                    *(source_item(source, uri) for source in sources),
                    *(image_item(image, "image", self._image_word) for image in rest.pop("images", [])),
                ],
                "bodies": [*repeated, *told(rest)],
            }
        )

    def _uri(self, kind: str, data: Item, path: str) -> str:
        """What identifies a brief or story: its id, where that is a URI, its URL, or a URN made of its id.

        One that has neither gets a URN of all that it says, and a finding. No two items share one.
        """
        id, url = data.get("id"), data.get("url")
        own = [_encoded(id) if id and is_uri(id) else None, url, urn(self._authority, kind, id) if id else None]
        uri = next((uri for uri in own if uri and uri not in self._taken), None)
        if uri is None:
            uri = urn(kind, json.dumps(data, sort_keys=True))
            if not id and not url:
                message = f"the {kind} has neither an id nor a URL: its uri is made of its texts and changes with them"
                self._findings.append(Finding(code="made-uri", message=message, path=path, hint="give it an id"))
        self._taken.add(uri)
        return uri


def is_uri(text: str) -> bool:
    """Whether an id can identify an item as it is: a web address, a URN, or a tag URI (RFC 4151)."""
    return bool(_URN.fullmatch(text)) or not check_url(text)


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
