"""STL against R's figures on the same series; levels that were planted, and none where none were."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import statsmodels

from analysis.decomposition import decompose, levels

#: Monthly carbon dioxide at Mauna Loa 1959-1987 (348 months), which STL was presented with, as statsmodels ships it.
CO2 = Path(statsmodels.__file__).parent / "tsa" / "stl" / "tests" / "results" / "stl_co2.csv"

#: R's stl(co2, s.window = 35, s.degree = 1, t.window = 19, l.window = 13, inner = 1, outer = 2): seasonal, trend,
#: remainder of some months.
R = {
    0: (-0.13125464, 315.5519, 0.159314918),
    5: (2.23997773, 316.0179, -0.037849138),
    93: (-3.01929207, 321.3859, -0.706618695),
    147: (2.38001852, 326.3239, -0.763958202),
    288: (-0.07566137, 341.6671, -0.271413621),
    347: (-0.94898196, 349.7027, -0.083709640),
}


def months(count, exposure=1.0):
    starts = pd.date_range("1959-01-01", periods=len(count), freq="MS")
    return pd.DataFrame({"period_start": starts, "count": count, "exposure": exposure})


def test_r_on_carbon_dioxide():
    co2 = pd.read_csv(CO2, header=None)[0].to_numpy()
    found = decompose(months(co2 * 2, 2.0), rounds=2)
    for month, figures in R.items():
        row = found.iloc[month]
        assert (row["season"], row["trend"], row["rest"]) == pytest.approx(figures, abs=6e-5)
    # A month that lies far out weighs less in the next round: .1046 in R's own weights.
    assert found["weight"].iloc[147] == pytest.approx(0.10460030870706755)


def test_the_parts_add_up_and_a_known_season_comes_out():
    season = 20 * np.sin(np.arange(96) * np.pi / 6)
    found = decompose(months(200 + 0.5 * np.arange(96) + season))
    assert (found["trend"] + found["season"] + found["rest"]).tolist() == pytest.approx(found["value"].tolist())
    assert found["season"].to_numpy() == pytest.approx(season, abs=0.5)
    assert np.diff(found["trend"]) == pytest.approx(0.5, abs=0.1)


@pytest.mark.parametrize(
    ("series", "message"),
    [
        (months([1.0] * 40).drop(index=7), "luckor"),
        (months([1.0] * 20 + [np.nan] + [1.0] * 20), "luckor"),
        (months([1.0] * 23), "minst två år"),
    ],
    ids=["gap", "no figure", "short"],
)
def test_a_whole_series_is_needed(series, message):
    with pytest.raises(ValueError, match=message):
        decompose(series)


def test_a_planted_shift_is_found_where_it_lies():
    rng = np.random.default_rng(2)
    season = 1 + 0.3 * np.sin(np.arange(96) * np.pi / 6)
    mean = 50 * season * np.where(np.arange(96) < 60, 1, 1.6)
    found = [levels(months(rng.negative_binomial(mean, 0.5))) for _ in range(10)]
    assert sum(len(one) == 2 for one in found) >= 9
    assert np.median([abs((one["first"].iloc[1] - pd.Timestamp("1964-01-01")).days) for one in found]) <= 31
    assert found[0]["periods"].sum() == 96
    assert found[0]["ratio"].iloc[1] / found[0]["ratio"].iloc[0] == pytest.approx(1.6, rel=0.15)


def test_a_series_without_shifts_is_seldom_given_one():
    """At most 5 per cent of 40. The months are drawn apart from each other: of a series whose months hang together
    this shows nothing, and it may be given levels that are only its own slow swings.
    """
    rng = np.random.default_rng(6)
    season = 1 + 0.3 * np.sin(np.arange(60) * np.pi / 6)
    found = sum(len(levels(months(rng.negative_binomial(30 * season, 1 / 2)))) > 1 for _ in range(40))
    assert found <= 2


def test_too_few_periods_are_refused():
    with pytest.raises(ValueError, match="minst 12 perioder"):
        levels(months([20, 30] * 5))
