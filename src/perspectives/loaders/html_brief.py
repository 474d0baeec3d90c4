"""The brief in our markup: its masthead, sections and stories, and what closes it."""

from collections.abc import Callable
from typing import Any

import attrs
from turbohtml import Element, Node, ShadowRoot

from perspectives.codec import FORMAT, from_dict
from perspectives.errors import Fault, PerspectivesError
from perspectives.loaders.html_document import Mark, elements, marked, names_of
from perspectives.loaders.html_outlets import Scales
from perspectives.loaders.html_story import StoryReader, section_of
from perspectives.loaders.html_texts import Data, Texts, present, read_image, read_provenance
from perspectives.model import Brief
from perspectives.plugin import Loaded, LoadTools
from perspectives.text import check_address, check_url

_ONCE = {"title": "title", "date": "date", "intro": "intro", "call": "call_to_action", "publisher": "publisher"}
"""The marks of a brief that it has once, and the fields that they fill."""
_TOLD = frozenset([*_ONCE, "provenance", "scheme", "section", "story"])


def read_markup(root: Element, document: Node, tools: LoadTools) -> Loaded:
    """The brief. Raises `LoadError` or `LimitError` with the lines of what the model refuses."""
    texts = Texts()
    mark = marked(root)
    texts.at("$", mark)
    said = _language(root)
    language = texts.language(said, mark) if said and said != "en" else None  # English is printed where none is named
    values = _BriefReader(texts, mark).read()
    values["url"] = values.get("url") or _canonical(document, values)
    values["language"] = language or tools.language
    texts.tell_unread(mark)
    return Loaded(brief=_built(present(values), texts, tools), findings=texts.findings, limits=tools.limits)


def _built(data: Data, texts: Texts, tools: LoadTools) -> Brief:
    """The brief of its data; what the model refuses is a fault of the line that it stands on."""
    try:
        return from_dict({"format": FORMAT, **data}, limits=tools.limits)
    except PerspectivesError as error:
        raise type(error)([_placed(fault, texts.lines) for fault in error.faults]) from None


def _placed(fault: Fault, lines: dict[str, int]) -> Fault:
    """A fault with the line of the innermost thing that it is about."""
    path = fault.path
    while path not in lines and path not in ("$", ""):
        path = path[: max(path.rfind("."), path.rfind("["), 0)]
    return attrs.evolve(fault, line=lines.get(path))


def _language(root: Element) -> str | None:
    """The language that is declared for a brief, by its element or the nearest around it."""
    node: Node | None = root
    while node is not None:
        said = node.attr("lang") if isinstance(node, Element) else None
        if said is not None:
            return said.strip() or None
        node = node.host if isinstance(node, ShadowRoot) else node.parent
    return None


def _canonical(document: Node, values: Data) -> str | None:
    """The address that a page of ours names as its own, if it is not that of its only story."""
    address: str | None = None
    for _, element in elements(document):
        if element.tag == "link" and element.attr("rel") == "canonical":
            address = element.attr("href")
        elif element.tag == "body":
            own = [story.get("url") for story in values["stories"]] if not values.get("title") else []
            is_told = "page" in names_of(element) and not check_url(address) and own != [address]
            return address if is_told else None
    return None


class _BriefReader:
    """Reads one brief."""

    def __init__(self, texts: Texts, root: Mark) -> None:
        self.texts = texts
        self.values: Data = {}
        self.found: list[tuple[str, Mark]] = list(root.within(_TOLD))
        self.scales: Scales = Scales(texts, [mark for name, mark in self.found if name == "scheme"])

    def read(self) -> Data:
        readers: dict[str, Callable[[Mark], Any]] = {
            "title": self._title,
            "date": self.texts.date,
            "intro": self.texts.take,
            "call": self._call,
            "publisher": self._publisher,
        }
        for name, mark in self.found:
            if field := _ONCE.get(name):
                self.texts.at(f"$.{field}", mark)
                self.texts.once(self.values, field, mark, readers[name])
            elif name == "provenance":
                self.texts.at("$.provenance", mark)
                self.texts.once(self.values, name, mark, lambda mark: read_provenance(self.texts, mark))
        return self.values | {"schemes": self.scales.schemes, "stories": self._stories()}

    def _title(self, mark: Mark) -> str | None:
        title = self.texts.take(mark)
        self.values["url"] = self.texts.link(mark, title)
        return title

    def _stories(self) -> list[Data]:
        # Where stories name their sections, a heading alone says nothing of those below it.
        is_named = any(section_of(mark) for name, mark in self.found if name == "story")
        section: str | None = None
        stories: list[Data] = []
        for name, mark in self.found:
            if name == "section":
                section = self.texts.take(mark)
                if not is_named and section:
                    message = f"the stories below {section!r} are taken for those of this section"
                    self.texts.say("guessed-section", message, mark, "a <meta itemprop=articleSection> in each story")
            if name != "story":
                continue
            waiting = [mark]
            for story in waiting:  # a story that its page has not closed holds the next one
                reader = StoryReader(self.texts, self.scales, f"$.stories[{len(stories)}]")
                stories.append(reader.read(story, section_of(story) if is_named else section))
                waiting += reader.nested
        return stories

    def _call(self, mark: Mark) -> Data:
        texts = self.texts
        values: Data = {}
        for name, part in mark.within(("call-headline", "call-body", "assurance", "button")):
            if name == "call-headline":
                texts.once(values, "headline", part, texts.take)
            elif name == "call-body":
                texts.also(values, "body", texts.take(part))
            elif name == "assurance":
                texts.once(values, "assurance", part, texts.take)
            elif texts.once(values, "label", part, texts.take):
                values["href"] = texts.link(part, values["label"])
        return present(values)

    def _publisher(self, mark: Mark) -> Data:
        texts = self.texts
        values: Data = {}
        for name, part in mark.within(("name", "logo", "postal-address", "email")):
            if name == "logo":
                self.texts.at("$.publisher.logo", part)
                texts.once(values, "logo", part, lambda part: read_image(texts, part))
            elif texts.once(values, name.replace("-", "_"), part, texts.take) and name == "name":
                values["url"] = texts.link(part, values["name"])
            elif name == "email" and (faults := check_address(values["email"])):
                texts.leave_out(part, f"it is no e-mail address, {faults[0].expected}")
                del values["email"]
        return present(values)
