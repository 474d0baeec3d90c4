"""What the renderer promises, and what is in its books."""

import datetime as dt
import io
import os
import subprocess
import sys
import zipfile
from pathlib import Path
from typing import Any

import attrs
import pytest
from books import (
    ADDRESSES,
    BRIEFS,
    GIF,
    JPEG,
    PNG,
    SEED,
    TYPE,
    WEBP,
    XHTML,
    books,
    broken_links,
    contents,
    opened,
    package,
    pages,
    text,
    told,
)

import perspectives as p
from perspectives.plugin import Rendered
from perspectives.testing import RendererContract, samples
from perspectives_epub import EpubRenderer

GOLDEN = Path(__file__).with_name("golden")
EXAMPLES = int(os.environ.get("PERSPECTIVES_EXAMPLES", "200"))
URL = "https://example.org/a.png"


class TestEpubRenderer(RendererContract):
    """It keeps each promise of a renderer."""

    renderer = EpubRenderer()
    readme = Path(__file__).parents[1] / "README.md"
    examples = EXAMPLES

    def visible_text(self, rendered: Rendered) -> str:
        """The pages; the contents are not looked at, or a headline that is dropped would be found there."""
        return "\n".join(text(page) for name, page in pages(rendered).items() if name != "EPUB/nav.xhtml")

    def structure(self, rendered: Rendered) -> object:
        """Files, elements, attributes, and where links lead."""
        kept = ("class", "epub:type", "href", "id", "name", "property", "role", "src")
        return [
            (name, one.tag, *((key, value if key in kept else "") for key, value in sorted(one.attrib.items())))
            for name, root in [("package", package(rendered)), *pages(rendered).items()]
            for one in root.iter()
        ]


def story(**fields: Any) -> p.Story:
    """A story of one headline and what the test is about."""
    return p.Story(headline="A bridge closes", **fields)


def golden(name: str) -> dict[str, str]:
    """The files of a book as they were read and found good."""
    return {path.name: path.read_text(encoding="utf-8") for path in sorted((GOLDEN / name).iterdir())}


def written(book: p.Rendered) -> dict[str, str]:
    """Its pages and package, by name."""
    names = sorted(name for name in opened(book) if name.startswith("EPUB/") and name.endswith(("l", "opf")))
    return {name.removeprefix("EPUB/"): opened(book)[name].decode() for name in names}


def test_seed_is_this_book() -> None:
    """The seed's pages, contents and package are exactly these."""

    assert golden("seed") == written(p.render(p.load_report(SEED).brief, "epub"))


def test_everything_has_its_place() -> None:
    """A brief that says all that can be said, with images, is exactly this book."""

    assert golden("full") == written(p.render(samples["full"], "epub", assets=ADDRESSES))


def test_file_says_what_it_is() -> None:
    """The first entry is `mimetype`, stored and without extra fields, so that byte 38 begins the media type (OCF 3.3, 4.3)."""
    data = bytes(p.render(story(), "epub"))

    assert b"mimetypeapplication/epub+zip" == data[30:58]


def test_names_and_times_are_fixed() -> None:
    """Files stand in one order, and have the first time that a zip can hold."""
    book = p.render(
        p.Brief(title="Two", stories=[story(images=[p.Image(url=URL, alt="")]), story()]), "epub", assets={URL: PNG}
    )
    with zipfile.ZipFile(io.BytesIO(bytes(book))) as file:
        entries = [(entry.filename, entry.date_time) for entry in file.infolist()]

    names = [
        "mimetype",
        "META-INF/container.xml",
        "EPUB/package.opf",
        "EPUB/nav.xhtml",
        "EPUB/book.css",
        "EPUB/title.xhtml",
    ]
    names += ["EPUB/story-1.xhtml", "EPUB/story-2.xhtml", "EPUB/images/1.png"]
    assert [(name, (1980, 1, 1, 0, 0, 0)) for name in names] == entries


