"""Profiles of places: every expected number is worked out by hand from the rows above it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from queries import profiles
from store.warehouse import Build
from tests.queries.literal import Rows, literal_build, within, year

SHARE, COARSE, MEDIAN = "scb_profile_unemployed", "scb_profile_low_economic_standard", "scb_profile_median_net_income"
SPREAD = {"p5": 1.0, "p10": 2.0, "p25": 4.0, "p50": 8.0, "p75": 12.0, "p90": 20.0, "p95": 30.0}

AREAS: Rows = [
    {"area_id": "00", "level": "country", "name": "Riket"},
    {"area_id": "9999", "level": "municipality", "name": "Provkommun", "population": 3000, "population_year": 2025},
    {"area_id": "9999-norr", "level": "district", "name": "Norr", "parent_id": "9999", "population": 2000,
     "population_year": 2025},
    {"area_id": "9999-soder", "level": "district", "name": "Söder", "parent_id": "9999"},
    {"area_id": "9999R001", "level": "regso", "name": "Norr tätort", "population": 2000, "population_year": 2025},
    {"area_id": "9999R002", "level": "regso", "name": "Söder"},
    {"area_id": "9999A0010", "level": "deso", "name": "Norr 1", "valid_from": 2018},
    {"area_id": "9999A0020", "level": "deso", "name": "Norr 2", "valid_from": 2018, "valid_to": 2024},
    {"area_id": "9999A0021", "level": "deso", "name": "Norr 21", "valid_from": 2025},
    {"area_id": "9999A0022", "level": "deso", "name": "Norr 22", "valid_from": 2025},
    {"area_id": "9999A0030", "level": "deso", "name": "Söder", "valid_from": 2018},
]  # fmt: skip
NORTH, SOUTH = ["9999R001", "9999-norr", "9999", "00"], ["9999R002", "9999-soder", "9999", "00"]
WITHIN = within({
    "00": [], "9999": ["00"], "9999-norr": ["9999", "00"], "9999-soder": ["9999", "00"],
    "9999R001": NORTH[1:], "9999R002": SOUTH[1:], "9999A0010": NORTH, "9999A0020": NORTH, "9999A0021": NORTH,
    "9999A0022": NORTH, "9999A0030": SOUTH,
})  # fmt: skip
INDICATORS: Rows = [
    {"indicator_id": SHARE, "name": "Arbetslösa", "aggregation": "mean_by_base"},
    {"indicator_id": COARSE, "name": "Låg standard", "aggregation": "mean_by_base"},
    {"indicator_id": MEDIAN, "name": "Median", "unit": "tkr"},
    {"indicator_id": profiles.POPULATION, "unit": "antal", "aggregation": "sum"},
    {"indicator_id": profiles.GROWTH},
    {"indicator_id": profiles.PROJECTION, "unit": "antal"},
    {"indicator_id": profiles.SOCIOECONOMIC_INDEX, "unit": "index"},
    {"indicator_id": "scb_rented", "name": "Hyresrätter"},
]


def figure(indicator: str, area: str, value: float | None, at: int = 2022, **more: Any) -> dict[str, Any]:
    return {"indicator_id": indicator, "area_id": area, "value": value, **year(at), **more}


def spread(indicator: str, areas: int = 5) -> Rows:
    return [figure(indicator, "00", v, breakdown=f"mått={p}", base=areas) for p, v in SPREAD.items()]


COUNTRY = [*spread(SHARE), *spread(COARSE), *spread(MEDIAN)]
DESO: Rows = [
    figure(SHARE, "9999A0010", 10.0, count=10, base=100),
    figure(SHARE, "9999A0020", 2.5, count=5, base=200),
    figure(SHARE, "9999A0030", 30.0, count=30, base=100),
    figure(COARSE, "9999A0010", 10.0, base=100),
    figure(COARSE, "9999A0020", 20.0, base=300),
    figure(MEDIAN, "9999A0010", 200.0),
    figure(MEDIAN, "9999A0020", 260.0),
]


def build_of(folder: Path, observation: Rows, **more: Rows) -> Build:
    tables = {"area": AREAS, "area_within": WITHIN, "indicator": INDICATORS, "observation": observation}
    return literal_build(folder, **tables, **more)


def profile_of(build: Build, place: str) -> pd.DataFrame:
    return profiles.profile(build, (place,)).set_index("indicator_id")


def test_places_come_in_the_order_asked_with_the_areas_in_force(tmp_path: Path) -> None:
    found = profiles.places(build_of(tmp_path, COUNTRY), ("9999-soder", "9999-norr", "9999"))
    assert found["name"].tolist() == ["Söder", "Norr", "Provkommun"]
    assert found[["deso", "regso"]].to_numpy().tolist() == [[1, 1], [3, 1], [4, 2]]


def test_population_keeps_years_that_have_only_growth(tmp_path: Path) -> None:
    rows = [figure(profiles.GROWTH, "9999", 1.5, 2024), figure(profiles.POPULATION, "9999", 3000.0, 2025)]
    found = profiles.population(build_of(tmp_path, rows), "9999")
    assert found["year"].tolist() == [2024, 2025]
    assert found["growth_pct"].tolist()[0] == 1.5
    assert pd.isna(found["population"].tolist()[0])


def test_national_takes_the_newest_period(tmp_path: Path) -> None:
    older = [{**row, **year(2020), "value": 99.0} for row in spread(SHARE)]
    found = profiles.national(build_of(tmp_path, [*older, *COUNTRY]))
    (row,) = found[found["indicator_id"] == SHARE].to_dict("records")
    assert {level: row[level] for level in SPREAD} == SPREAD
    assert (row["period_label"], row["areas"]) == ("2022", 5)


@pytest.mark.parametrize(
    ("place", "indicator", "value", "low", "high"),
    [
        pytest.param("9999-norr", SHARE, 100 * 15 / 300, 2.5, 10.0, id="counts over bases"),
        pytest.param("9999", SHARE, 100 * 45 / 400, 2.5, 30.0, id="municipality"),
        pytest.param("9999-norr", COARSE, 17.5, 10.0, 20.0, id="weighted where there are no counts"),
        pytest.param("9999-norr", MEDIAN, None, 200.0, 260.0, id="a median is only a range"),
        pytest.param("9999", COARSE, None, 10.0, 20.0, id="one area lacks its figure"),
    ],
)
def test_shares_of_a_place(
    tmp_path: Path, place: str, indicator: str, value: float | None, low: float, high: float
) -> None:
    row = profile_of(build_of(tmp_path, [*COUNTRY, *DESO]), place).loc[indicator]
    assert (row["low"], row["high"]) == (low, high)
    assert row["value"] == pytest.approx(value) if value is not None else pd.isna(row["value"])
    assert row["status"] == ("derived" if value is not None else "not_applicable")


def test_the_deso_behind_a_share_come_with_their_values(tmp_path: Path) -> None:
    row = profile_of(build_of(tmp_path, [*COUNTRY, *DESO]), "9999-norr").loc[SHARE]
    assert list(zip(row["area_ids"], row["area_values"], strict=True)) == [("9999A0010", 10.0), ("9999A0020", 2.5)]


def test_a_divided_deso_is_never_counted_with_its_parts(tmp_path: Path) -> None:
    parts = [figure(SHARE, f"9999A002{n}", 50.0, count=50, base=100) for n in (1, 2)]
    row = profile_of(build_of(tmp_path, [*COUNTRY, *DESO, *parts]), "9999-norr").loc[SHARE]
    assert (row["value"], row["parts"]) == (pytest.approx(5.0), 2)


def test_the_parts_of_a_divided_deso_make_up_the_place_when_it_has_no_figure(tmp_path: Path) -> None:
    parts = [figure(SHARE, f"9999A002{n}", 50.0, count=50, base=100) for n in (1, 2)]
    rows = [row for row in DESO if row["area_id"] != "9999A0020"]
    row = profile_of(build_of(tmp_path, [*COUNTRY, *rows, *parts]), "9999-norr").loc[SHARE]
    assert (row["value"], row["parts"]) == (pytest.approx(100 * 110 / 300), 3)


def test_the_places_own_figure_comes_first(tmp_path: Path) -> None:
    own = figure(SHARE, "9999-norr", 5.5, status="derived")
    assert profile_of(build_of(tmp_path, [*COUNTRY, *DESO, own]), "9999-norr").loc[SHARE, "value"] == 5.5


@pytest.mark.parametrize(
    ("areas", "expected"),
    [
        pytest.param(5, [], id="not the whole country"),
        pytest.param(3, [("9999A0010", 2), ("9999A0020", 3)], id="every area has a figure"),
    ],
)
def test_exact_rank_only_with_the_whole_country(tmp_path: Path, areas: int, expected: list[tuple[str, int]]) -> None:
    found = profiles.ranks(build_of(tmp_path, [*spread(SHARE, areas), *DESO]), ("9999-norr",))
    assert list(zip(found["area_id"], found["rank"], strict=True)) == expected


def test_index_is_told_for_each_regso_beside_its_municipality(tmp_path: Path) -> None:
    index = profiles.SOCIOECONOMIC_INDEX
    rows = [figure(index, "9999R001", 15.3, 2024), figure(index, "9999R002", 3.6, 2024), figure(index, "9999R001", 9.0)]
    found = profiles.socioeconomic_index(build_of(tmp_path, rows), "9999-norr")
    assert found[["area", "value"]].to_numpy().tolist() == [["Norr tätort", 15.3]]
    assert found[["municipal_low", "municipal_high", "municipal_areas"]].to_numpy().tolist() == [[3.6, 15.3, 2]]
    assert found["municipal_rank"].tolist() == [1]


def test_recent_gives_a_range_where_nothing_can_be_added(tmp_path: Path) -> None:
    rows = [
        figure("scb_rented", "9999R001", 40.0, 2024), figure("scb_rented", "9999R001", 45.0, 2025),
        figure("scb_rented", "9999R002", 5.0, 2025), figure("scb_rented", "9999-norr", 45.0, 2025),
        figure("scb_rented", "9999A0010", 99.0, 2023), figure(profiles.PROJECTION, "9999", 1.0, 2030),
    ]  # fmt: skip
    found = profiles.recent(build_of(tmp_path, [*COUNTRY, *rows]), ("9999-norr", "9999"))
    north, whole = found.to_dict("records")
    assert (north["area_id"], north["period_label"], north["value"]) == ("9999-norr", "2025", 45.0)
    assert pd.isna(whole["value"])
    assert (whole["low"], whole["high"], whole["parts"], whole["parts_level"]) == (5.0, 45.0, 2, "regso")


def test_coverage_tells_who_speaks_who_could_and_who_cannot(tmp_path: Path) -> None:
    sources: Rows = [
        {"source_id": "bra", "title": "A", "levels": "country,municipality"},
        {"source_id": "scb_areas", "title": "B", "levels": "municipality,regso,deso"},
        {"source_id": "scb_deso_statistics", "title": "C", "levels": "municipality,deso"},
        {"source_id": "skola", "title": "D", "levels": "school"},
        {"source_id": "enkat", "title": "E", "levels": "regso"},
    ]
    found = profiles.coverage(build_of(tmp_path, [*COUNTRY, *DESO], source=sources), "9999-norr").set_index("source_id")
    assert found["can_speak"].to_dict() == {
        "bra": False, "scb_areas": True, "scb_deso_statistics": True, "skola": False, "enkat": True,
    }  # fmt: skip
    assert found["schools_only"].to_dict() == {name: name == "skola" for name in found.index}
    assert found["figures"].to_dict() == {"bra": 0, "scb_areas": 2, "scb_deso_statistics": 6, "skola": 0, "enkat": 0}
    assert found.loc["scb_deso_statistics", "latest"] == "2022"


def test_events_are_those_of_the_municipality_newest_first(tmp_path: Path) -> None:
    def event(number: str, area: str, **time: pd.Timestamp) -> dict[str, Any]:
        return {"source_id": "polisen_events", "event_id": number, "area_id": area, "title": number, **time}

    rows = [
        event("old", "9999", occurred_from=pd.Timestamp(2025, 1, 1), reported=pd.Timestamp(2026, 1, 1)),
        event("no time of its own", "9999", reported=pd.Timestamp(2025, 6, 1)),
        event("elsewhere", "00", reported=pd.Timestamp(2026, 1, 1)),
    ]
    source: Rows = [{"source_id": "polisen_events", "citation": "Polisen"}]
    found = profiles.events(build_of(tmp_path, COUNTRY, event=rows, source=source), "9999")
    assert found["title"].tolist() == ["no time of its own", "old"]
