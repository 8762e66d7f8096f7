"""The write side of the facts: a new build file, checked, and then one atomic switch of ``current.json``.

A build is never changed once it can be seen. A crash at any point leaves the current build as it was; what a crashed
publisher left behind is cleared by the next one.
"""

from __future__ import annotations

import json
import os
import shutil
import uuid
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from datetime import UTC, date, datetime
from pathlib import Path

import duckdb
import pandas as pd
from filelock import FileLock, Timeout
from tenacity import retry, retry_if_exception_type, stop_after_attempt, wait_fixed

from store.schema import TABLES, Table
from store.warehouse import CURRENT, Build, build_path, current_build, forget

#: Worked out once for a build: at national size the page Källor would wait a tenth of a second for it each time.
_SOURCE_PERIODS = """
    INSERT INTO source_period
    SELECT DISTINCT * FROM (
        SELECT i.source_id, o.period_start, o.period_end
        FROM (SELECT DISTINCT indicator_id, period_start, period_end FROM observation WHERE value IS NOT NULL) o
        JOIN indicator i USING (indicator_id)
        UNION ALL
        SELECT source_id, coalesce(occurred_from, reported)::DATE AS day, day FROM event WHERE day IS NOT NULL
        UNION ALL
        SELECT source_id, period_start, period_end FROM survey_answer
    ) ORDER BY ALL
"""

#: Added up once too: a page asks for a source's months again for each place, of a million events a tenth of a second.
_EVENT_MONTHS = """
    INSERT INTO event_month
    SELECT source_id, date_trunc('month', coalesce(occurred_from, reported))::DATE AS month, area_id, category,
           sum(events)::BIGINT, bool_or(reporter IS NOT NULL)
    FROM event WHERE placement <> 'outside' GROUP BY ALL ORDER BY ALL
"""


class BuildError(Exception):
    """The new build does not hold together. ``faults`` are Swedish sentences; nothing has been published."""

    def __init__(self, faults: Sequence[str]) -> None:
        super().__init__("\n".join(faults))
        self.faults = list(faults)


@contextmanager
def publishing(data_dir: Path, on_wait: Callable[[], None] = lambda: None) -> Iterator[None]:
    """Hold the publishers' lock; another publisher is waited for, after ``on_wait`` has been called.

    Clears what a crashed publisher left behind: whoever holds the lock is the only one writing.
    """
    data_dir.mkdir(parents=True, exist_ok=True)
    lock = FileLock(data_dir / "publish.lock")
    try:
        lock.acquire(timeout=0)
    except Timeout:
        on_wait()
        lock.acquire()
    try:
        for leftover in [*data_dir.glob("*/.new-*"), *data_dir.glob("*/.old-*"), *data_dir.glob(f".{CURRENT}-*")]:
            _remove(leftover)
        yield
    finally:
        lock.release()


