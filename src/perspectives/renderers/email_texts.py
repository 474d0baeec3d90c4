"""What differs from one reader's mail to the next: a mail has a hole for each of these texts."""

from collections.abc import Mapping
from typing import Any

import attrs

from perspectives.errors import Fault, OptionsError
from perspectives.model import Brief, CallToAction
from perspectives.renderers.email_options import EmailOptions, leave_link

PREHEADER = 110
"""Characters that lists of mails show beside the subject, at most."""


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
    end = end if end > 0 else next((at for at in range(PREHEADER - 1, 0, -1) if text[at].isalnum()), PREHEADER - 1)
    return text[:end].rstrip(" ") + "…"


def with_marks(brief: Brief, marks: Mapping[str, str]) -> Brief:
    """The brief with a mark in place of each text that may differ."""
    call = brief.call_to_action
    if call:
        names = {name: f"call_to_action.{name}" for name in ("headline", "assurance", "label", "href")}
        changes: dict[str, Any] = {name: marks[path] for name, path in names.items() if path in marks}
        body = [marks[f"call_to_action.body[{index}]"] for index in range(len(call.body))]
        call = attrs.evolve(call, body=body, **changes)
    return attrs.evolve(brief, intro=marks.get("intro"), call_to_action=call)
