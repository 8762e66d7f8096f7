"""Where a goal stands: what its series says since the measure began, against baseline and target."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

import numpy as np
import pandas as pd

from analysis.verdict import Verdict, effect_verdicts


class Standing(StrEnum):
    """Where a goal stands; the value is the Swedish label on screen."""

    REACHED = "når målet"
    UNSURE = "når målet, men inom felmarginalen"
    ON_THE_WAY = "på väg mot målet"
    NO_CHANGE = "ingen säker förändring"
    AWAY = "åt fel håll"
    MISSED = "nådde inte målet"
    TOO_EARLY = "för tidigt att säga"
    NOT_FOLLOWED = "går inte att följa i siffror"


@dataclass(frozen=True)
class Terms:
    """What a goal says: whether the figure should ``fall`` (else rise) from the baseline, with its interval, to the
    target, by a day. Figures in the unit of the series; NaN where the goal does not say."""

    fall: bool
    baseline: float = np.nan
    baseline_lower: float = np.nan
    baseline_upper: float = np.nan
    target: float = np.nan
    due_on: date | None = None


@dataclass(frozen=True)
class GoalOutcome:
    """``label``, ``value``, ``lower`` and ``upper`` of the period that the goal is judged by; NaN where there is none.

    ``final``: the period reaches the goal's day. ``waiting``: the day has passed, but the figures have not come so far.
    ``change``: the period's value less the baseline, with 95 % limits, NaN without a baseline or an interval.
    ``verdict``: of the change. ``reason`` says why the goal is not judged, or its change is not: ``no_series``,
    ``no_target``, ``no_start``, ``no_figures``, ``hidden``, ``no_baseline``, ``no_interval``.
    """

    standing: Standing
    label: str = ""
    value: float = np.nan
    lower: float = np.nan
    upper: float = np.nan
    final: bool = False
    waiting: bool = False
    change: float = np.nan
    change_lower: float = np.nan
    change_upper: float = np.nan
    verdict: Verdict = Verdict.TOO_LITTLE
    reason: str = ""


def goal_outcome(points: pd.DataFrame | None, terms: Terms, since: date | None, today: date) -> GoalOutcome:
    """Where the goal stands by the periods that began on ``since`` (the measure's start) or later.

    ``points``: start, end (days), label, value, lower, upper (95 % limits, NaN where unknown), oldest first; a period
    without a value is hidden. The judged period is the first that reaches the goal's day, else the newest. Reached is
    reached only when the whole interval is; a change counts when its interval leaves out zero. The interval of the
    change is recovered from those of its two ends (MOVER: Zou & Donner 2008, Statistics in Medicine 27:1693-1702),
    which are taken to be independent.
    """
    reason = _not_followed(points, terms)
    if points is None or reason:
        return GoalOutcome(Standing.NOT_FOLLOWED, reason=reason)
    if since is None:
        return GoalOutcome(Standing.TOO_EARLY, reason="no_start")
    after = points[pd.to_datetime(points["start"]) >= pd.Timestamp(since)]
    waiting = terms.due_on is not None and terms.due_on < today
    known = after[after["value"].notna()]
    if known.empty:
        return GoalOutcome(Standing.TOO_EARLY, waiting=waiting, reason="hidden" if len(after) else "no_figures")
    row, final = _judged_by(known, terms.due_on)
    value, lower, upper = (float(row[one]) for one in ("value", "lower", "upper"))
    change, down, up, verdict, reason = _change(value, lower, upper, terms)
    return GoalOutcome(
        _standing(value, lower, upper, verdict, terms, final), str(row["label"]), value, lower, upper, final,
        waiting and not final, change, down, up, verdict, reason,
    )  # fmt: skip


def _not_followed(points: pd.DataFrame | None, terms: Terms) -> str:
    if points is None:
        return "no_series"
    return "no_target" if np.isnan(terms.target) else ""


def _judged_by(known: pd.DataFrame, due_on: date | None) -> tuple[pd.Series, bool]:
    """The first period that reaches the day, else the newest; and whether it does."""
    reaches = known[pd.to_datetime(known["end"]) >= pd.Timestamp(due_on)] if due_on else known.iloc[:0]
    return (known.iloc[-1], False) if reaches.empty else (reaches.iloc[0], True)


def _change(value: float, lower: float, upper: float, terms: Terms) -> tuple[float, float, float, Verdict, str]:
    """The value less the baseline, with limits and what they say."""
    if np.isnan(terms.baseline):
        return np.nan, np.nan, np.nan, Verdict.TOO_LITTLE, "no_baseline"
    apart = value - terms.baseline
    down = apart - float(np.hypot(value - lower, terms.baseline_upper - terms.baseline))
    up = apart + float(np.hypot(upper - value, terms.baseline - terms.baseline_lower))
    if not np.isfinite([down, up]).all():
        return apart, np.nan, np.nan, Verdict.TOO_LITTLE, "no_interval"
    # That the base is enough is in the intervals already.
    told = effect_verdicts([down], [up], 0.0, [1.0], minimum_base=1)
    return apart, down, up, Verdict(told[0]), ""


def _standing(value: float, lower: float, upper: float, verdict: Verdict, terms: Terms, final: bool) -> Standing:
    sign = 1.0 if terms.fall else -1.0
    if sign * value <= sign * terms.target:
        worst = upper if terms.fall else lower
        surely = np.isnan(worst) or sign * worst <= sign * terms.target
        return Standing.REACHED if surely else Standing.UNSURE
    if final:
        return Standing.MISSED
    wanted, unwanted = (Verdict.LOWER, Verdict.HIGHER) if terms.fall else (Verdict.HIGHER, Verdict.LOWER)
    return {wanted: Standing.ON_THE_WAY, unwanted: Standing.AWAY}.get(verdict, Standing.NO_CHANGE)
