"""Where a value stands in a distribution: between which of its published percentiles."""

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
