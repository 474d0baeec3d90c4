"""What every loader promises, as tests for its author to run."""

import random
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path, PurePath
from typing import Any

import attrs
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from perspectives.codec import dumps
from perspectives.errors import FAULTS, Fault, LimitError, LoadError
from perspectives.limits import Limits
from perspectives.model import Brief
from perspectives.plugin import Confidence, Input, Loaded, Loader, LoadTools
from perspectives.registry import Registry
from perspectives.testing.processes import OtherProcessError, called_elsewhere, loaded_digests
from perspectives.testing.promises import (
    broken,
    check_import,
    check_index,
    check_info,
    check_members,
    check_options,
    label,
    raised,
)
from perspectives.testing.samples import samples
from perspectives.testing.strategies import briefs
from perspectives.text import show

_RANDOM = random.Random(1911)  # noqa: S311 - noise, the same in each run
NOISE: Mapping[str, bytes] = {
    "nothing": b"",
    "one blank": b" ",
    "a thousand zeros": bytes(1000),
    "random bytes": _RANDOM.randbytes(3000),
    "random letters": bytes(_RANDOM.choices(b"abcdefghijklmnopqrstuvwxyz     \n", k=3000)),
}
"""What no loader can be sure of."""

_TIGHT = Limits(headline=1, line=1, prose=1, stories=0, facts=0, groups=0, outlets=0, items=0)


