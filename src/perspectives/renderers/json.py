"""A brief as our own JSON: exact, to be stored and read back."""

from attrs import field, frozen
from attrs.validators import and_, ge, le

from perspectives.model import Brief
from perspectives.plugin import Rendered, Renderer, RendererInfo, RenderTools, renderers


@frozen(kw_only=True)
class JsonOptions:
    """How the JSON is laid out."""

    indent: int = field(
        default=2, validator=and_(ge(0), le(8)), metadata={"help": "blanks a level, up to 8; 0 = all on one line"}
    )


class JsonRenderer:
    """Writes the documents that the JSON loader reads."""

    info: RendererInfo = RendererInfo(
        name="json", media_type="application/json", summary="The whole model, exactly", extensions=(".json",)
    )
    options_class: type[JsonOptions] = JsonOptions

    def render(self, brief: Brief, options: JsonOptions, tools: RenderTools, /) -> Rendered:
        """The document, UTF-8 without escapes, one trailing newline."""
        # Who looks for a format by its extension imports them all, and the codec takes long to start.
        from perspectives.codec import dumps

        return Rendered(dumps(brief, indent=options.indent), self.info.media_type)


@renderers
def perspectives_renderers() -> list[Renderer[JsonOptions]]:
    """The JSON renderer."""
    return [JsonRenderer()]
