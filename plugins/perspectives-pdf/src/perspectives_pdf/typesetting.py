"""The page as sheets: type, pictures, columns, and what a screen reader is told of them.

WeasyPrint sets the pages. What it leaves open is done here: headlines are
balanced, lines say their text where the glyphs do not, texts in another
language say in which, and pictures that are decoration are none to a screen
reader. For that `_Tagging.paint` reaches into what WeasyPrint keeps to itself,
the boxes that it marks in the stream of a sheet; all else is its public interface.
"""

import functools
import hashlib
import logging
import re
import threading
import warnings
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Set
from contextlib import contextmanager
from importlib.resources import as_file, files
from typing import Any
from xml.etree.ElementTree import Element

import pydyf
from fontTools.ttLib import TTFont

from perspectives.plugin import Finding

with warnings.catch_warnings():
    # That a machine has no fonts: ours are there, and of each letter that is in none a finding tells.
    warnings.filterwarnings("ignore", r"No fonts configured|FontConfig cannot load", UserWarning)
    from weasyprint import CSS, HTML
    from weasyprint.text.fonts import FontConfiguration
    from weasyprint.urls import URLFetcher, URLFetcherResponse

_LONG = 1200
"""From how many letters on a group has no other beside it, where it could not go on overleaf."""
_LONGEST = 10_000
"""From how many letters on, some two sheets, a text is not set in columns: each would have all that follows set too."""
_LINE = {"a4": 488, "letter": 501}
"""How wide the lines of a sheet are, in points: 82 % of it."""
_SIZES = {"perspectives-title": 44, "perspectives-headline": 23}
"""In what size headlines are set, in points, as in the stylesheet."""
_LISTED = 8
"""How many letters that no font has are named."""
_HYPHEN = "-"
"""What the stylesheet breaks words with: all of the faces have it."""
_SVG = "{http://www.w3.org/2000/svg}"
_LOCK = threading.Lock()
"""Held while a page is set: a font map of Pango is for one thread at a time."""


def pdf(page: str, paper: str, author: str | None, assets: Mapping[str, bytes]) -> tuple[bytes, list[Finding]]:
    """A page of HTML as PDF/UA-1, and what of it could not be shown."""
    # The same for the same page: without one, some archives make one up.
    identifier = hashlib.sha256(page.encode()).hexdigest()[:32].encode()
    with _LOCK, _complaints() as complaints:
        html = HTML(string=page, base_url="", url_fetcher=_Assets(assets))
        _arrange(html.etree_element, _LINE[paper])
        fonts, sheets = _type()
        document = html.render(font_config=fonts, stylesheets=[*sheets, _sheet(paper)])
        if author:
            document.metadata.authors = [author]
        tagging = _Tagging(document.metadata.lang)
        for number, sheet in enumerate(document.pages):
            sheet.paint = functools.partial(tagging.paint, sheet.paint, number)
        finish = tagging.finish
        content: bytes = document.write_pdf(pdf_variant="pdf/ua-1", pdf_identifier=identifier, finisher=finish)
    pictures = {picture.get("src") for picture in html.etree_element.iter("img")}
    return content, list(_findings(dict.fromkeys(complaints), pictures))


class _Assets(URLFetcher):  # type: ignore[misc]  # WeasyPrint has no types
    """Serves the images that the caller gave, and what a picture holds itself; nothing is fetched."""

    def __init__(self, assets: Mapping[str, bytes]) -> None:
        super().__init__(allowed_protocols=("data",))
        self._assets = assets

    def fetch(self, url: str, headers: object = None) -> URLFetcherResponse:
        return URLFetcherResponse(url, self._assets[url]) if url in self._assets else super().fetch(url)


class _Files(URLFetcher):  # type: ignore[misc]
    """Serves the faces that the stylesheet names, from the packages that bring them: `face:package/file`."""

    def fetch(self, url: str, headers: object = None) -> URLFetcherResponse:
        package, _, name = url.removeprefix("face:").partition("/")
        return URLFetcherResponse(url, (files(package) / "files" / name).read_bytes())


