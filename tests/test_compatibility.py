"""Plugins that were written for 0.1 work as they did: `tests/data/plugins-0.1/README.md`, and `packs-0.1` beside it."""

import ast
import configparser
import datetime as dt
import importlib
import shutil
from pathlib import Path

import pytest

import perspectives as p
import perspectives.plugin
from perspectives.discovery import PLUGIN_KINDS, group

FOLDER = Path(__file__).parent / "data" / "plugins-0.1"
PACKS = FOLDER.with_name("packs-0.1")
HOMES = {path.parent.name: path.parent for home in (FOLDER, PACKS) for path in sorted(home.glob("*/entry_points.txt"))}
BRIEF = p.loads((FOLDER / "brief.json").read_text("utf-8"))


@pytest.fixture(params=["installed", "registered"])
def registry(request, install):
    """A registry of all plugins of the folder: each installed as a distribution, or each registered by the program."""
    found = p.Registry()
    for name, home in HOMES.items():
        module = install(f"perspectives-{name}", (home / f"perspectives_{name}.py").read_text("utf-8"))
        info = install.site / f"{module}-1.0.dist-info"
        for folder in home.glob("*_templates"):
            shutil.copytree(folder, install.site / folder.name)
        if request.param == "installed":
            shutil.copy(home / "entry_points.txt", info)
        else:
            plugin = importlib.import_module(module)
            found.register(getattr(plugin, "plugin", plugin))
    return found


def expected(name, home=FOLDER):
    """A file of what is expected, as text."""
    return (home / "expected" / name).read_bytes().decode("utf-8", "backslashreplace")


def told(rendered):
    """All that a `Rendered` holds, as text."""
    lines = [f"media type: {rendered.media_type}"]
    lines += [f"header {name}: {value}" for name, value in rendered.headers.items()]
    lines += [f"{finding.severity} {finding.code}: {finding}" for finding in rendered.findings]
    bodies = [
        ("content", rendered),
        *((f"part {part.name or '-'}, {part.media_type}", part) for part in rendered.parts),
    ]
    lines += [f"--- {what}\n{bytes(body).decode('utf-8', 'backslashreplace')}" for what, body in bodies]
    return "\n".join(lines) + "\n"


EVERY_OPTION = {
    "loud": True,
    "width": 12,
    "scale": 2,
    "footer": "<end>",
    "link": "https://example.org/",
    "day": dt.date(2026, 1, 14),
    "moment": dt.datetime(2026, 1, 14, 18, 30, tzinfo=dt.UTC),
    "level": 2,
    "frame": None,
    "extra": ("a", 1),
}


@pytest.mark.parametrize(
    ("name", "options", "golden"),
    [
        ("gemtext", {}, "gemtext.txt"),
        (
            "press",
            {"assets": {"https://example.org/logo.png": b"\x89PNG", "https://example.org/x.png": b""}},
            "press.txt",
        ),
        ("bundle", {}, "bundle.txt"),
        ("poster", {}, "poster.txt"),
        ("poster", EVERY_OPTION, "poster-options.txt"),
    ],
    ids=["gemtext", "press", "bundle", "poster", "poster with options"],
)
def test_renderers(registry, name, options, golden):
    """Each renderer returns what it did: content, media type, headers, parts and findings."""
    assert expected(golden) == told(registry.render(BRIEF, name, **options))


@pytest.mark.parametrize(
    ("filename", "name"),
    [
        ("a.gmi", "gemtext"),
        ("a.press", "press"),
        ("a.bundle", "bundle"),
        ("a.poster", "poster"),
        ("a.gemtext", "gemtext"),
    ],
)
def test_extensions_of_renderers(registry, filename, name):
    """Each renderer writes the files that it said, and those that are named like it."""
    assert name == registry.renderer_for(Path(filename)).rpartition(":")[2]


DESK = b"%desk\nCouncil closes the bridge | Harbour Ledger\nLibrary lends tools | Somebody\n"


@pytest.mark.parametrize(
    ("source", "options", "golden"),
    [
        (perspectives.plugin.Input(name="a.desk", data=DESK), {}, "desk.txt"),
        (
            perspectives.plugin.Input(name="", data=DESK, media_type="text/x-desk"),
            {"language": "de", "title": "Abend", "most": 1},
            "desk-options.txt",
        ),
        (DESK, {"outlets": p.OutletDirectory(outlets=[p.Outlet(name="Somebody")])}, "desk-outlets.txt"),
        (b"\x89PRESS\xff{}", {}, "press-loaded.txt"),
        (perspectives.plugin.Input(name="a.poster", data=b"\xef\xbb\xbfA title\n"), {}, "poster-loaded.txt"),
    ],
    ids=["extension", "media type and options", "content and outlets", "press", "poster"],
)
def test_loaders(registry, source, options, golden):
    """Each loader returns what it did, found by extension, media type or content: the brief and the findings."""
    report = registry.load_report(source, **options)
    findings = [f"{finding.line}: {finding.code}: {finding}\n" for finding in report.findings]

    assert expected(golden) == "".join([p.dumps(report.brief), *findings])


