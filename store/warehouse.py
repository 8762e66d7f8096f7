"""The read side of the facts: the current build and queries on it."""

from __future__ import annotations

import json
import threading
from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import duckdb
import pandas as pd
from tenacity import retry, retry_if_exception_type, stop_after_attempt, wait_fixed

CURRENT = "current.json"

#: A file in a data folder that says that everything local in it is made up.
EXAMPLE_MARK = "exempeldata"

#: Connections kept open: the current build and a few older ones that pinned situation pictures look into.
_MAX_OPEN = 6

# No query may reach the network or the file system, whatever a figure's text holds.
_READ_ONLY: dict[str, str | bool | int | float | list[str]] = {
    "enable_external_access": "false",
    "autoinstall_known_extensions": "false",
    "autoload_known_extensions": "false",
    # A join on a municipality's places skips whatever lies between them in the file; beyond 50 places only with this.
    "dynamic_or_filter_threshold": "5000",
}

_connections: OrderedDict[Path, duckdb.DuckDBPyConnection] = OrderedDict()
_lock = threading.Lock()


@dataclass(frozen=True)
class Build:
    """A published set of facts. ``built_at`` is UTC; ``shipped`` tells which code and open figures it was made with.

    ``example`` tells that it is the example workspace's, where local figures are made up.
    """

    id: str
    path: Path
    built_at: datetime
    shipped: str
    example: bool = False


def build_path(data_dir: Path, build_id: str) -> Path:
    """Where the file of a build lies."""
    return data_dir / "builds" / f"{build_id}.duckdb"


def current_build(data_dir: Path) -> Build | None:
    """The build that ``current.json`` points at; None before anything has been built."""
    try:
        pointer = json.loads(_read(data_dir / CURRENT))
    except FileNotFoundError:
        return None
    path = build_path(data_dir, pointer["build"])
    if not path.exists():
        return None
    built_at = datetime.fromisoformat(pointer["built_at"])
    return Build(pointer["build"], path, built_at, pointer["shipped"], (data_dir / EXAMPLE_MARK).exists())


@retry(retry=retry_if_exception_type(PermissionError), stop=stop_after_attempt(20), wait=wait_fixed(0.05), reraise=True)
def _read(pointer: Path) -> str:
    # Windows refuses for a moment while a publisher replaces the file.
    return pointer.read_text("utf-8")


def fetch(build: Build, sql: str, params: Sequence[object] | dict[str, object] = ()) -> pd.DataFrame:
    """Run one query with bound parameters (``?`` or ``$name``) and return its rows.

    Safe from several threads: each call has a cursor of its own on the build's one connection.
    """
    with _cursor(build.path) as cursor:
        return cursor.execute(sql, params).df()


def forget(path: Path) -> None:
    """Let go of a build file that is about to be removed; it closes when the last query on it is done."""
    with _lock:
        _connections.pop(path, None)


def _cursor(path: Path) -> duckdb.DuckDBPyConnection:
    # A build never changes, so one connection per file serves for as long as the file is used. Closing a connection
    # would break off the queries of its cursors; one that is only let go of lives until they are done.
    with _lock:
        if path in _connections:
            _connections.move_to_end(path)
        else:
            _connections[path] = duckdb.connect(str(path), read_only=True, config=_READ_ONLY)
            if len(_connections) > _MAX_OPEN:
                _connections.popitem(last=False)
        return _connections[path].cursor()
