"""What stands in the texts of Kagi News besides words: citations, and the colon that parts a title from its text.

`[example.com#2]` cites the second article of a domain, `[common]` common
knowledge. The rules are those of the reader's own site (kagisearch/kite-public:
`citationContext.ts`, `colonSplitter.ts`, `textParsing.ts`), where the README
does not say otherwise.
"""

import re

from perspectives.plugin import clean

# Possessive, and behind no blank: else a long run of blanks or letters would take quadratic time.
_CITED = r"(?:[^\[\],;#]++#\d++|common)"
_MARKER = re.compile(rf"(?<!\s)\s*+\[({_CITED}(?:\s*+[,;]\s*+{_CITED})*+)\]", re.IGNORECASE)
# A quotation that nobody closes goes on to the end. An apostrophe in a word opens and closes none.
_COLON = re.compile(
    r"""
    "[^"]*"? | “[^”]*”? | „[^“”]*[“”]? | «[^»]*»? | »[^«]*«? | ‹[^›]*›? | 「[^」]*」? | 『[^』]*』?
    | ‘(?:[^’]|(?<=\w)’(?=\w))*+’? | (?<!\w)'(?:[^']|(?<=\w)'(?=\w))*+'?
    | (?<!\d)\d{1,2}:\d\d(?::\d\d)?(?!\d)
    | (?P<colon>[:\uff1a](?!//))
    """,
    re.VERBOSE,
)
_PAIRS = {'"': '"', "'": "'", "“": "”", "‘": "’", "„": "“", "«": "»", "»": "«", "‹": "›", "「": "」", "『": "』"}
_SENTENCE_END = re.compile(
    r"""(?<![\s.(]\w)(?<!\b(?:Mr|Ms|Dr|St|Lt|No|vs))(?<!\b(?:Mrs|Gen|Gov|Sen|Rep|Col))
    [.!?؟।…]["'”’»)\]]*\s+(?=\S) | [。！？][」』”’]*\s*(?=\S)""",
    re.VERBOSE,
)  # fmt: skip


def without_citations(text: str) -> tuple[str, list[str]]:
    """A text as the model takes it, and what it cites in order, each once: `example.com#2`, `common`."""
    cited = [token.strip() for marker in _MARKER.findall(text) for token in re.split("[,;]", marker)]
    return clean(_MARKER.sub("", text)), list(dict.fromkeys(cited))


def split_title(text: str) -> tuple[str, str] | None:
    """`Title: text` in two, unless one side would be empty.

    A colon in a clock time, an address or a quotation separates nothing.
    """
    for found in _COLON.finditer(text):
        if found["colon"]:
            title, rest = clean(text[: found.start()]), clean(text[found.end() :])
            return (title, rest) if title and rest else None
    return None


def split_date(text: str) -> tuple[str, str] | None:
    """`date:: text` in two, or `date: text` where nothing else parts them."""
    date, parts, rest = text.partition("::")
    if not parts:
        return split_title(text)
    return (clean(date), clean(rest)) if clean(date) and clean(rest) else None


def split_sentence(text: str) -> tuple[str, str, bool]:
    """The first sentence, what follows it, and whether that is more than a second one."""
    if not (end := _SENTENCE_END.search(text)):
        return text, "", False
    rest = text[end.end() :]
    return text[: end.end()].rstrip(), rest, bool(_SENTENCE_END.search(rest))


def unquoted(text: str) -> str:
    """A quotation without the marks around it, which are the renderer's; marks of a part of it stay."""
    inner = text[1:-1]
    is_quoted = text[-1] == _PAIRS.get(text[0]) and text[0] not in inner and text[-1] not in inner
    return clean(inner) or text if is_quoted else text
