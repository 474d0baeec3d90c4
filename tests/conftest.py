"""What several test files need: other people's commands, and distributions that look installed."""

import importlib
import os
import shutil
import sys

import pytest

pytest_plugins = ["pytester"]


def requires(command):
    """A mark for a test that needs a command; without it the test is skipped, or fails where all are required."""

    is_needed = os.environ.get("PERSPECTIVES_REQUIRE_ALL") == "1"
    return pytest.mark.skipif(not is_needed and shutil.which(command) is None, reason=f"{command} is not installed")


@pytest.fixture
def install(tmp_path, monkeypatch):
    """A function that installs a fake distribution for one test: its metadata and one module."""

    site = tmp_path / "site"
    site.mkdir()
    monkeypatch.syspath_prepend(site)
    monkeypatch.delenv("PERSPECTIVES_PLUGINS", raising=False)
    monkeypatch.delenv("PERSPECTIVES_DISABLE", raising=False)

    def install(dist, code, /, version="1.0", **names):
        """`renderers="toot"` and `loaders="a b"` are the names of its entry points."""
        module = dist.replace("-", "_")
        (site / f"{module}.py").write_text(code)
        info = site / f"{module}-{version}.dist-info"
        info.mkdir()
        (info / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {dist}\nVersion: {version}\n")
        points = [
            f"[perspectives.{kind}]\n" + "".join(f"{name} = {module}\n" for name in words.split())
            for kind, words in names.items()
        ]
        (info / "entry_points.txt").write_text("\n".join(points))
        importlib.invalidate_caches()
        return module

    install.site = site
    yield install
    for name, module in list(sys.modules.items()):
        if str(site) in str(getattr(module, "__file__", None)):
            del sys.modules[name]
