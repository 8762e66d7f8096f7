"""Whether some parts of a week, a year or a calendar have more events than if they fell evenly."""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike

from analysis.verdict import verdicts


def against_even(counts: ArrayLike, exposure: ArrayLike, alpha: float = 0.05) -> pd.DataFrame:
    """Each part's count beside what an even flow gives it: expected, lower, upper and verdict, a row per part.

    ``counts`` (n) may be fractions of events, as aoristic weights are; ``exposure`` (n) is each part's length, in any
    unit. Given the total, a part's count is binomial when events fall evenly. The limits leave out at most ``alpha``
    over all parts together (Bonferroni), half on each side. Weights that are spread vary less than whole events, so
    the limits are then wide rather than narrow. Events that come in groups vary more: what is asked is whether chance
    alone, one event at a time, makes such a part. Raises ValueError when a count is missing or negative.
    """
    from scipy.special import bdtrik

    observed, length = np.asarray(counts, dtype=float), np.asarray(exposure, dtype=float)
    if not (observed >= 0).all():
        raise ValueError("Varje del måste ha ett antal som inte är negativt.")
    share, total = length / length.sum(), float(np.round(observed.sum()))
    tail = alpha / (2 * len(observed))
    # The inverse of the distribution, made continuous: the quantile is the whole number at or above it.
    lower, upper = (np.ceil(bdtrik(q, total, share)) if total else np.zeros(len(share)) for q in (tail, 1 - tail))
    expected = share * total
    told = verdicts(np.round(observed), lower, upper, expected)
    return pd.DataFrame({"expected": expected, "lower": lower, "upper": upper, "verdict": told})
