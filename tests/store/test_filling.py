"""Several sources know parts of the same place: what a later delivery leaves empty keeps its earlier value."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from pipelines.frames import conform
from store.publish import NewBuild

FULL = {"name": "Hallsta skola", "lat": 60.06, "lon": 18.6, "kind": "Kommunal"}
RENAMED = {"name": "Hallstaskolan"}
STAND_IN = {"name": "24146389"}


@pytest.mark.parametrize(
    ("oldest_first", "expected"),
    [
        pytest.param([FULL, RENAMED], ("Hallstaskolan", 60.06, "Kommunal"), id="newer name, earlier point"),
        pytest.param([RENAMED, FULL], ("Hallsta skola", 60.06, "Kommunal"), id="newer row is whole"),
        pytest.param([FULL, STAND_IN], ("Hallsta skola", 60.06, "Kommunal"), id="stand-in comes last"),
        pytest.param([STAND_IN], ("24146389", None, None), id="nothing but a stand-in"),
    ],
)
def test_an_area_is_put_together(
    tmp_path: Path, oldest_first: list[dict[str, object]], expected: tuple[object, ...]
) -> None:
    staged = []
    for number, cells in enumerate(oldest_first):
        path = tmp_path / f"{number}.parquet"
        conform("area", pd.DataFrame([{"area_id": "24146389", "level": "school", **cells}])).to_parquet(path)
        staged.append((f"delivery-{number}", path))
    new = NewBuild(tmp_path, "b1")
    new.load("area", staged)
    (row,) = new.frame("SELECT name, lat, kind FROM area").itertuples(index=False, name=None)
    new.discard()
    assert tuple(None if pd.isna(cell) else cell for cell in row) == expected
