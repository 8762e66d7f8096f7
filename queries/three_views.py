"""What is reported, felt and observed in a place, as series that can stand under each other.

Each is judged between two times: where people have been asked in two waves, the years nearest those waves, so that all
compare the same. Counts of local sources are those of ``local_events.years``, so what is hidden there is hidden here.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

import numpy as np
import pandas as pd

from analysis.disclosure import small
from analysis.verdict import Verdict
from analysis.weighted import difference, verdicts
from analysis.year_change import Ratio, nearest, year_change
from queries import local_events, offences, survey_waves
from queries.local import HIDDEN
from store.warehouse import Build, fetch

REPORTED, FELT, OBSERVED = "reported", "felt", "observed"

#: What residents are asked by others than the municipality, by Kolada's ids: unsafe late at night, gone another way,
#: been a victim (NTU), and safe in the dark (the citizen survey).
OFFICIAL = ("kolada_N07609", "kolada_N07619", "kolada_N07633", "kolada_N00610")

#: Of a survey of our own, at most so many questions about safety, those that were asked first.
_MOST_QUESTIONS = 4

#: What the title of a source of offences reported to the police has in it, in lower case.
_POLICE = r"polis|anmäl(?:ningar|da) brott|brottsutdrag|^(?!.*felanm).*ärende"

_POINTS = ["label", "period_start", "period_end", "value", "lower", "upper", "status"]

#: A pair of days, in the middle of the two times to compare; None: the newest period beside the one before.
Times = tuple[date, date] | None


@dataclass(frozen=True)
class View:
    """One series. ``points``: label, period_start, period_end, value, lower, upper, status, oldest first.

    ``role`` is REPORTED, FELT or OBSERVED; ``title`` the source, for FELT the question and ``choice`` the answers
    counted. ``unit``: antal, antal per rapportör och månad, procent, poäng. ``old`` and ``new`` are the labels of the
    periods compared, ``change`` how much more the new is (a ratio of counts, a difference of shares), with 95 %
    limits. ``reason`` says why there is no judgement: ``one_period``, ``hidden``, ``few``, ``no_uncertainty``.
    """

    role: str
    id: str
    title: str
    unit: str
    points: pd.DataFrame
    choice: str = ""
    old: str = ""
    new: str = ""
    change: float = np.nan
    lower: float = np.nan
    upper: float = np.nan
    verdict: Verdict = Verdict.TOO_LITTLE
    reason: str = "one_period"


def role_of(title: str) -> str:
    """Whether a source of events tells what is reported to the police or what is observed: senders name their own."""
    return REPORTED if re.search(_POLICE, title.casefold()) else OBSERVED


def times(views: Sequence[View]) -> Times:
    """The middles of the two periods that the first series with two of them is judged between."""
    for view in views:
        if view.old:
            rows = view.points.set_index("label").loc[[view.old, view.new]]
            old, new = rows["period_start"] + (rows["period_end"] - rows["period_start"]) / 2
            return old.date(), new.date()
    return None


def events(build: Build, municipality_id: str, source: tuple[str, str], place_id: str, between: Times) -> View | None:
    """Events of a local source (its id and title); None where it has nothing about the place.

    Of a source that says who reported, the number is per rapporteur and month: counts rise when more report.
    """
    source_id, title = source
    rows = local_events.years(build, municipality_id, source_id)
    covered = local_events.window(build, source_id)
    own = rows[(rows["area_id"] == place_id) & (rows["category"] == local_events.ALL)] if len(rows) else rows
    if covered is None or own.empty or own["months"].iloc[0] < 12:
        return None
    months = _months(build, municipality_id, source_id, place_id, covered)
    named = months["reporters"].sum() > 0
    points = own.sort_values("back", ascending=False).rename(columns={"events": "value"}).reset_index(drop=True)
    points["period_end"] = points["period_start"] + pd.DateOffset(months=12) - pd.Timedelta(days=1)
    if named:
        points = _per_reporter(points, months)
    points = points.assign(lower=np.nan, upper=np.nan)
    unit = "rapporter per rapportör och månad" if named else "antal"
    view = View(role_of(title), source_id, title, unit, points[_POINTS])
    pair = _pair(points, between)
    if pair is None:
        return view
    old, new = (points.iloc[one] for one in pair)
    of = [months[months["months"] // 12 == one["back"]].sort_values("months") for one in (old, new)]
    counts = [one["reported" if named else "events"] for one in of]
    exposures = [one["reporters"] if named else 1.0 for one in of]
    found = year_change(*counts, *exposures)
    return _judged(view, found, old, new)


def _months(
    build: Build, municipality_id: str, source_id: str, place_id: str, covered: local_events.Window
) -> pd.DataFrame:
    """The place's months, counted back from the newest: months, events, reported (by someone named), reporters."""
    rows = fetch(
        build,
        """
        SELECT datediff('month', coalesce(occurred_from, reported), $last::TIMESTAMP) AS months,
               sum(events)::DOUBLE AS events, count(DISTINCT reporter)::DOUBLE AS reporters,
               coalesce(sum(events) FILTER (reporter IS NOT NULL), 0)::DOUBLE AS reported
        FROM event WHERE source_id = $source AND placement <> 'outside'
          AND coalesce(occurred_from, reported) >= $first AND coalesce(occurred_from, reported) < $after
          AND ($place = $municipality OR area_id IN (SELECT area_id FROM area_within WHERE within_id = $place))
        GROUP BY months
        """,
        {
            "source": source_id, "place": place_id, "municipality": municipality_id, "first": covered.first,
            "last": covered.last, "after": covered.after,
        },
    )  # fmt: skip
    return rows.set_index("months").reindex(range(covered.months), fill_value=0.0).rename_axis("months").reset_index()


