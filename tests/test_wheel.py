"""What is installed: our wheel, and a plugin's wheel beside it."""

import zipfile
from pathlib import Path

import pytest
from conftest import execute, fresh_environment, pip

import perspectives as p

ROOT = Path(__file__).parents[1]
PACKAGE = ROOT / "src" / "perspectives"

pytestmark = pytest.mark.slow

PLUGIN = """
from perspectives import Brief
from perspectives.plugin import NoOptions, Rendered, Renderer, RendererInfo, RenderTools, renderers


class Gemtext:
    info = RendererInfo(name="gemtext", media_type="text/gemini", summary="A Gemini page", extensions=(".gmi",))
    options_class = NoOptions

    def render(self, brief: Brief, options: NoOptions, tools: RenderTools, /) -> Rendered:
        return Rendered("\\n".join(node.text for node in tools.outline(brief)) + "\\n", self.info.media_type)


@renderers
def perspectives_renderers() -> list[Renderer[NoOptions]]:
    return [Gemtext()]
"""
PROJECT = """
[build-system]
requires = ["hatchling"]
build-backend = "hatchling.build"

[project]
name = "perspectives-gemtext"
version = "0.2"
dependencies = ["perspectives-briefs>=0.1,<1"]

[project.entry-points."perspectives.renderers"]
gemtext = "perspectives_gemtext"

[tool.hatch.build.targets.wheel]
include = ["perspectives_gemtext.py"]
"""


@pytest.fixture(scope="module")
def environment(our_wheel, build_wheel, tmp_path_factory):
    """The scripts of a fresh environment that has our wheel and that of a small plugin."""

    project = tmp_path_factory.mktemp("gemtext")
    (project / "perspectives_gemtext.py").write_text(PLUGIN)
    (project / "pyproject.toml").write_text(PROJECT)
    return fresh_environment(tmp_path_factory.mktemp("environment"), our_wheel, build_wheel(project))


def test_wheel_holds_the_package(our_wheel):
    """The wheel has every file of the package, and beside it only the metadata."""

    with zipfile.ZipFile(our_wheel) as wheel:
        names = {name for name in wheel.namelist() if ".dist-info/" not in name}
    files = {path for path in PACKAGE.rglob("*") if path.is_file() and "__pycache__" not in path.parts}

    assert {path.relative_to(PACKAGE.parent).as_posix() for path in files} == names


@pytest.mark.parametrize(
    "name",
    ["py.typed", "wording.json", "outlets.json", "renderers/templates/page.html", "renderers/templates/brief.css"],
)
def test_wheel_holds_what_is_no_code(our_wheel, name):
    """Templates, words and the mark of a typed package are in the wheel as they are in the sources."""

    with zipfile.ZipFile(our_wheel) as wheel:
        assert (PACKAGE / name).read_bytes() == wheel.read(f"perspectives/{name}")


def test_wheel_holds_no_text_of_others(our_wheel):
    """The seed brief is a third party's text and is not in the wheel, under whatever name."""

    seed = (ROOT / "examples" / "kim-putin.txt").read_bytes()
    with zipfile.ZipFile(our_wheel) as wheel:
        holding = [name for name in wheel.namelist() if "kim-putin" in name or seed[:200] in wheel.read(name)]

    assert [] == holding


def test_wheel_asks_for_nothing_but_the_four(our_wheel):
    """The core needs attrs, cattrs, jinja2 and pluggy; the licence and the notice are in the metadata."""

    with zipfile.ZipFile(our_wheel) as wheel:
        metadata = next(name for name in wheel.namelist() if name.endswith(".dist-info/METADATA"))
        lines = wheel.read(metadata).decode().splitlines()
    needs = [line for line in lines if line.startswith("Requires-Dist:") and "extra ==" not in line]

    assert ["attrs", "cattrs", "jinja2", "pluggy"] == [line.split()[1].split(">")[0] for line in needs]
    assert {"License-File: LICENSE", "License-File: NOTICE"} < set(lines)


def test_installed_plugin_renders_until_it_is_uninstalled(environment, tmp_path):
    """An installed plugin renders from the command line; uninstalled, its name is unknown and the rest works."""

    brief = p.Brief(title="12 Aug", stories=[p.Story(headline="A bridge closes")])
    path = tmp_path / "a.json"
    path.write_text(p.dumps(brief), "utf-8")
    command = environment / "perspectives"

    assert ("12 Aug\nA bridge closes\n", "") == execute(command, "render", path, "-t", "gemtext")
    assert ("", "") == execute(command, "render", path, "-o", tmp_path / "a.gmi")
    assert "12 Aug\nA bridge closes\n" == (tmp_path / "a.gmi").read_text("utf-8")
    assert "renderer  gemtext   perspectives-gemtext  0.2" in execute(command, "plugins", "--check")[0].splitlines()

    pip(environment / "python", "uninstall", "--yes", "perspectives-gemtext")

    assert (
        "",
        "perspectives: no renderer named 'gemtext'. Did you mean 'text'?\n"
        "installed: email, html, json, markdown, text\n"
        "more: python -m perspectives plugins\n",
    ) == execute(command, "render", path, "-t", "gemtext", status=2)
    assert (str(p.render(brief, "html")), "") == execute(command, "render", path, "-t", "html")


@pytest.mark.parametrize("script", ["perspectives", "perspectives-briefs"])
def test_both_scripts_are_installed(environment, script):
    """The command has two names: the second is there for who has another `perspectives`."""

    assert ("perspectives-briefs 0.1.0\n", "") == execute(environment / script, "--version")
