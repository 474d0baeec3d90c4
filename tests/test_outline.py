"""The outline: every text of a brief in reading order, with its number, its references and its place."""

import datetime as dt
import re

import attrs
import pytest

from perspectives.attribution import Citation, Generator, Outlet, Provenance, Source
from perspectives.catalogue import wording_of
from perspectives.model import Brief, CallToAction, Context, Fact, Link, Paragraph, PerspectiveGroup, Publisher, Story
from perspectives.outline import Node, outline
from perspectives.testing import samples
from perspectives.wording import Wording

DAY = dt.date(2026, 1, 2)
NOON = dt.datetime(2026, 1, 2, 12, tzinfo=dt.UTC)
BRIDGE = Story(
    headline="Bridge",
    section="City",
    summary="It closes.",
    place="Ellery",
    date=DAY,
    published=NOON,
    updated=NOON,
    facts=[
        Fact(
            title="Vote",
            text="9 to 8.",
            status="disputed",
            citations=[Citation(source="minutes", quote="Ayes 9."), Citation(source="minutes", quote="Noes 8.")],
        ),
        Fact(text="It is old.", citations=[Citation(kind="common-knowledge")]),
    ],
    context=Context(
        paragraphs=["Ships came.", Paragraph(text="Cars came.", kind="background", citations=[Citation(source="book")])]
    ),
    perspectives=[
        PerspectiveGroup(
            label="Press",
            framing="A loss.",
            critique="For whom?",
            outlets=[Outlet(name="Ledger"), Outlet(name="Quay")],
            citations=[Citation(source="book"), Citation(source="minutes"), Citation(source="book")],
        ),
        PerspectiveGroup(label="All", framing="A gain.", outlets=[Outlet(name="Post")], exhaustive=True),
    ],
    links=[Link(label="Minutes", rel="go-deeper"), Link(label="Maps")],
    sources=[
        Source(id="unused"),
        Source(id="book", title="Book", author="A. Clerk", outlet="Press", published=NOON),
        Source(id="minutes", title="Minutes", archived_url="https://a.example/old"),
    ],
)
LIBRARY = Story(
    headline="Library",
    section="City",
    facts=[Fact(text="It lends.", citations=[Citation(source="minutes")])],
    sources=[Source(id="minutes", title="Rules")],
)
BRIEF = Brief(
    title="Brief",
    intro="Two stories.",
    date=DAY,
    stories=[BRIDGE, LIBRARY],
    call_to_action=CallToAction(headline="Join.", body=["Free."], assurance="No spam.", label="Sign up"),
    publisher=Publisher(name="Desk", postal_address="1 Quay Street", email="desk@a.example"),
)
ONE, TWO = "$.stories[0]", "$.stories[1]"
TABLE = [
    # kind, level, role, path, number, refs, text
    ("heading", 1, "title", "$.title", None, (), "Brief"),
    ("paragraph", 0, "date", "$.date", None, (), "2026-01-02"),
    ("paragraph", 0, "intro", "$.intro", None, (), "Two stories."),
    ("heading", 1, "section", f"{ONE}.section", None, (), "City"),
    ("heading", 2, "headline", f"{ONE}.headline", None, (), "Bridge"),
    ("paragraph", 0, "place", f"{ONE}.place", None, (), "Place: Ellery"),
    ("paragraph", 0, "date", f"{ONE}.date", None, (), "2026-01-02"),
    ("paragraph", 0, "published", f"{ONE}.published", None, (), "Published: 2026-01-02T12:00:00+00:00"),
    ("paragraph", 0, "updated", f"{ONE}.updated", None, (), "Updated: 2026-01-02T12:00:00+00:00"),
    ("paragraph", 0, "summary", f"{ONE}.summary", None, (), "It closes."),
    ("heading", 3, "facts", f"{ONE}.facts", None, (), "Focusing Facts"),
    ("item", 0, "fact", f"{ONE}.facts[0]", 1, (1,), "Disputed: Vote: 9 to 8."),
    ("item", 0, "fact", f"{ONE}.facts[1]", 2, (2,), "It is old."),
    ("heading", 3, "context", f"{ONE}.context", None, (), "Context"),
    ("paragraph", 0, "context", f"{ONE}.context.paragraphs[0].text", None, (), "Ships came."),
    ("paragraph", 0, "background", f"{ONE}.context.paragraphs[1].text", None, (3,), "Cars came."),
    ("heading", 3, "perspectives", f"{ONE}.perspectives", None, (), "Perspectives"),
    ("heading", 4, "group", f"{ONE}.perspectives[0].label", None, (), "Press"),
    ("outlets", 0, "outlets", f"{ONE}.perspectives[0].outlets", None, (), "e.g., Ledger, Quay"),
    ("paragraph", 0, "framing", f"{ONE}.perspectives[0].framing", None, (3, 1), "A loss."),
    ("paragraph", 0, "critique", f"{ONE}.perspectives[0].critique", None, (), "For whom?"),
    ("heading", 4, "group", f"{ONE}.perspectives[1].label", None, (), "All"),
    ("outlets", 0, "outlets", f"{ONE}.perspectives[1].outlets", None, (), "Outlets: Post"),
    ("paragraph", 0, "framing", f"{ONE}.perspectives[1].framing", None, (), "A gain."),
    ("heading", 3, "links", f"{ONE}.links", None, (), "Go Deeper"),
    ("link", 0, "link", f"{ONE}.links[0]", None, (), "Minutes"),
    ("link", 0, "link", f"{ONE}.links[1]", None, (), "Maps"),
    ("heading", 3, "sources", f"{ONE}.sources", None, (), "Sources"),
    ("note", 0, "source", f"{ONE}.sources[2]", 1, (), "Minutes"),
    ("link", 0, "archived", f"{ONE}.sources[2].archived_url", None, (), "Archived copy"),
    ("quote", 0, "citation", f"{ONE}.facts[0].citations[0].quote", None, (1,), "Ayes 9."),
    ("quote", 0, "citation", f"{ONE}.facts[0].citations[1].quote", None, (1,), "Noes 8."),
    ("note", 0, "source", f"{ONE}.sources", 2, (), "Common knowledge"),
    ("note", 0, "source", f"{ONE}.sources[1]", 3, (), "Book, A. Clerk, Press, 2026-01-02"),
    ("note", 0, "source", f"{ONE}.sources[0]", 4, (), "unused"),
    ("heading", 2, "headline", f"{TWO}.headline", None, (), "Library"),
    ("heading", 3, "facts", f"{TWO}.facts", None, (), "Focusing Facts"),
    ("item", 0, "fact", f"{TWO}.facts[0]", 1, (5,), "It lends."),
    ("heading", 3, "sources", f"{TWO}.sources", None, (), "Sources"),
    ("note", 0, "source", f"{TWO}.sources[0]", 5, (), "Rules"),
    ("paragraph", 0, "call-to-action", "$.call_to_action.headline", None, (), "Join."),
    ("paragraph", 0, "call-to-action", "$.call_to_action.body[0]", None, (), "Free."),
    ("paragraph", 0, "call-to-action", "$.call_to_action.assurance", None, (), "No spam."),
    ("link", 0, "call-to-action", "$.call_to_action.label", None, (), "Sign up"),
    ("link", 0, "publisher", "$.publisher.name", None, (), "Desk"),
    ("paragraph", 0, "publisher", "$.publisher.postal_address", None, (), "1 Quay Street"),
    ("paragraph", 0, "publisher", "$.publisher.email", None, (), "desk@a.example"),
]
# What the full sample says beside them: kind, level, role, path, refs, text.
CLAIMS = [
    ("note", 0, "disclosure", f"{ONE}.perspectives", (), "Written by software, not reviewed by a person"),
    ("note", 0, "position", f"{ONE}.perspectives[0].position", (), "Position: Which bank it writes for: East"),
    (
        "quote",
        0,
        "quote",
        f"{ONE}.perspectives[0].quotes[0]",
        (2,),
        "“We will lose every second customer.” — R. Vane, grocer",
    ),
    (
        "quote",
        0,
        "paraphrase",
        f"{ONE}.perspectives[0].quotes[1]",
        (),
        "Shops will not outlive a summer without cars. — Two hoteliers",
    ),
    ("heading", 3, "quotes", f"{ONE}.quotes", (), "Quotes"),
    ("quote", 0, "quote", f"{ONE}.quotes[0]", (1,), "“A bridge is a promise.” — Mayor I. Sund"),
    ("quote", 0, "paraphrase", f"{ONE}.quotes[1]", (), "Nobody asked the ferrymen."),
    ("heading", 3, "timeline", f"{ONE}.timeline", (), "Timeline"),
    ("item", 0, "event", f"{ONE}.timeline[0]", (), "Spring 1911: The bridge opens."),
    ("item", 0, "event", f"{ONE}.timeline[1]", (3,), "3 May 2025: A bearing cracks."),
    ("heading", 3, "images", f"{ONE}.images", (), "Images"),
    ("image", 0, "image", f"{ONE}.images[0]", (), "The swing bridge, half open, from the east bank"),
    ("paragraph", 0, "caption", f"{ONE}.images[0].caption", (), "The bridge on the day of the vote"),
    ("paragraph", 0, "credit", f"{ONE}.images[0].credit", (), "Credit: A. Clerk"),
    ("image", 0, "image", f"{ONE}.images[1]", (), "Image"),
    ("heading", 3, "questions", f"{ONE}.questions", (), "Questions"),
    ("heading", 4, "question", f"{ONE}.questions[0].question", (), "Will the bridge be torn down?"),
    ("paragraph", 0, "answer", f"{ONE}.questions[0].answer[0]", (), "Not before 2030."),
    ("paragraph", 0, "answer", f"{ONE}.questions[0].answer[1]", (1,), "The council has to vote again."),
    ("heading", 4, "question", f"{ONE}.questions[1].question", (), "Who pays for the ferry?"),
    ("heading", 3, "blocks", f"{ONE}.blocks", (), "More on this story"),
    ("heading", 4, "block", f"{ONE}.blocks[0]", (), "Getting across"),
    ("item", 0, "block", f"{ONE}.blocks[0].items[0]", (), "Ferry every ten minutes."),
    ("item", 0, "block", f"{ONE}.blocks[0].items[1]", (), "Footbridge open."),
    ("heading", 4, "block", f"{ONE}.blocks[1]", (), "note"),
    ("item", 0, "block", f"{ONE}.blocks[1].items[0]", (), "The towers stay lit."),
    ("heading", 3, "about_outlets", f"{ONE}.perspectives", (), "About the outlets"),
    ("heading", 4, "outlet", f"{ONE}.perspectives[0].outlets[0].name", (), "Harbour Ledger"),
    ("paragraph", 0, "country", f"{ONE}.perspectives[0].outlets[0].country", (), "Country: GB"),
    ("paragraph", 0, "owner", f"{ONE}.perspectives[0].outlets[0].owner", (), "Owner: Quay Holdings"),
    (
        "link",
        0,
        "rating",
        f"{ONE}.perspectives[0].outlets[0].ratings[0]",
        (),
        "Which bank it writes for: East (Port Ellery Media Watch, 2026-01-01, Confidence: high, CC BY 4.0)",
    ),
    (
        "link",
        0,
        "rating",
        f"{ONE}.perspectives[0].outlets[0].ratings[1]",
        (),
        "Score of the Reading Room: -6.5 (Reading Room)",
    ),
    ("heading", 3, "subjects", f"{ONE}.subjects", (), "Topics"),
    ("link", 0, "subject", f"{ONE}.subjects[0]", (), "infrastructure"),
    ("link", 0, "subject", f"{ONE}.subjects[1]", (), "local politics"),
    ("heading", 3, "corrections", f"{ONE}.corrections", (), "Corrections"),
    (
        "paragraph",
        0,
        "correction",
        f"{ONE}.corrections[0]",
        (),
        "2026-01-15: An earlier version said that the vote was 8 to 9.",
    ),
    ("paragraph", 0, "correction", f"{ONE}.corrections[1]", (), "The name of the surveyor was misspelt."),
    ("heading", 3, "provenance", f"{ONE}.provenance", (), "How this was made"),
    ("note", 0, "generator", f"{ONE}.provenance", (), "Software: Summariser 2.1 (draft)"),
    ("note", 0, "generator", f"{ONE}.provenance", (), "Software: Translator"),
    ("note", 0, "digital_source_type", f"{ONE}.provenance", (), "Digital source type: trainedAlgorithmicMedia"),
    ("note", 0, "disclosure", f"{ONE}.provenance", (), "Written by software, not reviewed by a person"),
    ("note", 0, "created", f"{ONE}.provenance", (), "Created: 2026-01-14T18:00:00+00:00"),
    ("note", 0, "coverage", f"{ONE}.provenance", (), "Articles read: 48"),
    ("note", 0, "coverage", f"{ONE}.provenance", (), "Outlets read: 12"),
    ("note", 0, "coverage", f"{ONE}.provenance", (), "Period: 13 to 14 Jan 2026"),
    ("image", 0, "image", "$.publisher.logo", (), "Port Ellery Desk"),
    ("heading", 2, "provenance", "$.provenance", (), "How this was made"),
    ("note", 0, "reviewed_by", "$.provenance", (), "Reviewed by: I. Desk, U. Editor"),
    ("heading", 2, "schemes", "$.schemes", (), "Rating scales"),
    ("note", 0, "scheme", "$.schemes[0]", (), "Which bank it writes for: East – Both – West"),
    ("note", 0, "scheme", "$.schemes[1]", (), "Score of the Reading Room: -42 … 42"),
]
# Their texts are made of more than the field that the path leads to.
LABELLED = {"place", "published", "updated", "archived", "country", "owner", "credit"}


