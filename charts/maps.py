"""Maps on screen: areas coloured by class over a plain ground, with labels, schools, and the chosen area outlined.

A frame of areas has one row per area: area_id, name, lat, lon, value, klass (0 the lowest class, -1 without a value),
shown (the value with its unit, or what is there instead), short (the same without unit) and district.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
import plotly.graph_objects as go

from charts.style import CONFIG, SEQUENTIAL, base
from charts.swedish import number, span

Json = dict[str, Any]

#: Between the second and the third class in lightness, but without their hue, and always with a word on it.
NO_VALUE = "#B9BDC4"
SCHOOL = "#1F4E79"

HEIGHT = 620

#: The map of this library names its buttons in English unless told otherwise.
MAP_CONFIG = {
    **CONFIG,
    "displayModeBar": True,
    "modeBarButtons": [["zoomInMap", "zoomOutMap", "resetViewMap"]],
    "scrollZoom": True,
    "locales": {
        "sv": {
            "dictionary": {"Zoom in": "Zooma in", "Zoom out": "Zooma ut", "Reset view": "Visa hela kartan igen"},
            "format": {"decimal": ",", "thousands": "\u00a0"},
        }
    },
}

#: A phone's width less its margins: what is fitted to it shows whole on every screen.
_FIT_WIDTH, _FIT_HEIGHT = 330, HEIGHT - 130
_TILE = 512
_CLOSEST = 13.0


@dataclass(frozen=True)
class View:
    """Centre in degrees and zoom level of a map."""

    lat: float
    lon: float
    zoom: float


@dataclass(frozen=True)
class Ground:
    """What lies under the areas: light or dark, and raster tiles where an installation has set them."""

    dark: bool = False
    tiles: str = ""
    attribution: str = ""


def colours(classes: int, *, dark: bool = False) -> list[str]:
    """Colours from the lowest class to the highest; the highest stands out most from the ground."""
    if classes == 1:
        return [SEQUENTIAL[len(SEQUENTIAL) // 2]]
    picked = [SEQUENTIAL[i] for i in np.linspace(0, len(SEQUENTIAL) - 1, classes).round().astype(int)]
    return picked[::-1] if dark else picked


def ink(fill: str) -> str:
    """Black or white text, whichever reads better on the colour."""
    channels = (int(fill[i : i + 2], 16) / 255 for i in (1, 3, 5))
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    luminance = 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
    return "#FFFFFF" if luminance < 0.179 else "#1A1D21"


def class_labels(lowest: Sequence[float], highest: Sequence[float], decimals: int) -> list[str]:
    """The lowest and highest value found in each class: "2,1–4,5"; one number where they are shown the same."""
    return [
        number(low, decimals) if number(low, decimals) == number(high, decimals) else span(low, high, decimals)
        for low, high in zip(lowest, highest, strict=True)
    ]


def rings(feature: Json) -> Iterator[list[list[float]]]:
    """Outer rings and holes of an area, as lists of (longitude, latitude)."""
    geometry = feature["geometry"]
    parts = [geometry["coordinates"]] if geometry["type"] == "Polygon" else geometry["coordinates"]
    for part in parts:
        yield from part


def view_of(features: Sequence[Json]) -> View:
    """A view that shows the areas whole on a phone as well as on a wide screen."""
    points = np.array([point for feature in features for ring in rings(feature) for point in ring])
    (west, south), (east, north) = points.min(axis=0), points.max(axis=0)
    top, bottom = _mercator(north), _mercator(south)
    wide = _FIT_WIDTH / (_TILE * max((east - west) / 360, 1e-9))
    high = _FIT_HEIGHT / (_TILE * max(top - bottom, 1e-9))
    middle = math.degrees(math.atan(math.sinh((top + bottom) * math.pi)))
    return View(middle, (west + east) / 2, min(math.log2(min(wide, high)), _CLOSEST))


def _mercator(latitude: float) -> float:
    """North on the web's projection, from -0.5 to 0.5."""
    return math.asinh(math.tan(math.radians(latitude))) / (2 * math.pi)


def style(ground: Ground) -> Json:
    """A MapLibre style that asks no server for anything, or only the one that the installation has set."""
    # A map without a source is refused, so there is always one, with a point that is never drawn.
    sources: Json = {"none": {"type": "geojson", "data": {"type": "Point", "coordinates": [0.5, 0.5]}}}
    paper = "#15181C" if ground.dark else "#FFFFFF"
    layers: list[Json] = [{"id": "background", "type": "background", "paint": {"background-color": paper}}]
    if ground.tiles:
        sources["tiles"] = {
            "type": "raster", "tiles": [ground.tiles], "tileSize": 256, "attribution": ground.attribution,
        }  # fmt: skip
        layers.append({"id": "tiles", "type": "raster", "source": "tiles"})
    return {"version": 8, "sources": sources, "layers": layers}


