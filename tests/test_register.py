"""Plugins without packaging: those that a program registers itself, and files given with `--plugin`."""

import types
import warnings

import pluggy
import pytest

import perspectives as p
from perspectives.cli import main
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
    """A renderer that returns a text, or fails."""

    options_class = NoOptions

    def __init__(self, name="toot", says="toot"):
        self.info = RendererInfo(name=name, media_type="text/plain", summary="Ours", extensions=[".tt"])
        self.says = says

    def render(self, brief, options, tools, /):
        """The text."""
        return Rendered(self.says, "text/plain")


class Kite:
    """A loader that knows its inputs."""

    info = LoaderInfo(name="kite", summary="Ours", extensions=[".kt"])
    options_class = NoOptions

    def sniff(self, input, /):
        """Certain of what begins so."""
        return Confidence(3 * input.head.startswith(b"kite"))

    def load(self, input, options, tools, /):
        """A brief of that name."""
        return Loaded(brief=p.Brief(title="kite"))


class Cited:
    """A rule that finds something in every brief."""

    code = "desk/001"
    summary = "Every fact is cited."

    def check(self, brief, /):
        """One finding."""
        return [p.Finding(code=self.code, message="not cited")]


LEDGER = OutletDirectory(outlets=[p.Outlet(name="Harbour Ledger")])


class Desk:
    """A plugin with something for every hook."""

    @renderers
    def all_renderers(self):
        """One."""
        return [Toot()]

    @loaders
    def all_loaders(self):
        """One."""
        return [Kite()]

    @outlets
    def all_outlets(self):
        """One."""
        return [LEDGER]

    @rules
    def all_rules(self):
        """One."""
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
    " perspectives.plugin.renderers, loaders, outlets, rules or templates, or a renderer, loader or template pack"
)
NOTHING = "my_app provides nothing: its functions returned no renderer and no loader, expected a list of them"


@pytest.mark.parametrize(
    ("thing", "expected"),
    [
        (5, f"5{NO_PLUGIN}"),
        (None, f"null{NO_PLUGIN}"),
        (module("my_app.toots"), f"my_app.toots{NO_PLUGIN}"),
        (module("my_app", ours=renderers(lambda: ())), NOTHING),
        (module("my_app", ours=renderers(lambda: None)), NOTHING),
        (
            type("Toot", (), {"info": Toot().info}),
            "<class 'test_register.Toot'> is no plugin, expected an object, Toot()",
        ),
    ],
    ids=["number", "nothing", "module", "empty", "forgetful", "class"],
)
def test_what_is_no_plugin_is_refused(thing, expected):
    """What is neither a plugin nor a renderer or loader is an error that says what would be right."""

    assert expected == message(registry, thing)


def test_registered_twice_is_registered_once():
    """The same object again changes nothing."""
    desk = Desk()

    assert [f"{HERE}.Desk:toot"] == labels(registry(desk, desk))


# Names


def test_names_are_tried_with_those_that_are_installed(install):
    """A renderer that is registered and one that is installed under its name are two claims; each has a full name."""
    install(
        "perspectives-toot",
        "import perspectives, test_register as t\nours = t.renderers(lambda: [t.Toot(says='installed')])",
        renderers="toot",
    )
    made = p.Registry()
    made.register(Toot())

    assert (
        "2 plugins provide the renderer 'toot'; none was chosen for you\n"
        f"- {HERE}.Toot:toot   {__file__}\n"
        "- perspectives-toot:toot   perspectives-toot 1.0 (perspectives_toot)\n"
        f"fix: name one (render(brief, '{HERE}.Toot:toot')), or Registry(prefer={{'toot': '{HERE}.Toot'}}),"
        " or uninstall one"
    ) == message(made.render, BRIEF, "toot", error=p.FormatError)
    assert ("toot", "installed") == (
        str(made.render(BRIEF, f"{HERE}.Toot:toot")),
        str(made.render(BRIEF, "perspectives-toot:toot")),
    )


def test_nothing_is_uninstalled_that_is_not_installed():
    """Where all that claim a name are registered, the fix does not say to uninstall one."""
    made = registry(Toot(), types.SimpleNamespace(ours=renderers(lambda: [Toot()])))

    assert (
        f"fix: name one (render(brief, '{HERE}.Toot:toot')), or Registry(prefer={{'toot': '{HERE}.Toot'}})"
        == (message(made.render, BRIEF, "toot", error=p.FormatError).splitlines()[-1])
    )


def test_prefer_names_a_registered_one():
    """`prefer` chooses a registered renderer by the name that stands before its colon."""
    other = module("my_app.toots", ours=renderers(lambda: [Toot(says="preferred")]))

    assert "preferred" == str(registry(Toot(), other, prefer={"toot": "my_app.toots"}).render(BRIEF, "toot"))


