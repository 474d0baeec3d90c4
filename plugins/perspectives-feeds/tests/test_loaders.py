"""What a feed becomes: our own as they were, others entry by entry, and what is no feed is refused."""

import json
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import attrs
import pytest
from feeds import TESTS, briefs_of_tests, feed, shown, written

import perspectives as p
from perspectives.plugin import Confidence, Input
from perspectives.testing import samples
from perspectives_feeds.sources import ATOM, JSON_FEED, RSS

FORMATS = ("atom", "rss", "jsonfeed")
FOREIGN = {"atom": "atom.xml", "rss": "rss.xml", "jsonfeed": "jsonfeed.json"}


@pytest.mark.parametrize("name", FORMATS)
def test_brief_loads_back_equal(name: str) -> None:
    """What a feed holds of any brief loads as it was, though it is made for others to read."""
    for brief, rendered in written(name):
        assert brief == p.load_report(rendered).brief


@pytest.mark.parametrize("name", FORMATS)
def test_samples_and_seed_are_recognised(name: str) -> None:
    """Bytes without a name are known for what they are, and load as they were without a finding."""
    for title, brief in briefs_of_tests().items():
        report = p.load_report(bytes(feed(brief, name)))
        assert (title, brief, ()) == (title, report.brief, report.findings)


@pytest.mark.parametrize("name", FORMATS)
def test_foreign_feed_is_golden(name: str) -> None:
    """A feed that others wrote gives exactly this brief, and these findings."""
    report = p.load_report(TESTS / "foreign" / FOREIGN[name], name)
    found = [f"{it.severity} {it.code} {it.path} line {it.line}: {it}\n" for it in report.findings]
    golden = TESTS / "golden" / FOREIGN[name]
    assert (
        golden.with_name(f"{golden.name}.brief.json").read_text("utf-8"),
        golden.with_name(f"{golden.name}.findings.txt").read_text("utf-8"),
    ) == (p.dumps(report.brief), "".join(found))


@pytest.mark.parametrize("name", FORMATS)
def test_feed_without_our_data_keeps_what_it_says(name: str) -> None:
    """Title, intro, headline, summary, address and times of our own feed come back without the data too."""
    brief = samples["full"]
    found = p.load_report(bytes(shown(feed(brief, name))), name).brief
    fields = ("headline", "section", "summary", "url", "published", "updated")
    told = [
        tuple(getattr(story, field) for field in fields if not (name == "jsonfeed" and field == "section"))
        for story in brief.stories
    ]
    kept = [
        tuple(getattr(story, field) for field in fields if not (name == "jsonfeed" and field == "section"))
        for story in found.stories
    ]
    if name == "atom":  # the second story has the time that the caller gave
        kept[1] = (*kept[1][:-1], None)
    assert ((brief.title, brief.intro), told) == ((found.title, found.intro), kept)


@pytest.mark.parametrize(("name", "ending"), [("atom", "xml"), ("rss", "xml"), ("jsonfeed", "json")])
def test_feed_is_known_by_what_it_holds(name: str, ending: str, tmp_path: Path) -> None:
    """A feed in a file of a general ending goes to its loader, though it holds data and HTML of ours."""
    path = tmp_path / f"feed.{ending}"
    path.write_bytes(bytes(feed(samples["full"], name)))
    assert samples["full"] == p.load(path)


@pytest.mark.parametrize("name", ["atom", "rss"])
def test_our_data_in_a_malformed_feed_is_exact(name: str) -> None:
    """Where something else broke a feed of ours, the brief loads as it was, and a finding says what is wrong."""
    broken = re.sub(r"(</perspectives:story>)", r"\1<x>&nbsp;</x>", str(feed(samples["full"], name)))
    report = p.load_report(broken.encode(), name)
    assert (samples["full"], ["malformed"]) == (report.brief, [finding.code for finding in report.findings])


@pytest.mark.parametrize("name", ["atom", "rss"])
def test_our_data_that_is_broken_too_is_told_of(name: str) -> None:
    """What a feed shows is taken in the place of data that cannot be read, and each is a finding."""
    broken = re.sub(r"(<perspectives:\w+>)\{", r"\1&nbsp;", str(feed(samples["full"], name)))
    report = p.load_report(broken.encode(), name)
    codes = [finding.code for finding in report.findings if finding.severity == "warning"][:4]
    headlines = [story.headline for story in samples["full"].stories]
    assert (headlines, ["malformed", *["bad-data"] * 3]) == ([story.headline for story in report.brief.stories], codes)


def test_content_that_is_no_text_is_told_of() -> None:
    """Content of another type than text is a finding, and content that stands elsewhere a link."""
    contents = [
        'type="image/png">iVBORw0KGgo=<',
        'type="text/x-diff">+ one<',
        'type="video/mp4" src="https://a.example/b"><',
    ]
    entries = "".join(f"<entry><title>T</title><content {content}/content></entry>" for content in contents)
    report = p.load_report(f'<feed xmlns="http://www.w3.org/2005/Atom">{entries}</feed>'.encode())
    told = [(finding.code, finding.path) for finding in report.findings if finding.severity == "warning"]
    assert [("no-text", "$.stories[0]")] == told
    assert [
        {"headline": "T"},
        {"headline": "T", "context": {"paragraphs": [{"text": "+ one"}]}},
        {"headline": "T", "links": [{"label": "https://a.example/b", "href": "https://a.example/b"}]},
    ] == [p.to_dict(story) for story in report.brief.stories]


