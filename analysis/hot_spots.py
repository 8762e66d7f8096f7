"""Where events lie closer than expected: hot spots on a grid, for long, of late, or newly come."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]
Mask = NDArray[np.bool_]

#: Side of a square in metres.
SIZE = 250.0
#: The study period is cut in so many equally long parts; the last fifth is recent.
PERIODS = 10
RECENT = 5
#: A spot is persistent when it is hot in this share of the periods.
PERSISTENT = 0.8
#: Chance of calling any hot spot where there is none, over everything that is looked at.
ALPHA = 0.05
#: Squares whose neighbourhood has fewer events in the time looked at are not called: too little to judge.
FEWEST = 5
#: A grid larger than this is a fault in a coordinate.
MOST_SQUARES = 4_000_000


class Kind(StrEnum):
    """What kind of hot spot a place is; the value is the Swedish label on screen."""

    EMERGING = "ny"
    PERSISTENT = "varaktig"
    RECENT = "aktuell"
    PAST = "tidigare eller tillfällig"


@dataclass(frozen=True)
class Grid:
    """Squares of ``size`` metres in SWEREF 99 TM; ``column`` and ``row`` count from ``west`` and ``south``."""

    west: float
    south: float
    size: float
    columns: int
    rows: int

    @classmethod
    def around(cls, x: ArrayLike, y: ArrayLike, size: float = SIZE) -> Grid:
        """The grid, on whole multiples of ``size``, that holds all points, with an empty square around."""
        east, north = (np.asarray(v, dtype=float) for v in (x, y))
        first_column, first_row = (int(np.floor(v.min() / size)) - 1 for v in (east, north))
        columns = int(np.floor(east.max() / size)) - first_column + 2
        rows = int(np.floor(north.max() / size)) - first_row + 2
        if columns * rows > MOST_SQUARES:
            raise ValueError(
                f"Punkterna ligger så långt isär att rutnätet blir {columns} × {rows} rutor. "
                "Kontrollera koordinaterna eller välj större rutor."
            )
        return cls(first_column * size, first_row * size, size, columns, rows)

    def square(self, x: ArrayLike, y: ArrayLike) -> Integers:
        """Number of the square that each point lies in; -1 outside the grid, and of a missing point."""
        column = np.floor((np.asarray(x, dtype=float) - self.west) / self.size)
        row = np.floor((np.asarray(y, dtype=float) - self.south) / self.size)
        inside = (column >= 0) & (column < self.columns) & (row >= 0) & (row < self.rows)
        return np.where(inside, np.nan_to_num(row * self.columns + column), -1).astype(np.int64)

    def counts(self, squares: Integers, events: ArrayLike = 1.0) -> Floats:
        """Events in each square, rows x columns."""
        many = np.broadcast_to(np.asarray(events, dtype=float), squares.shape)
        inside = squares >= 0
        flat = np.bincount(squares[inside], many[inside], minlength=self.rows * self.columns)
        return flat.astype(float).reshape(self.rows, self.columns)


@dataclass(frozen=True)
class HotSpots:
    """``squares``: one row per square that is hot in some look: column, row, x, y (its middle), spot, count, events and
    expected (in the square and its eight neighbours, whole time), recent and recent_expected (same, last fifth), z
    (Gi*), hot_periods (share, 0-1) and kind. ``spots``: hot squares that touch, joined: spot, kind, x, y (the square
    with most events around it), squares, count, recent_count. Most events first. ``looks``: tests that the correction
    counts on.
    """

    grid: Grid
    squares: pd.DataFrame
    spots: pd.DataFrame
    looks: int


def hot_spots(
    x: ArrayLike,
    y: ArrayLike,
    moment: ArrayLike,
    *,
    grid: Grid | None = None,
    expected: Floats | None = None,
    alpha: float = ALPHA,
) -> HotSpots:
    """Hot spots among events at ``x``, ``y`` (n, metres in SWEREF 99 TM) and ``moment`` (n, datetime64).

    A square's neighbourhood is itself and its eight neighbours with equal weight (Gi* with star and binary weights).
    Two questions are asked of it:

    * level: more events than its part of ``expected`` (rows x columns of ``grid``, any scale: for example inhabitants,
      or all events of the source)? Over the whole time and over the last fifth. Not asked without ``expected``: events
      lie where people are, and a map of that is no finding.
    * change: a larger part of the events in the last fifth than before, against the place's own past?

    Given the total, the neighbourhood's events are binomial (level) or hypergeometric (change) when there is no
    hot spot; these exact tails replace the normal approximation of Gi*, which fails on the sparse counts of small
    squares. ``z`` is Gi* in that form. All looks at all squares are corrected together (Bonferroni, as Ord & Getis 1995
    do), so that the chance of calling any square that is not hot is at most ``alpha``, also beside one that is. Only
    squares with an event of their own, and FEWEST around, are called.

    Kind, the first that holds: PERSISTENT (p < ALPHA against ``expected`` in PERSISTENT of the periods), EMERGING
    (change), RECENT (level, last fifth), PAST (level, whole time only). Source: Ord & Getis 1995, Geographical Analysis
    27:286-306. Raises ValueError when ``expected`` does not fit the grid.
    """
    east, north, when = _known(x, y, moment)
    if not len(east):
        raise ValueError("Ingen händelse har både plats och tid.")
    grid = grid or Grid.around(east, north)
    if expected is not None and expected.shape != (grid.rows, grid.columns):
        raise ValueError(f"Det väntade ska ha rutnätets form {grid.rows} × {grid.columns}.")
    squares = grid.square(east, north)
    periods = np.stack([grid.counts(squares[when == period]) for period in range(PERIODS)])
    looked, looks = _looked(periods, expected)
    hot = _called(looked, looks, alpha)
    found = _described(looked[hot.any(axis=1)], hot[hot.any(axis=1)], periods, grid)
    return HotSpots(grid, found, _spots(found), looks)


def _known(x: ArrayLike, y: ArrayLike, moment: ArrayLike) -> tuple[Floats, Floats, Integers]:
    """Events with place and time, the time as the number of its period."""
    east, north = (np.asarray(v, dtype=float) for v in (x, y))
    time = np.asarray(moment, dtype="datetime64[m]")
    known = np.isfinite(east) & np.isfinite(north) & ~np.isnat(time)
    minute = time[known].astype(np.int64)
    if not len(minute):
        return east[known], north[known], minute
    first, length = minute.min(), int(minute.max() - minute.min()) + 1
    return east[known], north[known], (minute - first) * PERIODS // length


def around(values: Floats) -> Floats:
    """Sum of each square and its eight neighbours (the last two axes); nothing lies outside."""
    pad = [(0, 0)] * (values.ndim - 2) + [(1, 1), (1, 1)]
    v = np.pad(values, pad)
    rows = v[..., :-2, :] + v[..., 1:-1, :] + v[..., 2:, :]
    return np.asarray(rows[..., :-2] + rows[..., 1:-1] + rows[..., 2:])


#: The looks: the column of their p, and the column of the events that they rest on.
_LOOKS = {"level_p": "events", "recent_p": "recent", "change_p": "recent"}


def _looked(periods: Floats, expected: Floats | None) -> tuple[pd.DataFrame, int]:
    """Every square with an event around it and the p of each look; and how many looks there are, at others too."""
    whole, latest = periods.sum(axis=0), periods[-(PERIODS // RECENT) :].sum(axis=0)
    total, recent_total = float(whole.sum()), float(latest.sum())
    row, column = np.nonzero(around(whole) > 0)
    events, recent = around(whole)[row, column], around(latest)[row, column]
    out = pd.DataFrame({"row": row, "column": column, "count": whole[row, column], "events": events, "recent": recent})
    out["recent_count"] = latest[row, column]
    # Given how many there are in all, and how many are late, chance alone decides which of those around are late.
    out["change_p"] = _hypergeometric_tail(recent, events, recent_total, total)
    if expected is None:
        nothing = dict.fromkeys(["share", "expected", "recent_expected", "z"], np.nan)
        return out.assign(level_p=1.0, recent_p=1.0, **nothing), len(out)
    part = around(np.nan_to_num(expected)) / float(np.nansum(expected))
    share = out["share"] = np.clip(part[row, column], 0, 1)
    out["expected"], out["recent_expected"] = share * total, share * recent_total
    out["level_p"], out["recent_p"] = _binomial_tail(events, total, share), _binomial_tail(recent, recent_total, share)
    with np.errstate(divide="ignore"):
        out["z"] = (events - share * total) / np.sqrt(share * (1 - share) * total)
    # Squares without events around them were looked at too, wherever some are expected.
    return out, len(out) + 2 * int(np.count_nonzero((part > 0) | (around(whole) > 0)))


def _called(looked: pd.DataFrame, looks: int, alpha: float) -> pd.DataFrame:
    """Which looks, by the columns of _LOOKS, call a square hot."""
    seldom = looked[list(_LOOKS)].to_numpy() <= alpha / looks
    enough = looked[list(_LOOKS.values())].to_numpy() >= FEWEST
    return pd.DataFrame(seldom & enough & (looked[["count"]].to_numpy() > 0), columns=list(_LOOKS))


def _described(called: pd.DataFrame, hot: pd.DataFrame, periods: Floats, grid: Grid) -> pd.DataFrame:
    out, why = called.reset_index(drop=True), hot.reset_index(drop=True)
    each = _binomial_tail(
        around(periods)[:, out["row"], out["column"]], periods.sum(axis=(1, 2))[:, None], out["share"].to_numpy()
    )
    out["hot_periods"] = np.where(out["share"].notna(), (each < ALPHA).mean(axis=0), np.nan)
    out["x"] = grid.west + (out["column"] + 0.5) * grid.size
    out["y"] = grid.south + (out["row"] + 0.5) * grid.size
    always = out["hot_periods"] >= PERSISTENT
    kinds = [Kind.PERSISTENT, Kind.EMERGING, Kind.RECENT]
    out["kind"] = np.select([always, why["change_p"], why["recent_p"]], kinds, Kind.PAST) if len(out) else ""
    out["spot"] = _joined(out["row"].to_numpy(), out["column"].to_numpy())
    return out


def _joined(row: Integers, column: Integers) -> Integers:
    """Number of the spot that each square belongs to: squares that touch, corners too, are one."""
    from scipy.sparse.csgraph import connected_components
    from scipy.spatial import KDTree

    if not len(row):
        return np.zeros(0, dtype=np.int64)
    tree = KDTree(np.column_stack([row, column]))
    # Two squares touch when they are at most 1 apart both ways: the largest of the differences.
    touching = tree.sparse_distance_matrix(tree, 1.0, p=np.inf)
    touching.setdiag(1)
    return np.asarray(connected_components(touching, directed=False)[1], dtype=np.int64)


def _spots(squares: pd.DataFrame) -> pd.DataFrame:
    """A row per spot, where its square with most events around it stands for it."""
    ordered = squares.sort_values(["recent", "events"], ascending=False, kind="stable")
    groups = ordered.groupby("spot")
    out = groups[["kind", "x", "y"]].first()
    out["squares"] = groups.size()
    out[["count", "recent_count"]] = groups[["count", "recent_count"]].sum()
    return out.sort_values("count", ascending=False, kind="stable").reset_index()


def _binomial_tail(events: Floats, total: float | Floats, share: Floats) -> Floats:
    """Chance of at least so many of the total, when each comes there with chance ``share``; 1 where no more than
    expected came, which is not worth working out."""
    from scipy.special import bdtrc

    more = events > total * share
    whole, part = np.broadcast_to(total, events.shape)[more], np.broadcast_to(share, events.shape)[more]
    out = np.ones(events.shape)
    out[more] = bdtrc(events[more] - 1, whole.astype(np.int64), part)
    return out


def _hypergeometric_tail(recent: Floats, events: Floats, recent_total: float, total: float) -> Floats:
    """Chance that at least ``recent`` of the ``events`` are among the ``recent_total`` of the ``total``."""
    from scipy.stats import hypergeom

    more = recent * total > events * recent_total
    out = np.ones(events.shape)
    out[more] = hypergeom.sf(recent[more] - 1, total, recent_total, events[more])
    return out
