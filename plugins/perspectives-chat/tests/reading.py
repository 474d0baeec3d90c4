"""What people see of the messages, taken from their JSON: the tests' own reading of each format."""

import html
import json
import re
from collections.abc import Iterator
from typing import Any

from perspectives.plugin import Rendered


def messages(rendered: Rendered) -> list[Any]:
    """The messages, one a line."""
    return [json.loads(line) for line in str(rendered).splitlines()]


def rejoined(texts: Iterator[str]) -> str:
    """Texts in a row, and again as they were before they were cut.

    A piece that goes on without a blank ends in a word joiner, and an ellipsis
    within a word; but a text may itself end so.
    """
    row = "\n".join(texts)
    whole = re.sub("\u2060…?\n+", "", row)
    return row if whole == row else f"{row}\n{whole}"


def undefused(text: str) -> str:
    """A text without the word joiners behind its signs."""
    return re.sub("([@#＠＃:])\u2060", r"\1", text)


def slack_texts(value: Any) -> Iterator[tuple[str, str]]:
    """Kind and text of everything that is read in blocks."""
    if isinstance(value, list):
        for item in value:
            yield from slack_texts(item)
    elif isinstance(value, dict):
        if value["type"] == "rich_text_section":
            yield "rich_text_section", "".join(text for item in value["elements"] for _, text in slack_texts(item))
            return
        if isinstance(value.get("text"), str):
            yield value["type"], value["text"]
        for name in ("text", "elements", "blocks"):
            if not isinstance(value.get(name), str | None):
                yield from slack_texts(value[name])


def slack_kinds(value: Any) -> Iterator[str]:
    """The kinds of all elements that hold texts, with their addresses."""
    if isinstance(value, list):
        for item in value:
            yield from slack_kinds(item)
    elif isinstance(value, dict):
        if isinstance(value.get("text"), str):
            yield f"{value['type']} {value.get('url', '')} {sorted(value)}"
        yield from slack_kinds([value.get("text"), value.get("elements")])


def fallback(message: Any) -> str:
    """The text of a notification, as a Slack client reads it."""
    return undefused(html.unescape(message["text"]))


def discord_texts(embed: Any) -> Iterator[str]:
    """Author, title and description, as far as people see them."""
    yield embed.get("author", {}).get("name", "")
    yield shown(embed.get("title", ""))
    yield shown(embed.get("description", ""))


_MARKDOWN = re.compile(
    r"\\(?P<escaped>[^0-9A-Za-z\s])|\[(?P<label>(?:\\.|[^\\\]])*)\]\(<[^>]*>\)|^(?:#{1,3} |> |- |\d+\. )|\*\*",
    re.MULTILINE,
)


def shown(markdown: str) -> str:
    """Discord's Markdown, read: links give their labels, escapes their signs."""
    return _MARKDOWN.sub(lambda found: shown(found["label"]) if found["label"] else found["escaped"] or "", markdown)


def post_text(post: Any) -> str:
    """A post without its number; of links that Mastodon prints, the words."""
    text = post["text"] if "text" in post else undefused(post["status"])
    return re.sub(r"\n\n\(\d+/\d+\)$", "", text)


def post_texts(posts: list[Any]) -> Iterator[str]:
    """The posts of a thread, without what one says again of the one before: the name and the outlets of a group."""
    before: list[str] = []
    for post in posts:
        lines = post_text(post).split("\n")
        again = next((count for count in (2, 1, 0) if is_in(lines[:count], before)), 0)
        yield "\n".join(lines[again:])
        before = lines


def is_in(some: list[str], lines: list[str]) -> bool:
    """Whether lines stand in a row among others."""
    return any(lines[at : at + len(some)] == some for at in range(len(lines) + 1))
