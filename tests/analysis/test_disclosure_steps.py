"""Counts told in steps: what their totals narrow is found, and what narrows it is hidden."""

from __future__ import annotations

import numpy as np

from analysis.disclosure_steps import ends, open_up

#: The whole, a place whose line is not told, and one whose is; all, the few and the many.
WHOLE = np.array([[452.0, 104.0, 348.0], [230.0, 1.0, 229.0], [222.0, 103.0, 119.0]])
KNOWN = np.array([[True, False, False]] * 3)
MASK = np.array([[False] * 3, [False, True, True], [False] * 3])


def test_two_steps_and_exact_totals_narrow_what_is_not_told() -> None:
    """104 of 452 beside 345–349 is at least 103, and 103 of 222 beside 115–119 too: at most 1 is left of 104."""
    low, high = ends(WHOLE, ~MASK & ~KNOWN, KNOWN, [0, 1], 5)
    assert (low[0, 1], high[0, 1]) == (103, 104)
    assert (low[1, 1], high[1, 1]) == (0, 1)


def test_what_narrows_it_is_hidden_and_what_is_known_is_not() -> None:
    mask = MASK.copy()
    open_up(WHOLE, mask, KNOWN, WHOLE, [0, 1], 5, 5)
    low, high = ends(WHOLE, ~mask & ~KNOWN, KNOWN, [0, 1], 5)
    assert high[1, 1] - low[1, 1] >= 4
    assert not (mask & KNOWN).any()
    assert mask[MASK].all()
