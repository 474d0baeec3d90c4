"""What readers see of an output, and what its parsers make of it, for the formats that the kit can read."""

import csv
import email
import email.policy
import html
import io
import json
import re
import xml.etree.ElementTree as ElementTree
from collections.abc import Iterator
from email.message import EmailMessage
from html.parser import HTMLParser
from typing import Any

from perspectives.plugin import Part, Rendered, essence

Content = Rendered | Part


def visible_text(content: Content) -> str | None:
    """The words that readers see; None for bytes of a media type that the kit cannot read."""
    match sink(content.media_type):
        case "html":
            return _html(content).text
        case "xml":
            return "\n".join(_xml_texts(_xml(content)))
        case "json":
            return "\n".join(_json_texts(_json(content)))
        case "csv" | "tsv":
            return "\n".join(cell for row in _rows(content) for cell in row)
        case "markdown":
            return _markdown_text(_text(content))
        case "mail":
            return "\n".join(visible_text(body) or "" for body in bodies(content))
    is_text = isinstance(content.content, str) or essence(content.media_type).startswith("text/")
    return _text(content) if is_text else None


def structure(content: Content) -> tuple[str, ...] | None:
    """What a parser finds beside the texts: elements, attributes, headers; None where the kit knows none.

    Raises ValueError where the output cannot be parsed.
    """
    match sink(content.media_type):
        case "html":
            return tuple(_html(content).found)
        case "xml":
            return tuple(_xml_tags(_xml(content)))
        case "json":
            return tuple(_json_keys(_json(content), "$"))
        case "csv" | "tsv":
            return tuple(f"a row of {len(row)} cells" for row in _rows(content))
        case "markdown":
            return tuple(_markdown_marks(_text(content)))
        case "mail":
            parts = [part for body in bodies(content) for part in structure(body) or ()]
            return (*_header_names(_mail(content)), *parts)
        case "text":
            return ()  # nothing in it means anything but itself
    return None


def files(rendered: Rendered) -> list[Content]:
    """The output and the further files that belong to it."""
    return [rendered, *(part for part in rendered.parts if part.name)]


def bodies(mail: Content) -> list[Rendered]:
    """The bodies of a mail that readers may be shown, each with the subject above it."""
    message = _mail(mail)
    subject = str(message["Subject"] or "")
    lines = {"plain": subject, "html": f"<p>{html.escape(subject)}</p>"}
    found = ((line, message.get_body((kind,))) for kind, line in lines.items())
    return [Rendered(f"{line}\n{body.get_content()}", body.get_content_type()) for line, body in found if body]


def one_line(text: str) -> str:
    """A text with every run of white space as one blank: where lines break is the format's business.

    They break at hyphens too.
    """
    return re.sub(" ?- ?", "-", " ".join(text.split()))


_SINKS = {
    "text/html": "html",
    "application/xhtml+xml": "html",
    "text/markdown": "markdown",
    "text/x-markdown": "markdown",
    "text/plain": "text",
    "text/csv": "csv",
    "text/tab-separated-values": "tsv",
    "text/xml": "xml",
    "application/xml": "xml",
    "application/json": "json",
    "message/rfc822": "mail",
}


def sink(media_type: str) -> str:
    """What reads an output, as far as the kit knows it; else empty."""
    kind = essence(media_type)
    ending = kind.rpartition("+")[2] if "+" in kind else ""
    return _SINKS.get(kind) or (ending if ending in ("xml", "json") else "")


def _text(content: Content) -> str:
    return bytes(content).decode()


