"""Coordinates: which reference system a pair of columns is in, and the same points in SWEREF 99 TM."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Literal, TypeAlias

import numpy as np
import numpy.typing as npt

if TYPE_CHECKING:
    from pyproj import Transformer

Floats: TypeAlias = npt.NDArray[np.float64]
Bools: TypeAlias = npt.NDArray[np.bool_]
SystemName = Literal["wgs84", "sweref99tm", "rt90"]

SWEREF99TM = 3006


@dataclass(frozen=True)
class _Range:
    """Sweden with its waters in one system: west, east, south, north, in the system's own unit."""

    label: str
    epsg: int
    west: float
    east: float
    south: float
    north: float

    def holds(self, east: Floats, north: Floats) -> Bools:
        with np.errstate(invalid="ignore"):
            inside = (east >= self.west) & (east <= self.east) & (north >= self.south) & (north <= self.north)
        return np.asarray(inside, dtype=np.bool_)


#: The ranges do not meet, in either order of the columns: a pair of figures is in one system, one way round, or none.
_RANGES: dict[SystemName, _Range] = {
    "wgs84": _Range("WGS 84 (latitud och longitud)", 4326, 10, 25, 55, 69.5),
    "sweref99tm": _Range("SWEREF 99 TM", SWEREF99TM, 200_000, 1_000_000, 6_100_000, 7_700_000),
    "rt90": _Range("RT 90 2,5 gon V", 3021, 1_200_000, 1_900_000, 6_100_000, 7_750_000),
}
#: The zones that Swedish municipalities use, and UTM 34: eastings start from another meridian in each, so that figures
#: alone never say which. EPSG codes with their names.
_ZONES = {
    3007: "SWEREF 99 12 00", 3008: "SWEREF 99 13 30", 3012: "SWEREF 99 14 15", 3009: "SWEREF 99 15 00",
    3013: "SWEREF 99 15 45", 3010: "SWEREF 99 16 30", 3014: "SWEREF 99 17 15", 3011: "SWEREF 99 18 00",
    3015: "SWEREF 99 18 45", 3016: "SWEREF 99 20 15", 3017: "SWEREF 99 21 45", 3018: "SWEREF 99 23 15",
    32634: "UTM zon 34",
}  # fmt: skip
#: Metres east of a zone's own meridian, with its false easting of 150 km, that occur.
_ZONE_EASTINGS = (20_000.0, 300_000.0)
#: Share of the points that must fit for the columns to be recognised.
_ENOUGH = 0.5
#: Metres from the municipality: nearer than the first is home; further off than the second needs a word.
_AT_HOME = 100_000.0
_FAR = 200_000.0


@dataclass(frozen=True)
class System:
    """The reference system of two columns; ``system`` is empty when it is not known.

    ``swapped`` says that the column given as east holds the northings (RT 90 calls north x). ``reason`` is Swedish: why
    it was recognised or not, and what should be looked at.
    """

    system: SystemName | Literal[""]
    swapped: bool
    reason: str


def system_of(x: npt.ArrayLike, y: npt.ArrayLike, near: tuple[float, float] | None = None) -> System:
    """The system that the figures of two columns (east and north, or the other way round; nan when empty) are in.

    ``near`` is a point in the municipality in SWEREF 99 TM: with it a regional zone or UTM 34 that looks like
    SWEREF 99 TM is found out, and points far from the municipality are told of.
    """
    east, north = _filled(x, y)
    if not len(east):
        return System("", False, "Kolumnerna har inga koordinater.")
    for name, known in _RANGES.items():
        for swapped, (e, n) in ((False, (east, north)), (True, (north, east))):
            fits = known.holds(e, n)
            if fits.mean() > _ENOUGH:
                return _recognised(name, swapped, e[fits], n[fits], int((~fits).sum()), near)
    return System("", False, _why_unknown(east, north))


