"""When in the week events happen, also those of which only a span of time is known."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

Floats = NDArray[np.float64]

HOURS = 168
_MINUTES = HOURS * 60
#: 1970-01-01, from which moments are counted, was a Thursday.
_MONDAY = 3 * 24 * 60

#: A span longer than this says nothing of the time of day.
_DAY = 24 * 60


@dataclass(frozen=True)
class Week:
    """``weights`` (7 weekdays from Monday x 24 hours) sum to ``events``: those with a known time or span.

    ``unknown`` events had no time at all; ``vague`` are those of the known whose span is longer than a day.
    """

    weights: Floats
    events: float
    unknown: float
    vague: float


def week(start: ArrayLike, end: ArrayLike, events: ArrayLike = 1.0) -> Week:
    """Aoristic weights of weekday and hour: each event's weight is spread evenly from ``start`` to ``end``.

    ``start`` and ``end`` (n, datetime64) in Swedish local time, as clocks showed it: the hours that summer time skips
    or repeats are not corrected. Without an end, or with an end equal to the start, the event lies in its start's hour;
    over a week it is spread evenly over the 168 hours. ``events`` (n): how many each row stands for. To the minute.
    Source: Ratcliffe 2002, J. Quantitative Criminology 18:23-43. Raises ValueError when an end lies before its start.
    """
    first, last = (np.asarray(moment, dtype="datetime64[m]") for moment in (start, end))
    many = np.broadcast_to(np.asarray(events, dtype=float), first.shape)
    known = ~np.isnat(first)
    unknown = float(many[~known].sum())
    first, last, many = first[known], last[known], many[known]
    last = np.where(np.isnat(last), first, last)
    length = (last - first).astype(np.int64)
    if (length < 0).any():
        raise ValueError(f"{int((length < 0).sum())} händelser slutar innan de börjar.")
    at = (first.astype(np.int64) + _MONDAY) % _MINUTES
    whole = length >= _MINUTES
    weights = _instants(at, many, length == 0) + _spans(at, length, many, (length > 0) & ~whole)
    weights = weights + many[whole].sum() / HOURS
    return Week(weights.reshape(7, 24), float(many.sum()), unknown, float(many[length > _DAY].sum()))


def _instants(at: NDArray[np.int64], many: Floats, chosen: NDArray[np.bool_]) -> Floats:
    return np.bincount(at[chosen] // 60, many[chosen], minlength=HOURS).astype(float)


def _spans(at: NDArray[np.int64], length: NDArray[np.int64], many: Floats, chosen: NDArray[np.bool_]) -> Floats:
    """Weights of spans shorter than a week, without a loop over the hours of each.

    Over two weeks laid end to end: the part in the first hour, the part in the last, and the whole hours between as
    steps up and down that are added up; then the second week is laid on the first.
    """
    begin, minutes = at[chosen], length[chosen]
    density = many[chosen] / minutes
    stop = begin + minutes
    first, last = begin // 60, stop // 60
    size = 2 * HOURS + 1
    within = np.minimum(stop, (first + 1) * 60) - begin
    out = np.bincount(first, density * within, minlength=size)
    on = last > first
    out += np.bincount(last[on], density[on] * (stop[on] - last[on] * 60), minlength=size)
    steps = np.bincount(first[on] + 1, density[on] * 60, minlength=size)
    steps -= np.bincount(last[on], density[on] * 60, minlength=size)
    out += np.cumsum(steps)
    return np.asarray(out[:HOURS] + out[HOURS : 2 * HOURS])
