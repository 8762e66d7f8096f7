"""Local spreadsheets on the command line: suggestions taken, questions asked and answered, all or nothing."""

from __future__ import annotations

import json
import shutil
import zipfile
from pathlib import Path
from typing import Any

import openpyxl
import pandas as pd
import pytest
from click.testing import Result
from rich.console import Console
from typer.testing import CliRunner

from pipelines.__main__ import app
from store.settings import PROJECT, Settings
from store.warehouse import current_build, fetch

REPORTS = """Datum;Tid;Plats;Vad har hänt;Rapportör
2025-03-04;21:30;Hallstavik;Bråk;Fritidsgården
2025-03-05;22:15;Rimbo;Klotter;Fritidsgården
2025-03-09;19:00;Norrtälje;Klotter;Skolan
"""
PERSONAL = "8112189876"  # one of the tax agency's test numbers
OFFICIAL = PROJECT / "data" / "open" / "bra_reported_offences" / "reported_offences_by_year.csv"


@pytest.fixture(autouse=True)
def wide(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """A wide terminal, in a folder where workbooks of refused rows may land."""
    monkeypatch.setattr("pipelines.__main__._out", Console(width=200))
    (tmp_path / "here").mkdir()
    monkeypatch.chdir(tmp_path / "here")


def write(folder: Path, name: str, text: str) -> Path:
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, "utf-8")
    return path


def run(*arguments: object) -> Result:
    return CliRunner().invoke(app, [str(argument) for argument in arguments])


def add(*arguments: object) -> dict[str, Any]:
    """What ``add --json`` answers when all goes well."""
    result = run("add", *arguments, "--json")
    assert result.exit_code == 0, result.output
    answer: dict[str, Any] = json.loads(result.stdout)
    assert answer["ok"]
    return answer


def asked(*arguments: object) -> list[dict[str, Any]]:
    """The open questions of ``add``, which ends with 2."""
    result = run("add", *arguments)
    assert result.exit_code == 2, result.output
    questions: list[dict[str, Any]] = json.loads(result.stdout)["questions"]
    return questions


def everything(settings: Settings) -> dict[str, bytes]:
    """Every file of the data folder with its content."""
    return {str(path): path.read_bytes() for path in settings.data_dir.rglob("*") if path.is_file()}


def events(settings: Settings) -> pd.DataFrame:
    build = current_build(settings.data_dir)
    assert build is not None
    return fetch(build, "SELECT * FROM event WHERE source_id LIKE 'lokal_%' ORDER BY occurred_from")


def test_a_new_table_is_not_taken_in_unseen(installation: Settings, tmp_path: Path) -> None:
    path = write(tmp_path, "Lägesrapport 2025.csv", REPORTS)
    before = everything(installation)
    (question,) = asked(path)
    assert (question["file"], question["row"], question["key"]) == ("Lägesrapport 2025.csv", 1, "--yes")
    assert 'field = "occurred"' in question["mapping"]
    assert everything(installation) == before


def test_yes_takes_the_suggestions(installation: Settings, tmp_path: Path) -> None:
    path = write(tmp_path, "Lägesrapport 2025.csv", REPORTS)
    result = run("add", path, "--yes")
    assert result.exit_code == 0, result.output
    assert "i «Lägesrapport», 4–9 mars 2025" in result.stdout
    assert "3 av 3 rader används" in result.stdout
    assert list(events(installation)["area_id"]) == ["0188-hallstavik", "0188-rimbo", "0188-norrtalje-stad"]
    again = add(path)  # known: nothing to look at, so no --yes
    assert again["imported"][0]["taken"][0]["already"]
    assert len(events(installation)) == 3


def test_the_answer_as_json_is_the_check_report(installation: Settings, tmp_path: Path) -> None:
    add(write(tmp_path, "Lägesrapport 2025.csv", REPORTS), "--yes")
    rows = [f"2026-03-{day:02d};21:30;Hallstavik;Bråk;Fritidsgården" for day in range(1, 29)]
    text = "\n".join([REPORTS.splitlines()[0], *rows, "i våras;21:30;Gränby;Stöld;Skolan", rows[0]])
    answer = add(write(tmp_path, "Lägesrapport 2026.csv", text))
    (check,) = answer["checks"]
    assert check["known_as"] == "Lägesrapport"
    assert {name: check["counts"][name] for name in ("read", "kept", "refused")} == {
        "read": 30, "kept": 29, "refused": 1,
    }  # fmt: skip
    (refusal,) = [found for found in check["findings"] if found["severity"] == "stop"]
    assert (refusal["row"], refusal["column"], refusal["value"]) == (30, "Datum", "i våras")
    assert refusal["sheet"]
    assert refusal["rule"]
    assert refusal["remedy"]
    assert check["compared_with"] == "Lägesrapport 2025.csv"
    assert {"what": "Rader", "before": "3", "now": "29", "notable": False} in check["comparison"]


