"""What programs that we did not write say of the books: epubcheck, Ace, the reader epub.js, and EbookLib."""

import json
import os
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from books import BRIEFS, GIF, JPEG, PNG, books, contents, pages, text, told
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis.strategies import sampled_from

import perspectives as p
from perspectives.testing import briefs

EXAMPLES = int(os.environ.get("PERSPECTIVES_EXAMPLES", "200"))
EPUBCHECK = Path("/usr/share/java/epubcheck.jar")
JUDGES = Path(__file__).with_name("judges")
NAMES = sorted({*BRIEFS, "images"})
ODD = "https://[2001:db8::1]:80/a[b]%7C!$&'()*+,;=:@/?[c]#d[e]/?#f"

Checker = Callable[[p.Rendered | bytes], list[str]]


def missing(reason: str) -> None:
    """Skip a test whose judge is not there, or fail where all are required."""
    (pytest.fail if os.environ.get("PERSPECTIVES_REQUIRE_ALL") == "1" else pytest.skip)(reason)


@pytest.fixture(scope="module")
def epubcheck(tmp_path_factory: pytest.TempPathFactory) -> Checker:
    """Says what epubcheck finds in a book, errors and warnings; one virtual machine for all books."""
    if not EPUBCHECK.exists() or not shutil.which("java"):
        missing("epubcheck is not installed")
    import jpype

    if not jpype.isJVMStarted():
        # A book is checked in less time than a thorough compiler takes.
        jpype.startJVM("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", classpath=[str(EPUBCHECK)])
    java: Any = jpype.JClass
    file = tmp_path_factory.mktemp("epubcheck") / "book.epub"

    def check(book: p.Rendered | bytes) -> list[str]:
        file.write_bytes(bytes(book))
        said = java("java.io.StringWriter")()
        report = java("com.adobe.epubcheck.util.WriterReportImpl")(java("java.io.PrintWriter")(said), "", True)
        java("com.adobe.epubcheck.api.EpubCheck")(java("java.io.File")(str(file)), report).doValidate()
        wrong = report.getFatalErrorCount() + report.getErrorCount() + report.getWarningCount()
        return str(said).splitlines() if wrong else []

    return check


@pytest.mark.parametrize("name", NAMES)
def test_epubcheck_finds_nothing(name: str, epubcheck: Checker) -> None:
    """The seed, each sample, thirty stories and a book with images have no errors and no warnings."""

    assert [] == epubcheck(books()[name])


# Without a search for the smallest book, which would take minutes.
@settings(max_examples=EXAMPLES, deadline=None, phases=[Phase.generate], suppress_health_check=list(HealthCheck))
@given(brief=briefs(), data=sampled_from([b"", PNG, JPEG, GIF]))
def test_epubcheck_finds_nothing_in_any_book(brief: p.Brief, data: bytes, epubcheck: Checker) -> None:
    """The same holds for any brief, with and without its images."""
    urls = [image.url for story in brief.stories for image in story.images]

    assert [] == epubcheck(p.render(brief, "epub", assets=dict.fromkeys(urls, data)))


def test_epubcheck_takes_any_address(epubcheck: Checker) -> None:
    """Whatever may stand in an address of the model may stand in a book."""

    assert [] == epubcheck(p.render(p.Story(headline="A bridge closes", url=ODD), "epub"))


def test_epubcheck_would_find_something(epubcheck: Checker) -> None:
    """The judge is awake: a book without its last byte is refused."""

    assert [] != epubcheck(bytes(books()["seed"])[:-1])


@pytest.fixture(scope="module")
def ask(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str, list[str]], dict[str, Any]]:
    """What a script of `judges` prints of these books, by name; its packages are installed once."""
    chromium = shutil.which("chromium")
    if not chromium or not shutil.which("npm"):
        missing("chromium or npm is not installed")
    environment = {**os.environ, "PUPPETEER_SKIP_DOWNLOAD": "1", "PUPPETEER_EXECUTABLE_PATH": str(chromium)}
    if not (JUDGES / "node_modules").is_dir():
        command = ["npm", "install", "--no-audit", "--no-fund", "--no-package-lock", "--ignore-scripts"]
        done = subprocess.run(command, cwd=JUDGES, env=environment, capture_output=True, text=True, check=False)
        if done.returncode:
            missing(done.stderr[-300:])
    folder = tmp_path_factory.mktemp("books")

    def answers(script: str, names: list[str]) -> dict[str, Any]:
        files = {name: folder / f"{name}.epub" for name in names}
        for name, file in files.items():
            file.write_bytes(bytes(books()[name]))
        question = json.dumps({"browser": chromium, "books": [str(file) for file in files.values()]})
        command = ["node", str(JUDGES / script)]
        done = subprocess.run(command, input=question, env=environment, capture_output=True, text=True, check=False)
        assert (0, "") == (done.returncode, done.stderr), done.stderr[-800:]
        said = json.loads(done.stdout)
        return {name: said[str(file)] for name, file in files.items()}

    return answers


def test_ace_finds_nothing(ask: Callable[[str, list[str]], dict[str, Any]]) -> None:
    """The accessibility checker of the DAISY Consortium has nothing to say, in three scripts and with images."""
    names = ["seed", "images", "right-to-left", "japanese", "hostile", "empty"]

    assert {name: [] for name in names} == ask("ace.js", names)


def test_reader_shows_what_is_in_the_book(ask: Callable[[str, list[str]], dict[str, Any]]) -> None:
    """A reader opens each book without an error or a request, finds the contents and, page by page, all texts."""
    expected: dict[str, tuple[Any, ...]] = {}
    for name in NAMES:
        book = books()[name]
        found = {name.removeprefix("EPUB/"): " ".join(text(page).split()) for name, page in pages(book).items()}
        entries = [[label.strip(), href, True if href else None] for label, href in contents(book)]
        (title,), language = told(book, "dc:title"), told(book, "dc:language")[0]
        expected[name] = (title, language, entries, found, [], [])

    assert expected == {
        name: (
            one["title"],
            one["language"],
            one["toc"],
            {page["href"]: " ".join(page["text"].split()) for page in one["pages"]},
            [link for page in one["pages"] for link in page["broken"]],
            one["wrong"],
        )
        for name, one in ask("reader.js", NAMES).items()
    }


@pytest.mark.parametrize("name", NAMES)
def test_library_reads_the_book(name: str, tmp_path: Path) -> None:
    """EbookLib finds title, language, identifier, and the pages in order."""
    from ebooklib import epub

    file = tmp_path / "book.epub"
    file.write_bytes(bytes(books()[name]))
    read = epub.read_epub(str(file), {"ignore_ncx": True})
    spine = [f"EPUB/{read.get_item_with_id(key).file_name}" for key, _ in read.spine]
    found = {key: read.get_metadata("DC", key)[0][0] for key in ("title", "language", "identifier")}

    assert {key: told(books()[name], f"dc:{key}")[0] for key in found} == found
    assert list(pages(books()[name])) == spine
