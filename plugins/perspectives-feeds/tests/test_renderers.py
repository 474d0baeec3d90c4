"""What a brief becomes in a feed: golden files, ids, dates, images, and what is refused."""

import datetime as dt
import itertools
import json
from xml.etree import ElementTree

import attrs
import pytest
from feeds import NEEDED, TESTS, feed, written

import perspectives as p
from perspectives.testing import samples

FORMATS = ("atom", "rss", "jsonfeed")
ATOM = "{http://www.w3.org/2005/Atom}"
PIXEL = b"\x89PNG\r\n\x1a\n" + bytes(60)


def _ids(brief: p.Brief, name: str = "jsonfeed") -> list[str]:
    text = str(feed(brief, name))
    if name == "jsonfeed":
        return [item["id"] for item in json.loads(text)["items"]]
    return [entry.findtext(f"{ATOM}id", "") for entry in ElementTree.fromstring(text).iter(f"{ATOM}entry")]


@pytest.mark.parametrize("name", FORMATS)
def test_full_brief_is_golden(name: str) -> None:
    """The full sample gives exactly this feed."""
    rendered = feed(samples["full"], name, feed_url=f"https://example.org/brief.{name}")
    assert (TESTS / "golden" / f"full.{name}").read_text("utf-8") == str(rendered)


@pytest.mark.parametrize("name", FORMATS)
def test_headline_is_said_once(name: str) -> None:
    """The title of an entry is not repeated at the head of its HTML."""
    story = p.Story(headline="The bridge closes", id="1")
    content = json.loads(str(feed(story, "jsonfeed")))["items"][0]["content_html"]
    assert "The bridge closes" not in content


def test_id_stays_whatever_is_edited_or_moved() -> None:
    """An entry whose story has an id keeps its own when all else is edited, or another story comes before it."""
    made = [story for brief, _ in written("jsonfeed") for story in brief.stories][:50]
    edited = p.Story(headline="Something else", id="bridge-2026")
    for story, other in itertools.pairwise(made):
        kept, second = attrs.evolve(story, id="bridge-2026"), attrs.evolve(other, id="other")
        assert _ids(p.Brief(stories=[kept, second])) == _ids(p.Brief(stories=[second, edited]))[::-1]


def test_id_is_the_same_in_each_format() -> None:
    """A story has one id, whichever feed its reader takes."""
    assert _ids(samples["full"], "jsonfeed") == _ids(samples["full"], "atom")


@pytest.mark.parametrize(
    "own", ["https://example.org/1", "tag:example.org,2026:1", "urn:newsml:example.org:20260114:1"]
)
def test_id_that_is_an_iri_is_kept(own: str) -> None:
    """A web address, a tag URI or a URN is the entry's id as it is."""
    assert [own] == _ids(p.Brief(stories=[p.Story(headline="One", id=own)]))


def test_url_is_the_id_of_a_story_without_one() -> None:
    """A story without an id is named by its address."""
    assert ["https://example.org/1"] == _ids(p.Brief(stories=[p.Story(headline="One", url="https://example.org/1")]))


def test_story_without_id_and_url_is_told_of() -> None:
    """An id that is made of a headline is a finding; where the story stands does not decide it."""
    one, two = p.Story(headline="One"), p.Story(headline="Two")
    rendered = feed(p.Brief(title="B", stories=[one, two]), "jsonfeed")
    assert [("no-stable-id", "$.stories[0]"), ("no-stable-id", "$.stories[1]")] == [
        (finding.code, finding.path) for finding in rendered.findings
    ]
    assert _ids(p.Brief(stories=[one, two])) == _ids(p.Brief(stories=[two, one]))[::-1]


def test_two_stories_of_one_id_are_told_apart() -> None:
    """No two entries have one id, and what decides is what they say, not where they stand."""
    one, two = p.Story(headline="One", id="x"), p.Story(headline="Two", id="x")
    rendered = feed(p.Brief(title="B", stories=[one, two]), "jsonfeed")
    assert ["duplicate-id", "duplicate-id"] == [finding.code for finding in rendered.findings]
    there, back = _ids(p.Brief(stories=[one, two, one])), _ids(p.Brief(stories=[one, one, two]))
    assert (3, set(there)) == (len(set(there)), set(back))


def test_atom_refuses_to_invent_a_date() -> None:
    """Every story whose last change nobody knows is named, and so is a missing author."""
    brief = p.Brief(stories=[p.Story(headline="One"), p.Story(headline="Two", date=dt.date(2026, 1, 14))])
    with pytest.raises(p.OptionsError) as caught:
        p.render(brief, "atom")
    expected = (
        "Atom requires it, and the story 'One' has no time of its last change @ $.stories[0].updated, expected"
        " `updated` or `published` of the story, or the option updated, like 2026-01-14T18:30:00Z\n"
        "Atom requires it, and the story 'Two' has only the day of its last change @ $.stories[1].updated, expected"
        " `updated` or `published` of the story, or the option updated, like 2026-01-14T18:30:00Z\n"
        "Atom requires an author, and the brief names no publisher @ $.publisher, expected a publisher, or the option"
        " author"
    )
    assert expected == str(caught.value)