@pytest.mark.parametrize("name", sorted(BRIEFS))
def test_each_page_tells_its_story(name: str) -> None:
    """All that the outline says of a story is on its page, but for the heading over images, which stand on top."""
    brief, read = BRIEFS[name], pages(books()[name])
    nodes = list(p.Registry().render_tools().outline(brief))
    for number in range(len(brief.stories)):
        page = " ".join(text(read[f"EPUB/story-{number + 1}.xhtml"]).split())
        told_here = [node for node in nodes if node.path.startswith(f"$.stories[{number}].")]
        said = [node.text for node in told_here if node.role != "images"]

        assert [] == [one for one in said if " ".join(one.split()) not in page]


@pytest.mark.parametrize("name", sorted({*BRIEFS, "images"}))
def test_links_lead_somewhere(name: str) -> None:
    """Whatever a book refers to is in it, but for links that a reader follows."""

    assert [] == list(broken_links(books()[name]))


def test_contents_name_sections_and_stories() -> None:
    """The contents have the sections in order, below each its stories, and the last page."""
    stories = [
        story(section="City"),
        p.Story(headline="Library lends tools", section="City"),
        p.Story(headline="Ferry", section="Port"),
    ]
    book = p.render(p.Brief(title="Evening", stories=stories, publisher=p.Publisher(name="Desk")), "epub")

    assert [
        ("City", None),
        ("A bridge closes", "story-1.xhtml"),
        ("Library lends tools", "story-2.xhtml"),
        ("Port", None),
        ("Ferry", "story-3.xhtml"),
        ("Desk", "end.xhtml"),
    ] == contents(book)


def test_contents_are_a_page_of_several_stories() -> None:
    """Contents are turned to where there is more than one story, and always in the reader's menu."""
    one, two = (list(pages(p.render(p.Brief(stories=[story()] * count), "epub"))) for count in (1, 2))

    assert (["EPUB/title.xhtml", "EPUB/story-1.xhtml"], "EPUB/nav.xhtml") == (one, two[1])


@pytest.mark.parametrize(
    ("brief", "modified"),
    [
        (p.Brief(stories=[story(updated=dt.datetime(2026, 1, 15, 6, 0, 0, 5, tzinfo=dt.UTC))]), "2026-01-15T06:00:00Z"),
        (p.Brief(date=dt.date(2026, 1, 14), stories=[story()]), "2026-01-14T00:00:00Z"),
        (p.Brief(date=dt.date(2026, 1, 14), stories=[story(published=dt.datetime(2026, 1, 14, 3, tzinfo=dt.timezone(dt.timedelta(hours=2))))]), "2026-01-14T01:00:00Z"),
        (p.Brief(provenance=p.Provenance(created=dt.datetime(2026, 1, 2, tzinfo=dt.UTC))), "2026-01-02T00:00:00Z"),
        (p.Brief(stories=[story(published=dt.datetime(1, 1, 1, tzinfo=dt.timezone(dt.timedelta(hours=2))))]), "0001-01-01T00:00:00Z"),
        (p.Brief(date=dt.date(2026, 1, 14), stories=[story(corrections=[p.Correction(text="It was 8 to 9.", date=dt.date(2026, 1, 16))])]), "2026-01-16T00:00:00Z"),
        (p.Brief(stories=[story()]), "1980-01-01T00:00:00Z"),
    ],
)  # fmt: skip
def test_book_is_as_old_as_its_brief(brief: p.Brief, modified: str) -> None:
    """The time that EPUB requires is the latest that the brief says, and never that of the clock."""

    assert [modified] == told(p.render(brief, "epub"), "dcterms:modified")


def test_no_date_is_said() -> None:
    """A brief without a date gets the documented one, and a finding."""
    found = [(finding.code, finding.severity, str(finding)) for finding in p.render(story(), "epub").findings]

    message = "the brief has no date, so that the book says it was last changed on 1 January 1980; give 'modified'"
    assert [("no-date", "info", message)] == found


