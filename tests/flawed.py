"""Renderers, loaders and packs with one flaw each, for the contracts to find; `Plain`, `Right...`, `Desk` have none."""

import csv
import io
import itertools
import json
import re
import textwrap
import time
from html import escape
from types import SimpleNamespace
from typing import Literal

import attrs
from attrs import field, frozen

import perspectives as p
from perspectives.plugin import (
    Confidence,
    Fault,
    Finding,
    Input,
    Loaded,
    LoaderInfo,
    LoadError,
    NoOptions,
    Part,
    Rendered,
    RendererInfo,
    TemplatePack,
    clean,
)


class Plain:
    """A renderer without a flaw: each text of the outline on its line."""

    info = RendererInfo(name="plain", media_type="text/plain", summary="Each text on its line", extensions=[".plain"])
    options_class = NoOptions

    def render(self, brief, options, tools, /):
        """What each flawed renderer does otherwise, or with other texts."""
        return Rendered("\n".join(self.texts(brief, tools)), self.info.media_type)

    def texts(self, brief, tools):
        """The texts in the order in which they are printed."""
        return [node.text for node in tools.outline(brief)]


def info(**changes):
    """The info of `Plain`, changed."""
    return attrs.evolve(Plain.info, **changes)


# info


class NoRender:
    """It cannot render."""

    info = Plain.info
    options_class = NoOptions


class ForeignInfo(Plain):
    """Its info is a class of its own."""

    info = SimpleNamespace(name="Plain!")


class BadMediaType(Plain):
    """Its media type is none."""

    info = info(media_type="plain")


class LongSummary(Plain):
    """Its summary has two lines."""

    info = info(summary="Plain\nlines")


class UnknownOmission(Plain):
    """It omits what does not exist."""

    info = info(omits=frozenset({"perspective"}))


class Named(Plain):
    """Its name is any other."""

    def __init__(self, name):
        self.info = info(name=name)


# options


@frozen(kw_only=True)
class Undocumented:
    """An option without help."""

    width: int = 80


@frozen(kw_only=True)
class Required:
    """An option without a default."""

    width: int = field(metadata={"help": "columns"})


@frozen
class Positional:
    """An option that has no name to give it by."""

    width: int = field(default=80, metadata={"help": "columns"})


@attrs.define(kw_only=True)
class Thawed:
    """Options that can be changed."""

    width: int = field(default=80, metadata={"help": "columns"})


@frozen(kw_only=True)
class Unsayable:
    """An option that only a program can give."""

    widths: list[int] | None = field(default=None, metadata={"help": "columns"})


@frozen(kw_only=True)
class Unfound:
    """An option of a type that is not there."""

    width: "Columns" = field(default=80, metadata={"help": "columns"})  # noqa: F821


@frozen(kw_only=True)
class Refused:
    """A default that its own validator refuses."""

    width: int = field(default=0, validator=attrs.validators.ge(1), metadata={"help": "columns"})


@frozen(kw_only=True)
class Documented:
    """Options without a flaw."""

    width: int = field(default=80, metadata={"help": "columns, 0 | none"})
    dates: Literal["iso", "long"] = field(default="iso", metadata={"help": "how days are written"})
    links: bool = field(default=True, metadata={"help": "print\naddresses"})
    title: str | None = field(default=None, metadata={"help": "else the brief's"})


class WithOptions(Plain):
    """`Plain` with options."""

    def __init__(self, options_class):
        self.options_class = options_class


@frozen(kw_only=True)
class Titled:
    """Options without which nothing is rendered."""

    title: str = field(default="", metadata={"help": "the title"})


class NeedsTitle(WithOptions):
    """It refuses every brief until it is told a title."""

    def __init__(self):
        super().__init__(Titled)

    def render(self, brief, options, tools, /):
        """Raises for the defaults."""
        if not options.title:
            raise ValueError("no title")
        return super().render(brief, options, tools)


# total and typed


