"""Staged deliveries: what a parser made of a file, as Parquet, so that no file is parsed twice by the same code."""

from __future__ import annotations

import io
import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from functools import cache
from pathlib import Path

import pandas as pd

from pipelines.deliveries import Delivery
from pipelines.frames import conform
from pipelines.source import DeliveryError, Parsed, sources
from store.publish import remove_directory, write_directory
from store.settings import Settings, shipped_version

_SUMMARY = "parsed.json"


@dataclass(frozen=True)
class Staged:
    """A parsed delivery: a folder of Parquet files, one per table, and the counts."""

    delivery: Delivery
    folder: Path
    rows_read: int
    rows_kept: int
    refusals: list[dict[str, object]]
    period_first: str | None
    period_last: str | None

    def parquet(self, table: str) -> Path | None:
        """The file with the delivery's rows of ``table``, if it has any."""
        path = self.folder / f"{table}.parquet"
        return path if path.exists() else None


@cache
def _version(open_dir: Path) -> str:
    return shipped_version(open_dir)


def stage(settings: Settings, delivery: Delivery) -> Staged:
    """Parse a delivery, or take what this version of the project made of it before. Raises DeliveryError.

    For the holder of the publishers' lock.
    """
    folder = _folder(settings, delivery)
    if not folder.exists():
        write_directory(folder, _files(_parse(delivery)))
    summary = json.loads((folder / _SUMMARY).read_text("utf-8"))
    return Staged(delivery=delivery, folder=folder, **summary)


def _folder(settings: Settings, delivery: Delivery) -> Path:
    name = f"{delivery.delivery_id}-{delivery.layout}-{_version(settings.open_dir)}"
    return settings.data_dir / "staged" / name


def _parse(delivery: Delivery) -> Parsed:
    source = sources().get(delivery.source_id)
    layout = next((item for item in source.layouts if item.id == delivery.layout), None) if source else None
    if layout is None:
        raise DeliveryError(
            f"{delivery.file}: kom när programmet läste den som {delivery.source_id}, {delivery.layout}, och det kan "
            f"det inte längre. Ta bort den med «undo {delivery.delivery_id}» och lägg till den igen."
        )
    return layout.parse(delivery.path)


def discard_unused(settings: Settings, used: Iterable[Delivery]) -> None:
    """Remove staged folders other than these deliveries' in this version. For the holder of the publishers' lock."""
    wanted = {_folder(settings, delivery) for delivery in used}
    for folder in (settings.data_dir / "staged").glob("[!.]*"):
        if folder not in wanted:
            remove_directory(folder)


def _files(parsed: Parsed) -> list[tuple[str, bytes]]:
    try:
        tables = {name: conform(name, frame) for name, frame in parsed.tables.items()}
    except ValueError as error:
        raise DeliveryError(
            f"Filens uppgifter går inte att föra in ({error}). Kontrollera att ingen rad står två gånger och att "
            "ingen kolumn har fått en annan sorts innehåll."
        ) from error
    summary = {
        "rows_read": parsed.rows_read,
        "rows_kept": parsed.rows_kept,
        "refusals": [asdict(refusal) for refusal in parsed.refusals],
        **_periods(tables),
    }
    files = [(f"{name}.parquet", _parquet(frame)) for name, frame in tables.items() if len(frame)]
    return [*files, (_SUMMARY, json.dumps(summary, ensure_ascii=False, default=str).encode())]


def _parquet(frame: pd.DataFrame) -> bytes:
    buffer = io.BytesIO()
    frame.to_parquet(buffer, index=False)
    return buffer.getvalue()


def _periods(tables: dict[str, pd.DataFrame]) -> dict[str, str | None]:
    observed = tables.get("observation", pd.DataFrame(columns=["period_start", "period_end"]))
    events = tables.get("event", pd.DataFrame(columns=["occurred_from", "reported"]))
    moments = events["occurred_from"].fillna(events["reported"])
    days = pd.concat([pd.to_datetime(column) for column in (observed["period_start"], observed["period_end"], moments)])
    if days.dropna().empty:
        return {"period_first": None, "period_last": None}
    return {"period_first": str(days.min().date()), "period_last": str(days.max().date())}