def test_date_can_be_given() -> None:
    """A date that the caller gives is that of the book, and nothing is left to say."""
    book = p.render(story(), "epub", modified=dt.datetime(2026, 1, 14, 18, 30, tzinfo=dt.UTC))

    assert (["2026-01-14T18:30:00Z"], ()) == (told(book, "dcterms:modified"), book.findings)


def test_time_without_offset_is_refused() -> None:
    """A time that is not on the line of all times is no option."""
    with pytest.raises(p.OptionsError) as error:
        p.render(story(), "epub", modified=dt.datetime(2026, 1, 14))

    message = "perspectives-epub:epub: option 'modified' must have an offset like +00:00, got '2026-01-14T00:00:00'"
    assert message == str(error.value)


def test_long_dates_are_in_the_language() -> None:
    """With `dates="long"` days are written as people write them."""
    book = p.render(p.Brief(title="Abend", language="de", date=dt.date(2026, 1, 14)), "epub", dates="long")

    assert "Abend 14. Januar 2026" == " ".join(text(pages(book)["EPUB/title.xhtml"]).split())


@pytest.mark.parametrize(
    ("fields", "identifier"),
    [
        ({"id": "evening-14", "url": "https://example.org/14"}, "evening-14"),
        ({"url": "https://example.org/14"}, "https://example.org/14"),
        ({}, "urn:uuid:d552464c-0287-5b04-9cc8-11435f18980a"),
        ({"title": "Evening"}, "urn:uuid:40f632a5-2fa6-5d86-b7b9-9449fa7bba38"),
    ],
)
def test_identifier_is_stable(fields: dict[str, Any], identifier: str) -> None:
    """A book is known by the id or address of its brief, else by what it says."""

    assert [identifier] == told(p.render(p.Brief(stories=[story()], **fields), "epub"), "dc:identifier")


def test_metadata_are_those_of_the_brief() -> None:
    """Libraries are told title, languages, publisher, day, introduction and subjects, each once."""
    subjects = [p.Subject(name="bridges"), p.Subject(name="ferries"), p.Subject(name="bridges")]
    brief = p.Brief(
        title="Evening", intro="All of today.", date=dt.date(2026, 1, 14), language="en", publisher=p.Publisher(name="Desk"),
        stories=[story(language="de", subjects=subjects), story(language="en")],
    )  # fmt: skip
    book = p.render(brief, "epub")

    assert {
        "title": ["Evening"],
        "language": ["en", "de"],
        "creator": ["Desk"],
        "publisher": ["Desk"],
        "date": ["2026-01-14"],
        "description": ["All of today."],
        "subject": ["bridges", "ferries"],
    } == {
        name: told(book, f"dc:{name}") for name in "title language creator publisher date description subject".split()
    }


@pytest.mark.parametrize(("language", "direction"), [("ar", "rtl"), ("he", "rtl"), ("ja", "ltr"), ("en", "ltr")])
def test_pages_turn_as_the_language_runs(language: str, direction: str) -> None:
    """A book in Arabic or Hebrew is turned from right to left."""
    book = p.render(p.Brief(language=language, stories=[story()]), "epub")
    spine = package(book).find("{*}spine")
    found = [spine.get("page-progression-direction") if spine is not None else None]
    found += [page.get("dir") for page in pages(book).values()]

    assert [direction] * 3 == found


@pytest.mark.parametrize(
    ("languages", "said", "direction"),
    [((None, "ar", "en"), ["ar", "en"], "rtl"), (("en", "ar"), ["en", "ar"], "ltr"), ((None, None), ["en"], "ltr")],
)
def test_language_is_said_by_the_brief(languages: tuple[str | None, ...], said: list[str], direction: str) -> None:
    """A brief without a language is in those of its stories, and runs as the first of them."""
    of_brief, *others = languages
    book = p.render(p.Brief(language=of_brief, stories=[story(language=one) for one in others]), "epub")
    spine = package(book).find("{*}spine")

    assert spine is not None
    assert (said, direction) == (told(book, "dc:language"), spine.get("page-progression-direction"))


