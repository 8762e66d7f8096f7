"""The fast way through a large text file whose rows nearly all have the same number of cells."""

from __future__ import annotations

import csv
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv as arrow_csv

from pipelines.intake.cells import Codes, Column
from pipelines.intake.gathering import compact, empty_column, object_array

_BLOCK = 8 * 2**20
#: With more irregular rows than this the file is not regular.
_MAX_IRREGULAR = 20_000
#: Cells that are looked at first to see whether a column can be in order.
_FEW = 1000
_QUOTE = ord('"')


def read_regular(utf8: bytes, delimiter: str, width: int, ahead: int) -> tuple[Column, ...] | None:
    """The file's columns, after ``ahead`` empty rows; None when it must be read row by row instead.

    Rows with another number of cells than ``width`` are put where they stand. Quotation marks must all stand at the
    edges of cells, as the fast reader would let an unmatched one swallow the rows that follow.
    """
    quoted = b'"' in utf8
    if len(delimiter) != 1 or not delimiter.isascii() or (quoted and not _quotes_match(utf8, delimiter)):
        return None
    try:
        regular, irregular = _parsed(utf8, delimiter, width, quoted)
    except (pa.ArrowInvalid, csv.Error):
        return None
    total = len(regular) + len(irregular) + ahead
    positions = np.delete(np.arange(total), [*range(ahead), *(ahead + number for number in irregular)])
    with ThreadPoolExecutor(2) as pool:
        columns = list(pool.map(_column, regular.columns))
    if total > len(regular):
        columns = [_spread(column, positions, total) for column in columns]
        columns = _with_irregular(columns, {ahead + number: cells for number, cells in irregular.items()}, total)
    return tuple(column if len(column.values) else empty_column(total) for column in columns)


def _quotes_match(utf8: bytes, delimiter: str) -> bool:
    """Whether every quotation mark opens or closes a whole cell, or is one of two that stand for one."""
    text = np.frombuffer(utf8, dtype=np.uint8)
    marks = np.concatenate(
        [np.flatnonzero(text[at : at + _BLOCK] == _QUOTE) + at for at in range(0, len(text), _BLOCK)]
    )
    if len(marks) % 2:
        return False
    edges = np.frombuffer(b'\r\n"' + delimiter.encode(), dtype=np.uint8)
    before, after = marks[0::2], marks[1::2]
    inner_before, inner_after = before[before > 0] - 1, after[after < len(text) - 1] + 1
    return bool(np.isin(text[inner_before], edges).all() and np.isin(text[inner_after], edges).all())


def _parsed(utf8: bytes, delimiter: str, width: int, quoted: bool) -> tuple[pa.Table, dict[int, list[str]]]:
    """Rows of the right width as a table of texts, and the others by their position.

    The positions are only known when one thread reads, so a file with irregular rows is read once more.
    """
    met: list[tuple[int | None, str]] = []

    def skip(row: Any) -> str:
        met.append((row.number, row.text))
        return "skip" if len(met) <= _MAX_IRREGULAR else "error"

    table = _arrow(utf8, delimiter, width, quoted, skip, threads=True)
    if met:
        met.clear()
        table = _arrow(utf8, delimiter, width, quoted, skip, threads=False)
    parted = csv.reader((text for _, text in met), delimiter=delimiter, strict=True)
    return table, {number - 1: cells for (number, _), cells in zip(met, parted, strict=True) if number is not None}


def _arrow(utf8: bytes, delimiter: str, width: int, quoted: bool, skip: Any, *, threads: bool) -> pa.Table:
    names = [str(number) for number in range(width)]
    return arrow_csv.read_csv(
        pa.BufferReader(utf8),
        read_options=arrow_csv.ReadOptions(column_names=names, block_size=_BLOCK, use_threads=threads),
        parse_options=arrow_csv.ParseOptions(
            delimiter=delimiter, newlines_in_values=quoted, ignore_empty_lines=False, invalid_row_handler=skip
        ),
        convert_options=arrow_csv.ConvertOptions(
            column_types=dict.fromkeys(names, pa.string()), strings_can_be_null=True, null_values=[""]
        ),
    )


def _column(cells: pa.ChunkedArray) -> Column:
    codes, texts = _encoded(cells)
    if pc.utf8_trim_whitespace(texts).equals(texts):
        return Column.of_texts(codes, texts)
    kept, distinct = compact(texts.to_pylist())
    return Column(codes if kept is None else _recoded(codes, kept), distinct)


def _encoded(cells: pa.ChunkedArray) -> tuple[Codes, pa.Array]:
    if not cells.null_count and _ascending(cells.slice(0, _FEW)) and _ascending(cells):
        return np.arange(len(cells), dtype=np.int32), cells.combine_chunks()
    encoded = pc.dictionary_encode(cells).combine_chunks()
    return encoded.indices.fill_null(-1).to_numpy(zero_copy_only=False), encoded.dictionary


def _ascending(cells: pa.ChunkedArray) -> bool:
    """Whether every cell under the first comes after the one above, as numbers of rows and cases do.

    Then all are distinct, which is seen much faster so than by looking each of them up.
    """
    texts = cells.combine_chunks()
    above, below = texts[1:-1], texts[2:]
    longer = pc.subtract(pc.binary_length(below), pc.binary_length(above))
    after = pc.or_(pc.greater(longer, 0), pc.and_(pc.equal(longer, 0), pc.greater(below, above)))
    return bool(pc.all(after).as_py()) and not pc.any(pc.equal(texts[1:], texts[0])).as_py()


def _recoded(codes: Codes, kept: Codes) -> Codes:
    return np.append(kept, np.int32(-1))[codes].astype(np.int32)


def _spread(column: Column, positions: npt.NDArray[np.int64], total: int) -> Column:
    codes = np.full(total, -1, dtype=np.int32)
    codes[positions] = column.codes
    return Column(codes, column.values)


def _with_irregular(columns: list[Column], rows: dict[int, list[str]], total: int) -> list[Column]:
    width = max(len(columns), *map(len, rows.values())) if rows else len(columns)
    columns = columns + [empty_column(total)] * (width - len(columns))
    return [_with_cells(column, number, rows) for number, column in enumerate(columns)]


def _with_cells(column: Column, number: int, rows: dict[int, list[str]]) -> Column:
    """The column with the cells that irregular rows have in it."""
    found = [(row, cells[number].strip()) for row, cells in rows.items() if number < len(cells)]
    found = [(row, cell) for row, cell in found if cell]
    if not found:
        return column
    known = {cell: code for code, cell in enumerate(column.values.tolist())}
    codes = column.codes.copy()
    for row, cell in found:
        codes[row] = known.setdefault(cell, len(known))
    return Column(codes, object_array(known, len(known)))
