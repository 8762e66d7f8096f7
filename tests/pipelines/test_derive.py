"""What several deliveries give together: districts, what lies in what, and figures for districts."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from shapely.geometry import box

from pipelines.boundaries import Layer
from pipelines.derive import derive
from pipelines.frames import conform, indicator_frame, year_period
from pipelines.municipalities import Municipality, municipalities
from pipelines.source import DeliveryError, Indicator, Peek, sources
from store.schema import AREA, BOUNDARY, OBSERVATION, TABLES

OPEN = Path(__file__).parent.parent.parent / "data" / "open"

#: Three DeSO side by side, each 0.1 degrees wide; the first two make up R001, of which one was divided in 2025.
SQUARES = {"0188A0010": 0, "0188C1061": 1, "0188C1062": 2, "0188B2010": 3}
PARENTS = {"0188A0010": "0188R001", "0188C1061": "0188R001", "0188C1062": "0188R001", "0188B2010": "0188R002"}


def municipality(*districts: tuple[str, list[str], list[str]], code: str = "0188") -> dict[str, Municipality]:
    found = Municipality.model_validate(
        {
            "code": code, "name": "Norrtälje", "county_code": code[:2], "county_name": "Stockholms län",
            "districts": [{"id": i, "name": i.title(), "regso": regso, "deso": deso} for i, regso, deso in districts],
        }
    )  # fmt: skip
    return {code: found}


TWO = municipality(("west", ["0188R001"], []), ("east", ["0188R002"], []))
SPLIT = municipality(("one", [], ["0188A0010"]), ("two", [], ["0188C1060"]), ("three", ["0188R002"], []))


def small_areas() -> list[dict[str, Any]]:
    rows = [
        {"area_id": code, "level": "deso", "name": f"Väst {code[4:]}", "parent_id": parent}
        for code, parent in PARENTS.items()
    ]
    rows.append({"area_id": "0188C1060", "level": "deso", "name": "Väst C1060", "parent_id": "0188"})
    rows.append({"area_id": "0188R001", "level": "regso", "name": "Väst", "parent_id": "0188"})
    rows.append({"area_id": "0188R002", "level": "regso", "name": "Öst", "parent_id": "0188"})
    return rows


def layers() -> pd.DataFrame:
    deso = np.array([box(18 + x / 10, 60, 18.1 + x / 10, 60.1) for x in SQUARES.values()], dtype=object)
    row = Layer(list(SQUARES), list(SQUARES), list(PARENTS.values()), deso).row("0188-deso-2025", "0188", "deso")
    return pd.DataFrame([row], columns=BOUNDARY.column_names)


def observed(*rows: tuple[Any, ...]) -> pd.DataFrame:
    """Rows of indicator, area, year, value, count, base."""
    frame = pd.DataFrame(
        [
            {"indicator_id": i, "area_id": a, **year_period(year), "value": value, "count": count, "base": base}
            for i, a, year, value, count, base in rows
        ],
        columns=[name for name in OBSERVATION.column_names if name not in {"breakdown", "status", "delivery_id"}],
    )
    return conform("observation", frame).assign(delivery_id="scb-1")


INDICATORS = indicator_frame(
    "scb",
    [
        Indicator("number", "Antal", "antal", "x", "x", aggregation="sum"),
        Indicator("share", "Andel", "procent", "x", "x", aggregation="mean_by_base"),
        Indicator("median", "Median", "tkr", "x", "x"),
        Indicator("scb_population", "Folkmängd", "antal", "x", "x", aggregation="sum"),
    ],
)


def derived(
    configured: Mapping[str, Municipality],
    observation: pd.DataFrame | None = None,
    boundary: pd.DataFrame | None = None,
    areas: list[dict[str, Any]] | None = None,
) -> dict[str, pd.DataFrame]:
    """The derived tables, having gone through the frames' own checks, with the types that a database gives back."""
    rows = small_areas() if areas is None else areas
    area = conform("area", pd.DataFrame(rows, columns=AREA.column_names))
    tables = {
        "area": area.astype(object).where(area.notna(), None).convert_dtypes(),
        "boundary": layers() if boundary is None else boundary,
        "indicator": INDICATORS,
        "observation": observed() if observation is None else observation,
    }
    out = derive(tables, configured)
    for name, frame in out.items():
        assert list(frame.columns) == TABLES[name].column_names
        conform(name, frame.drop(columns="delivery_id", errors="ignore"))
    return out


