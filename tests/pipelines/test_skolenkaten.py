"""Skolenkäten: the open figures, the workbook in its published shape, and broken files."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Any

import openpyxl
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipelines.source import DeliveryError, Parsed, Peek
from pipelines.sources.skolenkaten import OPEN_COLUMNS, SOURCE, check
from store.settings import PROJECT

OPEN = PROJECT / "data" / "open" / "skolenkaten" / "year8_2026.csv"
GROUP = "svarsgrupp=elever årskurs 8"
NAME = "Skolenkäten 2026 årskurs 8.xlsx"

#: Questions in row 1 over their first column, alternatives in row 2, Index in row 3, headers in row 4.
TOP: list[list[Any]] = [
    [None] * 8 + ["8. Studiero", None, "9. Trygghet", None, "3. Stöd"],
    [None] * 8 + [None, "Jag har studiero", None, "Jag känner mig trygg", None],
    [None] * 8 + ["Index", "Stämmer helt", "Index", "Stämmer helt", "Index"],
    ["Orgnr", "Huvudman", "Kommun", "Skolenhetskod", "Skolenhet", "Antal", "Antal svar", "Svarsfrekvens"],
]
ROWS: list[list[Any]] = [
    ["212", "Norrtälje", "Norrtälje", "39351914", "Norrsundsskolan", 23, 18, 0.75, 5.5, 0.4, 8.5, 0.9, 0],
    ["212", "Norrtälje", "Norrtälje", 99749462, "Långsjöskolan", 73, 54, 0.74, None, None, None, None, 6.1],
]


def workbook(folder: Path, name: str = NAME, rows: list[list[Any]] | None = None, top: list[list[Any]] = TOP) -> Path:
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = "Resultat"
    for row in top + (ROWS if rows is None else rows):
        sheet.append(row)
    path = folder / name
    book.save(path)
    return path


def layouts(path: Path) -> list[str]:
    return [layout.id for layout in SOURCE.layouts if layout.matches(Peek.at(path))]


def parse(path: Path) -> Parsed:
    (layout,) = [layout for layout in SOURCE.layouts if layout.matches(Peek.at(path))]
    return layout.parse(path)


def figures(parsed: Parsed) -> dict[tuple[str, str], tuple[float | None, float | None, str]]:
    """Value, base and status by school and measure (without prefix)."""
    return {
        (row.area_id, row.indicator_id.removeprefix("skolenkaten_")): (
            None if pd.isna(row.value) else row.value,
            None if pd.isna(row.base) else row.base,
            row.status,
        )
        for row in parsed.tables["observation"].itertuples()
    }


# --- What ships -------------------------------------------------------------------------------------------------------


def test_shipped_figures() -> None:
    assert layouts(OPEN) == ["open"]
    parsed = parse(OPEN)
    assert (parsed.rows_read, parsed.rows_kept, parsed.refusals) == (12, 12, ())
    found = figures(parsed)
    assert found[("15312030", "safety_index")] == (8.1, 11, "final")
    assert found[("15312030", "study_calm_index")] == (6.9, 11, "final")
    # 11 of 18 is 61.1 per cent.
    assert found[("15312030", "response_rate")] == (61.1, 18, "final")
    assert set(parsed.tables["observation"]["breakdown"]) == {GROUP}
    assert check(parsed.tables) == []


# --- The workbook -----------------------------------------------------------------------------------------------------


def test_workbook(tmp_path: Path) -> None:
    path = workbook(tmp_path)
    assert layouts(path) == ["workbook"]
    parsed = parse(path)
    assert (parsed.rows_read, parsed.rows_kept, parsed.refusals) == (2, 2, ())
    assert figures(parsed) == {
        ("39351914", "study_calm_index"): (5.5, 18, "final"),
        ("39351914", "safety_index"): (8.5, 18, "final"),
        ("39351914", "index_stod_1dc9ab"): (0, 18, "final"),
        ("39351914", "response_rate"): (75, 24, "final"),
        ("99749462", "study_calm_index"): (None, 54, "suppressed"),
        ("99749462", "safety_index"): (None, 54, "suppressed"),
        ("99749462", "index_stod_1dc9ab"): (6.1, 54, "final"),
        ("99749462", "response_rate"): (74, 73, "final"),
    }
    observed = parsed.tables["observation"]
    assert set(observed["breakdown"]) == {GROUP}
    assert set(observed["period_label"]) == {"2026"}
    assert parsed.tables["indicator"][["indicator_id", "name", "unit"]].to_numpy().tolist() == [
        ["skolenkaten_index_stod_1dc9ab", "Stöd", "index 0–10"]
    ]
    area = parsed.tables["area"].set_index("area_id")
    assert area.loc["99749462", ["level", "name", "parent_id"]].tolist() == ["school", "Långsjöskolan", "0188"]


@pytest.mark.parametrize(
    ("name", "group"),
    [
        pytest.param("skolenkaten_2026_ak_8_årskurs8.xlsx", "elever årskurs 8", id="underscores"),
        pytest.param("Grundskola a\u030ak 5 2026.xlsx", "elever årskurs 5", id="letters taken apart"),
        pytest.param("Gymnasieelever år 2, 2026.xlsx", "elever årskurs 2 gymnasiet", id="upper secondary"),
        pytest.param("Vårdnadshavare grundskola 2026.xlsx", "vårdnadshavare", id="guardians"),
        pytest.param("Pedagogisk personal 2026.xlsx", "pedagogisk personal", id="staff"),
    ],
)
def test_who_answered_comes_from_the_file_name(tmp_path: Path, name: str, group: str) -> None:
    observed = parse(workbook(tmp_path, name)).tables["observation"]
    assert set(observed["breakdown"]) == {f"svarsgrupp={group}"}


@pytest.mark.parametrize(
    ("row", "column"),
    [
        pytest.param(["", "", "Norrtälje", "", "Totalt", 9, 9, 0.5], "D", id="total"),
        pytest.param(["", "", "Atlantis", "12345678", "Ny", 9, 9, 0.5], "C", id="municipality"),
        pytest.param(["", "", "Norrtälje", "39351914", "Igen", 9, 9, 0.5], "D", id="twice"),
        pytest.param(["", "", "Norrtälje", "12345678", "Ny", 9, "få", 0.5], "G", id="answers are text"),
        pytest.param(["", "", "Norrtälje", "12345678", "Ny", 9, 9, 0.5, -1], "I", id="negative index"),
        pytest.param(["Källa: Skolinspektionen"], "D", id="footnote"),
    ],
)
def test_a_row_that_cannot_be_read_is_refused(tmp_path: Path, row: list[Any], column: str) -> None:
    parsed = parse(workbook(tmp_path, rows=[*ROWS, row]))
    (refusal,) = parsed.refusals
    assert (refusal.sheet, refusal.row, refusal.column) == ("Resultat", 7, column)
    assert refusal.reason
    assert refusal.remedy
    assert (parsed.rows_read, parsed.rows_kept) == (3, 2)


@pytest.mark.parametrize("cell", ["74,0 %", 0.74, 74, "74"])
def test_response_rates_in_every_form(tmp_path: Path, cell: Any) -> None:
    row = ["", "", "Norrtälje", "12345678", "Ny", 73, 54, cell, 5]
    assert figures(parse(workbook(tmp_path, rows=[row])))[("12345678", "response_rate")][:2] == (74, 73)


# --- Broken files -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "message"),
    [
        pytest.param("Skolenkäten årskurs 8.xlsx", "säger inte vilket år", id="no year"),
        pytest.param("Skolenkäten 2025-2026 årskurs 8.xlsx", "nämner flera år", id="two years"),
        pytest.param("Skolenkäten 2026.xlsx", "vilka som har svarat", id="no group"),
    ],
)
def test_a_file_name_that_says_too_little_is_refused_with_the_remedy(tmp_path: Path, name: str, message: str) -> None:
    with pytest.raises(DeliveryError, match=message) as caught:
        parse(workbook(tmp_path, name))
    assert "Döp om" in str(caught.value)


def test_a_workbook_with_changed_headers_is_not_recognised_and_says_why(tmp_path: Path) -> None:
    changed = [*TOP[:2], ["" if cell == "Index" else cell for cell in TOP[2]], TOP[3]]
    path = workbook(tmp_path, top=changed)
    assert layouts(path) == []
    with pytest.raises(DeliveryError, match="”Index” på rad 3"):
        SOURCE.layouts[1].parse(path)


def test_a_cut_off_workbook_is_not_recognised_and_says_why(tmp_path: Path) -> None:
    path = workbook(tmp_path)
    path.write_bytes(path.read_bytes()[:2000])
    assert layouts(path) == []
    with pytest.raises(DeliveryError, match="inte en hel Excel-fil"):
        SOURCE.layouts[1].parse(path)


def test_a_workbook_without_schools_says_so(tmp_path: Path) -> None:
    path = workbook(tmp_path, rows=[])
    with pytest.raises(DeliveryError, match="inga svar kunde läsas"):
        SOURCE.layouts[1].parse(path)


@pytest.mark.parametrize(
    ("row", "column"),
    [
        pytest.param("1,S,0188,2026,elever årskurs 8,8,7,9,50", "school_unit", id="code"),
        pytest.param("12345678,S,9999,2026,elever årskurs 8,8,7,9,50", "municipality_code", id="municipality"),
        pytest.param("12345678,S,0188,26,elever årskurs 8,8,7,9,50", "year", id="year"),
        pytest.param("12345678,S,0188,2026,elever årskurs 8,bra,7,9,50", "safety_index", id="index"),
        pytest.param("39351914,S,0188,2026,elever årskurs 8,8,7,9,50", "school_unit", id="twice"),
    ],
)
def test_an_open_row_that_cannot_be_read_is_refused(tmp_path: Path, row: str, column: str) -> None:
    path = tmp_path / "a.csv"
    good = "39351914,Norrsundsskolan,0188,2026,elever årskurs 8,8.5,5.5,18,78.3"
    path.write_text("\n".join((",".join(OPEN_COLUMNS), good, row)) + "\n", encoding="utf-8")
    assert [(refusal.row, refusal.column) for refusal in parse(path).refusals] == [(3, column)]


@settings(max_examples=60)
@given(st.binary(max_size=300) | st.binary(max_size=300).map(lambda content: b"PK\x03\x04" + content))
def test_recognising_never_raises(content: bytes) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "fil.xlsx"
        path.write_bytes(content)
        assert layouts(path) == []


@pytest.mark.parametrize(
    ("indicator", "value", "faults"),
    [
        ("skolenkaten_safety_index", 10.0, 0),
        ("skolenkaten_safety_index", 10.1, 1),
        ("skolenkaten_response_rate", 96.2, 0),
        ("skolenkaten_response_rate", 101.0, 1),
    ],
)
def test_what_is_impossible_is_told(indicator: str, value: float, faults: int) -> None:
    row = {"indicator_id": indicator, "area_id": "12345678", "period_label": "2026", "value": value}
    assert len(check({"observation": pd.DataFrame([row])})) == faults
