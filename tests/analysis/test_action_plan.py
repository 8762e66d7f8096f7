"""The plan's table, what is late, and whether the budget adds up, on literal rows."""

from __future__ import annotations

from datetime import date
from typing import Any

import pandas as pd
import pytest

from analysis.action_plan import NOT_BEGUN, NOT_DONE, HalfYear, board, budget, costs, half_years, late

TODAY = date(2026, 3, 4)


def frame(columns: str, *rows: tuple[Any, ...]) -> pd.DataFrame:
    return pd.DataFrame(list(rows), columns=columns.split())


@pytest.mark.parametrize(
    ("progress", "starts", "ends", "told"),
    [
        pytest.param("planned", date(2026, 3, 3), None, NOT_BEGUN, id="should have begun"),
        pytest.param("planned", TODAY, None, "", id="begins today"),
        pytest.param("ongoing", date(2025, 1, 1), date(2026, 3, 3), NOT_DONE, id="should be done"),
        pytest.param("planned", date(2025, 1, 1), date(2026, 3, 3), NOT_DONE, id="neither begun nor done"),
        pytest.param("ongoing", date(2025, 1, 1), TODAY, "", id="ends today"),
        pytest.param("done", date(2025, 1, 1), date(2025, 2, 1), "", id="done"),
        pytest.param("stopped", date(2025, 1, 1), date(2025, 2, 1), "", id="stopped"),
        pytest.param("planned", None, pd.NaT, "", id="no days"),
    ],
)
def test_what_is_late(progress: str, starts: Any, ends: Any, told: str) -> None:
    assert late(progress, starts, ends, TODAY) == told


def test_the_board_ties_causes_goals_and_follow_ups_to_measures() -> None:
    measures = frame(
        "id problem_id title starts_on ends_on progress",
        (1, 7, "Belysning", pd.Timestamp(2026, 2, 1), pd.NaT, "planned"),
        (2, 7, "Fältare", pd.Timestamp(2025, 9, 1), pd.NaT, "ongoing"),
        (3, pd.NA, "Lös åtgärd", pd.NaT, pd.NaT, "planned"),
    )
    found = board(
        measures,
        frame("id number what", (11, "1.10", "Mörkt"), (12, "1.2", "Folktomt"), (13, "2", "Inget att göra")),
        frame("measure_id cause_id", (1, 11), (1, 12), (1, 99), (2, 13)),
        frame("id title", (21, "Färre fall")),
        frame("goal_id measure_id", (21, 1), (98, 1)),
        frame(
            "goal_id measure_id due_on held_on light",
            (21, pd.NA, pd.Timestamp(2026, 1, 1), pd.Timestamp(2026, 1, 3), "yellow"),
            (pd.NA, 1, pd.Timestamp(2025, 12, 1), pd.Timestamp(2025, 12, 1), "green"),
            (21, pd.NA, pd.Timestamp(2026, 6, 1), pd.NaT, ""),
            (pd.NA, 2, pd.Timestamp(2026, 1, 1), pd.Timestamp(2026, 1, 1), ""),
        ),
        TODAY,
    ).set_index("id")
    assert list(found.index) == [2, 1, 3]
    assert found.loc[1, "causes"] == [("1.2", "Folktomt"), ("1.10", "Mörkt")]
    assert found.loc[1, "goals"] == [21]
    assert (found.loc[1, "late"], found.loc[1, "light"]) == (NOT_BEGUN, "yellow")
    assert (found.loc[1, "judged_on"], found.loc[1, "next_on"]) == (pd.Timestamp(2026, 1, 3), pd.Timestamp(2026, 6, 1))
    assert (found.loc[2, "light"], found.loc[2, "next_on"]) == ("", None)
    assert found.loc[3, "causes"] == []


ACTIVITIES = frame(
    "title option chosen cost_sek per units yearly_cost_sek grant",
    ("Tryggare Skola", True, True, 123_000, "skola", 2, None, "yes"),
    ("FTU", True, False, 190_000, "", None, None, "conditional"),
    ("Välfärdsbrott", False, False, 280_000, "", None, None, "yes"),
    ("Verktyg", True, True, None, "", None, 60_000, "no"),
)


def test_activities_cost_per_school_and_year() -> None:
    assert costs(ACTIVITIES).tolist() == [246_000, 190_000, 280_000, 60_000]
    assert costs(ACTIVITIES.assign(units=None)).isna().tolist() == [True, False, False, False]


def test_what_is_chosen_is_set_against_the_budget() -> None:
    # 246 000 + 280 000 (no option) + 60 000; a grant for the first two. What costs each year only has a price too.
    found = budget(ACTIVITIES, 600_000)
    assert (found.chosen, found.grantable, found.conditional, found.left) == (586_000, 526_000, 0, 14_000)
    assert found.unpriced == ()
    assert budget(ACTIVITIES.assign(yearly_cost_sek=None), 600_000).unpriced == ("Verktyg",)
    both = budget(ACTIVITIES.assign(chosen=True), 600_000)
    assert (both.grantable, both.conditional) == (526_000, 190_000)
    assert budget(ACTIVITIES, 500_000).left == -86_000
    assert budget(ACTIVITIES, None).left is None


def test_half_a_years_budget_is_invoiced_in_advance() -> None:
    assert half_years(date(2025, 1, 1), date(2025, 12, 31), 1_000_001) == [
        HalfYear("2025, första halvåret", 500_001, date(2025, 1, 1)),
        HalfYear("2025, andra halvåret", 500_000, date(2025, 7, 1)),
    ]
    names = [one.name for one in half_years(date(2025, 8, 1), date(2026, 6, 30), 10)]
    assert names == ["2025, andra halvåret", "2026, första halvåret"]
    assert half_years(date(2025, 1, 1), None, 10) == []
