"""Charts and words about schools."""

from __future__ import annotations

from typing import Any

import pandas as pd
import pytest

from charts import schools as chart

MERIT = chart.Measure("meritvärdet", "poäng", 1, "elever", 0, 340)
SHARE = chart.Measure("behörigheten", "procent", 1, "elever", 0, 100)


def row(school: str, period: str, value: float | None, **more: Any) -> dict[str, Any]:
    return {
        "area_id": school, "school": school, "district": "Norr", "period_label": period,
        "period_start": pd.Timestamp(int(period[:4]), 7, 1), "value": value, "base": None, "lower": None, "upper": None,
        "status": "final", "value_text": None, **more,
    }  # fmt: skip


def frame(*rows: dict[str, Any]) -> pd.DataFrame:
    numbers = ["value", "base", "lower", "upper"]
    return pd.DataFrame(rows).astype(dict.fromkeys(numbers, float))


TWO_YEARS = frame(
    row("Alskolan", "2024/25", 198.1, base=69), row("Alskolan", "2025/26", 218.5),
    row("Bergskolan", "2024/25", 250.0, base=17), row("Bergskolan", "2025/26", 221.0),
    row("Dalskolan", "2025/26", None, status="missing", value_text=".", district=None),
)  # fmt: skip


@pytest.mark.parametrize(
    ("value", "status", "text", "expected"),
    [
        pytest.param(218.5, "final", None, "218,5", id="a number"),
        pytest.param(430.0, "rounded", "cirka 430", "cirka 430", id="rounded, with a number"),
        pytest.param(None, "rounded", "~100", "~100 (1–4 elever ej behöriga)", id="rounded, without a number"),
        pytest.param(None, "suppressed", "..", "dold av källan (..)", id="suppressed"),
        pytest.param(None, "missing", ".", "uppgift saknas (.)", id="missing"),
        pytest.param(None, "not_applicable", "*", "redovisas inte (*)", id="not applicable"),
        pytest.param(None, "suppressed", None, "dold av källan", id="masked without a sign"),
        pytest.param(0.0, "final", None, "0,0", id="zero is a number"),
    ],
)
def test_every_kind_of_cell_is_told_apart(value: float | None, status: str, text: str | None, expected: str) -> None:
    assert chart.cell(value, status, text, 1) == expected


@pytest.mark.parametrize(
    ("rows", "measure", "expected"),
    [
        pytest.param(TWO_YEARS, MERIT, "Meritvärdet 2025/26: 218,5–221,0 i 2 skolor", id="several"),
        pytest.param(TWO_YEARS.head(2), MERIT, "Meritvärdet 2025/26 är 218,5 poäng i Alskolan", id="one"),
        pytest.param(TWO_YEARS.tail(1), MERIT, "Meritvärdet 2025/26: ingen av skolorna har något tal", id="none"),
        pytest.param(frame(row("A", "2024/25", 100), row("B", "2024/25", 100)), SHARE,
                     "Behörigheten 2024/25 är 100,0\xa0% i 2 skolor", id="alike"),
    ],
)  # fmt: skip
def test_finding(rows: pd.DataFrame, measure: chart.Measure, expected: str) -> None:
    assert chart.finding(rows, measure) == expected


def test_the_sentence_counts_changes_gives_bases_and_names_who_is_silent() -> None:
    told = chart.sentence(TWO_YEARS, MERIT)
    assert "Jämfört med 2024/25 är talet högre i 1 skola och lägre i 1 skola." in told
    assert "Mest ändrades talet i Alskolan (+20,4\xa0poäng) och Bergskolan (−29,0\xa0poäng)." in told
    assert "bygger på 17–69 elever; i de minsta grupperna flyttar några få personer talet mycket." in told
    assert "För 2025/26 är antalet inte känt." in told
    assert "Osäkerheten är inte känd för 2025/26" in told
    assert "Utan tal 2025/26: Dalskolan (uppgift saknas)." in told


def test_the_change_of_one_school_is_told_by_its_name() -> None:
    assert "I Alskolan är talet högre än 2024/25." in chart.sentence(TWO_YEARS.head(2), MERIT)


@pytest.mark.parametrize(
    ("verdicts", "shown", "expected"),
    [
        pytest.param(["högre än väntat", "inom normal variation", "lägre än väntat"], ["A", "B", "C"],
                     "(högre än väntat: A; lägre än väntat: C). De andra ligger inom normal variation.", id="both"),
        pytest.param(["inom normal variation"] * 3, ["A", "B", "C"], "ingen skola här", id="none"),
        pytest.param(["inom normal variation"] * 3, ["B"], "skiljer sig inte B från de övriga", id="one, ordinary"),
        pytest.param(["högre än väntat", "inom normal variation", "lägre än väntat"], ["C"],
                     "(lägre än väntat: C). Ungefär en skola av tjugo", id="one, low"),
        pytest.param(["för litet underlag"] * 3, ["A"], "för litet för att jämföra", id="too little"),
    ],
)  # fmt: skip
def test_judgement(verdicts: list[str], shown: list[str], expected: str) -> None:
    judged = pd.DataFrame({"area_id": ["A", "B", "C"], "school": ["A", "B", "C"], "verdict": verdicts})
    assert expected in chart.judgement(judged, shown, "2024/25", SHARE)


