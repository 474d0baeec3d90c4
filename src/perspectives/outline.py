"""A brief as a flat stream of labelled texts in reading order.

What a simple renderer walks: one loop over `outline(brief, wording)` prints
everything that the model can say. The kinds are a closed set, so a field that
the model gains later arrives as a kind that every renderer already knows.
"""

from collections.abc import Iterable, Iterator, Sequence
from itertools import chain, groupby
from typing import Literal

from attrs import evolve, frozen

from perspectives.attribution import Citation, Outlet, Provenance, Quote, Source
from perspectives.dates import DateStyle
from perspectives.model import Brief, CallToAction, Image, PerspectiveGroup, Publisher, Story
from perspectives.phrases import Phrase, Phrases
from perspectives.wording import Wording

UNPRINTED = frozenset(
    "aliases domains extra height id kind language languages rel translation_of width wording"
    " Brief.url TimelineEvent.date".split()
)
"""The fields of the model that are for programs: no format made for readers prints them. (A brief's URL is the
link of its title, and without one nowhere.)"""

NodeKind = Literal["heading", "paragraph", "item", "quote", "outlets", "link", "image", "note"]


@frozen(kw_only=True)
class Node:
    """One text of a brief, as it is to be read.

    `level` is 1 for the title and sections, 2 for headlines, 3 for parts, 4
    for groups and what else stands within a part, 0 for all that is no
    heading. `number` counts facts (`item`) from 1 in each story and sources
    (`note`) from 1 in the brief; other items and notes have none. `refs` are
    the numbers of the notes that this text cites. `role` says which field it
    is (`framing`, `critique`), `path` where in the brief; `items` are the
    single names of an `outlets` node.
    """

    kind: NodeKind
    text: str
    role: str
    path: str
    level: int = 0
    number: int | None = None
    href: str | None = None
    refs: tuple[int, ...] = ()
    items: tuple[str, ...] = ()
    pieces: tuple[str, ...] = ()
    """The text in words and values by turns, words first, where it is made of them, as `Vote: ` and `9 to 8`."""

    @property
    def marks(self) -> str:
        """The references as printed behind the text: `[1][3]`, or nothing."""
        return "".join(f"[{number}]" for number in self.refs)


def outline(brief: Brief, wording: Wording, dates: DateStyle = "iso") -> Iterator[Node]:
    """The whole brief in reading order, labelled with the words given."""
    phrases = Phrases.of(brief, wording, dates)
    if brief.title:
        yield Node(kind="heading", level=1, text=brief.title, href=brief.url, role="title", path="$.title")
    if brief.date:
        yield Node(kind="paragraph", text=phrases.date(brief.date), role="date", path="$.date")
    if brief.intro:
        yield Node(kind="paragraph", text=brief.intro, role="intro", path="$.intro")
    section = None
    for index, (story, numbering) in enumerate(numbered(brief)):
        path = f"$.stories[{index}]"
        if story.section and story.section != section:
            yield Node(kind="heading", level=1, text=story.section, role="section", path=f"{path}.section")
        section = story.section
        yield from StoryOutline(story, numbering, phrases, path).nodes()
    if brief.call_to_action:
        yield from _call_to_action(brief.call_to_action)
    if brief.publisher:
        yield from _publisher(brief.publisher, phrases)
    yield from colophon(brief, phrases)


class Numbering:
    """The numbers of a story's notes: sources in the order of their first use, then those not cited.

    `after` is the last number that earlier stories used.
    """

    def __init__(self, story: Story, after: int = 0) -> None:
        sources = {source.id: source for source in story.sources}
        self.quotes: dict[str | None, list[tuple[str, str]]] = {}
        used: dict[str | None, None] = {}
        for path, citation in story.citations():
            used[citation.source] = None
            if citation.quote:
                self.quotes.setdefault(citation.source, []).append((path, citation.quote))
        order = [*used, *(id for id in sources if id not in used)]
        self._numbers = {id: after + position for position, id in enumerate(order, 1)}
        self.notes: list[tuple[int, Source | None]] = [
            (number, sources[id] if id is not None else None) for id, number in self._numbers.items()
        ]
        """Number and source in printed order; None stands for common knowledge."""

    def refs(self, citations: Sequence[Citation]) -> tuple[int, ...]:
        """The numbers that a text with these citations is marked with, each once."""
        return tuple(dict.fromkeys(self._numbers[citation.source] for citation in citations))


