"""When: over the week, over the year, before and after, and reports on each rapporteur."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import streamlit as st

from charts import time_and_place as drawn
from charts import time_and_place_calendar as calendar_drawn
from charts import time_and_place_change as change_drawn
from charts import time_and_place_months as months_drawn
from charts import time_and_place_reports as reports_drawn
from charts import time_and_place_week as week_drawn
from charts.exhibit import Exhibit
from charts.swedish import date as swedish_date
from queries import (
    time_and_place_calendar,
    time_and_place_change,
    time_and_place_months,
    time_and_place_reports,
    time_and_place_week,
)
from ui import parts
from ui.facts import ask, compose
from ui.time_and_place.asked import Asked, exhibit, known, nothing_here

_LEAST, _MOST = time_and_place_change.LEAST, time_and_place_change.MOST


def week(asked: Asked) -> None:
    """Weekdays and hours, as finely as can be shown."""
    with st.spinner(parts.WORKING):
        found = ask(time_and_place_week.weekday_hours, *asked.key)
    if found is None:
        nothing_here(asked)
    elif not found.hours:
        parts.empty(week_drawn.finding(found, asked.what), f"{week_drawn.sentence(found)} {asked.wider}")
    else:
        parts.show(compose(_week, asked))


def _week(asked: Asked) -> Exhibit:
    found = known(ask(time_and_place_week.weekday_hours, *asked.key))
    told = week_drawn.sentence(found)
    return exhibit(
        asked, "vecka", finding=week_drawn.finding(found, asked.what), sentence=told, unit=drawn.unit(found.step),
        table=week_drawn.table(found), figure=week_drawn.figure(found), alt=f"Rutnät över veckan. {told}",
    )  # fmt: skip


def year(asked: Asked) -> None:
    """The same months year by year, and the calendar of weeks."""
    with st.spinner(parts.WORKING):
        season = ask(time_and_place_calendar.season, *asked.key)
        weeks = ask(time_and_place_calendar.weeks, *asked.key)
    if season is None and weeks is None:
        nothing_here(asked)
        return
    if season is not None and season.months:
        parts.show(compose(_season, asked))
        if season.months == 1:
            _closer(asked, season.years)
    elif season is not None:
        parts.empty(
            calendar_drawn.season_finding(season, asked.what), f"{calendar_drawn.season_sentence(season)} {asked.wider}"
        )
    if weeks is not None and weeks.hidden < 1:
        parts.show(compose(_weeks, asked))


def _closer(asked: Asked, years: int) -> None:
    """The months looked closer at, for those who ask."""
    choices: dict[str, Callable[[Asked], None]] = {}
    if years >= time_and_place_months.YEARS_APART:
        choices["Årstid och trend var för sig"] = _apart
        if asked.is_district:
            choices["Andel av kommunen"] = _part
    if years >= time_and_place_months.YEARS:
        choices["Nivåskifte"] = _levels
    if not choices:
        return
    if st.session_state.get("manader") not in (None, *choices):  # of another place or source
        del st.session_state["manader"]
    chosen = st.segmented_control("Titta närmare på månaderna", list(choices), key="manader", bind="query-params")
    if chosen:
        choices[chosen](asked)


_HIDDEN_MONTHS = "Några månader är dolda. Då går det inte att {}."


def _levels(asked: Asked) -> None:
    """Where the level may have shifted."""
    with st.spinner(parts.WORKING):
        found = ask(time_and_place_months.levels, *asked.key)
    if found is None:
        st.markdown(_HIDDEN_MONTHS.format("leta efter nivåskiften"))
    else:
        st.markdown(calendar_drawn.levels_sentence(found))


def _apart(asked: Asked) -> None:
    """Season and trend apart."""
    with st.spinner(parts.WORKING):
        found = ask(time_and_place_months.apart, *asked.key)
    if found is None:
        st.markdown(_HIDDEN_MONTHS.format("skilja årstid och trend åt"))
    else:
        parts.show(compose(_apart_exhibit, asked))


def _apart_exhibit(asked: Asked) -> Exhibit:
    found = known(ask(time_and_place_months.apart, *asked.key))
    told = months_drawn.apart_sentence(found)
    return exhibit(
        asked, "arstid-och-trend", finding=months_drawn.apart_finding(found, asked.what), sentence=told,
        unit="Antal händelser i en månad", table=months_drawn.apart_table(found), figure=months_drawn.apart(found),
        alt=f"Två diagram: trend och årstid. {told}",
    )  # fmt: skip


def _part(asked: Asked) -> None:
    """The district's part of the municipality's events."""
    with st.spinner(parts.WORKING):
        found = ask(time_and_place_months.part, *asked.key)
    if found is None:
        st.markdown(_HIDDEN_MONTHS.format("följa andelen"))
    else:
        parts.show(compose(_part_exhibit, asked))


def _part_exhibit(asked: Asked) -> Exhibit:
    found = known(ask(time_and_place_months.part, *asked.key))
    step = known(ask(time_and_place_calendar.season, *asked.key)).step
    told = months_drawn.part_sentence(found, asked.where, step)
    return exhibit(
        asked, "andel", finding=months_drawn.part_finding(found, asked.what), sentence=told,
        unit="Andel av kommunens händelser (%)", table=months_drawn.part_table(found), figure=months_drawn.part(found),
        alt=f"En linje inom ett band. {told}",
    )  # fmt: skip


def _season(asked: Asked) -> Exhibit:
    found = known(ask(time_and_place_calendar.season, *asked.key))
    told = calendar_drawn.season_sentence(found)
    return exhibit(
        asked, "arstid", finding=calendar_drawn.season_finding(found, asked.what), sentence=told,
        unit=drawn.unit(found.step), table=calendar_drawn.season_table(found), figure=calendar_drawn.season(found),
        alt=f"En linje per år. {told}",
    )  # fmt: skip


def _weeks(asked: Asked) -> Exhibit:
    found = known(ask(time_and_place_calendar.weeks, *asked.key))
    told = calendar_drawn.weeks_sentence(found)
    return exhibit(
        asked, "veckor", finding=calendar_drawn.weeks_finding(found, asked.what), sentence=told,
        unit=f"{drawn.unit(found.step)}, per vecka", table=calendar_drawn.weeks_table(found),
        figure=calendar_drawn.weeks(found), alt=f"Kalender med en ruta per vecka. {told}",
    )  # fmt: skip


def change(asked: Asked) -> None:
    """Before and after a month that the reader chooses."""
    starts = ask(time_and_place_change.starts, asked.source_id)
    if not starts:
        parts.empty(
            f"{asked.title} täcker för kort tid för att jämföra före och efter.",
            "Det behövs ett helt år före och minst tre månader efter. Lägg till äldre uppgifter ur samma källa.",
        )
        return
    start = st.selectbox(
        "Dag då något ändrades", starts, _whole_year(starts), format_func=swedish_date, key="start",
        bind="query-params", width=260, placeholder="Välj dag",
        help="Till exempel då en åtgärd började. Månaderna efter jämförs med samma månader året före.",
    )  # fmt: skip
    with st.spinner(parts.WORKING):
        found = ask(time_and_place_change.change, *asked.key, start)
    if found is None:
        nothing_here(asked)
    else:
        parts.show(compose(_change, asked, start))


def _whole_year(starts: list[date]) -> int:
    """Which start to begin with: the newest that has a whole year after it, else the oldest."""
    return min(_MOST - _LEAST, len(starts) - 1)


def _change(asked: Asked, start: date) -> Exhibit:
    found = known(ask(time_and_place_change.change, *asked.key, start))
    rest = f"resten av {asked.municipality} kommun"
    told = change_drawn.sentence(found, rest)
    return exhibit(
        asked, "fore-och-efter", finding=change_drawn.finding(found, asked.what), sentence=told,
        unit="Förändring i procent" + (f" utöver den i {rest}" if found.has_control else " mot året före"),
        period=f"{found.before_label} och {found.after_label}",
        table=change_drawn.table(found, asked.where, rest), figure=change_drawn.figure(found),
        alt=f"Förändringen med osäkerhet. {told}",
    )  # fmt: skip


def reports(asked: Asked) -> None:
    """Reports on each who reports."""
    with st.spinner(parts.WORKING):
        found = ask(time_and_place_reports.reports, *asked.key)
    if found is None:
        parts.empty(
            f"{asked.title} säger inte vem som har rapporterat i {asked.where}.",
            "Det gör lägesrapporter där varje rapport har en rapportör, till exempel en skola eller en förening.",
        )
    else:
        parts.show(compose(_reports, asked))


def _reports(asked: Asked) -> Exhibit:
    found = known(ask(time_and_place_reports.reports, *asked.key))
    told = reports_drawn.sentence(found)
    return exhibit(
        asked, "rapportorer", finding=reports_drawn.finding(found, asked.what), sentence=told,
        unit="Rapporter per rapportör och vecka, bland dem som rapporterade i veckan",
        table=reports_drawn.table(found), figure=reports_drawn.figure(found), alt=f"Linje per kvartal. {told}",
    )  # fmt: skip