class FirstStory(Plain):
    """It takes a first story for granted."""

    def texts(self, brief, tools):
        """Raises for an empty brief."""
        return [brief.stories[0].headline]


class Retracted(Plain):
    """It raises for what no sample has."""

    def texts(self, brief, tools):
        """Raises for a fact that was retracted."""
        if any(fact.status == "retracted" for story in brief.stories for fact in story.facts):
            raise LookupError("no word for 'retracted'")
        return []


class ReturnsText(Plain):
    """It returns its text."""

    def render(self, brief, options, tools, /):
        """A text."""
        return "text"


class OtherMediaType(Plain):
    """It returns another media type than it declares."""

    def render(self, brief, options, tools, /):
        """HTML."""
        return Rendered("", "text/html")


class SometimesBytes(Plain):
    """It returns bytes for the empty brief alone."""

    def render(self, brief, options, tools, /):
        """Text or bytes."""
        return Rendered("text" if brief.stories else b"", "text/plain; charset=utf-8")


class Latin1(Plain):
    """It returns a text in an old encoding."""

    def render(self, brief, options, tools, /):
        """No UTF-8."""
        return Rendered("é".encode("latin-1"), "text/plain")


class TwoParts(Plain):
    """Two of its files have one name on many systems."""

    def render(self, brief, options, tools, /):
        """Two parts."""
        parts = [Part("a", "text/plain", name="a.txt"), Part("b", "text/plain", name="A.txt")]
        return Rendered("", "text/plain", parts=parts)


# deterministic


class Counting(Plain):
    """It counts what it has rendered."""

    numbers = itertools.count(1)

    def texts(self, brief, tools):
        """A number behind the texts."""
        return [*super().texts(brief, tools), f"number {next(self.numbers)}"]


class Unordered(Plain):
    """It prints many outlets as a set gives them."""

    def texts(self, brief, tools):
        """Texts, and names in no order."""
        names = {outlet.name for story in brief.stories for group in story.perspectives for outlet in group.outlets}
        return [*super().texts(brief, tools), *(names if len(names) > 10 else ())]


class Shared(Plain):
    """It keeps what it has printed where every thread writes."""

    def render(self, brief, options, tools, /):
        """The texts, by way of the class."""
        Shared.printed = super().texts(brief, tools)
        time.sleep(0.001)
        return Rendered("\n".join(Shared.printed), "text/plain")


class Unpicklable(Plain):
    """It holds a function that has no name."""

    def __init__(self):
        self.function = lambda: None


# faithful


def without(*roles):
    """A renderer that prints no node of these roles."""

    def texts(self, brief, tools):
        return [node.text for node in tools.outline(brief) if node.role not in roles]

    return texts


class DropsCritique(Plain):
    """It prints no critique."""

    texts = without("critique")


class DropsOutlets(Plain):
    """It prints no outlet, and nothing of them."""

    texts = without("outlets", "outlet", "owner", "rating")


class ThreeGroups(Plain):
    """It prints three groups at most."""

    def texts(self, brief, tools):
        """The texts, but for those of a fourth group."""
        nodes = tools.outline(brief)
        return [node.text for node in nodes if not any(f"perspectives[{n}]" in node.path for n in range(3, 12))]


class Outlook(Plain):
    """It drops what no sample has."""

    texts = without("outlook")


class Shortened(Plain):
    """It cuts long texts."""

    def texts(self, brief, tools):
        """The first hundred characters of each."""
        return [text[:100] for text in super().texts(brief, tools)]


class Wrapped(Plain):
    """It breaks lines behind hyphens, and words that are longer than a line."""

    def texts(self, brief, tools):
        """Lines of 72 characters, as `textwrap` makes them unless told otherwise."""
        return [textwrap.fill(text, 72) for text in super().texts(brief, tools)]


class HeadlinesOnly(Plain):
    """It prints headlines and nothing else."""

    def texts(self, brief, tools):
        """The headlines."""
        return [story.headline for story in brief.stories]


