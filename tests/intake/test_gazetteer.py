"""Places are read as a person who knows the municipality would, and not further than that."""

from __future__ import annotations

import json

import numpy as np
import pandas as pd
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from pyproj import Transformer

from pipelines.frames import conform
from pipelines.intake.gazetteer import Gazetteer
from pipelines.municipalities import District, Municipality

MUNICIPALITY = Municipality(
    code="0188",
    name="Norrtälje",
    county_code="01",
    county_name="Stockholms län",
    districts=(
        District(id="norrtalje-stad", name="Norrtälje stad", regso=("0188R009",), aliases=("Norrtälje", "Norrtelje")),
        District(id="hallstavik", name="Hallstavik", regso=("0188R004",), aliases=("Hallstavik tätort", "Hallsta")),
        District(id="rimbo", name="Rimbo", regso=("0188R013",), aliases=("Rimbo tätort",)),
        District(id="landet", name="Riala, Länna och Rö", regso=("0188R012",), aliases=("Riala", "Länna", "Rö")),
        District(id="loharad", name="Lohärad och Estuna", regso=("0188R007",), aliases=("Lohärad", "Estuna")),
    ),
)
AREAS = [
    ("0188R004", "regso", "Hallstavik tätort", "0188", None, None),
    ("0188R007", "regso", "Lohärad-Estuna", "0188", None, None),
    ("0188R009", "regso", "Norrtälje centrala stad", "0188", None, None),
    ("0188R012", "regso", "Riala-Länna-Rö-Rimbo", "0188", None, None),
    ("0188R013", "regso", "Rimbo tätort", "0188", None, None),
    ("0188B3010", "deso", "Hallstavik tätort B3010", "0188R004", 2018, None),
    ("0188C1060", "deso", "Norrtälje centrala stad C1060", "0188R009", 2018, 2024),
    ("0188C1061", "deso", "Norrtälje centrala stad C1061", "0188R009", 2025, None),
    ("0188C1062", "deso", "Norrtälje centrala stad C1062", "0188R009", 2025, None),
    ("24146389", "school", "Hallsta skola", "0188B3010", None, None),
    ("72471883", "school", "Länna skola", "0188", None, None),
    ("99749462", "school", "Långsjöskolan", "0188", None, None),
    ("98239828", "school", "Ekebyholmsskolan, gr", "0188", None, None),
    ("11111111", "school", "Tvillingskolan", "0188", None, None),
    ("22222222", "school", "Tvillingskolan", "0188", None, None),
    ("33333333", "school", "Stadsskolan", "0180C1010", None, None),
    ("0180C1010", "deso", "Gamla stan", "0180", 2018, None),
]
STAD, HALLSTAVIK, RIMBO = "0188-norrtalje-stad", "0188-hallstavik", "0188-rimbo"

#: Two areas side by side with a sliver of 40 m between them, and an island 1 500 m east of them: SWEREF 99 TM.
BOXES = {
    "0188B3010": (700_000, 6_640_000, 702_000, 6_642_000),
    "0188C1061": (702_040, 6_640_000, 704_000, 6_642_000),
    "0188C1062": (705_500, 6_640_000, 706_500, 6_642_000),
}


def boundary() -> pd.DataFrame:
    to_wgs84 = Transformer.from_crs(3006, 4326, always_xy=True)
    features = [
        {
            "type": "Feature",
            "properties": {"area_id": area_id, "name": area_id, "parent_id": None},
            "geometry": shapely.geometry.mapping(
                shapely.transform(shapely.box(*box), lambda c: np.column_stack(to_wgs84.transform(c[:, 0], c[:, 1])))
            ),
        }
        for area_id, box in BOXES.items()
    ]
    text = json.dumps({"type": "FeatureCollection", "features": features})
    row = {
        "layer": "0188-deso-2025", "municipality_id": "0188", "level": "deso", "sha256": "0", "geojson": text,
    }  # fmt: skip
    return conform("boundary", pd.DataFrame([row]))


def areas() -> pd.DataFrame:
    columns = ["area_id", "level", "name", "parent_id", "valid_from", "valid_to"]
    return conform("area", pd.DataFrame(AREAS, columns=columns))


@pytest.fixture(scope="module")
def gazetteer() -> Gazetteer:
    return Gazetteer.of(areas(), boundary(), MUNICIPALITY)


