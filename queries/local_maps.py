"""Local measures on a map: events per inhabitant, and shares of survey answers.

The functions have the names and frames of ``queries.maps``, so that a map is drawn the same way. Measures are named
``händelser|source_id|per`` and ``svar|source_id|question_id|choice``. What is hidden so that nobody can be told by it
has the status ``protected``.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import pandas as pd

from queries import gate, local, local_events, local_surveys, maps
from queries.local import HIDDEN
from store.warehouse import Build, fetch

#: The beginning of every local measure's id, by what it is; the parts are parted by a sign that no id has.
EVENTS, ANSWERS = "händelser", "svar"
_SEPARATOR = "|"

#: What hides a number on a map: here, and not by the source.
PROTECTED = "protected"

#: A source whose events mostly lack so small an area is not shown by it.
_KNOWN = 0.8

_PER_1000, _NUMBER = "per 1 000 invånare", "antal"


class _Measure(NamedTuple):
    """What the id of a measure says: for answers ``detail`` is the question, and ``choice`` the answers counted."""

    kind: str
    source_id: str
    detail: str
    choice: str = ""


def is_local(indicator_id: str) -> bool:
    """Whether the measure is one of these."""
    return indicator_id.startswith((EVENTS + _SEPARATOR, ANSWERS + _SEPARATOR))


def source_of(indicator_id: str) -> str:
    """The source of a measure."""
    return _parsed(indicator_id).source_id


def _parsed(indicator_id: str) -> _Measure:
    return _Measure(*indicator_id.split(_SEPARATOR, 3))


def indicators(build: Build, municipality_id: str, level: str) -> pd.DataFrame:
    """The local measures that the level can show, as ``maps.indicators``."""
    found = local.sources(build)
    rows = [
        row
        for source in found.to_dict("records")
        for row in (
            _event_measures(build, municipality_id, level, source["source_id"], source["title"])
            if source["kind"] == "events"
            else _answer_measures(build, municipality_id, source["source_id"], source["title"])
            if source["kind"] == "answers" and level == "district"
            else []
        )
    ]
    columns = ["indicator_id", "name", "unit", "theme", "polarity", "aggregation", "decimals", "description", "newest"]
    return pd.DataFrame(rows, columns=columns)


def _event_measures(
    build: Build, municipality_id: str, level: str, source_id: str, title: str
) -> list[dict[str, object]]:
    covered = local_events.window(build, source_id)
    if covered is None or not _placed_by(build, municipality_id, level, source_id):
        return []
    common = {
        "theme": "Händelser", "polarity": "neutral", "newest": covered.label(12, 0),
        "description": f"Händelser ur {title} på tolv månader, efter var de skett. Händelser utan känd plats är inte "
        "med. Ett område med få boende men många besökare får ett högt tal per invånare.",
    }  # fmt: skip
    return [
        {"indicator_id": _SEPARATOR.join([EVENTS, source_id, unit]), "name": f"{title}{name}", "unit": unit,
         "aggregation": how, "decimals": decimals, **common}
        for unit, name, how, decimals in (
            (_PER_1000, ", per 1 000 invånare", "mean_by_base", 1), (_NUMBER, ", antal", "sum", 0)
        )
    ]  # fmt: skip


def _placed_by(build: Build, municipality_id: str, level: str, source_id: str) -> bool:
    """Whether most of the source's events that have a place have one on this level."""
    rows = fetch(
        build,
        """
        WITH small AS (
            SELECT DISTINCT w.area_id FROM area a JOIN area_within w ON w.within_id = a.area_id
            WHERE a.level = $level AND starts_with(a.area_id, $municipality)
        )
        SELECT coalesce(sum(events) FILTER (area_id IN (FROM small)) / nullif(sum(events), 0), 0) AS known
        FROM event WHERE source_id = $source AND placement = 'placed'
        """,
        {"municipality": municipality_id, "level": level, "source": source_id},
    )
    return bool(rows["known"].iloc[0] >= _KNOWN)


