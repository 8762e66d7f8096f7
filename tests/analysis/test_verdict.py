"""The verdict family."""

import numpy as np
import pytest

from analysis.verdict import Verdict, chance_verdicts, verdict, verdicts


def test_labels_are_the_agreed_swedish_ones():
    assert [str(v) for v in Verdict] == [
        "inom normal variation",
        "högre än väntat",
        "lägre än väntat",
        "för litet underlag",
    ]


@pytest.mark.parametrize(
    ("observed", "lower", "upper", "base", "expected"),
    [
        pytest.param(20, 10, 20, 15, Verdict.NORMAL, id="on the limit is inside"),
        pytest.param(21, 10, 20, 15, Verdict.HIGHER, id="above"),
        pytest.param(9, 10, 20, 15, Verdict.LOWER, id="below"),
        pytest.param(40, 10, 20, 9.9, Verdict.TOO_LITTLE, id="small base"),
        pytest.param(40, 10, 20, np.nan, Verdict.TOO_LITTLE, id="no base known"),
        pytest.param(40, 10, 20, None, Verdict.HIGHER, id="base not asked about"),
        pytest.param(np.nan, 10, 20, 15, Verdict.TOO_LITTLE, id="no number"),
        pytest.param(15, np.nan, 20, 15, Verdict.TOO_LITTLE, id="no limits"),
    ],
)
def test_verdict(observed, lower, upper, base, expected):
    assert verdict(observed, lower, upper, base) is expected


def test_arrays():
    found = verdicts([1, 15, 30], [10, 10, 10], [20, 20, 20], [15, 15, 1])
    assert found.tolist() == [Verdict.LOWER, Verdict.NORMAL, Verdict.TOO_LITTLE]


def test_a_chance_is_judged_one_sided():
    told = chance_verdicts([0.04, 0.05, 0.06, 0.001, np.nan], 0.05, [10, 10, 10, 9, 50])
    assert told.tolist() == [Verdict.HIGHER, Verdict.HIGHER, Verdict.NORMAL, Verdict.TOO_LITTLE, Verdict.TOO_LITTLE]
