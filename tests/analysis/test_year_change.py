"""One year beside another: the exact ratio, what an independent model says, and how often chance is called a change."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
import statsmodels.api as sm

from analysis.verdict import Verdict
from analysis.year_change import nearest, year_change

#: Months of two years in round numbers: 120 and 180 events, with the same season.
OLD = [8, 8, 10, 12, 14, 12, 8, 8, 10, 12, 10, 8]
NEW = [12, 12, 15, 18, 21, 18, 12, 12, 15, 18, 15, 12]


def test_the_ratio_is_that_of_the_sums() -> None:
    found = year_change(OLD, NEW)
    assert found.ratio == pytest.approx(180 / 120)
    assert found.dispersion == 1  # the months follow each other exactly, but never less than chance
    # By hand: the logarithm's variance is 1/120 + 1/180, t with 11 degrees of freedom is 2.201.
    reach = 2.20099 * np.sqrt(1 / 120 + 1 / 180)
    assert np.log(found.upper / found.ratio) == pytest.approx(reach, rel=1e-4)
    assert found.verdict is Verdict.HIGHER
    assert year_change(NEW, OLD).verdict is Verdict.LOWER


def test_unruly_months_are_judged_by_their_unrest() -> None:
    burst = [3, 40, 2, 5, 33, 4, 6, 41, 2, 3, 38, 3]
    found = year_change(OLD, burst)
    table = np.concatenate([OLD, burst])
    design = np.column_stack([np.repeat([0.0, 1.0], 12), np.tile(np.eye(12), (2, 1))])
    model = sm.GLM(table, design, family=sm.families.Poisson()).fit(scale="X2")
    assert found.ratio == pytest.approx(np.exp(model.params[0]), rel=1e-6)
    assert found.dispersion == pytest.approx(model.scale, rel=1e-6)
    assert sum(burst) > sum(OLD) * 1.4
    assert found.verdict is Verdict.NORMAL


def test_more_who_report_is_no_change() -> None:
    assert year_change(OLD, NEW, 10, 15).ratio == pytest.approx(1)
    assert year_change(OLD, NEW, 10, 15).verdict is Verdict.NORMAL


@pytest.mark.parametrize(
    ("old", "new"), [([0] * 12, NEW), ([1, 0, 1, 0], [2, 0, 0, 1]), ([4], [90]), ([np.nan] * 12, NEW)],
    ids=["nothing before", "too few", "one season", "unknown"],
)  # fmt: skip
def test_too_little(old: list[float], new: list[float]) -> None:
    assert year_change(old, new).verdict is Verdict.TOO_LITTLE


def test_nothing_after_is_a_finding() -> None:
    found = year_change(OLD, [0] * 12)
    assert found.verdict is Verdict.LOWER
    assert 0 < found.ratio < 0.01


@pytest.mark.parametrize("burst", [0.0, 0.5], ids=["chance alone", "in bursts"])
def test_noise_is_seldom_called_a_change(burst: float) -> None:
    """Two years of the same level, 400 times: wrong alarms stay near the nominal five in a hundred."""
    rng = np.random.default_rng(4)
    season = np.array([5, 5, 6, 8, 10, 12, 12, 11, 8, 7, 6, 5], dtype=float)
    draws = rng.poisson(season * rng.gamma(1 / burst, burst, (400, 2, 12)) if burst else season, (400, 2, 12))
    changed = [year_change(old, new).verdict is not Verdict.NORMAL for old, new in draws]
    assert 0.01 <= np.mean(changed) <= 0.09


def test_the_nearest_period() -> None:
    starts = pd.Series(pd.to_datetime(["2023-11-01", "2024-11-01"]))
    ends = starts + pd.DateOffset(years=1)
    assert nearest(pd.Timestamp("2025-07-01"), starts, ends) == 1
    assert nearest(pd.Timestamp("2023-01-01"), starts, ends) == 0
    with pytest.raises(ValueError, match="inga perioder"):
        nearest(pd.Timestamp("2025-07-01"), starts.head(0), ends.head(0))
