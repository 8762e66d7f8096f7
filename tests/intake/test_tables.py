"""Tables are found on sheets as senders make them, and cut out whole."""

from __future__ import annotations

import csv
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from python_calamine import CalamineWorkbook

from pipelines.intake.cells import Cell, Column, Sheet
from pipelines.intake.heading import unique
from pipelines.intake.tables import Table, cut, find, preview
from store.intake import Spot

Rows = Sequence[Sequence[Any]]
Merged = Sequence[tuple[int, int, int, int]]
_ = None


def sheet(rows: Rows, merged: Merged = (), *, typed: bool = True) -> Sheet:
    """A sheet with these cells; merged cells as first row, first column, last row, last column from 0."""
    width = max((len(row) for row in rows), default=0)
    columns = tuple(Column.of([row[i] if i < len(row) else None for row in rows]) for i in range(width))
    return Sheet("Blad1", columns, len(rows), tuple(merged), typed)


def text(lines: str, delimiter: str = ";") -> Sheet:
    """A sheet as a text file gives it."""
    return sheet(list(csv.reader(lines.strip("\n").split("\n"), delimiter=delimiter)), typed=False)


def body(table: Table) -> list[tuple[Cell | None, ...]]:
    return list(zip(*(column.cells().tolist() for column in table.columns), strict=True))


@dataclass(frozen=True)
class Case:
    """A sheet and the tables that a reader sees on it, with rows and columns numbered as in the file."""

    id: str
    sheet: Sheet
    #: (header row, header rows, first row, last row, first column, last column) of each table.
    spots: list[tuple[int, int, int, int, int, int]]
    headers: list[list[str]]
    rows: list[list[int]]
    left_out: list[list[int]] = field(default_factory=list)
    titles: list[str] = field(default_factory=list)


MONTHS = ["aug", "sep", "okt"]
DAY = [datetime(2025, 3, day, 14, 30) for day in range(1, 10)]
QUESTION = "Hur trygg eller otrygg känner du dig om du går ut ensam en sen kväll i området där du bor?"

