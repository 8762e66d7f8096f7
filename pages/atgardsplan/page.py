"""Åtgärdsplan: measures in Brå's columns, each tied to causes and goals, and the plans that hold them."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from analysis.action_plan import board, budget, carried_out, costs, half_years, late
from analysis.cause_tree import numbered
from analysis.renewal import plan_follow_up
from analysis.smart import GoalParts, hints
from charts.swedish import today
from store.records import Activity, Goal, Measure, Plan, Problem
from store.records.choices import PlanKind, Stage
from ui import documents, parts
from ui.action_plan import activities
from ui.action_plan import board as table
from ui.action_plan import goal as one_goal
from ui.action_plan import measure as one_measure
from ui.action_plan import plan as one_plan
from ui.action_plan.reading import Frames, frames, titled
from ui.aside import bring_back
from ui.chosen import chosen
from ui.work import link, may_write, work

_EVERYWHERE, _EVERY_PROBLEM = "Alla platser", "Alla problem"
_TABLE, _TIMELINE = "Tabell", "Tidslinje"


def page() -> None:
    """One measure, goal or plan if the address names one, else all of it."""
    gone = "finns inte längre. {} kan ha lagts undan. Här är hela planen."
    measure = chosen(Measure, "atgard", f"Åtgärden {gone.format('Den')}")
    goal = chosen(Goal, "mal", f"Målet {gone.format('Det')}")
    plan = chosen(Plan, "plan", f"Planen {gone.format('Den')}")
    read = frames()
    if measure is not None:
        own = (
            read.causes if measure.problem_id is None else read.causes[read.causes["problem_id"] == measure.problem_id]
        )
        one_measure.show(measure, read, in_numbers(own))
    elif goal is not None:
        one_goal.show(goal, read, lambda **known: hints(GoalParts(**known)))
    elif plan is not None:
        of_plan(plan, read)
    else:
        overview(read)


def of_plan(plan: Plan, read: Frames) -> None:
    """One plan with what it holds."""
    told = (
        plan_follow_up(plan.id, plan.decided_on, read.measures, read.goal_measure, read.follow_ups)
        if plan.decided_on
        else None
    )
    one_plan.show(plan, told)
    documents.offer("aktivitetsplan" if plan.kind == PlanKind.ACTIVITY else "atgardsplan", plan)
    if plan.kind == PlanKind.ACTIVITY:
        rows = work().frame(Activity, plan_id=plan.id)
        activities.show(
            plan, rows.assign(cost=costs(rows), carried_out=carried_out(rows)), budget(rows, plan.budget_sek)
        )
        activities.invoices(plan, half_years(plan.starts_on, plan.ends_on, plan.budget_sek))
    own = read.measures[read.measures["plan_id"] == plan.id]
    if len(own) or plan.kind == PlanKind.LAWFUL:
        measures_of(read, own, plan)
        one_plan.take_in(plan, read.measures)
    one_plan.foot(plan)


def overview(read: Frames) -> None:
    """All measures and plans, and the ways to new ones."""
    parts.heading("Åtgärdsplan", "Vad gör vi åt orsakerna, vem gör det och när, och vad ska det leda till?")
    problem = chosen(Problem, "problem", "Problemet finns inte längre. Här är alla åtgärder.")
    if problem is None:
        one_plan.listed(read)
    else:
        link("problem", f"Problem: {problem.title}", icon="flag", problem=problem.id)
    measures = read.measures if problem is None else read.measures[read.measures["problem_id"] == problem.id]
    measures_of(read, measures, None, problem)
    if may_write():
        aside = [
            *((one, f"Åtgärd: {one.title}") for one in work().all(Measure, deleted=True)),
            *((one, f"Mål: {one.title}") for one in work().all(Goal, deleted=True)),
            *((one, f"Plan: {one.title}") for one in work().all(Plan, deleted=True)),
        ]
        bring_back(aside, "Undanlagt", done="Det är tillbaka.")


def measures_of(read: Frames, measures: pd.DataFrame, plan: Plan | None, problem: Problem | None = None) -> None:
    """The measures, of the chosen place and problem, as a table or on a line of time."""
    st.subheader("Åtgärder", anchor=False)
    if measures.empty:
        parts.empty(
            "Här finns inga åtgärder än.",
            "Börja i ett problem och dess orsaker, så vet ni vad åtgärden ska påverka. Lägg sedan till den här under.",
        )
    else:
        shown(read, with_late(measures), plan, problem)
    if may_write() and not (plan and plan.stage == Stage.DECIDED):
        one_measure.new(problem, plan.id if plan else None)


def with_late(measures: pd.DataFrame) -> pd.DataFrame:
    """The measures with what is late of each."""
    day = today()
    told = zip(measures["progress"], measures["starts_on"], measures["ends_on"], strict=True)
    return measures.assign(late=[late(progress, first, last, day) for progress, first, last in told])


def shown(read: Frames, measures: pd.DataFrame, plan: Plan | None, problem: Problem | None) -> None:
    """What the reader chooses of them, in the form that the reader chooses."""
    problems = titled(read.problems)
    with st.container(horizontal=True, vertical_alignment="bottom"):
        places = sorted(set(measures["place"]) - {""})
        where = st.selectbox(
            "Plats", [_EVERYWHERE, *places], key="atgardsplats", bind="query-params", width=220,
            placeholder="Välj plats",
        )  # fmt: skip
        known = {one: problems[one] for one in measures["problem_id"].dropna().unique().tolist() if one in problems}
        about = None if problem else st.selectbox(
            "Problem", [None, *known], format_func=lambda one: known.get(one, _EVERY_PROBLEM), key="atgardsproblem",
            width=320, placeholder="Välj problem",
        )  # fmt: skip
        form = st.segmented_control(
            "Visa som", [_TABLE, _TIMELINE], default=_TABLE, required=True, key="visa_plan", bind="query-params"
        )
    if where in places:
        measures = measures[measures["place"] == where]
    if about is not None:
        measures = measures[measures["problem_id"] == about]
    if form == _TIMELINE:
        table.show_timeline(measures)
        return
    table.show(sections(measures, problems), read, lambda rows: in_columns(read, rows))


def sections(measures: pd.DataFrame, problems: dict[int, str]) -> list[tuple[str, int | None, pd.DataFrame]]:
    """The measures problem by problem, those without one last."""
    of = [(title, one, measures[measures["problem_id"] == one]) for one, title in problems.items()]
    rest = measures[~measures["problem_id"].isin(list(problems))]
    return [part for part in [*of, (table.WITHOUT, None, rest)] if len(part[2])]


def in_columns(read: Frames, measures: pd.DataFrame) -> pd.DataFrame:
    """The measures of a problem in Brå's columns."""
    tied = read.measure_cause.loc[read.measure_cause["measure_id"].isin(measures["id"]), "cause_id"]
    theirs = read.causes.loc[read.causes["id"].isin(tied), "problem_id"]
    causes = in_numbers(read.causes[read.causes["problem_id"].isin(theirs)])
    return board(
        measures.drop(columns="late"), causes, read.measure_cause, read.goals, read.goal_measure, read.follow_ups,
        today(),
    )  # fmt: skip


def in_numbers(causes: pd.DataFrame) -> pd.DataFrame:
    """The causes with their numbers, those that they have in the cause analysis of their problem."""
    told = [numbered(own) for _, own in causes.groupby("problem_id", sort=False)]
    return pd.concat(told) if told else causes.assign(number="")


page()
