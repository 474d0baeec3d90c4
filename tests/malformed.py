"""Documents that are wrong, each with all the faults that must come of it.

A text or bytes is a JSON document, anything else plain data. A fault is
`code path` for values and `code line:column` for the text itself. An error is
`SchemaError` unless another is named.
"""

from collections.abc import Mapping
from typing import Any

from attrs import field, frozen

import perspectives as p

HEAD = '{"format": "perspectives/1.0"'


@frozen
class Malformed:
    document: object
    faults: tuple[str, ...] = field(converter=tuple)
    error: type[p.PerspectivesError] = p.SchemaError
    limits: p.Limits | None = None


def read(case: Malformed) -> p.Brief:
    """A malformed document, read as what it is: raises its error."""
    if not isinstance(case.document, str | bytes):
        return p.from_dict(case.document, limits=case.limits)
    return p.loads(case.document, limits=case.limits)


def brief(**fields: Any) -> Mapping[str, Any]:
    """Plain data of a brief."""
    return {"format": "perspectives/1.0", **fields}


def story(**fields: Any) -> Mapping[str, Any]:
    """Plain data of a brief of one story."""
    return brief(stories=[{"headline": "h", **fields}])


def fact(**fields: Any) -> Mapping[str, Any]:
    """Plain data of a brief of one story of one fact."""
    return story(facts=[{"text": "a", **fields}])


def group(**fields: Any) -> Mapping[str, Any]:
    """Plain data of a brief of one story of one perspective."""
    return story(perspectives=[{"label": "l", "framing": "f", **fields}])


def outlet(**fields: Any) -> Mapping[str, Any]:
    """Plain data of a brief of one story of one perspective of one outlet."""
    return group(outlets=[{"name": "n", **fields}])


def nested(depth: int) -> Any:
    """Lists in lists."""
    value: list[Any] = []
    for _ in range(depth - 1):
        value = [value]
    return value


def endless() -> dict[str, Any]:
    """An object that holds itself, twice."""
    value: dict[str, Any] = {}
    value["a"] = value["b"] = value
    return value


_STORY, _FACT, _GROUP = "$.stories[0]", "$.stories[0].facts[0]", "$.stories[0].perspectives[0]"
_OUTLET = f"{_GROUP}.outlets[0]"
_SCHEME = {"id": "s", "axis": "x"}