def test_atom_says_the_times_of_stories_and_the_last_of_them() -> None:
    """A story was changed last when it says so, or else when it was published; the feed, with the last of them."""
    stories = [
        p.Story(headline="One", published=dt.datetime(2026, 1, 14, 8, tzinfo=dt.UTC)),
        p.Story(headline="Two", updated=dt.datetime(2026, 1, 15, 9, 30, tzinfo=dt.UTC)),
    ]
    brief = p.Brief(title="B", publisher=p.Publisher(name="Desk"), stories=stories)
    root = ElementTree.fromstring(str(p.render(brief, "atom")))
    assert ["2026-01-15T09:30:00+00:00", "2026-01-14T08:00:00+00:00", "2026-01-15T09:30:00+00:00"] == [
        element.text for element in root.iter(f"{ATOM}updated")
    ]


@pytest.mark.parametrize("name", ["rss", "jsonfeed"])
def test_missing_date_stays_missing(name: str) -> None:
    """A format that does not require a date has none where nobody says one."""
    brief = p.Brief(title="B", date=dt.date(2026, 1, 14), stories=[p.Story(headline="One", date=dt.date(2026, 1, 14))])
    text = str(feed(brief, name))
    assert [] == [
        word
        for word in ("pubDate", "dcterms:modified", "date_published", "date_modified")
        if f"{word}>" in text or f'"{word}"' in text
    ]


def test_rss_refuses_to_invent_a_link() -> None:
    """A channel belongs to a page: without one the option is asked for."""
    with pytest.raises(p.OptionsError) as caught:
        p.render(p.Brief(title="B"), "rss")
    expected = (
        "RSS requires the page that the channel belongs to, and neither brief nor publisher has one @ $.url, expected"
        " a url, or the option link"
    )
    assert expected == str(caught.value)


@pytest.mark.parametrize("options", [{"feed_url": "ftp://example.org/"}, {"title": " blank"}])
@pytest.mark.parametrize("name", FORMATS)
def test_options_are_checked(name: str, options: dict[str, str]) -> None:
    """An address that is none and a title that the model would refuse are refused, by the name of the option."""
    with pytest.raises(p.OptionsError) as caught:
        feed(samples["full"], name, **options)
    assert list(options) == [fault.path for fault in caught.value.faults]


def test_updated_without_offset_is_refused() -> None:
    """A time without an offset is no time that a feed can say."""
    with pytest.raises(p.OptionsError) as caught:
        feed(samples["full"], "atom", updated=dt.datetime(2026, 1, 15))
    assert ["updated"] == [fault.path for fault in caught.value.faults]


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("atom", 'rel="enclosure" type="image/png" length="68" href="https://example.org/a.png"'),
        ("rss", '<enclosure url="https://example.org/a.png" length="68" type="image/png" />'),
        ("jsonfeed", '"mime_type": "image/png",\n          "size_in_bytes": 68'),
    ],
)
def test_image_is_enclosed_where_its_bytes_are_known(name: str, expected: str) -> None:
    """Type and length come from the bytes; an image of which nothing is known is no enclosure."""
    images = [p.Image(url=f"https://example.org/{letter}.png", alt="") for letter in "ab"]
    brief = p.Brief(title="B", stories=[p.Story(headline="One", images=images)])
    text = str(p.render(brief, name, assets={"https://example.org/a.png": PIXEL}, **NEEDED[name]))
    assert (1, 1) == (text.count(expected), text.count("image/png"))


def test_languages_are_said() -> None:
    """The feed has the brief's language, an entry its own where it has another, and the HTML says which way it runs."""
    stories = [p.Story(headline="واحد"), p.Story(headline="Two", language="en")]
    root = ElementTree.fromstring(str(feed(p.Brief(title="موجز", language="ar", stories=stories), "atom")))
    lang = "{http://www.w3.org/XML/1998/namespace}lang"
    found = [
        (element.get(lang), (element.findtext(f"{ATOM}content") or "")[:25]) for element in root.iter(f"{ATOM}entry")
    ]
    assert ("ar", [(None, '<div lang="ar" dir="rtl">'), ("en", '<div lang="ar" dir="rtl">')]) == (root.get(lang), found)


def test_title_that_nobody_gave_is_told_of() -> None:
    """Every format requires a title: without one it is the publisher's name, and a finding."""
    rendered = p.render(p.Brief(publisher=p.Publisher(name="Desk", url="https://example.org/")), "rss")
    assert ("Desk", ["no-title"]) == (
        ElementTree.fromstring(str(rendered)).findtext("channel/title"),
        [finding.code for finding in rendered.findings],
    )
