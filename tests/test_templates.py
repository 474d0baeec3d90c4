"""Template packs and folders of templates: which file is used, and who is told of it if it fails."""

import base64
import hashlib
import os
import re
import subprocess
import sys
import types
import warnings
import zipfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import attrs
import jinja2
import pytest
from conftest import execute, fresh_environment, pip
from jinja2 import meta, nodes

import perspectives as p
from perspectives.plugin import TemplatePack, templates
from perspectives.templating import TemplateChain, core
from perspectives.testing import samples
from perspectives.testing.processes import render_tools

BRIEF = p.Brief(title="<12> Aug", stories=[p.Story(headline="A bridge closes")])

CODE = """
from pathlib import Path
from perspectives.plugin import TemplatePack, templates

def shout(text):
    return str(text).upper()

@templates
def perspectives_templates():
    folder = Path(__file__).with_name("{module}_templates")
    return [TemplatePack(name={name!r}, summary="Ours", folder=folder, filters={{"{prefix}_shout": shout}})]
"""


@pytest.fixture(autouse=True)
def _nothing_installed(install):
    """Only what a test installs is there."""


def folder(path, **files):
    """A folder of templates; `page="..."` is page.html and `brief_css` the stylesheet."""
    path.mkdir()
    for name, text in files.items():
        (path / ("brief.css" if name == "brief_css" else f"{name}.html")).write_text(text)
    return path


def pack(path, name="broadsheet", *, filters=None, **files):
    """A pack of these templates."""
    return TemplatePack(name=name, summary="Ours", folder=folder(path, **files), filters=filters or {})


def install_pack(install, dist, name, **files):
    """A distribution with a pack."""
    module = dist.replace("-", "_")
    code = CODE.format(module=module, name=name, prefix=name.replace("-", "_"))
    folder(install.site / f"{module}_templates", **files)
    return install(dist, code, templates=name)


def registry(*packs, **lists):
    """A registry of these packs and nothing that is installed."""
    made = p.Registry(autoload=False, **lists)
    for one in packs:
        made.register(one)
    return made


def fragment(made, brief=BRIEF, **options):
    """The fragment that a registry makes."""
    return made.render(brief, "html", fragment=True, **options).content


def message(call, *arguments, error=p.PluginError, **options):
    """The text of the error that a call raises."""
    with pytest.raises(error) as caught:
        call(*arguments, **options)
    return str(caught.value)


# What a pack is


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"name": "Broad Sheet"}, "'Broad Sheet' is no format name: lower-case letters, digits and single hyphens"),
        ({"name": "core"}, "'core' is no name for a pack: 'core/page.html' is the template of this library"),
        ({"folder": "templates"}, "'templates' is no folder: files('my_package') / 'templates', or a pathlib.Path"),
        ({"filters": {"upper": str}}, "'upper' is no name for a filter of 'two-words': it begins with 'two_words_'"),
        ({"filters": {"two_words_a b": str}}, "'two_words_a b' is no name for a filter of 'two-words': it begins with 'two_words_'"),
        ({"filters": {"two_words_x": 5}}, "the filter 'two_words_x' is no function"),
        ({"filters": ["two_words_x"]}, "['two_words_x'] are no filters: a mapping from names to functions"),
    ],
)  # fmt: skip
def test_pack_refuses_what_cannot_be_one(tmp_path, changes, said):
    """A name, a folder or a filter that a pack cannot have is refused where it is made."""
    with pytest.raises(ValueError) as caught:  # noqa: PT011 - the next line says what it says
        TemplatePack(**{"name": "two-words", "summary": "Ours", "folder": tmp_path, **changes})

    assert said == str(caught.value)


def test_pack_takes_the_place_of_ours(tmp_path):
    """A file of a pack is used instead of the one of the same name, with the same values, which are escaped."""
    made = registry(pack(tmp_path / "a", fragment="<main>{{ brief.title }}</main>"))

    assert "<main>&lt;12&gt; Aug</main>" == fragment(made)


def test_ours_is_always_there(tmp_path):
    """`core/NAME` is our own template, whatever stands before it."""
    made = registry(pack(tmp_path / "a", fragment='<hr>{% include "core/fragment.html" %}'))

    assert "<hr>" + fragment(registry()).rstrip("\n") == fragment(made).rstrip("\n")


