"""Concentration: hand-made places, and an independent Gini."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.concentration import concentration, counted


def gini_by_pairs(counts) -> float:
    """Mean difference of all pairs over twice the mean: the definition."""
    c = np.asarray(counts, dtype=float)
    return float(np.abs(c[:, None] - c).mean() / (2 * c.mean()))


def test_a_published_case():
    """METHODS: [5, 2, 1, 0 x 7] has G .80 and G' .75."""
    counts = [5, 2, 1, 0, 0, 0, 0, 0, 0, 0]
    found = concentration(counts)
    assert (gini_by_pairs(counts), found.gini, found.half_on) == pytest.approx((0.80, 0.75, 0.1))


@pytest.mark.parametrize(
    ("counts", "half_on"),
    [
        pytest.param([1] * 10, 0.5, id="evenly"),
        pytest.param([10, 0, 0, 0, 0], 0.2, id="all on one"),
        pytest.param([4, 3, 2, 1], 0.5, id="two of four"),
        pytest.param([5, 1, 1, 1, 1, 1], 1 / 6, id="exactly half on one"),
    ],
)
def test_half_of_the_events(counts, half_on):
    assert concentration(counts).half_on == pytest.approx(half_on)


def test_more_places_than_events_spread_as_thin_as_can_be_is_no_concentration():
    assert concentration([1] * 20 + [0] * 80).gini == pytest.approx(0, abs=1e-12)


@settings(deadline=None)
@given(st.lists(st.integers(0, 50), min_size=1, max_size=60).filter(any))
def test_what_holds_for_any_places(counts):
    found = concentration(counts)
    thin = max(1, len(counts) / sum(counts))
    assert found.gini == pytest.approx(thin * (gini_by_pairs(counts) - 1) + 1, abs=1e-12)
    assert -1e-12 <= found.gini < 1
    assert found.curve.iloc[0].tolist() == [0, 0]
    assert found.curve.iloc[-1].tolist() == pytest.approx([1, 1])
    assert found.curve["places"].is_monotonic_increasing
    assert (found.curve["events"] >= found.curve["places"] - 1e-12).all()
    held = np.interp(found.half_on, found.curve["places"], found.curve["events"])
    assert held >= 0.5 - 1e-12
    without_one = np.interp(found.half_on - 1 / len(counts), found.curve["places"], found.curve["events"])
    assert without_one < 0.5 + 1e-12


def test_places_are_counted_from_the_events():
    assert sorted(counted(["b", "a", "b", None], known=4)) == [0, 0, 1, 2]
    assert counted([7, 7, 3]).tolist() == [2, 1]


def test_without_events_there_is_no_concentration():
    found = concentration([0, 0])
    assert np.isnan([found.half_on, found.gini]).all()


@pytest.mark.parametrize(
    ("call", "message"),
    [
        pytest.param(lambda: concentration([]), "inga platser", id="no places"),
        pytest.param(lambda: concentration([1, np.nan]), "antal", id="missing"),
        pytest.param(lambda: concentration([1, -1]), "antal", id="negative"),
        pytest.param(lambda: counted(["a", "b"], known=1), "på 2 platser", id="more than there are"),
    ],
)
def test_impossible_places_are_refused(call, message):
    with pytest.raises(ValueError, match=message):
        call()