def within(out: dict[str, pd.DataFrame], code: str) -> set[str]:
    frame = out["area_within"]
    return set(frame.loc[frame["area_id"] == code, "within_id"])


def test_every_place_lies_in_itself_and_in_the_larger_ones() -> None:
    out = derived(TWO)
    assert within(out, "0188A0010") == {"0188A0010", "0188R001", "0188-west", "0188", "01", "00"}
    assert within(out, "0188-east") == {"0188-east", "0188", "01", "00"}
    assert within(out, "00") == {"00"}


def test_a_deso_that_was_divided_lies_where_its_parts_lie() -> None:
    """Known by SCB's older table only, with the name of its RegSO."""
    out = derived(TWO)
    assert within(out, "0188C1060") >= {"0188R001", "0188-west"}
    area = out["area"].set_index("area_id")
    assert area.loc["0188C1060", ["parent_id", "valid_to"]].tolist() == ["0188R001", 2024]
    assert pd.isna(area.loc["0188C1061", "valid_to"])


def test_parts_of_a_divided_deso_follow_the_undivided_in_the_configuration() -> None:
    out = derived(SPLIT)
    assert within(out, "0188C1062") >= {"0188-two", "0188R001"}
    assert "0188-one" not in within(out, "0188C1062")
    assert within(out, "0188R001") == {"0188R001", "0188", "01", "00"}, "a divided RegSO is in no one district"


def test_district_boundaries_are_dissolved() -> None:
    out = derived(TWO)
    boundary = out["boundary"].set_index("layer")
    assert list(boundary.index) == ["0188-deso-2025", "0188-district"]
    found = Layer.read(boundary.loc["0188-district", "geojson"])
    assert found.ids == ["0188-east", "0188-west"]
    assert found.shapes[0].bounds == pytest.approx((18.3, 60, 18.4, 60.1))
    assert found.shapes[1].bounds == pytest.approx((18, 60, 18.3, 60.1))
    area = out["area"].set_index("area_id")
    assert 18 < area.loc["0188-west", "lon"] < 18.3


@pytest.mark.parametrize(
    ("lat", "lon", "given", "expected"),
    [
        pytest.param(60.05, 18.15, "0188", "0188C1061", id="inside"),
        pytest.param(60.101, 18.05, "0188", "0188A0010", id="on a quay, 111 m off"),
        pytest.param(60.2, 18.05, "0188", "0188", id="far off"),
        pytest.param(60.05, 18.15, "0117", "0117", id="of another municipality"),
        pytest.param(60.05, 18.15, None, "0188C1061", id="municipality not said"),
        pytest.param(None, None, "0188", "0188", id="no position"),
    ],
)
def test_schools(lat: float | None, lon: float | None, given: str | None, expected: str) -> None:
    school = {"area_id": "39351914", "level": "school", "name": "Skola", "parent_id": given, "lat": lat, "lon": lon}
    out = derived(TWO, areas=[*small_areas(), school])
    area = out["area"].set_index("area_id")
    assert area.loc["39351914", "parent_id"] == expected
    if expected == "0188C1061":
        assert within(out, "39351914") == {"39351914", "0188C1061", "0188R001", "0188-west", "0188", "01", "00"}


def district(out: dict[str, pd.DataFrame], code: str) -> list[tuple[Any, ...]]:
    frame = out["observation"]
    columns = ["indicator_id", "period_label", "value", "count", "base", "status"]
    found = frame.loc[frame["area_id"] == code, columns].astype(object)
    return [tuple(row) for row in found.where(found.notna(), None).to_numpy()]


