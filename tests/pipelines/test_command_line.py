"""The command line as a newcomer meets it: help, progress, answers, exit codes."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from rich.console import Console
from typer.testing import CliRunner

from pipelines.__main__ import app
from pipelines.fetch import Outcome
from store.settings import PROJECT
from store.warehouse import current_build

OPEN = PROJECT / "data" / "open"


@pytest.fixture
def environment(tmp_path: Path) -> dict[str, str]:
    """An installation with the yearly offences as its only open figures."""
    folder = tmp_path / "open" / "bra_reported_offences"
    folder.mkdir(parents=True)
    shutil.copy(OPEN / "bra_reported_offences" / "reported_offences_by_year.csv", folder)
    shutil.copy(OPEN / "delivered.toml", tmp_path / "open")
    return {**os.environ, "RODA_TRADEN_OPEN_DIR": str(tmp_path / "open"), "PYTHONIOENCODING": "utf-8"}


@pytest.fixture
def in_process(environment: dict[str, str], monkeypatch: pytest.MonkeyPatch) -> CliRunner:
    """The same installation, commanded without a process per command."""
    monkeypatch.setenv("RODA_TRADEN_OPEN_DIR", environment["RODA_TRADEN_OPEN_DIR"])
    monkeypatch.setattr("pipelines.__main__._out", Console(width=200))
    return CliRunner()


def run(environment: dict[str, str], data_dir: Path, command: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "pipelines", command, *arguments, "--data-dir", str(data_dir)],
        cwd=PROJECT,
        env=environment,
        capture_output=True,
        encoding="utf-8",
        timeout=120,
        check=False,
    )


def test_build_add_undo_and_status_as_json(environment: dict[str, str], tmp_path: Path) -> None:
    data = tmp_path / "data"
    built = run(environment, data, "build", "--json")
    assert built.returncode == 0, built.stderr
    first = json.loads(built.stdout)
    assert first["ok"]
    told = [json.loads(line) for line in built.stderr.splitlines() if line.startswith("{")]
    assert told[-1] == {"share": 1.0, "text": "Klart"}

    delivery = OPEN / "bra_reported_offences" / "reported_offences_by_quarter.csv"
    added = json.loads(run(environment, data, "add", str(delivery), "--json").stdout)
    (row,) = added["added"]
    assert (row["source"], row["rows_read"], row["refusals"]) == ("bra_reported_offences", row["rows_kept"], [])
    assert added["build"] != first["build"]

    status = json.loads(run(environment, data, "status", "--json").stdout)
    by_id = {item["source_id"]: item for item in status}
    assert by_id["bra_reported_offences"]["period_last"] == "2026-06-30"
    assert len(by_id["bra_reported_offences"]["delivery_ids"]) == 2
    assert by_id["skolenkaten"]["last_received"] is None

    undone = json.loads(run(environment, data, "undo", row["delivery"], "--json").stdout)
    assert undone["build"] == first["build"]


@pytest.mark.parametrize(
    ("command", "arguments", "says"),
    [
        pytest.param("undo", ["nothing-like-it"], "finns inte", id="undo of an unknown delivery"),
        pytest.param("add", ["{picture}"], "det här är en bild", id="a picture"),
        pytest.param("add", ["/nowhere/fil.csv"], "/nowhere/fil.csv finns inte", id="no such file"),
        pytest.param("add", ["{empty}"], "filen är tom", id="an empty file"),
        pytest.param("add", ["{picture}", "--source", "nowhere"], "Källan nowhere finns inte", id="unknown source"),
        pytest.param("fetch", ["nowhere"], "Kan inte hämta nowhere", id="fetch of an unknown source"),
    ],
)
@pytest.mark.parametrize("as_json", [False, True], ids=["text", "json"])
def test_what_cannot_be_done_is_said_in_swedish(
    in_process: CliRunner, tmp_path: Path, command: str, arguments: list[str], says: str, as_json: bool
) -> None:
    picture = tmp_path / "bild.csv"
    picture.write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(range(256)))
    (tmp_path / "tom.csv").touch()
    given = [argument.format(picture=picture, empty=tmp_path / "tom.csv") for argument in arguments]
    options = ["--data-dir", str(tmp_path / "data"), *(["--json"] if as_json else [])]
    result = in_process.invoke(app, [command, *given, *options])
    assert result.exit_code == 1
    said = json.loads(result.stdout.splitlines()[-1])["error"] if as_json else " ".join(result.stderr.split())
    assert says in said
    assert "Traceback" not in result.output


def test_a_build_is_finished_when_whoever_followed_it_has_left(environment: dict[str, str], tmp_path: Path) -> None:
    command = [sys.executable, "-m", "pipelines", "build", "--json", "--data-dir", str(tmp_path / "data")]
    with subprocess.Popen(
        command, cwd=PROJECT, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE
    ) as process:
        assert process.stderr is not None
        assert json.loads(process.stderr.readline())["share"] == 0
        process.stderr.close()
        assert process.wait(timeout=120) == 0
    assert current_build(tmp_path / "data") is not None


def test_status_in_words(in_process: CliRunner, tmp_path: Path) -> None:
    result = in_process.invoke(app, ["status", "--data-dir", str(tmp_path / "data")])
    assert result.exit_code == 0
    assert "Anmälda brott" in result.output
    assert "ingen än" in result.output
    assert "bra_reported_offences-0c562e622691" in result.output.split()
    assert "reported_offences_by_year.csv" in result.output
    assert max(map(len, result.output.splitlines())) < 80


def test_a_fetch_that_brings_nothing_does_not_say_that_it_published(
    in_process: CliRunner, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    data = str(tmp_path / "data")
    assert "Publicerat" in in_process.invoke(app, ["build", "--data-dir", data]).output
    outcome = Outcome("polisen_events", "Polisens händelser", (), 0, "Servern svarar inte.")
    monkeypatch.setattr("pipelines.__main__.fetch_sources", lambda *_: [outcome])
    result = in_process.invoke(app, ["fetch", "polisen_events", "--data-dir", data])
    assert result.exit_code == 1
    assert "Inget nytt; uppgifterna är oförändrade." in result.output
    assert "Publicerat" not in result.output


@pytest.mark.parametrize("command", ["build", "add", "undo", "fetch", "status", "demo"])
def test_every_command_has_help(in_process: CliRunner, command: str) -> None:
    result = in_process.invoke(app, [command, "--help"])
    assert result.exit_code == 0
    assert "--data-dir" in result.output
    assert "--json" in result.output
