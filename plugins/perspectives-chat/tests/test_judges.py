"""Every message is what its service takes, as the vendors' own code says."""

import json
import os
import re
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from reading import messages
from slack_sdk.models.blocks import Block

import perspectives as p
from perspectives import Brief
from perspectives.testing import briefs, samples
from perspectives_chat import limits
from perspectives_chat.pieces import utf16

JUDGES = Path(__file__).with_name("judges")
SEED = Path(__file__).parents[3] / "examples" / "kim-putin.txt"
FORMATS: dict[str, tuple[str, dict[str, Any]]] = {
    "slack": ("slack", {}),
    "discord": ("discord", {}),
    "mastodon": ("thread", {}),
    "bluesky": ("thread", {"network": "bluesky"}),
}
HOSTILE = (
    "@everyone @here @admin @a@b.example <@U123> <@123> <@&1> <#C1> <!channel> <!subteam^S1> #tag ＃tag @here.",
    ":smile: <:x:1> <a:x:1> <t:1> :+1: *b* _i_ ~s~ ~~s~~ ||s|| `c` ``` __u__ ***x*** > q",
    "[x](https://evil.example) <https://evil.example|x> https://evil.example/*a* http://evil.example magnet:?x=1 \\",
    "# h", "- l", "1. l", "1) l", "-# s", ">>> q", "+ l", "\\# x", "&lt;!channel&gt; &amp;",
    "x" * 4_500,
    "@" * 900,
    "👩‍👩‍👧‍👦" * 4_096,
    "हिन्दी क्षत्रिय " * 60 + "قال المجلس إن الجسر سيغلق. " * 60 + "橋は閉じる。" * 300,
    "a" + "\u0301" * 5_000,
)  # fmt: skip


@pytest.fixture(scope="module")
def cases() -> list[tuple[str, Brief]]:
    """The seed, the samples, 200 generated briefs, and each hostile text in every place."""
    with pytest.warns(p.LoadWarning):
        found = [("seed", p.load(SEED)), *samples.items()]
    found += [(f"hostile {text[:12]!r}", hostile(text)) for text in HOSTILE]

    @settings(max_examples=200, database=None, derandomize=True, deadline=None, phases=[Phase.generate],
              suppress_health_check=list(HealthCheck))  # fmt: skip
    @given(briefs())
    def collect(brief: Brief) -> None:
        found.append((f"generated {len(found)}", brief))

    collect()
    return found


def hostile(text: str) -> Brief:
    """A brief of nothing but a text."""
    story = p.Story(
        headline=text, summary=text, section=text, url="https://example.org/s",
        facts=[p.Fact(text=text), p.Fact(text=text, citations=[p.Citation(source="1")])],
        perspectives=[p.PerspectiveGroup(label=text, framing=text, critique=text, outlets=[p.Outlet(name=text)])],
        quotes=[p.Quote(text=text)],
        links=[p.Link(label=text, href="https://example.org/a_(b)?c=*d*&e=@f"), p.Link(label=text)],
        sources=[p.Source(id="1", title=text, url=f"https://example.org/{'long/' * 2_000}")],
    )  # fmt: skip
    return Brief(title=text, intro=text, stories=[story])


def hrefs(brief: Brief) -> list[str]:
    """All addresses that a brief holds."""

    def walk(value: Any) -> Iterator[str]:
        if isinstance(value, dict):
            for item in value.values():
                yield from walk(item)
        elif isinstance(value, list):
            for item in value:
                yield from walk(item)
        elif isinstance(value, str) and value.startswith("http"):
            yield value

    return sorted(set(walk(p.to_dict(brief))))


def judged(cases: list[dict[str, Any]]) -> list[str]:
    """What the judges in JavaScript find wrong."""
    install()
    done = subprocess.run(
        ["node", "judge.mjs"], cwd=JUDGES, input=json.dumps(cases), capture_output=True, text=True, check=True
    )
    found: list[str] = json.loads(done.stdout)
    return found


def install() -> None:
    """Have the packages of the judges there."""
    if not (shutil.which("node") and shutil.which("npm")):
        if os.environ.get("PERSPECTIVES_REQUIRE_ALL") == "1":
            pytest.fail("the judges need node and npm")
        pytest.skip("the judges need node and npm")
    if not (JUDGES / "node_modules" / "discord-markdown-parser").is_dir():
        command = ["npm", "install", "--no-audit", "--no-fund", "--ignore-scripts", "--no-package-lock"]
        subprocess.run(command, cwd=JUDGES, check=True, capture_output=True)


