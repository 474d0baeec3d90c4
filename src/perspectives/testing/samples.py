"""Briefs of our own making, each hard for renderers in its own way."""

import datetime as dt
from collections.abc import Mapping
from types import MappingProxyType

from perspectives.model import (
    Brief,
    CallToAction,
    Citation,
    Context,
    Fact,
    Link,
    Outlet,
    Paragraph,
    PerspectiveGroup,
    Publisher,
    Source,
    Story,
)


def _full() -> Brief:
    harbour = Story(
        id="harbour-2026",
        section="City",
        headline="Harbour council votes to close the old swing bridge",
        summary="After a seven-hour session the council voted 9 to 8 to close the bridge to cars from 1 March.",
        place="Port Ellery",
        date=dt.date(2026, 1, 14),
        published=dt.datetime(2026, 1, 14, 18, 30, tzinfo=dt.UTC),
        updated=dt.datetime(2026, 1, 15, 6, 0, tzinfo=dt.UTC),
        url="https://example.org/harbour",
        facts=[
            Fact(
                text="The vote was 9 to 8, with no abstention.",
                citations=[Citation(source="minutes", quote="Ayes 9, noes 8.")],
            ),
            Fact(
                title="Traffic",
                text="About 6,400 cars crossed on a weekday in 2025!",
                citations=[Citation(source="count")],
            ),
            Fact(
                text="The repair would cost 21 million.",
                status="disputed",
                citations=[Citation(source="minutes"), Citation(source="survey")],
            ),
            Fact(text="The bridge opened in 1911.", citations=[Citation(kind="common-knowledge")]),
        ],
        context=Context(
            paragraphs=[
                Paragraph(text="Swing bridges were built where ships mattered more than carts.", kind="background"),
                Paragraph(
                    text="Two neighbouring towns closed theirs & kept the towers.",
                    kind="precedent",
                    citations=[Citation(source="survey")],
                ),
            ]
        ),
        perspectives=[
            PerspectiveGroup(
                label="Business press",
                framing="Reports the closure as a cost to shops on the east bank.",
                critique="Says little of the people who walk.",
                outlets=[
                    Outlet(name="Harbour Ledger", homepage="https://example.org/ledger?a=1&copy=2"),
                    Outlet(name="Trade Post, Evening Edition"),
                ],
                citations=[Citation(source="count")],
            ),
            PerspectiveGroup(
                label="Neighbourhood papers",
                framing="Celebrate a quiet quay.",
                outlets=[Outlet(name="East Bank News"), Outlet(name="The Quay"), Outlet(name="Ünlü Liman")],
                exhaustive=True,
            ),
            PerspectiveGroup(label="Engineers", framing="Ask who inspects the bearings.", kind="stakeholder"),
        ],
        links=[
            Link(rel="go-deeper", label="Read the minutes", href="https://example.org/minutes_(draft)"),
            Link(rel="related", label="How the towns next door did it"),
        ],
        sources=[
            Source(
                id="minutes",
                title="Minutes of the 212th session",
                url="https://example.org/minutes",
                published=dt.datetime(2026, 1, 14, 20, 0, tzinfo=dt.UTC),
                archived_url="https://example.org/archive/1",
            ),
            Source(id="count", title='Traffic count "2025"', outlet="City of Port Ellery", author="A. Clerk"),
            Source(id="survey", url="https://example.org/survey"),
            Source(id="unused", title="A source that nothing cites"),
        ],
        extra={"example-desk": {"priority": 2, "tags": ["bridge", None, 1.5, True]}},
    )
    library = Story(
        section="City",
        headline="Library lends tools & seeds",
        summary="The main branch now lends drills, ladders and tomato seeds.",
        facts=[Fact(text="Loans last two weeks.", citations=[Citation(source="rules")])],
        sources=[Source(id="rules", title="Lending rules", url="https://example.org/library/rules")],
    )
    return Brief(
        id="evening-2026-01-14",
        title="Evening brief",
        intro="Two stories from the harbour, told from more than one bank.",
        url="https://example.org/briefs/2026-01-14",
        date=dt.date(2026, 1, 14),
        language="en",
        publisher=Publisher(
            name="Port Ellery Desk",
            url="https://example.org/",
            postal_address="1 Quay Street, Port Ellery",
            email="desk@example.org",
        ),
        stories=[harbour, library],
        call_to_action=CallToAction(
            headline="Get the brief by mail.",
            body=["Every evening, free."],
            assurance="No spam, ever.",
            label="Sign up",
            href="https://example.org/signup?from=brief&list=1",
        ),
    )


