"""Nobody can work out what is hidden, who knows the totals, the rule and how it is followed (tests.attack)."""

from __future__ import annotations

from collections.abc import Hashable, Iterator

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import array_shapes, arrays

from analysis.disclosure import Policy, hidden_cells, hidden_in_groups, rounded, small
from tests.attack import Attacker, Floats, Sum, every_table, sums_of

SMALLEST = 5

#: Mostly small and none, as in districts by categories; sometimes large.
COUNTS = st.one_of(st.integers(0, 7), st.integers(0, 3), st.sampled_from([9, 12, 20, 60]))


def bodies(dims: int, side: int) -> st.SearchStrategy[np.ndarray]:
    return arrays(np.int64, array_shapes(min_dims=dims, max_dims=dims, min_side=1, max_side=side), elements=COUNTS)


def with_totals(body: np.ndarray) -> Floats:
    for axis in range(body.ndim):
        body = np.concatenate([body.sum(axis=axis, keepdims=True), body], axis=axis)
    return body.astype(float)


def attacker(whole: Floats, mask: np.ndarray) -> Attacker:
    shown: dict[Hashable, float | None] = {at: None if mask[at] else float(whole[at]) for at in np.ndindex(whole.shape)}
    return Attacker(shown, sums_of(whole.shape, range(whole.ndim)))


def is_safe(count: float, interval: tuple[float, float]) -> bool:
    """Never exactly, and what is small not within less than the policy's width; that there is nothing may be known."""
    least, most = interval
    assert least <= count <= most
    return count == 0 or most - least >= width(count)


def width(count: float) -> float:
    """How wide an interval a hidden count must have."""
    return SMALLEST if count < SMALLEST else 1


def exposed(whole: Floats, mask: np.ndarray, few: int = 40) -> list[tuple[object, tuple[float, float]]]:
    """Hidden cells that the attacker pins; of a large table, the smallest."""
    thief = attacker(whole, mask)
    aims = sorted(thief.hidden, key=lambda at: whole[at])[:few]  # type: ignore[call-overload]
    found = []
    for at in aims:
        count = float(whole[at])  # type: ignore[call-overload]
        # Where tables met on the way already differ enough in a cell, its own ends need no search.
        if thief.spread(at) < width(count) and not is_safe(count, interval := thief.interval(at)):
            found.append((at, interval))
    return found


@settings(deadline=None, max_examples=40, derandomize=True)
@given(bodies(2, 4))
@example(np.array([[3, 77, 100]]))
@example(np.array([[1, 9, 9, 9], [9, 1, 9, 9], [9, 9, 1, 9], [9, 9, 9, 1]]))
@example(np.array([[3, 0], [0, 100]]))
@example(np.array([[1, 1], [1, 1]]))
@example(np.array([[1, 0, 0], [0, 1, 0], [0, 0, 1]]))
def test_rows_and_columns(body: np.ndarray) -> None:
    whole = with_totals(body)
    mask = hidden_cells(whole, [0, 1])
    assert mask[small(whole)].all()
    assert exposed(whole, mask) == []


@settings(deadline=None, max_examples=25, derandomize=True)
@given(bodies(3, 3))
@example(np.array([[[3, 20], [20, 20]], [[20, 20], [20, 20]]]))
def test_three_dimensions(body: np.ndarray) -> None:
    whole = with_totals(body)
    mask = hidden_cells(whole, [0, 1, 2])
    assert mask[small(whole)].all()
    assert exposed(whole, mask, few=12) == []


def test_four_dimensions() -> None:
    body = np.random.default_rng(3).poisson(4, (2, 3, 2, 2))
    whole = with_totals(body)
    assert exposed(whole, hidden_cells(whole, [0, 1, 2, 3]), few=10) == []


@pytest.mark.parametrize("mean", [0.5, 4, 30], ids=["mostly none", "mostly small", "mostly large"])
def test_a_table_of_districts_and_categories(mean: float) -> None:
    rng = np.random.default_rng(11)
    body = rng.poisson(mean * rng.lognormal(0, 1, (13, 1)) * rng.lognormal(0, 1, (1, 18)))
    whole = with_totals(body)
    mask = hidden_cells(whole, [0, 1], policy=Policy(key=7))
    assert exposed(whole, mask) == []
    assert not mask[0, 0], "the total of all is still told"


def test_categories_are_not_hidden_without_need() -> None:
    rng = np.random.default_rng(12)
    whole = with_totals(rng.poisson(60 * rng.lognormal(0, 0.8, (13, 1)) * rng.lognormal(0, 0.8, (1, 18))))
    mask = hidden_cells(whole, [0, 1])
    assert mask.sum() <= small(whole).sum() * 2 + 4


