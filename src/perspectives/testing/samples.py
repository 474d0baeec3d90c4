"""Briefs of our own making, each hard for renderers in its own way."""

import datetime as dt
from collections.abc import Mapping
from types import MappingProxyType

from perspectives.attribution import (
    Citation,
    Correction,
    Coverage,
    Generator,
    Outlet,
    Position,
    Provenance,
    Quote,
    Rating,
    RatingScheme,
    Source,
)
from perspectives.model import (
    Block,
    Brief,
    CallToAction,
    Context,
    Fact,
    Image,
    Link,
    Paragraph,
    PerspectiveGroup,
    Publisher,
    Question,
    Story,
    Subject,
    TimelineEvent,
)
from perspectives.wording import Wording


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
            Fact(
                text="The bridge opened in 1911.",
                citations=[Citation(kind="common-knowledge")],
                extra={"example-desk": {"checked": True}},
            ),
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
                    Outlet(
                        name="Harbour Ledger",
                        id="harbour-ledger",
                        aliases=["The Ledger"],
                        domains=["ledger.example"],
                        homepage="https://example.org/ledger?a=1&copy=2",
                        country="GB",
                        languages=["en"],
                        owner="Quay Holdings",
                        ratings=[
                            Rating(
                                scheme="bank",
                                value="East",
                                rater="Port Ellery Media Watch",
                                as_of=dt.date(2026, 1, 1),
                                url="https://example.org/watch/ledger",
                                licence="CC BY 4.0",
                                confidence="high",
                            ),
                            Rating(scheme="score", value=-6.5, rater="Reading Room"),
                        ],
                        extra={"example-desk": {"since": 1911}},
                    ),
                    Outlet(name="Trade Post, Evening Edition"),
                ],
                position=Position(scheme="bank", value="East"),
                citations=[Citation(source="count")],
                quotes=[
                    Quote(
                        text="We will lose every second customer.",
                        speaker="R. Vane, grocer",
                        verbatim=True,
                        citations=[Citation(source="count")],
                    ),
                    Quote(text="Shops will not outlive a summer without cars.", speaker="Two hoteliers"),
                ],
                extra={"example-desk": {"weight": 1}},
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
                accessed=dt.datetime(2026, 1, 15, 5, 0, tzinfo=dt.UTC),
                archived_url="https://example.org/archive/1",
                language="en",
                paywalled=True,
            ),
            Source(id="count", title='Traffic count "2025"', outlet="City of Port Ellery", author="A. Clerk"),
            Source(id="survey", url="https://example.org/survey"),
            Source(id="unused", title="A source that nothing cites"),
        ],
        quotes=[
            Quote(
                text="A bridge is a promise.",
                speaker="Mayor I. Sund",
                verbatim=True,
                citations=[Citation(source="minutes")],
            ),
            Quote(text="Nobody asked the ferrymen."),
        ],
        timeline=[
            TimelineEvent(when="Spring 1911", text="The bridge opens."),
            TimelineEvent(
                when="3 May 2025",
                text="A bearing cracks.",
                date=dt.date(2025, 5, 3),
                citations=[Citation(source="survey")],
            ),
        ],
        questions=[
            Question(
                question="Will the bridge be torn down?",
                answer=["Not before 2030.", "The council has to vote again."],
                citations=[Citation(source="minutes")],
            ),
            Question(question="Who pays for the ferry?"),
        ],
        images=[
            Image(
                url="https://example.org/bridge.jpg?w=1200&h=800",
                alt="The swing bridge, half open, from the east bank",
                caption="The bridge on the day of the vote",
                credit="A. Clerk",
                width=1200,
                height=800,
            ),
            Image(url="https://example.org/ornament.png", alt=""),
        ],
        blocks=[
            Block(
                kind="travel-advisory", label="Getting across", items=["Ferry every ten minutes.", "Footbridge open."]
            ),
            Block(kind="note", items=["The towers stay lit."]),
        ],
        subjects=[
            Subject(name="infrastructure", uri="http://cv.iptc.org/newscodes/mediatopic/20000286"),
            Subject(name="local politics"),
        ],
        translation_of="havn-2026",
        corrections=[
            Correction(text="An earlier version said that the vote was 8 to 9.", date=dt.date(2026, 1, 15)),
            Correction(text="The name of the surveyor was misspelt."),
        ],
        provenance=Provenance(
            generator=[Generator(name="Summariser", version="2.1", role="draft"), Generator(name="Translator")],
            digital_source_type="trainedAlgorithmicMedia",
            created=dt.datetime(2026, 1, 14, 18, 0, tzinfo=dt.UTC),
            coverage=Coverage(articles=48, outlets=12, window="13 to 14 Jan 2026"),
        ),
        extra={"example-desk": {"priority": 2, "tags": ["bridge", None, 1.5, True]}},
    )
    library = Story(
        section="City",
        language="en-GB",
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
            logo=Image(url="https://example.org/logo.png", alt="Port Ellery Desk", width=64, height=64),
        ),
        stories=[harbour, library],
        schemes=[
            RatingScheme(id="bank", axis="Which bank it writes for", values=["East", "Both", "West"], ordered=True),
            RatingScheme(id="score", axis="Score of the Reading Room", range=(-42, 42)),
        ],
        wording=Wording(go_deeper="Read on"),
        provenance=Provenance(reviewed_by=["I. Desk", "U. Editor"]),
        extra={"example-desk": {"edition": "evening"}},
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
        quotes=[Quote(text="> " + markup, speaker=header, verbatim=True, citations=[Citation(source="1", quote="“”")])],
        timeline=[TimelineEvent(when="2. " + markdown, text="- [ ] " + markup)],
        questions=[Question(question="# " + markdown, answer=["| a |", "1) " + markup])],
        images=[
            Image(url="https://example.org/?a='&quot;", alt='" onerror="x] ' + markdown, caption=markup, credit="*")
        ],
        blocks=[Block(kind="x", label="### " + markup, items=["1. x", "***", markdown])],
        subjects=[Subject(name=markup, uri="https://example.org/(a")],
        corrections=[Correction(text="===" + markup)],
        provenance=Provenance(generator=[Generator(name=markup, role="--")], reviewed_by=["_" + markdown]),
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