@pytest.mark.parametrize(
    ("cell", "area_id"),
    [
        ("0188B3010", "0188B3010"),
        ("0188b3010", "0188B3010"),
        ("188B3010", "0188B3010"),
        ("0188C1060", "0188C1060"),
        ("0188C1060_DeSO2025", "0188C1060"),
        ("0188R004_RegSO2025", "0188R004"),
        ("0188 R004", "0188R004"),
        ("DeSO 0188B3010 Hallstavik", "0188B3010"),
        ("0188-rimbo", RIMBO),
        ("0188", "0188"),
        (188, "0188"),
        ("018804", "0188"),
        (18804, "0188"),
        ("0188 Norrtälje", "0188"),
        ("24146389", "24146389"),
        (24146389, "24146389"),
        ("Hallstavik", HALLSTAVIK),
        ("HALLSTAVIK", HALLSTAVIK),
        ("Hallstaviks", HALLSTAVIK),
        ("Hallstavik tätort", HALLSTAVIK),
        ("Hallstaviks centrum", HALLSTAVIK),
        ("Hallstavik C", HALLSTAVIK),
        ("Hallstavik station", HALLSTAVIK),
        ("Lohärad-Estuna", "0188-loharad"),
        ("Lohärad & Estuna", "0188-loharad"),
        ("lohärad  estuna", "0188-loharad"),
        ("Loharad", "0188-loharad"),
        ("Rö", "0188-landet"),
        ("Norrtälje", STAD),
        ("Norrtalje", STAD),
        ("Norrtälje centrala stad", "0188R009"),
        ("Norrtälje kommun", "0188"),
        ("NORRTÄLJE KOMMUN", "0188"),
        ("Norrtäljes kommun", "0188"),
        ("Norrtalje kommun", "0188"),
        ("hela kommunen", "0188"),
        ("Rimbo, Norrtälje kommun", RIMBO),
        ("Rimbo (Norrtälje)", RIMBO),
        ("Storgatan 5, Rimbo", RIMBO),
        ("Storgatan 5, Norrtälje", "0188"),
        ("Hallstavik – Hallsta skola", "24146389"),
        ("Länna skola", "72471883"),
        ("Lännaskolan", "72471883"),
        ("Länna skolan", "72471883"),
        ("Långsjö skola", "99749462"),
        ("langsjoskolan", "99749462"),
        ("Ekebyholmsskolan", "98239828"),
        ("Halstavik", HALLSTAVIK),
        ("Hallstavikk", HALLSTAVIK),
        ("Långjöskolan", "99749462"),
        ("Rimboo", RIMBO),
    ],
    ids=str,
)
def test_placed(gazetteer: Gazetteer, cell: str | int, area_id: str) -> None:
    found = gazetteer.read([cell], {})
    assert (found.area_id[0], found.standing[0], found.candidates[0]) == (area_id, "placed", ())
    assert found.how[0]


@pytest.mark.parametrize(
    "cell",
    [
        "Uppsala", "Uppsala kommun", "UPPSALA C", "Stockholms stad", "Sodertalje", "Falu kommun", "Region Gotland",
        "0180C1010", "0114", 114, "0180R001", "Storgatan 5, Uppsala", "Uppsala län", "annan kommun", "Östhamar",
        "Utomlands",
    ],
    ids=str,
)  # fmt: skip
def test_outside(gazetteer: Gazetteer, cell: str | int) -> None:
    found = gazetteer.read([cell], {})
    assert (found.area_id[0], found.standing[0]) == ("", "outside")


@pytest.mark.parametrize(
    ("cell", "candidates"),
    [
        ("okänd", ()),
        ("Ej angivet", ()),
        ("-", ()),
        ("?", ()),
        ("Stockholms län", ()),
        ("Sverige", ()),
        ("99999999", ()),
        ("33333333", ()),
        ("Månen", ()),
        (17.5, ()),
        ("Tvillingskolan", ("11111111", "22222222")),
        ("0188C1069", ("0188C1060", "0188C1061", "0188C1062")),
        ("Rimbo/Hallstavik", (HALLSTAVIK, RIMBO)),
        ("Rimbo, Uppsala", (RIMBO,)),
        ("ICA i Rimbo", (RIMBO,)),
        ("Hallstaviks skola", (HALLSTAVIK,)),
        ("Rimbo-Hallstavik buss", (RIMBO, HALLSTAVIK)),
        ("Ränna", ("0188-landet",)),
        ("Röö", ()),
    ],
    ids=str,
)
def test_never_guessed(gazetteer: Gazetteer, cell: str | float, candidates: tuple[str, ...]) -> None:
    found = gazetteer.read([cell], {})
    assert (found.area_id[0], found.standing[0]) == ("", "unknown")
    assert found.candidates[0] == candidates


