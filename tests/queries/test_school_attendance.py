"""Attendance per school: gathered by school year on the same months, and hidden where it would tell of few."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from queries import school_attendance
from store.warehouse import Build
from tests.queries.literal import literal_build, within, year

HERE, DISTRICT, NORTH, SOUTH = "9999", "9999-norr", "10000001", "10000002"
AREAS = [
    {"area_id": HERE, "level": "municipality", "name": "Provkommun"},
    {"area_id": DISTRICT, "level": "district", "name": "Norr", "parent_id": HERE},
    {"area_id": NORTH, "level": "school", "name": "Norrskolan"},
    {"area_id": SOUTH, "level": "school", "name": "Söderskolan"},
]
WITHIN = within({HERE: [], DISTRICT: [HERE], NORTH: [DISTRICT, HERE], SOUTH: [HERE]})


def delivered(source: str) -> dict[str, Any]:
    return {
        "delivery_id": "d1", "source_id": source, "layout": "tolkning", "file": "fil.xlsx", "sha256": "ab", "bytes": 1,
        "received_at": pd.Timestamp(2026, 1, 2), "received_by": "Anna", "rows_read": 1, "rows_kept": 1,
        "rows_refused": 0,
    }  # fmt: skip


def month(at: str) -> dict[str, Any]:
    start = pd.Timestamp(at)
    return {"period_type": "month", "period_start": start, "period_end": start + pd.offsets.MonthEnd(),
            "period_label": f"{start:%Y-%m}"}  # fmt: skip


def told(value: float | None, period: dict[str, Any], school: str = NORTH, **more: Any) -> dict[str, Any]:
    return {"indicator_id": "m", "area_id": school, "value": value, **period, **more}


def build_of(
    folder: Path, rows: Sequence[dict[str, Any]], name: str = "Närvaro", unit: str = "procent", adds: str = "none"
) -> Build:
    return literal_build(
        folder, area=AREAS, area_within=WITHIN, observation=list(rows),
        source=[{"source_id": "lokal_x", "kind": "observations", "protected": True}],
        delivery=[delivered("lokal_x")],
        indicator=[
            {"indicator_id": "m", "source_id": "lokal_x", "name": name, "unit": unit, "aggregation": adds},
            {"indicator_id": "other", "source_id": "lokal_x", "name": "Trivsel"},
        ],
    )  # fmt: skip


def test_school_years_are_compared_on_the_months_that_the_newest_has(tmp_path: Path) -> None:
    months = ["2023-08", "2023-09", "2024-02", "2024-08", "2024-09", "2025-02", "2025-08", "2025-09"]
    rows = [told(float(value), month(at)) for value, at in zip([90, 92, 10, 94, 96, 10, 95, 91], months, strict=True)]
    rows += [
        told(80.0, month("2024-08"), SOUTH),
        told(70.0, month("2025-08"), SOUTH),
        told(74, month("2025-09"), SOUTH),
    ]
    build = build_of(tmp_path, rows)
    assert school_attendance.measures(build, HERE)["name"].tolist() == ["Närvaro"]
    found = school_attendance.school_years(school_attendance.figures(build, HERE, "m"))
    north, south = found[found["area_id"] == NORTH], found[found["area_id"] == SOUTH]
    # February plays no part, since the newest school year has none.
    assert dict(zip(north["period_label"], north["value"], strict=True)) == {
        "2023/24, aug–sep": 91, "2024/25, aug–sep": 95, "2025/26, aug–sep": 93,
    }  # fmt: skip
    # A year with August alone is not set against August and September.
    assert south["period_label"].tolist() == ["2025/26, aug–sep"]
    assert south["value"].tolist() == [72]
    assert (north["district"].iloc[0], south["district"].isna().all()) == ("Norr", True)


@pytest.mark.parametrize(
    ("name", "unit", "adds", "row", "hidden"),
    [
        pytest.param("Närvaro", "procent", "none", {"value": 93.0}, False, id="share of time, base unknown"),
        pytest.param("Närvaro", "procent", "none", {"value": 93.0, "base": 4}, True, id="of few"),
        pytest.param("Närvaro", "procent", "none", {"value": 99.0, "base": 90}, False, id="share of time"),
        pytest.param(
            "Elever med hög frånvaro", "procent", "none", {"value": 3.0, "base": 90}, True, id="share of persons"
        ),
        pytest.param(
            "Elever med närvaro över 90 %", "procent", "none", {"value": 97.0, "base": 90}, True, id="complement"
        ),
        pytest.param(
            "Elever med hög frånvaro", "procent", "none", {"value": 20.0, "base": 90}, False, id="many persons"
        ),
        pytest.param("Frånvarande elever", "antal", "sum", {"value": 3.0}, True, id="few"),
        pytest.param("Frånvarande elever", "antal", "sum", {"value": 0.0}, False, id="none at all"),
        pytest.param("Frånvarande elever", "antal", "sum", {"value": 30.0}, False, id="many"),
    ],
)
def test_what_would_tell_of_few_is_hidden(
    tmp_path: Path, name: str, unit: str, adds: str, row: dict[str, Any], hidden: bool
) -> None:
    build = build_of(tmp_path, [told(period=year(2025), **row)], name, unit, adds)
    (found,) = school_attendance.figures(build, HERE, "m").to_dict("records")
    assert pd.isna(found["value"]) is hidden
    assert found["status"] == ("protected" if hidden else "final")


def test_classes_are_added_up_and_years_left_as_they_are(tmp_path: Path) -> None:
    rows = [told(6.0, year(2025), breakdown=f"klass={one}") for one in ("4A", "4B")]
    found = school_attendance.figures(build_of(tmp_path, rows, "Frånvarande elever", "antal", "sum"), HERE, "m")
    assert found["value"].tolist() == [12]
    assert school_attendance.school_years(found) is found


def test_a_hidden_month_hides_its_school_year(tmp_path: Path) -> None:
    rows = [told(90.0, month("2025-08")), told(90.0, month("2025-09"), base=3), told(90.0, month("2025-09"), SOUTH)]
    found = school_attendance.school_years(school_attendance.figures(build_of(tmp_path, rows), HERE, "m"))
    assert found.set_index("area_id")["status"].to_dict() == {NORTH: "protected"}
    assert found["value"].isna().all()
