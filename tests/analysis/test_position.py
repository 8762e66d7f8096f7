"""Position among the country's areas."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.position import band, bands

#: Share of persons with low economic standard over Sweden's 5 984 DeSO, 2022 (computed from SCB).
LOW_STANDARD = {5: 3.0, 10: 4.0, 25: 7.0, 50: 11.0, 75: 17.0, 90: 26.0, 95: 34.0}
MULTI_DWELLING = {5: 0.0, 10: 0.532, 25: 4.538, 50: 30.054, 75: 79.382, 90: 96.396, 95: 98.849}


@pytest.mark.parametrize(
    ("value", "percentiles", "above", "below"),
    [
        pytest.param(40, LOW_STANDARD, 95, None, id="top 5 per cent"),
        pytest.param(2.9, LOW_STANDARD, None, 5, id="bottom 5 per cent"),
        pytest.param(20, LOW_STANDARD, 75, 90, id="between 75 and 90"),
        pytest.param(11, LOW_STANDARD, 25, 75, id="on the median"),
        pytest.param(34, LOW_STANDARD, 90, None, id="on the 95th is not over it"),
        pytest.param(0, MULTI_DWELLING, None, 10, id="as low as the 5th, which many share"),
        pytest.param(np.nan, LOW_STANDARD, None, None, id="no value"),
    ],
)
def test_band(value, percentiles, above, below):
    found = band(value, percentiles, 5984)
    assert (found.above, found.below, found.areas) == (above, below, 5984)


def test_bands_with_a_distribution_per_value():
    above, below = bands([20, 20], list(LOW_STANDARD), [list(LOW_STANDARD.values()), list(MULTI_DWELLING.values())])
    assert (above.tolist(), below.tolist()) == ([75, 25], [90, 50])


def test_falling_percentiles_are_refused():
    with pytest.raises(ValueError, match="stiga"):
        band(3, {5: 4.0, 10: 2.0}, 10)


@given(st.lists(st.integers(0, 20), min_size=20, max_size=200), st.integers(0, 20))
def test_a_band_never_claims_more_than_the_values_hold(values, value):
    levels = [5, 10, 25, 50, 75, 90, 95]
    limits = np.percentile(values, levels, method="inverted_cdf")
    found = band(value, dict(zip(levels, limits.tolist(), strict=True)), len(values))
    lower, higher = np.mean(np.array(values) < value) * 100, np.mean(np.array(values) > value) * 100
    assert found.above is None or lower >= found.above - 1e-9
    assert found.below is None or higher >= 100 - found.below - 1e-9
