"""The importer's own process as the server meets it: one request in, lines of JSON out, and never a traceback."""

from __future__ import annotations

import io
import json
import subprocess
import sys
from functools import partial
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from pipelines import worker
from pipelines.demo import Truth, generate
from pipelines.demo.make import make_example
from store.settings import PROJECT, Settings
from store.warehouse import current_build, fetch

REPORTS = """Datum;Tid;Plats;Vad har hänt;Rapportör
2025-03-04;21:30;Hallstavik;Bråk;Fritidsgården
2025-03-05;22:15;Rimbo;Klotter;Fritidsgården
"""
ORDER = "Datum;Feltyp;Ort\n3/4/2025;Trasig lampa;Rimbo\n5/6/2025;Klotter;Rimbo\n"


def answered(line: bytes, *options: str) -> list[dict[str, Any]]:
    """The lines that a process writes when this line is what it is asked."""
    ended = subprocess.run(
        [sys.executable, "-m", "pipelines", "worker", *options],
        cwd=PROJECT,
        input=line,
        capture_output=True,
        timeout=150,
        check=False,
    )
    assert ended.returncode == 0, ended.stderr.decode()
    assert ended.stderr == b""
    return [json.loads(said) for said in ended.stdout.decode().splitlines()]


def ask(command: str, **arguments: object) -> dict[str, Any]:
    """The last line that answers a request; before it comes that the process is ready, and how far it has come."""
    first, *told, last = answered(json.dumps({"command": command, **arguments}).encode() + b"\n")
    assert first == {"ready": True}
    shares = [line["share"] for line in told]
    assert shares == sorted(shares)
    assert all(0 <= share <= 1 for share in shares)
    assert all(line["text"] for line in told)
    return last


@pytest.fixture
def reports(tmp_path: Path) -> Path:
    path = tmp_path / "0001"  # the server keeps files under names of its own
    path.write_text(REPORTS, "utf-8")
    return path


def files(settings: Settings) -> set[Path]:
    """What there is, beside what official deliveries are parsed to by the code as it is today."""
    return {path for path in settings.data_dir.rglob("*") if path.is_file() and "staged/scb_" not in path.as_posix()}


def test_a_file_is_examined_taken_in_and_undone(installation: Settings, reports: Path, tmp_path: Path) -> None:
    name = "Lägesrapport 2025.csv"
    before = files(installation)
    examined = ask("examine", path=str(reports), name=name)["answer"]
    (table,) = examined["tables"]
    assert (examined["file"], table["counts"]["kept"], table["questions"]) == (name, 2, [])
    assert files(installation) == before

    mapping = {**table["mapping"], "name": "Lägesrapport Hallstavik"}
    outcome = ask(
        "take", path=str(reports), name=name, mappings=[mapping], by="Anna", workdir=str(tmp_path), save=True
    )["answer"]
    (taken,) = outcome["taken"]
    assert taken["title"] == "Lägesrapport Hallstavik"
    build = current_build(installation.data_dir)
    assert build is not None
    assert build.id == outcome["build"]
    stored = fetch(build, "SELECT file, received_by FROM delivery WHERE delivery_id = ?", [taken["delivery_id"]])
    assert stored.iloc[0].to_list() == [name, "Anna"]

    known = ask("examine", path=str(reports), name=name)["answer"]["tables"][0]
    assert (known["known_as"], known["already"]) == ("Lägesrapport Hallstavik", [taken["delivery_id"]])

    undone = ask("undo", delivery=taken["delivery_id"], by="Anna")["answer"]
    assert undone["build"] != outcome["build"]

    nameless = {"path": str(reports), "name": name, "mappings": [mapping], "by": "", "workdir": str(tmp_path)}
    assert ask("take", **nameless)["answer"]["build"]
    build = current_build(installation.data_dir)
    assert build is not None
    said = fetch(build, "SELECT received_by, producer FROM delivery JOIN source USING (source_id) WHERE protected")
    assert said.iloc[0].to_list() == ["inte angivet", "Norrtälje kommun"], "neither the server's user nor «Kommunen»"


