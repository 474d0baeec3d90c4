"""A brief as one mail: a text and an HTML part, both from the model."""

import functools
import hashlib
import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from email.utils import format_datetime
from typing import Any, Literal

import attrs
from attrs import frozen

from perspectives.attribution import Source
from perspectives.catalogue import direction
from perspectives.errors import Finding
from perspectives.message import (
    Form,
    Header,
    Hole,
    Letter,
    Marks,
    Values,
    body,
    check_headers,
    digest_of,
    filled,
    image,
    mailbox,
    multipart,
    multipart_type,
)
from perspectives.model import Brief, Story
from perspectives.outline import UNPRINTED, Numbering, StoryOutline, colophon, numbered, runs
from perspectives.phrases import Phrase, Phrases
from perspectives.plugin import Part, Rendered, Renderer, RendererInfo, RenderTools, renderers
from perspectives.prose import wrapped
from perspectives.renderers.email_options import EmailOptions, is_one_click, list_id, list_unsubscribe
from perspectives.renderers.email_size import BUDGET, pieces, shortened, split, stories_shown
from perspectives.renderers.email_texts import texts, values, with_marks
from perspectives.text import mailto
from perspectives.theme import theme_of
from perspectives.wording import Wording


class EmailRenderer:
    """Writes one `.eml`; its parts are there for those who send through a framework or a provider."""

    info: RendererInfo = RendererInfo(
        name="email",
        media_type="message/rfc822",
        summary="A mail with text and HTML",
        extensions=(".eml",),
        omits=UNPRINTED | {"homepage"},
    )
    options_class: type[EmailOptions] = EmailOptions

    def render(self, brief: Brief, options: EmailOptions, tools: RenderTools, /) -> Rendered:
        """The mail in ASCII and CRLF; its `headers` hold each value as a reader sees it.

        Raises `OptionsError` where neither option nor brief gives a subject.
        """
        if options.overflow == "split" and (total := _size(brief, options, tools)) > BUDGET:
            mails = [_rendered(*one, tools) for one in _mails(brief, options, tools)]
            if len(mails) > 1:
                return _together(mails, [split(total, len(mails)), *_findings(brief, options, tools.assets)])
        return _rendered(brief, options, tools)


@renderers
def perspectives_renderers() -> list[Renderer[EmailOptions]]:
    """The mail renderer."""
    return [EmailRenderer()]


def _rendered(brief: Brief, options: EmailOptions, tools: RenderTools) -> Rendered:
    found = values(texts(brief, options))
    composed = compose(brief, options, tools)
    content = composed.letter.fill(found)
    headers = {header.name: filled(header.form, found) for header in composed.headers}
    check_headers(content, list(headers))
    parts = [
        attrs.evolve(part, content=filled(form, found))
        for part, form in zip(composed.parts, composed.forms, strict=True)
    ]
    return Rendered(content, EmailRenderer.info.media_type, headers=headers, parts=parts, findings=composed.findings)


def _mails(brief: Brief, options: EmailOptions, tools: RenderTools) -> Iterator[tuple[Brief, EmailOptions]]:
    """The briefs and options of the mails that a brief is split into; their subjects say which they are of how many."""
    subject = texts(brief, options)["subject"]

    def numbered_options(number: int, count: int) -> EmailOptions:
        # A preheader says what is in the first; an empty one, that there is none.
        preheader = options.preheader if number == 1 or options.preheader == "" else None
        return attrs.evolve(options, subject=f"{subject} ({number}/{count})", preheader=preheader)

    most = len(brief.stories)
    widest = numbered_options(most, most)
    found = pieces(brief, lambda piece: _size(piece, widest, tools))
    for number, piece in enumerate(found, 1):
        yield piece, numbered_options(number, len(found))


def _together(mails: Sequence[Rendered], findings: Sequence[Finding]) -> Rendered:
    """The first mail, with the others as parts."""
    others = [Part(bytes(mail), mail.media_type, name=f"part-{number}.eml") for number, mail in enumerate(mails[1:], 2)]
    long = [finding for mail in mails for finding in mail.findings if finding.code == "long-mail"]
    return attrs.evolve(mails[0], parts=[*mails[0].parts, *others], findings=[*findings, *long])


