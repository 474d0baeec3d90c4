"""How briefs look as PDF, and what independent programs make of it."""

import base64
import datetime as dt
import functools
import importlib.abc
import io
import os
import re
import shutil
import subprocess
import sys
import warnings
from importlib.machinery import ModuleSpec
from itertools import groupby
from pathlib import Path
from typing import Any

import attrs
import font_source_serif_pro
import page
import pikepdf
import pytest
import reader
from fontTools.ttLib import TTFont, sfnt
from PIL import Image

import perspectives as p
from perspectives.testing import samples
from perspectives_pdf import tagging, typesetting

GOLDEN = Path(__file__).parent / "golden"
SEED = Path(__file__).parents[3] / "examples" / "kim-putin.txt"


@functools.cache
def seed() -> p.Brief:
    """The example of the checkout."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", p.LoadWarning)
        return p.load(SEED)


def picture(kind: str = "PNG") -> bytes:
    """A picture of one colour."""
    written = io.BytesIO()
    Image.new("RGB", (40, 30), "#336699").save(written, kind)
    return written.getvalue()


def many(count: int) -> p.Brief:
    """Stories that are like those of a day: long and short by turns, with more groups or fewer."""
    stories = [
        attrs.evolve(
            story,
            headline=f"{story.headline} {number}",
            perspectives=[
                attrs.evolve(group, label=f"{group.label} {lap}")
                for lap in range(number % 3 + 1)
                for group in story.perspectives
            ],
        )
        for number in range(1, count + 1)
        for story in [samples["full"].stories[(number - 1) % 2]]
    ]
    return attrs.evolve(samples["full"], stories=stories)


@functools.cache
def sample(name: str) -> bytes:
    """A sample or the seed as PDF, rendered once."""
    return bytes_of(seed() if name == "seed" else samples[name])


def bytes_of(brief: p.Brief, **options: Any) -> bytes:
    """A brief as PDF."""
    return bytes(p.render(brief, "pdf", **options))


def judged(data: bytes) -> list[str]:
    """What of PDF/UA-1 a document does not keep."""
    report = page.validate_pdf_bytes(data, profile=page.ValidationProfile.PDF_UA_1)
    return [f"{failure.rule_id}: {failure.message}" for failure in report.failures]


def poppler(command: str, data: bytes, *arguments: str) -> str:
    """What a program of Poppler prints of a document."""
    if not shutil.which(command):
        message = f"{command} is not installed; on Debian: poppler-utils"
        pytest.fail(message) if os.environ.get("PERSPECTIVES_REQUIRE_ALL") == "1" else pytest.skip(message)
    run = subprocess.run(
        [command, *arguments, "-"] + ["-"] * (command == "pdftotext"), input=data, capture_output=True, check=True
    )
    return run.stdout.decode()


@pytest.mark.parametrize("name", [*samples, "seed"])
def test_page_finds_no_failure(name: str) -> None:
    """An independent validator finds nothing that PDF/UA-1 forbids."""
    assert [] == judged(sample(name))


def test_page_finds_no_failure_in_charts_and_pictures() -> None:
    """Nor with bars, pictures with and without an alternative text, and a text that no bytes stand in for."""
    brief = samples["full"]
    urls = [image.url for image in brief.stories[0].images]

    assert [] == judged(bytes(p.render(brief, "pdf", charts=True, assets={url: picture() for url in urls})))


def test_page_finds_no_failure_in_thirty_stories() -> None:
    """Nor in a long brief."""
    assert [] == judged(bytes_of(many(30)))


def test_seed() -> None:
    """The seed as a screen reader has it: each element and its text, wherever its lines end."""
    found = "".join(
        f"{'  ' * (len(path) - 1)}{path[-1]} {''.join(one.text for one in lines)}".rstrip() + "\n"
        for path, lines in groupby(reader.elements(sample("seed")), lambda one: one.path)
    )

    assert (GOLDEN / "seed.txt").read_text() == found


def test_glyphs_say_what_the_elements_say() -> None:
    """What is printed has the words of the tree of elements: pdftotext reads glyphs alone."""
    data = sample("seed")
    printed = re.sub(r"-\n", "", poppler("pdftotext", data, "-raw")).replace("-", "")

    assert [] == [word for word in reader.reading(data).replace("-", "").split() if word not in printed]


def test_poppler() -> None:
    """Poppler finds a tagged document with a title, and every font in it, in part."""
    data = sample("full")
    said = dict(line.split(":", 1) for line in poppler("pdfinfo", data).splitlines())
    fonts = [line.split()[-5:-2] for line in poppler("pdffonts", data).splitlines()[2:]]

    assert {"Title": "Evening brief", "Author": "Port Ellery Desk", "Tagged": "yes", "JavaScript": "no"} == {
        name: said[name].strip() for name in ("Title", "Author", "Tagged", "JavaScript")
    }
    assert "CreationDate" not in said
    assert {("yes", "yes", "yes")} == {tuple(font) for font in fonts}


def test_links() -> None:
    """Each address of a brief is a link, and one of a source is printed too."""
    data = sample("full")
    with pikepdf.open(io.BytesIO(data)) as pdf:
        found = {str(note.A.URI) for sheet in pdf.pages for note in sheet.Annots if "/A" in note}
    text = p.render(samples["full"], "html", fragment=True)
    expected = {
        address.replace("&amp;", "&") for address in re.findall(r'href="(https?:[^"]*|mailto:[^"]*)"', str(text))
    }

    assert expected == found
    assert "https://example.org/survey" in poppler("pdftotext", data)


def test_language() -> None:
    """A text in another language than the brief's says so."""
    story = p.Story(headline="Bibliothek verleiht Werkzeug", language="de")

    assert [("Bibliothek verleiht Werkzeug", "de")] == [
        (one.text, one.language)
        for one in reader.elements(bytes_of(p.Brief(language="en", title="Brief", stories=[story])))
        if one.language != "en" and one.text != "Brief" and one.text
    ]