@pytest.mark.parametrize(
    ("data", "name", "media_type"),
    [(PNG, "1.png", "image/png"), (JPEG, "1.jpeg", "image/jpeg"), (GIF, "1.gif", "image/gif")],
)
def test_images_are_in_the_book(data: bytes, name: str, media_type: str) -> None:
    """An image whose bytes the caller gives is in the book, under the type that its bytes say."""
    image = p.Image(url=URL, alt="The bridge", caption="At noon")
    book = p.render(story(images=[image, image]), "epub", assets={URL: data})
    page = pages(book)["EPUB/story-1.xhtml"]
    declared = [
        item.attrib for item in package(book).iter("{http://www.idpf.org/2007/opf}item") if item.get("id") == "image-1"
    ]

    assert data == opened(book)[f"EPUB/images/{name}"]
    assert [{"id": "image-1", "href": f"images/{name}", "media-type": media_type}] == declared
    assert [{"src": f"images/{name}", "alt": "The bridge"}] * 2 == [one.attrib for one in page.iter(f"{XHTML}img")]


@pytest.mark.parametrize("assets", [{}, {URL: WEBP}, {URL: b"<svg/>"}, {URL: b""}])
@pytest.mark.parametrize(("alt", "words"), [("The bridge", "The bridge"), ("", "Image")])
def test_other_images_are_links(assets: dict[str, bytes], alt: str, words: str) -> None:
    """An image that is not at hand, or that readers cannot show, is its text and a link, and a finding."""
    book = p.render(
        story(images=[p.Image(url=URL, alt=alt)]),
        "epub",
        assets=assets,
        modified=dt.datetime(2026, 1, 14, tzinfo=dt.UTC),
    )
    links = [(one.get("href"), one.text) for one in pages(book)["EPUB/story-1.xhtml"].iter(f"{XHTML}a")]

    assert [(URL, words)] == links
    assert [
        p.Finding(
            code="linked-image",
            message=f"the image {URL} is a link",
            path="$.stories[0].images[0]",
            hint="give it in `assets`, as PNG, JPEG or GIF",
        )
    ] == list(book.findings)


def test_readers_choose_colours_and_fonts() -> None:
    """The stylesheet sets no colour, no font and no size that would not grow with the reader's."""
    css = opened(p.render(story(), "epub"))["EPUB/book.css"].decode()
    declared = {line.strip() for line in css.splitlines() if line.endswith(";")}
    fixed = [
        one
        for one in declared
        if one.startswith(("background", "font-family", "font:")) or "px;" in one or "pt;" in one
    ]

    assert ([], {"color: inherit;"}) == (fixed, {one for one in declared if one.startswith("color")})


def test_command_writes_a_book(tmp_path: Path) -> None:
    """`perspectives render FILE -o NAME.epub` finds the format by the extension."""
    file = tmp_path / "brief.epub"
    command = [
        sys.executable,
        "-m",
        "perspectives",
        "render",
        str(SEED),
        "-o",
        str(file),
        "-O",
        "modified=2026-01-14T18:30:00Z",
    ]
    subprocess.run(command, check=True, capture_output=True)
    expected = p.render(p.load_report(SEED).brief, "epub", modified=dt.datetime(2026, 1, 14, 18, 30, tzinfo=dt.UTC))

    assert bytes(expected) == file.read_bytes()


def test_notes_lead_back() -> None:
    """A note is one that readers show over the page (EPUB 3.3, `endnote`), and leads to each place that cites it, in order."""
    source = p.Source(id="minutes", title="Minutes")
    cited = [p.Fact(text=text, citations=[p.Citation(source="minutes")]) for text in ("Nine to eight.", "In January.")]
    page = pages(p.render(story(facts=cited, sources=[source]), "epub"))["EPUB/story-1.xhtml"]
    links = [
        (one.get("id"), one.get("href"), one.get(TYPE), one.get("role"), one.text) for one in page.iter(f"{XHTML}a")
    ]

    assert [
        ("mark-1", "#note-1", "noteref", "doc-noteref", "[1]"),
        ("mark-2", "#note-1", "noteref", "doc-noteref", "[1]"),
        (None, "#mark-1", "backlink", "doc-backlink", "↑"),
        (None, "#mark-2", "backlink", "doc-backlink", "↑"),
    ] == links
    assert ["endnote"] == [one.get(TYPE) for one in page.iter() if one.get("id") == "note-1"]


