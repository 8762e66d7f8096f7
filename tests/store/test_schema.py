"""The schema is complete, described, and what the frames are held to."""

from __future__ import annotations

import duckdb
import pandas as pd
import pytest

from pipelines.frames import conform, quarter_period, school_year_period, year_period
from store.schema import TABLES, Table

ALL = list(TABLES.values())


@pytest.mark.parametrize("table", ALL, ids=lambda table: table.name)
def test_ddl_creates_a_described_table(table: Table) -> None:
    con = duckdb.connect()
    for statement in table.ddl():
        con.execute(statement)
    described = con.execute(
        "SELECT column_name, comment, is_nullable FROM duckdb_columns() WHERE table_name = ?", [table.name]
    ).fetchall()
    assert [(c.name, c.description, c.nullable) for c in table.columns] == described
    assert all(len(comment) > 3 for _, comment, _ in described)


@pytest.mark.parametrize("table", ALL, ids=lambda table: table.name)
def test_key_columns_exist(table: Table) -> None:
    assert set(table.key) <= set(table.column_names)


OBSERVATION = {
    "indicator_id": "x",
    "area_id": "0188",
    **year_period(2025),
    "value": 1.0,
}


@pytest.mark.parametrize(
    ("changed", "complaint"),
    [
        pytest.param({"surprise": 1}, r"unknown columns \['surprise'\]", id="unknown column"),
        pytest.param({"area_id": None}, "observation.area_id: empty", id="required cell empty"),
        pytest.param({"status": "guessed"}, r"not allowed: \['guessed'\]", id="value outside the list"),
    ],
)
def test_conform_refuses(changed: dict[str, object], complaint: str) -> None:
    with pytest.raises(ValueError, match=complaint):
        conform("observation", pd.DataFrame([{**OBSERVATION, **changed}]))


def test_conform_refuses_a_repeated_key() -> None:
    with pytest.raises(ValueError, match="repeated key"):
        conform("observation", pd.DataFrame([OBSERVATION, OBSERVATION]))


def test_conform_fills_what_is_left_out() -> None:
    row = conform("observation", pd.DataFrame([OBSERVATION])).iloc[0]
    assert (row["breakdown"], row["status"], row["value"]) == ("", "final", 1.0)
    assert pd.isna(row["lower"])


@pytest.mark.parametrize(
    ("period", "first", "last", "label"),
    [
        pytest.param(year_period(2024), "2024-01-01", "2024-12-31", "2024", id="year"),
        pytest.param(quarter_period(2024, 1), "2024-01-01", "2024-03-31", "2024 kv 1", id="first quarter"),
        pytest.param(quarter_period(2024, 4), "2024-10-01", "2024-12-31", "2024 kv 4", id="last quarter"),
        pytest.param(school_year_period(1999), "1999-07-01", "2000-06-30", "1999/00", id="school year"),
    ],
)
def test_periods(period: dict[str, object], first: str, last: str, label: str) -> None:
    assert (str(period["period_start"])[:10], str(period["period_end"])[:10]) == (first, last)
    assert period["period_label"] == label
