"""What a brief says that its Markdown does not show, or that the shown text could say otherwise.

Each comment stands below the text that it belongs to, so that it is moved or
deleted with it. Most texts need none.
"""

from collections.abc import Iterator, Sequence

from perspectives.attribution import Citation, Outlet, Quote
from perspectives.catalogue import COMMAS
from perspectives.dialect import (
    Data,
    Quotes,
    Words,
    call_roles,
    checksum,
    data,
    publisher_roles,
    read_kind,
    unsaid,
)
from perspectives.model import Brief, Image, PerspectiveGroup, Story
from perspectives.outline import Node, Numbering, numbered

Comments = dict[tuple[str, str], Data]
"""By the path and the role of the node below which each stands."""

_MOMENTS = ("date", "published", "updated")
_PARTS = frozenset(
    "facts context perspectives quotes timeline images questions blocks links sources about_outlets subjects"
    " corrections provenance schemes".split()
)


def comments(brief: Brief, words: Words, nodes: Sequence[Node]) -> Comments:
    """The comments of a brief; `of_brief` has what belongs to the brief itself."""
    found = _Comments(words, nodes)
    section = None
    for index, (story, numbering) in enumerate(numbered(brief)):
        path = f"$.stories[{index}]"
        # A section stands until the next one.
        found.add(f"{path}.headline", "headline", {"section": None} if section and story.section is None else {})
        section = story.section
        _StoryComments(story, numbering, path, found).add()
    if call := brief.call_to_action:
        roles = ["headline"] if call.headline else []
        roles += ["body"] * len(call.body) + (["assurance"] if call.assurance else [])
        roles += ["label"] if call.label and not call.href else []
        found.add("$.call_to_action", "", {"is": roles} if roles != call_roles(len(roles)) else {})
    if publisher := brief.publisher:
        roles = [name for name in ("postal_address", "email") if getattr(publisher, name)]
        natural = publisher_roles([getattr(publisher, name) for name in roles])
        found.add("$.publisher", "", {"is": roles} if roles != natural else {})
        if publisher.logo:
            found.add_image(publisher.logo, "$.publisher.logo")
    if brief.provenance:
        found.add_provenance(data(brief.provenance), "$")
    for index, scheme in enumerate(brief.schemes):
        text = found.texts[f"$.schemes[{index}]", "scheme"]
        hidden = unsaid(data(scheme), words.scheme(text), "RatingScheme", text)
        found.add(f"$.schemes[{index}]", "scheme", hidden)
    return found.comments


def of_brief(brief: Brief, words: Words, nodes: Sequence[Node]) -> Data:
    """What belongs to the brief itself and is not shown, or could be read otherwise."""
    own: Data = {name: data(value) for name in ("wording", "extra") if (value := getattr(brief, name))}
    if brief.provenance and not any(node.path == "$.provenance" for node in nodes):
        own["provenance"] = data(brief.provenance)
    texts = {node.role: node.text for node in nodes if node.path in ("$.date", "$.intro")}
    if list(texts) != words.masthead_roles(list(texts.values())):
        own["is"] = list(texts)
    if brief.date and texts.get("date", brief.date.isoformat()) != brief.date.isoformat():
        own |= {"date": brief.date.isoformat(), "of": checksum(texts["date"])}
    return own


class _Comments:
    """The printed texts by their places, and the comments so far."""

    def __init__(self, words: Words, nodes: Sequence[Node]) -> None:
        self.words = words
        self.texts = {(node.path, node.role): node.text for node in nodes}
        self.lines: dict[str, list[str]] = {}
        self.comments: Comments = {}
        for node in nodes:
            if not node.level:
                self.lines.setdefault(node.path, []).append(node.text)
            elif node.level > 1:
                self.add(node.path, node.role, self._heading(node))

    def add(self, path: str, role: str, said: Data) -> None:
        """Add to the comment of a place."""
        if said:
            self.comments[path, role] = self.comments.get((path, role), {}) | said

    def _heading(self, node: Node) -> Data:
        """Which heading it is, where its words say that it is none, or another one."""
        name = {"links": "go_deeper"}.get(node.role, node.role)
        return {} if self.words.heading(node.text) == (name if node.role in _PARTS else None) else {"heading": name}

    def add_image(self, image: Image, path: str) -> None:
        """Its size, and which text below it is what."""
        roles = [name for name in ("caption", "credit") if getattr(image, name)]
        natural = self.words.image_roles([self.texts[f"{path}.{name}", name] for name in roles])
        text = self.texts[path, "image"]
        own = {"alt": image.alt, "width": image.width, "height": image.height}
        self.add(path, "image", unsaid(own, self.words.image(text), "Image", text))
        self.add(path, "image", {"is": roles} if roles != natural else {})

    def add_provenance(self, made: Data, path: str) -> None:
        """How a text was made, where its lines do not tell it; without lines it stands elsewhere."""
        lines = self.lines.get(f"{path}.provenance", [])
        said = self.words.provenance(lines)
        said.pop("", None)
        if lines:
            self.add(f"{path}.provenance", "provenance", unsaid(made, said, "Provenance", "\n".join(lines)))


