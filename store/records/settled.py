"""What a decided plan holds, which is not changed; how far it has come, who and when, are."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import inspect, select
from sqlalchemy.orm import Session

from store.records.base import Row
from store.records.choices import Stage
from store.records.errors import Fault
from store.records.partnership import Activity
from store.records.thread import Goal, GoalMeasure, Measure, MeasureCause, Plan

_MEASURE = frozenset(
    {
        "title", "description", "approach", "reach", "cost_sek", "funding", "place_id", "place", "problem_id",
        "activity_id",
    }
)  # fmt: skip
#: A goal that is moved after the decision says nothing of what the measure led to.
_GOAL = frozenset(
    {
        "title", "problem_id", "indicator", "measured", "place_id", "place", "unit", "direction", "baseline",
        "baseline_lower", "baseline_upper", "baseline_period", "target", "due_on", "criterion",
    }
)  # fmt: skip
_ACTIVITY = frozenset(
    {
        "number", "title", "description", "option", "cost_sek", "per", "yearly_cost_sek", "grant", "grant_note",
        "together_with", "needs",
    }
)  # fmt: skip
#: Of an option: how many, and whether it is carried out, are settled in dialogue after the decision.
_OF_OPTIONS = frozenset({"chosen", "units"})


def settled_columns(row: Measure | Activity | Goal) -> frozenset[str]:
    """The columns of a measure, an activity or a goal that a plan decides, beside which plan it belongs to."""
    if isinstance(row, Measure):
        return _MEASURE
    if isinstance(row, Goal):
        return _GOAL
    return _ACTIVITY if _before(row, "option") else _ACTIVITY | _OF_OPTIONS


def settled(session: Session, row: Row, new: Iterable[str]) -> list[Fault]:
    """Why columns may not be new: the row is, was or would be held by a decided plan. Its ``plan_id`` is new when it
    is added, put aside or brought back. Ties between a measure and its causes and goals are never new."""
    if not isinstance(row, Measure | Activity | Goal | MeasureCause | GoalMeasure):
        return []
    plan = next((one for one in _plans(session, row) if one.stage == Stage.DECIDED), None)
    if plan is None:
        return []
    told = f"Planen «{plan.title}» är beslutad och dess innehåll ändras inte"
    instead = "Gör en ny plan, eller anteckna en avvikelse vid ett möte."
    if isinstance(row, MeasureCause | GoalMeasure):
        return [Fault("measure_id", f"{told}: åtgärdens orsaker och mål är en del av beslutet. {instead}")]
    if "plan_id" in new:
        held = {Measure: "åtgärder", Activity: "aktiviteter", Goal: "mål"}[type(row)]
        return [Fault("plan_id", f"{told}: {held} läggs inte till, flyttas eller läggs undan. {instead}")]
    columns = row.__table__.columns
    return [
        Fault(name, f"{told}: «{columns[name].info['about'].label}» är en del av beslutet. {instead}")
        for name in sorted(settled_columns(row).intersection(new))
    ]


def _plans(session: Session, row: Measure | Activity | Goal | MeasureCause | GoalMeasure) -> list[Plan]:
    """The plans that hold the row, or would."""
    if isinstance(row, Measure | Activity):
        ids = {_before(row, "plan_id"), row.plan_id} - {None}
        return [plan for one in ids if (plan := session.get(Plan, one))]
    if isinstance(row, Goal):
        tied = (GoalMeasure.goal_id == row.id, GoalMeasure.deleted_at.is_(None))
        measures = select(GoalMeasure.measure_id).where(*tied)
    else:
        measures = select(Measure.id).where(Measure.id == row.measure_id)
    held = select(Measure.plan_id).where(Measure.id.in_(measures), Measure.deleted_at.is_(None))
    return list(session.scalars(select(Plan).where(Plan.id.in_(held))))


def _before(row: Row, name: str) -> object:
    """The value that the row has in the store, or will have when it is new."""
    replaced = inspect(row).attrs[name].history.deleted
    return replaced[0] if replaced else getattr(row, name)
