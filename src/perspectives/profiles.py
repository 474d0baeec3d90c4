"""Which rules apply to a brief and how severe their findings are, and the findings of all of them.

Not called `lint`: a module of that name would hide the function `perspectives.lint` once it is imported.
"""

import re
import warnings
from collections.abc import Iterable, Iterator, Mapping, Sequence
from types import MappingProxyType
from typing import get_args

import attrs
from attrs import frozen

from perspectives.errors import FAULTS, Fault, Finding, OptionsError, said
from perspectives.model import Brief, PerspectiveGroup, Story, as_brief
from perspectives.plugin import Rule
from perspectives.rules import RULES, Severity
from perspectives.text import nearest, show


@frozen(kw_only=True)
class Profile:
    """What a kind of desk wants to hear: the rules that it does without, and severities of its own."""

    summary: str
    off: frozenset[str] = frozenset()
    severities: Mapping[str, Severity] = MappingProxyType({})


PROFILES: Mapping[str, Profile] = MappingProxyType(
    {
        "default": Profile(summary="Every rule, as severe as it says."),
        "seed": Profile(
            summary="For the layout of a newsletter, which can hold neither citations nor dates.",
            off=frozenset({"uncited-fact", "date-in-prose"}),
        ),
        "strict": Profile(
            summary="For a desk that publishes nothing with a warning: each finding one step more severe.",
            severities=MappingProxyType({"info": "warning", "warning": "error"}),
        ),
    }
)


def profile_of(name: str) -> Profile:
    """The profile of a name. Raises `OptionsError`."""
    if isinstance(name, str) and name in PROFILES:
        return PROFILES[name]
    near = nearest(name, PROFILES) if isinstance(name, str) else None
    hint = f". Did you mean {near!r}?" if near else ""
    message = f"no profile named {show(name)}{hint}\nprofiles: {', '.join(PROFILES)}"
    raise OptionsError(Fault(code="unknown-profile", message=message))


def lint(
    what: Brief | Story,
    profile: str = "default",
    rules: Iterable[Rule] = (),
    owners: Mapping[str, str] = MappingProxyType({}),
) -> tuple[Finding, ...]:
    """What a desk may want to mend in a brief or story: by place, in reading order, and by rule.

    `rules` come on top of the built-in ones, whatever the profile. One that
    raises is passed over whole, and a finding that has not its rule's code is
    left out; either is a warning that names the rule, and who in `owners` has a
    rule of this code. Raises `OptionsError` for an unknown profile.
    """
    chosen, brief = profile_of(profile), as_brief(what)
    own: Sequence[Rule] = [rule for rule in RULES if rule.code not in chosen.off]
    found = [finding for rule in (*own, *rules) for finding in _checked(rule, brief, owners)]
    found = [
        attrs.evolve(finding, severity=chosen.severities.get(finding.severity, finding.severity)) for finding in found
    ]
    return tuple(sorted(found, key=lambda finding: _place(finding.path)))


def _checked(rule: Rule, brief: Brief, owners: Mapping[str, str]) -> Iterator[Finding]:
    """The findings of one rule; whatever it does wrong, the others have their turn."""
    who = f"the rule {rule.code!r}" + (f" of {owners[rule.code]}" if rule.code in owners else "")
    try:
        found = tuple(rule.check(brief))
    except FAULTS as error:
        warnings.warn(f"{who} failed: {said(error)}", stacklevel=2)
        return
    for finding in found:
        if _is_sound(finding, rule):
            yield finding
        else:
            message = f"{who} gave {show(finding)}, expected a Finding with this code"
            warnings.warn(message, stacklevel=2)


def _is_sound(finding: object, rule: Rule) -> bool:
    return (
        isinstance(finding, Finding)
        and finding.code == rule.code
        and finding.severity in get_args(Severity)
        and isinstance(finding.path, str)
    )


_FIELDS = [field.name for cls in (Brief, Story, PerspectiveGroup) for field in attrs.fields(cls)]
_RANKS = {name: rank for rank, name in reversed(list(enumerate(_FIELDS)))}
_STEP = re.compile(r"\[(\d{1,9})\]|\.(\w+)")


def _place(path: str) -> list[tuple[int, str]]:
    """What a path is sorted by: numbers by size, fields by their place in the model."""
    return [
        (int(number), "") if number else (_RANKS.get(name, len(_FIELDS)), name) for number, name in _STEP.findall(path)
    ]
