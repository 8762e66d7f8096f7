"""Numbers in the shapes that senders write, and what is not a number."""

from __future__ import annotations

import math
from datetime import date
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.intake import numbers
from store.schema import STATUSES

NBSP, NARROW, THIN = "\u00a0", "\u202f", "\u2009"


@pytest.mark.parametrize(
    ("cell", "value"),
    [
        (5, 5), (5.25, 5.25), (-3, -3), ("5", 5), ("0", 0), ("0188", 188), ("1234567", 1234567),
        ("1,5", 1.5), ("1.5", 1.5), ("0,125", 0.125), ("1234,567", 1234.567), (",5", 0.5), ("-.5", -0.5),
        ("1 234", 1234), (f"1{NBSP}234", 1234), (f"1{NARROW}234,5", 1234.5), (f"1{THIN}234{THIN}567", 1234567),
        ("1'234'567", 1234567), ("1.234.567", 1234567), ("1,234,567", 1234567), ("1.234,5", 1234.5),
        ("1,234.5", 1234.5), ("-5", -5), ("−5", -5), ("–5,5", -5.5), ("- 5", -5), ("+5", 5), ("(5)", -5),
        ("(1 234,5)", -1234.5), ("1 234,5 kr", 1234.5), ("100:-", 100), ("40 st", 40), ("500 SEK", 500),
        ("1 000 kronor", 1000), ("\ufeff12", 12), ("9" * 50, 1e50),
    ],
)  # fmt: skip
def test_numbers(cell: Any, value: float) -> None:
    read = numbers.read([cell])
    assert read.value[0] == pytest.approx(value, rel=1e-12)
    assert (read.bad[0], read.percent[0], read.statuses[0]) == (False, False, "")


@pytest.mark.parametrize(
    ("cell", "value"), [("12,5 %", 12.5), ("12,5%", 12.5), ("40 procent", 40), ("-3 %", -3), ("(3,5 %)", -3.5)]
)
def test_per_cent_is_noted(cell: str, value: float) -> None:
    read = numbers.read([cell])
    assert (read.value[0], read.percent[0]) == (value, True)


@pytest.mark.parametrize(
    "cell",
    [
        "ca 40", "~100", "abc", "", "12 34", "1 2345", "1.2.3", "1,2,3", "2025-03-04", "14:30", "NaN", "nan", "inf",
        "-inf", "Infinity", "#DIV/0!", "1e999", "1e5", "12E4", "½", "٣", "5-", "--5", "5 %%", "=1+1", "0x10", "1_000",
        "1.234", "1,234", "10–20", "\ud800", "5" * 100, "1e5 kr", date(2025, 3, 4), 10**400, float("inf"), float("nan"),
    ],
    ids=lambda cell: repr(cell)[:20],
)  # fmt: skip
def test_what_is_no_number_is_bad(cell: Any) -> None:
    read = numbers.read([cell])
    assert math.isnan(read.value[0])
    assert (read.bad[0], read.percent[0], read.statuses[0]) == (True, False, "")


@pytest.mark.parametrize(
    ("cell", "status"),
    [
        ("..", "suppressed"), ("<5", "suppressed"), ("< 5", "suppressed"), ("färre än 5", "suppressed"),
        ("x", "suppressed"), (".", "missing"), ("-", "missing"), ("–", "missing"), ("Uppgift saknas", "missing"),
        ("#SAKNAS!", "missing"),
        ("*", "not_applicable"), ("Ej aktuellt", "not_applicable"),
    ],
)  # fmt: skip
def test_signs_for_missing_figures_keep_their_meaning(cell: str, status: str) -> None:
    read = numbers.read([cell])
    assert math.isnan(read.value[0])
    assert (read.bad[0], read.statuses[0]) == (False, status)
    assert status in STATUSES


@pytest.mark.parametrize(
    ("cells", "mark", "unclear"),
    [
        (["1.234"], "", True), (["1,234"], "", True), (["-12.345"], "", True), ([1.234], "", False), ([], "", False),
        (["1.234", "1,5"], ",", False), (["1,234", "1.5"], ".", False), (["1.234", "1.234.567"], ",", False),
        (["0.234"], ".", False), (["1234,567"], ",", False), (["1 234,567"], ",", False), (["1.234", "12 %"], "", True),
        (["1,5", "1.5"], "", False), (["1,5", "1.5", "1.234"], "", True), (["12", "1 234"], "", False),
        (["1.234,567"], ",", False), (["2025-03-04", "abc"], "", False), (["12,5 %"], ",", False),
    ],
)  # fmt: skip
def test_the_decimal_mark_is_told_by_cells_that_can_be_read_in_one_way(
    cells: list[Any], mark: str, unclear: bool
) -> None:
    assert numbers.decimal_mark(np.array(cells, dtype=object)) == mark
    assert numbers.ambiguous(np.array(cells, dtype=object)) is unclear


@pytest.mark.parametrize(
    ("cells", "decimal", "values"),
    [
        (["1.234"], ",", [1234]), (["1.234"], ".", [1.234]), (["1,234"], ",", [1.234]), (["1,234"], ".", [1234]),
        (["1.234", "1,5"], "", [1234, 1.5]), (["1,234", "1.5"], "", [1234, 1.5]), (["1.5"], ",", [1.5]),
        (["1,5", "1.5", "1.234"], ",", [1.5, 1.5, 1234]),
    ],
)  # fmt: skip
def test_the_decimal_mark_decides_what_can_be_read_in_two_ways(
    cells: list[str], decimal: str, values: list[float]
) -> None:
    assert numbers.read(cells, decimal=decimal).value.tolist() == values


@pytest.mark.parametrize(("cell", "value"), [("1e5", 1e5), ("1,5E+05", 1.5e5), ("1E-3", 1e-3), ("1e999", None)])
def test_exponents_are_numbers_in_text_files_only(cell: str, value: float | None) -> None:
    assert numbers.read([cell], typed=True).bad[0]
    read = numbers.read([cell], typed=False)
    assert (None if read.bad[0] else read.value[0]) == value


def grouped(whole: int, space: str) -> str:
    return f"{whole:,}".replace(",", space)


@given(
    st.integers(0, 10**12), st.integers(0, 99), st.booleans(), st.sampled_from(["", " ", NBSP, NARROW, THIN, "."]),
    st.sampled_from(["", " %", "%", " kr"]),
)  # fmt: skip
def test_any_number_as_swedes_write_it_is_read_back(
    whole: int, cents: int, negative: bool, space: str, unit: str
) -> None:
    text = f"{'−' if negative else ''}{grouped(whole, space)},{cents:02}{unit}"
    read = numbers.read([text])
    expected = float(f"{'-' if negative else ''}{whole}.{cents:02}")
    assert (read.value[0], read.bad[0], read.percent[0]) == (expected, False, "%" in unit)


@given(st.lists(st.text() | st.integers() | st.floats() | st.from_regex(r"[-(]?[\d .,]{1,9}[%e)]?\d?", fullmatch=True)))
def test_a_cell_is_a_number_or_a_sign_or_bad(cells: list[Any]) -> None:
    for typed in (True, False):
        read = numbers.read(cells, typed=typed)
        is_number, is_sign = np.isfinite(read.value), read.statuses != ""
        assert (is_number.astype(int) + is_sign + read.bad == 1).all()
        assert not (read.percent & ~is_number).any()
