"""What a map shows: layers of boundaries, measures that have figures on a level, values per area, and schools."""

from __future__ import annotations

import pandas as pd

from queries.local_observations import hidden
from queries.names import COUNTRY
from store.warehouse import Build, fetch

#: Levels that can be drawn, in the order in which they are offered.
LEVELS = ("district", "regso", "deso")

#: What hides a figure here, and not in what the source says.
PROTECTED = "protected"

#: Themes in the order in which they are offered; themes not named here follow, by name.
_THEMES = ("Brott", "Trygghet", "Skola", "Ekonomi", "Arbete", "Utbildning", "Boende", "Hushåll", "Befolkning")

#: Measures found in the statistics office's own tables, named as there and identified by the table's code: last.
_TABLES, _TABLE_ID = "Ur SCB-tabeller", r"^scb_([0-9]{4}[0-9a-z]{4}|tab[0-9]+)(_|$)"


def layers(build: Build, municipality_id: str) -> pd.DataFrame:
    """The newest layer of boundaries per level: layer, level, sha256; districts first, DeSO last."""
    return fetch(
        build,
        """
        SELECT layer, level, sha256 FROM boundary
        WHERE municipality_id = $municipality AND level IN (SELECT unnest($levels))
        QUALIFY row_number() OVER (PARTITION BY level ORDER BY layer DESC) = 1 ORDER BY list_position($levels, level)
        """,
        {"municipality": municipality_id, "levels": list(LEVELS)},
    )


def boundary(build: Build, layer: str) -> str:
    """The layer's boundaries as GeoJSON text. Raises KeyError for a layer that the build does not have."""
    rows = fetch(build, "SELECT geojson FROM boundary WHERE layer = $layer", {"layer": layer})
    if rows.empty:
        raise KeyError(layer)
    return str(rows["geojson"].iloc[0])


def indicators(build: Build, municipality_id: str, level: str) -> pd.DataFrame:
    """The measures with figures for at least two of the municipality's areas on the level, the most telling first.

    One row per indicator: indicator_id, name, unit, theme, polarity, aggregation, decimals, description, newest (label
    of the newest period). Within a theme, measures where high is good or bad come first, shares before numbers (which
    mostly show how many live in an area), and those with figures for the most areas. ``decimals`` is 0 where all that
    the source has published about the municipality is whole. Measures found in tables have a theme of their own, last.
    """
    return fetch(
        build,
        """
        WITH measured AS (
            SELECT o.indicator_id, arg_max(o.period_label, o.period_end) AS newest, count(DISTINCT o.area_id) AS areas
            FROM area a JOIN area_within w USING (area_id) JOIN observation o USING (area_id)
            WHERE w.within_id = $municipality AND a.level = $level AND o.value IS NOT NULL
            GROUP BY o.indicator_id HAVING areas > 1
        ), published AS (
            SELECT o.indicator_id, bool_and(o.value = round(o.value)) AS whole
            FROM area_within w JOIN observation o USING (area_id)
            WHERE w.within_id = $municipality AND o.status <> 'derived' AND o.value IS NOT NULL
            GROUP BY o.indicator_id
        )
        SELECT indicator_id, name, unit, i.theme, polarity, aggregation,
               CASE WHEN whole THEN 0 ELSE decimals END AS decimals, description, newest
        FROM measured LEFT JOIN published USING (indicator_id) JOIN (
            SELECT * REPLACE (CASE WHEN regexp_matches(indicator_id, $table_id) THEN $tables ELSE theme END AS theme)
            FROM indicator
        ) i USING (indicator_id)
        ORDER BY i.theme = $tables, coalesce(list_position($themes, i.theme), len($themes) + 1), i.theme,
                 polarity = 'neutral', aggregation = 'sum', areas DESC, name COLLATE sv, indicator_id
        """,
        {
            "municipality": municipality_id, "level": level, "themes": list(_THEMES), "tables": _TABLES,
            "table_id": _TABLE_ID,
        },
    )  # fmt: skip


def slices(build: Build, municipality_id: str, level: str, indicator_id: str) -> pd.DataFrame:
    """The periods and breakdowns that the measure has figures for on the level, newest first, undivided first.

    Columns: period_label, breakdown, areas (how many have a value).
    """
    return fetch(
        build,
        """
        SELECT o.period_label, o.breakdown, count(DISTINCT o.area_id) AS areas
        FROM observation o JOIN area a USING (area_id) JOIN area_within w USING (area_id)
        WHERE o.indicator_id = $indicator AND w.within_id = $municipality AND a.level = $level AND o.value IS NOT NULL
        GROUP BY o.period_label, o.breakdown, o.period_end ORDER BY o.period_end DESC, o.period_label, o.breakdown
        """,
        {"indicator": indicator_id, "municipality": municipality_id, "level": level},
    )