# The mail


@frozen
class Composed:
    """A mail before anything that differs from reader to reader is in it."""

    letter: Letter
    headers: tuple[Header, ...]
    parts: tuple[Part, ...]
    forms: tuple[Form, ...]
    """The texts of the parts, with their holes."""
    findings: tuple[Finding, ...]


def compose(brief: Brief, options: EmailOptions, tools: RenderTools) -> Composed:
    """The mail with a hole for each of `texts`, so that one that is merged and one that is rendered are the same."""
    draft = _Draft.of(brief, options, tools)
    marks = draft.marks
    shown, whole, html = brief, len(brief.stories), draft.html(brief, len(brief.stories))
    findings: list[Finding] = []
    if (total := draft.length(html)) > BUDGET:
        whole, findings = stories_shown(brief, total, options.overflow, draft.size)
        shown = shortened(brief, whole)
        html = draft.html(shown, whole)
    pictures, _ = _pictures(shown, tools.assets)
    parts = [Part("", "text/plain"), Part("", "text/html")]
    forms = [draft.text(shown), html]
    language = [f"Content-Language: {brief.language}"] if brief.language else []
    bodies = [
        body(form, f"{part.media_type}; charset=utf-8", *language) for part, form in zip(parts, forms, strict=True)
    ]
    images = [image(one.data, one.media_type, one.content_id) for one in dict.fromkeys(pictures.values())]
    if options.attach_data:
        parts.append(Part("", "application/json"))
        forms.append(marks.form(_data(with_marks(brief, marks.of)), _escape_json))
        bodies.append(body(forms[-1], "application/json", 'Content-Disposition: attachment; filename="brief.json"'))
    digest = digest_of(*bodies, *images)
    inner = bodies[1] if not images else multipart("related", digest, [bodies[1], *images])
    kind, entity = "alternative", multipart("alternative", digest, [bodies[0], inner])
    if options.attach_data:
        kind, entity = "mixed", multipart("mixed", digest, [entity, bodies[2]])
    headers = tuple(_headers(options, list(draft.values), multipart_type(kind, digest), digest))
    letter = Letter([*headers[:-1], *entity])
    return Composed(letter, headers, tuple(parts), tuple(forms), (*findings, *_findings(shown, options, tools.assets)))


@frozen
class _Draft:
    """What the bodies of a mail are made with: a mark for each text that may differ, and the names of its images."""

    options: EmailOptions
    tools: RenderTools
    values: Values
    marks: Marks
    images: Mapping[str, str]

    @classmethod
    def of(cls, brief: Brief, options: EmailOptions, tools: RenderTools) -> "_Draft":
        differ = values(texts(brief, options))
        images = {url: picture.content_id for url, picture in _pictures(brief, tools.assets)[0].items()}
        return cls(options, tools, differ, Marks(f"{brief!r}{options!r}", list(differ)), images)

    def text(self, brief: Brief) -> Form:
        marked = with_marks(brief, self.marks.of)
        return self.marks.form_of_lines(_text(marked, self.options, self.marks.of, self.tools), _wrap)

    def html(self, brief: Brief, whole: int) -> Form:
        """The HTML, in which the stories behind the first `whole` are teasers."""
        # Imported here: it comes with the template engine.
        from markupsafe import escape

        marked = with_marks(brief, self.marks.of)
        return self.marks.form(_html(marked, whole, self.options, self.marks.of, self.images, self.tools), escape)

    def length(self, html: Form) -> int:
        """The bytes of the HTML, with what differs filled in."""
        return len(filled(html, self.values).encode())

    def size(self, brief: Brief, whole: int) -> int:
        return self.length(self.html(brief, whole))


def _size(brief: Brief, options: EmailOptions, tools: RenderTools) -> int:
    return _Draft.of(brief, options, tools).size(brief, len(brief.stories))


def _findings(brief: Brief, options: EmailOptions, assets: Mapping[str, bytes]) -> list[Finding]:
    """What there is to say of a mail but for its size."""
    return [*_pictures(brief, assets)[1], *_missing(brief, options)]


