"""Which renderer or loader a name or an input gets, and how a plugin's fault is told."""

import io
import sys
import warnings
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

import perspectives as p
from perspectives.discovery import BUILT_IN_EXTENSIONS, KINDS, built_in
from perspectives.plugin import Confidence, Input, Part, Rendered
from perspectives.testing import samples

BRIEF = p.Brief(title="12 Aug", stories=[p.Story(headline="A bridge closes")])
JSON = p.dumps(BRIEF)
TEXT = "12 Aug\n=====\n\n***\n\nA bridge closes\n"


def renderer(name, body="return Rendered('{name}', 'text/plain')", extensions=(), options="NoOptions"):
    """The code of a plugin with one renderer."""
    return f"""
from perspectives.plugin import NoOptions, Rendered, RendererInfo, renderers

class Plugin:
    info = RendererInfo(name={name!r}, media_type="text/plain", summary="Ours", extensions={extensions!r})
    options_class = {options}

    def render(self, brief, options, tools, /):
        {body.format(name=name)}

@renderers
def perspectives_renderers():
    return [Plugin()]
"""


def loader(name, sniff="NO", body="return Loaded(brief=Brief(title={name!r}))", extensions=(), media_types=()):
    """The code of a plugin with one loader; `sniff` is its answer or a statement."""
    sniff = sniff if " " in sniff else f"return Confidence.{sniff}"
    return f"""
from perspectives import Brief
from perspectives.plugin import Confidence, Loaded, LoaderInfo, NoOptions, loaders

class Plugin:
    info = LoaderInfo(name={name!r}, summary="Ours", extensions={extensions!r}, media_types={media_types!r})
    options_class = NoOptions

    def sniff(self, input, /):
        {sniff}

    def load(self, input, options, tools, /):
        {body.format(name=name)}

@loaders
def perspectives_loaders():
    return [Plugin()]
"""


def message(error, call, *arguments, **options):
    """The text of the error that a call raises."""
    with pytest.raises(error) as caught:
        call(*arguments, **options)
    return str(caught.value)


@pytest.fixture
def no_entry_points(monkeypatch):
    """A system whose metadata cannot be read."""

    def entry_points(**_):
        raise AssertionError("the entry points are read")

    monkeypatch.setattr("importlib.metadata.entry_points", entry_points)


# Names


@pytest.mark.usefixtures("install")
def test_unknown_name_lists_what_is_installed():
    """A name that nobody provides is an error that lists the names there are."""

    assert (
        "no renderer named 'quux'\ninstalled: email, html, json, markdown, text\nmore: python -m perspectives plugins"
    ) == message(p.FormatError, p.Registry().render, BRIEF, "quux")


def test_unknown_name_suggests_a_near_one(install):
    """A name that is nearly one of a plugin's gets the suggestion, from metadata alone."""

    module = install("perspectives-slack", "raise AssertionError", renderers="slack")

    assert (
        "no renderer named 'slak'. Did you mean 'slack'?\n"
        "installed: email, html, json, markdown, slack, text\n"
        "more: python -m perspectives plugins"
    ) == message(p.FormatError, p.Registry().render, BRIEF, "slak")
    assert module not in sys.modules


@pytest.mark.usefixtures("install")
def test_empty_name_is_no_name_left_out(tmp_path):
    """An empty name is unknown like any other, where a name that is left out lets the extension decide."""

    registry = p.Registry()

    assert (
        "no renderer named ''" == message(p.FormatError, registry.write, BRIEF, tmp_path / "a.md", "").splitlines()[0]
    )
    assert "no loader named ''" == message(p.FormatError, registry.load, b"{}", "").splitlines()[0]


@pytest.mark.usefixtures("install")
def test_unknown_name_has_a_code():
    """Programs know an unknown format by its code."""

    with pytest.raises(p.FormatError) as caught:
        p.Registry().loads(JSON, "quux")

    assert ["unknown-format"] == [fault.code for fault in caught.value.faults]


@pytest.mark.usefixtures("install")
@pytest.mark.parametrize("name", ["Perspectives_Nobody:toot", "html:", ":html"])
def test_unknown_name_is_told_as_it_was_written(name):
    """An error says the name that the caller wrote, in the caller's spelling."""

    assert f"no renderer named {name!r}" in message(p.FormatError, p.Registry().render, BRIEF, name)


@pytest.mark.usefixtures("install")
def test_unknown_distribution_is_named():
    """A qualified name whose distribution is not installed is unknown, though the format exists."""

    assert (
        "no renderer named 'perspectives-nobody:html'. Did you mean 'html'?\n"
        "installed: email, html, json, markdown, text\n"
        "more: python -m perspectives plugins"
    ) == message(p.FormatError, p.Registry().render, BRIEF, "perspectives-nobody:html")


def test_single_third_party_renders(install):
    """A name that one plugin provides means this plugin."""

    install("perspectives-toot", renderer("toot"), renderers="toot")

    assert "toot" == str(p.Registry().render(BRIEF, "toot"))


def test_two_claims_are_refused(install):
    """A name that two plugins provide is an error with the fix; none is chosen."""

    install("perspectives-a", renderer("toot"), version="2.0", renderers="toot")
    install("perspectives-b", renderer("toot"), renderers="toot")

    assert (
        "2 plugins provide the renderer 'toot'; none was chosen for you\n"
        "- perspectives-a:toot   perspectives-a 2.0 (perspectives_a)\n"
        "- perspectives-b:toot   perspectives-b 1.0 (perspectives_b)\n"
        "fix: name one (render(brief, 'perspectives-a:toot')),"
        " or Registry(prefer={'toot': 'perspectives-a'}), or uninstall one"
    ) == message(p.FormatError, p.Registry().render, BRIEF, "toot")


def test_two_loaders_of_one_name_are_refused(install):
    """For a loader the fix shows a call of load."""

    install("perspectives-a", loader("kite"), loaders="kite")
    install("perspectives-b", loader("kite"), loaders="kite")

    assert (
        "2 plugins provide the loader 'kite'; none was chosen for you\n"
        "- perspectives-a:kite   perspectives-a 1.0 (perspectives_a)\n"
        "- perspectives-b:kite   perspectives-b 1.0 (perspectives_b)\n"
        "fix: name one (load(path, 'perspectives-a:kite')),"
        " or Registry(prefer={'kite': 'perspectives-a'}), or uninstall one"
    ) == message(p.FormatError, p.Registry().loads, "", "kite")


def test_two_claims_have_a_code(install):
    """Programs know two claims by their code."""

    install("perspectives-a", renderer("toot"), renderers="toot")
    install("perspectives-b", renderer("toot"), renderers="toot")
    with pytest.raises(p.FormatError) as caught:
        p.Registry().render(BRIEF, "toot")

    assert ["duplicate-format"] == [fault.code for fault in caught.value.faults]


@pytest.mark.parametrize("name", ["perspectives-b:toot", "Perspectives_B:toot"])
def test_qualified_name_chooses(install, name):
    """`dist:name` is never ambiguous, however the distribution's name is spelt."""

    install("perspectives-a", renderer("toot"), renderers="toot")
    install("perspectives-b", renderer("toot", "return Rendered('B', 'text/plain')"), renderers="toot")

    assert "B" == str(p.Registry().render(BRIEF, name))


