"""When in the week events happen, as finely as can be shown."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial

import numpy as np
import pandas as pd

from analysis.evenness import against_even
from analysis.verdict import MINIMUM_BASE
from analysis.week import HOURS, Week, week
from queries.event_rows import Asked, Cut, Floats, cut, left_out, period, step, told_of, within
from store.warehouse import Build

#: Hours in a block, the finest first: the last is the whole day.
BLOCKS = (1, 4, 8, 24)
#: A cut is fine enough to be shown when at most this share of its blocks are too small to show.
MOST_HIDDEN = 0.25


@dataclass(frozen=True)
class WeekPattern:
    """``blocks``: weekday (0 = Monday), hour and until (the block's first hour, and the one after its last), events
    (in steps, empty when hidden), status and verdict (against an even flow, all blocks together), a row per block.

    ``hours`` in a block; 0 when not even the weekdays can be shown, and ``blocks`` is then empty. ``events``: how many
    have a time, in steps, NaN when hidden. ``unknown`` and ``vague``: shares (0-1) without a time of day at all, and of
    those known only to within more than a day, NaN when fewer than a step (queries.event_rows.left_out). ``reported``:
    the time is that of the report. ``step``: how wide the steps are.
    """

    blocks: pd.DataFrame
    hours: int
    events: float
    unknown: float
    vague: float
    reported: bool
    step: int


def weekday_hours(
    build: Build, municipality_id: str, source_id: str, place_id: str, category: str
) -> WeekPattern | None:
    """Weekday x hour of the source's whole years, aoristic; None when the source has no whole month, or nothing here.

    The finest of BLOCKS is taken of which at most MOST_HIDDEN is too small to show, and whose blocks can be judged.
    """
    covered = period(build, source_id)
    if covered is None:
        return None
    asked = Asked(municipality_id, source_id, place_id, category)
    rows = within(build, asked, covered)
    if rows.empty:
        return None
    reported = not rows["occurred_from"].notna().any()
    found, size = _week(rows, reported=reported), step(build, source_id)
    blocks, hours = pd.DataFrame(columns=_COLUMNS), 0
    for one in BLOCKS:
        if one < BLOCKS[-1] and found.events < MINIMUM_BASE * HOURS / one:
            continue
        parted = cut(build, asked, covered, partial(_in_blocks, hours=one, reported=reported), MOST_HIDDEN)
        if parted is not None:
            blocks, hours = _blocks(parted, one, size), one
            break
    every = found.events + found.unknown
    total, unknown = left_out(found.unknown, every, size)
    vague = left_out(found.vague, every, size)[1]
    return WeekPattern(blocks, hours, total, unknown, vague, reported, size)


_COLUMNS = ["weekday", "hour", "until", "events", "status", "verdict"]


def _week(rows: pd.DataFrame, *, reported: bool) -> Week:
    start, end = (rows["moment"], rows["moment"]) if reported else (rows["occurred_from"], rows["occurred_to"])
    # An end before its start is a slip of the pen: the start is what is known.
    return week(start.to_numpy(), end.where(end >= start, start).to_numpy(), rows["events"].to_numpy())


def _in_blocks(rows: pd.DataFrame, *, hours: int, reported: bool) -> Floats:
    return _summed(_week(rows, reported=reported).weights, hours).ravel()


def _summed(weights: Floats, hours: int) -> Floats:
    return np.asarray(weights.reshape(7, 24 // hours, hours).sum(axis=2))


def _blocks(parted: Cut, hours: int, size: int) -> pd.DataFrame:
    weekday, block = (grid.ravel() for grid in np.indices((7, 24 // hours)))
    told = parted.told(size)
    judged = against_even(parted.counts, np.full(len(parted.counts), hours / HOURS))
    frame = pd.DataFrame({"weekday": weekday, "hour": block * hours, "until": (block + 1) * hours, **told})
    return frame.assign(verdict=told_of(judged["verdict"], told["status"]).to_numpy())