_TEXTS = {
    "empty text": Malformed("", ["bad-json 1:1"]),
    "blanks": Malformed(" \n\t\n ", ["bad-json 3:2"]),
    "byte order mark and garbage": Malformed(b"\xef\xbb\xbfbrief", ["bad-json 1:1"]),
    "UTF-16": Malformed(f"{HEAD}}}".encode("utf-16"), ["not-utf8 1"], p.LoadError),
    "Latin-1": Malformed(f'{HEAD},\n"title": "für"}}'.encode("latin-1"), ["not-utf8 2"], p.LoadError),
    "lone surrogate": Malformed(f'{HEAD}, "title": "\ud800"}}', ["not-utf8 1"], p.LoadError),
    "truncated": Malformed(f'{HEAD},\n"title": "Morning br', ["bad-json 2:10"]),
    "truncated after a value": Malformed(f'{HEAD},\n"title": "Morning"', ["bad-json 2:19"]),
    "two documents": Malformed(f"{HEAD}}}\n{HEAD}}}", ["bad-json 2:1"]),
    "single quotes": Malformed("{'format': 'perspectives/1.0'}", ["bad-json 1:2"]),
    "comment": Malformed(f"// a brief\n{HEAD}}}", ["bad-json 1:1"]),
    "fence of a language model": Malformed(f"```json\n{HEAD}}}\n```", ["bad-json 1:1"]),
    "line break in a text": Malformed(f'{HEAD}, "title": "a\nb"}}', ["bad-json 1:43"]),
    "unknown escape": Malformed(f'{HEAD}, "title": "\\x41"}}', ["bad-json 1:42"]),
    "duplicate key": Malformed(f'{HEAD},\n"title": "a",\n"title": "b"}}', ["duplicate-key 3:1"]),
    "duplicate key, escaped": Malformed(f'{HEAD}, "stories": [], "\\u0073tories": []}}', ["duplicate-key 1:47"]),
    "NaN": Malformed(f'{HEAD}, "extra": {{"a": NaN}}}}', ["bad-number 1:47"]),
    "Infinity": Malformed(f'{HEAD}, "extra": {{"a": [Infinity,\n-Infinity]}}}}', ["bad-number 1:48", "bad-number 2:1"]),
    "number beyond the range": Malformed(f'{HEAD}, "extra": {{"a": 1e999}}}}', ["bad-number 1:47"]),
    "number of 5,000 digits": Malformed(f'{HEAD}, "extra": {{"a": {"9" * 5000}}}}}', ["bad-number 1:47"]),
    "NaN with a tail": Malformed(f'{HEAD}, "extra": {{"a": NaN/1}}}}', ["bad-number 1:47"]),
    "odd values, then a quote": Malformed('{"a": NaN, ' + '\\"' * 200_000, ["bad-number 1:7"]),
    "lists 100,000 deep": Malformed("[" * 100_000, ["too-deep 1:65"], p.LimitError),
    "objects 100,000 deep": Malformed('{"a":' * 100_000, ["too-deep 1:321"], p.LimitError),
    "100,000 deep without limits": Malformed("[" * 100_000, ["too-deep 1:201"], p.LimitError, p.Limits.unlimited()),
    "100,000 deep in extra": Malformed(
        f'{HEAD},\n"extra": {{"a": {"[" * 100_000}{"]" * 100_000}}}}}', ["too-deep 2:78"], p.LimitError
    ),
    "headline of 10 MB": Malformed(
        f'{HEAD}, "stories": [{{"headline": "{"h" * 10_000_000}"}}]}}', ["limit "], p.LimitError
    ),
    "headline of 10 MB, any size": Malformed(
        f'{HEAD}, "stories": [{{"headline": "{"h" * 10_000_000}"}}]}}',
        [f"limit {_STORY}.headline"],
        p.LimitError,
        p.Limits(bytes=None),
    ),
    "a million facts": Malformed(
        HEAD + ', "stories": [{"headline": "h", "facts": [' + '{"text": "a"},' * 1_000_000 + "]}]}", ["limit "], p.LimitError
    ),
}  # fmt: skip

_DOCUMENTS = {
    "list": Malformed("[]", ["not-object $"]),
    "string": Malformed('"brief"', ["not-object $"]),
    "number": Malformed("1", ["not-object $"]),
    "null": Malformed("null", ["not-object $"]),
    "empty object": Malformed("{}", ["bad-format $.format"]),
    "bare story": Malformed({"headline": "h", "facts": []}, ["bare-story $"]),
    "no format": Malformed({"title": "t", "stories": []}, ["bad-format $.format"]),
    "format of another program": Malformed({"format": "ninjs/3.1"}, ["bad-format $.format"]),
    "format as a number": Malformed({"format": 1.0}, ["bad-format $.format"]),
    "newer minor version": Malformed({"format": "perspectives/1.1", "news": 1}, ["newer-format $.format"]),
    "newer major version": Malformed({"format": "perspectives/2.0"}, ["newer-format $.format"]),
}