CASES = [
    Case(
        "police extract",
        text("""
Radnr,K-nummer,Brottskod,Brott,Regdatum,Brottsdatum,Kommun,DeSO,Antal
1,K1-25,0825,Skadegörelse,2025-01-04,2025-01-03,Norrtälje,0188C1010,1
2,K2-25,0356,"Misshandel, ej grov",2025-01-05,2025-01-05,Norrtälje,,1
3,K3-25,0825,Skadegörelse,2025-01-07,,Norrtälje,0188A0010,1
""", ","),
        [(1, 1, 2, 4, 1, 9)],
        [["Radnr", "K-nummer", "Brottskod", "Brott", "Regdatum", "Brottsdatum", "Kommun", "DeSO", "Antal"]],
        [[2, 3, 4]],
    ),
    Case(
        "EST report with title rows and facts",
        sheet([
            ["Lägesrapport EST"],
            ["Rapportör:", "Rodenskolan"],
            ["Vecka:", "v. 12"],
            [],
            ["Datum", "Händelse", "Plats", "Beskrivning"],
            [DAY[0], "Klotter", "Hallstavik", "Klotter på gaveln"],
            [DAY[1], "Bråk", "Rimbo", _],
            [DAY[2], "Klotter", "Rimbo", "Samma som förra veckan"],
            [],
            ["* Uppgifterna är preliminära."],
        ]),
        [(5, 1, 6, 8, 1, 4)],
        [["Datum", "Händelse", "Plats", "Beskrivning"]],
        [[6, 7, 8]],
        titles=["Lägesrapport EST – Rapportör: Rodenskolan – Vecka: v. 12"],
    ),
    Case(
        "title and facts with no blank row before the headers",
        sheet([
            ["Felanmälningar 2025"],
            ["Uttag:", "2025-04-01"],
            ["Ärende", "Feltyp", "Plats", "Inkom", "Antal"],
            [1, "Gatlykta", "Rimbo", DAY[0], 1],
            [2, "Klotter", "Rimbo", DAY[1], 2],
        ]),
        [(3, 1, 4, 5, 1, 5)],
        [["Ärende", "Feltyp", "Plats", "Inkom", "Antal"]],
        [[4, 5]],
        titles=["Felanmälningar 2025 – Uttag: 2025-04-01"],
    ),
    Case(
        "attendance per month with totals row and source",
        sheet([
            ["Närvaro i procent läsåret 2024/25"],
            ["Skola", *MONTHS],
            ["Rimbo skola", 93.1, 92.0, 91.5],
            ["Rodengymnasiet", 88.0, _, 87.1],
            ["Summa årskurs 9", 91, 92, 93],
            ["Totalt", 90.5, 91, 89.3],
            ["Källa: barn- och skolkontoret"],
        ]),
        [(2, 1, 3, 7, 1, 4)],
        [["Skola", *MONTHS]],
        [[3, 4]],
        [[5, 6, 7]],
        ["Närvaro i procent läsåret 2024/25"],
    ),
    Case(
        "totals and source after a blank row",
        sheet([
            ["Rad", "Brott", "Brottsdatum", "Plats", "Antal"],
            [1, "Stöld", DAY[0], "Rimbo", 1],
            [2, "Klotter", DAY[1], _, 1],
            [3, "Klotter", DAY[2], "Rimbo", 1],
            [],
            ["Summa", _, _, _, 3],
            ["Källa: Polisen"],
        ]),
        [(1, 1, 2, 7, 1, 5)],
        [["Rad", "Brott", "Brottsdatum", "Plats", "Antal"]],
        [[2, 3, 4]],
        [[6, 7]],
    ),
    Case(
        "survey export with long questions, all texts",
        sheet([
            ["ID", "Är du", QUESTION, "Vad oroar du dig för?"],
            ["a1", "Kvinna", "Ganska trygg", "Inbrott;Skadegörelse"],
            ["a2", "Man", "Mycket trygg", _],
            ["a3", "Kvinna", "Ganska trygg", "Inbrott"],
        ]),
        [(1, 1, 2, 4, 1, 4)],
        [["ID", "Är du", QUESTION, "Vad oroar du dig för?"]],
        [[2, 3, 4]],
    ),
    Case(
        "FTU with two merged header rows",
        sheet(
            [
                ["Företagens trygghet 2025", _, _, _, _],
                ["Fråga", "2024", _, "2025", _],
                [_, "Antal", "Andel", "Antal", "Andel"],
                ["Utsatt för stöld", 12, 0.1, 15, 0.12],
                ["Utsatt för hot", 4, 0.03, 5, 0.04],
            ],
            [(0, 0, 0, 4), (1, 0, 2, 0), (1, 1, 1, 2), (1, 3, 1, 4)],
        ),
        [(2, 2, 4, 5, 1, 5)],
        [["Fråga", "2024 – Antal", "2024 – Andel", "2025 – Antal", "2025 – Andel"]],
        [[4, 5]],
        titles=["Företagens trygghet 2025"],
    ),
    Case(
        "two header rows with blanks instead of merged cells",
        text("""
Skola;2024;;2025;;Kommentar
;Antal;Andel;Antal;Andel;
Rimbo skola;12;45,2 %;13;46,0 %;
Långsjöskolan;22;50,0 %;25;51,3 %;ny mätning
"""),
        [(1, 2, 3, 4, 1, 6)],
        [["Skola", "2024 – Antal", "2024 – Andel", "2025 – Antal", "2025 – Andel", "Kommentar"]],
        [[3, 4]],
    ),
    Case(
        "three header rows",
        sheet(
            [
                [_, "Flickor", _, _, _],
                [_, "2024", _, "2025", _],
                ["Skola", "Ja", "Nej", "Ja", "Nej"],
                ["Rimbo skola", 1, 2, 3, 4],
                ["Roden", 5, 6, 7, 8],
                ["Parkskolan", 5, 6, 7, 8],
            ],
            [(0, 1, 0, 4), (1, 1, 1, 2), (1, 3, 1, 4)],
        ),
        [(1, 3, 4, 6, 1, 5)],
        [["Skola", "Flickor – 2024 – Ja", "Flickor – 2024 – Nej", "Flickor – 2025 – Ja", "Flickor – 2025 – Nej"]],
        [[4, 5, 6]],
    ),
    Case(
        "years as headers, numbers",
        sheet([["Område", 2022, 2023, 2024], ["Rimbo", 41, 38, 40], ["Hallstavik", 30, _, 22], ["Totalt", 71, 38, 62]]),
        [(1, 1, 2, 4, 1, 4)],
        [["Område", "2022", "2023", "2024"]],
        [[2, 3]],
        [[4]],
    ),
    Case(
        "months as headers, dates",
        sheet([
            ["Skola", datetime(2025, 1, 1), datetime(2025, 2, 1), datetime(2025, 3, 1)],
            ["Rimbo skola", 93, 92, 91],
            ["Roden", 90, 91, 92],
        ]),
        [(1, 1, 2, 3, 1, 4)],
        [["Skola", "2025-01", "2025-02", "2025-03"]],
        [[2, 3]],
    ),
    Case(
        "month numbers as headers",
        sheet([["Skola", 1, 2, 3, 4], ["Rimbo skola", 93, 92, 91, 90], ["Roden", 93, 95, 91, 88]]),
        [(1, 1, 2, 3, 1, 5)],
        [["Skola", "1", "2", "3", "4"]],
        [[2, 3]],
    ),
    Case(
        "no headers: numbers and dates from the first row on",
        text("""
2025-01-03;Rimbo;Klotter;1
2025-01-04;Hallstavik;Klotter;2
2025-01-05;Rimbo;Bråk;1
"""),
        [(0, 0, 1, 3, 1, 4)],
        [["Kolumn 1", "Kolumn 2", "Kolumn 3", "Kolumn 4"]],
        [[1, 2, 3]],
    ),
    Case(
        "no headers: texts that come again below",
        sheet([["Rimbo", "Klotter"], ["Hallstavik", "Klotter"], ["Rimbo", "Bråk"], ["Rimbo", "Klotter"]]),
        [(0, 0, 1, 4, 1, 2)],
        [["Kolumn 1", "Kolumn 2"]],
        [[1, 2, 3, 4]],
    ),
    Case(
        "two tables under each other",
        sheet([
            ["Flickor"],
            ["Skola", "Antal"],
            ["Rimbo", 1],
            ["Roden", 2],
            [],
            ["Pojkar"],
            ["Skola", "Antal"],
            ["Rimbo", 3],
            ["Roden", 4],
        ]),
        [(2, 1, 3, 4, 1, 2), (7, 1, 8, 9, 1, 2)],
        [["Skola", "Antal"]] * 2,
        [[3, 4], [8, 9]],
        titles=["Flickor", "Pojkar"],
    ),
    Case(
        "two tables of different make under each other",
        sheet([
            ["Skola", "Antal", "Andel"],
            ["Rimbo", 1, 0.5],
            ["Roden", 2, 0.3],
            [],
            ["Datum", "Händelse"],
            [DAY[0], "Klotter"],
            [DAY[1], "Bråk"],
        ]),
        [(1, 1, 2, 3, 1, 3), (5, 1, 6, 7, 1, 2)],
        [["Skola", "Antal", "Andel"], ["Datum", "Händelse"]],
        [[2, 3], [6, 7]],
    ),
    Case(
        "side by side, of different length",
        sheet([
            ["Flickor", _, _, "Pojkar", _],
            ["Skola", "Antal", _, "Skola", "Antal"],
            ["Rimbo", 1, _, "Rimbo", 3],
            ["Roden", 2, _, "Roden", 5],
            [_, _, _, "Parkskolan", 4],
        ]),
        [(2, 1, 3, 4, 1, 2), (2, 1, 3, 5, 4, 5)],
        [["Skola", "Antal"]] * 2,
        [[3, 4], [3, 4, 5]],
        titles=["Flickor", "Pojkar"],
    ),
    Case(
        "blank rows inside a table",
        sheet([["Datum", "Plats", "Antal"], [DAY[0], "Rimbo", 1], [], [DAY[1], "Roden", 2], [], [], [DAY[2], _, 2]]),
        [(1, 1, 2, 7, 1, 3)],
        [["Datum", "Plats", "Antal"]],
        [[2, 4, 7]],
    ),
    Case(
        "blank column inside a table",
        sheet([["Skola", "Antal", _, "Kommentar"], ["Rimbo", 1, _, "ny"], ["Roden", 2, _, _], ["Parken", 2, _, "ok"]]),
        [(1, 1, 2, 4, 1, 4)],
        [["Skola", "Antal", "Kolumn 3", "Kommentar"]],
        [[2, 3, 4]],
    ),
    Case(
        "headers repeated by page breaks",
        sheet([
            ["Datum", "Plats", "Antal"],
            [DAY[0], "Rimbo", 1],
            ["Datum", "Plats", "Antal"],
            [DAY[1], "Roden", 2],
            [],
            ["Datum", "Plats", "Antal"],
            [DAY[2], "Roden", 2],
        ]),
        [(1, 1, 2, 7, 1, 3)],
        [["Datum", "Plats", "Antal"]],
        [[2, 4, 7]],
        [[3, 6]],
    ),
    Case(
        "leading index column without a header",
        text(",Plats,Antal\n0,Rimbo,3\n1,Roden,4\n2,Rimbo,5", ","),
        [(1, 1, 2, 4, 1, 3)],
        [["Kolumn 1", "Plats", "Antal"]],
        [[2, 3, 4]],
    ),
    Case(
        "only headers",
        sheet([["Datum", "Plats", "Händelse"]]),
        [(1, 1, 2, 1, 1, 3)],
        [["Datum", "Plats", "Händelse"]],
        [[]],
    ),
    Case(
        "one column",
        sheet([["Felanmälningar"], [], ["Datum"], [DAY[0]], [DAY[1]], [DAY[3]]]),
        [(3, 1, 4, 6, 1, 1)],
        [["Datum"]],
        [[4, 5, 6]],
        titles=["Felanmälningar"],
    ),
    Case(
        "table far from the corner, with a legend beside",
        sheet(
            [[]] * 3
            + [[_, _, "Skola", "Antal", _, "Grönt = bra"]]
            + [[_, _, "Rimbo", 3, _, "Rött = dåligt"], [_, _, "Roden", 4], [_, _, "Parken", 4]]
        ),
        [(4, 1, 5, 7, 3, 4)],
        [["Skola", "Antal"]],
        [[5, 6, 7]],
    ),
    Case(
        "blank columns between all columns",
        sheet([["Skola", _, "Antal", _, "Andel"], ["Rimbo", _, 3, _, 0.5], ["Roden", _, 4, _, 0.4]]),
        [(1, 1, 2, 3, 1, 5)],
        [["Skola", "Kolumn 2", "Antal", "Kolumn 4", "Andel"]],
        [[2, 3]],
    ),
    Case(
        "blank row between headers and rows",
        sheet([["Skola", "Antal", "Andel"], [], ["Rimbo", 3, 0.5], ["Roden", 4, 0.4], [], ["Parken", 4, 0.4]]),
        [(1, 1, 3, 6, 1, 3)],
        [["Skola", "Antal", "Andel"]],
        [[3, 4, 6]],
    ),
    Case(
        "grades from 1 to 5, one row of which counts",
        sheet([["ID", "F1", "F2", "F3", "F4"], ["a", 1, 2, 3, 4], ["b", 4, 4, 3, 1], ["c", 2, 2, 2, 2]]),
        [(1, 1, 2, 4, 1, 5)],
        [["ID", "F1", "F2", "F3", "F4"]],
        [[2, 3, 4]],
    ),
    Case(
        "words instead of a number in the first rows",
        text("""
Plats;Antal;Andel
Rimbo;okänt;
Roden;ej svar;
Parken;3;4
Edsbro;7;4
Väddö;1;2
"""),
        [(1, 1, 2, 6, 1, 3)],
        [["Plats", "Antal", "Andel"]],
        [[2, 3, 4, 5, 6]],
    ),
    Case(
        "a table per month with no blank rows",
        sheet([
            ["Rapport", "2025-04-01", _],
            [],
            ["Januari"],
            ["Plats", "Antal", "Andel"],
            ["Rimbo", 1, 2],
            ["Roden", 2, 3],
            ["Februari"],
            ["Plats", "Antal", "Andel"],
            ["Rimbo", 4, 5],
        ]),
        [(4, 1, 5, 6, 1, 3), (8, 1, 9, 9, 1, 3)],
        [["Plats", "Antal", "Andel"]] * 2,
        [[5, 6], [9]],
        titles=["Rapport 2025-04-01 – Januari", "Februari"],
    ),
    Case(
        "two merged header rows over texts",
        sheet(
            [
                ["Skola", "Fråga 1", _, "Fråga 2", _],
                [_, "Flickor", "Pojkar", "Flickor", "Pojkar"],
                ["Rimbo", "Ja", "Nej", "Ja", "Ja"],
                ["Roden", "Nej", "Nej", "Ja", "Ja"],
            ],
            [(0, 0, 1, 0), (0, 1, 0, 2), (0, 3, 0, 4)],
        ),
        [(1, 2, 3, 4, 1, 5)],
        [["Skola", "Fråga 1 – Flickor", "Fråga 1 – Pojkar", "Fråga 2 – Flickor", "Fråga 2 – Pojkar"]],
        [[3, 4]],
    ),
    Case(
        "one row of data",
        sheet([["Datum", "Plats", "Antal"], [DAY[0], "Rimbo", 2]]),
        [(1, 1, 2, 2, 1, 3)],
        [["Datum", "Plats", "Antal"]],
        [[2]],
    ),
    Case(
        "definitions below a table",
        sheet([
            ["Skola", "Antal", "Andel"],
            ["Rimbo", 1, 0.5],
            ["Roden", 2, 0.3],
            [],
            ["Antal", "Antal elever som har avslutat årskurs 9 med slutbetyg i minst ett ämne under läsåret."],
            ["Andel", "Andelen elever med godkänt betyg i alla ämnen som ingått i elevens utbildning."],
        ]),
        [(1, 1, 2, 3, 1, 3)],
        [["Skola", "Antal", "Andel"]],
        [[2, 3]],
    ),
]  # fmt: skip


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.id)
def test_finds_and_cuts_what_a_reader_sees(case: Case) -> None:
    spots = find(case.sheet)
    tables = [cut(case.sheet, spot) for spot in spots]
    assert [tuple(spot.model_dump(exclude={"sheet"}).values()) for spot in spots] == case.spots
    assert [list(table.headers) for table in tables] == case.headers
    assert [table.row_numbers.tolist() for table in tables] == case.rows
    assert [[row for row, _text in table.left_out] for table in tables] == (case.left_out or [[]] * len(spots))
    assert [table.title for table in tables] == (case.titles or [""] * len(spots))
    for table in tables:
        assert table.row_numbers.dtype == np.int64
        assert {len(column) for column in table.columns} <= {len(table.row_numbers)}


