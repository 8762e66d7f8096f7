"""How often each method calls something when nothing has happened: seeded data sets of noise, 200 for each."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

import numpy as np
import pandas as pd
from numpy.random import Generator

from analysis import explain
from analysis.before_after import Pair, weighted_difference
from analysis.control_chart import p_chart, u_chart
from analysis.effect import difference_in_differences, interrupted
from analysis.evenness import against_even
from analysis.expected import expectation
from analysis.few_places import gathered
from analysis.funnel import funnel
from analysis.hot_spots import Grid, hot_spots
from analysis.near_repeat import near_repeat
from analysis.shares import beside_the_rest
from analysis.small_areas import local_gi_star, moran
from analysis.survey import survey_share
from analysis.trend import trend
from analysis.two_counts import rate_ratio, root_change
from analysis.verdict import Verdict
from analysis.weighted import difference, verdicts, weighted_share
from analysis.year_change import year_change

SEEDS = 200
#: How sure the stated limit is: a method that keeps its nominal rate exceeds it once in a thousand.
CERTAINTY = 0.999
_CALLED = frozenset({Verdict.HIGHER, Verdict.LOWER})
_START = date(2025, 1, 1)
#: Normal two-sided tail beyond 3 of a difference with variance 2, which is what two counts' roots make.
_ROOTS = 0.0339

Draw = Callable[[Generator], int]


@dataclass(frozen=True)
class Noise:
    """A method, its nominal rate of calls, and how many calls it makes of the data set that a generator gives.

    ``each``: judgements in each data set that are counted.
    """

    name: str
    nominal: float
    called: Draw
    each: int = 1


@dataclass(frozen=True)
class Rate:
    """Calls among so many ``judged``, and the most that the nominal rate lets pass (binomial, CERTAINTY)."""

    name: str
    nominal: float
    calls: int
    judged: int
    most: int


def rates(seeds: int = SEEDS) -> list[Rate]:
    """Every method over ``seeds`` data sets of its own; the same figures every time."""
    return [rate(noise, seeds) for noise in METHODS]


def rate(noise: Noise, seeds: int = SEEDS) -> Rate:
    calls = sum(int(noise.called(np.random.default_rng([seed, len(noise.name)]))) for seed in range(seeds))
    judged = seeds * noise.each
    return Rate(noise.name, noise.nominal, calls, judged, most(judged, noise.nominal))


def most(judged: int, nominal: float) -> int:
    """The smallest number that calls of ``judged`` exceed with a chance of at most 1 - CERTAINTY."""
    from scipy.special import bdtr

    return int(np.argmax(bdtr(np.arange(judged + 1.0), judged, nominal) >= CERTAINTY))


def _counts(rng: Generator, mean: object, dispersion: float = 1.0) -> np.ndarray:
    m = np.asarray(mean, dtype=float)
    drawn = rng.poisson(m) if dispersion == 1 else rng.negative_binomial(m / (dispersion - 1), 1 / dispersion)
    return np.asarray(drawn, dtype=float)


def _series(counts: np.ndarray, first: str, freq: str, exposure: object = 1.0) -> pd.DataFrame:
    starts = pd.date_range(first, periods=len(counts), freq=freq)
    return pd.DataFrame({"period_start": starts, "count": counts, "exposure": exposure})


def _season(months: int) -> np.ndarray:
    return 1 + 0.3 * np.sin(np.arange(months) * np.pi / 6)


def _year_expected(rng: Generator) -> bool:
    return expectation(_series(_counts(rng, np.full(9, 900), 6), "2017-01-01", "YS")).verdict in _CALLED


def _quarter_expected(rng: Generator) -> bool:
    mean = np.tile([150, 220, 260, 180], 9)[:33]
    return expectation(_series(_counts(rng, mean, 4), "2017-01-01", "QS"), periods_per_year=4).verdict in _CALLED


def _trend(rng: Generator) -> bool:
    return trend(_series(_counts(rng, np.full(10, 300), 4), "2016-01-01", "YS")).direction in ("up", "down")


def _funnel(rng: Generator) -> bool:
    people = rng.integers(10_000, 90_000, 9)
    level = 0.01 * rng.gamma(50, 1 / 50, 9)
    rows = pd.DataFrame({"area_id": [f"k{i}" for i in range(9)], "count": rng.poisson(people * level)})
    found = funnel(rows.assign(population=people), peers=[f"k{i}" for i in range(1, 9)])
    return found.areas["verdict"].iloc[0] in _CALLED


def _rest(rng: Generator) -> bool:
    pupils = rng.integers(30, 120, 8)
    return beside_the_rest(rng.binomial(pupils, 0.3), pupils)["verdict"].iloc[0] in _CALLED


def _wave_change(rng: Generator) -> bool:
    weight = rng.gamma(4, 1, (2, 250))
    hit = rng.random((2, 250)) < 0.35
    old, new = (weighted_share([w @ h], [w.sum()], [w @ w]) for w, h in zip(weight, hit, strict=True))
    return verdicts(difference(new, old), [True])[0] in _CALLED


def _classes(rng: Generator) -> bool:
    """Two waves where whole classes answer, and answer alike."""

    def wave() -> pd.DataFrame:
        level = np.repeat(rng.beta(6, 14, 24), 15)
        rows = {"hit": rng.random(360) < level, "weight": 1.0, "cluster": np.repeat(np.arange(24), 15)}
        return survey_share(pd.DataFrame(rows))

    return verdicts(difference(wave(), wave()), [True])[0] in _CALLED


def _ratio(rng: Generator) -> bool:
    old, new = rng.poisson([40, 60])
    return rate_ratio(old, new, 2, 3)["verdict"].iloc[0] in _CALLED


def _roots(rng: Generator) -> bool:
    return bool(abs(root_change(*rng.poisson([60, 60]))) > 3)


def _hot_spots(rng: Generator) -> bool:
    grid = Grid.around([0, 2999], [0, 2999])
    people = np.ones((grid.rows, grid.columns))
    x, y = rng.uniform(-250, 3250, (2, 400))
    moment = np.datetime64("2024-01-01") + rng.integers(0, 700_000, 400).astype("timedelta64[m]")
    return len(hot_spots(x, y, moment, grid=grid, expected=people).spots) > 0


def _near_repeat(rng: Generator) -> bool:
    x, y = rng.uniform(0, 1500, (2, 150))
    found = near_repeat(x, y, rng.integers(0, 200, 150), distances=[200], days=[14], permutations=99)
    return bool(found.bands["p"].iloc[0] <= 0.05)


def _gathered(rng: Generator) -> bool:
    counts = np.bincount(rng.integers(0, 1000, 400), minlength=1000)
    return gathered(counts, all_known=True, simulations=399).verdict in _CALLED


def _gathered_where_any(rng: Generator) -> bool:
    counts = np.bincount(rng.integers(0, 1000, 400))
    return gathered(counts[counts > 0], all_known=False, simulations=399).verdict in _CALLED


def _even_hours(rng: Generator) -> bool:
    return bool(against_even(rng.multinomial(4200, [1 / 168] * 168), np.ones(168))["verdict"].isin(_CALLED).any())


def _year_change(rng: Generator) -> bool:
    old, new = _counts(rng, np.tile(30 * _season(12), (2, 1)), 2)
    return year_change(old, new).verdict in _CALLED


def _before_after(rng: Generator) -> bool:
    areas = rng.poisson([[80, 80], [90, 90], [40, 40], [50, 50]])
    return weighted_difference(*(Pair(*area) for area in areas.tolist())).verdict in _CALLED


def _did(rng: Generator) -> bool:
    mean = np.linspace(15, 60, 6)[:, None] * _season(24)
    months = pd.date_range("2024-01-01", periods=24, freq="MS")
    rows = pd.DataFrame(
        {
            "area_id": np.repeat(np.arange(6), 24), "period_start": np.tile(months, 6),
            "count": _counts(rng, mean, 2).ravel(), "treated": np.repeat(np.arange(6) == 1, 24),
        }
    )  # fmt: skip
    return difference_in_differences(rows, _START).verdict in _CALLED


def _interrupted(rng: Generator) -> bool:
    return interrupted(_series(_counts(rng, 40 * _season(48), 2), "2022-01-01", "MS"), _START).verdict in _CALLED


def _lattice() -> np.ndarray:
    row, column = np.divmod(np.arange(64), 8)
    apart = np.maximum(abs(row[:, None] - row), abs(column[:, None] - column))
    return (apart == 1).astype(float)


def _gi_star(rng: Generator) -> bool:
    return bool(abs(local_gi_star(rng.poisson(20, 64), _lattice())[27]) > 1.96)


def _moran(rng: Generator) -> bool:
    return moran(rng.poisson(20, 64), _lattice(), permutations=99).p <= 0.05


def _u_chart(rng: Generator) -> int:
    points = u_chart(_series(_counts(rng, 50 * _season(60), 3), "2020-01-01", "MS")).points
    return int(points["verdict"].isin(_CALLED).sum())


def _p_chart(rng: Generator) -> int:
    series = _series(rng.binomial(200, 0.3, 24).astype(float), "2019-01-01", "QS", 200)
    return int(p_chart(series, periods_per_year=4).points["verdict"].isin(_CALLED).sum())


def _problem(rng: Generator) -> pd.DataFrame:
    """Counts before and after of five dimensions that nothing has happened in."""
    sizes = (2, 4, 7, 12, 24)
    names = [(f"d{size}", f"v{i}") for size in sizes for i in range(size)]
    parts = [rng.dirichlet(np.full(size, 4.0)) for size in sizes]
    sides = [np.concatenate([rng.multinomial(total, part) for part in parts]) for total in (900, 600)]
    rows = pd.DataFrame(names, columns=["dimension", "value"])
    return rows.assign(before=sides[0], after=sides[1])


def _explain(rng: Generator) -> bool:
    return bool(explain.change(_problem(rng))["verdict"].isin(_CALLED).any())


def _explain_shares(rng: Generator) -> bool:
    rows = _problem(rng)
    for side, share in (("before", 0.3), ("after", 0.36)):
        rows[f"part_{side}"] = rng.binomial(rows[side], share)
        rows[f"weight_{side}"] = rows[f"squares_{side}"] = rows[side]
    return bool(explain.shares(rows)["verdict"].isin(_CALLED).any())


METHODS = (
    Noise("Expected, years (dispersion 6)", 0.05, _year_expected),
    Noise("Expected, quarters (dispersion 4)", 0.05, _quarter_expected),
    Noise("Trend of ten years (dispersion 4)", 0.05, _trend),
    Noise("Funnel, one area beside eight peers", 0.05, _funnel),
    Noise("Share beside the rest, one school of eight", 0.05, _rest),
    Noise("Survey, change between waves, weighted", 0.05, _wave_change),
    Noise("Survey, change between waves, classes", 0.05, _classes),
    Noise("Two counts, rate ratio", 0.05, _ratio),
    Noise("Two counts, roots beyond 3", _ROOTS, _roots),
    Noise("Hot spots, any in 196 squares", 0.05, _hot_spots),
    Noise("Near repeat, one band", 0.05, _near_repeat),
    Noise("Few places, 400 events on 1 000 known", 0.05, _gathered),
    Noise("Few places, only those with events known", 0.05, _gathered_where_any),
    Noise("Evenness, any of a week's 168 hours", 0.05, _even_hours),
    Noise("Year on year by month (dispersion 2)", 0.05, _year_change),
    Noise("Before and after with control and buffers", 0.05, _before_after),
    Noise("Difference in differences (dispersion 2)", 0.05, _did),
    Noise("Interrupted series (dispersion 2)", 0.05, _interrupted),
    Noise("Local Gi*, one area", 0.05, _gi_star),
    Noise("Moran's I", 0.05, _moran),
    Noise("u chart, 60 months (dispersion 3)", 0.0027, _u_chart, 60),
    Noise("p chart, 24 quarters", 0.0027, _p_chart, 24),
    Noise("Causes, any of 49 values", 0.05, _explain),
    Noise("Causes of a share, any of 49 values", 0.05, _explain_shares),
)
