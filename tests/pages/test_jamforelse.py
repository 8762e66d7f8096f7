"""Jämförelse on the figures that ship with the project."""

from __future__ import annotations

import pytest
from streamlit.testing.v1 import AppTest

from charts.swedish import number
from queries import offences
from tests.pages.conftest import OpenPage

#: Sum of reported offences and of Brå's populations over Norrtälje's seven peers in 2025, from Brå's open figures:
#: 5 712 + 7 953 + 9 784 + 6 719 + 6 280 + 5 846 + 3 595 = 45 889 of 393 357 inhabitants.
PEERS_2025 = 11_666


def text_of(app: AppTest) -> str:
    return "\n".join(str(element.value) for element in [*app.subheader, *app.markdown, *app.caption])


def test_norrtalje_among_its_peers(open_page: OpenPage) -> None:
    app = open_page("jamforelse")
    assert not app.exception
    text = text_of(app)
    assert f"2025 hade Norrtälje {number(12790)} anmälda brott per 100 000 invånare" in text.replace(
        "100\u00a0000", "100 000"
    )
    assert f"jämförelsekommunerna tillsammans {number(PEERS_2025)}" in text
    assert "Norrtälje skiljer sig inte säkert från jämförelsekommunerna i anmälda brott 2025" in text
    assert "RKA/Kolada: Liknande kommuner" in text
    assert "2025 låg Norrtälje över jämförelsekommunernas nivå i anmälda brott per invånare; så" in text
    assert "av 11 år sedan 2015" in text


def test_the_table_is_sorted_by_name(open_page: OpenPage) -> None:
    (table,) = open_page("jamforelse").dataframe
    names = table.value["Kommun"].tolist()
    assert names == sorted(names)
    assert len(names) == 8


def test_a_group_and_a_year_can_be_chosen(open_page: OpenPage) -> None:
    app = open_page("jamforelse", ar="2012")
    app.selectbox(key="brott").select("Inbrottsstöld").run()
    assert not app.exception
    assert "i anmälda fall av inbrottsstöld 2012" in text_of(app)


def test_a_year_without_figures_for_the_peers_says_so(open_page: OpenPage) -> None:
    app = open_page("jamforelse", ar="2001")
    assert not app.exception
    assert "2001 har för få av kommunerna siffror om anmälda brott för en jämförelse." in text_of(app)


@pytest.mark.usefixtures("fresh")
def test_counts_without_rates_are_told_not_drawn(open_page: OpenPage, monkeypatch: pytest.MonkeyPatch) -> None:
    known = offences.series
    monkeypatch.setattr(offences, "series", lambda *asked: known(*asked).assign(rate=float("nan")))
    app = open_page("jamforelse")
    assert not app.exception
    assert "Det finns inga tal per invånare för anmälda brott, bara antal." in text_of(app)
    assert not app.get("plotly_chart")


def test_another_municipality_has_its_own_peers(open_page: OpenPage) -> None:
    app = open_page("jamforelse", municipality="1485")
    assert not app.exception
    assert "2025 hade Uddevalla" in text_of(app)
    assert "2010–2025" in text_of(app)  # Norrtälje alone has figures from before 2010
    assert "bland jämförelsekommunerna" in text_of(app)
    assert "Norrtälje" in app.dataframe[0].value["Kommun"].tolist()
