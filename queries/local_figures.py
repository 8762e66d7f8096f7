"""Figures that people have brought: attendance, participation, inspection scores and other measures, per area.

What is hidden is decided for every page in queries.local_observations.
"""

from __future__ import annotations

import pandas as pd

from queries.added_up import added_up
from queries.local import FIGURE_KINDS, HIDDEN
from queries.local_observations import KEY, hidden
from store.warehouse import Build, fetch


def newest(build: Build, municipality_id: str, place_id: str) -> pd.DataFrame:
    """The newest figure of each local measure for the place and for each area in it, by source and area.

    Numbers that can be added up are summed over their breakdowns (classes, groups; ``added_up``); others keep them. A
    sum that lacks a part is empty, with the status of that part. Columns:
    source_id, title, kind, indicator_id, name, unit, decimals, area_id, area (name), level, breakdown, period_start,
    period_label, value (empty when hidden or not given), base, status. Numbers under five, and figures about fewer than
    five, are hidden: ``suppressed``. The municipality's own have those of offices, which lie in no area, too.
    """
    rows = fetch(
        build,
        """
        WITH inside AS (
            SELECT area_id, name, level FROM area_within JOIN area USING (area_id) WHERE within_id = $municipality
            UNION
            SELECT area_id, name, level FROM area
            WHERE level = 'unplaced' AND starts_with(area_id, $municipality || '-')
        )
        SELECT s.source_id, s.title, s.kind, i.indicator_id, i.name, i.unit, i.decimals,
               o.area_id, a.name AS area, a.level,
               CASE WHEN i.aggregation = 'sum' AND a.level <> 'unplaced' THEN '' ELSE o.breakdown END AS told_of,
               o.breakdown AS part,
               o.period_start, o.period_label, o.value, o.base, o.status,
               $place = $municipality
                   OR a.area_id IN (SELECT area_id FROM area_within WHERE within_id = $place) AS asked
        FROM source s JOIN indicator i USING (source_id) JOIN observation o USING (indicator_id)
        JOIN inside a USING (area_id)
        WHERE s.kind IN (SELECT unnest($kinds))
        QUALIFY o.period_end = max(o.period_end) OVER (PARTITION BY o.indicator_id, o.area_id)
        ORDER BY s.kind, s.title COLLATE sv, a.name COLLATE sv, i.indicator_id, told_of, o.status
        """,
        {"municipality": municipality_id, "place": place_id, "kinds": list(FIGURE_KINDS)},
    )
    key = ["source_id", "indicator_id", "area_id", "told_of"]
    out = added_up(rows, [*key, "period_start", "period_label"], ["value", "base"], "part").drop_duplicates(key)
    out = out.rename(columns={"told_of": "breakdown"})
    lost = hidden(build, municipality_id, out["indicator_id"].unique().tolist())
    few = out.set_index(KEY).index.isin(lost)
    out = out.assign(value=out["value"].mask(few), base=out["base"].mask(few), status=out["status"].mask(few, HIDDEN))
    return out[out["asked"]].drop(columns=["asked", "part"]).reset_index(drop=True)
