"""A municipality's smallest areas as shapes: which of them a point lies in."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt
import pandas as pd
import shapely

from pipelines.boundaries import Layer
from pipelines.intake.coordinates import to_sweref

Objects: TypeAlias = npt.NDArray[np.object_]
Floats: TypeAlias = npt.NDArray[np.float64]

#: Metres. Neighbours that were thinned on their own have slivers of about 40 m between them, and quays lie outside a
#: thinned shore: a point this near an area is in it.
NEAR = 100.0
#: The areas are clipped to land. Water and bridges this near land, and sounds and bays with the municipality's own land
#: on both sides within twice the second figure, are in the municipality but in none of its areas.
OFF_SHORE = 500.0
SOUND = 2000.0

#: From the smallest: the first level with a layer is used.
_LEVELS = ("deso", "regso", "district")


@dataclass(frozen=True, eq=False)
class Division:
    """Areas that share out a municipality, in SWEREF 99 TM, with what lies near them."""

    municipality_id: str
    ids: Objects
    shapes: npt.NDArray[Any]
    near: Any
    waters: Any

    @classmethod
    def of(cls, boundaries: pd.DataFrame, municipality_id: str) -> Division | None:
        """The division from rows of the ``boundary`` table; None when the municipality has no layer."""
        own = boundaries[boundaries["municipality_id"] == municipality_id].sort_values("layer")
        layers = dict(zip(own["level"], own["geojson"], strict=True))  # the latest division of each level
        level = next((level for level in _LEVELS if level in layers), None)
        if level is None:
            return None
        layer = Layer.read(str(layers[level]))
        shapes = np.asarray(shapely.transform(layer.shapes, _to_sweref), dtype=object)
        land = shapely.union_all(shapes)
        closed = land.buffer(SOUND, quad_segs=4).buffer(-SOUND, quad_segs=4)
        waters = shapely.union_all([closed, land.buffer(OFF_SHORE, quad_segs=4)])
        near = land.buffer(NEAR, quad_segs=4)
        shapely.prepare([*shapes, near, waters])
        return cls(municipality_id, np.array(layer.ids, dtype=object), shapes, near, waters)

    @property
    def middle(self) -> tuple[float, float]:
        """A point in the middle, SWEREF 99 TM: what coordinates are checked against."""
        west, south, east, north = shapely.total_bounds(self.shapes)
        return (west + east) / 2, (south + north) / 2

    def locate(self, east: Floats, north: Floats) -> Objects:
        """The id of the area that each point (SWEREF 99 TM, metres; nan when there is none) lies in.

        A point up to 100 m from an area is in the nearest one. Else a point up to 500 m from land, or on water between
        the municipality's own shores, has the municipality's id, and any other point ''. Deliberately narrow: the
        layers do not tell open sea from a neighbour's land, so that far out at sea is ''.
        """
        found = np.full(len(east), "", dtype=object)
        left = np.flatnonzero(np.isfinite(east) & np.isfinite(north))
        left = left[_inside(self.waters, east[left], north[left])]
        found[left] = self.municipality_id
        for area_id, area in zip(self.ids, self.shapes, strict=True):
            inside = _inside(area, east[left], north[left])
            found[left[inside]] = area_id
            left = left[~inside]
        close = left[_inside(self.near, east[left], north[left])]
        if len(close):
            points = shapely.points(east[close], north[close])
            hits, areas = shapely.STRtree(self.shapes).query_nearest(points, max_distance=NEAR, all_matches=False)
            found[close[hits]] = self.ids[areas]
        return found


def _inside(area: Any, east: Floats, north: Floats) -> npt.NDArray[np.bool_]:
    west, south, right, top = area.bounds
    inside = (east >= west) & (east <= right) & (north >= south) & (north <= top)
    at = np.flatnonzero(inside)
    inside[at] = shapely.contains_xy(area, east[at], north[at])
    return np.asarray(inside, dtype=np.bool_)


def _to_sweref(coordinates: Floats) -> Floats:
    return np.column_stack(to_sweref(coordinates[:, 0], coordinates[:, 1], "wgs84"))
