"""A brief from a document of IPTC ninjs: one that the renderer wrote, or a news item of anybody's."""

import re
from typing import Any

from perspectives.plugin import (
    Confidence,
    Fault,
    Finding,
    Input,
    Loaded,
    LoaderInfo,
    LoadError,
    LoadTools,
    NoOptions,
)
from perspectives_ninjs.renderer import BRIEF_PROFILE, STORY_PROFILE

Item = dict[str, Any]

_OURS = re.compile(rb'"format"\s*:\s*"perspectives\\?/')
_STANDARD = re.compile(rb'"name"\s*:\s*"ninjs"|"http[^"\s]*/ninjs-schema_')
_URI = re.compile(rb'"uri"\s*:')
_NAMES = re.compile(
    rb'"(?:headlines?|bodies|body_\w+|descriptions|description_\w+|renditions|associations|eventDetails|infoSources'
    rb'|(?:first|version|content)[Cc]reated|pub[Ss]tatus|copyright[Nn]otice)"\s*:'
)
# The names of 3.x that 2.x writes in small letters.
_CAMEL = {
    name.lower(): name
    for name in (
        "representationType firstCreated versionCreated contentCreated pubStatus copyrightHolder copyrightNotice"
        " usageTerms edNote contentType charCount wordCount contactInfo symbolType postalCode infoSources sizeInBytes"
        " altIds trustIndicators rightsInfo langId linkedRights encodedRights digitalSourceType"
    ).split()
}
_READ = "ninjs 2.x or 3.x"


class NinjsLoader:
    """Reads ninjs 3.x, and 2.x with a finding; of 1.x it says what it is."""

    info: LoaderInfo = LoaderInfo(
        name="ninjs",
        summary="News in JSON, IPTC ninjs 3.x and 2.x",
        media_types=("application/x-ninjs+json",),
        extensions=(".ninjs",),
    )
    options_class: type[NoOptions] = NoOptions

    def sniff(self, input: Input, /) -> Confidence:
        """Certain where an object names the standard, likely where it has a uri and another property of ninjs."""
        head = input.head.lstrip()
        if not head.startswith(b"{") or _OURS.search(head):
            return Confidence.NO
        if _STANDARD.search(head):
            return Confidence.CERTAIN
        return Confidence.LIKELY if _URI.search(head) and _NAMES.search(head) else Confidence.NO

    def load(self, input: Input, options: NoOptions, tools: LoadTools, /) -> Loaded:
        """The brief, and a finding for all that is not in it. Raises `LoadError` for what is no item of ninjs."""
        # Who sniffs imports every loader, and the codec takes long to start.
        from perspectives import from_dict
        from perspectives_ninjs import article, own

        item = _item(tools.parse_json(input))
        version = _version(item)
        findings: list[Finding] = []
        if version == "2":
            message = "this is ninjs 2.x: its names are read as those of 3.x"
            findings.append(Finding(code="older-ninjs", message=message, severity="info", path="$.standard"))
        if item.get("profile") in (BRIEF_PROFILE, STORY_PROFILE):
            data = own.brief(item, findings)
        else:
            data = article.brief(item, findings)
        data = {"format": "perspectives/1.0", **data}
        return Loaded(brief=from_dict(data, clean=True, limits=tools.limits), findings=findings)


def _item(data: object) -> Item:
    """The document, with the names of 3.x."""
    item = _renamed(data)
    if not isinstance(item, dict) or not isinstance(item.get("uri"), str):
        message = "this is no item of ninjs"
        raise LoadError(Fault(code="no-ninjs", message=message, path="$", expected="an object with a `uri`"))
    return item


def _renamed(data: Any) -> Any:
    """The values with the names of 3.x, but where both names stand."""
    if isinstance(data, dict):
        names = {name: new if (new := _CAMEL.get(name, name)) not in data else name for name in data}
        return {names[name]: _renamed(part) for name, part in data.items()}
    return [_renamed(part) for part in data] if isinstance(data, list) else data


def _version(item: Item) -> str:
    """The major version. Raises `LoadError` for one that is not read."""
    standard = item.get("standard")
    named = str(standard.get("version", "")) if isinstance(standard, dict) else ""
    major = named.partition(".")[0]
    # 1.x has no lists of bodies, but `body_text`, `body_xhtml` and `headline`; its last minors name it in `$standard`.
    if major == "1" or "$standard" in item or any(re.match("(?:headline|(?:body|description)_.*)$", x) for x in item):
        fault = Fault(code="old-ninjs", message="this is ninjs 1.x", path="$", expected=_READ)
        raise LoadError(fault)
    if major not in ("", "2", "3"):
        fault = Fault(code="new-ninjs", message=f"ninjs {named[:20]}", path="$.standard.version", expected=_READ)
        raise LoadError(fault)
    return major


def items(item: Item, name: str, path: str) -> list[Item]:
    """The objects in a list of an item, none where it is absent. Raises `LoadError` for what is no such list."""
    found = item.get(name, [])
    if not isinstance(found, list) or not all(isinstance(one, dict) for one in found):
        fault = Fault(code="bad-ninjs", message=f"{name!r} is no list of objects", path=path, expected="a list")
        raise LoadError(fault)
    return found


def first(found: list[Item], key: str, **wanted: str) -> Any:
    """A value of the first object that has these others."""
    return next((one.get(key) for one in found if all(one.get(name) == word for name, word in wanted.items())), None)


def left_out(item: Item, taken: str, path: str) -> list[Finding]:
    """A finding for each property that is not among these."""
    names = [name for name in item if name not in taken.split()]
    return [Finding(code="left-out", message=f"{name!r} is not taken", path=f"{path}.{name}") for name in names]
