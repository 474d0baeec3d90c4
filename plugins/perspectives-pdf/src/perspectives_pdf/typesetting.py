"""The page as sheets: type, pictures, columns, headlines. WeasyPrint sets them."""

import functools
import hashlib
import logging
import re
import threading
import warnings
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Mapping, Set
from contextlib import contextmanager
from importlib.resources import as_file, files
from xml.etree.ElementTree import Element

from fontTools.ttLib import TTFont

from perspectives.plugin import Finding
from perspectives_pdf.tagging import SVG, Tagging

with warnings.catch_warnings():
    # That a machine has no fonts: ours are there, and of each letter that is in none a finding tells.
    warnings.filterwarnings("ignore", r"No fonts configured|FontConfig cannot load", UserWarning)
    from weasyprint import CSS, HTML
    from weasyprint.text.fonts import FontConfiguration
    from weasyprint.urls import URLFetcher, URLFetcherResponse

_LONG = 1200
"""From how many letters on a group has no other beside it, and a list is in columns: both can go on overleaf."""
_COLUMNS = {f"perspectives-{name}" for name in ("contents", "facts", "context", "sources")}
"""What the stylesheet sets in columns."""
_WIDTH = 45
"""How many letters are on a line of a column, more or less."""
_LONGEST = 5_000
"""From how many letters on, about a sheet, a text is not set in columns: each would have all that follows set too."""
_LINE = {"a4": 488, "letter": 501}
"""How wide the lines of a sheet are, in points: 82 % of it."""
_SIZES = {"perspectives-title": 44, "perspectives-headline": 23}
"""In what size headlines are set, in points, as in the stylesheet."""
_LISTED = 8
"""How many letters that no font has are named."""
_LOCK = threading.Lock()
"""Held while a page is set: a font map of Pango is for one thread at a time."""


def pdf(page: str, paper: str, author: str | None, assets: Mapping[str, bytes]) -> tuple[bytes, list[Finding]]:
    """A page of HTML as PDF/UA-1, and what of it could not be shown."""
    # The same for the same page: without one, some archives make one up.
    identifier = hashlib.sha256(page.encode()).hexdigest()[:32].encode()
    with _LOCK, _complaints() as complaints:
        html = HTML(string=page, base_url="", url_fetcher=Assets(assets))
        _arrange(html.etree_element, _LINE[paper])
        fonts, sheets = _type()
        document = html.render(font_config=fonts, stylesheets=[*sheets, _sheet(paper)])
        if author:
            document.metadata.authors = [author]
        tagging = Tagging(document.metadata.lang)
        for number, sheet in enumerate(document.pages):
            sheet.paint = functools.partial(tagging.paint, sheet.paint, number)
        finish = tagging.finish
        content: bytes = document.write_pdf(pdf_variant="pdf/ua-1", pdf_identifier=identifier, finisher=finish)
    pictures = {picture.get("src") for picture in html.etree_element.iter("img")}
    return content, list(_findings(dict.fromkeys(complaints), pictures))


class Assets(URLFetcher):  # type: ignore[misc]  # WeasyPrint has no types
    """Serves the images that the caller gave, and what a picture holds itself; nothing is fetched."""

    def __init__(self, assets: Mapping[str, bytes]) -> None:
        super().__init__(allowed_protocols=("data",))
        self._assets = assets

    def fetch(self, url: str, headers: object = None) -> URLFetcherResponse:
        """The bytes of an address, or ValueError."""
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
            case _, "perspectives-title" | "perspectives-headline" as kind:
                _balance(element, _SIZES[kind], line)
            case tag, _ if tag == f"{SVG}svg" and (title := element.find(f"{SVG}title")) is not None:
                # WeasyPrint takes the title alone for the alternative text, which is to say what the bars say.
                title.text = " ".join(" ".join(element.itertext()).split())
    for element in list(page.iter()):  # with the addresses now
        if element.get("class") in _COLUMNS:
            _fit(element)


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


def _fit(part: Element) -> None:
    """Across the page where a part is very long; a short list stands whole in two halves beside each other.

    The stylesheet has columns for what is between: WeasyPrint finds out how
    high they are in steps of a pixel, and so looks long for them in a short list.
    """
    length, items = len("".join(part.itertext())), part.find("ol")
    if length > _LONGEST:
        part.set("class", f"{part.get('class')} long")
    elif length < _LONG and items is not None:
        part.set("class", f"{part.get('class')} whole")
        lines = [len("".join(item.itertext())) // _WIDTH + 1 for item in items]
        cuts = range(len(lines) - 1, 0, -1)  # of two that are as good, that with more in the first
        if cuts:
            cut = min(cuts, key=lambda cut: max(sum(lines[:cut]), sum(lines[cut:])))
            halves = Element("ol"), Element("ol", style=f"counter-reset: list-item {cut}")
            halves[0][:], halves[1][:] = items[:cut], items[cut:]
            items[:] = halves
            items.set("class", "pair")


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