class Chat(Plain):
    """It cuts a brief at 280 characters, and says which fields may go with that."""

    info = info(omits=frozenset(attrs.fields_dict(p.Brief)))

    def texts(self, brief, tools):
        """The beginning."""
        return [" ".join(super().texts(brief, tools))[:280]]


class Capitals(Plain):
    """It prints headings in capitals."""

    def texts(self, brief, tools):
        """The texts, headings in capitals."""
        return [node.text.upper() if node.kind == "heading" else node.text for node in tools.outline(brief)]


class Reversed(Plain):
    """It prints the groups from the last one to the first."""

    def texts(self, brief, tools):
        """The texts with their groups turned around."""
        stories = [attrs.evolve(story, perspectives=story.perspectives[::-1]) for story in brief.stories]
        return super().texts(attrs.evolve(brief, stories=stories), tools)


class Swapped(Plain):
    """It prints the critique of one group below another."""

    def texts(self, brief, tools):
        """The texts, with the critiques turned around."""
        texts = super().texts(brief, tools)
        critiques = [group.critique for story in brief.stories for group in story.perspectives if group.critique]
        turned = dict(zip(critiques, critiques[::-1], strict=True))
        return [turned.get(text, text) for text in texts]


class NeedlessOmission(Plain):
    """It prints what it says that it omits."""

    info = info(omits=frozenset({"critique", "id"}))


class DeclaredOmission(DropsCritique):
    """No flaw: it says what it omits."""

    info = info(omits=frozenset({"PerspectiveGroup.critique"}))


class Binary(Plain):
    """Its output is nothing that the kit can read."""

    info = info(media_type="application/pdf")

    def render(self, brief, options, tools, /):
        """The texts, as no reader of text takes them."""
        return Rendered("\n".join(self.texts(brief, tools)).encode("utf-16"), "application/pdf")


class Quoting(Plain):
    """A dialect of its own, in which quotation marks are doubled."""

    info = info(media_type="text/x-dialect")

    def texts(self, brief, tools):
        """The texts, doubled marks in them."""
        return [text.replace('"', '""') for text in super().texts(brief, tools)]


MAIL = """\
MIME-Version: 1.0
Content-Type: multipart/alternative; boundary=edge

--edge
Content-Type: text/plain; charset=utf-8
Content-Transfer-Encoding: 8bit

{plain}
--edge
Content-Type: text/html; charset=utf-8
Content-Transfer-Encoding: 8bit

{html}
--edge--
"""


class PoorHtmlMail(Plain):
    """Those who read its mail as HTML get no critique."""

    info = info(media_type="message/rfc822")

    def render(self, brief, options, tools, /):
        """A mail with two bodies."""
        html = "".join(f"<p>{escape(text)}</p>\n" for text in DropsCritique.texts(self, brief, tools))
        content = MAIL.format(plain="\n".join(self.texts(brief, tools)), html=html)
        return Rendered(content.encode(), "message/rfc822")


# escapes


class Markup(Plain):
    """Prints every text with one line for each, and for each kind of node."""

    line = "{}"
    escaped = staticmethod(str)

    def texts(self, brief, tools):
        """Each text in the form of its line."""
        return [self.line.format(self.escaped(node.text)) for node in tools.outline(brief)]


class Html(Markup):
    """No flaw: every text is escaped."""

    info = info(name="page", media_type="text/html")
    line = '<p title="{0}">{0}</p>'
    escaped = staticmethod(escape)


class RawHeadline(Html):
    """It escapes all but the headlines."""

    def texts(self, brief, tools):
        """Headlines as they are."""
        return [
            f"<h1>{node.text}</h1>" if node.role == "headline" else f"<p>{escape(node.text)}</p>"
            for node in tools.outline(brief)
        ]


class RawQuotes(Html):
    """It escapes what opens a tag and not what ends an attribute."""

    escaped = staticmethod(lambda text: escape(text, quote=False))


