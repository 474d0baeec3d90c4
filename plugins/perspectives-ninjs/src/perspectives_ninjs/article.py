"""Plain data of a brief from a news item that is not ours: one story, or one for each item of a package."""

import re
from typing import TYPE_CHECKING, Any

from perspectives import SchemaError, Story, from_dict
from perspectives.plugin import Fault, Finding, LoadError, check_url, clean
from perspectives_ninjs.loader import items, left_out

if TYPE_CHECKING:
    from turbohtml import Element

Item = dict[str, Any]

_PICTURES = ("picture", "graphic")
_BLANK_LINES = re.compile(r"\n[^\S\n]*\n")


def brief(item: Item, findings: list[Finding]) -> Item:
    """The brief: a package without a body of its own gives a story for each text in it."""
    parts = list(enumerate(items(item, "associations", "$")))
    texts = [(index, part) for index, part in parts if part.get("type", "text") == "text" and part.get("headlines")]
    if item.get("type") != "composite" or not texts or items(item, "bodies", "$"):
        alone = _story(item, "$", findings)
        return {name: alone.pop(name) for name in ("language",) if name in alone} | {"stories": [alone]}
    reading = _Reading(item, "$", findings)
    data = {
        "id": item["uri"],
        "title": reading.text("headlines"),
        "intro": reading.text("descriptions"),
        "language": reading.fitting("language", "language"),
        "stories": [_story(part, f"$.associations[{index}]", findings) for index, part in texts],
    }
    findings += left_out(item, "standard uri type profile headlines descriptions language associations", "$")
    others = [f"$.associations[{index}]" for index, part in parts if (index, part) not in texts]
    findings += [Finding(code="left-out", message="an associated item is not taken", path=path) for path in others]
    return data


def _story(item: Item, path: str, findings: list[Finding]) -> Item:
    reading = _Reading(item, path, findings)
    kind = item.get("type", "text")
    if kind not in ("text", "composite"):
        message = f"an item of the type {str(kind)[:40]!r} is read as a story"
        findings.append(Finding(code="no-text", message=message, path=f"{path}.type"))
    headline = reading.headline()
    images, links = reading.associated()
    taken = ""
    if own := reading.picture():
        if kind in _PICTURES:
            own |= {"alt": headline, "credit": reading.word("by")}
            taken = "by "
        else:
            reading.note("no-alt", "the image has no alternative text", "renditions")
        images.insert(0, own)
    data = {
        "headline": headline,
        "summary": reading.text("descriptions"),
        "section": reading.subject("section"),
        "context": reading.context(),
        "links": links,
        "images": images,
        "subjects": reading.about(),
        "place": reading.fitting("located", "place"),
        "id": item.get("uri"),
        "language": reading.fitting("language", "language"),
        **reading.times(),
    }
    taken += "standard uri type profile title headlines descriptions bodies subjects located language firstCreated"
    taken += " versionCreated associations renditions people places organisations events objects name rel slugline"
    findings += left_out(item, taken, path)
    return {name: value for name, value in data.items() if value not in (None, [])}