class LoaderContract:
    """What every loader promises; a subclass of it in your tests holds yours to that.

        class TestDesk(LoaderContract):
            loader = Desk()
            inputs = {"a.desk": b"..."}

    Each of the nine tests fails with a sentence: what is wrong, for which
    input, and what would be right.
    """

    loader: Loader[Any]
    """The loader itself."""
    inputs: Mapping[str, bytes]
    """What it reads: the name of a file, and its data; at least one."""
    renderer: str | None = None
    """The renderer that writes what it reads, where there is one: every brief then loads back equal."""
    options: object = None
    """What the tests load with: the defaults, unless a format needs more."""
    readme: Path | None = None
    """A file that must hold the table of the options, as `options_table` writes it."""
    packaged: bool = True
    """Whether a distribution lists the loader; False for one that is registered or given as a file."""
    examples: int = 100
    """How many generated inputs and briefs each test takes."""

    def test_info(self) -> None:
        """It says what it is: name, one line of summary, media types, extensions."""
        check_info(self.loader, "loader")

    def test_index(self) -> None:
        """Its distribution lists it under its own name, which is not reserved."""
        check_index(self.loader, "loader", packaged=self.packaged)

    def test_options(self) -> None:
        """Its options are frozen and documented, can be given on a command line, and have defaults that do."""
        check_members(self.loader, "loader")
        check_options(self.loader, self.readme)

    def test_sniff(self) -> None:
        """It knows its own inputs, is not sure of noise, and says so of any bytes without raising."""
        for name, data in self._named_inputs():
            is_named = PurePath(name).suffix.lower() in self.loader.info.extensions
            if self._sniffed(Input(name=name, data=data), name) == Confidence.NO and not is_named:
                broken(
                    f"{label(self.loader)} does not know its own input {name!r}: `sniff` says NO, and the extension is"
                    f" none of {list(self.loader.info.extensions)}"
                )
        for name, data in NOISE.items():
            level = self._sniffed(Input(name="noise", data=data), name)
            if level > Confidence.POSSIBLE:
                broken(
                    f"{label(self.loader)}.sniff says {level.name} of {name}, expected POSSIBLE at most:"
                    " it would take inputs from the loaders that they are for"
                )
        self._each_generated(lambda data, name: self._sniffed(Input(name="", data=data), name))

    def test_load(self) -> None:
        """It loads its inputs: a story in one of them at least, a place in each finding, within the limits."""
        stories = 0
        for name, data in self._named_inputs():
            try:
                stories += len(self._loaded(Input(name=name, data=data), repr(name)).brief.stories)
            except (LoadError, LimitError) as error:
                broken(f"{label(self.loader)}.load refused its own input {name!r}: {error}", error)
            self._check_limits(name, data)
        if not stories:
            broken(f"{label(self.loader)}.load found no story in any of the inputs {list(self.inputs)}")

    def test_errors(self) -> None:
        """What it cannot read is a `LoadError` with a message and a line or path; nothing else is ever raised."""
        for name, data in NOISE.items():
            self._tried(name, data)
        self._each_generated(lambda data, name: self._tried(name, data))

    def test_deterministic(self) -> None:
        """It reads the same brief twice, in eight threads, and in a process with another hash seed."""
        first = {name: self._read(name, data) for name, data in self._named_inputs()}
        for name, data in self._named_inputs():
            if self._read(name, data) != first[name]:
                broken(f"{label(self.loader)}.load reads {name!r} twice as two briefs")
        with ThreadPoolExecutor(8) as threads:
            names = [name for name in first for _ in range(8)]
            reads = threads.map(lambda name: self._read(name, self.inputs[name]), names)
            for name, read in zip(names, reads, strict=True):
                if read != first[name]:
                    broken(f"{label(self.loader)}.load reads {name!r} in eight threads as two briefs")
        try:
            there = called_elsewhere(loaded_digests, self.loader, self._options, dict(self.inputs))
        except OtherProcessError as error:
            broken(
                f"{label(self.loader)} cannot be taken to another process: {error}; define its class at the top of a"
                " module that can be imported, and hold nothing that cannot be pickled",
                error,
            )
        for name, digest in loaded_digests(self.loader, self._options, self.inputs).items():
            if there[name] != digest:
                broken(
                    f"another process reads {name!r} otherwise; the order of a set or `hash()` differs there, and so"
                    " does the time zone: sort, and read no clock"
                )

    def test_import_budget(self) -> None:
        """Importing its module loads nothing that only loading needs."""
        check_members(self.loader, "loader")
        check_import(self.loader, type(self))

    def test_round_trip(self) -> None:
        """What its renderer writes of a brief loads as an equal brief."""
        if self.renderer is None:
            pytest.skip("no `renderer` is named that writes what this loader reads")
        for name, brief in samples.items():
            self._check_round_trip(brief, f"the sample {name!r}")
        check = self._check_round_trip

        @_settings(self.examples)
        @given(briefs())
        def run(brief: Brief) -> None:
            try:
                check(brief, "a generated brief")
            except pytest.fail.Exception as error:
                broken(f"{error.msg}\nthe brief: {dumps(brief, indent=0).strip()}", error.__cause__)

        _run(run)

    @property
    def _options(self) -> object:
        return self.loader.options_class() if self.options is None else self.options

    def _named_inputs(self) -> list[tuple[str, bytes]]:
        inputs: Mapping[str, bytes] = getattr(self, "inputs", {})
        if not inputs:
            broken(f"{type(self).__name__} has no inputs; give at least one: `inputs = {{'a.desk': b'...'}}`")
        return list(inputs.items())

    def _sniffed(self, input: Input, name: str) -> Confidence:
        try:
            level: object = self.loader.sniff(input)
        except FAULTS as error:
            broken(f"{label(self.loader)}.sniff raised {raised(error)} for {name}; it must answer for any bytes", error)
        if not isinstance(level, Confidence):
            broken(
                f"{label(self.loader)}.sniff returned {show(level)} for {name}, expected one of"
                " perspectives.plugin.Confidence"
            )
        return level

    def _loaded(self, input: Input, name: str, tools: LoadTools | None = None) -> Loaded:
        """What the loader returns. Raises LoadError or LimitError; anything else fails."""
        try:
            loaded: object = self.loader.load(input, self._options, tools or LoadTools())
        except (LoadError, LimitError):
            raise
        except FAULTS as error:
            broken(
                f"{label(self.loader)}.load raised {raised(error)} for {name}; raise LoadError with the line or path",
                error,
            )
        if not isinstance(loaded, Loaded):
            broken(f"{label(self.loader)}.load returned {show(loaded)} for {name}, expected perspectives.plugin.Loaded")
        for finding in loaded.findings:
            if finding.line is None and not finding.path:
                broken(
                    f"{label(self.loader)}.load has a finding without a place for {name}: {str(finding)!r};"
                    " give it a `line`, or a `path` like '$.stories[0]'"
                )
        return loaded

    def _tried(self, name: str, data: bytes) -> None:
        try:
            self._loaded(Input(name="", data=data), name)
        except (LoadError, LimitError) as error:
            for fault in error.faults or (Fault(code="", message=""),):
                if not fault.message.strip() or (fault.line is None and not fault.path):
                    broken(
                        f"{label(self.loader)}.load raised {type(error).__name__} without a place for {name}:"
                        f" {str(error)!r}; give its Fault a `line`, or a `path` like '$.stories[0]'",
                        error,
                    )

    def _check_limits(self, name: str, data: bytes) -> None:
        """Who says that the limits are kept has kept them; the host does not look again."""
        try:
            loaded = self._loaded(Input(name=name, data=data), repr(name), LoadTools(limits=_TIGHT))
        except (LoadError, LimitError):
            return
        if loaded.limits != _TIGHT:
            return
        try:
            _TIGHT.check(loaded.brief)
        except LimitError as error:
            broken(
                f"{label(self.loader)}.load says with `limits` that it has looked at them, but of {name!r}"
                f" {error.faults[0]}; look at each, or leave `limits` out and the host does",
                error,
            )

    def _read(self, name: str, data: bytes) -> object:
        try:
            loaded = self._loaded(Input(name=name, data=data), repr(name))
        except (LoadError, LimitError) as error:
            return str(error)
        return dumps(loaded.brief), loaded.findings

    def _each_generated(self, check: Callable[[bytes, str], object]) -> None:
        """Call a check with arbitrary bytes and with the inputs, mangled."""
        inputs = [data for _, data in self._named_inputs()]

        @_settings(self.examples)
        @given(_mangled(inputs))
        def run(data: bytes) -> None:
            check(data, f"the bytes {data!r}")

        _run(run)

    def _check_round_trip(self, brief: Brief, name: str) -> None:
        assert self.renderer is not None  # noqa: S101
        rendered = Registry().render(brief, self.renderer)
        input = Input(name="", data=bytes(rendered), media_type=rendered.media_type)
        loaded = self._loaded(input, name)
        if loaded.brief != brief:
            path, before, after = next(_differences(brief, loaded.brief, "$"))
            broken(
                f"{label(self.loader)}.load changes {path} of {name}: what {self.renderer!r} wrote of {show(before)}"
                f" is read as {show(after)}"
            )


