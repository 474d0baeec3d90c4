"""Which brief an HTML page holds: its data island, our markup, or paragraphs in the layout of a newsletter."""

from collections.abc import Sequence

import attrs
from turbohtml import Element, Node

from perspectives.codec import from_dict, parse
from perspectives.errors import Fault, Finding, PerspectivesError
from perspectives.loaders.html_brief import read_markup
from perspectives.loaders.html_document import elements, names_of
from perspectives.loaders.html_document import parse as parse_html
from perspectives.loaders.html_layout import read_text
from perspectives.loaders.layout import refuse
from perspectives.model import Brief
from perspectives.plugin import Input, Loaded, LoadTools


def read_page(input: Input, tools: LoadTools) -> Loaded:
    """The brief. Raises `LoadError` or `LimitError` with the lines of what cannot be read."""
    findings: list[Finding] = []
    document = parse_html(input, findings)
    islands, roots = _briefs(document)
    texts = {island.text: island for island in islands}
    if len(texts) > 1 or len(roots) > max(len(islands), 1):
        places = islands if len(texts) > 1 else roots
        message = f"the page holds {len(places)} briefs"
        refuse("several-briefs", message, places[1].source_line or 1, "one brief on a page, or each in a file")
    if islands:
        loaded = _island(islands[0], tools)
    elif roots:
        loaded = read_markup(roots[0], document, tools)
    else:
        loaded = read_text(document, tools)
    found = sorted([*findings, *loaded.findings], key=lambda finding: finding.line or 0)
    return attrs.evolve(loaded, findings=found)


def _briefs(document: Node) -> tuple[Sequence[Element], Sequence[Element]]:
    """The data islands, and the elements that hold a brief in our markup, of those within another the outer ones."""
    islands: list[Element] = []
    roots: list[Element] = []
    within: int | None = None  # the depth of the brief that the walk is in
    for depth, element in elements(document):
        within = None if within is not None and depth <= within else within
        names = names_of(element)
        if element.tag == "script" and "data" in names:
            islands.append(element)
        elif "brief" in names and within is None:
            roots.append(element)
            within = depth
    return islands, roots


def _island(island: Element, tools: LoadTools) -> Loaded:
    """The brief of a data island; its faults have its lines."""
    before = (island.source_line or 1) - 1
    try:
        brief: Brief = from_dict(parse(island.text, tools.limits), limits=tools.limits)
    except PerspectivesError as error:
        raise type(error)([_moved(fault, before) for fault in error.faults]) from None
    return Loaded(brief=brief, limits=tools.limits)


def _moved(fault: Fault, before: int) -> Fault:
    """A fault of the island's JSON as one of the page; what begins a line of the page has no column of it."""
    column = fault.column if fault.line and fault.line > 1 else None
    return attrs.evolve(fault, line=before + (fault.line or 1), column=column)