def test_text_that_goes_on_overleaf_is_one() -> None:
    """A paragraph in several columns, on several sheets, is one paragraph to a screen reader."""
    text = " ".join(f"Sentence {number} goes on." for number in range(220))
    data = bytes_of(
        p.Brief(
            stories=[
                p.Story(headline="Long", summary=" ".join(["A line."] * 240), context=p.Context(paragraphs=[text]))
            ]
        )
    )

    with pikepdf.open(io.BytesIO(data)) as pdf:
        assert len(pdf.pages) > 1
        tree = str(pdf.Root.StructTreeRoot.K[0].K[0].K[0].K[1].unparse())
        paragraphs = [one for one in pdf.objects if isinstance(one, pikepdf.Dictionary) and one.get("/S") == "/P"]
    assert 2 == len(paragraphs), tree


def _sheet(bookmark: Any) -> Any:
    return bookmark.destination[0].objgen


def test_contents() -> None:
    """From three stories on the contents name the sheets, and they are those of the bookmarks."""
    data = bytes_of(many(3))
    with pikepdf.open(io.BytesIO(data)) as pdf, pdf.open_outline() as outline:
        sheets = [sheet.objgen for sheet in pdf.pages]
        stories = [story for section in outline.root[0].children for story in section.children]
        expected = [
            f"{story.title}..{sheets.index(_sheet(story)) + 1}"
            for story in stories
            if story.title.startswith("Harbour council")
        ]
    found = re.findall(r"^Harbour council .*\.\.\d+$", reader.reading(data), re.MULTILINE)

    assert expected == found


def test_pictures() -> None:
    """Pictures come from the bytes given; one that is decoration is none to a screen reader."""
    urls = ["https://example.org/a.png", "https://example.org/b.png"]
    brief = p.Brief(
        stories=[p.Story(headline="H", images=[p.Image(url=urls[0], alt="A quay"), p.Image(url=urls[1], alt="")])]
    )
    rendered = p.render(brief, "pdf", assets={urls[0]: picture(), urls[1]: picture("JPEG")})
    with pikepdf.open(io.BytesIO(bytes(rendered))) as pdf:
        shown = len(pdf.pages[0].Resources.XObject)

    assert () == rendered.findings
    assert 2 == shown
    assert ["A quay"] == [one.alternative for one in reader.elements(bytes(rendered)) if one.path[-1] == "Figure"]


