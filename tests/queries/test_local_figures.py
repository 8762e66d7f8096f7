"""Local figures per area: the newest of each, classes added up, few hidden."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from queries import local_figures, measured
from queries.local import HIDDEN
from queries.measured import Measured
from tests.queries.literal import literal_build, school_year, within, year
from tests.queries.test_local_events import HALLSTAVIK, HERE, area

SCHOOL, OFFICES = "15312030", f"{HERE}-lokal_serien-utan-plats"
AREAS = [
    area(HERE, "municipality"), area(HALLSTAVIK, "district", HERE),
    {**area(SCHOOL, "school"), "name": "Hallsta skola"},
    {**area(OFFICES, "unplaced"), "name": "Utan känd plats i kommunen"},
]  # fmt: skip
WITHIN = within({HERE: [], HALLSTAVIK: [HERE], SCHOOL: [HALLSTAVIK, HERE], OFFICES: []})


def measure(identity: str, name: str, unit: str, aggregation: str = "none", source: str = "lokal_x") -> dict[str, Any]:
    return {"indicator_id": identity, "source_id": source, "name": name, "unit": unit, "aggregation": aggregation}


def figure(identity: str, period: dict[str, Any], value: float | None, **more: Any) -> dict[str, Any]:
    return {"indicator_id": identity, "area_id": SCHOOL, **period, "value": value, **more}


def rows_of(folder: Path, place: str) -> dict[tuple[str, str], dict[Any, Any]]:
    build = literal_build(
        folder, area=AREAS, area_within=WITHIN,
        source=[{"source_id": "lokal_x", "kind": "participation", "protected": True}, {"source_id": "scb"}],
        indicator=[
            measure("active", "HackShield: aktiva", "antal", "sum"), measure("left", "Avhopp", "antal", "sum"),
            measure("attendance", "Närvaro", "procent"), measure("official", "Något", "antal", source="scb"),
            measure("few", "Andel nöjda", "procent"),
        ],
        observation=[
            figure("active", school_year(2024), 12, breakdown="klass=4A"),
            figure("active", school_year(2024), 9, breakdown="klass=4B"),
            figure("active", school_year(2023), 99, breakdown="klass=4A"),
            figure("left", school_year(2024), 3, breakdown="klass=4A"),
            figure("attendance", year(2024), 91.0), figure("attendance", year(2025), 93.5),
            figure("few", year(2025), 75.0, base=4), figure("official", year(2025), 2),
            figure("active", school_year(2024), 8, area_id=OFFICES, breakdown="plats=Socialkontoret"),
            figure("active", school_year(2024), 7, area_id=OFFICES, breakdown="plats=Skolkontoret"),
        ],
    )  # fmt: skip
    found = local_figures.newest(build, HERE, place)
    return {(row["indicator_id"], row["area"] + row["breakdown"]): row for row in found.to_dict("records")}


def test_the_newest_of_each_in_a_place(tmp_path: Path) -> None:
    found = rows_of(tmp_path, HALLSTAVIK)
    told = {name: (row["period_label"], row["value"], row["status"]) for (name, _), row in found.items()}
    assert told["active"] == ("2024/25", 21, "final")
    assert told["attendance"] == ("2025", 93.5, "final")
    assert "official" not in told


def test_few_are_hidden(tmp_path: Path) -> None:
    found = rows_of(tmp_path, HALLSTAVIK)
    for name in ("left", "few"):
        row = found[(name, "Hallsta skola")]
        assert row["status"] == HIDDEN
        assert pd.isna(row["value"])


def test_offices_belong_to_the_whole_municipality(tmp_path: Path) -> None:
    offices = {key[1]: row["value"] for key, row in rows_of(tmp_path, HERE).items() if "plats=" in key[1]}
    assert offices == {
        "Utan känd plats i kommunenplats=Socialkontoret": 8, "Utan känd plats i kommunenplats=Skolkontoret": 7,
    }  # fmt: skip


def test_a_school_is_not_told_by_the_district_and_the_other_school(tmp_path: Path) -> None:
    """3 of the district's 60 are hidden; with 40 and 17 shown they would follow, so the fewest of those go along."""
    schools = {"1": 3, "2": 17, "3": 40}
    build = literal_build(
        tmp_path, area=[*AREAS, *({**area(code, "school"), "name": f"Skola {code}"} for code in schools)],
        area_within=[*WITHIN, *within({code: [HALLSTAVIK, HERE] for code in schools})],
        source=[{"source_id": "lokal_x", "kind": "participation", "protected": True}],
        indicator=[measure("active", "HackShield: aktiva", "antal", "sum")],
        observation=[
            *(figure("active", year(2025), number, area_id=code) for code, number in schools.items()),
            figure("active", year(2025), 60, area_id=HALLSTAVIK),
        ],
    )  # fmt: skip
    for place in (HERE, HALLSTAVIK):
        found = local_figures.newest(build, HERE, place).set_index("area_id")["status"].to_dict()
        assert found == {"1": HIDDEN, "2": HIDDEN, "3": "final", HALLSTAVIK: "final"}


@pytest.mark.parametrize(
    ("parts", "value", "status"),
    [
        ({"klass=4A": 12, "klass=4B": None}, None, "missing"),
        ({"klass=4A": 12, "klass=4B": 9, "kön=flickor": 10, "kön=pojkar": 11}, 21, "final"),
        ({"klass=4A": 12, "klass=4B": None, "kön=flickor": 10, "kön=pojkar": 11}, 21, "final"),
        ({"klass=4A": 12, "klass=4B": 9, "kön=flickor": 10}, 21, "final"),
        ({"klass=4A": 2, "klass=4B": 2, "kön=flickor": 2, "kön=pojkar": 2}, None, HIDDEN),
    ],
    ids=["a class is missing", "two ways", "the way without gaps", "the way that tells most", "few in two ways"],
)
def test_the_parts_are_added_up_in_one_way(
    tmp_path: Path, parts: dict[str, float | None], value: float | None, status: str
) -> None:
    """On the list of local figures and as a series alike."""
    told = [
        figure("active", year(2025), number, breakdown=part, status="missing" if number is None else "final")
        for part, number in parts.items()
    ]
    build = literal_build(
        tmp_path, area=AREAS, area_within=WITHIN,
        source=[{"source_id": "lokal_x", "kind": "participation", "protected": True}],
        indicator=[measure("active", "HackShield: aktiva", "antal", "sum")], observation=told,
    )  # fmt: skip
    listed = local_figures.newest(build, HERE, HALLSTAVIK)
    series = measured.series(build, Measured("indicator", SCHOOL, indicator_id="active"))
    for rows in (listed, series):
        assert rows["status"].tolist() == [status]
        assert [None if pd.isna(one) else one for one in rows["value"]] == [value]