def _settings(examples: int) -> settings:
    return settings(
        max_examples=examples, deadline=None, report_multiple_bugs=False, suppress_health_check=list(HealthCheck)
    )


def _run(run: Callable[[], None]) -> None:
    try:
        run()
    except pytest.fail.Exception as error:
        broken(str(error.msg))


def _mangled(inputs: list[bytes]) -> st.SearchStrategy[bytes]:
    """Arbitrary bytes; inputs that end too early or begin too late; inputs with other bytes in them."""
    whole = st.sampled_from(inputs)

    def cut(data: bytes) -> st.SearchStrategy[bytes]:
        places = st.integers(0, len(data))
        ends = places.map(lambda at: data[:at])
        starts = places.map(lambda at: data[at:])
        changes = st.tuples(places, st.binary(max_size=4)).map(
            lambda change: data[: change[0]] + change[1] + data[change[0] + len(change[1]) :]
        )
        return ends | starts | changes

    return st.binary(max_size=200) | whole.flatmap(cut)


def _differences(before: Any, after: Any, path: str) -> Iterator[tuple[str, object, object]]:
    """Where two values of the model differ, and how."""
    if before == after:
        return
    if type(before) is type(after) and attrs.has(type(before)):
        for field in attrs.fields(type(before)):
            yield from _differences(getattr(before, field.name), getattr(after, field.name), f"{path}.{field.name}")
    elif isinstance(before, tuple) and isinstance(after, tuple) and len(before) == len(after):
        for index, pair in enumerate(zip(before, after, strict=True)):
            yield from _differences(*pair, f"{path}[{index}]")
    else:
        yield path, before, after
