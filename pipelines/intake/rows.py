"""The cells of a table that a mapping uses: what is kept of a local delivery, and what the kinds read."""

from __future__ import annotations

import io
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.parquet as pq

from pipelines.intake.cells import Cell, Codes, Column

_FACTS = b"roda_traden"


@dataclass(frozen=True, eq=False)
class Rows:
    """Columns by header, all of the same length; ``numbers`` are the rows' numbers in the file, from 1."""

    columns: Mapping[str, Column]
    numbers: npt.NDArray[np.int64]
    sheet: str
    #: Whether numbers and dates came as such (workbooks) or everything is text.
    typed: bool

    def __len__(self) -> int:
        return len(self.numbers)

    def only(self, keep: npt.NDArray[np.bool_]) -> Rows:
        """The rows where ``keep`` is true."""
        positions = np.flatnonzero(keep)
        columns = {header: column.take(positions) for header, column in self.columns.items()}
        return Rows(columns, self.numbers[positions], self.sheet, self.typed)

    def to_bytes(self) -> bytes:
        """The rows as a Parquet file; the same rows give the same cells, with their types."""
        arrays = [pa.array(self.numbers), *(_arrow(column) for column in self.columns.values())]
        names = ["row", *(f"c{position}" for position in range(len(self.columns)))]
        facts = {"headers": list(self.columns), "sheet": self.sheet, "typed": self.typed}
        schema = pa.schema(
            [(name, array.type) for name, array in zip(names, arrays, strict=True)],
            {_FACTS: json.dumps(facts, ensure_ascii=False).encode()},
        )
        buffer = io.BytesIO()
        pq.write_table(pa.Table.from_arrays(arrays, schema=schema), buffer, store_schema=True)
        return buffer.getvalue()

    @staticmethod
    def sheet_in(path: Path) -> str:
        """The sheet that the rows of such a file come from."""
        return str(json.loads(pq.read_schema(path).metadata[_FACTS])["sheet"])

    @classmethod
    def from_bytes(cls, content: bytes) -> Rows:
        """The rows of such a file."""
        table = pq.read_table(pa.BufferReader(content))
        facts = json.loads(table.schema.metadata[_FACTS])
        columns = {
            header: _column(table.column(position + 1).combine_chunks())
            for position, header in enumerate(facts["headers"])
        }
        return cls(columns, table.column("row").to_numpy(), facts["sheet"], facts["typed"])


#: A cell that is not text is written with its type and a tab before it; a text that begins like one, as text.
_TYPES: tuple[tuple[str, type, Any], ...] = (
    ("datetime", datetime, datetime.fromisoformat),  # before date: a datetime is a date too
    ("date", date, date.fromisoformat),
    ("time", time, time.fromisoformat),
    ("timedelta", timedelta, lambda text: timedelta(seconds=float(text))),
    ("int", int, int),
    ("float", float, float),
)
_READERS = {name: read for name, _, read in _TYPES} | {"str": str}


def _written(cell: Cell) -> str:
    if isinstance(cell, str):
        return f"str\t{cell}" if "\t" in cell else cell
    name = next(name for name, kind, _ in _TYPES if isinstance(cell, kind))
    if isinstance(cell, timedelta):
        return f"{name}\t{cell.total_seconds()!r}"
    return f"{name}\t{cell.isoformat() if isinstance(cell, date | time) else repr(cell)}"


def _read(text: str) -> Cell:
    name, tab, rest = text.partition("\t")
    return _READERS[name](rest) if tab else text


def _arrow(column: Column) -> pa.Array:
    values = column.values
    if not all(type(value) is str and "\t" not in value for value in values):
        values = np.array([_written(value) for value in values], dtype=object)
    codes = pa.array(column.codes, mask=column.codes < 0)
    return pa.DictionaryArray.from_arrays(codes, pa.array(values, type=pa.string()))


def _column(array: pa.Array) -> Column:
    if not pa.types.is_dictionary(array.type):
        array = array.dictionary_encode()
    codes: Codes = array.indices.fill_null(-1).to_numpy(zero_copy_only=False).astype(np.int32)
    texts: Sequence[str] = array.dictionary.to_pylist()
    values = np.empty(len(texts), dtype=object)
    values[:] = [_read(text) for text in texts] if any("\t" in text for text in texts) else texts
    return Column(codes, values)
