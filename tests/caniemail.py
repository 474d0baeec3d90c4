"""Which mail programs lack what a mail is made of: features of its HTML and CSS, by the data of caniemail.com."""

import json
import re
import subprocess
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import tinycss2
from conftest import npm
from selectolax.lexbor import LexborHTMLParser

PACKAGE = "caniemail@1.0.5"
"""Its file of data is of 2025-09-09; code and data are under the MIT licence, and neither is copied here."""

GROUPS = {
    "css-background-color": r"background(-color)?",
    "css-background": r"background",
    "css-block-inline-size": r"(block|inline)-size",
    "css-border": r"border(-(top|right|bottom|left))?(-(width|style|color))?",
    "css-border-inline-block": r"border-(inline|block)",
    "css-border-inline-block-individual": r"border-(inline|block)-(color|style|width|start|end)",
    "css-border-inline-block-longhand": r"border-(inline|block)-(start|end)-(color|style|width)",
    "css-border-radius": r"border(-(top|bottom)-(left|right))?-radius",
    "css-border-radius-logical": r"border-(start|end)-(start|end)-radius",
    "css-column-layout-properties": r"columns|column-(count|fill|rule|rule-(color|style|width)|span|width)",
    "css-gap": r"(column-|row-)?gap",
    "css-grid-template": r"grid-template(-.*)?",
    "css-inset": r"inset(-.*)?",
    "css-left-right-top-bottom": r"left|right|top|bottom",
    "css-margin": r"margin(-(top|right|bottom|left))?",
    "css-margin-block-start-end": r"margin-block-(start|end)",
    "css-margin-inline-block": r"margin-(inline|block)",
    "css-margin-inline-start-end": r"margin-inline-(start|end)",
    "css-overflow": r"overflow(-(x|y|block|inline))?",
    "css-padding": r"padding(-(top|right|bottom|left))?",
    "css-padding-block-start-end": r"padding-block-(start|end)",
    "css-padding-inline-block": r"padding-(inline|block)",
    "css-padding-inline-start-end": r"padding-inline-(start|end)",
    "css-scroll-snap": r"scroll-snap-.*",
    "css-text-decoration": r"text-decoration",
    "css-transition": r"transition(-.*)?",
    "css-animation": r"animation(-.*)?",
}
"""The features that are more than one property, or that a shorthand uses too."""

VALUES = {
    "css-conic-gradient": r"conic-gradient\(",
    "css-display-flex": r"(?:^|;)display:(inline-)?flex",
    "css-display-grid": r"(?:^|;)display:(inline-)?grid",
    "css-display-none": r"(?:^|;)display:none",
    "css-flex-direction": r"(?:^|;)flex-direction:column",
    "css-flex-wrap": r"(?:^|;)flex-wrap:wrap",
    "css-function-clamp": r"clamp\(",
    "css-function-light-dark": r"light-dark\(",
    "css-function-max": r"\bmax\(",
    "css-function-min": r"\bmin\(",
    "css-important": r"!important",
    "css-intrinsic-size": r"(fit|min|max)-content",
    "css-linear-gradient": r"linear-gradient\(",
    "css-modern-color": r"\b(ok)?(lch|lab)\(",
    "css-radial-gradient": r"radial-gradient\(",
    "css-rgb": r"\brgb\(",
    "css-rgba": r"\brgba\(",
    "css-sytem-ui": r"system-ui|ui-(serif|sans-serif|rounded|monospace)",
    "css-unit-calc": r"calc\(",
    "css-unit-initial": r":initial\b",
    "css-variables": r"var\(",
}
"""Features that are values, sought in `property:value;property:value`."""

SELECTORS = {
    "css-selector-adjacent-sibling": r"\+",
    "css-selector-attribute": r"\[",
    "css-selector-chaining": r"[\w-][.#][\w-]",
    "css-selector-child": r">",
    "css-selector-class": r"\.[\w-]",
    "css-selector-descendant": r"[\w\])*] +[\w.#\[*:]",
    "css-selector-general-sibling": r"~",
    "css-selector-grouping": r",",
    "css-selector-id": r"#[\w-]",
    "css-selector-type": r"(^|[ >+~,])[a-z]",
    "css-selector-universal": r"\*",
}

AT_RULES = {
    "css-at-font-face": r"@font-face",
    "css-at-import": r"@import",
    "css-at-keyframes": r"@(-\w+-)?keyframes",
    "css-at-media": r"@media",
    "css-at-media-device-pixel-ratio": r"@media.*device-pixel-ratio",
    "css-at-media-hover": r"@media.*hover",
    "css-at-media-orientation": r"@media.*orientation",
    "css-at-media-prefers-color-scheme": r"@media.*prefers-color-scheme",
    "css-at-media-prefers-reduced-motion": r"@media.*prefers-reduced-motion",
    "css-at-supports": r"@supports",
}