class _Html(HTMLParser):
    """The text of a page, alternative texts included, and its tags without what the texts decide."""

    # Neither shown nor text: what a browser draws the page by.
    _UNSEEN = frozenset(("script", "style", "template", "title"))
    _ADDRESSES = frozenset(("href", "src", "action", "formaction", "data", "poster", "srcset", "xlink:href"))
    _INLINE = frozenset(
        "a abbr b bdi bdo cite code data dfn em i kbd mark q s samp small span strong sub sup time u var wbr".split()
    )

    def __init__(self, text: str) -> None:
        super().__init__()
        self._texts: list[str] = []
        self._unseen: list[str] = []
        self.found: list[str] = []
        self.feed(text)
        self.close()

    @property
    def text(self) -> str:
        return "".join(self._texts)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        names = [f"{name}={_scheme(value)}" if name in self._ADDRESSES else name for name, value in attrs]
        self.found.append(f"<{' '.join([tag, *names])}>")
        if tag in self._UNSEEN:
            self._unseen.append(tag)
        self._texts += [f"\n{value}\n" for name, value in attrs if name == "alt" and value]
        self._break(tag)

    def handle_endtag(self, tag: str) -> None:
        self.found.append(f"</{tag}>")
        if tag in self._unseen:
            self._unseen.remove(tag)
        self._break(tag)

    def handle_data(self, data: str) -> None:
        if not self._unseen:
            self._texts.append(data)

    def handle_comment(self, data: str) -> None:
        self.found.append("<!---->")

    def handle_decl(self, decl: str) -> None:
        self.found.append("<!>")

    def unknown_decl(self, data: str) -> None:
        self.found.append("<![>")

    def handle_pi(self, data: str) -> None:
        self.found.append("<?>")

    def _break(self, tag: str) -> None:
        # A text may be cut by inline elements and is still one to its readers.
        if tag not in self._INLINE:
            self._texts.append("\n")


def _html(content: Content) -> _Html:
    return _Html(_text(content))


def _scheme(address: str | None) -> str:
    """The scheme as a browser reads it, which passes over blanks and control characters (WHATWG URL)."""
    squeezed = re.sub(r"[\0-\x20]", "", address or "")
    found = re.match(r"[A-Za-z][A-Za-z0-9+.-]*:", squeezed)
    return found[0].lower() if found else ""


def _xml(content: Content) -> ElementTree.Element:
    try:
        return ElementTree.fromstring(bytes(content))  # noqa: S314 - the author's own output
    except ElementTree.ParseError as error:
        raise ValueError(f"no well-formed XML ({error})") from error


def _xml_texts(root: ElementTree.Element) -> Iterator[str]:
    for node in _html_in(root):
        node.text = f"\n{_Html(node.text or '').text}\n"
    # Some formats, like OPML, hold their texts in attributes.
    yield "".join(root.itertext())
    for node in root.iter():
        yield from node.attrib.values()


def _xml_tags(root: ElementTree.Element) -> Iterator[str]:
    holds_html = _html_in(root)
    for node in root.iter():
        yield f"<{' '.join([node.tag, *sorted(node.attrib)])}>"
        if node in holds_html:
            yield from _Html(node.text or "").found


def _html_in(root: ElementTree.Element) -> list[ElementTree.Element]:
    """What a feed reader takes for HTML once the XML is read: RFC 4287, section 3.1.1; RSS 2.0 and its `content`."""
    return [
        node
        for node in root.iter()
        if (node.tag.startswith("{http://www.w3.org/2005/Atom}") and node.get("type") == "html")
        or (node.tag == "description" and root.tag == "rss")
        or node.tag == "{http://purl.org/rss/1.0/modules/content/}encoded"
    ]


def _rows(content: Content) -> list[list[str]]:
    """The rows of a table: RFC 4180, or with tabs, where nothing is quoted."""
    lines = io.StringIO(_text(content), newline="")
    is_csv = sink(content.media_type) == "csv"
    try:
        return list(csv.reader(lines) if is_csv else csv.reader(lines, delimiter="\t", quoting=csv.QUOTE_NONE))
    except csv.Error as error:
        raise ValueError(f"no CSV ({error})") from error


def _json(content: Content) -> Any:
    try:
        return json.loads(bytes(content))
    except ValueError as error:
        raise ValueError(f"no JSON ({error})") from error


def _json_texts(value: Any) -> Iterator[str]:
    match value:
        case str():
            yield value
        case dict():
            for key, item in value.items():
                yield key
                yield from [_Html(item).text] if _is_html(key, item) else _json_texts(item)
        case list():
            for item in value:
                yield from _json_texts(item)


