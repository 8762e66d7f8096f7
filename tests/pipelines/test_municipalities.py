"""The configured municipalities: that they hold together, and that faults in a file are found."""

from __future__ import annotations

import csv
from pathlib import Path
from typing import Any

import pytest
from pydantic import ValidationError

from pipelines.municipalities import Municipality, municipalities
from pipelines.places import all_municipalities

OPEN = Path(__file__).parent.parent.parent / "data" / "open"
CODES = sorted(municipalities())


def test_which_are_configured() -> None:
    assert CODES == ["0188", "1485"]


@pytest.mark.parametrize("code", CODES)
def test_names_and_peers_are_real(code: str) -> None:
    found = municipalities()[code]
    known = all_municipalities()
    place = known[code]
    assert (found.name, found.county_code, found.county_name) == (place.name, place.county_code, place.county_name)
    assert set(found.peers) <= set(known) - {code}
    assert found.peers_source


@pytest.mark.parametrize("code", CODES)
def test_no_two_districts_answer_to_the_same_name(code: str) -> None:
    names = [n.casefold() for d in municipalities()[code].districts for n in {d.name, *d.aliases}]
    assert len(names) == len(set(names))


def test_every_deso_of_uddevalla_lies_in_one_district() -> None:
    with (OPEN / "scb_areas" / "deso_2018.csv").open(encoding="utf-8", newline="") as file:
        rows = [row for row in csv.DictReader(file) if row["deso"].startswith("1485")]
    district = {code: d.id for d in municipalities()["1485"].districts for code in d.deso}
    assert sorted(district) == sorted(row["deso"] for row in rows)
    assert len(rows) == 34
    by_regso: dict[str, set[str]] = {}
    for row in rows:
        by_regso.setdefault(row["regso_name"], set()).add(district[row["deso"]])
    assert {name for name, districts in by_regso.items() if len(districts) > 1} == set(), "whole RegSO"


def test_peers_of_uddevalla_say_whom_they_were_chosen_for() -> None:
    found = municipalities()["1485"]
    assert set(found.peers) == ({"0188", *municipalities()["0188"].peers} - {"1485"})
    assert "inte Uddevalla" in found.peers_source


def a_district(**areas: list[str]) -> dict[str, Any]:
    return {"id": "a", "name": "A", **areas}


def a_municipality(**changes: Any) -> dict[str, Any]:
    districts = [{"id": "a", "name": "A", "regso": ["0188R001"]}, {"id": "b", "name": "B", "deso": ["0188A0010"]}]
    base = {"code": "0188", "name": "X", "county_code": "01", "county_name": "Y", "districts": districts}
    return base | changes


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        pytest.param({"code": "188"}, "code", id="code of three figures"),
        pytest.param({"color": "red"}, "color", id="unknown key"),
        pytest.param({"districts": [{"id": "Å", "name": "Å"}]}, "id", id="letter outside a-z in an id"),
        pytest.param({"districts": [a_district(regso=["0188R001", "0188R001"])]}, "0188R001", id="twice"),
        pytest.param({"districts": [a_district(deso=["0114A0010"])]}, "0114A0010", id="another's area"),
        pytest.param({"districts": [a_district(), a_district() | {"name": "B"}]}, "same id: a", id="same id"),
        pytest.param({"districts": [a_district(), a_district() | {"id": "b"}]}, "same name: a", id="same name"),
        pytest.param({"name": "a", "districts": [a_district()]}, "same name: a", id="district named as the whole"),
        pytest.param({"county_code": "14"}, "county_code 14", id="another county"),
        pytest.param({"est_places": [{"name": "C", "district": "c"}]}, "unknown districts", id="EST place nowhere"),
    ],
)  # fmt: skip
def test_faults_are_found(changes: dict[str, Any], message: str) -> None:
    assert Municipality.model_validate(a_municipality()).districts[1].deso == ("0188A0010",)
    with pytest.raises(ValueError, match=message) as caught:
        Municipality.model_validate(a_municipality(**changes))
    assert isinstance(caught.value, ValidationError)
