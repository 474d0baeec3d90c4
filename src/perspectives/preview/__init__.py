"""A brief in every format, on pages that follow its file: what `perspectives preview` serves.

What is read is here, what is shown in `pages.py`, and the server in `server.py`.
"""

import hashlib
import os
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path

from attrs import field, frozen

from perspectives.blame import blaming
from perspectives.discovery import Provider
from perspectives.errors import PerspectivesError
from perspectives.options import parse
from perspectives.plugin import Part, Rendered
from perspectives.registry import LoadReport, Registry

Words = Mapping[str, str]
"""Options as they are typed, by name."""


@frozen(kw_only=True)
class Reading:
    """What the files said at one time: the formats that there were, and the brief or why there is none."""

    version: str
    registry: Registry
    report: LoadReport | None = None
    faults: tuple[str, ...] = ()
    options: Mapping[str, Words] = field(factory=dict, hash=False)
    _rendered: dict[str, Rendered] = field(factory=dict, init=False, eq=False)

    @property
    def tabs(self) -> dict[str, Provider]:
        """The renderers by what they are called in addresses: ours by name, the others by `dist:name`."""
        return {tab(provider): provider for provider in self.registry.providers("renderer")}

    def rendered(self, label: str) -> Rendered | None:
        """The brief in one format, rendered when it is first asked for; without a brief None.

        Raises `PerspectivesError` where the renderer or its options are at fault.
        """
        if self.report is None:
            return None
        if label not in self._rendered:
            provider, renderer = self.registry.describe("renderer", label)
            settings = parse(renderer.options_class, label, self.options.get(label, {}))
            rendered = self.registry.render(self.report.brief, label, **settings)
            bodies: tuple[Rendered | Part, ...] = (rendered, *rendered.parts)
            with blaming(provider, "returned a text that cannot be written"):
                for body in bodies:
                    bytes(body)
            self._rendered[label] = rendered
        return self._rendered[label]


def tab(provider: Provider) -> str:
    """What a renderer is called in addresses."""
    return provider.name if provider.is_built_in else provider.label


class Preview:
    """A file that is followed, and with it the files of plugins and folders of templates that it is shown by.

    `registry` and `load` are called again after each change; `first` is the
    renderer that is shown at the start, and `options` are for it.
    """

    def __init__(
        self,
        file: str,
        *,
        registry: Callable[[], Registry],
        load: Callable[[Registry], LoadReport],
        beside: Sequence[str] = (),
        first: Provider | None = None,
        options: Words | None = None,
    ) -> None:
        self.file: str = file
        self.first: str = tab(first) if first else ""
        self._registry = registry
        self._load = load
        self._followed = (file, *beside)
        self._options = {first.label: options or {}} if first else {}
        self._lock = threading.Lock()
        self._reading: Reading | None = None

    def version(self) -> str:
        """Another word after each change of a file that is followed, one that took its place included."""
        stamps = [stamp for path in self._followed for stamp in _stamps(Path(path))]
        return hashlib.sha256(repr(stamps).encode()).hexdigest()[:16]

    def reading(self) -> Reading:
        """What the files say now; they are read again only after a change."""
        # Before they are read: a change in between is then seen by the next who asks.
        version = self.version()
        with self._lock:
            if self._reading is None or self._reading.version != version:
                self._reading = self._read(version)
            return self._reading

    def _read(self, version: str) -> Reading:
        try:
            registry = self._registry()
        except (PerspectivesError, OSError) as error:
            # The other formats are still there.
            return self._read_with(Registry(), version, _said(error))
        return self._read_with(registry, version)

    def _read_with(self, registry: Registry, version: str, *faults: str) -> Reading:
        report = None
        try:
            report = self._load(registry)
        except (PerspectivesError, OSError) as error:
            faults = (*faults, _said(error))
        return Reading(version=version, registry=registry, report=report, faults=faults, options=self._options)


def _said(error: PerspectivesError | OSError) -> str:
    return f"{error.filename}: {error.strerror}" if isinstance(error, OSError) else str(error)


def _stamps(path: Path) -> Iterator[tuple[object, ...]]:
    """What changes with a file, or with each of a folder."""
    for one in (path, *(sorted(path.rglob("*")) if path.is_dir() else ())):
        try:
            # The number too: an editor puts a new file in the place of the old one.
            found = os.stat(one)
            yield str(one), found.st_ino, found.st_size, found.st_mtime_ns
        except OSError as error:
            yield str(one), error.errno
