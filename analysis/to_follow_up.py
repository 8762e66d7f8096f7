"""What there is to follow up, and what of it is most urgent."""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from datetime import date
from enum import StrEnum

import pandas as pd

#: A follow-up is soon when it is due within so many days.
SOON_DAYS = 30


class ToDo(StrEnum):
    """What needs doing with a goal or measure, the most urgent first; the value is the Swedish label on screen."""

    LATE = "Försenad uppföljning"
    PASSED = "Slutdatum har passerat: gör slutbedömningen"
    SOON = "Dags att följa upp"
    UNPLANNED = "Ingen uppföljning planerad"
    PLANNED = "Uppföljning planerad"
    ENDED = "Avslutad"


def to_follow_up(rows: pd.DataFrame, follow_ups: pd.DataFrame, today: date) -> pd.DataFrame:
    """``rows`` (id, due_on: the last day of the goal or measure) in the order that they should be looked at.

    ``follow_ups``: about (the row's id), due_on, held_on, outcome ("end" closes). Adds to_do (ToDo), day (of the next
    planned follow-up, else due_on; None without either), late (days, 0 when not late) and held (day of the newest held
    one, or None). A row is ended when its newest held follow-up says so, and none is planned after it.
    """
    planned = (
        follow_ups[follow_ups["held_on"].isna()].sort_values("due_on").groupby("about")["due_on"].first().to_dict()
    )
    held = (
        follow_ups[follow_ups["held_on"].notna()].sort_values("held_on").groupby("about")[["held_on", "outcome"]].last()
    )
    newest = held.to_dict("index")
    told = [_told(_day(row["due_on"]), planned.get(row["id"]), newest.get(row["id"]), today)
            for row in rows[["id", "due_on"]].to_dict("records")]  # fmt: skip
    out = rows.reset_index(drop=True).join(pd.DataFrame(told, columns=["to_do", "day", "late", "held"], dtype=object))
    order = {one: number for number, one in enumerate(ToDo)}
    key = out["to_do"].map(order)
    days = pd.to_datetime(out["day"]).fillna(pd.Timestamp.max.normalize())
    return out.assign(_key=key, _days=days).sort_values(["_key", "_days", "id"]).drop(columns=["_key", "_days"])


def _told(
    due_on: date | None, planned: object, newest: Mapping[Hashable, object] | None, today: date
) -> dict[str, object]:
    day = _day(planned)
    last_held = None if newest is None else _day(newest["held_on"])
    unjudged = due_on is not None and due_on < today and (last_held is None or last_held < due_on)
    if day is not None and unjudged and due_on is not None and (day - today).days > SOON_DAYS:
        day, to_do = due_on, ToDo.PASSED  # what is planned is far away, and the end has come
    elif day is not None:
        urgency = (day - today).days
        to_do = ToDo.LATE if urgency < 0 else ToDo.SOON if urgency <= SOON_DAYS else ToDo.PLANNED
    elif newest is not None and newest["outcome"] == "end":
        to_do = ToDo.ENDED
    elif unjudged:
        to_do = ToDo.PASSED
    else:
        to_do = ToDo.UNPLANNED
    nearest = day or due_on
    overdue = to_do in (ToDo.LATE, ToDo.PASSED) and nearest is not None
    late = (today - nearest).days if overdue and nearest is not None else 0
    return {"to_do": to_do, "day": nearest, "late": late, "held": last_held}


def _day(value: object) -> date | None:
    return None if value is None or pd.isna(value) else pd.Timestamp(value).date()  # type: ignore[call-overload, arg-type]
