"""Cells are shown as they stand, whole, with the numbers and letters that the file has."""

from __future__ import annotations

import pytest

from store.intake import SheetView, Spot, TableView
from tests.fixtures.worker.examinations import BARE, TABLE
from ui.importing.cells import Seen, column_names, grid, letters, line


@pytest.mark.parametrize(("column", "name"), [(1, "A"), (26, "Z"), (27, "AA"), (52, "AZ"), (703, "AAA")])
def test_columns_are_called_as_in_a_spreadsheet(column: int, name: str) -> None:
    assert letters(column) == name


@pytest.mark.parametrize(
    ("row", "said"),
    [
        (1, "**Rad 1**: Ärenden 2025"),
        (2, "**Rad 2**: tom"),
        (3, "**Rad 3**, rubrik: Brottskod | Brott | Brottsdatum | Ort | Handläggare"),
        (5, r"**Rad 5**, uppgifter: 1201 | Skadegörelse, klotter | 5/3 2025 | Hallsta | B\. Ek"),
    ],
)
def test_a_row_in_words(row: int, said: str) -> None:
    assert line(Seen.of_table(TABLE), row) == said


def test_a_blank_cell_between_others_keeps_its_place() -> None:
    seen = Seen((("a", "", "[x](y)"),), 7, 1, None)
    assert line(seen, 7) == r"**Rad 7**: a | – | \[x\]\(y\)"


def test_rows_that_are_left_out_say_so() -> None:
    table = TABLE.model_copy(update={"left_out": ((5, "Summa"),)})
    assert grid(Seen.of_table(table))["Läses som"].tolist() == ["–", "–", "rubrik", "uppgifter", "lämnas utanför"]


@pytest.mark.parametrize(
    ("seen", "names"),
    [
        (
            Seen.of_table(TABLE),
            ["A: Brottskod", "B: Brott", "C: Brottsdatum", "D: Ort", "E: Handläggare", "F"],
        ),
        (Seen.of_sheet(BARE), ["A: Ort", "B: Vad", "C", "D", "E", "F"]),
        (Seen.of_sheet(SheetView(name="Tomt", rows=0, columns=0)), ["A", "B", "C", "D", "E", "F"]),
    ],
    ids=["by the header", "by the fullest row", "nothing"],
)
def test_columns_are_named_by_their_headers(seen: Seen, names: list[str]) -> None:
    assert list(column_names(seen, 6).values()) == names


def test_a_table_far_to_the_right_keeps_its_letters() -> None:
    spot = Spot(sheet="B", header_row=1, header_rows=1, first_row=2, last_row=3, first_column=40, last_column=41)
    seen = Seen.of_table(TableView(spot=spot, preview=(("Ort", "Antal"), ("Rimbo", "1")), preview_column=40))
    assert list(grid(seen).columns) == ["Rad", "Läses som", "AN", "AO"]
    assert column_names(seen, 41)[41] == "AO: Antal"
