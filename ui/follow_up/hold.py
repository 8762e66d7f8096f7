"""Hold a follow-up: what was done, what the figures say, the colour and its grounds, the decision, and the next one."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

import pandas as pd
import streamlit as st

from charts.exhibit import Exhibit
from charts.swedish import date as swedish_date
from charts.swedish import today
from store.records import FollowUp, Goal, Measure, Meeting, Row
from store.records.choices import Outcome
from ui import use
from ui.freezing import freeze
from ui.work import actor, attempt, empty_form, form_fields, may_write, opened, save, saved, work

_JUDGED = ["verdict", "light", "grounds"]
#: In so many months the next follow-up can be.
_MONTHS_ON = (3, 6, 12)
_DECIDED = ["outcome", "outcome_grounds", "decided_by"]


def about_of(row: Goal | Measure) -> dict[str, Any]:
    """What a follow-up of this row says that it is about."""
    return {"goal_id": row.id} if isinstance(row, Goal) else {"measure_id": row.id}


def planned_of(row: Goal | Measure) -> FollowUp | None:
    """The planned follow-up of this row that is due first."""
    waiting = [one for one in work().all(FollowUp, **about_of(row)) if one.held_on is None]
    return min(waiting, key=lambda one: one.due_on or today(), default=None)


def form(row: Goal | Measure, verdict: str, exhibits: Sequence[Exhibit]) -> None:
    """The follow-up that is due, to be filled in, or the way to plan one. ``verdict``: what the figures say now."""
    if not may_write():
        return
    planned = planned_of(row)
    when = f"planerad till {swedish_date(planned.due_on)}" if planned else "ingen är planerad"
    st.subheader("Gör uppföljningen", anchor=False)
    st.caption(f"Nästa uppföljning: {when}.")
    draft = _draft(row, planned, verdict)
    with st.form(f"hold-{row.__tablename__}-{row.id}"):
        answers = form_fields(FollowUp, draft, ["held_on", "done"], part="process")
        with st.container(horizontal=True):
            answers |= form_fields(FollowUp, draft, ["hours", "cost_sek"], part="spent")
        answers |= form_fields(FollowUp, draft, _JUDGED, part="judged")
        answers |= form_fields(FollowUp, draft, _DECIDED, part="decided")
        answers |= form_fields(FollowUp, draft, ["meeting_id"], {"meeting_id": _meetings()}, part="meeting")
        following = _following(row)
        if exhibits:
            st.caption("Diagrammen ovan sparas med uppföljningen, med siffrorna som de är nu.")
        sent = st.form_submit_button("Spara uppföljningen", icon=":material/check:")
    if sent:
        faults = _missing(answers, following)
        if faults:
            st.error("\n".join(f"- {one}" for one in faults), icon=":material/error:")
        elif attempt(
            lambda: _write(row, opened(draft), answers, exhibits, following),
            again=lambda theirs: _write(row, theirs, answers, exhibits, following),
        ):
            empty_form(FollowUp)
            saved("Uppföljningen är sparad.")
            st.rerun()
    _plan(row, planned)


def _draft(row: Goal | Measure, planned: FollowUp | None, verdict: str) -> FollowUp:
    """What the form begins with: held today, with what the figures say; not saved.

    One that is not planned has an id under 0, which no other goal or measure has, and a version that is another after
    each that is saved: the fields on screen are never those of another.
    """
    saved_before = len(work().frame(FollowUp, **about_of(row)))
    own = -(2 * row.id + isinstance(row, Measure))
    draft = FollowUp(id=own, version=saved_before, due_on=today(), **about_of(row))
    if planned:
        draft = FollowUp(**{column.name: getattr(planned, column.name) for column in FollowUp.__table__.columns})
    draft.held_on = today()
    draft.verdict = draft.verdict or verdict
    return draft


def _following(row: Goal | Measure) -> date | None:
    """The day of the follow-up after this one, to choose; it can be moved afterwards."""
    rows = work().frame(Meeting)
    coming = rows.loc[rows["held_on"].isna() & (rows["planned_on"] > pd.Timestamp(today())), "planned_on"]
    days: dict[date, str] = {} if coming.empty else {coming.min().date(): "vid nästa möte"}
    for months in _MONTHS_ON:
        days.setdefault((pd.Timestamp(today()) + pd.DateOffset(months=months)).date(), f"om {months} månader")
    return st.selectbox(
        "Nästa uppföljning", [None, *days], key=f"next-{row.__tablename__}-{row.id}", placeholder="Välj",
        format_func=lambda day: f"{days[day]}, {swedish_date(day)}" if day else "ingen",
    )  # fmt: skip


def _missing(answers: dict[str, Any], following: date | None) -> list[str]:
    """What a held follow-up cannot be without."""
    faults = []
    if answers["held_on"] is None:
        faults.append("Ange vilken dag uppföljningen gjordes.")
    if not answers["light"]:
        faults.append("Välj bedömning: grön, gul eller röd.")
    if answers["outcome"] and not answers["outcome_grounds"]:
        faults.append("Skriv skälet till beslutet.")
    if answers["outcome"] and not answers["decided_by"]:
        faults.append("Ange vem som har beslutat: en roll eller ett organ, inte ett namn.")
    if answers["outcome"] == Outcome.END and following is not None:
        faults.append("Du har valt att avsluta. Ta bort nästa uppföljning, eller välj ett annat beslut.")
    return faults


def _write(
    row: Goal | Measure, draft: FollowUp, answers: dict[str, Any], exhibits: Sequence[Exhibit], following: date | None
) -> Row:
    """The follow-up with its figures frozen, and the next one planned: all or nothing."""
    frozen = [freeze(one) for one in exhibits]
    with work().together(actor()) as writing:
        if draft.id > 0:
            held = writing.save(FollowUp, draft.id, draft.version, **answers)
        else:
            held = writing.create(FollowUp(due_on=answers["held_on"], **about_of(row), **answers))
        for one in frozen:
            writing.create(use.evidence_of(one, follow_up_id=held.id))
        if following is not None:
            writing.create(FollowUp(due_on=following, **about_of(row)))
    return held


def _plan(row: Goal | Measure, planned: FollowUp | None) -> None:
    """Plan one, or move the planned one, without holding it."""
    label = "Flytta uppföljningen" if planned else "Planera en uppföljning"
    with st.expander(label, icon=":material/event:"), st.form(f"plan-{row.__tablename__}-{row.id}", border=False):
        fields = ["due_on", "meeting_id"]
        options = {"meeting_id": _meetings()}
        values = form_fields(FollowUp, planned, fields, options, part=f"plan-{row.__tablename__}-{row.id}")
        if not st.form_submit_button("Spara dagen", icon=":material/event:"):
            return
        kept = (
            save(planned, **values)
            if planned
            else attempt(lambda: work().create(actor(), FollowUp(**about_of(row), **values)))
        )
        if kept is not None:
            empty_form(FollowUp)
            saved("Uppföljningen är planerad.")
            st.rerun()


def _meetings() -> dict[int, str]:
    """The meetings that a follow-up can be taken up at, newest first."""
    rows: pd.DataFrame = work().frame(Meeting).sort_values("planned_on", ascending=False)
    return {
        int(one): f"{title}, {swedish_date(day)}"
        for one, title, day in zip(rows["id"], rows["title"], rows["planned_on"], strict=True)
    }
