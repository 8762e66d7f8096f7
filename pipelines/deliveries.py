"""The deliveries: each file exactly as it came, with who, when and what it was read as."""

from __future__ import annotations

import getpass
import hashlib
import json
import tomllib
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

from pipelines.source import Peek, recognise
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


def inspect(path: Path, *, name: str | None = None, source_id: str | None = None, by: str | None = None) -> Delivery:
    """What the file at ``path`` (called ``name`` by its sender) would be as a delivery; nothing is kept yet.

    Raises DeliveryError when the file cannot be recognised.
    """
    name = Path(name or path.name).name
    source, layout = recognise(Peek.at(path, name), source_id)
    with path.open("rb") as file:
        sha256 = hashlib.file_digest(file, "sha256").hexdigest()
    return Delivery(
        delivery_id=_delivery_id(source.id, sha256),
        source_id=source.id,
        layout=layout.id,
        file=name,
        sha256=sha256,
        bytes=path.stat().st_size,
        received_at=datetime.now(UTC).isoformat(timespec="seconds"),
        received_by=by or getpass.getuser(),
        path=path,
    )


def receive(settings: Settings, inspected: Delivery) -> Delivery:
    """Keep a copy of an inspected file; the same file again gives the delivery it was the first time.

    A delivery that was withdrawn comes back.
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
    received = [_read(record.parent) for record in (settings.data_dir / "raw").glob(f"*/{_RECORD}")]
    shipped = _shipped(settings.open_dir)
    return sorted([*shipped, *received], key=lambda d: (d.received_at, d.file, d.delivery_id))


def active(settings: Settings) -> list[Delivery]:
    """The deliveries that a build is made of; oldest first."""
    return [d for d in kept(settings) if not _withdrawal(settings, d.delivery_id).exists()]


def withdraw(settings: Settings, delivery_id: str, *, by: str | None = None, why: str = "") -> Delivery:
    """Take a delivery out of coming builds; the file stays. Raises KeyError for an unknown id."""
    known = {d.delivery_id: d for d in kept(settings)}
    delivery = known[delivery_id]
    note = {"withdrawn_at": datetime.now(UTC).isoformat(timespec="seconds"), "by": by or getpass.getuser(), "why": why}
    marker = _withdrawal(settings, delivery_id)
    marker.parent.mkdir(parents=True, exist_ok=True)
    marker.write_text(json.dumps(note, ensure_ascii=False), "utf-8")
    return delivery


def _withdrawal(settings: Settings, delivery_id: str) -> Path:
    return settings.data_dir / "withdrawn" / f"{delivery_id}.json"


def _delivery_id(source_id: str, sha256: str) -> str:
    return f"{source_id}-{sha256[:12]}"


def _read(folder: Path) -> Delivery:
    record = json.loads((folder / _RECORD).read_text("utf-8"))
    return Delivery(delivery_id=folder.name, path=folder / "content" / record["file"], **record)


def _shipped(open_dir: Path) -> list[Delivery]:
    """The open figures: a folder per source; ``delivered.toml`` has the date on which each source's files came in."""
    dates = tomllib.loads((open_dir / "delivered.toml").read_text("utf-8"))
    found = [inspect(path, source_id=path.parent.name, by=SHIPPED_BY) for path in sorted(open_dir.glob("*/*"))]
    return [replace(d, received_at=f"{dates[d.source_id].isoformat()}T00:00:00+00:00") for d in found]
