"""Uppföljning: whether goals are reached, whether what was said is done, and what is decided."""

from __future__ import annotations

import pandas as pd

from analysis.to_follow_up import to_follow_up
from charts.swedish import today
from store.records import Goal, Measure
from ui.chosen import chosen
from ui.follow_up import one, overview


def page() -> None:
    """One goal or measure if the address names one, else all that is to be followed up."""
    goal = chosen(Goal, "mal", "Målet finns inte längre. Det kan ha lagts undan. Här är de som finns.")
    measure = chosen(Measure, "atgard", "Åtgärden finns inte längre. Den kan ha lagts undan. Här är de som finns.")
    if goal is not None:
        one.goal(goal)
    elif measure is not None:
        one.measure(measure)
    else:
        goals, measures, follow_ups = overview.goals_and_measures()
        overview.show(_ordered(goals, follow_ups, "goal_id"), _ordered(measures, follow_ups, "measure_id"), follow_ups)


def _ordered(rows: pd.DataFrame, follow_ups: pd.DataFrame, about: str) -> pd.DataFrame:
    """What needs doing first, first."""
    return to_follow_up(rows, follow_ups.assign(about=follow_ups[about]), today())


page()
