"""A build of national size, made by a seeded generator on top of a build of the shipped figures.

Every table is the shipped build's, and to it come offences reported by month and year in every municipality and events
published about them. The pages run on it as on any build. None of its generated figures say anything about a place.
"""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa  # type: ignore[import-untyped]
import pyarrow.parquet as pq  # type: ignore[import-untyped]

from pipelines import engine
from store.publish import NewBuild, switch
from store.schema import OBSERVATION, TABLES
from store.settings import PROJECT, Settings, shipped_version
from store.warehouse import Build, current_build, fetch

CACHE = PROJECT / "data" / "bench"
SEED = 188
LAST_YEAR = 2025
OFFENCES = "bra_reported_offences"
EVENTS = "polisen_events"


@dataclass(frozen=True)
class Size:
    """How much is generated; the defaults are the national size."""

    municipalities: int = 290
    months: int = 180
    types: int = 150
    events: int = 1_000_000

    @property
    def observations(self) -> int:
        """Monthly observations; the yearly sums come on top."""
        return self.municipalities * self.months * self.types


NATIONAL = Size()


def national_data() -> Path:
    """A data folder whose current build is of national size; made once per version of what ships."""
    version = shipped_version(Settings().open_dir)
    data_dir = CACHE / f"national-{version}"
    if current_build(data_dir) is None:
        for older in CACHE.glob("national-*"):
            shutil.rmtree(older)
        shipped = engine.build(Settings(data_dir=data_dir / "shipped")).build
        new = generate(data_dir, shipped, NATIONAL)
        faults = new.faults()
        if faults:
            raise RuntimeError("\n".join(faults))
        new.finish()
        switch(data_dir, new.build_id, version)
    return data_dir


def generate(data_dir: Path, shipped: Build, size: Size) -> NewBuild:
    """A build, not yet finished, with all that ``shipped`` has and ``size`` more."""
    rng = np.random.default_rng(SEED)
    areas = fetch(shipped, "SELECT area_id, population FROM area WHERE level = 'municipality' ORDER BY area_id")
    areas = areas.head(size.municipalities)
    new = NewBuild(data_dir, "national")
    staged = data_dir / "generated"
    staged.mkdir(parents=True, exist_ok=True)
    _write_observations(staged / "observation.parquet", rng, areas, size)
    _write_events(staged / "event.parquet", rng, areas, size)
    generated = {"observation": OFFENCES, "event": EVENTS}
    for name in TABLES:
        frame = fetch(shipped, f"SELECT * FROM {name}")  # noqa: S608 - a name of the schema
        if name == "indicator":
            frame = pd.concat([frame, _indicators(frame, size)])
        if name in generated:
            files = [*_as_staged(staged, name, frame), (f"{generated[name]}-generated", staged / f"{name}.parquet")]
            new.load(name, files)
        elif name == "delivery":
            new.put(name, pd.concat([frame, _deliveries(frame, size)]))
        else:
            new.put(name, frame)
    shutil.rmtree(staged)
    return new


def _as_staged(folder: Path, name: str, frame: pd.DataFrame) -> list[tuple[str, Path]]:
    """The shipped rows as one staged file per delivery, so that a build orders them among the others."""
    out = []
    for delivery_id, rows in frame.groupby("delivery_id"):
        path = folder / f"{name}-{delivery_id}.parquet"
        _write(path, rows, name)
        out.append((str(delivery_id), path))
    return out


def _write(path: Path, frame: pd.DataFrame, table_name: str) -> None:
    """Write a staged file; columns without any value keep the type that the schema gives them."""
    types = {"VARCHAR": pa.string(), "DOUBLE": pa.float64(), "TIMESTAMP": pa.timestamp("us"), "DATE": pa.date32()}
    declared = {column.name: column.type for column in TABLES[table_name].columns if column.name != "delivery_id"}
    table = pa.Table.from_pandas(frame[list(declared)], preserve_index=False)
    for place, field in enumerate(table.schema):
        if pa.types.is_null(field.type):
            empty = pa.nulls(len(table), types[declared[field.name]])
            table = table.set_column(place, field.name, empty)
    pq.write_table(table, path)


def _indicator_id(number: int) -> str:
    return f"bra_offences_type_{number:03d}"


def _indicators(shipped: pd.DataFrame, size: Size) -> pd.DataFrame:
    """One indicator per offence type, like the shipped total but for its id and name."""
    total = shipped.set_index("indicator_id").loc["bra_offences_total"].to_dict()
    rows = [
        {
            **total,
            "indicator_id": _indicator_id(number),
            "name": f"Brottstyp {number:03d}",
            "part_of": "bra_offences_total",
        }
        for number in range(1, size.types + 1)
    ]
    return pd.DataFrame(rows, columns=shipped.columns)


