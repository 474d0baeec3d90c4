"""A brief from HTML: a page of ours, a fragment in any page, or a page in the layout of a newsletter.

1. A data island, `script.perspectives-data`: the whole brief, read as strictly as JSON. What the markup around it
   says is not compared.
2. The markup of the renderer, where each text stands in an element with the class of its field, also in a shadow
   root. `docs/reference/html.md` has the table.
3. Any other page: its paragraphs, headings and lists in reading order, as the text loader reads them.

Whatever is guessed or left out is a finding, and no word within a brief is lost: each is in the brief, or is quoted
by a finding.

The parser is turbohtml: it builds the tree that browsers build, opens shadow roots, knows the lines, and 5 MB of
whatever takes it a second. justhtml, in pure Python, took 7 seconds for 50 KB of `<a>`, `<div>`, `</a>`, and four
times the input took it more than sixteen times as long; selectolax takes quadratic time for that, for attributes
and for nested elements, and knows no lines; html5lib is kept by nobody.
"""

import re
from codecs import BOM_UTF16_BE, BOM_UTF16_LE
from importlib.util import find_spec

from perspectives.errors import Fault, LoadError
from perspectives.plugin import Confidence, Input, Loaded, Loader, LoaderInfo, LoadTools, NoOptions, loaders

_SPACE = re.compile(r"(?:\s|<!--.*?-->|<\?[^>]*>)*", re.DOTALL)
_PAGE = re.compile(r"<(?:!doctype\s+html|html|head|body)[\s/>]", re.IGNORECASE)
_OURS = re.compile(r"""\sclass\s*=\s*(?:"[^"]*|'[^']*|[^\s"'>]*)\bperspectives-(?:brief|host|data)\b""", re.IGNORECASE)
# Feeds hold HTML, ours too, and are no pages.
_FEED = re.compile(r"(?:<!doctype[^>]*>\s*)?<(?:[\w.-]+:)?(?:feed|rss|rdf)[\s/>]", re.IGNORECASE)


class HtmlLoader:
    """Reads pages and fragments; needs the extra `html`.

    Equal comes back the brief of a data island. Without one, what a page shows
    comes back, and so do dates and addresses, but for

    - what the renderer says that it omits, and `wording`;
    - ids: a source has its number for one, a scheme its axis;
    - the language `en`, which is printed where none is named;
    - the kind of a block that has a label, which is the label's;
    - thousandths of a second and below, and a second time the same source in one text;
    - of outlets that are told apart by their ids alone, in one group the second one,
      and in a story what is known of each.
    """

    info: LoaderInfo = LoaderInfo(
        name="html",
        summary="HTML: a page or a fragment of ours, or a newsletter's page",
        media_types=("text/html", "application/xhtml+xml"),
        extensions=(".html", ".htm"),
    )
    options_class: type[NoOptions] = NoOptions

    def sniff(self, input: Input, /) -> Confidence:
        """Certain where it begins as a page does, or with a tag of ours."""
        head = input.head
        is_wide = head.startswith((BOM_UTF16_BE, BOM_UTF16_LE))
        text = head.decode("utf-16" if is_wide else "utf-8", "replace")
        space = _SPACE.match(text)
        text = text[space.end() :] if space else text
        is_html = text.startswith("<") and not _FEED.match(text) and (_PAGE.match(text) or _OURS.search(text))
        return Confidence.CERTAIN if is_html else Confidence.NO

    def load(self, input: Input, options: NoOptions, tools: LoadTools, /) -> Loaded:
        """The brief. Raises `LoadError` or `LimitError` with the lines of what cannot be read."""
        if find_spec("turbohtml") is None:
            message = "HTML needs the parser turbohtml, which is not installed"
            expected = "pip install 'perspectives-briefs[html]'"
            raise LoadError(Fault(code="missing-extra", message=message, expected=expected))
        # Who sniffs imports every loader, and parser and codec take long to start.
        from perspectives.loaders.html_page import read_page

        return read_page(input, tools)


@loaders
def perspectives_loaders() -> list[Loader[NoOptions]]:
    """The HTML loader."""
    return [HtmlLoader()]
