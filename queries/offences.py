"""Reported offences: which groups there are, their series, breaks in them, and the municipalities to compare with."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from store.warehouse import Build, fetch

#: The indicator that every other is counted inside.
TOTAL = "bra_offences_total"


def groups(build: Build, municipality_id: str) -> pd.DataFrame:
    """What has figures for the municipality: indicator_id (of the count), name, part_of, exclusive, quarterly.

    The total comes first, and a part after its whole. ``exclusive`` groups share no offence with each other save through ``part_of``, so they may
    be shown as parts of the total. Offence types that came with an export may lie inside such a group without saying
    so. ``quarterly`` tells whether there are figures by quarter.
    """
    return fetch(
        build,
        """
        WITH present AS (
            SELECT indicator_id, bool_or(period_type = 'quarter') AS quarterly FROM observation
            WHERE area_id = $municipality AND starts_with(indicator_id, 'bra_offences_')
            GROUP BY indicator_id
        )
        SELECT indicator_id, i.name, i.part_of, quarterly,
            NOT (starts_with(indicator_id, 'bra_offences_type_') OR starts_with(indicator_id, 'bra_offences_fraud_'))
                AS exclusive
        FROM present JOIN indicator i USING (indicator_id)
        LEFT JOIN indicator whole ON whole.indicator_id = i.part_of AND whole.indicator_id <> $total
        WHERE i.unit = 'antal'
        ORDER BY indicator_id <> $total, NOT exclusive, coalesce(whole.name, i.name), whole.name IS NOT NULL, i.name
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
        ) JOIN area USING (area_id) ORDER BY area.name
        """,
        {"municipality": municipality_id},
    )
