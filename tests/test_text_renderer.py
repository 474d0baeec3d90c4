"""The text renderer: what it prints, in which layout, and that no text is changed."""

import re

import attrs
import pytest
from hypothesis import HealthCheck, given, settings

import perspectives as p
from perspectives.attribution import Outlet
from perspectives.catalogue import wording_of
from perspectives.model import Brief, CallToAction, Fact, Link, PerspectiveGroup, Publisher, Story
from perspectives.outline import Node, outline
from perspectives.renderers.text import TextRenderer
from perspectives.testing import briefs, samples

FULL = """\
Evening brief <https://example.org/briefs/2026-01-14>
=====

2026-01-14

Two stories from the harbour, told from more than one bank.

***

City

Harbour council votes to close the old swing bridge <https://example.org/harbour>

Place: Port Ellery

2026-01-14

Published: 2026-01-14T18:30:00+00:00

Updated: 2026-01-15T06:00:00+00:00

After a seven-hour session the council voted 9 to 8 to close the bridge to cars from 1 March.

Focusing Facts

  1. The vote was 9 to 8, with no abstention.[1]
  2. Traffic: About 6,400 cars crossed on a weekday in 2025![2]
  3. Disputed: The repair would cost 21 million.[1][3]
  4. The bridge opened in 1911.[4]

Context

Swing bridges were built where ships mattered more than carts.

Two neighbouring towns closed theirs & kept the towers.[3]

Perspectives

Written by software, not reviewed by a person

Business press

e.g., Harbour Ledger, Trade Post\\, Evening Edition

Reports the closure as a cost to shops on the east bank.[2]

Says little of the people who walk.

Position: Which bank it writes for: East

> “We will lose every second customer.” — R. Vane, grocer[2]

> Shops will not outlive a summer without cars. — Two hoteliers

Neighbourhood papers

Outlets: East Bank News, The Quay, Ünlü Liman

Celebrate a quiet quay.

Engineers

Outlets: —

Ask who inspects the bearings.

Quotes

> “A bridge is a promise.” — Mayor I. Sund[1]

> Nobody asked the ferrymen.

Timeline

  - Spring 1911: The bridge opens.
  - 3 May 2025: A bearing cracks.[3]

Images

The swing bridge, half open, from the east bank <https://example.org/bridge.jpg?w=1200&h=800>

The bridge on the day of the vote

Credit: A. Clerk

Image <https://example.org/ornament.png>

Questions

Will the bridge be torn down?

Not before 2030.

The council has to vote again.[1]

Who pays for the ferry?

More on this story

Getting across

  - Ferry every ten minutes.
  - Footbridge open.

note

  - The towers stay lit.

Read on

Read the minutes <https://example.org/minutes_(draft)>

How the towns next door did it

Sources

[1] Minutes of the 212th session, 2026-01-14, Accessed: 2026-01-15, Paywalled <https://example.org/minutes>

Archived copy <https://example.org/archive/1>

“Ayes 9, noes 8.” [1]

[2] Traffic count "2025", A. Clerk, City of Port Ellery

[3] survey <https://example.org/survey>

[4] Common knowledge

[5] A source that nothing cites

About the outlets

Harbour Ledger <https://example.org/ledger?a=1&copy=2>

Country: GB

Owner: Quay Holdings

Which bank it writes for: East (Port Ellery Media Watch, 2026-01-01, Confidence: high, CC BY 4.0) <https://example.org/watch/ledger>

Score of the Reading Room: -6.5 (Reading Room)

Topics

infrastructure <http://cv.iptc.org/newscodes/mediatopic/20000286>

local politics

Corrections

2026-01-15: An earlier version said that the vote was 8 to 9.

The name of the surveyor was misspelt.

How this was made

Software: Summariser 2.1 (draft)

Software: Translator

Digital source type: trainedAlgorithmicMedia

Written by software, not reviewed by a person

Created: 2026-01-14T18:00:00+00:00

Articles read: 48

Outlets read: 12

Period: 13 to 14 Jan 2026

***

Library lends tools & seeds

The main branch now lends drills, ladders and tomato seeds.

Focusing Facts

  1. Loans last two weeks.[6]

Sources

[6] Lending rules <https://example.org/library/rules>

***

Get the brief by mail.

Every evening, free.

No spam, ever.

Sign up <https://example.org/signup?from=brief&list=1>

***

— Port Ellery Desk <https://example.org/>

1 Quay Street, Port Ellery

desk@example.org

Port Ellery Desk <https://example.org/logo.png>

***

How this was made

Reviewed by: I. Desk, U. Editor

***

Rating scales

Which bank it writes for: East – Both – West

Score of the Reading Room: -42 … 42
"""


