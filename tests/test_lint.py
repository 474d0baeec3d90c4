"""Each rule on a brief that it is for, and on one that comes near; profiles, order, and rules of others."""

import datetime as dt
import inspect
from pathlib import Path

import attrs
import pytest
from hypothesis import given, settings

import perspectives as p
from perspectives import rules
from perspectives.profiles import lint
from perspectives.prose import tokens
from perspectives.rules import RULES
from perspectives.testing import samples
from perspectives.testing.strategies import briefs

SEED = Path(__file__).parents[1] / "examples" / "kim-putin.txt"
SOURCES = [p.Source(id="a", outlet="Ledger"), p.Source(id="b", outlet="The Quay")]
CITED = [p.Citation(source="a")]
BANK = p.RatingScheme(id="bank", axis="Bank", values=["Far East", "East", "Both", "West", "Far West"], ordered=True)
SCORE = p.RatingScheme(id="score", axis="Score", range=(0, 10))


def outlet(name, *, owner=None, **ratings):
    """An outlet with the value that one rater gives it in each scheme."""
    return p.Outlet(
        name=name,
        owner=owner,
        ratings=[p.Rating(scheme=id, value=value, rater="Watch") for id, value in ratings.items()],
    )


def group(label="Press", *, words=10, critique="Leaves out the ferry.", outlets=("One", "Two"), **fields):
    """A group with a framing of some words, and a critique of four."""
    own = [outlet(f"{label} {name}") if isinstance(name, str) else name for name in outlets]
    return p.PerspectiveGroup(
        label=label, framing="word " * (words - 1) + "end", critique=critique, outlets=own, **fields
    )


def brief(*groups, schemes=(), **fields):
    """A brief of one story."""
    return p.Brief(stories=[p.Story(headline="A bridge closes", perspectives=groups, **fields)], schemes=schemes)


def found(what, code, profile="default"):
    """The findings of one rule."""
    return [finding for finding in p.lint(what, profile) if finding.code == code]


HINTS = {rule.code: rule.hint for rule in RULES}


def warning(code, path, message):
    """The whole finding of a rule that warns."""
    return p.Finding(code=code, path=path, message=message, hint=HINTS[code])


def info(code, path, message):
    """The same of a rule that only informs."""
    return attrs.evolve(warning(code, path, message), severity="info")


def test_rules_are_documented_in_order():
    """The codes are stable, and in the order in which they are documented."""

    assert [
        "uncited-fact",
        "missing-critique",
        "uneven-words",
        "single-outlet",
        "outlet-in-two-groups",
        "label-contradicts-rating",
        "single-owner",
        "unrated-share",
        "unknown-scheme",
        "glued-outlet",
        "date-in-prose",
        "relative-date",
        "unreviewed",
    ] == [rule.code for rule in RULES]


# Each rule


def test_uncited_facts_are_one_finding():
    """Where no fact cites, that is one finding with the number of facts."""
    facts = [p.Fact(text=text) for text in "abcde"]

    assert [warning("uncited-fact", "$.stories[0].facts", "none of the 5 facts cites a source")] == found(
        brief(facts=facts), "uncited-fact"
    )


def test_uncited_fact_is_named():
    """Where other facts cite, each that does not is a finding; common knowledge is a citation."""
    facts = [
        p.Fact(text="a", citations=CITED),
        p.Fact(text="b"),
        p.Fact(text="c", citations=[p.Citation(kind="common-knowledge")]),
    ]

    assert [warning("uncited-fact", "$.stories[0].facts[1]", "fact 2 cites no source")] == found(
        brief(facts=facts, sources=SOURCES), "uncited-fact"
    )


def test_only_fact_is_no_plural():
    """A story of one fact without a citation is told so in the singular."""

    assert [warning("uncited-fact", "$.stories[0].facts[0]", "fact 1 cites no source")] == found(
        brief(facts=[p.Fact(text="a")]), "uncited-fact"
    )