def test_ours_uses_what_takes_its_place(tmp_path):
    """What one of our templates includes is the one in force."""
    made = registry(pack(tmp_path / "a", brief="{{ brief.title }}"))

    assert "&lt;12&gt; Aug" in fragment(made)
    assert "A bridge closes" not in fragment(made)


def test_filter_of_a_pack(tmp_path):
    """A pack's filters are there for its templates, and what they return is escaped like any text."""
    made = registry(
        pack(tmp_path / "a", filters={"broadsheet_shout": str.upper}, fragment="{{ brief.title|broadsheet_shout }}")
    )

    assert "&lt;12&gt; AUG" == fragment(made)


def test_undefined_is_an_error(tmp_path):
    """A name that there is not is an error in a pack as in our templates."""
    made = registry(pack(tmp_path / "a", fragment="{{ titel }}"))

    assert "UndefinedError: 'titel' is undefined" in message(fragment, made)


def test_mail_is_restyled(tmp_path):
    """The HTML part of a mail is a template like any other."""
    made = registry(pack(tmp_path / "a", mail="<b>{{ subject }}</b>"))

    assert "<b>&lt;12&gt; Aug</b>" == str(made.render(BRIEF, "email").part("text/html"))


# Pieces


def test_piece_is_that_of_its_own_pack(tmp_path):
    """A template finds the piece in its own pack, though another one has a piece of the same name."""
    made = registry(
        pack(tmp_path / "a", "one", fragment='{% include "_x.html" %}+{% include "brief.html" %}', _x="one"),
        pack(tmp_path / "b", "two", brief='{% include "_x.html" %}', _x="two"),
    )

    assert "one+two" == fragment(made)


def test_piece_of_another_pack_is_named(tmp_path):
    """`PACK/_x.html` is the piece of that pack."""
    made = registry(
        pack(tmp_path / "a", "one", fragment='{% include "two/_x.html" %}'),
        pack(tmp_path / "b", "two", brief="", _x="{{ brief.title }}"),
    )

    assert "&lt;12&gt; Aug" == fragment(made)


def test_macro_of_a_piece(tmp_path):
    """A piece may hold macros."""
    piece = "{% macro strong(text) %}<b>{{ text }}</b>{% endmacro %}"
    made = registry(
        pack(tmp_path / "a", fragment='{% from "_x.html" import strong %}{{ strong(brief.title) }}', _x=piece)
    )

    assert "<b>&lt;12&gt; Aug</b>" == fragment(made)


# Order


def test_order_of_the_caller(tmp_path, install):
    """Folders and packs stand before ours in the caller's order; packs that are not named do not."""
    install_pack(install, "perspectives-one", "one", fragment="one", brief="one")
    install_pack(install, "perspectives-two", "two", fragment="two", brief="two")
    own = folder(tmp_path / "own", brief="own")

    assert ["two", "one", "one"] == [
        fragment(p.Registry(templates=words))
        for words in (["two", "one"], ["one", "two"], [own, "perspectives-one:one"])
    ]
    assert ">\nown\n</div>" in fragment(p.Registry(templates=[own])).replace("own</div>", "own\n</div>")


@pytest.mark.parametrize("words", [[], ["core"]])
def test_ours_alone(install, words):
    """An empty list, and `core`, are our templates alone."""
    ours = fragment(registry())
    install_pack(install, "perspectives-one", "one", fragment="one")

    assert ("one", ours) == (fragment(p.Registry()), fragment(p.Registry(templates=words)))


def test_words(tmp_path, monkeypatch):
    """A path, a text with a separator and the name of a folder that is there are folders; one text is one word."""
    own = folder(tmp_path / "own", fragment="own")
    monkeypatch.chdir(tmp_path)

    assert ["own"] * 5 == [
        fragment(p.Registry(templates=words)) for words in ([own], [str(own)], ["./own"], ["own"], "own")
    ]


def test_installed_packs_are_used_in_the_order_of_distributions(install):
    """Without a list all packs that are installed are, sorted by distribution."""
    install_pack(install, "perspectives-b", "a", brief="b")
    install_pack(install, "perspectives-a", "b", fragment='a{% include "brief.html" %}')

    assert "ab" == fragment(p.Registry())


