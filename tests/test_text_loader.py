"""The text loader: the layout of the seed, what it repairs, refuses and guesses, and that no word gets lost."""

import datetime as dt
import re
import time
import unicodedata
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import attrs
import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

import perspectives as p
from perspectives.attribution import Citation, Correction, Outlet, Quote, Source
from perspectives.catalogue import catalogue, wording_of
from perspectives.loaders.group import is_prose, sentences
from perspectives.loaders.layout import BULLET, Block, Words, read_date, read_link
from perspectives.loaders.text import TextLoader, TextOptions
from perspectives.model import (
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
from perspectives.outline import Numbering, outline
from perspectives.plugin import Confidence, Input, LoadTools, OutletDirectory
from perspectives.testing import samples, texts

DATA = Path(__file__).parent / "data"
SEED = (Path(__file__).parents[1] / "examples" / "kim-putin.txt").read_text("utf-8")

SMALL = """\
Bridge closes

Focusing Facts

1. The vote was 9 to 8.

Perspectives

Business press

e.g., Ledger, Trade Post

Reports a cost to shops.

Says little of people who walk.
"""
"""A story with each of the parts that most tests need."""


def load(text: str, **options: object) -> Brief:
    """The brief in a text."""
    return p.load_report(text.encode("utf-8", "surrogatepass"), "text", **options).brief


def findings(text: str, **options: object) -> list[str]:
    """Each finding as `line: code: what it says`."""
    found = p.load_report(text.encode(), "text", **options).findings
    return [f"{finding.line}: {finding.code}: {finding}" for finding in found]


def refused(text: str, **options: object) -> str:
    """What the error says, line and all."""
    with pytest.raises(p.LoadError) as error:
        load(text, **options)
    return str(error.value)


def shown(brief: Brief) -> str:
    """A brief as the data files have it: a line for each text, with the name of its field."""
    lines = []
    for node in outline(brief, wording_of(brief)):
        text = f"{node.text[: node.text.index(node.items[0])]}{' | '.join(node.items)}" if node.items else node.text
        number = f" {node.number}" if node.number else ""
        lines.append(f"{node.role}{number}: {text}{node.marks}{f' -> {node.href}' if node.href else ''}")
    return "\n".join(lines)


def cases(name: str) -> list[object]:
    """The cases of a data file: `== rule`, the input, `->`, and what it gives."""
    parts = re.split(r"^== (.+)\n", (DATA / name).read_text("utf-8"), flags=re.MULTILINE)[1:]
    pairs = zip(parts[::2], parts[1::2], strict=True)
    return [pytest.param(*re.split(r"^->\n", body, maxsplit=1, flags=re.MULTILINE), id=rule) for rule, body in pairs]


@pytest.mark.parametrize(("text", "expected"), cases("text-cases.txt"))
def test_text_loader_case(text, expected):
    """A case of tests/data/text-cases.txt gives the texts, findings and errors that stand below it."""
    try:
        report = p.load_report(text.encode(), "text")
        actual = [shown(report.brief), *(f"! line {found.line}: {found}" for found in report.findings)]
    except p.LoadError as error:
        actual = [f"!! {error}"]

    assert expected.strip() == "\n".join(actual)


def test_text_loader_seed_golden():
    """The seed loads to the model in tests/data/seed.json, which was read by eye."""
    expected = p.loads((DATA / "seed.json").read_text("utf-8"))

    assert expected == load(SEED)


def test_text_loader_seed_outlets():
    """All eight outlets of the seed are told from each other and from the text."""
    expected = [
        ("Yeni Şafak", "South China Morning Post", "The Moscow Times"),
        ("NBC News", "The Guardian", "POLITICO", "Bloomberg"),
        ("KyivPost",),
    ]

    assert expected == [tuple(outlet.name for outlet in group.outlets) for group in load(SEED).stories[0].perspectives]


def test_text_loader_seed_framing_and_critique():
    """In the seed the first sentence of each group frames and the second criticises."""
    expected = [("Frame", "By"), ("Report", "Their"), ("Portrays", "Operating")]
    groups = load(SEED).stories[0].perspectives

    assert expected == [(group.framing.split()[0], group.critique.split()[0]) for group in groups]


def test_text_loader_seed_findings():
    """What is guessed in the seed is where its outlets end, each on its line."""
    expected = [
        "21: glued-outlet: 'The Moscow TimesFrame' is split after 'The Moscow Times' (a known outlet); check the name",
        "25: glued-outlet: 'BloombergReport' is split after 'Bloomberg' (a known outlet); check the name",
        "29: glued-outlet: 'KyivPostPortrays' is split after 'KyivPost' (a known outlet); check the name",
    ]

    assert expected == findings(SEED)


@pytest.mark.parametrize("width", [0, 20, 60])
def test_text_loader_seed_round_trip(width):
    """The seed printed as text, wrapped or not, loads again to the same brief, with nothing to guess."""
    brief = load(SEED)
    report = p.load_report(p.render(brief, "text", width=width), "text")

    assert (brief, ()) == (report.brief, report.findings)


def test_text_loader_longest_outlet():
    """Of two known outlets of which one begins like the other, the longer is taken."""
    known = OutletDirectory(outlets=[Outlet(name="The Post"), Outlet(name="The PostWins")])
    data = b"A\n\nPerspectives\n\nWires\n\ne.g., The PostWinsFails here. It errs."
    loaded = TextLoader().load(Input(name="", data=data), TextOptions(), LoadTools(outlets=known))
    group = PerspectiveGroup(
        label="Wires", framing="Fails here.", critique="It errs.", outlets=[Outlet(name="The PostWins")]
    )

    assert (group,) == loaded.brief.stories[0].perspectives


def test_text_loader_repair_off():
    """Without repair the outlets that are glued stay with the framing, and nothing is guessed."""
    text = "A\n\nPerspectives\n\nWires\n\ne.g., Ledger, BloombergReport a cost. They err.\n"
    group = PerspectiveGroup(label="Wires", framing="e.g., Ledger, BloombergReport a cost.", critique="They err.")
    report = p.load_report(text.encode(), "text", repair="off")

    assert ((group,), ()) == (report.brief.stories[0].perspectives, report.findings)


def test_text_loader_repair_strict():
    """Strict repair refuses outlets that are glued to the text, with their line."""
    expected = "line 21: 'The Moscow TimesFrame' is an outlet and a word, expected outlets in a block of their own"

    assert expected == refused(SEED, repair="strict")


def test_text_loader_repair_other():
    """Another word for `repair` is an error that lists those there are."""
    expected = "perspectives-briefs:text: option 'repair' must be 'report' or 'off' or 'strict', got 'yes'"
    with pytest.raises(p.OptionsError) as error:
        load(SMALL, repair="yes")

    assert expected == str(error.value)


def test_text_loader_language():
    """The language of the headings is the brief's; English, the default, is not written; the caller's goes first."""
    expected = [None, "de", "de-AT"]
    german = "A\n\nFakten im Fokus\n\n1. Eins.\n"

    assert expected == [load(SMALL).language, load(german).language, load(german, language="de-AT").language]


def test_text_loader_language_refused():
    """Where the caller names the language, its words are expected."""
    expected = (
        "line 1: this is no brief: it has none of the headings,"
        " expected a line that says 'Fakten im Fokus', 'Hintergrund', 'Perspektiven'"
    )

    assert expected == refused(SMALL, language="de")


@pytest.mark.parametrize(
    "variant",
    [
        pytest.param(SMALL.replace("\n", "\r\n"), id="Windows line ends"),
        pytest.param(SMALL.replace("\n", "\r"), id="old Mac line ends"),
        pytest.param("\ufeff" + SMALL, id="byte order mark"),
        pytest.param(SMALL.replace("\n", " \t\u00a0\n"), id="trailing blanks"),
        pytest.param(SMALL.replace("\n\n", "\n \u3000\n\t\n\n"), id="blanks on blank lines"),
        pytest.param("\n\n\n" + SMALL.rstrip(), id="no newline at the end, some before"),
        pytest.param(SMALL.replace("1. ", "\t1.\t"), id="tabs around a number"),
        pytest.param(SMALL.replace("Focusing Facts", "Focusing\u00a0Facts"), id="no-break space in a heading"),
        pytest.param(SMALL.replace("e.g., ", "e.g.,\u00a0"), id="no-break space behind e.g."),
        pytest.param(SMALL.replace("e.g., ", "e.g. "), id="no comma behind e.g."),
        pytest.param(SMALL.replace("e.g., ", "e.g.,"), id="no blank behind e.g."),
        pytest.param(SMALL.replace("\n\n1.", "\n1.").replace("Perspectives\n\n", "Perspectives\n"), id="no blank line"),
        pytest.param(SMALL.replace("Focusing Facts", "FOCUSING FACTS :"), id="capitals and a colon"),
    ],
)
def test_text_loader_variant(variant):
    """Line ends, blanks and the look of headings do not change what is read."""

    assert load(SMALL) == load(variant)


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ("Bridge\u00a0closes\tnow", "Bridge\u00a0closes now"),
        ("Bridge  closes", "Bridge  closes"),
        ("Bridge\ncloses", "Bridge closes"),
        ("Bridge\x00closes", "Bridge\ufffdcloses"),
        ("Bridge\u2028closes", "Bridge closes"),
    ],
)
def test_text_loader_clean(given, expected):
    """Texts come through the gate: no-break spaces and runs of blanks stay, line breaks and tabs become a space."""

    assert expected == load(SMALL.replace("Bridge closes", given)).stories[0].headline


