"""A loader that uses all it is given, outlets and rules: functions of any name in a module, marked."""

from collections.abc import Iterable, Iterator

from attrs import field, frozen

from perspectives import Brief, Outlet, Rating, RatingScheme, Story
from perspectives.plugin import (
    Confidence,
    Fault,
    Finding,
    Input,
    Limits,
    Loaded,
    Loader,
    LoaderInfo,
    LoadError,
    LoadTools,
    OutletDirectory,
    Rule,
    clean,
    loaders,
    outlets,
    rules,
)


@frozen(kw_only=True)
class DeskOptions:
    """What a file does not say."""

    title: str = field(default="", metadata={"help": "title of the brief"})
    most: int | None = field(default=None, metadata={"help": "how many stories are read; none = all"})


class Desk:
    """Reads a headline and an outlet a line, as `headline | outlet`."""

    info = LoaderInfo(
        name="desk", summary="A list of headlines", media_types=["text/x-desk"], extensions=[".desk", ".rows"]
    )
    options_class = DeskOptions

    def sniff(self, input: Input, /) -> Confidence:
        """Certain of a first line that says so, and less sure of others."""
        first = input.head.partition(b"\n")[0]
        if first == b"%desk":
            return Confidence.CERTAIN
        if first.startswith(b"%"):
            return Confidence.LIKELY
        return Confidence.POSSIBLE if b" | " in input.head else Confidence.NO

    def load(self, input: Input, options: DeskOptions, tools: LoadTools, /) -> Loaded:
        """A story for each line; a finding for an outlet that is not known."""
        stories: list[Story] = []
        findings: list[Finding] = []
        for number, line in self._lines(input):
            headline, bar, name = line.partition("|")
            if not bar:
                fault = Fault(
                    code="no-outlet", message="no outlet is named", expected="a bar and its name", line=number
                )
                raise LoadError(fault, input.name)
            stories.append(Story(headline=clean(headline), summary=f"In {clean(name)}."))
            if not tools.outlets.find(clean(name)):
                findings.append(Finding(code="unknown-outlet", message=f"{clean(name)!r} is not known", line=number))
        words = tools.wordings[0]
        title = options.title or f"{words.perspectives} ({tools.language or 'no language'})"
        brief = Brief(title=title, language=tools.language, stories=stories[: options.most])
        limits: Limits = tools.limits
        limits.check(brief, input.name)
        return Loaded(brief=brief, findings=findings, limits=limits)

    def _lines(self, input: Input) -> Iterator[tuple[int, str]]:
        for number, line in enumerate(input.text.splitlines(), 1):
            if line and not line.startswith("%"):
                yield number, line


@loaders
def the_loaders() -> Iterable[Loader[DeskOptions]]:
    """The one loader, as an iterator."""
    yield Desk()


@outlets
def the_outlets() -> list[OutletDirectory]:
    """An outlet with a rating and its scheme."""
    rating = Rating(scheme="bank", value="East", rater="Watch", url="https://example.org/watch", licence="CC BY 4.0")
    ledger = Outlet(name="Harbour Ledger", domains=["ledger.example"], country="GB", ratings=[rating])
    return [
        OutletDirectory(outlets=[ledger], schemes=[RatingScheme(id="bank", axis="Which bank", values=["East", "West"])])
    ]


class TwoSides:
    """Wants more than one group in a story."""

    code = "desk/001"
    summary = "A story has one group."

    def check(self, brief: Brief, /) -> Iterable[Finding]:
        """A finding for each story with one group."""
        for index, story in enumerate(brief.stories):
            if len(story.perspectives) < 2:
                path = f"$.stories[{index}].perspectives"
                yield Finding(code=self.code, message="one side only", severity="error", path=path, hint="add another")


@rules
def the_rules() -> tuple[Rule, ...]:
    """The one rule."""
    return (TwoSides(),)
