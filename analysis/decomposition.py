"""A series taken apart, to look at: its trend and season (STL), and where its level may have shifted."""

from __future__ import annotations

import numpy as np
import pandas as pd

from analysis.control_chart import u_chart
from analysis.series import tidy

#: Years that a season is smoothed over: nearly the same every year, yet it may drift.
SEASON_YEARS = 35
#: Years that are needed for a season that drifts and for robust weights (Cleveland et al. 1990, 3.3: at least 7). With
#: fewer, a line through each month's few figures would take up nearly all of them as season, and leave no rest.
YEARS_OF_DRIFT = 7
#: Rounds of robust weights, so that a wild month does not bend the curves.
ROUNDS = 15

#: Cost of one more level, in natural logarithms of the number of periods; with 3 a series without any shift, whose
#: periods are independent, gets one in fewer than one case of twenty (simulated in the tests).
PENALTY = 3.0
#: Shortest level in periods.
SHORTEST = 6


def decompose(series: pd.DataFrame, periods_per_year: int = 12, rounds: int = ROUNDS) -> pd.DataFrame:
    """STL of the rates count / exposure: period_start, value, trend, season, rest (they add up), weight (0-1).

    ``series`` has the columns of ``analysis.series.tidy``: every period from the first to the last, at least two years.
    To look at, never to judge by: neither part has an interval, and the ends of the trend move when a period is added.
    Under YEARS_OF_DRIFT years the season is nearly the same every year, and no period weighs less. Source: Cleveland
    et al. 1990, J. Official Statistics 6:3-73; statsmodels' STL, with R's default windows.
    Raises ValueError when periods are missing or too few.
    """
    from statsmodels.tsa.seasonal import STL

    rows = tidy(series)
    place = rows["period_start"].dt.year * periods_per_year + (
        (rows["period_start"].dt.month - 1) * periods_per_year // 12
    )
    if rows["count"].isna().any() or not (rows["exposure"] > 0).all() or (place.diff().dropna() != 1).any():
        raise ValueError("Serien har luckor; trend och säsong går bara att skilja åt i en hel serie.")
    if len(rows) < 2 * periods_per_year:
        raise ValueError("Det behövs minst två år för att skilja trend och säsong åt.")
    value = rows["count"] / rows["exposure"]
    # R's windows: the smallest odd ones that leave the season out of the trend; curves are worked out at every tenth
    # of a window and drawn straight between.
    low_pass = periods_per_year + 1 - periods_per_year % 2
    trend = int(np.ceil(1.5 * periods_per_year / (1 - 1.5 / SEASON_YEARS)))
    trend += 1 - trend % 2
    jumps = [int(np.ceil(window / 10)) for window in (SEASON_YEARS, trend, low_pass)]
    drifts = len(rows) >= YEARS_OF_DRIFT * periods_per_year
    found = STL(
        value.to_numpy(), periods_per_year, SEASON_YEARS, trend, low_pass, seasonal_deg=int(drifts), trend_deg=1,
        low_pass_deg=1, robust=drifts, seasonal_jump=jumps[0], trend_jump=jumps[1], low_pass_jump=jumps[2],
    ).fit(inner_iter=1 if drifts else 2, outer_iter=rounds if drifts else 0)  # fmt: skip
    parts = {"trend": found.trend, "season": found.seasonal, "rest": found.resid, "weight": found.weights}
    return pd.DataFrame({"period_start": rows["period_start"], "value": value, **parts})


def levels(series: pd.DataFrame, periods_per_year: int = 12) -> pd.DataFrame:
    """The levels that a series seems to have had: first and last (first days), periods, count, exposure, ratio.

    A row per level, a single one when nothing seems to have shifted. For exploring, with no verdict: dates found by
    looking through the data must be tested on other data. ``ratio`` is the level over that of the whole series, seasons
    set aside. PELT with squared differences of the control chart's z, in the chart's own spread, each new level at a
    cost of PENALTY x ln(periods) and SHORTEST long. Sources: Killick, Fearnhead & Eckley 2012, JASA 107:1590-1598; the
    library ruptures (Truong, Oudre & Vayatis 2020, Signal Processing 167:107299). Takes what ``u_chart`` takes; periods
    without limits are left out. Raises ValueError when fewer than two levels' worth are left.
    """
    from ruptures import Pelt

    chart = u_chart(series, periods_per_year=periods_per_year)
    rows = chart.points[chart.points["expected"] > 0].reset_index(drop=True)
    n = len(rows)
    if n < 2 * SHORTEST:
        raise ValueError(f"Det behövs minst {2 * SHORTEST} perioder för att leta efter skiften.")
    scaled = (rows["z"] / chart.spread).to_numpy()
    ends = Pelt(model="l2", min_size=SHORTEST, jump=1).fit(scaled).predict(pen=PENALTY * float(np.log(n)))
    level = np.searchsorted(ends, np.arange(n), side="right")
    groups = rows.assign(foreseen=rows["expected"] * rows["exposure"]).groupby(level)
    out = groups.agg(
        first=("period_start", "first"), last=("period_start", "last"), periods=("z", "size"),
        count=("count", "sum"), exposure=("exposure", "sum"), foreseen=("foreseen", "sum"),
    )  # fmt: skip
    return out.assign(ratio=out["count"] / out["foreseen"]).drop(columns="foreseen").reset_index(drop=True)
