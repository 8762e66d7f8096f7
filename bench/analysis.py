"""Methods on many events, timed; and every method that gives a verdict on noise: how often it calls something."""

from __future__ import annotations

import time
from collections.abc import Callable

import numpy as np

from analysis.concentration import concentration, counted
from analysis.hot_spots import Grid, hot_spots
from analysis.near_repeat import near_repeat
from analysis.week import week
from bench.analysis_noise import CERTAINTY, SEEDS, Rate, rates
from bench.report import Measured, median, print_table, tell, yes

ROUNDS = 3
MANY, SOME = 1_000_000, 50_000
_SEED = 2026
_START = np.datetime64("2023-01-01T00:00")
_MINUTES = 3 * 365 * 24 * 60
#: Metres: a large municipality, and a town.
_LAND, _TOWN = 80_000.0, 12_000.0
_ADDRESSES = 30_000
_LONGEST = 3 * 24 * 60


def main(rounds: int) -> None:
    """Each method on made events, in this process: half of them have a span, half a moment."""
    rng = np.random.default_rng(_SEED)
    begin = _START + rng.integers(0, _MINUTES, MANY).astype("timedelta64[m]")
    spans = np.where(rng.random(MANY) < 0.5, 0, rng.integers(1, _LONGEST, MANY))
    end = begin + spans.astype("timedelta64[m]")
    x, y = rng.uniform(0, _LAND, MANY), rng.uniform(0, _LAND, MANY)
    address = rng.integers(0, _ADDRESSES, MANY)
    grid = Grid.around([0, _LAND], [0, _LAND])
    people = np.ones((grid.rows, grid.columns))
    town = (rng.uniform(0, _TOWN, SOME), rng.uniform(0, _TOWN, SOME), rng.integers(0, 3 * 365, SOME))
    many = f"{MANY:,} events"
    tell(
        "Analysis",
        [
            _timed(f"Weekday × hour, {many}", lambda: week(begin, end), 2.0, rounds),
            _timed(f"Concentration, {many}", lambda: concentration(counted(address, _ADDRESSES * 2)), 2.0, rounds),
            _timed(f"Hot spots, {many}", lambda: hot_spots(x, y, begin, grid=grid, expected=people), 2.0, rounds),
            _timed(f"Near repeats, {SOME:,} events", lambda: near_repeat(*town), 10.0, rounds),
        ],
        f"Medians of {rounds}. Hot spots on {grid.rows * grid.columns:,} squares; near repeats with 99 permutations.",
    )

    _tell_noise(rates())


def _tell_noise(found: list[Rate]) -> None:
    rows = [
        [r.name, f"{100 * r.nominal:.2g} %", f"{r.calls} of {r.judged}", f"{100 * r.calls / r.judged:.2g} %",
         f"≤ {r.most}", yes(r.calls <= r.most)]
        for r in found
    ]  # fmt: skip
    head = ["Method", "Nominal", "Called", "Share", "Target", "Met"]
    print_table(f"Verdicts on pure noise, {SEEDS} seeds", head, rows)
    print(f"- Target: the binomial {100 * CERTAINTY:g} % limit of what a method that keeps its nominal rate calls.")


def _timed(what: str, work: Callable[[], object], target: float, rounds: int) -> Measured:
    seconds = []
    for _ in range(rounds):
        start = time.perf_counter()
        work()
        seconds.append(time.perf_counter() - start)
    return Measured.at_most(what, median(seconds), target, "s")
