"""Intervals against published figures and statsmodels, and what must hold for any of them."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from statsmodels.stats.proportion import proportion_confint
from statsmodels.stats.rates import confint_poisson

from analysis.intervals import count_interval, rate_interval, share_interval


def test_a_published_figure():
    assert share_interval(65, 100) == pytest.approx((0.55254, 0.73636), abs=0.51e-5)


@pytest.mark.parametrize(("part", "whole"), [(0, 5), (5, 5), (1, 7), (380, 1000)])
def test_shares_agree_with_statsmodels(part, whole):
    assert share_interval(part, whole) == pytest.approx(proportion_confint(part, whole, method="wilson"), abs=1e-12)


def test_arrays_keep_their_shape_and_missing_stays_missing():
    lower, upper = share_interval([[5, np.nan], [0, 0]], [[100, 100], [0, 100]])
    assert np.isnan(lower).tolist() == np.isnan(upper).tolist() == [[False, True], [True, False]]


def test_published_figures_of_counts_and_rates():
    """METHODS: 65 events, and 10 of 200 per 100 000."""
    assert count_interval(65) == pytest.approx((50.1632, 82.8491), abs=0.51e-4)
    assert rate_interval(10, 200) == pytest.approx((2393.72, 9195.73), abs=0.51e-2)
    # 739 per 100 000, as published for Gävle.
    lower, upper = rate_interval(709, 95_940)
    assert lower < 739 < upper


@pytest.mark.parametrize("count", [0, 1, 4, 9])
def test_small_counts_are_exact(count):
    assert count_interval(count) == pytest.approx(confint_poisson(count, 1, method="exact-c"), abs=1e-9)


@pytest.mark.parametrize("count", [10, 50, 1000])
def test_larger_counts_are_near_the_exact(count):
    assert count_interval(count) == pytest.approx(confint_poisson(count, 1, method="exact-c"), rel=2e-3)


@given(count=st.integers(0, 10**6), level=st.floats(0.5, 0.999))
def test_count_interval_holds_the_count(count, level):
    lower, upper = count_interval(count, level)
    assert 0 <= lower <= count <= upper


def test_a_missing_count_or_base_gives_no_interval():
    assert np.isnan(count_interval([np.nan])).all()
    assert np.isnan(rate_interval([3, 3], [0, np.nan])).all()


@given(whole=st.integers(1, 10**6), part=st.integers(0, 10**6), level=st.floats(0.5, 0.99))
def test_share_interval_holds_the_share_and_stays_between_0_and_1(whole, part, level):
    part = min(part, whole)
    lower, upper = share_interval(part, whole, level)
    assert 0 <= lower <= part / whole <= upper <= 1


@pytest.mark.parametrize(
    ("call", "message"),
    [
        pytest.param(lambda: share_interval(-1, 2), "negativ", id="negative"),
        pytest.param(lambda: share_interval(3, 2), "större än det hela", id="part over whole"),
        pytest.param(lambda: count_interval([3, -1]), "negativt", id="negative count"),
        pytest.param(lambda: share_interval(1, 3, 95), "mellan 0 och 1", id="level in per cent"),
    ],
)
def test_impossible_input_is_refused(call, message):
    with pytest.raises(ValueError, match=message):
        call()
