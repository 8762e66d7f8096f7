"""A series that a problem was seen in or a goal is followed in: what it is, its figures, and where it stands.

What must be hidden is, by the queries that the pages ask too: numbers of local events are those of
``time_and_place_calendar.season`` (in steps) and ``local_events`` (exact, by quarter and year), shares of answers those
of ``local_surveys``, figures that people have brought those of ``local_observations``. Nothing else is read of them.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
import pandas as pd

from analysis.intervals import count_interval, rate_interval, share_interval
from queries import local_events, local_observations, local_surveys, time_and_place_calendar
from queries.added_up import added_up
from queries.event_rows import period
from queries.local import HIDDEN
from store.warehouse import Build, fetch

INDICATOR, EVENTS, SURVEY = "indicator", "events", "survey"

#: Columns of ``series``.
COLUMNS = ["start", "end", "label", "value", "count", "base", "lower", "upper", "status", "step"]

#: Length of periods, the finest first; ``series`` takes the first that there is, by year the last.
_LENGTHS = ("day", "week", "month", "quarter", "term", "school_year", "year")

#: The theme of figures that are numbers of events, which vary by chance as such.
OFFENCES = "Brott"

#: A rate is per so many inhabitants.
_PER = 100_000


@dataclass(frozen=True)
class Measured:
    """One series: of an indicator, of a source's events (``category`` empty: all), or of a survey's answers."""

    kind: str
    area_id: str
    label: str = ""
    indicator_id: str = ""
    breakdown: str = ""
    source_id: str = ""
    category: str = ""
    question_id: str = ""
    choice: str = ""

    def as_json(self) -> dict[str, str]:
        """As it is kept in the work's store: what is empty is left out."""
        return {name: value for name, value in asdict(self).items() if value}

    @classmethod
    def from_json(cls, kept: Mapping[str, Any] | None) -> Measured | None:
        """What ``as_json`` gave; None where nothing, or nothing that can be measured, was kept."""
        if not kept or kept.get("kind") not in (INDICATOR, EVENTS, SURVEY) or not kept.get("area_id"):
            return None
        known = {name: str(kept[name]) for name in cls.__dataclass_fields__ if name in kept}
        return cls(**known)

    def at(self, area_id: str) -> Measured:
        """The same of another area."""
        return Measured(**{**asdict(self), "area_id": area_id})


@dataclass(frozen=True)
class Baseline:
    """Where a series stands: its newest final year (wave), with 95 % limits (NaN where chance is not what it varies by,
    or nothing tells how much). ``value`` is NaN and ``status`` suppressed when it is hidden."""

    value: float
    lower: float
    upper: float
    period: str
    unit: str
    decimals: int
    status: str


def series(build: Build, measured: Measured, by_year: bool = False) -> pd.DataFrame:
    """The series, oldest first: by the finest periods that can be shown, or by year.

    Columns: start, end (last day), label, value (in the series' unit; of events in steps, rounded down), count (events
    or persons behind it; the middle of the step where there are steps), base (inhabitants, pupils, or how many equally
    weighted answers a share is worth), lower and upper (95 % limits of shares, and those that a source has published),
    status (``store.schema.STATUSES``) and step (1: value is exact). All but label and status are empty where hidden.
    Empty before there are any figures.
    """
    ask = {INDICATOR: _indicator, EVENTS: _events, SURVEY: _survey}[measured.kind]
    return ask(build, measured, by_year)[COLUMNS].reset_index(drop=True)


def unit(build: Build, measured: Measured) -> tuple[str, int]:
    """The unit of the series, in Swedish, and the decimals to show."""
    if measured.kind == EVENTS:
        return "händelser", 0
    if measured.kind == SURVEY:
        return "procent", 1
    rows = fetch(
        build,
        "SELECT unit, decimals FROM indicator WHERE indicator_id = $indicator",
        {"indicator": measured.indicator_id},
    )
    return (str(rows["unit"].iloc[0]), int(rows["decimals"].iloc[0])) if len(rows) else ("", 0)


def baseline(build: Build, measured: Measured) -> Baseline | None:
    """Where the series stands now; None when it has no figure.

    Limits: as published, else by chance: of events Poisson (``count_interval``, ``rate_interval``), of shares Wilson
    (``share_interval``). Numbers of inhabitants and the like have none.
    """
    rows = by_chance(build, measured)
    rows = rows[(rows["value"].notna() | (rows["status"] == HIDDEN)) & (rows["status"] != "preliminary")]
    if rows.empty:
        return None
    newest = rows.iloc[-1]
    of, decimals = unit(build, measured)
    value, lower, upper = (float(newest[name]) for name in ("value", "lower", "upper"))
    return Baseline(value, lower, upper, str(newest["label"]), of, decimals, str(newest["status"]))


def by_chance(build: Build, measured: Measured) -> pd.DataFrame:
    """``series`` by year, with the limits that ``baseline`` has where none are published."""
    rows = series(build, measured, by_year=True)
    of, events = unit(build, measured)[0], of_events(build, measured)
    for one in rows.index[rows["value"].notna() & rows["lower"].isna()]:
        rows.loc[one, ["lower", "upper"]] = _limits(rows.loc[one], of, events)
    return rows


def municipality_of(build: Build, place_id: str) -> str:
    """The municipality that a place lies in; the place itself where none is known."""
    rows = fetch(
        build,
        """
        SELECT within_id FROM area_within JOIN area ON area.area_id = within_id
        WHERE area_within.area_id = $place AND level = 'municipality'
        """,
        {"place": place_id},
    )
    return str(rows["within_id"].iloc[0]) if len(rows) else place_id


