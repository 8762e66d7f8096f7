"""When a situation picture must be brought up to date, and a plan followed up."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import pandas as pd


def renewed_by(decided: date) -> date:
    """The last day to bring a picture up to date, or follow a plan up: after two years. Source: lag (2023:196) 6 §.

    One that was decided on 29 February is due on 28 February.
    """
    try:
        return decided.replace(year=decided.year + 2)
    except ValueError:
        return date(decided.year + 2, 2, 28)


@dataclass(frozen=True)
class PlanFollowUp:
    """How a decided plan's follow-up stands: ``due``, the last day for the next one, and how far it has come."""

    due: date
    says: str


def plan_follow_up(
    plan_id: int, decided: date, measures: pd.DataFrame, goal_measure: pd.DataFrame, follow_ups: pd.DataFrame
) -> PlanFollowUp:
    """When the plan must be followed up next: two years from its decision, and then from each day that it was.

    It is followed up on the day by which each of its measures that is not stopped has been, itself or by a goal that it
    works towards, at least once since the decision or since the plan was followed up before. The frames are as they are
    kept: measures (id, plan_id, progress), goal_measure (goal_id, measure_id), follow_ups (measure_id, goal_id,
    held_on).
    """
    own = measures.loc[(measures["plan_id"] == plan_id) & (measures["progress"] != "stopped"), "id"]
    held = _held(own, goal_measure, follow_ups)
    since, whole = decided, False
    held = held[held["held_on"] >= pd.Timestamp(since)]
    while len(own) and held["measure_id"].nunique() == len(own):
        since, whole = held.groupby("measure_id")["held_on"].min().max().date(), True
        held = held[held["held_on"] > pd.Timestamp(since)]
    what = f"{held['measure_id'].nunique()} av {len(own)} {'åtgärd' if len(own) == 1 else 'åtgärder'}"
    says = "den senaste gången alla hade följts upp" if whole else "beslutet"
    return PlanFollowUp(renewed_by(since), f"{what} har följts upp sedan {says}.")


def _held(own: pd.Series[int], goal_measure: pd.DataFrame, follow_ups: pd.DataFrame) -> pd.DataFrame:
    """The held follow-ups of these measures, of the measure itself or of a goal that it works towards: measure, day."""
    rows = follow_ups.dropna(subset=["held_on"])
    direct = rows.dropna(subset=["measure_id"])[["measure_id", "held_on"]]
    through = rows.dropna(subset=["goal_id"])[["goal_id", "held_on"]].merge(
        goal_measure[["goal_id", "measure_id"]], on="goal_id"
    )
    both = pd.concat([direct, through[["measure_id", "held_on"]]])
    both = both[both["measure_id"].isin(own)]
    return both.assign(held_on=pd.to_datetime(both["held_on"]))
