"""A brief as one mail: a text and an HTML part, both from the model."""

import datetime as dt
import functools
import hashlib
import json
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from email.utils import format_datetime
from typing import Any, Literal

import attrs
from attrs import field, frozen

from perspectives.attribution import Source
from perspectives.catalogue import direction
from perspectives.dates import DateStyle, check_style
from perspectives.errors import Fault, Finding, OptionsError
from perspectives.fields import DATETIME
from perspectives.message import (
    Form,
    Header,
    Hole,
    Letter,
    Marks,
    body,
    check_headers,
    digest_of,
    filled,
    image,
    mailbox,
    mailbox_faults,
    multipart,
    multipart_type,
)
from perspectives.model import Brief, CallToAction, Story
from perspectives.outline import UNPRINTED, Numbering, StoryOutline, colophon, numbered, runs
from perspectives.phrases import Phrase, Phrases
from perspectives.plugin import Part, Rendered, Renderer, RendererInfo, RenderTools, renderers
from perspectives.prose import wrapped
from perspectives.text import check_address, check_text, check_url, mailto, show
from perspectives.theme import THEME
from perspectives.wording import Wording


PREHEADER = 110
"""Characters that lists of mails show beside the subject, at most."""
_LIST_ID = re.compile(r"(?=.{1,255}\Z)[A-Za-z0-9_-]+(?:\.[A-Za-z0-9_-]+)+")
_MAILTO = re.compile(r"mailto:(?P<address>[^?]+)(?:\?[A-Za-z0-9._~:/?@!$&'()*+,;=%-]*)?")


@frozen(kw_only=True)
class EmailOptions:
    """What the headers say. An address is one `news@example.org` or `News <news@example.org>`.

    A mail needs sender and date (RFC 5322, 3.6); one that lacks either is a
    draft, which mail programs open for editing (`X-Unsent: 1`).
    """

    subject: str | None = field(default=None, metadata={"help": "else the title, else the first headline"})
    preheader: str | None = field(
        default=None,
        metadata={
            "help": "what lists of mails show beside the subject, cut at a word after 110 characters; else the intro,"
            " else the first summary; empty for none"
        },
    )
    sender: str | None = field(default=None, metadata={"help": "who sends it: `News <news@example.org>`"})
    to: str | None = field(default=None, metadata={"help": "who gets it, one address"})
    reply_to: str | None = field(default=None, metadata={"help": "who gets the answers, one address"})
    unsubscribe: str | None = field(
        default=None,
        metadata={
            "help": "where one leaves the list, by one click (RFC 8058): an https URL, a mailto: address, or both"
            " parted by a blank"
        },
    )
    list_id: str | None = field(default=None, metadata={"help": "which list it is (RFC 2919): `News <news.example.org>`"})
    date: dt.datetime | None = field(default=None, metadata={"help": "when it is sent, with offset"})
    attach_data: bool = field(
        default=False, metadata={"help": "the brief as `brief.json`, from which it loads back exactly"}
    )
    charts: bool = field(
        default=False,
        metadata={"help": "tables: words, outlets and citations of each group, and how the outlets are rated"},
    )
    dates: DateStyle = field(default="iso", metadata={"help": "iso, or long: in the brief's language (extra `dates`)"})

    def __attrs_post_init__(self) -> None:
        check_style(self.dates)
        faults: list[Fault] = []
        for name in ("subject", "preheader"):
            # An empty preheader says that there is to be none.
            if (value := getattr(self, name)) is not None and (value or name == "subject"):
                faults += check_text(value, name)
        for name in ("sender", "to", "reply_to"):
            if (value := getattr(self, name)) is not None:
                faults += mailbox_faults(value, name)
        if self.unsubscribe is not None:
            faults += unsubscribe_faults(self.unsubscribe, "unsubscribe")
        if self.list_id is not None:
            faults += _list_id_faults(self.list_id)
        if self.date is not None:
            faults += DATETIME.faults(self.date, "date")
        if faults:
            raise OptionsError(faults)


def unsubscribe_faults(value: str, path: str) -> Sequence[Fault]:
    """What is wrong with the ways to leave a list: one by https, one by mail, or one of the two."""
    faults: list[Fault] = []
    kinds = []
    for word in value.split(" "):
        kinds.append(word[:7].lower() == "mailto:")
        if match := _MAILTO.fullmatch(word):
            faults += check_address(match["address"], path)
        elif wrong := check_url(word, path):
            faults += wrong
        elif not word.lower().startswith("https:"):
            right = "https, which one click needs (RFC 8058, 3.1)"
            faults.append(Fault(code="bad-unsubscribe", message=f"{show(word)} is not secure", path=path, expected=right))
    if not faults and (len(set(kinds)) < len(kinds) or len(list_unsubscribe(value)) > _LONGEST):
        what = "is too long for a header" if len(set(kinds)) == len(kinds) else "names two of a kind"
        right = "an https URL, a mailto: address, or both parted by a blank, of 900 characters at most"
        faults.append(Fault(code="bad-unsubscribe", message=f"{show(value)} {what}", path=path, expected=right))
    return faults


