"""The profile chart and its words."""

from __future__ import annotations

import pandas as pd
import pytest

from charts import profiles as chart

SPREAD = pd.DataFrame({
    "indicator_id": ["a", "m"], "name": ["Arbetslösa", "Median"], "unit": ["procent", "tkr"], "decimals": [1, 0],
    "period_label": ["2022", "2022"], "p10": [2.0, 200.0], "p25": [4.0, 240.0], "p50": [8.0, 280.0],
    "p75": [12.0, 310.0], "p90": [20.0, 360.0],
})  # fmt: skip
MARKS = pd.DataFrame({
    "indicator_id": ["a", "m", "a", "m"], "place": ["Norr", "Norr", "Hela kommunen", "Hela kommunen"],
    "value": [29.0, None, 2.0, 280.0], "low": [25.0, 216.0, 1.0, 280.0], "high": [31.0, 262.0, 31.0, 280.0],
    "count": [29.0, None, 20.0, None], "base": [100.0, None, 1000.0, None],
    "status": ["derived", "not_applicable", "derived", "final"],
})  # fmt: skip


def areas(*rows: tuple[str, str, float, str], unit: str = "procent") -> pd.DataFrame:
    """(DeSO, share, value, side) as rows; the tenths of every share at 4 and 10."""
    out = pd.DataFrame(rows, columns=["area_id", "name", "value", "side"])
    return out.assign(indicator_id="a", place="Norr", unit=unit, decimals=1, p10=4.0, p90=10.0)


AREAS = areas(("N1", "Arbetslösa", 25.0, "high"), ("N2", "Arbetslösa", 31.0, "high"), ("N3", "Arbetslösa", 4.04, ""))


def test_each_deso_is_a_cross_on_the_scale_of_its_row_and_in_the_key() -> None:
    figure = chart.profile(SPREAD, MARKS, AREAS, "Hela kommunen")
    (crosses,) = [trace for trace in figure.data if trace.marker.symbol == "x-thin-open"]
    assert list(crosses.x) == pytest.approx([(25 - 2) / 18, (31 - 2) / 18, (4.04 - 2) / 18])
    assert "×  ett delområde (DeSO)" in texts(figure)


def texts(figure: object) -> str:
    return "\n".join(str(note.text) for note in figure.layout.annotations)  # type: ignore[attr-defined]


def test_each_row_has_its_own_scale_with_the_tenths_at_0_and_1() -> None:
    figure = chart.profile(SPREAD, MARKS, AREAS[AREAS["place"] == "Norr"], "Hela kommunen")
    marks = {trace.text[0].split("<br>")[0]: trace.x for trace in figure.data if trace.text is not None}
    assert list(marks["<b>Norr</b>"]) == [pytest.approx((29 - 2) / 18)]
    assert list(marks["<b>Hela kommunen</b>"]) == [0.0, 0.5]
    assert figure.layout.xaxis.range[1] > (29 - 2) / 18


def test_every_value_is_also_written() -> None:
    written = texts(chart.profile(SPREAD, MARKS, AREAS[AREAS["place"] == "Norr"], "Hela kommunen")).replace("\xa0", " ")
    for told in ("29,0", "2,0", "8,0 (2,0–20,0) %", "216–262", "280 (200–360) tkr", "Norr", "Hela kommunen"):
        assert told in written


def test_places_differ_by_symbol_and_not_only_by_colour() -> None:
    found = chart.symbols(["A", "B", "C", "D", "Hela kommunen"], "Hela kommunen")
    assert list(found) == ["A", "B", "C", "D", "Hela kommunen"]
    assert len({symbol for symbol, _, _ in found.values()}) == 5
    assert len({character for _, character, _ in found.values()}) == 5


