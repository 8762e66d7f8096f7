"""Before and after a chosen month, in a place beside the rest of the municipality."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date

import numpy as np
import pandas as pd

from analysis.before_after import Pair, WeightedDifference, weighted_difference
from analysis.effect import difference_in_differences
from analysis.two_counts import rate_ratio
from analysis.verdict import Verdict, effect_verdicts
from queries import local_tables
from queries.event_rows import Asked, Floats, Mask, cut, hidden_quarters, in_steps, middles, step, within
from queries.local import HIDDEN
from queries.local_window import Window, window
from store.warehouse import Build

#: So few months after is the least that is compared, and the most: then the whole year is in.
LEAST, MOST = 3, 12
_YEAR = 12
#: Areas whose counts differ more than so many times are not of like size: a difference in events then says little.
_LIKE = 2.0
#: What is worked out from numbers in steps is told to the nearest of these, per cent of so many events in a step or
#: fewer: from there on, half a step is no more than one per cent.
_NEAR, _MANY_STEPS = 5.0, 40
#: How many times its standard error an interval reaches is told in tenths: it follows from the months one by one.
_REACH = 10


#: A ratio with its limits and verdict.
_Found = tuple[float, float, float, Verdict]
_NOTHING: _Found = (np.nan, np.nan, np.nan, Verdict.TOO_LITTLE)


@dataclass(frozen=True)
class Change:
    """Events in a place in two equally long periods of the same season, before and after a month.

    All but the four numbers is worked out from the middles of the steps that those are told in.

    ``before``, ``after``, ``control_before``, ``control_after``: events, in steps, NaN when hidden (of the control too
    when there is none). ``percent``, ``lower``, ``upper``: change in per cent beyond that of the control, with its
    95 % limits, or without a control simply the change; NaN when ``verdict`` is TOO_LITTLE. ``weighted``: the same as
    a number of events (WDD), None without a control of like size. ``percent_step``: per cent are told to the nearest
    multiple of this.
    """

    before_label: str
    after_label: str
    months: int
    before: float
    after: float
    control_before: float
    control_after: float
    percent: float
    lower: float
    upper: float
    verdict: Verdict
    weighted: WeightedDifference | None
    has_control: bool
    step: int
    percent_step: int


def starts(build: Build, source_id: str) -> list[date]:
    """The months, by their first day, with a year before and LEAST months after, newest first."""
    covered = window(build, source_id)
    if covered is None:
        return []
    first = covered.first + pd.DateOffset(months=12)
    found = pd.date_range(first, covered.start(1, LEAST - 1), freq="MS")
    return [day.date() for day in found[::-1]]


def change(
    build: Build, municipality_id: str, source_id: str, place_id: str, category: str, start: date
) -> Change | None:
    """The months from ``start``, at most MOST, beside the same months a year before; None when the source does not
    cover both or has none of these events.

    A district is set beside the other districts of the municipality: the ratio by difference in differences over
    months and districts, which does not ask the areas to be of like size, as WDD does.
    """
    covered = window(build, source_id)
    begin = pd.Timestamp(start)
    if covered is None or start not in starts(build, source_id):
        return None
    months = min(MOST, (covered.last.year - begin.year) * 12 + covered.last.month - begin.month + 1)
    after = Window(begin, begin + pd.DateOffset(months=months) - pd.Timedelta(days=1))
    earlier = begin - pd.DateOffset(months=12)
    before = Window(earlier, earlier + pd.DateOffset(months=months) - pd.Timedelta(days=1))
    asked = Asked(municipality_id, source_id, place_id, category)
    rows = _rows(build, replace(asked, place_id=municipality_id), before, after)
    counts = _counts(rows, before, after)
    exact = _pairs(counts, asked)
    if not exact[0] + exact[1]:
        return None
    size = step(build, source_id)
    hidden = _hidden(build, asked, before, after)
    told = in_steps(pd.Series(exact), size, hidden)["events"]
    middle = middles(exact, size, hidden)
    found = _against_itself(middle) if asked.whole else _against_others(counts, asked, start, exact, middle, size)
    near = _NEAR if size > 1 and told.min() < _MANY_STEPS * size else 1.0
    percent, lower, upper = (_rounded(100 * (one - 1), near) for one in found[:3])
    return Change(
        before.label(months, 0), after.label(months, 0), months, told[0], told[1], told[2], told[3],
        percent, lower, upper, found[3], _weighted(middle, size), not asked.whole, size, int(near),
    )  # fmt: skip


def _rows(build: Build, everywhere: Asked, before: Window, after: Window) -> pd.DataFrame:
    return pd.concat([within(build, everywhere, one).assign(after=one is after) for one in (before, after)])


def _pairs(counts: pd.DataFrame, asked: Asked) -> list[float]:
    """Before and after in the place, and in the other districts; of the municipality nothing is set beside it."""
    own = counts["area_id"] == asked.place_id
    sides = (own | asked.whole, ~own & (counts["area_id"] != "") & (not asked.whole))
    return [
        float(counts.loc[side & (counts["after"] == one), "count"].sum()) for side in sides for one in (False, True)
    ]


def _hidden(build: Build, asked: Asked, before: Window, after: Window) -> Mask:
    """Which of the two periods the gate hides, here and in the other districts (n = 4).

    The gate sees the two as parts of the months from the first to the last, in all places and categories. What is
    hidden as quarters or as a year elsewhere is hidden here, and where the place is hidden, so are the others.
    """
    span, both = Window(before.first, after.last), (before, after)

    def parts(rows: pd.DataFrame) -> Floats:
        inside = [rows["moment"].between(one.first, one.after, inclusive="left") for one in both]
        return np.array([float(rows["events"][one].sum()) for one in inside])

    months = [set(range(start, start + one.months)) for start, one in zip((0, _YEAR), both, strict=True)]
    lost = {
        place: {number for number, own in enumerate(months) if hidden >= own}
        for place, hidden in hidden_quarters(build, asked, span, 1).items()
    }
    years = local_tables.protected(build, asked.municipality_id, asked.source_id).years
    years = years[(years["status"] == HIDDEN) & (years["category"] == asked.category)]
    starts = set(years.loc[years["area_id"] == asked.place_id, "period_start"])
    hidden = np.array([one.months == _YEAR and one.first in starts for one in both])
    parted = cut(build, asked, span, parts, 1.0, None, lost)
    return np.tile(hidden if parted is None else hidden | parted.hidden, 2)


def _counts(rows: pd.DataFrame, before: Window, after: Window) -> pd.DataFrame:
    """Events by district and month, zeros included: area_id (empty: unknown), period_start, count, after."""
    months = pd.DatetimeIndex([*pd.date_range(before.first, before.last, freq="MS"),
                               *pd.date_range(after.first, after.last, freq="MS")])  # fmt: skip
    month = rows["moment"].dt.to_period("M").dt.to_timestamp().rename("period_start")
    summed = rows.groupby([rows["district"].rename("area_id"), month])["events"].sum()
    every = pd.MultiIndex.from_product([sorted(rows["district"].unique()), months], names=["area_id", "period_start"])
    out = summed.reindex(every, fill_value=0).rename("count").reset_index()
    return out.assign(after=out["period_start"] >= after.first)


def _against_itself(middle: Floats) -> _Found:
    if not np.isfinite(middle[:2]).all():
        return _NOTHING
    found = rate_ratio(middle[0], middle[1]).iloc[0]
    verdict = Verdict(found["verdict"])
    if verdict is Verdict.TOO_LITTLE:
        return _NOTHING
    return float(found["ratio"]), float(found["lower"]), float(found["upper"]), verdict


def _against_others(
    counts: pd.DataFrame, asked: Asked, start: date, exact: list[float], middle: Floats, size: int
) -> _Found:
    """The ratio of the ratios, which is what the model gives; its limits are as many standard errors away as there."""
    known = counts[counts["area_id"] != ""]
    found = difference_in_differences(known.assign(treated=known["area_id"] == asked.place_id), start)
    if found.verdict is Verdict.TOO_LITTLE or not np.isfinite(middle).all():
        return _NOTHING
    if size == 1:
        return found.ratio, found.lower, found.upper, found.verdict
    errors = np.log(found.upper / found.ratio) / np.sqrt((1 / np.array(exact)).sum())
    away = np.exp(np.ceil(errors * _REACH) / _REACH * np.sqrt((1 / middle).sum()))
    ratio = float(middle[1] / middle[0] * middle[2] / middle[3])
    lower, upper = ratio / away, ratio * away
    verdict = Verdict(effect_verdicts([lower], [upper], 1.0, [middle[1] / ratio])[0])
    return (ratio, lower, upper, verdict) if verdict is not Verdict.TOO_LITTLE else _NOTHING


def _weighted(middle: Floats, size: int) -> WeightedDifference | None:
    """None for areas of unlike size, and where anything is hidden, or there is nothing to be set beside."""
    if not np.isfinite(middle).all() or not middle[0] or not middle[2]:
        return None
    if max(middle[0], middle[2]) > _LIKE * min(middle[0], middle[2]):
        return None
    found = weighted_difference(Pair(middle[0], middle[1]), Pair(middle[2], middle[3]))
    near = _NEAR if size > 1 else 1.0
    return replace(
        found, difference=_rounded(found.difference, near), lower=_rounded(found.lower, near),
        upper=_rounded(found.upper, near),
    )  # fmt: skip


def _rounded(value: float, near: float) -> float:
    return float(np.round(value / near) * near)