class _StoryComments:
    """The comments within one story."""

    def __init__(self, story: Story, numbering: Numbering, path: str, found: _Comments) -> None:
        self.story = story
        self.numbering = numbering
        self.path = path
        self.found = found
        self.words = found.words
        self.cited = dict(self._cited())
        self.entries: dict[Outlet, int] = {}
        self.first_entries: dict[str, int] = {}

    def add(self) -> None:
        """All of them."""
        story = self.story
        self._about()
        self._add("headline", "headline", self._head())
        for index, fact in enumerate(story.facts):
            text = self._text(f"facts[{index}]", "fact")
            before = len(text) - len(fact.text) - (len(fact.title) + 2 if fact.title else 0)
            strong = [(before, before + len(fact.title) + 1)] if fact.title else []
            self._element(f"facts[{index}]", "fact", data(fact), self.words.fact(text, strong), "Fact")
        for index, paragraph in enumerate(story.context.paragraphs if story.context else ()):
            place = f"context.paragraphs[{index}].text"
            self._element(place, paragraph.kind or "context", data(paragraph), {"text": paragraph.text}, "")
        for index, group in enumerate(story.perspectives):
            self._group(group, f"perspectives[{index}]")
        self._quotes(story.quotes, "quotes")
        for index, event in enumerate(story.timeline):
            place = f"timeline[{index}]"
            said = self.words.event(self._text(place, "event"))
            self._element(place, "event", data(event), said, "TimelineEvent")
        for index, image in enumerate(story.images):
            self.found.add_image(image, f"{self.path}.images[{index}]")
        for index in range(len(story.questions)):
            self._add(f"questions[{index}].question", "question", self.cited.get(f"questions[{index}]", {}))
        for index, block in enumerate(story.blocks):
            text = self._text(f"blocks[{index}]", "block")
            own = {"kind": block.kind, "label": block.label}
            said = {"kind": read_kind(text), "label": text}
            self._add(f"blocks[{index}]", "block", unsaid(own, said, "Block", text))
        for index, link in enumerate(story.links):
            self._add(f"links[{index}]", "link", {"rel": link.rel} if link.rel != "go-deeper" else {})
        self._sources()
        for index, correction in enumerate(story.corrections):
            said = self.words.correction(self._text(f"corrections[{index}]", "correction"))
            self._element(f"corrections[{index}]", "correction", data(correction), said, "Correction")
        if story.provenance:
            self.found.add_provenance(data(story.provenance), self.path)

    def _add(self, place: str, role: str, said: Data) -> None:
        self.found.add(f"{self.path}.{place}", role, said)

    def _text(self, place: str, role: str) -> str:
        return self.found.texts[f"{self.path}.{place}", role]

    def _element(self, place: str, role: str, own: Data, said: Data, kind: str) -> None:
        """What one text with its citations does not say."""
        own.pop("citations", None)
        self._add(place, role, unsaid(own, said, kind, self._text(place, role)))
        self._add(place, role, self.cited.get(place.removesuffix(".text"), {}))

    def _head(self) -> Data:
        """What belongs to the story, and which text below its headline is what."""
        story = self.story
        names = [name for name in ("id", "language", "translation_of", "extra") if getattr(story, name)]
        own: Data = {name: getattr(story, name) for name in names}
        if story.provenance and not self.found.lines.get(f"{self.path}.provenance"):
            own["provenance"] = data(story.provenance)
        ids = [source.id for source in story.sources]
        if ids != [source.id for _, source in self.numbering.notes if source]:
            own["sources"] = ids
        roles = [name for name in ("place", *_MOMENTS, "summary") if getattr(story, name)]
        texts = {name: self._text(name, name) for name in roles}
        if roles != self.words.head_roles(list(texts.values())):
            own["is"] = roles
        moments = {name: data(getattr(story, name)) for name in _MOMENTS if name in texts}
        said = {name: self.words.head_value(name, texts[name]) for name in moments}
        return own | unsaid(moments, said, "Story", "\n".join(texts[name] for name in moments))

    def _group(self, group: PerspectiveGroup, place: str) -> None:
        own = {
            name: data(getattr(group, name))
            for name in ("kind", "extra")
            if getattr(group, name) not in ("outlets", {})
        }
        roles = [name for name in ("outlets", "framing", "critique", "position") if getattr(group, name)]
        texts = [self._text(f"{place}.{name}", name) for name in roles]
        if roles != self.words.group_roles(texts):
            own["is"] = roles
        names = [outlet.name for outlet in group.outlets]
        listed = f"{self.words.wording.comma} ".join(names)
        if (self.words.lead(texts[0]) if names else ("", False)) != (listed, group.exhaustive):
            own["exhaustive"] = group.exhaustive
        # Only what separates names in a shipped language is told from what belongs to one.
        if self.words.wording.comma not in set(COMMAS) and self.words.parted(listed) != names:
            own |= {"names": names, "of": checksum(listed)}
        if about := [hidden for outlet in group.outlets if len(hidden := self._outlet(outlet)) > 1]:
            own["outlets"] = about
        self._add(f"{place}.label", "group", own)
        self._add(f"{place}.framing", "framing", self.cited.get(place, {}))
        if group.position:
            text = self._text(f"{place}.position", "position")
            said = self.words.position(text)
            self._add(f"{place}.position", "position", unsaid(data(group.position), said, "Position", text))
        self._quotes(group.quotes, f"{place}.quotes")

    def _outlet(self, outlet: Outlet) -> Data:
        """What is not shown of an outlet, and which entry under "About the outlets" is its own."""
        names = ("id", "aliases", "domains", "languages", "extra")
        own = {name: data(getattr(outlet, name)) for name in names if getattr(outlet, name)}
        entry = self.entries.get(outlet, 0)
        about = {"about": entry} if entry != self.first_entries.get(outlet.name, 0) else {}
        return {"name": outlet.name} | own | about

    def _about(self) -> None:
        """What the entries under "About the outlets" do not say, and their numbers."""
        for index, group in enumerate(self.story.perspectives):
            for at, outlet in enumerate(group.outlets):
                place = f"perspectives[{index}].outlets[{at}]"
                if outlet in self.entries or (f"{self.path}.{place}.name", "outlet") not in self.found.texts:
                    continue
                self.entries[outlet] = len(self.entries) + 1
                self.first_entries.setdefault(outlet.name, self.entries[outlet])
                roles = [name for name in ("country", "owner") if getattr(outlet, name)]
                natural = self.words.outlet_roles([self._text(f"{place}.{name}", name) for name in roles])
                self._add(f"{place}.name", "outlet", {"is": roles} if roles != natural else {})
                for number, rating in enumerate(outlet.ratings):
                    text = self._text(f"{place}.ratings[{number}]", "rating")
                    own = data(rating)
                    own.pop("url", None)
                    hidden = unsaid(own, self.words.rating(text), "Rating", text)
                    self._add(f"{place}.ratings[{number}]", "rating", hidden)

    def _quotes(self, quotes: Sequence[Quote], place: str) -> None:
        for index, quote in enumerate(quotes):
            role = "quote" if quote.verbatim else "paraphrase"
            said = self.words.quote(self._text(f"{place}[{index}]", role), bool(quote.citations))
            self._element(f"{place}[{index}]", role, data(quote), said, "Quote")

    def _sources(self) -> None:
        numbers = {source.id: number for number, source in self.numbering.notes if source}
        for index, source in enumerate(self.story.sources):
            place = f"sources[{index}]"
            text = self._text(place, "source")
            own = data(source)
            own.pop("url", None)
            own.pop("archived_url", None)
            hidden = unsaid(own, {"id": str(numbers[source.id]), "title": text}, "Source", text)
            is_common = self.words.is_common_knowledge(text) and not source.url
            self._add(place, "source", hidden | ({"common": False} if is_common else {}))

    def _cited(self) -> Iterator[tuple[str, Data]]:
        """Which words below which note bear a text, where they are not the next ones of the notes that it cites."""
        numbers = {source.id if source else None: number for number, source in self.numbering.notes}
        places: dict[str, list[Citation]] = {}
        for path, citation in self.story.citations():
            places.setdefault(path.rpartition(".citations[")[0], []).append(citation)
        counts: dict[int, int] = {}
        actual: dict[str, list[list[int]]] = {}
        for place, citations in places.items():
            for citation in citations:
                number = numbers[citation.source]
                at = counts[number] = counts.get(number, 0) + bool(citation.quote)
                actual.setdefault(place, []).append([number, at] if citation.quote else [number])
        told = set[str]()
        # What is told of one text changes what is next for those behind it; few briefs need a second look.
        for _ in range(3):
            wrong = {place for place, pairs in _natural(actual, told, counts).items() if pairs != actual[place]}
            if not wrong - told:
                break
            told |= wrong
        else:
            told = set(actual)
        return ((place, {"citations": actual[place]}) for place in actual if place in told)


def _natural(actual: dict[str, list[list[int]]], told: set[str], counts: dict[int, int]) -> dict[str, list[list[int]]]:
    """How the citations of each text of which nothing is told are read."""
    quotes = Quotes({str(number): count for number, count in counts.items()})
    for number, *at in (pair for place in told for pair in actual[place]):
        quotes.claim(str(number), at[0] if at else 0)
    read = {}
    for place, pairs in actual.items():
        if place not in told:
            read[place] = [[number, *quotes.next(str(number))] for number in dict.fromkeys(pair[0] for pair in pairs)]
    return read