def at(brief, path):
    """What stands in a brief at the path of a node."""
    value = brief
    for name, index in re.findall(r"\.(\w+)|\[(\d+)\]", path):
        value = getattr(value, name) if name else value[int(index)]
    return value


def test_outline_is_the_whole_brief_in_order():
    """Every text stands in reading order, with its kind, level, role, place, number and references."""
    nodes = outline(BRIEF, Wording())

    assert TABLE == [(n.kind, n.level, n.role, n.path, n.number, n.refs, n.text) for n in nodes]


def test_outline_holds_every_claim():
    """Quotes, timeline, questions, images, blocks, ratings, corrections and provenance stand where they belong."""
    known = {row[2] for row in TABLE}
    nodes = (node for node in outline(samples["full"], Wording()) if node.role not in {*known, "precedent"})

    assert CLAIMS == [(n.kind, n.level, n.role, n.path, n.refs, n.text) for n in nodes]


def test_unreviewed_critique_is_disclosed_before_the_groups():
    """The note stands where software wrote a critique and nobody is named who checked it; the story's word goes first."""
    group = PerspectiveGroup(label="l", framing="f", critique="c")
    written = Provenance(generator=[Generator(name="Writer")])
    checked = attrs.evolve(written, reviewed_by=["I. Desk"])

    def is_disclosed(group, own, provenance):
        story = Story(headline="h", perspectives=[group], provenance=own)
        roles = [node.role for node in outline(Brief(stories=[story], provenance=provenance), Wording())]
        return roles[:4] == ["headline", "perspectives", "disclosure", "group"]

    assert [True, True, False, False, False] == [
        is_disclosed(group, written, checked),
        is_disclosed(group, None, written),
        is_disclosed(group, checked, written),
        is_disclosed(attrs.evolve(group, critique=None), written, None),
        is_disclosed(group, None, None),
    ]


