"""Files as senders make them, the same to the byte for the same content: text files and workbooks."""

from __future__ import annotations

import csv
import io
import re
import zipfile
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, Literal, TypeAlias

from openpyxl import Workbook
from openpyxl.styles import Font

#: What a cell of the example can hold.
Value: TypeAlias = str | int | float | datetime | None

#: All that a file would otherwise say of when it was made.
_MADE = datetime(2026, 1, 20, 8, 0, 0)  # noqa: DTZ001
_MADE_IN_ZIP = (2026, 1, 20, 8, 0, 0)


def text_file(
    path: Path,
    rows: Iterable[Sequence[Value]],
    *,
    encoding: str = "utf-8-sig",
    delimiter: str = ";",
    quoted: bool = False,
) -> None:
    """A text file with a row per line; everything in quotes when ``quoted``. Raises UnicodeEncodeError."""
    out = io.StringIO(newline="")
    quoting: Literal[0, 1] = csv.QUOTE_ALL if quoted else csv.QUOTE_MINIMAL
    csv.writer(out, delimiter=delimiter, quoting=quoting, lineterminator="\r\n").writerows(rows)
    path.write_bytes(out.getvalue().encode(encoding))


@dataclass(frozen=True)
class Page:
    """A sheet: its rows from the first on, rows in bold, merged cells, and the widths of columns that need one."""

    name: str
    rows: Sequence[Sequence[Value]]
    bold: Sequence[int] = ()
    merged: Sequence[str] = ()
    dates: str = "yyyy-mm-dd"


def workbook(path: Path, pages: Sequence[Page]) -> None:
    """A workbook with these sheets."""
    book = Workbook()
    book.remove(book.active)
    book.properties.creator = "Exempeldata"
    book.properties.created = _MADE
    for page in pages:
        sheet = book.create_sheet(page.name)
        for row in page.rows:
            sheet.append(row)
        _dress(sheet, page)
    out = io.BytesIO()
    book.save(out)
    path.write_bytes(_undated(out.getvalue()))


def _dress(sheet: Any, page: Page) -> None:
    for number in page.bold:
        for cell in sheet[number]:
            cell.font = Font(bold=True)
    for cells in page.merged:
        sheet.merge_cells(cells)
    for row in sheet.iter_rows():
        for cell in row:
            if isinstance(cell.value, datetime):
                cell.number_format = page.dates


def _undated(content: bytes) -> bytes:
    """The same workbook without the time at which it was saved, which openpyxl writes in two places."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as source, zipfile.ZipFile(out, "w") as target:
        for name in source.namelist():
            data = source.read(name)
            if name == "docProps/core.xml":
                made = _MADE.strftime("%Y-%m-%dT%H:%M:%SZ").encode()
                data = re.sub(rb"(<dcterms:modified[^>]*>)[^<]*", rb"\g<1>" + made, data)
            target.writestr(zipfile.ZipInfo(name, _MADE_IN_ZIP), data, zipfile.ZIP_DEFLATED)
    return out.getvalue()
