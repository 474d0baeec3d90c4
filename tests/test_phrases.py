"""The phrases: words and values by turns, so that a page can tell them apart."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from perspectives.catalogue import wording_of
from perspectives.outline import outline
from perspectives.phrases import joined
from perspectives.testing import samples

pieces = st.text("ab: ", max_size=3)


@given(st.lists(st.lists(pieces, min_size=1, max_size=4).map(tuple)), pieces)
def test_joined_phrases_read_in_a_row(parts, between):
    """Phrases that are joined read as they would one by one, and what was a value still is one."""
    whole = joined(parts, between)

    assert (between.join(map("".join, parts)), [value for part in parts for value in part[1::2]]) == (
        "".join(whole),
        list(whole[1::2]),
    )


@pytest.mark.parametrize("name", samples)
def test_pieces_of_a_node_are_its_text(name):
    """The pieces of a node, where it has any, are its text."""
    brief = samples[name]
    nodes = [node for node in outline(brief, wording_of(brief)) if node.pieces]

    assert [node.text for node in nodes] == ["".join(node.pieces) for node in nodes]


def test_values_of_the_full_sample_are_told_apart():
    """What stands between the words of a phrase is exactly the value."""
    brief = samples["full"]
    values = {node.role: node.pieces[1::2] for node in outline(brief, wording_of(brief)) if node.pieces}

    assert ("Which bank it writes for", "East") == values["position"]
    assert ("Score of the Reading Room", "-6.5", "Reading Room") == values["rating"]
    assert ("I. Desk", "U. Editor") == values["reviewed_by"]
    assert ("Score of the Reading Room", "-42", "42") == values["scheme"]
    assert ("2026-01-15T06:00:00+00:00",) == values["updated"]