@pytest.mark.parametrize(
    ("rows", "merged", "expected"),
    [
        pytest.param(
            [["Skola", "Klass", "Antal"], ["Rimbo", "4A", 20], [_, "4B", 21], ["Roden", "7A", 18], [_, "7B", _]],
            [(1, 0, 2, 0), (3, 0, 4, 0)],
            [("Rimbo", "4A", 20), ("Rimbo", "4B", 21), ("Roden", "7A", 18), ("Roden", "7B", None)],
            id="merged labels hold for all their rows",
        ),
        pytest.param(
            [["Skola", "Klass", "Antal"], ["Rimbo", "4A", 20], ["Rimbo", "4B", _], ["Roden", "7A", 18]],
            [(1, 2, 2, 2)],
            [("Rimbo", "4A", 20), ("Rimbo", "4B", None), ("Roden", "7A", 18)],
            id="a merged number is counted once",
        ),
        pytest.param(
            [["Skola", "Klass", "Antal"], ["Rimbo", "4A", 20], [_, "4B", 21], ["Roden", "7A", 18], [_, "7B", _]],
            [],
            [("Rimbo", "4A", 20), ("Rimbo", "4B", 21), ("Roden", "7A", 18), ("Roden", "7B", None)],
            id="unmerged labels with blanks below",
        ),
        pytest.param(
            [["Skola", "Klass", "Antal"], ["Rimbo", _, _], [_, "4A", 20], [_, "4B", 21], ["Roden"], [_, "7A", 18]],
            [],
            [("Rimbo", "4A", 20), ("Rimbo", "4B", 21), ("Roden", "7A", 18)],
            id="labels on rows of their own",
        ),
        pytest.param(
            [["Ärende", "Plats", "Antal"], ["K1-25", "Rimbo", 1], [_, "Roden", 2], [_, "Rimbo", 3], ["K2-25", "a", 4]],
            [],
            [("K1-25", "Rimbo", 1), (None, "Roden", 2), (None, "Rimbo", 3), ("K2-25", "a", 4)],
            id="case numbers are not labels",
        ),
        pytest.param(
            [["Plats", "Typ", "Antal"], ["Rimbo", "Bråk", 1], [_, "Bråk", 2], [_, "Bråk", 3], ["Rimbo", "Hot", 4]],
            [],
            [("Rimbo", "Bråk", 1), (None, "Bråk", 2), (None, "Bråk", 3), ("Rimbo", "Hot", 4)],
            id="a place that comes twice is no label",
        ),
        pytest.param(
            [["Klass", "Antal", "Andel"], ["Rimbo"], ["4A", 20, 0.5], ["4B", 21, 0.2], ["Roden"], ["7A", 18, 0.1]],
            [],
            [("4A", 20, 0.5, "Rimbo"), ("4B", 21, 0.2, "Rimbo"), ("7A", 18, 0.1, "Roden")],
            id="headings of groups become a column",
        ),
        pytest.param(
            [["Skola", "Antal", "Andel"], ["Rimbo", 1, 0.1], ["Roden"], ["Parken", 2, 0.2]],
            [],
            [("Rimbo", 1, 0.1), ("Roden", None, None), ("Parken", 2, 0.2)],
            id="a row without figures stays",
        ),
        pytest.param(
            [["År", "Kön", "Antal"], [2024, "Totalt", 9], [2024, "Kvinnor", 4], [2025, "Totalt", 8]],
            [],
            [(2024, "Totalt", 9), (2024, "Kvinnor", 4), (2025, "Totalt", 8)],
            id="a category called Totalt",
        ),
        pytest.param(
            [["Plats", "Vad", "Antal"], ["Rimbo", "a", 1], ["Totalt haveri", "b", 2], [_, "Summa:", 6]],
            [],
            [("Rimbo", "a", 1), ("Totalt haveri", "b", 2)],
            id="a text that only begins with a total's word",
        ),
    ],
)  # fmt: skip
def test_rows_of_a_table(rows: Rows, merged: Merged, expected: list[tuple[Any, ...]]) -> None:
    sought = sheet(rows, merged)
    [spot] = find(sought)
    assert body(cut(sought, spot)) == expected


