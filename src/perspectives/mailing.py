"""One brief for many readers, rendered and encoded once; and a mail as the standard library's message."""

import email
import email.policy
import re
from collections.abc import Iterator, Mapping, Sequence
from email.message import EmailMessage
from urllib.parse import quote

from attrs import frozen

from perspectives import options as option
from perspectives.api import default_registry
from perspectives.errors import Fault, Finding, OptionsError
from perspectives.message import mailbox_faults
from perspectives.model import Brief, Story, as_brief
from perspectives.plugin import Rendered, RenderTools, essence
from perspectives.registry import Registry
from perspectives.renderers.email import compose
from perspectives.renderers.email_options import EmailOptions, is_one_click, unsubscribe_faults
from perspectives.renderers.email_texts import texts, values
from perspectives.text import check_text, nearest, show

_FIELD = re.compile(r"\{([A-Za-z_][A-Za-z0-9_]*)\}")
# A URL of the model holds no braces but encoded ones (RFC 3986, 2).
_URL_FIELD = re.compile(r"%7B([A-Za-z_][A-Za-z0-9_]*)%7D", re.IGNORECASE)


@frozen
class _Pattern:
    """A text with fields: words and names of fields by turns, words first."""

    pieces: tuple[str, ...]
    is_url: bool

    @classmethod
    def of(cls, name: str, text: str) -> "_Pattern":
        is_url = name.endswith(".href")
        return cls(tuple((_URL_FIELD if is_url else _FIELD).split(text)), is_url)

    @property
    def fields(self) -> Sequence[str]:
        return self.pieces[1::2]

    def filled(self, fields: Mapping[str, str]) -> str:
        pieces = list(self.pieces)
        pieces[1::2] = [quote(fields[name], safe="") if self.is_url else fields[name] for name in pieces[1::2]]
        return "".join(pieces)


class Mailing:
    """A brief for many readers: each gets a mail of their own, and nothing is rendered twice.

    In the subject, the preheader, the intro and the call to action `{name}` is
    a field, for each name in `fields`; in the address of the call to action it
    is `%7Bname%7D`. The options are those of the renderer `email`, but for `to`
    and `unsubscribe`, which are each reader's. `merge` gives the bytes of one
    mail; they are those that `render` gives for the brief with the values in
    it; what `overflow` makes a teaser is decided once for all. `findings` say
    what the mails could not show, and which fields stand where none is filled.
    With a `registry` of your own its templates are used. Raises `OptionsError`.
    """

    def __init__(
        self,
        brief: Brief | Story,
        /,
        fields: Sequence[str] = ("first_name",),
        *,
        assets: Mapping[str, bytes] | None = None,
        registry: Registry | None = None,
        **options: object,
    ) -> None:
        whole = as_brief(brief)
        self.fields: tuple[str, ...] = _names(fields)
        settings = _settings(options)
        tools = (registry or default_registry()).render_tools(assets)
        patterns = _patterns(whole, settings, self.fields)
        self._personal = {name: pattern for name, pattern in patterns.items() if pattern.fields}
        self._needed = frozenset(name for pattern in self._personal.values() for name in pattern.fields)
        self._same = values({name: pattern.filled({}) for name, pattern in patterns.items() if not pattern.fields})
        composed = compose(whole, settings, tools)
        self._letter = composed.letter.settled(self._same)
        self.findings: tuple[Finding, ...] = (*composed.findings, *_stray(whole, self.fields, tools))

    def merge(self, *, to: str, unsubscribe: str, fields: Mapping[str, str] | None = None) -> bytes:
        """The mail of one reader, ready to be sent.

        `to` is one address, with or without a name; `unsubscribe` is where this
        reader leaves the list, an https URL with or without a mailto: address;
        `fields` has a text for each field that occurs. Raises `OptionsError`
        with all that is wrong.
        """
        fields = {} if fields is None else fields
        if faults := [*self._faults(to, unsubscribe, fields)]:
            raise OptionsError(faults)
        own = {name: pattern.filled(fields) for name, pattern in self._personal.items()}
        return self._letter.fill(self._same | values(own | {"to": to, "unsubscribe": unsubscribe}))

    def _faults(self, to: str, unsubscribe: str, fields: Mapping[str, str]) -> Iterator[Fault]:
        yield from check_text(to, "to") or mailbox_faults(to, "to")
        if wrong := unsubscribe_faults(unsubscribe, "unsubscribe"):
            yield from wrong
        elif not is_one_click(unsubscribe):
            message = f"{show(unsubscribe)} is no way to leave by one click"
            yield Fault(code="bad-unsubscribe", message=message, path="unsubscribe", expected="an https URL")
        if not isinstance(fields, Mapping):
            right = "a text for each name, like {'first_name': 'Ada'}"
            yield Fault(code="bad-option", message=f"{show(fields)} does not fit", path="fields", expected=right)
            return
        for name in sorted(self._needed - fields.keys()):
            message = f"the mail has a field {name!r} and got no text for it"
            yield Fault(code="missing-field", message=message, path=f"fields.{name}", expected="a text")
        for name, value in fields.items():
            if name not in self.fields:
                yield _unknown(name, f"fields.{name}", self.fields)
            yield from check_text(value, f"fields.{name}")


