"""What every template pack promises, as tests for its author to run."""

import functools
import json
import re
from collections.abc import Iterator, Mapping
from html.parser import HTMLParser
from typing import Any

import attrs
from attrs import field, frozen

from perspectives.codec import dumps
from perspectives.errors import PerspectivesError
from perspectives.model import Brief
from perspectives.plugin import Rendered, RendererInfo, RenderTools, TemplatePack
from perspectives.registry import Registry
from perspectives.templating import Layer, TemplateChain, core
from perspectives.testing.processes import OtherProcessError, called_elsewhere, render_tools, rendered_digests
from perspectives.testing.promises import broken, check_briefs, check_listed, label
from perspectives.testing.renderer_contract import RendererContract, marked_samples
from perspectives.testing.samples import samples
from perspectives.testing.selectors import selectors
from perspectives.text import nearest, show

LINK = "https://example.org/brief.css"
NONCE = "bm9uY2U="


class TemplatePackContract:
    """What every template pack promises; a subclass of it in your tests holds yours to that::

        class TestBroadsheet(TemplatePackContract):
            pack = PACK

    The page and the fragment are looked at as they are with the pack, and the
    mail where it has a `mail.html`. Each test fails with a sentence: what is
    wrong, for which brief, and what would be right.
    """

    pack: TemplatePack
    """The pack itself."""
    packaged: bool = True
    """Whether a distribution lists the pack; False for one that is registered or given as a file."""
    examples: int = 30
    """How many generated briefs `test_faithful` takes; `test_total` takes a tenth."""

    def test_info(self) -> None:
        """It says in one line how it looks, and each of its files takes the place of one of ours."""
        summary, _ = self._pack.summary, self._files
        if not summary.strip() or len(summary.splitlines()) != 1:
            broken(f"the summary of {self._pack.name} is {summary!r}; say in one line how it looks")

    def test_index(self) -> None:
        """Its distribution lists it under its own name."""
        check_listed("templates", self._pack.name, "the pack", self._is_it, packaged=self.packaged)

    def test_total(self) -> None:
        """It renders every brief: empty, hostile, right to left, very long, and whatever hypothesis finds."""
        for styled in self._styled():
            styled.test_total()

    def test_faithful(self) -> None:
        """Every text is there for readers, in order: a pack drops nothing."""
        for styled in self._styled():
            styled.check_faithful()

    def test_escapes(self) -> None:
        """No text becomes an element, an attribute or a link."""
        for styled in self._styled():
            styled.test_escapes()

    def test_deterministic(self) -> None:
        """It gives the same output twice, in eight threads, and in a process with another hash seed."""
        for styled in self._styled():
            styled.check_deterministic()

    def test_headings(self) -> None:
        """Headings begin where the caller wants them, skip no level, and are none where none are wanted."""
        for what, first, styled in self._at_each_level():
            for name, brief in samples.items():
                levels = [int(tag[1]) for tag, _ in _elements(styled.html(brief)) if re.fullmatch("h[1-6]", tag)]
                if not first and levels:
                    broken(f"{what} has an h{levels[0]} for the sample {name!r}, and the caller wants no headings")
                for before, level in zip([first - 1, *levels], levels, strict=False):
                    if level > before + 1 or level < first:
                        broken(
                            f"{what} has an h{level} behind an h{before} for the sample {name!r}, expected h{first} to"
                            f" h{before + 1}; take the levels from `levels`"
                            if before >= first
                            else f"{what} begins with an h{level} for the sample {name!r}, expected an h{first};"
                            " take the levels from `levels`"
                        )

    def test_markup(self) -> None:
        """It brings no script and no inline style, and a fragment no id and no style that would touch the page."""
        for styled in self._styled("page", "fragment"):
            for name, brief in samples.items():
                for tag, attributes in _elements(styled.html(brief)):
                    if wrong := _wrong(tag, attributes, is_page=styled.what == "page"):
                        broken(f"{styled.who} has {wrong}, for the sample {name!r}")

    def test_options(self) -> None:
        """It does what the caller's options say: stylesheet, nonce, isolation, data island; and it keeps the policy."""
        for styled in self._styled("page", "fragment"):
            for options in _OPTIONS[styled.what]:
                self._check_kept(styled, options)
            for name, brief in samples.items():
                text = styled.html(brief, data_island=True)
                if json.loads(_island(text) or "null") != json.loads(dumps(brief)):
                    broken(
                        f"{styled.who} has no data island with data_island=True for the sample {name!r}, or another"
                        " brief in it, so that it cannot be loaded again; print `island` where ours does"
                    )

    def test_stylesheet(self) -> None:
        """Each selector of its rules begins with `.perspectives`, so that no rule touches the page around the brief."""
        text = _registry(self._pack).stylesheet().text
        for selector in selectors(text):
            if not selector.startswith(".perspectives"):
                broken(
                    f"brief.css of {self._pack.name} has the selector {selector!r}, which may touch what is not ours;"
                    f" write {'.perspectives ' + selector!r}"
                )
        if "</style" in text.lower() or "@import" in text.lower():
            broken(f"brief.css of {self._pack.name} has an @import or a </style, which no page can hold in its style")

    def test_variables(self) -> None:
        """Its templates use the documented variables and what they set themselves."""
        for name, unknown, known in _undocumented(self._pack, self._files):
            near = nearest(unknown, known)
            hint = f"did you mean {near!r}?" if near else f"there are {', '.join(sorted(given_names()))}"
            broken(f"{name} of {self._pack.name} uses {unknown!r}, which is no documented variable; {hint}")

    @property
    def _pack(self) -> TemplatePack:
        pack: object = getattr(self, "pack", None)
        if pack is None:
            broken(f"{label(self)} names no pack; give it the object: `pack = PACK`")
        if not isinstance(pack, TemplatePack):
            broken(f"`pack` of {label(self)} is {show(pack)}, expected a TemplatePack of perspectives.plugin")
        return pack

    @property
    def _files(self) -> tuple[str, ...]:
        try:
            _registry(self._pack)
        except PerspectivesError as error:
            broken(str(error), error)
        return tuple(sorted(entry.name for entry in self._pack.folder.iterdir()))

    def _is_it(self, found: Any) -> bool:
        return bool(found == self._pack)

    def _styled(self, *kinds: str) -> Iterator["_Contract"]:
        """What the pack restyles: page and fragment, and the mail."""
        restyles = {"page", "fragment"} if self._files != ("mail.html",) else set()
        restyles |= {"mail"} if "mail.html" in self._files else set()
        for what, (name, settings) in _KINDS.items():
            if what in restyles and what in (kinds or _KINDS):
                yield _Contract(Styled(pack=self._pack, what=what, format=name, settings=settings), self.examples)

    def _at_each_level(self) -> Iterator[tuple[str, int, "_Contract"]]:
        for styled in self._styled():
            if styled.what != "fragment":
                yield styled.who, 1, styled
                continue
            for level in range(5):
                at = {**styled.renderer.settings, "heading_level": level}
                changed = attrs.evolve(styled.renderer, settings=at)
                yield f"{styled.who} with heading_level={level}", level, _Contract(changed, self.examples)

    def _check_kept(self, styled: "_Contract", options: dict[str, Any]) -> None:
        brief = samples["full"]
        found = [_noted(tag, attributes) for tag, attributes in _elements(styled.html(brief, **options))]
        settings = {**styled.renderer.settings, **options}
        for tag, attributes in _elements(_core_html(self._pack, brief, settings)):
            if (note := _noted(tag, attributes)) not in (*found, ""):
                said = ", ".join(f"{name}={value!r}" for name, value in options.items())
                broken(f"{styled.who} has no {note} with {said}; keep what ours does with `css`, `nonce` and `policy`")


