"""No text of a brief becomes markup or script: payloads of our own in every slot, before two parsers and a browser."""

import html
from collections import Counter
from itertools import cycle, islice

import pytest
from conftest import judge, requires
from payloads import attacked, harmless, payloads
from printed import missing
from selectolax.lexbor import LexborHTMLParser

import perspectives as p
from perspectives.testing import samples

PAYLOADS = payloads()
SLOTS = 85
"""How many different texts the full sample prints."""
WAYS = {
    "page": {"data_island": True},
    "class": {"fragment": True, "data_island": True},
    "shadow": {"fragment": True, "isolation": "shadow", "data_island": True},
}


def rotated(texts):
    """A brief for each text, so that each text is once in each slot."""
    return (attacked(samples["full"], islice(cycle(texts), first, None)) for first in range(len(texts)))


def spread(texts):
    """As few briefs as will do for each text to be in one slot."""
    return [attacked(samples["full"], islice(cycle(texts), first, None)) for first in range(0, len(texts), SLOTS)]


def written(brief, way):
    """The HTML of a brief, written one way."""
    if way == "mail":
        return str(p.render(brief, "email", subject="s").part("text/html"))
    return str(p.render(brief, "html", **WAYS[way]))


def tree(html):
    """The HTML as Lexbor reads it, a shadow tree as if it were none, which is read apart otherwise."""
    return LexborHTMLParser(html.replace('<template shadowrootmode="open">', "<template-open>"))


def census(html):
    """Each element with its attributes' names, and how often it is there."""
    return Counter((node.tag, *sorted(node.attributes)) for node in tree(html).root.traverse())


def shown(html):
    """All that a reader reads, alternative texts too."""
    body = tree(html).body
    return [body.text(), *(str(image.attributes["alt"]) for image in body.css("img"))]


def test_payloads_are_many():
    """There are 8,000 different payloads or more, and the full sample has as many slots as said."""
    slots = []
    attacked(samples["full"], (slots.append(payload) or payload for payload in PAYLOADS))

    assert (True, SLOTS) == (len(PAYLOADS) >= 8_000, len(slots))


@pytest.mark.parametrize("way", [*WAYS, "mail"])
def test_payload_adds_no_element_and_no_attribute(way):
    """Each payload in some slot leaves the elements and attributes as they are with harmless words."""
    briefs = spread(PAYLOADS)
    plain = census(written(spread(list(map(harmless, PAYLOADS[: 2 * SLOTS])))[0], way))

    assert [plain] * len(briefs) == [census(written(brief, way)) for brief in briefs]


@pytest.mark.slow
@pytest.mark.parametrize("way", [*WAYS, "mail"])
def test_every_payload_in_every_slot_adds_nothing_and_is_read_back(way):
    """Each payload in each slot, twenty to a text, adds nothing, and the parser reads back just what was put in."""
    texts = [" ".join(PAYLOADS[first : first + 20]) for first in range(0, len(PAYLOADS), 20)]
    plain = census(written(next(rotated(list(map(harmless, texts)))), way))
    found = []
    for brief in rotated(texts):
        page = written(brief, way)
        found += [census(page) - plain, plain - census(page), *missing(brief, shown(page))]

    assert [] == [fault for fault in found if fault]


def host(*fragments):
    """A page of somebody else's, with fragments."""
    return f"<!doctype html><html lang=en><title>Host</title><main>{''.join(fragments)}</main>"


def without_policy(page):
    """The page as if its content security policy were not there: escaping alone must hold."""
    assert 'http-equiv="Content-Security-Policy"' in page
    return page.replace("Content-Security-Policy", "x-none")


def ran(pages):
    """How many payloads ran, and how many event handlers the browser saw."""
    found = judge("run.js", {f"{number}.html": page for number, page in enumerate(pages)})
    return len({number for page in found for number in page["ran"]}), sum(page["handlers"] for page in found)


@pytest.mark.slow
@requires("chromium")
@requires("npm")
class TestInBrowser:
    """Chromium opens what was written, touches every element, and counts the payloads that run."""

    def test_payloads_run_where_nothing_is_escaped(self):
        """The control: of the pages with escaping undone, a hundred payloads run, or more."""
        pages = [html.unescape(without_policy(written(brief, "page"))) for brief in spread(PAYLOADS)[::4]]
        count, handlers = ran(pages)

        assert (True, True) == (count >= 100, handlers >= 100)

    def test_policy_stops_what_escaping_would_let_through(self):
        """Under the page's policy nothing runs even where nothing is escaped."""
        policy = "default-src 'none'; img-src https:; style-src 'none'; base-uri 'none'; form-action 'none'"
        pages = [html.unescape(without_policy(written(brief, "page"))) for brief in spread(PAYLOADS)[::4]]

        assert 0 == ran((page, {"content-security-policy": policy}) for page in pages)[0]

    def test_nothing_of_a_page_runs(self):
        """No payload in any slot of the page runs, even without its policy."""

        assert (0, 0) == ran(without_policy(written(brief, "page")) for brief in spread(PAYLOADS))

    def test_nothing_of_a_page_with_its_policy_runs(self):
        """Nor with it."""

        assert (0, 0) == ran(written(brief, "page") for brief in spread(PAYLOADS)[::4])

    def test_nothing_of_a_fragment_runs(self):
        """No payload in any slot of a fragment runs, in a shadow tree or not, nor in its data."""
        briefs = spread(PAYLOADS)
        pages = [
            host(*(written(brief, way) for brief in briefs[first : first + 4] for way in ("class", "shadow")))
            for first in range(0, len(briefs), 4)
        ]

        assert (0, 0) == ran(pages)

    def test_nothing_of_a_mail_runs(self):
        """No payload in any slot of the mail's HTML part runs."""
        briefs = spread(PAYLOADS)
        mails = [
            "\n".join(written(brief, "mail") for brief in briefs[first : first + 4])
            for first in range(0, len(briefs), 4)
        ]

        assert (0, 0) == ran(mails)
