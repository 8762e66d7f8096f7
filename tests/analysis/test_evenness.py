"""Whether parts of a week or year stand out, and whether events gather on few places: known answers and noise."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.stats import binom

from analysis.evenness import against_even
from analysis.few_places import gathered
from analysis.verdict import Verdict


def test_the_limits_are_the_binomial_quantiles() -> None:
    found = against_even([40, 20, 20, 20, 20, 20, 20], np.ones(7))
    tail = 0.05 / 14
    assert found["expected"].tolist() == pytest.approx([160 / 7] * 7)
    assert found["lower"].tolist() == [binom.ppf(tail, 160, 1 / 7)] * 7
    assert found["upper"].tolist() == [binom.ppf(1 - tail, 160, 1 / 7)] * 7
    assert found["verdict"].tolist() == [Verdict.HIGHER, *[Verdict.NORMAL] * 6]


@pytest.mark.parametrize(
    ("counts", "length", "told"),
    [
        ([62, 56, 62], [31, 28, 31], [Verdict.NORMAL] * 3),
        ([9, 9], [1, 1], [Verdict.TOO_LITTLE] * 2),
        ([0, 0], [1, 1], [Verdict.TOO_LITTLE] * 2),
        ([0, 60], [1, 1], [Verdict.LOWER, Verdict.HIGHER]),
    ],
    ids=["as long as they are", "few", "none", "all in one"],
)
def test_parts_are_judged_by_their_length(counts: list[float], length: list[float], told: list[Verdict]) -> None:
    assert against_even(counts, length)["verdict"].tolist() == told


@pytest.mark.parametrize("counts", [[-1, 2], [np.nan, 2]], ids=["negative", "missing"])
def test_counts_that_are_none_are_refused(counts: list[float]) -> None:
    with pytest.raises(ValueError, match="antal"):
        against_even(counts, [1, 1])


def test_noise_is_seldom_called() -> None:
    """Over 200 weeks of pure noise at most the nominal rate, with room for chance: 0.05 + 3 standard errors."""
    called = [
        bool(np.isin(against_even(np.random.default_rng(seed).multinomial(4200, [1 / 168] * 168), np.ones(168))
                     ["verdict"], [Verdict.HIGHER, Verdict.LOWER]).any())
        for seed in range(200)
    ]  # fmt: skip
    assert np.mean(called) <= 0.05 + 3 * np.sqrt(0.05 * 0.95 / 200)


@pytest.mark.parametrize("all_known", [True, False], ids=["all places", "places with events"])
def test_evenly_thrown_events_are_not_called_gathered(all_known: bool) -> None:
    told = []
    for seed in range(100):
        counts = np.bincount(np.random.default_rng(seed).integers(0, 1500, 1000), minlength=1500)
        told.append(gathered(counts if all_known else counts[counts > 0], all_known=all_known).verdict)
    assert told.count(Verdict.NORMAL) >= 87


def test_gathered_events_are_called_so() -> None:
    found = gathered([200] + [1] * 200, all_known=False)
    assert found.verdict is Verdict.LOWER
    assert found.found.half_on == 1 / 201
    assert found.lower > 0.2


def test_few_events_are_not_judged() -> None:
    assert gathered([20, 20], all_known=True).verdict is Verdict.TOO_LITTLE


def test_one_event_on_each_place_is_what_many_places_give() -> None:
    assert gathered(np.ones(500), all_known=False).verdict is Verdict.NORMAL
