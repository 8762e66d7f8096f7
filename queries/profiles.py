"""What is known about one place: inhabitants, socio-economic profile, position in the country, schools, events, gaps.

A place is a municipality or a district. Its figures are its own observation where there is one; a share of a
municipality that came only by DeSO is added up from them (counts over bases); what cannot be added up is given as its
lowest and highest value among the DeSO or RegSO of the place.
"""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from store.schema import FIRST_YEAR_OF_2025
from store.warehouse import Build, fetch

SOURCE_ID = "scb_deso_statistics"
POPULATION = "scb_population"
PROJECTION = "scb_population_projection"
GROWTH = "scb_population_growth"
SOCIOECONOMIC_INDEX = "scb_socioeconomic_index"

#: The source that says which areas there are and how many live in them; it has no indicators of its own.
AREAS = "scb_areas"


def places(build: Build, place_ids: Sequence[str]) -> pd.DataFrame:
    """The places in the order asked for.

    Columns: area_id, level, name, population, population_year (both may be empty), deso and regso (how many areas of
    the division in force the place consists of).
    """
    return fetch(
        build,
        """
        SELECT p.area_id, p.level, p.name, p.population, p.population_year,
               count(*) FILTER (a.level = 'deso' AND a.valid_to IS NULL) AS deso,
               count(*) FILTER (a.level = 'regso' AND a.valid_to IS NULL) AS regso
        FROM area p LEFT JOIN area_within w ON w.within_id = p.area_id LEFT JOIN area a ON a.area_id = w.area_id
        WHERE p.area_id IN (SELECT unnest($places))
        GROUP BY p.area_id, p.level, p.name, p.population, p.population_year
        ORDER BY list_position($places, p.area_id)
        """,
        {"places": list(place_ids)},
    )


def population_source(build: Build) -> pd.DataFrame:
    """Who says how many live in each area: citation, received_at (UTC) of the newest delivery; a row, or none."""
    return fetch(
        build,
        """
        SELECT s.citation, max(d.received_at) AS received_at
        FROM source s JOIN delivery d USING (source_id) WHERE s.source_id = $source GROUP BY s.citation
        """,
        {"source": AREAS},
    )


def population(build: Build, place_id: str) -> pd.DataFrame:
    """Inhabitants and growth by year, oldest first: year, population (persons on 31 December), growth_pct (change
    during the year as the source published it); either may be empty."""
    return fetch(
        build,
        """
        SELECT year(period_end) AS year,
               max(value) FILTER (indicator_id = $population) AS population,
               max(value) FILTER (indicator_id = $growth) AS growth_pct
        FROM observation
        WHERE indicator_id IN ($population, $growth) AND breakdown = '' AND value IS NOT NULL AND area_id = $place
        GROUP BY year ORDER BY year
        """,
        {"population": POPULATION, "growth": GROWTH, "place": place_id},
    )


def national(build: Build) -> pd.DataFrame:
    """How each share is spread over the country's DeSO, newest period of each, by theme and name.

    Columns: indicator_id, name, unit, theme, decimals, aggregation, description, period_start, period_end,
    period_label, areas (number of DeSO), p5, p10, p25, p50, p75, p90, p95.
    """
    return fetch(
        build,
        """
        SELECT i.indicator_id, i.name, i.unit, i.theme, i.decimals, i.aggregation, i.description,
               o.period_start, o.period_end, o.period_label, max(o.base)::INTEGER AS areas,
               max(o.value) FILTER (o.breakdown = 'mått=p5') AS p5,
               max(o.value) FILTER (o.breakdown = 'mått=p10') AS p10,
               max(o.value) FILTER (o.breakdown = 'mått=p25') AS p25,
               max(o.value) FILTER (o.breakdown = 'mått=p50') AS p50,
               max(o.value) FILTER (o.breakdown = 'mått=p75') AS p75,
               max(o.value) FILTER (o.breakdown = 'mått=p90') AS p90,
               max(o.value) FILTER (o.breakdown = 'mått=p95') AS p95
        FROM observation o JOIN indicator i USING (indicator_id)
        WHERE i.source_id = $source AND o.area_id = '00' AND starts_with(o.breakdown, 'mått=p')
        GROUP BY i.indicator_id, i.name, i.unit, i.theme, i.decimals, i.aggregation, i.description,
                 o.period_start, o.period_end, o.period_label
        HAVING p10 IS NOT NULL AND p25 IS NOT NULL AND p50 IS NOT NULL AND p75 IS NOT NULL AND p90 IS NOT NULL
        QUALIFY row_number() OVER (PARTITION BY i.indicator_id ORDER BY o.period_start DESC) = 1
        ORDER BY i.theme, i.name COLLATE sv
        """,
        {"source": SOURCE_ID},
    )


