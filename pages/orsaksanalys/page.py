"""Orsaksanalys: why a problem is there, in six steps that together take about twenty minutes."""

from __future__ import annotations

import streamlit as st

from analysis import cause_tree
from charts.swedish import today
from store.records import Cause, CauseAnalysis, Problem
from ui import parts
from ui.cause_analysis import causes, chain, sides, stepper, summary, weigh, whys
from ui.cause_analysis.causes import plain
from ui.chosen import chosen
from ui.parts import primary_button
from ui.work import actor, attempt, link, may_write, work


def page() -> None:
    """The analysis of the problem that the address names, else the problems to choose between."""
    problem = chosen(Problem, "problem", "Problemet finns inte längre. Det kan ha lagts undan. Här är de som finns.")
    if problem is None:
        overview()
        return
    link("problem", "Till problemet", icon="arrow_back", problem=problem.id)
    parts.heading(f"Orsaksanalys: {plain(problem.title)}", f"Varför finns problemet i {plain(problem.place)}?")
    begun = work().all(CauseAnalysis, problem_id=problem.id)
    if begun:
        guided(problem, begun[0])
    else:
        beginning(problem)


def overview() -> None:
    """The problems, with how far the analysis of each has come."""
    parts.heading("Orsaksanalys", "Varför finns problemet? Sex korta steg, från händelsekedja till sammanfattning.")
    problems = work().frame(Problem)
    if problems.empty:
        parts.empty(
            "Det finns inget problem att analysera än.",
            "En orsaksanalys handlar alltid om ett problem. Gör ett diagram till ett problem, eller skriv ned ett för "
            "hand, på sidan Problem.",
        )
        link("problem", "Till Problem", icon="flag")
        return
    begun = set(work().frame(CauseAnalysis)["problem_id"])
    many = work().frame(Cause)["problem_id"].value_counts()
    st.markdown("Välj ett problem:")
    for row in problems.itertuples():
        with st.container(gap=None):
            link("orsaksanalys", str(row.title), icon="account_tree", problem=row.id)
            found = int(many.get(row.id, 0))
            told = f"{found} {'orsak' if found == 1 else 'orsaker'}" if found else "inga orsaker än"
            st.caption(" · ".join((str(row.place), told if row.id in begun or found else "inte påbörjad")))


def beginning(problem: Problem) -> None:
    """What the analysis is, before it has begun."""
    st.markdown(
        f"Analysen tar ungefär {stepper.MINUTES} minuter och görs gärna tillsammans, med dem som känner platsen. "
        "Varje steg sparas för sig, så ni kan avbryta och fortsätta en annan dag."
    )
    st.markdown("\n".join(f"1. **{step.name}**, {step.minutes} min. {step.aim}" for step in stepper.STEPS))
    if may_write() and primary_button("Börja analysen", key="begin"):
        new = CauseAnalysis(problem_id=problem.id, held_on=today())
        if attempt(lambda: work().create(actor(), new)):
            st.rerun()


def guided(problem: Problem, analysis: CauseAnalysis) -> None:
    """The step that is open."""
    stepper.take_onwards()
    step = stepper.choose()
    tree = cause_tree.numbered(causes.of(problem))
    if step is stepper.CHAIN:
        chain.show(problem)
    elif step is stepper.WHYS:
        whys.show(problem, tree, cause_tree.moves, cause_tree.beneath)
    elif step is stepper.SIDES:
        sides.show(problem, tree)
    elif step is stepper.TRIANGLE:
        sides.triangle(analysis)
    elif step is stepper.WEIGH:
        weigh.show(problem, tree)
    else:
        summary.show(problem, analysis, tree)
    stepper.onwards(step)


page()
