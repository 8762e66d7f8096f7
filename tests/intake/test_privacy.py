"""Personal data goes nowhere: not into what is kept, not into the tables, not into reports or refused rows."""

from __future__ import annotations

from pathlib import Path

import openpyxl
import pytest

from pipelines.intake import importer, local
from pipelines.intake.importer import Prepared
from pipelines.intake.refused import write_refused
from pipelines.intake.workspace import Workspace
from store.intake import Decisions

PERSON = "811218-9876"  # one of the tax agency's test numbers
PHONE = "070-174 06 05"  # of the series set aside for fiction
EMAIL = "anna.berg@example.se"
NAME = "Anna Andersson"


def prepared(
    workspace: Workspace, folder: Path, text: str, name: str = "Lägesrapport.csv", decision: str = ""
) -> Prepared:
    path = folder / name
    path.write_text(text, "utf-8")
    first = importer.prepare(workspace, path)
    if not decision:
        return first
    given = [
        one.view.mapping.model_copy(update={"decisions": Decisions(personal_data=decision, refused_rows=True)})
        for one in first.tables
        if one.view.mapping
    ]
    return importer.prepare(workspace, path, given=given)


def everything_kept(one: Prepared, folder: Path) -> str:
    """All that would be written anywhere of a file: raw cells, mapping, checks, tables, refusals, refused workbook."""
    said = [
        one.file if one.tables[0].delivery.original_kept else "",
        repr(one.tables[0].delivery.file),
        one.tables[0].delivery.table,
    ]
    for read in one.tables:
        if read.rows is None or read.result is None or read.view.mapping is None:
            continue
        files = local.kept_files(read.rows, read.view.mapping, read.view.findings)
        said += [content.decode("latin-1") + content.decode("utf-8", "ignore") for _, content in files]
        said += [repr(column.values.tolist()) for column in read.rows.columns.values()]
        said += [frame.to_csv() for frame in read.result.parsed.tables.values()]
        said += [repr(read.result.parsed.refusals), read.result.refused.to_csv()]
    workbook = write_refused(folder / "ut", one.file, one.used)
    if workbook:
        book = openpyxl.load_workbook(workbook)
        said += [repr(row) for sheet in book for row in sheet.iter_rows(values_only=True)]
    return "\n".join(said)


HEADERS = "Datum;Händelse;Plats;Anteckning;Personnummer\n"
ORDINARY = "".join(f"2025-03-{day:02d};Klotter;Rimbo;;\n" for day in range(1, 9))
CASES = {
    "used column": (f"2025-03-10;Bråk, {PERSON} pekas ut;Rimbo;;\n", True),
    "used column of a refused row": (f"i våras {PHONE};Bråk;Rimbo;;\n", True),
    "refused row with a hit elsewhere": (f"i våras;Bråk, ring {PHONE};Rimbo;;\n", True),
    "place": (f"2025-03-10;Bråk;hos {NAME}, {EMAIL};;\n", True),
    "unused column": (f"2025-03-10;Bråk;Rimbo;ring {PHONE} eller {EMAIL};\n", False),
    "personal header": (f"2025-03-10;Bråk;Rimbo;;{PERSON}\n", False),
}
SECRETS = (PERSON, PERSON.replace("-", ""), PHONE, EMAIL, NAME)


@pytest.mark.parametrize("decision", ["", "mask", "stop"])
@pytest.mark.parametrize(("row", "is_asked"), CASES.values(), ids=CASES)
def test_nothing_of_a_person_is_kept(
    workspace: Workspace, tmp_path: Path, row: str, is_asked: bool, decision: str
) -> None:
    one = prepared(workspace, tmp_path, HEADERS + ORDINARY + row, decision=decision)
    kept = everything_kept(one, tmp_path)
    assert [secret for secret in SECRETS if secret in kept] == []
    assert not one.tables[0].delivery.original_kept
    asked = [question.id for question in one.questions]
    assert ("personal_data" in asked) == (is_asked and not decision)
    found = {finding.rule for finding in one.tables[0].view.findings}
    assert found & {"personuppgift", "personuppgift_utanfor"}
    counts = one.tables[0].view.counts
    assert counts.stopped == (1 if is_asked and decision == "stop" else 0)
    assert bool(counts.masked) == (is_asked and decision != "stop")


def test_samples_of_columns_show_nobody(workspace: Workspace, tmp_path: Path) -> None:
    one = prepared(workspace, tmp_path, f"Datum;Händelse;Plats;Telefon\n2025-03-10;Bråk {EMAIL};Rimbo;{PHONE}\n")
    views = repr(one.tables[0].view.columns)
    assert [secret for secret in SECRETS if secret in views] == []


PLAIN = "Datum;Händelse;Plats\n2025-03-10;Klotter;Rimbo\n2025-03-11;Rån;Rimbo\n"


@pytest.mark.parametrize(
    ("name", "text", "kept"),
    [
        ("rent.csv", "Datum;Händelse;Plats\n2025-03-10;Klotter;Rimbo\n2025-03-11;Klotter;Rimbo\n", True),
        ("tomt.csv", "Datum;Händelse;Plats;Övrigt\n2025-03-10;Klotter;Rimbo;\n2025-03-11;Klotter;Rimbo;\n", True),
        ("mer.csv", "Datum;Händelse;Plats;Intern\n2025-03-10;Klotter;Rimbo;x\n2025-03-11;Klotter;Rimbo;y\n", False),
        ("titel.csv", f"Kontakt: {EMAIL}\n\n{PLAIN}", False),
        ("fot.csv", f"{PLAIN}\nFrågor? Ring {PHONE}\n", False),
    ],
)  # fmt: skip
def test_the_file_is_kept_only_when_all_of_it_was_asked_for(
    workspace: Workspace, tmp_path: Path, name: str, text: str, kept: bool
) -> None:
    assert [one.delivery.original_kept for one in prepared(workspace, tmp_path, text, name).tables] == [kept]


def test_a_workbook_is_never_kept_as_it_came(workspace: Workspace, tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    for row in (["Datum", "Händelse", "Plats"], ["2025-03-10", "Klotter", "Rimbo"], ["2025-03-11", "Rån", "Rimbo"]):
        book.active.append(row)
    hidden = book.create_sheet("Personer")
    hidden.sheet_state = "hidden"
    hidden.append([NAME, PERSON])
    book.save(tmp_path / "Lägesrapport.xlsx")
    (one,) = importer.prepare(workspace, tmp_path / "Lägesrapport.xlsx").tables
    assert not one.delivery.original_kept


def test_names_of_files_sheets_and_columns_are_masked(workspace: Workspace, tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    book.active.title = f"Elev {PERSON}"
    for row in (["Datum", "Händelse", "Plats", f"Ring {PHONE}"], ["2025-03-10", "Klotter", "Rimbo", "x"], [None] * 4):
        book.active.append(row)
    book.save(tmp_path / f"Rapport {PERSON}.xlsx")
    one = importer.prepare(workspace, tmp_path / f"Rapport {PERSON}.xlsx")
    kept = everything_kept(one, tmp_path)
    assert [secret for secret in SECRETS if secret in kept] == []
    assert one.tables[0].delivery.file == "Rapport [personnummer].xlsx"
