"""The thread of the reader's workspace, and the way from a row of it to where it is worked with."""

from __future__ import annotations

from typing import Any, NoReturn

import pandas as pd

from store.records import Cause, Evidence, FollowUp, Goal, GoalMeasure, Measure, MeasureCause, Problem
from ui.chosen import go
from ui.work import line, table

_FRAMES = {
    "problems": Problem,
    "causes": Cause,
    "measures": Measure,
    "goals": Goal,
    "follow_ups": FollowUp,
    "measure_cause": MeasureCause,
    "goal_measure": GoalMeasure,
    "evidence": Evidence,
}


def frames() -> dict[str, pd.DataFrame]:
    """All of the work that hangs on the thread: what ``analysis.thread.Records`` is made of. Never change them."""
    return {name: table(model) for name, model in _FRAMES.items()}


def leave_for(kind: str, row_id: int) -> NoReturn:
    """Show the page where a row of the thread is worked with."""
    page, ids = _target(kind, row_id)
    go(page, **ids)


def way(kind: str, row_id: int, text: str) -> None:
    """A line about a row of the thread, with a link to the page where it is worked with."""
    page, ids = _target(kind, row_id)
    line(text, page, **ids)


def _target(kind: str, row_id: int) -> tuple[str, dict[str, Any]]:
    """The page's folder, and what its address names: a cause is worked with in its problem's analysis, an outcome with
    the goal or measure that it is of."""
    if kind == "problem":
        return "problem", {"problem": row_id}
    if kind == "cause":
        causes = frames()["causes"].set_index("id")
        return "orsaksanalys", {"problem": int(causes["problem_id"].to_dict()[row_id])}
    if kind == "measure":
        return "atgardsplan", {"atgard": row_id}
    if kind == "goal":
        return "uppfoljning", {"mal": row_id}
    held = frames()["follow_ups"].set_index("id").loc[row_id]
    goal = held["goal_id"]
    return "uppfoljning", {"atgard": int(held["measure_id"])} if pd.isna(goal) else {"mal": int(goal)}
