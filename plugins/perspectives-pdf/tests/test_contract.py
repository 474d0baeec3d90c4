"""What the renderer promises, as the tree of elements has it."""

import io
from pathlib import Path
from typing import Any

import pikepdf
import reader

from perspectives.plugin import Rendered
from perspectives.testing import RendererContract
from perspectives_pdf import PdfRenderer


class TestPdfRenderer(RendererContract):
    """It keeps each promise of a renderer."""

    renderer = PdfRenderer()
    readme = Path(__file__).parents[1] / "README.md"
    examples = 200

    def visible_text(self, rendered: Rendered) -> str:
        """Every text of the structure tree."""
        return reader.reading(bytes(rendered))

    def structure(self, rendered: Rendered) -> object:
        """What a text could become: an element of another kind, a bookmark, a link or another action."""
        with pikepdf.open(io.BytesIO(bytes(rendered))) as pdf:
            annotations: list[Any] = [note for page in pdf.pages for note in page.get("/Annots", [])]
            with pdf.open_outline() as outline:
                bookmarks = len(outline.root)
            return (
                *sorted(pdf.Root.keys()),
                f"{bookmarks} bookmarks",
                *sorted({str(note.A.URI if "/A" in note else note.Dest) for note in annotations}),
                *sorted({"/".join(element.path) for element in reader.elements(bytes(rendered))}),
            )
