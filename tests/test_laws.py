"""What holds for every brief, shown by hypothesis over whole briefs."""

from hypothesis import given

import perspectives as p
from perspectives.testing import briefs


@given(briefs())
def test_json_round_trip(brief):
    """What is dumped loads again to an equal brief."""

    assert brief == p.loads(p.dumps(brief))
