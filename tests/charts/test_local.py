"""What is drawn and said of local events, survey answers and figures; the hidden is told as hidden."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pandas as pd
import pytest

from charts import local_events, local_figures, local_surveys

HIDDEN = "suppressed"


@dataclass(frozen=True)
class Judged:
    """An expectation's fields."""

    observed: float = 214
    expected: float = 200
    lower: float = 170
    upper: float = 232
    verdict: str = "inom normal variation"
    reason: str = ""
    preliminary: bool = False
    history: tuple[pd.Timestamp, ...] = (pd.Timestamp(2018, 1, 1), pd.Timestamp(2024, 1, 1))


@dataclass(frozen=True)
class Latest:
    """The newest twelve months' fields."""

    expected: Judged = field(default_factory=Judged)
    label: str = "2025"
    months: int = 12
    status: str = "final"
    before_label: str = "2024"
    before: float | None = 198


SHORT = Judged(verdict="för litet underlag", reason="short_history")


@pytest.mark.parametrize(
    ("latest", "finding", "told"),
    [
        (Latest(), "Polisens utdrag i Rimbo 2025: 214 händelser, inom normal variation",
         "2025 var det 214 händelser i Rimbo. Det ryms inom det väntade, 170–232"),
        (Latest(SHORT), "Polisens utdrag i Rimbo 2025: 214 händelser, för få jämförbara år för en bedömning",
         "för få tidigare perioder"),
        (Latest(Judged(observed=np.nan, verdict="lägre än väntat"), status=HIDDEN),
         "Polisens utdrag i Rimbo 2025: lägre än väntat", "Antalet händelser i Rimbo 2025 är dolt."),
        (Latest(Judged(observed=np.nan, verdict="för litet underlag", reason="small_counts"), status=HIDDEN),
         "Polisens utdrag i Rimbo 2025: antalet är dolt, för litet underlag", "Tal under fem är dolda"),
    ],
    ids=["as usual", "short history", "hidden and judged", "hidden"],
)  # fmt: skip
def test_the_newest_year_in_words(latest: Latest, finding: str, told: str) -> None:
    assert local_events.finding(latest, "Polisens utdrag", "Rimbo") == finding
    sentence = local_events.sentence(latest, "Rimbo")
    assert told in sentence
    assert sentence.endswith("2024 var det 198.")
    assert "nan" not in sentence


QUARTERS = pd.DataFrame(
    {
        "period_start": pd.date_range("2024-01-01", periods=8, freq="QS"),
        "period_label": [f"{year} kv {quarter}" for year in (2024, 2025) for quarter in range(1, 5)],
        "back": range(7, -1, -1),
        "events": [10, 9, 8, 7, np.nan, 11, np.nan, 12],
        "status": ["final"] * 4 + [HIDDEN, "final", HIDDEN, "final"],
    }
)


def test_a_hidden_quarter_is_a_hatched_stub_and_no_zero() -> None:
    (bars,) = local_events.quarters(QUARTERS).data
    assert list(bars.marker.pattern.shape) == ["", "", "", "", "/", "", "/", ""]
    assert 0 < bars.y[4] < 1
    assert "dold" in bars.customdata[4]
    texts = [one.text for one in local_events.quarters(QUARTERS).layout.annotations]
    assert texts == ["dold", "11", "dold", "12"]
    table = local_events.quarter_table(QUARTERS)
    assert table["Antal händelser"].isna().sum() == 2
    assert table["Uppgift"].tolist().count("dold") == 2


def test_quarters_that_are_all_hidden_are_drawn() -> None:
    lost = QUARTERS.assign(events=np.nan, status=HIDDEN)
    assert len(local_events.quarters(lost).data) == 1


