"""Intervals against published figures and statsmodels, and what must hold for any count."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from statsmodels.stats.proportion import proportion_confint
from statsmodels.stats.rates import confint_poisson

from analysis.intervals import count_interval, rate_interval, share_interval


@pytest.mark.parametrize(
    ("found", "lower", "upper", "digits"),
    [
        pytest.param(count_interval(65), 50.1632, 82.8491, 4, id="count of 65"),
        pytest.param(rate_interval(10, 200), 2393.72, 9195.73, 2, id="10 of 200 per 100 000"),
        pytest.param(share_interval(65, 100), 0.55254, 0.73636, 5, id="65 of 100"),
        pytest.param(count_interval(0), 0, 3.6889, 4, id="none: exact limits 0 and -ln 0.025"),
    ],
)
def test_published_figures(found, lower, upper, digits):
    assert found.lower == pytest.approx(lower, abs=0.51 * 10**-digits)
    assert found.upper == pytest.approx(upper, abs=0.51 * 10**-digits)


@pytest.mark.parametrize("count", range(10))
def test_small_counts_are_exact(count):
    assert count_interval(count) == pytest.approx(confint_poisson(count, 1, method="exact-c"), abs=1e-9)


@pytest.mark.parametrize(("part", "whole"), [(0, 5), (5, 5), (1, 7), (380, 1000)])
def test_shares_agree_with_statsmodels(part, whole):
    assert share_interval(part, whole) == pytest.approx(proportion_confint(part, whole, method="wilson"), abs=1e-12)


def test_arrays_keep_their_shape_and_missing_stays_missing():
    lower, upper = rate_interval([[5, np.nan], [12, 0]], [[100, 100], [0, 100]])
    assert np.isnan(lower).tolist() == np.isnan(upper).tolist() == [[False, True], [True, False]]


@given(count=st.integers(0, 10**6), level=st.floats(0.5, 0.99))
def test_count_interval_holds_the_count_rises_with_it_and_widens_with_level(count, level):
    lower, upper = count_interval([count, count + 1], level)
    wide_lower, wide_upper = count_interval(count, level + 0.009)
    assert lower[0] <= count <= upper[0]
    assert lower[0] <= lower[1]
    assert upper[0] < upper[1]
    assert wide_lower <= lower[0]
    assert wide_upper > upper[0]


@given(whole=st.integers(1, 10**6), part=st.integers(0, 10**6), level=st.floats(0.5, 0.99))
def test_share_interval_holds_the_share_and_stays_between_0_and_1(whole, part, level):
    part = min(part, whole)
    lower, upper = share_interval(part, whole, level)
    assert 0 <= lower <= part / whole <= upper <= 1


@pytest.mark.parametrize(
    ("call", "message"),
    [
        pytest.param(lambda: count_interval(-1), "negativt", id="negative"),
        pytest.param(lambda: share_interval(3, 2), "större än det hela", id="part over whole"),
        pytest.param(lambda: count_interval(3, 95), "mellan 0 och 1", id="level in per cent"),
    ],
)
def test_impossible_input_is_refused(call, message):
    with pytest.raises(ValueError, match=message):
        call()
