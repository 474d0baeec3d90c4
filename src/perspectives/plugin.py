"""All that the author of a plugin imports.

A renderer turns a `Brief` into one `Rendered`; a loader turns one `Input` into
one `Loaded`; a rule looks at a `Brief` and has `Finding`s to say. None has a
base class: an object with the right members is one, and a type checker says
which member is not right. A `TemplatePack` is data: a folder of templates that
restyle HTML. Mark the function that returns yours with `renderers`, `loaders`,
`outlets`, `rules` or `templates`, and name its module in the entry points of
your distribution.
"""

import enum
import functools
import re
from codecs import BOM_UTF8
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from importlib.resources.abc import Traversable
from pathlib import PurePosixPath
from typing import TYPE_CHECKING, Any, Protocol, TypeVar

from attrs import field, frozen
from attrs.validators import deep_iterable, instance_of, optional

from perspectives.catalogue import catalogue, wording_for, wording_of
from perspectives.dates import DateStyle
from perspectives.errors import Fault, Finding, LoadError
from perspectives.fields import to_tuple
from perspectives.limits import Limits
from perspectives.model import Brief
from perspectives.outlets import OutletDirectory
from perspectives.outline import Node, outline
from perspectives.reading import decode
from perspectives.text import check_url, clean
from perspectives.wording import Wording

if TYPE_CHECKING:
    from markupsafe import Markup

__all__ = [
    "Confidence",
    "Fault",
    "Finding",
    "Input",
    "Limits",
    "LoadError",
    "LoadTools",
    "Loaded",
    "Loader",
    "LoaderInfo",
    "NoOptions",
    "Node",
    "OutletDirectory",
    "Part",
    "RenderTools",
    "Rendered",
    "Renderer",
    "RendererInfo",
    "Rule",
    "TemplatePack",
    "Templates",
    "check_url",
    "clean",
    "loaders",
    "outlets",
    "renderers",
    "rules",
    "stable_zip",
    "templates",
]

O = TypeVar("O")  # noqa: E741 - the options class; one letter, as type variables are named

HEAD = 4096
"""How many bytes of an input `Input.head` shows to a sniffer."""

# One dot: a file is looked up by what stands behind its last one.
_EXTENSION = re.compile(r"\.[a-z0-9]+")
_NAME = re.compile(r"[a-z][a-z0-9]*(?:-[a-z0-9]+)*")


def _check_format_name(_: object, __: object, name: str) -> None:
    if not _NAME.fullmatch(name):
        raise ValueError(f"{name!r} is no format name: lower-case letters, digits and single hyphens")


def _check_extensions(_: object, __: object, extensions: object) -> None:
    # A lone text would be taken for its letters.
    if not isinstance(extensions, tuple) or not all(_EXTENSION.fullmatch(str(word)) for word in extensions):
        raise ValueError(f"{extensions!r} are no extensions: a list like ['.md', '.markdown']")


def _check_media_types(_: object, __: object, types: object) -> None:
    if not isinstance(types, tuple) or not all(isinstance(word, str) and "/" in word for word in types):
        raise ValueError(f"{types!r} are no media types: a list like ['text/markdown']")


def _to_words(value: Sequence[str]) -> tuple[str, ...]:
    return to_tuple(value)


def _check_part_name(_: object, __: object, name: str) -> None:
    path = PurePosixPath(name)
    is_plain = not name or (str(path) == name != "." and name == name.strip())
    if (
        not is_plain
        or path.is_absolute()
        or ".." in path.parts
        or not name.isprintable()
        or "\\" in name
        or ":" in name
    ):
        raise ValueError(f"{name!r} is no name for a part: it must be a relative path without '..'")


@frozen
class Part:
    """One of several bodies that a renderer returns: an alternative of a mail, a further file.

    `name` is a relative path with `/` for a file, empty for what has none.
    """

    content: str | bytes = field(validator=instance_of((str, bytes)))
    media_type: str = field(validator=instance_of(str))
    name: str = field(default="", validator=_check_part_name, kw_only=True)

    def __str__(self) -> str:
        return _text(self.content, self.media_type)

    def __bytes__(self) -> bytes:
        return _data(self.content)

    def __html__(self) -> str:
        return _html(self.content, self.media_type)


