"""The command line's ``report``: which documents there are, files written whole, and refusals that say what to do."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest
from docx import Document
from typer.testing import CliRunner, Result

from charts.swedish import today
from pipelines.__main__ import app
from store.records import Actor, Role, Situation, open_work


@pytest.fixture
def data(tmp_path: Path, built: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.delenv("RODA_TRADEN_RECORDS_URL", raising=False)
    folder = tmp_path / "data"
    shutil.copytree(built, folder, ignore=shutil.ignore_patterns("raw", "staged", "records*"))
    work = open_work(folder / "records.sqlite", folder)
    for title, period in (("Lägesbild 2024", "2024"), ("Lägesbild 2026", "2026")):
        row = Situation(title=title, place_id="0188", place="Norrtälje kommun", period=period, crime="Text.")
        work.create(Actor("Anna", Role.EDITOR), row)
    return folder


def report(data: Path, *words: str) -> Result:
    return CliRunner().invoke(app, ["report", *words, "--data-dir", str(data)])


def test_the_documents_are_listed() -> None:
    said = CliRunner().invoke(app, ["report", "--list"])
    assert [line.split()[0] for line in said.output.splitlines()] == ["lagesbild", "atgardsplan", "aktivitetsplan"]


def test_all_formats_of_the_newest_are_written(data: Path, tmp_path: Path) -> None:
    out = tmp_path / "ut" / "nu"
    said = report(data, "lagesbild", "--format", "pptx, docx,pdf", "--out", str(out), "--json")
    assert said.exit_code == 0, said.output
    written = sorted(out.iterdir())
    name = f"utkast-lagesbild-norrtalje-kommun-{today().isoformat()}"
    assert [one.name for one in written] == [f"{name}.{form}" for form in ("docx", "pdf", "pptx")]
    assert sorted(json.loads(said.output)["files"]) == [str(one) for one in written]
    assert [one.read_bytes()[:4] for one in written] == [b"PK\x03\x04", b"%PDF", b"PK\x03\x04"]


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("vaderkarta",), "Dokumentet «vaderkarta» finns inte. Välj bland lagesbild, atgardsplan, aktivitetsplan."),
        (("lagesbild", "--format", "odt"), "Formatet «odt» finns inte. Välj bland docx, pdf, pptx, xlsx."),
        (("lagesbild", "--place", "Rimbo"), "Kontrollera plats, period och id."),
        (("lagesbild", "--period", "1999"), "Kontrollera plats, period och id."),
        (("atgardsplan",), "Det finns inget att skriva «Åtgärdsplan» om"),
        (("lagesbild", "--example"), "Det finns inga uppgifter i"),
    ],
)
def test_what_cannot_be_made_is_refused_and_nothing_written(
    data: Path, tmp_path: Path, words: tuple[str, ...], told: str
) -> None:
    said = report(data, *words, "--out", str(tmp_path / "ut"))
    assert said.exit_code == 1
    assert told in said.output
    assert not (tmp_path / "ut").exists()


def test_place_and_period_choose_which(data: Path, tmp_path: Path) -> None:
    said = report(
        data, "lagesbild", "--place", "norrtälje", "--period", "2024", "--format", "docx", "--out", str(tmp_path)
    )
    assert said.exit_code == 0, said.output
    (file,) = tmp_path.glob("*.docx")
    assert Document(str(file)).paragraphs[0].text == "Lägesbild 2024"