_LONGEST = 900
"""Characters of the ways to leave: a header is one line, and a line has 998 (RFC 5322, 2.1.1)."""


def _list_id_faults(value: str) -> Sequence[Fault]:
    name, identifier = mailbox(value)
    if _LIST_ID.fullmatch(identifier):
        return check_text(name, "list_id") if name else ()
    right = "one like 'News <news.example.org>'"
    return [Fault(code="bad-list-id", message=f"{show(value)} names no list", path="list_id", expected=right)]


def list_unsubscribe(value: str) -> str:
    """The ways to leave as the header has them."""
    return ", ".join(f"<{word}>" for word in value.split(" "))


def leave_link(value: str) -> str:
    """The way to leave that a reader is led to: the page if there is one."""
    return next((word for word in value.split(" ") if not word.lower().startswith("mailto:")), value)


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
        found = values(texts(brief, options))
        composed = compose(brief, options, tools)
        content = composed.letter.fill(found)
        headers = {header.name: filled(header.form, found) for header in composed.headers}
        check_headers(content, list(headers))
        parts = [
            attrs.evolve(part, content=filled(form, found)) for part, form in zip(composed.parts, composed.forms, strict=True)
        ]
        return Rendered(content, self.info.media_type, headers=headers, parts=parts, findings=composed.findings)


@renderers
def perspectives_renderers() -> list[Renderer[EmailOptions]]:
    """The mail renderer."""
    return [EmailRenderer()]


# What differs from one reader's mail to the next


def texts(brief: Brief, options: EmailOptions) -> dict[str, str]:
    """The texts of a mail that may differ from reader to reader, by name.

    Raises `OptionsError` where neither option nor brief gives a subject.
    """
    found = {"subject": _subject(brief, options), "preheader": _preheader(brief, options), "intro": brief.intro}
    found |= _call_to_action(brief.call_to_action)
    found |= {"to": options.to, "unsubscribe": options.unsubscribe}
    return {name: text for name, text in found.items() if text}


def _subject(brief: Brief, options: EmailOptions) -> str:
    headlines = (story.headline for story in brief.stories)
    subject = options.subject or brief.title or next(headlines, None)
    if subject is None:
        message = "the brief has no title and no story to take a subject from"
        right = "the option 'subject'"
        raise OptionsError(Fault(code="no-subject", message=message, path="subject", expected=right))
    return subject


def _preheader(brief: Brief, options: EmailOptions) -> str | None:
    if options.preheader is not None:
        return options.preheader
    return brief.intro or next((story.summary for story in brief.stories if story.summary), None)


def _call_to_action(call: CallToAction | None) -> dict[str, str | None]:
    if call is None:
        return {}
    found = {f"call_to_action.{name}": getattr(call, name) for name in ("headline", "assurance", "label", "href")}
    return found | {f"call_to_action.body[{index}]": text for index, text in enumerate(call.body)}


def values(texts: Mapping[str, str]) -> dict[str, str]:
    """What goes into the holes of a mail for these texts."""
    found = dict(texts)
    if "preheader" in found:
        found["preheader"] = _cut(found["preheader"])
    if "unsubscribe" in found:
        found["leave"] = leave_link(found["unsubscribe"])
    return found


def _cut(text: str) -> str:
    """A text of at most `PREHEADER` characters, which ends with a word."""
    if len(text) <= PREHEADER:
        return text
    end = text.rfind(" ", 0, PREHEADER)
    # A script without blanks is cut at a letter, with what belongs to it.
    end = end if end > 0 else next(at for at in range(PREHEADER - 1, 0, -1) if text[at].isalnum())
    return text[:end].rstrip(" ") + "…"


