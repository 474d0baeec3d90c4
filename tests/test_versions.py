"""Documents of each version of the format load for ever.

The files in `tests/data/v1.0` are never edited: they stand for what others
have stored. A file that is not written as we write it has its content as we
write it beside it, in `NAME.expected.json`.
"""

import json
from pathlib import Path

import jsonschema
import pytest

import perspectives as p

ROOT = Path(__file__).parents[1]
DOCUMENTS = [
    path for path in sorted((ROOT / "tests" / "data" / "v1.0").glob("*.json")) if not path.stem.endswith(".expected")
]
SCHEMA = json.loads((ROOT / "docs" / "schema" / "perspectives-1.0.schema.json").read_text("utf-8"))


def content(path):
    """The fields of a document; a later version writes another format."""
    return {key: value for key, value in json.loads(path.read_text("utf-8")).items() if key != "format"}


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: path.stem)
def test_document_of_version_1_0_loads(path):
    """A document of version 1.0 loads with all that it says; the files are never edited."""
    beside = path.with_suffix(".expected.json")
    loaded = p.to_dict(p.load(path))
    del loaded["format"]

    assert content(beside if beside.exists() else path) == loaded


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: path.stem)
def test_document_of_version_1_0_is_valid(path):
    """A document of version 1.0 is valid under the published schema of that version."""
    document = json.loads(path.read_text("utf-8"))

    assert [] == list(jsonschema.Draft202012Validator(SCHEMA).iter_errors(document))


def objects(value):
    """Each object in plain data."""
    if isinstance(value, dict):
        yield value
        value = list(value.values())
    if isinstance(value, list):
        for item in value:
            yield from objects(item)


def test_documents_of_version_1_0_hold_every_word():
    """Each word of a closed list of version 1.0 stands in one of the files."""
    asked = {
        (name, word)
        for schema in objects(SCHEMA)
        for name, part in schema.get("properties", {}).items()
        for choice in objects(part)
        for word in choice.get("enum", [])
    }
    said = {
        (name, value)
        for path in DOCUMENTS
        for item in objects(json.loads(path.read_text("utf-8")))
        for name, value in item.items()
        if isinstance(value, str)
    }

    assert set() == asked - said
