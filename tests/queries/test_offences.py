"""Queries on reported offences, on a handful of rows."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from analysis.verdict import Verdict
from queries import offences
from store.warehouse import Build
from tests.queries.literal import literal_build

TOTAL, THEFT, BURGLARY, FRAUD = (f"bra_offences_{name}" for name in ("total", "theft", "burglary", "fraud_kort"))
PARTS = {TOTAL: None, THEFT: TOTAL, BURGLARY: THEFT, FRAUD: TOTAL}
NAMES = {TOTAL: "Samtliga anmälda brott", THEFT: "Stöld", BURGLARY: "Inbrott", FRAUD: "Kortbedrägeri"}


def indicators() -> list[dict[str, Any]]:
    common = {"source_id": "bra_reported_offences", "theme": "Brott"}
    rows = []
    for one, whole in PARTS.items():
        rows.append({**common, "indicator_id": one, "name": NAMES[one], "unit": "antal", "part_of": whole})
        rate = {"indicator_id": f"{one}_rate", "name": f"{NAMES[one]} per 100 000", "unit": "per 100 000 invånare"}
        rows.append({**common, **rate, "part_of": None})
    return rows


def figures(
    group: str, area: str, year: int, count: float | None, rate: float, quarter: int = 0
) -> list[dict[str, Any]]:
    first = 3 * quarter - 2 if quarter else 1
    period = {
        "period_type": "quarter" if quarter else "year",
        "period_start": date(year, first, 1),
        "period_end": date(year, first, 28),
        "period_label": f"{year} kv {quarter}" if quarter else str(year),
    }
    status = "preliminary" if year == 2026 else "final"
    known = status if count is not None else "suppressed"
    return [
        {"indicator_id": group, "area_id": area, **period, "value": count, "status": known},
        {"indicator_id": f"{group}_rate", "area_id": area, **period, "value": rate, "count": count, "status": status},
    ]


@pytest.fixture
def build(tmp_path: Path) -> Build:
    observed = [
        *figures(TOTAL, "0188", 2025, 8532, 12790),
        *figures(THEFT, "0188", 2025, 1586, 2378),
        *figures(BURGLARY, "0188", 2025, 340, 510),
        *figures(FRAUD, "0188", 2025, None, 0),
        *figures(TOTAL, "0114", 2025, 5712, 11331),
        *figures(TOTAL, "0188", 2026, 1934, 2894, quarter=2),
        *figures(TOTAL, "0188", 2025, 2106, 3157, quarter=2),
    ]
    event = {"source_id": "polisen_events", "area_id": "0188", "delivery_id": "d"}
    names = {"0188": "Norrtälje", "0114": "Upplands Väsby", "2181": "Sandviken"}
    peers = {"municipality_id": "0188", "name": "Norrtälje", "peers": "2181,0114", "peers_source": "RKA"}
    return literal_build(
        tmp_path,
        source=[{"source_id": "polisen_events", "citation": "Polisen"}],
        delivery=[{"delivery_id": "d", "source_id": "polisen_events", "layout": "open", "file": "f", "sha256": "s",
                   "bytes": 1, "received_at": pd.Timestamp(2026, 9, 1), "received_by": "x",
                   "rows_read": 1, "rows_kept": 1,
                   "rows_refused": 0}],
        area=[{"area_id": one, "level": "municipality", "name": name} for one, name in names.items()],
        municipality=[peers, {**peers, "municipality_id": "1485", "name": "Uddevalla", "peers": ""}],
        indicator=indicators(),
        observation=observed,
        series_break=[{"indicator_id": one, "period_start": date(2015, 1, 1), "why": "ny plats", "reference": "Brå"}
                      for one in PARTS],
        event=[
            {**event, "event_id": "1", "category": "Brand", "occurred_from": pd.Timestamp(2026, 8, 6, 12)},
            {**event, "event_id": "2", "category": "Stöld", "reported": pd.Timestamp(2026, 5, 1, 9)},
            {**event, "event_id": "3", "category": "Stöld", "occurred_from": pd.Timestamp(2025, 9, 1)},
            {**event, "event_id": "4", "category": "Stöld", "occurred_from": pd.Timestamp(2025, 8, 6, 11)},
            {**event, "event_id": "5", "category": "Rån", "occurred_from": pd.Timestamp(2026, 8, 1), "area_id": "0114"},
        ],
    )  # fmt: skip


def test_groups_come_total_first_and_parts_after_their_whole(build: Build) -> None:
    found = offences.groups(build, "0188")
    assert found["indicator_id"].tolist() == [TOTAL, THEFT, BURGLARY, FRAUD]
    assert found["part_of"].tolist() == ["", TOTAL, THEFT, TOTAL]
    assert found["exclusive"].tolist() == [True, True, True, False]  # a discovered type may lie inside another group


def test_groups_without_figures_for_the_municipality_are_left_out(build: Build) -> None:
    assert offences.groups(build, "0114")["indicator_id"].tolist() == [TOTAL]
    assert offences.groups(build, "2181").empty


def test_a_series_has_count_rate_and_the_population_behind_the_largest_rate(build: Build) -> None:
    rows = offences.series(build, (TOTAL, THEFT), ("0188",), "year").set_index("indicator_id")
    assert rows.loc[THEFT, ["count", "rate", "status"]].tolist() == [1586, 2378, "final"]
    assert rows.loc[THEFT, "exposure"] == pytest.approx(8532 / 12790 * 100_000)  # 66 708, not 1586/2378 = 66 695


def test_a_suppressed_count_stays_empty_and_says_so(build: Build) -> None:
    row = offences.series(build, (TOTAL, FRAUD), ("0188",), "year").set_index("indicator_id").loc[FRAUD]
    assert row.isna()["count"]
    assert row["status"] == "suppressed"


def test_several_areas_and_quarters_are_kept_apart(build: Build) -> None:
    years = offences.series(build, (TOTAL,), ("0114", "0188"), "year")
    assert years[["area_id", "count"]].values.tolist() == [["0114", 5712], ["0188", 8532]]
    quarters = offences.series(build, (TOTAL,), ("0188",), "quarter")
    assert quarters["period_label"].tolist() == ["2025 kv 2", "2026 kv 2"]
    assert quarters["preliminary"].tolist() == [False, True]


def test_a_break_is_told_once(build: Build) -> None:
    rows = offences.breaks(build, (TOTAL, THEFT))
    assert rows[["why", "reference"]].values.tolist() == [["ny plats", "Brå"]]


def test_peers_come_by_name(build: Build) -> None:
    rows = offences.peers(build, "0188")
    assert rows[["area_id", "name", "peers_source"]].values.tolist() == [
        ["2181", "Sandviken", "RKA"],
        ["0114", "Upplands Väsby", "RKA"],
    ]
    assert offences.peers(build, "1485").empty


def test_notices_are_counted_over_the_year_up_to_the_newest(build: Build) -> None:
    rows = offences.notices(build, "0188")
    assert rows[["category", "notices"]].values.tolist() == [["Stöld", 2], ["Brand", 1]]  # the one a year old is out
    assert (rows["first"].iloc[0], rows["last"].iloc[0]) == (pd.Timestamp(2025, 9, 1), pd.Timestamp(2026, 8, 6, 12))
    assert offences.notices(build, "2181").empty


def test_expected_compares_with_years_after_the_break_only(tmp_path: Path) -> None:
    rows = [row for year in range(2010, 2026) for row in figures(TOTAL, "0188", year, 8000 + year % 3, 12000)]
    breaks = [{"indicator_id": TOTAL, "period_start": date(2015, 1, 1), "why": "ny plats", "reference": "Brå"}]
    build = literal_build(tmp_path, indicator=indicators(), observation=rows, series_break=breaks)
    asked = [date(2019, 1, 1), date(2020, 1, 1), date(2030, 1, 1)]
    early, late = offences.expected(build, (TOTAL,), "0188", "year", asked)[TOTAL]
    assert (early.reason, early.verdict) == ("short_history", Verdict.TOO_LITTLE)  # four years since the break
    assert late.verdict is Verdict.NORMAL
    assert [day.year for day in late.history] == [2015, 2016, 2017, 2018, 2019]


def test_a_group_s_history_is_cut_by_its_own_breaks_alone(tmp_path: Path) -> None:
    counts = {one: [row for year in range(2010, 2026) for row in figures(one, "0188", year, 8000 + year % 3, 12000)]
              for one in (TOTAL, FRAUD)}  # fmt: skip
    breaks = [{"indicator_id": FRAUD, "period_start": date(2019, 1, 1), "why": "nya koder", "reference": "Brå"}]
    build = literal_build(
        tmp_path, indicator=indicators(), observation=[*counts[TOTAL], *counts[FRAUD]], series_break=breaks
    )
    found = offences.expected(build, (TOTAL, FRAUD), "0188", "year", [date(2025, 1, 1)])
    assert [found[one][0].history[0].year for one in (TOTAL, FRAUD)] == [2017, 2019]
