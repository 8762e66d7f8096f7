"""Which periods of a series fall outside what the process itself makes: u and p charts, seasons and spread reckoned."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from analysis.series import comparable, tidy
from analysis.verdict import verdicts

Floats = NDArray[np.float64]

#: Chance that a period of an unchanged process lies within the limits: three standard deviations of a normal variable.
LEVEL = 0.9973

#: Mean absolute difference of two standard normal variables (2/√π): what a moving range is set against.
MEAN_RANGE = 1.1284
#: A mean of n - 1 moving ranges tells as much of the spread as a sample variance with this many degrees of freedom a
#: period (Duncan 1986, Quality Control and Industrial Statistics, 5th ed., ch. 21).
FREEDOM_OF_RANGES = 0.62

#: Periods of each season that the level is made from, at least.
MINIMUM_SEASONS = 3


@dataclass(frozen=True)
class Chart:
    """``points``: period_start, count, exposure, value (rate or share), expected, lower, upper (same unit), z (in
    standard deviations of chance), in_level (bool) and verdict. ``spread``: how many times wider than chance alone the
    limits are, 1 or more.
    """

    points: pd.DataFrame
    spread: float


def u_chart(series: pd.DataFrame, *, periods_per_year: int = 12, until: date | None = None) -> Chart:
    """Control chart of counts over their exposure (persons, days), around the level of each season.

    ``series`` has the columns of ``analysis.series.tidy``, ``until`` is the first day that the level is not made from
    (default: all periods make it). Each season's level is its counts over its exposure, so that seasons are no signal.
    On the square root scale a count has variance 1/4 whatever its mean; where neighbouring periods differ more than
    that, the limits are widened by the ratio (Laney). Student's t for the uncertainty of that ratio, and each limit
    knows that its own period is (or is not) in the level. One period in 370 of an unchanged process falls outside.
    No limits under MINIMUM_SEASONS periods of a season; the verdict needs MINIMUM_BASE expected. A chart presumes no
    trend: a slow one shows as points outside at both ends. Sources: Montgomery 2020, Introduction to Statistical
    Quality Control, 7.3; Laney 2002, Quality Engineering 14:531-537; Anscombe 1948 (square root).
    """
    rows = _rows(series, until)
    level, leverage = _level(rows, periods_per_year)
    expected = level * rows["exposure"].to_numpy()
    centre = np.sqrt(expected)
    z = 2 * (np.sqrt(rows["count"].to_numpy()) - centre)
    spread, reach = _reach(rows, z, leverage)
    # Where the root of the lower limit is negative, the limit is 0.
    low, high = np.maximum(0.0, centre - reach / 2) ** 2, (centre + reach / 2) ** 2
    return _chart(rows, expected, low, high, z, expected, spread)


def p_chart(series: pd.DataFrame, *, periods_per_year: int = 12, until: date | None = None) -> Chart:
    """``u_chart`` for shares: ``count`` of the ``exposure`` (answers, pupils) have the property.

    On the arcsine scale, where a share has variance 1 / (4 x exposure) whatever it is. The verdict needs MINIMUM_BASE
    expected both with and without the property. Raises ValueError when a count is larger than its exposure.
    """
    rows = _rows(series, until)
    if (rows["count"] > rows["exposure"]).any():
        raise ValueError("Ett antal kan inte vara större än det som det är en del av.")
    share, leverage = _level(rows, periods_per_year)
    size = rows["exposure"].to_numpy()
    centre, steps = np.arcsin(np.sqrt(share)), 2 * np.sqrt(size)
    z = steps * (np.arcsin(np.sqrt(rows["count"].to_numpy() / size)) - centre)
    spread, reach = _reach(rows, z, leverage)
    low, high = (np.sin(np.clip(centre + sign * reach / steps, 0, np.pi / 2)) ** 2 * size for sign in (-1, 1))
    return _chart(rows, share * size, low, high, z, np.minimum(share, 1 - share) * size, spread)


def _rows(series: pd.DataFrame, until: date | None) -> pd.DataFrame:
    rows = comparable(tidy(series), pd.Timestamp.max.as_unit("s")).reset_index(drop=True)
    if rows.empty:
        raise ValueError("Serien har inga slutliga perioder att rita in.")
    return rows.assign(in_level=True if until is None else rows["period_start"] < pd.Timestamp(until))


def _level(rows: pd.DataFrame, periods_per_year: int) -> tuple[Floats, Floats]:
    """Each period's level, and how large a part of what made it the period's own exposure is."""
    season = ((rows["period_start"].dt.month - 1) * periods_per_year // 12).to_numpy()
    inside, exposure = rows["in_level"].to_numpy(dtype=float), rows["exposure"].to_numpy()
    count, persons = (np.bincount(season, inside * rows[c].to_numpy())[season] for c in ("count", "exposure"))
    enough = np.bincount(season, inside)[season] >= MINIMUM_SEASONS
    whole = np.where(enough, persons, np.nan)
    return count / whole, exposure / whole


def _reach(rows: pd.DataFrame, z: Floats, leverage: Floats) -> tuple[float, Floats]:
    """The spread in chance's standard deviations, and how far from the expected the limits lie, in the same."""
    from scipy.special import stdtrit

    inside = rows["in_level"].to_numpy()
    # What a period does to its own level draws it nearer; what is outside meets the level's own chance besides.
    own = np.sqrt(np.where(inside, 1 - leverage, 1 + leverage))
    ranges = np.abs(np.diff((z / own)[inside & np.isfinite(z)]))
    if not len(ranges):
        return 1.0, np.full(len(z), np.nan)
    spread = max(1.0, float(ranges.mean()) / MEAN_RANGE)
    return spread, float(stdtrit(FREEDOM_OF_RANGES * len(ranges), (1 + LEVEL) / 2)) * spread * own


def _chart(
    rows: pd.DataFrame, expected: Floats, low: Floats, high: Floats, z: Floats, base: Floats, spread: float
) -> Chart:
    exposure = rows["exposure"]
    told = verdicts(rows["count"], low, high, base)
    points = rows.drop(columns="preliminary").assign(
        value=rows["count"] / exposure, expected=expected / exposure, lower=low / exposure, upper=high / exposure,
        z=z, verdict=told,
    )  # fmt: skip
    return Chart(points, spread)