class LinkOfText(Html):
    """It takes a text for an address."""

    def texts(self, brief, tools):
        """Headlines that lead where they say."""
        return [
            f'<a href="{escape(node.text)}">{escape(node.text)}</a>' if node.role == "headline" else escape(node.text)
            for node in tools.outline(brief)
        ]


class RawXml(Plain):
    """It puts texts into CDATA, which they can end."""

    info = info(media_type="application/rss+xml")

    def render(self, brief, options, tools, /):
        """Each text in CDATA."""
        items = "".join(f"<item><![CDATA[{text}]]></item>" for text in self.texts(brief, tools))
        return Rendered(f"<rss>{items}</rss>", "application/rss+xml")


class RawFeed(Plain):
    """It escapes texts once, for XML: a feed reader then finds HTML in them."""

    info = info(media_type="application/rss+xml")

    def render(self, brief, options, tools, /):
        """Each text in a description."""
        items = "".join(f"<item><description>{escape(text)}</description></item>" for text in self.texts(brief, tools))
        return Rendered(f"<rss>{items}</rss>", "application/rss+xml")


class RightRss(Plain):
    """It escapes texts twice: a feed reader finds the HTML of them."""

    info = info(media_type="application/rss+xml")

    def render(self, brief, options, tools, /):
        """One description, a paragraph of HTML for each text."""
        page = "".join(f"<p>{escape(text)}</p>" for text in self.texts(brief, tools))
        rss = f"<rss><channel><item><description>{escape(page)}</description></item></channel></rss>"
        return Rendered(rss, "application/rss+xml")


class RightAtom(Plain):
    """It says which of its texts are HTML."""

    info = info(media_type="application/atom+xml")

    def render(self, brief, options, tools, /):
        """A plain title, and the texts as HTML."""
        page = "".join(f"<p>{escape(text)}</p>" for text in self.texts(brief, tools))
        title = f"<title>{escape(str(brief.title))}</title>"
        entry = f'<entry>{title}<content type="html">{escape(page)}</content></entry>'
        return Rendered(f'<feed xmlns="http://www.w3.org/2005/Atom">{entry}</feed>', "application/atom+xml")


class RightTable(Plain):
    """It quotes its cells."""

    info = info(media_type="text/csv")

    def render(self, brief, options, tools, /):
        """A row for each text."""
        table = io.StringIO()
        csv.writer(table).writerows([node.kind, node.text] for node in tools.outline(brief))
        return Rendered(table.getvalue(), "text/csv")


class RightWrapped(Plain):
    """It breaks lines at blanks and behind hyphens."""

    def texts(self, brief, tools):
        """Lines of 20 characters."""
        return [textwrap.fill(text, 20, break_long_words=False) for text in super().texts(brief, tools)]


class Zoned(Plain):
    """It prints the time zone of the machine."""

    def texts(self, brief, tools):
        """The texts, and the zone."""
        return [*super().texts(brief, tools), time.strftime("%z")]


class RawJsonFeed(Plain):
    """It puts texts into HTML without escaping them for it."""

    info = info(media_type="application/feed+json")

    def render(self, brief, options, tools, /):
        """An item for each text."""
        items = [{"content_html": f"<p>{text}</p>"} for text in self.texts(brief, tools)]
        return Rendered(json.dumps({"items": items}), "application/feed+json")


class RawTable(Plain):
    """It writes cells without quoting them."""

    info = info(media_type="text/csv")

    def texts(self, brief, tools):
        """Each text in the second cell of a row."""
        return [f"{node.kind},{node.text}" for node in tools.outline(brief)]


class JsonByHand(Plain):
    """It writes JSON with its own quotation marks."""

    info = info(media_type="application/json")

    def render(self, brief, options, tools, /):
        """A list of texts."""
        items = ", ".join(f'"{text}"' for text in self.texts(brief, tools))
        return Rendered(f"[{items}]", "application/json")


class JsonKeys(Plain):
    """Its keys are what the texts say."""

    info = info(media_type="application/json")

    def render(self, brief, options, tools, /):
        """An object of texts."""
        return Rendered(json.dumps(dict.fromkeys(self.texts(brief, tools), 1)), "application/json")


