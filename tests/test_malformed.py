"""Whatever is wrong with a document, its faults come at once, with their places, and nothing else comes."""

import pytest
from malformed import MALFORMED

import perspectives as p
from perspectives.codec import parse


def read(case):
    """A malformed document, read as what it is."""
    if not isinstance(case.document, str | bytes):
        return p.from_dict(case.document, limits=case.limits)
    if case.limits:
        return p.from_dict(parse(case.document, case.limits), limits=case.limits)
    return p.loads(case.document)


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
