"""The stylesheet and its theme: what is refused, what can be read, and what keeps a brief and a page apart."""

import base64
import hashlib
import re

import attrs
import pytest
import tinycss2
from conftest import ask, requires
from hypothesis import given
from hypothesis import strategies as st

import perspectives as p
from perspectives.testing import samples
from perspectives.theme import CONTRAST, THEME, contrast, theme_of

ISOLATIONS = ("class", "shadow")


# Themes


def refused(**theme):
    """Path, message and what would be right, of each fault of a theme."""
    with pytest.raises(p.OptionsError) as caught:
        p.stylesheet(theme=theme)
    return [(fault.code, fault.path, fault.message, fault.expected) for fault in caught.value.faults]


FONTS = "names separated by commas, such as 'Source Sans 3, Helvetica, sans-serif'"
COLOUR = "six hexadecimal digits, as '#8a1c1c'"


@pytest.mark.parametrize(
    ("name", "value", "message", "expected"),
    [
        ("acent", "#000000", "a theme has no 'acent'", "'accent'"),
        ("zzz", "#000000", "a theme has no 'zzz'", "one of accent, ink, paper, font"),
        ("muted", "#000000", "a theme has no 'muted'", "one of accent, ink, paper, font"),
        ("accent", "red", "'red' is no colour", COLOUR),
        ("accent", "#abc", "'#abc' is no colour", COLOUR),
        ("accent", "#11223344", "'#11223344' is no colour", COLOUR),
        ("ink", "#00000g", "'#00000g' is no colour", COLOUR),
        ("paper", "#ffffff;}", "'#ffffff;}' is no colour", COLOUR),
        ("paper", 5, "5 is no text", "a text"),
        ("font", "", "'' is no list of fonts", FONTS),
        ("font", "Inter,", "'Inter,' is no list of fonts", FONTS),
        ("font", "inherit", "'inherit' is no list of fonts", FONTS),
        ("font", "Inter; color: red", "'Inter; color: red' is no list of fonts", FONTS),
        ("font", "</style>", "'</style>' is no list of fonts", FONTS),
        ("font", "a'b", '"a\'b" is no list of fonts', FONTS),
        ("font", "\"Inter'", "'\"Inter\\'' is no list of fonts", FONTS),
        ("font", "url(x)", "'url(x)' is no list of fonts", FONTS),
        ("font", "A\\42", "'A\\\\42' is no list of fonts", FONTS),
        ("font", "A\nB", "'A\\nB' is no list of fonts", FONTS),
        ("accent", "#999999", "'#999999' has a contrast of 2.75 on the paper '#fdfbf6'", "4.5 or more (WCAG 2.2, 1.4.3)"),
        ("ink", "#FDFBF6", "'#fdfbf6' has a contrast of 1.00 on the paper '#fdfbf6'", "4.5 or more (WCAG 2.2, 1.4.3)"),
    ],
)  # fmt: skip
def test_theme_is_refused(name, value, message, expected):
    """What is no name, colour or font of a theme, or cannot be read, is refused with where and what would be right."""

    assert [("bad-option", f"theme.{name}", message, expected)] == refused(**{name: value})


def test_all_that_is_wrong_with_a_theme_is_said():
    """Each wrong value of a theme is a fault of the one error."""

    assert ["theme.acent", "theme.ink", "theme.font"] == [
        path for _, path, *_ in refused(acent="#000000", ink="black", font=";")
    ]


def test_contrast_is_measured_on_the_paper_that_is_given():
    """An accent that can be read on our paper is refused on another, with both colours and the ratio."""

    assert [
        (
            "bad-option",
            "theme.accent",
            "'#8a1c1c' has a contrast of 2.07 on the paper '#777777'",
            "4.5 or more (WCAG 2.2, 1.4.3)",
        )
    ] == refused(paper="#777777")


@pytest.mark.parametrize("theme", [None, {}, {"paper": "#FDFBF6", "ink": "#1c1a17"}, {"font": THEME.font}])
def test_theme_that_says_nothing_new_is_the_one_that_ships(theme):
    """Without values, or with ours, nothing changes."""

    assert theme_of(theme) == THEME


