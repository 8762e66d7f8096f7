"""What is kept of a local delivery: the same cells come back, with their types."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from pipelines.intake.cells import Cell, Column
from pipelines.intake.rows import Rows

CELLS = st.one_of(
    st.none(),
    st.text(min_size=1, alphabet=st.characters(exclude_categories=["Cs"])).filter(lambda text: text.strip() == text),
    st.integers(-(2**53), 2**53),
    st.floats(allow_nan=False, allow_infinity=False).filter(lambda number: not number.is_integer()),
    st.datetimes(datetime(1900, 1, 1), datetime(2100, 1, 1)),
    st.dates(date(1900, 1, 1), date(2100, 1, 1)),
    st.times(),
    st.timedeltas(timedelta(0), timedelta(days=9)),
)
TABLES = st.integers(0, 8).flatmap(lambda rows: st.lists(st.lists(CELLS, min_size=rows, max_size=rows), max_size=4))


def rows_of(columns: list[list[Cell | None]], length: int) -> Rows:
    named = {f"Rubrik {number}": Column.of(cells) for number, cells in enumerate(columns)}
    return Rows(named, np.arange(3, 3 + length), "Blad 1", typed=True)


@given(TABLES)
def test_the_cells_come_back_with_their_types(columns: list[list[Cell | None]]) -> None:
    length = len(columns[0]) if columns else 0
    back = Rows.from_bytes(rows_of(columns, length).to_bytes())
    assert list(back.numbers) == list(range(3, 3 + length))
    assert (back.sheet, back.typed) == ("Blad 1", True)
    for number, cells in enumerate(columns):
        found = back.columns[f"Rubrik {number}"].cells()
        assert [(type(one), one) for one in found] == [(type(one), one) for one in cells]


def test_a_text_that_looks_like_a_typed_cell_stays_a_text() -> None:
    back = Rows.from_bytes(rows_of([["int\t12", "date\t2025-03-04", "a"]], 3).to_bytes())
    assert list(back.columns["Rubrik 0"].cells()) == ["int\t12", "date\t2025-03-04", "a"]
