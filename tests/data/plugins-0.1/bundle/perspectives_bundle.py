"""A renderer whose files are zips, as those of offices are."""

import io
import zipfile

from perspectives import Brief
from perspectives.plugin import NoOptions, Rendered, Renderer, RendererInfo, RenderTools, renderers, stable_zip


class Bundle:
    info = RendererInfo(
        name="bundle", media_type="application/x-bundle+zip", summary="A zip of texts", extensions=[".bundle"]
    )
    options_class = NoOptions

    def render(self, brief: Brief, options: NoOptions, tools: RenderTools, /) -> Rendered:
        file = io.BytesIO()
        with zipfile.ZipFile(file, "w") as bundle:
            bundle.writestr("mimetype", self.info.media_type)
            bundle.writestr("texts/brief.txt", "".join(f"{node.text}\n" for node in tools.outline(brief)))
        return Rendered(stable_zip(file.getvalue()), self.info.media_type)


@renderers
def perspectives_renderers() -> list[Renderer[NoOptions]]:
    return [Bundle()]