def test_author_of_an_entry_is_seen() -> None:
    """Who wrote an entry stands among the sources of the story, since a story itself has no author."""
    text = str(p.render(p.load_report(TESTS / "foreign" / "atom.xml", "atom").brief, "text"))
    assert "[1] R. Vane <https://bridge.example/news/2026/closing>\n" in text


def test_entries_that_were_mixed_load_each_by_itself() -> None:
    """An aggregator's feed: an entry of ours is exact, one of others is read as it stands."""
    ours = json.loads(str(feed(samples["full"], "jsonfeed")))["items"]
    mixed = {
        "version": "https://jsonfeed.org/version/1.1",
        "title": "All news",
        "items": [{"id": "1", "title": "From elsewhere", "content_text": "Said."}, ours[1]],
    }
    brief = p.load_report(json.dumps(mixed).encode(), "jsonfeed").brief
    assert ("All news", "From elsewhere", samples["full"].stories[1]) == (
        brief.title,
        brief.stories[0].headline,
        brief.stories[1],
    )


def test_broken_data_is_told_of_and_the_entry_read() -> None:
    """Data of an entry that does not fit the model is a finding; what the entry shows is taken."""
    data = str(feed(samples["minimal"], "rss")).replace('{"headline":', '{"heading":').encode()
    report = p.load_report(data, "rss")
    assert ([samples["minimal"].stories[0].headline], "bad-data") == (
        [story.headline for story in report.brief.stories],
        report.findings[0].code,
    )


MALFORMED: Mapping[str, tuple[bytes, list[str]]] = {
    "entities of HTML": (b"<item><title>Caf&eacute; &mdash; closed</title></item></channel></rss>", ["Café — closed"]),
    "a bare ampersand": (b"<item><title>Fish & chips</title></item></channel></rss>", ["Fish & chips"]),
    "an undeclared prefix": (
        b"<item><title>One</title><dc:creator>R. Vane</dc:creator></item></channel></rss>",
        ["One"],
    ),
    "a tag left open": (b"<item><title>One</title><description><b>x</description></item></channel></rss>", ["One"]),
    "an end that nothing began": (b"<item><title>One</title><author></name></item></channel></rss>", ["One"]),
    "cut short": (b"<item><title>One</title></item><item><title>Two</title><desc", ["One", "Two"]),
    "a byte that is no UTF-8": (b"<item><title>Caf\xe9</title></item></channel></rss>", ["Café"]),
    "a control character": (b"<item><title>One\x0btwo</title></item></channel></rss>", ["One two"]),
}


@pytest.mark.parametrize("how", MALFORMED)
def test_malformed_feed_is_read_and_told_of(how: str) -> None:
    """What is not well-formed is read by feedparser, and a finding says so with the line."""
    items, expected = MALFORMED[how]
    report = p.load_report(b'<rss version="2.0"><channel><title>T</title>\n' + items)
    told = [(finding.code, finding.line) for finding in report.findings if finding.code == "malformed"]
    assert (expected, [("malformed", 2)]) == ([story.headline for story in report.brief.stories], told)


def test_what_feedparser_cannot_take_is_no_feed() -> None:
    """What makes feedparser itself raise is refused with the line, like any other text that is no feed."""
    with pytest.raises(p.LoadError) as caught:
        p.load_report(b'<?xml version="1.0" encoding="\x00tf-8"?>\n<rss version="2.0"/>', "rss")
    assert [("not-feed", 1)] == [(fault.code, fault.line) for fault in caught.value.faults]


@pytest.mark.parametrize(
    ("encoding", "text"),
    [("utf-16", "夕刊"), ("shift_jis", "夕刊"), ("windows-1251", "Мост"), ("iso-8859-15", "5 €"), ("euc-kr", "다리")],
)
def test_encodings_are_read(encoding: str, text: str) -> None:
    """A feed in an encoding that it names loads without a finding."""
    document = (
        f'<?xml version="1.0" encoding="{encoding}"?><rss version="2.0"><channel><title>{text}</title></channel></rss>'
    )
    report = p.load_report(document.encode(encoding), "rss")
    assert (text, ()) == (report.brief.title, report.findings)


