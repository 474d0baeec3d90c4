"""What every renderer promises, as tests for its author to run."""

import functools
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis.errors import Flaky

from perspectives.codec import dumps
from perspectives.errors import FAULTS
from perspectives.model import Brief
from perspectives.plugin import Rendered, Renderer, essence
from perspectives.testing import sinks
from perspectives.testing.places import FIELDS, Place, filled, marked, texts_of
from perspectives.testing.processes import OtherProcessError, called_elsewhere, render_tools, rendered_digests
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
from perspectives.text import nearest, show

HOSTILE = (
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "' onmouseover='alert(1)",
    "</p></article></title></style></script></textarea></td>",
    "]]> --> <!-- <![CDATA[ <?x ?>",
    "&lt;b&gt; &#60;i&#62; &amp;lt;u&amp;gt;",
    "{{ 7*7 }} {% x %} ${7*7} #{7*7} %s {0}",
    "=?utf-8?q?a=0D=0ABcc:_eve=40example.org?=",
    "=?utf-8?b?YQ0KQmNjOiBldmVAZXhhbXBsZS5vcmc=?=",
    "Bcc: eve@example.org",
    "[x](javascript:alert(1)) ![x](javascript:alert(1)) <javascript:alert(1)>",
    "[x]: javascript:alert(1)",
    "![x](https://example.org/x.png)",
    "# x", "- x", "1. x", "> x", "```", "===", "---", "| a | b |", "=> /x", "javascript:alert(1)",
    '\\", "x": 1 \\u003c \\',
)  # fmt: skip
"""Texts that become markup, a header or code where a renderer does not escape them for its format."""


