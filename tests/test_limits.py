"""How large an input may be: each limit holds on every way in, and can be raised or lifted."""

import io
import json
import os
import threading

import attrs
import pytest

import perspectives as p
from perspectives.plugin import Input, LoadTools, Rendered
from perspectives.reading import read_file

HEAD = {"format": "perspectives/1.0"}


def story(**fields):
    """A document of one story."""
    return {**HEAD, "stories": [{"headline": "h", **fields}]}


def groups(number, **fields):
    """A document of one story with a number of groups."""
    return story(perspectives=[{"label": f"{at}", "framing": "f", **fields} for at in range(number)])


def outlets(number):
    """The outlets of a group."""
    return [{"name": f"{at}"} for at in range(number)]


def nested(depth):
    """A document with so many levels of lists and objects."""
    value = 0
    for _ in range(depth - 2):
        value = [value]
    return {**HEAD, "extra": {"k": value}}


# For each limit: a document that is 4 large by it (bytes aside), what is said of it under a limit of 3, and where.
CASES = {
    "depth": (nested(4), "the values nest deeper than 3 levels", ""),
    "headline": ({**HEAD, "stories": [{"headline": "four"}]}, "headline has 4 characters", "$.stories[0].headline"),
    "line": ({**HEAD, "title": "four"}, "title has 4 characters", "$.title"),
    "prose": ({**HEAD, "intro": "four"}, "intro has 4 characters", "$.intro"),
    "url": ({**HEAD, "url": "http://a.b"}, "url has 10 characters", "$.url"),
    "stories": ({**HEAD, "stories": [{"headline": "h"}] * 4}, "stories has 4 items", "$.stories"),
    "facts": (story(facts=[{"text": "f"}] * 4), "facts has 4 items", "$.stories[0].facts"),
    "groups": (groups(4), "perspectives has 4 items", "$.stories[0].perspectives"),
    "outlets": (groups(1, outlets=outlets(4)), "outlets has 4 items", "$.stories[0].perspectives[0].outlets"),
    "items": (story(links=[{"rel": "related", "label": "l"}] * 4), "links has 4 items", "$.stories[0].links"),
}
WIDE = {"url": 9}
"""The limits that no document fits under when they are 3."""


def ways(document, tmp_path):
    """Every way in for a document: a function that takes the limits."""
    text = json.dumps(document)
    path = tmp_path / "a.json"
    path.write_text(text)
    return {
        "from_dict": lambda limits: p.from_dict(document, limits=limits),
        "loads": lambda limits: p.loads(text, limits=limits),
        "loads bytes": lambda limits: p.loads(text.encode(), limits=limits),
        "load path": lambda limits: p.load(path, limits=limits),
        "load bytes": lambda limits: p.load(text.encode(), limits=limits),
        "load binary file": lambda limits: p.load(io.BytesIO(text.encode()), limits=limits),
        "load text file": lambda limits: p.load(io.StringIO(text), limits=limits),
        "load Input": lambda limits: p.load(Input(name="", data=text.encode()), "json", limits=limits),
        "load_report": lambda limits: p.load_report(path, limits=limits).brief,
        "load_lines": lambda limits: next(p.load_lines(path, limits=limits)),
        "Registry": lambda limits: p.Registry(autoload=False).load(path, limits=limits),
        "Registry loads": lambda limits: p.Registry(autoload=False).loads(text, limits=limits),
    }


def fault(call, limits):
    """The only fault that a call gives under some limits."""
    with pytest.raises(p.LimitError) as caught:
        call(limits)
    (only,) = caught.value.faults
    return only


def test_every_limit_is_tried():
    """There is a case for each limit."""

    assert {limit.name for limit in attrs.fields(p.Limits)} == {*CASES, "bytes"}


@pytest.mark.parametrize("name", CASES)
def test_limit_holds_on_every_way_in(name, tmp_path):
    """What is larger than a limit is refused with its size, its place and the limit, whichever way it comes in."""
    document, message, path = CASES[name]
    most = WIDE.get(name, 3)
    calls = ways(document, tmp_path)
    if name == "depth":  # of the JSON text; plain data have no depth but that of `extra`
        del calls["from_dict"]
    found = {way: fault(call, p.Limits(**{name: most})) for way, call in calls.items()}

    assert dict.fromkeys(calls, (message, path, f"at most {most} (Limits.{name})")) == {
        way: (one.message, one.path, one.expected) for way, one in found.items()
    }


