"""The sources, their deliveries, and what must be said wherever their figures are shown."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import pandas as pd

from store.freshness import overdue
from store.schema import SHIPPED_BY
from store.warehouse import Build, fetch


def provenance(build: Build, indicator_ids: Sequence[str], place_ids: Sequence[str]) -> pd.DataFrame:
    """One row per source behind the indicators' figures for these places and what lies in them.

    Columns: citation, received_at (the newest delivery that brought one of the figures, UTC). The country is asked for
    by its own figures alone.
    """
    return fetch(
        build,
        """
        WITH shown AS (
            SELECT DISTINCT delivery_id FROM observation
            WHERE indicator_id IN (SELECT unnest($indicators)) AND area_id IN (
                SELECT area_id FROM area_within
                WHERE within_id IN (SELECT unnest($places)) AND (within_id <> '00' OR area_id = '00')
                UNION SELECT unnest($places)
            )
        )
        SELECT s.citation, max(d.received_at) AS received_at
        FROM shown JOIN delivery d USING (delivery_id) JOIN source s USING (source_id)
        GROUP BY s.citation ORDER BY s.citation COLLATE sv
        """,
        {"indicators": list(indicator_ids), "places": list(place_ids)},
    )


def caveats(build: Build, indicator_ids: Sequence[str]) -> list[str]:
    """What the figures of these indicators cannot say, from their sources and their own definitions."""
    rows = fetch(
        build,
        """
        SELECT DISTINCT caveats FROM (
            SELECT s.caveats FROM indicator i JOIN source s USING (source_id)
            WHERE i.indicator_id IN (SELECT unnest($indicators))
            UNION ALL
            SELECT caveats FROM indicator WHERE indicator_id IN (SELECT unnest($indicators))
        ) WHERE caveats IS NOT NULL ORDER BY caveats
        """,
        {"indicators": list(indicator_ids)},
    )
    return list(dict.fromkeys(line for text in rows["caveats"] for line in text.split("\n")))


def sources(build: Build, today: date) -> pd.DataFrame:
    """Every declared source with its standing on the day ``today``.

    The columns of ``source``, and: indicators (number), deliveries, last_received (UTC), rows_read, rows_kept,
    rows_refused, period_first, period_last, newest_period (last day of the newest finished period with figures; the
    first day of one under way if there is no other), overdue (store.freshness).
    """
    found = fetch(
        build,
        """
        WITH delivered AS (
            SELECT source_id, count(*) AS deliveries, max(received_at) AS last_received, sum(rows_read) AS rows_read,
                   sum(rows_kept) AS rows_kept, sum(rows_refused) AS rows_refused,
                   min(period_first) AS period_first, max(period_last) AS period_last
            FROM delivery GROUP BY source_id
        ), measured AS (
            SELECT source_id, count(*) AS indicators FROM indicator GROUP BY source_id
        ), newest AS (
            SELECT source_id, coalesce(max(period_end) FILTER (period_end <= $today),
                                       max(period_start) FILTER (period_start <= $today)) AS newest_period
            FROM source_period GROUP BY source_id
        )
        SELECT s.*, coalesce(m.indicators, 0) AS indicators, d.* EXCLUDE source_id, n.newest_period
        FROM source s LEFT JOIN delivered d USING (source_id) LEFT JOIN measured m USING (source_id)
        LEFT JOIN newest n USING (source_id)
        ORDER BY s.title COLLATE sv
        """,
        {"today": today},
    )
    found["overdue"] = [
        overdue(_day(newest), _day(received), today, days)
        for newest, received, days in zip(
            found["newest_period"], found["last_received"], found["update_days"], strict=True
        )
    ]
    return found


def _day(moment: pd.Timestamp) -> date | None:
    return None if pd.isna(moment) else moment.date()


def deliveries(build: Build) -> pd.DataFrame:
    """Every delivery that the build is made of, newest first: the columns of ``delivery`` and the source's title."""
    return fetch(
        build,
        """
        SELECT s.title, d.* FROM delivery d JOIN source s USING (source_id)
        ORDER BY d.received_at DESC, s.title COLLATE sv, d.file
        """,
    )


def brought(build: Build) -> pd.DataFrame:
    """The deliveries that people have brought, newest first: as ``deliveries``, without what ships with the project."""
    rows = deliveries(build)
    return rows[rows["received_by"] != SHIPPED_BY].reset_index(drop=True)


def refusals(build: Build) -> pd.DataFrame:
    """Rows that could not be read: file, sheet, row, column, value (never of a protected source), reason, remedy."""
    return fetch(
        build,
        """
        SELECT d.file, r.sheet, r.row, r.column, if(coalesce(s.protected, false), NULL, r.value) AS value,
               r.reason, r.remedy
        FROM refusal r JOIN delivery d USING (delivery_id) LEFT JOIN source s USING (source_id)
        ORDER BY d.file, r.sheet, r.row
        """,
    )


def breaks(build: Build) -> pd.DataFrame:
    """Breaks in series, once per source: title, period_start, why, reference and how many indicators are concerned."""
    return fetch(
        build,
        """
        SELECT s.title, b.period_start, b.why, b.reference, count(*) AS indicators
        FROM series_break b JOIN indicator i USING (indicator_id) JOIN source s USING (source_id)
        GROUP BY ALL ORDER BY b.period_start DESC, s.title
        """,
    )


def indicators(build: Build, source_id: str) -> pd.DataFrame:
    """What a source measures: name, unit, theme, description, levels and years that have figures, figures (number)."""
    return fetch(
        build,
        """
        SELECT i.name, i.unit, i.theme, i.description, count(o.value) AS figures,
               year(min(o.period_start)) AS first_year, year(max(o.period_end)) AS last_year,
               coalesce(list_sort(list(DISTINCT a.level) FILTER (a.level IS NOT NULL)), []) AS levels
        FROM indicator i LEFT JOIN observation o USING (indicator_id) LEFT JOIN area a USING (area_id)
        WHERE i.source_id = $source
        GROUP BY i.indicator_id, i.name, i.unit, i.theme, i.description ORDER BY i.theme, i.name COLLATE sv
        """,
        {"source": source_id},
    )
