"""Seeded data sets of pure noise for every method that gives a verdict: calls no more often than said."""

import pytest
from scipy.stats import binom

from bench.analysis_noise import METHODS, Noise, Rate, most, rate

#: The bench takes 200 of each. Of these a method that calls 5 per cent may call 14, which one that calls 15 per cent
#: exceeds four times of five.
SEEDS = 120


@pytest.mark.parametrize("noise", METHODS, ids=lambda noise: noise.name)
def test_noise_is_called_no_oftener_than_said(noise):
    found = rate(noise, SEEDS)
    assert found.calls <= found.most


def test_a_method_that_calls_too_often_is_seen():
    found = rate(Noise("x", 0.05, lambda rng: int(rng.random() < 0.15)))
    assert found == Rate("x", 0.05, found.calls, 200, 21)
    assert found.calls > found.most


@pytest.mark.parametrize(("judged", "nominal"), [(200, 0.05), (12_000, 0.0027), (200, 0.0339)])
def test_the_limit_is_binomial(judged, nominal):
    assert most(judged, nominal) == binom.ppf(0.999, judged, nominal)


def test_the_same_figures_every_time():
    assert rate(METHODS[7], 20) == rate(METHODS[7], 20)