class RawMarkdown(Markup):
    """It escapes nothing."""

    info = info(media_type="text/markdown")
    line = "{}\n"


class RawMarkdownLinks(RawMarkdown):
    """It escapes tags and line beginnings, but not links."""

    escaped = staticmethod(lambda text: "&#8203;" + re.sub(r"[<*`~_]", r"\\\g<0>", text))


class RawComment(RawMarkdown):
    """It escapes what it prints, but not in the comment below it."""

    escaped = staticmethod(lambda text: "".join(f"&#{ord(char)};" for char in text) + f"\n\n<!-- {text} -->")


class HidesCritique(RawMarkdown):
    """It keeps the critiques for editors."""

    def texts(self, brief, tools):
        """Critiques in comments."""
        return [
            f"<!-- {node.text} -->\n" if node.role == "critique" else f"{node.text}\n" for node in tools.outline(brief)
        ]


class RawSubject(Plain):
    """It writes the headline into a header as it is."""

    info = info(media_type="message/rfc822", omits=frozenset(["stories"]))

    def render(self, brief, options, tools, /):
        """A mail with a subject."""
        headline = brief.stories[0].headline if brief.stories else ""
        return Rendered(f"Subject: {headline}\nContent-Type: text/plain\n\n".encode(), "message/rfc822")


class RawHeader(Plain):
    """A label becomes the name of a header."""

    info = info(media_type="message/rfc822")

    def render(self, brief, options, tools, /):
        """A mail with a header for each group."""
        groups = [group for story in brief.stories for group in story.perspectives]
        headers = "".join(f"X-Group: group\n{group.label}\n" for group in groups)
        return Rendered(f"{headers}Content-Type: text/plain\n\n".encode(), "message/rfc822")


class Gemtext(Markup):
    """Its markup is none that the kit knows, and it escapes nothing."""

    info = info(media_type="text/gemini")


# loaders


class Desk:
    """A loader without a flaw: `desk 1`, then a headline a line."""

    info = LoaderInfo(name="desk", summary="A headline a line", media_types=["text/x-desk"], extensions=[".desk"])
    options_class = NoOptions

    def sniff(self, input: Input, /) -> Confidence:
        """Certain of what says so."""
        return Confidence.CERTAIN if input.head.startswith(b"desk 1\n") else Confidence.NO

    def load(self, input: Input, options, tools, /) -> Loaded:
        """A story for each line."""
        first, *lines = input.text.splitlines() or [""]
        if first != "desk 1":
            raise LoadError(Fault(code="no-desk", message="the first line is not 'desk 1'", line=1))
        return self.loaded([p.Story(headline=text) for line in lines if (text := clean(line))])

    def loaded(self, stories):
        """What each flawed loader does otherwise."""
        return Loaded(brief=p.Brief(stories=stories))


class DeskInfo(Desk):
    """One of its media types is none."""

    info = attrs.evolve(Desk.info, media_types=["text/x-desk", "desk/"])


class NamedDesk(Desk):
    """Its name is any other."""

    def __init__(self, name):
        self.info = attrs.evolve(Desk.info, name=name)


class SniffsText(Desk):
    """It reads any input as text."""

    def sniff(self, input, /):
        """Raises for what is no UTF-8."""
        return Confidence.CERTAIN if input.text.startswith("desk 1\n") else Confidence.NO


class SniffsScore(Desk):
    """It gives a score."""

    def sniff(self, input, /):
        """A number."""
        return 0.5


class SniffsAll(Desk):
    """It is certain of everything."""

    def sniff(self, input, /):
        """Always certain."""
        return Confidence.CERTAIN


class SniffsJson(Desk):
    """It takes all JSON for its own."""

    def sniff(self, input, /):
        """Likely where it can be JSON."""
        return Confidence.LIKELY if input.head.startswith(b"{") else Confidence.NO


