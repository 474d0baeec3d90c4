"""Every block of every page of the docs runs and prints what it shows."""

import contextlib
import importlib.util
import inspect
import io
import json
import re
from pathlib import Path
from typing import get_args

import attrs
import pytest
from jsonschema import Draft202012Validator

import perspectives as p
from perspectives import attribution, hooks, model
from perspectives.codec import is_of_model

ROOT = Path(__file__).parent.parent
PAGES = {page.name: page for page in sorted((ROOT / "docs").glob("*.md"))}
BLOCK = re.compile(r"^```([^\n]*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
# How many Python blocks a page has: one that is no longer found would be one that is no longer tested.
RUN = {"judging.md": 4, "language-models.md": 6, "markdown.md": 4, "model.md": 5, "outlets.md": 5, "text.md": 4}


@pytest.fixture(autouse=True)
def _in_a_checkout(tmp_path, monkeypatch):
    """A folder with the examples and fixtures of a checkout, in which blocks may write."""
    (tmp_path / "tests").mkdir()
    (tmp_path / "tests" / "data").symlink_to(ROOT / "tests" / "data")
    (tmp_path / "examples").symlink_to(ROOT / "examples")
    monkeypatch.chdir(tmp_path)


def blocks(name):
    """The language and the text of each block of a page."""
    return BLOCK.findall(PAGES[name].read_text("utf-8"))


def test_every_page_is_counted():
    """A new page says here how many Python blocks it has."""

    assert sorted(RUN) == sorted(PAGES)


@pytest.mark.parametrize("name", PAGES)
def test_every_fence_is_of_a_kind_that_is_tested(name):
    """A block in another language must get its test first; a text stands behind the Python that prints it."""
    languages = [language for language, _ in blocks(name)]
    fences = re.findall(r"^ *(?:```|~~~)", PAGES[name].read_text("utf-8"), re.MULTILINE)
    pairs = set(zip(["", *languages], languages, strict=False))

    assert 2 * len(languages) == len(fences)
    assert set() == pairs - {("", "python"), ("python", "python"), ("python", "text"), ("text", "python")}


@pytest.mark.parametrize("name", PAGES)
def test_python_prints_what_is_shown(name):
    """The Python blocks of a page run one after another, and each prints the text behind it, or nothing."""
    found = blocks(name)
    names, shown, printed = {}, [], []
    for (language, code), (following, text) in zip(found, [*found[1:], ("", "")], strict=True):
        if language == "python":
            out = io.StringIO()
            with contextlib.redirect_stdout(out):
                exec(compile(code, name, "exec"), names)
            printed.append(out.getvalue())
            shown.append(text if following == "text" else "")

    assert (RUN[name], shown) == (len(printed), printed)


def reference():
    """The script that makes the tables of the pages."""
    spec = importlib.util.spec_from_file_location("tables", ROOT / "docs" / "tables.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_tables_are_made_of_the_code():
    """The pages say of each class, limit, rule and profile what the code says; `python docs/tables.py` writes it anew."""
    pages = [path.read_text("utf-8") for path in reference().PAGES]

    assert [reference().renewed(page) for page in pages] == pages


def test_every_guess_of_the_text_loader_is_documented():
    """The page on plain text has each finding of the loader in its table, and no other."""
    sources = (ROOT / "src" / "perspectives" / "loaders").glob("*.py")
    said = {
        code
        for path in sources
        for code in re.findall(r"(?:Finding\(code=|_found\()\"([a-z-]+)\"", path.read_text("utf-8"))
    }
    table = PAGES["text.md"].read_text("utf-8").partition("| finding |")[2].partition("\n\n")[0]

    assert said == set(re.findall(r"^\| `([a-z-]+)` \|", table, re.MULTILINE))


@pytest.mark.parametrize("name", ["outlets", "rules"])
def test_hook_is_documented_with_its_signature(name):
    """A page shows how a plugin writes the hook, exactly as it is specified."""
    hook = getattr(hooks, f"perspectives_{name}")
    returned = inspect.signature(hook).return_annotation
    shown = f"@{name}\ndef {hook.__name__}() -> Iterable[{get_args(returned)[0].__name__}]:"

    assert 1 == sum(shown in page.read_text("utf-8") for page in PAGES.values())


def test_every_class_is_in_the_reference():
    """No class of the model is left out, and no field is without a meaning."""
    listed = reference().classes()
    classes = [cls for module in (attribution, model) for cls in vars(module).values() if is_of_model(cls)]

    assert sorted(set(classes), key=repr) == sorted(listed, key=repr)
    assert [] == [field for cls in classes for field in attrs.fields(cls) if not field.metadata["help"]]


def test_answer_of_the_language_model_fits_the_form():
    """The strict schema cannot see the three mistakes of the fixture: it is valid, and still no story."""
    answer = json.loads((ROOT / "tests" / "data" / "model-answer.json").read_text("utf-8"))
    form = p.json_schema(p.Story, strict_output=True, only=list(answer))

    Draft202012Validator(form).validate(answer)
    with pytest.raises(p.SchemaError):
        p.from_dict(answer, p.Story, clean=True)
