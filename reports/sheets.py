"""A table on a sheet of a workbook: numbers as numbers shown the Swedish way, text as text, gaps as empty cells."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from datetime import date, datetime, time
from textwrap import wrap
from typing import Any

import pandas as pd

from charts.swedish import SWEDEN
from reports.cells import decimals, written
from reports.files import harmless

#: The most that a cell may hold.
_LONGEST = 32_767
#: Rows that decide how wide columns are; the narrowest and the widest, and the widest where there are many.
_LOOKED_AT, _NARROWEST, _WIDEST, _OF_MANY = 200, 9, 42, 18
#: Characters across a printed page that are still read with ease.
_PAGE = 150
#: The height of a line of text and of the tallest row, in points.
LINE, _TALLEST = 14.0, 400.0
#: Rows of a table that is read and not only searched: its long texts are wrapped.
_READ = 2_000

#: [$-41D] is Swedish: the program writes spaces between thousands, a decimal comma and the month's Swedish name.
FORMS = {
    "text": "@",
    "wrapped": "@",
    "year": "0",
    "whole": "[$-41D]#,##0",
    "one": "[$-41D]#,##0.0",
    "two": "[$-41D]#,##0.00",
    "day": "[$-41D]d mmmm yyyy",
    "moment": "[$-41D]yyyy-mm-dd hh:mm",
}  # fmt: skip

#: Writes a value in a row (counted from 0) of a column; nothing for a gap.
_Write = Callable[[int, Any], None]


def plain(text: str) -> str:
    """Text as a cell may hold it: nothing that is run as a formula, or taken for the library's own markup."""
    marked = text.startswith("<r>") and text.endswith("</r>")
    return (f"'{text}" if marked else str(harmless(text)))[:_LONGEST]


def widths(table: pd.DataFrame) -> list[int]:
    """How many characters wide each column should be: its numbers and words, and the longest word of its heading."""
    # Room for the filter's arrow in the heading.
    asked = [
        max(_widest(table.iloc[:, [place]].head(_LOOKED_AT)), *map(len, str(heading).split()), _NARROWEST - 4) + 4
        for place, heading in enumerate(table.columns)
    ]
    caps = range(_WIDEST, _OF_MANY, -1)
    most = next((cap for cap in caps if sum(min(wide, cap) for wide in asked) <= _PAGE), _OF_MANY)
    return [min(wide, most) for wide in asked]


def _widest(column: pd.DataFrame) -> int:
    values = column.iloc[:, 0]
    if not is_number(values):
        return max((len(cell) for (cell,) in written(column).rows), default=0)
    known = [value for value in values.astype("float64") if math.isfinite(value)]
    return max((len(f"{value:,.{decimals(values)}f}") for value in known), default=0)


def height(text: str, across: int) -> float:
    """The height of a cell that has room for so many characters on a line."""
    lines = sum(max(1, len(wrap(line, across))) for line in text.split("\n"))
    return min(lines * LINE, _TALLEST)


def fill(sheet: Any, first: int, table: pd.DataFrame, wide: Sequence[int], styles: dict[str, Any]) -> None:
    """Write the table's rows from row ``first`` (counted from 0) of an xlsxwriter sheet.

    ``wide``: how wide the columns are; ``styles`` has a format of the book for each of ``FORMS``.
    """
    wraps = len(table) <= _READ
    text = styles["wrapped" if wraps else "text"]
    columns = [table.iloc[:, place] for place in range(table.shape[1])]
    writers = [_writer(sheet, place, values, styles, text) for place, values in enumerate(columns)]
    plainly = (values.astype("float64" if is_number(values) else "object").tolist() for values in columns)
    for number, row in enumerate(zip(*plainly, strict=True), start=first):
        tall = max(map(_height, row, wide), default=LINE) if wraps else LINE
        if tall > LINE:
            sheet.set_row(number, tall)
        for write, value in zip(writers, row, strict=True):
            write(number, value)


def _height(value: Any, across: int) -> float:
    return height(value, across - 1) if isinstance(value, str) else LINE


def is_number(values: pd.Series) -> bool:
    """Whether a column holds numbers, and nothing else."""
    return pd.api.types.is_numeric_dtype(values.dtype) and not pd.api.types.is_bool_dtype(values.dtype)


def _writer(sheet: Any, place: int, values: pd.Series, styles: dict[str, Any], text: Any) -> _Write:
    """How the values of a column are written: its decimals are those that all its numbers need."""
    known = [one for one in values.astype("object").tolist() if isinstance(one, int | float)]
    numbers = (
        values if is_number(values) else pd.Series([one for one in known if not isinstance(one, bool)], dtype=float)
    )
    number = styles["year" if values.name == "År" else ("whole", "one", "two")[decimals(numbers)]]

    def write_number(row: int, value: float) -> None:
        if math.isfinite(value):
            sheet.write_number(row, place, value, number)

    def write(row: int, value: Any) -> None:
        if isinstance(value, str):
            sheet.write_string(row, place, plain(value), text)
        elif value is None or pd.isna(value):
            return
        elif pd.api.types.is_bool(value):
            sheet.write_string(row, place, "ja" if value else "nej", text)
        elif pd.api.types.is_number(value):
            write_number(row, float(str(value)))
        elif isinstance(value, date):
            day, whole = _local(value)
            sheet.write_datetime(row, place, day, styles["day" if whole else "moment"])
        else:
            sheet.write_string(row, place, plain(str(value)), text)

    return write_number if is_number(values) else write


def _local(value: date) -> tuple[date, bool]:
    """The day or moment in Sweden, and whether it is a whole day."""
    if not isinstance(value, datetime):
        return value, True
    local = (value.astimezone(SWEDEN) if value.tzinfo else value).replace(tzinfo=None)
    return local, local.time() == time()
