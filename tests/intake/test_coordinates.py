"""Reference systems are recognised by range, and control points of Lantmäteriet land where they should."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.intake.coordinates import system_of, to_sweref

NORRTALJE = (701_000.0, 6_640_000.0)

#: Lantmäteriet, kontrollpunkter for the link between RT 90 2.5 gon V and SWEREF 99 TM (2006-05-03): north, east, each.
RT90_POINTS = [
    (7453389.762, 1727060.905, 7454204.638, 761811.242),
    (7047738.415, 1522128.637, 7046077.605, 562140.337),
    (6671665.273, 1441843.186, 6669189.376, 486557.055),
    (6249111.351, 1380573.079, 6246136.458, 430374.835),
]
#: Lantmäteriet, "Kontrollpunkter för SWEREF 99 TM", 2007-11-20: latitude, longitude, north, east.
WGS84_POINTS = [
    (57.0, 12.75, 6319636.937, 363331.554),
    (57.0, 19.5, 6326392.707, 773251.054),
    (59.0, 11.25, 6546096.724, 284626.066),
    (59.0, 19.5, 6548757.206, 758410.519),
    (61.0, 12.75, 6764877.311, 378323.440),
    (61.0, 18.75, 6768593.345, 702745.127),
    (69.0, 21.0, 7666089.698, 739639.195),
]


@pytest.mark.parametrize(("rt_north", "rt_east", "north", "east"), RT90_POINTS)
def test_rt90_control_points(rt_north: float, rt_east: float, north: float, east: float) -> None:
    e, n = to_sweref([rt_east], [rt_north], "rt90")
    assert np.hypot(e[0] - east, n[0] - north) < 0.25  # the link's own accuracy: at most about 0.2 m


@pytest.mark.parametrize(("lat", "lon", "north", "east"), WGS84_POINTS)
def test_wgs84_control_points(lat: float, lon: float, north: float, east: float) -> None:
    e, n = to_sweref([lon], [lat], "wgs84")
    assert np.hypot(e[0] - east, n[0] - north) < 0.01


@pytest.mark.parametrize(
    ("x", "y", "system", "swapped"),
    [
        pytest.param([18.70, 18.59], [59.76, 60.05], "wgs84", False, id="wgs84"),
        pytest.param([59.76, 60.05], [18.70, 18.59], "wgs84", True, id="wgs84, latitude first"),
        pytest.param([708_000, 699_500], [6_629_000, 6_661_000], "sweref99tm", False, id="sweref"),
        pytest.param([6_629_000, 6_661_000], [708_000, 699_500], "sweref99tm", True, id="sweref, north first"),
        pytest.param([1_661_000], [6_629_500], "rt90", False, id="rt90"),
        pytest.param([6_629_500], [1_661_000], "rt90", True, id="rt90, x is north"),
        pytest.param([0, np.nan, 18.7, 18.6], [0, 59.7, np.nan, 60], "wgs84", False, id="zeros and gaps"),
        pytest.param([18.7, 18.6, 999], [59.7, 60.0, 59.9], "wgs84", False, id="a stray value"),
        pytest.param([150_000, 171_000], [6_630_000, 6_661_000], "", False, id="regional zone"),
        pytest.param([0, np.nan], [0, 59.7], "", False, id="nothing"),
        pytest.param([1, 2, 3], [4, 5, 6], "", False, id="small numbers"),
        pytest.param([-73.9], [40.7], "", False, id="New York"),
    ],
)
def test_recognised_by_range(x: list[float], y: list[float], system: str, swapped: bool) -> None:
    found = system_of(x, y, NORRTALJE)
    assert (found.system, found.swapped) == (system, swapped)
    assert found.reason


@pytest.mark.parametrize(
    ("x", "y", "words"),
    [
        pytest.param([150_000], [6_630_000], "regional zon", id="below the range"),
        # Also a possible easting of SWEREF 99 TM.
        pytest.param([231_000], [6_640_000], "SWEREF 99 17 15", id="within the range, but 470 km off"),
        pytest.param([374_000], [6_630_000], "UTM zon 34", id="UTM 34"),
        pytest.param([1, 2], [3, 4], "inte koordinater i Sverige", id="other numbers"),
        pytest.param([np.nan], [np.nan], "inga koordinater", id="none"),
    ],
)
def test_what_cannot_be_used_is_said(x: list[float], y: list[float], words: str) -> None:
    found = system_of(x, y, NORRTALJE)
    assert found.system == ""
    assert words in found.reason


def test_points_far_from_the_municipality_are_told_of_but_kept() -> None:
    found = system_of([12.0, 12.1], [57.7, 57.6], NORRTALJE)
    assert found.system == "wgs84"
    assert "km från kommunen" in found.reason
    assert "från kommunen" not in system_of([12.0, 12.1], [57.7, 57.6]).reason


def test_what_is_no_point_in_sweden_becomes_nan() -> None:
    east, north = to_sweref([0, np.nan, 18.7, 180.0, 59.76], [0, 59.7, 59.76, 59.7, 18.7], "wgs84")
    assert np.isnan(east[[0, 1, 3]]).all()
    assert np.isnan(north[[0, 1, 3]]).all()
    assert (east[2], north[2]) == (east[4], north[4])  # the last row has its columns the other way round


@given(
    st.lists(st.floats(allow_nan=True, allow_infinity=True), min_size=1, max_size=5),
    st.sampled_from(["wgs84", "sweref99tm", "rt90"]),
)
def test_any_numbers_give_nan_or_sweden(values: list[float], system: str) -> None:
    east, north = to_sweref(values, values[::-1], system)  # type: ignore[arg-type]
    good = np.isfinite(east)
    assert (good == np.isfinite(north)).all()
    assert ((east[good] > 0) & (east[good] < 1_300_000)).all()
    assert isinstance(system_of(values, values[::-1]).reason, str)