def test_pictures_that_cannot_be_shown() -> None:
    """Nothing is fetched: what has no bytes, or bytes that are no picture, is told of."""
    urls = ["https://example.org/a.png", "https://example.org/b.png"]
    brief = p.Brief(stories=[p.Story(headline="H", images=[p.Image(url=url, alt="A quay") for url in urls])])

    assert [
        "no bytes are given for the image https://example.org/a.png: its alternative text is printed in its place;"
        " give them by their address, as `assets`; nothing is fetched",
        "the bytes for the image https://example.org/b.png are none that can be shown;"
        " give a PNG, JPEG, GIF, WebP or SVG",
    ] == [str(finding) for finding in p.render(brief, "pdf", assets={urls[1]: b"nothing"}).findings]


@pytest.mark.parametrize("address", [SEED.as_uri(), "http://127.0.0.1:9/a.png", "https://example.org/a.png"])
def test_nothing_is_fetched(address: str) -> None:
    """Of files and hosts that a picture names, none is read, and it is told."""
    url = "https://example.org/a.svg"
    brief = p.Brief(stories=[p.Story(headline="H", images=[p.Image(url=url, alt="A quay")])])

    assert [f"a picture holds another, {address}, which is not fetched"] == [
        finding.message for finding in p.render(brief, "pdf", assets={url: vector(address)}).findings
    ]


def vector(address: str) -> bytes:
    """A picture that shows another."""
    return (
        '<svg xmlns="http://www.w3.org/2000/svg" width="40" height="30">'
        f'<image href="{address}" width="40" height="30"/></svg>'
    ).encode()


def test_picture_within_a_picture() -> None:
    """What a picture holds itself is shown."""
    url = "https://example.org/a.svg"
    brief = p.Brief(stories=[p.Story(headline="H", images=[p.Image(url=url, alt="A quay")])])
    inner = f"data:image/png;base64,{base64.b64encode(picture()).decode()}"
    rendered = p.render(brief, "pdf", assets={url: vector(inner)})

    assert () == rendered.findings
    assert [("40", "30")] == re.findall(r"image +(40) +(30) ", poppler("pdfimages", bytes(rendered), "-list"))


@pytest.mark.parametrize("address", [SEED.as_uri(), "http://127.0.0.1:9/a", "ftp://127.0.0.1/a", "gopher:a", "a", ""])
def test_fetcher_refuses(address: str) -> None:
    """The fetcher has what it was given and what an address holds itself, and nothing else."""
    fetcher = typesetting.Assets({"https://example.org/a": b"given"})

    assert b"given" == fetcher.fetch("https://example.org/a").read()
    assert b"held" == fetcher.fetch("data:,held").read()
    with pytest.raises(ValueError, match=r"disallowed protocol|Not an absolute URI"):
        fetcher.fetch(address)


BARE = """
import perspectives as p
from perspectives.testing import samples
for name in ("full", "right-to-left"):
    rendered = p.render(samples[name], "pdf")
    print(*[finding for finding in rendered.findings if finding.code == "no-glyph"], sep="\\n")
    with open(name + ".pdf", "wb") as file:
        file.write(bytes(rendered))
"""


def test_machine_without_fonts(tmp_path: Path) -> None:
    """Without any font of the machine Latin is set as with them; of Arabic it is said, and the file is no PDF/UA."""
    (tmp_path / "fonts.conf").write_text(f"<fontconfig><cachedir>{tmp_path}</cachedir></fontconfig>")
    environment = {**os.environ, "FONTCONFIG_FILE": str(tmp_path / "fonts.conf")}
    command = [sys.executable, "-W", "error", "-c", BARE]
    run = subprocess.run(command, cwd=tmp_path, env=environment, capture_output=True, text=True, check=True)

    assert [
        "",
        "no font on this machine has \u060c (U+060C), \u0621 (U+0621), \u0623 (U+0623), \u0625 (U+0625), \u0626 (U+0626),"
        " \u0627 (U+0627), \u0628 (U+0628), \u0629 (U+0629) and 25 more: boxes are printed in their place, and the file is"
        " no PDF/UA; install a font for that script; on Debian: fonts-noto-core, fonts-noto-cjk",
    ] == run.stdout.splitlines()
    assert [] == judged((tmp_path / "full.pdf").read_bytes())
    assert ["PDFUA1-NOTDEF-GLYPH-001"] == [
        failure.partition(":")[0] for failure in judged((tmp_path / "right-to-left.pdf").read_bytes())
    ]


