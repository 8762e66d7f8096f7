"""Before and after with a control: published figures, simulation, and displacement by hand."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.before_after import Pair, displacement_quotient, weighted_difference
from analysis.verdict import Verdict

pairs = st.builds(Pair, st.integers(0, 500), st.integers(0, 500))


def test_published_figures():
    """METHODS: -118, SE √1568, z -2.98, 95 % -196 to -40."""
    found = weighted_difference(Pair(207, 110), Pair(308, 318), Pair(178, 157), Pair(150, 140))
    assert (found.difference, found.error**2) == (-118, pytest.approx(1568))
    assert found.z == pytest.approx(-2.98, abs=0.005)
    assert (round(found.lower), round(found.upper)) == (-196, -40)
    assert found.verdict is Verdict.LOWER


@pytest.mark.parametrize(
    ("treated", "control", "difference", "verdict"),
    [
        pytest.param(Pair(100, 60), Pair(100, 62), -2, Verdict.NORMAL, id="both fell"),
        pytest.param(Pair(100, 160), Pair(100, 100), 60, Verdict.HIGHER, id="it rose"),
        pytest.param(Pair(9, 0), Pair(100, 100), -9, Verdict.TOO_LITTLE, id="few before"),
        pytest.param(Pair(0, 0), Pair(0, 0), 0, Verdict.TOO_LITTLE, id="nothing"),
    ],
)
def test_without_buffers_by_hand(treated, control, difference, verdict):
    found = weighted_difference(treated, control)
    assert (found.difference, found.verdict) == (difference, verdict)


def test_no_effect_is_called_one_as_often_as_said():
    rng = np.random.default_rng(1)
    draws = rng.poisson([80, 80, 120, 120], (3000, 4))
    found = [weighted_difference(Pair(a, b), Pair(c, d)).verdict for a, b, c, d in draws]
    assert 0.038 <= np.mean([v is not Verdict.NORMAL for v in found]) <= 0.062


@settings(deadline=None)
@given(treated=pairs, control=pairs)
def test_the_interval_holds_the_difference_and_the_roles_mirror(treated, control):
    found, turned = weighted_difference(treated, control), weighted_difference(control, treated)
    assert found.lower <= found.difference <= found.upper
    assert (found.difference, found.lower) == (-turned.difference, pytest.approx(-turned.upper))


@pytest.mark.parametrize(
    ("treated", "buffer", "control", "expected"),
    [
        # A: 1.0 -> 0.5, so success is -0.5; B: 0.5 -> 0.6, 0.4 and 1.1.
        pytest.param(Pair(100, 50), Pair(50, 60), Pair(100, 100), -0.2, id="a fifth moved"),
        pytest.param(Pair(100, 50), Pair(50, 40), Pair(100, 100), 0.2, id="a fifth spread"),
        pytest.param(Pair(100, 50), Pair(50, 110), Pair(100, 100), -1.2, id="more moved than was won"),
        pytest.param(Pair(100, 50), Pair(50, 25), Pair(100, 50), None, id="the control fell as much"),
        pytest.param(Pair(100, 120), Pair(50, 25), Pair(100, 100), None, id="no success"),
        pytest.param(Pair(100, 50), Pair(50, 25), Pair(100, 0), None, id="no events in the control"),
    ],
)
def test_displacement_by_hand(treated, buffer, control, expected):
    found = displacement_quotient(treated, buffer, control)
    assert found == (None if expected is None else pytest.approx(expected))


@pytest.mark.parametrize(
    ("call", "message"),
    [
        pytest.param(lambda: Pair(-1, 3), "negativa", id="negative"),
        pytest.param(lambda: Pair(3, np.nan), "finnas", id="missing"),
        pytest.param(lambda: weighted_difference(Pair(3, 3), Pair(3, 3), Pair(3, 3)), "båda", id="one buffer"),
    ],
)
def test_impossible_input_is_refused(call, message):
    with pytest.raises(ValueError, match=message):
        call()