def _to_parts(value: Iterable[Part]) -> tuple[Part, ...]:
    return tuple(value)


def _to_findings(value: Iterable[Finding]) -> tuple[Finding, ...]:
    return tuple(value)


@frozen
class Rendered:
    """What a renderer returns: the content and what it is.

    `str()` gives the text (for HTML a `markupsafe.Markup`, so that templates
    print it as it is), `bytes()` what belongs in a file. `headers` are those of
    a mail; `findings` say what the renderer could not show as it was.
    """

    content: str | bytes = field(validator=instance_of((str, bytes)))
    media_type: str = field(validator=instance_of(str))
    headers: dict[str, str] = field(factory=dict, validator=instance_of(dict), kw_only=True, hash=False)
    parts: tuple[Part, ...] = field(
        default=(), converter=_to_parts, validator=deep_iterable(instance_of(Part)), kw_only=True
    )
    findings: tuple[Finding, ...] = field(
        default=(), converter=_to_findings, validator=deep_iterable(instance_of(Finding)), kw_only=True
    )

    def __str__(self) -> str:
        return _text(self.content, self.media_type)

    def __bytes__(self) -> bytes:
        return _data(self.content)

    def __html__(self) -> str:
        return _html(self.content, self.media_type)

    def part(self, media_type: str) -> Part:
        """The first part of this media type: `mail.part("text/html")`. Raises KeyError if there is none."""
        for part in self.parts:
            if essence(part.media_type) == media_type:
                return part
        raise KeyError(media_type)


def essence(media_type: str) -> str:
    """A media type without its parameters, in lower case (RFC 9110, 8.3.1)."""
    return media_type.partition(";")[0].strip().lower()


def _is_html(media_type: str) -> bool:
    return essence(media_type) in ("text/html", "application/xhtml+xml")


def _text(content: str | bytes, media_type: str) -> str:
    text = content if isinstance(content, str) else content.decode()
    if not _is_html(media_type):
        return text
    # Imported here, so that a plugin for another format starts without a template engine.
    from markupsafe import Markup

    return Markup(text)  # noqa: S704 - the renderer has escaped it; that is its promise


def _data(content: str | bytes) -> bytes:
    return content.encode() if isinstance(content, str) else content


def _html(content: str | bytes, media_type: str) -> str:
    from markupsafe import escape

    # Markup passes through as it is, all other text is escaped.
    return escape(_text(content, media_type))


@frozen(kw_only=True)
class RendererInfo:
    """What a renderer says of itself.

    `name` is the format name (`html`); `extensions` begin with a dot; `omits`
    names the fields of the model that this format cannot show
    (`frozenset({"outlets"})`, or `TimelineEvent.date` where one class is
    meant), so that nothing is left out unsaid.
    """

    name: str = field(validator=_check_format_name)
    media_type: str = field(validator=instance_of(str))
    summary: str = field(validator=instance_of(str))
    extensions: tuple[str, ...] = field(default=(), converter=_to_words, validator=_check_extensions)
    omits: frozenset[str] = field(default=frozenset(), validator=instance_of(frozenset))


@frozen(kw_only=True)
class LoaderInfo:
    """What a loader says of itself; `extensions` begin with a dot."""

    name: str = field(validator=_check_format_name)
    summary: str = field(validator=instance_of(str))
    media_types: tuple[str, ...] = field(default=(), converter=_to_words, validator=_check_media_types)
    extensions: tuple[str, ...] = field(default=(), converter=_to_words, validator=_check_extensions)


@frozen(kw_only=True)
class NoOptions:
    """The options class of a renderer or loader that takes none."""


class Confidence(enum.IntEnum):
    """How sure a loader is that an input is its own."""

    NO = 0
    """It is not its own."""
    POSSIBLE = 1
    """It parses."""
    LIKELY = 2
    """Its structure fits."""
    CERTAIN = 3
    """It says so itself."""


@frozen(kw_only=True)
class Input:
    """What a loader gets: all the bytes, the name they came under, and the media type if it is known."""

    name: str
    data: bytes
    media_type: str = ""

    @property
    def head(self) -> bytes:
        """The first 4 KiB, enough for a sniffer, without the byte order mark of a UTF-8 text."""
        return self.data[: HEAD + len(BOM_UTF8)].removeprefix(BOM_UTF8)[:HEAD]

    @property
    def text(self) -> str:
        """The data as UTF-8 text, without a byte order mark. Raises `LoadError` with the line."""
        return decode(self.data, self.name)