_OPTIONS: dict[str, list[dict[str, Any]]] = {
    "page": [{"css": "inline", "nonce": NONCE}, {"css": LINK}, {"css": "none"}],
    "fragment": [{"css": LINK}, {"isolation": "shadow", "nonce": NONCE}, {"isolation": "shadow", "css": LINK}],
}
"""What a caller may ask for; the page and the fragment have elements for it."""
_KINDS: dict[str, tuple[str, dict[str, Any]]] = {
    "page": ("html", {}),
    "fragment": ("html", {"fragment": True}),
    "mail": ("email", {"subject": "Brief"}),
}


@functools.lru_cache(16)
def _registry(pack: TemplatePack) -> Registry:
    """The built-in formats with this pack alone."""
    registry = Registry(autoload=False)
    registry.register(pack)
    return registry


@frozen(kw_only=True)
class Styled:
    """A built-in format as it is with a pack."""

    pack: TemplatePack
    what: str
    format: str
    settings: Mapping[str, Any] = field(hash=False)

    @property
    def info(self) -> RendererInfo:
        """That of the format."""
        info: RendererInfo = _registry(self.pack).describe("renderer", self.format)[1].info
        return info

    @property
    def options_class(self) -> type:
        """That of the format."""
        cls: type = _registry(self.pack).describe("renderer", self.format)[1].options_class
        return cls

    def render(self, brief: Brief, options: object, tools: RenderTools, /) -> Rendered:
        """The brief, with the pack's templates; of a mail what a pack may change."""
        rendered = _registry(self.pack).render(brief, self.format, **self.settings)
        return Rendered(rendered.part("text/html").content, "text/html") if self.what == "mail" else rendered