@pytest.mark.parametrize(
    ("date", "expected"),
    [
        ("Wed, 14 Jan 2026 08:30:00 EST", {"published": "2026-01-14T08:30:00-05:00"}),
        ("14 Jan 26 08:30 GMT", {"published": "2026-01-14T08:30:00+00:00"}),
        ("2026-01-14T08:30:00.5+01:00", {"published": "2026-01-14T08:30:00.500000+01:00"}),
        ("Wed, 14 Jan 2026 08:30:00 CEST", {"date": "2026-01-14"}),
        ("Wed, 14 Jan 2026 08:30:00 -0000", {"date": "2026-01-14"}),
        ("2026-01-14", {"date": "2026-01-14"}),
        ("31 Jun 2026 08:30 GMT", {}),
        ("yesterday", {}),
    ],
)
def test_dates_are_read_and_none_is_made_up(date: str, expected: Mapping[str, str]) -> None:
    """A time needs a zone that is known; else the day alone is taken, or nothing, and a finding says so."""
    data = f'<rss version="2.0"><channel><item><title>T</title><pubDate>{date}</pubDate></item></channel></rss>'
    report = p.load_report(data.encode(), "rss")
    told = ["day-only"] if "date" in expected else [] if expected else ["bad-date"]
    assert ({"headline": "T", **expected}, told) == (
        p.to_dict(report.brief.stories[0]),
        [finding.code for finding in report.findings],
    )


@pytest.mark.parametrize(
    "declaration", ['<!ENTITY a "ha"><!ENTITY b "&a;&a;">', '<!ENTITY b SYSTEM "file:///etc/hostname">']
)
def test_entities_are_refused(declaration: str) -> None:
    """A document that declares entities is refused with its line: none grows, and none is fetched."""
    data = f'<?xml version="1.0"?>\n<!DOCTYPE rss [{declaration}]>\n<rss><channel><title>&b;</title></channel></rss>'
    with pytest.raises(p.LoadError) as caught:
        p.load_report(data.encode(), "rss")
    assert [("entities", 2)] == [(fault.code, fault.line) for fault in caught.value.faults]


@pytest.mark.parametrize(
    ("data", "line"),
    [
        (b"<rss>\n<channel>" + b"<a>" * 99 + b"</a>" * 99 + b"</channel></rss>", 2),
        (b"<rss>\n&nbsp;" + b"x" * 1_000_000 + b"</rss>", 2),
    ],
    ids=["deep", "large and malformed"],
)
def test_limits_are_kept(data: bytes, line: int) -> None:
    """What is nested too deeply, or large and not well-formed, is refused with its line."""
    with pytest.raises(p.LimitError) as caught:
        p.load_report(data, "rss")
    assert [("limit", line)] == [(fault.code, fault.line) for fault in caught.value.faults]


@pytest.mark.parametrize(
    ("loader", "data", "expected"),
    [
        (
            ATOM,
            b'\xef\xbb\xbf<?xml version="1.0"?><!-- x --><feed xmlns="http://www.w3.org/2005/Atom">',
            "CERTAIN",
        ),
        (ATOM, b'<a:feed xmlns:a="http://www.w3.org/2005/Atom">', "CERTAIN"),
        (ATOM, b"<feed><title>x</title>", "LIKELY"),
        (ATOM, b"<rss><feed/></rss>", "NO"),
        (RSS, b'<!DOCTYPE rss PUBLIC "x" "y">\n<rss version="0.91">', "CERTAIN"),
        (RSS, b'<rdf:RDF xmlns:rdf="y" xmlns="http://purl.org/rss/1.0/">', "CERTAIN"),
        (RSS, b'<rdf:RDF xmlns:rdf="y">', "NO"),
        (RSS, b"<html><p>&lt;rss", "NO"),
        (JSON_FEED, b' {"version": "https:\\/\\/jsonfeed.org\\/version\\/1.1"', "CERTAIN"),
        (JSON_FEED, b'{"title": "x", "version": "https://jsonfeed.org/version/1"', "LIKELY"),
        (JSON_FEED, b'{"format": "perspectives/1.0", "title": "jsonfeed.org/version/1"', "NO"),
    ],
)
def test_sniffing_looks_at_the_beginning(loader: Any, data: bytes, expected: str) -> None:
    """The outermost element, or the version of the document, says what it is; nothing that a text says does."""
    assert Confidence[expected] == loader.sniff(Input(name="", data=data))


@pytest.mark.parametrize("name", ["json", "html", "markdown", "text"])
def test_other_formats_stay_what_they_are(name: str) -> None:
    """No document of another format is taken for a feed."""
    for brief, _ in written("jsonfeed")[:50]:
        input = Input(name="", data=bytes(p.render(brief, name)))
        levels = [loader.sniff(input) for loader in (ATOM, RSS, JSON_FEED)]
        assert [Confidence.NO] * 3 == levels


def test_scales_of_two_briefs_do_not_mix() -> None:
    """A rating that the brief's scale does not have is an error with a place, not a crash."""
    full = samples["full"]
    other = attrs.evolve(full, schemes=[attrs.evolve(full.schemes[0], values=["North"]), full.schemes[1]], stories=())
    document = json.loads(str(feed(full, "jsonfeed")))
    document["_perspectives"]["brief"]["schemes"] = p.to_dict(other)["schemes"]
    with pytest.raises(p.LoadError) as caught:
        p.load_report(json.dumps(document).encode(), "jsonfeed")
    assert {"bad-rating"} == {fault.code for fault in caught.value.faults}
