"""Multi-perspective news briefs as messages for Slack and Discord, and as threads for Mastodon and Bluesky."""

from typing import Any

from perspectives.plugin import Renderer, renderers
from perspectives_chat.discord import DiscordOptions, DiscordRenderer
from perspectives_chat.slack import SlackOptions, SlackRenderer
from perspectives_chat.thread import ThreadOptions, ThreadRenderer

__all__ = ["DiscordOptions", "DiscordRenderer", "SlackOptions", "SlackRenderer", "ThreadOptions", "ThreadRenderer"]


@renderers
def perspectives_renderers() -> list[Renderer[Any]]:
    """The three renderers; Any, because each has options of its own."""
    return [SlackRenderer(), DiscordRenderer(), ThreadRenderer()]
