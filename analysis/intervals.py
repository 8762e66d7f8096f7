"""How uncertain a count, a rate or a share is: its two-sided interval."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

Floats = NDArray[np.float64]

#: From this count on, Byar's approximation is as good as the exact interval.
_BYAR = 10


class Interval(NamedTuple):
    """Lower and upper limits, in the shape of what was asked for."""

    lower: Floats
    upper: Floats


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


def count_interval(count: ArrayLike, level: float = 0.95) -> Interval:
    """Interval of the mean behind a Poisson ``count``: Byar's approximation from 10 on, exact below.

    Sources: Breslow & Day 1987, Statistical Methods in Cancer Research II, p. 69 (Byar); Garwood 1936, Biometrika
    28:437-442 (exact). A missing count gives no interval. Raises ValueError when a count is negative.
    """
    from scipy.special import gammaincinv, ndtri

    x = np.asarray(count, dtype=float)
    if np.any(x < 0):
        raise ValueError("Ett antal kan inte vara negativt.")
    _check_level(level)
    z, tail = ndtri((1 + level) / 2), (1 - level) / 2
    above, many = x + 1, np.maximum(x, 1)
    lower = x * (1 - 1 / (9 * many) - z / (3 * np.sqrt(many))) ** 3
    upper = above * (1 - 1 / (9 * above) + z / (3 * np.sqrt(above))) ** 3
    exact_lower = np.where(x > 0, gammaincinv(many, tail), 0.0)
    exact_upper = gammaincinv(above, 1 - tail)
    return Interval(np.where(x < _BYAR, exact_lower, lower) + 0 * x, np.where(x < _BYAR, exact_upper, upper) + 0 * x)


def rate_interval(count: ArrayLike, base: ArrayLike, per: float = 100_000, level: float = 0.95) -> Interval:
    """Interval of the rate ``count / base x per``; ``base`` (mostly persons) is taken as known.

    A base of zero, or none, gives no interval.
    """
    n = np.asarray(base, dtype=float)
    lower, upper = count_interval(count, level)
    n = np.where(n > 0, n, np.nan)
    return Interval(lower / n * per, upper / n * per)


def _check_level(level: float) -> None:
    if not 0 < level < 1:
        raise ValueError(f"Konfidensgraden ska ligga mellan 0 och 1, inte {level}.")
