"""Events that people have brought (police extracts, incident reports, fault reports), by place, time and category.

Time is counted back from the last whole month of the source: quarters are three months, years twelve, so that the
newest is as new as it can be and the same months are compared. What is small is hidden here (analysis.disclosure),
each year as a table of districts and categories with its totals; ``status`` is then ``suppressed`` and ``events``
empty. A place that no event of the source has ever been in is left out: the source may not cover it.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date

import numpy as np
import pandas as pd

from analysis.disclosure import Hidden, hidden, hidden_in_groups, small
from analysis.expected import Expectation, expectation
from queries.local import HIDDEN
from store.warehouse import Build, fetch

#: The category that stands for all of them, and the place of events without a known district.
ALL = ""
NOWHERE = ""

_MONTHS = ("jan", "feb", "mars", "apr", "maj", "juni", "juli", "aug", "sep", "okt", "nov", "dec")

#: A source whose newest event lies this near the end of a month is taken to cover the month.
_NEAR_THE_END = 7


@dataclass(frozen=True)
class Window:
    """The whole months that a source covers: first day of the first, last day of the last."""

    first: pd.Timestamp
    last: pd.Timestamp

    @property
    def months(self) -> int:
        """How many months there are."""
        return (self.last.year - self.first.year) * 12 + self.last.month - self.first.month + 1

    def start(self, length: int, back: int) -> pd.Timestamp:
        """First day of the period of ``length`` months that is ``back`` such periods before the newest."""
        return (self.last + pd.Timedelta(days=1)) - pd.DateOffset(months=length * (back + 1))

    def label(self, length: int, back: int) -> str:
        """Its name: "2025", "2025 kv 4", "november 2025"; else its months, "nov 2024–okt 2025"."""
        first = max(self.start(length, back), self.first)
        last = self.start(length, back) + pd.DateOffset(months=length) - pd.Timedelta(days=1)
        whole = first == self.start(length, back)
        if whole and length == 12 and first.month == 1:
            return str(first.year)
        if whole and length == 3 and first.month % 3 == 1:
            return f"{first.year} kv {first.quarter}"
        if (first.year, first.month) == (last.year, last.month):
            return f"{_MONTHS[first.month - 1]} {first.year}"
        of = "" if first.year == last.year else f" {first.year}"
        return f"{_MONTHS[first.month - 1]}{of}–{_MONTHS[last.month - 1]} {last.year}"


def window(build: Build, source_id: str) -> Window | None:
    """The whole months that the source's events cover; None when there is not one."""
    rows = fetch(
        build,
        """
        SELECT min(coalesce(occurred_from, reported)) AS first, max(coalesce(occurred_from, reported)) AS last
        FROM event WHERE source_id = $source
        """,
        {"source": source_id},
    ).iloc[0]
    if pd.isna(rows["first"]):
        return None
    first, last = pd.Timestamp(rows["first"]).normalize(), pd.Timestamp(rows["last"]).normalize()
    end = last + pd.offsets.MonthEnd(0)
    if (end - last).days >= _NEAR_THE_END:
        end = last.replace(day=1) - pd.Timedelta(days=1)
    begin = first.replace(day=1)
    if first.day > _NEAR_THE_END:
        begin = begin + pd.DateOffset(months=1)
    return Window(begin, end) if begin < end else None


def years(build: Build, municipality_id: str, source_id: str) -> pd.DataFrame:
    """Events by year, place and category, with totals, what must be hidden of them.

    Columns: back (0 = the newest twelve months), label, period_start, months (twelve; fewer when the source covers no
    whole year), area_id (district, the municipality, or empty without a known district), category (empty: all), events,
    status. Only years that the source covers whole; of a source that covers none, the months that there are.
    """
    return _all_protected(_by_year(build, municipality_id, source_id), municipality_id)


def _all_protected(raw: pd.DataFrame, municipality_id: str) -> pd.DataFrame:
    frames = [_protected(rows, municipality_id) for _, rows in raw.groupby("back", sort=True)]
    columns = [*raw.columns, "status"]
    return pd.concat(frames, ignore_index=True)[columns] if frames else pd.DataFrame(columns=columns)