def test_mark_without_a_note_is_no_link(tmp_path: Path) -> None:
    """Where templates of others leave out the notes, no mark leads nowhere."""
    (tmp_path / "story.html").write_text('<p>Nine to eight.<a href="#note-1">[1]</a></p>')
    book = p.Registry(templates=[str(tmp_path)]).render(story(), "epub")

    assert [] == list(broken_links(book))
    assert "Nine to eight.[1]" == text(pages(book)["EPUB/story-1.xhtml"]).strip()


def test_counts_are_not_in_the_book() -> None:
    """How many words and outlets a group has, which a page shows beside bars, is not among its texts."""
    groups = [p.PerspectiveGroup(label=label, framing="Counts costs.") for label in ("Business press", "Engineers")]
    page = pages(p.render(story(perspectives=groups), "epub"))["EPUB/story-1.xhtml"]

    assert "A bridge closes Perspectives Business press Counts costs. Engineers Counts costs." == " ".join(
        text(page).split()
    )


def test_title_leads_to_the_brief() -> None:
    """The title page links to where the brief is, and has the first headline where it has no title."""
    book = p.render(p.Brief(url="https://example.org/14", stories=[story()]), "epub")
    links = [(one.get("href"), one.text) for one in pages(book)["EPUB/title.xhtml"].iter(f"{XHTML}a")]

    assert [("https://example.org/14", "A bridge closes")] == links


def test_omits_what_a_page_omits() -> None:
    """What is not in a book is what the format `html` does not show, but for the address of the brief."""
    _, page = p.Registry(autoload=False).describe("renderer", "html")

    assert page.info.omits - {"Brief.url"} == EpubRenderer.info.omits


def test_template_pack_does_not_cut_the_book(tmp_path: Path) -> None:
    """Where templates of others are in force, each story still has its page, with their markup."""
    (tmp_path / "story.html").write_text("<h2>{{ view.story.headline }}!</h2>")
    registry = p.Registry(templates=[str(tmp_path)])
    book = registry.render(p.Brief(stories=[story(), story()]), "epub")

    assert ["A bridge closes!"] * 2 == [text(page).strip() for name, page in pages(book).items() if "story" in name]


def test_language_without_direction_is_none(tmp_path: Path) -> None:
    """Where templates of others say a language and not which way it runs, the contents say neither."""
    (tmp_path / "story.html").write_text(
        '<article class="perspectives-story" lang="ar">{{ view.story.headline }}</article>'
    )
    book = p.Registry(templates=[str(tmp_path)]).render(p.Brief(stories=[story(), story()]), "epub")
    entries = [one.attrib for one in pages(book)["EPUB/nav.xhtml"].iter(f"{XHTML}li")]

    assert [{}] * len(entries) == entries


def test_brief_is_not_changed_by_its_parts() -> None:
    """What the brief says of itself stands once, at the end, and decides what each story must disclose."""
    made = p.Provenance(generator=[p.Generator(name="Model X")])
    group = p.PerspectiveGroup(label="Business press", framing="Counts costs.", critique="Forgets who walks.")
    brief = attrs.evolve(p.Brief(stories=[story(perspectives=[group])] * 2), provenance=made)
    texts = {name: text(page) for name, page in pages(p.render(brief, "epub")).items()}

    assert ["EPUB/end.xhtml"] == [name for name, found in texts.items() if "Model X" in found]
    assert ["EPUB/story-1.xhtml", "EPUB/story-2.xhtml", "EPUB/end.xhtml"] == [
        name for name, found in texts.items() if "Written by software, not reviewed by a person" in found
    ]