def test_prefer_chooses(install):
    """`prefer` decides between two claims."""

    install("perspectives-a", renderer("toot"), renderers="toot")
    install("perspectives-b", renderer("toot", "return Rendered('B', 'text/plain')"), renderers="toot")

    assert "B" == str(p.Registry(prefer={"toot": "Perspectives.B"}).render(BRIEF, "toot"))


def test_built_in_name_is_reserved(install):
    """A bare `html` means ours, whatever is installed."""

    install("perspectives-mine", "raise AssertionError", renderers="html")

    assert "<!doctype html>" == str(p.Registry().render(BRIEF, "html")).splitlines()[0]


@pytest.mark.parametrize(("prefer", "name"), [({}, "perspectives-mine:html"), ({"html": "perspectives-mine"}, "html")])
def test_reserved_name_of_a_third_party_is_reachable(install, prefer, name):
    """A third party's `html` is reached by its full name or by `prefer`."""

    install("perspectives-mine", renderer("html"), renderers="html")

    assert "html" == str(p.Registry(prefer=prefer).render(BRIEF, name))


def test_qualified_built_in_ignores_prefer(install):
    """`perspectives-briefs:html` is ours even where another one is preferred."""

    install("perspectives-mine", renderer("html"), renderers="html")
    registry = p.Registry(prefer={"html": "perspectives-mine"})

    assert "<!doctype html>" == str(registry.render(BRIEF, "perspectives-briefs:html")).splitlines()[0]


def test_prefer_touches_only_the_kind_that_is_provided(install):
    """Who prefers another JSON renderer still loads JSON with the loader that there is."""

    install("perspectives-fast", renderer("json"), renderers="json")

    assert BRIEF == p.Registry(prefer={"json": "perspectives-fast"}).loads(JSON)


@pytest.mark.usefixtures("install")
def test_prefer_names_a_distribution_that_provides_nothing():
    """A preference that cannot be met is an error, never passed over."""

    assert (
        "no renderer named 'perspectives-nobody:html'. Did you mean 'html'?\n"
        "installed: email, html, json, markdown, text\n"
        "more: python -m perspectives plugins"
    ) == message(p.FormatError, p.Registry(prefer={"html": "perspectives-nobody"}).render, BRIEF, "html")


# What is imported


def test_listing_imports_nothing(install):
    """Listing the formats reads metadata alone."""

    module = install("perspectives-slack", "raise AssertionError", version="0.3", renderers="slack", loaders="slack")
    registry = p.Registry()

    assert [("email", ""), ("html", ""), ("json", ""), ("markdown", ""), ("text", ""), ("slack", "0.3")] == [
        (provider.name, provider.version) for provider in registry.providers("renderer")
    ]
    assert ["email", "html", "json", "markdown", "text", "slack"] == [
        provider.name for provider in registry.providers("loader")
    ]
    assert module not in sys.modules


def test_rendering_imports_one_plugin(install):
    """Rendering imports the plugin that is asked for and no other."""

    names = [install(f"perspectives-{name}", renderer(name), renderers=name) for name in ("slack", "rss", "epub")]
    p.Registry().render(BRIEF, "slack")

    assert ["perspectives_slack"] == [name for name in names if name in sys.modules]


def test_one_module_may_provide_both_kinds(install):
    """A plugin that renders and loads is imported and registered once."""

    code = "import sys\nsys.imported = getattr(sys, 'imported', 0) + 1\n" + renderer("kite")
    install("perspectives-kite", code + loader("kite").replace("Plugin", "Reader"), renderers="kite", loaders="kite")
    registry = p.Registry()
    imported = (str(registry.render(BRIEF, "kite")), registry.loads("", "kite").title, sys.imported)
    del sys.imported

    assert ("kite", "kite", 1) == imported


@pytest.mark.usefixtures("no_entry_points")
def test_built_ins_need_no_metadata(tmp_path):
    """The built-in formats answer without a look at what is installed."""

    registry = p.Registry()
    registry.write(BRIEF, tmp_path / "a.json")

    assert BRIEF == registry.load(tmp_path / "a.json")
    assert BRIEF == registry.load(registry.render(BRIEF, "json"))
    assert TEXT == str(registry.render(BRIEF, "text"))


def test_built_ins_answer_through_the_hooks():
    """The built-in formats are registered with pluggy as a third party's are."""

    registry = p.Registry()
    registry.render(BRIEF, "text")
    registry.loads(JSON)

    assert (
        "perspectives-briefs:perspectives.loaders.json",
        "perspectives-briefs:perspectives.renderers.text",
    ) == registry._plugins.registered


@pytest.mark.parametrize("kind", KINDS)
def test_built_in_extensions_are_those_of_the_formats(kind):
    """The table of extensions says what the built-in formats say themselves, but needs no import."""

    registry = p.Registry(autoload=False)
    formats = [registry.describe(kind, provider.label)[1].info for provider in built_in(kind)]
    said = {extension: info.name for info in formats for extension in info.extensions}

    assert said == BUILT_IN_EXTENSIONS[kind]


def test_autoload_off_knows_the_built_ins_only(install):
    """`autoload=False` looks at nothing that is installed."""

    install("perspectives-toot", renderer("toot"), renderers="toot")

    assert (
        "no renderer named 'toot'\ninstalled: email, html, json, markdown, text\nmore: python -m perspectives plugins"
    ) == message(p.FormatError, p.Registry(autoload=False).render, BRIEF, "toot")


# Allow and block


@pytest.mark.parametrize(
    ("lists", "environment"),
    [
        ({"blocked": ["perspectives-slack"]}, {}),
        ({"blocked": "perspectives-slack"}, {}),
        ({"blocked": ["Perspectives_Slack:slack"]}, {}),
        ({"allowed": []}, {}),
        ({"allowed": ["perspectives-rss"]}, {}),
        ({"allowed": ["perspectives-slack"]}, {"PERSPECTIVES_PLUGINS": "perspectives-rss"}),
        ({}, {"PERSPECTIVES_PLUGINS": ""}),
        ({}, {"PERSPECTIVES_PLUGINS": "perspectives-rss, perspectives-epub"}),
        ({}, {"PERSPECTIVES_DISABLE": "perspectives-slack"}),
        ({}, {"PERSPECTIVES_DISABLE": "perspectives-rss,perspectives-slack:slack"}),
        ({"allowed": ["perspectives-slack"]}, {"PERSPECTIVES_DISABLE": "perspectives-slack"}),
    ],
)
def test_blocked_plugin_is_not_imported(install, monkeypatch, lists, environment):
    """The lists of caller and environment work before anything is imported, and the error says so."""

    module = install("perspectives-slack", renderer("slack"), renderers="slack")
    for name, value in environment.items():
        monkeypatch.setenv(name, value)

    assert (
        "no renderer named 'slack'\n"
        "installed: email, html, json, markdown, text\n"
        "blocked: perspectives-slack:slack"
        " (PERSPECTIVES_DISABLE, PERSPECTIVES_PLUGINS, or `blocked` and `allowed` of Registry())\n"
        "more: python -m perspectives plugins"
    ) == message(p.FormatError, p.Registry(**lists).render, BRIEF, "slack")
    assert module not in sys.modules


