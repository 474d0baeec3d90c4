"""What a screen reader is told of the sheets, beyond what WeasyPrint tells it.

Lines say their text where the glyphs do not, texts in another language say in
which, a text in several columns is one, and pictures that are decoration are
none. For that `Tagging.paint` reaches into what WeasyPrint keeps to itself, the
boxes that it marks in the stream of a sheet; all else is its public interface.
"""

import functools
import re
from collections import defaultdict
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any
from xml.etree.ElementTree import Element

import pydyf

HYPHEN = "-"
"""What the stylesheet breaks words with: all of the faces have it."""
SVG = "{http://www.w3.org/2000/svg}"


class Tagging:
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
        letters = text if own.startswith(text, at) else text.removesuffix(HYPHEN)
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
            if element["S"] == above.get("S") == "/L":  # the boxes of a list in columns, or its halves
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
                item.stream = [timeless(item.stream[0])]


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


def timeless(font: bytes) -> bytes:
    """A font without the time at which fontTools made it, as it does of variable fonts and emoji.

    Its table `head` (OpenType 1.9.1) says when it was made and when changed, in
    eight bytes each, and a checksum; that of the table is in the directory.
    """
    made = bytearray(font)
    entries = range(12, 12 + 16 * int.from_bytes(made[4:6]), 16)
    entry = next((at for at in entries if made[at : at + 4] == b"head"), None)
    if entry is None:  # a collection, which HarfBuzz could not make smaller, nor fontTools written
        return font
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
    if picture.tag == f"{SVG}svg":
        return bool(picture.findtext(f"{SVG}title"))
    return bool(picture.get("alt"))


@functools.lru_cache(256)
def _own_text(element: Element) -> str:
    """The text nodes of an element, those of its children left out, with blanks as they are set."""
    nodes = [element.get("alt") if element.tag == "img" else element.text, *(child.tail for child in element)]
    return "\0".join(re.sub("[ \\t\\n\\r\\f]+", " ", node or "") for node in nodes)
