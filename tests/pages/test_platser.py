"""Platser: a district, several districts, the municipality, and a municipality where most is missing."""

from __future__ import annotations

import pytest

from tests.pages.conftest import OpenPage, words


def test_hallstavik(open_page: OpenPage) -> None:
    app = open_page("platser", plats="Hallstavik")
    assert not app.exception
    told = words(app)
    assert {metric.label for metric in app.metric} >= {"Folkmängd 2025", "Andel av kommunens invånare"}
    # The issue: SCB's own index of Hallstavik tätort is 15.3; the lowest and highest of the 21 RegSO are 3.6 and 15.7.
    assert "15,3 i Hallstavik tätort" in told
    assert "21 RegSO ligger mellan 3,6 och 15,7" in told
    assert "Hallstavik tätort ligger näst högst av 21 i kommunen" in told
    # From the shipped shares of 0188B3010-3030 and the country's 90th percentiles 9.827, 26 and 17.910.
    assert "Två av tre delområden i Hallstavik hör till landets tio procent högsta i arbetslöshet, förgymnasial" in told
    assert "arbetslöshet i två av tre (11,9 och 14,3 %; gränsen går vid 9,8)" in told
    assert "medianinkomst i ett av tre (216 tkr; gränsen går vid 225)" in told
    assert "lägenheter i flerbostadshus 39,3 % (2025)" in told
    assert "5 984 områden" in told
    assert "Hallsta skola (kommunal)" in told
    assert "ingen av dem kan läggas på Hallstavik" in told


def test_what_nobody_says_is_listed_with_what_would_say_it(open_page: OpenPage) -> None:
    told = words(open_page("platser", plats="Rimbo"))
    assert "**Anmälda brott**, Brottsförebyggande rådet (Brå): gäller hela kommunen, inte delar av den." in told
    assert "ett uttag från Polisen med DeSO" in told
    assert "EST-rapporter" in told
    assert "12,5 i Rimbo tätort" in told


def test_districts_beside_each_other(open_page: OpenPage) -> None:
    app = open_page("platser", plats="Hallstavik", jamfor="Rimbo")
    assert not app.exception
    assert app.multiselect(key="jamfor").value == ["Rimbo"]
    assert "Hallstavik, jämfört med Rimbo och hela kommunen" in words(app)


def test_the_municipality_itself(open_page: OpenPage) -> None:
    app = open_page("platser")
    assert not app.exception
    told = words(app)
    assert "21 RegSO som Norrtälje består av" in told
    assert "Wigulfskolan har inget känt läge" in told
    assert "Folkmängden i Norrtälje ökade varje år 2016–2025" in told


@pytest.mark.parametrize("place", ["", "Ljungskile"])
def test_a_municipality_without_figures_says_what_is_missing(open_page: OpenPage, place: str) -> None:
    app = open_page("platser", municipality="1485", **({"plats": place} if place else {}))
    assert not app.exception
    told = words(app)
    name = place or "Uddevalla"
    assert f"Folkmängden i {name} finns inte här ännu." in told
    assert f"Den socioekonomiska profilen för {name} finns inte här ännu." in told
    assert f"SCB:s socioekonomiska index för {name} finns inte här ännu." in told
    assert "Det finns inga händelsenotiser för Uddevalla här ännu." in told
    assert "Kan säga något, men det har inte levererats" in told
    assert "Gäller skolor, och ingen känd skola ligger här" in told
    assert "Norrtälje" not in told
