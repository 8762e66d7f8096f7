"""Before and after a chosen month, in a place beside the rest of the municipality."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date

import numpy as np
import pandas as pd

from analysis.before_after import Pair, WeightedDifference, weighted_difference
from analysis.effect import difference_in_differences
from analysis.two_counts import rate_ratio
from analysis.verdict import Verdict
from queries.event_rows import Asked, in_steps, step, within
from queries.local_window import Window, window
from store.warehouse import Build

#: So few months after is the least that is compared, and the most: then the whole year is in.
LEAST, MOST = 3, 12
#: Areas whose counts differ more than so many times are not of like size: a difference in events then says little.
_LIKE = 2.0
#: Shares and differences of protected sources are told to the nearest of these: exact, they would give counts away.
_PERCENT, _EVENTS = 5.0, 5.0


@dataclass(frozen=True)
class Change:
    """Events in a place in two equally long periods of the same season, before and after a month.

    ``before``, ``after``, ``control_before``, ``control_after``: events, in steps, NaN when hidden (of the control too
    when there is none). ``percent``, ``lower``, ``upper``: change in per cent beyond that of the control, with its
    95 % limits, or without a control simply the change; NaN when ``verdict`` is TOO_LITTLE. ``weighted``: the same as
    a number of events (WDD), None without a control of like size.
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
    everywhere = replace(asked, place_id=municipality_id)
    rows = pd.concat([within(build, everywhere, one).assign(after=one is after) for one in (before, after)])
    counts = _counts(rows, before, after)
    own = counts if asked.whole else counts[counts["area_id"] == place_id]
    treated = _pair(own)
    if treated.before + treated.after == 0:
        return None
    size = step(build, source_id)
    found = _against_itself(treated) if asked.whole else _against_others(counts, place_id, start)
    control = None if asked.whole else _pair(counts[(counts["area_id"] != place_id) & (counts["area_id"] != "")])
    own_before, own_after, control_before, control_after = in_steps(
        pd.Series([treated.before, treated.after, *_both(control)]), size
    )["events"].tolist()
    percent, lower, upper = (_rounded(100 * (one - 1), _PERCENT if size > 1 else 1.0) for one in found[:3])
    return Change(
        before.label(months, 0), after.label(months, 0), months, own_before, own_after, control_before, control_after,
        percent, lower, upper, found[3], _weighted(treated, control, size), control is not None, size,
    )  # fmt: skip


def _counts(rows: pd.DataFrame, before: Window, after: Window) -> pd.DataFrame:
    """Events by district and month, zeros included: area_id (empty: unknown), period_start, count, after."""
    months = pd.DatetimeIndex([*pd.date_range(before.first, before.last, freq="MS"),
                               *pd.date_range(after.first, after.last, freq="MS")])  # fmt: skip
    month = rows["moment"].dt.to_period("M").dt.to_timestamp().rename("period_start")
    summed = rows.groupby([rows["district"].rename("area_id"), month])["events"].sum()
    every = pd.MultiIndex.from_product([sorted(rows["district"].unique()), months], names=["area_id", "period_start"])
    out = summed.reindex(every, fill_value=0).rename("count").reset_index()
    return out.assign(after=out["period_start"] >= after.first)


def _pair(counts: pd.DataFrame) -> Pair:
    return Pair(*(float(counts.loc[counts["after"] == one, "count"].sum()) for one in (False, True)))


def _both(control: Pair | None) -> tuple[float, float]:
    return (0.0, 0.0) if control is None else (control.before, control.after)


def _against_itself(treated: Pair) -> tuple[float, float, float, Verdict]:
    found = rate_ratio(treated.before, treated.after).iloc[0]
    verdict = Verdict(found["verdict"])
    if verdict is Verdict.TOO_LITTLE:
        return np.nan, np.nan, np.nan, verdict
    return float(found["ratio"]), float(found["lower"]), float(found["upper"]), verdict


def _against_others(counts: pd.DataFrame, place_id: str, start: date) -> tuple[float, float, float, Verdict]:
    known = counts[counts["area_id"] != ""]
    found = difference_in_differences(known.assign(treated=known["area_id"] == place_id), start)
    if found.verdict is Verdict.TOO_LITTLE:
        return np.nan, np.nan, np.nan, found.verdict
    return found.ratio, found.lower, found.upper, found.verdict


def _weighted(treated: Pair, control: Pair | None, size: int) -> WeightedDifference | None:
    if control is None or not treated.before or not control.before:
        return None
    if max(treated.before, control.before) > _LIKE * min(treated.before, control.before):
        return None
    found = weighted_difference(treated, control)
    near = _EVENTS if size > 1 else 1.0
    return replace(
        found, difference=_rounded(found.difference, near), lower=_rounded(found.lower, near),
        upper=_rounded(found.upper, near),
    )  # fmt: skip


def _rounded(value: float, near: float) -> float:
    return float(np.round(value / near) * near)