def test_a_name_that_district_and_municipality_share_is_told_of(gazetteer: Gazetteer) -> None:
    assert "inte hela kommunen" in gazetteer.read(["Norrtälje"], {}).how[0]


def test_what_a_person_explained_goes_first(gazetteer: Gazetteer) -> None:
    known = {"Bruket": HALLSTAVIK, "RIMBO": "utanför", "Gamla": "0188-gone", "Uppsala": ""}
    found = gazetteer.read(["bruket", "Rimbo", "Gamla", "Uppsala"], known)
    assert found.area_id.tolist() == [HALLSTAVIK, "", "", ""]
    assert found.standing.tolist() == ["placed", "outside", "unknown", "unknown"]
    assert "finns" in found.how[2]


def test_many_unknown_names_are_not_all_compared(gazetteer: Gazetteer) -> None:
    cells = [
        f"{'abcdefghij'[n % 10]}{'klmnopqrst'[n // 10 % 10]}zz{chr(97 + n // 100 % 26)}qq{n // 2600 * 'w'}"
        for n in range(5200)
    ]
    found = gazetteer.read([*cells, "Hallstavik", "Halstavik"], {})
    assert found.area_id[-2] == HALLSTAVIK
    assert found.standing[-1] == "unknown"
    assert "inte jämförd" in found.how[-1]


@settings(max_examples=40)
@given(st.lists(st.one_of(st.text(max_size=40), st.integers(), st.floats()), max_size=4))
def test_any_cells_are_read(cells: list[str | int | float]) -> None:
    gazetteer = Gazetteer.of(areas(), boundary().iloc[:0], MUNICIPALITY)
    found = gazetteer.read(cells, {})
    assert len(found.area_id) == len(found.standing) == len(found.how) == len(found.candidates) == len(cells)
    for area_id, standing in zip(found.area_id, found.standing, strict=True):
        assert (area_id != "") == (standing == "placed")


@pytest.mark.parametrize(
    ("east", "north", "area_id"),
    [
        pytest.param(701_000, 6_641_000, "0188B3010", id="in an area"),
        pytest.param(703_000, 6_641_000, "0188C1061", id="in its neighbour"),
        pytest.param(702_015, 6_641_000, "0188B3010", id="in the sliver, nearer the first"),
        pytest.param(702_030, 6_641_000, "0188C1061", id="in the sliver, nearer the second"),
        pytest.param(699_920, 6_641_000, "0188B3010", id="80 m off"),
        pytest.param(699_700, 6_641_000, "0188", id="300 m off: the municipality"),
        pytest.param(699_400, 6_641_000, "", id="600 m off: outside"),
        pytest.param(704_750, 6_641_000, "0188", id="in the sound, 750 m from both shores"),
        pytest.param(600_000, 6_600_000, "", id="far off"),
        pytest.param(np.nan, 6_641_000, "", id="no coordinates"),
    ],
)
def test_points_are_placed(gazetteer: Gazetteer, east: float, north: float, area_id: str) -> None:
    assert gazetteer.locate(np.array([east]), np.array([north])).tolist() == [area_id]


def test_without_boundaries_no_point_is_placed() -> None:
    gazetteer = Gazetteer.of(areas(), boundary().iloc[:0], MUNICIPALITY)
    assert gazetteer.division is None
    assert gazetteer.locate(np.array([701_000.0]), np.array([6_641_000.0])).tolist() == [""]


def test_the_fingerprint_follows_the_content() -> None:
    renamed = areas()
    renamed.loc[0, "name"] = "Hallstavik"
    other = MUNICIPALITY.model_copy(update={"districts": MUNICIPALITY.districts[:2]})
    marks = [
        Gazetteer.of(areas(), boundary(), MUNICIPALITY).fingerprint,
        Gazetteer.of(areas().iloc[::-1], boundary(), MUNICIPALITY).fingerprint,
        Gazetteer.of(renamed, boundary(), MUNICIPALITY).fingerprint,
        Gazetteer.of(areas(), boundary().iloc[:0], MUNICIPALITY).fingerprint,
        Gazetteer.of(areas(), boundary(), other).fingerprint,
    ]
    assert marks[0] == marks[1]
    assert len(set(marks)) == 4
