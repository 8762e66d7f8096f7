"""Where a goal stands: years worked out by hand, one row per standing."""

from datetime import date

import numpy as np
import pandas as pd
import pytest

from analysis.goal_outcome import Standing, Terms, goal_outcome
from analysis.verdict import Verdict

TODAY = date(2027, 3, 1)
SINCE = date(2025, 1, 1)


def years(*figures, first=2024):
    """Calendar years with (value, lower, upper); a value of None is hidden."""
    rows = [
        {"start": pd.Timestamp(first + n, 1, 1), "end": pd.Timestamp(first + n, 12, 31), "label": str(first + n),
         "value": value, "lower": lower, "upper": upper}
        for n, (value, lower, upper) in enumerate(figures)
    ]  # fmt: skip
    return pd.DataFrame(rows).astype({"value": float, "lower": float, "upper": float})


def fall(target, due=None):
    """From 100, between 80 and 120, down to the target."""
    return Terms(True, 100.0, 80.0, 120.0, target, due)


BASE = (100, 80, 120)
DUE = date(2026, 12, 31)


@pytest.mark.parametrize(
    ("points", "terms", "standing", "label", "final"),
    [
        pytest.param(None, fall(80), Standing.NOT_FOLLOWED, "", False, id="no series"),
        pytest.param(years(BASE), fall(np.nan), Standing.NOT_FOLLOWED, "", False, id="no target"),
        pytest.param(years(BASE), fall(80), Standing.TOO_EARLY, "", False, id="no year since the start"),
        pytest.param(years(BASE, (None,) * 3), fall(80), Standing.TOO_EARLY, "", False, id="hidden"),
        pytest.param(years(BASE, (60, 50, 72)), fall(80), Standing.REACHED, "2025", False, id="reached"),
        pytest.param(years(BASE, (78, 60, 96)), fall(80), Standing.UNSURE, "2025", False, id="reached, perhaps"),
        pytest.param(years(BASE, (60, None, None)), fall(80), Standing.REACHED, "2025", False, id="no limits"),
        pytest.param(years(BASE, (60, 50, 70)), fall(40), Standing.ON_THE_WAY, "2025", False, id="on the way"),
        pytest.param(years(BASE, (90, 75, 105)), fall(80), Standing.NO_CHANGE, "2025", False, id="within chance"),
        pytest.param(years(BASE, (150, 130, 170)), fall(80), Standing.AWAY, "2025", False, id="the wrong way"),
        pytest.param(years(BASE, (70, 60, 80), (90, 75, 105)), fall(80, DUE), Standing.MISSED, "2026", True,
                     id="missed"),
        pytest.param(years(BASE, (90, 75, 105), (60, 50, 70)), fall(80, date(2025, 6, 1)), Standing.MISSED, "2025",
                     True, id="the year that the day falls in, not the newest"),
        pytest.param(years(BASE, (130, 120, 140)), Terms(False, 100, 80, 120, 120), Standing.REACHED, "2025", False,
                     id="should rise and has"),
        pytest.param(years(BASE, (60, 50, 70)), Terms(False, 100, 80, 120, 120), Standing.AWAY, "2025", False,
                     id="should rise and fell"),
    ],
)  # fmt: skip
def test_each_standing(points, terms, standing, label, final):
    found = goal_outcome(points, terms, SINCE, TODAY)
    assert (found.standing, found.label, found.final) == (standing, label, final)


def test_the_change_recovers_its_interval_from_both_ends_by_hand():
    found = goal_outcome(years(BASE, (60, 45, 75)), fall(40), SINCE, TODAY)
    # 60 - 100, and on each side the root of 15² + 20².
    assert (found.change, found.change_lower, found.change_upper) == pytest.approx((-40, -65, -15))
    assert found.verdict is Verdict.LOWER


@pytest.mark.parametrize(
    ("points", "terms", "since", "reason"),
    [
        (None, fall(80), SINCE, "no_series"),
        (years(BASE), fall(np.nan), SINCE, "no_target"),
        (years(BASE), fall(80), None, "no_start"),
        (years(BASE), fall(80), SINCE, "no_figures"),
        (years(BASE, (None,) * 3), fall(80), SINCE, "hidden"),
        (years(BASE, (90, 80, 100)), Terms(True, target=80), SINCE, "no_baseline"),
        (years(BASE, (90, None, None)), fall(80), SINCE, "no_interval"),
    ],
)
def test_why_it_cannot_be_said(points, terms, since, reason):
    assert goal_outcome(points, terms, since, TODAY).reason == reason


@pytest.mark.parametrize(("today", "waiting"), [(date(2026, 12, 31), False), (date(2027, 1, 1), True)])
def test_a_day_that_has_passed_without_figures_is_waited_for(today, waiting):
    found = goal_outcome(years(BASE, (90, 75, 105)), fall(80, DUE), SINCE, today)
    assert found.waiting is waiting
    assert found.standing is Standing.NO_CHANGE