@functools.cache
def _type() -> tuple[FontConfiguration, list[CSS]]:
    """The faces, read once, and the stylesheet that sets in them."""
    fonts = FontConfiguration()
    rules = (files(__package__) / "print.css").read_text("utf-8")
    return fonts, [CSS(string=rules, base_url="", font_config=fonts, url_fetcher=_Files())]


@functools.cache
def _sheet(paper: str) -> CSS:
    return CSS(string=f"@page {{ size: {paper} }}")


def _arrange(page: Element, line: int) -> None:
    """Lay the page out for print: groups beside each other, addresses behind links, page numbers, words for bars."""
    parents = {child: parent for parent in page.iter() for child in parent}
    for element in list(page.iter()):
        match element.tag, element.get("class"):
            case "div", "perspectives-groups":
                _place(element)
            case "a", _:
                _spell_out(element, parents[element], parents)
            case (
                _,
                "perspectives-contents"
                | "perspectives-facts"
                | "perspectives-context"
                | "perspectives-sources" as kind,
            ):
                if len("".join(element.itertext())) > _LONGEST:
                    element.set("class", f"{kind} long")
            case _, "perspectives-title" | "perspectives-headline" as kind:
                _balance(element, _SIZES[kind], line)
            case tag, _ if tag == f"{_SVG}svg" and (title := element.find(f"{_SVG}title")) is not None:
                # WeasyPrint takes the title alone for the alternative text, which is to say what the bars say.
                title.text = " ".join(" ".join(element.itertext()).split())


def _place(groups: Element) -> None:
    """Two by two where they are even in number, else who speaks beside what is said; neither where they are long."""
    if max(len("".join(group.itertext())) for group in groups) > _LONG:
        return
    if len(groups) % 2 == 0:
        groups[:] = [_wrapped("pair", groups[at : at + 2]) for at in range(0, len(groups), 2)]
        return
    for group in groups:
        at = next(at for at, part in enumerate(group) if part.get("class") == "perspectives-framing")
        group[:] = [_wrapped("who", group[:at]), _wrapped("told", group[at:])]
        group.set("class", "perspectives-group row")


def _balance(headline: Element, size: int, line: int) -> None:
    """Make a headline as narrow as it can be in as many lines, so that no word stands alone on the last.

    That is `text-wrap: balance` of CSS Text 4, which WeasyPrint does not know;
    it is not done where a letter is in another font, or a word is longer than a line.
    """
    measure = _letters()
    words = "".join(headline.itertext()).split()
    if not all(letter in measure for word in words for letter in word):
        return
    widths = [sum(measure[letter] for letter in word) * size for word in words]
    blank = measure[" "] * size

    def lines(width: float) -> int:
        count, free = 0, -1.0
        for word in widths:
            free -= blank + word
            if free < 0:
                count, free = count + 1, width - word
        return count

    if widths and max(widths) < line and (least := lines(line)) > 1:
        narrow = bisect_left(range(line), -least, lo=int(max(widths)) + 1, key=lambda width: -lines(width))
        # Kerning may make a line a little wider than its letters are.
        headline.set("style", f"max-width: {narrow * 1.01:.0f}pt")


@functools.cache
def _letters() -> dict[str, float]:
    """How wide the letters of headlines are, in parts of their size."""
    with as_file(files("font_source_serif_pro") / "files" / "SourceSerifPro-Bold.ttf") as path, TTFont(path) as face:
        widths, em = face["hmtx"].metrics, face["head"].unitsPerEm
        return {chr(code): widths[name][0] / em for code, name in face.getBestCmap().items()}


def _wrapped(name: str, elements: list[Element]) -> Element:
    wrapper = Element("div", {"class": name})
    wrapper.extend(elements)
    return wrapper


def _spell_out(link: Element, parent: Element, parents: Mapping[Element, Element]) -> None:
    """A link with its address, where it has one, in print; it is one text, for each element in it would be a link."""
    href, kind = link.get("href", ""), parent.get("class", "")
    link.text, link[:] = "".join(link.itertext()), []
    if href.startswith("#story-"):
        parent.set("href", href)
    elif kind in ("perspectives-title", "perspectives-headline"):
        address = Element("p", {"class": "address"})
        address.text = href
        around = parents[parent]
        around.insert(list(around).index(parent) + 1, address)
    elif href.startswith("http") and kind != "perspectives-outlet":
        link.text += f" {href}"


