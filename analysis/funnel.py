"""Which areas differ from their peers' level by more than their size explains: a funnel, never a league table."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray

from analysis.verdict import verdicts

Floats = NDArray[np.float64]

#: Two-sided levels of the limits, as in Spiegelhalter 2005: about two and three standard deviations.
WARNING_LEVEL, ALARM_LEVEL = 0.95, 0.998

#: Share of the areas at each end whose z is pulled in before the dispersion is taken, and what that does to the mean
#: of z² of a standard normal variable: 0.8 - 2 c f(c) + 0.2 c² with c the 90th percentile (1.2816) and f the normal
#: density.
WINSORISED_ENDS = 0.1
WINSORISED_MEAN_SQUARE = 0.6787

#: Fewer areas than this say too little of how much areas vary.
MINIMUM_AREAS = 5


@dataclass(frozen=True)
class Funnel:
    """``level`` per ``per`` persons, ``dispersion`` (1 = no more than chance), ``areas`` and the drawn ``limits``.

    ``areas``: area_id, count, population, rate, expected (count), lower_95, upper_95, lower_998, upper_998 (rates), z,
    verdict (its Swedish label, against the 95 % limits), beyond_998 (bool), in_level (bool).
    ``limits``: population and the four limits as rates, for drawing the curves.
    """

    level: float
    per: float
    dispersion: float
    peers: int
    areas: pd.DataFrame
    limits: pd.DataFrame


def poisson_quantile(probability: float, mean: ArrayLike) -> Floats:
    """The smallest whole k with P(X <= k) >= probability, X Poisson with the given mean(s)."""
    from scipy.special import pdtr, pdtrik

    m = np.asarray(mean, dtype=float)
    k = np.ceil(pdtrik(probability, m))
    # The inverse is continuous and can land a hair above a whole number: then the number below is the right one.
    below = np.maximum(k - 1, 0)
    return np.asarray(np.where(pdtr(below, m) >= probability, below, k), dtype=np.float64)


def count_limits(expected: ArrayLike, level: float, dispersion: float = 1.0, areas: int = 0) -> tuple[Floats, Floats]:
    """Control limits for counts around ``expected``, inclusive.

    Dispersion 1: exact Poisson quantiles. Above 1: on the square root scale, where a count has variance dispersion /
    4, with Student's t and a wider variance because level and dispersion are estimates from ``areas`` areas.
    """
    from scipy.special import stdtrit

    e, upper_tail = np.asarray(expected, dtype=float), (1 + level) / 2
    if dispersion <= 1:
        return poisson_quantile(1 - upper_tail, e), poisson_quantile(upper_tail, e)
    reach = float(stdtrit(areas - 1, upper_tail)) * np.sqrt(dispersion * (1 + 1 / areas)) / 2
    return np.maximum(0.0, np.sqrt(e) - reach) ** 2, (np.sqrt(e) + reach) ** 2


def dispersion_of(z: ArrayLike) -> float:
    """How much more areas vary than chance: the winsorised mean of z², for ``z`` of the areas that made the level.

    Spiegelhalter's estimate pulls the outermost tenth at each end in, so that an area that truly differs does not hide
    itself. That alone makes it too small by WINSORISED_MEAN_SQUARE, and the level taken from the same areas by (I - 1)
    / I; both are set right here, since otherwise a fifth of ordinary areas would be called out among seven peers
    (simulated). Never under 1. Source: Spiegelhalter 2005, Quality and Safety in Health Care 14:347-351.
    """
    values = np.asarray(z, dtype=float)
    pulled = np.clip(values, *np.quantile(values, [WINSORISED_ENDS, 1 - WINSORISED_ENDS]))
    n = len(values)
    return max(1.0, float(np.mean(pulled**2)) / WINSORISED_MEAN_SQUARE * n / (n - 1))


def funnel(
    areas: pd.DataFrame, peers: Collection[str] | None = None, *, adjusted: bool = True, per: float = 100_000
) -> Funnel:
    """Funnel of rates around the peers' level, sum of counts / sum of populations.

    ``areas`` has one row per area: area_id, count, population (persons). ``peers`` are
    the areas that make the level and the dispersion (default: all); leaving the judged area out keeps it from judging
    itself. ``adjusted`` widens the limits for the peers' own spread; without it they are exact Poisson limits. Rows
    without count or population are left out. Raises ValueError when fewer than five peers remain. Source:
    Spiegelhalter 2005, Statistics in Medicine 24:1185-1202.
    """
    rows = areas.loc[areas["count"].notna() & (areas["population"] > 0), ["area_id", "count", "population"]]
    rows = rows.astype({"count": float, "population": float}).reset_index(drop=True)
    rows["in_level"] = True if peers is None else rows["area_id"].isin(list(peers))
    base = rows[rows["in_level"]]
    if len(base) < MINIMUM_AREAS:
        raise ValueError(f"Bara {len(base)} områden har uppgifter; det behövs minst {MINIMUM_AREAS} att jämföra med.")
    level = float(base["count"].sum() / base["population"].sum())
    rows["rate"] = rows["count"] / rows["population"] * per
    rows["expected"] = level * rows["population"]
    rows["z"] = 2 * (np.sqrt(rows["count"]) - np.sqrt(rows["expected"]))
    dispersion = dispersion_of(rows.loc[rows["in_level"], "z"]) if adjusted else 1.0
    inner = count_limits(rows["expected"], WARNING_LEVEL, dispersion, len(base))
    outer = count_limits(rows["expected"], ALARM_LEVEL, dispersion, len(base))
    rows["verdict"] = verdicts(rows["count"], *inner, rows["expected"])
    rows["beyond_998"] = (rows["count"] < outer[0]) | (rows["count"] > outer[1])
    names = ("lower_95", "upper_95", "lower_998", "upper_998")
    rates = {name: limit / rows["population"] * per for name, limit in zip(names, (*inner, *outer), strict=True)}
    curves = _curves(rows["population"].to_numpy(), level, dispersion, len(base), per)
    return Funnel(level * per, per, dispersion, len(base), rows.assign(**rates), curves)


def _curves(population: Floats, level: float, dispersion: float, areas: int, per: float) -> pd.DataFrame:
    """The limits over a grid of populations, evenly spread in ratio, a little wider than the areas."""
    grid = np.geomspace(population.min() * 0.8, population.max() * 1.2, 200)
    out = {"population": grid}
    for name, confidence in (("95", WARNING_LEVEL), ("998", ALARM_LEVEL)):
        lower, upper = count_limits(level * grid, confidence, dispersion, areas)
        out |= {f"lower_{name}": lower / grid * per, f"upper_{name}": upper / grid * per}
    return pd.DataFrame(out)


def common_rate(areas: pd.DataFrame, per: float = 100_000) -> pd.Series[float]:
    """The rate of several areas taken together, sum of counts / sum of populations, by period_start.

    ``areas``: area_id, period_start, count, population (persons). Only periods in which every area has both: else the
    level would move because the areas changed.
    """
    known = areas[areas["count"].notna() & (areas["population"] > 0)]
    sums = known.groupby("period_start").agg(
        count=("count", "sum"), population=("population", "sum"), areas=("area_id", "nunique")
    )
    whole = sums[sums["areas"] == areas["area_id"].nunique()]
    return whole["count"] / whole["population"] * per
