"""Boxes of hidden cells that let every hidden count move: how far, and which are cheapest (analysis.disclosure)."""

from __future__ import annotations

from functools import lru_cache
from itertools import product
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

Mask = NDArray[np.bool_]
Floats = NDArray[np.float64]
Labels = NDArray[np.int64]

#: Hiding a zero costs as much as hiding this many times the smallest count: that nothing happened is worth telling.
_ZERO = 4

#: Hiding a total costs so many times more for each dimension that it sums over: totals are what is asked for first.
_TOTAL = 2.0

#: Among boxes that cost nothing, the one that gives most is taken.
_ALMOST_FREE = 1e-3

#: How many labels along each axis are tried in boxes that are hidden already, first and where those were not enough;
#: and in boxes that are to be. There are as many boxes as their product over the axes, so fewer with more axes.
_TRIED = {2: ((3, 6), 8), 3: ((2, 4), 7)}
_TRIED_IN_MANY = ((2, 3), 3)

#: Of how many counts in the table one at a time gets boxes of its own before the rest are looked at again, and the most
#: at once: fewer at a time hide less, since each may use what the last has hidden, but take longer.
_PER_STEP, _MOST_AT_ONCE = 40, 128


class _Corner(NamedTuple):
    """One corner of the boxes of some cells: along which axes it has the partner's label and not the cell's own; where
    it is; and whether it moves with the cell (1) or against it (-1). Cells x partners along each axis, or what spreads
    to it."""

    other: tuple[bool, ...]
    at: tuple[Labels, ...]
    moves: Labels


