"""Class limits for maps: equal numbers of areas, or natural breaks."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

Floats = NDArray[np.float64]

FEWEST, MOST = 3, 7


@dataclass(frozen=True)
class Classes:
    """``lowest`` and ``highest`` value found in each class, from low to high, and how many areas are in it.

    A value belongs to the first class whose ``highest`` it does not exceed. No class is empty and no two are equal.
    """

    method: str
    lowest: tuple[float, ...]
    highest: tuple[float, ...]
    counts: tuple[int, ...]

    def assign(self, values: ArrayLike) -> NDArray[np.int64]:
        """Class number (0 the lowest) of each value; -1 where there is none.

        Values past the ends go to the end classes.
        """
        v = np.asarray(values, dtype=float)
        place = np.minimum(np.searchsorted(self.highest, v, side="left"), len(self.highest) - 1)
        return np.where(np.isnan(v), -1, place).astype(np.int64)


def classify(values: ArrayLike, method: str, k: int = 5, at: float | None = None) -> Classes:
    """At most ``k`` classes (3-7) of the values, missing ones aside; fewer where there are fewer distinct values.

    ``quantile``: as near equal numbers of areas as ties allow. ``natural``: least variance within the classes (Fisher
    1958, JASA 53:789-798; known as Jenks). Equal values always share a class. ``at``: no class has values on both sides
    of this one, which itself is the highest of its class; each side has classes in proportion to its areas, one at
    least. Raises ValueError for another method or ``k``, or when there are no values.
    """
    if method not in METHODS:
        raise ValueError(f"Okänd klassindelning: {method}. Välj en av {', '.join(METHODS)}.")
    if not FEWEST <= k <= MOST:
        raise ValueError(f"Antalet klasser ska vara {FEWEST}–{MOST}, inte {k}.")
    v = np.asarray(values, dtype=float)
    v = np.sort(v[np.isfinite(v)])
    if not len(v):
        raise ValueError("Det finns inga värden att dela in i klasser.")
    sides = [v] if at is None else [side for side in (v[v <= at], v[v > at]) if len(side)]
    few = min(max(1, round(k * len(sides[0]) / len(v))), k - 1) if len(sides) > 1 else k
    highest = np.concatenate([METHODS[method](side, n) for side, n in zip(sides, (few, k - few), strict=False)])
    starts = np.concatenate([[0], np.searchsorted(v, highest[:-1], side="right")])
    counts = np.diff(np.append(starts, len(v)))
    return Classes(method, tuple(v[starts].tolist()), tuple(highest.tolist()), tuple(counts.tolist()))


def _quantile(ordered: Floats, k: int) -> Floats:
    # Limits that are found values leave no class empty; unique() joins those that ties make equal.
    return np.unique(np.quantile(ordered, np.arange(1, k + 1) / k, method="inverted_cdf"))


def _natural(ordered: Floats, k: int) -> Floats:
    """Exact, by dynamic programming: the best split of the first j distinct values into c classes, for all j and c."""
    values, weights = np.unique(ordered, return_counts=True)
    n = len(values)
    k = min(k, n)
    # Sums from the left of weight, weight x value and weight x value²; centred, so that the squares keep their digits.
    centred = values - values.mean()
    w, s, q = (np.concatenate([[0.0], np.cumsum(weights * centred**power)]) for power in range(3))
    first = np.arange(n)
    best = q[1:] - s[1:] ** 2 / w[1:]
    start_of: list[NDArray[np.int64]] = []
    for _ in range(1, k):
        following, starts = np.full(n, np.inf), np.zeros(n, dtype=np.int64)
        for last in range(len(start_of) + 1, n):
            # The last class runs from each possible start to ``last``; the rest is already split in the best way.
            begin = first[len(start_of) + 1 : last + 1]
            within = q[last + 1] - q[begin] - (s[last + 1] - s[begin]) ** 2 / (w[last + 1] - w[begin])
            cost = best[begin - 1] + within
            chosen = int(np.argmin(cost))
            following[last], starts[last] = cost[chosen], begin[chosen]
        best = following
        start_of.append(starts)
    ends = [n - 1]
    for starts in reversed(start_of):
        ends.append(int(starts[ends[-1]]) - 1)
    return values[ends[::-1]]


METHODS: dict[str, Callable[[Floats, int], Floats]] = {"quantile": _quantile, "natural": _natural}
