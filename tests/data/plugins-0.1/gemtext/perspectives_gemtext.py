"""The smallest plugin: one renderer without options, in a module-level function that is marked."""

from perspectives import Brief
from perspectives.plugin import Node, NoOptions, Rendered, Renderer, RendererInfo, RenderTools, renderers

MARK = {"item": "* ", "quote": "> "}


def _line(node: Node) -> str:
    mark = "#" * min(node.level, 3) + " " if node.kind == "heading" else MARK.get(node.kind, "")
    return f"{mark}{node.text}{node.marks}"


class Gemtext:
    """Writes what Gemini browsers read."""

    info = RendererInfo(name="gemtext", media_type="text/gemini", summary="A Gemini page", extensions=(".gmi",))
    options_class = NoOptions

    def render(self, brief: Brief, options: NoOptions, tools: RenderTools, /) -> Rendered:
        """A paragraph for each text."""
        return Rendered("\n\n".join(_line(node) for node in tools.outline(brief)) + "\n", self.info.media_type)


@renderers
def perspectives_renderers() -> list[Renderer[NoOptions]]:
    """The one renderer."""
    return [Gemtext()]