def _hole(name: str, sink: Callable[[str], str] = str) -> Form:
    return (Hole(("", name, ""), sink),)


def _headers(options: EmailOptions, differ: Sequence[str], content_type: str, digest: str) -> Iterator[Header]:
    """Each header in the order in which they are written; the last one is that of the bodies."""
    sender, date = options.sender, options.date
    known: list[tuple[str, str | Form | None]] = [
        ("From", sender),
        ("To", _hole("to") if options.to else None),
        ("Reply-To", options.reply_to),
        ("Subject", _hole("subject")),
        ("Date", format_datetime(date) if date else None),
        ("Message-ID", _message_id(options, differ, digest) if sender else None),
    ]
    if options.unsubscribe:
        known.append(("List-Unsubscribe", _hole("unsubscribe", list_unsubscribe)))
        if is_one_click(options.unsubscribe):
            known.append(("List-Unsubscribe-Post", "List-Unsubscribe=One-Click"))
    known += [
        ("List-ID", list_id(options.list_id) if options.list_id else None),
        ("Precedence", "bulk" if options.unsubscribe or options.list_id else None),
        ("MIME-Version", "1.0"),
        ("X-Unsent", None if sender and date else "1"),
        ("Content-Type", content_type),
    ]
    for name, value in known:
        if value is not None:
            yield Header(name, (value,) if isinstance(value, str) else value)


def _message_id(options: EmailOptions, differ: Sequence[str], digest: str) -> Form:
    """What tells this mail from every other: its content, who sends it to whom, and when.

    Not where one leaves the list: that may be new for a mail that is sent once
    more after a crash, and mailboxes are to show it once.
    """
    sender = options.sender or ""
    names = [name for name in differ if name not in ("unsubscribe", "leave")]
    fixed = "\n".join([digest, sender, format_datetime(options.date) if options.date else "", ""])
    pieces = (fixed, *(piece for name in names for piece in (name, "\n")))
    return (Hole(pieces, functools.partial(_digest_id, mailbox(sender)[1].partition("@")[2])),)


def _digest_id(domain: str, known: str) -> str:
    return f"<{hashlib.sha256(known.encode()).hexdigest()[:32]}@{domain}>"


def _text(brief: Brief, options: EmailOptions, marks: Mapping[str, str], tools: RenderTools) -> str:
    """The text part, from the model; the way to leave is its last word."""
    rendered = tools.render(brief, "perspectives-briefs:text", width=_WIDTH, links="listed", dates=options.dates)
    leave = f"\n{tools.wording(brief).unsubscribe}\n{marks['leave']}\n" if "leave" in marks else ""
    return f"{rendered}{leave}"


_WIDTH = 72


def _wrap(line: str) -> str:
    return wrapped(line, _WIDTH)


def _data(brief: Brief) -> str:
    from perspectives.codec import dumps

    return dumps(brief, indent=0).strip("\n")


def _escape_json(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)[1:-1]


@frozen
class _Picture:
    data: bytes
    media_type: str
    content_id: str


# What mail programs show (caniemail.com): WebP and AVIF are missing in Outlook, SVG nearly everywhere.
_MAGIC = {b"\x89PNG\r\n\x1a\n": "image/png", b"\xff\xd8\xff": "image/jpeg", b"GIF8": "image/gif"}


def _pictures(brief: Brief, assets: Mapping[str, bytes]) -> tuple[dict[str, _Picture], list[Finding]]:
    """The images that go along with the mail, by URL: those that the caller gave the bytes of."""
    images = [(f"$.stories[{at}].images[{index}]", one) for at, story in enumerate(brief.stories)
              for index, one in enumerate(story.images)]  # fmt: skip
    if brief.publisher and brief.publisher.logo:
        images.append(("$.publisher.logo", brief.publisher.logo))
    pictures: dict[str, _Picture] = {}
    findings = []
    for path, one in images:
        data = assets.get(one.url)
        media_type = next((name for magic, name in _MAGIC.items() if data and data.startswith(magic)), None)
        if data is None:
            continue
        if media_type:
            name = hashlib.sha256(data).hexdigest()[:32]
            pictures[one.url] = _Picture(data, media_type, f"{name}@perspectives")
        else:
            message, hint = f"the image {one.url} is a link", "give it as PNG, JPEG or GIF, which mail programs show"
            findings.append(Finding(code="linked-image", message=message, hint=hint, path=path))
    return pictures, findings


