"""Effects: two areas in two periods by hand, statsmodels' regression, and simulations whose truth is known."""

from datetime import date

import numpy as np
import pandas as pd
import pytest
import statsmodels.api as sm
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.effect import difference_in_differences, interrupted
from analysis.verdict import Verdict

START = date(2025, 1, 1)


def panel(counts, treated, first="2023-01-01", exposure=1.0):
    """Counts (areas x months) as rows."""
    areas, months = np.asarray(counts).shape
    starts = pd.date_range(first, periods=months, freq="MS")
    return pd.DataFrame(
        {
            "area_id": np.repeat([f"a{i}" for i in range(areas)], months), "period_start": np.tile(starts, areas),
            "count": np.ravel(counts), "treated": np.repeat(treated, months), "exposure": exposure,
        }
    )  # fmt: skip


def two_by_two(t0, t1, c0, c1):
    return panel([[t0, t1], [c0, c1]], [True, False], first="2024-12-01")


def draw(rng, mean, dispersion):
    return rng.poisson(mean) if dispersion == 1 else rng.negative_binomial(mean / (dispersion - 1), 1 / dispersion)


def simulated(rng, effect, dispersion=1.0, areas=6, months=36):
    """Areas of unequal size with a common season and trend; the first has the effect in the last year."""
    size = np.linspace(8, 60, areas)[:, None]
    common = 1 + 0.3 * np.sin(np.arange(months) * np.pi / 6) + 0.004 * np.arange(months)
    mean = size * common
    mean[0, 24:] *= effect
    return panel(draw(rng, mean, dispersion), [True] + [False] * (areas - 1))


def monthly(rng, effect, mean=40, dispersion=1.0, slope=0.05):
    starts = pd.date_range("2020-01-01", periods=72, freq="MS")
    level = mean * np.exp(slope * np.arange(72) / 12) * (1 + 0.3 * np.sin(np.arange(72) * np.pi / 6))
    return pd.DataFrame(
        {"period_start": starts, "count": draw(rng, level * np.where(starts.year < 2025, 1, effect), dispersion)}
    )


def test_two_areas_in_two_periods_by_hand():
    found = difference_in_differences(two_by_two(100, 50, 80, 88), START)
    ratio, error = (50 / 100) / (88 / 80), np.sqrt(1 / 100 + 1 / 50 + 1 / 80 + 1 / 88)
    limits = ratio * np.exp(-1.959964 * error), ratio * np.exp(1.959964 * error)
    assert (found.ratio, found.lower, found.upper) == pytest.approx((ratio, *limits))
    assert (found.observed, found.expected, found.dispersion) == pytest.approx((50, 110, 1))
    assert found.verdict is Verdict.LOWER


@pytest.mark.parametrize("dispersion", [1, 4])
def test_agrees_with_statsmodels(dispersion):
    rng = np.random.default_rng(3)
    rows = simulated(rng, 0.7, dispersion).assign(exposure=rng.uniform(500, 5000, 216))
    found = difference_in_differences(rows, START)
    acts = rows["treated"] & (rows["period_start"] >= pd.Timestamp(START))
    columns = [
        pd.get_dummies(rows["area_id"], dtype=float),
        pd.get_dummies(rows["period_start"], dtype=float).iloc[:, 1:],
    ]
    design = pd.concat([acts.astype(float).rename("acts"), *columns], axis=1).to_numpy()
    model = sm.GLM(rows["count"], design, family=sm.families.Poisson(), exposure=rows["exposure"]).fit(
        scale="X2", use_t=True
    )
    assert found.ratio == pytest.approx(np.exp(model.params.iloc[0]), rel=1e-5)
    assert found.dispersion == pytest.approx(max(1, model.scale), rel=1e-5)
    if model.scale > 1:
        assert (found.lower, found.upper) == pytest.approx(tuple(np.exp(model.conf_int().iloc[0])), rel=1e-4)


@pytest.mark.parametrize("effect", [1.0, 0.55])
@pytest.mark.parametrize("dispersion", [1, 3])
def test_the_interval_holds_the_truth_as_often_as_it_says(effect, dispersion):
    rng = np.random.default_rng(5)
    found = [difference_in_differences(simulated(rng, effect, dispersion), START) for _ in range(100)]
    covered = np.mean([f.lower <= effect <= f.upper for f in found])
    assert 0.90 <= covered <= 0.995
    if effect < 1:
        assert np.mean([f.verdict is Verdict.LOWER for f in found]) > 0.6
        assert np.exp(np.mean(np.log([f.ratio for f in found]))) == pytest.approx(effect, rel=0.05)


