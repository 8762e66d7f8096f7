"""The rows that were refused, handed back as a workbook with a reason beside each, to mend and import again."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt
import pandas as pd
from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Alignment, Font
from openpyxl.utils import get_column_letter

from pipelines.intake.cells import Cell, Column, shown
from pipelines.intake.tables import Table

if TYPE_CHECKING:
    from openpyxl.worksheet._write_only import WriteOnlyWorksheet

    from pipelines.intake.reading import Read

#: The columns that say why; an import of the mended workbook leaves them out.
REASON_HEADERS = ("Avvisad: skäl", "Avvisad: gör så här", "Avvisad: rad i filen")

_HARMFUL = ("=", "+", "-", "@", "\t", "\r")


def write_refused(folder: Path, file: str, read: Sequence[Read]) -> str:
    """Write the refused rows of a file's tables, a sheet each; the workbook's path, or nothing when none were."""
    refused = [one for one in read if one.result is not None and len(one.result.refused)]
    if not refused:
        return ""
    book = Workbook(write_only=True)
    for number, one in enumerate(refused, start=1):
        _sheet(book.create_sheet(f"Avvisade {number}" if len(refused) > 1 else "Avvisade"), one)
    folder.mkdir(parents=True, exist_ok=True)
    path = _free(folder, f"Avvisade rader – {Path(file).stem[:80]}")
    book.save(path)
    return str(path)


def _free(folder: Path, name: str) -> Path:
    """A workbook that is not there yet: an earlier one may be half mended, or another file's of the same name."""
    path = folder / f"{name}.xlsx"
    numbers = count(2)
    while path.exists():
        path = folder / f"{name} ({next(numbers)}).xlsx"
    return path


def _sheet(sheet: WriteOnlyWorksheet, read: Read) -> None:
    assert read.rows is not None  # noqa: S101  both are there in a table that has been read
    assert read.result is not None  # noqa: S101
    headers = list(read.rows.columns)
    for position in range(len(headers) + len(REASON_HEADERS)):
        sheet.column_dimensions[get_column_letter(position + 1)].width = 24
    sheet.freeze_panes = "A2"
    sheet.append([_bold(sheet, header) for header in (*headers, *REASON_HEADERS)])
    lines = read.result.refused.groupby("position", sort=True)
    positions = np.array(list(lines.groups), dtype=np.int64)
    cells = [read.rows.columns[header].take(positions).cells() for header in headers]
    reasons = lines.agg({"reason": _joined, "remedy": _joined, "row": "first"})
    for at, (reason, remedy, row) in enumerate(reasons.itertuples(index=False)):
        sheet.append([*(_harmless(column[at]) for column in cells), reason, remedy, int(row)])


def _joined(texts: pd.Series) -> str:
    return " ".join(dict.fromkeys(map(str, texts)))


def _bold(sheet: WriteOnlyWorksheet, text: str) -> WriteOnlyCell:
    cell = WriteOnlyCell(sheet, value=_harmless(text))
    cell.font = Font(bold=True)
    cell.alignment = Alignment(wrap_text=True, vertical="top")
    return cell


def without_guards(table: Table) -> Table:
    """A mended workbook's table with texts as they were before they were made harmless; any other table as it is."""
    if not set(REASON_HEADERS) <= set(table.headers):
        return table
    return replace(table, columns=tuple(Column.of(map(_unguarded, column.cells())) for column in table.columns))


def _unguarded(cell: Cell | None) -> Cell | None:
    guarded = isinstance(cell, str) and cell.startswith("'") and cell[1:].startswith(_HARMFUL)
    return cell[1:] if isinstance(cell, str) and guarded else cell


def _harmless(cell: Cell | None) -> Cell | None:
    """A text that a spreadsheet program would take for a formula is written so that it stays a text."""
    if isinstance(cell, str):
        clean = "".join(letter for letter in cell if letter >= " " or letter in "\n\t")[:32_000]
        return f"'{clean}" if clean.startswith(_HARMFUL) else clean
    return cell if cell is None or isinstance(cell, int | float) else shown(cell)


def is_handed_back(table: Table) -> bool:
    """Whether a table is one that ``write_refused`` wrote, now mended."""
    return set(REASON_HEADERS) <= set(table.headers)


def as_it_came(table: Table) -> Table:
    """A table that was handed back without the columns that say why, and with its texts as they were in the file."""
    if not is_handed_back(table):
        return table
    own = [(h, c) for h, c in zip(table.headers, table.columns, strict=True) if h not in REASON_HEADERS]
    columns = tuple(Column(column.codes, _unquoted(column.values)) for _, column in own)
    return replace(table, headers=tuple(header for header, _ in own), columns=columns)


def _unquoted(values: npt.NDArray[np.object_]) -> npt.NDArray[np.object_]:
    out = values.copy()
    for at, value in enumerate(values):
        if isinstance(value, str) and value[:1] == "'" and value[1:].startswith(_HARMFUL):
            out[at] = value[1:]
    return out
