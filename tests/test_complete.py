"""One brief of every class and field at once: exact in JSON, and completely visible in each format."""

import datetime as dt
import email
import email.policy

import attrs
import pytest
from markdown_it import MarkdownIt
from selectolax.lexbor import LexborHTMLParser

import perspectives as p
from perspectives import attribution, model
from perspectives.registry import Registry
from perspectives.testing import samples

FULL = samples["full"]
CLASSES = [
    cls
    for module in (attribution, model)
    for cls in vars(module).values()
    if isinstance(cls, type) and cls.__module__ == module.__name__
]
# What is printed as a word of the wording, a number, or a way to write something, each with what a reader sees.
IN_OTHER_WORDS = {
    ("Citation", "source"): "[1]",
    ("Fact", "status"): "Disputed",
    ("Source", "paywalled"): "Paywalled",
    ("Quote", "verbatim"): "“A bridge is a promise.”",
    ("PerspectiveGroup", "exhaustive"): "Outlets:",
    ("Rating", "scheme"): "Which bank it writes for",
    ("Position", "scheme"): "Which bank it writes for",
    ("RatingScheme", "ordered"): "East – Both – West",
}


def leaves(value):
    """Every (class, field, value) below an object of the model that is no default."""
    for field in attrs.fields(type(value)):
        found = getattr(value, field.name)
        for item in found if isinstance(found, tuple) else [found]:
            if attrs.has(type(item)) and field.name != "wording":
                yield type(value).__name__, field.name, item
                yield from leaves(item)
            elif found not in (field.default, {}, ()):
                yield type(value).__name__, field.name, item


def test_full_sample_has_every_field():
    """The sample says something in each field of each class; of the printed words it changes one."""
    told = {(cls, name) for cls, name, _ in leaves(FULL)}
    fields = {(cls.__name__, field.name) for cls in CLASSES for field in attrs.fields(cls) if cls is not model.Wording}

    assert set() == fields - told


def test_full_sample_survives_json():
    """It loads back equal, and is written alike."""
    text = p.dumps(FULL)

    assert (FULL, text) == (p.loads(text), p.dumps(p.loads(text)))


def html_words(html):
    """What an HTML5 parser finds: the text, and what stands in attributes."""
    tree = LexborHTMLParser(html)
    attributes = [str(value) for node in tree.css("*") for value in node.attributes.values() if value]
    return [tree.body.text(), *attributes]


def mail_words(data):
    """The HTML part of a mail, decoded by the standard library."""
    message = email.message_from_bytes(data, policy=email.policy.default)
    return html_words(message.get_body(("html",)).get_content())


SEEN = {
    "html": lambda rendered: html_words(str(rendered)),
    "markdown": lambda rendered: [*html_words(MarkdownIt("commonmark").render(str(rendered))), str(rendered)],
    "email": lambda rendered: mail_words(bytes(rendered)),
    "text": lambda rendered: [str(rendered)],
}


def printed(cls, name, value):
    """The words by which a reader sees a value."""
    if (cls, name) in IN_OTHER_WORDS:
        return IN_OTHER_WORDS[cls, name]
    if isinstance(value, dt.datetime) and cls == "Source":
        return value.date().isoformat()
    return value.isoformat() if isinstance(value, dt.date) else str(value)


@pytest.mark.parametrize("format", SEEN)
def test_full_sample_is_completely_visible(format):
    """Each value of each field is in the output, unless the renderer declares that it omits the field."""
    _, renderer = Registry().describe("renderer", format)
    shown = "\0".join(SEEN[format](p.render(FULL, format)))
    marks = {"markdown": ("[1]", "[^1]"), "text": (", Evening", "\\, Evening")}.get(format, ("", ""))

    assert [] == [
        (cls, name, value)
        for cls, name, value in leaves(FULL)
        if not attrs.has(type(value))
        and not {name, f"{cls}.{name}"} & renderer.info.omits
        and printed(cls, name, value).replace(*marks) not in shown
    ]
