"""Survey answers by group and since the wave before: titles, words, tables and marks from literal rows."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest

from charts import survey_marks as marks
from charts import survey_words as words
from charts.swedish import alphabetical

HIGHER, LOWER, NORMAL, TOO_LITTLE = (
    "högre än väntat", "lägre än väntat", "inom normal variation", "för litet underlag",
)  # fmt: skip


def group(name: str, verdict: str = NORMAL, dimension: str = "Kön", **more: Any) -> dict[str, Any]:
    return {
        "dimension": dimension, "group": name, "share": 0.3, "lower": 0.2, "upper": 0.4, "base": 60.0, "few": False,
        "rest_share": 0.5, "rest_lower": 0.4, "rest_upper": 0.6, "status": "final", "verdict": verdict, **more,
    }  # fmt: skip


HIDDEN: dict[str, Any] = {"status": "suppressed", "share": np.nan, "lower": np.nan, "upper": np.nan, "base": np.nan,
          "rest_share": np.nan, "verdict": TOO_LITTLE}  # fmt: skip


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        ([group("Kvinna", LOWER), group("Man", HIGHER)], "Högre andel: Man; lägre andel: Kvinna"),
        ([group("Kvinna"), group("Man")], "Ingen grupp skiljer sig från de övriga mer än slumpen brukar ge"),
        ([group("Kvinna", **HIDDEN)], "För litet underlag för att jämföra grupperna"),
        ([group(str(one), HIGHER) for one in range(5)], "Högre andel: 5 grupper"),
    ],
    ids=["both ways", "alike", "hidden", "many"],
)
def test_group_finding(rows: list[dict[str, Any]], expected: str) -> None:
    assert words.group_finding(pd.DataFrame(rows)) == expected


def test_hidden_and_few_are_told_and_drawn_as_such() -> None:
    few = group("Annat", TOO_LITTLE, few=True)
    rows = pd.DataFrame([group("Kvinna", LOWER), few, group("Man", **HIDDEN)])
    told = words.group_sentence(rows)
    assert "En grupp har färre än 20 svar" in told
    assert "En grupp är dold, för att ingen ska kunna pekas ut" in told
    assert "här görs en." in told
    figure = marks.groups(rows)
    texts = [note.text for note in figure.layout.annotations]
    assert texts == [
        "<b>Kön</b>", "Kvinna: 30\u00a0%, övriga 50\u00a0%", "Annat: 30\u00a0% (för litet underlag)",
        "Man: dold, så att ingen kan pekas ut",
    ]  # fmt: skip
    assert list(figure.data[2].marker.symbol) == ["circle", "circle-open"]
    assert list(figure.data[2].x) == [30, 30]
    table = words.group_table(rows)
    assert table["Bedömning mot övriga"].tolist() == [LOWER, TOO_LITTLE, "dold, så att ingen kan pekas ut"]
    assert table["Andel (%)"].isna().tolist() == [False, False, True]


def test_groups_stand_as_people_count_them() -> None:
    names = ["10–49", "50 eller fler", "1–4", "Ensamföretagare", "5–9"]
    rows = pd.DataFrame([*(group(name, dimension="storlek") for name in names), group("Östhammar", dimension="ort")])
    ordered = words.in_order(rows, key=alphabetical)["group"].tolist()
    assert ordered == ["Ensamföretagare", "1–4", "5–9", "10–49", "50 eller fler", "Östhammar"]


def changed(choice: str, verdict: str, change: float = 0.05, **more: Any) -> dict[str, Any]:
    return {
        "question": "Är du trygg?", "choice": choice, "old_wave": "2023", "old_share": 0.30, "old_base": 90.0,
        "share": 0.30 + change, "base": 95.0, "change": change, "change_lower": change - 0.1,
        "change_upper": change + 0.1, "change_status": "final", "change_few": False, "change_verdict": verdict, **more,
    }  # fmt: skip


LOST: dict[str, Any] = {"change_status": "suppressed", "change": np.nan, "change_lower": np.nan, "change_upper": np.nan}


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        ([changed("Ja", HIGHER), changed("Nej", NORMAL)],
         "Rimbo sedan 2023: 1 av 2 svar har ändrats mer än slumpen brukar ge"),
        ([changed("Ja", NORMAL)], "Rimbo sedan 2023: inget svar har ändrats mer än slumpen brukar ge"),
        ([changed("Ja", TOO_LITTLE, change_few=True)],
         "Rimbo sedan 2023: för litet underlag för att säga om något har ändrats"),
    ],
    ids=["one", "none", "too little"],
)  # fmt: skip
def test_change_finding(rows: list[dict[str, Any]], expected: str) -> None:
    assert words.change_finding(pd.DataFrame(rows), "Rimbo") == expected


def test_changes_are_points_around_none() -> None:
    rows = pd.DataFrame(
        [changed("Ja", HIGHER, 0.01), changed("Nej", TOO_LITTLE, -0.2, change_few=True), changed("Kanske", "", **LOST)]
    )
    figure = marks.changes(rows)
    texts = [note.text for note in figure.layout.annotations]
    assert texts == [
        "<b>Är du trygg?</b>", "Ja: 30 → 31\u00a0%, +1 procentenhet",
        "Nej: 30 → 10\u00a0%, \u221220 procentenheter (för litet", "underlag)",
        "Kanske: dold, så att ingen kan pekas ut",
    ]  # fmt: skip
    low, high = figure.layout.xaxis.range
    assert (-low, high) == (high, pytest.approx(31.5))
    assert "Högre än i omgången före: «Är du trygg?», Ja: 30 → 31" in words.change_sentence(rows)
    assert "1 av 3 är dolda" in words.change_sentence(rows)
    assert marks.UNROUNDED not in words.change_sentence(rows)
    # 30,4 to 32,6 is written 30 → 33, and +2.
    assert words.change_sentence(pd.DataFrame([changed("Ja", NORMAL, 0.022, old_share=0.304, share=0.326)])).endswith(
        marks.UNROUNDED
    )


@pytest.mark.parametrize(
    ("rate", "invited", "respondents", "expected"),
    [
        (0.55, 2000.0, 1100.0, "2025: cirka 1 100 har svarat, 55 % av 2 000 tillfrågade."),
        (None, None, 1100.0,
         "2025: cirka 1 100 har svarat. Svarsfrekvensen är inte känd: antal utskick saknas i leveransen."),
        (None, None, None,
         "2025: färre än fem har svarat. Svarsfrekvensen är inte känd: antal utskick saknas i leveransen."),
    ],
    ids=["known", "unknown", "few"],
)  # fmt: skip
def test_the_response_rate_is_told_or_said_to_be_unknown(
    rate: float | None, invited: float | None, respondents: float | None, expected: str
) -> None:
    rows = pd.DataFrame({"wave": ["2025"], "respondents": [respondents], "invited": [invited], "rate": [rate]})
    rows = rows.astype({"respondents": float, "invited": float, "rate": float})
    assert words.response(rows, "2025").replace("\u00a0", " ") == expected
    assert words.respondents(rows)["Svarsfrekvens"].tolist() == [f"{round((rate or 0) * 100)}\u00a0%" if rate else
                                                                 "inte känd"]  # fmt: skip
