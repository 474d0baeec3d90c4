"""The outlets that users and plugins know: read, merged, looked up, and given to a brief."""

import copy
import csv
import datetime as dt
import json
import pickle
import re
import subprocess
import sys
import tempfile
import warnings
from pathlib import Path

import attrs
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import perspectives as p
from perspectives.outlet_files import COLUMNS
from perspectives.testing.strategies import briefs

MAP = {
    "name": "Source",
    "domains": "Site",
    "rating.value": "Bias",
    "rating.scheme": "=allsides",
    "rating.rater": "=AllSides",
    "rating.licence": "=CC BY-NC 4.0",
}


@pytest.fixture
def write(tmp_path):
    """A function that writes a file of outlets and gives its path."""

    def write(name, content):
        path = tmp_path / name
        path.write_bytes(content if isinstance(content, bytes) else content.encode("utf-8", "surrogatepass"))
        return path

    return write


def faults(error, path, **options):
    """The lines of the error that a file gives, without the file's name."""
    with pytest.raises(error) as caught:
        p.OutletDirectory.load(path, **options)
    assert str(path) == caught.value.source
    return [line.removeprefix(f"{path}:").lstrip() for line in str(caught.value).splitlines()]


def directory(*outlets, schemes=()):
    """A directory of outlets that are given by name or whole."""
    return p.OutletDirectory(
        outlets=[p.Outlet(name=outlet) if isinstance(outlet, str) else outlet for outlet in outlets], schemes=schemes
    )


def names(outlets):
    """The names of outlets, in order."""
    return [outlet.name for outlet in outlets]


def codes(findings):
    """Code and message of findings."""
    return [(finding.code, finding.message) for finding in findings]


def rating(value="Left", scheme="allsides", rater="AllSides", **others):
    """A rating of which only the value matters."""
    return p.Rating(scheme=scheme, value=value, rater=rater, **others)


# JSON


def test_json_is_the_form_of_the_model(write):
    """A file of outlets and schemes gives them as the model has them."""
    quay = p.Outlet(name="The Quay", id="quay", domains=["quay.example"], ratings=[rating(as_of=dt.date(2026, 1, 1))])
    scale = p.RatingScheme(id="allsides", axis="Left to right", values=["Left", "Right"])
    path = write("a.json", json.dumps({"outlets": [p.to_dict(quay)], "schemes": [p.to_dict(scale)]}))

    assert directory(quay, schemes=[scale]) == p.OutletDirectory.load(path)


def test_json_faults_are_told_at_once(write):
    """Every fault of a file is told with its path."""
    text = """{
      "outlets": [{"name": "a", "country": "gb"}, {"nam": "b"}, 5],
      "schemes": {"id": "x"}, "outlet": [], "rest": 1
    }"""

    assert [
        "'gb' does not fit @ $.outlets[0].country, expected an ISO 3166-1 code of two capitals, like 'GB'",
        "name is missing @ $.outlets[1].name, expected a value: as printed: `South China Morning Post`",
        "there is no field 'nam' @ $.outlets[1].nam, expected 'name'",
        "5 is no Outlet @ $.outlets[2], expected an object with the fields of an Outlet",
        "a dict does not fit @ $.schemes, expected a list",
        "there is no field 'outlet' @ $.outlet, expected 'outlets'",
        "there is no field 'rest' @ $.rest, expected 'outlets'",
    ] == faults(p.SchemaError, write("a.json", text))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('{"outlets":\n [}', "2:3: this is no JSON: expecting value, expected one whole JSON document"),
        (
            '{"outlets": [],\n "outlets": []}',
            "2:2: the key 'outlets' occurs twice, expected each key once in an object",
        ),
        ("[]", 'a list is no directory of outlets @ $, expected {"outlets": [...], "schemes": [...]}'),
        ("\ud800", "1: byte 0xed at offset 0 is not UTF-8, expected a text in UTF-8"),
    ],
)
def test_json_text_is_told_with_its_place(write, text, expected):
    """A file that is no JSON of a directory is told with line and column."""

    assert [expected] == faults(p.LoadError, write("a.json", text))


def test_json_rating_outside_its_scheme_is_refused(write):
    """A rating must lie in its scheme, where the file has it."""
    text = """{"outlets": [{"name": "a", "ratings": [{"scheme": "s", "value": 9, "rater": "r"}]}],
      "schemes": [{"id": "s", "axis": "x", "range": [0, 5]}]}"""

    assert ["9 is no value of the scheme 's' @ $.outlets[0].ratings[0].value, expected a value of the scheme"] == (
        faults(p.SchemaError, write("a.json", text))
    )


# CSV