def test_categories_beside_the_year_before() -> None:
    columns = ["back", "area_id", "category", "events", "status"]
    rows = [
        (0, "r", "", 60, "final"), (0, "r", "Stöld", 20, "final"), (0, "r", "Klotter, målat", 40, "final"),
        (0, "r", "Hot", np.nan, HIDDEN), (0, "r", "Rån", 0, "final"), (1, "r", "Stöld", 25, "final"),
        (1, "r", "Rån", 0, "final"), (0, "h", "Stöld", 99, "final"),
    ]  # fmt: skip
    found = local_events.beside_before(pd.DataFrame(rows, columns=columns), "r")
    assert found["category"].tolist() == ["Klotter, målat", "Stöld", "Hot"]
    assert found["before"].fillna(-1).tolist() == [-1, 25, -1]
    assert local_events.category_finding(found, "Rimbo", "2025") == "Vanligast i Rimbo 2025: klotter, målat; stöld"
    told = local_events.category_sentence(found, "2024", "Rimbo")
    assert "3 slag av händelser" in told
    assert "Ett av talen är dolt." in told
    figure = local_events.categories(found, "Rimbo")
    assert [one.text for one in figure.layout.annotations] == [
        "<b>dold</b> Hot", "<b>20</b> Stöld", "<b>40</b> Klotter, målat",
    ]  # fmt: skip
    assert local_events.category_table(found, "2025", "2024")["Uppgift"].tolist() == ["", "", "tal är dolt"]


def test_reports_on_each_beside_the_year_before() -> None:
    months = pd.date_range("2024-01-01", periods=24, freq="MS")
    rows = pd.DataFrame(
        {
            "period_start": months, "period_label": [f"{day:%Y-%m}" for day in months], "status": "final",
            "events": [40.0] * 12 + [60.0] * 12, "reporters": [10] * 12 + [15] * 12, "per_reporter": 4.0,
        }
    )  # fmt: skip
    assert local_events.reporting_finding(rows, "Rimbo") == (
        "Rimbo: 4,0 rapporter per rapportör och månad, 4,0 året före"
    )
    assert "i snitt 15,0 rapportörer i månaden, mot 10,0" in local_events.reporting_sentence(rows)
    assert local_events.reporting_finding(rows.head(5), "Rimbo") == "Rapporter per rapportör i Rimbo"
    assert len(local_events.reporting(rows).data) == 1
    assert len(local_events.reporting_table(rows)) == 24


@pytest.mark.parametrize(
    ("counts", "told"),
    [
        ({"placed": 90, "outside": 0, "unplaced": 0}, ""),
        ({"placed": 90, "outside": 4, "unplaced": 6},
         "Av källans 100 händelser de senaste tolv månaderna: 6 har ingen känd plats och räknas bara för hela "
         "kommunen; 4 ligger utanför kommunen och räknas inte."),
        ({"placed": np.nan, "outside": 0, "unplaced": np.nan},
         "Av källans händelser de senaste tolv månaderna: ett antal som är dolt har ingen känd plats och räknas bara "
         "för hela kommunen."),
    ],
    ids=["all are here", "some are not", "how many is hidden"],
)  # fmt: skip
def test_where_the_rows_are(counts: dict[str, float], told: str) -> None:
    assert local_events.placement_sentence(counts) == told


def answer(**more: Any) -> dict[str, Any]:
    return {
        "question_id": "q", "question": "Hur trygg är du?", "choice": "Trygg", "area_id": "r", "base": 60.0,
        "share": 0.6, "lower": 0.48, "upper": 0.71, "status": "final", "few": False, "rest_share": 0.75,
        "rest_lower": 0.72, "rest_upper": 0.78, "rest_base": 900.0, "verdict": "lägre än väntat", **more,
    }  # fmt: skip


LOST = {"share": np.nan, "lower": np.nan, "upper": np.nan, "base": np.nan, "status": HIDDEN, "few": True,
        "rest_share": np.nan, "verdict": "för litet underlag"}  # fmt: skip


@pytest.mark.parametrize(
    ("rows", "finding"),
    [
        ([answer(), answer(verdict="inom normal variation", choice="Annat")],
         "Undersökningen 2025: Rimbo skiljer sig från resten av kommunen i 1 av 2 svar"),
        ([answer(verdict="inom normal variation")],
         "Undersökningen 2025: Rimbo skiljer sig inte säkert från resten av kommunen"),
        ([answer(few=True, base=12.0, verdict="för litet underlag")],
         "Undersökningen 2025: för få svar från Rimbo för en bedömning"),
        ([answer(**LOST)], "Undersökningen 2025: för få svar från Rimbo för att visas"),
        ([answer(rest_share=np.nan, verdict="för litet underlag")], "Undersökningen 2025: svaren från Rimbo"),
    ],
    ids=["differs", "alike", "few", "hidden", "the whole municipality"],
)  # fmt: skip
def test_what_the_answers_show(rows: list[dict[str, Any]], finding: str) -> None:
    assert local_surveys.finding(pd.DataFrame(rows), "Undersökningen", "2025", "Rimbo") == finding