def values(
    build: Build, municipality_id: str, level: str, indicator_id: str, period_label: str, breakdown: str
) -> pd.DataFrame:
    """One row per area on the level: those in force, and former ones that have a figure for the period.

    Columns: area_id, name, lat, lon (a point inside), population (persons), population_year, valid_to (last year of a
    division no longer in force), district_id, district, value (in the indicator's unit), count, base, status (empty
    when there is no row at all), value_text (the cell as published). Ordered by name. What is hidden of protected
    sources (queries.local_observations) has no value and the status ``protected``.
    """
    rows = fetch(
        build,
        """
        WITH places AS (
            SELECT a.* FROM area a JOIN area_within w USING (area_id)
            WHERE w.within_id = $municipality AND a.level = $level
        ), published AS (
            SELECT * FROM observation
            WHERE indicator_id = $indicator AND period_label = $period AND breakdown = $breakdown
              AND area_id IN (SELECT area_id FROM places)
        ), districts AS (
            SELECT w.area_id, d.area_id AS district_id, d.name AS district
            FROM area_within w JOIN area d ON d.area_id = w.within_id AND d.level = 'district'
            WHERE w.area_id IN (SELECT area_id FROM places)
        )
        SELECT p.area_id, p.name, p.lat, p.lon, p.population, p.population_year, p.valid_to,
               d.district_id, d.district, f.value, f.count, f.base, f.status, f.value_text
        FROM places p LEFT JOIN published f USING (area_id) LEFT JOIN districts d USING (area_id)
        WHERE p.valid_to IS NULL OR f.area_id IS NOT NULL
        ORDER BY p.name COLLATE sv, p.area_id
        """,
        {
            "municipality": municipality_id, "level": level, "indicator": indicator_id, "period": period_label,
            "breakdown": breakdown,
        },
    )  # fmt: skip
    lost = _lost(build, municipality_id, indicator_id, period_label, breakdown)
    return _without(rows, rows["area_id"].isin(lost))


def wholes(build: Build, municipality_id: str, indicator_id: str, period_label: str, breakdown: str) -> pd.DataFrame:
    """The figures for the municipality as a whole and the country, those that there are: level, name, value, status."""
    rows = fetch(
        build,
        """
        SELECT a.area_id, a.level, a.name, o.value, o.status FROM observation o JOIN area a USING (area_id)
        WHERE o.indicator_id = $indicator AND o.area_id IN ($municipality, $country) AND o.period_label = $period
          AND o.breakdown = $breakdown AND o.value IS NOT NULL
        ORDER BY a.level DESC
        """,
        {
            "indicator": indicator_id, "municipality": municipality_id, "country": COUNTRY, "period": period_label,
            "breakdown": breakdown,
        },
    )  # fmt: skip
    lost = _lost(build, municipality_id, indicator_id, period_label, breakdown)
    return rows[~rows["area_id"].isin(lost)].drop(columns="area_id").reset_index(drop=True)


def _lost(build: Build, municipality_id: str, indicator_id: str, period_label: str, breakdown: str) -> set[str]:
    """The areas whose figure is hidden."""
    every = hidden(build, municipality_id, [indicator_id])
    return {area for _, period, area, part in every if (period, part) == (period_label, breakdown)}


def _without(rows: pd.DataFrame, lost: pd.Series[bool]) -> pd.DataFrame:
    """The rows, with nothing told where ``lost``."""
    told = {column: rows[column].mask(lost) for column in ("value", "count", "base", "value_text")}
    return rows.assign(**told, status=rows["status"].mask(lost, PROTECTED))


def schools(build: Build, municipality_id: str) -> pd.DataFrame:
    """The municipality's schools by name: area_id, name, lat, lon (empty where the source has no position)."""
    return fetch(
        build,
        """
        SELECT a.area_id, a.name, a.lat, a.lon FROM area a JOIN area_within w USING (area_id)
        WHERE w.within_id = $municipality AND a.level = 'school' ORDER BY a.name COLLATE sv
        """,
        {"municipality": municipality_id},
    )
