"""Moments and periods as senders write them, read once per distinct cell; a million ISO times in about a second."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import reduce
from typing import Any, Literal

import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from pipelines.frames import MONTHS, quarter_period, school_year_period
from pipelines.intake.cells import Cell
from pipelines.intake.clocks import Clocks, clock, time_of
from pipelines.intake.lone_figures import read_figures
from pipelines.intake.words import plain_array, text_array
from pipelines.intake.written_dates import (
    ANY_ORDER,
    DAY_AND_CLOCK,
    EARLIEST,
    IMPLAUSIBLE,
    SWEDEN,
    UNREADABLE,
    Custom,
    Written,
    orders_of,
    period,
    written,
)

__all__ = ["Clocks", "Moments", "clock", "label", "order_of", "read"]

Seconds = npt.NDArray[np.datetime64]
Positions = npt.NDArray[np.int64]

_NAT = np.datetime64("NaT", "s")
_LAST_SECOND = np.timedelta64(86_399, "s")
_ONLY_CLOCK = "Cellen är ett klockslag utan datum."
#: No written time is longer; texts beyond this are not looked at.
_LONGEST = 80

_ISO_DAY = r"^\d{4}-\d{2}-\d{2}$"
_ISO = r"^\d{4}-\d{2}-\d{2}[ Tt]\d{2}:\d{2}(?::\d{2}(?:\.\d{1,9})?)?$"
#: With a space before the hour, a minus may be the sign of a span: 2025-03-04 22:30-02:00.
_ISO_ZONED = (
    r"^\d{4}-\d{2}-\d{2}[Tt]\d{2}:\d{2}(?::\d{2}(?:\.\d{1,9})?)?[+-]\d{2}:\d{2}$"
    r"|^\d{4}-\d{2}-\d{2} \d{2}:\d{2}(?::\d{2}(?:\.\d{1,9})?)?\+\d{2}:\d{2}$"
    r"|^\d{4}-\d{2}-\d{2}[ Tt]\d{2}:\d{2}(?::\d{2}(?:\.\d{1,9})?)?[Zz]$"
)
_FROM_TO = r"^(?P<left>.*\d.*?) (?:till|-|--|t\.?o\.?m\.?) (?P<right>.*\d.*)$"
_NUMBER = r"^\d{4,8}(?:[.,]\d{1,12})?$"
_THREE = (
    r"^(?:[a-zåäö]{2,7}\.?,? )?(?P<a>\d{1,2})(?P<s>[-/.])(?P<b>\d{1,2})(?P<t>[-/.])(?P<c>\d{4}|\d{2})(?:[ ,t-].*)?$"
)
#: The same before the text is made plain.
_MAYBE_THREE = r"^[^\d]{0,12}\d{1,2}[^\d\s]\d{1,2}[^\d\s]\d"


@dataclass(frozen=True, eq=False)
class Moments:
    """Times, one per cell: from ``first`` to ``last``, both included, in Swedish local time.

    NaT where unreadable, and then ``problem`` says why in Swedish; it is empty for all others. ``last`` is 23:59:59 for
    whole days and the same as ``first`` for an exact minute or second. ``precision`` is one of
    ``written_dates.PRECISIONS``, empty where unreadable. ``ambiguous``: the figures' order is not told.
    """

    first: Seconds
    last: Seconds
    precision: npt.NDArray[np.object_]
    problem: npt.NDArray[np.object_]
    ambiguous: npt.NDArray[np.bool_]


def read(
    values: Sequence[Cell] | npt.NDArray[np.object_],
    *,
    order: str = "",
    epoch: Literal[1900, 1904] = 1900,
    today: date | None = None,
) -> Moments:
    """The times of a column's distinct cells.

    ``order`` (dmy, mdy, ymd) says what figures such as 03/04/2025 and 25-03-04 mean; without it those that can be read
    in several ways are left unread. ISO dates, months in words and Swedish 4/3 2025 need none. ``epoch`` is that of the
    workbook, for numbers that are Excel's days. ``today`` decides what is too far ahead.

    00:00 in every cell with a time of day is how programs write dates: those are whole days. A date with «kväll» or
    «ca 22» is the whole day.
    """
    out = _Reading(len(values), Custom(order, _latest(today or datetime.now(SWEDEN).date())))
    cells = np.empty(len(values), dtype=object)
    cells[:] = values
    kinds = pd.factorize(np.fromiter(map(type, cells), dtype=object, count=len(cells)))
    for number, kind in enumerate(kinds[1]):
        where = np.flatnonzero(kinds[0] == number)
        if issubclass(kind, str):
            _read_texts(out, where, cells[where], epoch)
        elif issubclass(kind, date):
            out.typed(where, cells[where])
        elif issubclass(kind, int | float):
            out.figures(where, _floats(cells[where]), epoch)
        else:
            out.problem[where] = _ONLY_CLOCK
    return out.done()


def order_of(values: Sequence[Cell] | npt.NDArray[np.object_], *, today: date | None = None) -> str:
    """The order of figures such as 25/3/2025 that all such cells allow: dmy, mdy or ymd; empty when untold."""
    custom = Custom("", _latest(today or datetime.now(SWEDEN).date()))
    texts = [value for value in values if isinstance(value, str) and 6 <= len(value) <= _LONGEST]
    array = text_array(texts)
    parts = pc.extract_regex(
        plain_array(array.filter(pc.match_substring_regex(array, _MAYBE_THREE))), _THREE
    ).drop_null()
    alike = pc.equal(pc.struct_field(parts, "s"), pc.struct_field(parts, "t"))
    joined = pc.binary_join_element_wise(
        *(pc.struct_field(parts, name) for name in "abc"), pa.scalar(" ", type=pa.large_string())
    )
    figures = (tuple(text.split()) for text in pc.unique(joined.filter(alike)).to_pylist())
    allowed = [set(found) for three in figures if (found := orders_of(three, custom))]
    common = reduce(set.intersection, allowed) if allowed else set()
    return common.pop() if len(common) == 1 else ""


def label(first: Any, last: Any, precision: str) -> str:
    """A time in Swedish: 2025-03-04 14:30–16:00, 2025-03-04, v. 12 2025, mars 2025, 2025 kv 1, VT 2025, 2024/25."""
    start, end = pd.Timestamp(first).to_pydatetime(), pd.Timestamp(last).to_pydatetime()
    if precision == "minute":
        until = f"{end:%H:%M}" if start.date() == end.date() else f"{end:%Y-%m-%d %H:%M}"
        return f"{start:%Y-%m-%d %H:%M}" if start == end else f"{start:%Y-%m-%d %H:%M}–{until}"
    texts = [_period_label(moment.date(), precision) for moment in (start, end)]
    return texts[0] if texts[0] == texts[1] else "–".join(texts)


def _period_label(day: date, precision: str) -> str:
    if precision == "week":
        year, week, _ = day.isocalendar()
        return f"v. {week} {year}"
    if precision == "month":
        return f"{MONTHS[day.month - 1]} {day.year}"
    if precision == "quarter":
        return str(quarter_period(day.year, (day.month + 2) // 3)["period_label"])
    if precision == "term":
        return f"{'VT' if day.month <= 6 else 'HT'} {day.year}"
    if precision == "school_year":
        return str(school_year_period(day.year if day.month >= 7 else day.year - 1)["period_label"])
    return str(day.year) if precision == "year" else day.isoformat()


class _Reading:
    """The arrays of a reading while they are filled, by positions among the cells."""

    def __init__(self, size: int, custom: Custom) -> None:
        self.custom = custom
        self.first = np.full(size, _NAT)
        self.last = np.full(size, _NAT)
        self.precision = np.full(size, "", dtype=object)
        self.problem = np.full(size, UNREADABLE, dtype=object)
        self.ambiguous = np.zeros(size, dtype=bool)
        #: Cells with a time of day as text, and those of them where it is 00:00.
        self.clocked = np.zeros(size, dtype=bool)
        self.noughts = np.zeros(size, dtype=bool)

    def put(self, where: Positions, first: Seconds, last: Seconds, precision: Any) -> None:
        self.first[where], self.last[where] = first, last
        self.precision[where] = precision
        self.problem[where] = ""

    def typed(self, where: Positions, cells: npt.NDArray[np.object_]) -> None:
        """Dates and moments from workbooks, which keep no difference between a date and its midnight."""
        # Whole seconds: a float of days is a few microseconds off.
        exact = np.asarray(pd.to_datetime(pd.Series(cells, dtype="datetime64[us]"))).astype("datetime64[us]")
        first = (exact + np.timedelta64(500_000, "us")).astype("datetime64[s]")
        whole = first == first.astype("datetime64[D]")
        self.put(where, first, np.where(whole, first + _LAST_SECOND, first), np.where(whole, "day", "minute"))

    def figures(self, where: Positions, number: npt.NDArray[np.float64], epoch: int, leading: Any = False) -> None:
        """Lone numbers; ``leading``: those written with a nought first, which are no days of Excel's."""
        safe = np.where(np.isfinite(number) & (number >= 1) & (number < 1e9), number, 0)
        digits = np.where(safe > 0, np.floor(np.log10(np.maximum(safe, 1))).astype(np.int64) + 1, 0)
        digits = np.where(leading & (digits == 5), 6, digits)
        latest = np.datetime64(self.custom.latest, "s")
        found = read_figures(safe, digits, latest=latest, epoch=epoch)
        self.put(where, found.first, found.last, found.precision)
        self.problem[where] = found.problem

    def one(self, where: int, found: Written) -> None:
        """What one text means."""
        if found.problem == UNREADABLE:
            return  # as all cells are from the beginning
        self.problem[where], self.ambiguous[where] = found.problem, found.ambiguous
        if found.first and found.last:
            self.first[where], self.last[where] = found.first, found.last
            self.precision[where] = found.precision
            self.clocked[where], self.noughts[where] = found.precision == "minute", found.noughts

    def done(self) -> Moments:
        """The reading as a whole, without what is implausible."""
        if self.noughts.any() and (self.noughts == self.clocked).all():
            self.last[self.noughts] += _LAST_SECOND
            self.precision[self.noughts] = "day"
        ahead = np.datetime64(self.custom.latest, "s") + _LAST_SECOND
        strange = (self.first < np.datetime64(EARLIEST, "s")) | (self.first > ahead)
        self.first[strange] = self.last[strange] = _NAT
        self.problem[strange] = IMPLAUSIBLE
        self.precision[np.isnat(self.first)] = ""
        return Moments(self.first, self.last, self.precision, self.problem, self.ambiguous)


