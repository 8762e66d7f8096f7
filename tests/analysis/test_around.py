"""Before and after: METHODS' known answer, two areas by hand, and counts known only to a step."""

from math import exp, sqrt

import pytest

from analysis.around import Counted, around
from analysis.verdict import Verdict


def test_a_control_of_like_size_by_hand():
    found = around(Counted(100, 50), Counted(80, 88))
    ratio, error = (50 / 100) / (88 / 80), sqrt(1 / 100 + 1 / 50 + 1 / 80 + 1 / 88)
    limits = ratio * exp(-1.959964 * error), ratio * exp(1.959964 * error)
    assert (found.effect.ratio, found.effect.lower, found.effect.upper) == pytest.approx((ratio, *limits))
    assert found.weighted.difference == (50 - 100) - (88 - 80)
    assert found.weighted.error == pytest.approx(sqrt(100 + 50 + 80 + 88))
    assert found.effect.verdict is found.weighted.verdict is Verdict.LOWER


def test_the_published_example_by_its_two_halves():
    """Wheeler & Ratcliffe's treated area and its buffer, each beside its own control: -107 and -11 are their -118."""
    area = around(Counted(207, 110), Counted(308, 318))
    buffer = around(Counted(178, 157), Counted(150, 140))
    assert area.weighted.difference == -107
    assert buffer.weighted.difference == -11
    assert area.weighted.error**2 + buffer.weighted.error**2 == pytest.approx(1568)


def test_steps_widen_the_interval_to_the_worst_they_can_hide():
    exact, stepped = around(Counted(42, 22), Counted(42, 42)), around(Counted(42, 22, 5), Counted(42, 42, 5))
    assert stepped.effect.ratio == pytest.approx(exact.effect.ratio) == pytest.approx(22 / 42)
    # The lowest that the steps allow: 20 of 44 beside 44 of 40; the highest: 24 of 40 beside 40 of 44.
    low, high = (20 / 44) / (44 / 40), (24 / 40) / (40 / 44)
    reach = [1.959964 * sqrt(sum(1 / n for n in counts)) for counts in ((20, 44, 44, 40), (24, 40, 40, 44))]
    assert stepped.effect.lower == pytest.approx(low * exp(-reach[0]))
    assert stepped.effect.upper == pytest.approx(high * exp(reach[1]))
    assert stepped.weighted.lower < exact.weighted.lower < exact.weighted.upper < stepped.weighted.upper


def test_a_difference_that_the_steps_could_hide_is_not_said_to_be_more_than_chance():
    assert around(Counted(42, 17), Counted(42, 42)).effect.verdict is Verdict.LOWER
    assert around(Counted(42, 17, 5), Counted(42, 42, 5)).effect.verdict is Verdict.NORMAL


@pytest.mark.parametrize(
    ("treated", "control", "reason"),
    [
        pytest.param(Counted(float("nan"), 50, 5), Counted(80, 88, 5), "hidden", id="hidden before"),
        pytest.param(Counted(100, 50), Counted(80, float("nan"), 5), "hidden", id="hidden in the control"),
        pytest.param(Counted(6, 3), Counted(80, 88), "small_counts", id="fewer than ten expected"),
        pytest.param(Counted(6, 3), None, "small_counts", id="few, and nothing beside"),
        pytest.param(Counted(0, 3), Counted(80, 88), "no_before", id="nothing before"),
    ],
)
def test_why_it_cannot_be_said(treated, control, reason):
    found = around(treated, control)
    assert (found.effect.reason, found.effect.verdict) == (reason, Verdict.TOO_LITTLE)
    assert found.weighted is found.displaced is None


def test_without_a_control_the_two_counts_alone():
    found = around(Counted(100, 50))
    assert (found.effect.ratio, found.has_control, found.weighted) == (0.5, False, None)
    # Exact limits of 50 of 150 (Clopper & Pearson .25856-.41484, scipy.stats.binomtest), as odds.
    assert (found.effect.lower, found.effect.upper) == pytest.approx((0.34872, 0.70894), rel=1e-4)


def test_an_area_ten_times_larger_says_nothing_in_events():
    found = around(Counted(100, 50), Counted(1000, 1000))
    assert found.effect.verdict is Verdict.LOWER
    assert found.weighted is None


@pytest.mark.parametrize(
    ("buffer", "quotient"),
    [
        # (B1/C1 - B0/C0) / (A1/C1 - A0/C0) with C 100 to 100 and A 100 to 50: -0.5 below.
        pytest.param(Counted(50, 75), -0.5, id="half of it moved next door"),
        pytest.param(Counted(50, 50), 0.0, id="nothing moved"),
        pytest.param(Counted(50, 40), 0.2, id="the gain spread"),
    ],
)
def test_what_became_of_the_events_next_door(buffer, quotient):
    found = around(Counted(100, 50), Counted(100, 100), buffer)
    assert found.displaced.quotient == pytest.approx(quotient)
    assert found.displaced.buffer.ratio == pytest.approx(buffer.after / buffer.before)
