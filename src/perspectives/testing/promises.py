"""What renderers and loaders promise alike: who they are, where they are listed, their options, a light import."""

import re
import sys
import traceback
from collections.abc import Callable
from pathlib import Path
from typing import Any, NoReturn, TypeVar

import attrs
import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from perspectives.codec import dumps
from perspectives.discovery import FormatKind, PluginKind, built_in, group, what
from perspectives.errors import PerspectivesError, said
from perspectives.model import Brief
from perspectives.options import as_word, describe, option_types, options_schema
from perspectives.plugin import Loader, LoaderInfo, Renderer, RendererInfo
from perspectives.registry import Registry
from perspectives.testing.places import smallest
from perspectives.testing.processes import OtherProcessError, called_elsewhere, imported_elsewhere
from perspectives.testing.strategies import briefs
from perspectives.text import with_article

T = TypeVar("T")
Item = Renderer[Any] | Loader[Any]

HEAVY = {
    "PIL": "images come as bytes, in the tools' `assets`",
    "aiohttp": "no format reads the network",
    "asyncio": "no format waits for anything",
    "cattrs": "`perspectives.dumps` brings it when it is called",
    "httpx": "no format reads the network",
    "jinja2": "the tools' `templates` bring it when they render",
    "lxml": "it takes longer to start than a brief takes to render",
    "numpy": "it takes longer to start than a brief takes to render",
    "pandas": "it takes longer to start than a brief takes to render",
    "pluggy": "the marks of `perspectives.plugin` do without it",
    "requests": "no format reads the network",
    "urllib3": "no format reads the network",
}
"""What the module of a plugin must not import at its top, and why: who lists the formats imports them all."""

BUDGET = 2
"""How many times the modules that `import perspectives.plugin` loads may be there with the plugin; 150 as of 0.1."""

_MEDIA_TYPE = re.compile(r"[\w!#$&^.+-]+/[\w!#$&^.+-]+(?: *; *[\w!#$&^.+-]+=(?:[\w!#$&^.+-]+|\"[^\"]*\"))*", re.ASCII)


def broken(sentence: str, cause: BaseException | None = None) -> NoReturn:
    """Fail the test with this sentence, and without the kit's own lines."""
    raise pytest.fail.Exception(sentence, pytrace=False) from cause


def raised(error: BaseException, item: object) -> str:
    """An error in a few words, with the last line of the item's own file that led to it."""
    frames = traceback.extract_tb(error.__traceback__)
    file = getattr(sys.modules.get(type(item).__module__), "__file__", None)
    last = [*frames, *(frame for frame in frames if frame.filename == file)][-1]
    return f"{said(error)} ({Path(last.filename).name}:{last.lineno})"


def label(item: object) -> str:
    """What sentences call an item: the name of its class."""
    return type(item).__name__


def subject(contract: object, kind: FormatKind) -> Any:
    """The renderer or loader that a contract is for: an object with the members of its protocol."""
    item = getattr(contract, kind, None)
    if item is None:
        broken(f"{label(contract)} names no {kind}; give it the object: `{kind} = Toot()`")
    if isinstance(item, type):
        broken(f"`{kind}` of {label(contract)} is a class; give an object of it: `{kind} = {item.__name__}()`")
    for name in ("info", "options_class", *(("render",) if kind == "renderer" else ("sniff", "load"))):
        if not hasattr(item, name):
            broken(f"{label(item)} has no `{name}`; see perspectives.plugin.{kind.capitalize()} for what it needs")
    return item


def check_info(item: Item, kind: FormatKind) -> None:
    """Its info can be listed and looked up."""
    info: object = item.info
    expected = RendererInfo if kind == "renderer" else LoaderInfo
    if not isinstance(info, expected):
        right = with_article(expected.__name__)
        broken(f"{label(item)}.info is {with_article(type(info).__name__)}, expected {right} of perspectives.plugin")
    if not info.summary.strip() or len(info.summary.splitlines()) != 1:
        broken(f"{label(item)}.info.summary is {info.summary!r}; say in one line what the format is")
    for media_type in (info.media_type,) if isinstance(info, RendererInfo) else info.media_types:
        if not _MEDIA_TYPE.fullmatch(media_type):
            broken(f"{label(item)}.info: {media_type!r} is no media type; one looks like 'text/html; charset=utf-8'")


