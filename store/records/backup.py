"""Backups of the work, and back from them. Nothing is half-written, and what is replaced is kept beside."""

from __future__ import annotations

import os
import sqlite3
import tempfile
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, func, select, text

from store.migrations import upgrade
from store.records.base import Base
from store.records.errors import WorkError
from store.records.exchange import as_json, copy_rows, into_sqlite
from store.records.opening import WRITES, engine_of, plain_sqlite, schema_of

_SQLITE = b"SQLite format 3\x00"


def export(engine: Engine, file: Path, *, replace: bool = False) -> Path | None:
    """Write the work as one JSON file; returns where an earlier file of that name is now. Raises WorkError."""
    return _put(file, replace, lambda temporary: temporary.write_bytes(as_json(engine)))


def backup(engine: Engine, file: Path, *, replace: bool = False) -> Path | None:
    """Write a checked copy: of SQLite a database, of PostgreSQL the JSON file. Others may work meanwhile."""
    if engine.dialect.name != "sqlite":
        return export(engine, file, replace=replace)
    return _put(file, replace, lambda temporary: _copied(Path(str(engine.url.database)), temporary))


def import_json(engine: Engine, file: Path) -> None:
    """Read a JSON file into a store with nothing in it. Raises WorkError, and then nothing has changed."""
    if not _is_empty(engine):
        raise WorkError(
            "Här finns redan ett arbete, och en import kan bara göras där det är tomt. Använd «work restore --replace» "
            "för att byta ut det; det som finns sparas då bredvid."
        )
    if file.read_bytes()[: len(_SQLITE)] == _SQLITE:
        raise WorkError("Filen är en säkerhetskopia, ingen export. Använd «work restore» för den.")
    with _as_sqlite(file) as path:
        _take(engine, path)


def restore(engine: Engine, file: Path, beside: Path, *, replace: bool = False) -> Path | None:
    """Put back a backup or an export. What was there is kept in the folder ``beside``; returns where.

    Raises WorkError, and then nothing has changed: when something is there and ``replace`` is not set, or the file is
    damaged or of a newer version.
    """
    empty = _is_empty(engine)
    if not empty and not replace:
        raise WorkError("Här finns redan ett arbete. Lägg till --replace för att byta ut det; det sparas då bredvid.")
    kept = None
    with _as_sqlite(file) as path:
        if not empty:
            suffix = "sqlite" if engine.dialect.name == "sqlite" else "json"
            kept = beside / f"arbete-ersatt-{_stamp()}.{suffix}"
            backup(engine, kept)
        _take(engine, path)
    return kept


def contents(engine: Engine) -> dict[str, Any]:
    """What is there: kind of database, schema, rows per table (also those put aside), and the last change."""
    with engine.connect() as connection:
        rows = {
            table.name: connection.execute(select(func.count()).select_from(table)).scalar_one()
            for table in Base.metadata.sorted_tables
        }
        history = Base.metadata.tables["history"]
        last = connection.execute(select(func.max(history.c.at))).scalar_one()
        return {"database": engine.dialect.name, "schema": schema_of(connection), "rows": rows, "changed_at": last}


def _is_empty(engine: Engine) -> bool:
    return not any(contents(engine)["rows"].values())


def _put(file: Path, replace: bool, write: Callable[[Path], object]) -> Path | None:
    """Let ``write`` make a file beside, and give it its name when it is whole and on the disk."""
    if file.exists() and not replace:
        raise WorkError(
            f"{file} finns redan. Välj ett annat namn, eller lägg till --replace; den gamla sparas bredvid."
        )
    with tempfile.TemporaryDirectory(dir=file.parent, prefix=".arbete-") as folder:
        temporary = Path(folder) / file.name
        write(temporary)
        with temporary.open("rb+") as written:
            os.fsync(written.fileno())
        kept = None
        if file.exists():
            kept = file.with_name(f"{file.stem}-ersatt-{_stamp()}{file.suffix}")
            os.link(file, kept)  # the name is never without a file
        temporary.replace(file)
    return kept


def _stamp() -> str:
    return datetime.now(UTC).strftime("%Y%m%d-%H%M%S-%f")


def _copied(source: Path, target: Path) -> None:
    """Copy a database that may be in use, and check the copy."""
    with closing(sqlite3.connect(source, timeout=30)) as read, closing(sqlite3.connect(target)) as written:
        read.backup(written)
        written.execute("PRAGMA journal_mode=DELETE")  # one file, which can be moved
        if written.execute("PRAGMA integrity_check").fetchone() != ("ok",):
            raise WorkError("Databasen är skadad och kunde inte kopieras hel. Återställ från en tidigare kopia.")


@contextmanager
def _as_sqlite(file: Path) -> Iterator[Path]:
    """A backup or an export as an SQLite file of the newest schema, checked. Raises WorkError."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "work.sqlite"
        content = file.read_bytes()
        if content[: len(_SQLITE)] != _SQLITE:
            into_sqlite(content, path)
        else:
            path.write_bytes(content)
            _check(path)
            engine_of(path).dispose()  # an older one is brought to the newest schema
        yield path


def _check(path: Path) -> None:
    try:
        with closing(sqlite3.connect(path)) as connection:
            whole = connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)
            ours = connection.execute("SELECT count(*) FROM sqlite_master WHERE name = 'alembic_version'").fetchone()
    except sqlite3.DatabaseError as error:
        raise WorkError("Säkerhetskopian är skadad. Ingenting har ändrats. Försök med en tidigare kopia.") from error
    if not whole or ours != (1,):
        raise WorkError("Filen är skadad, eller ingen kopia av arbetet. Ingenting har ändrats.")


def _take(engine: Engine, path: Path) -> None:
    """Let the store hold what an SQLite file of the newest schema holds, in one step for all who read it."""
    if engine.dialect.name == "sqlite":
        with closing(sqlite3.connect(path)) as new:
            new.execute("PRAGMA journal_mode=DELETE")
            with closing(sqlite3.connect(str(engine.url.database), timeout=30)) as live:
                new.backup(live)
        return
    source = plain_sqlite(path)
    with engine.connect().execution_options(**WRITES) as connection, connection.begin():
        _empty(connection)
        copy_rows(source, connection)
    source.dispose()


def _empty(connection: Connection) -> None:
    """Make all tables anew: rows of the history cannot be removed, only the whole of it replaced."""
    Base.metadata.drop_all(connection)
    connection.execute(text("DROP TABLE alembic_version"))
    upgrade(connection)
