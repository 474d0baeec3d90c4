"""The site of the docs: nothing public is left out of it, no link of it is dead, and everybody can read it."""

import ast
import inspect
import re
import subprocess
import sys
import zlib
from pathlib import Path
from urllib.parse import unquote, urlsplit

import attrs
import pytest
from conftest import requires
from selectolax.lexbor import LexborHTMLParser

import perspectives as p
import perspectives.plugin
import perspectives.testing
from perspectives import hooks
from perspectives.discovery import KINDS, built_in
from perspectives.rules import RULES

ROOT = Path(__file__).parent.parent
SOURCE = ROOT / "src" / "perspectives"
HOOKS = [name for name in vars(hooks) if name.startswith("perspectives_")]


def page(name):
    """A page of the reference."""
    return (ROOT / "docs" / "reference" / f"{name}.md").read_text("utf-8")


# Who makes faults and findings of a code that is the first argument.
_MAKERS = {"_found", "_pattern", "_wrong", "finding", "refuse", "rule", "say"}
# Codes that are put together: of a word of the command line, and of what two outlets share.
_COMPOSED = {
    "f'bad-{what}'": {"bad-option", "bad-column"},
    "f'ambiguous-{kind}'": {"ambiguous-name", "ambiguous-domain"},
}


def codes():
    """Every code of a fault or finding in the sources."""
    found = {rule.code for rule in RULES}
    for path in SOURCE.rglob("*.py"):
        if path.parent.name == "testing":  # the kit's own promises are no faults of a user's
            continue
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if not isinstance(node, ast.Call):
                continue
            maker = getattr(node.func, "attr", getattr(node.func, "id", ""))
            said = [word.value for word in node.keywords if word.arg == "code"]
            for code in said + (node.args[:1] if maker in _MAKERS else []):
                if isinstance(code, ast.Constant):
                    found.add(code.value)
                elif isinstance(code, ast.JoinedStr):
                    found |= _COMPOSED[ast.unparse(code)]
    return found


def test_every_code_is_documented():
    """Each code of a fault or finding has a row on the page of errors, or a sentence that names it.

    What the Markdown loader guesses has its rows on the page of its dialect.
    """
    said = set(re.findall(r"`([a-z0-9-]+)`", page("errors") + page("markdown")))

    assert [] == sorted(codes() - said)


def test_every_example_is_of_a_code():
    """No row of the page of errors is about a code that is gone."""
    rows = set(re.findall(r"^\| `([a-z0-9-]+)` \|", page("errors"), re.MULTILINE))

    assert [] == sorted(rows - codes())


@pytest.mark.parametrize("kind", KINDS)
def test_every_option_is_documented(kind):
    """Each option of each built-in format has a row in the section of its format, and no other has."""
    part = re.search(rf"made: {kind}s -->(.*?)<!-- end", page("formats"), re.DOTALL)[1]
    sections = dict(re.findall(r"^### (\w+)\n(.*?)(?=^### |\Z)", part, re.MULTILINE | re.DOTALL))
    formats = [provider.name for provider in built_in(kind)]
    options = {
        name: [field.name for field in attrs.fields(p.Registry(autoload=False).describe(kind, name)[1].options_class)]
        for name in formats
    }

    assert options == {name: re.findall(r"^\| `(\w+)`", text, re.MULTILINE) for name, text in sections.items()}


@pytest.mark.parametrize("name", HOOKS)
def test_hook_is_documented(name):
    """The page of hooks has each one with its exact signature, its group, and an example that implements it."""
    signature = name + re.sub(r"\b[a-z_]+\.(?=\w)", "", str(inspect.signature(getattr(hooks, name))))
    mark = name.removeprefix("perspectives_")
    text = page("hooks")

    assert f"| `{signature}` | `{mark}` | `perspectives.{mark}` |" in text
    assert f"\n## {name}\n" in text
    assert f"\n@{mark}\ndef {signature}:\n" in text


@pytest.mark.parametrize("name", HOOKS)
def test_hook_is_tested(name):
    """A test of the plugins implements each hook."""
    mark = name.removeprefix("perspectives_")
    tests = [path.read_text("utf-8") for path in Path(__file__).parent.glob("test_*.py") if path != Path(__file__)]

    assert any(re.search(rf"^ *@(?:\w+\.)?{mark}$", text, re.MULTILINE) for text in tests)


