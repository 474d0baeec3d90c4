"""What a screen reader has of a PDF: the tree of elements, as pikepdf reads it."""

import io
from collections.abc import Iterator
from typing import Any

import pikepdf
from attrs import frozen

BLOCKS = {"P", "LI", "Lbl", "LBody", "Caption", "Figure", *(f"H{level}" for level in range(1, 7))}


@frozen(kw_only=True)
class Element:
    """One element of the tree: where it stands, and what it says."""

    path: tuple[str, ...]
    text: str
    alternative: str
    language: str


def elements(data: bytes) -> Iterator[Element]:
    """The elements of a document, depth first."""
    with pikepdf.open(io.BytesIO(data)) as pdf:
        yield from _below(pdf.Root.StructTreeRoot.K, (), str(pdf.Root.Lang))


def reading(data: bytes) -> str:
    """The texts as they are read out, a block a line."""
    lines = ("\n" * (element.path[-1] in BLOCKS) + element.text for element in elements(data))
    return "".join(lines)


def _below(kids: Any, path: tuple[str, ...], language: str) -> Iterator[Element]:
    for kid in kids:
        if isinstance(kid, pikepdf.Dictionary) and "/S" in kid:
            element = Element(
                path=(*path, str(kid.S)[1:]),
                text=str(kid.get("/ActualText", "")),
                alternative=str(kid.get("/Alt", "")),
                language=str(kid.get("/Lang", language)),
            )
            yield element
            yield from _below(kid.K, element.path, element.language)
