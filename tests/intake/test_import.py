"""Whole imports: from a file as a sender makes it to rows in a build, and what is asked on the way."""

from __future__ import annotations

import datetime as dt
import os
import shutil
import subprocess
import zipfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import openpyxl
import pandas as pd
import pytest

from pipelines import engine
from pipelines.deliveries import active
from pipelines.intake import importer
from pipelines.intake.local import as_toml
from pipelines.intake.workspace import Workspace, read_mapping
from pipelines.source import DeliveryError
from queries import local_surveys
from store.intake import Mapping, Outcome
from store.settings import Settings
from store.warehouse import current_build, fetch

POLICE = """Radnr;Ärendenummer;Brottskod;Brottskodtext;Registreringsdatum;Brottsdatum;Kommun;Län;DeSO;Antal
1;5000-K1-25;1201;Skadegörelse;2025-03-05;2025-03-04;Norrtälje;Stockholms län;0188C1040;1
2;5000-K2-25;0825;Stöld ur bil;2025-03-06;2025-03-05;Norrtälje;Stockholms län;0188A0010;1
3;5000-K3-25;0825;Stöld ur bil;2025-03-07;2025-02-31;Norrtälje;Stockholms län;;1
4;5000-K4-25;0365;Misshandel;2025-03-08;2025-03-08;Uppsala;Uppsala län;;1
5;5000-K5-25;0365;Misshandel;2025-04-01;2025-03-30;Norrtälje;Stockholms län;;2
"""


def write(folder: Path, name: str, text: str, encoding: str = "utf-8") -> Path:
    path = folder / name
    path.write_text(text, encoding)
    return path


def take(settings: Settings, path: Path, **given: Any) -> Outcome:
    return importer.take(Workspace.of(settings), path, **given)


def suggested(settings: Settings, path: Path, **changes: Any) -> Mapping:
    """The suggested mapping of a file with one table, with some of it changed."""
    mapping = importer.examine(Workspace.of(settings), path).tables[0].mapping
    assert mapping is not None
    return mapping.model_copy(update=changes)


def events(settings: Settings) -> pd.DataFrame:
    build = current_build(settings.data_dir)
    assert build is not None
    return fetch(build, "SELECT * FROM event WHERE source_id LIKE 'lokal_%' ORDER BY event_id")


@pytest.fixture
def police(tmp_path: Path) -> Path:
    return write(tmp_path, "Polisen utdrag 2025.csv", POLICE, "cp1252")


@dataclass(frozen=True)
class Installation:
    """An installation that has taken in the police extract, and what came of that."""

    settings: Settings
    outcome: Outcome


@pytest.fixture(scope="module")
def first_time(shipped: Settings, tmp_path_factory: pytest.TempPathFactory) -> Installation:
    """The extract taken in once; never changed."""
    folder = tmp_path_factory.mktemp("police")
    shutil.copytree(shipped.data_dir, folder / "data")
    settings = Settings(data_dir=folder / "data", open_dir=shipped.open_dir)
    path = write(folder, "Polisen utdrag 2025.csv", POLICE, "cp1252")
    return Installation(settings, take(settings, path, by="Anna"))


@pytest.fixture
def informed(first_time: Installation, tmp_path: Path) -> Installation:
    """The same for a test of its own."""
    shutil.copytree(first_time.settings.data_dir, tmp_path / "data")
    return Installation(Settings(data_dir=tmp_path / "data", open_dir=first_time.settings.open_dir), first_time.outcome)


def test_a_police_extract_goes_in_without_a_question(first_time: Installation) -> None:
    settings, outcome = first_time.settings, first_time.outcome
    assert outcome.questions == ()
    counts = outcome.taken[0].counts
    assert (counts.read, counts.kept, counts.refused) == (5, 5, 0)
    assert (counts.placed, counts.outside, counts.unplaced) == (2, 1, 2)
    rows = events(settings)
    assert list(rows["event_id"]) == [
        "5000-K1-25 1201", "5000-K2-25 0825", "5000-K3-25 0825", "5000-K4-25 0365", "5000-K5-25 0365"
    ]  # fmt: skip
    assert list(rows["category"]) == ["Skadegörelse", "Stöld ur bil", "Stöld ur bil", "Misshandel", "Misshandel"]
    assert list(rows["events"]) == [1, 1, 1, 1, 2]
    assert list(rows["area_id"].fillna("")) == ["0188C1040", "0188A0010", "0188", "", "0188"]
    assert list(rows["placement"]) == ["placed", "placed", "unplaced", "outside", "unplaced"]
    assert rows["occurred_from"].iloc[0] == pd.Timestamp(2025, 3, 4)
    assert pd.isna(rows["occurred_from"].iloc[2])  # 31 February: kept with its day of registration
    assert rows["reported"].iloc[2] == pd.Timestamp(2025, 3, 7)
    assert rows["time_note"].iloc[2]


