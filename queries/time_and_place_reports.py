"""Whether more is reported because more happens, or because more report."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial

import numpy as np
import pandas as pd

from analysis.intervals import count_interval
from analysis.reporting import per_reporter
from analysis.two_counts import rate_ratio
from analysis.verdict import Verdict
from queries import local_tables
from queries.event_rows import (
    ALL,
    Asked,
    Mask,
    cut,
    exact_parts,
    hidden_quarters,
    in_steps,
    middles,
    one_by_one,
    period,
    step,
    within,
)
from queries.local import HIDDEN
from queries.local_window import Window
from queries.time_and_place_calendar import by_part
from store.warehouse import Build

_YEAR = 12


@dataclass(frozen=True)
class Reports:
    """``quarters``, oldest first: label, period_start, events (in steps, empty when hidden), status, reporter_weeks
    (weeks with a report, summed over those who report, in steps), rate (named reports per active rapporteur and week,
    one decimal) and its 95 % limits lower and upper; a row per quarter.

    The newest twelve months beside those before: ``reports``, ``reporters`` and ``rate`` as ratios (NaN when
    hidden or not covered), ``lower`` and ``upper`` of the rate's, and its ``verdict``.

    There are at least as many reports as rapporteur weeks, so those are told in steps too, and all rates and ratios are
    worked out from the middles of the steps.
    """

    quarters: pd.DataFrame
    reports: float
    reporters: float
    rate: float
    lower: float
    upper: float
    verdict: Verdict
    label: str
    before_label: str
    step: int


def reports(build: Build, municipality_id: str, source_id: str, place_id: str, category: str) -> Reports | None:
    """Reports per active rapporteur and week; None when no report in the source's whole years names who sent it."""
    covered = period(build, source_id)
    if covered is None:
        return None
    asked = Asked(municipality_id, source_id, place_id, category)
    rows = within(build, asked, covered)
    if not rows["reporter"].notna().any():
        return None
    size = step(build, source_id)
    each = one_by_one(rows)
    weeks = per_reporter(each[["moment", "reporter"]])
    weeks["named"] = weeks["reports"] - weeks["unnamed"]
    # A week belongs to the quarter of its Thursday, as to its year.
    day = weeks["week_start"] + pd.Timedelta(days=3)
    weeks["back"] = ((covered.last.year - day.dt.year) * 12 + covered.last.month - day.dt.month).clip(
        0, covered.months - 1
    )
    quarters = [
        _quarter(weeks, covered.start(3, back), covered.label(3, back), back) for back in _newest_last(covered.months)
    ]
    frame = _told(pd.DataFrame(quarters), size, _hidden(build, asked, covered, len(quarters)))
    years = _compared(weeks, size, _hidden_years(build, asked))
    return Reports(frame, *years, covered.label(_YEAR, 0), covered.label(_YEAR, 1), size)


def _told(quarters: pd.DataFrame, size: int, hidden: Mask) -> pd.DataFrame:
    """The quarters in steps, and the rates that follow from those."""
    told = in_steps(quarters["reports"], size, hidden)
    active = in_steps(quarters["active"], size, hidden)["events"]
    named, weeks = (middles(quarters[name], size, hidden) for name in ("named", "active"))
    lower, upper = count_interval(named)
    per_week = np.where(weeks > 0, weeks, np.nan)
    rates = {"rate": named / per_week, "lower": lower / per_week, "upper": upper / per_week}
    return quarters[["label", "period_start"]].assign(
        events=told["events"], status=told["status"], reporter_weeks=active,
        **{name: rate.round(1) for name, rate in rates.items()},
    )  # fmt: skip


def _hidden_years(build: Build, asked: Asked) -> Mask:
    """Whether the newest twelve months, and those before, are hidden where years are told."""
    years = local_tables.protected(build, asked.municipality_id, asked.source_id).years
    own = years[(years["area_id"] == asked.place_id) & (years["category"] == asked.category)]
    lost = set(own.loc[own["status"] == HIDDEN, "back"])
    return np.array([back in lost for back in (0, 1)])


def _hidden(build: Build, asked: Asked, covered: Window, quarters: int) -> Mask:
    """Which quarters are hidden as quarters of the same events are elsewhere."""
    if covered.months % _YEAR:
        lost = hidden_quarters(build, asked, covered, 1)
        first = covered.months - 3 * quarters
        own = {(one - first) // 3 for place in (ALL, asked.place_id) for one in lost.get(place, set())}
        return np.array([bool(asked.category) or one in own for one in range(quarters)])
    lost, known = hidden_quarters(build, asked, covered, 3), exact_parts(build, asked, covered, 3)
    parted = cut(build, asked, covered, partial(by_part, covered=covered, months=3), 1.0, 4, lost, known)
    return np.ones(quarters, dtype=bool) if parted is None else parted.hidden


def _newest_last(months: int) -> range:
    return range(months // 3 - 1, -1, -1)


def _quarter(weeks: pd.DataFrame, start: pd.Timestamp, label: str, back: int) -> dict[str, object]:
    own = weeks[weeks["back"] // 3 == back]
    return {
        "label": label, "period_start": start, "reports": float(own["reports"].sum()),
        "named": float(own["named"].sum()), "active": float(own["reporters"].sum()),
    }  # fmt: skip


def _compared(weeks: pd.DataFrame, size: int, hidden: Mask) -> tuple[float, float, float, float, float, Verdict]:
    """Reports, rapporteurs and reports on each, the newest twelve months over those before."""
    years = weeks.groupby(weeks["back"] // _YEAR)[["named", "reporters"]].sum().reindex([0, 1], fill_value=0)
    after, before = middles(years["named"], size, hidden)
    active, before_active = middles(years["reporters"], size, hidden)
    if not active > 0 or not before_active > 0:
        return np.nan, np.nan, np.nan, np.nan, np.nan, Verdict.TOO_LITTLE
    found = rate_ratio(before, after, before_active, active).iloc[0]
    verdict = Verdict(found["verdict"])
    if verdict is Verdict.TOO_LITTLE or not before:
        return np.nan, np.nan, np.nan, np.nan, np.nan, Verdict.TOO_LITTLE
    return (
        round(after / before, 1), round(active / before_active, 1), round(float(found["ratio"]), 2),
        round(float(found["lower"]), 2), round(float(found["upper"]), 2), verdict,
    )  # fmt: skip
