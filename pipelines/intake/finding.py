"""Where the tables of a sheet stand."""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import pairwise

import numpy as np

from pipelines.intake import heading, left_out
from pipelines.intake.cells import Sheet, shown
from pipelines.intake.grid import Area, Grid, runs
from pipelines.intake.heading import Heading
from store.intake import Spot

#: Parts of a sheet between blank rows that are looked at one by one, what follows belongs to the last table; and
#: between blank columns, where more are one table with many blank columns.
_MOST_PARTS = 1_000
_MOST_BLOCKS = 30
_DEPTH = 3
_MOST_TABLES = 50
#: Rows above a table's headers that can be its title.
TITLE_ROWS = 12


def find(sheet: Sheet) -> list[Spot]:
    """Every table on a sheet, in the order in which they are read; empty when there is none.

    Titles above and notes below are outside. Totals, notes directly under the last row, blank rows and repeated
    headers are inside, and are left out when the table is cut.
    """
    grid = Grid(sheet)
    used = np.flatnonzero(grid.used(grid.area)) if sheet.rows else np.empty(0, dtype=np.int64)
    if not len(used):
        return []
    area = grid.area._replace(left=int(used[0]), right=int(used[-1]) + 1)
    found = [table for table in _Finder(grid).scan(area, _DEPTH) if not _beside(grid, table)]
    largest = max((table.size for table in found), default=0)
    kept = [table for table in found if not (table.faint and table.size < largest)] or _meagre(grid, area)
    return [table.spot(sheet.name) for table in kept[:_MOST_TABLES]]


@dataclass
class _Found:
    """A table under way: its columns and rows, as far as they have been seen; positions from 0."""

    heading: Heading
    area: Area
    #: Rows with one text only that have come after it: a title of what follows, or notes.
    titled: bool = False
    #: Columns that are filled in nearly every row.
    steady: frozenset[int] = frozenset()
    #: Too small and plain to be certain of: shown only when there is nothing larger.
    faint: bool = False

    @property
    def size(self) -> int:
        return (self.area.bottom - self.heading.first) * (self.area.right - self.area.left)

    @property
    def empty(self) -> bool:
        return self.area.bottom <= self.heading.first

    def spot(self, sheet: str) -> Spot:
        return Spot(
            sheet=sheet,
            header_row=self.heading.row + 1,
            header_rows=self.heading.rows,
            first_row=self.heading.first + 1,
            last_row=self.area.bottom,
            first_column=self.area.left + 1,
            last_column=self.area.right,
        )


class _Finder:
    """Goes through the parts of a sheet between blank rows, and within them between blank columns."""

    def __init__(self, grid: Grid) -> None:
        self.grid = grid

    def scan(self, area: Area, depth: int) -> list[_Found]:
        """The tables of an area, in order."""
        found: list[_Found] = []
        current: list[_Found] = []
        parts = runs(self.grid.counts(area) > 0)
        for top, bottom in parts[:_MOST_PARTS]:
            part = area._replace(top=area.top + top, bottom=area.top + bottom)
            if current and self._continue(part, current):
                continue
            if self._lone(part):
                for table in current:
                    table.titled = True
                continue
            made = self._fresh(part, depth)
            found, current = found + made, made or current
        if len(parts) > _MOST_PARTS and current:
            for table in current:
                table.area = table.area._replace(bottom=area.top + parts[-1][1])
        return found

    def _lone(self, part: Area) -> bool:
        """Whether no row of a part has more than one cell: titles and notes."""
        return part.bottom - part.top <= 200 and bool((self.grid.counts(part) < 2).all())

    def _continue(self, part: Area, tables: list[_Found]) -> bool:
        """Lengthen the tables when the part after a blank row holds more of their rows; false when it does not."""
        used = part.left + np.flatnonzero(self.grid.used(part))
        if any(not any(t.area.left <= column < t.area.right for t in tables) for column in used):
            return False
        ends = []
        for table in tables:
            own = part._replace(left=table.area.left, right=table.area.right)
            filled = np.flatnonzero(self.grid.counts(own))
            if not len(filled):
                continue
            own = own._replace(top=part.top + int(filled[0]), bottom=part.top + int(filled[-1]) + 1)
            if not _more(self.grid, own, table):
                return False
            ends.append((table, own.bottom))
        for table, bottom in ends:
            if table.empty:
                _begin(self.grid, table, part.top)
            table.area = table.area._replace(bottom=bottom)
        return bool(ends)

    def _fresh(self, part: Area, depth: int) -> list[_Found]:
        """The tables of a part that is not more of the tables before."""
        blocks = self._blocks(part)
        if len(blocks) == 1 or not depth:
            table = _table(self.grid, Area(part.top, part.bottom, blocks[0].left, blocks[-1].right))
            return self._parted(table) if table else []
        return [table for block in blocks for table in self.scan(block, depth - 1)]

    def _parted(self, table: _Found) -> list[_Found]:
        """A table parted where its headers come again under a title of their own, though no row is blank."""
        if table.heading.row < 0:
            return [table]
        headers = table.area._replace(top=table.heading.row, bottom=table.heading.row + 1)
        body = table.area._replace(top=table.heading.first)
        again = left_out.headers_again(self.grid, body, headers)[:_MOST_PARTS]
        tops = [row - 1 for row in again.tolist() if self._titled(table, row)]
        if not tops:
            return [table]
        edges = [table.area.top, *tops, table.area.bottom]
        parts = [_table(self.grid, table.area._replace(top=a, bottom=b)) for a, b in pairwise(edges)]
        return [part for part in parts if part]

    def _titled(self, table: _Found, row: int) -> bool:
        above = table.area._replace(top=row - 1, bottom=row + 1)
        return int(self.grid.counts(above)[0]) == 1 and _named_else(self.grid, above, table)

    def _blocks(self, part: Area) -> list[Area]:
        """What stands side by side in a part, with a blank column between; one table with a blank column is one."""
        blocks: list[Area] = []
        found = runs(self.grid.used(part))
        if len(found) > _MOST_BLOCKS:
            return [part._replace(left=part.left + found[0][0], right=part.left + found[-1][1])]
        for left, right in found:
            block = part._replace(left=part.left + left, right=part.left + right)
            if blocks and _together(self.grid, blocks[-1], block):
                blocks[-1] = blocks[-1]._replace(right=block.right)
            else:
                blocks.append(block)
        return blocks


