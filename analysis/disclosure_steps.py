"""Tables whose counts are told in steps: what can be worked out by adding up, and what to hide so that it cannot.

A count told in steps is known to within its step, and totals of such counts narrow what is not told at all: the
difference between two of them, cut with the difference between two others. Here the table is read as somebody would
who has all that is told of it: every count lies between two ends, and total by total the ends are drawn together until
they come no closer (bounds propagation, Lhomme 1993, IJCAI 232-238; for tables Dobra & Fienberg 2000, PNAS 97:11885).
Where a small count is left with fewer possible numbers than the policy demands, what is told beside it is hidden.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Mask = NDArray[np.bool_]
Floats = NDArray[np.float64]

#: Rounds of drawing together: each passes on what one total tells to those that its parts are parts of as well.
_ROUNDS = 12


def open_up(whole: Floats, mask: Mask, known: Mask, cost: Floats, axes: list[int], smallest: int, step: int) -> None:
    """Hide more in ``mask`` until each count under ``smallest`` can be ``smallest`` different numbers.

    ``whole`` has the total first along each of ``axes``; ``known`` is told exactly, what is in neither ``known`` nor
    ``mask`` in steps of ``step``, rounded down, when it is not under the first. Of what narrows a count the one that
    costs least is hidden, again and again.
    """
    few = (whole > 0) & (whole < smallest) & ~known
    while True:
        told = ~mask & ~known & (whole >= step)
        low, high = ends(whole, told, known, axes, step)
        narrow = np.argwhere(few & (high - low < smallest - 1))
        before = mask.sum()
        for cell in narrow:
            beside = _nearest(cell, told & ~mask, cost, axes)
            if beside is not None:
                mask[beside] = True
        if mask.sum() == before:
            return


def ends(whole: Floats, told: Mask, known: Mask, axes: list[int], step: int) -> tuple[Floats, Floats]:
    """The least and the most that each count can be, for who is ``told`` some in steps, and has others ``known``."""
    most = 2 * whole.max()
    low = np.where(known, whole, np.where(told, whole // step * step, 0.0))
    high = np.where(known, whole, np.where(told, whole // step * step + step - 1, most))
    for _ in range(_ROUNDS):
        reach = float((high - low).sum())
        for axis in axes:
            _draw_together(np.moveaxis(low, axis, 0), np.moveaxis(high, axis, 0))
        if float((high - low).sum()) == reach:
            break
    return low, high


def _draw_together(low: Floats, high: Floats) -> None:
    """Along the first axis: the total is the sum of the others, and each of them what the others leave of it."""
    least, most = low[1:].sum(axis=0), high[1:].sum(axis=0)
    np.maximum(low[0], least, out=low[0])
    np.minimum(high[0], most, out=high[0])
    more, less = high[0] - least + low[1:], low[0] - most + high[1:]
    np.minimum(high[1:], more, out=high[1:])
    np.maximum(low[1:], less, out=low[1:])


def _nearest(cell: NDArray[np.int64], told: Mask, cost: Floats, axes: list[int]) -> tuple[int, ...] | None:
    """Of what is told the cheapest in the cell's own lines, or else in those that cross them; None where nothing is."""
    apart = np.zeros(told.shape, dtype=np.int64)
    for axis, label in enumerate(cell):
        other = np.arange(told.shape[axis]) != label
        weight = 1 if axis in axes else len(cell) + 1
        apart += weight * other.reshape([-1 if one == axis else 1 for one in range(told.ndim)])
    # Nothing is added up over the other axes.
    away = np.where(told & (apart <= len(cell)), apart, np.inf)
    if not np.isfinite(away).any():
        return None
    best = np.unravel_index(np.where(away == away.min(), cost, np.inf).argmin(), told.shape)
    return tuple(int(one) for one in best)
