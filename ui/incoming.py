"""Folders for files that readers have dropped, each held by the server that made it for as long as that is alive."""

from __future__ import annotations

import shutil
import uuid
import weakref
from contextlib import suppress
from pathlib import Path

from filelock import FileLock, Timeout

_LOCK = ".lock"


def own_folder(owner: object, incoming: Path) -> Path:
    """A new folder in ``incoming`` that is there until its owner is gone. Others' that nobody holds are removed."""
    incoming.mkdir(parents=True, exist_ok=True)
    remove_abandoned(incoming)
    folder = incoming / uuid.uuid4().hex
    lock = _lock(folder)
    lock.acquire(timeout=0)  # before there is a folder: one without a lock has been left by a server that is gone
    folder.mkdir()
    weakref.finalize(owner, _leave, folder, lock)
    return folder


def remove_abandoned(incoming: Path) -> None:
    """Remove what servers that were stopped have left: the system frees their locks, whatever ended them."""
    if not incoming.is_dir():
        return
    for name in {path.name.removesuffix(_LOCK) for path in incoming.iterdir()}:
        lock = _lock(incoming / name)
        try:
            lock.acquire(timeout=0)
        except Timeout:
            continue
        _leave(incoming / name, lock)


def _lock(folder: Path) -> FileLock:
    # The owner may be collected in another thread than the one that made it.
    return FileLock(folder.with_name(folder.name + _LOCK), thread_local=False)


def _leave(folder: Path, lock: FileLock) -> None:
    shutil.rmtree(folder, ignore_errors=True)
    lock.release(force=True)
    with suppress(PermissionError):  # on Windows, while another server is looking whether it is held
        Path(lock.lock_file).unlink(missing_ok=True)
