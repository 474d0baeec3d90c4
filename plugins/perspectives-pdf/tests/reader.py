"""What PDFium, which reads PDFs in Chrome, finds in the structure tree: every text in the order of reading."""

import ctypes
import re
from collections import defaultdict
from collections.abc import Callable, Iterator
from typing import Any

import pypdfium2
from attrs import frozen
from pypdfium2 import raw

BLOCKS = {"P", "LI", "Lbl", "LBody", "Caption", "Figure", *(f"H{level}" for level in range(1, 7))}


@frozen(kw_only=True)
class Element:
    """One element of the tree, where it stands, and the text of its own."""

    path: tuple[str, ...]
    text: str
    alternative: str
    language: str


def elements(data: bytes) -> Iterator[Element]:
    """The elements of a document, depth first, sheet after sheet."""
    document = pypdfium2.PdfDocument(data)
    try:
        for page in document:
            texts, tree = _marked(page), raw.FPDF_StructTree_GetForPage(page)
            for at in range(raw.FPDF_StructTree_CountChildren(tree)):
                yield from _below(raw.FPDF_StructTree_GetChildAtIndex(tree, at), (), texts)
            raw.FPDF_StructTree_Close(tree)
            page.close()
    finally:
        document.close()


def reading(data: bytes) -> str:
    """The texts as they are read out, a block a line."""
    lines = ("\n" * (element.path[-1] in BLOCKS) + element.text for element in elements(data))
    return "".join(lines)


def _marked(page: pypdfium2.PdfPage) -> dict[int, str]:
    """What the glyphs of a sheet say, by the number of the marked content that they are in."""
    texts: dict[int, str] = defaultdict(str)
    textpage = page.get_textpage()
    for item in page.get_objects(filter=[raw.FPDF_PAGEOBJ_TEXT], max_depth=1):
        number = raw.FPDFPageObj_GetMarkedContentID(item)
        texts[number] += _text(lambda *to: raw.FPDFTextObj_GetText(item, textpage, *to), ctypes.c_ushort)  # noqa: B023
    textpage.close()
    return texts


def _below(element: Any, path: tuple[str, ...], texts: dict[int, str]) -> Iterator[Element]:
    path = (*path, _text(lambda *to: raw.FPDF_StructElement_GetType(element, *to)))
    numbers = [
        raw.FPDF_StructElement_GetMarkedContentIdAtIndex(element, at)
        for at in range(raw.FPDF_StructElement_GetMarkedContentIdCount(element))
    ]
    said = _text(lambda *to: raw.FPDF_StructElement_GetActualText(element, *to))
    yield Element(
        path=path,
        text=said or "".join(texts[number] for number in numbers if number >= 0),
        alternative=_text(lambda *to: raw.FPDF_StructElement_GetAltText(element, *to)),
        language=_text(lambda *to: raw.FPDF_StructElement_GetLang(element, *to)),
    )
    for at in range(raw.FPDF_StructElement_CountChildren(element)):
        if child := raw.FPDF_StructElement_GetChildAtIndex(element, at):
            yield from _below(child, path, texts)


def _text(get: Callable[..., int], kind: Any = None) -> str:
    """A text in UTF-16, as PDFium gives it: first how long it is, then the text."""
    length = get(None, 0)
    buffer = ctypes.create_string_buffer(max(2, length))
    get(ctypes.cast(buffer, ctypes.POINTER(kind)) if kind else buffer, length)
    return re.sub("\0.*", "", buffer.raw.decode("utf-16-le", "replace"), flags=re.DOTALL)
