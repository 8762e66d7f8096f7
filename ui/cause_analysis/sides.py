"""Step 3: which side each cause belongs to, and the fishbone that it makes. Step 4: the crime triangle."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from charts import crime_triangle, fishbone
from charts.style import CONFIG
from store.records import Cause, CauseAnalysis, Problem
from store.records.choices import Branch
from ui import parts
from ui.cause_analysis.causes import plain
from ui.work import form_fields, may_write, save, saved, work

_SIDES = {branch.value: branch.label for branch in Branch}

#: The corners of the triangle as the picture has them: column, heading.
_CORNERS = {"setting": "Plats", "victim": "Brottsutsatt", "offender": "Gärningsperson"}

_QUESTIONS = {
    "victim": "Brottsutsatt eller mål: vem eller vad utsätts, och varför just de?",
    "offender": "Gärningsperson: vem begår brottet, och vad gör det möjligt eller lockande?",
    "setting": "Plats: varför just där, och vem skulle kunna ingripa men gör det inte?",
}


def show(problem: Problem, tree: pd.DataFrame) -> None:
    """The fishbone, and a field for each cause; those without a side come first."""
    if tree.empty:
        st.markdown("Det finns inga orsaker att placera än. Lägg till dem i steget **Fem varför**.")
        return
    forms, picture = st.columns([2, 3], gap="large")
    with picture:
        figure = parts.readable(fishbone.figure(tree, problem.title, _SIDES))
        st.plotly_chart(figure, key="fishbone", config=CONFIG, alt=fishbone.alt(tree, problem.title, _SIDES))
    if not may_write():
        return
    rows = {row.id: row for row in work().all(Cause, problem_id=problem.id)}
    with forms:
        without = tree[tree["branch"] == ""]
        if len(without):
            _placing("without", without, rows)
        else:
            st.markdown("Alla orsaker har en sida.")
        placed = tree[tree["branch"] != ""]
        if len(placed):
            with st.expander(f"Ändra de som har en sida ({len(placed)})", key="placed"):
                _placing("placed", placed, rows)


def _placing(name: str, tree: pd.DataFrame, rows: dict[int, Cause]) -> None:
    """A form with a choice for each cause, saved together."""
    with st.form(f"sides-{name}", border=False):
        chosen = {}
        for one in tree.to_dict("records"):
            label = f"{plain(one['number'])} {plain(one['what'])}"
            chosen[one["id"]] = form_fields(Cause, rows[one["id"]], ["branch"], part=name, labels={"branch": label})
        if st.form_submit_button("Spara sidorna") and all(save(rows[one], **side) for one, side in chosen.items()):
            saved("Sidorna är sparade.")
            st.rerun()


def triangle(analysis: CauseAnalysis) -> None:
    """What is said in each corner, and the form for it."""
    forms, picture = st.columns([2, 3], gap="large")
    described = [(head, getattr(analysis, column)) for column, head in _CORNERS.items()]
    with picture:
        figure = parts.readable(crime_triangle.figure(described))
        st.plotly_chart(figure, key="triangle", config=CONFIG, alt=crime_triangle.alt(described))
    with forms:
        if not may_write():
            for head, text in described:
                st.markdown(f"**{head}.** {plain(text) or 'Inte beskrivet än.'}")
            return
        with st.form("triangle", border=False):
            values = form_fields(CauseAnalysis, analysis, list(_QUESTIONS), part="triangle", labels=_QUESTIONS)
            if st.form_submit_button("Spara") and save(analysis, **values):
                saved("Brottstriangeln är sparad.")
                st.rerun()
