"""Rows of a table that are not its data: totals, notes, headers that come again, headings of groups.

Everything is told by codes or distinct cells, and only the few rows that it concerns are looked at one by one.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from pipelines.intake.cells import Cell, Column, shown
from pipelines.intake.grid import Area, Grid
from pipelines.intake.heading import look, looks

Rows = npt.NDArray[np.int64]

#: Rows that are looked at one by one for each reason; what there is more of is no exception but the data itself.
_MOST = 5_000
#: Above so many distinct cells only the plain words for totals are looked for.
_MANY = 20_000
_TOTALS = (
    "totalt",
    "total",
    "totalsumma",
    "summa",
    "summa totalt",
    "totalt antal",
    "samtliga",
    "hela kommunen",
    "delsumma",
)
_PLAIN = frozenset(
    form + end for word in _TOTALS for form in (word, word.capitalize(), word.upper()) for end in ("", ":")
)
#: These are totals only beside nothing but numbers: «Rimbo totalt», «Summa årskurs 7», «Medelvärde».
_WITH_NUMBERS = re.compile(
    r"(?:totalt|total|summa|delsumma|subtotal|samtliga|hela kommunen)[ ,:].{1,50}|.{1,50}[ ,:](?:totalt|total|summa)"
    r"|sum|subtotal|grand total|alla|medel|medelvärde|medeltal|genomsnitt|snitt|median"
)
_NOTE = re.compile(
    r"(?:källa|källor|anm|anmärkning|anmärkningar|not|noter|obs|kommentar|fotnot)\s?[.:!]|\*|[1-9]\)\s|¹|²"
)
_LONG = 60


@dataclass(frozen=True)
class Groups:
    """Headings of groups among the rows: where they stand, and whether every other row belongs to one of them."""

    rows: Rows
    all_grouped: bool


def is_note(text: str, *, long: bool = False) -> bool:
    """Whether a text says that it is a note («Källa: …», «* …», «1) …»); with ``long`` also by its length."""
    return _NOTE.match(text.casefold()) is not None or (long and len(text) > _LONG)


def _is_text(cell: Cell | None) -> bool:
    return look(cell) == "text"


def _only_numbers(cells: list[Cell | None]) -> bool:
    """Whether there are numbers, and nothing else but signs for what is missing."""
    seen = {look(cell) for cell in cells} - {"", "missing"}
    return bool(seen) and seen <= {"number", "year"}


def _numbered(grid: Grid, row: int, area: Area) -> bool:
    return _only_numbers(grid.cells(area._replace(top=row, bottom=row + 1))[0])


def headers_again(grid: Grid, area: Area, headers: Area) -> Rows:
    """The rows of the area that repeat one of the header rows cell for cell, as every printed page does."""
    found = [np.empty(0, dtype=np.int64)]
    for row in range(headers.top, headers.bottom if area.right > area.left else headers.top):
        codes = [(column.codes, int(column.codes[row])) for column in grid.columns[area.left : area.right]]
        if sum(code >= 0 for _, code in codes) < min(2, len(codes)):
            continue
        codes.sort(key=lambda pair: pair[1] < 0)  # a column with a header tells most rows at once
        rows = area.top + np.flatnonzero(codes[0][0][area.top : area.bottom] == codes[0][1])
        for column, code in codes[1:]:
            rows = rows[column[rows] == code] if len(rows) else rows
        found.append(rows)
    return np.unique(np.concatenate(found))


def totals(grid: Grid, area: Area, rows: Rows) -> Rows:
    """Of these rows those whose first text says that they sum up others.

    A word that comes back in a column where every cell does is one of its categories («kön»: flickor, pojkar, totalt),
    and so is one that follows a year or a date: neither is a total of the rows above.
    """
    kinds = looks(grid, area, rows)
    found: list[int] = []
    left = rows
    for offset, column in enumerate(grid.columns[area.left : area.right]):
        if not len(left):
            break
        codes = column.codes[left]
        hits = _hits(column, codes, whole=len(left) == len(rows))
        at = left[np.isin(codes, hits)] if len(hits) else left[:0]
        if 0 < len(at) <= _MOST and not _category(column.codes[rows], hits):
            found += [int(row) for row in at if _total(grid, int(row), area.left + offset, area)]
        if offset < len(kinds) and kinds[offset] == "text":
            left = left[codes < 0]
    return np.array(sorted(found), dtype=np.int64)


def _hits(column: Column, codes: npt.NDArray[np.int32], *, whole: bool) -> npt.NDArray[np.int64]:
    """The distinct cells that are words for totals; ``codes`` are those of the rows that are left."""
    values = column.values
    if not whole:
        used = np.unique(codes[codes >= 0])
        wanted = used[[_says_total(cell) for cell in values[used]]] if len(used) <= _MOST else used[:0]
        return wanted.astype(np.int64)
    if len(values) > _MANY and column.texts is not None:
        return np.flatnonzero(pc.is_in(column.texts, pa.array(sorted(_PLAIN))).to_numpy(zero_copy_only=False))
    if len(values) > _MANY:
        return np.array([i for i, cell in enumerate(values.tolist()) if cell in _PLAIN], dtype=np.int64)
    return np.array([i for i, cell in enumerate(values.tolist()) if _says_total(cell)], dtype=np.int64)


def _says_total(cell: Cell | None) -> bool:
    if not isinstance(cell, str) or len(cell) > _LONG:
        return False
    text = cell.casefold()
    return text.rstrip(":").rstrip() in _TOTALS or _WITH_NUMBERS.fullmatch(text) is not None


def _category(codes: npt.NDArray[np.int32], hits: npt.NDArray[np.int64]) -> bool:
    """Whether words for totals are categories: no blanks in their column, and all its cells come back."""
    if (codes < 0).any():
        return False
    times = np.bincount(codes)
    return bool((times[times > 0] >= 2).all()) and bool((times[hits[hits < len(times)]] >= 2).any())


def _total(grid: Grid, row: int, column: int, area: Area) -> bool:
    cells = grid.cells(area._replace(top=row, bottom=row + 1))[0]
    before, word, rest = cells[: column - area.left], cells[column - area.left], cells[column - area.left + 1 :]
    if any(look(cell) in {"text", "year", "date"} for cell in before):
        return False
    return str(word).casefold().rstrip(":").rstrip() in _TOTALS or _only_numbers(rest)


def notes(grid: Grid, area: Area, rows: Rows, counts: npt.NDArray[np.int32]) -> Rows:
    """Of these rows those that are notes: one text that says so («Källa: …», «* …»), or texts alone at the end.

    ``counts`` are the filled cells of each of the rows. At the end a lone text is a note when it is long or when no
    row above has just one cell.
    """
    if area.right - area.left < 2:
        return rows[:0]
    lone = np.flatnonzero(counts == 1)
    if not len(lone):
        return rows[:0]
    end = len(rows) - int(np.argmax(counts[::-1] != 1)) if (counts != 1).any() else 0
    sole = not (counts[:end] == 1).any()
    beginning, tail = lone[lone < end], lone[lone >= end]
    found = [int(rows[i]) for i in beginning[:_MOST] if is_note(_text_of(grid, int(rows[i]), area))]
    for i in tail[:_MOST]:
        text = _text_of(grid, int(rows[i]), area)
        first = grid.columns[area.left].codes[rows[i]] >= 0
        if is_note(text, long=True) or (text and first and sole and area.right - area.left > 2):
            found.append(int(rows[i]))
    return np.array(found, dtype=np.int64)


def _text_of(grid: Grid, row: int, area: Area) -> str:
    """The row's lone text; empty when what is alone is a number or a date."""
    cell = next((c for c in grid.cells(area._replace(top=row, bottom=row + 1))[0] if c is not None), None)
    return shown(cell) if _is_text(cell) else ""


