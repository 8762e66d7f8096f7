"""The generator of the bench: what it makes is a build like any other."""

from __future__ import annotations

from pathlib import Path

import pytest

from bench.generate import Size, generate
from store.warehouse import current_build


@pytest.mark.parametrize(
    ("size", "yearly"),
    [
        pytest.param(Size(municipalities=3, months=24, types=2, events=50), 3 * 2 * 2, id="whole years"),
        pytest.param(Size(municipalities=2, months=14, types=1, events=1), 2 * 1 * 1, id="a broken year gives no sum"),
    ],
)
def test_a_generated_build_holds_together(built: Path, tmp_path: Path, size: Size, yearly: int) -> None:
    shipped = current_build(built)
    assert shipped is not None
    new = generate(tmp_path, shipped, size)
    try:
        rows = new.frame(
            "SELECT period_type, count(*) AS n, count(DISTINCT indicator_id) AS types FROM observation "
            "WHERE delivery_id = 'bra_reported_offences-generated' GROUP BY 1"
        ).set_index("period_type")
        assert rows["n"].to_dict() == {"month": size.observations, "year": yearly}
        assert set(rows["types"]) == {size.types}
        events = new.frame("SELECT count(*) AS n FROM event WHERE delivery_id = 'polisen_events-generated'")
        assert events["n"].item() == size.events
        assert new.faults() == []
    finally:
        new.discard()
