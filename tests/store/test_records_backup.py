"""Export, import, backup and restore of the work, and the schema that databases are brought to."""

from __future__ import annotations

import json
import subprocess
import sys
import threading
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import create_engine, inspect, text

from store.migrations import newest
from store.records import (
    Actor,
    Attachment,
    Cause,
    Evidence,
    Measure,
    MeasureCause,
    Problem,
    Situation,
    Work,
    WorkError,
    open_work,
)
from store.records import backup as backups
from store.records.base import Base
from store.records.opening import engine_of
from tests.store.conftest import BOTH

OTHER = {"sqlite": "postgresql", "postgresql": "sqlite"}


def fill(work: Work, actor: Actor) -> None:
    """A little of everything that is hard to carry: a tree re-hung, a file, JSON, what is decided and put aside."""
    problem = work.create(
        actor, Problem(title="Klotter å ä ö", place_id="0188", place="Norrtälje", measured={"a": [1, None]})
    )
    first = work.create(actor, Cause(problem_id=problem.id, what="Mörkt"))
    second = work.create(actor, Cause(problem_id=problem.id, what="Trasig lampa"))
    work.save(actor, Cause, first.id, 1, parent_id=second.id)
    measure = work.create(actor, Measure(title="Belysning", starts_on=date(2026, 1, 31), cost_sek=25_000))
    work.link(actor, MeasureCause, measure_id=measure.id, cause_id=first.id)
    work.create(
        actor,
        Attachment(about_table="problem", about_id=problem.id, file_name="karta.png", content=bytes(range(256))),
    )
    picture = work.create(
        actor,
        Situation(
            title="L", place_id="0188", place="N", build="b", crime="a", consequences="b", other="c", analysis="d"
        ),
    )
    work.create(actor, Evidence(situation_id=picture.id, title="Diagram", frozen={"rows": [["Rimbo", 2.5]]}))
    work.decide(actor, Situation, picture.id, 1, decided_on=date(2026, 1, 2), decided_by="KS", registry_number="1")
    gone = work.create(actor, Problem(title="Buller", place_id="0188", place="Norrtälje"))
    work.delete(actor, Problem, gone.id, 1)


def tables(work: Work, tmp_path: Path) -> dict[str, Any]:
    file = tmp_path / "compared.json"
    backups.export(work.engine, file, replace=file.exists())
    found: dict[str, Any] = json.loads(file.read_bytes())["tables"]
    return found


@pytest.fixture
def filled(request: pytest.FixtureRequest, new_database: Callable[..., str], anna: Actor) -> Work:
    work = Work(engine_of(new_database(request.param)))
    fill(work, anna)
    return work


either = pytest.mark.parametrize("filled", BOTH, indirect=True, ids=BOTH)


@either
def test_an_export_goes_to_the_other_database_and_back_unchanged(
    filled: Work, new_database: Callable[..., str], anna: Actor, tmp_path: Path
) -> None:
    there = Work(engine_of(new_database(OTHER[filled.engine.dialect.name])))
    back = Work(engine_of(new_database(filled.engine.dialect.name)))
    backups.export(filled.engine, tmp_path / "one.json")
    backups.import_json(there.engine, tmp_path / "one.json")
    backups.export(there.engine, tmp_path / "two.json")
    backups.import_json(back.engine, tmp_path / "two.json")
    written = tables(filled, tmp_path)
    assert tables(there, tmp_path) == written
    assert tables(back, tmp_path) == written
    assert len(written["history"]["rows"]) == 12
    carried = back.get(Attachment, 1)
    assert carried is not None
    assert carried.content == bytes(range(256))
    # New rows get new ids, in a database that has counted none of those carried over.
    assert there.create(anna, Problem(title="Nytt", place_id="0188", place="Norrtälje")).id == 3
    with pytest.raises(WorkError, match="bara göras där det är tomt"):
        backups.import_json(there.engine, tmp_path / "one.json")


@either
def test_a_backup_is_restored_over_what_has_become_of_the_work_since(filled: Work, anna: Actor, tmp_path: Path) -> None:
    before = tables(filled, tmp_path)
    file = tmp_path / "copy"
    assert backups.backup(filled.engine, file) is None
    filled.save(anna, Problem, 1, 1, title="Ändrat")
    after, changed = tables(filled, tmp_path), filled.revision()
    with pytest.raises(WorkError, match="Lägg till --replace"):
        backups.restore(filled.engine, file, tmp_path)
    assert tables(filled, tmp_path) == after
    kept = backups.restore(filled.engine, file, tmp_path, replace=True)
    assert tables(filled, tmp_path) == before
    assert kept is not None
    # The history is as long again, but it is another: what was kept under the first key is not shown.
    filled.save(anna, Problem, 1, 1, title="Annat")
    assert len(tables(filled, tmp_path)["history"]["rows"]) == len(after["history"]["rows"])
    assert filled.revision() != changed
    backups.restore(filled.engine, kept, tmp_path, replace=True)
    assert tables(filled, tmp_path) == after
    assert filled.revision() == changed
    with pytest.raises(Exception, match="is not altered"), filled.engine.begin() as connection:
        connection.execute(text("DELETE FROM history"))