@contextmanager
def _complaints() -> Iterator[list[str]]:
    """What WeasyPrint says meanwhile in this thread."""
    found: list[str] = []
    handler = logging.Handler(logging.WARNING)
    handler.addFilter(lambda record: record.thread == threading.get_ident())
    handler.emit = lambda record: found.append(record.getMessage())  # type: ignore[method-assign]
    logger = logging.getLogger("weasyprint")
    logger.addHandler(handler)
    try:
        yield found
    finally:
        logger.removeHandler(handler)


def _findings(complaints: Iterable[str], pictures: Set[str | None]) -> Iterator[Finding]:
    """What cannot be shown; of the pictures of the brief that have no bytes, the renderer tells."""
    boxes = []
    for complaint in complaints:
        if found := re.search(r'unsupported by fonts: "(.*)" \((U\+[0-9A-F]+)\)', complaint, re.DOTALL):
            boxes.append(f"{found[1]} ({found[2]})")
        elif found := re.match(r"Failed to load image at (['\"])(.*?)\1: (.*)", complaint):
            if "disallowed protocol" not in found[3]:
                message = f"the bytes for the image {found[2]} are none that can be shown"
                yield Finding(code="bad-picture", message=message, hint="give a PNG, JPEG, GIF, WebP or SVG")
            elif found[2] not in pictures:
                message = f"a picture holds another, {found[2]}, which is not fetched"
                hint = "put it into the picture, or give it as one of the `assets`"
                yield Finding(code="no-picture", message=message, hint=hint)
    if boxes:
        boxes.sort()  # Arabic ones come as they are painted, from left to right
        more = f" and {len(boxes) - _LISTED} more" if len(boxes) > _LISTED else ""
        yield Finding(
            code="no-glyph",
            message=f"no font on this machine has {', '.join(boxes[:_LISTED])}{more}:"
            " boxes are printed in their place, and the file is no PDF/UA",
            hint="install a font for that script; on Debian: fonts-noto-core, fonts-noto-cjk",
        )


class _Tagging:
    """What screen readers are told of each text and picture, beyond what WeasyPrint tells them."""

    def __init__(self, language: str) -> None:
        self._language = language
        self._read: dict[Element, int] = defaultdict(int)
        """How much of the text of an element is painted."""
        self._lines: dict[tuple[int, int], tuple[Element | None, dict[str, pydyf.String]]] = {}
        """By page and number of a marked text (ISO 32000-1, 14.7.4.2): whose it is, and what is to be said of it."""

    def paint(self, paint: Any, page: int, stream: Any, scale: float = 1) -> None:
        """Paint a sheet, and note its texts; what is decoration or repeated on each sheet is an artifact."""
        mark = stream.marked

        @contextmanager
        def marked(box: Any, tag: str) -> Iterator[None]:
            with mark(box, tag):
                number = stream.stream[-2]["MCID"]
                if box.element is None or (tag == "Figure" and not _says_something(box.element)):
                    stream.stream[-3:] = ["/Artifact", b"BMC"]
                elif tag == "Span":
                    said = {"ActualText": pydyf.String(self._said(box))}
                    if box.style["lang"] not in (None, self._language):
                        said["Lang"] = pydyf.String(box.style["lang"])
                    self._lines[page, number] = None if "::" in box.element_tag else box.element, said
                yield

        stream.marked = marked
        paint(stream, scale)

    def _said(self, box: Any) -> str:
        """The text of a line, or of a part of it, as it was before it was broken.

        Glyphs do not say it: the hyphen at the end of a line is none of the
        text, the blank is missing, and Arabic ones stand from left to right.
        """
        text: str = box.text
        if "::" in box.element_tag:
            return text
        own, at = _own_text(box.element), self._read[box.element]
        while own[at : at + 1] == "\0" or (own[at : at + 1] == " " and not text.startswith(" ")):
            at += 1
        letters = text if own.startswith(text, at) else text.removesuffix(_HYPHEN)
        if not own.startswith(letters, at):
            return text
        end = self._read[box.element] = at + len(letters)
        return letters + " " * (own[end : end + 1] == " ")

    def finish(self, _: object, pdf: pydyf.PDF) -> None:
        """Write what was noted into the tree of elements, and mend the tree and the fonts."""
        known = {item.reference: item for item in pdf.objects if isinstance(item, pydyf.Dictionary)}
        root = known[pdf.catalog["StructTreeRoot"]]
        pages = {reference: number for number, reference in enumerate(pdf.page_references)}
        before: tuple[Element | None, pydyf.Dictionary] = None, root
        decoration = set()
        for element in list(_elements(root["K"], known)):
            if not element:
                continue
            above = known[element["P"]]
            if element["S"] == above.get("S") == "/L":  # the boxes of a list in columns
                _move(element, above, known)
            elif element["S"] == "/Figure" and "Alt" not in element:
                decoration.add(element.reference)
                above["K"].remove(element.reference)
            for mark in element.get("K", ()):
                if isinstance(mark, int) and (line := self._lines.get((pages[element["Pg"]], mark))):
                    element.update(line[1])
                    # What goes on in the next column or overleaf is one text all the same.
                    if line[0] is before[0] is not None and above is not before[1] and element["S"] == "/Span":
                        _move(above, before[1], known)
                    before = line[0], known[element["P"]]
        for page in known[root["ParentTree"]]["Nums"]:
            if isinstance(page, list):
                page[:] = ["null" if reference in decoration else reference for reference in page]
        for reference in decoration:
            known[reference].clear()
        for item in pdf.objects:
            if isinstance(item, pydyf.Stream) and ("Length1" in item.extra or item.extra.get("Subtype") == "/OpenType"):
                item.stream = [_timeless(item.stream[0])]


