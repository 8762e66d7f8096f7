"""A small quasi-Poisson regression: counts with a log link and a known exposure."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

_STEPS = 100
_TOLERANCE = 1e-10


@dataclass(frozen=True)
class Fit:
    """``coefficients`` (p), their ``covariance`` (p x p, dispersion included), ``dispersion`` (>= 1) and ``df``."""

    coefficients: Floats
    covariance: Floats
    dispersion: float
    df: int


def fit(design: Floats, counts: Floats, exposure: Floats) -> Fit:
    """Fit log E(count) = log(exposure) + design @ coefficients by iteratively reweighted least squares.

    Equal to statsmodels' GLM(Poisson) with scale X2, save that the dispersion (Pearson's chi-square over the degrees
    of freedom) is never taken as under 1: a handful of periods that happen to lie close to the line is no proof that
    counts vary less than chance. Written here because statsmodels takes seconds to import, which a page cannot pay.
    ``design`` is n x p with n >= p and full rank; with n = p the dispersion is 1. Counts are not all zero; exposure is
    positive. Source: McCullagh & Nelder 1989, Generalized Linear Models, ch. 2.5 and 6.2. Raises ValueError when it
    does not converge.
    """
    n, p = design.shape
    if n < p:
        raise ValueError("Det finns för få perioder för modellen.")
    mean = counts + 0.5
    for _ in range(_STEPS):
        working = np.log(mean / exposure) + (counts - mean) / mean
        weighted = design.T * mean
        coefficients = np.linalg.solve(weighted @ design, weighted @ working)
        previous, mean = mean, exposure * np.exp(design @ coefficients)
        if np.allclose(previous, mean, rtol=_TOLERANCE, atol=0):
            break
    else:
        raise ValueError("Modellen kunde inte anpassas till talen.")
    dispersion = max(1.0, float(np.sum((counts - mean) ** 2 / mean)) / max(n - p, 1))
    covariance = np.asarray(dispersion * np.linalg.inv((design.T * mean) @ design), dtype=np.float64)
    return Fit(np.asarray(coefficients, dtype=np.float64), covariance, dispersion, n - p)
