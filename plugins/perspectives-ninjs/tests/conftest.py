"""The kit's gallery, the seed, the briefs that each judge is asked about, and golden files."""

from collections.abc import Callable, Mapping
from pathlib import Path

import pytest
from hypothesis import HealthCheck, Phase, given, seed, settings

import perspectives as p
from perspectives.testing import briefs, samples

pytest_plugins = ["perspectives.testing.plugin"]

HERE = Path(__file__).parent
SEED = HERE.parents[2] / "examples" / "kim-putin.txt"


def pytest_addoption(parser: pytest.Parser) -> None:
    """`--golden` writes the golden files anew, to be read before they are committed."""
    parser.addoption("--golden", action="store_true", help="write the golden files anew")


@pytest.fixture(scope="session")
def corpus() -> Mapping[str, p.Brief]:
    """The seed, the samples, and 200 generated briefs, the same in each run."""
    made: list[p.Brief] = []

    @seed(1911)
    @settings(
        max_examples=200,
        database=None,
        deadline=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(briefs())
    def collect(brief: p.Brief) -> None:
        made.append(brief)

    collect()
    report = p.load_report(SEED)
    return {"seed": report.brief, **samples, **{f"generated {number}": brief for number, brief in enumerate(made)}}


@pytest.fixture
def golden(request: pytest.FixtureRequest) -> Callable[[str, str], str]:
    """What a golden file holds; with `--golden` it is written first."""

    def read(name: str, actual: str) -> str:
        file = HERE / "golden" / name
        if request.config.getoption("--golden"):
            file.write_text(actual, "utf-8")
        return file.read_text("utf-8")

    return read
