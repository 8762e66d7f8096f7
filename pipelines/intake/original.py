"""Whether a delivered file may be kept as it came: only when it holds nothing but what was asked for."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from pipelines.intake.cells import Book, Sheet
from pipelines.intake.reading import Read
from store import personal


def settled(book: Book, read: Sequence[Read]) -> list[Read]:
    """The tables of a file, each with the decision whether the file is kept beside it.

    A text file is, when its only table uses every column and nothing around it looks like personal data. A workbook is
    never kept: it holds what no sheet shows, such as authors, comments and rows long since deleted (pivot caches).
    """
    keep = len(book.sheets) == len(read) == 1 and not book.sheets[0].typed and _nothing_else(book.sheets[0], read[0])
    return [replace(one, delivery=replace(one.delivery, original_kept=keep)) for one in read]


def _nothing_else(sheet: Sheet, read: Read) -> bool:
    if not read.delivery.original_kept or read.rows is None:
        return False
    spot = read.view.spot
    beside = [*sheet.columns[: spot.first_column - 1], *sheet.columns[spot.last_column :]]
    if any(len(column.values) for column in beside):
        return False
    around = np.setdiff1d(np.arange(sheet.rows), read.rows.numbers - 1)
    return not any(personal.scan(column.take(around).values) for column in sheet.columns)
