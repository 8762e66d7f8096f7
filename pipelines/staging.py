"""Staged deliveries: what a parser made of a file, as Parquet, so that no file is parsed twice by the same code."""

from __future__ import annotations

import io
import json
from collections.abc import Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass
from datetime import date
from functools import cache, lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, TypeAlias

import pandas as pd

from pipelines.deliveries import Delivery
from pipelines.frames import check, shape
from pipelines.intake import local
from pipelines.municipalities import Municipality, municipality_of
from pipelines.progress import Progress, quiet
from pipelines.source import DeliveryError, Parsed, sources
from pipelines.spans import places_of, spans_of
from store.publish import remove_directory, write_directory
from store.schema import AREA, BOUNDARY, Table
from store.settings import Settings, shipped_version

if TYPE_CHECKING:
    from pipelines.intake.gazetteer import Gazetteer

_SUMMARY = "parsed.json"


@dataclass(frozen=True)
class Staged:
    """A parsed delivery: a folder of Parquet files, one per table, and the counts."""

    delivery: Delivery
    folder: Path
    rows_read: int
    rows_kept: int
    rows_refused: int
    refusals: list[dict[str, object]]
    period_first: str | None
    period_last: str | None
    #: The days that it covers: (first, last) for each month with rows in it.
    spans: list[tuple[date, date]]
    #: The areas that it has rows for; an empty text for rows without any.
    places: list[str]

    def parquet(self, table: str) -> Path | None:
        """The file with the delivery's rows of ``table``, if it has any."""
        path = self.folder / f"{table}.parquet"
        return path if path.exists() else None


@cache
def _version(open_dir: Path) -> str:
    return shipped_version(open_dir)


def stage(
    settings: Settings, delivery: Delivery, gazetteer: Gazetteer | None = None, parsed: Parsed | None = None
) -> Staged:
    """Parse a delivery, or take what this version of the project made of it before. Raises DeliveryError.

    A local table needs the ``gazetteer`` that its places are looked up in. ``parsed`` is what parsing gives, when that
    has just been done. For the holder of the publishers' lock.
    """
    folder = _folder(settings, delivery, gazetteer)
    if not folder.exists():
        write_directory(folder, _files(delivery, parsed or _parse(delivery, gazetteer)))
    summary = json.loads((folder / _SUMMARY).read_text("utf-8"))
    summary["spans"] = [tuple(map(date.fromisoformat, span)) for span in summary["spans"]]
    return Staged(delivery=delivery, folder=folder, **summary)


def stage_all(settings: Settings, deliveries: Sequence[Delivery], progress: Progress = quiet) -> list[Staged]:
    """Parse these deliveries, the official ones first: the places that local tables speak of come from them.

    In the order given. Raises DeliveryError. For the holder of the publishers' lock.
    """
    done: dict[str, Staged] = {}
    gazetteer = None
    ordered = sorted(deliveries, key=lambda d: d.is_local)
    for number, delivery in enumerate(ordered):
        progress(number / len(ordered), f"Läser {delivery.file}")
        if delivery.is_local and gazetteer is None:
            gazetteer = gazetteer_of(settings, list(done.values()))
        done[delivery.delivery_id] = stage(settings, delivery, gazetteer if delivery.is_local else None)
    return [done[delivery.delivery_id] for delivery in deliveries]


def gazetteer_of(settings: Settings, staged: Sequence[Staged]) -> Gazetteer:
    """The places of the settings' municipality, as the staged official deliveries know them.

    Raises DeliveryError when the municipality has no configuration.
    """
    areas, boundaries = _written(staged, AREA), _written(staged, BOUNDARY)
    return _gazetteer(municipality_of(settings), areas, boundaries)


_Files: TypeAlias = tuple[tuple[Path, int], ...]


def _written(staged: Sequence[Staged], table: Table) -> _Files:
    """The files with a table's rows, and when they were written."""
    return tuple((path, path.stat().st_mtime_ns) for one in staged if (path := one.parquet(table.name)))


