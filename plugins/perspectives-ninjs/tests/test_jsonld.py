"""JSON-LD out: the contract, the types of schema.org under strict TypeScript, and a processor of JSON-LD."""

import json
import os
import re
import shutil
import subprocess
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, NoReturn

import pytest
from pyld import jsonld

import perspectives as p
from perspectives.testing import RendererContract, samples
from perspectives_ninjs import JsonLdRenderer

HERE = Path(__file__).parent
JUDGES = HERE / "judges"
README = HERE.parent / "README.md"


def rendered(brief: p.Brief, **options: Any) -> str:
    """The document of a brief."""
    return str(p.render(brief, "jsonld", **options))


class TestJsonLdRenderer(RendererContract):
    renderer = JsonLdRenderer()
    readme = README
    examples = 200


def missing(reason: str) -> NoReturn:
    """Skip for want of a judge, and fail where all of them are required."""
    (pytest.fail if os.environ.get("PERSPECTIVES_REQUIRE_ALL") == "1" else pytest.skip)(reason)


def errors_of(documents: Mapping[str, str], folder: Path) -> set[str]:
    """The names of the documents in which the compiler finds an error; each is a constant of its type on one line."""
    npm = shutil.which("npm") or missing("npm is not installed")
    modules = JUDGES / "node_modules"
    if not (modules / "schema-dts").exists():
        install = [npm, "install", "--no-audit", "--no-fund", "--no-package-lock", "--prefix", str(JUDGES)]
        done = subprocess.run(install, capture_output=True, text=True, timeout=300)
        if done.returncode:
            missing(f"npm: {done.stderr[-300:]}")
    names = ["import", *documents]
    lines = ['import type { CreativeWork, NewsArticle, WithContext } from "schema-dts";']
    for number, document in enumerate(documents.values()):
        data = json.loads(document)
        # The document as it is but for its line breaks, so that the line of an error says where it is.
        lines.append(f"export const x{number}: WithContext<{data['@type']}> = {' '.join(document.splitlines())};")
    (folder / "documents.ts").write_text("\n".join(lines), "utf-8")
    options = {
        "strict": True,
        "skipLibCheck": True,  # the types themselves are not asked about
        "noEmit": True,
        "types": [],
        "target": "es2022",
        "module": "esnext",
        "moduleResolution": "bundler",
        "paths": {"schema-dts": [str(modules / "schema-dts")]},
    }
    config = {"compilerOptions": options, "files": ["documents.ts"]}
    (folder / "tsconfig.json").write_text(json.dumps(config), "utf-8")
    command = ["node", str(modules / "typescript" / "bin" / "tsc"), "--pretty", "false", "-p", str(folder)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=600)
    found = {names[int(line) - 1] for line in re.findall(r"documents\.ts\((\d+),\d+\): error TS", done.stdout)}
    assert bool(found) == bool(done.returncode), done.stdout + done.stderr
    return found


BROKEN = {
    "a property of another type": ('"negativeNotes"', '"backstory"'),
    "a type that there is not": ('"CriticReview"', '"CriticReviews"'),
    "an outlet that is a claim": ('"NewsMediaOrganization"', '"Claim"'),
    "a number for a text": ('"headline": "Harbour', '"headline": 1, "x": "Harbour'),
    "a list without its items": ('"itemListElement"', '"items"'),
}


def test_types(corpus: Mapping[str, p.Brief], tmp_path: Path) -> None:
    """The seed, the samples and 200 generated briefs are of the types of schema.org, and what is not is found."""
    documents = {name: rendered(brief) for name, brief in corpus.items()}
    broken = {name: documents["full"].replace(before, after) for name, (before, after) in BROKEN.items()}

    assert set(BROKEN) == errors_of({**documents, **broken}, tmp_path)
    assert len(documents) >= 200 + len(samples)


def local(url: str, options: object) -> dict[str, Any]:
    """The context of schema.org as far as these documents need it: every name is one of its vocabulary."""
    assert url == "https://schema.org"
    context = {"@vocab": "https://schema.org/"}
    return {"contextUrl": None, "documentUrl": url, "document": {"@context": context}, "contentType": ""}