def _elements(references: list[Any], known: Mapping[bytes, pydyf.Dictionary]) -> Iterator[pydyf.Dictionary]:
    """The elements of the tree in the order of reading."""
    for reference in list(references):
        element = known.get(reference, {}) if isinstance(reference, bytes) else {}
        if element.get("Type") == "/StructElem":
            yield element
            yield from _elements(element["K"], known)


def _move(emptied: pydyf.Dictionary, to: pydyf.Dictionary, known: Mapping[bytes, pydyf.Dictionary]) -> None:
    """Move what is in an element into another: to its place there, or to the end; and drop what is then empty."""
    at = to["K"].index(emptied.reference) if emptied.reference in to["K"] else len(to["K"])
    to["K"][at:at] = emptied["K"]
    for kid in emptied["K"]:
        known[kid]["P"] = to.reference
    emptied["K"].clear()
    while not emptied["K"]:
        above = known[emptied["P"]]
        above["K"].remove(emptied.reference)
        emptied.clear()
        emptied = above


def _timeless(font: bytes) -> bytes:
    """A font without the time at which fontTools made it, as it does of variable fonts and emoji.

    Its table `head` (OpenType 1.9.1) says when it was made and when changed, in
    eight bytes each, and a checksum; that of the table is in the directory.
    """
    made = bytearray(font)
    entry = next(at for at in range(12, len(made), 16) if made[at : at + 4] == b"head")
    head = int.from_bytes(made[entry + 8 : entry + 12])
    created, modified = made[head + 20 : head + 28], made[head + 28 : head + 36]
    made[head + 28 : head + 36] = created
    change = sum(
        sign * int.from_bytes(word[at : at + 4]) for sign, word in ((1, created), (-1, modified)) for at in (0, 4)
    )
    # The second is of the whole file, in which the change now is twice.
    for at, by in ((entry + 4, change), (head + 8, -2 * change)):
        made[at : at + 4] = ((int.from_bytes(made[at : at + 4]) + by) % 2**32).to_bytes(4)
    return bytes(made)


def _says_something(picture: Element) -> bool:
    if picture.tag == f"{_SVG}svg":
        return bool(picture.findtext(f"{_SVG}title"))
    return bool(picture.get("alt"))


@functools.lru_cache(256)
def _own_text(element: Element) -> str:
    """The text nodes of an element, those of its children left out, with blanks as they are set."""
    nodes = [element.get("alt") if element.tag == "img" else element.text, *(child.tail for child in element)]
    return "\0".join(re.sub("[ \\t\\n\\r\\f]+", " ", node or "") for node in nodes)