def check_index(item: Item, kind: FormatKind, *, packaged: bool) -> None:
    """A distribution lists it under its name, and what the entry point leads to is it."""
    name = item.info.name
    if any(provider.name == name for provider in built_in(kind)):
        if type(Registry().describe(kind, name)[1]) is not type(item):
            broken(
                f"the name {name!r} is that of the built-in {kind}, which a bare {name!r} always means;"
                f" take another one: 'my-{name}'"
            )
        return
    check_listed(kind, name, label(item), lambda found: type(found) is type(item), packaged=packaged, of=type(item))


def check_listed(
    kind: PluginKind,
    name: str,
    whose: str,
    is_it: Callable[[Any], bool],
    *,
    packaged: bool,
    of: type | None = None,
) -> None:
    """A distribution has an entry point of this name, and it leads to what `is_it` says it is."""
    if not packaged:
        pytest.skip(f"`packaged = False`: no entry point is asked for {name!r}")
    registry = Registry()
    claims = [provider for provider in registry.providers(kind) if provider.name == name]
    if not claims:
        value = of.__module__.partition(".")[0] if of else f"perspectives_{name.replace('-', '_')}"
        broken(
            f"no installed distribution has an entry point {name!r} in the group {group(kind)!r}; write in its"
            f' pyproject.toml\n\n[project.entry-points."{group(kind)}"]\n{name} = "{value}"\n\n'
            f"and install it again (`pip install -e .`), or set `packaged = False`"
        )
    for provider in claims:
        try:
            found = registry.describe(kind, provider.label)[1]
        except PerspectivesError as error:
            broken(f"the entry point {name!r} does not work: {error}", error)
        if is_it(found):
            return
    others = ", ".join(f"{provider.label} ({provider.value})" for provider in claims)
    broken(f"the entry point {name!r} leads to another {what(kind)} than {whose}: {others}")


def check_options(item: Item, readme: Path | None) -> None:
    """Its options can be documented, checked and given on a command line; defaults alone will do."""
    cls: Any = item.options_class
    owner = f"{label(item)}.options_class"
    if not isinstance(cls, type) or not attrs.has(cls):
        broken(f"{owner} is {cls!r}, expected an attrs class; NoOptions for a format that takes none")
    for option in attrs.fields(cls):
        if option.default is attrs.NOTHING:
            broken(f"option {option.name!r} of {cls.__name__} has no default: nobody could do without it")
        if not option.kw_only:
            broken(f"option {option.name!r} of {cls.__name__} is positional; write `@frozen(kw_only=True)`")
        if not str(option.metadata.get("help", "")).strip():
            broken(
                f"option {option.name!r} of {cls.__name__} is not documented;"
                ' write `field(default=..., metadata={"help": "what it does"})`'
            )
    try:
        options = cls()
    except Exception as error:  # noqa: BLE001 - whatever it raises, it is the author's to know
        broken(f"{cls.__name__}() raised {raised(error, item)}; the defaults alone must do", error)
    _check_frozen(options)
    try:
        schema, types = options_schema(cls)["properties"], option_types(cls)
    except NameError as error:
        broken(
            f"the types of {cls.__name__} cannot be read: {error}; import what they name, outside TYPE_CHECKING", error
        )
    for name, type_ in types.items():
        if not schema[name].keys() & {"type", "enum", "anyOf"}:
            broken(
                f"option {name!r} of {cls.__name__} takes {describe(type_)}, which no command line and no JSON can"
                " give; use bool, int, float, str, date, datetime, Literal, Mapping[str, str] or None"
            )
    if readme is not None and (table := options_table(cls)) not in readme.read_text("utf-8"):
        broken(f"{readme.name} does not hold the table of the options of {item.info.name!r}; paste this:\n\n{table}")


def _check_frozen(options: Any) -> None:
    cls = type(options)
    names = [option.name for option in attrs.fields(cls)] or ["anything"]
    try:
        setattr(options, names[0], None)
    except attrs.exceptions.FrozenInstanceError:
        return
    except Exception:  # noqa: BLE001, S110 - whatever a validator raises, it was asked
        pass
    broken(f"{cls.__name__} is not frozen: who renders twice with one object could get two results")