def test_built_in_name_is_reserved():
    """A registered `html` is not ours: it is reached by its full name."""
    made = registry(Toot("html", "registered"))

    assert ("<!doctype html>", "registered") == (
        str(made.render(BRIEF, "html")).splitlines()[0],
        str(made.render(BRIEF, f"{HERE}.Toot:html")),
    )


def test_module_that_is_installed_too_is_one_plugin(install):
    """A module that an entry point names and the program registers is one plugin, under the name of the module."""
    code = "import test_register as t\nours = t.renderers(lambda: [t.Toot()])"
    name = install("perspectives-toot", code, renderers="toot")
    made = p.Registry()
    made.register(__import__(name))

    assert (["perspectives_toot:toot"], "toot") == (labels(made), str(made.render(BRIEF, "perspectives-toot:toot")))


@pytest.mark.parametrize("lists", [{"blocked": [f"{HERE}.Toot"]}, {"allowed": []}])
def test_lists_do_not_touch_what_is_registered(monkeypatch, lists):
    """The lists are for what is found, not for what the program hands over."""
    monkeypatch.setenv("PERSPECTIVES_PLUGINS", "")

    assert "toot" == str(registry(Toot(), **lists).render(BRIEF, "toot"))


def test_second_of_a_name_is_refused():
    """Two renderers of one full name could never be told apart: the second is refused, and the first stays."""
    made = registry(Toot(says="first"))

    assert (
        f"the renderer '{HERE}.Toot:toot' is registered already\n"
        f"from: {__file__}\n"
        "fix: give one another name, leave one out, or begin with a new Registry()"
    ) == message(made.register, Toot(says="second"))
    assert "first" == str(made.render(BRIEF, "toot"))


def test_rules_of_one_code_are_refused():
    """Two rules of one code are an error; none can be uninstalled or blocked."""
    made = registry(
        module("my_app.a", ours=rules(lambda: [Cited()])), module("my_app.b", ours=rules(lambda: [Cited()]))
    )

    assert (
        "2 plugins provide the rule 'desk/001'; none was chosen for you\n"
        "- my_app.a:rules   module 'my_app.a'\n"
        "- my_app.b:rules   module 'my_app.b'\n"
        "fix: register one, or give its rule another code"
    ) == message(made.rules)


def test_installed_rule_of_a_registered_code_can_be_blocked(install):
    """Where a rule's code is registered and installed, the fix is to block the installed one."""
    install("perspectives-a", "import test_register as t\nours = t.rules(lambda: [t.Cited()])", rules="own")
    made = p.Registry()
    made.register(module("z_app", ours=rules(lambda: [Cited()])))

    assert (
        "fix: PERSPECTIVES_DISABLE=perspectives-a, or Registry(blocked=['perspectives-a']), or uninstall one"
        == (message(made.rules).splitlines()[-1])
    )


# Faults


def raising():
    """A hook that fails."""
    return 1 / 0


def misnaming():
    """A hook that makes an outlet without a name."""
    return [p.Outlet(name="")]


def place(hook):
    """File and line of the statement behind a hook's docstring."""
    return f"{__file__}:{hook.__code__.co_firstlineno + 2}"


@pytest.mark.parametrize(
    ("functions", "expected"),
    [
        (
            {"ours": renderers(raising)},
            "my_app:renderers failed while it listed its renderers\n"
            f"from: {place(raising)}\n"
            "cause: ZeroDivisionError: division by zero\n"
            "This is a bug in my_app, not in perspectives-briefs.",
        ),
        (
            {"ours": rules(lambda: [Cited(), 5])},
            "my_app:rules returned int, expected perspectives.plugin.Rule",
        ),
        (
            {"ours": renderers(lambda: [Toot(), Kite()])},
            "my_app:renderers returned Kite, expected perspectives.plugin.Renderer",
        ),
        (
            {"ours": renderers(lambda: [Toot])},
            "my_app:renderers returned the class Toot, no object of it, expected perspectives.plugin.Renderer",
        ),
        (
            {"ours": renderers(lambda: [Toot(), Toot()])},
            "the renderer 'my_app:toot' is registered already\n"
            f"from: {__file__}\n"
            "fix: give one another name, leave one out, or begin with a new Registry()",
        ),
        (
            {"perspectives_renderes": pluggy.HookimplMarker("perspectives")(lambda: [Toot()])},
            "plugin my_app could not be registered\n"
            f"from: {__file__}\n"
            "cause: PluginValidationError: unknown hook 'perspectives_renderes' in plugin"
            f" <module 'my_app' from '{__file__}'>",
        ),
        (
            {"ours": outlets(misnaming)},
            "my_app:outlets failed while it listed its outlets\n"
            f"from: {place(misnaming)}\n"
            "cause: ModelError: an empty text @ Outlet.name, expected one paragraph of plain text\n"
            "This is a bug in my_app, not in perspectives-briefs.",
        ),
    ],
    ids=["raises", "no rule", "no renderer", "class", "twice", "misspelt hook", "bad outlet"],
)
def test_faulty_plugin_is_refused_whole(functions, expected):
    """A plugin that cannot be registered is named with its place, and nothing of it stays; mended, it is taken."""
    made = registry()
    ours = renderers(lambda: [Toot("sound")])

    assert expected == message(made.register, module("my_app", __file__=__file__, other=ours, **functions))
    assert [] == [label for kind in ("renderer", "outlets", "rules") for label in labels(made, kind)]

    made.register(module("my_app", ours=ours))

    assert "toot" == str(made.render(BRIEF, "sound"))