def test_text_loader_other_languages():
    """Where no language is named, the error says that headings of the others would do as well."""
    expected = (
        "line 1: this is no brief: it has none of the headings, expected a line that says"
        " 'Focusing Facts', 'Context', 'Perspectives', or the same in one of 12 other languages"
    )

    assert expected == refused("Bridge closes\n\nThe vote was close.\n")


def test_text_loader_common_knowledge():
    """What a note of common knowledge bears cites no source, also between sources, and no source is made of it."""
    text = (
        "Brücke schließt\n\nFakten im Fokus\n\n1. Eins.[1][2]\n2. Zwei.[3]\n\n"
        "Quellen\n\n[1] Protokoll\n\n[2] Allgemein bekannt\n\n[3] Allgemein bekannt <https://example.org/>\n"
    )
    cited = Citation(source="1")
    expected = Story(
        headline="Brücke schließt",
        facts=[
            Fact(text="Eins.", citations=[cited, COMMON_KNOWLEDGE]),
            Fact(text="Zwei.", citations=[Citation(source="3")]),
        ],
        sources=[
            Source(id="1", title="Protokoll"),
            Source(id="3", title="Allgemein bekannt", url="https://example.org/"),
        ],
    )

    assert (expected,) == load(text).stories


@pytest.mark.parametrize(
    ("language", "said", "expected"),
    [
        *((None, text, "A bridge.") for text in ("“A bridge.”", "„A bridge.“", "« A bridge. »", "「A bridge.」", '"A bridge."')),
        ("he", "”A bridge.”", "A bridge."),
        ("fr", "«\u00a0A bridge.\u00a0»", "A bridge."),
        (None, "“The “old” bridge.”", "The “old” bridge."),
        (None, "”A bridge.”", None),
        (None, "“A bridge.", None),
        (None, "“”", None),
        (None, '"', None),
        (None, "“Yes,” she said, “no.”", None),
        (None, '"Yes," she said, "no."', None),
    ],
)  # fmt: skip
def test_text_loader_very_words(language, said, expected):
    """Very words stand between the marks of the text's language or those that are known everywhere, with a source."""
    words = catalogue()[language or "en"]
    text = f"A\n\n{words.facts}\n\n1. B\n\n{words.quotes}\n\n> {{}} — C{{}}\n\n{words.sources}\n\n[1] D\n"
    quotes = [load(text.format(said, mark)).stories[0].quotes[0] for mark in ("[1]", "")]
    found = [(quote.text, quote.verbatim, quote.speaker) for quote in quotes]

    assert [(expected or said, expected is not None, "C"), (said, False, "C")] == found