def test_a_table_that_is_pointed_out_has_no_kind_yet(installation: Settings, reports: Path) -> None:
    where = {"sheet": reports.stem, "header_row": 1, "header_rows": 1, "first_row": 2, "last_row": 3,
             "first_column": 1, "last_column": 5}  # fmt: skip
    pointed = {"name": "", "kind": "", "spot": where}
    answer = ask("examine", path=str(reports), name=reports.name, mappings=[pointed])["answer"]
    assert answer["tables"][0]["mapping"]["kind"] == "events"
    wrong = ask("examine", path=str(reports), mappings=[{**pointed, "columns": [{"header": "Ort", "field": "place"}]}])
    assert "Sorten «» finns inte" in wrong["error"]


def test_nothing_is_written_while_something_must_be_asked(installation: Settings, tmp_path: Path) -> None:
    path = tmp_path / "fel.csv"
    path.write_text(ORDER, "utf-8")
    before = files(installation)
    outcome = ask("take", path=str(path), name="fel.csv", mappings=[])["answer"]
    assert [question["key"] for question in outcome["questions"]] == ["date_order"]
    assert (outcome["build"], outcome["taken"]) == ("", [])
    assert files(installation) == before


def test_a_table_can_be_left_out(installation: Settings, reports: Path) -> None:
    outcome = ask("take", path=str(reports), name="Lägesrapport.csv", mappings=[None])["answer"]
    assert outcome["taken"] == []


def test_members_and_templates(installation: Settings, reports: Path, tmp_path: Path) -> None:
    (member,) = ask("members", path=str(reports), workdir=str(tmp_path))["answer"]
    assert member == {"name": "0001", "path": str(reports), "problem": ""}
    path = tmp_path / "ut" / "mall.xlsx"
    assert ask("template", kind="answers", form="answers", path=str(path))["answer"] == {"path": str(path)}
    assert "Instruktion" in openpyxl.load_workbook(path).sheetnames


def served(line: bytes, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> list[dict[str, Any]]:
    """The same without a process: what is said does not hang on it, and starting one takes a second."""
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(line)))
    monkeypatch.setattr(worker, "limit_memory", lambda: None)  # it would be the tests' own
    worker.serve(Settings())
    return [json.loads(said) for said in capsys.readouterr().out.splitlines()]


@pytest.mark.parametrize(
    ("line", "says"),
    [
        pytest.param(b"garbage\n", "förstod inte begäran", id="not JSON"),
        pytest.param(b"\xff\xfe\x00\n", "förstod inte begäran", id="not text"),
        pytest.param(b"[" * 100_000 + b"\n", "förstod inte begäran", id="nested deeply"),
        pytest.param(b"[]\n", "förstod inte begäran", id="no object"),
        pytest.param(b"{}\n", "förstod inte begäran", id="no command"),
        pytest.param(b'{"command": ["x"]}\n', "förstod inte begäran", id="a command that is no word"),
        pytest.param(b'{"command": "format_disk"}\n', "förstod inte begäran", id="unknown command"),
        pytest.param(b'{"command": "undo"}\n', "förstod inte begäran", id="too few arguments"),
        pytest.param(b'{"command": "undo", "delivery": "x", "sudo": 1}\n', "förstod inte begäran", id="too many"),
        pytest.param(b'{"command": "undo", "delivery": "x"}\n', "Leveransen x finns inte", id="unknown delivery"),
        pytest.param(b'{"command": "examine", "path": "/no/a.csv"}\n', "/no/a.csv kan inte läsas", id="no such file"),
        pytest.param(
            b'{"command": "template", "kind": "brott", "form": "", "path": "x.xlsx"}\n',
            "Sorten brott finns inte", id="unknown kind",
        ),
        pytest.param(
            b'{"command": "take", "path": "a.csv", "mappings": [{"kind": "events"}]}\n',
            "«0.name» saknas", id="a mapping without a name",
        ),
        pytest.param(
            b'{"command": "take", "path": "a.csv", "mappings": [{"name": "x", "kind": "brott"}]}\n',
            "Sorten «brott» finns inte", id="a mapping of an unknown kind",
        ),
        pytest.param(
            b'{"command": "take", "path": "a.csv", "mappings": ["dmy"]}\n',
            "Tolkningen går inte att använda", id="not a mapping",
        ),
        pytest.param(
            b'{"command": "take", "path": "a.csv", "mappings": 7}\n',
            "Tolkningen går inte att använda", id="not a list of mappings",
        ),
    ],
)  # fmt: skip
def test_what_cannot_be_done_is_one_swedish_line(
    installation: Settings,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    line: bytes,
    says: str,
) -> None:
    ready, last = served(line, monkeypatch, capsys)
    assert ready == {"ready": True}
    assert says in last["error"]


