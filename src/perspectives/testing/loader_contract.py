"""What every loader promises, as tests for its author to run."""

import random
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path, PurePath
from typing import Any

import attrs
import pytest
from hypothesis import strategies as st

from perspectives.errors import FAULTS, LimitError, LoadError
from perspectives.limits import Limits
from perspectives.model import Brief
from perspectives.plugin import Confidence, Input, Loaded, Loader, LoadTools
from perspectives.registry import Registry
from perspectives.testing.processes import loaded_digests
from perspectives.testing.promises import (
    broken,
    check_briefs,
    check_elsewhere,
    check_import,
    check_index,
    check_info,
    check_inputs,
    check_options,
    label,
    raised,
    subject,
)
from perspectives.testing.samples import samples
from perspectives.text import show

_RANDOM = random.Random(1911)  # noqa: S311 - noise, the same in each run
NOISE: Mapping[str, bytes] = {
    "no bytes at all": b"",
    "one blank": b" ",
    "a thousand zeros": bytes(1000),
    "random bytes": _RANDOM.randbytes(3000),
    "random letters": bytes(_RANDOM.choices(b"abcdefghijklmnopqrstuvwxyz     \n", k=3000)),
    "any JSON": b'{"a": 1}',
    "any XML": b'<?xml version="1.0"?>\n<a/>\n',
    "any CSV": b"a,b\n1,2\n",
    "any YAML": b"a: 1\n",
}
"""What no loader can be sure of."""

_TIGHT = Limits(headline=1, line=1, prose=1, stories=0, facts=0, groups=0, outlets=0, items=0)


