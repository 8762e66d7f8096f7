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

CURRENT = "current.json"

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
    """A published set of facts. ``built_at`` is UTC; ``shipped`` tells which code and open figures it was made with."""

    id: str
    path: Path
    built_at: datetime
    shipped: str


def build_path(data_dir: Path, build_id: str) -> Path:
    """Where the file of a build lies."""
    return data_dir / "builds" / f"{build_id}.duckdb"


def current_build(data_dir: Path) -> Build | None:
    """The build that ``current.json`` points at; None before anything has been built."""
    try:
        pointer = json.loads((data_dir / CURRENT).read_text("utf-8"))
    except FileNotFoundError:
        return None
    path = build_path(data_dir, pointer["build"])
    if not path.exists():
        return None
    return Build(pointer["build"], path, datetime.fromisoformat(pointer["built_at"]), pointer["shipped"])


def fetch(build: Build, sql: str, params: Sequence[object] | dict[str, object] = ()) -> pd.DataFrame:
    """Run one query with bound parameters (``?`` or ``$name``) and return its rows.

    Safe from several threads: each call has a cursor of its own on the build's one connection.
    """
    with _connection(build.path).cursor() as cursor:
        return cursor.execute(sql, params).df()


def forget(path: Path) -> None:
    """Close the connection to a build file that is about to be removed."""
    with _lock:
        connection = _connections.pop(path, None)
    if connection is not None:
        connection.close()


def _connection(path: Path) -> duckdb.DuckDBPyConnection:
    # A build never changes, so one connection per file serves for as long as the file is used.
    with _lock:
        if path in _connections:
            _connections.move_to_end(path)
            return _connections[path]
        connection = duckdb.connect(str(path), read_only=True, config=_READ_ONLY)
        _connections[path] = connection
        if len(_connections) > _MAX_OPEN:
            _, oldest = _connections.popitem(last=False)
            oldest.close()
        return connection
