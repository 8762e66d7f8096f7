"""Events at constant rates: how many of each category happen where, with the planted effect in them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import product

import numpy as np
import pandas as pd
from pandas.tseries.offsets import MonthEnd

from pipelines.demo.clock import YEARS, When, year_of
from pipelines.demo.scene import Scene
from pipelines.demo.truth import Expected, Rate


@dataclass(frozen=True)
class Category:
    """A category of events: its name, rate per 1 000 inhabitants and year, when it happens, and the share unplaced.

    ``away`` categories are found when somebody comes home: they have a span of hours instead of a time.
    """

    name: str
    per_1000: float
    when: When
    unplaced: float
    code: str = ""
    away: bool = False


def drawn(
    scene: Scene,
    categories: Sequence[Category],
    year: int,
    rng: np.random.Generator,
    risk: dict[tuple[str, str], float],
) -> pd.DataFrame:
    """The events of a year: ``category`` (position), ``deso`` (position in the scene) and ``occurred``.

    ``risk`` has the relative risks that differ from 1, by category name and place.
    """
    people = scene.deso["population"].to_numpy(float)
    parts = []
    for position, category in enumerate(categories):
        factor = np.array([risk.get((category.name, place), 1.0) for place in scene.deso["place"]])
        numbers = rng.poisson(people / 1000 * category.per_1000 * factor)
        deso = np.repeat(np.arange(len(people)), numbers)
        first, last = year_of(year)
        occurred = category.when.draw(rng, first, last, len(deso))
        parts.append(pd.DataFrame({"category": position, "deso": deso, "occurred": occurred}))
    return pd.concat(parts, ignore_index=True)


def rates(series: str, categories: Sequence[Category]) -> tuple[Rate, ...]:
    """The rates as they are told in the truth."""
    return tuple(
        Rate(series=series, category=c.name, per_1000=c.per_1000, unplaced=c.unplaced, season=_season(c.when))
        for c in categories
    )


def _season(when: When) -> tuple[float, ...]:
    # Of a year that is not a leap year: two of the three that the example covers.
    starts = pd.date_range("2025-01-01", periods=12, freq="MS")
    return tuple(round(when.share(2025, str(day.date()), str((day + MonthEnd()).date())), 6) for day in starts)


def expected(
    series: str, scene: Scene, categories: Sequence[Category], risks: dict[int, dict[tuple[str, str], float]]
) -> tuple[Expected, ...]:
    """The expected number of placed events by category, district and year; ``risks`` by year as in ``drawn``."""
    found = []
    for category, place, year in product(categories, scene.places, YEARS):
        risk = risks.get(year, {}).get((category.name, place.id), 1.0)
        number = place.population / 1000 * category.per_1000 * (1 - category.unplaced) * risk
        found.append(
            Expected(series=series, category=category.name, place=place.id, year=year, number=round(number, 4))
        )
    return tuple(found)
