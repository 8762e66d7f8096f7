"""Lone numbers that stand for a time: 2025, 202503, 250304, 20250304, and Excel's days since its epoch."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from pipelines.intake.written_dates import EARLIEST, NOT_IN_CALENDAR, UNREADABLE

Seconds = npt.NDArray[np.datetime64]
Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
Mask = npt.NDArray[np.bool_]

#: The numbers that are taken for Excel's days: 1954–2064 with its epoch of 1900.
_SERIALS = (20_000, 60_000)
#: Excel's day 0. Its 1900 calendar has a 29 February that never was, so day 0 is 30 December for all dates after it.
_EPOCHS = {1900: np.datetime64("1899-12-30", "s"), 1904: np.datetime64("1904-01-01", "s")}
_LAST_SECOND = np.timedelta64(86_399, "s")

_MONTH_OR_DAY = "Kan vara både år och månad (201103 = mars 2011) och en dag (201103 = 3 november 2020)."


@dataclass(eq=False)
class Figures:
    """What lone numbers mean, in arrays as those of ``moments.Moments``."""

    first: Seconds
    last: Seconds
    precision: npt.NDArray[np.object_]
    problem: npt.NDArray[np.object_]

    def put(self, where: Mask, first: Seconds, last: Seconds, precision: str) -> None:
        """Set the cells ``where``; those without a first are of no calendar."""
        self.first[where], self.last[where] = first[where], last[where]
        self.precision[where] = precision
        self.problem[where] = ""
        self.problem[where & np.isnat(first)] = NOT_IN_CALENDAR


def read_figures(number: Floats, digits: Ints, *, latest: np.datetime64, epoch: int) -> Figures:
    """The times that numbers stand for. ``digits``: how many figures the whole part was written with.

    Figures tell themselves apart by their length: four are a year, eight a day, five a day of Excel's; six are a year
    and month, or a day with a year of two figures, or a year and week, as all such cells together allow.
    """
    found = Figures(
        np.full(len(number), "NaT", dtype="datetime64[s]"), np.full(len(number), "NaT", dtype="datetime64[s]"),
        np.full(len(number), "", dtype=object), np.full(len(number), UNREADABLE, dtype=object),
    )  # fmt: skip
    _serials(found, number, digits, epoch)
    whole = np.where(number == np.floor(number), number, 0).astype(np.int64)
    year = (digits == 4) & (whole >= 1000)
    if year.any():
        found.put(year, days_of(whole, 1, 1), days_of(whole, 12, 31) + _LAST_SECOND, "year")
    eight = (digits == 8) & (whole > 0)
    if eight.any():
        day = days_of(whole // 10_000, whole // 100 % 100, whole % 100)
        found.put(eight, day, day + _LAST_SECOND, "day")
    six = (digits == 6) & (whole > 0)
    if six.any():
        _six(found, six, whole, latest)
    return found


def _serials(found: Figures, number: Floats, digits: Ints, epoch: int) -> None:
    serial = (digits == 5) & (number >= _SERIALS[0]) & (number < _SERIALS[1])
    if not serial.any():
        return
    seconds = np.round(np.where(serial, number, 0) * 86_400).astype(np.int64)
    moment = _EPOCHS[epoch] + seconds.astype("timedelta64[s]")
    whole = number == np.floor(number)
    found.put(serial & whole, moment, moment + _LAST_SECOND, "day")
    found.put(serial & ~whole, moment, moment, "minute")


def _six(found: Figures, six: Mask, whole: Ints, latest: np.datetime64) -> None:
    pivot = latest.astype("datetime64[Y]").astype(np.int64) + 1970
    short = whole // 10_000 + 2000
    day = days_of(np.where(short > pivot, short - 100, short), whole // 100 % 100, whole % 100)
    year, part = whole // 100, whole % 100
    month = days_of(year, part, 1)
    month_end = days_of(year + part // 12, part % 12 + 1, 1) - np.timedelta64(1, "s")
    week = weeks_of(year, part)
    readings = {
        "month": (month, month_end),
        "day": (day, day + _LAST_SECOND),
        "week": (week, week + np.timedelta64(7, "D") - np.timedelta64(1, "s")),
    }
    fits = {name: six & _plausible(ends[0], latest) for name, ends in readings.items()}
    common = [name for name in ("month", "day") if (fits[name] == six).all()]
    # Year and week only where nothing else explains the column and most are no month: a slip makes no weeks of months.
    if not common and (fits["week"] == six).all() and 2 * (part[six] > 12).sum() > six.sum():
        common = ["week"]
    if len(common) == 1:
        found.put(six, *readings[common[0]], common[0])
        return
    only_month, only_day = fits["month"] & ~fits["day"], fits["day"] & ~fits["month"]
    found.put(only_month, *readings["month"], "month")
    found.put(only_day, *readings["day"], "day")
    found.problem[fits["month"] & fits["day"]] = _MONTH_OR_DAY


def _plausible(moment: Seconds, latest: np.datetime64) -> Mask:
    return np.asarray((moment >= np.datetime64(EARLIEST, "s")) & (moment <= latest), dtype=bool)


def days_of(year: Ints | int, month: Ints | int, day: Ints | int) -> Seconds:
    """Midnight of each day, NaT where the calendar (of the years 1–9999) has no such day."""
    year, month, day = np.broadcast_arrays(year, month, day)
    real = (year >= 1) & (year <= 9999) & (month >= 1) & (month <= 12) & (day >= 1) & (day <= 31)
    months = (np.where(real, year, 2000) - 1970) * 12 + np.where(real, month, 1) - 1
    first = months.astype("datetime64[M]")
    found = first.astype("datetime64[D]") + (np.where(real, day, 1) - 1).astype("timedelta64[D]")
    real = real & (found.astype("datetime64[M]") == first)
    return np.asarray(np.where(real, found, np.datetime64("NaT", "D")).astype("datetime64[s]"))


def weeks_of(year: Ints, week: Ints) -> Seconds:
    """Midnight of the Monday of each ISO week, NaT where the year has no such week."""

    def first_monday(of: Ints) -> Seconds:
        fourth = days_of(of, 1, 4)  # always in week 1
        weekday = (fourth.astype("datetime64[D]").astype(np.int64) + 3) % 7  # 1 January 1970 was a Thursday
        return np.asarray(fourth - weekday.astype("timedelta64[D]"))

    monday = first_monday(year) + ((week - 1) * 7).astype("timedelta64[D]")
    real = (week >= 1) & (monday < first_monday(year + 1))
    return np.asarray(np.where(real, monday, np.datetime64("NaT", "s")))