def test_missing_critique():
    """A group without a critique is told where another has one; where none has, the story is even."""
    message = "the group 'Shops' has no critique, others of the story have one"
    bare = [group("Shops", critique=None), group("Ferry", critique=None)]

    assert [warning("missing-critique", "$.stories[0].perspectives[1]", message)] == found(
        brief(group(), group("Shops", critique=None)), "missing-critique"
    )
    assert [] == found(brief(*bare), "missing-critique")


def test_uneven_words():
    """A group below half or above twice the mean of the words is told; one at exactly half is not."""
    even = group(words=26), group("A", words=26)
    message = "the group 'B' has 9 words, the mean of the story is 23"

    assert [info("uneven-words", "$.stories[0].perspectives[2]", message)] == found(
        brief(*even, group("B", words=5)), "uneven-words"
    )
    assert [] == found(brief(group(words=26), group("A", words=6)), "uneven-words")
    assert [] == found(brief(group(words=2)), "uneven-words")


def test_single_outlet():
    """A group of outlets that names one is told with its label; a viewpoint may have one voice."""
    message = "the group 'Port' names one outlet, 'Port One'"

    assert [info("single-outlet", "$.stories[0].perspectives[0].outlets", message)] == found(
        brief(group("Port", outlets=["One"])), "single-outlet"
    )
    assert [] == found(brief(group(outlets=["One"], kind="viewpoint"), group("Port", outlets=[])), "single-outlet")


def test_outlet_in_two_groups():
    """An outlet that a story has in two groups is told at the second; in two stories it may be."""
    one, two = group(outlets=[outlet("The Quay")]), group("Shops", outlets=[outlet("THE QUAY"), outlet("Ledger")])
    message = "'THE QUAY' is in the group 'Press' too"
    apart = p.Brief(stories=[p.Story(headline="a", perspectives=[one]), p.Story(headline="b", perspectives=[two])])

    assert [warning("outlet-in-two-groups", "$.stories[0].perspectives[1].outlets[0]", message)] == found(
        brief(one, two), "outlet-in-two-groups"
    )
    assert [] == found(apart, "outlet-in-two-groups")


@pytest.mark.parametrize("label", ["Far-East papers", "The far east press", "EAST of all"])
def test_label_contradicts_rating(label):
    """A label that says one side of an ordered scheme is told where an outlet is rated on the other."""
    said = "East" if "EAST" in label else "Far East"
    message = f"the label {label!r} says {said!r}, but 'Watch' rates 'Ledger' 'West' in 'bank'"

    assert [warning("label-contradicts-rating", "$.stories[0].perspectives[0].outlets[1]", message)] == found(
        brief(group(label, outlets=["x", outlet("Ledger", bank="West")]), schemes=[BANK]), "label-contradicts-rating"
    )


@pytest.mark.parametrize(
    ("label", "rated", "ordered"),
    [
        ("East bank", "Far East", True),  # the same side
        ("East bank", "Both", True),  # the middle
        ("Both banks", "West", True),
        ("Both banks", "Both", True),
        ("Eastern papers", "West", True),  # no whole word
        ("East and West", "West", True),  # two values
        ("East bank", "West", False),  # no order
    ],
)
def test_label_contradicts_nothing(label, rated, ordered):
    """Nothing is told of the same side, the middle, half a word, two values, or a scheme without order."""
    scheme = attrs.evolve(BANK, ordered=ordered)

    assert [] == found(
        brief(group(label, outlets=[outlet("Ledger", bank=rated)]), schemes=[scheme]), "label-contradicts-rating"
    )


def test_contradictions_in_several_schemes():
    """Label and position are held against each scheme that an outlet is rated in, and against no other."""
    other = attrs.evolve(BANK, id="other", values=["west", "East"])
    unused = attrs.evolve(BANK, id="unused")
    own = group(
        "East Bank",
        position=p.Position(scheme="bank", value="Far East"),
        outlets=["x", outlet("A", other="west", bank="West")],
    )
    path, label = "$.stories[0].perspectives[0].outlets[1]", "the label 'East Bank' says 'East'"

    assert [
        warning("label-contradicts-rating", path, f"{label}, but 'Watch' rates 'A' 'west' in 'other'"),
        warning("label-contradicts-rating", path, f"{label}, but 'Watch' rates 'A' 'West' in 'bank'"),
        warning(
            "label-contradicts-rating", path,
            "the position of 'East Bank' says 'Far East', but 'Watch' rates 'A' 'West' in 'bank'",
        ),
    ] == found(brief(own, schemes=[BANK, unused, other]), "label-contradicts-rating")  # fmt: skip