def profile(build: Build, place_ids: Sequence[str]) -> pd.DataFrame:
    """The shares of ``national`` for each place, in its period; a row per place and indicator that has any figure.

    Columns: area_id, indicator_id, value (in the indicator's unit; empty where it cannot be added up), count, base, low
    and high (lowest and highest value among the place's DeSO), parts (number of DeSO behind it), status, area_ids and
    area_values (the DeSO that have a value, and their values; lists in the same order).
    """
    spread = national(build)
    return fetch(
        build,
        """
        WITH wanted AS (
            SELECT unnest($indicators) AS indicator_id, unnest($starts) AS period_start, unnest($adds) AS aggregation
        ), own AS (
            SELECT o.area_id, o.indicator_id, o.value, o.count, o.base, o.status
            FROM observation o JOIN wanted USING (indicator_id, period_start)
            WHERE o.breakdown = '' AND o.area_id IN (SELECT unnest($places))
        ), deso AS (
            SELECT w.within_id AS place_id, a.area_id, a.valid_to, left(a.area_id, 8) AS stem
            FROM area_within w JOIN area a ON a.area_id = w.area_id AND a.level = 'deso'
            WHERE w.within_id IN (SELECT unnest($places))
        ), size AS (  -- how many DeSO the place has in the division in force, and in the one before it
            SELECT place_id, count(*) FILTER (valid_to IS NULL) AS now,
                   count(*) FILTER (valid_to IS NOT NULL OR stem NOT IN (
                       SELECT stem FROM deso WHERE valid_to IS NOT NULL
                   )) AS before
            FROM deso GROUP BY place_id
        ), figure AS (
            SELECT d.place_id, d.valid_to, d.stem, o.*
            FROM observation o JOIN wanted USING (indicator_id, period_start) JOIN deso d USING (area_id)
            WHERE o.breakdown = ''
        ), once AS (  -- a divided DeSO and its parts are never counted together
            SELECT * FROM figure f WHERE f.valid_to IS NOT NULL OR NOT EXISTS (
                SELECT 1 FROM figure g WHERE g.place_id = f.place_id AND g.indicator_id = f.indicator_id
                AND g.stem = f.stem AND g.valid_to IS NOT NULL
            )
        ), parts AS (
            SELECT place_id, indicator_id, any_value(aggregation) AS aggregation, count(*) AS parts,
                   count(value) AS known, min(value) AS low, max(value) AS high, sum(count) AS count,
                   count(count) AS counted, sum(base) AS base, count(base) AS based, sum(value * base) AS product,
                   list(area_id ORDER BY area_id) FILTER (value IS NOT NULL) AS area_ids,
                   list(value ORDER BY area_id) FILTER (value IS NOT NULL) AS area_values
            FROM once JOIN wanted USING (indicator_id, period_start) GROUP BY place_id, indicator_id
        ), added AS (
            SELECT place_id, indicator_id, low, high, parts, base, area_ids, area_values,
                   CASE WHEN counted = parts THEN count END AS count,
                   CASE WHEN aggregation = 'mean_by_base' AND known = parts AND based = parts AND base > 0
                             AND parts IN (now, before)
                        THEN CASE WHEN counted = parts THEN 100 * count / base ELSE product / base END END AS value
            FROM parts JOIN size USING (place_id)
        )
        SELECT coalesce(own.area_id, added.place_id) AS area_id, coalesce(own.indicator_id, added.indicator_id)
                   AS indicator_id,
               coalesce(own.value, added.value) AS value, coalesce(own.count, added.count) AS count,
               coalesce(own.base, added.base) AS base, low, high, coalesce(parts, 0) AS parts,
               coalesce(own.status, if(added.value IS NOT NULL, 'derived', 'not_applicable')) AS status,
               area_ids, area_values
        FROM own FULL JOIN added ON own.area_id = added.place_id AND own.indicator_id = added.indicator_id
        ORDER BY list_position($places, coalesce(own.area_id, added.place_id)), indicator_id
        """,
        {
            "indicators": spread["indicator_id"].tolist(),
            "starts": [day.date() for day in spread["period_start"]],
            "adds": spread["aggregation"].tolist(),
            "places": list(place_ids),
        },
    )


