"""The profile chart and its words."""

from __future__ import annotations

import pandas as pd
import pytest

from analysis.position import Position
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


def texts(figure: object) -> str:
    return "\n".join(str(note.text) for note in figure.layout.annotations)  # type: ignore[attr-defined]


def test_each_row_has_its_own_scale_with_the_tenths_at_0_and_1() -> None:
    figure = chart.profile(SPREAD, MARKS, "Hela kommunen")
    marks = {trace.text[0].split("<br>")[0]: trace.x for trace in figure.data if trace.text is not None}
    assert list(marks["<b>Norr</b>"]) == [pytest.approx((29 - 2) / 18)]
    assert list(marks["<b>Hela kommunen</b>"]) == [0.0, 0.5]
    assert figure.layout.xaxis.range[1] > (29 - 2) / 18


def test_every_value_is_also_written() -> None:
    written = texts(chart.profile(SPREAD, MARKS, "Hela kommunen")).replace("\xa0", " ")
    for told in ("29,0", "2,0", "8,0 (2,0–20,0) %", "216–262", "280 (200–360) tkr", "Norr", "Hela kommunen"):
        assert told in written


def test_places_differ_by_symbol_and_not_only_by_colour() -> None:
    found = chart.symbols(["A", "B", "C", "D", "Hela kommunen"], "Hela kommunen")
    assert list(found) == ["A", "B", "C", "D", "Hela kommunen"]
    assert len({symbol for symbol, _, _ in found.values()}) == 5
    assert len({character for _, character, _ in found.values()}) == 5


@pytest.mark.parametrize(
    ("positions", "expected"),
    [
        pytest.param({"X": Position(1, 95, None, 10), "Y": Position(1, 90, 95, 10), "Z": Position(1, 50, 75, 10)},
                     "Norr hör till landets tio procent högsta i 2 av 3 mått", id="high"),
        pytest.param({"X": Position(1, None, 5, 10), "Z": Position(1, 25, 50, 10)},
                     "Norr hör till landets tio procent lägsta i 1 av 2 mått", id="low"),
        pytest.param({"X": Position(1, 95, None, 10), "Y": Position(1, 5, 10, 10)},
                     "Norr hör till landets tio procent högsta i 1 och de tio procent lägsta i 1 av 2 mått", id="both"),
        pytest.param({"Z": Position(1, 75, 90, 10)},
                     "Norr ligger mellan landets tio procent lägsta och tio procent högsta områden i alla 1 mått",
                     id="neither"),
        pytest.param({}, "Det finns inga tal för Norr att jämföra med landet", id="nothing"),
    ],
)  # fmt: skip
def test_finding(positions: dict[str, Position], expected: str) -> None:
    assert chart.finding("Norr", positions) == expected


def test_the_sentence_names_what_stands_out_and_makes_no_score() -> None:
    told = chart.sentence("Norr", {"Låg standard": Position(32.04, 90, 95, 5984)}, {"Låg standard": 1})
    assert "5\xa0984 områden hör Norr till de tio procent högsta när det gäller låg standard (32,0\xa0%)" in told
    assert "läggs inte ihop till ett enda tal" in told


def test_the_sentence_of_an_ordinary_place() -> None:
    assert "Inget av måtten skiljer ut Norr" in chart.sentence("Norr", {"X": Position(1, 50, 75, 5984)}, {"X": 1})


def test_the_table_keeps_numbers_as_numbers_and_says_what_was_computed() -> None:
    found = chart.table(SPREAD, MARKS, {("a", "Norr"): "bland de 5 procent högsta"})
    first, second, *_ = found.to_dict("records")
    assert (first["Mått"], first["Värde"], first["Uppgift"]) == ("Arbetslösa", 29.0, "beräknad ur delområdena")
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
    "value": [15.3, 3.6], "municipal_low": [3.6, 3.6], "municipal_high": [15.7, 15.7], "municipal_areas": [21, 21],
})  # fmt: skip


def test_index_of_one_area_and_of_several() -> None:
    assert chart.index_finding(INDEX.head(1), "Norr") == "SCB:s socioekonomiska index 2024: 15,3 i Norr tätort"
    assert chart.index_finding(INDEX, "Norr").endswith("2024: 3,6–15,3 i de 2 RegSO som Norr består av")
    assert "21 RegSO ligger mellan 3,6 och 15,7" in chart.index_sentence(INDEX, "Provkommun")