ELEMENTS = {
    "html-anchor-links": "a[href^='#']",
    "html-button-reset": "button[type=reset]",
    "html-button-submit": "button[type=submit]",
    "html-h1-h6": "h1, h2, h3, h4, h5, h6",
    "html-image-maps": "map, [usemap]",
    "html-link": "link",
    "html-lists": "ul, ol, dl",
    "html-loading-attribute": "[loading]",
    "html-mailto-links": "a[href^='mailto:']",
    "html-meta-color-scheme": "meta[name=color-scheme]",
    "html-popover": "[popover]",
    "html-semantics": "article, aside, details, figcaption, figure, footer, header, main, mark, nav, section, summary, time",
    "html-srcset": "[srcset]",
    "html-svg": "svg",
    "image-base64": "img[src^='data:']",
    **{
        f"image-{end}": f"img[src$='.{end}']"
        for end in "apng avif bmp gif hdr heif ico jpg mp4 png svg tiff webp".split()
    },
}

NOT_HTML = {"amp", "bimi", "html-body", "html-doctype", "html-comments", "css-comments", "css-nesting"}
"""What is no feature of a document (`amp`, `bimi`), or is looked for in its text; a parser adds the body by itself."""


@cache
def features():
    """Each feature's word, with the programs that do not have it in their newest version that was tried."""
    file = npm(PACKAGE) / "node_modules" / "caniemail" / "data" / "caniemail.json"
    return {
        one["slug"]: sorted(
            f"{family}.{platform}"
            for family, platforms in one["stats"].items()
            for platform, versions in platforms.items()
            if list(versions.values())[-1].startswith("n")
        )
        for one in json.loads(file.read_text("utf-8"))["data"]
    }


def pairs(html):
    """`feature program` for each feature that the mail has and the program has not."""
    return {f"{feature} {program}" for feature in used(html) for program in features()[feature]}


def checked(mails):
    """What the package's own checker finds in each mail: fewer programs and fewer features than the data have."""
    command = ["node", str(Path(__file__).parent / "judges" / "caniemail.mjs"), str(npm(PACKAGE))]
    done = subprocess.run(command, input=json.dumps(list(mails)), capture_output=True, text=True, encoding="utf-8")
    assert "" == done.stderr
    return json.loads(done.stdout)


def used(html):
    """The features that the mail is made of."""
    tree = LexborHTMLParser(html)
    sheets = [style.text() for style in tree.css("style")]
    rules = [rule for sheet in sheets for rule in _rules(tinycss2.parse_stylesheet(sheet, True, True))]
    blocks = [block for _, block in rules] + [style.attributes["style"] or "" for style in tree.css("[style]")]
    declared = [text for text in map(_declared, blocks) if text]
    heads = [head for head, _ in rules]
    found = {
        "html-body": "<body" in html.lower(),
        "html-doctype": re.match(r"\s*<!doctype html", html, re.IGNORECASE),
        "html-comments": "<!--" in html,
        "css-comments": any("/*" in sheet for sheet in sheets),
        "css-nesting": any("&" in head for head in heads),
    }
    return {
        feature
        for feature in features()
        if found.get(feature) or any(_has(feature, tree, heads, declared))
    }  # fmt: skip


def _rules(nodes) -> Iterator[tuple[str, str]]:
    """What stands before each block and, where it is no block of rules, what stands in it."""
    for node in nodes:
        if node.type == "qualified-rule":
            yield tinycss2.serialize(node.prelude).strip(), tinycss2.serialize(node.content)
        elif node.type == "at-rule":
            yield f"@{node.at_keyword} {tinycss2.serialize(node.prelude).strip()}", ""
            yield from _rules(tinycss2.parse_rule_list(node.content or [], True, True))


def _declared(block):
    """The declarations of a block, in the form `property:value;property:value`."""
    declarations = tinycss2.parse_declaration_list(block, skip_comments=True, skip_whitespace=True)
    return ";".join(
        f"{one.lower_name}:{tinycss2.serialize(one.value).strip()}{'!important' * one.important}"
        for one in declarations
        if one.type == "declaration"
    )


def _has(feature, tree, heads, declared) -> Iterator[bool]:
    kind, _, name = feature.partition("-")
    if feature in NOT_HTML:
        return
    if selector := _selector(feature, name) if kind in ("html", "image") else None:
        yield tree.css_first(selector) is not None
    elif pattern := AT_RULES.get(feature):
        yield any(re.match(pattern, head) for head in heads)
    elif pattern := SELECTORS.get(feature) or _pseudo(name):
        yield any(re.search(pattern, head) for head in heads if not head.startswith("@"))
    elif pattern := VALUES.get(feature) or _unit(name):
        yield any(re.search(pattern, text) for text in declared)
    else:
        yield any(re.search(rf"(?:^|;)(?:{GROUPS.get(feature, re.escape(name))}):", text) for text in declared)


ATTRIBUTES = (
    "align aria-describedby aria-hidden aria-label aria-labelledby aria-live background cellpadding cellspacing dir height"
    " hidden lang required role target valign width"
).split()


def _selector(feature, name):
    """What finds an element or an attribute: by the name of the feature, where no other is said above."""
    if selector := ELEMENTS.get(feature):
        return selector
    if name in ATTRIBUTES:
        return f"[{name}]"
    element, _, kind = name.partition("-")
    return f"input[type={kind}]" if element == "input" else element


def _pseudo(name):
    for kind, colons in (("pseudo-class-", ":"), ("pseudo-element-", "::?")):
        if name.startswith(kind):
            return rf"(?<!:){colons}{re.escape(name.removeprefix(kind))}(?![\w-])"
    return None


def _unit(name):
    unit = name.removeprefix("unit-")
    return None if unit == name else rf"\d{'%' if unit == 'percent' else unit}(?![\w%])"