def groups(grid: Grid, area: Area, rows: Rows, counts: npt.NDArray[np.int32]) -> Groups:
    """The headings of groups: a text alone in the first column, above the rows that it concerns.

    A cell merged over several columns is one for certain. Others count only when the table is of that make from its
    first row to its last: it begins with one, none stands above another or at the end, the rows between them have a
    first cell of their own, and another column is filled in all of them and in no heading.
    """
    none = Groups(rows[:0], False)
    if area.right - area.left < 2 or not len(rows):
        return none
    lone = np.flatnonzero((counts == 1) & (grid.columns[area.left].codes[rows] >= 0))
    if not 0 < len(lone) <= max(_MOST, len(rows) // 3):
        return none
    whole = bool(lone[0] == 0)
    merges = grid.merges(area)
    across = merges[(merges[:, 1] == area.left) & (merges[:, 3] > area.left) & (merges[:, 0] == merges[:, 2])][:, 0]
    certain = lone[np.isin(rows[lone], across)]
    if len(certain):
        return Groups(rows[certain], whole and bool(certain[0] == 0))
    others = np.delete(rows, lone)
    if (
        not whole
        or len(lone) < 2
        or area.right - area.left < 3
        or lone[-1] == len(rows) - 1
        or (np.diff(lone) == 1).any()
        or not all(_is_text(grid.cell(int(row), area.left)) for row in rows[lone[:_MOST]])
        or (grid.columns[area.left].codes[others] < 0).any()
    ):
        return none
    rest = grid.columns[area.left + 1 : area.right]
    return Groups(rows[lone], True) if any((column.codes[others] >= 0).all() for column in rest) else none


def group_labels(grid: Grid, area: Area, rows: Rows) -> bool:
    """Whether the first column holds labels that each stand for the rows below too, though no cells are merged.

    The rule, narrow on purpose since a wrong guess would put rows where they do not belong: the first row has a label;
    at least half of the rows have none; the labels are words or years, no two alike; another column is filled in every
    row (or in every row without a label); and there are two labels or more, or only one and that is a year.
    """
    if area.right - area.left < 2 or len(rows) < 3:
        return False
    column = grid.columns[area.left]
    codes = column.codes[rows]
    labels = codes[codes >= 0]
    if codes[0] < 0 or len(labels) * 2 > len(rows) or len(np.unique(labels)) < len(labels) or len(labels) > _MOST:
        return False
    cells = [column.values[code] for code in labels]
    years = all(look(cell) == "year" for cell in cells)
    if not years and (len(cells) < 2 or not all(_worded(cell) for cell in cells)):
        return False
    filled = [other.codes[rows] >= 0 for other in grid.columns[area.left + 1 : area.right]]
    return any(bool(mask[codes < 0].all()) and mask[codes >= 0].all() == mask[codes >= 0].any() for mask in filled)


def _worded(cell: Cell) -> bool:
    """Whether a label is a name rather than a number of something: mostly letters."""
    if not isinstance(cell, str) or not _is_text(cell) or len(cell) > _LONG:
        return False
    letters, digits = sum(map(str.isalpha, cell)), sum(map(str.isdigit, cell))
    return letters >= 3 and letters > 2 * digits
