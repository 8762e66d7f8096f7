"""Charts of reported offences: what is drawn, what is said, and what is never drawn."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
import pandas as pd
import plotly.graph_objects as go
import pytest

from charts import offences
from charts.style import ACCENT, CONTEXT
from charts.swedish import number

BREAK = offences.Break(date(2015, 1, 1), "ny plats")
NORMAL, HIGHER, LOWER, TOO_LITTLE = (
    "inom normal variation", "högre än väntat", "lägre än väntat", "för litet underlag",
)  # fmt: skip


@dataclass(frozen=True)
class Judged:
    """What the charts read of an expectation."""

    period_start: pd.Timestamp
    lower: float
    upper: float
    exposure: float = 50_000
    verdict: str = NORMAL


@dataclass(frozen=True)
class Trended:
    """What the charts read of a trend."""

    first: pd.Timestamp | None
    direction: str


def years(counts: dict[int, float], preliminary: Sequence[int] = ()) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "period_start": [pd.Timestamp(year, 1, 1) for year in counts],
            "period_label": [str(year) for year in counts],
            "count": list(counts.values()),
            "rate": [count * 2 for count in counts.values()],
            "exposure": 50_000.0,
            "preliminary": [year in preliminary for year in counts],
        }
    )


def quarters(counts: dict[tuple[int, int], float], preliminary: Sequence[tuple[int, int]] = ()) -> pd.DataFrame:
    starts = [pd.Timestamp(year, 3 * quarter - 2, 1) for year, quarter in counts]
    labels = [f"{year} kv {quarter}" for year, quarter in counts]
    hollow = [one in preliminary for one in counts]
    return years(dict(enumerate(counts.values(), 2000))).assign(
        period_start=starts, period_label=labels, preliminary=hollow
    )


def words(figure: go.Figure) -> str:
    return "\n".join(note.text for note in figure.layout.annotations)


def lines(figure: go.Figure) -> list[go.Scatter]:
    return [trace for trace in figure.data if trace.hovertemplate and trace.line.dash is None]


@pytest.mark.parametrize(
    ("name", "plural"),
    [
        ("Samtliga anmälda brott", "anmälda brott"),
        ("Brott mot person", "anmälda brott mot person"),
        ("Stöld- och tillgreppsbrott", "anmälda stöld- och tillgreppsbrott"),
        ("Inbrottsstöld", "anmälda fall av inbrottsstöld"),
        ("Skadegörelse", "anmälda fall av skadegörelse"),
        ("Bostadsinbrott", "anmälda bostadsinbrott"),
    ],
)
def test_a_group_inside_a_sentence(name: str, plural: str) -> None:
    assert offences.reports_of(name) == plural


@pytest.mark.parametrize(
    ("verdicts", "title"),
    [
        ({"Stöld": NORMAL, "Skadegörelse": NORMAL}, "2025: inget sticker ut från det väntade"),
        ({"Stöld": LOWER, "Skadegörelse": NORMAL}, "2025: lägre än väntat för stöld"),
        ({"Stöld": LOWER, "Skadegörelse": HIGHER, "Rån": HIGHER},
         "2025: högre än väntat för skadegörelse och rån och lägre än väntat för stöld"),
        ({"Stöld": TOO_LITTLE}, "2025: för litet underlag för en bedömning"),
        ({}, "2025: för litet underlag för en bedömning"),
    ],
)  # fmt: skip
def test_the_headline_says_what_stands_out(verdicts: dict[str, str], title: str) -> None:
    assert offences.headline_finding(verdicts, "2025") == title


@pytest.mark.parametrize(
    ("direction", "title"),
    [
        ("up", "Anmälda brott per invånare har ökat sedan 2015"),
        ("down", "Anmälda brott per invånare har minskat sedan 2015"),
        ("none", "Ingen säker ökning eller minskning av anmälda brott per invånare sedan 2015"),
        ("unknown", "Anmälda brott år för år"),
    ],
)
def test_the_title_of_a_trend(direction: str, title: str) -> None:
    assert offences.trend_finding(Trended(pd.Timestamp(2015, 1, 1), direction), "anmälda brott") == title


@pytest.mark.parametrize(
    ("counts", "rate", "title"),
    [
        ("up", "none", "Antalet anmälda brott har ökat sedan 2015; per invånare ingen säker förändring"),
        ("up", "up", "Antalet anmälda brott har ökat sedan 2015, också per invånare"),
        ("up", "down", "Antalet anmälda brott har ökat sedan 2015; per invånare en minskning"),
        ("none", "down",
         "Ingen säker ökning eller minskning av antalet anmälda brott sedan 2015; per invånare en minskning"),
        ("none", "none",
         "Ingen säker ökning eller minskning av antalet anmälda brott sedan 2015, inte heller per invånare"),
        ("down", "unknown", "Antalet anmälda brott har minskat sedan 2015"),
    ],
)  # fmt: skip
def test_the_title_of_a_trend_of_counts_tells_the_rate_too(counts: str, rate: str, title: str) -> None:
    since = pd.Timestamp(2015, 1, 1)
    assert offences.trend_finding(Trended(since, rate), "anmälda brott", Trended(since, counts)) == title


def test_the_headline_tells_the_trends_that_the_expected_follows() -> None:
    since = pd.Timestamp(2015, 1, 1)
    directions = {"Brott mot person": "up", "Skadegörelse": "up", "Stöld": "down", "Rån": "none"}
    trends = {name: Trended(since, one) for name, one in directions.items()} | {"Mord": Trended(None, "unknown")}
    told = "sedan 2015 har brott mot person och skadegörelse ökat och stöld minskat per invånare"
    assert offences.headline_finding({"a": NORMAL}, "2025", trends) == (
        f"2025: inget sticker ut från det väntade, men {told}"
    )
    assert offences.headline_finding({"Rån": HIGHER}, "2025", trends) == f"2025: högre än väntat för rån; {told}"
    assert offences.headline_finding({"Rån": TOO_LITTLE}, "1998", short=True) == (
        "1998: för få jämförbara år före för en bedömning"
    )


def test_a_break_splits_the_line_and_is_written_out() -> None:
    figure = offences.trend(years({2013: 10, 2014: 11, 2015: 20, 2016: 21}), [], [BREAK], measure="count", chosen=2016)
    before, after = lines(figure)
    assert (list(before.x), before.line.color) == ([2013, 2014], CONTEXT)
    assert (list(after.x), after.line.color) == ([2015, 2016], ACCENT)
    assert figure.layout.shapes[0].x0 == 2014.5
    assert "ändrat räknesätt 2015" in words(figure)


def test_a_break_outside_the_years_is_not_drawn() -> None:
    figure = offences.trend(years({2016: 20, 2017: 21}), [], [BREAK], measure="count", chosen=2016)
    assert not figure.layout.shapes


def test_a_missing_year_leaves_a_gap_and_is_never_zero() -> None:
    figure = offences.trend(years({2020: 10, 2022: 12}), [], [], measure="count", chosen=2022)
    (line,) = lines(figure)
    assert list(line.x) == [2020, 2021, 2022]
    assert np.isnan(line.y[1])
    assert line.connectgaps is False


def test_a_preliminary_year_is_hollow_and_says_so() -> None:
    rows = years({2024: 10, 2025: 12}, preliminary=[2025])
    (line,) = lines(offences.trend(rows, [], [], measure="count", chosen=2025))
    assert line.marker.symbol == ("circle", "circle-open")
    assert "preliminär" in line.customdata[1]
    assert "preliminär" not in line.customdata[0]


@pytest.mark.parametrize(("measure", "edges"), [("count", [8.0, 9.0, 19.0, 18.0]), ("rate", [16.0, 18.0, 38.0, 36.0])])
def test_the_expected_band_follows_the_measure(measure: str, edges: list[float]) -> None:
    expected = [Judged(pd.Timestamp(2024, 1, 1), 8, 18), Judged(pd.Timestamp(2025, 1, 1), 9, 19)]
    figure = offences.trend(years({2024: 10, 2025: 12}), expected, [], measure=measure, chosen=2025)
    band = next(trace for trace in figure.data if trace.fill == "toself")
    assert list(band.y) == [edges[3], edges[2], edges[1], edges[0]]  # upper edge forward, lower edge back
    assert "väntat" in words(figure)


def test_a_period_without_judgement_has_no_band() -> None:
    expected = [Judged(pd.Timestamp(2025, 1, 1), np.nan, np.nan, verdict=TOO_LITTLE)]
    figure = offences.trend(years({2024: 10, 2025: 12}), expected, [], measure="count", chosen=2025)
    assert not [trace for trace in figure.data if trace.fill == "toself"]
    assert "väntat" not in words(figure)


def test_the_newest_four_quarters_are_dotted_hollow_and_preliminary() -> None:
    latest = pd.DataFrame({"period_start": [pd.Timestamp(2026, 4, 1)], "count": [8212.0], "exposure": [66_800.0]})
    figure = offences.trend(years({2024: 8314, 2025: 8532}), [], [], measure="count", chosen=2025, latest=latest)
    (dotted,) = [trace for trace in figure.data if trace.line.dash == "dot"]
    assert list(dotted.x) == [
        2025,
        2025.5,
    ]  # the middle of kv 3 2025-kv 2 2026, where whole years stand at their middle
    assert list(dotted.y) == [8532, 8212]
    assert "preliminär" in words(figure)


def test_the_chosen_year_carries_its_figure() -> None:
    figure = offences.trend(years({2024: 8314, 2025: 8532}), [], [], measure="count", chosen=2024)
    assert f"<b>{number(8314)}</b>" in words(figure)
    assert number(8532) not in words(figure)


def test_the_table_of_a_trend_tells_status_interval_and_break() -> None:
    rows = years({2014: 10, 2015: 12}, preliminary=[2015])
    table = offences.trend_table(rows, [Judged(pd.Timestamp(2015, 1, 1), 8.4, 18.6, verdict=HIGHER)], [BREAK])
    assert table.loc[1].to_dict() == {
        "Period": "2015", "Antal": 12, "Per 100 000 invånare": 24, "Väntat antal, lägst": 8, "Väntat antal, högst": 19,
        "Bedömning": HIGHER, "Uppgift": "preliminär", "Ändrat räknesätt": "ny plats",
    }  # fmt: skip
    assert table.loc[0, "Bedömning"] == ""
    assert pd.isna(table.loc[0, "Väntat antal, lägst"])


def test_quarters_stand_beside_the_same_quarter_of_other_years() -> None:
    rows = quarters({(2024, 1): 10, (2024, 2): 20, (2025, 1): 11, (2025, 2): 21}, preliminary=[(2025, 2)])
    figure = offences.same_quarter(rows, [Judged(pd.Timestamp(2025, 4, 1), 15, 25)], measure="count")
    interval, first, second = figure.data
    assert list(first.y) == [10, 11]
    assert list(second.y) == [20, 21]
    assert (first.line.color, second.line.color) == (CONTEXT, ACCENT)  # the newest quarter carries the colour
    assert second.marker.symbol == ("circle", "circle-open")
    assert (list(interval.x), list(interval.y)) == ([second.x[1]] * 2, [15, 25])
    assert figure.layout.xaxis.ticktext == ("Kvartal 1<br>2024–2025", "Kvartal 2<br>2024–2025")
    assert second.text[-1].strip() == "<b>21</b>"


def test_missing_quarters_are_not_drawn() -> None:
    rows = quarters({(2014, 1): 10, (2014, 2): 20, (2015, 3): 30})
    figure = offences.same_quarter(rows, [], measure="count")
    assert [list(trace.y) for trace in figure.data] == [[10], [20], [30]]


def shares_of(rows: dict[int, dict[str, float]]) -> pd.DataFrame:
    return pd.DataFrame(
        [
            {
                "period_start": pd.Timestamp(year, 1, 1),
                "group": group,
                "count": count,
                "total": 100.0,
                "share": count / 100,
            }
            for year, counts in rows.items()
            for group, count in counts.items()
        ]
    )


NAMES = {"theft": "Stöld", "person": "Brott mot person", "burglary": "Inbrottsstöld", "remainder": "Övriga brott"}
SHARES = shares_of(
    {2024: {"theft": 50, "person": 20, "remainder": 30}, 2025: {"theft": 40, "person": 25, "remainder": 35}}
)
INSIDE = pd.DataFrame(
    {"period_start": [pd.Timestamp(2024, 1, 1), pd.Timestamp(2025, 1, 1)], "group": "burglary", "parent": "theft",
     "count": [10.0, 8.0]}
)  # fmt: skip


def test_the_stack_sums_to_the_whole_with_the_part_inside_its_group() -> None:
    figure = offences.composition(SHARES, INSIDE, NAMES, [], rest="remainder")
    heights = {bar.name: list(bar.y) for bar in figure.data}
    assert heights == {
        "varav inbrottsstöld": [10, 8],
        "Stöld": [40, 32],  # the rest of theft: nothing is counted twice
        "Brott mot person": [20, 25],
        "Övriga brott": [30, 35],
    }
    hatched = [bar.name for bar in figure.data if bar.marker.pattern.shape]
    assert hatched == ["varav inbrottsstöld"]
    assert "<b>40\u00a0%</b> Stöld<br><i>varav inbrottsstöld 8\u00a0%</i>" in words(figure)


def test_a_year_with_a_group_missing_has_no_bar() -> None:
    broken = SHARES.assign(
        share=SHARES["share"].where(~((SHARES["group"] == "person") & (SHARES["period_start"].dt.year == 2024)))
    )
    figure = offences.composition(broken, INSIDE, NAMES, [], rest="remainder")
    assert {tuple(bar.x) for bar in figure.data} == {(2025,)}


def test_the_title_of_a_composition_names_the_largest_group() -> None:
    assert (
        offences.composition_finding(SHARES, NAMES, rest="remainder")
        == "2025 var stöld den största enskilda gruppen: 40\u00a0% av anmälda brott"
    )


def test_a_remainder_larger_than_every_group_is_told_as_several_kinds() -> None:
    shares = shares_of({2025: {"theft": 30, "person": 25, "remainder": 45}})
    assert offences.composition_finding(shares, NAMES, rest="remainder").endswith(
        "anmälda brott (övriga brott, flera slag tillsammans: 45\u00a0%)"
    )


def test_the_table_of_a_composition_marks_what_is_inside() -> None:
    table = offences.composition_table(SHARES, INSIDE, NAMES)
    newest = table[table["År"] == 2025].set_index("Grupp")["Andel av samtliga, procent"]
    assert newest.to_dict() == {
        "Stöld": 40.0, "Brott mot person": 25.0, "Övriga brott": 35.0, "varav inbrottsstöld (ingår i stöld)": 8.0,
    }  # fmt: skip
