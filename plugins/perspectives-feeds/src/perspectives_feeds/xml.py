"""The XML that Atom and RSS are written in."""

import datetime as dt
from xml.etree.ElementTree import Element, SubElement, indent, tostring

ATOM = "http://www.w3.org/2005/Atom"
CONTENT = "http://purl.org/rss/1.0/modules/content/"
DC = "http://purl.org/dc/elements/1.1/"
DCTERMS = "http://purl.org/dc/terms/"


def add(parent: Element, tag: str, /, **attributes: str | None) -> Element:
    """An element within another, with the attributes that are not None."""
    return SubElement(parent, tag, {name: value for name, value in attributes.items() if value is not None})


def say(parent: Element, tag: str, text: str | dt.datetime | None, /, **attributes: str | None) -> None:
    """An element with a text or a time (RFC 3339), where there is one."""
    if text:
        add(parent, tag, **attributes).text = text.isoformat() if isinstance(text, dt.datetime) else text


def document(root: Element) -> str:
    """The document, one element a line."""
    indent(root, "  ")
    return f'<?xml version="1.0" encoding="utf-8"?>\n{tostring(root, encoding="unicode")}\n'
