"""Nothing that is hidden can be worked out from what is shown: hand-made tables, and linear algebra on any table."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import array_shapes, arrays

from analysis.disclosure import Hidden, hidden, hidden_in_groups, small

TABLES = arrays(np.int64, array_shapes(min_dims=2, max_dims=2, min_side=1, max_side=6), elements=st.integers(0, 12))


@pytest.mark.parametrize(
    ("count", "is_hidden"), [(0, False), (1, True), (4, True), (5, False), (180, False)],
    ids=["nothing happened", "one", "four", "five", "many"],
)  # fmt: skip
def test_counts_from_one_to_four_are_small(count: int, is_hidden: bool) -> None:
    assert bool(small(count)) is is_hidden


def test_a_total_does_not_tell_what_is_hidden() -> None:
    """METHODS: a total of 180 with 177 shown reveals 3."""
    found = hidden([[3, 77, 100]])
    assert found.cells.tolist() == [[True, True, False]]  # the next smallest goes along
    assert not found.rows[0]
    assert not found.total


def test_a_single_small_cell_takes_a_square_with_it() -> None:
    found = hidden([[3, 20, 30], [40, 10, 60], [70, 80, 90]])
    assert found.cells.tolist() == [[True, True, False], [True, True, False], [False, False, False]]
    assert not found.rows.any()
    assert not found.columns.any()


def test_two_hidden_that_are_few_together_take_a_third() -> None:
    """1 + 2 hidden of a shown total would tell that 3 were hidden."""
    found = hidden([[1, 2, 9, 50]])
    assert found.cells.tolist() == [[True, True, True, False]]


def test_small_totals_are_hidden_with_their_only_cell() -> None:
    found = hidden([[3, 0], [0, 100]])
    assert found.cells[0, 0]
    assert found.rows[0]
    assert found.columns[0]


@pytest.mark.parametrize("table", [[[0, 0], [0, 0]], [[5, 9], [0, 100]], [[7]]], ids=["empty", "large", "one"])
def test_nothing_is_hidden_without_need(table: list[list[int]]) -> None:
    found = hidden(table)
    assert not found.cells.any()
    assert not found.rows.any()
    assert not found.total


def whole_of(counts: np.ndarray) -> np.ndarray:
    rows = np.column_stack([counts, counts.sum(axis=1)])
    return np.vstack([rows, rows.sum(axis=0)])


def mask_of(found: Hidden) -> np.ndarray:
    body = np.column_stack([found.cells, found.rows])
    return np.vstack([body, [*found.columns, found.total]])


def worked_out(mask: np.ndarray) -> list[tuple[int, int]]:
    """The hidden cells that the equations determine: those that no solution of the homogeneous system can move."""
    places = [tuple(place) for place in np.argwhere(mask)]
    rows, columns = mask.shape
    system = np.zeros((rows + columns, len(places)))
    for number, (row, column) in enumerate(places):
        system[row, number] = -1 if column == columns - 1 else 1
        system[rows + column, number] = -1 if row == rows - 1 else 1
    _, values, basis = np.linalg.svd(system)
    free = basis[int((values > 1e-9).sum()) :]
    return [place for number, place in enumerate(places) if np.allclose(free[:, number], 0)]


@settings(deadline=None, max_examples=200)
@given(TABLES)
@example(np.array([[3, 9, 9], [9, 9, 9]]))
@example(np.array([[1, 9, 9, 9], [9, 1, 9, 9], [9, 9, 1, 9], [9, 9, 9, 1]]))
def test_no_hidden_number_follows_from_those_shown(counts: np.ndarray) -> None:
    found = hidden(counts)
    mask, whole = mask_of(found), whole_of(counts)
    assert mask[(whole > 0) & (whole < 5)].all()
    assert worked_out(mask) == []


@settings(deadline=None, max_examples=200)
@given(TABLES)
def test_what_is_hidden_of_a_shown_total_is_never_few(counts: np.ndarray) -> None:
    whole, mask = whole_of(counts), mask_of(hidden(counts))
    for values, unknown in (*zip(whole, mask, strict=True), *zip(whole.T, mask.T, strict=True)):
        if not unknown[-1] and unknown[:-1].any():
            assert values[:-1][unknown[:-1]].sum() >= 5
            assert unknown[:-1].sum() >= 2


@settings(deadline=None, max_examples=100)
@given(TABLES)
def test_a_line_never_has_a_single_hidden_cell(counts: np.ndarray) -> None:
    mask = mask_of(hidden(counts))
    assert 1 not in mask.sum(axis=0)
    assert 1 not in mask.sum(axis=1)


def test_the_complement_of_a_share_is_hidden_with_it() -> None:
    """28 of 30 in one district tell of 2; the shares of part and rest hide each other, and another district's."""
    found = hidden([[28, 2], [15, 15], [40, 60]])
    assert found.cells.tolist() == [[True, True], [True, True], [False, False]]


@pytest.mark.parametrize(
    ("counts", "totals", "expected"),
    [
        ([3, 20, 30], [False] * 3, [True, True, False]),
        ([3, 20, 30], [True] * 3, [True, False, False]),
        ([3, 3, 30], [False] * 3, [True, True, False]),
        ([2, 1, 30], [False] * 3, [True, True, True]),
        ([3, 0, 0], [False] * 3, [True, True, True]),
        ([9, 0, 30], [False] * 3, [False] * 3),
    ],
    ids=["the next smallest", "the total is hidden", "two hide each other", "too few together", "zeros last", "none"],
)  # fmt: skip
def test_parts_of_a_known_total(counts: list[int], totals: list[bool], expected: list[bool]) -> None:
    assert hidden_in_groups(counts, ["a"] * 3, totals).tolist() == expected
