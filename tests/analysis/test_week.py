"""Aoristic weights by hand, against minute by minute, and what must hold for any spans."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.week import week

MONDAY = "2025-03-03T"


def cells(found):
    """The hours that have weight, as (weekday, hour): weight."""
    return {
        (int(d), int(h)): pytest.approx(found.weights[d, h]) for d, h in zip(*np.nonzero(found.weights), strict=True)
    }


@pytest.mark.parametrize(
    ("start", "end", "expected"),
    [
        pytest.param(MONDAY + "08:30", MONDAY + "08:30", {(0, 8): 1}, id="a moment"),
        pytest.param(MONDAY + "08:30", "NaT", {(0, 8): 1}, id="no end"),
        pytest.param(MONDAY + "08:30", MONDAY + "09:30", {(0, 8): 0.5, (0, 9): 0.5}, id="half and half"),
        pytest.param(MONDAY + "08:00", MONDAY + "11:00", dict.fromkeys([(0, 8), (0, 9), (0, 10)], 1 / 3), id="three"),
        pytest.param(MONDAY + "08:45", MONDAY + "10:15", {(0, 8): 1 / 6, (0, 9): 2 / 3, (0, 10): 1 / 6}, id="four"),
        pytest.param("2025-03-09T23:00", "2025-03-10T01:00", {(6, 23): 0.5, (0, 0): 0.5}, id="Sunday to Monday"),
        pytest.param(MONDAY + "08:10", MONDAY + "08:20", {(0, 8): 1}, id="within an hour"),
        # The night when clocks go forward, 30 March 2025: taken as clocks showed it.
        pytest.param("2025-03-30T01:00", "2025-03-30T03:00", {(6, 1): 0.5, (6, 2): 0.5}, id="summer time"),
    ],
)  # fmt: skip
def test_by_hand(start, end, expected):
    assert cells(week([start], [end])) == expected


@pytest.mark.parametrize("days", [7, 8, 30])
def test_a_week_or_more_is_spread_evenly(days):
    start = np.datetime64("2025-03-05T11:20")
    found = week([start], [start + np.timedelta64(days, "D")], [3])
    assert found.weights == pytest.approx(np.full((7, 24), 3 / 168))
    assert found.vague == 3


def test_a_long_span_keeps_its_hole():
    # From Monday noon to the next Monday eleven: every hour but the one from eleven to noon.
    found = week(["2025-03-03T12:00"], ["2025-03-10T11:00"])
    assert found.weights[0, 11] == pytest.approx(0)
    assert np.count_nonzero(found.weights > 0.5 / 168) == 167


def test_what_has_no_time_is_told():
    found = week(["NaT", MONDAY + "01:00"], ["NaT", "NaT"], [4, 2])
    assert (found.unknown, found.events, found.weights[0, 1]) == (4, 2, 2)


def test_series_of_pandas_are_taken():
    start = pd.Series(pd.to_datetime(["2025-03-03 08:30", None]))
    assert week(start, start).events == 1


spans = st.tuples(st.integers(0, 3_000_000), st.integers(0, 12_000), st.integers(1, 5))


@settings(max_examples=40, deadline=None)
@given(st.lists(spans, min_size=1, max_size=20))
def test_weights_sum_to_the_events_and_agree_with_minute_by_minute(rows):
    start = np.datetime64("2020-01-01T00:00") + np.array([r[0] for r in rows]).astype("timedelta64[m]")
    length, many = np.array([r[1] for r in rows]), np.array([r[2] for r in rows], dtype=float)
    found = week(start, start + length.astype("timedelta64[m]"), many)
    assert found.weights.sum() == pytest.approx(many.sum())
    assert (found.weights >= -1e-9).all()
    slow = np.zeros((7, 24))
    for moment, minutes, n in zip(start, length, many, strict=True):
        if minutes >= 168 * 60:
            slow += n / 168
            continue
        each = pd.DatetimeIndex(moment + np.arange(max(minutes, 1)).astype("timedelta64[m]"))
        np.add.at(slow, (each.day_of_week, each.hour), n / len(each))
    assert found.weights == pytest.approx(slow, abs=1e-9)


def test_an_end_before_the_start_is_refused():
    with pytest.raises(ValueError, match="1 händelser slutar innan"):
        week([MONDAY + "08:30"] * 2, [MONDAY + "08:20", MONDAY + "08:40"])