@pytest.mark.parametrize(
    ("lists", "environment"),
    [
        ({"allowed": ["Perspectives_Slack"]}, {}),
        ({"allowed": ["perspectives-slack:slack"]}, {"PERSPECTIVES_PLUGINS": "perspectives-slack"}),
        ({"blocked": ["perspectives-slack:other"]}, {"PERSPECTIVES_DISABLE": " , "}),
    ],
)
def test_allowed_plugin_renders(install, monkeypatch, lists, environment):
    """A plugin that every list lets through is used."""

    install("perspectives-slack", renderer("slack"), renderers="slack")
    for name, value in environment.items():
        monkeypatch.setenv(name, value)

    assert "slack" == str(p.Registry(**lists).render(BRIEF, "slack"))


def test_blocking_leaves_one_of_two_claims(install):
    """To block one of two plugins with the same name is a way to choose."""

    install("perspectives-a", renderer("toot"), renderers="toot")
    install("perspectives-b", renderer("toot", "return Rendered('B', 'text/plain')"), renderers="toot")

    assert "B" == str(p.Registry(blocked=["perspectives-a"]).render(BRIEF, "toot"))


def test_built_ins_cannot_be_blocked():
    """The lists are for plugins; the built-in formats always work."""

    registry = p.Registry(blocked=["perspectives-briefs"], allowed=[])

    assert TEXT == str(registry.render(BRIEF, "text"))


# Faults of a plugin


def test_failed_import_is_named(install):
    """A plugin that cannot be imported is named, with cause and fix."""

    install("perspectives-broken", "import feedgen_nobody_has", version="0.3.1", renderers="rss")

    assert (
        "plugin perspectives-broken:rss could not be imported\n"
        "from: perspectives-broken 0.3.1 (perspectives_broken), entry point group 'perspectives.renderers'\n"
        "cause: ModuleNotFoundError: No module named 'feedgen_nobody_has'\n"
        "fix: pip install -U perspectives-broken, or pip uninstall perspectives-broken,"
        " or PERSPECTIVES_DISABLE=perspectives-broken"
    ) == message(p.PluginError, p.Registry().render, BRIEF, "rss")


def test_failed_import_keeps_its_cause(install):
    """The plugin's own error is the cause, with its traceback."""

    install("perspectives-broken", "1 / 0", renderers="rss")
    with pytest.raises(p.PluginError) as caught:
        p.Registry().render(BRIEF, "rss")

    assert ZeroDivisionError is type(caught.value.__cause__)


def test_broken_plugin_disturbs_no_other(install):
    """What does not need a broken plugin works as if it were not there."""

    install("perspectives-broken", "1 / 0", renderers="rss")
    install("perspectives-toot", renderer("toot"), renderers="toot")
    registry = p.Registry()
    message(p.PluginError, registry.render, BRIEF, "rss")

    assert ("toot", TEXT) == (str(registry.render(BRIEF, "toot")), str(registry.render(BRIEF, "text")))


def test_mended_plugin_works(install):
    """A plugin that was broken is tried again when it is called by its name."""

    module = install("perspectives-slack", "1 / 0", renderers="slack")
    registry = p.Registry()
    message(p.PluginError, registry.render, BRIEF, "slack")
    (install.site / f"{module}.py").write_text(renderer("slack") + "# longer")

    assert "slack" == str(registry.render(BRIEF, "slack"))


def test_nameless_distribution_is_passed_over(install):
    """A folder without METADATA, which a broken install leaves, provides nothing and breaks nothing."""

    install("perspectives-toot", renderer("toot"), renderers="toot")
    install("perspectives-ghost", "1 / 0", renderers="ghost")
    (install.site / "perspectives_ghost-1.0.dist-info" / "METADATA").unlink()

    assert "toot" == str(p.Registry().render(BRIEF, "toot"))


def test_distribution_without_version_is_a_plugin_like_others(install):
    """METADATA that lost its version makes no "None" of it."""

    install("perspectives-ghost", "1 / 0", renderers="ghost")
    (install.site / "perspectives_ghost-1.0.dist-info" / "METADATA").write_text("Name: perspectives-ghost\n")

    assert [""] == [found.version for found in p.Registry().providers("renderer") if found.name == "ghost"]
    assert "from: perspectives-ghost (perspectives_ghost), entry point group 'perspectives.renderers'" in message(
        p.PluginError, p.Registry().render, BRIEF, "ghost"
    )


def test_unreadable_entry_points_are_named_and_disturb_nobody(install):
    """A distribution whose entry points cannot be read is named in a warning, and the others' are there."""

    install("perspectives-toot", renderer("toot"), renderers="toot")
    install("perspectives-ghost", "1 / 0")
    (install.site / "perspectives_ghost-1.0.dist-info" / "entry_points.txt").write_text("[perspectives.renderers]\nx\n")

    with pytest.warns(UserWarning, match="cannot be read") as caught:
        rendered = p.Registry().render(BRIEF, "toot")

    assert "toot" == str(rendered)
    assert [
        "the entry points of 'perspectives-ghost' cannot be read",
        "fix: pip install -U perspectives-ghost, or pip uninstall perspectives-ghost",
    ] == str(caught[0].message).splitlines()[::2]


@pytest.mark.parametrize(
    ("code", "cause"),
    [
        ("raise SystemExit(7)", "SystemExit: 7"),
        ("import sys; sys.exit('no licence')", "SystemExit: no licence"),
        ("def (", "SyntaxError: invalid syntax (perspectives_quits.py, line 1)"),
        ("raise RuntimeError", "RuntimeError"),
    ],
)
def test_import_that_raises_is_contained(install, code, cause):
    """A plugin that exits at import does not end the program."""

    install("perspectives-quits", code, renderers="quits")

    assert (
        "plugin perspectives-quits:quits could not be imported\n"
        "from: perspectives-quits 1.0 (perspectives_quits), entry point group 'perspectives.renderers'\n"
        f"cause: {cause}\n"
        "fix: pip install -U perspectives-quits, or pip uninstall perspectives-quits,"
        " or PERSPECTIVES_DISABLE=perspectives-quits"
    ) == message(p.PluginError, p.Registry().render, BRIEF, "quits")


@pytest.mark.parametrize(
    "code", ["raise KeyboardInterrupt", renderer("slow", "raise KeyboardInterrupt")], ids=["import", "render"]
)
def test_keyboard_interrupt_passes(install, code):
    """Control-C is the user's, not the plugin's."""

    install("perspectives-slow", code, renderers="slow")

    with pytest.raises(KeyboardInterrupt):
        p.Registry().render(BRIEF, "slow")


PLUGGY = """
import pluggy
@pluggy.HookimplMarker("perspectives")
def {}: return []
"""


def test_bad_hook_signature_is_named(install):
    """A hook with an argument is refused in pluggy's words; the plugin is not registered."""

    install("perspectives-sig", PLUGGY.format("perspectives_renderers(brief)"), renderers="sig")

    assert (
        "plugin perspectives-sig:sig could not be registered\n"
        "from: perspectives-sig 1.0 (perspectives_sig), entry point group 'perspectives.renderers'\n"
        "cause: PluginValidationError: Plugin 'perspectives-sig:perspectives_sig'"
        " for hook 'perspectives_renderers'\n"
        "hookimpl definition: perspectives_renderers(brief)\n"
        "Argument(s) {'brief'} are declared in the hookimpl but can not be found in the hookspec\n"
        "fix: pip install -U perspectives-sig, or pip uninstall perspectives-sig,"
        " or PERSPECTIVES_DISABLE=perspectives-sig"
    ) == message(p.PluginError, p.Registry().render, BRIEF, "sig")


