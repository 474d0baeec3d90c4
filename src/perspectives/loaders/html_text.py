"""A page that is not ours, in the layout of the seed: its paragraphs, headings and lists as blocks of a text."""

from turbohtml import Node
from perspectives.plugin import Loaded, LoadTools


def read_text(document: Node, tools: LoadTools) -> Loaded:
    raise NotImplementedError