class RendererContract:
    """What every renderer promises; a subclass of it in your tests holds yours to that.

        class TestGemtext(RendererContract):
            renderer = Gemtext()

    Each of the nine tests fails with a sentence: what is wrong, for which
    brief, and what would be right.
    """

    renderer: Renderer[Any]
    """The renderer itself."""
    options: object = None
    """What the tests render with: the defaults, unless a format needs more, as a mail needs a subject."""
    readme: Path | None = None
    """A file that must hold the table of the options, as `options_table` writes it."""
    packaged: bool = True
    """Whether a distribution lists the renderer; False for one that is registered or given as a file."""
    examples: int = 100
    """How many generated briefs are rendered by each test that takes them."""

    def visible_text(self, rendered: Rendered) -> str:
        """What readers see of an output: every word, none of the markup.

        The kit reads HTML, XML, JSON, Markdown, mail and plain text. Override
        it for any other format, or where yours writes texts in a way of its
        own. It is called with each body of a mail, since readers see only one.
        """
        texts = [sinks.visible_text(content) for content in sinks.files(rendered)]
        if texts[0] is None:
            broken(
                f"the kit cannot read {rendered.media_type!r}; override `visible_text(self, rendered) -> str` in"
                f" {type(self).__name__}, so that a dropped perspective is noticed in this format too"
            )
        return "\n".join(text for text in texts if text is not None)

    def structure(self, rendered: Rendered) -> object:
        """What must stay as it is whatever the texts say: elements and attributes, keys, headers.

        The kit knows it for HTML, XML, JSON, Markdown, mail and plain text.
        Override it for any other format: return a value that two outputs have
        in common where only the texts differ. None says that nothing is known.
        Raise ValueError for an output that is none of your format.
        """
        headers = tuple(sorted(f"{name}: {len(value.splitlines())}" for name, value in rendered.headers.items()))
        found = [sinks.structure(content) for content in sinks.files(rendered)]
        return None if found[0] is None else (*headers, *(item for items in found for item in items or ()))

    def test_info(self) -> None:
        """It says what it is: name, media type, extensions, one line of summary, and only real fields in `omits`."""
        check_info(self.renderer, "renderer")
        for name in sorted(self.renderer.info.omits - FIELDS):
            near = nearest(name, sorted(FIELDS))
            hint = f"did you mean {near!r}?" if near else "name fields like 'critique' or 'Outlet.owner'"
            broken(f"{label(self.renderer)}.info.omits names {name!r}, which is no field of the model; {hint}")

    def test_index(self) -> None:
        """Its distribution lists it under its own name, which is not reserved."""
        check_index(self.renderer, "renderer", packaged=self.packaged)

    def test_options(self) -> None:
        """Its options are frozen and documented, can be given on a command line, and have defaults that do."""
        check_members(self.renderer, "renderer")
        check_options(self.renderer, self.readme)
        self._rendered(samples["full"], "the sample 'full' with the defaults", self.renderer.options_class())

    def test_total(self) -> None:
        """It renders every brief: empty, hostile, right to left, very long, and whatever hypothesis finds."""
        for name, brief in samples.items():
            self._rendered(brief, f"the sample {name!r}")
        for text in HOSTILE:
            self._rendered(_filled(text), f"a brief of nothing but {text!r}")
        self._each_generated(lambda brief, name: self._rendered(brief, name))

    def test_typed(self) -> None:
        """It returns a `Rendered` of the media type that it declares, always text or always bytes."""
        types = {}
        for name, brief in samples.items():
            rendered = self._rendered(brief, f"the sample {name!r}")
            self._check_types(rendered, f"the sample {name!r}")
            types[type(rendered.content) is bytes] = name
        if len(types) > 1:
            broken(
                f"{self._who} returns text for the sample {types[False]!r} and bytes for {types[True]!r};"
                " one or the other, for every brief"
            )

    def test_deterministic(self) -> None:
        """It gives the same output twice, in eight threads, and in a process with another hash seed."""
        first = {name: self._rendered(brief, f"the sample {name!r}") for name, brief in samples.items()}
        for name, brief in samples.items():
            again = self._rendered(brief, f"the sample {name!r} a second time")
            self._same(first[name], again, f"rendering the sample {name!r} twice gives two outputs")
        with ThreadPoolExecutor(8) as threads:
            names = [name for name in samples for _ in range(8)]
            results = threads.map(lambda name: self._rendered(samples[name], f"{name!r} in a thread"), names)
            for name, result in zip(names, results, strict=True):
                self._same(first[name], result, f"rendering the sample {name!r} in eight threads gives two outputs")
        try:
            there = called_elsewhere(rendered_digests, self.renderer, self._options)
        except OtherProcessError as error:
            broken(
                f"{label(self.renderer)} cannot be taken to another process: {error}; define its class at the top of a"
                " module that can be imported, and hold nothing that cannot be pickled",
                error,
            )
        for name, digest in rendered_digests(self.renderer, self._options).items():
            if there[name] != digest:
                broken(
                    f"another process renders the sample {name!r} otherwise; the order of a set or `hash()` differs"
                    " there, and so does the time zone: sort, and read no clock"
                )

    def test_faithful(self) -> None:
        """Every text is there for readers, in order, but for what `omits` declares: no perspective is dropped."""
        dropped: dict[str, tuple[Place, str, str]] = {}
        shown: set[str] = set()
        omitted: set[str] = set()
        for name, sample in samples.items():
            brief = marked(sample)
            for reading in self._readings(self._rendered(brief, f"the sample {name!r}")):
                for place, text in texts_of(brief):
                    declared = {word for word in self.renderer.info.omits if place.lies_in({word})}
                    if sinks.one_line(text) in reading:
                        shown |= declared
                    elif declared:
                        omitted |= declared
                    else:
                        dropped.setdefault(place.field, (place, text, f"the sample {name!r}"))
                if not dropped:
                    self._check_order(brief, reading, f"the sample {name!r}")
        self._refuse_dropped(dropped)
        for word in sorted(shown - omitted):
            broken(f"{label(self.renderer)}.info.omits says {word!r}, but all of it is in the output; take it out")
        self._each_generated(self._check_shown)

    def test_escapes(self) -> None:
        """No text becomes an element, an attribute, a link, a key or a header."""
        calm = self._structure(_filled("harmless"), "harmless")
        if calm is None:
            pytest.skip(
                f"the kit knows no markup of {self.renderer.info.media_type!r}; override"
                f" `structure(self, rendered)` in {type(self).__name__} to have it looked at"
            )
        for text in HOSTILE:
            for at_end in (False, True):
                if self._structure(_filled(text, at_end=at_end), text) != calm:
                    self._blame_field(calm, text, at_end=at_end)

    def test_import_budget(self) -> None:
        """Importing its module loads nothing that only rendering needs."""
        check_members(self.renderer, "renderer")
        check_import(self.renderer, type(self))

    @property
    def _who(self) -> str:
        return f"{label(self.renderer)}.render"

    @property
    def _options(self) -> object:
        return self.renderer.options_class() if self.options is None else self.options

    def _rendered(self, brief: Brief, name: str, options: object = None) -> Rendered:
        try:
            rendered: object = self.renderer.render(brief, options or self._options, render_tools())
        except FAULTS as error:
            broken(f"{self._who} raised {raised(error)} for {name}; a renderer prints every brief", error)
        if not isinstance(rendered, Rendered):
            broken(f"{self._who} returned {_kind(rendered)} for {name}, expected perspectives.plugin.Rendered")
        return rendered

    def _each_generated(self, check: Callable[[Brief, str], object]) -> None:
        """Call a check with generated briefs; its sentence is that of the smallest brief that fails."""

        @settings(
            max_examples=self.examples,
            deadline=None,
            report_multiple_bugs=False,
            suppress_health_check=list(HealthCheck),
        )
        @given(briefs())
        def run(brief: Brief) -> None:
            try:
                check(brief, "a generated brief")
            except pytest.fail.Exception as error:
                broken(f"{error.msg}\nthe brief: {dumps(brief, indent=0).strip()}", error.__cause__)

        try:
            run()
        except Flaky as error:
            broken(f"{self._who} fails for a brief at one time and not at another; see test_deterministic", error)
        except pytest.fail.Exception as error:  # without hypothesis's own lines, which repeat it
            broken(str(error.msg), error.__cause__)

    def _check_types(self, rendered: Rendered, name: str) -> None:
        declared = self.renderer.info.media_type
        if essence(rendered.media_type) != essence(declared):
            broken(f"{self._who} returned {rendered.media_type!r} for {name}, but its info declares {declared!r}")
        try:
            data = bytes(rendered)
            if essence(declared).startswith("text/"):
                data.decode()
        except UnicodeError as error:
            broken(f"{self._who} returned what is no UTF-8 for {name}: {error}", error)
        names = [part.name.casefold() for part in rendered.parts if part.name]
        for part in names:
            if names.count(part) > 1:
                broken(f"{self._who} returned two parts named {part!r} for {name}: one would overwrite the other")

    def _same(self, first: Rendered, second: Rendered, sentence: str) -> None:
        if first == second:
            return
        before, after = repr(first), repr(second)
        at = next((n for n, pair in enumerate(zip(before, after, strict=False)) if pair[0] != pair[1]), 0)
        start = max(0, at - 20)
        broken(
            f"{sentence}: …{before[start : at + 20]}… and …{after[start : at + 20]}…;"
            " a renderer reads no clock, no random number and nothing that an earlier rendering left"
        )

    def _readings(self, rendered: Rendered) -> list[str]:
        """What each reader sees: of a mail with two bodies, each shows all."""
        contents = sinks.bodies(rendered) if essence(rendered.media_type) == "message/rfc822" else [rendered]
        return [sinks.one_line(self.visible_text(content)) for content in contents]

    def _check_shown(self, brief: Brief, name: str) -> None:
        for reading in self._readings(self._rendered(brief, name)):
            for place, text in texts_of(brief):
                if sinks.one_line(text) not in reading and not place.lies_in(self.renderer.info.omits):
                    self._refuse_dropped({place.field: (place, text, name)})

    def _refuse_dropped(self, dropped: Mapping[str, tuple[Place, str, str]]) -> None:
        if not dropped:
            return
        place, text, name = next(iter(dropped.values()))
        fields = ", ".join(repr(field) for field in dropped)
        broken(
            f"{self._who} drops {place.path}, {show(text)}, of {name}; print it, or declare what the format cannot"
            f" show: omits=frozenset({{{fields}}})"
        )

    def _check_order(self, brief: Brief, reading: str, name: str) -> None:
        for index, story in enumerate(brief.stories):
            path = f"$.stories[{index}]"
            groups = story.perspectives
            rows: list[tuple[str, list[str | None]]] = [
                (f"{path}.facts", [fact.text for fact in story.facts]),
                (f"{path}.perspectives", [group.label for group in groups]),
                (f"{path}.perspectives, their framings", [group.framing for group in groups]),
                (f"{path}.perspectives, their critiques", [group.critique for group in groups]),
            ]
            for what, texts in rows:
                found = [sinks.one_line(text) for text in texts if text and sinks.one_line(text) in reading]
                end = 0
                for text in found:
                    at = reading.find(text, end)
                    if at < 0:
                        broken(
                            f"{self._who} prints {what} of {name} in another order than the brief has;"
                            f" {show(text)} comes too early: the order is the author's"
                        )
                    end = at + len(text)

    def _structure(self, brief: Brief, text: str) -> object:
        try:
            return self.structure(self._rendered(brief, f"a brief of nothing but {text!r}"))
        except ValueError as error:
            broken(f"{self._who} returned {error} for a brief of nothing but {text!r}; escape each text", error)

    def _blame_field(self, calm: object, text: str, *, at_end: bool) -> None:
        """Fail with the first field whose text alone does it."""
        fields = dict.fromkeys(place.field for place, _ in texts_of(samples["full"]))
        for field in [*fields, None]:
            found = self._structure(_filled(text, field, at_end=at_end), text)
            if found != calm:
                where = field or "several texts"
                broken(
                    f"{self._who} does not escape {where}: the text {text!r} changes the structure of the output,"
                    f" {_changes(calm, found)}"
                )


@functools.cache
def _filled(text: str, field: str | None = None, *, at_end: bool = False) -> Brief:
    """The full sample with this text in one field, or in all, and harmless words elsewhere."""

    def write(place: Place, number: str) -> str:
        if field not in (None, place.field):
            return f"harmless {number}"
        return f"{number} {text}" if at_end else f"{text} {number}"

    return filled(samples["full"], write)


def _changes(before: object, after: object) -> str:
    """The first thing that differs."""
    if not isinstance(before, tuple) or not isinstance(after, tuple):
        return f"{show(before)} becomes {show(after)}"
    for old, new in zip(before, after, strict=False):
        if old != new:
            return f"{show(new)} stands where {show(old)} stood"
    return f"it has {len(after)} parts instead of {len(before)}"


def _kind(value: object) -> str:
    return "None" if value is None else f"{type(value).__name__} {show(value)}"
