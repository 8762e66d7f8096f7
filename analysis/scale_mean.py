"""The mean of answers on a scale as an index from 0 to 10, with how uncertain it is."""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray

from analysis.verdict import effect_verdicts

_Z = 1.959964


def scale_index(
    weight: ArrayLike, squares: ArrayLike, total: ArrayLike, total_squares: ArrayLike, levels: ArrayLike
) -> pd.DataFrame:
    """The index of n groups: 0 when all gave the scale's lowest answer, 10 when all gave its highest.

    ``weight`` and ``squares`` (n): the sums of weights and of squared weights; ``total`` and ``total_squares`` (n): the
    weighted sums of the answers, 1 to ``levels``, and of their squares. Returns index, lower, upper (95 %). NaN without
    answers, or on a scale of one level. The limits are normal ones with z² more answers, half at each end of the scale:
    few who all answer alike may by luck have left out those who would not. With two levels they are Agresti & Coull's
    (1998, Am. Stat. 52:119-126), with Kish's effective number of answers as in ``analysis.weighted`` (Franco et al.
    2019, J. Surv. Stat. Methodol. 7:334-364).
    """
    w, w2, x, x2, k = (np.asarray(one, dtype=float) for one in (weight, squares, total, total_squares, levels))
    known = (w > 0) & (k > 1)
    safe, steps = np.where(known, w, 1), np.where(known, k - 1, 1)
    # From 0 to 1: the mean, and the mean of the squares.
    mean = (x / safe - 1) / steps
    square = (x2 / safe - 2 * x / safe + 1) / steps**2
    effective = np.where(known & (w2 > 0), w**2 / np.where(w2 > 0, w2, 1), np.nan)
    answers = effective + _Z**2
    middle, end = (effective * mean + _Z**2 / 2) / answers, (effective * square + _Z**2 / 2) / answers
    reach = _Z * np.sqrt(np.maximum(end - middle**2, 0) / answers)
    lower, upper = np.maximum(middle - reach, 0), np.minimum(middle + reach, 1)
    return pd.DataFrame({"index": np.where(known, mean, np.nan), "lower": lower, "upper": upper}) * 10


def changed(before: pd.DataFrame, after: pd.DataFrame) -> NDArray[np.object_]:
    """What the change of each index says: HIGHER or LOWER when its whole interval (95 %) lies on one side of zero.

    Both have value, lower, upper and base (answers), by row, from different answers (or from the same people, whose
    change is then surer than told). The interval is the hybrid of the two (Zou & Donner 2008, Statistics in Medicine
    27:1693-1702). Without limits, or with a base under MINIMUM_BASE in either, TOO_LITTLE.
    """
    old, new = (one[["value", "lower", "upper", "base"]].to_numpy(dtype=float).T for one in (before, after))
    apart = new[0] - old[0]
    down = np.sqrt((new[0] - new[1]) ** 2 + (old[2] - old[0]) ** 2)
    up = np.sqrt((new[2] - new[0]) ** 2 + (old[0] - old[1]) ** 2)
    return effect_verdicts(apart - down, apart + up, 0.0, np.minimum(new[3], old[3]))