NEW = ["0188A0010", "0188C1061", "0188C1062"]
OLD = ["0188A0010", "0188C1060"]


def each(indicator: str, areas: list[str], *figures: tuple[Any, ...], year: int = 2025) -> list[tuple[Any, ...]]:
    """A row per area with value, count and base; the last figures given go for the rest of the areas."""
    return [(indicator, area, year, *figures[min(n, len(figures) - 1)]) for n, area in enumerate(areas)]


TEN = (10, None, None)


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        pytest.param(each("number", NEW, TEN), [("number", "2025", 30, None, None, "derived")], id="sum"),
        pytest.param(each("number", NEW[:2], TEN), [], id="a part is absent"),
        pytest.param(each("number", NEW, (None, None, None), TEN), [], id="a part has no figure"),
        pytest.param(
            each("number", OLD, TEN, year=2022), [("number", "2022", 20, None, None, "derived")], id="2018 division"
        ),
        pytest.param(
            each("share", NEW, (10, None, 100), (20, None, 300), (30, None, 600)),
            [("share", "2025", 25, None, 1000, "derived")],
            id="weighed by the base",
        ),
        pytest.param(
            each("share", NEW, (33.3, 1, 3), (33.3, 1, 3), (50, 2, 4)),
            [("share", "2025", 40, 4, 10, "derived")],
            id="exact from counts",
        ),
        pytest.param(each("share", NEW, TEN), [], id="no base"),
        pytest.param(each("share", NEW, TEN, (10, None, 100)), [], id="a base is unknown"),
        pytest.param(each("median", NEW, TEN), [], id="a median is not added up"),
        pytest.param(
            [*each("number", ["0188R001"], (31, None, None)), *each("number", NEW, TEN)],
            [("number", "2025", 31, None, None, "final")],
            id="the RegSO's own figure, which has less noise",
        ),
        pytest.param(
            each("median", ["0188R001"], (300, None, None)),
            [("median", "2025", 300, None, None, "final")],
            id="a district that is one area has its figures",
        ),
    ],
)
def test_figures_of_districts(rows: list[tuple[Any, ...]], expected: list[tuple[Any, ...]]) -> None:
    assert district(derived(TWO, observed(*rows)), "0188-west") == expected


@pytest.mark.parametrize(
    ("indicator", "statuses", "expected"),
    [
        pytest.param("number", ("final", "preliminary", "final"), "preliminary", id="one is preliminary"),
        pytest.param("share", ("final", "preliminary", "final"), "preliminary", id="one of a share is preliminary"),
        pytest.param("number", ("final", "rounded", "final"), "derived", id="one is rounded"),
    ],
)
def test_a_figure_is_no_more_certain_than_its_parts(indicator: str, statuses: tuple[str, ...], expected: str) -> None:
    rows = observed(*each(indicator, NEW, (10, 10, 100))).assign(status=list(statuses))
    assert [row[-1] for row in district(derived(TWO, rows), "0188-west")] == [expected]


def test_a_district_of_part_of_a_regso_takes_nothing_from_it() -> None:
    configured = municipality(("one", [], ["0188A0010", "0188B2010"]), ("two", [], ["0188C1060"]))
    rows = [("number", "0188R002", 2025, 5, None, None), ("number", "0188A0010", 2025, 7, None, None)]
    assert district(derived(configured, observed(*rows)), "0188-one") == []


def test_population_is_the_latest_that_anything_says() -> None:
    rows = [("scb_population", a, year, 100 + year, None, None) for a in PARENTS for year in (2024, 2025)]
    rows += [("scb_population", "0188", 2025, 9000, None, None), ("scb_population", "0188R001", 2025, 6001, None, None)]
    area = derived(TWO, observed(*rows))["area"].set_index("area_id")
    assert area.loc["0188A0010", ["population", "population_year"]].tolist() == [2125, 2025]
    assert area.loc["0188", "population"] == 9000
    assert area.loc["0188-west", "population"] == 6001
    assert pd.isna(area.loc["0188-east", "population"]), "its RegSO has none"


