"""Columns put together from blocks of rows as they are read, so that no file is held as rows."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import count, islice, zip_longest
from operator import is_
from typing import Any

import numpy as np

from pipelines.intake.cells import Codes, Column, plain

#: Excel's own limits; text files are held to the same.
MAX_ROWS = 1_048_576
MAX_COLUMNS = 16_384
#: Codes of a sheet's filled columns; each takes four bytes.
MAX_CELLS = 60_000_000
_EMPTY = ("", None)


class TooLargeError(ValueError):
    """The sheet has more rows, columns or cells than are read. The message is the Swedish reason."""


class _Growing:
    """One column while its blocks are read."""

    def __init__(self) -> None:
        self.distinct: dict[Any, int] = {}
        self.blocks: list[tuple[int, Codes]] = []

    def add(self, row: int, cells: Sequence[Any]) -> None:
        if bool in set(map(type, cells)):  # True would be the same key as 1
            cells = [plain(cell) if isinstance(cell, bool) else cell for cell in cells]
        self.blocks.append((row, _coded(self.distinct, cells)))

    def column(self, rows: int) -> Column | None:
        """None when every cell was empty."""
        kept, values = compact(list(self.distinct))
        if not len(values):
            return None
        codes = np.full(rows, -1, dtype=np.int32)
        for row, block in self.blocks:
            coded = block if kept is None else kept[block]
            # Two blocks may hold cells of the same row; an empty cell takes nothing away.
            np.copyto(codes[row : row + len(block)], coded, where=coded >= 0)
        return Column(codes, values)


class Gathering:
    """Blocks of rows on their way to columns. A block stands at any row and column; the rest is empty."""

    def __init__(self) -> None:
        self._columns: dict[int, _Growing] = {}
        self._held = 0
        self.rows = 0
        self.width = 0

    def add(self, row: int, column: int, block: Sequence[Sequence[Any]]) -> None:
        """Adds ``block``, whose first cell stands at ``row`` and ``column`` from 0; short rows end with empty cells.

        Raises TooLargeError.
        """
        width = max(map(len, block), default=0)
        self._grow(row + len(block), column + width if width else 0)
        ragged = any(len(cells) != width for cells in block)
        for number, cells in enumerate(zip_longest(*block) if ragged else zip(*block, strict=True), start=column):
            if cells[0] in _EMPTY and all(cell in _EMPTY for cell in cells):
                continue
            self._held += len(cells)
            if self._held > MAX_CELLS:
                require_cells(self.rows, len(self._columns) + 1)
            self._columns.setdefault(number, _Growing()).add(row, cells)

    def _grow(self, rows: int, width: int) -> None:
        self.rows, self.width = max(self.rows, rows), max(self.width, width)
        require_size(self.rows, self.width)

    def columns(self) -> tuple[Column, ...]:
        """All columns, each with all rows. Raises TooLargeError. The gathering cannot be used afterwards."""
        numbers = sorted(self._columns)
        found: dict[int, Column] = {}
        for number in numbers:
            column = self._columns.pop(number).column(self.rows)
            if column is not None:
                found[number] = column
                require_cells(self.rows, len(found))
        nothing = empty_column(self.rows)
        return tuple(found.get(number, nothing) for number in range(self.width))


def require_size(rows: int, width: int) -> None:
    """Raises TooLargeError for more rows or columns than a sheet can have."""
    if rows > MAX_ROWS:
        raise TooLargeError(f"fler än {MAX_ROWS} rader")
    if width > MAX_COLUMNS:
        raise TooLargeError(f"fler än {MAX_COLUMNS} kolumner")


def require_cells(rows: int, columns: int) -> None:
    """Raises TooLargeError when filled columns take more memory than an import may."""
    if rows * columns > MAX_CELLS:
        raise TooLargeError(f"{rows} rader med mer än {columns - 1} ifyllda kolumner, vilket är för mycket")


def empty_column(rows: int) -> Column:
    """A column of empty cells. It takes no memory however long, and may stand in many places of a sheet."""
    return Column(np.broadcast_to(np.int32(-1), (rows,)), np.empty(0, dtype=object))


def compact(cells: Sequence[Any]) -> tuple[Codes | None, Any]:
    """Distinct cells as columns hold them, and the new code of each; None when every one keeps its place.

    Cells that become empty get code -1, and cells that become equal (trailing space) the same code.
    """
    held = [
        cell.strip() if type(cell) is str else cell if type(cell) is float and cell % 1 > 0 else plain(cell)
        for cell in cells
    ]
    if all(map(is_, held, cells)) and "" not in held and None not in held:
        return None, object_array(held, len(held))
    distinct = {"": -1, None: -1}
    codes = _coded(distinct, held, first=0)
    return codes, object_array(islice(distinct, 2, None), len(distinct) - 2)


def _coded(distinct: dict[Any, int], cells: Sequence[Any], first: int | None = None) -> Codes:
    """The code of each cell; cells not met before are added to ``distinct``, from its length or ``first`` on."""
    fresh = [cell for cell in dict.fromkeys(cells) if cell not in distinct]
    distinct.update(zip(fresh, count(len(distinct) if first is None else first), strict=False))
    return np.fromiter(map(distinct.__getitem__, cells), dtype=np.int32, count=len(cells))


def object_array(cells: Iterable[Any], length: int) -> Any:
    """Cells as an object array of one dimension, whatever they are."""
    return np.fromiter(cells, dtype=object, count=length)