ORDER = "Datum;Feltyp;Ort\n3/4/2025;Trasig lampa;Rimbo\n5/6/2025;Klotter;Rimbo\n"
SURVEY = "Kön;Känner du dig trygg?\n" + "Kvinna;Ganska trygg\nMan;Mycket otrygg\nMan;Mycket trygg\n" * 3
MASKED = f"Datum;Händelse;Plats\n2025-03-04;Bråk, {PERSONAL} pekas ut;Hallstavik\n2025-03-05;Klotter;Rimbo\n"


@pytest.mark.parametrize(
    ("text", "options", "question", "answer"),
    [
        pytest.param(ORDER, [], "date_order", ('date_order = ""', 'date_order = "dmy"'), id="day or month first"),
        pytest.param(
            MASKED, [], "decisions.personal_data", ('personal_data = ""', 'personal_data = "mask"'), id="personal data"
        ),
        pytest.param(SURVEY, ["--kind", "answers"], "options.wave", ('wave = ""', 'wave = "2025"'), id="wave"),
    ],
)
@pytest.mark.parametrize("as_json", [False, True], ids=["text", "json"])
def test_what_is_asked_is_answered_in_the_mapping_that_comes_with_it(
    installation: Settings,
    tmp_path: Path,
    text: str,
    options: list[str],
    question: str,
    answer: tuple[str, str],
    as_json: bool,
) -> None:
    path = write(tmp_path, "Fil.csv", text)
    before = everything(installation)
    questions = asked(path, "--yes", *options, *(["--json"] if as_json else []))
    assert everything(installation) == before
    (one,) = [item for item in questions if item["key"] == question]
    assert answer[0] in one["mapping"]
    mapping = one["mapping"].replace(*answer).replace('survey = ""', 'survey = "Trygg"')
    taken = add(path, "--mapping", write(tmp_path, "tolkning.toml", mapping))
    assert taken["checks"][0]["counts"]["refused"] == 0
    assert taken["build"] != ""
    assert not [name for name, content in everything(installation).items() if PERSONAL.encode() in content]


def test_the_mapping_as_it_was_printed_answers_nothing(installation: Settings, tmp_path: Path) -> None:
    path = write(tmp_path, "Felanmälan.csv", ORDER)
    (question,) = asked(path, "--yes")
    mapping = write(tmp_path, "tolkning.toml", question["mapping"])
    assert [one["key"] for one in asked(path, "--mapping", mapping)] == ["date_order"]


@pytest.mark.parametrize(
    ("mapping", "says"),
    [
        pytest.param('name = "X"\nkind = "events"\ncolumns = [{header = "Dag", field = "occurred"}, '
                     '{header = "Brottet", field = "category"}, {header = "Var", field = "place"}]',
                     "passar ingen tabell i filerna. Kolumnerna «Brottet», «Dag», «Var» finns inte", id="headers"),
        pytest.param('name = "X"\nkind = "händelser"', "Sorten «händelser» finns inte. Välj bland: events", id="kind"),
        pytest.param('name = "X"\nkind = "events"\nform = "wide"', "Formen «wide» finns inte", id="form"),
        pytest.param('name = "X"\nkind = "events"\ncolumns = [{header = "Datum", field = "när"}]',
                     "Fältet «när» finns inte", id="field"),
        pytest.param('kind = "events"', "«name» saknas", id="no name"),
        pytest.param('name = "X"\nkind = "events"\ndate_order = "dag först"',
                     "«date_order» är 'dag först'; det kan vara", id="a value that there is not"),
        pytest.param('name = "X"\nkind = "events"\nsort = 1', "«sort» finns inte", id="a key that there is not"),
        pytest.param("name = ", "är inte giltig TOML", id="not TOML"),
        pytest.param('name = "X"\nkind = "events"\ncolumns = "Dag"', "«columns» ska vara en lista", id="no list"),
        pytest.param('name = "X"\nkind = "events"\n[columns]\nplace = 3', "är 3; det ska vara text", id="no text"),
    ],
)  # fmt: skip
def test_a_mapping_that_cannot_be_used_is_explained(
    installation: Settings, tmp_path: Path, mapping: str, says: str
) -> None:
    before = everything(installation)
    path = write(tmp_path, "Lägesrapport.csv", REPORTS)
    result = run("add", path, "--yes", "--mapping", write(tmp_path, "tolkning.toml", mapping))
    assert result.exit_code == 1
    assert says in " ".join(result.stderr.split())
    assert everything(installation) == before