def numbered(brief: Brief) -> Iterator[tuple[Story, Numbering]]:
    """Each story with the numbers of its notes, which run through the brief."""
    after = 0
    for story in brief.stories:
        numbering = Numbering(story, after)
        after += len(numbering.notes)
        yield story, numbering


@frozen
class StoryOutline:
    """The nodes of one story: all of them in order, or single parts for a renderer that lays out the rest itself."""

    story: Story
    numbering: Numbering
    phrases: Phrases
    path: str = "$"

    def nodes(self) -> Iterator[Node]:
        """The whole story."""
        story, path, words = self.story, self.path, self.phrases.wording
        yield Node(
            kind="heading", level=2, text=story.headline, href=story.url, role="headline", path=f"{path}.headline"
        )
        for role, phrase in self.phrases.dateline(story):
            yield _said("paragraph", phrase, role, f"{path}.{role}")
        if story.summary:
            yield Node(kind="paragraph", text=story.summary, role="summary", path=f"{path}.summary")
        yield from self._part("facts", words.facts, self._facts())
        yield from self._part("context", words.context, self._context())
        yield from self._part("perspectives", words.perspectives, self._perspectives())
        yield from self._part("quotes", words.quotes, self.quotes(story.quotes, path))
        yield from self._part("timeline", words.timeline, self._timeline())
        yield from self._part("images", words.images, self._images())
        yield from self.details()
        yield from self._part("links", words.go_deeper, self._links())
        yield from self._part("sources", words.sources, self._notes())
        yield from self.background()

    def details(self) -> Iterator[Node]:
        """What stands before the links and only some stories have: questions and blocks."""
        yield from self._part("questions", self.phrases.wording.questions, self._questions())
        yield from self._part("blocks", self.phrases.wording.blocks, self._blocks())

    def background(self) -> Iterator[Node]:
        """What stands behind the sources: the outlets, subjects, corrections, and how the story was made."""
        words = self.phrases.wording
        yield from self._part("about_outlets", words.about_outlets, self._outlets())
        yield from self._part("subjects", words.subjects, self._subjects())
        yield from self._part("corrections", words.corrections, self._corrections())
        if self.story.provenance:
            yield from self._part("provenance", words.provenance, _made(self.story.provenance, self.path, self.phrases))

    @property
    def discloses(self) -> bool:
        """Whether a critique was written by software and checked by nobody, which readers must know."""
        return self.phrases.is_unreviewed(self.story) and any(group.critique for group in self.story.perspectives)

    def quotes(self, said: Sequence[Quote], path: str = "$") -> Iterator[Node]:
        """What was said: the very words (role `quote`), or their sense (`paraphrase`)."""
        for index, quote in enumerate(said):
            yield Node(
                kind="quote",
                text=self.phrases.quote(quote),
                role="quote" if quote.verbatim else "paraphrase",
                path=f"{path}.quotes[{index}]",
                refs=self.numbering.refs(quote.citations),
            )

    def _part(self, role: str, words: str, nodes: Iterable[Node]) -> Iterator[Node]:
        """The nodes under their heading, which stands only where there are any."""
        found = iter(nodes)
        if first := next(found, None):
            name = "perspectives" if role == "about_outlets" else role
            yield Node(kind="heading", level=3, text=words, role=role, path=f"{self.path}.{name}")
            yield from chain([first], found)

    def _facts(self) -> Iterator[Node]:
        for index, fact in enumerate(self.story.facts):
            lead = "".join(f"{label}: " for label in (self.phrases.status(fact), fact.title) if label)
            yield Node(
                kind="item",
                text=lead + fact.text,
                number=index + 1,
                role="fact",
                path=f"{self.path}.facts[{index}]",
                refs=self.numbering.refs(fact.citations),
            )

    def _context(self) -> Iterator[Node]:
        for index, paragraph in enumerate(self.story.context.paragraphs if self.story.context else ()):
            yield Node(
                kind="paragraph",
                text=paragraph.text,
                role=paragraph.kind or "context",
                path=f"{self.path}.context.paragraphs[{index}].text",
                refs=self.numbering.refs(paragraph.citations),
            )

    def _perspectives(self) -> Iterator[Node]:
        path = f"{self.path}.perspectives"
        if self.discloses:
            yield Node(kind="note", text=self.phrases.wording.unreviewed, role="disclosure", path=path)
        for index, group in enumerate(self.story.perspectives):
            yield from self._group(group, f"{path}[{index}]")

    def _group(self, group: PerspectiveGroup, path: str) -> Iterator[Node]:
        phrases = self.phrases
        yield Node(kind="heading", level=4, text=group.label, role="group", path=f"{path}.label")
        if group.outlets:
            names = tuple(outlet.name for outlet in group.outlets)
            text = f"{phrases.lead(group)} {f'{phrases.wording.comma} '.join(names)}"
            yield Node(kind="outlets", text=text, items=names, role="outlets", path=f"{path}.outlets")
        refs = self.numbering.refs(group.citations)
        yield Node(kind="paragraph", text=group.framing, role="framing", path=f"{path}.framing", refs=refs)
        if group.critique:
            yield Node(kind="paragraph", text=group.critique, role="critique", path=f"{path}.critique")
        if group.position:
            yield _said("note", phrases.position(group.position), "position", f"{path}.position")
        yield from self.quotes(group.quotes, path)

    def _timeline(self) -> Iterator[Node]:
        for index, event in enumerate(self.story.timeline):
            refs = self.numbering.refs(event.citations)
            path = f"{self.path}.timeline[{index}]"
            yield Node(kind="item", text=self.phrases.event(event), role="event", path=path, refs=refs)

    def _images(self) -> Iterator[Node]:
        for index, image in enumerate(self.story.images):
            yield from _image(image, f"{self.path}.images[{index}]", self.phrases)

    def _questions(self) -> Iterator[Node]:
        for index, question in enumerate(self.story.questions):
            path = f"{self.path}.questions[{index}]"
            nodes = [Node(kind="heading", level=4, text=question.question, role="question", path=f"{path}.question")]
            nodes += [
                Node(kind="paragraph", text=text, role="answer", path=f"{path}.answer[{number}]")
                for number, text in enumerate(question.answer)
            ]
            # The marks stand behind the last words that they bear.
            yield from nodes[:-1]
            yield evolve(nodes[-1], refs=self.numbering.refs(question.citations))

    def _blocks(self) -> Iterator[Node]:
        for index, block in enumerate(self.story.blocks):
            path = f"{self.path}.blocks[{index}]"
            # Without a heading its items would look like those of the block before.
            label = block.label or block.kind.replace("-", " ")
            yield Node(kind="heading", level=4, text=label, role="block", path=path)
            for number, text in enumerate(block.items):
                yield Node(kind="item", text=text, role="block", path=f"{path}.items[{number}]")

    def _links(self) -> Iterator[Node]:
        for index, link in enumerate(self.story.links):
            yield Node(kind="link", text=link.label, href=link.href, role="link", path=f"{self.path}.links[{index}]")

    def _notes(self) -> Iterator[Node]:
        places = {source.id: f"{self.path}.sources[{index}]" for index, source in enumerate(self.story.sources)}
        for number, source in self.numbering.notes:
            path = places[source.id] if source else f"{self.path}.sources"
            note = _said("note", self.phrases.whole_source(source), "source", path)
            yield evolve(note, number=number, href=source.url if source else None)
            if source and source.archived_url:
                words = self.phrases.wording.archived
                where = f"{path}.archived_url"
                yield Node(kind="link", text=words, href=source.archived_url, role="archived", path=where)
            for below, quote in self.numbering.quotes.get(source.id if source else None, ()):
                where = f"{self.path}.{below}.quote"
                yield Node(kind="quote", text=quote, role="citation", path=where, refs=(number,))

    def outlets(self) -> Iterator[tuple[str, Outlet]]:
        """The outlets of which more than a name is known, each where it is first named with it."""
        told: set[Outlet] = set()
        for index, group in enumerate(self.story.perspectives):
            for at, outlet in enumerate(group.outlets):
                if outlet not in told and (outlet.country or outlet.owner or outlet.ratings):
                    told.add(outlet)
                    yield f"{self.path}.perspectives[{index}].outlets[{at}]", outlet

    def _outlets(self) -> Iterator[Node]:
        for path, outlet in self.outlets():
            yield from _outlet(outlet, path, self.phrases)

    def _subjects(self) -> Iterator[Node]:
        for index, subject in enumerate(self.story.subjects):
            path = f"{self.path}.subjects[{index}]"
            yield Node(kind="link", text=subject.name, href=subject.uri, role="subject", path=path)

    def _corrections(self) -> Iterator[Node]:
        for index, correction in enumerate(self.story.corrections):
            path = f"{self.path}.corrections[{index}]"
            yield _said("paragraph", self.phrases.correction(correction), "correction", path)


