"""Whether a series has been rising or falling, and by how much a year."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
import pandas as pd

from analysis.expected import MINIMUM_PERIODS
from analysis.poisson import fit
from analysis.series import comparable, tidy
from analysis.verdict import MINIMUM_BASE, Verdict, effect_verdicts

_DIRECTIONS = {
    Verdict.HIGHER: "up",
    Verdict.LOWER: "down",
    Verdict.NORMAL: "none",
    Verdict.TOO_LITTLE: "unknown",
}


@dataclass(frozen=True)
class Trend:
    """Change of the rate per year in per cent, with its interval, between two periods (first days).

    ``direction`` is ``up`` or ``down`` when the whole interval lies on one side of zero, else ``none``; ``unknown``
    (and NaN figures) when there are too few periods or too few events.
    """

    first: pd.Timestamp | None
    last: pd.Timestamp | None
    periods: int
    level: float
    percent_per_year: float = np.nan
    lower: float = np.nan
    upper: float = np.nan
    direction: str = "unknown"


def trend(series: pd.DataFrame, *, breaks: Sequence[date] = (), level: float = 0.95) -> Trend:
    """Log-linear trend of whole years (or rolling years ending a year apart) after the latest break, newest included.

    ``series`` has the columns of ``analysis.series.tidy``; preliminary periods are left out. The same quasi-Poisson
    model as the expected interval, so that a few wild years widen the interval; Student's t for the few degrees of
    freedom.
    """
    from scipy.special import stdtrit

    rows = comparable(tidy(series), pd.Timestamp.max.as_unit("s"), breaks)
    first, last = (rows["period_start"].iloc[0], rows["period_start"].iloc[-1]) if len(rows) else (None, None)
    if len(rows) < MINIMUM_PERIODS or rows["count"].mean() < MINIMUM_BASE:
        return Trend(first, last, len(rows), level)
    start = rows["period_start"].dt
    years = (start.year + (start.month - 1) / 12).to_numpy(dtype=float)
    design = np.column_stack([np.ones(len(rows)), years - years[-1]])
    model = fit(design, rows["count"].to_numpy(), rows["exposure"].to_numpy())
    reach = float(stdtrit(model.df, (1 + level) / 2)) * float(np.sqrt(model.covariance[1, 1]))
    slope = float(model.coefficients[1])
    percent, lower, upper = (float(np.expm1(x) * 100) for x in (slope, slope - reach, slope + reach))
    direction = _DIRECTIONS[Verdict(effect_verdicts([lower], [upper], 0.0, [rows["count"].mean()])[0])]
    return Trend(first, last, len(rows), level, percent, lower, upper, direction)