def test_text_loader_status():
    """A printed status is read back as one."""
    expected = (Fact(text="It costs.", status="disputed"),)

    assert expected == load("A\n\nFocusing Facts\n\n1. Disputed: It costs.").stories[0].facts


# Headline, fact, paragraph; label, outlets, framing and critique of a group; label of another.
IN_LANGUAGES = {
    "ar": ("إغلاق الجسر", "افتتح عام 1911.", "السفن أهم من العربات.", "الصحافة الاقتصادية", "دفتر الميناء، الطبعة|الرصيف", "هل هذا خسارة؟ نعم.", "لا شيء عن المشاة.", "المهندسون"),
    "de": ("Brücke schließt", "Sie öffnete 1911.", "Schiffe gingen vor.", "Wirtschaftspresse", "Hafenblatt|Der Kai", "Nennt es einen Verlust, z. B. für Läden.", "Kein Wort zu Fußgängern.", "Ingenieure"),
    "en": ("Bridge closes", "It opened in 1911.", "Ships came first.", "Business press", "Harbour Ledger|The Quay", "Calls it a loss, e.g., for shops.", "Not a word on walkers.", "Engineers"),
    "es": ("Cierra el puente", "Se abrió en 1911.", "Los barcos iban primero.", "Prensa económica", "Diario del Puerto|El Muelle", "¿Una pérdida? Sí, p. ej. para las tiendas.", "Nada sobre los peatones.", "Ingenieros"),
    "fr": ("Le pont ferme", "Il a ouvert en 1911.", "Les bateaux d’abord.", "Presse économique", "Le Port, édition du soir|Le Quai", "«\u00a0Une perte\u00a0!\u00a0»", "Rien sur les piétons.", "Ingénieurs"),
    "he": ("הגשר נסגר", "הוא נפתח ב־1911.", "הספינות קודמות.", "העיתונות הכלכלית", "יומן הנמל|הרציף", "מתאר זאת כהפסד.", "אין מילה על הולכי הרגל.", "המהנדסים"),
    "hi": ("पुल बंद हुआ", "यह 1911 में खुला था।", "जहाज़ पहले आते थे।", "आर्थिक अख़बार", "बंदरगाह समाचार|घाट", "इसे नुकसान बताते हैं।", "पैदल चलने वालों पर कुछ नहीं।", "इंजीनियर"),
    "it": ("Il ponte chiude", "Aprì nel 1911.", "Prima le navi.", "Stampa economica", "Gazzetta del Porto|Il Molo", "La chiamano una perdita, ad es. per i negozi.", "Nulla sui pedoni.", "Ingegneri"),
    "ja": ("橋が閉鎖", "1911年に開通した。", "船が優先された。", "経済紙", "港新聞、夕刊|埠頭", "損失だと「伝えた。」と報じる。", "歩行者には触れない。", "技術者"),
    "pt": ("A ponte fecha", "Abriu em 1911.", "Os navios vinham primeiro.", "Imprensa econômica", "Diário do Porto|O Cais", "Fala em perda, p. ex. para as lojas.", "Nada sobre os pedestres.", "Engenheiros"),
    "ru": ("Мост закрывают", "Его открыли в 1911 г.", "Корабли были важнее.", "Деловая пресса", "Портовый листок|Причал", "Пишут об убытках магазинов и т. д.", "Ни слова о пешеходах.", "Инженеры"),
    "uk": ("Міст закривають", "Його відкрили 1911 р.", "Кораблі були важливіші.", "Ділова преса", "Портовий листок|Причал", "Пишуть про збитки крамниць.", "Ані слова про пішоходів.", "Інженери"),
    "zh": ("大桥关闭", "大桥于1911年开通。", "当时船比车重要。", "财经媒体", "港口报、晚刊|码头", "称之为损失。", "只字不提行人。", "工程师"),
}  # fmt: skip


