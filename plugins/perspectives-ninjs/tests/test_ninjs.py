"""ninjs 3.1 out and in: the contracts, IPTC's schema, the official examples, and the way back."""

import contextlib
import datetime as dt
import json
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import attrs
import jsonschema
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from referencing import Registry, Resource

import perspectives as p
from perspectives.plugin import Confidence, Input, NoOptions, Rendered, RendererInfo, RenderTools
from perspectives.testing import LoaderContract, RendererContract, samples
from perspectives_ninjs import NinjsLoader, NinjsRenderer

HERE = Path(__file__).parent
README = HERE.parent / "README.md"
EXAMPLES = sorted((HERE / "data").glob("0*.json"))
SCHEMA = json.loads((HERE / "data" / "ninjs-schema_3.1.json").read_text("utf-8"))
# The only schema that IPTC's refers to is for maps, which no brief has.
OFFLINE = Registry().with_resource(
    "https://geojson.org/schema/GeoJSON.json",
    Resource.from_contents({"$schema": "https://json-schema.org/draft/2020-12/schema"}),
)
VALIDATOR = jsonschema.Draft202012Validator(
    SCHEMA, registry=OFFLINE, format_checker=jsonschema.FormatChecker(["uri", "date-time"])
)


def rendered(brief: p.Brief, **options: Any) -> Rendered:
    """The document of a brief."""
    return p.render(brief, "ninjs", **options)


def written(brief: p.Brief) -> Any:
    """The same as data."""
    return json.loads(str(rendered(brief)))


def read(text: str | bytes) -> p.LoadReport:
    """The brief in a document, and the findings."""
    return p.load_report(Input(name="", data=text if isinstance(text, bytes) else text.encode()), "ninjs")


def loaded(item: object) -> p.LoadReport:
    """The same of a document as data."""
    return read(json.dumps(item))


def carried(brief: p.Brief) -> p.Brief:
    """The brief without what the renderer declares to omit."""

    def without(data: Any) -> Any:
        if isinstance(data, dict):
            return {name: without(part) for name, part in data.items() if name not in ("extra", "wording")}
        return [without(part) for part in data] if isinstance(data, list) else data

    return p.from_dict(without(p.to_dict(brief)))


class Outline:
    """Prints all that readers see, with the addresses that it leads to."""

    info = RendererInfo(name="outline", media_type="text/plain", summary="All texts")
    options_class = NoOptions

    def render(self, brief: p.Brief, options: NoOptions, tools: RenderTools, /) -> Rendered:
        """A line for each node of the outline."""
        return Rendered("\n".join(str(node) for node in tools.outline(brief)), self.info.media_type)


REGISTRY = p.Registry()
REGISTRY.register(Outline())


def visible(brief: p.Brief) -> str:
    """All that readers see of a brief, and where it leads them."""
    return str(REGISTRY.render(brief, "outline"))


INPUTS = {
    **{file.name: file.read_bytes() for file in EXAMPLES},
    **{f"{name}.ninjs": bytes(rendered(samples[name])) for name in ("full", "japanese")},
}


class TestNinjsRenderer(RendererContract):
    renderer = NinjsRenderer()
    readme = README
    examples = 200


class TestNinjsLoader(LoaderContract):
    loader = NinjsLoader()
    readme = README
    inputs = INPUTS
    examples = 200


def test_way_back(corpus: Mapping[str, p.Brief]) -> None:
    """A document that we write loads back whole, but for what `omits` declares, and without a finding."""
    for name, brief in corpus.items():
        report = read(bytes(rendered(brief)))

        assert (name, carried(brief), ()) == (name, report.brief, report.findings)
        assert (name, visible(brief)) == (name, visible(attrs.evolve(report.brief, wording=brief.wording)))


def test_schema(corpus: Mapping[str, p.Brief]) -> None:
    """The seed, the samples and 200 generated briefs are valid ninjs 3.1: IPTC's schema finds no error."""
    errors = [
        f"{name}: {error.json_path}: {error.message}"
        for name, brief in corpus.items()
        for error in VALIDATOR.iter_errors(written(brief))
    ]

    assert [] == errors
    assert len(corpus) >= 200 + len(samples)


