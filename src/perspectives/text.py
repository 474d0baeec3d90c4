"""The gate: what a text, a URL and an address of the model may be; slugs; how errors quote a value.

Constructors only check; loaders `clean` first. For every string `t` the gate
accepts `t` exactly when `clean(t) == t` and `t` is not empty.
"""

import difflib
import functools
import re
import unicodedata
from collections.abc import Iterable, Sequence
from urllib.parse import quote, urlsplit

from perspectives.errors import Fault

_BREAKS = "\t\n\v\f\r\x85\u2028\u2029"
_BLANKS = re.compile(f"[ {_BREAKS}]+")
_FORBIDDEN = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029\ufeff\ufffe\uffff\ud800-\udfff]")

_ONE_PARAGRAPH = "one paragraph of plain text"


def clean(text: str) -> str:
    """Make any string fit for the model, losing as little as possible.

    A run of blanks that holds a tab or a line break becomes one space, a byte
    order mark goes, other control characters and lone surrogates become
    U+FFFD, and the ends are stripped. All else stays: quotes, dashes, no-break
    spaces, bidirectional marks, emoji. An empty result is still no text.
    """
    text = str.__str__(text).replace("\ufeff", "")
    # One class and a look at each run: `[ ]*\n[ ]*` would take quadratic time on a run of spaces.
    text = _BLANKS.sub(lambda run: " " if run[0].strip(" ") else run[0], text)
    return _FORBIDDEN.sub("\ufffd", text.strip())


def check_text(value: object, path: str = "$") -> Sequence[Fault]:
    """The faults of one text, none if it may stand in the model.

    A subclass of `str` is refused, because a template engine prints one that
    has `__html__` without escaping it.
    """
    if type(value) is not str:
        what = f"a {type(value).__name__}" if isinstance(value, str) else show(value)
        return [Fault(code="not-text", message=f"{what} is no text", path=path, expected=_ONE_PARAGRAPH)]
    if value.isprintable() and value and value[0] != " " != value[-1]:
        return ()
    if not value:
        message = "an empty text"
    elif found := _FORBIDDEN.search(value):
        name = "a line break" if found[0] in "\n\r\u2028\u2029" else f"U+{ord(found[0]):04X}"
        message = f"{show(value)} holds {name} at character {found.start() + 1}"
    elif value != value.strip():
        message = f"{show(value)} begins or ends with white space"
    else:
        return ()
    return [Fault(code="bad-text", message=message, path=path, expected=_ONE_PARAGRAPH)]


_URL_CHARACTERS = re.compile(r"(?:[A-Za-z0-9\-._~:/?#\[\]@!$&'()*+,;=]|%[0-9A-Fa-f]{2})*")
# The whole authority: what urlsplit calls the host has lost its brackets, and what stood beside them.
_AUTHORITY = re.compile(
    r"(?:(?:(?!-)[A-Za-z0-9_-]{1,63}(?<!-)\.)*(?!-)[A-Za-z0-9_-]{1,63}(?<!-)\.?|\[[0-9A-Fa-f:.]*:[0-9A-Fa-f:.]*\])"
    r"(?::[0-9]*)?"
)
_ADDRESS = re.compile(
    r"(?=[^@]{1,64}@)[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(?:\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*"
    r"@(?:(?!-)[A-Za-z0-9-]{1,63}(?<!-)\.)*(?!-)[A-Za-z0-9-]{1,63}(?<!-)"
)


def check_url(value: object, path: str = "$") -> Sequence[Fault]:
    """The faults of one web address, none if it may become a link.

    http or https, a host in ASCII (IDNA), no user name, a port that exists,
    and only the characters of RFC 3986: others are to be percent-encoded.
    """
    expected = "an absolute http or https URL"
    if type(value) is not str:
        wrong = "is no URL"
    # The raw characters come first: urlsplit drops tabs and line breaks before it looks (WHATWG URL).
    elif (end := _raw_end(value)) < len(value):
        wrong = f"holds {value[end]!r} at character {end + 1}"
        expected = "only characters of RFC 3986, the others percent-encoded and the host in IDNA"
    else:
        wrong = _url_fault(value)
    if not wrong:
        return ()
    return [Fault(code="bad-url", message=f"{show(value)} {wrong}", path=path, expected=expected)]


