"""The database of the work: SQLite in the data folder, or PostgreSQL by a URL; always of the newest schema."""

from __future__ import annotations

import json
from functools import partial
from pathlib import Path
from typing import Any

from filelock import FileLock
from sqlalchemy import URL, Connection, Engine, create_engine, event, inspect, make_url, text
from sqlalchemy.exc import DatabaseError, OperationalError

from store.migrations import newest, upgrade
from store.records.errors import WorkError

#: What a transaction that writes is opened with; it waits for others that write, on both databases.
WRITES = {"writes": True}

#: Any number, the same for all who write to the same PostgreSQL database.
_WRITERS = 20_230_196
_as_json = partial(json.dumps, ensure_ascii=False, allow_nan=False)
_BUSY_SECONDS = 30
_CONNECTIONS = 20


def engine_of(url: str | Path) -> Engine:
    """An engine on the database at ``url`` (a path: SQLite there), migrated to the newest schema.

    Raises WorkError for a database that a newer version of the program has made.
    """
    address = URL.create("sqlite", database=str(url)) if isinstance(url, Path) else make_url(url)
    if address.get_backend_name() == "sqlite":
        return _on_file(Path(str(address.database)))
    engine = create_engine(address, json_serializer=_as_json, pool_size=_CONNECTIONS, pool_pre_ping=True)
    event.listen(engine, "begin", _begin_postgresql)
    try:
        _migrate(engine)
    except OperationalError as error:
        raise WorkError(f"Arbetets databas svarar inte. Kontrollera RODA_TRADEN_RECORDS_URL.\n{error.orig}") from error
    return engine


def plain_sqlite(path: Path) -> Engine:
    """An engine on a file of SQLite as it is: transactions and references as the work's store needs them."""
    address = URL.create("sqlite", database=str(path))
    engine = create_engine(address, json_serializer=_as_json, pool_size=_CONNECTIONS)
    event.listen(engine, "connect", _set_up_sqlite)
    event.listen(engine, "begin", _begin_sqlite)
    return engine


def _on_file(path: Path) -> Engine:
    path.parent.mkdir(parents=True, exist_ok=True)
    engine = plain_sqlite(path)
    # Several processes may start at once: the switch to WAL is the one thing that SQLite does not wait for.
    with FileLock(path.with_name(f".{path.name}.lock")):
        try:
            with engine.connect() as connection:
                connection.connection.cursor().execute("PRAGMA journal_mode=WAL")
            _migrate(engine)
        except DatabaseError as error:
            raise WorkError(
                f"Arbetets databas {path} är skadad eller kan inte läsas ({error.orig}). Återställ den senaste "
                "säkerhetskopian; handboken beskriver hur."
            ) from error
    return engine


def _set_up_sqlite(connection: Any, _record: object) -> None:
    connection.isolation_level = None  # transactions begin where ``_begin_sqlite`` says
    cursor = connection.cursor()
    cursor.execute(f"PRAGMA busy_timeout={_BUSY_SECONDS * 1000}")
    cursor.execute("PRAGMA foreign_keys=ON")
    cursor.execute("PRAGMA synchronous=FULL")  # what has been saved is on the disk, also after a power cut
    cursor.close()


def _begin_sqlite(connection: Connection) -> None:
    writes = connection.get_execution_options().get("writes")
    # A transaction that reads first and then writes could not wait for another: it would be refused.
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")


def _begin_postgresql(connection: Connection) -> None:
    if connection.get_execution_options().get("writes"):
        # One at a time, as in SQLite: rules that look at several rows then hold.
        connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _WRITERS})


def _migrate(engine: Engine) -> None:
    with engine.connect() as connection:
        if schema_of(connection) == newest():
            return
    with engine.connect().execution_options(**WRITES) as connection, connection.begin():
        found = schema_of(connection)  # another process may have been first
        if found and found > newest():
            raise WorkError(
                f"Arbetets databas är gjord av en nyare version av programmet ({found}). "
                "Uppdatera programmet och försök igen. Ingenting har ändrats."
            )
        if found != newest():
            upgrade(connection)


def schema_of(connection: Connection) -> str:
    """The newest migration that the database has had, or nothing."""
    if not inspect(connection).has_table("alembic_version"):
        return ""
    return str(connection.execute(text("SELECT version_num FROM alembic_version")).scalar_one_or_none() or "")