class _Contract(RendererContract):
    """The contract of renderers, in words that are for the author of a pack."""

    renderer: Styled

    def __init__(self, styled: Styled, examples: int) -> None:
        self.renderer = styled
        self.examples = examples
        self.what = styled.what

    @property
    def who(self) -> str:
        """What sentences call it."""
        return f"the {self.what} with {self.renderer.pack.name}"

    def html(self, brief: Brief, **options: object) -> str:
        """What a parser gets."""
        changed = attrs.evolve(self.renderer, settings={**self.renderer.settings, **options})
        return str(_Contract(changed, 0)._rendered(brief, "a sample"))

    def check_faithful(self) -> None:
        """All texts, in order."""
        for name, brief in marked_samples():
            self._check_faithful(brief, name)
        check_briefs(self.examples, self._check_shown)

    def check_deterministic(self) -> None:
        """The same here and in another process."""
        self._check_repeatable()
        try:
            there = called_elsewhere(rendered_digests, self.renderer, None)
        except OtherProcessError as error:
            broken(
                f"{self.renderer.pack.name} does not work in another process: {error}; let its filters be functions at"
                " the top of a module that can be imported",
                error,
            )
        for name, digest in rendered_digests(self.renderer, None).items():
            if there[name] != digest:
                broken(
                    f"{self.who} is another one for {name!r} in another process, where hashes and the time zone are"
                    " others; sort what comes out of a set, and read no clock"
                )

    @property
    def _who(self) -> str:
        return self.who

    def _may_omit(self, omits: str) -> str:
        return ": a pack drops nothing"

    def _rendered(self, brief: Brief, name: str, options: object = None) -> Rendered:
        try:
            return self.renderer.render(brief, options, render_tools())
        except PerspectivesError as error:
            broken(f"{self.who} cannot be rendered for {name}: {error}", error)


