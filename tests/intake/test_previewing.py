"""The cells that a person is shown, without personal data, and the tables that a person points out among them."""

from __future__ import annotations

from pathlib import Path

import openpyxl
import pytest

from pipelines.intake import importer
from pipelines.intake.previewing import masked
from pipelines.intake.workspace import Workspace
from store.intake import Examination, Mapping, Spot
from tests.intake.test_privacy import EMAIL, NAME, PERSON, PHONE

SECRETS = (PERSON, PHONE, EMAIL, NAME)


def examined(workspace: Workspace, folder: Path, sheets: dict[str, list[list[object]]], *given: Mapping) -> Examination:
    book = openpyxl.Workbook()
    book.remove(book.worksheets[0])
    for name, rows in sheets.items():
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(row)
    path = folder / "Lägesrapport.xlsx"
    book.save(path)
    return importer.examine(workspace, path, given=given)


REPORT: list[list[object]] = [
    [f"Kontakt: {NAME}, {PHONE}"],
    [],
    ["Datum", "Händelse", "Ort", "Elevens namn", "Beskrivning"],
    ["2025-03-04", "Klotter", "Rimbo", "Kim", f"{PERSON} ringde"],
    ["2025-03-05", "Klotter", "Rimbo", "Lo", f"skriv till {EMAIL}"],
    ["Summa", 2, "", "", f"Frågor: {NAME}"],
]


def test_the_preview_masks_personal_data(workspace: Workspace, tmp_path: Path) -> None:
    (table,) = examined(workspace, tmp_path, {"Mars": REPORT}).tables
    assert table.preview[3] == ("2025-03-04", "Klotter", "Rimbo", "[namn]", "[personnummer] ringde")
    assert table.preview[4][3:] == ("[namn]", "skriv till [e-post]")
    assert table.preview[2] == ("Datum", "Händelse", "Ort", "Elevens namn", "Beskrivning"), "headers are no persons"
    said = table.model_dump_json()
    assert not [secret for secret in SECRETS if secret in said]


@pytest.mark.parametrize(
    ("cells", "shown"),
    [
        ([], ()),
        ([["Rimbo"]], (("Rimbo",),)),
        ([["Namn", "Ort"], ["Kim", "Rimbo"], ["", "Rimbo"]], (("Namn", "Ort"), ("[namn]", "Rimbo"), ("", "Rimbo"))),
        ([[f"ring {PHONE}"]], (("ring [telefon]",),)),
    ],
    ids=["nothing", "nothing personal", "below a header", "in text"],
)
def test_cells_are_masked(cells: list[list[str]], shown: tuple[tuple[str, ...], ...]) -> None:
    assert masked(cells) == shown


LOOSE: list[list[object]] = [["Anteckningar från mötet"], [], [f"Vi ringde {NAME}"]]


def test_a_sheet_without_a_table_is_shown(workspace: Workspace, tmp_path: Path) -> None:
    found = examined(workspace, tmp_path, {"Möte": LOOSE, "Tomt": []})
    (sheet,) = found.bare
    assert (found.tables, sheet.name, sheet.rows, sheet.columns) == ((), "Möte", 3, 1)
    assert sheet.preview == (("Anteckningar från mötet",), ("",), ("Vi ringde [namn]",))


@pytest.mark.parametrize("beside", [False, True], ids=["alone", "beside a table that is found"])
def test_a_table_is_read_where_somebody_points(workspace: Workspace, tmp_path: Path, *, beside: bool) -> None:
    sheets = {"Mars": REPORT, "Möte": LOOSE} if beside else {"Möte": LOOSE}
    first = examined(workspace, tmp_path, sheets)
    known = [table.mapping for table in first.tables]
    spot = Spot(sheet="Möte", header_row=1, header_rows=1, first_row=2, last_row=3, first_column=1, last_column=1)
    found = examined(workspace, tmp_path, sheets, *filter(None, known), Mapping(name="", kind="", spot=spot))
    assert [table.spot.sheet for table in found.tables] == ["Mars", "Möte"][-len(found.tables) :]
    assert len(found.tables) == len(first.tables) + 1
    assert found.tables[-1].spot == spot
    assert [column.header for column in found.tables[-1].columns] == ["Anteckningar från mötet"]
    assert found.bare == ()
    again = examined(workspace, tmp_path, sheets, *[table.mapping for table in found.tables if table.mapping])
    assert [table.spot for table in again.tables] == [table.spot for table in found.tables]