@pytest.mark.parametrize("name", CASES)
def test_limit_is_raised_and_lifted(name, tmp_path):
    """A limit as large as the document lets it pass, None lifts it, and unlimited() lifts all."""
    document = CASES[name][0]
    raised = {"url": 10}.get(name, 4)
    brief = p.from_dict(document)

    for limits in (p.Limits(**{name: raised}), p.Limits(**{name: None}), p.Limits.unlimited(), None):
        assert dict.fromkeys(ways(document, tmp_path), brief) == {
            way: call(limits) for way, call in ways(document, tmp_path).items()
        }


def test_bytes_are_counted_on_every_way_in(tmp_path):
    """An input of too many bytes is refused before it is looked at; what has just as many passes."""
    text = '{"format": "perspectives/1.0", "title": "é"}'
    size = len(text.encode())
    (tmp_path / "a.txt").write_text(text)
    calls = {
        "path": lambda limits: p.load(tmp_path / "a.txt", "json", limits=limits),
        "bytes": lambda limits: p.load(text.encode(), limits=limits),
        "text": lambda limits: p.loads(text, limits=limits),
        "binary file": lambda limits: p.load(io.BytesIO(text.encode()), limits=limits),
        "text file": lambda limits: p.load(io.StringIO(text), limits=limits),
        "rendered": lambda limits: p.load(Rendered(text, "application/json"), limits=limits),
        "line": lambda limits: next(p.load_lines(text.encode(), limits=limits)),
    }
    exact, less = (f"the input has {size} bytes", f"the input has more than {size - 1} bytes")
    assert {"path": exact, "bytes": exact, "text": exact, "binary file": less, "text file": less, "rendered": exact, "line": f"the line has more than {size - 1} bytes",
            } == {
        way: fault(call, p.Limits(bytes=size - 1)).message for way, call in calls.items()
    }  # fmt: skip
    assert {p.Brief(title="é")} == {call(p.Limits(bytes=size)) for call in calls.values()}


def test_paragraph_that_is_a_plain_text_is_prose():
    """A paragraph of the context may be as long as prose, however it is written."""
    document = story(context={"paragraphs": ["four"]})

    assert "four" == p.from_dict(document, limits=p.Limits(line=3)).stories[0].context.paragraphs[0].text
    assert ("$.stories[0].context.paragraphs[0]", "at most 3 (Limits.prose)") == (
        (found := fault(lambda limits: p.from_dict(document, limits=limits), p.Limits(prose=3))).path,
        found.expected,
    )


def test_default_limit_of_bytes_is_five_million():
    """The fault of an input that is too large names size and limit with their thousands."""

    assert "the input has 5,000,001 bytes, expected at most 5,000,000 (Limits.bytes)" == str(
        fault(lambda limits: p.loads(" " * 5_000_001, limits=limits), None)
    )


def test_large_file_is_not_read(tmp_path):
    """A file that is too large is refused by its size alone, before any of it is read."""
    path = tmp_path / "huge.json"
    with path.open("wb") as file:
        file.truncate(1 << 40)  # a terabyte that takes no room

    assert "the input has 1,099,511,627,776 bytes" == fault(lambda limits: p.load(path, limits=limits), None).message


def test_endless_file_is_read_to_the_limit():
    """An open file is read to one byte over the limit and no further."""

    class Endless(io.RawIOBase):
        given = 0

        def read(self, size=-1):
            assert 0 < size
            self.given += size
            return b" " * size

    file = Endless()

    assert "the input has more than 5,000,000 bytes" == fault(lambda limits: p.load(file, limits=limits), None).message
    assert 5_000_001 == file.given


def test_pipe_is_read_to_the_limit(tmp_path):
    """A named pipe, which has no size, is held to the limit too."""
    path = tmp_path / "pipe.json"
    os.mkfifo(path)
    writer = threading.Thread(target=lambda: path.write_bytes(b" " * 11))
    writer.start()

    assert (
        "the input has more than 10 bytes"
        == fault(lambda limits: p.load(path, limits=limits), p.Limits(bytes=10)).message
    )
    writer.join()


def test_file_in_small_pieces_is_read_whole():
    """A file that gives less than it is asked for is read to its end."""

    class Slow(io.BytesIO):
        def read(self, size=-1):
            return super().read(min(size, 3))

    assert b"0123456789" == read_file(Slow(b"0123456789"), p.Limits(bytes=10))


