"""Weighted shares against published figures and against a population whose shares are known."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from analysis.verdict import Verdict
from analysis.weighted import difference, verdicts, weighted_share


def shares(part: float, whole: float) -> pd.DataFrame:
    """Of equally weighted answers."""
    return weighted_share([part], [whole], [whole])


def test_equal_weights_give_the_known_interval() -> None:
    """METHODS: 65 of 100 is .55254-.73636, whatever each answer stands for."""
    for weight in (1, 3.5):
        found = weighted_share([65 * weight], [100 * weight], [100 * weight**2]).iloc[0]
        assert found["effective"] == pytest.approx(100)
        assert [found["lower"], found["upper"]] == [pytest.approx(0.55254, abs=1e-5), pytest.approx(0.73636, abs=1e-5)]


def test_unequal_weights_count_as_fewer_answers() -> None:
    # Weights 1, 1, 1, 3: (6)^2 / 12 = 3; the one of weight 3 said yes.
    found = weighted_share([3], [6], [12]).iloc[0]
    assert (found["effective"], found["share"]) == (pytest.approx(3), pytest.approx(0.5))


def test_without_answers_there_is_no_share() -> None:
    assert weighted_share([0], [0], [0]).isna().all(axis=None)


def test_the_interval_holds_the_truth_as_often_as_it_says() -> None:
    """A population of two groups, the small one asked four times as often: 0.9 x 0.2 + 0.1 x 0.8 = 0.26 say yes."""
    rng = np.random.default_rng(3)
    trials, asked = 2000, 150
    small = rng.random((trials, asked)) < 0.4 / (0.4 + 0.9)
    yes = rng.random((trials, asked)) < np.where(small, 0.8, 0.2)
    weight = np.where(small, 0.25, 1.0)
    found = weighted_share((yes * weight).sum(axis=1), weight.sum(axis=1), (weight**2).sum(axis=1))
    assert found["share"].mean() == pytest.approx(0.26, abs=0.01)
    covered = ((found["lower"] <= 0.26) & (found["upper"] >= 0.26)).mean()
    assert 0.93 <= covered <= 0.985


def test_a_published_difference() -> None:
    """Newcombe 1998, table II, contrast (a): 56/70 and 48/80, method 10: 0.0524 to 0.3339."""
    found = difference(shares(56, 70), shares(48, 80)).iloc[0]
    assert found["difference"] == pytest.approx(0.2)
    assert [found["lower"], found["upper"]] == [pytest.approx(0.0524, abs=1e-4), pytest.approx(0.3339, abs=1e-4)]


@pytest.mark.parametrize(
    ("mine", "rest", "enough", "expected"),
    [
        ((56, 70), (48, 80), True, Verdict.HIGHER),
        ((48, 80), (56, 70), True, Verdict.LOWER),
        ((9, 10), (3, 10), False, Verdict.TOO_LITTLE),
        ((50, 100), (48, 100), True, Verdict.NORMAL),
        ((0, 0), (48, 100), True, Verdict.TOO_LITTLE),
    ],
    ids=["higher", "lower", "few", "alike", "none"],
)  # fmt: skip
def test_verdicts(mine: tuple[int, int], rest: tuple[int, int], enough: bool, expected: Verdict) -> None:
    assert verdicts(difference(shares(*mine), shares(*rest)), [enough]) == [expected]
