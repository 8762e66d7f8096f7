"""What a map can show, on a build of two districts with three DeSO, one of them no longer in force."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from pipelines.frames import conform
from queries import maps
from store.publish import NewBuild, switch
from store.warehouse import Build
from tests.queries.literal import literal_build, within, year

AREAS = [
    # area_id, level, name, valid_to
    ("9901", "municipality", "Byby", None),
    ("9901-norr", "district", "Norr", None),
    ("9901-soder", "district", "Söder", None),
    ("9901A0010", "deso", "Norr A0010", None),
    ("9901A0020", "deso", "Söder A0020", None),
    ("9901A0030", "deso", "Söder A0030", 2024),
    ("9902A0010", "deso", "Grannen A0010", None),
    ("11111111", "school", "Byskolan", None),
]
WITHIN = {
    "9901-norr": ["9901"],
    "9901-soder": ["9901"],
    "9901A0010": ["9901-norr", "9901"],
    "9901A0020": ["9901-soder", "9901"],
    "9901A0030": ["9901-soder", "9901"],
    "9902A0010": ["9902"],
    "11111111": ["9901A0010", "9901-norr", "9901"],
}
INDICATORS = [
    # indicator_id, name, theme, polarity, aggregation
    ("population", "Folkmängd", "Befolkning", "neutral", "sum"),
    ("young", "Andel unga", "Befolkning", "neutral", "mean_by_base"),
    ("poor", "Låg ekonomisk standard", "Ekonomi", "lower_is_better", "mean_by_base"),
    ("lonely", "Bara ett område", "Ekonomi", "neutral", "none"),
    ("empty", "Bara dolda", "Ekonomi", "neutral", "none"),
    ("odd", "Eget mått", "Övrigt", "neutral", "none"),
]
OBSERVATIONS: list[tuple[str, str, int, str, float | None, str]] = [
    # indicator, area, year, breakdown, value, status
    ("poor", "9901A0010", 2022, "", 4.0, "final"),
    ("poor", "9901A0030", 2022, "", 9.0, "final"),
    ("poor", "9901A0010", 2023, "", 5.0, "final"),
    ("poor", "9901A0020", 2023, "", None, "suppressed"),
    ("poor", "9901A0010", 2023, "kön=kvinnor", 6.0, "final"),
    ("poor", "9902A0010", 2024, "", 99.0, "final"),
    *[
        (code, area, 2023, "", 1.0, "final")
        for code in ("young", "population", "odd")
        for area in WITHIN
        if "A" in area
    ],
    ("lonely", "9901A0010", 2023, "", 1.0, "final"),
    ("empty", "9901A0010", 2023, "", None, "suppressed"),
    ("empty", "9901A0020", 2023, "", None, "suppressed"),
]
LAYERS = [
    # layer, level
    ("9901-deso-2018", "deso"),
    ("9901-deso-2025", "deso"),
    ("9901-district", "district"),
]


def frame(table: str, rows: list[dict[str, Any]]) -> pd.DataFrame:
    return conform(table, pd.DataFrame(rows))


@pytest.fixture(scope="module")
def build(tmp_path_factory: pytest.TempPathFactory) -> Build:
    data_dir: Path = tmp_path_factory.mktemp("data")
    new = NewBuild(data_dir, "b1")
    new.put(
        "area",
        frame(
            "area",
            [
                {"area_id": code, "level": level, "name": name, "valid_to": end, "lat": 59.7, "lon": 18.7}
                for code, level, name, end in AREAS
            ],
        ),
    )
    pairs = [(code, larger) for code, all_larger in WITHIN.items() for larger in [code, *all_larger]]
    new.put("area_within", frame("area_within", [{"area_id": a, "within_id": w} for a, w in pairs]))
    new.put(
        "indicator",
        frame(
            "indicator",
            [
                {
                    "indicator_id": code, "source_id": "s", "name": name, "unit": "procent", "theme": theme,
                    "polarity": polarity, "aggregation": aggregation, "decimals": 1, "description": "–",
                }
                for code, name, theme, polarity, aggregation in INDICATORS
            ],
        ),
    )  # fmt: skip
    observations = frame(
        "observation",
        [
            {
                "indicator_id": code, "area_id": area, "period_type": "year", "period_start": date(year, 1, 1),
                "period_end": date(year, 12, 31), "period_label": str(year), "breakdown": breakdown, "value": value,
                "status": status,
            }
            for code, area, year, breakdown, value, status in OBSERVATIONS
        ],
    )  # fmt: skip
    new.put("observation", observations.assign(delivery_id="d"))
    layers = [
        {"layer": layer, "municipality_id": "9901", "level": level, "sha256": "0", "geojson": layer}
        for layer, level in LAYERS
    ]
    new.put("boundary", frame("boundary", layers))
    new.finish()
    return switch(data_dir, "b1", "test")


def test_the_newest_layer_of_each_level_districts_first(build: Build) -> None:
    found = maps.layers(build, "9901")
    assert found[["level", "layer"]].to_numpy().tolist() == [
        ["district", "9901-district"],
        ["deso", "9901-deso-2025"],
    ]


def test_a_municipality_without_boundaries_has_no_layers(build: Build) -> None:
    assert maps.layers(build, "9902").empty


def test_a_layer_comes_as_it_was_built_and_an_unknown_one_is_an_error(build: Build) -> None:
    assert maps.boundary(build, "9901-district") == "9901-district"
    with pytest.raises(KeyError, match="9901-regso"):
        maps.boundary(build, "9901-regso")


def test_measures_with_figures_for_two_areas_by_theme_and_telling_ones_first(build: Build) -> None:
    found = maps.indicators(build, "9901", "deso")
    assert found["indicator_id"].tolist() == ["poor", "young", "population", "odd"]
    assert found["newest"].tolist() == ["2023", "2023", "2023", "2023"]


@pytest.mark.parametrize(("municipality", "level"), [("9901", "district"), ("9902", "deso")], ids=["level", "one area"])
def test_no_measures_where_there_are_too_few_figures(build: Build, municipality: str, level: str) -> None:
    assert maps.indicators(build, municipality, level).empty


def test_periods_newest_first_and_the_undivided_figure_before_its_parts(build: Build) -> None:
    found = maps.slices(build, "9901", "deso", "poor")
    assert found.to_numpy().tolist() == [["2023", "", 1], ["2023", "kön=kvinnor", 1], ["2022", "", 2]]


@pytest.mark.parametrize(
    ("period", "expected"),
    [
        ("2023", [("9901A0010", 5.0, "final", "Norr"), ("9901A0020", None, "suppressed", "Söder")]),
        (
            "2022",
            [
                ("9901A0010", 4.0, "final", "Norr"),
                ("9901A0020", None, None, "Söder"),
                ("9901A0030", 9.0, "final", "Söder"),
            ],
        ),
    ],
    ids=["suppressed is kept", "former area with a figure, present area without one"],
)
def test_values_per_area(build: Build, period: str, expected: list[tuple[object, ...]]) -> None:
    found = maps.values(build, "9901", "deso", "poor", period, "")
    rows = found[["area_id", "value", "status", "district"]].astype(object)
    assert [tuple(None if pd.isna(v) else v for v in row) for row in rows.to_numpy()] == expected


def test_schools_of_the_municipality(build: Build) -> None:
    assert maps.schools(build, "9901")["name"].tolist() == ["Byskolan"]
    assert maps.schools(build, "9902").empty


def test_measures_found_in_tables_come_last_and_whole_figures_have_no_decimals(tmp_path: Path) -> None:
    figures = [("scb_000006ta_procent", 5.0, "final"), ("scb_000006ta_procent", 6.0, "final"),
               ("scb_low_economic_standard", 6.0, "final"), ("scb_low_economic_standard", 6.4, "derived"),
               ("scb_share", 5.5, "final"), ("scb_share", 6.0, "final"),
               ("scb_profile", 5.0, "derived"), ("scb_profile", 6.0, "derived")]  # fmt: skip
    themes = {"scb_000006ta_procent": "Ekonomi", "scb_low_economic_standard": "Ekonomi", "scb_share": "Hushåll",
              "scb_profile": "Äldre"}  # fmt: skip
    build = literal_build(
        tmp_path,
        area=[{"area_id": code, "level": "district"} for code in ("x", "y")],
        area_within=within({"x": ["0188"], "y": ["0188"], "0188": []}),
        indicator=[{"indicator_id": code, "theme": theme} for code, theme in themes.items()],
        observation=[{"indicator_id": code, "area_id": "xy"[number % 2], **year(2024), "value": value, "status": status}
                     for number, (code, value, status) in enumerate(figures)],
    )  # fmt: skip
    found = maps.indicators(build, "0188", "district")
    assert found[["indicator_id", "theme", "decimals"]].to_numpy().tolist() == [
        ["scb_low_economic_standard", "Ekonomi", 0], ["scb_share", "Hushåll", 1], ["scb_profile", "Äldre", 1],
        ["scb_000006ta_procent", "Ur SCB-tabeller", 0],
    ]  # fmt: skip


def test_the_municipality_and_the_country_as_wholes_municipality_first(tmp_path: Path) -> None:
    build = literal_build(
        tmp_path,
        area=[{"area_id": "00", "level": "country"}, {"area_id": "0188", "level": "municipality"}],
        observation=[{"indicator_id": "a", "area_id": area, **year(2024), "value": value}
                     for area, value in (("00", 14.0), ("0188", 12.0))],
    )  # fmt: skip
    found = maps.wholes(build, "0188", "a", "2024", "")
    assert found[["level", "value"]].to_numpy().tolist() == [["municipality", 12.0], ["country", 14.0]]
    assert maps.wholes(build, "0188", "a", "2023", "").empty


def test_small_numbers_that_people_have_brought_are_hidden(tmp_path: Path) -> None:
    """A municipality's own measure by district, which an official one may show as it is."""
    districts = ["9901-norr", "9901-soder"]
    area = [{"area_id": one, "level": "district", "parent_id": "9901"} for one in districts]
    names = {"local": "lokal_x", "official": "scb"}
    build = literal_build(
        tmp_path, area=area, area_within=within({one: ["9901"] for one in districts}),
        source=[{"source_id": "lokal_x", "protected": True}, {"source_id": "scb", "protected": False}],
        indicator=[{"indicator_id": one, "source_id": source, "unit": "antal"} for one, source in names.items()],
        observation=[{"indicator_id": one, "area_id": place, **year(2025), "value": value}
                     for one in names for place, value in zip(districts, (3, 7), strict=True)],
    )  # fmt: skip
    told = {one: maps.values(build, "9901", "district", one, "2025", "")["value"].fillna(-1).tolist() for one in names}
    assert told == {"local": [-1, 7], "official": [3, 7]}
    assert maps.values(build, "9901", "district", "local", "2025", "")["status"].tolist() == ["protected", "final"]
