"""Cells of a file as they are: columns of distinct cells, so that everything is worked out once per distinct cell."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import cached_property
from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow as pa

#: What a cell can be. Truth values are the texts SANT and FALSKT; errors (#DIV/0!) their texts; no NaN, no infinity.
Cell: TypeAlias = str | int | float | datetime | date | time | timedelta

Codes: TypeAlias = npt.NDArray[np.int32]


@dataclass(frozen=True, eq=False)
class Column:
    """One column: ``values`` are its distinct cells (object array), ``codes`` says per row which; -1 is an empty cell.

    Texts are stripped of surrounding space (every kind), and an empty text is an empty cell.
    """

    codes: Codes
    values: npt.NDArray[np.object_]

    @classmethod
    def of(cls, cells: Iterable[Cell | None]) -> Column:
        """A column of these cells, as they stand; None is empty."""
        codes, values = pd.factorize(np.fromiter(map(plain, cells), dtype=object))
        return cls(codes.astype(np.int32), np.asarray(values, dtype=object))

    @classmethod
    def of_texts(cls, codes: Codes, texts: pa.Array) -> Column:
        """A column whose distinct cells are these texts (an Arrow string array without missing ones)."""
        column = cls(codes, texts.to_numpy(zero_copy_only=False))
        column.__dict__["texts"] = texts
        return column

    @cached_property
    def texts(self) -> pa.Array | None:
        """The distinct cells as an Arrow string array, for what is worked out for all at once; None unless all are
        texts that can be written."""
        if not all(type(value) is str for value in self.values):
            return None
        try:
            return pa.array(self.values, pa.large_string())
        except UnicodeEncodeError:  # half a pair of surrogates, as broken files have them
            return None

    def __len__(self) -> int:
        return len(self.codes)

    def cells(self) -> npt.NDArray[np.object_]:
        """The cells row by row; None where empty."""
        return self.spread(self.values, empty=None)

    def spread(self, per_value: Sequence[Any] | npt.NDArray[Any], *, empty: Any) -> npt.NDArray[Any]:
        """What was worked out for each distinct cell, row by row; ``empty`` for rows without a cell."""
        given = np.asarray(per_value)
        if given.shape[:1] != self.values.shape:
            raise ValueError("one result per distinct cell")
        dtype = np.result_type(given.dtype, np.asarray(empty).dtype) if empty is not None else np.dtype(object)
        padded = np.empty(len(given) + 1, dtype=dtype)
        padded[:-1], padded[-1] = given, empty
        return padded[self.codes]  # code -1 takes the last

    def rows(self, first: int, stop: int) -> Column:
        """The column's rows from ``first`` up to ``stop`` (from 0)."""
        return self.take(np.arange(first, min(stop, len(self))))

    def take(self, positions: npt.NDArray[np.int64]) -> Column:
        """The rows at these positions, with only the distinct cells that they use."""
        codes = self.codes[positions]
        used = np.zeros(len(self.values) + 1, dtype=bool)
        used[codes] = True  # code -1 marks the last
        kept = np.flatnonzero(used[:-1])
        if len(kept) == len(self.values):
            return self._with(codes, slice(None))
        compact = np.full(len(self.values) + 1, -1, dtype=np.int32)
        compact[kept] = np.arange(len(kept), dtype=np.int32)
        following = len(kept) and int(kept[-1]) - int(kept[0]) == len(kept) - 1
        return self._with(compact[codes], slice(int(kept[0]), int(kept[-1]) + 1) if following else kept)

    def _with(self, codes: Codes, kept: slice | npt.NDArray[np.int64]) -> Column:
        """Other codes of some of the distinct cells."""
        column = Column(codes, self.values[kept])
        if "texts" in self.__dict__ and self.texts is not None:
            texts = self.texts[kept] if isinstance(kept, slice) else self.texts.take(pa.array(kept))
            column.__dict__["texts"] = texts
        return column


def plain(cell: Cell | bool | None) -> Cell | None:
    """A cell as columns hold it: text without surrounding space, truth values as texts; None when it is empty."""
    if isinstance(cell, str):
        return cell.strip() or None
    if isinstance(cell, bool):
        return "SANT" if cell else "FALSKT"
    if isinstance(cell, float):
        if cell != cell or cell in {float("inf"), float("-inf")}:
            return None
        return int(cell) if cell.is_integer() and abs(cell) < 2**53 else cell  # 12.0 and 12 are the same cell
    return cell


@dataclass(frozen=True)
class Sheet:
    """One sheet, or a whole text file. All columns have ``rows`` rows; row 1 of the file is position 0.

    ``merged`` are merged cells as (first row, first column, last row, last column), from 0. ``typed`` says whether
    numbers and dates came as such (workbooks) or everything is text.
    """

    name: str
    columns: tuple[Column, ...]
    rows: int
    merged: tuple[tuple[int, int, int, int], ...] = ()
    typed: bool = True
    hidden: bool = False


@dataclass(frozen=True)
class Book:
    """One opened file. ``read_as`` says in Swedish how it was read; ``warnings`` what could not be."""

    name: str
    sheets: tuple[Sheet, ...]
    read_as: str
    warnings: tuple[str, ...] = ()


def shown(cell: Cell | None) -> str:
    """A cell as a person would see it: dates as 2025-03-04, moments with hours and minutes, Swedish decimal comma."""
    if cell is None:
        return ""
    if isinstance(cell, datetime):
        return cell.strftime("%Y-%m-%d") if cell.time() == time(0) else cell.strftime("%Y-%m-%d %H:%M")
    if isinstance(cell, time):
        return cell.strftime("%H:%M")
    if isinstance(cell, float):
        return f"{cell:.10g}".replace(".", ",")
    return str(cell)