@settings(deadline=None, max_examples=25, derandomize=True)
@given(bodies(2, 3), st.integers(0, 3))
def test_two_filters_cannot_be_used_against_each_other(body: np.ndarray, key: int) -> None:
    """All districts by two periods and both together, and by category: each difference is a cell of one table."""
    cube = np.stack([body, body[::-1] // 2, body * 3], axis=2)
    whole = with_totals(cube)
    mask = hidden_cells(whole, [0, 1, 2], policy=Policy(key=key))
    thief = attacker(whole, mask)
    for period in range(1, whole.shape[2]):
        for at in np.ndindex(whole.shape[:2]):
            others = [(*at, one) for one in range(1, whole.shape[2]) if one != period]
            difference = whole[(*at, 0)] - sum(whole[one] for one in others)
            if 0 < difference < SMALLEST and thief.spread((*at, period)) < SMALLEST:
                least, most = thief.interval((*at, period))
                assert most - least >= SMALLEST


@settings(deadline=None, max_examples=30, derandomize=True)
@given(bodies(2, 4))
def test_shares_with_their_bases_tell_no_more(body: np.ndarray) -> None:
    """A share times its base is a count, and the rest of the base is another: nobody, or enough."""
    parts = np.stack([body.min(axis=1), body.sum(axis=1)], axis=1)
    whole = with_totals(parts)
    mask = hidden_cells(whole, [0, 1])
    told = ~mask[:, 1] & ~mask[:, 0]
    for part, base in zip(whole[told, 1], whole[told, 0], strict=True):
        share = part / base if base else 0.0
        for count in (share * base, (1 - share) * base):
            assert round(count) == 0 or round(count) >= SMALLEST
    assert exposed(whole, mask) == []


@settings(deadline=None, max_examples=25, derandomize=True)
@given(bodies(2, 3), st.sampled_from([3, 5, 10]))
def test_rounded_tables_tell_no_more(body: np.ndarray, base: int) -> None:
    policy = Policy(rounding=base)
    whole = with_totals(body)
    mask = hidden_cells(whole, [0, 1], policy=policy)
    shown = rounded(whole, policy)
    between: dict[Hashable, tuple[float, float]] = {
        at: (max(float(np.ceil(shown[at] - base / 2)), 0.0), float(np.ceil(shown[at] + base / 2) - 1))
        for at in np.ndindex(whole.shape) if not mask[at]
    }  # fmt: skip
    unknown: dict[Hashable, float | None] = dict.fromkeys(np.ndindex(whole.shape), None)
    thief = Attacker(unknown, sums_of(whole.shape, [0, 1]), between)
    for at in np.ndindex(whole.shape):
        if mask[at]:
            assert is_safe(float(whole[at]), thief.interval(at))


@settings(deadline=None, max_examples=40, derandomize=True)
@given(st.lists(COUNTS, min_size=1, max_size=6), st.integers(0, 5))
def test_parts_of_a_total_that_is_shown(parts: list[int], key: int) -> None:
    total = sum(parts)
    if small(total):
        return
    mask = hidden_in_groups(parts, ["a"] * len(parts), [False] * len(parts), Policy(key=key))
    shown: dict[Hashable, float | None] = {
        number: None if lost else float(count) for number, (count, lost) in enumerate(zip(parts, mask, strict=True))
    }
    sums: list[Sum] = [("all", list(shown))]
    thief = Attacker({**shown, "all": float(total)}, sums)
    assert all(is_safe(parts[number], thief.interval(number)) for number in np.flatnonzero(mask).tolist())


def tables() -> Iterator[np.ndarray]:
    rng = np.random.default_rng(5)
    for _ in range(14):
        shape = ((1, 3), (2, 2), (2, 3))[rng.integers(3)]
        yield rng.choice([0, 1, 2, 3, 4, 5, 6, 8, 20], shape, p=[0.25, *[0.1] * 5, 0.1, 0.1, 0.05])
    yield np.array([[19, 19, 4]])
    yield np.array([[5, 1, 5]])
    yield np.array([[4, 4, 30]])


@pytest.mark.parametrize("body", list(tables()), ids=lambda body: str(body.tolist()))
def test_the_rule_itself_gives_nothing_away(body: np.ndarray) -> None:
    """Of all tables that are as shown, there are two for each hidden count where the same would have been hidden, by
    some key: who knows how this works, and not the key, cannot pin it."""
    whole = with_totals(body)
    mask = hidden_cells(whole, [0, 1])
    seen = {at: {float(whole[at])} for at in np.ndindex(whole.shape) if mask[at] and whole[at] > 0}
    likely = sorted(
        every_table(whole, mask, [0, 1], most=int(min(whole.max() + 6, 40))), key=lambda one: np.abs(one - whole).sum()
    )
    for other in likely[:400]:
        new = [at for at, values in seen.items() if len(values) == 1 and other[at] not in values]
        if new and any((hidden_cells(other, [0, 1], policy=Policy(key=key)) == mask).all() for key in range(12)):
            for at in new:
                seen[at].add(float(other[at]))
    assert {at: values for at, values in seen.items() if len(values) == 1} == {}