@pytest.mark.parametrize(("words", "findings"), [(100, 1), (101, 0)])
def test_label_of_many_words_takes_no_side(words, findings):
    """A label of more than 100 words is a text, in which no value is looked for."""
    own = group("East" + " a" * (words - 1), outlets=["x", outlet("Ledger", bank="West")])

    assert findings == len(found(brief(own, schemes=[BANK]), "label-contradicts-rating"))


def test_values_are_split_once(monkeypatch):
    """Values are split into words once for a brief, labels once for a group: together, not multiplied."""
    split = []
    monkeypatch.setattr(rules, "tokens", lambda text: split.append(text) or tokens(text))
    schemes = [attrs.evolve(BANK, id=f"bank{number}") for number in range(30)]
    groups = [group(f"Group {number}", outlets=[outlet("a", bank0="East")]) for number in range(30)]

    assert [] == found(brief(*groups, schemes=schemes), "label-contradicts-rating")
    assert 30 * 5 + 30 == len(split)


def test_position_contradicts_rating():
    """A position is held against ratings like a label, on a range of numbers too."""
    message = "the position of 'Press' says 2, but 'Watch' rates 'Ledger' 7.5 in 'score'"
    own = group(
        position=p.Position(scheme="score", value=2), outlets=[outlet("Ledger", score=7.5), outlet("x", score=5)]
    )

    assert [warning("label-contradicts-rating", "$.stories[0].perspectives[0].outlets[0]", message)] == found(
        brief(own, schemes=[SCORE]), "label-contradicts-rating"
    )


def test_replaced_rating_contradicts_nothing():
    """Of a rater who dates the ratings only the newest is held against the label."""
    ratings = [
        p.Rating(scheme="bank", value="West", rater="Watch", as_of=dt.date(2020, 1, 1)),
        p.Rating(scheme="bank", value="East", rater="Watch", as_of=dt.date(2025, 1, 1)),
    ]
    own = group("East bank", outlets=[p.Outlet(name="Ledger", ratings=ratings)])

    assert [] == found(brief(own, schemes=[BANK]), "label-contradicts-rating")


def test_single_owner():
    """Two sources cited of one known owner are told; an unknown or a second owner is not."""
    facts = [p.Fact(text="a", citations=CITED), p.Fact(text="b", citations=[p.Citation(source="b")])]

    def owned(owner):
        outlets = [outlet("Ledger", owner="Quay Holdings"), outlet("The Quay", owner=owner)]
        return found(brief(group(outlets=outlets), facts=facts, sources=SOURCES), "single-owner")

    message = "all 2 sources cited belong to 'Quay Holdings'"

    assert [warning("single-owner", "$.stories[0].sources", message)] == owned("Quay holdings")
    assert [[], []] == [owned(None), owned("Somebody else")]


def test_one_source_has_one_owner():
    """One source alone is no finding."""
    own = group(outlets=[outlet("Ledger", owner="Quay Holdings"), outlet("x")])
    facts = [p.Fact(text="a", citations=CITED)]

    assert [] == found(brief(own, facts=facts, sources=SOURCES), "single-owner")


def test_unrated_share():
    """More than half of the different outlets unrated is told with the numbers; exactly half is not."""
    rated = outlet("Ledger", bank="East")
    message = "2 of 3 outlets are unrated in 'bank'"

    assert [info("unrated-share", "$.stories", message)] == found(
        brief(group(outlets=[rated, "x", "y"]), schemes=[BANK]), "unrated-share"
    )
    assert [] == found(brief(group(outlets=[rated, "x"]), schemes=[BANK]), "unrated-share")
    assert [] == found(brief(group(), schemes=[BANK]), "unrated-share")