def test_csv_has_our_columns(write):
    """A table with our columns gives every field; lists are parted by semicolons, empty cells are unsaid."""
    path = write(
        "a.CSV",
        "\ufeffname,id,aliases,domains,homepage,country,languages,owner,rating.scheme,rating.value,rating.rater,"
        "rating.as_of,rating.url,rating.licence,rating.confidence\r\n"
        'The Quay,quay,"Quay; The  Quay Daily ;",quay.example,https://quay.example/,GB,en;cy,"Quay, Ltd.",bias,'
        "Left,R,2026-01-01,https://r.example/,CC0,0.5\r\n"
        "\r\n"
        "Bare,,,,,,,,,,,,,,\r\n",
    )
    quay = p.Outlet(
        name="The Quay", id="quay", aliases=["Quay", "The  Quay Daily"], domains=["quay.example"],
        homepage="https://quay.example/", country="GB", languages=["en", "cy"], owner="Quay, Ltd.",
        ratings=[p.Rating(scheme="bias", value="Left", rater="R", as_of=dt.date(2026, 1, 1), url="https://r.example/",
                          licence="CC0", confidence=0.5)],
    )  # fmt: skip

    assert (quay, p.Outlet(name="Bare")) == p.OutletDirectory.load(path).outlets


def test_csv_rows_of_one_outlet_are_united(write):
    """Several rows of an outlet give it several ratings."""
    path = write("a.csv", "name,domains,rating.scheme,rating.value,rating.rater\nA,a.example,s,Left,x\na,,s,Right,y\n")

    assert (
        p.Outlet(
            name="A",
            aliases=["a"],
            domains=["a.example"],
            ratings=[rating("Left", "s", "x"), rating("Right", "s", "y")],
        ),
    ) == p.OutletDirectory.load(path).outlets


def test_csv_of_others_is_mapped(write):
    """A column map names their columns, or with = a text for each row; other columns are ignored."""
    path = write("a.csv", "Source,Bias,Site,Votes\nA,Lean Left,https://www.A.example/uk,9\nB,,,\n")
    outlet = p.Outlet(name="A", domains=["www.a.example"], ratings=[rating("Lean Left", licence="CC BY-NC 4.0")])

    assert (outlet, p.Outlet(name="B")) == p.OutletDirectory.load(path, columns=MAP).outlets


@pytest.mark.parametrize(
    ("cell", "value"),
    [("-6.5", -6.5), ("3", 3), ("1e2", 100.0), ("+1", "+1"), ("007", "007"), (" 4 ", 4), ("Lean Left", "Lean Left")],
)
def test_csv_number_is_one_as_json_writes_it(write, cell, value):
    """A rating's value is a number where JSON would read one, else a text."""
    path = write("a.csv", f"name,rating.scheme,rating.value,rating.rater\nA,s,{cell},r\n")
    read = p.OutletDirectory.load(path).outlets[0].ratings[0].value

    assert (value, type(value)) == (read, type(read))


def test_csv_texts_are_cleaned(write):
    """Line breaks and control characters within a cell cost nothing."""
    path = write("a.csv", 'name,owner\n" The\nQuay\t",\x01Ltd\u2028\n')

    assert (p.Outlet(name="The Quay", owner="\ufffdLtd"),) == p.OutletDirectory.load(path).outlets


def test_csv_faults_are_told_at_once(write):
    """Every fault of a table is told with the line of its row and the name of its column."""
    text = (
        "Source,Bias,Site,Country\n"
        'A,Left,,gb\n"B\nB",1e999,not a host,GB\n'
        ",Left,,\n"
        "D,Left,,,more\n"
    )  # fmt: skip

    assert [
        "2: 'gb' does not fit @ Country, expected an ISO 3166-1 code of two capitals, like 'GB'",
        "3: inf does not fit @ Bias, expected a text or a number",
        "3: 'not a host' does not fit @ Site, expected a domain, like 'example.org'",
        "5: name is missing @ Source, expected a value: as printed: `South China Morning Post`",
        "6: a row of 5 cells under a header of 4, expected one cell a column, or \",\" quoted",
    ] == faults(p.SchemaError, write("a.csv", text), columns={**MAP, "country": "Country"})  # fmt: skip


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("name,contry\nA,GB\n", ["1: there is no column 'contry', expected 'country'"]),
        ("name,owner,owner\n", ["1: the column 'owner' occurs twice, expected each column once"]),
        ("id\nx\n", ["1: there is no column 'name', expected a 'name' in the header"]),
        ("", ["1: there is no column 'name', expected a 'name' in the header"]),
        ('name\n"a"b\n', ["2: this is no CSV: ',' expected after '\"', expected RFC 4180"]),
        ('name\n"a\n', ["2: this is no CSV: unexpected end of data, expected RFC 4180"]),
        ("name,rating.value\nA,1\n", [
            "2: scheme is missing @ rating.scheme, expected a value: id of the scale: `allsides`",
            "2: rater is missing @ rating.rater, expected a value: who says so: `AllSides`",
        ]),
    ],
)  # fmt: skip
def test_csv_that_does_not_fit_is_refused(write, text, expected):
    """A header that is not ours, or a text that is no CSV, is told with its line."""

    assert expected == faults(p.LoadError, write("a.csv", text))


def test_csv_column_that_the_map_names_must_be_there(write):
    """A column map that names a column the table has not is told with the nearest one."""

    assert ["1: there is no column 'Site', expected 'Sites'"] == faults(
        p.SchemaError, write("a.csv", "Source,Bias,Sites\n"), columns=MAP
    )