def brief_in(language: str) -> Brief:
    """A small brief with a text in each part, in one language."""
    headline, fact, paragraph, label, outlets, framing, critique, other = IN_LANGUAGES[language]
    outlets = [Outlet(name=name) for name in outlets.split("|")]
    cited = [Citation(source="1")]
    story = Story(
        headline=headline,
        place=label,
        published=dt.datetime(2026, 1, 14, 18, 30, tzinfo=dt.UTC),
        updated=dt.datetime(2026, 1, 15, 6, 0, tzinfo=dt.UTC),
        facts=[
            Fact(text=fact, status=status, citations=cited)
            for status in ("reported", "confirmed", "disputed", "retracted")
        ],
        context=Context(paragraphs=[paragraph]),
        perspectives=[
            PerspectiveGroup(label=label, outlets=outlets, framing=framing, critique=critique, citations=cited),
            PerspectiveGroup(label=other, outlets=outlets, exhaustive=True, framing=paragraph),
            PerspectiveGroup(label=headline, framing=paragraph),
        ],
        links=[Link(rel="go-deeper", label=headline, href="https://example.org/")],
        quotes=[Quote(text=framing, speaker=label, verbatim=True, citations=cited)],
        sources=[Source(id="1", title=headline, archived_url="https://example.org/1")],
    )
    return Brief(language=language if language != "en" else None, stories=[story])


def test_text_loader_languages():
    """There is a brief for each shipped language."""

    assert sorted(catalogue()) == sorted(IN_LANGUAGES)


@pytest.mark.parametrize("language", IN_LANGUAGES)
def test_text_loader_language_round_trip(language):
    """A brief in any shipped language loads back equal from its text, the language known by the headings."""
    brief = brief_in(language)
    report = p.load_report(p.render(brief, "text"), "text")

    assert (brief, ()) == (report.brief, report.findings)


@pytest.mark.parametrize("name", ["facts", "context", "perspectives"])
@pytest.mark.parametrize("language", IN_LANGUAGES)
def test_text_loader_language_by_one_heading(language, name):
    """One of the first three headings is enough to know the language."""
    brief = brief_in(language)
    none = {"facts": (), "context": None, "perspectives": ()}
    only = {part: nothing for part, nothing in none.items() if part != name}
    brief = attrs.evolve(brief, stories=[attrs.evolve(brief.stories[0], **only)])

    assert brief == load(str(p.render(brief, "text")))


@pytest.mark.parametrize("form", ["NFC", "NFD"])
@pytest.mark.parametrize("language", ["fr", "hi", "es"])
def test_text_loader_composition(language, form):
    """Headings and leads of outlets are known with their accents composed or not."""
    text = str(p.render(brief_in(language), "text"))
    report = p.load_report(unicodedata.normalize(form, text).encode(), "text")

    assert (text, ()) == (unicodedata.normalize("NFC", str(p.render(report.brief, "text"))), report.findings)


@pytest.mark.parametrize("text", ["", "\n", " \t\r\n\ufeff", "\ufeff"])
def test_text_loader_empty(text):
    """A text of nothing is refused."""
    expected = "line 1: there is no text, expected a brief"

    assert expected == refused(text)


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (b"Hello\n\xff\xfe\x00", "line 2: byte 0xff at offset 6 is not UTF-8, expected a text in UTF-8"),
        (
            "A\n\n\udc80".encode("utf-8", "surrogatepass"),
            "line 3: byte 0xed at offset 3 is not UTF-8, expected a text in UTF-8",
        ),
    ],
)
def test_text_loader_binary(data, expected):
    """Bytes that are no text are refused, with the line of the first."""
    with pytest.raises(p.LoadError) as error:
        p.load_report(data, "text")

    assert expected == str(error.value)