class SniffsNone(Desk):
    """It knows nothing, by its name neither."""

    info = attrs.evolve(Desk.info, name="table", extensions=[])

    def sniff(self, input, /):
        """Never."""
        return Confidence.NO


class ReturnsBrief(Desk):
    """It returns the brief alone."""

    def loaded(self, stories):
        """A brief."""
        return p.Brief(stories=stories)


class FindsNothing(Desk):
    """It finds no story."""

    def loaded(self, stories):
        """Nothing."""
        return Loaded(brief=p.Brief())


class PlacelessFinding(Desk):
    """It has something to say, of nowhere."""

    def loaded(self, stories):
        """A finding without a place."""
        return Loaded(brief=p.Brief(stories=stories), findings=[Finding(code="odd", message="this is odd")])


class Refuses(Desk):
    """It reads the second version of its format only."""

    def load(self, input, options, tools, /):
        """Refuses."""
        raise LoadError(Fault(code="old", message="this is version 1", line=1))


class ClaimsLimits(Desk):
    """It says that it has looked at the limits."""

    def load(self, input, options, tools, /):
        """Too many stories, as if they were not."""
        return attrs.evolve(super().load(input, options, tools), limits=tools.limits)


class RaisesValueError(Desk):
    """It raises what its parser raises."""

    def load(self, input, options, tools, /):
        """Raises for what is no desk."""
        json.loads("[]" if input.data.startswith(b"desk 1\n") else "")
        return super().load(input, options, tools)


class RaisesModelError(Desk):
    """It leaves it to the model to refuse a text."""

    def load(self, input, options, tools, /):
        """Raises for an empty headline."""
        return Loaded(brief=p.Brief(stories=[p.Story(headline=input.text)]))


class TrustsLines(Desk):
    """It takes it that every line ends."""

    def load(self, input, options, tools, /):
        """Raises where the last line does not."""
        loaded = super().load(input, options, tools)
        if not input.data.endswith(b"\n"):
            raise ValueError("no line break")
        return loaded


class PlacelessError(Desk):
    """It does not say where."""

    def load(self, input, options, tools, /):
        """Raises without a line."""
        if not input.data.startswith(b"desk 1\n"):
            raise LoadError(Fault(code="no-desk", message="this is no desk"))
        return super().load(input, options, tools)


class CountsLoads(Desk):
    """It counts what it has loaded."""

    numbers = itertools.count(1)

    def loaded(self, stories):
        """One more story."""
        return Loaded(brief=p.Brief(stories=[*stories, p.Story(headline=f"number {next(self.numbers)}")]))


class LoadsUnordered(Desk):
    """It takes the stories as a set gives them."""

    def loaded(self, stories):
        """No order."""
        return Loaded(brief=p.Brief(stories=[p.Story(headline=text) for text in {story.headline for story in stories}]))


class LoadsJson(Desk):
    """It reads our JSON, and loses the critiques."""

    def load(self, input, options, tools, /):
        """The brief, without its critiques."""
        brief = p.loads(input.data)
        stories = [
            attrs.evolve(story, perspectives=[attrs.evolve(group, critique=None) for group in story.perspectives])
            for story in brief.stories
        ]
        return Loaded(brief=attrs.evolve(brief, stories=stories))


# Template packs, as the files of a folder: each makes one promise less than a pack that only includes ours.


def shout(text):
    """A filter without a flaw."""
    return str(text).upper()


_NUMBERS = itertools.count()


def count(_):
    """A filter that remembers."""
    return next(_NUMBERS)


FRAGMENT = '{% include "core/fragment.html" %}'
PAGE = '{% include "core/page.html" %}'
RULES = '{% include "core/brief.css" %}'


def pack(folder, *, summary="Ours", filters=None, **files):
    """A pack of these templates; `brief_css` is the stylesheet."""
    for name, text in files.items():
        (folder / ("brief.css" if name == "brief_css" else f"{name}.html")).write_text(text)
    return TemplatePack(name="flawed", summary=summary, folder=folder, filters=filters or {})
