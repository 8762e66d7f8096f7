"""Which rows head a table, and what its columns are called."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import cached_property
from itertools import pairwise

import numpy as np
import numpy.typing as npt

from pipelines.intake.cells import Cell, shown
from pipelines.intake.grid import Area, Grid, Matrix
from store.kinds import KINDS, PERSONAL_HEADERS

#: Rows that are looked at closely for headers, and columns: what stands further to the right is headed alike.
HEAD = 60
WIDE = 300
_SAMPLE = 60
#: SCB's exports have four.
MOST_HEADER_ROWS = 5
_LONGEST = 200
#: A longer text is a note or an answer, not the upper of two headers.
_LONGEST_GROUP = 80

MISSING = frozenset({"..", ".", "...", "-", "–", "—", "*", "n/a", "saknas", "uppgift saknas", "okänd", "okänt"})
_TYPED = frozenset({"number", "year", "date"})
_WORDS = frozenset(
    word for kind in KINDS.values() for form in kind.forms for field in form.fields for word in field.synonyms
) | frozenset(PERSONAL_HEADERS)

_YEAR = re.compile(r"(?:19|20)\d\d")
_NUMBER = re.compile(r"[-+−<>~≈]?\s?\d[\d\s.,']*(?:%|kr|st)?")
_MONTH = "(?:jan|feb|mar|apr|maj|jun|jul|aug|sep|okt|nov|dec)[a-z]{0,6}"
_DATE = re.compile(
    r"\d{1,4}[-/.]\d{1,2}(?:[-/.]\d{1,4})?(?:[ T].{0,24})?|\d{1,2}[:.]\d\d(?:[:.]\d\d)?|(?:19|20)\d\d ?[kqtv]\d{1,2}"
    rf"|\d{{1,2}}(?::?e)? {_MONTH}\.?(?: \d{{2,4}})?(?:,? .{{0,20}})?|{_MONTH}\.?[ -]?(?:\d{{2}}|\d{{4}})?"
    r"|(?:v\.?|vecka) ?\d{1,2}(?:,? (?:19|20)\d\d)?|[vh]t[ -]?\d{2,4}|(?:kv|kvartal|[kq]) ?\d(?: (?:19|20)\d\d)?",
    re.IGNORECASE,
)
_END = re.compile(r"\s+")


def look(cell: Cell | None) -> str:
    """What a cell looks like: ``number``, ``year``, ``date`` (all of time), ``text``, ``missing``, or empty."""
    if cell is None:
        return ""
    if isinstance(cell, str):
        return _look(cell)
    if isinstance(cell, (datetime, date, time, timedelta)):
        return "date"
    return "year" if isinstance(cell, int) and 1900 <= cell < 2100 else "number"


def _look(text: str) -> str:
    if len(text) > 40:
        return "text"
    if _YEAR.fullmatch(text):
        return "year"
    if _NUMBER.fullmatch(text):
        return "number"
    if _DATE.fullmatch(text):
        return "date"
    return "missing" if text.casefold() in MISSING else "text"


def looks(grid: Grid, area: Area, rows: npt.NDArray[np.int64]) -> tuple[str, ...]:
    """What most cells look like in each of the area's first columns, told by some of these rows; empty when unclear."""
    some = rows[np.linspace(0, len(rows) - 1, min(len(rows), _SAMPLE)).astype(int)] if len(rows) else rows
    found = []
    for column in range(area.left, min(area.right, area.left + WIDE)):
        seen = Counter(kind for row in some if (kind := look(grid.cell(int(row), column))) not in {"", "missing"})
        kind, times = seen.most_common(1)[0] if seen else ("", 0)
        if kind in {"number", "year"} and seen["number"]:  # years among other numbers are numbers
            kind, times = "number", seen["number"] + seen["year"]
        found.append(kind if times * 10 >= seen.total() * 6 else "")
    return tuple(found)


@dataclass(frozen=True)
class Heading:
    """Where a table's headers are and where its rows begin, as rows of the sheet from 0; ``row`` is -1 without headers.

    ``looks`` says what the cells below look like, column by column.
    """

    row: int
    rows: int
    first: int
    looks: tuple[str, ...]