A, U, E = "Arbetslösa 16–64 år", "Utrikes födda", "Låg ekonomisk standard"


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        pytest.param([("1", A, 1.8, ""), ("2", A, 14.3, "high"), ("3", A, 11.9, "high"), ("1", E, 8, ""),
                      ("2", E, 27, "high"), ("3", E, 32, "high"), ("1", U, 9, ""), ("2", U, 9, ""),
                      ("3", U, 11, "high")],
                     "Två av tre delområden i Norr hör till landets tio procent högsta i arbetslöshet och låg "
                     "ekonomisk standard", id="the same two"),
        pytest.param([("1", A, 11, "high"), ("2", A, 5, ""), ("1", E, 5, ""), ("2", E, 11, "high")],
                     "Ett av två delområden i Norr hör till landets tio procent högsta i arbetslöshet och låg "
                     "ekonomisk standard, men inte samma delområden i alla", id="different ones"),
        pytest.param([("1", A, 11, "high"), ("2", A, 5, ""), ("1", "Nettoinkomst, median", 1, "low"),
                      ("2", "Nettoinkomst, median", 5, "")],
                     "Ett av två delområden i Norr hör till landets tio procent högsta i arbetslöshet och tio procent "
                     "lägsta i medianinkomst", id="income counts as low"),
        pytest.param([("1", A, 5, ""), ("2", A, 5, "")],
                     "Inget av de två delområdena i Norr hör till landets tio procent högsta eller lägsta i något av 1 "
                     "mått", id="none"),
        pytest.param([("1", A, 11, "high")], "Norr hör till landets tio procent högsta i arbetslöshet", id="one area"),
        pytest.param([], "Det finns inga tal för delområden i Norr att jämföra med landet", id="nothing"),
    ],
)  # fmt: skip
def test_finding(rows: list[tuple[str, str, float, str]], expected: str) -> None:
    assert chart.finding("Norr", areas(*rows)) == expected


def test_the_sentence_gives_values_and_limits_and_makes_no_score() -> None:
    rows = [("1", A, 1.83, ""), ("2", A, 14.34, "high"), ("3", A, 11.91, "high")]
    told = chart.sentence("Norr", areas(*rows), 5984).replace("\xa0", " ")
    assert "arbetslöshet i två av tre (11,9 och 14,3 %; gränsen går vid 10,0)" in told
    assert "landets 5 984 områden" in told
    assert "läggs inte ihop till ett enda tal" in told


def test_the_sentence_of_an_ordinary_place() -> None:
    assert "som är vanligast" in chart.sentence("Norr", areas(("1", A, 5.0, "")), 5984)


def test_newer_figures_say_what_the_municipality_lacks_and_has_alone() -> None:
    columns = ["area_id", "name", "unit", "decimals", "period_label", "value"]
    shown = pd.DataFrame([("n", "Boende i flerbostadshus", "procent", 1, "2025", 36.5),
                          ("k", "Boende i flerbostadshus", "procent", 1, "2025", None)], columns=columns)  # fmt: skip
    alone = pd.DataFrame([("k", "Lägenheter i flerbostadshus", "procent", 1, "2025", 39.29)], columns=columns)
    told = chart.newer_footnote(shown, alone, "k", "hela Provkommun").replace("\xa0", " ")
    assert "Inget tal för hela Provkommun har levererats i boende i flerbostadshus." in told
    assert "Bara för hela kommunen finns lägenheter i flerbostadshus 39,3 % (2025)." in told


def test_ranks_have_a_finding_and_no_two_columns_alike() -> None:
    ranks = pd.DataFrame({
        "area_id": ["N1", "N2"], "area": ["Norr 1", "Norr 2"], "name": [A, A], "unit": "procent", "decimals": 1,
        "value": [14.34, 5.0], "rank": [45, 3000], "areas": [5984, 5984],
    })  # fmt: skip
    told = chart.rank_finding(ranks, "Norr").replace("\xa0", " ")
    assert told == "Längst från mitten i Norr: Norr 1 har plats 45 av 5 984 från det högsta i arbetslöshet"
    assert [name for name in chart.rank_table(ranks) if "Plats" in str(name)] == []


