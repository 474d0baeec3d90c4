"""Each message is posted as it is by the clients that people use, to a server that stands in for the service."""

import json
import os
import re
import shutil
import subprocess
import sys
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import discord
import pytest
import requests
from atproto import Client, models
from mastodon import Mastodon
from reading import messages
from requests.adapters import HTTPAdapter
from slack_sdk.webhook import WebhookClient

import perspectives as p
from perspectives.testing import samples

ROOT = Path(__file__).parents[3]
README = Path(__file__).parents[1].joinpath("README.md").read_text("utf-8")
FULL = samples["full"]
JWT = "e30.eyJleHAiOjMyNTAzNjgwMDAwfQ.e30"  # {}, {"exp": 32503680000} and no signature
CID = "bafyreidfayvfuwqa7qlnopdjiqrxzs6blmoeu4rujcjtnci5beludirz2a"


class Service(BaseHTTPRequestHandler):
    """Takes what is posted, and answers as the services do."""

    posted: list[Any]

    def do_POST(self) -> None:
        """Keep what is posted."""
        body = self.rfile.read(int(self.headers["Content-Length"])).decode()
        is_json = self.headers["Content-Type"].startswith("application/json")
        said = json.loads(body) if is_json else {name: values[0] for name, values in parse_qs(body).items()}
        path = urlsplit(self.path).path
        answer: Any = {"id": str(len(self.posted) + 1)}
        if path.endswith("createSession"):
            answer = {
                "accessJwt": JWT,
                "refreshJwt": JWT,
                "handle": "desk.example.org",
                "did": "did:plc:abc",
            }
        else:
            self.posted.append(said)
        if path.endswith("createRecord"):
            answer = {"uri": f"at://did:plc:abc/app.bsky.feed.post/{len(self.posted)}", "cid": CID}
        self.answer("ok" if path == "/slack" else json.dumps(answer))

    def do_GET(self) -> None:
        """Say whose account it is."""
        self.answer(json.dumps({"did": "did:plc:abc", "handle": "desk.example.org"}))

    def answer(self, text: str) -> None:
        """Answer with a text."""
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(text.encode())))
        self.end_headers()
        self.wfile.write(text.encode())

    def log_message(self, *_: object) -> None:
        """Nothing."""


@pytest.fixture
def service() -> Iterator[tuple[str, list[Any]]]:
    """Address of the service, and what was posted to it."""
    handler = type("Handler", (Service,), {"posted": []})
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}", handler.posted  # type: ignore[attr-defined]
        server.shutdown()


def untyped(value: Any) -> Any:
    """A record without the types of its parts, which atproto writes where the lexicon leaves them open."""
    if isinstance(value, dict):
        return {name: untyped(value[name]) for name in value if name != "$type"}
    return [untyped(item) for item in value] if isinstance(value, list) else value


def from_readme(name: str) -> Any:
    """The function of this name, as the README has it."""
    names: dict[str, Any] = {}
    for block in re.findall(r"^```python\n(.*?)^```", README, re.MULTILINE | re.DOTALL):
        if "def post_to" in block:
            exec(block, names)
    return names[name]


@pytest.mark.parametrize("name", ["slack", "discord"])
def test_shell_posts_each_message(name: str, service: tuple[str, list[Any]]) -> None:
    """The lines for the shell in the README post all messages of the example to a webhook as they are."""
    if not (shutil.which("curl") or os.environ.get("PERSPECTIVES_REQUIRE_ALL") == "1"):
        pytest.skip("the example for the shell needs curl")
    url, posted = service
    (script,) = (found for found in re.findall(r"^```sh\n(.*?)^```", README, re.M | re.S) if f"-t {name} |" in found)
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    done = subprocess.run(
        ["bash", "-e", "-c", script], cwd=ROOT, env={**os.environ, "PATH": path, "WEBHOOK": f"{url}/{name}"},
        capture_output=True, text=True, check=True,
    )  # fmt: skip
    with pytest.warns(p.LoadWarning):
        brief = p.load(ROOT / "examples" / "kim-putin.txt")

    assert messages(p.render(brief, name)) == posted
    assert done.stdout


def test_slack_webhook_posts_each_message(service: tuple[str, list[Any]]) -> None:
    """slack_sdk posts each line to an incoming webhook as it is."""
    url, posted = service
    from_readme("post_to_slack")(WebhookClient(f"{url}/slack"), FULL)

    assert messages(p.render(FULL, "slack")) == posted


def test_discord_webhook_posts_each_message(service: tuple[str, list[Any]]) -> None:
    """discord.py reads the embeds of each line and posts them to a webhook unchanged."""
    url, posted = service
    given = messages(p.render(FULL, "discord"))

    class Local(HTTPAdapter):
        def send(self, request: requests.PreparedRequest, *args: Any, **options: Any) -> requests.Response:
            assert request.url
            request.url = re.sub(r"^https://[^/]+", url, request.url)
            return super().send(request, *args, **options)

    with requests.Session() as session:
        session.mount("https://", Local())
        webhook = discord.SyncWebhook.partial(1, "token", session=session)
        for message in given:
            embeds = [discord.Embed.from_dict(embed) for embed in message["embeds"]]
            webhook.send(embeds=embeds, allowed_mentions=discord.AllowedMentions.none())
    sent = [
        [{name: embed[name] for name in embed if name not in ("type", "flags")} for embed in said["embeds"]]
        for said in posted
    ]

    assert [message["embeds"] for message in given] == sent
    assert [message["allowed_mentions"] for message in given] == [said["allowed_mentions"] for said in posted]


def test_mastodon_posts_a_thread(service: tuple[str, list[Any]]) -> None:
    """Mastodon.py posts each line as a reply to the one before."""
    url, posted = service
    given = messages(p.render(FULL, "thread"))
    mastodon = Mastodon(api_base_url=url, access_token="token", version_check_mode="none")
    from_readme("post_to_mastodon")(mastodon, FULL)

    assert [post["status"] for post in given] == [said["status"] for said in posted]
    assert [None, *(str(number) for number in range(1, len(given)))] == [said.get("in_reply_to_id") for said in posted]


def test_bluesky_posts_a_thread(service: tuple[str, list[Any]]) -> None:
    """atproto posts each line as a record, with the time and what it replies to."""
    url, posted = service
    given = messages(p.render(FULL, "thread", network="bluesky"))
    client = Client(base_url=url)
    client.login("desk.example.org", "password")
    from_readme("post_to_bluesky")(client, FULL)
    records = [said["record"] for said in posted]
    made = [{"uri": f"at://did:plc:abc/app.bsky.feed.post/{number}", "cid": CID} for number in range(1, len(given) + 1)]
    replies = [{"root": made[0], "parent": parent} for parent in made[:-1]]

    bare = [{name: record[name] for name in record if name not in ("createdAt", "reply")} for record in records]

    assert untyped(given) == untyped(bare)
    assert {"app.bsky.feed.post"} == {record["$type"] for record in records}
    assert [None, *replies] == [untyped(record.get("reply")) for record in records]
    assert all(models.get_or_create(record, models.AppBskyFeedPost.Record, strict=True) for record in records)
