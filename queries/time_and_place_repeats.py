"""Whether an event is followed by others, soon and close by."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from analysis.near_repeat import TooManyPairsError, near_repeat
from analysis.verdict import MINIMUM_BASE, chance_verdicts
from queries.event_rows import Asked, in_steps, left_out, one_by_one, period, step, with_point, within
from queries.local import HIDDEN
from store.warehouse import Build

#: Metres and days, upper ends of the bands: the same place, nearby, the same part of a town; a week, four weeks.
DISTANCES, DAYS = (1.0, 100.0, 250.0), (7, 28)
_ALPHA = 0.05
#: Permutations: many where they are quick; never fewer than the chance that all bands share asks for.
_MANY, _FEW, _QUICK = 999, 139, 5_000


@dataclass(frozen=True)
class Repeats:
    """``bands``: lower_distance, distance (metres), lower_days, days, pairs (in steps), expected (if time had nothing
    to do with place), ratio (rounded; empty when hidden or without a base), p, verdict and status; a row per band.

    ``events``: how many have a point and a day, as ``queries.event_rows.left_out`` tells it.
    ``refused``: why they could not be gone through, in Swedish, or empty.
    """

    bands: pd.DataFrame
    events: float
    step: int
    refused: str = ""


def repeats(build: Build, municipality_id: str, source_id: str, place_id: str, category: str) -> Repeats | None:
    """Knox's counts of the source's whole years; None without any point.

    The verdict is of each band, all together at _ALPHA (Bonferroni), one-sided: more pairs than chance or not.
    """
    covered = period(build, source_id)
    if covered is None:
        return None
    rows = within(build, Asked(municipality_id, source_id, place_id, category), covered)
    points = with_point(rows)
    if points.empty:
        return None
    size = step(build, source_id)
    each = one_by_one(points)
    every = float(rows["events"].sum())
    count, _ = left_out(every - len(each), every, size)
    try:
        found = near_repeat(
            each["x"], each["y"], each["moment"].to_numpy(), distances=DISTANCES, days=DAYS,
            permutations=_MANY if len(each) <= _QUICK else _FEW,
        )  # fmt: skip
    except TooManyPairsError as problem:
        return Repeats(pd.DataFrame(), count, size, str(problem))
    return Repeats(_told(found.bands, size), count, size)


def _told(bands: pd.DataFrame, size: int) -> pd.DataFrame:
    told = in_steps(bands["pairs"], size)
    # Few expected pairs and many seen is a finding; few of both is none.
    base = bands[["expected", "pairs"]].max(axis=1)
    verdict = chance_verdicts(bands["p"], _ALPHA / len(bands), base)
    thin = base < MINIMUM_BASE
    hidden = told["status"] == HIDDEN
    return bands.drop(columns=["pairs", "expected", "ratio"]).assign(
        pairs=told["events"], status=told["status"], verdict=verdict,
        ratio=bands["ratio"].round(1).mask(hidden | thin), expected=bands["expected"].round().mask(hidden | thin),
    )  # fmt: skip
