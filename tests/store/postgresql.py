"""A PostgreSQL server of the tests' own: started from the system's package, on a socket in a folder of its own."""

from __future__ import annotations

import os
import pwd
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from start import find_postgresql

#: PostgreSQL refuses to run as root; it runs as nobody then.
_UNPRIVILEGED = "nobody"
_FAST = "-c fsync=off -c full_page_writes=off -c max_connections=60 -c shared_buffers=16MB -c listen_addresses=''"


@contextmanager
def server() -> Iterator[str]:
    """The address of a new, empty server, with ``{}`` for the database's name; the server ends with the block."""
    programs = find_postgresql()
    assert programs, "PostgreSQL is not installed: «start.py test» installs it"
    # Not under pytest's own folder: only its owner may look there, and a socket's path must be short.
    folder = Path(tempfile.mkdtemp(prefix="pg-"))
    runs_as = ["runuser", "-u", _UNPRIVILEGED, "--"] if os.geteuid() == 0 else []
    if runs_as:
        os.chown(folder, pwd.getpwnam(_UNPRIVILEGED).pw_uid, -1)
    data = folder / "data"
    control = [*runs_as, str(Path(programs) / "pg_ctl"), "-D", str(data), "-w"]
    make = [
        *runs_as,
        str(Path(programs) / "initdb"),
        "-D",
        str(data),
        "-U",
        "postgres",
        "-A",
        "trust",
        "-E",
        "UTF8",
        "-N",
    ]
    try:
        _run([*make, "--locale=C"], folder)
        _run([*control, "-l", str(folder / "log"), "-o", f"{_FAST} -k {folder}", "start"], folder)
        try:
            yield f"postgresql+psycopg://postgres@/{{}}?host={folder}"
        finally:
            _run([*control, "-m", "immediate", "stop"], folder)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _run(command: list[str], folder: Path) -> None:
    # To a file: the server inherits what it is started with, and a pipe would stay open as long as it runs.
    with tempfile.TemporaryFile() as told:
        done = subprocess.run(command, cwd=folder, stdin=subprocess.DEVNULL, stdout=told, stderr=told, check=False)
        told.seek(0)
        assert done.returncode == 0, told.read().decode()