@pytest.mark.parametrize(
    ("font", "expected"),
    [
        ("Inter, sans-serif", "Inter, sans-serif"),
        ("Source Sans 3", "'Source Sans 3'"),
        ("'Source Sans 3',serif", "'Source Sans 3', serif"),
        ('"Times New Roman", Serif', "Times New Roman, serif"),
        ("'serif'", "'serif'"),
        ("'inherit'", "'inherit'"),
        ("-apple-system , system-ui", "-apple-system, system-ui"),
        ("--x", "'--x'"),
        ("M+ 1p", "'M+ 1p'"),
        ("ヒラギノ角ゴ ProN", "ヒラギノ角ゴ ProN"),
    ],
)
def test_font_is_quoted_where_css_asks_for_it(font, expected):
    """A name that is no row of identifiers, or is a word of CSS, has quotes; no other has."""

    assert expected == theme_of({"font": font}).font


def test_colours_that_follow():
    """From an accent and a paper follow muted, line and the dark colours, always the same."""

    assert theme_of({"accent": "#005f73", "paper": "#ffffff"}) == attrs.evolve(
        THEME,
        accent="#005f73",
        paper="#ffffff",
        muted="#605f5d",
        line="#dbdada",
        paper_dark="#1a1a1a",
        ink_dark="#ededed",
        muted_dark="#aeaeae",
        line_dark="#444444",
        accent_dark="#00a7ca",
    )


def test_dark_theme_is_dark_always():
    """A theme whose ink is lighter than its paper is the same in both schemes."""
    theme = theme_of({"ink": "#eeeeee", "paper": "#101418", "accent": "#ffb454"})

    assert [theme.accent, theme.ink, theme.muted, theme.paper, theme.line] == [
        theme.accent_dark,
        theme.ink_dark,
        theme.muted_dark,
        theme.paper_dark,
        theme.line_dark,
    ]


COLOURS = st.integers(0, 0xFFFFFF).map("#{:06x}".format)


@given(st.dictionaries(st.sampled_from(["accent", "ink", "paper"]), COLOURS))
def test_every_text_can_be_read(colours):
    """In any theme that is taken, each colour of text has a contrast of 4.5 or more on its paper, light and dark."""
    try:
        theme = theme_of(colours)
    except p.OptionsError:
        return
    pairs = {
        f"{name}{suffix}": contrast(getattr(theme, name + suffix), getattr(theme, f"paper{suffix}"))
        for suffix in ("", "_dark")
        for name in ("accent", "ink", "muted")
    }

    assert {} == {name: ratio for name, ratio in pairs.items() if ratio < CONTRAST}


@pytest.mark.parametrize(
    "pair", [("#000000", "#ffffff", 21.0), ("#ffffff", "#767676", 4.54), ("#777777", "#ffffff", 4.48)]
)
def test_contrast_is_that_of_wcag(pair):
    """Known pairs have the ratios that are told of them."""
    one, other, expected = pair

    assert expected == round(contrast(one, other), 2)


# The stylesheet


def rules(css):
    """The style rules of a stylesheet as another parser reads them: selectors, declarations, and where they stand."""
    for rule in tinycss2.parse_stylesheet(css, skip_comments=True, skip_whitespace=True):
        if rule.type == "at-rule" and rule.lower_at_keyword in ("media", "container", "supports"):
            yield from rules(tinycss2.serialize(rule.content))
        else:
            yield rule


def selectors(rule):
    """Each selector of a list; commas inside `:is()` do not separate any."""
    parts = [[]]
    for token in rule.prelude:
        if token.type == "literal" and token.value == ",":
            parts.append([])
        else:
            parts[-1].append(token)
    return [tinycss2.serialize(part).strip() for part in parts]


def declarations(rule):
    """The declarations of a rule, as name and value."""
    found = tinycss2.parse_blocks_contents(rule.content, skip_comments=True, skip_whitespace=True)
    return [(one.name, tinycss2.serialize(one.value).strip()) for one in found]


