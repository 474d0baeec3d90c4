"""A plugin with pluggy's own marker, and a renderer with an option of every type, annotated as texts."""

from __future__ import annotations

import datetime as dt
from typing import Any, Literal

import pluggy
from attrs import field, frozen, validators

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
    Rendered,
    Renderer,
    RendererInfo,
    RenderTools,
    Rule,
    check_url,
)

hookimpl = pluggy.HookimplMarker("perspectives")


@frozen(kw_only=True)
class PosterOptions:
    """How the poster looks."""

    loud: bool = field(default=False, metadata={"help": "in capitals"})
    width: int = field(default=40, validator=validators.ge(10), metadata={"help": "of the frame"})
    scale: float = field(default=1.0, metadata={"help": "of the type"})
    footer: str = field(default="", metadata={"help": "the last line"})
    link: str | None = field(default=None, metadata={"help": "an address, if there is one"})
    day: dt.date | None = field(default=None, metadata={"help": "when it is put up"})
    moment: dt.datetime | None = field(default=None, metadata={"help": "when it was made"})
    level: Literal[1, 2, 3] = field(default=1, metadata={"help": "how deep"})
    frame: Literal["none", "line"] | None = field(default="line", metadata={"help": "what is around it"})
    extra: Any = field(default=None, metadata={"help": "anything"})

    @link.validator
    def _check(self, _: object, value: str | None) -> None:
        if value and check_url(value, "link"):
            raise ValueError(f"{value!r} is no address")


class Poster:
    """Writes a poster."""

    info = RendererInfo(
        name="poster", media_type="text/html; charset=utf-8", summary="A poster", extensions=[".poster", ".poster2"]
    )
    options_class = PosterOptions

    def render(self, brief: Brief, options: PosterOptions, tools: RenderTools, /) -> Rendered:
        """The title, and all options."""
        title = brief.title or ""
        lines = [title.upper() if options.loud else title]
        lines += [f"{name}={getattr(options, name)!r}" for name in PosterOptions.__annotations__]
        lines += [node.text for node in tools.outline(brief, "iso") if node.level == options.level]
        return Rendered("<pre>" + "\n".join(lines).replace("<", "&lt;") + "</pre>\n", self.info.media_type)


class Plain:
    """Reads a title."""

    info = LoaderInfo(name="poster", summary="A title", extensions=(".poster",))
    options_class = NoOptions

    def sniff(self, input: Input, /) -> Confidence:
        """Never sure."""
        return Confidence.NO

    def load(self, input: Input, options: NoOptions, tools: LoadTools, /) -> Loaded:
        """A brief that has only a title."""
        return Loaded(brief=Brief(title=input.text.strip()))


class NoDate:
    """Wants a date."""

    code = "poster/no-date"
    summary = "A brief has no date."

    def check(self, brief: Brief, /) -> list[Finding]:
        """One finding at most."""
        return [] if brief.date else [Finding(code=self.code, message="there is no date", path="$.date")]


@hookimpl
def perspectives_renderers() -> list[Renderer[PosterOptions]]:
    """Found by its name."""
    return [Poster()]


@hookimpl(specname="perspectives_loaders")
def any_name() -> list[Loader[NoOptions]]:
    """Found by the name that the marker has."""
    return [Plain()]


@hookimpl
def perspectives_outlets() -> list[OutletDirectory]:
    """An outlet that another plugin knows too, in another country."""
    return [OutletDirectory(outlets=[Outlet(name="Harbour Ledger", domains=["ledger.example"], country="IE")])]


@hookimpl
def perspectives_rules() -> list[Rule]:
    """One rule."""
    return [NoDate()]
