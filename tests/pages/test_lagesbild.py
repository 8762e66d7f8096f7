"""Lägesbild on the figures that ship with the project. Expected figures are Brå's own, from the issue and its files."""

from __future__ import annotations

import pytest
from streamlit.testing.v1 import AppTest

from charts.swedish import number
from tests.pages.conftest import OpenPage


def text_of(app: AppTest) -> str:
    return "\n".join(str(element.value) for element in [*app.subheader, *app.markdown, *app.caption])


def figures(app: AppTest) -> dict[str, str]:
    return {metric.label: metric.value for metric in app.metric}


def test_the_year_2025_in_norrtalje(open_page: OpenPage) -> None:
    app = open_page("lagesbild")
    assert not app.exception
    assert figures(app) == {
        "Samtliga anmälda brott": number(8532),
        "Brott mot person": number(2195),
        "Narkotika- och vapenbrott": "855",
        "Skadegörelse": number(1085),
        "Stöld- och tillgreppsbrott": number(1586),
        "varav inbrottsstöld": "340",
        "Samtliga 2026 kv 2, preliminär": number(1934),
    }
    text = text_of(app)
    assert f"{number(12790)} per 100\u00a0000 inv." in text
    assert "väntat " in text
    assert "inom normal variation" in text
    assert "levererad 23 november 2026" in text
    assert "Källa: Källa" not in text


def test_order_of_reading(open_page: OpenPage) -> None:
    findings = [element.value for element in open_page("lagesbild").subheader]
    assert findings[0] == (
        "2025: inget sticker ut från det väntade, men sedan 2015 har brott mot person och skadegörelse ökat "
        "och stöld- och tillgreppsbrott minskat per invånare"
    )
    # Log-linear trend 2015-2025: numbers +2.5 % a year (1.4 to 3.6), per inhabitant +1.0 % (-0.1 to 2.2).
    assert findings[1] == "Antalet anmälda brott har ökat sedan 2015; per invånare ingen säker förändring"
    assert findings[2].startswith("2025 var brott mot person den största enskilda gruppen: 26")


def test_what_the_figures_do_not_say_is_one_click_away(open_page: OpenPage) -> None:
    app = open_page("lagesbild")
    assert "Vad säger siffrorna, och vad säger de inte?" in [box.label for box in app.expander]
    text = text_of(app)
    assert "Från 2015 förs brotten till kommun på ett nytt sätt" in text
    assert "Inbrottsstölder ingår i stöld- och tillgreppsbrotten" in text


def test_the_notices_of_the_police_are_sent_when_they_are_asked_for(open_page: OpenPage) -> None:
    app = open_page("lagesbild")
    assert any("Polisen har publicerat" in box.label for box in app.expander)
    selection = "ett urval som Polisen väljer att berätta om"
    assert selection not in text_of(app)
    app.session_state["notices"] = True
    assert selection in text_of(app.run())


def test_a_group_and_a_measure_can_be_chosen_in_the_address(open_page: OpenPage) -> None:
    app = open_page("lagesbild", brott="Skadegörelse", matt="Per 100 000 invånare")
    assert not app.exception
    assert "skadegörelse" in app.subheader[1].value
    assert len(app.get("plotly_chart")) == 2


def test_quarters_can_be_chosen_in_the_address(open_page: OpenPage) -> None:
    app = open_page("lagesbild", visa="Per kvartal")
    assert not app.exception
    assert app.subheader[1].value.startswith("Anmälda brott 2026 kv 2: ")
    assert "Varje kvartal jämförs med samma kvartal andra år" in text_of(app)
    assert len(app.get("plotly_chart")) == 2


def test_a_group_without_quarters_says_so(open_page: OpenPage) -> None:
    app = open_page("lagesbild", brott="Skadegörelse", visa="Per kvartal")
    assert not app.exception
    assert "Det finns inga kvartalssiffror för anmälda fall av skadegörelse." in text_of(app)
    assert len(app.get("plotly_chart")) == 1


@pytest.mark.parametrize(
    ("year", "reported", "judged"),
    [("2019", 7431, False), ("2020", 7732, True), ("2004", 6501, True), ("1998", 5357, False)],
    ids=["four years after the break", "five years after the break", "before the break", "third year of all"],
)
def test_a_year_is_judged_from_five_comparable_years_before_it(
    year: str, reported: int, judged: bool, open_page: OpenPage
) -> None:
    app = open_page("lagesbild", ar=year)
    assert not app.exception
    assert figures(app)["Samtliga anmälda brott"] == number(reported)
    card = next(element.value for element in app.markdown if element.value.startswith("**Samtliga anmälda brott**"))
    assert ("för litet underlag" not in card) is judged
    assert ("väntat " in card) is judged
    assert ("för få jämförbara år före" in card) is not judged
    assert not any("kv" in label for label in figures(app))  # the newest quarter belongs to the newest year


def test_a_district_is_told_that_the_figures_are_the_municipality_s(open_page: OpenPage) -> None:
    app = open_page("lagesbild", plats="Hallstavik")
    assert not app.exception
    text = text_of(app)
    assert "Vad anmäldes i hela Norrtälje kommun" in text
    assert "Siffrorna här gäller hela Norrtälje kommun, inte bara Hallstavik." in text
    assert "Brå redovisar inga anmälda brott under kommunnivå" in text
    assert "invånare (2025)" in text
    assert "polisens ärendeutdrag med DeSO-kod" in text
    assert figures(app)["Samtliga anmälda brott"] == number(8532)


def test_another_municipality_takes_no_code(open_page: OpenPage) -> None:
    app = open_page("lagesbild", municipality="1485")
    assert not app.exception
    assert figures(app)["Samtliga anmälda brott"] == number(6280)
    text = text_of(app)
    assert "Uddevalla kommun" in text
    assert "Norrtälje" not in text
