"""Sårbarhet: the shipped figures by district, RegSO and DeSO, other weights, and a municipality without figures."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from streamlit.testing.v1 import AppTest

from tests.pages.conftest import OpenPage, words
from tests.queries.literal import Rows
from tests.queries.test_profiles import AREAS, INDICATORS, WITHIN
from tests.queries.test_vulnerability import HERE, WHOLE


def weights(app: AppTest) -> dict[str, int]:
    return {slider.label: slider.value for slider in app.slider}


def test_a_district_and_what_survives_every_weighting(open_page: OpenPage) -> None:
    app = open_page("sarbarhet", plats="Hallstavik")
    assert not app.exception
    told = words(app)
    assert "Hallstavik och Rimbo är mer utsatta än landets medel, hur måtten än vägs" in told
    # On all twelve measures but four the district is over every other but Rimbo: no weighting drawn moves it out.
    assert "Hallstavik ligger bland de tre mest utsatta kommundelarna i 100 % av 1 000 slumpade viktningar." in told
    assert "Nettoinkomst, median är inte med" in told
    # On income, work and education alone they lie over the mean, though hardly any drawn weighting says so.
    assert "hamnar Norrtälje östra landsbygd och Yxlan och Blidö på andra sidan landets medel" in told
    assert "Vikter: alla lika. 13 av 13 mått har vikt över 0." in told
    assert {metric.label: metric.value for metric in app.metric}["Mått i indexet"] == "12 av 13"
    assert len(weights(app)) == 13
    assert "ingen enskild kan bedömas efter var den bor" in told
    # Its three DeSO beside the country's 5 984.
    assert "Mest utsatt i Hallstavik är Hallstavik tätort B3030: minst" in told


@pytest.mark.parametrize(
    ("choices", "expected"),
    [
        pytest.param({"sarbar_niva": "DeSO"}, "Sex DeSO är mer utsatta än landets medel", id="deso"),
        pytest.param({"sarbar_niva": "DeSO", "plats": "Rimbo"}, "Bland de åtta mest utsatta DeSO-områdena ligger Rimbo",
                     id="the DeSO of a district"),
        pytest.param({"vikt_rental_tenure": "0", "vikt_unemployed": "4"}, "Vikter: egna. 12 av 13", id="own weights"),
        pytest.param({"sarbar_visa": "Karta"}, "Talen gäller de valda vikterna", id="map"),
        pytest.param({"sarbar_visa": "Känslighet", "plats": "Rimbo"}, "Rimbo är mer utsatt än nio av tolv andra",
                     id="pairs that a ready-made choice turns"),
        pytest.param({"sarbar_visa": "Karta", "sarbar_niva": "DeSO"}, "C1060 finns i siffrorna men inte på kartan",
                     id="map of a division that has changed"),
        pytest.param({"sarbar_visa": "Känslighet", "plats": "Hallstavik"},
                     "Hallstavik är mer utsatt än elva av tolv andra", id="pairs"),
        pytest.param({"sarbar_visa": "Känslighet", "sarbar_niva": "RegSO"}, "SCB:s eget socioekonomiska index för 2024",
                     id="beside the office's own index"),
        pytest.param({"sarbar_mer": "Arbete: Sysselsatta 20–64 år, årligt register (2024)"},
                     "Tillagda mått jämförs med kommunens egna områden", id="another measure"),
    ],
)  # fmt: skip
def test_choices_in_the_address(open_page: OpenPage, choices: dict[str, str], expected: str) -> None:
    app = open_page("sarbarhet", **choices)
    assert not app.exception
    assert expected in words(app)


def test_a_ready_made_choice_moves_the_sliders(open_page: OpenPage) -> None:
    app = open_page("sarbarhet")
    app.button(key="forval_Som SCB:s index").click().run()
    assert not app.exception
    assert {label for label, weight in weights(app).items() if weight} == {
        "Låg ekonomisk standard", "Förgymnasial utbildning 25–64 år", "Arbetslösa 16–64 år",
    }  # fmt: skip
    assert "Vikter: Som SCB:s index. 3 av 13 mått har vikt över 0." in words(app)


def test_all_weights_at_zero_is_said(open_page: OpenPage) -> None:
    app = open_page("sarbarhet")
    for slider in app.slider:
        slider.set_value(0)
    next(button for button in app.button if button.label == "Räkna om").click().run()
    assert not app.exception
    assert "Alla vikter är 0." in words(app)


def test_a_municipality_without_figures(open_page: OpenPage) -> None:
    app = open_page("sarbarhet", municipality="1485")
    assert not app.exception
    assert "Det finns inga uppgifter om livsvillkor per område i Uddevalla än." in words(app)


@pytest.mark.parametrize("view", ["Index", "Karta", "Känslighet"])
def test_another_municipality_without_boundaries(open_page: OpenPage, literal: Callable[..., None], view: str) -> None:
    sources: Rows = [{"source_id": "scb_deso_statistics"}]
    literal(area=AREAS, area_within=WITHIN, indicator=INDICATORS, observation=WHOLE, source=sources)
    app = open_page("sarbarhet", municipality=HERE, sarbar_visa=view)
    assert not app.exception
    expected = {
        "Index": "Söder är mer utsatt än landets medel", "Karta": "så kartan kan inte ritas",
        "Känslighet": "Norr är mindre utsatt än det andra området",
    }  # fmt: skip
    assert expected[view] in words(app)
