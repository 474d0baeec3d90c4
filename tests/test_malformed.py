"""Whatever is wrong with a document, its faults come at once, with their places, and nothing else comes."""

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from malformed import MALFORMED, read

import perspectives as p
from perspectives.testing import samples

DOCUMENT = p.dumps(samples["full"], indent=0)
few = settings(max_examples=60, deadline=None)


def shown(fault):
    """A fault as `malformed.py` writes it."""
    place = ":".join(str(part) for part in (fault.line, fault.column) if part is not None)
    return f"{fault.code} {fault.path or place}"


@pytest.mark.parametrize("name", MALFORMED)
def test_malformed_document_gives_its_faults(name):
    """Each document gives all of its faults, with their places, as the one error that says so."""
    case = MALFORMED[name]
    with pytest.raises(p.PerspectivesError) as caught:
        read(case)

    assert (case.error, case.faults) == (type(caught.value), tuple(map(shown, caught.value.faults)))


@pytest.mark.parametrize("name", MALFORMED)
def test_every_fault_says_what_would_be_right(name):
    """A fault is mended by those who know only what it says: it has words for what is wrong and what is right."""
    with pytest.raises(p.PerspectivesError) as caught:
        read(MALFORMED[name])

    assert [] == [fault for fault in caught.value.faults if not (fault.message and fault.expected)]


def unplaced(document):
    """The faults of a document that have no place or no words; any error but ours goes through."""
    try:
        p.loads(document)
    except p.PerspectivesError as error:
        json.dumps(error.to_dict())
        return [
            fault for fault in error.faults if not ((fault.path or fault.line) and fault.message and fault.expected)
        ]
    return []


@few
@given(st.binary() | st.text())
def test_anything_gives_placed_faults(document):
    """Whatever bytes or text come, what is wrong has its place and what would be right."""

    assert [] == unplaced(document)


_PATCHES = (
    "",
    "NaN",
    "1e999",
    "9" * 50,
    '"',
    "\\",
    "{",
    "]",
    "[[",
    ",",
    ":",
    "null",
    "\\ud800",
    "\0",
    "\ufeff",
    '"a":1,"a":2,',
)


@few
@given(st.lists(st.tuples(st.integers(0, len(DOCUMENT)), st.integers(0, 40), st.sampled_from(_PATCHES)), max_size=4))
def test_any_damage_gives_placed_faults(damages):
    """Wherever a document is damaged, what is wrong has its place and what would be right."""
    document = DOCUMENT
    for start, length, patch in damages:
        document = document[:start] + patch + document[start + length :]

    assert [] == unplaced(document)


@few
@given(
    st.lists(st.sampled_from(["[", '{"a":', "[1,", '{"a":[],"b":', " ", '"', "]", "NaN"]), min_size=1, max_size=4),
    st.integers(0, 20_000),
)
def test_any_depth_gives_placed_faults(pieces, times):
    """However deep the values nest, and whatever lies between, it is no crash."""

    assert [] == unplaced(f'{{"format": "perspectives/1.0", "extra": {"".join(pieces) * times}')
