"""A plugin that is an object: its methods, static or not, are the hooks.

Its renderer is made from others, and returns bytes and parts.
"""

from attrs import frozen

from perspectives import Brief, Outlet
from perspectives.plugin import (
    Confidence,
    Finding,
    Input,
    Loaded,
    Loader,
    LoaderInfo,
    LoadTools,
    NoOptions,
    OutletDirectory,
    Part,
    Rendered,
    Renderer,
    RendererInfo,
    RenderTools,
    Rule,
    Templates,
    loaders,
    outlets,
    renderers,
    rules,
)

MAGIC = b"\x89PRESS\xff"


class PressRenderer:
    """Puts the JSON behind a mark, with a Gemini page, an image and a second reading beside it."""

    info = RendererInfo(
        name="press", media_type="application/x-press", summary="A press bundle", extensions=[".press"],
        omits=frozenset({"images"}),
    )  # fmt: skip
    options_class = NoOptions

    def render(self, brief: Brief, options: NoOptions, tools: RenderTools, /) -> Rendered:
        """The bundle; the image only where the caller gave its bytes."""
        templates: Templates = tools.templates
        document = tools.render(brief, "perspectives-briefs:json", indent=0)
        page = tools.render(brief, "gemtext")
        parts = [Part(page.content, page.media_type, name="pages/index.gmi"), Part("Read aloud.", "text/plain")]
        parts += [Part(data, "image/png", name="logo.png") for url, data in tools.assets.items() if "logo" in url]
        findings = [Finding(code="no-images", message="images are left out")]
        headers = {"X-Press": tools.wording(brief).perspectives, "X-Templates": str(callable(templates.render))}
        return Rendered(MAGIC + bytes(document), self.info.media_type, headers=headers, parts=parts, findings=findings)


@frozen(kw_only=True)
class PressLoader:
    """Reads what the renderer writes; a frozen value is a loader too."""

    info: LoaderInfo = LoaderInfo(name="press", summary="A press bundle", media_types=["application/x-press"])
    options_class: type[NoOptions] = NoOptions

    def sniff(self, input: Input, /) -> Confidence:
        """Certain of the mark."""
        return Confidence.CERTAIN if input.head.startswith(MAGIC) else Confidence.NO

    def load(self, input: Input, options: NoOptions, tools: LoadTools, /) -> Loaded:
        """The title is all that is read."""
        return Loaded(brief=Brief(title=f"{len(input.data.removeprefix(MAGIC))} bytes"))


class LongTitle:
    """Wants a short title."""

    code = "press/long-title"
    summary = "A title is long."

    def check(self, brief: Brief, /) -> list[Finding]:
        """One finding at most."""
        if len(brief.title or "") < 10:
            return []
        return [Finding(code=self.code, message="the title is long", severity="info", path="$.title")]


class Press:
    """All that the plugin provides."""

    @staticmethod
    @renderers
    def its_renderers() -> list[Renderer[NoOptions]]:
        """One renderer."""
        return [PressRenderer()]

    @staticmethod
    @loaders
    def its_loaders() -> list[Loader[NoOptions]]:
        """One loader."""
        return [PressLoader()]

    @outlets  # type: ignore[type-var]
    def its_outlets(self) -> list[OutletDirectory]:
        """One outlet."""
        return [OutletDirectory(outlets=[Outlet(name="The Quay", aliases=["Quay"], owner="Quay Holdings")])]

    @rules  # type: ignore[type-var]
    def its_rules(self) -> list[Rule]:
        """One rule."""
        return [LongTitle()]


plugin = Press()
