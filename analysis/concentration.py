"""On how few places most of the events lie; ``analysis.few_places`` judges whether that is more than chance makes."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Concentration:
    """How events lie on ``places`` places.

    ``half_on``: the smallest share of the places (0-1) that holds half of the events. ``gini``: the generalised Gini
    coefficient G' (0 = as evenly as so many events can lie, 1 = all on one place). ``curve``: places and events, shares
    from (0, 0) to (1, 1) with the places that have most first; a point where the slope changes.
    """

    places: int
    events: float
    half_on: float
    gini: float
    curve: pd.DataFrame


def concentration(counts: ArrayLike) -> Concentration:
    """Concentration of ``counts`` (n): events on each place, places without any included.

    With fewer events than places most places must be empty, so the Gini coefficient G is generalised: G' = max(1, n /
    c)(G - 1) + 1 with n places and c events (Bernasco & Steenbeek 2017, J. Quantitative Criminology 33:451-467).
    Without events it and ``half_on`` are NaN. Raises ValueError when there are no places or a count is missing or
    negative.
    """
    c = np.sort(np.asarray(counts, dtype=float))[::-1]
    if not len(c):
        raise ValueError("Det finns inga platser att räkna på.")
    if not (c >= 0).all():
        raise ValueError("Varje plats måste ha ett antal som inte är negativt.")
    events, n = float(c.sum()), len(c)
    if events == 0:
        nothing = pd.DataFrame({"places": [0.0, 1.0], "events": [0.0, 1.0]})
        return Concentration(n, 0.0, np.nan, np.nan, nothing)
    held = np.cumsum(c)
    half_on = (int(np.searchsorted(held, events / 2)) + 1) / n
    gini = 2 * float(held.sum()) / (n * events) - 1 - 1 / n
    generalised = max(1.0, n / events) * (gini - 1) + 1
    return Concentration(n, events, half_on, generalised, _curve(c, held))


def _curve(counts: Floats, held: Floats) -> pd.DataFrame:
    n = len(counts)
    last_of_its_size = np.append(np.flatnonzero(np.diff(counts)), n - 1)
    places = np.concatenate([[0.0], (last_of_its_size + 1) / n])
    return pd.DataFrame({"places": places, "events": np.concatenate([[0.0], held[last_of_its_size] / held[-1]])})


def counted(places: ArrayLike, known: int | None = None) -> NDArray[np.int64]:
    """Events on each place from the place of each event (any labels; missing ones aside).

    ``known`` is how many places there are in all: those without events come as zeros. Raises ValueError when events
    lie on more places than that.
    """
    codes, names = pd.factorize(np.asarray(places))
    counts = np.bincount(codes[codes >= 0], minlength=len(names))
    if known is None:
        return counts
    if len(names) > known:
        raise ValueError(f"Händelserna ligger på {len(names)} platser, men det ska bara finnas {known}.")
    return np.concatenate([counts, np.zeros(known - len(names), dtype=np.int64)])