def _is_html(key: str, item: object) -> bool:
    return key == "content_html" and isinstance(item, str)  # JSON Feed 1.1


def _json_keys(value: Any, path: str) -> Iterator[str]:
    match value:
        case dict():
            for key, item in value.items():
                yield from _json_keys(item, f"{path}.{key}")
                if _is_html(key, item):
                    yield from _Html(item).found
        case list():
            for index, item in enumerate(value):
                yield from _json_keys(item, f"{path}[{index}]")
        case _:
            yield f"{path}: {type(value).__name__}"


_FRONT_MATTER = re.compile(r"\A---\n(.*?\n)---(?:\n|\Z)", re.DOTALL)
_ESCAPED = re.compile(
    r"\\([!-/:-@\[-`{-~])|&(?:#[0-9]{1,7}|#[xX][0-9A-Fa-f]{1,6}|[A-Za-z][A-Za-z0-9]*);|(?:^[> ]*+)?(<!--).*?-->",
    re.DOTALL | re.MULTILINE,
)
"""A character behind a backslash, an entity, or a comment: nothing is escaped in it, and no reader sees it."""


def _markdown_text(text: str) -> str:
    front, body = _front_and_body(text)
    values = [_scalar(line.partition(": ")[2]) for line in front]
    # In one pass: what an escape leaves must not be read as the beginning of an entity.
    shown = _ESCAPED.sub(lambda found: "" if found[2] else found[1] or html.unescape(found[0]), body)
    return "\n".join([*values, shown])


def _front_and_body(text: str) -> tuple[list[str], str]:
    front = _FRONT_MATTER.match(text)
    return (front[1].splitlines(), text[front.end() :]) if front else ([], text)


def _scalar(word: str) -> str:
    """A value of the front matter: YAML's double quotes are nearly those of JSON."""
    try:
        return str(json.loads(word))
    except ValueError:
        return word


# What a line may begin with to a Markdown parser, and what may stand in one.
_MARKDOWN = re.compile(
    r"""
      ^(?:[ ]*(?:>|[-+*](?=[ ])|[0-9]{1,9}[.)](?=[ ])))+     # quotes and items, within each other
    | ^[ ]*(?:\#{1,6}(?=[ ]|$)|```|~~~|(?:=+|-+)[ ]*$|\[[^\]]+\]:)
    | <(?P<auto>[A-Za-z][A-Za-z0-9+.-]+:)[^<>\s]*>
    | <[A-Za-z/!?]
    | !?\[(?:[^\[\]]|\[[^\[\]]*\])*\]\(\s*<?(?P<link>[^\s)>]*)
    | \*(?=\S)|(?<=\S)\* | (?<!\w)_(?=\S)|(?<=\S)_(?!\w) | `+ | ~~
    """,
    re.VERBOSE | re.MULTILINE,
)
_TABLE = re.compile(r"^.*\|.*\n[ ]*\|?[ ]*:?-+:?[ ]*(?:\|[ :-]*)*\n(?:.+\n?)*", re.MULTILINE)


def _markdown_marks(text: str) -> Iterator[str]:
    front, body = _front_and_body(text)
    yield from (f"front matter {line.partition(':')[0]}" for line in front)
    # What is escaped is a character like any other.
    plain = _ESCAPED.sub(lambda found: "" if found[2] else "\ufffd", body)
    for found in _MARKDOWN.finditer(plain):
        if found["auto"]:
            yield f"<{found['auto'].lower()}>"
        elif found["link"] is not None:
            yield f"[]({_scheme(found['link'])})"
        else:
            yield re.sub("[0-9]+", "1", found[0].strip())
    for table in _TABLE.findall(plain):
        yield from (f"a row of {row.count('|')} bars" for row in table.splitlines())


def _mail(content: Content) -> EmailMessage:
    return email.message_from_bytes(bytes(content), policy=email.policy.default)


def _header_names(mail: EmailMessage) -> Iterator[str]:
    for part in mail.walk():
        for name, value in part.items():
            # Some programs decode a header first and look for its end then.
            yield f"{name}: with a line break" if re.search("[\r\n]", str(value)) else f"{name}:"
        yield part.get_content_type()
