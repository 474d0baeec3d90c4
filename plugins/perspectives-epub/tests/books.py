"""Books that the tests look at, and a reader of zips and XHTML that knows nothing of how they were written."""

import functools
import io
import posixpath
import zipfile
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import unquote, urlsplit
from xml.etree import ElementTree
from xml.etree.ElementTree import Element

import attrs
from PIL import Image

import perspectives as p
from perspectives.testing import samples

SEED = Path(__file__).parents[3] / "examples" / "kim-putin.txt"
PACKAGE = "EPUB/package.opf"
OPF, DC, XHTML = (
    "{http://www.idpf.org/2007/opf}",
    "{http://purl.org/dc/elements/1.1/}",
    "{http://www.w3.org/1999/xhtml}",
)
TYPE = "{http://www.idpf.org/2007/ops}type"


def opened(book: p.Rendered | bytes) -> dict[str, bytes]:
    """The files in a book, in their order."""
    with zipfile.ZipFile(io.BytesIO(bytes(book))) as file:
        return {name: file.read(name) for name in file.namelist()}


def package(book: p.Rendered | bytes) -> Element:
    """The package document."""
    return ElementTree.fromstring(opened(book)[PACKAGE])


def told(book: p.Rendered | bytes, name: str) -> list[str]:
    """What the metadata say under this name: `dc:title`, or a property."""
    found = (
        package(book).iter(DC + name.removeprefix("dc:"))
        if name.startswith("dc:")
        else package(book).iter(f"{OPF}meta")
    )
    return [one.text or "" for one in found if name.startswith("dc:") or one.get("property") == name]


def pages(book: p.Rendered | bytes) -> dict[str, Element]:
    """The pages that one turns to, in order."""
    files, root = opened(book), package(book)
    hrefs = {item.get("id"): f"EPUB/{item.get('href')}" for item in root.iter(f"{OPF}item")}
    names = [hrefs[itemref.get("idref")] for itemref in root.iter(f"{OPF}itemref")]
    return {name: ElementTree.fromstring(files[name]) for name in names}


def text(page: Element) -> str:
    """What a reader sees of a page, and hears of its images."""
    body = next(page.iter(f"{XHTML}body"))
    for image in body.iter(f"{XHTML}img"):
        image.text = image.get("alt")
    return "".join(body.itertext())


def contents(book: p.Rendered | bytes) -> list[tuple[str, str | None]]:
    """The entries of the table of contents and where they lead."""
    nav = ElementTree.fromstring(opened(book)["EPUB/nav.xhtml"])
    (toc,) = [one for one in nav.iter(f"{XHTML}nav") if one.get(TYPE) == "toc"]
    return [(one.text or "", one.get("href")) for one in toc.iter() if one.tag in (f"{XHTML}a", f"{XHTML}span")]


def broken_links(book: p.Rendered | bytes) -> Iterator[str]:
    """The references within a book that lead nowhere, and all that a book would have to fetch."""
    files = opened(book)
    roots = {name: ElementTree.fromstring(data) for name, data in files.items() if name.endswith((".xhtml", ".opf"))}
    ids = {name: {one.get("id") for one in root.iter()} for name, root in roots.items()}
    for name, root in roots.items():
        for one in root.iter():
            for attribute in ("href", "src"):
                reference = one.get(attribute)
                if reference is None:
                    continue
                url = urlsplit(reference)
                if url.scheme in ("http", "https", "mailto") and one.tag == f"{XHTML}a":
                    continue
                target = (
                    posixpath.normpath(posixpath.join(posixpath.dirname(name), unquote(url.path))) if url.path else name
                )
                if url.scheme or target not in files or (url.fragment and url.fragment not in ids[target]):
                    yield f"{name}: {one.tag} {attribute}={reference!r}"


def picture(kind: str) -> bytes:
    """A small image."""
    file = io.BytesIO()
    Image.new("RGB", (12, 8), "#777").save(file, kind)
    return file.getvalue()


PNG, JPEG, GIF, WEBP = (picture(kind) for kind in ("PNG", "JPEG", "GIF", "WEBP"))
ADDRESSES = {
    image.url: PNG
    for image in [
        *(image for story in samples["full"].stories for image in story.images),
        *(brief.logo for brief in [samples["full"].publisher] if brief and brief.logo),
    ]
}


def thirty() -> p.Brief:
    """Thirty stories in three sections."""
    (story,) = p.load_report(SEED).brief.stories
    stories = [
        attrs.evolve(story, headline=f"{story.headline} ({number})", section=f"Part {number // 10 + 1}")
        for number in range(30)
    ]
    return p.Brief(title="Thirty", language="en", stories=stories)


BRIEFS = {"seed": p.load_report(SEED).brief, **samples, "thirty": thirty()}


@functools.cache
def books() -> dict[str, p.Rendered]:
    """What becomes of each brief, and of the full sample with images."""
    found = {name: p.render(brief, "epub") for name, brief in BRIEFS.items()}
    return found | {"images": p.render(samples["full"], "epub", assets=ADDRESSES)}