class NewBuild:
    """A build file being written, not yet visible to anybody."""

    def __init__(self, data_dir: Path, build_id: str) -> None:
        self.data_dir = data_dir
        self.build_id = build_id
        builds = data_dir / "builds"
        builds.mkdir(parents=True, exist_ok=True)
        self._path = builds / f".new-{uuid.uuid4().hex}.duckdb"
        self._con = duckdb.connect(str(self._path))
        for table in TABLES.values():
            for statement in table.ddl():
                self._con.execute(statement)

    def load(
        self,
        table_name: str,
        staged: Sequence[tuple[str, Path]],
        replaced: Sequence[tuple[str, date, date, list[str] | None]] = (),
    ) -> None:
        """Add staged Parquet files, (delivery id, file) from oldest to newest: the newest row of a key stays.

        In a table that ``fills``, an empty cell of the newest row takes the newest value that there is. ``replaced``
        are (delivery id, first day, last day, areas): that delivery's rows of those days and areas are left out; an
        empty text is no area, and None every area.
        """
        table = TABLES[table_name]
        if not staged:
            return
        has_delivery = "delivery_id" in table.column_names
        columns = [name for name in table.column_names if name != "delivery_id"]
        self._con.execute("CREATE OR REPLACE TEMP TABLE staged_file (rank INTEGER, path VARCHAR, delivery_id VARCHAR)")
        self._con.executemany(
            "INSERT INTO staged_file VALUES (?, ?, ?)",
            [(rank, path.as_posix(), delivery_id) for rank, (delivery_id, path) in enumerate(staged)],
        )
        self._con.execute(
            "CREATE OR REPLACE TEMP TABLE replaced (delivery_id VARCHAR, first DATE, last DATE, areas VARCHAR[])"
        )
        if replaced:
            self._con.executemany("INSERT INTO replaced VALUES (?, ?, ?, ?)", list(replaced))
        within = (
            f"CAST({table.day} AS DATE) BETWEEN p.first AND p.last "
            "AND (p.areas IS NULL OR list_contains(p.areas, coalesce(r.area_id, '')))"
            if table.day
            else "false"
        )
        key = ", ".join(f'r."{name}"' for name in table.key)
        newest_first = f"PARTITION BY {key} ORDER BY {table.stand_in}, f.rank DESC"
        all_of_key = f"{newest_first} ROWS BETWEEN UNBOUNDED PRECEDING AND UNBOUNDED FOLLOWING"
        cell = f'first_value(r."{{}}" IGNORE NULLS) OVER ({all_of_key})' if table.fills else 'r."{}"'
        selected = ", ".join(map(cell.format, columns)) + (", f.delivery_id" if has_delivery else "")
        target = ", ".join(f'"{name}"' for name in columns) + (", delivery_id" if has_delivery else "")
        # Names come from the schema; the files are a bound parameter.
        self._con.execute(
            f"INSERT INTO {table.name} ({target}) SELECT {selected} "  # noqa: S608
            "FROM read_parquet(?, filename = true) r JOIN staged_file f ON f.path = r.filename "
            f"WHERE NOT EXISTS (SELECT 1 FROM replaced p WHERE p.delivery_id = f.delivery_id AND {within}) "
            f"QUALIFY row_number() OVER ({newest_first}) = 1 ORDER BY {key}",
            [[path.as_posix() for _, path in staged]],
        )

    def put(self, table_name: str, frame: pd.DataFrame) -> None:
        """Add the rows of ``frame``, which has the table's columns, ordered by key."""
        table = TABLES[table_name]
        ordered = frame.sort_values(list(table.key)) if table.key else frame
        self._con.register("incoming", ordered[table.column_names])
        names = ", ".join(f'"{name}"' for name in table.column_names)
        self._con.execute(f"INSERT INTO {table.name} ({names}) SELECT {names} FROM incoming")  # noqa: S608
        self._con.unregister("incoming")

    def empty(self, table_name: str) -> None:
        """Remove every row of a table, before derived rows take their place."""
        self._con.execute(f"DELETE FROM {TABLES[table_name].name}")  # noqa: S608

    def frame(self, sql: str, params: Sequence[object] = ()) -> pd.DataFrame:
        """Read from the build while it is being made."""
        return self._con.execute(sql, params).df()

    def faults(self) -> list[str]:
        """What does not hold together, as Swedish sentences: repeated keys and references to nothing."""
        return [
            *(fault for table in TABLES.values() if table.key for fault in self._repeated(table)),
            *self._orphans("observation", "indicator_id", "indicator"),
            *self._orphans("observation", "area_id", "area"),
            *self._orphans("event", "area_id", "area"),
            *self._orphans("event", "source_id", "source"),
            *self._orphans("survey_answer", "area_id", "area"),
            *self._orphans("survey_question", "source_id", "source"),
            *self._orphans("series_break", "indicator_id", "indicator"),
            *self._orphans("indicator", "source_id", "source"),
            *self._figures_without_value(),
        ]

    def _repeated(self, table: Table) -> list[str]:
        key = ", ".join(f'"{name}"' for name in table.key)
        rows = self._con.execute(
            f"SELECT {key}, count(*) FROM {table.name} GROUP BY {key} HAVING count(*) > 1 LIMIT 3"  # noqa: S608
        ).fetchall()
        return [f"{table.name}: samma nyckel finns {row[-1]} gånger: {', '.join(map(str, row[:-1]))}." for row in rows]

    def _orphans(self, table: str, column: str, other: str) -> list[str]:
        rows = self._con.execute(
            f"SELECT DISTINCT {column} FROM {table} ANTI JOIN {other} USING ({column}) "  # noqa: S608
            f"WHERE {column} IS NOT NULL ORDER BY 1 LIMIT 5"
        ).fetchall()
        return [f"{table}: {column} {row[0]} finns inte i {other}." for row in rows]

    def _figures_without_value(self) -> list[str]:
        rows = self._con.execute(
            "SELECT indicator_id, area_id, period_label, status FROM observation "
            "WHERE (status IN ('final', 'preliminary', 'derived') AND (value IS NULL OR isnan(value))) "
            "OR (status IN ('suppressed', 'missing', 'not_applicable') AND value IS NOT NULL) LIMIT 5"
        ).fetchall()
        return [f"observation: {row[0]} {row[1]} {row[2]}: status {row[3]} stämmer inte med värdet." for row in rows]

    def discard(self) -> None:
        """Give up: nothing of this build remains."""
        self._con.close()
        self._path.unlink(missing_ok=True)

    def finish(self) -> Path:
        """Close the file, make it durable and give it its name. It is still not the current build."""
        self._con.execute(_SOURCE_PERIODS)
        self._con.execute(_EVENT_MONTHS)
        self._con.execute("CHECKPOINT")
        self._con.close()
        _sync(self._path)
        final = build_path(self.data_dir, self.build_id)
        _replace(self._path, final)
        return final