@pytest.mark.parametrize(
    ("name", "columns", "expected"),
    [
        (
            "a.csv",
            {"name": "Source", "ratng.value": "Bias"},
            "there is no column 'ratng.value', expected 'rating.value'",
        ),
        ("a.csv", {"id": "Source"}, "the columns do not say where the name is, expected a 'name'"),
        ("a.csv", {"name": 1}, "1 is no column, expected a column's name, or '=' and a text"),
        ("a.json", {"name": "Source"}, "columns are for tables, expected a .csv file, or no columns"),
    ],
)
def test_column_map_is_checked(write, name, columns, expected):
    """A column map is an option: what is wrong with it is an OptionsError."""
    with pytest.raises(p.OptionsError) as caught:
        p.OutletDirectory.load(write(name, "Source\n"), columns=columns)

    assert expected == str(caught.value)


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
@pytest.mark.parametrize("columns", [None, {"name": "Paper", "owner": "Owned; by"}])
def test_delimiter_is_that_of_the_header(write, delimiter, columns):
    """Columns are parted by what makes known names of the header, ours or those of the map: a comma, ; or tab."""
    named = columns or {"name": "name", "owner": "owner"}
    path = write("a.csv", "")
    with path.open("w", newline="", encoding="utf-8") as file:
        csv.writer(file, delimiter=delimiter).writerows([named.values(), ["The Quay", "Sand, Sons; Co."]])

    assert (p.Outlet(name="The Quay", owner="Sand, Sons; Co."),) == (
        p.OutletDirectory.load(path, columns=columns).outlets
    )


def test_other_columns_do_not_choose_the_delimiter(write):
    """However often another mark stands in the header, the names decide."""
    path = write("a.csv", "\n\nPaper,Bank; of; the; river\nThe Quay,East\n")

    assert ["The Quay"] == names(p.OutletDirectory.load(path, columns={"name": "Paper"}).outlets)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Paper,Bank\n", '","'),
        ("Paper;Bank, of the river;Day\n", '";"'),
        ("Paper\tBank\n", "a tab"),
    ],
)
def test_delimiter_is_told_where_no_column_is_known(write, text, expected):
    """Where no name of the header is known, each fault says by what the header seems to be parted."""
    path = write("a.csv", text)

    assert (
        f"1: there is no column 'Paper' in a header parted by {expected}, expected one of {', '.join(COLUMNS)}"
        == (faults(p.SchemaError, path)[0])
    )
    assert [f"1: there is no column 'Papr' in a header parted by {expected}, expected 'Paper'"] == (
        faults(p.SchemaError, path, columns={"name": "Papr"})
    )


@pytest.mark.parametrize(("delimiter", "expected"), [(";", '";"'), ("\t", "a tab")])
def test_row_with_too_many_cells_is_told_its_delimiter(write, delimiter, expected):
    """What must be quoted in a cell is the delimiter of this table."""
    path = write("a.csv", delimiter.join(["name", "owner\nA", "B", "C"]))

    assert [f"2: a row of 3 cells under a header of 2, expected one cell a column, or {expected} quoted"] == (
        faults(p.SchemaError, path)
    )


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        ("name\nCafé\n".encode("utf-16"), "1: byte 0xff at offset 0 is not UTF-8; the file is probably UTF-16"),
        ("\ufeffname\n".encode("utf-16-be"), "1: byte 0xfe at offset 0 is not UTF-8; the file is probably UTF-16"),
        (
            "name\n“Zürich” für 5 €\n".encode("cp1252"),
            "2: byte 0x93 at offset 5 is not UTF-8; the file is probably Latin-1 or Windows-1252",
        ),
        (
            "name\nÄÖ\n".encode("latin-1"),
            "2: byte 0xc4 at offset 5 is not UTF-8; the file is probably Latin-1 or Windows-1252",
        ),
    ],
)
def test_other_encoding_is_named(write, data, expected):
    """A file that is not UTF-8 is told which encoding it seems to have, and how it is mended."""

    assert [f"{expected}, expected the file saved as UTF-8"] == faults(p.LoadError, write("a.csv", data))


@pytest.mark.parametrize("data", [b"name\n\xc3\xbc \xff\n", b"name\n\x00\xff\n", b"name\n\xc3\xbc\xc3"])
def test_encoding_is_not_guessed_without_a_sign(write, data):
    """A text in UTF-8 with a broken byte is not taken for Latin-1, nor is what is no text."""
    (line,) = faults(p.LoadError, write("a.csv", data))

    assert line.endswith("is not UTF-8, expected a text in UTF-8")


def as_rows(outlet):
    """An outlet as rows of a table: a rating each, and all else in the first."""
    first = {
        "name": outlet.name, "id": outlet.id, "country": outlet.country, "owner": outlet.owner,
        "aliases": "; ".join(outlet.aliases), "domains": ";".join(outlet.domains),
    }  # fmt: skip
    rated = [
        {f"rating.{name}": getattr(one, name) for name in ("scheme", "value", "rater", "as_of")}
        for one in outlet.ratings
    ]
    for at, cells in enumerate(rated or [{}]):
        yield cells | (first if at == 0 else {"name": outlet.name, "id": outlet.id})


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_csv_gives_back_what_a_table_says(data):
    """Whatever outlets somebody writes as a table, they come back, whatever the order of the columns."""
    entries = [
        attrs.evolve(
            one,
            extra={},
            ratings=list(dict.fromkeys(one.ratings)),
            aliases=[alias for alias in one.aliases if alias != one.name],
        )
        for one in data.draw(st.lists(_entries(), max_size=5))
    ]
    columns = data.draw(st.permutations([name for name in COLUMNS if name not in ("homepage", "languages")]))
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "a.csv")
        with path.open("w", newline="", encoding="utf-8") as file:
            table = csv.DictWriter(file, columns)
            table.writeheader()
            table.writerows(row for entry in entries for row in as_rows(entry))

        assert p.OutletDirectory(outlets=entries).outlets == p.OutletDirectory.load(path).outlets


