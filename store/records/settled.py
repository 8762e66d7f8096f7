"""What a decided plan holds, which is not changed; how far it has come, who and when, are."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import inspect
from sqlalchemy.orm import Session

from store.records.base import Row
from store.records.choices import Stage
from store.records.errors import Fault
from store.records.partnership import Activity
from store.records.thread import Measure, Plan

_MEASURE = frozenset({"title", "description", "approach", "reach", "cost_sek", "funding", "place_id", "place"})
_ACTIVITY = frozenset(
    {
        "number", "title", "description", "option", "cost_sek", "per", "yearly_cost_sek", "grant", "grant_note",
        "together_with", "needs",
    }
)  # fmt: skip
#: Of an option: how many, and whether it is carried out, are settled in dialogue after the decision.
_OF_OPTIONS = frozenset({"chosen", "units"})


def settled_columns(row: Measure | Activity) -> frozenset[str]:
    """The columns of a measure or an activity that are what a plan decides, beside which plan it belongs to."""
    if isinstance(row, Measure):
        return _MEASURE
    return _ACTIVITY if _before(row, "option") else _ACTIVITY | _OF_OPTIONS


def settled(session: Session, row: Row, new: Iterable[str]) -> list[Fault]:
    """Why columns may not be new: the row is, was or would be held by a decided plan. Its ``plan_id`` is new when it
    is added, put aside or brought back."""
    if not isinstance(row, Measure | Activity):
        return []
    plans = [session.get(Plan, one) for one in {_before(row, "plan_id"), row.plan_id} - {None}]
    plan = next((one for one in plans if one and one.stage == Stage.DECIDED), None)
    if plan is None:
        return []
    held = "åtgärder" if isinstance(row, Measure) else "aktiviteter"
    told = f"Planen «{plan.title}» är beslutad och dess innehåll ändras inte"
    instead = "Gör en ny plan, eller anteckna en avvikelse vid ett möte."
    if "plan_id" in new:
        return [Fault("plan_id", f"{told}: {held} läggs inte till, flyttas eller läggs undan. {instead}")]
    columns = row.__table__.columns
    return [
        Fault(name, f"{told}: «{columns[name].info['about'].label}» är en del av beslutet. {instead}")
        for name in sorted(settled_columns(row).intersection(new))
    ]


def _before(row: Row, name: str) -> object:
    """The value that the row has in the store, or will have when it is new."""
    replaced = inspect(row).attrs[name].history.deleted
    return replaced[0] if replaced else getattr(row, name)