def test_another_senders_table_is_new_though_it_has_the_same_fields(installation: Settings, tmp_path: Path) -> None:
    add(write(tmp_path, "Felanmälan.csv", ORDER.replace("3/4", "13/4")), "--yes")
    (question,) = asked(write(tmp_path, "Lägesrapport.csv", REPORTS))
    assert (question["key"], "Lägesrapport" in question["mapping"]) == ("--yes", True)


def test_a_mapping_takes_its_own_tables_and_leaves_other_files_to_theirs(
    installation: Settings, tmp_path: Path
) -> None:
    faults, reports = write(tmp_path, "Felanmälan.csv", ORDER), write(tmp_path, "Lägesrapport.csv", REPORTS)
    (question,) = asked(faults, "--yes")
    mapping = write(tmp_path, "tolkning.toml", question["mapping"].replace('date_order = ""', 'date_order = "dmy"'))
    assert [(one["file"], one["key"]) for one in asked(faults, reports, "--mapping", mapping)] == [
        ("Lägesrapport.csv", "--yes")
    ]
    answer = add(faults, reports, "--mapping", mapping, "--yes")
    assert [one["file"] for one in answer["imported"]] == ["Felanmälan.csv", "Lägesrapport.csv"]
    assert len(events(installation)) == 5


def test_an_overlapping_delivery_asks_and_replaces(installation: Settings, tmp_path: Path) -> None:
    add(write(tmp_path, "Lägesrapport 1.csv", REPORTS), "--yes")
    corrected = write(tmp_path, "Lägesrapport 2.csv", REPORTS.replace("Klotter", "Skadegörelse"))
    (question,) = asked(corrected, "--yes")
    assert question["key"] == "decisions.overlap"
    mapping = write(tmp_path, "t.toml", question["mapping"].replace('overlap = ""', 'overlap = "replace"'))
    add(corrected, "--mapping", mapping)
    assert list(events(installation)["category"]) == ["Bråk", "Skadegörelse", "Skadegörelse"]


def test_files_added_together_are_held_against_each_other(installation: Settings, tmp_path: Path) -> None:
    one = write(tmp_path, "Lägesrapport 1.csv", REPORTS)
    other = write(tmp_path, "Lägesrapport 2.csv", REPORTS.replace("Klotter", "Skadegörelse"))
    before = everything(installation)
    assert [(q["file"], q["key"]) for q in asked(one, other, "--yes")] == [("Lägesrapport 2.csv", "decisions.overlap")]
    assert everything(installation) == before


def test_a_bad_file_is_refused_and_a_good_one_goes_in(installation: Settings, tmp_path: Path) -> None:
    picture = tmp_path / "bild.xlsx"
    picture.write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(range(256)))
    result = run("add", write(tmp_path, "Lägesrapport.csv", REPORTS), picture, tmp_path / "saknas.csv", "--yes")
    assert result.exit_code == 1
    assert "Inte mottagen: bild.xlsx: innehållet känns inte igen: det här är en bild" in result.stderr
    assert "saknas.csv finns inte" in " ".join(result.stderr.split())
    assert len(events(installation)) == 3


@pytest.mark.parametrize(
    ("text", "code", "files"),
    [
        pytest.param(REPORTS, 0, {OFFICIAL.name, "Lägesrapport.csv"}, id="nothing to ask"),
        pytest.param(ORDER, 2, set(), id="a question about the local one"),
    ],
)
def test_official_and_local_files_go_in_together_or_not_at_all(
    installation: Settings, tmp_path: Path, text: str, code: int, files: set[str]
) -> None:
    before = everything(installation)
    result = run("add", OFFICIAL, write(tmp_path, "Lägesrapport.csv", text), "--yes")
    assert result.exit_code == code, result.output
    build = current_build(installation.data_dir)
    assert build is not None
    assert set(fetch(build, "SELECT file FROM delivery WHERE source_id <> 'scb_areas'")["file"]) == files
    assert (everything(installation) == before) == (code == 2)


@pytest.mark.parametrize("packed", [False, True], ids=["folder", "zip"])
def test_a_folder_or_zip_is_its_files(installation: Settings, tmp_path: Path, packed: bool) -> None:
    folder = tmp_path / "utdrag"
    write(folder, "2024/Lägesrapport.csv", REPORTS.replace("2025", "2024"))
    write(folder, "2025/Lägesrapport.csv", REPORTS)
    write(folder, "läs mig.txt", "")
    shutil.copy(OFFICIAL, folder)
    given = folder
    if packed:
        given = tmp_path / "utdrag.zip"
        with zipfile.ZipFile(given, "w") as archive:
            for path in sorted(folder.rglob("*.*")):
                archive.write(path, path.relative_to(folder))
    result = run("add", given, "--yes", "--json")
    answer = json.loads(result.stdout)
    assert result.exit_code == 1  # the empty file
    assert [one["file"].rpartition("/")[2] for one in answer["refused"]] == ["läs mig.txt"]
    assert all(
        check["file"].endswith(f"{year}/Lägesrapport.csv")
        for check, year in zip(answer["checks"], (2024, 2025), strict=True)
    )
    assert [one["file"] for one in answer["added"]] == [OFFICIAL.name]
    build = current_build(installation.data_dir)
    assert build is not None
    kept = fetch(build, "SELECT file FROM delivery WHERE source_id LIKE 'lokal_%'")
    assert list(kept["file"]) == ["Lägesrapport.csv", "Lägesrapport.csv"]
    assert len(events(installation)) == 6


