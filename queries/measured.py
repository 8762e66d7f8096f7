"""Measured series: what can be measured for a place, its figures, where it stands, and the numbers around a date.

The thread hangs on them: a problem is seen in one, a goal is followed in one, a follow-up judges one.
"""

from queries.measured_around import counts_around
from queries.measured_choices import choices
from queries.measured_series import (
    EVENTS,
    INDICATOR,
    SURVEY,
    Baseline,
    Measured,
    baseline,
    by_chance,
    of_events,
    series,
    unit,
)

__all__ = [
    "EVENTS",
    "INDICATOR",
    "SURVEY",
    "Baseline",
    "Measured",
    "baseline",
    "by_chance",
    "choices",
    "counts_around",
    "of_events",
    "series",
    "unit",
]
