"""Rows of a table read by a mapping, without a file around them."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from pipelines.deliveries import Delivery
from pipelines.intake import kinds
from pipelines.intake.cells import Cell, Column
from pipelines.intake.gazetteer import Gazetteer
from pipelines.intake.kinds.result import Result
from pipelines.intake.rows import Rows
from store.intake import ColumnUse, Mapping

DELIVERY = Delivery(
    "lokal_prov-abc", "lokal_prov", "tolkning", "prov.csv", "0", 1, "2026-11-23T12:00:00.000000+00:00", "prov", Path()
)


def read(
    gazetteer: Gazetteer,
    kind: str,
    uses: Sequence[ColumnUse | tuple[str, str]],
    cells: Sequence[tuple[Cell | None, ...]],
    *,
    typed: bool = False,
    **mapping: Any,
) -> Result:
    """What rows of cells give; ``uses`` are the columns in order, (header, field) where no more is to be said."""
    columns = [use if isinstance(use, ColumnUse) else ColumnUse(header=use[0], field=use[1]) for use in uses]
    rows = Rows(
        {use.header: Column.of(row[at] for row in cells) for at, use in enumerate(columns)},
        np.arange(2, len(cells) + 2),
        "Blad1",
        typed,
    )
    made = Mapping(name="Prov", kind=kind, columns=tuple(columns), **mapping)
    return kinds.read(rows, made, gazetteer, DELIVERY)


def table(result: Result, name: str) -> pd.DataFrame:
    """One of the tables that were given, numbered from 0."""
    return result.parsed.tables[name].reset_index(drop=True)


def refusals(result: Result) -> dict[int, str]:
    """The rows that were refused, with why."""
    return dict(zip(result.refused["row"], result.refused["reason"], strict=True))


def rules(result: Result) -> dict[str, int]:
    """The rules of the findings, with how many rows each concerns."""
    return {finding.rule: finding.count for finding in result.findings}


def asked(result: Result) -> dict[str, list[str]]:
    """What is asked, with the answers that can be chosen."""
    return {question.key: [choice.value for choice in question.choices] for question in result.questions}