def options_table(options_class: type) -> str:
    """The options of a format as a Markdown table, for its README.

    One row an option: name, type, default and meaning, as `perspectives
    plugins NAME` shows them. A format without options gets a sentence.
    """
    types, defaults = option_types(options_class), options_class()
    rows = [
        f"| `{option.name}` | {_cell(describe(types[option.name]))} | `{as_word(getattr(defaults, option.name))}`"
        f" | {_cell(option.metadata.get('help', ''))} |\n"
        for option in attrs.fields(options_class)
    ]
    return "".join(["| option | type | default | meaning |\n|---|---|---|---|\n", *rows]) if rows else NO_OPTIONS


NO_OPTIONS = "It takes no options.\n"


def _cell(text: str) -> str:
    return " ".join(text.split()).replace("|", "\\|")


def check_briefs(examples: int, check: Callable[[Brief, str], object]) -> None:
    """Call a check with generated briefs; it fails with the sentence for one of which nothing can be left out."""

    def check_smallest(brief: Brief) -> None:
        if sentence := _sentence(check, brief):
            small = smallest(brief, lambda other: bool(_sentence(check, other)))
            broken(_sentence(check, small) or f"{sentence}\nbut not always; see test_deterministic")

    # Hypothesis itself would look for the smallest brief for minutes.
    _generate(briefs(), examples, check_smallest)


def _sentence(check: Callable[[Brief, str], object], brief: Brief) -> str:
    """The sentence with which a check fails for a brief, and the brief; empty where it does not fail."""
    try:
        check(brief, "a generated brief")
    except pytest.fail.Exception as error:
        return f"{error.msg}\nthe brief: {dumps(brief, indent=0).strip()}"
    return ""


def check_inputs(strategy: st.SearchStrategy[bytes], examples: int, check: Callable[[bytes, str], object]) -> None:
    """Call a check with generated inputs; it fails with the sentence for the smallest one."""

    def check_one(data: bytes) -> None:
        try:
            check(data, "a generated input")
        except pytest.fail.Exception as error:
            broken(f"{error.msg}\nthe input: {data!r}", error.__cause__)

    _generate(strategy, examples, check_one, Phase.shrink)


def _generate(strategy: st.SearchStrategy[T], examples: int, check: Callable[[T], None], *phases: Phase) -> None:
    run = settings(
        max_examples=examples,
        deadline=None,
        phases=(Phase.reuse, Phase.generate, *phases),
        report_multiple_bugs=False,
        suppress_health_check=list(HealthCheck),
    )(given(strategy)(check))
    try:
        run()
    except pytest.fail.Exception as error:  # again, without the lines that hypothesis adds
        broken(str(error.msg), error.__cause__)


def check_elsewhere(digests: Callable[..., dict[str, str]], item: Item, *arguments: object) -> None:
    """It gives the same in another process, where hashes and the time zone are others."""
    try:
        there = called_elsewhere(digests, item, *arguments)
    except OtherProcessError as error:
        broken(
            f"{label(item)} does not work in another process: {error}; define its class at the top of a module"
            " that can be imported, and let it hold nothing that cannot be pickled",
            error,
        )
    for name, digest in digests(item, *arguments).items():
        if there[name] != digest:
            broken(
                f"{label(item)} makes something else of {name!r} in another process, where hashes and the time zone"
                " are others; sort what comes out of a set, and read no clock"
            )


def check_import(item: Item, test: type) -> None:
    """Its module starts quickly: who looks for a format by its extension imports the plugins one by one."""
    module = type(item).__module__
    if module == test.__module__:
        pytest.skip(f"{label(item)} stands in the test's own file: there is no module of a plugin to import")
    try:
        known, names = imported_elsewhere(module)
    except OtherProcessError as error:
        broken(f"{module} cannot be imported in another process: {error}", error)
    for name, reason in HEAVY.items():
        if name in names:
            broken(f"importing {module} loads {name}: {reason}; import it in the function that needs it")
    if (count := known + len(names)) > BUDGET * known:
        broken(
            f"importing {module} leaves {count} modules loaded; `import perspectives.plugin` leaves {known}, and"
            f" {BUDGET} times as many are the limit; import what is large in the function that needs it"
        )