@frozen(kw_only=True)
class Loaded:
    """What a loader returns: the brief, and a finding for each thing it had to guess.

    A loader that has held everything in the brief to the limits of its tools
    says so with `limits`; the host looks where none are named.
    """

    brief: Brief = field(validator=instance_of(Brief))
    findings: tuple[Finding, ...] = field(
        default=(), converter=_to_findings, validator=deep_iterable(instance_of(Finding))
    )
    limits: Limits | None = field(default=None, validator=optional(instance_of(Limits)))


@frozen(kw_only=True)
class LoadTools:
    """What a loader may use. `language` is a BCP 47 tag if the caller knows it; the host keeps to `limits` too."""

    _outlets: OutletDirectory | Callable[[], OutletDirectory] = OutletDirectory.shipped
    language: str | None = None
    limits: Limits = field(factory=Limits)

    @functools.cached_property
    def outlets(self) -> OutletDirectory:
        """The outlets that are known; only a loader that asks for them pays for the plugins that bring them."""
        return self._outlets if isinstance(self._outlets, OutletDirectory) else self._outlets()

    @property
    def wordings(self) -> tuple[Wording, ...]:
        """The printed words to look for: of the caller's language, or else of every one that is shipped."""
        if self.language is None:
            return tuple(catalogue().values())
        return (wording_for(self.language),)

    def parse_json(self, input: Input) -> object:
        """The values of an input that is JSON, within the limits.

        Raises `LoadError` with line and column for what RFC 8259 does not have
        or leaves open (NaN, a key that occurs twice), and `LimitError` for what
        is nested too deeply.
        """
        # Imported here, so that a plugin for another format starts without cattrs.
        from perspectives.codec import parse

        return parse(input.text, self.limits)


class Templates(Protocol):
    """The templates of this library, or those of a pack in their place, rendered with escaping."""

    def render(self, name: str, /, **values: object) -> "Markup":
        """The template of this name with the values given."""


@frozen(kw_only=True)
class RenderTools:
    """What a renderer may use. It needs no clock, no network and no file: same brief and options, same bytes."""

    templates: Templates
    render_other: Callable[..., Rendered]
    """What `render` calls: the registry's own, with its lists and preferences."""
    assets: Mapping[str, bytes] = field(factory=dict, hash=False)
    """The bytes of images, by URL, as the caller gave them."""

    def wording(self, brief: Brief) -> Wording:
        """The printed words for this brief, with their direction."""
        return wording_of(brief)

    def outline(self, brief: Brief, dates: DateStyle = "iso") -> Iterator[Node]:
        """The brief as a flat stream of labelled texts in reading order."""
        return outline(brief, self.wording(brief), dates)

    def render(self, brief: Brief, renderer: str, /, **options: object) -> Rendered:
        """The brief in another format, for one that is made from it (a PDF from the page)."""
        return self.render_other(brief, renderer, assets=self.assets, **options)


def stable_zip(data: bytes) -> bytes:
    """A zip file without its times, so that the same brief gives the same bytes: office and EPUB files are zips.

    Names, their order and how each entry is compressed stay; times become the
    first of 1980, the earliest that a zip can hold, and what was noted of
    owners and modes goes. Raises zipfile.BadZipFile for what is no zip.
    """
    # Imported here, so that a plugin for another format starts without them.
    import io
    import zipfile

    written = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as before, zipfile.ZipFile(written, "w") as after:
        for entry in before.infolist():
            plain = zipfile.ZipInfo(entry.filename)
            plain.compress_type = entry.compress_type
            plain.create_system = 3  # else it is that of the machine
            after.writestr(plain, before.read(entry))
    return written.getvalue()


class Renderer(Protocol[O]):
    """Turns a brief into one format."""

    @property
    def info(self) -> RendererInfo:
        """Name, media type and what it omits."""

    @property
    def options_class(self) -> type[O]:
        """A frozen attrs class; each field has a default and `metadata={"help": ...}`."""

    def render(self, brief: Brief, options: O, tools: RenderTools, /) -> Rendered:
        """The brief in this format."""


