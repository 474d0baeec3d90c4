"""What the three renderers promise, and how the seed looks."""

import re
from pathlib import Path
from typing import Any

import pytest
from reading import (
    discord_texts,
    messages,
    post_texts,
    rejoined,
    slack_kinds,
    slack_texts,
)

import perspectives as p
from perspectives.plugin import Rendered
from perspectives.testing import RendererContract
from perspectives_chat import DiscordRenderer, SlackRenderer, ThreadOptions, ThreadRenderer

README = Path(__file__).parents[1] / "README.md"
SEED = Path(__file__).parents[3] / "examples" / "kim-putin.txt"
GOLDEN = Path(__file__).with_name("golden")


class TestSlack(RendererContract):
    """It keeps each promise of a renderer."""

    renderer = SlackRenderer()
    readme = README
    examples = 200

    def visible_text(self, rendered: Rendered) -> str:
        """All texts, and again as they were before they were cut."""
        return rejoined(text for message in messages(rendered) for _, text in slack_texts(message["blocks"]))

    def structure(self, rendered: Rendered) -> object:
        """The keys, the kinds and addresses of elements, and what would be formatting, a mention or a link."""
        found = sorted({name for message in messages(rendered) for name in message})
        for message in messages(rendered):
            found += slack_kinds(message["blocks"])
            found += re.findall(r"[<>]|&(?!(?:amp|lt|gt);)|:(?!(?<=\d:)\d+:)[\w+-]+:", message["text"])
        return found


class TestDiscord(RendererContract):
    """It keeps each promise of a renderer."""

    renderer = DiscordRenderer()
    readme = README
    examples = 200

    def visible_text(self, rendered: Rendered) -> str:
        """All texts, and again as they were before they were cut."""
        embeds = (embed for message in messages(rendered) for embed in message["embeds"])
        return rejoined(text for embed in embeds for text in discord_texts(embed) if text)

    def structure(self, rendered: Rendered) -> object:
        """The keys, the kinds and addresses of elements, and what would be formatting, a mention or a link."""
        found = sorted({f"{name} {message['allowed_mentions']}" for message in messages(rendered) for name in message})
        for message in messages(rendered):
            for embed in message["embeds"]:
                marks = re.sub(r"\\[^0-9A-Za-z\s]", "x", f"{embed.get('title', '')}\n{embed.get('description', '')}")
                marks = re.sub(r"\[([^\[\]]*)\]\((<[^>]*>)\)", r"\1 \2", marks)  # a link has either form
                found += [
                    *filter(None, [embed.get("url")]),
                    *re.findall(r"[\\*_~`|#\[\]()<>@]+|^[-+] |^\d+[.)]", marks, re.MULTILINE),
                ]
        return found


class _Thread(RendererContract):
    renderer = ThreadRenderer()
    readme = README
    examples = 200

    def visible_text(self, rendered: Rendered) -> str:
        """All texts, and again as they were before they were cut."""
        return rejoined(post_texts(messages(rendered)))


class TestMastodon(_Thread):
    """It keeps each promise of a renderer."""

    def structure(self, rendered: Rendered) -> object:
        """The keys, the kinds and addresses of elements, and what would be formatting, a mention or a link."""
        posts = messages(rendered)
        texts = [
            found for post in posts for found in re.findall(r"[@#]\w+|https?://\S+|:\w+:|magnet:\?", post["status"])
        ]
        return sorted({name for post in posts for name in post}) + texts


class _Bluesky(_Thread):
    examples = 20  # TestMastodon takes 200, and test_judges.py 200 for both
    options = ThreadOptions(network="bluesky")

    def structure(self, rendered: Rendered) -> object:
        """The keys, the kinds and addresses of elements, and what would be formatting, a mention or a link."""
        posts = messages(rendered)
        facets = [str(facet["features"]) for post in posts for facet in post.get("facets", [])]
        return sorted({name for post in posts for name in post}) + facets


@pytest.mark.parametrize("promise", ["total", "typed", "faithful", "escapes"])
def test_bluesky_keeps(promise: str) -> None:
    """The promises of a renderer that its options bear on are kept for Bluesky too; TestMastodon has the others."""
    getattr(_Bluesky(), f"test_{promise}")()


CASES = [
    ("slack", {}, "slack.jsonl"),
    ("discord", {}, "discord.jsonl"),
    ("thread", {}, "mastodon.jsonl"),
    ("thread", {"network": "bluesky"}, "bluesky.jsonl"),
    ("thread", {"network": "bluesky", "posts": 4}, "bluesky-short.jsonl"),
]


@pytest.mark.parametrize(("name", "options", "golden"), CASES, ids=[case[2] for case in CASES])
def test_seed_is_printed(name: str, options: dict[str, Any], golden: str) -> None:
    """The seed is printed in exactly these messages."""
    with pytest.warns(p.LoadWarning):
        brief = p.load(SEED)

    assert (GOLDEN / golden).read_text("utf-8") == str(p.render(brief, name, **options))


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"characters": 50}, "'characters' must be 0, or 100 or more, got 50"),
        ({"characters": 500, "network": "bluesky"}, "'characters' must be 300 or less for bluesky, got 500"),
        ({"characters": "many"}, "option 'characters' must be an int, got 'many'"),
    ],
)
def test_wrong_option_is_refused(options: dict[str, Any], message: str) -> None:
    """An option that no network takes is refused with what would be right."""
    with pytest.raises(p.OptionsError) as caught:
        p.render(p.Brief(), "thread", **options)

    assert f"perspectives-chat:thread: {message}" == str(caught.value).splitlines()[0]