def _marked(brief: Brief, marks: Mapping[str, str]) -> Brief:
    """The brief with a mark in place of each text that may differ."""
    call = brief.call_to_action
    if call:
        names = {name: f"call_to_action.{name}" for name in ("headline", "assurance", "label", "href")}
        changes: dict[str, Any] = {name: marks[path] for name, path in names.items() if path in marks}
        body = [marks[f"call_to_action.body[{index}]"] for index in range(len(call.body))]
        call = attrs.evolve(call, body=body, **changes)
    return attrs.evolve(brief, intro=marks.get("intro"), call_to_action=call)


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
    differ = values(texts(brief, options))
    marks = Marks(f"{brief!r}{options!r}", list(differ))
    marked = _marked(brief, marks.of)
    pictures, findings = _pictures(brief, tools.assets)
    text = _text(marked, options, marks.of, tools)
    html = _html(marked, options, marks.of, {url: picture.content_id for url, picture in pictures.items()}, tools)
    parts = [Part("", "text/plain"), Part("", "text/html")]
    forms = [marks.form_of_lines(text, _wrap), marks.form(html, _escape)]
    language = [f"Content-Language: {brief.language}"] if brief.language else []
    bodies = [body(form, f"{part.media_type}; charset=utf-8", *language) for part, form in zip(parts, forms, strict=True)]
    images = [image(one.data, one.media_type, one.content_id) for one in dict.fromkeys(pictures.values())]
    if options.attach_data:
        parts.append(Part("", "application/json"))
        forms.append(marks.form(_data(marked), _escape_json))
        bodies.append(body(forms[-1], "application/json", 'Content-Disposition: attachment; filename="brief.json"'))
    digest = digest_of(*bodies, *images)
    inner = bodies[1] if not images else multipart("related", digest, [bodies[1], *images])
    kind, entity = "alternative", multipart("alternative", digest, [bodies[0], inner])
    if options.attach_data:
        kind, entity = "mixed", multipart("mixed", digest, [entity, bodies[2]])
    headers = tuple(_headers(options, list(differ), multipart_type(kind, digest), digest))
    letter = Letter([*headers[:-1], *entity])
    return Composed(letter, headers, tuple(parts), tuple(forms), (*findings, *_missing(brief, options)))


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
        ("Message-ID", _message_id(sender, options.list_id, differ, digest) if sender else None),
    ]
    if options.unsubscribe:
        known.append(("List-Unsubscribe", _hole("unsubscribe", list_unsubscribe)))
        if leave_link(options.unsubscribe).lower().startswith("https:"):
            known.append(("List-Unsubscribe-Post", "List-Unsubscribe=One-Click"))
    known += [
        ("List-ID", options.list_id),
        ("Precedence", "bulk" if options.unsubscribe or options.list_id else None),
        ("MIME-Version", "1.0"),
        ("X-Unsent", None if sender and date else "1"),
        ("Content-Type", content_type),
    ]
    for name, value in known:
        if value is not None:
            yield Header(name, (value,) if isinstance(value, str) else value)


def _message_id(sender: str, list_id: str | None, differ: Sequence[str], digest: str) -> Form:
    """What tells this mail from every other: its content, who sends it, and to whom.

    Not when, nor where one leaves the list: sent once more after a crash it is
    the same mail, which the mailbox shows once.
    """
    names = [name for name in differ if name not in ("unsubscribe", "leave")]
    pieces = ("\n".join([digest, sender, list_id or "", ""]), *(piece for name in names for piece in (name, "\n")))
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


def _escape(text: str) -> str:
    # Imported here: it comes with the template engine.
    from markupsafe import escape

    return str(escape(text))


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

    @property
    def story(self) -> Story:
        return self.outline.story

    @property
    def numbering(self) -> Numbering:
        return self.outline.numbering


def _html(
    brief: Brief, options: EmailOptions, marks: Mapping[str, str], images: Mapping[str, str], tools: RenderTools
) -> str:
    wording = tools.wording(brief)
    phrases = Phrases.of(brief, wording, options.dates)
    views = _views(brief, phrases)
    return tools.templates.render(
        "mail.html",
        brief=brief, subject=marks["subject"], preheader=marks.get("preheader"), unsubscribe=marks.get("leave"),
        images=images, wording=wording, phrases=phrases, theme=THEME, locale=_locale(brief, wording),
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


def _views(brief: Brief, phrases: Phrases) -> Iterator[_StoryView]:
    for story, numbering in numbered(brief):
        own = _Locale(story.language, direction(story.language)) if story.language else None
        yield _StoryView(StoryOutline(story, numbering, phrases), own or _locale(brief, phrases.wording))


def _source_links(phrases: Phrases, source: Source | None) -> Iterator[tuple[Phrase, str | None]]:
    """What a source is known by, each with where it leads."""
    first, *others = phrases.source(source)
    yield first, source.url if source else None
    yield from ((phrase, None) for phrase in others)
    if source and source.archived_url:
        yield (phrases.wording.archived,), source.archived_url


def _locale(brief: Brief, wording: Wording) -> _Locale:
    return _Locale(brief.language or wording.language or "en", wording.direction or "ltr")