def _latest(today: date) -> date:
    return today + timedelta(days=731)


def _floats(cells: npt.NDArray[np.object_]) -> npt.NDArray[np.float64]:
    try:
        return cells.astype(np.float64)
    except OverflowError:  # a whole number of hundreds of figures
        return np.array([float(cell) if abs(cell) < 1e15 else np.nan for cell in cells])


def _read_texts(
    out: _Reading, where: Positions, texts: npt.NDArray[np.object_], epoch: int, *, ends: bool = False
) -> None:
    """Texts, by the quick way of their form; those that have none are read one by one.

    ``ends``: the texts are the ends of spans, where a lone number is no day of Excel's.
    """
    short = np.fromiter(map(len, texts), dtype=np.int64, count=len(texts)) <= _LONGEST
    where, texts = where[short], texts[short]
    array = text_array(texts)
    for pattern, reader in ((_ISO_DAY, _iso_days), (_ISO, _iso_moments), (_ISO_ZONED, _iso_zoned)):
        if not len(where):
            return
        matches = _matches(array, pattern)
        if matches.any():
            left = ~matches
            left[matches] = reader(out, where[matches], texts[matches])  # right form, but no such day or hour
            where, texts, array = where[left], texts[left], array.filter(pa.array(left))
    where, array = (where, array) if ends else _numbers(out, where, array, epoch)
    array = plain_array(array)
    where, array = (where, array) if ends else _spans(out, where, array)
    where, array = _days_with_clocks(out, where, array)
    for position, text in zip(where.tolist(), array.to_pylist(), strict=True):
        out.one(position, written(text, out.custom))


