"""What a plugin's author imports: the values that renderers and loaders take and return."""

import io
import zipfile

import pytest
from markupsafe import Markup

import perspectives as p
from perspectives.plugin import (
    Input,
    Loaded,
    LoaderInfo,
    LoadTools,
    Part,
    Rendered,
    RendererInfo,
    RenderTools,
    stable_zip,
)


@pytest.mark.parametrize("cls", [Rendered, Part])
class TestContent:
    """Rendered and Part print their content alike."""

    @pytest.mark.parametrize("media_type", ["text/html", "text/html; charset=utf-8", "application/xhtml+xml;a=b"])
    @pytest.mark.parametrize("content", ["<b>é</b>", "<b>é</b>".encode()])
    def test_html_is_printed_as_it_is(self, cls, content, media_type):
        """HTML and XHTML are markup for a template, whatever parameters the type has."""
        value = cls(content, media_type)

        assert (Markup("<b>é</b>"), Markup, Markup("<b>é</b>"), "<b>é</b>".encode()) == (
            str.__str__(value.__str__()),
            type(value.__str__()),
            value.__html__(),
            bytes(value),
        )

    @pytest.mark.parametrize("media_type", ["text/plain", "text/markdown; charset=utf-8", "image/svg+xml", ""])
    @pytest.mark.parametrize("content", ["<b>é</b>", "<b>é</b>".encode()])
    def test_other_text_is_escaped_in_a_template(self, cls, content, media_type):
        """Any other content is a plain text, which a template prints escaped."""
        value = cls(content, media_type)

        assert ("<b>é</b>", str, Markup("&lt;b&gt;é&lt;/b&gt;"), "<b>é</b>".encode()) == (
            value.__str__(),
            type(value.__str__()),
            value.__html__(),
            bytes(value),
        )

    def test_bytes_stay_bytes(self, cls):
        """Content that is no text comes out byte by byte."""

        assert b"\x00\xff" == bytes(cls(b"\x00\xff", "image/png"))

    @pytest.mark.parametrize("arguments", [(None, "text/plain"), (5, "text/plain"), ("a", None), ("a", b"text/plain")])
    def test_wrong_type_is_refused(self, cls, arguments):
        """Content that is neither text nor bytes, or a media type that is no text, is a TypeError."""
        with pytest.raises(TypeError):
            cls(*arguments)


def test_part_is_found_by_its_media_type():
    """The first part of a media type is found, whatever parameters it has."""
    parts = [Part("a", "text/plain"), Part("b", "text/html; charset=utf-8"), Part("c", "text/html")]

    assert parts[1] == Rendered("", "message/rfc822", parts=parts).part("text/html")


def test_part_that_is_not_there_is_key_error():
    """A media type that no part has is a KeyError that names it."""
    with pytest.raises(KeyError, match="text/html"):
        Rendered("", "message/rfc822", parts=[Part("a", "text/plain")]).part("text/html")


@pytest.mark.parametrize("name", ["", "a.png", "images/a b.png", "ä/…"])
def test_name_of_a_part_is_a_relative_path(name):
    """A part has a relative path as its name, or none."""

    assert name == Part("a", "text/plain", name=name).name


@pytest.mark.parametrize("name", ["..", "a/../b", "/a", "a:b", "C:\\a", "a\\b", "a\0", "a\nb"])
def test_other_name_of_a_part_is_refused(name):
    """A name that could lead out of the folder, on any system, is refused."""
    with pytest.raises(ValueError, match="is no name for a part") as caught:
        Part("a", "text/plain", name=name)

    assert f"{name!r} is no name for a part: it must be a relative path without '..'" == str(caught.value)


@pytest.mark.parametrize("wrong", [{"parts": ["a"]}, {"parts": 5}, {"findings": ["a"]}])
def test_rendered_refuses_what_is_no_part_or_finding(wrong):
    """Parts are Parts and findings are Findings, or it is a TypeError."""
    with pytest.raises(TypeError):
        Rendered("a", "text/plain", **wrong)


@pytest.mark.parametrize(
    "wrong", [{"brief": {}}, {"brief": p.Story(headline="h")}, {"brief": p.Brief(), "findings": [5]}]
)
def test_loaded_refuses_what_is_no_brief_or_finding(wrong):
    """A loader returns a Brief and Findings, or it is a TypeError."""
    with pytest.raises(TypeError):
        Loaded(**wrong)