def _japanese() -> Brief:
    story = Story(
        section="市政",
        headline="港町の議会、古い旋回橋の車両通行止めを一票差で可決",
        summary="七時間に及ぶ審議の末、議会は九対八で、三月一日から橋の車両通行を止めることを決めた。",
        place="港町",
        facts=[
            Fact(text="採決は九対八で、棄権はなかった。"),
            Fact(title="交通量", text="2025年には平日一日あたり約6,400台の車が橋を渡った。", status="confirmed"),
        ],
        context=Context(paragraphs=["旋回橋は、荷車よりも船が大切だった土地に架けられた。"]),
        perspectives=[
            PerspectiveGroup(
                label="経済紙",
                framing="東岸の商店にとっての損失として報じる。",
                critique="歩く人々についてはほとんど触れない。",
                outlets=[Outlet(name="港湾日報"), Outlet(name="Harbour Ledger")],
            ),
            PerspectiveGroup(
                label="地域紙",
                framing="静けさを取り戻した岸壁を祝う。",
                critique="読者が住むのは、この決定で得をするただ一つの通りである。",
                outlets=[Outlet(name="東岸新聞")],
                exhaustive=True,
            ),
        ],
        quotes=[Quote(text="橋は約束である。", speaker="町長", verbatim=True, citations=[Citation(source="gijiroku")])],
        sources=[Source(id="gijiroku", title="第212回議会議事録", url="https://example.org/ja/gijiroku")],
    )
    return Brief(title="夕刊まとめ", date=dt.date(2026, 1, 14), language="ja", stories=[story])


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
        headline=f"{word} {'headline ' * 30}".strip(),
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
        "japanese": _japanese(),
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
