"""The expected interval: against statsmodels, by simulation, and what it must refuse to judge."""

from datetime import date

import numpy as np
import pandas as pd
import pytest
import statsmodels.api as sm
from scipy import stats

from analysis.expected import expectation
from analysis.poisson import fit
from analysis.trend import trend
from analysis.verdict import Verdict

#: Norrtälje 2015-2025, total reported offences and per 100 000 (Brå, anmälda brott).
TOTAL = [6763, 6266, 7360, 6730, 7431, 7732, 7013, 7679, 7819, 8314, 8532]
RATE = [11637, 10612, 12243, 10981, 11948, 12244, 10921, 11782, 11905, 12580, 12790]


def years(counts, exposure=None, first=2015, **columns):
    starts = pd.to_datetime([f"{first + i}-01-01" for i in range(len(counts))])
    return pd.DataFrame({"period_start": starts, "count": counts, "exposure": exposure or 1.0, **columns})


def quarters(counts, first=2015):
    starts = pd.date_range(f"{first}-01-01", periods=len(counts), freq="QS")
    return pd.DataFrame({"period_start": starts, "count": counts})


def simulated(rng, mean, dispersion):
    """Counts with variance dispersion x mean: Poisson, or negative binomial when overdispersed."""
    if dispersion == 1:
        return rng.poisson(mean).astype(float)
    return rng.negative_binomial(mean / (dispersion - 1), 1 / dispersion).astype(float)


def genuine_total():
    return years(TOTAL, [n / r * 1e5 for n, r in zip(TOTAL, RATE, strict=True)])


@pytest.mark.parametrize("seed", range(5))
def test_fit_agrees_with_statsmodels(seed):
    rng = np.random.default_rng(seed)
    design = np.column_stack([np.ones(20), np.arange(20), np.arange(20) % 4 == 1]).astype(float)
    exposure = rng.uniform(1, 3, 20)
    counts = simulated(rng, exposure * np.exp(design @ [4, 0.03, -0.2]), 6)
    theirs = sm.GLM(counts, design, family=sm.families.Poisson(), offset=np.log(exposure)).fit(scale="X2")
    ours = fit(design, counts, exposure)
    assert ours.coefficients == pytest.approx(theirs.params, rel=1e-6, abs=1e-9)
    assert ours.dispersion == pytest.approx(theirs.scale, rel=1e-6)
    assert ours.covariance == pytest.approx(np.asarray(theirs.cov_params()), rel=1e-6)


def test_genuine_total_against_statsmodels_and_the_formula():
    rows = genuine_total()
    found = expectation(rows, breaks=[date(2015, 1, 1)])
    history = rows[(rows.period_start.dt.year >= 2017) & (rows.period_start.dt.year < 2025)]
    design = sm.add_constant(history.period_start.dt.year.to_numpy() - 2025.0)
    model = sm.GLM(history["count"], design, family=sm.families.Poisson(), exposure=history.exposure).fit(scale="X2")
    mean = float(model.predict([[1.0, 0.0]], exposure=[rows.exposure.iloc[-1]])[0])
    relative = np.sqrt(model.scale / mean + model.cov_params().iloc[0, 0])
    reach = 2 / 3 * stats.t.ppf(0.975, 6) * relative
    assert (found.observed, found.expected) == pytest.approx((8532, mean), rel=1e-6)
    assert (found.lower, found.upper) == pytest.approx((mean * (1 - reach) ** 1.5, mean * (1 + reach) ** 1.5), rel=1e-6)
    assert found.verdict is Verdict.NORMAL
    assert [start.year for start in found.history] == list(range(2017, 2025))


@pytest.mark.parametrize(
    ("mean", "dispersion", "growth"),
    [
        pytest.param(8000, 1, 0.0, id="pure chance, all offences"),
        pytest.param(8000, 20, 0.01, id="overdispersed as Norrtälje, all offences"),
        pytest.param(400, 5, -0.03, id="overdispersed and falling, burglary"),
        pytest.param(1000, 10, 0.05, id="overdispersed and rising, vandalism"),
        pytest.param(30, 2, 0.0, id="small counts"),
    ],
)
def test_yearly_coverage_is_near_95_per_cent(mean, dispersion, growth):
    rng = np.random.default_rng(20260301)
    means = mean * np.exp(growth * np.arange(-10, 1))
    verdicts = [expectation(years(simulated(rng, means, dispersion))).verdict for _ in range(200)]
    false_alarms = sum(v is not Verdict.NORMAL for v in verdicts) / len(verdicts)
    # 200 draws at 5 %: standard error 1.5 points. Under pure chance the floor of the dispersion makes it cautious.
    assert 0.003 <= false_alarms <= 0.085


