"""Schools and their figures, as the sources published them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from queries import schools
from store.warehouse import Build
from tests.queries.literal import Rows, literal_build, school_year, within, year

MERIT, PUPILS, SAFETY = "skolverket_merit_value", "skolverket_pupils_grade9", "skolenkaten_safety_index"


def figure(indicator: str, area: str, value: float | None, **more: Any) -> dict[str, Any]:
    return {"indicator_id": indicator, "area_id": area, "value": value, **school_year(2024), **more}


@pytest.fixture
def build(tmp_path: Path) -> Build:
    areas: Rows = [
        {"area_id": "9999", "level": "municipality", "name": "Provkommun"},
        {"area_id": "9999-norr", "level": "district", "name": "Norr", "parent_id": "9999"},
        {"area_id": "11111111", "level": "school", "name": "Bergskolan", "kind": "Kommunal", "parent_id": "9999"},
        {"area_id": "22222222", "level": "school", "name": "Alskolan", "kind": "Fristående", "parent_id": "9999"},
    ]
    observations = [
        figure(MERIT, "11111111", 218.5),
        figure(PUPILS, "11111111", 69.0),
        figure(MERIT, "11111111", None, status="missing", value_text=".", **school_year(2025)),
        figure(MERIT, "22222222", None, status="suppressed", value_text=".."),
        figure(SAFETY, "22222222", 8.1, breakdown="svarsgrupp=elever årskurs 8", base=11.0, **year(2026)),
    ]
    return literal_build(
        tmp_path,
        area=areas,
        area_within=within({
            "9999": [], "9999-norr": ["9999"], "11111111": ["9999-norr", "9999"], "22222222": ["9999"],
        }),
        indicator=[{"indicator_id": name, "source_id": "skolverket_grades"} for name in (MERIT, PUPILS, SAFETY)],
        observation=observations,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("place", "expected"),
    [
        pytest.param("9999", [("Bergskolan", "Norr"), ("Alskolan", None)], id="municipality, without a place last"),
        pytest.param("9999-norr", [("Bergskolan", "Norr")], id="district"),
    ],
)
def test_schools_of_a_place(build: Build, place: str, expected: list[tuple[str, str | None]]) -> None:
    found = schools.schools(build, place)
    told = [(name, None if pd.isna(d) else d) for name, d in zip(found["name"], found["district"], strict=True)]
    assert told == expected


def test_figures_keep_every_kind_of_cell_apart(build: Build) -> None:
    found = schools.figures(build, "9999", (MERIT,))
    told = found[["school", "period_label", "status", "value_text"]].astype(object).where(lambda f: f.notna(), None)
    assert told.to_numpy().tolist() == [
        ["Bergskolan", "2024/25", "final", None],
        ["Bergskolan", "2025/26", "missing", "."],
        ["Alskolan", "2024/25", "suppressed", ".."],
    ]


def test_the_base_of_a_grade_is_the_pupils_who_left_that_year(build: Build) -> None:
    found = schools.figures(build, "9999", (MERIT, SAFETY)).set_index(["school", "indicator_id", "period_label"])[
        "base"
    ]
    assert found["Bergskolan", MERIT, "2024/25"] == 69
    assert pd.isna(found["Bergskolan", MERIT, "2025/26"])
    assert found["Alskolan", SAFETY, "2026"] == 11


def test_only_schools_of_the_place(build: Build) -> None:
    assert set(schools.figures(build, "9999-norr", (MERIT, SAFETY))["school"]) == {"Bergskolan"}
