"""Small areas: homicides around St Louis 1979-93 (Messner et al. 2000), as published with esda, and by hand."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import binom

from analysis.small_areas import empirical_bayes, local_gi_star, moran

COUNTIES = pd.read_csv(Path(__file__).parent.parent / "fixtures" / "analysis" / "stl_hom.csv")


def touching() -> np.ndarray:
    out = np.zeros((len(COUNTIES), len(COUNTIES)))
    for row, listed in enumerate(COUNTIES["neighbours"]):
        out[row, [int(n) for n in listed.split()]] = 1
    return out


def test_published_moran():
    """METHODS: I .244, expected -.012987."""
    found = moran(COUNTIES["hr8893"], touching())
    assert found.index == pytest.approx(0.24365582621771695)
    assert found.expected == pytest.approx(-0.012987, abs=1e-6)
    assert found.p <= 0.01


def test_published_empirical_bayes():
    """METHODS: 2.36718950e-05, 4.54539167e-05."""
    found = empirical_bayes(COUNTIES["hc7984"], COUNTIES["po7984"])
    assert found["smoothed"].iloc[:2].tolist() == pytest.approx([2.36718950e-05, 4.54539167e-05])


def test_published_gi_star():
    """esda's G_Local, star, binary, at five counties."""
    found = local_gi_star(COUNTIES["hr8893"], touching())[[0, 1, 39, 36, 48]]
    assert found == pytest.approx([-0.008008, -0.889698, 6.018849, 4.160779, 1.881231], abs=1e-5)


def test_moran_by_hand():
    """Four in a row, 1 1 -1 -1: of the ends' and middles' neighbours, I = 4/4 x (1 + 0 + 0 + 1) / 4."""
    line = np.diag(np.ones(3), 1) + np.diag(np.ones(3), -1)
    assert moran([1, 1, -1, -1], line).index == pytest.approx(0.5)


def test_values_without_order_are_seldom_called_alike():
    rng, w = np.random.default_rng(1), touching()
    p = np.array([moran(rng.normal(size=78), w, permutations=99).p for _ in range(120)])
    # More than 14 of 120 at 5 per cent would come once in 500 times.
    assert 1 <= np.sum(p <= 0.05) <= binom.ppf(0.998, 120, 0.05)


def test_steadied_rates_are_nearer_to_the_truth():
    rng = np.random.default_rng(2)
    base = rng.uniform(300, 5000, 400)
    truth = rng.gamma(20, 0.01 / 20, 400)
    found = empirical_bayes(rng.poisson(base * truth), base)
    assert ((found["smoothed"] - truth) ** 2).mean() < 0.7 * ((found["rate"] - truth) ** 2).mean()


areas = st.lists(st.tuples(st.integers(0, 50), st.integers(1, 5000)), min_size=2, max_size=40)


@settings(deadline=None)
@given(areas)
def test_a_steadied_rate_lies_between_its_own_and_the_common(rows):
    count, base = np.array(rows, dtype=float).T
    found, common = empirical_bayes(count, base), count.sum() / base.sum()
    assert found["weight"].between(0, 1).all()
    assert (found["smoothed"] >= np.minimum(found["rate"], common) - 1e-12).all()
    assert (found["smoothed"] <= np.maximum(found["rate"], common) + 1e-12).all()
    assert found["weight"].to_numpy()[np.argsort(base, kind="stable")] == pytest.approx(np.sort(found["weight"]))


def test_an_area_without_figures_gets_the_common_rate():
    found = empirical_bayes([10, np.nan, 3], [100, 100, 0])
    assert found["smoothed"].tolist() == pytest.approx([0.1, 0.1, 0.1])
    assert found["rate"].isna().tolist() == [False, True, True]


@pytest.mark.parametrize(
    ("call", "message"),
    [
        pytest.param(lambda: empirical_bayes([1], [0]), "befolkning", id="nobody"),
        pytest.param(lambda: moran([1, np.nan], np.eye(2)[::-1]), "skiljer sig", id="missing"),
        pytest.param(lambda: moran([1, 1], np.eye(2)[::-1]), "skiljer sig", id="all alike"),
        pytest.param(lambda: moran([1, 2], np.zeros((2, 2))), "gränsar", id="no neighbours"),
    ],
)
def test_impossible_input_is_refused(call, message):
    with pytest.raises(ValueError, match=message):
        call()
