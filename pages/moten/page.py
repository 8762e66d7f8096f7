"""Möten: what is to be taken up, what was said, what deviates and what was decided."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pandas as pd

from analysis.agenda import Asked, Item, agenda
from analysis.meeting_days import meeting_days
from charts.agenda import points
from charts.swedish import date as swedish_date
from charts.swedish import local_day, today
from queries import catalogue
from store.records import Activity, Decision, Deviation, FollowUp, Goal, GoalMeasure, Invoice, Measure, Meeting
from ui.chosen import chosen
from ui.facts import ask
from ui.meetings import one, several
from ui.work import table

#: Until when a meeting looks ahead where no later one is planned: they are held three times a year.
_AHEAD = timedelta(days=122)
#: So many sources with new figures are named.
_NEWS = 8

_ROWS = (Activity, Decision, Deviation, FollowUp, Goal, GoalMeasure, Invoice, Measure, Meeting)


def page() -> None:
    """One meeting if the address names one, else all of them."""
    meeting = chosen(Meeting, "mote", "Mötet finns inte längre. Det kan ha lagts undan. Här är de som finns.")
    if meeting is None:
        several.show(meeting_days, lambda coming: len(items_of(coming)))
    else:
        one.show(meeting, made)


def items_of(meeting: Meeting) -> list[Item]:
    """What the meeting has to take up, by the work as it is now."""
    frames = {model.__tablename__: table(model) for model in _ROWS}
    on = day_of(meeting)
    following = later(meeting, frames["meeting"])
    asked = Asked(meeting.kind, on, following or on + _AHEAD, meeting.plan_id, meeting.id)
    return agenda(asked, frames)


def made(meeting: Meeting) -> dict[str, Any]:
    """The meeting's agenda as it is kept."""
    meetings = table(Meeting)
    following = later(meeting, meetings)
    told = swedish_date(following) if following else "Bestäm en dag."
    return {
        "made_on": today().isoformat(),
        "points": points(items_of(meeting), day_of(meeting), news(earlier(meeting, meetings), day_of(meeting)), told),
    }


def day_of(meeting: Meeting) -> date:
    """The day that the meeting was held, or is planned to."""
    return meeting.held_on or meeting.planned_on or today()


def of_the_same(meeting: Meeting, meetings: pd.DataFrame) -> pd.Series:
    """The days of other meetings of the same kind and plan."""
    same = meetings[(meetings["kind"] == meeting.kind) & (meetings["id"] != meeting.id)]
    if meeting.plan_id is not None:
        same = same[(same["plan_id"] == meeting.plan_id).fillna(False)]
    return same["held_on"].fillna(same["planned_on"])


def later(meeting: Meeting, meetings: pd.DataFrame) -> date | None:
    """The day of the next meeting of the same kind."""
    days = of_the_same(meeting, meetings)
    after = days[days > pd.Timestamp(day_of(meeting))]
    return None if after.empty else after.min().date()


def earlier(meeting: Meeting, meetings: pd.DataFrame) -> date | None:
    """The day of the meeting before of the same kind."""
    days = of_the_same(meeting, meetings)
    before = days[days < pd.Timestamp(day_of(meeting))]
    return None if before.empty else before.max().date()


def news(since: date | None, until: date) -> list[str]:
    """The sources with figures that came after a day and by another, newest first; none without a meeting before."""
    if since is None:
        return []
    rows = ask(catalogue.deliveries)
    days = [local_day(moment) for moment in rows["received_at"]]
    newest: dict[str, date] = {}
    for title, day in zip(rows["title"], days, strict=True):
        if since < day <= until:
            newest.setdefault(title, day)
    return [f"{title}, {swedish_date(day)}" for title, day in newest.items()][:_NEWS]


page()
