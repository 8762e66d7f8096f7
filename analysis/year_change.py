"""Whether one year's events differ from another's by more than their months vary."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray

from analysis.poisson import fit
from analysis.verdict import Verdict, effect_verdicts

Floats = NDArray[np.float64]

#: Fewer seasons (months, quarters) with events than this tell too little of how counts vary.
MINIMUM_SEASONS = 3


@dataclass(frozen=True)
class Ratio:
    """How many times as often as in the older year: ``ratio`` with limits; NaN when there is too little to say it."""

    ratio: float = np.nan
    lower: float = np.nan
    upper: float = np.nan
    dispersion: float = np.nan
    verdict: Verdict = Verdict.TOO_LITTLE


def year_change(
    old: ArrayLike, new: ArrayLike, old_exposure: ArrayLike = 1.0, new_exposure: ArrayLike = 1.0, level: float = 0.95
) -> Ratio:
    """The rate of a year's events over that of an earlier year, from the same seasons (months, quarters) of both.

    ``old`` and ``new`` (n): events by season, in the same order; exposures: persons, or those who could report.
    log E(count) = log(exposure) + season + change x new. Whatever the seasons have in common falls out; how the months
    of both years vary around it is the dispersion (quasi-Poisson, never under 1), so that a source whose events come
    in bursts is judged by its own unrest. Student's t. The verdict is HIGHER or LOWER when the interval leaves out 1;
    its base is what the old rate makes of the new exposure. Source: McCullagh & Nelder 1989, 6.2; conditional on the
    seasons as in Armstrong, Gasparrini & Tobias 2014, BMC Med. Res. Methodol. 14:122.
    """
    from scipy.special import stdtrit

    columns = np.broadcast_arrays(*(np.asarray(v, dtype=float) for v in (old, new, old_exposure, new_exposure)))
    x, y, n, m = (np.atleast_1d(v) for v in columns)
    known = np.isfinite(x) & np.isfinite(y) & (n > 0) & (m > 0) & (x + y > 0)
    x, y, n, m = x[known], y[known], n[known], m[known]
    if len(x) < MINIMUM_SEASONS or x.sum() <= 0:
        return Ratio()
    expected = float(x.sum() / n.sum() * m.sum())
    if y.sum() == 0:
        # No event at all has no logarithm: half an event stands in, spread over the seasons (Haldane 1956).
        y = np.full(len(y), 0.5 / len(y))
    seasons = np.tile(np.eye(len(x)), (2, 1))
    later = np.repeat([0.0, 1.0], len(x))
    model = fit(np.column_stack([later, seasons]), np.concatenate([x, y]), np.concatenate([n, m]))
    reach = float(stdtrit(model.df, (1 + level) / 2)) * float(np.sqrt(model.covariance[0, 0]))
    middle = float(model.coefficients[0])
    lower, upper = (float(np.exp(middle + sign * reach)) for sign in (-1, 1))
    told = Verdict(effect_verdicts([lower], [upper], 1.0, [expected])[0])
    return Ratio(float(np.exp(middle)), lower, upper, model.dispersion, told)


def nearest(middle: pd.Timestamp, starts: pd.Series, ends: pd.Series) -> int:
    """The position of the period whose middle lies nearest, the later one of two as near.

    Raises ValueError without periods."""
    apart = (starts + (ends - starts) / 2 - middle).abs().to_numpy()
    if not len(apart):
        raise ValueError("Det finns inga perioder att välja bland.")
    return int(np.flatnonzero(apart == apart.min())[np.argmax(starts.to_numpy()[apart == apart.min()])])
