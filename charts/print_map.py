"""Maps for paper: every area a vector shape, with labels, enlargements of towns, key, north arrow and scale bar.

Drawn in kilometres on plain axes: x = longitude x cos(latitude), y = latitude. Within one municipality the shapes are
those of the ground to within a few parts in a thousand. Frames as in charts.maps.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from textwrap import wrap
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
import plotly.graph_objects as go

from charts.labels import Box, overlaps
from charts.maps import SCHOOL, Json, colours, rings
from charts.style import base

Points = npt.NDArray[np.float64]

#: Pixels of the paper that reports.pictures draws on: 1000 wide with margins of 40, about 25 cm.
_WIDTH, _HEIGHT = 920, 800
_MAP_WIDTH, _PANEL = 600, 290
_LABEL_SIZE, _LINE = 11, 13
_LETTER = 6.2
#: A label is tried at this many steps across and up its area.
_TRIES = 24
_KM_PER_DEGREE = 111.32

#: Places whose labels have no room are drawn again, larger, in at most this many frames.
_INSETS = 2
_INSET_HIGHEST, _INSET_TITLE = 400, 26
_KEY_HEIGHT = 264
_TOGETHER_KM = 5.0
_EDGE = "#4A4E55"
_PLATE = "rgba(255, 255, 255, 0.78)"


@dataclass(frozen=True)
class _Frame:
    """A part of the paper, in pixels from the bottom left, and the kilometres that it shows; ``axis`` is "", "2", …"""

    axis: str
    left: float
    bottom: float
    width: float
    height: float
    west: float
    south: float
    km_per_px: float

    @classmethod
    def around(cls, points: Points, axis: str, box: tuple[float, float, float, float], pad: float) -> _Frame:
        left, bottom, width, height = box
        low, high = points.min(axis=0) - pad, points.max(axis=0) + pad
        km_per_px = max((high[0] - low[0]) / width, (high[1] - low[1]) / height)
        middle = (low + high) / 2
        west, south = middle - np.array([width, height]) * km_per_px / 2
        return cls(axis, left, bottom, width, height, float(west), float(south), float(km_per_px))

    @property
    def east(self) -> float:
        return self.west + self.width * self.km_per_px

    @property
    def north(self) -> float:
        return self.south + self.height * self.km_per_px

    def holds(self, x: float, y: float) -> bool:
        return self.west < x < self.east and self.south < y < self.north

    def refs(self) -> dict[str, str]:
        return {"xaxis": f"x{self.axis}", "yaxis": f"y{self.axis}"}

    def layout(self) -> Json:
        """The axes of the frame, without anything drawn of them."""
        quiet: Json = {"visible": False, "fixedrange": True, "automargin": False}
        across = [self.left / _WIDTH, (self.left + self.width) / _WIDTH]
        upwards = [self.bottom / _HEIGHT, (self.bottom + self.height) / _HEIGHT]
        return {
            f"xaxis{self.axis}": quiet | {"domain": across, "range": [self.west, self.east], "anchor": f"y{self.axis}"},
            f"yaxis{self.axis}": quiet
            | {"domain": upwards, "range": [self.south, self.north], "anchor": f"x{self.axis}"},
        }


@dataclass(frozen=True)
class _Ground:
    """From degrees to kilometres."""

    latitude: float
    longitude: float

    def km(self, degrees: npt.ArrayLike) -> Points:
        lon, lat = np.asarray(degrees, dtype=float).T
        shrink = math.cos(math.radians(self.latitude))
        return np.column_stack([(lon - self.longitude) * shrink, lat - self.latitude]) * _KM_PER_DEGREE


def print_map(
    areas: pd.DataFrame,
    labels: Sequence[str],
    geojson: Json,
    *,
    unit: str,
    with_names: bool,
    schools: pd.DataFrame,
    note: str = "",
) -> go.Figure:
    """The map as shapes and text, for a paper of the width in reports.pictures. ``unit`` and ``note`` head the key."""
    corners = np.array([point for feature in geojson["features"] for ring in rings(feature) for point in ring])
    longitude, latitude = (corners.min(axis=0) + corners.max(axis=0)) / 2
    ground = _Ground(float(latitude), float(longitude))
    shapes = {feature["properties"]["area_id"]: _path(feature, ground) for feature in geojson["features"]}
    drawn = areas[areas["area_id"].isin(shapes)].dropna(subset=["lat", "lon"])
    places = drawn.assign(**dict(zip(("x", "y"), ground.km(drawn[["lon", "lat"]].to_numpy()).T, strict=True)))
    places["lines"] = [_lines(*row, with_names) for row in zip(places["name"], places["short"], strict=True)]
    dots = ground.km(schools[["lon", "lat"]].to_numpy())
    main = _Frame.around(ground.km(corners), "", (0, 0, _MAP_WIDTH, _HEIGHT), 0.5)
    written, left_over = _placed(places, shapes, dots, main)
    frames, texts = [main], [written]
    for frame in _insets(left_over):
        within = places[[frame.holds(x, y) for x, y in zip(places["x"], places["y"], strict=True)]]
        frames.append(frame)
        texts.append(_placed(within, shapes, dots, frame)[0])
        # What is written in the enlargement is not written on the map as well.
        texts[0] = texts[0][~texts[0]["area_id"].isin(texts[-1]["area_id"])]
    figure = base(_HEIGHT)
    figure.update_layout(hovermode=False, plot_bgcolor="rgba(0,0,0,0)")
    fills = colours(len(labels))
    for frame, text in zip(frames, texts, strict=True):
        figure.add_traces(list(_drawing(places, shapes, fills, dots, frame)))
        figure.update_layout(frame.layout())
        _write(figure, text, frame)
    _frame_insets(figure, frames)
    heading = [f"<b>{unit}</b>", *wrap(note, 44)]
    _key(figure, fills, labels, heading, gaps=bool((places["klass"] < 0).any()), schools=len(dots) > 0)
    _north_and_scale(figure, main)
    return figure


def _path(feature: Json, ground: _Ground) -> Points:
    """The rings of an area one after another, parted by empty points; holes stay open, since each ring is closed."""
    parts = [np.vstack([ground.km(ring), [[np.nan, np.nan]]]) for ring in rings(feature)]
    return np.vstack(parts)[:-1]


def _lines(name: str, short: str, with_names: bool) -> list[str]:
    return [*wrap(name, 16), short] if with_names else [short]


def _placed(
    places: pd.DataFrame, shapes: dict[str, Points], dots: Points, frame: _Frame
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """The places whose labels have room in the frame, with x and y moved to where; and the places left over.

    Small areas come first, since large ones have more room to move their label in.
    """
    schools = [_box_at(dot, np.array([5.0, 5.0]), frame) for dot in dots]
    boxes: list[Box] = []
    written, left_over = [], []
    sized = sorted(places.to_dict("records"), key=lambda row: _extent(shapes[row["area_id"]]))
    for row in sized:
        half = np.array([max(map(len, row["lines"])) * _LETTER / 2 + 3, len(row["lines"]) * _LINE / 2 + 2])
        spots = list(_spots(np.array([row["x"], row["y"]]), shapes[row["area_id"]], half * frame.km_per_px))
        tried = [(spot, _box_at(spot, half, frame)) for spot in spots]
        free = [(spot, box) for spot, box in tried if _inside(box, frame) and not overlaps(box, boxes)]
        # Schools are kept clear of labels where the area has room for both.
        best = next((found for found in free if not overlaps(found[1], schools)), free[0] if free else None)
        if best is None:
            left_over.append(row)
            continue
        spot, box = best
        boxes.append(box)
        written.append(row | {"x": float(spot[0]), "y": float(spot[1])})
    return pd.DataFrame(written, columns=places.columns), pd.DataFrame(left_over, columns=places.columns)


def _extent(path: Points) -> float:
    return float(np.prod(np.nanmax(path, axis=0) - np.nanmin(path, axis=0)))


def _spots(own: Points, path: Points, half: Points) -> Iterator[Points]:
    """Middles for a label of half this size: those with all of it in its area, with its middle there, and its point."""
    low, high = np.nanmin(path, axis=0), np.nanmax(path, axis=0)
    if (high - low > 2 * half).all():
        across, up = (np.linspace(low[i], high[i], _TRIES) for i in (0, 1))
        grid = np.vstack([own, np.column_stack([axis.ravel() for axis in np.meshgrid(across, up)])])
        grid = grid[np.argsort(np.hypot(*(grid - own).T))]
        corners = [half * sign for sign in ((-1, -1), (-1, 1), (1, -1), (1, 1))]
        middle = _contains(path, grid)
        whole = middle & np.all([_contains(path, grid + corner) for corner in corners], axis=0)
        yield from grid[whole]
        yield from grid[middle & ~whole]
    yield own


def _contains(path: Points, points: Points) -> npt.NDArray[np.bool_]:
    """Which points lie in an area of rings parted by empty points, by the number of edges to the right of each."""
    (x0, y0), (x1, y1) = path[:-1].T, path[1:].T
    x, y = points[:, :1], points[:, 1:]
    with np.errstate(divide="ignore", invalid="ignore"):
        crosses = ((y0 > y) != (y1 > y)) & (x < (x1 - x0) * (y - y0) / (y1 - y0) + x0)
    # An edge to an empty point is no edge.
    crosses &= ~np.isnan(y0) & ~np.isnan(y1)
    return np.asarray(crosses.sum(axis=1) % 2 == 1)


def _inside(box: Box, frame: _Frame) -> bool:
    return min(box[:2]) >= 0 and box[2] <= frame.width and box[3] <= frame.height


def _box_at(spot: Points, half: Points, frame: _Frame) -> Box:
    at = (spot - (frame.west, frame.south)) / frame.km_per_px
    return (*(at - half), *(at + half))


def _insets(places: pd.DataFrame) -> Iterator[_Frame]:
    """Frames around the largest gatherings of places that had no room."""
    gatherings = _gatherings(places)[:_INSETS]
    height = min(_INSET_HIGHEST, (_HEIGHT - _KEY_HEIGHT) / max(len(gatherings), 1) - _INSET_TITLE)
    for number, group in enumerate(gatherings):
        bottom = _HEIGHT - (number + 1) * (height + _INSET_TITLE)
        yield _Frame.around(group, str(number + 2), (_WIDTH - _PANEL, bottom, _PANEL, height), 1.5)


def _gatherings(places: pd.DataFrame) -> list[Points]:
    """Points within reach of each other, step by step, the largest gathering first."""
    left = [np.array([x, y]) for x, y in zip(places["x"], places["y"], strict=True)]
    found = []
    while left:
        group = [left.pop()]
        for member in group:
            near = [point for point in left if np.hypot(*(point - member)) < _TOGETHER_KM]
            left = [point for point in left if np.hypot(*(point - member)) >= _TOGETHER_KM]
            group += near
        found.append(np.array(group))
    return sorted(found, key=len, reverse=True)


def _drawing(
    places: pd.DataFrame, shapes: dict[str, Points], fills: Sequence[str], dots: Points, frame: _Frame
) -> Iterator[go.Scatter]:
    for row in places.to_dict("records"):
        path = shapes[row["area_id"]]
        yield go.Scatter(
            x=path[:, 0], y=path[:, 1], mode="lines", fill="toself", line={"width": 0.8, "color": _EDGE},
            **_filling(row["klass"], fills), **frame.refs(),
        )  # fmt: skip
    if len(dots):
        point = {"size": 7, "color": SCHOOL, "line": {"width": 1.5, "color": "#FFFFFF"}}
        yield go.Scatter(x=dots[:, 0], y=dots[:, 1], mode="markers", marker=point, **frame.refs())


def _filling(klass: int, fills: Sequence[str]) -> Json:
    """Colour for a class; hatching for an area without a value, which is no class even in grey print."""
    if klass >= 0:
        return {"fillcolor": fills[klass]}
    return {"fillpattern": {"shape": "/", "fgcolor": "#8A8F98", "bgcolor": "#FFFFFF", "size": 6, "solidity": 0.25}}


def _write(figure: go.Figure, places: pd.DataFrame, frame: _Frame) -> None:
    """Labels on a pale plate, readable on every colour and where they reach out of their area."""
    for row in places.to_dict("records"):
        figure.add_annotation(
            x=row["x"], y=row["y"], xref=f"x{frame.axis}", yref=f"y{frame.axis}", text="<br>".join(row["lines"]),
            font={"size": _LABEL_SIZE, "color": "#1A1D21"}, bgcolor=_PLATE, borderpad=1, showarrow=False,
        )  # fmt: skip


def _frame_insets(figure: go.Figure, frames: Sequence[_Frame]) -> None:
    """A letter on each enlargement and on the part of the map that it shows."""
    main = frames[0]
    for letter, frame in zip("ABC", frames[1:], strict=False):
        line: Any = {"width": 1, "color": "#1F2430"}
        figure.add_shape(
            type="rect", xref="paper", yref="paper", line=line,
            x0=frame.left / _WIDTH, x1=(frame.left + frame.width) / _WIDTH,
            y0=frame.bottom / _HEIGHT, y1=(frame.bottom + frame.height) / _HEIGHT,
        )  # fmt: skip
        figure.add_shape(
            type="rect", xref="x", yref="y", line=line, x0=frame.west, x1=frame.east, y0=frame.south, y1=frame.north
        )
        figure.add_annotation(
            x=frame.left / _WIDTH, y=(frame.bottom + frame.height) / _HEIGHT, xref="paper", yref="paper",
            xanchor="left", yanchor="bottom", text=f"<b>{letter}</b> Förstoring", showarrow=False, font={"size": 12},
        )  # fmt: skip
        figure.add_annotation(
            x=frame.west, y=min(frame.north, main.north), xref="x", yref="y", xanchor="left", yanchor="bottom",
            text=f"<b>{letter}</b>", showarrow=False, font={"size": 12},
        )  # fmt: skip


def _key(
    figure: go.Figure,
    fills: Sequence[str],
    labels: Sequence[str],
    heading: Sequence[str],
    *,
    gaps: bool,
    schools: bool,
) -> None:
    """The classes from high to low, with their limits as text, at the bottom of the panel; drawn in pixels."""
    rows = [(klass, labels[klass]) for klass in range(len(labels))]
    rows += [(-1, "uppgift saknas eller är dold")] if gaps else []
    frame = _Frame("9", _WIDTH - _PANEL, 0, _PANEL, _KEY_HEIGHT, 0, 0, 1)
    figure.update_layout(frame.layout())
    base_line = 40 if schools else 16
    for step, (klass, label) in enumerate([*reversed(rows[len(labels) :]), *rows[: len(labels)]]):
        y = base_line + 22 * step
        figure.add_trace(
            go.Scatter(
                x=[0, 26, 26, 0, 0], y=[y - 8, y - 8, y + 8, y + 8, y - 8], mode="lines", fill="toself",
                line={"width": 0.8, "color": _EDGE}, **_filling(klass, fills), **frame.refs(),
            )
        )  # fmt: skip
        _text(figure, 34, y, label)
    for step, line in enumerate(reversed(heading)):
        _text(figure, 0, base_line + 22 * len(rows) + 4 + 16 * step, line)
    if schools:
        point = {"size": 7, "color": SCHOOL, "line": {"width": 1.5, "color": "#FFFFFF"}}
        figure.add_trace(go.Scatter(x=[13], y=[14], mode="markers", marker=point, **frame.refs()))
        _text(figure, 34, 14, "skola")


def _text(figure: go.Figure, x: float, y: float, text: str) -> None:
    figure.add_annotation(
        x=x, y=y, xref="x9", yref="y9", text=text, showarrow=False, xanchor="left", yanchor="middle", font={"size": 12}
    )


def _north_and_scale(figure: go.Figure, main: _Frame) -> None:
    """North is up on this projection; the bar is a round number of kilometres, about a fifth of the map's width."""
    reach = 0.22 * main.width * main.km_per_px
    power = 10.0 ** math.floor(math.log10(reach))
    length = max(step * power for step in (1, 2, 5) if step * power <= reach)
    px = main.km_per_px
    x, y = main.west + 12 * px, main.south + 14 * px
    line: Any = {"width": 2, "color": "#1F2430"}
    for x0, y0, x1, y1 in (
        (x, y, x + length, y), (x, y, x, y + 5 * px), (x + length, y, x + length, y + 5 * px),
    ):  # fmt: skip
        figure.add_shape(type="line", xref="x", yref="y", x0=x0, y0=y0, x1=x1, y1=y1, line=line)
    label = f"{length:g} km".replace(".", ",")
    figure.add_annotation(
        x=x + length / 2, y=y + 7 * px, text=label, showarrow=False, yanchor="bottom", font={"size": 12}
    )
    figure.add_annotation(
        x=x, y=y + 34 * px, ax=x, ay=y + 78 * px, axref="x", ayref="y", text="", arrowside="start", showarrow=True,
        arrowhead=2, startarrowhead=2, arrowwidth=2, arrowcolor="#1F2430",
    )  # fmt: skip
    figure.add_annotation(x=x, y=y + 80 * px, text="<b>N</b>", showarrow=False, yanchor="bottom", font={"size": 12})
