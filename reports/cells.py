"""A table's cells as a document writes them: Swedish numbers, days in words, a dash for what is missing."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import pandas as pd

from charts import swedish

#: Characters beside a column's longest word, and how its width grows with the length of its longest text.
_AIR, _GROWTH = 2, 0.75


@dataclass(frozen=True)
class Written:
    """A table in words. ``numeric`` says which columns stand to the right."""

    headings: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    numeric: tuple[bool, ...]

    @property
    def widths(self) -> tuple[float, ...]:
        """Each column's share of the width: room for its longest word, and more where there is much to read."""
        columns = zip(self.headings, *self.rows, strict=True)
        return tuple(max(_longest_word(cells) + _AIR, max(map(len, cells)) ** _GROWTH) for cells in columns)


def written(table: pd.DataFrame) -> Written:
    """Every cell as text. A column of numbers gets the decimals it needs, two at most; years stay without a space."""
    columns = [_column(table.iloc[:, place]) for place in range(table.shape[1])]
    numeric = tuple(
        pd.api.types.is_numeric_dtype(kind) and not pd.api.types.is_bool_dtype(kind) for kind in table.dtypes
    )
    return Written(tuple(str(name) for name in table.columns), tuple(zip(*columns, strict=True)), numeric)


def decimals(values: pd.Series) -> int:
    """How many decimals a column of numbers needs, two at most."""
    known = values.dropna().astype(float)
    return next((d for d in (0, 1) if (known.round(d) == known).all()), 2)


def _column(values: pd.Series) -> list[str]:
    if pd.api.types.is_bool_dtype(values.dtype):
        return [swedish.MISSING if pd.isna(value) else "ja" if value else "nej" for value in values]
    if pd.api.types.is_numeric_dtype(values.dtype):
        if values.name == "År":
            return [swedish.MISSING if pd.isna(value) else str(int(value)) for value in values]
        needed = decimals(values)
        return [swedish.number(None if pd.isna(value) else float(value), needed) for value in values]
    return [_text(value) for value in values]


def _text(value: object) -> str:
    if value is None or pd.isna(value):  # type: ignore[call-overload]
        return swedish.MISSING
    return swedish.date(value) if isinstance(value, date) else str(value)


def _longest_word(cells: tuple[str, ...]) -> int:
    return max(len(word) for cell in cells for word in (cell.split(" ") or [""]))