def test_misspelt_hook_is_named(install):
    """A hook that does not exist is refused, though pluggy itself would take it."""

    module = install("perspectives-typo", PLUGGY.format("perspectives_renderes()"), renderers="typo")

    assert (
        "plugin perspectives-typo:typo could not be registered\n"
        "from: perspectives-typo 1.0 (perspectives_typo), entry point group 'perspectives.renderers'\n"
        "cause: PluginValidationError: unknown hook 'perspectives_renderes' in plugin"
        f" <module '{module}' from '{install.site / module}.py'>\n"
        "fix: pip install -U perspectives-typo, or pip uninstall perspectives-typo,"
        " or PERSPECTIVES_DISABLE=perspectives-typo"
    ) == message(p.PluginError, p.Registry().render, BRIEF, "typo")


@pytest.mark.parametrize("hook", ["perspectives_renderers(brief)", "perspectives_renderes()"])
def test_refused_plugin_leaves_nothing_behind(install, hook):
    """A plugin that was refused does not keep another one from being registered."""

    install("perspectives-bad", PLUGGY.format(hook), renderers="bad")
    install("perspectives-toot", renderer("toot"), renderers="toot")
    registry = p.Registry()
    message(p.PluginError, registry.render, BRIEF, "bad")

    assert "toot" == str(registry.render(BRIEF, "toot"))


def test_pluggys_own_marker_works(install):
    """A plugin may use pluggy's marker in place of ours."""

    code = renderer("toot").replace("@renderers", '@__import__("pluggy").HookimplMarker("perspectives")')
    install("perspectives-toot", code, renderers="toot")

    assert "toot" == str(p.Registry().render(BRIEF, "toot"))


def test_plugin_may_be_an_object(install):
    """An entry point may name an object of a module; its methods are the hooks."""

    code = renderer("toot") + "\nclass All:\n    @renderers\n    def ours(self): return [Plugin()]\nall = All()\n"
    install("perspectives-toot", code, renderers="toot")
    points = install.site / "perspectives_toot-1.0.dist-info" / "entry_points.txt"
    points.write_text("[perspectives.renderers]\ntoot = perspectives_toot:all\n")

    assert "toot" == str(p.Registry().render(BRIEF, "toot"))


@pytest.mark.parametrize(
    ("hook", "cause"),
    [
        ("1 / 0", "ZeroDivisionError: division by zero"),
        ("return 5", "TypeError: 'int' object is not iterable"),
        ("raise SystemExit(1)", "SystemExit: 1"),
    ],
)
def test_failing_hook_is_named(install, hook, cause):
    """A hook that raises or returns no list is the plugin's fault."""

    install("perspectives-boom", renderer("boom").replace("return [Plugin()]", hook), renderers="boom")

    assert (
        "perspectives-boom:boom failed while it listed its renderers\n"
        "from: perspectives-boom 1.0 (perspectives_boom), entry point group 'perspectives.renderers'\n"
        f"cause: {cause}\n"
        "This is a bug in perspectives-boom, not in perspectives-briefs."
    ) == message(p.PluginError, p.Registry().render, BRIEF, "boom")


@pytest.mark.parametrize("returned", ["'abc'", "[None]", "[object()]"])
def test_hook_that_returns_no_renderer_is_named(install, returned):
    """What a hook returns must be renderers."""

    install("perspectives-odd", renderer("odd").replace("[Plugin()]", returned), renderers="odd")
    kind = {"'abc'": "str", "[None]": "NoneType", "[object()]": "object"}[returned]

    assert f"perspectives-odd:odd returned {kind}, expected perspectives.plugin.Renderer" == (
        message(p.PluginError, p.Registry().render, BRIEF, "odd")
    )


@pytest.mark.parametrize(
    ("returned", "said"),
    [("[Bar()]", "its hook returned ['bar']"), ("[Plugin(), Plugin()]", "its hook returned ['foo', 'foo']")]
    + [(none, "no function marked by perspectives.plugin.renderers returned one") for none in ("[]", "None")],
)
def test_index_must_match_the_hook(install, returned, said):
    """A name in the entry points must be one that the hook returns, and only once."""

    bar = "\nclass Bar(Plugin):\n    info = RendererInfo(name='bar', media_type='text/plain', summary='')\n"
    install("perspectives-odd", renderer("foo").replace("[Plugin()]", returned) + bar, renderers="foo")

    assert (
        f"perspectives-odd declares the renderer 'foo' in its entry points but {said}\n"
        "from: perspectives-odd 1.0 (perspectives_odd), entry point group 'perspectives.renderers'\n"
        "fix: report it to perspectives-odd"
    ) == message(p.PluginError, p.Registry().render, BRIEF, "foo")


@pytest.mark.parametrize(
    ("body", "cause"),
    [("1 / 0", "ZeroDivisionError: division by zero"), ("raise SystemExit(3)", "SystemExit: 3")],
)
def test_raising_renderer_is_named(install, body, cause):
    """A renderer that raises is named with the brief, and whose bug it is."""

    install("perspectives-boom", renderer("boom", body), renderers="boom")

    assert (
        "perspectives-boom:boom failed while rendering brief '12 Aug'\n"
        "from: perspectives-boom 1.0 (perspectives_boom), entry point group 'perspectives.renderers'\n"
        f"cause: {cause}\n"
        "This is a bug in perspectives-boom, not in perspectives-briefs."
    ) == message(p.PluginError, p.Registry().render, BRIEF, "boom")


def test_our_own_errors_pass_a_renderer(install):
    """A renderer that says what is wrong with its options is not itself at fault."""

    body = "from perspectives import Fault, OptionsError; raise OptionsError(Fault(code='x', message='no sender'))"
    install("perspectives-mail", renderer("mail", body), renderers="mail")

    assert "no sender" == message(p.OptionsError, p.Registry().render, BRIEF, "mail")


@pytest.mark.parametrize(("value", "kind"), [("'<p>'", "str"), ("None", "NoneType"), ("b''", "bytes")])
def test_wrong_return_is_named(install, value, kind):
    """A renderer must return a Rendered."""

    install("perspectives-badret", renderer("badret", f"return {value}"), renderers="badret")

    assert f"perspectives-badret:badret returned {kind}, expected perspectives.plugin.Rendered" == (
        message(p.PluginError, p.Registry().render, BRIEF, "badret")
    )


def test_raising_loader_is_named(install):
    """A loader that raises anything but our errors is named with the input."""

    install("perspectives-kite", loader("kite", body="1 / 0"), loaders="kite")

    assert (
        "perspectives-kite:kite failed while loading 'a.kite'\n"
        "from: perspectives-kite 1.0 (perspectives_kite), entry point group 'perspectives.loaders'\n"
        "cause: ZeroDivisionError: division by zero\n"
        "This is a bug in perspectives-kite, not in perspectives-briefs."
    ) == message(p.PluginError, p.Registry().load, Input(name="a.kite", data=b""))


def test_loader_must_return_loaded(install):
    """A loader that returns a bare brief is named."""

    install("perspectives-kite", loader("kite", body="return Brief()"), loaders="kite")

    assert "perspectives-kite:kite returned Brief, expected perspectives.plugin.Loaded" == (
        message(p.PluginError, p.Registry().loads, "", "kite")
    )


# Options