class _Row:
    """A row among the first of an area, weighed as a header against what the cells below look like."""

    def __init__(self, cells: Sequence[Cell | None], raw: Sequence[Cell | None], kinds: Sequence[str]) -> None:
        self.cells, self.raw, self.kinds = cells, raw, kinds
        self.seen = [look(cell) for cell in cells]
        pairs = [(seen, kind) for seen, kind in zip(self.seen, kinds, strict=True) if kind in _TYPED]
        #: Texts where numbers or dates are expected.
        self.against = sum(seen == "text" for seen, _ in pairs)
        #: Years or months where numbers are expected: headers of a table with a column per period.
        self.periods = sum(seen in {"year", "date"} and kind == "number" for seen, kind in pairs)
        self.fits = sum(seen in _TYPED for seen, _ in pairs) - self.periods

    @cached_property
    def counting(self) -> int:
        """Cells that count 1, 2, 3 … where numbers are expected: months, weeks or grades as headers."""
        seen = [(i, c) for i, c in enumerate(self.cells) if self.seen[i] == "number" and self.kinds[i] == "number"]
        numbers = [int(str(cell)) for _, cell in seen if str(cell).isdecimal()]
        steps = {after - before for before, after in pairwise(numbers)}
        return len(seen) if len(seen) == len(numbers) >= 3 and steps == {1} else 0

    @cached_property
    def count(self) -> int:
        return sum(cell is not None for cell in self.cells)

    @cached_property
    def texts(self) -> list[str]:
        return [_text(cell) for cell in self.cells if cell is not None]

    @property
    def distinct(self) -> bool:
        return len({text.casefold() for text in self.texts}) == len(self.texts)

    @property
    def complete(self) -> bool:
        """Whether every column has its own header here."""
        expected = [cell for cell, kind in zip(self.raw, self.kinds, strict=True) if kind]
        return None not in expected and len(set(map(_text, expected))) == len(expected)

    @property
    def lone(self) -> bool:
        """Whether only the first cell is filled, as in a title."""
        return len(self.cells) > 1 and self.raw[0] is not None and all(cell is None for cell in self.raw[1:])

    @property
    def tells(self) -> bool:
        """Whether it says something about the whole: «Rapportör:  Rodenskolan»."""
        return any(text.endswith(":") for text in self.texts)

    @property
    def known(self) -> bool:
        """Whether most cells are words that senders use as headers."""
        hits = sum(text.casefold().rstrip(":") in _WORDS for text in self.texts)
        return hits >= 2 and hits * 2 >= len(self.texts)

    @property
    def heads(self) -> bool:
        return not self.lone and self.fits == 0 and (self.against + self.periods > 0 or self.known)


def heads(grid: Grid, row: int, area: Area, kinds: tuple[str, ...]) -> bool:
    """Whether a row is a header row rather than one more row of a table whose cells look like ``kinds``."""
    cells = grid.cells(Area(row, row + 1, area.left, area.left + len(kinds)))[0]
    weighed = _Row(cells, cells, kinds)
    return weighed.heads and (weighed.known or weighed.against + weighed.periods > 1 or not weighed.count > 2)


def locate(grid: Grid, area: Area) -> Heading | None:
    """The headers of the table in an area without blank rows at its ends; None when no row has two cells."""
    counts = grid.counts(area)
    least = min(2, area.right - area.left)
    rows = area.top + np.flatnonzero(counts >= least)
    if not len(rows):
        return None
    return _Search(grid, area, rows, int(np.median(counts[rows - area.top]))).heading()


