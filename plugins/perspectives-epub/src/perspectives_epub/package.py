"""The book as one file: what is in it, its contents, and what it says of itself to libraries and shops."""

import datetime as dt
import io
import uuid
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from importlib.resources import files

from markupsafe import Markup

from perspectives import Brief, Wording, dumps
from perspectives.plugin import stable_zip
from perspectives_epub.chapters import Page, Picture, book_title

_UNDATED = dt.datetime(1980, 1, 1, tzinfo=dt.UTC)
"""Of a brief that says no date, as `stable_zip` has it for files; EPUB requires one."""
_NAMESPACE = uuid.UUID("e804e61e-2251-44bd-ad5e-0f26554191e1")
"""Of the identifiers that are made from a brief which has none of its own (RFC 9562, 5.5)."""
_SUMMARY = "The text is in reading order, with headings and a table of contents, and images have alternative texts."
"""Ace asks for one. In English for every brief: it is for catalogues, and on no page."""

_CONTAINER = """\
<?xml version="1.0" encoding="utf-8"?>
<container xmlns="urn:oasis:names:tc:opendocument:xmlns:container" version="1.0">
<rootfiles>
<rootfile full-path="EPUB/package.opf" media-type="application/oebps-package+xml"/>
</rootfiles>
</container>
"""
_XHTML = Markup("""\
<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE html>
<html xmlns="http://www.w3.org/1999/xhtml" xmlns:epub="http://www.idpf.org/2007/ops" lang="{language}"\
 xml:lang="{language}" dir="{direction}">
<head>
<title>{title}</title>
<link rel="stylesheet" href="book.css"/>
</head>
<body>
{body}
</body>
</html>
""")
_NAV = Markup("""\
<nav class="perspectives-contents" epub:type="toc" role="doc-toc" aria-labelledby="contents">
<h1 id="contents">{contents}</h1>
<ol>
{items}
</ol>
</nav>
<nav epub:type="landmarks" hidden="hidden" aria-label="{title}">
<ol>
{landmarks}
</ol>
</nav>""")
_PACKAGE = Markup("""\
<?xml version="1.0" encoding="utf-8"?>
<package xmlns="http://www.idpf.org/2007/opf" version="3.0" unique-identifier="id" xml:lang="{language}"\
 dir="{direction}">
<metadata xmlns:dc="http://purl.org/dc/elements/1.1/">
{metadata}
</metadata>
<manifest>
{manifest}
</manifest>
<spine page-progression-direction="{direction}">
{spine}
</spine>
</package>
""")


def dated(brief: Brief) -> dt.datetime | None:
    """The latest date that a brief says, a day as its first second in UTC; None where it says none."""
    corrected = [correction.date for story in brief.stories for correction in story.corrections]
    days = [brief.date, *(story.date for story in brief.stories), *corrected]
    made = [one.created for one in (brief.provenance, *(story.provenance for story in brief.stories)) if one]
    moments = [moment for story in brief.stories for moment in (story.published, story.updated)]
    midnights = [dt.datetime.combine(day, dt.time(), dt.UTC) for day in days if day]
    return max([*midnights, *filter(None, [*made, *moments])], default=None)


def packed(
    brief: Brief, wording: Wording, pages: Sequence[Page], images: Mapping[str, Picture], modified: dt.datetime | None
) -> bytes:
    """The book. Names and their order are the same for all books: `mimetype` first, then what leads to the pages."""
    language, direction = brief.language or wording.language or "und", wording.direction or "ltr"

    def xhtml(title: str, body: Markup) -> str:
        return _XHTML.format(language=language, direction=direction, title=title, body=body)

    languages = _languages(brief, wording)
    of_story = next((page.locale["dir"] for page in pages if page.locale), direction)
    package = _PACKAGE.format(
        language=languages[0],
        direction=direction if brief.language else of_story,
        metadata=_lines(_metadata(brief, wording, languages, images, modified or _UNDATED)),
        manifest=_lines(_manifest(pages, images)),
        spine=_lines(_spine(pages, with_contents=_has_contents(brief))),
    )
    contents: dict[str, str | bytes] = {
        "META-INF/container.xml": _CONTAINER,
        "EPUB/package.opf": package,
        "EPUB/nav.xhtml": xhtml(wording.contents, _nav(brief, wording, pages)),
        "EPUB/book.css": files(__package__).joinpath("book.css").read_text(encoding="utf-8"),
    }
    contents |= {f"EPUB/{page.name}.xhtml": xhtml(page.title, Markup(page.body)) for page in pages}  # noqa: S704 - a parser wrote it
    contents |= {f"EPUB/{image.name}": image.data for image in images.values()}
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as book:
        # Not compressed, so that the first bytes of the file say what it is (OCF 3.3, 4.3).
        book.writestr("mimetype", "application/epub+zip", zipfile.ZIP_STORED)
        for name, content in contents.items():
            book.writestr(name, content)
    return stable_zip(written.getvalue())


def _has_contents(brief: Brief) -> bool:
    """Whether the contents are a page that readers turn to: those that name one story are for the menu alone."""
    return len(brief.stories) > 1


