"""Whether counts fell more where a measure was taken than where it was not, and whether they only moved next door."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from analysis.verdict import Verdict, effect_verdicts


@dataclass(frozen=True)
class Pair:
    """Events of an area in two equally long periods, of the same season."""

    before: float
    after: float

    def __post_init__(self) -> None:
        if not (self.before >= 0 and self.after >= 0):
            raise ValueError("Antalen före och efter ska finnas och inte vara negativa.")

    @property
    def change(self) -> float:
        return self.after - self.before


@dataclass(frozen=True)
class WeightedDifference:
    """``difference``: events more (negative: fewer) than the control areas led to expect, its standard ``error``, ``z``
    and interval. LOWER means fewer than expected.
    """

    difference: float
    error: float
    z: float
    lower: float
    upper: float
    verdict: Verdict


def weighted_difference(
    treated: Pair,
    control: Pair,
    treated_buffer: Pair | None = None,
    control_buffer: Pair | None = None,
    level: float = 0.95,
) -> WeightedDifference:
    """WDD = change where the measure was taken - change in the control, and the same of the buffers around them.

    Buffers, where events could move, come as a pair or not at all; areas without overlap. Variance: the sum of all
    counts, as Poisson. The areas are taken to change by as many events when nothing is done, so they should be of
    like size. The verdict's base is the treated area's count before. Source: Wheeler & Ratcliffe 2018, Crime Science
    7:11. Raises ValueError when only one buffer is given.
    """
    from scipy.special import ndtri

    if (treated_buffer is None) != (control_buffer is None):
        raise ValueError("Buffertzonen behöver en egen jämförelse: ange båda eller ingen.")
    difference = treated.change - control.change
    areas = [treated, control]
    if treated_buffer and control_buffer:
        difference += treated_buffer.change - control_buffer.change
        areas += [treated_buffer, control_buffer]
    error = float(np.sqrt(sum(area.before + area.after for area in areas)))
    reach = float(ndtri((1 + level) / 2)) * error
    lower, upper = difference - reach, difference + reach
    told = Verdict(effect_verdicts([lower], [upper], 0.0, [treated.before])[0])
    return WeightedDifference(difference, error, difference / error if error else 0.0, lower, upper, told)


def displacement_quotient(treated: Pair, buffer: Pair, control: Pair) -> float | None:
    """WDQ = (B1/C1 - B0/C0) / (A1/C1 - A0/C0), with A treated, B buffer and C control, 0 before and 1 after.

    Over 0: the gain spread to the buffer too (over 1 more than the area itself gained). From 0 down to -1: part of the
    gain moved next door; under -1: more than the gain. None when the treated area did not fall against the control,
    since then nothing is there to move, or when the control has no events. Source: Bowers & Johnson 2003, J.
    Quantitative Criminology 19:275-301.
    """
    if control.before == 0 or control.after == 0:
        return None
    success = treated.after / control.after - treated.before / control.before
    if success >= 0:
        return None
    return (buffer.after / control.after - buffer.before / control.before) / success
