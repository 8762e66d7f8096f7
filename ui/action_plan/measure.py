"""One measure: the short form first, then what it acts on, what it leads to, and the rest folded."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd
import streamlit as st

from charts.action_plan import PROGRESS, when
from charts.swedish import date as swedish_date
from charts.swedish import number
from store.records import Goal, GoalMeasure, Measure, MeasureCause, Problem, about, settled_columns
from store.records.choices import Approach, Reach
from ui import parts, remarks
from ui.action_plan.reading import Frames, closed, drafts, kronor, titled
from ui.aside import lay_aside
from ui.chosen import go
from ui.municipality import place_names
from ui.work import actor, attempt, empty_form, form_fields, link, may_write, save, saved, work

_SHORT = ["title", "problem_id", "role", "unit", "starts_on", "ends_on", "progress"]
_FOLDED = {
    "Slag och evidens": ["approach", "reach", "grade", "grade_grounds"],
    "Kostnad och finansiering": ["cost_sek", "funding"],
    "Så går det till": ["description"],
    "Plats och plan": ["place_id", "plan_id"],
}


def new(problem: Problem | None, plan_id: int | None) -> None:
    """A new measure: only what it is, and, unless that is given, what problem it is for."""
    with (
        st.expander("Ny åtgärd", icon=":material/add:", key="new-measure"),
        st.form("new-measure-form", border=False),
    ):
        values = form_fields(Measure, None, ["title"] if problem else ["title", "problem_id"], _options())
        if st.form_submit_button("Spara åtgärden"):
            about = problem or (work().get(Problem, values["problem_id"]) if values["problem_id"] else None)
            known = {"problem_id": about.id, "place_id": about.place_id, "place": about.place} if about else {}
            made = attempt(lambda: work().create(actor(), Measure(**{**values, **known}, plan_id=plan_id)))
            if made is not None:
                empty_form(Measure)
                saved("Åtgärden är sparad. Fyll i vem och när, och koppla den till orsaker och mål.")
                go("atgardsplan", atgard=made.id)


def _options() -> dict[str, Mapping[Any, str]]:
    return {"problem_id": titled(work().frame(Problem))}


def show(measure: Measure, frames: Frames, causes: pd.DataFrame) -> None:
    """The whole measure. ``causes``: those of its problem (of all, without one) with number."""
    link("atgardsplan", "Hela åtgärdsplanen", icon="arrow_back")
    told = [measure.place, PROGRESS[measure.progress][0], when(measure.starts_on, measure.ends_on), measure.role]
    parts.heading(measure.title, " · ".join(filter(None, told)))
    plans = drafts(frames.plans)
    decided = measure.plan_id in set(frames.plans["id"]) - set(plans["id"])
    if decided:
        _settled(measure)
    if may_write():
        _form(measure, titled(plans), settled_columns(measure) | {"plan_id"} if decided else frozenset())
    open_ = may_write() and not decided
    _causes(measure, frames, causes, open_)
    _goals(measure, frames, open_)
    link("uppfoljning", "Följ upp åtgärden", icon="fact_check", atgard=measure.id)
    remarks.show(measure)
    if open_:
        done = "Åtgärden är undanlagd. Du kan ta tillbaka den längst ned på sidan."
        lay_aside(measure, "Lägg undan åtgärden", page="atgardsplan", done=done)


def _settled(measure: Measure) -> None:
    """What the plan has decided of it."""
    st.markdown("Åtgärden hör till en beslutad plan.")
    closed()
    told = {
        "approach": Approach(measure.approach).label if measure.approach else "",
        "reach": Reach(measure.reach).label if measure.reach else "",
        "cost_sek": "" if measure.cost_sek is None else kronor(measure.cost_sek),
        "funding": measure.funding,
        "description": measure.description,
    }
    lines = [f"**{about(Measure, name).label}:** {text}" for name, text in told.items() if text]
    if lines:
        st.markdown("  \n".join(lines))


def _form(measure: Measure, plans: Mapping[Any, str], settled: frozenset[str]) -> None:
    """What everybody fills in, and the rest folded; saved together. What is ``settled`` is left out."""
    names = place_names() | ({measure.place_id: measure.place} if measure.place_id else {})
    options: dict[str, Mapping[Any, str]] = {**_options(), "place_id": names, "plan_id": plans}
    with st.form(f"measure-form-{measure.id}"):
        values = form_fields(Measure, measure, [one for one in _SHORT if one not in settled], options)
        for label, columns in _FOLDED.items():
            if open_ := [one for one in columns if one not in settled]:
                with st.expander(label):
                    values |= form_fields(Measure, measure, open_, options)
        if "place_id" in values:
            values["place_id"] = values["place_id"] or ""
            values["place"] = names.get(values["place_id"], "")
        if st.form_submit_button("Spara åtgärden") and save(measure, **values):
            saved("Åtgärden är sparad.")
            st.rerun()


def _causes(measure: Measure, frames: Frames, causes: pd.DataFrame, open_: bool) -> None:
    """The causes that it is meant to act on, by their numbers in the cause analysis."""
    st.subheader("Vilka orsaker ska den påverka?", anchor=False)
    named = {
        int(one): f"{number_} {what}"
        for one, number_, what in zip(causes["id"], causes["number"], causes["what"], strict=True)
    }
    tied = frames.measure_cause
    now = [one for one in tied.loc[tied["measure_id"] == measure.id, "cause_id"].tolist() if one in named]
    if not named:
        st.markdown("Problemet har inga orsaker än." if measure.problem_id else "Välj först vilket problem den gäller.")
        if measure.problem_id:
            link("orsaksanalys", "Gör orsaksanalysen", icon="account_tree", problem=measure.problem_id)
        return
    if not open_:
        st.markdown("  \n".join(named[one] for one in named if one in now) or "Ingen orsak är vald.")
        return
    with st.form(f"causes-{measure.id}", border=False):
        wanted = st.multiselect(
            "Orsaker", list(named), now, format_func=named.__getitem__, key=f"causes-of-{measure.id}-{sorted(now)}",
            placeholder="Välj en eller flera",
        )  # fmt: skip
        if st.form_submit_button("Spara orsakerna") and attempt(lambda: _tie(measure.id, set(now), set(wanted))):
            saved("Orsakerna är sparade.")
            st.rerun()


def _tie(measure_id: int, now: set[int], wanted: set[int]) -> bool:
    with work().together(actor()) as writing:
        for cause_id in wanted - now:
            writing.link(MeasureCause, measure_id=measure_id, cause_id=cause_id)
        for cause_id in now - wanted:
            writing.unlink(MeasureCause, measure_id=measure_id, cause_id=cause_id)
    return True


def _goals(measure: Measure, frames: Frames, open_: bool) -> None:
    """What it should lead to, and, while it is open, the way to set a goal."""
    st.subheader("Vad ska den leda till?", anchor=False)
    of = frames.goal_measure
    tied = frames.goals[frames.goals["id"].isin(of.loc[of["measure_id"] == measure.id, "goal_id"])]
    for row in tied.to_dict("records"):
        with st.container(gap=None):
            link("atgardsplan", row["title"], icon="flag", mal=row["id"])
            st.caption(goal_line(row))
    if tied.empty:
        st.markdown("Åtgärden har inget mål än. Utan mål går det inte att se om den gör nytta.")
    if open_:
        _new_goal(measure)
        _known_goal(measure, frames.goals[~frames.goals["id"].isin(tied["id"])])


def goal_line(row: Mapping[Any, Any]) -> str:
    """Baseline, target and day of a goal on one line."""
    baseline, target, unit = row["baseline"], row["target"], row["unit"].replace("antal", "")
    told = (
        []
        if pd.isna(baseline)
        else [f"utgångsläge {figure(baseline)} {unit}".rstrip() + f" ({row['baseline_period']})"]
    )
    told.append("inget målvärde än" if pd.isna(target) else f"mål {figure(target)} {unit}".rstrip())
    told += [] if pd.isna(row["due_on"]) else [f"senast {swedish_date(row['due_on'])}"]
    return " · ".join(told)


def figure(value: float) -> str:
    """A figure with no more decimals than it has, at most one."""
    return number(value, 0 if value == round(value) else 1)


def _new_goal(measure: Measure) -> None:
    with (
        st.expander("Nytt mål", icon=":material/add:", key=f"new-goal-{measure.id}"),
        st.form("new-goal-form", border=False),
    ):
        st.caption("Skriv vad som ska ha blivit annorlunda, till exempel «Färre inbrott i förråd i Rimbo».")
        values = form_fields(Goal, None, ["title"])
        if st.form_submit_button("Spara målet"):
            made = attempt(lambda: _make_goal(measure, **values))
            if made is not None:
                empty_form(Goal)
                saved("Målet är sparat. Välj mått, så hämtas utgångsläget.")
                go("atgardsplan", mal=made.id)


def _make_goal(measure: Measure, title: str) -> Goal:
    """A goal of the measure, in the series that its problem was seen in, if there is one."""
    problem = work().get(Problem, measure.problem_id) if measure.problem_id else None
    with work().together(actor()) as writing:
        goal = writing.create(
            Goal(
                title=title, problem_id=measure.problem_id, place_id=measure.place_id, place=measure.place,
                measured=problem.measured if problem else None, indicator=problem.indicator if problem else "",
            )
        )  # fmt: skip
        writing.link(GoalMeasure, goal_id=goal.id, measure_id=measure.id)
    return goal


def _known_goal(measure: Measure, others: pd.DataFrame) -> None:
    """Tie the measure to a goal that there is already."""
    if others.empty:
        return
    with st.expander("Koppla ett mål som finns", icon=":material/link:", key=f"known-goal-{measure.id}"):
        titles = titled(others)
        goal_id = st.selectbox(
            "Mål", list(titles), index=None, format_func=titles.__getitem__, key=f"tie-goal-{measure.id}",
            placeholder="Välj mål",
        )  # fmt: skip
        pressed = st.button("Koppla målet", key=f"tie-{measure.id}", disabled=goal_id is None)
        if pressed and goal_id is not None and _tie_goal(goal_id, measure.id):
            saved("Målet är kopplat.")
            st.rerun()


def _tie_goal(goal_id: int, measure_id: int) -> GoalMeasure | None:
    return attempt(lambda: work().link(actor(), GoalMeasure, goal_id=goal_id, measure_id=measure_id))
