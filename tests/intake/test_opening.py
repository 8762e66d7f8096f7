"""What a file holds comes back cell for cell, whatever it is called and however it was written."""

from __future__ import annotations

import csv
import io
import zipfile
from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any

import openpyxl
import pandas as pd
import pytest
import xlwt
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from openpyxl.utils.datetime import CALENDAR_MAC_1904

from pipelines.intake.cells import Book, Sheet
from pipelines.intake.decoding import decode
from pipelines.intake.opening import members, open_book
from pipelines.intake.text_files import delimiter_of
from pipelines.source import DeliveryError
from tests.intake import hostile


def opened(tmp_path: Path, content: bytes | str, name: str = "fil.csv") -> Book:
    path = tmp_path / "levererad"
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return open_book(path, name)


def grid(sheet: Sheet) -> list[list[Any]]:
    columns = [column.cells().tolist() for column in sheet.columns]
    return [[column[row] for column in columns] for row in range(sheet.rows)]


@pytest.mark.parametrize(
    ("text", "rows"),
    [
        pytest.param("a;b\n1;2\n", [["a", "b"], ["1", "2"]], id="semicolon"),
        pytest.param("a,b\r\n1,2\r\n3,4", [["a", "b"], ["1", "2"], ["3", "4"]], id="comma, no last line end"),
        pytest.param("a\tb\n1,5\t2,5\n", [["a", "b"], ["1,5", "2,5"]], id="tab with decimal commas"),
        pytest.param('n,v\na,"1,5"\nb,"2,5"\n', [["n", "v"], ["a", "1,5"], ["b", "2,5"]], id="quoted decimal commas"),
        pytest.param("1,5;2,5\n3,5;4,5\n", [["1,5", "2,5"], ["3,5", "4,5"]], id="semicolon before decimal commas"),
        pytest.param("värde\n1,5\n2,5\n", [["värde"], ["1,5"], ["2,5"]], id="one column of decimals"),
        pytest.param("a|b\n1|2\n", [["a", "b"], ["1", "2"]], id="bar"),
        pytest.param("sep=;\na;b\n1;2\n", [[None, None], ["a", "b"], ["1", "2"]], id="sep keeps the row numbers"),
        pytest.param("T\n\na;b\n* not\n", [["T", None], [None, None], ["a", "b"], ["* not", None]], id="title"),
        pytest.param("a;b\n1;2;3\n4\n", [["a", "b", None], ["1", "2", "3"], ["4", None, None]], id="ragged"),
        pytest.param('a;b\n"rad 1\nrad 2";2\n3;4\n', [["a", "b"], ["rad 1\nrad 2", "2"], ["3", "4"]], id="line break"),
        pytest.param('a;b\n"sa ""hej""";2\n', [["a", "b"], ['sa "hej"', "2"]], id="doubled quotation marks"),
        pytest.param('a;b\n5" rör;2\n', [["a", "b"], ['5" rör', "2"]], id="quotation mark within a cell"),
        pytest.param(" a ;\u00a0b\u2009\n ; \n1;2\n", [["a", "b"], [None, None], ["1", "2"]], id="surrounding space"),
        pytest.param("a;b\r1;2\r", [["a", "b"], ["1", "2"]], id="old Mac line ends"),
        pytest.param("a;b\n1\u20282\x0b3\x85;2\n", [["a", "b"], ["1\u20282\x0b3", "2"]], id="no line ends but these"),
    ],
)  # fmt: skip
def test_text_comes_back_cell_for_cell(tmp_path: Path, text: str, rows: list[list[str | None]]) -> None:
    (sheet,) = opened(tmp_path, text).sheets
    assert grid(sheet) == rows
    assert not sheet.typed


def test_unmatched_quotation_mark_takes_one_row_and_is_told(tmp_path: Path) -> None:
    book = opened(tmp_path, 'a;b\n1;"x\n2;y\n"3";"z"\n')
    assert grid(book.sheets[0]) == [["a", "b"], ["1", '"x'], ["2", "y"], ["3", "z"]]
    assert book.warnings == (
        "Citattecknen går inte ihop på rad 2. Läst som den står, utan citattecken; kontrollera raden.",
    )


