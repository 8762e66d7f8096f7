"""Compulsory schools: where they stand, and what Skolverket and Skolenkäten have published about them."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from store.warehouse import Build, fetch


def schools(build: Build, place_id: str) -> pd.DataFrame:
    """The schools in a municipality or district, by district and name; those without a known position come last.

    Columns: area_id (school unit code), name, organiser, district_id, district (empty when the position is unknown).
    A school without a known position is only found through its municipality.
    """
    return fetch(
        build,
        """
        SELECT s.area_id, s.name, s.kind AS organiser, d.area_id AS district_id, d.name AS district
        FROM area_within w
        JOIN area s ON s.area_id = w.area_id AND s.level = 'school'
        LEFT JOIN (
            SELECT i.area_id AS school_id, d.area_id, d.name
            FROM area_within i JOIN area d ON d.area_id = i.within_id AND d.level = 'district'
        ) d ON d.school_id = s.area_id
        WHERE w.within_id = $place
        ORDER BY d.name COLLATE sv NULLS LAST, s.name COLLATE sv
        """,
        {"place": place_id},
    )


def named(build: Build, place_id: str) -> pd.DataFrame:
    """The schools in a place in the same order, to set what is known of them beside: area_id, school, district."""
    return schools(build, place_id).rename(columns={"name": "school"})[["area_id", "school", "district"]]


def figures(build: Build, place_id: str, indicator_ids: Sequence[str]) -> pd.DataFrame:
    """Every figure of these indicators for the schools in a place, by district and name, oldest period first.

    Columns: area_id, school, district (may be empty), indicator_id, name, unit, decimals, period_start, period_end,
    period_label, breakdown, value, base (pupils or respondents behind the value; empty when unknown), status,
    value_text (the cell as published where it is no plain number).

    A share or mean of year 9 that came without its base gets the number of pupils who finished year 9 in the same
    school and school year.
    """
    return fetch(
        build,
        """
        WITH here AS (
            SELECT s.area_id, s.name AS school
            FROM area_within w JOIN area s ON s.area_id = w.area_id AND s.level = 'school'
            WHERE w.within_id = $place
        ), placed AS (
            SELECT here.*, d.name AS district
            FROM here LEFT JOIN (
                SELECT w.area_id, d.name FROM area_within w JOIN area d ON d.area_id = w.within_id
                WHERE d.level = 'district'
            ) d USING (area_id)
        ), leavers AS (
            SELECT area_id, period_start, value FROM observation
            WHERE indicator_id = 'skolverket_pupils_grade9' AND breakdown = ''
              AND area_id IN (SELECT area_id FROM here)
        )
        SELECT o.area_id, p.school, p.district, o.indicator_id, i.name, i.unit, i.decimals,
               o.period_start, o.period_end, o.period_label, o.breakdown, o.value,
               coalesce(o.base, CASE WHEN o.indicator_id IN (SELECT unnest($of_leavers)) THEN l.value END) AS base,
               o.status, o.value_text
        FROM observation o
        JOIN placed p USING (area_id)
        JOIN indicator i USING (indicator_id)
        LEFT JOIN leavers l ON l.area_id = o.area_id AND l.period_start = o.period_start
        WHERE o.indicator_id IN (SELECT unnest($indicators))
        ORDER BY p.district COLLATE sv NULLS LAST, p.school COLLATE sv, o.indicator_id, o.breakdown, o.period_start
        """,
        {"place": place_id, "indicators": list(indicator_ids), "of_leavers": list(OF_LEAVERS)},
    )


#: Measures whose base is the pupils who finished year 9.
OF_LEAVERS = ("skolverket_merit_value", "skolverket_all_subjects", "skolverket_eligible_vocational")
