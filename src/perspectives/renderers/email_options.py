"""The options of the mail, and what is wrong with them: nothing that a header cannot hold gets further."""

import datetime as dt
import re
from collections.abc import Mapping, Sequence
from typing import Literal

from attrs import field, frozen

from perspectives.dates import DateStyle, check_style
from perspectives.errors import Fault, OptionsError
from perspectives.fields import DATETIME
from perspectives.message import mailbox, mailbox_faults
from perspectives.text import check_address, check_text, check_url, show
from perspectives.theme import theme_of

Overflow = Literal["warn", "teaser", "split"]

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
    list_id: str | None = field(
        default=None, metadata={"help": "which list it is (RFC 2919): `News <news.example.org>`"}
    )
    date: dt.datetime | None = field(default=None, metadata={"help": "when it is sent, with offset"})
    attach_data: bool = field(
        default=False, metadata={"help": "the brief as `brief.json`, from which it loads back exactly"}
    )
    charts: bool = field(
        default=False,
        metadata={"help": "tables: words, outlets and citations of each group, and how the outlets are rated"},
    )
    dates: DateStyle = field(default="iso", metadata={"help": "iso, or long: in the brief's language (extra `dates`)"})
    theme: Mapping[str, str] | None = field(
        default=None, hash=False, metadata={"help": "accent, ink, paper, font of your own: `theme.accent=#005f73`"}
    )
    overflow: Overflow = field(
        default="warn",
        metadata={
            "help": "where the HTML has over 90 KB, which mail programs may cut off: warn; teaser: headline, summary"
            " and link of the stories that do not fit; split: several mails, the further ones in `parts`"
        },
    )

    def __attrs_post_init__(self) -> None:
        check_style(self.dates)
        theme_of(self.theme)
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


_LONGEST = 900
"""Characters of the ways to leave: a header is one line, and a line has 998 (RFC 5322, 2.1.1)."""
_WAYS = f"an https URL, a mailto: address, or both parted by a blank, of at most {_LONGEST} characters"


def unsubscribe_faults(value: str, path: str) -> Sequence[Fault]:
    """What is wrong with the ways to leave a list: one by https, one by mail, or both."""
    if faults := check_text(value, path):
        return faults
    words = value.split(" ")
    # As the header has them; in a URL a comma is allowed.
    if any(word.endswith(",") for word in words[:-1]):
        return [_not_a_way(value, "has a comma between its ways", path)]
    if faults := [fault for word in words for fault in _way_faults(word, path)]:
        return faults
    if len({_is_mailto(word) for word in words}) < len(words):
        return [_not_a_way(value, "names two of a kind", path)]
    return [_not_a_way(value, "is too long", path)] if len(value) > _LONGEST else ()


def _way_faults(word: str, path: str) -> Sequence[Fault]:
    if match := _MAILTO.fullmatch(word):
        return check_address(match["address"], path)
    if wrong := check_url(word, path):
        return wrong
    # One click is a request without a question, which nobody on the way may change (RFC 8058, 3.1).
    return () if word.lower().startswith("https:") else [_not_a_way(word, "is not secure", path)]


def _not_a_way(value: str, what: str, path: str) -> Fault:
    return Fault(code="bad-unsubscribe", message=f"{show(value)} {what}", path=path, expected=_WAYS)


def _is_mailto(word: str) -> bool:
    return word.startswith("mailto:")


def _list_id_faults(value: str) -> Sequence[Fault]:
    name, identifier = mailbox(value)
    if _LIST_ID.fullmatch(identifier):
        return check_text(name, "list_id") if name else ()
    right = "one like 'News <news.example.org>'"
    return [Fault(code="bad-list-id", message=f"{show(value)} names no list", path="list_id", expected=right)]


def list_unsubscribe(value: str) -> str:
    """The ways to leave as the header has them."""
    return ", ".join(f"<{word}>" for word in value.split(" "))


def list_id(value: str) -> str:
    """The list as the header has it: its id stands in brackets, with or without words before it (RFC 2919, 3)."""
    return value if value.endswith(">") else f"<{value}>"


def leave_link(value: str) -> str:
    """The way to leave that a reader is led to: the page if there is one."""
    return next((word for word in value.split(" ") if not _is_mailto(word)), value)


def is_one_click(value: str) -> bool:
    """Whether one of the ways to leave needs no more than a click."""
    return not _is_mailto(leave_link(value))