def _raw_end(value: str) -> int:
    match = _URL_CHARACTERS.match(value)
    return match.end() if match else 0


def _url_fault(value: str) -> str:
    try:
        parts = urlsplit(value)
        port = parts.port
    except ValueError as error:
        return f"is malformed ({error})"
    if parts.scheme not in ("http", "https"):
        return f"has the scheme {parts.scheme!r}" if parts.scheme else "has no scheme"
    if "@" in parts.netloc:
        return "holds a user name"
    # 253 characters is the longest name of a host (RFC 1035, 2.3.4), 6 a port.
    if not _AUTHORITY.fullmatch(parts.netloc) or len(parts.netloc) > 259:
        return "has no valid host"
    return "has the port 0" if port == 0 else ""


_HOST = re.compile(r"(?:[a-z0-9_-]+\.)+[a-z0-9-]+")


def host_of(address: str) -> str | None:
    """The host of a URL, or of an address that begins with one, in lower case and ASCII; None where there is none."""
    try:
        host = urlsplit(address if "://" in address else f"//{address}").hostname or ""
        # A name of more than 253 characters is none, and the codec takes quadratic time.
        host = host if host.isascii() or len(host) > 253 else host.encode("idna").decode()
    except ValueError:  # UnicodeError is one
        return None
    host = host.removesuffix(".")
    return host if _HOST.fullmatch(host) else None


def check_address(value: object, path: str = "$") -> Sequence[Fault]:
    """The faults of one e-mail address in its plain form (RFC 5321 dot-string, ASCII)."""
    if type(value) is str and _ADDRESS.fullmatch(value) and len(value) <= 254:
        return ()
    message = f"{show(value)} is no e-mail address"
    return [Fault(code="bad-address", message=message, path=path, expected="one like 'news@example.org'")]


@functools.lru_cache(4096)  # the same few outlets occur in every brief
def slug(text: str) -> str:
    """A name as an identifier that keeps the letters of every script: `Yeni Şafak` -> `yeni-şafak`.

    Letters, marks and digits stay, in lower case and composed form (NFKC);
    each run of anything else becomes one hyphen. May be empty.
    """
    for _ in range(2):  # case folding can undo the composition, and the other way round
        text = unicodedata.normalize("NFKC", text.casefold())
    kept = (char if unicodedata.category(char)[0] in "LMN" else " " for char in text)
    return "-".join("".join(kept).split())


def name_key(name: str) -> str:
    """What makes two spellings of a name the same: its slug, or the name where that is empty."""
    return slug(name) or name


def mailto(address: str) -> str:
    """The link for an address that passed `check_address` (RFC 6068): what is no letter in it stays one."""
    return f"mailto:{quote(address, safe='@')}"


def nearest(word: str, words: Iterable[str]) -> str | None:
    """The word that somebody may have meant, or None if none is near, or the word is a text."""
    if len(word) > 60:  # a comparison takes quadratic time
        return None
    return next(iter(difflib.get_close_matches(word, list(words), n=1)), None)


def suggestion(word: object, words: Sequence[str]) -> str:
    """What would be right in place of a name that there is not: the one that is near, or all that there are."""
    near = nearest(word, words) if isinstance(word, str) else None
    return repr(near) if near else f"one of {', '.join(words)}"


def with_article(name: str) -> str:
    """`a Story`, `an Outlet`."""
    return f"{'an' if name[0] in 'AEIOU' else 'a'} {name}"


def show(value: object) -> str:
    """A value as an error message quotes it: its `repr`, cut at 60 characters."""
    if isinstance(value, list | tuple | dict | set | frozenset):  # a repr may be huge, or endless
        return f"a {type(value).__name__}"
    if isinstance(value, int) and value.bit_length() > 1_000:  # Python writes out no more than 4,300 digits
        return f"a whole number of {value.bit_length()} bits"
    if isinstance(value, str | bytes):
        value = value[:61]
    elif value is None:
        return "null"
    text = repr(value)
    return text if len(text) <= 60 else f"{text[:59]}…"
