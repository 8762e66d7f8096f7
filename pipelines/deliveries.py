"""The deliveries: each file exactly as it came, with who, when and what it was read as."""

from __future__ import annotations

import getpass
import hashlib
import json
import tomllib
from collections.abc import Iterable
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime
from functools import lru_cache
from pathlib import Path

from pipelines.source import Layout, Peek, Source, recognise
from store.publish import write_directory
from store.settings import Settings

#: Who the figures that ship with the project are said to come from.
SHIPPED_BY = "öppna data som följer med"

_RECORD = "delivery.json"


@dataclass(frozen=True)
class Delivery:
    """One file of one source. ``path`` is where it lies; ``received_at`` is ISO 8601, UTC."""

    delivery_id: str
    source_id: str
    layout: str
    file: str
    sha256: str
    bytes: int
    received_at: str
    received_by: str
    path: Path


def inspect(path: Path, *, source_id: str | None = None, by: str | None = None) -> Delivery:
    """What the file at ``path`` would be as a delivery; nothing is kept yet.

    Raises DeliveryError when the file cannot be recognised.
    """
    found = path.stat()
    source, layout, sha256 = _identify(path, source_id, found.st_mtime_ns, found.st_size)
    return Delivery(
        delivery_id=_delivery_id(source, layout, path.name, sha256),
        source_id=source.id,
        layout=layout.id,
        file=path.name,
        sha256=sha256,
        bytes=found.st_size,
        received_at=datetime.now(UTC).isoformat(timespec="microseconds"),
        received_by=by or getpass.getuser(),
        path=path,
    )


@lru_cache(maxsize=256)
def _identify(path: Path, source_id: str | None, mtime: int, size: int) -> tuple[Source, Layout, str]:
    # Every command asks this of every shipped file, more than once; ``mtime`` and ``size`` tell when one has changed.
    source, layout = recognise(Peek.at(path), source_id)
    with path.open("rb") as file:
        return source, layout, hashlib.file_digest(file, "sha256").hexdigest()


def _delivery_id(source: Source, layout: Layout, name: str, sha256: str) -> str:
    """The same content is the same delivery, unless the layout also reads the name."""
    identity = hashlib.sha256(f"{sha256}/{name}".encode()).hexdigest() if layout.uses_name else sha256
    return f"{source.id}-{identity[:12]}"


def receive(settings: Settings, inspected: Delivery) -> Delivery:
    """Keep a copy of an inspected file; the same file again gives the delivery it was the first time.

    A delivery that was withdrawn comes back. For the holder of the publishers' lock.
    """
    known = next((d for d in kept(settings) if d.delivery_id == inspected.delivery_id), None)
    if known is None:
        record = {k: v for k, v in asdict(inspected).items() if k not in {"delivery_id", "path"}}
        folder = settings.data_dir / "raw" / inspected.delivery_id
        text = json.dumps(record, ensure_ascii=False, indent=1)
        write_directory(folder, [(f"content/{inspected.file}", inspected.path.read_bytes()), (_RECORD, text.encode())])
        known = _read(folder)
    _withdrawal(settings, known.delivery_id).unlink(missing_ok=True)
    return known


def kept(settings: Settings) -> list[Delivery]:
    """Every delivery, shipped or received, also the withdrawn ones; oldest first."""
    records = (settings.data_dir / "raw").glob(f"*/{_RECORD}")
    # A folder with a dot in front is one that is being written, or that a crash left half-written.
    received = [_read(record.parent) for record in records if not record.parent.name.startswith(".")]
    shipped = _shipped(settings.open_dir)
    return sorted([*shipped, *received], key=lambda d: (d.received_at, d.file, d.delivery_id))


def active(settings: Settings) -> list[Delivery]:
    """The deliveries that a build is made of; oldest first."""
    return [d for d in kept(settings) if not _withdrawal(settings, d.delivery_id).exists()]


def unproven(settings: Settings, deliveries: Iterable[Delivery]) -> list[Delivery]:
    """Those of ``deliveries`` that have been received but never yet been part of a build that held together."""
    return [d for d in deliveries if d.received_by != SHIPPED_BY and not _proof(settings, d.delivery_id).exists()]


def prove(settings: Settings, deliveries: Iterable[Delivery]) -> None:
    """Note that a build with these deliveries holds together."""
    for delivery in deliveries:
        proof = _proof(settings, delivery.delivery_id)
        proof.parent.mkdir(parents=True, exist_ok=True)
        proof.touch()


def withdraw(settings: Settings, delivery_id: str, *, by: str | None = None, why: str = "") -> None:
    """Take a delivery out of coming builds; the file stays. For the holder of the publishers' lock."""
    note = {"withdrawn_at": datetime.now(UTC).isoformat(timespec="seconds"), "by": by or getpass.getuser(), "why": why}
    marker = _withdrawal(settings, delivery_id)
    marker.parent.mkdir(parents=True, exist_ok=True)
    _proof(settings, delivery_id).unlink(missing_ok=True)
    marker.write_text(json.dumps(note, ensure_ascii=False), "utf-8")


def _withdrawal(settings: Settings, delivery_id: str) -> Path:
    return settings.data_dir / "withdrawn" / f"{delivery_id}.json"


def _proof(settings: Settings, delivery_id: str) -> Path:
    return settings.data_dir / "proven" / delivery_id


def _read(folder: Path) -> Delivery:
    record = json.loads((folder / _RECORD).read_text("utf-8"))
    return Delivery(delivery_id=folder.name, path=folder / "content" / record["file"], **record)


def _shipped(open_dir: Path) -> list[Delivery]:
    """The open figures: a folder per source; ``delivered.toml`` has the date on which each source's files came in."""
    dates = tomllib.loads((open_dir / "delivered.toml").read_text("utf-8"))
    found = [inspect(path, source_id=path.parent.name, by=SHIPPED_BY) for path in sorted(open_dir.glob("*/*"))]
    return [replace(d, received_at=f"{dates[d.source_id].isoformat()}T00:00:00.000000+00:00") for d in found]
