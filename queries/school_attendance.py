"""Attendance and absence per school, as people have brought it: by month, and by school year on the same months.

Numbers of pupils under the source's smallest, shares of so few, and shares that would tell of so few are hidden:
``status`` is then ``protected`` and the value empty.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from analysis.disclosure import small
from queries import gate, schools
from queries.local import FIGURE_KINDS
from queries.local_maps import PROTECTED
from queries.local_window import MONTHS
from store.warehouse import Build, fetch

#: What a measure of attendance has in its name.
_NAMES = "närvar|frånvar|skolk"

#: A share of persons, not of time: its complement tells of persons too.
_OF_PERSONS = "elever|barn|andel som"

#: The first month of a school year.
_FIRST = 7


def measures(build: Build, municipality_id: str) -> pd.DataFrame:
    """The measures of attendance that schools here have figures for: source_id, citation, delivered (UTC),
    indicator_id, name, unit, decimals, polarity. By name; empty when nobody has brought any."""
    return fetch(
        build,
        """
        SELECT s.source_id, s.citation, max(d.received_at) AS delivered, i.indicator_id, i.name, i.unit, i.decimals,
               i.polarity
        FROM source s JOIN indicator i USING (source_id) JOIN delivery d USING (source_id)
        WHERE s.kind IN (SELECT unnest($kinds)) AND regexp_matches(lower(i.name), $names) AND i.indicator_id IN (
            SELECT o.indicator_id FROM observation o JOIN area_within w USING (area_id) JOIN area a USING (area_id)
            WHERE w.within_id = $municipality AND a.level = 'school'
        )
        GROUP BY s.source_id, s.citation, i.indicator_id, i.name, i.unit, i.decimals, i.polarity
        ORDER BY i.name COLLATE sv, i.indicator_id
        """,
        {"kinds": list(FIGURE_KINDS), "names": _NAMES, "municipality": municipality_id},
    )


def figures(build: Build, municipality_id: str, indicator_id: str) -> pd.DataFrame:
    """The measure for every school in the municipality, by district and school, oldest first.

    Numbers that can be added up are summed over classes and groups. Columns: area_id, school, district (may be empty),
    period_type, period_start, period_end, period_label, value, base (empty when unknown), status, value_text (empty).
    """
    rows = fetch(
        build,
        """
        SELECT o.area_id, i.source_id, i.name, i.unit, o.period_type, o.period_start, o.period_end, o.period_label,
               sum(o.value) AS value, CASE WHEN count(o.base) = count(*) THEN sum(o.base) END AS base,
               min(o.status) AS status
        FROM observation o JOIN indicator i USING (indicator_id)
        WHERE o.indicator_id = $indicator AND (o.breakdown = '' OR i.aggregation = 'sum')
        GROUP BY o.area_id, i.source_id, i.name, i.unit, o.period_type, o.period_start, o.period_end, o.period_label
        ORDER BY o.period_start
        """,
        {"indicator": indicator_id},
    )
    rows = schools.named(build, municipality_id).merge(rows, on="area_id")
    few = _few(build, rows)
    out = rows.assign(value=rows["value"].mask(few), base=rows["base"].mask(few), value_text=None)
    out["status"] = np.where(few, PROTECTED, rows["status"])
    return out.drop(columns=["source_id", "name", "unit"])


def _few(build: Build, rows: pd.DataFrame) -> np.ndarray:
    """Which figures are of so few that they could be told."""
    rule = gate.policy(build, str(rows["source_id"].iloc[0])) if len(rows) else None
    if rule is None:
        return np.zeros(len(rows), dtype=bool)
    lost = small(rows["base"], rule.smallest)
    if rows["unit"].iloc[0] == "antal":
        return lost | small(rows["value"], rule.smallest)
    if rows["unit"].iloc[0] == "procent" and rows["name"].str.contains(_OF_PERSONS, case=False).iloc[0]:
        part = rows["value"] / 100 * rows["base"]
        lost |= small(part.round(), rule.smallest) | small((rows["base"] - part).round(), rule.smallest)
    return lost


def school_years(found: pd.DataFrame) -> pd.DataFrame:
    """Months as school years: the mean of each school's months, the same months every year.

    ``found`` as ``figures``. The months are those that any school has in the newest school year, and a school has a
    figure for a year when it has all of them: autumns are not set against whole years. Means are of months, since the
    number of pupils hardly changes from month to month. The columns of ``figures``; ``base`` is the smallest of the
    months'. Figures of other periods than months are left as they are.
    """
    months = found[found["period_type"] == "month"]
    if months.empty:
        return found
    start = pd.to_datetime(months["period_start"])
    year = start.dt.year - (start.dt.month < _FIRST)
    months = months.assign(year=year, month=start.dt.month)
    known = months.dropna(subset=["value"])
    if known.empty:
        return months.iloc[:0].drop(columns=["year", "month"])
    asked = sorted(known.loc[known["year"] == known["year"].max(), "month"].unique(), key=lambda m: (m - _FIRST) % 12)
    same = months[months["month"].isin(asked)]
    keys = ["area_id", "school", "district", "year"]
    out = same.groupby(keys, sort=False, dropna=False).agg(
        value=("value", "mean"), base=("base", "min"), months=("value", "count"), rows=("month", "nunique")
    )
    out = out[out["rows"] == len(asked)].reset_index()
    whole = out["months"] == len(asked)
    span = _span(asked)
    return pd.DataFrame(
        {
            "area_id": out["area_id"], "school": out["school"], "district": out["district"],
            "period_type": "school_year",
            "period_start": [pd.Timestamp(one, _FIRST, 1) for one in out["year"]],
            "period_end": [pd.Timestamp(one + 1, _FIRST - 1, 30) for one in out["year"]],
            "period_label": [f"{one}/{(one + 1) % 100:02d}{span}" for one in out["year"]],
            "value": out["value"].where(whole), "base": out["base"],
            "status": np.where(whole, "final", PROTECTED), "value_text": None,
        }
    )  # fmt: skip


def _span(months: list[int]) -> str:
    """The months of a part of a school year: ", aug–dec"; empty for a whole one."""
    if len(months) >= 10:
        return ""
    first, last = MONTHS[months[0] - 1], MONTHS[months[-1] - 1]
    return f", {first}" if len(months) == 1 else f", {first}–{last}"
