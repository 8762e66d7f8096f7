"""A series as numbers: periods in order with count and exposure, and which of them can be compared."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import numpy as np
import pandas as pd


def tidy(series: pd.DataFrame) -> pd.DataFrame:
    """``series`` in order, as ``period_start`` (datetime64), ``count``, ``exposure`` (floats), ``preliminary`` (bool).

    ``period_start`` and ``count`` are needed. ``exposure`` is what the count is set against, mostly persons; without
    the column it is 1. ``preliminary`` is False without its column. Raises ValueError when a period comes twice.
    """
    out = pd.DataFrame({"period_start": pd.to_datetime(series["period_start"]).astype("datetime64[s]")})
    for column, default in (("count", np.nan), ("exposure", 1.0)):
        out[column] = series[column].to_numpy(dtype=float, na_value=np.nan) if column in series else default
    out["preliminary"] = series["preliminary"].fillna(False).astype(bool) if "preliminary" in series else False
    if out["period_start"].duplicated().any():
        twice = out.loc[out["period_start"].duplicated(), "period_start"].iloc[0]
        raise ValueError(f"Perioden som börjar {twice:%Y-%m-%d} finns två gånger i serien.")
    return out.sort_values("period_start", ignore_index=True)


def latest_break(breaks: Sequence[date], at: pd.Timestamp) -> pd.Timestamp | None:
    """The last break on or before ``at`` (first day after the break), or None."""
    earlier = [pd.Timestamp(day) for day in breaks if pd.Timestamp(day) <= at]
    return max(earlier, default=None)


def comparable(tidied: pd.DataFrame, at: pd.Timestamp, breaks: Sequence[date] = ()) -> pd.DataFrame:
    """The rows before ``at`` and after the latest break that have a final count and a positive exposure."""
    start = latest_break(breaks, at)
    keep = (tidied["period_start"] < at) & tidied["count"].notna() & (tidied["exposure"] > 0) & ~tidied["preliminary"]
    if start is not None:
        keep &= tidied["period_start"] >= start
    return tidied[keep]


def rolling_year(series: pd.DataFrame, periods_per_year: int) -> pd.DataFrame:
    """Sums over each whole year of consecutive periods, named by the last one; windows with a gap are left out.

    Takes the columns of ``tidy``; returns them with ``count`` the year's sum, ``exposure`` the mean over the window and
    ``preliminary`` true when any part is. Rolling years compare without the seasons in the way.
    """
    rows = tidy(series)
    start = rows["period_start"]
    place = start.dt.year * periods_per_year + (start.dt.month - 1) * periods_per_year // 12
    count, exposure, preliminary = (
        rows[column].astype(float).rolling(periods_per_year) for column in ("count", "exposure", "preliminary")
    )
    whole = (place - place.shift(periods_per_year - 1) == periods_per_year - 1) & count.sum().notna()
    out = pd.DataFrame(
        {
            "period_start": start,
            "count": count.sum(),
            "exposure": exposure.mean(),
            "preliminary": preliminary.max().eq(1),
        }
    )
    return pd.DataFrame(out[whole]).reset_index(drop=True)
