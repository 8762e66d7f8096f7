"""The whole of the work as one JSON file, and back: every table with its history and files, ids kept."""

from __future__ import annotations

import base64
import binascii
import json
import sqlite3
from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from sqlalchemy import JSON, Connection, Date, Engine, LargeBinary, Table, insert, select, text

from store.migrations import newest, upgrade
from store.records.base import Base, Moment
from store.records.errors import WorkError
from store.records.opening import plain_sqlite

_FORMAT = "roda-traden/arbete"


def as_json(engine: Engine) -> bytes:
    """All tables as JSON (UTF-8), read at one moment."""
    with engine.connect().execution_options(isolation_level=_one_moment(engine)) as connection, connection.begin():
        tables = {table.name: _dumped(connection, table) for table in Base.metadata.sorted_tables}
    whole = {"format": _FORMAT, "schema": newest(), "made_at": datetime.now(UTC).isoformat(), "tables": tables}
    return json.dumps(whole, ensure_ascii=False, indent=1, allow_nan=False).encode()


def _one_moment(engine: Engine) -> str:
    # A transaction of SQLite sees one moment by itself.
    return "SERIALIZABLE" if engine.dialect.name == "sqlite" else "REPEATABLE READ"


def _dumped(connection: Connection, table: Table) -> dict[str, Any]:
    kinds = {column.name: _kind(column.type) for column in table.columns}
    rows = connection.execute(select(table).order_by(table.c.id))
    return {
        "columns": kinds,
        "rows": [[_told(kind, value) for kind, value in zip(kinds.values(), row, strict=True)] for row in rows],
    }


def _kind(type_: Any) -> str:
    """How a column's values stand in the file."""
    known = {Moment: "moment", Date: "day", LargeBinary: "base64", JSON: "json"}
    return next((name for sort, name in known.items() if isinstance(type_, sort)), "plain")


def _told(kind: str, value: Any) -> Any:
    if value is None:
        return None
    if kind == "base64":
        return base64.b64encode(value).decode()
    return value.isoformat() if isinstance(value, date) else value


def into_sqlite(content: bytes, path: Path) -> None:
    """Write what ``as_json`` made, also by an older version, as a new SQLite file of the newest schema.

    Raises WorkError when the content is something else, of a newer version, or does not hold together.
    """
    whole = _read(content)
    engine = plain_sqlite(path)
    with engine.begin() as connection:
        upgrade(connection, whole["schema"])
    engine.dispose()
    file = sqlite3.connect(path)
    try:
        with file:
            # Evidence before the decided situation pictures, which take no more; references are checked afterwards.
            for name, table in reversed(list(whole["tables"].items())):
                _fill(file, name, table)
            orphans = file.execute("PRAGMA foreign_key_check").fetchall()
    except (sqlite3.Error, TypeError, ValueError, KeyError, AttributeError, binascii.Error) as error:
        raise WorkError(f"Filen är skadad och kan inte läsas in: {error}. Ingenting har ändrats.") from error
    finally:
        file.close()
    if orphans:
        raise WorkError(f"Filen är skadad: {orphans[0][0]} hänvisar till något som saknas. Ingenting har ändrats.")
    with engine.begin() as connection:
        upgrade(connection)
    engine.dispose()


def _read(content: bytes) -> dict[str, Any]:
    try:
        whole = json.loads(content)
    except ValueError as error:
        raise WorkError("Filen är ingen export av arbetet: den går inte att läsa som JSON.") from error
    if not isinstance(whole, dict) or whole.get("format") != _FORMAT:
        raise WorkError(
            "Filen är ingen export av arbetet. Välj en fil som «work export» eller «work backup» har gjort."
        )
    if whole["schema"] > newest():
        raise WorkError("Filen är gjord av en nyare version av programmet. Uppdatera programmet och försök igen.")
    return whole


def _fill(connection: sqlite3.Connection, name: str, table: dict[str, Any]) -> None:
    there = {row[1] for row in connection.execute("SELECT * FROM pragma_table_info(?)", (name,))}
    kinds: dict[str, str] = table["columns"]
    if not there or not set(kinds) <= there:
        raise ValueError(f"okänd tabell eller kolumn i {name}")
    columns = ", ".join(f'"{column}"' for column in kinds)
    places = ", ".join("?" * len(kinds))
    rows = ([_kept(kind, value) for kind, value in zip(kinds.values(), row, strict=True)] for row in table["rows"])
    # The names are those of the schema's own tables.
    connection.executemany(f'INSERT INTO "{name}" ({columns}) VALUES ({places})', rows)  # noqa: S608


def _kept(kind: str, value: Any) -> Any:
    """A value of the file as SQLite holds it."""
    if value is None:
        return None
    if kind == "base64":
        return base64.b64decode(value, validate=True)
    if kind == "moment":
        return datetime.fromisoformat(value).astimezone(UTC).strftime("%Y-%m-%d %H:%M:%S.%f")
    return json.dumps(value, ensure_ascii=False) if kind == "json" else value


def copy_rows(source: Engine, target: Connection) -> None:
    """Copy every row from one database of the newest schema into another, empty one of PostgreSQL, ids kept."""
    with source.connect() as connection:
        for table in Base.metadata.sorted_tables:
            rows = [dict(row) for row in connection.execute(select(table).order_by(table.c.id)).mappings()]
            # What is decided takes no more evidence, but what it had comes back with it; references are still checked.
            target.execute(text(f"ALTER TABLE {table.name} DISABLE TRIGGER USER"))
            if rows:
                target.execute(insert(table), list(_above_first(table, rows)))
            target.execute(text(f"ALTER TABLE {table.name} ENABLE TRIGGER USER"))
            target.execute(
                text("SELECT setval(pg_get_serial_sequence(:name, 'id'), :last, :used)"),
                {"name": table.name, "last": max((row["id"] for row in rows), default=1), "used": bool(rows)},
            )


def _above_first(table: Table, rows: list[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    """The rows with each one after the row of the same table that it refers to."""
    own = [key.parent.name for key in table.foreign_keys if key.column.table is table]
    by_id = {row["id"]: row for row in rows}
    given: set[int] = set()

    def give(row: dict[str, Any]) -> Iterator[dict[str, Any]]:
        chain: list[dict[str, Any]] = []
        while row["id"] not in given:
            given.add(row["id"])
            chain.append(row)
            above = next((row[name] for name in own if row[name] is not None), None)
            if above is None:
                break
            row = by_id[above]
        yield from reversed(chain)

    for row in rows:
        yield from give(row)