def test_shadowed_template_is_told_once(install):
    """A template that two packs have is a warning, once a registry, with both names and the fix."""
    install_pack(install, "perspectives-b", "tabloid", fragment="b", page="b", _x="b")
    install_pack(install, "perspectives-a", "broadsheet", fragment="a", page="a", brief="a", _x="a")
    made = p.Registry()
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        said = [fragment(made), fragment(made)]

    assert ["a", "a"] == said
    assert [
        "2 template packs provide 'fragment.html', 'page.html'; perspectives-a:broadsheet comes first\n"
        "- perspectives-a:broadsheet   perspectives-a 1.0 (perspectives_a), entry point group 'perspectives.templates'\n"
        "- perspectives-b:tabloid   perspectives-b 1.0 (perspectives_b), entry point group 'perspectives.templates'\n"
        "fix: Registry(templates=['perspectives-a:broadsheet', 'perspectives-b:tabloid']), in the order that you want,"
        " or uninstall one"
    ] == [str(warning.message) for warning in caught]


def test_order_that_was_asked_for_is_no_warning(install):
    """Who says which pack goes first is not told of it."""
    install_pack(install, "perspectives-b", "tabloid", fragment="b")
    install_pack(install, "perspectives-a", "broadsheet", fragment="a")

    assert "b" == fragment(p.Registry(templates=["tabloid", "broadsheet"]))


def test_registered_pack_goes_before_installed_ones(install, tmp_path):
    """What the program hands over is used before what is installed, also after something was rendered."""
    install_pack(install, "perspectives-a", "broadsheet", brief="a")
    made = p.Registry()
    before = fragment(made)
    made.register(pack(tmp_path / "own", "own", fragment='own{% include "brief.html" %}'))

    assert (">\na" in before, "owna") == (True, fragment(made))


def test_pack_that_is_not_in_force_can_be_named(install, tmp_path):
    """A template may build on a pack that the caller did not list."""
    install_pack(install, "perspectives-a", "broadsheet", fragment="{{ brief.title|broadsheet_shout }}")
    own = folder(tmp_path / "own", fragment='own {% include "broadsheet/fragment.html" %}')

    assert "own &lt;12&gt; AUG" == fragment(p.Registry(templates=[own]))


@pytest.mark.parametrize(
    "lists", [{"blocked": ["perspectives-a"]}, {"blocked": ["perspectives-a:broadsheet"]}, {"allowed": []}]
)
def test_blocked_pack_is_not_used(install, lists):
    """The lists of plugins are for packs too: unasked they are passed over, and named they are an error."""
    ours = fragment(registry())
    install("perspectives-a", "raise AssertionError", templates="broadsheet")

    assert ours == fragment(p.Registry(**lists))
    assert (
        "no template pack named 'broadsheet'\n"
        "installed: none\n"
        "blocked: perspectives-a:broadsheet (PERSPECTIVES_DISABLE, PERSPECTIVES_PLUGINS, or `blocked` and `allowed` of"
        " Registry())\n"
        "or, if it is a folder: './broadsheet'\n"
        "more: python -m perspectives plugins"
    ) == message(fragment, p.Registry(templates=["broadsheet"], **lists), error=p.FormatError)


# What is not there


def test_unknown_pack_is_suggested(install):
    """A pack that there is not is an error with the near one."""
    install_pack(install, "perspectives-a", "broadsheet", fragment="a")

    assert (
        "no template pack named 'broadsheat'. Did you mean 'broadsheet'?\n"
        "installed: broadsheet\n"
        "or, if it is a folder: './broadsheat'\n"
        "more: python -m perspectives plugins"
    ) == message(fragment, p.Registry(templates=["broadsheat"]), error=p.FormatError)


def test_unknown_folder_is_told(tmp_path):
    """A folder that there is not is an error."""
    path = tmp_path / "own"

    assert f"there is no folder {str(path)!r}, expected a folder of templates" == message(
        fragment, p.Registry(templates=[path]), error=p.FormatError
    )