def test_schema_refuses() -> None:
    """The schema as it is used here sees a foreign key, also in an associated item, a bad uri and a day for a time."""
    item = written(samples["full"])
    item["associations"][0]["facts"] = []
    item["associations"][1]["uri"] = "no uri"
    item["associations"][1]["firstCreated"] = "2026-01-14"
    found = {error.json_path for error in VALIDATOR.iter_errors(item)}

    assert {
        "$.associations[0]",
        "$.associations[1].uri",
        "$.associations[1].firstCreated",
    } == found


@pytest.mark.parametrize("name", ["seed", "full"])
def test_golden(name: str, corpus: Mapping[str, p.Brief], golden: Callable[[str, str], str]) -> None:
    """The seed is a text item, the full sample a composite of its stories."""
    actual = str(rendered(corpus[name]))

    assert golden(f"{name}.ninjs", actual) == actual


@pytest.mark.parametrize("file", EXAMPLES, ids=lambda file: file.stem)
def test_example(file: Path, golden: Callable[[str, str], str]) -> None:
    """Each official example is a brief, and what is not in it is a finding."""
    report = read(file.read_bytes())
    findings = [f"{finding.code} {finding.path}: {finding.message}\n" for finding in report.findings]
    actual = p.dumps(report.brief) + "".join(findings)

    assert golden(f"{file.stem}.txt", actual) == actual


def test_uris() -> None:
    """An item is identified by an id that is a URI, else by its URL, else by a URN of its id."""
    stories = [
        p.Story(headline="A", id="urn:newsml:example.org:1", url="https://example.org/1"),
        p.Story(headline="B", id="tag:example.org,2026:2"),
        p.Story(headline="C", id="3", url="https://example.org/3"),
        p.Story(headline="D", id="4"),
    ]
    brief = p.Brief(id="https://example.org/brief", publisher=p.Publisher(name="Desk"), stories=stories)
    item = written(brief)

    assert [
        "https://example.org/brief",
        "urn:newsml:example.org:1",
        "tag:example.org,2026:2",
        "https://example.org/3",
        "urn:uuid:21415ee2-5fe2-5179-b142-839080704326",
    ] == [item["uri"], *(part["uri"] for part in item["associations"])]


def test_uri_keeps() -> None:
    """A uri that is made of an id does not change with the texts, nor with the place in the brief."""
    first = written(p.Brief(title="Desk", stories=[p.Story(headline="A", id="4")]))
    second = written(p.Brief(title="Desk", stories=[p.Story(headline="Z"), p.Story(headline="B", id="4")]))

    assert first["associations"][0]["uri"] == second["associations"][1]["uri"]


def test_uri_made() -> None:
    """A uri that is made of texts is a finding, since it changes with them."""
    assert ["made-uri $.stories[0]: the story has neither an id nor a URL: its uri is made of its texts and changes with them"] == [
        f"{finding.code} {finding.path}: {finding.message}" for finding in rendered(p.Brief(stories=[p.Story(headline="A")])).findings
    ]  # fmt: skip


def test_uris_differ() -> None:
    """Two items of a document have two uris, also where they give one page as theirs."""
    url = "https://example.org/live"
    item = written(p.Brief(url=url, stories=[p.Story(headline="A", url=url), p.Story(headline="B", url=url)]))
    uris = [item["uri"], *(part["uri"] for part in item["associations"])]

    assert len(uris) == len(set(uris))


def test_days_are_no_times() -> None:
    """A day of which no time is known stays a day: no time is made of it."""
    brief = p.Brief(date=dt.date(2026, 1, 14), stories=[p.Story(headline="A", date=dt.date(2026, 1, 13))])
    item = written(brief)
    days = [{"role": "date", "contentType": "text/plain", "value": f"2026-01-{day}"} for day in (14, 13)]

    assert days == [*item["bodies"], *item["associations"][0]["bodies"]]
    assert not {"firstCreated", "versionCreated", "contentCreated"} & {*item, *item["associations"][0]}


