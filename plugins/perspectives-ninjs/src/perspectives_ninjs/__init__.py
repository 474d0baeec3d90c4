"""Briefs as IPTC ninjs 3.1, both ways, and as JSON-LD in the terms of schema.org."""

from typing import Any

from perspectives.plugin import Loader, Renderer, loaders, renderers
from perspectives_ninjs.jsonld import JsonLdRenderer
from perspectives_ninjs.loader import NinjsLoader
from perspectives_ninjs.renderer import JsonOptions, NinjsRenderer

__all__ = ["JsonLdRenderer", "JsonOptions", "NinjsLoader", "NinjsRenderer"]


@renderers
def perspectives_renderers() -> list[Renderer[Any]]:
    """Both renderers."""
    return [NinjsRenderer(), JsonLdRenderer()]


@loaders
def perspectives_loaders() -> list[Loader[Any]]:
    """The loader of ninjs."""
    return [NinjsLoader()]
