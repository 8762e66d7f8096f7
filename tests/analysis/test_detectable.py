"""Detectable effects: the formula against simulation, by hand, and what more events must do."""

from datetime import date

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.detectable import Plan, power, smallest_fall
from analysis.effect import difference_in_differences
from analysis.verdict import Verdict

START = date(2025, 1, 1)


def test_power_by_hand():
    # Error of the logarithm: √(1/100 + 1/50 + 1/400 + 1/400) = 0.18708; log 0.5 = -0.69315; Φ(3.7051 - 1.95996).
    assert power(Plan(100, 100, 400, 400), 0.5) == pytest.approx(0.9595, abs=5e-4)


@pytest.mark.parametrize(
    ("plan", "ratio"),
    [
        pytest.param(Plan(80, 80, 300, 300), 0.65, id="some"),
        pytest.param(Plan(400, 200, 1000, 500), 0.8, id="shorter after"),
        pytest.param(Plan(150, 150, 600, 600), 1.35, id="a rise"),
    ],
)
def test_simulated_power_agrees(plan, ratio):
    rng = np.random.default_rng(1)
    counts = (plan.treated_before, plan.treated_after * ratio, plan.control_before, plan.control_after)
    means = np.array(counts)
    draws = rng.poisson(means, (20_000, 4))
    log = np.log(draws[:, 1] / draws[:, 0] / (draws[:, 3] / draws[:, 2]))
    found = np.sign(np.log(ratio)) * log / np.sqrt((1 / draws).sum(axis=1)) > 1.959964
    assert power(plan, ratio) == pytest.approx(found.mean(), abs=0.02)


def test_the_evaluation_itself_finds_the_smallest_fall_as_often_as_wanted():
    plan, rng = Plan(120, 120, 500, 500), np.random.default_rng(2)
    ratio = smallest_fall(plan)
    found = 0
    for _ in range(150):
        counts = rng.poisson([120, 120 * ratio, 500, 500])
        rows = pd.DataFrame(
            {
                "area_id": ["t", "t", "c", "c"], "period_start": pd.to_datetime(["2024-01-01", "2025-01-01"] * 2),
                "count": counts, "treated": [True, True, False, False],
            }
        )  # fmt: skip
        found += difference_in_differences(rows, START).verdict is Verdict.LOWER
    assert found / 150 == pytest.approx(0.8, abs=0.09)


counts = st.floats(20, 5000)


@settings(max_examples=40, deadline=None)
@given(a=counts, b=counts, c=counts, d=counts, dispersion=st.floats(1, 5))
def test_more_events_find_less_and_spread_hides(a, b, c, d, dispersion):
    plan = Plan(a, b, c, d)
    smallest = smallest_fall(plan)
    for other, better in ((Plan(2 * a, 2 * b, 2 * c, 2 * d), True), (Plan(a, b, c, d, dispersion), False)):
        theirs = smallest_fall(other)
        low, high = (theirs, smallest) if not better else (smallest, theirs)
        assert low is None or (high is not None and low <= high + 1e-9)
    if smallest is not None:
        assert power(plan, smallest) >= 0.8 - 1e-6


def test_too_few_events_find_nothing():
    assert smallest_fall(Plan(8, 8, 30, 30)) is None


@pytest.mark.parametrize(
    ("call", "message"),
    [
        pytest.param(lambda: Plan(0, 5, 5, 5), "större än noll", id="none expected"),
        pytest.param(lambda: Plan(5, 5, 5, 5, 0.5), "slumpens egen", id="less than chance"),
        pytest.param(lambda: power(Plan(5, 5, 5, 5), 0), "kvot", id="no ratio"),
    ],
)
def test_impossible_plans_are_refused(call, message):
    with pytest.raises(ValueError, match=message):
        call()
