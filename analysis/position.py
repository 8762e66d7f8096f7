"""Where a value stands in a distribution: between published percentiles, or exactly when every value is known."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Position:
    """``above``: the highest published percentile that the value is over; ``below``: the lowest that it is under.

    None at an end, both None when there is no value. ``areas`` is how many areas the distribution holds.
    """

    value: float
    above: int | None
    below: int | None
    areas: int


@dataclass(frozen=True)
class Rank:
    """Exact place among all ``areas`` values: ``rank`` 1 is the highest, equal values share the better rank.

    ``lower_pct`` and ``higher_pct``: share of the areas (per cent) with a lower and a higher value; the rest have the
    same.
    """

    value: float
    rank: int
    ties: int
    areas: int
    lower_pct: float
    higher_pct: float


def band(value: float, percentiles: Mapping[int, float], areas: int) -> Position:
    """The band of published percentiles (level -> its value) around a value, without guessing a rank inside it.

    A value equal to a percentile lies in the band that reaches past it on both sides, since nothing tells how many
    areas share the value: at the 95th, it is "over the 90th".
    """
    levels = sorted(percentiles)
    above, below = bands([value], levels, [percentiles[level] for level in levels])
    low, high = above[0], below[0]
    return Position(value, None if np.isnan(low) else int(low), None if np.isnan(high) else int(high), areas)


def bands(values: ArrayLike, levels: ArrayLike, limits: ArrayLike) -> tuple[Floats, Floats]:
    """``band`` for n values: arrays ``above`` and ``below`` of percentile levels, NaN at an end or without a value.

    ``levels`` (k, rising), ``limits`` their values: (k) for one distribution or (n, k) for one per value.
    Raises ValueError when limits fall.
    """
    v, p = np.asarray(values, dtype=float), np.asarray(levels, dtype=float)
    at = np.broadcast_to(np.asarray(limits, dtype=float), (len(v), len(p)))
    if np.any(np.diff(at, axis=1) < 0):
        raise ValueError("Percentilerna måste stiga från den lägsta till den högsta.")
    under = (at < v[:, None]).sum(axis=1)
    over = (at > v[:, None]).sum(axis=1)
    ends = np.concatenate([[np.nan], p, [np.nan]])
    known = np.isfinite(v)
    return np.where(known, ends[under], np.nan), np.where(known, ends[len(p) + 1 - over], np.nan)


def rank(value: float, values: ArrayLike) -> Rank:
    """Exact rank and share of a value among all values (the value itself among them); missing values are left out.

    Raises ValueError when the value is not among them: a rank in a group that one does not belong to is no rank.
    """
    every = np.asarray(values, dtype=float)
    every = every[np.isfinite(every)]
    higher, lower = int(np.sum(every > value)), int(np.sum(every < value))
    ties = len(every) - higher - lower
    if ties == 0:
        raise ValueError("Värdet finns inte bland dem som det ska rangordnas med.")
    return Rank(value, higher + 1, ties, len(every), lower / len(every) * 100, higher / len(every) * 100)