def test_unknown_scheme():
    """A scheme that the brief does not hold is told once, with the one that may be meant."""
    own = group(position=p.Position(scheme="bnk", value="East"), outlets=[outlet("Ledger", bnk="East", bank="East")])
    message = "the brief holds no scheme 'bnk'; did you mean 'bank'?"

    assert [warning("unknown-scheme", "$.stories[0].perspectives[0].position.scheme", message)] == found(
        brief(own, schemes=[BANK]), "unknown-scheme"
    )
    assert [] == found(brief(group(outlets=[outlet("Ledger", bank="East")]), schemes=[BANK]), "unknown-scheme")


def test_suggestions_end():
    """Each unknown scheme is told, but a near one is looked for to ten of them: each look goes through all schemes."""
    own = group(outlets=[outlet(f"Paper {number}", **{f"bank{number}": "East"}) for number in range(12)])
    messages = [finding.message for finding in found(brief(own, schemes=[BANK]), "unknown-scheme")]

    assert [
        *(f"the brief holds no scheme 'bank{number}'; did you mean 'bank'?" for number in range(10)),
        "the brief holds no scheme 'bank10'",
        "the brief holds no scheme 'bank11'",
    ] == messages


def test_text_is_near_to_nothing():
    """An id as long as a text is told without a near one, which would take quadratic time."""
    schemes = [attrs.evolve(BANK, id="n" * size) for size in (59, 60)]
    own = group(outlets=[outlet("Ledger", **{"n" * 61: "East"})])
    message = f"the brief holds no scheme '{'n' * 58}…"

    assert [warning("unknown-scheme", "$.stories[0].perspectives[0].outlets[0].ratings[0].scheme", message)] == found(
        brief(own, schemes=schemes), "unknown-scheme"
    )


@pytest.mark.parametrize(
    ("name", "start"),
    [
        ("BloombergReport the call", "Bloomberg"),
        ("East Bank NewsCelebrates", "East Bank News"),
        ("Le MondeFrames the call as", "Le Monde"),
    ],
)
def test_glued_outlet(name, start):
    """A known name with a capital behind it, or an inner capital before a sentence, is told."""
    own = group(outlets=[outlet("East Bank News"), outlet(name)])
    message = f"{name!r} looks like {start!r} and a text"

    assert [warning("glued-outlet", "$.stories[0].perspectives[0].outlets[1].name", message)] == found(
        brief(own), "glued-outlet"
    )


@pytest.mark.parametrize(
    "name", ["KyivPost", "BloombergNEF", "Bloomberg Businessweek", "McClatchy Newspapers", "POLITICO Europe", "中文网"]
)
def test_outlet_is_not_glued(name):
    """A name with a capital of its own is none, nor is a shipped name that begins with another one."""

    assert [] == found(brief(group(outlets=[outlet(name), outlet("Kyiv")])), "glued-outlet")


def test_framing_with_the_lead_of_a_list():
    """A framing that begins as the list of outlets does, in the language of the story, is told."""
    framing = "z. B. Hafenblatt, KaiAnzeigerBerichten vom Ende."
    own = p.PerspectiveGroup(label="Presse", framing=framing)
    message = "the framing begins with 'z. B.', as outlets do"

    assert [warning("glued-outlet", "$.stories[0].perspectives[0].framing", message)] == found(
        brief(own, language="de"), "glued-outlet"
    )
    assert [] == found(brief(own), "glued-outlet")


@pytest.mark.parametrize(
    ("path", "fields"),
    [
        ("headline", {"headline": "Closed on 12 Aug 2025"}),
        ("summary", {"headline": "h", "summary": "Closed on 2025-08-12.", "facts": [p.Fact(text="Until 1.9.2025.")]}),
        ("facts[1].text", {"headline": "h", "facts": [p.Fact(text="a"), p.Fact(text="2025年8月12日")]}),
    ],
)
def test_date_in_prose(path, fields):
    """The first text of a story with a date is told, if neither story nor brief has one."""
    story = p.Story(**fields)
    dates = {"headline": "12 Aug 2025", "summary": "2025-08-12", "facts[1].text": "2025年8月12日"}
    message = f"the date {dates[path]!r} is only in the text"

    assert [info("date-in-prose", f"$.stories[0].{path}", message)] == found(story, "date-in-prose")
    for dated in (
        p.Brief(stories=[story], date=dt.date(2025, 8, 12)),
        attrs.evolve(story, date=dt.date(2025, 8, 12)),
        attrs.evolve(story, published=dt.datetime(2025, 8, 12, tzinfo=dt.UTC)),
    ):
        assert [] == found(dated, "date-in-prose")


