"""The Markdown parsers that judge us, none of them ours: five of CommonMark, and two that know GFM."""

import atexit
import functools
import json
import os
import shutil
import subprocess
from collections.abc import Iterable

import pytest
from conftest import npm
from markdown_it import MarkdownIt

EXTENSIONS = ("table", "strikethrough", "autolink", "tagfilter", "tasklist", "footnotes")


def command(name: str, *arguments: str):
    """A parser that is a command; a test that needs it is skipped where it is not installed."""

    def parse(text: str) -> str:
        if shutil.which(name) is None:
            if os.environ.get("PERSPECTIVES_REQUIRE_ALL") == "1":
                pytest.fail(f"{name} is not installed")
            pytest.skip(f"{name} is not installed")
        line = [name, "--unsafe", *arguments]
        return subprocess.run(line, input=text.encode(), stdout=subprocess.PIPE, check=True).stdout.decode()

    return parse


def node(code: str, package: str):
    """A parser that is a package of npm; `code` parses `text` to `html`."""

    @functools.cache
    def process() -> "subprocess.Popen[bytes]":
        program = (
            "import {createInterface} from 'readline'; for await (const line of createInterface({input: process.stdin}))"
            f" {{ const text = JSON.parse(line); {code}; process.stdout.write(JSON.stringify(html) + '\\n') }}"
        )
        line = ["node", "--input-type=module", "-e", program]
        # One process for all texts: it takes longer to start than to parse.
        started = subprocess.Popen(line, stdin=subprocess.PIPE, stdout=subprocess.PIPE, cwd=npm(package))
        atexit.register(started.communicate)
        return started

    def parse(text: str) -> str:
        pipes = process()
        pipes.stdin.write(json.dumps(text).encode() + b"\n")
        pipes.stdin.flush()
        return json.loads(pipes.stdout.readline())

    return parse


NPM = {
    "commonmark.js": node(
        "const c = await import('commonmark'); const html = new c.HtmlRenderer().render(new c.Parser().parse(text))",
        "commonmark@0.31",
    ),
    "micromark": node(
        "const {micromark} = await import('micromark'); const html = micromark(text, {allowDangerousHtml: true})",
        "micromark@4",
    ),
}
STRICT = {"markdown-it": MarkdownIt("commonmark").render, "cmark": command("cmark"), **NPM}
"""These know nothing but CommonMark."""
COMMONMARK = {**STRICT, "gfm-like": MarkdownIt("gfm-like").render}
GFM = {"cmark-gfm": command("cmark-gfm", *(part for name in EXTENSIONS for part in ("-e", name)))}
PARSERS = COMMONMARK | GFM
"""By name; those of GFM know footnotes."""


def parsers(names: Iterable[str]) -> list[object]:
    """These parsers as parameters; those of npm are slow."""
    return [pytest.param(name, marks=pytest.mark.slow if name in NPM else ()) for name in names]


every_parser = pytest.mark.parametrize("parser", parsers(PARSERS))
