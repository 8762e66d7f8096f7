"""The tables of a sheet: where they stand, and what is cut out of it for each."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from pipelines.intake import heading, left_out
from pipelines.intake.cells import Cell, Codes, Column, Sheet, shown
from pipelines.intake.finding import TITLE_ROWS, find
from pipelines.intake.grid import Area, Grid
from store.intake import Spot

__all__ = ["Table", "cut", "find", "preview"]

#: Left-out rows that are listed one by one.
_MOST_LISTED = 1_000
_LONGEST = 200
_ABOVE, _BELOW, _SHOWN_COLUMNS = 6, 12, 30


@dataclass(frozen=True, eq=False)
class Table:
    """One table, cut out of its sheet. ``headers`` are unique and never empty, one for each of ``columns``.

    ``row_numbers`` are the rows' numbers in the file, from 1. ``left_out`` are the rows of the spot that are no data
    (totals, notes, headers that come again, headings of groups) as (row number, text); wholly blank rows are not
    among them. When headings of groups stand among the rows, the last column is «Grupp» and says to which each belongs.
    """

    spot: Spot
    title: str
    headers: tuple[str, ...]
    columns: tuple[Column, ...]
    row_numbers: npt.NDArray[np.int64]
    left_out: tuple[tuple[int, str], ...]


def cut(sheet: Sheet, spot: Spot) -> Table:
    """The table at a spot, also one that somebody pointed out: the spot is obeyed to the row and column.

    Cells merged downwards hold for all rows that they cover when they are texts, dates or years, and in the first
    column whatever they are: any other number is counted once. Blank cells under a label in the first column hold
    the label too where left_out.group_labels says that they must.
    """
    grid = Grid(sheet)
    area, headed = _spotted(grid, spot), _headers_at(grid, spot)
    codes = _merged_down(grid, area)
    counts = grid.counts(area)
    rows = area.top + np.flatnonzero(counts).astype(np.int64)
    for column, filled in codes.items():
        counts += (filled[area.top : area.bottom] >= 0) & (grid.columns[column].codes[area.top : area.bottom] < 0)
    rest = _without(rows, left_out.headers_again(grid, area, headed))
    rest = _without(rest, left_out.totals(grid, area, rest))
    rest = _without(rest, left_out.notes(grid, area, rest, counts[rest - area.top]))
    groups = left_out.groups(grid, area, rest, counts[rest - area.top])
    data = _without(rest, groups.rows)
    if area.left not in codes and left_out.group_labels(grid, area, data):
        codes[area.left] = _filled_down(grid.columns[area.left].codes, data)
        data = data[counts[data - area.top] - (grid.columns[area.left].codes[data] >= 0) > 0]
    headers = heading.texts(grid, headed) if headed.bottom > headed.top else heading.unique([""] * area.width)
    columns = [
        (Column(codes[area.left + i], column.values) if area.left + i in codes else column).take(data)
        for i, column in enumerate(grid.columns[area.left : area.right])
    ]
    if groups.all_grouped:
        headers = heading.unique([*headers, "Grupp"])
        columns.append(_grouped(grid.columns[area.left], groups.rows, data))
    listed = _listed(grid, area, _without(rows, data))
    top = headed.top if headed.bottom > headed.top else area.top
    return Table(spot, _title(grid, area._replace(top=top)), tuple(headers), tuple(columns), data + 1, listed)


def _spotted(grid: Grid, spot: Spot) -> Area:
    """The rows and columns of a spot, as far as the sheet goes."""
    left, top = min(spot.first_column - 1, grid.area.right), min(spot.first_row - 1, grid.area.bottom)
    right, bottom = min(spot.last_column, grid.area.right), min(spot.last_row, grid.area.bottom)
    return Area(top, max(bottom, top), left, max(right, left))


def _headers_at(grid: Grid, spot: Spot) -> Area:
    """The header rows of a spot; without headers an area without rows."""
    area = _spotted(grid, spot)
    if not spot.header_row or not spot.header_rows:
        return area._replace(bottom=area.top)
    top = min(spot.header_row - 1, grid.area.bottom)
    return area._replace(top=top, bottom=min(top + spot.header_rows, grid.area.bottom))


def _without(rows: npt.NDArray[np.int64], out: npt.NDArray[np.int64]) -> npt.NDArray[np.int64]:
    """Rows in order, without some of them."""
    return rows[~np.isin(rows, out)] if len(out) else rows


def _merged_down(grid: Grid, area: Area) -> dict[int, Codes]:
    """Codes of the columns where cells merged downwards hold for more rows than their first."""
    codes: dict[int, Codes] = {}
    left_to_fill = (area.bottom - area.top) * area.width
    for top, column, last, _ in grid.merges(area):
        left_to_fill -= last - top
        kept = heading.look(grid.cell(top, column)) in {"text", "date", "year"} or column == area.left
        if last == top or not kept or left_to_fill < 0 or grid.columns[column].codes[top] < 0:
            continue
        own = codes.setdefault(column, grid.columns[column].codes.copy())
        below = own[top + 1 : min(last + 1, area.bottom)]
        below[below < 0] = own[top]
    return codes


def _filled_down(codes: Codes, rows: npt.NDArray[np.int64]) -> Codes:
    """Codes where each of the rows without a cell has that of the row above; the first row has one."""
    seen = codes[rows]
    last = np.maximum.accumulate(np.where(seen >= 0, np.arange(len(rows)), 0))
    filled = codes.copy()
    filled[rows] = seen[last]
    return filled


def _grouped(column: Column, headings: npt.NDArray[np.int64], rows: npt.NDArray[np.int64]) -> Column:
    """The group of each row: the heading that stands nearest above it."""
    return column.take(headings[np.searchsorted(headings, rows) - 1])


def _listed(grid: Grid, area: Area, rows: npt.NDArray[np.int64]) -> tuple[tuple[int, str], ...]:
    """Rows that were left out, with what stands in them; of very many the first, and how many more there are."""
    shown_columns = area._replace(right=min(area.right, area.left + _SHOWN_COLUMNS))
    listed = [
        (row + 1, " | ".join(shown(c)[:_LONGEST] for c in cells if c is not None)[:_LONGEST])
        for row in rows[:_MOST_LISTED].tolist()
        for cells in grid.cells(shown_columns._replace(top=row, bottom=row + 1))
    ]
    if len(rows) > _MOST_LISTED:
        listed.append((int(rows[_MOST_LISTED]) + 1, f"… och {len(rows) - _MOST_LISTED - 1} rader till"))
    return tuple(listed)


def _title(grid: Grid, area: Area) -> str:
    """What stands above a table, from its first line on; empty when nothing does.

    A line is a row with one cell, or with two («Rapportör:  Rodenskolan»); rows of two below each other are another
    table unless the first ends with a colon. A cell beside the table's columns is its title only when it is alone.
    """
    lines: list[str] = []
    above = Area(max(area.top - TITLE_ROWS, 0), area.top, 0, min(grid.area.right, heading.WIDE))
    rows = [_line(row, area) for row in grid.cells(above)]
    for index in range(len(rows) - 1, -1, -1):
        cells = rows[index]
        pair = len(cells) == 2 and (cells[0].endswith(":") or not any(len(r) > 1 for r in _around(rows, index)))
        if (len(cells) > 1 and not pair) or any(left_out.is_note(text) for text in cells):
            break
        lines += [" ".join(cells)] if cells else []
    return " – ".join(reversed(lines))[:_LONGEST]


def _line(across: Sequence[Cell | None], area: Area) -> list[str]:
    """What a row above a table says about it."""
    own = [shown(c)[:_LONGEST] for c in across[area.left : area.right] if c is not None]
    every = [shown(c)[:_LONGEST] for c in across if c is not None]
    return own or (every if len(every) == 1 else [])


def _around(rows: list[list[str]], index: int) -> list[list[str]]:
    return rows[max(index - 1, 0) : index] + rows[index + 1 : index + 2]


def preview(sheet: Sheet, spot: Spot) -> tuple[tuple[tuple[str, ...], ...], int]:
    """The cells around a table's beginning as they are, and the number in the file of the first row.

    At most 30 columns: from the sheet's first one, unless the table begins further to the right than that.
    """
    grid = Grid(sheet)
    top = max((spot.header_row or spot.first_row) - 1 - _ABOVE, 0)
    left = 0 if spot.first_column <= _SHOWN_COLUMNS else spot.first_column - 1
    bottom = min(max(spot.first_row - 1, top) + _BELOW, grid.area.bottom)
    cells = grid.cells(Area(top, bottom, left, min(left + _SHOWN_COLUMNS, grid.area.right)))
    return tuple(tuple(_short(shown(cell)) for cell in row) for row in cells), top + 1


def _short(text: str) -> str:
    return text if len(text) <= _LONGEST else text[: _LONGEST - 1] + "…"
