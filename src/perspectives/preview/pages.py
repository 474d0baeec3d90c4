"""What is shown of a reading: a page with a tab for each renderer, and what stands in its frames."""

import base64
import hashlib
import mimetypes
import re
from collections.abc import Iterator, Mapping
from http import HTTPStatus
from importlib.resources import files
from pathlib import PurePath
from typing import Any
from urllib.parse import parse_qsl, quote, unquote

from attrs import field, frozen

from perspectives.discovery import Provider
from perspectives.errors import PerspectivesError
from perspectives.plugin import Part, Rendered, essence
from perspectives.preview import Preview, Reading
from perspectives.templating import render_file
from perspectives.theme import THEME

GMAIL_BYTES = 102 * 1024
"""Of HTML; what is longer Gmail cuts (hteumeuleu/email-bugs #41)."""
WIDTHS = (320, 600)
SCHEMES = ("light", "dark")

# Under it nothing runs and nothing is fetched from elsewhere, whatever a renderer writes.
_FRAME = (
    "sandbox; default-src 'none'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; font-src 'self' data:; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'self'"
)
_CONTENT = re.compile(r"/as/([^/]+)/(.*)")
_MEDIA_TYPE = re.compile(r"[\w.+-]+/[\w.+-]+", re.ASCII)


@frozen(kw_only=True)
class Answer:
    """What the server sends."""

    body: bytes
    media_type: str
    policy: str
    status: HTTPStatus = HTTPStatus.OK


def answer(preview: Preview, path: str, query: str) -> Answer:
    """The page, or for one of its frames and links a content or part, or that there is none."""
    asked = dict(parse_qsl(query))
    reading = preview.reading()
    if path == "/":
        return _page(preview, reading, asked.get("to") or preview.first or next(iter(reading.tabs)))
    if match := _CONTENT.fullmatch(path):
        body = _content(reading, unquote(match[1]), unquote(match[2]), asked.get("part"))
        if body is not None:
            media_type = essence(body.media_type)
            charset = "; charset=utf-8" if isinstance(body.content, str) else ""
            known = media_type + charset if _MEDIA_TYPE.fullmatch(media_type) else "application/octet-stream"
            return Answer(body=bytes(body), media_type=known, policy=_FRAME)
    return refusal(HTTPStatus.NOT_FOUND, f"there is nothing at {path}")


def refusal(status: HTTPStatus, message: str) -> Answer:
    """A line of text that says why nothing else is sent."""
    body = f"{message}\n".encode("utf-8", "backslashreplace")
    return Answer(body=body, media_type="text/plain; charset=utf-8", policy=_FRAME, status=status)


def _content(reading: Reading, to: str, name: str, number: str | None) -> Rendered | Part | None:
    """What a renderer returned, or one of its parts: by name, so that a page finds its own, or by number."""
    try:
        provider = reading.tabs.get(to)
        rendered = reading.rendered(provider.label) if provider else None
    except PerspectivesError:  # the page says why
        return None
    if rendered is None or not (name or number):
        return rendered
    parts = {part.name: part for part in rendered.parts} if name else dict(_numbered(rendered))
    return parts.get(name or number or "")


def _numbered(rendered: Rendered) -> Iterator[tuple[str, Part]]:
    return ((str(number), part) for number, part in enumerate(rendered.parts, 1))


def _page(preview: Preview, reading: Reading, to: str) -> Answer:
    names = _names(reading.tabs)
    shown, faults = _shown(preview, reading, to)
    style, script = _file("page.css", theme=THEME), _file("page.js")
    page = _file(
        "page.html", file=preview.file, version=reading.version, to=to, name=names.get(to, to), tabs=names,
        faults=faults, findings=reading.report.findings if reading.report else (), shown=shown,
        widths=WIDTHS, schemes=SCHEMES, gmail_bytes=GMAIL_BYTES, style=style, script=script,
    )  # fmt: skip
    policy = (
        f"default-src 'none'; script-src '{_sha256(script)}'; style-src '{_sha256(style)}'; connect-src 'self'; "
        "frame-src 'self'; img-src 'self' data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    )
    return Answer(
        # A file's name that is no UTF-8 has half characters.
        body=page.encode("utf-8", "backslashreplace"),
        media_type="text/html; charset=utf-8",
        policy=policy,
        status=HTTPStatus.OK if to in names else HTTPStatus.NOT_FOUND,
    )


def _shown(preview: Preview, reading: Reading, to: str) -> "tuple[_Shown | None, tuple[str, ...]]":
    """What there is to look at in a tab, and all that is wrong."""
    provider = reading.tabs.get(to)
    if provider is None:
        return None, (*reading.faults, f"there is no renderer {to!r} any more")
    try:
        rendered = reading.rendered(provider.label)
    except PerspectivesError as error:
        return None, (*reading.faults, str(error))
    return _Shown(preview.file, reading, to, provider, rendered) if rendered else None, reading.faults


def _names(tabs: Mapping[str, Provider]) -> dict[str, str]:
    """What stands on each tab: the name alone, if no other has it."""
    names = [provider.name for provider in tabs.values()]
    return {to: one.name if names.count(one.name) == 1 else to for to, one in tabs.items()}


def _file(name: str, /, **values: object) -> str:
    return render_file(files("perspectives.preview") / name, **values)


def _sha256(text: str) -> str:
    return f"sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}"


@frozen
class _Shown:
    """What the template prints of a content."""

    file: str
    reading: Reading
    to: str
    provider: Provider
    rendered: Rendered = field(repr=False)

    @property
    def address(self) -> str:
        return f"/as/{quote(self.to, safe='')}/"

    @property
    def kind(self) -> str:
        """How it is best looked at."""
        media_type = essence(self.rendered.media_type)
        if media_type == "message/rfc822":
            return "mail"
        if _is_page(self.rendered):
            return "page"
        if media_type.startswith("image/"):
            return "image"
        return "text" if _text(self.rendered) is not None else "file"

    @property
    def size(self) -> int:
        return len(bytes(self.rendered))

    @property
    def source(self) -> str | None:
        return _text(self.rendered)

    @property
    def filename(self) -> str:
        info: Any = self.reading.registry.describe("renderer", self.provider.label)[1].info
        return self._stem + next(iter(info.extensions), f".{self.provider.name}")

    @property
    def _stem(self) -> str:
        return PurePath(self.file).stem

    @property
    def parts(self) -> list[dict[str, Any]]:
        """Each with where it is, what it is saved as, and what it says if that is a text."""
        return [
            {
                "media_type": part.media_type,
                "name": part.name or "–",
                "size": len(bytes(part)),
                "address": self.address + (quote(part.name) if part.name else f"?part={number}"),
                "filename": PurePath(part.name).name
                or self._stem + (mimetypes.guess_extension(essence(part.media_type)) or ""),
                "source": _text(part),
                "is_page": _is_page(part),
                "is_plain": essence(part.media_type) == "text/plain",
            }
            for number, part in _numbered(self.rendered)
        ]


def _is_page(body: Rendered | Part) -> bool:
    return essence(body.media_type) in ("text/html", "application/xhtml+xml")


def _text(body: Rendered | Part) -> str | None:
    """The content as it is written, and never as markup; None for what is no text."""
    data = bytes(body)
    try:
        return None if b"\0" in data else data.decode()
    except UnicodeDecodeError:
        return None
