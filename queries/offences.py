"""Reported offences: which groups there are, their series, breaks in them, and the municipalities to compare with."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import pandas as pd

from analysis.expected import Expectation, expectation
from store.warehouse import Build, fetch

#: The indicator that every other is counted inside.
TOTAL = "bra_offences_total"

_PERIODS_PER_YEAR = {"year": 1, "quarter": 4, "month": 12}


def groups(build: Build, municipality_id: str) -> pd.DataFrame:
    """What has figures for the municipality: indicator_id (of the count), name, part_of, exclusive.

    The total comes first, and a part after its whole. ``part_of`` is empty for the total. ``exclusive`` groups share no
    offence with each other save through ``part_of``, so they may be shown as parts of the total; offence types that
    came with an export may lie inside such a group without saying so.
    """
    return fetch(
        build,
        """
        WITH present AS (
            SELECT DISTINCT indicator_id FROM observation
            WHERE area_id = $municipality AND starts_with(indicator_id, 'bra_offences_')
        )
        SELECT indicator_id, i.name, coalesce(i.part_of, '') AS part_of,
            NOT (starts_with(indicator_id, 'bra_offences_type_') OR starts_with(indicator_id, 'bra_offences_fraud_'))
                AS exclusive
        FROM present JOIN indicator i USING (indicator_id)
        LEFT JOIN indicator whole ON whole.indicator_id = i.part_of AND whole.indicator_id <> $total
        WHERE i.unit = 'antal'
        ORDER BY indicator_id <> $total, NOT exclusive, coalesce(whole.name, i.name) COLLATE sv,
            whole.name IS NOT NULL, i.name COLLATE sv
        """,
        {"municipality": municipality_id, "total": TOTAL},
    )


def series(build: Build, indicator_ids: Sequence[str], area_ids: Sequence[str], period_type: str) -> pd.DataFrame:
    """Counts and rates of these groups in these areas, one row per group, area and period, in that order.

    Columns: indicator_id, area_id, period_start, period_label, count (offences), rate (per 100 000, as published),
    exposure (persons: Brå's own population, taken back from count and rate), status, preliminary. Of the groups asked
    for, the one with the largest rate gives the exposure, since its rounding matters least: ask for the total too.
    """
    return fetch(
        build,
        """
        WITH paired AS (
            SELECT
                regexp_replace(indicator_id, '_rate$', '') AS indicator_id,
                area_id, period_start, period_label,
                max(value) FILTER (NOT ends_with(indicator_id, '_rate')) AS count,
                max(value) FILTER (ends_with(indicator_id, '_rate')) AS rate,
                coalesce(max(status) FILTER (NOT ends_with(indicator_id, '_rate')), max(status)) AS status
            FROM observation
            WHERE indicator_id IN (SELECT unnest($counts || $rates)) AND area_id IN (SELECT unnest($areas))
                AND period_type = $period_type AND breakdown = ''
            GROUP BY ALL
        )
        SELECT *,
            arg_max(count / nullif(rate, 0) * 100000, rate) OVER (PARTITION BY area_id, period_start) AS exposure,
            status = 'preliminary' AS preliminary
        FROM paired ORDER BY indicator_id, area_id, period_start
        """,
        {
            "counts": list(indicator_ids),
            "rates": [f"{one}_rate" for one in indicator_ids],
            "areas": list(area_ids),
            "period_type": period_type,
        },
    )


def expected(
    build: Build, indicator_ids: Sequence[str], area_id: str, period_type: str, at: Sequence[date]
) -> dict[str, list[Expectation]]:
    """Per group, each of these periods beside what the area's own earlier figures led to expect.

    See ``analysis.expected``. Only a group's own breaks cut its history.
    Periods without a figure are left out. It lies here, and not on the page, so that it is
    worked out once per build.
    """
    counts = series(build, list(dict.fromkeys([TOTAL, *indicator_ids])), [area_id], period_type)
    out: dict[str, list[Expectation]] = {}
    for one in indicator_ids:
        rows = counts[counts["indicator_id"] == one]
        days = [day.date() for day in breaks(build, [one])["period_start"]]
        known = [day for day in at if (rows["period_start"] == pd.Timestamp(day)).any()]
        per_year = _PERIODS_PER_YEAR[period_type]
        out[one] = [expectation(rows, periods_per_year=per_year, breaks=days, at=day) for day in known]
    return out


def breaks(build: Build, indicator_ids: Sequence[str]) -> pd.DataFrame:
    """Breaks in these series: period_start (first day after the break), why, reference; each break once, in order."""
    return fetch(
        build,
        """
        SELECT DISTINCT period_start, why, reference FROM series_break
        WHERE indicator_id IN (SELECT unnest($indicators)) ORDER BY period_start
        """,
        {"indicators": list(indicator_ids)},
    )


def peers(build: Build, municipality_id: str) -> pd.DataFrame:
    """The municipalities to compare with, by name: area_id, name, peers_source (Swedish: who chose them)."""
    return fetch(
        build,
        """
        SELECT area.area_id, area.name, peers_source
        FROM (
            SELECT unnest(string_split(peers, ',')) AS area_id, peers_source FROM municipality
            WHERE municipality_id = $municipality
        ) JOIN area USING (area_id) ORDER BY area.name COLLATE sv
        """,
        {"municipality": municipality_id},
    )


def notices(build: Build, municipality_id: str) -> pd.DataFrame:
    """What the police have published about the municipality in the year up to its newest notice, by category.

    Columns: category, notices (number), first and last (when the earliest and the latest of all of them happened, else
    were published), citation, received_at (newest delivery among them, UTC). Most notices first; empty when there are
    none.
    """
    return fetch(
        build,
        """
        WITH told AS (
            SELECT category, e.source_id, coalesce(occurred_from, reported) AS time, d.received_at
            FROM event e JOIN delivery d USING (delivery_id)
            WHERE area_id = $municipality AND e.source_id = 'polisen_events'
        ), newest AS (
            SELECT max(time) AS time FROM told
        )
        SELECT category, count(*) AS notices, min(min(told.time)) OVER () AS first, newest.time AS last,
            s.citation, max(max(told.received_at)) OVER () AS received_at
        FROM told JOIN newest ON told.time > newest.time - INTERVAL 1 YEAR JOIN source s USING (source_id)
        GROUP BY category, newest.time, s.citation ORDER BY notices DESC, category
        """,
        {"municipality": municipality_id},
    )