def _by_year(build: Build, municipality_id: str, source_id: str) -> pd.DataFrame:
    """Every year, covered place and category with its number, 0 where there was none; nothing is hidden yet."""
    covered = window(build, source_id)
    columns = ["back", "label", "period_start", "months", "area_id", "category", "events"]
    if covered is None:
        return pd.DataFrame(columns=columns)
    rows = fetch(
        build,
        """
        WITH placed AS (
            SELECT w.area_id, d.area_id AS district FROM area d JOIN area_within w ON w.within_id = d.area_id
            WHERE d.level = 'district' AND d.parent_id = $municipality
        ), told AS (  -- added up by small area before the districts are looked up: a million rows become thousands
            SELECT category, area_id, sum(events) AS events,
                   CASE WHEN coalesce(occurred_from, reported) BETWEEN $first AND $last
                        THEN datediff('month', coalesce(occurred_from, reported), $last::TIMESTAMP) // 12 ELSE -1 END
                        AS back
            FROM event WHERE source_id = $source AND placement <> 'outside' GROUP BY ALL
        )
        SELECT back, coalesce(district, '') AS area_id, category, sum(events)::BIGINT AS events
        FROM told LEFT JOIN placed USING (area_id) GROUP BY ALL
        """,
        {
            "municipality": municipality_id, "source": source_id, "first": covered.first,
            "last": covered.last + pd.Timedelta(hours=23, minutes=59, seconds=59),
        },
    )  # fmt: skip
    whole = max(covered.months // 12, 1)
    told = rows[(rows["back"] >= 0) & (rows["back"] < whole)]
    every = pd.MultiIndex.from_product(
        [range(whole), sorted(rows["area_id"].unique()), sorted((told if len(told) else rows)["category"].unique())],
        names=["back", "area_id", "category"],
    )
    out = told.set_index(["back", "area_id", "category"])["events"].reindex(every, fill_value=0).reset_index()
    out["label"] = out["back"].map({back: covered.label(12, back) for back in range(whole)})
    out["period_start"] = out["back"].map({back: max(covered.start(12, back), covered.first) for back in range(whole)})
    out["months"] = min(12, covered.months)
    return out[columns]


def _table(rows: pd.DataFrame) -> tuple[pd.DataFrame, Hidden]:
    """One year as a table of places and categories, and what must be hidden of it."""
    table = rows.pivot(index="area_id", columns="category", values="events")
    return table, hidden(table.to_numpy())


def _protected(rows: pd.DataFrame, municipality_id: str) -> pd.DataFrame:
    """One year with its totals, small numbers hidden."""
    table, unknown = _table(rows)
    table[ALL] = table.sum(axis=1)
    table.loc[municipality_id] = table.sum()
    mask = np.vstack([np.column_stack([unknown.cells, unknown.rows]), [*unknown.columns, unknown.total]])
    told = pd.DataFrame(np.where(mask, HIDDEN, "final"), index=table.index, columns=table.columns)
    shown = table.astype(float).mask(mask)
    out = pd.concat({"events": shown.stack(), "status": told.stack()}, axis=1).reset_index()
    first = rows.iloc[0]
    return out.assign(**{name: first[name] for name in ("back", "label", "period_start", "months")})


def series(build: Build, municipality_id: str, source_id: str, place_id: str) -> pd.DataFrame:
    """Events in the place quarter by quarter, oldest first: period_start, period_label, back (0 = the newest quarter),
    events, status. A quarter is also hidden when it would follow from the year's number."""
    covered = window(build, source_id)
    columns = ["period_start", "period_label", "back", "events", "status"]
    known = _hidden_years(build, municipality_id, source_id, place_id)
    if covered is None or not known:
        return pd.DataFrame(columns=columns)
    counts = _counts(build, source_id, place_id, municipality_id, covered)
    told = counts.groupby(counts["months"] // 3)["events"].sum().reindex(range(covered.months // 3), fill_value=0)
    year = told.index.to_numpy() // 4
    mask = hidden_in_groups(told, year, [known.get(back, True) for back in year])
    out = pd.DataFrame(
        {
            "period_start": [covered.start(3, back) for back in told.index],
            "period_label": [covered.label(3, back) for back in told.index],
            "back": told.index,
            "events": told.astype(float).mask(mask).to_numpy(),
            "status": np.where(mask, HIDDEN, "final"),
        }
    )
    return out.iloc[::-1].reset_index(drop=True)


def _hidden_years(build: Build, municipality_id: str, source_id: str, place_id: str) -> dict[int, bool]:
    """Which years of a place are hidden, by how far back; empty where the source has nothing about the place."""
    rows = years(build, municipality_id, source_id)
    own = rows[(rows["area_id"] == place_id) & (rows["category"] == ALL)]
    return dict(zip(own["back"].astype(int), own["status"] == HIDDEN, strict=True))


def _counts(build: Build, source_id: str, place_id: str, municipality_id: str, covered: Window | None) -> pd.DataFrame:
    """Raw events in the place by month: months (back from the newest), events, reported (by someone named), reporters
    (number of different). The municipality's has the events without a known place too."""
    if covered is None:
        return pd.DataFrame(columns=["months", "events", "reported", "reporters"])
    return fetch(
        build,
        """
        SELECT datediff('month', coalesce(occurred_from, reported), $last::TIMESTAMP) AS months,
               sum(events)::BIGINT AS events, count(DISTINCT reporter) AS reporters,
               coalesce(sum(events) FILTER (reporter IS NOT NULL), 0)::BIGINT AS reported
        FROM event WHERE source_id = $source AND placement <> 'outside'
          AND coalesce(occurred_from, reported) BETWEEN $first AND $last
          AND ($place = $municipality OR area_id IN (SELECT area_id FROM area_within WHERE within_id = $place))
        GROUP BY months ORDER BY months
        """,
        {
            "source": source_id, "place": place_id, "municipality": municipality_id, "first": covered.first,
            "last": covered.last + pd.Timedelta(hours=23, minutes=59, seconds=59),
        },
    )  # fmt: skip


@dataclass(frozen=True)
class Latest:
    """The newest twelve months in a place beside its own history.

    ``expected`` has the number as ``observed``, which is NaN when ``status`` says that it is hidden. ``before`` is the
    twelve months before, None when the source does not cover them, NaN when hidden.
    """

    label: str
    months: int
    status: str
    expected: Expectation
    before_label: str = ""
    before: float | None = None


def latest(build: Build, municipality_id: str, source_id: str, place_id: str) -> Latest | None:
    """The newest twelve months in a place beside what its own earlier years led to expect; None where the source has
    nothing about the place."""
    raw = _by_year(build, municipality_id, source_id)
    rows = _all_protected(raw, municipality_id)
    own = rows[(rows["area_id"] == place_id) & (rows["category"] == ALL)].sort_values("back").to_dict("records")
    if not own:
        return None
    inside = raw if place_id == municipality_id else raw[raw["area_id"] == place_id]
    counts = inside.groupby("period_start")["events"].sum().rename("count").reset_index()
    judged = expectation(counts)
    newest, before = own[0], own[1] if len(own) > 1 else None
    if newest["status"] == HIDDEN:
        judged = replace(judged, observed=np.nan)
    return Latest(
        newest["label"], newest["months"], newest["status"], judged,
        before["label"] if before else "", float(before["events"]) if before else None,
    )  # fmt: skip


def placements(build: Build, source_id: str) -> dict[str, int]:
    """How many of all the source's events lie here, outside the municipality, and without a known place."""
    rows = fetch(
        build,
        "SELECT placement, sum(events)::BIGINT AS events FROM event WHERE source_id = $source GROUP BY placement",
        {"source": source_id},
    )
    told = dict(zip(rows["placement"], rows["events"], strict=True))
    return {name: int(told.get(name, 0)) for name in ("placed", "outside", "unplaced")}


def reporting(build: Build, municipality_id: str, source_id: str, place_id: str) -> pd.DataFrame:
    """Reports in a place month by month, oldest first, and how many there are on each who reported in the month.

    Counts rise when more people report. Columns: period_start, period_label, events, reporters (number of different
    that reported), per_reporter, status. A month is also hidden when it would follow from the quarter's number. Empty
    when the source does not say who reported.
    """
    covered = window(build, source_id)
    counts = _counts(build, source_id, place_id, municipality_id, covered)
    columns = ["period_start", "period_label", "events", "reporters", "per_reporter", "status"]
    if covered is None or not counts["reporters"].sum():
        return pd.DataFrame(columns=columns)
    told = counts.set_index("months").reindex(range(covered.months // 3 * 3), fill_value=0)
    quarters = series(build, municipality_id, source_id, place_id).set_index("back")["status"] == HIDDEN
    quarter = told.index.to_numpy() // 3
    mask = hidden_in_groups(told["events"], quarter, quarters.reindex(quarter, fill_value=True))
    mask |= small(told["reported"])
    out = pd.DataFrame(
        {
            "period_start": [covered.start(1, back) for back in told.index],
            "period_label": [covered.label(1, back) for back in told.index],
            "events": told["events"].astype(float).mask(mask).to_numpy(),
            "reporters": told["reporters"].to_numpy(),
            "per_reporter": (told["reported"] / told["reporters"].where(told["reporters"] > 0)).mask(mask).to_numpy(),
            "status": np.where(mask, HIDDEN, "final"),
        }
    )
    return out.iloc[::-1].reset_index(drop=True)


def covered_days(build: Build, source_id: str) -> tuple[date, date] | None:
    """First and last day of the whole months that the source covers."""
    covered = window(build, source_id)
    return None if covered is None else (covered.first.date(), covered.last.date())