def test_two_packs_of_one_name_are_refused(install):
    """A name that two distributions give their packs is an error with the fix."""
    install_pack(install, "perspectives-a", "broadsheet", fragment="a")
    install_pack(install, "perspectives-b", "broadsheet", brief="b")

    assert (
        "2 plugins provide the template pack 'broadsheet'; none was chosen for you\n"
        "- perspectives-a:broadsheet   perspectives-a 1.0 (perspectives_a)\n"
        "- perspectives-b:broadsheet   perspectives-b 1.0 (perspectives_b)\n"
        "fix: name one (Registry(templates=['perspectives-a:broadsheet'])),"
        " or Registry(prefer={'broadsheet': 'perspectives-a'}), or uninstall one"
    ) == message(fragment, p.Registry(templates=["broadsheet"]), error=p.FormatError)


def test_misspelt_file_is_told(tmp_path):
    """A file that takes the place of nothing is an error with the near name: it must not be passed over."""
    own = folder(tmp_path / "own", fragment="a", page="b")
    (own / "breif.html").write_text("")

    assert (
        f"{own.as_posix()} has a template 'breif.html', which takes the place of none of ours,"
        " expected 'brief.html', or an underscore before a piece of its own: '_breif.html'"
    ) == message(fragment, p.Registry(templates=[own]))


def test_misspelt_file_of_a_pack_is_told(tmp_path):
    """The same of a pack, when it is registered."""
    own = pack(tmp_path / "own", fragment="a")
    (own.folder / "breif.html").write_text("")

    assert "perspectives.plugin.TemplatePack:broadsheet has a template 'breif.html'" in message(
        registry().register, own
    )


@pytest.mark.parametrize("name", ["templates", "old.html~"])
def test_nothing_in_the_folder_is_passed_over(tmp_path, name):
    """Neither a folder in the folder nor a file of another kind is passed over in silence."""
    own = folder(tmp_path / "own", fragment="a")
    (own / name).mkdir() if name == "templates" else (own / name).write_text("")

    assert f"has a template {name + '/' * (name == 'templates')!r}" in message(fragment, p.Registry(templates=[own]))


def test_leavings_are_no_templates(tmp_path):
    """What systems and Python leave in a folder is passed over."""
    own = folder(tmp_path / "own", fragment="a")
    for name in (".DS_Store", "__init__.py"):
        (own / name).write_text("")
    (own / "__pycache__").mkdir()

    assert "a" == fragment(p.Registry(templates=[own]))


def test_folder_without_a_template_is_told(tmp_path):
    """A folder that takes the place of nothing is an error: it is the wrong one."""
    path = folder(tmp_path / "own", _x="a")

    assert (
        f"{path.as_posix()} has no template that takes the place of one of ours,"
        f" expected one of {', '.join(sorted(core().files))}"
    ) == message(fragment, p.Registry(templates=[path]))


# Who is at fault


@pytest.mark.parametrize(
    ("text", "cause"),
    [
        ("\n{{ brief.titel }}", "UndefinedError: 'perspectives.model.Brief object' has no attribute 'titel'"),
        ("\n{% if %}", "TemplateSyntaxError: Expected an expression, got 'end of statement block'"),
        ("\n{{ brief.title|upperr }}", "TemplateAssertionError: No filter named 'upperr'."),
        ("\n{{ brief.title|broadsheet_shout(1) }}", "TypeError: shout() takes 1 positional argument but 2 were given"),
        ("\n{{ 1 / 0 }}", "ZeroDivisionError: division by zero"),
        ('\n{% include "breif.html" %}', "TemplateNotFound: there is no template 'breif.html', expected 'brief.html'"),
        ('\n{% include "nobody/page.html" %}', "TemplateNotFound: there is no template 'nobody/page.html': no template pack named 'nobody'"),
    ],
)  # fmt: skip
def test_fault_of_a_pack_is_named(install, text, cause):
    """What goes wrong in a pack's template is told with pack, distribution, template and line, as a bug of the pack."""
    install_pack(install, "perspectives-a", "broadsheet", brief=text)

    assert (
        "broadsheet/brief.html:2: perspectives-a:broadsheet failed while rendering 'fragment.html'\n"
        "from: perspectives-a 1.0 (perspectives_a), entry point group 'perspectives.templates'\n"
        f"cause: {cause}\n"
        "This is a bug in perspectives-a, not in perspectives-briefs."
    ) == message(fragment, p.Registry())


