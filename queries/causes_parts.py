"""The rows of events counted by everything that a source tells of them. Only for ``causes``: nothing here is shown."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pandas as pd

from queries.local_window import Window
from store.warehouse import Build, fetch

KIND, DETAIL, DISTRICT = "Slag", "Finare slag", "Kommundel"
PART_OF_WEEK, WEEKDAY, TIME = "Del av veckan", "Veckodag", "Tid på dygnet"
QUARTER, REPORTER = "Årstid", "Rapportör"

#: Every dimension, and what it is told of that the source does not tell.
UNKNOWN: Mapping[str, str] = {
    KIND: "okänt slag", DETAIL: "okänt", DISTRICT: "okänd kommundel", PART_OF_WEEK: "okänd dag",
    WEEKDAY: "okänd dag", TIME: "okänd tid", QUARTER: "", REPORTER: "okänd rapportör",
}  # fmt: skip

_WEEKDAYS = ("måndag", "tisdag", "onsdag", "torsdag", "fredag", "lördag", "söndag")
_WEEKEND = _WEEKDAYS[5:]
_TIMES = ("natt", "förmiddag", "eftermiddag", "kväll")
_MONTHS = (
    "januari", "februari", "mars", "april", "maj", "juni", "juli", "augusti", "september", "oktober", "november",
    "december",
)  # fmt: skip
_PARTS_OF_WEEK = ("vardag", "helg")

#: The parts that are there whatever the source, in order.
_FIXED: Mapping[str, tuple[str, ...]] = {
    PART_OF_WEEK: (*_PARTS_OF_WEEK, UNKNOWN[PART_OF_WEEK]), WEEKDAY: (*_WEEKDAYS, UNKNOWN[WEEKDAY]),
    TIME: (*_TIMES, UNKNOWN[TIME]),
}  # fmt: skip

#: A span longer than so many hours has no time of day, nor a weekday when it passes midnight.
_LONGEST = 6


def parts(build: Build, municipality_id: str, source_id: str, covered: Window) -> dict[str, list[str]]:
    """The dimensions that the source tells of, and the parts of each, the unknown last. Names, no numbers."""
    rows = fetch(
        build,
        """
        WITH placed AS (
            SELECT w.area_id, d.name AS district, d.area_id AS district_id
            FROM area d JOIN area_within w ON w.within_id = d.area_id
            WHERE d.level = 'district' AND d.parent_id = $municipality
        )
        SELECT DISTINCT e.category, coalesce(e.detail, '') AS detail, coalesce(p.district, '') AS district,
               coalesce(e.reporter, '') AS reporter,
               occurred_from IS NULL AND hour(reported) * 60 + minute(reported) = 0 AS timeless
        FROM event e LEFT JOIN placed p USING (area_id)
        WHERE e.source_id = $source AND e.placement <> 'outside'
          AND coalesce(occurred_from, reported) >= $first AND coalesce(occurred_from, reported) < $after
        """,
        {"municipality": municipality_id, "source": source_id, **_days(covered)},
    )
    named = {KIND: "category", DETAIL: "detail", DISTRICT: "district", REPORTER: "reporter"}
    told = {name: sorted(set(rows[column]) - {""}) for name, column in named.items()}
    found = {name: [*known, UNKNOWN[name]] for name, known in told.items() if known}
    found |= {name: list(known) for name, known in _FIXED.items()} | {QUARTER: quarters(covered)}
    if rows["timeless"].all():
        found.pop(TIME)
    order = list(UNKNOWN)
    return dict(sorted(found.items(), key=lambda one: order.index(one[0])))


def quarters(covered: Window) -> list[str]:
    """The quarters of the years counted back from the last month, as queries.local_tables has them, oldest first."""
    first = covered.start(12, 0).month - 1
    return [f"{_MONTHS[(first + 3 * one) % 12]}–{_MONTHS[(first + 3 * one + 2) % 12]}" for one in range(4)]


def days_of(part: str) -> list[str]:
    """The weekdays of a part of the week."""
    return [day for day in _FIXED[WEEKDAY] if _part_of(day) == part]


def _part_of(day: str) -> str:
    return _PARTS_OF_WEEK[day in _WEEKEND] if day in _WEEKDAYS else day


def counts(build: Build, municipality_id: str, source_id: str, covered: Window) -> pd.DataFrame:
    """How many events there are of each combination: a column for each dimension, back (whole years before the newest
    twelve months), district_id (empty without a known one) and events."""
    rows = fetch(
        build,
        """
        WITH placed AS (
            SELECT w.area_id, d.name AS district, d.area_id AS district_id
            FROM area d JOIN area_within w ON w.within_id = d.area_id
            WHERE d.level = 'district' AND d.parent_id = $municipality
        ), told AS (
            SELECT e.category, coalesce(e.detail, $no_detail) AS detail, coalesce(p.district, $no_district) AS district,
                   coalesce(p.district_id, '') AS district_id, coalesce(e.reporter, $no_reporter) AS reporter,
                   e.events, coalesce(occurred_from, reported) AS moment,
                   greatest(coalesce(occurred_to, occurred_from), occurred_from) AS until, occurred_from AS since,
                   occurred_from IS NULL AND bool_or(occurred_from IS NOT NULL) OVER () AS timeless
            FROM event e LEFT JOIN placed p USING (area_id)
            WHERE e.source_id = $source AND e.placement <> 'outside'
              AND coalesce(occurred_from, reported) >= $first AND coalesce(occurred_from, reported) < $after
        )
        SELECT category, detail, district, district_id, reporter,
               3 - datediff('month', moment, $last::TIMESTAMP) % 12 // 3 AS quarter,
               datediff('month', moment, $last::TIMESTAMP) // 12 AS back,
               CASE WHEN timeless OR (datediff('minute', since, until) > $longest AND since::DATE <> until::DATE) THEN 7
                    ELSE isodow(moment) - 1 END AS weekday,
               CASE WHEN timeless OR datediff('minute', since, until) > $longest THEN 4
                    ELSE hour(moment) // 6 END AS time,
               sum(events)::DOUBLE AS events
        FROM told GROUP BY ALL
        """,
        {
            "municipality": municipality_id, "source": source_id, "longest": 60 * _LONGEST,
            "last": covered.last, "no_detail": UNKNOWN[DETAIL], "no_district": UNKNOWN[DISTRICT],
            "no_reporter": UNKNOWN[REPORTER], **_days(covered),
        },
    )  # fmt: skip
    days = _FIXED[WEEKDAY]
    of_week = [_part_of(day) for day in days]
    return pd.DataFrame(
        {
            KIND: rows["category"], DETAIL: rows["detail"], DISTRICT: rows["district"], REPORTER: rows["reporter"],
            WEEKDAY: _named(rows["weekday"], days), PART_OF_WEEK: _named(rows["weekday"], of_week),
            TIME: _named(rows["time"], _FIXED[TIME]), QUARTER: _named(rows["quarter"], quarters(covered)),
            "district_id": rows["district_id"], "back": rows["back"], "events": rows["events"],
        }
    )  # fmt: skip


def possible(known: Mapping[str, list[str]], path: Sequence[tuple[str, str]]) -> dict[str, list[str]]:
    """What can still be parted where ``path`` (dimension, part) has been chosen: other dimensions, and of the weekdays
    those of the chosen part of the week."""
    chosen = dict(path)
    left = {name: values for name, values in known.items() if name not in chosen}
    if WEEKDAY in chosen:
        left.pop(PART_OF_WEEK, None)
    if PART_OF_WEEK in chosen and WEEKDAY in left:
        weekend = chosen[PART_OF_WEEK] == "helg"
        left[WEEKDAY] = [day for day in _WEEKDAYS if (day in _WEEKEND) == weekend]
    if chosen.get(PART_OF_WEEK) == UNKNOWN[PART_OF_WEEK]:
        left.pop(WEEKDAY, None)
    return left


def _days(covered: Window) -> dict[str, pd.Timestamp]:
    return {"first": covered.first, "after": covered.after}


def _named(codes: pd.Series, names: Sequence[str]) -> pd.Series:
    return codes.map(dict(enumerate(names)))
