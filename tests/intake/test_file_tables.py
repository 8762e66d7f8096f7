"""A file with several tables, the same file again, and rows that were refused and mended: what belongs together."""

from __future__ import annotations

from pathlib import Path

import openpyxl
import pytest

from pipelines import engine
from pipelines.intake import importer, senders
from pipelines.intake.workspace import Workspace, read_mapping, save_mappings
from store.intake import ColumnUse, Decisions, Mapping
from store.settings import Settings
from store.warehouse import current_build, fetch
from tests.intake.test_import import events, take, write

MARCH = "Datum;Händelse;Ort\n2025-03-01;Klotter;Rimbo\n2025-03-05;Rån;Rimbo\n2025-03-09;Klotter;Hallstavik\n"
NEW = "Datum;Händelse;Ort\n2025-03-04;Klotter;Rimbo\n2025-03-09;Rån;Hallstavik\n2025-03-10;Rån;Rimbo\n"
ELSEWHERE = NEW.replace("Rimbo", "Älmsta").replace("Hallstavik", "Älmsta")


def saved(settings: Settings, **decisions: str) -> Mapping:
    mapping = read_mapping(next((settings.data_dir / "mappings").glob("*.toml")))
    return mapping.model_copy(update={"decisions": Decisions(**decisions)})


def days(settings: Settings) -> list[tuple[str, str]]:
    rows = events(settings).sort_values(["occurred_from", "area_id"])
    return list(zip(rows["occurred_from"].dt.strftime("%d"), rows["area_id"], strict=True))


def test_replacing_and_adding_and_undoing(settings: Settings, tmp_path: Path) -> None:
    take(settings, write(tmp_path, "Lägesrapport.csv", MARCH))
    new = write(tmp_path, "Ny.csv", NEW)
    asked = take(settings, new)
    assert [question.id for question in asked.questions] == ["overlap"]
    replaced = take(settings, new, given=[saved(settings, overlap="replace")])
    # The new file covers 4-10 March: of the first, only the day before that is left.
    assert days(settings) == [
        ("01", "0188-rimbo"), ("04", "0188-rimbo"), ("09", "0188-hallstavik"), ("10", "0188-rimbo")
    ]  # fmt: skip
    engine.undo(settings, replaced.taken[0].delivery_id)
    assert days(settings) == [("01", "0188-rimbo"), ("05", "0188-rimbo"), ("09", "0188-hallstavik")]
    take(settings, new, given=[saved(settings, overlap="add")])
    assert len(days(settings)) == 6


def test_files_of_the_same_days_from_other_places_stand_beside_each_other(settings: Settings, tmp_path: Path) -> None:
    take(settings, write(tmp_path, "Lägesrapport v. 10.csv", MARCH))
    outcome = take(settings, write(tmp_path, "Lägesrapport v. 11.csv", ELSEWHERE), save=False)
    assert outcome.questions == ()
    assert len(days(settings)) == 6


def test_a_file_under_another_name_is_the_same_delivery(settings: Settings, tmp_path: Path) -> None:
    first = take(settings, write(tmp_path, "Lägesrapport.csv", MARCH))
    again = take(settings, write(tmp_path, "Kopia (2).csv", MARCH))
    assert again.taken[0].already
    assert again.taken[0].delivery_id == first.taken[0].delivery_id
    assert again.build == first.build


def test_a_file_that_is_read_in_another_way_takes_its_own_place(settings: Settings, tmp_path: Path) -> None:
    path = write(tmp_path, "Lägesrapport.csv", MARCH)
    take(settings, path)
    columns = (ColumnUse(header="Datum", field="reported"), ColumnUse(header="Händelse", field="category"))
    outcome = take(settings, path, given=[saved(settings).model_copy(update={"columns": columns})])
    assert outcome.questions == ()
    assert "last_forut" in {finding.rule for finding in outcome.findings}
    assert len(events(settings)) == 3
    assert events(settings)["occurred_from"].isna().all()


def test_a_file_that_comes_twice_at_once_goes_in_once(settings: Settings, tmp_path: Path) -> None:
    workspace = Workspace.of(settings)
    mapping = importer.prepare(workspace, write(tmp_path, "Lägesrapport.csv", MARCH)).tables[0].view.mapping
    both = [importer.prepare(workspace, write(tmp_path, name, MARCH), given=[mapping]) for name in ("a.csv", "b.csv")]
    outcomes = importer.publish(workspace, both)
    assert len({one.taken[0].delivery_id for one in outcomes}) == 1
    assert len(events(settings)) == 3


def test_mended_rows_are_added_without_a_question(settings: Settings, tmp_path: Path) -> None:
    rows = "".join(f"2025-03-{day:02d};Klotter;Rimbo\n" for day in range(1, 29))
    path = write(tmp_path, "Lägesrapport.csv", f"Datum;Händelse;Ort\n{rows}i våras;=cmd|' /C calc'!A0;Rimbo\n")
    outcome = take(settings, path, workdir=tmp_path / "ut")
    book = openpyxl.load_workbook(outcome.refused_file)
    assert book.active["B2"].value == "'=cmd|' /C calc'!A0"  # a text, and harmless
    assert book.active["B2"].data_type == "s"
    book.active["A2"] = "2025-03-15"
    book.save(tmp_path / "Avvisade rader.xlsx")
    mended = take(settings, tmp_path / "Avvisade rader.xlsx")
    assert mended.questions == ()
    found = events(settings)
    assert len(found) == 29
    assert set(found["category"]) == {"Klotter", "=cmd|' /C calc'!A0"}