def test_failing_renderer_is_named_with_its_line():
    """A registered renderer that raises is told with the file and line that its author has to mend."""
    toot = Toot()
    toot.render = lambda *_: raising()

    assert (
        f"{HERE}.Toot:toot failed while rendering brief '12 Aug'\n"
        f"from: {place(raising)}\n"
        "cause: ZeroDivisionError: division by zero\n"
        f"This is a bug in {HERE}.Toot, not in perspectives-briefs."
    ) == message(registry(toot).render, BRIEF, "toot")


def test_faulty_plugin_disturbs_no_other(install):
    """A plugin is asked alone, whatever its functions are named: one that fails is no fault of the next."""
    install("perspectives-bad", "import test_register as t\nours = t.renderers(t.raising)", renderers="bad")
    made = p.Registry()
    message(made.render, BRIEF, "bad")
    made.register(module("my_app", ours=renderers(lambda: [Toot()])))

    assert "toot" == str(made.render(BRIEF, "toot"))


def test_failing_rule_is_named_with_its_plugin():
    """The warning of a rule that fails says whose rule it is."""
    rule = Cited()
    rule.check = lambda _: raising()
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        registry(module("my_app", ours=rules(lambda: [rule]))).lint(BRIEF)

    assert ["the rule 'desk/001' of my_app:rules failed: ZeroDivisionError: division by zero"] == [
        str(one.message) for one in caught
    ]


# Files


TOOT = """
from __future__ import annotations

import dataclasses
import sys
from typing import Literal

from attrs import field, frozen

from perspectives.plugin import Rendered, RendererInfo, RenderTools, renderers


@dataclasses.dataclass
class Place:
    name: str


@frozen(kw_only=True)
class Options:
    voice: Literal["low", "loud"] | None = field(default=None, metadata={"help": "how it sounds"})


class Toot:
    info = RendererInfo(name="toot", media_type="text/plain", summary="Ours", extensions=[".tt"])
    options_class = Options

    def render(self, brief, options: Options, tools: RenderTools, /) -> Rendered:
        assert sys.modules[__name__].Options is Options
        return Rendered(f"{brief.title} {options.voice}", "text/plain")


@renderers
def ours():
    return [Toot()]
"""


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """The working folder of a test, with a brief and a plugin in it."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "a.json").write_text(p.dumps(BRIEF))
    (tmp_path / "toot.py").write_text(TOOT)
    return tmp_path


@pytest.fixture
def run(folder, install, capsysbinary):
    """A function that runs one command and gives exit status, stdout and stderr; nothing is installed."""

    def run(line):
        status = main(line.split())
        out, err = capsysbinary.readouterr()
        return status, out.decode(), err.decode()

    return run


@pytest.mark.parametrize("name", ["toot", "toot.py:toot"])
def test_file_renders(run, name):
    """`--plugin FILE` gives the command a renderer with its options, under its name and that of the file."""
    assert (0, "12 Aug loud", "") == run(f"render a.json --plugin toot.py -t {name} -O voice=loud")


def test_file_decides_by_extension(folder, run):
    """A renderer from a file writes the files that it says."""
    assert (0, "", "") == run("render a.json --plugin toot.py -o b.tt")
    assert "12 Aug None" == (folder / "b.tt").read_text()


def test_file_leaves_nothing_behind(folder, run):
    """No bytecode is written beside a file that is given."""
    run("render a.json --plugin toot.py -t toot")

    assert ["a.json", "site", "toot.py"] == sorted(path.name for path in folder.iterdir())


def test_file_is_listed(run):
    """`plugins --plugin FILE` lists and describes it like one that is installed; it has no version."""
    listed = run("plugins --plugin toot.py")[1]

    assert "renderer  toot      toot.py" in listed.splitlines()
    assert (
        0,
        "renderer toot.py:toot: Ours\n"
        "  media type: text/plain\n"
        "  extensions: .tt\n"
        "  omits: nothing\n"
        "  -O voice=none  how it sounds ('low' or 'loud' or None)\n",
        "",
    ) == run("plugins toot.py --plugin toot.py")


DESK = """
from perspectives import Brief, Finding, Outlet
from perspectives.plugin import Confidence, Loaded, LoaderInfo, NoOptions, OutletDirectory, loaders, outlets, rules

