"""The XML that Atom and RSS are written in."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

ATOM = "http://www.w3.org/2005/Atom"
CONTENT = "http://purl.org/rss/1.0/modules/content/"
DC = "http://purl.org/dc/elements/1.1/"
DCTERMS = "http://purl.org/dc/terms/"


def root(tag: str, attributes: dict[str, str | None]) -> "Element":
    """The outermost element; prefixes are declared as attributes, so that nothing global is touched."""
    # Imported here, because who lists the formats imports this module.
    from xml.etree.ElementTree import Element

    return Element(tag, _known(attributes))


def add(parent: "Element", tag: str, text: str | None = None, /, **attributes: str | None) -> "Element":
    """An element within another; attributes that are None are not written, and `_` in a name stands for `:`."""
    from xml.etree.ElementTree import SubElement

    named = {name.replace("_", ":"): value for name, value in attributes.items()}
    element = SubElement(parent, tag, _known(named))
    element.text = text
    return element


def _known(attributes: dict[str, str | None]) -> dict[str, str]:
    return {name: value for name, value in attributes.items() if value is not None}


def document(element: "Element") -> str:
    """The document, one element a line."""
    from xml.etree.ElementTree import indent, tostring

    indent(element, "  ")
    return f'<?xml version="1.0" encoding="utf-8"?>\n{tostring(element, encoding="unicode")}\n'
