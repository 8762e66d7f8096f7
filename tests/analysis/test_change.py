"""Two-period change, the same period a year before, and rolling years."""

from datetime import date

import numpy as np
import pandas as pd
import pytest

from analysis.change import two_period_z, year_earlier
from analysis.series import exposure_from_rate, rolling_year
from analysis.verdict import Verdict

#: Norrtälje, quarters of 2020-2025 and the first two (preliminary) of 2026 (Brå, anmälda brott).
COUNTS = [1950, 1980, 1916, 1886, 1607, 1737, 1858, 1811, 1749, 1860, 2174, 1896, 1712, 2027, 2123, 1957,
          1779, 2010, 2354, 2171, 1978, 2106, 2327, 2121, 1830, 1934]  # fmt: skip


def quarters(counts, **columns):
    starts = pd.date_range("2020-01-01", periods=len(counts), freq="QS")
    return pd.DataFrame({"period_start": starts, "count": np.asarray(counts, float), **columns})


@pytest.mark.parametrize(("new", "old", "z"), [(9, 4, 2), (25, 16, 2), (4, 9, -2), (7, 7, 0)])
def test_z_of_two_counts(new, old, z):
    assert two_period_z(new, old) == z


def test_year_earlier_on_genuine_quarters():
    found = year_earlier(quarters(COUNTS, preliminary=[False] * 24 + [True] * 2))
    # By hand: z of the 20 earlier final pairs, dispersion = mean(z²) / 2.
    z = [2 * (COUNTS[i] ** 0.5 - COUNTS[i - 4] ** 0.5) for i in range(4, 24)]
    dispersion = sum(x * x for x in z) / 20 / 2
    reach = 1.5 * dispersion**0.5
    assert (found.count, found.previous, found.pairs, found.preliminary) == (1934, 2106, 20, True)
    assert found.z == pytest.approx(2 * (1934**0.5 - 2106**0.5))
    assert found.dispersion == pytest.approx(dispersion)
    assert (found.lower, found.upper) == pytest.approx(((2106**0.5 - reach) ** 2, (2106**0.5 + reach) ** 2))
    assert found.percent == pytest.approx(-8.167, abs=0.001)
    assert found.verdict is Verdict.NORMAL


@pytest.mark.parametrize(
    ("newest", "expected"),
    [(3500, Verdict.HIGHER), (1000, Verdict.LOWER), (2100, Verdict.NORMAL)],
)
def test_year_earlier_verdict(newest, expected):
    assert year_earlier(quarters([*COUNTS[:-1], newest])).verdict is expected


@pytest.mark.parametrize(
    ("series", "options", "reason", "percent"),
    [
        pytest.param(quarters(COUNTS[:8]), {}, "short_history", -4.0, id="too few pairs"),
        pytest.param(quarters(COUNTS[:4]), {}, "no_figure", None, id="no year before"),
        pytest.param(quarters(COUNTS), {"breaks": [date(2026, 1, 1)]}, "break", None, id="break between"),
        pytest.param(quarters([3] * 25 + [9]), {}, "small_counts", None, id="small counts"),
    ],
)
def test_year_earlier_without_grounds(series, options, reason, percent):
    found = year_earlier(series, **options)
    assert (found.verdict, found.reason) == (Verdict.TOO_LITTLE, reason)
    assert found.percent == (None if percent is None else pytest.approx(percent, abs=0.1))
    assert np.isnan([found.lower, found.upper]).all()


def test_false_alarms_are_few_for_overdispersed_quarters():
    rng = np.random.default_rng(5)
    alarms = [
        year_earlier(quarters(rng.negative_binomial(1900 / 8, 1 / 9, 44))).verdict is not Verdict.NORMAL
        for _ in range(300)
    ]
    assert sum(alarms) / len(alarms) <= 0.08


def test_rolling_years_sum_whole_years_and_skip_gaps():
    rows = quarters([1, 2, 3, 4, 5, 6, 7, 8, 9], exposure=[10.0] * 8 + [18.0], preliminary=[False] * 8 + [True])
    out = rolling_year(rows.drop(index=2), 4)
    assert out["period_start"].dt.strftime("%Y-%m").tolist() == ["2021-07", "2021-10", "2022-01"]
    assert out["count"].tolist() == [4 + 5 + 6 + 7, 26, 30]
    assert out["exposure"].tolist() == [10, 10, 12]
    assert out["preliminary"].tolist() == [False, False, True]


def test_rolling_year_at_year_end_is_the_year():
    out = rolling_year(quarters(COUNTS), 4).set_index("period_start")["count"]
    assert (out["2024-10-01"], out["2025-10-01"]) == (8314, 8532)


def test_a_missing_quarter_gives_no_year():
    assert rolling_year(quarters([1, np.nan, 3, 4]), 4).empty


def test_population_behind_a_published_rate():
    found = exposure_from_rate(pd.Series([8532.0, 0.0, 5.0]), pd.Series([12790.0, 0.0, np.nan]))
    assert found[0] == pytest.approx(66_708, abs=1)
    assert found.isna().tolist() == [False, True, True]