class _Reader(HTMLParser):
    """The elements of a page in order, those within a shadow root too, and the data in its island."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str]]] = []
        self.island = ""
        self._in_island = False
        self.feed(text)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        attributes = {name: value or "" for name, value in attrs}
        self.found.append((tag, attributes))
        self._in_island = tag == "script" and "perspectives-data" in attributes.get("class", "").split()

    def handle_data(self, data: str) -> None:
        self.island += data if self._in_island else ""

    def handle_endtag(self, tag: str) -> None:
        self._in_island = False


def _elements(text: str) -> list[tuple[str, dict[str, str]]]:
    return _Reader(text).found


def _island(text: str) -> str:
    return _Reader(text).island


def _wrong(tag: str, attributes: Mapping[str, str], *, is_page: bool) -> str:
    """What an element has that none may have, and why; or nothing."""
    if tag == "script" and attributes.get("type") not in ("application/json", "application/ld+json"):
        return "a <script> that runs; the policy of the page forbids it, and so do most sites"
    if handler := next((name for name in attributes if name.startswith("on")), None):
        return f"the handler {handler!r} on <{tag}>; nothing runs"
    if "style" in attributes:
        return f"an inline style on <{tag}>; the policy of the page forbids it: give it a class, and brief.css a rule"
    if not is_page and "id" in attributes:
        return f"the id {attributes['id']!r} on <{tag}>, which the page around a fragment may have too; use a class"
    if not is_page and tag in ("style", "link"):
        return f"a <{tag}>, which would touch the page around a fragment; the caller serves the stylesheet"
    return ""


def _noted(tag: str, attributes: Mapping[str, str]) -> str:
    """An element that an option of the caller asks for; empty for all others."""
    if tag == "meta" and attributes.get("http-equiv", "").lower() == "content-security-policy":
        return f"policy {attributes.get('content', '')!r}"
    if tag == "template" and "shadowrootmode" in attributes:
        return "shadow root"
    if tag == "link" and attributes.get("rel") == "stylesheet":
        return f"link to {attributes.get('href', '')!r}"
    return f"<style> with the nonce {attributes.get('nonce')!r}" if tag == "style" else ""


def _core_html(pack: TemplatePack, brief: Brief, settings: Mapping[str, Any]) -> str:
    """Our own page or fragment with the rules of a pack."""
    layer = Layer(name=pack.name, label=pack.name, folder=pack.folder, filters=pack.filters)
    own, packed = TemplateChain(), TemplateChain(lambda: [layer])

    class Rules:
        def render(self, name: str, /, **values: object) -> Any:
            return (packed if name == "brief.css" else own).render(name, **values)

    tools = attrs.evolve(render_tools(), templates=Rules())
    renderer = Registry(autoload=False).describe("renderer", "html")[1]
    return str(renderer.render(brief, renderer.options_class(**settings), tools))


class _Noting:
    """Our templates, and the names of the values that each of them is given."""

    def __init__(self) -> None:
        self.names: set[str] = set()
        self._own = TemplateChain()

    def render(self, name: str, /, **values: object) -> Any:
        """Ours."""
        self.names |= values.keys()
        return self._own.render(name, **values)


@functools.cache
def given_names() -> frozenset[str]:
    """The variables that the renderers give their templates."""
    noting = _Noting()
    tools = attrs.evolve(render_tools(), templates=noting)
    for name, settings in _KINDS.values():
        renderer = Registry(autoload=False).describe("renderer", name)[1]
        for charts in (False, True):
            renderer.render(samples["full"], renderer.options_class(**settings, charts=charts), tools)
    return frozenset(noting.names)


def _undocumented(pack: TemplatePack, files: tuple[str, ...]) -> Iterator[tuple[str, str, list[str]]]:
    """The templates of a pack, each with a variable that neither a renderer gives nor a template sets; and these."""
    import jinja2
    from jinja2 import meta, nodes

    environment = jinja2.Environment(autoescape=True)
    environment.filters.update(pack.filters)
    own = {name: pack.folder.joinpath(name).read_text("utf-8") for name in files if name.endswith((".html", ".css"))}
    ours = {f"core/{name}": core().folder.joinpath(name).read_text("utf-8") for name in core().files}
    trees = {}
    for name, text in (own | ours).items():
        try:
            trees[name] = environment.parse(text)
        except jinja2.TemplateSyntaxError as error:
            broken(f"{name}:{error.lineno} of {pack.name} is no template: {error}", error)
    known = set(given_names())
    for tree in trees.values():  # what one sets is there for those that it includes
        known |= {node.name for node in tree.find_all(nodes.Name) if node.ctx in ("store", "param")}
        known |= {node.target for node in tree.find_all(nodes.Import)} | {
            node.name for node in tree.find_all(nodes.Macro)
        }
        for node in tree.find_all(nodes.FromImport):
            known |= {name if isinstance(name, str) else name[1] for name in node.names}
    for name in own:
        for unknown in sorted(meta.find_undeclared_variables(trees[name]) - known):
            yield name, unknown, sorted(known)
