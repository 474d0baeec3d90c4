"""The contract of template packs: a pack that only includes ours keeps it, and each flaw is told with its reason."""

import re

import flawed
import pytest
from flawed import FRAGMENT, PAGE, RULES

from perspectives.templating import core
from perspectives.testing import TemplatePackContract
from perspectives.testing.selectors import selectors


def said(pack, test, **attributes):
    """The sentence with which one test of the contract fails."""
    case = type("TestIt", (TemplatePackContract,), {"pack": pack, "packaged": False, "examples": 10, **attributes})()
    with pytest.raises(pytest.fail.Exception) as caught:
        getattr(case, test)()
    return caught.value.msg


@pytest.fixture(scope="module", name="right")
def _right(tmp_path_factory):
    """A pack without a flaw, which replaces a file of each kind."""
    mail = '{% include "core/mail.html" %}'
    rules = RULES + "\n.perspectives h2, .perspectives-page > main { color: {{ 'red' }} }\n"
    fragment = f"{{% set title = brief.title|flawed_shout %}}{{# #}}{FRAGMENT}"
    folder = tmp_path_factory.mktemp("right")
    return flawed.pack(
        folder, page=PAGE, fragment=fragment, brief_css=rules, mail=mail, _x="", filters={"flawed_shout": flawed.shout}
    )


@pytest.mark.parametrize(
    "test",
    [name for name in vars(TemplatePackContract) if name.startswith("test_") and name != "test_index"],
)
def test_pack_without_a_flaw_passes(right, test):
    """Ours, put together by a pack, passes each test."""
    case = type("TestIt", (TemplatePackContract,), {"pack": right, "packaged": False, "examples": 5})()

    assert None is getattr(case, test)()


OURS = core().folder.joinpath("macros.html").read_text("utf-8")
MACROS = re.sub(r"{% macro data\(\).*?{%-? endmacro %}\n", "", OURS, flags=re.DOTALL)
"""All macros but the one for the data island."""


