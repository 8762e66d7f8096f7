"""When a plan's parties meet to follow it up."""

from __future__ import annotations

from datetime import date, timedelta

#: The months that the partnership's parties have agreed to meet in.
MONTHS = (4, 8, 12)

_TUESDAY = 1


def meeting_days(first: date, last: date, months: tuple[int, ...] = MONTHS) -> list[date]:
    """The second Tuesday of each of the months between two days: never a Swedish public holiday, to be moved at will.

    The second Tuesday falls on the 8th-14th; Easter Tuesday, 1 May, 6 June and Christmas are none of them holidays on
    such a day in April, August or December.
    """
    firsts = [date(year, month, 1) for year in range(first.year, last.year + 1) for month in months]
    days = [day + timedelta(days=(_TUESDAY - day.weekday()) % 7 + 7) for day in firsts]
    return [day for day in days if first <= day <= last]
