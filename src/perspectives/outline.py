"""A brief as a flat stream of labelled texts in reading order.

What a simple renderer walks: one loop over `outline(brief, wording)` prints
everything that the model can say. The kinds are a closed set, so a field that
the model gains later arrives as a kind that every renderer already knows.
"""

from collections.abc import Iterator, Sequence
from typing import Literal

from attrs import frozen

from perspectives.attribution import Citation, Source
from perspectives.model import Brief, CallToAction, PerspectiveGroup, Publisher, Story, Wording

UNPRINTED = frozenset(
    "accessed aliases country domains extra id kind language languages owner paywalled translation_of wording".split()
)
"""The fields of the model that are for programs: no format made for readers prints them."""

NodeKind = Literal["heading", "paragraph", "item", "quote", "outlets", "link", "image", "note"]


@frozen(kw_only=True)
class Node:
    """One text of a brief, as it is to be read.

    `level` is 1 for the title and sections, 2 for headlines, 3 for parts, 4
    for groups, 0 for all that is no heading. `number` counts facts (`item`)
    from 1 in each story and sources (`note`) from 1 in the brief; `refs` are
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

    @property
    def marks(self) -> str:
        """The references as printed behind the text: `[1][3]`, or nothing."""
        return "".join(f"[{number}]" for number in self.refs)


def outline(brief: Brief, wording: Wording) -> Iterator[Node]:
    """The whole brief in reading order, labelled with the words given."""
    if brief.title:
        yield Node(kind="heading", level=1, text=brief.title, href=brief.url, role="title", path="$.title")
    if brief.date:
        yield Node(kind="paragraph", text=brief.date.isoformat(), role="date", path="$.date")
    if brief.intro:
        yield Node(kind="paragraph", text=brief.intro, role="intro", path="$.intro")
    section = None
    for index, (story, numbering) in enumerate(numbered(brief)):
        path = f"$.stories[{index}]"
        if story.section and story.section != section:
            yield Node(kind="heading", level=1, text=story.section, role="section", path=f"{path}.section")
        section = story.section
        yield from _story(story, path, wording, numbering)
    if brief.call_to_action:
        yield from _call_to_action(brief.call_to_action)
    if brief.publisher:
        yield from _publisher(brief.publisher)


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


def _story(story: Story, path: str, wording: Wording, numbering: Numbering) -> Iterator[Node]:
    yield Node(kind="heading", level=2, text=story.headline, href=story.url, role="headline", path=f"{path}.headline")
    for role, text in dateline(story, wording):
        yield Node(kind="paragraph", text=text, role=role, path=f"{path}.{role}")
    if story.summary:
        yield Node(kind="paragraph", text=story.summary, role="summary", path=f"{path}.summary")
    yield from _facts(story, path, wording, numbering)
    if story.context:
        yield Node(kind="heading", level=3, text=wording.context, role="context", path=f"{path}.context")
        for index, paragraph in enumerate(story.context.paragraphs):
            yield Node(
                kind="paragraph",
                text=paragraph.text,
                role=paragraph.kind or "context",
                path=f"{path}.context.paragraphs[{index}].text",
                refs=numbering.refs(paragraph.citations),
            )
    if story.perspectives:
        where = f"{path}.perspectives"
        yield Node(kind="heading", level=3, text=wording.perspectives, role="perspectives", path=where)
        for index, group in enumerate(story.perspectives):
            yield from _group(group, f"{where}[{index}]", wording, numbering)
    if story.links:
        yield Node(kind="heading", level=3, text=wording.go_deeper, role="links", path=f"{path}.links")
        for index, link in enumerate(story.links):
            yield Node(kind="link", text=link.label, href=link.href, role=link.rel, path=f"{path}.links[{index}]")
    if numbering.notes:
        yield Node(kind="heading", level=3, text=wording.sources, role="sources", path=f"{path}.sources")
        yield from _notes(story, path, wording, numbering)


def dateline(story: Story, wording: Wording) -> Iterator[tuple[str, str]]:
    """What is known of where and when, as (field, printed text)."""
    if story.place:
        yield "place", f"{wording.place}: {story.place}"
    if story.date:
        yield "date", story.date.isoformat()
    if story.published:
        yield "published", f"{wording.published}: {story.published.isoformat()}"
    if story.updated:
        yield "updated", f"{wording.updated}: {story.updated.isoformat()}"


def _facts(story: Story, path: str, wording: Wording, numbering: Numbering) -> Iterator[Node]:
    if story.facts:
        yield Node(kind="heading", level=3, text=wording.facts, role="facts", path=f"{path}.facts")
    for index, fact in enumerate(story.facts):
        lead = "".join(f"{label}: " for label in (status_label(fact.status, wording), fact.title) if label)
        yield Node(
            kind="item",
            text=lead + fact.text,
            number=index + 1,
            role="fact",
            path=f"{path}.facts[{index}]",
            refs=numbering.refs(fact.citations),
        )


def status_label(status: str, wording: Wording) -> str:
    """The word before a fact of this status; none for `reported`."""
    labels = {"confirmed": wording.confirmed, "disputed": wording.disputed, "retracted": wording.retracted}
    return labels.get(status, "")


def _group(group: PerspectiveGroup, path: str, wording: Wording, numbering: Numbering) -> Iterator[Node]:
    yield Node(kind="heading", level=4, text=group.label, role="group", path=f"{path}.label")
    if group.outlets:
        names = tuple(outlet.name for outlet in group.outlets)
        text = f"{outlets_lead(group, wording)} {f'{wording.comma} '.join(names)}"
        yield Node(kind="outlets", text=text, items=names, role="outlets", path=f"{path}.outlets")
    yield Node(
        kind="paragraph",
        text=group.framing,
        role="framing",
        path=f"{path}.framing",
        refs=numbering.refs(group.citations),
    )
    if group.critique:
        yield Node(kind="paragraph", text=group.critique, role="critique", path=f"{path}.critique")


def outlets_lead(group: PerspectiveGroup, wording: Wording) -> str:
    """The words before a group's outlets: some of many, or all."""
    return wording.outlets if group.exhaustive else wording.for_example