_FIELDS = {
    "null headline": Malformed(brief(stories=[{"headline": None}]), [f"missing {_STORY}.headline"]),
    "no headline": Malformed(brief(stories=[{}]), [f"missing {_STORY}.headline"]),
    "null for a story": Malformed(brief(stories=[None]), [f"not-object {_STORY}"]),
    "number for text": Malformed(story(summary=123), [f"not-text {_STORY}.summary"]),
    "flag for text": Malformed(story(summary=True), [f"not-text {_STORY}.summary"]),
    "object for text": Malformed(story(summary={"text": "a"}), [f"not-text {_STORY}.summary"]),
    "number of 5,000 digits for text": Malformed(story(summary=10**5000), [f"not-text {_STORY}.summary"]),
    "string for list": Malformed(story(facts="abc"), [f"not-list {_STORY}.facts"]),
    "object for list": Malformed(story(facts={"0": {"text": "a"}}), [f"not-list {_STORY}.facts"]),
    "string for object": Malformed(story(facts=["abc"]), [f"not-object {_FACT}"]),
    "list for object": Malformed(story(context=["abc"]), [f"not-object {_STORY}.context"]),
    "number for a paragraph": Malformed(
        story(context={"paragraphs": ["a", 1]}), [f"not-object {_STORY}.context.paragraphs[1]"]
    ),
    "misspelt key": Malformed(fact(citation=[]), [f"unknown-key {_FACT}.citation"]),
    "keys of another model": Malformed(
        outlet(leaning="Center", bias=0), [f"unknown-key {_OUTLET}.leaning", f"unknown-key {_OUTLET}.bias"]
    ),
    "key that is no name": Malformed(story(**{"a.b c": 1}), [f"unknown-key {_STORY}['a.b c']"]),
    "key of 4 MB": Malformed(
        story(**{"k" * 4_000_000: 1}), [f"unknown-key {_STORY}['{'k' * 58}…]"]
    ),
    "number as key": Malformed(brief(stories=[{"headline": "h", 10**5000: 1}]), [f"unknown-key {_STORY}[a whole number of 16610 bits]"]),
    "naive datetime": Malformed(story(published="2025-08-12T06:00:00"), [f"bad-datetime {_STORY}.published"]),
    "date for a datetime": Malformed(story(published="2025-08-12"), [f"bad-datetime {_STORY}.published"]),
    "datetime for a date": Malformed(story(date="2025-08-12T06:00:00Z"), [f"bad-date {_STORY}.date"]),
    "datetime without hyphens": Malformed(story(published="20250812T060000Z"), [f"bad-datetime {_STORY}.published"]),
    "second 60": Malformed(story(published="2025-08-12T23:59:60Z"), [f"bad-datetime {_STORY}.published"]),
    "epoch seconds": Malformed(story(published=1754978400), [f"bad-datetime {_STORY}.published"]),
    "date without hyphens": Malformed(story(date="20250812"), [f"bad-date {_STORY}.date"]),
    "date of a week": Malformed(story(date="2025-W33-2"), [f"bad-date {_STORY}.date"]),
    "31 June": Malformed(story(date="2025-06-31"), [f"bad-date {_STORY}.date"]),
    "date in words": Malformed(story(date="12 August 2025"), [f"bad-date {_STORY}.date"]),
    "year 0": Malformed(story(date="0000-01-01"), [f"bad-date {_STORY}.date"]),
    "lone surrogate, escaped": Malformed(
        HEAD + ', "title": "a\\ud800", "intro": "\\udc00"}', ["bad-text $.title", "bad-text $.intro"]
    ),
    "control character": Malformed(story(summary="a\x07b"), [f"bad-text {_STORY}.summary"]),
    "line separator": Malformed(story(summary="a\u2028b"), [f"bad-text {_STORY}.summary"]),
    "two paragraphs in one text": Malformed(story(summary="a\n\nb"), [f"bad-text {_STORY}.summary"]),
    "trailing blank": Malformed(story(summary="a "), [f"bad-text {_STORY}.summary"]),
    "empty summary": Malformed(story(summary=""), [f"bad-text {_STORY}.summary"]),
    "list of empty texts": Malformed(
        story(questions=[{"question": "q", "answer": ["", "a", " "]}]),
        [f"bad-text {_STORY}.questions[0].answer[0]", f"bad-text {_STORY}.questions[0].answer[2]"],
    ),
    "javascript: address": Malformed(
        story(links=[{"label": "l", "href": "javascript:alert(1)"}]), [f"bad-url {_STORY}.links[0].href"]
    ),
    "address with a user name": Malformed(
        story(links=[{"label": "l", "href": "https://user:secret@example.org/"}]), [f"bad-url {_STORY}.links[0].href"]
    ),
    "address with a tab": Malformed(story(url="https://exam\tple.org/"), [f"bad-url {_STORY}.url"]),
    "relative address": Malformed(story(url="/stories/1"), [f"bad-url {_STORY}.url"]),
    "mail address for a web address": Malformed(story(url="mailto:desk@example.org"), [f"bad-url {_STORY}.url"]),
    "mail address": Malformed(
        brief(publisher={"name": "n", "email": "a@example.org, b@example.org"}), ["bad-address $.publisher.email"]
    ),
    "language": Malformed(brief(language="English (US)"), ["bad-language $.language"]),
    "country": Malformed(outlet(country="uk"), [f"bad-country {_OUTLET}.country"]),
    "domain": Malformed(
        outlet(domains=["example.org", "https://example.org"]), [f"bad-domain {_OUTLET}.domains[1]"]
    ),
    "id with capitals": Malformed(outlet(id="The Ledger"), [f"bad-id {_OUTLET}.id"]),
    "status": Malformed(fact(status="true"), [f"bad-choice {_FACT}.status"]),
    "list for a word": Malformed(fact(status=["confirmed"]), [f"bad-choice {_FACT}.status"]),
    "link relation": Malformed(
        story(links=[{"label": "l", "rel": "Go Deeper"}]), [f"bad-rel {_STORY}.links[0].rel"]
    ),
    "kind of a block": Malformed(
        story(blocks=[{"kind": "Travel advisory", "label": "l"}]), [f"bad-kind {_STORY}.blocks[0].kind"]
    ),
    "digital source type": Malformed(
        brief(provenance={"digital_source_type": "ai"}), ["bad-choice $.provenance.digital_source_type"]
    ),
    "number for a flag": Malformed(group(exhaustive=1), [f"not-flag {_GROUP}.exhaustive"]),
    "word for a flag": Malformed(group(exhaustive="yes"), [f"not-flag {_GROUP}.exhaustive"]),
    "flag for a number": Malformed(
        outlet(ratings=[{"scheme": "s", "value": True, "rater": "r"}]), [f"bad-value {_OUTLET}.ratings[0].value"]
    ),
    "float for a count": Malformed(
        brief(provenance={"coverage": {"articles": 5.0}}), ["bad-count $.provenance.coverage.articles"]
    ),
    "text for a count": Malformed(
        brief(provenance={"coverage": {"articles": "about 40"}}), ["bad-count $.provenance.coverage.articles"]
    ),
    "negative width": Malformed(
        story(images=[{"url": "https://example.org/a.png", "alt": "", "width": -1}]),
        [f"bad-count {_STORY}.images[0].width"],
    ),
    "image without alternative": Malformed(
        story(images=[{"url": "https://example.org/a.png"}]), [f"missing {_STORY}.images[0].alt"]
    ),
    "rating without rater": Malformed(
        outlet(ratings=[{"scheme": "s", "value": "v"}]), [f"missing {_OUTLET}.ratings[0].rater"]
    ),
    "range of three": Malformed(brief(schemes=[{**_SCHEME, "range": [1, 2, 3]}]), ["bad-range $.schemes[0].range"]),
    "range of words": Malformed(brief(schemes=[{**_SCHEME, "range": ["a", "b"]}]), ["bad-range $.schemes[0].range"]),
    "list for extra": Malformed(brief(extra=[]), ["not-json $.extra"]),
    "extra that is no JSON": Malformed(
        brief(extra={"a": [float("nan"), {"b": {1, 2}}, 2**64], "c": "\ud800"}),
        ["not-json $.extra.a[0]", "not-json $.extra.a[1].b", "not-json $.extra.a[2]", "not-json $.extra.c"],
    ),
    "extra with a number as key": Malformed(brief(extra={"a": {1: 2}}), ["bad-key $.extra.a"]),
    "extra 100,000 deep": Malformed(brief(extra={"a": nested(100_000)}), [f"too-deep $.extra.a{'[0]' * 31}"]),
    "extra that holds itself": Malformed(
        brief(extra=endless()), [f"too-deep $.extra{'.a' * 32}", f"too-deep $.extra{'.a' * 31}.b"]
    ),
}  # fmt: skip

