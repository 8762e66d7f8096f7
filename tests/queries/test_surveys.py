"""Survey measures of a municipality beside its peers and the country."""

from __future__ import annotations

from pathlib import Path

import pytest

from queries import surveys
from tests.queries.literal import literal_build, year


def test_the_newest_figure_is_beside_others_of_the_same_year(tmp_path: Path) -> None:
    common = {"source_id": "kolada_indicators", "theme": "Trygghet"}
    place = "kolada_N07609"
    peers = {"municipality_id": "0188", "name": "Norrtälje", "peers": "2181,0114,0765", "peers_source": "RKA"}
    values = {
        ("0188", 2024): 20.0, ("0188", 2025): 24.0, ("2181", 2025): 31.0, ("0114", 2025): 27.0, ("0765", 2024): 99.0,
        ("1485", 2025): 5.0, ("00", 2025): 26.0, ("00", 2024): 90.0,
    }  # fmt: skip
    rows = [{"indicator_id": place, "area_id": area, **year(of), "value": value}
            for (area, of), value in values.items()]  # fmt: skip
    rows[1] |= {"lower": 21.0, "upper": 27.0}
    rows += [{**rows[1], "breakdown": "kön=kvinnor", "value": 40.0},
             {"indicator_id": "kolada_N15419", "area_id": "0188", **year(2025), "value": 3.0}]  # fmt: skip
    build = literal_build(
        tmp_path, municipality=[peers], observation=rows,
        indicator=[{**common, "indicator_id": place, "name": "NTU: Otrygghet"},
                   {**common, "indicator_id": "kolada_N15419", "theme": "Skola"}],
    )  # fmt: skip
    (found,) = surveys.newest(build, "0188").to_dict("records")
    assert (found["period_label"], found["value"], found["lower"], found["upper"]) == ("2025", 24.0, 21.0, 27.0)
    assert (found["peers"], found["peers_known"], found["country"]) == (pytest.approx(29), 2, 26.0)
    assert surveys.newest(build, "2482").empty