@lru_cache(maxsize=2)
def _gazetteer(municipality: Municipality, areas: _Files, boundaries: _Files) -> Gazetteer:
    """Made once for the same files; a publication needs it several times."""
    from pipelines.intake.gazetteer import Gazetteer

    return Gazetteer.of(_newest(areas, AREA), _newest(boundaries, BOUNDARY), municipality)


def _newest(files: _Files, table: Table) -> pd.DataFrame:
    """The rows of a table from these files, the newest of each key."""
    frames = [pd.read_parquet(path) for path, _ in files]
    if not frames:
        return pd.DataFrame(columns=table.column_names)
    return pd.concat(frames, ignore_index=True).drop_duplicates(list(table.key), keep="last", ignore_index=True)


def _folder(settings: Settings, delivery: Delivery, gazetteer: Gazetteer | None) -> Path:
    name = f"{delivery.delivery_id}-{delivery.layout}-{_version(settings.open_dir)}"
    return settings.data_dir / "staged" / (f"{name}-{gazetteer.fingerprint[:12]}" if gazetteer else name)


def _parse(delivery: Delivery, gazetteer: Gazetteer | None) -> Parsed:
    if gazetteer is not None:
        return local.parse(delivery, gazetteer)
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
    # A local table's folder also names the gazetteer, which is not made just to know what can be removed.
    wanted = tuple(_folder(settings, delivery, None).name for delivery in used)
    for folder in (settings.data_dir / "staged").glob("[!.]*"):
        if not folder.name.startswith(wanted):
            remove_directory(folder)


def _files(delivery: Delivery, parsed: Parsed) -> list[tuple[str, bytes]]:
    try:
        tables = {name: shape(name, frame) for name, frame in parsed.tables.items()}
        with ThreadPoolExecutor(1) as pool:  # a large table is checked while it is packed
            checked = pool.submit(_check, tables)
            packed = [(f"{name}.parquet", _parquet(frame)) for name, frame in tables.items() if len(frame)]
            checked.result()
    except ValueError as error:
        raise DeliveryError(
            f"Filens uppgifter går inte att föra in ({error}). Kontrollera att ingen rad står två gånger och att "
            "ingen kolumn har fått en annan sorts innehåll."
        ) from error
    summary = {
        "rows_read": parsed.rows_read,
        "rows_kept": parsed.rows_kept,
        "rows_refused": len(parsed.refusals) if parsed.rows_refused is None else parsed.rows_refused,
        "refusals": [asdict(refusal) for refusal in parsed.refusals],
        **_periods(tables),
        "spans": spans_of(tables),
        "places": places_of(tables) if delivery.is_local else [],
    }
    return [*packed, (_SUMMARY, json.dumps(summary, ensure_ascii=False, default=str).encode())]


def _check(tables: dict[str, pd.DataFrame]) -> None:
    for name, frame in tables.items():
        check(name, frame)


def _parquet(frame: pd.DataFrame) -> bytes:
    buffer = io.BytesIO()
    frame.to_parquet(buffer, index=False)
    return buffer.getvalue()


def _periods(tables: dict[str, pd.DataFrame]) -> dict[str, str | None]:
    observed = tables.get("observation", pd.DataFrame(columns=["period_start", "period_end"]))
    answered = tables.get("survey_answer", pd.DataFrame(columns=["period_start", "period_end"]))
    events = tables.get("event", pd.DataFrame(columns=["occurred_from", "reported"]))
    moments = events["occurred_from"].fillna(events["reported"])
    columns = [frame[name] for frame in (observed, answered) for name in ("period_start", "period_end")]
    days = pd.concat([pd.to_datetime(column) for column in (*columns, moments)])
    if days.dropna().empty:
        return {"period_first": None, "period_last": None}
    return {"period_first": str(days.min().date()), "period_last": str(days.max().date())}
