"""How uncertain a share is: its two-sided interval."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

Floats = NDArray[np.float64]


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


def _check_level(level: float) -> None:
    if not 0 < level < 1:
        raise ValueError(f"Konfidensgraden ska ligga mellan 0 och 1, inte {level}.")