def test_one_row_per_school_with_hollow_marks_before_and_filled_now() -> None:
    figure = chart.by_school(TWO_YEARS, MERIT)
    symbols = {trace.marker.symbol or "circle": len(trace.x) for trace in figure.data if trace.mode == "markers"}
    assert symbols == {"circle-open": 2, "circle": 2}
    written = [note.text for note in figure.layout.annotations]
    assert "<b>Alskolan</b><br>2024/25: 198,1 · 2025/26: 218,5" in written
    assert "<b>Dalskolan</b><br>2025/26: uppgift saknas (.)" in written
    assert [text for text in written if text in ("<b>Norr</b>", "<b>Läge saknas</b>")] == [
        "<b>Norr</b>",
        "<b>Läge saknas</b>",
    ]
    assert "● 2025/26    ○ 2024/25" in written


def test_an_interval_is_drawn_and_named_by_its_period() -> None:
    rows = frame(row("Alskolan", "2024/25", 65.0, base=100, lower=55.3, upper=73.6), row("Alskolan", "2025/26", 70.0))
    figure = chart.by_school(rows, SHARE)
    assert (55.3, 73.6, None) in [trace.x for trace in figure.data]
    assert any("osäkerhet 2024/25" in note.text for note in figure.layout.annotations)


def test_a_chart_without_any_number_still_names_the_schools() -> None:
    figure = chart.by_school(TWO_YEARS.tail(1), MERIT)
    assert any("Dalskolan" in note.text for note in figure.layout.annotations)


def test_the_table_has_numbers_and_words_side_by_side() -> None:
    found = chart.table(TWO_YEARS, MERIT)
    assert found["Värde (poäng)"].tolist()[:2] == [198.1, 218.5]
    assert found.iloc[-1][["Kommundel", "Uppgift"]].tolist() == ["Läge saknas", "uppgift saknas (.)"]


def test_the_overview_keeps_numbers_as_numbers_and_words_in_a_column_of_their_own() -> None:
    rows = frame(row("Alskolan", "2024/25", 198.1), row("Bergskolan", "2024/25", None, status="rounded",
                                                        value_text="~100")).assign(
        name=["Meritvärde", "Behöriga"], unit=["poäng", "procent"], decimals=1
    )  # fmt: skip
    found = chart.overview(rows)
    assert found["Skola"].tolist() == ["Alskolan", "Bergskolan"]
    assert found["Meritvärde, poäng (2024/25)"].tolist()[0] == 198.1
    assert found["Meritvärde, poäng (2024/25)"].isna().tolist() == [False, True]
    assert found["Anmärkning"].tolist() == ["", "Behöriga: ~100 (1–4 elever ej behöriga)"]


def test_an_index_is_drawn_on_its_whole_scale() -> None:
    index = chart.Measure("trygghetsindexet", "index 0–10", 1, "svar", 0, 10, whole_scale=True)
    figure = chart.by_school(frame(row("Alskolan", "2026", 7.0), row("Bergskolan", "2026", 8.7)), index)
    assert list(figure.layout.xaxis.range) == pytest.approx([-0.2, 10.2])


@pytest.mark.parametrize(
    ("verdicts", "told"),
    [
        (["högre än väntat", "inom normal variation"],
         "Högre än 2024, mer än slumpen ger: Alskolan. I övriga 1 skola är ändringen sedan 2024 inom normal variation"),
        (["inom normal variation"] * 2, "I 2 skolor är ändringen sedan 2024 inom normal variation"),
        (["för litet underlag", "lägre än väntat"], "Lägre än 2024, mer än slumpen ger: Ekskolan. För 1 skola är det"),
    ],
    ids=["one higher", "none", "too little"],
)  # fmt: skip
def test_a_change_with_limits_is_told_by_its_verdict(verdicts: list[str], told: str) -> None:
    years = [pd.Timestamp(2024, 1, 1), pd.Timestamp(2025, 1, 1)]
    rows = pd.DataFrame([
        {"area_id": name, "school": name, "district": "Norr", "period_start": start, "period_label": str(start.year),
         "value": 7.0 + place, "base": 50.0, "lower": 6.0, "upper": 9.0, "status": "final", "value_text": None,
         "changed": verdict if start.year == 2025 else None}
        for place, (name, verdict) in enumerate(zip(("Alskolan", "Ekskolan"), verdicts, strict=True)) for start in years
    ])  # fmt: skip
    sentence = chart.sentence(rows, chart.Measure("indexet", "index 0–10", 1, "svar", 0, 10))
    assert told in sentence
    assert "högre i" not in sentence