class Loader(Protocol[O]):
    """Turns a source into a brief."""

    @property
    def info(self) -> LoaderInfo:
        """Name, media types and extensions."""

    @property
    def options_class(self) -> type[O]:
        """As for a renderer."""

    def sniff(self, input: Input, /) -> Confidence:
        """How likely this input is this loader's; must not raise on any bytes."""

    def load(self, input: Input, options: O, tools: LoadTools, /) -> Loaded:
        """The brief in this input. Raises `LoadError` with line or path when there is none."""


class Rule(Protocol):
    """One thing to look for in a brief: what a desk wants to hold of it."""

    @property
    def code(self) -> str:
        """Stable, the prefix of your distribution before it: `desk/001`; each finding has the code of its rule."""

    @property
    def summary(self) -> str:
        """What it looks for, in a sentence: `A fact cites no source.`"""

    def check(self, brief: Brief, /) -> Iterable[Finding]:
        """A finding for each place that breaks it; must not change the brief, nor read clock or network."""


def _check_pack_name(pack: object, attribute: object, name: str) -> None:
    _check_format_name(pack, attribute, name)
    if name == "core":
        raise ValueError("'core' is no name for a pack: 'core/page.html' is the template of this library")


@frozen(kw_only=True)
class TemplatePack:
    """Templates that take the place of ours: HTML restyled, without a renderer.

    `name` is a name like that of a format, and that of its entry point;
    `summary` says in one line how it looks. `folder` holds files that are
    named like ours, each in the place of ours (`story.html`, `brief.css`), and
    pieces of its own whose names begin with an underscore. `filters` are
    functions for its templates, by name; each name begins with the pack's.
    """

    name: str = field(validator=_check_pack_name)
    summary: str = field(validator=instance_of(str))
    folder: Traversable = field(hash=False)
    filters: Mapping[str, Callable[..., object]] = field(factory=dict, hash=False)

    @folder.validator
    def _check_folder(self, _: object, folder: object) -> None:
        if not isinstance(folder, Traversable):  # a text would be looked for wherever the program was started
            raise ValueError(f"{folder!r} is no folder: files('my_package') / 'templates', or a pathlib.Path")

    @filters.validator
    def _check_filters(self, _: object, filters: object) -> None:
        if not isinstance(filters, Mapping):
            raise ValueError(f"{filters!r} are no filters: a mapping from names to functions")
        prefix = self.name.replace("-", "_") + "_"
        for name, function in filters.items():
            if not (isinstance(name, str) and name.isidentifier() and name.startswith(prefix) and name != prefix):
                raise ValueError(f"{name!r} is no name for a filter of {self.name!r}: it begins with {prefix!r}")
            if not callable(function):
                raise ValueError(f"the filter {name!r} is no function")


MARK = "perspectives_hook"
"""The attribute by which `hooks.py` knows a marked function; plugins need not import pluggy."""

RenderersHook = TypeVar("RenderersHook", bound=Callable[[], Iterable[Renderer[Any]]])
LoadersHook = TypeVar("LoadersHook", bound=Callable[[], Iterable[Loader[Any]]])
OutletsHook = TypeVar("OutletsHook", bound=Callable[[], Iterable[OutletDirectory]])
RulesHook = TypeVar("RulesHook", bound=Callable[[], Iterable[Rule]])
TemplatesHook = TypeVar("TemplatesHook", bound=Callable[[], Iterable[TemplatePack]])


def renderers(function: RenderersHook) -> RenderersHook:
    """Mark the function that returns the renderers of a plugin."""
    setattr(function, MARK, "perspectives_renderers")
    return function


def loaders(function: LoadersHook) -> LoadersHook:
    """Mark the function that returns the loaders of a plugin."""
    setattr(function, MARK, "perspectives_loaders")
    return function


def outlets(function: OutletsHook) -> OutletsHook:
    """Mark the function that returns the outlet directories of a plugin."""
    setattr(function, MARK, "perspectives_outlets")
    return function


def rules(function: RulesHook) -> RulesHook:
    """Mark the function that returns the rules of a plugin."""
    setattr(function, MARK, "perspectives_rules")
    return function


def templates(function: TemplatesHook) -> TemplatesHook:
    """Mark the function that returns the template packs of a plugin."""
    setattr(function, MARK, "perspectives_templates")
    return function
