"""The brief as data within a feed, by which our own feeds load as they were written."""

import json
import re
from typing import Any

import attrs

# As a whole: its names bring the codec when they are first used, and who lists the formats imports this module.
import perspectives as p
from perspectives.plugin import Input, LoadTools

NAMESPACE = "urn:uuid:2a3c9d1e-5f0b-5c54-9a51-6f1d1c6a7e10"
"""Of the elements `brief` and `story`, which hold JSON, and of the category of a section; for perspectives/1.x."""
FORMAT = "perspectives/1.0"

# JSON may hold what XML 1.0 must not (2.2, Char): in JSON each of them has an escape.
_ESCAPED = re.compile("[\x7f-\x9f\u2028\u2029\ud800-\udfff\ufffe\uffff]")


def brief_data(brief: p.Brief) -> dict[str, Any]:
    """All of a brief but its stories, which stand in the entries, and but its format, which the feed's stands for."""
    data = p.to_dict(attrs.evolve(brief, stories=()))
    del data["format"]
    return data


def story_data(story: p.Story) -> dict[str, Any]:
    """All of a story."""
    return p.to_dict(story)


def as_text(data: dict[str, Any]) -> str:
    """Data as JSON that may stand in XML."""
    text = json.dumps(data, ensure_ascii=False, separators=(",", ":"))
    return _ESCAPED.sub(lambda found: f"\\u{ord(found[0]):04x}", text)


def read_brief(data: object, tools: LoadTools) -> p.Brief:
    """The brief without its stories, from data or its text. Raises `LoadError` or `LimitError`."""
    data = _values(data, tools)
    return p.from_dict({"format": FORMAT, **data} if isinstance(data, dict) else data, limits=tools.limits)


def read_story(data: object, tools: LoadTools) -> p.Story:
    """One story, from data or its text. Raises `LoadError` or `LimitError`."""
    return p.from_dict(_values(data, tools), p.Story, limits=tools.limits)


def _values(data: object, tools: LoadTools) -> object:
    return tools.parse_json(Input(name="", data=data.encode())) if isinstance(data, str) else data