def _indicator(build: Build, measured: Measured, by_year: bool) -> pd.DataFrame:
    rows = fetch(
        build,
        """
        SELECT o.indicator_id, o.area_id, o.breakdown, o.period_label, o.period_type, o.period_start AS start,
               o.period_end AS end, o.period_label AS label, o.value, o.base, o.lower, o.upper, o.status,
               CASE WHEN i.unit = 'antal' THEN o.value
                    -- of a share of the persons in ``base``, how many they are
                    WHEN o.count IS NULL AND NOT s.protected AND i.unit = 'procent' AND i.aggregation = 'mean_by_base'
                        THEN o.value / 100 * o.base ELSE o.count END AS count,
               1 AS step, s.protected, i.unit
        FROM observation o JOIN indicator i USING (indicator_id) JOIN source s USING (source_id)
        WHERE o.indicator_id = $indicator AND o.area_id = $area AND (o.breakdown = $breakdown
            -- what people have told by class or group alone is added up, as queries.local_figures does
            OR ($breakdown = '' AND s.protected AND i.aggregation = 'sum'))
        ORDER BY o.period_start, o.period_end, o.breakdown
        """,
        {"indicator": measured.indicator_id, "area": measured.area_id, "breakdown": measured.breakdown},
    )
    of_period = ["period_type", "start", "end", "period_label"]
    rows = added_up(rows, of_period, ["value", "count", "base"]).assign(breakdown=measured.breakdown)
    lengths = [length for length in _LENGTHS if length in set(rows["period_type"])]
    rows = rows[rows["period_type"] == (lengths[-1 if by_year else 0] if lengths else "")].reset_index(drop=True)
    if rows["protected"].any():
        place = municipality_of(build, measured.area_id)
        lost = local_observations.hidden(build, place, [measured.indicator_id])
        few = rows.set_index(local_observations.KEY).index.isin(lost)
        rows.loc[few, ["value", "count", "base", "lower", "upper"]] = np.nan
        rows.loc[few, "status"] = HIDDEN
    # A rate's inhabitants are taken back from it and the number behind it.
    rate = rows["value"].where(rows["unit"].str.startswith("per ") & (rows["value"] > 0))
    return rows.assign(base=rows["base"].fillna(rows["count"] / rate * _PER))


def _events(build: Build, measured: Measured, by_year: bool) -> pd.DataFrame:
    asked = (municipality_of(build, measured.area_id), measured.source_id, measured.area_id)
    found = None if by_year else time_and_place_calendar.season(build, *asked, measured.category)
    if found is not None and found.months and (found.months == 1 or measured.category):
        rows, months, step = found.parts, found.months, found.step
        covered = period(build, measured.source_id)
        ordered = [covered.first + pd.DateOffset(months=months * n) for n in range(len(rows))] if covered else []
        rows = rows.assign(start=ordered, label=rows["period"])
    elif found is not None and not measured.category:
        rows, months, step = local_events.series(build, *asked), 3, 1
        rows = rows.assign(start=rows["period_start"], label=rows["period_label"])
    else:
        rows, months, step = local_events.years(build, *asked[:2]), 12, 1
        own = (rows["area_id"] == measured.area_id) & (rows["category"] == measured.category)
        rows = rows[own & (rows["months"] == months)].sort_values("back", ascending=False)
        rows = rows.assign(start=rows["period_start"])
    starts = pd.to_datetime(rows["start"])
    return rows.assign(
        start=starts, end=starts + pd.DateOffset(months=months) - pd.Timedelta(days=1), value=rows["events"],
        count=rows["events"] + (step - 1) / 2, base=np.nan, lower=np.nan, upper=np.nan, step=step,
    )  # fmt: skip


def _survey(build: Build, measured: Measured, by_year: bool) -> pd.DataFrame:
    """The same by year: a wave is what there is."""
    municipality_id = municipality_of(build, measured.area_id)
    waves = local_surveys.waves(build, measured.source_id).sort_values("period_start", kind="stable")
    found = [pd.DataFrame(columns=["start", "end", "label", "share", "lower", "upper", "effective", "base", "status"])]
    for wave in waves.to_dict("records"):
        rows = local_surveys.shares(build, municipality_id, measured.source_id, str(wave["wave"]))
        own = rows[
            (rows["area_id"] == measured.area_id)
            & (rows["question_id"] == measured.question_id)
            & (rows["choice"] == measured.choice)
        ]
        found.append(own.assign(start=wave["period_start"], end=wave["period_end"], label=wave["wave"]))
    rows = pd.concat([one for one in found if len(one)] or found)
    shares = 100 * rows[["share", "lower", "upper"]].astype(float)
    return rows.assign(
        value=shares["share"], lower=shares["lower"], upper=shares["upper"], step=1,
        count=rows["share"].astype(float) * rows["effective"].astype(float), base=rows["effective"].astype(float),
    )  # fmt: skip


def _limits(newest: pd.Series, of: str, events: bool) -> tuple[float, float]:
    """How much the figure varies by chance alone."""
    count, base = float(newest["count"]), float(newest["base"])
    if of == "procent" and 0 <= count <= base:
        share = share_interval(count, base)
        return 100 * float(share.lower), 100 * float(share.upper)
    if not events or not np.isfinite(count):
        return np.nan, np.nan
    found = rate_interval(count, base, _PER) if of.startswith("per ") else count_interval(count)
    return float(found.lower), float(found.upper)


def of_events(build: Build, measured: Measured) -> bool:
    """Whether the series counts events, which vary by chance as such."""
    if measured.kind != INDICATOR:
        return measured.kind == EVENTS
    rows = fetch(
        build,
        "SELECT theme FROM indicator WHERE indicator_id = $indicator",
        {"indicator": measured.indicator_id},
    )
    return bool((rows["theme"] == OFFENCES).any())
