"""JSON Lines: one brief a line, streamed, and no bad one sinks the others."""

import gc
import io
import json
import tracemalloc
import warnings
from pathlib import Path

import pytest

import perspectives as p
from perspectives.plugin import Input
from perspectives.testing import samples

GLUED = (Path(__file__).parents[1] / "examples" / "kim-putin.txt").read_text("utf-8")


def line(title):
    """A brief as one line of JSON."""
    return p.dumps(p.Brief(title=title), indent=0)


def all_of(briefs):
    """What an iterator gives to its end: titles, and the errors between them."""
    found = []
    while True:
        try:
            found.append(next(briefs).title)
        except StopIteration:
            return found
        except p.PerspectivesError as error:
            found.append(f"{type(error).__name__}: {error}")


@pytest.fixture
def file(tmp_path):
    """A function that writes lines to a file and gives its path."""

    def file(text, name="a.jsonl"):
        path = tmp_path / name
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
        return path

    return file


@pytest.mark.parametrize("home", [p, p.Registry()], ids=["module", "registry"])
def test_lines_come_from_every_kind_of_source(home, file):
    """A path, an open file, bytes and an Input give the same briefs, in order."""
    text = line("é") + line("b")
    path = file(text)
    with path.open(encoding="utf-8") as words, path.open("rb") as data:
        sources = [path, str(path), words, data, text.encode(), io.StringIO(text), Input(name="a", data=text.encode())]
        found = [[brief.title for brief in home.load_lines(source)] for source in sources]

    assert [["é", "b"]] * 7 == found


def test_every_sample_survives():
    """Any brief is one line, and comes back from it."""
    small = [brief for name, brief in samples.items() if name != "very-long"]
    text = "".join(p.dumps(brief, indent=0) for brief in small)

    assert len(small) == text.count("\n")
    assert small == list(p.load_lines(text.encode()))


@pytest.mark.parametrize("text", [b"", b"\n \r\n\t\n", b"\xef\xbb\xbf\n"])
def test_blank_lines_are_none(text):
    """Blank lines, and a file of nothing else, give no brief."""

    assert [] == list(p.load_lines(text))


@pytest.mark.parametrize(
    "text",
    [
        line("a") + line("b"),
        (line("a") + line("b")).rstrip("\n"),
        line("a") + "\n  \n" + line("b"),
        (line("a") + line("b")).replace("\n", "\r\n"),
        "\ufeff" + line("a") + line("b"),
    ],
)
def test_line_ends(text):
    """Lines end with LF or CR LF, the last one may have no end, and a byte order mark is passed over."""

    assert ["a", "b"] == [brief.title for brief in p.load_lines(text.encode())]


def test_other_breaks_end_no_line():
    """U+2028 and U+0085 within a text of JSON are no ends of a line."""
    text = '{"format": "perspectives/1.0", "extra": {"k": "a\u2028b\x85c"}}\n'

    assert [{"k": "a\u2028b\x85c"}] == [brief.extra for brief in p.load_lines(text.encode())]


def test_bad_line_does_not_sink_the_others(file):
    """After the error of a line the next one is read; each fault has file, line, and column or path."""
    bad = json.dumps({"format": "perspectives/1.0", "titel": "x", "stories": [{"headline": 5}]})
    path = file(f'{line("a")}\n{bad}\n  {{"a": NaN}}\n{line("b")}{{\n\xff\n{line("c")}'.encode("latin-1"))

    assert [
        "a",
        f"SchemaError: {path}:3: 5 is no text @ $.stories[0].headline, expected one paragraph of plain text\n"
        f"{path}:3: there is no field 'titel' @ $.titel, expected 'title'",
        f"SchemaError: {path}:4:9: 'NaN' is no number of JSON, expected a finite number that 64 bits hold",
        "b",
        f"SchemaError: {path}:6:2: this is no JSON: expecting property name enclosed in double quotes,"
        " expected one whole JSON document",
        f"LoadError: {path}:7: byte 0xff at offset 0 is not UTF-8, expected a text in UTF-8",
        "c",
    ] == all_of(p.load_lines(path))


@pytest.mark.parametrize("end", ["\n", "\r\n"])
@pytest.mark.parametrize("kind", [io.BytesIO, lambda data: io.StringIO(data.decode(), newline="")])
def test_long_line_is_refused(kind, end):
    """A line of more bytes than the limit is refused, its end not counted; the next one is read."""
    most = len(line("12345").rstrip())
    text = end.join(line(title).rstrip() for title in ("12345", "123456", "1234567", "1" * 5_000_000, "b")) + end
    error = "LimitError: line {}: the line has more than 45 bytes, expected at most 45 (Limits.bytes)"

    assert ["12345", *map(error.format, [2, 3, 4]), "b"] == all_of(
        p.load_lines(kind(text.encode()), limits=p.Limits(bytes=most))
    )


def test_long_line_is_not_read_whole():
    """No more of a line is asked for than the limit, even of one without an end."""

    class Endless(io.RawIOBase):
        asked = ()

        def read(self, size=-1):
            raise AssertionError("a line is asked for as a line")

        def readline(self, size=-1):
            self.asked += (size,)
            return b"x" * size

    endless = Endless()
    with pytest.raises(p.LimitError, match="the line has more than 5,000,000 bytes"):
        next(p.load_lines(endless))

    assert (5_000_002,) == endless.asked


def test_lifted_limit_takes_any_line():
    """Without a limit a line may be as long as it likes."""

    assert ["x" * 6_000_000] == [
        brief.title for brief in p.load_lines(line("x" * 6_000_000).encode(), limits=p.Limits.unlimited())
    ]