def test_relative_date():
    """A relative day in a fact is told in the language of the story, else of the brief, else in English."""
    message = "'yesterday' says the day only to those who know today's"
    facts = [p.Fact(text="It closed."), p.Fact(text="It closed yesterday.")]

    assert [warning("relative-date", "$.stories[0].facts[1].text", message)] == found(
        brief(facts=facts), "relative-date"
    )
    assert [] == found(brief(facts=facts, language="de"), "relative-date")
    assert [] == found(attrs.evolve(brief(facts=facts), language="de"), "relative-date")
    assert [] == found(brief(summary="It closed yesterday."), "relative-date")


def test_unreviewed():
    """Critiques that software wrote and nobody reviewed are told once a story; the story's word goes first."""
    software = p.Provenance(generator=[p.Generator(name="Summariser")])
    reviewed = attrs.evolve(software, reviewed_by=["I. Desk"])
    own = brief(group(), group("Shops"))
    message = "2 critiques were written by software and reviewed by nobody"

    assert [warning("unreviewed", "$.stories[0].perspectives", message)] == found(
        attrs.evolve(own, provenance=software), "unreviewed"
    )
    assert [] == found(attrs.evolve(own, provenance=reviewed), "unreviewed")
    assert [] == found(attrs.evolve(brief(group(), provenance=reviewed), provenance=software), "unreviewed")
    assert [] == found(attrs.evolve(brief(group(critique=None)), provenance=software), "unreviewed")


# Profiles and order


def test_seed_in_its_profile():
    """In the profile of a newsletter's layout the seed has one finding: the group of one outlet."""
    seed = p.load_report(SEED).brief
    message = "the group 'Ukrainian-aligned media' names one outlet, 'KyivPost'"

    assert (info("single-outlet", "$.stories[0].perspectives[2].outlets", message),) == p.lint(seed, "seed")


def test_strict_is_one_step_more_severe():
    """In the strict profile an info is a warning, and a warning an error."""
    seed = p.load_report(SEED).brief

    assert [
        ("date-in-prose", "info", "warning"),
        ("uncited-fact", "warning", "error"),
        ("single-outlet", "info", "warning"),
    ] == [
        (default.code, default.severity, strict.severity)
        for default, strict in zip(p.lint(seed), p.lint(seed, profile="strict"), strict=True)
    ]


@pytest.mark.parametrize(
    ("profile", "expected"),
    [
        ("sed", "no profile named 'sed'. Did you mean 'seed'?\nprofiles: default, seed, strict"),
        (None, "no profile named null\nprofiles: default, seed, strict"),
    ],
)
def test_unknown_profile(profile, expected):
    """A profile that does not exist is an OptionsError with the one that may be meant."""
    with pytest.raises(p.OptionsError) as error:
        p.lint(samples["minimal"], profile)

    assert expected == str(error.value)


@pytest.mark.parametrize("lint", [p.lint, p.Registry().lint])
def test_profile_is_the_second_argument(lint):
    """The function and the method take the profile by place and by name."""
    profile = inspect.signature(lint).parameters["profile"]

    assert ("default", profile.POSITIONAL_OR_KEYWORD) == (profile.default, profile.kind)
    assert lint(samples["full"], profile="strict") == lint(samples["full"], "strict")


def test_outlets_are_not_asked_for_each_scheme(monkeypatch):
    """With twice the outlets, each rated in its own scheme, outlets are asked about twice as often who they are."""
    asked = []
    identity = p.Outlet.identity.fget
    monkeypatch.setattr(p.Outlet, "identity", property(lambda outlet: asked.append(outlet) or identity(outlet)))
    times = []
    for size in (40, 80):
        own = brief(group(outlets=[outlet(f"Paper {number}", **{f"s{number}": "x"}) for number in range(size)]))
        asked.clear()
        p.lint(own)
        times.append(len(asked))

    assert 2.5 > times[1] / times[0]


