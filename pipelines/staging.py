"""Staged deliveries: what a parser made of a file, as Parquet, so that no file is parsed twice by the same code."""

from __future__ import annotations

import hashlib
import io
import json
import shutil
from dataclasses import asdict, dataclass
from functools import cache
from pathlib import Path

import pandas as pd

from pipelines.deliveries import Delivery
from pipelines.frames import conform
from pipelines.source import Parsed, sources
from store import schema
from store.publish import abandoned, write_directory
from store.settings import Settings

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
def code_version() -> str:
    """A hash of the code that decides what a delivery becomes; new code parses again."""
    here = Path(__file__).parent
    digest = hashlib.sha256(Path(schema.__file__).read_bytes())
    for path in sorted(p for p in here.rglob("*") if p.suffix in {".py", ".toml", ".csv"}):
        digest.update(path.relative_to(here).as_posix().encode())
        digest.update(path.read_bytes())
    return digest.hexdigest()[:12]


def stage(settings: Settings, delivery: Delivery) -> Staged:
    """Parse a delivery, or take what this code made of it before. Raises DeliveryError from the layout."""
    folder = settings.data_dir / "staged" / f"{delivery.delivery_id}-{delivery.layout}-{code_version()}"
    if not folder.exists():
        layout = next(item for item in sources()[delivery.source_id].layouts if item.id == delivery.layout)
        write_directory(folder, _files(layout.parse(delivery.path)))
    summary = json.loads((folder / _SUMMARY).read_text("utf-8"))
    return Staged(delivery=delivery, folder=folder, **summary)


def discard_unused(settings: Settings, used: list[Staged]) -> None:
    """Remove staged folders that no active delivery of the present code needs, nor a file just being taken in."""
    wanted = {item.folder for item in used}
    for folder in (settings.data_dir / "staged").glob("*"):
        if folder not in wanted and abandoned(folder):
            shutil.rmtree(folder, ignore_errors=True)


def _files(parsed: Parsed) -> list[tuple[str, bytes]]:
    tables = {name: conform(name, frame) for name, frame in parsed.tables.items()}
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
