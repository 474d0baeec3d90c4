"""How the site is made: `sphinx-build -n -W docs site`, with the extra `docs`; nothing is fetched."""

import os
import re
from pathlib import Path
from typing import Any

from docutils import nodes
from pygments.lexers.shell import BashSessionLexer
from sphinx.application import Sphinx

import perspectives as p
from perspectives.codec import is_of_model

project = "perspectives"
html_title = project
extensions = ["myst_parser", "sphinx.ext.autodoc", "sphinx_copybutton"]
exclude_patterns = ["schema"]

myst_enable_extensions = ["colon_fence"]
myst_heading_anchors = 3

html_theme = "furo"
html_static_path = ["_static"]
html_css_files = ["site.css"]
html_copy_source = False
html_show_copyright = False
html_show_sphinx = False
html_use_index = False  # the search finds each name
# What a reader copies is what a reader types: no prompts, and not what the computer answers.
copybutton_exclude = ".gp, .go"

smartquotes = False  # the messages of errors stand here as they are
default_role = "code"  # docstrings have code between single backticks
add_module_names = False
autodoc_member_order = "bysource"

# Python's own names, and hypothesis', are in no inventory here: one would have to be fetched.
nitpick_ignore_regex = [
    (
        "py:.*",
        r"(collections\.abc|email\.message|importlib\.resources\.abc|hypothesis\.strategies|os|pathlib)\..*|Markup|markupsafe\.Markup",
    )
]
# Not public: what `Registry.providers` tells of a plugin, and the type variables of the marks and protocols.
nitpick_ignore = [
    ("py:class", f"perspectives.{name}")
    for name in (
        "codec.T",
        "discovery.Provider",
        *(
            f"plugin.{name}"
            for name in ("O", "RenderersHook", "LoadersHook", "OutletsHook", "RulesHook", "TemplatesHook")
        ),
    )
]


class Console(BashSessionLexer):
    """A session in which only `$ ` begins a command: a line of output may begin with `#`, as Markdown does."""

    _ps1rgx = re.compile(r"^(\$ )(.*\n?)")


def shorten(_: Sphinx, __: str, ___: str, thing: Any, ____: Any, signature: str | None, returned: str | None) -> Any:
    """The signature without what says nothing: defaults that are no literal, how a protocol or enum is made."""
    if getattr(thing, "_is_protocol", False) or p.PerspectivesError in getattr(thing, "__bases__", ()):
        return "", None
    return signature and re.sub(r"<[^>]*>|NOTHING", "...", signature), returned


def find_model(app: Sphinx, tree: nodes.document) -> None:
    """Have the classes of the model, whose sections are made by `tables.py`, found like those of autodoc."""
    if app.env.docname != "reference/model":
        return
    sections = {section[0].astext(): section["ids"][0] for section in tree.findall(nodes.section)}
    for name in p.__all__:
        cls = getattr(p, name)
        if is_of_model(cls):
            python = app.env.domains.python_domain
            python.note_object(f"perspectives.{name}", "class", sections[name], location=tree)
            python.note_object(f"{cls.__module__}.{name}", "class", sections[name], aliased=True, location=tree)


def mend(_: Sphinx, __: str, ___: str, context: dict[str, Any], ____: object) -> None:
    """Let a keyboard scroll what is too wide, give each heading a level, and keep a comma with its parameter."""
    body = re.sub(r'<(pre|div(?= class="table-wrapper))', r'<\1 tabindex="0"', context.get("body", ""))
    context["body"] = body.replace('</em>, <em class="sig-param"', ',</em> <em class="sig-param"')
    tree = "furo_navigation_tree"
    context[tree] = context[tree].replace('role="heading"', 'role="heading" aria-level="2"')


def place_links(app: Sphinx, path: Path, _: str, content: list[str]) -> None:
    """Have the links of a plugin's README, which lead on from its own folder, lead on from its page."""

    def place(link: re.Match[str]) -> str:
        file = (app.srcdir / path.parent / link[1]).resolve()
        if not file.is_file():
            return link[0]
        if file.name == path.name:  # the README of another plugin
            return f"]({file.parent.name}.md"
        kind = "" if file.is_relative_to(app.srcdir) else "path:"  # what is no page of the site is a download
        return f"]({kind}{os.path.relpath(file, app.srcdir / 'plugins')}"

    content[0] = re.sub(r"\]\(([^)#:\s]+)", place, content[0])


def setup(app: Sphinx) -> None:
    """Have Sphinx call these."""
    app.add_lexer("console", Console)
    app.connect("html-page-context", mend, priority=900)  # behind Furo
    app.connect("autodoc-process-signature", shorten)
    app.connect("doctree-read", find_model)
    app.connect("include-read", place_links)