def test_answers_are_drawn_with_their_uncertainty_and_told() -> None:
    rows = pd.DataFrame([answer(), answer(question="Har du drabbats?", choice="Ja", **LOST)])
    figure = local_surveys.dots(rows, "Rimbo")
    line, rest, own = figure.data
    assert list(line.x) == pytest.approx([48, 71, None], nan_ok=True) or list(line.x)[:2] == [48, 71]
    assert (list(own.x), list(rest.x)) == ([60], [75])
    texts = " ".join(one.text for one in figure.layout.annotations)
    assert "Trygg: 60\xa0%, resten av kommunen 75\xa0%" in texts
    assert "Ja: dold" in texts
    sentence = local_surveys.sentence(rows)
    assert "Lägre än i resten av kommunen: «Hur trygg är du?», Trygg: 60\xa0% mot 75\xa0%." in sentence
    assert "Ett av svaren är dolt, för att ingen ska kunna pekas ut." in sentence


def test_the_table_of_answers_has_the_wave_before() -> None:
    rows = pd.DataFrame([answer(), answer(choice="Annat", **LOST)])
    table = local_surveys.table(rows, pd.DataFrame([answer(share=0.5)]), "2023")
    assert table["2023 (%)"].tolist()[0] == 50
    assert table["Jämfört med resten"].tolist() == ["lägre", "dold"]
    assert table["Andel (%)"].isna().tolist() == [False, True]
    assert "2023 (%)" not in local_surveys.table(rows, rows.head(0), "").columns


def figure_row(**more: Any) -> dict[str, Any]:
    return {
        "source_id": "lokal_x", "indicator_id": "a", "name": "HackShield: aktiva", "unit": "antal", "decimals": 0,
        "area_id": "1", "area": "Hallsta skola", "level": "school", "breakdown": "", "value": 21.0, "base": np.nan,
        "period_start": pd.Timestamp(2024, 7, 1), "period_label": "2024/25", "status": "final", **more,
    }  # fmt: skip


def test_local_figures_have_a_row_per_place_and_a_column_per_measure() -> None:
    rows = pd.DataFrame(
        [
            figure_row(), figure_row(indicator_id="b", name="HackShield: lektioner", value=np.nan, status=HIDDEN),
            figure_row(area_id="2", area="Rimbo skola", value=30.0),
            figure_row(area_id="3", level="unplaced", breakdown="plats=Socialkontoret|klass=4A"),
        ]
    )  # fmt: skip
    table = local_figures.table(rows)
    assert table.columns.tolist() == ["Plats", "Indelning", "Aktiva", "Lektioner"]
    assert table["Plats"].tolist() == ["Hallsta skola", "Rimbo skola", "Utan område"]
    assert table["Indelning"].tolist() == ["", "", "Socialkontoret, klass 4A"]
    assert table["Lektioner"].iloc[0] == "dold"
    assert local_figures.finding(rows, "HackShield", "Hallstavik") == "HackShield: 2 platser i Hallstavik"
    assert "Tal under fem är dolda." in local_figures.sentence(rows)


@pytest.mark.parametrize(
    ("values", "finding"),
    [
        ([92.2], "Närvaro 2025: 92,2\xa0% i skola 0"),
        ([92.2, 95.0], "Närvaro 2025: från 92,2\xa0% i skola 0 till 95,0\xa0% i skola 1"),
    ],
    ids=["one school", "two schools"],
)
def test_one_measure_in_a_title(values: list[float], finding: str) -> None:
    rows = pd.DataFrame(
        [figure_row(name="Närvaro", unit="procent", area=f"skola {number}", value=value, period_label="2025")
         for number, value in enumerate(values)]
    )  # fmt: skip
    assert local_figures.finding(rows, "Närvaro", "Rimbo") == finding
    assert local_figures.units(rows) == "Procent"
