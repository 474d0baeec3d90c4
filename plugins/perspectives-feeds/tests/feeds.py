"""What the tests of all three formats share: briefs, the options that a feed needs, and what its readers see."""

import datetime as dt
import json
import re
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

import attrs
from hypothesis import HealthCheck, Phase, given, settings

import perspectives as p
from perspectives.plugin import Rendered
from perspectives.testing import briefs, samples

GENERATED = 200
TESTS = Path(__file__).parent
README = TESTS.parent / "README.md"
SEED = TESTS.parents[2] / "examples" / "kim-putin.txt"
FEED_URL = "https://example.org/feed"
UPDATED = dt.datetime(2026, 1, 15, 8, tzinfo=dt.UTC)
NEEDED: Mapping[str, Mapping[str, Any]] = {
    "atom": {"updated": UPDATED, "author": "Port Ellery Desk"},
    "rss": {"link": "https://example.org/"},
    "jsonfeed": {},
}
"""What each format requires, for briefs that do not say it."""


def seed() -> p.Brief:
    """The brief that the library was written for."""
    return p.load_report(SEED).brief


def briefs_of_tests() -> Mapping[str, p.Brief]:
    """The samples and the seed."""
    return {**samples, "seed": seed()}


def feed(brief: p.Brief | p.Story, name: str, **options: Any) -> Rendered:
    """A brief as a feed, with what the format requires."""
    return p.render(brief, name, **{**NEEDED[name], **options})


def shown(rendered: Rendered) -> Rendered:
    """A feed without our data, which readers do not see."""
    if rendered.media_type == "application/feed+json":
        document = json.loads(str(rendered))
        for thing in (document, *document["items"]):
            del thing["_perspectives"]
        return attrs.evolve(rendered, content=json.dumps(document))
    data = re.compile(r"<perspectives:(brief|story)>[^<]*</perspectives:\1>")
    return attrs.evolve(rendered, content=data.sub("", str(rendered)))


@cache
def _briefs() -> tuple[p.Brief, ...]:
    """The samples, the seed, and briefs that hypothesis made, the same in each run."""
    made: list[p.Brief] = list(briefs_of_tests().values())

    @settings(
        max_examples=GENERATED,
        database=None,
        deadline=None,
        derandomize=True,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(briefs())
    def collect(brief: p.Brief) -> None:
        made.append(brief)

    collect()
    assert GENERATED <= len(made)
    return tuple(made)


@cache
def written(name: str) -> tuple[tuple[p.Brief, Rendered], ...]:
    """Each of them, and its feed."""
    return tuple((brief, feed(brief, name, feed_url=FEED_URL)) for brief in _briefs())