def test_headline_is_balanced() -> None:
    """No word stands alone on the last line of a headline, and it has no more lines than it needs."""
    printed = poppler("pdftotext", sample("seed"), "-layout")

    assert [
        "Kim Jong Un Pledges Unconditional",
        "Backing for Russia Days Before",
        "Putin–Trump Alaska Summit",
    ] == [line.strip() for line in printed.splitlines() if line.strip()][1:4]


def test_font_has_no_time() -> None:
    """A font says that it was changed when it was made, and its checksums are right."""
    face = Path(font_source_serif_pro.__file__).parent / "files" / "SourceSerifPro-Bold.ttf"
    written = io.BytesIO()
    with TTFont(face) as font:
        font["head"].modified = font["head"].created + 2**33
        font.recalcTimestamp = False
        font.save(written)
    timeless = tagging.timeless(written.getvalue())
    made = TTFont(io.BytesIO(timeless), checkChecksums=2)

    assert made["head"].created == made["head"].modified
    assert 0xB1B0AFBA == sfnt.calcChecksum(timeless)  # OpenType 1.9.1, "Calculating checksums"


def test_long_text_stands_across_the_page() -> None:
    """A text of many sheets is in no columns, each of which would have all that follows set too."""
    longest = {}
    for count in (200, 300):
        text = " ".join(f"Sentence {number} goes on." for number in range(count))
        data = bytes_of(p.Brief(stories=[p.Story(headline="Long", context=p.Context(paragraphs=[text]))]))
        longest[count] = max(map(len, poppler("pdftotext", data, "-raw").splitlines()))

    assert longest[200] < 60 < 90 < longest[300]


def test_japanese_lines_begin_and_end_well() -> None:
    """No line begins with a small kana, a long vowel or a closing mark, or ends with an opening one (JLREQ, 3.1.7)."""
    text = "ニュースをチェックして、「しゅっちょう」のしゃしんをとった（シャッター）。ローマへ、" * 20
    text = "".join(text[:at] for at in range(40, len(text), 41))
    data = bytes_of(p.Brief(language="ja", stories=[p.Story(headline="夕刊", context=p.Context(paragraphs=[text]))]))
    lines = [line for line in poppler("pdftotext", data, "-raw").splitlines() if len(line) > 20]

    assert len(lines) > 100
    assert [] == [line for line in lines if line[0] in "ゃゅょっャュョッー、。」）" or line[-1] in "「（"]


def test_charts_say_their_numbers() -> None:
    """The alternative text of bars is all that they show."""
    found = [
        one.alternative for one in reader.elements(bytes_of(samples["full"], charts=True)) if one.path[-1] == "Figure"
    ]

    assert [] == [text for text in found if "Words" in text and "Business press" not in text]
    assert [text for text in found if "Words" in text]


def test_paper() -> None:
    """The sheet is A4 or letter."""
    sizes = []
    for paper in ("a4", "letter"):
        with pikepdf.open(io.BytesIO(bytes_of(samples["minimal"], paper=paper))) as pdf:
            sizes.append([round(float(side)) for side in pdf.pages[0].MediaBox])

    assert [[0, 0, 595, 842], [0, 0, 612, 792]] == sizes


def test_missing_library(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where Pango is missing, what to install is said."""

    class Missing(importlib.abc.MetaPathFinder):
        def find_spec(self, name: str, *_: object) -> ModuleSpec | None:
            if name == "perspectives_pdf.typesetting":
                raise OSError("cannot load library 'libpango-1.0-0'")
            return None

    monkeypatch.delitem(sys.modules, "perspectives_pdf.typesetting", raising=False)
    monkeypatch.delattr("perspectives_pdf.typesetting", raising=False)
    monkeypatch.setattr(sys, "meta_path", [Missing(), *sys.meta_path])

    with pytest.raises(
        p.PluginError, match=r"pages cannot be set: cannot load library 'libpango-1.0-0', expected Pango"
    ):
        p.render(samples["minimal"], "pdf")


def test_command(tmp_path: Path) -> None:
    """A file that is named `.pdf` is a PDF, whose dates can be long."""
    p.write(attrs.evolve(samples["minimal"], date=dt.date(2026, 1, 14)), tmp_path / "brief.pdf")

    assert b"%PDF-1.7" == (tmp_path / "brief.pdf").read_bytes()[:8]
