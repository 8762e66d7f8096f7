"""The deliveries: each file exactly as it came, with who, when and what it was read as."""

from __future__ import annotations

import getpass
import hashlib
import json
import tomllib
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime
from functools import lru_cache
from pathlib import Path

from pipelines.source import Layout, Peek, Source, recognise
from store.publish import remove_directory, write_directory
from store.schema import SHIPPED_BY
from store.settings import Settings

#: Who the figures that ship with the project are said to come from.

_RECORD = "delivery.json"


@dataclass(frozen=True)
class Delivery:
    """One file of one source, or one table of a local spreadsheet.

    ``path`` is where the file lies (the delivery's own folder for a local table); ``received_at`` is ISO 8601, UTC.
    """

    delivery_id: str
    source_id: str
    layout: str
    file: str
    sha256: str
    bytes: int
    received_at: str
    received_by: str
    path: Path
    #: What a local spreadsheet holds (store.kinds), under which name, and from whom.
    kind: str = "official"
    title: str = ""
    sender: str = ""
    #: Whether the rows of earlier deliveries of the source in its period give way to it.
    replaces: bool = False
    #: Whether it replaces them wherever they lie; otherwise only at the places that it has rows for itself.
    everywhere: bool = True
    #: Whether the file is kept as it came; otherwise only the cells that are used.
    original_kept: bool = True
    #: Which table of the file it is: sheet, row and column of its first cell.
    table: str = ""

    @property
    def is_local(self) -> bool:
        """Whether it is a table of a local spreadsheet, read by a mapping."""
        return self.kind != "official"


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
        folder = _folder(settings, inspected.delivery_id)
        write_directory(
            folder, [(f"content/{inspected.file}", inspected.path.read_bytes()), (_RECORD, _record(inspected))]
        )
        known = _read(folder)
    _withdrawal(settings, known.delivery_id).unlink(missing_ok=True)
    return known


def hold(settings: Settings, delivery: Delivery, files: Sequence[tuple[str, bytes]]) -> Delivery:
    """Write what is kept of a local table where it counts for nothing yet; a crash leaves it to be cleared.

    ``files`` are (name in the delivery's folder, content). For the holder of the publishers' lock.
    """
    folder = _folder(settings, f".new-{delivery.delivery_id}")
    write_directory(folder, [*files, (_RECORD, _record(delivery))])
    return replace(delivery, path=folder)


def admit(settings: Settings, held: Delivery) -> None:
    """Make a delivery of what is held; one that was withdrawn begins anew. For the holder of the publishers' lock."""
    folder = _folder(settings, held.delivery_id)
    if folder.exists():
        remove_directory(folder)
    held.path.rename(folder)
    _withdrawal(settings, held.delivery_id).unlink(missing_ok=True)


def _record(delivery: Delivery) -> bytes:
    record = {name: value for name, value in asdict(delivery).items() if name not in {"delivery_id", "path"}}
    return json.dumps(record, ensure_ascii=False, indent=1).encode()


def _folder(settings: Settings, name: str) -> Path:
    return settings.data_dir / "raw" / name


def kept(settings: Settings) -> list[Delivery]:
    """Every delivery, shipped or received, also the withdrawn ones; oldest first."""
    records = (settings.data_dir / "raw").glob(f"*/{_RECORD}")
    # A folder with a dot in front is one that is being written, or that a crash left half-written.
    received = [_read(record.parent) for record in records if not record.parent.name.startswith(".")]
    shipped = _shipped(settings.open_dir)
    return in_order([*shipped, *received])


def in_order(deliveries: Iterable[Delivery]) -> list[Delivery]:
    """Oldest first: the order in which a build takes them."""
    return sorted(deliveries, key=lambda d: (d.received_at, d.file, d.delivery_id))


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
    path = folder if record.get("kind", "official") != "official" else folder / "content" / record["file"]
    return Delivery(delivery_id=folder.name, path=path, **record)


def _shipped(open_dir: Path) -> list[Delivery]:
    """The open figures: a folder per source; ``delivered.toml`` has the date on which each source's files came in."""
    dates = tomllib.loads((open_dir / "delivered.toml").read_text("utf-8"))
    found = [inspect(path, source_id=path.parent.name, by=SHIPPED_BY) for path in sorted(open_dir.glob("*/*"))]
    return [replace(d, received_at=f"{dates[d.source_id].isoformat()}T00:00:00.000000+00:00") for d in found]