def _deliveries(shipped: pd.DataFrame, size: Size) -> pd.DataFrame:
    rows = {OFFENCES: size.observations, EVENTS: size.events}
    template = shipped.iloc[0].to_dict()
    return pd.DataFrame(
        [
            {
                **template,
                "delivery_id": f"{source}-generated",
                "source_id": source,
                "file": "generated",
                "rows_read": count,
                "rows_kept": count,
            }
            for source, count in rows.items()
        ],
        columns=shipped.columns,
    )


def _write_observations(path: Path, rng: np.random.Generator, areas: pd.DataFrame, size: Size) -> None:
    """Counts by offence type, municipality and month, and by year where it is whole; a row group per offence type."""
    months = pd.period_range(end=f"{LAST_YEAR}-12", periods=size.months, freq="M")
    years = months.year.value_counts()
    whole = years.index[years == 12].sort_values()
    in_year = np.array([months.year == year for year in whole], dtype=float).reshape(len(whole), size.months)
    season = 1 + 0.15 * np.sin(2 * np.pi * (months.month.to_numpy() - 4) / 12)
    people = areas["population"].astype("Float64").fillna(30_000).to_numpy(dtype=float)
    status = np.where(months >= months[-1] - 2, "preliminary", "final")
    monthly = _periods(months.strftime("%Y-%m"), months.start_time, months.end_time, "month", status)
    yearly = _periods(
        whole.astype(str),
        pd.to_datetime(whole.astype(str)),
        pd.to_datetime(whole.astype(str) + "-12-31"),
        "year",
        np.repeat("final", len(whole)),
    )
    periods = pd.concat([monthly, yearly], ignore_index=True)
    writer = None
    for number in range(1, size.types + 1):
        # From under one to some hundred reports per 100 000 inhabitants and month, as between rare and common types.
        level = 100 * 0.96**number * rng.lognormal(0, 0.3, len(areas)) * people / 100_000
        counts = rng.poisson(level[:, None] * season)
        block = np.hstack([counts, counts @ in_year.T]).ravel().astype(float)
        table = _observation_block(_indicator_id(number), areas["area_id"].tolist(), periods, block)
        writer = writer or pq.ParquetWriter(path, table.schema)
        writer.write_table(table)
    if writer:
        writer.close()


def _periods(labels: pd.Index, first: pd.Index, last: pd.Index, kind: str, status: np.ndarray) -> pd.DataFrame:
    return pd.DataFrame(
        {"label": labels, "start": first, "end": pd.DatetimeIndex(last).normalize(), "type": kind, "status": status}
    )


def _observation_block(indicator_id: str, area_ids: list[str], periods: pd.DataFrame, counts: np.ndarray) -> pa.Table:
    """One offence type in every area and period, areas slowest, in the columns of ``observation``."""
    rows = len(counts)
    repeated = periods.iloc[np.tile(np.arange(len(periods)), len(area_ids))]
    columns = {
        "indicator_id": pa.repeat(indicator_id, rows),
        "area_id": pa.array(np.repeat(np.array(area_ids, dtype=object), len(periods))),
        "period_type": pa.array(repeated["type"]),
        "period_start": pa.array(repeated["start"].dt.date),
        "period_end": pa.array(repeated["end"].dt.date),
        "period_label": pa.array(repeated["label"]),
        "breakdown": pa.repeat("", rows),
        "value": pa.array(counts),
        "count": pa.array(counts),
        "status": pa.array(repeated["status"]),
    }
    empty = {"base": pa.float64(), "lower": pa.float64(), "upper": pa.float64(), "value_text": pa.string()}
    columns |= {name: pa.nulls(rows, kind) for name, kind in empty.items()}
    return pa.table({name: columns[name] for name in OBSERVATION.column_names if name != "delivery_id"})


def _write_events(path: Path, rng: np.random.Generator, areas: pd.DataFrame, size: Size) -> None:
    """Events spread over the municipalities by population and over the period evenly."""
    kinds = ["Trafikolycka", "Stöld", "Misshandel", "Rattfylleri", "Skadegörelse", "Brand", "Rån", "Inbrott"]
    people = areas["population"].astype("Float64").fillna(30_000).to_numpy(dtype=float)
    where = rng.choice(areas["area_id"].to_numpy(), size.events, p=people / people.sum())
    span = size.months * 30 * 24 * 60
    occurred = pd.Timestamp(f"{LAST_YEAR}-12-31") - pd.to_timedelta(rng.integers(0, span, size.events), unit="min")
    category = rng.choice(np.array(kinds, dtype=object), size.events)
    frame = pd.DataFrame(
        {
            "source_id": EVENTS,
            "event_id": [f"g{number:07d}" for number in range(size.events)],
            "category": category,
            "detail": None,
            "code": None,
            "events": 1,
            "reporter": None,
            "title": category,
            "occurred_from": occurred,
            "occurred_to": occurred,
            "time_note": None,
            "reported": occurred + pd.Timedelta(hours=2),
            "area_id": where,
            "placement": "placed",
            "place_text": where,
            "x": np.nan,
            "y": np.nan,
            "precision": "municipality",
            "url": "https://polisen.se/",
        }
    )
    _write(path, frame, "event")
