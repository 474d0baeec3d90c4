"""Plugins without packaging: those that a program registers itself, and files given with `--plugin`."""

import types

import pytest

import perspectives as p
from perspectives.plugin import (
    Confidence,
    Input,
    Loaded,
    LoaderInfo,
    NoOptions,
    OutletDirectory,
    Rendered,
    RendererInfo,
    loaders,
    outlets,
    renderers,
    rules,
)

BRIEF = p.Brief(title="12 Aug", stories=[p.Story(headline="A bridge closes")])
HERE = __name__


class Toot:
    """A renderer."""

    options_class = NoOptions

    def __init__(self, name="toot", says="toot"):
        self.info = RendererInfo(name=name, media_type="text/plain", summary="Ours", extensions=[".tt"])
        self.says = says

    def render(self, brief, options, tools, /):
        if callable(self.says):
            self.says()
        return Rendered(self.says, "text/plain")


class Kite:
    """A loader that knows its inputs."""

    info = LoaderInfo(name="kite", summary="Ours", extensions=[".kt"])
    options_class = NoOptions

    def sniff(self, input, /):
        return Confidence(3 * input.head.startswith(b"kite"))

    def load(self, input, options, tools, /):
        return Loaded(brief=p.Brief(title="kite"))


class Cited:
    """A rule."""

    code = "desk/001"
    summary = "Every fact is cited."

    def check(self, brief, /):
        return [p.Finding(code=self.code, message="not cited")]


LEDGER = OutletDirectory(outlets=[p.Outlet(name="Harbour Ledger")])


class Desk:
    """A plugin with something for every hook."""

    @renderers
    def all_renderers(self):
        return [Toot()]

    @loaders
    def all_loaders(self):
        return [Kite()]

    @outlets
    def all_outlets(self):
        return [LEDGER]

    @rules
    def all_rules(self):
        return [Cited()]


def module(name, **functions):
    """A module with these functions."""
    made = types.ModuleType(name)
    vars(made).update(functions)
    return made


def registry(*plugins, **lists):
    """A registry of the built-in formats and these plugins."""
    made = p.Registry(autoload=False, **lists)
    for plugin in plugins:
        made.register(plugin)
    return made


def message(call, *arguments, error=p.PluginError):
    """The text of the error that a call raises."""
    with pytest.raises(error) as caught:
        call(*arguments)
    return str(caught.value)


def labels(made, kind="renderer"):
    """The full names of what is not built in."""
    return [provider.label for provider in made.providers(kind) if not provider.is_built_in]


# What may be registered


@pytest.mark.parametrize(
    ("plugin", "name"),
    [
        (Toot(), f"{HERE}.Toot:toot"),
        (module("my_app.toots", ours=renderers(lambda: [Toot()])), "my_app.toots:toot"),
        (types.SimpleNamespace(ours=renderers(lambda: [Toot()])), "types.SimpleNamespace:toot"),
        (Desk(), f"{HERE}.Desk:toot"),
    ],
    ids=["renderer", "module", "unhashable object", "object"],
)
def test_registered_renderer_renders(plugin, name):
    """A renderer, a module and an object with marked functions are plugins, by bare and by full name."""
    made = registry(plugin)

    assert ([name], "toot", "toot") == (
        labels(made),
        str(made.render(BRIEF, "toot")),
        str(made.render(BRIEF, name)),
    )


def test_registered_loader_loads():
    """A loader that is registered reads its files: by name, by extension and by content."""
    made = registry(Kite())

    assert ["kite"] * 3 == [
        made.loads("", "kite").title,
        made.load(Input(name="a.kt", data=b"")).title,
        made.load(b"kite").title,
    ]


def test_registered_extension_decides(tmp_path):
    """A file is written in the format of a registered renderer that says its extension."""
    registry(Toot()).write(BRIEF, tmp_path / "a.tt")

    assert "toot" == (tmp_path / "a.tt").read_text()


def test_registered_outlets_and_rules_are_used():
    """Outlets and rules of a plugin that is registered are known, also when the registry was asked before."""
    made = registry()
    before = made.outlets().find("Harbour Ledger")
    made.register(Desk())

    assert ((), "Harbour Ledger", [f"{HERE}.Desk:outlets"], [f"{HERE}.Desk:rules"]) == (
        before,
        made.outlets().find("Harbour Ledger")[0].name,
        labels(made, "outlets"),
        labels(made, "rules"),
    )
    assert "not cited" in [finding.message for finding in made.lint(BRIEF)]


NO_PLUGIN = (
    " is no plugin, expected a module or object with functions marked by"
    " perspectives.plugin.renderers, loaders, outlets or rules, or a renderer or loader"
)


@pytest.mark.parametrize(
    ("thing", "expected"),
    [
        (5, f"5{NO_PLUGIN}"),
        (None, f"null{NO_PLUGIN}"),
        (module("my_app.toots"), f"my_app.toots{NO_PLUGIN}"),
        (
            type("Toot", (), {"info": Toot().info}),
            "<class 'test_register.Toot'> is no plugin, expected an object, Toot()",
        ),
    ],
    ids=["number", "nothing", "module", "class"],
)
def test_what_is_no_plugin_is_refused(thing, expected):
    """What is neither a plugin nor a renderer or loader is an error that says what would be right."""

    assert expected == message(registry, thing)
