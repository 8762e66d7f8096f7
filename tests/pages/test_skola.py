"""Skola: the whole municipality, a district with a school, one without, and a municipality without deliveries."""

from __future__ import annotations

import pytest

from tests.pages.conftest import OpenPage, words


def test_all_schools(open_page: OpenPage) -> None:
    app = open_page("skola")
    assert not app.exception
    assert {metric.label: metric.value for metric in app.metric}["Skolor"] == "15"
    told = words(app)
    # The lowest and highest of the shipped merit values of 2025/26.
    assert "Meritvärdet 2025/26: 182,7–265,6 i 11 skolor" in told
    assert "Trygghetsindexet 2026: 7,0–8,7 i 12 skolor" in told
    assert "Utan tal 2025/26: Balderskolan, Internationella Engelska Skolan Norrtälje och Lommarskolan" in told
    assert "Skolor rangordnas inte här" in told
    # Of the eleven schools with a merit value in both years; the correlation is scipy's of the shipped figures.
    assert "Korrelationen mellan två år i följd är 0,49 bland 11 skolor" in told


def test_cells_that_are_no_numbers_stay_what_they_are(open_page: OpenPage) -> None:
    app = open_page("skola")
    table = app.dataframe[-1].value.set_index("Skola")
    notes = table["Anmärkning"]
    assert "Lärare med legitimation och behörighet: dold av källan (..)" in notes["Balderskolan"]
    assert "cirka 430" in notes["Långsjöskolan"]
    assert table.loc["Långsjöskolan", "Antal elever i skolan (2025/26)"] == 430
    eligible = "Behöriga till yrkesprogram, procent (2025/26)"
    assert "Behöriga till yrkesprogram: ~100 (1–4 elever ej behöriga)" in notes["Montessoriskolan - Gustafslund"]
    assert table[eligible].dtype == float
    assert table[eligible].isna()[["Montessoriskolan - Gustafslund", "Viby friskola"]].all()


@pytest.mark.parametrize(
    ("choices", "expected"),
    [
        pytest.param({"resultat": "Alla ämnen"}, "lägre än väntat: Långsjöskolan", id="a share is judged"),
        pytest.param({"resultat": "Behörighet"}, "Behörigheten till yrkesprogram 2025/26", id="another measure"),
        pytest.param({"trivsel": "Studiero"}, "Studieroindexet 2026: 5,0–7,2 i 12 skolor", id="study calm"),
        pytest.param({"plats": "Hallstavik"}, "Meritvärdet 2025/26 är 218,5 poäng i Hallsta skola", id="district"),
        pytest.param({"plats": "Frötuna"}, "Det finns ingen skola med uppgifter i Frötuna.", id="no school"),
    ],
)
def test_choices_in_the_address(open_page: OpenPage, choices: dict[str, str], expected: str) -> None:
    app = open_page("skola", **choices)
    assert not app.exception
    assert expected in words(app)


def test_a_municipality_without_deliveries(open_page: OpenPage) -> None:
    app = open_page("skola", municipality="1485")
    assert not app.exception
    assert "Det finns ingen skola med uppgifter i Uddevalla." in words(app)
    assert "Välj hela kommunen" not in words(app)
