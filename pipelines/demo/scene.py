"""Where the example takes place: a municipality's districts, small areas, schools and neighbours."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
import shapely

from pipelines.boundaries import Layer
from pipelines.municipalities import Municipality
from pipelines.places import all_municipalities
from store.schema import FIRST_YEAR_OF_2025

Floats = npt.NDArray[np.float64]

#: Metres from the middle of the planted cluster to its edge.
CLUSTER_RADIUS = 250.0

#: The fewest places that an effect, a cluster and something to compare with need.
_FEWEST = 3


@dataclass(frozen=True)
class Place:
    """A district. ``spellings`` are the ways in which senders write it, the right one first."""

    id: str
    name: str
    population: int
    spellings: tuple[str, ...]


@dataclass(frozen=True)
class School:
    """A school unit and the district that it lies in (empty when unknown)."""

    code: str
    name: str
    place: str


@dataclass(frozen=True)
class Scene:
    """One municipality. ``deso`` has area_id, code_2018, place and population, ordered by area_id."""

    municipality: Municipality
    places: tuple[Place, ...]
    #: The places with a routine of their own for incident reports, with the names that they go by there.
    reporting: tuple[tuple[str, Place], ...]
    deso: pd.DataFrame
    #: The small areas in SWEREF 99 TM, in the order of ``deso``.
    shapes: npt.NDArray[np.object_]
    schools: tuple[School, ...]
    #: Names of other municipalities in the county.
    neighbours: tuple[str, ...]
    effect: Place
    cluster_place: Place
    cluster_deso: str
    #: East and north of the middle of the cluster, SWEREF 99 TM.
    cluster_middle: tuple[float, float]

    @property
    def population(self) -> int:
        """Inhabitants of all places."""
        return sum(place.population for place in self.places)


def scene(areas: pd.DataFrame, within: pd.DataFrame, boundaries: pd.DataFrame, municipality: Municipality) -> Scene:
    """The scene of a municipality, from a build's ``area``, ``area_within`` and ``boundary``.

    The largest places with incident reports (else the largest of all) are chosen so: the second largest gets the
    planted effect, the third the planted cluster. Raises ValueError when areas, boundaries or districts are too few.
    """
    deso, shapes = _small_areas(areas, within, boundaries, municipality)
    places = _places(areas, deso, municipality)
    if len(places) < _FEWEST:
        raise ValueError(f"{municipality.name}: exempeldata behöver minst {_FEWEST} kommundelar med befolkning")
    reporting = _reporting(places, municipality)
    ranked = [place for _, place in reporting]
    ranked += [place for place in _largest_first(places) if place not in ranked]
    schools = _schools(areas, within, municipality, {place.id for place in places})
    cluster_deso, middle = _cluster(deso, shapes, ranked[2], areas)
    others = [p.name for p in all_municipalities().values() if p.county_code == municipality.county_code]
    neighbours = tuple(name for name in others if name != municipality.name) or ("Stockholm",)
    return Scene(
        municipality, places, reporting, deso, shapes, schools, neighbours, ranked[1], ranked[2], cluster_deso, middle
    )  # fmt: skip


def to_sweref(longitude: Floats, latitude: Floats) -> tuple[Floats, Floats]:
    """East and north in metres, SWEREF 99 TM."""
    return _transform(4326, 3006, longitude, latitude)


def to_wgs84(east: Floats, north: Floats) -> tuple[Floats, Floats]:
    """Longitude and latitude in degrees."""
    return _transform(3006, 4326, east, north)


def _transform(source: int, target: int, x: Floats, y: Floats) -> tuple[Floats, Floats]:
    # Imported here: it is slow to load and only the example needs it.
    from pyproj import Transformer

    first, second = Transformer.from_crs(source, target, always_xy=True).transform(x, y)
    return np.asarray(first, dtype=float), np.asarray(second, dtype=float)


def _small_areas(
    areas: pd.DataFrame, within: pd.DataFrame, boundaries: pd.DataFrame, municipality: Municipality
) -> tuple[pd.DataFrame, npt.NDArray[np.object_]]:
    of_here = (areas["level"] == "deso") & areas["area_id"].str.startswith(municipality.code)
    deso = areas[of_here & areas["valid_to"].isna()].sort_values("area_id")[["area_id", "valid_from", "population"]]
    layers = boundaries[(boundaries["municipality_id"] == municipality.code) & (boundaries["level"] == "deso")]
    if deso.empty or layers.empty:
        raise ValueError(f"{municipality.name}: exempeldata behöver DeSO-områden med befolkning och gränser")
    layer = Layer.read(str(layers["geojson"].iloc[0]))
    known = dict(zip(layer.ids, layer.shapes, strict=True))
    deso = deso[deso["area_id"].isin(list(known)) & deso["population"].notna()].reset_index(drop=True)
    districts = within[within["within_id"].str.startswith(f"{municipality.code}-")]
    place_of = dict(zip(districts["area_id"], districts["within_id"], strict=True))
    new = deso["valid_from"].fillna(0).astype(int) > FIRST_YEAR_OF_2025 - 1
    # A divided DeSO kept its number but for the last figure.
    deso["code_2018"] = deso["area_id"].where(~new, deso["area_id"].str[:-1] + "0")
    deso["place"] = deso["area_id"].map(place_of)
    deso["population"] = deso["population"].astype(int)
    deso = deso.dropna(subset=["place"]).reset_index(drop=True)
    metres = [shapely.transform(known[code], _degrees_to_metres) for code in deso["area_id"]]
    return deso[["area_id", "code_2018", "place", "population"]], np.array(metres, dtype=object)


def _degrees_to_metres(coordinates: Floats) -> Floats:
    return np.column_stack(to_sweref(coordinates[:, 0], coordinates[:, 1]))


def _places(areas: pd.DataFrame, deso: pd.DataFrame, municipality: Municipality) -> tuple[Place, ...]:
    inhabitants = deso.groupby("place")["population"].sum()
    names = dict(zip(areas["area_id"], areas["name"], strict=True))
    aliases = {f"{municipality.code}-{district.id}": district.aliases for district in municipality.districts}
    # The municipality's own name says nothing about where in it.
    return tuple(
        Place(
            str(place_id), str(names[place_id]), int(people),
            _spellings(str(names[place_id]), [a for a in aliases.get(str(place_id), ()) if a != municipality.name]),
        )
        for place_id, people in inhabitants.items()
        if people
    )  # fmt: skip


def _spellings(name: str, aliases: Sequence[str]) -> tuple[str, ...]:
    genitive = name if name.endswith("s") else f"{name}s"
    return (name, name.upper(), genitive, f"{name} ", misspelt(name), *aliases[:1])


def misspelt(name: str) -> str:
    """A name as it is written in a hurry: one of a doubled letter left out, else one letter doubled."""
    for here, after in zip(range(len(name)), name[1:], strict=False):
        if name[here] == after and after.isalpha():
            return name[:here] + name[here + 1 :]
    middle = len(name) // 2
    return name[: middle + 1] + name[middle:]


def _reporting(places: Sequence[Place], municipality: Municipality) -> tuple[tuple[str, Place], ...]:
    by_id = {place.id: place for place in places}
    named = [(est.name, by_id.get(f"{municipality.code}-{est.district}")) for est in municipality.est_places]
    known = [(name, place) for name, place in named if place]
    if len(known) < _FEWEST:
        known = [(place.name, place) for place in _largest_first(places)[:_FEWEST]]
    return tuple(sorted(known, key=lambda pair: -pair[1].population))


def _largest_first(places: Sequence[Place]) -> list[Place]:
    return sorted(places, key=lambda place: (-place.population, place.id))


def _schools(
    areas: pd.DataFrame, within: pd.DataFrame, municipality: Municipality, places: set[str]
) -> tuple[School, ...]:
    inside = within.loc[within["within_id"] == municipality.code, "area_id"]
    found = areas[(areas["level"] == "school") & areas["area_id"].isin(inside)].sort_values("area_id")
    districts = within[within["within_id"].isin(places)]
    place_of = dict(zip(districts["area_id"], districts["within_id"], strict=True))
    # The municipality reports on its own schools; where the organiser is unknown, on all.
    own = found[found["kind"] == "Kommunal"] if (found["kind"] == "Kommunal").any() else found
    return tuple(
        School(str(code), str(name), place_of.get(code, ""))
        for code, name in zip(own["area_id"], own["name"], strict=True)
    )


def _cluster(
    deso: pd.DataFrame, shapes: npt.NDArray[np.object_], place: Place, areas: pd.DataFrame
) -> tuple[str, tuple[float, float]]:
    """The place's largest DeSO by population, and a point in it with the whole cluster inside: near a school if any."""
    rows = deso[deso["place"] == place.id]
    row = int(rows.index[int(rows["population"].to_numpy().argmax())])
    code, shape = str(deso.at[row, "area_id"]), shapes[row]
    room = shape.buffer(-CLUSTER_RADIUS)
    if room.is_empty:
        middle = shapely.maximum_inscribed_circle(shape).coords[0]
        return code, (round(middle[0]), round(middle[1]))
    schools = areas[(areas["level"] == "school") & (areas["parent_id"] == code) & areas["lat"].notna()]
    point: Any = room.representative_point()
    if len(schools):
        east, north = to_sweref(schools["lon"].to_numpy(float)[:1], schools["lat"].to_numpy(float)[:1])
        point = shapely.shortest_line(shapely.Point(east[0], north[0]), room).interpolate(1, normalized=True)
    return code, (round(point.x), round(point.y))
