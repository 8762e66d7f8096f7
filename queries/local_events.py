"""Events that people have brought (police extracts, incident reports, fault reports), by place, time and category.

Time is counted back from the last whole month of the source: quarters are three months, years twelve, so that the
newest is as new as it can be and the same months are compared. What must be hidden is (queries.local_tables, through
the gate): ``status`` is then ``suppressed`` and ``events`` empty. A place that no event of the source has ever been in
is left out: the source may not cover it.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date

import numpy as np
import pandas as pd

from analysis.disclosure import SMALLEST, small
from analysis.expected import Expectation, expectation
from analysis.verdict import Verdict
from queries import gate
from queries.local import HIDDEN
from queries.local_tables import ALL, NOWHERE, protected
from queries.local_window import Window, window
from store.warehouse import Build, fetch

__all__ = [
    "ALL", "NOWHERE", "Latest", "Window", "covered_days", "latest", "placements", "reporting", "series", "window",
    "years",
]  # fmt: skip

#: A hidden number is said to be lower than expected only where the limit is so many times what is small.
_FAR = 4


def years(build: Build, municipality_id: str, source_id: str) -> pd.DataFrame:
    """Events by year, place and category, with totals, what must be hidden of them.

    Columns: back (0 = the newest twelve months), label, period_start, months (twelve; fewer when the source covers no
    whole year), area_id (district, the municipality, or empty without a known district), category (empty: all), events,
    status. Only years that the source covers whole; of a source that covers none, the months that there are.
    """
    return protected(build, municipality_id, source_id).years


def series(build: Build, municipality_id: str, source_id: str, place_id: str) -> pd.DataFrame:
    """Events in the place quarter by quarter, oldest first: period_start, period_label, back (0 = the newest quarter),
    events, status. A quarter is also hidden when it would follow from other numbers."""
    rows = protected(build, municipality_id, source_id).quarters
    columns = ["period_start", "period_label", "back", "events", "status"]
    own = rows[(rows["area_id"] == place_id) & (rows["month"] == ALL)]
    return own.sort_values("back", ascending=False, ignore_index=True)[columns]


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
    nothing about the place.

    Only years whose numbers are shown are in the history, so that what is expected does not tell of the others. Of a
    newest year that is hidden nothing is said but that it is far lower than expected.
    """
    found = protected(build, municipality_id, source_id)
    rows = found.years[found.years["category"] == ALL]
    own = rows[rows["area_id"] == place_id].sort_values("back").reset_index(drop=True)
    if own.empty:
        return None
    newest, before = own.iloc[0], own.iloc[1] if len(own) > 1 else None
    observed = found.newest[place_id]
    counts = own.assign(count=own["events"].where(own["back"] > 0, observed))
    judged = expectation(counts.loc[counts["count"].notna(), ["period_start", "count"]])
    if newest["status"] == HIDDEN:
        far = judged.verdict == Verdict.LOWER and judged.lower >= _FAR * SMALLEST
        judged = replace(judged, observed=np.nan)
        if not far:
            judged = replace(
                judged, expected=np.nan, lower=np.nan, upper=np.nan, verdict=Verdict.TOO_LITTLE,
                reason=judged.reason or "small_counts",
            )  # fmt: skip
    return Latest(
        newest["label"], int(newest["months"]), newest["status"], judged,
        "" if before is None else before["label"], None if before is None else float(before["events"]),
    )  # fmt: skip


def placements(build: Build, municipality_id: str, source_id: str) -> dict[str, float]:
    """How many of the source's events of the newest twelve months lie in a known district here (``placed``), without a
    known one (``unplaced``), and outside the municipality (``outside``); NaN where that is hidden."""
    rows = years(build, municipality_id, source_id)
    own = rows[(rows["back"] == 0) & (rows["category"] == ALL)].set_index("area_id")["events"]
    covered = window(build, source_id)
    if covered is None:
        return {"placed": 0.0, "unplaced": 0.0, "outside": 0.0}
    outside = fetch(
        build,
        """
        SELECT coalesce(sum(events), 0)::BIGINT AS events FROM event
        WHERE source_id = $source AND placement = 'outside'
          AND coalesce(occurred_from, reported) >= $first AND coalesce(occurred_from, reported) < $after
        """,
        {"source": source_id, "first": covered.start(12, 0), "after": covered.after},
    )
    unplaced = float(own.get(NOWHERE, 0.0))
    return {
        "placed": float(own.get(municipality_id, 0.0)) - unplaced,
        "unplaced": unplaced,
        "outside": float(gate.shown(build, source_id, outside.assign(place="outside"), ["place"])["events"].iloc[0]),
    }


def reporting(build: Build, municipality_id: str, source_id: str, place_id: str) -> pd.DataFrame:
    """Reports in a place month by month, oldest first, and how many there are on each who reported in the month.

    Counts rise when more people report. Columns: period_start, period_label, events, reporters (number of different
    that reported), per_reporter, status. Where the month is hidden, so is who reported; where few said who they were,
    that is. Empty when the source does not say who reported.
    """
    months = protected(build, municipality_id, source_id).quarters
    months = months[(months["area_id"] == place_id) & (months["month"] != ALL)].sort_values("back", ascending=False)
    covered = window(build, source_id)
    columns = ["period_start", "period_label", "events", "reporters", "per_reporter", "status"]
    if covered is None or months.empty:
        return pd.DataFrame(columns=columns)
    who = _reporters(build, source_id, place_id, municipality_id, covered).set_index("months")
    who = who.reindex(months["back"], fill_value=0).astype(float).reset_index(drop=True)
    if not who["reporters"].sum():
        return pd.DataFrame(columns=columns)
    out = months.reset_index(drop=True)
    rule = gate.policy(build, source_id)
    few = small(who["reported"], rule.smallest) if rule else np.zeros(len(who), dtype=bool)
    lost = (out["status"] == HIDDEN) | few
    return out.assign(
        reporters=who["reporters"].mask(lost),
        per_reporter=(who["reported"] / who["reporters"].where(who["reporters"] > 0)).mask(lost),
    )[columns]


def _reporters(build: Build, source_id: str, place_id: str, municipality_id: str, covered: Window) -> pd.DataFrame:
    """Raw reports in the place by month: months (back from the newest), reported (by someone named), reporters (number
    of different)."""
    return fetch(
        build,
        """
        SELECT datediff('month', coalesce(occurred_from, reported), $last::TIMESTAMP) AS months,
               count(DISTINCT reporter) AS reporters,
               coalesce(sum(events) FILTER (reporter IS NOT NULL), 0)::BIGINT AS reported
        FROM event WHERE source_id = $source AND placement <> 'outside'
          AND coalesce(occurred_from, reported) >= $first AND coalesce(occurred_from, reported) < $after
          AND ($place = $municipality OR area_id IN (SELECT area_id FROM area_within WHERE within_id = $place))
        GROUP BY months ORDER BY months
        """,
        {
            "source": source_id, "place": place_id, "municipality": municipality_id, "first": covered.first,
            "last": covered.last, "after": covered.after,
        },
    )  # fmt: skip


def covered_days(build: Build, source_id: str) -> tuple[date, date] | None:
    """First and last day of the whole months that the source covers."""
    covered = window(build, source_id)
    return None if covered is None else (covered.first.date(), covered.last.date())
