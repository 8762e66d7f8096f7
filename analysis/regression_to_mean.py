"""How much of what sets a unit apart one year is expected to be gone the next."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

#: With fewer units in two successive periods, how alike the periods are cannot be told.
MINIMUM_UNITS = 8

#: A unit this many standard deviations from the mean of all is extreme: about one of eight, were they spread normally.
EXTREME = 1.5


@dataclass(frozen=True)
class Return:
    """How alike successive periods are among the units.

    ``correlation`` with its interval ``lower`` to ``upper``: 1 when the units differ in the same way every period, 0
    when their differences are new each time. ``units`` and ``pairs`` (a unit in two successive periods) behind it. The
    figures are NaN with fewer than MINIMUM_UNITS units, or when nothing varies.
    """

    units: int
    pairs: int
    correlation: float = np.nan
    lower: float = np.nan
    upper: float = np.nan

    @property
    def is_known(self) -> bool:
        """Whether anything can be said."""
        return bool(np.isfinite(self.correlation))


def expected_return(panel: pd.DataFrame) -> Return:
    """The correlation between successive periods of ``panel`` (units x periods, oldest period first; NaN: no figure).

    Each period is set against its own mean, so that what is common to all units, a season or a new way of counting,
    plays no part. The interval is Fisher's, on the number of units: several years of one unit are not independent.
    Sources: Galton 1886, J Anthropol Inst 15:246-263; Bland & Altman 1994, BMJ 308:1499.
    """
    before, after = _pairs(panel)
    units = int(before.groupby(level=0).size().size)
    if units < MINIMUM_UNITS or before.std(ddof=0) <= 1e-9 or after.std(ddof=0) <= 1e-9:
        return Return(units, len(before))
    r = float(np.corrcoef(before, after)[0, 1])
    reach = 1.959964 / np.sqrt(units - 3)
    middle = np.arctanh(np.clip(r, -0.9999999, 0.9999999))
    return Return(units, len(before), r, float(np.tanh(middle - reach)), float(np.tanh(middle + reach)))


def yearly(figures: pd.DataFrame) -> pd.DataFrame:
    """A panel for ``expected_return``: units x calendar years that their periods begin in, every year from the first to
    the last, so that two years with an empty one between are not taken for successive ones.

    ``figures``: area_id, period_start, value. Of several periods in a year the last with a figure counts.
    """
    year = pd.to_datetime(figures["period_start"]).dt.year.rename("year")
    known = figures.sort_values("period_start")
    panel = known.groupby(["area_id", year.reindex(known.index)])["value"].last().unstack()
    return panel.reindex(columns=range(year.min(), year.max() + 1))


def extremes(newest: pd.Series, found: Return) -> pd.DataFrame:
    """The units that lie far from the others in ``newest``, with what is expected of them in the next period.

    Columns, one row per extreme unit: value, mean (of all units), deviation (value - mean), expected (mean +
    correlation x deviation, in the unit of the values), back (share 0-1 of the deviation that is expected to go). Empty
    when nothing is known. A correlation under 0 counts as 0: nothing lasts. As many units lie far out one year by luck
    as by what they are; that much of the distance goes by itself, whatever anybody does.
    """
    known = newest.dropna().astype(float)
    columns = ["value", "mean", "deviation", "expected", "back"]
    spread = known.std(ddof=0)
    if not found.is_known or len(known) < MINIMUM_UNITS or not spread > 1e-9:
        return pd.DataFrame(columns=columns, dtype=float)
    deviation = known - known.mean()
    lasting = max(found.correlation, 0.0)
    out = pd.DataFrame({"value": known, "mean": known.mean(), "deviation": deviation})
    out["expected"], out["back"] = known.mean() + lasting * deviation, 1 - lasting
    return pd.DataFrame(out[deviation.abs() >= EXTREME * spread])


def _pairs(panel: pd.DataFrame) -> tuple[pd.Series, pd.Series]:
    """Deviations of every unit that has two successive periods, the earlier and the later one, by unit."""
    earlier, later = [], []
    for one, other in zip(panel.columns[:-1], panel.columns[1:], strict=True):
        both = panel[[one, other]].dropna().astype(float)
        earlier.append(both[one] - both[one].mean())
        later.append(both[other] - both[other].mean())
    if not earlier:
        return pd.Series(dtype=float), pd.Series(dtype=float)
    return pd.concat(earlier), pd.concat(later)
