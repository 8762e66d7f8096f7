"""The index of answers on a scale, against statsmodels and by hand."""

import numpy as np
import pandas as pd
import pytest
from statsmodels.stats.proportion import proportion_confint
from statsmodels.stats.weightstats import DescrStatsW

from analysis.scale_mean import changed, scale_index


def sums(values, weights):
    v, w = np.asarray(values, dtype=float), np.asarray(weights, dtype=float)
    return [w.sum()], [(w**2).sum()], [(w * v).sum()], [(w * v**2).sum()]


@pytest.mark.parametrize(
    ("values", "index"),
    [
        pytest.param([1, 1], 0, id="lowest"),
        pytest.param([4, 4], 10, id="highest"),
        pytest.param([2, 3], 5, id="middle"),
    ],
)
def test_ends_and_middle(values, index):
    assert scale_index(*sums(values, np.ones(2)), [4])["index"].tolist() == pytest.approx([index])


@pytest.mark.parametrize(("yes", "answers"), [(0, 20), (20, 20), (7, 20), (150, 400)])
def test_two_levels_against_statsmodels(yes, answers):
    """A scale of two levels is a share, and its limits those of Agresti & Coull."""
    found = scale_index(*sums([2] * yes + [1] * (answers - yes), np.ones(answers)), [2]).iloc[0] / 10
    lower, upper = proportion_confint(yes, answers, method="agresti_coull")
    told = (yes / answers, max(lower, 0), min(upper, 1))
    assert (found["index"], found["lower"], found["upper"]) == pytest.approx(told)


@pytest.mark.parametrize("weights", [[1, 1, 1, 1], [1, 1, 1, 5]], ids=["equal", "unequal"])
def test_limits_against_statsmodels(weights):
    """As many answers as the weights tell of, and 1.96² / 2 more at each end of the scale."""
    values, each = np.array([1, 2, 3, 4] * 10), np.array(weights * 10, dtype=float)
    effective = each.sum() ** 2 / (each @ each)
    added = np.full(2, 1.959964**2 / 2)
    told = DescrStatsW(np.append(values, [1, 4]), weights=np.append(each * effective / each.sum(), added))
    found = scale_index(*sums(values, each), [4]).iloc[0]
    reach = 1.959964 * told.std / np.sqrt(effective + 1.959964**2)
    assert found["index"] == pytest.approx((DescrStatsW(values, weights=each).mean - 1) / 3 * 10)
    assert found["lower"] == pytest.approx((told.mean - reach - 1) / 3 * 10)
    assert found["upper"] == pytest.approx((told.mean + reach - 1) / 3 * 10)


@pytest.mark.parametrize("answer", [1, 2, 3, 4])
def test_all_alike_is_no_certainty(answer):
    """Twenty who all answer the same: the limits hold the index, and have some width that more answers take away."""
    few, many = (scale_index(*sums([answer] * n, np.ones(n)), [4]).iloc[0] for n in (20, 2000))
    assert few["lower"] <= few["index"] <= few["upper"]
    assert few["upper"] - few["lower"] > 1
    assert many["upper"] - many["lower"] < 0.05


def test_limits_hold_the_truth_as_often_as_they_say():
    """Twenty answers, nearly all the same: limits by the answers' own spread alone would hold it in seven of ten."""
    chance = np.array([0.01, 0.02, 0.03, 0.94])
    number = np.random.default_rng(3).multinomial(20, chance, 2000)
    level, each = np.arange(1, 5), number.sum(axis=1)
    found = scale_index(each, each, number @ level, number @ level**2, np.full(2000, 4))
    truth = (chance @ level - 1) / 3 * 10
    assert ((found["lower"] <= truth) & (truth <= found["upper"])).mean() >= 0.94


def test_nothing_known():
    assert scale_index([0, 3], [0, 3], [0, 3], [0, 3], [4, 1]).isna().all().all()


@pytest.mark.parametrize(
    ("before", "after", "told"),
    [
        # By hand: apart 2, limits 2 -/+ sqrt(1² + 1²) = 0.59 to 3.41.
        ((5, 4, 6, 40), (7, 6, 8, 40), "högre än väntat"),
        ((7, 6, 8, 40), (5, 4, 6, 40), "lägre än väntat"),
        # Apart 1.2, limits -0.21 to 2.61, though neither interval holds the other's middle.
        ((5, 4, 6, 40), (6.2, 5.2, 7.2, 40), "inom normal variation"),
        ((5, 4, 6, 9), (9, 8, 10, 40), "för litet underlag"),
        ((np.nan, np.nan, np.nan, np.nan), (9, 8, 10, 40), "för litet underlag"),
    ],
    ids=["higher", "lower", "chance", "few", "hidden"],
)
def test_a_change_of_index_is_judged(before: tuple[float, ...], after: tuple[float, ...], told: str) -> None:
    old, new = (pd.DataFrame([one], columns=["value", "lower", "upper", "base"]) for one in (before, after))
    assert changed(old, new).tolist() == [told]