def test_unknown_option_is_suggested():
    """A misspelt option names who takes it, the near one and all others."""

    assert (
        "perspectives-briefs:html has no option 'heading_lvl'. Did you mean 'heading_level'?\n"
        "options: fragment, heading_level, charts, dates, css, isolation, nonce, data_island, theme"
    ) == message(p.OptionsError, p.Registry().render, BRIEF, "html", heading_lvl=2)


def test_wrong_option_says_what_is_right():
    """A value of the wrong type says which are right."""

    assert "perspectives-briefs:html: option 'heading_level' must be an int from 0 to 4 or None, got 'two'" == (
        message(p.OptionsError, p.Registry().render, BRIEF, "html", heading_level="two")
    )


def test_loader_options_are_checked():
    """The options of a loader are checked as those of a renderer are."""

    assert ("perspectives-briefs:text: option 'repair' must be 'report' or 'off' or 'strict', got 'never'") == message(
        p.OptionsError, p.Registry().loads, TEXT, "text", repair="never"
    )


def test_options_class_that_cannot_be_read_is_named(install):
    """An options class that is none is the plugin's fault, not an error without a name."""

    install("perspectives-odd", renderer("odd", options="int"), renderers="odd")

    assert (
        "perspectives-odd:odd has options that cannot be read\n"
        "from: perspectives-odd 1.0 (perspectives_odd), entry point group 'perspectives.renderers'\n"
        "cause: NotAnAttrsClassError: <class 'int'> is not an attrs-decorated class.\n"
        "This is a bug in perspectives-odd, not in perspectives-briefs."
    ) == message(p.PluginError, p.Registry().render, BRIEF, "odd")


# The loader for an input


def load_with(registry, name="a.dat", data=b"noise", media_type=""):
    """Which loader a registry takes for an input."""
    return registry.loader_for(Input(name=name, data=data, media_type=media_type))


def test_media_type_comes_first(install):
    """The media type of a Rendered decides before name and content."""

    install("perspectives-kite", loader("kite", "CERTAIN", extensions=[".kite"]), loaders="kite")

    assert "perspectives-briefs:text" == load_with(p.Registry(), "a.kite", media_type="text/plain; charset=utf-8")


def test_media_type_of_a_third_party(install):
    """A media type that only a plugin reads is the plugin's."""

    install("perspectives-kite", loader("kite", media_types=["application/kite"]), loaders="kite")

    assert "kite" == p.Registry().load(Rendered("", "application/kite")).title


def test_extension_comes_before_content(install):
    """An extension that is known decides, whatever a plugin thinks of the content."""

    install("perspectives-kite", loader("kite", "CERTAIN"), loaders="kite")

    assert "perspectives-briefs:json" == load_with(p.Registry(), "A.JSON")


def test_extension_of_a_built_in_is_reserved(install):
    """A plugin cannot take over the files of a built-in format."""

    install("perspectives-kite", loader("json", "CERTAIN", extensions=[".json"]), loaders="json")

    assert "perspectives-briefs:json" == load_with(p.Registry(), "a.json")


def test_json_of_another_format_is_told_by_its_structure(install):
    """Many formats are JSON objects: `.json` is ours where the object says so, or where no plugin knows its structure."""

    install("perspectives-kite", loader("kite", "LIKELY"), loaders="kite")
    install("perspectives-wire", loader("wire", "POSSIBLE"), loaders="wire")
    others, unsure = p.Registry(), p.Registry(blocked=["perspectives-kite"])
    ours, bare = b'{"format": "perspectives/1.0"}', b'{"clusters": []}'
    json = "perspectives-briefs:json"

    assert json == load_with(others, "a.json", ours)
    assert "perspectives-kite:kite" == load_with(others, "a.json", bare)
    assert "perspectives-kite:kite" == load_with(others, "", bare, "application/json")
    assert json == load_with(unsure, "a.json", bare)


@pytest.mark.parametrize(
    ("data", "is_ours"),
    [
        (b'{"format": "perspectives/1.0"}', True),
        (b' {"title": "a \\" {", "date": null, "format": "perspectives\\/1.0", "stories": []}', True),
        (b'{"version": "https://jsonfeed.org/version/1.1", "items": [{"format": "perspectives/1.0"}]}', False),
        (b'{"title": "\\"format\\": \\"perspectives/1.0\\""}', False),
    ],
)
def test_json_says_itself_that_it_is_ours(install, data, is_ours):
    """Other formats hold documents of ours, and texts speak of them: only a member of the outermost object counts."""

    install("perspectives-kite", loader("kite", "LIKELY"), loaders="kite")

    assert ("perspectives-briefs:json" if is_ours else "perspectives-kite:kite") == load_with(p.Registry(), "", data)


def test_extension_like_an_entry_point_imports_one(install):
    """A file `a.kite` is the plugin's that is named `kite`; no other is imported."""

    install("perspectives-kite", loader("kite"), loaders="kite")
    other = install("perspectives-other", loader("other", "CERTAIN", extensions=[".kite"]), loaders="other")

    assert "perspectives-kite:kite" == load_with(p.Registry(), "a.kite")
    assert other not in sys.modules


def test_extension_of_a_plugin_with_another_name(install):
    """An extension that no name says is looked for in the plugins themselves."""

    install("perspectives-kite", loader("kite", extensions=[".kt"]), loaders="kite")

    assert "perspectives-kite:kite" == load_with(p.Registry(), "a.kt")


def test_extension_of_two_plugins_is_refused(install):
    """An extension that two plugins read is an error with the fix."""

    install("perspectives-a", loader("a", extensions=[".kt"]), loaders="a")
    install("perspectives-b", loader("b", extensions=[".kt"]), loaders="b")

    assert (
        "2 plugins provide a loader for '.kt'; none was chosen for you\n"
        "- perspectives-a:a   perspectives-a 1.0 (perspectives_a)\n"
        "- perspectives-b:b   perspectives-b 1.0 (perspectives_b)\n"
        "fix: name one (load(path, 'perspectives-a:a')), or Registry(prefer={'.kt': 'perspectives-a'}),"
        " or uninstall one"
    ) == message(p.FormatError, load_with, p.Registry(), "x.kt")


def test_prefer_decides_an_extension(install):
    """The fix that the message for an extension names does work."""

    install("perspectives-a", loader("a", extensions=[".kt"]), loaders="a")
    install("perspectives-b", loader("b", extensions=[".kt"]), loaders="b")

    assert "perspectives-b:b" == load_with(p.Registry(prefer={".kt": "perspectives-b"}), "x.kt")


def test_surest_loader_wins(install):
    """Without name or type the loader that is surest reads the input."""

    install("perspectives-a", loader("a", "LIKELY"), loaders="a")
    install("perspectives-b", loader("b", "CERTAIN"), loaders="b")

    assert "perspectives-b:b" == load_with(p.Registry())


def test_equally_sure_loaders_are_refused(install):
    """Two loaders that are equally sure are an error; installing order decides nothing."""

    install("perspectives-kite", loader("kite", "LIKELY"), loaders="kite")
    install("perspectives-ambig", loader("news", "LIKELY"), loaders="news")

    assert (
        "'a.dat': 2 loaders are equally sure (LIKELY)\n"
        "- perspectives-kite:kite   LIKELY\n"
        "- perspectives-ambig:news   LIKELY\n"
        "fix: load(path, 'perspectives-kite:kite')"
    ) == message(p.FormatError, load_with, p.Registry())


