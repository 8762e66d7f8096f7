"""What a measure did to a series of counts: against areas without it, or against the series' own course."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from analysis.poisson import Fit, fit
from analysis.series import tidy
from analysis.verdict import Verdict, effect_verdicts

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Effect:
    """``ratio``: counts with the measure over what they would have been without it (0.8 = a fifth fewer), with limits.

    ``observed`` and ``expected`` (without the measure) are the treated counts after the start, ``dispersion`` how much
    more counts vary than chance, ``autocorrelation`` of the residuals (of a series only). ``verdict`` LOWER: fewer than
    expected. All but ``observed`` is NaN, and the verdict
    TOO_LITTLE, when ``reason`` says why: ``no_before``, ``no_after``, ``no_control`` or ``small_counts``.
    """

    observed: float
    ratio: float = np.nan
    lower: float = np.nan
    upper: float = np.nan
    expected: float = np.nan
    dispersion: float = np.nan
    autocorrelation: float = np.nan
    verdict: Verdict = Verdict.TOO_LITTLE
    reason: str = ""


def difference_in_differences(counts: pd.DataFrame, start: date, level: float = 0.95) -> Effect:
    """Effect of a measure that begins on ``start`` in the ``treated`` areas, with the other areas as control.

    ``counts``: area_id, period_start, count, treated (bool) and, if known, exposure (persons); one row per area and
    period. log E(count) = log(exposure) + area + period + effect x treated x after: whatever is peculiar to an area
    or common to a period falls out, and what is left is taken as the measure's if the areas would have gone the same
    way without it. Quasi-Poisson, Student's t; two areas in two periods have no degrees of freedom, and chance alone is
    then the variance: (T1/T0) / (C1/C0), variance of the logarithm the sum of 1/count. Source: Angrist & Pischke
    2009, Mostly Harmless Econometrics, 5.2; McCullagh & Nelder 1989, 6.2 (dispersion).
    """
    rows = counts.assign(exposure=counts.get("exposure", 1.0)).reset_index(drop=True)
    rows = rows[rows["count"].notna() & (rows["exposure"] > 0)].astype({"count": float, "exposure": float})
    rows["after"] = pd.to_datetime(rows["period_start"]) >= pd.Timestamp(start)
    rows["acts"] = (rows["treated"].astype(bool) & rows["after"]).astype(float)
    observed = float(rows.loc[rows["acts"] > 0, "count"].sum())
    reason = _no_comparison(rows)
    if reason:
        return Effect(observed, reason=reason)
    rows = _with_events(rows)
    areas, periods = (
        pd.get_dummies(rows[c], dtype=float).to_numpy() for c in ("area_id", "period_start")
    )  # fmt: skip
    design = np.column_stack([rows["acts"], areas, periods[:, 1:]])
    return _estimated(design, rows["count"].to_numpy(), rows["exposure"].to_numpy(), observed, level)


def interrupted(
    series: pd.DataFrame, start: date, *, periods_per_year: int = 12, level: float = 0.95, serial: bool = True
) -> Effect:
    """Effect of a measure that begins on ``start``, against the course that the series had before: a lasting step.

    ``series`` has the columns of ``analysis.series.tidy``. log E(count) = log(exposure) + level + trend + season +
    effect x after. Quasi-Poisson, Student's t; with ``serial`` the variance is multiplied by (1 + r) / (1 - r), where r
    is the lag-1 correlation of the residuals when it is positive: months that follow each other tell less. Without a
    control anything else that happened then is taken as the measure's. Sources: Bernal, Cummins & Gasparrini 2017, Int.
    J. Epidemiology 46:348-355; Bayley & Hammersley 1946, Suppl. JRSS 8:184-197 (correlated observations).
    """
    rows = tidy(series)
    rows = rows[rows["count"].notna() & (rows["exposure"] > 0) & ~rows["preliminary"]].reset_index(drop=True)
    begin = pd.Timestamp(start)
    after = (rows["period_start"] >= begin).to_numpy()
    observed = float(rows.loc[after, "count"].sum())
    # Two whole years before: a trend and a season cannot be told apart in less.
    if (~after).sum() < 2 * periods_per_year:
        return Effect(observed, reason="no_before")
    if not after.any():
        return Effect(observed, reason="no_after")
    when = rows["period_start"].dt
    season = ((when.month - 1) * periods_per_year // 12).to_numpy()
    if rows.groupby(season)["count"].sum().min() <= 0:
        return Effect(observed, reason="small_counts")
    years = (when.year + (when.month - 1) / 12).to_numpy(dtype=float)
    seasons = pd.get_dummies(season, dtype=float).to_numpy()
    design = np.column_stack([after.astype(float), seasons, years - years[after][0]])
    count = rows["count"].to_numpy()
    return _estimated(design, count, rows["exposure"].to_numpy(), observed, level, serial=serial)


def _no_comparison(rows: pd.DataFrame) -> str:
    treated = rows["treated"].astype(bool)
    if treated.all() or not treated.any():
        return "no_control"
    for after, reason in ((False, "no_before"), (True, "no_after")):
        own, others = (float(rows.loc[(rows["after"] == after) & side, "count"].sum()) for side in (treated, ~treated))
        followed = bool(((rows["after"] == after) & treated).any())
        # That nothing happens after is a finding; that nothing happened before is nothing to compare with.
        if others <= 0 or not followed or (own <= 0 and not after):
            return reason
    return ""


def _with_events(rows: pd.DataFrame) -> pd.DataFrame:
    """Without the areas and periods that had no events at all: they say nothing of a ratio, and have no logarithm."""
    of_area = rows.groupby("area_id")["count"].transform("sum")
    of_period = rows.groupby("period_start")["count"].transform("sum")
    return rows[(of_area > 0) & (of_period > 0)].reset_index(drop=True)


def _estimated(
    design: Floats, count: Floats, exposure: Floats, observed: float, level: float, *, serial: bool = False
) -> Effect:
    """The effect whose column stands first in ``design``."""
    from scipy.special import ndtri, stdtrit

    acts = design[:, 0] > 0
    if observed == 0:
        # No event at all has no logarithm: half an event stands in, spread over the periods (Haldane 1956).
        count = np.where(acts, 0.5 / acts.sum(), count)
    model = fit(design, count, exposure)
    ratio = float(np.exp(model.coefficients[0]))
    correlation = _serial(model, design, count, exposure) if serial else np.nan
    wider = (1 + correlation) / (1 - correlation) if serial and correlation > 0 else 1.0
    error = float(np.sqrt(model.covariance[0, 0] * wider))
    # Without degrees of freedom nothing but chance itself can be the variance, and that is known.
    reach = float(stdtrit(model.df, (1 + level) / 2) if model.df else ndtri((1 + level) / 2)) * error
    lower, upper = ratio * float(np.exp(-reach)), ratio * float(np.exp(reach))
    expected = float(count[acts].sum()) / ratio
    verdict = Verdict(effect_verdicts([lower], [upper], 1.0, [expected])[0])
    return Effect(observed, ratio, lower, upper, expected, model.dispersion, correlation, verdict)


def _serial(model: Fit, design: Floats, count: Floats, exposure: Floats) -> float:
    mean = exposure * np.exp(design @ model.coefficients)
    residual = (count - mean) / np.sqrt(mean)
    return float(residual[1:] @ residual[:-1] / (residual @ residual))