@pytest.mark.parametrize(
    ("configured", "message"),
    [
        pytest.param(
            municipality(("west", ["0188R001", "0188R009"], []), ("east", ["0188R002"], [])),
            "config/0188.toml: 0188R009 finns inte bland kommunens områden",
            id="unknown area",
        ),
        pytest.param(municipality(("west", ["0188R001"], [])), "ligger inte i någon kommundel", id="RegSO left out"),
        pytest.param(
            municipality(("west", ["0188R001"], []), ("east", ["0188R002"], ["0188A0010"])),
            "0188A0010 ligger i en annan kommundel än sin RegSO",
            id="torn",
        ),
    ],
)  # fmt: skip
def test_a_configuration_that_does_not_fit_is_explained(configured: dict[str, Municipality], message: str) -> None:
    with pytest.raises(DeliveryError, match=message):
        derived(configured)


def test_a_municipality_without_any_areas() -> None:
    out = derived(municipality(("x", ["1485R001"], []), code="1485"), areas=[], boundary=layers().iloc[:0])
    area = out["area"].set_index("area_id")
    assert area["level"].to_dict() == {"00": "country", "14": "county", "1485": "municipality", "1485-x": "district"}
    assert area.loc["1485-x", ["population", "lat"]].isna().all()


def shipped() -> dict[str, pd.DataFrame]:
    """The shipped figures of both SCB sources put together as a build does."""
    parts: dict[str, list[pd.DataFrame]] = {"boundary": []}
    for source in (sources()["scb_areas"], sources()["scb_deso_statistics"]):
        parts.setdefault("indicator", []).append(indicator_frame(source.id, source.indicators))
        for path in sorted((OPEN / source.id).iterdir()):
            (layout,) = [layout for layout in source.layouts if layout.matches(Peek.at(path))]
            for name, frame in layout.parse(path).tables.items():
                parts.setdefault(name, []).append(conform(name, frame).assign(rank=len(parts.get(name, []))))
    merged = {name: pd.concat(frames, ignore_index=True) for name, frames in parts.items()}
    area = merged["area"].assign(full=merged["area"]["name"] != merged["area"]["area_id"])
    merged["area"] = area.sort_values(["full", "rank"], kind="stable").drop(columns="full")
    merged = {
        name: frame.drop_duplicates(list(TABLES[name].key), keep="last", ignore_index=True).drop(columns="rank")
        for name, frame in merged.items()
    }
    merged["observation"]["delivery_id"] = "scb-1"
    return merged


def test_shipped_figures() -> None:
    tables = shipped()
    out = derive(tables, municipalities())
    assert sources()["scb_areas"].check(out) == []
    area = out["area"].set_index("area_id")
    own = area[(area.index.str[:4] == "0188") & area["valid_to"].isna()]
    assert own["level"].value_counts().to_dict() == {"deso": 40, "regso": 21, "district": 13, "municipality": 1}
    assert own.loc[own["level"] == "deso", "population"].sum() == 66_821
    old = area[(area["level"] == "deso") & (area.index.str[:4] == "0188") & (area["valid_from"] == 2018)]
    assert len(old) == 38
    assert area.loc["0188", "population"] == 66_832
    found = out["observation"].set_index(["indicator_id", "area_id", "breakdown"])
    index = found.loc["scb_socioeconomic_index"].droplevel("breakdown")["value"].to_dict()
    assert (index["0188-hallstavik"], index["0188-rimbo"]) == (15.3, 12.5)
    assert "0188-norrtalje-stad" not in index
    # Counts and bases of the town's 11 DeSO (2018) in SCB's tables, added by hand: 378 unemployed of 10 976.
    row = found.loc[("scb_profile_unemployed", "0188-norrtalje-stad", "")]
    assert (row["count"], row["base"]) == (378, 10_976)
    assert row["value"] == pytest.approx(37_800 / 10_976)
    assert out["boundary"]["layer"].tolist() == ["0188-deso-2025", "0188-regso-2025", "0188-district"]
