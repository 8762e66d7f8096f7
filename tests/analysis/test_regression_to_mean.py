"""Regression to the mean: against scipy, by hand, and against a simulation whose answer is known."""

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from analysis.regression_to_mean import expected_return, extremes, yearly


def panel(*periods):
    return pd.DataFrame(dict(enumerate(periods)), dtype=float)


def test_two_periods_against_scipy():
    one = [200, 210, 215, 220, 230, 235, 240, 260]
    other = [215, 205, 222, 214, 228, 241, 233, 245]
    found = expected_return(panel(one, other))
    told = stats.pearsonr(one, other)
    interval = told.confidence_interval(0.95)
    assert (found.units, found.pairs) == (8, 8)
    assert found.correlation == pytest.approx(told.statistic)
    assert (found.lower, found.upper) == pytest.approx((interval.low, interval.high), abs=1e-6)


def test_half_luck_means_that_half_of_the_distance_goes():
    """Lasting differences and luck of the same size: correlation 0.5, and the extremes do move half the way back."""
    rng = np.random.default_rng(5)
    lasting = rng.normal(0, 10, 40_000)
    years = [230 + lasting + rng.normal(0, 10, 40_000) for _ in range(4)]
    found = expected_return(panel(*years[:3]))
    assert found.correlation == pytest.approx(0.5, abs=0.03)
    told = extremes(pd.Series(years[2]), found)
    assert told["back"].iloc[0] == pytest.approx(0.5, abs=0.03)
    # What was expected of the extreme ones is what the fourth year brought, on average above and below.
    came = pd.Series(years[3])[told.index]
    for side in (1, -1):
        rows = told[np.sign(told["deviation"]) == side]
        assert rows["expected"].mean() == pytest.approx(came[rows.index].mean(), abs=0.6)


def test_by_hand():
    """Seven alike and one apart, the same both years: nothing goes back. Mean 2, the last one 7 above it."""
    same = expected_return(panel([1, 1, 1, 1, 1, 1, 1, 9], [1, 1, 1, 1, 1, 1, 1, 9]))
    assert same.correlation == pytest.approx(1)
    told = extremes(pd.Series([1, 1, 1, 1, 1, 1, 1, 9], index=list("abcdefgh")), same)
    assert told.index.tolist() == ["h"]
    assert told.loc["h"].tolist() == pytest.approx([9, 2, 7, 9, 0])


def test_what_is_common_to_all_plays_no_part():
    values = np.array([1.0, 4, 2, 8, 5, 7, 3, 6])
    assert expected_return(panel(values, values + 50, values - 20)).correlation == pytest.approx(1)


def test_the_opposite_every_other_year_counts_as_nothing_lasting():
    values = np.array([1.0, 4, 2, 8, 5, 7, 3, 20])
    told = extremes(pd.Series(values), expected_return(panel(values, -values)))
    assert told["back"].tolist() == [1]
    assert told["expected"].tolist() == [values.mean()]


def test_years_with_an_empty_one_between_are_not_successive():
    """2021 is missing for all, and 2024 for none: of 2020, 2022, 2023 and 2024 only two pairs follow each other."""
    rng = np.random.default_rng(3)
    rows = [
        {"area_id": unit, "period_start": pd.Timestamp(year, 7, 1), "value": rng.normal() if year != 2021 else np.nan}
        for unit in range(9) for year in (2024, 2020, 2021, 2022, 2023)
    ]  # fmt: skip
    for figures in (pd.DataFrame(rows), pd.DataFrame(rows).dropna()):
        years = yearly(figures)
        assert years.columns.tolist() == [2020, 2021, 2022, 2023, 2024]
        assert expected_return(years).pairs == 9 * 2
    every_other = pd.DataFrame(rows)[lambda f: f["period_start"].dt.year.isin([2020, 2022, 2024])]
    assert not expected_return(yearly(every_other)).is_known


def test_of_a_year_with_two_waves_the_last_counts():
    rows = [("a", "2024-09-01", 5.0), ("a", "2024-03-01", 4.0), ("a", "2025-03-01", 6.0), ("a", "2025-09-01", np.nan)]
    figures = pd.DataFrame(rows, columns=["area_id", "period_start", "value"])
    assert yearly(figures).loc["a"].to_dict() == {2024: 5, 2025: 6}


@pytest.mark.parametrize(
    "periods",
    [
        pytest.param([list(range(8))], id="one period"),
        pytest.param([list(range(7)), list(range(7))], id="few units"),
        pytest.param([list(range(8)), [np.nan] * 4 + [1, 2, 3, 4]], id="few in both"),
        pytest.param([[5] * 8, [5] * 8], id="nothing varies"),
    ],
)
def test_nothing_is_said_without_a_base(periods):
    found = expected_return(panel(*periods))
    assert not found.is_known
    assert extremes(pd.Series([1, 1, 1, 1, 1, 1, 1, 9]), found).empty