def _hostile() -> Brief:
    markup = "<script>alert(1)</script> & <b>bold</b> \"quoted\" 'single' &amp; &#65; {{ 7*7 }} {% x %}"
    markdown = "# not *a* heading [x](javascript:1) ![i](u) `code` _em_ ~~s~~ | a | b | [^1] http://example.org/*a*"
    header = "=?utf-8?q?a=0D=0ABcc:_e=40example.org?= \u202eright to left\u202c 👩‍👩‍👧"
    story = Story(
        section="1. --- ===",
        headline=markup,
        summary=markdown,
        facts=[Fact(text="1. " + markdown), Fact(title="# t", text="- " + markup), Fact(text="***")],
        context=Context(paragraphs=["```", "four blanks are no code", "---", "> quote", "&", "\\"]),
        perspectives=[
            PerspectiveGroup(
                label=header,
                framing="+ " + markdown,
                critique="[^1]: " + markup,
                outlets=[Outlet(name="A, B & <C>"), Outlet(name="*"), Outlet(name="x_y_z")],
            )
        ],
        links=[Link(label="]( " + markdown, href="https://example.org/a_(b)?c=d&lt;=e*f*g")],
        sources=[Source(id="1", title='"] \\" ' + markdown, url="https://example.org/?q='%22&copy;")],
    )
    return Brief(
        title=header, intro="=== " + markup, stories=[story], call_to_action=CallToAction(headline="%" + markdown)
    )


def _right_to_left() -> Brief:
    story = Story(
        section="العالم",
        headline="المجلس يصوت على إغلاق الجسر القديم (1911)",
        summary="بعد جلسة استمرت سبع ساعات صوت المجلس بأغلبية 9 مقابل 8.",
        facts=[Fact(text="عبر الجسر نحو 6400 سيارة يوميا في عام 2025."), Fact(text="افتتح الجسر عام 1911.")],
        context=Context(paragraphs=["بنيت الجسور الدوارة حيث كانت السفن أهم من العربات."]),
        perspectives=[
            PerspectiveGroup(
                label="الصحافة الاقتصادية",
                framing="تصف الإغلاق بأنه خسارة للمتاجر.",
                critique="لا تقول شيئا عن المشاة.",
                outlets=[Outlet(name="دفتر الميناء"), Outlet(name="Harbour Ledger")],
            )
        ],
        links=[Link(rel="go-deeper", label="للتعمق أكثر: محضر الجلسة", href="https://example.org/ar")],
    )
    return Brief(title="موجز المساء", date=dt.date(2026, 1, 14), language="ar", stories=[story])


def _twelve_groups() -> Brief:
    groups = [
        PerspectiveGroup(
            label=f"Group {number}",
            framing=f"Framing of group {number}.",
            critique=f"Critique of group {number}.",
            outlets=[Outlet(name=f"Outlet {number}.{position}") for position in range(1, number % 4 + 1)],
        )
        for number in range(1, 13)
    ]
    return Brief(stories=[Story(headline="Twelve ways to tell it", perspectives=groups)])


def _very_long() -> Brief:
    word = "Donaudampfschifffahrtsgesellschaftskapitänsmütze" * 4
    prose = " ".join(f"Sentence {number} goes on for quite a while, as sentences do." for number in range(400))
    story = Story(
        headline=f"{word} {'headline ' * 40}".strip(),
        summary=prose,
        facts=[Fact(text=f"{number} {word}") for number in range(1, 41)],
        context=Context(paragraphs=[prose, word]),
        perspectives=[PerspectiveGroup(label=word, framing=prose, critique=prose, outlets=[Outlet(name=word)])],
    )
    return Brief(stories=[story])


samples: Mapping[str, Brief] = MappingProxyType(
    {
        "full": _full(),
        "minimal": Brief(stories=[Story(headline="Only a headline")]),
        "empty": Brief(),
        "hostile": _hostile(),
        "right-to-left": _right_to_left(),
        "no-groups": Brief(
            stories=[
                Story(headline="No perspectives", summary="Nobody has taken a side.", facts=[Fact(text="One fact.")])
            ]
        ),
        "twelve-groups": _twelve_groups(),
        "very-long": _very_long(),
    }
)
"""Name -> brief; none of them is real news."""
