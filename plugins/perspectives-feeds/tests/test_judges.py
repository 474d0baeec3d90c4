"""Programs that others wrote read our feeds: no complaint, and every field as it was written."""

import html
import io
import json
import os
import re
import shutil
import subprocess
from email.utils import format_datetime
from functools import cache
from pathlib import Path
from typing import Any, NoReturn

import atoma
import feedparser
import jsonschema
import pytest
from feeds import FEED_URL, NEEDED, UPDATED, feed, written

import perspectives as p
from perspectives.testing import samples

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


def _asked(*command: str, feeds: list[str]) -> Any:
    """What a program of another language answers to a list of feeds."""
    if not shutil.which(command[0]):
        _missing(f"{command[0]} is not installed")
    done = subprocess.run(
        command, cwd=JUDGES, input=json.dumps(feeds), capture_output=True, text=True, encoding="utf-8", check=True
    )
    return json.loads(done.stdout)


@cache
def _schema() -> jsonschema.Draft7Validator:
    schema = json.loads((_modules() / "jsonfeed-schema" / "schema-v1.1.json").read_text("utf-8"))
    return jsonschema.Draft7Validator(schema, format_checker=jsonschema.Draft7Validator.FORMAT_CHECKER)


def _squeezed(text: str | None) -> str:
    """A text without what feedparser changes: blanks, and what looks like UTF-8 that was read as Latin-1."""
    text = " ".join((text or "").split())
    try:
        return text.encode("iso-8859-1").decode("utf-8")
    except UnicodeError:
        return text


def _links(story: p.Story) -> list[tuple[str, str, str]]:
    """Relation, address and title of where a story comes from and leads, each address once."""
    links = [("via", source.url, source.title) for source in story.sources]
    links += [("related", link.href, link.label) for link in story.links]
    first: dict[str, tuple[str, str, str]] = {}
    for rel, href, title in links:
        if href and href != story.url:
            first.setdefault(href, (rel, href, _squeezed(title)))
    return list(first.values())


def _story_as_written(story: p.Story, name: str, content: str, language: str | None) -> dict[str, object]:
    """What feedparser is to find of a story."""
    topics = [subject.uri or subject.name if name == "atom" else subject.name for subject in story.subjects]
    updated, published = story.updated, story.published
    if name == "atom":
        updated, language = updated or published or UPDATED, story.language or language
    else:
        language = story.language
    return {
        "title": _squeezed(story.headline),
        "link": story.url,
        "published": published and (published.isoformat() if name == "atom" else format_datetime(published)),
        "updated": updated and updated.isoformat(),
        "topics": {_squeezed(topic) for topic in [story.section, *topics] if topic},
        "summary": _squeezed(story.summary),
        "content": _squeezed(content),
        "links": _links(story),
        "language": language,
    }


def _story_as_found(entry: Any, name: str) -> dict[str, object]:
    """The same as feedparser has it, without what it answers for something that is not there."""
    summary = entry.summary if "summary" in entry else ""
    content = entry.content[0].value if "content" in entry else summary
    links = [(each.rel, each.href, _squeezed(each.get("title"))) for each in entry.get("links", [])]
    times = {key: entry[key] if dict.__contains__(entry, key) else None for key in ("published", "updated")}
    return {
        "title": _squeezed(entry.title),
        "link": next((href for rel, href, _ in links if rel == "alternate"), None),
        **times,
        "topics": {_squeezed(tag.term) for tag in entry.get("tags", [])},
        # In RSS it is HTML, and the content where there is no other.
        "summary": "" if content == summary else _squeezed(summary if name == "atom" else html.unescape(summary)),
        "content": _squeezed(content),
        "links": [link for link in links if link[0] in ("via", "related")],
        "language": entry.title_detail.language if name == "atom" else entry.get("language"),
    }


def _feed_as_written(brief: p.Brief, name: str, title: str) -> dict[str, object]:
    """What feedparser is to find of the feed; RSS requires a description, and without an intro the title is one."""
    publisher = brief.publisher
    person = (_squeezed(publisher.name), publisher.url, publisher.email) if publisher else None
    return {
        "intro": _squeezed(brief.intro or ("" if name == "atom" else title)),
        "link": brief.url if name == "atom" else NEEDED["rss"]["link"],
        "self": FEED_URL,
        "language": brief.language,
        "publisher": person if name == "atom" else person and person[0],
        "logo": publisher.logo.url if publisher and publisher.logo else None,
    }


def _feed_as_found(feed: Any, name: str) -> dict[str, object]:
    """The same as feedparser has it."""
    links = {each.rel: each.href for each in feed.links}
    people = [(each.name, each.get("href"), each.get("email")) for each in feed.get("contributors", [])]
    intro = feed.get("subtitle", "")
    return {
        "intro": _squeezed(intro if name == "atom" else html.unescape(intro)),
        "link": links.get("alternate"),
        "self": links.get("self"),
        "language": feed.title_detail.language if name == "atom" else feed.get("language"),
        "publisher": next(iter(people), None) if name == "atom" else feed.get("publisher"),
        "logo": feed.get("logo") if name == "atom" else feed.get("image", {}).get("href"),
    }