def close(whole: Floats, mask: Mask, chance: Floats, smallest: int, unseen: Mask) -> None:
    """Hide more in ``mask`` until each hidden count can move by ``smallest`` or more, but those ``unseen``.

    ``whole`` has the total first along each axis. A total is dealt with before what it is the sum of.
    """
    totals = sum(np.ix_(*(np.arange(labels) == 0 for labels in whole.shape)), np.zeros(whole.shape, dtype=np.int64))
    cost = np.where(whole > 0, whole, _ZERO * smallest) * chance * _TOTAL**totals
    few, many = _TRIED.get(whole.ndim, _TRIED_IN_MANY)
    cells = np.argwhere(mask & (whole > 0) & ~unseen)
    for tried in few:
        cells = cells[~_moving(cells, whole, mask, smallest, tried)]
    cells = cells[np.lexsort((whole[tuple(cells.T)], -(cells == 0).sum(axis=1)))]
    now = min(whole.size // _PER_STEP + 1, _MOST_AT_ONCE)
    while len(cells):
        _free(cells[:now], whole, mask, cost, smallest, many)
        ahead, rest = cells[now : 3 * now], cells[3 * now :]
        cells = np.concatenate([ahead[~_moving(ahead, whole, mask, smallest, few[-1])], rest])


def _moving(cells: Labels, whole: Floats, mask: Mask, smallest: int, tried: int) -> Mask:
    """Which of the cells can move far enough by boxes that are hidden already, among the likeliest of each.

    Along one axis after another, boxes that have the same partner along the others are taken together: they share the
    corners with the cell's own label along the axis, and nothing else.
    """
    if not len(cells):
        return np.zeros(0, dtype=bool)
    score = np.where(mask, -whole, 1.0)  # the largest hidden counts of the cell's line
    corners = _corners(cells, [_best(cells, axis, score, tried) for axis in range(whole.ndim)])
    free = np.ones(1, dtype=bool)
    for corner in corners:
        free = free & mask[corner.at]
    falling = {way: [(c.other, np.where(c.moves == -way, whole[c.at], np.inf)) for c in corners] for way in (+1, -1)}
    found = np.zeros(len(cells), dtype=bool)
    for axis in range(whole.ndim):
        reach = 0.0
        for counts in falling.values():
            shared, each = (_least([one for other, one in counts if other[axis] is own]) for own in (False, True))
            reach = reach + np.minimum(shared, np.where(free, each, 0.0).sum(axis=axis + 1, keepdims=True))
        found |= np.asarray(reach >= smallest).reshape(len(cells), -1).any(axis=1)
    return found


def _least(values: list[Floats]) -> Floats:
    least = values[0]
    for one in values[1:]:
        least = np.minimum(least, one)
    return least


def _best(cells: Labels, axis: int, score: Floats, tried: int, always: int | None = None) -> Labels:
    """For each cell the labels along an axis where its line has the lowest scores, and the one that is ``always``
    among them, but its own: cells x ``tried``."""
    across = cells.copy()
    across[:, axis] = 0
    shape = [*score.shape]
    shape[axis] = 1
    lines, of = np.unique(np.ravel_multi_index(tuple(across.T), tuple(shape)), return_inverse=True)
    at = list(np.unravel_index(lines, shape))
    scores = np.moveaxis(score, axis, -1)[tuple(at[:axis] + at[axis + 1 :])].reshape(len(lines), -1)
    if always is not None:
        scores[:, always] = -np.inf
    tried = min(tried, scores.shape[1] - 1)
    # One more than asked for: the cell's own may be among them.
    labels = np.argpartition(scores, tried, axis=1)[:, : tried + 1][of]
    own = labels == cells[:, [axis]]
    own[:, -1] |= ~own.any(axis=1)
    found: Labels = labels[~own].reshape(len(cells), tried)
    return found


def _corners(cells: Labels, partners: list[Labels]) -> list[_Corner]:
    """The corners of the boxes that the cells make with their ``partners`` (cells x labels) along each axis."""
    axes = cells.shape[1]
    own = [cells[:, axis].reshape(-1, *(1,) * axes) for axis in range(axes)]
    others = [
        labels.reshape(len(cells), *(-1 if one == axis else 1 for one in range(axes)))
        for axis, labels in enumerate(partners)
    ]
    signs = [np.where((a > 0) & (b > 0), -1, 1) for a, b in zip(own, others, strict=True)]
    found = []
    for other in _ways(axes):
        at = tuple(b if flip else a for a, b, flip in zip(own, others, other, strict=True))
        moves = np.ones((len(cells), *(1,) * axes), dtype=np.int64)
        for sign, flip in zip(signs, other, strict=True):
            moves = moves * sign if flip else moves
        found.append(_Corner(other, at, moves))
    return found


def _free(cells: Labels, whole: Floats, mask: Mask, cost: Floats, smallest: int, tried: int) -> None:
    """Hide the cheapest boxes around each cell that let it move by ``smallest`` together.

    What one box of a cell uses of a count is not there for its next, upwards and downwards by themselves.
    """
    price = np.where(mask, 0.0, cost)
    # Where much can be given for little; and the total.
    score = np.minimum((price + _ALMOST_FREE) / (np.minimum(whole, smallest) + 0.5), np.finfo(float).max)
    corners = _corners(cells, [_best(cells, axis, score, tried, always=0) for axis in range(whole.ndim)])
    prices = [price[corner.at] for corner in corners]
    falls = {way: [corner.moves == -way for corner in corners] for way in (+1, -1)}
    left = {way: [np.where(down, whole[c.at], np.inf) for c, down in zip(corners, falls[way], strict=True)]
            for way in falls}  # fmt: skip
    need = np.full(len(cells), float(smallest))
    wide = (-1, *(1,) * whole.ndim)
    while (unmoved := np.flatnonzero(need > 0)).size:
        reach = {way: np.minimum(_least(left[way]), need.reshape(wide)) for way in left}
        gain = np.minimum(reach[+1] + reach[-1], need.reshape(wide))
        with np.errstate(divide="ignore", invalid="ignore"):
            worth = np.where(gain > 0, (sum(prices) + _ALMOST_FREE) / gain, np.inf)
        # There is always one: with all totals over it the cell rises freely.
        box = np.unravel_index(worth.reshape(len(cells), -1).argmin(axis=1)[unmoved], worth.shape[1:])
        for number, corner in enumerate(corners):
            at = (unmoved, *(np.where(flip, label, 0) for flip, label in zip(corner.other, box, strict=True)))
            spread = np.broadcast_arrays(*corner.at)
            mask[tuple(one[at] for one in spread)] = True
            prices[number][at] = 0.0
            for way in left:
                left[way][number][at] -= reach[way][(unmoved, *box)]
        need[unmoved] -= gain[(unmoved, *box)]


@lru_cache(maxsize=10)
def _ways(axes: int) -> tuple[tuple[bool, ...], ...]:
    return tuple(product((False, True), repeat=axes))