def _said(kind: NodeKind, phrase: Phrase, role: str, path: str) -> Node:
    return Node(kind=kind, text="".join(phrase), pieces=phrase, role=role, path=path)


def _image(image: Image, path: str, phrases: Phrases) -> Iterator[Node]:
    yield Node(kind="image", text=phrases.image(image), href=image.url, role="image", path=path)
    if image.caption:
        yield Node(kind="paragraph", text=image.caption, role="caption", path=f"{path}.caption")
    if image.credit:
        yield _said("paragraph", phrases.credit(image.credit), "credit", f"{path}.credit")


def _outlet(outlet: Outlet, path: str, phrases: Phrases) -> Iterator[Node]:
    yield Node(kind="heading", level=4, text=outlet.name, href=outlet.homepage, role="outlet", path=f"{path}.name")
    for role, phrase in phrases.outlet(outlet):
        yield _said("paragraph", phrase, role, f"{path}.{role}")
    for index, rating in enumerate(outlet.ratings):
        where = f"{path}.ratings[{index}]"
        yield evolve(_said("link", phrases.rating(rating), "rating", where), href=rating.url)


def _made(provenance: Provenance, path: str, phrases: Phrases) -> Iterator[Node]:
    for role, phrase in phrases.made(provenance):
        yield _said("note", phrase, role, f"{path}.provenance")