def test_the_same_file_again_changes_nothing(informed: Installation, police: Path) -> None:
    settings, first = informed.settings, informed.outcome
    again = take(settings, police)
    assert again.questions == ()
    assert again.taken[0].already
    assert again.build == first.build
    assert len(events(settings)) == 5


def test_a_second_delivery_is_recognised_by_its_headers(first_time: Installation, tmp_path: Path) -> None:
    settings = first_time.settings
    renamed = POLICE.replace("Brottskodtext", "Brottstext").replace("2025-0", "2026-0").replace("-25;", "-26;")
    workspace = Workspace.of(settings)
    for file, asked in (("Polisen utdrag 2026.csv", []), ("Nytt uttag.csv", ["sender"])):
        view = importer.examine(workspace, write(tmp_path, file, renamed)).tables[0]
        assert view.known_as == "Polisen utdrag"
        assert any("Brottskodtext" in line and "Brottstext" in line for line in view.differences)
        assert [question.id for question in view.questions] == asked


def test_an_overlapping_period_asks_and_obeys(informed: Installation, tmp_path: Path) -> None:
    settings = informed.settings
    new = "9;5000-K9-25;1201;Skadegörelse;2025-03-06;2025-03-06;Norrtälje;;0188C1040;1"
    fewer = "\n".join([*POLICE.splitlines()[:2], new, *POLICE.splitlines()[2:5]])
    path = write(tmp_path, "Polisen utdrag 2025 ny.csv", fewer)
    asked = take(settings, path)
    assert [question.id for question in asked.questions] == ["overlap"]
    assert len(events(settings)) == 5  # nothing written
    saved = read_mapping(next((settings.data_dir / "mappings").glob("*.toml")))
    replaced = saved.model_copy(update={"decisions": saved.decisions.model_copy(update={"overlap": "replace"})})
    take(settings, path, given=[replaced])
    # The new file covers 4-8 March: the five of that time are its own; the one of 30 March stays.
    assert list(events(settings)["event_id"]) == [
        "5000-K1-25 1201", "5000-K2-25 0825", "5000-K3-25 0825", "5000-K4-25 0365", "5000-K5-25 0365",
        "5000-K9-25 1201",
    ]  # fmt: skip


def test_undo_takes_the_rows_out(informed: Installation, police: Path) -> None:
    settings, delivery = informed.settings, informed.outcome.taken[0].delivery_id
    engine.undo(settings, delivery)
    assert events(settings).empty
    take(settings, police)
    assert len(events(settings)) == 5


def test_a_shrunken_delivery_needs_a_yes(first_time: Installation, tmp_path: Path) -> None:
    settings = first_time.settings
    short = "\n".join(POLICE.replace("2025-0", "2026-0").splitlines()[:3])
    asked = take(settings, write(tmp_path, "Polisen utdrag 2026.csv", short))
    assert [question.id for question in asked.questions] == ["shrunken"]


PERSONAL = "8112189876"  # one of the tax agency's test numbers