def text(brief: Brief, **options: object) -> str:
    """A brief as text."""
    return str(p.render(brief, "text", **options))


def as_printed(node: Node, comma: str) -> str:
    """A text of the outline as it is printed: only in names stands a backslash before each comma and backslash."""
    names = [re.sub(r"([\\,،、，])", r"\\\1", name) for name in node.items]
    return node.text.removesuffix(f"{comma} ".join(node.items)) + f"{comma} ".join(names)


def test_text_renderer_full():
    """Everything that the outline has is printed as a block between blank lines, with rules around the stories."""

    assert FULL == text(samples["full"])


def test_text_renderer_info():
    """It says of itself what it is and which fields it leaves out."""
    expected = {
        "name": "text",
        "media_type": "text/plain",
        "summary": "Plain text in the layout of a newsletter",
        "extensions": (".txt",),
        "omits": frozenset(
            {
                *("aliases", "domains", "extra", "height", "homepage", "id", "kind", "language", "languages"),
                *("rel", "translation_of", "width", "wording", "Brief.url", "TimelineEvent.date"),
            }
        ),
    }

    assert expected == attrs.asdict(TextRenderer().info)


@pytest.mark.parametrize(
    ("brief", "expected"),
    [
        (Brief(), ""),
        (Brief(title="T"), "T\n=====\n"),
        (Brief(intro="I"), "=====\n\nI\n"),
        (Brief(title="T", stories=[Story(headline="H")]), "T\n=====\n\n***\n\nH\n"),
        (Brief(stories=[Story(headline="H", section="S")]), "S\n\nH\n"),
        (
            Brief(stories=[Story(headline=name, section="S") for name in "AB"]),
            "S\n\nA\n\n***\n\nB\n",
        ),
        (
            Brief(stories=[Story(headline="A", section="S"), Story(headline="B", section="T")]),
            "S\n\nA\n\n***\n\nT\n\nB\n",
        ),
        (Brief(call_to_action=CallToAction(label="Sign up")), "Sign up\n"),
        (
            Brief(publisher=Publisher(name="Desk"), call_to_action=CallToAction(headline="Sign up")),
            "Sign up\n\n***\n\n— Desk\n",
        ),
        (Brief(publisher=Publisher(name="Desk")), "— Desk\n"),
        (
            Brief(language="de", stories=[Story(headline="H", facts=[Fact(text="F", status="confirmed")])]),
            "H\n\nFakten im Fokus\n\n  1. Bestätigt: F\n",
        ),
    ],
)
def test_text_renderer_layout(brief, expected):
    """A rule stands before each story but the first block, before the call to action and before the publisher."""

    assert expected == text(brief)


@pytest.mark.parametrize(
    ("names", "exhaustive", "expected"),
    [
        ([], False, "Outlets: —"),
        (["A", "B"], False, "e.g., A, B"),
        (["A", "B"], True, "Outlets: A, B"),
        (["A, B", "C"], True, "Outlets: A\\, B, C"),
        (["A、B", "C،D"], False, "e.g., A\\、B, C\\،D"),
        (["A\\", "B"], False, "e.g., A\\\\, B"),
    ],
)
def test_text_renderer_outlets(names, exhaustive, expected):
    """Outlets stand in a line of their own, a comma of a name behind a backslash, a dash where there are none."""
    group = PerspectiveGroup(
        label="L", framing="F", exhaustive=exhaustive, outlets=[Outlet(name=name) for name in names]
    )
    brief = Brief(stories=[Story(headline="H", perspectives=[group])])

    assert f"H\n\nPerspectives\n\nL\n\n{expected}\n\nF\n" == text(brief)