def test_memory_stays_flat(file):
    """Ten thousand lines take no more memory than a few, and less than a tenth of the file."""
    story = p.Story(headline="A bridge closes", summary="word " * 199 + "word", facts=[p.Fact(text="One")])
    record = p.dumps(p.Brief(stories=[story]), indent=0).encode()
    path = file(record * 10_000)
    briefs = p.load_lines(path)
    for _ in range(100):
        next(briefs)
    gc.collect()
    tracemalloc.start()
    try:
        number = sum(1 for _ in briefs)
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()

    assert 9_900 == number
    assert peak < 500_000 < path.stat().st_size / 10


def test_file_is_closed_at_the_end(file):
    """A file that was opened for the lines is closed behind the last one; one of the caller's stays open."""
    path = file(line("a"))
    with path.open("rb") as data:
        briefs, theirs = p.load_lines(path), p.load_lines(data)
        handle = briefs._lines._file

        assert (["a"], ["a"]) == ([b.title for b in briefs], [b.title for b in theirs])
        assert (True, False) == (handle.closed, data.closed)
    assert [] == list(briefs)


@pytest.mark.parametrize("begun", [False, True])
def test_file_is_closed_when_dropped(file, begun):
    """A file that was opened for the lines is closed when nobody wants them any more, without a ResourceWarning."""
    briefs = p.load_lines(file(line("a") + line("b")))
    handle = briefs._lines._file
    if begun:
        next(briefs)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        del briefs
        gc.collect()

    assert handle.closed


def test_lines_can_be_closed(file):
    """`close()` ends the lines at once."""
    briefs = p.load_lines(file(line("a") + line("b")))
    next(briefs)
    briefs.close()

    assert [] == list(briefs)


def test_missing_file_is_told_at_once(tmp_path):
    """A file that cannot be opened is Python's own error, and is told by the call itself."""
    with pytest.raises(FileNotFoundError):
        p.load_lines(tmp_path / "no.jsonl")


@pytest.mark.parametrize(
    ("call", "error", "expected"),
    [
        (lambda: p.load_lines(b"", "quux"), p.FormatError, "no loader named 'quux'"),
        (lambda: p.load_lines(b"", nope=1), p.OptionsError, "perspectives-briefs:json has no option 'nope'"),
        (lambda: p.load_lines(""), p.LoadError, "an empty text is no path, expected a path, or loads(text, 'text')"),
        (
            lambda: p.load_lines(5),
            p.LoadError,
            "5 is nothing to load, expected a path, an open file, bytes or a Rendered",
        ),
    ],
)
def test_wrong_argument_is_told_at_once(call, error, expected):
    """What is wrong with the call is told by the call, not by its first line."""
    with pytest.raises(error) as caught:
        call()

    assert expected == str(caught.value).splitlines()[0]


def test_file_that_cannot_be_read_ends(file):
    """A file that is closed, or is no text in its encoding, is our error once, and then the end."""
    path = file(b"\xff\n" + line("a").encode())
    with path.open() as closed, path.open(encoding="ascii") as ascii_:
        closed.close()
        found = [all_of(p.load_lines(closed)), all_of(p.load_lines(ascii_))]

    assert [
        [f"LoadError: {path}: cannot be read: I/O operation on closed file., expected a file opened with mode 'rb'"],
        [
            f"LoadError: {path}: cannot be read: 'ascii' codec can't decode byte 0xff in position 0: ordinal not in"
            " range(128), expected a file opened with mode 'rb'"
        ],
    ] == found


SHOUT = """
from perspectives import Brief
from perspectives.plugin import Confidence, Finding, Loaded, LoaderInfo, NoOptions, loaders

class Plugin:
    info = LoaderInfo(name="shout", summary="Ours")
    options_class = NoOptions

    def sniff(self, input, /):
        return Confidence.NO

    def load(self, input, options, tools, /):
        finding = Finding(code="loud", message=f"{input.name} is loud", line=1)
        return Loaded(brief=Brief(title=input.text), findings=[finding] if input.text.isupper() else 1 // len(input.text) * [])

@loaders
def perspectives_loaders():
    return [Plugin()]
"""


@pytest.mark.parametrize("make", [lambda: p.Registry().load_lines, lambda: p.load_lines], ids=["registry", "module"])
def test_findings_are_warnings_with_their_line(install, monkeypatch, make):
    """A guess is a LoadWarning with the number of its line, at the line that asked for the brief."""
    install("perspectives-shout", SHOUT, loaders="shout")
    monkeypatch.setattr("perspectives.api.default_registry", p.Registry)
    briefs = make()(Input(name="a.log", data=b"a\n\nB\n"), "shout")
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        titles = [brief.title for brief in briefs]

    assert ["a", "B"] == titles
    assert [("a.log:3: a.log is loud", __file__)] == [(str(one.message), one.filename) for one in caught]


def test_outlets_and_language_reach_the_loader(install):
    """The loader of the lines gets the outlets of the caller over those that are shipped, and the language."""
    names = "{'KyivPost', 'Harbour Ledger'} <= tools.outlets.names"
    code = SHOUT.replace("title=input.text", f"title=str({names}), language=tools.language")
    install("perspectives-shout", code, loaders="shout")
    ours = p.OutletDirectory(outlets=[p.Outlet(name="Harbour Ledger")])

    assert [p.Brief(title="True", language="de")] == list(
        p.Registry().load_lines(b"a", "shout", outlets=ours, language="de")
    )
