"""What ninjs has no property for, as bodies whose role is its field: `facts`, `facts.status`, `quotes.speaker`.

A body belongs to the last one before it whose role its own begins with, so
that `bodies[role=facts]` alone are the facts. `main`, the whole of a story as
text, and `disclosure` are for those who know none of these roles.
"""

import json
from collections.abc import Iterator, Set
from typing import Any

from perspectives.plugin import Fault, Finding, LoadError

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
_FOR_OTHERS = ("main", "disclosure")


def told(rest: dict[str, Any]) -> list[dict[str, str]]:
    """The bodies of these fields."""
    return [body for name, part in rest.items() for body in _bodies(name, part)]


def _bodies(role: str, value: Any) -> Iterator[dict[str, str]]:
    """A field of plain data as bodies; what is no text is JSON, and says so."""
    if isinstance(value, list):
        for item in value:
            yield from _bodies(role, item)
    elif isinstance(value, dict):
        lead = LEADS.get(role.rpartition(".")[2], "")
        if lead or not value:
            yield from _bodies(role, value.get(lead, ""))
        for name, part in value.items():
            if name != lead:
                yield from _bodies(f"{role}.{name}", part)
    elif isinstance(value, str):
        yield {"role": role, "contentType": _PLAIN, "value": value}
    else:
        yield {"role": role, "contentType": _JSON, "value": json.dumps(value)}


def fields(found: list[dict[str, Any]], known: Set[str], path: str, findings: list[Finding]) -> dict[str, Any]:
    """The plain data that these bodies hold; one that is of no field that is known is a finding.

    Raises `LoadError` for one that belongs to none before it.
    """
    data: dict[str, Any] = {}
    for index, body in enumerate(found):
        where = f"{path}.bodies[{index}]"
        role = str(body.get("role"))
        *way, name = role.split(".")
        if role in _FOR_OTHERS:
            continue
        if (way or [name])[0] not in known:
            message = f"a body of the role {role[:40]!r} is not taken"
            findings.append(Finding(code="left-out", message=message, path=where))
            continue
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
    except (ValueError, RecursionError):
        fault = Fault(code="bad-body", message="the value is no JSON", path=where, expected="a number, true or false")
        raise LoadError(fault) from None