class _Reading:
    """One item, read property by property; what does not fit is left out, and is a finding."""

    def __init__(self, item: Item, path: str, findings: list[Finding]) -> None:
        self._item = item
        self._path = path
        self._findings = findings

    def note(self, code: str, message: str, name: str) -> None:
        """A finding about one property."""
        self._findings.append(Finding(code=code, message=message, path=f"{self._path}.{name}"))

    def headline(self) -> str:
        """The headline; where there is none, the name that the item has instead."""
        if text := self.text("headlines"):
            return text
        for name in ("title", "slugline", "name", "uri"):
            if text := self.word(name):
                if name != "title":
                    self.note("guessed-headline", f"there is no headline: {name!r} stands for it", name)
                return text
        fault = Fault(code="no-headline", message="the item has no name", path=self._path, expected="a headline")
        raise LoadError(fault)

    def text(self, name: str) -> str | None:
        """The headline or description to be printed: that of the main role, or the first; others are findings."""
        texts = [(one, " ".join(paragraphs(one))) for one in items(self._item, name, self._path)]
        texts = [(one, text) for one, text in texts if text]
        chosen = next((text for one, text in texts if one.get("role") in ("main", "summary")), None)
        chosen = chosen or next((text for _, text in texts), None)
        for one, text in texts:
            if text.split() != (chosen or "").split():
                self.note("left-out", f"another text, of the role {str(one.get('role'))[:40]!r}, is not taken", name)
        return chosen

    def context(self) -> Item | None:
        """The body as paragraphs: that which is HTML, since it says where they end; others are findings."""
        texts = [(one, paragraphs(one)) for one in items(self._item, "bodies", self._path)]
        texts = [(one, found) for one, found in texts if found]
        if not texts:
            return None
        body, chosen = next((pair for pair in texts if is_html(pair[0])), texts[0])
        for one, found in texts:
            if " ".join(found).split() != " ".join(chosen).split():
                self.note(
                    "left-out", f"another body, of the role {str(one.get('role'))[:40]!r}, is not taken", "bodies"
                )
        self.note("body-as-context", "the body of the item stands as the context of the story", "bodies")
        if is_html(body) and (dropped := _markup(body).select("a[href], img, video, audio, iframe")):
            self.note("left-out", f"links and media in the body are not taken, {len(dropped)} in all", "bodies")
        return {"paragraphs": [{"text": text} for text in chosen]}

    def word(self, name: str) -> str | None:
        """A property that is a text."""
        value = self._item.get(name)
        return (clean(value) or None) if isinstance(value, str) else None

    def subject(self, rel: str) -> str | None:
        """The name of the first subject of this relation."""
        found = (one.get("name") for one in items(self._item, "subjects", self._path) if one.get("rel") == rel)
        return next((name for name in found if isinstance(name, str)), None)

    def about(self) -> list[Item]:
        """What the item is about: its subjects, and whatever else it says it is about; mentions are findings."""
        found: list[Item] = []
        for kind in ("subjects", "people", "places", "organisations", "events", "objects"):
            for index, one in enumerate(items(self._item, kind, self._path)):
                name, rel, where = one.get("name"), one.get("rel"), f"{kind}[{index}]"
                if kind == "subjects" and rel == "section":
                    continue
                if isinstance(name, str) and clean(name) and (rel == "about" or kind == "subjects"):
                    found.append({"name": clean(name), **self._address(one, "uri", where)})
                else:
                    self.note("left-out", f"{str(name)[:60]!r} is not taken: no name of what the story is about", where)
        return found

    def _address(self, one: Item, name: str, where: str) -> Item:
        value = one.get(name)
        if value is None:
            return {}
        if faults := check_url(value):
            self.note("bad-url", f"no link is made: {faults[0].message}", f"{where}.{name}")
            return {}
        return {name: value}

    def fitting(self, name: str, field: str, **others: object) -> object:
        """A property as a field of a story, if the model takes it."""
        value = self._item.get(name)
        if value is None:
            return None
        try:
            from_dict({"headline": "x", field: value, **others}, Story, clean=True)
        except SchemaError as error:
            self.note("left-out", f"{name!r} is not taken: {error.faults[0].message}", name)
            return None
        return value

    def times(self) -> Item:
        """First publication and last change; a change before the publication is none."""
        published = self.fitting("firstCreated", "published")
        others = {"published": published} if published else {}
        return others | {"updated": self.fitting("versionCreated", "updated", **others)}

    def associated(self) -> tuple[list[Item], list[Item]]:
        """The images that can be shown, and the names of all other items."""
        images: list[Item] = []
        links: list[Item] = []
        for index, part in enumerate(items(self._item, "associations", self._path)):
            path = f"{self._path}.associations[{index}]"
            reading = _Reading(part, path, self._findings)
            name = reading.text("headlines") or reading.word("title") or reading.word("name")
            taken = "uri type name rel headlines renditions title"
            if part.get("type") in _PICTURES:
                if picture := reading.picture():
                    words = {"caption": reading.text("descriptions"), "credit": reading.word("by")}
                    images.append(picture | {"alt": name or ""} | words)
                    taken += " descriptions by"
            elif name is None:
                reading.note("left-out", "an associated item without a name is not taken", "name")
            else:
                hrefs = [one.get("href") for one in items(part, "renditions", path)]
                href = next((href for href in hrefs if not check_url(href)), None)
                links.append({"label": name, **({"href": href} if href else {})})
            self._findings += left_out(part, taken, path)
        return images, links

    def picture(self) -> Item | None:
        """The widest rendition that is an image and has an address."""
        is_picture = self._item.get("type") in _PICTURES
        found: list[Item] = []
        for index, one in enumerate(items(self._item, "renditions", self._path)):
            is_image = is_picture or str(one.get("contentType", "")).startswith("image/")
            if is_image and not check_url(one.get("href")):
                sizes = {
                    name: one[name] for name in ("width", "height") if type(one.get(name)) is int and one[name] > 0
                }
                found.append({"url": one["href"], "alt": "", **sizes})
            else:
                self.note("left-out", "no image with an address: it is not taken", f"renditions[{index}]")
        return max(found, key=lambda one: one.get("width", 0), default=None)


def is_html(text: Item) -> bool:
    """Whether a text says that it is markup: `text/html`, `application/xhtml+xml`, `body_xhtml`."""
    return "html" in str(text.get("contentType", "")).lower()


def paragraphs(text: Item) -> list[str]:
    """What a body, headline or description says, paragraph by paragraph, without markup."""
    value = text.get("value")
    if not isinstance(value, str):
        return []
    if is_html(text):
        from turbohtml import PlainText

        value = _markup(text).to_text(PlainText(width=0))
    return [found for found in map(clean, _BLANK_LINES.split(value)) if found]


def _markup(text: Item) -> "Element":
    # Imported here, so that who sniffs starts without a parser.
    from turbohtml import parse_fragment

    return parse_fragment(text["value"], positions=False)
