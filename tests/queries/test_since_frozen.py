"""What today's facts say beside frozen figures, on builds of literal rows."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from queries import since_frozen
from queries.measured import Measured
from store.warehouse import Build
from tests.queries.literal import Rows, literal_build, year

RATE = Measured("indicator", "0188", "Klotter", "bra_offences_graffiti")


def delivery(identity: str, source: str, day: int) -> Rows:
    return [
        {"delivery_id": identity, "source_id": source, "layout": "data", "file": "f", "sha256": "s", "bytes": 1,
         "received_at": pd.Timestamp(2026, 3, day), "received_by": "x", "rows_read": 1, "rows_kept": 1,
         "rows_refused": 0}
    ]  # fmt: skip


def made(folder: Path, **figures: float) -> Build:
    quarter = {
        "period_type": "quarter", "period_start": pd.Timestamp(2025, 1, 1), "period_end": pd.Timestamp(2025, 3, 31),
        "period_label": "2025 kv 1",
    }  # fmt: skip
    common = {"indicator_id": RATE.indicator_id, "area_id": "0188"}
    years = [{**common, **year(int(name[1:])), "value": value} for name, value in figures.items()]
    return literal_build(
        folder,
        area=[{"area_id": "0188", "level": "municipality"}],
        source=[
            {"source_id": "bra", "title": "Anmälda brott", "citation": "Brå", "speaks_of": "Anmälda brott."},
            {"source_id": "scb", "title": "Befolkning", "citation": "SCB", "speaks_of": "Invånare."},
            {"source_id": "tom", "title": "Utan leverans", "citation": "Tom"},
        ],
        delivery=[*delivery("d1", "bra", 4), *delivery("d2", "bra", 9), *delivery("d3", "scb", 1)],
        indicator=[{"indicator_id": RATE.indicator_id, "source_id": "bra", "unit": "antal", "theme": "Brott"}],
        observation=[*years, {**common, **quarter, "value": 3.0}],
    )


@pytest.fixture(scope="module")
def build(tmp_path_factory: pytest.TempPathFactory) -> Build:
    return made(tmp_path_factory.mktemp("then"), y2024=9.0, y2025=12.0)


def test_an_indicator_is_compared_by_year(build: Build) -> None:
    assert since_frozen.telling(build, RATE)[["label", "value"]].to_numpy().tolist() == [["2024", 9.0], ["2025", 12.0]]


def test_a_later_build_is_compared_with_what_was_kept(build: Build, tmp_path: Path) -> None:
    then = since_frozen.telling(build, RATE).to_csv(index=False)
    assert not since_frozen.since(build, RATE, then).is_revised
    found = since_frozen.since(made(tmp_path, y2024=9.0, y2025=11.0, y2026=4.0), RATE, then)
    assert found.revised.to_numpy().tolist() == [["2025", 12.0, 11.0, 1, 1]]
    assert found.added.to_numpy().tolist() == [["2026", 4.0]]


def test_deliveries_and_the_sources_without_a_figure(build: Build) -> None:
    newest = since_frozen.newest_deliveries(build, ("Brå", "Okänd"))
    assert newest.to_numpy().tolist() == [["Brå", pd.Timestamp(2026, 3, 9)]]
    assert since_frozen.unused(build, ("Brå",)).to_numpy().tolist() == [["Befolkning", "Myndighet", "Invånare."]]
    assert since_frozen.unused(build, ())["title"].tolist() == ["Anmälda brott", "Befolkning"]
