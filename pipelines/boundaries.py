"""Boundaries: from GeoJSON in WGS 84 or SWEREF 99 TM to small, gapless layers for the browser, and back to shapes."""

from __future__ import annotations

import hashlib
import json
import math
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import shapely
from shapely.geometry import mapping, shape
from shapely.geometry.polygon import orient

#: Shapes as shapely keeps them.
Shapes = npt.NDArray[Any]

#: Metres. Edges are thinned to about this; neighbours drawn with different thinning leave slivers of up to twice 40 m.
_TOLERANCE = 20.0
_SNAP = 20.0
_SLIVER = 100.0
#: Overlaps before cleaning: above these the areas are not a division of the land.
_OVERLAP_SHARE = 0.005
_OVERLAP_PAIR = 0.5

_METRES_PER_DEGREE = 111_320.0
_DECIMALS = 5

#: Sweden with its waters: west, south, east, north.
_WGS84_BOX = (10.0, 54.5, 25.0, 69.5)
_SWEREF_BOX = (200_000.0, 6_000_000.0, 1_000_000.0, 7_700_000.0)
_KNOWN_CRS = {"3006", "4326", "CRS84"}


class BoundaryError(ValueError):
    """Shapes that cannot be used. The message is Swedish: what is wrong and what to do, without the file's name."""


@dataclass(frozen=True)
class Layer:
    """Areas of one level of one municipality: ids, names, ids of the larger areas (or None) and shapes in WGS 84."""

    ids: Sequence[str]
    names: Sequence[str]
    parents: Sequence[str | None]
    shapes: Shapes

    def row(self, layer: str, municipality_id: str, level: str) -> dict[str, str]:
        """The layer as a row of the ``boundary`` table."""
        text = self.geojson()
        sha256 = hashlib.sha256(text.encode()).hexdigest()
        return {
            "layer": layer, "municipality_id": municipality_id, "level": level, "sha256": sha256, "geojson": text,
        }  # fmt: skip

    def geojson(self) -> str:
        """A FeatureCollection, ordered by id; outer rings run anticlockwise as RFC 7946 asks."""
        features = [
            {
                "type": "Feature",
                "id": area_id,
                "properties": {"area_id": area_id, "name": name, "parent_id": parent},
                "geometry": _geometry(area),
            }
            for area_id, name, parent, area in sorted(
                zip(self.ids, self.names, self.parents, self.shapes, strict=True), key=lambda item: item[0]
            )
        ]
        return json.dumps(
            {"type": "FeatureCollection", "features": features}, ensure_ascii=False, separators=(",", ":")
        )

    @classmethod
    def read(cls, text: str) -> Layer:
        """A layer from the ``geojson`` of a row."""
        features = json.loads(text)["features"]
        shapes = np.array([shape(feature["geometry"]) for feature in features], dtype=object)
        about = [feature["properties"] for feature in features]
        return cls(
            [p["area_id"] for p in about], [p["name"] for p in about], [p.get("parent_id") for p in about], shapes
        )


def polygon(geometry: Any) -> Any:
    """A GeoJSON geometry as a valid shape. Raises BoundaryError when it is none or cannot be repaired unchanged."""
    if not isinstance(geometry, dict):
        raise BoundaryError("gräns saknas (geometry är tom)")
    try:
        area = shape(geometry)
    except (shapely.errors.ShapelyError, ValueError, TypeError, KeyError, AttributeError, IndexError) as error:
        raise BoundaryError("gränsen går inte att läsa") from error
    if area.geom_type not in {"Polygon", "MultiPolygon"} or area.is_empty or not np.isfinite(area.bounds).all():
        raise BoundaryError(f"gränsen är inte en yta ({area.geom_type})")
    area = shapely.force_2d(area)
    if area.is_valid:
        return area
    repaired = _only_polygons(shapely.make_valid(area))
    # A touch of a point on a line is repaired without anything being moved; a crossed ring is not a known area.
    if not area.area or abs(repaired.area / area.area - 1) > 0.001:
        raise BoundaryError(f"gränsen korsar sig själv ({shapely.is_valid_reason(area)})")
    return repaired


def to_wgs84(shapes: Shapes, declared: str | None) -> Shapes:
    """The shapes in WGS 84 (longitude, latitude), from what ``declared`` (a CRS name or None) and the numbers say.

    Raises BoundaryError for other reference systems and for places outside Sweden.
    """
    if declared and not (set(re.findall(r"CRS84|\d{4,5}", declared)) & _KNOWN_CRS):
        raise BoundaryError(
            f"koordinatsystemet {declared} kan inte användas. "
            "Exportera i SWEREF 99 TM (EPSG:3006) eller WGS 84 (EPSG:4326)."
        )
    bounds = shapely.total_bounds(shapes)
    flipped = bounds[[1, 0, 3, 2]]
    if _within(bounds, _WGS84_BOX):
        return shapes
    if _within(flipped, _WGS84_BOX):
        return _transformed(shapes, lambda c: c[:, ::-1])
    if _within(bounds, _SWEREF_BOX):
        return _transformed(shapes, _sweref_to_wgs84)
    if _within(flipped, _SWEREF_BOX):
        return _transformed(shapes, lambda c: _sweref_to_wgs84(c[:, ::-1]))
    raise BoundaryError(
        f"koordinaterna ({', '.join(f'{value:g}' for value in bounds)}) ligger inte i Sverige, "
        "varken i SWEREF 99 TM (EPSG:3006) eller WGS 84 (EPSG:4326). Kontrollera koordinatsystemet i exporten."
    )


