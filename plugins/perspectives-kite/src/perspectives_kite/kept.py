"""What the model has no place for, as it is kept in `extra`."""

from collections.abc import Mapping
from typing import Any

from perspectives.plugin import clean

NAMESPACE = "perspectives-kite"
"""The key of `extra` under which it stands."""


def is_empty(value: object) -> bool:
    """Whether a value says nothing: Kagi News writes null, "" and [] for what it does not have."""
    return value is None or value in ("", [], {}) or (isinstance(value, str) and not clean(value))


def kept(value: Any) -> Any:
    """A JSON value with each text as the model takes it, without the members of an object that say nothing."""
    match value:
        case str():
            return clean(value)
        case list():
            return [kept(item) for item in value]
        case Mapping():
            return {key: kept(item) for key, item in value.items() if not is_empty(item)}
    return value
