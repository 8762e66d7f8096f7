"""The command line's ``work``: what it says, and that it changes nothing when it refuses."""

from __future__ import annotations

from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from pipelines.__main__ import app
from store.records import Actor, Problem, Role, open_work


@pytest.fixture
def data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.delenv("RODA_TRADEN_RECORDS_URL", raising=False)
    return tmp_path / "data"


def work(data: Path, *words: str) -> Result:
    return CliRunner().invoke(app, ["work", *words, "--data-dir", str(data)])


def problem(data: Path, title: str) -> None:
    store = open_work(data / "records.sqlite", data)
    store.create(Actor("Anna", Role.EDITOR), Problem(title=title, place_id="0188", place="Norrtälje"))


def titles(data: Path) -> list[str]:
    return [row.title for row in open_work(data / "records.sqlite", data).all(Problem)]


def test_a_backup_is_made_and_restored(data: Path, tmp_path: Path) -> None:
    problem(data, "Klotter")
    copy = tmp_path / "kopia.sqlite"
    assert work(data, "backup", str(copy)).output == f"Arbetet är sparat i {copy}.\n"
    problem(data, "Buller")
    refused = work(data, "restore", str(copy))
    assert (refused.exit_code, titles(data)) == (1, ["Klotter", "Buller"])
    assert "Lägg till --replace" in refused.output
    done = work(data, "restore", str(copy), "--replace")
    assert (done.exit_code, titles(data)) == (0, ["Klotter"])
    (kept,) = data.glob("arbete-ersatt-*.sqlite")
    assert f"Det som fanns ligger i {kept}." in done.output
    status = work(data, "status").output
    assert str(data / "records.sqlite") in status
    assert [line.split() for line in status.splitlines()[3:]] == [["history", "1"], ["problem", "1"]]


def test_an_export_is_read_where_the_work_is_empty(data: Path, tmp_path: Path) -> None:
    problem(data, "Klotter")
    file = tmp_path / "arbetet.json"
    assert work(data, "export", str(file)).exit_code == 0
    again = work(data, "export", str(file))
    assert (again.exit_code, "finns redan" in again.output) == (1, True)
    assert "Den gamla filen ligger i" in work(data, "export", str(file), "--replace").output
    assert "bara göras där det är tomt" in work(data, "import", str(file)).output
    assert work(tmp_path / "new", "import", str(file)).exit_code == 0
    assert titles(tmp_path / "new") == ["Klotter"]


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (("import", "{}/finns-inte.json"), "kan inte läsas eller skrivas"),
        (("restore", "{}/annat.txt"), "går inte att läsa som JSON"),
        (("backup", "{}/ingen/mapp/kopia.sqlite"), "kan inte läsas eller skrivas"),
    ],
)
def test_what_cannot_be_done_is_one_message(words: tuple[str, str], message: str, data: Path, tmp_path: Path) -> None:
    (tmp_path / "annat.txt").write_text("hej")
    result = work(data, *(word.format(tmp_path) for word in words))
    assert result.exit_code == 1
    assert message in result.output
    assert "Traceback" not in result.output


def test_a_damaged_database_or_one_that_does_not_answer_is_told_of(data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    data.mkdir()
    (data / "records.sqlite").write_bytes(b"x" * 5000)
    assert "är skadad eller kan inte läsas" in work(data, "status").output
    monkeypatch.setenv("RODA_TRADEN_RECORDS_URL", "postgresql+psycopg://nobody@127.0.0.1:9/none")
    assert "Arbetets databas svarar inte. Kontrollera RODA_TRADEN_RECORDS_URL." in work(data, "status").output
