"""What several test files need: our command and others', and distributions that are installed or look so."""

import contextlib
import importlib
import json
import os
import re
import shutil
import subprocess
import sys
import venv
from pathlib import Path

import pytest

from perspectives import discovery
from perspectives.cli import main

pytest_plugins = ["pytester"]

JUDGES = Path(__file__).parent / "judges"
HOST = "https://judge.example/"


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config, log):
    """Have `--dist loadfile` part what is asked of each plugin too: it takes minutes, and shares nothing with the others."""
    from xdist.scheduler import LoadFileScheduling

    class ByFileAndPlugin(LoadFileScheduling):
        def _split_scope(self, nodeid):
            plugin = re.search(r"/test_plugin_distributions\.py::(?!test_all_together)\w+\[perspectives-\w+", nodeid)
            return plugin[0].partition("[")[2] if plugin else super()._split_scope(nodeid)

    return ByFileAndPlugin(config, log) if config.getoption("dist") == "loadfile" else None


def requires(command):
    """A mark for a test that needs a command; without it the test is skipped, or fails where all are required."""

    is_needed = os.environ.get("PERSPECTIVES_REQUIRE_ALL") == "1"
    return pytest.mark.skipif(not is_needed and shutil.which(command) is None, reason=f"{command} is not installed")


def npm(package):
    """The folder in which this package of npm is installed, at most once; without npm the test is skipped."""

    folder = Path(__file__).parent.parent / ".ci-tools" / "npm" / package.replace("/", "+")
    if not folder.exists():
        making = folder.with_name(f"{folder.name}.{os.getpid()}")
        making.mkdir(parents=True)
        _npm_install(making, package)
        with contextlib.suppress(OSError):  # another process of pytest-xdist was faster
            making.rename(folder)
    return folder


def _npm_install(folder, *arguments):
    """Install packages, or what the folder's own list names; where they cannot be had, the test is skipped."""
    command = ["npm", "install", "--no-audit", "--no-fund", "--prefix", str(folder), *arguments]
    done = shutil.which("npm") and subprocess.run(command, capture_output=True, text=True, timeout=300)
    if not done or done.returncode:
        reason = done.stderr[-300:] if done else "npm is not installed"
        (pytest.fail if os.environ.get("PERSPECTIVES_REQUIRE_ALL") == "1" else pytest.skip)(reason)


def examples(number):
    """How many examples hypothesis tries: `number`, or what PERSPECTIVES_EXAMPLES says for a run at length."""

    return int(os.environ.get("PERSPECTIVES_EXAMPLES", number))


@pytest.fixture(scope="session", autouse=True)
def _alone():
    """Hides the plugins of whoever runs the tests; what a test installs is on the path later, and is seen."""
    find, before = discovery._entry_points, set(sys.path)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(
            discovery,
            "_entry_points",
            lambda group: [point for point in find(group) if str(point.dist.locate_file("")) not in before],
        )
        yield


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


@pytest.fixture
def run(capsysbinary):
    """A function that runs one command and gives exit status, stdout and stderr."""

    def run(*arguments):
        try:
            status = main(arguments)
        except SystemExit as error:
            status = error.code
        out, err = capsysbinary.readouterr()
        return status, out.decode(), err.decode()

    return run


def execute(*command, status=0, **settings):
    """Stdout and stderr of a program that must exit with this status; it finds no code but what is installed."""
    environment = {name: value for name, value in os.environ.items() if name not in ("PYTHONPATH", "VIRTUAL_ENV")}
    environment |= settings.pop("env", {})
    done = subprocess.run(command, capture_output=True, text=True, encoding="utf-8", env=environment, **settings)
    assert status == done.returncode, done.stdout + done.stderr
    return done.stdout, done.stderr


def pip(python, *arguments):
    """Run our pip for a Python; where the packages that it needs cannot be had, the test is skipped."""
    command = [sys.executable, "-m", "pip", "-q", "--python", python, *arguments]
    done = subprocess.run(command, capture_output=True, text=True, encoding="utf-8")
    if done.returncode:
        if os.environ.get("PERSPECTIVES_REQUIRE_ALL") == "1":
            pytest.fail(done.stderr)
        pytest.skip(f"pip {arguments[0]} fails, perhaps offline: {done.stderr.splitlines()[-1]}")


def fresh_environment(folder, *wheels):
    """The scripts of a new environment that has these wheels."""
    venv.create(folder)
    scripts = folder / ("Scripts" if os.name == "nt" else "bin")
    pip(scripts / "python", "install", "--no-compile", *wheels)  # most of what is installed is not imported
    return scripts


@pytest.fixture(scope="session")
def build_wheel(tmp_path_factory):
    """A function that builds the wheel of a folder."""

    def build_wheel(source):
        folder = tmp_path_factory.mktemp("wheel")
        pip(sys.executable, "wheel", "--no-deps", "--wheel-dir", folder, source)
        return next(folder.iterdir())

    return build_wheel


@pytest.fixture(scope="session")
def our_wheel(build_wheel):
    """The wheel of this library."""
    return build_wheel(Path(__file__).parents[1])


def ask(script, **question):
    """What a script of `judges` prints, as data, when it is asked this; without npm the test is skipped."""

    if not (JUDGES / "node_modules" / "playwright-core").exists():
        _npm_install(JUDGES, "--no-package-lock")
    text = json.dumps({"browser": shutil.which("chromium"), **question})
    command = ["node", str(JUDGES / script)]
    done = subprocess.run(
        command, input=text, capture_output=True, text=True, encoding="utf-8", check=False, timeout=300
    )
    assert "" == done.stderr, done.stderr[-800:]
    return json.loads(done.stdout)


def judge(script, files, **question):
    """What a script of `judges` finds in these pages, each served from memory: name -> HTML, or HTML and headers."""

    pages = {name: (page, {}) if isinstance(page, str) else page for name, page in files.items()}
    served = {f"{HOST}{name}": {"body": body, "headers": headers} for name, (body, headers) in pages.items()}
    return ask(script, files=served, **question)