@pytest.mark.parametrize("name", ["atom", "rss"])
def test_feedparser_finds_what_was_written(name: str) -> None:
    """feedparser has nothing to mend, and finds every field of the feed and of each entry as it was written."""
    for (brief, rendered), (_, other) in zip(written(name), written("jsonfeed"), strict=True):
        # A text that looks like HTML stays what it is where the reader does not sanitize.
        found = feedparser.parse(io.BytesIO(bytes(rendered)), sanitize_html=False, resolve_relative_uris=False)
        content = [item["content_html"] for item in json.loads(str(other))["items"]]
        assert (False, {"atom": "atom10", "rss": "rss20"}[name]) == (found.bozo, found.version)
        assert [
            _story_as_written(story, name, text, brief.language)
            for story, text in zip(brief.stories, content, strict=True)
        ] == [_story_as_found(entry, name) for entry in found.entries]
        assert len(brief.stories) == len({entry.id for entry in found.entries})
        if brief.stories:  # else its intro says how it was made
            assert _feed_as_written(brief, name, found.feed.title) == _feed_as_found(found.feed, name)


def test_atoma_accepts_atom() -> None:
    """atoma, which refuses what RFC 4287 requires and is not there, accepts each feed and finds every entry."""
    for brief, rendered in written("atom"):
        found = atoma.parse_atom_bytes(bytes(rendered))
        assert FEED_URL == found.id_
        assert [
            (_squeezed(story.headline), story.updated or story.published or UPDATED) for story in brief.stories
        ] == [(_squeezed(entry.title.value), entry.updated) for entry in found.entries]


def _against(feeds: list[str]) -> list[str | None]:
    """What the validating parser of Ruby has against each feed; it is asked of no namespace that it does not know."""
    unknown = re.compile(r"<(perspectives|atom|dcterms):\w+[^>]*?(?:/>|>[^<]*</\1:\w+>)")
    answer: list[str | None] = _asked("ruby", "validate.rb", feeds=[unknown.sub("", feed) for feed in feeds])
    return answer


@pytest.mark.parametrize("name", ["atom", "rss"])
def test_validator_accepts_atom_and_rss(name: str) -> None:
    """The validating parser of Ruby's gem `rss` has nothing against any feed, and knows each element and attribute."""
    verdicts = _against([str(rendered) for _, rendered in written(name)])
    assert [None] * len(written(name)) == verdicts


@pytest.mark.parametrize(
    ("name", "old", "new", "expected"),
    [
        ("atom", "<id>.*</id>", "", "RSS::MissingTagError: tag <id> is missing in tag <entry>"),
        ("atom", "<title>", "<title>x</title><title>", "RSS::TooMuchTagError: tag <title> is too much in tag <entry>"),
        (
            "rss",
            "Wed, 14 Jan.*(?=</p)",
            "x",
            "RSS::NotAvailableValueError: value <x> of tag <pubDate> is not available.",
        ),
        ("rss", "guid", "uid", "RSS::NotExpectedTagError: tag <{}uid> is not expected in tag <item>"),
    ],
)
def test_validator_refuses(name: str, old: str, new: str, expected: str) -> None:
    """The control: the validator sees what is missing, what occurs twice, what is no value, and what nobody knows."""
    assert [expected] == _against([re.sub(old, new, str(feed(samples["full"], name)))])


def test_json_feeds_fit_the_schema() -> None:
    """Each JSON Feed fits the schema of the package jsonfeed-schema, the forms of dates and addresses too."""
    judge = _schema()
    for _, rendered in written("jsonfeed"):
        assert [] == [error.message for error in judge.iter_errors(json.loads(str(rendered)))]


def test_schema_judges() -> None:
    """The control: the schema refuses a feed without title and an item without id."""
    bad = {"version": "https://jsonfeed.org/version/1.1", "items": [{"content_text": "x"}]}
    errors = [error.message for error in _schema().iter_errors(bad)]
    assert ["'id' is a required property", "'title' is a required property"] == sorted(errors)


@pytest.mark.parametrize("name", ["atom", "rss", "jsonfeed"])
def test_feedsmith_finds_what_was_written(name: str) -> None:
    """feedsmith knows each feed for what it is, and finds as many entries as there are stories, with their ids."""
    _modules()
    kind, entries, id_ = {
        "atom": ("atom", "entries", "id"),
        "rss": ("rss", "items", "guid"),
        "jsonfeed": ("json", "items", "id"),
    }[name]
    answer = _asked("node", "feedsmith.mjs", feeds=[str(rendered) for _, rendered in written(name)])
    for (brief, _), found in zip(written(name), answer, strict=True):
        items: list[dict[str, Any]] = found["feed"].get(entries, [])
        ids = {item[id_]["value"] if name == "rss" else item[id_] for item in items}
        assert (kind, len(brief.stories)) == (found["format"], len(ids))