@pytest.mark.parametrize("filled", ["sqlite"], indirect=True)
def test_a_backup_goes_also_to_the_other_database(
    filled: Work, new_database: Callable[..., str], tmp_path: Path
) -> None:
    backups.backup(filled.engine, tmp_path / "copy.sqlite")
    there = Work(engine_of(new_database("postgresql")))
    assert backups.restore(there.engine, tmp_path / "copy.sqlite", tmp_path) is None
    assert tables(there, tmp_path) == tables(filled, tmp_path)


@pytest.mark.parametrize("filled", ["sqlite"], indirect=True)
def test_a_file_that_is_there_is_replaced_only_when_told_to_and_then_kept_beside(filled: Work, tmp_path: Path) -> None:
    file = tmp_path / "copy.sqlite"
    file.write_text("precious")
    with pytest.raises(WorkError, match="finns redan"):
        backups.backup(filled.engine, file)
    assert file.read_text() == "precious"
    kept = backups.backup(filled.engine, file, replace=True)
    assert kept is not None
    assert kept.read_text() == "precious"
    assert sorted(path.name for path in tmp_path.iterdir()) == sorted([file.name, kept.name])


def damaged(content: bytes) -> dict[str, tuple[bytes, str]]:
    """Files that cannot be restored, and what is said of them."""
    whole = json.loads(content)
    newer = {**whole, "schema": "9999_later"}
    orphan = json.loads(content)
    orphan["tables"]["problem"]["rows"] = []
    short = json.loads(content)
    short["tables"]["cause"]["rows"][0].pop()
    unknown = json.loads(content)
    unknown["tables"]["users"] = {"columns": {"id": "plain"}, "rows": [[1]]}
    return {
        "cut off": (content[: len(content) // 2], "går inte att läsa som JSON"),
        "another file": (b'{"a": 1}', "ingen export av arbetet"),
        "newer": (json.dumps(newer).encode(), "nyare version"),
        "orphan": (json.dumps(orphan).encode(), "hänvisar till något som saknas"),
        "short row": (json.dumps(short).encode(), "skadad"),
        "unknown table": (json.dumps(unknown).encode(), "okänd tabell"),
        "broken database": (b"SQLite format 3\x00" + b"x" * 5000, "skadad"),
    }


def test_a_damaged_file_changes_nothing(new_database: Callable[..., str], anna: Actor, tmp_path: Path) -> None:
    work = Work(engine_of(new_database("sqlite")))
    fill(work, anna)
    file = tmp_path / "copy"
    backups.export(work.engine, file)
    before = tables(work, tmp_path)
    for content, message in damaged(file.read_bytes()).values():
        file.write_bytes(content)
        with pytest.raises(WorkError, match=message):
            backups.restore(work.engine, file, tmp_path, replace=True)
        assert tables(work, tmp_path) == before
    assert {path.name for path in tmp_path.iterdir()} == {"copy", "compared.json"} | {
        path.name for path in tmp_path.glob("compared-ersatt-*")
    }


@pytest.mark.parametrize("kind", BOTH)
def test_an_empty_database_is_brought_to_the_schema_of_the_models(kind: str, new_database: Callable[..., str]) -> None:
    engine = engine_of(new_database(kind, empty=True))
    with engine.connect() as connection:
        assert compare_metadata(MigrationContext.configure(connection), Base.metadata) == []
        assert connection.execute(text("SELECT version_num FROM alembic_version")).scalar_one() == newest()
    with engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999_later'"))
    with pytest.raises(WorkError, match="nyare version av programmet"):
        engine_of(engine.url.render_as_string(hide_password=False))
    engine.dispose()


@pytest.mark.parametrize("kind", BOTH)
def test_several_that_open_an_empty_database_at_once_all_get_it(
    kind: str, new_database: Callable[..., str], anna: Actor
) -> None:
    url = new_database(kind, empty=True)
    opened: list[int] = []

    def open_and_write() -> None:
        work = Work(engine_of(url))
        opened.append(work.create(anna, Problem(title="Klotter", place_id="0188", place="N")).id)
        work.engine.dispose()

    threads = [threading.Thread(target=open_and_write) for _ in range(2)]
    program = (
        "import sys; from store.records import *\n"
        "print(open_work(sys.argv[1]).create(Actor('Bo', Role.ADMIN), Problem(title='K', place_id='0', place='N')).id)"
    )
    process = subprocess.Popen([sys.executable, "-c", program, url], stdout=subprocess.PIPE, text=True)
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    out, _ = process.communicate()
    assert sorted([*opened, int(out)]) == [1, 2, 3]


def test_one_address_is_one_store(tmp_path: Path) -> None:
    assert open_work(tmp_path / "new" / "records.sqlite") is open_work(tmp_path / "new" / "records.sqlite")
    tables_there = inspect(create_engine(f"sqlite:///{tmp_path / 'new' / 'records.sqlite'}")).get_table_names()
    assert "problem" in tables_there
