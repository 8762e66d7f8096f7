"""Where events with a point lie: places that have become hot, places with most, and on how few places they gather."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from analysis.concentration import counted
from analysis.few_places import FEWEST_PLACES, Gathered, gathered
from analysis.hot_spots import PERIODS, RECENT, SIZE, Grid, Kind, hot_spots
from queries.event_rows import Asked, in_steps, left_out, one_by_one, period, step, with_point, within
from queries.local import HIDDEN
from store.warehouse import Build, fetch

#: How many of the newest quarters are looked at to tell what goes on for long, and how many make it persistent.
QUARTERS, PERSISTENT = 5, 4
#: Squares beyond these are not told of: a map or list of all says less.
MOST_SQUARES = 200
#: For figures that are published as they are, a square with fewer events is not shown either.
_SMALL = 5


@dataclass(frozen=True)
class Spots:
    """Where the events of the period with a point lie.

    ``squares``: one row per square of ``size`` metres with events enough to be shown, most first: x, y (its middle,
    metres in SWEREF 99 TM), lat, lon, area (the small area that most of its events lie in), district, events (in
    steps), quarters (of the newest QUARTERS, with any event) and kind (``Kind.EMERGING``: a larger part of its events
    in the last fifth than elsewhere, beyond chance; PERSISTENT: no judgement, events in PERSISTENT of the quarters;
    else empty). ``spots``: emerging ones, squares that touch joined: the same columns, and recent (events of the last
    fifth, in steps) and recent_from (its first day). ``missing``: how large a share (0-1) of the events has no
    point; NaN when fewer than a step, or none.
    """

    squares: pd.DataFrame
    spots: pd.DataFrame
    missing: float
    size: float
    step: int
    recent_from: pd.Timestamp


@dataclass(frozen=True)
class Places:
    """``gathered``: on how few places the events lie. ``of``: what a place is: "square" or "deso". ``missing``: as in
    ``Spots``, of those whose place is not known so closely."""

    gathered: Gathered
    of: str
    missing: float


def spots(build: Build, municipality_id: str, source_id: str, place_id: str, category: str) -> Spots | None:
    """Squares of the source's whole years with most events, and those that have become hot; None without any point."""
    covered = period(build, source_id)
    if covered is None:
        return None
    rows = within(build, Asked(municipality_id, source_id, place_id, category), covered)
    points = with_point(rows)
    if points.empty:
        return None
    grid = Grid.around(points["x"], points["y"], SIZE)
    points["square"] = grid.square(points["x"], points["y"])
    first, last = points["moment"].min(), points["moment"].max()
    recent_from = first + (last - first) * (PERIODS - PERIODS // RECENT) / PERIODS
    each = one_by_one(points)
    found = hot_spots(each["x"], each["y"], each["moment"], grid=grid)
    size = step(build, source_id)
    quarter_starts = [covered.start(3, back) for back in range(QUARTERS)]
    squares = _squares(points, grid, size, quarter_starts)
    squares["kind"] = _kinds(squares, found.squares)
    named = _named(build, municipality_id, squares)
    joined = found.squares[["column", "row", "spot"]].assign(square=lambda s: s["row"] * grid.columns + s["column"])
    emerging = _joined(points.merge(joined, on="square"), grid, size, quarter_starts, recent_from)
    shown = named[named["status"] != HIDDEN].head(MOST_SQUARES).reset_index(drop=True)
    return Spots(shown, _named(build, municipality_id, emerging), _lost(points, rows, size), SIZE, size, recent_from)


def _squares(points: pd.DataFrame, grid: Grid, size: int, quarters: list[pd.Timestamp]) -> pd.DataFrame:
    """Every square with events: square, x, y, area_id, events, status, quarters; most events first."""
    out = _summed(points, "square", quarters)
    out["x"] = grid.west + (out["square"] % grid.columns + 0.5) * grid.size
    out["y"] = grid.south + (out["square"] // grid.columns + 0.5) * grid.size
    return _told(out, size).sort_values(["count", "square"], ascending=[False, True], ignore_index=True)


def _summed(points: pd.DataFrame, by: str, quarters: list[pd.Timestamp]) -> pd.DataFrame:
    groups = points.groupby(by)
    out = pd.DataFrame({"count": groups["events"].sum().astype(float)})
    most = points.groupby([by, "area_id", "district"], dropna=False)["events"].sum().reset_index()
    most = most.sort_values("events", ascending=False, kind="stable").drop_duplicates(by).set_index(by)
    out[["area_id", "district_id"]] = most[["area_id", "district"]]
    newest = points[points["moment"] >= quarters[-1]]
    number = np.searchsorted(np.array(quarters[::-1], dtype="datetime64[ns]"), newest["moment"], side="right")
    out["quarters"] = newest.assign(quarter=number).groupby(by)["quarter"].nunique()
    return out.fillna({"quarters": 0}).astype({"quarters": int}).reset_index()


def _told(out: pd.DataFrame, size: int) -> pd.DataFrame:
    """With the number as it may be told; of published figures too, few in a square are not worth telling."""
    told = in_steps(out["count"], size)
    few = out["count"] < max(size, _SMALL)
    return out.assign(events=told["events"].mask(few), status=told["status"].mask(few, HIDDEN))


def _kinds(squares: pd.DataFrame, hot: pd.DataFrame) -> np.ndarray:
    emerging = set(zip(hot["x"], hot["y"], strict=True))
    is_new = [place in emerging for place in zip(squares["x"], squares["y"], strict=True)]
    return np.select([is_new, squares["quarters"] >= PERSISTENT], [Kind.EMERGING, Kind.PERSISTENT], "")


def _joined(
    points: pd.DataFrame, grid: Grid, size: int, quarters: list[pd.Timestamp], recent_from: pd.Timestamp
) -> pd.DataFrame:
    """Emerging spots: as squares, but of all squares of the spot together, around the middle of its recent events."""
    out = _summed(points, "spot", quarters)
    recent = points[points["moment"] >= recent_from].groupby("spot")
    middle = recent[["x", "y"]].mean()
    # To whole hundreds of metres: the middle of few points is nearly one of them.
    out[["x", "y"]] = (middle.reindex(out["spot"]) / 100).round().mul(100).to_numpy()
    out["recent"] = in_steps(recent["events"].sum().reindex(out["spot"], fill_value=0).reset_index(drop=True), size)[
        "events"
    ].to_numpy()
    out = _told(out, size)
    return out[out["status"] != HIDDEN].assign(kind=Kind.EMERGING).sort_values("count", ascending=False)


def _named(build: Build, municipality_id: str, places: pd.DataFrame) -> pd.DataFrame:
    """With names of area and district, and degrees; without exact counts."""
    names = fetch(
        build,
        """
        SELECT area_id, name FROM area WHERE level IN ('deso', 'regso', 'district')
          AND (starts_with(area_id, $municipality) OR parent_id = $municipality)
        """,
        {"municipality": municipality_id},
    ).set_index("area_id")["name"]
    lon, lat = _degrees(places["x"], places["y"])
    out = places.assign(
        lat=lat, lon=lon, area=places["area_id"].map(names).fillna(""),
        district=places["district_id"].map(names).fillna(""),
    )  # fmt: skip
    return out.drop(columns=["count", "area_id", "district_id"]).reset_index(drop=True)


def _degrees(x: pd.Series, y: pd.Series) -> tuple[np.ndarray, np.ndarray]:
    from pyproj import Transformer

    lon, lat = Transformer.from_crs(3006, 4326, always_xy=True).transform(x.to_numpy(float), y.to_numpy(float))
    return np.asarray(lon), np.asarray(lat)


def places(build: Build, municipality_id: str, source_id: str, place_id: str, category: str) -> Places | None:
    """On how few places half of the events lie: squares where the source has points, else small areas (DeSO).

    DeSO have about as many inhabitants each and are all known; of squares only those with events are. None when fewer
    than half of the events have a place that small, or there are fewer than FEWEST_PLACES such areas.
    """
    covered = period(build, source_id)
    if covered is None:
        return None
    rows = within(build, Asked(municipality_id, source_id, place_id, category), covered)
    points, size = with_point(rows), step(build, source_id)
    if not points.empty:
        grid = Grid.around(points["x"], points["y"], SIZE)
        each = points.assign(square=grid.square(points["x"], points["y"])).groupby("square")["events"].sum()
        return Places(_coarse(gathered(each, all_known=False), size), "square", _lost(points, rows, size))
    known = _small_areas(build, place_id)
    placed = rows[rows["area_id"].isin(known)]
    if len(known) < FEWEST_PLACES or placed["events"].sum() * 2 < rows["events"].sum() or placed.empty:
        return None
    counts = counted(np.repeat(placed["area_id"].to_numpy(), placed["events"].to_numpy()), len(known))
    return Places(_coarse(gathered(counts, all_known=True), size), "deso", _lost(placed, rows, size))


def _lost(some: pd.DataFrame, rows: pd.DataFrame, size: int) -> float:
    """How large a share of the events is not in some of the rows, as it may be told."""
    every = float(rows["events"].sum())
    return left_out(every - float(some["events"].sum()), every, size)[1]


def _coarse(found: Gathered, size: int) -> Gathered:
    """The same as it may be told: an exact curve would tell the number of every place.

    How many events there are on the places with most is told in steps, as the middle of each, and the Gini coefficient
    follows from that curve.
    """
    if size == 1:
        return found
    told = found.found
    step_of = (told.curve["events"] * told.events + 1e-9) // size
    ends_of = step_of.duplicated() | (step_of == 0) & (told.curve["places"] > 0)
    middle = ((step_of + 0.5) * size - 0.5) / told.events
    curve = told.curve.assign(events=middle.clip(upper=1.0).where(step_of > 0, 0.0))[~ends_of]
    curve = pd.concat([curve, told.curve.tail(1)]).drop_duplicates("places", keep="last").reset_index(drop=True)
    even = 2 * float(np.trapezoid(curve["events"], curve["places"])) - 1
    gini = round(max(1.0, told.places / told.events) * (even - 1) + 1, 2)
    coarse = replace(told, events=told.events // size * size, gini=gini, curve=curve.round(2))
    ends = {name: round(getattr(found, name), 2) for name in ("expected", "lower", "upper")}
    return replace(found, found=coarse, **ends)


def _small_areas(build: Build, place_id: str) -> list[str]:
    """The DeSO of today's division in a place."""
    return fetch(
        build,
        """
        SELECT a.area_id FROM area a JOIN area_within w USING (area_id)
        WHERE w.within_id = $place AND a.level = 'deso' AND a.valid_to IS NULL ORDER BY a.area_id
        """,
        {"place": place_id},
    )["area_id"].tolist()


def areas(build: Build, area_ids: tuple[str, ...]) -> pd.DataFrame:
    """Areas to name on a map: area_id, name, lat, lon; those with a known position."""
    return fetch(
        build,
        """
        SELECT area_id, name, lat, lon FROM area
        WHERE list_contains($ids, area_id) AND lat IS NOT NULL AND lon IS NOT NULL ORDER BY area_id
        """,
        {"ids": list(area_ids)},
    )