def test_fault_of_a_folder_is_told(tmp_path):
    """The user's own folder is told with file and line; nobody else is to be asked."""
    own = folder(tmp_path / "own", brief="{{ 1 / 0 }}")
    with pytest.raises(p.PluginError) as caught:
        fragment(p.Registry(templates=[own]))

    assert (
        f"{own.as_posix()}/brief.html:1: {own.as_posix()} failed while rendering 'fragment.html'\n"
        "cause: ZeroDivisionError: division by zero"
    ) == str(caught.value)
    assert ["template-failed"] == [fault.code for fault in caught.value.faults]


def test_template_that_includes_itself_is_told(tmp_path):
    """The slip that everybody makes once gets the fix."""
    own = folder(tmp_path / "own", brief='{% include "brief.html" %}')

    assert "fix: if it shall build on ours, name it so: 'core/brief.html'; 'brief.html' is its own again" in message(
        fragment, p.Registry(templates=[own])
    )


def test_fault_is_that_of_the_innermost_pack(tmp_path):
    """Of two packs at work the one is named whose template failed."""
    made = registry(
        pack(tmp_path / "a", "one", fragment='{% include "brief.html" %}'),
        pack(tmp_path / "b", "two", brief="{{ 1 / 0 }}"),
    )

    assert message(fragment, made).startswith("two/brief.html:1: perspectives.plugin.TemplatePack:two failed")


def test_fault_of_ours_is_ours(tmp_path):
    """Where our own templates fail alike, the values are at fault and not the pack."""
    made = registry(pack(tmp_path / "a", brief="{{ 1 / 0 }}"))
    chain = made._templates

    assert "is undefined" in message(chain.render, "fragment.html", error=Exception)


def test_broken_pack_disturbs_no_other(install):
    """Of installed packs that nobody named, one that cannot be imported is a warning, and the others are used."""
    install("perspectives-a", "1 / 0", templates="broken")
    install_pack(install, "perspectives-b", "tabloid", fragment="b")
    with pytest.warns(UserWarning, match="^plugin perspectives-a:broken could not be imported"):
        said = fragment(p.Registry())

    assert "b" == said


def test_broken_pack_that_is_named_is_an_error(install):
    """One that was asked for is an error."""
    install("perspectives-a", "1 / 0", templates="broken")

    assert "plugin perspectives-a:broken could not be imported" in message(fragment, p.Registry(templates=["broken"]))


@pytest.mark.parametrize(
    ("code", "said"),
    [
        ("", "declares the template pack 'a' in its entry points but no function marked by perspectives.plugin.templates returned one"),
        ("from perspectives.plugin import templates\n@templates\ndef ours(): return [5]", "returned int, expected perspectives.plugin.TemplatePack"),
        ("from perspectives.plugin import TemplatePack, templates\n@templates\ndef ours(): return [TemplatePack(name='a b', summary='', folder='')]", "failed while it listed its templates"),
    ],
)  # fmt: skip
def test_wrong_pack_is_named(install, code, said):
    """A plugin that returns no pack, or no pack of its name, is named."""
    install("perspectives-a", code, templates="a")

    assert said in message(fragment, p.Registry(templates=["a"]))


# The stylesheet


def test_rules_of_a_pack(tmp_path):
    """A pack's rules are in the stylesheet, in the page, and in its policy; what they include of ours stays."""
    made = registry(pack(tmp_path / "a", brief_css='{% include "core/brief.css" %}\n.perspectives hr { color: red }\n'))
    sheet = made.stylesheet()
    page = str(made.render(BRIEF, "html"))

    assert registry().stylesheet().text + ".perspectives hr { color: red }\n" == sheet.text.replace("}\n\n.p", "}\n.p")
    style = re.search("<style>(.*)</style>", page, re.DOTALL)[1]
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    assert (sheet.text.rstrip(), True) == (style.rstrip(), f"sha256-{digest}" in page)


