"""Schools over time, and what is expected of those that stood out."""

from __future__ import annotations

from typing import Any

import pandas as pd
import pytest

from analysis.regression_to_mean import Return
from charts import school_series as series
from charts.schools import Measure

MERIT = Measure("meritvärdet", "poäng", 1, "elever")
SHARE = Measure("närvaron", "procent", 1, "elever")
EXTREME = pd.DataFrame(
    {"value": [265.6, 182.7], "mean": 229.7, "deviation": [35.9, -47.0], "expected": [247.3, 206.7], "back": 0.51},
    index=["a", "b"],
)
KNOWN = Return(11, 11, 0.49, -0.16, 0.84)


def test_regression_to_the_mean_is_named_with_what_is_expected() -> None:
    told = series.return_sentence(KNOWN, EXTREME, {"a": "Alskolan", "c": "Cskolan"}, "2025/26", MERIT)
    assert told.startswith("Regression mot medelvärdet:")
    assert "2025/26 gäller det Alskolan (265,6 poäng, väntat härnäst omkring 247,3 poäng); medel för kommunens" in told
    assert "0,49 bland 11 skolor (osäkerhet −0,16 till 0,84), så omkring 51\u00a0% av avståndet väntas" in told
    assert "det kan vara allt mellan 16\u00a0% och 100\u00a0%." in told
    assert told.endswith("Jämför en åtgärd med det väntade talet, inte med årets.")


@pytest.mark.parametrize(
    ("found", "names"),
    [
        pytest.param(KNOWN, {"c": "Cskolan"}, id="no school shown stands out"),
        pytest.param(Return(5, 5), {"a": "Alskolan"}, id="too few schools to tell"),
    ],
)
def test_nothing_is_said_without_grounds(found: Return, names: dict[str, str]) -> None:
    assert series.return_sentence(found, EXTREME, names, "2025/26", MERIT) == ""


def row(school: str, at: str, value: float | None, district: str | None = "Norr") -> dict[str, Any]:
    status = "protected" if value is None else "final"
    return {"area_id": school, "school": school, "district": district, "period_start": pd.Timestamp(at),
            "period_label": at, "value": value, "base": None, "status": status}  # fmt: skip


MONTHS = pd.DataFrame([
    row("Alskolan", "2024-05-01", 90.0), row("Alskolan", "2024-06-01", 92.0), row("Alskolan", "2024-09-01", 94.0),
    row("Bskolan", "2024-05-01", 92.0, None), row("Cskolan", "2024-05-01", None, None),
])  # fmt: skip


def test_a_line_per_school_broken_over_a_gap_with_the_mean_behind() -> None:
    figure = series.over_time(MONTHS, MONTHS, SHARE)
    lines = [trace for trace in figure.data if trace.mode == "lines"]
    # Behind each school the mean of all, 91 in May; a hole in both where June is followed by September.
    assert [len(trace.x) for trace in lines] == [4, 4, 4, 1, 4, 0]
    assert lines[1].x[2] is None
    # All rows have one scale: 94 lies at the top of its line, 52 pixels over 90.
    assert lines[1].y[0] - lines[1].y[3] == pytest.approx(52)
    written = [note.text for note in figure.layout.annotations]
    assert written == [
        "<b>Norr</b>", "<b>Alskolan</b>  2024-09-01: 94,0\u00a0%", "<b>Läge saknas</b>",
        "<b>Bskolan</b>  2024-05-01: 92,0\u00a0%", "<b>Cskolan</b>  inga tal att visa",
    ]  # fmt: skip


def test_the_mean_is_of_all_schools_also_where_one_is_shown() -> None:
    figure = series.over_time(MONTHS.tail(2).head(1), MONTHS, SHARE)
    mean, own = (trace for trace in figure.data if trace.mode == "lines")
    # 91 in May, 92 in June and 94 in September; the school's own 92 in May lies over the mean's.
    assert len(mean.x) == 4
    assert own.y[0] < mean.y[0]


def test_the_title_and_the_table() -> None:
    assert series.over_time_finding(MONTHS, SHARE) == "Närvaron månad för månad, 2024-05-01 – 2024-09-01"
    found = series.over_time_table(MONTHS, SHARE)
    assert found["Uppgift"].tolist() == ["", "", "", "", "dold här, för få"]
    assert found["Kommundel"].tolist()[-1] == "Läge saknas"
