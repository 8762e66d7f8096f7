"""Somebody who is shown a table with holes, and works out what he can: whole counts, not negative, parts and totals.

Independent of ``analysis.disclosure``: integer programming for tables of any size, and every table for small ones.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Iterator
from itertools import product

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import Bounds, LinearConstraint, milp
from scipy.sparse import coo_array

#: A total, and the parts that it is the sum of.
Sum = tuple[Hashable, list[Hashable]]

Floats = NDArray[np.float64]


def sums_of(shape: tuple[int, ...], axes: Iterable[int]) -> list[Sum]:
    """The equations of a table whose first label along each of ``axes`` is the total of the others."""
    found: list[Sum] = []
    for axis in axes:
        for line in product(*(range(1) if one == axis else range(size) for one, size in enumerate(shape))):
            cells = [(*line[:axis], label, *line[axis + 1 :]) for label in range(shape[axis])]
            found.append((cells[0], list(cells[1:])))
    return found


class Attacker:
    """What is known: numbers shown (None where hidden), and the sums that hold. Bounds may be given to numbers that are
    known only to lie between two (rounded ones)."""

    def __init__(
        self,
        shown: dict[Hashable, float | None],
        sums: list[Sum],
        between: dict[Hashable, tuple[float, float]] | None = None,
    ) -> None:
        self.names = list(dict.fromkeys([*shown, *(name for total, parts in sums for name in (total, *parts))]))
        place = {name: number for number, name in enumerate(self.names)}
        self.hidden = [name for name, value in shown.items() if value is None]
        known = {name: (value, value) for name, value in shown.items() if value is not None} | (between or {})
        least, most = (
            np.array([known.get(name, (0.0, np.inf))[end] for name in self.names], dtype=float) for end in (0, 1)
        )
        entries = [
            (row, place[name], sign)
            for row, (total, parts) in enumerate(sums)
            for name, sign in ((total, -1.0), *((part, 1.0) for part in parts))
        ]
        self._bounds = Bounds(least, most)
        self._seen = np.full(len(self.names), np.inf), np.full(len(self.names), -np.inf)
        self._place = place
        self._rules: list[LinearConstraint] = []
        if entries:
            rows, columns, signs = zip(*entries, strict=True)
            matrix = coo_array((signs, (rows, columns)), shape=(len(sums), len(self.names))).tocsr()
            self._rules = [LinearConstraint(matrix, 0.0, 0.0)]

    def interval(self, *names: Hashable) -> tuple[float, float]:
        """The least and the most that the number, or the numbers together, can be; infinite where nothing holds."""
        aim = np.zeros(len(self.names))
        for name in names:
            aim[self._place[name]] = 1.0
        ends = []
        for sign in (1.0, -1.0):
            found = milp(sign * aim, integrality=np.ones(len(aim)), bounds=self._bounds, constraints=self._rules)
            assert found.status in (0, 3, 4), found.message
            ends.append(sign * found.fun if found.status == 0 else sign * -np.inf)
            if found.x is not None:
                least, most = self._seen
                self._seen = np.minimum(least, np.round(found.x)), np.maximum(most, np.round(found.x))
        return round(ends[0]), (round(ends[1]) if np.isfinite(ends[1]) else np.inf)

    def numbers(self, name: Hashable, enough: int) -> int:
        """How many different numbers a small one can be, counted up to ``enough``: none, one and so on are tried."""
        place, found = self._place[name], 0
        nothing = np.zeros(len(self.names))
        for number in range(4 * enough):
            ends = self._bounds.lb.copy(), self._bounds.ub.copy()
            for end in ends:
                end[place] = number
            tried = milp(nothing, integrality=nothing + 1, bounds=Bounds(*ends), constraints=self._rules)
            assert tried.status in (0, 2), tried.message
            found += tried.status == 0
            if found == enough:
                break
        return found

    def spread(self, name: Hashable) -> float:
        """How far apart the number is in the tables that ``interval`` has met so far: its interval is at least as
        wide. Below 0 before any is met."""
        least, most = (end[self._place[name]] for end in self._seen)
        return float(most - least)


def every_table(whole: Floats, mask: NDArray[np.bool_], axes: list[int], most: int) -> Iterator[Floats]:
    """Every table with the counts shown, whose parts are its totals, and whose hidden counts are at most ``most``."""
    place: dict[Hashable, int] = {cell: number for number, cell in enumerate(np.ndindex(whole.shape))}
    lines = [[place[cell] for cell in (total, *parts)] for total, parts in sums_of(whole.shape, axes)]
    unknown = np.flatnonzero(mask.ravel()).tolist()
    last = {line_number: max((unknown.index(cell) for cell in line if cell in unknown), default=-1)
            for line_number, line in enumerate(lines)}  # fmt: skip
    closing = [[lines[number] for number, end in last.items() if end == step] for step in range(len(unknown))]
    table = np.where(mask, 0.0, whole).ravel()

    def fill(step: int) -> Iterator[Floats]:
        if step == len(unknown):
            yield table.reshape(whole.shape).copy()
            return
        for number in range(most + 1):
            table[unknown[step]] = number
            if all(table[line[0]] == table[line[1:]].sum() for line in closing[step]):
                yield from fill(step + 1)
        table[unknown[step]] = 0

    yield from fill(0)
