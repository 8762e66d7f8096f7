"""Whether a source's figures are older than its rhythm: one rule for the page Källor and for the command line."""

from __future__ import annotations

from datetime import date


def overdue(newest: date | None, delivered: date | None, today: date, update_days: int) -> bool:
    """Whether newer figures can be expected.

    ``newest`` is the last day of the newest finished period with figures. Where there are no periods, as for areas,
    the day of the newest delivery counts instead. A source without either is not overdue: it has not begun.
    """
    known = newest or delivered
    return known is not None and (today - known).days > update_days