def test_text_never_ties(install):
    """Where the text loader is as sure as another one, the other one reads the input."""

    install("perspectives-kite", loader("kite", "POSSIBLE"), loaders="kite")

    assert "perspectives-kite:kite" == load_with(p.Registry(), data=b"Context\n\nFocusing Facts\n")


def test_text_reads_what_no_other_does(install):
    """Where no other loader wants it, the text loader reads what has a heading of ours."""

    install("perspectives-kite", loader("kite", "NO"), loaders="kite")

    assert "perspectives-briefs:text" == load_with(p.Registry(), data=b"Context\n\nFocusing Facts\n")


@pytest.mark.usefixtures("install")
def test_unknown_input_is_refused():
    """An input that no loader knows is an error with the fix."""

    assert (
        "a.dat: no loader knows this input\ninstalled: email, html, json, markdown, text\nfix: if it is one of these, name it: load(path, 'text'), or -f text"
    ) == message(p.LoadError, load_with, p.Registry())


BROKEN = (
    "plugin perspectives-broken:broken could not be imported\n"
    "from: perspectives-broken 1.0 (perspectives_broken), entry point group 'perspectives.loaders'\n"
    "cause: ZeroDivisionError: division by zero\n"
    "fix: pip install -U perspectives-broken, or pip uninstall perspectives-broken,"
    " or PERSPECTIVES_DISABLE=perspectives-broken"
)
SNIFFS = "perspectives-sniffs:sniffs failed while sniffing: ZeroDivisionError: division by zero"


@pytest.fixture
def two_broken(install):
    """A registry with a loader that cannot be imported, one that raises while sniffing, and one that works."""

    install("perspectives-broken", "1 / 0", loaders="broken")
    install("perspectives-sniffs", loader("sniffs", "return 1 / 0"), loaders="sniffs")
    install("perspectives-works", loader("works", "return Confidence(b'works' in input.head)"), loaders="works")
    return p.Registry()


def test_sniffing_goes_on_past_broken_plugins(two_broken):
    """A broken plugin is warned about, and the input goes to the one that reads it."""

    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        found = load_with(two_broken, data=b"works")

    assert "perspectives-works:works" == found
    assert [BROKEN, SNIFFS] == [str(warning.message) for warning in caught]


@pytest.mark.filterwarnings("ignore:plugin perspectives-broken", "ignore:perspectives-sniffs")
def test_sniffing_ends_with_the_list_of_broken_plugins(two_broken):
    """Where no loader is found, the error says which ones could not be asked."""

    assert (
        "a.dat: no loader knows this input\n"
        "installed: broken, email, html, json, markdown, sniffs, text, works\n"
        "broken: plugin perspectives-broken:broken could not be imported\n"
        f"broken: {SNIFFS}\n"
        "fix: if it is one of these, name it: load(path, 'text'), or -f text"
    ) == message(p.LoadError, load_with, two_broken)


def test_broken_plugin_is_warned_about_once(two_broken):
    """A broken plugin is imported and warned about once for all the inputs of a registry."""

    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        for _ in range(3):
            load_with(two_broken, "a.unknown", b"works", "application/unknown")

    assert [BROKEN, SNIFFS, SNIFFS, SNIFFS] == [str(warning.message) for warning in caught]


@pytest.mark.filterwarnings("ignore:plugin perspectives-broken", "ignore:perspectives-sniffs")
def test_mended_plugin_is_asked_again(install, two_broken):
    """A plugin that was broken takes part again once a call by its name has succeeded."""

    message(p.LoadError, load_with, two_broken)
    (install.site / "perspectives_broken.py").write_text(loader("broken", "CERTAIN"))
    two_broken.loads("", "broken")

    assert "perspectives-broken:broken" == load_with(two_broken)


# Sources and files


def test_load_takes_every_kind_of_source(tmp_path):
    """A path, an open file, bytes, a Rendered and an Input give the same brief."""

    path = tmp_path / "a.json"
    path.write_text(JSON)
    registry = p.Registry()
    with path.open() as text, path.open("rb") as data:
        sources = [path, str(path), text, data, JSON.encode(), registry.render(BRIEF, "json")]
        briefs = [registry.load(source) for source in [*sources, Input(name="a.json", data=JSON.encode())]]

    assert [BRIEF] * 7 == briefs


@pytest.mark.parametrize(
    ("call", "source", "expected"),
    [
        ("load", None, "null is nothing to load, expected a path, an open file, bytes or a Rendered"),
        ("load", 5, "5 is nothing to load, expected a path, an open file, bytes or a Rendered"),
        ("loads", {"stories": []}, "a dict is nothing to load, expected a text or bytes"),
        ("loads", Path("a.json"), "PosixPath('a.json') is nothing to load, expected a text or bytes"),
    ],
)
def test_wrong_source_is_refused(call, source, expected):
    """What cannot be loaded is our error and says what can."""

    assert expected == message(p.LoadError, getattr(p.Registry(), call), source)


def test_missing_file_is_pythons_own_error(tmp_path):
    """A file that cannot be read is the OSError that every Python program knows."""

    with pytest.raises(FileNotFoundError):
        p.Registry().load(tmp_path / "no.json")


def test_load_error_names_the_file(tmp_path):
    """What is wrong with a file begins with its name."""

    path = tmp_path / "a.json"
    path.write_text("{")

    assert (
        f"{path}:1:2: this is no JSON: expecting property name enclosed in double quotes, expected one whole JSON document"
        == (message(p.LoadError, p.Registry().load, path))
    )


GLUED = (Path(__file__).parents[1] / "examples" / "kim-putin.txt").read_text("utf-8")


@pytest.mark.parametrize("home", [p, p.Registry()], ids=["module", "registry"])
def test_load_warning_points_to_the_caller(home):
    """A guess is a LoadWarning of the line that called `load`, from the module as from a registry."""

    with pytest.warns(p.LoadWarning) as caught:
        home.loads(GLUED, "text")

    assert {__file__} == {warning.filename for warning in caught}


def test_load_report_does_not_warn():
    """`load_report` gives the guesses as values only."""

    with warnings.catch_warnings():
        warnings.simplefilter("error")
        report = p.Registry().load_report(GLUED.encode(), "text")

    assert ["glued-outlet"] * 3 == [finding.code for finding in report.findings]


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("a.JSON", "perspectives-briefs:json"),
        ("a.htm", "perspectives-briefs:html"),
        ("a.toot", "perspectives-toot:toot"),
        ("a.tt", "perspectives-toot:toot"),
    ],
)
def test_renderer_for_a_file_name(install, name, expected):
    """The extension names the renderer: of a built-in one, of an entry point, or what a plugin says."""

    install("perspectives-toot", renderer("toot", extensions=[".tt"]), renderers="toot")

    assert expected == p.Registry().renderer_for(Path(name))


@pytest.mark.filterwarnings("ignore:plugin perspectives-broken")
@pytest.mark.parametrize(
    ("name", "expected"), [("a.xyz", "no renderer writes '.xyz' files"), ("a", "'a' has no extension")]
)
def test_unknown_extension_is_refused(install, name, expected):
    """A file name that no renderer writes is an error with those that are known, and what is broken."""

    install("perspectives-broken", "1 / 0", renderers="broken")
    broken = "\nbroken: plugin perspectives-broken:broken could not be imported" if "." in name else ""

    assert (
        f"{expected}\nknown: .eml, .htm, .html, .json, .markdown, .md, .txt; or name the renderer{broken}"
    ) == message(p.FormatError, p.Registry().renderer_for, Path(name))


