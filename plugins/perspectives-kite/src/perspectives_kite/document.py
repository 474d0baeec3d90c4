"""The document around the stories: which of the forms of Kagi News it is."""

import json
import re
from collections import Counter
from typing import Any, NoReturn

from perspectives.plugin import Fault, LoadError

_TEXT = rb'"(?:[^"\\]|\\.)*+"'
_SCALARS = rb"(?:\s*+" + _TEXT + rb"\s*+:\s*+(?:" + _TEXT + rb"|[-+.\w]++)\s*+,)*+"
_OBJECT = re.compile(
    rb"\s*+\{(?P<before>" + _SCALARS + rb")\s*+"
    rb'"(?P<list>clusters|stories|categories|events|batches|mediaData)"\s*+:\s*+\[',
    re.DOTALL,
)
_MARKS = re.compile(rb'"(?:timestamp|categoryName|batchId)"\s*+:')
_MEDIA = re.compile(rb'\s*+\[\s*+\{\s*+"(?:country|organization|domains)"\s*+:')
_CATEGORY = '{"category": ..., "timestamp": ..., "clusters": [...]}'


def looks_like_kite(head: bytes) -> bool:
    """Whether the first keys are those of a document of Kagi News; also one without stories, which is then refused."""
    found = _OBJECT.match(head)
    if not found:
        return bool(_MEDIA.match(head) and b'"typology"' in head)
    return found["list"] in (b"clusters", b"mediaData", b"batches") or bool(_MARKS.search(found["before"]))


def read_category(text: str) -> tuple[dict[str, Any], str]:
    """The document, and the key of its stories. Raises `LoadError`, with what would be right in its place."""
    data = parse(text)
    match data:
        case {"clusters": list()}:
            return data, "clusters"
        # Files had this name for a while; the API has it, beside the id of a batch.
        case {"stories": list(), "format": str()}:
            refuse("a brief of this library, not of Kagi News", "the loader 'json'")
        case {"stories": list()}:
            return data, "stories"
        case {"categories": [*categories]}:
            files = [str(one["file"]) for one in categories if isinstance(one, dict) and "file" in one]
            right = f"one of its files: {', '.join(files[:5])}" if files else "the stories of one of its categories"
            refuse("the index of the categories, which holds no story", right)
        case {"events": [*_]}:
            refuse("the events of this day in other years, which are no stories", f"a category: {_CATEGORY}")
        case {"batches": [*_]}:
            refuse("a list of batches, which holds no story", "the stories of a category of one of them")
        case {"mediaData": [*_]} | [{"organization": _}, *_]:
            refuse("media data, which are outlets and no stories", "python -m perspectives_kite FILE -o outlets.json")
    refuse("no category of Kagi News", _CATEGORY)


def refuse(message: str, expected: str) -> NoReturn:
    """Say of a whole document what is wrong with it."""
    raise LoadError(Fault(code="not-kite", message=f"this is {message}", path="$", expected=expected))


def parse(text: str) -> Any:
    """The values of a JSON text. Raises `LoadError`, also for a key that occurs twice: a value would be lost."""
    right = "one whole JSON document"
    try:
        return json.loads(text, object_pairs_hook=_unique, parse_constant=_no_number, parse_float=_finite)
    except json.JSONDecodeError as error:
        message = f"this is no JSON: {error.msg[:1].lower()}{error.msg[1:]}"
        fault = Fault(code="bad-json", message=message, expected=right, line=error.lineno, column=error.colno)
    except RecursionError:
        fault = Fault(code="bad-json", message="this JSON is nested too deeply", path="$", expected=right)
    except ValueError as error:  # also int(), of more digits than Python converts
        message = f"this is no JSON that all read alike: {error}"
        fault = Fault(code="bad-json", message=message, path="$", expected=right)
    raise LoadError(fault)


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    values = dict(pairs)
    if len(values) < len(pairs):
        twice = next(key for key, count in Counter(key for key, _ in pairs).items() if count > 1)
        raise ValueError(f"the key {twice[:40]!r} occurs twice in an object")
    return values


def _no_number(name: str) -> NoReturn:
    raise ValueError(f"{name} is no number")


def _finite(digits: str) -> float:
    number = float(digits)
    return number if abs(number) != float("inf") else _no_number(digits[:40])