def to_sweref(x: npt.ArrayLike, y: npt.ArrayLike, system: SystemName) -> tuple[Floats, Floats]:
    """Points of a known system as eastings and northings in SWEREF 99 TM, metres.

    Columns given the other way round are put right row by row, which is safe as the ranges of east and north do not
    meet. Points that are empty, 0 or outside Sweden's range of the system become nan. Good to about 0.1 m from RT 90.
    """
    known = _RANGES[system]
    first, second = np.asarray(x, dtype=np.float64), np.asarray(y, dtype=np.float64)
    straight, turned = known.holds(first, second), known.holds(second, first)
    east = np.where(straight, first, np.where(turned, second, np.nan))
    north = np.where(straight, second, np.where(turned, first, np.nan))
    if known.epsg == SWEREF99TM:
        return east, north
    good = straight | turned
    if good.any():
        east[good], north[good] = _transformer(known.epsg).transform(east[good], north[good])
    return east, north


def _filled(x: npt.ArrayLike, y: npt.ArrayLike) -> tuple[Floats, Floats]:
    east, north = np.asarray(x, dtype=np.float64), np.asarray(y, dtype=np.float64)
    given = np.isfinite(east) & np.isfinite(north) & ((east != 0) | (north != 0))
    return east[given], north[given]


def _recognised(
    name: SystemName, swapped: bool, east: Floats, north: Floats, others: int, near: tuple[float, float] | None
) -> System:
    reason = f"Talen har den storlek som koordinater i Sverige har i {_RANGES[name].label}."
    if swapped:
        reason += " Kolumnerna står i omvänd ordning: öst i den ena, nord i den andra."
    if others:
        reason += f" {others} par av tal passar inte in."
    if near is None:
        return System(name, swapped, reason)
    away = _distance(to_sweref(east, north, name), near)
    if name == "sweref99tm" and away > _AT_HOME and (zone := _zone_at_home(east, north, near)):
        return System(
            "", swapped,
            f"Talen ser ut som SWEREF 99 TM men hamnar då {away / 1000:.0f} km från kommunen. I {zone} hamnar de rätt. "
            "Exportera i SWEREF 99 TM, RT 90 2,5 gon V eller WGS 84.",
        )  # fmt: skip
    if away > _FAR:
        reason += f" De flesta punkter ligger {away / 1000:.0f} km från kommunen."
    return System(name, swapped, reason)


def _zone_at_home(east: Floats, north: Floats, near: tuple[float, float]) -> str:
    """The zone that puts most of the points by the municipality, if any; of several the one that puts them nearest."""
    away = {zone: _distance(_transformer(epsg).transform(east, north), near) for epsg, zone in _ZONES.items()}
    zone = min(away, key=lambda name: away[name])
    return zone if away[zone] < _AT_HOME else ""


def _why_unknown(east: Floats, north: Floats) -> str:
    low, high = min(np.median(east), np.median(north)), max(np.median(east), np.median(north))
    tm = _RANGES["sweref99tm"]
    if _ZONE_EASTINGS[0] <= low <= _ZONE_EASTINGS[1] and tm.south <= high <= tm.north:
        return (
            "Talen ser ut som en regional zon av SWEREF 99 (till exempel SWEREF 99 18 00), och vilken går inte att "
            "se på talen. Exportera i SWEREF 99 TM, RT 90 2,5 gon V eller WGS 84."
        )
    return (
        f"Talen (omkring {_short(np.median(east))} och {_short(np.median(north))}) är inte koordinater i Sverige i "
        "WGS 84, SWEREF 99 TM eller RT 90 2,5 gon V."
    )


def _distance(points: tuple[Floats, Floats], near: tuple[float, float]) -> float:
    return float(np.median(np.hypot(points[0] - near[0], points[1] - near[1])))


def _short(value: float) -> str:
    return f"{value:.10g}".replace(".", ",")


@cache
def _transformer(epsg: int) -> Transformer:
    # Imported here: it is slow to load and most deliveries have no coordinates. From RT 90 it uses seven published
    # parameters, no grid that would have to be fetched.
    from pyproj import Transformer

    return Transformer.from_crs(epsg, SWEREF99TM, always_xy=True, allow_ballpark=False)
