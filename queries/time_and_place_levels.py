"""Where the level of events a month may have shifted: only from the months as they are shown, for exploring."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from analysis import decomposition
from queries import time_and_place_calendar
from queries.event_rows import period
from store.warehouse import Build

#: Years that are needed: each month's own level is taken from the same month of so many (analysis.control_chart).
YEARS = 3


@dataclass(frozen=True)
class Levels:
    """``shifts``: month (first day of the first month at the new level) and ratio (events a day there over those at the
    level before it, the season set aside), oldest first; empty when none seems to be. ``months`` were looked through.
    """

    shifts: pd.DataFrame
    months: int


def levels(build: Build, municipality_id: str, source_id: str, place_id: str, category: str) -> Levels | None:
    """Possible shifts of level in the source's whole years; None under YEARS, or when any month is not shown.

    Worked out from the months as ``time_and_place_calendar.season`` lets them be shown (the middle of each step), so it
    tells nothing that they do not. Found by looking: no verdict.
    """
    covered = period(build, source_id)
    found = time_and_place_calendar.season(build, municipality_id, source_id, place_id, category)
    if covered is None or found is None or found.months != 1 or found.years < YEARS:
        return None
    if found.parts["events"].isna().any():
        return None
    starts = pd.date_range(covered.first, periods=len(found.parts), freq="MS")
    series = pd.DataFrame(
        {
            "period_start": starts,
            "count": found.parts["events"].to_numpy() + (found.step - 1) / 2,
            "exposure": starts.days_in_month.to_numpy(dtype=float),
        }
    )
    rows = decomposition.levels(series)
    shifts = pd.DataFrame({"month": rows["first"], "ratio": rows["ratio"] / rows["ratio"].shift()}).iloc[1:]
    return Levels(shifts.reset_index(drop=True), len(series))
