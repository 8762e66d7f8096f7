"""Small areas: rates steadied by all the others, and whether neighbours are alike."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray

Floats = NDArray[np.float64]


def empirical_bayes(count: ArrayLike, base: ArrayLike) -> pd.DataFrame:
    """Rates (0-) drawn towards the common rate, the more the fewer persons stand behind them, one row per area.

    ``count`` and ``base`` (n, persons). Returns rate, smoothed and weight (0-1: what is left of the area's own rate).
    Areas without count or base get the common rate with weight 0 and rate NaN. A smoothed rate is for maps and for
    finding where to look, never a figure to quote: what the area reported is ``rate``. Source: Marshall 1991, Applied
    Statistics 40:283-294 (global moments). Raises ValueError when no area has a base.
    """
    x, n = np.asarray(count, dtype=float), np.asarray(base, dtype=float)
    known = np.isfinite(x) & (n > 0)
    if not known.any():
        raise ValueError("Inget område har någon befolkning att räkna på.")
    persons = np.where(known, n, 0.0)
    common = x[known].sum() / persons.sum()
    rate = np.where(known, x / np.where(known, n, 1), np.nan)
    spread = float(persons @ np.nan_to_num(rate - common) ** 2) / persons.sum()
    # What is left of the spread between areas once chance is taken away; none, when it is less than chance.
    between = max(0.0, spread - common / persons[known].mean())
    by_chance = common / np.where(known, n, np.inf)
    weight = np.where(known, between / np.where(between + by_chance > 0, between + by_chance, 1), 0.0)
    smoothed = weight * np.nan_to_num(rate) + (1 - weight) * common
    return pd.DataFrame({"rate": rate, "smoothed": smoothed, "weight": weight})


@dataclass(frozen=True)
class Alike:
    """Moran's I: 1 = neighbours alike, ``expected`` (a little under 0) = no order. ``p`` one-sided, by permutations."""

    index: float
    expected: float
    p: float


def moran(values: ArrayLike, neighbours: Floats, permutations: int = 999, seed: int = 1) -> Alike:
    """Whether areas that lie beside each other have more alike ``values`` (n) than areas anywhere.

    ``neighbours`` (n x n): 1 where the column's area is a neighbour of the row's, else 0; rows are made to sum to 1,
    and areas without neighbours take no part as centres. Source: Moran 1950, Biometrika 37:17-23; Cliff & Ord 1981,
    Spatial Processes. Raises ValueError when values are missing or all alike, or nobody has a neighbour.
    """
    v, w = np.asarray(values, dtype=float), np.asarray(neighbours, dtype=float)
    degree = w.sum(axis=1, keepdims=True)
    if not np.isfinite(v).all() or np.ptp(v) == 0 or not degree.any():
        raise ValueError(
            "Det behövs värden som skiljer sig åt, för alla områden, och områden som gränsar till varandra."
        )
    w = w / np.where(degree > 0, degree, 1)
    z = v - v.mean()
    scale = len(v) / w.sum() / (z @ z)
    index = float(scale * (z @ (w @ z)))
    rng = np.random.default_rng(seed)
    shuffled = rng.permuted(np.tile(z, (permutations, 1)), axis=1)
    by_chance = scale * np.einsum("pi,pi->p", shuffled, shuffled @ w.T)
    p = float((1 + np.sum(by_chance >= index)) / (permutations + 1))
    return Alike(index, -1 / (len(v) - 1), p)


def local_gi_star(values: ArrayLike, neighbours: Floats) -> Floats:
    """Gi* of each area: the sum of its own and its neighbours' ``values`` (n) as a z, large where high ones meet.

    ``neighbours`` (n x n) as for ``moran``; the area itself counts too (star), all with weight 1 (binary). Source: Ord
    & Getis 1995, Geographical Analysis 27:286-306, eq. 5. NaN where the area and its neighbours are all there are.
    """
    v = np.asarray(values, dtype=float)
    w = np.asarray(neighbours, dtype=float).copy()
    np.fill_diagonal(w, 1.0)
    n, many = len(v), w.sum(axis=1)
    spread = v.std() * np.sqrt((n * (w**2).sum(axis=1) - many**2) / (n - 1))
    return np.asarray((w @ v - many * v.mean()) / np.where(spread > 0, spread, np.nan))
