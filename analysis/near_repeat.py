"""Whether an event is followed by others, soon and close by: repeats and near repeats."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray

Floats = NDArray[np.float64]
Integers = NDArray[np.signedinteger]

#: Upper ends of the bands: metres (the first is the same place, as addresses are placed) and days.
DISTANCES = (1.0, 100.0, 200.0, 400.0)
DAYS = (7, 14, 28)

#: So many pairs at a time stay in the processor's cache: the permutations then take a third of the time.
_CHUNK = 200_000

#: More pairs than this within the largest distance take too much memory and time.
MOST_PAIRS = 20_000_000


class TooManyPairsError(ValueError):
    """So many events lie so close that their ``pairs`` cannot be gone through."""

    def __init__(self, pairs: int, distance: float) -> None:
        super().__init__(
            f"Det finns {pairs:,} par av händelser inom {distance:g} meter, fler än vad som kan räknas. "
            "Välj ett kortare avstånd, en kortare tid eller färre kategorier.".replace(",", " ")
        )
        self.pairs = pairs


@dataclass(frozen=True)
class NearRepeat:
    """``bands``: distance and days (upper ends, inclusive), lower_distance and lower_days (lower ends, exclusive; -1 of
    the first), pairs, expected (had time nothing to do with place), ratio and p, one row per
    band of distance and time. ``events`` with both a place and a day; ``permutations`` that p rests on.
    """

    bands: pd.DataFrame
    events: int
    permutations: int


def near_repeat(
    x: ArrayLike,
    y: ArrayLike,
    day: ArrayLike,
    *,
    distances: Sequence[float] = DISTANCES,
    days: Sequence[int] = DAYS,
    permutations: int = 99,
    seed: int = 1,
) -> NearRepeat:
    """Knox's counts of pairs close in both place and time, by bands of distance and days.

    ``x``, ``y`` (n): metres in a projected system such as SWEREF 99 TM; ``day`` (n): whole days, as numbers or
    datetime64. Events without place or day are left out. ``distances`` and ``days`` are rising upper ends.

    expected = pairs that close in place x pairs that close in time / all pairs. ``p`` is the share of
    ``permutations`` of the days with at least as many pairs, the observed one counted in: it needs no assumption, and
    with 99 it is never under .01. Where people move over the years studied, pairs look closer than they are: choose a
    short enough time. Written here because pointpats takes minutes for 50 000 events. Sources: Knox 1964, Applied
    Statistics 13:25-29; Johnson et al. 2007, J. Quantitative Criminology 23:201-219. Raises TooManyPairsError, and
    ValueError for bands that do not rise.
    """
    for ends in (distances, days):
        if not len(ends) or np.any(np.diff(ends) <= 0):
            raise ValueError("Banden för avstånd och dagar ska stiga.")
    points, number = _known(x, y, day)
    pairs, near = _close(points, np.asarray(distances, dtype=float))
    # The time band of a difference in days, looked up; one more is beyond the last.
    band = np.searchsorted(days, np.arange(days[-1] + 2), side="left").astype(np.int32)
    shape = (len(distances), len(days))
    observed = _count(number, pairs, near, band, shape)
    rng = np.random.default_rng(seed)
    more = np.zeros(shape)
    for _ in range(permutations):
        more += _count(rng.permutation(number), pairs, near, band, shape) >= observed
    n = len(number)
    all_pairs = max(n * (n - 1) / 2, 1)
    in_place = np.bincount(near, minlength=shape[0]).astype(float)
    expected = np.outer(in_place, _soon(number, days)) / all_pairs
    far, late = (grid.ravel() for grid in np.meshgrid(distances, days, indexing="ij"))
    from_far, from_late = (
        grid.ravel() for grid in np.meshgrid([-1, *distances[:-1]], [-1, *days[:-1]], indexing="ij")
    )  # fmt: skip
    bands = pd.DataFrame(
        {
            "lower_distance": from_far, "distance": far, "lower_days": from_late, "days": late,
            "pairs": observed.ravel().astype(np.int64), "expected": expected.ravel(),
            "ratio": (observed / np.where(expected > 0, expected, np.nan)).ravel(),
            "p": ((more + 1) / (permutations + 1)).ravel(),
        }
    )  # fmt: skip
    return NearRepeat(bands, n, permutations)


def _known(x: ArrayLike, y: ArrayLike, day: ArrayLike) -> tuple[Floats, Integers]:
    points = np.column_stack([np.asarray(x, dtype=float), np.asarray(y, dtype=float)])
    moments = np.asarray(day)
    if moments.dtype.kind == "M":
        has_day = ~np.isnat(moments)
        whole = moments.astype("datetime64[D]").astype(np.int64)
    else:
        has_day = np.isfinite(moments.astype(float))
        whole = np.where(has_day, moments, 0).astype(np.int64)
    known = np.isfinite(points).all(axis=1) & has_day
    number = whole[known]
    number = number - number.min() if len(number) else number
    # Small numbers for the same reason: 90 years of days fit in 16 bits.
    return points[known], number.astype(np.int16 if number.max(initial=0) < 2**15 else np.int32)


def _close(points: Floats, distances: Floats) -> tuple[tuple[Integers, Integers], Integers]:
    """The pairs within the largest distance, and the distance band of each."""
    from scipy.spatial import KDTree

    if not len(points):
        nobody = np.zeros(0, dtype=np.int64)
        return (nobody, nobody), nobody
    tree = KDTree(points)
    number = (int(tree.count_neighbors(tree, distances[-1])) - len(points)) // 2
    if number > MOST_PAIRS:
        raise TooManyPairsError(number, float(distances[-1]))
    pairs = tree.query_pairs(distances[-1], output_type="ndarray")
    one, other = pairs[:, 0].copy(), pairs[:, 1].copy()
    apart = np.hypot(*(points[one] - points[other]).T)
    return (one, other), np.searchsorted(distances, apart, side="left").astype(np.int32)


def _count(
    number: Integers, pairs: tuple[Integers, Integers], near: Integers, band: Integers, shape: tuple[int, int]
) -> Floats:
    """Pairs in each band of distance and days, when the events happen on the days ``number``."""
    cells = shape[0] * shape[1]
    total = np.zeros(cells)
    for start in range(0, len(near), _CHUNK):
        part = slice(start, start + _CHUNK)
        apart = np.abs(np.take(number, pairs[0][part]) - np.take(number, pairs[1][part]))
        soon = np.flatnonzero(apart < len(band) - 1)
        total += np.bincount(near[part][soon] * shape[1] + band[apart[soon]], minlength=cells)
    return total.reshape(shape)


def _soon(number: Integers, days: Sequence[int]) -> Floats:
    """Pairs of events in each time band, wherever they are."""
    ordered = np.sort(number).astype(np.int64)
    within = [
        float(np.sum(np.searchsorted(ordered, ordered + d, side="right") - np.arange(len(ordered)) - 1)) for d in days
    ]
    return np.diff(np.concatenate([[0.0], within]))
