"""What a mail is measured by: its size, how it is read where programs drop things, which way it runs, how it smells."""

import os
import re
import subprocess

from conftest import judge

# Size --------------------------------------------------------------------------------------------------------------

CLIPPED = 102 * 1024
"""Bytes of HTML behind which Gmail shows no more."""


def sizes(one, two):
    """Bytes that a mail has once and those of each story, by mails of one story and of two; how many are not clipped."""
    each = len(two.encode()) - len(one.encode())
    fixed = len(one.encode()) - each
    return fixed, each, (CLIPPED - fixed) // each


# Accessible, and legible where mail programs drop things -----------------------------------------------------------

PAGES_ONLY = {"region", "landmark-one-main"}
"""Rules that ask for landmarks: a mail is shown within the page of a mail program, which has them."""


def dark_always(html):
    """As programs show it that know no media features."""
    return re.sub(r"@media[^{]*prefers-color-scheme:\s*dark[^{]*\{", "@media all{", html)


def without_style(html):
    """As programs show it that drop the style element."""
    return re.sub(r"<style.*?</style>", "", html, flags=re.DOTALL)


def without_backgrounds(html):
    """As it is printed, or shown by programs that drop backgrounds."""
    return re.sub(r"""background(-color)?:[^;}"']*;?| (bgcolor|background)="[^"]*\"""", "", html)


VARIANTS = {"as-is": str, "dark": dark_always, "no-style": without_style, "no-backgrounds": without_backgrounds}
CANVAS = "<style>html{background-color:Canvas}</style></head>"
"""What the browser paints behind it all, of which axe thinks that it is white in the dark scheme too."""


def variants(name, html):
    """The mail in each way in which it may have to be read."""
    return {f"{name}-{way}.html": damage(html).replace("</head>", CANVAS) for way, damage in VARIANTS.items()}


def axe(pages):
    """What axe-core finds on a phone and on a desk in both schemes, what it cannot decide too."""
    found = judge("axe.js", pages, tags=["best-practice"], incomplete=True)
    return [fault for fault in found if fault["rule"].rstrip("?") not in PAGES_ONLY]


# Which way it runs -------------------------------------------------------------------------------------------------


def wrong_sides(blocks, direction, start, end):
    """The blocks that run otherwise than said, and the lists without room for their marks; a button is centred."""
    wrong = []
    for block in blocks:
        is_button = block["name"] == "td" and block["align"] == "center"
        starts = block["align"] in (start, "start") or is_button
        is_list = block["name"] in ("ol", "ul") and block["left"] + block["right"] > 0
        if block["direction"] != direction or not starts or (is_list and not block[start] > block[end] == 0):
            wrong.append(block["at"])
    return wrong


# Spam --------------------------------------------------------------------------------------------------------------


def spam(folder, **mails):
    """The points of each mail, by the rules that ask no network."""
    for name, data in mails.items():
        (folder / name).write_bytes(data)
    command = [
        "spamassassin",
        "-L",
        "-t",
        *(str(folder / name) for name in mails),
    ]
    done = subprocess.run(command, capture_output=True, check=True, env={**os.environ, "HOME": str(folder)})
    scores = re.findall(rb"^X-Spam-Status: \w+, score=(-?[\d.]+)", done.stdout, re.MULTILINE)
    return dict(zip(mails, map(float, scores), strict=True))