def test_refused_rows_of_every_file_are_handed_back(installation: Settings, tmp_path: Path) -> None:
    for year in (2024, 2025):
        rows = [f"{year}-03-{day:02d};21:30;Rimbo;Klotter;Skolan" for day in range(1, 29)]
        text = "\n".join([REPORTS.splitlines()[0], *rows, f"våren {year} ungefär;21:30;Rimbo;Klotter;Skolan"])
        write(tmp_path, f"{year}/Lägesrapport.csv", text)
    files = [tmp_path / "2024" / "Lägesrapport.csv", tmp_path / "2025" / "Lägesrapport.csv"]
    answer = add(*files, "--yes", "--refused-to", tmp_path / "avvisade")
    books = [Path(one["refused_file"]) for one in answer["imported"]]
    assert [book.parent for book in books] == [tmp_path / "avvisade"] * 2
    cells = [openpyxl.load_workbook(book).active["A2"].value for book in books]
    assert cells == ["våren 2024 ungefär", "våren 2025 ungefär"]


def test_refused_rows_need_a_folder(installation: Settings, tmp_path: Path) -> None:
    path = write(tmp_path, "Lägesrapport.csv", REPORTS)
    result = run("add", path, "--yes", "--refused-to", path)
    assert result.exit_code == 1
    assert "är ingen mapp" in result.stderr
    assert events(installation).empty


def test_kind_decides_what_a_table_is(installation: Settings, tmp_path: Path) -> None:
    result = run("add", write(tmp_path, "Lägesrapport.csv", REPORTS), "--kind", "händelser")
    assert result.exit_code == 1
    assert "Sorten händelser finns inte. Välj bland: events, answers" in " ".join(result.stderr.split())
    (question,) = asked(write(tmp_path, "Lägesrapport.csv", REPORTS), "--kind", "events")
    assert 'kind = "events"' in question["mapping"]


def test_a_filled_in_template_needs_no_yes(installation: Settings, tmp_path: Path) -> None:
    template = tmp_path / "mall.xlsx"
    assert run("template", "events", "--output", template).exit_code == 0
    book = openpyxl.load_workbook(template)
    sheet = book["Uppgifter"]
    said = {"Händelsetyp eller brott": "Klotter", "När det hände (från)": "2025-03-09", "Plats eller ort": "Rimbo"}
    for column, head in enumerate(sheet[1], start=1):
        sheet.cell(3, column, said.get(str(head.value)))
    book.save(template)
    add(template)
    assert list(events(installation)["area_id"]) == ["0188-rimbo"]


@pytest.mark.parametrize(
    ("kind", "form", "says"),
    [
        pytest.param("brott", "", "Sorten brott finns inte. Välj bland: events", id="kind"),
        pytest.param("events", "wide", "Formen wide finns inte för events. Välj bland: row", id="form"),
    ],
)
def test_a_template_that_there_is_not(tmp_path: Path, kind: str, form: str, says: str) -> None:
    result = run("template", kind, "--form", form, "--output", tmp_path / "mall.xlsx")
    assert result.exit_code == 1
    assert says in " ".join(result.stderr.split())
    assert not (tmp_path / "mall.xlsx").exists()


def test_examine_tells_how_a_file_would_be_read(installation: Settings, tmp_path: Path) -> None:
    before = everything(installation)
    result = run("examine", write(tmp_path, "Lägesrapport.csv", REPORTS))
    assert result.exit_code == 0
    (table,) = json.loads(result.stdout)["tables"]
    assert table["counts"]["kept"] == 3
    assert everything(installation) == before


def test_a_senders_deliveries_stand_in_status_and_can_be_undone(installation: Settings, tmp_path: Path) -> None:
    answer = add(write(tmp_path, "Lägesrapport.csv", REPORTS), "--yes")
    delivery = answer["imported"][0]["taken"][0]["delivery_id"]
    told = run("status").output
    assert "Lägesrapport (lokal_lagesrapport" in told
    assert delivery in told.split()
    undone = run("undo", delivery, "--json")
    assert undone.exit_code == 0
    assert events(installation).empty
    assert delivery not in run("status").output
    add(write(tmp_path, "Lägesrapport.csv", REPORTS))
    assert len(events(installation)) == 3