def leaves(value: object) -> list[str]:
    """Every text, number and flag but types and ids, in no order."""
    match value:
        case dict():
            return sorted(
                leaf for key, part in value.items() if key not in ("@type", "@id", "@context") for leaf in leaves(part)
            )
        case list():
            return sorted(leaf for part in value for leaf in leaves(part))
        case _:
            return [repr(value)]


def test_expands(corpus: Mapping[str, p.Brief]) -> None:
    """A processor of JSON-LD expands every document without losing a value."""
    for name, brief in corpus.items():
        data = json.loads(rendered(brief))
        expanded = jsonld.expand(data, {"documentLoader": local})

        assert (name, leaves(data)) == (name, leaves(expanded))


@pytest.mark.parametrize("name", ["seed", "full"])
def test_golden(name: str, corpus: Mapping[str, p.Brief], golden: Callable[[str, str], str]) -> None:
    """The seed is an article, the full sample a work of two."""
    actual = rendered(corpus[name])

    assert golden(f"{name}.jsonld", actual) == actual


def test_in_script() -> None:
    """No text ends the `script` element that a document stands in, or begins a comment there."""
    document = rendered(p.Brief(stories=[p.Story(headline="</script><!-- &")]))

    assert '"headline": "\\u003c/script\\u003e\\u003c!-- \\u0026"' in document
    assert not set("<>&") & set(document)


def test_ids_differ() -> None:
    """Two things have two ids, also where they give one page as theirs: else a processor takes them for one."""
    url = "https://example.org/live"
    brief = p.Brief(title="All", url=url, stories=[p.Story(headline="A", url=url), p.Story(headline="B", url=url)])
    expanded = jsonld.flatten(json.loads(rendered(brief)), None, {"documentLoader": local})

    assert 3 == len(expanded)


def test_id_of_the_whole() -> None:
    """Where a brief and its story give one page as theirs, it names the brief."""
    url = "https://example.org/live"
    brief = p.Brief(title="All", url=url, stories=[p.Story(headline="A", url=url)])

    document = json.loads(rendered(brief))

    assert [url, None] == [document.get("@id"), document["hasPart"].get("@id")]


def test_page() -> None:
    """A page of the library tells of each story what this does, and nothing else but that it is of the brief."""
    brief = samples["full"]
    page = str(p.render(brief, "html"))
    block = re.search(r'<script type="application/ld\+json">(.*?)</script>', page, re.DOTALL)
    assert block
    whole, *stories = json.loads(block[1])["@graph"]
    document = json.loads(rendered(brief))
    articles = [part for part in document["hasPart"] if part["@type"] == "NewsArticle"]
    longer = {"hasPart", "mainEntity", "citation", "mentions"}

    for told, more in zip([whole, *stories], [document, *articles], strict=True):
        assert {} == {
            name: value for name, value in told.items() if name not in {"isPartOf", *longer} and more.get(name) != value
        }
        assert {"isPartOf"} >= {*keys(told)} - {*keys(more)}


def test_no_verdict(corpus: Mapping[str, p.Brief]) -> None:
    """No fact is a `ClaimReview`, and no context a `backstory`: both say more than a brief does."""
    found = [
        name for name, brief in corpus.items() if {"ClaimReview", "backstory"} & set(keys(json.loads(rendered(brief))))
    ]

    assert [] == found


def keys(value: object) -> list[str]:
    """Every key and type in a document."""
    match value:
        case dict():
            return [*value, str(value.get("@type")), *(key for part in value.values() for key in keys(part))]
        case list():
            return [key for part in value for key in keys(part)]
    return []


def test_disclosure() -> None:
    """A critique that software wrote and nobody reviewed says so."""
    made = p.Provenance(generator=[p.Generator(name="Summariser")])
    group = p.PerspectiveGroup(label="A", framing="B", critique="C")
    document = json.loads(rendered(p.Brief(provenance=made, stories=[p.Story(headline="D", perspectives=[group])])))

    assert "Written by software, not reviewed by a person" == document["hasPart"][0]["hasPart"]["creditText"]


def test_indent() -> None:
    """Without an indent the document is one line, as a page holds it."""
    assert 1 == rendered(samples["full"], indent=0).count("\n")
