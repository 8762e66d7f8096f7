"""Maps on screen: areas coloured by class over a plain ground, with labels, schools, and the chosen area outlined.

A frame of areas has one row per area: area_id, name, lat, lon, value, klass (0 the lowest class, -1 without a value),
shown (the value with its unit, or what is there instead), short (the same without unit), status and district.
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
SCHOOL, _SCHOOL_ON_DARK = "#1F4E79", "#7FB2E0"
_DARK = "#15181C"

HEIGHT = 600

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
_FIT_WIDTH, _FIT_HEIGHT = 340, HEIGHT - 110
_TILE = 512
_CLOSEST = 13.0
_LABELS = "labels"


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


def style(ground: Ground, places: pd.DataFrame, with_names: bool) -> Json:
    """A MapLibre style that asks no server for anything, or only the one that the installation has set.

    The labels lie in the style, since only there can they have a halo, which keeps them readable on every colour.
    Without an address of glyphs they are written in the reader's own fonts.
    """
    sources: Json = {"labels": {"type": "geojson", "data": _label_points(places, with_names)}}
    paper, writing = (_DARK, "#FFFFFF") if ground.dark else ("#FFFFFF", _DARK)
    layers: list[Json] = [{"id": "background", "type": "background", "paint": {"background-color": paper}}]
    if ground.tiles:
        sources["tiles"] = {
            "type": "raster", "tiles": [ground.tiles], "tileSize": 256, "attribution": ground.attribution,
        }  # fmt: skip
        layers.append({"id": "tiles", "type": "raster", "source": "tiles"})
    layers.append(
        {
            "id": _LABELS,
            "type": "symbol",
            "source": "labels",
            "layout": {
                "text-field": ["get", "text"],
                "text-font": ["sans-serif"],
                "text-size": 12,
                "text-max-width": 9,
                "text-padding": 1,
                # Where there is no room for all, the highest and the lowest come before those between.
                "symbol-sort-key": ["get", "order"],
            },
            "paint": {"text-color": writing, "text-halo-color": paper, "text-halo-width": 1.6},
        }
    )
    return {"version": 8, "sources": sources, "layers": layers}


def _label_points(places: pd.DataFrame, with_names: bool) -> Json:
    rank = places["value"].rank(method="first")
    order = -(rank - rank.mean()).abs().fillna(0)
    texts = places["name"] + "\n" + places["short"] if with_names else places["short"]
    features = [
        {
            "type": "Feature",
            "properties": {"text": text, "order": step},
            "geometry": {"type": "Point", "coordinates": [lon, lat]},
        }
        for text, step, lon, lat in zip(texts, order, places["lon"], places["lat"], strict=True)
    ]
    return {"type": "FeatureCollection", "features": features}


def screen_map(
    areas: pd.DataFrame,
    labels: Sequence[str],
    geojson: str | Json,
    view: View,
    *,
    unit: str,
    ground: Ground,
    with_names: bool,
    schools: pd.DataFrame,
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
    if len(schools):
        figure.add_traces(_schools(schools, ground))
    if chosen:
        figure.add_traces(_outline(chosen, ground))
    look = style(ground, areas.dropna(subset=["lat", "lon"]), with_names)
    paper = _DARK if ground.dark else "#FFFFFF"
    figure.update_layout(
        map={"style": look, "center": {"lat": view.lat, "lon": view.lon}, "zoom": view.zoom},
        margin={"l": 0, "r": 0, "t": 0, "b": 0},
        clickmode="event+select",
        hovermode="closest",
        dragmode="pan",
        showlegend=True,
        modebar={
            "bgcolor": paper, "color": "#B9BCC1" if ground.dark else "#4A4E55",
            "activecolor": "#FFFFFF" if ground.dark else _DARK,
        },
        legend={
            "orientation": "h", "x": 0, "xanchor": "left", "y": -0.01, "yanchor": "top", "itemclick": False,
            "itemdoubleclick": False, "font": {"size": 13}, "traceorder": "normal",
            "title": {"text": unit, "side": "top"},
        },
    )  # fmt: skip
    return figure


def _areas(found: pd.DataFrame, geojson: str | Json, fill: str, label: str, ground: Ground) -> go.Choroplethmap:
    return go.Choroplethmap(
        geojson=geojson,
        below=_LABELS,
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
        text=[
            _hover(*row) for row in zip(found["name"], found["shown"], found["status"], found["district"], strict=True)
        ],
        hovertemplate="%{text}<extra></extra>",
    )


def _hover(name: str, shown: str, status: object, district: str) -> str:
    """What is said of an area under the pointer; its district only where that is another name."""
    lines = [f"<b>{name}</b>", shown + (" (beräknat)" if status == "derived" else "")]
    return "<br>".join([*lines, f"Kommundel: {district}"] if district and district != name else lines)


def _schools(schools: pd.DataFrame, ground: Ground) -> list[go.Scattermap]:
    """A ring in the colour of the ground keeps each point visible on every class."""
    ring_colour, colour = (_DARK, _SCHOOL_ON_DARK) if ground.dark else ("#FFFFFF", SCHOOL)
    ring = go.Scattermap(
        lat=schools["lat"], lon=schools["lon"], mode="markers", marker={"size": 11, "color": ring_colour},
        hoverinfo="skip", showlegend=False,
        below=_LABELS,
    )  # fmt: skip
    point = go.Scattermap(
        lat=schools["lat"], lon=schools["lon"], mode="markers", marker={"size": 7.5, "color": colour},
        name="skola", below=_LABELS,
        customdata=schools[["name"]], hovertemplate="<b>%{customdata[0]}</b><br>Skola<extra></extra>",
    )  # fmt: skip
    return [ring, point]


def _outline(features: Sequence[Json], ground: Ground) -> list[go.Scattermap]:
    lon: list[float | None] = []
    lat: list[float | None] = []
    for ring in (ring for feature in features for ring in rings(feature)):
        lon += [*(point[0] for point in ring), None]
        lat += [*(point[1] for point in ring), None]
    wide, narrow = (_DARK, "#FFFFFF") if ground.dark else ("#FFFFFF", _DARK)
    return [
        go.Scattermap(
            lat=lat, lon=lon, mode="lines", line={"width": width, "color": colour}, hoverinfo="skip", showlegend=False
        )
        for width, colour in ((7, wide), (3.5, narrow))
    ]