def _matches(array: pa.Array, pattern: str) -> npt.NDArray[np.bool_]:
    found: npt.NDArray[np.bool_] = pc.match_substring_regex(array, pattern).to_numpy(zero_copy_only=False)
    return found


def _numbers(out: _Reading, where: Positions, array: pa.Array, epoch: int) -> tuple[Positions, pa.Array]:
    matches = _matches(array, _NUMBER)
    if matches.any():
        numbers = array.filter(pa.array(matches))
        values = pc.cast(pc.replace_substring(numbers, ",", "."), pa.float64()).to_numpy(zero_copy_only=False)
        out.figures(where[matches], values, epoch, pc.starts_with(numbers, "0").to_numpy(zero_copy_only=False))
    return where[~matches], array.filter(pa.array(~matches))


def _spans(out: _Reading, where: Positions, array: pa.Array) -> tuple[Positions, pa.Array]:
    """Spans with a whole day or moment on either side of the sign; all others are left."""
    parts = pc.extract_regex(array, _FROM_TO)
    found = parts.is_valid().to_numpy(zero_copy_only=False)
    if not found.any():
        return where, array
    ends = []
    for name in ("left", "right"):
        texts = pc.struct_field(parts, name).filter(pa.array(found)).dictionary_encode()
        side = _Reading(len(texts.dictionary), out.custom)
        _read_texts(
            side, np.arange(len(texts.dictionary)), texts.dictionary.to_numpy(zero_copy_only=False), 0, ends=True
        )
        codes = texts.indices.to_numpy(zero_copy_only=False)
        ends.append((side.first[codes], side.last[codes], side.precision[codes]))
    (first, _, exact), (_, last, exact_last) = ends
    dated = np.isin(exact, ("minute", "day")) & np.isin(exact_last, ("minute", "day")) & (first <= last)
    precision = np.where((exact == "minute") & (exact_last == "minute"), "minute", "day").astype(object)
    mine = np.flatnonzero(found)[dated]
    out.put(where[mine], first[dated], last[dated], precision[dated])
    out.clocked[where[mine]] = precision[dated] == "minute"
    left = np.ones(len(where), dtype=bool)
    left[mine] = False
    return where[left], array.filter(pa.array(left))


