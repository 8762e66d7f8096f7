"""What a meeting has to take up, from what the work says on the day that the agenda is made."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

import numpy as np
import pandas as pd

Work = Mapping[str, pd.DataFrame]


class Point(StrEnum):
    """The points of an agenda, in order; the value is the Swedish heading."""

    DECISIONS = "Beslut som inte är klara"
    LATE_FOLLOW_UPS = "Försenade uppföljningar"
    ENDED_GOALS = "Mål att slutbedöma"
    GOALS = "Mål att följa upp till nästa möte"
    MEASURES = "Åtgärder som är sena"
    DEVIATIONS = "Avvikelser att komma överens om"
    OPTIONS = "Optioner att ta ställning till"
    INVOICES = "Fakturor"


#: What meetings of other kinds than the partnership's do not take up: the partnership's own business.
_OF_THE_PARTNERSHIP = {Point.OPTIONS, Point.INVOICES}


@dataclass(frozen=True)
class Item:
    """One thing to take up. ``about`` and ``about_id``: the row that it leads to (goal, measure, meeting, plan).

    ``day``: when it was, or is, due. ``note``: not_started or not_done of measures, on or off of options. ``amount``:
    SEK of options (``per`` one of something, or empty) and invoices.
    """

    point: Point
    title: str
    about: str
    about_id: int
    day: date | None = None
    role: str = ""
    note: str = ""
    amount: float = np.nan
    per: str = ""


@dataclass(frozen=True)
class Asked:
    """The meeting: its kind, the day it is planned to, the next one's, the plan that it is about (None: all), and its
    own id (None before it has one)."""

    kind: str
    on: date
    until: date
    plan_id: int | None = None
    meeting_id: int | None = None


def agenda(asked: Asked, work: Work) -> list[Item]:
    """The items, by point and then by day.

    ``work``: the rows as they are kept of goal, goal_measure, measure, activity, follow_up, decision, deviation,
    meeting and invoice. With a plan only what belongs to it is taken up: measures in it or in its activities, and the
    goals that those work for.
    """
    measures, goals = _within(asked, work)
    late = _follow_ups(asked, work["follow_up"], goals, measures)
    found = [
        *_decisions(asked, work),
        *late,
        *_ended_goals(asked, work["follow_up"], goals.drop([one.about_id for one in late if one.about == "goal"])),
        *_goals(asked, work["follow_up"], goals),
        *_measures(asked, measures),
        *_deviations(asked, work, measures),
        *_options(asked, work["activity"]),
        *_invoices(asked, work["invoice"]),
    ]
    order = {point: number for number, point in enumerate(Point)}
    wanted = [one for one in found if asked.kind == "partnership" or one.point not in _OF_THE_PARTNERSHIP]
    return sorted(wanted, key=lambda one: (order[one.point], one.day or date.max))


def _within(asked: Asked, work: Work) -> tuple[pd.DataFrame, pd.DataFrame]:
    """The measures and goals that the meeting is about, by id."""
    measures, goals = work["measure"].set_index("id"), work["goal"].set_index("id")
    if asked.plan_id is None:
        return measures, goals
    activities = work["activity"].loc[work["activity"]["plan_id"] == asked.plan_id, "id"]
    own = measures[(measures["plan_id"] == asked.plan_id) | measures["activity_id"].isin(activities)]
    links = work["goal_measure"]
    return own, goals[goals.index.isin(links.loc[links["measure_id"].isin(own.index), "goal_id"])]


def _decisions(asked: Asked, work: Work) -> list[Item]:
    """Not done, of earlier meetings of the same kind and plan."""
    meetings = work["meeting"].set_index("id")
    same = meetings[(meetings["kind"] == asked.kind) & (_days(meetings["planned_on"]) <= _at(asked.on))]
    if asked.plan_id is not None:
        same = same[same["plan_id"] == asked.plan_id]
    rows = work["decision"]
    rows = rows[rows["done_on"].isna() & rows["meeting_id"].isin(same.index) & (rows["meeting_id"] != asked.meeting_id)]
    return [
        Item(Point.DECISIONS, row["what"], "meeting", int(row["meeting_id"]), _day(row["due_on"]), row["role"])
        for row in rows.to_dict("records")
    ]


def _follow_ups(asked: Asked, rows: pd.DataFrame, goals: pd.DataFrame, measures: pd.DataFrame) -> list[Item]:
    """Planned to a day before the meeting and not held."""
    late = rows[rows["held_on"].isna() & (_days(rows["due_on"]) < _at(asked.on))]
    found = []
    for row in late.to_dict("records"):
        for about, all_rows in (("goal", goals), ("measure", measures)):
            row_id = row[f"{about}_id"]
            if not pd.isna(row_id) and row_id in all_rows.index:
                title = str(all_rows.loc[row_id, "title"])
                found.append(Item(Point.LATE_FOLLOW_UPS, title, about, int(row_id), _day(row["due_on"])))
                break  # a goal's follow-up of a measure is the goal's
    return found


def _ended_goals(asked: Asked, follow_ups: pd.DataFrame, goals: pd.DataFrame) -> list[Item]:
    """Goals whose last day has passed and that nobody has judged since, nor chosen to end before."""
    days = _days(goals["due_on"])
    held = follow_ups[follow_ups["held_on"].notna() & follow_ups["goal_id"].notna()]
    ended = days.reindex(held["goal_id"].astype("int64")).to_numpy()
    judged = held.loc[(_days(held["held_on"]).to_numpy() >= ended) | (held["outcome"] == "end"), "goal_id"]
    return [
        Item(Point.ENDED_GOALS, str(goals.loc[one, "title"]), "goal", int(one), _day(days[one]))
        for one in goals.index[(days < _at(asked.on)) & ~goals.index.isin(judged)]
    ]


def _goals(asked: Asked, follow_ups: pd.DataFrame, goals: pd.DataFrame) -> list[Item]:
    """Goals with a follow-up planned, or their last day, from the meeting on until the next."""
    first, last = _at(asked.on), _at(asked.until)
    planned = follow_ups[follow_ups["held_on"].isna() & _days(follow_ups["due_on"]).between(first, last)]
    days = pd.concat([
        pd.to_datetime(planned.set_index("goal_id")["due_on"]),
        _days(goals["due_on"])[_days(goals["due_on"]).between(first, last)],
    ])  # fmt: skip
    known = days[days.index.isin(goals.index)].groupby(level=0).min()
    return [
        Item(Point.GOALS, str(goals.loc[goal_id, "title"]), "goal", int(goal_id), _day(day))
        for goal_id, day in known.items()
    ]


def _measures(asked: Asked, measures: pd.DataFrame) -> list[Item]:
    """Those that should have started, or been done, before the meeting."""
    starts, ends, at = _days(measures["starts_on"]), _days(measures["ends_on"]), _at(asked.on)
    not_done = measures["progress"].isin(["planned", "ongoing"]) & (ends < at)
    not_started = (measures["progress"] == "planned") & (starts < at) & ~not_done
    return [
        Item(Point.MEASURES, str(measures.loc[one, "title"]), "measure", int(one), _day(days[one]),
             str(measures.loc[one, "role"]), note)
        for late, days, note in ((not_done, ends, "not_done"), (not_started, starts, "not_started"))
        for one in measures.index[late]
    ]  # fmt: skip


def _deviations(asked: Asked, work: Work, measures: pd.DataFrame) -> list[Item]:
    """Those that the parties have not agreed on yet."""
    rows = work["deviation"][work["deviation"]["agreed_on"].isna()]
    if asked.plan_id is not None:
        activities = work["activity"].loc[work["activity"]["plan_id"] == asked.plan_id, "id"]
        meetings = work["meeting"].loc[work["meeting"]["plan_id"] == asked.plan_id, "id"]
        of_the_plan = rows["measure_id"].isin(measures.index) | rows["activity_id"].isin(activities)
        rows = rows[of_the_plan | rows["meeting_id"].isin(meetings)]
    found = []
    for row in rows.to_dict("records"):
        # They agree on it where it was noted; one without a meeting leads to the measure that it is about.
        about = "measure" if pd.isna(row["meeting_id"]) else "meeting"
        row_id = row[f"{about}_id"]
        found.append(Item(Point.DEVIATIONS, row["what"], about, 0 if pd.isna(row_id) else int(row_id)))
    return found


def _options(asked: Asked, activities: pd.DataFrame) -> list[Item]:
    """Options that have not begun: they can still be switched on or off."""
    rows = activities[activities["option"].astype(bool) & (activities["progress"] == "planned")]
    if asked.plan_id is not None:
        rows = rows[rows["plan_id"] == asked.plan_id]
    return [
        Item(Point.OPTIONS, row["title"], "plan", int(row["plan_id"]), note="on" if row["chosen"] else "off",
             amount=_amount(row["cost_sek"]), per=row["per"])
        for row in rows.sort_values("number").to_dict("records")
    ]  # fmt: skip


def _invoices(asked: Asked, invoices: pd.DataFrame) -> list[Item]:
    """Unpaid, that fall due before the next meeting or should have been paid already."""
    rows = invoices[invoices["paid_on"].isna() & (_days(invoices["due_on"]) <= _at(asked.until))]
    if asked.plan_id is not None:
        rows = rows[rows["plan_id"] == asked.plan_id]
    return [
        Item(Point.INVOICES, row["half_year"], "plan", int(row["plan_id"]), _day(row["due_on"]),
             amount=_amount(row["amount_sek"]))
        for row in rows.to_dict("records")
    ]  # fmt: skip


def _days(column: pd.Series) -> pd.Series:
    return pd.to_datetime(column)


def _at(day: date) -> pd.Timestamp:
    return pd.Timestamp(day)


def _day(value: object) -> date | None:
    found = pd.Timestamp(value) if value is not None else pd.NaT  # type: ignore[arg-type]
    return None if pd.isna(found) else found.date()


def _amount(value: object) -> float:
    return np.nan if value is None or pd.isna(value) else float(value)  # type: ignore[call-overload, arg-type]
