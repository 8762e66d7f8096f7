"""The disclosure gate on tables of ten thousand counts, few and many of them small, in two and three dimensions."""

from __future__ import annotations

import os
import time

import numpy as np
from numpy.typing import NDArray

from analysis.disclosure import hidden_cells, small
from bench.report import median, print_table, yes

ROUNDS = 10
_SEED = 2026
_TARGET = 0.02

Floats = NDArray[np.float64]


def main(rounds: int) -> None:
    """Each table as a page would have it protected, in this process."""
    rows = []
    for what, whole, axes in tables():
        seconds = [_seconds(whole, axes) for _ in range(rounds)]
        few = f"{int(small(whole).sum()):,}"
        rows.append([f"{what}, {whole.size:,} cells", few, f"{1000 * min(seconds):.1f} ms",
                     f"{1000 * median(seconds):.1f} ms", f"≤ {1000 * _TARGET:g} ms",
                     yes(median(seconds) <= _TARGET)])  # fmt: skip
    print_table("Disclosure gate", ["Table", "Small counts", "Least", "Median", "Target", "Met"], rows)
    load = f", load {os.getloadavg()[0]:.1f} at the end" if hasattr(os, "getloadavg") else ""
    print(f"- Wall clock of {rounds} rounds{load}. Met: by the median.")


def tables() -> list[tuple[str, Floats, list[int]]]:
    """Names, tables with their totals first along the axes, and those axes."""
    rng = np.random.default_rng(_SEED)
    mean = 12 * rng.lognormal(0, 1.2, (8, 1, 40)) * rng.lognormal(0, 0.8, (8, 31, 1))
    return [
        ("Eight years of 31 districts by 40 categories", _with_totals(rng.poisson(mean), [1, 2]), [1, 2]),
        ("100 × 100, mean 2", _with_totals(rng.poisson(2.0, (99, 99)), [0, 1]), [0, 1]),
        ("100 × 100, skewed", _with_totals(rng.poisson(rng.lognormal(2, 1, (99, 99))), [0, 1]), [0, 1]),
        ("22 × 22 × 22, mean 12", _with_totals(rng.poisson(12.0, (21, 21, 21)), [0, 1, 2]), [0, 1, 2]),
        ("22 × 22 × 22, skewed", _with_totals(rng.poisson(rng.lognormal(2, 1, (21, 21, 21))), [0, 1, 2]), [0, 1, 2]),
    ]  # fmt: skip


def _with_totals(body: NDArray[np.int64], axes: list[int]) -> Floats:
    whole = body.astype(float)
    for axis in axes:
        whole = np.concatenate([whole.sum(axis=axis, keepdims=True), whole], axis=axis)
    return whole


def _seconds(whole: Floats, axes: list[int]) -> float:
    start = time.perf_counter()
    hidden_cells(whole, axes)
    return time.perf_counter() - start
