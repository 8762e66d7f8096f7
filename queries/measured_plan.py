"""Whether the evaluation that is planned for a goal can find the effect wished for, from its series' own past."""

from __future__ import annotations

import math
from datetime import date

import pandas as pd

from analysis import planned
from queries.local import HIDDEN
from queries.measured_series import EVENTS, INDICATOR, SURVEY, Measured, municipality_of, of_events, series
from store.warehouse import Build

#: Days of the shortest period that there are so many of in a year.
_IN_A_YEAR = {12: 27, 4: 89, 1: 360}


def can_be_found(
    build: Build, measured: Measured, baseline: float, target: float, fall: bool, months: int,
    control_id: str = "", start: date | None = None,
) -> planned.Answer:  # fmt: skip
    """The answer (``analysis.planned``) for a goal in this series, followed up ``months`` after the ``start``.

    Only what was before the start says how many there are and how much they vary. A ``control_id`` that is the
    municipality stands for its other districts. Numbers hidden or not counted give the reason instead.
    """
    if measured.kind == SURVEY:
        rows = series(build, measured)
        return planned.of_shares(baseline, target, _newest(rows, "base"), fall=fall) if len(rows) else (
            planned.unanswered("no_counts", fall=fall)
        )  # fmt: skip
    if measured.kind == INDICATOR and not of_events(build, measured):
        return planned.unanswered("no_counts", fall=fall)
    before = _newest(_until(series(build, measured, by_year=True), start), "count")
    return planned.of_counts(
        before, baseline, target, fall=fall, months=months, control=_control(build, measured, control_id, start),
        varies=_dispersion(_until(series(build, measured), start)),
    )  # fmt: skip


def _until(rows: pd.DataFrame, start: date | None) -> pd.DataFrame:
    """The periods that ended before the start; all where none did."""
    before = rows[rows["end"] < pd.Timestamp(start)] if start else rows
    return before if len(before) else rows


def _newest(rows: pd.DataFrame, column: str) -> float:
    """The newest final figure; NaN where it is hidden or there is none."""
    final = rows[(rows["status"] != "preliminary") & (rows[column].notna() | (rows["status"] == HIDDEN))]
    return float(final[column].iloc[-1]) if len(final) else math.nan


def _dispersion(rows: pd.DataFrame) -> float:
    """How much more than chance the series varies; 1 where it is too short to tell."""
    if rows.empty:
        return 1.0
    days = (rows["end"] - rows["start"]).dt.days.min()
    per_year = next((number for number, least in _IN_A_YEAR.items() if days < 2 * least), 1)
    history = pd.DataFrame(
        {"period_start": rows["start"], "count": rows["count"], "preliminary": rows["status"] == "preliminary"}
    )
    found = planned.dispersion(history, per_year)
    return 1.0 if math.isnan(found) else found


def _control(build: Build, measured: Measured, control_id: str, start: date | None) -> float | None:
    """Events a year in the area beside; None without one, or where it is hidden."""
    if not control_id:
        return None

    def counted(area_id: str) -> float:
        return _newest(_until(series(build, measured.at(area_id), by_year=True), start), "count")

    others = measured.kind == EVENTS and control_id == municipality_of(build, measured.area_id)
    found = counted(control_id) - (counted(measured.area_id) if others else 0)
    return found if found > 0 else None
