"""Multi-perspective news briefs as e-books: EPUB 3.3 with a page for each story, for readers of every kind.

The book is made of what the format `html` writes: `chapters.py` cuts it into
pages of XHTML, `package.py` says what is in the book and puts it into one file.
"""

import datetime as dt
from typing import Literal

from attrs import field, frozen

from perspectives import Brief
from perspectives.plugin import Finding, Rendered, Renderer, RendererInfo, RenderTools, renderers


@frozen(kw_only=True)
class EpubOptions:
    """How the book is made."""

    modified: dt.datetime | None = field(
        default=None,
        metadata={"help": "when the book was last changed, with offset; none = the latest date of the brief"},
    )
    dates: Literal["iso", "long"] = field(
        default="iso", metadata={"help": "iso, or long: in the brief's language (extra `dates` of perspectives-briefs)"}
    )

    @modified.validator
    def _check_modified(self, _: object, modified: dt.datetime | None) -> None:
        if modified and modified.utcoffset() is None:
            raise ValueError(f"option 'modified' must have an offset like +00:00, got {modified.isoformat()!r}")


class EpubRenderer:
    """Writes a book that opens with its title and contents; images are in it where the caller gives their bytes."""

    info: RendererInfo = RendererInfo(
        name="epub",
        media_type="application/epub+zip",
        summary="An e-book: EPUB 3 with a page for each story",
        extensions=(".epub",),
        # What the format `html` omits, but for the address of the brief: a title page has a title to link.
        omits=frozenset("aliases domains extra id kind languages rel translation_of wording Source.language".split()),
    )
    options_class: type[EpubOptions] = EpubOptions

    def render(self, brief: Brief, options: EpubOptions, tools: RenderTools, /) -> Rendered:
        """The book as one file."""
        # Imported here, because they bring the parser of HTML and the writer of zips, which only rendering needs.
        from perspectives_epub.chapters import chapters
        from perspectives_epub.package import dated, packed

        pages, images, findings = chapters(brief, tools, options.dates)
        modified = options.modified or dated(brief)
        if modified is None:
            message = "the brief has no date, so that the book says it was last changed on 1 January 1980"
            findings.append(
                Finding(code="no-date", message=message, severity="info", path="$.date", hint="give 'modified'")
            )
        data = packed(brief, tools.wording(brief), pages, images, modified)
        return Rendered(data, self.info.media_type, findings=findings)


@renderers
def perspectives_renderers() -> list[Renderer[EpubOptions]]:
    """What the entry point provides."""
    return [EpubRenderer()]