def test_limit_may_be_raised_to_any_number(tmp_path):
    """A limit far beyond the memory costs nothing."""
    path = tmp_path / "a.json"
    path.write_text('{"format": "perspectives/1.0"}')
    with path.open("rb") as file:
        assert p.Brief() == p.load(file, limits=p.Limits(bytes=10**15))


def test_every_loader_is_held_to_the_limits():
    """A brief that any loader gives is looked at, and the error names the file and the place in the brief."""
    text = "Headline\n\nFocusing Facts\n\n1. One\n2. Two\n"
    with pytest.raises(p.LimitError) as caught:
        p.load(Input(name="a.txt", data=text.encode()), limits=p.Limits(facts=1, headline=7))

    assert (
        "a.txt: headline has 8 characters @ $.stories[0].headline, expected at most 7 (Limits.headline)\n"
        "a.txt: facts has 2 items @ $.stories[0].facts, expected at most 1 (Limits.facts)"
    ) == str(caught.value)


def test_loader_that_keeps_to_the_limits_is_not_checked_again(monkeypatch):
    """A brief whose loader says that it kept to these limits is not looked at twice."""
    looked = []
    monkeypatch.setattr(p.Limits, "check", lambda *_: looked.append(1))
    p.loads('{"format": "perspectives/1.0"}')
    p.loads("Headline\n\nFocusing Facts\n\n1. One\n", "text")

    assert [1] == looked


def test_check_and_codec_agree():
    """What the codec finds too large in a document, `check` finds in the brief, at the same places."""
    document = {
        **HEAD, "title": "long title", "url": "https://example.org/",
        "stories": [{
            "headline": "long headline", "facts": [{"text": "long fact"}] * 3, "context": {"paragraphs": [{"text": "long one"}]},
            "perspectives": [{"label": "long label", "framing": "long framing", "outlets": [{"name": "long name", "aliases": ["long alias"]}]}],
            "questions": [{"question": "long question", "answer": ["long answer"]}],
        }],
    }  # fmt: skip
    limits = p.Limits(headline=6, line=6, prose=6, url=6)
    with pytest.raises(p.LimitError) as codec:
        p.from_dict(document, limits=limits)
    with pytest.raises(p.LimitError) as check:
        limits.check(p.from_dict(document))

    assert sorted(map(str, codec.value.faults)) == sorted(map(str, check.value.faults))


@pytest.mark.parametrize("call", [p.load, p.load_report, p.load_lines, p.Registry().load, p.Registry().load_lines])
@pytest.mark.parametrize(
    ("options", "expected"),
    [
        ({"limits": 5}, "5 does not fit @ limits, expected a Limits"),
        ({"outlets": []}, "a list does not fit @ outlets, expected an OutletDirectory"),
        ({"language": "deutsch!"}, "'deutsch!' does not fit @ language, expected a BCP 47 tag, like 'en' or 'pt-BR'"),
    ],
)
def test_wrong_argument_is_one_of_our_errors(call, options, expected):
    """Limits, outlets or a language that are none are an OptionsError, before anything is read."""
    with pytest.raises(p.OptionsError) as caught:
        call("no such file", **options)

    assert expected == str(caught.value)


def test_tools_have_the_limits_of_the_caller():
    """A loader that is tried on its own has the default limits."""

    assert p.Limits() == LoadTools().limits


@pytest.mark.parametrize("value", [-1, "5", 2.0, True])
def test_limit_is_a_whole_number(value):
    """What is no whole number is no limit, and the error says which one."""
    with pytest.raises(p.OptionsError) as caught:
        p.Limits(facts=value)

    assert [f"{value!r} does not fit @ Limits.facts, expected a whole number, or None for no limit"] == str(
        caught.value
    ).splitlines()


@pytest.mark.parametrize("limits", ["x", {"facts": 1}])
def test_other_things_are_no_limits(limits):
    """`from_dict` takes a `Limits`, as `load` does."""
    with pytest.raises(p.OptionsError, match="expected a Limits"):
        p.from_dict({"headline": "h"}, p.Story, limits=limits)


@pytest.mark.parametrize("read", [p.load, p.OutletDirectory.load])
def test_path_with_a_null_character_is_no_path(read):
    """A name that no file can have is one of our errors."""
    with pytest.raises(p.LoadError) as caught:
        read("a\0b.json")

    assert ["'a\\x00b.json' is no path, expected one without a null character"] == str(caught.value).splitlines()