def _answer_measures(build: Build, municipality_id: str, source_id: str, title: str) -> list[dict[str, object]]:
    waves = local_surveys.waves(build, source_id)
    if waves.empty:
        return []
    known = local_surveys.choices(build, municipality_id, source_id, str(waves["wave"].iloc[0]))
    return [
        {
            "indicator_id": _SEPARATOR.join([ANSWERS, source_id, row["question_id"], row["choice"]]),
            "name": f"{title}: {row['question']} ({row['choice']})", "unit": "procent", "theme": "Enkätsvar",
            "polarity": "neutral", "aggregation": "mean_by_base", "decimals": 0, "newest": waves["wave"].iloc[0],
            "description": f"Andel som svarat {row['choice']}, vägd med svarens vikter. Svaren är ett urval: små "
            "skillnader mellan områden kan vara slump, och få svar gör andelen osäker.",
        }
        for row in known.to_dict("records")
    ]  # fmt: skip


def slices(build: Build, municipality_id: str, level: str, indicator_id: str) -> pd.DataFrame:
    """The periods of a measure, newest first, as ``maps.slices``."""
    measure = _parsed(indicator_id)
    if measure.kind == ANSWERS:
        periods = local_surveys.waves(build, measure.source_id)["wave"].tolist()
    else:
        rows = local_events.years(build, municipality_id, measure.source_id)
        periods = rows.sort_values("back")["label"].unique().tolist()
    return pd.DataFrame({"period_label": periods, "breakdown": "", "areas": 0})


def values(
    build: Build, municipality_id: str, level: str, indicator_id: str, period_label: str, breakdown: str
) -> pd.DataFrame:
    """The measure for every area on the level, as ``maps.values``. An area that no event of the source has ever been in
    has no value: the source may not cover it."""
    measure = _parsed(indicator_id)
    # A measure that does not exist gives the areas without values.
    places = maps.values(build, municipality_id, level, indicator_id, period_label, breakdown)
    places = places.drop(columns=["value", "count", "base", "status"])
    if measure.kind == ANSWERS:
        return places.merge(_shares(build, municipality_id, measure, period_label), on="area_id", how="left")
    counts = _events(build, municipality_id, level, measure.source_id, period_label)
    return _per(places.merge(counts, on="area_id", how="left"), measure.detail)


def _shares(build: Build, municipality_id: str, measure: _Measure, wave: str) -> pd.DataFrame:
    rows = local_surveys.shares(build, municipality_id, measure.source_id, wave)
    own = rows[(rows["question_id"] == measure.detail) & (rows["choice"] == measure.choice)]
    status = np.where(own["status"] == HIDDEN, PROTECTED, np.where(own["few"], "few", "final"))
    return pd.DataFrame(
        {"area_id": own["area_id"], "value": own["share"] * 100, "count": np.nan, "base": own["base"], "status": status}
    )


def _per(rows: pd.DataFrame, unit: str) -> pd.DataFrame:
    """The frame with its value: the number, or what it is on a thousand inhabitants."""
    people = rows["population"].astype(float)
    per = rows["count"] * 1000 / people.where(people > 0)
    return rows.assign(value=rows["count"] if unit == _NUMBER else per, base=people if unit == _PER_1000 else np.nan)


def _events(build: Build, municipality_id: str, level: str, source_id: str, label: str) -> pd.DataFrame:
    """Events of twelve months in every area on the level that the source covers: area_id, count, status."""
    rows = local_events.years(build, municipality_id, source_id)
    total = rows[(rows["label"] == label) & (rows["category"] == local_events.ALL)]
    districts = total[~total["area_id"].isin([municipality_id, local_events.NOWHERE])]
    if level == "district":
        status = np.where(districts["status"] == HIDDEN, PROTECTED, "final")
        return pd.DataFrame({"area_id": districts["area_id"], "count": districts["events"], "status": status})
    counted = _small_areas(build, municipality_id, source_id, label)
    known = dict(zip(districts["area_id"], districts["status"] == HIDDEN, strict=True))
    counted = counted[counted["district_id"].isin(list(known)) | (counted["count"] > 0)]
    regso = counted[counted["level"] == "regso"].reset_index(drop=True)
    whole = dict(zip(districts["area_id"], districts["events"], strict=True))
    lost = _parts_lost(build, source_id, regso, "district_id", whole, known)
    if level == "regso":
        return _masked(regso, lost)
    deso = counted[counted["level"] == "deso"].reset_index(drop=True)
    whole = dict(zip(regso["area_id"], regso["count"], strict=True))
    known = dict(zip(regso["area_id"], lost, strict=True))
    return _masked(deso, _parts_lost(build, source_id, deso, "parent_id", whole, known))