# Files


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("a.xlsx", "no outlets are read from '.xlsx' files, expected a .json or .csv file"),
        ("outlets", "'{path}' has no extension, expected a .json or .csv file"),
    ],
)
def test_other_file_is_refused(write, name, expected):
    """A file that is neither JSON nor CSV is told what is read."""
    path = write(name, "")

    assert [expected.format(path=path)] == faults(p.LoadError, path)


def test_missing_file_is_pythons_own_error(tmp_path):
    """A file that cannot be read is the OSError that every Python program knows."""
    with pytest.raises(FileNotFoundError):
        p.OutletDirectory.load(tmp_path / "no.csv")


@pytest.mark.parametrize(
    ("name", "text", "limits", "expected"),
    [
        ("a.json", '{"outlets": []}', {"bytes": 14}, "the input has 15 bytes, expected at most 14 (Limits.bytes)"),
        (
            "a.json",
            '{"outlets": [{"name": "abc"}]}',
            {"line": 2},
            "name has 3 characters @ $.outlets[0].name, expected at most 2 (Limits.line)",
        ),
        ("a.csv", "name\nabc\n", {"line": 2}, "2: name has 3 characters @ name, expected at most 2 (Limits.line)"),
    ],
)
def test_limits_hold_for_files_of_outlets(write, name, text, limits, expected):
    """A file of outlets is held to the limits, which can be raised."""
    path = write(name, text)

    assert [expected] == faults(p.LimitError, path, limits=p.Limits(**limits))
    assert isinstance(p.OutletDirectory.load(path, limits=p.Limits.unlimited()), p.OutletDirectory)


def test_directory_may_be_long(write):
    """However many outlets a file has, only its bytes are limited."""
    path = write("a.csv", "name\n" + "".join(f"Outlet {number}\n" for number in range(3_000)))

    assert 3_000 == len(p.OutletDirectory.load(path).outlets)


# Merging


def test_merged_unites_what_is_the_same():
    """Entries of one identity are one outlet: lists in order, and what only one says."""
    ours = p.Outlet(name="BBC News", id="bbc", aliases=["Auntie"], domains=["bbc.com"], languages=["en"])
    theirs = p.Outlet(
        name="BBC", id="bbc", aliases=["Auntie", "Beeb"], domains=["bbc.co.uk", "bbc.com"], country="GB",
        ratings=[rating()], extra={"x": 1},
    )  # fmt: skip

    merged = directory(ours).merged(directory("Other"), directory(theirs))

    assert (
        p.Outlet(
            name="BBC News", id="bbc", aliases=["Auntie", "BBC", "Beeb"], domains=["bbc.com", "bbc.co.uk"],
            languages=["en"], country="GB", ratings=[rating()], extra={"x": 1},
        ),
        p.Outlet(name="Other"),
    ) == merged.outlets  # fmt: skip
    assert () == merged.conflicts


def test_conflict_is_reported_and_nothing_chosen():
    """Where two entries disagree the field is empty and the conflict told; a third entry does not settle it."""
    entries = [
        p.Outlet(name="A", owner="X", country="GB", extra={"k": 1, "l": 1}),
        p.Outlet(name="A", owner="Y", country="GB", extra={"k": 2}),
        p.Outlet(name="A", owner="X"),
    ]
    merged = directory(entries[0]).merged(directory(entries[1])).merged(directory(entries[2]))

    assert (p.Outlet(name="A", country="GB", extra={"l": 1}),) == merged.outlets
    assert [
        ("outlet-conflict", "the entries for 'A' disagree on owner: 'X' or 'Y'"),
        ("outlet-conflict", "the entries for 'A' disagree on extra['k']"),
    ] == codes(merged.conflicts)


def test_scheme_that_is_described_twice_is_left_out():
    """A scheme that two directories describe differently is none, and is told; the same one is one."""
    one, other = (p.RatingScheme(id="s", axis="x", values=values) for values in (["a"], ["b"]))

    assert (one,) == directory(schemes=[one]).merged(directory(schemes=[one])).schemes
    merged = directory(schemes=[one]).merged(directory(schemes=[other]))
    assert ((), [("scheme-conflict", "the scheme 's' is described in two ways")]) == (
        merged.schemes,
        codes(merged.conflicts),
    )


