"""Writes the tables of the pages from the code itself: `python docs/tables.py`.

What stands between two marks of a page is made here; all else is written by hand.
"""

import inspect
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Literal, get_args, get_origin

import attrs

import perspectives as p
from perspectives.catalogue import catalogue
from perspectives.fields import ADDRESS, BLOCK_KIND, COUNTRY, DOMAIN, LANGUAGE, REL, URL
from perspectives.profiles import PROFILES
from perspectives.rules import RULES

PAGES = [Path(__file__).parent / name for name in ("reference/model.md", "guides/judging.md", "reference/text.md")]
WORDS = {
    "str": "text",
    "int": "whole number",
    "float": "number",
    "bool": "true or false",
    "date": "date",
    "datetime": "date and time",
    "dict": "object of JSON values",
}
FORMS = [
    (URL, "web address"),
    (ADDRESS, "e-mail address"),
    (DOMAIN, "domain"),
    (LANGUAGE, "language tag"),
    (COUNTRY, "country code"),
    (REL, "word"),
    (BLOCK_KIND, "word"),
]
"""What a text may be besides a paragraph."""


LAYOUT = {
    "Headings": "facts context perspectives go_deeper sources",
    "Headings of other parts": "quotes timeline questions images subjects corrections",
    "Before outlets and between them, and around very words": "for_example outlets comma open_quote close_quote",
    "In the head of a story, and before facts": "place published updated confirmed disputed retracted",
    "At images and sources": "image credit archived common_knowledge",
    "Headings of what is not read": "blocks about_outlets provenance schemes",
}
"""The words that the text loader knows, as they stand in tables that are not too wide."""


def classes(cls: type = p.Brief) -> list[type]:
    """The classes that a brief is made of, each before those that it holds."""
    found = [cls]
    for known in found:  # grows while it is walked
        for field in attrs.fields(known):
            found += [part for part in _parts(field.type) if attrs.has(part) and part not in found]
    return found


def _parts(kind: Any) -> Iterator[Any]:
    yield kind
    for argument in get_args(kind):
        yield from _parts(argument)


def holds(field: "attrs.Attribute[Any]") -> str:
    """What a field may hold, as the page says it."""
    validator: Any = field.validator  # a `Kind`; to attrs any function
    schema = validator.schema
    form = next((words for kind, words in FORMS if kind.schema in (schema, schema.get("items"))), "text")
    return in_words(field.type).replace("text", form)


def in_words(kind: Any) -> str:
    """The type of a field in words."""
    arguments = [argument for argument in get_args(kind) if argument is not type(None)]
    if get_origin(kind) is Literal:
        return " or ".join(f"`{word}`" for word in arguments)
    if get_origin(kind) is tuple:
        if arguments[1] is not ...:
            return "two numbers"
        return f"list of {in_words(arguments[0])}{'' if attrs.has(arguments[0]) else 's'}"
    if get_origin(kind) is dict:
        return WORDS["dict"]
    if arguments:
        return " or ".join(map(in_words, arguments))
    return f"[{kind.__name__}](#{kind.__name__.lower()})" if attrs.has(kind) else WORDS[kind.__name__]


def default(field: "attrs.Attribute[Any]") -> str:
    """What a field holds where nothing is said."""
    if field.default is attrs.NOTHING:
        return "**required**"
    is_said = isinstance(field.default, str | bool)
    return f"`{field.default}`" if is_said else ""


def table(head: str, rows: Iterator[tuple[str, ...]]) -> str:
    """A table of Markdown."""
    lines = [tuple(head.split(", ")), ("---",) * len(head.split(", ")), *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def section(cls: type) -> str:
    """What one class and each of its fields means."""
    rows = ((f"`{f.name}`", holds(f), default(f), f.metadata["help"]) for f in attrs.fields(cls))
    about = (inspect.getdoc(cls) or "").replace("\n\n", "\0").replace("\n", " ").replace("\0", "\n\n")
    return f"### {cls.__name__}\n\n{about}\n\n{table('field, holds, default, meaning', rows)}"


def words(title: str, names: str) -> str:
    """The words of each language for some fields of `Wording`, as a text file holds them."""
    rows = ((f"`{tag}`", *(getattr(own, name) for name in names.split())) for tag, own in catalogue().items())
    head = ", ".join(["language", *(f"`{name}`" for name in names.split())])
    return f"### {title}\n\n{table(head, rows)}"


def made() -> dict[str, str]:
    """The parts of the pages that are made, by the name of their mark."""
    limits = ((f"`{limit.name}`", f"{limit.default:,}", limit.metadata["help"]) for limit in attrs.fields(p.Limits))
    rules = ((f"`{rule.code}`", rule.severity, rule.summary) for rule in RULES)
    profiles = ((f"`{name}`", profile.summary) for name, profile in PROFILES.items())
    return {
        "words": "\n\n".join(words(*entry) for entry in LAYOUT.items()),
        "classes": "\n\n".join(map(section, classes())),
        "limits": table("limit, at most, of what", limits),
        "rules": table("code, severity, what it looks for", rules),
        "profiles": table("profile, for whom", profiles),
    }


def renewed(page: str) -> str:
    """A page with its made parts as the code is now."""
    for name, text in made().items():
        between = re.compile(rf"(<!-- made: {name} -->\n).*?(<!-- end -->)", re.DOTALL)
        page = between.sub(lambda marks, text=text: f"{marks[1]}\n{text}\n\n{marks[2]}", page)
    return page


if __name__ == "__main__":
    for path in PAGES:
        path.write_text(renewed(path.read_text("utf-8")), "utf-8")
