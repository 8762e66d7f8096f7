"""Which sources of events can say when and where, and what can be chosen of them."""

from __future__ import annotations

import pandas as pd

from queries.event_rows import period
from store.warehouse import Build, fetch


def sources(build: Build, municipality_id: str) -> pd.DataFrame:
    """The sources that have events of the municipality, local ones first, the largest first.

    Columns: source_id, title, citation, delivered (newest delivery, UTC), kind, protected, caveats, occurred, placed,
    reported_by (whether any event has a time of its own, a point of its own, a named reporter).
    """
    return fetch(
        build,
        """
        WITH told AS (
            SELECT source_id, count(*) AS rows, bool_or(occurred_from IS NOT NULL) AS occurred,
                   bool_or(x IS NOT NULL AND precision = 'address') AS placed,
                   bool_or(reporter IS NOT NULL) AS reported_by
            FROM event WHERE coalesce(occurred_from, reported) IS NOT NULL AND (
                area_id IN (SELECT area_id FROM area_within WHERE within_id = $municipality)
                OR (area_id IS NULL AND placement <> 'outside')
            ) GROUP BY source_id
        ), newest AS (
            SELECT source_id, max(received_at) AS delivered FROM delivery GROUP BY source_id
        )
        SELECT s.source_id, s.title, s.citation, n.delivered, s.kind, s.protected, coalesce(s.caveats, '') AS caveats,
               t.occurred, t.placed, t.reported_by
        FROM told t JOIN source s USING (source_id) JOIN newest n USING (source_id)
        ORDER BY s.kind = 'official', t.rows DESC, s.title COLLATE sv
        """,
        {"municipality": municipality_id},
    )


def categories(build: Build, municipality_id: str, source_id: str) -> list[str]:
    """The source's categories in the municipality and its whole years, by name."""
    covered = period(build, source_id)
    if covered is None:
        return []
    return fetch(
        build,
        """
        SELECT category FROM (
            SELECT e.category FROM event e JOIN area_within w ON w.area_id = e.area_id
            WHERE w.within_id = $municipality AND e.source_id = $source
              AND coalesce(e.occurred_from, e.reported) >= $first AND coalesce(e.occurred_from, e.reported) < $after
            UNION
            SELECT category FROM event
            WHERE area_id IS NULL AND placement <> 'outside' AND source_id = $source
              AND coalesce(occurred_from, reported) >= $first AND coalesce(occurred_from, reported) < $after
        )
        ORDER BY category COLLATE sv
        """,
        {
            "source": source_id, "municipality": municipality_id, "first": covered.first,
            "after": covered.after,
        },
    )["category"].tolist()  # fmt: skip


def period_label(build: Build, source_id: str) -> str:
    """The whole years that everything here is about: "2023–2025", "okt 2023–sep 2025"; empty without a whole month."""
    covered = period(build, source_id)
    if covered is None:
        return ""
    if covered.months % 12:
        return covered.label(covered.months, 0)
    if covered.first.month == 1:
        return str(covered.last.year) if covered.months == 12 else f"{covered.first.year}–{covered.last.year}"
    return covered.label(covered.months, 0)
