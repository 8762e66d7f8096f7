"""Control charts: published limits, hand calculation, planted points, and steady processes left alone."""

from datetime import date

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import t

from analysis.control_chart import Chart, p_chart, u_chart
from analysis.verdict import Verdict

CALLED = [Verdict.HIGHER, Verdict.LOWER]


def series(count, exposure=1.0, first="2018-01-01", freq="YS"):
    starts = pd.date_range(first, periods=len(count), freq=freq)
    return pd.DataFrame({"period_start": starts, "count": count, "exposure": exposure})


def yearly(chart, counts, exposure=1.0, **options) -> Chart:
    return chart(series(counts, exposure), periods_per_year=1, **options)


def test_limits_by_hand():
    """Level 100 from counts of which only the last moves; spread 1, ten ranges: t with .62 x 9 degrees, 3.98."""
    found = yearly(u_chart, [100] * 10 + [180], until=date(2028, 1, 1))
    last = found.points.iloc[-1]
    assert (found.spread, last["expected"], bool(last["in_level"])) == (1, 100, False)
    assert last["z"] == pytest.approx(2 * (180**0.5 - 10))
    reach = t.ppf(0.99865, 0.62 * 9) * 1.1**0.5
    assert last["lower"] == pytest.approx((10 - reach / 2) ** 2)
    assert last["upper"] == pytest.approx((10 + reach / 2) ** 2)
    assert last["verdict"] == Verdict.HIGHER


def test_seasons_are_no_signal_and_a_wild_month_is():
    rng = np.random.default_rng(3)
    mean = np.tile([40, 40, 60, 80, 100, 140, 160, 140, 100, 80, 60, 40], 6)
    counts = rng.poisson(mean)
    counts[64] = 2 * mean[64]
    found = u_chart(series(counts, freq="MS"), until=date(2023, 1, 1))
    assert found.points.index[found.points["verdict"].isin(CALLED)].tolist() == [64]
    assert found.points["verdict"].iloc[64] == Verdict.HIGHER
    flat = u_chart(series(counts, freq="MS"), periods_per_year=1)
    assert flat.spread > 1.5


def test_large_counts_that_vary_more_than_chance_are_not_called():
    """Laney's case: with a million behind each point, plain limits call nearly every one."""
    rng = np.random.default_rng(4)
    counts = rng.negative_binomial(8000 / 19, 1 / 20, 40)
    found = yearly(u_chart, counts)
    assert found.spread == pytest.approx(20**0.5, rel=0.35)
    assert not found.points["verdict"].isin(CALLED).any()
    outside = np.abs(found.points["z"]) > 3
    assert outside.mean() > 0.3


def test_the_exposure_moves_the_limits():
    found = yearly(u_chart, [90, 210, 95, 190, 105, 205, 100, 200], [100, 200] * 4).points
    small, large = found.iloc[6], found.iloc[7]
    assert small["expected"] == large["expected"] == pytest.approx(1195 / 1200)
    assert small["lower"] < large["lower"] < large["upper"] < small["upper"]


def test_shares_are_charted_on_their_own_scale():
    rng = np.random.default_rng(5)
    found = yearly(p_chart, [*rng.binomial(400, 0.2, 20), 140], 400.0, until=date(2038, 1, 1))
    assert found.points["verdict"].iloc[-1] == Verdict.HIGHER
    assert not found.points["verdict"].iloc[:-1].isin(CALLED).any()
    p = found.points.iloc[-1]
    # The classical limits of a p chart, p + reach x √(p (1 - p) / n), with t for 19 ranges instead of 3.
    reach = t.ppf(0.99865, 0.62 * 19) * found.spread * (1 + 1 / 20) ** 0.5
    assert p["upper"] == pytest.approx(p["expected"] + reach * (0.2 * 0.8 / 400) ** 0.5, abs=0.01)


def test_few_periods_and_few_events_are_not_judged():
    assert (u_chart(series([50] * 24, freq="MS")).points["verdict"] == Verdict.TOO_LITTLE).all()
    assert (yearly(u_chart, [3, 5, 4, 2, 6, 4]).points["verdict"] == Verdict.TOO_LITTLE).all()
    assert (yearly(p_chart, [98, 99, 97, 98, 99], 100.0).points["verdict"] == Verdict.TOO_LITTLE).all()


@settings(max_examples=25)
@given(st.lists(st.integers(0, 400), min_size=4, max_size=15), st.floats(0.01, 1000))
def test_the_expected_is_within_and_the_unit_does_not_matter(counts, unit):
    one, other = (yearly(u_chart, counts, exposure) for exposure in (1.0, unit))
    known = one.points["lower"].notna()
    within = one.points[known]
    assert ((within["lower"] <= within["expected"]) & (within["expected"] <= within["upper"])).all()
    assert one.spread == pytest.approx(other.spread)
    assert (one.points["upper"] / unit)[known].tolist() == pytest.approx(other.points["upper"][known].tolist())
    assert one.points["verdict"].tolist() == other.points["verdict"].tolist()


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: p_chart(series([5, 12], 10.0)), "större än det som det är en del av"),
        (lambda: u_chart(series([np.nan, np.nan])), "inga slutliga perioder"),
    ],
    ids=["part over whole", "nothing"],
)
def test_impossible_series_are_refused(call, message):
    with pytest.raises(ValueError, match=message):
        call()
