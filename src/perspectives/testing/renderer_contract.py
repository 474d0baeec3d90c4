"""What every renderer promises, as tests for its author to run."""

import functools
import re
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from itertools import zip_longest
from pathlib import Path
from typing import Any, NoReturn

import pytest

from perspectives.errors import FAULTS
from perspectives.model import Brief
from perspectives.plugin import Rendered, Renderer, essence
from perspectives.testing import sinks
from perspectives.testing.places import FIELDS, Place, filled, marked, misplaced, texts_of
from perspectives.testing.processes import render_tools, rendered_digests
from perspectives.testing.promises import (
    broken,
    check_briefs,
    check_elsewhere,
    check_import,
    check_index,
    check_info,
    check_options,
    label,
    raised,
    subject,
)
from perspectives.testing.samples import samples
from perspectives.testing.sinks import one_line
from perspectives.text import nearest, show

HOSTILE = (
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "' onmouseover='alert(1)",
    "</p></article></title></style></script></textarea></td>",
    "]]> --> <!-- <![CDATA[ <?x ?>",
    "--><b>x</b><!--",
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

_LISTED = 8  # fields that a sentence names one by one
_LONG = 8  # letters that are not in an output by chance


class RendererContract:
    """What every renderer promises; a subclass of it in your tests holds yours to that::

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
    """How many generated briefs `test_faithful` takes; `test_total` takes a tenth."""

    def visible_text(self, rendered: Rendered) -> str:
        """What readers see of an output: every word, none of the markup.

        The kit reads HTML, XML, feeds, JSON, Markdown, mail, CSV and plain
        text. Override it for any other format, or where yours writes texts in
        a way of its own, like headings in capitals. It is called with each body
        of a mail, since readers see only one.
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

        The kit knows it for HTML, XML, feeds, JSON, Markdown, mail, CSV and
        plain text. Override it for any other format: return a value that two
        outputs have in common where only the texts differ. None says that nothing is known.
        Raise ValueError for an output that is none of your format.
        """
        headers = tuple(sorted(f"{name}: {len(value.splitlines())}" for name, value in rendered.headers.items()))
        found = [sinks.structure(content) for content in sinks.files(rendered)]
        return None if found[0] is None else (*headers, *(item for items in found for item in items or ()))

    def test_info(self) -> None:
        """It says what it is: name, media type, extensions, one line of summary, and only real fields in `omits`."""
        check_info(self._item, "renderer")
        for name in sorted(self._item.info.omits - FIELDS):
            near = nearest(name, sorted(FIELDS))
            hint = f"did you mean {near!r}?" if near else "name fields like 'critique' or 'Outlet.owner'"
            broken(f"{label(self._item)}.info.omits names {name!r}, which is no field of the model; {hint}")

    def test_index(self) -> None:
        """Its distribution lists it under its own name, which is not reserved."""
        check_index(self._item, "renderer", packaged=self.packaged)

    def test_options(self) -> None:
        """Its options are frozen and documented, fit a command line, and have defaults that do but for `options`."""
        check_options(self._item, self.readme)
        if self.options is None:
            self._rendered(samples["full"], "the sample 'full' with the defaults", self._item.options_class())

    def test_total(self) -> None:
        """It renders every brief: empty, hostile, right to left, very long, and whatever hypothesis finds."""
        for name, brief in samples.items():
            self._rendered(brief, f"the sample {name!r}")
        for text in HOSTILE:
            self._rendered(_filled(text), f"a brief of nothing but {text!r}")
        # Few: `test_faithful` renders more, and what raises there fails with the same sentence.
        check_briefs(max(1, self.examples // 10), self._rendered)

    def test_typed(self) -> None:
        """It returns a `Rendered` of the media type that it declares, always text or always bytes."""
        types: dict[bool, str] = {}
        for name, brief in samples.items():
            rendered = self._rendered(brief, f"the sample {name!r}")
            self._check_types(rendered, f"the sample {name!r}")
            types.setdefault(type(rendered.content) is bytes, name)
        if len(types) > 1:
            broken(
                f"{self._who} returns text for the sample {types[False]!r} and bytes for {types[True]!r};"
                " one or the other, for every brief"
            )

    def test_deterministic(self) -> None:
        """It gives the same output twice, in eight threads, and in a process with another hash seed."""
        self._check_repeatable()
        check_elsewhere(rendered_digests, self._item, self._options_of_tests)

    def test_faithful(self) -> None:
        """Every text is there for readers, in order, but for what `omits` declares: no perspective is dropped."""
        shown: set[str] = set()
        omitted: set[str] = set()
        for name, brief in marked_samples():
            self._check_faithful(brief, name)
            for _, _, reading in self._readings(brief, name):
                for place, text in texts_of(brief):
                    declared = {word for word in self._item.info.omits if place.lies_in({word})}
                    (shown if one_line(text) in reading else omitted).update(declared)
        for word in sorted(shown - omitted):
            broken(f"{label(self._item)}.info.omits names {word!r}, but all of it is in the output; take it out")
        check_briefs(self.examples, self._check_shown)

    def test_escapes(self) -> None:
        """No text becomes an element, an attribute, a link, a key or a header."""
        if self._structure("harmless") is None:
            pytest.skip(
                f"the kit knows no markup of {self._item.info.media_type!r}; override"
                f" `structure(self, rendered)` in {label(self)} to have it looked at"
            )
        for text in HOSTILE:
            for at_end in (False, True):
                calm = self._structure(_harmless(text), at_end=at_end)
                if self._structure(text, at_end=at_end) != calm:
                    self._blame_field(calm, text, at_end=at_end)

    def test_import_budget(self) -> None:
        """Importing its module loads nothing that only rendering needs."""
        check_import(self._item, type(self))

    @property
    def _item(self) -> Renderer[Any]:
        item: Renderer[Any] = subject(self, "renderer")
        return item

    @property
    def _who(self) -> str:
        return f"{label(self._item)}.render"

    @property
    def _options_of_tests(self) -> object:
        return self._item.options_class() if self.options is None else self.options

    def _rendered(self, brief: Brief, name: str, options: object = None) -> Rendered:
        try:
            rendered: object = self._item.render(
                brief, self._options_of_tests if options is None else options, render_tools()
            )
        except FAULTS as error:
            broken(f"{self._who} raised {raised(error, self._item)} for {name}; a renderer prints every brief", error)
        if not isinstance(rendered, Rendered):
            broken(f"{self._who} returned {show(rendered)} for {name}, expected a perspectives.plugin.Rendered")
        return rendered

    def _check_types(self, rendered: Rendered, name: str) -> None:
        declared = self._item.info.media_type
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

    def _check_same(self, first: Rendered, second: Rendered, how: str) -> None:
        if first != second:
            before, after = repr(first), repr(second)
            at = next((at for at, pair in enumerate(zip(before, after, strict=False)) if pair[0] != pair[1]), 0)
            around = slice(max(0, at - 20), at + 20)
            broken(
                f"{self._who} gives two results for the sample {how}: …{before[around]}… and …{after[around]}…;"
                " it must read no clock, no random number and nothing that an earlier rendering left"
            )

    def _check_repeatable(self) -> None:
        first = {name: self._rendered(brief, f"the sample {name!r}") for name, brief in samples.items()}
        for name, brief in samples.items():
            again = self._rendered(brief, f"the sample {name!r} a second time")
            self._check_same(first[name], again, f"{name!r} when it renders it twice")
        names = [name for name in samples for _ in range(8)]
        with ThreadPoolExecutor(8) as threads:
            results = threads.map(lambda name: self._rendered(samples[name], f"{name!r} in eight threads"), names)
            for name, result in zip(names, results, strict=True):
                self._check_same(first[name], result, f"{name!r} when eight threads render it")

    def _readings(self, brief: Brief, name: str) -> Iterator[tuple[str, Rendered, str]]:
        """Where readers look, in what, and what they see: each body of a mail shows all, as a reader sees one."""
        rendered = self._rendered(brief, name)
        is_mail = essence(rendered.media_type) == "message/rfc822"
        try:
            contents = sinks.bodies(rendered) if is_mail else [rendered]
            readings = [one_line(self.visible_text(content)) for content in contents]
        except ValueError as error:
            broken(f"{self._who} returned {error} for {name}", error)
        if not readings:
            broken(f"{self._who} returned a mail without a text or HTML body for {name}")
        for content, reading in zip(contents, readings, strict=True):
            yield f" from the body {content.media_type!r}" if is_mail else "", content, reading

    def _check_shown(self, brief: Brief, name: str) -> None:
        for where, content, reading in self._readings(brief, name):
            dropped: list[tuple[Place, str]] = []
            shown: set[str] = set()
            for place, text in texts_of(brief):
                if one_line(text) in reading:
                    shown.update(place.steps)
                elif not place.lies_in(self._item.info.omits):
                    dropped.append((place, text))
            if dropped:
                place, text = dropped[0]
                stands = f"{place.path}{where} of {name}: {show(text)}"
                omits = dict.fromkeys(place.field for place, _ in dropped)
                if len(omits) > _LISTED:  # then rather the outermost fields of which nothing is there
                    omits = dict.fromkeys(
                        next((step for step in place.steps if step not in shown), place.field) for place, _ in dropped
                    )
                self._blame_text(stands, text, content, reading, ", ".join(map(repr, omits)))

    def _blame_text(self, stands: str, text: str, content: Rendered, reading: str, omits: str) -> NoReturn:
        """Fail with what became of a text that readers do not find."""
        is_known = sinks.sink(content.media_type) or type(self).visible_text is not RendererContract.visible_text
        letters = _letters(text)
        is_long = len(letters) > _LONG
        if is_long and isinstance(content.content, str) and one_line(text) in one_line(content.content):
            broken(
                f"{self._who} writes {stands}, but who reads {content.media_type!r} does not see it so; escape it, and"
                " write it where they look"
            )
        if is_long and "".join(text.split()) in "".join(reading.split()):
            broken(f"{self._who} breaks {stands} within a word, or joins two; break lines at blanks only")
        is_otherwise = not is_known or (is_long and letters in _letters(reading))
        hint = "; if it is there, but written otherwise, override `visible_text`" if is_otherwise else ""
        broken(f"{self._who} drops {stands}; print it as it is{self._may_omit(omits)}{hint}")

    def _may_omit(self, omits: str) -> str:
        """How what is dropped can be declared."""
        return f", or declare what this format cannot show: omits=frozenset({{{omits}}})"

    def _check_faithful(self, brief: Brief, name: str) -> None:
        self._check_shown(brief, name)
        for where, _, reading in self._readings(brief, name):
            for path, text, before in misplaced(brief, reading):
                broken(
                    f"{self._who} changes the order of {path}{where} of {name}: {show(text)} stands before"
                    f" {show(before)}; the order is the author's"
                )

    def _structure(self, text: str, field: str | None = None, *, at_end: bool = False) -> object:
        name = f"a brief that says nothing but {text!r}"
        try:
            return self.structure(self._rendered(_filled(text, field, at_end=at_end), name))
        except ValueError as error:
            broken(f"{self._who} returned {error} for {name}; escape every text", error)

    def _blame_field(self, calm: object, text: str, *, at_end: bool) -> None:
        """Fail with the first field whose text does it alone."""
        fields = dict.fromkeys(place.field for place, _ in texts_of(samples["full"]))
        for field in [*fields, None]:
            found = self._structure(text, field, at_end=at_end)
            if found != calm:
                broken(
                    f"{self._who} does not escape {field or 'several texts'}: {text!r} in it changes what a parser"
                    f" finds, {_change(calm, found)}"
                )


def marked_samples() -> Iterator[tuple[str, Brief]]:
    """The samples with texts of which no two are alike."""
    for name, sample in samples.items():
        yield f"the sample {name!r}", marked(sample)
    # What is cut short in some briefs is not shown in all of them.
    yield "the sample 'full' in long texts", _filled(f"{'long ' * 99}text", at_end=True)


@functools.cache
def _filled(text: str, field: str | None = None, *, at_end: bool = False) -> Brief:
    """The full sample with this text in one field, or in all of them, and harmless ones elsewhere."""

    def write(place: Place, number: str) -> str:
        said = text if field in (None, place.field) else _harmless(text)
        return f"{number} {said}" if at_end else f"{said} {number}"

    return filled(samples["full"], write)


def _harmless(text: str) -> str:
    """A text that is as long, in words as long: lines may break where they do in the other."""
    return re.sub(r"\S", "x", text)


def _letters(text: str) -> str:
    return "".join(filter(str.isalnum, text.casefold()))


def _change(before: object, after: object) -> str:
    """The first thing that differs."""
    if not isinstance(before, tuple | list) or not isinstance(after, tuple | list):
        return f"{show(after)} instead of {show(before)}"
    old, new = next(pair for pair in zip_longest(before, after) if pair[0] != pair[1])
    return f"{show(new) if new else 'nothing'} instead of {show(old) if old else 'nothing'}"
