"""Shares from weighted answers: how uncertain they are, and whether two of them differ."""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray

from analysis.intervals import share_interval
from analysis.verdict import Verdict, effect_verdicts

Floats = NDArray[np.float64]


def weighted_share(part: ArrayLike, weight: ArrayLike, squares: ArrayLike, level: float = 0.95) -> pd.DataFrame:
    """Shares (n) of a population from answers that stand for unequally many.

    ``part`` and ``weight`` (n): the sums of weights of those who answered so and of all who answered; ``squares`` (n):
    the sum of their squared weights. Returns share, lower, upper (0-1) and effective: (Σw)²/Σw², the number of equally
    weighted answers that would tell as much (Kish 1965, Survey Sampling, 11.7). The limits are Wilson's with that
    number. Without answers all is NaN. Strata and clusters are not known here, so the limits can be a little narrow.
    """
    x, w, squared = (np.asarray(one, dtype=float) for one in (part, weight, squares))
    known = (w > 0) & (squared > 0)
    effective = np.where(known, w**2 / np.where(known, squared, 1), np.nan)
    share = np.where(known, np.clip(x / np.where(known, w, 1), 0, 1), np.nan)
    lower, upper = share_interval(np.nan_to_num(share * effective), np.nan_to_num(effective), level)
    return pd.DataFrame({"share": share, "lower": lower, "upper": upper, "effective": effective})


def difference(one: pd.DataFrame, other: pd.DataFrame) -> pd.DataFrame:
    """How much larger shares of ``one`` are than those of ``other``: difference, lower, upper (-1 to 1), by row.

    Both as ``weighted_share`` gives them, from different people. Newcombe's hybrid of the two intervals (Newcombe 1998,
    Statistics in Medicine 17:873-890, method 10).
    """
    p, q = one.reset_index(drop=True), other.reset_index(drop=True)
    apart = p["share"] - q["share"]
    down = np.sqrt((p["share"] - p["lower"]) ** 2 + (q["upper"] - q["share"]) ** 2)
    up = np.sqrt((p["upper"] - p["share"]) ** 2 + (q["share"] - q["lower"]) ** 2)
    return pd.DataFrame({"difference": apart, "lower": apart - down, "upper": apart + up})


def verdicts(apart: pd.DataFrame, enough: ArrayLike) -> list[Verdict]:
    """What each difference says: HIGHER or LOWER when its whole interval lies on one side of zero.

    ``apart`` as ``difference`` gives it; ``enough`` (n): whether both bases carry a judgement.
    """
    told = effect_verdicts(apart["lower"], apart["upper"], 0.0, np.asarray(enough, dtype=float), minimum_base=1)
    return list(told)
