"""Weighted shares with a design: hand calculation, statsmodels' weighted mean, and populations with known shares."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats
from statsmodels.stats.weightstats import DescrStatsW

from analysis.survey import survey_share
from analysis.verdict import Verdict
from analysis.weighted import difference, verdicts, weighted_share


def answers(hit, weight=1.0, **columns) -> pd.DataFrame:
    return pd.DataFrame({"hit": hit, "weight": weight, **columns})


def test_a_simple_sample_by_hand() -> None:
    """40 of 100: variance p(1-p)/(n-1), logit limits with 99 degrees of freedom."""
    found = survey_share(answers([True] * 40 + [False] * 60)).iloc[0]
    error = np.sqrt(0.4 * 0.6 / 99)
    reach = stats.t.ppf(0.975, 99) * error / 0.24
    limits = [1 / (1 + np.exp(-(np.log(0.4 / 0.6) + sign * reach))) for sign in (-1, 1)]
    assert found[["share", "error", "lower", "upper"]].tolist() == pytest.approx([0.4, error, *limits])
    assert (found["base"], found["effective"], found["design"]) == pytest.approx((100, 99, 100 / 99))


def test_weights_against_a_weighted_mean() -> None:
    rng = np.random.default_rng(2)
    hit, weight = rng.random(400) < 0.3, rng.uniform(0.5, 4, 400)
    found = survey_share(answers(hit, weight)).iloc[0]
    theirs = DescrStatsW(hit.astype(float), weights=weight)
    assert found["share"] == pytest.approx(theirs.mean)
    scores = weight * (hit - theirs.mean) / weight.sum()
    assert found["error"] == pytest.approx(np.sqrt(400 * scores.var(ddof=1)))


def test_a_stratified_sample_by_hand() -> None:
    """Two equally large strata, 8 of 10 and 1 of 10: variance is the mean of the strata's own, over four."""
    rows = answers([True] * 8 + [False] * 2 + [True] + [False] * 9, stratum=["a"] * 10 + ["b"] * 10)
    found = survey_share(rows).iloc[0]
    assert found["error"] ** 2 == pytest.approx((0.8 * 0.2 / 9 + 0.1 * 0.9 / 9) / 4)
    assert found["effective"] > weighted_share([9], [20], [20])["effective"].iloc[0]


def test_a_class_that_answers_as_one_counts_as_one() -> None:
    rows = answers(np.repeat([True, False, True, False], 25), cluster=np.repeat(list("abcd"), 25))
    found = survey_share(rows).iloc[0]
    assert found["error"] ** 2 == pytest.approx(0.25 / 3)
    assert found["effective"] == pytest.approx(3)


def test_a_cluster_code_may_come_again_in_another_stratum() -> None:
    rows = answers([1, 0, 1, 1, 0, 0], stratum=list("aaabbb"), cluster=[1, 2, 3, 1, 2, 3])
    apart = rows.assign(cluster=range(6))
    pd.testing.assert_frame_equal(survey_share(rows), survey_share(apart))


@pytest.mark.parametrize(
    ("clustered", "stratified", "most"),
    [(False, False, 1), (True, False, 1), (False, True, 0.985), (True, True, 0.985)],
)
def test_the_interval_holds_the_truth_as_often_as_it_says(clustered: bool, stratified: bool, most: float) -> None:
    """Two strata of equal size in the population (0.2 and 0.5: 0.35 in all), the second asked a third as often.

    Not to know of the strata is to be too cautious: then the limits may be wider than they need.
    """
    rng, covered, runs = np.random.default_rng(8), 0, 100
    stratum = np.repeat(["x", "y"], [240, 80])
    cluster = np.concatenate([np.repeat(np.arange(24), 10), np.repeat(np.arange(24, 32), 10)])
    weight = np.where(stratum == "x", 1.0, 3.0)
    for _ in range(runs):
        share = np.where(stratum == "x", 0.2, 0.5)
        if clustered:  # each cluster draws its own level around the stratum's
            share = rng.beta(share * 12, (1 - share) * 12)[cluster * 10]
        rows = answers(rng.random(320) < share, weight)
        rows = rows.assign(cluster=cluster) if clustered else rows
        rows = rows.assign(stratum=stratum) if stratified else rows
        found = survey_share(rows).iloc[0]
        covered += found["lower"] <= 0.35 <= found["upper"]
    # Limits that hold 95 per cent would hold fewer of 100 than these 89 once in 150 times.
    assert stats.binom.ppf(0.01, runs, 0.95) <= covered <= most * runs


def test_groups_are_told_apart() -> None:
    rows = answers([1, 0, 1, 1, 0, 0, 0, 1], [1, 1, 2, 2, 1, 3, 1, 1], sex=list("kkkkmmmm"))
    found = survey_share(rows, by="sex")
    assert found["share"].tolist() == pytest.approx([5 / 6, 1 / 6])
    assert found["base"].tolist() == [4, 4]


def test_all_alike_has_wilson_limits() -> None:
    found = survey_share(answers([True] * 50)).iloc[0]
    assert found[["share", "lower", "upper"]].tolist() == weighted_share([50], [50], [50]).iloc[0].tolist()[:3]


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [(0.20, 0.30, Verdict.HIGHER), (0.30, 0.20, Verdict.LOWER), (0.25, 0.26, Verdict.NORMAL)],
)
def test_change_between_waves(before: float, after: float, expected: Verdict) -> None:
    waves = [survey_share(answers(np.arange(1000) < 1000 * share)) for share in (before, after)]
    change = difference(waves[1], waves[0])
    assert change["difference"].iloc[0] == pytest.approx(after - before)
    # Near the textbook's interval of a difference of two shares.
    half = 1.96 * np.sqrt(sum(p * (1 - p) / 1000 for p in (before, after)))
    assert (change["upper"] - change["lower"]).iloc[0] / 2 == pytest.approx(half, rel=0.02)
    assert verdicts(change, [True]) == [expected]


def test_waves_of_an_unchanged_population_are_seldom_called_changed() -> None:
    rng, called, runs = np.random.default_rng(4), 0, 100
    for _ in range(runs):
        waves = [survey_share(answers(rng.random(150) < 0.27, rng.uniform(0.5, 2, 150))) for _ in range(2)]
        called += verdicts(difference(waves[0], waves[1]), [True]) != [Verdict.NORMAL]
    assert 1 <= called <= stats.binom.ppf(0.998, runs, 0.05)


@settings(max_examples=40, deadline=None)
@given(
    hits=st.lists(st.tuples(st.booleans(), st.floats(0.1, 50), st.sampled_from("abc")), min_size=1, max_size=60),
    scale=st.floats(0.01, 100),
)
def test_limits_hold_the_share_and_the_scale_of_weights_does_not_matter(hits, scale) -> None:
    rows = pd.DataFrame(hits, columns=["hit", "weight", "stratum"])
    found = survey_share(rows)
    assert 0 <= found["lower"].iloc[0] <= found["share"].iloc[0] + 1e-12
    assert found["share"].iloc[0] - 1e-12 <= found["upper"].iloc[0] <= 1
    scaled = survey_share(rows.assign(weight=rows["weight"] * scale))
    pd.testing.assert_frame_equal(found, scaled, rtol=1e-6)


@pytest.mark.parametrize("weight", [0, -1, np.nan], ids=["none", "negative", "missing"])
def test_a_weight_is_needed(weight: float) -> None:
    with pytest.raises(ValueError, match="vikt"):
        survey_share(answers([True, False], [1, weight]))
