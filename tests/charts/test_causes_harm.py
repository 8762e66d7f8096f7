"""Harm by kind: what is not covered is said first, and nothing is claimed of it."""

from __future__ import annotations

import tomllib
from types import SimpleNamespace

import pandas as pd
import pytest

from charts import causes_harm as drawn
from queries.causes_harm import name_of
from store.settings import PROJECT

PARTS = pd.DataFrame({
    "category": ["Kortbedrägeri", "Stöld utan inbrott"], "weight_name": ["Bedrägeri", "Stöld"], "count": [20.0, 30.0],
    "weight": [152.0, 61.0], "share": [3040 / 4870, 1830 / 4870],
})  # fmt: skip


def test_what_has_no_weight_is_said_and_the_order_is_of_the_rest() -> None:
    found = SimpleNamespace(parts=PARTS, without=50.0, kinds_without=4, hidden=2, source="Polisen 2020")
    told = drawn.sentence(found).replace("\xa0", " ")
    assert told.startswith("Vikterna täcker 50 % av händelserna. 4 slag har ingen publicerad vikt")
    assert "går inte att säga vad som skadar mest av allt" in told
    assert "2 slag har dolda antal" in told
    assert "kortbedrägeri för 62 % av skadan, fast stöld utan inbrott är vanligast" in told
    assert drawn.finding(found, "Rimbo") == "Skada i Rimbo, bland de 2 slag som har en vikt: mest kortbedrägeri"
    assert drawn.table(found)["Del av antalet (%)"].tolist() == [40.0, 60.0]


@pytest.mark.parametrize(
    ("category", "name"),
    [("Stöld", "Stöld"), ("Stöld utan inbrott, butik", "Stöld"), ("Inbrottsstöld", ""), ("Stöldgods", ""),
     ("mord", "Mord"), ("Mordbrand", "")],
)  # fmt: skip
def test_a_kind_has_the_weight_that_it_is_called_or_begins_with(category: str, name: str) -> None:
    assert name_of(category, {"Stöld": ("Stöld utan inbrott",), "Mord": ()}) == name


@pytest.mark.parametrize(
    ("category", "name"),
    [
        ("Stöld ur/från motordrivet fordon av fast interiör/exteriör", "Stöld"),
        ("Stöld utan inbrott butik/varuhus/kommersiell utställningslokal", ""),  # mostly petty theft, says Brå
        ("Inbrottsstöld, fullbordat, i villa/radhus", ""),
        ("Kortbedrägeri, utan fysiskt kort, ej internationell anknytning", "Bedrägeri"),
        ("Snyltningsbrott", ""),
        ("Brott mot narkotikastrafflagen, innehav (enbart innehav)", "Narkotika (innehav)"),
        ("Brott mot narkotikastrafflagen, bruk (enbart bruk)", ""),
        ("Försök till mord eller dråp", ""),
    ],
)
def test_the_names_of_the_crime_codes_have_a_weight_where_the_published_name_says_as_little(
    category: str, name: str
) -> None:
    listed = tomllib.loads((PROJECT / "config" / "harm" / "brottsskadeindex.toml").read_text("utf-8"))
    assert name_of(category, {one: tuple(listed["begins"].get(one, ())) for one in listed["points"]}) == name
