"""The follow-up of one goal, or of one measure by what has been done."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from charts.swedish import date as swedish_date
from store.records import FollowUp, Goal, GoalMeasure, Measure, Problem
from store.records.choices import Progress
from ui import parts
from ui.follow_up import hold, methods, past, told
from ui.work import link, work


def goal(row: Goal) -> None:
    """The series and its verdict, what the measure may have done, what was done, and the follow-up to hold."""
    _back()
    st.title(row.title, anchor=False)
    measures = _measures_of(row)
    _around(row, measures)
    of = told.told_of(row, measures)
    shown = told.exhibit(of)
    if shown is None:
        parts.empty("Målet går inte att följa i siffror än.", told.sentence(of))
    else:
        parts.show(shown)
        parts.cautions((), "Starten, utgångsläget och målet kommer ur målet och dess åtgärder i åtgärdsplanen.")
    method = methods.show(of) if shown else None
    follow_ups = work().frame(FollowUp)
    about = (follow_ups["goal_id"] == row.id) | follow_ups["measure_id"].isin(measures["id"])
    past.process(measures, follow_ups[about.fillna(False)])
    exhibits = [one for one in (shown, method) if one is not None]
    verdict = " ".join(one.sentence for one in exhibits) or told.sentence(of)
    hold.form(row, verdict.replace("\u00a0", " "), exhibits)
    past.show(row, exhibits)


def measure(row: Measure) -> None:
    """What was done, and the follow-up to hold: of a measure without a goal in figures."""
    _back()
    st.title(row.title, anchor=False)
    st.caption(
        " · ".join(filter(None, (row.place, Progress(row.progress).label, f"{swedish_date(row.starts_on)} – "
                                 f"{swedish_date(row.ends_on)}", row.role)))
    )  # fmt: skip
    measures = work().frame(Measure, id=row.id)
    goals = work().frame(GoalMeasure, measure_id=row.id)["goal_id"]
    titles = work().frame(Goal, id=goals.tolist())
    if titles.empty:
        st.markdown("Åtgärden har inget mål i siffror. Då följs det upp vad som har gjorts.")
    for one, title in zip(titles["id"], titles["title"], strict=True):
        link("uppfoljning", f"Följ upp målet: {title}", icon="flag", mal=one)
    link("atgardsplan", "Åtgärden i åtgärdsplanen", icon="checklist", atgard=row.id)
    past.process(measures, work().frame(FollowUp, measure_id=row.id))
    hold.form(row, "", [])
    past.show(row)


def _back() -> None:
    link("uppfoljning", "Alla uppföljningar", icon="arrow_back")


def _measures_of(row: Goal) -> pd.DataFrame:
    ids = work().frame(GoalMeasure, goal_id=row.id)["measure_id"].tolist()
    return work().frame(Measure, id=ids)


def _around(row: Goal, measures: pd.DataFrame) -> None:
    """What the goal stands in: its problem, its measures, and how it is decided whether it is reached."""
    if row.criterion:
        st.markdown(f"**Så avgörs om målet är nått:** {row.criterion}")
    problem = work().get(Problem, row.problem_id) if row.problem_id else None
    with st.container(horizontal=True):
        if problem:
            link("problem", f"Problem: {problem.title}", icon="flag", problem=problem.id)
        for one, title in zip(measures["id"], measures["title"], strict=True):
            link("atgardsplan", f"Åtgärd: {title}", icon="checklist", atgard=one)