_TWICE = {"label": "l", "framing": "f"}

_RULES = {
    "dangling citation": Malformed(
        fact(citations=[{"source": "nowhere"}]), [f"dangling-citation {_FACT}.citations[0].source"]
    ),
    "citation of nothing": Malformed(fact(citations=[{}]), [f"bad-citation {_FACT}.citations[0].source"]),
    "common knowledge with a source": Malformed(
        story(sources=[{"id": "s"}], facts=[{"text": "a", "citations": [{"kind": "common-knowledge", "source": "s"}]}]),
        [f"bad-citation {_FACT}.citations[0].source"],
    ),
    "duplicate label": Malformed(story(perspectives=[_TWICE, _TWICE]), [f"duplicate {_STORY}.perspectives[1]"]),
    "duplicate source": Malformed(story(sources=[{"id": "s"}, {"id": "s"}]), [f"duplicate {_STORY}.sources[1]"]),
    "duplicate scheme": Malformed(
        brief(schemes=[{**_SCHEME, "values": ["a"]}, {**_SCHEME, "range": [0, 1]}]), ["duplicate $.schemes[1]"]
    ),
    "outlet twice": Malformed(
        group(outlets=[{"name": "The Ledger"}, {"name": "the ledger"}]), [f"duplicate {_GROUP}.outlets[1]"]
    ),
    "empty context": Malformed(story(context={"paragraphs": []}), [f"empty-context {_STORY}.context.paragraphs"]),
    "empty block": Malformed(story(blocks=[{"kind": "note"}]), [f"empty {_STORY}.blocks[0]"]),
    "empty call to action": Malformed(brief(call_to_action={}), ["empty $.call_to_action"]),
    "button without words": Malformed(
        brief(call_to_action={"headline": "h", "href": "https://example.org/"}), ["no-label $.call_to_action.label"]
    ),
    "verbatim quote without citation": Malformed(
        story(quotes=[{"text": "t", "verbatim": True}]), [f"uncited-quote {_STORY}.quotes[0].citations"]
    ),
    "updated before published": Malformed(
        story(published="2025-08-12T06:00:00+00:00", updated="2025-08-12T06:00:00+02:00"),
        [f"bad-order {_STORY}.updated"],
    ),
    "scheme with values and a range": Malformed(
        brief(schemes=[{**_SCHEME, "values": ["a"], "range": [0, 1]}]), ["bad-scheme $.schemes[0].values"]
    ),
    "scheme with neither": Malformed(brief(schemes=[_SCHEME]), ["bad-scheme $.schemes[0].values"]),
    "value twice in a scheme": Malformed(
        brief(schemes=[{**_SCHEME, "values": ["a", "b", "a"]}]), ["duplicate $.schemes[0].values[2]"]
    ),
    "rating and position outside their scheme": Malformed(
        {
            **group(
                position={"scheme": "s", "value": 0},
                outlets=[{"name": "n", "ratings": [{"scheme": "s", "value": "d", "rater": "r"}]}],
            ),
            "schemes": [{**_SCHEME, "values": ["a", "b"]}],
        },
        [f"bad-rating {_GROUP}.position.value", f"bad-rating {_OUTLET}.ratings[0].value"],
    ),
}  # fmt: skip

