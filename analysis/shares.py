"""Whether one unit's share differs from that of the others by more than its size explains."""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike

from analysis.intervals import share_interval
from analysis.verdict import Verdict, verdicts

#: Fewer units than this make no level to compare with.
MINIMUM_UNITS = 5


def beside_the_rest(part: ArrayLike, whole: ArrayLike, level: float = 0.95) -> pd.DataFrame:
    """Each unit's share with its Wilson interval, beside the share of all the other units together.

    ``part`` and ``whole`` (n): persons with the property and persons in all, for example pupils of a school. Returns n
    rows: share, lower, upper, rest (all 0-1) and verdict: HIGHER or LOWER when the rest's share lies outside the unit's
    own interval. The unit is left out of the level, so that a large one does not judge itself. Under MINIMUM_UNITS
    units, or ten persons in a unit, the verdict is TOO_LITTLE. One unit in twenty falls outside by chance.
    """
    x, n = np.asarray(part, dtype=float), np.asarray(whole, dtype=float)
    known = np.isfinite(x) & np.isfinite(n) & (n > 0)
    lower, upper = share_interval(x, n, level)
    counted, of = np.where(known, x, 0), np.where(known, n, 0)
    others = of.sum() - of
    rest = (counted.sum() - counted) / np.where(others > 0, others, np.nan)
    share = x / np.where(known, n, np.nan)
    # The roles are turned: the rest is the fixed level, the unit's share is the uncertain one.
    seen = verdicts(rest, lower, upper, np.where(known, n, 0))
    turned = {Verdict.HIGHER: Verdict.LOWER, Verdict.LOWER: Verdict.HIGHER}
    verdict = [turned.get(v, v) if known.sum() >= MINIMUM_UNITS else Verdict.TOO_LITTLE for v in seen]
    return pd.DataFrame({"share": share, "lower": lower, "upper": upper, "rest": rest, "verdict": verdict})
