"""The cells of a sheet as the page shows them: row by row in words, or as a grid, and how each row is read. Pure."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from store.intake import SheetView, Spot, TableView
from ui.importing.words import literal

#: Columns that are shown; a sheet can have sixteen thousand.
_MOST_COLUMNS = 60
_LONGEST = 60
READ_AS, ROW = "Läses som", "Rad"


@dataclass(frozen=True)
class Seen:
    """The cells around a place on a sheet, from ``row`` and ``column`` (from 1) on, and where the table stands."""

    cells: tuple[tuple[str, ...], ...]
    row: int
    column: int
    spot: Spot | None
    left_out: frozenset[int] = frozenset()

    @classmethod
    def of_table(cls, table: TableView) -> Seen:
        """The cells around the beginning of a table."""
        left_out = frozenset(row for row, _ in table.left_out)
        return cls(table.preview, table.preview_row, table.preview_column, table.spot, left_out)

    @classmethod
    def of_sheet(cls, sheet: SheetView) -> Seen:
        """The first cells of a sheet without a table."""
        return cls(sheet.preview, sheet.preview_row, 1, None)

    @property
    def rows(self) -> range:
        """The numbers of the rows."""
        return range(self.row, self.row + len(self.cells))

    @property
    def width(self) -> int:
        """How many columns are shown."""
        return min(max((len(row) for row in self.cells), default=0), _MOST_COLUMNS)

    def read_as(self, row: int) -> str:
        """What a row is read as; a dash when it is outside the table."""
        spot = self.spot
        if spot is None:
            return "–"
        if spot.header_row and spot.header_row <= row < spot.header_row + max(spot.header_rows, 1):
            return "rubrik"
        if row in self.left_out:
            return "lämnas utanför"
        return "uppgifter" if spot.first_row <= row <= spot.last_row else "–"

    def cell(self, row: int, column: int) -> str:
        """The text of a cell by its numbers in the file; empty where none is shown."""
        across = self.cells[row - self.row] if row in self.rows else ()
        place = column - self.column
        return across[place] if 0 <= place < len(across) else ""


def line(seen: Seen, row: int) -> str:
    """A row in words, as Markdown: its number, what it is read as, and its cells from left to right."""
    read_as = seen.read_as(row)
    said = f"**Rad {row}**" + (f", {read_as}" if read_as != "–" else "")
    across = seen.cells[row - seen.row][: seen.width]
    while across and not across[-1]:
        across = across[:-1]
    told = " | ".join(literal(text, _LONGEST) if text else "–" for text in across)
    return f"{said}: {told or 'tom'}"


def grid(seen: Seen) -> pd.DataFrame:
    """The cells as they stand, with each row's number and what it is read as."""
    cells = {
        letters(seen.column + place): [row[place] if place < len(row) else "" for row in seen.cells]
        for place in range(seen.width)
    }
    return pd.DataFrame({ROW: list(seen.rows), READ_AS: [seen.read_as(row) for row in seen.rows], **cells})


def column_names(seen: Seen, last: int) -> dict[int, str]:
    """The columns up to ``last`` by number: their letters, with what stands in the header or first row of each."""
    spot = seen.spot
    row = (spot.header_row or spot.first_row) if spot else _fullest(seen)
    texts = {column: seen.cell(row, column)[:_LONGEST] for column in range(1, last + 1)}
    return {column: f"{letters(column)}: {text}" if text else letters(column) for column, text in texts.items()}


def _fullest(seen: Seen) -> int:
    """The first of the rows with most cells: where no header is known, the likeliest to be it."""
    filled = [sum(map(bool, row)) for row in seen.cells]
    return seen.row + filled.index(max(filled)) if filled else seen.row


def letters(column: int) -> str:
    """1 -> A, 26 -> Z, 27 -> AA, as in a spreadsheet."""
    name = ""
    while column:
        column, rest = divmod(column - 1, 26)
        name = chr(ord("A") + rest) + name
    return name
