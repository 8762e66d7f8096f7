"""How uncertain a count, a rate or a share is: two-sided intervals."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

Floats = NDArray[np.float64]

#: Byar's approximation is used from this count; exact limits below it.
BYAR_FROM = 10


class Interval(NamedTuple):
    """Lower and upper limits, in the shape of what was asked for."""

    lower: Floats
    upper: Floats


def count_interval(count: ArrayLike, level: float = 0.95) -> Interval:
    """Interval of the mean behind a Poisson count (scalar or array; not negative, missing gives missing).

    Byar's approximation for 10 or more, exact limits from the chi-square distribution (half of its quantiles) below.
    Source: Breslow & Day 1987, Statistical Methods in Cancer Research II, pp. 68-71 (both forms).
    """
    from scipy.special import gammaincinv, ndtri

    o = np.asarray(count, dtype=float)
    if np.any(o < 0):
        raise ValueError("Ett antal kan inte vara negativt.")
    _check_level(level)
    tail, z = (1 - level) / 2, ndtri((1 + level) / 2)
    # gammaincinv(a, p) is half the chi-square quantile with 2a degrees of freedom.
    exact_lower = np.where(o > 0, gammaincinv(np.where(o > 0, o, 1), tail), 0.0)
    exact_upper = gammaincinv(o + 1, 1 - tail)
    big, more = np.maximum(o, 1), o + 1
    byar_lower = big * (1 - 1 / (9 * big) - z / (3 * np.sqrt(big))) ** 3
    byar_upper = more * (1 - 1 / (9 * more) + z / (3 * np.sqrt(more))) ** 3
    lower = np.where(o >= BYAR_FROM, byar_lower, exact_lower)
    upper = np.where(o >= BYAR_FROM, byar_upper, exact_upper)
    return Interval(np.where(np.isnan(o), np.nan, lower), np.where(np.isnan(o), np.nan, upper))


def rate_interval(count: ArrayLike, population: ArrayLike, per: float = 100_000, level: float = 0.95) -> Interval:
    """Interval of a rate: the count's interval over the population (persons, taken as known), per ``per`` persons.

    A population of zero or less, or none, gives no interval.
    """
    n = np.asarray(population, dtype=float)
    factor = per / np.where(n > 0, n, np.nan)
    lower, upper = count_interval(count, level)
    return Interval(lower * factor, upper * factor)


def share_interval(part: ArrayLike, whole: ArrayLike, level: float = 0.95) -> Interval:
    """Wilson's score interval of a share ``part / whole`` (0-1). A whole of zero, or none, gives no interval.

    Source: Wilson 1927, JASA 22:209-212. Raises ValueError when a part is negative or larger than its whole.
    """
    from scipy.special import ndtri

    x, n = np.asarray(part, dtype=float), np.asarray(whole, dtype=float)
    if np.any((x < 0) | (x > n)):
        raise ValueError("En del kan inte vara negativ eller större än det hela.")
    _check_level(level)
    z = ndtri((1 + level) / 2)
    n = np.where(n > 0, n, np.nan)
    p = x / n
    middle = (p + z**2 / (2 * n)) / (1 + z**2 / n)
    half = z / (1 + z**2 / n) * np.sqrt(p * (1 - p) / n + z**2 / (4 * n**2))
    # At 0 and 1 the limits are exactly 0 and 1; rounding must not put the share outside its own interval.
    return Interval(np.where(x == 0, 0.0, middle - half) + 0 * n, np.where(x == n, 1.0, middle + half) + 0 * n)


def _check_level(level: float) -> None:
    if not 0 < level < 1:
        raise ValueError(f"Konfidensgraden ska ligga mellan 0 och 1, inte {level}.")
