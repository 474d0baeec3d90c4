"""The environments in which templates run: everything escaped, nothing undefined, folders and packs before ours."""

import functools
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import TYPE_CHECKING

from attrs import field, frozen

from perspectives.errors import FAULTS, Fault, FormatError, PerspectivesError, PluginError, said
from perspectives.text import suggestion

# A template engine takes longer to start than any other format takes to render.
if TYPE_CHECKING:
    import jinja2
    from markupsafe import Markup


@frozen(kw_only=True)
class Layer:
    """A folder of templates; in a chain its files stand before those of the folders behind it."""

    name: str
    """What stands before the slash where one is meant and no other: `broadsheet/page.html`."""
    label: str
    """The same, unambiguous: `perspectives-broadsheet:broadsheet`."""
    folder: Traversable = field(hash=False)
    filters: Mapping[str, Callable[..., object]] = field(factory=dict, hash=False)
    origin: str = ""
    """Where it comes from, for an error message; a folder says it itself."""
    dist: str = ""
    """The distribution whose bug it is if it fails."""

    @functools.cached_property
    def files(self) -> frozenset[str]:
        """The names of its templates."""
        return frozenset(template_files(self.folder, self.label))

    def failed(self, place: str, name: str, cause: BaseException, line: int | None) -> PluginError:
        """What is raised where it is at fault that the template `place` failed while `name` was rendered."""
        lines = [f"{self.label} failed while rendering {name!r}"]
        lines += [f"from: {self.origin}"] if self.origin else []
        lines += [f"cause: {said(cause)}"]
        if isinstance(cause, RecursionError):
            own = place.rpartition("/")[2]
            lines.append(f"fix: if it shall build on ours, name it so: {f'core/{own}'!r}; {own!r} is its own again")
        if self.dist:
            lines.append(f"This is a bug in {self.dist}, not in perspectives-briefs.")
        return PluginError(Fault(code="template-failed", message="\n".join(lines), line=line), place)


@functools.cache
def core() -> Layer:
    """The templates that ship with the library."""
    return Layer(name="core", label="core", folder=files("perspectives.renderers") / "templates")


def template_files(folder: Traversable, label: str) -> tuple[str, ...]:
    """The names of the templates in a folder, sorted.

    Raises `PluginError` for a file that would take the place of nothing: it is
    misspelt, or a piece of its own whose name lacks the underscore.
    """
    try:
        found = sorted(_names(folder))
    except OSError as cause:
        message = f"the folder of {label} cannot be read: {cause.strerror}"
        raise PluginError(Fault(code="unknown-template", message=message, expected="a folder")) from cause
    ours = found if label == "core" else sorted(core().files)
    for name in found:
        if name not in ours and not name.startswith("_"):
            message = f"{label} has a template {name!r}, which takes the place of none of ours"
            right = f"{suggestion(name, ours)}, or an underscore before a piece of its own: {'_' + name!r}"
            raise PluginError(Fault(code="unknown-template", message=message, expected=right))
    if not any(name in ours for name in found):
        message = f"{label} has no template that takes the place of one of ours"
        raise PluginError(Fault(code="unknown-template", message=message, expected=f"one of {', '.join(ours)}"))
    return tuple(found)


def folder_layer(path: Path) -> Layer:
    """The templates of a folder. Raises `FormatError` where there is none, `PluginError` for a file of no use."""
    if not path.is_dir():
        fault = Fault(
            code="unknown-format", message=f"there is no folder {str(path)!r}", expected="a folder of templates"
        )
        raise FormatError(fault)
    template_files(path, path.as_posix())
    return Layer(name=path.as_posix(), label=path.as_posix(), folder=path)


def shadowed(layers: Sequence[Layer]) -> dict[tuple[Layer, ...], list[str]]:
    """The templates that several layers have, by these; pieces of their own do not meet."""
    found: dict[tuple[Layer, ...], list[str]] = {}
    for name in sorted(core().files):
        claims = tuple(layer for layer in layers if name in layer.files)
        if len(claims) > 1:
            found.setdefault(claims, []).append(name)
    return found


def _names(folder: Traversable) -> Iterator[str]:
    for entry in folder.iterdir():
        # What systems and Python leave behind is nobody's template.
        if not entry.name.startswith(".") and entry.name not in ("__pycache__", "__init__.py"):
            yield entry.name if entry.is_file() else f"{entry.name}/"