def ranks(build: Build, place_ids: Sequence[str]) -> pd.DataFrame:
    """Exact place of each DeSO among all of the country, for the shares that every DeSO has a figure for.

    Empty until a delivery with the whole country has come. Columns: place_id, area_id, area, indicator_id, name, unit,
    decimals, value, rank (1 = highest; equal values share it), areas.
    """
    spread = national(build)
    return fetch(
        build,
        """
        WITH wanted AS (
            SELECT unnest($indicators) AS indicator_id, unnest($starts) AS period_start, unnest($areas) AS areas
        ), ranked AS (
            SELECT o.area_id, o.indicator_id, o.value, w.areas,
                   rank() OVER (PARTITION BY o.indicator_id ORDER BY o.value DESC) AS rank
            FROM observation o JOIN wanted w USING (indicator_id, period_start) JOIN area a USING (area_id)
            WHERE a.level = 'deso' AND o.breakdown = '' AND o.value IS NOT NULL
            QUALIFY count(*) OVER (PARTITION BY o.indicator_id) = w.areas
        )
        SELECT p.within_id AS place_id, r.area_id, a.name AS area, i.indicator_id, i.name, i.unit, i.decimals,
               r.value, r.rank, r.areas
        FROM ranked r JOIN area_within p USING (area_id) JOIN area a USING (area_id)
        JOIN indicator i USING (indicator_id)
        WHERE p.within_id IN (SELECT unnest($places))
        ORDER BY list_position($places, p.within_id), i.theme, i.name COLLATE sv, r.area_id
        """,
        {
            "indicators": spread["indicator_id"].tolist(),
            "starts": [day.date() for day in spread["period_start"]],
            "areas": spread["areas"].tolist(),
            "places": list(place_ids),
        },
    )


def socioeconomic_index(build: Build, place_id: str) -> pd.DataFrame:
    """SCB's own index for each RegSO in the place, newest period: area_id, area, period_label, value, and the lowest,
    highest and number of the municipality's RegSO (municipal_low, municipal_high, municipal_areas), and the place
    among them (municipal_rank: 1 = highest; equal values share it)."""
    return fetch(
        build,
        """
        WITH newest AS (
            SELECT o.area_id, o.value, o.period_label, a.name AS area FROM observation o JOIN area a USING (area_id)
            WHERE o.indicator_id = $indicator AND a.level = 'regso' AND o.value IS NOT NULL
            QUALIFY o.period_start = max(o.period_start) OVER ()
        )
        SELECT n.area_id, n.area, n.period_label, n.value,
               min(m.value) AS municipal_low, max(m.value) AS municipal_high, count(*) AS municipal_areas,
               count(*) FILTER (m.value > n.value) + 1 AS municipal_rank
        FROM newest n JOIN area_within w ON w.area_id = n.area_id AND w.within_id = $place
        JOIN newest m ON left(m.area_id, 4) = left(n.area_id, 4)
        GROUP BY n.area_id, n.area, n.period_label, n.value ORDER BY n.area COLLATE sv
        """,
        {"indicator": SOCIOECONOMIC_INDEX, "place": place_id},
    )


