"""Before and after a measure where counts may be known only to a step: what holds wherever in its step each lies."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date

import numpy as np
import pandas as pd

from analysis.before_after import Pair, WeightedDifference, displacement_quotient, weighted_difference
from analysis.effect import Effect, difference_in_differences
from analysis.two_counts import rate_ratio
from analysis.verdict import Verdict, effect_verdicts

#: Areas whose counts differ more than so many times are not of like size: a difference in events then says little.
LIKE = 2.0


@dataclass(frozen=True)
class Counted:
    """Events of an area in two equally long periods of the same season: the middles of steps so wide (1: exact); NaN
    where hidden."""

    before: float
    after: float
    step: int = 1

    @property
    def known(self) -> bool:
        """Whether both are shown."""
        return bool(np.isfinite([self.before, self.after]).all())

    def pair(self, before: int = 0, after: int = 0) -> Pair:
        """The two at the lower end (-1), the middle (0) or the upper end (1) of their steps."""
        half = (self.step - 1) / 2
        return Pair(self.before + before * half, self.after + after * half)


@dataclass(frozen=True)
class Displaced:
    """What became of the events next door. ``quotient``: see ``displacement_quotient``; None when the area itself did
    not fall against the control. ``buffer``: how the buffer fared against the control."""

    quotient: float | None
    buffer: Effect


@dataclass(frozen=True)
class Around:
    """``effect``: after over before, beyond the control's (``has_control``), as ratio with limits. ``weighted``: the
    same in events (WDD), None where the areas are not of like size or there is no control. ``displaced``: None without
    a buffer and a control."""

    effect: Effect
    has_control: bool
    weighted: WeightedDifference | None = None
    displaced: Displaced | None = None


def around(treated: Counted, control: Counted | None = None, buffer: Counted | None = None) -> Around:
    """What happened in the treated area beside the control, and in the buffer, where events could have moved.

    Each interval is widened to hold for any place of the counts within their steps, and so is the verdict. Chance alone
    is taken for the variance. An effect whose ``reason`` is ``hidden`` has a count that is not shown.
    """
    effect = _effect(treated, control)
    if control is None or effect.reason:
        return Around(effect, control is not None)
    displaced = None
    if buffer is not None and buffer.known:
        quotient = displacement_quotient(treated.pair(), buffer.pair(), control.pair())
        displaced = Displaced(quotient, _effect(buffer, control))
    return Around(effect, True, _weighted(treated, control), displaced)


def _effect(treated: Counted, control: Counted | None) -> Effect:
    sides = [treated] if control is None else [treated, control]
    if not all(one.known for one in sides):
        return Effect(treated.after, reason="hidden")
    found = _ratio(treated.pair(), control.pair() if control else None)
    if found.reason or found.verdict is Verdict.TOO_LITTLE:
        return replace(found, reason=found.reason or "small_counts")
    lowest = _ratio(treated.pair(1, -1), control.pair(-1, 1) if control else None)
    highest = _ratio(treated.pair(-1, 1), control.pair(1, -1) if control else None)
    lower, upper = min(found.lower, lowest.lower), max(found.upper, highest.upper)
    verdict = Verdict(effect_verdicts([lower], [upper], 1.0, [found.expected])[0])
    return replace(found, lower=lower, upper=upper, verdict=verdict)


def _ratio(treated: Pair, control: Pair | None) -> Effect:
    if control is None:
        row = rate_ratio(round(treated.before), round(treated.after)).iloc[0]
        return Effect(
            treated.after, float(row["ratio"]), float(row["lower"]), float(row["upper"]), treated.before,
            verdict=Verdict(row["verdict"]),
        )  # fmt: skip
    start = date(2000, 1, 1)  # any day: the periods have only an order
    periods = pd.to_datetime([date(1999, 1, 1), start])
    rows = pd.DataFrame(
        {
            "area_id": ["t", "t", "c", "c"], "period_start": [*periods, *periods],
            "count": [treated.before, treated.after, control.before, control.after],
            "treated": [True, True, False, False],
        }
    )  # fmt: skip
    return difference_in_differences(rows, start)


def _weighted(treated: Counted, control: Counted) -> WeightedDifference | None:
    """None for areas of unlike size."""
    if max(treated.before, control.before) > LIKE * min(treated.before, control.before):
        return None
    found = weighted_difference(treated.pair(), control.pair())
    lowest = weighted_difference(treated.pair(1, -1), control.pair(-1, 1))
    highest = weighted_difference(treated.pair(-1, 1), control.pair(1, -1))
    lower, upper = min(found.lower, lowest.lower), max(found.upper, highest.upper)
    verdict = Verdict(effect_verdicts([lower], [upper], 0.0, [treated.before])[0])
    return replace(found, lower=lower, upper=upper, verdict=verdict)