@pytest.mark.parametrize(
    ("word", "total"),
    [
        *[(w, True) for w in ("Totalt", "SUMMA", "Summa:", "Samtliga", "Hela kommunen", "Rimbo totalt", "Medelvärde")],
        *[(w, False) for w in ("Totalvägrare", "Summaskolan", "Hela Hallstavik", "Övriga", "Norrtälje kommun")],
    ],
)
def test_totals_by_their_word(word: str, total: bool) -> None:
    sought = sheet([["Plats", "2023", "2024"], ["Rimbo", 1, 2], ["Roden", 2, 3], [word, 3, 5]])
    [spot] = find(sought)
    table = cut(sought, spot)
    assert table.row_numbers.tolist() == ([2, 3] if total else [2, 3, 4])
    assert table.left_out == (((4, f"{word} | 3 | 5"),) if total else ())


def test_a_spot_pointed_out_by_hand_is_obeyed() -> None:
    sought = sheet(
        [["x", "Plats", "Antal"], ["a", "Rimbo", 1], ["b", "Roden", 2], ["c", "Totalt", 3], ["d", "Edsbro", 4]]
    )
    spot = Spot(sheet="Blad1", header_row=1, header_rows=1, first_row=3, last_row=5, first_column=2, last_column=3)
    table = cut(sought, spot)
    assert table.spot == spot
    assert table.headers == ("Plats", "Antal")
    assert body(table) == [("Roden", 2), ("Edsbro", 4)]
    assert table.row_numbers.tolist() == [3, 5]
    assert table.left_out == ((4, "Totalt | 3"),)