def test_rules_alone(tmp_path):
    """A pack may do without our rules; the tokens and the theme stay."""
    made = registry(pack(tmp_path / "a", brief_css=".perspectives { color: red }\n"))
    before, _, rules = made.stylesheet("shadow", {"accent": "#005f73"}).text.partition(".perspectives { color: red }")

    assert ("\n", True) == (rules, "#005f73" in before)


def test_package_gives_the_stylesheet_of_what_is_installed():
    """`stylesheet` of the package is that of a registry."""

    assert p.Registry().stylesheet("shadow") == p.stylesheet("shadow")


# The command


def test_command_takes_folders_and_packs(run, tmp_path):
    """`render` and `css` take templates, in the order in which they are given; `core` is ours alone."""
    own = folder(tmp_path / "own", fragment='own{% include "brief.html" %}', brief_css=".perspectives { color: red }")
    (tmp_path / "a.py").write_text(CODE.format(module="a", name="mine", prefix="mine"))
    folder(tmp_path / "a_templates", brief="mine")
    (tmp_path / "a.json").write_text(p.dumps(BRIEF))
    file, plugin = str(tmp_path / "a.json"), str(tmp_path / "a.py")
    render = ("render", file, "-t", "html", "-O", "fragment=true")

    assert (0, "ownmine", "") == run(*render, "--plugin", plugin, "--templates", str(own), "--templates", "mine")
    assert (0, fragment(registry()), "") == run(*render, "--plugin", plugin, "--templates", "core")
    assert run("css", "--templates", str(own))[1].endswith(".perspectives { color: red }")
    assert (2, "", "perspectives: no template pack named 'min'. Did you mean 'mine'?") == (
        *run("css", "--plugin", plugin, "--templates", "min")[:2],
        run("css", "--plugin", plugin, "--templates", "min")[2].splitlines()[0],
    )


def test_failing_template_is_a_failing_plugin(run, tmp_path):
    """A template that fails has the exit status of plugins."""
    own = folder(tmp_path / "own", fragment="{{ 1 / 0 }}")
    (tmp_path / "a.json").write_text(p.dumps(BRIEF))

    assert 3 == run("render", str(tmp_path / "a.json"), "-t", "html", "-O", "fragment=true", "--templates", str(own))[0]


def test_pack_is_listed_and_described(install, run):
    """`plugins` lists a pack without importing it, and tells of one by its name what it holds."""
    install_pack(install, "perspectives-a", "broadsheet", page="a", brief="b", _x="c")

    assert "templates  broadsheet  perspectives-a       1.0" in run("plugins")[1]
    assert "perspectives_a" not in sys.modules
    assert (
        0,
        "templates perspectives-a:broadsheet: Ours\n"
        "  files: _x.html, brief.html, page.html\n"
        "  filters: broadsheet_shout\n",
        "",
    ) == run("plugins", "broadsheet")


# What it costs, and who else is there


def test_threads_see_one_order(tmp_path):
    """Sixteen threads that render first at once get the same."""
    made = registry(pack(tmp_path / "a", brief="a"))
    with ThreadPoolExecutor(16) as threads:
        found = set(threads.map(lambda _: fragment(made), range(64)))

    assert 1 == len(found)


def test_other_formats_ask_for_no_packs(install):
    """A format without templates imports no pack."""
    install("perspectives-a", "raise AssertionError", templates="broken")
    made = p.Registry()

    assert "<12> Aug" in str(made.render(BRIEF, "text"))
    assert p.dumps(BRIEF) == str(made.render(BRIEF, "json"))


def test_installed_pack_reaches_the_functions_of_the_package(install):
    """What is installed restyles `perspectives.render` too, in a program of its own."""
    install_pack(install, "perspectives-a", "broadsheet", fragment="{{ brief.title|broadsheet_shout }}")
    code = "import perspectives as p; print(p.render(p.Brief(title='a'), 'html', fragment=True))"
    path = os.pathsep.join([str(install.site), *sys.path])
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, env={**os.environ, "PYTHONPATH": path}, check=True
    )

    assert "A\n" == done.stdout


def test_hooks_in_every_form(tmp_path):
    """A marked function of an object is a hook too."""
    own = pack(tmp_path / "a", fragment="a")

    @templates
    def ours():
        return [own]

    assert "a" == fragment(registry(types.SimpleNamespace(hook=ours)))