def _table(grid: Grid, block: Area) -> _Found | None:
    """The table in a block without blank rows; None when it is a title, notes or a few facts about the whole."""
    block = _within(grid, block)
    found = heading.locate(grid, block)
    if found is None or block.right - block.left < 2:
        return None
    top = found.row if found.row >= 0 else found.first
    own = _within(grid, block._replace(top=top))
    if own.left != block.left:  # a title began further to the left than the table
        found = heading.locate(grid, own) or found
    if own.right - own.left < 2 or _prose(grid, own):
        return None
    rows = own.bottom - found.first
    plain = not any(kind in {"number", "year", "date"} for kind in found.looks)
    faint = rows == 0 or (own.right - own.left == 2 and plain and rows <= 8) or rows + found.rows == 1
    return _Found(found, own, steady=_steady(grid, own._replace(top=found.first)), faint=faint or _facts(grid, own))


def _steady(grid: Grid, body: Area) -> frozenset[int]:
    """The columns that are filled in nearly every row of a body."""
    rows = body.bottom - body.top
    counts = [int((c.codes[body.top : body.bottom] >= 0).sum()) for c in grid.columns[body.left : body.right]]
    return frozenset(body.left + i for i, count in enumerate(counts) if rows and count * 10 >= rows * 9)


def _begin(grid: Grid, table: _Found, first: int) -> None:
    """Let the rows of a table of which only headers were seen begin here, after a blank row."""
    body = table.area._replace(top=first, bottom=min(first + heading.HEAD, grid.area.bottom))
    kinds = heading.looks(grid, body, np.arange(body.top, body.bottom))
    table.heading = replace(table.heading, first=first, looks=kinds)
    table.steady, table.faint = _steady(grid, body), False


def _within(grid: Grid, area: Area) -> Area:
    """An area without the blank columns and rows around what it holds."""
    used = np.flatnonzero(grid.used(area))
    if not len(used):
        return area
    area = area._replace(left=area.left + int(used[0]), right=area.left + int(used[-1]) + 1)
    filled = np.flatnonzero(grid.counts(area))
    return area._replace(top=area.top + int(filled[0]), bottom=area.top + int(filled[-1]) + 1)


def _facts(grid: Grid, area: Area) -> bool:
    """Whether a block says things about the whole, one a row: «Rapportör:  Rodenskolan»."""
    first = [grid.cell(row, area.left) for row in range(area.top, min(area.bottom, area.top + 20))]
    return area.bottom - area.top <= 20 and all(isinstance(cell, str) and cell.endswith(":") for cell in first if cell)


def _prose(grid: Grid, area: Area) -> bool:
    """Whether a block explains words: a term and a long text on each row, at most."""
    if area.bottom - area.top > 200 or area.right - area.left > 3:
        return False
    cells = [c for row in grid.cells(area) for c in row[1:] if c is not None]
    if not all(isinstance(cell, str) for cell in cells):
        return False
    lengths = sorted(len(str(cell)) for cell in cells)
    usual = lengths[:-1] or lengths  # one very long cell makes no prose of a table
    return bool(cells) and sum(usual) > 60 * len(usual)


def _more(grid: Grid, part: Area, table: _Found) -> bool:
    """Whether what stands in a table's columns after a blank row is more of its rows."""
    counts = grid.counts(part)
    many = np.flatnonzero(counts >= min(2, part.right - part.left))
    if not len(many):
        return _habit(grid, part, table)
    first = part.top + int(many[0])
    alone = bool(many[0] > 0)
    if table.empty:
        found = heading.locate(grid, part)
        return found is not None and found.row < 0 and found.first == part.top and not table.titled
    if table.heading.rows and _same(grid, first, table):
        return not table.titled and not (alone and _named_else(grid, part, table))
    if heading.heads(grid, first, table.area, table.heading.looks):
        return False
    if table.heading.row < 0 and alone:
        return False
    rows = part.top + many[:20]
    if len(left_out.totals(grid, part, rows)) == len(many):
        return True
    steady = [grid.columns[column].codes[rows] >= 0 for column in table.steady]
    if steady and np.mean(steady) < 0.5:
        return False
    seen = heading.looks(grid, part, rows)
    pairs = [(now, then) for now, then in zip(seen, table.heading.looks, strict=False) if now and then]
    return sum(now == then or {now, then} == {"year", "number"} for now, then in pairs) * 2 >= len(pairs)


