"""What the months say when looked closer at: shifts of level, season and trend apart, a district's part of them all.

Everything is worked out from the months as ``time_and_place_calendar.season`` lets them be shown (the middle of each
step), so it tells nothing that they do not.
"""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from analysis import decomposition
from analysis.control_chart import p_chart
from queries import time_and_place_calendar
from queries.event_rows import period
from store.warehouse import Build

#: Years that are needed to look for shifts: each month's own level is taken from the same month of so many
#: (analysis.control_chart).
YEARS = 3
#: Years that are needed to tell season and trend apart, and to know how much a part of the whole varies.
YEARS_APART = 2

#: Days of a mean month: rates a day are told as events a month.
_DAYS = 365.25 / 12


@dataclass(frozen=True)
class Levels:
    """``shifts``: month (first day of the first month at the new level) and ratio (events a day there over those at the
    level before it, the season set aside), oldest first; empty when none seems to be. ``months`` were looked through.
    """

    shifts: pd.DataFrame
    months: int


@dataclass(frozen=True)
class Apart:
    """``months``: period_start, value, trend, season and rest, oldest first: events in a month of mean length, which
    add up. ``years``: whole years. ``step``: how wide the steps of the numbers that they are made from are."""

    months: pd.DataFrame
    years: int
    step: int


@dataclass(frozen=True)
class Part:
    """``months``: period_start, value (share 0-1 of the municipality's events), expected, lower, upper (limits that one
    month of 370 falls outside by chance) and verdict, oldest first. ``spread`` as ``analysis.control_chart.Chart``."""

    months: pd.DataFrame
    spread: float


def levels(build: Build, municipality_id: str, source_id: str, place_id: str, category: str) -> Levels | None:
    """Possible shifts of level in the source's whole years; None under YEARS, or when any month is not shown.

    Found by looking: no verdict.
    """
    series = _shown(build, municipality_id, source_id, place_id, category, YEARS)
    if series is None or series["count"].isna().any():
        return None
    rows = decomposition.levels(series)
    shifts = pd.DataFrame({"month": rows["first"], "ratio": rows["ratio"] / rows["ratio"].shift()}).iloc[1:]
    return Levels(shifts.reset_index(drop=True), len(series))


def apart(build: Build, municipality_id: str, source_id: str, place_id: str, category: str) -> Apart | None:
    """The months as a trend, a season and the rest; None under YEARS_APART, or when any month is not shown.

    To look at: neither part has a verdict (``analysis.decomposition.decompose``).
    """
    series = _shown(build, municipality_id, source_id, place_id, category, YEARS_APART)
    if series is None or series["count"].isna().any():
        return None
    rows = decomposition.decompose(series)
    parts = ["value", "trend", "season", "rest"]
    told = rows[["period_start"]].join(rows[parts] * _DAYS)
    return Apart(told, len(rows) // 12, int(series["step"].iloc[0]))


def part(build: Build, municipality_id: str, source_id: str, place_id: str, category: str) -> Part | None:
    """The part of the municipality's events that lie in the district, month by month, in a control chart.

    What raises the number everywhere, such as more reporting, raises no part: this tells a change of the place's own
    from one that all share. None of the whole municipality, under YEARS_APART, or when a month of the district is not
    shown. Months of the municipality that are not shown are left out: those are hidden for other reasons than that they
    are few.
    """
    if place_id == municipality_id:
        return None
    own, every = (
        _shown(build, municipality_id, source_id, one, category, YEARS_APART) for one in (place_id, municipality_id)
    )
    if own is None or every is None or own["count"].isna().any() or every["count"].isna().all():
        return None
    counted = own[["period_start", "count"]].assign(exposure=every["count"])
    # A single level for all months: a season of the whole municipality is in the district's months too.
    chart = p_chart(counted, periods_per_year=1)
    columns = ["period_start", "value", "expected", "lower", "upper", "verdict"]
    return Part(chart.points[columns].assign(verdict=chart.points["verdict"].map(str)), chart.spread)


def _shown(
    build: Build, municipality_id: str, source_id: str, place_id: str, category: str, years: int
) -> pd.DataFrame | None:
    """The months as they are shown: period_start, count (the middle of the step, NaN where hidden), exposure (days),
    step. None where no months are shown, or there are fewer years."""
    covered = period(build, source_id)
    found = time_and_place_calendar.season(build, municipality_id, source_id, place_id, category)
    if covered is None or found is None or found.months != 1 or found.years < years:
        return None
    starts = pd.date_range(covered.first, periods=len(found.parts), freq="MS")
    return pd.DataFrame(
        {
            "period_start": starts,
            "count": found.parts["events"].to_numpy() + (found.step - 1) / 2,
            "exposure": starts.days_in_month.to_numpy(dtype=float),
            "step": found.step,
        }
    )
