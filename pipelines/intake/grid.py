"""A sheet as rows and columns: which cells are filled, and what merged cells cover. Everything counts from 0."""

from __future__ import annotations

from typing import NamedTuple, TypeAlias

import numpy as np
import numpy.typing as npt

from pipelines.intake.cells import Cell, Sheet

Matrix: TypeAlias = list[list[Cell | None]]

#: Cells that are filled from merged ones before a sheet is taken to be made to wear us out.
_MOST_MERGED = 500_000


class Area(NamedTuple):
    """A rectangle of a sheet; ``bottom`` and ``right`` are the first row and column after it."""

    top: int
    bottom: int
    left: int
    right: int

    @property
    def width(self) -> int:
        return self.right - self.left


class Grid:
    """A sheet to look around in. Nothing here loops over rows, except over the few that are asked for."""

    def __init__(self, sheet: Sheet) -> None:
        self.sheet = sheet
        self.columns = sheet.columns
        self.area = Area(0, sheet.rows, 0, len(sheet.columns))
        merged = np.asarray(sheet.merged, dtype=np.int64).reshape(-1, 4)
        #: Merged cells, by first row: first row, first column, last row, last column.
        self.merged: npt.NDArray[np.int64] = merged[np.argsort(merged[:, 0], kind="stable")]

    def cell(self, row: int, column: int) -> Cell | None:
        """One cell; None when empty or beside the sheet."""
        if not (0 <= row < self.area.bottom and 0 <= column < self.area.right):
            return None
        code = self.columns[column].codes[row]
        found: Cell | None = None if code < 0 else self.columns[column].values[code]
        return found

    def counts(self, area: Area) -> npt.NDArray[np.int32]:
        """How many cells are filled in each of the area's rows."""
        counts = np.zeros(area.bottom - area.top, dtype=np.int32)
        for column in self.columns[area.left : area.right]:
            if len(column.values):
                counts += column.codes[area.top : area.bottom] >= 0
        return counts

    def used(self, area: Area) -> npt.NDArray[np.bool_]:
        """Which of the area's columns have any cell."""
        columns = [c.codes[area.top : area.bottom] for c in self.columns[area.left : area.right]]
        return np.array([bool((codes >= 0).any()) for codes in columns], dtype=bool)

    def merges(self, area: Area) -> npt.NDArray[np.int64]:
        """The merged cells that begin in the area."""
        first, stop = np.searchsorted(self.merged[:, 0], [area.top, area.bottom])
        found = self.merged[first:stop]
        return found[(found[:, 1] >= area.left) & (found[:, 1] < area.right)]

    def cells(self, area: Area) -> Matrix:
        """The area's cells as they are."""
        columns = range(area.left, area.right)
        return [[self.cell(row, column) for column in columns] for row in range(area.top, area.bottom)]

    def filled(self, area: Area) -> tuple[Matrix, npt.NDArray[np.bool_]]:
        """The area's cells with merged cells filled over all that they cover, and where they are filled so.

        A merged cell as wide as the area is a title or a note and is left as one cell.
        """
        matrix = self.cells(area)
        covered = np.zeros((area.bottom - area.top, area.right - area.left), dtype=bool)
        left_to_fill = _MOST_MERGED
        for top, left, bottom, right in self.merges(area):
            rows, columns = range(top, min(bottom + 1, area.bottom)), range(left, min(right + 1, area.right))
            left_to_fill -= len(rows) * len(columns)
            if right - left + 1 >= max(area.right - area.left, 2) or left_to_fill < 0:
                continue
            origin = matrix[top - area.top][left - area.left]
            for row, column in ((r - area.top, c - area.left) for r in rows for c in columns):
                if origin is not None and matrix[row][column] is None:
                    matrix[row][column] = origin
                    covered[row, column] = True
        return matrix, covered


def runs(mask: npt.NDArray[np.bool_]) -> list[tuple[int, int]]:
    """Where a mask is true without a break: (first, first after), in order."""
    edges = np.flatnonzero(np.diff(np.concatenate(([False], mask, [False])).astype(np.int8)))
    return [(int(first), int(stop)) for first, stop in edges.reshape(-1, 2)]
