"""The workbook, read back: sheets, real numbers, charts, and what every sheet and printed page carries."""

from __future__ import annotations

import io
import re
import time
import zipfile
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

import openpyxl
import pandas as pd
import plotly.graph_objects as go
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from charts.exhibit import Exhibit
from reports import excel
from reports.description import Report, Section, Shown, Tabled
from reports.excel import as_book, as_workbook
from reports.pictures import NO_PICTURE
from reports.theme import Theme
from tests.reports.example_report import EXPORTED, ODD, TABLE, chart, exhibit, report

THEME = Theme(name="Provkommunen", footer="Provkommunen, foten")
#: The row of headings in a sheet of figures: what is said of them stands above.
HEAD = 6


@pytest.fixture(autouse=True)
def no_browser(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(excel, "can_draw", lambda: False)


@pytest.fixture(scope="module")
def content() -> bytes:
    return as_book(report(), THEME)


@pytest.fixture(scope="module")
def book(content: bytes) -> Any:
    return openpyxl.load_workbook(io.BytesIO(content))


def opened(exhibit: Exhibit) -> Any:
    return openpyxl.load_workbook(io.BytesIO(as_workbook(exhibit, "b1", EXPORTED)))


def figures(sheet: Any) -> list[tuple[Any, ...]]:
    """The headings and the rows, without the columns that only the lines above go across."""
    across = sum(cell.value is not None for cell in sheet[HEAD])
    return list(sheet.iter_rows(min_row=HEAD, max_col=across, values_only=True)) if across else []


def with_table(table: pd.DataFrame) -> Exhibit:
    return replace(exhibit(), table=table)


def test_there_is_a_sheet_for_each_table_and_a_way_to_it(book: Any) -> None:
    own = ["1 Skadegörelse i Rimbo", "2 Skadegörelse i Rimbo", "3 Åtgärder"]
    assert book.sheetnames == ["Innehåll", "Text", *own, "Källor", "Diagramdata"]
    contents = book["Innehåll"]
    assert contents["A1"].value == "Lägesbild 2026"
    links = [(cell.value, cell.hyperlink.location) for (cell,) in contents.iter_rows(max_col=1) if cell.hyperlink]
    assert links == [(name, f"'{name}'!A1") for name in own]
    words = [cell.value for (cell,) in book["Text"].iter_rows(max_col=1)]
    assert f"'{ODD}" in words
    assert words[-4:] == ["Beslutande organ", "Skriv här: Beslutande organ", "Diarienummer", "KS 2026-97"]
    assert words[words.index("1 Skadegörelse i Rimbo") + 1] == "Vår egen kommentar."


def test_figures_are_numbers_shown_as_swedes_write_them_and_gaps_are_empty(book: Any) -> None:
    sheet = book["1 Skadegörelse i Rimbo"]
    rows = figures(sheet)
    assert rows[0] == ("År", "Antal", "Andel")
    assert rows[1:4] == [(2023, 13, 0.5), (2024, None, 12.25), (2025, 1255, 3)]
    assert isinstance(rows[3][1], int)
    assert [sheet.cell(HEAD + 1, place).number_format for place in (1, 2, 3)] == [
        "0", "[$-41D]#,##0", "[$-41D]#,##0.00",
    ]  # fmt: skip
    assert sheet.freeze_panes == f"A{HEAD + 1}"
    assert sheet.auto_filter.ref == f"A{HEAD}:C{HEAD + 3}"


def test_what_the_figures_say_and_where_they_are_from_stands_above_them(book: Any) -> None:
    above = [book["1 Skadegörelse i Rimbo"].cell(row, 1).value for row in range(1, HEAD)]
    assert above == [
        "Skadegörelse i Rimbo: fler än väntat 2025",
        "1 255 fall är fler än slumpen brukar ge.",
        "Exempeldata · Utkast · antal · Rimbo · 2023–2025",
        "Källa: Brå, anmälda brott (levererad 4 mars 2026). Uttaget 24 november 2026 ur bygge b123",
        None,
    ]
    frozen = replace(report(), sections=(Section("A", (Shown(replace(exhibit(), build="b7")),)),))
    own = openpyxl.load_workbook(io.BytesIO(as_book(frozen, THEME)))
    assert own["1 Skadegörelse i Rimbo"]["A4"].value.endswith("ur bygge b7")
    assert "Text" not in own.sheetnames


def test_every_printed_page_carries_what_it_must(book: Any) -> None:
    for sheet in book:
        head, foot = sheet.oddHeader.left.text, f"{sheet.oddFooter.left.text} {sheet.oddFooter.right.text}"
        for text in (
            "Lägesbild 2026",
            "Exempeldata · Utkast · Norrtälje kommun · 2023–2025 · Brottsgrupp: Skadegörelse",
        ):
            assert text in head, sheet.title
        for text in ("Brå, anmälda brott (levererad 4 mars 2026)", "Uttaget 24 november 2026 ur bygge b123",
                     "Provkommunen, foten", "Sida &P av &N"):  # fmt: skip
            assert text in foot, sheet.title
        assert (sheet.page_setup.orientation, sheet.page_setup.fitToHeight) == ("landscape", 0)
        assert sheet.sheet_properties.pageSetUpPr.fitToPage
    assert book["3 Åtgärder"].print_title_rows == f"${HEAD}:${HEAD}"


def test_too_much_for_the_margin_of_a_page_is_cut_with_the_marks_kept() -> None:
    long = replace(report(), title="Lång & mer " * 40, filters=(("Val", "å & ä " * 90),))
    for sheet in openpyxl.load_workbook(io.BytesIO(as_book(long, THEME))):
        assert "Exempeldata · Utkast" in sheet.oddHeader.left.text


def test_the_chart_is_a_real_one_with_its_figures_on_a_sheet(content: bytes, book: Any) -> None:
    rows = list(book["Diagramdata"].iter_rows(values_only=True))
    assert rows == [
        ("Skadegörelse i Rimbo: fler än väntat 2025", None), (None, "Rimbo"), (2023, 13), (2024, None),
        (2025, 1255),
    ]  # fmt: skip
    (drawn,) = book["1 Skadegörelse i Rimbo"]._charts
    assert drawn.series[0].val.numRef.f == "Diagramdata!$B$3:$B$5"
    assert drawn.series[0].cat.numRef.f == "Diagramdata!$A$3:$A$5"
    with zipfile.ZipFile(io.BytesIO(content)) as parts:
        assert 'descr="Linje över skadegörelse per år i Rimbo."' in parts.read("xl/drawings/drawing1.xml").decode()
        assert "B8404F" in parts.read("xl/charts/chart1.xml").decode()
        assert "Language" in parts.read("docProps/custom.xml").decode()
    assert book["2 Skadegörelse i Rimbo"]._charts == []


def test_bars_lie_in_the_figures_order_and_begin_at_zero() -> None:
    lying = go.Figure(go.Bar(x=[60.5, 59], y=["Rimbo", "Älmsta"], orientation="h"))
    lying.update_yaxes(autorange="reversed")
    with zipfile.ZipFile(io.BytesIO(as_workbook(exhibit(lying), "b1", EXPORTED))) as parts:
        drawn = parts.read("xl/charts/chart1.xml").decode()
    assert '<c:barDir val="bar"/>' in drawn
    assert re.search(r"<c:catAx>.*maxMin.*</c:catAx>", drawn)
    assert re.search(r'<c:valAx>.*<c:min val="0"/>.*</c:valAx>', drawn)


def test_what_no_program_draws_is_a_picture_or_says_that_it_is_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    shown = exhibit(go.Figure(go.Heatmap(z=[[1, 2]])))
    assert NO_PICTURE in opened(shown)["Siffror"]["A2"].value
    monkeypatch.setattr(excel, "can_draw", lambda: True)
    dot = bytes.fromhex(
        "89504e470d0a1a0a0000000d49484452000000010000000108060000001f15c4890000000d4944415478da63fcffff3f0005fe02fe"
        "a72d3ff80000000049454e44ae426082"
    )
    monkeypatch.setattr(excel, "as_picture", lambda *_, **__: dot)
    sheet = opened(shown)["Siffror"]
    assert (len(sheet._images), sheet["A2"].value) == (1, "1 255 fall är fler än slumpen brukar ge.")


def test_one_exhibit_is_a_workbook_of_its_own() -> None:
    book = opened(exhibit(chart()))
    assert book.sheetnames == ["Siffror", "Källor", "Diagramdata"]
    assert figures(book["Siffror"])[1] == (2023, 13, 0.5)
    told = dict(book["Källor"].iter_rows(values_only=True))
    assert (told["Obs"], told["Källa"]) == ("Exempeldata", "Brå, anmälda brott (levererad 4 mars 2026)")
    assert told["Uttaget"] == "24 november 2026 ur bygge b1"
    assert (book.properties.title, book.properties.created) == ("Skadegörelse i Rimbo: fler än väntat 2025",
                                                                datetime(2026, 11, 24))  # fmt: skip


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r", "\n"])
def test_nothing_is_run_as_a_formula(start: str) -> None:
    """Names of measures, and with them headings, findings and filters, come from delivered files."""
    evil = f"{start}HYPERLINK(1)"
    shown = replace(
        with_table(pd.DataFrame({evil: [evil]})), finding=evil, sentence=evil, unit=evil, mark="", place=evil,
        filters=((evil, evil),),
    )  # fmt: skip
    cells = [cell for sheet in opened(shown) for row in sheet.iter_rows() for cell in row
             if "HYPERLINK" in str(cell.value)]  # fmt: skip
    # Finding, sentence, what it is of, heading, cell; then finding, sentence, place, unit, filter and its choice.
    assert len(cells) == 11
    assert all(cell.data_type == "s" and str(cell.value).startswith("'") for cell in cells)


def test_every_sort_of_value_is_kept() -> None:
    table = pd.DataFrame(
        {
            "Dag": [date(2026, 3, 4), None, date(2025, 12, 31)],
            "Tid": pd.to_datetime(["2026-03-04T11:30Z", None, "2026-07-01T22:00Z"]),
            "Ja": [True, None, False],
            "Blandat": [12, "skyddad", 3.5],
            "Antal": pd.Series([1, None, 10**12], dtype="Int64"),
            "Oändligt": [float("inf"), 1e200, -0.5],
            "Slag": pd.Categorical(["a", None, "b"]),
        }
    )
    rows = figures(opened(with_table(table))["Siffror"])
    # Swedish time: an hour ahead in winter, two in summer, when the day has then already begun.
    assert rows[1:] == [
        (datetime(2026, 3, 4), datetime(2026, 3, 4, 12, 30), "ja", 12, 1, None, "a"),
        (None, None, None, "skyddad", None, 1e200, None),
        (datetime(2025, 12, 31), datetime(2026, 7, 2), "nej", 3.5, 10**12, -0.5, "b"),
    ]  # fmt: skip


_TEXTS = st.text(st.characters(codec="utf-8", categories=("L", "N", "P", "S", "Zs")), min_size=1).filter(
    lambda text: text[0] not in "=+-@" and "_x" not in text
)


@settings(max_examples=25)
@given(st.lists(st.tuples(_TEXTS, st.floats(allow_nan=False, allow_infinity=False, width=32)), min_size=1, max_size=8))
def test_what_is_written_comes_back_equal(rows: list[tuple[str, float]]) -> None:
    sheet = opened(with_table(pd.DataFrame(rows, columns=["Text", "Tal"])))["Siffror"]
    read = figures(sheet)[1:]
    assert [name for name, _ in read] == [name for name, _ in rows]
    # The sixteen figures that the library writes; Excel itself keeps fifteen.
    assert [value for _, value in read] == pytest.approx([value for _, value in rows], rel=1e-15)


@pytest.mark.parametrize("text", ["<r><t>fel</t></r>", "a\x00b\x0bc", "_x0041_", "http://a.se", "å" * 40_000])
def test_text_that_the_format_takes_for_its_own_is_still_text(text: str) -> None:
    shown = replace(with_table(pd.DataFrame({"A": [text]})), finding=text, sentence=text)
    sheet = opened(shown)["Siffror"]
    for cell in (sheet["A1"], sheet["A2"], sheet.cell(HEAD + 1, 1)):
        assert (cell.data_type, cell.hyperlink) == ("s", None)
        assert text[-4:] in str(cell.value) or "\x00" in text


def test_names_of_sheets_are_lawful_short_and_no_two_alike() -> None:
    titles = ["A/B [x]: ett", "'Lång' rubrik om våld i offentlig miljö och mer", "history", "*" * 40, "A/B [x]"]
    parts = tuple(Tabled(title, TABLE) for title in titles)
    made = replace(report(), sections=(Section("Allt", parts),))
    names = openpyxl.load_workbook(io.BytesIO(as_book(made, THEME))).sheetnames[1:-1]
    assert names == ["1 A B x", "2 Lång rubrik om våld i…", "3 history", "4", "5 A B x"]
    assert all(len(name) <= 31 for name in names)


@pytest.mark.parametrize("table", [TABLE.head(0), pd.DataFrame()], ids=["no rows", "no columns"])
def test_an_empty_table_is_a_sheet_with_its_headings(table: pd.DataFrame) -> None:
    assert figures(opened(with_table(table))["Siffror"])[:1] in ([("År", "Antal", "Andel")], [])


def test_a_table_longer_than_what_is_written_at_a_time_is_whole() -> None:
    table = pd.DataFrame({"Nummer": range(12_001), "Ort": [f"Ort {n % 7}" for n in range(12_001)]})
    sheet = opened(with_table(table))["Siffror"]
    assert sheet.dimensions.endswith(str(HEAD + 12_001))
    assert figures(sheet)[1:] == [(n, f"Ort {n % 7}") for n in range(12_001)]


def test_long_text_is_wrapped_in_rows_that_are_high_enough() -> None:
    sheet = opened(with_table(pd.DataFrame({"Text": ["ord " * 60, "ord"]})))["Siffror"]
    assert sheet.cell(HEAD + 1, 1).alignment.wrap_text
    assert sheet.row_dimensions[HEAD + 1].height >= 60
    assert sheet.row_dimensions[HEAD + 2].height is None


def test_writing_can_be_stopped_and_the_same_report_gives_the_same_bytes(
    content: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    told: list[str] = []

    def stop(share: float, text: str) -> None:
        told.append(text)
        if len(told) == 3:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        as_book(report(), THEME, stop)
    assert told == [f"Skriver del {n} av 6" for n in (1, 2, 3)]
    monkeypatch.setattr(time, "time", lambda: datetime(2033, 5, 18, tzinfo=UTC).timestamp())
    assert as_book(report(), THEME) == content


def test_a_report_of_words_alone_has_no_sheets_of_figures() -> None:
    words = Report("ord", "Ord", "", "Rimbo", "2026", "b1", EXPORTED, report().sections[:1])
    assert openpyxl.load_workbook(io.BytesIO(as_book(words, THEME))).sheetnames == ["Innehåll", "Text", "Källor"]