@pytest.mark.parametrize(
    ("decision", "kept", "stopped", "masked"), [("mask", 2, 0, 1), ("stop", 1, 1, 0)], ids=["mask", "stop"]
)
def test_personal_data_is_asked_about_and_never_kept(
    settings: Settings, tmp_path: Path, decision: str, kept: int, stopped: int, masked: int
) -> None:
    rows = f"2025-03-04;Bråk vid skolan, {PERSONAL} pekas ut;Hallstavik\n2025-03-05;Klotter;Rimbo\n"
    path = write(tmp_path, "Lägesrapport.csv", f"Datum;Händelse;Plats\n{rows}")
    assert "personal_data" in [question.id for question in take(settings, path).questions]
    mapping = suggested(settings, path)
    chosen = mapping.model_copy(update={"decisions": mapping.decisions.model_copy(update={"personal_data": decision})})
    counts = take(settings, path, given=[chosen]).taken[0].counts
    assert (counts.kept, counts.stopped, counts.masked) == (kept, stopped, masked)
    files = [found for found in settings.data_dir.rglob("*") if found.is_file()]
    assert [found for found in files if PERSONAL.encode() in found.read_bytes()] == []
    assert not list((settings.data_dir / "raw").rglob(path.name))


def test_columns_that_are_not_used_are_not_stored(settings: Settings, tmp_path: Path) -> None:
    text = "Datum;Händelse;Plats;Intern anteckning\n2025-03-04;Klotter;Rimbo;hemligt ord\n"
    take(settings, write(tmp_path, "Lägesrapport.csv", text))
    assert not [f for f in settings.data_dir.rglob("*") if f.is_file() and b"hemligt ord" in f.read_bytes()]


def test_an_ambiguous_order_of_day_and_month_is_asked_about(settings: Settings, tmp_path: Path) -> None:
    path = write(tmp_path, "Felanmälan.csv", "Datum;Feltyp;Ort\n3/4/2025;Trasig lampa;Rimbo\n5/6/2025;Klotter;Rimbo\n")
    assert [question.key for question in take(settings, path).questions] == ["date_order"]
    take(settings, path, given=[suggested(settings, path, date_order="dmy")])
    assert list(events(settings)["occurred_from"].sort_values()) == [pd.Timestamp(2025, 4, 3), pd.Timestamp(2025, 6, 5)]


def test_refused_rows_come_back_as_a_workbook_that_can_be_mended(settings: Settings, tmp_path: Path) -> None:
    rows = [f"2025-03-{day:02d};Klotter;Rimbo" for day in range(1, 29)]
    path = write(tmp_path, "Lägesrapport.csv", "\n".join(["Datum;Händelse;Plats", *rows, "i våras;Klotter;Rimbo"]))
    outcome = take(settings, path, workdir=tmp_path / "out")
    assert (outcome.taken[0].counts.kept, outcome.taken[0].counts.refused) == (28, 1)
    book = openpyxl.load_workbook(outcome.refused_file)
    lines = list(book.active.iter_rows(values_only=True))
    assert lines[1][:3] == ("i våras", "Klotter", "Rimbo")
    assert "Avvisad: skäl" in lines[0]
    assert lines[1][5] == 30
    book.active["A2"] = "2025-03-29"
    book.save(tmp_path / "rättad.xlsx")
    mended = importer.examine(Workspace.of(settings), tmp_path / "rättad.xlsx").tables[0]
    assert mended.known_as
    assert mended.counts.kept == 1


def test_the_mapping_as_a_file_says_the_same(settings: Settings, police: Path, tmp_path: Path) -> None:
    mapping = suggested(settings, police)
    path = write(tmp_path, "tolkning.toml", as_toml(mapping))
    assert read_mapping(path) == mapping


