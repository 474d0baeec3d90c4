"""What ninjs has no property for, as bodies whose role is its field: `facts`, `facts.status`, `quotes.speaker`.

A body belongs to the last one before it whose role its own begins with, so
that `bodies[role=facts]` alone are the facts.
"""

import json
from collections.abc import Iterator
from typing import Any

from perspectives.plugin import Fault, LoadError

LEADS = {
    "blocks": "kind",
    "citations": "source",
    "context": "text",
    "corrections": "text",
    "facts": "text",
    "generator": "name",
    "questions": "question",
    "quotes": "text",
    "ratings": "rater",
    "timeline": "text",
}
"""The lists of objects, each with the field that the body of the bare role holds."""

_LISTS = frozenset((*LEADS, "aliases", "answer", "body", "domains", "items", "languages", "range", "values"))
_PLAIN, _JSON = "text/plain", "application/json"


def bodies(role: str, value: Any) -> Iterator[dict[str, str]]:
    """A field of plain data as bodies; what is no text is JSON, and says so."""
    if isinstance(value, list):
        for item in value:
            yield from bodies(role, item)
    elif isinstance(value, dict):
        lead = LEADS.get(role.rpartition(".")[2], "")
        if lead or not value:
            yield from bodies(role, value.get(lead, ""))
        for name, part in value.items():
            if name != lead:
                yield from bodies(f"{role}.{name}", part)
    elif isinstance(value, str):
        yield {"role": role, "contentType": _PLAIN, "value": value}
    else:
        yield {"role": role, "contentType": _JSON, "value": json.dumps(value)}


def fields(found: list[dict[str, Any]], path: str) -> dict[str, Any]:
    """The plain data that these bodies hold. Raises `LoadError` for one that belongs to none before it."""
    data: dict[str, Any] = {}
    for index, body in enumerate(found):
        where = f"{path}.bodies[{index}]"
        *way, name = str(body.get("role")).split(".")
        at: Any = data
        for step in way:
            at = at.setdefault(step, [] if step in _LISTS else {})
            at = at[-1] if isinstance(at, list) and at else at
            if not isinstance(at, dict):
                message = f"nothing before it has the role {step!r}"
                raise LoadError(Fault(code="bad-body", message=message, path=where, expected="the bodies in order"))
        value = _value(body, where)
        if name in LEADS:
            at.setdefault(name, []).append({LEADS[name]: value} if value != "" else {})
        elif name in _LISTS:
            at.setdefault(name, []).append(value)
        else:
            at[name] = {} if value == "" else value
    return data


def _value(body: dict[str, Any], where: str) -> Any:
    value = body.get("value")
    if body.get("contentType") != _JSON:
        return value
    try:
        return json.loads(str(value))
    except (ValueError, RecursionError) as error:
        raise LoadError(Fault(code="bad-body", message=f"the value is no JSON ({error})", path=where)) from None
