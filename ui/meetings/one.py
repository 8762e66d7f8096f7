"""One meeting: its agenda, its minutes, what deviates and what was decided; and the same to read and print."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import streamlit as st

from charts.swedish import date as swedish_date
from store.records import Decision, Deviation, FollowUp, Meeting
from store.records.choices import MeetingKind
from ui import remarks
from ui.aside import lay_aside
from ui.meetings import reading, settled
from ui.meetings.several import plans
from ui.work import actor, attempt, form_fields, line, link, may_write, save, saved, work

#: Makes a meeting's agenda from what the work says today, as it is kept.
Make = Callable[[Meeting], dict[str, Any]]

_READ, _EDIT = "Läs och skriv ut", "Arbeta"


def show(meeting: Meeting, make: Make) -> None:
    """The meeting to work with, or to read."""
    link("moten", "Alla möten", icon="arrow_back")
    agenda = meeting.agenda or make(meeting)
    view = _READ
    if may_write():
        view = st.segmented_control(
            "Visa för att", [_EDIT, _READ], default=_EDIT, required=True, key="visa", bind="query-params"
        )
    decisions = work().all(Decision, meeting_id=meeting.id)
    deviations = work().all(Deviation, meeting_id=meeting.id)
    if view == _READ:
        st.markdown(reading.text(meeting, agenda, decisions, deviations))
        return
    st.title(meeting.title, anchor=False)
    st.caption(f"{MeetingKind(meeting.kind).label} · {_when(meeting)}")
    _agenda(meeting, agenda, make)
    _minutes(meeting, agenda)
    _follow_ups(meeting)
    settled.deviations(meeting, deviations)
    settled.decisions(meeting, decisions)
    _change(meeting)
    remarks.show(meeting)


def _when(meeting: Meeting) -> str:
    if meeting.held_on:
        return f"hölls {swedish_date(meeting.held_on)}"
    return f"planerat till {swedish_date(meeting.planned_on)}"


def _agenda(meeting: Meeting, agenda: dict[str, Any], make: Make) -> None:
    """The points with links to where each is done. Kept when the meeting is held; until then it follows the work."""
    st.subheader("Dagordning", anchor=False)
    for number, point in enumerate(agenda["points"], start=1):
        st.markdown(f"**{number}. {point['title']}**")
        for one in point["lines"]:
            if "page" in one:
                line(f"- {one['text']}", one["page"], **{one["name"]: one["id"]})
        plain = [f"- {one['text']}" for one in point["lines"] if "page" not in one]
        if plain:
            st.markdown("\n".join(plain))
    made = swedish_date(reading.made_on(agenda))
    if meeting.held_on and not meeting.agenda:
        st.caption("Ingen dagordning sparades när mötet hölls. Den här är gjord ur arbetet som det är i dag.")
        return
    if meeting.held_on:
        st.caption(f"Som den såg ut {made}, när mötet hölls.")
        return
    if not meeting.agenda:
        st.caption("Dagordningen görs ur arbetet som det är i dag. Den sparas när mötet har hållits.")
        if st.button("Spara dagordningen nu", icon=":material/save:", key="keep-agenda"):
            _keep(meeting, agenda)
        return
    st.caption(f"Sparad {made}.")
    if st.button("Gör om ur arbetet som det är i dag", icon=":material/refresh:", key="remake-agenda"):
        _keep(meeting, make(meeting))


def _keep(meeting: Meeting, agenda: dict[str, Any]) -> None:
    if attempt(lambda: work().save(actor(), Meeting, meeting.id, meeting.version, agenda=agenda)):
        saved("Dagordningen är sparad.")
        st.rerun()


def _minutes(meeting: Meeting, agenda: dict[str, Any]) -> None:
    """When it was held, who was there and what was said. The agenda is kept with it."""
    st.subheader("Minnesanteckningar", anchor=False)
    with st.form(f"minutes-{meeting.id}"):
        values = form_fields(Meeting, meeting, ["held_on", "participants", "minutes", "registry_number"])
        if not st.form_submit_button("Spara anteckningarna", icon=":material/save:"):
            return
    frozen = {"agenda": agenda} if values["held_on"] and not meeting.agenda else {}
    if save(meeting, **values, **frozen):
        saved("Minnesanteckningarna är sparade.")
        st.rerun()


def _follow_ups(meeting: Meeting) -> None:
    """Follow-ups that were to be taken up here."""
    rows = work().all(FollowUp, meeting_id=meeting.id)
    if not rows:
        return
    st.subheader("Uppföljningar vid mötet", anchor=False)
    titles = settled.titles()
    for row in rows:
        kind, name, about_id = ("goal", "mal", row.goal_id) if row.goal_id else ("measure", "atgard", row.measure_id)
        state = f"gjord {swedish_date(row.held_on)}" if row.held_on else "inte gjord än"
        title = titles.get((kind, int(about_id or 0)), "Uppföljning")
        ids: dict[str, Any] = {name: about_id}
        line(f"- {title}: {state}", "uppfoljning", **ids)


def _change(meeting: Meeting) -> None:
    """Move the meeting, or put it aside."""
    with st.expander("Ändra eller lägg undan mötet", icon=":material/edit:"):
        with st.form(f"change-{meeting.id}", border=False):
            values = form_fields(
                Meeting, meeting, ["kind", "title", "planned_on", "plan_id"], {"plan_id": plans()}, part="change"
            )
            if st.form_submit_button("Spara ändringen", icon=":material/save:") and save(meeting, **values):
                saved("Mötet är ändrat.")
                st.rerun()
        lay_aside(meeting, "Lägg undan mötet", page="moten", done=f"{meeting.title} är undanlagt.")