def _call_to_action(call: CallToAction) -> Iterator[Node]:
    texts = [("headline", call.headline)]
    texts += [(f"body[{index}]", text) for index, text in enumerate(call.body)]
    texts += [("assurance", call.assurance)]
    for name, text in texts:
        if text:
            yield Node(kind="paragraph", text=text, role="call-to-action", path=f"$.call_to_action.{name}")
    if call.label:
        yield Node(kind="link", text=call.label, href=call.href, role="call-to-action", path="$.call_to_action.label")


def _publisher(publisher: Publisher, phrases: Phrases) -> Iterator[Node]:
    yield Node(kind="link", text=publisher.name, href=publisher.url, role="publisher", path="$.publisher.name")
    for name in ("postal_address", "email"):
        if text := getattr(publisher, name):
            yield Node(kind="paragraph", text=text, role="publisher", path=f"$.publisher.{name}")
    if publisher.logo:
        yield from _image(publisher.logo, "$.publisher.logo", phrases)


def colophon(brief: Brief, phrases: Phrases) -> Iterator[Node]:
    """What stands at the very end: how the brief was made, and the scales of its ratings."""
    wording = phrases.wording
    if brief.provenance and (made := list(_made(brief.provenance, "$", phrases))):
        yield Node(kind="heading", level=2, text=wording.provenance, role="provenance", path="$.provenance")
        yield from made
    if brief.schemes:
        yield Node(kind="heading", level=2, text=wording.schemes, role="schemes", path="$.schemes")
    for index, scheme in enumerate(brief.schemes):
        yield _said("note", phrases.scheme(scheme), "scheme", f"$.schemes[{index}]")


def runs(nodes: Iterable[Node]) -> list[tuple[str, list[Node]]]:
    """Nodes in a row that are of one kind together: what a template prints as one list."""
    return [(kind, list(run)) for kind, run in groupby(nodes, key=lambda node: node.kind)]
