"""A unit's share beside the others. Limits from METHODS (Wilson, 65 of 100), verdicts from shares far apart."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.shares import beside_the_rest


def test_limits_are_wilsons_and_the_unit_is_left_out_of_its_own_level() -> None:
    found = beside_the_rest([65, 10, 30], [100, 20, 60]).iloc[0]
    assert (found["lower"], found["upper"]) == pytest.approx((0.55254, 0.73636), abs=1e-5)
    assert found["rest"] == pytest.approx(40 / 80)


@pytest.mark.parametrize(
    ("part", "whole", "expected"),
    [
        pytest.param(20, 100, "lägre än väntat", id="far under"),
        pytest.param(98, 100, "högre än väntat", id="far over"),
        pytest.param(70, 100, "inom normal variation", id="as the others"),
        pytest.param(4, 9, "för litet underlag", id="fewer than ten persons"),
        pytest.param(np.nan, 100, "för litet underlag", id="no share"),
        pytest.param(70, np.nan, "för litet underlag", id="no base"),
    ],
)
def test_verdict(part: float, whole: float, expected: str) -> None:
    found = beside_the_rest([part, 70, 71, 69, 70, 72], [whole, 100, 100, 100, 100, 100])
    assert str(found["verdict"].iloc[0]) == expected


def test_too_few_units_make_no_level() -> None:
    assert set(map(str, beside_the_rest([10, 90], [100, 100])["verdict"])) == {"för litet underlag"}


@given(st.lists(st.integers(0, 50), min_size=5, max_size=30), st.integers(50, 200))
def test_equal_shares_are_never_called_out(parts: list[int], whole: int) -> None:
    found = beside_the_rest([parts[0]] * len(parts), [whole] * len(parts))
    assert set(map(str, found["verdict"])) == {"inom normal variation"}
