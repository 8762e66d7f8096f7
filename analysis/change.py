"""Whether a count differs from the same period a year before by more than such counts usually do."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray

from analysis.expected import MINIMUM_PERIODS
from analysis.series import latest_break, tidy
from analysis.verdict import Verdict, percentage_change, verdict

#: |z| above this is worth acting on. Between two Poisson counts with one mean, z has variance 2: 3 is then 2.1
#: deviations.
WORTH_ACTING = 3.0


def two_period_z(new: ArrayLike, old: ArrayLike) -> NDArray[np.float64]:
    """z = 2 (sqrt(new) - sqrt(old)) of two counts over equally long periods; scalars or arrays.

    Source: Wheeler 2016, Int. J. of Police Science & Management 18:159-172.
    """
    return np.asarray(2 * (np.sqrt(np.asarray(new, float)) - np.sqrt(np.asarray(old, float))), dtype=np.float64)


@dataclass(frozen=True)
class YearEarlier:
    """A period's count beside the same period a year before. ``lower``-``upper`` is what could be expected, as counts.

    ``dispersion`` says how much more such pairs differ in this series than chance alone would make them (1 = as
    chance). ``reason`` says why there is no judgement: ``no_figure``, ``break``, ``short_history`` or
    ``small_counts``.
    """

    period_start: pd.Timestamp
    count: float
    previous_start: pd.Timestamp
    previous: float
    preliminary: bool
    z: float
    dispersion: float
    pairs: int
    lower: float
    upper: float
    verdict: Verdict
    percent: float | None
    reason: str = ""


def year_earlier(series: pd.DataFrame, *, breaks: Sequence[date] = (), at: date | None = None) -> YearEarlier:
    """Compare the newest period (or the one that starts ``at``) with the same period a year before.

    ``series`` has the columns of ``analysis.series.tidy``. Reported offences vary more than a Poisson count, so the
    limit |z| > 3 is widened by the root of the dispersion: half the mean of z² over all earlier pairs a year apart,
    final and on one side of every break, never under 1. The tested pair takes no part. Fewer than five such pairs
    carry no judgement.
    """
    rows = tidy(series)
    if rows.empty:
        raise ValueError("Serien är tom: det finns ingen period att jämföra.")
    start = rows["period_start"].max() if at is None else pd.Timestamp(at)
    if not (rows["period_start"] == start).any():
        raise ValueError(f"Serien har ingen period som börjar {at}.")
    before = start - pd.DateOffset(years=1)
    final = rows.set_index("period_start")
    count, previous = float(final["count"][start]), float(final["count"].get(before, np.nan))
    preliminary = bool(final["preliminary"][start] or final["preliminary"].get(before, False))
    earlier = _earlier_z(rows, start, breaks)
    z = float(two_period_z(count, previous))
    dispersion = max(1.0, float(np.mean(earlier**2)) / 2) if len(earlier) >= MINIMUM_PERIODS else np.nan
    reach = WORTH_ACTING * np.sqrt(dispersion) / 2
    lower, upper = max(0.0, np.sqrt(previous) - reach) ** 2, (np.sqrt(previous) + reach) ** 2
    reason = _reason(z, dispersion, latest_break(breaks, start), before)
    judged = Verdict.TOO_LITTLE if reason else verdict(count, lower, upper, previous)
    percent = None if reason in {"break", "no_figure"} else percentage_change(count, previous)
    if not reason and judged is Verdict.TOO_LITTLE:
        reason = "small_counts"
    if reason:
        lower = upper = np.nan
    return YearEarlier(
        pd.Timestamp(start), count, pd.Timestamp(before), previous, preliminary, z, dispersion, len(earlier),
        float(lower), float(upper), judged, percent, reason,
    )  # fmt: skip


def _earlier_z(rows: pd.DataFrame, start: pd.Timestamp, breaks: Sequence[date]) -> NDArray[np.float64]:
    """z of every pair a year apart before ``start`` whose two periods are final and lie after the latest break."""
    since = latest_break(breaks, start)
    kept = rows[(rows["period_start"] < start) & ~rows["preliminary"] & rows["count"].notna()]
    if since is not None:
        kept = kept[kept["period_start"] >= since]
    counts = kept.set_index("period_start")["count"]
    year_before = pd.DatetimeIndex(counts.index) - pd.DateOffset(years=1)
    old = counts.reindex(year_before).to_numpy()
    z = two_period_z(counts.to_numpy(), old)
    return z[np.isfinite(z)]


def _reason(z: float, dispersion: float, since: pd.Timestamp | None, before: pd.Timestamp) -> str:
    if not np.isfinite(z):
        return "no_figure"
    if since is not None and before < since:
        return "break"
    return "" if np.isfinite(dispersion) else "short_history"
