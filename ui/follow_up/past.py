"""Earlier follow-ups: what was judged and decided, with the figures as they were, and what it has cost."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd
import streamlit as st

from charts.exhibit import Exhibit
from charts.swedish import date as swedish_date
from charts.swedish import number
from store.records import Evidence, FollowUp, Goal, Measure, about
from store.records.choices import Light, Outcome, Progress
from ui import evidence, parts, remarks, use
from ui.follow_up.hold import about_of
from ui.freezing import freeze
from ui.work import actor, attempt, may_write, saved, work

#: A sign for each colour, beside its word.
SIGNS = {
    Light.GREEN: ":green[:material/check_circle:]",
    Light.YELLOW: ":orange[:material/error:]",
    Light.RED: ":red[:material/cancel:]",
}

_TEXTS = ["done", "verdict", "grounds", "outcome_grounds"]


def light_word(light: str) -> str:
    """A colour with its sign and word; empty where none is given."""
    return f"{SIGNS[Light(light)]} {Light(light).label}" if light else ""


def show(row: Goal | Measure, exhibits: Sequence[Exhibit] = ()) -> None:
    """Those that have been held, newest first; each is read when it is opened. ``exhibits``: today's, to be kept with
    one that has none."""
    held = [one for one in work().all(FollowUp, **about_of(row)) if one.held_on is not None]
    if not held:
        return
    st.subheader("Tidigare uppföljningar", anchor=False)
    for one in sorted(held, key=lambda one: (one.held_on or one.due_on, one.id), reverse=True):
        decided = Outcome(one.outcome).label if one.outcome else "inget beslut"
        label = f"{swedish_date(one.held_on)} · {light_word(one.light) or 'utan bedömning'} · {decided}"
        box = st.expander(label, key=f"held-{one.id}", on_change="rerun")
        if box.open:
            with box:
                _one(one, exhibits)


def _one(held: FollowUp, exhibits: Sequence[Exhibit]) -> None:
    for column in _TEXTS:
        text = getattr(held, column)
        if text:
            st.markdown(f"**{about(FollowUp, column).label}**  \n{text}")
    spent = [
        f"{number(held.hours, 1 if held.hours % 1 else 0)} timmar" if held.hours is not None else "",
        f"{number(held.cost_sek)} kr hittills" if held.cost_sek is not None else "",
        f"beslutad av {held.decided_by}" if held.decided_by else "",
    ]
    st.caption(" · ".join(filter(None, spent)) or "Timmar och kostnad är inte angivna.")
    kept = work().all(Evidence, follow_up_id=held.id)
    for one in kept:
        evidence.show(one)
    if not kept and exhibits and may_write() and st.button("Spara dagens siffror med den", key=f"attach-{held.id}"):
        _attach(held, exhibits)
    remarks.show(held)


def _attach(held: FollowUp, exhibits: Sequence[Exhibit]) -> None:
    def write() -> bool:
        frozen = [freeze(one) for one in exhibits]
        with work().together(actor()) as writing:
            for one in frozen:
                writing.create(use.evidence_of(one, follow_up_id=held.id))
        return True

    if attempt(write):
        saved("Siffrorna är sparade med uppföljningen.")
        st.rerun()


def process(measures: pd.DataFrame, follow_ups: pd.DataFrame) -> None:
    """How the measures go: how far they have come, and hours and cost so far against what was planned.

    ``measures`` and ``follow_ups`` (of them and of their goal): rows of the work.
    """
    if measures.empty:
        return
    st.subheader("Vad har gjorts?", anchor=False)
    st.markdown(_spent(measures, follow_ups[follow_ups["held_on"].notna()]))
    shown = pd.DataFrame(
        {
            "Åtgärd": measures["title"], "Läge": [Progress(one).label for one in measures["progress"]],
            "Ansvarig": measures["role"], "Startar": [swedish_date(day) for day in measures["starts_on"]],
            "Slutar": [swedish_date(day) for day in measures["ends_on"]],
            "Kostnad (kr)": measures["cost_sek"].astype("float"),
        }
    )  # fmt: skip
    parts.table(shown, alt="Åtgärderna för målet, och hur långt de har kommit.")


def _spent(measures: pd.DataFrame, held: pd.DataFrame) -> str:
    """Hours, and cost against what was planned. A goal's own follow-up tells the cost of all its measures."""
    planned = measures["cost_sek"].dropna()
    of_the_goal = held["measure_id"].isna() & held["cost_sek"].notna()
    counted = held[of_the_goal] if of_the_goal.any() else held
    newest = counted.sort_values("held_on").groupby("measure_id", dropna=False)["cost_sek"].last().dropna()
    hours = held["hours"].dropna()
    told = []
    if len(newest):
        of = f" av planerade {number(planned.sum())} kr" if len(planned) else ""
        part = f" ({number(100 * newest.sum() / planned.sum())}\u00a0%)" if planned.sum() else ""
        told.append(f"Hittills har det kostat {number(newest.sum())} kr{of}{part}.")
    elif len(planned):
        told.append(f"Planerad kostnad är {number(planned.sum())} kr. Ingen uppföljning har angett vad det har kostat.")
    if len(hours):
        told.append(f"{number(hours.sum(), 1 if hours.sum() % 1 else 0)} timmar har lagts ned.")
    return " ".join(told) or "Inga timmar eller kostnader är angivna än."