class _Search:
    """The search for the headers of one area."""

    def __init__(self, grid: Grid, area: Area, rows: npt.NDArray[np.int64], width: int) -> None:
        self.grid, self.area = grid, area._replace(right=min(area.right, area.left + WIDE))
        self.looks = looks(grid, area, rows[6 if len(rows) >= 12 else len(rows) // 2 :])
        self.head = self.area._replace(bottom=min(area.bottom, area.top + HEAD))
        matrix, self.covered = grid.filled(self.head)
        raw = grid.cells(self.head)
        self.rows = [_Row(cells, plain, self.looks) for cells, plain in zip(matrix, raw, strict=True)]
        self._count_off()
        self.width = min(width, WIDE)
        #: Cells that a header row has at least; a table of two columns may leave one unnamed.
        self.least = max(1, self.width // 2 + 1) if self.width > 2 else 1

    def _count_off(self) -> None:
        """Take the one row that counts 1, 2, 3 … for headers; where several do, it is how the figures happen to be."""
        counting = [row for row in self.rows if row.counting]
        if len(counting) == 1:
            counting[0].fits -= counting[0].counting
            counting[0].periods += counting[0].counting

    def heading(self) -> Heading:
        first = self._first_figures()
        main = self._main(first) if first is not None else None
        if main is None:
            main = self._named(first)
        if main is None:
            start = self._beginning()
            return Heading(-1, 0, self.area.top + start, self.looks)
        top, last = self._up(main), main
        while last - top + 1 < MOST_HEADER_ROWS and self._also(last, top, first):
            last += 1
        return Heading(self.area.top + top, last - top + 1, self.area.top + last + 1, self.looks)

    def _first_figures(self) -> int | None:
        """The first row that looks like the rows below, by its numbers and dates; None when nothing but texts."""
        least = max(min(2, len(self.looks)), self.least if self.width > 2 else 2)
        return next((i for i, row in enumerate(self.rows) if row.fits and row.count >= min(least, self.width)), None)

    def _main(self, first: int) -> int | None:
        """The row above the figures with the most headers."""
        able = [i for i, row in enumerate(self.rows[:first]) if row.heads and row.count >= self.least and not row.tells]
        return max(
            able,
            key=lambda i: (self.rows[i].count + 2 * (self.rows[i].against + self.rows[i].periods), -i),
            default=None,
        )

    def _named(self, first: int | None) -> int | None:
        """The first full row as headers, where the cells below are texts too and so do not tell."""
        stop = len(self.rows) if first is None else first
        full = max(self.least, (self.width * 6 + 9) // 10)
        row = next((i for i in range(stop) if self.rows[i].count >= full and not self.rows[i].lone), None)
        if row is None or (self.rows[row].tells and self.width < 3):
            return None
        weighed = self.rows[row]
        if first is not None or weighed.fits:
            return row if weighed.known and not weighed.fits else None
        main = row
        while main + 1 < stop and self.covered[main].any() and not self._apart(row, main):
            main += 1  # merged headers have others below them
        return main if self._apart(row, main) and not self._recur(main) else None

    def _apart(self, first: int, last: int) -> bool:
        """Whether rows taken together tell the columns that they head from each other."""
        columns = list(zip(*(row.cells for row in self.rows[first : last + 1]), strict=True))
        headed = [tuple(_text(cell).casefold() for cell in column) for column in columns if any(column)]
        return len(set(headed)) == len(headed)

    def _recur(self, row: int) -> bool:
        """Whether the row's cells come again below, each in its column, as cells do and headers do not."""
        at = self.area.top + row
        again, same = 0, np.ones(self.area.bottom - at - 1, dtype=bool)
        columns = self.grid.columns[self.area.left : self.area.right]
        equal = [column.codes[at + 1 : self.area.bottom] == column.codes[at] for column in columns]
        for mask in equal:
            same &= mask
        for column, mask in zip(columns, equal, strict=True):
            again += bool(column.codes[at] >= 0 and (mask & ~same).any())
        return again * 10 > 3 * self.rows[row].count

    def _beginning(self) -> int:
        """The first row of a table without headers: after what stands alone above."""
        return next((i for i, row in enumerate(self.rows) if row.count >= self.least and not row.lone), 0)

    def _up(self, main: int) -> int:
        """The uppermost header row above the main one."""
        top = main
        while top and main - top + 1 < MOST_HEADER_ROWS and self._above(self.rows[top - 1], self.rows[top], top - 1):
            top -= 1
        return top

    def _above(self, row: _Row, below: _Row, index: int) -> bool:
        """Whether a row groups the headers below it."""
        if row.lone or row.tells or not row.count or row.fits or any(len(text) > _LONGEST_GROUP for text in row.texts):
            return False
        if self.covered[index].any() or self.covered[index + 1].any():
            return row.raw[0] is None or row.count > 1
        if row.count == 1:
            return below.raw[0] is None
        return row.raw[0] is None or not below.complete

    def _also(self, last: int, top: int, first: int | None) -> bool:
        """Whether the row after the last header row is one more."""
        if last + 1 >= (len(self.rows) if first is None else first):
            return False
        row, above = self.rows[last + 1], self.rows[last]
        if row.lone or row.fits or not row.count or row.tells:
            return False
        if self.covered[last + 1].any() and self._under(last + 1, top):
            return True
        # The column of labels is headed once.
        labelled = row.raw[0] is not None and any(self.rows[i].raw[0] is not None for i in range(top, last + 1))
        if labelled or above.complete:
            typed = sum(kind in _TYPED for kind in self.looks)
            return row.against >= 2 and row.against == typed and not row.periods
        if first is None or not row.heads:
            return not above.complete and (not row.distinct or self._labels_below(last + 2)) and row.raw[0] is None
        return True

    def _under(self, index: int, top: int) -> bool:
        """Whether a row lies under merged headers, and not in the body."""
        down = self.grid.merges(self.head._replace(top=self.area.top + top, bottom=self.area.top + index))
        return bool((down[:, 2] >= self.area.top + index).any())

    def _labels_below(self, index: int) -> bool:
        rows = self.rows[index : index + 10]
        return bool(rows) and all(row.raw[0] is not None for row in rows)


def texts(grid: Grid, area: Area) -> list[str]:
    """What the columns of a header area are called: one text per column, unique and never empty.

    Rows are joined with « – »; a merged header counts for all columns that it covers, and so does an upper header
    with blanks to its right when the sender does not merge cells in that row.
    """
    matrix, covered = grid.filled(area)
    for index in range(len(matrix) - 1):
        across = covered[index] & ~(covered[index + 1] & np.array([c is None for c in matrix[index]], bool))
        if not across.any():
            _spread(matrix, index)
    columns = [[row[column] for row in matrix] for column in range(area.right - area.left)]
    months = _months(matrix)
    return unique([" – ".join(_joined([_text(cell, months) for cell in column])) for column in columns])


def _spread(matrix: Matrix, index: int) -> None:
    """Fill an upper header to the right over the headers that it groups."""
    below = [any(row[column] is not None for row in matrix[index + 1 :]) for column in range(len(matrix[index]))]
    group: Cell | None = None
    for column, cell in enumerate(matrix[index]):
        if cell is not None or not below[column]:
            group = cell if below[column] else None
        else:
            matrix[index][column] = group


def _joined(parts: Sequence[str]) -> list[str]:
    return [part for i, part in enumerate(parts) if part and part not in parts[max(i - 1, 0) : i]]


def _months(matrix: Matrix) -> bool:
    """Whether dates among the headers stand for months: several, and each the first of its month."""
    dates = {cell for row in matrix for cell in row if isinstance(cell, date)}
    return len(dates) > 1 and all(day.day == 1 for day in dates) and len({(d.year, d.month) for d in dates}) > 1


def _text(cell: Cell | None, months: bool = False) -> str:
    if months and isinstance(cell, date):
        return f"{cell.year:04}-{cell.month:02}"
    return _END.sub(" ", shown(cell)[: _LONGEST * 4]).strip()


def unique(names: Sequence[str]) -> list[str]:
    """Names made unique and never empty: the second «Antal» is «Antal (2)», the third column «Kolumn 3»."""
    wanted = [name[:_LONGEST].strip() or f"Kolumn {number}" for number, name in enumerate(names, 1)]
    taken, last, out = set(wanted), Counter[str](), list[str]()
    for name in wanted:
        last[name] += 1
        made = name
        while last[name] > 1 and made in taken:
            suffix = f" ({last[name]})"
            made = name[: _LONGEST - len(suffix)] + suffix
            last[name] += made in taken
        taken.add(made)
        out.append(made)
    return out