class LoaderContract:
    """What every loader promises; a subclass of it in your tests holds yours to that::

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
        check_info(self._item, "loader")

    def test_index(self) -> None:
        """Its distribution lists it under its own name, which is not reserved."""
        check_index(self._item, "loader", packaged=self.packaged)

    def test_options(self) -> None:
        """Its options are frozen and documented, can be given on a command line, and have defaults that do."""
        check_options(self._item, self.readme)

    def test_sniff(self) -> None:
        """It knows its own inputs, is not sure of noise, and says so of any bytes without raising."""
        for name, data in self._named_inputs().items():
            suffix = PurePath(name).suffix.lower()
            is_named = suffix in (*self._item.info.extensions, f".{self._item.info.name}")
            if self._sniffed(Input(name=name, data=data), repr(name)) == Confidence.NO and not is_named:
                known = ", ".join(self._item.info.extensions) or "none"
                broken(
                    f"{label(self._item)} does not know its own input {name!r}: `sniff` says NO, and the extension is"
                    f" not its own ({known})"
                )
        for name, data in NOISE.items():
            level = self._sniffed(Input(name="", data=data), name)
            if level > Confidence.POSSIBLE:
                broken(
                    f"{label(self._item)}.sniff says {level.name} of {name}, expected POSSIBLE at most;"
                    " it would take what another loader is for"
                )
        check_inputs(self._mangled(), self.examples, lambda data, name: self._sniffed(Input(name="", data=data), name))

    def test_load(self) -> None:
        """It loads its inputs, with a story in one at least, a place in each finding, and within the limits."""
        stories = 0
        for name, data in self._named_inputs().items():
            stories += len(self._read(Input(name=name, data=data), repr(name)).brief.stories)
            self._check_limits(Input(name=name, data=data))
        if not stories:
            broken(f"{label(self._item)}.load found no story in any of its inputs: {', '.join(self.inputs)}")

    def test_errors(self) -> None:
        """What it cannot read is a `LoadError` with a message and a line or path; it raises nothing else."""
        for name, data in NOISE.items():
            self._check_errors(data, name)
        check_inputs(self._mangled(), self.examples, self._check_errors)

    def test_deterministic(self) -> None:
        """It reads the same brief twice, in eight threads, and in a process with another hash seed."""
        inputs = {name: Input(name=name, data=data) for name, data in self._named_inputs().items()}
        first = {name: self._read(input, repr(name)) for name, input in inputs.items()}
        names = [name for name in inputs for _ in range(8)]
        with ThreadPoolExecutor(8) as threads:
            again = [(name, "when it reads it twice", self._read(input, repr(name))) for name, input in inputs.items()]
            reads = threads.map(lambda name: self._read(inputs[name], repr(name)), names)
            again += [(name, "when eight threads read it", read) for name, read in zip(names, reads, strict=True)]
        for name, how, loaded in again:
            if loaded != first[name]:
                broken(
                    f"{label(self._item)}.load gives two results for {name!r} {how}; it must read no clock, no random"
                    " number and nothing that an earlier load left"
                )
        check_elsewhere(loaded_digests, self._item, self._options_of_tests, dict(self.inputs))

    def test_import_budget(self) -> None:
        """Importing its module loads nothing that only loading needs."""
        check_import(self._item, type(self))

    def test_round_trip(self) -> None:
        """What its renderer writes of a brief loads as an equal brief."""
        if self.renderer is None:
            pytest.skip(f"{label(self)} names no `renderer` that writes what this loader reads")
        for name, brief in samples.items():
            self._check_round_trip(brief, f"the sample {name!r}")
        check_briefs(self.examples, self._check_round_trip)

    @property
    def _item(self) -> Loader[Any]:
        item: Loader[Any] = subject(self, "loader")
        return item

    @property
    def _options_of_tests(self) -> object:
        return self._item.options_class() if self.options is None else self.options

    def _named_inputs(self) -> Mapping[str, bytes]:
        if not getattr(self, "inputs", None):
            broken(f"{label(self)} has no inputs; give what the loader reads: `inputs = {{'a.desk': b'...'}}`")
        return self.inputs

    def _sniffed(self, input: Input, name: str) -> Confidence:
        try:
            level: object = self._item.sniff(input)
        except FAULTS as error:
            what = raised(error, self._item)
            broken(f"{label(self._item)}.sniff raised {what} for {name}; it must answer for any bytes", error)
        if not isinstance(level, Confidence):
            broken(f"{label(self._item)}.sniff returned {show(level)} for {name}, expected a Confidence")
        return level

    def _loaded(self, input: Input, name: str, tools: LoadTools | None = None) -> Loaded:
        """What the loader returns. Raises LoadError or LimitError; anything else fails."""
        try:
            loaded: object = self._item.load(input, self._options_of_tests, tools or LoadTools())
        except (LoadError, LimitError):
            raise
        except FAULTS as error:
            broken(
                f"{label(self._item)}.load raised {raised(error, self._item)} for {name}; what cannot be read is a"
                " LoadError with the line or path",
                error,
            )
        if not isinstance(loaded, Loaded):
            broken(
                f"{label(self._item)}.load returned {show(loaded)} for {name}, expected a perspectives.plugin.Loaded"
            )
        for finding in loaded.findings:
            if finding.line is None and not finding.path:
                broken(
                    f"{label(self._item)}.load has a finding without a place for {name}: {str(finding)!r};"
                    " give it a line, or a path like '$.stories[0]'"
                )
        return loaded

    def _read(self, input: Input, name: str) -> Loaded:
        """What the loader returns for what it must be able to read."""
        try:
            return self._loaded(input, name)
        except (LoadError, LimitError) as error:
            broken(f"{label(self._item)}.load refused {name}, which it should read: {error}", error)

    def _check_limits(self, input: Input) -> None:
        """Who says that the limits were looked at has looked: the host does not look again."""
        tools = LoadTools(limits=_TIGHT)
        try:
            loaded = self._loaded(input, f"{input.name!r} with tight limits", tools)
        except (LoadError, LimitError):
            return
        try:
            if loaded.limits == tools.limits:
                tools.limits.check(loaded.brief)
        except LimitError as error:
            broken(
                f"{label(self._item)}.load returned `limits`, as if it had looked at them, but of {input.name!r}"
                f" {error.faults[0]}; look at each, or leave `limits` out and the host looks",
                error,
            )

    def _check_errors(self, data: bytes, name: str) -> None:
        try:
            self._loaded(Input(name="", data=data), name)
        except (LoadError, LimitError) as error:
            if not error.faults:
                broken(
                    f"{label(self._item)}.load raised a LoadError without a Fault for {name}; say what is wrong", error
                )
            for fault in error.faults:
                if not fault.message.strip() or (fault.line is None and not fault.path):
                    broken(
                        f"{label(self._item)}.load raised a LoadError without a place for {name}: {str(fault)!r};"
                        " give its Fault a message and a line, or a path like '$.stories[0]'",
                        error,
                    )

    def _mangled(self) -> st.SearchStrategy[bytes]:
        """Arbitrary bytes; inputs that end too early or begin too late; inputs with other bytes in them."""

        def mangle(data: bytes) -> st.SearchStrategy[bytes]:
            places = st.integers(0, len(data))
            changed = st.tuples(places, st.binary(min_size=1, max_size=4)).map(
                lambda change: data[: change[0]] + change[1] + data[change[0] + len(change[1]) :]
            )
            return places.map(lambda at: data[:at]) | places.map(lambda at: data[at:]) | changed

        return st.binary(max_size=200) | st.sampled_from([*self._named_inputs().values()]).flatmap(mangle)

    def _check_round_trip(self, brief: Brief, name: str) -> None:
        rendered = Registry().render(brief, str(self.renderer))
        input = Input(name="", data=bytes(rendered), media_type=rendered.media_type)
        loaded = self._read(input, f"what {self.renderer!r} wrote of {name}")
        for path, before, after in _differences(brief, loaded.brief, "$"):
            broken(
                f"{label(self._item)}.load reads {path} of {name} as {show(after)} where {self.renderer!r} had"
                f" {show(before)}; what is rendered must load as it was"
            )


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
