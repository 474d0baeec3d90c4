"""A brief as one mail: a text and an HTML part, both from the model."""

import datetime as dt
import functools
import hashlib
from collections.abc import Iterator, Sequence
from email.utils import format_datetime
from typing import Any, Literal

from attrs import field, frozen

from perspectives.attribution import Source
from perspectives.catalogue import direction
from perspectives.dates import DateStyle, check_style
from perspectives.errors import Fault, OptionsError
from perspectives.fields import DATETIME
from perspectives.message import alternatives, body, boundary, mailbox, mailbox_faults
from perspectives.model import Brief, Story
from perspectives.outline import UNPRINTED, Numbering, StoryOutline, colophon, numbered, runs
from perspectives.phrases import Phrase, Phrases
from perspectives.plugin import Part, Rendered, Renderer, RendererInfo, RenderTools, renderers
from perspectives.text import check_text, mailto
from perspectives.theme import THEME
from perspectives.wording import Wording


@frozen(kw_only=True)
class EmailOptions:
    """What the headers say. An address is one `news@example.org` or `News <news@example.org>`.

    A mail needs sender and date (RFC 5322, 3.6); one that lacks either is a
    draft, which mail programs open for editing (`X-Unsent: 1`).
    """

    subject: str | None = field(default=None, metadata={"help": "else the title, else the first headline"})
    sender: str | None = field(default=None, metadata={"help": "who sends it: `News <news@example.org>`"})
    to: str | None = field(default=None, metadata={"help": "who gets it, one address"})
    date: dt.datetime | None = field(default=None, metadata={"help": "when it is sent, with offset"})
    charts: bool = field(
        default=False,
        metadata={"help": "tables: words, outlets and citations of each group, and how the outlets are rated"},
    )
    dates: DateStyle = field(default="iso", metadata={"help": "iso, or long: in the brief's language (extra `dates`)"})

    def __attrs_post_init__(self) -> None:
        check_style(self.dates)
        faults: list[Fault] = []
        if self.subject is not None:
            faults += check_text(self.subject, "subject")
        for name, value in (("sender", self.sender), ("to", self.to)):
            if value is not None:
                faults += mailbox_faults(value, name)
        if self.date is not None:
            faults += DATETIME.faults(self.date, "date")
        if faults:
            raise OptionsError(faults)


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
        subject = _subject(brief, options)
        text = Part(str(tools.render(brief, "perspectives-briefs:text", width=72, dates=options.dates)), "text/plain")
        html = Part(_html(brief, subject, options, tools), "text/html")
        bodies = [body(str(part), part.media_type, brief.language) for part in (text, html)]
        digest = _digest(subject, options, bodies)
        headers = _headers(subject, options, digest)
        content = alternatives(headers, bodies, boundary(digest))
        return Rendered(content, self.info.media_type, headers=headers, parts=(text, html))


@renderers
def perspectives_renderers() -> list[Renderer[EmailOptions]]:
    """The mail renderer."""
    return [EmailRenderer()]


def _subject(brief: Brief, options: EmailOptions) -> str:
    headlines = (story.headline for story in brief.stories)
    subject = options.subject or brief.title or next(headlines, None)
    if subject is None:
        message = "the brief has no title and no story to take a subject from"
        right = "the option 'subject'"
        raise OptionsError(Fault(code="no-subject", message=message, path="subject", expected=right))
    return subject


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


def _html(brief: Brief, subject: str, options: EmailOptions, tools: RenderTools) -> str:
    wording = tools.wording(brief)
    phrases = Phrases.of(brief, wording, options.dates)
    views = _views(brief, phrases)
    return tools.templates.render(
        "mail.html",
        brief=brief, subject=subject, wording=wording, phrases=phrases, theme=THEME, locale=_locale(brief, wording),
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


def _headers(subject: str, options: EmailOptions, digest: str) -> dict[str, str]:
    """Each header's value as a reader sees it, in the order that they are written."""
    sender, date = options.sender, options.date
    values = {
        "From": sender,
        "To": options.to,
        "Subject": subject,
        "Date": format_datetime(date) if date else None,
        "Message-ID": f"<{digest[:32]}@{mailbox(sender)[1].partition('@')[2]}>" if sender else None,
        "MIME-Version": "1.0",
        "X-Unsent": None if sender and date else "1",
        "Content-Type": f'multipart/alternative; boundary="{boundary(digest)}"',
    }
    return {name: value for name, value in values.items() if value is not None}


def _digest(subject: str, options: EmailOptions, bodies: Sequence[bytes]) -> str:
    """What tells this mail from every other: its content, and who sends it to whom and when."""
    when = format_datetime(options.date) if options.date else ""
    known = "\n".join([subject, options.sender or "", options.to or "", when])
    return hashlib.sha256(b"\n".join([known.encode(), *bodies])).hexdigest()