def test_the_table_keeps_numbers_as_numbers_and_says_what_was_computed() -> None:
    found = chart.table(SPREAD, MARKS, AREAS, {("a", "Norr"): "bland de 5 procent högsta"})
    first, second, *_ = found.to_dict("records")
    assert (first["Mått"], first["Värde"], first["Uppgift"]) == ("Arbetslösa", 29.0, "beräknad ur delområdena")
    assert (first["DeSO N1"], first["DeSO N3"]) == (25.0, 4.0)
    assert first["Delområden bland rikets tio procent högsta"] == 2
    assert first["Läge bland rikets områden"] == "bland de 5 procent högsta"
    assert pd.isna(second["Värde"])
    assert second["Uppgift"] == "kan inte vägas samman"


def test_newer_figures_have_a_column_per_place_and_ranges_in_words() -> None:
    recent = pd.DataFrame({
        "area_id": ["n", "k"], "indicator_id": ["u", "u"], "name": ["Arbetslösa", "Arbetslösa"],
        "unit": ["procent", "procent"], "decimals": [1, 1], "period_label": ["2024", "2024"], "value": [7.568, None],
        "low": [7.568, 1.546], "high": [7.568, 8.731], "parts": [1, 21], "parts_level": ["regso", "regso"],
        "status": ["final", "not_applicable"],
    })  # fmt: skip
    (row,) = chart.newer_table(recent, {"n": "Norr", "k": "Hela kommunen"}).to_dict("records")
    assert row["Norr"] == 7.6
    assert pd.isna(row["Hela kommunen"])
    assert row["Anmärkning"] == "Hela kommunen: 1,5–8,7 (21 RegSO)"


@pytest.mark.parametrize(
    ("growth", "expected"),
    [
        pytest.param(1.28, "Folkmängden i Norr ökade med 1,3\xa0% under 2025.", id="up"),
        pytest.param(-1.385, "Folkmängden i Norr minskade med 1,4\xa0% under 2025.", id="down"),
        pytest.param(0.04, "Folkmängden i Norr var i stort sett oförändrad under 2025.", id="still"),
        pytest.param(None, "Källan har ingen uppgift om hur folkmängden i Norr ändrats.", id="unknown"),
    ],
)
def test_growth(growth: float | None, expected: str) -> None:
    assert chart.growth_sentence("Norr", growth, 2025) == expected


@pytest.mark.parametrize(
    ("growth", "expected"),
    [
        pytest.param([1.0, 0.5], "Folkmängden i Norr ökade varje år 2020–2021", id="always"),
        pytest.param([-1.0, 0.0], "Folkmängden i Norr minskade eller stod stilla varje år 2020–2021", id="never"),
        pytest.param([-1.0, 0.3], "Folkmängden i Norr ökade 1 av 2 år 2020–2021", id="sometimes"),
    ],
)
def test_population_finding(growth: list[float], expected: str) -> None:
    series = pd.DataFrame({"year": [2020, 2021], "population": [None, 10.0], "growth_pct": growth})
    assert chart.population_finding(series, "Norr") == expected
    assert list(chart.population(series, "Norr").data[0].y) == growth


INDEX = pd.DataFrame({
    "area_id": ["9999R001", "9999R002"], "area": ["Norr tätort", "Norr landsbygd"], "period_label": ["2024", "2024"],
    "value": [15.3, 3.6], "municipal_low": [3.6, 3.6], "municipal_high": [15.7, 15.7],
    "municipal_areas": [21, 21], "municipal_rank": [2, 21],
})  # fmt: skip


def test_index_of_one_area_and_of_several() -> None:
    assert chart.index_finding(INDEX.head(1), "Norr") == "SCB:s socioekonomiska index 2024: 15,3 i Norr tätort"
    assert chart.index_finding(INDEX, "Norr").endswith("2024: 3,6–15,3 i de 2 RegSO som Norr består av")
    assert "Norr tätort ligger näst högst av 21 i kommunen. Norr landsbygd ligger lägst av 21" in chart.index_sentence(
        INDEX, "Provkommun"
    )
    assert "21 RegSO ligger mellan 3,6 och 15,7" in chart.index_sentence(INDEX, "Provkommun")
