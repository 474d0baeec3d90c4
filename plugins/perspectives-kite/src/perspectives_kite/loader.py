"""The loader `kite`: a category of Kagi News, as its files and its API have it."""

import datetime as dt
from collections.abc import Mapping
from typing import Any

from attrs import evolve, field, frozen, validators

from perspectives import Brief, Generator, ModelError, Provenance, Story
from perspectives.plugin import (
    Confidence,
    Fault,
    Finding,
    Input,
    Loaded,
    Loader,
    LoaderInfo,
    LoadError,
    LoadTools,
    clean,
    loaders,
)
from perspectives_kite.cluster import NAMESPACE, UNKNOWN, Cluster, is_empty, kept, paywalls, unread
from perspectives_kite.document import looks_like_kite, stories_key
from perspectives_kite.story import read_story

_WRITER = Provenance(generator=[Generator(name="Kagi News")], digital_source_type="trainedAlgorithmicMedia")
"""Who wrote it: sources are "summarized by advanced language models" (README of kagisearch/kite-public)."""

_OF_THE_SITE = frozenset({"read", "read_count", "readCount", "batchId", "categoryId", "totalStories", "domains"})
"""What is known beside the stories and no part of a brief; it is kept without a word."""


@frozen(kw_only=True)
class KiteOptions:
    """How a category is read."""

    critique: bool = field(
        default=False,
        validator=validators.instance_of(bool),
        metadata={
            "help": "whether what follows the first sentence of a perspective is its critique;"
            " Kagi News has one text, so all of it is framing unless you say so"
        },
    )


class KiteLoader:
    """Reads a category file (`world.json`), or the stories of one as the API answers."""

    info: LoaderInfo = LoaderInfo(
        name="kite",
        summary="A category of Kagi News (Kite) as JSON",
        media_types=("application/json",),
        extensions=(".json",),
    )
    options_class: type[KiteOptions] = KiteOptions

    def sniff(self, input: Input, /) -> Confidence:
        """Likely where the keys are those of Kagi News, which names its format nowhere."""
        return Confidence.LIKELY if looks_like_kite(input.head) else Confidence.NO

    def load(self, input: Input, options: KiteOptions, tools: LoadTools, /) -> Loaded:
        """The brief. Raises `LoadError` with the line, or with the path of each story that is none."""
        # Any JSON, until `stories_key` has seen that it is an object with a list of stories.
        data: Any = tools.parse_json(input)
        name = stories_key(data)
        findings: list[Finding] = []
        clusters = data.pop(name)
        said = next((data.pop(key) for key in ("category", "categoryName") if isinstance(data.get(key), str)), "")
        section = clean(said) or None
        provenance = evolve(_WRITER, created=_made(data))
        paywalled = paywalls(data.get("domains"))
        stories: list[Story] = []
        faults: list[Fault] = []
        for index, cluster in enumerate(clusters):
            path = f"$.{name}[{index}]"
            if not isinstance(cluster, Mapping):
                faults.append(Fault(code="not-object", message="this is no story", path=path, expected="an object"))
                continue
            try:
                read = Cluster(cluster, path, findings, paywalled)
                stories.append(read_story(read, section, provenance, tools.wordings, has_critique=options.critique))
            except LoadError as error:
                faults += error.faults
            except ModelError as error:
                faults += [evolve(fault, path=path) for fault in error.faults]
        if faults:
            raise LoadError(faults)
        for key, value in data.items():
            if key not in _OF_THE_SITE and not is_empty(value):
                why = "does not fit" if key in ("category", "categoryName", "timestamp") else UNKNOWN
                findings.append(unread(key, f"$.{key}", why))
        if section and all(story.section != section for story in stories):
            data["category"] = section  # each story has one of its own
        try:
            language = tools.language or _shared_language(stories)
            brief = Brief(
                stories=[evolve(story, language=None) if story.language == language else story for story in stories],
                language=language,
                provenance=provenance,
                extra={NAMESPACE: {"fields": fields}} if (fields := kept(data)) else {},
            )
        except ModelError as error:
            raise LoadError([evolve(fault, path="$") for fault in error.faults]) from error
        return Loaded(brief=brief, findings=findings)


def _made(data: dict[str, Any]) -> dt.datetime | None:
    """When the category was made: Unix seconds. What is none stays in the data."""
    match data.get("timestamp"):
        case int() | float() as seconds if not isinstance(seconds, bool) and 0 < seconds < 4102444800:  # the year 2100
            del data["timestamp"]
            return dt.datetime.fromtimestamp(seconds, dt.UTC)
    return None


def _shared_language(stories: list[Story]) -> str | None:
    """The language of a brief whose stories all have it, so that its printed words are in it too."""
    languages = {story.language for story in stories}
    return languages.pop() if len(languages) == 1 else None


@loaders
def perspectives_loaders() -> list[Loader[KiteOptions]]:
    """The Kagi News loader."""
    return [KiteLoader()]