@pytest.mark.parametrize(
    ("files", "test", "sentence"),
    [
        ({"fragment": FRAGMENT, "summary": "Two\nlines"}, "test_info",
         "the summary of flawed is 'Two\\nlines'; say in one line how it looks"),
        ({"fragmnt": ""}, "test_info",
         "perspectives.plugin.TemplatePack:flawed has a template 'fragmnt.html', which takes the place of none of ours,"
         " expected 'fragment.html', or an underscore before a piece of its own: '_fragmnt.html'"),
        ({"fragment": "{{ brief.stories[0].headline }}"}, "test_total",
         "the fragment with flawed cannot be rendered for the sample 'empty':"
         " flawed/fragment.html:1: perspectives.plugin.TemplatePack:flawed failed while rendering 'fragment.html'\n"
         "from: FOLDER\ncause: UndefinedError: tuple object has no element 0"),
        ({"fragment": "{% if %}"}, "test_total",
         "the fragment with flawed cannot be rendered for the sample 'full':"
         " flawed/fragment.html:1: perspectives.plugin.TemplatePack:flawed failed while rendering 'fragment.html'\n"
         "from: FOLDER\ncause: TemplateSyntaxError: Expected an expression, got 'end of statement block'"),
        ({"fragment": "<p>{{ brief.title }}<p>{{ brief.intro }}<p>{{ language }}"}, "test_faithful",
         "the fragment with flawed drops $.publisher.name of the sample 'full':"
         " 'Port Ellery Desk mark0003'; print it as it is: a pack drops nothing"),
        ({"fragment": "<p>{{ brief.title|safe }}</p>" + FRAGMENT}, "test_escapes",
         "the fragment with flawed does not escape Brief.title: '<script>alert(1)</script>' in it changes what a parser"
         " finds, '<script>' instead of '</p>'"),
        ({"fragment": "{{ brief.title|flawed_count }}" + FRAGMENT, "filters": {"flawed_count": flawed.count}}, "test_deterministic",
         "the fragment with flawed gives two results for the sample 'full' when it renders it twice:"),
        ({"fragment": FRAGMENT, "filters": {"flawed_x": lambda text: text}}, "test_deterministic",
         "flawed does not work in another process: cannot be pickled: "),
        ({"page": "<h3>News</h3>" + PAGE}, "test_headings",
         "the page with flawed begins with an h3 for the sample 'full', expected an h1; take the levels from `levels`"),
        ({"fragment": "<h2>News</h2>" + FRAGMENT}, "test_headings",
         "the fragment with flawed with heading_level=0 has an h2 for the sample 'full', and the caller wants no headings"),
        ({"fragment": "{% if levels.story %}<h{{ levels.story }}>News</h{{ levels.story }}><h{{ levels.group }}>By us"
                      "</h{{ levels.group }}>{% endif %}" + FRAGMENT}, "test_headings",
         "the fragment with flawed with heading_level=1 has an h3 behind an h1 for the sample 'full', expected h1 to h2;"
         " take the levels from `levels`"),
        ({"page": PAGE + "<script>run()</script>"}, "test_markup",
         "the page with flawed has a <script> that runs; the policy of the page forbids it, and so do most sites,"
         " for the sample 'full'"),
        ({"fragment": "<p onclick='run()'>" + FRAGMENT}, "test_markup",
         "the fragment with flawed has the handler 'onclick' on <p>; nothing runs, for the sample 'full'"),
        ({"page": PAGE + "<p style='color: red'>"}, "test_markup",
         "the page with flawed has an inline style on <p>; the policy of the page forbids it: give it a class,"
         " and brief.css a rule, for the sample 'full'"),
        ({"fragment": "<p id=top>" + FRAGMENT}, "test_markup",
         "the fragment with flawed has the id 'top' on <p>, which the page around a fragment may have too; use a class,"
         " for the sample 'full'"),
        ({"fragment": "<style>p { color: red }</style>" + FRAGMENT}, "test_markup",
         "the fragment with flawed has a <style>, which would touch the page around a fragment; the caller serves the"
         " stylesheet, for the sample 'full'"),
        ({"brief_css": RULES + "h1, .perspectives h2 { color: red }"}, "test_stylesheet",
         "brief.css of flawed has the selector 'h1', which may touch what is not ours; write '.perspectives h1'"),
        ({"brief_css": RULES + "@media print { p:is(.a, .b) { color: red } }"}, "test_stylesheet",
         "brief.css of flawed has the selector 'p:is(.a, .b)', which may touch what is not ours;"
         " write '.perspectives p:is(.a, .b)'"),
        ({"brief_css": "@import 'https://example.org/x.css';" + RULES}, "test_stylesheet",
         "brief.css of flawed has an @import or a </style, which no page can hold in its style"),
        ({"fragment": "{% if brief.title == 'x' %}{{ breif }}{% endif %}" + FRAGMENT}, "test_variables",
         "fragment.html of flawed uses 'breif', which is no documented variable; did you mean 'brief'?"),
        ({"fragment": "{% if %}"}, "test_variables",
         "fragment.html:1 of flawed is no template: Expected an expression, got 'end of statement block'"),
        ({"page": '{% import "macros.html" as m with context %}<main>{% include "brief.html" %}</main>'}, "test_options",
         "the page with flawed has no policy "),
        ({"page": '{% import "macros.html" as m with context %}<meta http-equiv="Content-Security-Policy" content="{{ policy }}">{% include "brief.html" %}'}, "test_options",
         "the page with flawed has no <style> with the nonce 'bm9uY2U=' with css='inline', nonce='bm9uY2U=';"
         " keep what ours does with `css`, `nonce` and `policy`"),
        ({"fragment": '{% import "macros.html" as m with context %}{{ m.styled() }}{% include "brief.html" %}'}, "test_options",
         "the fragment with flawed has no shadow root with isolation='shadow', nonce='bm9uY2U=';"),
        ({"page": PAGE.replace(" %}", " %}<hr>"), "brief": '{% include "core/brief.html" %}',
          "macros": '{% macro data() %}{% endmacro %}' + MACROS}, "test_options",
         "the page with flawed has no data island with data_island=True for the sample 'full', or another brief in it,"
         " so that it cannot be loaded again; print `island` where ours does"),
    ],
    ids=lambda value: value if isinstance(value, str) and value.startswith("test_") else "",
)  # fmt: skip
def test_flaw_is_told(tmp_path, files, test, sentence):
    """A pack that breaks a promise is told which, where, and what would be right."""
    found = said(flawed.pack(tmp_path, **files), test).replace(str(tmp_path), "FOLDER")

    assert sentence == found[: len(sentence)]


def test_pack_that_is_none_is_told(tmp_path):
    """A contract without a pack, or with something else, says so."""
    pack = flawed.pack(tmp_path, fragment=FRAGMENT)

    assert (
        "TestIt names no pack; give it the object: `pack = PACK`",
        "`pack` of TestIt is 'ours', expected a TemplatePack of perspectives.plugin",
    ) == (
        said(None, "test_info"),
        said("ours", "test_info"),
    )
    assert (
        "no installed distribution has an entry point 'flawed' in the group 'perspectives.templates'; write in its"
        ' pyproject.toml\n\n[project.entry-points."perspectives.templates"]\nflawed = "perspectives_flawed"\n\n'
        "and install it again (`pip install -e .`), or set `packaged = False`"
    ) == said(pack, "test_index", packaged=True)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        (".a, .b > c {x: y}", [".a", ".b > c"]),
        ("@media print {.a {x: y} .b::after {content: '} c {'}}", [".a", ".b::after"]),
        ("@container (width > 20em) { @supports (x: y) { .a{} } }", [".a"]),
        (".a { color: red; & b { c: d } }", [".a"]),
        ("@font-face { src: url(x) } @keyframes k { from { x: y } to { x: z } } .a{}", [".a"]),
        ("/* .b { */ .a:not(.b, [c='}']) { x: y }", [".a:not(.b, [c='}'])"]),
        ("@page { margin: 0 } .a\n  .b{}", [".a .b"]),
    ],
)
def test_selectors_are_found(text, found):
    """Each selector that touches something is found, wherever it stands, and nothing else is taken for one."""

    assert found == list(selectors(text))
