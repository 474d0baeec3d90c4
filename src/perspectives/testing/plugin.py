"""For pytest: `--perspectives-gallery DIR` writes what your formats make of each sample, and how they did.

Switched on by a line in your `conftest.py`; without the option it does nothing:

    pytest_plugins = ["perspectives.testing.plugin"]

`DIR/<format>/` then holds each sample and `conformance.json`: which tests of
the contract passed, and the `badge` for a README. A loader has
`conformance-loader.json` there and no samples.
"""

import json
from collections.abc import Generator
from pathlib import Path
from typing import Any

import pytest

from perspectives.discovery import FormatKind
from perspectives.files import write_rendered
from perspectives.plugin import RendererInfo
from perspectives.registry import Registry
from perspectives.testing.loader_contract import LoaderContract
from perspectives.testing.processes import render_tools
from perspectives.testing.renderer_contract import RendererContract
from perspectives.testing.samples import samples

_RANKS = ("passed", "skipped", "failed")


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
        config.pluginmanager.register(Gallery(folder), "perspectives-gallery")


class Gallery:
    """The contracts that are run, and what became of each of their tests."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._contracts: dict[type, dict[str, str]] = {}

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_makereport(self, item: pytest.Item) -> Generator[None, pytest.TestReport, pytest.TestReport]:
        """Note the worst that is said of each test of a contract."""
        report = yield
        contract = getattr(item, "cls", None)
        name = getattr(item, "originalname", item.name)
        if isinstance(contract, type) and name in _tests_of(contract):
            results = self._contracts.setdefault(contract, {})
            results[name] = max(results.get(name, "passed"), report.outcome, key=_RANKS.index)
        return report

    def pytest_sessionfinish(self) -> None:
        """Write the gallery."""
        for contract, results in self._contracts.items():
            if issubclass(contract, RendererContract):
                self._write_renderer(contract, results)
            elif issubclass(contract, LoaderContract):
                _write(self._folder, "conformance-loader.json", contract.loader, results, _tests_of(contract))

    def _write_renderer(self, contract: type[RendererContract], results: dict[str, str]) -> None:
        renderer = contract.renderer
        folder = _write(self._folder, "conformance.json", renderer, results, _tests_of(contract))
        extension = next(iter(renderer.info.extensions), "")
        options = renderer.options_class() if contract.options is None else contract.options
        for name, brief in samples.items():
            try:
                rendered = renderer.render(brief, options, render_tools())
            except Exception:  # noqa: BLE001, S112 - test_total has said so
                continue
            write_rendered(folder / f"{name}{extension}", rendered)


def _tests_of(contract: type) -> list[str]:
    bases = [base for base in (RendererContract, LoaderContract) if issubclass(contract, base)]
    return [name for base in bases for name in vars(base) if name.startswith("test_")]


def _write(root: Path, file: str, item: Any, results: dict[str, str], tests: list[str]) -> Path:
    folder = root / str(item.info.name)
    folder.mkdir(parents=True, exist_ok=True)
    by_outcome = {rank: [name for name in tests if results.get(name) == rank] for rank in _RANKS}
    omits = sorted(item.info.omits) if isinstance(item.info, RendererInfo) else []
    conformance = {
        "format": item.info.name,
        "distribution": _distribution(item),
        **{rank: [name.removeprefix("test_") for name in names] for rank, names in by_outcome.items()},
        "omits": omits,
        "badge": f"conformance: {len(by_outcome['passed'])}/{len(tests)}, omits: {', '.join(omits) or 'none'}",
    }
    (folder / file).write_text(json.dumps(conformance, indent=2) + "\n", "utf-8")
    return folder


def _distribution(item: Any) -> str:
    """Which distribution lists it; empty where none does."""
    kind: FormatKind = "renderer" if isinstance(item.info, RendererInfo) else "loader"
    for provider in Registry().providers(kind):
        if provider.name == item.info.name:
            return provider.dist
    return ""