def test_disclosure() -> None:
    """What software wrote and nobody reviewed is disclosed in each story, in the words of the brief."""
    made = p.Provenance(generator=[p.Generator(name="Summariser")])
    item = written(p.Brief(language="de", provenance=made, stories=[p.Story(headline="A")]))
    words = "Von Software geschrieben, von keinem Menschen geprüft"
    body = {"role": "disclosure", "contentType": "text/plain", "value": words}

    assert [True, True] == [body in one["bodies"] for one in (item, item["associations"][0])]


def test_main_body(corpus: Mapping[str, p.Brief]) -> None:
    """Who takes the first body of a story has all of it below headline and summary, as text."""
    seed = json.loads(rendered(corpus["seed"]).content)["associations"][0]["bodies"][0]

    assert ("main", "text/plain") == (seed["role"], seed["contentType"])
    assert [
        "Focusing Facts",
        "1. South Korean intelligence says roughly 15,000 North Korean troops have been deployed to Russia since autumn"
        " 2024, aiding in the defence of the Kursk region.",
    ] == seed["value"].split("\n\n")[:2]
    for name, brief in corpus.items():
        document = written(brief)
        items = document.get("associations", []) if document["type"] == "composite" else [document]
        for story, item in zip(brief.stories, items, strict=False):
            said = item.get("bodies", [{"value": ""}])[0]["value"].split("\n\n")
            missing = [
                text
                for text in (
                    *(fact.text for fact in story.facts),
                    *(group.framing for group in story.perspectives),
                    *(group.critique or "" for group in story.perspectives),
                )
                if not any(text in line for line in said)
            ]

            assert (name, []) == (name, missing)


def test_main_body_by_others() -> None:
    """Who knows none of our roles reads a story of ours as an article: our own loader, too, when no profile says more."""
    item = written(p.Brief(stories=[samples["full"].stories[0]], language="en"))
    del item["profile"]
    context = loaded(item).brief.stories[0].context

    assert context
    assert "1. The vote was 9 to 8, with no abstention.[1]" in [paragraph.text for paragraph in context.paragraphs]


URLS = [
    ("https://example.org/a[1]?tags[]=b#c[d]#e", "https://example.org/a%5B1%5D?tags%5B%5D=b#c%5Bd%5D%23e"),
    ("http://[::1]:80/[", "http://[::1]:80/%5B"),
    ("https://example.org/a%20b?c=d#e", "https://example.org/a%20b?c=d#e"),
]


@pytest.mark.parametrize(("before", "after"), URLS)
def test_urls(before: str, after: str) -> None:
    """A URL is written as RFC 3986 has it, which is a finding, and loads back so."""
    story = p.Story(
        headline="A",
        id=before,
        url=before,
        subjects=[p.Subject(name="s", uri=before)],
        links=[p.Link(label="l", href=before)],
        images=[p.Image(url=before, alt="i")],
        sources=[p.Source(id="s", url=before, archived_url=before)],
        perspectives=[p.PerspectiveGroup(label="g", framing="f", outlets=[p.Outlet(name="o", homepage=before)])],
    )
    brief = p.Brief(id="b", publisher=p.Publisher(name="P", url=before), stories=[story])
    document = rendered(brief)
    paths = ["url", "perspectives[0].outlets[0].homepage", "links[0].href", "sources[0].url"]
    paths += ["sources[0].archived_url", "images[0].url", "subjects[0].uri"]
    found = {"$.publisher.url", *(f"$.stories[0].{path}" for path in paths)} if before != after else set()

    assert [] == [error.message for error in VALIDATOR.iter_errors(json.loads(str(document)))]
    assert found == {finding.path for finding in document.findings}
    assert p.dumps(brief).replace(before, after).replace(f'"id": "{after}"', f'"id": "{before}"') == p.dumps(
        read(bytes(document)).brief
    )


def test_indent() -> None:
    """Without an indent the document is one line."""
    assert 1 == str(rendered(samples["full"], indent=0)).count("\n")