_LIMITS = {
    "a million facts as data": Malformed(
        story(facts=[{"text": "a"}] * 1_000_000), [f"limit {_STORY}.facts"], p.LimitError
    ),
    "501 stories": Malformed(brief(stories=[{"headline": "h"}] * 501), ["limit $.stories"], p.LimitError),
    "long texts and another fault": Malformed(
        story(
            summary="a" * 50_001,
            section="a" * 2_001,
            url="https://example.org/" + "a" * 2_048,
            date="today",
            context={"paragraphs": ["a" * 50_001, "a" * 50_000]},
        ),
        [
            f"limit {_STORY}.section",
            f"limit {_STORY}.summary",
            f"limit {_STORY}.context.paragraphs[0]",
            f"limit {_STORY}.url",
            f"bad-date {_STORY}.date",
        ],
        p.LimitError,
    ),
    "2,000 faults": Malformed(
        brief(stories=[{"headline": "h", "facts": [{}] * 20}] * 100),
        [
            *(f"missing $.stories[{number}].facts[{place}].text" for number in range(50) for place in range(20)),
            "more-faults $",
        ],
    ),
    "1,001 citations": Malformed(
        fact(citations=[{"kind": "common-knowledge"}] * 1_001), [f"limit {_FACT}.citations"], p.LimitError
    ),
}  # fmt: skip

SEVEN = Malformed(
    brief(
        title=5,
        language="English (US)",
        stories=[
            {
                "headline": None,
                "perspectives": [{"label": "l", "framing": "f ", "outlets": "BBC"}],
                "date": "20250812",
                "sumary": "s",
            }
        ],
    ),
    [
        "missing $.stories[0].headline",
        "bad-text $.stories[0].perspectives[0].framing",
        "not-list $.stories[0].perspectives[0].outlets",
        "bad-date $.stories[0].date",
        "unknown-key $.stories[0].sumary",
        "not-text $.title",
        "bad-language $.language",
    ],
)

MALFORMED: Mapping[str, Malformed] = {**_TEXTS, **_DOCUMENTS, **_FIELDS, **_RULES, **_LIMITS, "seven faults": SEVEN}
