"""Writes the tables of the pages from the code itself: `python docs/tables.py`.

What stands between two marks of a page is made here; all else is written by hand.
"""

import argparse
import contextlib
import inspect
import re
import sys
import tempfile
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, Literal, get_args, get_origin
from unittest.mock import patch

import attrs

import perspectives as p
from perspectives.catalogue import catalogue
from perspectives.cli.arguments import parser
from perspectives.discovery import KINDS, built_in
from perspectives.fields import ADDRESS, BLOCK_KIND, COUNTRY, DOMAIN, LANGUAGE, REL, URL
from perspectives.profiles import PROFILES
from perspectives.rules import RULES
from perspectives.testing import options_table

DOCS = Path(__file__).parent
sys.path.insert(0, str(DOCS))  # who imports this file by its path alone finds the next one too

import directory  # noqa: E402
import faults  # noqa: E402

PAGES = [
    DOCS / "gallery.md",
    DOCS / "guides" / "judging.md",
    DOCS / "plugins" / "index.md",
    *(DOCS / "reference" / f"{name}.md" for name in ("cli", "errors", "formats", "model", "text")),
]
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


def table(head: str, rows: Iterable[tuple[str, ...]]) -> str:
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


def format_section(kind: Literal["renderer", "loader"], name: str) -> str:
    """What a built-in format says of itself, and its options."""
    _, found = p.Registry(autoload=False).describe(kind, name)
    info = found.info
    types = getattr(info, "media_types", None) or [info.media_type]
    lines = [f"### {name}", f"{info.summary}.", f"Media type {', '.join(f'`{word}`' for word in types)}."]
    lines[-1] += f" Extensions {', '.join(f'`{word}`' for word in info.extensions)}."
    if omitted := sorted(getattr(info, "omits", ())):
        lines.append(f"Omits {', '.join(f'`{word}`' for word in omitted)}.")
    return "\n\n".join([*lines, options_table(found.options_class).strip()])


def helps() -> str:
    """What `--help` prints of the command and of each of its commands, in a terminal of 80 columns."""
    with patch.dict("os.environ", COLUMNS="80", NO_COLOR="1"):
        found = [(own.prog, own.format_help()) for own in _commands(parser())]
    return "\n\n".join(f"## {name}\n\n```console\n$ {name} --help\n{text}```" for name, text in found)


def _commands(command: argparse.ArgumentParser) -> Iterator[argparse.ArgumentParser]:
    yield command
    for action in command._actions:
        if isinstance(action.choices, dict):
            for own in action.choices.values():
                yield from _commands(own)


def examples(section: str) -> str:
    """What each fault or finding of a section says, from running its example."""
    names: dict[str, Any] = {}
    exec(faults.PREAMBLE, names)  # noqa: S102
    with tempfile.TemporaryDirectory() as folder, contextlib.chdir(folder):
        for name, data in faults.FILES.items():
            Path(name).write_bytes(data)
        rows = [
            (f"`{code}`", f"{_code(source)}<br>{_said(code, source, names)}")
            for code, source in faults.EXAMPLES[section].items()
        ]
    return table("code, an example and what it says", rows)


def _said(code: str, source: str, names: dict[str, Any]) -> str:
    try:
        found, who = eval(source, names), ""  # noqa: S307
    except p.PerspectivesError as error:
        found, who = error.faults, f"{type(error).__name__}: "
    said = next(str(one) for one in found if one.code == code)
    return re.sub(r"([\\`*_\[\]<>|])", r"\\\1", who + said.splitlines()[0])


def _code(source: str) -> str:
    return "`{}`".format(source.replace("|", "\\|"))


def made() -> dict[str, str]:
    """The parts of the pages that are made, by the name of their mark."""
    limits = ((f"`{limit.name}`", f"{limit.default:,}", limit.metadata["help"]) for limit in attrs.fields(p.Limits))
    rules = ((f"`{rule.code}`", rule.severity, rule.summary) for rule in RULES)
    profiles = ((f"`{name}`", profile.summary) for name, profile in PROFILES.items())
    formats = {kind: [one.name for one in built_in(kind)] for kind in KINDS}
    return {
        **{f"{section} faults": examples(section) for section in faults.EXAMPLES},
        **{f"{kind}s": "\n\n".join(format_section(kind, name) for name in names) for kind, names in formats.items()},
        "fault preamble": f"```python\n{faults.PREAMBLE}```",
        "help": helps(),
        "words": "\n\n".join(words(*entry) for entry in LAYOUT.items()),
        "classes": "\n\n".join(map(section, classes())),
        "limits": table("limit, at most, of what", limits),
        "rules": table("code, severity, what it looks for", rules),
        "pictures of plugins": directory.pictures(),
        "plugins": table("distribution, what it is for, formats", map(directory.row, directory.PLUGINS)),
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
    for path in set(DOCS.glob("plugins/perspectives-*.md")) - directory.pages().keys():
        path.unlink()
    for path, text in directory.pages().items():
        path.write_text(text, "utf-8")