@pytest.mark.parametrize(
    ("head", "expected"),
    [
        (b"Title\n\n Focusing facts:\r\n1. One.", Confidence.POSSIBLE),
        (b"Titel\n\nPerspektiven\n", Confidence.POSSIBLE),
        (b"Title\n\nThe focusing facts are these.", Confidence.NO),
        (b"", Confidence.NO),
        (bytes(range(256)) * 20, Confidence.NO),
    ],
)
def test_text_loader_sniff(head, expected):
    """An input may be a text brief where a line is one of the headings, and no bytes break the look."""

    assert expected == TextLoader().sniff(Input(name="x", data=head))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("One. Two.", ["One.", "Two."]),
        ("The U.S. Army left. It came back.", ["The U.S. Army left.", "It came back."]),
        ("Mr. Lee vs. Dr. Kim, e.g. in St. Ives. He left.", ["Mr. Lee vs. Dr. Kim, e.g. in St. Ives.", "He left."]),
        ("In Jan. all was well, approx. 3 p.m. or so.", ["In Jan. all was well, approx. 3 p.m. or so."]),
        ("“Why?” he asked. “Because!” It was.", ["“Why?” he asked.", "“Because!”", "It was."]),
        (
            "It fell by 3.5 percent. 20 left in 2024. More came.",
            ["It fell by 3.5 percent.", "20 left in 2024.", "More came."],
        ),
        ("Wait… what? Yes.", ["Wait… what?", "Yes."]),
        ("第一句。第二句！", ["第一句。", "第二句！"]),
        ("هل هذا؟ نعم.", ["هل هذا؟", "نعم."]),
        ("No end", ["No end"]),
        ("यह पहला है। यह दूसरा है॥ तीसरा", ["यह पहला है।", "यह दूसरा है॥", "तीसरा"]),
        ("“क्या यह है।” उसने कहा।", ["“क्या यह है।”", "उसने कहा।"]),
        ("बी.जे.पी. ने और डॉ. सिंह ने कहा। यह है. वह है.", ["बी.जे.पी. ने और डॉ. सिंह ने कहा।", "यह है.", "वह है."]),
        ("Il parle.\u00a0» Elle part.", ["Il parle.\u00a0»", "Elle part."]),
        ("« Non. » Elle part.", ["« Non. »", "Elle part."]),
        ("Quoi\u202f?\u202f» Rien\u00a0! Bien.", ["Quoi\u202f?\u202f»", "Rien\u00a0!", "Bien."]),
        (
            "P. ex. Le Monde, p.\u00a0ex. Libération. M. Roy part.",
            ["P. ex. Le Monde, p.\u00a0ex. Libération.", "M. Roy part."],
        ),
        ("En EE. UU. Trump, p. ej. La Sra. Paz. Vale.", ["En EE. UU. Trump, p. ej. La Sra. Paz.", "Vale."]),
        ("Ad es. Il Sole e il dott. Rossi. Fine.", ["Ad es. Il Sole e il dott. Rossi.", "Fine."]),
        ("Er tat es. Dann kam sie.", ["Er tat es.", "Dann kam sie."]),
        ("„Nein.“ Er ging. »Ja.« So war es.", ["„Nein.“", "Er ging.", "»Ja.«", "So war es."]),
        ("Er ging. »Nein«, sagte er.", ["Er ging.", "»Nein«, sagte er."]),
        ("Газеты и т. д. Всё, напр. Труд. Да.", ["Газеты и т. д. Всё, напр. Труд.", "Да."]),
        ("На вул. Садовій проф. Лис. Так.", ["На вул. Садовій проф. Лис.", "Так."]),
        ("「必要だ。」と述べた。続く。", ["「必要だ。」と述べた。", "続く。"]),
        ("“这很必要。”他说。完了。", ["“这很必要。”", "他说。", "完了。"]),
        ("הוא אמר. היא הלכה.", ["הוא אמר.", "היא הלכה."]),
    ],
)
def test_sentences_split(text, expected):
    """Sentences end at a stop that a blank and no small letter follows; abbreviations and initials end none."""

    assert expected == sentences(text)


WORDS_OF_THE_LAYOUT = frozenset(
    word
    for wording in catalogue().values()
    for text in attrs.asdict(wording).values()
    for word in re.findall(r"[^\W\d_]+", str(text))
)


def words(*parts: str) -> Counter[str]:
    """How often each word stands in the texts; the printed words and numbers are not the writer's."""
    found = (word for text in parts for word in re.findall(r"[^\W\d_]+", text))
    return Counter(word for word in found if word not in WORDS_OF_THE_LAYOUT)


def words_of(report: p.LoadReport) -> Counter[str]:
    """The words of a brief and of what its loader had to say."""
    brief = report.brief
    nodes = [text for node in outline(brief, wording_of(brief)) for text in (node.text, node.href or "")]
    # A section is printed once over all its stories, and stands in each of them.
    sections = [story.section for story in brief.stories if story.section]
    # A finding quotes with escapes what a terminal must not get: \\u202e is no word.
    findings = (re.sub(r"\\[xuU][0-9a-f]{2,8}", " ", str(finding)) for finding in report.findings)
    return words(*nodes, *sections, *findings)


DOCUMENTS = [
    SEED,
    *(str(p.render(samples[name], "text")) for name in ("full", "hostile", "right-to-left", "twelve-groups")),
]


@st.composite
def mutated_blocks(draw: st.DrawFn) -> str:
    """A text in the layout with some of its blocks deleted, doubled, moved, joined, or new."""
    blocks = re.split(r"\n{2,}", draw(st.sampled_from(DOCUMENTS)).strip())
    new = st.sampled_from(
        ["Stray words here.", "***", "=====", "— Somebody", "2025-08-12", "Place: Elsewhere", "1. Another fact", "[1] A note",
         "e.g., QuayReport so. They err.", "Outlets: —", "Go Deeper on Stray", "Read <javascript:stray>", "Archived copy <https://a.b/>",
         *(getattr(catalogue()["en"], name) for name in ("facts", "context", "perspectives", "go_deeper", "sources"))]
    )  # fmt: skip
    for _ in range(draw(st.integers(1, 4))):
        at = draw(st.integers(0, len(blocks) - 1))
        other = draw(st.integers(0, len(blocks) - 1))
        match draw(st.sampled_from(["delete", "double", "swap", "move", "join", "insert"])):
            case "delete" if len(blocks) > 1:
                del blocks[at]
            case "double":
                blocks.insert(other, blocks[at])
            case "swap":
                blocks[at], blocks[other] = blocks[other], blocks[at]
            case "move":
                blocks.insert(other, blocks.pop(at))
            case "join" if at:
                blocks[at - 1 : at + 1] = [blocks[at - 1] + "\n" + blocks[at]]
            case _:
                blocks.insert(at, draw(new))
    return "\n\n".join(blocks)


