"""Whether events gather on fewer places than chance makes, when only the places that have any are known."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from analysis.concentration import Concentration, concentration
from analysis.verdict import Verdict, verdict

Floats = NDArray[np.float64]

#: With fewer events in all, the places that hold half of them are a handful: nothing is judged.
FEWEST_EVENTS = 50
#: On fewer places than this, half of the events is a place or two more or less.
FEWEST_PLACES = 10

#: Where fewer events than this come on each place, hardly any place gets two, and how many there are no longer matters.
_RAREST = 0.01


@dataclass(frozen=True)
class Gathered:
    """``found``: how the events lie on the places; ``expected``, ``lower`` and ``upper``: the share of the places that
    would hold half of them if each place were as likely. ``verdict`` LOWER: on fewer places than expected.
    """

    found: Concentration
    expected: float
    lower: float
    upper: float
    verdict: Verdict


def gathered(
    counts: ArrayLike, *, all_known: bool, simulations: int = 999, alpha: float = 0.05, seed: int = 1
) -> Gathered:
    """Concentration of ``counts`` (n) beside simulations of as many events where each place is as likely.

    ``all_known``: whether ``counts`` holds every place there is, also those without events. Otherwise it holds those
    that have any, and so many are simulated that as many of them are expected to get one: with mean m, a share 1 - e^-m
    of the places does. The verdict needs FEWEST_EVENTS on FEWEST_PLACES; its limits are the simulations' quantiles.
    """
    values = np.asarray(counts, dtype=float)
    found = concentration(values)
    if found.events < FEWEST_EVENTS or found.places < FEWEST_PLACES:
        return Gathered(found, np.nan, np.nan, np.nan, Verdict.TOO_LITTLE)
    places = len(values) if all_known else _likely_places(found.events, len(values))
    made = _half_by_chance(found.events / places, places, simulations, all_known, seed)
    lower, expected, upper = np.quantile(made, [alpha / 2, 0.5, 1 - alpha / 2])
    told = verdict(found.half_on, float(lower), float(upper))
    return Gathered(found, float(expected), float(lower), float(upper), told)


def _half_by_chance(mean: float, places: int, simulations: int, all_known: bool, seed: int) -> Floats:
    """The share that holds half of the events, in simulations of ``places`` with so many events each on average.

    What matters is how many places get none, one, two …: those numbers are drawn, not each place's own.
    """
    from scipy.special import pdtr

    k = np.arange(int(np.ceil(mean + 12 * np.sqrt(mean) + 12)) + 1)
    chance = np.diff(pdtr(k, mean), prepend=0.0)
    number = np.random.default_rng(seed).multinomial(places, chance / chance.sum(), simulations)[:, :0:-1]
    most_first = k[:0:-1]
    held, used = np.cumsum(number * most_first, axis=1), np.cumsum(number, axis=1)
    half = held[:, -1:] / 2
    at = (held < half).sum(axis=1)
    row = np.arange(simulations)
    over = (held[row, at] - half[:, 0]) // most_first[at]
    known = np.full(simulations, places) if all_known else used[:, -1]
    return np.asarray((used[row, at] - over) / known)


def _likely_places(events: float, with_any: int) -> int:
    """How many equally likely places there are when so many of them got any of the events."""
    from scipy.optimize import brentq

    mean = events / with_any  # of those that have any, m / (1 - e^-m) when the mean of all is m
    if mean <= _RAREST / -np.expm1(-_RAREST):
        return round(events / _RAREST)
    rate = float(brentq(lambda m: m / -np.expm1(-m) - mean, _RAREST, mean))
    return max(with_any, round(events / rate))
