"""The mean of answers on a scale as an index from 0 to 10, with how uncertain it is."""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike

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