@pytest.fixture(scope="module")
def faults(cases: list[tuple[str, Brief]]) -> list[str]:
    """What the judges in JavaScript find wrong with all cases for each service, and on instances with other limits."""
    return judged(
        [
            {
                "name": case,
                "hrefs": hrefs(brief),
                "format": name,
                "messages": messages(p.render(brief, FORMATS[name][0], **{**FORMATS[name][1], **options})),
                "limit": options.get("characters", 500),
            }
            for name, options, some in [
                ("discord", {}, cases),
                ("mastodon", {}, cases),
                ("bluesky", {}, cases),
                *(("mastodon", {"characters": characters}, cases[:12]) for characters in (100, 300, 5_000)),
            ]
            for case, brief in some
        ]
    )


@pytest.mark.parametrize("name", ["discord", "mastodon", "bluesky"])
def test_messages_are_valid(name: str, faults: list[str]) -> None:
    """discord.js and a parser of its Markdown, Mastodon's counter, and the lexicon of Bluesky find nothing wrong."""

    assert [] == [fault for fault in faults if f" {name} " in fault]


def test_slack_messages_are_valid(cases: list[tuple[str, Brief]]) -> None:
    """The models of slack_sdk take every block, and no message is larger than Slack says."""
    wrong = []
    for name, brief in cases:
        for message in messages(p.render(brief, "slack")):
            for block in message["blocks"]:
                parsed = Block.parse(block)
                if parsed is None or parsed.to_dict() != block:
                    wrong.append(f"{name}: {block}")
            if len(message["blocks"]) > 50 or utf16(message["text"]) > 4_000 or longest(message["blocks"]) > 10_000:
                wrong.append(f"{name}: too large")

    assert [] == wrong


def longest(blocks: list[Any]) -> int:
    """The size of blocks as they are sent."""
    return utf16(json.dumps(blocks, ensure_ascii=False, separators=(",", ":")))


def test_messages_have_their_types() -> None:
    """The vendors' types take all messages of the seed and of the samples, under strict TypeScript."""
    install()
    with pytest.warns(p.LoadWarning):
        cases = [p.load(SEED), *samples.values()]
    types = {"slack": "KnownBlock[]", "discord": "RESTPostAPIWebhookWithTokenJSONBody", "bluesky": "Post"}
    lines = [
        'import type { KnownBlock } from "@slack/types";',
        'import type { RESTPostAPIWebhookWithTokenJSONBody } from "discord-api-types/v10";',
        'import type { AppBskyFeedPost } from "@atproto/api";',
        # The types of Slack lack a field that its reference and its SDK for Python have.
        'declare module "@slack/types" { interface RichTextList { offset?: number } }',
        'type Post = Omit<AppBskyFeedPost.Record, "createdAt">;',
    ]
    for name, of in types.items():
        format, options = FORMATS[name]
        for brief in cases:
            for message in messages(p.render(brief, format, **options)):
                lines.append(f"({json.dumps(message['blocks'] if name == 'slack' else message)}) satisfies {of};")
    source = JUDGES / "node_modules" / "messages.ts"  # where git does not look, and the packages are found
    source.write_text("\n".join(lines), "utf-8")
    done = subprocess.run(
        ["npx", "tsc", "--strict", "--noEmit", "--skipLibCheck", "--module", "nodenext", "--target", "es2022", str(source)],
        cwd=JUDGES, capture_output=True, text=True, check=False,
    )  # fmt: skip

    assert (0, "") == (done.returncode, done.stdout)


def test_limits_are_those_of_the_vendors() -> None:
    """The table says what the vendors' own code says."""
    from slack_sdk.models.blocks import HeaderBlock, SectionBlock

    assert (HeaderBlock.text_max_length, SectionBlock.text_max_length) == (limits.SLACK_HEADER, limits.SLACK_TEXT)


def test_readme_has_the_limits() -> None:
    """The table in the README has each limit of `limits.py`, its number, and the address of its source."""
    readme = JUDGES.parents[1].joinpath("README.md").read_text("utf-8")
    rows = dict(re.findall(r"^\| `([A-Z_]+)` \| (.*)$", readme, re.MULTILINE))
    source = Path(limits.__file__).read_text("utf-8")
    said = re.findall(r'^([A-Z_]+) = ([\d_]+)\n"""(.*?)"""', source, re.MULTILINE | re.DOTALL)

    assert {name: f"{int(number):,}" for name, number, _ in said} == {name: rows[name].split(" |")[0] for name in rows}
    assert [] == [
        (name, url)
        for name, _, why in said
        for url in re.findall(r"https://[^\s,)]+[^\s,).]", why)
        if url not in rows[name]
    ]
    assert [] == [name for name, _, why in said if (" ours" in rows[name]) != ("Ours" in why)]