def _missing(brief: Brief, options: EmailOptions) -> Iterator[Finding]:
    """What a mail to many must have; a draft may get it yet."""
    if not (options.sender and options.date):
        return
    if not options.unsubscribe:
        message = "the mail does not say how to leave the list"
        hint = "give 'unsubscribe', which large mailbox providers ask of every mail to many (RFC 8058)"
        yield Finding(code="no-unsubscribe", message=message, hint=hint, path="unsubscribe")
    if not (brief.publisher and brief.publisher.postal_address):
        message = "the mail has no postal address of its publisher"
        hint = "give `Publisher.postal_address`, which some countries ask of advertising (US: 15 USC 7704)"
        yield Finding(code="no-postal-address", message=message, hint=hint, path="$.publisher.postal_address")


# The HTML part


@frozen
class _Locale:
    """How a part of the mail is read; old mail programs know no `start`, so the sides are named."""

    lang: str
    dir: Literal["ltr", "rtl"]

    @property
    def start(self) -> str:
        return "right" if self.dir == "rtl" else "left"

    def inset(self, size: int) -> str:
        """A margin at the side where lines start."""
        return f"0 {size}px 0 0" if self.dir == "rtl" else f"0 0 0 {size}px"


@frozen
class _StoryView:
    """A story as the template prints it: with its language, and its sources numbered."""

    outline: StoryOutline
    locale: _Locale
    more: str | None = None
    """Where the whole story is, if this is a teaser."""

    @property
    def story(self) -> Story:
        return self.outline.story

    @property
    def numbering(self) -> Numbering:
        return self.outline.numbering


def _html(
    brief: Brief,
    whole: int,
    options: EmailOptions,
    marks: Mapping[str, str],
    images: Mapping[str, str],
    tools: RenderTools,
) -> str:
    wording = tools.wording(brief)
    phrases = Phrases.of(brief, wording, options.dates)
    views = _views(brief, whole, phrases)
    return tools.templates.render(
        "mail.html",
        brief=brief, subject=marks["subject"], preheader=marks.get("preheader"), unsubscribe=marks.get("leave"),
        images=images, wording=wording, phrases=phrases, theme=theme_of(options.theme), locale=_locale(brief, wording),
        sections=[(name, [next(views) for _ in stories]) for name, stories in brief.sections],
        # Without a title or a section the headlines are the first level: none is skipped.
        top=1 if brief.title or any(story.section for story in brief.stories) else 0,
        source_links=functools.partial(_source_links, phrases), mailto=mailto, runs=runs,
        colophon=list(colophon(brief, phrases)),
        charts=options.charts, **(_charts(brief, wording) if options.charts else {}),
    )  # fmt: skip


def _charts(brief: Brief, wording: Wording) -> dict[str, Any]:
    """The bars as titles and numbers, for the template to lay out."""
    # Imported here, because few ask for them.
    from perspectives.charts import brief_charts, story_charts

    return {
        "story_charts": functools.partial(story_charts, wording=wording),
        "brief_charts": list(brief_charts(brief, wording)),
    }


def _views(brief: Brief, whole: int, phrases: Phrases) -> Iterator[_StoryView]:
    for index, (story, numbering) in enumerate(numbered(brief)):
        own = _Locale(story.language, direction(story.language)) if story.language else None
        more = story.url if index >= whole else None
        yield _StoryView(StoryOutline(story, numbering, phrases), own or _locale(brief, phrases.wording), more)


def _source_links(phrases: Phrases, source: Source | None) -> Iterator[tuple[Phrase, str | None]]:
    """What a source is known by, each with where it leads."""
    first, *others = phrases.source(source)
    yield first, source.url if source else None
    yield from ((phrase, None) for phrase in others)
    if source and source.archived_url:
        yield (phrases.wording.archived,), source.archived_url


def _locale(brief: Brief, wording: Wording) -> _Locale:
    return _Locale(brief.language or wording.language or "en", wording.direction or "ltr")
