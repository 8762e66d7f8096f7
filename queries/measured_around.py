"""How many events there were before and after a measure began, where it was taken and in the areas set beside it.

Numbers of local events are those that «Före och efter» shows (``time_and_place_change``), so this tells nothing more.
"""

from __future__ import annotations

from datetime import date

import numpy as np
import pandas as pd

from queries import time_and_place_change
from queries.local import HIDDEN
from queries.measured_series import EVENTS, INDICATOR, Measured, municipality_of, series
from store.warehouse import Build

COLUMNS = ["role", "area_id", "before", "after", "before_label", "after_label", "months", "status", "step"]

#: The longest that is compared, in months, and the fewest days of more than one.
_YEAR, _DAYS = 12, 31


def counts_around(
    build: Build, measured: Measured, start: date, control_id: str = "", buffer_id: str = ""
) -> pd.DataFrame:
    """Events in two equally long periods of the same season, before and after ``start``; a row per area.

    Columns: role (place, control or buffer), area_id, before, after (the middle of the step, where numbers are told in
    steps; NaN where hidden), before_label, after_label, months, status and step. A ``control_id`` that is the
    municipality stands for its other districts. The periods after begin with the first whole month (for official
    figures the first whole period) from ``start``, at most twelve months. Empty where the series does not reach so far,
    and for what is not counted: answers, and figures without numbers behind them.
    """
    asked = [("place", measured.area_id), ("control", control_id), ("buffer", buffer_id)]
    around = {EVENTS: _of_events, INDICATOR: _of_indicator}.get(measured.kind)
    found = []
    for role, area in asked:
        told = around(build, measured, area, start) if around and area else None
        found += [{"role": role, "area_id": area, **told}] if told else []
    return pd.DataFrame(found, columns=COLUMNS)


def _of_events(build: Build, measured: Measured, area_id: str, start: date) -> dict[str, object] | None:
    """As the page on time and place tells them; of the whole municipality when the place is a district: the others."""
    municipality_id = municipality_of(build, measured.area_id)
    others = area_id == municipality_id and measured.area_id != municipality_id
    place = measured.area_id if others else area_id
    begin = (pd.Timestamp(start) + pd.offsets.MonthBegin(0)).date()
    found = time_and_place_change.change(build, municipality_id, measured.source_id, place, measured.category, begin)
    if found is None:
        return None
    before, after = (found.control_before, found.control_after) if others else (found.before, found.after)
    middle = (found.step - 1) / 2
    return {
        "before": before + middle, "after": after + middle, "before_label": found.before_label,
        "after_label": found.after_label, "months": found.months, "step": found.step,
        "status": HIDDEN if np.isnan(before + after) else "final",
    }  # fmt: skip


def _of_indicator(build: Build, measured: Measured, area_id: str, start: date) -> dict[str, object] | None:
    """Whole periods of figures with numbers behind them: at most a year's after, and the same of the last year that
    ended before the start."""
    rows = series(build, measured.at(area_id))
    rows = rows[rows["status"] != "preliminary"].assign(months=(rows["end"] - rows["start"]).dt.days // _DAYS + 1)
    begin = pd.Timestamp(start)
    after = rows[rows["start"] >= begin]
    after = after[after["months"].cumsum() <= max(_YEAR, after["months"].max())]
    for years in (1, 2):
        before = rows[rows["start"].isin(after["start"] - pd.DateOffset(years=years)) & (rows["end"] < begin)]
        if len(after) and len(before) == len(after):
            break
    else:
        return None
    both = pd.concat([before, after])
    hidden = bool((both["status"] == HIDDEN).any())
    if not hidden and both["count"].isna().any():
        return None
    return {
        "before": before["count"].sum(skipna=False), "after": after["count"].sum(skipna=False),
        "before_label": _label(before), "after_label": _label(after), "months": int(after["months"].sum()), "step": 1,
        "status": HIDDEN if hidden else "final",
    }  # fmt: skip


def _label(rows: pd.DataFrame) -> str:
    """The first period and the last: "2024 kv 2–2025 kv 1"."""
    first, last = rows["label"].iloc[0], rows["label"].iloc[-1]
    return str(first) if len(rows) == 1 else f"{first}–{last}"
