"""How long each malformed document of the tests takes, and how many faults it gives."""

import sys
import time
from pathlib import Path

import perspectives as p

sys.path.insert(0, str(Path(__file__).parent.parent / "tests"))

from malformed import MALFORMED, Malformed, read

MOST = 1_000
"""Milliseconds that a refusal may take."""


def refusal(case: Malformed) -> tuple[float, int]:
    """The best of three: milliseconds until the document is refused, and the number of faults."""
    times, faults = [], 0
    for _ in range(3):
        start = time.perf_counter()
        try:
            read(case)
        except p.PerspectivesError as error:
            faults = len(error.faults)
        times.append((time.perf_counter() - start) * 1_000)
    return min(times), faults


def main() -> int:
    """A line for each document, then the slowest, and whether all were refused in time."""
    p.loads('{"format": "perspectives/1.0"}')  # the first call imports the codec
    measured = {name: refusal(case) for name, case in MALFORMED.items()}
    for name, (milliseconds, faults) in measured.items():
        print(f"{milliseconds:9.2f} ms {faults:5} faults  {name}")
    slowest = max(measured, key=lambda name: measured[name][0])
    late = [name for name, (milliseconds, faults) in measured.items() if milliseconds >= MOST or not faults]
    print(f"{len(measured)} documents; the slowest is {slowest!r}: {measured[slowest][0]:.2f} ms")
    print(f"not refused within a second: {', '.join(late)}" if late else "each is refused within a second")
    return 1 if late else 0


if __name__ == "__main__":
    sys.exit(main())