class TemplateChain:
    """The templates in force, by name: those of the first layer that has one, else ours.

    `layers` is asked for them when a template is first rendered, and `find`
    for a layer that is none of them and that a template names: `PACK/page.html`.
    """

    def __init__(
        self, layers: Callable[[], Sequence[Layer]] = tuple, find: Callable[[str], Layer] | None = None
    ) -> None:
        self._ask = layers
        self._find = find
        self._layers: tuple[Layer, ...] | None = None
        self._own: jinja2.Environment | None = None
        self._lock = threading.RLock()
        self._read: dict[str, tuple[Layer, str]] = {}

    @property
    def layers(self) -> tuple[Layer, ...]:
        """What stands before ours, first things first."""
        if self._layers is None:
            with self._lock:
                self._layers = tuple(self._ask()) if self._layers is None else self._layers
        return self._layers

    def render(self, name: str, /, **values: object) -> "Markup":
        """The template of this name with the values given; each value is escaped where it stands.

        Raises `PluginError` where a template that is not ours fails.
        """
        from markupsafe import Markup

        try:
            return Markup(self._environment.get_template(name).render(values))  # noqa: S704 - rendered with autoescape
        except FAULTS as cause:
            if self.layers and not _fails_without(name, values):
                raise self._blamed(name, cause) from cause
            raise

    def rules(self) -> str:
        """The rules of the stylesheet; ours are read as they are, without a template engine."""
        if any("brief.css" in layer.files for layer in self.layers):
            return str(self.render("brief.css"))
        return core().folder.joinpath("brief.css").read_text("utf-8")

    @property
    def _environment(self) -> "jinja2.Environment":
        if not self.layers:
            return _core_environment()
        if self._own is None:
            with self._lock:
                self._own = self._own or self._new_environment()
        return self._own

    def _new_environment(self) -> "jinja2.Environment":
        environment = _environment(self._load, self._place)
        for layer in self.layers:
            environment.filters.update(layer.filters)
        return environment

    def _load(self, name: str) -> tuple[str, str, None]:
        """What jinja wants to know of a template: its source, and the name that tracebacks have for it."""
        layer, file = self._place(name)
        path = layer.folder.joinpath(file)
        self._read[str(path)] = layer, file
        return path.read_text("utf-8"), str(path), None

    def _place(self, name: str) -> tuple[Layer, str]:
        """The layer and the file that a name means. Raises jinja2.TemplateNotFound."""
        import jinja2

        owner, slash, file = name.rpartition("/")
        if slash:
            layer = self._named(owner, name)
        else:
            layer = next((layer for layer in self.layers if file in layer.files), core())
        if file not in layer.files:
            right = suggestion(file, sorted(layer.files))
            raise jinja2.TemplateNotFound(name, f"there is no template {name!r}, expected {right}")
        return layer, file

    def _named(self, owner: str, name: str) -> Layer:
        import jinja2

        for layer in (core(), *self.layers):
            if owner in (layer.name, layer.label):
                return layer
        try:
            if self._find:
                layer = self._find(owner)
                self._environment.filters.update(layer.filters)
                return layer
        except PerspectivesError as error:
            why = str(error).splitlines()[0]
            raise jinja2.TemplateNotFound(name, f"there is no template {name!r}: {why}") from error
        raise jinja2.TemplateNotFound(name)

    def _blamed(self, name: str, cause: BaseException) -> PluginError:
        """The error for a template that is not ours: the innermost one that was at work."""
        steps = [(*self._read[path], line) for path, line in _steps(cause) if path in self._read]
        own = [step for step in steps if step[0] is not core()]
        # Ours fails where a template that another one replaced defines what ours needs no longer.
        layer, file, line = own[-1] if own else steps[-1] if steps else (core(), name, None)
        return (layer if own else self.layers[0]).failed(f"{layer.name}/{file}", name, cause, line)


def _environment(
    load: Callable[[str], tuple[str, str, None]], place: Callable[[str], tuple[Layer, str]]
) -> "jinja2.Environment":
    import jinja2

    class Environment(jinja2.Environment):
        def join_path(self, template: str, parent: str) -> str:
            # A piece is looked for beside the template that asks for it: two packs may have one of a name.
            return f"{place(parent)[0].label}/{template}" if template.startswith("_") else template

    return Environment(
        loader=jinja2.FunctionLoader(load),
        # Not select_autoescape, which leaves `page.html.j2` unescaped.
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        auto_reload=False,
    )


@functools.cache
def _core_environment() -> "jinja2.Environment":
    """One for all that have only our templates."""
    return TemplateChain()._new_environment()


def render_file(template: Traversable, /, **values: object) -> "Markup":
    """A template that is none of a format's, in the same environment: each value is escaped where it stands."""
    from markupsafe import Markup

    source = template.read_text("utf-8")
    return Markup(_core_environment().from_string(source).render(values))  # noqa: S704 - rendered with autoescape


def _fails_without(name: str, values: Mapping[str, object]) -> bool:
    """Whether our own template fails as well: then whoever gave the values is at fault."""
    try:
        TemplateChain().render(name, **values)
    except FAULTS:
        return True
    return False


def _steps(cause: BaseException) -> Iterator[tuple[str, int | None]]:
    """The files and lines that led to an error; jinja has put those of templates in the place of its own."""
    import jinja2

    step = cause.__traceback__
    while step:
        yield step.tb_frame.f_code.co_filename, step.tb_lineno
        step = step.tb_next
    if isinstance(cause, jinja2.TemplateSyntaxError) and cause.filename:
        yield cause.filename, cause.lineno