def test_text_renderer_outlets_read_back():
    """Names with commas and backslashes load again as they are."""
    outlets = tuple(Outlet(name=name) for name in ("A, B", "C\\", "\\", "D\\,E", "F،G、H，I", "J\\K"))
    group = PerspectiveGroup(label="L", framing="F", critique="C", outlets=outlets)
    brief = Brief(stories=[Story(headline="H", perspectives=[group])])

    assert outlets == p.loads(text(brief), "text").stories[0].perspectives[0].outlets


def test_text_renderer_width():
    """Lines are at most so long, the further lines of a fact are further in, and an address stays whole."""
    story = Story(
        headline="Bridge closes to cars",
        facts=[Fact(text="The vote was nine to eight, with 2. choices.")],
        links=[Link(label="Minutes", href="https://example.org/minutes-of-the-council")],
    )
    expected = """\
Morning brief for
all
=====

***

Bridge closes to
cars

Focusing Facts

  1. The vote was
     nine to eight,
     with 2.
     choices.

Go Deeper

Minutes
<https://example.org/minutes-of-the-council>
"""

    assert expected == text(Brief(title="Morning brief for all", stories=[story]), width=20)


def test_text_renderer_width_negative():
    """A width below zero is refused."""
    expected = "perspectives-briefs:text: 'width' must be >= 0: -1"
    with pytest.raises(p.OptionsError) as error:
        text(Brief(), width=-1)

    assert expected == str(error.value)


@pytest.mark.parametrize("name", ["full", "right-to-left", "no-groups", "twelve-groups", "very-long"])
@pytest.mark.parametrize("width", [20, 60])
def test_text_renderer_width_reads_alike(name, width):
    """A wrapped text loads to the same brief as one that is not wrapped."""
    brief = samples[name]

    assert p.loads(text(brief), "text") == p.loads(text(brief, width=width), "text")


@pytest.mark.parametrize("name", samples)
def test_text_renderer_verbatim_samples(name):
    """Every text and address of the outline of every sample is printed as it is."""
    brief = samples[name]
    page = text(brief)
    wording = wording_of(brief)

    assert [] == [
        node
        for node in outline(brief, wording)
        if as_printed(node, wording.comma) not in page or (node.href or "") not in page
    ]


@settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
@given(briefs())
def test_text_renderer_verbatim(brief):
    """Every text and address of the outline of any brief is printed as it is."""
    page = text(brief)
    wording = wording_of(brief)

    assert [] == [
        node
        for node in outline(brief, wording)
        if as_printed(node, wording.comma) not in page or (node.href or "") not in page
    ]


@settings(max_examples=30, deadline=None, suppress_health_check=list(HealthCheck))
@given(briefs())
def test_text_renderer_loads_or_refuses(brief):
    """Any brief as text loads again, or is refused with a line."""
    faults: tuple[p.Fault, ...] = ()
    try:
        p.load_report(p.render(brief, "text"), "text")
    except p.LoadError as error:
        faults = error.faults

    assert [] == [fault for fault in faults if fault.line is None]


def test_listed_links():
    """With `links="listed"` each address stands once, at the end, alone behind its number; notes have the first ones."""
    story = p.Story(
        headline="Ports close",
        url="https://example.org/story",
        facts=[Fact(text="All.", citations=[p.Citation(source="s")])],
        links=[
            Link(label="Map", href="https://example.org/map"),
            Link(label="Same map", href="https://example.org/map"),
        ],
        sources=[p.Source(id="s", title="Harbour office", url=f"https://example.org/{'x' * 80}")],
    )

    assert (
        f"""\
Ports close [2]

Focusing Facts

  1. All.[1]

Go Deeper

Map [3]

Same map [3]

Sources

[1] Harbour office [4]

***

[2] https://example.org/story
[3] https://example.org/map
[4] https://example.org/{"x" * 80}
"""
        == str(p.render(story, "text", width=72, links="listed"))
    )  # fmt: skip
