"""What the page reads of the work: each table once."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pandas as pd
import streamlit as st

from charts.swedish import capital
from store.records import Cause, FollowUp, Goal, GoalMeasure, Measure, MeasureCause, Plan, Problem
from store.records.choices import Stage
from ui.work import table


@dataclass(frozen=True)
class Frames:
    """The tables that the plan's table is made of, as ``Work.frame`` gives them."""

    problems: pd.DataFrame
    causes: pd.DataFrame
    measures: pd.DataFrame
    measure_cause: pd.DataFrame
    goals: pd.DataFrame
    goal_measure: pd.DataFrame
    follow_ups: pd.DataFrame
    plans: pd.DataFrame


def frames() -> Frames:
    """All of it as it is now."""
    kinds = (Problem, Cause, Measure, MeasureCause, Goal, GoalMeasure, FollowUp, Plan)
    return Frames(*(table(kind) for kind in kinds))


def drafts(plans: pd.DataFrame) -> pd.DataFrame:
    """The plans that still take measures."""
    return plans[plans["stage"] != Stage.DECIDED]


def closed() -> None:
    """What a decided plan does not take, and what to do instead."""
    st.caption(
        "Det som beslutet omfattar går inte att lägga till, ändra eller lägga undan. Vem, när och hur långt det har "
        "kommit går fortfarande att ändra. Ska något annat göras: gör en ny plan, eller anteckna en avvikelse vid ett "
        "möte."
    )


def kronor(amount: Any) -> str:
    """An amount with its unit, without breaks inside."""
    return f"{amount:,.0f}".replace(",", "\u00a0") + "\u00a0kr"


def titled(rows: pd.DataFrame) -> dict[int, str]:
    """The rows by id, to choose between by their titles."""
    return {int(one): capital(str(title)) for one, title in zip(rows["id"], rows["title"], strict=True)}