def test_ambiguous_names_and_domains_are_told():
    """A name, an alias or a domain that two outlets have is a conflict."""
    merged = directory(
        p.Outlet(name="The Times", id="times-gb", domains=["times.example"]),
        p.Outlet(name="Times of India", aliases=["the TIMES"], domains=["www.times.example"]),
        p.Outlet(name="Third", id="third"),
    )

    assert [
        ("ambiguous-name", "the name 'the-times' means 2 outlets: 'The Times', 'Times of India'"),
        ("ambiguous-domain", "the domain 'times.example' means 2 outlets: 'The Times', 'Times of India'"),
    ] == codes(merged.conflicts)


def test_rating_outside_a_merged_scheme_is_told():
    """A rating that another directory's scheme does not hold is a conflict."""
    scale = p.RatingScheme(id="allsides", axis="x", values=["Right"])

    assert [("bad-rating", "'Left', a rating of 'A', is no value of 'allsides'")] == codes(
        directory(p.Outlet(name="A", ratings=[rating()])).merged(directory(schemes=[scale])).conflicts
    )


def test_only_outlets_are_taken():
    """A directory of anything else is our error."""
    with pytest.raises(p.ModelError):
        p.OutletDirectory(outlets=["BBC"])


def test_directory_is_a_value():
    """A directory survives copying and pickling, whether it was asked or not."""
    ours = directory("A", "B")
    ours.find("A")

    assert [ours] * 3 == [pickle.loads(pickle.dumps(ours)), copy.copy(ours), copy.deepcopy(ours)]
    assert (2, {"A", "B"}) == (len(pickle.loads(pickle.dumps(ours)).outlets), ours.names)


# Looking up

KNOWN = directory(
    p.Outlet(name="Yeni Şafak", id="yeni-şafak", aliases=["Dawn"], domains=["dawn.example"]),
    p.Outlet(name="Dawn Sport", domains=["sport.dawn.example", "www.ball.example"]),
    p.Outlet(name="Dawn", id="dawn-pk", domains=["xn--mnchen-3ya.example"]),
    p.Outlet(name="!!"),
)


@pytest.mark.parametrize(
    ("key", "expected"),
    [
        ("yeni-şafak", ["Yeni Şafak"]),
        ("YENİ  ŞAFAK", []),  # a dotted capital I is another letter
        ("Yeni şafak.", ["Yeni Şafak"]),
        ("DAWN", ["Yeni Şafak", "Dawn"]),
        ("dawn-sport", ["Dawn Sport"]),
        ("dawn.example", ["Yeni Şafak"]),
        ("https://www.dawn.example/a?b#c", ["Yeni Şafak"]),
        ("http://M.Dawn.Example:8080/", ["Yeni Şafak"]),
        ("sport.dawn.example/x", ["Dawn Sport"]),
        ("live.sport.dawn.example", ["Dawn Sport"]),
        ("ball.example", ["Dawn Sport"]),
        ("example", []),
        ("notdawn.example", []),
        ("https://münchen.example/", ["Dawn"]),
        ("!!", ["!!"]),
        ("", []),
        ("https://[", []),
        ("a..b", []),
    ],
)
def test_find(key, expected):
    """An id, a name however it is spelt, a URL or a host finds all outlets that it may mean."""

    assert expected == names(KNOWN.find(key))


def test_licences_are_what_an_output_owes():
    """Each rater, licence and address is a line, in order; one without a licence says so."""
    ours = directory(
        p.Outlet(name="A", ratings=[rating(licence="CC BY-NC 4.0", url="https://r.example/a"), rating(rater="B")]),
        p.Outlet(name="C", ratings=[rating("Right", licence="CC BY-NC 4.0", url="https://r.example/a")]),
        p.Outlet(name="D", ratings=[rating(licence="CC0", rater="B")]),
    )
    group = p.PerspectiveGroup(label="l", framing="f", outlets=[p.Outlet(name="D")])
    brief = p.enrich(p.Brief(stories=[p.Story(headline="h", perspectives=[group])]), ours)

    assert ("AllSides: CC BY-NC 4.0 <https://r.example/a>", "B: CC0", "B: no licence is stated") == ours.licences()
    assert (("B: CC0",), ()) == (ours.licences(brief), ours.licences(p.Brief()))


# What is shipped


def test_shipped_are_the_eight_of_the_example():
    """The outlets of the example brief are known by name, and told apart."""
    shipped = p.OutletDirectory.shipped()

    assert [
        "Yeni Şafak", "South China Morning Post", "The Moscow Times", "NBC News", "The Guardian", "POLITICO",
        "Bloomberg", "KyivPost",
    ] == names(shipped.outlets)  # fmt: skip
    assert () == shipped.conflicts
    assert names(shipped.outlets) == [shipped.find(outlet.identity)[0].name for outlet in shipped.outlets]
    assert [outlet.identity for outlet in shipped.outlets] == [
        attrs.evolve(outlet, id=None).identity for outlet in shipped.outlets
    ]


def test_shipped_hold_no_opinion():
    """What is shipped says who an outlet is: no rating, no owner, no word of a leaning."""
    shipped = p.OutletDirectory.shipped()
    text = json.dumps([p.to_dict(outlet) for outlet in shipped.outlets], ensure_ascii=False).casefold()
    leaning = r"left|right|cent(?:er|re)|liberal|conserv|bias|lean|pro-|anti-|state|govern|party|progressi|partisan"

    assert ([], ()) == (re.findall(leaning, text), shipped.schemes)
    assert {"name", "id", "aliases", "domains", "homepage", "country", "languages"} >= {
        key for outlet in shipped.outlets for key in p.to_dict(outlet)
    }