@pytest.mark.parametrize(
    "spot",
    [
        pytest.param((0, 0, 900, 950, 1, 3), id="rows below the sheet"),
        pytest.param((1, 1, 2, 3, 90, 95), id="columns beside the sheet"),
        pytest.param((3, 5, 2, 1, 1, 3), id="no rows"),
        pytest.param((9, 2, 1, 900, 1, 900), id="headers below the sheet"),
    ],
)
def test_a_spot_outside_the_sheet_gives_what_there_is(spot: tuple[int, ...]) -> None:
    names = ("header_row", "header_rows", "first_row", "last_row", "first_column", "last_column")
    sought = sheet([["Plats", "Antal"], ["Rimbo", 1], ["Roden", 2]])
    pointed = Spot(sheet="Blad1", **dict(zip(names, spot, strict=True)))
    table = cut(sought, pointed)
    assert len(table.headers) == len(table.columns)
    assert len(table.row_numbers) <= 3
    assert preview(sought, pointed)[1] >= 1


@pytest.mark.parametrize(
    ("names", "expected"),
    [
        (["Antal", "Antal", ""], ["Antal", "Antal (2)", "Kolumn 3"]),
        (["Antal", "Antal", "Antal (2)"], ["Antal", "Antal (3)", "Antal (2)"]),
        (["Kolumn 2", ""], ["Kolumn 2", "Kolumn 2 (2)"]),
        (["x" * 300, "x" * 300], ["x" * 200, "x" * 196 + " (2)"]),
    ],
)
def test_headers_are_unique_and_never_empty(names: list[str], expected: list[str]) -> None:
    assert unique(names) == expected


