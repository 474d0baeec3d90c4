"""A brief read in the terminal: in colour and with links to click, its perspectives in columns where there is room."""

from attrs import field, frozen, validators

from perspectives import Brief
from perspectives.plugin import Rendered, Renderer, RendererInfo, RenderTools, renderers

# What is for programs, and the front pages of outlets of which nothing else is told.
_OMITTED = frozenset(
    "aliases domains extra height homepage id kind language languages rel translation_of width wording"
    " Brief.url TimelineEvent.date".split()
)


@frozen(kw_only=True)
class TerminalOptions:
    """What the terminal can do; the defaults suit any, and files."""

    width: int = field(
        default=80,
        validator=validators.ge(1),
        metadata={"help": "columns of the terminal; fewer than 20 count as 20"},
    )
    color: bool = field(default=False, metadata={"help": "bold type, and one colour of the terminal's own palette"})
    hyperlinks: bool = field(
        default=False, metadata={"help": "words that are links (OSC 8); else their addresses are printed"}
    )


class TerminalRenderer:
    """Prints the outline, line by line; it asks no environment what the terminal is."""

    info: RendererInfo = RendererInfo(
        name="terminal",
        media_type="text/plain",
        summary="A brief read in the terminal, its perspectives side by side",
        omits=_OMITTED,
    )
    options_class: type[TerminalOptions] = TerminalOptions

    def render(self, brief: Brief, options: TerminalOptions, tools: RenderTools, /) -> Rendered:
        """The brief in lines, with one trailing line break."""
        # Imported here, so that who lists the formats does not load rich.
        from perspectives_terminal.page import Page

        wording, nodes = tools.wording(brief), list(tools.outline(brief))
        page = Page(
            width=options.width,
            color=options.color,
            hyperlinks=options.hyperlinks,
            rtl=wording.direction == "rtl",
            quotation_marks=(wording.open_quote, wording.close_quote),
            addresses={node.number: node.href for node in nodes if node.kind == "note" and node.number and node.href},
        )
        return Rendered(page.text(nodes), self.info.media_type)


@renderers
def perspectives_renderers() -> list[Renderer[TerminalOptions]]:
    """What the entry point provides."""
    return [TerminalRenderer()]