@pytest.mark.parametrize(("effect", "dispersion"), [(1.0, 1), (0.6, 1), (1.0, 3)])
def test_a_step_in_a_series_is_found_and_seldom_invented(effect, dispersion):
    rng = np.random.default_rng(6)
    found = [interrupted(monthly(rng, effect, dispersion=dispersion), START) for _ in range(100)]
    assert 0.90 <= np.mean([f.lower <= effect <= f.upper for f in found]) <= 0.995
    if effect < 1:
        assert np.mean([f.verdict is Verdict.LOWER for f in found]) > 0.9


def test_months_that_follow_each_other_widen_the_interval():
    rng, called = np.random.default_rng(7), {True: 0, False: 0}
    for _ in range(100):
        rows, drift = monthly(rng, 1.0), np.zeros(72)
        for month in range(1, 72):
            drift[month] = 0.6 * drift[month - 1] + rng.normal(0, 0.12)
        rows["count"] = rng.poisson(rows["count"].mean() * np.exp(drift))
        for serial in called:
            called[serial] += interrupted(rows, START, serial=serial).verdict is not Verdict.NORMAL
    assert called[True] < called[False]
    assert called[True] <= 14


@settings(max_examples=40, deadline=None)
@given(st.lists(st.integers(1, 400), min_size=4, max_size=4), st.floats(0.1, 10))
def test_the_ratio_is_in_its_interval_and_scale_of_exposure_does_not_matter(four, scale):
    rows = two_by_two(*four)
    found, scaled = (difference_in_differences(rows.assign(exposure=e), START) for e in (1.0, scale))
    assert found.lower <= found.ratio <= found.upper
    assert (found.ratio, found.lower) == pytest.approx((scaled.ratio, scaled.lower))
    turned = difference_in_differences(rows.assign(treated=~rows["treated"]), START)
    assert turned.ratio == pytest.approx(1 / found.ratio)


def test_a_problem_that_ends_is_an_effect():
    found = difference_in_differences(two_by_two(60, 0, 80, 80), START)
    assert (found.observed, found.verdict) == (0, Verdict.LOWER)
    assert found.expected == pytest.approx(60)


def test_areas_and_periods_without_events_take_no_part():
    rows = panel([[9, 8, 0, 4], [20, 22, 0, 21], [0, 0, 0, 0]], [True, False, False], first="2024-11-01")
    found = difference_in_differences(rows, START)
    assert found.ratio == pytest.approx((4 / 17) / (21 / 42))


@pytest.mark.parametrize(
    ("rows", "reason"),
    [
        pytest.param(two_by_two(0, 30, 50, 50), "no_before", id="nothing before"),
        pytest.param(two_by_two(30, 30, 50, 0), "no_after", id="no events in the control after"),
        pytest.param(two_by_two(30, 30, 50, 50).iloc[[0, 2]], "no_after", id="not yet"),
        pytest.param(two_by_two(30, 30, 50, 50).iloc[:2], "no_control", id="no control"),
    ],
)
def test_no_judgement_without_something_to_compare(rows, reason):
    found = difference_in_differences(rows, START)
    assert (found.verdict, found.reason) == (Verdict.TOO_LITTLE, reason)


@pytest.mark.parametrize(
    ("rows", "reason"),
    [
        pytest.param(monthly(np.random.default_rng(1), 1.0).iloc[48:], "no_before", id="one year before"),
        pytest.param(monthly(np.random.default_rng(1), 1.0).iloc[:60], "no_after", id="not yet"),
        pytest.param(monthly(np.random.default_rng(1), 1.0).assign(count=0), "small_counts", id="nothing"),
    ],
)
def test_no_judgement_of_a_series_without_grounds(rows, reason):
    found = interrupted(rows, START)
    assert (found.verdict, found.reason) == (Verdict.TOO_LITTLE, reason)


def test_few_events_are_not_judged():
    assert difference_in_differences(two_by_two(6, 1, 100, 100), START).verdict is Verdict.TOO_LITTLE