@pytest.mark.parametrize("rows", [1, 3, 30])
@pytest.mark.parametrize("width", [2, 3])
def test_one_very_long_cell_is_no_prose(rows: int, width: int) -> None:
    cells: list[list[Cell]] = [[f"2025-03-{day:02d}", "Rimbo", "Klotter"][:width] for day in range(1, rows + 1)]
    cells[rows // 2][-1] = "A" * 1_000_000
    (found,) = find(sheet([["Datum", "Plats", "Händelse"][:width], *cells], typed=False))
    assert (found.header_row, found.last_row, found.last_column) == (1, rows + 1, width)


def test_newlines_in_headers_become_spaces() -> None:
    sought = sheet([["Antal\nelever", "Andel\r\n (%)"], [1, 2], [3, 4]])
    assert cut(sought, find(sought)[0]).headers == ("Antal elever", "Andel (%)")


def test_preview_shows_the_cells_as_they_are() -> None:
    sought = sheet([["Rubrik"], [], ["Datum", "Värde"], *[[date(2025, 3, 4), 1.5]] * 40])
    [spot] = find(sought)
    cells, row = preview(sought, spot)
    assert row == 1
    assert cells[:4] == (("Rubrik", ""), ("", ""), ("Datum", "Värde"), ("2025-03-04", "1,5"))
    assert len(cells) == 15
    wide = sheet([[f"K{i}" for i in range(99)], list(range(5, 104)), list(range(5, 104))])
    cells, row = preview(wide, find(wide)[0])
    assert {len(line) for line in cells} == {30}


@pytest.mark.parametrize(
    "hostile",
    [
        pytest.param(sheet([]), id="empty"),
        pytest.param(Sheet("Blad1", (), 0), id="no columns"),
        pytest.param(sheet([[None] * 5] * 5), id="blank"),
        pytest.param(sheet([["bara en text"]]), id="one cell"),
    ],
)
def test_nothing_to_find(hostile: Sheet) -> None:
    assert find(hostile) == []


@pytest.mark.parametrize(
    "hostile",
    [
        pytest.param(lambda: sheet([[f"r{i}" for i in range(9_000)], list(range(7, 9_007))]), id="9000 columns"),
        pytest.param(lambda: sheet([["a"] + [None] * 4_999 + ["b"]] * 50), id="cells far apart"),
        pytest.param(lambda: sheet([["a", None] * 2_000] * 30), id="every second column blank"),
        pytest.param(lambda: sheet([["a", None] * 30] * 60), id="every second of few columns blank"),
        pytest.param(lambda: sheet([["a", "b", None] * 30] * 900), id="every third of few columns blank"),
        pytest.param(lambda: sheet([row for i in range(3_000) for row in ([f"t{i}"], ["x", 1], [])]), id="many parts"),
        pytest.param(lambda: sheet([["a", 1], []] * 20_000), id="every second row blank"),
        pytest.param(lambda: sheet([["Totalt", 1]] * 20_000), id="nothing but totals"),
        pytest.param(lambda: sheet([["a", "b"]] * 20_000), id="nothing but headers"),
        pytest.param(lambda: sheet([["Källa: x"]] * 20_000), id="nothing but notes"),
        pytest.param(
            lambda: sheet([["a", 1, 2]] * 300, [(i % 300, i % 3, 299, 2) for i in range(20_000)]), id="merged chaos"
        ),
        pytest.param(lambda: sheet([["x" * 1_000_000, 1], ["y" * 1_000_000, 2]] * 3), id="cells of a megabyte"),
        pytest.param(lambda: sheet([["\u202eمرحبا", "😀"], ["שלום", 1], ["b", 2]]), id="right to left and emoji"),
    ],
)
def test_hostile_sheets_are_read_in_time(hostile: Any) -> None:
    sought = hostile()
    began = time.perf_counter()
    for spot in find(sought):
        table = cut(sought, spot)
        preview(sought, spot)
        assert len(set(table.headers)) == len(table.headers) == len(table.columns)
        assert all(0 < len(header) <= 200 for header in table.headers)
        assert len(table.left_out) <= 1_001
    assert time.perf_counter() - began < 5


_WORD = st.text("abcdefghijklmnopqrstuvwxyzåäö", min_size=3, max_size=8).map(lambda word: f"q{word}")
_CELLS = {
    "text": _WORD.map(lambda word: f"w{word}"),
    "int": st.integers(-50, 1800),
    "float": st.floats(-1000, 1000).map(lambda number: round(number, 3) + 0.0001),
    "date": st.datetimes(datetime(2001, 1, 1), datetime(2099, 1, 1)).map(lambda moment: moment.replace(microsecond=0)),
}


@dataclass(frozen=True)
class Made:
    """A generated table on a sheet, and what must come back."""

    sheet: Sheet
    headers: list[str]
    rows: list[tuple[Cell | None, ...]]
    first_row: int


@st.composite
def made_sheets(draw: st.DrawFn) -> Made:
    """A table with unique headers and typed cells, anywhere on a sheet, with titles, footnotes and merged headers."""
    kinds = draw(st.lists(st.sampled_from(sorted(_CELLS)), min_size=2, max_size=6))
    names = draw(st.lists(_WORD.map(lambda word: f"k{word}"), min_size=len(kinds), max_size=len(kinds), unique=True))
    # A label in the first cell of every row, and another cell that is filled: what makes rows tell from titles.
    rows = draw(
        st.lists(st.tuples(*(st.one_of(st.none(), _CELLS[kind]) for kind in kinds[2:])), min_size=2, max_size=12)
    )
    ahead = [
        (f"label{i}", draw(_CELLS[kinds[1]])) for i in range(len(rows))
    ]  # fmt: skip
    filled = [(*first, *rest) for first, rest in zip(ahead, rows, strict=True)]
    cells = [tuple(None if cell is None else cell for cell in row) for row in filled]
    grouped = len(kinds) >= 4 and draw(st.booleans())
    top, left = draw(st.integers(0, 4)), draw(st.integers(0, 3))
    titles = draw(st.lists(_WORD, max_size=3))
    gap = draw(st.booleans()) or not titles
    above: list[list[Any]] = [[] for _ in range(top)] + [[title] for title in titles] + ([[]] if gap else [])
    merged = []
    at = len(above)
    if grouped:
        upper = [None, "qgrupp", *[None] * (len(kinds) - 2)]
        above.append([None] * left + upper)
        if draw(st.booleans()):
            merged.append((at, left + 1, at, left + len(kinds) - 1))
        headers = [names[0], *(f"qgrupp – {name}" for name in names[1:])]
        if draw(st.booleans()) and merged:
            above[-1][left] = names[0]
            merged.append((at, left, at + 1, left))
            names = [None, *names[1:]]
        elif not merged:
            headers = names = [None, *names[1:]]
            headers = ["Kolumn 1", *(f"qgrupp – {name}" for name in names[1:])]
    else:
        headers = list(names)
    below: list[list[Any]] = [[], ["Källa: Norrtälje kommun"]] if draw(st.booleans()) else []
    lines = [*above, [None] * left + list(names), *([None] * left + list(row) for row in cells), *below]
    return Made(sheet(lines, merged), headers, cells, len(above) + 2)


@given(made_sheets())
@settings(max_examples=100, deadline=None)
def test_any_table_comes_back(made: Made) -> None:
    spots = find(made.sheet)
    assert len(spots) == 1
    table = cut(made.sheet, spots[0])
    assert list(table.headers) == made.headers
    assert body(table) == made.rows
    assert table.row_numbers.tolist() == list(range(made.first_row, made.first_row + len(made.rows)))
    assert table.left_out == ()


def test_a_million_rows_are_cheap() -> None:
    rows = 1_000_000
    distinct = Column(
        np.arange(rows, dtype=np.int32), np.array(["K-nummer", *(f"K{i}-25" for i in range(1, rows))], object)
    )
    place = Column(
        np.concatenate(([0], np.tile(np.array([1, 2], np.int32), rows // 2)[1:])).astype(np.int32),
        np.array(["Plats", "Rimbo", "Hallstavik"], dtype=object),
    )
    count = Column(np.concatenate(([0], np.ones(rows - 1))).astype(np.int32), np.array(["Antal", "1"], dtype=object))
    sought = Sheet("stor", (distinct, place, *[count] * 6), rows, typed=False)
    began = time.perf_counter()
    [spot] = find(sought)
    table = cut(sought, spot)
    assert time.perf_counter() - began < 5
    assert len(table.row_numbers) == rows - 1


@pytest.mark.genuine
@pytest.mark.parametrize(
    ("file", "spot", "rows"),
    [
        ("000005F8_20240813-152932", (3, 2, 5, 5988, 1, 6), 5984),
        ("000005FC_20240806-102837", (3, 1, 4, 5987, 1, 3), 5984),
        ("000005FM_20240813-153407", (3, 4, 7, 5990, 1, 4), 5984),
        ("000006TA_20240813-153551", (3, 3, 6, 5989, 1, 4), 5984),
        ("000007A8_20240813-151334", (3, 4, 7, 5990, 1, 6), 5984),
    ],
)
def test_genuine_workbooks(genuine: Path, file: str, spot: tuple[int, ...], rows: int) -> None:
    workbook = CalamineWorkbook.from_path(genuine / "scb_xlsx" / f"{file}.xlsx")
    sought = sheet(workbook.get_sheet_by_index(0).to_python(skip_empty_area=False))
    [found] = find(sought)
    table = cut(sought, found)
    assert tuple(found.model_dump(exclude={"sheet"}).values()) == spot
    assert len(table.row_numbers) == rows
    assert " efter " in table.title
    assert all(cell is not None for column in table.columns for cell in column.cells())
