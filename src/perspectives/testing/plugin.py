"""For pytest: `--perspectives-gallery=DIR` writes what your formats make of each sample, and how they did.

Switched on by a line in your `conftest.py`; without the option it does nothing:

    pytest_plugins = ["perspectives.testing.plugin"]

`DIR/<format>/` then holds each sample and `conformance.json`: which tests of
the contract passed, and the `badge` for a README. A loader has
`conformance-loader.json` there and no samples.

The `=` is needed: behind a blank pytest takes a folder that is there for one
of tests, and looks for settings and `conftest.py` in it.
"""

import contextlib
import json
from collections.abc import Generator
from pathlib import Path
from typing import Any

import pytest

from perspectives.discovery import FormatKind
from perspectives.errors import FAULTS
from perspectives.files import write_rendered
from perspectives.plugin import LoaderInfo, Renderer, RendererInfo
from perspectives.registry import Registry
from perspectives.testing.loader_contract import LoaderContract
from perspectives.testing.processes import render_tools
from perspectives.testing.renderer_contract import RendererContract
from perspectives.testing.samples import samples

_OUTCOMES = ("passed", "skipped", "failed")


def pytest_addoption(parser: pytest.Parser) -> None:
    """The one option."""
    parser.getgroup("perspectives").addoption(
        "--perspectives-gallery",
        type=Path,
        metavar="DIR",
        help="write each sample in each format under contract, and conformance.json beside it",
    )


def pytest_configure(config: pytest.Config) -> None:
    """Take note of the tests where a gallery is asked for."""
    if folder := config.getoption("--perspectives-gallery"):
        if config.getoption("numprocesses", None):
            raise pytest.UsageError(
                "--perspectives-gallery says what became of each test: one process must run them all; add -n0"
            )
        config.pluginmanager.register(Gallery(folder), "perspectives-gallery")


class Gallery:
    """The contracts that are run, and what became of each of their tests."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._results: dict[type, dict[str, str]] = {}

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_makereport(self, item: pytest.Item) -> Generator[None, pytest.TestReport, pytest.TestReport]:
        """Note the worst that is said of each test of a contract, by setup, call or teardown."""
        report = yield
        contract, name = getattr(item, "cls", None), getattr(item, "originalname", item.name)
        if isinstance(contract, type) and name in _tests_of(contract):
            results = self._results.setdefault(contract, {})
            results[name] = max(results.get(name, "passed"), report.outcome, key=_OUTCOMES.index)
        return report

    def pytest_sessionfinish(self) -> None:
        """Write the gallery; where two contracts are for one format, the samples are those of the first."""
        written: dict[Path, dict[str, str]] = {}
        for contract, results in self._results.items():
            renderer, loader = getattr(contract, "renderer", None), getattr(contract, "loader", None)
            is_renderer = issubclass(contract, RendererContract)
            item: Any = renderer if is_renderer else loader
            if not isinstance(getattr(item, "info", None), RendererInfo | LoaderInfo):
                continue
            file = self._folder / item.info.name / ("conformance.json" if is_renderer else "conformance-loader.json")
            file.parent.mkdir(parents=True, exist_ok=True)
            if is_renderer and file not in written:
                _write_samples(file.parent, item, getattr(contract, "options", None))
            before = written.get(file, {})
            written[file] = {
                name: max(before.get(name, outcome), outcome, key=_OUTCOMES.index)
                for name, outcome in {**before, **results}.items()
            }
            conformance = _conformance(item, written[file], _tests_of(contract))
            file.write_text(json.dumps(conformance, indent=2) + "\n", "utf-8")


def _tests_of(contract: type) -> list[str]:
    """The tests that a class has from a contract."""
    bases = [base for base in (RendererContract, LoaderContract) if issubclass(contract, base)]
    return [name for base in bases for name in vars(base) if name.startswith("test_")]


def _write_samples(folder: Path, renderer: Renderer[Any], options: object) -> None:
    extension = next(iter(renderer.info.extensions), "")
    settings = renderer.options_class() if options is None else options
    for name, brief in samples.items():
        # What cannot be rendered has failed its own test.
        with contextlib.suppress(*FAULTS):
            write_rendered(folder / f"{name}{extension}", renderer.render(brief, settings, render_tools()))


def _conformance(item: Any, results: dict[str, str], tests: list[str]) -> dict[str, Any]:
    """What `conformance.json` says of a format."""
    is_renderer = isinstance(item.info, RendererInfo)
    kind: FormatKind = "renderer" if is_renderer else "loader"
    omits = sorted(item.info.omits) if is_renderer else []
    passed = list(results.values()).count("passed")
    return {
        "format": item.info.name,
        "distribution": next((p.dist for p in Registry().providers(kind) if p.name == item.info.name), ""),
        **{
            outcome: [name.removeprefix("test_") for name in tests if results.get(name) == outcome]
            for outcome in _OUTCOMES
        },
        "omits": omits,
        "badge": f"conformance: {passed}/{len(tests)}, omits: {', '.join(omits) or 'none'}",
    }
