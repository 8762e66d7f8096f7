"""What can be measured for a place: the series that a problem can be shown by, and a goal followed in."""

from __future__ import annotations

import pandas as pd

from queries import local, local_events, local_figures, local_surveys
from queries.measured_series import EVENTS, INDICATOR, OFFENCES, SURVEY, Measured, municipality_of
from store.warehouse import Build, fetch


def choices(build: Build, place_id: str) -> pd.DataFrame:
    """What can be followed for a place (a municipality or a district): group, label, unit, measured (Measured).

    Official indicators of the place and of the schools in it; local events, all and by category; answers to surveys;
    and local figures. Events and figures whose newest number is hidden are left out.
    """
    municipality_id = municipality_of(build, place_id)
    found = [
        _official(build, place_id),
        *_of_sources(build, municipality_id, place_id),
        _brought(build, municipality_id, place_id),
    ]
    columns = ["group", "label", "unit", "measured"]
    return pd.concat([pd.DataFrame(columns=columns), *(one[columns] for one in found if len(one))], ignore_index=True)


def _official(build: Build, place_id: str) -> pd.DataFrame:
    """Official indicators of the place and of the schools in it, that have a figure."""
    rows = fetch(
        build,
        """
        WITH asked AS (
            SELECT area_id, '' AS school FROM area WHERE area_id = $place
            UNION ALL
            SELECT a.area_id, a.name FROM area a JOIN area_within w USING (area_id)
            WHERE w.within_id = $place AND a.level = 'school'
        )
        SELECT DISTINCT s.title AS "group", i.indicator_id, i.name, i.unit, i.theme, o.area_id, a.school
        FROM observation o JOIN asked a USING (area_id) JOIN indicator i USING (indicator_id)
        JOIN source s USING (source_id)
        WHERE NOT s.protected AND o.breakdown = '' AND o.value IS NOT NULL
        ORDER BY i.theme <> $offences, s.title COLLATE sv, a.school COLLATE sv, i.name COLLATE sv
        """,
        {"place": place_id, "offences": OFFENCES},
    )
    label = rows["name"].where(rows["school"] == "", rows["school"] + ": " + rows["name"])
    return _named(rows.assign(label=label, kind=INDICATOR), ["indicator_id"])


def _of_sources(build: Build, municipality_id: str, place_id: str) -> list[pd.DataFrame]:
    """Local events and answers in the place, source by source."""
    found = []
    for source in local.sources(build).to_dict("records"):
        if source["kind"] == "events":
            rows = local_events.years(build, municipality_id, source["source_id"])
            own = rows[(rows["area_id"] == place_id) & (rows["back"] == 0) & (rows["events"] > 0)]
            named = own["category"].where(own["category"] != "", "Alla händelser")
            told = own.assign(label=named, unit="händelser", kind=EVENTS).sort_values("category", kind="stable")
            identity = ["category"]
        elif source["kind"] == "answers":
            waves = local_surveys.waves(build, source["source_id"])
            own = local_surveys.choices(build, municipality_id, source["source_id"], str(waves["wave"].iloc[0]))
            told = own.assign(label=own["question"] + ": " + own["choice"], unit="procent", kind=SURVEY)
            identity = ["question_id", "choice"]
        else:
            continue
        told = told.assign(group=source["title"], source_id=source["source_id"], area_id=place_id)
        found.append(_named(told, ["source_id", *identity]))
    return found


def _brought(build: Build, municipality_id: str, place_id: str) -> pd.DataFrame:
    """Local figures of the place and of the areas in it, whose newest is shown."""
    rows = local_figures.newest(build, municipality_id, place_id)
    rows = rows[rows["value"].notna() & (rows["breakdown"] == "")]
    return _named(
        rows.assign(group=rows["title"], label=rows["area"] + ": " + rows["name"], kind=INDICATOR), ["indicator_id"]
    )


def _named(rows: pd.DataFrame, identity: list[str]) -> pd.DataFrame:
    """With the series of each row."""
    columns = ["kind", "area_id", "label", *identity]
    made = [
        Measured(**{str(name): str(value) for name, value in one.items()}) for one in rows[columns].to_dict("records")
    ]
    return rows.assign(measured=pd.Series(made, index=rows.index, dtype=object))
