"""An exhibit that is frozen comes back as it was, through what a database keeps."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import plotly.graph_objects as go
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pandas.testing import assert_frame_equal

from charts import frozen as frozen_exhibit
from charts.exhibit import Exhibit, Provenance
from queries.measured import Measured
from store.warehouse import Build
from ui import freezing

TABLE = pd.DataFrame({"Område": ["Rimbo", "Älmsta"], "Antal": [12, 7], "Andel": [63.2, np.nan]})


def exhibit(**other: Any) -> Exhibit:
    told: dict[str, Any] = {
        "id": "klotter", "finding": "Klottret ökar", "sentence": "Mer än väntat.", "unit": "Antal", "place": "Rimbo",
        "period": "2020–2025", "sources": (Provenance("Brå, anmälda brott", date(2026, 11, 23)),), "table": TABLE,
        "figure": go.Figure(go.Scatter(x=[2024, 2025], y=[7.0, np.nan], name="Klotter")), "alt": "En linje.",
        "filters": (("Brottsgrupp", "Klotter"),), "mark": "Exempeldata",
    }  # fmt: skip
    return Exhibit(**{**told, **other})


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[Measured]:
    """The page's build, and a series of one year for whatever is asked for; the series asked for are collected."""
    collected: list[Measured] = []

    def ask(_question: object, measured: Measured) -> pd.DataFrame:
        collected.append(measured)
        year = [pd.Timestamp(2025, 1, 1), pd.Timestamp(2025, 12, 31), "2025", 7.0]
        return pd.DataFrame([year], columns=["start", "end", "label", "value"])

    build = Build("b7", Path("b7.duckdb"), datetime(2026, 11, 23, tzinfo=UTC), "test")
    monkeypatch.setattr(freezing, "build", lambda: build)
    monkeypatch.setattr(freezing, "ask", ask)
    return collected


def kept(frozen: dict[str, Any]) -> dict[str, Any]:
    """What the database gives back. PostgreSQL refuses what is no JSON (NaN), which Python's own would let through."""
    through: dict[str, Any] = json.loads(json.dumps(frozen, allow_nan=False))
    return through


def test_an_exhibit_comes_back_as_it_was(asked: list[Measured]) -> None:
    frozen = kept(freezing.freeze(exhibit()))
    thawed = frozen_exhibit.thaw(frozen)
    assert_frame_equal(thawed.table, TABLE)
    figure = exhibit().figure
    assert figure is not None
    assert thawed.figure is not None
    assert thawed.figure.to_json() == figure.to_json()
    told = ("id", "finding", "sentence", "unit", "place", "period", "sources", "alt", "filters", "mark")
    assert [getattr(thawed, name) for name in told] == [getattr(exhibit(), name) for name in told]
    assert (thawed.build, thawed.measured, frozen["series"], asked) == ("b7", None, None, [])
    assert datetime.fromisoformat(frozen["frozen_at"]).tzinfo == UTC


def test_the_series_behind_it_is_kept_for_comparison(asked: list[Measured]) -> None:
    series = Measured("indicator", "0188", "Klotter", "bra_offences_graffiti")
    frozen = kept(freezing.freeze(exhibit(measured=series.as_json())))
    assert asked == [series]
    assert frozen["measured"] == series.as_json()
    assert frozen["series"]["rows"] == [["2025-01-01T00:00:00", "2025-12-31T00:00:00", "2025", 7.0]]


@pytest.mark.usefixtures("asked")
def test_of_a_map_the_printed_one_is_kept_and_of_a_table_none() -> None:
    printed = go.Figure(go.Scatter(x=[1], y=[1], name="tryckt"))
    assert freezing.freeze(exhibit(print_figure=lambda: printed))["figure"]["data"][0]["name"] == "tryckt"
    assert frozen_exhibit.thaw(kept(freezing.freeze(exhibit(figure=None)))).figure is None


@pytest.mark.usefixtures("asked")
def test_what_is_frozen_again_keeps_its_build() -> None:
    thawed = frozen_exhibit.thaw(kept(freezing.freeze(exhibit())))
    assert freezing.freeze(thawed)["build"] == "b7"
    assert freezing.freeze(exhibit(build="b1"))["build"] == "b1"


_COLUMNS = st.sampled_from(
    [
        (st.integers(-(2**40), 2**40), "int64"),
        (st.floats(allow_infinity=False), "float64"),
        (st.one_of(st.none(), st.integers(0, 9)), "Int64"),
        (st.one_of(st.none(), st.text(max_size=5)), "str"),
        (st.booleans(), "bool"),
        (st.datetimes(datetime(1900, 1, 1), datetime(2100, 1, 1)), "datetime64[us]"),
        (st.one_of(st.none(), st.integers(0, 9), st.text(max_size=5)), "object"),
    ]
)


@settings(max_examples=30)
@given(data=st.data(), kinds=st.lists(_COLUMNS, min_size=1, max_size=4), rows=st.integers(0, 4))
def test_any_table_comes_back(data: st.DataObject, kinds: list[Any], rows: int) -> None:
    columns = {
        f"k{place}": pd.Series(data.draw(st.lists(values, min_size=rows, max_size=rows)), dtype=kind)
        for place, (values, kind) in enumerate(kinds)
    }
    table = pd.DataFrame(columns)
    assert_frame_equal(
        frozen_exhibit.table_from_json(json.loads(json.dumps(frozen_exhibit.table_as_json(table)))), table
    )
