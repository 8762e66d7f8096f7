"""The cells of a sheet as a person is shown them: as they are, but for personal data."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np

from pipelines.intake import tables
from pipelines.intake.cells import Book, Sheet
from pipelines.intake.tables import Table
from store import personal
from store.intake import SheetView, Spot

#: Sheets without a table that are shown.
_MOST_SHEETS = 12

Cells = Sequence[Sequence[str]]


def of_table(sheet: Sheet, table: Table) -> dict[str, Any]:
    """What a TableView shows of the cells around the beginning of a table."""
    spot = table.spot
    cells, row = tables.preview(sheet, spot)
    column = spot.first_column if cells and len(cells[0]) < spot.first_column else 1
    kinds = {
        spot.first_column - column + place: kind
        for place, header in enumerate(table.headers)
        if (kind := personal.personal_header(header))
    }
    body = max(spot.first_row - row, 0)
    return {"preview": masked(cells, kinds, body), "preview_row": row, "preview_column": column}


def bare(book: Book, with_tables: Iterable[str]) -> tuple[SheetView, ...]:
    """The visible sheets of a file that hold something, except those where tables stand."""
    known = set(with_tables)
    views = []
    for sheet in book.sheets:
        filled = [np.flatnonzero(column.codes >= 0) for column in sheet.columns if len(column.values)]
        if sheet.hidden or sheet.name in known or not filled:
            continue
        first = int(min(rows[0] for rows in filled)) + 1
        width = len(sheet.columns)
        spot = Spot(
            sheet=sheet.name, header_row=0, header_rows=0, first_row=first, last_row=sheet.rows, first_column=1,
            last_column=width,
        )  # fmt: skip
        cells, row = tables.preview(sheet, spot)
        views.append(SheetView(name=sheet.name, rows=sheet.rows, columns=width, preview=masked(cells), preview_row=row))
    return tuple(views[:_MOST_SHEETS])


def masked(cells: Cells, kinds: dict[int, str] | None = None, body: int = 0) -> tuple[tuple[str, ...], ...]:
    """Cells row by row with personal data masked: what is found in them, and whole columns whose header says so.

    ``kinds`` are the columns known to hold personal data, from the row ``body`` on; a header among the cells themselves
    counts for the cells below it.
    """
    columns = [
        _column([row[place] for row in cells], (kinds or {}).get(place, ""), body)
        for place in range(len(cells[0]) if cells else 0)
    ]
    return tuple(zip(*columns, strict=True))


def masked_rows(rows: Sequence[tuple[int, str]]) -> tuple[tuple[int, str], ...]:
    """Numbered texts with personal data masked."""
    texts = _scanned([text for _, text in rows])
    return tuple((number, text) for (number, _), text in zip(rows, texts, strict=True))


def _column(cells: list[str], kind: str, body: int) -> list[str]:
    found = _scanned(cells)
    below = ""
    for place, cell in enumerate(cells):
        held = below or (kind if place >= body else "")
        if held and cell:
            found[place] = f"[{held}]"
        below = below or personal.personal_header(cell)
    return found


def _scanned(cells: list[str]) -> list[str]:
    values = np.empty(len(cells), dtype=object)
    values[:] = cells
    hits = personal.scan(values)
    return [personal.mask(text, hits[place]) if place in hits else text for place, text in enumerate(cells)]