def switch(data_dir: Path, build_id: str, shipped: str) -> Build:
    """Make an existing build file the current one, atomically; ``shipped`` is ``store.settings.shipped_version``."""
    pointer = data_dir / f".{CURRENT}-{uuid.uuid4().hex}"
    built_at = datetime.now(UTC).isoformat(timespec="seconds")
    pointer.write_text(json.dumps({"build": build_id, "built_at": built_at, "shipped": shipped}), "utf-8")
    _sync(pointer)
    _replace(pointer, data_dir / CURRENT)
    build = current_build(data_dir)
    if build is None:
        raise RuntimeError(f"{data_dir / CURRENT} vanished while being switched")
    return build


def pin(data_dir: Path, build_id: str, reason: str) -> None:
    """Keep a build for ever, for instance because a decided situation picture refers to it."""
    pins = data_dir / "builds" / "pins"
    pins.mkdir(parents=True, exist_ok=True)
    (pins / build_id).write_text(reason, "utf-8")


def unpin(data_dir: Path, build_id: str) -> None:
    """Let go of a pinned build: from now on it is kept as long as any other."""
    (data_dir / "builds" / "pins" / build_id).unlink(missing_ok=True)


def pinned(data_dir: Path) -> dict[str, str]:
    """Pinned builds and why."""
    return {path.name: path.read_text("utf-8") for path in sorted((data_dir / "builds" / "pins").glob("*"))}


def prune(data_dir: Path, keep: int) -> list[str]:
    """Remove the oldest builds beyond ``keep``, never the current or a pinned one; returns the ids removed."""
    current = current_build(data_dir)
    spared = {*pinned(data_dir), current.id if current else ""}
    newest_first = sorted((data_dir / "builds").glob("*.duckdb"), key=lambda path: path.stat().st_mtime, reverse=True)
    loose = [path for path in newest_first if path.stem not in spared and not path.name.startswith(".")]
    removed = []
    for path in loose[max(keep - 1, 0) :]:
        forget(path)
        try:
            path.unlink()
        except PermissionError:
            continue  # On Windows a build that somebody has open stays until the next publishing.
        removed.append(path.stem)
    return removed


def write_directory(target: Path, files: Iterable[tuple[str, bytes]]) -> None:
    """Write a directory of files so that it is there whole or not at all. An existing directory is left as it is."""
    if target.exists():
        return
    temporary = target.parent / f".new-{uuid.uuid4().hex}"
    temporary.mkdir(parents=True)
    for name, content in files:
        (temporary / name).parent.mkdir(parents=True, exist_ok=True)
        (temporary / name).write_bytes(content)
        _sync(temporary / name)
    _replace(temporary, target)


def remove_directory(target: Path) -> None:
    """Remove a directory so that it is there whole or not at all."""
    hidden = target.parent / f".old-{uuid.uuid4().hex}"
    _replace(target, hidden)
    _remove(hidden)


def _remove(leftover: Path) -> None:
    """Remove a file or directory that nobody uses; what somebody still has open on Windows goes another time."""
    if leftover.is_dir():
        shutil.rmtree(leftover, ignore_errors=True)
    else:
        with suppress(PermissionError):
            leftover.unlink(missing_ok=True)


def _sync(path: Path) -> None:
    with path.open("rb+") as file:
        os.fsync(file.fileno())


@retry(retry=retry_if_exception_type(PermissionError), stop=stop_after_attempt(20), wait=wait_fixed(0.1), reraise=True)
def _replace(source: Path, target: Path) -> None:
    # Windows refuses for a moment while another process reads the target.
    source.replace(target)
    if os.name == "posix":
        directory = os.open(target.parent, os.O_RDONLY)
        try:
            os.fsync(directory)
        finally:
            os.close(directory)