def test_write_puts_parts_beside(install, tmp_path):
    """`write` gives what it rendered, and each part with a name is a file beside it."""

    body = "from perspectives.plugin import Part; return Rendered('main', 'text/plain', parts=[Part('b', 't/x', name='x/b')])"
    install("perspectives-site", renderer("site", body), renderers="site")
    rendered = p.Registry().write(BRIEF, tmp_path / "out", "site")

    assert Rendered("main", "text/plain", parts=[Part("b", "t/x", name="x/b")]) == rendered
    assert ("main", "b") == ((tmp_path / "out").read_text(), (tmp_path / "x" / "b").read_text())


def test_story_is_rendered_as_a_brief_of_one():
    """A story is wrapped into a brief, with its language."""

    story = p.Story(headline="Eine Brücke", language="de")
    brief = p.Brief(stories=[story], language="de")
    registry = p.Registry()

    assert registry.render(brief, "html") == registry.render(story, "html")


@pytest.mark.parametrize(("what", "shown"), [("x", "'x'"), (None, "null"), ([], "a list")])
def test_only_briefs_are_rendered(what, shown):
    """Anything else is our error."""

    assert f"{shown} is no brief, expected a Brief or a Story" == (
        message(p.ModelError, p.Registry().render, what, "text")
    )


def test_renderer_may_be_made_from_another(install):
    """A renderer can ask for the brief in another format."""

    install("perspectives-shout", renderer("shout", "return tools.render(brief, 'text')"), renderers="shout")

    assert TEXT == str(p.Registry().render(BRIEF, "shout"))


def test_threads_share_a_registry(install):
    """Eight threads on a fresh registry get the bytes that one would."""

    names = ["text", "json", "html", "toot", "rss"]
    for name in ("toot", "rss"):
        code = renderer(name, "return Rendered('\\n'.join(n.text for n in tools.outline(brief)), 'text/plain')")
        install(f"perspectives-{name}", "import time; time.sleep(0.02)\n" + code, renderers=name)
    jobs = [(brief, name) for brief in samples.values() for name in names] * 8
    serial, shared = p.Registry(), p.Registry()
    expected = [bytes(serial.render(*job)) for job in jobs[: len(jobs) // 8]] * 8
    for module in ("perspectives_toot", "perspectives_rss"):
        del sys.modules[module]
    with ThreadPoolExecutor(8) as pool:
        rendered = list(pool.map(lambda job: bytes(shared.render(*job)), jobs))

    assert expected == rendered


def test_sniffers_levels_are_in_order():
    """Each level of confidence beats those before it."""

    assert ["NO", "POSSIBLE", "LIKELY", "CERTAIN"] == [level.name for level in sorted(Confidence)]


def test_load_refuses_a_language_that_is_no_tag():
    """A `language` that is no BCP 47 tag is an OptionsError that says what one looks like."""
    with pytest.raises(p.OptionsError) as caught:
        p.loads("x", "text", language="deutsch!")

    assert "'deutsch!' does not fit @ language, expected a BCP 47 tag, like 'en' or 'pt-BR'" == str(caught.value)


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: p.render(BRIEF, None), "null is no name of a renderer, expected a name like 'json'"),
        (lambda: p.load(b"x", 3), "3 is no name of a loader, expected a name like 'json'"),
        (lambda: p.render(BRIEF, "md"), "no renderer named 'md'. Did you mean 'markdown'?"),
        (lambda: p.render(BRIEF, "HTML"), "no renderer named 'HTML'. Did you mean 'html'?"),
        (
            lambda: p.load("Headline\n\nFocusing Facts"),
            "this is a text, not a path, expected a path, or loads(text, 'text')",
        ),
        (lambda: p.load(""), "an empty text is no path, expected a path, or loads(text, 'text')"),
        (lambda: p.load(io.StringIO("x")), "no loader knows this input"),
        (
            lambda: p.load(Rendered(b"", "application/pdf")),
            "no loader reads 'application/pdf', expected one of email, html, json, markdown, text",
        ),
        (lambda: p.loads('{"stories": []}'), "the format is missing @ $.format, expected 'perspectives/1.0'"),
        (lambda: p.load(b'{"stories": []}'), "the format is missing @ $.format, expected 'perspectives/1.0'"),
    ],
)
def test_wrong_argument_is_one_of_our_errors(call, message):
    """What a user may give by mistake is an error of ours that says what would be right."""
    with pytest.raises(p.PerspectivesError) as caught:
        call()

    assert message == str(caught.value).splitlines()[0]


def test_closed_file_is_one_of_our_errors(tmp_path):
    """A file that cannot be read any more is a LoadError, not a ValueError."""
    path = tmp_path / "a.txt"
    path.write_text("x")
    file = path.open()
    file.close()
    with pytest.raises(p.LoadError) as caught:
        p.load(file)

    assert f"{path}: cannot be read: I/O operation on closed file., expected a file opened with mode 'rb'" == str(
        caught.value
    )


def test_text_that_names_our_format_is_no_json():
    """An address with our format's name in it does not make a text JSON."""
    text = "H\n\nSee https://example.org/perspectives/1.0\n\nFocusing Facts\n\n1. F\n"

    assert "See https://example.org/perspectives/1.0" == p.load(text.encode()).stories[0].summary


@pytest.mark.parametrize("cls", [p.LoadError, p.PerspectivesError])
def test_error_takes_faults_only(cls):
    """An error made with a plain text is refused at once, not when it is printed."""
    with pytest.raises(TypeError, match=f"{cls.__name__} takes a Fault or several, not 'bad'"):
        cls("bad")


# Outlets and rules


def outlets(code):
    """A plugin whose hook returns this list of directories."""
    return f"""
from perspectives import Outlet
from perspectives.plugin import OutletDirectory, outlets

@outlets
def perspectives_outlets():
    return {code}
"""


def rules(*codes, members="def check(self, brief, /): return []", returns="[Rule(code) for code in CODES]"):
    """A plugin with a rule for each of these codes."""
    return f"""
from perspectives.plugin import rules

CODES = {codes!r}

class Rule:
    summary = "Every fact is cited."
    def __init__(self, code): self.code = code
    {members}

@rules
def perspectives_rules():
    return {returns}
"""


LEDGER = "[OutletDirectory(outlets=[Outlet(name='Harbour Ledger')])]"


def warned_of(call):
    """What a call returns, and the first line of each warning that it gives."""
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        value = call()
    return value, [str(one.message).splitlines()[0] for one in caught]


def test_outlets_are_the_shipped_and_the_plugins(install):
    """`outlets()` is the shipped directory merged with those of the plugins, in the order of their distributions."""
    install("perspectives-b", outlets("[OutletDirectory(outlets=[Outlet(name='KyivPost', owner='B')])]"), outlets="a")
    install("perspectives-a", outlets("(OutletDirectory(outlets=[Outlet(name=n)]) for n in ('X', 'Y'))"), outlets="z")
    found = p.Registry().outlets()

    assert ["KyivPost", "X", "Y"] == [outlet.name for outlet in found.outlets[-3:]]
    assert ("UA", "B") == (found.find("kyivpost.com")[0].country, found.find("kyivpost.com")[0].owner)


