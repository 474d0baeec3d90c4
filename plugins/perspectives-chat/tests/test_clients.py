"""Each message is posted as it is by the clients that people use, to a server that stands in for the service."""

import json
import re
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
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

FULL = samples["full"]
JWT = "e30.eyJleHAiOjMyNTAzNjgwMDAwfQ.e30"  # {}, {"exp": 32503680000} and no signature
CID = "bafyreidfayvfuwqa7qlnopdjiqrxzs6blmoeu4rujcjtnci5beludirz2a"


class Service(BaseHTTPRequestHandler):
    """Takes what is posted, and answers as the services do."""

    posted: list[Any]

    def do_POST(self) -> None:
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
        self.answer(json.dumps({"did": "did:plc:abc", "handle": "desk.example.org"}))

    def answer(self, text: str) -> None:
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


def test_slack_webhook_posts_each_message(service: tuple[str, list[Any]]) -> None:
    """slack_sdk posts each line to an incoming webhook as it is."""
    url, posted = service
    given = messages(p.render(FULL, "slack"))
    webhook = WebhookClient(f"{url}/slack")
    answers = [webhook.send_dict(message).status_code for message in given]

    assert ([200] * len(given), given) == (answers, posted)


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
    before = None
    for post in given:
        before = mastodon.status_post(**post, in_reply_to_id=before)

    assert [post["status"] for post in given] == [said["status"] for said in posted]
    assert [None, *(str(number) for number in range(1, len(given)))] == [said.get("in_reply_to_id") for said in posted]


def test_bluesky_posts_a_thread(service: tuple[str, list[Any]]) -> None:
    """atproto reads each line as a record and posts it, with the time and what it replies to."""
    url, posted = service
    given = messages(p.render(FULL, "thread", network="bluesky"))
    client = Client(base_url=url)
    client.login("desk.example.org", "password")
    root: Any = None
    parent: Any = None
    for post in given:
        reply: Any = models.AppBskyFeedPost.ReplyRef(root=root, parent=parent) if root and parent else None
        facets = [models.AppBskyRichtextFacet.Main(**facet) for facet in post.get("facets", [])]
        parent = models.create_strong_ref(
            client.send_post(post["text"], facets=facets, langs=post["langs"], reply_to=reply)
        )
        root = root or parent

    assert [post["text"] for post in given] == [said["record"]["text"] for said in posted]
    sent = [[facet["index"] for facet in said["record"].get("facets") or []] for said in posted]
    strip = [[facet["index"] for facet in post.get("facets", [])] for post in given]
    assert strip == [
        [{name: index[name] for name in ("byteStart", "byteEnd")} for index in indices] for indices in sent
    ]