@pytest.mark.parametrize("name", samples)
def test_path_leads_to_the_text(name):
    """The path of each node leads into the brief, and to its text where that is a field as it is."""
    brief = samples[name]
    places = [(node, at(brief, node.path)) for node in outline(brief, wording_of(brief))]
    plain = [(node, value) for node, value in places if isinstance(value, str) and node.role not in LABELLED]

    assert [(node.path, value) for node, value in plain] == [(node.path, node.text) for node, _ in plain]


@pytest.mark.parametrize(("refs", "expected"), [((), ""), ((4,), "[4]"), ((3, 1, 12), "[3][1][12]")])
def test_marks_are_the_references_in_brackets(refs, expected):
    """The marks of a node are its references in their order, each in brackets."""

    assert expected == Node(kind="item", text="a", role="fact", path="$", refs=refs).marks


def test_href_is_the_address_of_its_text():
    """Title, headline, image, link, note, rating, subject, button, publisher and outlet carry their addresses, and nothing else does."""
    nodes = outline(samples["full"], Wording())

    assert [
        ("$.title", "https://example.org/briefs/2026-01-14"),
        ("$.stories[0].headline", "https://example.org/harbour"),
        ("$.stories[0].images[0]", "https://example.org/bridge.jpg?w=1200&h=800"),
        ("$.stories[0].images[1]", "https://example.org/ornament.png"),
        ("$.stories[0].links[0]", "https://example.org/minutes_(draft)"),
        ("$.stories[0].sources[0]", "https://example.org/minutes"),
        ("$.stories[0].sources[0].archived_url", "https://example.org/archive/1"),
        ("$.stories[0].sources[2]", "https://example.org/survey"),
        ("$.stories[0].perspectives[0].outlets[0].name", "https://example.org/ledger?a=1&copy=2"),
        ("$.stories[0].perspectives[0].outlets[0].ratings[0]", "https://example.org/watch/ledger"),
        ("$.stories[0].subjects[0]", "http://cv.iptc.org/newscodes/mediatopic/20000286"),
        ("$.stories[1].sources[0]", "https://example.org/library/rules"),
        ("$.call_to_action.label", "https://example.org/signup?from=brief&list=1"),
        ("$.publisher.name", "https://example.org/"),
        ("$.publisher.logo", "https://example.org/logo.png"),
    ] == [(node.path, node.href) for node in nodes if node.href]
