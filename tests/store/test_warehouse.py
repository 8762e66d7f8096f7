"""Reading: many threads at once, nothing reached outside the build, a new build seen at once."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import duckdb
import pandas as pd
import pytest

from store import warehouse
from store.publish import NewBuild, switch
from store.schema import MUNICIPALITY
from store.settings import Settings
from store.warehouse import build_path, current_build, fetch, forget


def publish(data_dir: Path, build_id: str, names: list[str]) -> None:
    """A build that holds nothing but municipalities."""
    new = NewBuild(data_dir, build_id)
    rows = [[f"{number:04d}", name, "", ""] for number, name in enumerate(names)]
    new.put("municipality", pd.DataFrame(rows, columns=MUNICIPALITY.column_names))
    new.finish()
    switch(data_dir, build_id, "test")


def test_no_build_yet(tmp_path: Path) -> None:
    assert current_build(tmp_path) is None


def test_a_pointer_to_a_file_that_is_gone_is_no_build(tmp_path: Path) -> None:
    publish(tmp_path, "b1", ["Norrtälje"])
    build = current_build(tmp_path)
    assert build is not None
    build.path.unlink()
    assert current_build(tmp_path) is None


def test_threads_share_a_build(tmp_path: Path) -> None:
    publish(tmp_path, "b1", [f"Kommun {n}" for n in range(200)])
    build = current_build(tmp_path)
    assert build is not None

    def ask(number: int) -> str:
        sql = "SELECT name FROM municipality WHERE municipality_id = ?"
        return str(fetch(build, sql, [f"{number % 200:04d}"])["name"].item())

    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(ask, range(1000)))
    assert answers == [f"Kommun {n % 200}" for n in range(1000)]


def test_a_new_build_shows_at_once_and_the_old_one_stays_readable(tmp_path: Path) -> None:
    publish(tmp_path, "b1", ["Norrtälje"])
    old = current_build(tmp_path)
    assert old is not None
    assert fetch(old, "SELECT name FROM municipality")["name"].tolist() == ["Norrtälje"]
    publish(tmp_path, "b2", ["Uddevalla"])
    new = current_build(tmp_path)
    assert new is not None
    assert fetch(new, "SELECT name FROM municipality")["name"].tolist() == ["Uddevalla"]
    assert fetch(old, "SELECT name FROM municipality")["name"].tolist() == ["Norrtälje"]
    forget(old.path)
    assert fetch(old, "SELECT name FROM municipality")["name"].tolist() == ["Norrtälje"]


@pytest.mark.parametrize(
    "sql",
    [
        pytest.param("SELECT * FROM read_csv('/etc/hostname')", id="a file of the machine"),
        pytest.param("SELECT * FROM read_parquet('https://example.org/x.parquet')", id="the network"),
        pytest.param("INSTALL httpfs", id="an extension"),
        pytest.param("INSERT INTO municipality VALUES ('1', 'x', '', '')", id="a write"),
        pytest.param("ATTACH '/tmp/other.duckdb'", id="another database"),
        pytest.param("SET enable_external_access = true", id="opening the door"),
    ],
)
def test_a_query_reaches_nothing_but_the_build(tmp_path: Path, sql: str) -> None:
    publish(tmp_path, "b1", ["Norrtälje"])
    build = current_build(tmp_path)
    assert build is not None
    with pytest.raises(duckdb.Error):
        fetch(build, sql)


def test_a_question_is_answered_though_its_build_is_let_go_of_meanwhile(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Between taking a cursor and asking, other builds push the connection out and a publisher forgets the file."""
    monkeypatch.setattr(warehouse, "_MAX_OPEN", 1)
    publish(tmp_path, "b1", ["Norrtälje"])
    publish(tmp_path, "b2", ["Uddevalla"])
    with warehouse._cursor(build_path(tmp_path, "b1")) as cursor:
        with warehouse._cursor(build_path(tmp_path, "b2")):
            forget(build_path(tmp_path, "b1"))
        assert cursor.execute("SELECT name FROM municipality").fetchall() == [("Norrtälje",)]
    # Nothing holds the file any longer: it can be opened for writing.
    duckdb.connect(str(build_path(tmp_path, "b1"))).close()


def test_the_pointer_is_read_again_while_it_is_being_replaced(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    publish(tmp_path, "b1", ["Norrtälje"])
    read, refusals = Path.read_text, iter([PermissionError(), PermissionError()])

    def busy(path: Path, encoding: str) -> str:
        for refusal in refusals:
            raise refusal
        return read(path, encoding)

    monkeypatch.setattr(Path, "read_text", busy)
    build = current_build(tmp_path)
    assert build is not None
    assert build.id == "b1"


def test_names_are_sorted_as_in_the_swedish_alphabet(tmp_path: Path) -> None:
    publish(tmp_path, "b1", ["Öckerö", "Ängelholm", "Åmål", "Zinkgruvan", "eda"])
    build = current_build(tmp_path)
    assert build is not None
    names = fetch(build, "SELECT name FROM municipality ORDER BY name COLLATE sv")["name"].tolist()
    assert names == ["eda", "Zinkgruvan", "Åmål", "Ängelholm", "Öckerö"]


def test_a_relative_data_folder_counts_from_where_the_program_was_started(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("RODA_TRADEN_DATA_DIR", "data")
    assert Settings().data_dir == tmp_path / "data"
