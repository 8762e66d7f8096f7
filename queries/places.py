"""The places that can be chosen."""

from __future__ import annotations

import pandas as pd

from store.warehouse import Build, fetch


def choices(build: Build, municipality_id: str) -> pd.DataFrame:
    """The municipality first, then its districts by name.

    Columns: area_id, level, name, label (the name, told apart where two places have the same), population,
    population_year.
    """
    return fetch(
        build,
        """
        SELECT area_id, level, name, population, population_year, name || CASE
                WHEN level <> 'district' AND count(*) OVER (PARTITION BY name) > 1 THEN ' (hela kommunen)'
                WHEN count(*) OVER (PARTITION BY name, level) > 1 THEN ' (' || area_id || ')' ELSE '' END AS label
        FROM area
        WHERE area_id = $municipality OR (level = 'district' AND parent_id = $municipality)
        ORDER BY level = 'district', name COLLATE sv
        """,
        {"municipality": municipality_id},
    )


def years(build: Build, municipality_id: str) -> list[int]:
    """Calendar years with reported offences for the municipality, newest first."""
    rows = fetch(
        build,
        """
        SELECT DISTINCT year(period_start) AS year FROM observation JOIN indicator USING (indicator_id)
        WHERE source_id = 'bra_reported_offences' AND area_id = $municipality AND period_type = 'year' ORDER BY 1 DESC
        """,
        {"municipality": municipality_id},
    )
    return [int(year) for year in rows["year"]]
