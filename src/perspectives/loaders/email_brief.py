"""Which part of a mail is read for the brief, and what is said of the others."""

from collections.abc import Iterator, Sequence
from importlib.util import find_spec

import attrs

from perspectives.catalogue import key
from perspectives.codec import from_dict
from perspectives.codec import parse as parse_json
from perspectives.errors import Fault, Finding, LoadError, PerspectivesError
from perspectives.loaders.email_parts import Body, Mail, MailPart, parse, refuse
from perspectives.loaders.email_text import is_laid_out, read_text
from perspectives.model import Brief
from perspectives.plugin import Input, Loaded, LoadTools
from perspectives.text import clean, show

_MARKUP = ("perspectives-brief", "perspectives-data")
"""The classes by which a page of ours is known."""


def read_mail(input: Input, tools: LoadTools) -> Loaded:
    """The brief. Raises `LoadError` or `LimitError` for what cannot be read, with the part and its line."""
    mail = parse(input)
    if mail.data:
        return _data(mail, tools)
    if not any(body.parts for body in mail.bodies):
        broken = "".join(f"; {finding.message}" for finding in mail.findings)
        refuse("no-part", f"the mail has neither text nor HTML{broken}", "a part text/plain or text/html")
    faults: list[Fault] = []
    for body in mail.bodies:
        try:
            loaded = _body(body, mail, tools)
        except LoadError as error:
            faults += error.faults
            continue
        others = [_unread(other) for other in mail.bodies if other is not body]
        return attrs.evolve(loaded, findings=[*mail.findings, *others, *loaded.findings, *_subject(mail, loaded.brief)])
    raise LoadError(faults)


def _data(mail: Mail, tools: LoadTools) -> Loaded:
    """The brief of the data part."""
    if len({part.text for part in mail.data}) > 1:
        refuse("several-briefs", f"the mail carries {len(mail.data)} briefs", "one brief in a mail")
    try:
        brief: Brief = from_dict(parse_json(mail.data[0].text, tools.limits), limits=tools.limits)
    except PerspectivesError as error:
        raise type(error)([_placed(fault, mail.data[0]) for fault in error.faults]) from None
    return Loaded(brief=brief, findings=mail.findings, limits=tools.limits)


def _body(body: Body, mail: Mail, tools: LoadTools) -> Loaded:
    """The brief of the first part that holds one, and a finding that says which it is, where there are others."""
    findings: list[Finding] = []
    faults: list[Fault] = []
    order = list(_order(body, findings))
    for part in order:
        try:
            loaded = _read(part, body, mail, tools)
        except LoadError as error:
            faults += [_placed(fault, part) for fault in error.faults]
            continue
        except PerspectivesError as error:
            raise type(error)([_placed(fault, part) for fault in error.faults]) from None
        if not body.is_ours or faults:
            findings += _choice(part, order, faults)
        return attrs.evolve(loaded, findings=[*findings, *(_told(one, part) for one in loaded.findings)])
    raise LoadError(faults)


def _order(body: Body, findings: list[Finding]) -> Iterator[MailPart]:
    """The parts of a body, the one that loses least first."""
    text, html = body.part("text/plain"), body.part("text/html")
    if html and text and find_spec("turbohtml") is None:
        message = f"{text.name} is read, because the parser of {html.name} is not installed"
        hint = "pip install 'perspectives-briefs[html]'"
        findings.append(Finding(code="guessed-part", message=message, path=text.media_type, hint=hint))
        html = None
    is_marked = html and any(name in html.text for name in _MARKUP)
    is_text_first = text and not is_marked and (body.is_ours or is_laid_out(text.text))
    yield from (part for part in ((text, html) if is_text_first else (html, text)) if part)


def _read(part: MailPart, body: Body, mail: Mail, tools: LoadTools) -> Loaded:
    if part.media_type == "text/plain":
        return read_text(part.text, mail.leaving, body.is_ours, tools)
    if find_spec("turbohtml") is None:
        message = "HTML needs the parser turbohtml, which is not installed"
        expected = "pip install 'perspectives-briefs[html]'"
        raise LoadError(Fault(code="missing-extra", message=message, expected=expected))
    # Imported here, because few mails need it.
    from perspectives.loaders.html_page import read_page

    # The charset that the page declares is that of the mail before it was decoded.
    return read_page(Input(name="", data=f"\ufeff{part.text}".encode("utf-8", "replace")), tools)


def _choice(part: MailPart, order: Sequence[MailPart], faults: Sequence[Fault]) -> Iterator[Finding]:
    others = [other for other in order if other is not part]
    for other in others:
        if faults:
            why = f"{part.name} is read, because {other.name} gives no brief: {faults[0]}"
            yield Finding(code="guessed-part", message=why, path=part.media_type)
        else:
            message = f"{part.name} is read, and not {other.name}, which is taken to say the same"
            yield Finding(code="guessed-part", message=message, severity="info", path=part.media_type)


def _unread(body: Body) -> Finding:
    part = body.parts[0]
    message = f"the part {part.media_type} {show(clean(part.text))} is left out"
    return Finding(code="unread-part", message=message, path=part.media_type, hint="load it on its own")


def _subject(mail: Mail, brief: Brief) -> Iterator[Finding]:
    """The subject, where the brief does not say it."""
    said = {key(text) for text in (brief.title, *(story.headline for story in brief.stories)) if text}
    subject = clean(mail.subject)
    if subject and key(subject) not in said:
        message = f"the subject {subject!r} is left out"
        hint = "a title says what a brief is called, a subject what a mail is about"
        yield Finding(code="unread-subject", message=message, severity="info", path="Subject", hint=hint)


def _placed(fault: Fault, part: MailPart) -> Fault:
    """A fault with its place in the part: `text/plain:12`."""
    path = fault.path if fault.path.startswith("$") else _place(part, fault.line, fault.column, fault.path)
    return attrs.evolve(fault, path=path, line=None, column=None)


def _told(finding: Finding, part: MailPart) -> Finding:
    """The same for a finding."""
    path = finding.path if finding.path.startswith("$") else _place(part, finding.line, finding.path)
    return attrs.evolve(finding, path=path, line=None)


def _place(part: MailPart, *places: int | str | None) -> str:
    return ":".join(str(place) for place in (part.media_type, *places) if place)
