"""Where goals stand in the figures, and which areas a goal's series can be set beside."""

from __future__ import annotations

from datetime import date

import pandas as pd

from analysis.goal_outcome import GoalOutcome, Standing, Terms, goal_outcome
from queries.measured import EVENTS, Measured, by_chance
from store.warehouse import Build, fetch

__all__ = ["GoalOutcome", "Standing", "Terms", "outcome", "points", "sides", "sources"]

_POINTS = ["start", "end", "label", "value", "lower", "upper", "status"]


def points(build: Build, measured: Measured) -> pd.DataFrame:
    """The series year by year (wave by wave), oldest first: start, end, label, value, lower, upper (95 % limits, NaN
    where none can be said), status."""
    return by_chance(build, measured)[_POINTS]


def outcome(build: Build, measured: Measured | None, terms: Terms, since: date | None, today: date) -> GoalOutcome:
    """Where a goal stands (``analysis.goal_outcome``): by the years that began on ``since`` or later."""
    known = points(build, measured) if measured else None
    return goal_outcome(None if known is None or known.empty else known, terms, since, today)


def sides(build: Build, measured: Measured) -> pd.DataFrame:
    """The areas whose counts the series can be set beside: area_id and name, by name.

    Of local events the other districts, and the municipality, which stands for all of them (``counts_around``); of
    official figures the areas of the same level that have them.
    """
    return fetch(
        build,
        """
        WITH own AS (SELECT level, parent_id FROM area WHERE area_id = $area)
        SELECT DISTINCT a.area_id, a.name FROM area a, own
        WHERE a.area_id <> $area AND CASE WHEN $events
            THEN own.level = 'district' AND (a.area_id = own.parent_id
                OR (a.level = 'district' AND a.parent_id = own.parent_id))
            ELSE a.level = own.level AND a.area_id IN (
                SELECT area_id FROM observation WHERE indicator_id = $indicator AND breakdown = $breakdown)
            END
        ORDER BY a.name COLLATE sv
        """,
        {
            "area": measured.area_id, "events": measured.kind == EVENTS, "indicator": measured.indicator_id,
            "breakdown": measured.breakdown,
        },
    )  # fmt: skip


def sources(build: Build, measured: Measured) -> pd.DataFrame:
    """Where the series comes from: citation, received_at (newest delivery, UTC)."""
    return fetch(
        build,
        """
        SELECT s.citation, max(d.received_at) AS received_at FROM source s JOIN delivery d USING (source_id)
        WHERE s.source_id = CASE WHEN $source <> '' THEN $source
            ELSE (SELECT source_id FROM indicator WHERE indicator_id = $indicator) END
        GROUP BY s.citation
        """,
        {"source": measured.source_id, "indicator": measured.indicator_id},
    )