def test_looking_up_needs_no_codec():
    """A plugin that knows outlets, and a look-up in those that are shipped, start without cattrs."""
    code = (
        "import sys; from perspectives.plugin import OutletDirectory; from perspectives import enrich, Brief;"
        "enrich(Brief(), OutletDirectory.shipped().merged(OutletDirectory())); sys.exit('cattrs' in sys.modules)"
    )

    assert 0 == subprocess.run([sys.executable, "-c", code], check=False).returncode


# Giving it to a brief


def enriched(ours, *outlets, schemes=(), position=None):
    """The outlets of a group, and the schemes of its brief, after `enrich`."""
    outlets = [p.Outlet(name=outlet) if isinstance(outlet, str) else outlet for outlet in outlets]
    group = p.PerspectiveGroup(label="l", framing="f", outlets=outlets, position=position)
    brief = p.enrich(p.Brief(stories=[p.Story(headline="h", perspectives=[group])], schemes=schemes), ours)
    return list(brief.stories[0].perspectives[0].outlets), list(brief.schemes)


BBC = p.Outlet(
    name="BBC News", id="bbc", aliases=["Beeb"], domains=["bbc.example"], homepage="https://bbc.example/", country="GB",
    languages=["en"], owner="BBC", ratings=[rating()], extra={"k": 1},
)  # fmt: skip


@pytest.mark.parametrize(
    "outlet",
    [
        p.Outlet(name="B", id="bbc"),
        p.Outlet(name="bbc news"),
        p.Outlet(name="Beeb"),
        p.Outlet(name="Auntie", aliases=["BEEB"]),
        p.Outlet(name="B", domains=["www.bbc.example"]),
    ],
)
def test_enrich_fills_what_is_unsaid(outlet):
    """An outlet that is known by id, name, alias or domain gets all that the brief does not say, but no name."""
    (found,), _ = enriched(directory(BBC, "Other"), outlet)

    assert attrs.evolve(BBC, name="x", aliases=[], domains=[]) == attrs.evolve(found, name="x", aliases=[], domains=[])
    assert outlet.name == found.name
    assert {*outlet.aliases, "Beeb"} - {outlet.name} == set(found.aliases)
    assert (*outlet.domains, "bbc.example") == found.domains


def test_enrich_overwrites_nothing():
    """What the brief says stays; lists are united with the brief's own first."""
    own = p.Outlet(
        name="BBC News", homepage="https://own.example/", country="US", owner="Own", languages=["cy"],
        ratings=[rating("Right"), rating()], extra={"k": 2},
    )  # fmt: skip

    assert [attrs.evolve(own, id="bbc", aliases=["Beeb"], domains=["bbc.example"], languages=["cy", "en"])] == (
        enriched(directory(BBC), own)[0]
    )


@pytest.mark.parametrize(
    "outlet",
    [
        p.Outlet(name="Unknown"),
        p.Outlet(name="Beeb"),  # two have it
        p.Outlet(name="Unknown", aliases=["One", "Two"]),  # two outlets to us
        p.Outlet(name="One", id="another"),
        p.Outlet(name="Beeb", domains=["one.example"]),  # the names come first
    ],
)
def test_enrich_leaves_what_is_unknown_or_ambiguous(outlet):
    """An outlet that the directory does not have, or has several times over, stays as it is."""
    ours = directory(
        p.Outlet(name="One", id="one", aliases=["Beeb"], domains=["one.example"], country="GB"),
        p.Outlet(name="Two", aliases=["Beeb"], country="US"),
    )

    assert [outlet] == enriched(ours, outlet)[0]


@pytest.mark.parametrize(
    ("outlets", "ids"),
    [
        (["A", "B"], [None, None]),  # both are the one: neither is chosen
        (["A", p.Outlet(name="X", id="one")], [None, "one"]),
        (["A", "One"], [None, "one"]),
        (["A", "C"], ["one", "two"]),
        (["C", "Two"], [None, "two"]),
    ],
)
def test_enrich_makes_no_outlet_occur_twice(outlets, ids):
    """An id that would make two outlets of a group the same is left unsaid; all else is filled."""
    ours = directory(
        p.Outlet(name="Main", id="one", aliases=["A", "B"], country="GB"),
        p.Outlet(name="Second", id="two", aliases=["C"], country="GB"),
    )
    found, _ = enriched(ours, *outlets)

    assert ids == [outlet.id for outlet in found]


SCALE = p.RatingScheme(id="allsides", axis="Left to right", values=["Left", "Right"], ordered=True)
OTHER = p.RatingScheme(id="other", axis="x", range=(0, 1))


def test_enrich_brings_the_schemes_in_use():
    """The schemes of the ratings that a brief now has come along, others do not."""

    assert [SCALE] == enriched(directory(BBC, schemes=[OTHER, SCALE]), "Beeb")[1]


