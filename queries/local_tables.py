"""The tables of a source of events that are protected together, whatever page shows a part of them.

For each year counted back from the last whole month: places by categories, and places by quarters (and months, where
the source says who reported, since then those are shown). Both part the same totals of the places, and pass the gate as
linked tables. RegSO and DeSO part the totals of the districts (queries.local_maps).
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import pandas as pd

from analysis import disclosure
from queries import gate
from queries.local_window import Window, window
from store.warehouse import Build, fetch

#: The category, quarter or month that stands for all of them, and the place of events without a known district.
ALL = ""
NOWHERE = ""

#: What events without a known district are called while the municipality is the total of the places.
_NOWHERE = "-"

_YEARS = ["back", "label", "period_start", "months", "area_id", "category", "events", "status"]
_QUARTERS = ["back", "period_start", "period_label", "area_id", "quarter", "month", "events", "status"]


class Tables(NamedTuple):
    """What can be shown: ``years`` as ``local_events.years``; ``quarters``: back (in quarters, or in months where
    ``month`` is told), period_start, period_label, area_id, month (empty: the quarter), events, status; and ``newest``,
    which is not to be shown: each place's real number of the newest year."""

    years: pd.DataFrame
    quarters: pd.DataFrame
    newest: dict[str, float]


def protected(build: Build, municipality_id: str, source_id: str) -> Tables:
    """The tables of a source, small numbers hidden; empty when it covers no whole month."""
    covered = window(build, source_id)
    if covered is None:
        return Tables(pd.DataFrame(columns=_YEARS), pd.DataFrame(columns=_QUARTERS), {})
    rows, monthly = _by_month(build, municipality_id, source_id, covered)
    whole = max(covered.months // 12, 1)
    places = sorted(rows["area_id"].unique())
    told = rows[(rows["months"] >= 0) & (rows["months"] < whole * 12)].assign(back=lambda r: r["months"] // 12)
    kinds = sorted((told if len(told) else rows)["category"].unique())
    by_category = disclosure.complete(
        told, {"back": range(whole), "area_id": places, "category": kinds}, ["area_id", "category"]
    )
    by_quarter = _quarters(rows, covered, places, monthly)
    found = gate.linked(
        build, source_id, {"category": by_category, "quarter": by_quarter}, ["back", "area_id"],
        {"category": ["category"], "quarter": ["quarter", "month"] if monthly else ["quarter"]},
    )  # fmt: skip
    real = by_category[(by_category["back"] == 0) & (by_category["category"] == ALL)]
    named = {disclosure.ALL: municipality_id, _NOWHERE: NOWHERE}
    return Tables(
        _named_years(found["category"].replace({"area_id": named}), covered, whole),
        _named_quarters(found["quarter"].replace({"area_id": named}), covered),
        dict(zip(real["area_id"].replace(named), real["events"].astype(float), strict=True)),
    )


def _by_month(build: Build, municipality_id: str, source_id: str, covered: Window) -> tuple[pd.DataFrame, bool]:
    """Raw events: area_id (district), category, months (back from the newest whole month; -1 outside those that are
    covered), events; and whether the source says who reported."""
    rows = fetch(
        build,
        """
        WITH placed AS (
            SELECT w.area_id, d.area_id AS district FROM area d JOIN area_within w ON w.within_id = d.area_id
            WHERE d.level = 'district' AND d.parent_id = $municipality
        )
        SELECT CASE WHEN month BETWEEN $first AND $last THEN datediff('month', month, $last::DATE) ELSE -1 END
                   AS months,
               coalesce(district, $nowhere) AS area_id, category, sum(events)::BIGINT AS events,
               bool_or(named) AS named
        FROM event_month LEFT JOIN placed USING (area_id) WHERE source_id = $source GROUP BY ALL
        """,
        {
            "municipality": municipality_id, "source": source_id, "first": covered.first, "last": covered.last,
            "nowhere": _NOWHERE,
        },
    )  # fmt: skip
    return rows, bool(rows["named"].any())


def _quarters(rows: pd.DataFrame, covered: Window, places: list[str], monthly: bool) -> pd.DataFrame:
    """Places by quarters (1 = the newest of the year) and months of each, with totals: the years that are covered
    whole, and of one that is not, the quarters that are. Quarters and months that are not covered are known to be."""
    whole = max(covered.months // 12, 1)
    last = max(whole * 12, covered.months // 3 * 3)
    told = rows[(rows["months"] >= 0) & (rows["months"] < last)]
    told = told.assign(
        back=told["months"] // 12,
        quarter=(told["months"] % 12 // 3 + 1).astype(str),
        month=(told["months"] % 3 + 1).astype(str),
    )
    labels = {"back": range(-(-last // 12)), "area_id": places, "quarter": list("1234")}
    parts = {"month": list("123")} if monthly else {}
    out = disclosure.complete(told, {**labels, **parts}, ["area_id", "quarter", *parts])
    first = 12 * out["back"] + 3 * (pd.to_numeric(out["quarter"]).fillna(1) - 1)
    first += pd.to_numeric(out["month"]).fillna(1) - 1 if monthly else 0
    # The first months of all quarters together are shown nowhere.
    unseen = (out["quarter"] == ALL) & (out["month"] != ALL) if monthly else False
    return out.assign(known=first >= min(last, covered.months), unseen=unseen)


def _named_years(rows: pd.DataFrame, covered: Window, whole: int) -> pd.DataFrame:
    out = rows.assign(
        label=rows["back"].map({back: covered.label(12, back) for back in range(whole)}),
        period_start=rows["back"].map({back: max(covered.start(12, back), covered.first) for back in range(whole)}),
        months=min(12, covered.months),
    )
    return out[_YEARS]


def _named_quarters(rows: pd.DataFrame, covered: Window) -> pd.DataFrame:
    """The quarters, and the months of those, that are covered whole."""
    rows = rows if "month" in rows else rows.assign(month=ALL)
    rows = rows[rows["quarter"] != ALL]
    quarter = 4 * rows["back"] + rows["quarter"].astype(int) - 1
    rows, quarter = rows[quarter < covered.months // 3], quarter[quarter < covered.months // 3]
    length = np.where(rows["month"] == ALL, 3, 1)
    back = np.where(rows["month"] == ALL, quarter, 3 * quarter + pd.to_numeric(rows["month"]).fillna(1).astype(int) - 1)
    periods = [(int(months), int(number)) for months, number in zip(length, back, strict=True)]
    named = {period: (covered.start(*period), covered.label(*period)) for period in set(periods)}
    out = rows.assign(
        back=back,
        period_start=[named[period][0] for period in periods],
        period_label=[named[period][1] for period in periods],
    )
    return out[_QUARTERS].reset_index(drop=True)