def test_several_sheets_become_several_deliveries(settings: Settings, tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    for number, (name, month) in enumerate({"VT 2025": 3, "HT 2025": 10}.items()):
        sheet = book.active if number == 0 else book.create_sheet()
        sheet.title = name
        sheet.append([f"Lägesrapport Hallstavik {name}"])
        sheet.append([])
        sheet.append(["Datum", "Tid", "Plats", "Vad har hänt", "Rapportör"])
        for day in range(1, 8):
            sheet.append([dt.datetime(2025, month, day), dt.time(21, 30), "Hallstavik", "Bråk", "Fritidsgården"])
        sheet.append(["Totalt", None, None, 7, None])
    book.save(tmp_path / "EST Hallstavik 2025.xlsx")
    outcome = take(settings, tmp_path / "EST Hallstavik 2025.xlsx")
    assert outcome.questions == ()
    assert len(outcome.taken) == 2
    rows = events(settings)
    assert len(rows) == 14
    assert set(rows["area_id"]) == {"0188-hallstavik"}
    assert set(rows["occurred_from"].dt.strftime("%H:%M")) == {"21:30"}
    assert len([d for d in active(settings) if d.is_local]) == 2


def lines(*rows: str) -> str:
    return "\n".join(["Nr;Datum;Händelse;Plats", *rows, ""])


def test_running_numbers_of_another_year_are_other_events(settings: Settings, tmp_path: Path) -> None:
    for year in (2024, 2025):
        rows = [f"{day};{year}-03-{day:02d};Klotter;Rimbo" for day in range(2, 28, 3)]
        take(settings, write(tmp_path, f"Lägesrapporter {year}.csv", lines(*rows)))
    assert events(settings)["occurred_from"].dt.year.value_counts().to_dict() == {2024: 9, 2025: 9}


def test_the_events_of_one_case_stay_apart_when_some_come_again(settings: Settings, tmp_path: Path) -> None:
    case = ["K-100-25;2025-03-02;Stöld;Rimbo", "K-100-25;2025-03-02;Bråk;Rimbo", "K-101-25;2025-03-09;Bråk;Rimbo"]
    first = write(tmp_path, "Ärenden.csv", lines(*case))
    take(settings, first)
    again = write(tmp_path, "Ärenden april.csv", lines(*case[1:], "K-102-25;2025-03-12;Klotter;Rimbo"))
    saved = read_mapping(next((settings.data_dir / "mappings").glob("*.toml")))
    both = saved.model_copy(update={"decisions": saved.decisions.model_copy(update={"overlap": "add"})})
    take(settings, again, given=[both])
    assert sorted(events(settings)["category"]) == ["Bråk", "Bråk", "Klotter", "Stöld"]


def test_the_same_file_read_another_way_takes_the_place_of_the_first(informed: Installation, police: Path) -> None:
    settings = informed.settings
    mapping = suggested(settings, police)
    fewer = mapping.model_copy(update={"columns": tuple(use for use in mapping.columns if use.field != "count")})
    take(settings, police, given=[fewer])
    assert len(events(settings)) == 5
    assert set(events(settings)["events"]) == {1}
    assert len([delivery for delivery in active(settings) if delivery.is_local]) == 1


def test_an_import_that_breaks_off_leaves_nothing(
    settings: Settings, police: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as broken:
        broken.setattr("pipelines.engine.switch", full)
        with pytest.raises(OSError, match="No space"):
            take(settings, police)
    assert not [delivery for delivery in active(settings) if delivery.is_local]


def test_what_another_has_taken_in_meanwhile_is_not_overlooked(
    settings: Settings, police: Path, tmp_path: Path
) -> None:
    workspace = Workspace.of(settings)
    other = write(tmp_path, "Polisen utdrag 2026.csv", POLICE.replace("-25;", "-26;"))
    prepared = [importer.prepare(workspace, path) for path in (police, other)]
    importer.publish(workspace, prepared[:1])
    with pytest.raises(DeliveryError, match="läs filen en gång till"):
        importer.publish(workspace, prepared[1:])
    assert len(events(settings)) == 5


def test_after_undo_a_new_decision_counts(informed: Installation, police: Path, tmp_path: Path) -> None:
    settings, first = informed.settings, informed.outcome.taken[0].delivery_id
    saved = read_mapping(next((settings.data_dir / "mappings").glob("*.toml")))
    replacing = saved.model_copy(update={"decisions": saved.decisions.model_copy(update={"overlap": "replace"})})
    other = write(tmp_path, "Polisen utdrag 2025 b.csv", POLICE.replace("-K", "-B"))
    take(settings, other, given=[replacing])
    engine.undo(settings, first)
    take(settings, police, given=[replacing])
    assert {one[:6] for one in events(settings)["event_id"]} == {"5000-K"}


def test_one_odd_date_does_not_clear_the_years_between(informed: Installation, tmp_path: Path) -> None:
    settings = informed.settings
    take(settings, write(tmp_path, "Polisen utdrag 2020.csv", POLICE.replace("2025-", "2020-").replace("-25;", "-20;")))
    saved = read_mapping(next((settings.data_dir / "mappings").glob("*.toml")))
    replacing = saved.model_copy(update={"decisions": saved.decisions.model_copy(update={"overlap": "replace"})})
    rows = POLICE.replace("-K", "-B").replace("2025-03-05;2025-03-04", "2014-03-05;2014-03-04")
    take(settings, write(tmp_path, "Polisen utdrag ny.csv", rows), given=[replacing])
    found = events(settings)
    assert (found["reported"].dt.year == 2020).sum() == 5
    assert (found["reported"].dt.year == 2025).sum() >= 4


SURVEY = "Svarsnr;Är du trygg?;Har du blivit utsatt?;Hur trygg känner du dig ute?\n"


def test_a_level_that_comes_later_is_remembered_in_its_place(settings: Settings, tmp_path: Path) -> None:
    first = "1;Ja;Nej;Ganska trygg\n2;Nej;Nej;Mycket otrygg\n3;Ja;Ja;Mycket trygg\n"
    take(settings, write(tmp_path, "Enkät 2024.csv", SURVEY + first))
    later = write(tmp_path, "Enkät 2025.csv", SURVEY + first.replace("Mycket trygg", "Varken trygg eller otrygg"))
    take(settings, later)
    (saved,) = (read_mapping(path) for path in (settings.data_dir / "mappings").glob("*.toml"))
    scales = [use.scale for use in saved.columns if use.scale]
    whole = ("Mycket otrygg", "Ganska otrygg", "Varken trygg eller otrygg", "Ganska trygg", "Mycket trygg")
    assert scales == [whole]
    assert take(settings, later).taken[0].already


def test_where_a_scale_of_figures_ends_is_asked_once_and_spellings_give_one_share(
    settings: Settings, tmp_path: Path
) -> None:
    answers = [f"{at};{'Ja' if at < 30 else 'Nej.'};{at % 4 + 1}" for at in range(100)]
    header = "Svarsnr;Har du blivit utsatt?;Hur trygg känner du dig ute?\n"
    file = write(tmp_path, "Enkät 2024.csv", header + "\n".join(answers))
    asked = take(settings, file)
    assert [question.key for question in asked.questions] == ["options.skala_1_4"]
    assert not asked.build
    mapping = suggested(settings, file)
    said = mapping.model_copy(update={"options": {**mapping.options, "skala_1_4": "1-5"}})
    taken = take(settings, file, given=[said]).taken[0]
    build = current_build(settings.data_dir)
    assert build is not None
    shares = local_surveys.shares(build, "0188", taken.source_id, "2024").set_index(["choice", "area_id"])["share"]
    assert shares["Ja", "0188"] == pytest.approx(0.3)
    assert shares["4 eller 5", "0188"] == pytest.approx(0.25)
    fewer = [line.replace(";4", ";3") for line in answers]
    assert take(settings, write(tmp_path, "Enkät 2025.csv", header + "\n".join(fewer))).build
    (saved,) = (read_mapping(path) for path in (settings.data_dir / "mappings").glob("*.toml"))
    assert [use.scale for use in saved.columns if use.scale] == [("1", "2", "3", "4", "5")]


MACRO = b'Attribute VB_Name = "Modul1" Sub Auto_Open() Shell "calc.exe" End Sub'


def test_macros_are_neither_run_nor_kept(settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def started(*_: object, **__: object) -> None:
        raise AssertionError("a process was started")

    book = openpyxl.Workbook()
    for row in (["Datum", "Händelse", "Plats"], ["2025-03-04", "Klotter", "Rimbo"], ["2025-03-05", "Rån", "Rimbo"]):
        book.active.append(row)
    path = tmp_path / "Lägesrapport.xlsm"
    book.save(path)
    with zipfile.ZipFile(path, "a", zipfile.ZIP_STORED) as parts:  # as it stands, so that it can be searched for
        parts.writestr("xl/vbaProject.bin", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + MACRO)
    assert MACRO in path.read_bytes()
    for module, name in ((subprocess, "Popen"), (os, "system"), (os, "posix_spawn")):
        monkeypatch.setattr(module, name, started)
    outcome = take(settings, path)
    assert outcome.taken[0].counts.kept == 2
    assert set(events(settings)["category"]) == {"Klotter", "Rån"}
    files = [found for found in settings.data_dir.rglob("*") if found.is_file()]
    assert [found for found in files if MACRO in found.read_bytes() or zipfile.is_zipfile(found)] == []