def test_a_process_that_is_asked_nonsense_ends_well(installation: Settings) -> None:
    ready, last = answered(b"garbage\n")
    assert ready == {"ready": True}
    assert "förstod inte begäran" in last["error"]


@pytest.mark.parametrize("line", [b"", b"\n"], ids=["closed", "empty"])
def test_a_server_that_asks_nothing_gets_nothing(
    installation: Settings, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], line: bytes
) -> None:
    assert served(line, monkeypatch, capsys) == [{"ready": True}]


if sys.platform == "linux":  # the only system that limits the memory of a process by its data

    def test_memory_is_limited(installation: Settings) -> None:
        process = subprocess.Popen(
            [sys.executable, "-m", "pipelines", "worker"], cwd=PROJECT, stdin=subprocess.PIPE, stdout=subprocess.PIPE
        )
        assert process.stdin is not None
        assert process.stdout is not None
        with process:
            assert json.loads(process.stdout.readline()) == {"ready": True}
            limits = Path(f"/proc/{process.pid}/limits").read_text()
            process.stdin.close()
        (line,) = [line for line in limits.splitlines() if line.startswith("Max data size")]
        assert line.split()[3:5] == [str(3 * 2**30)] * 2


def test_the_example_is_made_apart_and_is_the_same_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RODA_TRADEN_DATA_DIR", str(tmp_path / "data"))
    made = ask("demo")["answer"]["build"]
    settings = Settings()
    assert [path.name for path in settings.data_dir.iterdir()] == ["exempel"]
    build = current_build(settings.example.data_dir)
    assert build is not None
    assert (build.id, build.example) == (made, True)
    assert (settings.example.data_dir / "sanning.json").is_file()
    kinds = set(fetch(build, "SELECT DISTINCT kind FROM source")["kind"])
    assert {"events", "answers", "observations", "participation", "inspections"} <= kinds
    deliveries = fetch(build, "SELECT * FROM delivery ORDER BY delivery_id")
    again = make_example(settings)
    assert again.id == made
    assert fetch(again, "SELECT * FROM delivery ORDER BY delivery_id").equals(deliveries)


def test_an_example_of_another_version_takes_the_place_of_the_old(
    places: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings = Settings(data_dir=tmp_path / "data", open_dir=places.open_dir)
    files = []
    for first in (0, 1):
        monkeypatch.setattr("pipelines.demo.make.generate", partial(some, first))
        build = make_example(settings)
        local = fetch(build, "SELECT file FROM delivery WHERE mapping IS NOT NULL ORDER BY file")
        files.append(list(local["file"]))
    old, new = files
    assert len(old) == len(new) == 2
    assert set(old) & set(new) == {old[1]}


def some(first: int, *given: Any, **named: Any) -> Truth:
    """A generator whose example is two of the files, from ``first`` on."""
    truth = generate(*given, **named)
    return truth.model_copy(update={"files": truth.files[first : first + 2]})