@pytest.mark.parametrize(
    ("expected", "data"),
    [
        (Confidence.CERTAIN, b'{"standard": {"name": "ninjs", "version": "3.1"}, "uri": "a:b"}'),
        (Confidence.LIKELY, b'{"uri": "a:b", "headlines": []}'),
        (Confidence.LIKELY, b'{"uri": "a:b", "versioncreated": "2020-01-01T00:00:00Z"}'),
        (Confidence.NO, b'{"uri": "a:b"}'),
        (Confidence.NO, b'{"items": [{"uri": "a:b"}]}'),
        (Confidence.NO, b'["uri", "headlines"]'),
    ],
)
def test_sniff(expected: Confidence, data: bytes) -> None:
    """The standard's name is certain, a uri with another property likely, anything else is not ours."""
    assert expected == NinjsLoader().sniff(Input(name="", data=data))


def test_sniff_not_ours() -> None:
    """The library's own JSON is never taken for ninjs, whatever its texts say."""
    text = '"uri": "x", "headlines": [], "name": "ninjs"'
    brief = p.Brief(stories=[p.Story(headline=text, subjects=[p.Subject(name="x", uri="https://example.org/")])])

    assert Confidence.NO == NinjsLoader().sniff(Input(name="", data=p.dumps(brief, indent=0).encode()))


def test_sniff_examples() -> None:
    """Each official example is known by its head."""
    levels = {file.stem: NinjsLoader().sniff(Input(name="", data=file.read_bytes())) for file in EXAMPLES}

    assert dict.fromkeys(levels, Confidence.LIKELY) | {"008_event": Confidence.CERTAIN} == levels


@pytest.mark.parametrize("file", EXAMPLES, ids=lambda file: file.stem)
def test_loads_json(file: Path) -> None:
    """Each official example is found under its own name, which says no more than JSON."""
    assert read(file.read_bytes()).brief == p.load_report(file).brief


def test_loads_unnamed() -> None:
    """Without a name or media type a document of ours is found by its head."""
    brief = carried(samples["full"])

    assert brief == p.load_report(bytes(rendered(brief))).brief


def refusals() -> Iterator[tuple[str, str]]:
    """Documents that are refused, each with the end of what is said."""
    yield "no item of ninjs @ $, expected an object with a `uri`", "[]"
    yield "no item of ninjs @ $, expected an object with a `uri`", '{"uri": 1}'
    yield "ninjs 1.x @ $, expected ninjs 2.x or 3.x", '{"uri": "a:b", "headline": "A", "body_text": "B"}'
    yield "ninjs 1.x @ $, expected ninjs 2.x or 3.x", '{"uri": "a:b", "standard": {"version": "1.5"}}'
    yield "ninjs 4.0 @ $.standard.version, expected ninjs 2.x or 3.x", '{"uri": "a:b", "standard": {"version": "4.0"}}'
    yield "'headlines' is no list of objects @ $, expected a list", '{"uri": "a:b", "headlines": "A"}'
    yield "no JSON: expecting ',' delimiter, expected one whole JSON document", '{"uri": "a:b"'
    yield (
        "line 2, column 1: the key 'uri' occurs twice, expected each key once in an object",
        '{"uri": "a:b",\n"uri": 1}',
    )
    yield "'NaN' is no number of JSON, expected a finite number that 64 bits hold", '{"uri": "a:b", "urgency": NaN}'
    story = '{"uri": "a:b", "profile": "perspectives-story", "bodies": [{"role": "facts.title", "value": "A"}]}'
    yield "nothing before it has the role 'facts' @ $.bodies[0], expected the bodies in order", story


@pytest.mark.parametrize(("message", "text"), [*refusals()])
def test_refuses(message: str, text: str) -> None:
    """What is no item of ninjs 2 or 3 is refused with what would be right."""
    with pytest.raises(p.LoadError) as error:
        read(text)

    assert str(error.value).endswith(message)