def _per_reporter(points: pd.DataFrame, months: pd.DataFrame) -> pd.DataFrame:
    """The years' reports on each who reported, month by month; hidden where the count is, or would follow."""
    sums = months.groupby(months["months"] // 12)[["reported", "reporters", "events"]].sum().reindex(points["back"])
    reported, reporters, events = (sums[name].to_numpy() for name in ("reported", "reporters", "events"))
    lost = (points["status"] == HIDDEN).to_numpy() | small(reported) | small(events - reported) | (reporters == 0)
    value = np.where(lost, np.nan, reported / np.where(reporters > 0, reporters, 1))
    return points.assign(value=value, status=np.where(lost, HIDDEN, points["status"]))


def _pair(points: pd.DataFrame, between: Times) -> tuple[int, int] | None:
    """The positions of the two periods to compare; None when there are not two."""
    if len(points) < 2:
        return None
    if between is None:
        return len(points) - 2, len(points) - 1
    old, new = (nearest(pd.Timestamp(day), points["period_start"], points["period_end"]) for day in between)
    return (old, new) if old < new else None


def _judged(view: View, found: Ratio, old: pd.Series, new: pd.Series) -> View:
    """The view with what its two years say."""
    between = replace(view, old=str(old["label"]), new=str(new["label"]))
    if HIDDEN in (old["status"], new["status"]):
        return replace(between, reason="hidden")
    return replace(
        between, change=found.ratio, lower=found.lower, upper=found.upper, verdict=found.verdict,
        reason="few" if found.verdict is Verdict.TOO_LITTLE else "",
    )  # fmt: skip


def reported(build: Build, municipality_id: str, between: Times) -> View | None:
    """All offences reported in the municipality (Brå), judged by the quarters of the two years; None without any."""
    rows = offences.series(build, [offences.TOTAL], [municipality_id], "year")
    if rows.empty:
        return None
    start = rows["period_start"]
    points = pd.DataFrame(
        {
            "label": rows["period_label"],
            "period_start": start,
            "period_end": start + pd.DateOffset(years=1) - pd.Timedelta(days=1),
            "value": rows["count"],
            "lower": np.nan,
            "upper": np.nan,
            "status": rows["status"],
        }
    )
    view = View(REPORTED, offences.TOTAL, "Anmälda brott enligt Brå", "antal", points)
    pair = _pair(points, between)
    if pair is None:
        return view
    quarters = offences.series(build, [offences.TOTAL], [municipality_id], "quarter")
    when = quarters["period_start"].dt
    table = quarters.assign(year=when.year, quarter=when.quarter).pivot(index="quarter", columns="year", values="count")
    old, new = (points.iloc[one] for one in pair)
    years = [one["period_start"].year for one in (old, new)]
    before, after = (column for _, column in table.reindex(index=range(1, 5), columns=years).items())
    return _judged(view, year_change(before, after), old, new)


def felt(build: Build, municipality_id: str, source_id: str) -> dict[str, list[View]]:
    """By place, the answers to the survey's questions about safety that have one answer, judged between the newest wave
    and the one before."""
    rows = survey_waves.over_waves(build, municipality_id, source_id)
    if rows.empty:
        return {}
    about = survey_waves.about_safety(build, municipality_id)
    asked = about.loc[about["source_id"] == source_id, "question_id"].head(_MOST_QUESTIONS)
    out: dict[str, list[View]] = {}
    for one in asked:
        for place, own in rows[rows["question_id"] == one].groupby("area_id"):
            out.setdefault(str(place), []).append(_felt(own))
    return out


def _felt(rows: pd.DataFrame) -> View:
    ordered = rows.sort_values("period_start", kind="stable")
    last = ordered.iloc[-1]
    points = ordered.rename(columns={"wave": "label", "share": "value"})[_POINTS].reset_index(drop=True)
    points[["value", "lower", "upper"]] *= 100
    view = View(FELT, str(last["question_id"]), str(last["question"]), "procent", points, str(last["choice"]))
    if pd.isna(last["old_wave"]):
        return view
    change, lower, upper = (float(last[name]) * 100 for name in ("change", "change_lower", "change_upper"))
    return replace(
        view, old=str(last["old_wave"]), new=str(last["wave"]), change=change, lower=lower, upper=upper,
        verdict=Verdict(last["change_verdict"]),
        reason="hidden" if last["change_status"] == HIDDEN else "few" if last["change_few"] else "",
    )  # fmt: skip


def official(build: Build, municipality_id: str) -> list[View]:
    """What NTU and the citizen survey say of the municipality, judged where the source publishes its uncertainty."""
    rows = fetch(
        build,
        """
        SELECT i.indicator_id, i.name, o.period_label AS label, o.period_start, o.period_end, o.value, o.lower, o.upper,
               o.status
        FROM observation o JOIN indicator i USING (indicator_id)
        WHERE o.area_id = $municipality AND o.breakdown = '' AND o.indicator_id IN (SELECT unnest($indicators))
        ORDER BY o.period_start
        """,
        {"municipality": municipality_id, "indicators": list(OFFICIAL)},
    )
    views = (_official(rows[rows["indicator_id"] == one]) for one in OFFICIAL)
    return [view for view in views if view is not None]


def _official(rows: pd.DataFrame) -> View | None:
    known = rows[rows["value"].notna()]
    if known.empty:
        return None
    last = known.iloc[-1]
    view = View(FELT, str(last["indicator_id"]), str(last["name"]), "procent", rows[_POINTS].reset_index(drop=True))
    if len(known) < 2:
        return view
    limits = [known[["value", "lower", "upper"]].iloc[[at]].set_axis(["share", "lower", "upper"], axis="columns") / 100
              for at in (-1, -2)]  # fmt: skip
    apart = difference(*limits)
    judged = bool(apart["lower"].notna().iloc[0])
    change, lower, upper = (float(apart[name].iloc[0]) * 100 for name in ("difference", "lower", "upper"))
    return replace(
        view, old=str(known["label"].iloc[-2]), new=str(last["label"]), change=change, lower=lower, upper=upper,
        verdict=verdicts(apart, [judged])[0], reason="" if judged else "no_uncertainty",
    )  # fmt: skip


def inspections(build: Build, place_id: str) -> list[View]:
    """The mean score of the inspections in a place, year by year: judgements without an uncertainty to test."""
    rows = fetch(
        build,
        """
        SELECT s.source_id, s.title, year(o.period_start) AS year, avg(o.value) AS value, any_value(i.unit) AS unit
        FROM source s JOIN indicator i USING (source_id) JOIN observation o USING (indicator_id)
        WHERE s.kind = 'inspections' AND o.value IS NOT NULL
          AND o.area_id IN (SELECT area_id FROM area_within WHERE within_id = $place)
        GROUP BY s.source_id, s.title, year ORDER BY s.title, year
        """,
        {"place": place_id},
    )
    out = []
    for source_id, own in rows.groupby("source_id", sort=False):
        start = pd.to_datetime(own["year"].astype(str) + "-01-01")
        points = pd.DataFrame(
            {
                "label": own["year"].astype(str),
                "period_start": start,
                "period_end": start + pd.DateOffset(years=1) - pd.Timedelta(days=1),
                "value": own["value"],
                "lower": np.nan,
                "upper": np.nan,
                "status": "final",
            }
        ).reset_index(drop=True)
        title, unit = str(own["title"].iloc[0]), str(own["unit"].iloc[0])
        out.append(View(OBSERVED, str(source_id), title, unit, points, reason="no_uncertainty"))
    return out