def _notes(story: Story, path: str, wording: Wording, numbering: Numbering) -> Iterator[Node]:
    places = {source.id: f"{path}.sources[{index}]" for index, source in enumerate(story.sources)}
    for number, source in numbering.notes:
        where = places[source.id] if source else f"{path}.sources"
        yield Node(
            kind="note",
            text=f"{wording.comma} ".join(source_words(source, wording)),
            number=number,
            href=source.url if source else None,
            role="source",
            path=where,
        )
        if source and source.archived_url:
            yield Node(
                kind="link",
                text=wording.archived,
                href=source.archived_url,
                role="archived",
                path=f"{where}.archived_url",
            )
        for below, quote in numbering.quotes.get(source.id if source else None, ()):
            yield Node(kind="quote", text=quote, role="citation", path=f"{path}.{below}.quote", refs=(number,))


def source_words(source: Source | None, wording: Wording) -> Sequence[str]:
    """What a source is known by: title, author, outlet and day; its id where it has none of them."""
    if source is None:
        return [wording.common_knowledge]
    day = source.published.date().isoformat() if source.published else None
    return [word for word in (source.title, source.author, source.outlet, day) if word] or [source.id]


def _call_to_action(call: CallToAction) -> Iterator[Node]:
    texts = [("headline", call.headline)]
    texts += [(f"body[{index}]", text) for index, text in enumerate(call.body)]
    texts += [("assurance", call.assurance)]
    for name, text in texts:
        if text:
            yield Node(kind="paragraph", text=text, role="call-to-action", path=f"$.call_to_action.{name}")
    if call.label:
        yield Node(kind="link", text=call.label, href=call.href, role="call-to-action", path="$.call_to_action.label")


def _publisher(publisher: Publisher) -> Iterator[Node]:
    yield Node(kind="link", text=publisher.name, href=publisher.url, role="publisher", path="$.publisher.name")
    for name in ("postal_address", "email"):
        if text := getattr(publisher, name):
            yield Node(kind="paragraph", text=text, role="publisher", path=f"$.publisher.{name}")
