"""How events lie over the year: the same months year by year, and week by week."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial

import numpy as np
import pandas as pd

from analysis.evenness import against_even
from queries.event_rows import (
    Asked,
    Cut,
    Floats,
    cut,
    exact_parts,
    hidden_quarters,
    in_steps,
    period,
    step,
    told_of,
    within,
)
from queries.local import HIDDEN
from queries.local_window import MONTHS, Window
from store.warehouse import Build

#: Months in a part of the year, the finest first, and the share of parts that may be too small to show.
PARTS = (1, 3)
MOST_HIDDEN = 0.25
#: Of a calendar of weeks most may be grey: it shows the weeks that stand out.
MOST_HIDDEN_WEEKS = 0.75


@dataclass(frozen=True)
class Season:
    """``parts``: back (0 = the newest year), year (its label), month (first month of the part), label ("jan",
    "jan–mars"), period (with its year), events (in steps, empty when hidden), status; a row per year and part.

    ``whole``: month, label, events, expected (their part of the days) and verdict of the same part of all years
    together; hidden where one of them is. ``months`` in a part: 1, 3, or 0 when too little can be shown. ``years``: how
    many whole years. ``step``.
    """

    parts: pd.DataFrame
    whole: pd.DataFrame
    months: int
    years: int
    step: int


@dataclass(frozen=True)
class Weeks:
    """``weeks``: year and week (ISO 8601), monday, events (in steps, empty when hidden), status, verdict (against an
    even flow); a row per whole week; empty when too few can be shown. ``hidden``: share of the weeks that are not.
    """

    weeks: pd.DataFrame
    hidden: float
    step: int


def season(build: Build, municipality_id: str, source_id: str, place_id: str, category: str) -> Season | None:
    """The months of the source's whole years, side by side; quarters of a year where months are too small.

    None when the source does not cover a whole year, or has nothing here.
    """
    covered = period(build, source_id)
    if covered is None or covered.months < 12:
        return None
    asked = Asked(municipality_id, source_id, place_id, category)
    if within(build, asked, covered).empty:
        return None
    size = step(build, source_id)
    for months in PARTS:
        cut_by = partial(by_part, covered=covered, months=months)
        # Quarters are told exactly, and of each category years (queries.local_tables).
        lost = hidden_quarters(build, asked, covered, months)
        known = exact_parts(build, asked, covered, months)
        parted = cut(build, asked, covered, cut_by, MOST_HIDDEN, 3 if months == 1 else 12 // months, lost, known)
        if parted is not None:
            parts, whole = _parts(parted, covered, months, size), _whole(parted, covered, months, size)
            return Season(parts, whole, months, covered.months // 12, size)
    return Season(pd.DataFrame(), pd.DataFrame(), 0, covered.months // 12, size)


def by_part(rows: pd.DataFrame, *, covered: Window, months: int) -> Floats:
    """Events of each part of so many months, oldest first."""
    # As NumPy's months: counted for hundreds of parts of the same table (queries.event_views).
    moments = rows["moment"].to_numpy(dtype="datetime64[M]")
    number = (moments - covered.first.to_numpy().astype("datetime64[M]")).astype(np.int64)
    return np.bincount(number // months, rows["events"], minlength=covered.months // months).astype(float)


def _parts(parted: Cut, covered: Window, months: int, size: int) -> pd.DataFrame:
    back = np.arange(len(parted.counts))[::-1]  # in parts
    told = parted.told(size)
    starts = [covered.start(months, int(one)) for one in back]
    return pd.DataFrame(
        {
            "back": back // (12 // months),
            "year": [covered.label(12, int(one) // (12 // months)) for one in back],
            "month": [start.month for start in starts],
            "label": [_name(start, months) for start in starts],
            "period": [covered.label(months, int(one)) for one in back],
            **told,
        }
    )


def _whole(parted: Cut, covered: Window, months: int, size: int) -> pd.DataFrame:
    """The parts of all years together, beside what they would have if each day had as many."""
    summed = parted.counts.reshape(-1, 12 // months).sum(axis=0)
    hidden = np.asarray(parted.hidden.reshape(-1, 12 // months).any(axis=0))
    days = pd.date_range(covered.first, periods=covered.months, freq="MS").days_in_month.to_numpy()
    judged = against_even(summed, days.reshape(-1, 12 // months, months).sum(axis=(0, 2)))
    starts = [covered.first + pd.DateOffset(months=months * part) for part in range(12 // months)]
    told = in_steps(pd.Series(summed), size, hidden)
    return pd.DataFrame(
        {
            "month": [start.month for start in starts], "label": [_name(start, months) for start in starts],
            "events": told["events"], "status": told["status"],
            "verdict": told_of(judged["verdict"], told["status"]),
        }
    )  # fmt: skip


def _name(start: pd.Timestamp, months: int) -> str:
    """The part of the year without the year: "jan", "jan–mars"."""
    first, last = MONTHS[start.month - 1], MONTHS[(start.month + months - 2) % 12]
    return first if months == 1 else f"{first}–{last}"


def weeks(build: Build, municipality_id: str, source_id: str, place_id: str, category: str) -> Weeks | None:
    """The whole weeks of the source's whole years; None when there is none, or nothing here."""
    covered = period(build, source_id)
    if covered is None:
        return None
    mondays = pd.date_range(covered.first, covered.last - pd.Timedelta(days=6), freq="W-MON")
    asked = Asked(municipality_id, source_id, place_id, category)
    if not len(mondays) or within(build, asked, covered).empty:
        return None
    size = step(build, source_id)
    parted = cut(build, asked, covered, partial(_by_week, mondays=mondays), MOST_HIDDEN_WEEKS)
    if parted is None:
        return Weeks(pd.DataFrame(), 1.0, size)
    told = parted.told(size)
    judged = against_even(parted.counts, np.ones(len(mondays)))
    calendar = mondays.isocalendar()
    frame = pd.DataFrame(
        {
            "year": calendar["year"].astype(int).to_numpy(), "week": calendar["week"].astype(int).to_numpy(),
            "monday": mondays, **told,
        }
    )  # fmt: skip
    frame["verdict"] = told_of(judged["verdict"], told["status"]).to_numpy()
    return Weeks(frame, float((told["status"] == HIDDEN).mean()), size)


def _by_week(rows: pd.DataFrame, *, mondays: pd.DatetimeIndex) -> Floats:
    days = rows["moment"].to_numpy(dtype="datetime64[D]") - mondays[0].to_numpy().astype("datetime64[D]")
    number = days.astype(np.int64) // 7
    inside = (number >= 0) & (number < len(mondays))
    return np.bincount(number[inside], rows["events"].to_numpy()[inside], minlength=len(mondays)).astype(float)
