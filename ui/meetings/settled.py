"""What a meeting settles: deviations that the parties agree on, and decisions with who and when."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from charts.swedish import date as swedish_date
from charts.swedish import today
from store.records import Activity, Decision, Deviation, Goal, Measure, Meeting
from ui.work import actor, attempt, empty_form, form_fields, save, saved, work

_DEVIATION = ["what", "why", "activity_id", "measure_id", "agreed", "agreed_on"]
_DECISION = ["what", "role", "due_on"]


def titles() -> dict[tuple[str, int], str]:
    """What goals and measures are called, by kind and id."""
    return {
        (kind, int(one)): str(title)
        for kind, rows in (("goal", work().frame(Goal)), ("measure", work().frame(Measure)))
        for one, title in zip(rows["id"], rows["title"], strict=True)
    }


def deviations(meeting: Meeting, rows: Sequence[Deviation]) -> None:
    """The deviations of this meeting, each to be agreed on, and a new one."""
    st.subheader("Avvikelser", anchor=False)
    if not rows:
        st.markdown("Inga avvikelser är antecknade. Avvikelser från planen kommer parterna överens om tillsammans.")
    options = _options()
    for row in rows:
        agreed = f"överenskommet {swedish_date(row.agreed_on)}" if row.agreed_on else "inte överenskommet än"
        with st.expander(f"{row.what} – {agreed}"), st.form(f"deviation-{row.id}", border=False):
            values = form_fields(Deviation, row, _DEVIATION, options)
            if st.form_submit_button("Spara avvikelsen", icon=":material/save:") and save(row, **values):
                saved("Avvikelsen är sparad.")
                st.rerun()
    with st.expander("Ny avvikelse", icon=":material/add:"), st.form("new-deviation", border=False):
        values = form_fields(Deviation, None, _DEVIATION, options)
        if st.form_submit_button("Lägg till avvikelsen", icon=":material/add:"):
            new = Deviation(meeting_id=meeting.id, **values)
            if attempt(lambda: work().create(actor(), new)):
                empty_form(Deviation)
                saved("Avvikelsen är tillagd.")
                st.rerun()


def _options() -> dict[str, dict[int, str]]:
    activities = work().frame(Activity)
    return {
        "activity_id": {int(i): str(title) for i, title in zip(activities["id"], activities["title"], strict=True)},
        "measure_id": {one: title for (kind, one), title in titles().items() if kind == "measure"},
    }


def decisions(meeting: Meeting, rows: Sequence[Decision]) -> None:
    """The decisions of this meeting, those not done first, and a new one."""
    st.subheader("Beslut", anchor=False)
    if not rows:
        st.markdown("Inga beslut är antecknade.")
    for row in sorted(rows, key=lambda one: (one.done_on is not None, one.due_on or today(), one.id)):
        with st.container(horizontal=True, vertical_alignment="center", key=f"decision-row-{row.id}"):
            st.markdown(decision_line(row), width="stretch")
            if row.done_on is None and st.button("Klart", icon=":material/check:", key=f"done-{row.id}"):
                _done(row)
    with st.expander("Nytt beslut", icon=":material/add:"), st.form("new-decision", border=False):
        values = form_fields(Decision, None, _DECISION)
        if st.form_submit_button("Lägg till beslutet", icon=":material/add:"):
            new = Decision(meeting_id=meeting.id, **values)
            if attempt(lambda: work().create(actor(), new)):
                empty_form(Decision)
                saved("Beslutet är tillagt.")
                st.rerun()


def _done(row: Decision) -> None:
    if attempt(lambda: work().save(actor(), Decision, row.id, row.version, done_on=today())):
        saved("Beslutet är klart.")
        st.rerun()


def decision_line(row: Decision) -> str:
    """A decision with who and when: "**Ta fram underlag** · Samordnare · senast 1 juni 2025 · klart 2 maj 2025"."""
    late = row.due_on is not None and row.done_on is None and row.due_on < today()
    parts = [
        f"**{row.what}**",
        row.role,
        f"senast {swedish_date(row.due_on)}{' (sent)' if late else ''}" if row.due_on else "",
        f"klart {swedish_date(row.done_on)}" if row.done_on else "inte klart",
    ]
    return " · ".join(filter(None, parts))
