"""Asks the W3C's feed validator about each feed of the tests; it is in no registry, so this is run by hand.

pip install html5lib rdflib
python tests/judges/w3c.py CHECKOUT_OF_GITHUB_W3C_FEEDVALIDATOR
"""

import sys
from collections import Counter
from pathlib import Path

sys.path[:0] = [str(Path(sys.argv[1]) / "src"), str(Path(__file__).parents[1])]

import feedvalidator  # noqa: E402 - the path comes first
from feeds import written  # noqa: E402

for name in ("atom", "rss"):
    found: Counter[str] = Counter()
    for _, rendered in written(name):
        for event in feedvalidator.validateString(bytes(rendered), firstOccurrenceOnly=1)["loggedEvents"]:
            if isinstance(event, feedvalidator.logging.Error):
                found[type(event).__name__] += 1
    sys.stdout.write(f"{name}: {len(written(name))} feeds, {dict(found) or 'no error'}\n")