@pytest.mark.parametrize(
    ("content", "encoding", "text"),
    [
        pytest.param("Älmsta;Ö".encode(), "UTF-8", "Älmsta;Ö", id="utf-8"),
        pytest.param("Älmsta".encode("utf-8-sig"), "UTF-8", "Älmsta", id="mark"),
        pytest.param("Älmsta\tÖ".encode("utf-16"), "UTF-16", "Älmsta\tÖ", id="Unicode text of Excel"),
        pytest.param("Almsta;O;Rimbo".encode("utf-16-le"), "UTF-16", "Almsta;O;Rimbo", id="utf-16 without mark"),
        pytest.param("Väddö – 5 €".encode("cp1252"), "Windows-1252", "Väddö – 5 €", id="cp1252"),
        pytest.param("Norrtälje".encode("iso-8859-1"), "Windows-1252", "Norrtälje", id="latin-1 is the same letters"),
        pytest.param("Älmsta, Väddö, Åkerö".encode("mac-roman"), "Mac (MacRoman)", "Älmsta, Väddö, Åkerö", id="mac"),
        pytest.param("Älmsta, Väddö, Åkerö".encode("cp850"), "DOS (cp850)", "Älmsta, Väddö, Åkerö", id="dos"),
        pytest.param("1\u00a0234".encode("cp1252"), "Windows-1252", "1\u00a0234", id="only a no-break space"),
        pytest.param("å\n".encode() + "ä\n".encode("cp1252"), "UTF-8 och Windows-1252 blandat", "å\nä\n", id="mixed"),
    ],
)  # fmt: skip
def test_encoding_is_found(content: bytes, encoding: str, text: str) -> None:
    decoded = decode(content)
    assert (decoded.encoding, decoded.utf8.decode()) == (encoding, text)


def test_lines_of_another_encoding_are_counted() -> None:
    (warning,) = decode("å\n".encode() + "ä\nö\n".encode("cp1252")).warnings
    assert warning.startswith("Filen blandar teckenkodningar: 2 rader, den första rad 2, är inte UTF-8")


@pytest.mark.parametrize(
    ("lines", "delimiter"),
    [
        (["Datum;Plats, ort;Antal", "1;Rimbo, C;2"], ";"),
        (["a,b,c", "1,x;y,2", "2,z,3"], ","),
        (["en rad utan något"], ""),
        (["a\tb;c", "1\t2;3"], "\t"),
    ],
)
def test_delimiter(lines: list[str], delimiter: str) -> None:
    assert delimiter_of(lines) == delimiter


# Any table, in any format ------------------------------------------------------------------------------------------

