"""Map classes: known natural breaks, ties, and that classes always partition the values."""

from itertools import combinations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.classes import classify

#: Per cent in rented dwellings and with low economic standard, Norrtälje's 38 DeSO (2018), 2022 (computed from SCB).
RENTED = [10.25, 3.6, 3.1, 6.44, 5.51, 5.86, 1.58, 20.03, 1.08, 23.49, 4.72, 6.03, 10.08, 2.01, 7.47, 6.74, 10.31, 5.88,
          15.58, 57.32, 54.2, 46.47, 17.77, 52.72, 56.99, 32.89, 12.26, 41.85, 50.44, 16.0, 37.18, 4.28, 40.62, 18.03,
          15.77, 44.63, 14.66, 8.46]  # fmt: skip
LOW_STANDARD = [14, 9, 8, 11, 9, 8, 8, 9, 7, 11, 7, 7, 12, 10, 13, 14, 12, 12, 16, 17, 17, 15, 8, 27, 32, 16, 7, 12, 22,
                6, 12, 12, 11, 12, 11, 23, 7, 5]  # fmt: skip


@pytest.mark.parametrize(
    ("values", "k", "highest"),
    [
        (RENTED, 3, (10.31, 23.49, 57.32)),
        (RENTED, 5, (6.74, 12.26, 23.49, 46.47, 57.32)),
        (RENTED, 7, (6.74, 12.26, 18.03, 23.49, 37.18, 46.47, 57.32)),
        (LOW_STANDARD, 3, (10, 17, 32)),
        (LOW_STANDARD, 5, (9, 13, 17, 23, 32)),
        (LOW_STANDARD, 7, (7, 10, 13, 17, 23, 27, 32)),
    ],
)
def test_natural_breaks_are_those_of_jenkspy(values, k, highest):
    """Expected limits were computed once with jenkspy 0.4.1."""
    assert classify(values, "natural", k).highest == highest


@given(st.lists(st.integers(0, 30), min_size=1, max_size=12), st.integers(3, 5))
@settings(max_examples=60)
def test_no_split_of_the_values_is_better_than_the_natural_one(values, k):
    def spread(groups):
        return sum(((group - group.mean()) ** 2).sum() for group in groups)

    distinct = np.unique(values)
    ordered = np.sort(np.array(values, float))
    found = classify(values, "natural", k)
    ours = spread(np.split(ordered, np.cumsum(found.counts)[:-1]))
    size = min(k, len(distinct)) - 1
    every = (np.searchsorted(ordered, starts) for starts in combinations(distinct[1:], size))
    assert ours == pytest.approx(min(spread(np.split(ordered, cut)) for cut in every), abs=1e-9)


@pytest.mark.parametrize(
    ("values", "k", "highest", "counts"),
    [
        pytest.param(range(1, 11), 5, (2, 4, 6, 8, 10), (2, 2, 2, 2, 2), id="ten in five"),
        pytest.param([0, 0, 0, 0, 0, 0, 0, 1, 2, 3], 5, (0, 1, 3), (7, 1, 2), id="ties make fewer classes"),
        pytest.param([4, 4, 4], 3, (4,), (3,), id="one value, one class"),
        pytest.param([np.nan, 1, 2, np.nan], 3, (1, 2), (1, 1), id="missing aside"),
    ],
)
def test_quantiles(values, k, highest, counts):
    found = classify(list(values), "quantile", k)
    assert (found.highest, found.counts) == (highest, counts)


@given(
    st.lists(st.floats(-1e6, 1e6) | st.integers(0, 5), min_size=1, max_size=80),
    st.sampled_from(["quantile", "natural"]),
    st.integers(3, 7),
)
def test_classes_partition_the_values(values, method, k):
    found = classify(values, method, k)
    place = found.assign(values)
    assert len(found.counts) <= k
    assert np.bincount(place, minlength=len(found.counts)).tolist() == list(found.counts)
    assert min(found.counts) > 0
    assert all(low <= high for low, high in zip(found.lowest, found.highest, strict=True))
    assert all(high < low for high, low in zip(found.highest, found.lowest[1:], strict=False))


def test_missing_and_outlying_values():
    assert classify([1, 2, 3], "quantile", 3).assign([np.nan, -5, 2, 99]).tolist() == [-1, 0, 1, 2]


@pytest.mark.parametrize(
    ("values", "method", "k", "message"),
    [
        ([1], "quantile", 8, "3–7"),
        ([1], "quantile", 2, "3–7"),
        ([1], "equal", 5, "Okänd"),
        ([np.nan], "natural", 5, "inga värden"),
    ],
)
def test_impossible_input_is_refused(values, method, k, message):
    with pytest.raises(ValueError, match=message):
        classify(values, method, k)


@pytest.mark.parametrize("method", ["quantile", "natural"])
@pytest.mark.parametrize(
    ("values", "k", "highest_below", "below"),
    [
        ([-3, -2, -1, -0.5, 0, 0.5, 1, 2, 3, 4], 5, 0, 5),
        ([-0.1, 0.5, 0.7, 1, 2, 3, 4, 5, 6, 7], 3, -0.1, 1),
        ([-7, -6, -5, -4, -3, -2, -1, 1], 4, -1, 7),
    ],
    ids=["half", "one below", "one above"],
)
def test_no_class_has_values_on_both_sides(
    method: str, values: list[float], k: int, highest_below: float, below: int
) -> None:
    found = classify(values, method, k, at=0.0)
    place = found.highest.index(highest_below)
    assert sum(found.counts[: place + 1]) == below
    assert found.lowest[place + 1] > 0
    assert len(found.counts) <= k
    assert sum(found.counts) == len(values)


def test_one_side_alone_has_all_the_classes() -> None:
    assert classify([1, 2, 3, 4, 5, 6], "quantile", 3, at=0.0) == classify([1, 2, 3, 4, 5, 6], "quantile", 3)
