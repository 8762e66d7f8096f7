"""Charts among peers: one accent, quiet peers, every point named, no ranking."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import pandas as pd
import pytest

from charts import peers
from charts.offences import Break
from charts.style import ACCENT, CONTEXT
from charts.swedish import number

NAMES = {"a": "Alfa", "b": "Beta", "c": "Gamma"}
YEARS = [pd.Timestamp(year, 1, 1) for year in (2013, 2014, 2015)]
LEVEL = pd.Series([20.0, 20.0, 20.0], index=pd.DatetimeIndex(YEARS))
BREAK = Break(date(2015, 1, 1), "ny plats")


def rates(**by_area: list[float | None]) -> pd.DataFrame:
    return pd.concat(
        pd.DataFrame({"area_id": area, "period_start": YEARS, "rate": values, "count": values, "status": "final"})
        for area, values in by_area.items()
    ).astype({"rate": float, "count": float})


RATES = rates(a=[30, 31, 32], b=[10, None, 12], c=[21, 22, 23])


@dataclass(frozen=True)
class Funnelled:
    """What the charts read of a funnel."""

    level: float
    areas: pd.DataFrame
    limits: pd.DataFrame


def funnelled(populations: list[float], values: list[float]) -> Funnelled:
    count = len(populations)
    areas = pd.DataFrame({"area_id": list("abcdefgh")[:count], "population": populations, "rate": values})
    areas = areas.assign(count=areas["rate"], lower_95=10.0, upper_95=30.0, lower_998=5.0, upper_998=35.0,
                         verdict="inom normal variation")  # fmt: skip
    limits = pd.DataFrame({"population": [min(populations) * 0.8, max(populations) * 1.2]})
    return Funnelled(20.0, areas, limits.assign(lower_95=10.0, upper_95=30.0, lower_998=5.0, upper_998=35.0))


def test_the_area_is_the_accent_and_its_peers_are_quiet() -> None:
    figure = peers.over_time(RATES, LEVEL, "a", NAMES, [BREAK], 2015)
    lines = [trace for trace in figure.data if trace.mode == "lines"]
    accent = [trace for trace in lines if trace.line.color == ACCENT]
    assert [list(trace.y) for trace in accent] == [[30, 31, 32]]
    assert [trace.line.dash for trace in lines] == [None, None, "dash", None]
    assert all(trace.line.color == CONTEXT and trace.line.width == 1 for trace in lines[:2])
    told = "".join(note.text for note in figure.layout.annotations)
    assert "<b>Alfa</b>" in told
    assert "Beta" not in told  # peers are named by the pointer and in the table
    assert "ändrat räknesätt 2015" in told


def test_a_peer_without_a_figure_has_a_gap() -> None:
    figure = peers.over_time(RATES, LEVEL, "a", NAMES, [], 2015)
    beta = next(trace for trace in figure.data if trace.customdata is not None and "Beta" in trace.customdata[0])
    assert pd.isna(beta.y[1])
    assert "2014: – per" in beta.customdata[1]


def test_every_point_of_the_funnel_is_named_and_the_own_stands_out() -> None:
    figure = peers.funnel(funnelled([40_000, 60_000, 80_000], [12, 31, 20]), "b", NAMES)
    points = figure.data[-1]
    assert sorted(points.text) == ["<b>Beta</b>", "Alfa", "Gamma"]
    own = points.text.index("<b>Beta</b>")
    assert (points.marker.color[own], points.marker.symbol[own]) == (ACCENT, "diamond")
    assert any("gemensam nivå 20" in note.text for note in figure.layout.annotations)


def test_names_of_neighbours_stand_apart() -> None:
    figure = peers.funnel(funnelled([50_000, 50_100, 80_000], [20, 20.1, 20]), "c", NAMES)
    places = dict(zip(figure.data[-1].text, figure.data[-1].textposition, strict=True))
    assert places["Alfa"] != places["Beta"]


def test_tables_are_sorted_by_name() -> None:
    table = peers.funnel_table(funnelled([60_000, 40_000, 80_000], [31, 12, 20]), {"a": "Ö", "b": "B", "c": "C"})
    assert table["Kommun"].tolist() == ["B", "C", "Ö"]
    over_time = peers.over_time_table(RATES, LEVEL, NAMES)
    assert over_time["Kommun"].unique().tolist() == ["Alfa", "Beta", "Gamma", "Jämförelsekommunerna tillsammans"]
    assert over_time["Uppgift"].iloc[-1] == "beräknad"


@pytest.mark.parametrize(
    ("own", "title"),
    [
        ([30, 31, 10], "2015 låg Alfa under jämförelsekommunernas nivå i brott per invånare; så 1 av 3 år sedan 2013"),
        ([10, 31, 30], "2015 låg Alfa över jämförelsekommunernas nivå i brott per invånare; så 2 av 3 år sedan 2013"),
    ],
)
def test_the_title_tells_the_chosen_year_first(own: list[float], title: str) -> None:
    assert peers.time_finding(peers.beside(rates(a=own), LEVEL, "a", 2015, []), "Alfa", "brott") == title


@pytest.mark.parametrize(
    ("year", "breaks", "compared"),
    [(2015, [], [2013, 2014, 2015]), (2014, [BREAK], [2013, 2014]), (2015, [BREAK], [2015])],
    ids=["no break", "up to the chosen year", "after the break"],
)
def test_only_comparable_years_count(year: int, breaks: list[Break], compared: list[int]) -> None:
    both = peers.beside(RATES, LEVEL, "a", year, breaks)
    assert [day.year for day in both.index] == compared
    assert f"{year} hade Alfa {30 + year - 2013} brott" in peers.since_sentence(both, "Alfa", "brott")


def test_one_comparable_year_is_not_counted() -> None:
    title = peers.time_finding(peers.beside(RATES, LEVEL, "a", 2015, [BREAK]), "Alfa", "brott")
    assert title == "2015 låg Alfa över jämförelsekommunernas nivå i brott per invånare"


def test_without_common_years_it_is_said() -> None:
    nothing = peers.beside(RATES, LEVEL.iloc[:0], "a", 2015, [])
    assert peers.time_finding(nothing, "Alfa", "anmälda brott") == "Anmälda brott per invånare, år för år"
    assert peers.since_sentence(nothing, "Alfa", "brott").startswith("Det finns inga år med uppgifter")


@pytest.mark.parametrize(
    ("verdict", "words"),
    [
        ("högre än väntat", "ligger över"),
        ("lägre än väntat", "ligger under"),
        ("inom normal variation", "skiljer sig inte säkert"),
        ("för litet underlag", "har för litet underlag"),
    ],
)
def test_the_title_of_the_funnel(verdict: str, words: str) -> None:
    assert peers.finding("Alfa", "anmälda brott", "2025", verdict).startswith(f"Alfa {words}")


def test_numbers_in_words_are_swedish() -> None:
    figure = peers.funnel(funnelled([40_000, 60_000, 80_000], [12_345, 31, 20]), "a", NAMES)
    assert any(number(12345) in told for told in figure.data[-1].customdata)
