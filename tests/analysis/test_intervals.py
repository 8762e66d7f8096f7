"""Wilson's interval against published figures and statsmodels, and what must hold for any share."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from statsmodels.stats.proportion import proportion_confint

from analysis.intervals import share_interval


def test_a_published_figure():
    assert share_interval(65, 100) == pytest.approx((0.55254, 0.73636), abs=0.51e-5)


@pytest.mark.parametrize(("part", "whole"), [(0, 5), (5, 5), (1, 7), (380, 1000)])
def test_shares_agree_with_statsmodels(part, whole):
    assert share_interval(part, whole) == pytest.approx(proportion_confint(part, whole, method="wilson"), abs=1e-12)


def test_arrays_keep_their_shape_and_missing_stays_missing():
    lower, upper = share_interval([[5, np.nan], [0, 0]], [[100, 100], [0, 100]])
    assert np.isnan(lower).tolist() == np.isnan(upper).tolist() == [[False, True], [True, False]]


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
        pytest.param(lambda: share_interval(1, 3, 95), "mellan 0 och 1", id="level in per cent"),
    ],
)
def test_impossible_input_is_refused(call, message):
    with pytest.raises(ValueError, match=message):
        call()