def test_sniffers_give_way_to_the_surest(registry):
    """A loader that is likely or only possible is the one where no other is as sure."""
    assert ["desk"] * 3 == [
        registry.loader_for(perspectives.plugin.Input(name="", data=data)).rpartition(":")[2]
        for data in (b"%desk\n", b"%other\n", b"A headline | An outlet\n")
    ]


@pytest.mark.parametrize(
    ("data", "options", "error", "message"),
    [
        (b"One | A\nTwo\n", {}, p.LoadError, "a.desk:2: no outlet is named, expected a bar and its name"),
        (b"\xff", {}, p.LoadError, "a.desk:1: byte 0xff at offset 0 is not UTF-8, expected a text in UTF-8"),
        (
            DESK,
            {"limits": p.Limits(headline=20)},
            p.LimitError,
            "a.desk: headline has 25 characters @ $.stories[0].headline, expected at most 20 (Limits.headline)",
        ),
    ],
    ids=["fault", "no text", "limit"],
)
def test_errors_of_a_loader(registry, data, options, error, message):
    """What a loader refuses is an error with file and line, and it keeps to the limits of the caller."""
    with pytest.raises(error) as caught:
        registry.load(perspectives.plugin.Input(name="a.desk", data=data), **options)

    assert message == str(caught.value)


@pytest.mark.parametrize(
    ("option", "value", "message"),
    [
        ("width", 9, "'width' must be >= 10: 9"),
        ("link", "nowhere", "'nowhere' is no address"),
        ("level", 4, "option 'level' must be an int from 1 to 3, got 4"),
    ],
)
def test_options_that_are_refused(registry, option, value, message):
    """Types and validators of an options class refuse what they did."""
    label = registry.provider("renderer", "poster").label
    with pytest.raises(p.OptionsError) as caught:
        registry.render(BRIEF, "poster", **{option: value})

    assert f"{label}: {message}" == str(caught.value)


def test_outlets(registry):
    """The outlets of all plugins are known with what they say; what two of them dispute is told."""
    known = registry.outlets()
    (ledger,), (quay,) = known.find("ledger.example"), known.find("quay")

    assert (None, ["East"], ["bank"]) == (
        ledger.country,
        [rating.value for rating in ledger.ratings],
        [scheme.id for scheme in known.schemes],
    )
    assert ("The Quay", "Quay Holdings") == (quay.name, quay.owner)
    assert ["the entries for 'Harbour Ledger' disagree on country: 'GB' or 'IE'; it stays empty until they agree"] == [
        str(finding) for finding in known.conflicts
    ]


def test_rules(registry):
    """The rules of all plugins find what they did, in the order of places."""
    codes = [rule.code for rule in registry.rules()]
    found = [f"{f.severity} {f.path} {f.code}: {f}" for f in registry.lint(BRIEF) if f.code in codes]

    assert ["desk/001", "poster/no-date", "press/long-title"] == codes
    assert [
        "info $.title press/long-title: the title is long",
        "error $.stories[1].perspectives desk/001: one side only; add another",
    ] == found
    assert "poster/no-date" in [finding.code for finding in registry.lint(p.Brief())]


@pytest.mark.parametrize(
    ("renderer", "options", "golden"),
    [
        ("html", {"fragment": True, "heading_level": 3, "charts": True}, "fragment.txt"),
        ("html", {"nonce": "bm9uY2U="}, "page.txt"),
        ("email", {}, "mail.txt"),
    ],
)
def test_templates(registry, renderer, options, golden):
    """Each pack writes what it did, with the values that it was promised and the templates of the others."""
    rendered = registry.render(BRIEF, renderer, **options)
    found = rendered.part("text/html").content if renderer == "email" else rendered.content

    assert expected(golden, PACKS) == found


def test_rules_of_packs(registry):
    """What a pack adds to our rules is behind them."""
    before, mark, after = registry.stylesheet("shadow").text.partition("/* tabloid */")

    assert (True, expected("brief.css", PACKS)) == (before.startswith(":host"), mark + after)


# What the folder covers


def names_of(node):
    """The names that a file imports from `perspectives.plugin` and uses."""
    imported = {
        alias.name
        for part in ast.walk(node)
        if isinstance(part, ast.ImportFrom) and part.module == "perspectives.plugin"
        for alias in part.names
    }
    return imported & {part.id for part in ast.walk(node) if isinstance(part, ast.Name)}


FILES = [ast.parse(path.read_text("utf-8")) for home in HOMES.values() for path in home.glob("*.py")]


def test_every_public_name_is_used():
    """No public name of `perspectives.plugin` is missing from the plugins of the folder."""
    used = set().union(*map(names_of, FILES))

    assert [] == sorted(set(perspectives.plugin.__all__) - used)


def test_every_hook_is_used_in_every_way():
    """Each hook is there as a marked function of a module, as a method of an object, and with pluggy's own marker."""
    points = configparser.ConfigParser()
    ways = set()
    for name, home in HOMES.items():
        points.clear()
        points.read(home / "entry_points.txt")
        by_pluggy = "import pluggy" in (home / f"perspectives_{name}.py").read_text("utf-8")
        for section in points.sections():
            way = "object" if ":" in points[section].popitem()[1] else "pluggy" if by_pluggy else "module"
            ways.add((section, way))

    groups = {group(kind) for kind in PLUGIN_KINDS}
    assert {(name, way) for name in groups for way in ("module", "object", "pluggy")} == ways
