"""The days and places that a delivery covers: what a later one replaces, and what two have in common."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Mapping
from datetime import date

import numpy as np
import pandas as pd

#: The day that a row of each table belongs to (store.schema's ``Table.day``): the first of these columns that has one.
DAYS = {
    "event": ("occurred_from", "reported"),
    "observation": ("period_start",),
    "survey_answer": ("period_start",),
}


def moment_of(name: str, frame: pd.DataFrame) -> pd.Series:
    """The moment that each row of a table belongs to; empty where there is none."""
    first, *others = (pd.to_datetime(frame[column]) for column in DAYS[name])
    for other in others:
        first = first.fillna(other)
    return first


def spans_of(tables: Mapping[str, pd.DataFrame]) -> list[tuple[date, date]]:
    """The days covered by the tables, (first, last) for each month with rows, oldest first.

    Between its first and its last day a delivery covers the months that it has rows in, and no others: one row with a
    wrong year does not make it cover the years between.
    """
    moments = [moment_of(name, tables[name]).dropna().to_numpy() for name in DAYS.keys() & tables.keys()]
    days = np.unique(np.concatenate([m.astype("datetime64[D]") for m in moments])) if moments else np.array([])
    if not len(days):
        return []
    months = np.unique(days.astype("datetime64[M]")).astype(object)
    first, last = days[0].astype(object), days[-1].astype(object)
    return [(max(first, month), min(last, _end(month))) for month in months]


def place_of(frame: pd.DataFrame) -> pd.Series:
    """The area that each row belongs to; an empty text where there is none."""
    return frame["area_id"].astype(object).fillna("").astype(str)


def places_of(tables: Mapping[str, pd.DataFrame]) -> list[str]:
    """The areas that the tables have rows for, in order; an empty text stands for none."""
    frames = [tables[name] for name in DAYS.keys() & tables.keys()]
    return sorted({"" if pd.isna(area) else str(area) for frame in frames for area in frame["area_id"].unique()})


def _end(month: date) -> date:
    return month.replace(day=monthrange(month.year, month.month)[1])
