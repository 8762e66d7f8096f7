"""When a situation picture must be brought up to date, and a plan followed up."""

from __future__ import annotations

from datetime import date


def renewed_by(decided: date) -> date:
    """The last day to bring a picture up to date, or follow a plan up: after two years. Source: lag (2023:196) 6 §.

    One that was decided on 29 February is due on 28 February.
    """
    try:
        return decided.replace(year=decided.year + 2)
    except ValueError:
        return date(decided.year + 2, 2, 28)
