"""Whether two counts differ by more than chance."""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray

from analysis.verdict import effect_verdicts

Floats = NDArray[np.float64]

#: |z| of two counts from which a change is worth acting on: many are looked at, and two in a row are rarely alike.
WORTH_ACTING = 3.0

#: How far out on each side of its mean a count is followed, in standard deviations; beyond lies less than 1e-17.
_REACH = 9.0

#: Outcomes exactly as extreme as the observed one belong to the p-value; rounding must not lose them.
_TIE = 1e-9


def root_change(old: ArrayLike, new: ArrayLike) -> Floats:
    """z = 2(√new - √old) of two counts over equally long periods: near standard normal when nothing has changed.

    Strictly the variance is 2, since both counts vary: z answers whether the new count is remarkable with the old one
    taken as its level, which is why WORTH_ACTING is 3 and not 2. Source: the square root makes the variance of a
    Poisson count 1/4 (Anscombe 1948, Biometrika 35:246-254). Raises ValueError when a count is negative.
    """
    a, b = np.asarray(old, dtype=float), np.asarray(new, dtype=float)
    if np.any(a < 0) or np.any(b < 0):
        raise ValueError("Ett antal kan inte vara negativt.")
    return np.asarray(2 * (np.sqrt(b) - np.sqrt(a)))


def e_test(count: ArrayLike, other: ArrayLike, exposure: ArrayLike = 1.0, other_exposure: ArrayLike = 1.0) -> Floats:
    """Two-sided p of equal rates behind two Poisson counts with known exposures (persons, days): the E-test.

    The chance, at the common rate, of two counts whose score statistic is at least as large as the one seen. Arrays
    are broadcast; missing figures, exposures of zero, and two counts of zero give NaN, NaN and 1. Counts are whole
    numbers: ValueError otherwise, or when negative. Source: Krishnamoorthy & Thomson 2004, J. Statistical Planning
    and Inference 119:23-35; equal to statsmodels' etest_poisson_2indep, which takes seconds to import and one pair at
    a time.
    """
    x, y, n, m = np.broadcast_arrays(*(np.asarray(v, dtype=float) for v in (count, other, exposure, other_exposure)))
    known = np.isfinite(x) & np.isfinite(y) & (n > 0) & (m > 0)
    if np.any((x[known] < 0) | (y[known] < 0) | (x[known] % 1 != 0) | (y[known] % 1 != 0)):
        raise ValueError("Antalen ska vara hela tal som inte är negativa.")
    out = np.full(x.shape, np.nan)
    out[known] = [_e_test(*pair) for pair in zip(x[known], y[known], n[known], m[known], strict=True)]
    return out


def _e_test(x: float, y: float, n: float, m: float) -> float:
    from scipy.special import gammaln, pdtr, pdtrc

    if x + y == 0:
        return 1.0
    rate = (x + y) / (n + m)
    statistic = (m * x - n * y) ** 2 / (n * m * (x + y)) * (1 - _TIE)
    reach = _REACH * np.sqrt(n * rate) + 4 * _REACH
    i = np.arange(max(0.0, np.floor(n * rate - reach)), np.ceil(n * rate + reach) + 1)
    chance = np.exp(i * np.log(n * rate) - n * rate - gammaln(i + 1))
    # For each i, the other count j is extreme outside the roots of (m i - n j)² = statistic x n m (i + j), in j.
    half = m * i / n + statistic * m / (2 * n)
    root = np.sqrt(np.maximum(half**2 - (m * i / n) ** 2 + statistic * m * i / n, 0.0))
    below, above = np.floor(half - root), np.ceil(half + root)
    # Without any event on the first side, fewer on the other is never more extreme.
    low = np.where((below >= 0) & (i > 0), pdtr(np.maximum(below, 0.0), m * rate), 0.0)
    high = np.where(above > 0, pdtrc(np.maximum(above - 1, 0.0), m * rate), 1.0)
    return min(1.0, float(np.sum(chance * (low + high))))


def rate_ratio(
    old: ArrayLike,
    new: ArrayLike,
    old_exposure: ArrayLike = 1.0,
    new_exposure: ArrayLike = 1.0,
    level: float = 0.95,
) -> pd.DataFrame:
    """How many times the old rate the new one is: ratio, lower, upper, p (E-test) and verdict, a row per pair.

    Exact interval: given their sum, the new count is binomial (Clopper & Pearson 1934, Biometrika 26:404-413). The
    verdict is HIGHER or LOWER when the interval leaves out 1; its base is what the old rate makes of the new exposure.
    """
    from scipy.special import betaincinv

    a, b, n, m = (
        np.atleast_1d(v)
        for v in np.broadcast_arrays(*(np.asarray(w, dtype=float) for w in (old, new, old_exposure, new_exposure)))
    )
    known = (n > 0) & (m > 0) & np.isfinite(a) & np.isfinite(b)
    relative = np.where(known, m / np.where(n > 0, n, 1), np.nan)
    tail = (1 - level) / 2
    share_low = np.where(b > 0, betaincinv(np.maximum(b, 1), a + 1, tail), 0.0)
    share_high = np.where(a > 0, betaincinv(b + 1, np.maximum(a, 1), 1 - tail), 1.0)
    with np.errstate(divide="ignore", invalid="ignore"):
        ratio, lower, upper = (odds / relative for odds in (b / a, *(s / (1 - s) for s in (share_low, share_high))))
    told = effect_verdicts(lower, upper, 1.0, a * relative)
    frame = {"ratio": ratio, "lower": lower, "upper": upper, "p": e_test(b, a, m, n), "verdict": told}
    return pd.DataFrame(frame)
