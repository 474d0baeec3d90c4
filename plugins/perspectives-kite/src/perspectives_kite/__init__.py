"""Kagi News: a category of its JSON as a brief, and its media data as a directory of outlets."""

from perspectives_kite.loader import KiteLoader, KiteOptions, perspectives_loaders
from perspectives_kite.media import media_outlets

__all__ = ["KiteLoader", "KiteOptions", "media_outlets", "perspectives_loaders"]