@settings(max_examples=200, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.data())
def test_wrong_values(data: st.DataObject) -> None:
    """A document with a wrong value anywhere is read or refused as no such document; nothing else is raised."""
    item = json.loads(data.draw(st.sampled_from([*INPUTS.values()])))
    at: Any = item
    while True:
        key = data.draw(st.sampled_from([*(at if isinstance(at, dict) else range(len(at)))]))
        if not (at[key] and isinstance(at[key], dict | list)) or data.draw(st.booleans()):
            break
        at = at[key]
    at[key] = data.draw(st.sampled_from([None, 1, "x", "facts.title", "provenance", "", [], {}, [1], [{}]]))
    with contextlib.suppress(p.LoadError, p.LimitError):
        assert isinstance(loaded(item).brief, p.Brief)


def test_older() -> None:
    """A document of 2.x, which writes names in small letters, is read, and a finding says so."""
    item = {
        "standard": {"name": "ninjs", "version": "2.1"},
        "uri": "urn:example:1",
        "firstcreated": "2020-01-01T00:00:00Z",
        "headlines": [{"role": "main", "contenttype": "text/html", "value": "A <i>b</i> &amp; c"}],
    }
    report = loaded(item)

    assert ["older-ninjs"] == [finding.code for finding in report.findings]
    assert {"headline": "A b & c", "id": "urn:example:1", "published": "2020-01-01T00:00:00+00:00"} == p.to_dict(
        report.brief.stories[0]
    )


def test_older_and_newer() -> None:
    """A name of 2.x beside that of 3.x is left out, and is a finding."""
    times = {"versioncreated": "2020-01-02T00:00:00Z", "versionCreated": "2020-01-01T00:00:00Z"}
    report = loaded({"uri": "urn:example:1", "headlines": [{"value": "A"}], **times})

    assert [("$.versioncreated", "'versioncreated' is not taken")] == [(f.path, f.message) for f in report.findings]
    assert dt.datetime(2020, 1, 1, tzinfo=dt.UTC) == report.brief.stories[0].updated


def test_added() -> None:
    """What somebody has added to a document of ours is left out, and is a finding."""
    item = written(samples["full"])
    item["associations"][0]["bodies"].insert(1, {"role": "print", "contentType": "text/html", "value": "<p>A"})
    item["associations"][1]["urgency"] = 1
    report = loaded(item)

    assert ["$.associations[0].bodies[1]", "$.associations[1].urgency"] == sorted(f.path for f in report.findings)
    assert carried(samples["full"]) == report.brief


def test_package() -> None:
    """A composite of texts without a body of its own is a brief of stories."""
    texts = [
        {"name": "1", "uri": f"urn:example:{word}", "type": "text", "headlines": [{"value": word}]} for word in "AB"
    ]
    item = {"uri": "urn:example:all", "type": "composite", "headlines": [{"value": "All"}], "associations": texts}

    assert ("All", ["A", "B"]) == (
        loaded(item).brief.title,
        [story.headline for story in loaded(item).brief.stories],
    )


def test_markup() -> None:
    """An HTML body becomes paragraphs of plain text, without scripts; that links and media go is a finding."""
    html = "<p>One <a href='https://example.org/'><img src='x.png'></a> &lt;b&gt;<br>line</p><script>alert(1)</script><ul><li>two</li></ul><p> </p><p>three"
    item = {
        "uri": "urn:example:1",
        "headlines": [{"value": "A"}],
        "bodies": [{"contentType": "text/html", "value": html}],
    }
    report = loaded(item)
    context = report.brief.stories[0].context

    assert context
    assert ["One <b> line", "* two", "three"] == [paragraph.text for paragraph in context.paragraphs]
    assert "links and media in the body are not taken, 2 in all" == report.findings[-1].message


def test_bad_values() -> None:
    """A time, language or address that the model refuses is left out, and is a finding."""
    item = {
        "uri": "urn:example:1",
        "headlines": [{"value": "A"}],
        "language": "no language",
        "firstCreated": "2020-01-02T00:00:00Z",
        "versionCreated": "2020-01-01T00:00:00Z",
        "subjects": [{"name": "s", "uri": "medtop:1"}],
        "pubStatus": "withheld",
    }
    report = loaded(item)

    assert {
        "bad-url $.subjects[0].uri",
        "left-out $.language",
        "left-out $.versionCreated",
        "left-out $.pubStatus",
    } == {f"{finding.code} {finding.path}" for finding in report.findings}