def test_pack_in_a_zip(tmp_path):
    """A folder inside a zip is as good as any: it is read through `importlib.resources`."""
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as file:
        file.writestr("templates/fragment.html", "{{ brief.titel }}")
        file.writestr("templates/brief.html", "a")
    inside = zipfile.Path(tmp_path / "a.zip", "templates/")
    made = registry(TemplatePack(name="zipped", summary="Ours", folder=inside))

    assert message(fragment, made).startswith("zipped/fragment.html:1: ")


PROJECT = """
[build-system]
requires = ["hatchling"]
build-backend = "hatchling.build"

[project]
name = "perspectives-broadsheet"
version = "0.2"
dependencies = ["perspectives-briefs>=0.1,<1"]

[project.entry-points."perspectives.templates"]
broadsheet = "perspectives_broadsheet"
"""


@pytest.mark.slow
def test_wheel_of_a_pack(our_wheel, build_wheel, tmp_path):
    """A pack that is built and installed beside our wheel restyles the page, and is gone with it."""
    package = tmp_path / "project" / "perspectives_broadsheet"
    package.mkdir(parents=True)
    (package.parent / "pyproject.toml").write_text(PROJECT)
    code = CODE.format(module="x", name="broadsheet", prefix="broadsheet")
    code = code.replace('Path(__file__).with_name("x_templates")', 'files("perspectives_broadsheet") / "templates"')
    (package / "__init__.py").write_text(
        code.replace("from pathlib import Path", "from importlib.resources import files")
    )
    folder(package / "templates", fragment="<p>{{ brief.title|broadsheet_shout }}</p>\n")
    scripts = fresh_environment(tmp_path / "environment", our_wheel, build_wheel(package.parent))
    (tmp_path / "a.json").write_text(p.dumps(BRIEF))
    command = [scripts / "perspectives", "render", tmp_path / "a.json", "-t", "html", "-O", "fragment=true"]

    assert ("<p>&lt;12&gt; AUG</p>\n", "") == execute(*command)
    assert "files: fragment.html" in execute(scripts / "perspectives", "plugins", "broadsheet")[0]
    pip(scripts / "python", "uninstall", "-y", "perspectives-broadsheet")
    assert (fragment(registry()), "") == execute(*command)


def test_our_templates_are_files_of_the_package():
    """What may be replaced is what lies in the folder of templates."""
    here = Path(p.__file__).parent / "renderers" / "templates"

    assert sorted(path.name for path in here.iterdir()) == sorted(core().files)


# What the reference page says

PAGE = (Path(__file__).parents[1] / "docs" / "reference" / "templates.md").read_text("utf-8")
MARKUP = ["brief.html", "fragment.html", "group.html", "macros.html", "page.html", "story.html"]


def rows(title):
    """The first cells of the table below a heading, without arguments."""
    part = re.search(rf"^## {re.escape(title)}\n(.*?)(?=^## |\Z)", PAGE, re.MULTILINE | re.DOTALL)[1]
    cells = re.findall(r"^\| (`.*?`) \| ", part, re.MULTILINE)
    return [re.sub(r"\(.*", "", name) for cell in cells for name in re.findall(r"`(.*?)`", cell)]


def given(renderer, **options):
    """The values that a renderer gives to its template, by the name of the template."""
    found = {}

    class Noting:
        def render(self, name, /, **values):
            found[name] = values
            return TemplateChain().render(name, **values)

    one = p.Registry().describe("renderer", renderer)[1]
    tools = attrs.evolve(render_tools(), templates=Noting())
    one.render(samples["full"], one.options_class(**options), tools)
    return found


PAGE_VALUES = given("html")["page.html"]
FRAGMENT_VALUES = given("html", fragment=True)["fragment.html"]
VIEW = FRAGMENT_VALUES["sections"][0][1][0]


def tree(name):
    """A template of ours, parsed."""
    return jinja2.Environment().parse((core().folder / name).read_text("utf-8"))


def stored(parsed):
    """The names that a template sets itself."""
    return {node.name for node in parsed.find_all(nodes.Name) if node.ctx in ("store", "param")}