def _names(fields: Sequence[str]) -> tuple[str, ...]:
    right = "a list of names, like ['first_name']"
    if (
        isinstance(fields, str)
        or not isinstance(fields, Sequence)
        or not all(isinstance(name, str) and name.isidentifier() and name.isascii() for name in fields)
    ):
        raise OptionsError(
            Fault(code="bad-option", message=f"{show(fields)} does not fit", path="fields", expected=right)
        )
    return tuple(fields)


# What stands for each reader's while the mail is made, and only says that there is one.
_EACH = {"to": "reader@example.org", "unsubscribe": "https://example.org/"}


def _settings(options: Mapping[str, object]) -> EmailOptions:
    right = "it with each `merge`"
    faults = [
        Fault(code="bad-option", message="each mail has its own", path=name, expected=right)
        for name in _EACH
        if name in options
    ]
    if options.get("overflow") == "split":
        message, right = "each reader gets one mail", "'warn' or 'teaser', or a mailing for each of several briefs"
        faults.append(Fault(code="bad-option", message=message, path="overflow", expected=right))
    if faults:
        raise OptionsError(faults)
    return option.build(EmailOptions, "perspectives-briefs:email", {**options, **_EACH})


def _patterns(brief: Brief, settings: EmailOptions, names: Sequence[str]) -> dict[str, _Pattern]:
    """The texts that may differ, by name; those that nobody meant for fields have none.

    Refuses fields that are not declared: a reader would see the braces.
    """
    # A subject or preheader that is taken from a title, a headline or a summary is what a story says.
    own = {
        name
        for name, given in (("subject", settings.subject), ("preheader", settings.preheader or brief.intro))
        if given
    }
    patterns = {}
    for name, text in texts(brief, settings).items():
        if name not in _EACH:
            is_own = name in own or name not in ("subject", "preheader")
            patterns[name] = _Pattern.of(name, text) if is_own else _Pattern((text,), is_url=False)
    faults = [
        _unknown(field, path, names)
        for path, pattern in patterns.items()
        # That of the intro says the same as the intro.
        if path != "preheader" or settings.preheader
        for field in pattern.fields
        if field not in names
    ]
    if faults:
        raise OptionsError(faults)
    return patterns


def _unknown(name: str, path: str, names: Sequence[str]) -> Fault:
    near = nearest(name, names)
    right = repr(near) if near else f"one of `fields`: {', '.join(names) or 'none'}"
    return Fault(code="unknown-field", message=f"there is no field {name!r}", path=path, expected=right)


def _stray(brief: Brief, names: Sequence[str], tools: RenderTools) -> Iterator[Finding]:
    """The fields that stand where no reader's text is put: it might be what a story says."""
    for node in tools.outline(brief):
        for name in _FIELD.findall(node.text):
            if name in names and node.role not in ("intro", "call-to-action"):
                message = f"{{{name}}} is printed as it stands"
                hint = "fields are filled in subject, preheader, intro and call to action"
                yield Finding(code="stray-field", message=message, hint=hint, path=node.path)


def to_message(mail: Rendered | bytes) -> EmailMessage:
    """A mail as an `EmailMessage`, for `smtplib.SMTP.send_message` and what else takes one.

    Takes what the renderer `email` returns, or the bytes of `Mailing.merge`.
    The message is written out as it was read, whatever its headers hold; with
    another policy (`message.as_bytes(policy=...)`) the standard library would
    fold them anew and alter some. Raises `OptionsError` for what is no mail.
    """
    kind = essence(mail.media_type) if isinstance(mail, Rendered) else None
    if kind != "message/rfc822" and not isinstance(mail, bytes):
        right = "what render(brief, 'email') or Mailing.merge returns"
        raise OptionsError(
            Fault(code="not-mail", message=f"{show(kind or mail)} is no mail", path="mail", expected=right)
        )
    return email.message_from_bytes(bytes(mail), policy=email.policy.SMTP.clone(refold_source="none"))
