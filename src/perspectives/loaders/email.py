"""A brief from a mail: the data that it carries, else its text or its HTML.

1. A part `application/json` that says `"format": "perspectives/..."`, which the renderer writes with `attach_data`:
   the whole brief, read as strictly as JSON. What the parts beside it say is not compared.
2. The HTML part, where it holds a data island or our markup, as pages of ours do.
3. The text part of a mail of ours, or where it stands in the layout of our text renderer. It is made from the model
   and gives back more than the HTML part of the same mail, whose markup is kept small and says not what a text is.
   The links listed at its end stand behind their words again, and the way to leave the list is no part of the brief.
4. The HTML part of any other mail, as a page of others is read; else the text part.

Where a mail of others has both, a finding says which was read, and why the other was not; mails of ours are known by
the boundary between their parts. The subject is never taken for a
title: where the renderer put the title there, the parts say it too. Sender, list and dates of the headers are those
of the mail, not of the brief.

Of several bodies, as in a mail that was forwarded, the first that holds a brief is read, and a finding quotes each
other. Parts, limits and what is mended: `email_parts.py`.
"""

import re

from perspectives.plugin import Confidence, Input, Loaded, Loader, LoaderInfo, LoadTools, NoOptions, loaders

_FIELD = re.compile(rb"([!-9;-~]+):[^\r\n]*")
_END = re.compile(rb"\r\n|\r|\n")
_KNOWN = frozenset(
    b"content-type date delivered-to dkim-signature from message-id mime-version received return-path subject to"
    b" x-unsent".split()
)
_FEWEST = 2
"""Of the known fields: one alone may begin any text, `Date: ...`."""


class EmailLoader:
    """Reads mails of ours, and newsletters of others in the layout that the text loader reads.

    Equal comes back the brief of a mail with `attach_data`. Without it comes
    back what the text loader reads of the same brief rendered as text, where
    no run of blanks stood at the end of a line and `dates` is `iso`. A mail of
    which only the HTML part is left is read as a page of others is.

    Only a mail whose HTML part is read needs the extra `html`; without the
    extra the text part is read, and a finding says so.
    """

    info: LoaderInfo = LoaderInfo(
        name="email",
        summary="A mail: the data that it carries, else its text or HTML part",
        media_types=("message/rfc822",),
        extensions=(".eml",),
    )
    options_class: type[NoOptions] = NoOptions

    def sniff(self, input: Input, /) -> Confidence:
        """Certain where it begins with the headers of a mail."""
        lines = _END.split(input.head)
        is_whole = b"" in lines
        lines = lines[: lines.index(b"")] if is_whole else lines[:-1]
        lines = lines[1:] if lines and lines[0].startswith(b"From ") else lines  # as mailboxes of Unix part mails
        fields = [line for line in lines if not line.startswith((b" ", b"\t"))]
        found = [_FIELD.fullmatch(line) for line in fields]
        names = {match[1].lower() for match in found if match}
        return Confidence.CERTAIN if all(found) and len(names & _KNOWN) >= _FEWEST else Confidence.NO

    def load(self, input: Input, options: NoOptions, tools: LoadTools, /) -> Loaded:
        """The brief. Raises `LoadError` or `LimitError` for what cannot be read, with the part and its line."""
        # Who sniffs imports every loader, and what takes mails apart takes long to start.
        from perspectives.loaders.email_brief import read_mail

        return read_mail(input, tools)


@loaders
def perspectives_loaders() -> list[Loader[NoOptions]]:
    """The email loader."""
    return [EmailLoader()]
