"""Funnel limits against Poisson quantiles, dispersion against simulation, verdicts by hand."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from analysis.funnel import common_rate, count_limits, dispersion_of, funnel, poisson_quantile
from analysis.verdict import Verdict

#: 2025, vandalism: Norrtälje and its seven peers (Brå), populations rounded.
POPULATION = [50_000, 60_000, 80_000, 100_000, 30_000, 45_000, 70_000]


def areas(counts, population=None):
    population = POPULATION if population is None else population
    names = [f"{i:04d}" for i in range(len(counts))]
    return pd.DataFrame({"area_id": names, "count": counts, "population": population})


@given(mean=st.floats(0.01, 50_000), probability=st.sampled_from([0.001, 0.025, 0.5, 0.975, 0.999]))
def test_quantiles_are_those_of_scipy(mean, probability):
    assert poisson_quantile(probability, mean) == stats.poisson.ppf(probability, mean)


@pytest.mark.parametrize("mean", [5, 10, 100])
def test_quantiles_on_the_step(mean):
    step = stats.poisson.cdf(mean, mean)
    assert poisson_quantile(step, mean) == stats.poisson.ppf(step, mean)


@given(expected=st.floats(0.5, 1e5), dispersion=st.floats(1, 100))
def test_limits_hold_the_expected_and_widen(expected, dispersion):
    inner = count_limits(expected, 0.95, dispersion, 8)
    outer = count_limits(expected, 0.998, dispersion, 8)
    assert 0 <= outer[0] <= inner[0] <= np.ceil(expected)
    assert np.floor(expected) <= inner[1] <= outer[1]


def test_level_limits_and_verdicts_by_hand():
    rows = areas([500, 610, 790, 1010, 300, 440, 720])
    found = funnel(pd.concat([rows, areas([800], [50_000]).assign(area_id="0188")]), rows["area_id"], adjusted=False)
    own = found.areas.set_index("area_id").loc["0188"]
    level = 4370 / 435_000
    assert found.level == pytest.approx(level * 1e5)
    assert own["expected"] == pytest.approx(level * 50_000)
    assert own["lower_95"] == pytest.approx(stats.poisson.ppf(0.025, level * 50_000) / 50_000 * 1e5)
    assert own["upper_998"] == pytest.approx(stats.poisson.ppf(0.999, level * 50_000) / 50_000 * 1e5)
    assert (own["verdict"], own["beyond_998"], own["in_level"]) == (Verdict.HIGHER, True, False)
    assert found.areas["verdict"].iloc[:-1].eq(Verdict.NORMAL).all()


def test_no_more_spread_than_chance_gives_exact_limits():
    rows = areas([500, 610, 790, 1010, 300, 440, 720])
    assert funnel(rows).dispersion == 1
    pd.testing.assert_frame_equal(funnel(rows).limits, funnel(rows, adjusted=False).limits)


def test_curves_agree_with_the_areas():
    found = funnel(areas([450, 700, 700, 1200, 360, 390, 800]))
    assert found.dispersion > 1
    at = np.interp(found.areas["population"], found.limits["population"], found.limits["upper_95"])
    assert at == pytest.approx(found.areas["upper_95"], rel=1e-3)


@pytest.mark.parametrize(("peers", "spread"), [(7, 0.1), (7, 0.3), (40, 0.2)])
def test_false_alarms_stay_near_nominal_among_overdispersed_peers(peers, spread):
    rng, runs = np.random.default_rng(1), 100
    wide = far = 0
    for _ in range(runs):
        population = rng.uniform(30_000, 110_000, peers + 1)
        counts = rng.poisson(population * 0.01 * rng.gamma(1 / spread**2, spread**2, peers + 1))
        rows = areas(counts, population)
        own = funnel(rows, rows["area_id"].iloc[1:]).areas.iloc[0]
        wide += own["verdict"] != Verdict.NORMAL
        far += own["beyond_998"]
    # Limits at 95 and 99.8 per cent: more would be called once in 500 times.
    assert wide <= stats.binom.ppf(0.998, runs, 0.05)
    assert far <= stats.binom.ppf(0.998, runs, 0.002)


def test_one_area_that_differs_does_not_hide_itself():
    z = np.array([0.5, -0.7, 1.2, -1.1, 0.2, -0.3, 0.9, -0.6, 0.1, 0.4, -0.9])
    assert dispersion_of([*z, 40.0]) < 3


def test_missing_counts_are_left_out_and_small_ones_not_judged():
    found = funnel(areas([2, 3, 1, np.nan, 2, 4, 9], [500] * 7), adjusted=False)
    assert len(found.areas) == 6
    assert found.areas["verdict"].eq(Verdict.TOO_LITTLE).all()


def test_too_few_peers_is_refused():
    with pytest.raises(ValueError, match="minst 5"):
        funnel(areas([1, 2, 3, 4], [10] * 4))


def test_common_rate_is_the_sum_of_counts_over_the_sum_of_people_where_all_have_figures():
    years = pd.to_datetime(["2023-01-01", "2024-01-01"] * 2)
    rows = pd.DataFrame(
        {"area_id": ["a", "a", "b", "b"], "period_start": years, "count": [10, 20, np.nan, 40],
         "population": [1000.0, 1000.0, 3000.0, 3000.0]}
    )  # fmt: skip
    assert common_rate(rows).to_dict() == {pd.Timestamp(2024, 1, 1): 60 / 4000 * 100_000}
