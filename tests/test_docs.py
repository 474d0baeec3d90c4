"""What the pages of the docs say is what the code says; that their blocks run is the matter of `docs/conftest.py`."""

import importlib.util
import json
import re
from pathlib import Path

import attrs
import pytest
from jsonschema import Draft202012Validator

import perspectives as p
from perspectives import attribution, model
from perspectives.codec import is_of_model

ROOT = Path(__file__).parent.parent
DOCS = ROOT / "docs"
PAGES = {page.relative_to(DOCS).as_posix(): page for page in sorted(DOCS.glob("**/*.md"))}


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


def test_directory_has_a_page_for_each_plugin():
    """What stands in `plugins/` has a page that shows its README, and nothing else has; the same script writes them."""
    pages = DOCS.glob("plugins/perspectives-*.md")

    assert reference().directory.pages() == {path: path.read_text("utf-8") for path in pages}


def test_every_guess_of_the_text_loader_is_documented():
    """The page on plain text has each finding of the loader in its table, and no other."""
    sources = (ROOT / "src" / "perspectives" / "loaders").glob("*.py")
    said = {
        code
        for path in sources
        if not path.name.startswith(("email", "html", "markdown"))
        for code in re.findall(r"(?:Finding\(code=|_found\()\"([a-z-]+)\"", path.read_text("utf-8"))
    }
    table = PAGES["reference/text.md"].read_text("utf-8").partition("| finding |")[2].partition("\n\n")[0]

    assert said == set(re.findall(r"^\| `([a-z-]+)` \|", table, re.MULTILINE))


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
