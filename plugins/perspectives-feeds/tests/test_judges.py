"""Programs that others wrote read our feeds: no complaint, and every field as it was written."""

import io
import json
import os
import shutil
import subprocess
from collections.abc import Iterator
from email.utils import format_datetime
from functools import cache
from pathlib import Path
from typing import Any, NoReturn

import atoma
import feedparser
import jsonschema
import pytest
from feeds import UPDATED, written

import perspectives as p

JUDGES = Path(__file__).parent / "judges"


def _missing(reason: str) -> NoReturn:
    if os.environ.get("PERSPECTIVES_REQUIRE_ALL") == "1":
        pytest.fail(reason)
    pytest.skip(reason)


@cache
def _modules() -> Path:
    """The packages of npm that judge, installed when they are first needed."""
    if not shutil.which("npm"):
        _missing("npm is not installed")
    folder = JUDGES / "node_modules"
    if not (folder / "feedsmith").is_dir():
        done = subprocess.run(
            ["npm", "install", "--silent", "--no-audit", "--no-fund", "--no-package-lock"],
            cwd=JUDGES,
            capture_output=True,
            text=True,
        )
        if done.returncode:
            _missing(f"npm cannot install the judges: {done.stderr[-300:]}")
    return folder


def _squeezed(text: str | None) -> str:
    return " ".join((text or "").split())


def _written(story: p.Story, name: str, link: str) -> tuple[object, ...]:
    """What feedparser is to find of a story: title, address, times, topics."""
    topics = [subject.uri or subject.name if name == "atom" else subject.name for subject in story.subjects]
    updated = story.updated or (story.published or UPDATED if name == "atom" else None)
    published = story.published
    return (
        _squeezed(story.headline),
        story.url or link,
        published and (published.isoformat() if name == "atom" else format_datetime(published)),
        updated and updated.isoformat(),
        {_squeezed(topic) for topic in [story.section, *topics] if topic},
    )


@pytest.mark.parametrize("name", ["atom", "rss"])
def test_feedparser_finds_what_was_written(name: str) -> None:
    """feedparser has nothing to mend, and finds each title, time, address and topic as it was written."""
    for brief, rendered in written(name):
        # A text that looks like HTML stays what it is where the reader does not sanitize.
        found = feedparser.parse(io.BytesIO(bytes(rendered)), sanitize_html=False, resolve_relative_uris=False)
        assert (False, {"atom": "atom10", "rss": "rss20"}[name]) == (found.bozo, found.version)
        # It takes an Atom id for the address where there is none; and answers for one time with the other.
        links = [entry.get("link") for entry in found.entries]
        assert [_written(story, name, link) for story, link in zip(brief.stories, links, strict=True)] == [
            (
                _squeezed(entry.title),
                entry.get("link"),
                *(entry[when] if dict.__contains__(entry, when) else None for when in ("published", "updated")),
                {_squeezed(tag.term) for tag in entry.get("tags", [])},
            )
            for entry in found.entries
        ]
        assert len(brief.stories) == len({entry.id for entry in found.entries})


def test_atoma_accepts_atom() -> None:
    """atoma, which refuses what RFC 4287 requires and is not there, accepts each feed and finds every entry."""
    for brief, rendered in written("atom"):
        found = atoma.parse_atom_bytes(bytes(rendered))
        assert "https://example.org/feed" == found.id_
        moments = [story.updated or story.published or UPDATED for story in brief.stories]
        assert [_squeezed(story.headline) for story in brief.stories] == [
            _squeezed(entry.title.value) for entry in found.entries
        ]
        assert moments == [entry.updated for entry in found.entries]


def test_atoma_accepts_rss() -> None:
    """atoma accepts each channel and finds every item."""
    for brief, rendered in written("rss"):
        found = atoma.parse_rss_bytes(bytes(rendered))
        assert [_squeezed(story.headline) for story in brief.stories] == [_squeezed(item.title) for item in found.items]


def test_json_feeds_fit_the_schema() -> None:
    """Each JSON Feed fits the schema of the package jsonfeed-schema, the forms of dates and addresses too."""
    schema = json.loads((_modules() / "jsonfeed-schema" / "schema-v1.1.json").read_text("utf-8"))
    judge = jsonschema.Draft7Validator(schema, format_checker=jsonschema.Draft7Validator.FORMAT_CHECKER)
    for _, rendered in written("jsonfeed"):
        assert [] == [error.message for error in judge.iter_errors(json.loads(str(rendered)))]


def test_schema_judges() -> None:
    """The schema refuses a feed without title and an item without id."""
    schema = json.loads((_modules() / "jsonfeed-schema" / "schema-v1.1.json").read_text("utf-8"))
    bad = {"version": "https://jsonfeed.org/version/1.1", "items": [{"content_text": "x"}]}
    errors = [error.message for error in jsonschema.Draft7Validator(schema).iter_errors(bad)]
    assert ["'id' is a required property", "'title' is a required property"] == sorted(errors)


@pytest.mark.parametrize("name", ["atom", "rss", "jsonfeed"])
def test_feedsmith_finds_what_was_written(name: str) -> None:
    """feedsmith knows each feed for what it is, and finds as many entries as there are stories, with their ids."""
    _modules()
    feeds = written(name)
    done = subprocess.run(
        ["node", "feedsmith.mjs"],
        cwd=JUDGES,
        input=json.dumps([str(rendered) for _, rendered in feeds]),
        capture_output=True,
        text=True,
        check=True,
    )
    kinds = {"atom": ("atom", "entries", "id"), "rss": ("rss", "items", "guid"), "jsonfeed": ("json", "items", "id")}
    kind, entries, id_ = kinds[name]
    for (brief, _), found in zip(feeds, json.loads(done.stdout), strict=True):
        assert kind == found["format"]
        items: list[dict[str, Any]] = found["feed"].get(entries, [])
        ids = [item[id_]["value"] if name == "rss" else item[id_] for item in items]
        assert len(brief.stories) == len(set(ids))


def _complaints(data: bytes) -> Iterator[str]:
    """What the W3C's feed validator has to say, but for what a foreign namespace and an address of tests bring."""
    import feedvalidator  # type: ignore[import-not-found]

    for event in feedvalidator.validateString(data, firstOccurrenceOnly=1)["loggedEvents"]:
        if isinstance(event, feedvalidator.logging.Error):
            yield type(event).__name__


@pytest.mark.parametrize("name", ["atom", "rss"])
@pytest.mark.skipif(
    not (JUDGES / "feedvalidator").is_dir(),
    reason="the W3C's feed validator is in no registry: a checkout of github.com/w3c/feedvalidator in tests/judges",
)
def test_w3c_validator_has_no_error(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """The W3C's feed validator has no error to tell of."""
    monkeypatch.syspath_prepend(str(JUDGES / "feedvalidator" / "src"))
    for _, rendered in written(name):
        assert [] == list(_complaints(bytes(rendered)))
