"""What the newest figure could be expected to be, from the same place's own history."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from analysis.poisson import Fit, fit
from analysis.series import comparable, tidy
from analysis.verdict import MINIMUM_BASE, Verdict, verdict

#: History that the expectation is made from: the latest years. Older years tell of another time; with fewer the trend
#: is loose.
YEARS = 8

#: Fewer comparable periods than this (of the same season) carry no judgement.
MINIMUM_PERIODS = 5


@dataclass(frozen=True)
class Expectation:
    """A period's count beside what its history led to expect. Counts, not rates; ``exposure`` turns one into the other.

    ``expected``, ``lower``, ``upper`` and ``dispersion`` are NaN when ``reason`` says why there is no
    judgement: ``short_history``, ``small_counts``, ``no_figure`` or ``no_exposure``. ``history`` holds the first days
    of the periods used.
    """

    period_start: pd.Timestamp
    observed: float
    exposure: float
    preliminary: bool
    level: float
    history: tuple[pd.Timestamp, ...] = ()
    expected: float = np.nan
    lower: float = np.nan
    upper: float = np.nan
    dispersion: float = np.nan
    verdict: Verdict = Verdict.TOO_LITTLE
    reason: str = ""


def expectation(
    series: pd.DataFrame,
    *,
    periods_per_year: int = 1,
    breaks: Sequence[date] = (),
    at: date | None = None,
    level: float = 0.95,
) -> Expectation:
    """Expected count and prediction interval for the newest period (or the one that starts ``at``).

    ``series`` has the columns of ``analysis.series.tidy``. ``breaks`` are first days after breaks; nothing before the
    latest one is used. ``periods_per_year`` is 1, 4 or 12.

    Method: quasi-Poisson regression with log-linear trend, season effects where there are seasons, and exposure as
    offset, on the final figures of the latest eight years before the tested period, which itself takes no part.
    Dispersion is Pearson's X2 over the degrees of freedom, never under 1. The interval joins the variation of the
    period itself (dispersion x mean) with the uncertainty of the fitted mean, on the 2/3-power scale that makes counts
    symmetric, with Student's t for the few degrees of freedom. Sources: Farrington et al. 1996, JRSS A 159:547-563
    (model, interval, scale); McCullagh & Nelder 1989, 6.2 (dispersion). How well it holds:
    docs/decisions/0001-forvantat-intervall.md.
    """
    rows = tidy(series)
    if rows.empty:
        raise ValueError("Serien är tom: det finns ingen period att bedöma.")
    tested = _tested(rows, at, level)
    history = comparable(rows, tested.period_start, breaks)
    history = history[_years(history, tested) >= -YEARS]
    tested = replace(tested, history=tuple(history["period_start"]))
    reason = _reason(history, tested, periods_per_year)
    if reason:
        return replace(tested, reason=reason)
    model = fit(_design(history, tested, periods_per_year), *(history[c].to_numpy() for c in ("count", "exposure")))
    # At the tested period every column but the constant is zero: time is counted from it, its season is the reference.
    expected = tested.exposure * float(np.exp(model.coefficients[0]))
    if expected < MINIMUM_BASE:
        return replace(tested, reason="small_counts")
    lower, upper = _limits(expected, model, level)
    return replace(
        tested,
        expected=expected,
        lower=lower,
        upper=upper,
        dispersion=model.dispersion,
        verdict=verdict(tested.observed, lower, upper, expected),
    )


def _tested(rows: pd.DataFrame, at: date | None, level: float) -> Expectation:
    """The record of the period to judge, before it is judged."""
    start = rows["period_start"]
    found = rows[start == (start.max() if at is None else pd.Timestamp(at))]
    if found.empty:
        raise ValueError(f"Serien har ingen period som börjar {at}.")
    row = found.iloc[0]
    observed, exposure = float(row["count"]), float(row["exposure"])
    return Expectation(pd.Timestamp(row["period_start"]), observed, exposure, bool(row["preliminary"]), level)


def _years(rows: pd.DataFrame, tested: Expectation) -> NDArray[np.float64]:
    """Time of each period in years from the tested one (negative: before)."""
    start, zero = rows["period_start"].dt, tested.period_start
    return np.asarray((start.year - zero.year) + (start.month - zero.month) / 12, dtype=np.float64)


def _seasons(rows: pd.DataFrame, tested: Expectation, periods_per_year: int) -> NDArray[np.int64]:
    """Season of each period, counted from the tested one's (0 = the same)."""
    months = rows["period_start"].dt.month - tested.period_start.month
    return np.asarray(months % 12 * periods_per_year // 12, dtype=np.int64)


def _reason(history: pd.DataFrame, tested: Expectation, periods_per_year: int) -> str:
    if not np.isfinite(tested.observed):
        return "no_figure"
    if not tested.exposure > 0:
        return "no_exposure"
    seasons = _seasons(history, tested, periods_per_year)
    if np.count_nonzero(seasons == 0) < MINIMUM_PERIODS:
        return "short_history"
    # A season without a single event has no logarithm; so few events carry no judgement anyhow.
    return "small_counts" if history.groupby(seasons)["count"].sum().min() <= 0 else ""


def _design(history: pd.DataFrame, tested: Expectation, periods_per_year: int) -> NDArray[np.float64]:
    seasons = _seasons(history, tested, periods_per_year)
    others = [(seasons == season).astype(float) for season in np.unique(seasons) if season != 0]
    return np.column_stack([np.ones(len(history)), _years(history, tested), *others])


def _limits(expected: float, model: Fit, level: float) -> tuple[float, float]:
    from scipy.special import stdtrit

    relative = np.sqrt(model.dispersion / expected + model.covariance[0, 0])
    reach = 2 / 3 * stdtrit(model.df, (1 + level) / 2) * relative
    return expected * max(0.0, float(1 - reach)) ** 1.5, expected * float(1 + reach) ** 1.5