@pytest.mark.parametrize("isolation", ISOLATIONS)
def test_stylesheet_has_no_errors(isolation):
    """Another parser reads the whole stylesheet: every rule, every declaration."""
    found = list(rules(p.stylesheet(isolation).text))
    inner = [
        one
        for rule in found
        for one in tinycss2.parse_blocks_contents(rule.content, skip_comments=True, skip_whitespace=True)
    ]

    assert {"qualified-rule", "at-rule", "declaration"} == {one.type for one in [*found, *inner]}


def test_stylesheet_has_hash_and_name():
    """The stylesheet comes with the hash for a policy and a name that changes with it."""
    sheet = p.stylesheet()
    digest = hashlib.sha256(sheet.text.encode())

    assert (
        f"sha256-{base64.b64encode(digest.digest()).decode()}",
        f"perspectives-{digest.hexdigest()[:12]}.css",
    ) == (sheet.sha256, sheet.filename)


def test_every_selector_begins_with_our_prefix():
    """No rule can touch an element of the page around the fragment; the only page that is set is our own."""
    found = list(rules(p.stylesheet().text))
    ours = [selector for rule in found if rule.type == "qualified-rule" for selector in selectors(rule)]
    at_rules = [f"@{rule.at_keyword}{tinycss2.serialize(rule.prelude)}" for rule in found if rule.type == "at-rule"]

    assert [] == [selector for selector in ours if not re.match(r"\.perspectives(?![A-Za-z0-9_])", selector)]
    assert ["@page perspectives "] == at_rules


def test_shadow_stylesheet_resets_its_host():
    """In a shadow root the host first gives up all that the page says of it; all else are the same rules."""
    ours, shadow = list(rules(p.stylesheet().text)), list(rules(p.stylesheet("shadow").text))

    assert [":host", ':host([dir="ltr"])', ':host([dir="rtl"])', ".perspectives"] == [
        selector for rule in shadow[:4] for selector in selectors(rule)
    ]
    assert ("all", "initial") == declarations(shadow[0])[0]
    assert {True} == {
        one.important
        for rule in shadow[:3]
        for one in tinycss2.parse_blocks_contents(rule.content, skip_whitespace=True)
    }
    assert [rule.serialize() for rule in ours[1:]] == [rule.serialize() for rule in shadow[4:]]


@pytest.mark.parametrize("isolation", ISOLATIONS)
def test_stylesheet_fetches_nothing(isolation):
    """There is no `@import` and no `url()`."""

    assert [] == re.findall(r"@import|url\(|image-set|@font-face|src\(", p.stylesheet(isolation).text)


def lengths(tokens):
    """The units of all lengths, inside functions too."""
    for token in tokens:
        if token.type == "dimension":
            yield token.lower_unit
        yield from lengths(getattr(token, "arguments", None) or [])


def test_lengths_follow_one_size():
    """All lengths are in em or of the container, so that one size sets all: but lines, and the size itself."""
    found = {}
    for rule in rules(p.stylesheet().text):
        for one in tinycss2.parse_blocks_contents(rule.content, skip_comments=True, skip_whitespace=True):
            for unit in lengths(one.value):
                found.setdefault(unit, set()).add(re.sub("border-.*", "border", one.name))

    assert {
        "rem": {"--perspectives-size"},
        "px": {"border", "column-rule", "outline", "outline-offset", "text-decoration-thickness"},
        "pt": {"font", "font-size"},
        "mm": {"margin"},
    } == {unit: names for unit, names in found.items() if unit not in ("em", "ch", "cqi", "fr")}


@pytest.mark.parametrize("isolation", ISOLATIONS)
def test_stylesheet_knows_no_left_and_right(isolation):
    """Every property is logical, so that a brief from right to left is its own mirror."""
    names = {name for rule in rules(p.stylesheet(isolation).text) for name, _ in declarations(rule)}

    assert [] == sorted(
        name for name in names if re.search(r"left|right|^(min-|max-)?(width|height)$|-(top|bottom)", name)
    )