def screen_map(
    areas: pd.DataFrame,
    labels: Sequence[str],
    geojson: str | Json,
    view: View,
    *,
    ground: Ground,
    with_names: bool,
    schools: pd.DataFrame | None = None,
    chosen: Sequence[Json] = (),
) -> go.Figure:
    """Areas in the colour of their class, with labels; each area's ``location`` in a click is its area_id.

    ``labels`` name the classes from low to high; ``geojson`` is an address or the boundaries themselves; ``with_names``
    writes the areas' names above their values; ``chosen`` are the features to outline.
    """
    figure = base(HEIGHT)
    fills = colours(len(labels), dark=ground.dark)
    for klass in [*range(len(labels)), -1]:
        found = areas[areas["klass"] == klass]
        if len(found):
            fill, label = (fills[klass], labels[klass]) if klass >= 0 else (NO_VALUE, "uppgift saknas eller är dold")
            figure.add_trace(_areas(found, geojson, fill, label, ground))
    for fill in [*fills, NO_VALUE]:
        found = areas[[_fill(klass, fills) == fill for klass in areas["klass"]]]
        if len(found):
            figure.add_trace(_labels(found, ink(fill), with_names))
    if schools is not None and len(schools):
        figure.add_traces(_schools(schools))
    if chosen:
        figure.add_traces(_outline(chosen, ground))
    figure.update_layout(
        map={"style": style(ground), "center": {"lat": view.lat, "lon": view.lon}, "zoom": view.zoom},
        margin={"l": 0, "r": 0, "t": 0, "b": 0},
        clickmode="event+select",
        hovermode="closest",
        dragmode="pan",
        showlegend=True,
        legend={
            "orientation": "h", "x": 0, "xanchor": "left", "y": -0.01, "yanchor": "top", "itemclick": False,
            "itemdoubleclick": False, "font": {"size": 13}, "traceorder": "normal",
        },
    )  # fmt: skip
    return figure


def _fill(klass: int, fills: Sequence[str]) -> str:
    return fills[klass] if klass >= 0 else NO_VALUE


def _areas(found: pd.DataFrame, geojson: str | Json, fill: str, label: str, ground: Ground) -> go.Choroplethmap:
    return go.Choroplethmap(
        geojson=geojson,
        featureidkey="properties.area_id",
        locations=found["area_id"],
        z=[0] * len(found),
        colorscale=[[0, fill], [1, fill]],
        showscale=False,
        showlegend=True,
        name=label,
        marker={
            "opacity": 0.75 if ground.tiles else 1,
            "line": {"width": 1, "color": "#D5D8DD" if ground.dark else "#4A4E55"},
        },
        selected={"marker": {"opacity": 1}},
        unselected={"marker": {"opacity": 0.45}},
        customdata=found[["name", "shown", "district"]],
        hovertemplate="<b>%{customdata[0]}</b><br>%{customdata[1]}<br>%{customdata[2]}<extra></extra>",
    )


def _labels(found: pd.DataFrame, colour: str, with_names: bool) -> go.Scattermap:
    """What is written on the areas; the map leaves out labels that have no room until one zooms in."""
    texts = found["name"] + "\n" + found["short"] if with_names else found["short"]
    return go.Scattermap(
        lat=found["lat"], lon=found["lon"], text=texts, mode="text", textfont={"size": 12, "color": colour},
        hoverinfo="skip", showlegend=False,
    )  # fmt: skip


def _schools(schools: pd.DataFrame) -> list[go.Scattermap]:
    """A white ring under each point keeps it visible on every class."""
    ring = go.Scattermap(
        lat=schools["lat"], lon=schools["lon"], mode="markers", marker={"size": 14, "color": "#FFFFFF"},
        hoverinfo="skip", showlegend=False,
    )  # fmt: skip
    point = go.Scattermap(
        lat=schools["lat"], lon=schools["lon"], mode="markers", marker={"size": 9, "color": SCHOOL}, name="skola",
        customdata=schools[["name"]], hovertemplate="<b>%{customdata[0]}</b><br>Skola<extra></extra>",
    )  # fmt: skip
    return [ring, point]


def _outline(features: Sequence[Json], ground: Ground) -> list[go.Scattermap]:
    lon: list[float | None] = []
    lat: list[float | None] = []
    for ring in (ring for feature in features for ring in rings(feature)):
        lon += [*(point[0] for point in ring), None]
        lat += [*(point[1] for point in ring), None]
    wide, narrow = ("#15181C", "#FFFFFF") if ground.dark else ("#FFFFFF", "#15181C")
    return [
        go.Scattermap(
            lat=lat, lon=lon, mode="lines", line={"width": width, "color": colour}, hoverinfo="skip", showlegend=False
        )
        for width, colour in ((7, wide), (3.5, narrow))
    ]