def test_enrich_keeps_to_the_briefs_own_scheme():
    """A rating outside the scheme that the brief holds is left out."""
    own = attrs.evolve(SCALE, values=["Right"])

    assert ((), [own]) == (
        (found := enriched(directory(BBC, schemes=[SCALE]), "Beeb", schemes=[own]))[0][0].ratings,
        found[1],
    )


def test_enrich_adds_no_scheme_that_the_brief_breaks():
    """A scheme in which a value of the brief does not lie is left out."""
    odd = p.Position(scheme="allsides", value="Centre")
    (found,), schemes = enriched(directory(BBC, schemes=[SCALE]), "Beeb", position=odd)

    assert ((rating(),), []) == (found.ratings, schemes)


BANKS = p.RatingScheme(id="bank", axis="Which bank", values=["East", "Both", "West"], ordered=True)


def warned(ours, *outlets, **brief):
    """The texts of the warnings that `enrich` gives, each of which points at the line that called it."""
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        enriched(ours, *outlets, **brief)
    assert {(p.LoadWarning, __file__)} >= {(one.category, one.filename) for one in caught}
    return [str(one.message) for one in caught]


@pytest.mark.parametrize(
    ("ours", "own", "whose"),
    [
        ([], [BANKS], "the brief's scheme"),
        ([BANKS], [], "the directory's scheme"),
        ([BANKS], [BANKS], "the brief's scheme"),
    ],
)
def test_enrich_tells_what_rating_is_left_out(ours, own, whose):
    """A rating outside its scheme is left out with a warning: which outlet, value and scheme, and what would be right."""
    entry = p.Outlet(name="Harbour Ledger", aliases=["Ledger"], ratings=[rating("Eats", "bank", "Desk")])

    assert [
        f"the rating 'Eats' of 'Ledger' by 'Desk' is left out: it is no value of {whose} 'bank',"
        " expected one of 'East', 'Both', 'West'"
    ] == warned(directory(entry, schemes=ours), "Ledger", schemes=own)


def test_enrich_tells_what_scheme_is_left_out():
    """A scheme that a value of the brief breaks is left out with a warning: whose value it is, and what would be right."""
    odd = p.Position(scheme="allsides", value="Centre")
    outlet = p.Outlet(name="Other", ratings=[rating("Up")])
    ours = directory(BBC, schemes=[SCALE])

    assert [
        "the scheme 'allsides' is left out: 'Centre', the position of 'l' in the brief, is no value of it,"
        " expected one of 'Left', 'Right'"
    ] == warned(ours, "Beeb", position=odd)
    assert [
        "the scheme 'allsides' is left out: 'Up', a rating of 'Other' in the brief, is no value of it,"
        " expected one of 'Left', 'Right'"
    ] == warned(ours, "Beeb", outlet)


def test_enrich_warns_once_of_each():
    """However many stories name an outlet, what is left out of it is told once; a directory that fits is not told."""
    group = p.PerspectiveGroup(label="l", framing="f", outlets=[p.Outlet(name="Beeb")])
    brief = p.Brief(
        stories=[p.Story(headline="h", perspectives=[group])] * 3, schemes=[attrs.evolve(SCALE, values=["Right"])]
    )

    with pytest.warns(p.LoadWarning) as caught:
        p.enrich(brief, directory(BBC))
    assert (1, []) == (len(caught), warned(directory(BBC, schemes=[SCALE]), "Beeb", "Unknown"))


# Few names, ids and domains, so that everything meets everything.
_few = st.sampled_from(["A", "B", "a", "C d", "One", "!!"])
_domains = st.lists(
    st.sampled_from(["a.example", "b.a.example", "www.a.example", "c.example"]), max_size=2, unique=True
)
_scales = st.lists(
    st.sampled_from([SCALE, attrs.evolve(SCALE, values=["Left"]), OTHER]), max_size=2, unique_by=lambda one: one.id
)
_ratings = st.sampled_from([rating(), rating("Right"), rating("Up"), rating(0.5, "other"), rating(7, "other")])


def _entries(ratings=_ratings):
    return st.builds(
        p.Outlet, name=_few, id=st.sampled_from([None, None, "a", "b", "one", "c-d"]), country=st.sampled_from([None, "GB", "US"]),
        aliases=st.lists(_few, max_size=2, unique=True), domains=_domains, owner=st.sampled_from([None, "X"]),
        ratings=st.lists(ratings, max_size=2), extra=st.sampled_from([{}, {"k": 1}, {"k": 2, "l": 3}]),
    )  # fmt: skip


_directories = st.builds(p.OutletDirectory, outlets=st.lists(_entries(), max_size=5), schemes=_scales)


@st.composite
def _met(draw):
    """Briefs whose outlets a directory may know."""
    schemes = draw(_scales)
    fitting = [one for one in (rating(), rating("Right"), rating(0.5, "other"), rating("Up")) if all(
        scheme.holds(one.value) for scheme in schemes if scheme.id == one.scheme
    )]  # fmt: skip
    rated = st.sampled_from(fitting) if fitting else st.nothing()
    outlets = st.lists(_entries(rated), max_size=5, unique_by=lambda outlet: outlet.identity)
    groups = [
        p.PerspectiveGroup(label=str(at), framing="f", outlets=draw(outlets)) for at in range(draw(st.integers(0, 2)))
    ]
    return p.Brief(stories=[p.Story(headline="h", perspectives=groups)], schemes=schemes)


