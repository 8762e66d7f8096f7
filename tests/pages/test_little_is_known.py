"""Pages on builds of a handful of rows, where most is missing: what is not there is said, and nothing fails."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import pandas as pd
import pytest
from streamlit.testing.v1 import AppTest

from tests.pages.conftest import OpenPage
from tests.queries.literal import Rows, within, year

Literal = Callable[..., None]

HERE = "1489"
BIKES, TOTAL, THEFT = "bra_offences_type_cykelstold", "bra_offences_total", "bra_offences_theft"
PEERS = ("1401", "1402", "1407", "1415", "1419")


def text_of(app: AppTest) -> str:
    kinds = ("subheader", "markdown", "caption", "error", "title")
    return "\n".join(str(element.value) for kind in kinds for element in app.get(kind))


def areas(*more: dict[str, Any]) -> Rows:
    return [{"area_id": HERE, "level": "municipality", "name": "Alingsås"}, *more]


def offences(*ids: str) -> Rows:
    common = {"source_id": "bra_reported_offences", "theme": "Brott"}
    names = {BIKES: "Cykelstöld", TOTAL: "Samtliga anmälda brott", THEFT: "Stöld"}
    parts = {BIKES: TOTAL, TOTAL: None, THEFT: TOTAL}
    counts = [
        {**common, "indicator_id": one, "name": names[one], "unit": "antal", "part_of": parts[one]} for one in ids
    ]
    rates = [{**row, "indicator_id": f"{row['indicator_id']}_rate", "unit": "per 100 000 invånare"} for row in counts]
    return [*counts, *rates]


def figure(indicator: str, period: dict[str, Any], value: float, area: str = HERE) -> dict[str, Any]:
    return {"indicator_id": indicator, "area_id": area, **period, "value": value}


def with_rate(indicator: str, period: dict[str, Any], value: float, area: str = HERE) -> Rows:
    return [figure(indicator, period, value, area), figure(f"{indicator}_rate", period, value * 2, area)]


def quarter(number: int, of: int) -> dict[str, Any]:
    first = date(of, 3 * number - 2, 1)
    return {"period_type": "quarter", "period_start": first, "period_end": first, "period_label": f"{of} kv {number}"}


def yearly(indicator: str, area: str = HERE, years: range = range(2020, 2026)) -> Rows:
    return [row for one in years for row in with_rate(indicator, year(one), 100.0 + one % 7, area)]


@pytest.mark.parametrize(
    ("indicators", "figures", "told"),
    [
        pytest.param(
            (BIKES,), yearly(BIKES),
            ["bara om enskilda brottstyper", "inga kvartalssiffror för anmälda fall av cykelstöld"], id="one by year",
        ),
        pytest.param(
            (BIKES,), with_rate(BIKES, quarter(1, 2025), 31),
            ["bara om enskilda brottstyper", "inga årssiffror för anmälda fall av cykelstöld"], id="one by quarter",
        ),
        pytest.param((TOTAL,), yearly(TOTAL), ["både samtliga brott och brottsgrupperna"], id="the total alone"),
        pytest.param((THEFT,), yearly(THEFT), ["både samtliga brott och brottsgrupperna"], id="a group, no total"),
        pytest.param(
            (TOTAL, THEFT), [*with_rate(TOTAL, quarter(1, 2025), 900), *yearly(THEFT)],
            ["inga årssiffror för anmälda brott", "både samtliga brott"], id="the total by quarter alone",
        ),
    ],
)  # fmt: skip
def test_a_municipality_with_part_of_brås_figures(
    literal: Literal, open_page: OpenPage, indicators: tuple[str, ...], figures: Rows, told: list[str]
) -> None:
    literal(area=areas(), indicator=offences(*indicators), observation=figures)
    for folder in ("lagesbild", "jamforelse"):
        app = open_page(folder, municipality=HERE)
        assert not app.exception
        assert not app.error
        if folder == "lagesbild":
            seen = text_of(app) + text_of(open_page(folder, municipality=HERE, visa="Per kvartal"))
            assert [words for words in told if words not in seen] == []


def test_groups_that_exceed_the_total_have_no_composition(literal: Literal, open_page: OpenPage) -> None:
    figures = [*yearly(TOTAL), *yearly(THEFT), figure(THEFT, year(2019), 9), figure(TOTAL, year(2019), 5)]
    literal(area=areas(), indicator=offences(TOTAL, THEFT), observation=figures)
    app = open_page("lagesbild", municipality=HERE)
    assert not app.exception
    assert "Brottsgrupperna är tillsammans fler än samtliga anmälda brott 2019." in text_of(app)


def test_a_count_without_rate_is_shown_as_a_count(literal: Literal, open_page: OpenPage) -> None:
    counts = [figure(TOTAL, year(one), 100.0) for one in range(2018, 2026)]
    literal(area=areas(), indicator=offences(TOTAL), observation=counts)
    app = open_page("lagesbild", municipality=HERE)
    assert not app.exception
    text = text_of(app)
    assert "2025 var det 100 anmälda brott. Befolkningen saknas" in text
    assert "ingen uppgift" not in text.lower()


def test_an_unknown_municipality_is_told_which_file_to_make(literal: Literal, open_page: OpenPage) -> None:
    literal(area=areas())
    app = open_page("lagesbild", municipality="9999")
    assert not app.exception
    assert "config/9999.toml" in text_of(app)
    assert "RODA_TRADEN_MUNICIPALITY är 9999" in text_of(app)


def test_peers_whose_population_is_unknown_make_no_funnel(literal: Literal, open_page: OpenPage) -> None:
    """A rate of 0 says nothing of the population: count and no exposure."""
    others = [{"area_id": one, "level": "municipality", "name": f"Kommun {one}"} for one in PEERS]
    silent = [row for one in PEERS for row in (
        figure(TOTAL, year(2025), 5, one), figure(f"{TOTAL}_rate", year(2025), 0, one))]  # fmt: skip
    peers = {"municipality_id": HERE, "name": "Alingsås", "peers": ",".join(PEERS), "peers_source": "RKA"}
    literal(area=areas(*others), municipality=[peers], indicator=offences(TOTAL), observation=[*yearly(TOTAL), *silent])
    app = open_page("jamforelse", municipality=HERE)
    assert not app.exception
    assert not app.error
    assert "2025 har för få av kommunerna siffror om anmälda brott" in text_of(app)


def test_a_district_named_as_the_municipality_is_told_apart(literal: Literal, open_page: OpenPage) -> None:
    town = {"area_id": f"{HERE}-stad", "level": "district", "name": "Alingsås", "parent_id": HERE}
    forest = {"area_id": f"{HERE}-sollebrunn", "level": "district", "name": "Sollebrunn", "parent_id": HERE}
    literal(
        area=areas(town, forest), area_within=within({HERE: [], town["area_id"]: [HERE], forest["area_id"]: [HERE]})
    )
    app = open_page("platser", municipality=HERE)
    assert not app.exception
    assert app.selectbox(key="plats").options == ["Alingsås (hela kommunen)", "Alingsås", "Sollebrunn"]
    for place in ("Alingsås", "Sollebrunn"):
        app = open_page("platser", municipality=HERE, plats=place)
        assert not app.exception
        assert f"Vad vi vet och inte vet om {place}" in text_of(app)


def test_surveys_are_shown_with_their_uncertainty(literal: Literal, open_page: OpenPage) -> None:
    common = {"source_id": "kolada_indicators", "theme": "Trygghet"}
    worry, light = "kolada_N07611", "kolada_N00611"
    literal(
        source=[{"source_id": "kolada_indicators", "citation": "Kolada (RKA)"}],
        delivery=[{"delivery_id": "d1", "source_id": "kolada_indicators", "layout": "data", "file": "f", "sha256": "s",
                   "bytes": 1, "received_at": pd.Timestamp(2026, 3, 4, 23, 30), "received_by": "x", "rows_read": 1,
                   "rows_kept": 1, "rows_refused": 0}],
        area=areas({"area_id": "00", "level": "country", "name": "Riket"}),
        indicator=[{**common, "indicator_id": worry, "name": "NTU: Oro över brottsligheten"},
                   {**common, "indicator_id": light, "name": "Medborgarundersökningen: Trygg när det är ljust"}],
        observation=[
            {**figure(worry, year(2025), 41.5), "lower": 38.0, "upper": 45.0}, figure(worry, year(2025), 47.0, "00"),
            figure(light, year(2025), 92.0),
        ],
    )  # fmt: skip
    app = open_page("lagesbild", municipality=HERE)
    assert not app.exception
    text = text_of(app)
    assert "Trygghet och utsatthet enligt NTU och medborgarundersökningen" in text
    assert "Alingsås ligger över riket i 0 och under i 1 av 1 mått i NTU" in text
    assert "Kolada (RKA), levererad 5 mars 2026" in text  # half past eleven at night in UTC is the next day in Sweden
    (table,) = (element.value for element in app.dataframe)
    row = table.set_index("Mått").loc["NTU: Oro över brottsligheten"]
    assert (row["Värde"], row["Osäkerhet, lägst"], row["Osäkerhet, högst"], row["Riket"]) == (41.5, 38, 45, 47)


def test_without_surveys_it_is_said_how_they_are_fetched(literal: Literal, open_page: OpenPage) -> None:
    literal(area=areas(), indicator=offences(TOTAL), observation=yearly(TOTAL))
    text = text_of(open_page("lagesbild", municipality=HERE))
    assert "Svaren från Alingsås finns inte här ännu" in text
    assert "python -m pipelines fetch kolada_indicators" in text