def workbook(path: Path, sheets: dict[str, list[list[object]]]) -> Path:
    book = openpyxl.Workbook()
    for number, (name, rows) in enumerate(sheets.items()):
        sheet = book.active if number == 0 else book.create_sheet()
        sheet.title = name
        for row in rows:
            sheet.append(row)
    book.save(path)
    return path


def of_school(*values: int) -> list[list[object]]:
    return [["År", "Antal felanmälningar"], *([2020 + at, value] for at, value in enumerate(values))]


def test_sheets_with_different_figures_for_the_same_place_ask_which_place(workspace: Workspace, tmp_path: Path) -> None:
    path = workbook(tmp_path / "Felanmälningar.xlsx", {"Norr": of_school(3, 4, 5), "Söder": of_school(6, 4, 8)})
    mapping = Mapping(
        name="Felanmälningar", kind="observations", form="long", options={"unit": "antal"},
        columns=(ColumnUse(header="År", field="period"), ColumnUse(header="Antal felanmälningar", field="value")),
    )  # fmt: skip
    asked = importer.prepare(workspace, path, given=[mapping, mapping]).questions
    assert [(question.id, "Söder" in question.text) for question in asked] == [("option.place", True)]
    placed = [mapping.model_copy(update={"options": {"unit": "antal", "place": p}}) for p in ("Rimbo", "Hallstavik")]
    assert importer.prepare(workspace, path, given=placed).questions == ()


def test_numbers_that_begin_again_on_each_sheet_are_told(workspace: Workspace, tmp_path: Path) -> None:
    rows: dict[str, list[list[object]]] = {
        str(year): [["Ärende", "Datum", "Händelse"], ["A1", f"{year}-03-04", "Rån"], ["A2", f"{year}-03-05", "Hot"]]
        for year in (2024, 2025)
    }
    path = workbook(tmp_path / "Ärenden.xlsx", rows)
    mapping = Mapping(name="Ärenden", kind="events", columns=(
        ColumnUse(header="Ärende", field="event_id"), ColumnUse(header="Datum", field="occurred"),
        ColumnUse(header="Händelse", field="category"),
    ))  # fmt: skip
    tables = importer.prepare(workspace, path, given=[mapping, mapping]).tables
    assert [(f.rule, f.count) for f in tables[1].view.findings if f.rule == "samma_nyckel"] == [("samma_nyckel", 2)]


def test_two_kinds_of_tables_in_a_file_get_a_name_each(settings: Settings, tmp_path: Path) -> None:
    save_mappings(settings, [Mapping(name="Hallstavik", kind="participation", columns=(
        ColumnUse(header="Skola", field="place"), ColumnUse(header="Antal deltagare", field="number"),
    ), headers=("Skola", "Antal deltagare"))])  # fmt: skip
    view = importer.examine(Workspace.of(settings), write(tmp_path, "Hallstavik 2025.csv", MARCH)).tables[0]
    assert view.mapping is not None
    assert view.mapping.name == "Hallstavik – händelser"


@pytest.mark.parametrize(
    ("file", "name"),
    [
        ("Export 2025.csv", "Händelser"),
        ("Sheet1.csv", "Händelser"),
        ("EST.csv", "EST"),
        ("Export Rimbo.csv", "Export Rimbo"),
    ],
)
def test_a_file_with_a_name_that_says_nothing_gets_what_it_holds(
    workspace: Workspace, tmp_path: Path, file: str, name: str
) -> None:
    mapping = importer.prepare(workspace, write(tmp_path, file, MARCH)).tables[0].view.mapping
    assert mapping is not None
    assert mapping.name == name


@pytest.mark.parametrize(
    ("file", "name"),
    [("EST Hallstavik v. 10.xlsx", "EST Hallstavik"), ("EST Hallstavik vecka 10-11.csv", "EST Hallstavik"),
     ("EST v10 Hallstavik.csv", "EST v Hallstavik"), ("Elskåp kv 3 2025.csv", "Elskåp"), ("Vecka 10.csv", "Vecka")],
)  # fmt: skip
def test_a_week_at_the_end_is_no_part_of_a_senders_name(file: str, name: str) -> None:
    assert senders.name_of(file, Mapping(name="", kind="events")) == name


@pytest.mark.parametrize("name", ["", " "])
def test_a_mapping_without_a_name_gets_the_file_s(workspace: Workspace, tmp_path: Path, name: str) -> None:
    path = write(tmp_path, "Lägesrapport 2025.csv", MARCH)
    mapping = importer.prepare(workspace, path).tables[0].view.mapping
    assert mapping is not None
    again = importer.prepare(workspace, path, given=[mapping.model_copy(update={"name": name})]).tables[0]
    assert again.view.mapping is not None
    assert again.view.mapping.name == "Lägesrapport"
    assert again.delivery.source_id.startswith("lokal_lagesrapport")


def test_the_comparison_tells_what_is_new_and_what_is_gone(settings: Settings, tmp_path: Path) -> None:
    many = "".join(f"2024-03-{day:02d};Klotter;Rimbo\n" for day in range(1, 21))
    take(settings, write(tmp_path, "Lägesrapport 2024.csv", f"Datum;Händelse;Ort\n{many}"))
    view = importer.examine(Workspace.of(settings), write(tmp_path, "Lägesrapport 2025.csv", MARCH)).tables[0]
    told = {change.what: (change.before, change.now, change.notable) for change in view.comparison}
    assert told["Rader"] == ("20", "3", True)
    assert told["Period"] == ("1–20 mars 2024", "1–9 mars 2025", False)
    assert told["Nya kategorier"] == ("–", "Rån", True)
    assert [question.id for question in view.questions] == ["shrunken"]
    build = current_build(settings.data_dir)
    assert build is not None
    assert fetch(build, "SELECT count(*) AS n FROM event WHERE source_id LIKE 'lokal_%'")["n"][0] == 20