class Kite:
    info = LoaderInfo(name="kite", summary="Ours", extensions=[".kt"])
    options_class = NoOptions
    def sniff(self, input, /): return Confidence.NO
    def load(self, input, options, tools, /): return Loaded(brief=Brief(title=tools.outlets.find("Ledger")[0].name))

class Rule:
    code = "desk/1"
    summary = "Ours"
    def check(self, brief, /): return [Finding(code="desk/1", message=brief.title)]

@loaders
def kites(): return [Kite()]
@rules
def ours(): return [Rule()]
@outlets
def ledger(): return [OutletDirectory(outlets=[Outlet(name="Ledger")])]
"""


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("validate a.kt", "a.kt: warning: Ledger [desk/1]\na.kt: valid, 0 stories, 1 finding\n"),
        ("report a.kt", "No outlet is rated: 0 of 0 are unrated in any scheme.\n"),
        ("render a.kt --plugin toot.py -t toot", "Ledger None"),
    ],
)
def test_several_files_of_every_kind(folder, run, line, expected):
    """Loaders, outlets and rules come from files too, for each command that reads briefs, and from several files."""
    (folder / "desk.py").write_text(DESK)
    (folder / "a.kt").write_text("")

    assert (0, expected, "") == run(f"{line} --plugin desk.py")


IMPORTED = "the plugin could not be imported\ncause: "


@pytest.mark.parametrize("command", ["render a.json -t text", "validate a.json", "report a.json", "plugins"])
@pytest.mark.parametrize(
    ("name", "code", "status", "expected"),
    [
        ("no.py", None, 2, "no.py: No such file or directory"),
        ("site", None, 2, "site: Is a directory"),
        ("bad.py", "x = 1\nimport nothing_of_this_name", 3,
         f"bad.py:2: {IMPORTED}ModuleNotFoundError: No module named 'nothing_of_this_name'"),
        ("bad.py", "import json\n\njson.loads('{')", 3,
         f"bad.py:3: {IMPORTED}JSONDecodeError: Expecting property name enclosed in double quotes:"
         " line 1 column 2 (char 1)"),
        ("bad.py", "x = 1\ndef (", 3, f"bad.py:2: {IMPORTED}SyntaxError: invalid syntax (bad.py, line 2)"),
        ("bad.py", "from . import toot", 3,
         f"bad.py:1: {IMPORTED}ImportError: attempted relative import with no known parent package"),
        ("bad.py", "raise SystemExit(0)", 3, f"bad.py:1: {IMPORTED}SystemExit: 0"),
        ("bad.py", "x = 1", 3, f"bad.py{NO_PLUGIN}"),
    ],
    ids=["missing", "folder", "import", "raises", "syntax", "relative", "exits", "no hook"],
)  # fmt: skip
def test_bad_file_is_named(folder, run, command, name, code, status, expected):
    """A file that is missing is exit 2; one that does not run or is no plugin is exit 3, with the line of the cause."""
    if code is not None:
        (folder / name).write_text(code)

    assert (status, "", f"perspectives: {expected}\n") == run(f"{command} --plugin {name}")


def test_file_given_twice_is_refused(run):
    """A file that is given twice is a mistake that the command names."""
    assert (
        3,
        "",
        "perspectives: the renderer 'toot.py:toot' is registered already\n"
        "from: ./toot.py\n"
        "fix: give one another name, leave one out, or begin with a new Registry()\n",
    ) == run("plugins --plugin toot.py --plugin ./toot.py")


def test_files_of_one_name_do_not_mix(folder, run):
    """Two files of one name in two folders are two modules: the options of each are its own."""
    (folder / "b").mkdir()
    (folder / "b" / "toot.py").write_text(TOOT.replace('"toot"', '"hoot"').replace('"loud"', '"high"'))
    plugins = "--plugin toot.py --plugin b/toot.py"

    assert ("12 Aug loud", "12 Aug high") == (
        run(f"render a.json {plugins} -t toot -O voice=loud")[1],
        run(f"render a.json {plugins} -t hoot -O voice=high")[1],
    )
