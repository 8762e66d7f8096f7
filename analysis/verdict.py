"""One family of verdicts for every judged number."""

from __future__ import annotations

from enum import StrEnum

import numpy as np
from numpy.typing import ArrayLike, NDArray

#: Under this expected count no judgement is made: the lower limit would lie at or near zero, so that only increases
#: could show.
MINIMUM_BASE = 10


class Verdict(StrEnum):
    """How a number stands against what was expected; the value is the Swedish label on screen."""

    NORMAL = "inom normal variation"
    HIGHER = "högre än väntat"
    LOWER = "lägre än väntat"
    TOO_LITTLE = "för litet underlag"


def verdict(
    observed: float, lower: float, upper: float, base: float | None = None, minimum_base: float = MINIMUM_BASE
) -> Verdict:
    """The verdict of one number against its limits, inclusive. ``base`` is the expected count behind the judgement.

    No number, no limits, or a base under ``minimum_base`` gives TOO_LITTLE.
    """
    bases = minimum_base if base is None else base
    return Verdict(verdicts([observed], [lower], [upper], [bases], minimum_base)[0])


def verdicts(
    observed: ArrayLike, lower: ArrayLike, upper: ArrayLike, base: ArrayLike, minimum_base: float = MINIMUM_BASE
) -> NDArray[np.object_]:
    """``verdict`` for arrays of equal shape: an object array of Verdict."""
    o, low, high, b = (np.asarray(x, dtype=float) for x in (observed, lower, upper, base))
    known = np.isfinite(o) & ~np.isnan(low) & ~np.isnan(high) & (b >= minimum_base)
    out = np.full(o.shape, Verdict.NORMAL, dtype=object)
    out[o > high] = Verdict.HIGHER
    out[o < low] = Verdict.LOWER
    out[~known] = Verdict.TOO_LITTLE
    return out


def effect_verdicts(
    lower: ArrayLike, upper: ArrayLike, neutral: float, base: ArrayLike, minimum_base: float = MINIMUM_BASE
) -> NDArray[np.object_]:
    """What intervals of an effect say: HIGHER or LOWER when the whole interval lies on one side of ``neutral``.

    ``neutral`` is the value of no effect: 0 of a difference, 1 of a ratio. No interval, or a base under
    ``minimum_base``, gives TOO_LITTLE.
    """
    low, high, b = np.broadcast_arrays(*(np.asarray(x, dtype=float) for x in (lower, upper, base)))
    known = ~np.isnan(low) & ~np.isnan(high) & (b >= minimum_base)
    out = np.full(low.shape, Verdict.NORMAL, dtype=object)
    out[low > neutral] = Verdict.HIGHER
    out[high < neutral] = Verdict.LOWER
    out[~known] = Verdict.TOO_LITTLE
    return out


def chance_verdicts(
    p: ArrayLike, alpha: float, base: ArrayLike, minimum_base: float = MINIMUM_BASE
) -> NDArray[np.object_]:
    """What one-sided p of "no more than chance" say: HIGHER at most ``alpha``, else NORMAL.

    ``alpha`` is already corrected where many are looked at. No p, or a base under ``minimum_base``, gives TOO_LITTLE.
    """
    seldom, b = np.broadcast_arrays(np.asarray(p, dtype=float), np.asarray(base, dtype=float))
    known = ~np.isnan(seldom) & (b >= minimum_base)
    out = np.full(seldom.shape, Verdict.NORMAL, dtype=object)
    out[seldom <= alpha] = Verdict.HIGHER
    out[~known] = Verdict.TOO_LITTLE
    return out