@pytest.mark.parametrize(("dispersion", "growth"), [(1, 0.0), (9, 0.015)], ids=["pure chance", "as Norrtälje"])
def test_quarterly_coverage_is_near_95_per_cent(dispersion, growth):
    rng = np.random.default_rng(7)
    season = np.tile([0.9, 1.0, 1.1, 1.0], 11)[:42]
    means = 1900 * season * np.exp(growth * np.arange(-41, 1) / 4)
    verdicts = [
        expectation(quarters(simulated(rng, means, dispersion)), periods_per_year=4).verdict for _ in range(200)
    ]
    assert 0.01 <= sum(v is not Verdict.NORMAL for v in verdicts) / len(verdicts) <= 0.09


def test_a_planted_jump_of_30_per_cent_is_found():
    rng = np.random.default_rng(11)
    season = np.tile([0.9, 1.0, 1.1, 1.0], 11)[:42]
    found = 0
    for _ in range(100):
        counts = simulated(rng, 1900 * season, 9)
        counts[-1] = simulated(rng, np.array([1900 * season[-1] * 1.3]), 9)[0]
        found += expectation(quarters(counts), periods_per_year=4).verdict is Verdict.HIGHER
    assert found >= 90


def test_the_tested_period_has_no_part_in_its_own_expectation():
    rows = genuine_total()
    other = rows.assign(count=[*TOTAL[:-1], 20_000])
    one, two = expectation(rows), expectation(other)
    assert (one.expected, one.lower, one.upper) == (two.expected, two.lower, two.upper)
    assert two.verdict is Verdict.HIGHER


def test_periods_after_the_tested_one_have_no_part_either():
    whole, cut = genuine_total(), genuine_total().iloc[:-2]
    assert expectation(whole, at=date(2023, 1, 1)) == expectation(cut)


def test_rows_may_come_in_any_order():
    rows = genuine_total()
    assert expectation(rows.sample(frac=1, random_state=1)) == expectation(rows)


@pytest.mark.parametrize(
    ("series", "options", "reason"),
    [
        pytest.param(years(TOTAL[:5]), {}, "short_history", id="four years before"),
        pytest.param(years(TOTAL), {"breaks": [date(2021, 1, 1)]}, "short_history", id="break four years before"),
        pytest.param(years([*TOTAL[:5], 9, 8]).assign(preliminary=[0, 0, 0, 0, 1, 1, 1]), {}, "short_history",
                     id="preliminary years are no history"),
        pytest.param(years([4, 5, 3, 6, 4, 5, 30]), {}, "small_counts", id="five a year"),
        pytest.param(years([0, 0, 0, 0, 0, 0, 30]), {}, "small_counts", id="never before"),
        pytest.param(years([*TOTAL[:-1], np.nan]), {}, "no_figure", id="the figure is missing"),
        pytest.param(years(TOTAL, [*[1.0] * 10, 0.0]), {}, "no_exposure", id="no population"),
        pytest.param(quarters([100] * 17), {"periods_per_year": 4}, "short_history", id="four of the quarter"),
    ],
)  # fmt: skip
def test_no_judgement_without_grounds(series, options, reason):
    found = expectation(series, **options)
    assert (found.verdict, found.reason) == (Verdict.TOO_LITTLE, reason)
    assert np.isnan([found.expected, found.lower, found.upper]).all()


def test_a_quarter_missing_from_the_history_is_no_fault():
    rows = quarters([100, 120, 110, 90] * 7)
    rows = rows[rows.period_start.dt.month != 4]
    assert expectation(rows, periods_per_year=4).expected == pytest.approx(90)


@pytest.mark.parametrize(
    ("series", "options", "message"),
    [
        pytest.param(years([]), {}, "tom", id="empty"),
        pytest.param(pd.concat([years(TOTAL)] * 2), {}, "två gånger", id="a year twice"),
        pytest.param(years(TOTAL), {"at": date(1999, 1, 1)}, "ingen period", id="unknown period"),
    ],
)
def test_impossible_series_are_refused(series, options, message):
    with pytest.raises(ValueError, match=message):
        expectation(series, **options)


@pytest.mark.parametrize(("growth", "direction"), [(0.05, "up"), (-0.05, "down")])
def test_trend_finds_a_known_slope(growth, direction):
    counts = np.round(10_000 * np.exp(growth * np.arange(10)))
    found = trend(years(counts.tolist()))
    assert found.percent_per_year == pytest.approx(np.expm1(growth) * 100, abs=0.02)
    assert (found.direction, found.first.year, found.last.year) == (direction, 2015, 2024)


def test_trend_seldom_sees_one_where_there_is_none():
    rng = np.random.default_rng(3)
    found = [trend(years(simulated(rng, np.full(11, 8000.0), 20))).direction for _ in range(300)]
    assert 0.01 <= sum(d != "none" for d in found) / len(found) <= 0.09


@pytest.mark.parametrize("counts", [TOTAL[:4], [2, 3, 1, 2, 4, 3]], ids=["few years", "few events"])
def test_trend_needs_grounds(counts):
    assert trend(years(counts)).direction == "unknown"
