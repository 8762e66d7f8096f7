"""SCB's areas: boundaries from several reference systems, the lists of codes, and what is refused."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st
from pyproj import Transformer
from shapely.geometry import shape

from pipelines.frames import conform
from pipelines.source import DeliveryError, Parsed, Peek
from pipelines.sources.scb_areas import SOURCE

BOUNDARIES, DESO_2018, KOPPLING, MUNICIPALITIES = SOURCE.layouts
OPEN = Path(__file__).parent.parent.parent / "data" / "open" / "scb_areas"

#: Two squares of about 2 x 2 km that share an edge.
WEST = [[18.0, 60.0], [18.04, 60.0], [18.04, 60.02], [18.0, 60.02], [18.0, 60.0]]
EAST = [[18.04, 60.0], [18.08, 60.0], [18.08, 60.02], [18.04, 60.02], [18.04, 60.0]]


def feature(code: str, ring: list[list[float]] | None, **properties: Any) -> dict[str, Any]:
    about = {"desokod": code, "regsokod": "0188R001", "kommunkod": code[:4], "lanskod": code[:2]} | properties
    geometry = ring and {"type": "Polygon", "coordinates": [ring]}
    return {"type": "Feature", "id": f"DeSO_2025.{code}", "properties": about, "geometry": geometry}


def collection(*features: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {"type": "FeatureCollection", "features": list(features), **more}


def parsed(tmp_path: Path, content: Any) -> Parsed:
    path = tmp_path / "deso.geojson"
    path.write_text(content if isinstance(content, str) else json.dumps(content), "utf-8")
    return BOUNDARIES.parse(path)


def shapes(boundary: pd.DataFrame) -> dict[str, Any]:
    layer = json.loads(boundary["geojson"].iloc[0])
    return {item["id"]: shape(item["geometry"]) for item in layer["features"]}


def in_metres(ring: list[list[float]]) -> list[list[float]]:
    to_metres = Transformer.from_crs(4326, 3006, always_xy=True)
    return [list(to_metres.transform(*point)) for point in ring]


def crs(name: str) -> dict[str, Any]:
    return {"type": "name", "properties": {"name": name}}


@pytest.mark.parametrize(
    ("change", "declared"),
    [
        pytest.param(lambda ring: ring, None, id="WGS 84, not said"),
        pytest.param(lambda ring: ring, "urn:ogc:def:crs:OGC:1.3:CRS84", id="CRS84"),
        pytest.param(lambda ring: ring, "urn:ogc:def:crs:EPSG::4326", id="EPSG 4326"),
        pytest.param(lambda ring: [[y, x] for x, y in ring], "urn:ogc:def:crs:EPSG::4326", id="latitude first"),
        pytest.param(in_metres, "urn:ogc:def:crs:EPSG::3006", id="SWEREF 99 TM"),
        pytest.param(in_metres, None, id="SWEREF 99 TM, not said"),
        pytest.param(lambda ring: [[y, x] for x, y in in_metres(ring)], "EPSG:3006", id="northing first"),
    ],
)
def test_reference_systems(tmp_path: Path, change: Any, declared: str | None) -> None:
    more = {"crs": crs(declared)} if declared else {}
    content = collection(feature("0188A0010", change(WEST)), feature("0188A0020", change(EAST)), **more)
    tables = parsed(tmp_path, content).tables
    found = shapes(tables["boundary"])
    assert found["0188A0010"].bounds == pytest.approx((18.0, 60.0, 18.04, 60.02), abs=2e-5)
    area = tables["area"].set_index("area_id")
    assert area.loc["0188A0020", "lat"] == pytest.approx(60.01, abs=0.01)
    assert area.loc["0188A0020", "lon"] == pytest.approx(18.06, abs=0.02)


def test_neighbours_keep_their_edge_in_common_and_slivers_are_closed(tmp_path: Path) -> None:
    """The western square ends 25 m short of, and in the north 25 m beyond, the eastern one."""
    ragged = [[18.0, 60.0], [18.03955, 60.0], [18.0396, 60.01], [18.0405, 60.0105], [18.0404, 60.02], [18.0, 60.02]]
    content = collection(feature("0188A0010", [*ragged, ragged[0]]), feature("0188A0020", EAST))
    found = np.array(list(shapes(parsed(tmp_path, content).tables["boundary"]).values()))
    assert shapely.coverage_is_valid(found)
    assert shapely.union_all(found).geom_type == "Polygon"
    assert not shapely.union_all(found).interiors


def test_layer_is_as_the_browser_wants_it(tmp_path: Path) -> None:
    content = collection(feature("0188A0010", WEST[::-1], regsonamn="Häverö"), feature("0114A0010", EAST))
    tables = parsed(tmp_path, content).tables
    boundary = conform("boundary", tables["boundary"]).set_index("layer")
    assert list(boundary.index) == ["0114-deso-2025", "0188-deso-2025"]
    (item,) = json.loads(boundary.loc["0188-deso-2025", "geojson"])["features"]
    assert item["id"] == item["properties"]["area_id"] == "0188A0010"
    assert item["properties"]["name"] == "Häverö A0010"
    assert shapely.is_ccw(shape(item["geometry"]).exterior)
    digits = [str(number).partition(".")[2] for point in item["geometry"]["coordinates"][0] for number in point]
    assert max(map(len, digits)) <= 5


@pytest.mark.parametrize(
    ("content", "message"),
    [
        pytest.param('{"type": "FeatureCollection", "features": [{"ty', "inte hel GeoJSON", id="cut off"),
        pytest.param({"type": "Feature"}, "inte en FeatureCollection", id="not a collection"),
        pytest.param(collection(), "inga områden", id="empty answer"),
        pytest.param(collection(feature("0188A0010", WEST), numberMatched=40), "1 av 40 områden", id="not all came"),
        pytest.param(collection(feature("0188A0010", None)), "0188A0010: gräns saknas", id="null geometry"),
        pytest.param(
            collection(feature("0188A0010", [WEST[0], WEST[2], WEST[1], WEST[3], WEST[0]])),
            "korsar sig själv",
            id="crossed ring",
        ),
        pytest.param(collection(feature("0188A0010", [[18.0]])), "går inte att läsa", id="broken coordinates"),
        pytest.param(collection(feature("0188X0010", WEST)), "”0188X0010” i desokod är ingen DeSO", id="unknown code"),
        pytest.param(
            collection(feature("0188A0010", WEST), feature("0188A0010", EAST)), "finns två gånger", id="twice"
        ),
        pytest.param(
            collection(feature("0188A0010", WEST), feature("0188A0020", WEST)), "täcker varandra", id="overlap"
        ),
        pytest.param(
            collection(feature("0188A0010", [[x + 40, y] for x, y in WEST])), "ligger inte i Sverige", id="abroad"
        ),
        pytest.param(
            collection(feature("0188A0010", WEST), crs=crs("EPSG:3857")), "koordinatsystemet EPSG:3857", id="web map"
        ),
        pytest.param(
            collection({"type": "Feature", "properties": None, "geometry": None}), "är ingen RegSO", id="no properties"
        ),
    ],
)
def test_unusable_boundaries_are_explained(tmp_path: Path, content: Any, message: str) -> None:
    with pytest.raises(DeliveryError, match=r"^deso\.geojson: ") as caught:
        parsed(tmp_path, content)
    assert message in str(caught.value)


def test_table_of_deso_and_regso(tmp_path: Path) -> None:
    path = tmp_path / "kopplingstabell.csv"
    rows = "1440;Ale;1440C1060;Alafors;;;;\n1440;Ale;1489A0010;Fel;;;;\n;;;;;;;\n;;;;;;;\n"
    path.write_text("\ufeffbro;Kommunnamn;DeSO;RegSO;;;;\n" + rows, "utf-8")
    assert KOPPLING.matches(Peek.at(path))
    result = KOPPLING.parse(path)
    assert (result.rows_read, result.rows_kept) == (2, 1)
    assert result.tables["area"].iloc[0].to_dict() == {
        "area_id": "1440C1060", "level": "deso", "name": "Alafors C1060", "parent_id": "1440", "valid_from": 2018,
        "kind": "C",
    }  # fmt: skip
    assert [(refusal.row, refusal.value) for refusal in result.refusals] == [(3, "1489A0010")]


def test_a_table_without_codes_is_explained(tmp_path: Path) -> None:
    path = tmp_path / "kopplingstabell.csv"
    path.write_text("bro;Kommunnamn;DeSO;RegSO;;;;\n;;;;;;;\n", "utf-8")
    with pytest.raises(DeliveryError, match="inga DeSO-koder"):
        KOPPLING.parse(path)


def test_municipalities_with_a_wrong_code_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "kommuner.csv"
    path.write_text("code,name,county_code,county_name\n0188,Norrtälje,01,Stockholms län\n0188,Fel,02,X\n", "utf-8")
    result = MUNICIPALITIES.parse(path)
    assert set(result.tables["area"]["area_id"]) == {"00", "01", "0188"}
    assert [refusal.row for refusal in result.refusals] == [3]


@pytest.mark.parametrize(
    ("row", "column"),
    [
        pytest.param("0188A0010,0188R001,Väst,5,2025", "deso", id="twice"),
        pytest.param("0188A0020,0188R001,Väst,fem,2025", "population", id="population in words"),
        pytest.param("0188A0020,0188R001,Väst,5,20x5", "population_year", id="no year"),
        pytest.param("0188X0020,0188R001,Väst,5,2025", "deso", id="no code"),
    ],
)
def test_rows_of_the_old_division_that_cannot_be_used_are_refused(tmp_path: Path, row: str, column: str) -> None:
    path = tmp_path / "deso_2018.csv"
    path.write_text(
        f"deso,regso,regso_name,population,population_year\n0188A0010,0188R001,Väst,7,2025\n{row}\n", "utf-8"
    )
    result = DESO_2018.parse(path)
    assert [(refusal.row, refusal.column) for refusal in result.refusals] == [(3, column)]
    assert conform("area", result.tables["area"])["population"].tolist() == [7]


def test_a_deso_twice_in_the_table_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "koppling.csv"
    row = "0188;Norrtälje;0188A0010;Väst"
    path.write_text(f"Bro;Kommunnamn;DeSO;RegSO\n{row}\n{row}\n", "utf-8")
    result = KOPPLING.parse(path)
    assert (result.rows_read, result.rows_kept, result.refusals[0].row) == (2, 1, 3)


def test_shipped_areas() -> None:
    """40 DeSO (2025) with 66 821 inhabitants, 38 DeSO (2018), 21 RegSO; 21 counties and 290 municipalities."""
    deso = BOUNDARIES.parse(OPEN / "deso_2025_0188.geojson").tables["area"]
    assert (len(deso), deso["population"].sum()) == (40, 66_821)
    regso = BOUNDARIES.parse(OPEN / "regso_2025_0188.geojson").tables["area"]
    assert len(regso) == 21
    assert set(deso["parent_id"]) == set(regso["area_id"])
    old = DESO_2018.parse(OPEN / "deso_2018.csv").tables["area"]
    assert old["area_id"].str[:4].value_counts().to_dict() == {"0188": 38, "1485": 34}
    assert set(old.loc[old["area_id"].str[:4] == "0188", "area_id"]) ^ set(deso["area_id"]) == {
        "0188C1060", "0188C1061", "0188C1062", "0188C1063",
    }  # fmt: skip
    levels = MUNICIPALITIES.parse(OPEN / "kommuner.csv").tables["area"]["level"].value_counts()
    assert levels.to_dict() == {"municipality": 290, "county": 21, "country": 1}


@pytest.mark.parametrize(("name", "count"), [("deso_2025_0188", 40), ("regso_2025_0188", 21)])
def test_shipped_layers_are_gapless_and_near_the_original(name: str, count: int) -> None:
    found = shapes(BOUNDARIES.parse(OPEN / f"{name}.geojson").tables["boundary"])
    tidied = np.array([found[code] for code in sorted(found)])
    assert len(tidied) == count
    assert shapely.coverage_is_valid(tidied, gap_width=0.0)
    original = np.array([shape(f["geometry"]) for f in json.loads((OPEN / f"{name}.geojson").read_text())["features"]])
    assert shapely.union_all(tidied).area == pytest.approx(shapely.union_all(original).area, rel=0.002)


@pytest.mark.parametrize("path", sorted(OPEN.iterdir()), ids=lambda path: path.name)
def test_shipped_files_are_recognised_by_one_layout(path: Path) -> None:
    peek = Peek.at(path)
    (layout,) = [layout for layout in SOURCE.layouts if layout.matches(peek)]
    result = layout.parse(path)
    assert not result.refusals
    for name, frame in result.tables.items():
        conform(name, frame)


@pytest.mark.genuine
def test_genuine_table_of_deso_and_regso(genuine: Path) -> None:
    path = genuine / "scb" / "kopplingstabell-deso-regso-20210702.csv"
    assert [layout.id for layout in SOURCE.layouts if layout.matches(Peek.at(path))] == ["deso_regso_table"]
    result = KOPPLING.parse(path)
    area = conform("area", result.tables["area"])
    assert (result.rows_read, result.rows_kept, len(area), area["area_id"].nunique()) == (5984, 5984, 5984, 5984)
    shipped = DESO_2018.parse(OPEN / "deso_2018.csv").tables["area"].set_index("area_id")["name"]
    assert area.set_index("area_id").loc[shipped.index, "name"].to_dict() == shipped.to_dict()


def an_area(area_id: str, parent_id: str, population: int | None, year: int | None, lat: float = 60) -> dict[str, Any]:
    return {
        "area_id": area_id, "level": "regso" if "R" in area_id else "deso", "parent_id": parent_id,
        "lat": lat, "lon": 18, "population": population, "population_year": year, "valid_to": None,
    }  # fmt: skip


REGSO = an_area("0188R001", "0188", 1000, 2025)


@pytest.mark.parametrize(
    ("rows", "faults"),
    [
        pytest.param([REGSO, an_area("0188A0010", "0188R001", 990, 2025)], [], id="within the noise"),
        pytest.param(
            [REGSO, an_area("0188A0010", "0188R001", 980, 2025)],
            ["RegSO 0188R001 har 1000 invånare men dess DeSO har 980."],
            id="beyond the noise",
        ),
        pytest.param([REGSO, an_area("0188A0010", "0188R001", 900, 2023)], [], id="of different years"),
        pytest.param(
            [REGSO, an_area("0188A0010", "0188", None, None)],
            ["DeSO 0188A0010 ligger inte i någon känd RegSO (angiven: 0188)."],
            id="without RegSO",
        ),
        pytest.param([an_area("1485A0010", "1485", None, None)], [], id="no RegSO known at all"),
        pytest.param([an_area("188A", "0188", None, None)], ["188A är ingen giltig områdeskod."], id="code"),
        pytest.param(
            [an_area("0188R001", "0188", None, None, lat=48)], ["0188R001 ligger inte i Sverige."], id="abroad"
        ),
    ],
)
def test_structure_is_checked(rows: list[dict[str, Any]], faults: list[str]) -> None:
    assert SOURCE.check({"area": pd.DataFrame(rows)}) == faults


@given(st.binary(max_size=300) | st.text(max_size=200).map(lambda text: text.encode("utf-8", "replace")))
def test_recognition_never_raises(content: bytes) -> None:
    peek = Peek(Path("missing.geojson"), "missing.geojson", content)
    assert not any(layout.matches(peek) for layout in SOURCE.layouts)
