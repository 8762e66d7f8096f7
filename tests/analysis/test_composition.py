"""Composition of a total: the remainder, no double counting, shares that sum to one."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.composition import composition, share_expectations
from analysis.verdict import Verdict

PART_OF = {"total": None, "person": "total", "theft": "total", "burglary": "theft"}


def frame(counts, year=2025):
    start = pd.Timestamp(year, 1, 1)
    return pd.DataFrame({"indicator_id": list(counts), "period_start": start, "count": list(counts.values())})


def test_a_part_of_a_group_is_not_counted_again():
    # Norrtälje 2025 (Brå): 8 532 in all, 2 195 against a person, 1 586 thefts of which 340 burglaries.
    out = composition(frame({"total": 8532, "person": 2195, "theft": 1586, "burglary": 340}), "total", PART_OF)
    assert dict(zip(out["group"], out["count"], strict=True)) == {"person": 2195, "theft": 1586, "remainder": 4751}
    assert out["share"].tolist() == pytest.approx([2195 / 8532, 1586 / 8532, 4751 / 8532])


def test_a_missing_group_is_not_hidden_in_the_remainder():
    out = composition(
        pd.concat([frame({"total": 100, "person": 30, "theft": 20}, 2024), frame({"total": 90, "person": 30}, 2025)]),
        "total",
        PART_OF,
    ).set_index(["period_start", "group"])["count"]
    assert out["2024-01-01", "remainder"] == 50
    assert np.isnan(out["2025-01-01", "remainder"])
    assert np.isnan(out["2025-01-01", "theft"])


@given(st.lists(st.tuples(*[st.integers(0, 5000)] * 3), min_size=1, max_size=6))
def test_shares_of_a_period_sum_to_one(rows):
    counts = pd.concat(
        [frame({"total": a + b + c, "person": a, "theft": b}, 2000 + i) for i, (a, b, c) in enumerate(rows)]
    )
    sums = composition(counts, "total", PART_OF).groupby("period_start")["share"].sum()
    expected = [1.0 if a + b + c else 0.0 for a, b, c in rows]
    assert sums.tolist() == pytest.approx(expected)


@pytest.mark.parametrize(
    ("counts", "message"),
    [({"person": 5}, "saknas"), ({"total": 5, "person": 4, "theft": 3}, "större än totalen")],
    ids=["no total", "groups overlap"],
)
def test_impossible_compositions_are_refused(counts, message):
    with pytest.raises(ValueError, match=message):
        composition(frame(counts), "total", PART_OF)


def test_a_general_rise_is_no_change_of_composition_but_a_moved_group_is():
    history = [frame({"total": 1000 * s, "person": 300 * s, "theft": 500 * s}, 2016 + i)
               for i, s in enumerate([1, 1.02, 0.99, 1.01, 1, 0.98, 1.03, 1])]  # fmt: skip
    doubled = pd.concat([*history, frame({"total": 2000, "person": 600, "theft": 1000}, 2024)])
    moved = pd.concat([*history, frame({"total": 1000, "person": 550, "theft": 250}, 2024)])
    calm = share_expectations(composition(doubled, "total", PART_OF))
    assert {r.expectation.verdict for r in calm} == {Verdict.NORMAL}
    found = {r.group: r for r in share_expectations(composition(moved, "total", PART_OF))}
    assert found["person"].expectation.verdict is Verdict.HIGHER
    assert found["theft"].expectation.verdict is Verdict.LOWER
    assert found["person"].expected_share == pytest.approx(0.3, abs=0.01)