def _outlets_of(brief):
    return [outlet for story in brief.stories for group in story.perspectives for outlet in group.outlets]


@settings(max_examples=300, deadline=None)
@given(_met(), _directories)
def test_enrich_twice_is_enrich_once(brief, ours):
    """What a brief has got from a directory it does not get again."""
    once = p.enrich(brief, ours)

    assert once == p.enrich(once, ours)


@settings(max_examples=300, deadline=None)
@given(_met(), _directories)
def test_enrich_tells_each_rating_that_it_leaves_out(brief, ours):
    """There is a warning exactly where an outlet does not get all ratings that its entry has, or a scheme in use."""
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        after = p.enrich(brief, ours)
    held = {scheme.id for scheme in after.schemes}
    lacks = [
        outlet
        for outlet in _outlets_of(brief)
        if (entry := ours._entry_for(outlet)) and not all(_fits(one, brief, ours) for one in entry.ratings)
    ]
    unheld = {
        scheme.id
        for scheme in ours.schemes
        for _, one in after.rated()
        if one.scheme == scheme.id and scheme.id not in held
    }

    assert (bool(lacks), len(unheld)) == (
        any("the rating" in str(one.message) for one in caught),
        sum("the scheme" == str(one.message)[:10] for one in caught),
    )


def _fits(one, brief, ours):
    held = {scheme.id: scheme for scheme in (*ours.schemes, *brief.schemes)}
    return one.scheme not in held or held[one.scheme].holds(one.value)


@settings(max_examples=300, deadline=None)
@given(_met(), _directories)
def test_enrich_only_adds(brief, ours):
    """Whatever the directory says, names and order stay, what the brief says stays, and lists only grow."""
    after = p.enrich(brief, ours)

    assert len(_outlets_of(brief)) == len(_outlets_of(after))
    for old, new in zip(_outlets_of(brief), _outlets_of(after), strict=True):
        assert old.name == new.name
        for name in ("id", "homepage", "country", "owner"):
            assert getattr(old, name) in (None, getattr(new, name))
        for name in ("aliases", "domains", "languages", "ratings"):
            assert getattr(old, name) == getattr(new, name)[: len(getattr(old, name))]
        assert old.extra.items() <= new.extra.items()
    assert brief.schemes == after.schemes[: len(brief.schemes)]


@settings(max_examples=60, deadline=None)
@given(briefs())
def test_enrich_with_nothing_changes_nothing(brief):
    """An empty directory gives a brief nothing."""

    assert brief == p.enrich(brief, p.OutletDirectory())


@settings(max_examples=200, deadline=None)
@given(_directories, _directories, _directories)
def test_merging_is_associative(one, two, three):
    """It does not matter in which steps directories are merged, nor whether one comes twice."""
    merged = one.merged(two, three)

    assert [merged] * 3 == [one.merged(two).merged(three), one.merged(two.merged(three)), merged.merged(one, three)]
    assert merged.outlets == one.merged(two).merged(three).outlets


@settings(max_examples=200, deadline=None)
@given(_directories, _directories)
def test_merging_chooses_nobody(one, two):
    """Whoever comes first, the single fields of an outlet are the same."""
    there, back = (
        {
            outlet.identity: (outlet.id, outlet.homepage, outlet.country, outlet.owner, outlet.extra)
            for outlet in merged.outlets
        }
        for merged in (one.merged(two), two.merged(one))
    )

    assert there == back


@settings(max_examples=200, deadline=None)
@given(_directories)
def test_every_name_and_domain_finds_its_outlet(ours):
    """Each id, name, alias and domain of an outlet finds it; what is not told as ambiguous finds no other."""
    told = {
        re.findall(r"'(.*?)' means", finding.message)[0] for finding in ours.conflicts if " means " in finding.message
    }
    for outlet in ours.outlets:
        for key in (outlet.identity, outlet.name, *outlet.aliases, *outlet.domains):
            found = ours.find(key)

            assert outlet in found
            assert len(found) == 1 or told


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("a.csv", "name,country\n" + ",GB\n" * 3_000),
        ("a.csv", ",".join(f"column {number}" for number in range(3_000)) + "\n"),
        ("a.csv", "name\n" + "a,b\n" * 3_000),
        ("a.json", json.dumps({"outlets": [{}] * 3_000})),
    ],
    ids=["rows", "columns", "cells", "JSON"],
)
def test_no_file_gives_endless_faults(write, name, text):
    """After a thousand faults no more are looked for, and the last one says so."""
    with pytest.raises(p.SchemaError) as caught:
        p.OutletDirectory.load(write(name, text))

    assert (1_001, "more-faults") == (len(caught.value.faults), caught.value.faults[-1].code)


def test_column_that_is_no_text_is_refused(write):
    """A column map whose key is no text is told so, as any other name that there is not."""
    with pytest.raises(p.OptionsError) as caught:
        p.OutletDirectory.load(write("a.csv", "name\nLedger\n"), columns={"name": "name", 5: "name"})

    assert ["there is no column 5"] == [fault.message for fault in caught.value.faults]
