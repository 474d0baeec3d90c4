"""What becomes of the media data."""

import json
import subprocess
import sys
import warnings
from pathlib import Path

import pytest

import perspectives as p
import perspectives_kite
from perspectives_kite import media_outlets
from perspectives_kite.__main__ import main

MEDIA = Path(__file__).with_name("data") / "media_data.json"
RATED_AT = "https://github.com/kagisearch/kite-public/blob/main/media_data.json"


def directory() -> p.OutletDirectory:
    """The example, without its warning."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", p.LoadWarning)
        return media_outlets(MEDIA)


def rating(value: str) -> p.Rating:
    """A typology as the rating that it becomes."""
    return p.Rating(scheme="kite-typology", value=value, rater="Kagi News", url=RATED_AT)


def test_entry_is_an_outlet() -> None:
    """Names, domains, owner and country are fields; a typology is a rating by who gave it, all else is `extra`."""
    assert (
        p.Outlet(
            name="Harbour Ledger",
            domains=["ledger.example", "www.harbour-ledger.example"],
            country="NL",
            owner="Ledger Holding",
            ratings=[rating("Private Media")],
            extra={"perspectives-kite": {"description": "A daily for those who trade."}},
        ),
        p.Outlet(
            name="Radio Wharf",
            domains=["wharf.example"],
            ratings=[rating("Public Broadcaster")],
            extra={"perspectives-kite": {"country": "Global"}},
        ),
        p.Outlet(
            name="Quay Daily",
            domains=["ledger.example", "quay.example", "quay2.example"],
            country="KR",
            owner="The town",
            ratings=[rating("Public Broadcaster")],
            extra={"perspectives-kite": {"description": "A weekly."}},
        ),
    ) == directory().outlets


def test_scale_has_the_values_of_the_file() -> None:
    """Nothing is put on a line: who pays for an outlet has no order."""
    assert (
        p.RatingScheme(
            id="kite-typology",
            axis="Typology (Kagi News)",
            values=["Private Media", "Public Broadcaster"],
            ordered=False,
        ),
    ) == directory().schemes


def test_domain_of_two_is_reported() -> None:
    """A domain that two entries have is nobody's, and told."""
    assert ["the domain 'ledger.example' means 2 outlets: 'Harbour Ledger', 'Quay Daily'"] == [
        conflict.message for conflict in directory().conflicts
    ]


def test_licence_is_said_to_be_unsaid() -> None:
    """The file names no licence, so an output that shows its typology says that none is stated."""
    assert (f"Kagi News: no licence is stated <{RATED_AT}>",) == directory().licences()


def test_no_domain_is_a_warning() -> None:
    """What is no domain is left out, and named with its place."""
    with pytest.warns(p.LoadWarning) as told:
        media_outlets(MEDIA)

    assert [f"{MEDIA}: 'the working title' @ $[1].domains is no domain and is left out"] == [
        str(one.message) for one in told
    ]


def test_answer_of_the_api_is_the_same(tmp_path: Path) -> None:
    """The API has the entries below a key."""
    path = tmp_path / "media.json"
    path.write_text(json.dumps({"mediaData": json.loads(MEDIA.read_text("utf-8"))}), "utf-8")

    with pytest.warns(p.LoadWarning):
        assert directory() == media_outlets(path)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ('{"clusters": []}', '{path}: this is no media data @ $, expected [{"organization": ..., "domains": [...], ...}]'),
        ('[7, {"country": "France"}]', "{path}: this is no outlet @ $[0], expected an object\n{path}: an outlet without a name @ $[1].organization, expected a text"),
        ("[", "{path}:1:2: this is no JSON: expecting value, expected one whole JSON document"),
        ("[" * 100_000, "{path}:1:65: the values nest deeper than 64 levels, expected at most 64 (Limits.depth)"),
    ],
)  # fmt: skip
def test_other_file_is_refused(text: str, message: str, tmp_path: Path) -> None:
    """Every entry that is none is named, with its path."""
    path = tmp_path / "media.json"
    path.write_text(text, "utf-8")
    with pytest.raises(p.PerspectivesError) as refused:
        media_outlets(path)

    assert message.replace("{path}", str(path)) == str(refused.value)


def run(*arguments: str | Path) -> subprocess.CompletedProcess[str]:
    """What a module of Python, named first, does as a command."""
    return subprocess.run([sys.executable, "-m", *map(str, arguments)], capture_output=True, text=True, check=False)


def test_command_makes_a_file_for_outlets(tmp_path: Path) -> None:
    """What the command writes is the same directory for the option `--outlets`, its conflicts with it."""
    written = tmp_path / "outlets.json"
    status = main([str(MEDIA), "-o", str(written)])

    loaded = p.OutletDirectory.load(written)
    assert (0, directory(), directory().conflicts) == (status, loaded, loaded.conflicts)


def test_brief_gets_what_is_known(tmp_path: Path) -> None:
    """With that file a rendered category has owner, country and rating of each outlet that is in it, and no others."""
    written = tmp_path / "outlets.json"
    run("perspectives_kite", MEDIA, "-o", written)
    done = run("perspectives", "render", MEDIA.with_name("category.json"), "--outlets", written, "-t", "json")
    brief = p.loads(done.stdout)

    assert [
        ("Harbour Ledger", "NL", "Ledger Holding", (rating("Private Media"),)),
        ("The Quay", None, None, ()),
        ("East Bank News", None, None, ()),
        ("Radio Wharf", None, None, (rating("Public Broadcaster"),)),
    ] == [
        (outlet.name, outlet.country, outlet.owner, outlet.ratings)
        for group in brief.stories[0].perspectives
        for outlet in group.outlets
    ]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("{}", 'this is no media data @ $, expected [{"organization": ..., "domains": [...], ...}]'),
        (None, "No such file or directory"),
    ],
)
def test_command_says_what_is_wrong(text: str | None, message: str, tmp_path: Path) -> None:
    """A file that is none is one line on stderr, and status 1."""
    path = tmp_path / "media.json"
    if text is not None:
        path.write_text(text, "utf-8")
    done = run("perspectives_kite", path, "-o", tmp_path / "outlets.json")

    assert (1, "", f"python -m perspectives_kite: {path}: {message}\n") == (done.returncode, done.stdout, done.stderr)


def test_no_data_of_kagi_news_is_shipped() -> None:
    """The wheel holds code alone: the media data has an origin that names no licence."""
    package = Path(str(perspectives_kite.__file__)).parent

    assert {".py", ".typed"} == {
        path.suffix or path.name[-6:]
        for path in package.rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    } - {".pyc"}