def _parts_lost(
    build: Build, source_id: str, parts: pd.DataFrame, within: str, whole: dict[str, float], lost: dict[str, bool]
) -> np.ndarray:
    """Which of the small areas are hidden. Events of the larger area that are in none of them are a part as well: who
    knows all the others knows how many they are."""
    inside = parts.groupby(within)["count"].sum()
    rest = pd.Series(
        {area: total - inside.get(area, 0.0) for area, total in whole.items() if not lost[area]}, dtype=float
    )
    rest = rest[rest > 0]
    mask = gate.parts_hidden(
        build,
        source_id,
        np.concatenate([parts["count"], rest]),
        [*parts[within], *rest.index],
        [*(lost.get(area, True) for area in parts[within]), *(False for _ in rest)],
    )
    return mask[: len(parts)]


def _masked(rows: pd.DataFrame, lost: np.ndarray) -> pd.DataFrame:
    status = np.where(lost, PROTECTED, "final")
    return pd.DataFrame({"area_id": rows["area_id"], "count": rows["count"].mask(lost), "status": status})


def _small_areas(build: Build, municipality_id: str, source_id: str, label: str) -> pd.DataFrame:
    """RegSO and DeSO of the districts that the source covers, with their raw number of events in the twelve months:
    area_id, level, parent_id (the RegSO of a DeSO), district_id, count."""
    covered = local_events.window(build, source_id)
    if covered is None:
        raise ValueError(f"Källan {source_id} har inga händelser.")
    labels = [covered.label(12, back) for back in range(max(covered.months // 12, 1))]
    back = labels.index(label)
    first = max(covered.start(12, back), covered.first)
    return fetch(
        build,
        """
        WITH told AS (
            SELECT area_id, sum(events) FILTER (
                coalesce(occurred_from, reported) >= $first AND coalesce(occurred_from, reported) < $after
            ) AS events FROM event WHERE source_id = $source AND placement = 'placed' GROUP BY area_id
        )
        SELECT a.area_id, a.level, coalesce(r.within_id, '') AS parent_id, coalesce(d.within_id, '') AS district_id,
               coalesce(sum(t.events), 0)::DOUBLE AS count
        FROM area a
        LEFT JOIN (SELECT w.area_id, within_id FROM area_within w JOIN area p ON p.area_id = w.within_id
                   WHERE p.level = 'district' AND p.parent_id = $municipality) d ON d.area_id = a.area_id
        LEFT JOIN (SELECT w.area_id, within_id FROM area_within w JOIN area p ON p.area_id = w.within_id
                   WHERE p.level = 'regso' AND w.area_id <> w.within_id) r ON r.area_id = a.area_id
        JOIN area_within w ON w.within_id = a.area_id LEFT JOIN told t ON t.area_id = w.area_id
        WHERE a.level IN ('regso', 'deso') AND starts_with(a.area_id, $municipality)
          AND (a.valid_to IS NULL OR t.events > 0)
        GROUP BY a.area_id, a.level, r.within_id, d.within_id
        """,
        {
            "source": source_id, "municipality": municipality_id, "first": first,
            "after": covered.start(12, back) + pd.DateOffset(months=12),
        },
    )  # fmt: skip


def wholes(build: Build, municipality_id: str, indicator_id: str, period_label: str, breakdown: str) -> pd.DataFrame:
    """The figure for the municipality as a whole, as ``maps.wholes``; of events those without a known place too."""
    measure = _parsed(indicator_id)
    place = fetch(
        build, "SELECT area_id, level, name, population FROM area WHERE area_id = $id", {"id": municipality_id}
    )
    if measure.kind == ANSWERS:
        found = place.merge(_shares(build, municipality_id, measure, period_label), on="area_id")
    else:
        rows = local_events.years(build, municipality_id, measure.source_id)
        own = rows[
            (rows["label"] == period_label)
            & (rows["category"] == local_events.ALL)
            & (rows["area_id"] == municipality_id)
        ]
        counted = pd.DataFrame({"area_id": own["area_id"], "count": own["events"], "status": own["status"]})
        found = _per(place.merge(counted, on="area_id"), measure.detail)
    return found.loc[found["value"].notna(), ["level", "name", "value", "status"]].reset_index(drop=True)
