"""When things happen: draws of days and hours with a season, weekdays and times of day."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Minutes = npt.NDArray[np.datetime64]

#: The years that the example covers.
YEARS = (2023, 2024, 2025)

#: Weights of the months, January first. Only their proportions matter.
SEASONS: dict[str, tuple[float, ...]] = {
    "jämn": (1,) * 12,
    "sommar": (0.6, 0.6, 0.8, 1.0, 1.2, 1.4, 1.6, 1.4, 1.1, 0.9, 0.7, 0.7),
    "mörker": (1.5, 1.3, 1.0, 0.8, 0.6, 0.5, 0.5, 0.7, 1.0, 1.3, 1.5, 1.6),
    "termin": (1.0, 1.0, 1.1, 1.1, 1.2, 0.8, 0.5, 0.9, 1.2, 1.1, 1.1, 0.9),
}

_DAYTIME = (0.2, 0.1, 0.1, 0.1, 0.1, 0.3, 0.6, 1, 1.5, 2, 2, 2, 2, 2, 2, 2, 2, 1.8, 1.5, 1.2, 1, 0.8, 0.5, 0.3)
_EVENING = (
    0.6,
    0.4,
    0.2,
    0.1,
    0.1,
    0.1,
    0.2,
    0.3,
    0.4,
    0.5,
    0.6,
    0.7,
    0.8,
    0.9,
    1,
    1.2,
    1.5,
    1.8,
    2,
    2.2,
    2.2,
    2,
    1.6,
    1,
)
_NIGHT = (
    3,
    2.8,
    2.2,
    1.4,
    0.7,
    0.3,
    0.2,
    0.2,
    0.3,
    0.4,
    0.4,
    0.5,
    0.6,
    0.7,
    0.8,
    0.9,
    1,
    1.1,
    1.3,
    1.6,
    1.9,
    2.3,
    2.7,
    3,
)
_WEEK = (1.0, 1.0, 1.0, 1.0, 1.1, 1.0, 0.9)
_WORKING = (1.2, 1.2, 1.2, 1.2, 1.1, 0.6, 0.5)
_WEEKEND = (0.7, 0.7, 0.7, 0.8, 1.4, 1.7, 1.1)

#: Weights of the weekdays, Monday first, and of the hours.
RHYTHMS: dict[str, tuple[Sequence[float], Sequence[float]]] = {
    "dag": (_WORKING, _DAYTIME),
    "kväll": (_WEEK, _EVENING),
    "helgnatt": (_WEEKEND, _NIGHT),
}


@dataclass(frozen=True)
class When:
    """The season and the rhythm of the week of a kind of events."""

    season: str
    rhythm: str

    def draw(self, rng: np.random.Generator, first: str, last: str, number: int) -> Minutes:
        """``number`` moments, to the minute, from the day ``first`` to the day ``last``, in no order."""
        days = np.arange(np.datetime64(first), np.datetime64(last) + 1, dtype="datetime64[D]")
        months = days.astype("datetime64[M]").astype(int) % 12
        weekdays = (days.astype(int) + 3) % 7  # 1970-01-01 was a Thursday
        week, hours = RHYTHMS[self.rhythm]
        weights = np.array(SEASONS[self.season])[months] * np.array(week)[weekdays]
        day = rng.choice(days, number, p=weights / weights.sum())
        hour = rng.choice(24, number, p=np.array(hours) / sum(hours))
        minute = rng.integers(0, 60, number)
        moments: Minutes = day.astype("datetime64[m]") + (hour * 60 + minute).astype("timedelta64[m]")
        return moments

    def share(self, year: int, first: str, last: str) -> float:
        """The share of a year's events that fall on the days from ``first`` to ``last``."""
        days = np.arange(f"{year}-01-01", f"{year + 1}-01-01", dtype="datetime64[D]")
        months = days.astype("datetime64[M]").astype(int) % 12
        weights = np.array(SEASONS[self.season])[months] * np.array(RHYTHMS[self.rhythm][0])[(days.astype(int) + 3) % 7]
        inside = (days >= np.datetime64(first)) & (days <= np.datetime64(last))
        return float(weights[inside].sum() / weights.sum())


def year_of(year: int) -> tuple[str, str]:
    """The first and the last day of a year."""
    return f"{year}-01-01", f"{year}-12-31"


def text(moments: Minutes) -> list[str]:
    """Moments as 2025-03-04 21:30."""
    return [moment.replace("T", " ") for moment in np.datetime_as_string(moments, unit="m").tolist()]
