"""Step 6: what is known, believed and unknown; who took part and when; and what comes next."""

from __future__ import annotations

from typing import Any

import pandas as pd
import streamlit as st

from store.records import CauseAnalysis, MeasureCause, Problem
from store.records.choices import Certainty
from ui.cause_analysis.causes import plain
from ui.work import form_fields, link, may_write, save, saved, work

_TEXTS = {Certainty.KNOWN: "known", Certainty.BELIEVED: "believed", Certainty.UNKNOWN: "unknown"}
_HEADS = {Certainty.KNOWN: "Vi vet", Certainty.BELIEVED: "Vi tror", Certainty.UNKNOWN: "Vi vet inte"}

#: So many causes are named in a row.
_MOST = 10


def show(problem: Problem, analysis: CauseAnalysis, tree: pd.DataFrame) -> None:
    """The causes by how sure they are, the texts, and the causes that nothing is done about."""
    _by_certainty(tree)
    if may_write():
        with st.form("summary"):
            values = form_fields(CauseAnalysis, analysis, [*_TEXTS.values(), "held_on", "participants"], part="sum")
            if st.form_submit_button("Spara sammanfattningen") and save(analysis, **values):
                saved("Sammanfattningen är sparad.")
                st.rerun()
    else:
        for certainty, column in _TEXTS.items():
            st.markdown(f"**{_HEADS[certainty]}.** {plain(getattr(analysis, column)) or 'Inget skrivet än.'}")
    _next(problem, tree)


def _by_certainty(tree: pd.DataFrame) -> None:
    """Which causes have been judged how, and those that are said to be known without anything to show for it."""
    if tree.empty:
        return
    for certainty, head in _HEADS.items():
        own = tree[tree["certainty"] == certainty.value]
        if len(own):
            st.markdown(f"**{head}:** {_listed(own)}")
    left = tree[tree["certainty"] == ""]
    if len(left):
        st.markdown(f"**Inte bedömda än:** {_listed(left)}")
    bare = tree[(tree["certainty"] == Certainty.KNOWN) & (tree["evidence"] == 0)]
    if len(bare):
        st.warning(
            f"Ni har svarat «vet» utan underlag: {_listed(bare)}. Lägg till underlag i steget Väg och pröva, eller "
            "ändra till «tror».",
            icon=":material/help:",
        )


def _next(problem: Problem, tree: pd.DataFrame) -> None:
    """The causes that have no measure, the weightiest first, and the way to the plan."""
    st.subheader("Nästa steg", anchor=False)
    if tree.empty:
        st.markdown("När det finns orsaker kan ni välja åtgärder mot dem.")
        return
    met = set(work().frame(MeasureCause, cause_id=[int(one) for one in tree["id"]])["cause_id"])
    unmet = tree[~tree["id"].isin(met)].sort_values("weight", ascending=False, kind="stable", na_position="last")
    if unmet.empty:
        st.markdown("Varje orsak har minst en åtgärd.")
    else:
        one = len(unmet) == 1
        st.markdown(
            "1 orsak har ingen åtgärd än:" if one else f"{len(unmet)} orsaker har ingen åtgärd än. De viktigaste först:"
        )
        more = [f"- och {len(unmet) - _MOST} till"] if len(unmet) > _MOST else []
        st.markdown("\n".join([*(f"- {_named(row)}" for row in unmet.head(_MOST).to_dict("records")), *more]))
    link("atgardsplan", "Till åtgärdsplanen", icon="checklist", problem=problem.id)


def _listed(rows: pd.DataFrame) -> str:
    more = [f"och {len(rows) - _MOST} till"] if len(rows) > _MOST else []
    return "; ".join([*(_named(row) for row in rows.head(_MOST).to_dict("records")), *more])


def _named(row: dict[Any, Any]) -> str:
    return f"{plain(row['number'])} {plain(row['what'])}"