def tidy(shapes: Shapes) -> Shapes:
    """The areas thinned for the browser with the edges between neighbours kept in common.

    Slivers and overlaps of up to about 100 m, which separately simplified neighbours have, are closed first.
    Raises BoundaryError when areas overlap more than that explains.
    """
    _check_overlap(shapes)
    latitude = shapely.total_bounds(shapes)[[1, 3]].mean()
    scale = np.array([math.cos(math.radians(latitude)) * _METRES_PER_DEGREE, _METRES_PER_DEGREE])
    metres = _transformed(shapes, lambda c: c * scale)
    if not shapely.coverage_is_valid(metres):
        metres = shapely.coverage_clean(metres, snapping_distance=_SNAP, gap_width=_SLIVER)
    thinned = shapely.coverage_simplify(metres, _TOLERANCE)
    rounded = _transformed(thinned, lambda c: np.round(c / scale, _DECIMALS))
    return np.array([_only_polygons(area if area.is_valid else shapely.make_valid(area)) for area in rounded])


def points_of(shapes: Shapes) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.float64]]:
    """Latitudes and longitudes of a point inside each shape."""
    points = shapely.point_on_surface(shapes)
    return np.round(shapely.get_y(points), _DECIMALS), np.round(shapely.get_x(points), _DECIMALS)


def dissolved(shapes: Shapes) -> Any:
    """The shapes as one, without the borders between them."""
    return _only_polygons(shapely.union_all(shapes))


def containing(
    shapes: Shapes, latitudes: npt.NDArray[np.float64], longitudes: npt.NDArray[np.float64]
) -> npt.NDArray[np.intp]:
    """For each point the index of the shape that holds it or is within 250 m (quays, thinned shores); else -1."""
    tree = shapely.STRtree(shapes)
    found = np.full(len(latitudes), -1, dtype=np.intp)
    if len(latitudes):
        points = shapely.points(longitudes, latitudes)
        hits, indices = tree.query_nearest(points, max_distance=250 / _METRES_PER_DEGREE, all_matches=False)
        found[hits] = indices
    return found


def _check_overlap(shapes: Shapes) -> None:
    first, second = shapely.STRtree(shapes).query(shapes, predicate="intersects")
    pairs = first < second
    first, second = first[pairs], second[pairs]
    overlap = shapely.area(shapely.intersection(shapes[first], shapes[second]))
    sizes = shapely.area(shapes)
    smaller = np.minimum(sizes[first], sizes[second])
    if overlap.sum() > _OVERLAP_SHARE * sizes.sum() or (overlap > _OVERLAP_PAIR * smaller).any():
        raise BoundaryError(
            "områden täcker varandra. Kontrollera att filen bara har en indelning, och varje område en gång."
        )


def _within(bounds: npt.NDArray[np.float64], box: tuple[float, float, float, float]) -> bool:
    west, south, east, north = box
    return bool(west <= bounds[0] and south <= bounds[1] and bounds[2] <= east and bounds[3] <= north)


def _transformed(shapes: Shapes, change: Callable[[npt.NDArray[np.float64]], npt.NDArray[np.float64]]) -> Shapes:
    return np.asarray(shapely.transform(shapes, change), dtype=object)


def _sweref_to_wgs84(coordinates: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    # Imported here: it is slow to load and only a build that is given metres needs it.
    from pyproj import Transformer

    to_degrees = Transformer.from_crs(3006, 4326, always_xy=True)
    return np.column_stack(to_degrees.transform(coordinates[:, 0], coordinates[:, 1]))


def _only_polygons(area: Any) -> Any:
    parts = [part for part in shapely.get_parts(area, return_index=False) if part.geom_type == "Polygon"]
    if area.geom_type == "GeometryCollection":
        parts = [piece for part in shapely.get_parts(area) for piece in shapely.get_parts(part)]
        parts = [part for part in parts if part.geom_type == "Polygon"]
    return parts[0] if len(parts) == 1 else shapely.MultiPolygon(parts)


def _geometry(area: Any) -> Any:
    parts = [orient(part) for part in shapely.get_parts(area)]
    return mapping(parts[0] if len(parts) == 1 else shapely.MultiPolygon(parts))