def members(value):
    """What templates may use of a value."""
    return {name for name in dir(value) if not name.startswith("_")}


def used(root):
    """The attributes of a name that our HTML uses, for this name."""
    found = {
        f"{root}.{node.attr}"
        for name in MARKUP
        for node in tree(name).find_all(nodes.Getattr)
        if isinstance(node.node, nodes.Name) and node.node.name == root
    }
    return found - {"phrases.wording"}


def test_every_file_is_documented():
    """The first table names each of our templates."""
    listed = re.findall(r"^\| `([a-z]+\.(?:html|css))` \|", PAGE, re.MULTILINE)

    assert sorted(core().files) == sorted(listed)


def test_every_value_is_documented():
    """The tables of values are what page and fragment are given, neither less nor more."""

    assert set(FRAGMENT_VALUES) == set(rows("For all HTML"))
    assert set(PAGE_VALUES) - set(FRAGMENT_VALUES) == set(rows("In page.html"))


def test_every_value_of_the_mail_is_documented():
    """The table of the mail is what its template is given, with bars and without."""
    documented = set(rows("In mail.html"))

    assert set(given("email", subject="a", charts=True)["mail.html"]) == documented
    assert {"brief_charts", "story_charts"} == documented - set(given("email", subject="a")["mail.html"])


@pytest.mark.parametrize("name", ["brief.html", "group.html", "story.html"])
def test_what_an_included_template_is_given_is_documented(name):
    """What the including templates set for it is in a table of its own, neither less nor more."""
    parsed = tree(name)
    needed = meta.find_undeclared_variables(parsed) - set(FRAGMENT_VALUES) - stored(parsed)

    assert needed == set(rows(f"In {name}"))


@pytest.mark.parametrize("name", ["fragment.html", "macros.html", "page.html"])
def test_other_templates_need_nothing_else(name):
    """The others use the documented values alone."""
    parsed = tree(name)

    assert set() == meta.find_undeclared_variables(parsed) - set(PAGE_VALUES) - stored(parsed)


@pytest.mark.parametrize(
    ("title", "root", "value"),
    [
        ("The view of a story", "view", VIEW),
        ("Headings", "levels", FRAGMENT_VALUES["levels"]),
        ("Bars", "count", VIEW.groups[0][1][0]),
    ],
)
def test_every_attribute_is_documented(title, root, value):
    """A table of attributes is what the value has, neither less nor more."""

    assert {f"{root}.{name}" for name in members(value)} == set(rows(title))


def test_phrases_that_are_used_are_documented():
    """Of the phrases those are documented that our HTML uses, and each is there."""
    documented = set(rows("Phrases"))

    assert used("phrases") == documented
    assert documented <= {f"phrases.{name}" for name in members(FRAGMENT_VALUES["phrases"])}


def test_every_macro_is_documented():
    """Each macro has a row with its exact arguments."""
    source = (core().folder / "macros.html").read_text("utf-8")
    listed = re.findall(
        r"^\| `([a-z_]+\(.*?\))` \| ", PAGE.partition("## Macros")[2].partition("\n## ")[0], re.MULTILINE
    )

    assert re.findall(r"{%-? macro (.*?) -?%}", source) == listed


@pytest.mark.parametrize("root", ["theme", "locale"])
def test_what_a_mail_uses_of_a_value_is_there(root):
    """What the page says of theme and locale is what they have."""
    value = given("email", subject="a")["mail.html"][root]
    said = set(re.findall(rf"`{root}\.(\w+)", PAGE))

    assert set() == said - members(value)


@pytest.mark.parametrize("name", MARKUP)
def test_model_is_used_by_documented_names(name):
    """What our templates ask of classes of the model are fields of theirs."""
    fields = {field.name for cls in map(p.__getattr__, p.__all__) if attrs.has(cls) for field in attrs.fields(cls)}
    roots = {"brief", "story", "group", "outlet", "fact", "paragraph", "image", "source", "event", "question", "block"}
    asked = {
        node.attr
        for node in tree(name).find_all(nodes.Getattr)
        if isinstance(node.node, nodes.Name) and node.node.name in roots
    }

    assert set() == asked - fields
