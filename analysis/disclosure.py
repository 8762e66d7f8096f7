"""Which counts of a protected source can be shown, so that nobody can be told by one, nor by what stands around it."""

from __future__ import annotations

import heapq
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

#: Counts from 1 up to this, itself left out, are hidden. That nothing happened may be shown.
SMALLEST = 5

#: Shares of fewer than this many answers are shown with the words that they are too few to judge.
ENOUGH = 20

Mask = NDArray[np.bool_]
Floats = NDArray[np.float64]

#: An edge of the graph of equations: the two lines that a cell stands in.
_Edge = tuple[int, int]


class Hidden(NamedTuple):
    """What must be hidden of a table (rows x columns) that is shown with its totals."""

    cells: Mask
    rows: Mask
    columns: Mask
    total: bool


def small(counts: ArrayLike, smallest: int = SMALLEST) -> Mask:
    """Which counts are too small to be shown: from 1 up to ``smallest``, itself left out."""
    values = np.asarray(counts, dtype=float)
    return (values > 0) & (values < smallest)


def hidden(counts: ArrayLike, smallest: int = SMALLEST) -> Hidden:
    """What to hide of ``counts`` (rows x columns, not negative, nothing missing) that is shown with all its totals.

    Small counts are hidden, among the totals too. Then others are hidden with them, the smallest that do, until

    * no hidden number follows from those that are shown. A hidden number can be worked out exactly when it lies on no
      cycle of hidden numbers, where each number joins its row to its column. So for each, the cheapest way around is
      hidden as well;
    * what is hidden of a row or column whose total is shown is together not small either: 180 in all with 177 shown
      would tell of 3.

    Zeros are hidden last of all. Source: Cox 1980, JASA 75:377-385 (cycles); Willenborg & de Waal 2001, Elements of
    Statistical Disclosure Control (tables with totals).
    """
    whole = _with_totals(np.asarray(counts, dtype=float))
    mask = small(whole, smallest)
    while True:
        before = mask.sum()
        _fill_lines(whole, mask, smallest)
        _fill_lines(whole.T, mask.T, smallest)
        _close_cycles(whole, mask)
        if mask.sum() == before:
            return Hidden(mask[:-1, :-1], mask[:-1, -1], mask[-1, :-1], bool(mask[-1, -1]))


def hidden_in_groups(counts: ArrayLike, groups: ArrayLike, hidden_totals: ArrayLike, smallest: int = SMALLEST) -> Mask:
    """What to hide of ``counts`` (n), each in one of ``groups`` (n), where the group's total is known to the reader.

    ``hidden_totals`` (n) tells for each count whether its group's total is hidden already: then the small counts are
    enough. Otherwise at least two of a group are hidden, and not few together.
    """
    values, kinds = np.asarray(counts, dtype=float), np.asarray(groups)
    unknown = np.asarray(hidden_totals, dtype=bool)
    mask = small(values, smallest)
    for group in np.unique(kinds):
        members = np.flatnonzero(kinds == group)
        if unknown[members].any() or not mask[members].any():
            continue
        for other in members[np.argsort(_cost(values[members]), kind="stable")]:
            if mask[members].sum() >= 2 and values[members][mask[members]].sum() >= smallest:
                break
            mask[other] = True
    return mask


def _with_totals(counts: Floats) -> Floats:
    rows = np.column_stack([counts, counts.sum(axis=1)])
    return np.asarray(np.vstack([rows, rows.sum(axis=0)]))


def _cost(values: Floats) -> Floats:
    """What it costs to hide each number: as much as it is. A zero costs most: that nothing happened is worth telling,
    and hiding it protects little."""
    return np.where(values > 0, values, values.sum() + 1)


def _fill_lines(whole: Floats, mask: Mask, smallest: int) -> None:
    """Hide more in each row with a shown total until what is hidden of it is not small together."""
    for row in range(len(whole)):
        if mask[row, -1] or not mask[row, :-1].any():
            continue
        values = whole[row, :-1]
        for column in np.argsort(_cost(values), kind="stable"):
            if values[mask[row, :-1]].sum() >= smallest:
                break
            mask[row, column] = True


def _close_cycles(whole: Floats, mask: Mask) -> None:
    """Hide, for each hidden number that could be worked out, the cheapest way around it."""
    cost = _cost(whole)
    for row, column in np.argwhere(mask):
        if _in_square(mask, row, column):
            continue
        for edge in _way_around(np.where(mask, 0.0, cost), int(row), int(column)):
            mask[edge] = True


def _in_square(mask: Mask, row: int, column: int) -> bool:
    """Whether the number is one of four hidden corners: the usual case, and quick to see."""
    rows, columns = mask[:, column].copy(), mask[row].copy()
    rows[row] = columns[column] = False
    return bool(mask[np.ix_(rows, columns)].any())


def _way_around(cost: Floats, row: int, column: int) -> list[_Edge]:
    """The cheapest path of cells from a row's line to a column's that is not the cell itself (Dijkstra).

    Lines are numbered rows first. There is always a way: every row meets every column, and there are two of each.
    """
    rows, columns = cost.shape
    best = np.full(rows + columns, np.inf)
    best[row] = 0.0
    came: dict[int, int] = {}
    queue = [(0.0, row)]
    while queue:
        length, line = heapq.heappop(queue)
        if line == rows + column:
            break
        if length > best[line]:
            continue
        steps = cost[line] if line < rows else cost[:, line - rows]
        others = np.arange(columns) + rows if line < rows else np.arange(rows)
        for other, step in zip(others, steps, strict=True):
            if {line, int(other)} != {row, rows + column} and length + step < best[other]:
                best[other] = length + step
                came[int(other)] = line
                heapq.heappush(queue, (float(best[other]), int(other)))
    path, line = [], rows + column
    while line != row:
        first, second = sorted((line, came[line]))
        path.append((first, second - rows))
        line = came[line]
    return path
