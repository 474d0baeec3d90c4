"""A brief as a tagged PDF (PDF/UA-1), set from the page of the `html` format."""

from collections.abc import Iterator
from typing import Literal

from attrs import field, frozen, validators

from perspectives import Brief, Fault, Image, PluginError
from perspectives.plugin import Finding, Rendered, Renderer, RendererInfo, RenderTools, renderers


@frozen(kw_only=True)
class PdfOptions:
    """How the pages are set."""

    paper: Literal["a4", "letter"] = field(
        default="a4", validator=validators.in_(("a4", "letter")), metadata={"help": "size of the sheet"}
    )
    dates: Literal["iso", "long"] = field(
        default="iso",
        validator=validators.in_(("iso", "long")),
        metadata={"help": "iso, or long: in the brief's language (extra `dates`)"},
    )
    charts: bool = field(
        default=False,
        metadata={"help": "bars: words, outlets and citations of each group, and how the outlets are rated"},
    )


class PdfRenderer:
    """Sets the page of the `html` format in columns, for print and for screen readers."""

    info = RendererInfo(
        name="pdf",
        media_type="application/pdf",
        summary="Pages for print and screen readers (PDF/UA-1)",
        extensions=(".pdf",),
        # As the page itself, which they come from.
        omits=frozenset(
            "aliases domains extra id kind languages rel translation_of wording Brief.url Source.language".split()
        ),
    )
    options_class = PdfOptions

    def render(self, brief: Brief, options: PdfOptions, tools: RenderTools, /) -> Rendered:
        """The PDF. Raises `PluginError` where a library that it is set with is not installed."""
        try:
            # Imported here: they are large, and need libraries that are no Python packages.
            from perspectives_pdf import typesetting
        except OSError as error:
            raise PluginError(_missing_library(error), "perspectives-pdf") from error
        page = str(tools.render(brief, "html", css="none", dates=options.dates, charts=options.charts))
        author = brief.publisher.name if brief.publisher else None
        content, findings = typesetting.pdf(page, options.paper, author, tools.assets)
        return Rendered(content, self.info.media_type, findings=(*_not_shown(brief, tools), *findings))


def _missing_library(error: OSError) -> Fault:
    return Fault(
        code="no-library",
        message=f"pages cannot be set: {str(error).strip().splitlines()[0]}",
        expected="Pango 1.44 or newer with its HarfBuzz and Fontconfig; on Debian:"
        " apt-get install libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0",
    )


def _not_shown(brief: Brief, tools: RenderTools) -> Iterator[Finding]:
    for path, image in _images(brief):
        if image.url not in tools.assets:
            instead = "its alternative text is printed in its place" if image.alt else "nothing is printed in its place"
            yield Finding(
                code="no-picture",
                message=f"no bytes are given for the image {image.url}: {instead}",
                path=path,
                hint="give them by their address, as `assets`; nothing is fetched",
            )


def _images(brief: Brief) -> Iterator[tuple[str, Image]]:
    for index, story in enumerate(brief.stories):
        for number, image in enumerate(story.images):
            yield f"$.stories[{index}].images[{number}]", image
    if brief.publisher and brief.publisher.logo:
        yield "$.publisher.logo", brief.publisher.logo


@renderers
def perspectives_renderers() -> list[Renderer[PdfOptions]]:
    """What the entry point provides."""
    return [PdfRenderer()]