def _iso_days(out: _Reading, where: Positions, texts: npt.NDArray[np.object_]) -> npt.NDArray[np.bool_]:
    first = _parsed(texts)
    readable = ~np.isnat(first)
    out.put(where[readable], first[readable], first[readable] + _LAST_SECOND, "day")
    return np.asarray(~readable)


def _iso_moments(out: _Reading, where: Positions, texts: npt.NDArray[np.object_]) -> npt.NDArray[np.bool_]:
    first = _parsed(texts)
    readable = ~np.isnat(first)
    out.put(where[readable], first[readable], first[readable], "minute")
    out.clocked[where[readable]] = True
    out.noughts[where[readable]] = first[readable] == first[readable].astype("datetime64[D]")
    return np.asarray(~readable)


def _iso_zoned(out: _Reading, where: Positions, texts: npt.NDArray[np.object_]) -> npt.NDArray[np.bool_]:
    local = pd.to_datetime(pd.Series(texts, dtype=object), format="ISO8601", errors="coerce", utc=True)
    first = local.dt.tz_convert(SWEDEN).dt.tz_localize(None).to_numpy().astype("datetime64[s]")
    readable = ~np.isnat(first)
    out.put(where[readable], first[readable], first[readable], "minute")
    out.clocked[where[readable]] = True
    return np.asarray(~readable)


def _parsed(texts: npt.NDArray[np.object_]) -> Seconds:
    parsed = pd.to_datetime(pd.Series(texts, dtype=object), format="ISO8601", errors="coerce")
    return parsed.to_numpy().astype("datetime64[s]")


def _days_with_clocks(out: _Reading, where: Positions, array: pa.Array) -> tuple[Positions, pa.Array]:
    """Days with a time of day, in any form: a column has few days and few times of day, however many moments."""
    parts = pc.extract_regex(array, f"^{DAY_AND_CLOCK}$")
    found = np.flatnonzero(parts.is_valid().to_numpy(zero_copy_only=False))
    if not len(found):
        return where, array
    days = pc.struct_field(parts, "day").take(pa.array(found)).dictionary_encode()
    clocks = pc.struct_field(parts, "clock").take(pa.array(found)).dictionary_encode()
    day = [period(text, out.custom) or Written() for text in days.dictionary.to_pylist()]
    told = [time_of(text) for text in clocks.dictionary.to_pylist()]
    at_day, at_clock = (part.indices.to_numpy(zero_copy_only=False) for part in (days, clocks))
    single = np.array([_is_one_day(each) for each in day], dtype=bool)
    swapped = np.array([each.ambiguous for each in day], dtype=bool)
    start = np.array([each.first if each.first else _NAT for each in day], dtype="datetime64[s]")
    seconds = np.array([each.seconds for each in told], dtype=np.float64)
    until = np.array([each.seconds if np.isnan(each.until) else each.until for each in told], dtype=np.float64)
    timed = ~np.isnan(seconds)[at_clock]
    good, untold = timed & single[at_day], timed & swapped[at_day]
    places, clock_at = where[found[good]], at_clock[good]
    first = start[at_day[good]]
    out.put(places, first + _duration(seconds[clock_at]), first + _duration(until[clock_at]), "minute")
    out.clocked[places] = True
    out.noughts[places] = (seconds == 0)[clock_at] & (until == 0)[clock_at]
    out.problem[where[found[untold]]] = ANY_ORDER
    out.ambiguous[where[found[untold]]] = True
    left = np.ones(len(where), dtype=bool)
    left[found[good | untold]] = False
    return where[left], array.filter(pa.array(left))


def _is_one_day(found: Written) -> bool:
    return bool(found.precision == "day" and found.first and found.last and found.first.date() == found.last.date())


def _duration(seconds: npt.NDArray[np.float64]) -> Any:
    return seconds.astype("timedelta64[s]")
