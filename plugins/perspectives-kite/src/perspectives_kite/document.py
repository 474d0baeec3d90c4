"""The document around the stories: which of the forms of Kagi News it is."""

import re
from typing import NoReturn

from perspectives.plugin import Fault, LoadError

# The first key that has a list; no text and no object of another key stands before it with a bracket.
_FIRST_LIST = re.compile(
    rb'\s*+\{(?P<before>[^\[{]*)"(?P<key>clusters|stories|categories|events|batches|mediaData)"\s*+:\s*+\['
)
_MARKS = re.compile(rb'"(?:timestamp|categoryName|batchId)"\s*+:')
_MEDIA = re.compile(rb'\s*+\[\s*+\{\s*+"(?:country|organization|domains)"\s*+:')
_CATEGORY = '{"category": ..., "timestamp": ..., "clusters": [...]}'


def looks_like_kite(head: bytes) -> bool:
    """Whether the first keys are those of a document of Kagi News; also one without stories, which is then refused."""
    found = _FIRST_LIST.match(head)
    if not found:
        return bool(_MEDIA.match(head) and b'"typology"' in head)
    return found["key"] in (b"clusters", b"mediaData", b"batches") or bool(_MARKS.search(found["before"]))


def stories_key(data: object) -> str:
    """The key of the stories. Raises `LoadError`, with what would be right in the document's place."""
    match data:
        case {"clusters": list()}:
            return "clusters"
        case {"stories": list(), "format": str()}:
            _refuse("a brief of this library, not of Kagi News", "the loader 'json'")
        # Files had this name for a while; the API has it, beside the id of a batch.
        case {"stories": list()}:
            return "stories"
        case {"categories": [*categories]}:
            files = [str(one["file"]) for one in categories if isinstance(one, dict) and "file" in one]
            right = f"one of its files: {', '.join(files[:5])}" if files else "the stories of one of its categories"
            _refuse("the index of the categories, which holds no story", right)
        case {"events": [*_]}:
            _refuse("the events of this day in other years, which are no stories", f"a category: {_CATEGORY}")
        case {"batches": [*_]}:
            _refuse("a list of batches, which holds no story", "the stories of a category of one of them")
        case {"mediaData": [*_]} | [{"organization": _}, *_]:
            _refuse("media data, which are outlets and no stories", "python -m perspectives_kite FILE -o outlets.json")
    _refuse("no category of Kagi News", _CATEGORY)


def _refuse(message: str, expected: str) -> NoReturn:
    raise LoadError(Fault(code="not-kite", message=f"this is {message}", path="$", expected=expected))
