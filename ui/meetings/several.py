"""All meetings, the next one on top, and the ways to a new one."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pandas as pd
import streamlit as st

from charts.swedish import capital, today
from charts.swedish import date as swedish_date
from store.records import Meeting, Plan
from store.records.choices import MeetingKind, PlanKind
from ui import parts
from ui.aside import bring_back
from ui.chosen import go
from ui.work import actor, attempt, empty_form, form_fields, link, may_write, saved, work

#: The days to meet within a plan's years (``analysis.meeting_days``), given by the page.
Days = Callable[[date, date], list[date]]
#: How many things there are to take up at a meeting (``analysis.agenda``), given by the page.
Count = Callable[[Meeting], int]


def show(days: Days, count: Count) -> None:
    """The next meeting, those to come and those that have been."""
    parts.heading("Möten", "Vad ska tas upp, vad sades och vad blev beslutat?")
    meetings = work().frame(Meeting).sort_values(["planned_on", "id"])
    if meetings.empty:
        parts.empty(
            "Här finns inga möten än.",
            "Lägg in partnerskapets möten i april, augusti och december med ett klick, om det finns en aktivitetsplan. "
            "Annars lägger du in ett möte i taget.",
        )
    else:
        _next(meetings, count)
        _listed(meetings)
    if may_write():
        _yearly(meetings, days)
        _new()
        aside = [(one, one.title) for one in work().all(Meeting, deleted=True)]
        bring_back(aside, "Undanlagda möten", done="Mötet är tillbaka.")


def _next(meetings: pd.DataFrame, count: Count) -> None:
    waiting = meetings[meetings["held_on"].isna()]
    if waiting.empty:
        return
    coming = waiting[waiting["planned_on"] >= pd.Timestamp(today())]
    row = (coming if len(coming) else waiting.tail(1)).iloc[0]
    meeting = work().get(Meeting, int(row["id"]))
    if meeting is None:
        return
    past = meeting.planned_on is not None and meeting.planned_on < today()
    with st.container(border=True):
        st.subheader("Nästa möte" if not past else "Ett möte väntar på minnesanteckningar", anchor=False)
        link("moten", f"{meeting.title}, {swedish_date(meeting.planned_on)}", icon="groups", mote=meeting.id)
        things = count(meeting)
        st.markdown("Inget särskilt att ta upp än." if not things else f"Dagordningen har {things} saker att ta upp.")


def _listed(meetings: pd.DataFrame) -> None:
    held = meetings["held_on"].notna()
    passed = ~held & (meetings["planned_on"] < pd.Timestamp(today()))
    parts_of = (
        ("Planerade", meetings[~held & ~passed]),
        ("Passerade, utan minnesanteckningar", meetings[passed]),
        ("Hållna", meetings[held].iloc[::-1]),
    )
    for title, rows in parts_of:
        if len(rows):
            st.subheader(title, anchor=False)
        for row in rows.to_dict("records"):
            with st.container(horizontal=True, vertical_alignment="center"):
                when = row["held_on"] if title == "Hållna" else row["planned_on"]
                link("moten", f"{row['title']}, {swedish_date(when)}", icon="groups", mote=row["id"])
                st.caption(MeetingKind(row["kind"]).label)


def _yearly(meetings: pd.DataFrame, days: Days) -> None:
    """With one click: the partnership's meetings of its plan's years that are not there yet."""
    for plan in work().all(Plan, kind=PlanKind.ACTIVITY.value):
        if not plan.starts_on or not plan.ends_on:
            continue
        have = {
            (day.year, day.month) for day in meetings.loc[(meetings["plan_id"] == plan.id).fillna(False), "planned_on"]
        }
        missing = [day for day in days(plan.starts_on, plan.ends_on) if (day.year, day.month) not in have]
        if not missing:
            continue
        years = " och ".join(str(year) for year in sorted({day.year for day in missing}))
        st.markdown(f"**{plan.title}:** av partnerskapets möten i april, augusti och december {years} saknas några.")
        if st.button(f"Lägg in {len(missing)} möten", icon=":material/event:", key=f"yearly-{plan.id}"):
            _make(plan, missing)


def _make(plan: Plan, missing: list[date]) -> None:
    def write() -> bool:
        with work().together(actor()) as writing:
            for day in missing:
                title = f"Uppföljningsmöte {swedish_date(day).split(' ', 1)[1]}"
                kind = MeetingKind.PARTNERSHIP.value
                writing.create(Meeting(kind=kind, title=title, planned_on=day, plan_id=plan.id))
        return True

    if attempt(write):
        saved(f"{len(missing)} möten är inlagda. Ändra dagarna efter vad som passar.")
        st.rerun()


def _new() -> None:
    with st.expander("Nytt möte", icon=":material/add:"), st.form("new-meeting", border=False):
        values = form_fields(Meeting, None, ["kind", "title", "planned_on", "plan_id"], {"plan_id": plans()})
        if not st.form_submit_button("Lägg in mötet", icon=":material/add:"):
            return
        made = attempt(lambda: work().create(actor(), Meeting(**values)))
        if made is not None:
            empty_form(Meeting)
            saved(f"{capital(made.title)} är inlagt.")
            go("moten", mote=made.id)


def plans() -> dict[int, str]:
    """The plans that a meeting can be about."""
    rows = work().frame(Plan)
    return {int(one): str(title) for one, title in zip(rows["id"], rows["title"], strict=True)}