LETTERS = st.sampled_from("abcxyzåäöÅÄÖé 0123456789.-\";,|'=+@")
TEXT = st.text(LETTERS, max_size=12).map(str.strip)
TABLES = st.integers(2, 4).flatmap(
    lambda width: st.lists(st.lists(TEXT, min_size=width, max_size=width), min_size=1, max_size=6)
)
ANY = settings(max_examples=10, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


def framed(table: list[list[str]]) -> list[list[str]]:
    """The table below headers, which make its delimiter and letters certain, as one of a sender's is."""
    headers = [f"Område för åtgärd {number}" for number in range(len(table[0]))]
    return [headers, *table, headers]


def expected(table: list[list[Any]]) -> list[list[Any]]:
    return [[cell if cell != "" else None for cell in row] for row in table]


@pytest.mark.parametrize("delimiter", [";", ",", "\t", "|"], ids=["semicolon", "comma", "tab", "bar"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252", "iso-8859-1", "mac-roman", "cp850"])
@ANY
@given(table=TABLES, newline=st.sampled_from(["\n", "\r\n"]))
def test_any_table_as_text(tmp_path: Path, encoding: str, delimiter: str, table: list[list[str]], newline: str) -> None:
    out = io.StringIO()
    rows = framed(table)
    csv.writer(out, delimiter=delimiter, lineterminator=newline, quoting=csv.QUOTE_ALL).writerows(rows)
    assert grid(opened(tmp_path, out.getvalue().encode(encoding)).sheets[0]) == expected(rows)


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(table=TABLES, odd=st.dictionaries(st.integers(0, 3000), st.lists(TEXT, max_size=6), max_size=5))
def test_large_text_is_read_as_small_text_is(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, table: list[list[str]], odd: dict[int, list[str]]
) -> None:
    rows = framed(table) * (3000 // (len(table) + 2) + 1)
    for row, cells in odd.items():
        rows.insert(row, cells)
    out = io.StringIO()
    csv.writer(out, delimiter=";").writerows(rows)
    slow = grid(opened(tmp_path, out.getvalue()).sheets[0])
    with monkeypatch.context() as patch:
        patch.setattr("pipelines.intake.text_files._LARGE", 0)
        assert grid(opened(tmp_path, out.getvalue()).sheets[0]) == slow


def as_xlsx(table: list[list[Any]]) -> bytes:
    book = openpyxl.Workbook()
    for r, row in enumerate(table, 3):
        for c, cell in enumerate(row, 2):
            book.active.cell(r, c).value = cell or None
            if isinstance(cell, str):
                book.active.cell(r, c).data_type = "s"  # a text that begins with = is a text here
    return saved(book.save)


def as_xls(table: list[list[Any]]) -> bytes:
    book = xlwt.Workbook()
    sheet = book.add_sheet("Blad1")
    for r, row in enumerate(table, 2):
        for c, cell in enumerate(row, 1):
            if cell != "":
                sheet.write(r, c, cell)
    return saved(book.save)


def as_ods(table: list[list[Any]]) -> bytes:
    padded = [[""] * (len(table[0]) + 1)] * 2 + [["", *row] for row in table]
    frame = pd.DataFrame(padded, dtype=object)
    return saved(lambda out: frame.to_excel(out, engine="odf", header=False, index=False))


def saved(save: Callable[[io.BytesIO], object]) -> bytes:
    out = io.BytesIO()
    save(out)
    return out.getvalue()


@pytest.mark.parametrize("write", [as_xlsx, as_xls, as_ods])
@settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(table=TABLES, numbers=st.lists(st.integers(1, 10**9) | st.floats(0.01, 1e6), min_size=2, max_size=4))
def test_any_table_as_workbook(
    tmp_path: Path, write: Callable[[list[list[Any]]], bytes], table: list[list[str]], numbers: list[float]
) -> None:
    """It begins in B3, and every cell keeps its place; .xls gives numbers back to some fifteen digits."""
    rows = [*framed(table), [*numbers, *([""] * 4)][: len(table[0])]]
    (sheet,) = opened(tmp_path, write(rows), "vad som helst.csv").sheets
    found = grid(sheet)
    assert found[:2] == [[None] * len(found[0])] * 2
    assert [row[0] for row in found] == [None] * len(found)
    assert [row[1:] for row in found[2:-1]] == expected(rows[:-1])
    assert found[-1][1:] == [pytest.approx(cell) if cell is not None else None for cell in expected(rows)[-1]]


# Workbooks ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("epoch", [None, CALENDAR_MAC_1904], ids=["1900", "1904"])
def test_kinds_of_cells(tmp_path: Path, epoch: datetime | None) -> None:
    book = openpyxl.Workbook()
    if epoch:
        book.epoch = epoch
    cells = [
        datetime(2025, 3, 4, 14, 30),
        date(2025, 3, 4),
        time(22, 15),
        timedelta(hours=30),
        True,
        12.0,
        1,
        "#DIV/0!",
    ]
    book.active.append(cells)
    (sheet,) = opened(tmp_path, saved(book.save), "fil.xlsx").sheets
    assert grid(sheet) == [[*cells[:4], "SANT", 12, 1, "#DIV/0!"]]
    assert sheet.typed


def test_formulas_hidden_sheets_and_merged_cells(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    book.active.append(["a", "=1+1"])
    book.active.merge_cells("C2:E4")
    other = book.create_sheet("Dolt")
    other.append(["x"])
    other.sheet_state = "hidden"
    read = opened(tmp_path, saved(book.save), "fil.xlsx")
    assert [(sheet.name, sheet.hidden, sheet.merged) for sheet in read.sheets] == [
        ("Sheet", False, ((1, 2, 3, 4),)),
        ("Dolt", True, ()),
    ]
    assert grid(read.sheets[0])[0] == ["a"]
    assert read.warnings[0].startswith("Bladet «Sheet»: en formel utan sparat resultat")


@pytest.mark.parametrize(
    ("data", "cells"),
    [
        pytest.param('<row r="3"><c r="B3"><v>1</v></c></row>', {(2, 1): 1}, id="usual"),
        pytest.param("<row><c><v>1</v></c><c><v>2</v></c></row>", {(0, 0): 1, (0, 1): 2}, id="without places"),
        pytest.param('<row r="1"><c r="A1" t="e"><v>#REF!</v></c></row>', {(0, 0): "#REF!"}, id="error"),
        pytest.param(
            '<row r="1"><c r="A1"><v>1</v></c></row><row r="1048576"><c r="B1048576"><v>2</v></c></row>',
            {(0, 0): 1, (1048575, 1): 2},
            id="last row",
        ),
        pytest.param(
            '<row r="1"><c r="A1"><v>1</v></c><c r="XFD1" s="1"/></row><row r="1048576"><c r="A1048576" s="1"/></row>',
            {(0, 0): 1},
            id="formats without cells",
        ),
    ],
)
def test_cells_keep_their_place(tmp_path: Path, data: str, cells: dict[tuple[int, int], Any]) -> None:
    (sheet,) = opened(tmp_path, hostile.xlsx(data)).sheets
    found = {
        (row, number): column.values[column.codes[row]]
        for number, column in enumerate(sheet.columns)
        for row in (column.codes >= 0).nonzero()[0].tolist()
    }
    assert found == cells


def test_sheet_of_many_blocks(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("pipelines.intake.xlsx_parts._CHUNK", 3000)
    table = [[f"rad {row}", row, row / 8] for row in range(1, 400)]
    book = openpyxl.Workbook()
    for row in table:
        book.active.append(row)
    assert grid(opened(tmp_path, saved(book.save)).sheets[0]) == table


def test_number_that_is_no_date_leaves_the_others(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    book.active.append(["x", 1e300])
    book.active["B1"].number_format = "[h]:mm"
    read = opened(tmp_path, saved(book.save))
    assert grid(read.sheets[0]) == [["x", 1e300]]
    assert "inte kan vara ett datum" in read.warnings[0]


@pytest.mark.parametrize(
    ("content", "name", "said"),
    [
        (b"", "tom.csv", "tom.csv: filen är tom. Hämta den igen."),
        (hostile.PNG, "bild.xlsx", "det här är en bild"),
        (b"<html><table><tr><td>1</td></tr></table></html>", "rapport.xls", "det här är en webbsida (HTML)"),
        (b"PK\x03\x04" + b"x" * 99, "a.xlsx", "Excel-filen är avbruten eller skadad"),
        (b"\x00\x01\x02\x03" * 99, "a.csv", "varken ett kalkylark eller läsbar text"),
    ],
)
def test_what_it_is_instead(tmp_path: Path, content: bytes, name: str, said: str) -> None:
    with pytest.raises(DeliveryError, match=r".") as caught:
        opened(tmp_path, content, name)
    assert said in str(caught.value)


def test_file_that_is_gone(tmp_path: Path) -> None:
    with pytest.raises(DeliveryError, match="kan inte öppnas"):
        open_book(tmp_path / "borta.csv")


@settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    beginning=st.sampled_from([b"", b"PK\x03\x04", b"\xff\xfe", b"\xef\xbb\xbf", b'"', b"sep=", b"a;b\n", b"\x09\x08"]),
    rest=st.binary(max_size=300),
)
def test_any_bytes_end_in_cells_or_a_message(tmp_path: Path, beginning: bytes, rest: bytes) -> None:
    try:
        book = opened(tmp_path, beginning + rest)
    except DeliveryError as error:
        said, book = str(error), None
    else:
        said = "fil.csv"
    assert said.startswith("fil.csv")
    if book:
        assert all(len(column) == sheet.rows for sheet in book.sheets for column in sheet.columns)


# Folders and zips --------------------------------------------------------------------------------------------------


def test_folder_in_order_without_leftovers_and_links_out(tmp_path: Path) -> None:
    folder = tmp_path / "leverans"
    (folder / "under").mkdir(parents=True)
    for name in ("b.csv", "a.csv", "under/c.csv", "~$a.xlsx", ".DS_Store"):
        (folder / name).write_text("a;b\n")
    (tmp_path / "utanför.csv").write_text("hemligt")
    (folder / "länk.csv").symlink_to(tmp_path / "utanför.csv")
    (folder / "slinga").symlink_to(folder)
    found = [(member.name, bool(member.problem)) for member in members(folder, tmp_path)]
    assert found == [
        ("a.csv", False), ("b.csv", False), ("länk.csv", True), ("slinga", True), ("under/c.csv", False),
    ]  # fmt: skip


def test_zip_member_names(tmp_path: Path) -> None:
    path = tmp_path / "leverans.zip"
    with zipfile.ZipFile(path, "w") as file:
        file.writestr("mars/Älmsta.csv", "a;b")
        file.writestr("../upp.csv", "a;b")
    content = hostile.packed({"Vxddx.csv": "a;b"}).replace(b"Vxddx", "Vädd".encode())
    (tmp_path / "mac.zip").write_bytes(content)
    workdir = tmp_path / "arbete"
    workdir.mkdir()
    found = [(member.name, member.path is not None) for member in members(path, workdir)]
    assert found == [("leverans.zip/../upp.csv", False), ("leverans.zip/mars/Älmsta.csv", True)]
    assert [member.name for member in members(tmp_path / "mac.zip", workdir)] == ["mac.zip/Vädd.csv"]
    assert all(made.parent == workdir for made in workdir.iterdir())


def test_workbook_is_no_zip_of_files(tmp_path: Path) -> None:
    path = tmp_path / "bok.zip"
    path.write_bytes(hostile.xlsx())
    assert [(member.name, member.path) for member in members(path, tmp_path)] == [("bok.zip", path)]


def test_rows_that_end_early_end_with_empty_cells(tmp_path: Path) -> None:
    path = tmp_path / "kort.csv"
    path.write_text("Datum;Plats;Antal\n2025-03-04;Rimbo;3\n2025-03-05\n", "utf-8")
    (sheet,) = open_book(path).sheets
    assert [column.cells().tolist() for column in sheet.columns[1:]] == [["Plats", "Rimbo", None], ["Antal", "3", None]]
    assert all(None not in column.values.tolist() for column in sheet.columns)