def recent(build: Build, place_ids: Sequence[str]) -> pd.DataFrame:
    """SCB's figures on the division of 2025, for indicators without a national spread: the newest year of each.

    Columns: area_id, indicator_id, name, unit, theme, decimals, period_label, value (empty where it cannot be added
    up), low, high, parts (values among the place's RegSO, else DeSO), parts_level, status.
    """
    return fetch(
        build,
        """
        WITH wanted AS (
            SELECT indicator_id FROM indicator
            WHERE source_id = $source AND indicator_id NOT IN ($index, $projection, $population)
            EXCEPT SELECT indicator_id FROM observation WHERE area_id = '00' AND breakdown = 'mått=p50'
        ), part AS (
            SELECT w.within_id AS place_id, a.area_id, a.level
            FROM area_within w JOIN area a ON a.area_id = w.area_id AND a.level IN ('regso', 'deso')
            WHERE a.valid_to IS NULL AND w.within_id IN (SELECT unnest($places))
        ), figure AS (
            SELECT o.* FROM observation o
            WHERE o.indicator_id IN (FROM wanted) AND o.breakdown = '' AND o.value IS NOT NULL
              AND o.period_type = 'year' AND year(o.period_end) >= $first
              AND o.area_id IN (SELECT area_id FROM part UNION SELECT unnest($places))
        ), own AS (
            SELECT area_id AS place_id, indicator_id, period_start, period_label, value, status FROM figure
            WHERE area_id IN (SELECT unnest($places))
        ), spread AS (
            SELECT p.place_id, f.indicator_id, f.period_start, f.period_label, p.level, min(f.value) AS low,
                   max(f.value) AS high, count(*) AS parts
            FROM figure f JOIN part p USING (area_id)
            GROUP BY p.place_id, f.indicator_id, f.period_start, f.period_label, p.level
            QUALIFY row_number() OVER (
                PARTITION BY p.place_id, f.indicator_id, f.period_start ORDER BY p.level = 'regso' DESC
            ) = 1
        )
        SELECT place_id AS area_id, i.indicator_id, i.name, i.unit, i.theme, i.decimals,
               coalesce(own.period_label, spread.period_label) AS period_label, own.value, low, high, parts,
               spread.level AS parts_level, coalesce(own.status, 'not_applicable') AS status
        FROM own FULL JOIN spread USING (place_id, indicator_id, period_start)
        JOIN indicator i USING (indicator_id)
        QUALIFY row_number() OVER (PARTITION BY place_id, indicator_id ORDER BY period_start DESC) = 1
        ORDER BY i.theme, i.name COLLATE sv, list_position($places, place_id)
        """,
        {
            "source": SOURCE_ID,
            "index": SOCIOECONOMIC_INDEX,
            "projection": PROJECTION,
            "population": POPULATION,
            "places": list(place_ids),
            "first": FIRST_YEAR_OF_2025,
        },
    )


def coverage(build: Build, place_id: str) -> pd.DataFrame:
    """What each declared source says about the place.

    Columns: source_id, title, producer, kind, speaks_of, fetchable, can_speak (whether it publishes for any kind of
    area that the place has in it, itself included), schools_only (it publishes for schools and nothing else), figures
    (how many in the place), events and answers (1 where there is any in the place), latest (their last period).
    """
    return fetch(
        build,
        """
        WITH inside AS (
            SELECT area_id, level, population, population_year FROM area_within JOIN area USING (area_id)
            WHERE within_id = $place
        ), figure AS (
            SELECT i.source_id, count(*) AS figures, max_by(o.period_label, o.period_end) AS latest
            FROM observation o JOIN inside USING (area_id) JOIN indicator i USING (indicator_id)
            WHERE o.value IS NOT NULL GROUP BY i.source_id
            UNION ALL
            SELECT $areas, count(*), max(population_year)::VARCHAR
            FROM inside WHERE population IS NOT NULL HAVING count(*) > 0
        ), event AS (
            SELECT source_id, strftime(max(coalesce(occurred_from, reported)), '%Y') AS latest
            FROM event JOIN inside USING (area_id) GROUP BY source_id
        ), answer AS (
            SELECT source_id, max_by(wave, period_end) AS latest
            FROM survey_answer JOIN inside USING (area_id) GROUP BY source_id
        )
        SELECT s.source_id, s.title, s.producer, s.kind, s.speaks_of, s.fetchable,
               list_has_any(string_split(s.levels, ','), (SELECT list(DISTINCT level) FROM inside)) AS can_speak,
               s.levels = 'school' AS schools_only,
               coalesce(f.figures, 0) AS figures, (e.source_id IS NOT NULL)::INTEGER AS events,
               (a.source_id IS NOT NULL)::INTEGER AS answers, coalesce(f.latest, e.latest, a.latest) AS latest
        FROM source s LEFT JOIN figure f USING (source_id) LEFT JOIN event e USING (source_id)
        LEFT JOIN answer a USING (source_id)
        ORDER BY s.title COLLATE sv
        """,
        {"place": place_id, "areas": AREAS},
    )


def events(build: Build, municipality_id: str) -> pd.DataFrame:
    """Events that the police have published about the municipality, newest first: source, category, title, time (start
    of the event, else publication; Swedish local time), url."""
    return fetch(
        build,
        """
        SELECT s.citation AS source, e.category, e.title, coalesce(e.occurred_from, e.reported) AS time, e.url
        FROM event e JOIN source s USING (source_id)
        WHERE e.area_id = $municipality AND e.source_id = 'polisen_events' ORDER BY time DESC
        """,
        {"municipality": municipality_id},
    )
