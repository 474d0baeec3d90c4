"""What type checkers say to those who use the package and to those who extend it."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.slow

MISSPELT = "import perspectives\n\nperspectives.lod('brief.txt')\n"
USER = """\
import perspectives as p

story = p.Story(headline="h", facts=[p.Fact(text="a")], context=p.Context(paragraphs=["a"]))
brief: p.Brief = p.from_dict({})
other: p.Story = p.from_dict({}, p.Story)
page: str = str(p.render(brief, "html", heading_level=2))
"""
WRONG_USER = "import perspectives as p\n\np.Story(headline='h', facts=[1])\np.Story(headline=1)\n"
PLUGIN = """\
from perspectives import Brief, Story
from perspectives.plugin import NoOptions, Rendered, Renderer, RendererInfo, RenderTools, renderers


class Plain:
    info = RendererInfo(name="plain", media_type="text/plain", summary="Headlines")
    options_class = NoOptions

    def render(self, {arguments}) -> {returns}:
        raise NotImplementedError


@renderers
def perspectives_renderers() -> list[Renderer[NoOptions]]:
    return [Plain()]
"""


def mypy(path, severities="error"):
    """The faults that mypy finds, without their places."""
    command = [sys.executable, "-m", "mypy", "--strict", "--no-error-summary", str(path)]
    run = subprocess.run(command, capture_output=True, text=True, check=False, cwd=path.parent)
    assert run.stderr == "", run.stderr
    return re.findall(rf"^[^:]+:\d+: ((?:{severities}): .*)", run.stdout, re.MULTILINE)


def pyright(*arguments):
    """What pyright prints."""
    run = subprocess.run(
        [sys.executable, "-m", "pyright", *map(str, arguments)], capture_output=True, text=True, check=False
    )
    return run.stdout


@pytest.fixture(name="file")
def _file(tmp_path):
    def write(text):
        path = tmp_path / "user.py"
        path.write_text(text)
        return path

    return write


def test_public_types_are_complete():
    """Pyright knows the type of every public name."""

    assert ["Type completeness score: 100%"] == re.findall(
        r"Type completeness score: .*", pyright("--verifytypes", "perspectives", "--ignoreexternal")
    )


def test_misspelt_name_is_an_error(file):
    """A misspelt name of the package is an error for mypy and for pyright."""
    path = file(MISSPELT)

    assert ['error: Module has no attribute "lod"; maybe "load"?  [attr-defined]'] == mypy(path)
    assert ['error: "lod" is not a known attribute of module "perspectives" (reportAttributeAccessIssue)'] == [
        line.split(" - ", 1)[1] for line in pyright(path).splitlines() if " - error" in line
    ]


def test_use_as_documented_is_clean(file):
    """Lists for sequences and strings for paragraphs are what the types say too."""

    assert [] == mypy(file(USER))


def test_wrong_item_is_an_error(file):
    """A list of the wrong things is an error at the caller's desk."""

    assert [
        'error: List item 0 has incompatible type "int"; expected "Fact"  [list-item]',
        'error: Argument "headline" to "Story" has incompatible type "int"; expected "str"  [arg-type]',
    ] == mypy(file(WRONG_USER))


def test_smallest_plugin_is_clean(file):
    """The plugin that README and tutorial show is clean under mypy --strict."""
    readme = (Path(__file__).parent.parent / "README.md").read_text("utf-8")
    section = readme.partition("## Write a renderer\n")[2]

    assert [] == mypy(file(section.split("```python\n")[1].split("```")[0]))


@pytest.mark.parametrize(
    "arguments", ["brief: Brief, options: NoOptions, tools: RenderTools, /", "a: Brief, b: NoOptions, c: RenderTools"]
)
def test_plugin_is_clean(file, arguments):
    """A correct renderer is clean under mypy --strict, whatever it calls its arguments."""

    assert [] == mypy(file(PLUGIN.format(arguments=arguments, returns="Rendered")))


@pytest.mark.parametrize(
    ("arguments", "returns", "got"),
    [
        ("brief: Brief, options: NoOptions, tools: RenderTools, /", "str", "Brief, NoOptions, RenderTools, /"),
        ("brief: Brief, options: NoOptions, /", "Rendered", "Brief, NoOptions, /"),
        ("story: Story, options: NoOptions, tools: RenderTools, /", "Rendered", "Story, NoOptions, RenderTools, /"),
        ("brief: Brief, options: str, tools: RenderTools, /", "Rendered", "Brief, str, RenderTools, /"),
        (
            "*, brief: Brief, options: NoOptions, tools: RenderTools",
            "Rendered",
            "*, brief: Brief, options: NoOptions, tools: RenderTools",
        ),
    ],
    ids=["returns-text", "no-tools", "story", "other-options", "keywords"],
)
def test_wrong_render_signature_is_an_error(file, arguments, returns, got):
    """A renderer that takes or returns the wrong thing is an error at its author's desk, which says what is right."""

    assert [
        'error: List item 0 has incompatible type "Plain"; expected "Renderer[NoOptions]"  [list-item]',
        'note: Following member(s) of "Plain" have conflicts:',
        "note:     Expected:",
        "note:         def render(self, Brief, NoOptions, RenderTools, /) -> Rendered",
        "note:     Got:",
        f"note:         def render(self, {got}) -> {returns}",
    ] == mypy(file(PLUGIN.format(arguments=arguments, returns=returns)), "error|note")


RULES = """\
from collections.abc import Iterator

from perspectives import Brief, Outlet
from perspectives.plugin import Finding, OutletDirectory, Rule, outlets, rules


class Cited:
    code = "desk/001"
    summary = "Every fact is cited."

    def check(self, brief: Brief, /) -> {returns}:
        yield Finding(code=self.code, message="m")


@rules
def perspectives_rules() -> list[Rule]:
    return [Cited()]


@outlets
def perspectives_outlets() -> list[{listed}]:
    return [OutletDirectory(outlets=[Outlet(name="A")], schemes=())]
"""


def test_rules_and_outlets_are_clean(file):
    """A correct rule, and a directory of outlets, are clean under mypy --strict."""

    assert [] == mypy(file(RULES.format(returns="Iterator[Finding]", listed="OutletDirectory")))


def test_wrong_rule_or_hook_is_an_error(file):
    """A rule that gives no findings, or a hook that lists something else, is an error at its author's desk."""

    assert [
        'error: The return type of a generator function should be "Generator" or one of its supertypes  [misc]',
        'error: List item 0 has incompatible type "Cited"; expected "Rule"  [list-item]',
        'error: Value of type variable "OutletsHook" of "outlets" cannot be "Callable[[], list[Outlet]]"  [type-var]',
        'error: List item 0 has incompatible type "OutletDirectory"; expected "Outlet"  [list-item]',
    ] == mypy(file(RULES.format(returns="int", listed="Outlet")))
