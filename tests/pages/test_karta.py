"""Karta without a browser: choices, words, table, the chosen place, and what is said when something is missing."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.pages.conftest import OpenPage
from ui import boundaries


@pytest.fixture(autouse=True)
def static(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Boundaries are written beside nothing else."""
    monkeypatch.setattr(boundaries, "STATIC", tmp_path)
    return tmp_path


def words(page: object) -> str:
    return "\n".join(element.value for kind in ("markdown", "caption", "subheader") for element in page.get(kind))  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    ("level", "areas"), [("Kommundel", 13), ("RegSO", 21), ("DeSO", 40)], ids=["district", "regso", "deso"]
)
def test_every_level_shows_its_areas(open_page: OpenPage, static: Path, level: str, areas: int) -> None:
    page = open_page("karta", karta_niva=level, karta_matt="Befolkning: Folkmängd", karta_period="2025")
    assert not page.exception
    assert "Folkmängd 2025: högst i" in page.subheader[0].value
    assert len(page.dataframe[0].value) == areas
    figure = json.loads(page.get("plotly_chart")[0].proto.spec)
    drawn = [trace for trace in figure["data"] if trace["type"] == "choroplethmap"]
    assert sum(len(trace["locations"]) for trace in drawn) == areas
    (file,) = static.rglob("*.json")
    assert all(trace["geojson"] == f"app/static/areas/{file.name}" for trace in drawn)
    assert len(json.loads(file.read_text("utf-8"))["features"]) == areas


@pytest.mark.parametrize(("method", "classes"), [("Naturliga brytpunkter", 4), ("Lika många områden per klass", 6)])
def test_the_classes_are_as_chosen(open_page: OpenPage, method: str, classes: int) -> None:
    page = open_page(
        "karta", karta_niva="DeSO", karta_matt="Befolkning: Folkmängd", karta_klasser=method, karta_antal=str(classes)
    )
    table = page.dataframe[0].value
    assert table["Klass"].nunique() == classes


def test_an_area_that_was_divided_is_in_the_table_and_said_to_be_off_the_map(open_page: OpenPage) -> None:
    """0188C1060 of the 2018 division became C1061-C1063 in 2025; the profile shares are of 2022."""
    page = open_page("karta", karta_niva="DeSO", karta_matt="Boende: Hyresrätter (2022)")
    assert "C1060 finns i siffrorna men inte på kartan" in words(page)
    table = page.dataframe[0].value
    assert len(table) == 41
    missing = table[table["Värde"].isna()]["Område"].tolist()
    assert [name[-5:] for name in missing] == ["C1061", "C1062", "C1063"]
    assert "Utan värde:" in words(page)
    assert "uppgift saknas" in words(page)


def test_a_place_can_be_found_without_a_mouse_and_leads_to_its_profile(open_page: OpenPage) -> None:
    page = open_page("karta", karta_niva="RegSO", karta_matt="Befolkning: Folkmängd", karta_period="2025")
    page.selectbox(key="karta_omrade").set_value("0188R004").run()
    assert not page.exception
    assert "Hallstavik" in words(page)
    assert "områden har högre värde" in words(page)
    (link,) = page.get("page_link")
    assert link.proto.label == "Platsprofil: Hallstavik"
    assert link.proto.query_string == "plats=Hallstavik"


def test_a_district_can_be_found_on_a_finer_level(open_page: OpenPage) -> None:
    page = open_page("karta", karta_niva="DeSO", karta_matt="Befolkning: Folkmängd", karta_period="2025")
    page.selectbox(key="karta_omrade").set_value("0188-rimbo").run()
    assert "**Rimbo**" in words(page)


def test_a_municipality_without_boundaries_says_which_delivery_brings_them(open_page: OpenPage) -> None:
    page = open_page("karta", municipality="1485")
    assert not page.exception
    assert "Det finns inga gränser för områdena i Uddevalla" in words(page)
    assert "python -m pipelines fetch scb_areas" in words(page)
    assert not page.get("plotly_chart")


def test_boundary_files_are_named_by_content_and_written_once(open_page: OpenPage, static: Path) -> None:
    open_page("karta")
    (first,) = static.rglob("*.json")
    stamp = first.stat().st_mtime_ns
    open_page("karta", karta_antal="3")
    assert [path.stat().st_mtime_ns for path in static.rglob("*.json")] == [stamp]
    assert not list(static.rglob("*.part"))


def test_a_district_of_one_area_is_one_area(open_page: OpenPage) -> None:
    page = open_page("karta", karta_niva="RegSO", karta_matt="Befolkning: Folkmängd")
    page.selectbox(key="karta_omrade").set_value("0188-hallstavik").run()
    assert not page.exception
    assert "**Hallstavik**, 1 område: " in words(page)
