"""What is hidden of hand-made tables, how tables come in and go out, and how fast. Attacks: test_disclosure_attack."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from analysis.disclosure import (
    ALL,
    FINAL,
    HIDDEN,
    ROUNDED,
    Policy,
    complete,
    hidden,
    hidden_in_groups,
    protect,
    small,
)


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


def test_the_complement_of_a_share_is_hidden_with_it() -> None:
    """28 of 30 in one district tell of 2; the shares of part and rest hide each other, and another district's."""
    found = hidden([[28, 2], [15, 15], [40, 60]])
    assert found.cells.tolist() == [[True, True], [True, True], [False, False]]


@pytest.mark.parametrize(
    ("counts", "totals", "expected"),
    [
        ([3, 20, 30], [False] * 3, [True, True, False]),
        ([3, 20, 30], [True] * 3, [True, True, True]),
        ([3, 20, 0], [True] * 3, [True, True, False]),
        ([3, 3, 30], [False] * 3, [True, True, False]),
        ([2, 1, 30], [False] * 3, [True, True, True]),
        ([3, 0, 0], [False] * 3, [True, False, False]),
        ([9, 0, 30], [False] * 3, [False] * 3),
    ],
    ids=[
        "the next smallest", "the total is hidden", "its zeros are not", "two hide each other", "too few together",
        "zeros never", "none",
    ],
)  # fmt: skip
def test_parts_of_a_known_total(counts: list[int], totals: list[bool], expected: list[bool]) -> None:
    assert hidden_in_groups(counts, ["a"] * 3, totals).tolist() == expected


EVENTS = pd.DataFrame(
    [("a", "x", 3), ("a", "y", 20), ("b", "x", 40), ("b", "y", 10), ("b", "z", 60)], columns=["place", "kind", "events"]
)


def whole(totals: list[str]) -> pd.DataFrame:
    return complete(EVENTS, {"place": ["a", "b"], "kind": ["x", "y", "z"]}, totals)


def test_a_complete_table_has_zeros_and_totals() -> None:
    table = whole(["place", "kind"]).set_index(["place", "kind"])["events"]
    assert len(table) == 12
    assert (table[("a", "z")], table[("a", ALL)], table[(ALL, "x")], table[(ALL, ALL)]) == (0, 23, 43, 133)


def test_a_protected_table_has_the_same_rows_and_says_what_is_hidden() -> None:
    table = whole(["place", "kind"])
    found = protect(table, ["place", "kind"])
    assert found[["place", "kind"]].equals(table[["place", "kind"]])
    lost = found["status"] == HIDDEN
    assert found.loc[lost, "events"].isna().all()
    assert found.loc[~lost, "events"].tolist() == table.loc[~lost, "events"].tolist()
    assert set(found.loc[lost, ["place", "kind"]].itertuples(index=False, name=None)) == {
        ("a", "x"), ("a", "y"), ("b", "x"), ("b", "y"),
    }  # fmt: skip


def test_without_totals_only_what_is_small_is_hidden() -> None:
    found = protect(whole([]), ["place", "kind"])
    assert found.loc[found["status"] == HIDDEN, ["place", "kind"]].to_numpy().tolist() == [["a", "x"]]


def test_official_smallest_hides_nothing_and_a_stricter_one_hides_more() -> None:
    table = whole(["place", "kind"])
    assert (protect(table, ["place", "kind"], policy=Policy(smallest=1))["status"] == FINAL).all()
    stricter = protect(table, ["place", "kind"], policy=Policy(smallest=11)).set_index(["place", "kind"])["status"]
    assert stricter[("b", "y")] == HIDDEN


@pytest.mark.parametrize(
    ("count", "shown"), [(5, 5), (7, 5), (8, 10), (12, 10), (13, 15)], ids=str,
)  # fmt: skip
def test_counts_are_rounded_to_the_nearest(count: int, shown: int) -> None:
    found = protect(pd.DataFrame({"place": ["a"], "events": [count]}), ["place"], policy=Policy(rounding=5))
    assert found[["events", "status"]].to_numpy().tolist() == [[shown, ROUNDED]]


def test_what_comes_hidden_stays_hidden_and_what_is_known_is_never() -> None:
    table = whole(["kind"]).assign(known=lambda rows: rows["kind"] == "z")
    table["status"] = np.where((table["place"] == "b") & (table["kind"] == ALL), HIDDEN, FINAL)
    table.loc[(table["place"] == "b") & (table["kind"] == "z"), "events"] = 0
    table.loc[(table["place"] == "b") & (table["kind"] == ALL), "events"] = 50
    found = protect(table, ["place", "kind"]).set_index(["place", "kind"])["status"]
    assert found[("b", ALL)] == HIDDEN
    assert (found[("a", "z")], found[("b", "z")]) == (FINAL, FINAL)
    assert HIDDEN in (found[("b", "x")], found[("b", "y")])


@pytest.mark.parametrize(
    ("rows", "told"),
    [
        (whole(["place", "kind"]).iloc[1:], "holes"),
        (pd.concat([whole(["place", "kind"]), whole(["place", "kind"]).head(1)]), "holes or cells twice"),
        (whole(["place", "kind"]).assign(events=7), "not the sum"),
    ],
    ids=["a cell is missing", "a cell is there twice", "totals that are none"],
)
def test_a_table_that_is_not_whole_is_refused(rows: pd.DataFrame, told: str) -> None:
    with pytest.raises(ValueError, match=told):
        protect(rows, ["place", "kind"])


def test_an_empty_table_stays_empty() -> None:
    found = protect(whole([]).head(0), ["place", "kind"])
    assert found.empty
    assert "status" in found