def zipped(time, names=("mimetype", "a/b.txt")):
    """A zip that holds a time of writing; its first entry is stored, the others are packed."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as written:
        for name in names:
            packing = zipfile.ZIP_STORED if name == "mimetype" else zipfile.ZIP_DEFLATED
            written.writestr(zipfile.ZipInfo(name, time), name * 9, packing)
    return file.getvalue()


def test_stable_zip_has_no_times():
    """Two zips that differ in nothing but their times become the same bytes."""
    old, new = zipped((2025, 1, 14, 9, 0, 0)), zipped((2026, 1, 14, 18, 30, 0))

    assert (False, True) == (old == new, stable_zip(old) == stable_zip(new))


def test_stable_zip_keeps_what_is_in_it():
    """Another program finds the same entries, in their order, packed as they were: an EPUB's first one is not."""
    with zipfile.ZipFile(io.BytesIO(stable_zip(zipped((2025, 1, 14, 9, 0, 0))))) as found:
        entries = [(entry.filename, entry.compress_type, found.read(entry)) for entry in found.infolist()]

    assert [
        ("mimetype", zipfile.ZIP_STORED, b"mimetype" * 9), ("a/b.txt", zipfile.ZIP_DEFLATED, b"a/b.txt" * 9),
    ] == entries  # fmt: skip


def test_head_is_the_first_four_kibibytes():
    """A sniffer sees 4,096 bytes."""

    assert b"a" * 4096 == Input(name="a", data=b"a" * 4096 + b"b").head


def test_head_is_without_byte_order_mark():
    """A sniffer sees the same beginning as the loader, and still 4,096 bytes of it."""

    assert b"a" * 4096 == Input(name="a", data=b"\xef\xbb\xbf" + b"a" * 5000).head


@pytest.mark.parametrize("extension", ["md", ".", ".MD", ".tar.gz", "*.md"])
def test_extension_that_no_file_is_looked_up_by_is_refused(extension):
    """An extension is one dot and what stands behind the last one of a file name, in lower case."""
    with pytest.raises(ValueError, match="are no extensions") as caught:
        RendererInfo(name="toot", media_type="a/b", summary="s", extensions=[extension])

    assert f"({extension!r},) are no extensions: a list like ['.md', '.markdown']" == str(caught.value)


def test_text_is_without_byte_order_mark():
    """The text of an input is its UTF-8, without the mark that some editors write."""

    assert "é" == Input(name="a", data=b"\xef\xbb\xbf\xc3\xa9").text


def test_text_that_is_no_utf8_is_told_with_its_line():
    """A byte that is no UTF-8 is a LoadError with file, line, byte and offset."""
    with pytest.raises(p.LoadError) as caught:
        Input(name="a.txt", data=b"a\nb\xff").text  # noqa: B018

    assert "a.txt:2: byte 0xff at offset 3 is not UTF-8, expected a text in UTF-8" == str(caught.value)


def test_render_passes_options_and_assets_on():
    """A renderer that is made from another format gives it its options and the caller's assets."""
    tools = RenderTools(templates=None, render_other=lambda *args, **options: (args, options), assets={"u": b"x"})

    assert ((p.Brief(), "html"), {"fragment": True, "assets": {"u": b"x"}}) == tools.render(
        p.Brief(), "html", fragment=True
    )


@pytest.mark.parametrize("name", ["", "Toot", "2t", "to_ot", "to--ot", "-toot", "toot-", "to ot", "toot\n", "töt"])
@pytest.mark.parametrize("info", [lambda name: RendererInfo(name=name, media_type="a/b", summary="s"),
                                  lambda name: LoaderInfo(name=name, summary="s")])  # fmt: skip
def test_name_of_a_format_is_refused(info, name):
    """A format name is lower-case letters, digits and single hyphens, and begins with a letter."""
    with pytest.raises(ValueError, match="is no format name") as caught:
        info(name)

    assert f"{name!r} is no format name: lower-case letters, digits and single hyphens" == str(caught.value)


def test_name_of_a_format_may_have_digits_and_hyphens():
    """`toot-2` is a format name."""

    assert "toot-2" == LoaderInfo(name="toot-2", summary="s").name


OURS = p.OutletDirectory(outlets=[p.Outlet(name="Harbour Ledger")])


def test_tools_take_a_directory():
    """A loader that is tried on its own may be given outlets; else it has the shipped ones."""

    assert (OURS, p.OutletDirectory.shipped()) == (LoadTools(outlets=OURS).outlets, LoadTools().outlets)


def test_tools_ask_for_outlets_once_and_late():
    """What brings the outlets is called when a loader first asks for them, and then never again."""
    asked = []

    def find():
        asked.append(1)
        return OURS

    tools = LoadTools(outlets=find)
    before = list(asked)

    assert (OURS, OURS, [], [1]) == (tools.outlets, tools.outlets, before, asked)


def test_tools_read_json_as_rfc_8259_has_it():
    """A key that occurs twice and too deep a nesting are told with their place, in an input of any name."""

    def told(error, text):
        with pytest.raises(error) as caught:
            LoadTools(limits=p.Limits(depth=2)).parse_json(Input(name="a.json", data=text))
        return [(fault.line, fault.message) for fault in caught.value.faults]

    assert {"a": [1]} == LoadTools().parse_json(Input(name="", data=b'\xef\xbb\xbf{"a": [1]}'))
    assert [(2, "the key 'a' occurs twice")] == told(p.LoadError, b'{"a": 1,\n "a": 2}')
    assert [(1, "the values nest deeper than 2 levels")] == told(p.LimitError, b"[[[1]]]")