def test_story_is_linted():
    """A story is taken for a brief of one; anything else is a ModelError."""
    story = p.Story(headline="h", facts=[p.Fact(text="a")])

    assert p.lint(p.Brief(stories=[story])) == p.lint(story)
    with pytest.raises(p.ModelError, match=r"^'h' is no brief, expected a Brief or a Story$"):
        p.lint("h")


class Codes:
    """A rule of somebody else, which answers what it is given."""

    summary = "Says what it is told."

    def __init__(self, code, *answers):
        self.code = code
        self.answers = answers

    def check(self, brief, /):
        """The answers, or the error that stands among them."""
        for answer in self.answers:
            if isinstance(answer, BaseException):
                raise answer
            yield answer


def told(path, code="desk/001", severity="info"):
    """A finding of such a rule."""
    return p.Finding(code=code, message="m", path=path, severity=severity)


def test_findings_are_in_reading_order():
    """Findings come by place, numbers by size and fields as the model has them, and then by rule."""
    paths = ["$", "$.title", "$.stories", "$.stories[2].headline", "$.stories[2].facts[2]", "$.stories[2].perspectives"]
    paths += ["$.stories[2].perspectives[1].label", "$.stories[2].perspectives[1].unknown", "$.stories[10].headline"]
    other = told("$.title", code="desk/002")
    rules = [Codes("desk/001", *map(told, reversed(paths))), Codes("desk/002", other)]

    assert [told("$"), told("$.title"), other, *map(told, paths[2:])] == list(lint(samples["minimal"], rules=rules))


@pytest.mark.parametrize(("profile", "severity"), [("default", "info"), ("seed", "info"), ("strict", "warning")])
def test_rules_of_others_run_in_every_profile(profile, severity):
    """What a plugin adds is asked whatever the profile, and as severe as that says."""

    assert (told("$", severity=severity),) == lint(samples["minimal"], profile, [Codes("desk/001", told("$"))])


@pytest.mark.parametrize("error", [ZeroDivisionError("by zero"), SystemExit("by zero")])
def test_rule_that_raises_is_passed_over(error):
    """A rule that raises is a warning with its name, gives nothing, and the next has its turn."""
    rules = [Codes("desk/001", told("$"), error), Codes("desk/002", told("$", code="desk/002"))]
    with pytest.warns(UserWarning, match="failed") as caught:
        findings = lint(samples["minimal"], rules=rules)

    assert (told("$", code="desk/002"),) == findings
    assert [f"the rule 'desk/001' failed: {type(error).__name__}: by zero"] == [str(one.message) for one in caught]


def test_interrupt_passes():
    """Ctrl-C is the user's, not a fault of a rule."""
    with pytest.raises(KeyboardInterrupt):
        lint(samples["minimal"], rules=[Codes("desk/001", KeyboardInterrupt())])


@pytest.mark.parametrize(
    "wrong", [told("$", code="desk/002"), told(None), told("$", severity="fatal"), "$", None], ids=repr
)
def test_finding_that_is_not_the_rules_own_is_left_out(wrong):
    """What is no finding with the rule's code is a warning, and the rule's other findings stand."""
    with pytest.warns(UserWarning, match="^the rule 'desk/001' gave .*, expected a Finding with this code$"):
        findings = lint(samples["minimal"], rules=[Codes("desk/001", wrong, told("$"))])

    assert (told("$"),) == findings


@given(briefs())
@settings(max_examples=60, deadline=None)
def test_every_brief_can_be_linted(brief):
    """No brief makes a rule fail, and all that is found is stable and has a place in the brief."""
    findings = p.lint(brief)
    codes = {rule.code for rule in RULES}

    assert findings == p.lint(brief)
    assert [] == [finding for finding in findings if finding.code not in codes or not _has_place(finding.path, brief)]


def _has_place(path, brief):
    steps = path.replace("[", ".[").removeprefix("$").split(".")[1:]
    value = brief
    for step in steps:
        value = value[int(step[1:-1])] if step.startswith("[") else getattr(value, step)
    return value is not None