def test_theme_is_in_the_stylesheet():
    """The colours and the font of a theme are the custom properties, of both schemes, and the hash is another."""
    sheet = p.stylesheet(theme={"accent": "#005f73", "font": "Source Sans 3, sans-serif"})
    found = [pair for rule in rules(sheet.text) if rule.type == "qualified-rule" for pair in declarations(rule)]

    assert ["#005f73", "#00a4c6", "#000000"] == [value for name, value in found if name == "--perspectives-accent"]
    assert ['"Source Sans 3", sans-serif'] == [value for name, value in found if name == "--perspectives-font"]
    assert sheet.sha256 != p.stylesheet().sha256


def test_unknown_isolation_is_refused():
    """An isolation that there is not is an OptionsError with what would be right."""
    with pytest.raises(p.OptionsError) as caught:
        p.stylesheet("none")

    assert "there is no stylesheet for the isolation 'none' @ isolation, expected 'class' or 'shadow'" == str(
        caught.value
    )


# In a browser


def compared(pairs):
    """What the browser computes otherwise for each pair of pages; see judges/hostile.js."""
    return ask("hostile.js", pairs=pairs)


PROPERTIES = {
    "all": "revert",
    "background": "red",
    "border": "7px solid lime",
    "box-sizing": "content-box",
    "color": "lime",
    "columns": "3",
    "direction": "rtl",
    "display": "inline-table",
    "float": "right",
    "font": "italic 700 41px/3 fantasy",
    "hyphens": "none",
    "letter-spacing": "9px",
    "list-style": "square inside",
    "margin": "31px",
    "opacity": "0.5",
    "overflow": "scroll",
    "padding": "17px",
    "position": "relative",
    "quotes": "none",
    "text-align": "center",
    "text-decoration": "line-through",
    "text-indent": "90px",
    "text-shadow": "3px 3px red",
    "text-transform": "uppercase",
    "visibility": "hidden",
    "white-space": "pre",
    "width": "50px",
    "word-spacing": "20px",
    "writing-mode": "vertical-lr",
    "--perspectives-ink": "lime",
    "--perspectives-size": "50px",
    "--perspectives-leading": "9",
    "--perspectives-measure": "1em",
}
ELEMENTS = "*|:root|html, body|h1, h2, h3, h4, h5, h6|p, li, ol, ul|details, summary|article, section, nav, div|a, a:link|cite, time, sup, bdi|[class], [lang], [dir]"


def hostile():
    """Rules of a page for all that it can name, each property once as it is and once as important."""
    properties = list(PROPERTIES.items())
    lines = ["html { font-size: 31px } *::before, *::after { content: 'x'; color: lime }"]
    for at, selector in enumerate(ELEMENTS.split("|")):
        # `all` comes first, or it would take the others back.
        said = [
            f"{name}: {value}{' !important' * ((at + place) % 2)}" for place, (name, value) in enumerate(properties)
        ]
        lines.append(f"{selector} {{ {'; '.join(said)} }}")
    lines.append("html { font-size: 31px !important } * { --perspectives-ink: lime !important }")
    return "\n".join(lines)


# What the page around holds, so that there is something that a rule of ours could touch.
AROUND = "<header><h1>Host</h1><nav><a href='#'>Link</a></nav></header><article class='story'><h2>Title</h2><p>Text <cite>Name</cite></p><details open><summary>More</summary><ol><li>One</li></ol></details><figure><blockquote>Quote</blockquote><figcaption>Who</figcaption></figure></article>"


def page(fragment, *styles, width):
    """A page with the fragment in a place of fixed size, whatever its rules say."""
    place = {"display": "block", "position": "static", "float": "none", "margin": "0", "padding": "0", "border": "0",
             "width": f"{width}px", "height": "300px", "overflow": "hidden", "box-sizing": "content-box",
             "writing-mode": "horizontal-tb", "columns": "auto"}  # fmt: skip
    fixed = "; ".join(f"{name}: {value} !important" for name, value in place.items())
    head = "".join(f"<style>{style}</style>" for style in styles)
    mark = "<script>document.documentElement.setAttribute('data-ran', '')</script>"
    return f'<!doctype html><html lang="en"><title>t</title>{head}{mark}<body>{AROUND}<div style="{fixed}">{fragment}</div>'