def _same(grid: Grid, row: int, table: _Found) -> bool:
    """Whether a row begins the table's headers again."""
    columns = grid.columns[table.area.left : table.area.right]
    return all(column.codes[row] == column.codes[table.heading.row] for column in columns)


def _named_else(grid: Grid, part: Area, table: _Found) -> bool:
    """Whether headers come again under another title than before: then they head another table."""
    above = range(max(0, table.heading.row - TITLE_ROWS), table.heading.row)
    titles = {str(grid.cell(row, column)) for row in above for column in range(part.left, part.right)}
    text = next((str(cell) for cell in grid.cells(part)[0] if cell is not None), "")
    return text not in titles and not text.casefold().startswith(("sida ", "sid "))


def _habit(grid: Grid, part: Area, table: _Found) -> bool:
    """Whether rows with just one cell are usual in the table, in that same column; notes are not rows."""
    used = np.flatnonzero(grid.used(part))
    body = table.area._replace(top=table.heading.first)
    counts = grid.counts(body)
    if len(used) != 1 or not len(counts):
        return False
    same = (counts == 1) & (grid.columns[part.left + int(used[0])].codes[body.top : body.bottom] >= 0)
    cells = [grid.cell(row, part.left + int(used[0])) for row in range(part.top, min(part.bottom, part.top + 20))]
    return bool(same.mean() >= 0.3) and not any(left_out.is_note(shown(c), long=True) for c in cells)


def _together(grid: Grid, left: Area, right: Area) -> bool:
    """Whether two blocks with blank columns between are one table: headed on the same row, with different headers, and
    the right one has no labels of its own or follows the left one's rows."""
    merges = grid.merges(Area(left.top, min(left.bottom, left.top + heading.HEAD), 0, left.right))
    if ((merges[:, 3] >= right.left) & (merges[:, 1] >= left.left) & (merges[:, 1] > left.left)).any():
        return True
    one, two = _within(grid, left), _within(grid, right)
    if one.width == 1 or two.width == 1:
        return _column_of(grid, one, two)
    head, other = heading.locate(grid, one), heading.locate(grid, two)
    if head is None or other is None or (head.row < 0) != (other.row < 0):
        return False
    if (head.row, head.row < 0 or head.first) != (other.row, other.row < 0 or other.first):
        return False
    if head.rows and _alike(grid, one, two, head):
        return False
    own_labels = head.looks[0] == "text" == other.looks[0]
    gaps = bool((grid.counts(two._replace(top=head.first)) == 0).any())
    return gaps or (one.bottom == two.bottom and not own_labels)


def _column_of(grid: Grid, one: Area, two: Area) -> bool:
    """Whether of two blocks beside each other the single column belongs to the other: headed on the same row and as
    long, or filled here and there. What is shorter is a legend."""
    if one.width > 1:
        head = heading.locate(grid, one)
        if head is None or two.top not in range(head.row, head.first + 1) or two.bottom > one.bottom:
            return False
        gaps = bool((grid.counts(two) == 0).any())
        return gaps or (two.bottom - two.top) * 2 > one.bottom - max(head.row, 0)
    if two.width > 1:
        head = heading.locate(grid, two)
        return head is not None and one.top <= head.first and one.bottom >= two.bottom - 1
    return one.top == two.top and one.bottom - one.top > 1 and two.bottom <= one.bottom


def _alike(grid: Grid, one: Area, two: Area, head: Heading) -> bool:
    """Whether two blocks have a header in common: they are tables of the same make."""
    rows = range(head.row, head.row + head.rows)
    names = [
        {shown(grid.cell(row, column)).casefold() for row in rows for column in range(area.left, area.right)} - {""}
        for area in (one, two)
    ]
    return bool(names[0] & names[1])


def _beside(grid: Grid, table: _Found) -> bool:
    """Whether what looked like a table has neither rows nor a full row of headers."""
    return table.area.bottom <= table.heading.first and table.heading.row < 0


def _meagre(grid: Grid, area: Area) -> list[_Found]:
    """The one table of a sheet that has none with two columns: a list in one column, with or without a header."""
    parts = [part for part in runs(grid.counts(area) > 0) if part[1] - part[0] > 1]
    if not parts:
        return []
    first = _within(grid, area._replace(top=area.top + parts[0][0], bottom=area.top + parts[0][1]))
    if first.right - first.left > 1:
        return []
    found = heading.locate(grid, first)
    bottom = area.top + parts[-1][1]
    return [_Found(found, first._replace(bottom=bottom))] if found else []