def _lines(elements: Iterator[Markup]) -> Markup:
    return Markup("\n").join(elements)


def _languages(brief: Brief, wording: Wording) -> list[str]:
    """Those that the brief and its stories say, else the one that the pages have: that of their printed words."""
    said = [brief.language, *(story.language for story in brief.stories)]
    return [language for language in said if language] or [wording.language or "und"]


def _identifier(brief: Brief) -> str:
    return brief.id or brief.url or f"urn:uuid:{uuid.uuid5(_NAMESPACE, dumps(brief))}"


def _utc(moment: dt.datetime) -> str:
    """A time as `dcterms:modified` has it: in UTC, without parts of a second."""
    try:
        moment = moment.astimezone(dt.UTC)
    except OverflowError:  # within a day of the first or last year, where UTC has none
        moment = moment.replace(tzinfo=dt.UTC)
    return f"{moment.replace(tzinfo=None, microsecond=0).isoformat()}Z"


def _metadata(
    brief: Brief, wording: Wording, languages: Sequence[str], images: Mapping[str, Picture], modified: dt.datetime
) -> Iterator[Markup]:
    """What the book says of itself, to libraries and to those who cannot read every kind of page."""
    publisher = brief.publisher.name if brief.publisher else None
    subjects = [subject.name for story in brief.stories for subject in story.subjects]
    yield Markup('<dc:identifier id="id">{}</dc:identifier>').format(_identifier(brief))
    said: dict[str, Sequence[str | None]] = {
        "title": [book_title(brief, wording)],
        "language": languages,
        "creator": [publisher],
        "publisher": [publisher],
        "date": [brief.date.isoformat() if brief.date else None],
        "description": [brief.intro],
        "subject": subjects,
    }
    for name, values in said.items():
        for value in dict.fromkeys(filter(None, values)):
            yield Markup("<dc:{0}>{1}</dc:{0}>").format(name, value)
    yield Markup('<meta property="dcterms:modified">{}</meta>').format(_utc(modified))
    moves = any(image.media_type == "image/gif" for image in images.values())
    features = "ARIA displayTransformability readingOrder structuralNavigation tableOfContents".split()
    for name, words in {
        "accessMode": ["textual", *(["visual"] if images else [])],
        "accessModeSufficient": ["textual"],
        "accessibilityFeature": [*(["alternativeText"] if images else []), *features],
        # Of a GIF nobody has looked whether it flashes.
        "accessibilityHazard": ["unknown" if moves else "none"],
    }.items():
        for word in words:
            yield Markup('<meta property="schema:{}">{}</meta>').format(name, word)
    summary = Markup('<meta property="schema:accessibilitySummary" xml:lang="en" dir="ltr">{}</meta>')
    yield summary.format(_SUMMARY)


def _manifest(pages: Sequence[Page], images: Mapping[str, Picture]) -> Iterator[Markup]:
    item = Markup('<item id="{}" href="{}" media-type="{}"/>')
    yield Markup('<item id="nav" href="nav.xhtml" media-type="application/xhtml+xml" properties="nav"/>')
    yield item.format("css", "book.css", "text/css")
    for page in pages:
        yield item.format(page.name, f"{page.name}.xhtml", "application/xhtml+xml")
    for number, image in enumerate(images.values(), 1):
        yield item.format(f"image-{number}", image.name, image.media_type)


def _spine(pages: Sequence[Page], *, with_contents: bool) -> Iterator[Markup]:
    title, *rest = [page.name for page in pages]
    names = [title, "nav", *rest] if with_contents else [title, *rest]
    return (Markup('<itemref idref="{}"/>').format(name) for name in names)


def _nav(brief: Brief, wording: Wording, pages: Sequence[Page]) -> Markup:
    """The contents, by sections, and the places that every book has."""
    title, *rest = pages
    stories = iter(rest)
    entries: list[Markup] = []
    for section, told in brief.sections:
        inner = [_entry(next(stories)) for _ in told]
        if section:
            label = Markup("<li><span>{}</span>\n<ol>\n{}\n</ol></li>")
            inner = [label.format(section, _lines(iter(inner)))]
        entries += inner
    entries += map(_entry, stories)
    places = [("titlepage", title.title, f"{title.name}.xhtml")]
    if _has_contents(brief):
        places.append(("toc", wording.contents, "nav.xhtml"))
    if brief.stories:
        places.append(("bodymatter", rest[0].title, f"{rest[0].name}.xhtml"))
    landmark = Markup('<li><a epub:type="{}" href="{}">{}</a></li>')
    landmarks = _lines(landmark.format(kind, href, text) for kind, text, href in places)
    return _NAV.format(
        contents=wording.contents,
        items=_lines(iter(entries or [_entry(title)])),
        landmarks=landmarks,
        title=wording.contents,
    )


def _entry(page: Page) -> Markup:
    attributes = Markup(' lang="{lang}" xml:lang="{lang}" dir="{dir}"').format(**page.locale) if page.locale else ""
    return Markup('<li{}><a href="{}.xhtml">{}</a></li>').format(attributes, page.name, page.title)
