"""A brief from plain text in the layout of the seed: blocks between blank lines.

    [title, underlined with ===   [date]  [intro]   ***]
    ( [section]  headline  [place, dates]  [summary]
      Focusing Facts   numbered lines
      Context          paragraphs
      Perspectives     (label, outlets, framing, [critique], [> quotes])*
      Quotes           > lines
      Timeline         - when: text
      Images           (what it shows <address>, [caption], [credit])*
      Questions        (question?, answers)*
      Go Deeper        links
      Sources          [1] lines
      Topics           names
      Corrections      [date:] texts )*
    [call to action]   [— publisher]

The headings may be in any shipped language, and each part may be absent. The
text renderer writes a line of `***` between stories and before what follows
them. A page that was copied has none, and may hold outlets, framing and
critique of a group in one block, the last outlet glued to the first word.
Whatever is guessed is a finding. No word is lost: each is in the brief, or is
quoted by a finding.
"""

from attrs import field, frozen

from perspectives.catalogue import key
from perspectives.loaders.group import Repair
from perspectives.loaders.layout import blocks
from perspectives.loaders.layout_brief import read_layout
from perspectives.plugin import Confidence, Input, Loaded, Loader, LoaderInfo, LoadTools, loaders
from perspectives.text import clean


@frozen(kw_only=True)
class TextOptions:
    """How a text is read."""

    repair: Repair = field(
        default="report",
        metadata={
            "help": "outlets glued to the text: report = split and say so, off = keep them with the framing,"
            " strict = refuse"
        },
    )


class TextLoader:
    """Reads a brief that was copied from a page, and what the text renderer writes.

    A brief loads back equal from its text, without a finding, where

    - it has only fields that the text renderer prints (the others are in its
      `omits`), and no `Fact.title`, quote cited, author, outlet or days of a
      source, or URL of a brief without a title;
    - it has no blocks, provenance, schemes, positions, or owners, countries and
      ratings of outlets: these are printed, and each of their texts is a
      finding; nor dates of the timeline or sizes of images;
    - no text reads as layout in a shipped language: a heading, a rule, `e.g.,`,
      a date or place, a status, `Go Deeper ...`, `— ` or `> ` at its beginning,
      an address in angle brackets or a mark `[1]` at its end;
    - of a quote, neither words nor speaker hold ` — `, only the very words stand
      in quotation marks, and hold none; questions end with a question mark and
      answers do not; the time of an event holds no `: `; no text of an image
      begins with `Credit: `, and none is called `Image`; a correction begins with
      no date, and a subject with no bullet;
    - the language is absent, or a shipped one that is not English; a story has
      facts, context or groups, and so has the last one, or links or sources,
      unless a call to action follows;
    - a section stands until the next one, which has a summary, place or date;
    - groups have the kind `outlets`; none is exhaustive without outlets; names
      have at most eight words, do not end like a sentence and are no dash;
    - links are `go-deeper`; sources have a title, which is not `Common knowledge`,
      stand as they are first cited, and have their printed number for an id; no
      text cites one twice;
    - a call to action has a headline before a body, one paragraph of body
      before an assurance, two only with one, and a label exactly with `href`;
      a postal address is no e-mail address.
    """

    info: LoaderInfo = LoaderInfo(
        name="text",
        summary="Plain text in the layout of a newsletter",
        media_types=("text/plain",),
        extensions=(".txt",),
    )
    options_class: type[TextOptions] = TextOptions

    def sniff(self, input: Input, /) -> Confidence:
        """Possible where a line is one of the headings."""
        lines = {key(clean(line)) for line in input.head.decode("utf-8", "replace").splitlines()}
        words = {key(word) for wording in LoadTools().wordings for word in (wording.facts, wording.perspectives)}
        return Confidence.POSSIBLE if lines & words else Confidence.NO

    def load(self, input: Input, options: TextOptions, tools: LoadTools, /) -> Loaded:
        """The brief. Raises `LoadError` with the line of what cannot be read."""
        return read_layout(list(blocks(input.text)), tools, options.repair)


@loaders
def perspectives_loaders() -> list[Loader[TextOptions]]:
    """The text loader."""
    return [TextLoader()]