FRAGMENT = p.render(samples["full"], "html", fragment=True).content


@pytest.fixture(scope="module", name="compare")
def _compare(tmp_path_factory):
    """A function that compares pages, given as HTML."""
    folder = tmp_path_factory.mktemp("hostile")

    def compare(one, other, **asked):
        for name, text in (("one", one), ("other", other)):
            (folder / f"{name}.html").write_text(text, "utf-8")
        pages = [(folder / f"{name}.html").as_uri() for name in ("one", "other")]
        return compared([{"pages": pages, "width": 1280, "script": True, **asked}])[0]

    return compare


@pytest.mark.slow
@requires("chromium")
@requires("npm")
@pytest.mark.parametrize(
    ("sample", "width", "script"), [("full", 1100, True), ("full", 1100, False), ("right-to-left", 280, True)]
)
def test_hostile_page_leaves_the_shadow_fragment_alone(compare, script, width, sample):
    """Whatever rules the page has, each computed value in the shadow root is that of a page without rules, with and without script."""
    fragment = p.render(samples[sample], "html", fragment=True, isolation="shadow").content
    found = compare(page(fragment, width=width), page(fragment, hostile(), width=width), part="shadow", script=script)

    assert (0, [], script, True) == (found["differ"], found["first"], found["ran"], found["compared"] > 20_000)


@pytest.mark.slow
@requires("chromium")
@requires("npm")
def test_hostile_page_reaches_a_fragment_without_a_shadow_root(compare):
    """The control: the same rules change most of what is computed for a fragment that is part of the page."""
    sheet, fragment = p.stylesheet().text, FRAGMENT
    found = compare(page(fragment, sheet, width=900), page(fragment, sheet, hostile(), width=900), part="class")

    assert found["differ"] > 10_000


# What the sheets of many sites say of plain elements: a reset, and a dark site with a taste of its own.
USUAL = """\
*, ::before, ::after { margin: 0; padding: 0; border: 0 }
ol, ul { list-style: none } h1, h2, h3, h4, h5, h6 { font-size: inherit; font-weight: inherit }
body { background: #111; color: #eee; font: 18px/1.6 fantasy; letter-spacing: 1px; text-align: center }
h1, h2, h3, h4 { color: orange; letter-spacing: 3px; text-transform: uppercase }
header, footer { background: #400; padding: 9px } p, li { color: #ccc; max-width: 20em; text-align: justify }
p { font-size: 14px; line-height: 2; text-indent: 1em } cite { color: lime } details { border: 3px solid blue }
blockquote { background: #400; border-left: 4px solid red; font-style: italic; padding: 9px }
"""


@pytest.mark.slow
@requires("chromium")
@requires("npm")
def test_usual_page_leaves_the_texts_of_a_fragment_alone(compare):
    """What sites say of plain elements changes no colour, type, list or frame of a brief that is part of the page."""
    sheet = p.stylesheet().text
    found = compare(page(FRAGMENT, sheet, width=900), page(FRAGMENT, USUAL, sheet, width=900), part="class")

    assert (0, [], True) == (found["differ"], found["first"], found["compared"] > 20_000)


@pytest.mark.slow
@requires("chromium")
@requires("npm")
@pytest.mark.parametrize("rules", ["", "h1 { color: green } p { margin: 3px }"])
def test_stylesheet_leaves_the_page_alone(compare, rules):
    """No computed value of an element of the page around changes when our stylesheet is there."""
    sheet, fragment = p.stylesheet().text, FRAGMENT
    found = compare(page(fragment, rules, width=900), page(fragment, rules, sheet, width=900), part="host")

    assert (0, [], True) == (found["differ"], found["first"], found["compared"] > 5_000)


@pytest.mark.slow
@requires("chromium")
@requires("npm")
def test_rule_that_reaches_the_page_is_found(compare):
    """The control: a rule that is not ours alone changes what is computed for the page."""
    found = compare(page(FRAGMENT, width=900), page(FRAGMENT, "p { color: red }", width=900), part="host")

    assert found["differ"] > 0