@pytest.fixture(scope="session", name="site")
def _site(tmp_path_factory):
    """The folder of the site, built as a reader would: every warning is an error, every reference must be found."""
    folder = tmp_path_factory.mktemp("site")
    command = [sys.executable, "-W", "ignore", "-m", "sphinx", "-q", "-n", "-W", "--keep-going", "-d"]
    run = subprocess.run(
        [*command, str(folder / "trees"), str(ROOT / "docs"), str(folder / "html")],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert (0, "") == (run.returncode, run.stderr)
    return folder / "html"


def pages(folder):
    """The pages of a site, by path."""
    return {path: LexborHTMLParser(path.read_text("utf-8")) for path in sorted(folder.rglob("*.html"))}


def dangling(folder):
    """The links of a site that lead to no file of it, or to no place in one."""
    found = pages(folder)
    places = {path: {node.attributes["id"] for node in tree.css("[id]")} for path, tree in found.items()}
    for path, tree in found.items():
        for node in tree.css("[href], [src]"):
            link = urlsplit(node.attributes.get("href") or node.attributes.get("src") or "")
            target = (path.parent / unquote(link.path)).resolve() if link.path else path
            if link.scheme or link.netloc or not (link.path or link.fragment):
                continue
            if not target.is_file() or (link.fragment and unquote(link.fragment) not in places.get(target, ())):
                yield f"{path.relative_to(folder)}: {link.geturl()}"


def foreign(folder):
    """What pages fetch from elsewhere; a link that a reader may follow is none of it."""
    for path, tree in pages(folder).items():
        for node in tree.css("[src], link[href], [srcset], object[data]"):
            words = [node.attributes.get(name) or "" for name in ("src", "href", "srcset", "data")]
            yield from (f"{path.name}: {word}" for word in words if re.match(r"(?:https?:)?//", word))


@pytest.mark.slow
@requires("sphinx-build")
def test_links_lead_somewhere(site):
    """Each link within the site, and each anchor, is found by another parser than the one that made it."""

    assert [] == list(dangling(site))


@pytest.mark.slow
@requires("sphinx-build")
def test_nothing_is_fetched_from_elsewhere(site):
    """Scripts, styles, fonts and images are all the site's own."""

    assert [] == list(foreign(site))


def test_bad_page_is_found(tmp_path):
    """The control: a dead link, a dead anchor and a script of somebody else's are found."""
    (tmp_path / "a.html").write_text(
        '<a href="b.html"></a><a href="a.html#x"></a><script src="//example.org/x.js"></script>'
    )

    assert ["a.html: b.html", "a.html: a.html#x"] == list(dangling(tmp_path))
    assert ["a.html: //example.org/x.js"] == list(foreign(tmp_path))


@pytest.mark.slow
@requires("sphinx-build")
@pytest.mark.parametrize("name", ["index", "installation"])
def test_what_is_copied_is_what_is_typed(site, name):
    """The copy button of a session takes its commands, without prompts and without what is printed."""
    tree = LexborHTMLParser((site / f"{name}.html").read_text("utf-8"))
    for node in tree.css(".highlight-console .gp, .highlight-console .go"):  # `copybutton_exclude` of docs/conf.py
        node.decompose()
    copied = [line for node in tree.css(".highlight-console pre") for line in node.text().splitlines() if line.strip()]
    text = (ROOT / "docs" / f"{name}.md").read_text("utf-8")

    assert re.findall(r"^\$ (.*)", text, re.MULTILINE) == copied


@pytest.mark.slow
@requires("sphinx-build")
def test_every_public_name_is_in_the_reference(site):
    """Each public name has one entry, under a path that it is imported by; nothing else has one."""
    packed = (site / "objects.inv").read_bytes().split(b"\n", 4)[4]
    entries = [line.split() for line in zlib.decompress(packed).decode().splitlines()]
    # -1 are the modules in which the objects are defined: they lead there too, but are not shown.
    shown = {name for name, kind, priority, *_ in entries if kind.startswith("py:") and priority != "-1"}
    members = {name for name in shown if name.rpartition(".")[0] in shown}
    paths = {}
    for module in (p, perspectives.plugin, perspectives.testing):
        for name in module.__all__:
            paths.setdefault(id(getattr(module, name)), set()).add(f"{module.__name__}.{name}")

    assert [] == [found for found in paths.values() if len(found & shown) != 1]
    assert set() == shown - members - set().union(*paths.values())
    assert [] == [name for name in perspectives.plugin.__all__ if not re.search(rf"\b{name}\b", page("plugin"))]


@pytest.fixture(scope="session", name="axe")
def _axe(judge):
    """A function that gives what axe-core finds in pages."""
    return lambda *paths: judge("axe.js", pages=[path.as_uri() for path in paths])


FAULTY = """\
<!doctype html>
<html lang="en">
<title>A page with faults</title>
<style>
  @media (prefers-color-scheme: dark) { p { color: #555; background: #444 } }
  @media (min-width: 1000px) { div { width: 2000px } }
</style>
<main><h1>Faults</h1><p>Dark on dark.</p><div>Wide.</div><img src="http://127.0.0.1:9/a.png"></main>
<script>missing()</script>
"""


@pytest.mark.slow
@requires("chromium")
@requires("npm")
def test_faulty_page_is_found(axe, tmp_path):
    """The control: what is wrong in one colour scheme or at one width only is found there."""
    (tmp_path / "faulty.html").write_text(FAULTY)
    found = {(fault["rule"], fault.get("where")) for fault in axe(tmp_path / "faulty.html")}
    places = [f"{scheme}, {width}" for scheme in ("light", "dark") for width in (320, 1280)]

    assert found == {
        ("off-host", None),
        ("script", None),
        *(("image-alt", where) for where in places),
        *(("color-contrast", where) for where in places if "dark" in where),
        *(("reflow", where) for where in places if "1280" in where),
    }


@pytest.mark.slow
@requires("chromium")
@requires("npm")
@requires("sphinx-build")
def test_everybody_can_read_every_page(axe, site):
    """On no page, light or dark, on a phone or a desk, does axe find a fault of WCAG 2.2, A or AA."""

    assert [] == axe(*pages(site))
