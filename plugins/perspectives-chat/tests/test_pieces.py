"""How texts are cut, and what becomes of what no message takes."""

import json

import regex
from hypothesis import given
from hypothesis import strategies as st
from reading import messages, undefused

import perspectives as p
from perspectives.testing import texts
from perspectives_chat import limits
from perspectives_chat.pieces import GOES_ON, MORE, cut, defused, utf16


@given(texts(60), st.integers(20, 60))
def test_cut_loses_nothing(text: str, room: int) -> None:
    """The two parts are the text but for blanks, the first fits, and no grapheme is cut."""
    head, tail = cut(((text, None),), room, len)
    first = "".join(words for words, _ in head)
    rest = "".join(words for words, _ in tail)
    kept = first.removesuffix(GOES_ON + MORE).removesuffix(GOES_ON)
    graphemes = regex.findall(r"\X", text)
    borders = {len("".join(graphemes[:count])) for count in range(len(graphemes) + 1)}

    assert len(first) <= room
    assert "".join(text.split()) == "".join((kept + rest).split())
    assert len(text) - len(rest) in borders


@given(texts())
def test_defused_text_can_be_read_back(text: str) -> None:
    """Behind each sign that begins something is one word joiner, and nothing else differs."""
    assert text == undefused(defused(text))


def test_defused_text_begins_nothing() -> None:
    """A word joiner parts each sign from what would be a mention, a tag, an emoji or an address with it."""
    parted = "@\u2060a #\u2060b :\u2060smile: https:\u2060//c magnet:\u2060?d 9:30 18:30:00 e: @"

    assert parted == defused("@a #b :smile: https://c magnet:?d 9:30 18:30:00 e: @")


def test_cut_stands_behind_a_sentence() -> None:
    """A text is cut behind its last sentence, which no abbreviation ends."""
    text = "The council of the U.S. port voted. Then the U.S. President spoke at length."

    assert (
        (("The council of the U.S. port voted.", None),),
        (("Then the U.S. President spoke at length.", None),),
    ) == cut(((text, None),), 55, len)


def test_cut_keeps_addresses() -> None:
    """Both parts of the words of a link lead where the whole did."""
    assert ((("one two", "https://a.example"),), (("three", "https://a.example"),)) == cut(
        (("one two three", "https://a.example"),), 11, utf16
    )


def test_group_goes_on_under_its_name() -> None:
    """A critique that stands in another post than its framing stands under the name and the outlets."""
    group = p.PerspectiveGroup(
        label="Press",
        framing="They tell it. " * 13 + "So.",
        critique="They omit it. " * 13 + "So.",
        outlets=[p.Outlet(name="Ledger")],
    )
    brief = p.Brief(stories=[p.Story(headline="H", perspectives=[group])])
    posts = messages(p.render(brief, "thread", network="bluesky"))

    assert [
        "H\nPerspectives\nPress\ne.g., Ledger\n\n" + "They tell it. " * 13 + "So.\n\n(1/2)",
        "Press\ne.g., Ledger\n\n" + "They omit it. " * 13 + "So.\n\n(2/2)",
    ] == [post["text"] for post in posts]


def test_what_no_post_takes_is_said() -> None:
    """An address and a grapheme that are too long leave an ellipsis, and a finding with path and size."""
    source = p.Source(id="1", title="Minutes", url=f"https://example.org/{'x' * 9_000}")
    story = p.Story(headline="H", summary="a" + "\u0301" * 3_000, sources=[source])
    rendered = p.render(story, "thread", network="bluesky")

    shown = [post["text"].partition("\n\n(")[0] for post in messages(rendered)]

    assert ["H\n\u2060…\n\nSources\n[1] Minutes …"] == shown
    assert [
        (
            "long-grapheme",
            "$.stories[0].summary",
            "one grapheme of 3001 characters is left out: it is too long for a message",
        ),
        (
            "long-address",
            "$.stories[0].sources[0]",
            "an address of 9020 characters is left out: the service takes 8192",
        ),
    ] == [(finding.code, finding.path, finding.message) for finding in rendered.findings]


def test_mastodon_counts_a_link_for_23() -> None:
    """A long address takes no more room than a short one."""
    link = p.Link(label="Minutes", href=f"https://example.org/{'long/' * 90}?a=b")
    brief = p.Story(headline="H", links=[link])

    assert [f"H\nGo Deeper\nMinutes {link.href}"] == [post["status"] for post in messages(p.render(brief, "thread"))]


def test_post_has_the_language_of_its_story() -> None:
    """A post is marked with the language of its story, else of the brief; Mastodon takes no regions."""
    brief = p.Brief(
        language="pt-BR", intro="x " * 200 + "x", stories=[p.Story(headline="y " * 100 + "y", language="de")]
    )
    found = [messages(p.render(brief, "thread", network=network)) for network in ("mastodon", "bluesky")]

    assert ["pt", "de"] == [post["language"] for post in found[0]]
    assert [["pt-BR"], ["pt-BR"], ["de"]] == [post["langs"] for post in found[1]]


def test_too_many_messages_become_a_link() -> None:
    """What is beyond the messages asked for becomes a link to the story, and a finding for each."""
    stories = [
        p.Story(headline=f"Story {number}", summary="A sentence. " * 240 + "End.", url=f"https://example.org/{number}")
        for number in range(4)
    ]
    for name in ("slack", "discord"):
        rendered = p.render(p.Brief(stories=stories), name, messages=1)

        assert 1 == len(messages(rendered))
        assert "Read the whole story" in json.dumps(messages(rendered)[0])
        assert {"too-many-messages"} == {finding.code for finding in rendered.findings}
        assert "$.stories[3]" == rendered.findings[-1].path


def test_facets_count_bytes() -> None:
    """On Bluesky a link lies on its words, counted in bytes of UTF-8."""
    brief = p.Story(
        headline="橋 👩‍👧",
        links=[p.Link(label="été", href="https://a.example/1"), p.Link(label="é", href="https://a.example/2")],
    )
    (post,) = messages(p.render(brief, "thread", network="bluesky"))
    data = post["text"].encode()
    indices = [facet["index"] for facet in post["facets"]]

    assert ["été", "é"] == [data[index["byteStart"] : index["byteEnd"]].decode() for index in indices]


def test_address_is_that_of_one_embed() -> None:
    """Discord shows only the first of several embeds with one address: in a message each is that of one."""
    stories = [p.Story(headline=name, summary=f"{name}.", url="https://example.org/a") for name in ("One", "Two")]
    (message,) = messages(p.render(p.Brief(stories=stories), "discord"))

    assert [
        {"title": "One", "url": "https://example.org/a", "description": "One."},
        {"description": "## [Two](<https://example.org/a>)\nTwo."},
    ] == message["embeds"]


def test_escapes_count() -> None:
    """What Slack's `text` escapes takes more of its room, so that no message is longer than it says."""
    rendered = p.render(p.Story(headline="&" * 3_000, summary='<"' * 9_000), "slack")

    assert all(len(message["text"]) <= limits.SLACK_FALLBACK for message in messages(rendered))