def report_or_error(text: str) -> p.LoadReport | p.LoadError:
    """What a text gives; any other exception is not caught."""
    try:
        return p.load_report(text.encode("utf-8", "surrogatepass"), "text", limits=p.Limits.unlimited())
    except p.LoadError as error:
        return error


def bad_lines(text: str, error: p.LoadError) -> list[object]:
    """The faults of an error that have no line of the text."""
    count = len(re.split(r"\r\n|\r|\n", text))
    return [fault for fault in error.faults if fault.line is None or not 1 <= fault.line <= count]


@settings(max_examples=400, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(mutated_blocks())
def test_text_loader_keeps_words(text):
    """Every word of a text, however its blocks are mixed up, is in the brief or in a finding; or a line is refused."""
    result = report_or_error(text)
    lost = bad_lines(text, result) if isinstance(result, p.LoadError) else words(text) - words_of(result)

    assert not lost, lost


@st.composite
def mutated_characters(draw: st.DrawFn) -> str:
    """A text in the layout with characters deleted, doubled, moved, or new."""
    text = draw(st.sampled_from(DOCUMENTS))
    new = (
        st.sampled_from([*"\n\r\t\0\x0b\x85\u2028\ufeff\ud800 <>[]*—=.,:\\1e", "\n\n", "***", "\n1. ", "e.g.,"])
        | st.characters()
    )
    for _ in range(draw(st.integers(1, 6))):
        at = draw(st.integers(0, len(text)))
        until = min(len(text), at + draw(st.integers(0, 40)))
        piece = draw(st.one_of(st.just(""), new, st.just(text[at:until] * 2), st.just(text[at:until][::-1])))
        text = text[:at] + piece + text[until:]
    return text


@settings(max_examples=400, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(mutated_characters() | st.text() | texts(60))
def test_text_loader_only_load_errors(text):
    """Any text gives a brief, or a `LoadError` whose faults have a line of it."""
    result = report_or_error(text)

    assert [] == (bad_lines(text, result) if isinstance(result, p.LoadError) else [])


LAYOUTS = {tag: Words(wording) for tag, wording in catalogue().items()}


def is_only_text(text: str) -> bool:
    """Whether a text reads as nothing but itself in each language: no heading, rule, outlets, date, link or mark."""
    block = Block(1, (text,))
    layout = (
        block.is_rule,
        block.is_underlined,
        text.startswith(("— ", "> ")),
        re.search(r"\[\d+\]$", text),
        read_date(text),
    )
    by_language = (
        said
        for words in LAYOUTS.values()
        for said in (
            words.heading(block),
            words.lead(text),
            words.is_loose_link(block),
            words.dateline(text),
            words.status(text)[1] != "reported",
            words.is_remark(text),
        )
    )
    return not any(layout) and not any(by_language) and read_link(text, 1, []) == (text, None)


def is_name(text: str) -> bool:
    """Whether an outlet of this name is read back: eight words at most, no dash, and no end of a sentence."""
    return is_only_text(text) and len(text.split()) <= 8 and text != "—" and not is_prose(text)


def maybe(strategy: st.SearchStrategy[object]) -> st.SearchStrategy[object]:
    """The values of a strategy, or None."""
    return st.none() | strategy


plain = texts(4).filter(is_only_text)
urls = st.sampled_from(["https://example.org", "http://a.example:8080/x?a=1&b=(2)"])
moments = st.datetimes(timezones=st.just(dt.UTC) | st.just(dt.timezone(dt.timedelta(hours=-3, minutes=-30))))


def said(words: str, speaker: str | None, citations: list[Citation], is_verbatim: bool) -> Quote:
    """A quote, verbatim only where it is cited."""
    return Quote(text=words, speaker=speaker, citations=citations, verbatim=is_verbatim and bool(citations))


COMMON_KNOWLEDGE = Citation(kind="common-knowledge")
QUOTATION_MARKS = frozenset("".join(f"{one.open_quote}{one.close_quote}" for one in catalogue().values()) + '"')


def is_answer(text: str) -> bool:
    """Whether a text does not end like a question."""
    return text[-1] not in "?？؟"


@st.composite
def shown_stories(draw: st.DrawFn) -> Story:
    """Stories of what the layout can show; the ids of the sources are not yet the printed numbers."""
    sources = draw(
        st.lists(st.builds(Source, id=st.just("?"), title=plain, url=maybe(urls), archived_url=maybe(urls)), max_size=3)
    )
    sources = [attrs.evolve(source, id=f"s{index}") for index, source in enumerate(sources)]
    cited = [Citation(source=one.id) for one in sources]
    citations = st.lists(st.sampled_from([COMMON_KNOWLEDGE, *cited]), unique=True)
    spoken = plain.filter(lambda text: " — " not in text and not QUOTATION_MARKS & set(text))
    timed = plain.filter(lambda text: ": " not in text and not text.endswith(":"))
    question = st.builds(
        Question, question=plain.map("{}?".format).filter(is_only_text), answer=st.lists(plain.filter(is_answer)),
        citations=citations,
    )  # fmt: skip
    image = st.builds(Image, url=urls, alt=st.just("") | plain, caption=maybe(plain), credit=maybe(plain))
    undated = plain.filter(lambda text: not read_date(text.partition(": ")[0]))
    quotes = st.lists(st.builds(said, spoken, maybe(spoken), citations, st.booleans()), max_size=2)
    group = st.builds(
        PerspectiveGroup, label=plain, framing=plain, critique=maybe(plain), citations=citations, quotes=quotes,
        outlets=st.lists(st.builds(Outlet, name=texts(4).filter(is_name)), max_size=3, unique_by=lambda one: one.identity),
        exhaustive=st.booleans(),
    )  # fmt: skip
    groups = draw(st.lists(group, max_size=3, unique_by=lambda one: one.label))
    status = st.sampled_from(["reported", "confirmed", "disputed", "retracted"])
    published, updated = sorted(draw(st.tuples(moments, moments)))
    return Story(
        headline=draw(plain),
        section=draw(maybe(plain)),
        summary=draw(maybe(plain)),
        url=draw(maybe(urls)),
        place=draw(maybe(texts(4))),
        date=draw(maybe(st.dates())),
        published=draw(st.sampled_from([None, published])),
        updated=draw(st.sampled_from([None, updated])),
        facts=draw(st.lists(st.builds(Fact, text=plain, status=status, citations=citations), max_size=4)),
        context=draw(
            maybe(
                st.builds(
                    Context,
                    paragraphs=st.lists(st.builds(Paragraph, text=plain, citations=citations), min_size=1, max_size=3),
                )
            )
        ),
        perspectives=[attrs.evolve(one, exhaustive=one.exhaustive and bool(one.outlets)) for one in groups],
        quotes=draw(quotes),
        timeline=draw(st.lists(st.builds(TimelineEvent, when=timed, text=plain, citations=citations), max_size=2)),
        questions=draw(st.lists(question, max_size=2)),
        images=draw(st.lists(image, max_size=2)),
        subjects=draw(
            st.lists(
                st.builds(Subject, name=plain.filter(lambda text: not BULLET.fullmatch(f"{text} x")), uri=maybe(urls)),
                max_size=2,
            )
        ),
        corrections=draw(st.lists(st.builds(Correction, text=undated, date=maybe(st.dates())), max_size=2)),
        links=draw(st.lists(st.builds(Link, rel=st.just("go-deeper"), label=plain, href=maybe(urls)), max_size=3)),
        sources=sources,
    )


def with_printed_ids(story: Story, after: int) -> Story:
    """The story with its sources in printed order, each with the printed number for its id."""
    numbers = {source.id: str(number) for number, source in Numbering(story, after).notes if source}

    def cited(item):
        citations = [Citation(source=numbers[one.source]) if one.source else one for one in item.citations]
        return attrs.evolve(item, citations=citations)

    sources = [attrs.evolve(source, id=numbers[source.id]) for source in story.sources]
    return attrs.evolve(
        story,
        facts=[cited(fact) for fact in story.facts],
        context=story.context and Context(paragraphs=[cited(one) for one in story.context.paragraphs]),
        perspectives=[
            attrs.evolve(cited(group), quotes=[cited(quote) for quote in group.quotes]) for group in story.perspectives
        ],
        quotes=[cited(quote) for quote in story.quotes],
        timeline=[cited(event) for event in story.timeline],
        questions=[cited(question) for question in story.questions],
        sources=sorted(sources, key=lambda source: int(source.id)),
    )


def in_layout(stories: list[Story]) -> list[Story]:
    """The stories with sections that stand until the next, a new one only over a summary or a dateline."""
    found, section, notes = [], None, 0
    for story in stories:
        is_clear = story.summary or story.place or story.date or story.published or story.updated
        section = story.section if story.section and is_clear else section
        found.append(attrs.evolve(with_printed_ids(story, notes), section=section))
        notes += len(Numbering(story).notes)
    return found


@st.composite
def calls(draw: st.DrawFn) -> CallToAction:
    """Calls to action whose texts come in this order: headline, body, assurance, link."""
    found = draw(st.lists(plain, max_size=5))
    href = draw(maybe(urls) if found else urls)
    return CallToAction(
        headline=found[0] if found else None,
        body=found[1:2] if len(found) == 2 else found[1:-1],
        assurance=found[-1] if len(found) > 2 else None,
        label=draw(plain) if href else None,
        href=href,
    )


@st.composite
def shown_briefs(draw: st.DrawFn) -> Brief:
    """Briefs of all that the layout can show, as the docstring of `TextLoader` defines them."""
    title = draw(maybe(plain))
    publisher = st.builds(
        Publisher, name=plain, url=maybe(urls), postal_address=maybe(plain.filter(lambda text: "@" not in text)),
        email=st.sampled_from([None, "desk@example.org"]),
    )  # fmt: skip
    stories = in_layout(draw(st.lists(shown_stories(), min_size=1, max_size=3)))
    call = draw(maybe(calls()))
    assume(any(story.facts or story.context or story.perspectives for story in stories))
    last = stories[-1]
    assume(call or last.facts or last.context or last.perspectives or last.links or last.sources)
    return Brief(
        title=title,
        url=draw(maybe(urls)) if title else None,
        date=draw(maybe(st.dates())),
        intro=draw(maybe(plain)),
        language=draw(st.sampled_from([None, *(tag for tag in catalogue() if tag != "en")])),
        stories=stories,
        call_to_action=call,
        publisher=draw(maybe(publisher)),
    )


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(shown_briefs())
def test_text_loader_round_trip(brief):
    """A brief of what the layout can show loads back equal from its text, and nothing is guessed."""
    report = p.load_report(p.render(brief, "text"), "text")

    assert (brief, ()) == (report.brief, report.findings)


def in_names(text: str) -> str:
    """A text among the outlets of a group."""
    return f"A\n\nPerspectives\n\nWires\n\ne.g., {text}.\n"


def in_link(text: str) -> str:
    """A text as the words of links."""
    return f"A\n\nContext\n\nB.\n\nGo Deeper\n\na{text}>\n\nb{text} <https://a.example/>\n"


def in_fact(text: str) -> str:
    """A text in a fact and in a source."""
    return f"A\n\nFocusing Facts\n\n1. a{text}\n\nSources\n\n[1] b{text}\n"


PLACES = {"raw": "Context\n\n{}".format, "names": in_names, "link": in_link, "fact": in_fact}
FILLERS = [
    *(" ", "\n", "\r", "\t", "\u00a0", ",", ".", "*", "1", "<", "[", "[1]", "aB", "aB ", ". ", "\\,", '."', " <", ": "),
    *("e.g., ", "U.S. ", "xReport ", "BloombergReport a, ", "। ", ". » ", " »", ".\u00a0»"),
]
LISTS = {
    "facts": ("A\n\nFocusing Facts\n\n", "  {}. One.\n"),
    "parted facts": ("A\n\nFocusing Facts\n\n", "  {}. One.\n\n"),
    "stories": ("", "A {}\n\nFocusing Facts\n\n1. One.\n\n"),
    "ruled stories": ("", "A {}\n\nFocusing Facts\n\n1. One.\n\n***\n\n"),
    "groups": ("A\n\nPerspectives\n\n", "L {}\n\ne.g., B\n\nFrames.\n\n"),
    "glued groups": ("A\n\nPerspectives\n\n", "L {}\n\ne.g., B, CReport so. Errs.\n\n"),
    "outlets above outlets": ("A\n\nPerspectives\n\n", "e.g., A {}\n\n"),
    "paragraphs": ("A\n\nContext\n\n", "B {}\n\n"),
    "loose links": ("A\n\nContext\n\nB\n\n", "Go Deeper on {}\n\n"),
    "sources": ("A\n\nFocusing Facts\n\n1. One.[1]\n\nSources\n\n", "[{}] B\n\n"),
    "headings": ("A\n\n", "Context\n"),
    "quotes": ("A\n\nContext\n\nB\n\nQuotes\n\n", "> “C {}” — D\n"),
    "events": ("A\n\nContext\n\nB\n\nTimeline\n\n", "{}. May: C\n"),
    "questions": ("A\n\nContext\n\nB\n\nQuestions\n\n", "C {}?\nD.\n"),
    "rules": ("A\n\nContext\n\nB\n\n", "***\n\n"),
    "head": ("", "2025-08-12\n\n"),
    "call to action": ("A\n\nContext\n\nB\n\n***\n\n", "C {}\n\n"),
}


def seconds(text: str) -> float:
    """How long the processor takes for a text, at best."""
    best = float("inf")
    for _ in range(2):
        started = time.process_time()
        report_or_error(text)
        best = min(best, time.process_time() - started)
    return best


def is_linear(make: Callable[[int], str], size: int = 8_000) -> bool:
    """Whether eight times the text takes at most 2.5 times as long for each doubling; a clock is given three tries."""
    # What takes under 10 ms says nothing; a quadratic step takes seconds at this size.
    return any(seconds(make(8 * size)) < 2.5**3 * seconds(make(size)) + 0.01 for _ in range(3))


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize("filler", FILLERS)
def test_text_loader_linear(place, filler):
    """However long a text of a hard filler is, each doubling costs at most about twice the time."""
    assert is_linear(lambda size: PLACES[place](filler * (size // len(filler))))


@pytest.mark.parametrize("name", LISTS)
def test_text_loader_linear_lists(name):
    """However many parts of a kind there are, each doubling costs at most about twice the time."""
    head, piece = LISTS[name]

    assert is_linear(lambda size: head + "".join(piece.format(number) for number in range(1, size // len(piece))))


def test_faults_of_one_object_are_not_without_end():
    """Of an object with very many faults the first thousand are told, and that there may be more."""
    text = SMALL.replace("Ledger, Trade Post", ", ".join(["Ledger"] * 5_000))

    with pytest.raises(p.LoadError) as caught:
        p.loads(text, "text")
    faults = caught.value.faults
    assert (1_001, {11}) == (len(faults), {fault.line for fault in faults})
    assert ("more-faults", "no more than 1,000 faults are looked for, expected these mended, then another look") == (
        faults[-1].code,
        str(faults[-1]),
    )
