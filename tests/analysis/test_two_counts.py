"""Two counts: published figures, statsmodels' E-test, and what must hold for any pair."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats
from statsmodels.stats.rates import etest_poisson_2indep

from analysis.two_counts import e_test, rate_ratio, root_change
from analysis.verdict import Verdict

counts = st.integers(0, 300)


def test_root_change_by_hand():
    """METHODS: 9 against 4, and 25 against 16, are both 2."""
    assert root_change([4, 16, 9], [9, 25, 9]).tolist() == [2, 2, 0]


def test_a_published_e_test():
    assert e_test(6, 2) == pytest.approx(0.1749, abs=0.5e-4)


@pytest.mark.parametrize(
    ("x", "y", "n", "m"),
    [(6, 2, 1, 1), (0, 7, 1, 1), (60, 30, 51477.5, 54308.7), (3, 3, 2, 1), (12, 4, 1, 3), (140, 110, 1, 1)],
)
def test_e_test_agrees_with_statsmodels(x, y, n, m):
    _, theirs = etest_poisson_2indep(x, n, y, m)
    assert e_test(x, y, n, m) == pytest.approx(theirs, abs=1e-6)


@settings(max_examples=40, deadline=None)
@given(x=st.integers(0, 40), y=st.integers(0, 40), m=st.sampled_from([0.5, 1, 3]))
def test_e_test_agrees_with_every_outcome_added_up(x, y, m):
    rate = (x + y) / (1 + m)
    i, j = np.meshgrid(np.arange(200.0), np.arange(300.0), indexing="ij")
    with np.errstate(invalid="ignore"):
        distance, seen = (m * i - j) ** 2 / (m * (i + j)), (m * x - y) ** 2 / (m * (x + y)) if x + y else 0
    distance[0, 0] = 0
    chance = stats.poisson.pmf(i, rate) * stats.poisson.pmf(j, m * rate)
    assert e_test(x, y, 1, m) == pytest.approx(chance[distance >= seen - 1e-9].sum(), abs=1e-9)


@settings(deadline=None)
@given(x=counts, y=counts, n=st.floats(0.1, 10), m=st.floats(0.1, 10))
def test_e_test_is_a_chance_and_the_order_does_not_matter(x, y, n, m):
    p = float(e_test(x, y, n, m))
    assert 0 <= p <= 1
    assert p == pytest.approx(float(e_test(y, x, m, n)), abs=1e-9)


def test_under_equal_rates_the_e_test_seldom_calls_a_change():
    rng = np.random.default_rng(5)
    p = e_test(rng.poisson(14, 4000), rng.poisson(42, 4000), 1, 3)
    assert 0.035 <= (p < 0.05).mean() <= 0.058


def test_without_grounds_there_is_no_p():
    found = e_test([3, np.nan, 3, 0], [2, 3, 3, 0], [1, 1, 0, 1])
    assert np.isnan(found).tolist() == [False, True, True, False]
    assert found[3] == 1


def test_rate_ratio_against_the_binomial_interval():
    found = rate_ratio([40, 30, 5], [80, 33, 20], [1, 2, 1], [1, 1, 1])
    low, high = stats.binomtest(80, 120).proportion_ci(method="exact")
    assert found[["ratio", "lower", "upper"]].iloc[0].tolist() == pytest.approx([2, low / (1 - low), high / (1 - high)])
    assert found["ratio"].tolist() == pytest.approx([2, 2.2, 4])
    assert found["verdict"].tolist() == [Verdict.HIGHER, Verdict.HIGHER, Verdict.TOO_LITTLE]


@settings(deadline=None)
@given(x=counts, y=counts, n=st.floats(0.1, 10), m=st.floats(0.1, 10))
def test_rate_ratio_lies_in_its_interval(x, y, n, m):
    row = rate_ratio(x, y, n, m).iloc[0]
    if x + y:
        assert row["lower"] <= row["upper"]
    if x:
        assert row["lower"] <= row["ratio"] * (1 + 1e-9)
        assert row["ratio"] <= row["upper"] * (1 + 1e-9)


@pytest.mark.parametrize(
    ("call", "message"),
    [
        pytest.param(lambda: root_change(-1, 2), "negativt", id="negative"),
        pytest.param(lambda: e_test(1.5, 2), "hela tal", id="broken number"),
        pytest.param(lambda: e_test(3, -2), "hela tal", id="negative count"),
    ],
)
def test_impossible_counts_are_refused(call, message):
    with pytest.raises(ValueError, match=message):
        call()
