"""A build of literal rows, for questions whose answers can be worked out by hand."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pandas as pd

from pipelines.frames import conform
from store.publish import NewBuild
from store.schema import TABLES
from store.warehouse import Build

Rows = list[dict[str, Any]]

#: What the rows of a test need not say.
_DEFAULTS: dict[str, dict[str, Any]] = {
    "indicator": {
        "source_id": "scb_deso_statistics", "name": "Mått", "unit": "procent", "theme": "Tema", "polarity": "neutral",
        "aggregation": "none", "decimals": 1, "description": "",
    },
    "source": {
        "title": "Källa", "producer": "Myndighet", "citation": "Källa", "licence": "CC0", "url": "",
        "rhythm": "årligen",
        "update_days": 365, "levels": "municipality", "speaks_of": "Något", "kind": "official", "protected": False,
        "layouts": "",
        "fetchable": False,
    },
    "area": {"name": "Namn"},
    "observation": {"delivery_id": "d1", "breakdown": "", "status": "final"},
    "event": {"delivery_id": "d1", "category": "Stöld"},
    "delivery": {"original_kept": True},
}  # fmt: skip


def literal_build(folder: Path, *, build_id: str = "b1", **tables: Rows) -> Build:
    """A build with these rows; columns left out get a stand-in."""
    new = NewBuild(folder, build_id)
    for name, rows in tables.items():
        frame = pd.DataFrame([{**_DEFAULTS.get(name, {}), **row} for row in rows])
        if name == "delivery":  # its rows come from the engine, not from a parser
            new.put(name, frame.reindex(columns=TABLES[name].column_names))
            continue
        whole = conform(name, frame.drop(columns="delivery_id", errors="ignore"))
        if "delivery_id" in TABLES[name].column_names:
            whole["delivery_id"] = frame["delivery_id"].to_numpy()
        new.put(name, whole)
    return Build(build_id, new.finish(), datetime(2026, 1, 1, tzinfo=UTC), "test")


def year(number: int) -> dict[str, Any]:
    """The period columns of a calendar year."""
    return {
        "period_type": "year",
        "period_start": pd.Timestamp(number, 1, 1),
        "period_end": pd.Timestamp(number, 12, 31),
        "period_label": str(number),
    }


def school_year(first: int) -> dict[str, Any]:
    """The period columns of a school year."""
    return {
        "period_type": "school_year",
        "period_start": pd.Timestamp(first, 7, 1),
        "period_end": pd.Timestamp(first + 1, 6, 30),
        "period_label": f"{first}/{(first + 1) % 100:02d}",
    }


def within(chains: dict[str, list[str]]) -> Rows:
    """Rows of ``area_within``: each area with itself and with the larger places named."""
    return [{"area_id": area, "within_id": place} for area, larger in chains.items() for place in [area, *larger]]