def test_outlets_of_plugins_reach_the_loader(install):
    """A text loader knows the outlets of the plugins, without being given any."""
    install("perspectives-a", outlets(LEDGER), outlets="ledger")
    text = "H\n\nPerspectives\n\nLabel\n\ne.g., KyivPost, Harbour LedgerSays that it is so. It is not.\n"
    (group,) = p.Registry().load_report(text.encode(), "text").brief.stories[0].perspectives

    assert ["KyivPost", "Harbour Ledger"] == [outlet.name for outlet in group.outlets]


def test_outlets_that_are_given_replace_those_of_plugins(install):
    """Who gives outlets gets them over the shipped ones, and no plugin is imported for others."""
    module = install("perspectives-a", "raise AssertionError", outlets="ledger")
    ours = p.OutletDirectory(outlets=[p.Outlet(name="Harbour Ledger")])
    text = "H\n\nPerspectives\n\nLabel\n\ne.g., KyivPost, Harbour LedgerSays that it is so. It is not.\n"
    (group,) = p.Registry().load_report(text.encode(), "text", outlets=ours).brief.stories[0].perspectives

    assert ["KyivPost", "Harbour Ledger"] == [outlet.name for outlet in group.outlets]
    assert module not in sys.modules


def test_loading_json_imports_no_outlets(install):
    """A loader that does not ask for outlets imports no plugin that has some."""
    module = install("perspectives-a", "raise AssertionError", outlets="ledger")

    assert BRIEF == p.Registry().loads(JSON)
    assert module not in sys.modules


@pytest.mark.parametrize(
    ("code", "first"),
    [
        ("1 / 0", "plugin perspectives-bad:own could not be imported"),
        (outlets("1 / 0"), "perspectives-bad:own failed while it listed its outlets"),
        (outlets("[5]"), "perspectives-bad:own returned int, expected perspectives.plugin.OutletDirectory"),
        (outlets("[OutletDirectory]"), "perspectives-bad:own returned the class OutletDirectory, no object of it, expected perspectives.plugin.OutletDirectory"),
        ("def perspectives_outlets(x): ...\nperspectives_outlets.perspectives_hook = 'perspectives_outlets'",
         "plugin perspectives-bad:own could not be registered"),
    ],
)  # fmt: skip
def test_broken_outlets_are_passed_over(install, code, first):
    """A plugin whose outlets cannot be had is warned about once, and the others' are there."""
    install("perspectives-bad", code, outlets="own")
    install("perspectives-good", outlets(LEDGER), outlets="own")
    registry = p.Registry()
    found, told = warned_of(registry.outlets)

    assert ("Harbour Ledger", [first]) == (found.outlets[-1].name, told)
    assert (found, []) == warned_of(registry.outlets)
    assert first == message(p.PluginError, registry.describe, "outlets", "perspectives-bad:own").splitlines()[0]


def test_rules_are_the_plugins(install):
    """`rules()` is the rules of the plugins, in the order of their distributions; without plugins there are none."""
    assert () == p.Registry().rules()

    install("perspectives-b", rules("b/001"), rules="one")
    install("perspectives-a", rules("desk/no-dates", "a-2/1"), rules="two three")

    assert ["desk/no-dates", "a-2/1", "b/001"] == [rule.code for rule in p.Registry().rules()]


@pytest.mark.parametrize(
    ("code", "first"),
    [
        ("import nothing_of_this_name", "plugin perspectives-bad:own could not be imported"),
        (rules(returns="5"), "perspectives-bad:own failed while it listed its rules"),
        (rules("a/1", returns="[Rule]"), "perspectives-bad:own returned the class Rule, no object of it, expected perspectives.plugin.Rule"),
        (rules("a/1", members="check = None"), "perspectives-bad:own returned Rule, expected perspectives.plugin.Rule"),
        (rules(5), "perspectives-bad:own returned Rule, expected perspectives.plugin.Rule"),
        (rules("a/1", returns="[Rule('a/1'), 'b']"), "perspectives-bad:own returned str, expected perspectives.plugin.Rule"),
        *(
            (rules("good/1", code), f"perspectives-bad:own returned a rule with the code {code!r}, which is no code")
            for code in ("001", "Desk/001", "desk/", "/001", "desk/00 1", "desk/a/b", "desk/001\n", "2/1")
        ),
        (rules("a/1", "a/1"), "perspectives-bad:own returned a rule with the code 'a/1', twice"),
    ],
)  # fmt: skip
def test_broken_rules_are_passed_over(install, code, first):
    """A plugin whose rules cannot be had is named in a warning, and the others' are there."""
    install("perspectives-bad", code, rules="own")
    install("perspectives-good", rules("good/001"), rules="own")
    registry = p.Registry()
    found, told = warned_of(registry.rules)
    error = message(p.PluginError, registry.describe, "rules", "perspectives-bad:own").splitlines()[0]

    assert (["good/001"], [error]) == ([rule.code for rule in found], told)
    assert first == error.removesuffix(", expected one of its own, like 'desk/001', for each rule")


def test_two_rules_of_one_code_are_refused(install):
    """A code that two plugins have is an error that names both, with the fix."""
    install("perspectives-a", rules("desk/001"), version="2.0", rules="desk")
    install("perspectives-b", rules("desk/002", "desk/001"), rules="own")

    assert (
        "2 plugins provide the rule 'desk/001'; none was chosen for you\n"
        "- perspectives-a:desk   perspectives-a 2.0 (perspectives_a)\n"
        "- perspectives-b:own   perspectives-b 1.0 (perspectives_b)\n"
        "fix: PERSPECTIVES_DISABLE=perspectives-b, or Registry(blocked=['perspectives-b']), or uninstall one"
    ) == message(p.PluginError, p.Registry().rules)
    assert ["desk/001"] == [rule.code for rule in p.Registry(blocked=["perspectives-b"]).rules()]


@pytest.mark.parametrize("kind", ["outlets", "rules"])
@pytest.mark.parametrize(
    ("lists", "environment"),
    [
        ({"blocked": ["perspectives-a"]}, {}),
        ({"blocked": ["perspectives-a:own"]}, {}),
        ({"allowed": []}, {}),
        ({}, {"PERSPECTIVES_DISABLE": "perspectives-a"}),
        ({}, {"PERSPECTIVES_PLUGINS": ""}),
        ({"autoload": False}, {}),
    ],
)
def test_blocked_outlets_and_rules_are_not_imported(install, monkeypatch, kind, lists, environment):
    """The lists of what may be used hold for outlets and rules, before anything is imported."""
    module = install("perspectives-a", "raise AssertionError", **{kind: "own"})
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    found, told = warned_of(getattr(p.Registry(**lists), kind))

    assert (getattr(p.Registry(autoload=False), kind)(), []) == (found, told)
    assert module not in sys.modules


def test_one_module_may_provide_everything(install):
    """A plugin may have outlets, rules and a renderer in one module."""
    code = renderer("toot") + rules("desk/001") + outlets(LEDGER)
    install("perspectives-a", code, renderers="toot", rules="desk", outlets="ledger")
    registry = p.Registry()

    assert ("toot", ["desk/001"], "Harbour Ledger") == (
        str(registry.render(BRIEF, "toot")),
        [rule.code for rule in registry.rules()],
        registry.outlets().outlets[-1].name,
    )
