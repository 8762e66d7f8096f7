"""Numbers and moves of a tree of causes: by hand on small trees, and what must hold of any."""

from __future__ import annotations

from typing import get_args

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.cause_tree import WAYS, Way, beneath, moves, numbered

Row = tuple[int, int | None, int]

#: 1 (10) with 1.1 (30) and 1.2 (20), under which 1.2.1 (50); 2 (40).
TREE: list[Row] = [(10, None, 0), (20, 10, 1), (30, 10, 0), (40, None, 1), (50, 20, 0)]


def frame(rows: list[Row]) -> pd.DataFrame:
    made = pd.DataFrame(rows, columns=["id", "parent_id", "position"])
    return made.astype({"id": int, "position": int, "parent_id": "Int64"})


def after(tree: pd.DataFrame, changes: pd.DataFrame) -> pd.DataFrame:
    """The tree when the changes have been saved."""
    rows = tree[["id", "parent_id", "position"]].set_index("id")
    for change in changes.to_dict("records"):
        rows.loc[change["id"], ["parent_id", "position"]] = [change["parent_id"], change["position"]]
    return numbered(rows.reset_index())


def numbers(tree: pd.DataFrame) -> dict[int, str]:
    return dict(zip(tree["id"].tolist(), tree["number"], strict=True))


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        ([], {}),
        (TREE, {10: "1", 30: "1.1", 20: "1.2", 50: "1.2.1", 40: "2"}),
        ([(2, None, 0), (1, None, 0)], {1: "1", 2: "2"}),
        ([(1, 9, 0), (2, 1, 0)], {1: "1", 2: "1.1"}),
        ([(1, 2, 0), (2, 1, 0), (3, 2, 0)], {1: "1", 2: "1.1", 3: "1.1.1"}),
        ([(7, 7, 0)], {7: "1"}),
        ([(n, None, n) for n in range(11)], {n: str(n + 1) for n in range(11)}),
    ],
    ids=["none", "two levels", "same position", "parent put aside", "ring", "its own parent", "more than nine"],
)
def test_numbers(rows: list[Row], expected: dict[int, str]) -> None:
    tree = numbered(frame(rows))
    assert numbers(tree) == expected
    assert list(numbers(tree)) == list(expected)  # in reading order
    assert tree["depth"].tolist() == [number.count(".") for number in expected.values()]
    assert tree["row"].tolist() == list(range(len(rows)))


@pytest.mark.parametrize(
    ("cause", "way", "expected"),
    [
        (20, "up", {10: "1", 20: "1.1", 50: "1.1.1", 30: "1.2", 40: "2"}),
        (30, "down", {10: "1", 20: "1.1", 50: "1.1.1", 30: "1.2", 40: "2"}),
        (20, "in", {10: "1", 30: "1.1", 20: "1.1.1", 50: "1.1.1.1", 40: "2"}),
        (40, "in", {10: "1", 30: "1.1", 20: "1.2", 50: "1.2.1", 40: "1.3"}),
        (20, "out", {10: "1", 30: "1.1", 20: "2", 50: "2.1", 40: "3"}),
        (50, "out", {10: "1", 30: "1.1", 20: "1.2", 50: "1.3", 40: "2"}),
    ],
    ids=lambda value: str(value) if not isinstance(value, dict) else "",
)
def test_a_move_takes_what_hangs_under_along(cause: int, way: Way, expected: dict[int, str]) -> None:
    tree = numbered(frame(TREE))
    assert numbers(after(tree, moves(tree, cause)[way])) == expected


@pytest.mark.parametrize(
    ("cause", "possible"),
    [(10, {"down"}), (40, {"up", "in"}), (30, {"down", "out"}), (20, {"up", "in", "out"}), (50, {"out"})],
)
def test_only_moves_that_lead_somewhere(cause: int, possible: set[Way]) -> None:
    assert set(moves(numbered(frame(TREE)), cause)) == possible


def test_what_hangs_under() -> None:
    tree = numbered(frame(TREE))
    assert {one: beneath(tree, one) for one in (10, 20, 30, 40)} == {
        10: [10, 30, 20, 50], 20: [20, 50], 30: [30], 40: [40],
    }  # fmt: skip


def test_the_ways_are_all_the_ways() -> None:
    assert get_args(Way) == WAYS


@st.composite
def any_rows(draw: st.DrawFn) -> list[Row]:
    """Parents and positions at random: rings, lost parents and equal positions among them."""
    size = draw(st.integers(1, 12))
    parent = st.none() | st.integers(1, size + 1)
    return [(n, draw(parent), draw(st.integers(0, 3))) for n in range(1, size + 1)]


@settings(max_examples=60, deadline=None)
@given(rows=any_rows(), ways=st.lists(st.tuples(st.integers(1, 12), st.sampled_from(WAYS)), max_size=5))
def test_moves_keep_every_cause_in_the_tree_once(rows: list[Row], ways: list[tuple[int, Way]]) -> None:
    tree = numbered(frame(rows))
    assert_tree(tree, len(rows))
    for cause, way in ways:
        changes = moves(tree, cause).get(way) if cause <= len(rows) else None
        if changes is None:
            continue
        family = set(beneath(tree, cause))
        tree = after(tree, changes)
        assert_tree(tree, len(rows))
        assert set(beneath(tree, cause)) == family


@settings(max_examples=25, deadline=None)
@given(rows=any_rows(), which=st.integers(0, 11))
def test_up_and_down_undo_each_other(rows: list[Row], which: int) -> None:
    tree = numbered(frame(rows))
    cause = which % len(rows) + 1
    changes = moves(tree, cause).get("up")
    if changes is not None:
        moved = after(tree, changes)
        assert numbers(after(moved, moves(moved, cause)["down"])) == numbers(tree)


def assert_tree(tree: pd.DataFrame, size: int) -> None:
    """Each cause once, each number once, and each number the next under the number of the cause above."""
    assert sorted(tree["id"]) == list(range(1, size + 1))
    assert tree["number"].is_unique
    number, seen = numbers(tree), dict[str, int]()
    for one, above in zip(tree["id"].tolist(), tree["above"], strict=True):
        start = "" if pd.isna(above) else f"{number[int(above)]}."
        seen[start] = seen.get(start, 0) + 1
        assert number[one] == f"{start}{seen[start]}"
